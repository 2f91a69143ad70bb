/* Pushes until the sink is full, and reports how it was answered through its timer. */
#define ON_PROCESS                                                                             \
    keel_intent i = {.h = {.size = sizeof i, .type = KEEL_IN_PLACE}, .intent_id = 1};          \
    const keel_host *host = ((struct instance *)p->self)->host;                                \
    uint64_t taken = 0;                                                                        \
    keel_status status;                                                                        \
    while ((status = sink->push(sink, &i, sizeof i)) == KEEL_OK) taken++;                      \
    host->timer(host, taken, status);
#include "base.h"
