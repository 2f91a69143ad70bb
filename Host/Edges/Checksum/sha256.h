/* The two ways to digest whole blocks of 64 bytes into a state. */
#ifndef SHA256_H
#define SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern const uint32_t sha256_constants[64];

void sha256_portable(uint32_t state[8], const uint8_t *at, size_t blocks);
bool sha256_has_instructions(void);
void sha256_by_instruction(uint32_t state[8], const uint8_t *at, size_t blocks);

#endif
