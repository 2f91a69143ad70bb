/* A bounded ring of messages in memory that two processes share: one writes, one reads. What the
 * other side wrote is hostile: an index or a size is read once, checked, and only then used.
 *
 * The bytes are mapped twice in succession, so that every message lies in one piece. */
#ifndef WORKER_RING_H
#define WORKER_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#else
#define _Nullable
#define _Nonnull
#endif

enum { WORKER_RING_BYTES = 1 << 20 };

/* Two cache lines apart: one brings its neighbour along. */
typedef struct worker_indices {
    _Alignas(128) _Atomic uint64_t tail; /* bytes ever written: the writer's                 */
    _Alignas(128) _Atomic uint64_t head; /* bytes ever read: the reader's                    */
    _Alignas(128) _Atomic uint32_t bell; /* a futex, changed when a waiting reader is woken  */
    _Atomic uint32_t waiting;            /* 1: the reader sleeps, or is about to             */
} worker_indices;

/* Stands before every message. */
typedef struct worker_message {
    uint32_t size;           /* all of it, this included; a multiple of 8                    */
    uint16_t kind;
    uint16_t flags;
    int32_t  status;
    uint32_t count;
    uint64_t number;         /* of the request, which its answers repeat                     */
    int64_t  now;            /* session time                                                 */
    uint32_t payload;        /* bytes that follow, of which `size` is the rounded sum        */
    uint32_t reserved;
} worker_message;

/* One side's view. Its own place is here, out of the other's reach. */
typedef struct worker_ring {
    worker_indices *indices;
    uint8_t *bytes;
    size_t capacity;         /* a power of two                                               */
    uint64_t place;          /* the writer's tail, or the reader's head                      */
    uint64_t read;           /* the writer's: how far the reader was when last looked at     */
} worker_ring;

enum { /* what worker_ring_look and worker_ring_take answer */
    WORKER_RING_EMPTY, WORKER_RING_HAS, WORKER_RING_BROKEN
};
/* The next message, where it lies. The writer may still change it: for a reader that trusts it. */
int worker_ring_look(const worker_ring *ring, worker_message *message,
                     const void *_Nullable *_Nonnull payload);
/* Frees what worker_ring_look showed. */
void worker_ring_skip(worker_ring *ring, uint32_t size);
/* The next message, copied out: what is judged afterwards is what was copied. BROKEN when indices
 * or size cannot be, or when its payload is more than `room`; *defect says which. */
int worker_ring_take(worker_ring *ring, worker_message *message, void *payload, size_t room,
                     const char *_Nullable *_Nonnull defect);

/* Room for a message with a payload of `bytes`, or NULL while there is none. Its header is written
 * by worker_ring_send. */
void *_Nullable worker_ring_reserve(worker_ring *ring, size_t bytes);
/* Publishes it, and wakes the reader if it sleeps. Both sizes are set here. */
void worker_ring_send(worker_ring *ring, worker_message message, size_t bytes);
/* Whether a message of this size ever fits. */
bool worker_ring_fits(const worker_ring *ring, size_t bytes);

/* Waits for the next message: looks `spins` times, then sleeps for at most `nanoseconds`. False
 * when none came; it may return early. */
bool worker_ring_wait(worker_ring *ring, uint32_t spins, int64_t nanoseconds);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
#endif
