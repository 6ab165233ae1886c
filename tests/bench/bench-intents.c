/* bench-intents.c: reading a message, over the lines of both corpora
 *
 * One JSON line: median and 99th percentile of kw_intent_parse() alone. Beside it, as the bare
 * work, folding the same texts to words, without which nothing can be read. */
#include "kw-corpus.h"
#include "kw-test.h"
#include "kw-text.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define ROUNDS 3

static int
compare(gconstpointer a, gconstpointer b)
{
    gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

    return x < y ? -1 : x > y;
}

static void
add_texts(const gchar *name, GPtrArray *texts)
{
    g_autofree gchar *path =
        g_build_filename(g_getenv("KW_SOURCE_ROOT"), "tests/fixtures/chat", name, NULL);
    g_autofree gchar *all = NULL;
    g_auto(GStrv) lines = NULL;

    g_assert_true(g_file_get_contents(path, &all, NULL, NULL));
    lines = g_strsplit(all, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        g_autoptr(JsonNode) node = *lines[i] != '\0' ? json_from_string(lines[i], NULL) : NULL;

        if (node != NULL)
            g_ptr_array_add(texts, g_strdup(json_object_get_string_member(
                                       json_node_get_object(node), "text")));
    }
}

static gint64
time_parse(const gchar *text, KwZone *zone)
{
    KwIntentInput input = {.text = text,
                           .len = strlen(text),
                           .now_us = KW_CORPUS_NOW_US,
                           .zone = zone,
                           .quote = "USDT"};
    gint64 start_us = g_get_monotonic_time();
    KwIntent intent;

    kw_intent_parse(&input, &intent);
    return g_get_monotonic_time() - start_us;
}

static gint64
time_words(const gchar *text)
{
    gint64 start_us = g_get_monotonic_time();
    g_autoptr(KwText) words = kw_text_new(text, strlen(text));

    g_assert_nonnull(words);
    return g_get_monotonic_time() - start_us;
}

/* Rank @percent of the sorted @times */
static gint64
get_rank(const GArray *times, guint percent)
{
    return g_array_index(times, gint64, (times->len - 1) * percent / 100);
}

int
main(void)
{
    g_autoptr(KwZone) zone = kw_zone_new(KW_CORPUS_ZONE, NULL);
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(GArray) bare = g_array_new(FALSE, FALSE, sizeof(gint64));

    add_texts("de_corpus.jsonl", texts);
    add_texts("own_corpus.jsonl", texts);
    add_texts("fresh_corpus.jsonl", texts);
    (void) time_parse("status", zone); /* the lexicon is read at the first one */
    for (guint round = 0; round < ROUNDS; round++) {
        for (guint i = 0; i < texts->len; i++) {
            gint64 time_us = time_parse(texts->pdata[i], zone);
            gint64 bare_us = time_words(texts->pdata[i]);

            g_array_append_val(times, time_us);
            g_array_append_val(bare, bare_us);
        }
    }
    g_array_sort(times, compare);
    g_array_sort(bare, compare);
    g_print("{\"name\": \"intents\", \"messages\": %u, \"p50_us\": %" G_GINT64_FORMAT
            ", \"p99_us\": %" G_GINT64_FORMAT ", \"max_us\": %" G_GINT64_FORMAT
            ", \"limit_p99_us\": 500, \"words_p99_us\": %" G_GINT64_FORMAT
            ", \"ratio\": %.1f}\n",
            times->len, get_rank(times, 50), get_rank(times, 99), get_rank(times, 100),
            get_rank(bare, 99),
            (gdouble) get_rank(times, 99) / (gdouble) MAX(get_rank(bare, 99), 1));
    return 0;
}
