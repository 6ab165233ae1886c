/* test-bot.c: answers and messages are true after a crash, or say that they may not be */
#include "kw-bot.h"

#include "kw-build-data.h"
#include "kw-dataset.h"
#include "kw-db.h"
#include "kw-fault-vfs.h"
#include "kw-rig.h"
#include "kw-test.h"

#include <string.h>

typedef struct {
    gchar *root;
    KwSettings *settings;
    KwRig *rig;
    GPtrArray *told; /* owned text: kind and key of each message */
} Fixture;

static void
on_message(
    KwBot *bot, const gchar *key, const gchar *text, const KwEvent *event, gpointer user_data)
{
    g_assert_nonnull(text);
    g_ptr_array_add(((Fixture *) user_data)->told, g_strdup(key));
}

static void
open_bot(Fixture *f)
{
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(0);
    g_autoptr(GError) error = NULL;
    g_autoptr(KwDataset) dataset = kw_dataset_load_resource("/kurswart/candles", NULL, &error);
    g_autoptr(KwReplayFeed) feed =
        kw_dataset_take_feed(dataset, KW_CLOCK(clock), G_MININT64, G_MAXINT64, &error);

    f->rig = kw_rig_new(clock,
                        &(KwRigOptions){.settings = f->settings,
                                        .feed = feed,
                                        .seed = 1,
                                        .durability = KW_DURABILITY_GROUP},
                        &error);
    g_assert_no_error(error);
    g_signal_connect(f->rig->bot, "message", G_CALLBACK(on_message), f);
    kw_bot_start(f->rig->bot);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    static const gchar *const overrides[] = {"trading.threshold=0", NULL};
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    KwSettingsPaths paths = {KW_SETTINGS_NO_FILE, KW_SETTINGS_NO_FILE, NULL};

    f->root = kw_test_tmp_dir_new();
    f->told = g_ptr_array_new_with_free_func(g_free);
    paths.root = f->root;
    f->settings = kw_settings_load(&paths, NULL, overrides, problems);
    g_assert_nonnull(f->settings);
    open_bot(f);
}

static void
close_bot(Fixture *f)
{
    g_signal_handlers_disconnect_by_data(f->rig->bot, f);
    g_clear_pointer(&f->rig, kw_rig_free);
    while (g_main_context_iteration(NULL, FALSE))
        continue;
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    kw_fault_vfs_set(KW_VFS_FAULT_NONE, "");
    close_bot(f);
    g_clear_pointer(&f->settings, kw_settings_free);
    g_ptr_array_unref(f->told);
    g_clear_pointer(&f->root, kw_test_tmp_dir_free);
}

static guint
count_told(const Fixture *f, const gchar *kind)
{
    guint n = 0;

    for (guint i = 0; i < f->told->len; i++)
        n += g_str_has_prefix(f->told->pdata[i], kind);
    return n;
}

static gint64
count_rows(Fixture *f, const gchar *sql)
{
    g_autofree gchar *path = g_build_filename(f->root, KW_STORE_LEDGER_FILE, NULL);
    g_autoptr(sqlite3) db = kw_db_open(path, KW_DB_READONLY, NULL);
    gint64 value = -1;

    g_assert_true(db != NULL && kw_sql_get_int(db, sql, 0, &value, NULL));
    return value;
}

static void
on_answer(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(KwAnswer) answer = kw_bot_answer_finish(KW_BOT(source), result);

    *(gchar **) user_data = g_strdup(answer->text);
}

/* (transfer full): the reply, as soon as it is there */
static gchar *
ask(Fixture *f, const gchar *text)
{
    KwInbound inbound = {
        .chat = "admin:1",
        .sender = "admin:1",
        .text = text,
        .length = strlen(text),
        .sent_us = kw_clock_now_us(KW_CLOCK(f->rig->clock)),
    };
    gchar *reply = NULL;

    kw_bot_answer_async(f->rig->bot, &inbound, on_answer, &reply);
    while (reply == NULL)
        (void) g_main_context_iteration(NULL, TRUE);
    return reply;
}

/* Moves on until @kind was told, timer by timer; at most a year. */
static void
run_until_told(Fixture *f, const gchar *kind)
{
    KwFakeClock *clock = f->rig->clock;
    KwEngine *engine = kw_bot_get_engine(f->rig->bot);
    gint64 end_us = kw_clock_now_us(KW_CLOCK(clock)) + 300 * G_TIME_SPAN_DAY;

    while (count_told(f, kind) == 0 && kw_clock_now_us(KW_CLOCK(clock)) < end_us) {
        while (g_main_context_iteration(NULL, FALSE))
            continue;
        if (!kw_engine_is_idle(engine))
            (void) g_main_context_iteration(NULL, TRUE);
        else
            kw_fake_clock_advance_to(clock, kw_fake_clock_get_next_due_us(clock));
    }
    g_assert_cmpuint(count_told(f, kind), >, 0);
}

/* When the reply is there, what it says is on disk. */
static void
test_answer_is_durable(Fixture *f, gconstpointer data)
{
    g_autofree gchar *reply = ask(f, "/stop");

    g_assert_nonnull(reply);
    g_assert_null(strstr(reply, "nicht gespeichert"));
    g_assert_cmpint(
        count_rows(f,
                   "SELECT count(*) FROM meta WHERE key = 'run_state' AND value = 'stopped'"),
        ==, 1);
}

