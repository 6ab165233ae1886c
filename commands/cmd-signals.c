/* cmd-signals.c: which signals came, and why those were not followed that were not
 *
 * "Warum hast du BTC nicht gekauft?" is answered by the rows of that pair. Without a period a
 * question after a pair goes back as far as there are signals, any other one through the day.
 */
#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"
#include "kw-risk-text.h"
#include "kw-words.h"

#include <math.h>
#include <string.h>

static void
say_head(KwCommandCtx *ctx, KwPeriod period, const GArray *signals)
{
    const gchar *pair = kw_reply_pair(ctx);
    const gchar *name = kw_reply_period_name(ctx, period);
    guint n_entries = 0, n_refused = 0;

    for (guint i = 0; i < signals->len; i++) {
        const KwSignalView *signal = &g_array_index(signals, KwSignalView, i);

        n_entries += !signal->is_exit;
        n_refused += !signal->is_exit && !signal->is_entered;
    }
    if (n_entries == 0)
        kw_reply_head(ctx, _("No entry signal (%s)."), name);
    else
        kw_reply_head(ctx,
                      kw_i18n_plural("%1$u entry signal, %2$u refused (%3$s)",
                                     "%1$u entry signals, %2$u refused (%3$s)", n_entries),
                      n_entries, n_refused, name);
    if (pair != NULL)
        g_string_append_printf(ctx->reply, " · %s", pair);
}

/* What the chance of the signal counts as, once two scans have met it */
static const gchar *
tier_text(const gchar *tier)
{
    static const gchar *const texts[][2] = {
        {"none", N_("no tier")},
        {"low", N_("tier low")},
        {"medium", N_("tier medium")},
        {"high", N_("tier high")},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        if (strcmp(texts[i][0], tier) == 0)
            return _(texts[i][1]);
    }
    return tier;
}

/* An exit has no chance to be right, so none of this */
static void
say_chance(KwCommandCtx *ctx, const KwSignalView *signal)
{
    if (signal->is_exit || !isfinite(signal->confidence))
        return;
    g_string_append_printf(ctx->reply, " · %s",
                           kw_format_percent_short(ctx->format, signal->confidence));
    if (signal->tier[0] != '\0')
        g_string_append_printf(ctx->reply, ", %s", tier_text(signal->tier));
    if (isfinite(signal->threshold))
        g_string_append_printf(ctx->reply, _(" (threshold %s)"),
                               kw_format_percent_short(ctx->format, signal->threshold));
}

static void
say_signal(KwCommandCtx *ctx, const KwSignalView *signal)
{
    kw_reply_line(ctx, "• %s %s: ", kw_format_time(ctx->format, signal->time_us), signal->pair);
    if (signal->is_exit)
        g_string_append_printf(ctx->reply, _("sold, %s"), kw_words_exit_reason(signal->reason));
    else if (signal->is_entered)
        g_string_append(ctx->reply, _("bought"));
    else
        g_string_append_printf(ctx->reply, _("not bought, %s"),
                               kw_risk_reason_text(signal->reason));
    say_chance(ctx, signal);
}

/* What keeps the bot from buying now, whatever the signals say */
static void
say_obstacle(KwCommandCtx *ctx)
{
    const KwStatusView *status = &ctx->status;

    if (status->is_killed)
        kw_reply_line(ctx, "%s", _("Now nothing is bought: the kill switch is on."));
    else if (status->state != KW_RUN_STATE_RUNNING)
        kw_reply_line(ctx, _("Now nothing is bought: the bot is %s."),
                      kw_words_state(status->state));
}

void
kw_cmd_signals(KwCommandCtx *ctx)
{
    const gchar *pair = kw_reply_pair(ctx);
    KwPeriod period = kw_reply_period(ctx, pair != NULL ? KW_PERIOD_ALL : kw_reply_today(ctx));
    g_autoptr(GArray) signals = kw_query_list_signals(ctx->query, period, pair, 0);
    guint first, n;

    if (ctx->offset == 0)
        say_head(ctx, period, signals);
    else
        kw_reply_tag(ctx);
    first = kw_reply_page(ctx, signals->len, &n);
    for (guint i = first; i < first + n; i++)
        say_signal(ctx, &g_array_index(signals, KwSignalView, i));
    kw_reply_more(ctx, first + n, signals->len);
    if (ctx->offset > 0)
        return;
    say_obstacle(ctx);
    kw_reply_age(ctx);
}
