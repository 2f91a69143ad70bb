/* The least a strategy can do with a quote: what a call costs is the rest. The Swift twin is
 * Tests/Fixtures/CountingStrategy. */
#include <keel/keel.h>
#include <string.h>

static const char *const kinds[] = {KEEL_STRATEGY, NULL};
static const keel_descriptor descriptor = {
    sizeof descriptor, KEEL_PF_DETERMINISTIC, "dev.keel.counting-c", "counting", "keel", "1.0.0",
    kinds, "", 0, 0};

static int64_t total;

static keel_status process(keel_plugin *p, const keel_batch *in, const keel_sink *intents) {
    (void)p, (void)intents;
    const char *record = in->events, *end = record + in->bytes;
    while (record < end) {
        const keel_event *event = (const keel_event *)record;
        if (event->type == KEEL_EV_QUOTE) total += ((const keel_ev_quote *)record)->bid;
        record += event->size;
    }
    return KEEL_OK;
}

static keel_status activate(keel_plugin *p, keel_error *err) { return (void)p, (void)err, KEEL_OK; }
static keel_status deactivate(keel_plugin *p) { return (void)p, KEEL_OK; }
static void destroy(keel_plugin *p) { (void)p; }
static const keel_strategy strategy = {sizeof strategy, 0, process};
static const void *extension(keel_plugin *p, const char *id) {
    (void)p;
    return strcmp(id, KEEL_STRATEGY) == 0 ? &strategy : NULL;
}
static keel_plugin plugin = {sizeof plugin, 0, &descriptor, NULL, activate, deactivate, destroy,
                             extension};

static keel_status init(const char *path) { return (void)path, KEEL_OK; }
static void deinit(void) {}
static uint32_t count(void) { return 1; }
static const keel_descriptor *describe(uint32_t index) { return index == 0 ? &descriptor : NULL; }
static keel_status create(const keel_host *host, const char *id, keel_str config, keel_plugin **out,
                          keel_error *err) {
    (void)host, (void)id, (void)config, (void)err;
    *out = &plugin;
    return KEEL_OK;
}
static const keel_entry entry = {sizeof entry, KEEL_ABI_MAJOR, KEEL_ABI_DRAFT, init, deinit, count,
                                 describe, create};

KEEL_EXPORT const keel_entry *keel_entry_v0(void) { return &entry; }
