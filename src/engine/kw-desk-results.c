#include "kw-desk-results.h"

#include "kw-desk.h"
#include "kw-trade-stats.h"

#include <math.h>
#include <string.h>

/* Sums of money: the ledger has proven that they fit. */
static void
add(KwDecimal *sum, KwDecimal value)
{
    (void) kw_decimal_add(*sum, value, sum, NULL);
}

void
kw_desk_each_closed(const KwBook *book,
                    KwPeriod period,
                    const gchar *pair,
                    KwTradeFunc func,
                    gpointer user_data)
{
    for (guint i = kw_portfolio_get_n_closed(book->portfolio); i > book->n_archived; i--) {
        const KwTrade *trade = kw_portfolio_get_closed(book->portfolio, i - 1);

        if (trade->close_us < period.from_us)
            return; /* closed in this order, so all others are older */
        if (trade->close_us < period.to_us && (pair == NULL || strcmp(trade->pair, pair) == 0))
            func(trade, user_data);
    }
}

/* -- profit -- */

typedef struct {
    const KwBook *book;
    KwProfitView *out;
} ProfitSum;

static void
add_profit(const KwTrade *trade, gpointer user_data)
{
    ProfitSum *sum = user_data;
    KwProfitView *out = sum->out;
    gint sign = kw_decimal_sign(trade->profit_abs);

    add(&out->realised, trade->profit_abs);
    add(&out->fees, trade->fee_open);
    add(&out->fees, trade->fee_close);
    out->n_trades++;
    out->wins += sign > 0;
    out->losses += sign < 0;
    if (!out->has_trade || kw_decimal_cmp(trade->profit_abs, out->best.profit_abs) > 0)
        kw_desk_fill_trade(sum->book, trade, &out->best);
    if (!out->has_trade || kw_decimal_cmp(trade->profit_abs, out->worst.profit_abs) < 0)
        kw_desk_fill_trade(sum->book, trade, &out->worst);
    out->has_trade = TRUE;
}

static guint
count_opened(const KwBook *book, KwPeriod period, const gchar *pair)
{
    const KwPortfolio *portfolio = book->portfolio;
    guint n = 0;

    for (guint i = 0; i < kw_portfolio_get_n_open(portfolio); i++) {
        const KwTrade *trade = kw_portfolio_get_open(portfolio, i);

        n += trade->open_us >= period.from_us && trade->open_us < period.to_us &&
             (pair == NULL || strcmp(trade->pair, pair) == 0);
    }
    for (guint i = kw_portfolio_get_n_closed(portfolio); i > book->n_archived; i--) {
        const KwTrade *trade = kw_portfolio_get_closed(portfolio, i - 1);

        if (trade->close_us < period.from_us)
            break;
        n += trade->open_us >= period.from_us && trade->open_us < period.to_us &&
             (pair == NULL || strcmp(trade->pair, pair) == 0);
    }
    return n;
}

static gboolean
knows_all_trades_since(const KwBook *book, gint64 from_us)
{
    return book->n_archived == 0 ||
           (book->n_archived < kw_portfolio_get_n_closed(book->portfolio) &&
            kw_portfolio_get_closed(book->portfolio, book->n_archived)->close_us < from_us);
}

/* An exit in the last candle of a day bears that day's time, but is booked with the candle's
 * end, after the mark of the new day: in the mark it is still open. What was booked between
 * the marks and does not bear a time between them so belongs to the change of the open result:
 * realised and unrealised make the change of the account. */
static void
add_late_bookings(const KwEquityMark *start, const KwEquityMark *end, KwProfitView *out)
{
    KwDecimal booked, late;

    if (kw_decimal_sub(end->realised, start->realised, &booked, NULL) &&
        kw_decimal_sub(booked, out->realised, &late, NULL))
        add(&out->unrealised, late);
}

void
kw_desk_compute_profit(const KwBook *book,
                       KwPeriod period,
                       const gchar *pair,
                       KwProfitView *out)
{
    ProfitSum sum = {book, out};
    KwEquityMark start = {0}, end = {0};
    gint64 now_us = kw_clock_now_us(book->clock);
    gdouble base;

    *out = (KwProfitView){.period = period};
    kw_desk_each_closed(book, period, pair, add_profit, &sum);
    out->n_opened = count_opened(book, period, pair);
    if (pair == NULL) {
        (void) kw_tracker_find(&book->tracker, period.from_us, &start);
        end.open_profit = book->tracker.open_profit;
        end.realised = kw_portfolio_get_realised(book->portfolio);
        if (period.to_us <= now_us)
            (void) kw_tracker_find(&book->tracker, period.to_us, &end);
        (void) kw_decimal_sub(end.open_profit, start.open_profit, &out->unrealised, NULL);
        if (knows_all_trades_since(book, period.from_us))
            add_late_bookings(&start, &end, out);
    }
    base = kw_decimal_to_double(start.equity);
    if (base <= 0)
        base = kw_decimal_to_double(kw_portfolio_get_starting_capital(book->portfolio));
    if (base > 0)
        out->ratio =
            (kw_decimal_to_double(out->realised) + kw_decimal_to_double(out->unrealised)) /
            base;
}

