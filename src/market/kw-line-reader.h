/* kw-line-reader.h: lines of a stream, plain or gzip, in bounded memory */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define KW_LINE_READER_MAX_LINE 4096 /* bytes, without the line end */

typedef struct _KwLineReader KwLineReader;

/* (transfer full): reads @stream (a reference is kept) from where it stands; blocking */
KwLineReader *kw_line_reader_new(GInputStream *stream);
void kw_line_reader_free(KwLineReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwLineReader, kw_line_reader_free)

typedef enum {
    KW_LINE_TEXT,
    KW_LINE_TOO_LONG, /* the line was skipped */
    KW_LINE_END,
    KW_LINE_FAILED, /* the GError is set: I/O, or gzip data that are broken or end early */
} KwLineStatus;

/**
 * kw_line_reader_next:
 * @out_text: (out) (transfer none): the line without its end (LF or CR LF), terminated by a
 *   zero byte; valid until the next call. Set with %KW_LINE_TEXT only
 * @out_length: (out): bytes of the line, which may hold zero bytes
 * @error: %KW_MARKET_ERROR_IO
 */
KwLineStatus
kw_line_reader_next(KwLineReader *self, gchar **out_text, gsize *out_length, GError **error);

/* Number of the line that came last, from 1 */
guint kw_line_reader_get_number(const KwLineReader *self);

G_END_DECLS
