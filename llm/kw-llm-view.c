/* kw-llm-view.c: views -> JSON
 *
 * One function for each question, beside a table. Every value has a type that the outside
 * cannot choose; what the outside has chosen (a pair's name, a log line, a reason) goes through
 * add_data(), and nothing else here writes text of others. Members are few and named so that a
 * model can word them without looking anything up. */
#include "kw-llm-view.h"

#include "kw-escape.h"
#include "kw-json.h"
#include "kw-span.h"

#include <math.h>
#include <string.h>

#define MAX_ROWS 20

typedef struct {
    JsonBuilder *json;
    KwQuery *query;
    const KwSlots *slots;
    KwZone *zone;
    gint64 now_us;
} Answer;

/* -- members -- */

static void
add_data(Answer *answer, const gchar *name, const gchar *text)
{
    g_autofree gchar *member = g_strconcat(name, "_as_data", NULL);
    g_autofree gchar *safe = kw_escape_bytes(text, -1, KW_LLM_VIEW_MAX_TEXT);

    if (*text != '\0')
        kw_json_add_string(answer->json, member, safe);
}

static void
add_money(Answer *answer, const gchar *name, KwDecimal value)
{
    KwDecimal cents = value;

    if (value.scale > 2)
        (void) kw_decimal_rescale(value, 2, KW_ROUND_HALF_UP, &cents, NULL);
    kw_json_add_decimal(answer->json, name, cents);
}

/* A share as per cent with two digits; nothing when it is not known */
static void
add_percent(Answer *answer, const gchar *name, gdouble ratio)
{
    KwDecimal percent;

    if (isfinite(ratio) &&
        kw_decimal_from_double(ratio * 100, 2, KW_ROUND_HALF_UP, &percent, NULL))
        kw_json_add_decimal(answer->json, name, percent);
}

static void
add_number(Answer *answer, const gchar *name, gdouble value)
{
    KwDecimal rounded;

    if (isfinite(value) && kw_decimal_from_double(value, 2, KW_ROUND_HALF_UP, &rounded, NULL))
        kw_json_add_decimal(answer->json, name, rounded);
}

static void
add_time(Answer *answer, const gchar *name, gint64 time_us)
{
    gchar day[KW_DATE_TEXT_SIZE];
    g_autofree gchar *text = NULL;
    KwLocalTime local;

    if (time_us <= 0 || time_us == G_MAXINT64)
        return;
    local = kw_zone_split(answer->zone, time_us);
    text = g_strdup_printf("%s %02d:%02d", kw_date_to_text(local.date, day), local.hour,
                           local.minute);
    kw_json_add_string(answer->json, name, text);
}

static void
begin_list(Answer *answer, const gchar *name)
{
    json_builder_set_member_name(answer->json, name);
    json_builder_begin_array(answer->json);
}

static const gchar *
judge_high(gdouble value, gdouble good, gdouble fair)
{
    return value >= good ? "gut" : value >= fair ? "akzeptabel" : "schlecht";
}

static const gchar *
judge_low(gdouble value, gdouble good, gdouble fair)
{
    return value <= good ? "gut" : value <= fair ? "akzeptabel" : "schlecht";
}

static KwPeriod
get_period(Answer *answer, KwPeriod fallback)
{
    KwPeriod period = fallback;

    if (answer->slots->span.kind != KW_SPAN_NONE)
        kw_span_to_instants(&answer->slots->span, answer->zone, answer->now_us, &period.from_us,
                            &period.to_us);
    return period;
}

static KwPeriod
get_today(Answer *answer)
{
    KwDate today = kw_zone_get_date(answer->zone, answer->now_us);

    return (KwPeriod){kw_zone_get_day_start_us(answer->zone, today),
                      kw_zone_get_day_start_us(answer->zone, kw_date_add_days(today, 1))};
}

static void
add_period(Answer *answer, KwPeriod period)
{
    if (period.from_us == G_MININT64) {
        kw_json_add_string(answer->json, "period", "since start");
        return;
    }
    add_time(answer, "period_from", period.from_us);
    add_time(answer, "period_until", MIN(period.to_us - 1, answer->now_us));
}

static const gchar *
get_pair(Answer *answer)
{
    return answer->slots->n_pairs > 0 ? answer->slots->pairs[0] : NULL;
}

