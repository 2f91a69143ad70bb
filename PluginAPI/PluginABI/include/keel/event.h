/* Records in. Contiguous, pointer-free, 8-aligned, self-sized: the same bytes in a ring between
 * threads, in the batch a plugin receives, in the journal and the tape, in shared memory.
 *
 * Skip a record of unknown type by its size. A record may grow at its end: read a field only
 * when h.size covers it. Unused padding is zero, so that equal facts are equal bytes. */
#ifndef KEEL_EVENT_H
#define KEEL_EVENT_H

#include <keel/base.h>

KEEL_BEGIN

enum { /* keel_event.type, records in */
    KEEL_EV_QUOTE = 1,       /* keel_ev_quote: best bid and offer                             */
    KEEL_EV_TRADE,           /* keel_ev_trade                                                 */
    KEEL_EV_BAR,             /* keel_ev_bar, delivered at its close                           */
    KEEL_EV_BOOK,            /* keel_ev_book: one level, delta or snapshot                    */
    KEEL_EV_INSTRUMENT,      /* keel_ev_instrument: definition or a new epoch of one          */
    KEEL_EV_STATUS,          /* keel_ev_status: trading, halted, closed                       */
    KEEL_EV_FUNDING,         /* keel_ev_funding: due, or announced when `due` is yet to come  */
    KEEL_EV_MARK,            /* keel_ev_mark: mark and index price                            */
    KEEL_EV_OPEN_INTEREST,   /* keel_ev_value (DRAFT)                                         */
    KEEL_EV_LIQUIDATION,     /* keel_ev_trade: somebody's forced order (DRAFT)                */
    KEEL_EV_METRIC,          /* keel_ev_metric: a named series: sentiment, macro (DRAFT)      */
    KEEL_EV_TEXT,            /* keel_ev_text: a headline (DRAFT)                              */
    KEEL_EV_SIGNAL,          /* keel_signal (intent.h): an alpha's view                       */
    KEEL_EV_ORDER,           /* keel_ev_order: an order changed its state                     */
    KEEL_EV_FILL,            /* keel_ev_fill                                                  */
    KEEL_EV_POSITION,        /* keel_ev_position                                              */
    KEEL_EV_BALANCE,         /* keel_ev_balance (DRAFT)                                       */
    KEEL_EV_TIMER,           /* keel_ev_timer                                                 */
    KEEL_EV_PARAM,           /* keel_ev_param: a live-changeable parameter was changed (DRAFT) */
    KEEL_EV_GAP,             /* keel_ev_gap: something was missed; rebuild what depends on it */
    KEEL_EV_END,             /* keel_ev_end: the source or an answer has ended                */
    KEEL_EV_REQUEST          /* keel_ev_request: please answer with a signal now (DRAFT)      */
};
/* A set of event types for declarations: KEEL_MASK(KEEL_EV_QUOTE) | KEEL_MASK(KEEL_EV_BAR). Types
 * that plugins receive end at 63, so that each has its bit; there is none for those above. */
#define KEEL_MASK(type) ((uint64_t)1 << (type))

enum { /* keel_event.flags */
    KEEL_EVF_LAST      = 1,  /* last record of its venue message                              */
    KEEL_EVF_SNAPSHOT  = 2,  /* part of a full picture, not a change                          */
    KEEL_EVF_REPLAY    = 4,  /* history, delivered to warm up (DRAFT)                         */
    KEEL_EVF_INHERITED = 8,  /* answers an intent of another generation of this slot          */
    KEEL_EVF_STALE     = 16  /* the stream behind it is known to be broken or late (DRAFT)    */
};

/* Every record begins with this header. */
typedef struct keel_event {
    uint32_t  size;          /* of the whole record, a multiple of 8                          */
    uint16_t  type, flags;
    keel_inst inst;          /* KEEL_NO_INST where none is concerned                          */
    uint32_t  source;        /* data provider, adapter or slot that made it                   */
    keel_ns   ts_venue;      /* the venue's clock, KEEL_NULL if it gave none                  */
    keel_ns   ts_recv;       /* the host's clock; never decreases within a session            */
    uint64_t  seq;           /* the session's sequence, increasing; 0 until the host sets it  */
} keel_event;

