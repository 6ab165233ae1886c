#include "kw-backtest-extras.h"

#include "kw-baseline.h"
#include "kw-bootstrap.h"
#include "kw-confidence.h"
#include "kw-i18n.h"
#include "kw-indicator.h"
#include "kw-lab-table.h"
#include "kw-walk-page.h"

#include <math.h>
#include <string.h>

#define MAX_CLASSES 33 /* labels of a column */

typedef struct {
    GString *out;
    KwFormat *format;
    const KwBacktestExtras *extras;
    const KwResult *result;
} Page;

/* -- trades by what was known at the entry -- */

/* TRUE when @trade belongs to class @index */
typedef gboolean (*ClassFunc)(const KwTrade *trade, guint index, gconstpointer data);

static KwStatsLine
sum_class(const Page *page, ClassFunc belongs, guint index, gconstpointer data)
{
    const KwPortfolio *portfolio = kw_backtest_get_portfolio(page->result->backtest);
    g_autoptr(GArray) trades = g_array_new(FALSE, FALSE, sizeof(KwStatsTrade));
    KwStatsInput input = page->result->input;
    KwStatsLine line;

    for (gsize i = 0; i < page->result->input.n_trades; i++)
        if (belongs(kw_portfolio_get_closed(portfolio, (guint) i), index, data))
            g_array_append_val(trades, page->result->input.trades[i]);
    input.trades = (const KwStatsTrade *) (gconstpointer) trades->data;
    input.n_trades = trades->len;
    kw_stats_total(&input, "", &line);
    return line;
}

/* A table of trades by class. @has_recall: the classes are judgements, so what they caught of
 * all trades that were won counts as well */
typedef struct {
    const gchar *title;
    const gchar *const *names;
    ClassFunc belongs;
    gconstpointer data;
    gboolean has_recall;
} Classes;

static void
add_class(const Page *page, const Classes *classes, guint index, KwLabTable *table)
{
    KwStatsLine line = sum_class(page, classes->belongs, index, classes->data);
    guint n_wins = page->result->stats.wins;
    gboolean has_trades = line.n > 0;
    KwDecimal profit = KW_DECIMAL_ZERO;

    (void) kw_decimal_from_double(line.profit_abs, 2, KW_ROUND_HALF_UP, &profit, NULL);
    kw_lab_table_add(table, classes->names[index]);
    kw_lab_table_add(table, kw_format_decimal(page->format, kw_decimal_from_int(line.n), 0));
    kw_lab_table_add(table, kw_format_percent_short(page->format,
                                                    has_trades ? line.winrate : (gdouble) NAN));
    if (classes->has_recall)
        kw_lab_table_add(table, kw_format_percent_short(
                                    page->format,
                                    n_wins > 0 ? (gdouble) line.wins / n_wins : (gdouble) NAN));
    kw_lab_table_add(table, kw_format_percent_signed(page->format, has_trades ? line.profit_mean
                                                                              : (gdouble) NAN));
    kw_lab_table_add(table,
                     kw_format_money_signed(page->format, profit, page->extras->currency));
}

static void
print_classes(const Page *page, const Classes *classes)
{
    const gchar *const plain[] = {classes->title, _("Trades"), _("Hit rate"),
                                  _("Ø profit"),  _("Profit"), NULL};
    const gchar *const judged[] = {
        classes->title, _("Trades"), _("Precision"), _("Recall"), _("Ø profit"),
        _("Profit"),    NULL};
    g_autoptr(KwLabTable) table = kw_lab_table_new(classes->has_recall ? judged : plain);

    for (guint i = 0; classes->names[i] != NULL; i++)
        add_class(page, classes, i, table);
    g_string_append_c(page->out, '\n');
    kw_lab_table_print(table, page->out);
}

static gboolean
is_in_session(const KwTrade *trade, guint index, gconstpointer data)
{
    (void) data;
    return kw_session_has_time((KwSessionName) index, trade->open_us);
}

static gboolean
is_of_regime(const KwTrade *trade, guint index, gconstpointer data)
{
    const gchar *const *names = data;

    return strcmp(trade->regime, names[index]) == 0;
}

static gboolean
is_of_tier(const KwTrade *trade, guint index, gconstpointer data)
{
    (void) data;
    return !isnan(trade->confidence) &&
           kw_tier_of(trade->confidence) == (KwConfidenceTier) index;
}

