// Compiles the headers once as C, so that every assertion in them is checked by each build.
#include <keel/keel.h>

KEEL_ASSERT(sizeof(void *) == 8);
KEEL_ASSERT(offsetof(keel_event, seq) == 32);
