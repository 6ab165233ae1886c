#define G_LOG_DOMAIN "kw-engine"

#include "kw-restore.h"

#include "kw-cancel-notes.h"
#include "kw-error.h"
#include "kw-exit.h"
#include "kw-kill-file.h"
#include "kw-log.h"
#include "kw-scan-history.h"

#include <math.h>
#include <string.h>

#define META_BEGIN "begin_us"                /* market time of the very first start */
#define MAX_RESCAN_US (30 * G_TIME_SPAN_DAY) /* the marks of digests reach farther back */

void
kw_restore_present(KwBook *book,
                   const KwStoreState *state,
                   gint64 resume_us,
                   gint64 ledger_row_us)
{
    gint64 now_us = kw_clock_now_us(book->clock);

    book->row_us = resume_us;
    kw_restore_equity(book, state);
    kw_restore_extremes(book);
    if (ledger_row_us > resume_us)
        kw_restore_equity_at(book, now_us);
    else
        kw_book_update_equity(book, now_us);
}

void
kw_restore_paper(const KwStoreState *state, KwPaperBroker *paper)
{
    for (guint i = 0; i < state->orders->len; i++) {
        const KwOrder *order = &g_array_index(state->orders, KwOrder, i);

        if (order->state == KW_ORDER_STATE_OPEN)
            kw_paper_broker_restore_order(paper, order);
    }
}

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

gint64
kw_restore_find_rescan_us(const KwStoreState *state, KwFeed *feed)
{
    gint64 row_us = kw_restore_get_int(state, "row_us", 0);
    gint64 decided_us = row_us - kw_feed_get_timeframe_us(feed);
    gint64 begin_us = kw_restore_get_int(state, META_BEGIN, decided_us);

    if (row_us == 0)
        return 0;
    return MIN(decided_us, MAX(begin_us, decided_us - MAX_RESCAN_US));
}

static void
copy_meta(const KwStoreState *state, const gchar *key, gchar *out, gsize size)
{
    const gchar *text = g_hash_table_lookup(state->meta, key);

    if (text != NULL)
        g_strlcpy(out, text, size);
}

/* Returns: %FALSE when it is missing or no threshold */
static gboolean
restore_threshold(KwBook *book, const KwStoreState *state)
{
    const gchar *text = g_hash_table_lookup(state->meta, "threshold");
    gchar *end = NULL;
    gdouble value;

    if (text == NULL)
        return FALSE;
    value = g_ascii_strtod(text, &end);
    if (end == text || *end != '\0' || !(value >= 0 && value <= 1))
        return FALSE;
    book->threshold = value;
    return TRUE;
}

static void
restore_run_state(KwBook *book, const KwStoreState *state)
{
    const gchar *text = g_hash_table_lookup(state->meta, "run_state");

    if (!state->has_start) {
        if (book->settings->mode == KW_MODE_LIVE) /* real money begins with the owner's word */
            kw_book_set_state(book, KW_RUN_STATE_PAUSED, "engine", NULL);
        return;
    }
    /* both are written with the first row: what is missing or cannot be read means "stop" */
    if (!restore_threshold(book, state) || text == NULL ||
        !kw_run_state_from_string(text, &book->state, NULL))
        book->state = KW_RUN_STATE_STOPPED;
    book->state_us = kw_restore_get_int(state, "run_state_us", book->state_us);
    book->reminder_us = kw_restore_get_int(state, "reminder_us", 0);
    copy_meta(state, "run_state_by", book->state_by, sizeof book->state_by);
    copy_meta(state, "run_state_reason", book->state_reason, sizeof book->state_reason);
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
    }
    return TRUE;
}

static gboolean
restore_parts(KwBook *book, const GArray *parts, GError **error)
{
    for (guint i = 0; i < parts->len; i++) {
        const KwPartRecord *part = &g_array_index(parts, KwPartRecord, i);

        if (!kw_portfolio_restore_part(book->portfolio, part->trade_id, &part->fill, error))
            return FALSE;
    }
    return TRUE;
}

