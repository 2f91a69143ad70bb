/* A strategy with state that does something bad in one of its calls.
 *
 *   WHERE   the call: "create", "activate", "process", "save", "load", "deactivate", "destroy"
 *   WHAT    CRASH, LOOP, SLEEP, EXIT, ABORT, HOG */
#define _GNU_SOURCE
#include <keel/keel.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CRASH = 1, LOOP, SLEEP, EXIT, ABORT, HOG };

static volatile int *volatile nowhere = (volatile int *)8;
static volatile unsigned turns;

/* More than any worker may have; what does not get it ends as such programs do. */
static void hog(void)
{
    for (;;) {
        char *block = malloc(16 << 20);
        if (!block) *nowhere = 1;
        memset(block, 1, 16 << 20);
    }
}

static void misbehave(void)
{
    if (WHAT == CRASH) *nowhere = 1;
    if (WHAT == LOOP) for (;;) turns++;
    if (WHAT == SLEEP) for (;;) sleep(1000);
    if (WHAT == EXIT) exit(0);
    if (WHAT == ABORT) abort();
    if (WHAT == HOG) hog();
}

static void here(const char *call)
{
    if (!strcmp(call, WHERE)) misbehave();
}

static const char *const kinds[] = {KEEL_STRATEGY, NULL};
static const keel_descriptor descriptor = {
    .struct_size = sizeof descriptor, .id = "test.misbehaves", .name = "Misbehaves",
    .vendor = "keel", .version = "1.0.0", .kinds = kinds, .state_schema = "test.misbehaves",
    .state_version = 1, .state_oldest = 1};
static keel_plugin plugin;

static keel_status process(keel_plugin *p, const keel_batch *in, const keel_sink *sink)
{
    (void)p, (void)in, (void)sink;
    here("process");
    return KEEL_OK;
}
static keel_status save(keel_plugin *p, const keel_stream *out, uint64_t seq)
{
    (void)p;
    here("save");
    return out->io(out, &seq, sizeof seq) == sizeof seq ? KEEL_OK : KEEL_E_IO;
}
static keel_status load(keel_plugin *p, const keel_stream *in, uint32_t version, keel_error *error)
{
    (void)p, (void)in, (void)version, (void)error;
    here("load");
    return KEEL_OK;
}
static keel_status activate(keel_plugin *p, keel_error *error)
{
    (void)p, (void)error;
    here("activate");
    return KEEL_OK;
}
static keel_status deactivate(keel_plugin *p)
{
    (void)p;
    here("deactivate");
    return KEEL_OK;
}
static void destroy(keel_plugin *p)
{
    (void)p;
    here("destroy");
}
static const void *extension(keel_plugin *p, const char *id)
{
    static const keel_strategy strategy = {.struct_size = sizeof strategy, .process = process};
    static const keel_state state = {.struct_size = sizeof state, .save = save, .load = load};
    (void)p;
    if (!strcmp(id, KEEL_STATE)) return &state;
    return strcmp(id, KEEL_STRATEGY) ? NULL : &strategy;
}
static keel_status create(
    const keel_host *host, const char *id, keel_str config, keel_plugin **out, keel_error *error)
{
    (void)host, (void)id, (void)config, (void)error;
    here("create");
    plugin = (keel_plugin){.struct_size = sizeof plugin, .desc = &descriptor,
                           .activate = activate, .deactivate = deactivate, .destroy = destroy,
                           .extension = extension};
    *out = &plugin;
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