KwDecimal
kw_desk_sum_closed(const KwBook *book, KwPeriod period, guint *out_n)
{
    KwDecimal sum = KW_DECIMAL_ZERO;
    guint n = 0;

    for (guint i = kw_portfolio_get_n_closed(book->portfolio); i > book->n_archived; i--) {
        const KwTrade *trade = kw_portfolio_get_closed(book->portfolio, i - 1);

        if (trade->close_us < period.from_us)
            break;
        if (trade->close_us >= period.to_us)
            continue;
        add(&sum, trade->profit_abs);
        n++;
    }
    if (out_n != NULL)
        *out_n = n;
    return sum;
}

/* -- by pair -- */

typedef struct {
    GArray *pairs;  /* KwPairResultView */
    GArray *stakes; /* gdouble, alongside */
} PairSum;

static guint
find_pair(PairSum *sum, const gchar *pair)
{
    KwPairResultView view = {0};
    gdouble stake = 0;

    for (guint i = 0; i < sum->pairs->len; i++) {
        if (strcmp(g_array_index(sum->pairs, KwPairResultView, i).pair, pair) == 0)
            return i;
    }
    g_strlcpy(view.pair, pair, sizeof view.pair);
    g_array_append_val(sum->pairs, view);
    g_array_append_val(sum->stakes, stake);
    return sum->pairs->len - 1;
}

static void
add_pair(const KwTrade *trade, gpointer user_data)
{
    PairSum *sum = user_data;
    guint index = find_pair(sum, trade->pair);
    KwPairResultView *view = &g_array_index(sum->pairs, KwPairResultView, index);

    add(&view->profit, trade->profit_abs);
    view->n_trades++;
    view->wins += kw_decimal_sign(trade->profit_abs) > 0;
    g_array_index(sum->stakes, gdouble, index) += kw_decimal_to_double(trade->stake);
}

static gint
compare_profit(gconstpointer a, gconstpointer b)
{
    const KwPairResultView *left = a, *right = b;
    gint order = kw_decimal_cmp(right->profit, left->profit);

    return order != 0 ? order : strcmp(left->pair, right->pair);
}

GArray *
kw_desk_compute_pair_results(const KwBook *book, KwPeriod period)
{
    g_autoptr(GArray) stakes = g_array_new(FALSE, FALSE, sizeof(gdouble));
    PairSum sum = {g_array_new(FALSE, FALSE, sizeof(KwPairResultView)), stakes};

    kw_desk_each_closed(book, period, NULL, add_pair, &sum);
    for (guint i = 0; i < sum.pairs->len; i++) {
        KwPairResultView *view = &g_array_index(sum.pairs, KwPairResultView, i);
        gdouble stake = g_array_index(stakes, gdouble, i);

        view->ratio = stake > 0 ? kw_decimal_to_double(view->profit) / stake : 0;
    }
    g_array_sort(sum.pairs, compare_profit);
    return sum.pairs;
}

/* -- statistics -- */

typedef struct {
    GArray *samples; /* KwTradeSample, newest first */
    KwStatsView *out;
} StatsSum;

static void
add_exit(KwStatsView *out, const KwTrade *trade)
{
    guint i = 0;

    while (i < out->n_exits && strcmp(out->exits[i].reason, trade->exit_reason) != 0)
        i++;
    if (i == G_N_ELEMENTS(out->exits))
        return;
    if (i == out->n_exits) {
        g_strlcpy(out->exits[i].reason, trade->exit_reason, sizeof out->exits[i].reason);
        out->n_exits++;
    }
    out->exits[i].n++;
    add(&out->exits[i].profit, trade->profit_abs);
}

static void
add_sample(const KwTrade *trade, gpointer user_data)
{
    StatsSum *sum = user_data;
    KwTradeSample sample = {
        .profit_abs = kw_decimal_to_double(trade->profit_abs),
        .profit_ratio = trade->profit_ratio,
        .open_us = trade->open_us,
        .close_us = trade->close_us,
    };

    g_array_append_val(sum->samples, sample);
    add_exit(sum->out, trade);
}

