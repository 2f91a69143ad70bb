/* Keeps its host beyond destroy, as a stray thread of it might, and calls it from the next
 * instance. */
#include <keel/keel.h>
static const keel_host *late;
#define ON_DESTROY if (!late) late = ((struct instance *)p->self)->host;
#define ON_PROCESS                                                                             \
    const keel_host *host = ((struct instance *)p->self)->host;                                \
    host->timer(host, 1, late->wake(late));                                                    \
    host->timer(host, 2, late->timer(late, 1, 1));                                             \
    host->timer(host, 3, late->now(late));                                                     \
    host->timer(host, 4, late->instrument(late, 0) == NULL);                                   \
    host->timer(host, 5, late->extension(late, "keel.net/1") == NULL);                         \
    late->log(late, KEEL_LOG_INFO, (keel_str){"late", 4});
#include "base.h"
