/* kw-model-check.c: a model in use against what came after it
 *
 * Candles after those that the model was made from are unseen, whether or not it was in use
 * already; trades count from the day of its promotion. Paper and real trades are never one
 * figure: the reason is due when either of them says so. */
#include "kw-model-check.h"

#include "kw-cli.h"
#include "kw-i18n.h"
#include "kw-lab-table.h"
#include "kw-model-candles.h"
#include "kw-store.h"
#include "kw-train-page.h"

#include <math.h>
#include <sysexits.h>

typedef struct {
    const KwModelCheck *check;
    KwModel *model; /* owned */
    KwModelHealth *health;
    gint64 promoted_us;
    guint n_reasons;
} Look;

static void
look_clear(Look *self)
{
    kw_model_unref(self->model);
    kw_model_health_free(self->health);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Look, look_clear)

static const gchar *
number(const Look *self, gdouble value, guint8 digits)
{
    return kw_format_number(self->check->page->format, value, digits);
}

static const gchar *
percent(const Look *self, guint part, guint whole)
{
    return kw_format_percent_short(self->check->page->format,
                                   whole > 0 ? (gdouble) part / whole : (gdouble) NAN);
}

/* -- pairs -- */

static void
add_pair(const Look *self,
         KwLabTable *table,
         const gchar *pair,
         const KwModelPairHealth *health)
{
    kw_lab_table_add(table, pair);
    kw_lab_table_add(table, number(self, health->n_rows, 0));
    kw_lab_table_add(table, number(self, health->n_unknown, 0));
    kw_lab_table_add(table, number(self, health->n_silent, 0));
    kw_lab_table_add(table, number(self, health->n_forecasts, 0));
    kw_lab_table_add(table, percent(self, health->n_right, health->n_forecasts));
    kw_lab_table_add(table, number(self, health->n_constant, 0));
    kw_lab_table_add(table, number(self, health->n_drifted, 0));
}

static gboolean
look_at_pair(Look *self,
             const KwModelCandles *candles,
             const gchar *pair,
             KwLabTable *table,
             GError **error)
{
    g_autoptr(KwSeries) series = kw_model_candles_load(candles, pair, error);
    g_autoptr(GError) cause = NULL;
    KwModelPairHealth health = {0};

    if (series == NULL)
        return FALSE;
    if (!kw_model_health_add(self->health, series, &health, &cause))
        health = (KwModelPairHealth){0}; /* nothing to tell yet */
    add_pair(self, table, pair, &health);
    return TRUE;
}

static gboolean
look_at_pairs(Look *self, GError **error)
{
    const gchar *const header[] = {_("Pair"),           _("Candles"),   _("unknown"),
                                   _("silent"),         _("Forecasts"), _("Direction right"),
                                   _("stuck features"), _("drifted"),   NULL};
    g_auto(GStrv) pairs = g_strsplit(kw_model_get_facts(self->model)->pairs, ",", -1);
    g_autoptr(KwLabTable) table = kw_lab_table_new(header);
    g_autoptr(KwMarketStore) market = kw_market_store_open(self->check->root, error);
    const KwModelCandles candles = {market, self->model, G_MAXINT64};
    gboolean is_ok =
        market != NULL && kw_model_candles_give_others(&candles, self->health, error);

    for (guint i = 0; is_ok && pairs[i] != NULL; i++)
        is_ok = look_at_pair(self, &candles, pairs[i], table, error);
    if (market != NULL)
        kw_market_store_close(market);
    if (is_ok)
        kw_lab_table_print(table, self->check->page->out);
    return is_ok;
}

/* -- reasons -- */

static void
add_reason(Look *self,
           KwLabTable *table,
           const gchar *name,
           gchar *value,
           const gchar *limit,
           gboolean is_due)
{
    kw_lab_table_add(table, name);
    kw_lab_table_add(table, value);
    kw_lab_table_add(table, limit);
    kw_lab_table_add(table, is_due ? _("due") : _("calm"));
    self->n_reasons += is_due;
    g_free(value);
}

/* (transfer full): "52 %, 48 %, 61 %": the newest days with a forecast */
static gchar *
newest_days(const Look *self, const KwTriggerFacts *facts)
{
    GString *out = g_string_new(NULL);
    guint first = facts->n_days > KW_TRIGGER_BAD_DAYS ? facts->n_days - KW_TRIGGER_BAD_DAYS : 0;

    for (guint i = first; i < facts->n_days; i++)
        g_string_append_printf(
            out, "%s%s", i > first ? ", " : "",
            kw_format_percent_short(self->check->page->format, facts->days[i].accuracy));
    return g_string_free(out, FALSE);
}

