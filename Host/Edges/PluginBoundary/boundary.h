/* The inside of a plugin_boundary. */
#ifndef BOUNDARY_H
#define BOUNDARY_H

#include "PluginBoundary.h"
#include <stdatomic.h>

enum {
    FEED_RECORD_BYTES_MAX = 16 * 1024,
    LOG_LINES = 64,          /* waiting between two drains                                    */
    LOG_BURST = 64,          /* lines at once ...                                             */
    LOG_PER_SECOND = 20,     /* ... and afterwards, in session time                           */
    TIMERS_MAX = 256         /* requests waiting between two drains                           */
};

struct plugin_boundary {
    /* Read on every call. */
    _Atomic bool alive;
    _Atomic bool quarantined;
    bool sink_open;          /* the sink lives during process() only                          */
    uint32_t sink_kind;
    keel_plugin *plugin;
    keel_status (*process)(keel_plugin *, const keel_batch *, const keel_sink *);
    uint64_t event_deadline, control_deadline;
    keel_sink sink;
    uint8_t *sink_bytes;
    size_t sink_used, sink_capacity;
    _Atomic int64_t now;
    bool verify_batch;

    plugin_text text;
    plugin_fault fault;
    void *worker;

    keel_host host;
    const plugin_instruments *instruments;
    _Atomic bool wake;

    plugin_timer *timers;    /* a ring: [event] writes, the host reads between two calls      */
    uint32_t timers_first, timers_count;

    atomic_flag log_lock;
    plugin_log_line *log_lines;
    uint32_t log_first;
    _Atomic uint32_t log_count; /* written under the lock, so that looking needs none */
    int64_t log_tokens, log_refilled;
    _Atomic uint64_t log_dropped;

    keel_feed feed;
    atomic_flag feed_lock;
    uint8_t *feed_bytes[2];  /* one is filled while the host reads the other                  */
    size_t feed_used, feed_capacity;
    int feed_active;

    void *buffers;           /* one mapping behind all of the above                           */
    size_t buffers_size;
};

static inline bool boundary_is_alive(const plugin_boundary *b)
{
    return atomic_load_explicit(&b->alive, memory_order_acquire);
}

static inline bool boundary_is_callable(const plugin_boundary *b)
{
    return boundary_is_alive(b) && !atomic_load_explicit(&b->quarantined, memory_order_relaxed);
}

static inline bool text_contains(const plugin_text *text, uintptr_t address)
{
    for (uint32_t i = 0; i < text->count; i++)
        if (address >= text->start[i] && address < text->end[i]) return true;
    return false;
}

void boundary_quarantine(plugin_boundary *b, plugin_fault fault);

/* The leaves a plugin calls. */
keel_status leaf_push(const keel_sink *sink, const void *record, size_t size);
keel_status leaf_publish(const keel_feed *feed, const void *records, size_t bytes);
const void *leaf_extension(const keel_host *host, const char *id);
void leaf_log(const keel_host *host, int32_t level, keel_str text);
keel_ns leaf_now(const keel_host *host);
const keel_ev_instrument *leaf_instrument(const keel_host *host, keel_inst id);
keel_status leaf_wake(const keel_host *host);
keel_status leaf_timer(const keel_host *host, uint64_t id, keel_ns due);
/* Writes one line into the log ring; never waits, never allocates. */
void boundary_log(plugin_boundary *b, int32_t level, const char *text, size_t length);
/* The smallest legal size of a record of this type, 0 for a type that is not one. */
size_t record_size_min(uint16_t type);

#endif
