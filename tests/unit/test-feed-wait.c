/* test-feed-wait.c: a call that waits is answered once, by a batch or by its cancel */
#include "kw-feed-wait.h"

typedef struct {
    GObject *feed;
    GCancellable *cancel;
    KwFeedWait wait;
    guint n_answers;
    gboolean has_batch;
    GError *error;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
    f->feed = g_object_new(G_TYPE_OBJECT, NULL);
    f->cancel = g_cancellable_new();
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    g_assert_finalize_object(f->feed); /* no call has kept it */
    g_object_unref(f->cancel);
    g_clear_error(&f->error);
}

static void
on_answer(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Fixture *f = user_data;

    f->has_batch = g_task_propagate_boolean(G_TASK(result), &f->error);
    f->n_answers++;
}

static void
settle(void)
{
    while (g_main_context_iteration(NULL, FALSE))
        ;
}

static void
begin(Fixture *f)
{
    g_autoptr(GTask) task = kw_feed_wait_task_new(f->feed, f->cancel, on_answer, f, begin);

    g_assert_nonnull(task);
    kw_feed_wait_begin(&f->wait, task);
    g_assert_true(kw_feed_wait_is_on(&f->wait));
}

static void
test_batch(Fixture *f, gconstpointer data)
{
    g_assert_false(kw_feed_wait_is_on(&f->wait));
    for (guint i = 1; i <= 2; i++) {
        begin(f);
        kw_feed_wait_end(&f->wait);
        g_assert_false(kw_feed_wait_is_on(&f->wait));
        settle();
        g_assert_cmpuint(f->n_answers, ==, i);
        g_assert_true(f->has_batch);
    }
    g_cancellable_cancel(f->cancel); /* nobody waits any more */
    settle();
    g_assert_cmpuint(f->n_answers, ==, 2);
}

static void
on_over(gpointer feed)
{
    g_object_set_data(feed, "over", feed);
}

static void
test_cancel(Fixture *f, gconstpointer data)
{
    f->wait.over = on_over;
    begin(f);
    settle();
    g_cancellable_cancel(f->cancel);
    settle();
    g_assert_cmpuint(f->n_answers, ==, 1);
    g_assert_error(f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_false(kw_feed_wait_is_on(&f->wait));
    g_assert_nonnull(g_object_get_data(f->feed, "over"));
}

/* A batch that has left reaches the caller, whatever comes then. */
static void
test_cancel_behind(Fixture *f, gconstpointer data)
{
    begin(f);
    kw_feed_wait_end(&f->wait);
    g_cancellable_cancel(f->cancel);
    settle();
    g_assert_cmpuint(f->n_answers, ==, 1);
    g_assert_true(f->has_batch);
    g_assert_no_error(f->error);
}

static void
test_cancelled_before(Fixture *f, gconstpointer data)
{
    g_cancellable_cancel(f->cancel);
    g_assert_null(kw_feed_wait_task_new(f->feed, f->cancel, on_answer, f, begin));
    settle();
    g_assert_cmpuint(f->n_answers, ==, 1);
    g_assert_error(f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, func)                                                                        \
    g_test_add("/market/feed-wait/" name, Fixture, NULL, set_up, func, tear_down)
    ADD("batch", test_batch);
    ADD("cancel", test_cancel);
    ADD("cancel-behind", test_cancel_behind);
    ADD("cancelled-before", test_cancelled_before);
#undef ADD
    return g_test_run();
}
