/* kw-walk-page.c: windows and forecasts of a walk-forward
 *
 * A tier's precision is the share of its forecasts after which the price rose, its recall the
 * share of all rises that it named. Both are of forecasts, not of trades: a strategy takes few
 * of them, and the tiers of its trades stand under its own figures. */
#include "kw-walk-page.h"

#include "kw-i18n.h"
#include "kw-lab-table.h"
#include "kw-trade-stats.h"

#include <math.h>

typedef struct {
    const KwWalk *walk;
    GString *out;
    KwFormat *format;
} Page;

const gchar *
kw_walk_page_verdict_text(KwTierVerdict verdict)
{
    switch (verdict) {
    case KW_TIER_VERDICT_TOO_FEW:
        return _("too few data");
    case KW_TIER_VERDICT_FAIL:
        return _("not passed");
    case KW_TIER_VERDICT_PASS:
        return _("passed");
    }
    g_return_val_if_reached("");
}

static const gchar *
day(const Page *page, gint64 time_us)
{
    return kw_format_day_full(page->format, kw_format_date_of(page->format, time_us));
}

static const KwFold *
get_window(const KwWalk *walk, guint index)
{
    return &g_array_index(walk->windows, KwFold, index);
}

static gint64
days_of(gint64 begin_us, gint64 end_us)
{
    return (end_us - begin_us) / G_TIME_SPAN_DAY;
}

static void
print_window(const Page *page, const gchar *name, guint index)
{
    const KwFold *fold = get_window(page->walk, index);

    g_string_append_printf(page->out, _("  %s: training from %s, test %s to %s\n"), name,
                           day(page, fold->train.begin_us), day(page, fold->test.begin_us),
                           day(page, fold->test.end_us));
}

static void
print_windows(const Page *page)
{
    const KwWalk *walk = page->walk;
    const KwFold *first = get_window(walk, 0);
    gint64 gap_us = first->test.begin_us - first->valid.end_us;

    g_string_append_printf(
        page->out,
        _("Walk-forward: %u windows, each trained on %s days and asked about the days after "
          "that, %s between\n"),
        walk->windows->len,
        kw_format_number(page->format,
                         (gdouble) days_of(first->train.begin_us, first->valid.end_us), 0),
        kw_format_duration(page->format, gap_us));
    print_window(page, _("first"), 0);
    print_window(page, _("last"), walk->windows->len - 1);
    if (walk->n_failed > 0)
        g_string_append_printf(page->out,
                               _("Left out: %u windows with too few candles to learn from; the "
                                 "model before goes on there\n"),
                               walk->n_failed);
    if (walk->leaked)
        g_string_append_printf(page->out, "%s\n", _("Mind: training rows reach into the test"));
}

static void
print_skill(const Page *page)
{
    const KwForecastScores *scores = &page->walk->scores;
    gdouble low = NAN, high = NAN;

    kw_stats_wilson(page->walk->n_right, (guint) scores->n, &low, &high);
    g_string_append_printf(
        page->out,
        _("Forecasts on unseen rows: %s; direction right in %s %% (at best %s to %s: "
          "neighbouring rows overlap), the price rose after %s %%\n"),
        kw_format_number(page->format, (gdouble) scores->n, 0),
        kw_format_number(page->format, 100 * scores->accuracy, 1),
        kw_format_number(page->format, 100 * low, 1),
        kw_format_number(page->format, 100 * high, 1),
        kw_format_number(page->format, 100 * (gdouble) scores->n_hits / (gdouble) scores->n,
                         1));
    g_string_append_printf(
        page->out, _("Calibration error %s points; tiers: %s\n"),
        kw_format_number(page->format, 100 * page->walk->calibration_error, 1),
        kw_walk_page_verdict_text(page->walk->tiers.verdict));
}

static gdouble
share(guint n, gdouble of)
{
    return of > 0 ? n / of : (gdouble) NAN;
}

const gchar *
kw_walk_page_tier_text(KwConfidenceTier tier)
{
    switch (tier) {
    case KW_CONFIDENCE_TIER_NONE:
        return _("no tier");
    case KW_CONFIDENCE_TIER_LOW:
        return _("tier low");
    case KW_CONFIDENCE_TIER_MEDIUM:
        return _("tier medium");
    case KW_CONFIDENCE_TIER_HIGH:
        return _("tier high");
    }
    g_return_val_if_reached("");
}

