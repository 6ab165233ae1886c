#include "kw-settings.h"

#include "kw-config-table.h"
#include "kw-error.h"
#include "kw-model-shelf.h"
#include "kw-paths.h"
#include "kw-timeframe.h"

#include <gio/gio.h>
#include <string.h>

gchar *
kw_settings_find_file(const gchar *name)
{
    g_autofree gchar *own = g_build_filename(g_get_user_config_dir(), "kurswart", name, NULL);
    g_autofree gchar *system = g_build_filename(KW_SYSCONF_DIR, name, NULL);

    if (g_file_test(own, G_FILE_TEST_EXISTS))
        return g_steal_pointer(&own);
    if (g_file_test(system, G_FILE_TEST_EXISTS))
        return g_steal_pointer(&system);
    return NULL;
}

gchar *
kw_settings_find_strategy(const gchar *name, GError **error)
{
    const gchar *const folders[] = {KW_SOURCE_STRATEGY_DIR, KW_STRATEGY_DIR};
    g_autofree gchar *own = NULL;

    if (strchr(name, G_DIR_SEPARATOR) != NULL)
        return g_strdup(name);
    if (!g_str_has_suffix(name, ".lua")) { /* "boost" is boost.lua */
        g_autofree gchar *file = g_strconcat(name, ".lua", NULL);

        return kw_settings_find_strategy(file, error);
    }
    own = g_build_filename(g_get_user_config_dir(), "kurswart", "strategies", name, NULL);
    if (g_file_test(own, G_FILE_TEST_EXISTS))
        return g_steal_pointer(&own);
    for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree gchar *path = g_build_filename(folders[i], name, NULL);

        if (g_file_test(path, G_FILE_TEST_EXISTS))
            return g_steal_pointer(&path);
    }
    g_set_error(error, KW_STRATEGY_ERROR, KW_STRATEGY_ERROR_LOAD,
                "no strategy \"%s\" in %s, %s or the own configuration folder", name,
                folders[0], folders[1]);
    return NULL;
}

/* -- places -- */

gchar *
kw_settings_dup_usual_root(void)
{
    const gchar *state = g_getenv("STATE_DIRECTORY"); /* set by systemd for the service */

    if (state != NULL && state[0] != '\0')
        return g_strndup(state, strcspn(state, ":"));
    return g_build_filename(g_get_user_data_dir(), "kurswart", NULL);
}

/* An entry that is part filled is a position without a stop: so long, then it is cancelled. */
#define ENTRY_PATIENCE_US (60 * G_TIME_SPAN_SECOND)

static gchar *
default_socket(const gchar *root)
{
    const gchar *runtime = g_getenv("RUNTIME_DIRECTORY");

    if (runtime != NULL && runtime[0] != '\0') {
        g_autofree gchar *first = g_strndup(runtime, strcspn(runtime, ":"));

        return g_build_filename(first, "admin.sock", NULL);
    }
    return g_build_filename(root, "admin.sock", NULL);
}

static void
set_places(KwSettings *self, const gchar *root)
{
    const gchar *configured = kw_config_get_string(self->bot, "data", "root");
    const gchar *socket = kw_config_get_string(self->bot, "chat", "admin_socket");

    if (root != NULL)
        self->root = g_strdup(root);
    else if (configured[0] != '\0')
        self->root = g_strdup(configured);
    else
        self->root = kw_settings_dup_usual_root();
    self->book.models = kw_model_shelf_new(self->root);
    self->paper = (KwPaper) kw_config_get_choice(self->bot, "chat", "picture_style");
    self->socket = socket[0] != '\0' ? g_strdup(socket) : default_socket(self->root);
}

/* A variable of the environment that says something, else NULL */
static const gchar *
get_said(const gchar *name)
{
    const gchar *value = g_getenv(name);

    return value != NULL && value[0] != '\0' ? value : NULL;
}

static void
set_vault(KwSettings *self)
{
    const gchar *configured = kw_config_get_string(self->bot, "secrets", "dir");
    g_autofree gchar *own =
        g_build_filename(g_get_user_config_dir(), "kurswart", "secrets", NULL);
    KwVaultKeyring keyring = get_said("DBUS_SESSION_BUS_ADDRESS") != NULL
                                 ? KW_VAULT_KEYRING_ON
                                 : KW_VAULT_KEYRING_OFF;

    self->vault = kw_vault_new(get_said("CREDENTIALS_DIRECTORY"), keyring,
                               configured[0] != '\0' ? configured : own);
}

/* -- values -- */

