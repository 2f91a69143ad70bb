/* What an Embedded Swift plugin needs below Swift, on libc alone: one arena per instance, and
 * declarations of the libm functions that the SDK offers.
 *
 * The library defines posix_memalign, free and arc4random_buf for its plugin, hidden from
 * everyone else. A block made while an instance runs comes from that instance's arena; its header
 * names the owner, so that it returns there whoever frees it. An instance interrupted in the
 * middle of an allocation therefore spoils its own arena and no other. */
#ifndef PLUGIN_RUNTIME_H
#define PLUGIN_RUNTIME_H

#include <stddef.h>
#include <stdint.h>

typedef struct plugin_arena plugin_arena;

/* NULL when the system has no memory left. */
plugin_arena *plugin_arena_create(void);

/* Gives back all of it at once, blocks still in use included. */
void plugin_arena_destroy(plugin_arena *arena);

/* Where this thread keeps the arena it allocates from; NULL there means the process's own. Found
 * once per call into the plugin, because finding it is what costs. Never NULL itself. */
plugin_arena **plugin_arena_current(void) __attribute__((returns_nonnull));

/* Bytes of address space held, for tests and limits. */
size_t plugin_arena_bytes(const plugin_arena *arena);

/* libm; a plugin that calls none of them does not depend on it. */
double exp(double x);
double expm1(double x);
double log(double x);
double log1p(double x);
double log2(double x);
double log10(double x);
double pow(double base, double exponent);
double sin(double x);
double cos(double x);
double tan(double x);
double atan(double x);
double atan2(double y, double x);
double tanh(double x);
double erf(double x);

#endif
