#include "kw-campaign.h"

#include "kw-check.h"
#include "kw-db.h"
#include "kw-store.h"
#include "kw-test.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

void
kw_campaign_init(KwCampaign *self, gint64 from_us, guint n_days)
{
    const gchar *source = g_getenv("KW_SOURCE_ROOT");

    *self = (KwCampaign){.from_us = from_us};
    self->until_us = from_us + n_days * G_TIME_SPAN_DAY;
    self->program = g_strdup(g_getenv("KW_REPLAY_BOT"));
    self->strategy = g_build_filename(source, "data", "strategies", "ema_cross.lua", NULL);
    self->acks = g_ptr_array_new_with_free_func(g_free);
    g_assert_nonnull(self->program);
}

void
kw_campaign_clear(KwCampaign *self)
{
    g_clear_pointer(&self->root, kw_test_tmp_dir_free);
    g_clear_pointer(&self->acks, g_ptr_array_unref);
    g_clear_pointer(&self->strategy, g_free);
    g_clear_pointer(&self->program, g_free);
}

void
kw_campaign_renew(KwCampaign *self)
{
    g_clear_pointer(&self->root, kw_test_tmp_dir_free);
    self->root = kw_test_tmp_dir_new();
    g_ptr_array_set_size(self->acks, 0);
}

/* -- processes -- */

