/* HTTP, WebSocket and signing by the host, so that a venue plugin is a codec: it works in any
 * language without sockets or TLS and is tested from recorded bytes. Offered by the host.
 * DRAFT: laid out, not yet driven by this host.
 *
 * Secrets never enter the plugin. A request carries placeholders that the host fills in:
 * {key}, {passphrase}, {timestamp-ms}, {jwt}, {sign:hmac-sha256-hex}, {sign:hmac-sha256-base64},
 * {sign:ed25519}. It goes only to hosts and path prefixes that the manifest lists: the host is no
 * signing oracle. */
#ifndef KEEL_EXT_NET_H
#define KEEL_EXT_NET_H

#include <keel/data.h>
#include <keel/host.h>

KEEL_BEGIN

#define KEEL_NET "keel.net/1"

typedef uint64_t keel_conn;  /* 0 is no connection; never reused                              */

enum { /* keel_net_event.kind */
       KEEL_NET_OPENED = 1, KEEL_NET_TEXT, KEEL_NET_BINARY, KEEL_NET_RESPONSE, KEEL_NET_CLOSED,
       KEEL_NET_TIMER };
/* What happened on a connection, or to a request. */
typedef struct keel_net_event {
    uint32_t  struct_size, kind; /* KEEL_NET_                                                 */
    keel_conn conn;
    uint64_t  correlation;   /* RESPONSE: the request's. TIMER: its id                        */
    keel_ns   received;
    int32_t   status;        /* RESPONSE: HTTP status. CLOSED: WebSocket code, or a KEEL_E_   */
    uint32_t  retry_after_ms; /* from the server's answer, 0 if it said nothing               */
    keel_str  body;          /* borrowed until the call returns                               */
    keel_str  headers;       /* "name: value\n" each, names in lower case; borrowed           */
} keel_net_event;

/* An HTTP request. */
typedef struct keel_net_request {
    uint32_t struct_size;
    uint32_t weight;         /* against the venue's declared budget                           */
    uint64_t correlation;
    keel_str method, url;    /* url: absolute                                                 */
    keel_str headers, body;  /* placeholders allowed in both, and in the url's query          */
    keel_str sign;           /* the text that {sign:...} signs, itself with placeholders      */
    keel_ns  timeout;        /* relative                                                      */
} keel_net_request;

/* Found by keel_host.extension. */
typedef struct keel_net {
    uint32_t struct_size, reserved;
    /* Copied and sent; KEEL_NET_RESPONSE of its correlation follows. */
    KEEL_ANY keel_status (*request)(const keel_host *host, const keel_net_request *request);
    /* Opens a WebSocket; KEEL_NET_OPENED or KEEL_NET_CLOSED follows. Reconnecting is the
     * plugin's decision: a new connection is a new id. */
    KEEL_ANY keel_status (*open)(const keel_host *host, keel_str url, keel_str headers,
                                 keel_conn *out);
    /* Sends one text message; `sign` as in a request. */
    KEEL_ANY keel_status (*send)(const keel_host *host, keel_conn conn, keel_str text, keel_str sign);
    /* Closes a WebSocket. */
    KEEL_ANY keel_status (*close)(const keel_host *host, keel_conn conn);
    /* One KEEL_NET_TIMER at or after `due`, on the network thread. */
    KEEL_ANY keel_status (*timer)(const keel_host *host, uint64_t id, keel_ns due);
} keel_net;

/* Offered by a plugin that uses keel.net/1: what comes back. */
#define KEEL_NET_CLIENT "keel.net-client/1"
/* Found by keel_plugin.extension. */
typedef struct keel_net_client {
    uint32_t struct_size, reserved;
    /* On the network thread. May publish to its feed. */
    KEEL_EVENT void (*on_net)(keel_plugin *p, const keel_net_event *event);
} keel_net_client;

KEEL_END
#endif
