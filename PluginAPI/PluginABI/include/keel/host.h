/* What a plugin may call. Valid from create() until destroy() returns; afterwards every call is
 * answered KEEL_E_STALE (or NULL, or 0) and does nothing: late calls are harmless. */
#ifndef KEEL_HOST_H
#define KEEL_HOST_H

#include <keel/event.h>

KEEL_BEGIN

enum { /* keel_host.log, level */ KEEL_LOG_DEBUG = 1, KEEL_LOG_INFO, KEEL_LOG_WARNING, KEEL_LOG_ERROR };

/* Given to create(), and good until destroy() returns. */
typedef struct keel_host {
    uint32_t struct_size, abi_minor;
    void    *ctx;            /* the host's                                                    */
    /* An extension of the host by id ("keel.net/1"), or NULL. */
    KEEL_CONTROL const void *(*extension)(const struct keel_host *host, const char *id);
    /* Copied. Rate-limited: what is dropped is counted and reported. Safe on the hot path. */
    KEEL_ANY void        (*log)(const struct keel_host *host, int32_t level, keel_str text);
    /* The session's time: equals batch.now inside process(). */
    KEEL_ANY keel_ns     (*now)(const struct keel_host *host);
    /* NULL for an unknown id. Lives until destroy(); a new epoch arrives as an event. */
    KEEL_ANY const keel_ev_instrument *(*instrument)(const struct keel_host *host, keel_inst id);
    /* Asks for an empty batch soon. (DRAFT) */
    KEEL_ANY keel_status (*wake)(const struct keel_host *host);
    /* One keel_ev_timer at or after `due`. The same id again moves it; KEEL_NULL removes it.
     * Timers belong to the slot: after a swap the new generation receives them. May also be
     * called from activate. */
    KEEL_EVENT keel_status (*timer)(const struct keel_host *host, uint64_t id, keel_ns due);
} keel_host;

KEEL_END
#endif
