#include "kw-lab-golden.h"

#include "kw-test.h"

#include <math.h>
#include <string.h>

#define MAX_PROTECTIONS 4

JsonNode *
kw_lab_golden_load(const gchar *name)
{
    g_autofree gchar *relative = g_strconcat("freqtrade/", name, NULL);
    g_autofree gchar *path = kw_test_fixture_path(relative);
    g_autoptr(JsonParser) parser = json_parser_new();
    g_autoptr(GError) error = NULL;

    (void) json_parser_load_from_file(parser, path, &error);
    g_assert_no_error(error);
    return json_node_copy(json_parser_get_root(parser));
}

void
kw_lab_golden_each_line(const gchar *file, KwLabLineFunc func, gpointer user_data)
{
    g_autofree gchar *relative = g_strconcat("freqtrade/golden/", file, NULL);
    g_autofree gchar *path = kw_test_fixture_path(relative);
    g_autofree gchar *text = NULL;
    g_auto(GStrv) lines = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    lines = g_strsplit(text, "\n", -1);
    for (guint i = 1; lines[i] != NULL && lines[i][0] != '\0'; i++) {
        g_auto(GStrv) fields = g_strsplit(g_strchomp(lines[i]), ",", -1);

        func(fields, user_data);
    }
}

/* -- settings: of the scenario, else the defaults -- */

typedef struct {
    JsonObject *conf, *defaults;
} Settings;

static JsonNode *
find(const Settings *settings, const gchar *name)
{
    JsonNode *node = json_object_get_member(settings->conf, name);

    if (node == NULL)
        node = json_object_get_member(settings->defaults, name);
    return node != NULL && !JSON_NODE_HOLDS_NULL(node) ? node : NULL;
}

static gdouble
number(const Settings *settings, const gchar *name)
{
    JsonNode *node = find(settings, name);

    return node != NULL ? json_node_get_double(node) : (gdouble) NAN;
}

static gboolean
flag(const Settings *settings, const gchar *name)
{
    return json_node_get_boolean(find(settings, name));
}

static KwDecimal
decimal(gdouble value)
{
    KwDecimal out = KW_DECIMAL_ZERO;

    g_assert_true(kw_decimal_from_double(value, 8, KW_ROUND_HALF_UP, &out, NULL));
    return kw_decimal_trim(out);
}

void
kw_lab_golden_read_roi(KwStrategyTerms *terms, JsonObject *object)
{
    g_autoptr(GList) keys = json_object_get_members(object);

    terms->n_roi = 0;
    for (GList *key = keys; key != NULL; key = key->next) {
        guint at = terms->n_roi++;
        KwRoiStep new_step = {.minutes = (gint) g_ascii_strtoll(key->data, NULL, 10),
                              .ratio = json_object_get_double_member(object, key->data)};

        for (; at > 0 && terms->roi[at - 1].minutes > new_step.minutes; at--)
            terms->roi[at] = terms->roi[at - 1];
        terms->roi[at] = new_step;
    }
}

static void
read_terms(KwStrategyTerms *terms, const Settings *settings)
{
    terms->stoploss = number(settings, "stoploss");
    terms->trailing_stop = flag(settings, "trailing_stop");
    terms->trailing_stop_positive = number(settings, "trailing_stop_positive");
    terms->trailing_stop_positive_offset = number(settings, "trailing_stop_positive_offset");
    terms->trailing_only_offset_is_reached = flag(settings, "trailing_only_offset_is_reached");
    terms->use_exit_signal = flag(settings, "use_exit_signal");
    terms->exit_profit_only = flag(settings, "exit_profit_only");
    terms->exit_profit_offset = number(settings, "exit_profit_offset");
    terms->ignore_roi_if_entry_signal = flag(settings, "ignore_roi_if_entry_signal");
    kw_lab_golden_read_roi(terms, json_node_get_object(find(settings, "minimal_roi")));
}

static void
read_account(KwBacktestOptions *options, const Settings *settings)
{
    JsonNode *stake = find(settings, "stake_amount");

    options->stake.is_unlimited = json_node_get_value_type(stake) == G_TYPE_STRING;
    if (!options->stake.is_unlimited)
        options->stake.stake_amount = decimal(json_node_get_double(stake));
    options->wallet = decimal(number(settings, "dry_run_wallet"));
    options->stake.tradable_balance_ratio = number(settings, "tradable_balance_ratio");
    options->stake.amend_last_stake = flag(settings, "amend_last_stake_amount");
    options->stake.last_stake_min_ratio = number(settings, "last_stake_amount_min_ratio");
    options->stake.max_open_trades = (guint) number(settings, "max_open_trades");
}

static void
read_pricing(KwBacktestPricing *pricing, JsonObject *scenario, const Settings *settings)
{
    JsonObject *timeout = json_node_get_object(find(settings, "unfilledtimeout"));

    pricing->entry_timeout_us =
        json_object_get_int_member(timeout, "entry") * G_TIME_SPAN_MINUTE;
    pricing->exit_timeout_us = json_object_get_int_member(timeout, "exit") * G_TIME_SPAN_MINUTE;
    if (!json_object_get_null_member(scenario, "custom_entry_price_multiplier"))
        pricing->entry_factor =
            json_object_get_double_member(scenario, "custom_entry_price_multiplier");
    if (!json_object_get_null_member(scenario, "custom_exit_price_multiplier"))
        pricing->exit_factor =
            json_object_get_double_member(scenario, "custom_exit_price_multiplier");
}

