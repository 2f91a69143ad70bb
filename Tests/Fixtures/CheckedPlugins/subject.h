/* A plugin without fault, with everything that keel plugin check looks at. Each entry of corpus.txt
 * spoils one thing by a macro and includes this. */
#include <keel/keel.h>
#include <stdlib.h>
#include <string.h>

struct subject {
    keel_plugin plugin;
    const keel_host *host;
    const keel_feed *feed;
    struct { uint64_t intents, quotes; int64_t average, length, salt; } state;
    int64_t length;
    int is_quiet, lives;
    keel_ns next;
    uint64_t wanted, made;
};
#ifndef BEFORE
#define BEFORE
#endif
#ifndef ON_CREATE
#define ON_CREATE
#endif
#ifndef ON_ACTIVATE
#define ON_ACTIVATE
#endif
#ifndef ON_DEACTIVATE
#define ON_DEACTIVATE
#endif
#ifndef ON_DESTROY
#define ON_DESTROY
#endif
#ifndef ON_PROCESS
#define ON_PROCESS
#endif
#ifndef ON_RECORD
#define ON_RECORD
#endif
#ifndef ON_INTENT
#define ON_INTENT
#endif
#ifndef ON_PUSHED
#define ON_PUSHED
#endif
#ifndef ON_INFO
#define ON_INFO
#endif
#ifndef ON_SET
#define ON_SET
#endif
#ifndef ON_INTERESTS
#define ON_INTERESTS
#endif
#ifndef ON_SAVE
#define ON_SAVE
#endif
#ifndef ON_LOADED
#define ON_LOADED
#endif
#ifndef ON_VERSION
#define ON_VERSION if (version != 1) return refuse(error, KEEL_E_VERSION, "another version");
#endif
#ifndef ON_QUIESCE
#define ON_QUIESCE s->is_quiet = 1;
#endif
#ifndef ON_SUBSCRIBE
#define ON_SUBSCRIBE if (!s->host->instrument(s->host, inst)) return KEEL_E_UNSUPPORTED;
#endif
#ifndef ON_UNSUBSCRIBE
#define ON_UNSUBSCRIBE s->wanted &= ~((uint64_t)1 << (inst & 63));
#endif
#ifndef ON_QUOTE_MADE
#define ON_QUOTE_MADE
#endif
#ifndef ON_FULL
#define ON_FULL *next = s->next; return KEEL_OK;
#endif
#ifndef ON_COMMAND
#define ON_COMMAND
#endif
#ifndef WHEN_UNKNOWN
#define WHEN_UNKNOWN if (strcmp(id, descriptor.id)) return KEEL_E_ARG;
#endif
#ifndef WHEN_HOST
#define WHEN_HOST if (host->struct_size < sizeof *host) return KEEL_E_VERSION;
#endif
#ifndef ALIKE
#define ALIKE(h) (const keel_event *)((const uint8_t *)(h) + (h)->size)
#endif
#ifndef KIND
#define KIND KEEL_STRATEGY
#endif
#ifndef PARAMETER
#define PARAMETER .min = 2, .max = 100, .initial = 10, .about = "How many quotes."
#endif
BEFORE

static keel_status refuse(keel_error *error, keel_status code, const char *text)
{
    if (error) strncpy(error->text, text, sizeof error->text - 1);
    return code;
}

static void on_quote(struct subject *s, const keel_ev_quote *q, const keel_batch *in,
                     const keel_sink *sink)
{
    (void)in;
    if (q->bid <= 0 || q->bid > (int64_t)1 << 40 || q->h.inst > 2) return;
    s->state.average += (q->bid - s->state.average) / s->length;
    if (++s->state.quotes % 16 || s->is_quiet) return;
    int is_up = q->bid > s->state.average;
    keel_intent i = {.h = {.size = sizeof i, .type = KEEL_IN_TARGET, .inst = q->h.inst},
                     .intent_id = s->state.intents + 1, .qty = is_up ? 1000 : 0, .side = KEEL_BUY,
                     .limit = KEEL_NULL, .trigger = KEEL_NULL, .expires = KEEL_NULL};
    ON_INTENT
    keel_status pushed = sink->push(sink, &i, sizeof i);
    if (pushed == KEEL_OK) s->state.intents++;
    ON_PUSHED
}