static guint
get_count(Answer *answer, guint fallback)
{
    return answer->slots->count > 0 ? MIN(answer->slots->count, MAX_ROWS) : fallback;
}

/* -- questions -- */

static void
add_trade(Answer *answer, const KwTradeView *trade)
{
    json_builder_begin_object(answer->json);
    kw_json_add_int(answer->json, "trade_id", trade->id);
    add_data(answer, "pair", trade->pair);
    kw_json_add_bool(answer->json, "is_open", trade->is_open);
    add_time(answer, "opened", trade->open_us);
    add_time(answer, "closed", trade->close_us);
    kw_json_add_decimal(answer->json, "entry_price", trade->open_rate);
    add_money(answer, "stake", trade->stake);
    if (trade->has_last) {
        kw_json_add_decimal(answer->json, trade->is_open ? "price" : "exit_price",
                            trade->last_rate);
        add_money(answer, "profit", trade->profit_abs);
        add_percent(answer, "profit_pct", trade->profit_ratio);
    }
    if (trade->is_open) {
        kw_json_add_decimal(answer->json, "stop", trade->stop);
        add_percent(answer, "stop_distance_pct", trade->stop_distance_ratio);
    }
    add_money(answer, "fees", trade->fees);
    add_percent(answer, "confidence_pct", trade->confidence);
    add_data(answer, "tag", trade->tag);
    add_data(answer, "exit_reason", trade->exit_reason);
    json_builder_end_object(answer->json);
}

static void
add_trades(Answer *answer, GArray *trades, guint max)
{
    kw_json_add_int(answer->json, "n_trades", trades->len);
    begin_list(answer, "trades");
    for (guint i = 0; i < MIN(trades->len, max); i++)
        add_trade(answer, &g_array_index(trades, KwTradeView, i));
    json_builder_end_array(answer->json);
}

static void
add_limit(Answer *answer, const gchar *name, const KwLimitView *limit)
{
    if (!limit->is_set)
        return;
    json_builder_set_member_name(answer->json, name);
    json_builder_begin_object(answer->json);
    add_money(answer, "used", limit->used);
    add_money(answer, "limit", limit->limit);
    add_percent(answer, "used_pct", limit->used_ratio);
    add_percent(answer, "limit_pct", limit->limit_ratio);
    json_builder_end_object(answer->json);
}

static void
tell_status(Answer *answer)
{
    KwStatusView status;

    kw_query_get_status(answer->query, &status);
    kw_json_add_string(answer->json, "state", kw_run_state_to_string(status.state));
    add_time(answer, "since", status.since_us);
    add_data(answer, "by", status.by);
    add_data(answer, "reason", status.reason);
    kw_json_add_bool(answer->json, "is_kill_switch_on", status.is_killed);
    add_time(answer, "data_of", status.data_us);
    add_time(answer, "next_check", status.next_us);
    if (status.has_equity)
        add_money(answer, "equity", status.equity);
    add_money(answer, "today", status.today);
    add_percent(answer, "today_pct", status.today_ratio);
    add_money(answer, "today_realised", status.today_realised);
    add_money(answer, "today_unrealised", status.today_unrealised);
    kw_json_add_int(answer->json, "today_closed", status.today_closed);
    kw_json_add_int(answer->json, "n_open", status.n_open);
    kw_json_add_int(answer->json, "max_open", status.max_open);
    add_money(answer, "open_profit", status.open_profit);
    add_percent(answer, "threshold_pct", status.threshold);
    add_data(answer, "strategy", status.strategy);
    add_data(answer, "model", status.model);
}

static void
tell_open_trades(Answer *answer)
{
    g_autoptr(GArray) trades = kw_query_list_open(answer->query);

    add_trades(answer, trades, MAX_ROWS);
}

static void
tell_trade_detail(Answer *answer)
{
    KwTradeView trade;

    kw_json_add_bool(
        answer->json, "found",
        kw_query_find_trade(answer->query, answer->slots->trade_id, get_pair(answer), &trade));
    json_builder_set_member_name(answer->json, "trade");
    if (kw_query_find_trade(answer->query, answer->slots->trade_id, get_pair(answer), &trade))
        add_trade(answer, &trade);
    else
        json_builder_add_null_value(answer->json);
}

