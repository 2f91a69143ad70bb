#define DESCRIPTORS                                                                            \
    {.struct_size = sizeof(keel_descriptor), .id = "test.twice", .name = "A", .vendor = "keel", \
     .version = "1.0.0", .kinds = kinds, .state_schema = ""},                                  \
    {.struct_size = sizeof(keel_descriptor), .id = "test.twice", .name = "B", .vendor = "keel", \
     .version = "1.0.1", .kinds = kinds, .state_schema = ""}
#include "base.h"
