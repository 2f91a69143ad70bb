/* An exchange adapter carries the host's orders to one account at one venue and reports back.
 * DRAFT: laid out, not yet driven by this host. */
#ifndef KEEL_EXCHANGE_H
#define KEEL_EXCHANGE_H

#include <keel/data.h>

KEEL_BEGIN

#define KEEL_EXCHANGE "keel.exchange/1"

enum { /* keel_event.type of a keel_order */
       KEEL_CMD_SUBMIT = 112, KEEL_CMD_AMEND, KEEL_CMD_CANCEL,
       KEEL_CMD_QUERY /* what became of the order: answered by a report, NOT_FOUND included   */ };
/* A command to a venue; also journaled, so it carries the record header. Types KEEL_CMD_. */
typedef struct keel_order {
    keel_event h;            /* h.source: the slot that owns the order                        */
    uint64_t order_id;       /* the host's                                                    */
    uint64_t intent_id;
    keel_px  limit, trigger;
    keel_qty qty, display;   /* qty: the order's total, of an amend the new one               */
    keel_ns  expires;
    uint32_t generation;
    uint16_t account;
    uint8_t  side, position_side, order_type, tif;
    uint8_t  flags;          /* KEEL_INF_, as the account sees it                             */
    uint8_t  pad[5];
    keel_px  trail;
    /* NUL-ended; 32 letters and digits: names session, start and slot, never the generation. */
    char     client_id[40];
    char     venue_id[40];   /* NUL-ended, empty until the venue has named the order          */
} keel_order;

/* Found by keel_plugin.extension. */
typedef struct keel_exchange {
    uint32_t struct_size, reserved;
    /* Reports (KEEL_EV_ORDER, KEEL_EV_FILL, ...) go to this feed. */
    KEEL_CONTROL keel_status (*attach)(keel_plugin *p, const keel_feed *reports);
    /* KEEL_OK means handed on, not accepted: the venue's word comes as a report. */
    KEEL_EVENT   keel_status (*submit)(keel_plugin *p, const keel_order *order);
    /* Limit, trigger and total from now on. Answered as a submission is. */
    KEEL_EVENT   keel_status (*amend)(keel_plugin *p, const keel_order *order);
    /* Of what is not filled yet. Answered as a submission is. */
    KEEL_EVENT   keel_status (*cancel)(keel_plugin *p, const keel_order *order);
    /* What became of it: a report follows, KEEL_REASON_NOT_FOUND included. */
    KEEL_EVENT   keel_status (*query)(keel_plugin *p, const keel_order *order);
    /* Replays the venue's truth as reports: open orders, fills since, positions, balances. */
    KEEL_CONTROL keel_status (*reconcile)(keel_plugin *p, keel_ns since);
} keel_exchange;

KEEL_ASSERT(sizeof(keel_order) == 200);

KEEL_END
#endif
