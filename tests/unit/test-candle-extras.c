/* test-candle-extras.c: columns beside the candles, as numbers and as labels */
#include "kw-candle-extras.h"
#include "kw-test.h"

#include <math.h>

static void
test_number_and_label(void)
{
    g_autoptr(KwCandleExtras) extras = kw_candle_extras_new(6);
    guint id = kw_candle_extras_add_column(extras, "score");
    const KwExtraColumn *column;

    kw_candle_extras_set(extras, id, 0, "0.25");
    kw_candle_extras_set(extras, id, 1, "True");
    kw_candle_extras_set(extras, id, 2, "false");
    kw_candle_extras_set(extras, id, 3, "1e3");
    kw_candle_extras_set(extras, id, 4, "NaN");
    column = kw_candle_extras_find(extras, "score");
    g_assert_false(column->has_text);
    g_assert_cmpfloat(column->numbers[0], ==, 0.25);
    g_assert_cmpfloat(column->numbers[1], ==, 1.0);
    g_assert_cmpfloat(column->numbers[2], ==, 0.0);
    g_assert_cmpfloat(column->numbers[3], ==, 1000.0);
    g_assert_true(isnan(column->numbers[4]) && isnan(column->numbers[5]));
    g_assert_cmpstr(column->labels->pdata[column->bytes[0]], ==, "0.25");
    g_assert_cmpstr(column->labels->pdata[column->bytes[5]], ==, "");
    g_assert_null(kw_candle_extras_find(extras, "other"));
}

static void
test_text_is_told(void)
{
    g_autoptr(KwCandleExtras) extras = kw_candle_extras_new(3);
    guint id = kw_candle_extras_add_column(extras, "tag");
    const KwExtraColumn *column = kw_candle_extras_get_column(extras, id);

    g_assert_cmpuint(kw_candle_extras_add_column(extras, "tag"), ==, id);
    kw_candle_extras_set(extras, id, 0, "e1");
    kw_candle_extras_set(extras, id, 1, "e2");
    kw_candle_extras_set(extras, id, 2, "e1");
    g_assert_true(column->has_text);
    g_assert_cmpuint(column->bytes[0], ==, column->bytes[2]);
    g_assert_cmpuint(column->bytes[0], !=, column->bytes[1]);
    g_assert_cmpuint(column->labels->len, ==, 3);
}

/* Labels are cut at a character, and too many of them are no labels any more. */
static void
test_limits(void)
{
    g_autoptr(KwCandleExtras) extras = kw_candle_extras_new(600);
    guint id = kw_candle_extras_add_column(extras, "many");
    guint cut = kw_candle_extras_add_column(extras, "long");
    const KwExtraColumn *column = kw_candle_extras_get_column(extras, id);

    kw_candle_extras_set(extras, cut, 0, "ababababababababababababababab\xc3\xa4\xc3\xa4");
    column = kw_candle_extras_get_column(extras, cut);
    g_assert_cmpstr(column->labels->pdata[1], ==, "ababababababababababababababab\xc3\xa4");

    column = kw_candle_extras_get_column(extras, id);
    for (guint i = 0; i < 600; i++) {
        g_autofree gchar *text = g_strdup_printf("x%u", i);

        g_assert_cmpint(column->has_overflow, ==, i > KW_CANDLE_EXTRAS_MAX_LABELS);
        kw_candle_extras_set(extras, id, i, text);
    }
    g_assert_cmpuint(column->labels->len, ==, KW_CANDLE_EXTRAS_MAX_LABELS + 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/market/candle-extras/number-and-label", test_number_and_label);
    g_test_add_func("/market/candle-extras/text", test_text_is_told);
    g_test_add_func("/market/candle-extras/limits", test_limits);
    return g_test_run();
}
