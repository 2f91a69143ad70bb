#include "point.h"

#include <string.h>

static const field curve = {
    {0x34dca135978a3, 0x1a8283b156ebd, 0x5e7a26001c029, 0x739c663a03cbb, 0x52036cee2b6ff}};
static const field twice_curve = {
    {0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052, 0x6738cc7407977, 0x2406d9dc56dff}};
static const field root_of_minus_one = {
    {0x61b274a0ea0b0, 0xd5a5fc8f189d, 0x7ef5e9cbd0c60, 0x78595a6804c9e, 0x2b8324804fc1d}};
static const point base_point = {
    {{0x62d608f25d51a, 0x412a4b4f6592a, 0x75b7171a4b31d, 0x1ff60527118fe, 0x216936d3cd6e5}},
    {{0x6666666666658, 0x4cccccccccccc, 0x1999999999999, 0x3333333333333, 0x6666666666666}},
    {{1, 0, 0, 0, 0}},
    {{0x68ab3a5b7dda3, 0xeea2a5eadbb, 0x2af8df483c27e, 0x332b375274732, 0x67875f0fd78b7}},
};

static const point neutral = {
    {{0, 0, 0, 0, 0}}, {{1, 0, 0, 0, 0}}, {{1, 0, 0, 0, 0}}, {{0, 0, 0, 0, 0}}};

/* What an addition takes of its second point. */
typedef struct prepared { field sum, difference, twice_z, twice_dt; } prepared;

static prepared prepare(const point *a) {
    return (prepared){
        field_sum(&a->y, &a->x), field_difference(&a->y, &a->x), field_sum(&a->z, &a->z),
        field_product(&a->t, &twice_curve)};
}

static prepared negative(const prepared *a) {
    field zero = field_small(0);
    return (prepared){a->difference, a->sum, a->twice_z, field_difference(&zero, &a->twice_dt)};
}

static point from_parts(const field *e, const field *f, const field *g, const field *h) {
    return (point){field_product(e, f), field_product(g, h), field_product(f, g),
                   field_product(e, h)};
}

/* Hisil, Wong, Carter, Dawson (2008), section 3.1: good for every pair of points, equal or not. */
static point sum(const point *a, const prepared *b) {
    field less = field_difference(&a->y, &a->x), more = field_sum(&a->y, &a->x);
    field low = field_product(&less, &b->difference), high = field_product(&more, &b->sum);
    field c = field_product(&a->t, &b->twice_dt), d = field_product(&a->z, &b->twice_z);
    field e = field_difference(&high, &low), f = field_difference(&d, &c);
    field g = field_sum(&d, &c), h = field_sum(&high, &low);
    return from_parts(&e, &f, &g, &h);
}

/* The same, section 3.3. */
static point doubled(const point *a) {
    field xx = field_square(&a->x), yy = field_square(&a->y), zz = field_square(&a->z);
    field twice = field_sum(&zz, &zz), both = field_sum(&a->x, &a->y);
    field square = field_square(&both), h = field_sum(&xx, &yy);
    field e = field_difference(&h, &square), g = field_difference(&xx, &yy);
    field f = field_sum(&twice, &g);
    return from_parts(&e, &f, &g, &h);
}

bool point_from_bytes(const uint8_t *bytes, point *result) {
    uint8_t again[32];
    field y = field_from_bytes(bytes), one = field_small(1);
    field_to_bytes(&y, again);
    again[31] |= bytes[31] & 0x80;
    if (memcmp(again, bytes, 32) != 0) return false;
    field yy = field_square(&y), dyy = field_product(&yy, &curve);
    field u = field_difference(&yy, &one), v = field_sum(&dyy, &one);
    /* x = sqrt(u / v) = u v^3 (u v^7)^((p - 5) / 8), perhaps times the root of -1. */
    field vv = field_square(&v), vvv = field_product(&vv, &v), uvvv = field_product(&u, &vvv);
    field vvvv = field_square(&vv), power = field_product(&uvvv, &vvvv);
    power = field_root_power(&power);
    field x = field_product(&uvvv, &power), xx = field_square(&x);
    field found = field_product(&v, &xx), zero = field_small(0);
    field minus_u = field_difference(&zero, &u);
    if (field_is_equal(&found, &minus_u)) x = field_product(&x, &root_of_minus_one);
    else if (!field_is_equal(&found, &u)) return false;
    if (field_is_odd(&x) != (bytes[31] >> 7)) x = field_difference(&zero, &x);
    *result = (point){x, y, one, field_product(&x, &y)};
    return true;
}

