/* kw-event-text.c: what the bot tells unasked, in words
 *
 * The first line alone must be enough on a lock screen. What the owner would only be told
 * again and again (every slot is in use, the pair is locked by himself) gives no message: it
 * stands in the signals and in the digest. An event may come without a status (its time is 0
 * then); nothing is said about what is not known. */
#include "kw-event-text.h"

#include "kw-difference-text.h"
#include "kw-digest-text.h"
#include "kw-fault-text.h"
#include "kw-format.h"
#include "kw-risk-text.h"
#include "kw-training-text.h"
#include "kw-version.h"
#include "kw-words.h"

#include <math.h>
#include <string.h>

typedef struct {
    const KwEvent *event;
    const KwStatusView *status;
    KwFormat *format;
    GString *out;
} Draft;

/* -- pieces -- */

static const gchar *
quote_of(const Draft *draft)
{
    if (draft->status->quote[0] != '\0')
        return draft->status->quote;
    return kw_words_quote(draft->event->trade.pair);
}

static gboolean
has_status(const Draft *draft)
{
    return draft->status->now_us != 0;
}

/* "[TROCKENLAUF] " and the text */
static void open_text(Draft *draft, const gchar *format, ...) G_GNUC_PRINTF(2, 3);

static void
open_text(Draft *draft, const gchar *format, ...)
{
    va_list args;

    g_string_append_printf(draft->out, "%s ", kw_words_mode_tag(draft->event->mode));
    va_start(args, format);
    g_string_append_vprintf(draft->out, format, args);
    va_end(args);
}

static void
append_money(const Draft *draft, gdouble value)
{
    const gchar *quote = quote_of(draft);

    g_string_append(draft->out, kw_format_number(draft->format, value, 2));
    if (*quote != '\0')
        g_string_append_printf(draft->out, "\302\240%s", quote);
}

/* " (5 of 5)": value and limit in the unit of the reason */
static void
append_measure(const Draft *draft, KwRiskUnit unit)
{
    gdouble value = draft->event->value, limit = draft->event->limit;

    if (unit == KW_RISK_UNIT_NONE || !isfinite(value) || !isfinite(limit))
        return;
    g_string_append(draft->out, " (");
    if (unit == KW_RISK_UNIT_RATIO) {
        g_string_append_printf(draft->out, _("%s, limit %s"),
                               kw_format_percent(draft->format, value),
                               kw_format_percent_short(draft->format, limit));
    } else if (unit == KW_RISK_UNIT_COUNT) {
        g_string_append_printf(draft->out, _("%s, limit %s"),
                               kw_format_number(draft->format, value, 0),
                               kw_format_number(draft->format, limit, 0));
    } else {
        append_money(draft, value);
        g_string_append(draft->out, _(", limit "));
        append_money(draft, limit);
    }
    g_string_append_c(draft->out, ')');
}

static void
append_confidence(const Draft *draft)
{
    gdouble confidence = draft->event->trade.confidence;

    if (isfinite(confidence) && confidence > 0)
        g_string_append_printf(draft->out, _(" · confidence %s"),
                               kw_format_percent_short(draft->format, confidence));
}

static void
append_open_sum(const Draft *draft)
{
    const KwStatusView *status = draft->status;

    if (!has_status(draft))
        kw_digest_text_line(draft->out, _("Open trades keep their stops."));
    if (!has_status(draft) || status->n_open == 0)
        return;
    kw_digest_text_line(
        draft->out,
        kw_i18n_plural("%u position stays open, its stop is %s:",
                       "%u positions stay open, their stops are %s:", status->n_open),
        status->n_open, kw_words_stop_place(draft->event->mode));
    kw_digest_text_open_list(draft->out, draft->format, status);
}

/* -- trades -- */