/* Names of the regimes that trades have; borrowed of them */
static guint
list_regimes(const Page *page, const gchar **names)
{
    const KwPortfolio *portfolio = kw_backtest_get_portfolio(page->result->backtest);
    guint n = 0;

    for (guint i = 0; i < kw_portfolio_get_n_closed(portfolio); i++) {
        const gchar *regime = kw_portfolio_get_closed(portfolio, i)->regime;
        guint known = 0;

        while (known < n && strcmp(names[known], regime) != 0)
            known++;
        if (known == n && n < MAX_CLASSES && regime[0] != '\0')
            names[n++] = regime;
    }
    names[n] = NULL;
    return n;
}

static gboolean
has_confidence(const Page *page)
{
    const KwPortfolio *portfolio = kw_backtest_get_portfolio(page->result->backtest);

    for (guint i = 0; i < kw_portfolio_get_n_closed(portfolio); i++)
        if (!isnan(kw_portfolio_get_closed(portfolio, i)->confidence))
            return TRUE;
    return FALSE;
}

static void
print_all_classes(const Page *page)
{
    const gchar *const sessions[] = {_("Tokyo"), _("London"), _("New York"), NULL};
    const gchar *regimes[MAX_CLASSES + 1];
    const gchar *tiers[KW_CONFIDENCE_N_TIERS + 1];
    const Classes by_session = {
        .title = _("Entry in the session"), .names = sessions, .belongs = is_in_session};
    const Classes by_regime = {
        .title = _("Regime"), .names = regimes, .belongs = is_of_regime, .data = regimes};
    const Classes by_tier = {.title = _("Tier of confidence"),
                             .names = tiers,
                             .belongs = is_of_tier,
                             .has_recall = TRUE};

    print_classes(page, &by_session);
    if (list_regimes(page, regimes) > 0)
        print_classes(page, &by_regime);
    if (!has_confidence(page))
        return;
    for (guint i = 0; i < KW_CONFIDENCE_N_TIERS; i++)
        tiers[i] = kw_walk_page_tier_text((KwConfidenceTier) i);
    tiers[KW_CONFIDENCE_N_TIERS] = NULL;
    print_classes(page, &by_tier);
}

/* -- luck -- */

static void
add(const Page *page, const gchar *name, gchar *text)
{
    kw_lab_table_pair(page->out, name, text);
    g_free(text);
}

/* An account without loans loses all at most, which a sum of single profits does not know. NaN
 * stays */
static const gchar *
percent_of_account(const Page *page, gdouble ratio)
{
    return kw_format_percent_signed(page->format, ratio < -1.0 ? -1.0 : ratio);
}

static void
print_interval(const Page *page)
{
    const KwStatsInput *input = &page->result->input;
    g_autofree gdouble *profits = g_new(gdouble, input->n_trades + 1);
    gdouble low = NAN, high = NAN;

    for (gsize i = 0; i < input->n_trades; i++)
        profits[i] = input->trades[i].profit_abs / input->capital;
    if (kw_bootstrap_sum(profits, input->n_trades, page->extras->seed, &low, &high))
        add(page, _("With other luck"),
            g_strdup_printf(_("%s to %s (block bootstrap, 95 %%)"),
                            percent_of_account(page, low), percent_of_account(page, high)));
}

static void
print_baselines(const Page *page)
{
    KwBaseline baseline;

    kw_baseline_compute(page->extras->study, page->extras->options, page->result,
                        page->extras->seed, &baseline);
    g_string_append_c(page->out, '\n');
    add(page, _("Strategy"),
        g_strdup(kw_format_percent_signed(page->format, page->result->stats.profit_total)));
    print_interval(page);
    add(page, _("Buy and hold"),
        g_strdup(kw_format_percent_signed(page->format, baseline.hold)));
    add(page, _("Always in"),
        g_strdup_printf(_("%s in %u trades, with the same stops and profit steps"),
                        kw_format_percent_signed(page->format, baseline.always),
                        baseline.n_always));
    if (!isnan(baseline.beaten))
        add(page, _("At random times"),
            g_strdup_printf(_("%s (%s to %s); the strategy beats %s of %u rounds"),
                            percent_of_account(page, baseline.random_median),
                            percent_of_account(page, baseline.random_low),
                            percent_of_account(page, baseline.random_high),
                            kw_format_percent_short(page->format, baseline.beaten),
                            KW_BASELINE_ROUNDS));
}

void
kw_backtest_extras_print(const KwBacktestExtras *self, GString *out, KwFormat *format)
{
    const Page page = {.out = out, .format = format, .extras = self, .result = self->result};

    if (self->result->stats.n > 0)
        print_all_classes(&page);
    print_baselines(&page);
}