/* A row of losses that the owner ended with a start stays ended. */
static void
restore_losses(KwBook *book, const KwStoreState *state)
{
    g_autofree gchar *key = kw_book_get_meta_key(book, KW_BOOK_META_LOSSES);
    guint n_closed = kw_portfolio_get_n_closed(book->portfolio);
    gint64 from = kw_restore_get_int(state, key, 0);

    book->losses_from = from >= 0 && from <= n_closed ? (guint) from : 0;
    for (guint i = book->losses_from; i < n_closed; i++)
        kw_risk_note_closed(book->risk,
                            kw_portfolio_get_closed(book->portfolio, i)->profit_abs);
}

gboolean
kw_restore_capital(KwBook *book, const KwStoreState *state, GError **error)
{
    KwDecimal moved;

    g_return_val_if_fail(book->oms == NULL, FALSE);

    if (!state->has_start)
        return TRUE;
    g_clear_pointer(&book->portfolio, kw_portfolio_unref);
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

        if (day_us == record->time_us || book->tracker.marks->len == 0)
            kw_tracker_restore_mark(&book->tracker, &mark);
    }
}

/* Stored points are a day apart; the highest equity may lie between two of them. */
static void
restore_peak(KwBook *book, const KwStoreState *state)
{
    g_autofree gchar *key = kw_book_get_meta_key(book, KW_BOOK_META_PEAK);
    const gchar *text = g_hash_table_lookup(state->meta, key);
    KwDecimal peak;
    gint64 since_us;

    if (state->equity->len == 0 || text == NULL || !kw_decimal_parse(text, &peak, NULL))
        return;
    /* both were written when the last day began */
    since_us = g_array_index(state->equity, KwEquityRecord, state->equity->len - 1).time_us;
    kw_tracker_restore_peak(&book->tracker, since_us, peak);
}

static void
restore_refusals(KwBook *book, const KwStoreState *state)
{
    for (guint i = 0; i < book->n_slots; i++) {
        KwSlot *slot = &book->slots[i];
        const gint64 *refused_us = g_hash_table_lookup(state->refusals, slot->pair.name);

        slot->refused_us = refused_us != NULL ? *refused_us : 0;
    }
}

/* Which threshold was in force then, the ledger does not tell. */
static void
restore_signals(KwBook *book, const KwStoreState *state)
{
    for (guint i = state->signals->len; i > 0; i--)
        kw_signal_log_add(book->signals, &g_array_index(state->signals, KwSignalRecord, i - 1),
                          NAN);
}

static void
restore_preferences(KwBook *book, const KwStoreState *state)
{
    GHashTableIter iter;
    gpointer key, value;

    g_hash_table_iter_init(&iter, state->meta);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        if (g_str_has_prefix(key, KW_BOOK_META_PREFERENCE) && *(const gchar *) value != '\0')
            g_hash_table_insert(book->preferences,
                                g_strdup((const gchar *) key + strlen(KW_BOOK_META_PREFERENCE)),
                                g_strdup(value));
    }
}

/* In place of @place, if the run before has left any */
static void
restore_text(const KwBook *book, const KwStoreState *state, const gchar *name, gchar **place)
{
    g_autofree gchar *key = kw_book_get_meta_key(book, name);
    const gchar *text = g_hash_table_lookup(state->meta, key);

    if (text == NULL)
        return;
    g_free(*place);
    *place = g_strdup(text);
}

static void
restore_orders(KwOms *oms, const KwStoreState *state)
{
    const gchar *withdrawn = g_hash_table_lookup(state->meta, KW_CANCEL_NOTES_META);

    for (guint i = 0; i < state->orders->len; i++)
        kw_oms_restore_order(oms, &g_array_index(state->orders, KwOrder, i));
    for (guint i = 0; i < state->exec_ids->len; i++)
        kw_oms_restore_fill(oms, state->exec_ids->pdata[i]);
    if (withdrawn != NULL)
        kw_oms_restore_withdrawn(oms, withdrawn);
    kw_oms_set_next_trade_id(oms, state->next_trade_id);
}

