/* Labels and splits: what a model must not see, it does not see */
#include "kw-fold.h"

#include "kw-error.h"
#include "kw-label.h"

#include <math.h>

#define HOUR (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)
#define DAY (24 * HOUR)
#define T0 G_GINT64_CONSTANT(1640995200000000) /* 2022-01-01 */

static KwFoldRules
rules_of(gint64 n_days)
{
    return (KwFoldRules){.data = {T0, T0 + n_days * DAY},
                         .horizon_us = 12 * HOUR,
                         .embargo_us = 12 * HOUR,
                         .train_us = 90 * DAY,
                         .step_us = 7 * DAY,
                         .valid_share = 0.2};
}

/* No label of the one span is made from prices inside the next */
static void
check_split(const KwFold *split, const KwFoldRules *rules)
{
    g_assert_cmpint(split->train.begin_us, >=, rules->data.begin_us);
    g_assert_cmpint(split->train.begin_us, <, split->train.end_us);
    g_assert_cmpint(split->train.end_us + rules->horizon_us, <=, split->valid.begin_us);
    g_assert_cmpint(split->valid.begin_us, <, split->valid.end_us);
    g_assert_cmpint(split->valid.end_us + rules->horizon_us, <=, split->test.begin_us);
    g_assert_cmpint(split->test.begin_us, <, split->test.end_us);
    g_assert_cmpint(split->test.end_us, <=, rules->data.end_us);
}

/* Property, over random rules: no overlap, no look ahead, tests one behind the other */
static void
test_rolling(void)
{
    for (guint round = 0; round < 500; round++) {
        KwFoldRules rules = rules_of(g_test_rand_int_range(80, 400));
        g_autoptr(GArray) splits = NULL;
        g_autoptr(GError) error = NULL;

        rules.horizon_us = g_test_rand_int_range(1, 100) * HOUR;
        rules.embargo_us = rules.horizon_us + g_test_rand_int_range(0, 48) * HOUR;
        rules.train_us = g_test_rand_int_range(90, 200) * DAY;
        rules.step_us = g_test_rand_int_range(1, 30) * DAY;
        rules.valid_share = g_test_rand_double_range(0.05, 0.5);
        splits = kw_fold_rolling(&rules, &error);
        if (splits == NULL) {
            g_assert_cmpint(error->domain, ==, KW_MODEL_ERROR);
            g_assert_true(rules.data.end_us - rules.data.begin_us <=
                              rules.train_us + rules.embargo_us ||
                          (gdouble) rules.train_us * (1 - rules.valid_share) <=
                              (gdouble) rules.embargo_us);
            continue;
        }
        for (guint i = 0; i < splits->len; i++) {
            const KwFold *split = &g_array_index(splits, KwFold, i);

            check_split(split, &rules);
            if (i > 0)
                g_assert_cmpint(split->test.begin_us, ==,
                                g_array_index(splits, KwFold, i - 1).test.end_us);
        }
        g_assert_cmpint(g_array_index(splits, KwFold, splits->len - 1).test.end_us, ==,
                        rules.data.end_us);
    }
}

static void
test_to_date(void)
{
    KwFoldRules rules = rules_of(200);
    KwFold split;

    g_assert_true(kw_fold_to_date(&rules, 30 * DAY, &split, NULL));
    check_split(&split, &rules);
    g_assert_cmpint(split.test.end_us - split.test.begin_us, ==, 30 * DAY);
    g_assert_cmpint(split.test.end_us, ==, rules.data.end_us);
    g_assert_true(kw_fold_fixed(&rules, T0 + 120 * DAY, &split, NULL));
    check_split(&split, &rules);
    g_assert_cmpint(split.valid.end_us, ==, T0 + 120 * DAY);
}

static void
test_refuses(void)
{
    KwFoldRules rules = rules_of(100);
    g_autoptr(GError) error = NULL;
    KwFold split = {.train = {7, 7}};

    g_assert_false(kw_fold_to_date(&rules, 30 * DAY, &split, &error)); /* 70 days are left */
    g_assert_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_SHORT);
    g_assert_cmpint(split.train.begin_us, ==, 7);
    rules = rules_of(400);
    rules.embargo_us = rules.horizon_us - 1;
    g_assert_false(kw_fold_to_date(&rules, 30 * DAY, &split, NULL));
    rules = rules_of(400);
    rules.train_us = 89 * DAY;
    g_assert_null(kw_fold_rolling(&rules, NULL));
    rules = rules_of(400);
    rules.valid_share = 0;
    g_assert_null(kw_fold_rolling(&rules, NULL));
}

/* -- labels -- */

static KwSeries *
make_series(gsize n, gsize gap_at)
{
    KwSeries *series = kw_series_new(HOUR);

    for (gsize i = 0; i < n; i++) {
        gdouble price = 100 + (gdouble) (i % 5);
        KwCandle candle = {.open_us = T0 + (gint64) i * HOUR,
                           .open = price,
                           .high = price,
                           .low = price,
                           .close = price,
                           .volume = 1};

        if (i != gap_at)
            g_assert_true(kw_series_append(series, &candle));
    }
    return series;
}

