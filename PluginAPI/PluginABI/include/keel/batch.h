/* How records travel: a batch in, a sink out. */
#ifndef KEEL_BATCH_H
#define KEEL_BATCH_H

#include <keel/event.h>

KEEL_BEGIN

enum { /* keel_batch.mode */
    KEEL_WARMUP = 1,         /* history: answers are discarded                                */
    KEEL_SHADOW,             /* answers are recorded and compared, never sent                 */
    KEEL_LIVE,
    KEEL_DRAIN               /* live, but open no new exposure (DRAFT)                        */
};
/* What a strategy or an alpha is told at once. Lives until process() returns. */
typedef struct keel_batch {
    uint32_t    struct_size;
    uint32_t    mode;
    uint32_t    generation;  /* +1 on every swap of this slot, from 1                         */
    uint32_t    count;       /* records; 0 is legal: simply return                            */
    uint32_t    slot, reserved;
    uint64_t    first_seq, last_seq;
    uint64_t    slot_count;  /* batches given to this slot so far: gap-free, swaps or not     */
    keel_ns     now;         /* the only clock a strategy may use: replay stays exact         */
    const void *events;      /* `count` records, read-only; a write is a fault                */
    size_t      bytes;
} keel_batch;

/* Where answers go. Valid during the call it is passed to. */
typedef struct keel_sink {
    uint32_t struct_size, reserved;
    void    *ctx;            /* the host's                                                    */
    /* Copies one record. KEEL_E_FULL, and nothing copied, when this batch's budget is spent;
     * KEEL_E_ARG for a record whose size does not fit its type. */
    KEEL_EVENT keel_status (*push)(const struct keel_sink *sink, const void *record, size_t size);
} keel_sink;

KEEL_ASSERT(sizeof(keel_batch) == 72);

KEEL_END
#endif
