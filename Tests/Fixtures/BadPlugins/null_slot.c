#define PLUGIN_ACTIVATE NULL
#include "base.h"