/* How far a channel has read is stored with what the message did, and not without it. */
static void
test_mark_is_stored_with_the_effect(Fixture *f, gconstpointer data)
{
    g_autofree gchar *reply = NULL;

    kw_bot_note(f->rig->bot, "mark_telegram", "810000001 1");
    reply = ask(f, "/stop");
    g_assert_cmpint(count_rows(f, "SELECT count(*) FROM meta WHERE key = 'mark_telegram' AND"
                                  " value = '810000001 1'"),
                    ==, 1);
    g_clear_pointer(&reply, g_free);
    kw_fault_vfs_set(KW_VFS_FAULT_FULL, "ledger.db");
    kw_bot_note(f->rig->bot, "mark_telegram", "810000002 1");
    reply = ask(f, "/kill");
    g_assert_nonnull(strstr(reply, "nicht gespeichert"));
    g_assert_cmpint(count_rows(f, "SELECT count(*) FROM meta WHERE key = 'mark_telegram' AND"
                                  " value = '810000001 1'"),
                    ==, 1);
}

/* A question waits for no disk, although how far the channel has read is to be stored. */
static void
test_question_waits_for_nothing(Fixture *f, gconstpointer data)
{
    G_GNUC_UNUSED g_autofree gchar *first = ask(f, "/status");
    g_autofree gchar *reply = NULL;

    kw_fault_vfs_set(KW_VFS_FAULT_FULL, "ledger.db");
    kw_bot_note(f->rig->bot, "mark_telegram", "810000001 1");
    reply = ask(f, "/status");
    g_assert_null(strstr(reply, "nicht gespeichert"));
    g_assert_cmpint(count_rows(f, "SELECT count(*) FROM meta WHERE key = 'mark_telegram'"), ==,
                    0);
}

/* No disk, no waiting: the reply is there at once, and says so. */
static void
test_answer_on_a_full_disk(Fixture *f, gconstpointer data)
{
    g_autofree gchar *first = ask(f, "/status");
    g_autofree gchar *reply = NULL;

    g_assert_nonnull(first);
    kw_fault_vfs_set(KW_VFS_FAULT_FULL, "ledger.db");
    reply = ask(f, "/stop");
    g_assert_nonnull(strstr(reply, "nicht gespeichert"));
    g_assert_cmpint(kw_engine_get_book(kw_bot_get_engine(f->rig->bot))->state, ==,
                    KW_RUN_STATE_STOPPED);
}

/* A message is in the outbox before it is told. */
static void
test_message_is_in_the_outbox(Fixture *f, gconstpointer data)
{
    run_until_told(f, "entry:");
    g_assert_cmpint(count_rows(f, "SELECT count(*) FROM outbox WHERE kind = 'entry'"), >=, 1);
    g_assert_cmpint(count_rows(f, "SELECT count(*) FROM trade"), >=, 1);
}

/* The alarm goes out, the news of a trade that is not on disk does not, until it is. */
static void
test_trade_waits_for_the_disk(Fixture *f, gconstpointer data)
{
    while (count_told(f, "started:") == 0) /* the clock stands: nothing is decided yet */
        (void) g_main_context_iteration(NULL, TRUE);
    kw_fault_vfs_set(KW_VFS_FAULT_FULL, "ledger.db");
    run_until_told(f, "store:");
    g_assert_cmpuint(count_told(f, "entry:"), ==, 0);
    g_assert_cmpint(count_rows(f, "SELECT count(*) FROM trade"), ==, 0);

    kw_fault_vfs_set(KW_VFS_FAULT_NONE, "");
    run_until_told(f, "entry:");
    g_assert_cmpint(count_rows(f, "SELECT count(*) FROM trade"), >=, 1);
}

/* What nobody had when the process ended comes again from the next one, and once only. */
static void
test_undelivered_comes_again(Fixture *f, gconstpointer data)
{
    static const gchar sql[] =
        "SELECT count(*) FROM outbox WHERE kind = 'entry' AND sent_us IS NULL";

    run_until_told(f, "entry:");
    kw_bot_mark_delivered(f->rig->bot, "entry:1");
    while (kw_engine_is_ahead(kw_bot_get_engine(f->rig->bot)))
        (void) g_main_context_iteration(NULL, TRUE);
    close_bot(f);
    g_ptr_array_set_size(f->told, 0);
    open_bot(f);
    while (g_main_context_iteration(NULL, FALSE))
        continue;
    g_assert_cmpuint(count_told(f, "entry:"), ==, count_rows(f, sql));
    for (guint i = 0; i < f->told->len; i++)
        g_assert_cmpstr(f->told->pdata[i], !=, "entry:1");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_nonnull(kw_data_get_resource());
    kw_test_prefer_memory();
    kw_fault_vfs_register();
    kw_test_quiet_log();
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    g_test_add("/app/bot/durable", Fixture, NULL, set_up, test_answer_is_durable, tear_down);
    g_test_add("/app/bot/mark", Fixture, NULL, set_up, test_mark_is_stored_with_the_effect,
               tear_down);
    g_test_add("/app/bot/question", Fixture, NULL, set_up, test_question_waits_for_nothing,
               tear_down);
    g_test_add("/app/bot/full-disk", Fixture, NULL, set_up, test_answer_on_a_full_disk,
               tear_down);
    g_test_add("/app/bot/outbox", Fixture, NULL, set_up, test_message_is_in_the_outbox,
               tear_down);
    g_test_add("/app/bot/held", Fixture, NULL, set_up, test_trade_waits_for_the_disk,
               tear_down);
    g_test_add("/app/bot/again", Fixture, NULL, set_up, test_undelivered_comes_again,
               tear_down);
    return g_test_run();
}
