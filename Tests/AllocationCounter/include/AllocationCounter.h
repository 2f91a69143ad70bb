/* Counts what the process allocates: linked into a program, it stands before the C library's
 * allocator. glibc only. */
#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdint.h>

/* Allocations of all threads since the start, reallocations included. */
uint64_t allocation_counter_read(void);

#endif
