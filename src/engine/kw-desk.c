/* kw-desk.c: answers for chat and web
 *
 * Everything is computed from the book when asked: a few thousand closed trades take less than
 * a millisecond, and nothing has to be kept in step. */
#include "kw-desk.h"

#include "kw-desk-health.h"
#include "kw-desk-models.h"
#include "kw-desk-prop.h"
#include "kw-desk-results.h"
#include "kw-model-shelf.h"
#include "kw-trainer.h"
#include "kw-venue.h"
#include "kw-version.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

struct _KwDesk {
    GObject parent_instance;

    KwBook *book;         /* borrowed */
    KwStore *store;       /* owned */
    KwLog *log;           /* borrowed; may be NULL */
    GArray *config;       /* owned, KwConfigView */
    gchar *strategy_note; /* owned; "" = in use */
    KwDeskModels *models; /* owned */
};

static void query_init(KwQueryInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(KwDesk,
                              kw_desk,
                              G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(KW_TYPE_QUERY, query_init))

/* -- trades -- */

/* A rate with the digits of the pair's tick, as an exchange shows it */
KwDecimal
kw_desk_round_rate(const KwBook *book, const gchar *pair, KwDecimal rate)
{
    const KwSlot *slot = kw_book_find_slot((KwBook *) book, pair);

    if (slot != NULL)
        (void) kw_decimal_rescale(rate, slot->pair.price_tick.scale, KW_ROUND_HALF_UP, &rate,
                                  NULL);
    return rate;
}

static void
fill_open_part(const KwBook *book, const KwTrade *trade, KwTradeView *out)
{
    gdouble price = kw_book_get_rate(trade->pair, (gpointer) book);
    gdouble cost = kw_decimal_to_double(trade->cost);

    out->amount = trade->amount;
    if (!isfinite(price) || !kw_book_price_to_decimal(price, &out->last_rate, NULL))
        return;
    out->has_last = TRUE;
    out->last_rate = kw_desk_round_rate(book, trade->pair, out->last_rate);
    out->profit_abs = kw_trade_get_open_profit(trade, out->last_rate);
    out->profit_ratio = cost > 0 ? kw_decimal_to_double(out->profit_abs) / cost : 0;
    out->stop_distance_ratio = (price - kw_decimal_to_double(trade->stop)) / price;
}

void
kw_desk_fill_trade(const KwBook *book, const KwTrade *trade, KwTradeView *out)
{
    *out = (KwTradeView){
        .id = trade->id,
        .is_open = trade->state != KW_TRADE_STATE_CLOSED,
        .open_us = trade->open_us,
        .close_us = trade->close_us,
        .amount = trade->entry_amount,
        .stake = trade->stake,
        .stop = trade->stop,
        .initial_stop = trade->initial_stop,
        .is_trailing = trade->is_trailing,
        .confidence = trade->confidence,
    };
    g_strlcpy(out->pair, trade->pair, sizeof out->pair);
    g_strlcpy(out->tag, trade->enter_tag, sizeof out->tag);
    g_strlcpy(out->exit_reason, trade->exit_reason, sizeof out->exit_reason);
    g_strlcpy(out->regime, trade->regime, sizeof out->regime);
    g_strlcpy(out->strategy, trade->strategy, sizeof out->strategy);
    g_strlcpy(out->model, trade->model, sizeof out->model);
    (void) kw_decimal_add(trade->fee_open, trade->fee_close, &out->fees, NULL);
    out->open_rate = kw_desk_round_rate(book, trade->pair, trade->open_rate);
    if (out->is_open) {
        out->close_us = 0;
        fill_open_part(book, trade, out);
        return;
    }
    out->has_last = TRUE;
    out->last_rate = kw_desk_round_rate(book, trade->pair, trade->close_rate);
    out->profit_abs = trade->profit_abs;
    out->profit_ratio = trade->profit_ratio;
}

static GArray *
desk_list_open(KwQuery *query)
{
    KwDesk *self = KW_DESK(query);
    GArray *result = g_array_new(FALSE, FALSE, sizeof(KwTradeView));

    for (guint i = 0; i < kw_portfolio_get_n_open(self->book->portfolio); i++) {
        KwTradeView view;

        kw_desk_fill_trade(self->book, kw_portfolio_get_open(self->book->portfolio, i), &view);
        g_array_append_val(result, view);
    }
    return result;
}

static gboolean
desk_find_trade(KwQuery *query, gint64 id, const gchar *pair, KwTradeView *out)
{
    KwDesk *self = KW_DESK(query);
    KwPortfolio *portfolio = self->book->portfolio;
    const KwTrade *trade = NULL;

    if (id > 0)
        trade = kw_portfolio_find_trade(portfolio, id);
    else if (pair != NULL)
        trade = kw_portfolio_find_open(portfolio, pair);
    for (guint i = kw_portfolio_get_n_closed(portfolio); trade == NULL && i > 0; i--) {
        const KwTrade *closed = kw_portfolio_get_closed(portfolio, i - 1);

        if (id > 0 ? closed->id == id : pair != NULL && strcmp(closed->pair, pair) == 0)
            trade = closed;
    }
    if (trade == NULL)
        return FALSE;
    kw_desk_fill_trade(self->book, trade, out);
    return TRUE;
}

typedef struct {
    const KwBook *book;
    GArray *result;
    guint max;
} ClosedList;

static void
add_closed(const KwTrade *trade, gpointer user_data)
{
    ClosedList *list = user_data;
    KwTradeView view;

    if (list->max > 0 && list->result->len >= list->max)
        return;
    kw_desk_fill_trade(list->book, trade, &view);
    g_array_append_val(list->result, view);
}

static GArray *
desk_list_closed(KwQuery *query, KwPeriod period, const gchar *pair, guint max)
{
    KwDesk *self = KW_DESK(query);
    ClosedList list = {self->book, g_array_new(FALSE, FALSE, sizeof(KwTradeView)), max};

    kw_desk_each_closed(self->book, period, pair, add_closed, &list);
    return list.result;
}

/* -- status -- */

static KwDecimal
positive(KwDecimal value)
{
    return kw_decimal_sign(value) > 0 ? value : KW_DECIMAL_ZERO;
}

static gdouble
ratio_of(KwDecimal part, KwDecimal whole)
{
    gdouble base = kw_decimal_to_double(whole);

    return base > 0 ? kw_decimal_to_double(part) / base : 0;
}

static KwPeriod
today_of(const KwBook *book)
{
    gint64 now_us = kw_clock_now_us(book->clock);

    return (KwPeriod){kw_zone_floor_day_us(book->zone, now_us), G_MAXINT64};
}

static KwDecimal
daily_loss_of(const KwBook *book)
{
    KwDecimal loss = KW_DECIMAL_ZERO;

    (void) kw_decimal_sub(kw_tracker_get_day_balance(&book->tracker), book->tracker.equity,
                          &loss, NULL);
    return positive(loss);
}

static void
fill_daily_limit(const KwBook *book, KwLimitView *out)
{
    const KwLimits *limits = kw_risk_get_limits(book->risk);

    out->is_set = kw_decimal_sign(limits->max_daily_loss_abs) > 0;
    out->used = daily_loss_of(book);
    out->limit = limits->max_daily_loss_abs;
    out->used_ratio = ratio_of(out->used, kw_tracker_get_day_balance(&book->tracker));
    out->limit_ratio = limits->max_daily_loss_ratio;
}

static void
fill_drawdown_limit(const KwBook *book, KwLimitView *out)
{
    const KwLimits *limits = kw_risk_get_limits(book->risk);

    out->is_set = limits->max_drawdown_ratio > 0;
    out->used_ratio = kw_tracker_get_drawdown_ratio(&book->tracker);
    out->limit_ratio = limits->max_drawdown_ratio;
    (void) kw_decimal_sub(book->tracker.peak, book->tracker.equity, &out->used, NULL);
    out->used = positive(out->used);
}

static void
fill_today(const KwBook *book, KwStatusView *out)
{
    KwProfitView today;

    kw_desk_compute_profit(book, today_of(book), NULL, &today);
    out->today_realised = today.realised;
    out->today_unrealised = today.unrealised;
    (void) kw_decimal_add(today.realised, today.unrealised, &out->today, NULL);
    out->today_ratio = today.ratio;
    out->today_closed = today.n_trades;
    out->today_wins = today.wins;
    out->today_losses = today.losses;
    out->today_opened = today.n_opened;
}

static void
fill_run(const KwBook *book, KwStatusView *out)
{
    const gchar *reason = kw_kill_switch_get_reason(book->kill);

    out->mode = book->settings->mode;
    out->state = kw_book_get_state(book);
    out->since_us = book->state_us;
    g_strlcpy(out->by, book->state_by, sizeof out->by);
    g_strlcpy(out->reason, book->state_reason, sizeof out->reason);
    out->reminder_us = book->reminder_us;
    out->is_killed = kw_kill_switch_is_tripped(book->kill);
    out->killed_us = kw_kill_switch_get_tripped_us(book->kill);
    g_strlcpy(out->kill_reason, reason != NULL ? reason : "", sizeof out->kill_reason);
    out->threshold = book->threshold;
    out->is_synthetic = kw_feed_get_synthetic(book->feed);
    out->stake_amount = book->settings->stake.stake_amount;
    out->is_stake_unlimited = book->settings->stake.is_unlimited;
    if (book->strategy != NULL)
        g_strlcpy(out->strategy, kw_strategy_get_name(book->strategy), sizeof out->strategy);
    if (book->settings->models != NULL)
        g_strlcpy(out->model, kw_model_shelf_get_identity(book->settings->models),
                  sizeof out->model);
}

static void
desk_get_status(KwQuery *query, KwStatusView *out)
{
    KwDesk *self = KW_DESK(query);
    KwBook *book = self->book;
    guint n_open = kw_portfolio_get_n_open(book->portfolio);

    *out = (KwStatusView){0};
    fill_run(book, out);
    out->now_us = kw_clock_now_us(book->clock);
    out->data_us = kw_desk_newest_data_us(book);
    out->timeframe_us = kw_feed_get_timeframe_us(book->feed);
    out->next_us = out->data_us + out->timeframe_us;
    out->has_equity = book->tracker.is_current;
    out->equity = book->tracker.equity;
    fill_today(book, out);
    kw_venue_fill_view(book->venue, &out->venue);
    kw_desk_models_fill_silence(book, out);
    out->n_open = n_open;
    out->max_open = book->settings->max_open_trades;
    out->open_profit = book->tracker.open_profit;
    for (guint i = 0; i < MIN(n_open, KW_VIEW_MAX_OPEN); i++) {
        kw_desk_fill_trade(book, kw_portfolio_get_open(book->portfolio, i), &out->open[i]);
        out->n_listed++;
    }
    fill_daily_limit(book, &out->daily_loss);
    fill_drawdown_limit(book, &out->drawdown);
    if (book->n_slots > 0)
        (void) kw_pair_get_quote(&book->slots[0].pair, out->quote);
}

/* -- results -- */

static void
desk_get_profit(KwQuery *query, KwPeriod period, const gchar *pair, KwProfitView *out)
{
    kw_desk_compute_profit(KW_DESK(query)->book, period, pair, out);
}

static GArray *
desk_list_pair_results(KwQuery *query, KwPeriod period)
{
    return kw_desk_compute_pair_results(KW_DESK(query)->book, period);
}

static void
desk_get_stats(KwQuery *query, KwPeriod period, const gchar *pair, KwStatsView *out)
{
    kw_desk_compute_stats(KW_DESK(query)->book, period, pair, out);
}

static void
desk_get_fees(KwQuery *query, KwPeriod period, KwFeesView *out)
{
    kw_desk_compute_fees(KW_DESK(query)->book, period, out);
}

static void
add_holding(const KwBook *book, const KwTrade *trade, KwBalanceView *out)
{
    KwHoldingView *holding = &out->holdings[out->n_holdings];
    const KwSlot *slot = kw_book_find_slot((KwBook *) book, trade->pair);
    KwDecimal price;

    if (out->n_holdings == KW_VIEW_MAX_OPEN || slot == NULL)
        return;
    out->n_holdings++;
    (void) kw_pair_get_base(&slot->pair, holding->currency);
    holding->amount = trade->amount;
    holding->has_value =
        isfinite(slot->price) && kw_book_price_to_decimal(slot->price, &price, NULL) &&
        kw_decimal_mul(trade->amount, price, 8, KW_ROUND_DOWN, &holding->value, NULL);
}

static void
desk_get_balance(KwQuery *query, KwBalanceView *out)
{
    const KwBook *book = KW_DESK(query)->book;

    *out = (KwBalanceView){
        .data_us = kw_desk_newest_data_us(book),
        .has_equity = book->tracker.is_current,
        .equity = book->tracker.equity,
        .free = kw_portfolio_get_cash(book->portfolio),
        .starting_capital = kw_portfolio_get_starting_capital(book->portfolio),
        .realised = kw_portfolio_get_realised(book->portfolio),
    };
    (void) kw_decimal_sub(out->equity, out->free, &out->tied, NULL);
    (void) kw_decimal_sub(kw_portfolio_get_capital(book->portfolio), out->starting_capital,
                          &out->deposits, NULL);
    for (guint i = 0; i < kw_portfolio_get_n_open(book->portfolio); i++)
        add_holding(book, kw_portfolio_get_open(book->portfolio, i), out);
}

static void
desk_get_drawdown(KwQuery *query, KwPeriod period, KwDrawdownView *out)
{
    const KwBook *book = KW_DESK(query)->book;
    const KwTracker *tracker = &book->tracker;
    KwLimitView limit = {0};

    fill_drawdown_limit(book, &limit);
    *out = (KwDrawdownView){
        .current_ratio = limit.used_ratio,
        .current_abs = limit.used,
        .limit_ratio = limit.limit_ratio,
        .is_at_high = kw_decimal_sign(limit.used) == 0,
    };
    if (period.from_us > G_MININT64) {
        kw_desk_compute_drawdown(book, period, out);
        return;
    }
    out->max_ratio = tracker->max_drawdown_ratio;
    out->max_abs = tracker->max_drawdown_abs;
    out->peak_us = tracker->dd_peak_us;
    out->trough_us = tracker->dd_trough_us;
}

/* -- risk -- */

static KwDecimal
largest_stake(const KwBook *book)
{
    KwDecimal largest = KW_DECIMAL_ZERO;

    for (guint i = 0; i < kw_portfolio_get_n_open(book->portfolio); i++) {
        KwDecimal stake = kw_portfolio_get_open(book->portfolio, i)->stake;

        if (kw_decimal_cmp(stake, largest) > 0)
            largest = stake;
    }
    return largest;
}

/* As the risk check counts it: with what orders of other hands would still buy */
static KwDecimal
get_exposure(const KwBook *book)
{
    KwDecimal sum = kw_portfolio_get_tied(book->portfolio);

    (void) kw_decimal_add(sum, book->foreign_value, &sum, NULL);
    return sum;
}

static void
fill_exposure(const KwBook *book, KwDecimal used, KwDecimal limit, KwLimitView *out)
{
    out->is_set = kw_decimal_sign(limit) > 0;
    out->used = used;
    out->limit = limit;
    out->used_ratio = ratio_of(used, book->tracker.equity);
}

static guint
effective_max_open(const KwBook *book)
{
    guint hard = kw_risk_get_limits(book->risk)->max_open_trades;
    guint soft = book->settings->max_open_trades;

    if (soft == 0 || hard == 0)
        return MAX(soft, hard);
    return MIN(soft, hard);
}

/* The active lock of @pair (or of all pairs) that ends last; NULL when it is free */
static const KwLock *
find_lock(const KwBook *book, const gchar *pair, gint64 now_us)
{
    const KwLock *found = NULL;

    for (guint i = 0; i < kw_lock_list_get_length(book->locks); i++) {
        const KwLock *lock = kw_lock_list_get(book->locks, i);

        if (!kw_lock_is_active(lock, now_us) ||
            (strcmp(lock->pair, pair) != 0 && strcmp(lock->pair, "*") != 0))
            continue;
        if (found == NULL || lock->until_us > found->until_us)
            found = lock;
    }
    return found;
}

static guint
count_locks(const KwBook *book, gint64 now_us)
{
    guint n = 0;

    for (guint i = 0; i < book->n_slots; i++)
        n += find_lock(book, book->slots[i].pair.name, now_us) != NULL;
    return n;
}

static void
desk_get_risk(KwQuery *query, KwRiskView *out)
{
    const KwBook *book = KW_DESK(query)->book;
    const KwLimits *limits = kw_risk_get_limits(book->risk);
    gint64 now_us = kw_clock_now_us(book->clock);
    const gchar *reason = kw_kill_switch_get_reason(book->kill);

    *out = (KwRiskView){
        .is_killed = kw_kill_switch_is_tripped(book->kill),
        .is_kill_unreadable = kw_kill_switch_get_state(book->kill) == KW_KILL_UNREADABLE,
        .killed_us = kw_kill_switch_get_tripped_us(book->kill),
        .n_open = kw_portfolio_get_n_open(book->portfolio),
        .max_open = effective_max_open(book),
        .orders_hour = kw_risk_get_orders_last_hour(book->risk, now_us),
        .max_orders_hour = limits->max_orders_per_hour,
        .losses_row = kw_risk_get_losses_in_row(book->risk),
        .max_losses_row = limits->max_losses_in_row,
        .n_locks = count_locks(book, now_us),
        .day_start_us = kw_zone_floor_day_us(book->daily_zone, now_us),
        .day_end_us = kw_schedule_next_us(book->daily_zone, 0, now_us),
    };
    g_strlcpy(out->kill_reason, reason != NULL ? reason : "", sizeof out->kill_reason);
    if (book->state == KW_RUN_STATE_HALTED)
        g_strlcpy(out->halt_reason, book->state_reason, sizeof out->halt_reason);
    fill_daily_limit(book, &out->daily_abs);
    fill_daily_limit(book, &out->daily_ratio);
    out->daily_ratio.is_set = limits->max_daily_loss_ratio > 0;
    fill_drawdown_limit(book, &out->drawdown);
    fill_exposure(book, get_exposure(book), limits->max_exposure_total, &out->exposure);
    fill_exposure(book, largest_stake(book), limits->max_exposure_pair, &out->exposure_pair);
    kw_desk_prop_fill(book, now_us, &out->prop);
}

/* -- errors, health -- */

static GArray *
desk_list_errors(KwQuery *query, KwPeriod period, guint max)
{
    KwDesk *self = KW_DESK(query);
    GArray *result = g_array_new(FALSE, FALSE, sizeof(KwErrorView));
    g_autoptr(GPtrArray) entries = NULL;

    if (self->log == NULL)
        return result;
    entries = kw_log_dup_recent(self->log, max > 0 ? max : 200);
    for (guint i = 0; i < entries->len; i++) {
        const KwLogEntry *entry = entries->pdata[i];
        KwErrorView view = {.time_us = entry->time_us};

        if (entry->time_us < period.from_us || entry->time_us >= period.to_us)
            continue;
        view.severity = (entry->level & G_LOG_LEVEL_CRITICAL) != 0 ? KW_SEVERITY_ERROR
                                                                   : KW_SEVERITY_WARNING;
        g_snprintf(view.text, sizeof view.text, "%s%s%s", entry->message,
                   entry->details[0] != '\0' ? " " : "", entry->details);
        g_array_append_val(result, view);
    }
    return result;
}

static GArray *
desk_list_health(KwQuery *query)
{
    KwDesk *self = KW_DESK(query);

    if (self->store == NULL)
        return g_array_new(FALSE, FALSE, sizeof(KwHealthView));
    return kw_desk_health_list(self->book, self->store, self->strategy_note);
}

static GArray *
desk_list_differences(KwQuery *query)
{
    return kw_venue_list_differences(KW_DESK(query)->book->venue);
}

/* -- prices, pairs, settings -- */

static gboolean
desk_get_price(KwQuery *query, const gchar *pair, KwPriceView *out)
{
    KwBook *book = KW_DESK(query)->book;
    const KwSlot *slot = kw_book_find_slot(book, pair);
    const KwSeries *series;
    gsize row;

    if (slot == NULL)
        return FALSE;
    *out = (KwPriceView){.is_traded = TRUE, .change_24h_ratio = NAN, .time_us = slot->data_us};
    g_strlcpy(out->pair, slot->pair.name, sizeof out->pair);
    out->has_price =
        isfinite(slot->price) && kw_book_price_to_decimal(slot->price, &out->price, NULL);
    out->price = kw_desk_round_rate(KW_DESK(query)->book, pair, out->price);
    series = kw_frame_get_series(slot->frame);
    row = kw_series_find(series,
                         slot->data_us - kw_series_get_timeframe_us(series) - G_TIME_SPAN_DAY);
    if (out->has_price && row < kw_series_get_length(series) &&
        kw_series_get_times(series)[0] <= slot->data_us - G_TIME_SPAN_DAY)
        out->change_24h_ratio = slot->price / kw_series_get_closes(series)[row] - 1;
    return TRUE;
}

static GArray *
desk_list_config(KwQuery *query)
{
    KwDesk *self = KW_DESK(query);
    GArray *copy = g_array_new(FALSE, FALSE, sizeof(KwConfigView));

    g_array_append_vals(copy, self->config->data, self->config->len);
    return copy;
}

static GArray *
desk_list_pairs(KwQuery *query)
{
    KwBook *book = KW_DESK(query)->book;
    GArray *list = g_array_new(FALSE, FALSE, sizeof(KwPairView));
    gint64 now_us = kw_clock_now_us(book->clock);

    for (guint i = 0; i < book->n_slots; i++) {
        const gchar *name = book->slots[i].pair.name;
        const KwLock *lock = find_lock(book, name, now_us);
        KwPairView view = {0};

        g_strlcpy(view.pair, name, sizeof view.pair);
        view.is_exit_only = book->slots[i].is_exit_only;
        view.has_open = kw_portfolio_find_open(book->portfolio, name) != NULL;
        if (lock != NULL) {
            view.is_locked = TRUE;
            view.until_us = lock->until_us;
            g_strlcpy(view.reason, lock->reason, sizeof view.reason);
            g_strlcpy(view.by, lock->by, sizeof view.by);
        }
        g_array_append_val(list, view);
    }
    return list;
}

/* -- digest -- */

static void
count_errors(KwQuery *query, KwPeriod period, KwDigestView *out)
{
    g_autoptr(GArray) errors = desk_list_errors(query, period, 0);

    for (guint i = 0; i < errors->len; i++) {
        if (g_array_index(errors, KwErrorView, i).severity == KW_SEVERITY_ERROR)
            out->n_errors++;
        else
            out->n_warnings++;
    }
}

static void
desk_get_digest(KwQuery *query, KwPeriod period, KwDigestView *out)
{
    KwBook *book = KW_DESK(query)->book;
    gint64 now_us = kw_clock_now_us(book->clock);
    KwDate date = kw_zone_get_date(book->zone, now_us);
    KwPeriod month = {.to_us = G_MAXINT64};

    *out = (KwDigestView){
        .n_signals = book->n_signals_today,
        .n_rejected = book->n_rejected_today,
        .best_signal_confidence = book->best_confidence_today,
    };
    g_strlcpy(out->best_signal_pair, book->best_pair_today, sizeof out->best_signal_pair);
    desk_get_status(query, &out->status);
    kw_desk_compute_profit(book, period, NULL, &out->period);
    date.day = 1;
    month.from_us = kw_zone_get_day_start_us(book->zone, date);
    kw_desk_compute_profit(book, month, NULL, &out->month);
    count_errors(query, period, out);
}

static guint64
desk_get_serial(KwQuery *query)
{
    return KW_DESK(query)->book->serial;
}

static GArray *
desk_list_equity(KwQuery *query, KwPeriod period)
{
    return kw_desk_list_equity(KW_DESK(query)->book, period);
}

static GArray *
desk_list_candles(KwQuery *query, const gchar *pair, KwPeriod period)
{
    return kw_desk_list_candles(KW_DESK(query)->book, pair, period);
}

static GArray *
desk_list_signals(KwQuery *query, KwPeriod period, const gchar *pair, guint max)
{
    return kw_signal_log_list(KW_DESK(query)->book->signals, period, pair, max);
}

static GArray *
desk_list_steps(KwQuery *query, KwPeriod period)
{
    return kw_scan_log_list(KW_DESK(query)->book->scans, period);
}

static GArray *
desk_list_models(KwQuery *query)
{
    return kw_desk_models_list(KW_DESK(query)->models, KW_DESK(query)->book);
}

static gboolean
desk_get_gate(KwQuery *query, KwGateView *out)
{
    return kw_desk_models_get_gate(KW_DESK(query)->models, out);
}

static void
desk_get_training(KwQuery *query, KwTrainingView *out)
{
    kw_trainer_get_view(KW_DESK(query)->book->trainer, out);
}

static gchar *
desk_dup_preference(KwQuery *query, const gchar *key)
{
    return g_strdup(g_hash_table_lookup(KW_DESK(query)->book->preferences, key));
}

static void
query_init(KwQueryInterface *iface)
{
    iface->dup_preference = desk_dup_preference;
    iface->get_training = desk_get_training;
    iface->list_equity = desk_list_equity;
    iface->list_candles = desk_list_candles;
    iface->list_signals = desk_list_signals;
    iface->list_steps = desk_list_steps;
    iface->list_models = desk_list_models;
    iface->get_gate = desk_get_gate;
    iface->get_status = desk_get_status;
    iface->list_open = desk_list_open;
    iface->find_trade = desk_find_trade;
    iface->list_closed = desk_list_closed;
    iface->get_profit = desk_get_profit;
    iface->list_pair_results = desk_list_pair_results;
    iface->get_balance = desk_get_balance;
    iface->get_drawdown = desk_get_drawdown;
    iface->get_stats = desk_get_stats;
    iface->get_risk = desk_get_risk;
    iface->list_errors = desk_list_errors;
    iface->list_health = desk_list_health;
    iface->list_differences = desk_list_differences;
    iface->get_price = desk_get_price;
    iface->get_fees = desk_get_fees;
    iface->list_config = desk_list_config;
    iface->list_pairs = desk_list_pairs;
    iface->get_digest = desk_get_digest;
    iface->get_serial = desk_get_serial;
}

/* -- object -- */

KwDesk *
kw_desk_new(KwBook *book, const gchar *root, KwStore *store, KwLog *log, GArray *config)
{
    KwDesk *self = g_object_new(KW_TYPE_DESK, NULL);

    self->book = book;
    (void) g_set_object(&self->store, store);
    self->log = log;
    self->config = g_array_ref(config);
    /* where the models in use come from: the demo has those of the owner, and no root of its
     * own */
    self->models = kw_desk_models_new(book->settings->models != NULL
                                          ? kw_model_shelf_get_root(book->settings->models)
                                          : root);
    return self;
}

void
kw_desk_set_strategy_note(KwDesk *self, const gchar *note)
{
    g_return_if_fail(KW_IS_DESK(self) && note != NULL);

    g_free(self->strategy_note);
    self->strategy_note = g_strdup(note);
}

void
kw_desk_note_model(KwDesk *self)
{
    g_return_if_fail(KW_IS_DESK(self));

    kw_desk_models_look(self->models);
}

static void
kw_desk_finalize(GObject *object)
{
    KwDesk *self = KW_DESK(object);

    g_clear_pointer(&self->models, kw_desk_models_free);
    g_clear_object(&self->store);
    g_clear_pointer(&self->config, g_array_unref);
    g_clear_pointer(&self->strategy_note, g_free);

    G_OBJECT_CLASS(kw_desk_parent_class)->finalize(object);
}

static void
kw_desk_class_init(KwDeskClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = kw_desk_finalize;
}

static void
kw_desk_init(KwDesk *self)
{
    self->strategy_note = g_strdup("");
}
