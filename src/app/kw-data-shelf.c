#include "kw-data-shelf.h"

#include "kw-data-page.h"
#include "kw-date.h"
#include "kw-gap.h"
#include "kw-i18n.h"
#include "kw-number.h"
#include "kw-timeframe.h"

#include <json-glib/json-glib.h>
#include <string.h>
#include <sysexits.h>

#define DEFAULT_MIN_PCT 99.5

typedef struct {
    gchar *root, *pair, *min; /* owned; options */
    gboolean is_json, is_verbose;
    gdouble min_ratio;
    KwDataPage *page;     /* borrowed */
    GString *days;        /* owned; lines of the days of one pair, which follow its own line */
    gint64 empty_from_us; /* first of the days without a candle that wait for their line */
    guint n_empty;
    KwMarketStore *store; /* owned */
    JsonBuilder *builder; /* owned; NULL without --json */
} Shelf;

static void
shelf_clear(Shelf *shelf)
{
    if (shelf->store != NULL)
        kw_market_store_close(shelf->store);
    g_clear_object(&shelf->store);
    g_clear_object(&shelf->builder);
    if (shelf->days != NULL)
        g_string_free(shelf->days, TRUE);
    g_free(shelf->root);
    g_free(shelf->pair);
    g_free(shelf->min);
}

/* (transfer full): what is stored of the pairs wanted; %NULL with @out_status */
static GArray *
open_and_list(Shelf *shelf, int *out_status)
{
    g_autoptr(GError) error = NULL;
    GArray *infos;

    shelf->store = kw_data_page_open_store(shelf->root, out_status);
    if (shelf->store == NULL)
        return NULL;
    infos = kw_market_store_list(shelf->store, &error);
    if (infos == NULL) {
        *out_status = kw_data_page_fail_as(EX_IOERR, error);
        return NULL;
    }
    for (guint i = infos->len; i > 0; i--) {
        const KwSeriesInfo *info = &g_array_index(infos, KwSeriesInfo, i - 1);

        if (shelf->pair != NULL && g_ascii_strcasecmp(info->pair, shelf->pair) != 0)
            (void) g_array_remove_index(infos, i - 1);
    }
    if (shelf->is_json) {
        shelf->builder = json_builder_new_immutable();
        (void) json_builder_begin_array(shelf->builder);
    }
    return infos;
}

static int
end_page(Shelf *shelf, int status)
{
    if (shelf->builder != NULL) {
        g_autoptr(JsonNode) root = NULL;
        g_autofree gchar *text = NULL;

        (void) json_builder_end_array(shelf->builder);
        root = json_builder_get_root(shelf->builder);
        text = json_to_string(root, FALSE);
        g_string_append_printf(shelf->page->out, "%s\n", text);
    }
    return kw_data_page_end(shelf->page, status);
}

static void
add_int(JsonBuilder *builder, const gchar *name, gint64 value)
{
    (void) json_builder_set_member_name(builder, name);
    (void) json_builder_add_int_value(builder, value);
}

static void
add_text(JsonBuilder *builder, const gchar *name, const gchar *text)
{
    (void) json_builder_set_member_name(builder, name);
    (void) json_builder_add_string_value(builder, text);
}

static void
begin_info(JsonBuilder *builder, const KwSeriesInfo *info)
{
    (void) json_builder_begin_object(builder);
    add_text(builder, "pair", info->pair);
    add_text(builder, "timeframe", kw_timeframe_to_string(info->timeframe_us));
    add_text(builder, "source", info->source);
    add_int(builder, "rows", (gint64) info->n_rows);
    add_int(builder, "missing", (gint64) info->n_missing);
    (void) json_builder_set_member_name(builder, "synthetic");
    (void) json_builder_add_boolean_value(builder, info->n_synthetic > 0);
}

/* -- list -- */

static void
print_info(Shelf *shelf, const KwSeriesInfo *info)
{
    gchar first[KW_UTC_TEXT_SIZE], last[KW_UTC_TEXT_SIZE];

    if (shelf->builder != NULL) {
        begin_info(shelf->builder, info);
        add_int(shelf->builder, "gaps", (gint64) info->n_gaps);
        add_int(shelf->builder, "first_us", info->first_us);
        add_int(shelf->builder, "last_us", info->last_us);
        (void) json_builder_end_object(shelf->builder);
        return;
    }
    g_string_append_printf(
        shelf->page->out, _("%s %s: %s to %s UTC, rows %s, gaps %s, source %s%s\n"), info->pair,
        kw_timeframe_to_string(info->timeframe_us), kw_data_page_minute(info->first_us, first),
        kw_data_page_minute(info->last_us, last), kw_data_page_count(shelf->page, info->n_rows),
        kw_data_page_count(shelf->page, info->n_gaps), info->source,
        info->n_synthetic > 0 ? _(" (synthetic)") : "");
}

