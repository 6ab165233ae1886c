/* kw-candle-layout.c: the dialects of candle tables, and strict numbers
 *
 * A number is digits with at most one point. Exponents, signs and words are refused by name of
 * the field: no exchange sends them in a candle, but broken exports do, and "1e5" that is
 * read by accident as 1 or as 100000 is worse than a row that is missing.
 *
 * Most numbers have fewer than 16 digits; those are one integer divided by one power of ten,
 * which IEEE rounds correctly, and only longer ones go through g_ascii_strtod(). */
#include "kw-candle-layout.h"

#include "kw-error.h"

#include <string.h>

#define MAX_EXPONENT_LENGTH 4 /* with mark and sign */
#define MAX_NUMBER_LENGTH 32
#define MAX_FAST_DIGITS 15 /* below 2^53 */

static const gdouble pow10_table[MAX_FAST_DIGITS + 1] = {
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
};

static const struct {
    const gchar *name;
    guint n_columns;
    guint volume_column;
} formats[] = {
    [KW_CANDLE_FORMAT_AUTO] = {"auto", 0, 0},
    [KW_CANDLE_FORMAT_PLAIN] = {"plain", 6, 5},
    [KW_CANDLE_FORMAT_KRAKEN] = {"kraken", 7, 5},
    [KW_CANDLE_FORMAT_KRAKEN_OHLC] = {"kraken-ohlc", 8, 6},
    [KW_CANDLE_FORMAT_BINANCE] = {"binance", 12, 5},
};

static const struct {
    const gchar *name;
    KwRowField field;
} header_names[] = {
    {"time", KW_ROW_FIELD_TIME},      {"timestamp", KW_ROW_FIELD_TIME},
    {"date", KW_ROW_FIELD_TIME},      {"open_time", KW_ROW_FIELD_TIME},
    {"open time", KW_ROW_FIELD_TIME}, {"unix", KW_ROW_FIELD_TIME},
    {"open", KW_ROW_FIELD_OPEN},      {"high", KW_ROW_FIELD_HIGH},
    {"low", KW_ROW_FIELD_LOW},        {"close", KW_ROW_FIELD_CLOSE},
    {"volume", KW_ROW_FIELD_VOLUME},  {"vol", KW_ROW_FIELD_VOLUME},
};

/* Words that only a table of single trades has in its header */
static const gchar *const trade_names[] = {"price",    "qty",    "side",
                                           "trade_id", "amount", "isbuyermaker"};

gboolean
kw_candle_format_from_string(const gchar *text, KwCandleFormat *out, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
        if (strcmp(formats[i].name, text) == 0) {
            *out = (KwCandleFormat) i;
            return TRUE;
        }
    }
    g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX,
                        "unknown format; known are auto, plain, kraken, kraken-ohlc, binance");
    return FALSE;
}

const gchar *
kw_candle_format_to_string(KwCandleFormat format)
{
    return formats[format].name;
}

/* -- the first line -- */

static gboolean
is_digit_or_minus(gchar c)
{
    return g_ascii_isdigit(c) || c == '-' || c == '.';
}

gboolean
kw_candle_layout_is_header(const gchar *line)
{
    while (*line == '"' || *line == ' ')
        line++;
    return !is_digit_or_minus(*line);
}

static gchar
find_separator(const gchar *line)
{
    if (strchr(line, ',') != NULL)
        return ',';
    return strchr(line, ';') != NULL ? ';' : '\t';
}

static gboolean
refuse_trades(GError **error)
{
    g_set_error_literal(error, KW_MARKET_ERROR, KW_MARKET_ERROR_FORMAT,
                        "this is a table of single trades; candles are needed "
                        "(time,open,high,low,close,volume)");
    return FALSE;
}

static gboolean
read_header(KwCandleLayout *layout, gchar **names, GError **error)
{
    gboolean found[KW_N_ROW_FIELDS] = {FALSE};
    gsize n_found = 0;

    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree gchar *name = g_ascii_strdown(g_strdelimit(names[i], "\"", ' '), -1);

        (void) g_strstrip(name);
        for (gsize k = 0; k < G_N_ELEMENTS(header_names); k++) {
            KwRowField field = header_names[k].field;

            if (strcmp(name, header_names[k].name) != 0 || found[field])
                continue;
            found[field] = TRUE;
            layout->column[field] = i;
            n_found++;
        }
        for (gsize k = 0; k < G_N_ELEMENTS(trade_names); k++) {
            if (strcmp(name, trade_names[k]) == 0 && !found[KW_ROW_FIELD_OPEN])
                return refuse_trades(error);
        }
    }
    if (n_found == KW_N_ROW_FIELDS)
        return TRUE;
    g_set_error_literal(error, KW_MARKET_ERROR, KW_MARKET_ERROR_FORMAT,
                        "the first line names not all of time, open, high, low, close, volume");
    return FALSE;
}

