/* test-command.c: every reply on one coherent day, as golden text
 *
 * The commands run as the dialog runs them, on a desk whose figures are known. What holds for
 * all replies (mode tag, length of the first line, size, no hyphen for a minus) is checked for
 * each of them; the texts themselves were read by a person. */
#include "kw-command-rig.h"
#include "kw-dialog.h"
#include "kw-fake-day.h"
#include "kw-golden.h"
#include "kw-i18n.h"
#include "kw-reply.h"
#include "kw-test.h"

#include <math.h>
#include <string.h>

#define HOUR G_TIME_SPAN_HOUR

/* -- the table -- */

static void
test_table(void)
{
    guint n = 0;
    const KwCommand *list = kw_command_list(&n);
    g_autoptr(GHashTable) slashes =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    g_assert_cmpuint(n, ==, KW_N_INTENTS - 1);
    g_assert_null(kw_command_find(KW_INTENT_NONE));
    for (guint i = 0; i < n; i++) {
        g_auto(GStrv) forms = g_strsplit(list[i].slash, " ", -1);

        g_assert_cmpint(list[i].intent, ==, i + 1);
        g_assert_true(kw_command_find(list[i].intent) == &list[i]);
        g_assert_nonnull(list[i].run);
        for (guint k = 0; forms[k] != NULL; k++) {
            g_assert_true(g_str_has_prefix(forms[k], "/"));
            /* with "off" it is one command, alone another */
            if (!g_hash_table_add(slashes, g_strdup(forms[k])))
                g_assert_cmpstr(forms[k], ==, "/kill_switch");
        }
    }
}

/* -- questions -- */

static const struct {
    KwIntentId id;
    const gchar *name;
} reads[] = {
    {KW_INTENT_STATUS, "status"},
    {KW_INTENT_OPEN_TRADES, "open-trades"},
    {KW_INTENT_TRADE_HISTORY, "trade-history"},
    {KW_INTENT_PROFIT, "profit"},
    {KW_INTENT_PAIR_PERFORMANCE, "pair-performance"},
    {KW_INTENT_BALANCE, "balance"},
    {KW_INTENT_DRAWDOWN, "drawdown"},
    {KW_INTENT_TRADE_STATS, "trade-stats"},
    {KW_INTENT_RISK_STATUS, "risk-status"},
    {KW_INTENT_ERRORS, "errors"},
    {KW_INTENT_HEALTH, "health"},
    {KW_INTENT_PRICE, "price"},
    {KW_INTENT_FEES, "fees"},
    {KW_INTENT_CONFIG_SHOW, "config-show"},
    {KW_INTENT_PAIRS, "pairs"},
    {KW_INTENT_SUMMARY, "summary"},
    {KW_INTENT_SIGNALS, "signals"},
    {KW_INTENT_CHART, "chart"},
    {KW_INTENT_HELP, "help"},
};

static void
check_reads(KwCommandRig *fixture, const gchar *suffix)
{
    for (gsize i = 0; i < G_N_ELEMENTS(reads); i++) {
        g_autofree gchar *name = g_strconcat(reads[i].name, suffix, NULL);

        kw_command_rig_check(fixture, reads[i].id, name);
    }
}

static void
test_reads(KwCommandRig *fixture, gconstpointer data)
{
    (void) data;
    check_reads(fixture, "");
}

static void
test_reads_empty(KwCommandRig *fixture, gconstpointer data)
{
    (void) data;
    kw_command_rig_use_empty_desk(fixture);
    check_reads(fixture, "-empty");
}

static void
test_reads_english(KwCommandRig *fixture, gconstpointer data)
{
    (void) data;
    fixture->language = KW_LANGUAGE_EN;
    check_reads(fixture, "-en");
}

/* A question changes nothing, whatever it is asked about. */
static void
test_reads_change_nothing(KwCommandRig *fixture, gconstpointer data)
{
    guint n = 0;
    const KwCommand *list = kw_command_list(&n);

    (void) data;
    for (guint i = 0; i < n; i++) {
        g_autofree gchar *text = NULL;

        if (list[i].access != KW_ACCESS_READ)
            continue;
        text = kw_command_rig_run(fixture, list[i].intent);
        g_assert_cmpuint(fixture->desk->n_actions, ==, 0);
        g_assert_false(fixture->ctx.wants_code);
    }
}

