#include "kw-event-text.h"
#include "kw-fake-day.h"
#include "kw-golden.h"
#include "kw-model-view.h"
#include "kw-risk-text.h"
#include "kw-test.h"

#include <math.h>
#include <string.h>

#define HOUR G_TIME_SPAN_HOUR
#define MINUTE G_TIME_SPAN_MINUTE

typedef struct {
    KwDialogSettings settings;
    KwEvent event;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer data)
{
    (void) data;
    fixture->settings.zone = kw_zone_new("Europe/Vienna", NULL);
    g_assert_nonnull(fixture->settings.zone);
    fixture->event = (KwEvent){
        .time_us = KW_TEST_T0_US + 67 * G_USEC_PER_SEC,
        .value = NAN,
        .limit = NAN,
    };
    fixture->event.trade.confidence = NAN;
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    (void) data;
    kw_zone_unref(fixture->settings.zone);
    kw_i18n_set_language(KW_LANGUAGE_DE, KW_ADDRESS_DU);
}

/* What holds for every message: short first line with the mode, size, valid text */
static void
check(Fixture *fixture, const gchar *name)
{
    g_autofree gchar *text = kw_event_text(&fixture->event, &fixture->settings);
    g_autofree gchar *path = g_strdup_printf("events/%s.txt", name);
    const gchar *line_end;

    g_assert_nonnull(text);
    g_test_message("%s: %s", name, text);
    g_assert_true(g_utf8_validate(text, -1, NULL));
    g_assert_cmpuint(strlen(text), <=, KW_DIALOG_MAX_BYTES);
    g_assert_true(g_str_has_prefix(text, "["));
    line_end = strchr(text, '\n');
    g_assert_cmpint(g_utf8_strlen(text, line_end != NULL ? line_end - text : -1), <=, 80);
    kw_golden_check(path, text);
}

static void
set_trade(Fixture *fixture, gint64 id)
{
    g_autoptr(KwFakeDesk) desk = kw_fake_desk_new();

    g_assert_true(kw_query_find_trade(KW_QUERY(desk), id, NULL, &fixture->event.trade));
    fixture->event.digest.status = desk->status;
}

static void
set_status(Fixture *fixture)
{
    g_autoptr(KwFakeDesk) desk = kw_fake_desk_new();

    fixture->event.digest.status = desk->status;
}

static void
test_entry(Fixture *fixture, gconstpointer data)
{
    (void) data;
    fixture->event.kind = KW_EVENT_ENTRY;
    set_trade(fixture, 43);
    check(fixture, "entry");

    fixture->event.amount = kw_fake_decimal("2450");
    check(fixture, "entry-target");
    fixture->event.amount = KW_DECIMAL_ZERO;

    /* a rule-based strategy: no model, no confidence, no limit of slots */
    fixture->event.trade.confidence = NAN;
    fixture->event.trade.model[0] = '\0';
    fixture->event.digest.status.max_open = 0;
    fixture->settings.is_synthetic = TRUE;
    check(fixture, "entry-rules-synthetic");

    fixture->settings.is_synthetic = FALSE;
    fixture->event.mode = KW_MODE_LIVE;
    fixture->settings.language = KW_LANGUAGE_EN;
    check(fixture, "entry-live-en");
}

static void
test_exit(Fixture *fixture, gconstpointer data)
{
    KwTradeView *trade = &fixture->event.trade;

    (void) data;
    fixture->event.kind = KW_EVENT_EXIT;
    set_trade(fixture, 42);
    trade->is_open = FALSE;
    trade->last_rate = kw_fake_decimal("143.17");
    trade->profit_abs = kw_fake_decimal("1.31");
    trade->profit_ratio = 0.0262;
    trade->fees = kw_fake_decimal("0.41");
    trade->close_us = trade->open_us + 6 * HOUR + 20 * MINUTE;
    g_strlcpy(trade->exit_reason, "trailing_stop_loss", sizeof trade->exit_reason);
    fixture->event.amount = kw_fake_decimal("2.53");
    fixture->event.count = 3;
    check(fixture, "exit-gain");

    set_trade(fixture, 40);
    fixture->event.amount = kw_fake_decimal("-1.62");
    fixture->event.count = 1;
    check(fixture, "exit-loss");
    fixture->event.kind = KW_EVENT_STOP_HIT;
    g_strlcpy(trade->exit_reason, "stop_loss", sizeof trade->exit_reason);
    check(fixture, "stop-hit");
}

