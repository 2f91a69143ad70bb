// The plugin that stands for a worker: each function one request.
#define _GNU_SOURCE
#include "worker.h"

#include <string.h>

static worker *of(keel_plugin *p) { return (worker *)p; }

typedef struct reply {
    keel_status status;
    uint32_t count;
    const uint8_t *bytes;
    size_t size;
} reply;

static reply ask(worker *w, worker_message request, const void *payload, size_t bytes)
{
    reply r = {0};
    const void *answer = NULL;
    w->now = w->host->now(w->host);
    r.status = worker_ask(w, request, payload, bytes, &answer, &r.size, &r.count);
    r.bytes = answer;
    return r;
}

static keel_status say(reply r, keel_error *error)
{
    if (r.status >= KEEL_OK || !error) return r.status;
    size_t room = sizeof error->text - 1, length = r.size < room ? r.size : room;
    error->code = r.status;
    memcpy(error->text, r.bytes, length);
    error->text[length] = 0;
    return r.status;
}

/* An answer of a fixed size, or none. */
static keel_status take(worker *w, reply r, void *out, size_t size)
{
    if (r.status < KEEL_OK) return r.status;
    if (r.size == size) {
        memcpy(out, r.bytes, size);
        return r.status;
    }
    worker_fail(w, "it answered %zu bytes where %zu were due", r.size, size);
    return KEEL_E_FAULT;
}

static keel_status activate(keel_plugin *p, keel_error *error)
{
    return say(ask(of(p), (worker_message){.kind = WORKER_ACTIVATE}, NULL, 0), error);
}

static keel_status deactivate(keel_plugin *p)
{
    return ask(of(p), (worker_message){.kind = WORKER_DEACTIVATE}, NULL, 0).status;
}

/* The process ends with the plugin. */
static void destroy(keel_plugin *p)
{
    ask(of(p), (worker_message){.kind = WORKER_DESTROY}, NULL, 0);
    worker_kill(of(p));
}

static uint32_t params_count(keel_plugin *p)
{
    return ask(of(p), (worker_message){.kind = WORKER_PARAMS_COUNT}, NULL, 0).count;
}

static keel_status params_info(keel_plugin *p, uint32_t index, keel_param_info *out)
{
    worker_message request = {.kind = WORKER_PARAMS_INFO, .count = index};
    keel_status status = take(of(p), ask(of(p), request, NULL, 0), out, sizeof *out);
    out->struct_size = sizeof *out;
    return status;
}

static keel_status params_set(
    keel_plugin *p, uint32_t id, double value, keel_str text, keel_error *error)
{
    uint8_t payload[sizeof(worker_parameter) + 4096];
    worker_parameter parameter = {.id = id, .length = (uint32_t)text.len, .value = value};
    if (text.len > sizeof payload - sizeof parameter) return KEEL_E_ARG;
    memcpy(payload, &parameter, sizeof parameter);
    if (text.len) memcpy(payload + sizeof parameter, text.ptr, text.len);
    worker_message request = {.kind = WORKER_PARAMS_SET};
    return say(ask(of(p), request, payload, sizeof parameter + text.len), error);
}

static keel_status interests_get(keel_plugin *p, keel_interests_info *out)
{
    worker_message request = {.kind = WORKER_INTERESTS};
    keel_status status = take(of(p), ask(of(p), request, NULL, 0), out, sizeof *out);
    out->struct_size = sizeof *out;
    return status;
}

static keel_status quiesce(keel_plugin *p, keel_ns deadline)
{
    worker_message request = {.kind = WORKER_QUIESCE};
    return ask(of(p), request, &deadline, sizeof deadline).status;
}

static keel_status resume(keel_plugin *p)
{
    return ask(of(p), (worker_message){.kind = WORKER_RESUME}, NULL, 0).status;
}

/* ---- state ------------------------------------------------------------------------------- */
/* Its bytes arrive in pieces, each handed on as it comes; a stream that takes no more says so. */
static keel_status save(keel_plugin *p, const keel_stream *out, uint64_t seq)
{
    worker *w = of(p);
    w->saving = out;
    keel_status status =
        ask(w, (worker_message){.kind = WORKER_SAVE}, &seq, sizeof seq).status;
    bool is_whole = w->saving != NULL;
    w->saving = NULL;
    return status == KEEL_OK && !is_whole ? KEEL_E_FULL : status;
}

