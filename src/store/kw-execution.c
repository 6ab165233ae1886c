/* kw-execution.c: samples of ledger and scans, by pair and session, into a dated file
 *
 * Nothing is stored twice: the ledger has the price of the decision, the instant of the intent
 * and each fill; the scans have the spread. A sample is kept for its pair and for "*", each
 * for its sessions and for the whole day, since sessions overlap and thin ones need something
 * to stand in.
 *
 * The file of a day speaks of the days before it, so that whoever replays that day with it
 * knows nothing of what is to come. */
#define G_LOG_DOMAIN "kw-store"

#include "kw-execution.h"

#include "kw-date.h"
#include "kw-db.h"
#include "kw-error.h"
#include "kw-friction.h"
#include "kw-indicator.h"
#include "kw-quantile.h"
#include "kw-store.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <unistd.h>

#define PREFIX "execution-"
#define SUFFIX ".json"
#define SPREAD_AGE_US                                                                          \
    (5 * (gint64) G_TIME_SPAN_MINUTE) /* a scan before a fill tells its spread */
#define N_SESSIONS (KW_SESSION_N + 1) /* and the whole day, at 0 */

typedef enum { SPREAD, SLIPPAGE, LATENCY, N_KINDS } Kind;

static const gchar *const kind_names[N_KINDS] = {"spread", "slippage", "latency_ms"};

/* Samples of one pair, or of "*" */
typedef struct {
    GArray *values[N_SESSIONS][N_KINDS]; /* owned; of gdouble */
} Samples;

typedef struct {
    sqlite3 *ledger, *market; /* borrowed */
    gint64 from_us, until_us;
    GHashTable *pairs; /* owned: name -> owned Samples; "*" is always there */
} Measure;

/* -- samples -- */

static void
samples_free(gpointer data)
{
    Samples *self = data;

    for (guint s = 0; s < N_SESSIONS; s++)
        for (guint k = 0; k < N_KINDS; k++)
            g_array_unref(self->values[s][k]);
    g_free(self);
}

static Samples *
get_samples(Measure *measure, const gchar *pair)
{
    Samples *self = g_hash_table_lookup(measure->pairs, pair);

    if (self != NULL)
        return self;
    self = g_new0(Samples, 1);
    for (guint s = 0; s < N_SESSIONS; s++)
        for (guint k = 0; k < N_KINDS; k++)
            self->values[s][k] = g_array_new(FALSE, FALSE, sizeof(gdouble));
    (void) g_hash_table_insert(measure->pairs, g_strdup(pair), self);
    return self;
}

static void
add_sample(Measure *measure, const gchar *pair, gint64 time_us, Kind kind, gdouble value)
{
    Samples *const both[] = {get_samples(measure, pair), get_samples(measure, "*")};

    for (guint i = 0; i < G_N_ELEMENTS(both); i++) {
        g_array_append_val(both[i]->values[0][kind], value);
        for (guint s = 1; s < N_SESSIONS; s++) {
            if (kw_session_has_time((KwSessionName) (s - 1), time_us))
                g_array_append_val(both[i]->values[s][kind], value);
        }
    }
}

/* -- reading -- */

static gboolean
read_spreads(Measure *measure, GError **error)
{
    static const gchar sql[] =
        "SELECT pair, time_us, spread / price FROM scan WHERE time_us >= ?1 AND time_us < ?2"
        " AND spread >= 0 AND price > 0";
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean has_row = FALSE;

    if (!kw_sql_prepare(measure->market, sql, &stmt, error))
        return FALSE;
    (void) sqlite3_bind_int64(stmt, 1, measure->from_us);
    (void) sqlite3_bind_int64(stmt, 2, measure->until_us);
    while (kw_sql_step_row(stmt, &has_row, error)) {
        if (!has_row)
            return TRUE;
        add_sample(measure, kw_sql_column_text(stmt, 0), sqlite3_column_int64(stmt, 1), SPREAD,
                   sqlite3_column_double(stmt, 2));
    }
    return FALSE;
}

