/* kw-data-import.c: reads, reports, stores
 *
 * A file is stored only as a whole, and only after it was read and cleaned to its end. What is
 * there already stays, unless --replace says otherwise: two honest downloads of one exchange
 * may differ, so a different row is counted and shown, never taken over in silence. */
#include "kw-data-import.h"

#include "kw-cli.h"
#include "kw-data-page.h"
#include "kw-dataset.h"
#include "kw-error.h"
#include "kw-fault-text.h"
#include "kw-gap.h"
#include "kw-i18n.h"
#include "kw-timeframe.h"

#include <json-glib/json-glib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

typedef struct {
    gchar *pair, *timeframe, *exchange, *format, *root; /* owned; options */
    gboolean is_verbose, is_dry, is_json, replace;
    KwPair named_pair; /* when --pair was given */
    KwCandleFileOptions file;
    KwDataPage *page;     /* borrowed */
    KwMarketStore *store; /* owned; NULL on a dry run */
} Import;

/* One file on its way */
typedef struct {
    const gchar *path;
    KwDatasetName name;
    KwCandleFile *file; /* owned */
    GArray *gaps;       /* owned */
    KwImportCount count;
} Parcel;

static const gchar *const reason_texts[KW_N_ROW_REASONS] = {
    [KW_ROW_FINE] = N_("fine"),
    [KW_ROW_COLUMNS] = N_("wrong number of columns"),
    [KW_ROW_SYNTAX] = N_("no plain decimal number"),
    [KW_ROW_NOT_FINITE] = N_("not a finite number"),
    [KW_ROW_RANGE] = N_("number too large or too long"),
    [KW_ROW_NEGATIVE] = N_("negative number"),
    [KW_ROW_PRICE_ZERO] = N_("price is zero"),
    [KW_ROW_HIGH_LOW] = N_("high and low do not enclose open and close"),
    [KW_ROW_FUTURE] = N_("candle not closed yet"),
    [KW_ROW_OFF_GRID] = N_("opening not on the grid of the timeframe"),
    [KW_ROW_OUT_OF_ORDER] = N_("out of order"),
    [KW_ROW_DUPLICATE] = N_("duplicate"),
    [KW_ROW_CONFLICT] = N_("same time with other numbers"),
    [KW_ROW_REVERSED] = N_("newest row first, turned round"),
    [KW_ROW_SNAPPED] = N_("constant offset, moved to the grid"),
    [KW_ROW_JUMP] = N_("price jump"),
};

static const gchar *const fate_texts[] = {
    [KW_ROW_KEPT] = N_("kept"),
    [KW_ROW_REPAIRED] = N_("repaired"),
    [KW_ROW_REJECTED] = N_("rejected"),
};

static void
parcel_clear(Parcel *parcel)
{
    g_clear_pointer(&parcel->file, kw_candle_file_free);
    g_clear_pointer(&parcel->gaps, g_array_unref);
}

/* -- what a file is -- */

static gboolean
name_parcel(const Import *import, Parcel *parcel, GError **error)
{
    g_autoptr(GError) inner = NULL;
    gboolean known = kw_dataset_parse_name(parcel->path, &parcel->name, &inner);

    if (!known && import->pair == NULL) {
        g_propagate_error(error, g_steal_pointer(&inner));
        return FALSE;
    }
    if (!known)
        parcel->name = (KwDatasetName){.pair = import->named_pair};
    if (import->pair != NULL)
        parcel->name.pair = import->named_pair;
    if (import->file.timeframe_us != 0)
        parcel->name.timeframe_us = import->file.timeframe_us;
    if (import->exchange != NULL)
        (void) g_strlcpy(parcel->name.exchange, import->exchange, sizeof parcel->name.exchange);
    parcel->name.pair.gap_meaning = kw_gap_meaning_of_exchange(parcel->name.exchange);
    return TRUE;
}