static void
test_status_states(KwCommandRig *fixture, gconstpointer data)
{
    KwStatusView *status = &fixture->desk->status;

    (void) data;
    status->since_us = KW_TEST_T0_US - 2 * HOUR;
    status->state = KW_RUN_STATE_STOPPED;
    status->reminder_us = KW_TEST_T0_US + 54 * HOUR - 30 * G_TIME_SPAN_MINUTE;
    kw_command_rig_check(fixture, KW_INTENT_STATUS, "status-stopped");
    status->reminder_us = 0;
    status->state = KW_RUN_STATE_PAUSED;
    kw_command_rig_check(fixture, KW_INTENT_STATUS, "status-paused");
    status->state = KW_RUN_STATE_HALTED;
    g_strlcpy(status->by, "risk", sizeof status->by);
    g_strlcpy(status->reason, "max_daily_loss_abs", sizeof status->reason);
    kw_command_rig_check(fixture, KW_INTENT_STATUS, "status-halted");
    status->state = KW_RUN_STATE_NO_STRATEGY;
    g_strlcpy(status->reason, "ema_cross.lua:3: unexpected symbol", sizeof status->reason);
    kw_command_rig_check(fixture, KW_INTENT_STATUS, "status-no-strategy");
    status->state = KW_RUN_STATE_RUNNING;
    status->is_killed = TRUE;
    status->killed_us = KW_TEST_T0_US - HOUR;
    g_strlcpy(status->kill_reason, "signal:+431", sizeof status->kill_reason);
    kw_command_rig_check(fixture, KW_INTENT_STATUS, "status-killed");
    fixture->address = KW_ADDRESS_SIE;
    status->mode = KW_MODE_LIVE;
    kw_command_rig_check(fixture, KW_INTENT_STATUS, "status-killed-live-sie");
}

static void
test_stale_and_synthetic(KwCommandRig *fixture, gconstpointer data)
{
    KwStatusView *status = &fixture->desk->status;

    (void) data;
    status->data_us = KW_TEST_T0_US - 3 * HOUR;
    status->has_equity = FALSE;
    kw_command_rig_check(fixture, KW_INTENT_STATUS, "status-stale");
    kw_command_rig_check(fixture, KW_INTENT_OPEN_TRADES, "open-trades-stale");
    fixture->desk->balance.has_equity = FALSE;
    fixture->desk->balance.data_us = status->data_us;
    kw_command_rig_check(fixture, KW_INTENT_BALANCE, "balance-stale");
    status->data_us = KW_TEST_T0_US;
    status->has_equity = TRUE;
    fixture->is_synthetic = TRUE;
    kw_command_rig_check(fixture, KW_INTENT_STATUS, "status-synthetic");
    kw_command_rig_check(fixture, KW_INTENT_PROFIT, "profit-synthetic");
}

/* Why there are no signals */
static void
test_silent_model(KwCommandRig *fixture, gconstpointer data)
{
    KwStatusView *status = &fixture->desk->status;

    (void) data;
    status->n_mute = 2;
    g_strlcpy(status->mute_pair, "BTC/USDT", sizeof status->mute_pair);
    status->n_stuck = 3;
    status->n_drifted = 1;
    kw_command_rig_check(fixture, KW_INTENT_STATUS, "status-silent-model");
}

static void
test_trade_detail(KwCommandRig *fixture, gconstpointer data)
{
    KwTradeView *ada;

    (void) data;
    kw_command_rig_fresh_slots(fixture)->trade_id = 43;
    kw_command_rig_check(fixture, KW_INTENT_TRADE_DETAIL, "trade-detail-open");
    kw_command_rig_fresh_slots(fixture)->trade_id = 99;
    kw_command_rig_check(fixture, KW_INTENT_TRADE_DETAIL, "trade-detail-unknown");
    kw_command_rig_set_pair(kw_command_rig_fresh_slots(fixture), "ADA/USDT");
    kw_command_rig_check(fixture, KW_INTENT_TRADE_DETAIL, "trade-detail-closed");
    kw_command_rig_set_pair(kw_command_rig_fresh_slots(fixture), "DOGE/USDT");
    kw_command_rig_check(fixture, KW_INTENT_TRADE_DETAIL, "trade-detail-no-trade");

    ada = &g_array_index(fixture->desk->open, KwTradeView, 0);
    ada->stop = kw_fake_decimal("67500.0");
    ada->has_last = FALSE;
    ada->confidence = NAN;
    ada->model[0] = '\0';
    kw_command_rig_set_pair(kw_command_rig_fresh_slots(fixture), "BTC/USDT");
    kw_command_rig_check(fixture, KW_INTENT_TRADE_DETAIL, "trade-detail-no-price");

    kw_command_rig_use_empty_desk(fixture);
    kw_command_rig_fresh_slots(fixture)->trade_id = 7;
    kw_command_rig_check(fixture, KW_INTENT_TRADE_DETAIL, "trade-detail-empty");
}

