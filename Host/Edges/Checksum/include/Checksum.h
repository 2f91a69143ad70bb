/* CRC32C for records and blocks, SHA-256 for plugin files and the journal's chain. Pure functions over bytes. */
#ifndef CHECKSUM_H
#define CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

enum { CHECKSUM_SHA256_BYTES = 32 };

/* Start with 0; the result of one piece starts the next. SSE 4.2 where the machine has it. */
uint32_t checksum_crc32c(uint32_t crc, const void *bytes, size_t count);
/* The same by table, on any machine. */
uint32_t checksum_crc32c_portable(uint32_t crc, const void *bytes, size_t count);

typedef struct checksum_sha256 {
    uint32_t state[8];
    uint64_t length;         /* bytes so far                                                  */
    uint8_t  block[64];      /* those not yet digested: length % 64                           */
    uint32_t is_portable, pad;
} checksum_sha256;

/* The x86 instructions for it where the machine has them. */
void checksum_sha256_init(checksum_sha256 *sha);
/* The same without them, on any machine. */
void checksum_sha256_portable_init(checksum_sha256 *sha);
void checksum_sha256_update(checksum_sha256 *sha, const void *bytes, size_t count);
/* Writes CHECKSUM_SHA256_BYTES; `sha` is spent. */
void checksum_sha256_final(checksum_sha256 *sha, uint8_t *digest);

#endif
