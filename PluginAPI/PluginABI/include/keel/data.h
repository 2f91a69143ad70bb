/* A data provider turns some source into records. */
#ifndef KEEL_DATA_H
#define KEEL_DATA_H

#include <keel/event.h>
#include <keel/plugin.h>

KEEL_BEGIN

#define KEEL_DATA "keel.data/1"

/* The host's side: where records go. Lives from attach() until destroy() returns. */
typedef struct keel_feed {
    uint32_t struct_size, reserved;
    void    *ctx;            /* the host's                                                    */
    /* Copies whole records; several threads may call it. KEEL_E_FULL and nothing copied: keep
     * the records and come back (poll), or drop them and publish one KEEL_EV_GAP (own threads).
     * KEEL_E_ARG: a size, type or instrument is wrong; the host logs which. */
    KEEL_ANY keel_status (*publish)(const struct keel_feed *feed, const void *records, size_t bytes);
} keel_feed;

/* Found by keel_plugin.extension. */
typedef struct keel_data {
    uint32_t struct_size, reserved;
    /* Once, after activate and before any subscription. */
    KEEL_CONTROL keel_status (*attach)(keel_plugin *p, const keel_feed *feed);
    /* types: KEEL_MASK() of each wanted; interval only for bars, else 0. KEEL_E_UNSUPPORTED when
     * this source does not carry the instrument or none of the types. */
    KEEL_CONTROL keel_status (*subscribe)(keel_plugin *p, keel_inst inst, uint64_t types,
                                          keel_ns interval);
    /* Takes a subscription back: nothing of it is published any more. */
    KEEL_CONTROL keel_status (*unsubscribe)(keel_plugin *p, keel_inst inst, uint64_t types,
                                            keel_ns interval);
    /* Publish, in time order, what is due up to and including `until`, and return; a source that
     * replays or generates is driven by this alone, so that a session can run at any speed and
     * twice the same. *next: when it has something again, KEEL_NULL if it cannot say.
     * KEEL_S_END: it has ended. NULL in a provider that publishes from threads of its own. */
    KEEL_CONTROL keel_status (*poll)(keel_plugin *p, keel_ns until, keel_ns *next);
} keel_data;

KEEL_END
#endif
