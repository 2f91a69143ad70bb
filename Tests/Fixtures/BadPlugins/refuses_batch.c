#define ON_PROCESS return KEEL_E_STATE;
#include "base.h"