static void
set_stake(KwSettings *self)
{
    const KwConfig *config = self->bot;
    KwStakeRules *stake = &self->book.stake;

    stake->is_unlimited = kw_config_is_word(config, "trading", "stake_amount");
    if (!stake->is_unlimited)
        stake->stake_amount = kw_config_get_decimal(config, "trading", "stake_amount");
    stake->max_open_trades = (guint) kw_config_get_int(config, "trading", "max_open_trades");
    stake->tradable_balance_ratio =
        kw_config_get_double(config, "trading", "tradable_balance_ratio");
    stake->amend_last_stake = kw_config_get_bool(config, "trading", "amend_last_stake_amount");
    stake->last_stake_min_ratio =
        kw_config_get_double(config, "trading", "last_stake_amount_min_ratio");
    stake->amount_reserve_ratio = 0.05;
}

static gint64
get_candles_us(const KwSettings *self, const gchar *key, gint64 timeframe_us)
{
    return kw_config_get_int(self->bot, "protections", key) * timeframe_us;
}

static void
set_guard(KwSettings *self, gint64 timeframe_us, KwProtection *out)
{
    *out = kw_protection_default(KW_PROTECTION_STOPLOSS_GUARD);
    out->trade_limit =
        (guint) kw_config_get_int(self->bot, "protections", "stoploss_guard_trades");
    out->lookback_us = get_candles_us(self, "stoploss_guard_lookback_candles", timeframe_us);
    out->stop_duration_us = get_candles_us(self, "stoploss_guard_stop_candles", timeframe_us);
    out->only_per_pair =
        kw_config_get_bool(self->bot, "protections", "stoploss_guard_only_per_pair");
}

static void
set_drawdown(KwSettings *self, gint64 timeframe_us, KwProtection *out)
{
    *out = kw_protection_default(KW_PROTECTION_MAX_DRAWDOWN);
    out->max_drawdown = kw_config_get_double(self->bot, "protections", "max_drawdown");
    out->trade_limit =
        (guint) kw_config_get_int(self->bot, "protections", "max_drawdown_trades");
    out->lookback_us = get_candles_us(self, "max_drawdown_lookback_candles", timeframe_us);
    out->stop_duration_us = get_candles_us(self, "max_drawdown_stop_candles", timeframe_us);
}

static void
set_low_profit(KwSettings *self, gint64 timeframe_us, KwProtection *out)
{
    *out = kw_protection_default(KW_PROTECTION_LOW_PROFIT);
    out->trade_limit = (guint) kw_config_get_int(self->bot, "protections", "low_profit_trades");
    out->required_profit =
        kw_config_get_double(self->bot, "protections", "low_profit_required");
    out->lookback_us = get_candles_us(self, "low_profit_lookback_candles", timeframe_us);
    out->stop_duration_us = get_candles_us(self, "low_profit_stop_candles", timeframe_us);
}

/* Those that are on, in the order of the sample file */
static void
set_protections(KwSettings *self)
{
    const gchar *s = "protections";
    const KwConfig *config = self->bot;
    KwBookSettings *book = &self->book;
    gint64 timeframe_us = 0;

    (void) kw_timeframe_parse(kw_config_get_string(config, "trading", "timeframe"),
                              &timeframe_us, NULL);
    if (kw_config_get_int(config, s, "cooldown_candles") > 0) {
        KwProtection cooldown = kw_protection_default(KW_PROTECTION_COOLDOWN);

        cooldown.stop_duration_us = get_candles_us(self, "cooldown_candles", timeframe_us);
        book->protections[book->n_protections++] = cooldown;
    }
    if (kw_config_get_int(config, s, "stoploss_guard_trades") > 0)
        set_guard(self, timeframe_us, &book->protections[book->n_protections++]);
    if (kw_config_get_double(config, s, "max_drawdown") > 0)
        set_drawdown(self, timeframe_us, &book->protections[book->n_protections++]);
    if (kw_config_get_int(config, s, "low_profit_trades") > 0)
        set_low_profit(self, timeframe_us, &book->protections[book->n_protections++]);
}

static void
set_prop(KwSettings *self)
{
    const KwConfig *config = self->bot;

    self->book.prop = (KwPropRules){
        .initial = kw_config_get_decimal(config, "prop", "initial"),
        .daily_ratio = kw_config_get_double(config, "prop", "daily_loss"),
        .total_ratio = kw_config_get_double(config, "prop", "total_loss"),
        .target_ratio = kw_config_get_double(config, "prop", "target"),
        .model = (KwPropModel) kw_config_get_choice(config, "prop", "total_loss_from"),
        .min_days = (guint) kw_config_get_int(config, "prop", "min_days"),
    };
    self->book.prop_zone = g_strdup(kw_config_get_string(config, "prop", "zone"));
}

