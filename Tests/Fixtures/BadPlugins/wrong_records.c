/* Offers records that are wrong each in one way; timer n reports the answer to the n-th. */
#define ON_PROCESS                                                                             \
    const keel_host *host = ((struct instance *)p->self)->host;                                \
    keel_intent i = {.h = {.size = sizeof i, .type = KEEL_IN_PLACE}};                          \
    host->timer(host, 1, sink->push(sink, &i, sizeof i - 4));                                  \
    host->timer(host, 2, sink->push(sink, &i, sizeof i - 8));                                  \
    i.h.size = 48;                                                                             \
    host->timer(host, 3, sink->push(sink, &i, 48));                                            \
    i.h.size = sizeof i;                                                                       \
    i.h.type = KEEL_EV_QUOTE;                                                                  \
    host->timer(host, 4, sink->push(sink, &i, sizeof i));                                      \
    i.h.type = KEEL_EV_SIGNAL;                                                                 \
    host->timer(host, 5, sink->push(sink, &i, sizeof i));                                      \
    host->timer(host, 6, sink->push(sink, NULL, 160));                                         \
    keel_explain e = {.h = {.size = sizeof e, .type = KEEL_EV_EXPLAIN}, .text_offset = 56,     \
                      .text_length = 9};                                                       \
    host->timer(host, 7, sink->push(sink, &e, sizeof e));
#include "base.h"
