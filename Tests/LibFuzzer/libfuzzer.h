/* The one function of the compiler's libFuzzer runtime that is called from here. */
#ifndef KEEL_LIBFUZZER_H
#define KEEL_LIBFUZZER_H

#include <stddef.h>
#include <stdint.h>

/* Reads libFuzzer's options from the words, and calls `run` with inputs until its time is over. */
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*run)(const uint8_t *data, size_t size));

#endif
