/* Journal, snapshot and tape as files: published so that other programs can read what keel
 * writes. A plugin never receives the records below. All numbers are little-endian.
 *
 *   journal segment = keel_file_header, then keel_frame, record, keel_frame, record, ...
 *                     Named journal-000000.keel, and so on by its number. A frame whose length is
 *                     0 is the end mark; it ends every segment, a full one too, and only zeros
 *                     stand behind it. A frame's crc32c covers the record, its length is written
 *                     last. The records go on in the next segment when that has one; a segment is
 *                     left when the next record and an end mark have no room, or for good, the file
 *                     then ending with its end mark. The last segment may be empty: prepared ahead.
 *   seals           = keel_seal_header, then 32 bytes for each block of KEEL_SEAL_BLOCK_BYTES of
 *                     the segment of that number, in journal-000000.seal: SHA-256 of the value
 *                     before it followed by the block. The value before the first is `start`: 32
 *                     zeros in segment 0, else the last value of the segment before. A segment's
 *                     last block ends with its end mark and may be short; it is sealed when the
 *                     segment is left. Blocks that are not sealed yet have no value, or zeros.
 *   snapshot        = keel_snapshot_header, then `bytes` of content, in
 *                     snapshot-00000000000000000000.keel, by its sequence. With it, replay begins
 *                     at `segment` and `offset`.
 *   tape            = keel_file_header, records, then the index: keel_tape_block, ...
 *                     Records are contiguous and sorted by ts_recv, so that they are handed out as
 *                     they lie; the first ones are the tape's own instrument table
 *                     (keel_ev_instrument whose ts_recv is KEEL_NULL). A block's crc32c covers
 *                     its records. A tape whose index_offset is 0 was never finished.
 * The headers of segment, snapshot and tape take KEEL_FILE_HEADER_BYTES, zero after the struct;
 * that of the seals takes its own size. */
#ifndef KEEL_FILE_H
#define KEEL_FILE_H

#include <keel/event.h>

KEEL_BEGIN

#define KEEL_JOURNAL_MAGIC "KEELJRN0"
#define KEEL_TAPE_MAGIC    "KEELTAP0"
#define KEEL_SEAL_MAGIC    "KEELSEA0"
#define KEEL_SNAPSHOT_MAGIC "KEELSNP0"
enum { /* sizes and the version of these files */
       KEEL_FILE_HEADER_BYTES = 4096, KEEL_FILE_SCHEMA = 2, KEEL_SEAL_BLOCK_BYTES = 65536 };

/* Begins a journal segment and a tape. */
typedef struct keel_file_header {
    char     magic[8];
    uint32_t header_bytes, schema; /* KEEL_FILE_HEADER_BYTES, KEEL_FILE_SCHEMA                */
    uint64_t session;        /* identifies the run; 0 in a tape                               */
    uint64_t segment;        /* journal: 0, 1, 2 ...                                          */
    keel_ns  created;        /* session time, so that equal runs write equal files            */
    uint64_t records;        /* tape: total                                                   */
    uint64_t index_offset;   /* tape: where the index begins                                  */
    uint32_t index_count;    /* tape: blocks in it                                            */
    uint32_t index_crc32c;
    uint32_t pad;
    uint32_t crc32c;         /* of the bytes above                                            */
} keel_file_header;

/* One entry of a tape's index. */
typedef struct keel_tape_block {
    uint64_t offset;         /* of its first record                                           */
    keel_ns  first_time;     /* ts_recv of its first record                                   */
    uint32_t bytes, records, crc32c, pad;
} keel_tape_block;

/* Begins the seals of a segment. */
typedef struct keel_seal_header {
    char     magic[8];
    uint32_t header_bytes, schema; /* sizeof(keel_seal_header), KEEL_FILE_SCHEMA              */
    uint64_t session, segment; /* as in the segment's header                                  */
    uint32_t block_bytes;    /* KEEL_SEAL_BLOCK_BYTES                                         */
    uint8_t  start[32];      /* the value before the first block                              */
    uint8_t  reserved[20];   /* 0                                                             */
    uint32_t pad;
    uint32_t crc32c;         /* of the bytes above                                            */
} keel_seal_header;

