#define ENTRY_SIZE 16
#include "base.h"