static void
set_book(KwSettings *self)
{
    const KwConfig *config = self->bot;
    KwBookSettings *book = &self->book;

    set_stake(self);
    set_protections(self);
    set_prop(self);
    book->mode = (KwMode) kw_config_get_choice(config, "bot", "mode");
    book->max_open_trades = book->stake.max_open_trades;
    book->fee_ratio = kw_config_get_double(config, "trading", "fee");
    book->maker_fee_ratio = kw_config_get_double(config, "trading", "maker_fee");
    book->max_impact_bps = kw_config_get_double(config, "trading", "max_impact_bps");
    book->is_maker = kw_config_get_choice(config, "trading", "entry_order") == 1;
    book->maker_patience_us =
        kw_config_get_int(config, "trading", "maker_patience") * G_USEC_PER_SEC;
    book->threshold = kw_config_get_double(config, "trading", "threshold");
    book->starting_capital = kw_config_get_decimal(config, "trading", "starting_capital");
    book->history_rows = 2000;
    book->pairs = kw_config_get_list(config, "trading", "pairs");
    book->digest_minute = kw_config_get_minute(config, "chat", "digest_time");
    book->zone = g_strdup(kw_config_get_string(config, "bot", "zone"));
    book->daily_zone = g_strdup(kw_config_get_string(self->limits, "limits", "daily_zone"));
}

static void
set_hard_limits(KwSettings *self)
{
    const KwConfig *config = self->limits;
    const gchar *s = "limits";

    self->hard = (KwLimits){
        .max_open_trades = (guint) kw_config_get_int(config, s, "max_open_trades"),
        .max_exposure_pair = kw_config_get_decimal(config, s, "max_exposure_pair"),
        .max_exposure_total = kw_config_get_decimal(config, s, "max_exposure_total"),
        .min_stake = kw_config_get_decimal(config, s, "min_stake"),
        .max_stake = kw_config_get_decimal(config, s, "max_stake"),
        .max_orders_per_hour = (guint) kw_config_get_int(config, s, "max_orders_per_hour"),
        .max_orders_per_minute = (guint) kw_config_get_int(config, s, "max_orders_per_minute"),
        .max_losses_in_row = (guint) kw_config_get_int(config, s, "max_losses_in_row"),
        .max_daily_loss_abs = kw_config_get_decimal(config, s, "max_daily_loss_abs"),
        .max_daily_loss_ratio = kw_config_get_double(config, s, "max_daily_loss_ratio"),
        .max_drawdown_ratio = kw_config_get_double(config, s, "max_drawdown_ratio"),
        .max_data_age_candles = kw_config_get_double(config, s, "max_data_age_candles"),
        .max_price_jump_ratio = kw_config_get_double(config, s, "max_price_jump_ratio"),
        .max_spread_ratio = kw_config_get_double(config, s, "max_spread_ratio"),
    };
}

static void
set_venue(KwSettings *self)
{
    const KwConfig *config = self->bot;

    self->venue = (KwVenueRules){
        .gate =
            {
                .max_buys_per_minute =
                    (guint) kw_config_get_int(config, "kraken", "max_buys_per_minute"),
                .max_buy_value = kw_config_get_decimal(config, "kraken", "max_buy_value"),
            },
        .stops =
            {
                .terms = {.min_step_ratio = kw_config_get_double(config, "kraken", "stop_step"),
                          .target_ratio = kw_config_get_double(config, "kraken", "target"),
                          .target_share =
                              kw_config_get_double(config, "kraken", "target_share")},
                .on_refused =
                    (KwStopRefusedRule) kw_config_get_choice(config, "kraken", "stop_refused"),
                .on_cancelled = (KwStopCancelledRule) kw_config_get_choice(config, "kraken",
                                                                           "stop_cancelled"),
                .entry_patience_us = ENTRY_PATIENCE_US,
            },
        .lost_patience_us =
            kw_config_get_int(config, "kraken", "stop_lost_seconds") * G_USEC_PER_SEC,
    };
}

static void
set_nightly(KwSettings *self)
{
    static const gchar *const keys[KW_N_TIERS] = {"keep_1m_days", "keep_5m_days",
                                                  "keep_1h_days", "keep_1d_days"};
    const gchar *folder = kw_config_get_string(self->bot, "store", "backup_dir");

    self->nightly = kw_nightly_plan_default;
    for (gsize i = 0; i < KW_N_TIERS; i++)
        self->nightly.tiers[i].keep_days =
            (guint) kw_config_get_int(self->bot, "store", keys[i]);
    self->nightly.archive_days =
        (guint) kw_config_get_int(self->bot, "store", "dryrun_archive_days");
    self->nightly.backup_keep = (guint) kw_config_get_int(self->bot, "store", "backup_keep");
    self->nightly.backup_folder = folder[0] != '\0' ? folder : NULL;
}

