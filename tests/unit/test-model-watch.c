/* A model that is promoted while the engine runs: taken over, or refused and told */
#include "kw-engine-rig.h"
#include "kw-model-rig.h"
#include "kw-model-shelf.h"
#include "kw-test.h"

#include <string.h>

#define HOUR KW_ENGINE_RIG_HOUR_US
#define T0 (KW_TEST_T0_US - KW_TEST_T0_US % HOUR)
#define N_ROWS 60

static const gchar strategy[] =
    "return { name = 'm', timeframe = '1h', startup_candles = 0, stoploss = -0.5,"
    " entry = function(c) return above(model('boost').prediction, 0) end,"
    " exit = function(c) return below(model('boost').prediction, 0) end }";

typedef struct {
    KwEngineRig rig;
    KwRegistry *registry;
} Fixture;

/* Promotes a model that always says @prediction. */
static KwModelVersion
promote(Fixture *f, gdouble prediction)
{
    g_auto(KwModelRig) model = {0};
    g_autoptr(GError) error = NULL;
    KwModelVersion version;

    kw_model_rig_init(&model, prediction, prediction);
    version = kw_model_rig_add(&model, f->registry);
    (void) kw_registry_promote(f->registry, version, KW_PROMOTE_GATED, 0, &error);
    g_assert_no_error(error);
    return version;
}

/* (transfer full): the promoted version's trees */
static gchar *
model_path(Fixture *f, KwModelVersion version)
{
    g_autofree gchar *folder = kw_registry_dup_path(f->registry, version);

    return g_build_filename(folder, "model.json", NULL);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    gdouble closes[N_ROWS];

    for (guint i = 0; i < N_ROWS; i++)
        closes[i] = 100 + i % 3;
    kw_engine_rig_init(&f->rig);
    kw_engine_rig_set_strategy(&f->rig, strategy);
    kw_engine_rig_add_rows(kw_engine_rig_add_pair(&f->rig, "BTC/USDT"), T0, closes, N_ROWS);
    f->registry = kw_registry_new(f->rig.root, "boost");
    f->rig.settings.models = kw_model_shelf_new(f->rig.root);
    promote(f, -0.1);
    kw_engine_rig_start(&f->rig, T0 + 20 * HOUR);
    kw_engine_rig_run_to(&f->rig, T0 + 25 * HOUR);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    KwModelShelf *models = f->rig.settings.models;

    kw_engine_rig_clear(&f->rig);
    kw_model_shelf_unref(models);
    kw_registry_free(f->registry);
}

static void
run_hours(Fixture *f, guint hour)
{
    kw_engine_rig_run_to(&f->rig, T0 + hour * HOUR);
}

static const KwPortfolio *
portfolio(Fixture *f)
{
    return kw_engine_rig_get_book(&f->rig)->portfolio;
}

static void
assert_in_service(Fixture *f, const gchar *model)
{
    KwStatusView status;

    kw_query_get_status(kw_engine_get_query(f->rig.engine), &status);
    g_assert_cmpstr(status.model, ==, model);
}

/* The scan after the promotion is the new model's: its signal enters in the row that follows.
 */
static void
test_next_scan(Fixture *f, gconstpointer data)
{
    g_assert_cmpuint(kw_portfolio_get_n_open(portfolio(f)), ==, 0);
    g_assert_cmpuint(kw_engine_rig_count_events(&f->rig, KW_EVENT_MODEL), ==, 0);
    assert_in_service(f, "boost v1.0.0");

    promote(f, 0.1);
    run_hours(f, 26);
    g_assert_cmpuint(kw_engine_rig_count_events(&f->rig, KW_EVENT_MODEL), ==, 1);
    g_assert_cmpstr(kw_engine_rig_last_event(&f->rig, KW_EVENT_MODEL)->trade.model, ==,
                    "boost v1.1.0");
    g_assert_cmpuint(kw_engine_rig_last_event(&f->rig, KW_EVENT_MODEL)->count, ==, 0);
    g_assert_cmpstr(kw_engine_rig_last_event(&f->rig, KW_EVENT_MODEL)->text, ==, "v1.0.0");
    assert_in_service(f, "boost v1.1.0");
    run_hours(f, 27);
    g_assert_cmpuint(kw_portfolio_get_n_open(portfolio(f)), ==, 1);
    g_assert_cmpstr(kw_portfolio_get_open(portfolio(f), 0)->model, ==, "boost v1.1.0");

    /* back again: the trade ends and still says what opened it */
    g_assert_true(kw_registry_rollback(f->registry, (KwModelVersion){1, 0, 0}, 0, NULL));
    run_hours(f, 29);
    g_assert_cmpuint(kw_engine_rig_count_events(&f->rig, KW_EVENT_MODEL), ==, 1);
    g_assert_cmpuint(kw_engine_rig_count_events(&f->rig, KW_EVENT_MODEL_BACK), ==, 1);
    g_assert_cmpstr(kw_engine_rig_last_event(&f->rig, KW_EVENT_MODEL_BACK)->text, ==, "v1.1.0");
    g_assert_cmpuint(kw_portfolio_get_n_closed(portfolio(f)), ==, 1);
    g_assert_cmpstr(kw_portfolio_get_closed(portfolio(f), 0)->exit_reason, ==, "exit_signal");
    g_assert_cmpstr(kw_portfolio_get_closed(portfolio(f), 0)->model, ==, "boost v1.1.0");
    assert_in_service(f, "boost v1.0.0");
}