static gboolean
read_parcel(const Import *import, Parcel *parcel, GError **error)
{
    KwCandleFileOptions options = import->file;

    if (!name_parcel(import, parcel, error))
        return FALSE;
    options.timeframe_us = parcel->name.timeframe_us;
    options.now_us = import->page->now_us;
    parcel->file = kw_candle_file_load(parcel->path, &options, error);
    if (parcel->file == NULL)
        return FALSE;
    parcel->name.timeframe_us = kw_series_get_timeframe_us(parcel->file->series);
    parcel->gaps = kw_gap_list(parcel->file->series);
    return TRUE;
}

/* Candles of two exchanges in one series would be a market that nobody saw. */
static gboolean
check_source(const Import *import, const Parcel *parcel, const gchar *source, GError **error)
{
    const gchar *pair = parcel->name.pair.name;
    gint64 timeframe_us = parcel->name.timeframe_us;
    g_autofree gchar *other =
        kw_market_store_find_other_source(import->store, pair, timeframe_us, source);

    if (other == NULL || parcel->file->synthetic)
        return TRUE;
    g_set_error(
        error, KW_STORE_ERROR, KW_STORE_ERROR_EXISTS,
        _("%s %s in the store is from %s, this file is from %s: candles of two exchanges "
          "do not go into one series. Another folder takes them: --root"),
        pair, kw_timeframe_to_string(timeframe_us), other, source);
    return FALSE;
}

static gboolean
store_parcel(const Import *import, Parcel *parcel, GError **error)
{
    KwImport order = {
        .pair = parcel->name.pair.name,
        .mode = import->replace ? KW_IMPORT_REPLACE : KW_IMPORT_KEEP,
        .origin.is_synthetic = parcel->file->synthetic,
    };

    if (import->store == NULL)
        return TRUE;
    (void) g_strlcpy(order.origin.source,
                     *parcel->name.exchange != '\0' ? parcel->name.exchange : "file",
                     sizeof order.origin.source);
    if (!check_source(import, parcel, order.origin.source, error))
        return FALSE;
    return kw_market_store_import(import->store, &order, parcel->file->series, &parcel->count,
                                  error);
}

/* -- report for people -- */

static void
print_range(const Import *import, const Parcel *parcel)
{
    const gint64 *times = kw_series_get_times(parcel->file->series);
    gsize n_rows = kw_series_get_length(parcel->file->series);
    gchar first[KW_UTC_TEXT_SIZE], last[KW_UTC_TEXT_SIZE];
    g_autofree gchar *base = g_path_get_basename(parcel->path);

    g_string_append_printf(
        import->page->out, "%s: %s %s, %s – %s UTC%s\n", base, parcel->name.pair.name,
        kw_timeframe_to_string(parcel->name.timeframe_us), kw_data_page_minute(times[0], first),
        kw_data_page_minute(times[n_rows - 1], last),
        parcel->file->synthetic ? _(" (synthetic)") : "");
}

static void
print_counts(const Import *import, const Parcel *parcel)
{
    const KwCleanReport *report = parcel->file->report;
    KwDataPage *page = import->page;

    g_string_append_printf(page->out, _("  rows read %s, kept %s (repaired %s), rejected %s\n"),
                           kw_data_page_count(page, report->n_read),
                           kw_data_page_count(page, report->n_kept),
                           kw_data_page_count(page, report->n_repaired),
                           kw_data_page_count(page, report->n_rejected));
    for (guint reason = 1; reason < KW_N_ROW_REASONS; reason++) {
        if (report->counts[reason] > 0)
            g_string_append_printf(page->out, "    %s: %s\n", _(reason_texts[reason]),
                                   kw_data_page_count(page, report->counts[reason]));
    }
}

