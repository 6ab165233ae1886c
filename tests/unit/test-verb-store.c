/* test-verb-store.c: backup and restore as the owner types them */
#include "kw-verb-store.h"

#include "kw-lock-file.h"
#include "kw-store-rows.h"
#include "kw-test.h"

#include <sysexits.h>

static gchar *root;

static void
make_store(void)
{
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(KW_TEST_T0_US);
    g_autoptr(KwStore) store = kw_store_open(root, KW_CLOCK(clock), NULL);

    g_assert_true(kw_test_append(store, kw_test_start_batch(KW_TEST_T0_US), NULL));
    kw_store_close(store);
}

static void
on_print(const gchar *text)
{
    (void) text;
}

/* What a verb prints must not stand between the lines of the test's report. */
static int
run(int (*verb)(int, char **), const gchar *name, const gchar *option)
{
    const gchar *argv[] = {name, "--root", root, option, NULL};
    GPrintFunc usual = g_set_print_handler(on_print);
    int status = verb(option == NULL ? 3 : 4, (char **) argv);

    (void) g_set_print_handler(usual);
    return status;
}

static void
test_verb_store_round_trip(void)
{
    g_autofree gchar *ledger = g_build_filename(root, KW_STORE_LEDGER_FILE, NULL);
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(KW_TEST_T0_US);
    g_autoptr(KwStore) store = NULL;
    g_auto(KwStoreState) state = {0};

    g_assert_cmpint(run(kw_verb_restore, "restore", NULL), ==, EX_NOINPUT);
    g_assert_cmpint(run(kw_verb_backup, "backup", NULL), ==, 0);
    g_assert_true(g_file_set_contents(ledger, "garbage", -1, NULL));
    g_assert_cmpint(run(kw_verb_backup, "backup", NULL), ==, EX_DATAERR);
    g_assert_cmpint(run(kw_verb_restore, "restore", "--json"), ==, 0);
    store = kw_store_open(root, KW_CLOCK(clock), NULL);
    g_assert_true(kw_store_load(store, KW_MODE_DRYRUN, &state, NULL));
    g_assert_true(state.has_start);
}

static void
test_verb_store_refusals(void)
{
    g_autoptr(KwLockFile) lock = NULL;

    g_assert_cmpint(run(kw_verb_backup, "backup", "--nonsense"), ==, 2);
    g_assert_cmpint(run(kw_verb_backup, "backup", "--keep=0"), ==, 2);
    g_assert_cmpint(run(kw_verb_backup, "backup", "word"), ==, 2);
    lock = kw_lock_file_take(root, NULL);
    g_assert_cmpint(run(kw_verb_restore, "restore", NULL), ==, EX_TEMPFAIL);
}

int
main(int argc, char **argv)
{
    int code;

    g_test_init(&argc, &argv, NULL);
    kw_test_prefer_memory();
    root = kw_test_tmp_dir_new();
    make_store();
    g_test_add_func("/app/verb-store/round-trip", test_verb_store_round_trip);
    g_test_add_func("/app/verb-store/refusals", test_verb_store_refusals);
    code = g_test_run();
    kw_test_tmp_dir_free(root);
    return code;
}
