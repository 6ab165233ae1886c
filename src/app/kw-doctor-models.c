#include "kw-doctor-models.h"

#include "kw-i18n.h"
#include "kw-model-candles.h"
#include "kw-registry.h"
#include "kw-store.h"
#include "kw-train-page.h"

/* A model in use, and where its candles are */
typedef struct {
    KwDoctor *doctor;
    const gchar *name;
    KwModel *model;        /* borrowed */
    KwMarketStore *market; /* borrowed; NULL: no candles are stored */
} Look;

/* Returns: %TRUE after telling that there is no forecast for @pair */
static gboolean
tell_silence(const Look *look, const gchar *pair)
{
    const KwModelFacts *facts = kw_model_get_facts(look->model);
    const KwModelCandles candles = {look->market, look->model, G_MAXINT64};
    g_autoptr(KwModelHealth) health = kw_model_health_new(look->model, facts->data_end_us);
    g_autoptr(KwSeries) series = NULL;
    g_autofree gchar *mend = g_strdup_printf("kurswart model check --name %s", look->name);
    KwModelPairHealth out = {0};

    if (look->market == NULL || !kw_model_candles_give_others(&candles, health, NULL))
        return FALSE;
    series = kw_model_candles_load(&candles, pair, NULL);
    if (series == NULL || !kw_model_health_add(health, series, &out, NULL) ||
        !kw_model_silence_is(&out.silence))
        return FALSE;
    kw_doctor_add(look->doctor, KW_DOCTOR_WARNING, _("Model"), mend,
                  _("%s: no forecast for %s: features unknown %u, stuck %u, drifted %u"),
                  look->name, pair, out.silence.n_unknown, out.silence.n_stuck,
                  out.silence.n_drifted);
    return TRUE;
}

static void
look_at_pairs(const Look *look, KwModelVersion version)
{
    g_auto(GStrv) pairs = g_strsplit(kw_model_get_facts(look->model)->pairs, ",", -1);
    gchar text[KW_MODEL_VERSION_TEXT_SIZE];
    guint n_silent = 0;

    for (guint i = 0; pairs[i] != NULL; i++)
        n_silent += tell_silence(look, pairs[i]);
    if (n_silent == 0)
        kw_doctor_add(look->doctor, KW_DOCTOR_OK, _("Model"), NULL, "%s %s", look->name,
                      kw_model_version_to_text(version, text));
}

static void
check_model(KwDoctor *doctor, const gchar *name, KwMarketStore *market)
{
    g_autoptr(KwRegistry) registry = kw_registry_new(doctor->settings->root, name);
    g_autoptr(GError) error = NULL;
    g_autoptr(KwModel) model = NULL;
    g_autofree gchar *mend = g_strdup_printf("kurswart model rollback --name %s", name);
    KwModelVersion version;

    if (!kw_registry_get_promoted(registry, &version))
        return;
    model = kw_registry_load_promoted(registry, &error);
    if (model != NULL) {
        const Look look = {doctor, name, model, market};

        look_at_pairs(&look, version);
    } else {
        g_autofree gchar *reason = kw_train_page_refusal_text(error);

        kw_doctor_add(doctor, KW_DOCTOR_FAULT, _("Model"), mend, "%s: %s", name, reason);
    }
}

void
kw_doctor_check_models(KwDoctor *doctor)
{
    const gchar *root = doctor->settings->root;
    g_auto(GStrv) names = kw_registry_list_names(root);
    g_autofree gchar *path = g_build_filename(root, KW_STORE_MARKET_FILE, NULL);
    g_autoptr(KwMarketStore) market = NULL;

    if (g_file_test(path, G_FILE_TEST_EXISTS))
        market = kw_market_store_open(root, NULL);
    for (guint i = 0; names[i] != NULL; i++)
        check_model(doctor, names[i], market);
    if (market != NULL)
        kw_market_store_close(market);
}