static void
write_stop(Draft *draft)
{
    const KwTradeView *trade = &draft->event->trade;
    gdouble stop = kw_decimal_to_double(trade->stop);
    gdouble rate = kw_decimal_to_double(trade->open_rate);

    if (stop <= 0 || rate <= 0)
        return;
    kw_digest_text_line(draft->out, _("Stop %s (%s), %s"),
                        kw_format_rate(draft->format, trade->stop),
                        kw_format_percent_signed(draft->format, stop / rate - 1),
                        kw_words_stop_place(draft->event->mode));
}

/* "Konfidenz 81 % (Schwelle 75 %) · Modell v1.1.0", or what is known of it */
static void
write_origin(Draft *draft)
{
    const KwTradeView *trade = &draft->event->trade;
    GString *out = draft->out;

    g_string_append_c(out, '\n');
    if (isfinite(trade->confidence) && trade->confidence > 0) {
        g_string_append_printf(out, _("Confidence %s"),
                               kw_format_percent_short(draft->format, trade->confidence));
        if (draft->status->threshold > 0)
            g_string_append_printf(
                out, _(" (threshold %s)"),
                kw_format_percent_short(draft->format, draft->status->threshold));
        g_string_append(out, " · ");
    }
    if (trade->model[0] != '\0')
        g_string_append_printf(out, _("Model %s"), trade->model);
    else
        g_string_append_printf(out, _("Strategy %s"), trade->strategy);
}

static void
write_entry(Draft *draft)
{
    const KwTradeView *trade = &draft->event->trade;

    open_text(draft, _("🟢 Entry %s #%d at %s"), trade->pair, (gint) trade->id,
              kw_format_rate(draft->format, trade->open_rate));
    kw_digest_text_line(draft->out, _("%s · stake %s"),
                        kw_format_time(draft->format, trade->open_us),
                        kw_format_money(draft->format, trade->stake, quote_of(draft)));
    write_stop(draft);
    write_origin(draft);
    if (draft->status->n_open > 0) {
        kw_digest_text_line(draft->out, _("Open: "));
        kw_digest_text_slots(draft->out, draft->status->n_open, draft->status->max_open);
    }
}

static void
write_exit(Draft *draft)
{
    const KwEvent *event = draft->event;
    const KwTradeView *trade = &event->trade;
    KwFormat *format = draft->format;
    const gchar *quote = quote_of(draft);

    open_text(draft, _("%s %s #%d closed: %s (%s)"),
              kw_decimal_sign(trade->profit_abs) < 0 ? "🔻" : "✅", trade->pair, (gint) trade->id,
              kw_format_money_signed(format, trade->profit_abs, quote),
              kw_format_percent_signed(format, trade->profit_ratio));
    kw_digest_text_line(draft->out, _("Entry %s → exit %s · held %s"),
                        kw_format_rate(format, trade->open_rate),
                        kw_format_rate(format, trade->last_rate),
                        kw_format_duration(format, trade->close_us - trade->open_us));
    kw_digest_text_line(draft->out, _("Reason: %s · fees %s"),
                        kw_words_exit_reason(trade->exit_reason),
                        kw_format_money(format, trade->fees, quote));
    if (event->count > 0)
        kw_digest_text_line(draft->out,
                            kw_i18n_plural("Realised today: %s from %u trade",
                                           "Realised today: %s from %u trades", event->count),
                            kw_format_money_signed(format, event->amount, quote), event->count);
}

static void
write_rejected(Draft *draft)
{
    const KwEvent *event = draft->event;
    const KwRiskText *reason = kw_risk_text_find(event->text);

    if (reason != NULL && !reason->is_told)
        return;
    open_text(draft, _("⚠️ Entry %s blocked, nothing bought"), event->trade.pair);
    kw_digest_text_line(draft->out, "%s",
                        kw_format_clock_seconds(draft->format, event->time_us));
    append_confidence(draft);
    kw_digest_text_line(draft->out, _("Reason: %s"), kw_risk_reason_text(event->text));
    if (reason != NULL)
        append_measure(draft, reason->unit);
}

