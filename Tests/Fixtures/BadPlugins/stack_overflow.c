#pragma GCC diagnostic ignored "-Winfinite-recursion"
static int deeper(volatile int *above)
{
    volatile int here[64];
    here[0] = *above + 1;
    return deeper(here) + here[0];
}
#define ON_PROCESS volatile int zero = 0; return deeper(&zero);
#include "base.h"
