/* cmd-thoughts.c: what the bot saw and decided, cycle by cycle
 *
 * A cycle is every pair at one closed candle, a step one pair of it. The thoughts are the
 * strategy's figures, its signal and what risk made of it: what was really computed, and no
 * words of a model about it. */
#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"
#include "kw-risk-text.h"
#include "kw-words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_NAMED 5 /* cycles that are offered instead of an unknown one */

static const KwStepView *
at(const GArray *steps, guint index)
{
    return &g_array_index(steps, KwStepView, index);
}

/* Rows of the cycle that begins at @begin */
static guint
count_steps(const GArray *steps, guint begin)
{
    guint n = 1;

    while (begin + n < steps->len && at(steps, begin + n)->time_us == at(steps, begin)->time_us)
        n++;
    return n;
}

static void
say_confidence(KwCommandCtx *ctx, const KwStepView *step)
{
    if (!isfinite(step->confidence))
        return;
    g_string_append_printf(ctx->reply, _(", confidence %s"),
                           kw_format_percent_short(ctx->format, step->confidence));
    if (isfinite(step->threshold))
        g_string_append_printf(ctx->reply, _(" (threshold %s)"),
                               kw_format_percent_short(ctx->format, step->threshold));
}

/* (transfer none): what became of it */
static const gchar *
word_decision(KwCommandCtx *ctx, const KwStepView *step)
{
    g_autofree gchar *text = NULL;

    if (strcmp(step->action, "enter") == 0)
        return _("bought");
    if (strcmp(step->action, "exit") == 0)
        text = g_strdup_printf(_("sold, %s"), kw_words_exit_reason(step->reason));
    else if (strcmp(step->action, "rejected") == 0)
        text = g_strdup_printf(_("not bought, %s"), kw_risk_reason_text(step->reason));
    else
        return step->has_signal ? _("signal; no decision in this cycle") : _("no signal");
    return kw_format_keep(ctx->format, text);
}

/* -- the list -- */

static void
say_cycle_line(KwCommandCtx *ctx, const GArray *steps, guint begin)
{
    guint n = count_steps(steps, begin), n_told = 0;

    kw_reply_line(ctx, _("• %1$u, %2$s: "), at(steps, begin)->cycle,
                  kw_format_time(ctx->format, at(steps, begin)->time_us));
    for (guint i = begin; i < begin + n; i++) {
        const KwStepView *step = at(steps, i);

        if (!step->has_signal && strcmp(step->action, "none") == 0)
            continue;
        g_string_append_printf(ctx->reply, "%s%s %s", n_told > 0 ? " · " : "", step->pair,
                               word_decision(ctx, step));
        n_told++;
    }
    if (n_told == 0)
        g_string_append_printf(
            ctx->reply, kw_i18n_plural("%u pair, no signal", "%u pairs, no signal", n), n);
}

static void
point_to_night(KwCommandCtx *ctx)
{
    if (ctx->assistant != NULL)
        kw_reply_line(ctx, "%s", _("What the language model wrote last night: /outlook"));
}

static void
say_list(KwCommandCtx *ctx, const GArray *steps)
{
    g_autoptr(GArray) begins = g_array_new(FALSE, FALSE, sizeof(guint));
    guint first, n;

    for (guint i = 0; i < steps->len; i += count_steps(steps, i))
        g_array_append_val(begins, i);
    if (ctx->offset == 0)
        kw_reply_head(ctx, "%s", _("🧠 Cycles, newest first: what I saw and decided"));
    else
        kw_reply_tag(ctx);
    first = kw_reply_page(ctx, begins->len, &n);
    for (guint i = first; i < first + n; i++)
        say_cycle_line(ctx, steps, g_array_index(begins, guint, i));
    kw_reply_more(ctx, first + n, begins->len);
    if (ctx->offset > 0)
        return;
    kw_reply_line(ctx, _("One of them: /thoughts %1$u · one pair: /thought %1$u 1"),
                  at(steps, 0)->cycle);
    point_to_night(ctx);
}

/* -- one cycle, one step -- */

static void
say_columns(KwCommandCtx *ctx, const KwStepView *step)
{
    g_auto(GStrv) names = g_strsplit(step->names, ",", -1);
    guint n_names = g_strv_length(names), n_told = 0;
    g_autoptr(GString) line = g_string_new(NULL);

    for (guint i = 0; i < MIN(n_names, step->n_values); i++) {
        gdouble value = step->values[i];

        if (!isfinite(value))
            continue;
        g_string_append_printf(line, "%s%s %s", n_told > 0 ? " · " : "", names[i],
                               kw_format_number(ctx->format, value, fabs(value) < 10 ? 4 : 2));
        n_told++;
    }
    if (n_told > 0)
        kw_reply_line(ctx, _("Seen: %s"), line->str);
    if (n_names > step->n_values && step->n_values > 0)
        g_string_append_printf(ctx->reply, _(" … %u more"), n_names - step->n_values);
}

