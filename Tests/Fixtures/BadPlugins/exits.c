#define ON_PROCESS exit(0);
#include "base.h"
