/* kw-cleaner.h: checks every candle of a source and says what became of each bad one */
#pragma once

#include "kw-series.h"

G_BEGIN_DECLS

/* What was found about a row. The order is that of the checks; the first that fails decides. */
typedef enum {
    KW_ROW_FINE,
    KW_ROW_COLUMNS,      /* other number of columns, or an endless line */
    KW_ROW_SYNTAX,       /* a field is no plain decimal number ("1e5", "", "abc") */
    KW_ROW_NOT_FINITE,   /* NaN or infinite */
    KW_ROW_RANGE,        /* too many digits, or larger than any price or volume */
    KW_ROW_NEGATIVE,     /* a price or volume below zero */
    KW_ROW_PRICE_ZERO,   /* a price of zero */
    KW_ROW_HIGH_LOW,     /* not low <= open, close <= high */
    KW_ROW_FUTURE,       /* not closed yet */
    KW_ROW_OFF_GRID,     /* opens between two multiples of the timeframe */
    KW_ROW_OUT_OF_ORDER, /* not where its time belongs */
    KW_ROW_DUPLICATE,    /* the same row again */
    KW_ROW_CONFLICT,     /* the same time again with other numbers; the first one stays */
    KW_ROW_REVERSED,     /* repaired: the source had the newest row first */
    KW_ROW_SNAPPED,      /* repaired: opened late by a constant offset */
    KW_ROW_JUMP,         /* kept: the price jumped; a flash crash looks like that, too */
} KwRowReason;
#define KW_N_ROW_REASONS (KW_ROW_JUMP + 1)

typedef enum {
    KW_ROW_FIELD_TIME,
    KW_ROW_FIELD_OPEN,
    KW_ROW_FIELD_HIGH,
    KW_ROW_FIELD_LOW,
    KW_ROW_FIELD_CLOSE,
    KW_ROW_FIELD_VOLUME,
    KW_ROW_FIELD_NONE, /* the row as a whole */
} KwRowField;
#define KW_N_ROW_FIELDS KW_ROW_FIELD_NONE

typedef enum {
    KW_ROW_KEPT,
    KW_ROW_REPAIRED, /* kept after a change */
    KW_ROW_REJECTED,
} KwRowFate;

/**
 * KwRawRow:
 * @line: in the source, from 1
 * @reason: %KW_ROW_FINE, or what the parser found; then @candle is not complete
 */
typedef struct {
    guint line;
    KwRowReason reason;
    KwRowField field;
    KwCandle candle;
} KwRawRow;

/* One finding; a row can have several. @time_us is 0 when it could not be read. */
typedef struct {
    guint line;
    KwRowReason reason;
    KwRowField field;
    KwRowFate fate;
    gint64 time_us;
} KwRowNote;

/**
 * KwCleanReport:
 * @n_read: rows of the source; always @n_kept + @n_rejected
 * @n_repaired: rows among the kept ones that were changed
 * @counts: findings by reason
 * @notes: (element-type KwRowNote): every finding, in the order of the lines
 */
typedef struct {
    gsize n_read, n_kept, n_repaired, n_rejected;
    gsize counts[KW_N_ROW_REASONS];
    GArray *notes;
} KwCleanReport;

void kw_clean_report_free(KwCleanReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwCleanReport, kw_clean_report_free)

/**
 * kw_cleaner_check_candle:
 * @out_field: (out) (nullable): the first field that is wrong
 *
 * The checks that need no neighbour: finite, in range, not negative, price not zero, low and
 * high outermost. For rows of a stream as well.
 */
KwRowReason kw_cleaner_check_candle(const KwCandle *candle, KwRowField *out_field);

/**
 * kw_cleaner_run:
 * @rows: (element-type KwRawRow): the source; used up as scratch memory
 * @now_us: candles that close later are rejected; %G_MAXINT64 to let all pass
 * @out: empty series of the timeframe that the rows should have
 *
 * Appends to @out what is valid. Nothing is invented: a gap stays a gap. A row that was moved
 * to the grid covers as much of the next candle as it was late; who cannot have that leaves out
 * what is marked %KW_ROW_SNAPPED.
 *
 * Returns: (transfer full): what was found
 */
KwCleanReport *kw_cleaner_run(GArray *rows, gint64 now_us, KwSeries *out);

/* Names for machines: "high-low", "close", "rejected"; static */
const gchar *kw_row_reason_to_string(KwRowReason reason);
const gchar *kw_row_field_to_string(KwRowField field);
const gchar *kw_row_fate_to_string(KwRowFate fate);

G_END_DECLS
