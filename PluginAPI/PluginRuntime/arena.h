// Between the arena and the functions it stands behind.
#ifndef PLUGIN_RUNTIME_ARENA_H
#define PLUGIN_RUNTIME_ARENA_H

#include <stdbool.h>

#include "PluginRuntime.h"

// NULL when there is no memory. `alignment` is a power of two.
void *arena_allocate(size_t bytes, size_t alignment);
// `pointer` is NULL or from arena_allocate, on any thread that may enter its arena.
void arena_release(void *pointer);
// The same sequence in every new arena, so that nothing a plugin does depends on chance.
uint64_t arena_random(void);

#endif