gboolean
kw_restore_book(KwBook *book, const KwStoreState *state, GError **error)
{
    if (!restore_trades(book, state->archived, error))
        return FALSE;
    book->n_archived = state->archived->len;
    if (!restore_trades(book, state->trades, error) ||
        !restore_parts(book, state->parts, error) ||
        !kw_portfolio_check(book->portfolio, error) || !check_cash(book, state, error))
        return FALSE;

    if (book->oms != NULL)
        restore_orders(book->oms, state);
    for (guint i = 0; i < state->order_times->len; i++)
        kw_risk_note_order(book->risk, g_array_index(state->order_times, gint64, i));
    for (guint i = 0; i < state->locks->len; i++)
        (void) kw_lock_list_add(book->locks, &g_array_index(state->locks, KwLock, i));
    restore_refusals(book, state);
    restore_signals(book, state);
    restore_preferences(book, state);
    restore_text(book, state, KW_BOOK_META_ACCEPTED, &book->venue_accepted);
    restore_text(book, state, KW_BOOK_META_STOPS, &book->venue_stops);
    restore_text(book, state, KW_BOOK_META_TOTALS, &book->venue_totals);
    restore_losses(book, state);
    restore_equity_marks(book, state);
    restore_peak(book, state);
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
    g_autofree gchar *begin = g_strdup_printf("%" G_GINT64_FORMAT, now_us);
    KwCapitalRecord start = {
        .time_us = now_us,
        .mode = book->settings->mode,
        .kind = "start",
        .amount = kw_portfolio_get_starting_capital(book->portfolio),
        .cash_after = kw_portfolio_get_cash(book->portfolio),
    };

    kw_batch_add_capital(batch, &start);
    kw_batch_add_meta(batch, META_BEGIN, begin, now_us);
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

/* What @amount of @trade was worth above its cost at @rate */
static gboolean
open_result(const KwTrade *trade, KwDecimal amount, gdouble rate, KwDecimal *out)
{
    KwDecimal value, cost;

    return isfinite(rate) && kw_trade_get_share(trade, trade->cost, amount, &cost, NULL) &&
           kw_decimal_from_double(kw_decimal_to_double(amount) * rate *
                                      (1.0 - trade->fee_close_ratio),
                                  KW_MONEY_SCALE, KW_ROUND_DOWN, &value, NULL) &&
           kw_decimal_sub(value, cost, out, NULL);
}

/* What the trades that were open at @time_us had gained or lost by then. Trades carry the
 * opening time of their row, so those of the row that closes at @time_us are before it. */
static gboolean
sum_open_results(KwBook *book, gint64 time_us, KwDecimal *out)
{
    const KwPortfolio *portfolio = book->portfolio;
    KwDecimal result;

    *out = KW_DECIMAL_ZERO;
    for (guint i = 0; i < kw_portfolio_get_n_open(portfolio); i++) {
        const KwTrade *trade = kw_portfolio_get_open(portfolio, i);

        if (trade->state == KW_TRADE_STATE_OPENING || trade->open_us >= time_us)
            continue;
        if (!open_result(trade, trade->amount, kw_book_get_rate(trade->pair, book), &result) ||
            !kw_decimal_add(*out, result, out, NULL))
            return FALSE;
    }
    for (guint i = kw_portfolio_get_n_closed(portfolio); i > 0; i--) {
        const KwTrade *trade = kw_portfolio_get_closed(portfolio, i - 1);

        if (trade->close_us < time_us)
            break;
        if (trade->open_us >= time_us)
            continue;
        if (!open_result(trade, trade->entry_amount, kw_book_get_rate(trade->pair, book),
                         &result) ||
            !kw_decimal_add(*out, result, out, NULL))
            return FALSE;
    }
    return TRUE;
}

/* Capital and what was realised until @time_us */
static gboolean
get_balance_at(const KwPortfolio *portfolio, gint64 time_us, KwDecimal *out)
{
    *out = kw_portfolio_get_balance(portfolio);
    for (guint i = kw_portfolio_get_n_closed(portfolio); i > 0; i--) {
        const KwTrade *trade = kw_portfolio_get_closed(portfolio, i - 1);

        if (trade->close_us < time_us)
            break;
        if (!kw_decimal_sub(*out, trade->profit_abs, out, NULL))
            return FALSE;
    }
    return TRUE;
}

void
kw_restore_equity_at(KwBook *book, gint64 time_us)
{
    KwDecimal balance, open_profit, equity;

    if (get_balance_at(book->portfolio, time_us, &balance) &&
        sum_open_results(book, time_us, &open_profit) &&
        kw_decimal_add(balance, open_profit, &equity, NULL))
        kw_tracker_update(&book->tracker, time_us, equity, open_profit);
    else
        kw_tracker_miss(&book->tracker);
}

/* Follows the equity through the candles that the slots hold, from the row that closes behind
 * @since_us on, with the trades that were open at each of them. */
static void
follow_equity(KwBook *book, gint64 since_us)
{
    const KwSeries *series;
    gint64 timeframe_us = kw_feed_get_timeframe_us(book->feed);
    gdouble last[KW_FEED_MAX_PAIRS];
    gsize n;

    if (book->n_slots == 0)
        return;
    series = kw_frame_get_series(book->slots[0].frame);
    n = kw_series_get_length(series);
    for (guint i = 0; i < book->n_slots; i++)
        last[i] = book->slots[i].price;

    for (gsize row = kw_series_find(series, since_us - timeframe_us + 1); row < n; row++) {
        gint64 close_us = kw_series_get_times(series)[row] + timeframe_us;

        for (guint i = 0; i < book->n_slots; i++)
            book->slots[i].price = close_at(&book->slots[i], close_us);
        kw_restore_equity_at(book, close_us);
    }
    for (guint i = 0; i < book->n_slots; i++)
        book->slots[i].price = last[i];
}

/* Close time of the oldest row in memory; G_MAXINT64 without any */
static gint64
get_first_row_us(const KwBook *book)
{
    const KwSeries *series =
        book->n_slots > 0 ? kw_frame_get_series(book->slots[0].frame) : NULL;

    if (series == NULL || kw_series_get_length(series) == 0)
        return G_MAXINT64;
    return kw_series_get_times(series)[0] + kw_series_get_timeframe_us(series);
}

/* Usually what is stored leads up to the newest scanned row. When the ledger is ahead of it,
 * days that are to come again have left their marks already, and the highest point of before
 * is known by them only: then all is followed anew that the candles in memory reach. */
void
kw_restore_equity(KwBook *book, const KwStoreState *state)
{
    const KwEquityRecord *last;
    gboolean is_ahead;
    gint64 until_us;

    if (state->equity->len == 0)
        return;
    last = &g_array_index(state->equity, KwEquityRecord, state->equity->len - 1);
    is_ahead = book->row_us > 0 && last->time_us > book->row_us;
    until_us = is_ahead ? MIN(get_first_row_us(book), book->row_us) : last->time_us;
    for (guint i = 0; i < state->equity->len; i++) {
        const KwEquityRecord *record = &g_array_index(state->equity, KwEquityRecord, i);

        if (record->time_us <= until_us)
            kw_tracker_update(&book->tracker, record->time_us, record->equity,
                              record->open_profit);
    }
    follow_equity(book, is_ahead ? until_us - 1 : until_us);
}

void
kw_restore_extremes(KwBook *book)
{
    for (guint i = 0; i < kw_portfolio_get_n_open(book->portfolio); i++) {
        const gchar *pair = kw_portfolio_get_open(book->portfolio, i)->pair;
        KwTrade *trade = kw_portfolio_find_open(book->portfolio, pair);
        const KwSlot *slot = kw_book_find_slot(book, pair);
        const KwSeries *series;

        if (slot == NULL || trade->state != KW_TRADE_STATE_OPEN)
            continue;
        /* the row written at the entry knows no rates yet */
        if (trade->min_rate <= 0)
            trade->max_rate = trade->min_rate = kw_decimal_to_double(trade->open_rate);
        series = kw_frame_get_series(slot->frame);
        for (gsize row = kw_series_find(series, trade->open_us);
             row < kw_series_get_length(series); row++)
            kw_exit_widen_range(trade, kw_series_get_highs(series)[row],
                                kw_series_get_lows(series)[row]);
    }
}

/* Which threshold was in force then, the store does not tell. */
void
kw_restore_scans(KwBook *book, const gchar *root)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) scans =
        kw_scan_history_load(root, book->settings->mode, KW_SCAN_LOG_MIN, &error);

    if (scans == NULL)
        kw_log_warning("the last cycles cannot be read; /thoughts begins anew", "KW_ERROR",
                       error->message);
    for (guint i = scans != NULL ? scans->len : 0; i > 0; i--)
        kw_scan_log_add(book->scans, &g_array_index(scans, KwScanRecord, i - 1), NAN);
}
