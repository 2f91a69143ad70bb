/* The memory that a worker and its host share. */
#ifndef MEMORY_H
#define MEMORY_H

#include "WorkerRing.h"
#include <sys/types.h>

/* Written by the host before the worker starts, and never read by it again. */
typedef struct worker_memory {
    uint64_t magic;
    uint64_t memory_bytes;
    int32_t  host;           /* its process id                                               */
    uint32_t spins;
    worker_indices down, up; /* requests, answers                                            */
} worker_memory;

enum { WORKER_HEAD_BYTES = 4096 };
_Static_assert(sizeof(worker_memory) <= WORKER_HEAD_BYTES, "the rings follow it");
static const uint64_t WORKER_MAGIC = UINT64_C(0x6b65656c776b7231);

typedef struct worker_mapping {
    worker_memory *head;
    uint8_t *down, *up;      /* each WORKER_RING_BYTES, twice                                */
} worker_mapping;

/* A memory of its own, whose size nobody can change; -1 and errno when there is none. */
int worker_memory_new(void);
/* A sealed copy of a library that can be mapped, never written. */
int worker_library_new(const void *bytes, size_t size);
bool worker_memory_map(int descriptor, worker_mapping *out);
void worker_memory_unmap(worker_mapping *mapping);
/* A process whose descriptors 3 and 4 are these, with nothing else of the host's. An errno. */
int worker_spawn(const char *program, const char *name, int memory, int library, pid_t *child);
/* Gives up every right that serving does not need; bits of WORKER_HELLO. */
uint32_t worker_confine(uint64_t memory_bytes, pid_t host);

#endif