void
kw_campaign_spawn(KwCampaign *self, gint64 pause_us, KwCampaignBot *out)
{
    g_autofree gchar *from = g_strdup_printf("--from=%" G_GINT64_FORMAT, self->from_us);
    g_autofree gchar *until = g_strdup_printf("--until=%" G_GINT64_FORMAT, self->until_us);
    g_autofree gchar *pause = g_strdup_printf("--pause-at=%" G_GINT64_FORMAT, pause_us);
    const gchar *grouped = self->durability == KW_DURABILITY_GROUP ? "--grouped" : NULL;
    const gchar *const argv[] = {self->program,  "--root", self->root, "--strategy",
                                 self->strategy, from,     until,      pause,
                                 "--nightly",    grouped,  NULL};
    g_autoptr(GError) error = NULL;

    *out = (KwCampaignBot){.text = g_string_new(NULL)};
    (void) g_spawn_async_with_pipes(NULL, (gchar **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD,
                                    NULL, NULL, &out->pid, &out->input, &out->output, NULL,
                                    &error);
    g_assert_no_error(error);
}

static gboolean
read_more(KwCampaignBot *bot)
{
    gchar buffer[4096];
    gssize n = read(bot->output, buffer, sizeof buffer);

    if (n > 0)
        g_string_append_len(bot->text, buffer, n);
    return n > 0;
}

void
kw_campaign_await_pause(KwCampaignBot *bot)
{
    while (strstr(bot->text->str, "pause\n") == NULL)
        g_assert_true(read_more(bot));
}

void
kw_campaign_go_on(KwCampaignBot *bot)
{
    g_assert_cmpint(write(bot->input, "x", 1), ==, 1);
}

/* Returns: TRUE when the output says that the stretch is over */
static gboolean
take_lines(KwCampaign *self, const gchar *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    gboolean is_done = FALSE;

    for (guint i = 0; lines[i] != NULL; i++) {
        is_done |= strcmp(lines[i], "done") == 0;
        if (!g_str_has_prefix(lines[i], "ack "))
            continue;
        g_ptr_array_add(self->acks, g_strdup(lines[i]));
        self->n_acks++;
    }
    return is_done;
}

gboolean
kw_campaign_reap(KwCampaign *self, KwCampaignBot *bot, int status)
{
    gboolean is_done;

    while (read_more(bot))
        continue;
    is_done = take_lines(self, bot->text->str);
    (void) close(bot->input);
    (void) close(bot->output);
    (void) g_string_free(g_steal_pointer(&bot->text), TRUE);
    if (status == -1)
        g_assert_cmpint(waitpid(bot->pid, &status, 0), ==, bot->pid);
    if (WIFSIGNALED(status))
        g_assert_cmpint(WTERMSIG(status), ==, SIGKILL);
    else
        g_assert_cmpint(WEXITSTATUS(status), ==, 0);
    return is_done && WIFEXITED(status);
}

void
kw_campaign_finish(KwCampaign *self)
{
    KwCampaignBot bot;

    kw_campaign_spawn(self, 0, &bot);
    g_assert_true(kw_campaign_reap(self, &bot, -1));
}

/* -- what is left -- */

static sqlite3 *
open_ledger(KwCampaign *self)
{
    g_autofree gchar *path = g_build_filename(self->root, KW_STORE_LEDGER_FILE, NULL);
    g_autoptr(GError) error = NULL;
    sqlite3 *db;

    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return NULL;
    db = kw_db_open(path, KW_DB_READONLY, &error);
    g_assert_no_error(error);
    return db;
}

static gint64
get_int(sqlite3 *db, const gchar *sql)
{
    g_autoptr(GError) error = NULL;
    gint64 value = -1;

    (void) kw_sql_get_int(db, sql, 0, &value, &error);
    g_assert_no_error(error);
    return value;
}

static void
check_files(KwCampaign *self)
{
    g_autoptr(GPtrArray) findings = kw_store_doctor(self->root);

    for (guint i = 0; i < findings->len; i++) {
        const KwFinding *finding = g_ptr_array_index(findings, i);

        if (!finding->is_ok)
            g_error("%s: %s", finding->name, finding->detail);
    }
}

static void
check_ack(sqlite3 *db, const gchar *line)
{
    static const gchar entry_sql[] =
        "SELECT count(*) FROM orders JOIN fill ON fill.client_id = orders.client_id"
        " JOIN trade ON trade.id = orders.trade_id WHERE orders.trade_id = ?1"
        " AND orders.side = 'buy' AND orders.state = 'filled'"
        " AND trade.state IN ('open', 'closed')";
    static const gchar exit_sql[] =
        "SELECT count(*) FROM orders JOIN fill ON fill.client_id = orders.client_id"
        " JOIN trade ON trade.id = orders.trade_id WHERE orders.trade_id = ?1"
        " AND orders.side = 'sell' AND orders.state = 'filled' AND trade.state = 'closed'";
    gboolean is_entry = g_str_has_prefix(line, "ack entry ");
    g_autoptr(sqlite3_stmt) stmt = NULL;
    g_autoptr(GError) error = NULL;
    gboolean has_row = FALSE;
    gint64 id = g_ascii_strtoll(strrchr(line, ' '), NULL, 10);

    g_assert_true(is_entry || g_str_has_prefix(line, "ack exit "));
    (void) kw_sql_prepare(db, is_entry ? entry_sql : exit_sql, &stmt, &error);
    g_assert_no_error(error);
    sqlite3_bind_int64(stmt, 1, id);
    g_assert_true(kw_sql_step_row(stmt, &has_row, &error) && has_row);
    if (sqlite3_column_int64(stmt, 0) != 1)
        g_test_message("acknowledged, but not in the ledger once: %s", line);
    g_assert_cmpint(sqlite3_column_int64(stmt, 0), ==, 1);
}

/* Adds the first column of all rows to @sum, or takes it off. */
static void
add_column(sqlite3 *db, const gchar *sql, gint sign, KwDecimal *sum)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    g_autoptr(GError) error = NULL;
    gboolean has_row = FALSE;
    KwDecimal value;

    (void) kw_sql_prepare(db, sql, &stmt, &error);
    while (error == NULL && kw_sql_step_row(stmt, &has_row, &error) && has_row) {
        (void) kw_sql_column_decimal(stmt, 0, &value, &error);
        value.mant *= sign;
        g_assert_true(kw_decimal_add(*sum, value, sum, NULL));
    }
    g_assert_no_error(error);
}

/* cash - (start - costs + proceeds) = 0; both sides read from different tables */
static void
check_money(sqlite3 *db)
{
    KwDecimal rest = KW_DECIMAL_ZERO;

    add_column(db, "SELECT amount FROM capital", 1, &rest);
    add_column(db, "SELECT amount FROM capital WHERE kind = 'start'", -1, &rest);
    add_column(db, "SELECT cost FROM trade", 1, &rest);
    add_column(db, "SELECT proceeds FROM trade", -1, &rest);
    g_assert_cmpint(kw_decimal_sign(rest), ==, 0);

    rest = KW_DECIMAL_ZERO;
    add_column(db, "SELECT filled FROM orders", 1, &rest);
    add_column(db, "SELECT amount FROM fill", -1, &rest);
    g_assert_cmpint(kw_decimal_sign(rest), ==, 0);
}