static void
tell_trade_history(Answer *answer)
{
    KwPeriod period = get_period(answer, KW_PERIOD_ALL);
    g_autoptr(GArray) trades =
        kw_query_list_closed(answer->query, period, get_pair(answer), MAX_ROWS);

    add_period(answer, period);
    add_trades(answer, trades, get_count(answer, 10));
}

static void
add_profit(Answer *answer, KwPeriod period)
{
    KwProfitView profit;

    kw_query_get_profit(answer->query, period, get_pair(answer), &profit);
    add_period(answer, period);
    add_money(answer, "realised", profit.realised);
    add_money(answer, "unrealised", profit.unrealised);
    add_percent(answer, "profit_pct", profit.ratio);
    kw_json_add_int(answer->json, "n_trades", profit.n_trades);
    kw_json_add_int(answer->json, "wins", profit.wins);
    kw_json_add_int(answer->json, "losses", profit.losses);
    kw_json_add_bool(answer->json, "enough_trades_for_a_statement", profit.n_trades >= 20);
    add_money(answer, "fees", profit.fees);
    if (profit.has_trade) {
        json_builder_set_member_name(answer->json, "best");
        add_trade(answer, &profit.best);
        json_builder_set_member_name(answer->json, "worst");
        add_trade(answer, &profit.worst);
    }
}

static KwDate
first_of(KwRaster raster, KwDate date)
{
    if (raster == KW_RASTER_WEEK)
        return kw_date_add_days(date, 1 - (gint) kw_date_get_weekday(date));
    if (raster == KW_RASTER_MONTH)
        date.day = 1;
    return date;
}

/* The newest seven days, weeks or months */
static void
tell_profit(Answer *answer)
{
    KwDate last = kw_zone_get_date(answer->zone, answer->now_us);

    if (answer->slots->raster == KW_RASTER_NONE) {
        add_profit(answer, get_period(answer, get_today(answer)));
        return;
    }
    begin_list(answer, "newest_first");
    for (guint i = 0; i < 7; i++) {
        KwDate first = first_of(answer->slots->raster, last);
        KwPeriod period = {kw_zone_get_day_start_us(answer->zone, first),
                           kw_zone_get_day_start_us(answer->zone, kw_date_add_days(last, 1))};
        KwProfitView profit;

        kw_query_get_profit(answer->query, period, get_pair(answer), &profit);
        json_builder_begin_object(answer->json);
        add_period(answer, period);
        add_money(answer, "realised", profit.realised);
        add_money(answer, "unrealised", profit.unrealised);
        kw_json_add_int(answer->json, "n_trades", profit.n_trades);
        json_builder_end_object(answer->json);
        last = kw_date_add_days(first, -1);
    }
    json_builder_end_array(answer->json);
}

static void
tell_pair_performance(Answer *answer)
{
    KwPeriod period = get_period(answer, KW_PERIOD_ALL);
    g_autoptr(GArray) rows = kw_query_list_pair_results(answer->query, period);

    add_period(answer, period);
    begin_list(answer, "best_first");
    for (guint i = 0; i < MIN(rows->len, MAX_ROWS); i++) {
        const KwPairResultView *row = &g_array_index(rows, KwPairResultView, i);

        json_builder_begin_object(answer->json);
        add_data(answer, "pair", row->pair);
        add_money(answer, "profit", row->profit);
        add_percent(answer, "profit_of_stakes_pct", row->ratio);
        kw_json_add_int(answer->json, "n_trades", row->n_trades);
        kw_json_add_int(answer->json, "wins", row->wins);
        json_builder_end_object(answer->json);
    }
    json_builder_end_array(answer->json);
}

static void
tell_balance(Answer *answer)
{
    KwBalanceView balance;

    kw_query_get_balance(answer->query, &balance);
    if (balance.has_equity)
        add_money(answer, "equity", balance.equity);
    add_money(answer, "free", balance.free);
    add_money(answer, "in_positions", balance.tied);
    add_money(answer, "starting_capital", balance.starting_capital);
    add_money(answer, "realised_since_start", balance.realised);
}

