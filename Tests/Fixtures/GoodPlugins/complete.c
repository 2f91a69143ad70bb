/* A strategy that uses all of the host: every kind of parameter, state, interests, swap, log,
 * timer, wake. For each quote it asks for a target position of `size`. */
#include <keel/keel.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef PLUGIN_VERSION
#define PLUGIN_VERSION "1.2.0"
#endif
#ifndef PLUGIN_ID
#define PLUGIN_ID "test.complete"
#endif

struct complete {
    keel_plugin plugin;
    const keel_host *host;
    uint64_t quotes, intents;
    int64_t size;
    double weight;
    int is_loud, speed;
    char label[16];
};

static keel_status process(keel_plugin *p, const keel_batch *in, const keel_sink *sink)
{
    struct complete *c = p->self;
    const uint8_t *at = in->events;
    for (uint32_t i = 0; i < in->count; i++) {
        const keel_event *h = (const keel_event *)at;
        at += h->size;
        if (h->type != KEEL_EV_QUOTE) continue;
        c->quotes++;
        keel_intent target = {.h = {.size = sizeof target, .type = KEEL_IN_TARGET, .inst = h->inst},
                              .intent_id = ++c->intents, .qty = c->size, .side = KEEL_BUY};
        keel_status status = sink->push(sink, &target, sizeof target);
        if (status) return status;
    }
    if (c->host->now(c->host) != in->now) return KEEL_E_STATE;
    if (c->is_loud && in->count) {
        char text[64];
        int n = snprintf(text, sizeof text, "%s saw %llu", c->label, (unsigned long long)c->quotes);
        c->host->log(c->host, KEEL_LOG_INFO, (keel_str){text, (size_t)n});
    }
    return KEEL_OK;
}

enum { SIZE = 10, WEIGHT, LOUD, SPEED, LABEL };
static const keel_param_info parameters[] = {
    {.id = SIZE, .kind = KEEL_PARAM_INTEGER, .flags = KEEL_PARAMF_REQUIRED, .min = 1, .max = 100,
     .name = "size", .unit = "lots", .about = "The position it asks for."},
    {.id = WEIGHT, .kind = KEEL_PARAM_DECIMAL, .flags = KEEL_PARAMF_LIVE, .min = 0, .max = 1,
     .initial = 0.5, .name = "weight"},
    {.id = LOUD, .kind = KEEL_PARAM_BOOLEAN, .name = "loud"},
    {.id = SPEED, .kind = KEEL_PARAM_ENUM, .initial = 1, .name = "speed", .choices = "fast|slow"},
    {.id = LABEL, .kind = KEEL_PARAM_TEXT, .max = 15, .name = "label", .text = "unnamed"}};
static uint32_t params_count(keel_plugin *p) { (void)p; return 5; }
static keel_status params_info(keel_plugin *p, uint32_t index, keel_param_info *out)
{
    (void)p;
    *out = parameters[index];
    return KEEL_OK;
}
static keel_status params_set(
    keel_plugin *p, uint32_t id, double value, keel_str text, keel_error *error)
{
    struct complete *c = p->self;
    (void)error;
    if (id == SIZE) c->size = (int64_t)value;
    if (id == WEIGHT) c->weight = value;
    if (id == LOUD) c->is_loud = value != 0;
    if (id == SPEED) c->speed = (int)value;
    if (id == LABEL) {
        memcpy(c->label, text.ptr, text.len);
        c->label[text.len] = 0;
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
    struct complete *c = p->self;
    uint64_t fields[] = {seq, c->quotes, c->intents};
    return move_all(out, fields, sizeof fields);
}
static keel_status load(keel_plugin *p, const keel_stream *in, uint32_t version, keel_error *error)
{
    struct complete *c = p->self;
    uint64_t fields[3];
    (void)version;
    keel_status status = move_all(in, fields, sizeof fields);
    if (status) strcpy(error->text, "the state is too short");
    else c->quotes = fields[1], c->intents = fields[2];
    return status;
}

static keel_status interests_get(keel_plugin *p, keel_interests_info *out)
{
    (void)p;
    out->types = KEEL_MASK(KEEL_EV_QUOTE) | KEEL_MASK(KEEL_EV_BAR);
    out->bar_interval = 60000000000;
    out->warmup_records = 20;
    if (KEEL_COVERS(out, warmup_time)) out->warmup_time = 5;
    return KEEL_OK;
}
static keel_status quiesce(keel_plugin *p, keel_ns deadline)
{
    struct complete *c = p->self;
    if (!KEEL_HAS(c->host, timer)) return KEEL_E_UNSUPPORTED;
    return c->host->timer(c->host, 77, deadline);
}
static keel_status resume(keel_plugin *p)
{
    struct complete *c = p->self;
    return c->host->timer(c->host, 77, KEEL_NULL);
}

static const char *const kinds[] = {KEEL_STRATEGY, NULL};
static const keel_descriptor descriptor = {
    .struct_size = sizeof descriptor, .flags = KEEL_PF_DETERMINISTIC, .id = PLUGIN_ID,
    .name = "Complete", .vendor = "keel", .version = PLUGIN_VERSION, .kinds = kinds,
    .state_schema = "test.complete", .state_version = 3, .state_oldest = 2};
static keel_status activate(keel_plugin *p, keel_error *error)
{
    struct complete *c = p->self;
    if (c->size == 0) {
        strcpy(error->text, "size was never set");
        return KEEL_E_STATE;
    }
    return c->host->wake(c->host);
}
static keel_status deactivate(keel_plugin *p) { (void)p; return KEEL_OK; }
static void destroy(keel_plugin *p) { free(p->self); }
static const void *extension(keel_plugin *p, const char *id)
{
    static const keel_strategy strategy = {.struct_size = sizeof strategy, .process = process};
    static const keel_params params = {.struct_size = sizeof params, .count = params_count,
                                       .info = params_info, .set = params_set};
    static const keel_state state = {.struct_size = sizeof state, .save = save, .load = load};
    static const keel_interests interests = {.struct_size = sizeof interests,
                                             .get = interests_get};
    static const keel_swap swap = {.struct_size = sizeof swap, .quiesce = quiesce,
                                   .resume = resume};
    (void)p;
    if (!strcmp(id, KEEL_STRATEGY)) return &strategy;
    if (!strcmp(id, KEEL_PARAMS)) return &params;
    if (!strcmp(id, KEEL_STATE)) return &state;
    if (!strcmp(id, KEEL_INTERESTS)) return &interests;
    if (!strcmp(id, KEEL_SWAP)) return &swap;
    return NULL;
}
static keel_status create(
    const keel_host *host, const char *id, keel_str config, keel_plugin **out, keel_error *error)
{
    (void)id, (void)config, (void)error;
    struct complete *c = calloc(1, sizeof *c);
    c->host = host;
    c->plugin = (keel_plugin){.struct_size = sizeof c->plugin, .desc = &descriptor, .self = c,
                              .activate = activate, .deactivate = deactivate, .destroy = destroy,
                              .extension = extension};
    *out = &c->plugin;
    return KEEL_OK;
}
static keel_status init(const char *path) { (void)path; return KEEL_OK; }
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
