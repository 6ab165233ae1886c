/* kw-lab-input.c: configuration, strategy and candles for the laboratory
 *
 * Candles come from files or from the store. When there are none of the length that the
 * strategy wants, shorter ones are put together: the longest that divide it. Days are days of
 * UTC here, as in every candle file. */
#include "kw-lab-input.h"

#include "kw-aggregate.h"
#include "kw-cli.h"
#include "kw-dataset.h"
#include "kw-date.h"
#include "kw-error.h"
#include "kw-gap.h"
#include "kw-i18n.h"
#include "kw-market-store.h"
#include "kw-model-shelf.h"
#include "kw-timeframe.h"

#include <string.h>
#include <sysexits.h>

#define DEMO_DATA "demo"
#define DEMO_FOLDER "/kurswart/candles"

void
kw_lab_wish_clear(KwLabWish *self)
{
    gchar **texts[] = {&self->config,   &self->root,       &self->strategy,  &self->pairs,
                       &self->from,     &self->to,         &self->timeframe, &self->exchange,
                       &self->detail,   &self->fee,        &self->wallet,    &self->stake,
                       &self->max_open, &self->entry_order};

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_clear_pointer(texts[i], g_free);
    g_clear_pointer(&self->data, g_strfreev);
}

void
kw_lab_wish_add_entries(KwLabWish *self, GArray *entries)
{
    const GOptionEntry mine[] = {
        {"strategy", 's', 0, G_OPTION_ARG_FILENAME, &self->strategy,
         N_("strategy file (the configured one)"), "FILE"},
        {"data", 'd', 0, G_OPTION_ARG_FILENAME_ARRAY, &self->data,
         N_("candle file or folder, may be given often; demo: the bundled ones"), "PATH"},
        {"pairs", 'p', 0, G_OPTION_ARG_STRING, &self->pairs, N_("pairs, separated by commas"),
         "BTC/USDT,ETH/USDT"},
        {"exchange", 0, 0, G_OPTION_ARG_STRING, &self->exchange,
         N_("files of this exchange only"), "binance"},
        {"timeframe", 'i', 0, G_OPTION_ARG_STRING, &self->timeframe,
         N_("other candles than the strategy says"), "1h"},
        {"detail", 0, 0, G_OPTION_ARG_STRING, &self->detail,
         N_("shorter candles for what happens within a candle"), "1m"},
        {"from", 0, 0, G_OPTION_ARG_STRING, &self->from, N_("first day (UTC)"), "DATE"},
        {"to", 0, 0, G_OPTION_ARG_STRING, &self->to,
         N_("until this day, its first candle included (UTC)"), "DATE"},
        {"fee", 0, 0, G_OPTION_ARG_STRING, &self->fee, N_("fee of each order, as a ratio"),
         "0.004"},
        {"entry-order", 0, 0, G_OPTION_ARG_STRING, &self->entry_order,
         N_("entries at the market, or as orders that wait"), "maker"},
        {"wallet", 0, 0, G_OPTION_ARG_STRING, &self->wallet, N_("starting capital"), "1000"},
        {"stake", 0, 0, G_OPTION_ARG_STRING, &self->stake,
         N_("stake of each trade, or unlimited"), "100"},
        {"max-open-trades", 0, 0, G_OPTION_ARG_STRING, &self->max_open,
         N_("trades at the same time"), "3"},
        {"fill-gaps", 0, 0, G_OPTION_ARG_NONE, &self->fills_gaps,
         N_("missing candles are taken as candles without trades, as freqtrade does"), NULL},
        {"protections", 0, 0, G_OPTION_ARG_NONE, &self->has_protections,
         N_("lock pairs as [protections] of kurswart.conf says"), NULL},
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &self->config, N_("kurswart.conf to read"),
         "FILE"},
        {"root", 0, 0, G_OPTION_ARG_FILENAME, &self->root, N_("data folder"), "DIR"},
    };

    g_array_append_vals(entries, mine, G_N_ELEMENTS(mine));
}

void
kw_lab_input_free(KwLabInput *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->study, kw_study_free);
    g_clear_pointer(&self->strategy, kw_strategy_free);
    g_clear_pointer(&self->settings, kw_settings_free);
    g_strfreev(self->names);
    g_free(self);
}

