#define ON_ENTRY *nowhere = 1;
#include "base.h"
