/* What an instance wants to receive. Offered by the plugin, asked after activate, and again after
 * keel_host.wake when it has changed (DRAFT). An instance without it receives everything its slot's
 * configuration names. */
#ifndef KEEL_EXT_INTERESTS_H
#define KEEL_EXT_INTERESTS_H

#include <keel/plugin.h>

KEEL_BEGIN

#define KEEL_INTERESTS "keel.interests/1"

/* The answer: what it asks for. */
typedef struct keel_interests_info {
    uint32_t struct_size, reserved;
    uint64_t types;          /* KEEL_MASK() of each; orders, fills, timers and parameters of its
                                own always come                                               */
    keel_ns  bar_interval;   /* 0: none                                                       */
    uint32_t warmup_records; /* history wanted before the first live batch                    */
    uint32_t pad;
    keel_ns  warmup_time;    /* the same as a duration; the longer of the two counts (DRAFT)  */
} keel_interests_info;

/* Found by keel_plugin.extension. */
typedef struct keel_interests {
    uint32_t struct_size, reserved;
    /* Says what it wants. out->struct_size is set by the caller. */
    KEEL_CONTROL keel_status (*get)(keel_plugin *p, keel_interests_info *out);
} keel_interests;

KEEL_END
#endif
