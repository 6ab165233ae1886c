#include "kw-fake-journal.h"
#include "kw-group-journal.h"

typedef struct {
    KwFakeJournal *store;
    KwGroupJournal *group;
    guint n_failed, n_recovered; /* signals */
} Rig;

/* What became of one append */
typedef struct {
    guint n_ok, n_error;
    KwJournal *again; /* append "again" there when this one is done; NULL not to */
} Answer;

static void
on_failed(KwGroupJournal *group, const GError *error, gpointer user_data)
{
    g_assert_nonnull(error);
    ((Rig *) user_data)->n_failed++;
}

static void
on_recovered(KwGroupJournal *group, gpointer user_data)
{
    ((Rig *) user_data)->n_recovered++;
}

static void
rig_init(Rig *rig)
{
    *rig = (Rig){.store = kw_fake_journal_new()};
    rig->group = kw_group_journal_new(KW_JOURNAL(rig->store));
    g_signal_connect(rig->group, "failed", G_CALLBACK(on_failed), rig);
    g_signal_connect(rig->group, "recovered", G_CALLBACK(on_recovered), rig);
}

static void
settle(void)
{
    while (g_main_context_iteration(NULL, FALSE))
        continue;
}

static void
rig_clear(Rig *rig)
{
    kw_fake_journal_release_all(rig->store);
    settle();
    g_clear_object(&rig->group);
    g_clear_object(&rig->store);
}

static void append(KwJournal *journal, const gchar *key, Answer *answer);

static void
on_answer(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Answer *answer = user_data;

    if (kw_journal_append_finish(KW_JOURNAL(source), result, NULL))
        answer->n_ok++;
    else
        answer->n_error++;
    if (answer->again != NULL) {
        KwJournal *journal = g_steal_pointer(&answer->again);

        append(journal, "again", answer);
    }
}

/* @key NULL: an empty batch */
static void
append(KwJournal *journal, const gchar *key, Answer *answer)
{
    KwBatch *batch = kw_batch_new();

    if (key != NULL)
        kw_batch_add_meta(batch, key, "x", 1);
    kw_journal_append_async(journal, batch, NULL, on_answer, answer);
}

/* All keys that are durable, in order, a '|' between transactions */
static gchar *
dup_keys(const Rig *rig)
{
    GString *keys = g_string_new(NULL);

    for (guint i = 0; i < kw_fake_journal_get_n_batches(rig->store); i++) {
        const KwBatch *batch = kw_fake_journal_get_batch(rig->store, i);

        if (i > 0)
            g_string_append_c(keys, '|');
        for (guint k = 0; k < kw_batch_get_length(batch); k++)
            g_string_append(keys, kw_batch_get(batch, k)->u.pair.key);
    }
    return g_string_free(keys, FALSE);
}

static void
test_groups_what_comes_meanwhile(void)
{
    Rig rig;
    Answer early = {0}, durable = {0};
    g_autofree gchar *keys = NULL;

    rig_init(&rig);
    kw_fake_journal_hold(rig.store);
    append(kw_group_journal_get_early(rig.group), "a", &early);
    append(kw_group_journal_get_early(rig.group), "b", &early);
    append(KW_JOURNAL(rig.group), "c", &durable);
    append(kw_group_journal_get_early(rig.group), "d", &early);
    settle();
    g_assert_cmpuint(early.n_ok, ==, 3);
    g_assert_cmpuint(durable.n_ok, ==, 0);
    g_assert_false(kw_group_journal_is_clean(rig.group));

    kw_fake_journal_release_all(rig.store);
    settle();
    keys = dup_keys(&rig);
    g_assert_cmpstr(keys, ==, "a|bcd");
    g_assert_cmpuint(durable.n_ok, ==, 1);
    g_assert_true(kw_group_journal_is_clean(rig.group));
    rig_clear(&rig);
}