static void
tell_drawdown(Answer *answer)
{
    KwDrawdownView drawdown;
    KwPeriod period = get_period(answer, KW_PERIOD_ALL);

    kw_query_get_drawdown(answer->query, period, &drawdown);
    add_period(answer, period);
    add_percent(answer, "current_pct", drawdown.current_ratio);
    add_money(answer, "current", drawdown.current_abs);
    add_percent(answer, "max_pct", drawdown.max_ratio);
    add_money(answer, "max", drawdown.max_abs);
    kw_json_add_string(answer->json, "max_bewertung",
                       judge_low(drawdown.max_ratio, 0.10, 0.20));
    add_time(answer, "peak", drawdown.peak_us);
    add_time(answer, "trough", drawdown.trough_us);
    if (drawdown.limit_ratio > 0)
        add_percent(answer, "limit_pct", drawdown.limit_ratio);
}

static void
add_exits(Answer *answer, const KwStatsView *stats)
{
    begin_list(answer, "exits");
    for (guint i = 0; i < MIN(stats->n_exits, G_N_ELEMENTS(stats->exits)); i++) {
        json_builder_begin_object(answer->json);
        add_data(answer, "reason", stats->exits[i].reason);
        kw_json_add_int(answer->json, "n", stats->exits[i].n);
        add_money(answer, "profit", stats->exits[i].profit);
        json_builder_end_object(answer->json);
    }
    json_builder_end_array(answer->json);
}

static void
tell_trade_stats(Answer *answer)
{
    KwPeriod period = get_period(answer, KW_PERIOD_ALL);
    KwStatsView stats;

    kw_query_get_stats(answer->query, period, get_pair(answer), &stats);
    add_period(answer, period);
    kw_json_add_int(answer->json, "n_trades", stats.n);
    kw_json_add_int(answer->json, "wins", stats.wins);
    kw_json_add_int(answer->json, "losses", stats.losses);
    kw_json_add_bool(answer->json, "enough_trades_for_a_statement", stats.n >= 20);
    add_percent(answer, "win_rate_pct", stats.win_ratio);
    add_percent(answer, "win_rate_95_low_pct", stats.win_low);
    add_percent(answer, "win_rate_95_high_pct", stats.win_high);
    if (stats.n >= 20)
        kw_json_add_string(answer->json, "win_rate_bewertung",
                           judge_high(stats.win_ratio, 0.55, 0.45));
    add_money(answer, "mean_win", stats.mean_win_abs);
    add_money(answer, "mean_loss", stats.mean_loss_abs);
    add_number(answer, "profit_factor", stats.profit_factor);
    add_number(answer, "mean_duration_hours", (gdouble) stats.mean_duration_us / 3.6e9);
    add_number(answer, "sortino", stats.sortino);
    if (isfinite(stats.sortino))
        kw_json_add_string(answer->json, "sortino_bewertung",
                           judge_high(stats.sortino, 2.0, 1.5));
    add_number(answer, "sharpe", stats.sharpe);
    if (isfinite(stats.sharpe))
        kw_json_add_string(answer->json, "sharpe_bewertung",
                           judge_high(stats.sharpe, 1.5, 1.0));
    add_exits(answer, &stats);
}

static void
tell_risk_status(Answer *answer)
{
    KwRiskView risk;

    kw_query_get_risk(answer->query, &risk);
    kw_json_add_bool(answer->json, "is_kill_switch_on", risk.is_killed);
    add_data(answer, "kill_reason", risk.kill_reason);
    add_data(answer, "halt_reason", risk.halt_reason);
    add_limit(answer, "daily_loss", &risk.daily_abs);
    add_limit(answer, "daily_loss_ratio", &risk.daily_ratio);
    add_limit(answer, "drawdown", &risk.drawdown);
    add_limit(answer, "exposure", &risk.exposure);
    kw_json_add_int(answer->json, "n_open", risk.n_open);
    kw_json_add_int(answer->json, "max_open", risk.max_open);
    kw_json_add_int(answer->json, "losses_in_row", risk.losses_row);
    kw_json_add_int(answer->json, "max_losses_in_row", risk.max_losses_row);
    kw_json_add_int(answer->json, "n_locked_pairs", risk.n_locks);
}

