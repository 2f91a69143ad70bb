// Life of a boundary, and the hot path.
#define _GNU_SOURCE
#include "guard.h"

#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* ---- text ranges ------------------------------------------------------------------------- */
struct text_search { uintptr_t address; plugin_text *out; };

static int visit_library(struct dl_phdr_info *info, size_t size, void *context)
{
    (void)size;
    struct text_search *search = context;
    plugin_text found = {.base = info->dlpi_addr};
    bool holds_address = false;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        if (header->p_type != PT_LOAD) continue;
        uintptr_t start = info->dlpi_addr + header->p_vaddr, end = start + header->p_memsz;
        if (search->address >= start && search->address < end) holds_address = true;
        if (!(header->p_flags & PF_X) || found.count == PLUGIN_TEXT_RANGES_MAX) continue;
        found.start[found.count] = start;
        found.end[found.count++] = end;
    }
    if (holds_address) *search->out = found;
    return holds_address;
}

bool plugin_text_find(const void *address, plugin_text *out)
{
    struct text_search search = {(uintptr_t)address, out};
    return dl_iterate_phdr(visit_library, &search) != 0;
}

/* ---- life -------------------------------------------------------------------------------- */
static size_t page_rounded(size_t bytes) { return (bytes + 4095) & ~(size_t)4095; }

/* All buffers are one mapping: untouched pages cost nothing, and retiring gives them back while
 * the addresses stay valid for a late caller. */
