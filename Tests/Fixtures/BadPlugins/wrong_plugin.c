/* Makes its first plugin, whichever it is asked for. */
#define DESCRIPTORS                                                                            \
    {.struct_size = sizeof(keel_descriptor), .id = "test.first", .name = "A", .vendor = "keel", \
     .version = "1.0.0", .kinds = kinds, .state_schema = ""},                                  \
    {.struct_size = sizeof(keel_descriptor), .id = "test.second", .name = "B", .vendor = "keel",\
     .version = "1.0.0", .kinds = kinds, .state_schema = ""}
#include "base.h"
