/* The one exported symbol. After 1.0 a breaking change is a new symbol, not a new number. */
#ifndef KEEL_ENTRY_H
#define KEEL_ENTRY_H

#include <keel/host.h>
#include <keel/plugin.h>

KEEL_BEGIN

#define KEEL_ABI_MAJOR 0      /* 1 once 1.0 is tagged                                         */
#define KEEL_ABI_DRAFT 2      /* while major is 0: host and plugin must agree on this exactly */
#define KEEL_ENTRY_SYMBOL "keel_entry_v0" /* keel_entry_v1 once 1.0 is tagged                 */

/* What a library offers: its plugins, and how instances of them are made. */
typedef struct keel_entry {
    uint32_t struct_size;
    uint16_t abi_major, abi_minor; /* KEEL_ABI_MAJOR and, while it is 0, KEEL_ABI_DRAFT       */
    /* Once per library, before all others. No threads, no I/O, under 10 ms. bundle_path lives
     * until deinit. */
    KEEL_CONTROL keel_status (*init)(const char *bundle_path);
    /* Before the library is unmapped: a host that never unmaps, as this one, never calls it. */
    KEEL_CONTROL void        (*deinit)(void);
    /* How many plugins the library holds. */
    KEEL_CONTROL uint32_t    (*count)(void);
    /* One of them, by its place below count. */
    KEEL_CONTROL const keel_descriptor *(*describe)(uint32_t index);
    /* An instance. `id` is one of the described. `config` is the JSON object that stands under
     * "config" in the configuration of its slot (the place a strategy, alpha, provider or adapter
     * runs in and is swapped in), "" when absent; declared parameters come through keel.params/1
     * instead. On failure *out stays NULL and err says why. */
    KEEL_CONTROL keel_status (*create)(const keel_host *host, const char *id, keel_str config,
                                       keel_plugin **out, keel_error *err);
} keel_entry;

/* A plugin defines: KEEL_EXPORT const keel_entry *keel_entry_v0(void); the answer is static. */
typedef const keel_entry *(*keel_entry_fn)(void);

KEEL_END
#endif
