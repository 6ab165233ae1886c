/* test-kill-syscalls.c: SIGKILL at every system call of one scan-decide-order-fill cycle
 *
 * The bot is brought to just before a row that enters or exits, and waits there. From then on a
 * tracer counts the system calls of all its threads and kills it on the way into the one whose
 * turn it is. The numbering is that of the whole process, so unlike an injection by name and
 * thread every gap between two calls is met, whichever thread it is in.
 *
 * A usual run takes a part of the calls, evenly spread and at another offset for each seed;
 * with -m thorough it takes all. */
#include "kw-campaign.h"
#include "kw-db.h"
#include "kw-store.h"
#include "kw-test.h"
#include "kw-tracer.h"

#include <glib/gstdio.h>

#include <signal.h>

#define FROM_US G_GINT64_CONSTANT(1705276800000000) /* 2024-01-15 */
#define N_DAYS 20
#define MAX_KILLS 60 /* of a cycle, in a usual run */

typedef struct {
    KwCampaign campaign;
    gchar *before; /* data root just before the row */
    gchar *hash;   /* after the undisturbed row */
    gint64 pause_us;
    guint n_after; /* kills after the fill was acknowledged */
} Cycle;

/* -- the bot under a tracer -- */

/* Returns: calls that the cycle made; 0 when tracing is not permitted here */
static guint
run_traced(Cycle *cycle, guint kill_at)
{
    guint n_calls = 0;
    KwCampaignBot bot;
    int status = -1;

    kw_campaign_spawn(&cycle->campaign, cycle->pause_us, &bot);
    kw_campaign_await_pause(&bot);
    if (kw_tracer_seize(bot.pid)) {
        kw_campaign_go_on(&bot);
        n_calls = kw_tracer_run(bot.pid, kill_at, &status);
    } else {
        (void) kill(bot.pid, SIGKILL);
    }
    (void) kw_campaign_reap(&cycle->campaign, &bot, status);
    return n_calls;
}

/* -- the cycle -- */

/* Opening of the newest row of the stretch with an order of @side and no other order */
static gint64
find_row(KwCampaign *campaign, const gchar *side)
{
    static const gchar sql[] =
        "SELECT max(candle_us) FROM orders AS o WHERE side = ?1 AND"
        " (SELECT count(*) FROM orders WHERE candle_us = o.candle_us) = 1";
    g_autofree gchar *path = g_build_filename(campaign->root, KW_STORE_LEDGER_FILE, NULL);
    g_autoptr(sqlite3) db = kw_db_open(path, KW_DB_READONLY, NULL);
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean has_row = FALSE;

    g_assert_true(db != NULL && kw_sql_prepare(db, sql, &stmt, NULL));
    sqlite3_bind_text(stmt, 1, side, -1, SQLITE_STATIC);
    g_assert_true(kw_sql_step_row(stmt, &has_row, NULL) && has_row);
    return sqlite3_column_int64(stmt, 0);
}

static void
copy_root(const gchar *from, const gchar *to)
{
    static const gchar *const names[] = {KW_STORE_LEDGER_FILE, KW_STORE_MARKET_FILE,
                                         "ledger.anchor"};

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree gchar *source = g_build_filename(from, names[i], NULL);
        g_autofree gchar *target = g_build_filename(to, names[i], NULL);
        g_autofree gchar *bytes = NULL;
        gsize n = 0;

        g_assert_true(g_file_get_contents(source, &bytes, &n, NULL));
        g_assert_true(g_file_set_contents(target, bytes, (gssize) n, NULL));
    }
}

static void
rewind_root(Cycle *cycle)
{
    kw_campaign_renew(&cycle->campaign);
    copy_root(cycle->before, cycle->campaign.root);
}

static void
prepare(Cycle *cycle, const gchar *side, KwDurability durability)
{
    gint64 row_us;

    kw_campaign_init(&cycle->campaign, FROM_US, N_DAYS);
    cycle->campaign.durability = durability;
    kw_campaign_renew(&cycle->campaign);
    kw_campaign_finish(&cycle->campaign);
    row_us = find_row(&cycle->campaign, side);

    cycle->pause_us = row_us + G_TIME_SPAN_HOUR - 1;
    cycle->campaign.until_us = cycle->pause_us;
    kw_campaign_renew(&cycle->campaign);
    kw_campaign_finish(&cycle->campaign);
    cycle->before = kw_test_tmp_dir_new();
    copy_root(cycle->campaign.root, cycle->before);

    cycle->campaign.until_us = row_us + G_TIME_SPAN_HOUR;
    rewind_root(cycle);
    kw_campaign_finish(&cycle->campaign);
    g_assert_cmpuint(cycle->campaign.acks->len, ==, 1); /* the cycle has one order */
    kw_campaign_check(&cycle->campaign);
    cycle->hash = kw_campaign_hash(&cycle->campaign);
}

static void
kill_at(Cycle *cycle, guint index)
{
    g_autofree gchar *hash = NULL;
    guint n_calls;

    rewind_root(cycle);
    n_calls = run_traced(cycle, index);
    if (n_calls < index)
        g_test_message("the process was through before call %u", index);
    cycle->n_after += cycle->campaign.acks->len;
    kw_campaign_check(&cycle->campaign);
    kw_campaign_finish(&cycle->campaign);
    kw_campaign_check(&cycle->campaign);
    kw_campaign_check_settled(&cycle->campaign);
    hash = kw_campaign_hash(&cycle->campaign);
    if (g_strcmp0(hash, cycle->hash) != 0)
        g_test_message("killed before call %u", index);
    g_assert_cmpstr(hash, ==, cycle->hash);
}

typedef struct {
    const gchar *path, *side;
    KwDurability durability;
} Case;

static void
test_kill_syscalls(gconstpointer data)
{
    const Case *row = data;
    Cycle cycle = {0};
    guint n_calls, step, n_kills = 0;

    prepare(&cycle, row->side, row->durability);
    rewind_root(&cycle);
    n_calls = run_traced(&cycle, 0);
    if (n_calls == 0) {
        g_test_skip("tracing (ptrace) is not permitted here");
    } else {
        step = g_test_thorough() ? 1 : MAX(1, (n_calls + MAX_KILLS - 1) / MAX_KILLS);
        for (guint i = 1 + (guint) g_test_rand_int_range(0, (gint) step); i <= n_calls;
             i += step, n_kills++)
            kill_at(&cycle, i);
        g_test_message("%u calls in a cycle, killed at %u of them, %u after the fill", n_calls,
                       n_kills, cycle.n_after);
        g_assert_cmpuint(cycle.n_after, >, 0);
        g_assert_cmpuint(cycle.n_after, <, n_kills);
    }
    kw_campaign_clear(&cycle.campaign);
    kw_test_tmp_dir_free(cycle.before);
    g_free(cycle.hash);
}

static const Case cases[] = {
    {"/loop/kill-syscalls/entry", "buy", KW_DURABILITY_STEP},
    {"/loop/kill-syscalls/exit", "sell", KW_DURABILITY_STEP},
    {"/loop/kill-syscalls/entry-in-groups", "buy", KW_DURABILITY_GROUP},
    {"/loop/kill-syscalls/exit-in-groups", "sell", KW_DURABILITY_GROUP},
};

int
main(int argc, char **argv)
{
    kw_test_prefer_memory();
    g_test_init(&argc, &argv, NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        g_test_add_data_func(cases[i].path, &cases[i], test_kill_syscalls);
    return g_test_run();
}
