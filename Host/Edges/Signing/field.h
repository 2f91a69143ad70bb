/* Numbers modulo 2^255 - 19, as five limbs of 51 bits, least first. A product's limbs are below 2^52; a sum's or
 * difference's below 2^54, which is what a product takes. Nothing here branches on a value. */
#ifndef FIELD_H
#define FIELD_H

#include <stdbool.h>
#include <stdint.h>

typedef struct field { uint64_t limb[5]; } field;

static inline field field_small(uint64_t value) { return (field){{value, 0, 0, 0, 0}}; }

static inline field field_sum(const field *a, const field *b) {
    field sum;
    for (int i = 0; i < 5; i++) sum.limb[i] = a->limb[i] + b->limb[i];
    return sum;
}

/* Lets every limb but the first keep 51 bits, and the first a few more. */
void field_carry(field *a);
/* Four times the modulus is added, so that no limb goes below zero. */
static inline field field_difference(const field *a, const field *b) {
    field difference;
    difference.limb[0] = a->limb[0] + 0x1fffffffffffb4 - b->limb[0];
    for (int i = 1; i < 5; i++) difference.limb[i] = a->limb[i] + 0x1ffffffffffffc - b->limb[i];
    field_carry(&difference);
    return difference;
}

field field_product(const field *a, const field *b);
field field_square(const field *a);
/* 1 / a; zero of zero. */
field field_inverse(const field *a);
/* a to the power of (p - 5) / 8, from which a square root is made. */
field field_root_power(const field *a);

field field_from_bytes(const uint8_t *bytes); /* of 32, without the highest bit */
void field_to_bytes(const field *a, uint8_t *bytes);
bool field_is_equal(const field *a, const field *b);
bool field_is_odd(const field *a);
/* `a` where `bit` is 0, `b` where it is 1. */
field field_choice(const field *a, const field *b, uint64_t bit);

#endif
