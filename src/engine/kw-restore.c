#include "kw-restore.h"

#include "kw-error.h"
#include "kw-kill-file.h"

#include <math.h>
#include <string.h>

gint64
kw_restore_get_int(const KwStoreState *state, const gchar *key, gint64 fallback)
{
    const gchar *text = g_hash_table_lookup(state->meta, key);
    gint64 value;

    if (text == NULL ||
        !g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &value, NULL))
        return fallback;
    return value;
}

static void
copy_meta(const KwStoreState *state, const gchar *key, gchar *out, gsize size)
{
    const gchar *text = g_hash_table_lookup(state->meta, key);

    if (text != NULL)
        g_strlcpy(out, text, size);
}

static void
restore_run_state(KwBook *book, const KwStoreState *state)
{
    const gchar *text = g_hash_table_lookup(state->meta, "run_state");
    const gchar *threshold = g_hash_table_lookup(state->meta, "threshold");

    /* a state that is there and cannot be read counts as "stop" */
    if (text != NULL && !kw_run_state_from_string(text, &book->state, NULL))
        book->state = KW_RUN_STATE_STOPPED;
    book->state_us = kw_restore_get_int(state, "run_state_us", book->state_us);
    book->reminder_us = kw_restore_get_int(state, "reminder_us", 0);
    copy_meta(state, "run_state_by", book->state_by, sizeof book->state_by);
    copy_meta(state, "run_state_reason", book->state_reason, sizeof book->state_reason);
    if (threshold != NULL) {
        gdouble value = g_ascii_strtod(threshold, NULL);

        if (value >= 0 && value <= 1)
            book->threshold = value;
    }
}

static gboolean
restore_trades(KwBook *book, const GArray *trades, GError **error)
{
    for (guint i = 0; i < trades->len; i++) {
        const KwTrade *trade = &g_array_index(trades, KwTrade, i);

        if (!kw_portfolio_restore_trade(book->portfolio, trade, error)) {
            g_prefix_error(error, "trade %" G_GINT64_FORMAT ": ", trade->id);
            return FALSE;
        }
        if (trade->state == KW_TRADE_STATE_CLOSED)
            kw_risk_note_closed(book->risk, trade->profit_abs);
    }
    return TRUE;
}

static gboolean
restore_capital(KwBook *book, const KwStoreState *state, GError **error)
{
    KwDecimal moved;

    if (!state->has_start)
        return TRUE;
    g_clear_pointer(&book->portfolio, kw_portfolio_free);
    book->portfolio = kw_portfolio_new(state->starting_capital);
    if (!kw_decimal_sub(state->capital, state->starting_capital, &moved, error))
        return FALSE;
    return kw_decimal_sign(moved) == 0 ||
           kw_portfolio_add_capital(book->portfolio, moved, error);
}

static gboolean
check_cash(const KwBook *book, const KwStoreState *state, GError **error)
{
    KwDecimal cash = kw_portfolio_get_cash(book->portfolio);
    gchar have[KW_DECIMAL_TEXT_SIZE], want[KW_DECIMAL_TEXT_SIZE];

    if (!state->has_start || kw_decimal_cmp(cash, state->cash) == 0)
        return TRUE;
    g_set_error(error, KW_STORE_ERROR, KW_STORE_ERROR_CORRUPT,
                "trades leave %s of cash, the capital rows say %s",
                kw_decimal_to_text(cash, have), kw_decimal_to_text(state->cash, want));
    return FALSE;
}

static void
restore_equity_marks(KwBook *book, const KwStoreState *state)
{
    for (guint i = 0; i < state->equity->len; i++) {
        const KwEquityRecord *record = &g_array_index(state->equity, KwEquityRecord, i);
        KwEquityMark mark = {record->time_us, record->equity, record->open_profit,
                             record->realised};
        gint64 day_us = kw_zone_floor_day_us(book->daily_zone, record->time_us);

        kw_tracker_update(&book->tracker, record->time_us, record->equity, record->open_profit);
        if (day_us == record->time_us || book->tracker.marks->len == 0)
            kw_tracker_restore_mark(&book->tracker, &mark);
    }
}