static int
list_all(Shelf *shelf)
{
    int status = 0;
    g_autoptr(GArray) infos = open_and_list(shelf, &status);

    if (infos == NULL)
        return status;
    for (guint i = 0; i < infos->len; i++)
        print_info(shelf, &g_array_index(infos, KwSeriesInfo, i));
    if (infos->len == 0 && !shelf->is_json)
        g_string_append(shelf->page->out,
                        _("No candles are stored yet; kurswart data import brings some in.\n"));
    return end_page(shelf, 0);
}

int
kw_data_list(int argc, char **argv)
{
    Shelf shelf = {0};
    const GOptionEntry entries[] = {
        {"pair", 0, 0, G_OPTION_ARG_STRING, &shelf.pair, _("this pair only"), "BTC/USDT"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &shelf.is_json, _("as JSON"), NULL},
        {"root", 0, 0, G_OPTION_ARG_FILENAME, &shelf.root, _("data folder"), "DIR"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(KwDataPage) page = kw_data_page_new(&error);
    int status = KW_DATA_EXIT_USAGE;

    if (page == NULL)
        return kw_data_page_fail_as(EX_OSFILE, error);
    shelf.page = page;
    if (kw_data_page_parse(&argc, &argv, entries, "list", "kurswart data list --json", &status))
        status = list_all(&shelf);
    shelf_clear(&shelf);
    return status;
}

/* -- check -- */

/* Candles that a day should have between the first and the last stored one */
static guint
expected_of_day(const KwSeriesInfo *info, const KwDayCount *day)
{
    gint64 begin_us = MAX(day->day_us, info->first_us);
    gint64 end_us = MIN(day->day_us + KW_US_PER_DAY, info->last_us + info->timeframe_us);
    gint64 n_rows = (end_us - begin_us + info->timeframe_us - 1) / info->timeframe_us;

    return (guint) MAX(n_rows, 1);
}

static gdouble
ratio_of_day(const KwSeriesInfo *info, const KwDayCount *day, KwGapMeaning meaning)
{
    if (meaning == KW_GAP_NO_TRADE && day->n_rows > 0)
        return 1;
    return MIN(1.0, (gdouble) day->n_rows / expected_of_day(info, day));
}

/* Rounded down: 99.996 % must not read as complete. */
static const gchar *
percent(const Shelf *shelf, gdouble ratio)
{
    return kw_format_number(shelf->page->format, (gdouble) (gint64) (ratio * 1e4 + 1e-9) / 100,
                            2);
}

/* One line for a stretch of days without a candle */
static void
print_empty_days(Shelf *shelf)
{
    gchar first[KW_DATE_TEXT_SIZE], last[KW_DATE_TEXT_SIZE];
    KwDate from = kw_date_from_utc_us(shelf->empty_from_us);

    if (shelf->n_empty == 1)
        g_string_append_printf(shelf->days, _("  %s: empty\n"), kw_date_to_text(from, first));
    else if (shelf->n_empty > 1)
        g_string_append_printf(
            shelf->days, _("  %s to %s: %u days, empty\n"), kw_date_to_text(from, first),
            kw_date_to_text(kw_date_add_days(from, (gint) shelf->n_empty - 1), last),
            shelf->n_empty);
    shelf->n_empty = 0;
}

static void
print_day(Shelf *shelf, const KwSeriesInfo *info, const KwDayCount *day, gdouble ratio)
{
    gchar date[KW_DATE_TEXT_SIZE];

    (void) kw_date_to_text(kw_date_from_utc_us(day->day_us), date);
    if (shelf->builder != NULL) {
        (void) json_builder_begin_object(shelf->builder);
        add_text(shelf->builder, "day", date);
        add_int(shelf->builder, "rows", day->n_rows);
        add_int(shelf->builder, "expected", expected_of_day(info, day));
        (void) json_builder_set_member_name(shelf->builder, "complete");
        (void) json_builder_add_double_value(shelf->builder, ratio);
        (void) json_builder_end_object(shelf->builder);
        return;
    }
    if (day->n_rows == 0 && !shelf->is_verbose && ratio < shelf->min_ratio) {
        if (shelf->n_empty++ == 0)
            shelf->empty_from_us = day->day_us;
        return;
    }
    print_empty_days(shelf);
    if (shelf->is_verbose || ratio < shelf->min_ratio)
        g_string_append_printf(shelf->days, _("  %s: %s %% (%u of %u)\n"), date,
                               percent(shelf, ratio), day->n_rows, expected_of_day(info, day));
}

static void
print_verdict(
    Shelf *shelf, const KwSeriesInfo *info, KwGapMeaning meaning, gdouble ratio, guint n_low)
{
    KwDataPage *page = shelf->page;

    if (shelf->builder != NULL) {
        add_text(shelf->builder, "gap_meaning", kw_gap_meaning_to_string(meaning));
        (void) json_builder_set_member_name(shelf->builder, "complete");
        (void) json_builder_add_double_value(shelf->builder, ratio);
        add_int(shelf->builder, "days_below", n_low);
        (void) json_builder_end_object(shelf->builder);
        return;
    }
    g_string_append_printf(page->out, _("%s %s: %s %% complete, days below %s %%: %s\n"),
                           info->pair, kw_timeframe_to_string(info->timeframe_us),
                           percent(shelf, ratio), percent(shelf, shelf->min_ratio),
                           kw_data_page_count(page, n_low));
    if (meaning == KW_GAP_NO_TRADE && info->n_missing > 0)
        g_string_append_printf(
            page->out,
            _("  %s candles are not there: nobody traded, or the row was rejected (%s)\n"),
            kw_data_page_count(page, info->n_missing), info->source);
    print_empty_days(shelf);
    g_string_append(page->out, shelf->days->str);
    g_string_truncate(shelf->days, 0);
}

/* TRUE when the pair and all its days have what is asked for */
static gboolean
check_series(Shelf *shelf, const KwSeriesInfo *info, GError **error)
{
    KwGapMeaning meaning = kw_gap_meaning_of_exchange(info->source);
    g_autoptr(GArray) days =
        kw_market_store_count_days(shelf->store, info->pair, info->timeframe_us, error);
    gdouble sum = 0, n_expected = 0;
    guint n_low = 0;

    if (days == NULL)
        return FALSE;
    if (shelf->builder != NULL) {
        begin_info(shelf->builder, info);
        (void) json_builder_set_member_name(shelf->builder, "days");
        (void) json_builder_begin_array(shelf->builder);
    }
    for (guint i = 0; i < days->len; i++) {
        const KwDayCount *day = &g_array_index(days, KwDayCount, i);
        gdouble ratio = ratio_of_day(info, day, meaning);
        guint weight = expected_of_day(info, day);

        sum += ratio * weight;
        n_expected += weight;
        n_low += ratio < shelf->min_ratio;
        print_day(shelf, info, day, ratio);
    }
    if (shelf->builder != NULL)
        (void) json_builder_end_array(shelf->builder);
    print_verdict(shelf, info, meaning, n_expected > 0 ? sum / n_expected : 0, n_low);
    return n_low == 0 && days->len > 0;
}

static int
check_all(Shelf *shelf)
{
    int status = 0;
    g_autoptr(GArray) infos = open_and_list(shelf, &status);

    if (infos == NULL)
        return status;
    if (infos->len == 0)
        status = kw_data_page_fail(KW_DATA_EXIT_NO, _("there are no candles to check"));
    for (guint i = 0; i < infos->len; i++) {
        g_autoptr(GError) error = NULL;

        if (check_series(shelf, &g_array_index(infos, KwSeriesInfo, i), &error))
            continue;
        if (error != NULL)
            return kw_data_page_fail_as(EX_IOERR, error);
        status = KW_DATA_EXIT_NO;
    }
    return end_page(shelf, status);
}

static gboolean
parse_min(Shelf *shelf)
{
    KwDecimal min;

    shelf->min_ratio = DEFAULT_MIN_PCT / 100;
    if (shelf->min == NULL)
        return TRUE;
    if (!kw_number_parse(shelf->min, &min, NULL))
        return FALSE;
    shelf->min_ratio = kw_decimal_to_double(min) / 100;
    return shelf->min_ratio >= 0 && shelf->min_ratio <= 1;
}

int
kw_data_check(int argc, char **argv)
{
    Shelf shelf = {0};
    const GOptionEntry entries[] = {
        {"min", 0, 0, G_OPTION_ARG_STRING, &shelf.min, _("per cent that each day must have"),
         "99.5"},
        {"pair", 0, 0, G_OPTION_ARG_STRING, &shelf.pair, _("this pair only"), "BTC/USDT"},
        {"verbose", 0, 0, G_OPTION_ARG_NONE, &shelf.is_verbose, _("show complete days, too"),
         NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &shelf.is_json, _("as JSON"), NULL},
        {"root", 0, 0, G_OPTION_ARG_FILENAME, &shelf.root, _("data folder"), "DIR"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(KwDataPage) page = kw_data_page_new(&error);
    int status = KW_DATA_EXIT_USAGE;

    if (page == NULL)
        return kw_data_page_fail_as(EX_OSFILE, error);
    shelf.page = page;
    shelf.days = g_string_new(NULL);
    if (kw_data_page_parse(&argc, &argv, entries, "check", "kurswart data check --min 99.5",
                           &status))
        status = parse_min(&shelf) ? check_all(&shelf)
                                   : kw_data_page_fail(KW_DATA_EXIT_USAGE,
                                                       _("--min is a number from 0 to 100"));
    shelf_clear(&shelf);
    return status;
}
