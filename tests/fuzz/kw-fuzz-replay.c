/* kw-fuzz-replay.c: a fuzz target as a normal test
 *
 * Argument: the folder of the corpus. Each file is run as it is, then with some bytes changed,
 * cut or doubled by the seed of the test, so that an ordinary run looks a little further. */
#include "kw-fuzz.h"

#define N_VARIANTS 20

static const gchar *corpus;

static void
vary(GByteArray *bytes)
{
    guint n_changes = (guint) g_test_rand_int_range(1, 5);

    for (guint i = 0; i < n_changes && bytes->len > 0; i++) {
        guint at = (guint) g_test_rand_int_range(0, (gint) bytes->len);

        switch (g_test_rand_int_range(0, 3)) {
        case 0:
            bytes->data[at] = (guint8) g_test_rand_int_range(0, 256);
            break;
        case 1:
            g_byte_array_remove_range(
                bytes, at, (guint) g_test_rand_int_range(0, (gint) (bytes->len - at) + 1));
            break;
        default: {
            g_autofree guint8 *copy = g_memdup2(bytes->data, bytes->len);

            if (bytes->len < 65536)
                g_byte_array_append(bytes, copy, at);
        }
        }
    }
}

static void
replay(const gchar *name)
{
    g_autofree gchar *path = g_build_filename(corpus, name, NULL);
    g_autofree gchar *content = NULL;
    gsize length = 0;

    g_test_message("%s", name);
    g_assert_true(g_file_get_contents(path, &content, &length, NULL));
    kw_fuzz_one((const guint8 *) content, length);
    for (guint i = 0; i < N_VARIANTS; i++) {
        g_autoptr(GByteArray) bytes = g_byte_array_new();

        g_byte_array_append(bytes, (const guint8 *) content, (guint) length);
        vary(bytes);
        kw_fuzz_one(bytes->data, bytes->len);
    }
}

static gint
compare_names(gconstpointer a, gconstpointer b)
{
    return g_strcmp0(*(const gchar *const *) a, *(const gchar *const *) b);
}

static void
test_corpus(void)
{
    g_autoptr(GDir) dir = g_dir_open(corpus, 0, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    const gchar *name;

    g_assert_nonnull(dir);
    while ((name = g_dir_read_name(dir)) != NULL)
        g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, compare_names); /* so that the seed repeats a run */
    g_assert_cmpuint(names->len, >, 0);
    for (guint i = 0; i < names->len; i++)
        replay(names->pdata[i]);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(argc, ==, 2);
    corpus = argv[1];
    g_test_add_func("/fuzz/corpus", test_corpus);
    return g_test_run();
}