/* -- configuration -- */

static void
add_override(GStrvBuilder *builder, const gchar *key, const gchar *value)
{
    g_autofree gchar *text = value != NULL ? g_strdup_printf("%s=%s", key, value) : NULL;

    if (text != NULL)
        g_strv_builder_add(builder, text);
}

static KwSettings *
load_settings(const KwLabWish *wish, int *out_status)
{
    const KwSettingsPaths paths = {.config = wish->config, .root = wish->root};
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_auto(GStrv) overrides = NULL;
    g_auto(GStrv) environment = g_get_environ();
    KwSettings *settings;

    add_override(builder, "trading.strategy", wish->strategy);
    add_override(builder, "trading.fee", wish->fee);
    add_override(builder, "trading.maker_fee", wish->fee);
    add_override(builder, "trading.entry_order", wish->entry_order);
    add_override(builder, "trading.starting_capital", wish->wallet);
    add_override(builder, "trading.stake_amount", wish->stake);
    add_override(builder, "trading.max_open_trades", wish->max_open);
    overrides = g_strv_builder_end(builder);
    settings = kw_settings_load(&paths, (const gchar *const *) environment,
                                (const gchar *const *) overrides, problems);
    if (settings == NULL)
        *out_status = kw_cli_report_problems(problems);
    return settings;
}

static gboolean
load_strategy(KwLabInput *self, const KwLabWish *wish, int *out_status)
{
    g_autoptr(GError) error = NULL;
    gint64 timeframe_us = 0;

    if (wish->timeframe != NULL &&
        !kw_timeframe_parse(wish->timeframe, &timeframe_us, &error)) {
        *out_status = kw_cli_fail_as(KW_EXIT_USAGE, error, NULL);
        return FALSE;
    }
    self->strategy = kw_strategy_load_file(self->settings->book.strategy_path, NULL, &error);
    if (self->strategy == NULL) {
        *out_status = kw_cli_fail_as(EX_DATAERR, error, NULL);
        return FALSE;
    }
    kw_strategy_set_models(self->strategy, self->settings->book.models);
    if (timeframe_us != 0)
        kw_strategy_set_timeframe(self->strategy, timeframe_us);
    return TRUE;
}

/* -- the period -- */

typedef struct {
    gint64 from_us, to_us; /* traded in, both included */
    gint64 load_us;        /* first row that is looked at */
} Period;

static gboolean
parse_day(const gchar *text, gint64 fallback_us, gint64 *out_us)
{
    g_autoptr(GError) error = NULL;
    KwDate date;

    *out_us = fallback_us;
    if (text == NULL)
        return TRUE;
    if (!kw_date_parse(text, &date, &error)) {
        g_printerr("kurswart: \"%s\": %s\n", text,
                   _("not a date; it looks like this: 2024-03-01"));
        return FALSE;
    }
    *out_us = kw_date_to_days(date) * KW_US_PER_DAY;
    return TRUE;
}

static gboolean
read_period(const KwLabWish *wish, const KwStrategyTerms *terms, Period *out)
{
    if (!parse_day(wish->from, G_MININT64, &out->from_us) ||
        !parse_day(wish->to, G_MAXINT64, &out->to_us))
        return FALSE;
    if (out->from_us >= out->to_us) {
        (void) kw_cli_fail(KW_EXIT_USAGE, _("--from must be before --to"), NULL);
        return FALSE;
    }
    out->load_us = G_MININT64;
    if (wish->from != NULL)
        out->load_us =
            out->from_us - wish->lead_us -
            ((gint64) terms->startup_candles + wish->lead_rows) * terms->timeframe_us;
    return TRUE;
}

/* -- candles -- */

/* One pair on its way into the study */
typedef struct {
    KwPair pair;
    KwSeries *series;  /* owned until it is in the study */
    const gchar *path; /* borrowed; NULL for the store */
    gboolean is_synthetic;
} Parcel;

/* Takes the series of @parcel. */
typedef gboolean (*Take)(KwLabInput *self,
                         Parcel *parcel,
                         const KwLabWish *wish,
                         const Period *period,
                         GError **error);