static void
test_empty_batch_waits_for_all_before(void)
{
    Rig rig;
    Answer early = {0}, barrier = {0}, clean = {0};

    rig_init(&rig);
    append(KW_JOURNAL(rig.group), NULL, &clean);
    settle();
    g_assert_cmpuint(clean.n_ok, ==, 1);
    g_assert_cmpuint(kw_fake_journal_get_n_batches(rig.store), ==, 0);

    kw_fake_journal_hold(rig.store);
    append(kw_group_journal_get_early(rig.group), "a", &early);
    append(kw_group_journal_get_early(rig.group), "b", &early);
    append(KW_JOURNAL(rig.group), NULL, &barrier);
    kw_fake_journal_release_one(rig.store);
    settle();
    g_assert_cmpuint(barrier.n_ok, ==, 0); /* "b" is under way */
    kw_fake_journal_release_one(rig.store);
    settle();
    g_assert_cmpuint(barrier.n_ok, ==, 1);
    rig_clear(&rig);
}

/* What a callback appends comes behind what was gathered before it. */
static void
test_append_in_callback_keeps_order(void)
{
    Rig rig;
    Answer early = {0}, first = {0};
    g_autofree gchar *keys = NULL;

    rig_init(&rig);
    first.again = KW_JOURNAL(rig.group);
    kw_fake_journal_hold(rig.store);
    append(KW_JOURNAL(rig.group), "a", &first);
    append(kw_group_journal_get_early(rig.group), "b", &early);
    kw_fake_journal_release_all(rig.store);
    settle();
    keys = dup_keys(&rig);
    g_assert_cmpstr(keys, ==, "a|bagain");
    g_assert_cmpuint(first.n_ok, ==, 2);
    rig_clear(&rig);
}

static void
test_early_waits_when_too_much_is_gathered(void)
{
    Rig rig;
    Answer early = {0};
    guint n = 2000;

    rig_init(&rig);
    kw_fake_journal_hold(rig.store);
    for (guint i = 0; i < n; i++)
        append(kw_group_journal_get_early(rig.group), "k", &early);
    settle();
    g_assert_cmpuint(early.n_ok, <, n / 2);
    kw_fake_journal_release_all(rig.store);
    settle();
    g_assert_cmpuint(early.n_ok, ==, n);
    rig_clear(&rig);
}

/* What nobody waits for with an answer waits until the store is back; who wants an answer gets
 * one at once; nothing is lost and the order stays. */
static void
test_failure_that_passes(void)
{
    Rig rig;
    Answer early = {0}, hurried = {0}, barrier = {0}, later = {0};
    g_autofree gchar *keys = NULL;

    rig_init(&rig);
    kw_fake_journal_fail(rig.store, 1, 2, KW_STORE_ERROR_FULL);
    kw_fake_journal_hold(rig.store);
    append(kw_group_journal_get_early(rig.group), "a", &early);
    append(kw_group_journal_get_early(rig.group), "b", &early);
    append(KW_JOURNAL(rig.group), "c", &hurried);
    append(KW_JOURNAL(rig.group), NULL, &barrier);
    kw_fake_journal_release_all(rig.store);
    settle();
    g_assert_cmpuint(rig.n_failed, ==, 1);
    g_assert_cmpuint(hurried.n_error, ==, 1);
    g_assert_cmpuint(barrier.n_ok + barrier.n_error, ==, 0);
    g_assert_false(kw_group_journal_is_dead(rig.group));

    append(kw_group_journal_get_early(rig.group), "d", &later);
    append(KW_JOURNAL(rig.group), "e", &hurried);
    settle();
    g_assert_cmpuint(later.n_ok + later.n_error, ==, 0); /* decisions wait */
    g_assert_cmpuint(hurried.n_error, ==, 2);

    kw_group_journal_retry(rig.group);
    settle();
    g_assert_cmpuint(rig.n_failed, ==, 2);
    g_assert_cmpuint(rig.n_recovered, ==, 0);
    kw_group_journal_retry(rig.group);
    settle();
    g_assert_cmpuint(rig.n_recovered, ==, 1);
    g_assert_cmpuint(barrier.n_ok, ==, 1);
    g_assert_cmpuint(later.n_ok, ==, 1);
    g_assert_true(kw_group_journal_is_clean(rig.group));
    keys = dup_keys(&rig);
    g_assert_cmpstr(keys, ==, "a|bcde");
    rig_clear(&rig);
}