/* The picture that goes with an answer, as german-replies has it */
static void
test_charts(KwCommandRig *fixture, gconstpointer data)
{
    static const struct {
        KwIntentId id;
        KwChartKind kind;
    } rows[] = {
        {KW_INTENT_SUMMARY, KW_CHART_EQUITY},   {KW_INTENT_DRAWDOWN, KW_CHART_DRAWDOWN},
        {KW_INTENT_CHART, KW_CHART_EQUITY},     {KW_INTENT_STATUS, KW_CHART_NONE},
        {KW_INTENT_PROFIT, KW_CHART_NONE},      {KW_INTENT_STOP, KW_CHART_NONE},
        {KW_INTENT_OPEN_TRADES, KW_CHART_NONE},
    };
    g_autofree gchar *text = NULL;
    KwSlots *slots;

    (void) data;
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_free(kw_command_rig_run(fixture, rows[i].id));
        g_assert_cmpint(fixture->ctx.chart.kind, ==, rows[i].kind);
    }
    kw_command_rig_fresh_slots(fixture)->trade_id = 43;
    g_free(kw_command_rig_run(fixture, KW_INTENT_TRADE_DETAIL));
    g_assert_cmpint(fixture->ctx.chart.kind, ==, KW_CHART_CANDLES);
    g_assert_cmpint(fixture->ctx.chart.trade_id, ==, 43);
    kw_command_rig_fresh_slots(fixture)->raster = KW_RASTER_DAY;
    g_free(kw_command_rig_run(fixture, KW_INTENT_PROFIT));
    g_assert_cmpint(fixture->ctx.chart.kind, ==, KW_CHART_DAYS);
    kw_command_rig_set_days(kw_command_rig_fresh_slots(fixture), (KwDate){2026, 2, 1},
                            (KwDate){2026, 2, 28});
    g_free(kw_command_rig_run(fixture, KW_INTENT_PROFIT));
    g_assert_cmpint(fixture->ctx.chart.kind, ==, KW_CHART_EQUITY);

    slots = kw_command_rig_fresh_slots(fixture);
    kw_command_rig_set_pair(slots, "ETH/USDT");
    kw_command_rig_check(fixture, KW_INTENT_CHART, "chart-pair");
    g_assert_cmpint(fixture->ctx.chart.kind, ==, KW_CHART_CANDLES);
    g_assert_cmpstr(fixture->ctx.chart.pair, ==, "ETH/USDT");
    kw_command_rig_set_pair(kw_command_rig_fresh_slots(fixture), "DOGE/USDT");
    kw_command_rig_check(fixture, KW_INTENT_CHART, "chart-unknown-pair");
    g_assert_cmpint(fixture->ctx.chart.kind, ==, KW_CHART_NONE);
    g_strlcpy(kw_command_rig_fresh_slots(fixture)->kind, "paare", KW_SLOTS_WORD_SIZE);
    text = kw_command_rig_run(fixture, KW_INTENT_CHART);
    g_assert_nonnull(strstr(text, "bestes zuerst"));
    g_assert_cmpint(fixture->ctx.chart.kind, ==, KW_CHART_PAIRS);
    g_strlcpy(kw_command_rig_fresh_slots(fixture)->kind, "kalibrierung", KW_SLOTS_WORD_SIZE);
    kw_command_rig_check(fixture, KW_INTENT_CHART, "chart-no-calibration");
}

static void
test_periods(KwCommandRig *fixture, gconstpointer data)
{
    KwDate monday = {2026, 3, 2}, sunday = {2026, 3, 8}, today = {2026, 3, 11};
    KwSlots *slots = kw_command_rig_fresh_slots(fixture);

    (void) data;
    kw_command_rig_set_days(slots, monday, sunday);
    kw_command_rig_check(fixture, KW_INTENT_PROFIT, "profit-week");
    kw_command_rig_check(fixture, KW_INTENT_TRADE_HISTORY, "trade-history-week");
    kw_command_rig_check(fixture, KW_INTENT_SUMMARY, "summary-week");
    kw_command_rig_set_days(slots, (KwDate){2025, 12, 1}, (KwDate){2025, 12, 31});
    kw_command_rig_check(fixture, KW_INTENT_PROFIT, "profit-december");
    kw_command_rig_check(fixture, KW_INTENT_TRADE_HISTORY, "trade-history-none");
    kw_command_rig_set_days(slots, today, today);
    kw_command_rig_check(fixture, KW_INTENT_TRADE_HISTORY, "trade-history-today");
    slots = kw_command_rig_fresh_slots(fixture);
    kw_command_rig_set_pair(slots, "ETH/USDT");
    kw_command_rig_check(fixture, KW_INTENT_PROFIT, "profit-pair");
    slots = kw_command_rig_fresh_slots(fixture);
    slots->span = (KwSpan){
        .kind = KW_SPAN_TIMES, .from_us = KW_TEST_T0_US - 24 * HOUR, .to_us = KW_TEST_T0_US};
    kw_command_rig_check(fixture, KW_INTENT_PROFIT, "profit-24h");
}