/* ---- market data ------------------------------------------------------------------------- */
enum { /* side */ KEEL_SIDE_NONE, KEEL_BUY, KEEL_SELL };

/* The best bid and offer from now on. */
typedef struct keel_ev_quote {
    keel_event h;
    keel_px  bid, ask;       /* KEEL_NULL where that side is empty                            */
    keel_qty bid_qty, ask_qty;
    uint64_t venue_seq;      /* the venue's own sequence, 0: none; joins overlapping feeds    */
} keel_ev_quote;

/* A trade of the market, whoever's. */
typedef struct keel_ev_trade {
    keel_event h;
    keel_px  px;
    keel_qty qty;
    uint64_t trade_id;       /* the venue's, 0 if none                                        */
    uint64_t venue_seq;      /* the venue's own sequence, 0: none                             */
    uint8_t  side;           /* the aggressor: KEEL_BUY, KEEL_SELL, or KEEL_SIDE_NONE         */
    uint8_t  pad[7];
} keel_ev_trade;

/* What was traded in an interval. h.ts_recv is never before the close: a bar is not known earlier. */
typedef struct keel_ev_bar {
    keel_event h;
    keel_px  open, high, low, close;
    keel_qty volume;
    keel_ns  interval;
} keel_ev_bar;

enum { /* keel_ev_book.action */
    KEEL_BOOK_SET,           /* the level's total is now qty                                  */
    KEEL_BOOK_DELETE,        /* there is no such level; fine if there was none                */
    KEEL_BOOK_CLEAR,         /* both sides are empty; px, qty and side are not read           */
    KEEL_BOOK_NONE           /* no level: the message itself is the news                      */
};
/* One level of a book by price. The host keeps such a book of each instrument it receives them for.
 *
 * Message. The records of one venue message follow each other, in its order, from one source and
 * with the same venue_seq, venue_seq_prev and KEEL_EVF_SNAPSHOT. The last of them, and no other,
 * has KEEL_EVF_LAST: only then is the book whole. A message without levels, which moves the
 * sequence alone, is one KEEL_BOOK_NONE. The host cannot see that a record inside a message is
 * missing: whoever loses one says so with a keel_ev_gap of the instrument.
 *
 * Snapshot. A message of records with KEEL_EVF_SNAPSHOT. The first is KEEL_BOOK_CLEAR, then each
 * level is set, in any order, best first being fastest. Its venue_seq is that of the last update in
 * it; venue_seq_prev is not read. From the first record to the last the book is not valid. It then
 * belongs to the snapshot's source; what other sources say of it counts from a snapshot of theirs.
 *
 * Sequence. Of the updates after a snapshot, those whose venue_seq is not above the snapshot's are in
 * it already and are ignored, as whole messages. The first one above may begin inside it:
 * venue_seq_prev not above the snapshot's. From then on venue_seq_prev must be the venue_seq of the
 * message before; where it is not told, venue_seq must not fall. A message with venue_seq 0 is
 * not checked. So a source that fetches a snapshot keeps the updates that come meanwhile, and sends
 * them behind it, all of them: what comes while a book is not valid is ignored.
 *
 * A gap, a message cut short, a level that cannot be (price or quantity not above zero, no side, an
 * unknown action), a book crossed or locked after a whole message, or a keel_ev_gap of the
 * instrument from the book's source break the book until the next snapshot. Whoever asked for books
 * of the instrument then receives one keel_ev_gap (KEEL_GAP_FEED) before the record that broke it.
 *
 * The host's book is bounded: where it falls short it says so. What a venue leaves out of its own
 * snapshots, far from the best price, it does not know. */
typedef struct keel_ev_book {
    keel_event h;
    keel_px  px;
    keel_qty qty;            /* the level's new total; 0 with KEEL_BOOK_DELETE                */
    uint64_t order_id;       /* 0; one order's record is no level: delivered, not kept        */
    uint64_t venue_seq;      /* the venue's own sequence, 0: none                             */
    uint64_t venue_seq_prev; /* of the update before it: another one is a gap. 0: not told    */
    uint8_t  action, side;   /* KEEL_BOOK_; KEEL_BUY: a bid, KEEL_SELL: an ask                */
    uint16_t level;          /* the venue's count from the best, 0 if it has none; not read   */
    uint32_t pad;
} keel_ev_book;

