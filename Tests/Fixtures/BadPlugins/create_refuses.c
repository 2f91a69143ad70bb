#define ON_CREATE                                                                              \
    if (config.len == 0) {                                                                     \
        strcpy(error->text, "config is missing; write {\"model\": \"path\"}");                 \
        return KEEL_E_ARG;                                                                     \
    }
#include "base.h"
