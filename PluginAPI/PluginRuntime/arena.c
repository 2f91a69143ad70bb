// Arena allocator: size-class free lists over chunks from mmap; see PluginRuntime.h.
#include "arena.h"

#include <stdatomic.h>
#include <sys/mman.h>

enum {
  GRAIN = 16,                // alignment of every block, and the size of its header
  SMALL_MAX = 512,           // up to here one class per 16 bytes
  CLASSED_MAX = 32 * 1024,   // up to here four classes per doubling; above, a mapping each
  SMALL_CLASSES = SMALL_MAX / GRAIN,
  CLASSES = SMALL_CLASSES + 4 * 6,
  LARGE = CLASSES,           // the class of a block with a mapping of its own
  CHUNK_FIRST = 64 * 1024,
  CHUNK_MAX = 1024 * 1024,
};
// Beyond this an instance leaks: it gets no more and traps, which quarantines it alone.
static const size_t arena_bytes_max = (size_t)4 << 30;

// Stands before every block.
typedef struct header {
  plugin_arena *owner;
  uint32_t size_class;
  uint32_t shift;            // from the block as carved to the block as aligned
} header;
_Static_assert(sizeof(header) == GRAIN, "the header keeps the block aligned");

typedef struct free_block { struct free_block *next; } free_block;

// A chunk, or a large block with its header; in a ring so that each can leave by itself.
typedef struct mapping {
  struct mapping *next, *previous;
  size_t bytes, padding;
} mapping;

struct plugin_arena {
  mapping mappings;          // the ring's anchor
  char *bump, *bump_end;
  size_t chunk_next, bytes;
  uint64_t random;
  bool shared;
  atomic_flag lock;
  free_block *free_lists[CLASSES];
};

// Allocations with no instance current: the entry's statics. Several threads may meet here.
static plugin_arena process_arena = {.shared = true, .lock = ATOMIC_FLAG_INIT};

// The dynamic model: static TLS is scarce, and a library loaded late may not claim it.
static _Thread_local plugin_arena *current __attribute__((tls_model("global-dynamic")));

static void arena_lock(plugin_arena *arena) {
  if (!arena->shared) return;
  while (atomic_flag_test_and_set_explicit(&arena->lock, memory_order_acquire)) {}
}
static void arena_unlock(plugin_arena *arena) {
  if (arena->shared) atomic_flag_clear_explicit(&arena->lock, memory_order_release);
}

static mapping *arena_map(plugin_arena *arena, size_t bytes) {
  if (bytes > arena_bytes_max - arena->bytes) return NULL;
  void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return NULL;
  mapping *made = memory;
  mapping *anchor = &arena->mappings;
  if (!anchor->next) anchor->next = anchor->previous = anchor;
  made->bytes = bytes;
  made->next = anchor->next;
  made->previous = anchor;
  anchor->next->previous = made;
  anchor->next = made;
  arena->bytes += bytes;
  return made;
}

static uint32_t class_of(size_t bytes) {
  if (bytes <= SMALL_MAX) return bytes == 0 ? 0 : (uint32_t)((bytes - 1) / GRAIN);
  // The highest set bit of bytes - 1 names the doubling, the two bits below it the quarter.
  uint32_t top = 63 - (uint32_t)__builtin_clzll(bytes - 1);
  uint32_t quarter = (uint32_t)((bytes - 1) >> (top - 2)) & 3;
  return SMALL_CLASSES + (top - 9) * 4 + quarter;
}

static size_t class_bytes(uint32_t size_class) {
  if (size_class < SMALL_CLASSES) return (size_t)(size_class + 1) * GRAIN;
  uint32_t step = size_class - SMALL_CLASSES;
  size_t base = (size_t)SMALL_MAX << (step / 4);
  return base + (base / 4) * (step % 4 + 1);
}

static char *carve(plugin_arena *arena, size_t bytes) {
  if ((size_t)(arena->bump_end - arena->bump) < bytes) {
    if (arena->chunk_next == 0) arena->chunk_next = CHUNK_FIRST;
    mapping *chunk = arena_map(arena, arena->chunk_next);
    if (!chunk) return NULL;
    arena->bump = (char *)(chunk + 1);
    arena->bump_end = (char *)chunk + chunk->bytes;
    if (arena->chunk_next < CHUNK_MAX) arena->chunk_next *= 2;
  }
  char *start = arena->bump;
  arena->bump += bytes;
  return start;
}

