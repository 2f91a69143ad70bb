/* Everything a descriptor can have wrong, in two of them. */
#define DESCRIPTORS                                                                            \
    {.struct_size = sizeof(keel_descriptor), .id = "No URI", .vendor = "keel",                  \
     .version = "1.0-beta", .kinds = odd_kinds, .state_schema = "", .state_version = 1,         \
     .state_oldest = 2},                                                                       \
    {.struct_size = 12, .id = "test.short"}
#include <stddef.h>
static const char *const odd_kinds[] = {"keel.stratgy/1", NULL};
#include "base.h"