static void
tell_errors(Answer *answer)
{
    KwPeriod period = get_period(answer, KW_PERIOD_ALL);
    g_autoptr(GArray) rows = kw_query_list_errors(answer->query, period, get_count(answer, 10));

    begin_list(answer, "newest_first");
    for (guint i = 0; i < rows->len; i++) {
        const KwErrorView *row = &g_array_index(rows, KwErrorView, i);

        json_builder_begin_object(answer->json);
        add_time(answer, "time", row->time_us);
        kw_json_add_string(answer->json, "severity",
                           row->severity == KW_SEVERITY_ERROR ? "error" : "warning");
        add_data(answer, "text", row->text);
        json_builder_end_object(answer->json);
    }
    json_builder_end_array(answer->json);
}

static void
tell_health(Answer *answer)
{
    g_autoptr(GArray) rows = kw_query_list_health(answer->query);

    begin_list(answer, "components");
    for (guint i = 0; i < MIN(rows->len, MAX_ROWS); i++) {
        const KwHealthView *row = &g_array_index(rows, KwHealthView, i);

        json_builder_begin_object(answer->json);
        add_data(answer, "component", row->component);
        kw_json_add_bool(answer->json, "is_ok", row->is_ok);
        add_time(answer, "since", row->since_us);
        add_data(answer, "detail", row->detail);
        json_builder_end_object(answer->json);
    }
    json_builder_end_array(answer->json);
}

static void
add_price(Answer *answer, const gchar *pair)
{
    KwPriceView price;

    json_builder_begin_object(answer->json);
    add_data(answer, "pair", pair);
    if (kw_query_get_price(answer->query, pair, &price) && price.has_price) {
        kw_json_add_decimal(answer->json, "price", price.price);
        add_time(answer, "time", price.time_us);
        add_percent(answer, "change_24h_pct", price.change_24h_ratio);
    } else {
        kw_json_add_bool(answer->json, "is_known", FALSE);
    }
    json_builder_end_object(answer->json);
}

static void
tell_price(Answer *answer)
{
    g_autoptr(GArray) pairs = kw_query_list_pairs(answer->query);

    begin_list(answer, "prices");
    if (get_pair(answer) != NULL)
        add_price(answer, get_pair(answer));
    for (guint i = 0; get_pair(answer) == NULL && i < MIN(pairs->len, MAX_ROWS); i++)
        add_price(answer, g_array_index(pairs, KwPairView, i).pair);
    json_builder_end_array(answer->json);
}

static void
tell_fees(Answer *answer)
{
    KwPeriod period = get_period(answer, KW_PERIOD_ALL);
    KwFeesView fees;

    kw_query_get_fees(answer->query, period, &fees);
    add_period(answer, period);
    add_money(answer, "sum", fees.sum);
    add_money(answer, "result_before_fees", fees.gross);
    kw_json_add_int(answer->json, "n_trades", fees.n_trades);
    add_percent(answer, "fee_a_side_pct", fees.rate_ratio);
}

static void
tell_config(Answer *answer)
{
    g_autoptr(GArray) rows = kw_query_list_config(answer->query);

    json_builder_set_member_name(answer->json, "settings");
    json_builder_begin_object(answer->json);
    for (guint i = 0; i < rows->len; i++) {
        const KwConfigView *row = &g_array_index(rows, KwConfigView, i);

        if (g_str_has_prefix(row->key, "trading.") || g_str_has_prefix(row->key, "limits."))
            add_data(answer, row->key, row->value);
    }
    json_builder_end_object(answer->json);
}

static void
tell_pairs(Answer *answer)
{
    g_autoptr(GArray) rows = kw_query_list_pairs(answer->query);

    begin_list(answer, "pairs");
    for (guint i = 0; i < MIN(rows->len, MAX_ROWS); i++) {
        const KwPairView *row = &g_array_index(rows, KwPairView, i);

        json_builder_begin_object(answer->json);
        add_data(answer, "pair", row->pair);
        kw_json_add_bool(answer->json, "is_locked", row->is_locked);
        add_time(answer, "locked_until", row->until_us);
        add_data(answer, "reason", row->reason);
        kw_json_add_bool(answer->json, "has_open_trade", row->has_open);
        json_builder_end_object(answer->json);
    }
    json_builder_end_array(answer->json);
}