static gboolean
shape_series(Parcel *parcel, const KwLabWish *wish, gint64 timeframe_us, GError **error)
{
    KwSeries *other = NULL;

    if (kw_series_get_timeframe_us(parcel->series) != timeframe_us) {
        other = kw_aggregate_series(parcel->series, timeframe_us, error);
        if (other == NULL)
            return FALSE;
        kw_series_free(parcel->series);
        parcel->series = other;
    }
    if (wish->fills_gaps) {
        other = kw_gap_fill(parcel->series);
        kw_series_free(parcel->series);
        parcel->series = other;
    }
    return TRUE;
}

/* More candles missing than there: what comes out would say nothing. */
static gboolean
check_gaps(const KwStudyPair *pair, GError **error)
{
    gsize n_rows = kw_frame_get_n_rows(pair->frame);

    if (pair->n_missing <= n_rows)
        return TRUE;
    g_set_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_EMPTY,
                _("%s: %u of %u candles are missing; that is too full of gaps for a backtest"),
                pair->pair.name, (guint) pair->n_missing, (guint) (pair->n_missing + n_rows));
    return FALSE;
}

static gboolean
take_parcel(KwLabInput *self,
            Parcel *parcel,
            const KwLabWish *wish,
            const Period *period,
            GError **error)
{
    const KwStrategyTerms *terms = kw_strategy_get_terms(self->strategy);
    KwCandleExtras *extras = NULL;
    KwStudyPair *added;
    gsize n_before;

    self->source_us = kw_series_get_timeframe_us(parcel->series);
    if (!shape_series(parcel, wish, terms->timeframe_us, error))
        return FALSE;
    n_before = kw_series_find(parcel->series, period->load_us);
    kw_series_drop_front(parcel->series, n_before);
    if (kw_series_get_length(parcel->series) == 0) {
        g_set_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_EMPTY,
                    _("%s: there are no candles in this period"), parcel->pair.name);
        return FALSE;
    }
    if (parcel->path != NULL && kw_strategy_uses_extras(self->strategy)) {
        extras = kw_candle_extras_load(parcel->path, parcel->series, error);
        if (extras == NULL)
            return FALSE;
    }
    added =
        kw_study_add_pair(self->study, &parcel->pair, g_steal_pointer(&parcel->series), extras);
    added->is_synthetic = parcel->is_synthetic;
    self->is_synthetic |= parcel->is_synthetic;
    return check_gaps(added, error);
}

/* Lengths that divide @timeframe_us, it first and the shortest last; ends with 0 */
static void
list_lengths(gint64 timeframe_us, gint64 *out, guint max)
{
    static const gchar *const names[] = {"12h", "8h",  "6h", "4h", "2h", "1h",
                                         "30m", "15m", "5m", "3m", "1m"};
    guint n = 0;

    out[n++] = timeframe_us;
    for (gsize i = 0; i < G_N_ELEMENTS(names) && n + 1 < max; i++) {
        gint64 length_us = 0;

        if (kw_timeframe_parse(names[i], &length_us, NULL) && length_us < timeframe_us &&
            timeframe_us % length_us == 0)
            out[n++] = length_us;
    }
    out[n] = 0;
}

static KwDataset *
load_dataset(const KwLabWish *wish, gint64 timeframe_us, GStrv pairs, GError **error)
{
    const KwDatasetOptions options = {
        .timeframe_us = timeframe_us,
        .exchange = wish->exchange,
        .pairs = (const gchar *const *) pairs,
    };

    if (strcmp(wish->data[0], DEMO_DATA) == 0 && wish->data[1] == NULL)
        return kw_dataset_load_resource(DEMO_FOLDER, &options, error);
    return kw_dataset_load((const gchar *const *) wish->data, &options, error);
}

static gboolean
take_entry(KwLabInput *self,
           KwDataset *dataset,
           guint index,
           const KwLabWish *wish,
           const Period *period,
           GError **error)
{
    const KwDatasetEntry *entry = kw_dataset_get_entry(dataset, index);
    gboolean is_demo = strcmp(wish->data[0], DEMO_DATA) == 0;
    Parcel parcel = {.pair = entry->name.pair,
                     .series = kw_dataset_take_series(dataset, index),
                     .path = is_demo ? NULL : entry->path,
                     .is_synthetic = entry->file->synthetic};
    gboolean is_ok = take_parcel(self, &parcel, wish, period, error);

    g_clear_pointer(&parcel.series, kw_series_free);
    return is_ok;
}