static void
add_trades(Look *self, KwLabTable *table, KwTriggerFacts *facts)
{
    static const struct {
        KwMode mode;
        const gchar *name;
    } modes[] = {{KW_MODE_DRYRUN, N_("Trades won, paper")},
                 {KW_MODE_LIVE, N_("Trades won, live")}};

    for (gsize i = 0; i < G_N_ELEMENTS(modes); i++) {
        facts->n_trades = kw_store_count_trades(self->check->root, modes[i].mode,
                                                self->promoted_us, &facts->n_wins);
        add_reason(self, table, _(modes[i].name),
                   g_strdup_printf(_("%s of %u"), percent(self, facts->n_wins, facts->n_trades),
                                   facts->n_trades),
                   _("65 % of 30 and more"), kw_trigger_is_due(facts, KW_TRIGGER_WIN_RATE));
    }
}

static void
look_at_reasons(Look *self)
{
    const gchar *const header[] = {_("Reason to train anew"), _("Value"), _("Limit"),
                                   _("Verdict"), NULL};
    g_autoptr(KwLabTable) table = kw_lab_table_new(header);
    KwTriggerFacts facts = {.today = self->check->page->now_us / G_TIME_SPAN_DAY};
    gboolean has_error;

    kw_model_health_fill(self->health, &facts);
    has_error = !isnan(facts.calibration_error);
    add_reason(self, table, _("Drifted features"), g_strdup_printf("%u", facts.n_drifted), "0",
               kw_trigger_is_due(&facts, KW_TRIGGER_DRIFT));
    add_reason(self, table, _("Calibration error"),
               g_strdup(has_error ? number(self, 100 * facts.calibration_error, 1)
                                  : _("too few data")),
               _("7 points"), kw_trigger_is_due(&facts, KW_TRIGGER_CALIBRATION));
    add_reason(self, table, _("Direction right, newest days"), newest_days(self, &facts),
               _("65 % on 3 days"), kw_trigger_is_due(&facts, KW_TRIGGER_ACCURACY));
    add_trades(self, table, &facts);
    add_reason(self, table, _("Days since the training"),
               g_strdup(number(self, (gdouble) (facts.today - facts.trained_day), 0)),
               _("last Sunday"), kw_trigger_is_due(&facts, KW_TRIGGER_WEEKLY));
    kw_lab_table_print(table, self->check->page->out);
}

static void
print_end(const Look *self)
{
    const KwModelFacts *facts = kw_model_get_facts(self->model);

    if (self->n_reasons == 0)
        g_string_append_printf(self->check->page->out, "\n%s\n", _("No reason to train anew."));
    else
        g_string_append_printf(self->check->page->out,
                               _("\nTime to train anew: kurswart train --name %s --pairs %s "
                                 "--promote-if-passed\n"),
                               self->check->name, facts->pairs);
}

int
kw_model_check_run(const KwModelCheck *check)
{
    g_auto(Look) look = {.check = check};
    g_autoptr(GError) error = NULL;
    KwModelVersion version;
    gchar text[KW_MODEL_VERSION_TEXT_SIZE], day[KW_UTC_TEXT_SIZE];

    look.model = kw_registry_load_promoted(check->registry, &error);
    if (look.model == NULL || !kw_registry_get_promoted(check->registry, &version)) {
        g_autofree gchar *reason = kw_train_page_refusal_text(error);

        return kw_cli_fail(EX_DATAERR, reason, "kurswart model list");
    }
    look.promoted_us = kw_registry_get_promoted_us(check->registry, version);
    look.health = kw_model_health_new(look.model, kw_model_get_facts(look.model)->data_end_us);
    g_string_append_printf(
        check->page->out, _("Model %s %s, asked about the candles since %s\n\n"), check->name,
        kw_model_version_to_text(version, text),
        kw_data_page_minute(kw_model_get_facts(look.model)->data_end_us, day));
    if (!look_at_pairs(&look, &error))
        return kw_cli_fail_error(error, NULL);
    g_string_append_c(check->page->out, '\n');
    look_at_reasons(&look);
    print_end(&look);
    return look.n_reasons == 0 ? 0 : KW_EXIT_NO;
}