static void
test_rasters(KwCommandRig *fixture, gconstpointer data)
{
    KwSlots *slots = kw_command_rig_fresh_slots(fixture);

    (void) data;
    slots->raster = KW_RASTER_DAY;
    slots->count = 5;
    kw_command_rig_check(fixture, KW_INTENT_PROFIT, "profit-days");
    slots->raster = KW_RASTER_WEEK;
    slots->count = 2;
    kw_command_rig_check(fixture, KW_INTENT_PROFIT, "profit-weeks");
    slots->raster = KW_RASTER_MONTH;
    kw_command_rig_check(fixture, KW_INTENT_PROFIT, "profit-months");
    slots->raster = KW_RASTER_DAY;
    slots->count = 0;
    kw_command_rig_set_days(slots, (KwDate){2026, 3, 9}, (KwDate){2026, 3, 11});
    kw_command_rig_check(fixture, KW_INTENT_PROFIT, "profit-days-of-span");
}

static void
test_long_lists(KwCommandRig *fixture, gconstpointer data)
{
    KwSlots *slots;

    (void) data;
    for (gint id = 35; id > 5; id--)
        kw_fake_desk_add_closed(fixture->desk, id, id % 3 == 0 ? "-1.10" : "0.90");
    slots = kw_command_rig_fresh_slots(fixture);
    slots->span.kind = KW_SPAN_ALL;
    kw_command_rig_check(fixture, KW_INTENT_TRADE_HISTORY, "trade-history-many");
    kw_command_rig_set_days(slots, (KwDate){2026, 2, 1}, (KwDate){2026, 3, 11});
    kw_command_rig_check(fixture, KW_INTENT_TRADE_HISTORY, "trade-history-many-period");
    slots = kw_command_rig_fresh_slots(fixture);
    slots->count = 50;
    kw_command_rig_check(fixture, KW_INTENT_TRADE_HISTORY, "trade-history-fifty");
    slots = kw_command_rig_fresh_slots(fixture);
    slots->rank = KW_RANK_WORST;
    slots->count = 2;
    kw_command_rig_check(fixture, KW_INTENT_PAIR_PERFORMANCE, "pair-performance-worst");
}

static void
test_stats_small(KwCommandRig *fixture, gconstpointer data)
{
    KwStatsView *stats = &fixture->desk->stats;

    (void) data;
    stats->n = 8;
    stats->wins = 5;
    stats->losses = 3;
    stats->sortino = stats->sharpe = NAN;
    stats->n_exits = 0;
    kw_command_rig_check(fixture, KW_INTENT_TRADE_STATS, "trade-stats-few");
    stats->n = 312;
    stats->wins = 190;
    stats->losses = 122;
    kw_command_rig_check(fixture, KW_INTENT_TRADE_STATS, "trade-stats-many");
}

static void
add_error(KwCommandRig *fixture, gint64 time_us, KwSeverity severity, const gchar *text)
{
    KwErrorView view = {.time_us = time_us, .severity = severity};

    g_strlcpy(view.text, text, sizeof view.text);
    g_array_append_val(fixture->desk->errors, view);
}

static void
test_errors(KwCommandRig *fixture, gconstpointer data)
{
    gchar text[KW_VIEW_LONG_SIZE];

    (void) data;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    add_error(fixture, KW_TEST_T0_US - HOUR, KW_SEVERITY_ERROR,
              "a decision could not be stored");
    for (gint i = 0; i < 6; i++)
        add_error(fixture, KW_TEST_T0_US - 2 * HOUR, KW_SEVERITY_WARNING, text);
    add_error(fixture, KW_TEST_T0_US - 30 * HOUR, KW_SEVERITY_WARNING, "the feed failed");
    kw_command_rig_check(fixture, KW_INTENT_ERRORS, "errors-some");
    kw_command_rig_fresh_slots(fixture)->count = 20;
    kw_command_rig_check(fixture, KW_INTENT_ERRORS, "errors-twenty");
}

static void
test_disturbed(KwCommandRig *fixture, gconstpointer data)
{
    KwHealthView *store = &g_array_index(fixture->desk->health, KwHealthView, 3);
    KwRiskView *risk = &fixture->desk->risk;

    (void) data;
    store->is_ok = FALSE;
    g_strlcpy(store->detail, "cannot be written", sizeof store->detail);
    kw_command_rig_check(fixture, KW_INTENT_HEALTH, "health-disturbed");
    g_strlcpy(risk->halt_reason, "max_losses_in_row", sizeof risk->halt_reason);
    kw_command_rig_check(fixture, KW_INTENT_RISK_STATUS, "risk-status-halted");
    risk->is_killed = TRUE;
    risk->killed_us = KW_TEST_T0_US;
    g_strlcpy(risk->kill_reason, "admin:1000", sizeof risk->kill_reason);
    kw_command_rig_check(fixture, KW_INTENT_RISK_STATUS, "risk-status-killed");
    risk->is_kill_unreadable = TRUE;
    kw_command_rig_check(fixture, KW_INTENT_RISK_STATUS, "risk-status-unreadable");
    fixture->desk->drawdown.is_at_high = TRUE;
    kw_command_rig_check(fixture, KW_INTENT_DRAWDOWN, "drawdown-at-high");
}