static void
test_digest(Fixture *fixture, gconstpointer data)
{
    KwDigestView *digest = &fixture->event.digest;

    (void) data;
    fixture->event.kind = KW_EVENT_DIGEST;
    kw_fake_desk_fill_evening(digest);
    fixture->event.time_us = digest->status.now_us;
    check(fixture, "digest");

    digest->is_late = TRUE;
    digest->n_errors = 1;
    digest->n_warnings = 2;
    digest->status.now_us += 12 * HOUR;
    digest->status.state = KW_RUN_STATE_STOPPED;
    digest->status.is_killed = TRUE;
    digest->status.killed_us = KW_TEST_T0_US;
    fixture->event.time_us = digest->status.now_us;
    check(fixture, "digest-late-killed");
}

/* F24: no name, no way: the report says since when, for prices and for the account. */
static void
test_digest_offline(Fixture *fixture, gconstpointer data)
{
    KwDigestView *digest = &fixture->event.digest;

    (void) data;
    fixture->event.kind = KW_EVENT_DIGEST;
    kw_fake_desk_fill_evening(digest);
    digest->status.now_us += 5 * HOUR;
    digest->status.venue.is_real = TRUE;
    digest->status.venue.read_us = digest->status.now_us - 4 * HOUR;
    fixture->event.time_us = digest->status.now_us;
    check(fixture, "digest-offline");
}

static void
test_digest_quiet(Fixture *fixture, gconstpointer data)
{
    KwDigestView *digest = &fixture->event.digest;
    g_autoptr(KwFakeDesk) desk = kw_fake_desk_new_empty();

    (void) data;
    fixture->event.kind = KW_EVENT_DIGEST;
    digest->status = desk->status;
    digest->status.now_us += 5 * HOUR + 30 * MINUTE;
    digest->status.data_us += 5 * HOUR + 30 * MINUTE;
    fixture->event.time_us = digest->status.now_us;
    digest->period.period = (KwPeriod){KW_TEST_T0_US - 14 * HOUR, KW_TEST_T0_US + 9 * HOUR};
    digest->month.realised = kw_fake_decimal("12.11");
    digest->month.ratio = 0.0118;
    digest->best_signal_confidence = 0.68;
    g_strlcpy(digest->best_signal_pair, "SOL/USDT", sizeof digest->best_signal_pair);
    check(fixture, "digest-quiet");

    fixture->settings.language = KW_LANGUAGE_EN;
    check(fixture, "digest-quiet-en");
}

static void
test_weekly(Fixture *fixture, gconstpointer data)
{
    KwDigestView *digest = &fixture->event.digest;

    (void) data;
    fixture->event.kind = KW_EVENT_WEEKLY;
    kw_fake_desk_fill_evening(digest);
    digest->is_weekly = TRUE;
    digest->period.period = (KwPeriod){KW_TEST_T0_US - 14 * HOUR - 30 * MINUTE - 48 * HOUR,
                                       KW_TEST_T0_US + 9 * HOUR + 30 * MINUTE + 96 * HOUR};
    digest->status.now_us += 96 * HOUR;
    fixture->event.time_us = digest->status.now_us;
    digest->status.data_us = fixture->event.time_us;
    check(fixture, "weekly");
}

static void
test_started(Fixture *fixture, gconstpointer data)
{
    (void) data;
    fixture->event.kind = KW_EVENT_STARTED;
    set_status(fixture);
    check(fixture, "started");

    g_strlcpy(fixture->event.text, "crash", sizeof fixture->event.text);
    fixture->event.digest.status.state = KW_RUN_STATE_STOPPED;
    fixture->event.digest.status.is_killed = TRUE;
    check(fixture, "started-after-crash");

    fixture->event.kind = KW_EVENT_STOPPING;
    check(fixture, "stopping");
}

static void
test_state(Fixture *fixture, gconstpointer data)
{
    static const struct {
        KwRunState state;
        const gchar *by, *name;
    } rows[] = {
        {KW_RUN_STATE_RUNNING, "signal:+431", "state-running"},
        {KW_RUN_STATE_PAUSED, "telegram:7", "state-paused"},
        {KW_RUN_STATE_STOPPED, "admin:1000", "state-stopped"},
        {KW_RUN_STATE_HALTED, "risk", "state-halted"},
        {KW_RUN_STATE_NO_STRATEGY, "engine", "state-no-strategy"},
    };

    (void) data;
    fixture->event.kind = KW_EVENT_STATE;
    g_strlcpy(fixture->event.text, "admin:1000", sizeof fixture->event.text);
    check(fixture, "state-unknown");
    set_status(fixture);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        fixture->event.digest.status.state = rows[i].state;
        g_strlcpy(fixture->event.text, rows[i].by, sizeof fixture->event.text);
        check(fixture, rows[i].name);
    }
}

