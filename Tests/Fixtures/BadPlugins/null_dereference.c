#define ON_PROCESS *nowhere = 1;
#include "base.h"