/* A prop account in order and one in breach; rules that are not there are not spoken of */
static void
test_prop(KwCommandRig *fixture, gconstpointer data)
{
    KwPropView *prop = &fixture->desk->risk.prop;

    (void) data;
    *prop = (KwPropView){.is_set = TRUE,
                         .is_trailing = TRUE,
                         .initial = kw_test_decimal("10000"),
                         .midnight = kw_test_decimal("10400"),
                         .equity = kw_test_decimal("10140.37"),
                         .daily_floor = kw_test_decimal("9900"),
                         .total_floor = kw_test_decimal("9400"),
                         .profit = kw_test_decimal("360.5"),
                         .target = kw_test_decimal("1000"),
                         .n_days = 3,
                         .min_days = 4,
                         .reset_us = KW_TEST_T0_US + 10 * HOUR};
    kw_command_rig_check(fixture, KW_INTENT_RISK_STATUS, "risk-status-prop");
    prop->equity = kw_test_decimal("9880");
    prop->is_trailing = FALSE;
    prop->target = KW_DECIMAL_ZERO;
    prop->min_days = 0;
    kw_command_rig_check(fixture, KW_INTENT_RISK_STATUS, "risk-status-prop-broken");
}

/* Who asks for the rules of a firm is told that there are none; who asks for limits is not. */
static void
test_no_prop(KwCommandRig *fixture, gconstpointer data)
{
    g_autofree gchar *reply = NULL;

    (void) data;
    kw_command_rig_fresh_slots(fixture)->is_prop = TRUE;
    kw_command_rig_check(fixture, KW_INTENT_RISK_STATUS, "risk-status-no-prop");
    (void) kw_command_rig_fresh_slots(fixture);
    reply = kw_command_rig_run(fixture, KW_INTENT_RISK_STATUS);
    g_assert_null(strstr(reply, "Prop"));
}

static void
test_prices(KwCommandRig *fixture, gconstpointer data)
{
    KwSlots *slots = kw_command_rig_fresh_slots(fixture);

    (void) data;
    kw_command_rig_set_pair(slots, "BTC/USDT");
    kw_command_rig_set_pair(slots, "ETH/USDT");
    kw_command_rig_check(fixture, KW_INTENT_PRICE, "price-two");
    slots = kw_command_rig_fresh_slots(fixture);
    kw_command_rig_set_pair(slots, "DOGE/USDT");
    kw_command_rig_check(fixture, KW_INTENT_PRICE, "price-unknown");
}

/* -- actions -- */

static void
test_stop(KwCommandRig *fixture, gconstpointer data)
{
    KwSlots *slots = kw_command_rig_fresh_slots(fixture);

    (void) data;
    slots->until = (KwUntil){.is_set = TRUE, .date = {2026, 3, 13}};
    kw_command_rig_check(fixture, KW_INTENT_STOP, "stop-until");
    g_assert_cmpstr(fixture->desk->last_action, ==, "stopped");
    g_assert_cmpint(fixture->desk->last_reminder_us, ==,
                    kw_zone_get_instant_us(fixture->zone, slots->until.date, 20 * 60));
    g_assert_cmpstr(fixture->ctx.effect, !=, "");
    (void) kw_command_rig_fresh_slots(fixture);
    kw_command_rig_check(fixture, KW_INTENT_STOP, "stop-again");
    g_assert_cmpuint(fixture->desk->n_actions, ==, 1);
}

static void
test_pause(KwCommandRig *fixture, gconstpointer data)
{
    (void) data;
    kw_command_rig_check(fixture, KW_INTENT_PAUSE_ENTRIES, "pause");
    g_assert_cmpstr(fixture->desk->last_action, ==, "paused");
    kw_command_rig_check(fixture, KW_INTENT_PAUSE_ENTRIES, "pause-again");
}

static void
test_kill(KwCommandRig *fixture, gconstpointer data)
{
    (void) data;
    kw_command_rig_check(fixture, KW_INTENT_KILL_OFF, "kill-off-needless");
    kw_command_rig_check(fixture, KW_INTENT_KILL_ON, "kill-on");
    g_assert_cmpstr(fixture->desk->last_action, ==, "kill_on");
    kw_command_rig_check(fixture, KW_INTENT_KILL_ON, "kill-on-again");

    kw_command_rig_check(fixture, KW_INTENT_KILL_OFF, "kill-off-asks");
    g_assert_true(fixture->ctx.wants_code);
    g_assert_true(fixture->desk->status.is_killed);
    fixture->is_confirmed = TRUE;
    kw_command_rig_check(fixture, KW_INTENT_KILL_OFF, "kill-off-done");
    g_assert_false(fixture->desk->status.is_killed);
    g_assert_cmpint(fixture->desk->status.state, ==, KW_RUN_STATE_STOPPED);
}

