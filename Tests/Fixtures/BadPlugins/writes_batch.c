#define ON_PROCESS ((keel_event *)in->events)->inst = 7;
#include "base.h"
