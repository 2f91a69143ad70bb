/* A plugin in a process of its own. The host sees a keel_plugin like any other, whose functions
 * go through two rings in shared memory to a child, which loads the library and calls it.
 *
 * Everything here is C, because it runs behind plugin_boundary_process, where nothing of Swift may
 * stand, and before the child has loaded what it is to contain. */
#ifndef WORKER_CHANNEL_H
#define WORKER_CHANNEL_H

#include "WorkerRing.h"
#include <PluginBoundary.h>
#include <keel/keel.h>
#include <sys/types.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

enum { /* worker_message.kind, from the host */
    WORKER_LOAD = 1, WORKER_INSTRUMENTS, WORKER_CREATE, WORKER_ACTIVATE, WORKER_DEACTIVATE,
    WORKER_DESTROY, WORKER_PARAMS_COUNT, WORKER_PARAMS_INFO, WORKER_PARAMS_SET, WORKER_INTERESTS,
    WORKER_SAVE, WORKER_STATE, WORKER_LOAD_STATE, WORKER_QUIESCE, WORKER_RESUME, WORKER_PROCESS,
    /* from the worker; the last of them ends the answer */
    WORKER_HELLO = 64, WORKER_LOG, WORKER_TIMER, WORKER_SAVED, WORKER_FAULT, WORKER_DONE
};
enum { /* worker_message.flags: of WORKER_DONE; of WORKER_LOG */
    WORKER_WAKES = 1, WORKER_LINES_DROPPED = 1
};
enum { /* worker_message.count of the answer to WORKER_CREATE: what the plugin offers */
    WORKER_HAS_PARAMS = 1, WORKER_HAS_STATE = 2, WORKER_HAS_INTERESTS = 4, WORKER_HAS_SWAP = 8
};
enum { /* worker_message.count of WORKER_HELLO: what holds the worker */
    WORKER_FILTERED = 1,     /* system calls outside a list are refused                      */
    WORKER_UNPRIVILEGED = 2, /* no program it could run would have more rights               */
    WORKER_OWN_USER = 4,     /* it is nobody, not the host's user                            */
    WORKER_BOUNDED = 8,      /* memory, files and processes are limited                      */
    WORKER_OTHER_USER = 16,  /* the host is no root: nobody is a user that it cannot become  */
    WORKER_CLOSED = 32       /* no file but libraries is opened, no other process seen       */
};
enum { WORKER_CHUNK_BYTES = 256 * 1024, WORKER_TEXT_BYTES = 512 };

/* ---- what requests and answers carry ------------------------------------------------------- */
typedef struct worker_creation {
    uint32_t kind;           /* 1 strategy, 2 alpha                                          */
    uint32_t verify_batch;
    uint64_t sink_bytes, state_bytes, state_step, event_deadline, control_deadline;
    uint32_t id_length, config_length; /* the texts follow                                   */
} worker_creation;
typedef struct worker_parameter {
    uint32_t id, length;     /* the text follows                                             */
    double   value;
} worker_parameter;
typedef struct worker_timer { uint64_t id; keel_ns due; } worker_timer;
/* A keel_descriptor without pointers. */
typedef struct worker_descriptor {
    uint32_t flags, kinds;   /* bits: 1 strategy, 2 alpha, 4 data, 8 exchange                */
    uint32_t state_version, state_oldest;
    char id[64], name[256], vendor[256], version[256], state_schema[256];
} worker_descriptor;

/* ---- host --------------------------------------------------------------------------------- */
typedef struct worker worker;
typedef struct worker_options {
    const char *program;     /* this same program, or another that serves                    */
    const char *name;        /* shown beside it in the process table                         */
    int64_t answer_nanoseconds;  /* of the wall clock, for one batch                         */
    int64_t control_nanoseconds; /* the same for any other call                              */
    uint64_t memory_bytes;   /* the plugin's, beside what the worker itself takes; 0: any    */
    uint32_t spins;          /* looks at a ring before sleeping                              */
    uint32_t reserved;
} worker_options;

/* Starts a worker for a library's bytes. NULL, and *error is an errno, when that failed. */
worker *_Nullable worker_start(const worker_options *options, const void *library, size_t bytes,
                               int *error);
/* Ends it, if it has not ended, and frees everything. */
void worker_free(worker *w);
/* Kills it: every later call answers KEEL_E_FAULT. */
void worker_kill(worker *w);
pid_t worker_process_id(const worker *w);
/* Bits of WORKER_HELLO. */
uint32_t worker_sandbox(const worker *w);
/* What became of it, as a text; NULL while it serves. */
const char *_Nullable worker_fault(const worker *w);
/* Where its answers, timers and log lines land, and what is told when it fails. */
void worker_attach(worker *w, plugin_boundary *boundary);
/* How long the host waits for the answer to a batch before it goes on without it; 0: until the
 * worker's own deadline. */
void worker_set_patience(worker *w, int64_t nanoseconds);
/* Whether the answer that it owes has come, or never will: then process() without a batch gives it,
 * at once. Does not wait. */
bool worker_has_answered(worker *w);
/* The same, waited for. */
void worker_await(worker *w);
/* Stands for the library's own entry: its create() makes the plugin in the worker that is attached
 * to the boundary of its host. */
const keel_entry *worker_entry(void);
/* What create() is to make: the lengths are filled in there. */
void worker_describe(worker *w, const keel_descriptor *descriptor, worker_creation creation);

/* One request and its answer. The status is KEEL_E_FAULT when the worker is gone. *answer is
 * valid until the next request. */
keel_status worker_ask(worker *w, worker_message request, const void *_Nullable payload,
                       size_t bytes, const void *_Nullable *_Nonnull answer, size_t *answer_bytes,
                       uint32_t *count);

/* ---- worker -------------------------------------------------------------------------------- */
/* The child's end: descriptor 3 is the memory, 4 the library. */
enum { WORKER_MEMORY_DESCRIPTOR = 3, WORKER_LIBRARY_DESCRIPTOR = 4 };
typedef struct worker_service {
    worker_ring requests, answers;
    uint32_t spins, pad;
} worker_service;
/* Joins the memory, gives up every right that serving does not need, and says hello. False when
 * this process is no worker. */
bool worker_service_begin(worker_service *service);
/* The next request, where it lies; valid until worker_service_done. Ends the process when the host
 * is gone or its message makes no sense. */
const void *worker_service_next(worker_service *service, worker_message *request);
/* Sends one message of an answer. */
void worker_service_send(worker_service *service, worker_message message,
                         const void *_Nullable payload, size_t bytes);
/* Frees the request. Before its last answer is sent, for the host's next may follow at once. */
void worker_service_done(worker_service *service, uint32_t size);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
#endif
