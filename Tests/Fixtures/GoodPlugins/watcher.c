/* A strategy that checks its host. It counts what it is given, and logs an error when a batch is
 * missing or comes twice, when records go backwards, or when it holds two resting orders. It keeps
 * one order resting far from the market and now and then crosses the spread.
 *
 *   VERSION           of the plugin
 *   SCHEMA            of its state; another one cannot be carried over
 *   WARMUP            records of history it declares to need; 0
 *   CROSSING_LOTS     how much it buys and sells: versions with equal lots answer alike
 *   TRAP_MODE, TRAP_AT  traps at the nth batch of this mode
 *   SLOW_MICROSECONDS   how long it sleeps over each batch; 0 */
#define _GNU_SOURCE
#include <keel/keel.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef VERSION
#define VERSION "1.0.0"
#endif
#ifndef WARMUP
#define WARMUP 0
#endif
#ifndef SCHEMA
#define SCHEMA "test.watcher"
#endif
#ifndef CROSSING_LOTS
#define CROSSING_LOTS 1000
#endif
#ifndef TRAP_MODE
#define TRAP_MODE 0
#define TRAP_AT 0
#endif
#ifndef SLOW_MICROSECONDS
#define SLOW_MICROSECONDS 0
#endif
enum { QUOTES_PER_CROSSING = 40, PATIENCE = 30 };

struct facts { uint64_t batches, records, sum, quotes, intents; };
struct watcher {
    keel_plugin plugin;
    const keel_host *host;
    struct facts facts;
    uint64_t last_seq, resting, asked_at, in_mode;
};

static void complain(struct watcher *w, const char *what, uint64_t is, uint64_t was)
{
    char text[128];
    int n = snprintf(text, sizeof text, "%s: %" PRIu64 " after %" PRIu64, what, is, was);
    w->host->log(w->host, KEEL_LOG_ERROR, (keel_str){text, (size_t)n});
}

static void see_order(struct watcher *w, const keel_ev_order *order)
{
    if (order->order_type != KEEL_LIMIT || !order->order_id) return;
    int is_open = order->state == KEEL_ORDER_PENDING || order->state == KEEL_ORDER_ACCEPTED ||
                  order->state == KEEL_ORDER_PARTIALLY_FILLED ||
                  order->state == KEEL_ORDER_PENDING_CANCEL;
    if (!is_open) {
        if (w->resting == order->order_id) w->resting = 0;
        return;
    }
    if (w->resting && w->resting != order->order_id)
        complain(w, "a second resting order", order->order_id, w->resting);
    w->resting = order->order_id;
}

static keel_status see_quote(struct watcher *w, const keel_ev_quote *quote, const keel_batch *in,
                             const keel_sink *sink)
{
    w->facts.quotes++;
    keel_intent intent = {.h = {.size = sizeof intent, .type = KEEL_IN_PLACE,
                                .inst = quote->h.inst},
                          .limit = KEEL_NULL, .trigger = KEEL_NULL, .expires = KEEL_NULL,
                          .trail = KEEL_NULL, .tif = KEEL_GTC};
    if (w->facts.quotes % QUOTES_PER_CROSSING == 0) {
        intent.side = w->facts.quotes / QUOTES_PER_CROSSING % 2 ? KEEL_BUY : KEEL_SELL;
        intent.order_type = KEEL_MARKET;
        intent.tif = KEEL_IOC;
        intent.qty = CROSSING_LOTS;
    } else if (!w->resting && (!w->asked_at || in->slot_count > w->asked_at + PATIENCE)) {
        w->asked_at = in->slot_count;
        intent.side = KEEL_BUY;
        intent.order_type = KEEL_LIMIT;
        intent.limit = quote->bid - quote->bid / 25; /* within the collar, never reached */
        intent.qty = 1000;
    } else {
        return KEEL_OK;
    }
    intent.intent_id = ++w->facts.intents;
    return sink->push(sink, &intent, sizeof intent);
}

