/* Numbers modulo L = 2^252 + 27742317777372353535851937790883648493, the order of the base point; four limbs of 64
 * bits, least first. Nothing here branches on a value. */
#ifndef SCALAR_H
#define SCALAR_H

#include <stdbool.h>
#include <stdint.h>

typedef struct scalar { uint64_t limb[4]; } scalar;

scalar scalar_from_bytes(const uint8_t *bytes); /* of 32, as they stand        */
scalar scalar_of_digest(const uint8_t *digest); /* of 64, modulo L             */
scalar scalar_product_sum(const scalar *a, const scalar *b, const scalar *c); /* a * b + c modulo L */
bool scalar_is_reduced(const scalar *a);        /* below L                     */
void scalar_to_bytes(const scalar *a, uint8_t *bytes);

#endif
