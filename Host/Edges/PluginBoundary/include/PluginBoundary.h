/* Everything that runs between a frame of the host and a frame of a plugin, in C, so that a jump
 * out of a faulting plugin never crosses a Swift frame.
 *
 * One plugin_boundary belongs to one plugin instance. Its address stays valid for ever: after
 * plugin_boundary_retire() late calls of the plugin are answered KEEL_E_STALE, NULL or 0. */
#ifndef PLUGIN_BOUNDARY_H
#define PLUGIN_BOUNDARY_H

#include <keel/keel.h>
#include <stdbool.h>
#include <sys/types.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#else
#define _Nullable
#define _Nonnull
#endif

typedef struct plugin_boundary plugin_boundary;

/* Executable ranges of one library, from its program headers. */
enum { PLUGIN_TEXT_RANGES_MAX = 4 };
typedef struct plugin_text {
    uintptr_t base;          /* where the library is mapped: fault offsets count from here    */
    uint32_t  count, pad;
    uintptr_t start[PLUGIN_TEXT_RANGES_MAX], end[PLUGIN_TEXT_RANGES_MAX];
} plugin_text;
/* False when `address` lies in no loaded library. */
bool plugin_text_find(const void *address, plugin_text *out);

/* The session's instrument table: dense by id. The host publishes `count` after the row. */
typedef struct plugin_instruments {
    const keel_ev_instrument *_Nullable rows;
    uint32_t count, pad;
} plugin_instruments;

enum { /* plugin_limits.sink_kind: which records its sink takes */
    PLUGIN_SINK_NONE, PLUGIN_SINK_INTENTS, PLUGIN_SINK_SIGNALS
};
typedef struct plugin_limits {
    uint32_t sink_kind;
    uint32_t verify_batch;   /* 1: a plugin that writes into its input batch is a fault; costs
                                two passes over each batch, for tests and conformance runs    */
    size_t   sink_bytes;     /* of one process() call                                         */
    size_t   feed_bytes;     /* waiting between two polls; 0 for all but data providers       */
    uint64_t event_deadline;   /* nanoseconds of thread CPU time of one [event] call          */
    uint64_t control_deadline; /* the same of one [control] call                              */
} plugin_limits;

/* NULL when memory is short. The three pointers must outlive the boundary's retirement. */
plugin_boundary *_Nullable plugin_boundary_new(const plugin_text *text, const plugin_limits *limits,
                                               const plugin_instruments *_Nullable instruments);
/* Answers late calls from now on, and gives its buffers back to the system. */
void plugin_boundary_retire(plugin_boundary *b);

enum { /* plugin_fault.kind */
    PLUGIN_FAULT_NONE, PLUGIN_FAULT_SIGNAL, PLUGIN_FAULT_DEADLINE, PLUGIN_FAULT_STATUS,
    PLUGIN_FAULT_BATCH_WRITTEN, PLUGIN_FAULT_WORKER, PLUGIN_FAULT_HANDLER
};
typedef struct plugin_fault {
    uint32_t kind;
    int32_t  signal;         /* of PLUGIN_FAULT_SIGNAL; PLUGIN_FAULT_HANDLER: whose was taken */
    int32_t  status;         /* of PLUGIN_FAULT_STATUS: what process() returned               */
    uint32_t pad;
    uint64_t address;        /* what was touched                                              */
    uint64_t pc_offset;      /* into the library                                              */
    uint64_t deadline;       /* of PLUGIN_FAULT_DEADLINE                                      */
    const char *_Nullable call; /* "process", "activate", ...                                 */
    const char *_Nullable text; /* of PLUGIN_FAULT_WORKER: what became of it                  */
} plugin_fault;
/* Quarantines a plugin whose process has ended. The text is valid as long as the boundary. */
void plugin_boundary_fail(plugin_boundary *b, const char *text);
/* What stands behind a plugin that lives in a process of its own; NULL for all others. */
void plugin_boundary_set_worker(plugin_boundary *b, void *_Nullable worker);
void *_Nullable plugin_boundary_worker(const plugin_boundary *b);
bool plugin_boundary_is_quarantined(const plugin_boundary *b);
plugin_fault plugin_boundary_fault(const plugin_boundary *b);

/* Makes this thread ready for guarded calls, which else happens, with an allocation, at its first
 * one. False when the system refused. */
bool plugin_boundary_prepare_thread(void);

/* ---- hot path ---------------------------------------------------------------------------- */
/* Binds what process() calls. */
void plugin_boundary_bind(plugin_boundary *b, keel_plugin *p,
                          keel_status (*process)(keel_plugin *_Nullable,
                                                 const keel_batch *_Nullable,
                                                 const keel_sink *_Nullable));
/* A worker's answer is not there yet: the next call, without a batch, gives it. */
enum { PLUGIN_LATER = 1 };
/* The plugin's status, or KEEL_E_FAULT. *records: what it pushed, valid until the next call; none
 * unless the answer is KEEL_OK. Any other answer but PLUGIN_LATER quarantines. */
keel_status plugin_boundary_process(void *_Nullable boundary, const keel_batch *_Nullable in,
                                    const void *_Nullable *_Nonnull records, size_t *bytes);

