/* kw-doctor-data.c: checks of the owner's data
 *
 * A data root that is not there yet is no damage: what a first start creates is told as such,
 * what it needs and lacks (candles, a strategy) is a fault. */
#define G_LOG_DOMAIN "kw-app"

#include "kw-doctor-data.h"

#include "kw-backup.h"
#include "kw-check.h"
#include "kw-dataset.h"
#include "kw-fault-text.h"
#include "kw-i18n.h"
#include "kw-kill-file.h"
#include "kw-lock-file.h"
#include "kw-store.h"
#include "kw-strategy.h"
#include "kw-timeframe.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/statvfs.h>

#define LEAST_FREE_MB 200
#define LITTLE_FREE_MB 1000
#define OLD_BACKUP_DAYS 3
#define SMALL_FRAME_ROWS 500

/* -- data root -- */

static void
check_mode(KwDoctor *doctor, const gchar *root)
{
    g_autofree gchar *mend = g_strdup_printf("chmod 700 %s", root);
    GStatBuf info;

    if (g_access(root, W_OK | X_OK) != 0)
        kw_doctor_add(doctor, KW_DOCTOR_FAULT, _("Data folder"),
                      _("run as the user of the service: sudo -u kurswart kurswart doctor"),
                      _("%s: not writable for you"), root);
    else if (g_stat(root, &info) == 0 && (info.st_mode & 077) != 0)
        kw_doctor_add(doctor, KW_DOCTOR_WARNING, _("Data folder"), mend,
                      _("%s: open to other users (mode %03o)"), root, info.st_mode & 0777);
    else
        kw_doctor_add(doctor, KW_DOCTOR_OK, _("Data folder"), NULL, "%s", root);
}

static void
check_space(KwDoctor *doctor, const gchar *root)
{
    struct statvfs info;
    KwDoctorGrade grade = KW_DOCTOR_OK;
    guint64 free_mb;

    if (statvfs(root, &info) != 0)
        return;
    free_mb = (guint64) info.f_bavail * info.f_frsize / 1000000;
    if (free_mb < LEAST_FREE_MB)
        grade = KW_DOCTOR_FAULT;
    else if (free_mb < LITTLE_FREE_MB)
        grade = KW_DOCTOR_WARNING;
    kw_doctor_add(doctor, grade, _("Disk space"),
                  grade == KW_DOCTOR_OK ? NULL : _("make room, or set [data] root elsewhere"),
                  _("%u MB free"), (guint) MIN(free_mb, G_MAXUINT));
}