/* Only where the refusal itself is not told: both would be one message too many. */
static void
write_signal(Draft *draft)
{
    const KwEvent *event = draft->event;
    const KwTradeView *trade = &event->trade;
    const KwRiskText *reason = kw_risk_text_find(event->text);
    gdouble rate = kw_decimal_to_double(trade->open_rate);
    gdouble stop = kw_decimal_to_double(trade->stop);
    gdouble target = kw_decimal_to_double(event->amount);

    if (reason == NULL || reason->is_told)
        return;
    open_text(draft, _("📈 Strong signal %s, not traded"), trade->pair);
    kw_digest_text_line(draft->out, "%s",
                        kw_format_clock_seconds(draft->format, event->time_us));
    append_confidence(draft);
    kw_digest_text_line(draft->out, _("Entry %s"),
                        kw_format_rate(draft->format, trade->open_rate));
    if (target > rate)
        g_string_append_printf(draft->out, _(" · target %s"),
                               kw_format_rate(draft->format, event->amount));
    g_string_append_printf(draft->out, _(" · stop %s"),
                           kw_format_rate(draft->format, trade->stop));
    if (target > rate && stop < rate)
        kw_digest_text_line(
            draft->out, _("Risk to reward 1 : %s"),
            kw_format_number(draft->format, (target - rate) / (rate - stop), 1));
    kw_digest_text_line(draft->out, _("Reason: %s"), kw_risk_reason_text(event->text));
}

/* -- running, stopped, killed -- */

static void
write_started(Draft *draft)
{
    const KwStatusView *status = draft->status;
    const gchar *clock = kw_format_clock(draft->format, draft->event->time_us);

    if (strcmp(draft->event->text, "crash") == 0) {
        open_text(draft, _("⚠️ Started again at %s after an unexpected end"), clock);
        kw_digest_text_line(draft->out, _("State and open trades come from the journal."));
    } else {
        open_text(draft, _("▶️ Kurswart started at %s"), clock);
    }
    if (!has_status(draft))
        return;
    kw_digest_text_line(draft->out, _("Trading: %s"), kw_words_state(status->state));
    if (status->is_killed)
        g_string_append(draft->out, _(", kill switch ON"));
    if (status->strategy[0] != '\0')
        g_string_append_printf(draft->out, _(" · strategy %s"), status->strategy);
    g_string_append_c(draft->out, '\n');
    kw_digest_text_portfolio(draft->out, draft->format, status);
    g_string_append(draft->out, _(" · open: "));
    kw_digest_text_slots(draft->out, status->n_open, status->max_open);
}

static void
write_stopping(Draft *draft)
{
    open_text(draft, _("⏹ Program ended at %s"),
              kw_format_clock(draft->format, draft->event->time_us));
    kw_digest_text_line(draft->out, _("Nothing is traded and no alarm is sent until it is "
                                      "started again on the server."));
}

static void
write_state(Draft *draft)
{
    const KwStatusView *status = draft->status;
    const gchar *who = kw_words_who(draft->event->text);
    const gchar *clock = kw_format_clock(draft->format, draft->event->time_us);

    if (!has_status(draft)) {
        open_text(draft, _("Trading was switched over at %s (%s)"), clock, who);
        kw_digest_text_line(draft->out, _("What holds now: /status"));
        return;
    }
    switch (status->state) {
    case KW_RUN_STATE_RUNNING:
        open_text(draft, _("▶️ Started at %s (%s)"), clock, who);
        break;
    case KW_RUN_STATE_PAUSED:
        open_text(draft, _("⏸ Entries paused at %s (%s)"), clock, who);
        break;
    case KW_RUN_STATE_STOPPED:
        open_text(draft, _("⏹ Stopped at %s (%s)"), clock, who);
        break;
    case KW_RUN_STATE_HALTED:
    case KW_RUN_STATE_NO_STRATEGY:
        open_text(draft, _("⚠️ Since %s %s (%s)"), clock, kw_words_state(status->state),
                  who);
        break;
    }
}