/* In the order of @pairs, or by name */
static gboolean
take_entries(KwLabInput *self,
             KwDataset *dataset,
             const KwLabWish *wish,
             GStrv pairs,
             const Period *period,
             GError **error)
{
    guint n = kw_dataset_get_n_entries(dataset);

    for (guint at = 0; at < n; at++) {
        guint index = at;

        while (pairs != NULL &&
               strcmp(kw_dataset_get_entry(dataset, index)->name.pair.name, pairs[at]) != 0)
            index = (index + 1) % n;
        if (!take_entry(self, dataset, index, wish, period, error))
            return FALSE;
    }
    return TRUE;
}

/* Candles of the wanted length, or of a shorter one. When there are none, the fault is that of
 * the wanted length: an empty file of it, or a pair that is missing */
static KwDataset *
find_dataset(const KwLabInput *self, const KwLabWish *wish, GStrv pairs, GError **error)
{
    gint64 lengths[16];
    g_autoptr(KwDataset) dataset = NULL;
    g_autoptr(GError) first = NULL;

    list_lengths(kw_strategy_get_terms(self->strategy)->timeframe_us, lengths,
                 G_N_ELEMENTS(lengths));
    for (guint i = 0; dataset == NULL && lengths[i] != 0; i++) {
        g_autoptr(GError) inner = NULL;

        dataset = load_dataset(wish, lengths[i], pairs, &inner);
        if (dataset == NULL &&
            !g_error_matches(inner, KW_MARKET_ERROR, KW_MARKET_ERROR_EMPTY)) {
            g_propagate_error(error, g_steal_pointer(&inner));
            return NULL;
        }
        if (dataset == NULL && first == NULL)
            first = g_steal_pointer(&inner);
    }
    if (dataset == NULL)
        g_propagate_error(error, g_steal_pointer(&first));
    return g_steal_pointer(&dataset);
}

static gboolean
load_files(
    KwLabInput *self, const KwLabWish *wish, GStrv pairs, const Period *period, GError **error)
{
    g_autoptr(KwDataset) dataset = find_dataset(self, wish, pairs, error);

    return dataset != NULL && take_entries(self, dataset, wish, pairs, period, error);
}

/* Candles of the wanted length, or of a shorter one; an empty series when there are none */
static KwSeries *
load_stored(KwMarketStore *market,
            Parcel *parcel,
            const Period *period,
            gint64 timeframe_us,
            GError **error)
{
    const KwCandleRange range = {.from_us = period->load_us,
                                 .until_us = period->to_us == G_MAXINT64 ? G_MAXINT64
                                                                         : period->to_us + 1};
    gint64 lengths[16];

    list_lengths(timeframe_us, lengths, G_N_ELEMENTS(lengths));
    for (guint i = 0;; i++) {
        g_autoptr(KwSeries) series = kw_series_new(lengths[i]);

        if (!kw_market_store_load(market, parcel->pair.name, &range, series,
                                  &parcel->is_synthetic, error))
            return NULL;
        if (kw_series_get_length(series) > 0 || lengths[i + 1] == 0)
            return g_steal_pointer(&series);
    }
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const gchar *const *) a, *(const gchar *const *) b);
}

/* (transfer full): by name, as the feed of the daemon gives them out */
static GStrv
dup_configured(const KwLabInput *self)
{
    const gchar *const *names = kw_config_get_list(self->settings->bot, "trading", "pairs");
    GStrv sorted = g_strdupv((gchar **) names);

    qsort(sorted, g_strv_length(sorted), sizeof *sorted, compare_names);
    return sorted;
}

