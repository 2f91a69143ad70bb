/* A data provider that publishes what the tests tell it to, by the subscription's interval. */
#include <keel/keel.h>
#include <stdlib.h>
#include <string.h>

struct feeder { keel_plugin plugin; const keel_host *host; const keel_feed *feed; keel_ns what; };

static keel_ev_quote quote(keel_ns time)
{
    keel_ev_quote q = {.h = {.size = sizeof q, .type = KEEL_EV_QUOTE, .inst = 1, .ts_recv = time},
                       .bid = 1, .ask = 2};
    return q;
}

static keel_status poll_records(keel_plugin *p, keel_ns until, keel_ns *next)
{
    struct feeder *f = p->self;
    keel_ev_quote q = quote(until);
    switch (f->what) {
    case 0: break;                                   /* a good quote                          */
    case 1: q.h.size = 36; break;
    case 2: q.h.size = 88; break;                    /* beyond the bytes                      */
    case 3: q.h.type = KEEL_EV_ORDER; break;         /* not a provider's                      */
    case 4: q.h.inst = 2; break;                     /* the session has two                   */
    case 5: q.h.size = 40; break;                    /* too short for a quote                 */
    case 6:
        while (f->feed->publish(f->feed, &q, sizeof q) == KEEL_OK) {}
        return KEEL_OK;
    default: return KEEL_S_END;
    }
    *next = until + 1;
    return f->feed->publish(f->feed, &q, f->what == 5 ? 40 : sizeof q);
}
static keel_status attach(keel_plugin *p, const keel_feed *feed)
{
    ((struct feeder *)p->self)->feed = feed;
    return KEEL_OK;
}
static keel_status subscribe(keel_plugin *p, keel_inst inst, uint64_t types, keel_ns interval)
{
    (void)types;
    if (inst != 1) return KEEL_E_UNSUPPORTED;
    ((struct feeder *)p->self)->what = interval;
    return KEEL_OK;
}
static const char *const kinds[] = {KEEL_DATA, NULL};
static const keel_descriptor descriptor = {
    .struct_size = sizeof descriptor, .id = "test.feeder", .name = "Feeder", .vendor = "keel",
    .version = "1.0.0", .kinds = kinds, .state_schema = ""};
static keel_status activate(keel_plugin *p, keel_error *e) { (void)p, (void)e; return KEEL_OK; }
static keel_status deactivate(keel_plugin *p) { (void)p; return KEEL_OK; }
static void destroy(keel_plugin *p) { free(p->self); }
static const void *extension(keel_plugin *p, const char *id)
{
    static const keel_data data = {.struct_size = sizeof data, .attach = attach,
                                   .subscribe = subscribe, .unsubscribe = subscribe,
                                   .poll = poll_records};
    (void)p;
    return strcmp(id, KEEL_DATA) ? NULL : &data;
}
static keel_status create(
    const keel_host *host, const char *id, keel_str config, keel_plugin **out, keel_error *error)
{
    (void)id, (void)config, (void)error;
    struct feeder *f = calloc(1, sizeof *f);
    f->host = host;
    f->plugin = (keel_plugin){.struct_size = sizeof f->plugin, .desc = &descriptor, .self = f,
                              .activate = activate, .deactivate = deactivate, .destroy = destroy,
                              .extension = extension};
    *out = &f->plugin;
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