static void
test_reminder(Fixture *fixture, gconstpointer data)
{
    (void) data;
    fixture->event.kind = KW_EVENT_REMINDER;
    check(fixture, "reminder");
    set_status(fixture);
    fixture->event.digest.status.state = KW_RUN_STATE_PAUSED;
    check(fixture, "reminder-paused");
}

static void
test_kill(Fixture *fixture, gconstpointer data)
{
    (void) data;
    fixture->event.mode = KW_MODE_LIVE;
    fixture->event.kind = KW_EVENT_KILL_ON;
    g_strlcpy(fixture->event.text, "signal:+431", sizeof fixture->event.text);
    check(fixture, "kill-on");
    fixture->settings.address = KW_ADDRESS_SIE;
    set_status(fixture);
    check(fixture, "kill-on-open-sie");
    fixture->settings.address = KW_ADDRESS_DU;
    fixture->event.kind = KW_EVENT_KILL_OFF;
    check(fixture, "kill-off");
    fixture->event.kind = KW_EVENT_KILLED_SIGNAL;
    g_strlcpy(fixture->event.trade.pair, "BTC/USDT", sizeof fixture->event.trade.pair);
    fixture->event.trade.confidence = 0.79;
    check(fixture, "killed-signal");
}

static void
test_halt(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const gchar *reason;
        gdouble value, limit;
    } rows[] = {
        {"max_daily_loss_abs", 50.31, 50},
        {"max_daily_loss_ratio", 0.0512, 0.05},
        {"max_drawdown_ratio", 0.2034, 0.20},
        {"max_losses_in_row", 5, 5},
    };

    (void) data;
    fixture->event.kind = KW_EVENT_HALT;
    fixture->event.mode = KW_MODE_LIVE;
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree gchar *name = g_strdup_printf("halt-%s", rows[i].reason);

        g_strlcpy(fixture->event.text, rows[i].reason, sizeof fixture->event.text);
        fixture->event.value = rows[i].value;
        fixture->event.limit = rows[i].limit;
        check(fixture, name);
    }
    g_strlcpy(fixture->event.text, "max_daily_loss_abs", sizeof fixture->event.text);
    fixture->event.value = 50.31;
    fixture->event.limit = 50;
    set_status(fixture);
    fixture->settings.address = KW_ADDRESS_SIE;
    check(fixture, "halt-open-sie");
    fixture->event.kind = KW_EVENT_HALT_OVER;
    check(fixture, "halt-over");
}

static void
test_rejected(Fixture *fixture, gconstpointer data)
{
    static const gchar *const quiet[] = {
        "max_open_trades", "pair_busy", "engine_state", "cash", "confidence", "pair_locked"};

    (void) data;
    fixture->event.kind = KW_EVENT_REJECTED;
    g_strlcpy(fixture->event.trade.pair, "ADA/USDT", sizeof fixture->event.trade.pair);
    for (gsize i = 0; i < G_N_ELEMENTS(quiet); i++) {
        g_strlcpy(fixture->event.text, quiet[i], sizeof fixture->event.text);
        g_assert_null(kw_event_text(&fixture->event, &fixture->settings));
    }
    g_strlcpy(fixture->event.text, "price_jump", sizeof fixture->event.text);
    fixture->event.trade.confidence = 0.84;
    fixture->event.value = 0.31;
    fixture->event.limit = 0.2;
    check(fixture, "rejected-price-jump");
    g_strlcpy(fixture->event.text, "max_stake", sizeof fixture->event.text);
    fixture->event.value = 1250;
    fixture->event.limit = 1000;
    check(fixture, "rejected-max-stake");
    g_strlcpy(fixture->event.text, "max_orders_per_hour", sizeof fixture->event.text);
    fixture->event.value = fixture->event.limit = 20;
    check(fixture, "rejected-max-orders");
    g_strlcpy(fixture->event.text, "data_age", sizeof fixture->event.text);
    fixture->event.value = fixture->event.limit = NAN;
    check(fixture, "rejected-data-age");
}