static keel_status process(keel_plugin *p, const keel_batch *in, const keel_sink *sink)
{
    struct subject *s = p->self;
    const keel_event *h = in->events;
    keel_status status = KEEL_OK;
    ON_PROCESS
    for (uint32_t n = 0; n < in->count; n++, h = ALIKE(h)) {
        ON_RECORD
        if (h->type == KEEL_EV_QUOTE) on_quote(s, (const keel_ev_quote *)h, in, sink);
    }
    return status;
}

static keel_status activate(keel_plugin *p, keel_error *error)
{
    struct subject *s = p->self;
    (void)error;
    s->lives++;
    ON_ACTIVATE
    return KEEL_OK;
}
static keel_status deactivate(keel_plugin *p)
{
    struct subject *s = p->self;
    (void)s;
    ON_DEACTIVATE
    return KEEL_OK;
}
static void destroy(keel_plugin *p)
{
    struct subject *s = p->self;
    ON_DESTROY
    free(s);
}

static uint32_t params_count(keel_plugin *p) { return p ? 1 : 0; }
static keel_status params_info(keel_plugin *p, uint32_t index, keel_param_info *out)
{
    static const keel_param_info info = {
        .struct_size = sizeof info, .id = 1, .kind = KEEL_PARAM_INTEGER, .name = "length", PARAMETER};
    (void)p;
    if (index) return KEEL_E_ARG;
    *out = info;
    ON_INFO
    return KEEL_OK;
}
static keel_status params_set(keel_plugin *p, uint32_t id, double value, keel_str text,
                              keel_error *error)
{
    struct subject *s = p->self;
    (void)text;
    ON_SET
    if (id != 1 || !(value >= 2 && value <= 100)) return refuse(error, KEEL_E_ARG, "out of range");
    s->length = (int64_t)value;
    return KEEL_OK;
}
static keel_status interests_get(keel_plugin *p, keel_interests_info *out)
{
    (void)p;
    out->types = KEEL_MASK(KEEL_EV_QUOTE) | KEEL_MASK(KEEL_EV_TRADE);
    out->bar_interval = 0;
    ON_INTERESTS
    return KEEL_OK;
}

#ifndef MOVE_ALL
static int64_t move_all(const keel_stream *stream, void *buffer, size_t n)
{
    for (uint8_t *at = buffer; n;) {
        int64_t moved = stream->io(stream, at, n);
        if (moved <= 0) return moved;
        at += moved, n -= (size_t)moved;
    }
    return 1;
}
#define MOVE_ALL move_all
#endif
static keel_status save(keel_plugin *p, const keel_stream *out, uint64_t seq)
{
    struct subject *s = p->self;
    (void)seq;
    s->state.length = s->length;
    ON_SAVE
    return MOVE_ALL(out, &s->state, sizeof s->state) == 1 ? KEEL_OK : KEEL_E_IO;
}
static keel_status load(keel_plugin *p, const keel_stream *in, uint32_t version, keel_error *error)
{
    struct subject *s = p->self;
    uint8_t one;
    ON_VERSION
    int64_t moved = MOVE_ALL(in, &s->state, sizeof s->state);
    if (moved != 1 || in->io(in, &one, 1) != 0 || s->state.intents >> 62 || s->state.average >> 41)
        return refuse(error, KEEL_E_ARG, "no state of this plugin");
    ON_LOADED
    return KEEL_OK;
}
static keel_status quiesce(keel_plugin *p, keel_ns deadline)
{
    struct subject *s = p->self;
    (void)deadline, (void)s;
    ON_QUIESCE
    return KEEL_OK;
}
static keel_status resume(keel_plugin *p)
{
    ((struct subject *)p->self)->is_quiet = 0;
    return KEEL_OK;
}

