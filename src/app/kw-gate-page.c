#include "kw-gate-page.h"

#include "kw-i18n.h"
#include "kw-json.h"

#include <math.h>

/* How a criterion is shown */
static const struct {
    const gchar *name;
    const gchar *relation;
    gboolean is_percent;
    gint digits;
} shown[KW_GATE_N_CRITERIA] = {
    [KW_GATE_SORTINO] = {N_("Sortino ratio"), ">=", FALSE, 2},
    [KW_GATE_DRAWDOWN] = {N_("Drawdown"), "<=", TRUE, 1},
    [KW_GATE_TRADES] = {N_("Trades"), ">=", FALSE, 0},
    [KW_GATE_WIN_RATE] = {N_("Win rate"), ">=", TRUE, 1},
    [KW_GATE_ACCURACY] = {N_("Accuracy"), ">=", TRUE, 1},
    [KW_GATE_CALIBRATION] = {N_("Calibration error"), "<=", TRUE, 1},
    [KW_GATE_LEAKAGE] = {N_("Rows seen in training"), "=", FALSE, 0},
};

static const gchar *
reason_text(KwGateReason reason)
{
    switch (reason) {
    case KW_GATE_RATED:
        return "";
    case KW_GATE_MISSING:
        return _("the file does not have it");
    case KW_GATE_NO_TRADES:
        return _("no trade was made");
    case KW_GATE_DEGENERATE:
        return _("-100 stands for \"cannot be computed\", as with fewer than two losses");
    }
    g_return_val_if_reached("");
}

static const gchar *
verdict_text(KwGateVerdict verdict)
{
    switch (verdict) {
    case KW_GATE_PASS:
        return _("passed");
    case KW_GATE_FAIL:
        return _("not passed");
    case KW_GATE_NOT_RATED:
        return _("cannot be rated");
    }
    g_return_val_if_reached("");
}

/* (transfer full): in German form */
static gchar *
number_text(gdouble value, KwGateCriterion criterion)
{
    gdouble scaled = shown[criterion].is_percent ? value * 100 : value;
    gchar *text;

    if (!isfinite(value))
        return g_strdup("-");
    text = g_strdup_printf("%.*f%s", shown[criterion].digits, scaled,
                           shown[criterion].is_percent ? " %" : "");
    return g_strdelimit(text, ".", ',');
}

/* Appends @text, filled up with blanks to @width characters */
static void
append_cell(GString *out, const gchar *text, glong width)
{
    g_string_append(out, text);
    for (glong n = g_utf8_strlen(text, -1); n < width; n++)
        g_string_append_c(out, ' ');
}

static void
append_line(GString *out, const KwGateLine *line)
{
    g_autofree gchar *value = number_text(line->value, line->criterion);
    g_autofree gchar *bound = number_text(line->limit, line->criterion);
    g_autofree gchar *limit = g_strdup_printf("%s %s", shown[line->criterion].relation, bound);

    g_string_append(out, "  ");
    append_cell(out, _(shown[line->criterion].name), 25);
    append_cell(out, value, 10);
    append_cell(out, limit, 12);
    g_string_append(out, verdict_text(line->verdict));
    if (line->reason != KW_GATE_RATED)
        g_string_append_printf(out, " (%s)", reason_text(line->reason));
    if (!isnan(line->low)) {
        g_autofree gchar *low = number_text(line->low, line->criterion);
        g_autofree gchar *high = number_text(line->high, line->criterion);

        g_string_append_printf(out, _("; 95 %% interval %s to %s"), low, high);
    }
    g_string_append_c(out, '\n');
}

gchar *
kw_gate_page_to_text(const KwGateInput *result,
                     const KwGateLine *lines,
                     guint n_lines,
                     const KwGateLimits *limits)
{
    GString *out = g_string_new(NULL);
    g_autofree gchar *name = g_utf8_make_valid(result->strategy, -1);
    gboolean passed = TRUE;

    g_string_append_printf(out, "%s %s\n", _("Strategy:"), name);
    for (guint i = 0; i < n_lines; i++) {
        append_line(out, &lines[i]);
        passed = passed && lines[i].verdict == KW_GATE_PASS;
    }
    if (result->n_trades > 0 && lines[KW_GATE_WIN_RATE].verdict == KW_GATE_PASS &&
        lines[KW_GATE_WIN_RATE].low < limits->min_win_rate)
        g_string_append_printf(out, "  %s\n",
                               _("Mind: so few trades could show this win rate by luck."));
    g_string_append_printf(out, "%s\n",
                           passed ? _("Verdict: passed, may be deployed")
                                  : _("Verdict: not passed, do not deploy"));
    return g_string_free(out, FALSE);
}

void
kw_gate_page_add_criteria(const KwGateLine *lines, guint n_lines, JsonBuilder *builder)
{
    json_builder_begin_array(builder);
    for (guint i = 0; i < n_lines; i++) {
        json_builder_begin_object(builder);
        kw_json_add_string(builder, "name", kw_gate_criterion_to_string(lines[i].criterion));
        kw_json_add_double(builder, "value", lines[i].value);
        kw_json_add_double(builder, "limit", lines[i].limit);
        kw_json_add_string(builder, "verdict", kw_gate_verdict_to_string(lines[i].verdict));
        kw_json_add_double(builder, "low", lines[i].low);
        kw_json_add_double(builder, "high", lines[i].high);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

gchar *
kw_gate_page_to_json(const KwGateInput *result, const KwGateLine *lines, guint n_lines)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    gboolean passed = TRUE;

    json_builder_begin_object(builder);
    kw_json_add_string(builder, "strategy", result->strategy);
    json_builder_set_member_name(builder, "criteria");
    kw_gate_page_add_criteria(lines, n_lines, builder);
    for (guint i = 0; i < n_lines; i++)
        passed = passed && lines[i].verdict == KW_GATE_PASS;
    kw_json_add_bool(builder, "passed", passed);
    json_builder_end_object(builder);
    return kw_json_builder_to_text(builder);
}
