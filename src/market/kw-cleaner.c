/* kw-cleaner.c: rejects, repairs and counts
 *
 * The steps, each over all rows: values of the row alone; direction (a source with the newest
 * row first is turned round); a constant offset from the grid (a collector that slept in the
 * middle of a minute: thousands of rows late by the same 20.799 s are moved to the opening
 * they stand for, a lone odd row is not); then order, duplicates and jumps against the last
 * row that was kept.
 *
 * A time that is too late would make every row after it look out of order. So before a row is
 * kept, the next two are asked: if both are older, the row itself is the stray one.
 *
 * Jumps are flagged and kept, because the worst real minutes look like errors; who trades on a
 * jump decides that elsewhere. */
#include "kw-cleaner.h"

#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAX_VALUE 1e15
#define JUMP_RATIO 1.5  /* close against the close before, either way */
#define RANGE_RATIO 2.0 /* high against low */
#define FORGOTTEN_ROWS 65536
#define MIN_RUN 10 /* rows in a row with the same offset that make it a rule */

static const gchar *const reason_names[KW_N_ROW_REASONS] = {
    [KW_ROW_FINE] = "fine",
    [KW_ROW_COLUMNS] = "columns",
    [KW_ROW_SYNTAX] = "syntax",
    [KW_ROW_NOT_FINITE] = "not-finite",
    [KW_ROW_RANGE] = "range",
    [KW_ROW_NEGATIVE] = "negative",
    [KW_ROW_PRICE_ZERO] = "price-zero",
    [KW_ROW_HIGH_LOW] = "high-low",
    [KW_ROW_FUTURE] = "future",
    [KW_ROW_OFF_GRID] = "off-grid",
    [KW_ROW_OUT_OF_ORDER] = "out-of-order",
    [KW_ROW_DUPLICATE] = "duplicate",
    [KW_ROW_CONFLICT] = "conflict",
    [KW_ROW_REVERSED] = "reversed",
    [KW_ROW_SNAPPED] = "snapped",
    [KW_ROW_JUMP] = "jump",
};

static const gchar *const field_names[] = {
    [KW_ROW_FIELD_TIME] = "time",   [KW_ROW_FIELD_OPEN] = "open",
    [KW_ROW_FIELD_HIGH] = "high",   [KW_ROW_FIELD_LOW] = "low",
    [KW_ROW_FIELD_CLOSE] = "close", [KW_ROW_FIELD_VOLUME] = "volume",
    [KW_ROW_FIELD_NONE] = "row",
};

static const gchar *const fate_names[] = {
    [KW_ROW_KEPT] = "kept",
    [KW_ROW_REPAIRED] = "repaired",
    [KW_ROW_REJECTED] = "rejected",
};

/* One run. Rows that are dropped are taken out of the array. */
typedef struct {
    GArray *rows; /* borrowed; KwRawRow */
    gint64 timeframe_us;
    gint64 now_us;
    KwSeries *out;         /* borrowed */
    KwCleanReport *report; /* borrowed */
} Cleaning;

const gchar *
kw_row_reason_to_string(KwRowReason reason)
{
    return reason_names[reason];
}

const gchar *
kw_row_field_to_string(KwRowField field)
{
    return field_names[field];
}

const gchar *
kw_row_fate_to_string(KwRowFate fate)
{
    return fate_names[fate];
}

void
kw_clean_report_free(KwCleanReport *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->notes, g_array_unref);
    g_free(self);
}

static void
add_note(KwCleanReport *report, const KwRawRow *row, KwRowReason reason, KwRowFate fate)
{
    KwRowNote note = {
        .line = row->line,
        .reason = reason,
        .field = row->field,
        .fate = fate,
        .time_us = row->candle.open_us,
    };

    report->counts[reason]++;
    g_array_append_val(report->notes, note);
}

static void
reject(KwCleanReport *report, const KwRawRow *row, KwRowReason reason)
{
    report->n_rejected++;
    add_note(report, row, reason, KW_ROW_REJECTED);
}

/* -- a row alone -- */

static KwRowReason
check_value(gdouble value, KwRowField field)
{
    if (!isfinite(value))
        return KW_ROW_NOT_FINITE;
    if (fabs(value) > MAX_VALUE)
        return KW_ROW_RANGE;
    if (value < 0)
        return KW_ROW_NEGATIVE;
    if (value <= 0 && field != KW_ROW_FIELD_VOLUME)
        return KW_ROW_PRICE_ZERO;
    return KW_ROW_FINE;
}