static gboolean
has_file(const KwDoctor *doctor, const gchar *name)
{
    g_autofree gchar *path = g_build_filename(doctor->settings->root, name, NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* @what is broken, @message is the English one of the layer that found it */
static void
add_fault(KwDoctor *doctor,
          const gchar *name,
          const gchar *mend,
          const gchar *what,
          const gchar *message)
{
    g_autofree gchar *text = kw_fault_text(message);

    kw_doctor_add(doctor, KW_DOCTOR_FAULT, name, mend, "%s: %s", what, text);
}

static void
add_finding(KwDoctor *doctor, const KwFinding *finding)
{
    if (!finding->is_ok)
        add_fault(doctor, _("Databases"),
                  _("kurswart restore (what is there now is kept beside)"), finding->name,
                  finding->detail);
    else if (finding->count.version > 0)
        kw_doctor_add(doctor, KW_DOCTOR_OK, _("Databases"), NULL,
                      _("%s: version %u, verified: %u chained rows, %u trades"), finding->name,
                      finding->count.version, (guint) finding->count.n_chained,
                      (guint) finding->count.n_trades);
    else
        kw_doctor_add(doctor, KW_DOCTOR_OK, _("Databases"), NULL, _("%s: nothing is lost"),
                      finding->name);
}

static void
check_store(KwDoctor *doctor)
{
    g_autoptr(GPtrArray) findings = NULL;

    if (!has_file(doctor, KW_STORE_LEDGER_FILE) && !has_file(doctor, KW_STORE_MARKET_FILE)) {
        kw_doctor_add(doctor, KW_DOCTOR_OK, _("Databases"), NULL, "%s",
                      _("none yet; the first start makes them"));
        return;
    }
    findings = kw_store_doctor(doctor->settings->root);
    for (guint i = 0; i < findings->len; i++) {
        const KwFinding *finding = findings->pdata[i];

        if (!finding->is_ok && !has_file(doctor, finding->name))
            continue; /* a store of candles alone is whole */
        add_finding(doctor, finding);
    }
}

/* -- kill switch -- */

/* (transfer full) (nullable): what the ledger says about the kill switch */
static gchar *
read_kill_meta(const KwDoctor *doctor)
{
    static const gchar sql[] = "SELECT value FROM meta WHERE key = '" KW_KILL_META_KEY "'";
    g_autofree gchar *path =
        g_build_filename(doctor->settings->root, KW_STORE_LEDGER_FILE, NULL);
    g_autoptr(sqlite3) db = NULL;
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean has_row = FALSE;

    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return NULL;
    db = kw_db_open(path, KW_DB_READONLY, NULL);
    if (db == NULL || !kw_sql_prepare(db, sql, &stmt, NULL) ||
        !kw_sql_step_row(stmt, &has_row, NULL))
        return g_strdup("unreadable");
    return has_row ? g_strdup(kw_sql_column_text(stmt, 0)) : NULL;
}

static void
check_kill(KwDoctor *doctor)
{
    g_autofree gchar *meta = read_kill_meta(doctor);
    g_auto(KwKillRecord) record = {0};

    kw_kill_file_read(doctor->settings->root, meta, &record);
    switch (record.state) {
    case KW_KILL_OFF:
        kw_doctor_add(doctor, KW_DOCTOR_OK, _("Kill switch"), NULL, "%s", _("off"));
        return;
    case KW_KILL_ON:
        kw_doctor_add(doctor, KW_DOCTOR_WARNING, _("Kill switch"),
                      "kurswart tell 'Kill-Switch aus'", _("on; nothing is traded (%s)"),
                      record.reason != NULL ? record.reason : "-");
        return;
    case KW_KILL_UNREADABLE:
        kw_doctor_add(doctor, KW_DOCTOR_FAULT, _("Kill switch"),
                      "kurswart tell 'Kill-Switch aus'", "%s",
                      _("cannot be read; that counts as on, nothing is traded"));
        return;
    }
}

/* -- strategy -- */

/* A rise and fall that any strategy can be computed on */
static KwFrame *
small_frame(gint64 timeframe_us)
{
    KwSeries *series = kw_series_new(timeframe_us);

    for (gint i = 0; i < SMALL_FRAME_ROWS; i++) {
        gdouble price = 100 + i % 40;
        KwCandle candle = {
            .open_us = (i + 1) * timeframe_us,
            .open = price,
            .high = price + 2,
            .low = price - 2,
            .close = price + 1,
            .volume = 10,
        };

        (void) kw_series_append(series, &candle);
    }
    return kw_frame_new(series);
}

static gboolean
try_strategy(const KwStrategy *strategy, const gchar *const *traded, GError **error)
{
    const gchar *const *pairs = kw_strategy_get_pairs(strategy);
    g_autoptr(KwNeighbours) neighbours = kw_neighbours_new();
    g_autoptr(KwFrame) frame = NULL;
    g_autoptr(KwStrategyColumns) columns = NULL;
    gint64 timeframe_us;

    if (!kw_timeframe_parse(kw_strategy_get_timeframe(strategy), &timeframe_us, error))
        return FALSE;
    frame = small_frame(timeframe_us);
    for (guint i = 0; pairs[i] != NULL; i++)
        kw_neighbours_add(neighbours, pairs[i], kw_frame_get_series(frame));
    for (guint i = 0; traded[i] != NULL; i++) /* a model may look at those */
        kw_neighbours_add(neighbours, traded[i], kw_frame_get_series(frame));
    kw_frame_set_neighbours(frame, neighbours);
    columns = kw_strategy_build(strategy, frame, error);
    if (columns == NULL)
        return FALSE;
    kw_frame_update(frame);
    return TRUE;
}

static void
check_strategy(KwDoctor *doctor)
{
    const gchar *path = doctor->settings->book.strategy_path;
    const gchar *wanted = kw_config_get_string(doctor->settings->bot, "trading", "timeframe");
    g_autoptr(GError) error = NULL;
    g_autoptr(KwStrategy) strategy = kw_strategy_load_file(path, NULL, &error);

    if (strategy != NULL)
        kw_strategy_set_models(strategy, doctor->settings->book.models);
    if (strategy == NULL ||
        !try_strategy(strategy, kw_config_get_list(doctor->settings->bot, "trading", "pairs"),
                      &error))
        add_fault(doctor, _("Strategy"),
                  _("mend the file (man kurswart-strategy), or name another one in "
                    "[trading] strategy"),
                  path, error->message);
    else if (strcmp(kw_strategy_get_timeframe(strategy), wanted) != 0)
        kw_doctor_add(doctor, KW_DOCTOR_FAULT, _("Strategy"),
                      _("make [trading] timeframe and the strategy agree"),
                      _("%s decides on %s candles, the configuration says %s"), path,
                      kw_strategy_get_timeframe(strategy), wanted);
    else
        kw_doctor_add(doctor, KW_DOCTOR_OK, _("Strategy"), NULL, "%s (%s, %.8s)", path,
                      kw_strategy_get_name(strategy), kw_strategy_get_identity(strategy));
}

/* -- candles -- */

static const KwSeriesInfo *
find_series(const GArray *infos, const gchar *pair, const gchar *timeframe)
{
    for (guint i = 0; i < infos->len; i++) {
        const KwSeriesInfo *info = &g_array_index(infos, KwSeriesInfo, i);

        if (strcmp(info->pair, pair) == 0 &&
            g_strcmp0(kw_timeframe_to_string(info->timeframe_us), timeframe) == 0)
            return info;
    }
    return NULL;
}

static void
check_series(KwDoctor *doctor, const GArray *infos, const gchar *pair)
{
    const gchar *timeframe =
        kw_config_get_string(doctor->settings->bot, "trading", "timeframe");
    const KwSeriesInfo *info = find_series(infos, pair, timeframe);
    gdouble percent;

    if (info == NULL || info->n_rows == 0) {
        kw_doctor_add(doctor, KW_DOCTOR_FAULT, _("Candles"),
                      _("kurswart data import FILE..., or [feed] path in kurswart.conf"),
                      _("%s %s: none are stored"), pair, timeframe);
        return;
    }
    percent = 100.0 * (gdouble) info->n_rows / (gdouble) (info->n_rows + info->n_missing);
    kw_doctor_add(doctor, info->n_missing == 0 ? KW_DOCTOR_OK : KW_DOCTOR_WARNING, _("Candles"),
                  info->n_missing == 0 ? NULL : "kurswart data check --verbose",
                  _("%s %s: %u rows, %d %% complete, gaps: %u%s"), pair, timeframe,
                  (guint) info->n_rows, (gint) percent, (guint) info->n_gaps,
                  info->n_synthetic > 0 ? _(", synthetic") : "");
}

static void
check_stored(KwDoctor *doctor)
{
    const gchar *const *pairs = kw_config_get_list(doctor->settings->bot, "trading", "pairs");
    g_autoptr(KwMarketStore) store = NULL;
    g_autoptr(GArray) infos = NULL;
    g_autoptr(GError) error = NULL;

    if (has_file(doctor, KW_STORE_MARKET_FILE)) {
        store = kw_market_store_open(doctor->settings->root, &error);
        infos = store != NULL ? kw_market_store_list(store, &error) : NULL;
        if (infos == NULL)
            add_fault(doctor, _("Candles"), "kurswart restore", KW_STORE_MARKET_FILE,
                      error->message);
    } else {
        infos = g_array_new(FALSE, FALSE, sizeof(KwSeriesInfo));
    }
    for (guint i = 0; infos != NULL && pairs[i] != NULL; i++)
        check_series(doctor, infos, pairs[i]);
    if (store != NULL)
        kw_market_store_close(store);
}

static void
check_candles(KwDoctor *doctor)
{
    const KwConfig *config = doctor->settings->bot;
    const gchar *const *paths = kw_config_get_list(config, "feed", "path");
    KwDatasetOptions options = {.pairs = kw_config_get_list(config, "trading", "pairs")};
    g_autoptr(KwDataset) dataset = NULL;
    g_autoptr(GError) error = NULL;

    if (paths == NULL || paths[0] == NULL) {
        check_stored(doctor);
        return;
    }
    (void) kw_timeframe_parse(kw_config_get_string(config, "trading", "timeframe"),
                              &options.timeframe_us, NULL);
    dataset = kw_dataset_load(paths, &options, &error);
    if (dataset == NULL)
        kw_doctor_add(doctor, KW_DOCTOR_FAULT, _("Candles"),
                      _("set [feed] path to a candle file or a folder of them"), "%s",
                      error->message);
    else
        kw_doctor_add(doctor, KW_DOCTOR_OK, _("Candles"), NULL,
                      _("from files, series: %u ([feed] path)"),
                      kw_dataset_get_n_entries(dataset));
}

/* -- daemon, backups -- */

static void
check_daemon(KwDoctor *doctor)
{
    const KwSettings *settings = doctor->settings;
    gint pid = kw_lock_file_get_holder(settings->root);

    if (pid == 0)
        kw_doctor_add(doctor, KW_DOCTOR_OK, _("Daemon"), NULL, "%s",
                      _("does not run (kurswart run starts it)"));
    else if (g_file_test(settings->socket, G_FILE_TEST_EXISTS))
        kw_doctor_add(doctor, KW_DOCTOR_OK, _("Daemon"), NULL,
                      _("runs (process %d), socket %s"), pid, settings->socket);
    else
        kw_doctor_add(doctor, KW_DOCTOR_FAULT, _("Daemon"), "systemctl restart kurswart",
                      _("runs (process %d), but its socket %s is not there"), pid,
                      settings->socket);
}

/* By the clock of the machine: the name has the bot's, which a replay sets */
static gint
age_days(const gchar *path, gint64 now_us)
{
    GStatBuf info;

    if (g_stat(path, &info) != 0)
        return 0;
    return (gint) MAX((now_us / G_USEC_PER_SEC - info.st_mtime) / 86400, 0);
}

static void
check_backup(KwDoctor *doctor)
{
    const gchar *wanted = kw_config_get_string(doctor->settings->bot, "store", "backup_dir");
    g_autofree gchar *folder =
        wanted[0] != '\0' ? g_strdup(wanted)
                          : g_build_filename(doctor->settings->root, KW_BACKUP_FOLDER, NULL);
    g_autofree gchar *newest = kw_backup_find_newest(folder);
    g_autoptr(GError) error = NULL;
    gint days;

    if (newest == NULL) {
        if (has_file(doctor, KW_STORE_LEDGER_FILE))
            kw_doctor_add(doctor, KW_DOCTOR_WARNING, _("Backup"), "kurswart backup",
                          _("none in %s"), folder);
        return;
    }
    days = age_days(newest, doctor->now_us);
    if (!kw_backup_verify(newest, &error))
        add_fault(doctor, _("Backup"), "kurswart backup", newest, error->message);
    else
        kw_doctor_add(doctor, days > OLD_BACKUP_DAYS ? KW_DOCTOR_WARNING : KW_DOCTOR_OK,
                      _("Backup"), days > OLD_BACKUP_DAYS ? "kurswart backup" : NULL,
                      _("%s: verified, %d days old"), newest, days);
}

void
kw_doctor_check_data(KwDoctor *doctor)
{
    const gchar *root = doctor->settings->root;

    if (g_file_test(root, G_FILE_TEST_IS_DIR)) {
        check_mode(doctor, root);
        check_space(doctor, root);
        check_store(doctor);
        check_kill(doctor);
    } else if (g_file_test(root, G_FILE_TEST_EXISTS)) {
        kw_doctor_add(doctor, KW_DOCTOR_FAULT, _("Data folder"),
                      _("--root, or [data] root in kurswart.conf"), _("%s: no folder"), root);
    } else {
        kw_doctor_add(doctor, KW_DOCTOR_OK, _("Data folder"), NULL,
                      _("%s: not there yet; the first start makes it"), root);
    }
    check_strategy(doctor);
    check_candles(doctor);
    check_daemon(doctor);
    check_backup(doctor);
}
