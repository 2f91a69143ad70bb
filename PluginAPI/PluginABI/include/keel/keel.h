/* keel plugin ABI, draft KEEL_ABI_DRAFT of 1.0 (entry.h). C11; also valid C++17, Swift, bindgen and
 * Zig input.
 *
 * A plugin is a shared object that exports one function (entry.h) and needs nothing else of the
 * host: whatever it may call is reached from the keel_host it is given. Reading order is the
 * include order below. Three rules carry every file:
 *   1. Layout never depends on a macro. No #ifdef stands inside any struct.
 *   2. A struct that may grow begins with its size; fields are appended, never moved. Read a
 *      field of the other side's struct only where that size covers it (KEEL_HAS,
 *      KEEL_COVERS; of a record: KEEL_RECORD_HAS).
 *   3. Nobody frees the other side's memory. A pointer argument lives until the call returns,
 *      unless its comment says otherwise.
 *
 * Until 1.0 is tagged, a host loads only plugins built against its own draft number. A part
 * marked DRAFT is laid out but not yet driven by this host: it is refused, never set, or carried
 * through without effect. */
#ifndef KEEL_KEEL_H
#define KEEL_KEEL_H

#include <keel/base.h>       /* threads, scalars, status                                    */
#include <keel/event.h>      /* records in: market data, orders, timers                     */
#include <keel/intent.h>     /* records out: signals, intents, explanations                 */
#include <keel/batch.h>      /* how records travel                                          */
#include <keel/host.h>       /* what a plugin may call                                      */
#include <keel/plugin.h>     /* descriptor and lifecycle                                    */
#include <keel/strategy.h>   /* the four kinds                                              */
#include <keel/alpha.h>
#include <keel/data.h>
#include <keel/exchange.h>
#include <keel/ext/state.h>  /* optional extensions                                         */
#include <keel/ext/swap.h>
#include <keel/ext/params.h>
#include <keel/ext/interests.h>
#include <keel/ext/history.h>
#include <keel/ext/metrics.h>
#include <keel/ext/net.h>
#include <keel/entry.h>      /* the one exported symbol                                     */
#include <keel/file.h>       /* journal and tape: host-written records, for other readers   */

#endif