KwRowReason
kw_cleaner_check_candle(const KwCandle *candle, KwRowField *out_field)
{
    const gdouble values[KW_N_ROW_FIELDS] = {
        [KW_ROW_FIELD_OPEN] = candle->open,     [KW_ROW_FIELD_HIGH] = candle->high,
        [KW_ROW_FIELD_LOW] = candle->low,       [KW_ROW_FIELD_CLOSE] = candle->close,
        [KW_ROW_FIELD_VOLUME] = candle->volume,
    };
    KwRowReason reason = KW_ROW_FINE;
    KwRowField field = KW_ROW_FIELD_OPEN;

    while (field < KW_N_ROW_FIELDS) {
        reason = check_value(values[field], field);
        if (reason != KW_ROW_FINE)
            break;
        field++;
    }
    if (reason == KW_ROW_FINE) {
        if (candle->low > candle->open || candle->high < candle->open)
            field = KW_ROW_FIELD_OPEN;
        else if (candle->low > candle->close || candle->high < candle->close)
            field = KW_ROW_FIELD_CLOSE;
        reason = field == KW_ROW_FIELD_NONE ? KW_ROW_FINE : KW_ROW_HIGH_LOW;
    }
    if (out_field != NULL)
        *out_field = field;
    return reason;
}

static void
drop_bad_values(Cleaning *work)
{
    GArray *rows = work->rows;
    guint n_left = 0;

    for (guint i = 0; i < rows->len; i++) {
        KwRawRow *row = &g_array_index(rows, KwRawRow, i);
        KwRowReason reason = row->reason;

        if (reason == KW_ROW_FINE)
            reason = kw_cleaner_check_candle(&row->candle, &row->field);
        if (reason != KW_ROW_FINE)
            reject(work->report, row, reason);
        else
            g_array_index(rows, KwRawRow, n_left++) = *row;
    }
    g_array_set_size(rows, n_left);
}

/* -- direction -- */

static gint64
time_of(const GArray *rows, guint index)
{
    return g_array_index(rows, KwRawRow, index).candle.open_us;
}

static void
mark_repaired(Cleaning *work, KwRawRow *row, KwRowReason reason)
{
    row->reason = reason; /* not fine any more; counted once, when the row is kept */
    add_note(work->report, row, reason, KW_ROW_REPAIRED);
}

static void
turn_round(Cleaning *work)
{
    GArray *rows = work->rows;
    gsize n_up = 0, n_down = 0;

    for (guint i = 1; i < rows->len; i++) {
        n_up += time_of(rows, i) > time_of(rows, i - 1);
        n_down += time_of(rows, i) < time_of(rows, i - 1);
    }
    if (n_down <= n_up)
        return;
    for (guint i = 0, k = rows->len - 1; i < k; i++, k--) {
        KwRawRow row = g_array_index(rows, KwRawRow, i);

        g_array_index(rows, KwRawRow, i) = g_array_index(rows, KwRawRow, k);
        g_array_index(rows, KwRawRow, k) = row;
    }
    for (guint i = 0; i < rows->len; i++)
        mark_repaired(work, &g_array_index(rows, KwRawRow, i), KW_ROW_REVERSED);
}

/* -- grid -- */

/* Distance to the nearest multiple of the timeframe; negative when the row is early */
static gint64
grid_offset(gint64 time_us, gint64 timeframe_us)
{
    gint64 rest = ((time_us % timeframe_us) + timeframe_us) % timeframe_us;

    return rest > timeframe_us / 2 ? rest - timeframe_us : rest;
}

static gboolean
may_snap(const Cleaning *work, gint64 offset_us, guint n_run)
{
    return offset_us != 0 && n_run >= MIN_RUN && 2 * ABS(offset_us) < work->timeframe_us;
}

static void
snap_to_grid(Cleaning *work)
{
    GArray *rows = work->rows;

    for (guint begin = 0, end = 0; begin < rows->len; begin = end) {
        gint64 offset_us = grid_offset(time_of(rows, begin), work->timeframe_us);

        while (end < rows->len &&
               grid_offset(time_of(rows, end), work->timeframe_us) == offset_us)
            end++;
        for (guint i = begin; may_snap(work, offset_us, end - begin) && i < end; i++) {
            KwRawRow *row = &g_array_index(rows, KwRawRow, i);

            row->field = KW_ROW_FIELD_TIME;
            mark_repaired(work, row, KW_ROW_SNAPPED);
            row->candle.open_us -= offset_us;
        }
    }
}

/* -- against the last row -- */