/* "stop_duration" in minutes or "stop_duration_candles" */
static gint64
read_span(JsonObject *object, const gchar *name, gint64 timeframe_us, gint64 fallback_us)
{
    g_autofree gchar *candles = g_strconcat(name, "_candles", NULL);

    if (json_object_has_member(object, candles))
        return json_object_get_int_member(object, candles) * timeframe_us;
    if (json_object_has_member(object, name))
        return json_object_get_int_member(object, name) * G_TIME_SPAN_MINUTE;
    return fallback_us;
}

static KwProtection
read_protection(JsonObject *object, gint64 timeframe_us)
{
    KwProtectionKind kind = KW_PROTECTION_COOLDOWN;
    KwProtection out;

    g_assert_true(kw_protection_kind_from_string(
        json_object_get_string_member(object, "method"), &kind, NULL));
    out = kw_protection_default(kind);
    out.lookback_us = read_span(object, "lookback_period", timeframe_us, out.lookback_us);
    out.stop_duration_us = read_span(object, "stop_duration", timeframe_us, out.lookback_us);
    if (json_object_has_member(object, "trade_limit"))
        out.trade_limit = (guint) json_object_get_int_member(object, "trade_limit");
    if (json_object_has_member(object, "max_allowed_drawdown"))
        out.max_drawdown = json_object_get_double_member(object, "max_allowed_drawdown");
    if (json_object_has_member(object, "required_profit"))
        out.required_profit = json_object_get_double_member(object, "required_profit");
    return out;
}

static void
read_protections(KwBacktestOptions *options, JsonObject *scenario, KwProtection *protections)
{
    JsonArray *list;

    if (json_object_get_null_member(scenario, "protections"))
        return;
    list = json_object_get_array_member(scenario, "protections");
    g_assert_cmpuint(json_array_get_length(list), <=, MAX_PROTECTIONS);
    options->protections = protections;
    options->n_protections = json_array_get_length(list);
    for (guint i = 0; i < options->n_protections; i++)
        protections[i] = read_protection(json_array_get_object_element(list, i),
                                         options->terms.timeframe_us);
}

/* -- candles -- */

static void
add_row(gchar **fields, gpointer user_data)
{
    KwLabPair *pair = user_data;
    KwLabRow row = {.candle = {.open_us = g_ascii_strtoll(fields[0], NULL, 10) * 1000,
                               .open = g_ascii_strtod(fields[1], NULL),
                               .high = g_ascii_strtod(fields[2], NULL),
                               .low = g_ascii_strtod(fields[3], NULL),
                               .close = g_ascii_strtod(fields[4], NULL)},
                    .enter = fields[5][0] == '1',
                    .exit = fields[6][0] == '1'};

    g_strlcpy(row.enter_tag, fields[7], sizeof row.enter_tag);
    g_strlcpy(row.exit_tag, fields[8], sizeof row.exit_tag);
    kw_lab_pair_add_row(pair, &row);
}

/* "csv": as they are; "none": no signals; "one": a single entry on row 20 of 100 */
static void
change_signals(KwLabPair *pair, const gchar *signals)
{
    gboolean is_one = strcmp(signals, "one") == 0;

    if (strcmp(signals, "csv") == 0)
        return;
    if (is_one)
        g_array_set_size(pair->rows, 100);
    for (guint i = 0; i < pair->rows->len; i++) {
        KwLabRow *row = &g_array_index(pair->rows, KwLabRow, i);

        *row = (KwLabRow){.candle = row->candle, .enter = is_one && i == 20};
        if (row->enter)
            g_strlcpy(row->enter_tag, "only", sizeof row->enter_tag);
    }
}

static void
add_pair(KwLabRig *rig, JsonObject *root, const gchar *name, const gchar *signals)
{
    JsonObject *market =
        json_object_get_object_member(json_object_get_object_member(root, "markets"), name);
    KwLabPair *pair = kw_lab_rig_add_pair(
        rig, name, decimal(json_object_get_double_member(market, "price_tick")));
    g_autofree gchar *base = g_strdelimit(g_strdup(name), "/", '_');
    g_autofree gchar *file = g_strconcat(base, "-1h.csv", NULL);

    pair->pair.min_amount = decimal(json_object_get_double_member(market, "amount_min"));
    pair->pair.min_cost = decimal(json_object_get_double_member(market, "cost_min"));
    kw_lab_golden_each_line(file, add_row, pair);
    change_signals(pair, signals);
}

void
kw_lab_golden_set_up(KwLabRig *rig, const gchar *name, KwProtection *protections)
{
    g_autoptr(JsonNode) node = kw_lab_golden_load("golden/scenarios.json");
    JsonObject *root = json_node_get_object(node);
    JsonObject *scenario =
        json_object_get_object_member(json_object_get_object_member(root, "scenarios"), name);
    JsonArray *pairs = json_object_get_array_member(root, "pairs_in_order");
    const gchar *signals = json_object_get_string_member(scenario, "signals");
    Settings settings = {.conf = json_object_get_object_member(scenario, "conf"),
                         .defaults = json_object_get_object_member(root, "defaults")};
    guint n_pairs = strcmp(signals, "one") == 0 ? 1 : json_array_get_length(pairs);

    kw_lab_rig_init(rig);
    rig->options.fee_ratio = json_object_get_double_member(root, "fee");
    rig->options.terms.timeframe_us = G_TIME_SPAN_HOUR;
    rig->options.terms.startup_candles =
        (guint) json_object_get_int_member(scenario, "startup_candle_count");
    read_terms(&rig->options.terms, &settings);
    read_account(&rig->options, &settings);
    read_pricing(&rig->options.pricing, scenario, &settings);
    read_protections(&rig->options, scenario, protections);
    for (guint i = 0; i < n_pairs; i++)
        add_pair(rig, root, json_array_get_string_element(pairs, i), signals);
}