/* Begins a snapshot. */
typedef struct keel_snapshot_header {
    char     magic[8];
    uint32_t header_bytes, schema; /* KEEL_FILE_HEADER_BYTES, KEEL_FILE_SCHEMA                */
    uint64_t session;        /* of the journal                                                */
    uint64_t sequence;       /* of the last record that the content accounts for              */
    uint64_t segment, offset; /* where the record behind it begins, or will                   */
    uint64_t bytes;          /* of content                                                    */
    uint32_t content_schema; /* the content's own version                                     */
    uint32_t content_crc32c;
    uint8_t  sha256[32];     /* of the content                                                */
    uint32_t pad;
    uint32_t crc32c;         /* of the bytes above                                            */
} keel_snapshot_header;

/* Stands before each record of a journal. */
typedef struct keel_frame { uint32_t length, crc32c; } keel_frame; /* length of the record    */

enum { /* keel_event.type, host-written */
    KEEL_REC_SESSION = 128,  /* keel_rec_session: first record of a journal, and of each start */
    KEEL_REC_TURN,           /* keel_rec_turn: begins a kernel turn                           */
    KEEL_REC_TURN_END,       /* keel_event: its effects may now be released                   */
    KEEL_REC_DECISION,       /* keel_rec_decision: what risk said of one intent               */
    KEEL_REC_SLOT,           /* keel_rec_slot: a slot's generation changed                    */
    KEEL_REC_SWAP_STEP,      /* keel_rec_swap_step: one line of a swap's timeline             */
    KEEL_REC_ASSET,          /* keel_rec_asset: one row of the asset table                    */
    KEEL_REC_CASH,           /* keel_rec_cash: money that came or went, but for trading       */
    KEEL_REC_LIMITS,         /* keel_rec_limits: these risk limits from here on, all at once  */
    KEEL_REC_ACCOUNT,        /* keel_rec_account: an account, and what its venue offers       */
    KEEL_REC_RATE,           /* keel_rec_rate: what an asset is worth                         */
    KEEL_REC_TRADING,        /* keel_rec_trading: trading state, kill switch                  */
    KEEL_REC_START           /* keel_rec_start: a start of the host: new client order ids     */
};

/* How a session was set up. The tables are as large as the sums below say; a replay makes them as large again. */
typedef struct keel_rec_session {
    keel_event h;
    uint64_t session, seed, config_hash; /* config_hash: FNV-1a of the canonical configuration */
    char     name[48];
    keel_asset reporting;    /* the asset that limits and equity are counted in               */
    uint32_t slots, instruments, assets, accounts, orders, open_orders_per_slot, books,
             book_levels, recent_ids, inbox_bytes, effect_bytes;
} keel_rec_session;

/* Client order ids made from here on carry `start`, so that none is used twice, even when the end of
 * the journal was lost with the machine's power. */
typedef struct keel_rec_start { keel_event h; uint32_t start, pad; } keel_rec_start;

/* The `inputs` records that follow were put in; what comes behind them, up to the turn's end, is
 * what the host and its plugins answered. */
typedef struct keel_rec_turn { keel_event h; keel_ns now; uint32_t inputs, pad; } keel_rec_turn;

/* What risk said of one intent. */
typedef struct keel_rec_decision {
    keel_event h;            /* h.source: the slot                                            */
    uint64_t intent_id, order_id; /* order_id 0 when refused                                  */
    int64_t  value, limit;   /* what was measured against what; KEEL_NULL where no number     */
    keel_qty passing;        /* the size that would have passed; KEEL_NULL when none is known */
    uint32_t generation;
    uint16_t reason;         /* KEEL_REASON_, NONE when approved                              */
    uint8_t  approved, dry_run;
    uint64_t warnings;       /* bit KEEL_REASON_ - 32 of a risk limit that is nearly used up  */
} keel_rec_decision;

enum { /* keel_rec_slot.cause */
    KEEL_SLOT_STARTED = 1, KEEL_SLOT_SWITCHED, KEEL_SLOT_ROLLED_BACK, KEEL_SLOT_PARKED,
    KEEL_SLOT_RETIRED, KEEL_SLOT_SHADOW, KEEL_SLOT_FAULT,
    KEEL_SLOT_AWAITED,       /* the answer to this turn's batch comes with a later turn       */
    KEEL_SLOT_ANSWERED       /* that turn                                                     */
};
/* A slot's generation changed. */
typedef struct keel_rec_slot {
    keel_event h;            /* h.source: the slot                                            */
    uint32_t generation, cause;
    uint8_t  hash[32];       /* SHA-256 of the plugin file concerned                          */
    char     id[64], version[24];
    char     name[48];       /* the slot's, NUL-ended                                         */
    uint64_t types;          /* KEEL_MASK() of each type the slot receives from here on, in
                                STARTED, SHADOW and RETIRED; 0 leaves it                      */
    /* STARTED only. Then follow, as uint32_t and zero-padded to a multiple of 8: `instruments`
     * instrument ids, `alphas` slot numbers it listens to. */
    uint64_t warmup;         /* records given before its answers count                        */
    uint32_t kind;           /* 1 alpha, 2 strategy                                           */
    uint32_t instruments, alphas, pad;
} keel_rec_slot;

