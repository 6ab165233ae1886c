#include "kw-tape.h"

#include "kw-db.h"
#include "kw-test.h"

#define FIRST_ROW 10

KwTape *
kw_tape_new(gint64 start_us, guint n_rows, guint n_pairs)
{
    g_autofree gchar *strategy = kw_test_fixture_path("strategies/flags.lua");
    KwTape *self = g_new0(KwTape, 1);

    g_assert_cmpuint(n_pairs, <=, KW_TAPE_MAX_PAIRS);
    self->root = kw_test_tmp_dir_new();
    self->rig = kw_replay_rig_new(self->root, strategy);
    self->start_us = start_us;
    self->n_rows = n_rows;
    self->n_pairs = n_pairs;
    for (guint p = 0; p < n_pairs; p++) {
        self->rows[p] = g_new0(KwCandle, n_rows);
        kw_tape_price(self, p, 0, 100.0);
        for (guint i = 0; i < n_rows; i++) {
            self->rows[p][i].open_us = start_us + i * G_TIME_SPAN_HOUR;
            self->rows[p][i].volume = 1.0;
        }
    }
    return self;
}

void
kw_tape_free(KwTape *self)
{
    if (self == NULL)
        return;
    kw_replay_rig_free(self->rig);
    kw_test_tmp_dir_free(self->root);
    for (guint p = 0; p < KW_TAPE_MAX_PAIRS; p++)
        g_free(self->rows[p]);
    g_free(self);
}

void
kw_tape_flag(KwTape *self, guint pair, guint row, KwTapeFlag flag)
{
    self->rows[pair][row].volume = (gdouble) flag;
}

void
kw_tape_price(KwTape *self, guint pair, guint row, gdouble price)
{
    for (guint i = row; i < self->n_rows; i++) {
        KwCandle *candle = &self->rows[pair][i];

        candle->open = candle->high = candle->low = candle->close = price;
    }
}

static KwFeed *
make_feed(KwTape *self, KwClock *clock)
{
    KwReplayPair pairs[KW_TAPE_MAX_PAIRS] = {0};
    g_autoptr(GError) error = NULL;
    KwReplayFeed *feed;

    for (guint p = 0; p < self->n_pairs; p++) {
        g_autofree gchar *name = g_strdup_printf("P%02u/USDT", p);

        (void) kw_pair_init(&pairs[p].pair, name, &error);
        g_assert_no_error(error);
        pairs[p].series = kw_series_new(G_TIME_SPAN_HOUR);
        for (guint i = 0; i < self->n_rows; i++)
            g_assert_true(kw_series_append(pairs[p].series, &self->rows[p][i]));
    }
    feed = kw_replay_feed_new(clock, pairs, self->n_pairs, &error);
    g_assert_no_error(error);
    return KW_FEED(feed);
}

gboolean
kw_tape_open(KwTape *self, GError **error)
{
    gint64 now_us = self->start_us + FIRST_ROW * G_TIME_SPAN_HOUR;
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(now_us);
    g_autoptr(KwFeed) feed = make_feed(self, KW_CLOCK(clock));

    return kw_replay_rig_open(self->rig, clock, feed, error);
}

void
kw_tape_begin(KwTape *self)
{
    g_autoptr(GError) error = NULL;

    (void) kw_tape_open(self, &error);
    g_assert_no_error(error);
    kw_replay_rig_start(self->rig);
}

void
kw_tape_run(KwTape *self, guint row)
{
    kw_replay_rig_run(self->rig, self->start_us + (row + 1) * G_TIME_SPAN_HOUR);
}

void
kw_tape_end(KwTape *self)
{
    kw_replay_rig_stop(self->rig);
}

guint
kw_tape_get_n_open(KwTape *self)
{
    return kw_portfolio_get_n_open(kw_replay_rig_get_book(self->rig)->portfolio);
}

gint64
kw_tape_count(KwTape *self, const gchar *sql)
{
    g_autofree gchar *path = g_build_filename(self->root, KW_STORE_LEDGER_FILE, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(sqlite3) db = kw_db_open(path, KW_DB_READONLY, &error);
    gint64 value = -1;

    g_assert_no_error(error);
    (void) kw_sql_get_int(db, sql, 0, &value, &error);
    g_assert_no_error(error);
    return value;
}
