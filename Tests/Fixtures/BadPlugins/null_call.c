#define ON_PROCESS ((void (*volatile)(void))0)();
#include "base.h"
