/* kw-result-json.c: names and shapes of freqtrade's result files
 *
 * Others read these files: FreqUI, notebooks, quality gates. So every member of the reference
 * is there, under its name and with its rounding, down to "loses". Added is "max_drawdown",
 * which old gates ask for and new files have dropped. */
#include "kw-result-json.h"

#include "kw-date.h"
#include "kw-json.h"

#include <math.h>
#include <string.h>

#define MINUTE_US G_GINT64_CONSTANT(60000000)
#define MINUTES_PER_DAY 1440

/* -- texts -- */

gchar *
kw_result_duration_to_text(gint64 minutes)
{
    gint64 days = minutes / MINUTES_PER_DAY;
    gint64 rest = minutes % MINUTES_PER_DAY;
    g_autofree gchar *clock =
        g_strdup_printf("%d:%02d:00", (gint) (rest / 60), (gint) (rest % 60));

    if (days == 0)
        return g_steal_pointer(&clock);
    return g_strdup_printf("%d day%s, %s", (gint) days, days == 1 ? "" : "s", clock);
}

const gchar *
kw_result_time_to_text(gint64 time_us, const gchar *zone, gchar *buffer)
{
    gchar utc[KW_UTC_TEXT_SIZE];

    (void) kw_utc_to_text(time_us, utc);
    utc[10] = ' ';
    utc[19] = '\0';
    (void) g_snprintf(buffer, KW_UTC_TEXT_SIZE, "%s%s", utc, zone);
    return buffer;
}

static void
add_time(JsonBuilder *b, const gchar *name, gint64 time_us, const gchar *zone)
{
    gchar text[KW_UTC_TEXT_SIZE];

    kw_json_add_string(b, name, kw_result_time_to_text(time_us, zone, text));
}

static void
add_minutes(JsonBuilder *b, const gchar *name, gint64 minutes)
{
    g_autofree gchar *text = kw_result_duration_to_text(minutes);

    kw_json_add_string(b, name, text);
}

static gdouble
round_two(gdouble value)
{
    return nearbyint(value * 100.0) / 100.0;
}

static void
open_object(JsonBuilder *b, const gchar *name)
{
    if (name != NULL)
        (void) json_builder_set_member_name(b, name);
    (void) json_builder_begin_object(b);
}

static void
open_array(JsonBuilder *b, const gchar *name)
{
    if (name != NULL)
        (void) json_builder_set_member_name(b, name);
    (void) json_builder_begin_array(b);
}

/* -- trades -- */

static void
add_order(JsonBuilder *b, const KwTrade *trade, KwSide side)
{
    gboolean is_entry = side == KW_SIDE_BUY;

    open_object(b, NULL);
    kw_json_add_double(b, "amount", kw_decimal_to_double(trade->entry_amount));
    kw_json_add_double(b, "safe_price",
                       kw_decimal_to_double(is_entry ? trade->open_rate : trade->close_rate));
    kw_json_add_string(b, "ft_order_side", kw_side_to_string(side));
    kw_json_add_int(b, "order_filled_timestamp",
                    (is_entry ? trade->open_us : trade->close_us) / 1000);
    kw_json_add_bool(b, "ft_is_entry", is_entry);
    kw_json_add_string(b, "ft_order_tag", is_entry ? trade->enter_tag : trade->exit_reason);
    (void) json_builder_end_object(b);
}

