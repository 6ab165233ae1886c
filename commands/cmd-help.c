#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

void
kw_cmd_help(KwCommandCtx *ctx)
{
    static const gchar *const lines[] = {
        N_("You can ask me in plain words:"),
        N_("• State: “Wie läuft's?” (/status), “Was ist offen?” (/positions)"),
        N_("• Result: “Gewinn diese Woche” (/profit 7), “Letzte 10 Trades” (/trades 10)"),
        N_("• Figures: “Trefferquote” (/stats), “Drawdown”, “Gebühren” (/fees)"),
        N_("• Account and prices: “Kontostand” (/balance), “Kurs BTC” (/price btc)"),
        N_("• Risk and technics: /risk, /health, /logs, /show_config, /pairs"),
        N_("• Summary: “Tagesbericht”, “Wochenbericht” (/summary)"),
        N_("At once, without a question:"),
        N_("• “Stopp” (/stop), “Pause” (/pause), “Notaus” (/kill)"),
        N_("• “Sperr ETH” (/lock eth), “Schwelle 80 %” (higher)"),
        N_("Only with a code:"),
        N_("• “Starte den Bot” (/start), “Kill-Switch aus”, “Gib ETH frei”, lower threshold"),
        N_("Orders cannot be placed in the chat: buying and selling is the strategy's work."),
    };

    if (ctx->intent->is_unknown_slash)
        kw_reply_line(ctx, "%s", _("I do not know this command. Nothing was changed."));
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++)
        kw_reply_line(ctx, "%s", _(lines[i]));
    if (ctx->assistant != NULL)
        kw_reply_line(ctx, "%s",
                      _("Why something was so: just ask, or /ask; what that costs: /tokens"));
}
