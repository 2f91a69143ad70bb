// Both ends of a ring. Only the other side's index and the message's header are read from shared
// memory, each of them once.
#define _GNU_SOURCE
#include "WorkerRing.h"

#include <linux/futex.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static size_t whole(size_t payload)
{
    return (sizeof(worker_message) + payload + 7) & ~(size_t)7;
}

static uint8_t *at(const worker_ring *ring, uint64_t place)
{
    return ring->bytes + (place & (ring->capacity - 1));
}

/* Bytes to be read, of which the writer says how many. */
static const char *readable(const worker_ring *ring, size_t *bytes)
{
    uint64_t tail = atomic_load_explicit(&ring->indices->tail, memory_order_acquire);
    uint64_t written = tail - ring->place;
    *bytes = 0;
    if (written > ring->capacity) return "its index leads beyond the ring";
    if (written % 8 || (written && written < sizeof(worker_message)))
        return "its index lies inside a message";
    *bytes = (size_t)written;
    return NULL;
}

static int look(
    const worker_ring *ring, worker_message *message, const void **payload, const char **defect)
{
    size_t bytes = 0;
    if ((*defect = readable(ring, &bytes))) return WORKER_RING_BROKEN;
    if (bytes == 0) return WORKER_RING_EMPTY;
    const uint8_t *start = at(ring, ring->place);
    memcpy(message, start, sizeof *message);
    *payload = start + sizeof *message;
    if (message->size >= sizeof *message && message->size <= bytes
        && message->size == whole(message->payload))
        return WORKER_RING_HAS;
    *defect = "a message has an impossible size";
    return WORKER_RING_BROKEN;
}

int worker_ring_look(const worker_ring *ring, worker_message *message, const void **payload)
{
    const char *defect = NULL;
    return look(ring, message, payload, &defect);
}

void worker_ring_skip(worker_ring *ring, uint32_t size)
{
    ring->place += size;
    atomic_store_explicit(&ring->indices->head, ring->place, memory_order_release);
}

int worker_ring_take(
    worker_ring *ring, worker_message *message, void *payload, size_t room, const char **defect)
{
    const void *bytes = NULL;
    int found = look(ring, message, &bytes, defect);
    if (found != WORKER_RING_HAS) return found;
    if (message->payload > room) {
        *defect = "a message is larger than any that is due";
        return WORKER_RING_BROKEN;
    }
    memcpy(payload, bytes, message->payload);
    worker_ring_skip(ring, message->size);
    return WORKER_RING_HAS;
}

bool worker_ring_fits(const worker_ring *ring, size_t bytes)
{
    return bytes <= ring->capacity - sizeof(worker_message);
}

static bool has_room(const worker_ring *ring, size_t bytes)
{
    uint64_t used = ring->place - ring->read;
    return used <= ring->capacity && bytes <= ring->capacity - used;
}

/* The reader's line is fetched from the other processor only when what is known does not do. */
void *worker_ring_reserve(worker_ring *ring, size_t bytes)
{
    if (!worker_ring_fits(ring, bytes)) return NULL;
    if (!has_room(ring, whole(bytes))) {
        ring->read = atomic_load_explicit(&ring->indices->head, memory_order_acquire);
        if (!has_room(ring, whole(bytes))) return NULL;
    }
    return at(ring, ring->place) + sizeof(worker_message);
}

static long futex(_Atomic uint32_t *word, int operation, uint32_t value, struct timespec *timeout)
{
    return syscall(SYS_futex, word, operation, value, timeout, NULL, 0);
}

void worker_ring_send(worker_ring *ring, worker_message message, size_t bytes)
{
    message.size = (uint32_t)whole(bytes);
    message.payload = (uint32_t)bytes;
    memcpy(at(ring, ring->place), &message, sizeof message);
    ring->place += message.size;
    atomic_store_explicit(&ring->indices->tail, ring->place, memory_order_release);
    /* Between the two, so that either the reader sees the message or we see that it sleeps. */
    atomic_thread_fence(memory_order_seq_cst);
    if (!atomic_load_explicit(&ring->indices->waiting, memory_order_relaxed)) return;
    atomic_store_explicit(&ring->indices->waiting, 0, memory_order_relaxed);
    atomic_fetch_add_explicit(&ring->indices->bell, 1, memory_order_release);
    futex(&ring->indices->bell, FUTEX_WAKE, 1, NULL);
}

static bool has_any(const worker_ring *ring)
{
    return atomic_load_explicit(&ring->indices->tail, memory_order_acquire) != ring->place;
}

static inline void breathe(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

bool worker_ring_wait(worker_ring *ring, uint32_t spins, int64_t nanoseconds)
{
    for (uint32_t i = 0; i < spins; i++) {
        if (has_any(ring)) return true;
        breathe();
    }
    if (has_any(ring) || nanoseconds <= 0) return has_any(ring);
    uint32_t seen = atomic_load_explicit(&ring->indices->bell, memory_order_acquire);
    atomic_store_explicit(&ring->indices->waiting, 1, memory_order_relaxed);
    atomic_thread_fence(memory_order_seq_cst);
    if (!has_any(ring)) {
        struct timespec timeout = {nanoseconds / 1000000000, nanoseconds % 1000000000};
        futex(&ring->indices->bell, FUTEX_WAIT, seen, &timeout);
    }
    atomic_store_explicit(&ring->indices->waiting, 0, memory_order_relaxed);
    return has_any(ring);
}