static void *take(plugin_arena *arena, size_t bytes) {
  header *made;
  uint32_t size_class = bytes > CLASSED_MAX ? LARGE : class_of(bytes);
  if (size_class == LARGE) {
    if (bytes > arena_bytes_max) return NULL;
    mapping *own = arena_map(arena, sizeof(mapping) + sizeof(header) + bytes);
    if (!own) return NULL;
    made = (header *)(own + 1);
  } else if (arena->free_lists[size_class]) {
    free_block *block = arena->free_lists[size_class];
    arena->free_lists[size_class] = block->next;
    return block;
  } else {
    made = (header *)(void *)carve(arena, sizeof(header) + class_bytes(size_class));
    if (!made) return NULL;
  }
  made->owner = arena;
  made->size_class = size_class;
  made->shift = 0;
  return made + 1;
}

void *arena_allocate(size_t bytes, size_t alignment) {
  plugin_arena *arena = current ? current : &process_arena;
  size_t slack = alignment > GRAIN ? alignment : 0;
  if (slack > CHUNK_MAX || bytes > SIZE_MAX - slack) return NULL;
  arena_lock(arena);
  char *block = take(arena, bytes + slack);
  arena_unlock(arena);
  if (!block || !slack) return block;
  char *aligned = (char *)(((uintptr_t)block + alignment - 1) & ~(uintptr_t)(alignment - 1));
  if (aligned == block) return block;
  header *moved = (header *)(void *)aligned - 1;
  *moved = ((header *)(void *)block)[-1];
  moved->shift = (uint32_t)(aligned - block);
  return aligned;
}

void arena_release(void *pointer) {
  if (!pointer) return;
  char *block = (char *)pointer - ((header *)pointer)[-1].shift;
  header *found = (header *)(void *)block - 1;
  plugin_arena *arena = found->owner;
  if (!arena || found->size_class > LARGE) __builtin_trap(); // not ours, or overwritten
  arena_lock(arena);
  if (found->size_class == LARGE) {
    mapping *own = (mapping *)(void *)found - 1;
    own->next->previous = own->previous;
    own->previous->next = own->next;
    arena->bytes -= own->bytes;
    munmap(own, own->bytes);
  } else {
    free_block *freed = (free_block *)(void *)block;
    freed->next = arena->free_lists[found->size_class];
    arena->free_lists[found->size_class] = freed;
  }
  arena_unlock(arena);
}

uint64_t arena_random(void) {
  plugin_arena *arena = current ? current : &process_arena;
  arena_lock(arena);
  uint64_t mixed = arena->random += 0x9E3779B97F4A7C15u;
  arena_unlock(arena);
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
  return mixed ^ (mixed >> 31);
}

plugin_arena *plugin_arena_create(void) {
  // The arena describes itself from the head of its first chunk.
  plugin_arena seed = {.chunk_next = CHUNK_FIRST * 2};
  mapping *chunk = arena_map(&seed, CHUNK_FIRST);
  if (!chunk) return NULL;
  plugin_arena *arena = (plugin_arena *)(chunk + 1);
  arena->mappings.next = arena->mappings.previous = chunk;
  chunk->next = chunk->previous = &arena->mappings;
  arena->chunk_next = seed.chunk_next;
  arena->bytes = seed.bytes;
  size_t used = (sizeof(plugin_arena) + GRAIN - 1) & ~(size_t)(GRAIN - 1);
  arena->bump = (char *)arena + used;
  arena->bump_end = (char *)chunk + chunk->bytes;
  return arena;
}

void plugin_arena_destroy(plugin_arena *arena) {
  if (current == arena) current = NULL;
  // The arena lies in the mapping made first, which the ring therefore reaches last.
  mapping *anchor = &arena->mappings;
  for (mapping *each = anchor->next; each != anchor;) {
    mapping *next = each->next;
    munmap(each, each->bytes);
    each = next;
  }
}

plugin_arena **plugin_arena_current(void) { return &current; }

size_t plugin_arena_bytes(const plugin_arena *arena) { return arena->bytes; }