enum { /* keel_rec_swap_step.step */
    KEEL_STEP_PROBE = 1, KEEL_STEP_VERIFY, KEEL_STEP_SNAPSHOT, KEEL_STEP_PARAMETERS,
    KEEL_STEP_CREATE, KEEL_STEP_WARM_UP, KEEL_STEP_SHADOW, KEEL_STEP_ORDERS, KEEL_STEP_SWITCH,
    KEEL_STEP_FAULT, KEEL_STEP_ROLLBACK, KEEL_STEP_PROBATION, KEEL_STEP_REFUSED, KEEL_STEP_RETIRE
};
/* One line of a swap's timeline. */
typedef struct keel_rec_swap_step {
    keel_event h;            /* h.source: the slot                                            */
    uint32_t step, generation; /* generation: that decides at this step                       */
    uint64_t duration;       /* nanoseconds of wall clock; 0 where none was measured          */
    uint64_t amount;         /* bytes, events, batches or orders, as the step says            */
} keel_rec_swap_step;

/* One row of the asset table. `code` is NUL-ended. */
typedef struct keel_rec_asset { keel_event h; keel_asset asset; uint32_t pad; char code[16]; } keel_rec_asset;
enum { /* keel_rec_cash.cause */
    KEEL_CASH_DEPOSIT = 1, KEEL_CASH_WITHDRAWAL, KEEL_CASH_TRANSFER, KEEL_CASH_INTEREST,
    KEEL_CASH_CORRECTION
};
/* Money that came or went, but for trading. amount: 128 bits, low half first, mantissa of 10^-16;
 * negative where money goes. */
typedef struct keel_rec_cash {
    keel_event h;
    uint64_t low;
    int64_t  high;
    keel_asset asset;
    uint16_t account, cause; /* KEEL_CASH_                                                    */
} keel_rec_cash;

enum { /* keel_rec_account.offers; order types and times in force as KEEL_OFFERS(type) */
    KEEL_OFFER_AMEND = 1, KEEL_OFFER_REDUCE_ONLY = 2, KEEL_OFFER_POST_ONLY = 4,
    KEEL_OFFER_HEDGING = 8,  /* the account holds long and short at once                      */
    KEEL_OFFER_MARGIN = 16   /* it may owe: spot is not limited to what is there              */
};
/* The bit of an order type or a time in force. */
#define KEEL_OFFERS(number) ((uint32_t)1 << (number))
/* An account, and what its venue offers. */
typedef struct keel_rec_account {
    keel_event h;
    uint32_t account, offers;
    uint32_t order_types, times_in_force; /* what is missing, the host holds itself           */
    int32_t  taker_fee;      /* parts per million: what a spot order must be able to pay      */
    uint32_t pad;
    char     name[48];
} keel_rec_account;

enum { /* keel_rec_rate.kind */
    KEEL_RATE_FIXED = 1,     /* for good: a currency held to be worth another                 */
    KEEL_RATE_QUOTED,        /* as of its record's time; grows old                            */
    KEEL_RATE_MARKET         /* h.inst's price from here on                                   */
};
/* One unit of `asset` is worth `rate`, a mantissa of 10^-8, in the reporting asset. */
typedef struct keel_rec_rate { keel_event h; int64_t rate; keel_asset asset; uint32_t kind; } keel_rec_rate;

enum { /* keel_rec_trading.state */
       KEEL_TRADING_ACTIVE = 1, KEEL_TRADING_REDUCING, KEEL_TRADING_HALTED };
enum { /* keel_rec_trading.flags */
    KEEL_TRADING_KILL = 1,   /* cancel every open order of the scope, again until none is left */
    KEEL_TRADING_FLATTEN = 2 /* and close every position of it                                */
};
/* Who may trade from here on. h.source: the slot concerned, 0: all of them. */
typedef struct keel_rec_trading {
    keel_event h;
    uint32_t state, flags;
    char     who[32], why[96]; /* NUL-ended                                                   */
} keel_rec_trading;

