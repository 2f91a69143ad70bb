/* Rests ORDERS buy orders far below the market and leaves them there, whichever generation placed
 * them: what a swap adopts. BUILD tells two builds of it apart. */
#include <keel/keel.h>
#include <stdlib.h>
#include <string.h>

#ifndef ORDERS
#define ORDERS 100
#endif
#ifndef BUILD
#define BUILD "1.0.0"
#endif

static const char *const kinds[] = {KEEL_STRATEGY, NULL};
static const keel_descriptor descriptor = {
    sizeof descriptor, KEEL_PF_DETERMINISTIC, "dev.keel.resting-orders", "resting orders", "keel",
    BUILD, kinds, "", 0, 0};

struct resting {
    keel_plugin plugin;
    uint64_t asked;          /* intents so far, which number themselves                       */
    uint64_t resting;        /* accepted by the venue, or inherited                           */
};

static keel_status place(struct resting *r, const keel_ev_quote *quote, const keel_sink *sink) {
    keel_intent intent = {
        .h = {.size = sizeof intent, .type = KEEL_IN_PLACE, .inst = quote->h.inst},
        .intent_id = r->asked + 1, .limit = quote->bid / 2, .trigger = KEEL_NULL, .qty = 1,
        .expires = KEEL_NULL, .trail = KEEL_NULL, .side = KEEL_BUY, .order_type = KEEL_LIMIT,
        .tif = KEEL_GTC};
    keel_status status = sink->push(sink, &intent, sizeof intent);
    if (status == KEEL_OK) r->asked++;
    return status;
}

static keel_status process(keel_plugin *p, const keel_batch *in, const keel_sink *sink) {
    struct resting *r = p->self;
    const char *record = in->events, *end = record + in->bytes;
    for (; record < end; record += ((const keel_event *)record)->size) {
        const keel_event *event = (const keel_event *)record;
        if (event->type == KEEL_EV_ORDER) {
            r->resting += ((const keel_ev_order *)record)->state == KEEL_ORDER_ACCEPTED;
        } else if (event->type == KEEL_EV_QUOTE && in->mode == KEEL_LIVE) {
            /* Whoever finds orders resting was not the first here, and asks for none. */
            if (r->asked == ORDERS || (r->asked == 0 && r->resting > 0)) continue;
            keel_status status = place(r, (const keel_ev_quote *)record, sink);
            if (status != KEEL_OK) return status;
        }
    }
    return KEEL_OK;
}

static keel_status activate(keel_plugin *p, keel_error *err) { return (void)p, (void)err, KEEL_OK; }
static keel_status deactivate(keel_plugin *p) { return (void)p, KEEL_OK; }
static void destroy(keel_plugin *p) { free(p->self); }
static const keel_strategy strategy = {sizeof strategy, 0, process};
static const void *extension(keel_plugin *p, const char *id) {
    (void)p;
    return strcmp(id, KEEL_STRATEGY) == 0 ? &strategy : NULL;
}

static keel_status init(const char *path) { return (void)path, KEEL_OK; }
static void deinit(void) {}
static uint32_t count(void) { return 1; }
static const keel_descriptor *describe(uint32_t index) { return index == 0 ? &descriptor : NULL; }
static keel_status create(const keel_host *host, const char *id, keel_str config, keel_plugin **out,
                          keel_error *err) {
    (void)host, (void)id, (void)config, (void)err;
    struct resting *r = calloc(1, sizeof *r);
    if (!r) return KEEL_E_FULL;
    r->plugin = (keel_plugin){sizeof(keel_plugin), 0, &descriptor, r, activate, deactivate, destroy,
                              extension};
    *out = &r->plugin;
    return KEEL_OK;
}
static const keel_entry entry = {sizeof entry, KEEL_ABI_MAJOR, KEEL_ABI_DRAFT, init, deinit, count,
                                 describe, create};

KEEL_EXPORT const keel_entry *keel_entry_v0(void) { return &entry; }