static void
add_trade(JsonBuilder *b, const KwTrade *trade, gdouble stoploss)
{
    gdouble stake = kw_decimal_to_double(trade->stake);

    open_object(b, NULL);
    kw_json_add_string(b, "pair", trade->pair);
    kw_json_add_double(b, "stake_amount", stake);
    kw_json_add_double(b, "max_stake_amount", stake);
    kw_json_add_double(b, "amount", kw_decimal_to_double(trade->entry_amount));
    add_time(b, "open_date", trade->open_us, "+00:00");
    add_time(b, "close_date", trade->close_us, "+00:00");
    kw_json_add_double(b, "open_rate", kw_decimal_to_double(trade->open_rate));
    kw_json_add_double(b, "close_rate", kw_decimal_to_double(trade->close_rate));
    kw_json_add_double(b, "fee_open", trade->fee_open_ratio);
    kw_json_add_double(b, "fee_close", trade->fee_close_ratio);
    kw_json_add_int(b, "trade_duration", (trade->close_us - trade->open_us) / MINUTE_US);
    kw_json_add_double(b, "profit_ratio", trade->profit_ratio);
    kw_json_add_double(b, "profit_abs", kw_decimal_to_double(trade->profit_abs));
    kw_json_add_string(b, "exit_reason", trade->exit_reason);
    kw_json_add_double(b, "initial_stop_loss_abs", kw_decimal_to_double(trade->initial_stop));
    kw_json_add_double(b, "initial_stop_loss_ratio", -fabs(stoploss));
    kw_json_add_double(b, "stop_loss_abs", kw_decimal_to_double(trade->stop));
    kw_json_add_double(b, "stop_loss_ratio", trade->stop_ratio);
    kw_json_add_double(b, "min_rate", trade->min_rate);
    kw_json_add_double(b, "max_rate", trade->max_rate);
    kw_json_add_bool(b, "is_open", FALSE);
    kw_json_add_string(b, "enter_tag", trade->enter_tag);
    kw_json_add_double(b, "leverage", 1.0);
    kw_json_add_bool(b, "is_short", FALSE);
    kw_json_add_int(b, "open_timestamp", trade->open_us / 1000);
    kw_json_add_int(b, "close_timestamp", trade->close_us / 1000);
    open_array(b, "orders");
    add_order(b, trade, KW_SIDE_BUY);
    add_order(b, trade, KW_SIDE_SELL);
    (void) json_builder_end_array(b);
    (void) json_builder_end_object(b);
}

static void
add_trades(JsonBuilder *b, const KwResult *self)
{
    const KwPortfolio *portfolio = kw_backtest_get_portfolio(self->backtest);
    gdouble stoploss = kw_backtest_get_options(self->backtest)->terms.stoploss;

    open_array(b, "trades");
    for (guint i = 0; i < kw_portfolio_get_n_closed(portfolio); i++)
        add_trade(b, kw_portfolio_get_closed(portfolio, i), stoploss);
    (void) json_builder_end_array(b);
}

/* Ids count from 1; locks of all pairs are there as of "*". */
static void
add_locks(JsonBuilder *b, const KwResult *self)
{
    const GArray *locks = kw_backtest_get_locks(self->backtest);

    open_array(b, "locks");
    for (guint i = 0; i < locks->len; i++) {
        const KwLock *lock = &g_array_index(locks, KwLock, i);

        open_object(b, NULL);
        kw_json_add_int(b, "id", i + 1);
        kw_json_add_string(b, "pair", lock->pair);
        add_time(b, "lock_time", lock->from_us, "");
        kw_json_add_int(b, "lock_timestamp", lock->from_us / 1000);
        add_time(b, "lock_end_time", lock->until_us, "");
        kw_json_add_int(b, "lock_end_timestamp", lock->until_us / 1000);
        kw_json_add_string(b, "reason", lock->reason);
        kw_json_add_string(b, "side", "*");
        kw_json_add_bool(b, "active", TRUE);
        (void) json_builder_end_object(b);
    }
    (void) json_builder_end_array(b);
}

/* -- tables -- */

/* Members of @line; the object is left open. */
static void
open_line(JsonBuilder *b, const gchar *name, const KwStatsLine *line)
{
    open_object(b, name);
    if (line->key2 != NULL) {
        open_array(b, "key");
        (void) json_builder_add_string_value(b, line->key);
        (void) json_builder_add_string_value(b, line->key2);
        (void) json_builder_end_array(b);
    } else {
        kw_json_add_string(b, "key", line->key);
    }
    kw_json_add_int(b, "trades", line->n);
    kw_json_add_double(b, "profit_mean", line->profit_mean);
    kw_json_add_double(b, "profit_mean_pct", round_two(line->profit_mean * 100.0));
    kw_json_add_double(b, "profit_sum", line->profit_sum);
    kw_json_add_double(b, "profit_sum_pct", round_two(line->profit_sum * 100.0));
    kw_json_add_double(b, "profit_total_abs", line->profit_abs);
    kw_json_add_double(b, "profit_total", line->profit_total);
    kw_json_add_double(b, "profit_total_pct", round_two(line->profit_total * 100.0));
    if (line->n > 0)
        add_minutes(b, "duration_avg", line->minutes);
    else
        kw_json_add_string(b, "duration_avg", "0:00");
    kw_json_add_int(b, "wins", line->wins);
    kw_json_add_int(b, "draws", line->draws);
    kw_json_add_int(b, "losses", line->losses);
    kw_json_add_double(b, "winrate", line->winrate);
}