static void
print_gaps(const Import *import, const Parcel *parcel)
{
    KwDataPage *page = import->page;
    gboolean is_outage = parcel->name.pair.gap_meaning == KW_GAP_OUTAGE;

    if (parcel->gaps->len == 0) {
        g_string_append(page->out, _("  no gaps\n"));
        return;
    }
    g_string_append_printf(page->out, _("  gaps %s, candles missing %s: %s\n"),
                           kw_data_page_count(page, parcel->gaps->len),
                           kw_data_page_count(page, kw_gap_count_missing(parcel->gaps)),
                           is_outage ? _("the exchange was down or the download has holes")
                                     : _("nobody traded (this exchange leaves such candles "
                                         "out), or the row was rejected"));
    for (guint i = 0; import->is_verbose && i < parcel->gaps->len; i++) {
        const KwGap *gap = &g_array_index(parcel->gaps, KwGap, i);
        gchar last[KW_UTC_TEXT_SIZE], next[KW_UTC_TEXT_SIZE];

        g_string_append_printf(
            page->out, "    %s → %s: %s\n", kw_data_page_minute(gap->last_us, last),
            kw_data_page_minute(gap->next_us, next), kw_data_page_count(page, gap->n_missing));
    }
}

static void
print_notes(const Import *import, const Parcel *parcel)
{
    const GArray *notes = parcel->file->report->notes;

    for (guint i = 0; import->is_verbose && i < notes->len; i++) {
        const KwRowNote *note = &g_array_index(notes, KwRowNote, i);
        gchar time[KW_UTC_TEXT_SIZE];

        g_string_append_printf(
            import->page->out, _("    line %u, %s: %s (%s), %s\n"), note->line,
            note->time_us > 0 ? kw_data_page_minute(note->time_us, time) : "–",
            _(reason_texts[note->reason]), kw_row_field_to_string(note->field),
            _(fate_texts[note->fate]));
    }
}

/* A store of candles holds candles: signals and scores beside them stay in the file. */
static void
print_others(const Import *import, const Parcel *parcel)
{
    const GPtrArray *others = parcel->file->others;
    g_autoptr(GString) names = g_string_new(NULL);

    if (others->len == 0)
        return;
    for (guint i = 0; i < others->len; i++)
        g_string_append_printf(names, "%s%s", i > 0 ? ", " : "",
                               (const gchar *) others->pdata[i]);
    g_string_append_printf(
        import->page->out,
        _("  not stored are further columns (%s); kurswart backtest --data reads them from the "
          "file\n"),
        names->str);
}

static void
print_parcel(const Import *import, const Parcel *parcel)
{
    KwDataPage *page = import->page;

    print_range(import, parcel);
    print_counts(import, parcel);
    print_notes(import, parcel);
    print_gaps(import, parcel);
    print_others(import, parcel);
    if (import->store == NULL)
        g_string_append(page->out, _("  dry run: nothing was stored\n"));
    else
        g_string_append_printf(page->out,
                               import->replace
                                   ? _("  stored: new %s, known %s, replaced %s\n")
                                   : _("  stored: new %s, known %s, different and left %s\n"),
                               kw_data_page_count(page, parcel->count.n_added),
                               kw_data_page_count(page, parcel->count.n_same),
                               kw_data_page_count(page, parcel->count.n_changed));
}

/* -- report for machines -- */

static void
add_count(JsonBuilder *builder, const gchar *name, guint64 count)
{
    (void) json_builder_set_member_name(builder, name);
    (void) json_builder_add_int_value(builder, (gint64) count);
}

static void
add_text(JsonBuilder *builder, const gchar *name, const gchar *text)
{
    (void) json_builder_set_member_name(builder, name);
    (void) json_builder_add_string_value(builder, text);
}

static void
add_reasons(JsonBuilder *builder, const KwCleanReport *report)
{
    (void) json_builder_set_member_name(builder, "reasons");
    (void) json_builder_begin_object(builder);
    for (guint reason = 1; reason < KW_N_ROW_REASONS; reason++) {
        if (report->counts[reason] > 0)
            add_count(builder, kw_row_reason_to_string((KwRowReason) reason),
                      report->counts[reason]);
    }
    (void) json_builder_end_object(builder);
}

