#include <keel/keel.h>
KEEL_EXPORT int helper(void);
int helper(void) { return 1; }
#include "base.h"
