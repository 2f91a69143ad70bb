/* Nothing is wrong with this one: what the others differ from. */
#include "base.h"
