/* A worker that speaks the protocol well until it is given a batch, and then as its slot is named.
 * Started by the host in the place of keel. */
#define _GNU_SOURCE
#include "WorkerChannel.h"
#include "memory.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static worker_mapping memory;
static worker_ring in, out;
static uint64_t state = 88172645463325252u;

static uint64_t next_random(void)
{
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return state;
}

static void answer(worker_message message, const void *payload, size_t bytes)
{
    void *room = NULL;
    while (!(room = worker_ring_reserve(&out, bytes))) usleep(10);
    if (bytes) memcpy(room, payload, bytes);
    worker_ring_send(&out, message, bytes);
}

static void set_tail(uint64_t tail) { atomic_store(&memory.head->up.tail, tail); }

/* A header with a size of its own, published as so many bytes. */
static void raw(uint32_t size, uint64_t published)
{
    worker_message message = {
        .size = size, .kind = WORKER_DONE, .payload = size - (uint32_t)sizeof message};
    memcpy(memory.up + (out.place & (WORKER_RING_BYTES - 1)), &message, sizeof message);
    set_tail(out.place + published);
}

static void describe(const worker_message *request)
{
    worker_descriptor descriptor = {.kinds = 1};
    strcpy(descriptor.id, "test.hostile");
    strcpy(descriptor.name, "Hostile");
    strcpy(descriptor.version, "1.0.0");
    answer((worker_message){.kind = WORKER_DONE, .number = request->number, .count = 1},
           &descriptor, sizeof descriptor);
}

static void *keep_moving(void *unused)
{
    (void)unused;
    for (;;) {
        uint64_t place = atomic_load(&memory.head->up.head);
        set_tail(place + next_random() % (3 * WORKER_RING_BYTES) - WORKER_RING_BYTES);
        atomic_store(&memory.head->down.head, next_random());
        uint32_t *word = (uint32_t *)(memory.up + next_random() % WORKER_RING_BYTES / 4 * 4);
        *word = (uint32_t)next_random();
        atomic_store(&memory.head->up.bell, (uint32_t)next_random());
    }
    return NULL;
}

static void records(const worker_message *request, uint32_t size, uint16_t type, size_t bytes)
{
    uint64_t payload[64] = {0};
    keel_event event = {.size = size, .type = type};
    memcpy(payload, &event, sizeof event);
    answer((worker_message){.kind = WORKER_DONE, .number = request->number}, payload, bytes);
}

static void log_for_ever(void)
{
    for (;;) answer((worker_message){.kind = WORKER_LOG}, "again", 5);
}

static void misbehave(const char *how, worker_message *request)
{
    uint64_t place = out.place;
    if (!strcmp(how, "beyond")) set_tail(place + WORKER_RING_BYTES + 8);
    if (!strcmp(how, "back")) set_tail(place - 8);
    if (!strcmp(how, "inside")) set_tail(place + 4);
    if (!strcmp(how, "short")) set_tail(place + 8);
    if (!strcmp(how, "nothing")) raw(0, 64);
    if (!strcmp(how, "odd")) raw(33, 64);
    if (!strcmp(how, "huge")) raw(0xfffffff8u, 64);
    if (!strcmp(how, "more")) raw(128, 64);
    if (!strcmp(how, "unknown"))
        answer((worker_message){.kind = 99, .number = request->number}, NULL, 0);
    if (!strcmp(how, "hello")) answer((worker_message){.kind = WORKER_HELLO}, NULL, 0);
    if (!strcmp(how, "other"))
        answer((worker_message){.kind = WORKER_DONE, .number = request->number + 1}, NULL, 0);
    if (!strcmp(how, "timer"))
        answer((worker_message){.kind = WORKER_TIMER, .number = request->number}, "few", 3);
    if (!strcmp(how, "saved"))
        answer((worker_message){.kind = WORKER_SAVED, .number = request->number}, "what", 4);
    if (!strcmp(how, "empty-record")) records(request, 0, KEEL_IN_PLACE, 104);
    if (!strcmp(how, "long-record")) records(request, 4096, KEEL_IN_PLACE, 104);
    if (!strcmp(how, "odd-record")) records(request, 41, KEEL_IN_PLACE, 104);
    if (!strcmp(how, "cut-record")) records(request, 104, KEEL_IN_PLACE, 16);
    if (!strcmp(how, "foreign-record")) records(request, 104, KEEL_EV_FILL, 104);
    if (!strcmp(how, "binary-fault"))
        answer((worker_message){.kind = WORKER_FAULT}, "\xff\x01%s%n\xfe", 7);
    if (!strcmp(how, "log")) log_for_ever();
    if (!strcmp(how, "ends")) _exit(3);
    if (!strcmp(how, "moves")) {
        pthread_t thread;
        pthread_create(&thread, NULL, keep_moving, NULL);
        for (;;) answer((worker_message){.kind = WORKER_DONE, .number = request->number}, NULL, 0);
    }
}

int main(int count, char **words)
{
    if (!worker_memory_map(WORKER_MEMORY_DESCRIPTOR, &memory)) return 1;
    in = (worker_ring){&memory.head->down, memory.down, WORKER_RING_BYTES, 0, 0};
    out = (worker_ring){&memory.head->up, memory.up, WORKER_RING_BYTES, 0, 0};
    answer((worker_message){.kind = WORKER_HELLO}, NULL, 0);
    for (;;) {
        worker_message request;
        const void *payload = NULL;
        while (worker_ring_look(&in, &request, &payload) != WORKER_RING_HAS)
            worker_ring_wait(&in, 100, 1000000);
        worker_ring_skip(&in, request.size);
        if (request.kind == WORKER_LOAD) describe(&request);
        else if (request.kind == WORKER_PROCESS && count > 2) misbehave(words[2], &request);
        else answer((worker_message){.kind = WORKER_DONE, .number = request.number}, NULL, 0);
        if (getppid() == 1) return 1;
    }
}
