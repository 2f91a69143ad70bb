/* A constructor runs before anything can be asked. */
#include <unistd.h>
__attribute__((constructor)) static void hang(void) { pause(); }
#include "base.h"
