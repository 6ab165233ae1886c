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

static const gchar waiting_strategy[] =
    "return { name = 'w', timeframe = '1h', startup_candles = 0, stoploss = -0.5,"
    " entry = function(c) return above(model('later').prediction, 0) end,"
    " exit = function(c) return below(model('later').prediction, 0) end }";

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

/* @text: of the strategy */
static void
start(Fixture *f, const gchar *text)
{
    gdouble closes[N_ROWS];

    for (guint i = 0; i < N_ROWS; i++)
        closes[i] = 100 + i % 3;
    kw_engine_rig_init(&f->rig);
    kw_engine_rig_set_strategy(&f->rig, text);
    kw_engine_rig_add_rows(kw_engine_rig_add_pair(&f->rig, "BTC/USDT"), T0, closes, N_ROWS);
    f->registry = kw_registry_new(f->rig.root, "boost");
    f->rig.settings.models = kw_model_shelf_new(f->rig.root);
    promote(f, -0.1);
    kw_engine_rig_start(&f->rig, T0 + 20 * HOUR);
    kw_engine_rig_run_to(&f->rig, T0 + 25 * HOUR);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    start(f, strategy);
}

static void
set_up_waiting(Fixture *f, gconstpointer data)
{
    start(f, waiting_strategy);
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
    g_assert_cmpstr(kw_engine_rig_last_event(&f->rig, KW_EVENT_MODEL)->model.tag, ==, "v1.1.0");
    g_assert_cmpfloat(kw_engine_rig_last_event(&f->rig, KW_EVENT_MODEL)->gate.min_sortino, ==,
                      1.5);
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

static void
assert_strategy(Fixture *f, const gchar *name)
{
    KwStatusView status;

    kw_query_get_status(kw_engine_get_query(f->rig.engine), &status);
    g_assert_cmpstr(status.strategy, ==, name);
    g_assert_cmpint(status.state == KW_RUN_STATE_NO_STRATEGY, ==, *name == '\0');
}

/* The strategy asks for a model that does not exist yet: meanwhile another one trades, or none
 * (@meanwhile is ""). The first version that is promoted and can be used brings it. */
static void
check_first(Fixture *f, const gchar *meanwhile)
{
    g_autoptr(KwRegistry) registry = kw_registry_new(f->rig.root, "later");
    g_auto(KwModelRig) model = {0};
    g_autofree gchar *path = NULL;
    g_autofree gchar *folder = NULL;
    g_autofree gchar *trees = NULL;
    KwModelVersion version;

    assert_strategy(f, meanwhile);
    kw_model_rig_init(&model, 0.1, 0.1);
    version = kw_model_rig_add(&model, registry);
    folder = kw_registry_dup_path(registry, version);
    path = g_build_filename(folder, "model.json", NULL);
    g_assert_true(kw_registry_promote(registry, version, KW_PROMOTE_GATED, 0, NULL));
    g_assert_true(g_file_get_contents(path, &trees, NULL, NULL));
    g_assert_true(g_file_set_contents(path, "{}", -1, NULL));
    run_hours(f, 28);
    g_assert_cmpuint(kw_engine_rig_last_event(&f->rig, KW_EVENT_MODEL)->count, ==, 2);
    assert_strategy(f, meanwhile);

    g_assert_true(g_file_set_contents(path, trees, -1, NULL));
    g_assert_true(kw_registry_promote(registry, version, KW_PROMOTE_GATED, 0, NULL));
    run_hours(f, 29);
    g_assert_cmpuint(kw_engine_rig_last_event(&f->rig, KW_EVENT_MODEL)->count, ==, 0);
    g_assert_cmpstr(kw_engine_rig_last_event(&f->rig, KW_EVENT_MODEL)->text, ==, "");
    assert_strategy(f, "w");
    g_assert_cmpuint(kw_portfolio_get_n_open(portfolio(f)), ==, 0);
    run_hours(f, 31);
    g_assert_cmpuint(kw_portfolio_get_n_open(portfolio(f)), ==, 1);
    g_assert_nonnull(strstr(kw_portfolio_get_open(portfolio(f), 0)->model, "later v1.0.0"));
}

static void
test_first(Fixture *f, gconstpointer data)
{
    kw_engine_rig_stop(&f->rig);
    kw_engine_rig_set_strategy(&f->rig, waiting_strategy);
    kw_engine_rig_start(&f->rig, 0);
    check_first(f, "m"); /* the last good version */
}

static void
test_first_of_all(Fixture *f, gconstpointer data)
{
    check_first(f, "");
}

/* The version in use does not fit the strategy, and the one before does: going back to that
 * brings the strategy. */
static void
test_back_brings_strategy(Fixture *f, gconstpointer data)
{
    g_autoptr(KwRegistry) registry = kw_registry_new(f->rig.root, "later");

    for (guint i = 0; i < 2; i++) {
        g_auto(KwModelRig) model = {0};

        kw_model_rig_init(&model, 0.1, 0.1);
        model.facts.timeframe_us = i == 0 ? HOUR : HOUR / 4;
        g_assert_true(kw_registry_promote(registry, kw_model_rig_add(&model, registry),
                                          KW_PROMOTE_GATED, 0, NULL));
    }
    kw_engine_rig_stop(&f->rig);
    kw_engine_rig_set_strategy(&f->rig, waiting_strategy);
    kw_engine_rig_start(&f->rig, 0);
    assert_strategy(f, "m");
    g_assert_true(kw_registry_rollback(registry, (KwModelVersion){1, 0, 0}, 0, NULL));
    run_hours(f, 28);
    g_assert_cmpuint(kw_engine_rig_count_events(&f->rig, KW_EVENT_MODEL_BACK), ==, 1);
    assert_strategy(f, "w");
}

/* @tag, and it alone, is told to be in service; what is new in the registry has to be found
 * first
 */
static void
assert_told(Fixture *f, const gchar *tag, gint64 since_us)
{
    gboolean is_known = FALSE;

    while (!is_known) {
        g_autoptr(GArray) models = kw_query_list_models(kw_engine_get_query(f->rig.engine));

        for (guint i = 0; i < models->len; i++)
            is_known |= strcmp(g_array_index(models, KwModelView, i).tag, tag) == 0;
        for (guint i = 0; is_known && i < models->len; i++) {
            const KwModelView *model = &g_array_index(models, KwModelView, i);

            g_assert_cmpint(model->is_active, ==, strcmp(model->tag, tag) == 0);
            g_assert_true(!model->is_active || model->deployed_us == since_us);
        }
        if (!is_known)
            (void) g_main_context_iteration(NULL, TRUE);
    }
}

/* A question right after a promotion names what is in use, not what was found before it; a
 * version that is promoted and refused is not in use. */
static void
test_told(Fixture *f, gconstpointer data)
{
    static const KwModelVersion first = {1, 0, 0}, second = {1, 1, 0};
    g_autofree gchar *path = model_path(f, second);

    (void) promote(f, 0.1);
    run_hours(f, 27);
    assert_told(f, "v1.1.0", 0);
    g_assert_true(kw_registry_rollback(f->registry, first, 7, NULL));
    run_hours(f, 28);
    assert_told(f, "v1.0.0", 7);
    g_assert_true(kw_registry_promote(f->registry, second, KW_PROMOTE_GATED, 8, NULL));
    g_assert_true(g_file_set_contents(path, "{}", -1, NULL));
    run_hours(f, 29);
    assert_told(f, "v1.0.0", 7);
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
    ADD("first", test_first);
    ADD("back-brings-strategy", test_back_brings_strategy);
    g_test_add("/engine/model-watch/first-of-all", Fixture, NULL, set_up_waiting,
               test_first_of_all, tear_down);
    ADD("told", test_told);
    return g_test_run();
}