static void
add_line(JsonBuilder *b, const gchar *name, const KwStatsLine *line)
{
    open_line(b, name, line);
    (void) json_builder_end_object(b);
}

/* @lines and the sum of all of @input */
static void
add_table(JsonBuilder *b, const gchar *name, const GArray *lines, const KwStatsInput *input)
{
    KwStatsLine total;

    open_array(b, name);
    for (guint i = 0; i < lines->len; i++)
        add_line(b, NULL, &g_array_index(lines, KwStatsLine, i));
    kw_stats_total(input, "TOTAL", &total);
    add_line(b, NULL, &total);
    (void) json_builder_end_array(b);
}

static void
add_group(JsonBuilder *b, const gchar *name, const KwStatsInput *input, KwStatsKey by)
{
    g_autoptr(GArray) lines = kw_stats_group(input, by);

    add_table(b, name, lines, input);
}

static gboolean
has_line(const GArray *lines, const gchar *key)
{
    for (guint i = 0; i < lines->len; i++)
        if (strcmp(g_array_index(lines, KwStatsLine, i).key, key) == 0)
            return TRUE;
    return FALSE;
}

/* Every listed pair, those without trades where a profit of zero stands */
static GArray *
list_pairs(const KwResult *self)
{
    GArray *lines = kw_stats_group(&self->input, KW_STATS_BY_PAIR);
    guint at = 0;

    while (at < lines->len && g_array_index(lines, KwStatsLine, at).profit_abs >= 0.0)
        at++;
    for (gsize i = 0; self->facts->pairs[i] != NULL; i++) {
        KwStatsLine line = {.key = self->facts->pairs[i]};

        if (!has_line(lines, line.key))
            g_array_insert_val(lines, at++, line);
    }
    return lines;
}

static void
add_pair_tables(JsonBuilder *b, const KwResult *self)
{
    g_autoptr(GArray) lines = list_pairs(self);
    const KwStatsLine *best = NULL, *worst = NULL;

    for (guint i = 0; i < lines->len; i++) {
        const KwStatsLine *line = &g_array_index(lines, KwStatsLine, i);

        best = best == NULL || line->profit_sum > best->profit_sum ? line : best;
        worst = worst == NULL || line->profit_sum < worst->profit_sum ? line : worst;
    }
    if (best != NULL) {
        add_line(b, "best_pair", best);
        add_line(b, "worst_pair", worst);
    } else {
        kw_json_add_string(b, "best_pair", NULL);
        kw_json_add_string(b, "worst_pair", NULL);
    }
    add_table(b, "results_per_pair", lines, &self->input);
}

/* Trades that only the end of the data closed */
static void
add_left_open(JsonBuilder *b, const KwResult *self)
{
    const gchar *forced = kw_exit_reason_to_string(KW_EXIT_FORCED);
    g_autoptr(GArray) left = g_array_new(FALSE, FALSE, sizeof(KwStatsTrade));
    KwStatsInput input = self->input;

    for (guint i = 0; i < self->trades->len; i++) {
        const KwStatsTrade *trade = &g_array_index(self->trades, KwStatsTrade, i);

        if (strcmp(trade->exit_reason, forced) == 0)
            g_array_append_val(left, *trade);
    }
    input.trades = (const KwStatsTrade *) (gconstpointer) left->data;
    input.n_trades = left->len;
    add_group(b, "left_open_trades", &input, KW_STATS_BY_PAIR);
}

/* -- periods -- */

