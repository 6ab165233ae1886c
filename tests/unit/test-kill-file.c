/* test-kill-file.c: the kill latch on disk; whatever is in doubt counts as on */
#include "kw-error.h"
#include "kw-kill-file.h"
#include "kw-test.h"

#include <glib/gstdio.h>

typedef struct {
    gchar *root;
    gchar *path;
} Fixture;

static void
set_up(Fixture *f, gconstpointer unused)
{
    f->root = kw_test_tmp_dir_new();
    f->path = g_build_filename(f->root, KW_KILL_FILE, NULL);
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
    g_free(f->path);
    kw_test_tmp_dir_free(f->root);
}

static void
test_kill_file_round_trip(Fixture *f, gconstpointer unused)
{
    g_auto(KwKillRecord) record = {0};
    g_autoptr(GError) error = NULL;

    g_assert_true(
        kw_kill_file_write(f->root, KW_KILL_ON, KW_TEST_T0_US, "daily\nloss", &error));
    g_assert_no_error(error);
    kw_kill_file_read(f->root, NULL, &record);
    g_assert_cmpint(record.state, ==, KW_KILL_ON);
    g_assert_cmpint(record.time_us, ==, KW_TEST_T0_US);
    g_assert_cmpstr(record.reason, ==, "daily loss");

    kw_kill_record_clear(&record);
    g_assert_true(kw_kill_file_sync(f->root, &error));
    g_assert_no_error(error);
    g_assert_true(kw_kill_file_write(f->root, KW_KILL_OFF, KW_TEST_T0_US, NULL, &error));
    kw_kill_file_read(f->root, NULL, &record);
    g_assert_cmpint(record.state, ==, KW_KILL_OFF);
}

static void
test_kill_file_both_places(Fixture *f, gconstpointer unused)
{
    static const struct {
        const gchar *file, *meta;
        KwKillState expected;
    } rows[] = {
        {NULL, NULL, KW_KILL_OFF},
        {NULL, "off 5 \n", KW_KILL_OFF},
        {NULL, "on 5 x\n", KW_KILL_ON},
        {"off 5 \n", "on 5 x\n", KW_KILL_ON},
        {"on 5 x\n", "off 5 \n", KW_KILL_ON},
        {"on 5 x\n", NULL, KW_KILL_ON},
        {"", "off 5 \n", KW_KILL_UNREADABLE},
        {"of", "off 5 \n", KW_KILL_UNREADABLE},
        {"off 5 x", NULL, KW_KILL_UNREADABLE},
        {"off five \n", NULL, KW_KILL_UNREADABLE},
        {"off 5 \n", "nonsense", KW_KILL_UNREADABLE},
        {"\x01\x02", "on 5 x\n", KW_KILL_ON},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(KwKillRecord) record = {0};

        g_test_message("row %" G_GSIZE_FORMAT, i);
        (void) g_unlink(f->path);
        if (rows[i].file != NULL)
            g_assert_true(g_file_set_contents(f->path, rows[i].file, -1, NULL));
        kw_kill_file_read(f->root, rows[i].meta, &record);
        g_assert_cmpint(record.state, ==, rows[i].expected);
    }
}

/* A folder in place of the file cannot be read by anybody, root included. */
static void
test_kill_file_unreadable(Fixture *f, gconstpointer unused)
{
    g_auto(KwKillRecord) record = {0};

    g_assert_cmpint(g_mkdir(f->path, 0700), ==, 0);
    kw_kill_file_read(f->root, "off 5 \n", &record);
    g_assert_cmpint(record.state, ==, KW_KILL_UNREADABLE);
}

/* When no second file can be made (here: a folder of its name) tripping still succeeds,
 * releasing does not. */
static void
test_kill_file_no_room(Fixture *f, gconstpointer unused)
{
    g_autofree gchar *next = g_strconcat(f->path, ".next", NULL);
    g_auto(KwKillRecord) record = {0};
    g_autoptr(GError) error = NULL;

    g_assert_true(kw_kill_file_write(f->root, KW_KILL_OFF, 1, NULL, NULL));
    g_assert_cmpint(g_mkdir(next, 0700), ==, 0);
    g_assert_true(kw_kill_file_write(f->root, KW_KILL_ON, 2, "owner", &error));
    g_assert_no_error(error);
    kw_kill_file_read(f->root, NULL, &record);
    g_assert_cmpint(record.state, ==, KW_KILL_ON);
    g_assert_false(kw_kill_file_write(f->root, KW_KILL_OFF, 3, NULL, &error));
    g_assert_error(error, KW_STORE_ERROR, KW_STORE_ERROR_IO);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, func)                                                                        \
    g_test_add("/store/kill-file/" name, Fixture, NULL, set_up, func, tear_down)
    ADD("round-trip", test_kill_file_round_trip);
    ADD("both-places", test_kill_file_both_places);
    ADD("unreadable", test_kill_file_unreadable);
    ADD("no-room", test_kill_file_no_room);
    return g_test_run();
}