enum { /* keel_ev_instrument.kind */
    KEEL_KIND_SPOT = 1,
    KEEL_KIND_PERPETUAL,
    KEEL_KIND_INVERSE,       /* perpetual or future, counted in quote, settled in base        */
    KEEL_KIND_FUTURE,
    KEEL_KIND_OPTION,        /* its premium is paid when it is traded                         */
    KEEL_KIND_EQUITY
};
enum { /* keel_ev_instrument.asset_class: what limits by class count it to */
    KEEL_CLASS_NONE, KEEL_CLASS_CRYPTO, KEEL_CLASS_EQUITY, KEEL_CLASS_CURRENCY,
    KEEL_CLASS_COMMODITY, KEEL_CLASS_RATE, KEEL_CLASS_INDEX
};
/* What is traded, and how. Also what keel_host.instrument returns. A new epoch changes tick, lot and
 * limits only; other exponents are another instrument with another id. */
typedef struct keel_ev_instrument {
    keel_event h;            /* h.inst is the id                                              */
    int8_t   px_exp, qty_exp;
    uint16_t epoch;
    uint8_t  kind;           /* KEEL_KIND_                                                    */
    uint8_t  call_put;       /* options: 1 call, 2 put                                        */
    uint16_t pad;
    keel_px  tick;
    keel_qty lot, min_qty;
    int64_t  min_notional;   /* in the settlement asset, mantissa of 10^px_exp                */
    int64_t  multiplier;     /* contract size, mantissa of 10^multiplier_exp; 1 for spot      */
    int8_t   multiplier_exp;
    uint8_t  pad2[3];
    keel_asset base, quote, settle;
    uint64_t underlying_id;  /* equal across venues for one economic contract                 */
    keel_ns  expiry;         /* KEEL_NULL if it never expires                                 */
    keel_px  strike;         /* KEEL_NULL if not an option                                    */
    char     symbol[32], venue[16];             /* NUL-ended                                  */
    char     base_code[12], quote_code[12], settle_code[12]; /* NUL-ended                     */
    uint16_t account;        /* the account that trades it                                    */
    uint8_t  asset_class;    /* KEEL_CLASS_                                                   */
    uint8_t  pad3;
    uint16_t sector, group;  /* 0: none. group: instruments that move together                */
    int32_t  initial_margin, maintenance_margin; /* of its worth, parts per million; 0: whole */
    uint32_t pad4;
    char     sector_name[16], group_name[16];   /* NUL-ended                                  */
} keel_ev_instrument;

enum { /* keel_ev_status.state */ KEEL_TRADING = 1, KEEL_HALTED, KEEL_CLOSED, KEEL_AUCTION };
/* Whether the venue trades the instrument from now on. */
typedef struct keel_ev_status  { keel_event h; uint8_t state; uint8_t pad[7]; } keel_ev_status;
/* Charged once for each `due`, to positions open when the record comes at or after it; before, it
 * is an announcement. Longs pay when the rate is positive. */
typedef struct keel_ev_funding {
    keel_event h;
    int64_t  rate;           /* of the worth at `mark`, mantissa of 10^rate_exp               */
    keel_px  mark;
    keel_ns  due;
    int8_t   rate_exp;
    uint8_t  pad[7];
} keel_ev_funding;
/* The venue's own price of the instrument, and that of the index behind it. */
typedef struct keel_ev_mark    { keel_event h; keel_px mark, index; } keel_ev_mark;
/* One number about the instrument, such as its open interest. */
typedef struct keel_ev_value   { keel_event h; double value; } keel_ev_value;
/* One number of a named series. `name` is NUL-ended. */
typedef struct keel_ev_metric  { keel_event h; double value; char name[48]; } keel_ev_metric;
/* A text of a record stands behind its struct, `text_length` bytes from `text_offset`, counted from
 * the record's start: the struct may grow. h.size covers it and its zero padding to a multiple of 8. */
typedef struct keel_ev_text {
    keel_event h;
    uint32_t text_offset, text_length;
    uint32_t language, pad;
} keel_ev_text;

