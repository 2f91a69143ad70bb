/* The system calls of a worker. */
#ifndef FILTER_H
#define FILTER_H

#include <stdbool.h>

/* From now on, for every thread of this process, calls outside the list answer EPERM. */
bool worker_filter_calls(void);

#endif
