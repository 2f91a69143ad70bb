#define ON_CREATE *nowhere = 1;
#include "base.h"
