/* A strategy is told facts by events and answers with intents; it never waits. */
#ifndef KEEL_STRATEGY_H
#define KEEL_STRATEGY_H

#include <keel/batch.h>
#include <keel/plugin.h>

KEEL_BEGIN

#define KEEL_STRATEGY "keel.strategy/1"
/* Found by keel_plugin.extension. */
typedef struct keel_strategy {
    uint32_t struct_size, reserved;
    /* Reads the batch, pushes keel_intent and keel_explain records, returns. Anything but KEEL_OK
     * quarantines this generation; what it pushed is discarded. */
    KEEL_EVENT keel_status (*process)(keel_plugin *p, const keel_batch *in, const keel_sink *intents);
} keel_strategy;

KEEL_END
#endif