static bool map_buffers(plugin_boundary *b, const plugin_limits *limits)
{
    size_t sink = page_rounded(limits->sink_bytes), feed = page_rounded(limits->feed_bytes);
    size_t timers = page_rounded(TIMERS_MAX * sizeof(plugin_timer));
    size_t log = page_rounded(LOG_LINES * sizeof(plugin_log_line));
    b->buffers_size = sink + 2 * feed + timers + log;
    b->buffers = mmap(NULL, b->buffers_size, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (b->buffers == MAP_FAILED) return false;
    uint8_t *at = b->buffers;
    b->sink_bytes = at;
    b->feed_bytes[0] = at += sink;
    b->feed_bytes[1] = at += feed;
    b->timers = (void *)(at += feed);
    b->log_lines = (void *)(at += timers);
    b->sink_capacity = limits->sink_bytes;
    b->feed_capacity = limits->feed_bytes;
    return true;
}

plugin_boundary *plugin_boundary_new(
    const plugin_text *text, const plugin_limits *limits, const plugin_instruments *instruments)
{
    plugin_boundary *b = calloc(1, sizeof *b);
    if (!b) return NULL;
    if (!map_buffers(b, limits)) {
        free(b);
        return NULL;
    }
    b->text = *text;
    b->instruments = instruments;
    b->sink_kind = limits->sink_kind;
    b->verify_batch = limits->verify_batch != 0;
    b->event_deadline = limits->event_deadline;
    b->control_deadline = limits->control_deadline;
    b->log_tokens = LOG_BURST;
    atomic_flag_clear(&b->log_lock);
    atomic_flag_clear(&b->feed_lock);
    b->sink = (keel_sink){.struct_size = sizeof(keel_sink), .ctx = b, .push = leaf_push};
    b->feed = (keel_feed){.struct_size = sizeof(keel_feed), .ctx = b, .publish = leaf_publish};
    b->host = (keel_host){
        .struct_size = sizeof(keel_host), .abi_minor = KEEL_ABI_DRAFT, .ctx = b,
        .extension = leaf_extension, .log = leaf_log, .now = leaf_now,
        .instrument = leaf_instrument, .wake = leaf_wake, .timer = leaf_timer};
    atomic_store_explicit(&b->alive, true, memory_order_release);
    return b;
}

void plugin_boundary_retire(plugin_boundary *b)
{
    if (!atomic_exchange(&b->alive, false)) return;
    madvise(b->buffers, b->buffers_size, MADV_DONTNEED);
}

void boundary_quarantine(plugin_boundary *b, plugin_fault fault)
{
    b->fault = fault;
    atomic_store_explicit(&b->quarantined, true, memory_order_release);
}

void plugin_boundary_set_worker(plugin_boundary *b, void *worker) { b->worker = worker; }
void *plugin_boundary_worker(const plugin_boundary *b) { return b->worker; }

void plugin_boundary_fail(plugin_boundary *b, const char *text)
{
    boundary_quarantine(b, (plugin_fault){.kind = PLUGIN_FAULT_WORKER, .text = text});
}

bool plugin_boundary_is_quarantined(const plugin_boundary *b)
{
    return atomic_load_explicit(&b->quarantined, memory_order_acquire);
}

plugin_fault plugin_boundary_fault(const plugin_boundary *b)
{
    return plugin_boundary_is_quarantined(b) ? b->fault : (plugin_fault){0};
}

const keel_host *plugin_boundary_host(const plugin_boundary *b) { return &b->host; }
const keel_feed *plugin_boundary_feed(const plugin_boundary *b) { return &b->feed; }

/* ---- hot path ---------------------------------------------------------------------------- */
void plugin_boundary_bind(
    plugin_boundary *b, keel_plugin *p,
    keel_status (*process)(keel_plugin *, const keel_batch *, const keel_sink *))
{
    b->plugin = p;
    b->process = process;
}

static uint64_t batch_digest(const keel_batch *in)
{
    uint64_t digest = UINT64_C(0xcbf29ce484222325);
    const uint8_t *bytes = (const uint8_t *)in->events;
    for (size_t i = 0; i < in->bytes; i++) digest = (digest ^ bytes[i]) * UINT64_C(0x100000001b3);
    bytes = (const uint8_t *)in;
    for (size_t i = 0; i < sizeof *in; i++) digest = (digest ^ bytes[i]) * UINT64_C(0x100000001b3);
    return digest;
}

static __attribute__((noinline)) keel_status refuse(plugin_boundary *b, keel_status status)
{
    if (status == PLUGIN_LATER && b->worker) return status;
    if (!plugin_boundary_is_quarantined(b)) {
        plugin_fault fault = {.kind = PLUGIN_FAULT_STATUS, .status = status, .call = "process"};
        boundary_quarantine(b, fault);
    }
    return status > KEEL_OK ? KEEL_E_FAULT : status;
}

static inline keel_status process_once(
    plugin_boundary *b, const keel_batch *in, const void **records, size_t *bytes)
{
    keel_status status = KEEL_E_FAULT;
    *records = b->sink_bytes;
    *bytes = 0;
    if (!boundary_is_alive(b)) return KEEL_E_STALE;
    if (!b->process) return KEEL_E_UNSUPPORTED;
    if (in) atomic_store_explicit(&b->now, in->now, memory_order_relaxed);
    b->sink_used = 0;
    b->sink_open = true;
    GUARDED(b, "process", b->event_deadline, status = b->process(b->plugin, in, &b->sink),
            { b->sink_open = false; return KEEL_E_FAULT; });
    b->sink_open = false;
    if (__builtin_expect(status != KEEL_OK, 0)) return refuse(b, status);
    *bytes = b->sink_used;
    return KEEL_OK;
}

static __attribute__((noinline)) keel_status process_verified(
    plugin_boundary *b, const keel_batch *in, const void **records, size_t *bytes)
{
    uint64_t digest = batch_digest(in);
    keel_status status = process_once(b, in, records, bytes);
    if (status != KEEL_OK || digest == batch_digest(in)) return status;
    plugin_fault fault = {.kind = PLUGIN_FAULT_BATCH_WRITTEN, .call = "process"};
    boundary_quarantine(b, fault);
    *bytes = 0;
    return KEEL_E_FAULT;
}

keel_status plugin_boundary_process(
    void *boundary, const keel_batch *in, const void **records, size_t *bytes)
{
    plugin_boundary *b = boundary;
    if (__builtin_expect(b->verify_batch && in, 0)) return process_verified(b, in, records, bytes);
    return process_once(b, in, records, bytes);
}