static void
write_reminder(Draft *draft)
{
    if (has_status(draft))
        open_text(draft, _("⏸ Reminder: trading is still %s"),
                  kw_words_state(draft->status->state));
    else
        open_text(draft, _("⏸ Reminder: trading still stands"));
    kw_digest_text_line(draft->out, _("You named this date when you stopped. Start again? "
                                      "“Start the bot” or /start."));
    kw_digest_text_line(draft->out, _("Without an answer all stays as it is."));
}

static void
write_kill_on(Draft *draft)
{
    open_text(draft, _("🛑 KILL SWITCH ON since %s (%s)"),
              kw_format_clock_seconds(draft->format, draft->event->time_us),
              kw_words_who(draft->event->text));
    kw_digest_text_line(draft->out, _("Nothing is opened any more."));
    append_open_sum(draft);
    kw_digest_text_line(draft->out, _("Released only with a code: “Kill switch off”"));
}

static void
write_kill_off(Draft *draft)
{
    open_text(draft, _("🛑 Kill switch off since %s (%s)"),
              kw_format_clock_seconds(draft->format, draft->event->time_us),
              kw_words_who(draft->event->text));
    kw_digest_text_line(draft->out, _("The bot stays stopped. Go on: “Start the bot”"));
}

static void
write_killed_signal(Draft *draft)
{
    const KwEvent *event = draft->event;

    open_text(draft, _("🚨 Signal in spite of the kill switch"));
    kw_digest_text_line(draft->out, "%s · %s",
                        kw_format_clock_seconds(draft->format, event->time_us),
                        event->trade.pair);
    append_confidence(draft);
    g_string_append(draft->out, _(". Blocked, nothing traded."));
    kw_digest_text_line(draft->out, _("The kill switch stays on. Recent messages: /logs 20"));
}

/* -- limits -- */

static void
write_halt(Draft *draft)
{
    const KwEvent *event = draft->event;
    KwFormat *format = draft->format;
    gboolean is_daily = g_str_has_prefix(event->text, "max_daily_loss");

    if (strcmp(event->text, "max_daily_loss_abs") == 0 && isfinite(event->value)) {
        open_text(draft, _("🚨 Daily limit reached: %s of "),
                  kw_format_number(format, -event->value, 2));
        append_money(draft, event->limit);
    } else if (is_daily) {
        open_text(draft, _("🚨 Daily limit reached: %s of %s"),
                  kw_format_percent(format, -event->value),
                  kw_format_percent_short(format, event->limit));
    } else if (strcmp(event->text, "max_drawdown_ratio") == 0) {
        open_text(draft, _("🚨 Total limit reached: drawdown %s of %s"),
                  kw_format_percent(format, event->value),
                  kw_format_percent_short(format, event->limit));
    } else if (strcmp(event->text, "max_losses_in_row") == 0) {
        open_text(draft, _("🚨 %s losses in a row (limit %s)"),
                  kw_format_number(format, event->value, 0),
                  kw_format_number(format, event->limit, 0));
    } else {
        open_text(draft, _("🚨 Trading halted: %s"), kw_risk_reason_text(event->text));
    }
    if (event->count > 0)
        kw_digest_text_line(draft->out, _("%s · entries were off already and stay off."),
                            kw_format_clock_seconds(format, event->time_us));
    else
        kw_digest_text_line(draft->out,
                            is_daily ? _("%s · no new entries until the next day.")
                                     : _("%s · no new entries until you start again."),
                            kw_format_clock_seconds(format, event->time_us));
    append_open_sum(draft);
    kw_digest_text_line(draft->out, _("You need not do anything. Stop altogether: “Stop” or "
                                      "“Kill”."));
}

static void
write_halt_over(Draft *draft)
{
    open_text(draft, _("▶️ New day, daily limit reset: entries allowed again"));
}