/* The candles of @names, one pair after the other, into the hands of @take */
static gboolean
take_stored(KwLabInput *self,
            const KwLabWish *wish,
            GStrv names,
            const Period *period,
            Take take,
            GError **error)
{
    g_autoptr(KwMarketStore) market = kw_market_store_open(self->settings->root, error);
    gint64 timeframe_us = kw_strategy_get_terms(self->strategy)->timeframe_us;
    gboolean is_ok = market != NULL;

    for (guint i = 0; is_ok && names[i] != NULL; i++) {
        Parcel parcel = {0};

        is_ok = kw_pair_init(&parcel.pair, names[i], error);
        if (is_ok)
            parcel.series = load_stored(market, &parcel, period, timeframe_us, error);
        is_ok = parcel.series != NULL && take(self, &parcel, wish, period, error);
        g_clear_pointer(&parcel.series, kw_series_free);
    }
    if (market != NULL)
        kw_market_store_close(market);
    return is_ok;
}

static gboolean
load_store(
    KwLabInput *self, const KwLabWish *wish, GStrv pairs, const Period *period, GError **error)
{
    g_auto(GStrv) names = pairs != NULL ? g_strdupv(pairs) : dup_configured(self);

    return take_stored(self, wish, names, period, take_parcel, error);
}

/* -- pairs that the strategy looks at -- */

static gboolean
take_neighbour(KwLabInput *self,
               Parcel *parcel,
               const KwLabWish *wish,
               const Period *period,
               GError **error)
{
    gint64 timeframe_us = kw_strategy_get_terms(self->strategy)->timeframe_us;

    if (kw_series_get_length(parcel->series) == 0) {
        g_set_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_EMPTY,
                    _("%s: there are no candles, and the strategy looks at them"),
                    parcel->pair.name);
        return FALSE;
    }
    if (!shape_series(parcel, wish, timeframe_us, error))
        return FALSE;
    kw_series_drop_front(parcel->series, kw_series_find(parcel->series, period->load_us));
    kw_study_add_neighbour(self->study, parcel->pair.name, g_steal_pointer(&parcel->series));
    self->is_synthetic |= parcel->is_synthetic;
    return TRUE;
}

/* Those that are not traded as well */
static GStrv
list_neighbours(const KwLabInput *self)
{
    const gchar *const *pairs = kw_strategy_get_pairs(self->strategy);
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();

    for (guint i = 0; pairs[i] != NULL; i++) {
        gboolean is_traded = FALSE;

        for (guint p = 0; p < kw_study_get_n_pairs(self->study); p++)
            is_traded |= strcmp(kw_study_get_pair(self->study, p)->pair.name, pairs[i]) == 0;
        if (!is_traded)
            g_strv_builder_add(names, pairs[i]);
    }
    return g_strv_builder_end(names);
}

static gboolean
neighbours_from_files(
    KwLabInput *self, const KwLabWish *wish, GStrv names, const Period *period, GError **error)
{
    g_autoptr(KwDataset) dataset = find_dataset(self, wish, names, error);
    gboolean is_ok = dataset != NULL;

    for (guint i = 0; is_ok && i < kw_dataset_get_n_entries(dataset); i++) {
        const KwDatasetEntry *entry = kw_dataset_get_entry(dataset, i);
        Parcel parcel = {.pair = entry->name.pair,
                         .series = kw_dataset_take_series(dataset, i),
                         .is_synthetic = entry->file->synthetic};

        is_ok = take_neighbour(self, &parcel, wish, period, error);
        g_clear_pointer(&parcel.series, kw_series_free);
    }
    return is_ok;
}

static gboolean
load_neighbours(KwLabInput *self, const KwLabWish *wish, const Period *period, GError **error)
{
    g_auto(GStrv) names = list_neighbours(self);

    if (names[0] == NULL)
        return TRUE;
    return wish->data != NULL ? neighbours_from_files(self, wish, names, period, error)
                              : take_stored(self, wish, names, period, take_neighbour, error);
}

/* -- shorter candles -- */

static gboolean
detail_from_files(KwLabInput *self, const KwLabWish *wish, gint64 timeframe_us, GError **error)
{
    g_autoptr(KwDataset) dataset = load_dataset(wish, timeframe_us, self->names, error);

    for (guint i = 0; dataset != NULL && i < kw_dataset_get_n_entries(dataset); i++) {
        const gchar *name = kw_dataset_get_entry(dataset, i)->name.pair.name;

        for (guint p = 0; p < kw_study_get_n_pairs(self->study); p++)
            if (strcmp(kw_study_get_pair(self->study, p)->pair.name, name) == 0)
                kw_study_set_detail(kw_study_get_pair(self->study, p),
                                    kw_dataset_take_series(dataset, i));
    }
    return dataset != NULL;
}

