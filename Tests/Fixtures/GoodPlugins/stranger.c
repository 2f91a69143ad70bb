/* Asks once, at its tenth batch, for an instrument that its slot is not configured for. */
#define ON_PROCESS                                                                             \
    static int batches;                                                                        \
    keel_intent intent = {                                                                     \
        .h = {.size = sizeof intent, .type = KEEL_IN_PLACE, .inst = 0}, .intent_id = 1,        \
        .trigger = KEEL_NULL, .expires = KEEL_NULL, .trail = KEEL_NULL, .limit = KEEL_NULL,    \
        .qty = 1000, .side = KEEL_BUY, .tif = KEEL_IOC, .order_type = KEEL_MARKET};            \
    if (++batches == 10) sink->push(sink, &intent, sizeof intent);
#define PLUGIN_ID "test.watcher"
#include "../BadPlugins/base.h"
