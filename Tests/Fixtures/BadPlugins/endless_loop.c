#define ON_PROCESS for (volatile int i = 0;; i++) {}
#include "base.h"
