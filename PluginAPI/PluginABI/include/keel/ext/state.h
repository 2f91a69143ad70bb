/* State that survives a swap or a restart. Offered by the plugin. */
#ifndef KEEL_EXT_STATE_H
#define KEEL_EXT_STATE_H

#include <keel/plugin.h>

KEEL_BEGIN

#define KEEL_STATE "keel.state/1"

/* Where state goes or comes from: the host's side, valid during the call. */
typedef struct keel_stream {
    uint32_t struct_size, reserved;
    void    *ctx;            /* the host's                                                    */
    /* Moves up to n bytes and says how many: fewer is not an error (one byte at a time is legal:
     * loop). Reading: 0 at the end. Negative: a KEEL_E_. */
    KEEL_CONTROL int64_t (*io)(const struct keel_stream *s, void *buf, size_t n);
} keel_stream;

/* Found by keel_plugin.extension. */
typedef struct keel_state {
    uint32_t struct_size, reserved;
    /* Called between two batches: the state after event `seq`. Deterministic: the same state is
     * the same bytes, on every machine. MUST be quick: the market waits (1 ms by default). */
    KEEL_CONTROL keel_status (*save)(keel_plugin *p, const keel_stream *out, uint64_t seq);
    /* Called once, before activate. from_version may be older (upgrade) or newer (rollback) than
     * the one this code writes. Bytes are untrusted: refuse, never crash. */
    KEEL_CONTROL keel_status (*load)(keel_plugin *p, const keel_stream *in, uint32_t from_version,
                                     keel_error *err);
} keel_state;

KEEL_END
#endif