static void
add_others(JsonBuilder *builder, const GPtrArray *others)
{
    (void) json_builder_set_member_name(builder, "not_stored");
    (void) json_builder_begin_array(builder);
    for (guint i = 0; i < others->len; i++)
        (void) json_builder_add_string_value(builder, others->pdata[i]);
    (void) json_builder_end_array(builder);
}

static void
print_parcel_json(const Import *import, const Parcel *parcel)
{
    g_autoptr(JsonBuilder) builder = json_builder_new_immutable();
    g_autoptr(JsonNode) root = NULL;
    g_autofree gchar *text = NULL;
    const KwCleanReport *report = parcel->file->report;

    (void) json_builder_begin_object(builder);
    add_text(builder, "file", parcel->path);
    add_text(builder, "pair", parcel->name.pair.name);
    add_text(builder, "timeframe", kw_timeframe_to_string(parcel->name.timeframe_us));
    add_text(builder, "exchange", parcel->name.exchange);
    add_text(builder, "format", kw_candle_format_to_string(parcel->file->format));
    (void) json_builder_set_member_name(builder, "synthetic");
    (void) json_builder_add_boolean_value(builder, parcel->file->synthetic);
    add_count(builder, "read", report->n_read);
    add_count(builder, "kept", report->n_kept);
    add_count(builder, "repaired", report->n_repaired);
    add_count(builder, "rejected", report->n_rejected);
    add_reasons(builder, report);
    add_others(builder, parcel->file->others);
    add_count(builder, "gaps", parcel->gaps->len);
    add_count(builder, "missing", kw_gap_count_missing(parcel->gaps));
    add_text(builder, "gap_meaning", kw_gap_meaning_to_string(parcel->name.pair.gap_meaning));
    add_count(builder, "added", parcel->count.n_added);
    add_count(builder, "same", parcel->count.n_same);
    add_count(builder, "different", parcel->count.n_changed);
    (void) json_builder_end_object(builder);
    root = json_builder_get_root(builder);
    text = json_to_string(root, FALSE);
    g_string_append_printf(import->page->out, "%s\n", text);
}

/* -- the whole -- */

/* What went wrong, for the owner; the exit status goes with it. */
static int
fail_file(const GError *error, const gchar *path)
{
    gboolean is_readable = access(path, R_OK) == 0;
    g_autofree gchar *meaning = kw_fault_text(error->message);
    g_autofree gchar *text = NULL;
    const gchar *cause = _("this file cannot be read");
    int status = is_readable ? EX_DATAERR : EX_NOINPUT;

    if (g_error_matches(error, KW_STORE_ERROR, KW_STORE_ERROR_EXISTS)) {
        text = g_strdup_printf("%s: %s", path, error->message);
        return kw_data_page_fail(EX_DATAERR, text);
    }
    if (error->domain == KW_MARKET_ERROR && strstr(meaning, error->message) == NULL)
        return kw_data_page_fail(status, meaning);
    if (error->domain == KW_STORE_ERROR) {
        cause = _("the candles cannot be stored");
        status = EX_IOERR;
    } else if (error->domain == KW_PARSE_ERROR) {
        cause =
            _("the name does not tell pair and timeframe; name them with --pair, --timeframe");
        status = KW_DATA_EXIT_USAGE;
    } else if (is_readable && error->code == KW_MARKET_ERROR_EMPTY) {
        cause = _("there is not one valid candle in it");
    } else if (is_readable && error->code == KW_MARKET_ERROR_FORMAT) {
        cause = _("this is no table of candles, or a column is not known");
    }
    text = g_strdup_printf("%s: %s (%s)", path, cause, error->message);
    return kw_data_page_fail(status, text);
}