/* -- faults -- */

static void
append_fault(Draft *draft)
{
    g_autofree gchar *text = kw_fault_text(draft->event->text);

    kw_digest_text_line(draft->out, _("Cause: %s"), text);
}

static void
write_strategy(Draft *draft)
{
    open_text(draft, _("🚨 Strategy cannot be used"));
    append_fault(draft);
    if (draft->event->count > 0)
        kw_digest_text_line(draft->out, _("The last good version is in use."));
    else
        kw_digest_text_line(draft->out, _("No new entries without a strategy. Open trades keep "
                                          "their stops."));
}

static void
write_model(Draft *draft)
{
    const KwEvent *event = draft->event;

    if (event->count == 0) {
        open_text(draft, _("🧠 Model in service from the next candle on: %s"),
                  event->trade.model);
        return;
    }
    open_text(draft, _("⚠️ Model %s cannot be used, the one before stays"),
              event->trade.model);
    append_fault(draft);
    kw_digest_text_line(draft->out, "%s",
                        _("At the server: kurswart model verify names the damage, kurswart "
                          "model rollback goes back."));
}

static const struct {
    const gchar *code; /* of the trigger */
    const gchar *text; /* message id */
    KwRiskUnit unit;
} triggers[] = {
    {"drift", N_("features are not what they were in training"), KW_RISK_UNIT_COUNT},
    {"calibration", N_("its confidence is off"), KW_RISK_UNIT_RATIO},
    {"accuracy", N_("it has been wrong too often for three days"), KW_RISK_UNIT_RATIO},
    {"win_rate", N_("too few of its trades are won"), KW_RISK_UNIT_RATIO},
    {"weekly", N_("the weekly training is due"), KW_RISK_UNIT_NONE},
};

static void
write_retrain(Draft *draft)
{
    const KwEvent *event = draft->event;
    gint n_name = (gint) strcspn(event->trade.model, " ");

    open_text(draft,
              event->count > 0 ? _("🧠 Model %s is being trained anew")
                               : _("🧠 Time to train model %s anew"),
              event->trade.model);
    for (gsize i = 0; i < G_N_ELEMENTS(triggers); i++) {
        if (strcmp(triggers[i].code, event->text) == 0) {
            kw_digest_text_line(draft->out, _("Reason: %s"), _(triggers[i].text));
            append_measure(draft, triggers[i].unit);
        }
    }
    if (event->count > 0)
        kw_digest_text_line(draft->out, "%s",
                            _("The model stays in use until a better one has passed; I tell "
                              "you how it ends."));
    else
        kw_digest_text_line(draft->out,
                            _("At the server: kurswart model check --name %.*s shows every "
                              "reason and the command. The model stays in use."),
                            n_name, event->trade.model);
}

static void
write_retrained(Draft *draft)
{
    kw_training_text_append(draft->event, draft->out);
}

static void
write_version(Draft *draft)
{
    open_text(draft, _("ℹ️ Another version of the program: %s, before it %s"), KW_VERSION,
              draft->event->text);
    kw_digest_text_line(draft->out, _("Open trades and orders were taken over."));
}

static void
append_difference(Draft *draft)
{
    const KwEvent *event = draft->event;
    KwDifferenceView view = {.ours = event->amount, .theirs = event->trade.stake};
    g_autofree gchar *text = NULL;

    g_strlcpy(view.code, event->text, sizeof view.code);
    g_strlcpy(view.subject, event->trade.pair, sizeof view.subject);
    text = kw_difference_text(draft->format, &view);
    if (text != NULL)
        kw_digest_text_line(draft->out, "%s", text);
}

