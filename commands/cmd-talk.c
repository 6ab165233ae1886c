/* cmd-talk.c: answers that change nothing and ask for nothing */
#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"
#include "kw-words.h"

#include <string.h>

void
kw_cmd_smalltalk(KwCommandCtx *ctx)
{
    kw_reply_line(ctx, "%s", _("I am here for the trading. What you can ask: /help"));
}

static const gchar *
how_to(KwIntentId about)
{
    switch (about) {
    case KW_INTENT_STOP:
        return _("Stopping would be “Stopp”.");
    case KW_INTENT_PAUSE_ENTRIES:
        return _("Pausing would be “Pause”.");
    case KW_INTENT_KILL_ON:
        return _("The kill switch would be “Notaus”.");
    case KW_INTENT_KILL_OFF:
        return _("Releasing the kill switch would be “Kill-Switch aus” (with a code).");
    case KW_INTENT_START:
        return _("Starting would be “Starte den Bot” (with a code).");
    case KW_INTENT_PAIR_LOCK:
        return _("Locking would be “Sperr ETH”, releasing “Gib ETH frei” (with a code).");
    case KW_INTENT_ACCEPT:
        return _("Accepting a difference to the exchange would be “/annehmen” (with a code).");
    case KW_INTENT_SET_THRESHOLD:
        return _("Setting would be “Schwelle 80 %”.");
    default:
        return _("What is possible: /help");
    }
}

void
kw_cmd_no_action(KwCommandCtx *ctx)
{
    const KwStatusView *status = &ctx->status;

    if (status->is_killed)
        kw_reply_head(ctx, _("Nothing changed. The kill switch is on (since %s)."),
                      kw_format_time(ctx->format, status->killed_us));
    else
        kw_reply_head(ctx, _("Nothing changed. State: %1$s (since %2$s)."),
                      kw_words_state(status->state),
                      kw_format_time(ctx->format, status->since_us));
    kw_reply_line(ctx, "%s", how_to(ctx->intent->about));
    if (ctx->intent->is_for_later)
        kw_reply_line(ctx, "%s",
                      _("Rules with a condition or a later time do not exist in the chat."));
}

void
kw_cmd_unclear(KwCommandCtx *ctx)
{
    const KwIntent *intent = ctx->intent;

    if (intent->is_too_long) {
        kw_reply_line(ctx,
                      _("❓ The message is too long (at most %s characters), I did not read "
                        "it. Nothing was changed."),
                      kw_format_number(ctx->format, KW_INTENT_MAX_CHARS, 0));
        kw_reply_line(ctx, "%s", _("To stop, just write: Stopp"));
        return;
    }
    kw_reply_line(ctx, "%s",
                  _("❓ I did not understand that, nothing was changed. Do you mean:"));
    for (guint i = 0; i < intent->n_guesses; i++)
        kw_reply_line(ctx, "• %s", how_to(intent->guesses[i]));
    /* three choices at most */
    if (intent->n_guesses == 0) {
        kw_reply_line(ctx, "%s", _("• State: “Wie läuft's?”"));
        kw_reply_line(ctx, "%s", _("• Stop: “Stopp”"));
    }
    if (intent->n_guesses < 3)
        kw_reply_line(ctx, "%s", _("• All commands: /help"));
}

/* -- explanations: consequence first -- */