static void
test_start(KwCommandRig *fixture, gconstpointer data)
{
    KwStatusView *status = &fixture->desk->status;

    (void) data;
    kw_command_rig_check(fixture, KW_INTENT_START, "start-running");
    status->state = KW_RUN_STATE_STOPPED;
    kw_command_rig_check(fixture, KW_INTENT_START, "start-asks");
    g_assert_true(fixture->ctx.wants_code);
    g_assert_cmpuint(fixture->desk->n_actions, ==, 0);
    status->mode = KW_MODE_LIVE;
    status->is_stake_unlimited = TRUE;
    kw_command_rig_check(fixture, KW_INTENT_START, "start-asks-live");
    status->venue.is_test = TRUE;
    kw_command_rig_check(fixture, KW_INTENT_START, "start-asks-test");
    fixture->is_stale = TRUE;
    kw_command_rig_check(fixture, KW_INTENT_START, "start-stale");
    g_assert_false(fixture->ctx.wants_code);
    fixture->is_stale = FALSE;
    fixture->is_confirmed = TRUE;
    kw_command_rig_check(fixture, KW_INTENT_START, "start-done");
    g_assert_cmpint(status->state, ==, KW_RUN_STATE_RUNNING);
}

/* What cannot succeed gets no code. */
static void
test_start_refused(KwCommandRig *fixture, gconstpointer data)
{
    KwStatusView *status = &fixture->desk->status;

    (void) data;
    status->state = KW_RUN_STATE_NO_STRATEGY;
    kw_command_rig_check(fixture, KW_INTENT_START, "start-no-strategy");
    g_assert_false(fixture->ctx.wants_code);
    status->state = KW_RUN_STATE_HALTED;
    g_strlcpy(status->reason, "max_daily_loss_abs", sizeof status->reason);
    status->daily_loss.used = kw_fake_decimal("50.31");
    kw_command_rig_check(fixture, KW_INTENT_START, "start-limit-used-up");
    g_assert_false(fixture->ctx.wants_code);
    g_strlcpy(status->reason, "max_losses_in_row", sizeof status->reason);
    kw_command_rig_check(fixture, KW_INTENT_START, "start-after-losses");
    g_assert_true(fixture->ctx.wants_code);
    status->is_killed = TRUE;
    kw_command_rig_check(fixture, KW_INTENT_START, "start-killed");
    g_assert_false(fixture->ctx.wants_code);
    status->is_killed = FALSE;
    fixture->is_confirmed = TRUE;
    g_strlcpy(fixture->desk->refusal, "halted:max_drawdown_ratio", KW_VIEW_TEXT_SIZE);
    kw_command_rig_check(fixture, KW_INTENT_START, "start-refused");
    g_assert_cmpuint(fixture->desk->n_actions, ==, 0);
}

static void
test_threshold(KwCommandRig *fixture, gconstpointer data)
{
    (void) data;
    kw_command_rig_check(fixture, KW_INTENT_SET_THRESHOLD, "threshold-missing");
    kw_command_rig_fresh_slots(fixture)->is_threshold_bad = TRUE;
    kw_command_rig_check(fixture, KW_INTENT_SET_THRESHOLD, "threshold-bad");
    kw_command_rig_fresh_slots(fixture)->threshold = 0.75;
    kw_command_rig_check(fixture, KW_INTENT_SET_THRESHOLD, "threshold-same");
    kw_command_rig_fresh_slots(fixture)->threshold = 0.7;
    kw_command_rig_check(fixture, KW_INTENT_SET_THRESHOLD, "threshold-lower-asks");
    g_assert_true(fixture->ctx.wants_code);
    g_assert_cmpuint(fixture->desk->n_actions, ==, 0);
    fixture->is_confirmed = TRUE;
    kw_command_rig_check(fixture, KW_INTENT_SET_THRESHOLD, "threshold-lower-done");
    g_assert_cmpfloat_with_epsilon(fixture->desk->status.threshold, 0.7, 1e-9);
    fixture->is_confirmed = FALSE;
    kw_command_rig_fresh_slots(fixture)->threshold_delta = 0.125;
    kw_command_rig_check(fixture, KW_INTENT_SET_THRESHOLD, "threshold-higher");
    g_assert_false(fixture->ctx.wants_code);
    g_assert_cmpstr(fixture->desk->last_action, ==, "threshold 0.825");
}