/* Kraken's trades have three columns, Binance's seven with True or False at the end. */
static gboolean
looks_like_trades(gchar **cells, guint n_cells)
{
    const gchar *last = cells[n_cells - 1];

    return n_cells == 3 || g_ascii_strcasecmp(last, "true") == 0 ||
           g_ascii_strcasecmp(last, "false") == 0 || g_ascii_isalpha(*cells[n_cells / 2]);
}

static KwCandleFormat
format_of_columns(guint n_columns)
{
    for (gsize i = 1; i < G_N_ELEMENTS(formats); i++) {
        if (formats[i].n_columns == n_columns)
            return (KwCandleFormat) i;
    }
    return KW_CANDLE_FORMAT_AUTO;
}

static gboolean
read_first_row(KwCandleLayout *layout, gchar **cells, GError **error)
{
    KwCandleFormat format = format_of_columns(layout->n_columns);

    if (looks_like_trades(cells, layout->n_columns))
        return refuse_trades(error);
    if (format == KW_CANDLE_FORMAT_AUTO) {
        g_set_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_FORMAT,
                    "no known table of candles has %u columns", layout->n_columns);
        return FALSE;
    }
    layout->format = format;
    for (guint i = 0; i < KW_ROW_FIELD_VOLUME; i++)
        layout->column[i] = i;
    layout->column[KW_ROW_FIELD_VOLUME] = formats[format].volume_column;
    return TRUE;
}

gboolean
kw_candle_layout_init(KwCandleLayout *self,
                      const gchar *line,
                      KwCandleFormat format,
                      GError **error)
{
    KwCandleLayout layout = {.format = KW_CANDLE_FORMAT_PLAIN};
    g_auto(GStrv) cells = NULL;
    gboolean ok;

    g_return_val_if_fail(self != NULL && line != NULL, FALSE);

    layout.separator = find_separator(line);
    cells = g_strsplit(line, (gchar[]){layout.separator, '\0'}, -1);
    layout.n_columns = g_strv_length(cells);
    if (layout.n_columns < 3 || layout.n_columns > KW_CANDLE_LAYOUT_MAX_COLUMNS) {
        g_set_error_literal(error, KW_MARKET_ERROR, KW_MARKET_ERROR_FORMAT,
                            "this is no table of candles");
        return FALSE;
    }
    ok = kw_candle_layout_is_header(line) ? read_header(&layout, cells, error)
                                          : read_first_row(&layout, cells, error);
    if (!ok)
        return FALSE;
    if (format != KW_CANDLE_FORMAT_AUTO && !kw_candle_layout_is_header(line) &&
        format != layout.format) {
        g_set_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_FORMAT,
                    "%u columns are not the format '%s'", layout.n_columns,
                    formats[format].name);
        return FALSE;
    }
    if (format != KW_CANDLE_FORMAT_AUTO)
        layout.format = format;
    *self = layout;
    return TRUE;
}

static gboolean
is_candle_column(const KwCandleLayout *self, guint column)
{
    for (guint field = 0; field < KW_N_ROW_FIELDS; field++)
        if (self->column[field] == column)
            return TRUE;
    return FALSE;
}

GStrv
kw_candle_layout_name_others(const KwCandleLayout *self, const gchar *header)
{
    const gchar separator[] = {self->separator, '\0'};
    GStrv names = g_strsplit(header, separator, KW_CANDLE_LAYOUT_MAX_COLUMNS);

    for (guint i = 0; names[i] != NULL; i++) {
        if (is_candle_column(self, i))
            names[i][0] = '\0';
        (void) g_strstrip(g_strdelimit(names[i], "\"", ' '));
    }
    return names;
}

/* -- rows -- */

/* Digits of a number in pieces: @mant * 10^-@scale, unless there are too many for it */
typedef struct {
    guint64 mant;
    guint n_digits; /* without leading zeros */
    guint scale;
    gboolean negative;
} Digits;

static KwRowReason
reason_of_word(const gchar *text)
{
    if (*text == '-' || *text == '+')
        text++;
    if (g_ascii_strncasecmp(text, "nan", 3) == 0 || g_ascii_strncasecmp(text, "inf", 3) == 0)
        return KW_ROW_NOT_FINITE;
    return KW_ROW_SYNTAX;
}

static KwRowReason
scan_digits(const gchar *text, Digits *out)
{
    const gchar *p = text;
    Digits digits = {.negative = *text == '-'};
    gboolean seen_point = FALSE;
    guint n_any = 0;

    if (*p == '-')
        p++;
    for (; *p != '\0'; p++) {
        if (*p == '.' && !seen_point) {
            seen_point = TRUE;
            continue;
        }
        if (!g_ascii_isdigit(*p))
            return reason_of_word(text);
        n_any++;
        digits.scale += seen_point;
        digits.n_digits += digits.n_digits > 0 || *p != '0';
        if (digits.n_digits <= MAX_FAST_DIGITS)
            digits.mant = digits.mant * 10 + (guint64) g_ascii_digit_value(*p);
    }
    if (n_any == 0)
        return KW_ROW_SYNTAX;
    if (p - text > MAX_NUMBER_LENGTH)
        return KW_ROW_RANGE;
    *out = digits;
    return KW_ROW_FINE;
}