/* Told only where the refusal itself is not. */
static void
test_signal(Fixture *fixture, gconstpointer data)
{
    KwEvent *event = &fixture->event;

    (void) data;
    event->kind = KW_EVENT_SIGNAL;
    g_strlcpy(event->trade.pair, "ETH/USDT", sizeof event->trade.pair);
    event->trade.open_rate = kw_fake_decimal("2500");
    event->trade.stop = kw_fake_decimal("2400");
    event->trade.confidence = 0.83;
    event->amount = kw_fake_decimal("2710");
    g_strlcpy(event->text, "max_open_trades", sizeof event->text);
    check(fixture, "signal");
    event->amount = KW_DECIMAL_ZERO;
    check(fixture, "signal-no-target");
    g_strlcpy(event->text, "price_jump", sizeof event->text);
    g_assert_null(kw_event_text(event, &fixture->settings));
}

static void
test_training(Fixture *fixture, gconstpointer data)
{
    KwEvent *event = &fixture->event;

    g_strlcpy(event->trade.model, "boost v1.2.0", sizeof event->trade.model);
    event->kind = KW_EVENT_RETRAIN;
    event->count = 0;
    event->value = 0.42;
    event->limit = 0.65;
    g_strlcpy(event->text, "accuracy", sizeof event->text);
    check(fixture, "retrain-accuracy");
    g_strlcpy(event->text, "weekly", sizeof event->text);
    check(fixture, "retrain-weekly");
    event->count = 1;
    check(fixture, "retrain-begins");

    event->kind = KW_EVENT_RETRAINED;
    event->count = KW_TRAINING_PROMOTED;
    event->text[0] = '\0';
    check(fixture, "retrained-promoted");
    event->count = KW_TRAINING_GATE;
    g_strlcpy(event->text, "sortino trades", sizeof event->text);
    check(fixture, "retrained-gate");
    event->count = KW_TRAINING_FAILED;
    g_strlcpy(event->text, "no space left on device", sizeof event->text);
    check(fixture, "retrained-failed");
    event->count = KW_TRAINING_STOPPED;
    event->text[0] = '\0';
    check(fixture, "retrained-stopped");
    event->count = 1;
}

static void
add_gate(KwEvent *event)
{
    event->model = (KwModelView){.tag = "v1.2.0",
                                 .is_passed = TRUE,
                                 .has_backtest = TRUE,
                                 .n_trades = 84,
                                 .sortino = 1.8,
                                 .max_drawdown_ratio = 0.12,
                                 .win_ratio = 51 / 84.0};
    event->gate = (KwGateView){1.5, 0.2, 0.45, 20};
}

static void
test_faults(Fixture *fixture, gconstpointer data)
{
    KwEvent *event = &fixture->event;

    (void) data;
    event->kind = KW_EVENT_STRATEGY;
    g_strlcpy(event->text, "ema_cross.lua:12: attempt to index a nil value",
              sizeof event->text);
    check(fixture, "strategy-broken");
    event->kind = KW_EVENT_OLD_STRATEGY;
    check(fixture, "strategy-last-good");

    event->kind = KW_EVENT_MODEL;
    g_strlcpy(event->trade.model, "boost v1.2.0", sizeof event->trade.model);
    g_strlcpy(event->text, "model.json: differs from the manifest", sizeof event->text);
    event->count = 1;
    check(fixture, "model-refused");
    event->count = 2;
    check(fixture, "model-refused-alone");
    event->count = 0;
    g_strlcpy(event->text, "v1.1.0", sizeof event->text);
    check(fixture, "model-taken");
    add_gate(event);
    check(fixture, "model-taken-passed");
    event->model.is_passed = FALSE;
    event->model.n_trades = 14;
    check(fixture, "model-taken-few-trades");
    event->model.has_backtest = FALSE;
    check(fixture, "model-taken-no-backtest");
    event->kind = KW_EVENT_MODEL_BACK;
    check(fixture, "model-back");

    event->kind = KW_EVENT_STORE;
    g_strlcpy(event->text, "database or disk is full", sizeof event->text);
    check(fixture, "store-full");

    event->kind = KW_EVENT_BACKUP;
    check(fixture, "backup-failed");
    event->kind = KW_EVENT_LOST_ROWS;
    event->value = 3;
    check(fixture, "lost-rows");

    event->kind = KW_EVENT_DATA;
    check(fixture, "data-missing");
    set_status(fixture);
    check(fixture, "data-missing-since");

    event->kind = KW_EVENT_CAPITAL;
    event->amount = kw_fake_decimal("1000");
    event->value = 2000;
    check(fixture, "capital");

    event->kind = KW_EVENT_END_OF_DATA;
    check(fixture, "end-of-data");
}

