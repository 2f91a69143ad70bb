/* Spins inside the host's own leaf most of the time. */
#define ON_PROCESS for (;;) sink->push(sink, NULL, 0);
#include "base.h"