static keel_status process(keel_plugin *p, const keel_batch *in, const keel_sink *sink)
{
    struct watcher *w = p->self;
    if (SLOW_MICROSECONDS) usleep(SLOW_MICROSECONDS);
    if (in->mode == TRAP_MODE && ++w->in_mode == TRAP_AT) __builtin_trap();
    if (in->mode != KEEL_WARMUP) {
        if (w->facts.batches && in->slot_count != w->facts.batches + 1)
            complain(w, "batch", in->slot_count, w->facts.batches);
        w->facts.batches = in->slot_count;
    }
    const uint8_t *at = in->events, *end = at + in->bytes;
    for (; at < end; at += ((const keel_event *)at)->size) {
        const keel_event *h = (const keel_event *)at;
        if (h->type == KEEL_EV_GAP) complain(w, "a gap", ((const keel_ev_gap *)h)->missed, 0);
        if (h->type == KEEL_EV_ORDER) see_order(w, (const keel_ev_order *)h);
        if (h->type > KEEL_EV_BOOK) continue;
        if (h->seq <= w->last_seq) complain(w, "record", h->seq, w->last_seq);
        w->last_seq = h->seq;
        w->facts.records++;
        w->facts.sum = (w->facts.sum ^ h->seq) * UINT64_C(0x100000001b3);
        if (h->type != KEEL_EV_QUOTE) continue;
        keel_status status = see_quote(w, (const keel_ev_quote *)h, in, sink);
        if (status) return status;
    }
    return KEEL_OK;
}

static keel_status move_all(const keel_stream *s, void *buffer, size_t n)
{
    for (uint8_t *at = buffer; n;) {
        int64_t moved = s->io(s, at, n);
        if (moved <= 0) return moved ? (keel_status)moved : KEEL_E_IO;
        at += moved;
        n -= (size_t)moved;
    }
    return KEEL_OK;
}
static keel_status save(keel_plugin *p, const keel_stream *out, uint64_t seq)
{
    struct watcher *w = p->self;
    uint64_t more[] = {w->last_seq, w->asked_at};
    (void)seq;
    keel_status status = move_all(out, &w->facts, sizeof w->facts);
    return status ? status : move_all(out, more, sizeof more);
}
static keel_status load(keel_plugin *p, const keel_stream *in, uint32_t version, keel_error *error)
{
    struct watcher *w = p->self;
    uint64_t more[2];
    (void)version, (void)error;
    keel_status status = move_all(in, &w->facts, sizeof w->facts);
    if (!status) status = move_all(in, more, sizeof more);
    w->last_seq = more[0];
    w->asked_at = more[1];
    return status;
}

static const char *const kinds[] = {KEEL_STRATEGY, NULL};
static const keel_descriptor descriptor = {
    .struct_size = sizeof descriptor, .flags = KEEL_PF_DETERMINISTIC, .id = "test.watcher",
    .name = "Watcher", .vendor = "keel", .version = VERSION, .kinds = kinds,
    .state_schema = SCHEMA, .state_version = 1, .state_oldest = 1};
static keel_status activate(keel_plugin *p, keel_error *e) { return (void)p, (void)e, KEEL_OK; }
static keel_status deactivate(keel_plugin *p) { return (void)p, KEEL_OK; }
static void destroy(keel_plugin *p) { free(p->self); }
static keel_status want(keel_plugin *p, keel_interests_info *out)
{
    (void)p;
    out->types = KEEL_MASK(KEEL_EV_QUOTE) | KEEL_MASK(KEEL_EV_TRADE) | KEEL_MASK(KEEL_EV_BAR);
    out->warmup_records = WARMUP;
    return KEEL_OK;
}
static const void *extension(keel_plugin *p, const char *id)
{
    static const keel_interests interests = {.struct_size = sizeof interests, .get = want};
    static const keel_strategy strategy = {.struct_size = sizeof strategy, .process = process};
    static const keel_state state = {.struct_size = sizeof state, .save = save, .load = load};
    (void)p;
    if (!strcmp(id, KEEL_STRATEGY)) return &strategy;
    if (!strcmp(id, KEEL_INTERESTS)) return &interests;
    return strcmp(id, KEEL_STATE) ? NULL : &state;
}
static keel_status create(
    const keel_host *host, const char *id, keel_str config, keel_plugin **out, keel_error *error)
{
    (void)id, (void)config, (void)error;
    struct watcher *w = calloc(1, sizeof *w);
    w->host = host;
    w->plugin = (keel_plugin){.struct_size = sizeof w->plugin, .desc = &descriptor, .self = w,
                              .activate = activate, .deactivate = deactivate, .destroy = destroy,
                              .extension = extension};
    *out = &w->plugin;
    return KEEL_OK;
}
static keel_status init(const char *path) { return (void)path, KEEL_OK; }
static void deinit(void) {}
static uint32_t count(void) { return 1; }
static const keel_descriptor *describe(uint32_t index) { return index ? NULL : &descriptor; }
KEEL_EXPORT const keel_entry *keel_entry_v0(void)
{
    static const keel_entry entry = {
        .struct_size = sizeof entry, .abi_major = KEEL_ABI_MAJOR, .abi_minor = KEEL_ABI_DRAFT,
        .init = init, .deinit = deinit, .count = count, .describe = describe, .create = create};
    return &entry;
}
