/* Past data on request. Offered by the host to strategies and alphas, and by data providers to
 * the host, with the same struct. DRAFT: laid out, not yet driven by this host. */
#ifndef KEEL_EXT_HISTORY_H
#define KEEL_EXT_HISTORY_H

#include <keel/event.h>
#include <keel/plugin.h>

KEEL_BEGIN

#define KEEL_HISTORY "keel.history/1"

/* What is asked for. */
typedef struct keel_history_request {
    uint32_t  struct_size;
    keel_inst inst;
    uint64_t  types;         /* KEEL_MASK() of each                                           */
    keel_ns   from, to;      /* from included, to excluded                                    */
    keel_ns   interval;      /* bars only, else 0                                             */
    uint64_t  correlation;   /* chosen by the asker                                           */
} keel_history_request;

/* Found by keel_host.extension, of a provider by keel_plugin.extension. */
typedef struct keel_history {
    uint32_t struct_size, reserved;
    void    *ctx;            /* the offering side's                                           */
    /* Answered later by records flagged KEEL_EVF_REPLAY, in time order, closed by one
     * keel_ev_end of the same correlation. KEEL_E_FULL: too many requests are open. */
    KEEL_CONTROL keel_status (*request)(const struct keel_history *history,
                                        const keel_history_request *request);
    /* Takes a request back; its keel_ev_end says KEEL_END_CANCELLED. */
    KEEL_CONTROL keel_status (*cancel)(const struct keel_history *history, uint64_t correlation);
} keel_history;

KEEL_END
#endif