static KwRowReason
parse_value(const gchar *text, gdouble *out)
{
    Digits digits;
    KwRowReason reason = scan_digits(text, &digits);

    if (reason != KW_ROW_FINE)
        return reason;
    if (digits.n_digits <= MAX_FAST_DIGITS && digits.scale <= MAX_FAST_DIGITS) {
        *out = (gdouble) digits.mant / pow10_table[digits.scale];
        if (digits.negative)
            *out = -*out;
    } else {
        *out = g_ascii_strtod(text, NULL);
    }
    return KW_ROW_FINE;
}

/* "1E+1": some dumps write round volumes so. A volume is no money and only a number for the
 * columns, so it is read; a price of that form is refused like any other damage. */
static KwRowReason
parse_volume(gchar *text, gdouble *out)
{
    gchar *mark = strpbrk(text, "eE");
    const gchar *p;
    gdouble value;
    Digits digits;
    KwRowReason reason;

    if (mark == NULL || mark == text)
        return parse_value(text, out);
    for (p = mark + 1 + (mark[1] == '+' || mark[1] == '-'); g_ascii_isdigit(*p); p++)
        continue;
    if (*p != '\0' || !g_ascii_isdigit(p[-1]) || p - mark > MAX_EXPONENT_LENGTH)
        return KW_ROW_SYNTAX;
    value = g_ascii_strtod(text, NULL);
    *mark = '\0';
    reason = scan_digits(text, &digits);
    if (reason != KW_ROW_FINE)
        return reason;
    *out = value;
    return KW_ROW_FINE;
}

#define MAX_SECONDS G_GINT64_CONSTANT(100000000000) /* the year 5138 */
#define US_DIGITS 6

/* @text is digits with at most one point. Microseconds, cut off below that. */
static KwRowReason
parse_time(const gchar *text, gint64 *out)
{
    Digits digits;
    KwRowReason reason = scan_digits(text, &digits);
    guint n_fraction = US_DIGITS; /* digits right of the point that make microseconds */
    const gchar *p = text;
    gint64 value = 0;

    if (reason != KW_ROW_FINE)
        return reason;
    if (digits.negative)
        return KW_ROW_NEGATIVE;
    for (; *p != '\0' && *p != '.'; p++) {
        if (value >= MAX_SECONDS * G_USEC_PER_SEC)
            return KW_ROW_RANGE;
        value = value * 10 + g_ascii_digit_value(*p);
    }
    for (gint64 limit = MAX_SECONDS; value >= limit; limit *= 1000) {
        if (n_fraction == 0)
            return KW_ROW_RANGE;
        n_fraction -= 3;
    }
    if (*p == '.')
        p++;
    for (; n_fraction > 0; n_fraction--) {
        value *= 10;
        if (*p != '\0')
            value += g_ascii_digit_value(*p++);
    }
    *out = value;
    return KW_ROW_FINE;
}

/* Cuts @line at its separators; FALSE when there are not exactly n_columns pieces. */
static gboolean
cut_line(const KwCandleLayout *layout, gchar *line, gchar **cells)
{
    guint n_cells = 0;
    gchar *p = line;

    for (;;) {
        gchar *end = strchr(p, layout->separator);

        if (n_cells == layout->n_columns)
            return FALSE;
        cells[n_cells++] = p;
        if (end == NULL)
            return n_cells == layout->n_columns;
        *end = '\0';
        p = end + 1;
    }
}

static gdouble *
value_of(KwCandle *candle, KwRowField field)
{
    gdouble *const values[KW_N_ROW_FIELDS] = {
        [KW_ROW_FIELD_OPEN] = &candle->open,     [KW_ROW_FIELD_HIGH] = &candle->high,
        [KW_ROW_FIELD_LOW] = &candle->low,       [KW_ROW_FIELD_CLOSE] = &candle->close,
        [KW_ROW_FIELD_VOLUME] = &candle->volume,
    };

    return values[field];
}

void
kw_candle_layout_parse(const KwCandleLayout *self, gchar *line, gsize length, KwRawRow *out)
{
    gchar *cells[KW_CANDLE_LAYOUT_MAX_COLUMNS];
    gchar *cell;

    *out = (KwRawRow){.reason = KW_ROW_COLUMNS, .field = KW_ROW_FIELD_NONE};
    if (strlen(line) != length || !cut_line(self, line, cells))
        return;
    out->field = KW_ROW_FIELD_TIME;
    out->reason = parse_time(cells[self->column[KW_ROW_FIELD_TIME]], &out->candle.open_us);
    while (out->reason == KW_ROW_FINE && out->field < KW_ROW_FIELD_VOLUME) {
        out->field++;
        cell = cells[self->column[out->field]];
        out->reason = out->field == KW_ROW_FIELD_VOLUME
                          ? parse_volume(cell, &out->candle.volume)
                          : parse_value(cell, value_of(&out->candle, out->field));
    }
    if (out->reason == KW_ROW_FINE)
        out->field = KW_ROW_FIELD_NONE;
}