static void
add_period(JsonBuilder *b, const KwStatsPeriod *period)
{
    KwDate date = kw_date_from_utc_us(period->label_us);
    guint n = period->wins + period->draws + period->losses;
    g_autofree gchar *text = g_strdup_printf("%02d/%02d/%04d", date.day, date.month, date.year);

    open_object(b, NULL);
    kw_json_add_string(b, "date", text);
    kw_json_add_int(b, "date_ts", period->label_us / 1000);
    kw_json_add_double(b, "profit_abs", period->profit_abs);
    kw_json_add_int(b, "wins", period->wins);
    kw_json_add_int(b, "draws", period->draws);
    kw_json_add_int(b, "loses", period->losses);
    kw_json_add_double(b, "winrate", n > 0 ? (gdouble) period->wins / n : 0.0);
    (void) json_builder_end_object(b);
}

static void
add_periods(JsonBuilder *b, const KwStatsInput *input)
{
    static const gchar *const names[] = {
        [KW_STATS_DAY] = "day", [KW_STATS_WEEK] = "week", [KW_STATS_MONTH] = "month"};

    open_object(b, "periodic_breakdown");
    for (gsize kind = 0; kind < G_N_ELEMENTS(names); kind++) {
        g_autoptr(GArray) periods = kw_stats_periods(input, (KwStatsPeriodKind) kind);

        open_array(b, names[kind]);
        for (guint i = 0; i < periods->len; i++)
            add_period(b, &g_array_index(periods, KwStatsPeriod, i));
        (void) json_builder_end_array(b);
    }
    (void) json_builder_end_object(b);
}

static void
add_days(JsonBuilder *b, const KwResult *self)
{
    const KwBacktestStats *stats = &self->stats;
    g_autoptr(GArray) days = kw_stats_periods(&self->input, KW_STATS_DAY);

    kw_json_add_double(b, "backtest_best_day", stats->best_day);
    kw_json_add_double(b, "backtest_worst_day", stats->worst_day);
    kw_json_add_double(b, "backtest_best_day_abs", stats->best_day_abs);
    kw_json_add_double(b, "backtest_worst_day_abs", stats->worst_day_abs);
    kw_json_add_int(b, "winning_days", stats->winning_days);
    kw_json_add_int(b, "draw_days", stats->draw_days);
    kw_json_add_int(b, "losing_days", stats->losing_days);
    open_array(b, stats->n > 0 ? "daily_profit" : "daily_profit_list");
    for (guint i = 0; i < days->len; i++) {
        const KwStatsPeriod *day = &g_array_index(days, KwStatsPeriod, i);
        gchar date[KW_DATE_TEXT_SIZE];

        (void) json_builder_begin_array(b);
        (void) json_builder_add_string_value(
            b, kw_date_to_text(kw_date_from_utc_us(day->label_us), date));
        (void) json_builder_add_double_value(b, day->profit_abs);
        (void) json_builder_end_array(b);
    }
    (void) json_builder_end_array(b);
}

/* -- the block of a strategy -- */

static void
add_profits(JsonBuilder *b, const KwBacktestStats *stats)
{
    kw_json_add_int(b, "total_trades", stats->n);
    kw_json_add_int(b, "trade_count_long", stats->n);
    kw_json_add_int(b, "trade_count_short", 0);
    kw_json_add_double(b, "total_volume", stats->total_volume);
    kw_json_add_double(b, "avg_stake_amount", stats->avg_stake);
    kw_json_add_double(b, "profit_mean", stats->profit_mean);
    kw_json_add_double(b, "profit_median", stats->profit_median);
    kw_json_add_double(b, "profit_total", stats->profit_total);
    kw_json_add_double(b, "profit_total_long", stats->profit_total);
    kw_json_add_double(b, "profit_total_short", 0.0);
    kw_json_add_double(b, "profit_total_abs", stats->profit_abs);
    kw_json_add_double(b, "profit_total_long_abs", stats->profit_abs);
    kw_json_add_double(b, "profit_total_short_abs", 0.0);
    kw_json_add_double(b, "cagr", stats->cagr);
    kw_json_add_double(b, "expectancy", stats->expectancy);
    kw_json_add_double(b, "expectancy_ratio", stats->expectancy_ratio);
    kw_json_add_double(b, "sortino", stats->sortino);
    kw_json_add_double(b, "sharpe", stats->sharpe);
    kw_json_add_double(b, "calmar", stats->calmar);
    kw_json_add_double(b, "sqn", stats->sqn);
    kw_json_add_double(b, "profit_factor", stats->profit_factor);
}

