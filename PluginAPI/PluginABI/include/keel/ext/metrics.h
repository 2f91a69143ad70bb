/* Named numbers an instance shows to the operator. Offered by the host.
 * DRAFT: laid out, not yet driven by this host. */
#ifndef KEEL_EXT_METRICS_H
#define KEEL_EXT_METRICS_H

#include <keel/host.h>

KEEL_BEGIN

#define KEEL_METRICS "keel.metrics/1"

enum { /* keel_metrics.declare, kind */ KEEL_GAUGE = 1, KEEL_COUNTER, KEEL_HISTOGRAM };

/* Found by keel_host.extension. */
typedef struct keel_metrics {
    uint32_t struct_size, reserved;
    /* During create() only. *id is then a dense number. `name`: [a-z_]+, at most 63 bytes. */
    KEEL_CONTROL keel_status (*declare)(const keel_host *host, uint32_t kind, keel_str name,
                                        keel_str help, uint32_t *id);
    /* GAUGE sets, COUNTER adds (never negative), HISTOGRAM observes. Not-finite: KEEL_E_ARG. */
    KEEL_EVENT keel_status (*record)(const keel_host *host, uint32_t id, double value);
} keel_metrics;

KEEL_END
#endif
