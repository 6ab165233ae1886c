#include "kw-train-order.h"

#include "kw-test.h"

#include <string.h>

#define DAY_US G_TIME_SPAN_DAY
#define NOW_US G_GINT64_CONSTANT(1773100800000000) /* 2026-03-10, midnight UTC */

static const KwModelFacts facts = {.name = (gchar *) "boost",
                                   .pairs = (gchar *) "BTC/USDT,ETH/USDT",
                                   .source = (gchar *) "exchange",
                                   .label = KW_LABEL_DIRECTION,
                                   .timeframe_us = G_TIME_SPAN_HOUR,
                                   .horizon_us = 12 * G_TIME_SPAN_HOUR,
                                   .data_begin_us = NOW_US - 500 * DAY_US,
                                   .data_end_us = NOW_US - 100 * DAY_US};

static gchar *
join(const KwTrainOrder *order)
{
    g_auto(GStrv) words = kw_train_order_to_words(order, &facts);

    return g_strjoinv(" ", words);
}

/* The same length of time, moved to now */
static void
test_words(void)
{
    const KwTrainOrder order = {
        .root = "/root", .folder = "/none", .max_mb = 192, .now_us = NOW_US + DAY_US / 2};
    g_autofree gchar *text = join(&order);

    g_assert_cmpstr(text, ==,
                    "train --json --resume --promote-if-passed --root /root --name boost"
                    " --pairs BTC/USDT,ETH/USDT --timeframe 1h --label direction --horizon 12"
                    " --features /none/features.ini --from 2025-02-03 --to 2026-03-10"
                    " --entry-order market --memory 192");
}

/* Numbers of the recipe are taken over, words are not: they may be somebody else's. */
static void
test_recipe(void)
{
    g_autofree gchar *folder = kw_test_tmp_dir_new();
    g_autofree gchar *path = g_build_filename(folder, "metrics.json", NULL);
    const KwTrainOrder order = {.root = "/root",
                                .folder = folder,
                                .strategy = "/s.lua",
                                .config = "/k.conf",
                                .now_us = NOW_US};
    g_autofree gchar *text = NULL;

    g_assert_true(g_file_set_contents(path,
                                      "{\"recipe\": {\"rounds\": 50, \"eta\": 0.05,"
                                      " \"depth\": \"--root=/elsewhere\", \"seed\": 7,"
                                      " \"root\": 3}}",
                                      -1, NULL));
    text = join(&order);
    g_assert_nonnull(
        strstr(text, " --strategy /s.lua --config /k.conf --entry-order market --rounds 50"
                     " --eta 0.05 --seed 7"));
    g_assert_null(strstr(text, "elsewhere"));
    g_assert_null(strstr(text, "--root 3"));
    g_assert_null(strstr(text, "--memory"));
    kw_test_tmp_dir_free(g_steal_pointer(&folder));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/engine/train-order/words", test_words);
    g_test_add_func("/engine/train-order/recipe", test_recipe);
    return g_test_run();
}
