/* A host for an author's unit tests, in C: loads a library as built, feeds it events, keeps what it
 * answers. Include it in one source file; a failed expectation is printed and counted. */
#ifndef KEEL_TESTING_H
#define KEEL_TESTING_H

#include <PluginConformance.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#define KEEL_TEST static inline __attribute__((unused))
enum { TEST_ANSWERS_MAX = 1024, TEST_INSTRUMENTS = 2 };

typedef struct test_host {
    keel_host host;
    keel_feed feed;
    keel_plugin *plugin;
    keel_ev_instrument instruments[TEST_INSTRUMENTS];
    keel_error error;
    keel_ns now;
    uint64_t seq, batches;
    uint32_t mode;
    keel_intent intents[TEST_ANSWERS_MAX];
    keel_signal signals[TEST_ANSWERS_MAX];
    keel_ev_quote published[TEST_ANSWERS_MAX]; /* quotes; other records are counted alone         */
    uint32_t intents_count, signals_count, published_count, records_count, reports_count;
} test_host;

static int test_failures;
#define EXPECT(condition)                                                                  \
    do {                                                                                   \
        if (!(condition)) {                                                                \
            test_failures++;                                                               \
            fprintf(stderr, "%s:%d: expected %s\n", __FILE__, __LINE__, #condition);       \
        }                                                                                  \
    } while (0)

KEEL_TEST const void *test_no_extension(const keel_host *h, const char *id)
{
    (void)h, (void)id;
    return NULL;
}
KEEL_TEST void test_log(const keel_host *h, int32_t level, keel_str text)
{
    (void)h, (void)level;
    fprintf(stderr, "log: %.*s\n", (int)text.len, text.ptr);
}
KEEL_TEST keel_ns test_now(const keel_host *h) { return ((test_host *)h->ctx)->now; }
KEEL_TEST const keel_ev_instrument *test_instrument(const keel_host *h, keel_inst id)
{
    return id < TEST_INSTRUMENTS ? &((test_host *)h->ctx)->instruments[id] : NULL;
}
KEEL_TEST keel_status test_wake(const keel_host *h)
{
    (void)h;
    return KEEL_OK;
}
KEEL_TEST keel_status test_timer(const keel_host *h, uint64_t id, keel_ns due)
{
    (void)h, (void)id, (void)due;
    return KEEL_OK;
}
KEEL_TEST keel_status test_publish(const keel_feed *feed, const void *records, size_t bytes)
{
    test_host *t = (test_host *)feed->ctx;
    for (size_t done = 0; done < bytes;) {
        const keel_event *h = (const keel_event *)(const void *)((const char *)records + done);
        if (h->type == KEEL_EV_QUOTE && t->published_count < TEST_ANSWERS_MAX)
            memcpy(&t->published[t->published_count++], h, sizeof(keel_ev_quote));
        t->records_count++;
        t->reports_count += h->type == KEEL_EV_ORDER;
        done += h->size;
    }
    return KEEL_OK;
}
KEEL_TEST keel_status test_push(const keel_sink *sink, const void *record, size_t size)
{
    test_host *t = (test_host *)sink->ctx;
    const keel_event *h = (const keel_event *)record;
    if (h->size != size) return KEEL_E_ARG;
    if (h->type == KEEL_EV_SIGNAL && t->signals_count < TEST_ANSWERS_MAX)
        memcpy(&t->signals[t->signals_count++], record, sizeof(keel_signal));
    else if (size == sizeof(keel_intent) && t->intents_count < TEST_ANSWERS_MAX)
        memcpy(&t->intents[t->intents_count++], record, sizeof(keel_intent));
    return KEEL_OK;
}

KEEL_TEST void test_connect(test_host *t)
{
    t->host.struct_size = sizeof t->host;
    t->host.abi_minor = KEEL_ABI_DRAFT;
    t->host.ctx = t->feed.ctx = t;
    t->host.extension = test_no_extension;
    t->host.log = test_log;
    t->host.now = test_now;
    t->host.instrument = test_instrument;
    t->host.wake = test_wake;
    t->host.timer = test_timer;
    t->feed.struct_size = sizeof t->feed;
    t->feed.publish = test_publish;
    t->error.struct_size = sizeof t->error;
    t->mode = KEEL_LIVE;
    t->now = 1700000000000000000;
    for (keel_inst i = 0; i < TEST_INSTRUMENTS; i++) {
        keel_ev_instrument *n = &t->instruments[i];
        n->h.size = sizeof *n, n->h.type = KEEL_EV_INSTRUMENT, n->h.inst = i;
        n->kind = KEEL_KIND_SPOT, n->px_exp = -2, n->qty_exp = -5;
        n->tick = n->lot = n->min_qty = n->multiplier = 1;
        n->expiry = n->strike = KEEL_NULL;
        strcpy(n->symbol, i ? "ETHUSDT" : "BTCUSDT");
    }
}

/* One instance of the library's first plugin with its defaults, active; ends the test without. */
KEEL_TEST test_host *test_open(const char *library)
{
    test_host *t = (test_host *)calloc(1, sizeof *t);
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    keel_entry_fn function = NULL;
    if (handle) *(void **)&function = dlsym(handle, KEEL_ENTRY_SYMBOL);
    if (!function) {
        fprintf(stderr, "%s: %s\n", library, dlerror());
        exit(2);
    }
    test_connect(t);
    const keel_entry *entry = function();
    keel_str none = {NULL, 0};
    const keel_descriptor *first = entry->describe(0);
    keel_status status = entry->init(library);
    if (status == KEEL_OK) status = entry->create(&t->host, first->id, none, &t->plugin, &t->error);
    const keel_params *params =
        status ? NULL : (const keel_params *)t->plugin->extension(t->plugin, KEEL_PARAMS);
    for (uint32_t i = 0; params && status == KEEL_OK && i < params->count(t->plugin); i++) {
        keel_param_info info;
        memset(&info, 0, sizeof info);
        info.struct_size = sizeof info;
        params->info(t->plugin, i, &info);
        keel_str text = {info.text, strlen(info.text)};
        status = params->set(t->plugin, info.id, info.initial, text, &t->error);
    }
    if (status == KEEL_OK) status = t->plugin->activate(t->plugin, &t->error);
    if (status == KEEL_OK) return t;
    fprintf(stderr, "%s: status %d %s\n", library, status, t->error.text);
    exit(2);
}

/* Sends one record in a batch of its own; its size and type must be set. */
KEEL_TEST keel_status test_send(test_host *t, keel_event *record)
{
    record->seq = ++t->seq;
    record->ts_recv = record->ts_venue = t->now += 1000000;
    keel_batch batch;
    memset(&batch, 0, sizeof batch);
    batch.struct_size = sizeof batch, batch.mode = t->mode, batch.generation = 1;
    batch.count = batch.slot = 1, batch.slot_count = ++t->batches;
    batch.first_seq = batch.last_seq = t->seq, batch.now = t->now;
    batch.events = record, batch.bytes = record->size;
    keel_sink sink = {sizeof sink, 0, t, test_push};
    const keel_strategy *s = (const keel_strategy *)t->plugin->extension(t->plugin, KEEL_STRATEGY);
    const keel_alpha *a = (const keel_alpha *)t->plugin->extension(t->plugin, KEEL_ALPHA);
    if (!s && !a) return KEEL_E_UNSUPPORTED;
    return s ? s->process(t->plugin, &batch, &sink) : a->process(t->plugin, &batch, &sink);
}

KEEL_TEST keel_status test_quote(test_host *t, keel_inst inst, keel_px bid, keel_px ask)
{
    keel_ev_quote q;
    memset(&q, 0, sizeof q);
    q.h.size = sizeof q, q.h.type = KEEL_EV_QUOTE, q.h.inst = inst;
    q.bid = bid, q.ask = ask, q.bid_qty = q.ask_qty = 100000;
    return test_send(t, &q.h);
}

KEEL_TEST void test_close(test_host *t)
{
    t->plugin->deactivate(t->plugin);
    t->plugin->destroy(t->plugin);
    free(t);
}

/* Every promise of the headers, each in a child process; the exit status of main(). */
KEEL_TEST int test_end(const char *library)
{
    conformance_options options;
    memset(&options, 0, sizeof options);
    options.path = library, options.progress = -1, options.seed = 1, options.config = "";
    test_failures += (int)conformance_check(&options, stderr);
    printf("%s: %d failures\n", library, test_failures);
    return test_failures ? 1 : 0;
}

#endif
