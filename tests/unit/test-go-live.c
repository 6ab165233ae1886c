/* test-go-live.c: real money only when every condition is shown; each of them is needed */
#include "kw-error.h"
#include "kw-gate-proof.h"
#include "kw-go-live.h"
#include "kw-kraken-feed.h"
#include "kw-market-store.h"
#include "kw-source.h"
#include "kw-store.h"
#include "kw-test.h"

#include <sqlite3.h>
#include <string.h>

#define NOW_US KW_TEST_T0_US
#define DAY_US G_TIME_SPAN_DAY
#define KEY "the public part of a key"

typedef struct {
    gchar *root;
    KwSettings *settings;
    KwKrakenAccess access;
} Fixture;

static const gchar *const audits[] = {"status", "stop", "start", "kill_on", "kill_off"};

static void run_sql(Fixture *f, const gchar *file, const gchar *format, ...)
    G_GNUC_PRINTF(3, 4);

static void
run_sql(Fixture *f, const gchar *file, const gchar *format, ...)
{
    g_autofree gchar *path = g_build_filename(f->root, file, NULL);
    g_autofree gchar *sql = NULL;
    sqlite3 *db = NULL;
    va_list args;

    va_start(args, format);
    sql = g_strdup_vprintf(format, args);
    va_end(args);
    g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        g_error("%s", sqlite3_errmsg(db));
    (void) sqlite3_close(db);
}

static void
add_evidence(
    Fixture *f, KwEvidenceKind kind, const gchar *subject, gint64 age_us, gboolean good)
{
    KwEvidence row = {.time_us = NOW_US - age_us, .kind = kind, .is_good = good};
    g_autoptr(GError) error = NULL;

    g_strlcpy(row.subject, subject, sizeof row.subject);
    g_strlcpy(row.detail, "detail", sizeof row.detail);
    g_assert_true(kw_evidence_add(f->root, &row, &error));
    g_assert_no_error(error);
}

/* Of the configured strategy, as its text is now */
static void
add_gate(Fixture *f, gint64 age_us, gboolean good)
{
    g_autofree gchar *name = NULL;
    g_autofree gchar *subject = kw_gate_proof_find_own_subject(f->settings, &name);

    g_assert_cmpstr(name, ==, "ema_cross");
    add_evidence(f, KW_EVIDENCE_GATE, subject, age_us, good);
}

static void
add_paper_days(Fixture *f, guint n)
{
    run_sql(f, "market.db",
            "INSERT INTO column_set (id, strategy_hash, names) VALUES (1, 'x', '')");
    for (guint i = 1; i <= n; i++)
        run_sql(f, "market.db",
                "INSERT INTO scan (pair, time_us, mode, price, spread, regime, column_set,"
                " column_values, has_signal, action, reason) VALUES ('A/B', %" G_GINT64_FORMAT
                ", 'dryrun', 1, 0.001, '', 1, x'', 0, '', '')",
                NOW_US - i * DAY_US);
}

static void
add_audits(Fixture *f, guint n)
{
    for (guint i = 0; i < n; i++)
        run_sql(f, "ledger.db",
                "INSERT INTO audit (id, time_us, mode, actor, action, detail, hash)"
                " VALUES (%u, %" G_GINT64_FORMAT ", 'dryrun', 'admin:1', '%s', '', x'')",
                i + 1, NOW_US - DAY_US, audits[i]);
}

/* A trial with the key over @way, as the verb keeps it */
static void
add_order(Fixture *f, const gchar *way, gint64 age_us, gboolean good)
{
    g_autofree gchar *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, KEY, -1);
    g_autofree gchar *subject = g_strdup_printf("%.16s%s", sum, way);

    add_evidence(f, KW_EVIDENCE_ORDER_DONE, subject, age_us, good);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    static const gchar text[] = "[feed]\nkind = kraken\n"
                                "[trading]\npairs = BTC/EUR\nstake_currency = EUR\n";
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(NOW_US);
    g_autoptr(KwStore) store = NULL;
    g_autofree gchar *config = NULL;
    KwSettingsPaths paths;

    f->root = kw_test_tmp_dir_new();
    config = g_build_filename(f->root, "kurswart.conf", NULL);
    g_assert_true(g_file_set_contents(config, text, -1, NULL));
    paths = (KwSettingsPaths){config, KW_SETTINGS_NO_FILE, f->root};
    f->settings = kw_settings_load(&paths, NULL, NULL, problems);
    g_assert_cmpuint(problems->len, ==, 0);
    store = kw_store_open(f->root, KW_CLOCK(clock), NULL);
    g_assert_nonnull(store);
    kw_store_close(store);
    f->access.key = kw_secret_new(KEY, strlen(KEY));
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    kw_kraken_access_clear(&f->access);
    kw_settings_free(f->settings);
    kw_test_tmp_dir_free(f->root);
}

