#include "field.h"

#include <string.h>

typedef unsigned __int128 wide;

static const uint64_t mask = 0x7ffffffffffff;

void field_carry(field *a) {
    for (int i = 0; i < 4; i++) {
        a->limb[i + 1] += a->limb[i] >> 51;
        a->limb[i] &= mask;
    }
    a->limb[0] += 19 * (a->limb[4] >> 51);
    a->limb[4] &= mask;
}

static field carried(wide sums[5]) {
    field result;
    for (int i = 0; i < 4; i++) {
        sums[i + 1] += sums[i] >> 51;
        result.limb[i] = (uint64_t)sums[i] & mask;
    }
    result.limb[4] = (uint64_t)sums[4] & mask;
    wide first = result.limb[0] + 19 * (sums[4] >> 51);
    result.limb[0] = (uint64_t)first & mask;
    result.limb[1] += (uint64_t)(first >> 51);
    return result;
}

field field_product(const field *a, const field *b) {
    const uint64_t *f = a->limb, *g = b->limb;
    /* 2^255 is 19: what goes beyond the fifth limb comes back times 19. */
    uint64_t g1 = 19 * g[1], g2 = 19 * g[2], g3 = 19 * g[3], g4 = 19 * g[4];
    wide sums[5] = {
        (wide)f[0] * g[0] + (wide)f[1] * g4 + (wide)f[2] * g3
            + (wide)f[3] * g2 + (wide)f[4] * g1,
        (wide)f[0] * g[1] + (wide)f[1] * g[0] + (wide)f[2] * g4
            + (wide)f[3] * g3 + (wide)f[4] * g2,
        (wide)f[0] * g[2] + (wide)f[1] * g[1] + (wide)f[2] * g[0]
            + (wide)f[3] * g4 + (wide)f[4] * g3,
        (wide)f[0] * g[3] + (wide)f[1] * g[2] + (wide)f[2] * g[1]
            + (wide)f[3] * g[0] + (wide)f[4] * g4,
        (wide)f[0] * g[4] + (wide)f[1] * g[3] + (wide)f[2] * g[2]
            + (wide)f[3] * g[1] + (wide)f[4] * g[0],
    };
    return carried(sums);
}

field field_square(const field *a) {
    const uint64_t *f = a->limb;
    uint64_t twice0 = 2 * f[0], twice1 = 2 * f[1];
    uint64_t f3 = 19 * f[3], f4 = 19 * f[4];
    wide sums[5] = {
        (wide)f[0] * f[0] + (wide)twice1 * f4 + (wide)(2 * f[2]) * f3,
        (wide)twice0 * f[1] + (wide)(2 * f[2]) * f4 + (wide)f[3] * f3,
        (wide)twice0 * f[2] + (wide)f[1] * f[1] + (wide)(2 * f[3]) * f4,
        (wide)twice0 * f[3] + (wide)twice1 * f[2] + (wide)f[4] * f4,
        (wide)twice0 * f[4] + (wide)twice1 * f[3] + (wide)f[2] * f[2],
    };
    return carried(sums);
}

/* a^(2^count) * b. */
static field squared_times(const field *a, int count, const field *b) {
    field result = *a;
    for (int i = 0; i < count; i++) result = field_square(&result);
    return field_product(&result, b);
}

/* a^(2^250 - 1), and a^11 on the way. */
static field long_power(const field *a, field *eleventh) {
    field second = field_square(a);
    field ninth = squared_times(&second, 2, a);
    *eleventh = field_product(&ninth, &second);
    field to5 = squared_times(eleventh, 1, &ninth);
    field to10 = squared_times(&to5, 5, &to5);
    field to20 = squared_times(&to10, 10, &to10);
    field to40 = squared_times(&to20, 20, &to20);
    field to50 = squared_times(&to40, 10, &to10);
    field to100 = squared_times(&to50, 50, &to50);
    field to200 = squared_times(&to100, 100, &to100);
    return squared_times(&to200, 50, &to50);
}

field field_inverse(const field *a) {
    field eleventh, power = long_power(a, &eleventh);
    return squared_times(&power, 5, &eleventh);
}

field field_root_power(const field *a) {
    field eleventh, power = long_power(a, &eleventh);
    return squared_times(&power, 2, a);
}

static uint64_t little_endian(const uint8_t *at) {
    uint64_t word = 0;
    for (int i = 7; i >= 0; i--) word = word << 8 | at[i];
    return word;
}

field field_from_bytes(const uint8_t *bytes) {
    return (field){{
        little_endian(bytes) & mask,
        little_endian(bytes + 6) >> 3 & mask,
        little_endian(bytes + 12) >> 6 & mask,
        little_endian(bytes + 19) >> 1 & mask,
        little_endian(bytes + 24) >> 12 & mask,
    }};
}

void field_to_bytes(const field *a, uint8_t *bytes) {
    field value = *a;
    field_carry(&value);
    field_carry(&value);
    /* Now below 2^255 + 19: 1 where it is not below the modulus, which is then taken away. */
    uint64_t over = (value.limb[0] + 19) >> 51;
    for (int i = 1; i < 5; i++) over = (value.limb[i] + over) >> 51;
    value.limb[0] += 19 * over;
    for (int i = 0; i < 4; i++) {
        value.limb[i + 1] += value.limb[i] >> 51;
        value.limb[i] &= mask;
    }
    value.limb[4] &= mask;
    uint64_t words[4] = {
        value.limb[0] | value.limb[1] << 51, value.limb[1] >> 13 | value.limb[2] << 38,
        value.limb[2] >> 26 | value.limb[3] << 25, value.limb[3] >> 39 | value.limb[4] << 12,
    };
    for (int i = 0; i < 32; i++) bytes[i] = (uint8_t)(words[i / 8] >> 8 * (i % 8));
}

bool field_is_equal(const field *a, const field *b) {
    uint8_t left[32], right[32], difference = 0;
    field_to_bytes(a, left);
    field_to_bytes(b, right);
    for (int i = 0; i < 32; i++) difference |= left[i] ^ right[i];
    return difference == 0;
}

bool field_is_odd(const field *a) {
    uint8_t bytes[32];
    field_to_bytes(a, bytes);
    return bytes[0] & 1;
}

field field_choice(const field *a, const field *b, uint64_t bit) {
    field choice;
    uint64_t all = 0 - bit;
    for (int i = 0; i < 5; i++) choice.limb[i] = a->limb[i] ^ (all & (a->limb[i] ^ b->limb[i]));
    return choice;
}
