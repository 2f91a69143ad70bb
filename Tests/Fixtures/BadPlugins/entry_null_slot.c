#define ENTRY_CREATE NULL
#include "base.h"