/* ---- orders and money -------------------------------------------------------------------- */
enum { /* keel_ev_order.state */
    KEEL_ORDER_PENDING = 1,      /* sent to the venue, not yet answered                       */
    KEEL_ORDER_ACCEPTED,
    KEEL_ORDER_PARTIALLY_FILLED,
    KEEL_ORDER_FILLED,
    KEEL_ORDER_PENDING_CANCEL,
    KEEL_ORDER_CANCELLED,
    KEEL_ORDER_REJECTED,         /* by the venue                                              */
    KEEL_ORDER_EXPIRED,
    KEEL_ORDER_PENDING_AMEND,
    KEEL_ORDER_UNKNOWN,          /* outcome unknown: being asked for, never assumed           */
    KEEL_ORDER_REFUSED,          /* by the resident risk manager; it never left the host      */
    KEEL_ORDER_HELD              /* by the host, until its trigger or its entry               */
};
enum { /* order_type */
    KEEL_MARKET = 1,
    KEEL_LIMIT,
    KEEL_STOP,               /* market, once the market is at or beyond `trigger`             */
    KEEL_STOP_LIMIT,
    KEEL_TRAILING_STOP,      /* a stop whose trigger follows the market at `trail`            */
    KEEL_TAKE_PROFIT,        /* market, or limit where one is given, once the price is as good */
    KEEL_IF_TOUCHED          /* the same, to enter                                            */
};
enum { /* tif */
    KEEL_GTC = 1,
    KEEL_IOC,
    KEEL_FOK,
    KEEL_GTD,                /* until `expires`                                               */
    KEEL_DAY                 /* until the trading day ends                                    */
};
enum { /* position_side: LONG and SHORT for accounts that hold both at once */
    KEEL_POSITION_NET, KEEL_POSITION_LONG, KEEL_POSITION_SHORT
};
enum { /* keel_ev_fill.liquidity */ KEEL_LIQUIDITY_UNKNOWN, KEEL_MAKER, KEEL_TAKER };

/* A REJECTED or REFUSED order carries why, as a KEEL_REASON_. New reasons may be added: show an
 * unknown one as its number. */