void
kw_campaign_check(KwCampaign *self)
{
    g_autoptr(sqlite3) db = open_ledger(self);

    /* killed while the files were made for the first time: there may be only one as yet */
    if (db == NULL || get_int(db, "PRAGMA user_version") == 0 ||
        get_int(db, "SELECT count(*) FROM capital") == 0) {
        g_assert_cmpuint(self->acks->len, ==, 0);
        return;
    }
    check_files(self);
    for (guint i = 0; i < self->acks->len; i++)
        check_ack(db, self->acks->pdata[i]);
    check_money(db);
    g_assert_cmpint(get_int(db, "SELECT count(*) - count(DISTINCT exec_id) FROM fill"), ==, 0);
    g_assert_cmpint(get_int(db,
                            "SELECT count(*) FROM (SELECT 1 FROM orders WHERE state = 'filled'"
                            " GROUP BY pair, side, candle_us HAVING count(*) > 1)"),
                    ==, 0);
}

void
kw_campaign_check_settled(KwCampaign *self)
{
    g_autoptr(sqlite3) db = open_ledger(self);

    g_assert_nonnull(db);
    g_assert_cmpint(
        get_int(db, "SELECT count(*) FROM orders WHERE state NOT IN ('filled', 'lapsed')"), ==,
        0);
    g_assert_cmpint(get_int(db, "SELECT count(*) FROM fill"), ==,
                    get_int(db, "SELECT count(*) FROM orders WHERE state = 'filled'"));
}

static void
add_rows(GChecksum *sum, sqlite3 *db, const gchar *sql)
{
    g_autoptr(sqlite3_stmt) stmt = NULL;
    g_autoptr(GError) error = NULL;
    gboolean has_row = FALSE;

    (void) kw_sql_prepare(db, sql, &stmt, &error);
    while (error == NULL && kw_sql_step_row(stmt, &has_row, &error) && has_row) {
        for (gint i = 0; i < sqlite3_column_count(stmt); i++) {
            const gchar *text = kw_sql_column_text(stmt, i);

            g_checksum_update(sum, (const guchar *) (text != NULL ? text : "-"), -1);
            g_checksum_update(sum, (const guchar *) "|", 1);
        }
    }
    g_assert_no_error(error);
}

gchar *
kw_campaign_hash(KwCampaign *self)
{
    static const gchar *const sql[] = {
        "SELECT state, mode, pair, open_us, close_us, entry_amount, amount, open_rate,"
        " close_rate, stake, cost, proceeds, stop, initial_stop, is_trailing, max_rate,"
        " min_rate, profit_abs, enter_tag, exit_reason, strategy_regime FROM trade"
        " WHERE state <> 'void' ORDER BY open_us, pair",
        "SELECT o.pair, o.side, o.type, o.state, o.amount, o.filled, o.candle_us,"
        " o.reason, f.price, f.amount, f.fee, f.time_us FROM orders AS o JOIN fill AS f"
        " ON f.client_id = o.client_id ORDER BY o.candle_us, o.pair, o.side",
        "SELECT mode, kind, amount, cash_after FROM capital ORDER BY id",
        "SELECT s.pair, candle_us, side, price, action, reason, tag, t.open_us, t.state"
        " FROM signal AS s LEFT JOIN trade AS t ON t.id = s.trade_id"
        " ORDER BY candle_us, s.pair, side",
        ("SELECT time_us, equity, cash, realised, open_profit, n_open FROM equity"
         " ORDER BY time_us"),
    };
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autoptr(sqlite3) db = open_ledger(self);

    g_assert_nonnull(db);
    for (guint i = 0; i < G_N_ELEMENTS(sql); i++)
        add_rows(sum, db, sql[i]);
    return g_strdup(g_checksum_get_string(sum));
}