static void
write_venue(Draft *draft)
{
    const KwEvent *event = draft->event;

    if (event->count > 0) {
        open_text(draft, _("Books and exchange agree again, all goes on as set"));
        return;
    }
    if (strcmp(event->text, "unreachable") == 0) {
        open_text(draft, _("🚨 The exchange does not say what it holds"));
        kw_digest_text_line(draft->out, _("No entries until it does. Stops at the exchange "
                                          "stay."));
        return;
    }
    open_text(draft, _("🚨 Books and exchange do not agree"));
    append_difference(draft);
    if (strcmp(event->text, "order_foreign") != 0)
        kw_digest_text_line(draft->out, _("No entries until that is explained. Nothing is sold "
                                          "because of it. All of it: /abgleich"));
}

static void
write_store(Draft *draft)
{
    if (draft->event->count > 0) {
        open_text(draft, _("The store can be written again, all goes on as set"));
        return;
    }
    open_text(draft, _("🚨 The store cannot be written"));
    append_fault(draft);
    kw_digest_text_line(draft->out, _("Nothing is traded without a record. Next attempt in "
                                      "30 s; stop and kill switch work."));
}

static void
write_backup(Draft *draft)
{
    open_text(draft, _("⚠️ The nightly backup has failed"));
    append_fault(draft);
    kw_digest_text_line(
        draft->out, "%s",
        _("Trading goes on, the last good backup stays. At the server: kurswart "
          "backup, and kurswart doctor names the cause."));
}

static void
write_lost_rows(Draft *draft)
{
    open_text(draft, _("🚨 Rows are missing at the end of the ledger: %s"),
              kw_format_number(draft->format, draft->event->value, 0));
    kw_digest_text_line(draft->out, "%s",
                        _("Something has changed the data while the bot was off. Look with "
                          "kurswart doctor; a backup comes back with kurswart restore."));
}

static void
write_data(Draft *draft)
{
    const KwEvent *event = draft->event;

    if (event->count > 0) {
        open_text(draft, _("Prices are coming in again, all goes on as set"));
        return;
    }
    if (has_status(draft) && draft->status->data_us > 0)
        open_text(draft, _("🚨 No new prices since %s"),
                  kw_format_time(draft->format, draft->status->data_us));
    else
        open_text(draft, _("🚨 No new prices"));
    kw_digest_text_line(draft->out, _("No entries with old prices. I will tell you when it "
                                      "works again."));
}

static const struct {
    const gchar *code;
    const gchar *text; /* message id */
} order_codes[] = {
    {"order_unknown", N_("The exchange has not confirmed an order; it is looked up, never sent "
                         "again blindly.")},
    {"order_lost",
     N_("The exchange had acknowledged an order and does not find it now. It is looked for; "
        "no entries of the pair meanwhile.")},
    {"order_adopted", N_("An order that was thought to be refused exists after all. It is "
                         "counted now.")},
    {"order_foreign",
     N_("An order is not from this bot. It is left alone, but a purchase counts as exposure.")},
    {"pair_unlisted", N_("The pair is no longer configured. Its open trade is watched until it "
                         "ends; there are no new entries.")},
    {"pair_unwatched",
     N_("There are no prices for the pair of an open trade: it is not watched. "
        "No entries until the pair is configured again.")},
    {"exit_refused", N_("An exit could not be ordered; it is tried again with the next candle. "
                        "Please look at the log.")},
    {"live_left",
     N_("A trade with real money is open, and the bot runs on paper: nobody trails "
        "or closes it. Its stop at the exchange stays.")},
    {"pair_changed", N_("The exchange has changed its steps or minima; they are in use.")},
    {"pair_closed",
     N_("The market is not open at the exchange: no entries. Stops there stay.")},
    {"pair_open", N_("The market is open again.")},
    {"pair_gone", N_("The exchange does not list it any more: no entries. An open trade has to "
                     "be looked at by hand.")},
    {"key_twice", N_("The exchange refuses the numbers of the key: is it used twice? No orders "
                     "until the next start; stops at the exchange stay.")},
    {"key_refused", N_("The exchange refuses the key: no orders until that is mended and the "
                       "bot started again; stops at the exchange stay.")},
    {"fee_changed", N_("The exchange charges another fee now; it is in use.")},
    {"probation_over",
     N_("The first two weeks with real money are over. From now on the limits "
        "and the stake of the configuration count.")},
    {"journal_failed", N_("An execution could not be written down yet; it is tried again.")},
    {"fill_conflict", N_("An execution does not fit the books. Please look at the log.")},
    {"stop_refused", N_("The exchange has refused the stop twice: the position has none there. "
                        "It is tried again now and then; the bot watches the price.")},
    {"stop_emergency", N_("The exchange has refused the stop twice. The position is sold at "
                          "the market now, as configured.")},
    {"stop_replaced", N_("Somebody has cancelled the stop at the exchange. It is placed again, "
                         "once.")},
    {"stop_cancelled", N_("Somebody has cancelled the stop at the exchange. It is not placed "
                          "again: the position has none there.")},
    {"stop_lost", N_("The exchange had the stop and does not know it any more; it has sold "
                     "nothing. It is placed again.")},
    {"stop_too_small",
     N_("Dust: what is held is below the minimum of the exchange. No stop can "
        "be placed there, nor can it be sold there as it is; the bot watches "
        "the price itself, and entries go on.")},
};

