/* Records out: an alpha's signals, a strategy's intents, and the reasons behind either. They
 * carry the same header as events and are journaled as they stand. h.size, h.type and h.inst
 * are the plugin's to set; the host overwrites source, times and seq. */
#ifndef KEEL_INTENT_H
#define KEEL_INTENT_H

#include <keel/event.h>

KEEL_BEGIN

enum { /* keel_event.type, records out */
    KEEL_IN_TARGET = 64,     /* hold this net position: the host works out the order          */
    KEEL_IN_PLACE,           /* place this order                                              */
    KEEL_IN_AMEND,           /* change limit, trigger or qty of order_id                      */
    KEEL_IN_CANCEL,          /* cancel order_id                                               */
    KEEL_IN_CANCEL_ALL,      /* cancel this slot's orders on h.inst, or on all (KEEL_NO_INST) */
    KEEL_EV_EXPLAIN = 80     /* keel_explain                                                  */
};
enum { /* keel_intent.flags */
    KEEL_INF_POST_ONLY   = 1,
    KEEL_INF_REDUCE_ONLY = 2 /* binds this slot's attributed position                         */
};
enum { /* keel_intent.algorithm: execution algorithms by name and parameters; all but NONE are DRAFT */
       KEEL_ALGO_NONE, KEEL_ALGO_TWAP, KEEL_ALGO_VWAP, KEEL_ALGO_POV, KEEL_ALGO_ICEBERG,
       KEEL_ALGO_SHORTFALL };
/* BRACKET: the first order with a link_id is the entry, those after it its exits: they are held
 * until it fills, cover what of it is filled, and what one of them does is taken off the others.
 * OCO: the first of a group to trigger or fill ends the others. link_id is the slot's own number. */
enum { /* keel_intent.link */ KEEL_LINK_NONE, KEEL_LINK_BRACKET, KEEL_LINK_OCO };

/* A wish. The resident host prices its risk, names the order and routes it.
 * A refusal comes back as keel_ev_order with KEEL_ORDER_REFUSED and a reason. */
typedef struct keel_intent {
    keel_event h;
    uint64_t intent_id;      /* idempotency key within (slot, generation); 0 is not an id     */
    uint64_t order_id;       /* AMEND and CANCEL: the host's order id; else 0                 */
    keel_px  limit, trigger; /* KEEL_NULL where the type has none; AMEND: where it stays      */
    keel_qty qty;            /* PLACE, AMEND: > 0. TARGET: the size, with `side`; 0 is flat   */
    keel_qty display;        /* 0 shows all; another one is DRAFT                             */
    keel_ns  expires;        /* GTD only, else KEEL_NULL                                      */
    uint16_t account;        /* 0, or the instrument's own                                    */
    uint8_t  side, position_side, order_type, tif;
    uint8_t  flags;          /* KEEL_INF_                                                     */
    uint8_t  link;           /* KEEL_LINK_                                                    */
    uint64_t link_id;        /* same number: same group                                       */
    keel_px  trail;          /* trailing stop distance                                        */
    uint16_t algorithm;      /* KEEL_ALGO_                                                    */
    uint16_t pad[3];
    double   algo[4];        /* the algorithm's parameters; DRAFT                             */
} keel_intent;

/* A number by name, so that alphas, ensembles and strategies compose without knowing each other. */
typedef struct keel_value { uint32_t key, pad; double value; } keel_value; /* key: KEEL_VALUE_ */
/* An alpha's view of an instrument. score in -1..1 (sign is direction), confidence in 0..1;
 * not-finite values are refused. */
typedef struct keel_signal {
    keel_event h;            /* h.source: the alpha's slot once the host has set it           */
    keel_ns  horizon;
    double   score, confidence;
    uint64_t correlation;    /* of the request answered, else 0                               */
    uint32_t alpha;          /* alpha number in the strategy's declared order; host sets it   */
    uint32_t count;          /* how many of `values` are used                                 */
    keel_value values[6];
} keel_signal;
enum { /* keel_value.key */ KEEL_VALUE_RETURN = 1, KEEL_VALUE_VOLATILITY, KEEL_VALUE_LOW, KEEL_VALUE_HIGH,
       KEEL_VALUE_REGIME, KEEL_VALUE_PROBABILITY, KEEL_VALUE_EDGE_BPS };

/* Reasons and features behind an intent (subject = intent_id) or a signal (subject = its order
 * in the batch). The UTF-8 text stands behind the struct as in keel_ev_text. */
typedef struct keel_explain {
    keel_event h;
    uint64_t subject;
    uint32_t text_offset, text_length;
} keel_explain;

KEEL_ASSERT(sizeof(keel_intent) == 160);
KEEL_ASSERT(sizeof(keel_signal) == 176);
KEEL_ASSERT(sizeof(keel_explain) == 56);

KEEL_END
#endif
