/* kw-line-reader.c: read, inflate, split
 *
 * GZlibDecompressor ends quietly after the first member of a file that was made by appending
 * one gzip file to another, so the rest of the rows would be lost without a word. zlib is
 * used directly, and members follow one another until the stream ends. */
#include "kw-line-reader.h"

#include "kw-error.h"

#include <string.h>
#include <zlib.h>

#define CHUNK 65536
#define GZIP_WINDOW (15 + 16)

struct _KwLineReader {
    GInputStream *stream; /* owned */
    z_stream inflater;
    gboolean started;    /* the first bytes were looked at */
    gboolean gzip;       /* inflater is set up */
    gboolean in_member;  /* inside a gzip member */
    gboolean stream_end; /* nothing more from the stream */
    guint number;

    guchar in[CHUNK]; /* bytes of the stream not used yet: in_begin .. in_end - 1 */
    gsize in_begin, in_end;
    gchar text[CHUNK + 1]; /* text not given out yet: begin .. end - 1 */
    gsize begin, end;
};

KwLineReader *
kw_line_reader_new(GInputStream *stream)
{
    KwLineReader *self;

    g_return_val_if_fail(G_IS_INPUT_STREAM(stream), NULL);

    self = g_new0(KwLineReader, 1);
    self->stream = g_object_ref(stream);
    return self;
}

void
kw_line_reader_free(KwLineReader *self)
{
    if (self == NULL)
        return;
    if (self->gzip)
        (void) inflateEnd(&self->inflater);
    g_clear_object(&self->stream);
    g_free(self);
}

guint
kw_line_reader_get_number(const KwLineReader *self)
{
    return self->number;
}

static gboolean
refill(KwLineReader *self, GError **error)
{
    gsize n_read = 0;

    if (self->in_begin < self->in_end || self->stream_end)
        return TRUE;
    if (!g_input_stream_read_all(self->stream, self->in, sizeof self->in, &n_read, NULL, error))
        return FALSE;
    self->in_begin = 0;
    self->in_end = n_read;
    self->stream_end = n_read == 0;
    return TRUE;
}

static gboolean
look_at_start(KwLineReader *self, GError **error)
{
    if (!refill(self, error))
        return FALSE;
    self->started = TRUE;
    if (self->in_end >= 2 && self->in[0] == 0x1f && self->in[1] == 0x8b) {
        if (inflateInit2(&self->inflater, GZIP_WINDOW) != Z_OK) {
            g_set_error_literal(error, KW_MARKET_ERROR, KW_MARKET_ERROR_IO,
                                "cannot set up decompression");
            return FALSE;
        }
        self->gzip = TRUE;
        self->in_member = TRUE;
    }
    return TRUE;
}

static gsize
take_plain(KwLineReader *self, gsize room)
{
    gsize n = MIN(room, self->in_end - self->in_begin);

    memcpy(self->text + self->end, self->in + self->in_begin, n);
    self->in_begin += n;
    return n;
}

/* Inflates what is there; @out_n may be 0 when the inflater wants more. */
static gboolean
take_inflated(KwLineReader *self, gsize room, gsize *out_n, GError **error)
{
    z_stream *z = &self->inflater;
    gint status;

    if (!self->in_member) {
        (void) inflateReset(z);
        self->in_member = TRUE;
    }
    z->next_in = self->in + self->in_begin;
    z->avail_in = (uInt) (self->in_end - self->in_begin);
    z->next_out = (Bytef *) self->text + self->end;
    z->avail_out = (uInt) room;
    status = inflate(z, Z_NO_FLUSH);
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) {
        g_set_error_literal(error, KW_MARKET_ERROR, KW_MARKET_ERROR_IO,
                            "the gzip data are broken");
        return FALSE;
    }
    self->in_begin = self->in_end - z->avail_in;
    self->in_member = status != Z_STREAM_END;
    *out_n = room - z->avail_out;
    return TRUE;
}

/* Appends text; @out_n is 0 only at the end. */
static gboolean
produce(KwLineReader *self, gsize *out_n, GError **error)
{
    *out_n = 0;
    while (*out_n == 0) {
        if (!refill(self, error))
            return FALSE;
        if (self->in_begin == self->in_end) {
            if (!self->in_member)
                return TRUE;
            g_set_error_literal(error, KW_MARKET_ERROR, KW_MARKET_ERROR_IO,
                                "the gzip data end early");
            return FALSE;
        }
        if (!self->gzip)
            *out_n = take_plain(self, CHUNK - self->end);
        else if (!take_inflated(self, CHUNK - self->end, out_n, error))
            return FALSE;
    }
    self->end += *out_n;
    return TRUE;
}

/* Moves what is left to the front and appends more; FALSE in @out_more at the end. */
static gboolean
read_more(KwLineReader *self, gboolean *out_more, GError **error)
{
    g_autoptr(GError) inner = NULL;
    gsize n = 0;

    memmove(self->text, self->text + self->begin, self->end - self->begin);
    self->end -= self->begin;
    self->begin = 0;
    if ((!self->started && !look_at_start(self, &inner)) || !produce(self, &n, &inner)) {
        if (inner->domain == KW_MARKET_ERROR)
            g_propagate_error(error, g_steal_pointer(&inner));
        else
            g_set_error_literal(error, KW_MARKET_ERROR, KW_MARKET_ERROR_IO, inner->message);
        return FALSE;
    }
    *out_more = n > 0;
    return TRUE;
}

/* Gives out @length bytes at begin and steps over them and, if there is one, the line end. */
static KwLineStatus
give_line(KwLineReader *self, gsize length, gchar **out_text, gsize *out_length)
{
    gchar *text = self->text + self->begin;

    self->begin += MIN(length + 1, self->end - self->begin);
    if (length > 0 && text[length - 1] == '\r')
        length--;
    if (length > KW_LINE_READER_MAX_LINE)
        return KW_LINE_TOO_LONG;
    text[length] = '\0';
    *out_text = text;
    *out_length = length;
    return KW_LINE_TEXT;
}

KwLineStatus
kw_line_reader_next(KwLineReader *self, gchar **out_text, gsize *out_length, GError **error)
{
    gboolean skipping = FALSE;
    gboolean more = TRUE;

    g_return_val_if_fail(self != NULL && out_text != NULL && out_length != NULL,
                         KW_LINE_FAILED);

    self->number++;
    for (;;) {
        gsize left = self->end - self->begin;
        const gchar *end = memchr(self->text + self->begin, '\n', left);
        gsize length = end != NULL ? (gsize) (end - self->text) - self->begin : left;

        if (end != NULL || (!more && (left > 0 || skipping))) {
            KwLineStatus status = give_line(self, length, out_text, out_length);
            return skipping ? KW_LINE_TOO_LONG : status;
        }
        if (!more) {
            self->number--;
            return KW_LINE_END;
        }
        if (left > KW_LINE_READER_MAX_LINE + 1) {
            skipping = TRUE;
            self->begin = self->end;
        }
        if (!read_more(self, &more, error))
            return KW_LINE_FAILED;
    }
}
