/* The faulting instruction is libc's: no jump out of there. */
#define ON_PROCESS abort();
#include "base.h"