static keel_status attach(keel_plugin *p, const keel_feed *feed)
{
    ((struct subject *)p->self)->feed = feed;
    return KEEL_OK;
}
static keel_status subscribe(keel_plugin *p, keel_inst inst, uint64_t types, keel_ns interval)
{
    struct subject *s = p->self;
    (void)types, (void)interval;
    ON_SUBSCRIBE
    s->wanted |= (uint64_t)1 << (inst & 63);
    return KEEL_OK;
}
static keel_status unsubscribe(keel_plugin *p, keel_inst inst, uint64_t types, keel_ns interval)
{
    struct subject *s = p->self;
    (void)types, (void)interval, (void)inst;
    ON_UNSUBSCRIBE
    return KEEL_OK;
}
static keel_status poll(keel_plugin *p, keel_ns until, keel_ns *next)
{
    struct subject *s = p->self;
    if (!s->next) s->next = until;
    for (; s->next <= until; s->next += 100000000) {
        keel_ev_quote q = {.h = {.size = sizeof q, .type = KEEL_EV_QUOTE, .flags = KEEL_EVF_LAST,
                                 .ts_venue = s->next, .ts_recv = s->next},
                           .bid = 4000000 + (int64_t)(s->made % 50), .ask = 4000100,
                           .bid_qty = 1000, .ask_qty = 1000};
        ON_QUOTE_MADE
        if (s->wanted & 1 && s->feed->publish(s->feed, &q, sizeof q) != KEEL_OK) { ON_FULL }
        s->made++;
    }
    *next = s->next;
    return KEEL_OK;
}
static keel_status command(keel_plugin *p, const keel_order *order)
{
    struct subject *s = p->self;
    ON_COMMAND
    keel_ev_order o = {.h = {.size = sizeof o, .type = KEEL_EV_ORDER, .inst = order->h.inst},
                       .order_id = order->order_id, .state = KEEL_ORDER_ACCEPTED};
    return s->feed->publish(s->feed, &o, sizeof o);
}
static keel_status reconcile(keel_plugin *p, keel_ns since)
{
    (void)p, (void)since;
    return KEEL_OK;
}

static const char *const kinds[] = {KIND, NULL};
static const keel_descriptor descriptor = {
    .struct_size = sizeof descriptor, .flags = KEEL_PF_DETERMINISTIC, .id = "test.checked",
    .name = "Checked", .vendor = "keel", .version = "1.0.0", .kinds = kinds,
    .state_schema = "test.checked", .state_version = 1, .state_oldest = 1};
static const void *extension(keel_plugin *p, const char *id)
{
    static const keel_strategy strategy = {.struct_size = sizeof strategy, .process = process};
    static const keel_data data = {.struct_size = sizeof data, .attach = attach,
                                   .subscribe = subscribe, .unsubscribe = unsubscribe, .poll = poll};
    static const keel_exchange exchange = {
        .struct_size = sizeof exchange, .attach = attach, .submit = command, .amend = command,
        .cancel = command, .query = command, .reconcile = reconcile};
    static const keel_params params = {.struct_size = sizeof params, .count = params_count,
                                       .info = params_info, .set = params_set};
    static const keel_state state = {.struct_size = sizeof state, .save = save, .load = load};
    static const keel_interests interests = {.struct_size = sizeof interests, .get = interests_get};
    static const keel_swap swap = {.struct_size = sizeof swap, .quiesce = quiesce, .resume = resume};
    (void)p;
    if (!strcmp(id, KIND) && !strcmp(id, KEEL_STRATEGY)) return &strategy;
    if (!strcmp(id, KIND) && !strcmp(id, KEEL_DATA)) return &data;
    if (!strcmp(id, KIND) && !strcmp(id, KEEL_EXCHANGE)) return &exchange;
    if (!strcmp(id, KEEL_PARAMS)) return &params;
    if (!strcmp(id, KEEL_STATE)) return &state;
    if (!strcmp(id, KEEL_INTERESTS)) return &interests;
    return strcmp(id, KEEL_SWAP) ? NULL : &swap;
}
static keel_status create(
    const keel_host *host, const char *id, keel_str config, keel_plugin **out, keel_error *error)
{
    (void)config, (void)error, (void)id;
    WHEN_UNKNOWN
    WHEN_HOST
    struct subject *s = calloc(1, sizeof *s);
    s->host = host;
    s->length = 10;
    s->plugin = (keel_plugin){.struct_size = sizeof s->plugin, .desc = &descriptor, .self = s,
                              .activate = activate, .deactivate = deactivate, .destroy = destroy,
                              .extension = extension};
    ON_CREATE
    *out = &s->plugin;
    return KEEL_OK;
}
static keel_status init(const char *path)
{
    (void)path;
    return KEEL_OK;
}
static void deinit(void) {}
static uint32_t count(void) { return 1; }
static const keel_descriptor *describe(uint32_t index) { return index ? NULL : &descriptor; }
#ifndef ENTRY_DRAFT
#define ENTRY_DRAFT KEEL_ABI_DRAFT
#endif
KEEL_EXPORT const keel_entry *keel_entry_v0(void)
{
    static const keel_entry entry = {
        .struct_size = sizeof entry, .abi_major = KEEL_ABI_MAJOR, .abi_minor = ENTRY_DRAFT,
        .init = init, .deinit = deinit, .count = count, .describe = describe, .create = create};
    return &entry;
}
