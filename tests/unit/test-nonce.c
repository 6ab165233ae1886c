/* test-nonce.c: numbers grow over restarts, clock steps and broken files (F21) */
#include "kw-error.h"
#include "kw-nonce.h"
#include "kw-test.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

typedef struct {
    gchar *folder, *path;
    KwFakeClock *clock;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
    f->folder = kw_test_tmp_dir_new();
    f->path = g_build_filename(f->folder, "kraken.nonce", NULL);
    f->clock = kw_fake_clock_new(KW_TEST_T0_US);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    g_clear_object(&f->clock);
    g_free(f->path);
    kw_test_tmp_dir_free(f->folder);
}

static KwNonce *
open_nonce(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    KwNonce *nonce = kw_nonce_new(KW_CLOCK(f->clock), f->path, &error);

    g_assert_no_error(error);
    return nonce;
}

static guint64
take(KwNonce *nonce)
{
    g_autoptr(GError) error = NULL;
    guint64 value = 0;

    g_assert_true(kw_nonce_take(nonce, &value, &error));
    g_assert_no_error(error);
    return value;
}

static void
test_grows(Fixture *f, gconstpointer data)
{
    g_autoptr(KwNonce) nonce = open_nonce(f);

    g_assert_cmpuint(take(nonce), ==, KW_TEST_T0_US);
    g_assert_cmpuint(take(nonce), ==, KW_TEST_T0_US + 1); /* the clock stands still */
    kw_fake_clock_advance(f->clock, 500);
    g_assert_cmpuint(take(nonce), ==, KW_TEST_T0_US + 500);
    kw_fake_clock_step(f->clock, -G_TIME_SPAN_DAY);
    g_assert_cmpuint(take(nonce), ==, KW_TEST_T0_US + 501);
    kw_nonce_raise(nonce, KW_TEST_T0_US + 9000);
    g_assert_cmpuint(take(nonce), ==, KW_TEST_T0_US + 9001);
    kw_nonce_raise(nonce, 5);
    g_assert_cmpuint(take(nonce), ==, KW_TEST_T0_US + 9002);
}

/* Property: over any restarts and steps of the clock no number comes twice or goes back. */
static void
test_restarts(Fixture *f, gconstpointer data)
{
    g_autoptr(KwNonce) nonce = open_nonce(f);
    guint64 last = 0;

    for (guint i = 0; i < 300; i++) {
        guint64 value;

        switch (g_test_rand_int_range(0, 6)) {
        case 0:
            g_clear_pointer(&nonce, kw_nonce_free);
            nonce = open_nonce(f);
            break;
        case 1:
            kw_fake_clock_step(f->clock, (gint64) g_test_rand_double_range(-1e11, 1e11));
            break;
        default:
            kw_fake_clock_advance(f->clock, g_test_rand_int_range(0, 2000000000));
        }
        value = take(nonce);
        g_assert_cmpuint(value, >, last);
        last = value;
    }
}

static void
test_bad_file(Fixture *f, gconstpointer data)
{
    static const gchar *const contents[] = {
        "", "12", "zwölf\n", "-5\n", "0\n", "12 \n", "99999999999999999999\n"};

    for (gsize i = 0; i < G_N_ELEMENTS(contents); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("row %" G_GSIZE_FORMAT, i);
        g_assert_true(g_file_set_contents(f->path, contents[i], -1, NULL));
        g_assert_null(kw_nonce_new(KW_CLOCK(f->clock), f->path, &error));
        g_assert_error(error, KW_NET_ERROR, KW_NET_ERROR_IO);
    }
}

/* What cannot be remembered is not given away. */
static void
test_no_place(Fixture *f, gconstpointer data)
{
    g_autofree gchar *path = g_build_filename(f->folder, "none", "kraken.nonce", NULL);
    g_autoptr(KwNonce) nonce = kw_nonce_new(KW_CLOCK(f->clock), path, NULL);
    g_autoptr(GError) error = NULL;
    guint64 value = 7;

    g_assert_nonnull(nonce);
    g_assert_false(kw_nonce_take(nonce, &value, &error));
    g_assert_error(error, KW_NET_ERROR, KW_NET_ERROR_IO);
    g_assert_cmpuint(value, ==, 7);
}

static void
test_mode(Fixture *f, gconstpointer data)
{
    g_autoptr(KwNonce) nonce = open_nonce(f);
    GStatBuf status;

    (void) take(nonce);
    g_assert_cmpint(g_stat(f->path, &status), ==, 0);
    g_assert_cmpuint(status.st_mode & 0777, ==, 0600);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/exchange/nonce/grows", Fixture, NULL, set_up, test_grows, tear_down);
    g_test_add("/exchange/nonce/restarts", Fixture, NULL, set_up, test_restarts, tear_down);
    g_test_add("/exchange/nonce/bad-file", Fixture, NULL, set_up, test_bad_file, tear_down);
    g_test_add("/exchange/nonce/no-place", Fixture, NULL, set_up, test_no_place, tear_down);
    g_test_add("/exchange/nonce/mode", Fixture, NULL, set_up, test_mode, tear_down);
    return g_test_run();
}
