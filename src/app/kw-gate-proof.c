/* kw-gate-proof.c: the strategy's hash, and the origin of every candle
 *
 * A name proves nothing: the file behind it can be another one tomorrow. So evidence is bound
 * to the text, its parameters and the models in use. The result file tells these, and tells of
 * no candles: those are looked up in the store, where every row keeps its origin. What the
 * daemon has from the venue itself bears its name; what a replay has passed on ("feed") proves
 * nothing. */
#include "kw-gate-proof.h"

#include "kw-i18n.h"
#include "kw-market-store.h"
#include "kw-model-shelf.h"
#include "kw-source.h"
#include "kw-strategy-loader.h"

#include <string.h>

#define HASH_CHARS 32

gchar *
kw_gate_proof_make_subject(const gchar *name, const gchar *identity, const gchar *model)
{
    g_autofree gchar *both = g_strconcat(identity, "\n", model, NULL);
    g_autofree gchar *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, both, -1);

    return g_strdup_printf("%.40s@%.*s", name, HASH_CHARS, hash);
}

gboolean
kw_gate_proof_is_of(const gchar *subject, const gchar *name)
{
    gsize length = MIN(strlen(name), 40);

    return strncmp(subject, name, length) == 0 &&
           (subject[length] == '@' || subject[length] == '\0');
}

/* (transfer full): the models that it asks for are on the shelf after this */
static gchar *
find_model(const KwSettings *settings, KwStrategy *strategy)
{
    gint64 timeframe_us = kw_strategy_get_terms(strategy)->timeframe_us;
    g_autoptr(KwFrame) frame = kw_frame_new(kw_series_new(timeframe_us));
    g_autoptr(KwStrategyColumns) columns = NULL;

    kw_strategy_set_models(strategy, settings->book.models);
    columns = kw_strategy_build(strategy, frame, NULL);
    return g_strdup(kw_model_shelf_get_identity(settings->book.models));
}

gchar *
kw_gate_proof_find_own_subject(const KwSettings *settings, gchar **out_name)
{
    g_auto(KwStrategyLoad) load = {0};
    g_autofree gchar *model = NULL;

    kw_strategy_loader_load(settings->book.strategy_path, NULL, NULL, &load);
    *out_name = g_strdup(load.strategy != NULL ? kw_strategy_get_name(load.strategy) : "");
    if (load.strategy == NULL)
        return g_strdup("");
    model = find_model(settings, load.strategy);
    return kw_gate_proof_make_subject(*out_name, kw_strategy_get_identity(load.strategy),
                                      model);
}

/* -- candles -- */

/* (transfer full) (nullable): why the candles of @pair prove nothing */
static gchar *
find_candle_fault(const gchar *pair, const GArray *origins, const gchar *venue)
{
    gint64 first_us = G_MAXINT64, last_us = G_MININT64;

    for (guint i = 0; i < origins->len; i++) {
        const KwOriginSpan *span = &g_array_index(origins, KwOriginSpan, i);

        if (span->origin.is_synthetic)
            return g_strdup_printf(_("candles of %s in that time are made up"), pair);
        if (strcmp(span->origin.source, venue) != 0)
            return g_strdup_printf(_("candles of %s in that time are from \"%s\", not from "
                                     "the exchange"),
                                   pair, span->origin.source);
        first_us = MIN(first_us, span->first_us);
        last_us = MAX(last_us, span->last_us);
    }
    if (origins->len == 0 || (last_us - first_us) / G_TIME_SPAN_DAY < KW_GATE_PROOF_DAYS - 1)
        return g_strdup_printf(_("the data root has no three months of candles of %s"), pair);
    return NULL;
}

static gchar *
find_pair_fault(KwMarketStore *market,
                const gchar *pair,
                const KwGateInput *result,
                const gchar *venue)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) origins =
        kw_market_store_list_origins(market, pair, result->start_us, result->end_us, &error);

    return origins != NULL ? find_candle_fault(pair, origins, venue) : g_strdup(error->message);
}

gchar *
kw_gate_proof_find_fault(const KwSettings *settings, const KwGateInput *result)
{
    const gchar *const *traded = kw_config_get_list(settings->bot, "trading", "pairs");
    g_autoptr(GError) error = NULL;
    const gchar *venue = kw_source_get_venue(settings);
    g_autoptr(KwMarketStore) market = NULL;
    gchar *fault = NULL;

    if (result->identity == NULL || result->pairs == NULL)
        return g_strdup(_("the file does not say which strategy text it is of"));
    market = kw_market_store_open(settings->root, &error);
    if (market == NULL)
        return g_strdup(error->message);
    for (guint i = 0; traded[i] != NULL && fault == NULL; i++)
        if (!g_strv_contains((const gchar *const *) result->pairs, traded[i]))
            fault = g_strdup_printf(_("%s is traded and is not in it"), traded[i]);
    for (guint i = 0; result->pairs[i] != NULL && fault == NULL; i++)
        fault = find_pair_fault(market, result->pairs[i], result, venue);
    kw_market_store_close(market);
    return fault;
}
