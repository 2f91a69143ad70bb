/* Asks for a great deal at once: 300 market orders at its 50th batch, 300 resting ones at each of
 * three batches behind it, and at the 80th the end of them all. */
#define ON_PROCESS                                                                             \
    static uint64_t batches, asked;                                                            \
    static keel_px bid;                                                                        \
    const char *at = in->events, *end = at + in->bytes;                                        \
    for (; at < end; at += ((const keel_event *)at)->size)                                     \
        if (((const keel_event *)at)->type == KEEL_EV_QUOTE)                                   \
            bid = ((const keel_ev_quote *)at)->bid;                                            \
    batches++;                                                                                 \
    bool market = batches == 50, rest = batches >= 60 && batches < 63;                         \
    for (int i = 0; i < 300 && (market || rest); i++) {                                        \
        keel_intent intent = {                                                                 \
            .h = {.size = sizeof intent, .type = KEEL_IN_PLACE, .inst = 1},                    \
            .intent_id = ++asked, .trigger = KEEL_NULL, .expires = KEEL_NULL, .qty = 100,      \
            .trail = KEEL_NULL, .side = KEEL_BUY, .tif = KEEL_GTC,                             \
            .order_type = market ? KEEL_MARKET : KEEL_LIMIT,                                   \
            .limit = market ? KEEL_NULL : bid / 2};                                            \
        sink->push(sink, &intent, sizeof intent);                                              \
    }                                                                                          \
    if (batches == 80) {                                                                       \
        keel_intent all = {                                                                    \
            .h = {.size = sizeof all, .type = KEEL_IN_CANCEL_ALL, .inst = KEEL_NO_INST},       \
            .intent_id = ++asked, .limit = KEEL_NULL, .trigger = KEEL_NULL,                    \
            .expires = KEEL_NULL, .trail = KEEL_NULL};                                         \
        sink->push(sink, &all, sizeof all);                                                    \
    }
#define PLUGIN_ID "test.watcher"
#include <stdbool.h>
#include "../BadPlugins/base.h"
