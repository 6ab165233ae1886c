/* test-cancel-notes.c: noted before the cancel leaves, and no cancel waits for long */
#include "kw-cancel-notes.h"
#include "kw-fake-journal.h"
#include "kw-test.h"

typedef struct {
    KwFakeClock *clock;
    KwFakeJournal *journal;
    KwCancelNotes *notes;
    guint n_gone;
} Fixture;

static void
run(void)
{
    while (g_main_context_iteration(NULL, FALSE))
        continue;
}

static void
set_up(Fixture *f, gconstpointer data)
{
    f->clock = kw_fake_clock_new(KW_TEST_T0_US);
    f->journal = kw_fake_journal_new();
    f->notes =
        kw_cancel_notes_new(KW_CLOCK(f->clock), KW_JOURNAL(f->journal), G_OBJECT(f->journal));
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    run();
    kw_cancel_notes_free(f->notes);
    g_clear_object(&f->journal);
    g_clear_object(&f->clock);
}

static void
on_gone(gpointer user_data)
{
    ((Fixture *) user_data)->n_gone++;
}

static const gchar *
get_row(Fixture *f)
{
    return kw_fake_journal_find_meta(f->journal, KW_CANCEL_NOTES_META);
}

static void
test_durable_first(Fixture *f, gconstpointer data)
{
    kw_fake_journal_hold(f->journal);
    kw_cancel_notes_add(f->notes, "kw1", on_gone, f);
    run();
    g_assert_cmpuint(f->n_gone, ==, 0);
    kw_fake_journal_release_all(f->journal);
    run();
    g_assert_cmpuint(f->n_gone, ==, 1);
    g_assert_cmpstr(get_row(f), ==, "kw1");
    g_assert_true(kw_cancel_notes_has(f->notes, "kw1"));
    g_assert_false(kw_cancel_notes_has(f->notes, "kw2"));
    kw_cancel_notes_add(f->notes, "kw1", on_gone, f);
    kw_cancel_notes_add(f->notes, "kw2", on_gone, f);
    run();
    g_assert_cmpuint(f->n_gone, ==, 3);
    g_assert_cmpstr(get_row(f), ==, "kw1 kw2");
}

/* A disk that fails or stalls bars no way to safety; F47: nor does a step of the clock. */
static void
test_bad_disk(Fixture *f, gconstpointer data)
{
    kw_fake_journal_fail(f->journal, 0, 1, KW_STORE_ERROR_FULL);
    kw_cancel_notes_add(f->notes, "kw1", on_gone, f);
    run();
    g_assert_cmpuint(f->n_gone, ==, 1);

    kw_fake_journal_hold(f->journal);
    kw_cancel_notes_add(f->notes, "kw2", on_gone, f);
    kw_fake_clock_step(f->clock, -G_TIME_SPAN_HOUR);
    kw_fake_clock_advance(f->clock, G_USEC_PER_SEC);
    run();
    g_assert_cmpuint(f->n_gone, ==, 2);
    kw_fake_journal_release_all(f->journal);
    run();
    g_assert_cmpuint(f->n_gone, ==, 2); /* once */
}

static void
test_restored(Fixture *f, gconstpointer data)
{
    kw_cancel_notes_restore(f->notes, " kw1 kw2 ");
    g_assert_true(kw_cancel_notes_has(f->notes, "kw1"));
    g_assert_true(kw_cancel_notes_has(f->notes, "kw2"));
    g_assert_false(kw_cancel_notes_has(f->notes, ""));
    for (guint i = 0; i < 100; i++) {
        g_autofree gchar *id = g_strdup_printf("new%u", i);

        kw_cancel_notes_add(f->notes, id, on_gone, f);
    }
    run();
    g_assert_false(kw_cancel_notes_has(f->notes, "kw1")); /* it does not grow for ever */
    g_assert_true(kw_cancel_notes_has(f->notes, "new99"));
    g_assert_cmpuint(f->n_gone, ==, 100);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_quiet_log();
#define ADD(name, func)                                                                        \
    g_test_add("/exec/cancel-notes/" name, Fixture, NULL, set_up, func, tear_down)
    ADD("durable-first", test_durable_first);
    ADD("f36/bad-disk", test_bad_disk);
    ADD("restored", test_restored);
    return g_test_run();
}
