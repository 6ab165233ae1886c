/* cmd-tokens.c: what the language model has used and cost */
#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

#define COST_DIGITS 4 /* a question costs less than a cent */

static const gchar *
dollars(KwCommandCtx *ctx, KwDecimal value, guint8 digits)
{
    return kw_format_decimal(ctx->format, value, digits);
}

static const gchar *
why_down(const gchar *reason)
{
    static const struct {
        const gchar *reason, *text;
    } rows[] = {
        {"limit", N_("the vendor's limit is reached")},
        {"key", N_("the vendor refuses the key, or the credit is used up")},
        {"model", N_("the vendor does not have this model any more")},
        {"request", N_("the vendor refuses the request")},
        {"budget", N_("the budget is used up")},
        {"nonsense", N_("the answers were not usable")},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        if (g_str_equal(reason, rows[i].reason))
            return _(rows[i].text);
    return _("the vendor does not answer");
}

static void
say_use(KwCommandCtx *ctx, const gchar *name, gint64 tokens, KwDecimal cost, KwDecimal budget)
{
    KwDecimal left = budget;

    (void) kw_decimal_sub(budget, cost, &left, NULL);
    if (kw_decimal_sign(left) < 0)
        left = (KwDecimal){0};
    kw_reply_line(ctx, _("%1$s: %2$s tokens, %3$s USD; left of %4$s USD: %5$s"), name,
                  kw_format_number(ctx->format, (gdouble) tokens, 0),
                  dollars(ctx, cost, COST_DIGITS), dollars(ctx, budget, 2),
                  dollars(ctx, left, 2));
}

void
kw_cmd_tokens(KwCommandCtx *ctx)
{
    KwAssistantView view;

    if (ctx->assistant == NULL) {
        kw_reply_line(
            ctx, "%s",
            _("No language model is set up in this version; it costs nothing either."));
        kw_reply_line(ctx, "%s", _("Figures and state always answer: /status, /stats, /help"));
        return;
    }
    kw_assistant_get_view(ctx->assistant, &view);
    kw_reply_line(ctx, _("Language model: %s"), view.model);
    say_use(ctx, _("Today"), view.tokens_day, view.cost_day, view.budget_day);
    say_use(ctx, _("This month"), view.tokens_month, view.cost_month, view.budget_month);
    kw_reply_line(ctx,
                  kw_i18n_plural("%1$u question today; prices as of %2$s",
                                 "%1$u questions today; prices as of %2$s",
                                 view.n_questions_day),
                  view.n_questions_day, view.price_date);
    if (view.down_since_us > 0)
        kw_reply_line(ctx, _("⚠️ It does not answer since %1$s: %2$s."),
                      kw_format_time(ctx->format, view.down_since_us),
                      why_down(view.down_reason));
}