static void
test_order(Fixture *fixture, gconstpointer data)
{
    static const gchar *const codes[] = {"order_unknown",  "order_lost",   "fill_conflict",
                                         "journal_failed", "stop_refused", "stop_emergency",
                                         "stop_cancelled", "stop_missing"};
    static const gchar *const notices[] = {"order_adopted", "order_foreign", "stop_replaced",
                                           "stop_too_small", "entry_late"};

    (void) data;
    fixture->event.kind = KW_EVENT_ORDER;
    g_strlcpy(fixture->event.trade.pair, "ETH/USDT", sizeof fixture->event.trade.pair);
    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
        g_strlcpy(fixture->event.text, codes[i], sizeof fixture->event.text);
        check(fixture, codes[i]);
    }
    fixture->event.kind = KW_EVENT_NOTICE;
    for (gsize i = 0; i < G_N_ELEMENTS(notices); i++) {
        g_strlcpy(fixture->event.text, notices[i], sizeof fixture->event.text);
        check(fixture, notices[i]);
    }
    g_strlcpy(fixture->event.text, "answer_stray: EOrder:Insufficient funds",
              sizeof fixture->event.text);
    fixture->event.trade.pair[0] = '\0';
    check(fixture, "answer_stray");
}

static void
test_back(Fixture *fixture, gconstpointer data)
{
    static const gchar *const ends[] = {"data", "store", "venue", "journal"};

    fixture->event.kind = KW_EVENT_BACK;
    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autofree gchar *name = g_strconcat(ends[i], "-back", NULL);

        g_strlcpy(fixture->event.text, ends[i], sizeof fixture->event.text);
        check(fixture, name);
    }
}

static void
test_placed(Fixture *fixture, gconstpointer data)
{
    fixture->event.kind = KW_EVENT_ENTRY_ORDER;
    set_trade(fixture, 43);
    fixture->event.amount = kw_fake_decimal("2041.60");
    check(fixture, "entry-order-market");
    fixture->event.count = 1;
    check(fixture, "entry-order-waits");
    fixture->event.kind = KW_EVENT_EXIT_ORDER;
    fixture->event.count = 0;
    g_strlcpy(fixture->event.text, "exit_signal", sizeof fixture->event.text);
    check(fixture, "exit-order");
}

/* A text of the outside that is too long or no UTF-8 cannot break the message. */
static void
test_hostile_text(Fixture *fixture, gconstpointer data)
{
    g_autofree gchar *text = NULL;

    (void) data;
    fixture->event.kind = KW_EVENT_STORE;
    memset(fixture->event.text, 'x', sizeof fixture->event.text - 1);
    fixture->event.text[20] = '\xff';
    text = kw_event_text(&fixture->event, &fixture->settings);
    g_assert_true(g_utf8_validate(text, -1, NULL));
    g_assert_cmpuint(strlen(text), <=, KW_DIALOG_MAX_BYTES);
    g_assert_true(g_str_has_prefix(text, "[TROCKENLAUF] 🚨"));
}

static void
test_risk_reasons(void)
{
    kw_i18n_set_language(KW_LANGUAGE_DE, KW_ADDRESS_DU);
    g_assert_cmpstr(kw_risk_reason_text("max_open_trades"), ==, "alle Plätze sind belegt");
    g_assert_cmpstr(kw_risk_reason_text("kill_switch"), ==, "Kill-Switch ist ein");
    g_assert_cmpstr(kw_risk_reason_text("something_new"), ==, "something_new");
}

#define ADD(name, func) g_test_add(name, Fixture, NULL, set_up, func, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/commands/event-text/entry", test_entry);
    ADD("/commands/event-text/exit", test_exit);
    ADD("/commands/event-text/digest", test_digest);
    ADD("/commands/event-text/digest-offline", test_digest_offline);
    ADD("/commands/event-text/digest-quiet", test_digest_quiet);
    ADD("/commands/event-text/weekly", test_weekly);
    ADD("/commands/event-text/started", test_started);
    ADD("/commands/event-text/state", test_state);
    ADD("/commands/event-text/reminder", test_reminder);
    ADD("/commands/event-text/kill", test_kill);
    ADD("/commands/event-text/halt", test_halt);
    ADD("/commands/event-text/rejected", test_rejected);
    ADD("/commands/event-text/signal", test_signal);
    ADD("/commands/event-text/training", test_training);
    ADD("/commands/event-text/faults", test_faults);
    ADD("/commands/event-text/order", test_order);
    ADD("/commands/event-text/back", test_back);
    ADD("/commands/event-text/placed", test_placed);
    ADD("/commands/event-text/hostile-text", test_hostile_text);
    g_test_add_func("/commands/event-text/risk-reasons", test_risk_reasons);
    return g_test_run();
}
