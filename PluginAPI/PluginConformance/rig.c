// Verdicts, chance, and the library under test.
#include "rig.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

static void say(rig *r, conformance_verdict verdict, const char *remedy, const char *format,
                va_list list)
{
    if (verdict < r->result.verdict) return;
    if (verdict == r->result.verdict && r->result.evidence[0]) return;
    r->result.verdict = verdict;
    vsnprintf(r->result.evidence, sizeof r->result.evidence, format, list);
    snprintf(r->result.remedy, sizeof r->result.remedy, "%s", remedy);
}

#define SAY(verdict, remedy)                \
    va_list list;                           \
    va_start(list, format);                 \
    say(r, verdict, remedy, format, list);  \
    va_end(list)

void fails(rig *r, const char *remedy, const char *format, ...) { SAY(CONFORMANCE_FAILED, remedy); }
void warns(rig *r, const char *remedy, const char *format, ...) { SAY(CONFORMANCE_WARNED, remedy); }
void skips(rig *r, const char *format, ...) { SAY(CONFORMANCE_SKIPPED, ""); }
void notes(rig *r, const char *format, ...) { SAY(CONFORMANCE_PASSED, ""); }

void step(rig *r, const char *format, ...)
{
    char line[STEP_BYTES];
    if (r->options.progress < 0) return;
    va_list list;
    va_start(list, format);
    int length = vsnprintf(line, sizeof line - 1, format, list);
    va_end(list);
    if (length > (int)sizeof line - 2) length = (int)sizeof line - 2;
    memset(line + length, ' ', sizeof line - (size_t)length);
    line[sizeof line - 1] = '\n';
    // In a file the newest step replaces the one before.
    ssize_t written = pwrite(r->options.progress, line, sizeof line, 0);
    if (written < 0) written = write(r->options.progress, line, sizeof line);
    (void)written;
}

bool has_failed(const rig *r) { return r->result.verdict == CONFORMANCE_FAILED; }

const char *status_name(keel_status status)
{
    static const char *const names[] = {"KEEL_OK", "KEEL_E_ARG", "KEEL_E_UNSUPPORTED",
                                        "KEEL_E_STATE", "KEEL_E_VERSION", "KEEL_E_STALE",
                                        "KEEL_E_FULL", "KEEL_E_IO", "KEEL_E_FAULT"};
    if (status == KEEL_S_END) return "KEEL_S_END";
    return status <= 0 && status >= KEEL_E_FAULT ? names[-status] : "an unknown status";
}

// Splitmix64: every seed is a good one.
uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

uint64_t mix(uint64_t digest, const void *bytes, size_t count)
{
    const uint8_t *at = bytes;
    if (!digest) digest = 0xcbf29ce484222325;
    for (size_t i = 0; i < count; i++) digest = (digest ^ at[i]) * 0x100000001b3;
    return digest;
}

static void describe_instrument(keel_ev_instrument *i, keel_inst id, const char *symbol)
{
    i->h = (keel_event){.size = sizeof *i, .type = KEEL_EV_INSTRUMENT, .inst = id};
    i->kind = id == 1 ? KEEL_KIND_PERPETUAL : KEEL_KIND_SPOT;
    i->px_exp = -2;
    i->qty_exp = -5;
    i->tick = id == 1 ? 5 : 1;
    i->lot = id == 1 ? 100 : 1;
    i->min_qty = i->lot;
    i->multiplier = 1;
    i->base = 1 + id;
    i->quote = i->settle = 9;
    i->underlying_id = 1 + id;
    i->expiry = i->strike = KEEL_NULL;
    i->asset_class = KEEL_CLASS_CRYPTO;
    snprintf(i->symbol, sizeof i->symbol, "%sUSDT", symbol);
    snprintf(i->venue, sizeof i->venue, "sim");
    snprintf(i->base_code, sizeof i->base_code, "%s", symbol);
    snprintf(i->quote_code, sizeof i->quote_code, "USDT");
    snprintf(i->settle_code, sizeof i->settle_code, "USDT");
}

bool rig_open(rig *r)
{
    static const char *const symbols[INSTRUMENTS] = {"BTC", "ETH", "SOL"};
    for (uint32_t i = 0; i < INSTRUMENTS; i++)
        describe_instrument(&r->instruments[i], i, symbols[i]);
    step(r, "loading the library: its constructors run");
    // Without a slash the loader would look in the system's folders.
    char path[4096];
    const char *folder = strchr(r->options.path, '/') ? "" : "./";
    snprintf(path, sizeof path, "%s%s", folder, r->options.path);
    r->library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    const char *why = r->library ? NULL : dlerror();
    void *symbol = r->library ? dlsym(r->library, KEEL_ENTRY_SYMBOL) : NULL;
    if (!symbol) {
        fails(r, "link it with -Wl,-z,defs to see what is missing", "it does not load: %s",
              why ? why : "it exports no " KEEL_ENTRY_SYMBOL);
        return false;
    }
    keel_entry_fn function;
    memcpy(&function, &symbol, sizeof function);
    step(r, "calling its entry");
    r->entry = function();
    if (!r->entry || r->entry->struct_size < sizeof(keel_entry)
        || r->entry->abi_major != KEEL_ABI_MAJOR || r->entry->abi_minor != KEEL_ABI_DRAFT) {
        fails(r, "build it against these headers", "its entry is missing, short or of another "
              "draft");
        return false;
    }
    step(r, "calling init");
    keel_status status = r->entry->init(r->options.path);
    if (status != KEEL_OK)
        fails(r, "see what it needs", "its init answers %s", status_name(status));
    return status == KEEL_OK;
}