/* Risk limits from here on. Then follow `count` keel_limit. What is not named stays. */
typedef struct keel_rec_limits {
    keel_event h;
    char     who[32], why[96]; /* NUL-ended                                                   */
    uint32_t offset, count;  /* of the first keel_limit, from the record's start              */
} keel_rec_limits;
enum { /* keel_limit.scope */
    KEEL_LIMIT_ALL = 0, KEEL_LIMIT_SLOT, KEEL_LIMIT_CLASS /* id: slot number, KEEL_CLASS_     */
};
enum { /* keel_limit.key. worth: 10^-6 of the reporting asset; share: parts per million; time:
          nanoseconds. KEEL_NULL switches a limit off. */
    KEEL_LIMIT_ORDER_WORTH = 1,    /* worth of one order                                      */
    KEEL_LIMIT_ORDER_LOTS,         /* count                                                   */
    KEEL_LIMIT_PRICE_COLLAR,       /* share: an order's price from the market's               */
    KEEL_LIMIT_DATA_AGE,           /* time: of the last price                                 */
    KEEL_LIMIT_RATE_AGE,           /* time: of a rate into the reporting asset                */
    KEEL_LIMIT_SELF_TRADE,         /* 1: own orders may not meet                              */
    KEEL_LIMIT_DUPLICATE_TIME,     /* time in which the same order is not placed twice        */
    KEEL_LIMIT_SLOT_ORDERS,        /* count in RATE_TIME                                      */
    KEEL_LIMIT_ACCOUNT_ORDERS,     /* count in RATE_TIME                                      */
    KEEL_LIMIT_VENUE_ORDERS,       /* count in RATE_TIME, cancels and amends counted too      */
    KEEL_LIMIT_RATE_TIME,          /* time                                                    */
    KEEL_LIMIT_POSITION_WORTH,     /* worth of a position                                     */
    KEEL_LIMIT_EQUITY_SHARE,       /* share of equity: a position                             */
    KEEL_LIMIT_GROSS_EXPOSURE,     /* share of equity: all positions                          */
    KEEL_LIMIT_CLASS_EXPOSURE,     /* share of equity: a position, by class                   */
    KEEL_LIMIT_LEVERAGE,           /* share of equity: all positions, or those of a class     */
    KEEL_LIMIT_CORRELATED,         /* share of equity: a group's positions                    */
    KEEL_LIMIT_SECTOR,             /* share of equity: a sector's positions                   */
    KEEL_LIMIT_TRADE_RISK,         /* share of equity lost if the order's stop is met         */
    KEEL_LIMIT_OPEN_RISK,          /* share of equity lost if every stop is met               */
    KEEL_LIMIT_UNPROTECTED_LOSS,   /* share of its worth lost by what has no stop             */
    KEEL_LIMIT_DAILY_LOSS,         /* share of the day's first equity                         */
    KEEL_LIMIT_DAILY_TRADES,       /* count of orders that add exposure                       */
    KEEL_LIMIT_DAY_START,          /* time after midnight UTC at which the trading day begins */
    KEEL_LIMIT_DRAWDOWN_WARNING,   /* share of the highest equity                             */
    KEEL_LIMIT_DRAWDOWN_REDUCE,    /* share: from here sizes shrink, to nothing at            */
    KEEL_LIMIT_DRAWDOWN_STOP,      /* share                                                   */
    KEEL_LIMIT_MARGIN,             /* share of equity that may be bound as initial margin     */
    KEEL_LIMIT_BREAKER_REJECTS,    /* count of the venue's refusals in BREAKER_TIME           */
    KEEL_LIMIT_BREAKER_MOVE,       /* share: a price's move in BREAKER_TIME                   */
    KEEL_LIMIT_BREAKER_TIME,       /* time                                                    */
    KEEL_LIMIT_BREAKER_PAUSE,      /* time until a tripped breaker lets one order try         */
    KEEL_LIMIT_BUDGET,             /* worth: of a slot, which trades with it and its profit   */
    KEEL_LIMIT_ANSWER_TIME,        /* time: an order not answered for so long is unknown      */
    KEEL_LIMIT_CROSSING            /* 1: slots' opposite orders of one turn meet in the host  */
};
/* One limit of one scope. */
typedef struct keel_limit { uint16_t key, scope; uint32_t id; int64_t value; } keel_limit;

KEEL_ASSERT(sizeof(keel_frame) == 8);
KEEL_ASSERT(sizeof(keel_tape_block) == 32);
KEEL_ASSERT(sizeof(keel_file_header) == 72);
KEEL_ASSERT(sizeof(keel_seal_header) == 96);
KEEL_ASSERT(sizeof(keel_snapshot_header) == 104);

KEEL_END
#endif