static void
test_labels(void)
{
    g_autoptr(KwSeries) series = make_series(20, 10);
    gdouble returns[20], directions[20];

    g_assert_true(kw_label_compute(series, KW_LABEL_RETURN, 3 * HOUR, returns, NULL));
    g_assert_true(kw_label_compute(series, KW_LABEL_DIRECTION, 3 * HOUR, directions, NULL));
    g_assert_cmpfloat_with_epsilon(returns[0], 103.0 / 100 - 1, 1e-15);
    g_assert_cmpfloat_with_epsilon(returns[3], 101.0 / 103 - 1, 1e-15);
    g_assert_cmpfloat(directions[0], ==, 1);
    g_assert_cmpfloat(directions[3], ==, 0);
    g_assert_true(isnan(returns[7])); /* three hours later is the gap */
    g_assert_false(isnan(returns[8]));
    g_assert_true(isnan(returns[18])); /* beyond the end */
    g_assert_true(isnan(returns[16]));
    g_assert_false(isnan(returns[15]));
}

/* Property: what comes after a label's horizon changes nothing in it */
static void
test_labels_look_no_further(void)
{
    g_autoptr(KwSeries) whole = make_series(50, 99);
    gdouble all[50], part[50];

    g_assert_true(kw_label_compute(whole, KW_LABEL_RETURN, 4 * HOUR, all, NULL));
    for (gsize n = 10; n < 50; n += 7) {
        g_autoptr(KwSeries) cut = make_series(n, 99);

        g_assert_true(kw_label_compute(cut, KW_LABEL_RETURN, 4 * HOUR, part, NULL));
        for (gsize i = 0; i + 4 < n; i++)
            g_assert_true(all[i] >= part[i] && all[i] <= part[i]);
        for (gsize i = n - 4; i < n; i++)
            g_assert_true(isnan(part[i]));
    }
}

/* A pair whose close follows @closes, one a candle; 0 leaves the candle out */
static KwSeries *
make_pair(const gdouble *closes, gsize n)
{
    KwSeries *series = kw_series_new(HOUR);

    for (gsize i = 0; i < n; i++) {
        KwCandle candle = {
            T0 + (gint64) i * HOUR, closes[i], closes[i], closes[i], closes[i], 1};

        if (closes[i] > 0)
            g_assert_true(kw_series_append(series, &candle));
    }
    return series;
}

static void
test_label_trend(void)
{
    static const gdouble a[] = {100, 110, 121, 121, 100, 100, 100};
    static const gdouble b[] = {100, 101, 99.99, 99.99, 99.99, 0, 50};
    static const gdouble c[] = {10, 12, 9, 9, 18, 18, 18};
    g_autoptr(KwSeries) first = make_pair(a, G_N_ELEMENTS(a));
    g_autoptr(KwSeries) second = make_pair(b, G_N_ELEMENTS(b));
    g_autoptr(KwSeries) third = make_pair(c, G_N_ELEMENTS(c));
    const KwSeries *const pairs[] = {first, second, third};
    gdouble out[7], single[7];
    g_autoptr(GError) error = NULL;

    g_assert_true(kw_label_trend(first, pairs, 3, HOUR, out, NULL));
    g_assert_cmpfloat_with_epsilon(out[0], 1, 1e-15); /* all rise */
    g_assert_cmpfloat_with_epsilon(out[1], (0.1 - 0.01 - 0.25) / 0.36, 1e-9);
    g_assert_true(isnan(out[2])); /* nothing moved */
    g_assert_cmpfloat_with_epsilon(out[3], (1 - 21.0 / 121) / (1 + 21.0 / 121), 1e-9);
    g_assert_true(isnan(out[4])); /* the second has no candle then, the others stand still */
    g_assert_true(isnan(out[6])); /* beyond the end */
    g_assert_true(kw_label_trend(first, pairs, 2, HOUR, out, NULL));
    g_assert_true(isnan(out[4])); /* one pair alone makes no trend of several */
    g_assert_true(kw_label_compute(first, KW_LABEL_RETURN, HOUR, single, NULL));
    g_assert_false(isnan(single[4]));
    g_assert_false(kw_label_trend(first, pairs, 1, HOUR, out, &error));
    g_assert_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_VALUE);
}

static void
test_label_names(void)
{
    for (gint kind = KW_LABEL_RETURN; kind <= KW_LABEL_TREND; kind++) {
        KwLabelKind read = KW_LABEL_RETURN;

        g_assert_true(kw_label_kind_parse(kw_label_kind_to_string((KwLabelKind) kind), &read));
        g_assert_cmpint(read, ==, kind);
    }
    g_assert_false(kw_label_kind_parse("mood", &(KwLabelKind){0}));
}

static void
test_label_rejects(void)
{
    g_autoptr(KwSeries) series = make_series(5, 99);
    g_autoptr(KwSeries) empty = kw_series_new(HOUR);
    gdouble out[5];
    g_autoptr(GError) error = NULL;

    g_assert_false(kw_label_compute(series, KW_LABEL_RETURN, 5 * HOUR, out, &error));
    g_assert_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_VALUE);
    g_assert_false(kw_label_compute(series, KW_LABEL_RETURN, HOUR / 2, out, NULL));
    g_assert_false(kw_label_compute(series, KW_LABEL_RETURN, 0, out, NULL));
    g_assert_false(kw_label_compute(empty, KW_LABEL_RETURN, HOUR, out, NULL));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/model/fold/rolling", test_rolling);
    g_test_add_func("/model/fold/to-date", test_to_date);
    g_test_add_func("/model/fold/refuses", test_refuses);
    g_test_add_func("/model/label/values", test_labels);
    g_test_add_func("/model/label/look-no-further", test_labels_look_no_further);
    g_test_add_func("/model/label/rejects", test_label_rejects);
    g_test_add_func("/model/label/label-trend", test_label_trend);
    g_test_add_func("/model/label/label-names", test_label_names);
    return g_test_run();
}
