// The allocator below every Swift plugin, and the rounding beside it, held to what they promise.
// Linked with arena.c and rounding.c; says what is broken and fails, or says nothing.
#include "arena.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

double rint(double), trunc(double), floor(double), ceil(double), round(double);

static int failures;

static void expect(bool holds, const char *what) {
  if (holds) return;
  printf("broken: %s\n", what);
  failures++;
}

static plugin_arena *entered(void) {
  plugin_arena *arena = plugin_arena_create();
  if (!arena) abort();
  *plugin_arena_current() = arena;
  return arena;
}

// Blocks of all sizes and alignments, each filled with its own byte: none overlaps another.
static void check_blocks(void) {
  enum { COUNT = 512, ROUNDS = 20000 };
  static unsigned char *blocks[COUNT];
  static size_t sizes[COUNT];
  plugin_arena *arena = entered();
  uint64_t seed = 1;
  bool aligned = true, intact = true;
  for (int step = 0; step < ROUNDS; step++) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    size_t place = (seed >> 33) % COUNT;
    if (blocks[place]) {
      for (size_t at = 0; at < sizes[place]; at++) {
        if (blocks[place][at] != (unsigned char)place) intact = false;
      }
      arena_release(blocks[place]);
      blocks[place] = NULL;
      continue;
    }
    size_t alignment = (size_t)16 << (seed >> 20) % 6;
    size_t size = (seed >> 8) % ((size_t)1 << (4 + (seed >> 40) % 13));
    unsigned char *block = arena_allocate(size, alignment);
    if (!block) abort();
    if ((uintptr_t)block % alignment != 0) aligned = false;
    memset(block, (int)place, size);
    blocks[place] = block;
    sizes[place] = size;
  }
  expect(aligned, "a block stands where it was asked to");
  expect(intact, "no block overlaps another");
  memset(blocks, 0, sizeof blocks);
  plugin_arena_destroy(arena);
  expect(*plugin_arena_current() == NULL, "a destroyed arena is nobody's current one");
}

static void check_reuse(void) {
  plugin_arena *arena = entered();
  void *first = arena_allocate(100, 16);
  arena_release(first);
  expect(arena_allocate(105, 16) == first, "a freed block serves the next of its class");
  size_t before = plugin_arena_bytes(arena);
  for (int step = 0; step < 100000; step++) arena_release(arena_allocate(step % 3000, 16));
  expect(plugin_arena_bytes(arena) <= before + (64 << 10) * 6, "what is freed is used again");
  before = plugin_arena_bytes(arena);
  void *large = arena_allocate(1 << 20, 4096);
  expect(plugin_arena_bytes(arena) > before + (1 << 20), "a large block is counted");
  arena_release(large);
  expect(plugin_arena_bytes(arena) == before, "a large block is given back at once");
  arena_release(NULL);
  expect(arena_allocate(SIZE_MAX, 16) == NULL, "there is an end of memory");
  expect(arena_allocate(SIZE_MAX - 8, 64) == NULL, "an alignment does not wrap around");
  expect(arena_allocate((size_t)5 << 30, 16) == NULL, "an instance has a limit");
  plugin_arena_destroy(arena);
}

// A block goes back to its owner, whoever frees it.
static void check_owners(void) {
  plugin_arena *one = entered();
  void *ones = arena_allocate(64, 16);
  plugin_arena *other = entered();
  void *others = arena_allocate(64, 16);
  arena_release(ones);
  expect(arena_allocate(64, 16) != ones, "a block does not change its arena");
  *plugin_arena_current() = one;
  expect(arena_allocate(64, 16) == ones, "a block returns to its owner");
  *plugin_arena_current() = NULL;
  void *nobodys = arena_allocate(64, 16);
  arena_release(others);
  plugin_arena_destroy(one);
  plugin_arena_destroy(other);
  memset(nobodys, 1, 64);
  arena_release(nobodys);
  expect(arena_allocate(64, 16) == nobodys, "the process has an arena of its own");
}

static void check_random(void) {
  plugin_arena *one = entered();
  uint64_t first = arena_random(), second = arena_random();
  plugin_arena *other = entered();
  expect(arena_random() == first && arena_random() == second, "every arena draws the same");
  expect(first != second, "a sequence goes on");
  plugin_arena_destroy(one);
  plugin_arena_destroy(other);
}

// Kilobytes of address space the process holds.
static long held(void) {
  FILE *file = fopen("/proc/self/statm", "r");
  long pages = 0;
  if (!file || fscanf(file, "%ld", &pages) != 1) abort();
  fclose(file);
  return pages * 4;
}

static void check_end(void) {
  long before = held();
  for (int round = 0; round < 1000; round++) {
    plugin_arena *arena = entered();
    for (int block = 0; block < 40; block++) memset(arena_allocate(5000 * block, 16), 1, 1);
    plugin_arena_destroy(arena);
  }
  expect(held() < before + 1024, "a destroyed arena leaves nothing behind");
}

static bool same(double a, double b) { return memcmp(&a, &b, sizeof a) == 0; }

static void check_rounding(void) {
  // x, then rint, trunc, floor, ceil, round of it.
  static const double table[][6] = {
    {0.5, 0, 0, 0, 1, 1},          {-0.5, -0.0, -0.0, -1, -0.0, -1},
    {1.5, 2, 1, 1, 2, 2},          {2.5, 2, 2, 2, 3, 3},
    {-2.5, -2, -2, -3, -2, -3},    {0.49999999999999994, 0, 0, 0, 1, 0},
    {-0.0, -0.0, -0.0, -0.0, -0.0, -0.0},
    {4503599627370495.5, 4503599627370496, 4503599627370495, 4503599627370495,
     4503599627370496, 4503599627370496},
    {1e300, 1e300, 1e300, 1e300, 1e300, 1e300},
    {-INFINITY, -INFINITY, -INFINITY, -INFINITY, -INFINITY, -INFINITY},
  };
  for (size_t row = 0; row < sizeof table / sizeof *table; row++) {
    volatile double x = table[row][0];
    expect(same(rint(x), table[row][1]), "rint");
    expect(same(trunc(x), table[row][2]), "trunc");
    expect(same(floor(x), table[row][3]), "floor");
    expect(same(ceil(x), table[row][4]), "ceil");
    expect(same(round(x), table[row][5]), "round");
  }
  expect(isnan(rint(NAN)) && isnan(floor(NAN)) && isnan(round(NAN)), "no number stays none");
}

int main(void) {
  check_blocks();
  check_reuse();
  check_owners();
  check_random();
  check_end();
  check_rounding();
  return failures == 0 ? 0 : 1;
}
