#include "kw-candle-file.h"

#include "kw-decimal.h"
#include "kw-error.h"
#include "kw-escape.h"
#include "kw-line-reader.h"
#include "kw-timeframe.h"

#include <string.h>

#define SYNTHETIC_MARK "synthetic"
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

void
kw_candle_file_free(KwCandleFile *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->series, kw_series_free);
    g_clear_pointer(&self->report, kw_clean_report_free);
    g_clear_pointer(&self->others, g_ptr_array_unref);
    g_free(self);
}

/* -- reading -- */

typedef struct {
    KwLineReader *reader;
    KwCandleFile *file; /* borrowed */
    GArray *rows;       /* KwRawRow */
    KwCandleLayout layout;
    gboolean has_layout;
} Reading;

static void
read_comment(Reading *work, const gchar *text)
{
    while (*text == '#' || *text == ' ')
        text++;
    if (g_str_has_prefix(text, SYNTHETIC_MARK))
        work->file->synthetic = TRUE;
}

static void
note_others(Reading *work, const gchar *header)
{
    g_auto(GStrv) names = kw_candle_layout_name_others(&work->layout, header);

    for (guint i = 0; names[i] != NULL; i++)
        if (*names[i] != '\0')
            g_ptr_array_add(work->file->others,
                            kw_escape_bytes(names[i], -1, KW_ESCAPE_EXCERPT));
}

/* FALSE only for a first line that belongs to no table of candles */
static gboolean
read_line(Reading *work,
          gchar *text,
          gsize length,
          const KwCandleFileOptions *options,
          GError **error)
{
    KwRawRow row;

    if (kw_line_reader_get_number(work->reader) == 1 &&
        g_str_has_prefix(text, BYTE_ORDER_MARK)) {
        text += strlen(BYTE_ORDER_MARK);
        length -= strlen(BYTE_ORDER_MARK);
    }
    if (length == 0)
        return TRUE;
    if (*text == '#') {
        read_comment(work, text);
        return TRUE;
    }
    if (!work->has_layout) {
        if (!kw_candle_layout_init(&work->layout, text, options->format, error))
            return FALSE;
        work->has_layout = TRUE;
        if (kw_candle_layout_is_header(text)) {
            note_others(work, text);
            return TRUE;
        }
    }
    kw_candle_layout_parse(&work->layout, text, length, &row);
    row.line = kw_line_reader_get_number(work->reader);
    g_array_append_val(work->rows, row);
    return TRUE;
}

static void
add_endless_line(Reading *work)
{
    KwRawRow row = {
        .line = kw_line_reader_get_number(work->reader),
        .reason = KW_ROW_COLUMNS,
        .field = KW_ROW_FIELD_NONE,
    };

    g_array_append_val(work->rows, row);
}

static gboolean
read_rows(Reading *work, const KwCandleFileOptions *options, GError **error)
{
    while (work->rows->len <= KW_CANDLE_FILE_MAX_ROWS) {
        gchar *text = NULL;
        gsize length = 0;

        switch (kw_line_reader_next(work->reader, &text, &length, error)) {
        case KW_LINE_TEXT:
            if (!read_line(work, text, length, options, error))
                return FALSE;
            break;
        case KW_LINE_TOO_LONG:
            add_endless_line(work);
            break;
        case KW_LINE_END:
            return TRUE;
        case KW_LINE_FAILED:
            return FALSE;
        }
    }
    g_set_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_FORMAT, "more than %d rows",
                KW_CANDLE_FILE_MAX_ROWS);
    return FALSE;
}

static gint64
guess_timeframe(const GArray *rows)
{
    g_autofree gint64 *times = g_new(gint64, rows->len + 1);
    gsize n_times = 0;

    for (guint i = 0; i < rows->len; i++) {
        const KwRawRow *row = &g_array_index(rows, KwRawRow, i);

        if (row->reason == KW_ROW_FINE)
            times[n_times++] = row->candle.open_us;
    }
    return kw_timeframe_guess(times, n_times);
}

static gboolean
clean(Reading *work, const KwCandleFileOptions *options, GError **error)
{
    KwCandleFile *file = work->file;
    gint64 timeframe_us = options->timeframe_us;

    if (timeframe_us == 0)
        timeframe_us = guess_timeframe(work->rows);
    if (timeframe_us == 0) {
        g_set_error_literal(error, KW_MARKET_ERROR, KW_MARKET_ERROR_FORMAT,
                            "the timeframe cannot be told from the rows; name it");
        return FALSE;
    }
    file->format = work->layout.format;
    file->series = kw_series_new(timeframe_us);
    file->report = kw_cleaner_run(
        work->rows, options->now_us != 0 ? options->now_us : G_MAXINT64, file->series);
    if (file->report->n_kept > 0)
        return TRUE;
    g_set_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_EMPTY,
                "not one of %" G_GSIZE_FORMAT " rows is valid", file->report->n_read);
    return FALSE;
}

