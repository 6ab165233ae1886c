/* test-kill-random.c: 200 processes killed at random moments of a replay, each followed by a
 * restart on what it left. After every kill nothing that was acknowledged may be missing; at
 * the end everything must be as if nobody had been killed. Some of them wait for the disk at
 * each decision, others share syncs. */
#include "kw-campaign.h"
#include "kw-clock.h"
#include "kw-test.h"

#include <signal.h>

#define FROM_US G_GINT64_CONSTANT(1705276800000000) /* 2024-01-15 */
#define N_DAYS 40
#define N_KILLS 200
#define N_STEPS 16 /* a process gets so far into the stretch at most: a part of it */

typedef struct {
    KwCampaign campaign;
    gchar *hash;                 /* of the undisturbed run */
    gint64 start_us, stretch_us; /* what a process needs, measured */
    gdouble longest_us;          /* life of a process; adapts to the load of the machine */
    guint n_kills, n_useful, n_rounds;
} Random;

static void
measure(Random *random)
{
    gint64 begin_us = kw_stopwatch_us();

    kw_campaign_renew(&random->campaign);
    kw_campaign_finish(&random->campaign);
    random->stretch_us = kw_stopwatch_us() - begin_us;
    g_assert_cmpuint(random->campaign.n_acks, >, 40);
    kw_campaign_check(&random->campaign);
    kw_campaign_check_settled(&random->campaign);
    random->hash = kw_campaign_hash(&random->campaign);

    begin_us = kw_stopwatch_us();
    kw_campaign_finish(&random->campaign);
    random->start_us = kw_stopwatch_us() - begin_us;
    random->longest_us = (gdouble) (random->start_us + random->stretch_us / N_STEPS);
    g_test_message("start %" G_GINT64_FORMAT " us, stretch %" G_GINT64_FORMAT " us",
                   random->start_us, random->stretch_us);
}

static void
end_round(Random *random)
{
    g_autofree gchar *hash = kw_campaign_hash(&random->campaign);

    kw_campaign_check(&random->campaign);
    kw_campaign_check_settled(&random->campaign);
    g_assert_cmpstr(hash, ==, random->hash);
    random->n_rounds++;
    kw_campaign_renew(&random->campaign);
}

static void
kill_once(Random *random)
{
    gdouble life_us = g_test_rand_double_range(0, random->longest_us);
    guint n_before = random->campaign.n_acks;
    KwCampaignBot bot;

    random->campaign.durability = g_test_rand_bit() ? KW_DURABILITY_GROUP : KW_DURABILITY_STEP;
    kw_campaign_spawn(&random->campaign, 0, &bot);
    g_usleep((gulong) life_us);
    g_assert_cmpint(kill(bot.pid, SIGKILL), ==, 0);
    if (kw_campaign_reap(&random->campaign, &bot, -1)) {
        end_round(random);
        return;
    }
    random->n_kills++;
    random->n_useful += random->campaign.n_acks > n_before;
    random->longest_us *= random->campaign.n_acks > n_before ? 0.97 : 1.03;
    kw_campaign_check(&random->campaign);
}

static void
test_kill_random(void)
{
    guint n_wanted = g_test_thorough() ? 10 * N_KILLS : N_KILLS;
    Random random = {0};

    kw_campaign_init(&random.campaign, FROM_US, N_DAYS);
    measure(&random);
    kw_campaign_renew(&random.campaign);
    while (random.n_kills < n_wanted)
        kill_once(&random);
    kw_campaign_finish(&random.campaign);
    end_round(&random);

    g_test_message("%u kills in %u rounds, %u of them after an acknowledgement", random.n_kills,
                   random.n_rounds, random.n_useful);
    g_assert_cmpuint(random.n_useful, >, n_wanted / 10);
    kw_campaign_clear(&random.campaign);
    g_free(random.hash);
}

int
main(int argc, char **argv)
{
    kw_test_prefer_memory();
    g_test_init(&argc, &argv, NULL);

    g_test_add_func("/loop/kill-random", test_kill_random);
    return g_test_run();
}
