#define ON_ENTRY return NULL;
#include "base.h"
