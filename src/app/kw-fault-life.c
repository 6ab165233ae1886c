/* kw-fault-life.c: the whole bot before a made-up exchange that misbehaves
 *
 * The clock is moved by hand, from timer to timer, whenever loop and disk have come to rest: a
 * source of low priority runs when nothing else is to be done, and waits for the answers of the
 * store. The pacer of other simulations stands still while the engine decides; here an engine
 * that waits for an answer of the exchange needs the time to go on. */
#define G_LOG_DOMAIN "kw-app"

#include "kw-fault-life.h"

#include "kw-bot.h"
#include "kw-chatter.h"
#include "kw-fault-audit.h"
#include "kw-script.h"
#include "kw-sham-broker.h"
#include "kw-sham-feed.h"

#include <signal.h>
#include <sysexits.h>
#include <unistd.h>

typedef struct {
    const KwFaultRun *run;
    KwShamMemory *memory;
    KwFakeClock *clock;
    KwLog *log;
    KwShamFeed *feed;
    KwShamBroker *broker;
    KwStore *store;
    GArray *config;
    KwBot *bot;
    KwChatter *chatter; /* NULL: nobody talks */
    GMainLoop *loop;
    gint64 next_us; /* of the next stage */
    void (*next)(gpointer life);
    int status;
} Life;

/* -- stages, each sets the next one -- */

static void
on_stopped(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Life *life = user_data;

    kw_engine_stop_finish(KW_ENGINE(source), result);
    life->memory->is_over = TRUE;
    g_main_loop_quit(life->loop);
}

static void
end(gpointer data)
{
    Life *life = data;

    life->next_us = G_MAXINT64;
    life->memory->n_candles += (guint) kw_engine_get_n_candles(kw_bot_get_engine(life->bot));
    kw_engine_stop_async(kw_bot_get_engine(life->bot), on_stopped, life);
}

static void
audit(gpointer data)
{
    Life *life = data;
    KwBook *book = kw_engine_get_book(kw_bot_get_engine(life->bot));
    g_autofree gchar *note = kw_fault_audit_book(life->run->venue, life->run->market, book);

    if (note != NULL && life->memory->note[0] == '\0')
        g_strlcpy(life->memory->note, note, sizeof life->memory->note);
    life->next_us = life->run->end_us;
    life->next = end;
}

static void
heal(gpointer data)
{
    Life *life = data;

    kw_sham_broker_heal(life->broker);
    life->next_us = kw_clock_now_us(KW_CLOCK(life->clock)) + KW_FAULT_LIFE_EQUAL_US;
    life->next = audit;
}

/* -- time -- */

static void
show_market(Life *life)
{
    KwShamSight sight = KW_SHAM_SIGHT_OPEN;

    if (kw_sham_broker_has(life->broker, KW_FAULT_MAINTENANCE))
        sight = KW_SHAM_SIGHT_CLOSED;
    if (kw_sham_broker_has(life->broker, KW_FAULT_BLACK_HOLE))
        sight = KW_SHAM_SIGHT_NONE;
    kw_sham_feed_set_sight(life->feed, sight);
}

static void
on_flushed(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Life *life = user_data;

    (void) kw_market_store_flush_finish(KW_MARKET_STORE(source), result, NULL);
    life->memory->n_candles += (guint) kw_engine_get_n_candles(kw_bot_get_engine(life->bot));
    (void) kill(getpid(), SIGKILL);
}

static gboolean
on_rest(gpointer data)
{
    Life *life = data;
    gint64 due_us = kw_fake_clock_get_next_due_us(life->clock);

    if (kw_store_owes_answer(life->store))
        return G_SOURCE_CONTINUE;
    if (kw_sham_broker_is_dying(life->broker)) {
        kw_market_store_flush_async(kw_store_get_market(life->store), NULL, on_flushed, life);
        return G_SOURCE_REMOVE;
    }
    show_market(life);
    kw_fake_clock_advance_to(life->clock, MIN(due_us, life->next_us));
    if (kw_clock_now_us(KW_CLOCK(life->clock)) >= life->next_us)
        life->next(life);
    return G_SOURCE_CONTINUE;
}

/* -- what is heard -- */

static void
on_message(
    KwBot *bot, const gchar *key, const gchar *text, const KwEvent *event, gpointer user_data)
{
    Life *life = user_data;

    (void) event;
    life->memory->n_messages++;
    kw_bot_mark_delivered(bot, key);
    if (life->run->is_verbose)
        g_printerr("%s\n\n", text);
}

static void
on_answered(gpointer user_data)
{
    ((Life *) user_data)->memory->n_replies++;
}

