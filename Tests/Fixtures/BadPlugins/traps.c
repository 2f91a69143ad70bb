#define ON_PROCESS __builtin_trap();
#include "base.h"
