/* test-settings.c: what the two files say, as the parts of the bot take it */
#include "kw-settings.h"

#include "kw-config-table.h"
#include "kw-event.h"
#include "kw-test.h"

#include <string.h>

static const KwSettingsPaths defaults = {KW_SETTINGS_NO_FILE, KW_SETTINGS_NO_FILE, "/nowhere"};

static KwSettings *
load_ok(const KwSettingsPaths *paths, const gchar *const *env, const gchar *const *overrides)
{
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    KwSettings *self = kw_settings_load(paths, env, overrides, problems);

    g_assert_cmpuint(problems->len, ==, 0);
    g_assert_nonnull(self);
    return self;
}

static void
test_defaults(void)
{
    g_autoptr(KwSettings) self = load_ok(&defaults, NULL, NULL);

    g_assert_cmpint(self->book.mode, ==, KW_MODE_DRYRUN);
    g_assert_true(self->book.stake.is_unlimited);
    g_assert_cmpuint(self->book.max_open_trades, ==, 2);
    g_assert_cmpfloat(self->book.threshold, ==, 0.6);
    g_assert_cmpint(self->book.digest_minute, ==, 20 * 60);
    g_assert_cmpuint(self->book.n_protections, ==, 0);
    g_assert_cmpstr(self->book.pairs[0], ==, "BTC/USDT");
    g_assert_cmpstr(self->root, ==, "/nowhere");
    g_assert_cmpstr(self->socket, ==, "/nowhere/admin.sock");
    g_assert_nonnull(strstr(self->book.strategy_path, "/ema_cross.lua"));
    g_assert_cmpuint(self->hard.max_open_trades, ==, 3);
}

static void
test_overrides(void)
{
    static const gchar *const env[] = {"KURSWART_TRADING_FEE=0.001", "HOME=/x", NULL};
    static const gchar *const overrides[] = {"trading.stake_amount=50",
                                             "limits.max_open_trades=7", NULL};
    g_autoptr(KwSettings) self = load_ok(&defaults, env, overrides);
    g_autoptr(GArray) list = kw_settings_list(self);
    guint n_env = 0;

    g_assert_cmpfloat(self->book.fee_ratio, ==, 0.001);
    g_assert_false(self->book.stake.is_unlimited);
    g_assert_cmpfloat(kw_decimal_to_double(self->book.stake.stake_amount), ==, 50);
    g_assert_cmpuint(self->hard.max_open_trades, ==, 7);
    for (guint i = 0; i < list->len; i++)
        n_env += strcmp(g_array_index(list, KwConfigView, i).source, "environment") == 0;
    g_assert_cmpuint(n_env, ==, 2); /* maker_fee goes with it */
}