static void
write_order(Draft *draft)
{
    const KwEvent *event = draft->event;
    const gchar *text = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(order_codes); i++) {
        if (strcmp(order_codes[i].code, event->text) == 0)
            text = _(order_codes[i].text);
    }
    if (strcmp(event->text, "journal_back") == 0) {
        open_text(draft, _("Executions can be written down again"));
        return;
    }
    open_text(draft,
              g_str_has_prefix(event->text, "pair_") || g_str_has_prefix(event->text, "fee_")
                  ? _("ℹ️ News from the exchange")
                  : _("🚨 Please check an order"));
    if (event->trade.pair[0] != '\0')
        g_string_append_printf(draft->out, ": %s", event->trade.pair);
    kw_digest_text_line(draft->out, "%s · %s",
                        kw_format_clock_seconds(draft->format, event->time_us),
                        text != NULL ? text : event->text);
}

static void
write_capital(Draft *draft)
{
    const KwEvent *event = draft->event;

    open_text(draft, _("⚠️ Starting capital: the configuration differs"));
    kw_digest_text_line(draft->out, _("Configured %s, in the ledger %s."),
                        kw_format_number(draft->format, event->value, 2),
                        kw_format_decimal(draft->format, event->amount, 2));
    kw_digest_text_line(draft->out, _("The ledger counts: history is not changed."));
}

static void
write_end_of_data(Draft *draft)
{
    open_text(draft, _("The replay is over: no more candles"));
    kw_digest_text_line(draft->out, _("Questions are still answered."));
}

static void
write_lock(Draft *draft)
{
    const KwEvent *event = draft->event;
    const gchar *until = kw_format_time(draft->format, event->until_us);
    gboolean is_all = strcmp(event->trade.pair, "*") == 0;

    if (is_all)
        open_text(draft, _("🔒 No entries until %s"), until);
    else
        open_text(draft, _("🔒 %1$s rests until %2$s"), event->trade.pair, until);
    kw_digest_text_line(draft->out, _("Reason: %s. Open trades go on as before."),
                        kw_words_who(event->text));
}

static void
write_digest(Draft *draft)
{
    const KwStatusView *status = &draft->event->digest.status;

    g_string_append_printf(draft->out, "%s ", kw_words_mode_tag(draft->event->mode));
    kw_digest_text_append(draft->out, draft->format, &draft->event->digest);
    if (status->data_us != 0 && status->timeframe_us > 0 &&
        draft->event->time_us - status->data_us > 2 * status->timeframe_us)
        kw_digest_text_line(draft->out, _("⚠️ Data from %s, nothing newer has come since."),
                            kw_format_time(draft->format, status->data_us));
}

/* -- all -- */

