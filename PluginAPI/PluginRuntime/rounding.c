// The exact functions of libm that plain x86-64 has no instruction for, so that a plugin which
// rounds a number does not depend on libm. IEEE 754 fixes every bit of their answers.
#include <stdint.h>
#include <string.h>

static uint64_t bits_of(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

static double with_sign_of(double magnitude, double sign) {
  const uint64_t sign_bit = UINT64_C(1) << 63;
  uint64_t bits = (bits_of(magnitude) & ~sign_bit) | (bits_of(sign) & sign_bit);
  memcpy(&magnitude, &bits, sizeof bits);
  return magnitude;
}

// From here on a double has no fraction. Adding it to a smaller one rounds that, half to even.
static const double whole = 4503599627370496.0;

double rint(double x) {
  double magnitude = with_sign_of(x, 1);
  if (!(magnitude < whole)) return x; // also NaN
  return with_sign_of((magnitude + whole) - whole, x);
}

double trunc(double x) {
  double magnitude = with_sign_of(x, 1);
  if (!(magnitude < whole)) return x;
  double rounded = (magnitude + whole) - whole;
  return with_sign_of(rounded > magnitude ? rounded - 1 : rounded, x);
}

double floor(double x) {
  double rounded = rint(x);
  return rounded > x ? with_sign_of(rounded - 1, x) : rounded;
}

double ceil(double x) {
  double rounded = rint(x);
  return rounded < x ? with_sign_of(rounded + 1, x) : rounded;
}

double round(double x) {
  double magnitude = with_sign_of(x, 1);
  if (!(magnitude < whole)) return x;
  double down = (magnitude + whole) - whole;
  if (down > magnitude) down -= 1;
  return with_sign_of(magnitude - down >= 0.5 ? down + 1 : down, x);
}

double sqrt(double x) { return __builtin_elementwise_sqrt(x); }
