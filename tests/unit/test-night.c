/* test-night.c: the work of a night comes after its evening, once, and not too often */
#include "kw-fake-journal.h"
#include "kw-night.h"
#include "kw-test.h"

typedef struct {
    gchar *root;
    KwFakeClock *clock;
    KwStore *store;
    KwFakeJournal *journal;
    GObject *owner;
    KwNight *night;
    KwNightlyPlan plan;
    guint n_done;
} Fixture;

static guint *counter; /* of the fixture under test */

static void
on_done(const GError *error, gpointer owner)
{
    g_assert_no_error(error);
    (*counter)++;
}

static void
set_up(Fixture *f, gconstpointer data)
{
    f->root = kw_test_tmp_dir_new();
    f->clock = kw_fake_clock_new(G_GINT64_CONSTANT(1773187200000000));
    f->store = kw_store_open(f->root, KW_CLOCK(f->clock), NULL);
    f->journal = kw_fake_journal_new();
    f->owner = g_object_new(G_TYPE_OBJECT, NULL);
    f->plan = kw_nightly_plan_default;
    counter = &f->n_done;
    f->night = kw_night_new(f->store, KW_JOURNAL(f->journal), KW_CLOCK(f->clock), &f->plan,
                            on_done, f->owner);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    while (kw_night_is_busy(f->night))
        (void) g_main_context_iteration(NULL, TRUE);
    g_clear_pointer(&f->night, kw_night_free);
    kw_store_close(f->store);
    g_clear_object(&f->store);
    g_clear_object(&f->journal);
    g_clear_object(&f->owner);
    g_clear_object(&f->clock);
    g_clear_pointer(&f->root, kw_test_tmp_dir_free);
}

static void
wait(Fixture *f)
{
    while (kw_night_is_busy(f->night))
        (void) g_main_context_iteration(NULL, TRUE);
}

/* What was decided before is on disk first; a second call meanwhile is the same night. */
static void
test_after_the_evening(Fixture *f, gconstpointer data)
{
    kw_fake_journal_hold(f->journal);
    kw_night_begin(f->night);
    kw_night_begin(f->night);
    while (g_main_context_iteration(NULL, FALSE))
        continue;
    g_assert_true(kw_night_is_busy(f->night));
    g_assert_cmpuint(f->n_done, ==, 0);
    kw_fake_journal_release_all(f->journal);
    wait(f);
    g_assert_cmpuint(f->n_done, ==, 1);
    kw_night_begin(f->night);
    wait(f);
    g_assert_cmpuint(f->n_done, ==, 2);
}

static void
test_pause(Fixture *f, gconstpointer data)
{
    f->plan.pause_us = G_TIME_SPAN_DAY;
    kw_night_begin(f->night);
    wait(f);
    kw_night_begin(f->night);
    g_assert_false(kw_night_is_busy(f->night));
    g_assert_cmpuint(f->n_done, ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_prefer_memory();
    kw_test_quiet_log();
    g_test_add("/engine/night/evening", Fixture, NULL, set_up, test_after_the_evening,
               tear_down);
    g_test_add("/engine/night/pause", Fixture, NULL, set_up, test_pause, tear_down);
    return g_test_run();
}