static void
test_broken_store_is_final(void)
{
    Rig rig;
    Answer early = {0}, durable = {0}, barrier = {0}, later = {0};
    g_autofree gchar *keys = NULL;

    rig_init(&rig);
    kw_fake_journal_fail(rig.store, 1, 1, KW_STORE_ERROR_IO);
    append(KW_JOURNAL(rig.group), "a", &durable);
    settle();
    kw_fake_journal_hold(rig.store);
    append(kw_group_journal_get_early(rig.group), "b", &early);
    append(KW_JOURNAL(rig.group), "c", &durable);
    append(KW_JOURNAL(rig.group), NULL, &barrier);
    kw_fake_journal_release_all(rig.store);
    settle();
    g_assert_cmpuint(durable.n_ok, ==, 1);
    g_assert_cmpuint(durable.n_error, ==, 1);
    g_assert_cmpuint(barrier.n_error, ==, 1);
    g_assert_cmpuint(rig.n_failed, ==, 1);
    g_assert_true(kw_group_journal_is_dead(rig.group));

    /* the store would take it, but what went before is missing */
    kw_group_journal_retry(rig.group);
    append(kw_group_journal_get_early(rig.group), "d", &later);
    append(KW_JOURNAL(rig.group), NULL, &later);
    settle();
    g_assert_cmpuint(later.n_error, ==, 2);
    g_assert_false(kw_group_journal_is_clean(rig.group));
    keys = dup_keys(&rig);
    g_assert_cmpstr(keys, ==, "a");
    rig_clear(&rig);
}

/* An order and its fill are on disk together or not at all, whatever the size. */
static void
test_hold_keeps_together(void)
{
    Rig rig;
    Answer early = {0}, durable = {0};
    g_autofree gchar *keys = NULL;

    rig_init(&rig);
    append(kw_group_journal_get_early(rig.group), "a", &early);
    kw_group_journal_hold(rig.group);
    append(kw_group_journal_get_early(rig.group), "b", &early);
    append(KW_JOURNAL(rig.group), "c", &durable);
    settle();
    append(kw_group_journal_get_early(rig.group), "d", &early);
    settle();
    g_assert_cmpuint(early.n_ok, ==, 3);
    g_assert_cmpuint(durable.n_ok, ==, 0);
    g_assert_cmpuint(kw_fake_journal_get_n_batches(rig.store), ==, 1);
    kw_group_journal_release(rig.group);
    settle();
    keys = dup_keys(&rig);
    g_assert_cmpstr(keys, ==, "a|bcd");
    g_assert_cmpuint(durable.n_ok, ==, 1);
    g_assert_false(kw_group_journal_is_crowded(rig.group));
    kw_group_journal_hold(rig.group);
    for (guint i = 0; i < 400; i++)
        append(kw_group_journal_get_early(rig.group), "k", &early);
    settle();
    g_assert_cmpuint(early.n_ok, ==, 403);
    g_assert_true(kw_group_journal_is_crowded(rig.group));
    g_clear_pointer(&keys, g_free);
    rig_clear(&rig);
}

/* At the end of the process nobody is left waiting. */
static void
test_give_up(void)
{
    Rig rig;
    Answer early = {0}, barrier = {0};

    rig_init(&rig);
    kw_fake_journal_fail(rig.store, 0, 9, KW_STORE_ERROR_BUSY);
    append(kw_group_journal_get_early(rig.group), "a", &early);
    settle();
    append(kw_group_journal_get_early(rig.group), "b", &early);
    append(KW_JOURNAL(rig.group), NULL, &barrier);
    kw_group_journal_give_up(rig.group);
    settle();
    g_assert_cmpuint(early.n_ok, ==, 1);
    g_assert_cmpuint(early.n_error, ==, 1);
    g_assert_cmpuint(barrier.n_error, ==, 1);
    rig_clear(&rig);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/engine/group-journal/groups", test_groups_what_comes_meanwhile);
    g_test_add_func("/engine/group-journal/empty-batch", test_empty_batch_waits_for_all_before);
    g_test_add_func("/engine/group-journal/order", test_append_in_callback_keeps_order);
    g_test_add_func("/engine/group-journal/limit", test_early_waits_when_too_much_is_gathered);
    g_test_add_func("/engine/group-journal/passing-failure", test_failure_that_passes);
    g_test_add_func("/engine/group-journal/broken", test_broken_store_is_final);
    g_test_add_func("/engine/group-journal/hold", test_hold_keeps_together);
    g_test_add_func("/engine/group-journal/give-up", test_give_up);
    return g_test_run();
}
