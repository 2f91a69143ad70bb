#define ON_PROCESS                                                                             \
    const keel_host *host = ((struct instance *)p->self)->host;                                \
    for (int i = 0; i < 1000; i++) host->log(host, KEEL_LOG_INFO, (keel_str){"again", 5});
#include "base.h"
