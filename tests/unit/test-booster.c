/* The training loop, and each trap of the library's C API that it has to step around */
#include "kw-booster.h"

#include "kw-error.h"
#include "kw-json.h"
#include "kw-model-data.h"

#include <math.h>
#include <string.h>

typedef struct {
    KwXgb xgb;
    KwMatrix *train, *valid;
    KwBoosterParams params;
    gboolean is_ready;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
    f->is_ready = kw_model_data_open(&f->xgb);
    f->train = kw_model_data_new(600, 6, 1, KW_OBJECTIVE_REGRESSION);
    f->valid = kw_model_data_new(200, 6, 2, KW_OBJECTIVE_REGRESSION);
    f->params = kw_model_data_params(KW_OBJECTIVE_REGRESSION);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    kw_matrix_free(f->train);
    kw_matrix_free(f->valid);
}

static GBytes *
train(Fixture *f)
{
    return kw_model_data_train(&f->xgb, f->train, f->valid, &f->params);
}

static void
test_same_bytes(Fixture *f, gconstpointer data)
{
    g_autoptr(GBytes) first = NULL;
    g_autoptr(GBytes) again = NULL;
    g_autoptr(GBytes) threads = NULL;
    g_autoptr(GBytes) other = NULL;

    if (!f->is_ready)
        return;
    first = train(f);
    again = train(f);
    f->params.n_threads = 2;
    threads = train(f);
    f->params.seed = 2;
    other = train(f);
    g_assert_true(g_bytes_equal(first, again));
    g_assert_true(g_bytes_equal(first, threads));
    g_assert_false(g_bytes_equal(first, other));
}

typedef struct {
    guint n_rounds, cancel_at;
    GBytes *state; /* newest, owned */
    gdouble last_valid;
} Watch;

static KwBoosterDecision
on_round(const KwBoosterRound *round, gpointer user_data)
{
    Watch *watch = user_data;

    g_assert_true(isfinite(round->train) && isfinite(round->valid));
    watch->n_rounds++;
    watch->last_valid = round->valid;
    return round->round + 1 == watch->cancel_at ? KW_BOOSTER_CANCEL : KW_BOOSTER_GO_ON;
}

static gboolean
on_checkpoint(GBytes *state, gpointer user_data, GError **error)
{
    Watch *watch = user_data;

    g_clear_pointer(&watch->state, g_bytes_unref);
    watch->state = g_bytes_ref(state);
    return TRUE;
}

/* Cancelled in any round and gone on from the newest state: the bytes of a straight run */
static void
test_resume(Fixture *f, gconstpointer data)
{
    g_autoptr(GBytes) straight = NULL;
    Watch all = {0};
    KwBoosterJob whole = {.train = f->train,
                          .valid = f->valid,
                          .params = &f->params,
                          .checkpoint_every = 3,
                          .on_checkpoint = on_checkpoint,
                          .user_data = &all};

    if (!f->is_ready)
        return;
    f->params.patience = 20;
    straight = kw_booster_train(&f->xgb, &whole, NULL, NULL);
    g_assert_nonnull(straight);
    for (guint at = 3; at <= 19; at += 8) {
        Watch watch = {.cancel_at = at};
        KwBoosterJob job = {.train = f->train,
                            .valid = f->valid,
                            .params = &f->params,
                            .checkpoint_every = 3,
                            .on_round = on_round,
                            .on_checkpoint = on_checkpoint,
                            .user_data = &watch};
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) model = NULL;
        g_autoptr(GBytes) state = NULL;

        g_assert_null(kw_booster_train(&f->xgb, &job, NULL, &error));
        g_assert_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_CANCELLED);
        g_clear_error(&error);
        g_assert_cmpuint(watch.n_rounds, ==, at);
        state = g_steal_pointer(&watch.state);
        job.checkpoint = state;
        watch = (Watch){0};
        model = kw_booster_train(&f->xgb, &job, NULL, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(watch.n_rounds, ==, 20 - at / 3 * 3);
        g_assert_true(g_bytes_equal(straight, model));
        g_clear_pointer(&watch.state, g_bytes_unref);
    }
    g_clear_pointer(&all.state, g_bytes_unref);
}

