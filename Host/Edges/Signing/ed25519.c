#include "Signing.h"
#include "point.h"

#include <string.h>

/* RFC 8032, section 5.1. */

typedef struct secret {
    scalar factor;
    uint8_t prefix[32];
} secret;

static void expand(const uint8_t *seed, secret *out) {
    signing_sha512 sha;
    uint8_t digest[64];
    signing_sha512_init(&sha);
    signing_sha512_update(&sha, seed, SIGNING_SEED_BYTES);
    signing_sha512_final(&sha, digest);
    digest[0] &= 0xf8;
    digest[31] = (digest[31] & 0x7f) | 0x40;
    out->factor = scalar_from_bytes(digest);
    memcpy(out->prefix, digest + 32, 32);
    explicit_bzero(digest, sizeof digest);
}

static scalar digest_of(
    const uint8_t *first, const uint8_t *second, const void *message, size_t count) {
    signing_sha512 sha;
    uint8_t digest[64];
    signing_sha512_init(&sha);
    signing_sha512_update(&sha, first, 32);
    if (second) signing_sha512_update(&sha, second, 32);
    if (count > 0) signing_sha512_update(&sha, message, count);
    signing_sha512_final(&sha, digest);
    scalar result = scalar_of_digest(digest);
    explicit_bzero(digest, sizeof digest);
    return result;
}

static void public_key(const secret *secret, uint8_t *key) {
    point multiple = point_base_multiple(&secret->factor);
    point_to_bytes(&multiple, key);
    explicit_bzero(&multiple, sizeof multiple);
}

void signing_public_key(const uint8_t *seed, uint8_t *key) {
    secret secret;
    expand(seed, &secret);
    public_key(&secret, key);
    explicit_bzero(&secret, sizeof secret);
}

void signing_sign(const uint8_t *seed, const void *message, size_t count, uint8_t *signature) {
    secret secret;
    uint8_t key[32];
    expand(seed, &secret);
    public_key(&secret, key);
    scalar nonce = digest_of(secret.prefix, NULL, message, count);
    point commitment = point_base_multiple(&nonce);
    point_to_bytes(&commitment, signature);
    scalar challenge = digest_of(signature, key, message, count);
    scalar answer = scalar_product_sum(&challenge, &secret.factor, &nonce);
    scalar_to_bytes(&answer, signature + 32);
    explicit_bzero(&nonce, sizeof nonce);
    explicit_bzero(&commitment, sizeof commitment);
    explicit_bzero(&secret, sizeof secret);
}

static bool read_key(const uint8_t *key, point *out) {
    if (!point_from_bytes(key, out)) return false;
    if (point_has_small_order(out)) return false;
    return true;
}

bool signing_key_is_sound(const uint8_t *key) {
    point point;
    return read_key(key, &point);
}

/* R is computed and its encoding compared, so that only its one encoding is taken. */
bool signing_verify(
    const uint8_t *key, const void *message, size_t count, const uint8_t *signature) {
    point signer;
    if (!read_key(key, &signer)) return false;
    scalar answer = scalar_from_bytes(signature + 32);
    if (!scalar_is_reduced(&answer)) return false;
    scalar challenge = digest_of(signature, key, message, count);
    point commitment = point_difference_of_multiples(&answer, &challenge, &signer);
    if (point_has_small_order(&commitment)) return false;
    uint8_t encoding[32];
    point_to_bytes(&commitment, encoding);
    if (memcmp(encoding, signature, 32) != 0) return false;
    return true;
}