/* Ratio of the spread just before @time_us; 0 when nobody looked */
static gboolean
find_spread(Measure *measure, const gchar *pair, gint64 time_us, gdouble *out, GError **error)
{
    static const gchar sql[] = "SELECT spread / price FROM scan WHERE time_us > ?2 - ?3 AND "
                               "time_us <= ?2 AND pair = ?1"
                               " AND spread >= 0 AND price > 0 ORDER BY time_us DESC LIMIT 1";
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean has_row = FALSE;

    if (!kw_sql_prepare(measure->market, sql, &stmt, error))
        return FALSE;
    (void) sqlite3_bind_text(stmt, 1, pair, -1, SQLITE_STATIC);
    (void) sqlite3_bind_int64(stmt, 2, time_us);
    (void) sqlite3_bind_int64(stmt, 3, SPREAD_AGE_US);
    if (!kw_sql_step_row(stmt, &has_row, error))
        return FALSE;
    *out = has_row ? sqlite3_column_double(stmt, 0) : 0.0;
    return TRUE;
}

static gboolean
add_fill(Measure *measure, sqlite3_stmt *stmt, GError **error)
{
    const gchar *pair = kw_sql_column_text(stmt, 0);
    gint64 time_us = sqlite3_column_int64(stmt, 1);
    gint64 waited_us = time_us - sqlite3_column_int64(stmt, 5);
    gdouble sign = strcmp(kw_sql_column_text(stmt, 2), "buy") == 0 ? 1.0 : -1.0;
    gdouble spread = 0.0, wanted;
    KwDecimal decided, got;

    if (!kw_sql_column_decimal(stmt, 3, &decided, error) ||
        !kw_sql_column_decimal(stmt, 4, &got, error) ||
        !find_spread(measure, pair, time_us, &spread, error))
        return FALSE;
    wanted = kw_decimal_to_double(decided);
    if (!(wanted > 0.0))
        return TRUE;
    add_sample(measure, pair, time_us, SLIPPAGE,
               sign * (kw_decimal_to_double(got) - wanted) / wanted - spread / 2.0);
    /* a stop waits for its price, which says nothing of the way to the exchange */
    if (strcmp(kw_sql_column_text(stmt, 6), "market") == 0)
        add_sample(measure, pair, time_us, LATENCY, (gdouble) MAX(waited_us, 0) / 1000.0);
    return TRUE;
}

static gboolean
read_fills(Measure *measure, GError **error)
{
    static const gchar sql[] =
        "SELECT fill.pair, fill.time_us, fill.side, orders.price, fill.price,"
        " orders.created_us, orders.type FROM fill JOIN orders USING (client_id) WHERE"
        " fill.mode = 'live' AND fill.time_us >= ?1 AND fill.time_us < ?2 AND orders.type IN"
        " ('market', 'stop_loss') ORDER BY fill.id";
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean has_row = FALSE;

    if (!kw_sql_prepare(measure->ledger, sql, &stmt, error))
        return FALSE;
    (void) sqlite3_bind_int64(stmt, 1, measure->from_us);
    (void) sqlite3_bind_int64(stmt, 2, measure->until_us);
    while (kw_sql_step_row(stmt, &has_row, error)) {
        if (!has_row)
            return TRUE;
        if (!add_fill(measure, stmt, error))
            return FALSE;
    }
    return FALSE;
}

/* -- writing -- */

static void
add_number(JsonBuilder *b, const gchar *name, gdouble value)
{
    (void) json_builder_set_member_name(b, name);
    (void) json_builder_add_double_value(b, value);
}

static void
add_text(JsonBuilder *b, const gchar *name, const gchar *text)
{
    (void) json_builder_set_member_name(b, name);
    (void) json_builder_add_string_value(b, text);
}

static void
add_count(JsonBuilder *b, const gchar *name, gint64 count)
{
    (void) json_builder_set_member_name(b, name);
    (void) json_builder_add_int_value(b, count);
}

