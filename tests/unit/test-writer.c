/* test-writer.c: jobs in order, in groups, and what is held together in one group */
#include "kw-writer.h"

typedef struct {
    GMutex lock;
    GString *groups; /* "ab c " */
    guint n_done;    /* jobs, by their tasks */
} Seen;

static void
run_jobs(KwJob *const *jobs, guint n_jobs, gpointer user_data)
{
    Seen *seen = user_data;

    g_mutex_lock(&seen->lock);
    for (guint i = 0; i < n_jobs; i++)
        g_string_append(seen->groups, jobs[i]->payload);
    g_string_append_c(seen->groups, ' ');
    g_mutex_unlock(&seen->lock);
}

static void
on_done(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_assert_true(g_task_propagate_boolean(G_TASK(result), NULL));
    ((Seen *) user_data)->n_done++;
}

static void
push(KwWriter *writer, Seen *seen, const gchar *name)
{
    kw_writer_push(writer, g_strdup(name), 1, g_task_new(NULL, NULL, on_done, seen));
}

static void
wait_for(const Seen *seen, guint n)
{
    while (seen->n_done < n)
        (void) g_main_context_iteration(NULL, TRUE);
}

/* Each job is a group of its own here, since it reaches the weight of one; but what is held is
 * one, also within another hold, and beyond all limits. */
static void
test_hold(void)
{
    Seen seen = {.groups = g_string_new(NULL)};
    KwWriterSetup setup = {.name = "test",
                           .run = run_jobs,
                           .free_payload = g_free,
                           .user_data = &seen,
                           .max_weight = 1};
    g_autoptr(KwWriter) writer = NULL;

    g_mutex_init(&seen.lock);
    writer = kw_writer_new(&setup);
    push(writer, &seen, "a");
    push(writer, &seen, "b");
    wait_for(&seen, 2);
    kw_writer_hold(writer);
    push(writer, &seen, "c");
    kw_writer_hold(writer);
    push(writer, &seen, "d");
    kw_writer_release(writer);
    push(writer, &seen, "e");
    kw_writer_release(writer);
    wait_for(&seen, 5);
    g_assert_cmpstr(seen.groups->str, ==, "a b cde ");

    g_string_truncate(seen.groups, 0);
    kw_writer_hold(writer);
    for (guint i = 0; i < 2000; i++)
        push(writer, &seen, "x");
    kw_writer_release(writer);
    wait_for(&seen, 2005);
    g_assert_cmpuint(seen.groups->len, ==, 2001);
    g_clear_pointer(&writer, kw_writer_free);
    g_string_free(seen.groups, TRUE);
    g_mutex_clear(&seen.lock);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/writer/hold", test_hold);
    return g_test_run();
}
