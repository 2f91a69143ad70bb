// The worker's end. It trusts the host: what the host wrote is used where it lies.
#define _GNU_SOURCE
#include "WorkerChannel.h"
#include "memory.h"

#include <string.h>
#include <unistd.h>

static const int64_t SLEEP_NANOSECONDS = 1000000000;

bool worker_service_begin(worker_service *service)
{
    worker_mapping memory;
    if (!worker_memory_map(WORKER_MEMORY_DESCRIPTOR, &memory)) return false;
    if (memory.head->magic != WORKER_MAGIC) return false;
    close(WORKER_MEMORY_DESCRIPTOR);
    service->spins = memory.head->spins;
    service->requests = (worker_ring){&memory.head->down, memory.down, WORKER_RING_BYTES, 0, 0};
    service->answers = (worker_ring){&memory.head->up, memory.up, WORKER_RING_BYTES, 0, 0};
    uint32_t held = worker_confine(memory.head->memory_bytes, memory.head->host);
    worker_service_send(service, (worker_message){.kind = WORKER_HELLO, .count = held}, NULL, 0);
    return true;
}

const void *worker_service_next(worker_service *service, worker_message *request)
{
    const void *payload = NULL;
    uint32_t spins = service->spins;
    for (;;) {
        int found = worker_ring_look(&service->requests, request, &payload);
        if (found == WORKER_RING_HAS) return payload;
        if (found == WORKER_RING_BROKEN) _exit(1);
        worker_ring_wait(&service->requests, spins, SLEEP_NANOSECONDS);
    }
}

void worker_service_send(
    worker_service *service, worker_message message, const void *payload, size_t bytes)
{
    if (!worker_ring_fits(&service->answers, bytes)) _exit(1);
    void *room = NULL;
    while (!(room = worker_ring_reserve(&service->answers, bytes))) usleep(50);
    if (bytes) memcpy(room, payload, bytes);
    worker_ring_send(&service->answers, message, bytes);
}

void worker_service_done(worker_service *service, uint32_t size)
{
    worker_ring_skip(&service->requests, size);
}