/* ---- control calls, guarded alike -------------------------------------------------------- */
const keel_host *plugin_boundary_host(const plugin_boundary *b);
const keel_feed *plugin_boundary_feed(const plugin_boundary *b);
const keel_entry *_Nullable plugin_call_entry(plugin_boundary *b, keel_entry_fn entry);
keel_status plugin_call_init(plugin_boundary *b, const keel_entry *entry, const char *path);
uint32_t plugin_call_count(plugin_boundary *b, const keel_entry *entry);
const keel_descriptor *_Nullable plugin_call_describe(plugin_boundary *b, const keel_entry *entry,
                                                      uint32_t index);
keel_status plugin_call_create(plugin_boundary *b, const keel_entry *entry, const char *id,
                               keel_str config, keel_plugin *_Nullable *_Nonnull out,
                               keel_error *error);
const void *_Nullable plugin_call_extension(plugin_boundary *b, keel_plugin *p, const char *id);
keel_status plugin_call_activate(plugin_boundary *b, keel_plugin *p, keel_error *error);
keel_status plugin_call_deactivate(plugin_boundary *b, keel_plugin *p);
keel_status plugin_call_destroy(plugin_boundary *b, keel_plugin *p);

uint32_t plugin_call_params_count(plugin_boundary *b, const keel_params *x, keel_plugin *p);
keel_status plugin_call_params_info(plugin_boundary *b, const keel_params *x, keel_plugin *p,
                                    uint32_t index, keel_param_info *out);
keel_status plugin_call_params_set(plugin_boundary *b, const keel_params *x, keel_plugin *p,
                                   uint32_t id, double value, keel_str text, keel_error *error);
keel_status plugin_call_interests(plugin_boundary *b, const keel_interests *x, keel_plugin *p,
                                  keel_interests_info *out);
keel_status plugin_call_quiesce(plugin_boundary *b, const keel_swap *x, keel_plugin *p,
                                keel_ns deadline);
keel_status plugin_call_resume(plugin_boundary *b, const keel_swap *x, keel_plugin *p);

/* State goes through a bounded buffer of the caller. step: at most so many bytes a move, 0 for no
 * such limit; 1 proves that a plugin loops. */
typedef struct plugin_bytes {
    uint8_t *_Nullable bytes;
    size_t capacity;         /* saving: room. Loading: length                                 */
    size_t used;
    size_t step;
    uint32_t overflowed, pad; /* saving: 1 when the room did not suffice                      */
} plugin_bytes;
keel_status plugin_call_save(plugin_boundary *b, const keel_state *x, keel_plugin *p,
                             plugin_bytes *out, uint64_t seq);
keel_status plugin_call_load(plugin_boundary *b, const keel_state *x, keel_plugin *p,
                             plugin_bytes *in, uint32_t from_version, keel_error *error);

keel_status plugin_call_attach(plugin_boundary *b, const keel_data *x, keel_plugin *p);
keel_status plugin_call_subscribe(plugin_boundary *b, const keel_data *x, keel_plugin *p,
                                  keel_inst inst, uint64_t types, keel_ns interval);
keel_status plugin_call_unsubscribe(plugin_boundary *b, const keel_data *x, keel_plugin *p,
                                    keel_inst inst, uint64_t types, keel_ns interval);
keel_status plugin_call_poll(plugin_boundary *b, const keel_data *x, keel_plugin *p, keel_ns until,
                             keel_ns *next);

/* ---- what plugins asked for -------------------------------------------------------------- */
void plugin_boundary_set_time(plugin_boundary *b, keel_ns now);
/* Takes what the provider published since; valid until the next take. */
size_t plugin_boundary_take_feed(plugin_boundary *b, const void *_Nullable *_Nonnull records);
/* Whether a timer or a log line waits to be taken, or a line was dropped: without a lock. */
bool plugin_boundary_has_requests(const plugin_boundary *b);
/* dlopen, for good: what the library's constructors do to the process is its own doing. *taken: a
 * signal whose handler they replaced, or 0; it is put back. */
void *_Nullable plugin_boundary_open(const char *path, int *taken);
/* A signal whose handler some plugin has replaced while it ran, since this was asked last; or 0.
 * The handler is put back within a millisecond. */
int plugin_boundary_take_theft(void);
/* True once after each wake(). */
bool plugin_boundary_take_wake(plugin_boundary *b);
typedef struct plugin_timer { uint64_t id; keel_ns due; } plugin_timer;
/* Oldest first; false when there is none. Not while process() runs. */
bool plugin_boundary_take_timer(plugin_boundary *b, plugin_timer *out);

enum { PLUGIN_LOG_BYTES = 240 };
typedef struct plugin_log_line {
    int32_t  level;
    uint32_t length;
    char     text[PLUGIN_LOG_BYTES];
} plugin_log_line;
bool plugin_boundary_take_log(plugin_boundary *b, plugin_log_line *out);
/* Lines dropped since last asked: too many, or too fast. */
uint64_t plugin_boundary_take_log_dropped(plugin_boundary *b);
/* Counts lines that were dropped elsewhere. */
void plugin_boundary_note_log_dropped(plugin_boundary *b, uint64_t lines);

/* ---- probe ------------------------------------------------------------------------------- */
/* Starts a program with nothing of our environment, no descriptor but the standard three, and a
 * process group of its own. *output reads what it writes to either. It is killed when the thread
 * that calls this ends, however that comes about. 0, or an errno. */
int plugin_probe_spawn(const char *program, char *_Nullable const *_Nonnull arguments, pid_t *child,
                       int *output);
/* True once the child has ended, or at once after killing it; *status is its wait status. Whatever
 * it left running in its group ends with it. */
bool plugin_probe_ended(pid_t child, bool kills, int *status);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
#endif
