/* test-fault-run.c: the whole bot before an exchange that misbehaves, and whether the audit of
 * what is left sees anything at all */
#include "kw-build-data.h"
#include "kw-db.h"
#include "kw-fault-audit.h"
#include "kw-fault-run.h"
#include "kw-state-hash.h"
#include "kw-store.h"
#include "kw-test.h"

#include <glib/gstdio.h>

#include <string.h>

#define FIRST_SEED 1
#define N_SEEDS 12

/* (transfer full): hash of what is left; fails when a rule was broken */
static gchar *
play_seed(const gchar *root, guint64 seed, KwFaultResult *out)
{
    const KwFaultPlay play = {.root = root, .seed = seed};
    g_autoptr(GError) error = NULL;

    g_assert_true(kw_fault_run_play(&play, out, &error));
    g_assert_no_error(error);
    if (out->memory.note[0] != '\0')
        g_test_message("seed %" G_GUINT64_FORMAT ": %s", seed, out->memory.note);
    g_assert_cmpstr(out->memory.note, ==, "");
    return kw_state_hash_compute(root, NULL);
}

static void
test_seeds(void)
{
    guint n_lives = 0, n_orders = 0, n_happened = 0;

    for (guint64 seed = FIRST_SEED; seed < FIRST_SEED + N_SEEDS; seed++) {
        gchar *root = kw_test_tmp_dir_new();
        KwFaultResult result = {0};
        G_GNUC_UNUSED g_autofree gchar *hash = play_seed(root, seed, &result);

        n_lives += result.memory.n_lives;
        n_orders += result.n_orders;
        for (guint i = 0; i < KW_SHAM_VENUE_N_KINDS; i++)
            n_happened += result.memory.n_happened[i];
        kw_test_tmp_dir_free(root);
    }
    g_test_message("%u processes, %u orders, %u faults", n_lives, n_orders, n_happened);
    g_assert_cmpuint(n_lives, >, N_SEEDS);
    g_assert_cmpuint(n_orders, >, 10 * N_SEEDS);
    g_assert_cmpuint(n_happened, >, 5 * N_SEEDS);
}

static void
test_same_seed(void)
{
    gchar *one = kw_test_tmp_dir_new(), *two = kw_test_tmp_dir_new();
    KwFaultResult a = {0}, b = {0};
    g_autofree gchar *hash_a = play_seed(one, 6, &a);
    g_autofree gchar *hash_b = play_seed(two, 6, &b);

    g_assert_cmpstr(hash_a, ==, hash_b);
    g_assert_cmpmem(&a.memory, sizeof a.memory, &b.memory, sizeof b.memory);
    kw_test_tmp_dir_free(one);
    kw_test_tmp_dir_free(two);
}

/* A whole day, with questions and the evening's report */
static void
test_day(void)
{
    gchar *root = kw_test_tmp_dir_new();
    const KwFaultPlay play = {.root = root, .seed = 3, .n_days = 1};
    g_autofree gchar *path = g_build_filename(root, KW_STORE_LEDGER_FILE, NULL);
    g_autoptr(sqlite3) db = NULL;
    KwFaultResult result = {0};
    gint64 n_digests = 0;

    g_assert_true(kw_fault_run_play(&play, &result, NULL));
    g_assert_cmpstr(result.memory.note, ==, "");
    g_assert_cmpuint(result.memory.n_replies, >=, 6);
    g_assert_cmpuint(result.memory.n_lives, >, 3);
    g_assert_cmpuint(result.memory.n_candles, >, 2 * 1200);
    db = kw_db_open(path, KW_DB_READONLY, NULL);
    g_assert_true(kw_sql_get_int(db, "SELECT count(*) FROM schedule_mark WHERE name = 'digest'",
                                 1, &n_digests, NULL));
    g_assert_cmpint(n_digests, ==, 1);
    kw_test_tmp_dir_free(root);
}

/* What is done to the exchange behind the bot's back is found. */
static void
test_audit_sees(void)
{
    static const gchar *const notes[] = {"no intent", "sent 2 times", "filled"};
    gchar *root = kw_test_tmp_dir_new();
    g_autofree gchar *path = g_build_filename(root, "exchange", NULL);
    g_autoptr(KwShamMarket) market = kw_sham_market_new(6, 0, G_TIME_SPAN_HOUR);
    g_autoptr(KwShamVenue) venue = NULL;
    KwFaultResult result = {0};
    G_GNUC_UNUSED g_autofree gchar *hash = play_seed(root, 6, &result);
    KwShamOrder *order;
    KwShamOrder kept;

    venue = kw_sham_venue_open(path, market, 0, KW_DECIMAL_ZERO, NULL);
    g_assert_nonnull(venue);
    g_assert_null(kw_fault_audit_ledger(venue, root));
    order = kw_sham_venue_get_order(venue, 3);
    kept = *order;
    for (gsize i = 0; i < G_N_ELEMENTS(notes); i++) {
        g_autofree gchar *note = NULL;

        *order = kept;
        if (i == 0)
            g_strlcpy(order->order.client_id, "never-meant", sizeof order->order.client_id);
        else if (i == 1)
            order->n_reached = 2;
        else
            order->order.filled = kw_decimal_from_int(7);
        note = kw_fault_audit_ledger(venue, root);
        g_assert_nonnull(note);
        g_assert_nonnull(strstr(note, notes[i]));
    }
    kw_test_tmp_dir_free(root);
}

int
main(int argc, char **argv)
{
    kw_test_prefer_memory();
    g_test_init(&argc, &argv, NULL);
    g_resources_register(kw_data_get_resource());
    g_test_add_func("/app/fault-run/seeds", test_seeds);
    g_test_add_func("/app/fault-run/same-seed", test_same_seed);
    g_test_add_func("/app/fault-run/day", test_day);
    g_test_add_func("/app/fault-run/audit-sees", test_audit_sees);
    return g_test_run();
}
