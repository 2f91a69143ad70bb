/* A well-behaved strategy that does nothing. Each fixture defines what it does otherwise and
 * includes this. */
#include <keel/keel.h>
#include <stdlib.h>
#include <string.h>

#ifndef PLUGIN_ID
#define PLUGIN_ID "test.plugin"
#endif
#ifndef PLUGIN_VERSION
#define PLUGIN_VERSION "1.0.0"
#endif
#ifndef DESCRIPTORS
#define DESCRIPTORS {.struct_size = sizeof(keel_descriptor), .id = PLUGIN_ID, .name = "Test", \
                     .vendor = "keel", .version = PLUGIN_VERSION, .kinds = kinds,             \
                     .state_schema = ""}
#endif
#ifndef ENTRY_SIZE
#define ENTRY_SIZE sizeof(keel_entry)
#endif
#ifndef ENTRY_DRAFT
#define ENTRY_DRAFT KEEL_ABI_DRAFT
#endif
#ifndef ENTRY_CREATE
#define ENTRY_CREATE create
#endif
#ifndef ON_ENTRY
#define ON_ENTRY
#endif
#ifndef ON_CREATE
#define ON_CREATE
#endif
#ifndef ON_ACTIVATE
#define ON_ACTIVATE
#endif
#ifndef ON_PROCESS
#define ON_PROCESS
#endif
#ifndef ON_DESTROY
#define ON_DESTROY
#endif
#ifndef PLUGIN_ACTIVATE
#define PLUGIN_ACTIVATE activate
#endif

/* An address that holds nothing, out of sight of the compiler's warnings. */
__attribute__((unused)) static volatile int *volatile nowhere = (volatile int *)8;

struct instance { keel_plugin plugin; const keel_host *host; };
static const char *const kinds[] = {KEEL_STRATEGY, NULL};
static const keel_descriptor descriptors[] = {DESCRIPTORS};

static keel_status process(keel_plugin *p, const keel_batch *in, const keel_sink *sink)
{
    (void)p, (void)in, (void)sink;
    ON_PROCESS
    return KEEL_OK;
}
static keel_status activate(keel_plugin *p, keel_error *error)
{
    (void)p, (void)error;
    ON_ACTIVATE
    return KEEL_OK;
}
static keel_status deactivate(keel_plugin *p)
{
    (void)p;
    return KEEL_OK;
}
static void destroy(keel_plugin *p)
{
    ON_DESTROY
    free(p->self);
}
static const void *extension(keel_plugin *p, const char *id)
{
    static const keel_strategy strategy = {.struct_size = sizeof strategy, .process = process};
    (void)p;
    return strcmp(id, KEEL_STRATEGY) ? NULL : &strategy;
}
__attribute__((unused)) static keel_status create(
    const keel_host *host, const char *id, keel_str config, keel_plugin **out, keel_error *error)
{
    (void)id, (void)config, (void)error, (void)activate;
    ON_CREATE
    struct instance *i = calloc(1, sizeof *i);
    i->host = host;
    i->plugin = (keel_plugin){.struct_size = sizeof i->plugin, .desc = &descriptors[0], .self = i,
                              .activate = PLUGIN_ACTIVATE, .deactivate = deactivate,
                              .destroy = destroy, .extension = extension};
    *out = &i->plugin;
    return KEEL_OK;
}
static keel_status init(const char *path)
{
    (void)path;
    return KEEL_OK;
}
static void deinit(void) {}
static uint32_t count(void) { return sizeof descriptors / sizeof *descriptors; }
static const keel_descriptor *describe(uint32_t index) { return &descriptors[index]; }

#ifndef ENTRY_NAME
#define ENTRY_NAME keel_entry_v0
#endif
KEEL_EXPORT const keel_entry *ENTRY_NAME(void)
{
    static const keel_entry entry = {
        .struct_size = ENTRY_SIZE, .abi_major = KEEL_ABI_MAJOR, .abi_minor = ENTRY_DRAFT,
        .init = init, .deinit = deinit, .count = count, .describe = describe,
        .create = ENTRY_CREATE};
    ON_ENTRY
    return &entry;
}
