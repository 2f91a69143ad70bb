/* Threads, scalars, status. */
#ifndef KEEL_BASE_H
#define KEEL_BASE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#  define KEEL_BEGIN extern "C" {
#  define KEEL_END }
#  define KEEL_ASSERT(c) static_assert(c, #c)
#else
#  define KEEL_BEGIN
#  define KEEL_END
#  define KEEL_ASSERT(c) _Static_assert(c, #c)
#endif

/* ---- threads -----------------------------------------------------------------------------
 * Every function below carries exactly one tag. Threads are symbolic: "one at a time" is per
 * instance and tag; the host may use another OS thread for the next call. */
#if defined(__has_attribute)
#  if __has_attribute(nonblocking)
#    define KEEL_NONBLOCKING __attribute__((nonblocking)) /* clang 20: -Wfunction-effects */
#  endif
#endif
#ifndef KEEL_NONBLOCKING
#  define KEEL_NONBLOCKING
#endif
#define KEEL_CONTROL                  /* [control] one at a time; may allocate and block      */
#define KEEL_EVENT   KEEL_NONBLOCKING /* [event]   one at a time; no malloc, lock, system call */
#define KEEL_IO                       /* [io]      a thread the plugin made, joined by deactivate */
#define KEEL_ANY     KEEL_NONBLOCKING /* [any]     any thread, also concurrently, and from [event] */

/* Only the entry is exported; compile with -fvisibility=hidden. */
#define KEEL_EXPORT __attribute__((visibility("default"), used))

/* ---- status ------------------------------------------------------------------------------ */
typedef int32_t keel_status; /* 0, a positive KEEL_S_, or a negative KEEL_E_ */
enum { /* keel_status */
    KEEL_OK            = 0,
    KEEL_S_END         = 1,  /* nothing more will come, and nothing went wrong                */
    KEEL_E_ARG         = -1, /* an argument is outside its documented range                   */
    KEEL_E_UNSUPPORTED = -2, /* the callee does not offer this                                */
    KEEL_E_STATE       = -3, /* not now: the lifecycle forbids it                             */
    KEEL_E_VERSION     = -4, /* made by a version this code cannot read                       */
    KEEL_E_STALE       = -5, /* the handle's owner is gone                                    */
    KEEL_E_FULL        = -6, /* a bounded buffer is spent; nothing was copied                 */
    KEEL_E_IO          = -7, /* a file or peer failed                                         */
    KEEL_E_FAULT       = -8  /* the callee trapped, overran its deadline, or is quarantined   */
};

/* ---- scalars ----------------------------------------------------------------------------- */
typedef int64_t  keel_ns;    /* UTC nanoseconds since 1970                                    */
typedef int64_t  keel_px;    /* price:    value = px  * 10^instrument.px_exp                  */
typedef int64_t  keel_qty;   /* quantity: value = qty * 10^instrument.qty_exp, never negative */
typedef uint32_t keel_inst;  /* index into the session's instrument table, never reused       */
typedef uint32_t keel_asset; /* index into the session's asset table; 0 is "none"             */

/* An absent price, quantity or time. A const, not a macro, so that Swift sees it. */
static const int64_t KEEL_NULL = INT64_MIN;
/* "No instrument", in records that concern none. */
static const keel_inst KEEL_NO_INST = UINT32_MAX;

/* A text that is borrowed: copy what must outlive the call. */
typedef struct keel_str {
    const char *ptr;         /* UTF-8 without a terminating NUL; NULL only when len is 0      */
    size_t len;
} keel_str;

/* Filled by the callee, owned by the caller, who sets struct_size and zeroes the rest. */
typedef struct keel_error {
    uint32_t struct_size;
    int32_t  code;           /* a KEEL_E_                                                     */
    char     text[248];      /* NUL-ended UTF-8: what was wrong, and what would mend it       */
} keel_error;

/* True when the other side's struct is new enough to hold this field. */
#define KEEL_COVERS(s, field) \
    ((s)->struct_size >= offsetof(__typeof__(*(s)), field) + sizeof((s)->field))
/* The same, and the field, a pointer, is set. */
#define KEEL_HAS(s, field) (KEEL_COVERS(s, field) && (s)->field)
/* True when this record is long enough to hold this field. */
#define KEEL_RECORD_HAS(r, field) \
    ((r)->h.size >= offsetof(__typeof__(*(r)), field) + sizeof((r)->field))

KEEL_ASSERT(sizeof(keel_error) == 256);

#endif
