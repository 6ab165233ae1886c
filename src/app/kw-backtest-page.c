#include "kw-backtest-page.h"

#include "kw-i18n.h"
#include "kw-lab-table.h"
#include "kw-timeframe.h"
#include "kw-trade-stats.h"

#include <math.h>
#include <string.h>

#define MINUTE_US G_TIME_SPAN_MINUTE

typedef struct {
    GString *out;
    KwFormat *format;
    const KwLabInput *input;
    const KwResult *result;
} Page;

static const gchar *
money(const Page *page, gdouble value)
{
    KwDecimal amount = KW_DECIMAL_ZERO;

    (void) kw_decimal_from_double(value, 2, KW_ROUND_HALF_UP, &amount, NULL);
    return kw_format_money(page->format, amount, page->input->currency);
}

static const gchar *
money_signed(const Page *page, gdouble value)
{
    KwDecimal amount = KW_DECIMAL_ZERO;

    (void) kw_decimal_from_double(value, 2, KW_ROUND_HALF_UP, &amount, NULL);
    return kw_format_money_signed(page->format, amount, page->input->currency);
}

static const gchar *
count(const Page *page, guint64 value)
{
    return kw_format_decimal(page->format, kw_decimal_from_int((gint64) value), 0);
}

static const gchar *
day(const Page *page, gint64 time_us)
{
    return kw_format_day_full(page->format, kw_format_date_of(page->format, time_us));
}

static const gchar *
duration(const Page *page, gint64 minutes)
{
    return minutes > 0 ? kw_format_duration(page->format, minutes * MINUTE_US) : "–";
}

G_GNUC_PRINTF(3, 4)
static void
add(const Page *page, const gchar *name, const gchar *format, ...)
{
    g_autofree gchar *text = NULL;
    va_list args;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    kw_lab_table_pair(page->out, name, text);
}

/* -- head -- */

static void
print_candles(const Page *page)
{
    gint64 timeframe_us = page->input->options.terms.timeframe_us;
    gsize n_rows = 0, n_missing = 0;

    for (guint i = 0; i < kw_study_get_n_pairs(page->input->study); i++) {
        const KwStudyPair *pair = kw_study_get_pair(page->input->study, i);

        n_rows += MIN(pair->range.end, kw_frame_get_n_rows(pair->frame));
        n_missing += pair->n_missing;
    }
    add(page, _("Candles"), _("%s of %s, %s missing"), count(page, n_rows),
        kw_timeframe_to_string(timeframe_us), count(page, n_missing));
    if (page->input->source_us != timeframe_us)
        add(page, "", _("put together from candles of %s"),
            kw_timeframe_to_string(page->input->source_us));
    if (page->input->is_synthetic)
        add(page, "", "%s", _("SYNTHETIC candles: says nothing about a market"));
}

static void
print_head(const Page *page)
{
    const KwResult *result = page->result;
    const KwBacktestOptions *options = &page->input->options;
    g_autofree gchar *pairs = g_strjoinv(", ", page->input->names);

    g_string_append_printf(page->out, "%s: %s\n\n", _("Backtest"), result->facts->strategy);
    add(page, _("Pairs"), "%s", pairs);
    add(page, _("Period"), _("%s to %s (%s days)"), day(page, result->input.start_us),
        day(page, result->input.end_us), count(page, result->stats.days));
    print_candles(page);
    add(page, _("Account"), _("%s, at most %u trades at a time, fee %s each order"),
        money(page, result->input.capital), options->stake.max_open_trades,
        kw_format_percent(page->format, options->fee_ratio));
    if (options->maker.patience_us > 0)
        add(page, _("Entries"), _("wait up to %s s at the open, fee %s"),
            count(page, (guint) (options->maker.patience_us / G_USEC_PER_SEC)),
            kw_format_percent(page->format, options->maker.fee_ratio));
    if (options->friction != NULL)
        add(page, _("Execution"), "%s",
            _("orders at the market pay measured spread and slippage"));
    g_string_append_c(page->out, '\n');
}

/* -- tables -- */

static void
add_line(const Page *page, KwLabTable *table, const KwStatsLine *line)
{
    kw_lab_table_add(table, line->key[0] != '\0' ? line->key : "–");
    kw_lab_table_add(table, count(page, line->n));
    kw_lab_table_add(table, kw_format_percent_signed(
                                page->format, line->n > 0 ? line->profit_mean : (gdouble) NAN));
    kw_lab_table_add(table, money_signed(page, line->profit_abs));
    kw_lab_table_add(table, kw_format_percent_signed(page->format, line->profit_total));
    kw_lab_table_add(table, duration(page, line->minutes));
    kw_lab_table_add(table, count(page, line->wins));
    kw_lab_table_add(table, count(page, line->losses));
    kw_lab_table_add(table, kw_format_percent_short(page->format, line->n > 0 ? line->winrate
                                                                              : (gdouble) NAN));
}