static gboolean
detail_from_store(KwLabInput *self, gint64 timeframe_us, GError **error)
{
    const KwCandleRange all = {G_MININT64, G_MAXINT64, 0};
    g_autoptr(KwMarketStore) market = kw_market_store_open(self->settings->root, error);
    gboolean is_ok = market != NULL;

    for (guint i = 0; is_ok && i < kw_study_get_n_pairs(self->study); i++) {
        KwStudyPair *pair = kw_study_get_pair(self->study, i);
        KwSeries *series = kw_series_new(timeframe_us);

        is_ok = kw_market_store_load(market, pair->pair.name, &all, series, NULL, error);
        if (is_ok && kw_series_get_length(series) == 0) {
            g_set_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_EMPTY,
                        _("there are no candles of %s in this timeframe in the store"),
                        pair->pair.name);
            is_ok = FALSE;
        }
        kw_study_set_detail(pair, series);
    }
    if (market != NULL)
        kw_market_store_close(market);
    return is_ok;
}

/* What happens within a candle is not known: a shorter wait cannot be judged by it. */
static gboolean
check_patience(const KwLabInput *self, gint64 candle_us, GError **error)
{
    const KwBookSettings *book = &self->settings->book;

    if (!book->is_maker || candle_us <= book->maker_patience_us)
        return TRUE;
    g_set_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_FORMAT,
                _("an entry that waits %d s cannot be judged by longer candles; give shorter "
                  "ones with --detail, a longer maker_patience, or --entry-order market"),
                (gint) (book->maker_patience_us / G_USEC_PER_SEC));
    return FALSE;
}

static gboolean
load_detail(KwLabInput *self, const KwLabWish *wish, GError **error)
{
    gint64 whole_us = kw_strategy_get_terms(self->strategy)->timeframe_us;
    gint64 timeframe_us = 0;

    if (wish->detail == NULL)
        return check_patience(self, whole_us, error);
    if (!kw_timeframe_parse(wish->detail, &timeframe_us, error))
        return FALSE;
    if (timeframe_us >= whole_us || whole_us % timeframe_us != 0) {
        g_set_error_literal(error, KW_MARKET_ERROR, KW_MARKET_ERROR_FORMAT,
                            _("--detail must be shorter than the candles and divide them"));
        return FALSE;
    }
    if (!check_patience(self, timeframe_us, error))
        return FALSE;
    return wish->data != NULL ? detail_from_files(self, wish, timeframe_us, error)
                              : detail_from_store(self, timeframe_us, error);
}

/* -- what follows from the pairs -- */

/* One account has one currency. */
static gboolean
name_pairs(KwLabInput *self, GError **error)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    for (guint i = 0; i < kw_study_get_n_pairs(self->study); i++) {
        const KwPair *pair = &kw_study_get_pair(self->study, i)->pair;
        gchar quote[KW_PAIR_NAME_SIZE];

        g_strv_builder_add(builder, pair->name);
        (void) kw_pair_get_quote(pair, quote);
        if (i == 0)
            g_strlcpy(self->currency, quote, sizeof self->currency);
        if (strcmp(self->currency, quote) != 0) {
            g_set_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_FORMAT,
                        _("%s and %s are in two currencies; an account has one"),
                        kw_study_get_pair(self->study, 0)->pair.name, pair->name);
            return FALSE;
        }
    }
    self->names = g_strv_builder_end(builder);
    return TRUE;
}

static void
set_options(KwLabInput *self)
{
    const KwBookSettings *book = &self->settings->book;

    kw_backtest_options_init(&self->options);
    self->options.terms = *kw_strategy_get_terms(self->strategy);
    self->options.stake = book->stake;
    self->options.wallet = book->starting_capital;
    self->options.fee_ratio = book->fee_ratio;
    if (book->is_maker)
        self->options.maker = (KwBacktestMaker){.patience_us = book->maker_patience_us,
                                                .fee_ratio = book->maker_fee_ratio};
    self->options.threshold = book->threshold;
    self->options.strategy = kw_strategy_get_name(self->strategy);
    self->options.strategy_hash = kw_strategy_get_identity(self->strategy);
}

