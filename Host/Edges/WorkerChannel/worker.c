// A worker's life, and a request with its answer. All that comes from the child is copied out of
// the shared memory before it is looked at, and what cannot be is the end of the child.
#define _GNU_SOURCE
#include "worker.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    COPY_BYTES = WORKER_RING_BYTES,
    SLICE_NANOSECONDS = 1000000,  /* between two looks whether the child still lives          */
    MESSAGES_BETWEEN_LOOKS = 64   /* at the clock, while it keeps sending                     */
};

static int64_t clock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

const char *worker_call_name(uint32_t kind)
{
    static const char *const names[] = {
        [WORKER_LOAD] = "its library", [WORKER_INSTRUMENTS] = "the instruments",
        [WORKER_CREATE] = "create", [WORKER_ACTIVATE] = "activate",
        [WORKER_DEACTIVATE] = "deactivate", [WORKER_DESTROY] = "destroy",
        [WORKER_PARAMS_COUNT] = "params.count", [WORKER_PARAMS_INFO] = "params.info",
        [WORKER_PARAMS_SET] = "params.set", [WORKER_INTERESTS] = "interests.get",
        [WORKER_SAVE] = "state.save", [WORKER_STATE] = "state.load",
        [WORKER_LOAD_STATE] = "state.load", [WORKER_QUIESCE] = "swap.quiesce",
        [WORKER_RESUME] = "swap.resume", [WORKER_PROCESS] = "process"};
    return kind < sizeof names / sizeof *names && names[kind] ? names[kind] : "a call";
}