static void
add_span(JsonBuilder *b, const KwResult *self)
{
    const KwStatsInput *input = &self->input;

    add_time(b, "backtest_start", input->start_us, "");
    kw_json_add_int(b, "backtest_start_ts", input->start_us / 1000);
    add_time(b, "backtest_end", input->end_us, "");
    kw_json_add_int(b, "backtest_end_ts", input->end_us / 1000);
    kw_json_add_int(b, "backtest_days", self->stats.days);
    kw_json_add_int(b, "backtest_run_start_ts", self->facts->run_start_us / G_USEC_PER_SEC);
    kw_json_add_int(b, "backtest_run_end_ts", self->facts->run_end_us / G_USEC_PER_SEC);
    kw_json_add_double(b, "trades_per_day", self->stats.trades_per_day);
    kw_json_add_double(b, "market_change", self->facts->market_change);
}

static guint
decimals_of(const gchar *currency)
{
    if (strcmp(currency, "BTC") == 0)
        return 8;
    return strcmp(currency, "ETH") == 0 ? 5 : 3;
}

static void
add_account(JsonBuilder *b, const KwResult *self)
{
    const KwStakeRules *stake = &kw_backtest_get_options(self->backtest)->stake;
    const KwPortfolio *portfolio = kw_backtest_get_portfolio(self->backtest);
    const KwBacktestCounters *counters = kw_backtest_get_counters(self->backtest);
    gint limit = stake->max_open_trades > 0 ? (gint) stake->max_open_trades : -1;
    gint n_pairs = (gint) g_strv_length((gchar **) self->facts->pairs);

    open_array(b, "pairlist");
    for (gint i = 0; i < n_pairs; i++)
        (void) json_builder_add_string_value(b, self->facts->pairs[i]);
    (void) json_builder_end_array(b);
    if (stake->is_unlimited)
        kw_json_add_string(b, "stake_amount", "unlimited");
    else
        kw_json_add_double(b, "stake_amount", kw_decimal_to_double(stake->stake_amount));
    kw_json_add_string(b, "stake_currency", self->facts->stake_currency);
    kw_json_add_int(b, "stake_currency_decimals", decimals_of(self->facts->stake_currency));
    kw_json_add_double(b, "starting_balance", self->input.capital);
    kw_json_add_double(b, "dry_run_wallet", self->input.capital);
    kw_json_add_double(b, "final_balance",
                       kw_decimal_to_double(kw_portfolio_get_balance(portfolio)));
    kw_json_add_int(b, "rejected_signals", counters->n_rejected);
    kw_json_add_int(b, "timedout_entry_orders", counters->n_timed_out_entries);
    kw_json_add_int(b, "timedout_exit_orders", counters->n_timed_out_exits);
    kw_json_add_int(b, "canceled_trade_entries", counters->n_cancelled_trades);
    kw_json_add_int(b, "canceled_entry_orders", counters->n_cancelled_orders);
    kw_json_add_int(b, "replaced_entry_orders", counters->n_replaced_orders);
    kw_json_add_int(b, "max_open_trades", limit > 0 ? MIN(limit, n_pairs) : n_pairs);
    kw_json_add_int(b, "max_open_trades_setting", limit);
}

static void
add_roi(JsonBuilder *b, const KwStrategyTerms *terms)
{
    open_object(b, "minimal_roi");
    for (guint i = 0; i < terms->n_roi; i++) {
        g_autofree gchar *minutes = g_strdup_printf("%d", terms->roi[i].minutes);

        kw_json_add_double(b, minutes, terms->roi[i].ratio);
    }
    (void) json_builder_end_object(b);
}