static int
import_one(Import *import, const gchar *path)
{
    Parcel parcel = {.path = path};
    g_autoptr(GError) error = NULL;
    int status = 0;

    if (!kw_cli_is_there(path))
        return EX_NOINPUT;
    if (!read_parcel(import, &parcel, &error) || !store_parcel(import, &parcel, &error))
        status = fail_file(error, path);
    else if (import->is_json)
        print_parcel_json(import, &parcel);
    else
        print_parcel(import, &parcel);
    parcel_clear(&parcel);
    return status;
}

static gboolean
check_options(Import *import, GError **error)
{
    if (import->pair != NULL && !kw_pair_init(&import->named_pair, import->pair, error))
        return FALSE;
    if (import->timeframe != NULL &&
        !kw_timeframe_parse(import->timeframe, &import->file.timeframe_us, error))
        return FALSE;
    return import->format == NULL ||
           kw_candle_format_from_string(import->format, &import->file.format, error);
}

static int
import_all(Import *import, int n_files, char **files)
{
    g_autoptr(GError) error = NULL;
    gboolean on_terminal = isatty(STDERR_FILENO) == 1 && n_files > 1;
    int status = 0;

    if (!check_options(import, &error))
        return kw_data_page_fail_as(KW_DATA_EXIT_USAGE, error);
    if (n_files == 0)
        return kw_data_page_fail(KW_DATA_EXIT_USAGE,
                                 _("no file named; see kurswart data import --help"));
    if (!import->is_dry) {
        import->store = kw_data_page_open_store(import->root, &status);
        if (import->store == NULL)
            return status;
    }
    for (int i = 0; i < n_files; i++) {
        int one;

        if (on_terminal)
            g_printerr("\r%d/%d", i + 1, n_files);
        one = import_one(import, files[i]);
        status = status != 0 ? status : one;
    }
    if (on_terminal)
        g_printerr("\r\033[K");
    if (import->store != NULL)
        kw_market_store_close(import->store);
    return kw_data_page_end(import->page, status);
}

int
kw_data_import(int argc, char **argv)
{
    Import import = {0};
    const GOptionEntry entries[] = {
        {"pair", 0, 0, G_OPTION_ARG_STRING, &import.pair,
         _("pair, when the name does not tell"), "BTC/USDT"},
        {"timeframe", 0, 0, G_OPTION_ARG_STRING, &import.timeframe,
         _("timeframe, when the name does not tell"), "1h"},
        {"exchange", 0, 0, G_OPTION_ARG_STRING, &import.exchange,
         _("exchange; decides what a gap means"), "kraken"},
        {"format", 0, 0, G_OPTION_ARG_STRING, &import.format,
         _("auto, plain, kraken, kraken-ohlc or binance"), "auto"},
        {"verbose", 0, 0, G_OPTION_ARG_NONE, &import.is_verbose,
         _("list every row with a finding and every gap"), NULL},
        {"dry-run", 0, 0, G_OPTION_ARG_NONE, &import.is_dry, _("report only, store nothing"),
         NULL},
        {"replace", 0, 0, G_OPTION_ARG_NONE, &import.replace,
         _("let new numbers replace stored ones"), NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &import.is_json, _("one JSON object a file"), NULL},
        {"root", 0, 0, G_OPTION_ARG_FILENAME, &import.root, _("data folder"), "DIR"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(KwDataPage) page = kw_data_page_new(&error);
    int status = KW_DATA_EXIT_USAGE;

    if (page == NULL)
        return kw_data_page_fail_as(EX_OSFILE, error);
    import.page = page;
    if (kw_data_page_parse(&argc, &argv, entries, _("import FILE..."),
                           "kurswart data import binance-BTC_USDT-1h.csv.gz", &status))
        status = import_all(&import, argc - 1, argv + 1);
    g_clear_object(&import.store);
    g_free(import.pair);
    g_free(import.timeframe);
    g_free(import.exchange);
    g_free(import.format);
    g_free(import.root);
    return status;
}