/* Everything a start with real money asks for */
static void
show_all(Fixture *f)
{
    add_gate(f, DAY_US, TRUE);
    add_evidence(f, KW_EVIDENCE_DRILL, "uid:1", DAY_US, TRUE);
    add_order(f, " WebSocket kraken", DAY_US, TRUE);
    add_paper_days(f, KW_GO_LIVE_PAPER_DAYS);
    add_audits(f, G_N_ELEMENTS(audits));
}

/* How many faults there are; @later_us: so much later */
static guint
count_faults(Fixture *f, gint64 later_us)
{
    g_autoptr(KwGoLive) go_live = kw_go_live_new(f->settings, NOW_US + later_us);
    g_autoptr(KwDoctor) doctor = kw_doctor_new(f->settings, NOW_US);
    g_autofree gchar *text = NULL;
    guint n = 0;

    kw_go_live_take_key(go_live, &f->access, NULL);
    kw_go_live_judge(go_live, doctor);
    text = kw_doctor_to_json(doctor);
    for (const gchar *at = strstr(text, "\"error\""); at != NULL;
         at = strstr(at + 1, "\"error\""))
        n++;
    g_assert_cmpint(n > 0, ==, kw_doctor_get_grade(doctor) == KW_DOCTOR_FAULT);
    return n;
}

static void
test_nothing_shown(Fixture *f, gconstpointer data)
{
    g_assert_cmpuint(count_faults(f, 0), ==, 5);
}

static void
test_all_shown(Fixture *f, gconstpointer data)
{
    show_all(f);
    g_assert_cmpuint(count_faults(f, 0), ==, 0);
}

/* What runs with real money have left is told, and keeps nobody from starting. */
static void
test_left(Fixture *f, gconstpointer data)
{
    g_autoptr(KwGoLive) go_live = NULL;
    g_autoptr(KwDoctor) doctor = kw_doctor_new(f->settings, NOW_US);
    g_autofree gchar *text = NULL;

    show_all(f);
    run_sql(f, "ledger.db",
            "INSERT INTO meta VALUES ('accepted_differences.live', 'cash_short|EUR||5|4\n"
            "holding_short|BTC||5|4\n', 1), ('stop_counts.live', '1 0 3 2 1 0 0 1\n', 1)");
    g_assert_cmpuint(count_faults(f, 0), ==, 0);
    go_live = kw_go_live_new(f->settings, NOW_US);
    kw_go_live_take_key(go_live, &f->access, NULL);
    kw_go_live_judge(go_live, doctor);
    text = kw_doctor_to_text(doctor);
    g_assert_nonnull(strstr(text, "2 hingenommene Abweichungen"));
    g_assert_nonnull(strstr(text, "3 von der Börse abgelehnt, 2 neu gelegt"));
}

/* What was shown wears out: the verdict after two weeks, the rest after a month. */
static void
test_too_old(Fixture *f, gconstpointer data)
{
    show_all(f);
    g_assert_cmpuint(count_faults(f, 12 * DAY_US), ==, 0);
    g_assert_cmpuint(count_faults(f, 14 * DAY_US), ==, 1);
    g_assert_cmpuint(count_faults(f, 40 * DAY_US), ==, 4); /* the order counts for its key */
}

static void
test_key(Fixture *f, gconstpointer data)
{
    show_all(f);
    f->access.info.flags = KW_KRAKEN_KEY_BROAD | KW_KRAKEN_KEY_ANYWHERE;
    g_assert_cmpuint(count_faults(f, 0), ==, 0);
    f->access.info.flags = KW_KRAKEN_KEY_WITHDRAWS;
    g_assert_cmpuint(count_faults(f, 0), ==, 1);
    f->access.info.flags = KW_KRAKEN_KEY_LACKS | KW_KRAKEN_KEY_BLIND;
    g_assert_cmpuint(count_faults(f, 0), ==, 2);
}

/* A trial with one key says nothing about another. */
static void
test_other_key(Fixture *f, gconstpointer data)
{
    show_all(f);
    kw_secret_free(f->access.key);
    f->access.key = kw_secret_new("another", 7);
    g_assert_cmpuint(count_faults(f, 0), ==, 1);
}

