#define ON_PROCESS volatile int zero = 0; zero = 1000 / zero;
#include "base.h"
