/* An alpha whose score is no number: the boundary passes it, the kernel refuses it. */
#include <keel/keel.h>
#include <stddef.h>
static const char *const alpha_kinds[] = {KEEL_ALPHA, NULL};
#define DESCRIPTORS                                                                            \
    {.struct_size = sizeof(keel_descriptor), .id = "test.nan", .name = "NaN", .vendor = "keel", \
     .version = "1.0.0", .kinds = alpha_kinds, .state_schema = ""}
#define ON_PROCESS                                                                             \
    keel_signal s = {.h = {.size = sizeof s, .type = KEEL_EV_SIGNAL}, .score = 0.0 / 0.0};     \
    return sink->push(sink, &s, sizeof s);
#undef KEEL_STRATEGY
#define KEEL_STRATEGY KEEL_ALPHA
#include "base.h"
