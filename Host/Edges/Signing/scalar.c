#include "scalar.h"

#include <string.h>

typedef unsigned __int128 wide;

static const uint64_t order[5] = {
    0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0x0000000000000000, 0x1000000000000000, 0};
/* 2^512 / L, for Barrett's reduction. */
static const uint64_t reciprocal[5] = {
    0xed9ce5a30a2c131b, 0x2106215d086329a7, 0xffffffffffffffeb, 0xffffffffffffffff,
    0x000000000000000f};

static void multiply(const uint64_t *a, int aCount, const uint64_t *b, int bCount, uint64_t *out) {
    memset(out, 0, (size_t)(aCount + bCount) * sizeof *out);
    for (int i = 0; i < aCount; i++) {
        uint64_t carry = 0;
        for (int j = 0; j < bCount; j++) {
            wide sum = (wide)a[i] * b[j] + out[i + j] + carry;
            out[i + j] = (uint64_t)sum;
            carry = (uint64_t)(sum >> 64);
        }
        out[i + bCount] = carry;
    }
}

/* a - b modulo 2^320; 1 where b is more than a. */
static uint64_t subtract(const uint64_t a[5], const uint64_t b[5], uint64_t out[5]) {
    uint64_t borrow = 0;
    for (int i = 0; i < 5; i++) {
        wide difference = (wide)a[i] - b[i] - borrow;
        out[i] = (uint64_t)difference;
        borrow = (uint64_t)(difference >> 64) & 1;
    }
    return borrow;
}

/* Barrett: the quotient by the reciprocal is at most two too small. */
static scalar reduced(const uint64_t x[8]) {
    uint64_t quotient[10], multiple[10], rest[5];
    multiply(x + 3, 5, reciprocal, 5, quotient);
    multiply(quotient + 5, 5, order, 5, multiple);
    subtract(x, multiple, rest);
    for (int times = 0; times < 2; times++) {
        uint64_t less[5];
        uint64_t keeps = 0 - subtract(rest, order, less);
        for (int i = 0; i < 5; i++) rest[i] = (rest[i] & keeps) | (less[i] & ~keeps);
    }
    return (scalar){{rest[0], rest[1], rest[2], rest[3]}};
}

static void load(const uint8_t *bytes, int count, uint64_t *limbs) {
    for (int i = 0; i < count; i++) {
        limbs[i] = 0;
        for (int byte = 7; byte >= 0; byte--) limbs[i] = limbs[i] << 8 | bytes[8 * i + byte];
    }
}

scalar scalar_from_bytes(const uint8_t *bytes) {
    scalar result;
    load(bytes, 4, result.limb);
    return result;
}

scalar scalar_of_digest(const uint8_t *digest) {
    uint64_t limbs[8];
    load(digest, 8, limbs);
    scalar result = reduced(limbs);
    explicit_bzero(limbs, sizeof limbs);
    return result;
}

scalar scalar_product_sum(const scalar *a, const scalar *b, const scalar *c) {
    uint64_t limbs[8];
    multiply(a->limb, 4, b->limb, 4, limbs);
    uint64_t carry = 0;
    for (int i = 0; i < 8; i++) {
        wide sum = (wide)limbs[i] + (i < 4 ? c->limb[i] : 0) + carry;
        limbs[i] = (uint64_t)sum;
        carry = (uint64_t)(sum >> 64);
    }
    scalar result = reduced(limbs);
    explicit_bzero(limbs, sizeof limbs);
    return result;
}

bool scalar_is_reduced(const scalar *a) {
    uint64_t value[5] = {a->limb[0], a->limb[1], a->limb[2], a->limb[3], 0}, less[5];
    return subtract(value, order, less) == 1;
}

void scalar_to_bytes(const scalar *a, uint8_t *bytes) {
    for (int i = 0; i < 32; i++) bytes[i] = (uint8_t)(a->limb[i / 8] >> 8 * (i % 8));
}
