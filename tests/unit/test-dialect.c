/* test-dialect.c: words as dialects write them */
#include "kw-corpus.h"
#include "kw-dialect.h"
#include "kw-i18n.h"
#include "kw-intent.h"
#include "kw-test.h"

#include <string.h>

static const gchar small[] = "[dialect]\n"
                             "^gsch = gesch\n"
                             "ou = au\n"
                             "^ch = k\n"
                             "e$ = en\n"
                             "le$ = -\n";

static gboolean
knows(const gchar *word, gpointer user_data)
{
    return g_strv_contains(user_data, word);
}

static void
test_dialect_words(void)
{
    static const gchar *const known[] = {"kaufen", "geschaeft", "kaufe", "geschaeftsleute",
                                         NULL};
    static const struct {
        const gchar *word, *standard;
    } rows[] = {
        {"chaufe", "kaufe"}, /* one rewriting before two */
        {"gschaeft", "geschaeft"},
        {"gschaeftle", "geschaeft"}, /* two */
        {"choufe", "kaufe"},
        {"gschaeftsleut", NULL},
        {"chou", NULL},
        {"abc", NULL},
        {"", NULL},
    };
    g_autoptr(KwDialect) dialect = kw_dialect_new(small, strlen(small), NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree gchar *got =
            kw_dialect_dup_standard(dialect, rows[i].word, knows, (gpointer) known);

        g_test_message("%s", rows[i].word);
        g_assert_cmpstr(got, ==, rows[i].standard);
    }
}

static gboolean
count_and_deny(G_GNUC_UNUSED const gchar *word, gpointer user_data)
{
    ++*(guint *) user_data;
    return FALSE;
}

static void
test_dialect_built_in_loads(void)
{
    g_autoptr(GError) error = NULL;
    GBytes *bytes = kw_i18n_get_dialects();
    g_autoptr(KwDialect) dialect =
        kw_dialect_new(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), &error);

    g_assert_no_error(error);
    g_assert_nonnull(dialect);
    g_assert_null(kw_dialect_new("no file", 7, NULL));
}

/* Words come from outside: however many places there are to rewrite, the search ends. */
static void
test_dialect_is_bounded(void)
{
    guint n = 0;

    g_assert_null(kw_dialect_dup_standard(kw_dialect_get(), "oueuueiiyaaueoudueaioa",
                                          count_and_deny, &n));
    g_assert_cmpuint(n, >, 10);
    g_assert_cmpuint(n, <=, 300);
}

/* The whole parser: dialect is read, but never raises the risk by itself. */
static void
test_dialect_in_messages(void)
{
    static const struct {
        const gchar *text;
        KwIntentId id;
    } rows[] = {
        {"Hämmer Verluscht gmacht?", KW_INTENT_PROFIT},
        {"blubb blabb blobb", KW_INTENT_UNCLEAR},
        {"schtart", KW_INTENT_UNCLEAR},
    };
    g_autoptr(KwZone) zone = kw_zone_new(KW_CORPUS_ZONE, NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        KwIntentInput input = {
            .text = rows[i].text,
            .len = strlen(rows[i].text),
            .now_us = KW_CORPUS_NOW_US,
            .zone = zone,
            .quote = "USDT",
        };
        KwIntent got;

        kw_intent_parse(&input, &got);
        g_test_message("%s", rows[i].text);
        g_assert_cmpstr(kw_intent_id_to_string(got.id), ==, kw_intent_id_to_string(rows[i].id));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/commands/dialect/built-in-loads", test_dialect_built_in_loads);
    g_test_add_func("/commands/dialect/words", test_dialect_words);
    g_test_add_func("/commands/dialect/is-bounded", test_dialect_is_bounded);
    g_test_add_func("/commands/dialect/in-messages", test_dialect_in_messages);
    return g_test_run();
}