static void (*const writers[])(Draft *draft) = {
    [KW_EVENT_STARTED] = write_started,
    [KW_EVENT_STOPPING] = write_stopping,
    [KW_EVENT_ENTRY] = write_entry,
    [KW_EVENT_EXIT] = write_exit,
    [KW_EVENT_STATE] = write_state,
    [KW_EVENT_REMINDER] = write_reminder,
    [KW_EVENT_KILL_ON] = write_kill_on,
    [KW_EVENT_KILL_OFF] = write_kill_off,
    [KW_EVENT_KILLED_SIGNAL] = write_killed_signal,
    [KW_EVENT_HALT] = write_halt,
    [KW_EVENT_HALT_OVER] = write_halt_over,
    [KW_EVENT_REJECTED] = write_rejected,
    [KW_EVENT_STRATEGY] = write_strategy,
    [KW_EVENT_STORE] = write_store,
    [KW_EVENT_BACKUP] = write_backup,
    [KW_EVENT_LOST_ROWS] = write_lost_rows,
    [KW_EVENT_DATA] = write_data,
    [KW_EVENT_ORDER] = write_order,
    [KW_EVENT_CAPITAL] = write_capital,
    [KW_EVENT_DIGEST] = write_digest,
    [KW_EVENT_WEEKLY] = write_digest,
    [KW_EVENT_END_OF_DATA] = write_end_of_data,
    [KW_EVENT_LOCK] = write_lock,
    [KW_EVENT_MODEL] = write_model,
    [KW_EVENT_VENUE] = write_venue,
    [KW_EVENT_VERSION] = write_version,
    [KW_EVENT_RETRAIN] = write_retrain,
    [KW_EVENT_RETRAINED] = write_retrained,
    [KW_EVENT_SIGNAL] = write_signal,
};
G_STATIC_ASSERT(G_N_ELEMENTS(writers) == KW_N_EVENT_KINDS);

static gboolean
has_money(KwEventKind kind)
{
    return kind == KW_EVENT_ENTRY || kind == KW_EVENT_EXIT || kind == KW_EVENT_DIGEST ||
           kind == KW_EVENT_WEEKLY;
}

gchar *
kw_event_text(const KwEvent *event, const KwDialogSettings *settings)
{
    g_autoptr(KwFormat) format = NULL;
    g_autoptr(GString) out = g_string_sized_new(512);
    Draft draft;

    g_return_val_if_fail(event != NULL && settings != NULL, NULL);
    g_return_val_if_fail((guint) event->kind < KW_N_EVENT_KINDS, NULL);

    kw_i18n_set_language(settings->language, settings->address);
    format = kw_format_new(settings->zone, event->time_us);
    draft = (Draft){event, &event->digest.status, format, out};
    writers[event->kind](&draft);
    if (out->len == 0)
        return NULL;
    if (has_money(event->kind) && (settings->is_synthetic || draft.status->is_synthetic))
        kw_digest_text_line(out, _("Generated prices, not a real market."));
    kw_digest_text_limit(out);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

gboolean
kw_event_chart(const KwEvent *event, KwChartRequest *out)
{
    g_return_val_if_fail(event != NULL && out != NULL, FALSE);

    *out = (KwChartRequest){.period = {event->time_us - 30 * G_TIME_SPAN_DAY, G_MAXINT64}};
    if (event->kind == KW_EVENT_ENTRY || event->kind == KW_EVENT_EXIT) {
        out->kind = KW_CHART_CANDLES;
        out->trade_id = event->trade.id;
        g_strlcpy(out->pair, event->trade.pair, sizeof out->pair);
    } else if (event->kind == KW_EVENT_DIGEST || event->kind == KW_EVENT_WEEKLY) {
        out->kind = KW_CHART_EQUITY;
    } else if (event->kind == KW_EVENT_HALT) {
        out->kind = KW_CHART_DRAWDOWN;
    }
    return out->kind != KW_CHART_NONE;
}