static void
print_group(const Page *page, const gchar *title, KwStatsKey by)
{
    const gchar *const header[] = {title,           _("Trades"), _("Ø profit"), _("Profit"),
                                   _("of capital"), _("Ø held"), _("Wins"),     _("Losses"),
                                   _("Hit rate"),   NULL};
    g_autoptr(KwLabTable) table = kw_lab_table_new(header);
    g_autoptr(GArray) lines = kw_stats_group(&page->result->input, by);
    KwStatsLine total;

    for (guint i = 0; i < lines->len; i++)
        add_line(page, table, &g_array_index(lines, KwStatsLine, i));
    kw_stats_total(&page->result->input, _("Total"), &total);
    kw_lab_table_rule(table);
    add_line(page, table, &total);
    kw_lab_table_print(table, page->out);
    g_string_append_c(page->out, '\n');
}

static gboolean
has_tags(const KwResult *result)
{
    for (gsize i = 0; i < result->input.n_trades; i++)
        if (result->input.trades[i].enter_tag[0] != '\0')
            return TRUE;
    return FALSE;
}

/* -- figures -- */

/* -100 stands for a denominator that does not exist. */
static const gchar *
ratio(const Page *page, gdouble value)
{
    if (page->result->stats.n == 0 || value <= KW_STATS_DEGENERATE)
        return _("cannot be told");
    return kw_format_number(page->format, value, 2);
}

static void
print_drawdown(const Page *page)
{
    const KwDrawdown *drawdown = &page->result->stats.drawdown;

    if (!(drawdown->abs > 0.0)) {
        add(page, _("Largest drawdown"), "%s", kw_format_percent(page->format, 0.0));
        return;
    }
    add(page, _("Largest drawdown"), _("%s (%s), %s to %s"),
        kw_format_percent(page->format, drawdown->account), money(page, drawdown->abs),
        day(page, drawdown->start_us), day(page, drawdown->end_us));
}

static void
print_wins(const Page *page)
{
    const KwBacktestStats *stats = &page->result->stats;
    gdouble low = NAN, high = NAN;

    if (stats->n == 0)
        return;
    kw_stats_wilson(stats->wins, stats->n, &low, &high);
    add(page, _("Hit rate"), _("%s (95 %% sure: %s to %s)"),
        kw_format_percent_short(page->format, stats->winrate),
        kw_format_percent_short(page->format, round(low * 100.0) / 100.0),
        kw_format_percent_short(page->format, round(high * 100.0) / 100.0));
    add(page, _("Profit factor"), "%s",
        stats->losses > 0 ? kw_format_number(page->format, stats->profit_factor, 2)
                          : _("cannot be told"));
    add(page, _("Expectancy of a trade"), "%s", money_signed(page, stats->expectancy));
    add(page, _("Longest row"), _("%u wins, %u losses"), stats->max_wins_row,
        stats->max_losses_row);
    add(page, _("Best and worst day"), "%s / %s", money_signed(page, stats->best_day_abs),
        money_signed(page, stats->worst_day_abs));
    add(page, _("Days"), _("%u won, %u even, %u lost"), stats->winning_days, stats->draw_days,
        stats->losing_days);
}

static void
print_figures(const Page *page)
{
    const KwBacktestStats *stats = &page->result->stats;
    const KwBacktestCounters *counters = kw_backtest_get_counters(page->result->backtest);

    add(page, _("Final balance"), "%s",
        money(page, page->result->input.capital + stats->profit_abs));
    add(page, _("Profit"), _("%s (%s); the market: %s"), money_signed(page, stats->profit_abs),
        kw_format_percent_signed(page->format, stats->profit_total),
        kw_format_percent_signed(page->format, page->result->facts->market_change));
    add(page, _("Profit a year"), "%s", kw_format_percent_signed(page->format, stats->cagr));
    add(page, _("Trades a day"), "%s",
        kw_format_number(page->format, stats->trades_per_day, 2));
    print_wins(page);
    print_drawdown(page);
    add(page, "Sharpe", "%s", ratio(page, stats->sharpe));
    add(page, "Sortino", "%s", ratio(page, stats->sortino));
    add(page, "Calmar", "%s", ratio(page, stats->calmar));
    add(page, _("Entries left out"), _("%s, as no trade was free; %s were not sure enough"),
        count(page, counters->n_rejected), count(page, counters->n_unsure));
}

void
kw_backtest_page_print(GString *out,
                       KwFormat *format,
                       const KwLabInput *input,
                       const KwResult *result)
{
    const Page page = {.out = out, .format = format, .input = input, .result = result};

    g_return_if_fail(out != NULL && format != NULL && input != NULL && result != NULL);

    print_head(&page);
    if (result->stats.n == 0) {
        g_string_append_printf(out, "%s\n\n",
                               _("No trade. Either the strategy gave no entry signal in this "
                                 "period, or the stake was below the minimum of the pair."));
    } else {
        print_group(&page, _("Pair"), KW_STATS_BY_PAIR);
        print_group(&page, _("Exit"), KW_STATS_BY_EXIT_REASON);
        if (has_tags(result))
            print_group(&page, _("Entry"), KW_STATS_BY_ENTER_TAG);
    }
    print_figures(&page);
}