/* (transfer full) (nullable): canonical names of "btc/usdt, eth/usdt" */
static gboolean
parse_pairs(const gchar *text, GStrv *out, int *out_status)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_auto(GStrv) words = text != NULL ? g_strsplit_set(text, ", ", -1) : NULL;

    for (guint i = 0; words != NULL && words[i] != NULL; i++) {
        g_autoptr(GError) error = NULL;
        KwPair pair;

        if (words[i][0] == '\0')
            continue;
        if (!kw_pair_init(&pair, words[i], &error)) {
            *out_status = kw_cli_fail_as(KW_EXIT_USAGE, error, NULL);
            return FALSE;
        }
        g_strv_builder_add(builder, pair.name);
    }
    *out = text != NULL ? g_strv_builder_end(builder) : NULL;
    return TRUE;
}

/* Returns: %FALSE after naming a path that leads nowhere */
static gboolean
check_files(const KwLabWish *wish)
{
    for (guint i = 0; wish->data != NULL && wish->data[i] != NULL; i++) {
        gboolean is_demo = strcmp(wish->data[i], DEMO_DATA) == 0;

        if (is_demo && wish->data[1] != NULL) {
            (void) kw_cli_fail(EX_NOINPUT, _("--data demo cannot be joined with other candles"),
                               NULL);
            return FALSE;
        }
        if (!is_demo && !kw_cli_is_there(wish->data[i]))
            return FALSE;
    }
    return TRUE;
}

static gboolean
load_candles(KwLabInput *self, const KwLabWish *wish, int *out_status)
{
    g_auto(GStrv) pairs = NULL;
    g_autoptr(GError) error = NULL;
    Period period;
    gboolean is_ok;

    *out_status = KW_EXIT_USAGE;
    if (!parse_pairs(wish->pairs, &pairs, out_status) ||
        !read_period(wish, kw_strategy_get_terms(self->strategy), &period))
        return FALSE;
    if (!check_files(wish)) {
        *out_status = EX_NOINPUT;
        return FALSE;
    }
    self->from_us = period.from_us;
    self->to_us = period.to_us;
    self->study = kw_study_new(period.from_us, period.to_us);
    is_ok = wish->data != NULL ? load_files(self, wish, pairs, &period, &error)
                               : load_store(self, wish, pairs, &period, &error);
    if (is_ok && load_neighbours(self, wish, &period, &error) && name_pairs(self, &error) &&
        load_detail(self, wish, &error))
        return TRUE;
    *out_status = kw_cli_fail_error(
        error, wish->data == NULL ? _("kurswart data list shows what is stored, kurswart data "
                                      "import stores files; --data reads them directly, "
                                      "--data demo takes the bundled ones")
                                  : NULL);
    return FALSE;
}

KwLabInput *
kw_lab_input_load(const KwLabWish *wish, int *out_status)
{
    g_autoptr(KwLabInput) self = g_new0(KwLabInput, 1);

    self->began_us = kw_stopwatch_us();
    self->settings = load_settings(wish, out_status);
    if (self->settings == NULL || !load_strategy(self, wish, out_status) ||
        !load_candles(self, wish, out_status))
        return NULL;
    set_options(self);
    if (wish->has_protections) {
        self->options.protections = self->settings->book.protections;
        self->options.n_protections = self->settings->book.n_protections;
    }
    return g_steal_pointer(&self);
}

KwRunLog *
kw_lab_input_log_steps(const KwLabInput *self, KwRunVerb verb, gint64 run_us)
{
    g_autofree gchar *pairs = g_strjoinv(",", self->names);
    g_autofree gchar *text = g_strdup_printf("pairs=%s", pairs);
    KwRunLog *steps =
        kw_run_log_new(self->settings->root, verb,
                       verb == KW_RUN_TRAIN ? KW_RUN_ALWAYS : KW_RUN_IF_STORE, run_us);

    kw_run_log_set_begin(steps, self->began_us);
    kw_run_log_set_name(steps, self->options.strategy);
    kw_run_log_end(steps, "data", text);
    return steps;
}

const gchar *
kw_lab_input_get_model(const KwLabInput *self)
{
    return kw_model_shelf_get_identity(self->settings->book.models);
}