enum {
    KEEL_REASON_NONE = 0,
    /* the intent itself */
    KEEL_REASON_MALFORMED = 1,        /* unknown type, side or time in force                  */
    KEEL_REASON_UNKNOWN_INSTRUMENT,
    KEEL_REASON_UNKNOWN_ORDER,
    KEEL_REASON_DUPLICATE_INTENT,     /* this intent id was used before in this generation    */
    KEEL_REASON_STALE_GENERATION,     /* (DRAFT)                                              */
    KEEL_REASON_OFF_TICK,
    KEEL_REASON_OFF_LOT,
    KEEL_REASON_BELOW_MINIMUM,        /* the instrument's least quantity                      */
    KEEL_REASON_UNSUPPORTED,          /* neither the venue nor the host offers it             */
    KEEL_REASON_NOT_FINITE,
    KEEL_REASON_BELOW_NOTIONAL,       /* the instrument's least worth                         */
    KEEL_REASON_TIME_IN_FORCE,        /* does not go with the type, or is over already        */
    KEEL_REASON_WOULD_CROSS,          /* post-only, and the book's other side is there        */
    KEEL_REASON_REDUCE_ONLY,          /* it would open or turn the slot's position            */
    KEEL_REASON_TRIGGER,              /* missing, or the market is beyond it already          */
    KEEL_REASON_EXPIRED,              /* the instrument                                       */
    KEEL_REASON_LINK,                 /* no such group, or it cannot take this order          */
    KEEL_REASON_CHANGE_UNDER_WAY,     /* an amend or cancel of the order is not answered yet  */
    KEEL_REASON_POSITION_SIDE,        /* the account does not hold both sides, or does        */
    KEEL_REASON_ACCOUNT,              /* the instrument is not traded there                   */
    /* risk */
    KEEL_REASON_HALTED = 32,          /* the venue does not trade the instrument              */
    KEEL_REASON_STALE_DATA,           /* no price, or one too old                             */
    KEEL_REASON_PRICE_COLLAR,
    KEEL_REASON_ORDER_NOTIONAL,
    KEEL_REASON_POSITION_LIMIT,
    KEEL_REASON_INSUFFICIENT_CASH,
    KEEL_REASON_GAPPED_DATA,          /* the book behind the price is broken                  */
    KEEL_REASON_ORDER_QUANTITY,
    KEEL_REASON_SELF_TRADE,           /* it would meet an order of the same account           */
    KEEL_REASON_DUPLICATE_ORDER,      /* the same as one just placed                          */
    KEEL_REASON_RATE_SLOT,            /* orders in a time: of the slot                        */
    KEEL_REASON_RATE_ACCOUNT,
    KEEL_REASON_RATE_VENUE,
    KEEL_REASON_REDUCING,             /* trading state: only what reduces                     */
    KEEL_REASON_TRADING_HALTED,       /* trading state: nothing                               */
    KEEL_REASON_EQUITY_SHARE,         /* a position's share of equity                         */
    KEEL_REASON_GROSS_EXPOSURE,
    KEEL_REASON_CLASS_EXPOSURE,       /* an instrument's share, by asset class                */
    KEEL_REASON_LEVERAGE,
    KEEL_REASON_CLASS_LEVERAGE,
    KEEL_REASON_CORRELATED,
    KEEL_REASON_SECTOR,
    KEEL_REASON_TRADE_RISK,           /* what is lost if the stop is met                      */
    KEEL_REASON_OPEN_RISK,
    KEEL_REASON_DAILY_LOSS,
    KEEL_REASON_DAILY_TRADES,
    KEEL_REASON_DRAWDOWN,             /* the hard stop                                        */
    KEEL_REASON_DRAWDOWN_SIZE,        /* sizes are reduced while equity is down               */
    KEEL_REASON_CIRCUIT_BREAKER,
    KEEL_REASON_MARGIN,
    KEEL_REASON_STALE_RATE,           /* no rate into the reporting currency, or one too old  */
    KEEL_REASON_SLOT_BUDGET,
    /* venue */
    KEEL_REASON_VENUE = 64,           /* the venue refused; its words are in the log          */
    KEEL_REASON_NO_LIQUIDITY,
    KEEL_REASON_POST_ONLY_WOULD_CROSS,
    KEEL_REASON_NOT_FOUND,            /* the venue was asked and knows no such order          */
    /* the operator and the host */
    KEEL_REASON_OPERATOR = 96,
    KEEL_REASON_SLOT_PARKED,          /* (DRAFT)                                              */
    KEEL_REASON_CAPACITY,             /* a bounded table of the host is full                  */
    KEEL_REASON_LINKED,               /* another order of its group was done                  */
    KEEL_REASON_KILLED,               /* the kill switch                                      */
    KEEL_REASON_RECONCILED            /* the venue's truth at reconciliation                  */
};

/* An order as it is now: told to its slot when it changes, and by an adapter to the host.
 * Of a venue: ACCEPTED or PARTIALLY_FILLED with a reason means that it refused a change: the order
 * stands. `order_id` 0: the order is named by client_id, or is none of the host's. */
typedef struct keel_ev_order {
    keel_event h;            /* h.source: the slot that owns the order                        */
    uint64_t order_id;       /* the host's; valid across generations and restarts             */
    uint64_t intent_id;      /* the intent that asked for it, in `generation`                 */
    keel_px  limit;          /* KEEL_NULL for a market order                                  */
    keel_px  trigger;        /* KEEL_NULL where the type has none                             */
    keel_qty qty, filled;    /* total and done; what is left is qty - filled                  */
    keel_px  average;        /* of what is filled; KEEL_NULL if nothing is, or not told       */
    uint32_t generation;
    uint16_t account, reason;
    uint8_t  state, side, order_type, tif;
    uint8_t  position_side, flags, link; /* flags: KEEL_INF_                                  */
    uint8_t  is_cumulative;  /* of a venue: no fills come, `filled` and `average` tell them   */
    uint64_t link_id;
    char     client_id[40], venue_id[40]; /* NUL-ended, empty if not told                     */
} keel_ev_order;