static void
add_terms(JsonBuilder *b, const KwResult *self)
{
    const KwBacktestOptions *options = kw_backtest_get_options(self->backtest);
    const KwStrategyTerms *terms = &options->terms;

    kw_json_add_string(b, "timeframe", self->facts->timeframe);
    kw_json_add_string(b, "timeframe_detail", self->facts->timeframe_detail);
    kw_json_add_string(b, "timerange", self->facts->timerange);
    kw_json_add_bool(b, "enable_protections", options->n_protections > 0);
    kw_json_add_string(b, "strategy_name", self->facts->strategy);
    kw_json_add_double(b, "stoploss", terms->stoploss);
    kw_json_add_bool(b, "trailing_stop", terms->trailing_stop);
    kw_json_add_double(b, "trailing_stop_positive", terms->trailing_stop_positive);
    kw_json_add_double(b, "trailing_stop_positive_offset",
                       terms->trailing_stop_positive_offset);
    kw_json_add_bool(b, "trailing_only_offset_is_reached",
                     terms->trailing_only_offset_is_reached);
    kw_json_add_bool(b, "use_custom_stoploss", FALSE);
    add_roi(b, terms);
    kw_json_add_bool(b, "use_exit_signal", terms->use_exit_signal);
    kw_json_add_bool(b, "exit_profit_only", terms->exit_profit_only);
    kw_json_add_double(b, "exit_profit_offset", terms->exit_profit_offset);
    kw_json_add_bool(b, "ignore_roi_if_entry_signal", terms->ignore_roi_if_entry_signal);
    kw_json_add_string(b, "trading_mode", "spot");
    kw_json_add_string(b, "margin_mode", "");
}

static void
add_wins(JsonBuilder *b, const KwBacktestStats *stats)
{
    const struct {
        const gchar *name, *name_s;
        gint64 minutes;
    } holding[] = {
        {"holding_avg", "holding_avg_s", stats->holding_minutes},
        {"winner_holding_avg", "winner_holding_avg_s", stats->winner_minutes},
        {"loser_holding_avg", "loser_holding_avg_s", stats->loser_minutes},
    };

    kw_json_add_int(b, "wins", stats->wins);
    kw_json_add_int(b, "losses", stats->losses);
    kw_json_add_int(b, "draws", stats->draws);
    kw_json_add_double(b, "winrate", stats->winrate);
    for (gsize i = 0; i < G_N_ELEMENTS(holding); i++) {
        add_minutes(b, holding[i].name, holding[i].minutes);
        if (stats->n > 0)
            kw_json_add_double(b, holding[i].name_s, (gdouble) holding[i].minutes * 60.0);
    }
    kw_json_add_int(b, "max_consecutive_wins", stats->max_wins_row);
    kw_json_add_int(b, "max_consecutive_losses", stats->max_losses_row);
}

static void
add_drawdown(JsonBuilder *b, const KwDrawdown *drawdown)
{
    const gchar *zone = drawdown->end_us > 0 ? "" : "+00:00"; /* the reference's habit */

    kw_json_add_double(b, "max_drawdown", drawdown->account);
    kw_json_add_double(b, "max_drawdown_account", drawdown->account);
    kw_json_add_double(b, "max_relative_drawdown", drawdown->relative);
    kw_json_add_double(b, "max_drawdown_abs", drawdown->abs);
    add_time(b, "drawdown_start", drawdown->start_us, zone);
    kw_json_add_double(b, "drawdown_start_ts", (gdouble) drawdown->start_us / 1000.0);
    add_time(b, "drawdown_end", drawdown->end_us, zone);
    kw_json_add_double(b, "drawdown_end_ts", (gdouble) drawdown->end_us / 1000.0);
    kw_json_add_double(b, "max_drawdown_low", drawdown->low);
    kw_json_add_double(b, "max_drawdown_high", drawdown->high);
    kw_json_add_double(b, "csum_min", drawdown->csum_min);
    kw_json_add_double(b, "csum_max", drawdown->csum_max);
}

/* What freqtrade does not tell: which text and which models have traded */
static void
add_identity(JsonBuilder *b, const KwResult *self)
{
    open_object(b, "kurswart");
    kw_json_add_string(b, "strategy_hash", self->facts->identity);
    kw_json_add_string(b, "model", self->facts->model != NULL ? self->facts->model : "");
    (void) json_builder_end_object(b);
}