/* A trial proves the way that it took, at the exchange where it took it. */
static void
test_other_way(Fixture *f, gconstpointer data)
{
    static const gchar *const others[] = {" WebSocket test", " REST kraken"};
    g_autoptr(KwGoLive) go_live = NULL;
    g_autoptr(KwDoctor) doctor = kw_doctor_new(f->settings, NOW_US);
    g_autofree gchar *text = NULL;

    add_gate(f, DAY_US, TRUE);
    add_evidence(f, KW_EVIDENCE_DRILL, "uid:1", DAY_US, TRUE);
    add_paper_days(f, KW_GO_LIVE_PAPER_DAYS);
    add_audits(f, G_N_ELEMENTS(audits));
    for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
        add_order(f, others[i], DAY_US, TRUE);
        g_assert_cmpuint(count_faults(f, 0), ==, 1);
    }
    go_live = kw_go_live_new(f->settings, NOW_US);
    kw_go_live_take_key(go_live, &f->access, NULL);
    kw_go_live_judge(go_live, doctor);
    text = kw_doctor_to_text(doctor);
    g_assert_nonnull(strstr(text, "Orders sollen über WebSocket gehen"));
    g_assert_nonnull(strstr(text, "kurswart live first-order"));

    add_order(f, " WebSocket kraken", DAY_US, TRUE);
    g_assert_cmpuint(count_faults(f, 0), ==, 0);
}

/* A trial of a time when the way was not noted lets a bot that trades go on, until another way
 * has been tried; one that went wrong does not. */
static void
test_old_trial(Fixture *f, gconstpointer data)
{
    g_autoptr(KwGoLive) go_live = NULL;
    g_autoptr(KwDoctor) doctor = kw_doctor_new(f->settings, NOW_US);
    g_autofree gchar *text = NULL;

    add_gate(f, DAY_US, TRUE);
    add_evidence(f, KW_EVIDENCE_DRILL, "uid:1", DAY_US, TRUE);
    add_paper_days(f, KW_GO_LIVE_PAPER_DAYS);
    add_audits(f, G_N_ELEMENTS(audits));
    add_order(f, "", 2 * DAY_US, FALSE);
    g_assert_cmpuint(count_faults(f, 0), ==, 1);
    add_order(f, "", DAY_US, TRUE);
    g_assert_cmpuint(count_faults(f, 0), ==, 0);
    go_live = kw_go_live_new(f->settings, NOW_US);
    kw_go_live_take_key(go_live, &f->access, NULL);
    kw_go_live_judge(go_live, doctor);
    text = kw_doctor_to_text(doctor);
    g_assert_nonnull(strstr(text, "der Weg nicht vermerkt"));
    g_assert_nonnull(strstr(text, "kurswart live first-order"));
    add_order(f, " REST kraken", 0, TRUE);
    g_assert_cmpuint(count_faults(f, 0), ==, 1);
}

static void
test_failed(Fixture *f, gconstpointer data)
{
    show_all(f);
    add_gate(f, 0, FALSE);
    add_evidence(f, KW_EVIDENCE_DRILL, "uid:1", 0, FALSE);
    add_order(f, " WebSocket kraken", 0, FALSE);
    g_assert_cmpuint(count_faults(f, 0), ==, 3);
}

static void
test_other_strategy(Fixture *f, gconstpointer data)
{
    add_evidence(f, KW_EVIDENCE_GATE, "another", DAY_US, TRUE);
    add_evidence(f, KW_EVIDENCE_DRILL, "uid:1", DAY_US, TRUE);
    add_order(f, " WebSocket kraken", DAY_US, TRUE);
    add_paper_days(f, KW_GO_LIVE_PAPER_DAYS - 1);
    add_audits(f, G_N_ELEMENTS(audits) - 1);
    g_assert_cmpuint(count_faults(f, 0), ==, 3);
}

