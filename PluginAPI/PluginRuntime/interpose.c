// The names under which Embedded Swift asks for memory and chance. Hidden: they bind inside this
// plugin only, and no other library ever meets them.
#include <errno.h>
#include <string.h>

#include "arena.h"

int posix_memalign(void **out, size_t alignment, size_t bytes) {
  if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0) return EINVAL;
  void *block = arena_allocate(bytes, alignment);
  if (!block) return ENOMEM;
  *out = block;
  return 0;
}

void free(void *pointer) { arena_release(pointer); }

// Libc has it since 2.36 only. Seeds Swift's hashing: constant, so that the order of a Dictionary
// is the same in every run.
void arc4random_buf(void *out, size_t bytes) {
  char *next = out;
  while (bytes > 0) {
    uint64_t random = arena_random();
    size_t step = bytes < sizeof random ? bytes : sizeof random;
    memcpy(next, &random, step);
    next += step;
    bytes -= step;
  }
}
