/* Points of -x^2 + y^2 = 1 + d x^2 y^2 over the field, as X : Y : Z : T with x = X/Z, y = Y/Z, x y = T/Z. */
#ifndef POINT_H
#define POINT_H

#include "field.h"
#include "scalar.h"

typedef struct point { field x, y, z, t; } point;

/* False where the bytes are no point of the curve, or not the one encoding of it. Not in constant time. Of the two
 * points with x = 0 it also takes the encoding with the sign set: both are of small order. */
bool point_from_bytes(const uint8_t *bytes, point *result);
void point_to_bytes(const point *a, uint8_t *bytes);
/* In constant time. */
point point_base_multiple(const scalar *factor);
/* base * the base point - other * a; not in constant time. */
point point_difference_of_multiples(const scalar *base, const scalar *other, const point *a);
/* Whether eight times it is nothing. */
bool point_has_small_order(const point *a);

#endif