enum { /* keel_ev_fill.is_external, where it is not 0 */
    KEEL_FILL_FOREIGN = 1,   /* of somebody's order; the host's own slot has it               */
    KEEL_FILL_CLOSING        /* the venue closed what is held: liquidation, settlement. Each
                                slot that holds it hears of its part                          */
};
/* A part of an order, or all of it, was traded. */
typedef struct keel_ev_fill {
    keel_event h;
    uint64_t order_id, intent_id;
    keel_px  px;
    keel_qty qty;
    int64_t  fee;            /* mantissa of 10^fee_exp in fee_asset; negative is a rebate     */
    keel_asset fee_asset;
    uint32_t generation;
    int8_t   fee_exp;
    uint8_t  side, liquidity, position_side;
    uint16_t account;
    uint8_t  is_external;    /* KEEL_FILL_; 0: of an order of the host                        */
    uint8_t  pad;
    char     exec_id[40];    /* the venue's, NUL-ended: a second one with it is a duplicate   */
    char     client_id[40];  /* NUL-ended, empty if not told                                  */
} keel_ev_fill;

/* What the slot holds of the instrument from now on. */
typedef struct keel_ev_position {
    keel_event h;
    int64_t  qty;            /* signed mantissa of 10^qty_exp: negative is short              */
    keel_px  average;        /* KEEL_NULL when flat                                           */
    uint16_t account;
    uint8_t  position_side, pad[5];
} keel_ev_position;

/* What an account has of an asset. total and available: mantissas of 10^exp. */
typedef struct keel_ev_balance {
    keel_event h;
    int64_t  total, available;
    keel_asset asset;
    uint16_t account;
    int8_t   exp;
    uint8_t  pad;
} keel_ev_balance;

/* ---- control ----------------------------------------------------------------------------- */
/* The answer to keel_host.timer. */
typedef struct keel_ev_timer { keel_event h; uint64_t timer_id; keel_ns due; } keel_ev_timer;
/* A parameter's new value. `value` for all kinds but text, which stands behind the struct as in
 * keel_ev_text. */
typedef struct keel_ev_param {
    keel_event h;
    uint32_t param, pad;
    double   value;
    uint32_t text_offset, text_length;
} keel_ev_param;
enum { /* keel_ev_gap.cause */
    KEEL_GAP_FEED = 1,       /* the source missed something, or a book (keel_ev_book) broke   */
    KEEL_GAP_OVERFLOW,       /* the slot's queue was full                                     */
    KEEL_GAP_DISCONNECT      /* (DRAFT)                                                       */
};
/* What came before is not all there was. missed: records, 0 if not known. */
typedef struct keel_ev_gap { keel_event h; uint64_t missed; uint32_t cause, pad; } keel_ev_gap;
enum { /* keel_ev_end.cause */
    KEEL_END_COMPLETE = 0,   /* nothing more will come (DRAFT)                                */
    KEEL_END_CANCELLED,      /* the asker took it back (DRAFT)                                */
    KEEL_END_FAILED          /* there is more, but it cannot be had (DRAFT)                   */
};
/* Nothing more comes. correlation: of the history request it closes (ext/history.h), 0 for a whole
 * source. */
typedef struct keel_ev_end { keel_event h; uint64_t correlation; uint32_t cause, pad; } keel_ev_end;
/* Answer with a keel_signal of the same correlation. */
typedef struct keel_ev_request { keel_event h; uint64_t correlation; keel_ns horizon; } keel_ev_request;

KEEL_ASSERT(sizeof(keel_event) == 40);
KEEL_ASSERT(sizeof(keel_ev_quote) == 80);
KEEL_ASSERT(sizeof(keel_ev_trade) == 80);
KEEL_ASSERT(sizeof(keel_ev_bar) == 88);
KEEL_ASSERT(sizeof(keel_ev_book) == 88);
KEEL_ASSERT(sizeof(keel_ev_instrument) == 264);
KEEL_ASSERT(sizeof(keel_ev_order) == 200);
KEEL_ASSERT(sizeof(keel_ev_fill) == 176);
KEEL_ASSERT(sizeof(keel_ev_text) == 56);
KEEL_ASSERT(sizeof(keel_ev_param) == 64);
KEEL_ASSERT(sizeof(keel_ev_end) == 56);

KEEL_END
#endif