static void
print_tiers(const Page *page)
{
    const gchar *const header[] = {
        _("Tier of confidence"), _("Forecasts"), _("Ø chance"), _("Precision"),
        _("95 % sure"),          _("Recall"),    NULL};
    g_autoptr(KwLabTable) table = kw_lab_table_new(header);

    for (guint i = 0; i < KW_CONFIDENCE_N_TIERS; i++) {
        const KwTierRow *row = &page->walk->tiers.rows[i];
        gdouble n_hits = (gdouble) page->walk->scores.n_hits;
        g_autofree gchar *low = g_strdup(kw_format_percent_short(page->format, row->win_low));
        g_autofree gchar *sure =
            g_strdup_printf("%s–%s", low, kw_format_percent_short(page->format, row->win_high));

        kw_lab_table_add(table, kw_walk_page_tier_text((KwConfidenceTier) i));
        kw_lab_table_add(table, kw_format_number(page->format, row->n, 0));
        kw_lab_table_add(table, kw_format_percent_short(page->format, row->mean_confidence));
        kw_lab_table_add(table,
                         kw_format_percent_short(page->format, share(row->n_wins, row->n)));
        kw_lab_table_add(table, row->n > 0 ? sure : "–");
        kw_lab_table_add(table,
                         kw_format_percent_short(page->format, share(row->n_wins, n_hits)));
    }
    g_string_append_c(page->out, '\n');
    kw_lab_table_print(table, page->out);
}

void
kw_walk_page_print(const KwWalk *walk, GString *out, KwFormat *format)
{
    const Page page = {walk, out, format};

    print_windows(&page);
    print_skill(&page);
    print_tiers(&page);
}

/* -- for programs -- */

static void
add_span(JsonBuilder *builder, const gchar *name, KwFoldSpan span)
{
    json_builder_set_member_name(builder, name);
    json_builder_begin_array(builder);
    json_builder_add_int_value(builder, span.begin_us);
    json_builder_add_int_value(builder, span.end_us);
    json_builder_end_array(builder);
}

static void
add_tiers(JsonBuilder *builder, const KwWalk *walk)
{
    json_builder_set_member_name(builder, "tiers");
    json_builder_begin_object(builder);
    for (guint i = 0; i < KW_CONFIDENCE_N_TIERS; i++) {
        const KwTierRow *row = &walk->tiers.rows[i];

        json_builder_set_member_name(builder, kw_tier_to_string((KwConfidenceTier) i));
        json_builder_begin_object(builder);
        kw_json_add_int(builder, "n", row->n);
        kw_json_add_double(builder, "precision", share(row->n_wins, row->n));
        kw_json_add_double(builder, "recall",
                           share(row->n_wins, (gdouble) walk->scores.n_hits));
        json_builder_end_object(builder);
    }
    json_builder_end_object(builder);
}

JsonNode *
kw_walk_page_to_json(const KwWalk *walk)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();

    json_builder_begin_object(builder);
    kw_json_add_int(builder, "forecasts", (gint64) walk->scores.n);
    kw_json_add_int(builder, "rises", (gint64) walk->scores.n_hits);
    kw_json_add_double(builder, "accuracy", walk->scores.accuracy);
    kw_json_add_double(builder, "brier_skill", walk->scores.brier_skill);
    kw_json_add_double(builder, "calibration_error", walk->calibration_error);
    kw_json_add_bool(builder, "leaked", walk->leaked);
    kw_json_add_int(builder, "failed", walk->n_failed);
    kw_json_add_int(builder, "resumed", walk->n_resumed);
    add_tiers(builder, walk);
    json_builder_set_member_name(builder, "windows_us");
    json_builder_begin_array(builder);
    for (guint i = 0; i < walk->windows->len; i++) {
        json_builder_begin_object(builder);
        add_span(builder, "train", get_window(walk, i)->train);
        add_span(builder, "valid", get_window(walk, i)->valid);
        add_span(builder, "test", get_window(walk, i)->test);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
    json_builder_end_object(builder);
    return json_builder_get_root(builder);
}
