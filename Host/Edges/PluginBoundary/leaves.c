// What a plugin may call: C leaves over preallocated buffers. None allocates, waits for long, or
// calls back. guard_in_host is raised inside, so that no signal jumps out of a half-done copy.
#define _GNU_SOURCE
#include "guard.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>

static inline void enter_leaf(void) { guard_in_host = guard_in_host + 1; }
#define LEAVE_LEAF(b) guard_leave_leaf(b, __builtin_return_address(0))

/* ---- records ----------------------------------------------------------------------------- */
size_t record_size_min(uint16_t type)
{
    static const uint16_t in[] = {
        [KEEL_EV_QUOTE] = sizeof(keel_ev_quote), [KEEL_EV_TRADE] = sizeof(keel_ev_trade),
        [KEEL_EV_BAR] = sizeof(keel_ev_bar), [KEEL_EV_BOOK] = sizeof(keel_ev_book),
        [KEEL_EV_INSTRUMENT] = sizeof(keel_ev_instrument),
        [KEEL_EV_STATUS] = sizeof(keel_ev_status), [KEEL_EV_FUNDING] = sizeof(keel_ev_funding),
        [KEEL_EV_MARK] = sizeof(keel_ev_mark), [KEEL_EV_OPEN_INTEREST] = sizeof(keel_ev_value),
        [KEEL_EV_LIQUIDATION] = sizeof(keel_ev_trade), [KEEL_EV_METRIC] = sizeof(keel_ev_metric),
        [KEEL_EV_TEXT] = sizeof(keel_ev_text), [KEEL_EV_SIGNAL] = sizeof(keel_signal),
        [KEEL_EV_GAP] = sizeof(keel_ev_gap), [KEEL_EV_END] = sizeof(keel_ev_end)};
    if (type >= KEEL_IN_TARGET && type <= KEEL_IN_CANCEL_ALL) return sizeof(keel_intent);
    if (type == KEEL_EV_EXPLAIN) return sizeof(keel_explain);
    return type < sizeof in / sizeof *in ? in[type] : 0;
}

/* A text that follows its record must lie inside it. */
static bool text_fits(const keel_event *h, size_t fixed)
{
    uint32_t offset = 0, length = 0;
    if (h->type == KEEL_EV_EXPLAIN) {
        offset = ((const keel_explain *)h)->text_offset;
        length = ((const keel_explain *)h)->text_length;
    } else if (h->type == KEEL_EV_TEXT) {
        offset = ((const keel_ev_text *)h)->text_offset;
        length = ((const keel_ev_text *)h)->text_length;
    }
    return length == 0 || (offset >= fixed && offset <= h->size && length <= h->size - offset);
}

static bool sink_takes(const plugin_boundary *b, uint16_t type)
{
    if (type == KEEL_EV_EXPLAIN) return b->sink_kind != PLUGIN_SINK_NONE;
    if (b->sink_kind == PLUGIN_SINK_SIGNALS) return type == KEEL_EV_SIGNAL;
    return b->sink_kind == PLUGIN_SINK_INTENTS && type >= KEEL_IN_TARGET
        && type <= KEEL_IN_CANCEL_ALL;
}

/* Where the plugin's bytes may not be: nothing is held, so that a fault can be jumped out of. */
static void read_plugin(void *to, const void *from, size_t size)
{
    guard_reading = 1;
    atomic_signal_fence(memory_order_seq_cst);
    memcpy(to, from, size);
    atomic_signal_fence(memory_order_seq_cst);
    guard_reading = 0;
}

/* The same for bytes that are read later: whether they are there, page by page. */
static void touch_plugin(const void *bytes, size_t size)
{
    if (!guard_self || !guard_inside(guard_self)) return;
    const volatile uint8_t *at = bytes, *end = at + size;
    guard_reading = 1;
    for (; at < end; at += 4096) (void)*at;
    if (size) (void)end[-1];
    guard_reading = 0;
}

/* Copied first and judged afterwards, so that what is judged is what is kept. */
static keel_status push_record(plugin_boundary *b, const void *record, size_t size)
{
    if (!record || size < sizeof(keel_event) || size % 8) return KEEL_E_ARG;
    if (size > b->sink_capacity - b->sink_used) return KEEL_E_FULL;
    keel_event *h = (keel_event *)(b->sink_bytes + b->sink_used);
    read_plugin(h, record, size);
    if (h->size != size) return KEEL_E_ARG;
    size_t fixed = record_size_min(h->type);
    if (!sink_takes(b, h->type) || size < fixed || !text_fits(h, fixed)) return KEEL_E_ARG;
    b->sink_used += size;
    return KEEL_OK;
}