/* ---- life -------------------------------------------------------------------------------- */
static bool prepare(worker *w, int memory, const worker_options *options)
{
    w->copy = mmap(NULL, 2 * COPY_BYTES, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (w->copy == MAP_FAILED) {
        w->copy = NULL;
        return false;
    }
    w->late = w->copy + COPY_BYTES;
    if (!worker_memory_map(memory, &w->memory)) return false;
    worker_memory *head = w->memory.head;
    head->magic = WORKER_MAGIC;
    head->host = getpid();
    head->memory_bytes = options->memory_bytes;
    head->spins = w->spins = options->spins;
    w->requests = (worker_ring){&head->down, w->memory.down, WORKER_RING_BYTES, 0, 0};
    w->answers = (worker_ring){&head->up, w->memory.up, WORKER_RING_BYTES, 0, 0};
    w->answer_nanoseconds = options->answer_nanoseconds;
    w->control_nanoseconds = options->control_nanoseconds;
    return true;
}

worker *worker_start(
    const worker_options *options, const void *library, size_t bytes, int *error)
{
    worker *w = calloc(1, sizeof *w);
    int memory = worker_memory_new();
    int code = memory < 0 ? -1 : worker_library_new(library, bytes);
    *error = 0;
    if (!w || memory < 0 || code < 0 || !prepare(w, memory, options)) *error = errno ? errno : EIO;
    else *error = worker_spawn(options->program, options->name, memory, code, &w->child);
    if (code >= 0) close(code);
    if (memory >= 0) close(memory);
    if (*error == 0) return w;
    if (w) worker_free(w);
    return NULL;
}

/* Whether it has ended by itself; it stays to be reaped. */
static bool has_ended(const worker *w)
{
    siginfo_t info = {0};
    return w->child != 0
        && waitid(P_PID, (id_t)w->child, &info, WEXITED | WNOHANG | WNOWAIT) == 0
        && info.si_pid == w->child;
}

/* With whatever it left running in its group. Until it is reaped nobody else has its number. */
static int reap(worker *w)
{
    int status = 0;
    if (w->child) plugin_probe_ended(w->child, true, &status);
    w->child = 0;
    return status;
}

void worker_kill(worker *w) { reap(w); }

void worker_free(worker *w)
{
    reap(w);
    if (w->memory.head) worker_memory_unmap(&w->memory);
    if (w->copy) munmap(w->copy, 2 * COPY_BYTES);
    free(w);
}

pid_t worker_process_id(const worker *w) { return w->child; }
uint32_t worker_sandbox(const worker *w) { return w->sandbox; }
const char *worker_fault(const worker *w) { return w->has_failed ? w->fault : NULL; }

void worker_attach(worker *w, plugin_boundary *boundary)
{
    w->boundary = boundary;
    w->host = plugin_boundary_host(boundary);
    plugin_boundary_set_worker(boundary, w);
}

void worker_fail(worker *w, const char *format, ...)
{
    reap(w);
    if (w->has_failed) return;
    w->has_failed = true;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(w->fault, sizeof w->fault, format, arguments);
    va_end(arguments);
    if (w->boundary) plugin_boundary_fail(w->boundary, w->fault);
}

static void fail_ended(worker *w, uint32_t kind)
{
    int status = reap(w);
    const char *call = worker_call_name(kind);
    if (WIFSIGNALED(status)) {
        const char *name = sigabbrev_np(WTERMSIG(status));
        worker_fail(w, "its process was ended by SIG%s in %s", name ? name : "?", call);
    } else {
        worker_fail(w, "it ended its process, with status %d, in %s", WEXITSTATUS(status), call);
    }
}

/* ---- one request ------------------------------------------------------------------------- */
/* Calls that a running session waits for between two turns have less time than those that prepare
 * one. */
static int64_t limit_of(const worker *w, uint32_t kind)
{
    if (kind == WORKER_PROCESS) return w->answer_nanoseconds;
    bool is_between_turns = kind == WORKER_SAVE || kind == WORKER_QUIESCE || kind == WORKER_RESUME;
    int64_t more = 10 * w->answer_nanoseconds;
    return is_between_turns && more < w->control_nanoseconds ? more : w->control_nanoseconds;
}

typedef enum arrival {
    ARRIVED,                 /* a message lies in w->copy                                     */
    ABSENT,                  /* none has come yet                                             */
    BROKEN                   /* the worker has failed, and none will come                     */
} arrival;

/* How long one answer is waited for. The clock is looked at only when waiting begins: what is there
 * already costs no look. */
typedef struct patience {
    int64_t nanoseconds;     /* after which the caller goes on without it; 0: never           */
    int64_t ends, deadline;  /* when it is over; when the worker is                           */
} patience;

/* The next message, if there is one. */
static arrival look(worker *w, worker_message *message, uint32_t kind)
{
    const char *defect = NULL;
    int found = worker_ring_take(&w->answers, message, w->copy, COPY_BYTES, &defect);
    if (found == WORKER_RING_HAS) return ARRIVED;
    if (found == WORKER_RING_EMPTY) return ABSENT;
    worker_fail(w, "its answer to %s is malformed: %s", worker_call_name(kind), defect);
    return BROKEN;
}

static arrival fail_late(worker *w, uint32_t kind)
{
    worker_fail(w, "it did not answer %s within %lld ms", worker_call_name(kind),
                (long long)(limit_of(w, kind) / 1000000));
    return BROKEN;
}

/* The next message, waited for. */
static arrival receive(worker *w, worker_message *message, uint32_t kind, patience *patience)
{
    for (bool ended = false;;) {
        arrival found = look(w, message, kind);
        if (found != ABSENT) return found;
        if (ended) {
            fail_ended(w, kind);
            return BROKEN;
        }
        if (patience->deadline == 0) {
            if (worker_ring_wait(&w->answers, w->spins, 0)) continue;
            int64_t now = clock_now();
            patience->deadline = now + limit_of(w, kind);
            patience->ends = patience->nanoseconds ? now + patience->nanoseconds : INT64_MAX;
        }
        bool is_short = patience->nanoseconds && patience->nanoseconds < SLICE_NANOSECONDS;
        int64_t slice = is_short ? patience->nanoseconds : SLICE_NANOSECONDS;
        if (worker_ring_wait(&w->answers, 0, slice)) continue;
        ended = has_ended(w);
        if (ended) continue;
        int64_t now = clock_now();
        if (now >= patience->deadline) return fail_late(w, kind);
        if (now >= patience->ends) return ABSENT;
    }
}

static void copy_text(char *to, size_t room, const uint8_t *from, size_t bytes)
{
    size_t length = bytes < room - 1 ? bytes : room - 1;
    for (size_t i = 0; i < length; i++) to[i] = from[i] < ' ' && from[i] ? ' ' : (char)from[i];
    to[length] = 0;
}

/* What comes before the end of an answer. False: it makes no sense, or was the last thing. */
static bool note(worker *w, const worker_message *message, size_t bytes, uint32_t kind)
{
    worker_timer timer;
    char text[WORKER_TEXT_BYTES];
    switch (message->kind) {
    case WORKER_HELLO:
        if (w->is_greeted) break;
        w->is_greeted = true;
        w->sandbox = message->count;
        return true;
    case WORKER_LOG:
        if (!w->host) break;
        if (message->flags & WORKER_LINES_DROPPED) {
            plugin_boundary_note_log_dropped(w->boundary, message->count);
            return true;
        }
        w->host->log(w->host, message->status, (keel_str){(const char *)w->copy, bytes});
        return true;
    case WORKER_TIMER:
        if (!w->host || bytes != sizeof timer) break;
        memcpy(&timer, w->copy, sizeof timer);
        w->host->timer(w->host, timer.id, timer.due);
        return true;
    case WORKER_SAVED:
        if (!w->saving) break;
        if (w->saving->io(w->saving, w->copy, bytes) != (int64_t)bytes) w->saving = NULL;
        return true;
    case WORKER_FAULT:
        copy_text(text, sizeof text, w->copy, bytes);
        worker_fail(w, "%s", text);
        return false;
    default: break;
    }
    worker_fail(w, "its answer to %s is malformed: a message of kind %u does not belong there",
                worker_call_name(kind), message->kind);
    return false;
}

/* A full ring means that the worker does not read. */
static void *reserve(worker *w, uint32_t kind, size_t bytes)
{
    void *room = worker_ring_reserve(&w->requests, bytes);
    if (room || !worker_ring_fits(&w->requests, bytes)) return room;
    int64_t deadline = clock_now() + w->control_nanoseconds;
    struct timespec pause = {0, 50000};
    while (!(room = worker_ring_reserve(&w->requests, bytes))) {
        if (has_ended(w)) {
            fail_ended(w, kind);
            return NULL;
        }
        if (clock_now() >= deadline) {
            worker_fail(w, "it does not take %s", worker_call_name(kind));
            return NULL;
        }
        nanosleep(&pause, NULL);
    }
    return room;
}

static void send(worker *w, worker_message request, size_t bytes)
{
    request.number = ++w->number;
    request.now = w->now;
    worker_ring_send(&w->requests, request, bytes);
}

/* What stands before the answer is noted; ARRIVED for the answer itself. */
static arrival sort(worker *w, const worker_message *message, uint32_t kind)
{
    if (message->kind != WORKER_DONE)
        return note(w, message, message->payload, kind) ? ABSENT : BROKEN;
    if (message->number == w->number) {
        if (message->flags & WORKER_WAKES && w->host) w->host->wake(w->host);
        return ARRIVED;
    }
    worker_fail(w, "its answer to %s is malformed: it answers another request",
                worker_call_name(kind));
    return BROKEN;
}

/* The answer, its payload in w->copy; ABSENT when patience has ended. */
static arrival finish(worker *w, uint32_t kind, patience *patience, worker_message *answer)
{
    for (uint32_t messages = 1;; messages++) {
        arrival found = receive(w, answer, kind, patience);
        if (found != ARRIVED) return found;
        found = sort(w, answer, kind);
        if (found != ABSENT) return found;
        if (messages % MESSAGES_BETWEEN_LOOKS) continue;
        if (patience->deadline == 0) {
            patience->deadline = clock_now() + limit_of(w, kind);
            patience->ends = INT64_MAX;
        } else if (clock_now() >= patience->deadline) {
            worker_fail(w, "its answer to %s does not end", worker_call_name(kind));
            return BROKEN;
        }
    }
}

keel_status worker_ask(
    worker *w, worker_message request, const void *payload, size_t bytes, const void **answer,
    size_t *answer_bytes, uint32_t *count)
{
    *answer = w->copy;
    *answer_bytes = 0;
    *count = 0;
    worker_await(w);
    if (w->has_failed || !w->child) return KEEL_E_FAULT;
    void *room = reserve(w, request.kind, bytes);
    if (!room) return w->has_failed ? KEEL_E_FAULT : KEEL_E_FULL;
    if (bytes) memcpy(room, payload, bytes);
    send(w, request, bytes);
    worker_message done;
    if (finish(w, request.kind, &(patience){0}, &done) != ARRIVED) return KEEL_E_FAULT;
    *answer_bytes = done.payload;
    *count = done.count;
    return done.status;
}

/* ---- an answer that is late -------------------------------------------------------------- */
void worker_set_patience(worker *w, int64_t nanoseconds) { w->patience_nanoseconds = nanoseconds; }

/* Out of the way of other answers, until it is asked for. */
static void keep(worker *w, const worker_message *answer)
{
    w->owes = false;
    w->late_status = answer->status;
    w->late_bytes = answer->payload;
    memcpy(w->late, w->copy, answer->payload);
}

bool worker_has_answered(worker *w)
{
    worker_message message;
    for (uint32_t taken = 0; w->owes && !w->has_failed && taken < MESSAGES_BETWEEN_LOOKS; taken++) {
        arrival found = look(w, &message, WORKER_PROCESS);
        if (found == ARRIVED) {
            if (sort(w, &message, WORKER_PROCESS) == ARRIVED) keep(w, &message);
            continue;
        }
        if (found == BROKEN) break;
        int64_t now = clock_now();
        if (now < w->next_look) break;
        w->next_look = now + SLICE_NANOSECONDS;
        /* What it sent before it ended is looked at once more. */
        if (has_ended(w) && !worker_ring_wait(&w->answers, 0, 0)) fail_ended(w, WORKER_PROCESS);
        break;
    }
    /* However much it says meanwhile. */
    if (w->owes && !w->has_failed && clock_now() >= w->owed_deadline)
        fail_late(w, WORKER_PROCESS);
    return !w->owes || w->has_failed;
}

void worker_await(worker *w)
{
    while (!worker_has_answered(w)) worker_ring_wait(&w->answers, 0, SLICE_NANOSECONDS);
}

/* ---- hot path ---------------------------------------------------------------------------- */
/* The sink checks each record once more, as it does for any plugin. */
static bool push_all(const keel_sink *sink, const uint8_t *records, size_t bytes)
{
    for (size_t place = 0; place < bytes;) {
        uint32_t size = 0;
        if (bytes - place < sizeof(keel_event)) return false;
        memcpy(&size, records + place, sizeof size);
        if (size < sizeof(keel_event) || size % 8 || size > bytes - place) return false;
        if (sink->push(sink, records + place, size) != KEEL_OK) return false;
        place += size;
    }
    return true;
}

static keel_status answer(
    worker *w, keel_status status, const uint8_t *records, size_t bytes, const keel_sink *sink)
{
    if (status != KEEL_OK || bytes == 0) return status > KEEL_OK ? KEEL_E_FAULT : status;
    if (push_all(sink, records, bytes)) return KEEL_OK;
    worker_fail(w, "its answer to process is malformed: it holds what is no answer");
    return KEEL_E_FAULT;
}

keel_status worker_process(keel_plugin *p, const keel_batch *in, const keel_sink *sink)
{
    worker *w = (worker *)p;
    if (!in || w->owes) worker_await(w);
    if (w->has_failed || !w->child) return KEEL_E_FAULT;
    if (!in) return answer(w, w->late_status, w->late, w->late_bytes, sink);
    size_t bytes = sizeof *in + in->bytes;
    uint8_t *room = reserve(w, WORKER_PROCESS, bytes);
    if (!room) {
        worker_fail(w, "a batch of %zu bytes fits no ring", in->bytes);
        return KEEL_E_FAULT;
    }
    memcpy(room, in, sizeof *in);
    if (in->bytes) memcpy(room + sizeof *in, in->events, in->bytes);
    w->now = in->now;
    send(w, (worker_message){.kind = WORKER_PROCESS}, bytes);
    worker_message done;
    patience patience = {.nanoseconds = w->patience_nanoseconds};
    switch (finish(w, WORKER_PROCESS, &patience, &done)) {
    case ARRIVED: return answer(w, done.status, w->copy, done.payload, sink);
    case ABSENT:
        w->owes = true;
        w->owed_deadline = patience.deadline;
        return PLUGIN_LATER;
    default: return KEEL_E_FAULT;
    }
}