static gboolean
set_rest(KwSettings *self, GPtrArray *problems)
{
    g_autoptr(GError) error = NULL;
    const gchar *strategy = kw_config_get_string(self->bot, "trading", "strategy");

    self->book.retrain = (KwRetrainWay) kw_config_get_choice(self->bot, "model", "retrain");
    self->book.retrain_mb = (guint) kw_config_get_int(self->bot, "model", "retrain_memory");
    self->book.config_path = self->config_path;
    self->book.strategy_path = kw_settings_find_strategy(strategy, &error);
    if (self->book.strategy_path == NULL)
        self->book.strategy_path = g_strdup(strategy); /* the engine tells; chat stays up */
    g_clear_error(&error);
    self->zone = kw_zone_new(self->book.zone, &error);
    if (self->zone == NULL) {
        kw_config_add_contradiction(self->bot, "bot", "zone", error->message, problems);
        return FALSE;
    }
    self->text = (KwDialogSettings){
        .zone = self->zone,
        .language = (KwLanguage) kw_config_get_choice(self->bot, "bot", "language"),
        .address = (KwAddress) kw_config_get_choice(self->bot, "bot", "anrede"),
    };
    return TRUE;
}

/* "trading.strategy=x.lua" */
static void
apply_override(KwSettings *self, const gchar *override, GPtrArray *problems)
{
    g_auto(GStrv) sides = g_strsplit(override, "=", 2);
    g_auto(GStrv) name = g_strsplit(sides[0], ".", 2);
    KwConfig *config = g_str_equal(name[0], "limits") ? self->limits : self->bot;

    (void) kw_config_set(config, name[0], name[1], sides[1], problems);
}

static gchar *
choose_file(const gchar *wanted, const gchar *name)
{
    if (wanted == NULL)
        return kw_settings_find_file(name);
    return g_str_equal(wanted, KW_SETTINGS_NO_FILE) ? NULL : g_strdup(wanted);
}

KwSettings *
kw_settings_load(const KwSettingsPaths *paths,
                 const gchar *const *environment,
                 const gchar *const *overrides,
                 GPtrArray *problems)
{
    g_autoptr(KwSettings) self = g_new0(KwSettings, 1);

    self->bot = kw_config_new(kw_config_table_get_bot());
    self->limits = kw_config_new(kw_config_table_get_limits());
    self->config_path = choose_file(paths->config, "kurswart.conf");
    self->limits_path = choose_file(paths->limits, "limits.conf");
    (void) kw_config_load(self->bot, self->config_path, environment, problems);
    (void) kw_config_load(self->limits, self->limits_path, NULL, problems);
    for (guint i = 0; overrides != NULL && overrides[i] != NULL; i++)
        apply_override(self, overrides[i], problems);
    if (problems->len > 0)
        return NULL;
    kw_config_follow(self->bot, "trading", "maker_fee", "fee");
    set_places(self, paths->root);
    set_vault(self);
    set_book(self);
    set_hard_limits(self);
    set_venue(self);
    set_nightly(self);
    if (!set_rest(self, problems))
        return NULL;
    return g_steal_pointer(&self);
}

void
kw_settings_free(KwSettings *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->bot, kw_config_free);
    g_clear_pointer(&self->limits, kw_config_free);
    g_clear_pointer(&self->zone, kw_zone_unref);
    g_clear_pointer(&self->vault, kw_vault_free);
    g_free(self->book.zone);
    g_free(self->book.daily_zone);
    g_free(self->book.prop_zone);
    g_free(self->book.strategy_path);
    kw_model_shelf_unref(self->book.models);
    g_free(self->root);
    g_free(self->socket);
    g_free(self->config_path);
    g_free(self->limits_path);
    g_free(self);
}

/* -- for people -- */

static void
list_config(const KwConfig *config, GArray *list)
{
    const KwConfigTable *table = kw_config_get_table(config);

    for (gsize i = 0; i < table->n_rows; i++) {
        const KwConfigRow *row = &table->rows[i];
        KwConfigView view = {0};

        g_snprintf(view.key, sizeof view.key, "%s.%s", row->section, row->key);
        g_strlcpy(view.value, kw_config_get_string(config, row->section, row->key),
                  sizeof view.value);
        g_strlcpy(
            view.source,
            kw_config_source_to_string(kw_config_get_source(config, row->section, row->key)),
            sizeof view.source);
        g_array_append_val(list, view);
    }
}

GArray *
kw_settings_list(const KwSettings *self)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(KwConfigView));

    list_config(self->bot, list);
    list_config(self->limits, list);
    return list;
}

KwSound
kw_settings_get_sound(const KwSettings *self, KwEventKind kind)
{
    g_return_val_if_fail(self != NULL, KW_SOUND_ON);

    return (KwSound) kw_config_get_choice(self->bot, "notify", kw_event_kind_to_string(kind));
}

void
kw_settings_apply_log(const KwSettings *self, KwLog *log)
{
    GLogLevelFlags level;

    if (kw_log_level_from_string(kw_config_get_string(self->bot, "log", "level"), &level, NULL))
        kw_log_set_level(log, level);
    kw_log_set_mode(log, self->book.mode);
}