static void
tell_venue(Answer *answer)
{
    g_autoptr(GArray) rows = kw_query_list_differences(answer->query);
    KwStatusView status;

    kw_query_get_status(answer->query, &status);
    kw_json_add_bool(answer->json, "is_real_money",
                     status.venue.is_real && !status.venue.is_test);
    kw_json_add_bool(answer->json, "entries_wait", status.venue.is_doubtful);
    add_time(answer, "compared_at", status.venue.read_us);
    begin_list(answer, "differences");
    for (guint i = 0; i < MIN(rows->len, MAX_ROWS); i++) {
        const KwDifferenceView *row = &g_array_index(rows, KwDifferenceView, i);

        json_builder_begin_object(answer->json);
        kw_json_add_string(answer->json, "kind", row->code);
        add_data(answer, "subject", row->subject);
        kw_json_add_bool(answer->json, "is_accepted", row->is_accepted);
        json_builder_end_object(answer->json);
    }
    json_builder_end_array(answer->json);
}

static void
tell_signals(Answer *answer)
{
    KwDigestView digest;

    kw_query_get_digest(answer->query, get_period(answer, get_today(answer)), &digest);
    kw_json_add_int(answer->json, "n_signals", digest.n_signals);
    kw_json_add_int(answer->json, "n_rejected", digest.n_rejected);
    add_data(answer, "best_signal_pair", digest.best_signal_pair);
    add_percent(answer, "best_signal_confidence_pct", digest.best_signal_confidence);
    add_percent(answer, "threshold_pct", digest.status.threshold);
}

static void
tell_summary(Answer *answer)
{
    KwPeriod period = get_period(answer, get_today(answer));
    KwDigestView digest;

    kw_query_get_digest(answer->query, period, &digest);
    add_profit(answer, period);
    kw_json_add_int(answer->json, "n_errors", digest.n_errors);
    kw_json_add_int(answer->json, "n_warnings", digest.n_warnings);
    kw_json_add_int(answer->json, "n_signals", digest.n_signals);
    kw_json_add_int(answer->json, "n_rejected", digest.n_rejected);
}

static const struct {
    KwIntentId intent;
    void (*tell)(Answer *answer);
} views[] = {
    {KW_INTENT_STATUS, tell_status},
    {KW_INTENT_OPEN_TRADES, tell_open_trades},
    {KW_INTENT_TRADE_DETAIL, tell_trade_detail},
    {KW_INTENT_TRADE_HISTORY, tell_trade_history},
    {KW_INTENT_PROFIT, tell_profit},
    {KW_INTENT_PAIR_PERFORMANCE, tell_pair_performance},
    {KW_INTENT_BALANCE, tell_balance},
    {KW_INTENT_DRAWDOWN, tell_drawdown},
    {KW_INTENT_TRADE_STATS, tell_trade_stats},
    {KW_INTENT_RISK_STATUS, tell_risk_status},
    {KW_INTENT_ERRORS, tell_errors},
    {KW_INTENT_HEALTH, tell_health},
    {KW_INTENT_SIGNALS, tell_signals},
    {KW_INTENT_PRICE, tell_price},
    {KW_INTENT_FEES, tell_fees},
    {KW_INTENT_CONFIG_SHOW, tell_config},
    {KW_INTENT_PAIRS, tell_pairs},
    {KW_INTENT_VENUE, tell_venue},
    {KW_INTENT_SUMMARY, tell_summary},
};

gchar *
kw_llm_view_of(
    KwQuery *query, KwIntentId intent, const KwSlots *slots, KwZone *zone, gint64 now_us)
{
    g_autoptr(JsonBuilder) json = json_builder_new();
    Answer answer = {
        .json = json, .query = query, .slots = slots, .zone = zone, .now_us = now_us};
    KwStatusView status;

    g_return_val_if_fail(KW_IS_QUERY(query) && slots != NULL && zone != NULL, NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(views); i++) {
        if (views[i].intent != intent)
            continue;
        kw_query_get_status(query, &status);
        json_builder_begin_object(json);
        kw_json_add_string(json, "mode", kw_mode_to_string(status.mode));
        add_data(&answer, "currency", status.quote);
        views[i].tell(&answer);
        json_builder_end_object(json);
        return kw_json_builder_to_text(json);
    }
    return NULL;
}