void
kw_desk_compute_stats(const KwBook *book, KwPeriod period, const gchar *pair, KwStatsView *out)
{
    g_autoptr(GArray) samples = g_array_new(FALSE, FALSE, sizeof(KwTradeSample));
    StatsSum sum = {samples, out};
    KwTradeStats stats;

    *out = (KwStatsView){0};
    kw_desk_each_closed(book, period, pair, add_sample, &sum);
    kw_trade_stats_compute(
        (const KwTradeSample *) samples->data, samples->len,
        kw_decimal_to_double(kw_portfolio_get_starting_capital(book->portfolio)), &stats);
    out->n = stats.n;
    out->wins = stats.wins;
    out->losses = stats.losses;
    out->win_ratio = stats.win_ratio;
    out->win_low = stats.win_low;
    out->win_high = stats.win_high;
    out->mean_win = stats.mean_win;
    out->mean_loss = stats.mean_loss;
    (void) kw_decimal_from_double(stats.mean_win_abs, 8, KW_ROUND_HALF_UP, &out->mean_win_abs,
                                  NULL);
    (void) kw_decimal_from_double(stats.mean_loss_abs, 8, KW_ROUND_HALF_UP, &out->mean_loss_abs,
                                  NULL);
    out->profit_factor = stats.profit_factor;
    out->expectancy = stats.expectancy;
    out->mean_duration_us = stats.mean_duration_us;
    out->sortino = stats.sortino;
    out->sharpe = stats.sharpe;
    out->days = stats.days;
}

/* -- fees -- */

static void
add_fees(const KwTrade *trade, gpointer user_data)
{
    KwFeesView *out = user_data;

    add(&out->sum, trade->fee_open);
    add(&out->sum, trade->fee_close);
    add(&out->gross, trade->profit_abs);
    out->n_trades++;
    out->n_orders += 2;
}

void
kw_desk_compute_fees(const KwBook *book, KwPeriod period, KwFeesView *out)
{
    *out = (KwFeesView){.rate_ratio = book->settings->fee_ratio,
                        .maker_ratio = book->fee_tier.maker_ratio,
                        .volume_usd = book->fee_tier.volume_usd,
                        .since_us = book->fee_tier.since_us,
                        .checked_us = book->fee_tier.checked_us};
    kw_desk_each_closed(book, period, NULL, add_fees, out);
    add(&out->gross, out->sum);
    for (guint i = 0; i < kw_portfolio_get_n_open(book->portfolio); i++) {
        const KwTrade *trade = kw_portfolio_get_open(book->portfolio, i);

        if (trade->open_us < period.from_us || trade->open_us >= period.to_us)
            continue;
        add(&out->sum, trade->fee_open);
        out->n_orders++;
    }
}

/* -- what pictures show -- */

static void
add_equity(GArray *list, KwPeriod period, gint64 time_us, KwDecimal equity)
{
    KwEquityView view = {time_us, equity};

    if (time_us >= period.from_us && time_us < period.to_us)
        g_array_append_val(list, view);
}

void
kw_desk_compute_drawdown(const KwBook *book, KwPeriod period, KwDrawdownView *out)
{
    const GArray *marks = book->tracker.marks;
    KwEquityMark peak = {0};

    for (guint i = 0; i < marks->len; i++) {
        KwEquityMark mark = g_array_index(marks, KwEquityMark, i);
        KwDecimal fall;
        gdouble ratio, base;

        if (mark.time_us < period.from_us || mark.time_us >= period.to_us)
            continue;
        if (peak.time_us == 0 || kw_decimal_cmp(mark.equity, peak.equity) > 0)
            peak = mark;
        if (!kw_decimal_sub(peak.equity, mark.equity, &fall, NULL))
            continue;
        base = kw_decimal_to_double(peak.equity);
        ratio = base > 0 ? kw_decimal_to_double(fall) / base : 0;
        if (ratio <= out->max_ratio)
            continue;
        out->max_ratio = ratio;
        out->max_abs = fall;
        out->peak_us = peak.time_us;
        out->trough_us = mark.time_us;
    }
}

GArray *
kw_desk_list_equity(const KwBook *book, KwPeriod period)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(KwEquityView));
    const KwTracker *tracker = &book->tracker;

    for (guint i = 0; i < tracker->marks->len; i++) {
        const KwEquityMark *mark = &g_array_index(tracker->marks, KwEquityMark, i);

        add_equity(list, period, mark->time_us, mark->equity);
    }
    if (tracker->is_valid)
        add_equity(list, period, MAX(book->row_us, book->started_us), tracker->equity);
    return list;
}

GArray *
kw_desk_list_candles(KwBook *book, const gchar *pair, KwPeriod period)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(KwCandleView));
    KwSlot *slot = kw_book_find_slot(book, pair);
    const KwSeries *series = slot != NULL ? kw_frame_get_series(slot->frame) : NULL;
    gsize n_rows = series != NULL ? kw_series_get_length(series) : 0;

    for (gsize i = n_rows > 0 ? kw_series_find(series, period.from_us) : 0; i < n_rows; i++) {
        KwCandle row = kw_series_get(series, i);
        KwCandleView view = {row.open_us, row.open, row.high, row.low, row.close};

        if (row.open_us >= period.to_us)
            break;
        g_array_append_val(list, view);
    }
    return list;
}
