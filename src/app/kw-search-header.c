/* kw-search-header.c: what the trials of a search depend on
 *
 * Trials of a file, and those of other machines, may be put together only when each of them
 * would come out the same here. So all is written down that a backtest reads: strategy and
 * models by their hashes, the candles by theirs, and each setting under the name it is set
 * by. A difference can then be named without a table of its own. */
#include "kw-search-header.h"

#include "kw-json.h"
#include "kw-timeframe.h"

static void
add_period(JsonBuilder *b, const KwTrialPlan *plan)
{
    kw_json_add_int(b, "from", plan->from_us);
    kw_json_add_int(b, "to", plan->to_us);
}

static void
add_stake(JsonBuilder *b, const KwStakeRules *stake)
{
    if (stake->is_unlimited)
        kw_json_add_string(b, "stake", "unlimited");
    else
        kw_json_add_decimal(b, "stake", stake->stake_amount);
    kw_json_add_int(b, "max-open-trades", stake->max_open_trades);
    kw_json_add_double(b, "tradable_balance_ratio", stake->tradable_balance_ratio);
    kw_json_add_bool(b, "amend_last_stake", stake->amend_last_stake);
    kw_json_add_double(b, "last_stake_min_ratio", stake->last_stake_min_ratio);
}

static void
add_protections(JsonBuilder *b, const KwBacktestOptions *options)
{
    (void) json_builder_set_member_name(b, "protections");
    (void) json_builder_begin_array(b);
    for (guint i = 0; i < options->n_protections; i++) {
        const KwProtection *one = &options->protections[i];

        (void) json_builder_begin_object(b);
        kw_json_add_string(b, "kind", kw_protection_kind_to_string(one->kind));
        kw_json_add_int(b, "lookback_us", one->lookback_us);
        kw_json_add_int(b, "stop_duration_us", one->stop_duration_us);
        kw_json_add_int(b, "trade_limit", one->trade_limit);
        kw_json_add_double(b, "required_profit", one->required_profit);
        kw_json_add_double(b, "max_drawdown", one->max_drawdown);
        kw_json_add_bool(b, "only_per_pair", one->only_per_pair);
        (void) json_builder_end_object(b);
    }
    (void) json_builder_end_array(b);
}

/* Without orders that wait, how long and at which fee they would plays no part. */
static void
add_account(JsonBuilder *b, const KwBacktestOptions *options)
{
    const KwBacktestMaker *maker = &options->maker;

    kw_json_add_double(b, "fee", options->fee_ratio);
    kw_json_add_decimal(b, "wallet", options->wallet);
    add_stake(b, &options->stake);
    kw_json_add_double(b, "confidence_threshold", options->threshold);
    kw_json_add_string(b, "entry-order", maker->patience_us > 0 ? "maker" : "market");
    kw_json_add_int(b, "maker_patience", maker->patience_us);
    kw_json_add_double(b, "maker_fee", maker->patience_us > 0 ? maker->fee_ratio : 0.0);
    add_protections(b, options);
}

static const gchar *
name_detail(KwStudy *study)
{
    const KwSeries *detail = kw_study_get_pair(study, 0)->detail;

    return detail != NULL ? kw_timeframe_to_string(kw_series_get_timeframe_us(detail)) : "";
}

gchar *
kw_search_header_make(const KwSearchHeader *self)
{
    const KwTrialPlan *plan = self->plan;
    g_autoptr(JsonBuilder) b = json_builder_new_immutable();
    g_autofree gchar *pairs = g_strjoinv(",", self->input->names);
    g_autofree gchar *candles = kw_study_hash_candles(self->input->study);

    (void) json_builder_begin_object(b);
    kw_json_add_string(b, "strategy", kw_strategy_get_identity(self->input->strategy));
    kw_json_add_string(b, "model", kw_lab_input_get_model(self->input));
    kw_json_add_string(b, "pairs", pairs);
    kw_json_add_string(b, "timeframe",
                       kw_timeframe_to_string(plan->options.terms.timeframe_us));
    kw_json_add_string(b, "detail", name_detail(self->input->study));
    kw_json_add_string(b, "data", candles);
    add_period(b, plan);
    kw_json_add_string(b, "loss", self->loss);
    kw_json_add_string(b, "search", self->search);
    kw_json_add_int(b, "seed", self->seed);
    kw_json_add_int(b, "min-trades", plan->min_trades);
    add_account(b, &plan->options);
    (void) json_builder_end_object(b);
    return kw_json_builder_to_text(b);
}

/* Adds the names of @object's members that @other has not, or not with the same value. */
static void
add_others(GString *out, JsonObject *object, JsonObject *other, gboolean is_by_value)
{
    g_autoptr(GList) names = json_object_get_members(object);

    for (GList *name = names; name != NULL; name = name->next) {
        JsonNode *node = json_object_get_member(other, name->data);

        if (node != NULL &&
            (!is_by_value || json_node_equal(node, json_object_get_member(object, name->data))))
            continue;
        g_string_append_printf(out, "%s%s", out->len > 0 ? ", " : "",
                               (const gchar *) name->data);
    }
}

gchar *
kw_search_header_compare(const gchar *there, const gchar *here)
{
    g_autoptr(JsonNode) root = kw_json_parse_text(there, -1, NULL);
    g_autoptr(JsonNode) own_root = kw_json_parse_text(here, -1, NULL);
    JsonObject *object = root != NULL ? kw_json_root_object(root, NULL) : NULL;
    JsonObject *own = own_root != NULL ? kw_json_root_object(own_root, NULL) : NULL;
    g_autoptr(GString) out = g_string_new(NULL);

    if (object == NULL || own == NULL || !json_object_has_member(object, "strategy"))
        return NULL;
    add_others(out, own, object, TRUE);
    add_others(out, object, own, FALSE); /* of another version */
    return g_string_free(g_steal_pointer(&out), FALSE);
}