static void
test_lock(KwCommandRig *fixture, gconstpointer data)
{
    KwSlots *slots = kw_command_rig_fresh_slots(fixture);

    (void) data;
    slots->action = KW_SLOT_ACTION_LOCK;
    kw_command_rig_check(fixture, KW_INTENT_PAIR_LOCK, "lock-which");
    kw_command_rig_set_pair(slots, "ETH/USDT");
    kw_command_rig_check(fixture, KW_INTENT_PAIR_LOCK, "lock");
    g_assert_cmpint(fixture->desk->last_until_us, ==, G_MAXINT64);
    slots->until = (KwUntil){.is_set = TRUE, .date = {2026, 3, 13}};
    kw_command_rig_check(fixture, KW_INTENT_PAIR_LOCK, "lock-until");
    g_assert_cmpint(fixture->desk->last_until_us, ==,
                    kw_zone_get_day_start_us(fixture->zone, (KwDate){2026, 3, 14}) - 1);
    g_assert_cmpstr(fixture->desk->last_action, ==, "lock ETH/USDT");
    slots->until.is_set = FALSE;
    slots->is_end_open = TRUE;
    kw_command_rig_check(fixture, KW_INTENT_PAIR_LOCK, "lock-open-end");
    slots->is_end_open = FALSE;
    slots->is_release_left = TRUE;
    kw_command_rig_check(fixture, KW_INTENT_PAIR_LOCK, "lock-release-left");
}

/* "Alle außer ETH": the others of the list, whether they ask for a code or not */
static void
test_lock_rest(KwCommandRig *fixture, gconstpointer data)
{
    KwSlots *slots = kw_command_rig_fresh_slots(fixture);

    (void) data;
    slots->action = KW_SLOT_ACTION_LOCK;
    slots->is_rest = TRUE;
    kw_command_rig_set_pair(slots, "ETH/USDT");
    kw_command_rig_check(fixture, KW_INTENT_PAIR_LOCK, "lock-rest");
    g_assert_cmpstr(fixture->desk->last_action, !=, "lock ETH/USDT");
    g_assert_cmpuint(fixture->desk->n_actions, >, 1);
    slots->action = KW_SLOT_ACTION_UNLOCK;
    kw_command_rig_check(fixture, KW_INTENT_PAIR_LOCK, "unlock-rest");
    g_assert_true(fixture->ctx.wants_code);
}

/* An end that nothing keeps is told, not dropped. */
static void
test_open_end(KwCommandRig *fixture, gconstpointer data)
{
    static const struct {
        KwIntentId id;
        const gchar *name;
    } rows[] = {
        {KW_INTENT_PAUSE_ENTRIES, "pause-open-end"},
        {KW_INTENT_KILL_ON, "kill-open-end"},
    };

    (void) data;
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        KwSlots *slots = kw_command_rig_fresh_slots(fixture);

        slots->is_end_open = TRUE;
        kw_command_rig_check(fixture, rows[i].id, rows[i].name);
    }
}

static void
test_unlock(KwCommandRig *fixture, gconstpointer data)
{
    KwSlots *slots = kw_command_rig_fresh_slots(fixture);

    (void) data;
    slots->action = KW_SLOT_ACTION_UNLOCK;
    kw_command_rig_set_pair(slots, "ETH/USDT");
    kw_command_rig_check(fixture, KW_INTENT_PAIR_LOCK, "unlock-needless");
    g_assert_false(fixture->ctx.wants_code);
    slots->n_pairs = 0;
    kw_command_rig_set_pair(slots, "DOGE/USDT");
    kw_command_rig_check(fixture, KW_INTENT_PAIR_LOCK, "unlock-unknown");
    g_assert_false(fixture->ctx.wants_code);
    slots->n_pairs = 0;
    kw_command_rig_set_pair(slots, "XRP/USDT");
    kw_command_rig_check(fixture, KW_INTENT_PAIR_LOCK, "unlock-asks");
    g_assert_true(fixture->ctx.wants_code);
    g_assert_cmpuint(fixture->desk->n_actions, ==, 0);
    fixture->is_confirmed = TRUE;
    kw_command_rig_check(fixture, KW_INTENT_PAIR_LOCK, "unlock-done");
    g_assert_cmpstr(fixture->desk->last_action, ==, "unlock XRP/USDT");
}

/* -- talk and refusals -- */