static void
add_figure(JsonBuilder *b, Measure *measure, const gchar *pair, guint session, Kind kind)
{
    const struct {
        const gchar *pair;
        guint session;
    } sources[] = {{pair, session}, {pair, 0}, {"*", session}, {"*", 0}};
    const GArray *own = get_samples(measure, pair)->values[session][kind];

    (void) json_builder_set_member_name(b, kind_names[kind]);
    for (guint i = 0; i < G_N_ELEMENTS(sources); i++) {
        const guint s = sources[i].session;
        const GArray *from = get_samples(measure, sources[i].pair)->values[s][kind];
        g_autofree gdouble *sorted = NULL;
        gdouble sum = 0.0;

        if (from->len < KW_EXECUTION_MIN_SAMPLES)
            continue;
        sorted = kw_quantile_sort((const gdouble *) (gpointer) from->data, from->len);
        for (guint k = 0; k < from->len; k++)
            sum += sorted[k];
        (void) json_builder_begin_object(b);
        add_count(b, "n", own->len);
        if (i > 0) {
            g_autofree gchar *name =
                g_strdup_printf("%s %s", sources[i].pair,
                                s > 0 ? kw_session_to_string((KwSessionName) (s - 1)) : "*");

            add_text(b, "of", name);
        }
        add_number(b, "mean", sum / from->len);
        add_number(b, "p50", kw_quantile_sorted(sorted, from->len, 0.5));
        add_number(b, "p90", kw_quantile_sorted(sorted, from->len, 0.9));
        (void) json_builder_end_object(b);
        return;
    }
    (void) json_builder_add_null_value(b);
}

static gboolean
has_any(const Samples *self, guint session)
{
    for (guint k = 0; k < N_KINDS; k++) {
        if (self->values[session][k]->len > 0)
            return TRUE;
    }
    return FALSE;
}

static void
add_rows(JsonBuilder *b, Measure *measure)
{
    g_autoptr(GList) names =
        g_list_sort(g_hash_table_get_keys(measure->pairs), (GCompareFunc) strcmp);

    for (const GList *at = names; at != NULL; at = at->next) {
        for (guint s = 0; s < N_SESSIONS; s++) {
            if (!has_any(get_samples(measure, at->data), s))
                continue;
            (void) json_builder_begin_object(b);
            add_text(b, "pair", at->data);
            add_text(b, "session", s > 0 ? kw_session_to_string((KwSessionName) (s - 1)) : "*");
            for (guint k = 0; k < N_KINDS; k++)
                add_figure(b, measure, at->data, s, (Kind) k);
            (void) json_builder_end_object(b);
        }
    }
}

static gchar *
to_text(Measure *measure, const gchar *date)
{
    g_autoptr(JsonBuilder) b = json_builder_new_immutable();
    g_autoptr(JsonNode) root = NULL;

    (void) json_builder_begin_object(b);
    add_text(b, "format", KW_FRICTION_FORMAT);
    add_text(b, "date", date);
    add_count(b, "from_us", measure->from_us);
    add_count(b, "until_us", measure->until_us);
    (void) json_builder_set_member_name(b, "rows");
    (void) json_builder_begin_array(b);
    add_rows(b, measure);
    (void) json_builder_end_array(b);
    (void) json_builder_end_object(b);
    root = json_builder_get_root(b);
    return json_to_string(root, TRUE);
}

/* -- files -- */

static gboolean
fail_io(const gchar *path, GError **error)
{
    g_set_error(error, KW_STORE_ERROR, KW_STORE_ERROR_IO, "%s: %s", path, g_strerror(errno));
    return FALSE;
}

static gboolean
switch_link(const gchar *folder, const gchar *name, GError **error)
{
    g_autofree gchar *link = g_build_filename(folder, KW_EXECUTION_LATEST, NULL);
    g_autofree gchar *next = g_strconcat(link, ".next", NULL);

    (void) g_unlink(next);
    if (symlink(name, next) != 0 || g_rename(next, link) != 0)
        return fail_io(link, error);
    return TRUE;
}