static gboolean
is_same_candle(const KwCandle *a, const KwCandle *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

/* The row at @index is later than the two after it, which follow the last row well. */
static gboolean
is_stray(const GArray *rows, guint index, gint64 last_us)
{
    gint64 time_us = time_of(rows, index);

    if (index + 1 >= rows->len || time_of(rows, index + 1) >= time_us ||
        time_of(rows, index + 1) <= last_us)
        return FALSE;
    return index + 2 >= rows->len || time_of(rows, index + 2) < time_us;
}

static KwRowReason
check_time(const Cleaning *work, guint index)
{
    const KwCandle *candle = &g_array_index(work->rows, KwRawRow, index).candle;
    gsize n_kept = kw_series_get_length(work->out);
    gint64 last_us = G_MININT64;

    if (candle->open_us > work->now_us - work->timeframe_us)
        return KW_ROW_FUTURE;
    if (candle->open_us % work->timeframe_us != 0)
        return KW_ROW_OFF_GRID;
    if (n_kept > 0) {
        KwCandle last = kw_series_get(work->out, n_kept - 1);

        last_us = last.open_us;
        if (candle->open_us == last_us)
            return is_same_candle(candle, &last) ? KW_ROW_DUPLICATE : KW_ROW_CONFLICT;
        if (candle->open_us < last_us)
            return KW_ROW_OUT_OF_ORDER;
    }
    return is_stray(work->rows, index, last_us) ? KW_ROW_OUT_OF_ORDER : KW_ROW_FINE;
}

static gboolean
is_jump(const KwSeries *kept, const KwCandle *candle)
{
    gsize n_kept = kw_series_get_length(kept);
    gdouble before = n_kept > 0 ? kw_series_get_closes(kept)[n_kept - 1] : candle->close;

    return candle->close > before * JUMP_RATIO || candle->close * JUMP_RATIO < before ||
           candle->high > candle->low * RANGE_RATIO;
}

static void
keep(Cleaning *work, KwRawRow *row)
{
    KwCleanReport *report = work->report;

    if (is_jump(work->out, &row->candle)) {
        row->field = KW_ROW_FIELD_CLOSE;
        add_note(report, row, KW_ROW_JUMP, KW_ROW_KEPT);
    }
    (void) kw_series_append(work->out, &row->candle);
    report->n_kept++;
    if (row->reason != KW_ROW_FINE)
        report->n_repaired++;
}

/* Gives the memory of @block rows before @end back to the system; they are not looked at any
 * more */
static void
forget(GArray *rows, guint end, guint block)
{
    gsize page = (gsize) sysconf(_SC_PAGESIZE);
    gsize from = (gsize) &g_array_index(rows, KwRawRow, end - block);
    gsize to = (gsize) &g_array_index(rows, KwRawRow, end);

    from = (from + page - 1) / page * page; /* a page may be shared with what is still needed */
    to = to / page * page;
    if (to > from)
        (void) madvise((void *) from, to - from, MADV_DONTNEED);
}

/* What is kept grows while what it was read from goes: three million minutes are 200 MB of rows
 * and 150 MB of candles, and a backtest has as much as the one that it reads last. */
static void
keep_in_order(Cleaning *work)
{
    for (guint i = 0; i < work->rows->len; i++) {
        KwRawRow *row = &g_array_index(work->rows, KwRawRow, i);
        KwRowReason reason = check_time(work, i);

        if (i > 0 && i % FORGOTTEN_ROWS == 0)
            forget(work->rows, i, FORGOTTEN_ROWS);
        if (reason == KW_ROW_FINE) {
            keep(work, row);
            continue;
        }
        row->field = KW_ROW_FIELD_TIME;
        reject(work->report, row, reason);
    }
}

static gint
compare_notes(gconstpointer a, gconstpointer b)
{
    const KwRowNote *left = a;
    const KwRowNote *right = b;

    if (left->line != right->line)
        return left->line < right->line ? -1 : 1;
    return (gint) left->reason - (gint) right->reason;
}

KwCleanReport *
kw_cleaner_run(GArray *rows, gint64 now_us, KwSeries *out)
{
    KwCleanReport *report;
    Cleaning work;

    g_return_val_if_fail(rows != NULL && out != NULL, NULL);
    g_return_val_if_fail(kw_series_get_length(out) == 0, NULL);

    report = g_new0(KwCleanReport, 1);
    report->notes = g_array_new(FALSE, FALSE, sizeof(KwRowNote));
    report->n_read = rows->len;
    work = (Cleaning){
        .rows = rows,
        .timeframe_us = kw_series_get_timeframe_us(out),
        .now_us = now_us,
        .out = out,
        .report = report,
    };
    drop_bad_values(&work);
    turn_round(&work);
    snap_to_grid(&work);
    keep_in_order(&work);
    g_array_sort(report->notes, compare_notes);
    return report;
}
