/* Exports an entry of another ABI. */
#define ENTRY_NAME keel_entry_v9
#include "base.h"
