/* Descriptor and lifecycle, one for all four kinds:
 *   create -> [params set] -> [state load] -> activate -> process ... -> deactivate -> destroy
 * A plugin that still holds timers, threads or subscriptions is not retired; the host says which. */
#ifndef KEEL_PLUGIN_H
#define KEEL_PLUGIN_H

#include <keel/base.h>

KEEL_BEGIN

enum { /* keel_descriptor.flags */
    KEEL_PF_DETERMINISTIC = 1, /* same batches, same answers                                  */
    KEEL_PF_OWN_THREADS   = 2  /* it makes threads, in activate or later                      */
};
/* What a library says of one of its plugins. Static: lives as long as the library. All strings are
 * NUL-ended UTF-8, none is NULL. */
typedef struct keel_descriptor {
    uint32_t struct_size, flags;
    const char *id;          /* reverse URI, never reused: "com.acme.meanrev"; at most 63     */
    const char *name;
    const char *vendor;
    const char *version;     /* "1.4.2": digits and dots, compared number by number           */
    const char *const *kinds; /* NULL-ended: "keel.strategy/1", ...                           */
    const char *state_schema; /* "" when it has no state                                      */
    uint32_t state_version;  /* what save() writes                                            */
    uint32_t state_oldest;   /* the oldest version load() reads: a rollback is known possible
                                before the swap                                               */
} keel_descriptor;

/* One instance. The host calls `destroy` once, after which nothing of it is touched. */
typedef struct keel_plugin {
    uint32_t struct_size, reserved;
    const keel_descriptor *desc;
    void    *self;           /* the plugin's                                                  */
    /* Parameters are set and state is loaded: batches follow. Failing, it fills err. */
    KEEL_CONTROL keel_status (*activate)(struct keel_plugin *p, keel_error *err);
    /* No batch follows. Joins every thread the plugin made. */
    KEEL_CONTROL keel_status (*deactivate)(struct keel_plugin *p);
    /* Frees the instance, also one that was never activated. */
    KEEL_CONTROL void        (*destroy)(struct keel_plugin *p);
    /* A kind or an extension by id, or NULL. The answer lives until destroy(). */
    KEEL_CONTROL const void *(*extension)(struct keel_plugin *p, const char *id);
} keel_plugin;

KEEL_END
#endif