static void
add_strategy(JsonBuilder *b, const KwResult *self)
{
    open_object(b, self->facts->strategy);
    add_trades(b, self);
    add_locks(b, self);
    add_pair_tables(b, self);
    add_group(b, "results_per_enter_tag", &self->input, KW_STATS_BY_ENTER_TAG);
    add_group(b, "exit_reason_summary", &self->input, KW_STATS_BY_EXIT_REASON);
    add_group(b, "mix_tag_stats", &self->input, KW_STATS_BY_TAG_AND_REASON);
    add_left_open(b, self);
    add_profits(b, &self->stats);
    add_span(b, self);
    add_account(b, self);
    add_terms(b, self);
    add_identity(b, self);
    add_periods(b, &self->input);
    add_days(b, self);
    add_wins(b, &self->stats);
    add_drawdown(b, &self->stats.drawdown);
    (void) json_builder_end_object(b);
}

static void
add_comparison(JsonBuilder *b, const KwResult *self)
{
    const KwDrawdown *drawdown = &self->stats.drawdown;
    gchar text[G_ASCII_DTOSTR_BUF_SIZE] = "0";
    KwStatsLine total;

    kw_stats_total(&self->input, self->facts->strategy, &total);
    if (drawdown->abs > 0.0) {
        gchar format[] = "%.3f";

        format[2] = (gchar) ('0' + decimals_of(self->facts->stake_currency));
        (void) g_ascii_formatd(text, sizeof text, format, drawdown->abs);
    }
    open_array(b, "strategy_comparison");
    open_line(b, NULL, &total);
    kw_json_add_double(b, "max_drawdown_account", drawdown->account);
    kw_json_add_string(b, "max_drawdown_abs", text);
    (void) json_builder_end_object(b);
    (void) json_builder_end_array(b);
}

JsonNode *
kw_result_to_json(const KwResult *self)
{
    g_autoptr(JsonBuilder) b = json_builder_new_immutable();

    g_return_val_if_fail(self != NULL, NULL);

    open_object(b, NULL);
    open_object(b, "strategy");
    add_strategy(b, self);
    (void) json_builder_end_object(b);
    add_comparison(b, self);
    (void) json_builder_end_object(b);
    return json_builder_get_root(b);
}

/* -- what stands beside it -- */

/* (transfer full): the same strategy over the same rows has the same id */
static gchar *
make_run_id(const KwResult *self)
{
    g_autofree gchar *pairs = g_strjoinv(",", (gchar **) self->facts->pairs);
    g_autofree gchar *text = g_strdup_printf(
        "%s %s %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %.17g %.17g", self->facts->identity,
        pairs, self->facts->timeframe, self->input.start_us, self->input.end_us,
        self->input.capital, kw_backtest_get_options(self->backtest)->fee_ratio);

    return g_compute_checksum_for_string(G_CHECKSUM_SHA1, text, -1);
}

JsonNode *
kw_result_to_meta(const KwResult *self)
{
    g_autoptr(JsonBuilder) b = json_builder_new_immutable();
    g_autofree gchar *run_id = NULL;
    const gchar *detail;

    g_return_val_if_fail(self != NULL, NULL);

    run_id = make_run_id(self);
    detail = self->facts->timeframe_detail;
    open_object(b, NULL);
    open_object(b, self->facts->strategy);
    kw_json_add_string(b, "run_id", run_id);
    kw_json_add_int(b, "backtest_start_time", self->facts->run_start_us / G_USEC_PER_SEC);
    kw_json_add_string(b, "timeframe", self->facts->timeframe);
    kw_json_add_string(b, "timeframe_detail", detail[0] != '\0' ? detail : NULL);
    kw_json_add_int(b, "backtest_start_ts", self->input.start_us / G_USEC_PER_SEC);
    kw_json_add_int(b, "backtest_end_ts", self->input.end_us / G_USEC_PER_SEC);
    (void) json_builder_end_object(b);
    (void) json_builder_end_object(b);
    return json_builder_get_root(b);
}