/* The text changes by one line, or the verdict is of a time when names were enough: void. */
static void
test_changed_strategy(Fixture *f, gconstpointer data)
{
    g_autofree gchar *path = g_build_filename(f->root, "own.lua", NULL);
    g_autofree gchar *text = NULL, *longer = NULL;
    g_autoptr(KwGoLive) go_live = NULL;
    g_autoptr(KwDoctor) doctor = kw_doctor_new(f->settings, NOW_US);
    g_autofree gchar *page = NULL;

    show_all(f);
    g_assert_true(g_file_get_contents(f->settings->book.strategy_path, &text, NULL, NULL));
    longer = g_strconcat("-- a thought\n", text, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_free(f->settings->book.strategy_path);
    f->settings->book.strategy_path = g_strdup(path);
    g_assert_cmpuint(count_faults(f, 0), ==, 0);
    g_assert_true(g_file_set_contents(path, longer, -1, NULL));
    g_assert_cmpuint(count_faults(f, 0), ==, 1);
    add_evidence(f, KW_EVIDENCE_GATE, "ema_cross", 0, TRUE);
    g_assert_cmpuint(count_faults(f, 0), ==, 1);
    go_live = kw_go_live_new(f->settings, NOW_US);
    kw_go_live_take_key(go_live, &f->access, NULL);
    kw_go_live_judge(go_live, doctor);
    page = kw_doctor_to_text(doctor);
    g_assert_nonnull(strstr(page, "verfallen"));
}

static void
test_subject(void)
{
    g_autofree gchar *one = kw_gate_proof_make_subject("a", "hash", "boost v1.0.0");
    g_autofree gchar *again = kw_gate_proof_make_subject("a", "hash", "boost v1.0.0");
    g_autofree gchar *text = kw_gate_proof_make_subject("a", "hush", "boost v1.0.0");
    g_autofree gchar *model = kw_gate_proof_make_subject("a", "hash", "boost v1.1.0");

    g_assert_cmpstr(one, ==, again);
    g_assert_cmpstr(one, !=, text);
    g_assert_cmpstr(one, !=, model);
    g_assert_true(kw_gate_proof_is_of(one, "a"));
    g_assert_true(kw_gate_proof_is_of("a", "a"));
    g_assert_false(kw_gate_proof_is_of("ab", "a"));
}

/* -- where the candles are from -- */

#define RESULT_DAYS 90

static void
import_days(Fixture *f, const gchar *pair, const gchar *source, gboolean is_synthetic, guint n)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KwMarketStore) market = kw_market_store_open(f->root, &error);
    g_autoptr(KwSeries) series = kw_series_new(DAY_US);
    KwImport import = {.pair = pair, .origin = {.is_synthetic = is_synthetic}};
    KwImportCount count;

    g_assert_no_error(error);
    g_strlcpy(import.origin.source, source, sizeof import.origin.source);
    for (guint i = 0; i < n; i++) {
        const KwCandle candle = {(NOW_US / DAY_US - RESULT_DAYS + i) * DAY_US, 1, 1, 1, 1, 1};

        g_assert_true(kw_series_append(series, &candle));
    }
    g_assert_true(kw_market_store_import(market, &import, series, &count, &error));
    g_assert_no_error(error);
    kw_market_store_close(market);
}

static void
assert_proof(Fixture *f, const KwGateInput *result, const gchar *wanted)
{
    g_autofree gchar *fault = kw_gate_proof_find_fault(f->settings, result);

    if (wanted == NULL)
        g_assert_cmpstr(fault, ==, NULL);
    else
        g_assert_nonnull(strstr(fault != NULL ? fault : "", wanted));
}

static void
test_origin(Fixture *f, gconstpointer data)
{
    const gchar *const *traded = kw_config_get_list(f->settings->bot, "trading", "pairs");
    gchar *more[] = {(gchar *) traded[0], (gchar *) "Z/Y", NULL};
    KwGateInput result = {.end_us = NOW_US, .start_us = NOW_US - RESULT_DAYS * DAY_US};

    assert_proof(f, &result, "sagt nicht");
    result.identity = (gchar *) "x";
    result.pairs = &more[1];
    assert_proof(f, &result, traded[0]);
    result.pairs = (GStrv) traded;
    assert_proof(f, &result, "keine drei Monate");
    import_days(f, traded[0], "kraken", FALSE, RESULT_DAYS);
    assert_proof(f, &result, NULL);
    result.pairs = more;
    import_days(f, "Z/Y", "file", FALSE, RESULT_DAYS);
    assert_proof(f, &result, "file");
}

/* What a replay has written proves nothing: it may be anybody's. */
static void
test_replayed(Fixture *f, gconstpointer data)
{
    const gchar *const *traded = kw_config_get_list(f->settings->bot, "trading", "pairs");
    KwGateInput result = {.end_us = NOW_US,
                          .start_us = NOW_US - RESULT_DAYS * DAY_US,
                          .identity = (gchar *) "x",
                          .pairs = (GStrv) traded};

    import_days(f, traded[0], "feed", FALSE, RESULT_DAYS);
    assert_proof(f, &result, "feed");
}