/* Who names one fee pays it for all orders; the two of Kraken stand where neither is named. */
static void
test_fees(void)
{
    static const struct {
        const gchar *overrides[3];
        gdouble fee, maker_fee;
        const gchar *source;
    } rows[] = {
        {{NULL}, 0.004, 0.0025, "default"},
        {{"trading.fee=0.001", NULL}, 0.001, 0.001, "option"},
        {{"trading.fee=0", NULL}, 0, 0, "option"},
        {{"trading.maker_fee=0.0005", NULL}, 0.004, 0.0005, "option"},
        {{"trading.maker_fee=0.0005", "trading.fee=0.001", NULL}, 0.001, 0.0005, "option"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(KwSettings) self = load_ok(&defaults, NULL, rows[i].overrides);
        g_autoptr(GArray) list = kw_settings_list(self);

        g_test_message("row %" G_GSIZE_FORMAT, i);
        g_assert_cmpfloat(self->book.fee_ratio, ==, rows[i].fee);
        g_assert_cmpfloat(self->book.maker_fee_ratio, ==, rows[i].maker_fee);
        for (guint k = 0; k < list->len; k++) {
            const KwConfigView *view = &g_array_index(list, KwConfigView, k);

            if (strcmp(view->key, "trading.maker_fee") == 0)
                g_assert_cmpstr(view->source, ==, rows[i].source);
        }
    }
}

/* Candles become time by the timeframe; what is off is not there. */
static void
test_protections(void)
{
    static const gchar *const overrides[] = {"trading.timeframe=4h",
                                             "protections.cooldown_candles=3",
                                             "protections.stoploss_guard_trades=2",
                                             "protections.stoploss_guard_only_per_pair=true",
                                             "protections.low_profit_trades=5",
                                             "protections.low_profit_required=-0.01",
                                             NULL};
    const gint64 candle_us = 4 * G_TIME_SPAN_HOUR;
    g_autoptr(KwSettings) self = load_ok(&defaults, NULL, overrides);
    const KwProtection *p = self->book.protections;

    g_assert_cmpuint(self->book.n_protections, ==, 3);
    g_assert_cmpint(p[0].kind, ==, KW_PROTECTION_COOLDOWN);
    g_assert_cmpint(p[0].stop_duration_us, ==, 3 * candle_us);
    g_assert_cmpint(p[1].kind, ==, KW_PROTECTION_STOPLOSS_GUARD);
    g_assert_cmpuint(p[1].trade_limit, ==, 2);
    g_assert_cmpint(p[1].lookback_us, ==, 24 * candle_us);
    g_assert_true(p[1].only_per_pair);
    g_assert_cmpint(p[2].kind, ==, KW_PROTECTION_LOW_PROFIT);
    g_assert_cmpfloat(p[2].required_profit, ==, -0.01);
}

/* All at once, from both files and the command line; nothing comes of it. */
static void
test_all_problems(void)
{
    static const gchar *const overrides[] = {"trading.fee=2", "limits.min_stake=-1", NULL};
    static const gchar *const env[] = {"KURSWART_BOT_MODE=echt", NULL};
    g_autoptr(GPtrArray) problems = kw_config_problems_new();

    g_assert_null(kw_settings_load(&defaults, env, overrides, problems));
    g_assert_cmpuint(problems->len, ==, 3);
}

static void
test_named_file_must_be_there(void)
{
    const KwSettingsPaths paths = {"/nowhere/kurswart.conf", KW_SETTINGS_NO_FILE, NULL};
    g_autoptr(GPtrArray) problems = kw_config_problems_new();

    g_assert_null(kw_settings_load(&paths, NULL, NULL, problems));
    g_assert_cmpuint(problems->len, ==, 1);
}

static void
test_strategy_names(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree gchar *path = kw_settings_find_strategy("/some/where/x.lua", &error);
    g_autofree gchar *shipped = kw_settings_find_strategy("rsi_reversion.lua", &error);

    g_assert_no_error(error);
    g_assert_cmpstr(path, ==, "/some/where/x.lua");
    g_assert_true(g_file_test(shipped, G_FILE_TEST_EXISTS));
    g_assert_null(kw_settings_find_strategy("fehlt.lua", &error));
    g_assert_nonnull(error);
}

/* Each kind has a key that says how it is told; alarms are never off. */
static void
test_notices(void)
{
    const KwConfigTable *table = kw_config_table_get_bot();

    for (guint kind = 0; kind < KW_N_EVENT_KINDS; kind++) {
        const gchar *name = kw_event_kind_to_string(kind);
        const KwConfigRow *row = NULL;

        for (gsize i = 0; i < table->n_rows; i++)
            if (strcmp(table->rows[i].section, "notify") == 0 &&
                strcmp(table->rows[i].key, name) == 0)
                row = &table->rows[i];
        g_test_message("%s", name);
        g_assert_nonnull(row);
        g_assert_cmpstr(row->words, ==,
                        kw_event_kind_is_alarm(kind) ? "on|silent" : "on|silent|off");
    }
}

static void
test_retrain(void)
{
    static const gchar *const start[] = {"model.retrain=start", "model.retrain_memory=64",
                                         NULL};
    g_autoptr(KwSettings) usual = load_ok(&defaults, NULL, NULL);
    g_autoptr(KwSettings) self = load_ok(&defaults, NULL, start);

    g_assert_cmpint(usual->book.retrain, ==, KW_RETRAIN_SUGGEST);
    g_assert_cmpint(self->book.retrain, ==, KW_RETRAIN_START);
    g_assert_cmpuint(self->book.retrain_mb, ==, 64);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/app/settings/defaults", test_defaults);
    g_test_add_func("/app/settings/overrides", test_overrides);
    g_test_add_func("/app/settings/fees", test_fees);
    g_test_add_func("/app/settings/protections", test_protections);
    g_test_add_func("/app/settings/all-problems", test_all_problems);
    g_test_add_func("/app/settings/named-file", test_named_file_must_be_there);
    g_test_add_func("/app/settings/strategy", test_strategy_names);
    g_test_add_func("/app/settings/notices", test_notices);
    g_test_add_func("/app/settings/retrain", test_retrain);
    return g_test_run();
}