static void
test_bad_checkpoint(Fixture *f, gconstpointer data)
{
    g_autoptr(GBytes) garbage = g_bytes_new_static("{L\x00\x01nothing", 12);
    KwBoosterJob job = {
        .train = f->train, .valid = f->valid, .params = &f->params, .checkpoint = garbage};
    g_autoptr(GError) error = NULL;

    if (!f->is_ready)
        return;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    g_test_skip("the sanitizer ends the process where the library gets std::bad_alloc");
    return;
#endif
    g_assert_null(kw_booster_train(&f->xgb, &job, NULL, &error));
    g_assert_nonnull(error);
    g_assert_null(strchr(error->message, '\n')); /* no stack trace */
}

/* Labels of the validation rows that have nothing to do with the features: no round after the
 * first ones helps, the training stops, and the model ends at the best round. */
static void
test_early_stop(Fixture *f, gconstpointer data)
{
    Watch watch = {0};
    KwBoosterJob job = {.train = f->train,
                        .valid = f->valid,
                        .params = &f->params,
                        .on_round = on_round,
                        .user_data = &watch};
    KwBoosterRound best = {0};
    g_autoptr(GBytes) model = NULL;
    g_autoptr(GError) error = NULL;

    if (!f->is_ready)
        return;
    f->params.n_rounds = 200;
    f->params.patience = 5;
    for (gsize i = 0; i < f->valid->n_rows; i++)
        f->valid->labels[i] = i % 2 == 0 ? 0.1f : -0.1f;
    model = kw_booster_train(&f->xgb, &job, &best, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(best.best, <, 100);
    g_assert_cmpuint(watch.n_rounds, ==, best.best + 6);
    g_assert_cmpfloat(best.valid, <=, watch.last_valid);
    {
        g_autofree gchar *trees = g_strdup_printf("\"num_trees\":\"%u\"", best.best + 1);

        g_assert_nonnull(g_strstr_len(g_bytes_get_data(model, NULL),
                                      (gssize) g_bytes_get_size(model), trees));
    }
}

/* Each is accepted by the library, at once or for good. */
static void
test_bad_rows(Fixture *f, gconstpointer data)
{
    static const struct {
        const gchar *what;
        gboolean is_label, in_valid;
        gfloat value;
    } rows[] = {
        {"label not a number", TRUE, FALSE, NAN},
        {"label infinite", TRUE, FALSE, INFINITY},
        {"validation label not a number", TRUE, TRUE, NAN},
        {"value infinite", FALSE, FALSE, INFINITY},
        {"validation value infinite", FALSE, TRUE, -INFINITY},
    };

    if (!f->is_ready)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        KwMatrix *matrix = rows[i].in_valid ? f->valid : f->train;
        gfloat *at = rows[i].is_label ? &matrix->labels[7] : &matrix->values[7];
        gfloat before = *at;
        KwBoosterJob job = {.train = f->train, .valid = f->valid, .params = &f->params};
        g_autoptr(GError) error = NULL;

        g_test_message("%s", rows[i].what);
        *at = rows[i].value;
        g_assert_null(kw_booster_train(&f->xgb, &job, NULL, &error));
        g_assert_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_VALUE);
        *at = before;
    }
}

static void
test_classifier_labels(Fixture *f, gconstpointer data)
{
    KwBoosterJob job = {.train = f->train, .valid = f->valid, .params = &f->params};
    g_autoptr(GError) error = NULL;

    if (!f->is_ready)
        return;
    f->params.objective = KW_OBJECTIVE_CLASSIFIER; /* the labels are returns, some below 0 */
    g_assert_null(kw_booster_train(&f->xgb, &job, NULL, &error));
    g_assert_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_VALUE);
}