static void
test_talk(KwCommandRig *fixture, gconstpointer data)
{
    KwIntent *intent = &fixture->intent;

    (void) data;
    kw_command_rig_check(fixture, KW_INTENT_SMALLTALK, "smalltalk");
    intent->about = KW_INTENT_STOP;
    kw_command_rig_check(fixture, KW_INTENT_NO_ACTION, "no-action");
    intent->is_for_later = TRUE;
    kw_command_rig_check(fixture, KW_INTENT_NO_ACTION, "no-action-later");
    kw_command_rig_check(fixture, KW_INTENT_EXPLAIN, "explain-stop");
    intent->about = KW_INTENT_NONE;
    g_strlcpy(intent->term, "drawdown", sizeof intent->term);
    kw_command_rig_check(fixture, KW_INTENT_EXPLAIN, "explain-drawdown");
    g_strlcpy(intent->term, "quux", sizeof intent->term);
    kw_command_rig_check(fixture, KW_INTENT_EXPLAIN, "explain-unknown");
    kw_command_rig_check(fixture, KW_INTENT_UNCLEAR, "unclear");
    intent->n_guesses = 2;
    intent->guesses[0] = KW_INTENT_STOP;
    intent->guesses[1] = KW_INTENT_PAUSE_ENTRIES;
    kw_command_rig_check(fixture, KW_INTENT_UNCLEAR, "unclear-guesses");
    intent->is_too_long = TRUE;
    kw_command_rig_check(fixture, KW_INTENT_UNCLEAR, "unclear-too-long");
    intent->is_unknown_slash = TRUE;
    kw_command_rig_check(fixture, KW_INTENT_HELP, "help-unknown-slash");
    fixture->address = KW_ADDRESS_SIE;
    kw_command_rig_check(fixture, KW_INTENT_HELP, "help-sie");
}

static void
test_refusals(KwCommandRig *fixture, gconstpointer data)
{
    static const struct {
        KwIntentId id;
        const gchar *kind, *name;
    } rows[] = {
        {KW_INTENT_ORDER, "verkauf", "order-sell"},
        {KW_INTENT_ORDER, "kauf", "order-buy"},
        {KW_INTENT_ORDER, "stop_loss", "order-stop-loss"},
        {KW_INTENT_ORDER, "auszahlung", "order-payout"},
        {KW_INTENT_ORDER, "", "order"},
        {KW_INTENT_RESTRICTED_CHANGE, "live", "restricted-live"},
        {KW_INTENT_RESTRICTED_CHANGE, "limit", "restricted-limit"},
        {KW_INTENT_ADVICE, "", "advice"},
        {KW_INTENT_SECRETS, "", "secrets"},
        {KW_INTENT_INJECTION, "", "injection"},
    };

    (void) data;
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_strlcpy(fixture->intent.slots.kind, rows[i].kind, KW_SLOTS_WORD_SIZE);
        kw_command_rig_check(fixture, rows[i].id, rows[i].name);
    }
    g_assert_cmpuint(fixture->desk->n_actions, ==, 0);
}

static void
test_not_set_up(KwCommandRig *fixture, gconstpointer data)
{
    static const KwIntentId ids[] = {
        KW_INTENT_MODEL_INFO, KW_INTENT_MODEL_HISTORY,   KW_INTENT_BACKTEST,
        KW_INTENT_OUTLOOK,    KW_INTENT_TOKENS,          KW_INTENT_ANALYSIS,
        KW_INTENT_THOUGHTS,   KW_INTENT_RETRAIN,         KW_INTENT_DEPLOY,
        KW_INTENT_ROLLBACK,   KW_INTENT_TRAINING_STATUS,
    };

    (void) data;
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        g_autofree gchar *name =
            g_strdup_printf("not-set-up-%s", kw_intent_id_to_string(ids[i]));

        kw_command_rig_check(fixture, ids[i], name);
    }
    fixture->desk->status.model[0] = '\0';
    kw_command_rig_check(fixture, KW_INTENT_MODEL_INFO, "not-set-up-no-model");
    g_assert_cmpuint(fixture->desk->n_actions, ==, 0);
}

#define ADD(name, func)                                                                        \
    g_test_add("/commands/command/" name, KwCommandRig, NULL, kw_command_rig_set_up, func,     \
               kw_command_rig_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/commands/command/table", test_table);
    ADD("reads", test_reads);
    ADD("reads-empty", test_reads_empty);
    ADD("reads-english", test_reads_english);
    ADD("reads-change-nothing", test_reads_change_nothing);
    ADD("status-states", test_status_states);
    ADD("stale-and-synthetic", test_stale_and_synthetic);
    ADD("silent-model", test_silent_model);
    ADD("trade-detail", test_trade_detail);
    ADD("charts", test_charts);
    ADD("periods", test_periods);
    ADD("rasters", test_rasters);
    ADD("long-lists", test_long_lists);
    ADD("stats-small", test_stats_small);
    ADD("errors", test_errors);
    ADD("disturbed", test_disturbed);
    ADD("prop", test_prop);
    ADD("no-prop", test_no_prop);
    ADD("prices", test_prices);
    ADD("stop", test_stop);
    ADD("pause", test_pause);
    ADD("kill", test_kill);
    ADD("start", test_start);
    ADD("start-refused", test_start_refused);
    ADD("threshold", test_threshold);
    ADD("lock", test_lock);
    ADD("lock-rest", test_lock_rest);
    ADD("unlock", test_unlock);
    ADD("open-end", test_open_end);
    ADD("talk", test_talk);
    ADD("refusals", test_refusals);
    ADD("not-set-up", test_not_set_up);
    return g_test_run();
}
