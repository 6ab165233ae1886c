/* kw-sieve.c: the last look at what a feed gives, before anything is decided by it
 *
 * Files are cleaned when they are read; a stream is not, and a venue or its client may break
 * its own promises. One row of the future would make all rows after it "of the past", and a
 * price of zero would be a stop. A row that is left out is a gap: its pair waits for the next
 * one, and when there is none for long the owner is told, as for any silence. */
#define G_LOG_DOMAIN "kw-engine"

#include "kw-sieve.h"

#include "kw-cleaner.h"
#include "kw-log.h"

#define MAX_AHEAD_US G_TIME_SPAN_MINUTE /* of a clock that is a little late */

struct _KwSieve {
    KwBook *book; /* borrowed */
    guint64 n_refused;
    KwFeedBatch left;
};

static KwRowReason
check_time(const KwSieve *self, const KwFeedBatch *batch, const KwFeedRow *row)
{
    const KwSlot *slot = &self->book->slots[row->pair_index];
    gint64 timeframe_us = kw_feed_get_timeframe_us(self->book->feed);

    if (batch->close_us > kw_clock_now_us(self->book->clock) + MAX_AHEAD_US)
        return KW_ROW_FUTURE;
    if (row->candle.open_us + timeframe_us != batch->close_us ||
        row->candle.open_us % timeframe_us != 0)
        return KW_ROW_OFF_GRID;
    return slot->data_us >= batch->close_us ? KW_ROW_OUT_OF_ORDER : KW_ROW_FINE;
}

static gboolean
is_twice(const KwFeedBatch *batch, guint index)
{
    for (guint i = 0; i < index; i++)
        if (batch->rows[i].pair_index == batch->rows[index].pair_index)
            return TRUE;
    return FALSE;
}

static KwRowReason
check_row(const KwSieve *self, const KwFeedBatch *batch, guint index, KwRowField *out_field)
{
    const KwFeedRow *row = &batch->rows[index];
    KwRowReason reason = check_time(self, batch, row);

    *out_field = KW_ROW_FIELD_TIME;
    if (reason != KW_ROW_FINE)
        return reason;
    if (is_twice(batch, index))
        return KW_ROW_DUPLICATE;
    return kw_cleaner_check_candle(&row->candle, out_field);
}

static gboolean
is_fine(KwSieve *self, const KwFeedBatch *batch, guint index)
{
    const KwFeedRow *row = &batch->rows[index];
    KwRowField field;
    KwRowReason reason;

    if (row->pair_index >= self->book->n_slots) {
        self->n_refused++;
        kw_log_warning("candle of an unknown pair left out");
        return FALSE;
    }
    reason = check_row(self, batch, index, &field);
    if (reason == KW_ROW_FINE)
        return TRUE;
    self->n_refused++;
    kw_log_warning("candle left out", "KW_PAIR", self->book->slots[row->pair_index].pair.name,
                   "KW_REASON", kw_row_reason_to_string(reason), "KW_FIELD",
                   kw_row_field_to_string(field));
    return FALSE;
}

const KwFeedBatch *
kw_sieve_run(KwSieve *self, const KwFeedBatch *batch)
{
    guint64 n_before;

    g_return_val_if_fail(self != NULL && batch != NULL, batch);

    n_before = self->n_refused;
    self->left.close_us = batch->close_us;
    self->left.n_rows = 0;
    for (guint i = 0; i < MIN(batch->n_rows, KW_FEED_MAX_PAIRS); i++)
        if (is_fine(self, batch, i))
            self->left.rows[self->left.n_rows++] = batch->rows[i];
    return self->n_refused == n_before ? batch : &self->left;
}

guint64
kw_sieve_get_n_refused(const KwSieve *self)
{
    g_return_val_if_fail(self != NULL, 0);

    return self->n_refused;
}

KwSieve *
kw_sieve_new(KwBook *book)
{
    KwSieve *self = g_new0(KwSieve, 1);

    self->book = book;
    return self;
}

void
kw_sieve_free(KwSieve *self)
{
    g_free(self);
}
