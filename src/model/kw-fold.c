/* kw-fold.c: spans of time, not of rows
 *
 * Candles may be missing, and several pairs share one split; so borders are times. The embargo
 * stands between training and validation as well as before the test: a training row right at
 * the border would carry a label that is made from validation prices. */
#include "kw-fold.h"

#include "kw-error.h"

static gboolean
fail(GError **error, const gchar *what)
{
    g_set_error_literal(error, KW_MODEL_ERROR, KW_MODEL_ERROR_VALUE, what);
    return FALSE;
}

static gboolean
fail_short(GError **error, gint64 span_us)
{
    g_set_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_SHORT,
                "%.0f days of candles before the test are too few",
                (gdouble) MAX(span_us, 0) / G_TIME_SPAN_DAY);
    return FALSE;
}

static gboolean
check_rules(const KwFoldRules *rules, GError **error)
{
    if (rules->horizon_us <= 0)
        return fail(error, "horizon: is not above 0");
    if (rules->embargo_us < rules->horizon_us)
        return fail(error, "embargo: is shorter than the horizon");
    if (rules->train_us < KW_FOLD_MIN_TRAIN_US)
        return fail(error, "training span: is shorter than 90 days");
    if (rules->step_us <= 0)
        return fail(error, "step: is not above 0");
    if (!(rules->valid_share > 0 && rules->valid_share <= 0.5))
        return fail(error, "validation share: is not above 0 and at most one half");
    return TRUE;
}

/* Both spans in [begin, end), the embargo between them */
static void
cut_training(const KwFoldRules *rules, gint64 begin_us, gint64 end_us, KwFold *out)
{
    gint64 valid_us = (gint64) ((gdouble) (end_us - begin_us) * rules->valid_share);

    out->valid = (KwFoldSpan){end_us - valid_us, end_us};
    out->train = (KwFoldSpan){begin_us, out->valid.begin_us - rules->embargo_us};
}

/* Training in [begin, end), test in what follows up to @test_end_us */
static gboolean
make(const KwFoldRules *rules,
     KwFoldSpan training,
     gint64 test_end_us,
     KwFold *out,
     GError **error)
{
    KwFold split;

    if (training.end_us - training.begin_us < KW_FOLD_MIN_TRAIN_US)
        return fail_short(error, training.end_us - training.begin_us);
    cut_training(rules, training.begin_us, training.end_us, &split);
    split.test = (KwFoldSpan){training.end_us + rules->embargo_us, test_end_us};
    if (split.train.end_us <= split.train.begin_us || split.test.end_us <= split.test.begin_us)
        return fail(error, "too few candles between the borders");
    *out = split;
    return TRUE;
}

gboolean
kw_fold_fixed(const KwFoldRules *rules, gint64 train_end_us, KwFold *out, GError **error)
{
    KwFoldSpan training = {rules->data.begin_us, train_end_us};

    return check_rules(rules, error) && make(rules, training, rules->data.end_us, out, error);
}

gboolean
kw_fold_to_date(const KwFoldRules *rules, gint64 test_us, KwFold *out, GError **error)
{
    if (test_us <= 0)
        return fail(error, "test: is not above 0");
    return kw_fold_fixed(rules, rules->data.end_us - test_us - rules->embargo_us, out, error);
}

GArray *
kw_fold_rolling(const KwFoldRules *rules, GError **error)
{
    g_autoptr(GArray) splits = g_array_new(FALSE, FALSE, sizeof(KwFold));
    gint64 begin_us = rules->data.begin_us;

    if (!check_rules(rules, error))
        return NULL;
    for (;; begin_us += rules->step_us) {
        KwFoldSpan training = {begin_us, begin_us + rules->train_us};
        gint64 test_us = training.end_us + rules->embargo_us;
        KwFold split;

        if (test_us >= rules->data.end_us)
            break;
        if (!make(rules, training, MIN(test_us + rules->step_us, rules->data.end_us), &split,
                  error))
            return NULL;
        g_array_append_val(splits, split);
    }
    if (splits->len == 0) {
        (void) fail_short(error, rules->data.end_us - begin_us - rules->embargo_us);
        return NULL;
    }
    return g_steal_pointer(&splits);
}
