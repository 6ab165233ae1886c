/* kw-report-page.c: the chat's answers, one below the other
 *
 * Figures and wording are those of the commands, so that a report cannot say anything else than
 * the chat does. */
#include "kw-report-page.h"

#include "kw-command.h"
#include "kw-date.h"
#include "kw-i18n.h"
#include "kw-json.h"

#include <string.h>

static const KwIntentId sections[] = {
    KW_INTENT_PROFIT, KW_INTENT_PAIR_PERFORMANCE, KW_INTENT_TRADE_STATS, KW_INTENT_DRAWDOWN,
    KW_INTENT_FEES,
};

KwPeriod
kw_report_page_get_period(const KwReportPage *self)
{
    const KwSpan *span = self->span;

    if (span->kind != KW_SPAN_DAYS)
        return (KwPeriod){G_MININT64, G_MAXINT64};
    return (KwPeriod){
        kw_zone_get_day_start_us(self->zone, span->from),
        kw_zone_get_day_start_us(self->zone, kw_date_add_days(span->to, 1)),
    };
}

/* -- text -- */

static void
add_section(const KwReportPage *self, KwCommandCtx *ctx, KwIntentId intent)
{
    KwIntent asked = {.id = intent};

    ctx->intent = &asked;
    kw_slots_init(&ctx->slots);
    ctx->slots.span = *self->span;
    if (ctx->reply->len > 0)
        g_string_append(ctx->reply, "\n\n");
    ctx->is_first = ctx->reply->len == 0;
    kw_command_find(intent)->run(ctx);
}

gchar *
kw_report_page_to_text(const KwReportPage *self)
{
    KwCommandCtx ctx = {.query = self->query, .zone = self->zone, .by = "report", .sender = ""};
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(KwFormat) format = NULL;
    KwPending pending = {.intent = KW_INTENT_NONE};

    g_return_val_if_fail(self != NULL, NULL);

    kw_query_get_status(self->query, &ctx.status);
    format = kw_format_new(self->zone, ctx.status.now_us);
    ctx.now_us = ctx.status.now_us;
    ctx.format = format;
    ctx.pending = &pending;
    ctx.reply = text;
    for (gsize i = 0; i < G_N_ELEMENTS(sections); i++)
        add_section(self, &ctx, sections[i]);
    if (ctx.status.n_open > 0)
        add_section(self, &ctx, KW_INTENT_OPEN_TRADES);
    g_string_append_c(text, '\n');
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* -- JSON -- */

static void
add_time(JsonBuilder *b, const gchar *name, gint64 time_us)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(time_us / G_USEC_PER_SEC);
    g_autofree gchar *text = g_date_time_format_iso8601(time);

    kw_json_add_string(b, name, text);
}

static void
add_profit(const KwReportPage *self, JsonBuilder *b, KwPeriod period)
{
    KwProfitView profit;

    kw_query_get_profit(self->query, period, NULL, &profit);
    kw_json_add_decimal(b, "realised", profit.realised);
    kw_json_add_decimal(b, "unrealised", profit.unrealised);
    kw_json_add_double(b, "profit_ratio", profit.ratio);
    kw_json_add_int(b, "trades", profit.n_trades);
    kw_json_add_int(b, "wins", profit.wins);
    kw_json_add_int(b, "losses", profit.losses);
    kw_json_add_decimal(b, "fees", profit.fees);
}

static void
add_figures(const KwReportPage *self, JsonBuilder *b, KwPeriod period)
{
    KwStatsView stats;
    KwDrawdownView drawdown;

    kw_query_get_stats(self->query, period, NULL, &stats);
    kw_json_add_double(b, "win_rate", stats.win_ratio);
    kw_json_add_double(b, "win_rate_low", stats.win_low);
    kw_json_add_double(b, "win_rate_high", stats.win_high);
    kw_json_add_double(b, "profit_factor", stats.profit_factor);
    kw_json_add_double(b, "expectancy", stats.expectancy);
    kw_json_add_double(b, "sharpe", stats.sharpe);
    kw_json_add_double(b, "sortino", stats.sortino);
    kw_json_add_int(b, "mean_duration_s", stats.mean_duration_us / G_USEC_PER_SEC);
    kw_query_get_drawdown(self->query, period, &drawdown);
    kw_json_add_double(b, "max_drawdown", drawdown.max_ratio);
    kw_json_add_decimal(b, "max_drawdown_abs", drawdown.max_abs);
}

static void
add_pairs(const KwReportPage *self, JsonBuilder *b, KwPeriod period)
{
    g_autoptr(GArray) pairs = kw_query_list_pair_results(self->query, period);

    json_builder_set_member_name(b, "pairs");
    json_builder_begin_array(b);
    for (guint i = 0; i < pairs->len; i++) {
        const KwPairResultView *pair = &g_array_index(pairs, KwPairResultView, i);

        json_builder_begin_object(b);
        kw_json_add_string(b, "pair", pair->pair);
        kw_json_add_decimal(b, "profit", pair->profit);
        kw_json_add_double(b, "profit_ratio", pair->ratio);
        kw_json_add_int(b, "trades", pair->n_trades);
        kw_json_add_int(b, "wins", pair->wins);
        json_builder_end_object(b);
    }
    json_builder_end_array(b);
}

static void
add_trade(JsonBuilder *b, const KwTradeView *trade)
{
    json_builder_begin_object(b);
    kw_json_add_int(b, "id", trade->id);
    kw_json_add_string(b, "pair", trade->pair);
    kw_json_add_bool(b, "is_open", trade->is_open);
    add_time(b, "open", trade->open_us);
    if (!trade->is_open) {
        add_time(b, "close", trade->close_us);
        kw_json_add_string(b, "exit_reason", trade->exit_reason);
    }
    kw_json_add_decimal(b, "stake", trade->stake);
    kw_json_add_decimal(b, "profit", trade->profit_abs);
    kw_json_add_double(b, "profit_ratio", trade->profit_ratio);
    kw_json_add_string(b, "strategy", trade->strategy);
    json_builder_end_object(b);
}

static void
add_trades(const KwReportPage *self, JsonBuilder *b, KwPeriod period)
{
    g_autoptr(GArray) closed = kw_query_list_closed(self->query, period, NULL, 0);
    g_autoptr(GArray) open = kw_query_list_open(self->query);

    json_builder_set_member_name(b, "trade_list");
    json_builder_begin_array(b);
    for (guint i = closed->len; i > 0; i--)
        add_trade(b, &g_array_index(closed, KwTradeView, i - 1));
    for (guint i = 0; i < open->len; i++)
        add_trade(b, &g_array_index(open, KwTradeView, i));
    json_builder_end_array(b);
}

gchar *
kw_report_page_to_json(const KwReportPage *self)
{
    g_autoptr(JsonBuilder) b = json_builder_new();
    KwPeriod period;
    KwStatusView status;

    g_return_val_if_fail(self != NULL, NULL);

    period = kw_report_page_get_period(self);
    kw_query_get_status(self->query, &status);
    json_builder_begin_object(b);
    kw_json_add_string(b, "mode", kw_mode_to_string(status.mode));
    kw_json_add_string(b, "currency", status.quote);
    add_time(b, "as_of", status.now_us);
    if (period.from_us > G_MININT64) {
        add_time(b, "from", period.from_us);
        add_time(b, "until", period.to_us);
    }
    kw_json_add_decimal(b, "equity", status.equity);
    add_profit(self, b, period);
    add_figures(self, b, period);
    add_pairs(self, b, period);
    add_trades(self, b, period);
    json_builder_end_object(b);
    return kw_json_builder_to_text(b);
}