static void
on_struck(KwShamBroker *broker, gint kind, gint64 time_us, gpointer user_data)
{
    Life *life = user_data;

    (void) broker;
    if (life->run->is_verbose)
        g_printerr("* %" G_GINT64_FORMAT " s: %s\n\n",
                   (time_us - life->run->start_us) / (gint64) G_USEC_PER_SEC,
                   kw_fault_kind_to_string((KwFaultKind) kind));
}

static void
on_fatal(KwEngine *engine, const gchar *message, gpointer user_data)
{
    Life *life = user_data;

    (void) engine;
    g_strlcpy(life->memory->note, message, sizeof life->memory->note);
    life->status = EX_IOERR;
    g_main_loop_quit(life->loop);
}

/* -- building -- */

static gboolean
build(Life *life, GError **error)
{
    const KwFaultRun *run = life->run;
    KwBotOptions bot = {0};

    life->feed = kw_sham_feed_new(KW_CLOCK(life->clock), run->market);
    life->broker = kw_sham_broker_new(KW_CLOCK(life->clock), run->venue, run->plan, run->seed);
    g_signal_connect(life->broker, "struck", G_CALLBACK(on_struck), life);
    life->store = kw_store_open(run->settings->root, KW_CLOCK(life->clock), error);
    if (life->store == NULL)
        return FALSE;
    life->config = kw_settings_list(run->settings);
    bot.parts = (KwEngineParts){.settings = &run->settings->book,
                                .limits = &run->settings->hard,
                                .clock = KW_CLOCK(life->clock),
                                .feed = kw_sham_feed_get_feed(life->feed),
                                .store = life->store,
                                .broker = KW_BROKER(life->broker),
                                .venue = &run->settings->venue,
                                .log = life->log,
                                .config = life->config};
    bot.text = run->settings->text;
    bot.text.is_synthetic = TRUE;
    bot.seed = run->seed + life->memory->n_lives;
    life->bot = kw_bot_new(&bot, error);
    return life->bot != NULL;
}

/* Lines of the time in which nobody listened are not said again. */
static void
talk(Life *life, gint64 begin_us)
{
    const KwChatterEvents events = {NULL, on_answered, life->run->is_verbose};
    const KwFaultRun *run = life->run;

    if (run->n_days > 0)
        life->chatter = kw_chatter_new(life->bot, KW_CLOCK(life->clock),
                                       kw_script_new(run->start_us, run->n_days, run->seed),
                                       begin_us, &events, life);
}

static void
clear(Life *life)
{
    g_clear_pointer(&life->chatter, kw_chatter_free);
    g_clear_object(&life->bot);
    if (life->store != NULL)
        kw_store_close(life->store);
    g_clear_object(&life->store);
    g_clear_object(&life->broker);
    g_clear_pointer(&life->feed, kw_sham_feed_free);
    g_clear_pointer(&life->config, g_array_unref);
    g_clear_pointer(&life->loop, g_main_loop_unref);
}

static void
play(Life *life, gint64 begin_us)
{
    guint source = g_idle_add_full(G_PRIORITY_LOW, on_rest, life, NULL);

    g_signal_connect(life->bot, "message", G_CALLBACK(on_message), life);
    g_signal_connect(kw_bot_get_engine(life->bot), "fatal", G_CALLBACK(on_fatal), life);
    life->loop = g_main_loop_new(NULL, FALSE);
    life->next_us = life->run->heal_us;
    life->next = heal;
    kw_bot_start(life->bot);
    talk(life, begin_us);
    g_main_loop_run(life->loop);
    (void) g_source_remove(source); /* it lives: only a process that dies is without it */
}

int
kw_fault_life_run(const KwFaultRun *run, gint64 begin_us)
{
    Life life = {.run = run, .memory = kw_sham_venue_get_memory(run->venue)};
    g_autoptr(GError) error = NULL;

    life.clock = kw_fake_clock_new(begin_us);
    life.log = kw_log_new(KW_CLOCK(life.clock), STDERR_FILENO, KW_LOG_FORMAT_AUTO, 200);
    kw_log_set_level(life.log, run->is_verbose ? G_LOG_LEVEL_WARNING : G_LOG_LEVEL_ERROR);
    kw_log_install(life.log);
    life.memory->n_lives++;
    if (build(&life, &error)) {
        play(&life, begin_us);
    } else {
        g_strlcpy(life.memory->note, error->message, sizeof life.memory->note);
        life.status = EX_SOFTWARE;
    }
    clear(&life);
    g_object_unref(life.clock);
    return life.status;
}
