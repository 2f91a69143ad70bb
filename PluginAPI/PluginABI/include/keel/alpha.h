/* An alpha model is told facts by events and answers with signals. */
#ifndef KEEL_ALPHA_H
#define KEEL_ALPHA_H

#include <keel/batch.h>
#include <keel/plugin.h>

KEEL_BEGIN

#define KEEL_ALPHA "keel.alpha/1"
/* Found by keel_plugin.extension. */
typedef struct keel_alpha {
    uint32_t struct_size, reserved;
    /* Reads the batch, pushes keel_signal and keel_explain records, returns. Anything but KEEL_OK
     * quarantines this generation; what it pushed is discarded. */
    KEEL_EVENT keel_status (*process)(keel_plugin *p, const keel_batch *in, const keel_sink *signals);
} keel_alpha;

KEEL_END
#endif
