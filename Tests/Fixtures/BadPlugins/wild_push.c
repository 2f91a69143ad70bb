/* Gives the host a pointer that leads nowhere. */
#define ON_PROCESS sink->push(sink, (const void *)nowhere, sizeof(keel_intent));
#include "base.h"