static const gchar *
explain_action(KwIntentId about)
{
    switch (about) {
    case KW_INTENT_STOP:
        return _("“Stopp” ends trading at once: nothing new is opened. Open trades keep their "
                 "stops. Starting again needs a code.");
    case KW_INTENT_PAUSE_ENTRIES:
        return _("“Pause” forbids new entries; open trades run on as usual. “Starte den Bot” "
                 "lifts it, with a code.");
    case KW_INTENT_KILL_ON:
    case KW_INTENT_KILL_OFF:
        return _("“Notaus” turns on the kill switch: no order opens anything any more, even "
                 "after a restart. Nothing is sold; open trades keep their stops. Releasing it "
                 "needs a code, starting after that one more.");
    case KW_INTENT_START:
        return _(
            "“Starte den Bot” asks for a start; I answer with a code that is valid for five "
            "minutes. Only the code starts the trading.");
    case KW_INTENT_SET_THRESHOLD:
        return _("The threshold is the confidence that a signal needs before it is traded. "
                 "Higher means fewer trades and works at once; lower needs a code.");
    case KW_INTENT_ACCEPT:
        return _(
            "Who accepts a difference between books and exchange says that he knows where "
            "it comes from: entries no longer wait for it, as long as it does not grow. No "
            "book is changed and nothing is sold. It needs a code.");
    case KW_INTENT_PAIR_LOCK:
        return _(
            "A locked pair gets no new entries; an open trade in it runs on. Locking works "
            "at once, releasing needs a code.");
    default:
        return NULL;
    }
}

static const gchar *
explain_term(const gchar *term)
{
    static const struct {
        const gchar *term, *text;
    } rows[] = {
        {"sortino", N_("Sortino sets the return against the fluctuation downwards. From 2.0 it "
                       "counts as good, below 1.5 as poor.")},
        {"sharpe",
         N_("Sharpe sets the return against its whole fluctuation. From 1.5 it counts "
            "as good, below 1.0 as poor.")},
        {"trockenlauf", N_("In the dry run the bot trades with paper money at real prices. No "
                           "order goes to the exchange.")},
        {"drawdown",
         N_("Drawdown is the loss from the highest account value down to the present "
            "or lowest one, in per cent.")},
        {"trefferquote",
         N_("The win rate is the share of closed trades with a gain. It says "
            "little without the size of gains and losses, and with few trades.")},
        {"code",
         N_("The code protects what raises the risk: it makes sure that you mean it, and "
            "that nobody starts the bot by mistake.")},
        {"stoploss",
         N_("The stop is the price at which a trade is closed to limit the loss. Each "
            "trade has one from the beginning.")},
        {"backtest", N_("A backtest applies the strategy to past prices. It shows how it would "
                        "have done, not how it will do.")},
        {"exposure", N_("Exposure is the share of the account that is in open positions.")},
        {"slippage",
         N_("Slippage is the difference between the expected and the actual price of "
            "an order.")},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (strcmp(term, rows[i].term) == 0)
            return _(rows[i].text);
    }
    return NULL;
}

static KwIntentId
action_of_term(const gchar *term)
{
    if (g_str_has_prefix(term, "stop") && strcmp(term, "stoploss") != 0)
        return KW_INTENT_STOP;
    if (strcmp(term, "pause") == 0)
        return KW_INTENT_PAUSE_ENTRIES;
    if (strcmp(term, "killswitch") == 0 || strcmp(term, "notaus") == 0 ||
        strcmp(term, "kill") == 0)
        return KW_INTENT_KILL_ON;
    if (strcmp(term, "start") == 0)
        return KW_INTENT_START;
    return strcmp(term, "schwelle") == 0 ? KW_INTENT_SET_THRESHOLD : KW_INTENT_NONE;
}

void
kw_cmd_explain(KwCommandCtx *ctx)
{
    const gchar *term = ctx->intent->term;
    const gchar *text = explain_action(ctx->intent->about);

    if (strcmp(term, "dryrun") == 0)
        term = "trockenlauf";
    if (text == NULL)
        text = explain_term(term);
    if (text == NULL)
        text = explain_action(action_of_term(term));
    if (text == NULL) {
        kw_reply_line(ctx, "%s",
                      _("❓ I can explain: Stopp, Pause, Notaus, start, threshold, "
                        "code, drawdown, win rate, Sortino, dry run."));
        return;
    }
    kw_reply_line(ctx, "%s", text);
    kw_reply_line(ctx, "%s", _("Nothing was changed."));
}