static gboolean
write_file(const gchar *root, Measure *measure, gint64 day, gchar **out_path, GError **error)
{
    gchar date[KW_DATE_TEXT_SIZE];
    const gchar *text_date = kw_date_to_text(kw_date_from_days(day), date);
    g_autofree gchar *folder = g_build_filename(root, KW_EXECUTION_FOLDER, NULL);
    g_autofree gchar *name = g_strconcat(PREFIX, text_date, SUFFIX, NULL);
    g_autofree gchar *path = g_build_filename(folder, name, NULL);
    g_autofree gchar *text = to_text(measure, text_date);
    g_autoptr(GError) inner = NULL;

    if (g_mkdir_with_parents(folder, 0700) != 0)
        return fail_io(folder, error);
    if (!g_file_set_contents_full(path, text, -1,
                                  G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                  0600, &inner)) {
        g_set_error_literal(error, KW_STORE_ERROR, KW_STORE_ERROR_IO, inner->message);
        return FALSE;
    }
    if (!switch_link(folder, name, error))
        return FALSE;
    if (out_path != NULL)
        *out_path = g_steal_pointer(&path);
    return TRUE;
}

gboolean
kw_execution_measure(
    const gchar *root, gint64 now_us, guint n_days, gchar **out_path, GError **error)
{
    g_autofree gchar *ledger_path = g_build_filename(root, KW_STORE_LEDGER_FILE, NULL);
    g_autofree gchar *market_path = g_build_filename(root, KW_STORE_MARKET_FILE, NULL);
    g_autoptr(sqlite3) ledger = kw_db_open(ledger_path, KW_DB_READONLY, error);
    g_autoptr(sqlite3) market =
        ledger != NULL ? kw_db_open(market_path, KW_DB_READONLY, error) : NULL;
    g_autoptr(GHashTable) pairs =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, samples_free);
    gint64 day = now_us / KW_US_PER_DAY;
    Measure measure = {.ledger = ledger,
                       .market = market,
                       .from_us = (day - n_days) * KW_US_PER_DAY,
                       .until_us = day * KW_US_PER_DAY,
                       .pairs = pairs};

    if (out_path != NULL)
        *out_path = NULL;
    if (market == NULL || !read_spreads(&measure, error) || !read_fills(&measure, error))
        return FALSE;
    return !has_any(get_samples(&measure, "*"), 0) ||
           write_file(root, &measure, day, out_path, error);
}

static gint
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const gchar *const *) a, *(const gchar *const *) b);
}

GStrv
kw_execution_list(const gchar *root)
{
    g_autofree gchar *folder = g_build_filename(root, KW_EXECUTION_FOLDER, NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    const gchar *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        if (g_str_has_prefix(name, PREFIX) && g_str_has_suffix(name, SUFFIX))
            g_ptr_array_add(names, g_strdup(name));
    }
    g_ptr_array_sort(names, compare_names);
    g_ptr_array_add(names, NULL);
    return (GStrv) g_ptr_array_steal(names, NULL);
}

gchar *
kw_execution_dup_latest(const gchar *root)
{
    g_autofree gchar *link =
        g_build_filename(root, KW_EXECUTION_FOLDER, KW_EXECUTION_LATEST, NULL);

    return g_file_read_link(link, NULL);
}

gboolean
kw_execution_roll_back(const gchar *root, GError **error)
{
    g_autofree gchar *folder = g_build_filename(root, KW_EXECUTION_FOLDER, NULL);
    g_autofree gchar *present = kw_execution_dup_latest(root);
    g_auto(GStrv) names = kw_execution_list(root);
    const gchar *before = NULL;

    for (guint i = 0; present != NULL && names[i] != NULL; i++) {
        if (strcmp(names[i], present) < 0)
            before = names[i];
    }
    if (before != NULL)
        return switch_link(folder, before, error);
    g_set_error_literal(error, KW_STORE_ERROR, KW_STORE_ERROR_OPEN,
                        "there are no earlier execution metrics");
    return FALSE;
}