KwCandleFile *
kw_candle_file_load_stream(GInputStream *stream,
                           const KwCandleFileOptions *options,
                           GError **error)
{
    static const KwCandleFileOptions defaults = {.format = KW_CANDLE_FORMAT_AUTO};
    g_autoptr(KwCandleFile) file = g_new0(KwCandleFile, 1);
    g_autoptr(KwLineReader) reader = kw_line_reader_new(stream);
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(KwRawRow));
    Reading work = {.reader = reader, .file = file, .rows = rows};

    file->others = g_ptr_array_new_with_free_func(g_free);
    if (options == NULL)
        options = &defaults;
    if (!read_rows(&work, options, error))
        return NULL;
    if (rows->len == 0) {
        g_set_error_literal(error, KW_MARKET_ERROR, KW_MARKET_ERROR_EMPTY, "there are no rows");
        return NULL;
    }
    if (!clean(&work, options, error))
        return NULL;
    return g_steal_pointer(&file);
}

KwCandleFile *
kw_candle_file_load_bytes(GBytes *bytes, const KwCandleFileOptions *options, GError **error)
{
    g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes(bytes);

    return kw_candle_file_load_stream(stream, options, error);
}

KwCandleFile *
kw_candle_file_load(const gchar *path, const KwCandleFileOptions *options, GError **error)
{
    g_autoptr(GFile) source = g_file_new_for_path(path);
    g_autoptr(GFileInputStream) stream = NULL;
    g_autoptr(GError) inner = NULL;
    KwCandleFile *file;

    stream = g_file_read(source, NULL, &inner);
    if (stream == NULL) {
        g_set_error_literal(error, KW_MARKET_ERROR, KW_MARKET_ERROR_IO, inner->message);
        return NULL;
    }
    file = kw_candle_file_load_stream(G_INPUT_STREAM(stream), options, error);
    if (file == NULL)
        g_prefix_error(error, "%s: ", path);
    return file;
}

/* -- writing -- */

/* As few digits as read back as @value; an exchange has eight, a sum of doubles has more. */
static void
append_value(GString *line, gdouble value)
{
    static const guint8 scales[] = {8, 12, 16};
    gchar buffer[KW_DECIMAL_TEXT_SIZE];
    gchar digits[G_ASCII_DTOSTR_BUF_SIZE];
    KwDecimal exact, next;
    gboolean fits = kw_decimal_from_double(value, scales[0], KW_ROUND_HALF_UP, &exact, NULL);

    g_string_append_c(line, ',');
    for (gsize i = 1; fits && i < G_N_ELEMENTS(scales); i++) {
        if (kw_decimal_from_double(value, scales[i], KW_ROUND_HALF_UP, &next, NULL))
            exact = next;
    }
    if (fits)
        g_string_append(line, kw_decimal_to_text(kw_decimal_trim(exact), buffer));
    else /* more than 10^10: the point is behind the last digit that counts */
        g_string_append(line, g_ascii_formatd(digits, sizeof digits, "%.0f", value));
}

static void
append_row(GString *text, const KwCandle *candle)
{
    g_string_append_printf(text, "%" G_GINT64_FORMAT, candle->open_us / G_USEC_PER_SEC);
    append_value(text, candle->open);
    append_value(text, candle->high);
    append_value(text, candle->low);
    append_value(text, candle->close);
    append_value(text, candle->volume);
    g_string_append_c(text, '\n');
}

static gboolean
write_rows(GOutputStream *stream, const KwSeries *series, const gchar *remark, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    gsize n_rows = kw_series_get_length(series);

    if (remark != NULL)
        g_string_append_printf(text, "# %s\n", remark);
    g_string_append(text, "time,open,high,low,close,volume\n");
    for (gsize row = 0; row <= n_rows; row++) {
        if (row < n_rows) {
            KwCandle candle = kw_series_get(series, row);
            append_row(text, &candle);
        }
        if (row < n_rows && text->len < 65536)
            continue;
        if (!g_output_stream_write_all(stream, text->str, text->len, NULL, NULL, error))
            return FALSE;
        g_string_truncate(text, 0);
    }
    return g_output_stream_close(stream, NULL, error);
}

gboolean
kw_candle_file_write(const gchar *path,
                     const KwSeries *series,
                     const gchar *remark,
                     GError **error)
{
    g_autoptr(GFile) target = g_file_new_for_path(path);
    g_autoptr(GOutputStream) stream = NULL;
    g_autoptr(GError) inner = NULL;

    g_return_val_if_fail(series != NULL, FALSE);
    g_return_val_if_fail(remark == NULL || strchr(remark, '\n') == NULL, FALSE);

    stream = G_OUTPUT_STREAM(
        g_file_replace(target, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION, NULL, &inner));
    if (stream != NULL && g_str_has_suffix(path, ".gz")) {
        g_autoptr(GConverter) deflater =
            G_CONVERTER(g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
        g_autoptr(GOutputStream) plain = g_steal_pointer(&stream);

        stream = g_converter_output_stream_new(plain, deflater);
    }
    if (stream != NULL && write_rows(stream, series, remark, &inner))
        return TRUE;
    g_set_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_IO, "%s: %s", path, inner->message);
    return FALSE;
}
