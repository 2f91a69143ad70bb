/* The host's end of a worker. */
#ifndef WORKER_H
#define WORKER_H

#include "WorkerChannel.h"
#include "memory.h"

struct worker {
    keel_plugin plugin;      /* first: a keel_plugin * of ours is a worker *                 */
    keel_strategy strategy;
    keel_alpha alpha;
    const keel_descriptor *descriptor;
    worker_creation creation;
    uint32_t offers;
    plugin_boundary *boundary;
    const keel_host *host;

    pid_t child;             /* 0: reaped                                                    */
    worker_mapping memory;
    worker_ring requests, answers;
    uint64_t number;         /* of the last request                                          */
    int64_t now;             /* session time, as the last batch said it                      */
    int64_t answer_nanoseconds, control_nanoseconds;
    uint32_t spins, sandbox;
    bool is_greeted, has_failed;
    const keel_stream *saving; /* where WORKER_SAVED goes, during save()                      */
    uint8_t *copy;           /* the last message, out of the worker's reach                  */
    int64_t patience_nanoseconds; /* a batch's answer is waited for; 0: as long as it may take */
    bool owes;               /* the answer to the last batch                                 */
    int64_t owed_deadline, next_look;
    keel_status late_status; /* that answer, once it has come and until it is asked for      */
    size_t late_bytes;
    uint8_t *late;
    char fault[WORKER_TEXT_BYTES];
};

/* Ends the child and says why: the boundary's plugin is quarantined, nothing more is asked. */
void worker_fail(worker *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *worker_call_name(uint32_t kind);
/* What keel_plugin.process goes to. PLUGIN_LATER when patience has ended before the answer came;
 * called without a batch, it gives that answer. */
keel_status worker_process(keel_plugin *p, const keel_batch *in, const keel_sink *sink);

#endif
