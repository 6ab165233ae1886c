/* test-lock-file.c: one process per data root */
#include "kw-error.h"
#include "kw-lock-file.h"
#include "kw-test.h"

#include <sys/wait.h>
#include <unistd.h>

static gchar *root;

static void
test_lock_file_second_names_first(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KwLockFile) first = kw_lock_file_take(root, &error);
    g_autofree gchar *pid = g_strdup_printf("process %d", (gint) getpid());

    g_assert_no_error(error);
    g_assert_nonnull(first);
    g_assert_null(kw_lock_file_take(root, &error));
    g_assert_error(error, KW_STORE_ERROR, KW_STORE_ERROR_BUSY);
    g_assert_nonnull(g_strstr_len(error->message, -1, pid));
    g_assert_cmpint(kw_lock_file_get_holder(root), ==, getpid());
}

static void
test_lock_file_free_again(void)
{
    g_autoptr(GError) error = NULL;
    KwLockFile *first = kw_lock_file_take(root, &error);
    g_autoptr(KwLockFile) second = NULL;

    g_assert_no_error(error);
    kw_lock_file_free(first);
    g_assert_cmpint(kw_lock_file_get_holder(root), ==, 0);
    second = kw_lock_file_take(root, &error);
    g_assert_no_error(error);
    g_assert_nonnull(second);
}

/* A process that dies without cleaning up leaves the file, not the lock. */
static void
test_lock_file_killed_holder(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KwLockFile) mine = NULL;
    gint status;
    pid_t child = fork();

    if (child == 0) {
        _exit(kw_lock_file_take(root, NULL) != NULL ? 7 : 8);
    }
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_cmpint(WEXITSTATUS(status), ==, 7);
    mine = kw_lock_file_take(root, &error);
    g_assert_no_error(error);
    g_assert_nonnull(mine);
}

int
main(int argc, char **argv)
{
    int code;

    g_test_init(&argc, &argv, NULL);
    root = kw_test_tmp_dir_new();
    g_test_add_func("/store/lock-file/second-names-first", test_lock_file_second_names_first);
    g_test_add_func("/store/lock-file/free-again", test_lock_file_free_again);
    g_test_add_func("/store/lock-file/killed-holder", test_lock_file_killed_holder);
    code = g_test_run();
    kw_test_tmp_dir_free(root);
    return code;
}