/* Told once; the old one goes on; mended and promoted again it is tried again. */
static void
test_refused(Fixture *f, gconstpointer data)
{
    KwModelVersion version = promote(f, 0.1);
    g_autofree gchar *path = model_path(f, version);
    g_autofree gchar *trees = NULL;
    gsize size;
    const KwEvent *event;

    g_assert_true(g_file_get_contents(path, &trees, &size, NULL));
    g_assert_true(g_file_set_contents(path, "{}", -1, NULL));
    run_hours(f, 30);
    event = kw_engine_rig_last_event(&f->rig, KW_EVENT_MODEL);
    g_assert_cmpuint(kw_engine_rig_count_events(&f->rig, KW_EVENT_MODEL), ==, 1);
    g_assert_cmpuint(event->count, ==, 1);
    g_assert_cmpstr(event->trade.model, ==, "boost v1.1.0");
    g_assert_nonnull(strstr(event->text, "model.json"));
    assert_in_service(f, "boost v1.0.0");
    g_assert_cmpuint(kw_portfolio_get_n_open(portfolio(f)), ==, 0);

    g_assert_true(g_file_set_contents(path, trees, (gssize) size, NULL));
    run_hours(f, 32);
    assert_in_service(f, "boost v1.0.0"); /* nobody has promoted it again */
    g_assert_true(kw_registry_promote(f->registry, version, KW_PROMOTE_GATED, 0, NULL));
    run_hours(f, 34);
    assert_in_service(f, "boost v1.1.0");
    g_assert_cmpuint(kw_portfolio_get_n_open(portfolio(f)), ==, 1);
}

/* A model for other candles is whole, but of no use here. */
static void
test_does_not_fit(Fixture *f, gconstpointer data)
{
    g_auto(KwModelRig) model = {0};

    kw_model_rig_init(&model, 0.1, 0.1);
    model.facts.timeframe_us = HOUR / 4;
    g_assert_true(kw_registry_promote(f->registry, kw_model_rig_add(&model, f->registry),
                                      KW_PROMOTE_GATED, 0, NULL));
    run_hours(f, 28);
    g_assert_cmpuint(kw_engine_rig_last_event(&f->rig, KW_EVENT_MODEL)->count, ==, 1);
    assert_in_service(f, "boost v1.0.0");
    g_assert_cmpuint(kw_portfolio_get_n_open(portfolio(f)), ==, 0);
}

/* Stopped at once after a promotion, perhaps while the model is being loaded: it ends, and the
 * next start has the new one. */
static void
test_stop_at_once(Fixture *f, gconstpointer data)
{
    promote(f, 0.1);
    kw_fake_clock_advance(f->rig.clock, HOUR);
    kw_engine_rig_stop(&f->rig);
    kw_engine_rig_start(&f->rig, 0);
    run_hours(f, 30);
    assert_in_service(f, "boost v1.1.0");
    g_assert_cmpuint(kw_portfolio_get_n_open(portfolio(f)), ==, 1);
}

#define ADD(path, function)                                                                    \
    g_test_add("/engine/model-watch/" path, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_prefer_memory();
    kw_test_quiet_log();
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    ADD("next-scan", test_next_scan);
    ADD("refused", test_refused);
    ADD("does-not-fit", test_does_not_fit);
    ADD("stop-at-once", test_stop_at_once);
    return g_test_run();
}
