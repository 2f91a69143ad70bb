/* Advance notice of a swap. Offered by the plugin. */
#ifndef KEEL_EXT_SWAP_H
#define KEEL_EXT_SWAP_H

#include <keel/plugin.h>

KEEL_BEGIN

#define KEEL_SWAP "keel.swap/1"
/* Found by keel_plugin.extension. */
typedef struct keel_swap {
    uint32_t struct_size, reserved;
    /* Open no new exposure from now on; the switch comes by `deadline`. */
    KEEL_CONTROL keel_status (*quiesce)(keel_plugin *p, keel_ns deadline);
    /* The swap was called off: go on as before. */
    KEEL_CONTROL keel_status (*resume)(keel_plugin *p);
} keel_swap;

KEEL_END
#endif
