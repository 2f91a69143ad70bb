#include "Checksum.h"
#include "sha256.h"
#include <string.h>

/* FIPS 180-4. The constants are the fractional parts of the cube roots of the first 64 primes. */
const uint32_t sha256_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotated(uint32_t word, int bits) { return word >> bits | word << (32 - bits); }

static void digest_block(uint32_t state[8], const uint8_t *block) {
    uint32_t schedule[64];
    for (int i = 0; i < 16; i++)
        schedule[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16
                    | (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < 64; i++) {
        uint32_t near = schedule[i - 2], far = schedule[i - 15];
        schedule[i] = schedule[i - 16] + schedule[i - 7]
                    + (rotated(far, 7) ^ rotated(far, 18) ^ far >> 3)
                    + (rotated(near, 17) ^ rotated(near, 19) ^ near >> 10);
    }
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    for (int i = 0; i < 64; i++) {
        uint32_t first = h + (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25))
                       + ((e & f) ^ (~e & g)) + sha256_constants[i] + schedule[i];
        uint32_t second = (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22))
                        + ((a & b) ^ (a & c) ^ (b & c));
        h = g, g = f, f = e, e = d + first, d = c, c = b, b = a, a = first + second;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d;
    state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

void sha256_portable(uint32_t state[8], const uint8_t *at, size_t blocks) {
    for (; blocks > 0; blocks--, at += 64) digest_block(state, at);
}

/* Chosen before main, so that no call has to. */
static void (*digest_blocks)(uint32_t state[8], const uint8_t *at, size_t blocks) = sha256_portable;

__attribute__((constructor)) static void choose(void) {
    if (sha256_has_instructions()) digest_blocks = sha256_by_instruction;
}

void checksum_sha256_init(checksum_sha256 *sha) {
    static const uint32_t initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    memset(sha, 0, sizeof *sha);
    memcpy(sha->state, initial, sizeof initial);
}

void checksum_sha256_portable_init(checksum_sha256 *sha) {
    checksum_sha256_init(sha);
    sha->is_portable = 1;
}

static void digest(checksum_sha256 *sha, const uint8_t *at, size_t blocks) {
    (sha->is_portable ? sha256_portable : digest_blocks)(sha->state, at, blocks);
}

void checksum_sha256_update(checksum_sha256 *sha, const void *bytes, size_t count) {
    const uint8_t *at = bytes;
    size_t held = sha->length % 64;
    sha->length += count;
    if (held > 0) {
        size_t taken = count < 64 - held ? count : 64 - held;
        if (taken > 0) memcpy(sha->block + held, at, taken);
        if (held + taken < 64) return;
        digest(sha, sha->block, 1);
        at += taken, count -= taken;
    }
    digest(sha, at, count / 64);
    at += count / 64 * 64, count %= 64;
    if (count > 0) memcpy(sha->block, at, count);
}

void checksum_sha256_final(checksum_sha256 *sha, uint8_t *out) {
    static const uint8_t padding[64] = {0x80};
    uint64_t bits = sha->length * 8;
    size_t held = sha->length % 64;
    uint8_t length[8];
    for (int i = 0; i < 8; i++) length[i] = (uint8_t)(bits >> (56 - 8 * i));
    checksum_sha256_update(sha, padding, held < 56 ? 56 - held : 120 - held);
    checksum_sha256_update(sha, length, sizeof length);
    for (int i = 0; i < 8; i++)
        for (int byte = 0; byte < 4; byte++)
            out[4 * i + byte] = (uint8_t)(sha->state[i] >> (24 - 8 * byte));
}