gboolean
kw_restore_book(KwBook *book, const KwStoreState *state, GError **error)
{
    if (!restore_capital(book, state, error) || !restore_trades(book, state->archived, error))
        return FALSE;
    book->n_archived = state->archived->len;
    if (!restore_trades(book, state->trades, error) ||
        !kw_portfolio_check(book->portfolio, error) || !check_cash(book, state, error))
        return FALSE;

    for (guint i = 0; i < state->orders->len; i++)
        kw_oms_restore_order(book->oms, &g_array_index(state->orders, KwOrder, i));
    for (guint i = 0; i < state->exec_ids->len; i++)
        kw_oms_restore_fill(book->oms, state->exec_ids->pdata[i]);
    kw_oms_set_next_trade_id(book->oms, state->next_trade_id);
    for (guint i = 0; i < state->order_times->len; i++)
        kw_risk_note_order(book->risk, g_array_index(state->order_times, gint64, i));
    for (guint i = 0; i < state->locks->len; i++)
        (void) kw_lock_list_add(book->locks, &g_array_index(state->locks, KwLock, i));
    restore_equity_marks(book, state);
    restore_run_state(book, state);
    return TRUE;
}

void
kw_restore_kill(KwBook *book, const gchar *root, const KwStoreState *state)
{
    g_auto(KwKillRecord) record = {0};

    kw_kill_file_read(root, g_hash_table_lookup(state->meta, KW_KILL_META_KEY), &record);
    kw_kill_switch_restore(book->kill, record.state, record.reason, record.time_us);
}

void
kw_restore_add_first_rows(const KwBook *book, KwBatch *batch)
{
    gint64 now_us = kw_clock_now_us(book->clock);
    KwCapitalRecord start = {
        .time_us = now_us,
        .mode = book->settings->mode,
        .kind = "start",
        .amount = kw_portfolio_get_starting_capital(book->portfolio),
        .cash_after = kw_portfolio_get_cash(book->portfolio),
    };

    kw_batch_add_capital(batch, &start);
    kw_book_add_state(book, batch);
}

/* Close of @slot's row that was the newest one at @time_us; NaN before the first row */
static gdouble
close_at(const KwSlot *slot, gint64 time_us)
{
    const KwSeries *series = kw_frame_get_series(slot->frame);
    gsize row = kw_series_find(series, time_us - kw_series_get_timeframe_us(series) + 1);

    return row == 0 ? NAN : kw_series_get_closes(series)[row - 1];
}

void
kw_restore_equity(KwBook *book, gint64 since_us)
{
    const KwSeries *series;
    gint64 timeframe_us = kw_feed_get_timeframe_us(book->feed);
    gdouble last[KW_FEED_MAX_PAIRS];
    gsize n;

    if (book->n_slots == 0 || kw_portfolio_get_n_open(book->portfolio) == 0)
        return;
    series = kw_frame_get_series(book->slots[0].frame);
    n = kw_series_get_length(series);
    for (guint i = 0; i < book->n_slots; i++)
        last[i] = book->slots[i].price;

    for (gsize row = kw_series_find(series, since_us - timeframe_us + 1); row < n; row++) {
        gint64 close_us = kw_series_get_times(series)[row] + timeframe_us;

        for (guint i = 0; i < book->n_slots; i++)
            book->slots[i].price = close_at(&book->slots[i], close_us);
        kw_book_update_equity(book, close_us);
    }
    for (guint i = 0; i < book->n_slots; i++)
        book->slots[i].price = last[i];
}

void
kw_restore_extremes(KwBook *book)
{
    for (guint i = 0; i < kw_portfolio_get_n_open(book->portfolio); i++) {
        const gchar *pair = kw_portfolio_get_open(book->portfolio, i)->pair;
        KwTrade *trade = kw_portfolio_find_open(book->portfolio, pair);
        const KwSlot *slot = kw_book_find_slot(book, pair);
        const KwSeries *series;

        if (slot == NULL)
            continue;
        series = kw_frame_get_series(slot->frame);
        for (gsize row = kw_series_find(series, trade->open_us);
             row < kw_series_get_length(series); row++) {
            trade->max_rate = MAX(trade->max_rate, kw_series_get_highs(series)[row]);
            trade->min_rate = MIN(trade->min_rate, kw_series_get_lows(series)[row]);
        }
    }
}
