/* kw-fault-run.c: forks a process, waits until it is killed, and forks the next
 *
 * A process is really killed, so what its restart has to bring back is really gone. The parent
 * has no threads and opens no database while a child runs: a fork is enough, and a thousand
 * seeds need no thousand starts of the program. */
#define G_LOG_DOMAIN "kw-app"

#include "kw-fault-run.h"

#include "kw-error.h"
#include "kw-fault-audit.h"
#include "kw-fault-life.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_US G_GINT64_CONSTANT(1705305600000000) /* 2024-01-15 08:00 UTC */
#define HISTORY_US (60 * G_TIME_SPAN_MINUTE)
/* of the time with faults; half a minute later no price changes, and no news are on their way
 */
#define LENGTH_US (80 * G_TIME_SPAN_MINUTE - 3 * (gint64) G_USEC_PER_SEC)
#define REST_US (5 * G_TIME_SPAN_MINUTE + 36 * (gint64) G_USEC_PER_SEC) /* after the last */
#define MAX_LIVES 1000
#define FAULTS_A_DAY 72
#define CASH 1000

/* Returns: (transfer full): path of the copy; %NULL with an error */
static gchar *
unpack(const gchar *root, const gchar *name, GError **error)
{
    g_autofree gchar *resource = g_build_path("/", "/kurswart/simulate", name, NULL);
    g_autofree gchar *path = g_build_filename(root, name, NULL);
    g_autoptr(GBytes) bytes = g_resources_lookup_data(resource, 0, error);

    if (bytes == NULL || !g_file_set_contents(path, g_bytes_get_data(bytes, NULL),
                                              (gssize) g_bytes_get_size(bytes), error))
        return NULL;
    return g_steal_pointer(&path);
}

static KwSettings *
load_settings(const gchar *root, GError **error)
{
    g_autofree gchar *lua = unpack(root, "flip.lua", error);
    g_autofree gchar *config = lua != NULL ? unpack(root, "kurswart.conf", error) : NULL;
    g_autofree gchar *limits = config != NULL ? unpack(root, "limits.conf", error) : NULL;
    g_autofree gchar *strategy = g_strdup_printf("trading.strategy=%s", lua);
    const gchar *overrides[] = {strategy, NULL};
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    KwSettingsPaths paths = {config, limits, root};
    KwSettings *settings;

    if (limits == NULL)
        return NULL;
    settings = kw_settings_load(&paths, NULL, overrides, problems);
    (void) kw_config_problems_to_error(problems, error);
    return settings;
}

/* Does not return. */
static void
become_life(const KwFaultRun *run, gint64 begin_us)
{
    (void) prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void) kw_fault_life_run(run, begin_us);
    (void) kill(getpid(), SIGKILL);
}

/* @n_lives: so far. Returns: how long nobody looks after the account */
static gint64
get_pause_us(guint64 seed, guint n_lives)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32) (seed * 7919 + n_lives));

    return g_rand_int_range(rand, 1, 121) * (gint64) G_USEC_PER_SEC;
}

static gboolean
play_lives(const KwFaultRun *run, GError **error)
{
    KwShamMemory *memory = kw_sham_venue_get_memory(run->venue);
    gint64 begin_us = run->start_us;

    while (!memory->is_over && memory->note[0] == '\0' && memory->n_lives < MAX_LIVES) {
        guint n_before = memory->n_lives;
        pid_t pid = fork();

        if (pid == 0)
            become_life(run, begin_us);
        if (pid < 0 || waitpid(pid, NULL, 0) != pid || memory->n_lives == n_before) {
            g_set_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_IO, "process: %s",
                        g_strerror(errno));
            return FALSE;
        }
        begin_us = memory->now_us + get_pause_us(run->seed, memory->n_lives);
    }
    return TRUE;
}

static void
judge(const KwFaultRun *run, KwFaultResult *out)
{
    KwShamMemory *memory = kw_sham_venue_get_memory(run->venue);
    g_autofree gchar *note = NULL;

    if (memory->note[0] == '\0' && !memory->is_over)
        g_strlcpy(memory->note, "it did not come to its end", sizeof memory->note);
    if (memory->note[0] == '\0')
        note = kw_fault_audit_ledger(run->venue, run->settings->root);
    if (note != NULL)
        g_strlcpy(memory->note, note, sizeof memory->note);
    out->memory = *memory;
    out->n_orders = kw_sham_venue_get_n_orders(run->venue);
    out->n_news = kw_sham_venue_get_n_news(run->venue);
    out->has_stops = kw_sham_venue_find_any_stop(run->venue) != NULL;
    out->worst_bare_us = kw_sham_venue_get_worst_bare_us(run->venue);
}

/* The longer, the more; an hour and a half gets eight to sixteen. */
static guint
count_faults(const KwFaultPlay *play)
{
    if (play->n_days > 0)
        return MIN(FAULTS_A_DAY * play->n_days, KW_FAULT_PLAN_MAX);
    return 8 + (guint) (play->seed % 9);
}

gboolean
kw_fault_run_play(const KwFaultPlay *play, KwFaultResult *out, GError **error)
{
    g_autofree gchar *path = g_build_filename(play->root, "exchange", NULL);
    g_autoptr(KwSettings) settings = load_settings(play->root, error);
    gint64 length_us = play->n_days > 0
                           ? play->n_days * G_TIME_SPAN_DAY + LENGTH_US % G_TIME_SPAN_MINUTE -
                                 7 * G_TIME_SPAN_MINUTE
                           : LENGTH_US;
    guint n_faults = count_faults(play);
    g_autoptr(KwShamMarket) market = NULL;
    g_autoptr(KwShamVenue) venue = NULL;
    gint64 begun_us = kw_stopwatch_us();
    KwFaultPlan plan;
    KwFaultRun run = {.seed = play->seed,
                      .settings = settings,
                      .plan = &plan,
                      .start_us = START_US,
                      .heal_us = START_US + length_us,
                      .end_us = START_US + length_us + REST_US,
                      .n_days = play->n_days,
                      .is_verbose = play->is_verbose};

    if (settings == NULL)
        return FALSE;
    run.market = market =
        kw_sham_market_new(play->seed, START_US - HISTORY_US, run.heal_us + G_TIME_SPAN_HOUR);
    run.venue = venue =
        kw_sham_venue_open(path, market, START_US, kw_decimal_from_int(CASH), error);
    if (venue == NULL)
        return FALSE;
    kw_fault_plan_draw(&plan, play->seed, START_US + 2 * G_TIME_SPAN_MINUTE, run.heal_us,
                       n_faults);
    if (!play_lives(&run, error))
        return FALSE;
    judge(&run, out);
    out->run_us = kw_stopwatch_us() - begun_us;
    return TRUE;
}
