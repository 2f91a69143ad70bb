// State through streams as small, and as unwilling, as a test wants.
#include "rig.h"

#include <stdlib.h>
#include <string.h>

bytes bytes_new(void)
{
    return (bytes){.at = malloc(STATE_MAX), .room = STATE_MAX, .fails_after = SIZE_MAX};
}

void bytes_free(bytes *b) { free(b->at); }

static int64_t write_bytes(const keel_stream *stream, void *buffer, size_t n)
{
    bytes *b = stream->ctx;
    if (b->piece && n > b->piece) n = b->piece;
    if (b->count >= b->fails_after) return KEEL_E_IO;
    if (n > b->room - b->count) {
        b->overflowed = true;
        return KEEL_E_FULL;
    }
    memcpy(b->at + b->count, buffer, n);
    b->count += n;
    return (int64_t)n;
}

static int64_t read_bytes(const keel_stream *stream, void *buffer, size_t n)
{
    bytes *b = stream->ctx;
    if (b->piece && n > b->piece) n = b->piece;
    if (b->position >= b->fails_after) return KEEL_E_IO;
    if (n > b->count - b->position) n = b->count - b->position;
    memcpy(buffer, b->at + b->position, n);
    b->position += n;
    return (int64_t)n;
}

keel_status subject_save(subject *s, bytes *out)
{
    keel_stream stream = {.struct_size = sizeof stream, .ctx = out, .io = write_bytes};
    out->count = 0;
    return s->state->save(s->plugin, &stream, s->seq);
}

keel_status subject_load(subject *s, bytes *in, uint32_t version)
{
    keel_stream stream = {.struct_size = sizeof stream, .ctx = in, .io = read_bytes};
    in->position = 0;
    s->error.text[0] = 0;
    return s->state->load(s->plugin, &stream, version, &s->error);
}