static void
test_degenerate_rows(Fixture *f, gconstpointer data)
{
    KwBoosterJob job = {.train = f->train, .valid = f->valid, .params = &f->params};
    g_autoptr(KwMatrix) empty = kw_matrix_new(0, 6);
    g_autoptr(KwMatrix) single = NULL;
    g_autoptr(KwMatrix) unknown = NULL;
    g_autoptr(GBytes) model = NULL;
    g_autoptr(GBytes) blank = NULL;
    g_autoptr(GError) error = NULL;

    if (!f->is_ready)
        return;
    job.train = empty;
    g_assert_null(kw_booster_train(&f->xgb, &job, NULL, &error));
    g_assert_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_VALUE);
    single = kw_matrix_slice(f->train, 0, 1);
    model = kw_model_data_train(&f->xgb, single, f->valid, &f->params);
    unknown = kw_matrix_slice(f->train, 0, 100);
    for (gsize i = 0; i < unknown->n_rows * unknown->n_cols; i++)
        unknown->values[i] = NAN;
    blank = kw_model_data_train(&f->xgb, unknown, f->valid, &f->params);
    g_assert_cmpuint(g_bytes_get_size(blank), >, 0);
}

/* The library stores any text under any name. */
static void
test_params_rejected(void)
{
    static const struct {
        const gchar *member, *replacement;
    } rows[] = {
        {"\"eta\":0.5", "\"eta\":7"},
        {"\"eta\":0.5", "\"eta\":\"abc\""},
        {"\"eta\":0.5", "\"ete\":0.3"},
        {"\"n_threads\":1", "\"n_threads\":0"},
        {"\"max_depth\":4", "\"max_depth\":99"},
        {"\"n_rounds\":20", "\"n_rounds\":-1"},
        {"\"regression\"", "\"ranking\""},
    };
    KwBoosterParams params = kw_model_data_params(KW_OBJECTIVE_REGRESSION), again;
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autofree gchar *text = NULL;
    g_autoptr(JsonNode) node = NULL;

    json_builder_begin_object(builder);
    kw_booster_params_add_to(&params, builder);
    json_builder_end_object(builder);
    text = kw_json_builder_to_text(builder);
    node = kw_json_parse_text(text, -1, NULL);
    g_assert_true(kw_booster_params_read(json_node_get_object(node), &again, NULL));
    g_assert_cmpuint(again.n_rounds, ==, 20);
    g_assert_cmpfloat(again.eta, ==, 0.5);

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GString) bad = g_string_new(text);
        g_autoptr(JsonNode) root = NULL;
        g_autoptr(GError) error = NULL;

        g_test_message("%s", rows[i].replacement);
        g_assert_cmpuint(g_string_replace(bad, rows[i].member, rows[i].replacement, 1), ==, 1);
        root = kw_json_parse_text(bad->str, -1, NULL);
        g_assert_false(kw_booster_params_read(json_node_get_object(root), &again, &error));
        g_assert_nonnull(error);
    }
}

/* The intercept is in the file, as later versions would estimate another one */
static void
test_intercept(Fixture *f, gconstpointer data)
{
    g_autoptr(GBytes) model = NULL;

    if (!f->is_ready)
        return;
    for (gsize i = 0; i < f->train->n_rows; i++)
        f->train->labels[i] = 0.25f;
    model = train(f);
    g_assert_nonnull(g_strstr_len(g_bytes_get_data(model, NULL),
                                  (gssize) g_bytes_get_size(model),
                                  "\"base_score\":\"2.5E-1\""));
}

#define ADD(path, function)                                                                    \
    g_test_add("/model/booster/" path, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("same-bytes", test_same_bytes);
    ADD("resume", test_resume);
    ADD("bad-checkpoint", test_bad_checkpoint);
    ADD("early-stop", test_early_stop);
    ADD("bad-rows", test_bad_rows);
    ADD("classifier-labels", test_classifier_labels);
    ADD("degenerate-rows", test_degenerate_rows);
    ADD("intercept", test_intercept);
    g_test_add_func("/model/booster/params-rejected", test_params_rejected);
    return g_test_run();
}