static keel_status load(
    keel_plugin *p, const keel_stream *in, uint32_t from_version, keel_error *error)
{
    worker *w = of(p);
    for (;;) {
        /* Sent before the answer is copied there. */
        int64_t n = in->io(in, w->copy, WORKER_CHUNK_BYTES);
        if (n < 0) return (keel_status)n;
        if (n == 0) break;
        reply r = ask(w, (worker_message){.kind = WORKER_STATE}, w->copy, (size_t)n);
        if (r.status != KEEL_OK) return say(r, error);
    }
    worker_message request = {.kind = WORKER_LOAD_STATE, .count = from_version};
    return say(ask(w, request, NULL, 0), error);
}

/* ---- what it offers ---------------------------------------------------------------------- */
static const void *extension(keel_plugin *p, const char *id)
{
    static const keel_params params = {
        .struct_size = sizeof params, .count = params_count, .info = params_info,
        .set = params_set};
    static const keel_state state = {.struct_size = sizeof state, .save = save, .load = load};
    static const keel_interests interests = {
        .struct_size = sizeof interests, .get = interests_get};
    static const keel_swap swap = {
        .struct_size = sizeof swap, .quiesce = quiesce, .resume = resume};
    const worker *w = of(p);
    if (w->creation.kind == 1 && !strcmp(id, KEEL_STRATEGY)) return &w->strategy;
    if (w->creation.kind == 2 && !strcmp(id, KEEL_ALPHA)) return &w->alpha;
    if (w->offers & WORKER_HAS_PARAMS && !strcmp(id, KEEL_PARAMS)) return &params;
    if (w->offers & WORKER_HAS_STATE && !strcmp(id, KEEL_STATE)) return &state;
    if (w->offers & WORKER_HAS_INTERESTS && !strcmp(id, KEEL_INTERESTS)) return &interests;
    if (w->offers & WORKER_HAS_SWAP && !strcmp(id, KEEL_SWAP)) return &swap;
    return NULL;
}

/* ---- creation ---------------------------------------------------------------------------- */
static keel_plugin *stand_in(worker *w, uint32_t offers)
{
    w->offers = offers;
    w->strategy = (keel_strategy){.struct_size = sizeof w->strategy, .process = worker_process};
    w->alpha = (keel_alpha){.struct_size = sizeof w->alpha, .process = worker_process};
    w->plugin = (keel_plugin){
        .struct_size = sizeof w->plugin, .desc = w->descriptor, .self = w, .activate = activate,
        .deactivate = deactivate, .destroy = destroy, .extension = extension};
    return &w->plugin;
}

void worker_describe(worker *w, const keel_descriptor *descriptor, worker_creation creation)
{
    w->descriptor = descriptor;
    w->creation = creation;
}

static keel_status create(
    const keel_host *host, const char *id, keel_str config, keel_plugin **out, keel_error *error)
{
    worker *w = plugin_boundary_worker(host->ctx);
    worker_creation creation = w->creation;
    creation.id_length = (uint32_t)strlen(id);
    creation.config_length = (uint32_t)config.len;
    size_t bytes = sizeof creation + creation.id_length + config.len;
    if (config.len > WORKER_CHUNK_BYTES || bytes > WORKER_RING_BYTES / 2) return KEEL_E_ARG;
    uint8_t *payload = w->copy;
    memcpy(payload, &creation, sizeof creation);
    memcpy(payload + sizeof creation, id, creation.id_length);
    if (config.len)
        memcpy(payload + sizeof creation + creation.id_length, config.ptr, config.len);
    reply r = ask(w, (worker_message){.kind = WORKER_CREATE}, payload, bytes);
    if (r.status == KEEL_OK) *out = stand_in(w, r.count);
    return say(r, error);
}

static keel_status init(const char *path)
{
    (void)path;
    return KEEL_OK;
}
static void deinit(void) {}
static uint32_t count(void) { return 0; }
static const keel_descriptor *describe(uint32_t index)
{
    (void)index;
    return NULL;
}

const keel_entry *worker_entry(void)
{
    static const keel_entry entry = {
        .struct_size = sizeof entry, .abi_major = KEEL_ABI_MAJOR, .abi_minor = KEEL_ABI_DRAFT,
        .init = init, .deinit = deinit, .count = count, .describe = describe, .create = create};
    return &entry;
}