void point_to_bytes(const point *a, uint8_t *bytes) {
    field inverse = field_inverse(&a->z);
    field x = field_product(&a->x, &inverse), y = field_product(&a->y, &inverse);
    field_to_bytes(&y, bytes);
    bytes[31] |= (uint8_t)(field_is_odd(&x) << 7);
}

/* Reads every entry, so that which one was wanted leaves no trace. */
static prepared chosen(const prepared table[16], uint64_t index) {
    prepared result = table[0];
    for (uint64_t i = 1; i < 16; i++) {
        uint64_t bit = ((i ^ index) - 1) >> 63;
        result.sum = field_choice(&result.sum, &table[i].sum, bit);
        result.difference = field_choice(&result.difference, &table[i].difference, bit);
        result.twice_z = field_choice(&result.twice_z, &table[i].twice_z, bit);
        result.twice_dt = field_choice(&result.twice_dt, &table[i].twice_dt, bit);
    }
    return result;
}

point point_base_multiple(const scalar *factor) {
    prepared table[16], base = prepare(&base_point);
    point multiple = neutral;
    for (int i = 0; i < 16; i++) {
        table[i] = prepare(&multiple);
        multiple = sum(&multiple, &base);
    }
    point result = neutral;
    for (int digit = 63; digit >= 0; digit--) {
        for (int times = 0; times < 4; times++) result = doubled(&result);
        prepared next = chosen(table, factor->limb[digit / 16] >> 4 * (digit % 16) & 15);
        result = sum(&result, &next);
        explicit_bzero(&next, sizeof next);
    }
    return result;
}

enum { DIGITS = 256 };

/* Odd digits from -15 to 15 with at least four zeros behind each. */
static void digits_of(const scalar *a, int8_t digits[DIGITS]) {
    uint64_t rest[5] = {a->limb[0], a->limb[1], a->limb[2], a->limb[3], 0};
    for (int i = 0; i < DIGITS; i++) {
        int digit = 0;
        if (rest[0] & 1) {
            digit = (int)(rest[0] & 31);
            if (digit > 16) digit -= 32;
            /* Subtracts the digit; of a negative one, the carry may go all the way. */
            uint64_t low = rest[0] - (uint64_t)(int64_t)digit;
            if (digit < 0 && low < rest[0])
                for (int limb = 1; limb < 5 && ++rest[limb] == 0; limb++) {}
            rest[0] = low;
        }
        digits[i] = (int8_t)digit;
        for (int limb = 0; limb < 4; limb++) rest[limb] = rest[limb] >> 1 | rest[limb + 1] << 63;
        rest[4] >>= 1;
    }
}

/* 1, 3, 5 ... 15 times a. */
static void odd_multiples(const point *a, prepared table[8]) {
    point twice = doubled(a), multiple = *a;
    prepared step = prepare(&twice);
    for (int i = 0; i < 8; i++) {
        table[i] = prepare(&multiple);
        multiple = sum(&multiple, &step);
    }
}

static void add_digit(point *result, int digit, const prepared table[8]) {
    if (digit > 0) *result = sum(result, &table[digit / 2]);
    if (digit < 0) {
        prepared taken = negative(&table[-digit / 2]);
        *result = sum(result, &taken);
    }
}

point point_difference_of_multiples(const scalar *base, const scalar *other, const point *a) {
    prepared of_base[8], of_other[8];
    int8_t base_digits[DIGITS], other_digits[DIGITS];
    odd_multiples(&base_point, of_base);
    odd_multiples(a, of_other);
    digits_of(base, base_digits);
    digits_of(other, other_digits);
    point result = neutral;
    for (int i = DIGITS - 1; i >= 0; i--) {
        result = doubled(&result);
        add_digit(&result, base_digits[i], of_base);
        add_digit(&result, -other_digits[i], of_other);
    }
    return result;
}

bool point_has_small_order(const point *a) {
    point multiple = *a;
    for (int times = 0; times < 3; times++) multiple = doubled(&multiple);
    field zero = field_small(0);
    return field_is_equal(&multiple.x, &zero) && field_is_equal(&multiple.y, &multiple.z);
}