keel_status leaf_push(const keel_sink *sink, const void *record, size_t size)
{
    plugin_boundary *b = sink->ctx;
    if (!boundary_is_alive(b) || !b->sink_open || !guard_is_inside(b)) return KEEL_E_STALE;
    enter_leaf();
    keel_status status = push_record(b, record, size);
    LEAVE_LEAF(b);
    return status;
}

/* ---- feed -------------------------------------------------------------------------------- */
static void lock(atomic_flag *flag)
{
    for (int spins = 0; atomic_flag_test_and_set_explicit(flag, memory_order_acquire); spins++)
        if (spins > 100) sched_yield();
}

static void unlock(atomic_flag *flag) { atomic_flag_clear_explicit(flag, memory_order_release); }

static bool feed_takes(uint16_t type)
{
    /* Not definitions: what an instrument is, the session says. */
    return (type >= KEEL_EV_QUOTE && type <= KEEL_EV_TEXT && type != KEEL_EV_INSTRUMENT)
        || type == KEEL_EV_GAP || type == KEEL_EV_END;
}

/* The first defect of the records, or NULL. *at: where it is. */
static const char *feed_defect(
    const plugin_boundary *b, const uint8_t *records, size_t bytes, size_t *at)
{
    uint32_t instruments = b->instruments
        ? __atomic_load_n(&b->instruments->count, __ATOMIC_ACQUIRE) : 0;
    for (*at = 0; *at < bytes;) {
        const keel_event *h = (const keel_event *)(records + *at);
        if (bytes - *at < sizeof *h) return "the bytes end within a record's header";
        if (h->size < sizeof *h || h->size % 8) return "h.size is no multiple of 8 or too small";
        if (h->size > bytes - *at) return "h.size leads beyond the bytes given";
        if (h->size > FEED_RECORD_BYTES_MAX) return "h.size is more than a turn holds";
        if (!feed_takes(h->type)) return "h.type is none a data provider publishes";
        size_t fixed = record_size_min(h->type);
        if (h->size < fixed) return "h.size is smaller than the record of this type";
        if (!text_fits(h, fixed)) return "its text is not inside the record, behind its struct";
        if (h->inst != KEEL_NO_INST && h->inst >= instruments) return "h.inst is unknown";
        *at += h->size;
    }
    return NULL;
}

static keel_status publish_records(plugin_boundary *b, const void *records, size_t bytes)
{
    if (bytes == 0) return KEEL_OK;
    if (!records || (uintptr_t)records % 8) return KEEL_E_ARG;
    size_t at = 0;
    const char *defect = feed_defect(b, records, bytes, &at);
    if (defect) {
        char line[PLUGIN_LOG_BYTES];
        int length = snprintf(line, sizeof line, "publish: record at byte %zu: %s", at, defect);
        boundary_log(b, KEEL_LOG_ERROR, line, (size_t)length);
        return KEEL_E_ARG;
    }
    keel_status status = KEEL_E_FULL;
    lock(&b->feed_lock);
    if (bytes <= b->feed_capacity - b->feed_used) {
        memcpy(b->feed_bytes[b->feed_active] + b->feed_used, records, bytes);
        b->feed_used += bytes;
        status = KEEL_OK;
    }
    unlock(&b->feed_lock);
    return status;
}

keel_status leaf_publish(const keel_feed *feed, const void *records, size_t bytes)
{
    plugin_boundary *b = feed->ctx;
    if (!boundary_is_alive(b)) return KEEL_E_STALE;
    enter_leaf();
    if (records) touch_plugin(records, bytes);
    keel_status status = publish_records(b, records, bytes);
    LEAVE_LEAF(b);
    return status;
}

size_t plugin_boundary_take_feed(plugin_boundary *b, const void **records)
{
    lock(&b->feed_lock);
    size_t bytes = b->feed_used;
    *records = b->feed_bytes[b->feed_active];
    b->feed_active = !b->feed_active;
    b->feed_used = 0;
    unlock(&b->feed_lock);
    return bytes;
}

/* ---- host -------------------------------------------------------------------------------- */
const void *leaf_extension(const keel_host *host, const char *id)
{
    (void)host, (void)id;
    return NULL;
}

keel_ns leaf_now(const keel_host *host)
{
    plugin_boundary *b = host->ctx;
    return boundary_is_alive(b) ? atomic_load_explicit(&b->now, memory_order_relaxed) : 0;
}

void plugin_boundary_set_time(plugin_boundary *b, keel_ns now)
{
    atomic_store_explicit(&b->now, now, memory_order_relaxed);
}

