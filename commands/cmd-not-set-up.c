/* cmd-not-set-up.c: what this version does not have: said so, with what there is instead */
#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

/* @missing and @instead are translated */
static void
say(KwCommandCtx *ctx, const gchar *missing, const gchar *instead)
{
    kw_reply_line(ctx, "%s", missing);
    kw_reply_line(ctx, "%s", instead);
}

void
kw_cmd_model_info(KwCommandCtx *ctx)
{
    if (ctx->status.model[0] != '\0')
        kw_reply_head(ctx, _("Model in service: %s"), ctx->status.model);
    else
        kw_reply_head(ctx, _("No model in service: %s trades by fixed rules."),
                      ctx->status.strategy[0] != '\0' ? ctx->status.strategy
                                                      : _("the strategy"));
    kw_reply_line(ctx, "%s", _("Own results: /stats"));
}

void
kw_cmd_models(KwCommandCtx *ctx)
{
    say(ctx, _("There are no trained models in this version. Nothing was changed."),
        _("Trading follows the strategy file; its results: /stats"));
}

void
kw_cmd_backtest(KwCommandCtx *ctx)
{
    say(ctx, _("There is no backtest in this version."),
        _("Results of the running strategy: /stats and /drawdown"));
}

void
kw_cmd_outlook(KwCommandCtx *ctx)
{
    KwAssistantView view;

    if (ctx->assistant == NULL) {
        say(ctx, _("There is no stored market view in this version."),
            _("Prices with the change in 24 h: /price"));
        return;
    }
    kw_assistant_get_view(ctx->assistant, &view);
    if (view.outlook[0] == '\0') {
        say(ctx, _("There is no market view yet: the language model writes it at night."),
            _("Prices with the change in 24 h: /price"));
        return;
    }
    kw_reply_head(ctx, _("Market view of %s, by the language model; it may be mistaken:"),
                  kw_format_time(ctx->format, view.outlook_us));
    kw_reply_line(ctx, "💬 %s", view.outlook);
}

void
kw_cmd_thoughts(KwCommandCtx *ctx)
{
    if (ctx->assistant != NULL) {
        say(ctx,
            _("The steps of the language model are not kept, only what it asked for: that is "
              "in the audit trail."),
            _("What it wrote last night: /outlook"));
        return;
    }
    say(ctx, _("No language model is set up in this version; it costs nothing either."),
        _("Figures and state always answer: /status, /stats, /help"));
}

void
kw_cmd_analysis(KwCommandCtx *ctx)
{
    kw_cmd_profit(ctx);
    if (ctx->assistant == NULL)
        kw_reply_line(ctx, "%s",
                      _("These are the figures without an interpretation: no language "
                        "model is set up."));
    kw_reply_line(ctx, "%s", _("By pair: /performance · by reason: /stats"));
}

void
kw_cmd_notifications(KwCommandCtx *ctx)
{
    say(ctx, _("Messages cannot be muted or moved in this version. Nothing was changed."),
        _("The time of the daily report stands in kurswart.conf (chat.digest_time)."));
}

void
kw_cmd_set_language(KwCommandCtx *ctx)
{
    say(ctx, _("The language cannot be changed by chat in this version. Nothing was changed."),
        _("It stands in kurswart.conf (bot.language = de or en)."));
}
