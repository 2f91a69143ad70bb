/* Ed25519 signatures (RFC 8032) and SHA-512 (FIPS 180-4), for plugin bundles. Pure functions over bytes; no call
 * allocates or fails but by its result. What reads a secret takes the same time and the same places in memory for
 * every secret; verifying knows none, and hurries. */
#ifndef SIGNING_H
#define SIGNING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SIGNING_SEED_BYTES = 32, SIGNING_KEY_BYTES = 32, SIGNING_SIGNATURE_BYTES = 64, SIGNING_SHA512_BYTES = 64 };

typedef struct signing_sha512 {
    uint64_t state[8];
    uint64_t length;         /* bytes so far                                                  */
    uint8_t  block[128];     /* those not yet digested: length % 128                          */
} signing_sha512;

void signing_sha512_init(signing_sha512 *sha);
void signing_sha512_update(signing_sha512 *sha, const void *bytes, size_t count);
/* Writes SIGNING_SHA512_BYTES; `sha` is spent, and holds nothing of what it digested. */
void signing_sha512_final(signing_sha512 *sha, uint8_t *digest);

/* The public key of 32 random bytes, which are the private key. */
void signing_public_key(const uint8_t *seed, uint8_t *key);

/* Deterministic: one seed and message give one signature. Takes no public key: two signatures of one message under
 * different public keys would give the private one away. */
void signing_sign(const uint8_t *seed, const void *message, size_t count, uint8_t *signature);

/* Stricter than RFC 8032 asks, so that there is one signature for one signing: S below the order of the group, every
 * point in its one encoding, neither the key nor R of small order. */
bool signing_verify(const uint8_t *key, const void *message, size_t count, const uint8_t *signature);

/* Whether signatures can be held against it: a point of the curve, in its one encoding, of large order. */
bool signing_key_is_sound(const uint8_t *key);

#endif