const keel_ev_instrument *leaf_instrument(const keel_host *host, keel_inst id)
{
    plugin_boundary *b = host->ctx;
    if (!boundary_is_alive(b) || !b->instruments) return NULL;
    uint32_t count = __atomic_load_n(&b->instruments->count, __ATOMIC_ACQUIRE);
    return id < count ? &b->instruments->rows[id] : NULL;
}

keel_status leaf_wake(const keel_host *host)
{
    plugin_boundary *b = host->ctx;
    if (!boundary_is_alive(b)) return KEEL_E_STALE;
    atomic_store_explicit(&b->wake, true, memory_order_release);
    return KEEL_OK;
}

bool plugin_boundary_has_requests(const plugin_boundary *b)
{
    return b->timers_count != 0 || atomic_load_explicit(&b->log_count, memory_order_relaxed) != 0
        || atomic_load_explicit(&b->log_dropped, memory_order_relaxed) != 0;
}

bool plugin_boundary_take_wake(plugin_boundary *b)
{
    return atomic_exchange_explicit(&b->wake, false, memory_order_acquire);
}

keel_status leaf_timer(const keel_host *host, uint64_t id, keel_ns due)
{
    plugin_boundary *b = host->ctx;
    if (!boundary_is_alive(b) || !guard_is_inside(b)) return KEEL_E_STALE;
    if (b->timers_count == TIMERS_MAX) return KEEL_E_FULL;
    enter_leaf();
    uint32_t at = (b->timers_first + b->timers_count) % TIMERS_MAX;
    b->timers[at] = (plugin_timer){id, due};
    b->timers_count++;
    LEAVE_LEAF(b);
    return KEEL_OK;
}

bool plugin_boundary_take_timer(plugin_boundary *b, plugin_timer *out)
{
    if (b->timers_count == 0) return false;
    *out = b->timers[b->timers_first];
    b->timers_first = (b->timers_first + 1) % TIMERS_MAX;
    b->timers_count--;
    return true;
}

/* ---- log --------------------------------------------------------------------------------- */
/* Tokens come back with session time, so that a backtest drops the same lines each time. */
static bool may_log(plugin_boundary *b)
{
    if (b->log_tokens == 0) {
        const int64_t per_token = INT64_C(1000000000) / LOG_PER_SECOND;
        int64_t now = atomic_load_explicit(&b->now, memory_order_relaxed);
        int64_t earned = (now - b->log_refilled) / per_token;
        if (earned <= 0) return false;
        b->log_tokens = earned < LOG_BURST ? earned : LOG_BURST;
        b->log_refilled = now;
    }
    b->log_tokens--;
    return true;
}

void boundary_log(plugin_boundary *b, int32_t level, const char *text, size_t length)
{
    bool written = false;
    lock(&b->log_lock);
    if (b->log_count < LOG_LINES && may_log(b)) {
        plugin_log_line *line = &b->log_lines[(b->log_first + b->log_count) % LOG_LINES];
        if (length > PLUGIN_LOG_BYTES) length = PLUGIN_LOG_BYTES;
        line->level = level;
        line->length = (uint32_t)length;
        if (length) memcpy(line->text, text, length);
        b->log_count++;
        written = true;
    }
    unlock(&b->log_lock);
    if (!written) atomic_fetch_add_explicit(&b->log_dropped, 1, memory_order_relaxed);
}

void leaf_log(const keel_host *host, int32_t level, keel_str text)
{
    plugin_boundary *b = host->ctx;
    if (!boundary_is_alive(b) || (!text.ptr && text.len)) return;
    enter_leaf();
    if (text.len) touch_plugin(text.ptr, text.len < PLUGIN_LOG_BYTES ? text.len : PLUGIN_LOG_BYTES);
    boundary_log(b, level, text.ptr, text.len);
    LEAVE_LEAF(b);
}

bool plugin_boundary_take_log(plugin_boundary *b, plugin_log_line *out)
{
    bool found = false;
    lock(&b->log_lock);
    if (b->log_count) {
        *out = b->log_lines[b->log_first];
        b->log_first = (b->log_first + 1) % LOG_LINES;
        b->log_count--;
        found = true;
    }
    unlock(&b->log_lock);
    return found;
}

uint64_t plugin_boundary_take_log_dropped(plugin_boundary *b)
{
    return atomic_exchange_explicit(&b->log_dropped, 0, memory_order_relaxed);
}

void plugin_boundary_note_log_dropped(plugin_boundary *b, uint64_t lines)
{
    atomic_fetch_add_explicit(&b->log_dropped, lines, memory_order_relaxed);
}
