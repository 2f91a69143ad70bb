/* Declared parameters: the host validates configuration against them, shows them, and delivers a
 * live change as KEEL_EV_PARAM (DRAFT). Offered by the plugin. */
#ifndef KEEL_EXT_PARAMS_H
#define KEEL_EXT_PARAMS_H

#include <keel/plugin.h>

KEEL_BEGIN

#define KEEL_PARAMS "keel.params/1"

enum { /* keel_param_info.kind */
       KEEL_PARAM_BOOLEAN = 1, KEEL_PARAM_INTEGER, KEEL_PARAM_DECIMAL, KEEL_PARAM_ENUM,
       KEEL_PARAM_TEXT };
enum { /* keel_param_info.flags */
       KEEL_PARAMF_LIVE = 1,     /* may change while running (DRAFT)                          */
       KEEL_PARAMF_REQUIRED = 2  /* has no default                                            */ };

/* One parameter as it is declared. */
typedef struct keel_param_info {
    uint32_t struct_size;
    uint32_t id;             /* the plugin's number for it                                    */
    uint32_t kind, flags;
    double   min, max;       /* INTEGER, DECIMAL: inclusive. TEXT: bytes                      */
    double   initial;        /* ENUM: index into choices. BOOLEAN: 0 or 1                     */
    char     name[48];       /* the key in the configuration: NUL-ended, lowerCamelCase       */
    char     unit[16];       /* "bps", "ms", ""                                               */
    char     choices[128];   /* ENUM: NUL-ended "fast|slow"                                   */
    char     text[128];      /* TEXT: NUL-ended default                                       */
    char     about[128];     /* one sentence for a person                                     */
} keel_param_info;

/* Found by keel_plugin.extension. */
typedef struct keel_params {
    uint32_t struct_size, reserved;
    /* How many it declares. */
    KEEL_CONTROL uint32_t    (*count)(keel_plugin *p);
    /* Declares one, by its place. out->struct_size is set by the caller. */
    KEEL_CONTROL keel_status (*info)(keel_plugin *p, uint32_t index, keel_param_info *out);
    /* Before activate only, and only with a value inside the declared range; afterwards the host
     * sends KEEL_EV_PARAM. `text` is used for TEXT, `value` for all others. */
    KEEL_CONTROL keel_status (*set)(keel_plugin *p, uint32_t id, double value, keel_str text,
                                    keel_error *err);
} keel_params;

KEEL_END
#endif