/* Others' candles are no past of an exchange: a live feed gets those behind them alone. */
static guint n_told = G_MAXUINT;

static void
count_told(KwFeed *feed, guint index, const KwSeries *series)
{
    n_told = (guint) kw_series_get_length(series);
}

static void
test_own_past(Fixture *f, gconstpointer data)
{
    static const gchar *const names[] = {"BTC/EUR", NULL};
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(NOW_US);
    const KwKrakenOptions access = {.user_agent = "kurswart-test",
                                    .url = "https://127.0.0.1:1"};
    g_autoptr(KwKraken) kraken = kw_kraken_new(KW_CLOCK(clock), &access, NULL);
    const KwKrakenFeedOptions options = {.pairs = names,
                                         .timeframe_us = DAY_US,
                                         .kraken = kraken,
                                         .user_agent = "kurswart-test"};
    g_autoptr(KwKrakenFeed) feed = kw_kraken_feed_new(KW_CLOCK(clock), &options);

    import_days(f, "BTC/EUR", "binance", FALSE, RESULT_DAYS - 10);
    g_assert_true(kw_source_add_stored(f->settings, KW_FEED(feed), count_told, NULL));
    g_assert_cmpuint(n_told, ==, 0);
    import_days(f, "BTC/EUR", "kraken", FALSE, RESULT_DAYS); /* the ten that are missing */
    g_assert_true(kw_source_add_stored(f->settings, KW_FEED(feed), count_told, NULL));
    g_assert_cmpuint(n_told, ==, 10);
}

static void
test_made_up(Fixture *f, gconstpointer data)
{
    const gchar *const *traded = kw_config_get_list(f->settings->bot, "trading", "pairs");
    KwGateInput result = {.end_us = NOW_US,
                          .start_us = NOW_US - RESULT_DAYS * DAY_US,
                          .identity = (gchar *) "x",
                          .pairs = (GStrv) traded};

    import_days(f, traded[0], "kraken", TRUE, RESULT_DAYS);
    assert_proof(f, &result, "erfunden");
}

/* The root of a test exchange is never one of real money. */
static void
test_root_of_a_test(Fixture *f, gconstpointer data)
{
    show_all(f);
    add_evidence(f, KW_EVIDENCE_LIVE, "x", DAY_US, FALSE);
    g_assert_cmpuint(count_faults(f, 0), ==, 1);
}

static void
test_probation(Fixture *f, gconstpointer data)
{
    g_autoptr(KwGoLive) before = kw_go_live_new(f->settings, NOW_US);
    g_autoptr(KwGoLive) after = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(kw_go_live_get_probation_end_us(before), ==, NOW_US + 14 * DAY_US);
    kw_go_live_take_key(before, &f->access, NULL);
    g_assert_true(kw_go_live_begin(before, &error));
    g_assert_no_error(error);
    after = kw_go_live_new(f->settings, NOW_US + 20 * DAY_US);
    g_assert_cmpint(kw_go_live_get_probation_end_us(after), ==, NOW_US + 14 * DAY_US);
    kw_go_live_take_key(after, &f->access, NULL);
    g_assert_true(kw_go_live_begin(after, &error));
    g_assert_cmpuint(after->evidence->len, ==, 1);
}

/* Rows that were tampered with count for nothing at all. */
static void
test_tampered(Fixture *f, gconstpointer data)
{
    show_all(f);
    run_sql(f, "ledger.db",
            "DROP TRIGGER evidence_no_update; UPDATE evidence SET detail = 'better'");
    g_assert_cmpuint(count_faults(f, 0), ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_quiet_log();
#define ADD(name, func) g_test_add("/app/go-live/" name, Fixture, NULL, set_up, func, tear_down)
    ADD("nothing-shown", test_nothing_shown);
    ADD("all-shown", test_all_shown);
    ADD("left", test_left);
    ADD("too-old", test_too_old);
    ADD("key", test_key);
    ADD("other-key", test_other_key);
    ADD("other-way", test_other_way);
    ADD("old-trial", test_old_trial);
    ADD("failed", test_failed);
    ADD("other-strategy", test_other_strategy);
    ADD("changed-strategy", test_changed_strategy);
    ADD("origin", test_origin);
    ADD("made-up", test_made_up);
    ADD("replayed", test_replayed);
    ADD("own-past", test_own_past);
    g_test_add_func("/app/go-live/subject", test_subject);
    ADD("root-of-a-test", test_root_of_a_test);
    ADD("probation", test_probation);
    ADD("tampered", test_tampered);
    return g_test_run();
}
