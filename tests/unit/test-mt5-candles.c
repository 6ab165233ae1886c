/* test-mt5-candles.c: pages of a fake bridge, from now and from a time backwards */
#include "kw-candle.h"
#include "kw-error.h"
#include "kw-fake-mt5.h"
#include "kw-mt5-candles.h"
#include "kw-test.h"

#include <string.h>

#define MINUTE_US G_TIME_SPAN_MINUTE
#define T0_US (KW_TEST_T0_US / MINUTE_US * MINUTE_US)

typedef struct {
    KwFakeMt5 *fake;
    KwMt5 *mt5;
    GArray *candles;
    GError *error;
    gboolean is_done;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
    g_autoptr(KwSecret) token = kw_secret_new(KW_FAKE_MT5_TOKEN, strlen(KW_FAKE_MT5_TOKEN));
    KwMt5Options options = {.user_agent = "kurswart-test", .token = token};

    f->fake = kw_fake_mt5_new(FALSE, T0_US + 30 * G_USEC_PER_SEC);
    options.url = kw_fake_mt5_get_url(f->fake);
    f->mt5 = kw_mt5_new(&options, &f->error);
    g_assert_no_error(f->error);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    g_clear_object(&f->mt5);
    g_clear_pointer(&f->candles, g_array_unref);
    g_clear_error(&f->error);
    kw_fake_mt5_free(f->fake);
}

static void
on_candles(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Fixture *f = user_data;

    f->candles = kw_mt5_candles_finish(KW_MT5(source), result, &f->error);
    f->is_done = TRUE;
}

static void
ask(Fixture *f, gint64 until_us, guint n_rows)
{
    const KwMt5Page page = {"BTCUSD", MINUTE_US, until_us, n_rows};

    g_clear_pointer(&f->candles, g_array_unref);
    f->is_done = FALSE;
    kw_mt5_candles_async(f->mt5, &page, NULL, on_candles, f);
    while (!f->is_done)
        (void) g_main_context_iteration(NULL, TRUE);
}

static gint64
get_open_us(Fixture *f, guint index)
{
    return g_array_index(f->candles, KwCandle, index).open_us;
}

static void
test_newest(Fixture *f, gconstpointer data)
{
    ask(f, 0, 10);
    g_assert_no_error(f->error);
    g_assert_cmpuint(f->candles->len, ==, 10);
    g_assert_cmpint(get_open_us(f, 9), ==, T0_US); /* under way */
    for (guint i = 1; i < 10; i++)
        g_assert_cmpint(get_open_us(f, i), ==, get_open_us(f, i - 1) + MINUTE_US);
}

static void
test_backwards(Fixture *f, gconstpointer data)
{
    ask(f, T0_US - 5 * MINUTE_US, KW_MT5_CANDLES_MAX);
    g_assert_no_error(f->error);
    g_assert_cmpuint(f->candles->len, ==, KW_MT5_CANDLES_MAX);
    g_assert_cmpint(get_open_us(f, KW_MT5_CANDLES_MAX - 1), ==, T0_US - 5 * MINUTE_US);
    g_assert_cmpint(get_open_us(f, 0), ==, T0_US - (5 + KW_MT5_CANDLES_MAX - 1) * MINUTE_US);
}

static void
test_failure(Fixture *f, gconstpointer data)
{
    kw_fake_mt5_set_list_status(f->fake, 504);
    ask(f, 0, 10);
    g_assert_error(f->error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_UNKNOWN);
    g_assert_null(f->candles);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, func)                                                                        \
    g_test_add("/exchange/mt5-candles/" name, Fixture, NULL, set_up, func, tear_down)
    ADD("newest", test_newest);
    ADD("backwards", test_backwards);
    ADD("failure", test_failure);
#undef ADD
    return g_test_run();
}