static void
say_step(KwCommandCtx *ctx, const GArray *steps, guint begin, gint64 number)
{
    guint n = count_steps(steps, begin);
    const KwStepView *step;

    if (number > n) {
        kw_reply_head(ctx, _("❓ Cycle %1$u has %2$u steps, one for each pair."),
                      at(steps, begin)->cycle, n);
        return;
    }
    step = at(steps, begin + (guint) number - 1);
    kw_reply_head(ctx, _("🧠 Cycle %1$u, step %2$u of %3$u: %4$s"), step->cycle,
                  (guint) number, n, step->pair);
    kw_reply_line(ctx, _("%1$s · price %2$s"), kw_format_time(ctx->format, step->time_us),
                  kw_format_number(ctx->format, step->price, fabs(step->price) < 10 ? 4 : 2));
    if (step->regime[0] != '\0')
        g_string_append_printf(ctx->reply, _(" · market: %s"), step->regime);
    say_columns(ctx, step);
    kw_reply_line(ctx, "%s", step->has_signal ? _("Signal: yes") : _("Signal: none"));
    if (step->has_signal)
        say_confidence(ctx, step);
    kw_reply_line(ctx, _("Decision: %s"),
                  strcmp(step->action, "none") == 0 ? _("none in this cycle")
                                                    : word_decision(ctx, step));
}

static void
say_cycle(KwCommandCtx *ctx, const GArray *steps, guint begin)
{
    guint n = count_steps(steps, begin), first, n_shown;

    if (ctx->offset == 0)
        kw_reply_head(ctx, _("🧠 Cycle %1$u, %2$s"), at(steps, begin)->cycle,
                      kw_format_time(ctx->format, at(steps, begin)->time_us));
    else
        kw_reply_tag(ctx);
    first = kw_reply_page(ctx, n, &n_shown);
    for (guint i = first; i < first + n_shown; i++) {
        const KwStepView *step = at(steps, begin + i);

        kw_reply_line(ctx, "%u. %s: %s", i + 1, step->pair, word_decision(ctx, step));
        if (step->has_signal)
            say_confidence(ctx, step);
    }
    kw_reply_more(ctx, first + n_shown, n);
    if (ctx->offset == 0)
        kw_reply_line(ctx, _("With all figures: /thought %u 1"), at(steps, begin)->cycle);
}

static void
say_unknown(KwCommandCtx *ctx, const GArray *steps)
{
    guint n = 0;

    kw_reply_head(ctx, _("❓ I do not have cycle %s (any more)."), ctx->slots.cycle);
    kw_reply_line(ctx, "%s", _("The newest: "));
    for (guint i = 0; i < steps->len && n < MAX_NAMED; i += count_steps(steps, i), n++)
        g_string_append_printf(ctx->reply, "%s%u", n > 0 ? ", " : "", at(steps, i)->cycle);
}

/* Returns: -1 when there is none */
static gint
find_cycle(const GArray *steps, const gchar *name)
{
    guint64 number = g_ascii_strtoull(name, NULL, 10);

    for (guint i = 0; i < steps->len; i += count_steps(steps, i))
        if (at(steps, i)->cycle == number)
            return (gint) i;
    return -1;
}

void
kw_cmd_thoughts(KwCommandCtx *ctx)
{
    g_autoptr(GArray) steps =
        kw_query_list_steps(ctx->query, kw_reply_period(ctx, KW_PERIOD_ALL));
    gboolean is_named = ctx->slots.cycle[0] != '\0';
    gint begin = 0;

    if (steps->len == 0) {
        kw_reply_head(ctx, "%s", _("No cycle there: one comes with every closed candle."));
        if (ctx->slots.span.kind != KW_SPAN_NONE)
            kw_reply_line(ctx, "%s", _("I keep the newest ones at hand: /thoughts"));
        point_to_night(ctx);
        return;
    }
    if (is_named)
        begin = find_cycle(steps, ctx->slots.cycle);
    if (begin < 0)
        say_unknown(ctx, steps);
    else if (ctx->slots.step > 0)
        say_step(ctx, steps, (guint) begin, ctx->slots.step);
    else if (is_named)
        say_cycle(ctx, steps, (guint) begin);
    else
        say_list(ctx, steps);
}
