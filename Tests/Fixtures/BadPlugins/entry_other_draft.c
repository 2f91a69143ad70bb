#define ENTRY_DRAFT (KEEL_ABI_DRAFT + 1)
#include "base.h"
