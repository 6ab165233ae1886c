/* kw-digest-text.c: lines about results and risk, alike in digests, events and replies
 *
 * Every line is one translated format, so that a translator sees whole sentences. Figures come
 * from exact values and are rounded each for itself: parts may miss their sum by a cent. */
#include "kw-digest-text.h"

#include "kw-dialog.h"
#include "kw-i18n.h"
#include "kw-words.h"

#include <math.h>
#include <string.h>

#define NBSP "\302\240"
#define WILSON_Z 1.959964
#define MIN_TRADES_TO_JUDGE 20
#define MAX_TRADES_INTERVAL 200

void
kw_digest_text_line(GString *out, const gchar *format, ...)
{
    va_list args;

    g_string_append_c(out, '\n');
    va_start(args, format);
    g_string_append_vprintf(out, format, args);
    va_end(args);
}

void
kw_digest_text_whole_percent(GString *out, KwFormat *format, gdouble ratio)
{
    g_string_append_printf(out, "%s" NBSP "%%", kw_format_number(format, ratio * 100, 0));
}

/* -- parts of lines -- */

void
kw_digest_text_slots(GString *out, guint n_open, guint max_open)
{
    if (max_open > 0)
        g_string_append_printf(out, _("%u of %u"), n_open, max_open);
    else
        g_string_append_printf(out, "%u", n_open);
}

void
kw_digest_text_errors(GString *out, guint n_errors, guint n_warnings)
{
    if (n_errors == 0)
        g_string_append(out, _("no errors"));
    else
        g_string_append_printf(out, kw_i18n_plural("%u error", "%u errors", n_errors),
                               n_errors);
    if (n_warnings > 0)
        g_string_append_printf(out, kw_i18n_plural(", %u warning", ", %u warnings", n_warnings),
                               n_warnings);
}

void
kw_digest_text_closed(GString *out, guint n, guint wins, guint losses)
{
    g_string_append_printf(out, kw_i18n_plural("%u closed", "%u closed", n), n);
    if (n > 0)
        g_string_append_printf(out, _(" (%u won, %u lost)"), wins, losses);
}

/* 95 % interval of Wilson for @wins of @n */
static void
append_interval(GString *out, KwFormat *format, guint wins, guint n)
{
    gdouble p = (gdouble) wins / n, z2 = WILSON_Z * WILSON_Z / n;
    gdouble middle = p + z2 / 2;
    gdouble half = WILSON_Z * sqrt(p * (1 - p) / n + z2 / (4 * n));
    const gchar *low = kw_format_number(format, (middle - half) / (1 + z2) * 100, 0);
    const gchar *high = kw_format_number(format, (middle + half) / (1 + z2) * 100, 0);

    /* TRANSLATORS: limits of the interval in per cent */
    g_string_append_printf(out, _(" (with 95 %% certainty between %s and %s %%)"), low, high);
}

void
kw_digest_text_win_rate(GString *out, KwFormat *format, guint wins, guint n)
{
    if (n == 0)
        return;
    g_string_append(out, _("Win rate "));
    kw_digest_text_whole_percent(out, format, (gdouble) wins / n);
    g_string_append_printf(out, kw_i18n_plural(" of %u trade", " of %u trades", n), n);
    if (n < MIN_TRADES_TO_JUDGE)
        g_string_append(out, _(" (too few for a statement)"));
    else if (n < MAX_TRADES_INTERVAL)
        append_interval(out, format, wins, n);
}

void
kw_digest_text_portfolio(GString *out, KwFormat *format, const KwStatusView *status)
{
    g_string_append_printf(
        out, status->has_equity ? _("Portfolio %s") : _("Portfolio, last known: %s"),
        kw_format_money(format, status->equity, status->quote));
}

static void
append_kill(GString *out, KwFormat *format, const KwStatusView *status)
{
    if (status->is_killed)
        g_string_append_printf(out, _("kill switch ON since %s"),
                               kw_format_time(format, status->killed_us));
    else
        g_string_append(out, _("kill switch off"));
}

/* The daily limit that is set: money, or a share of the capital */
static void
append_daily_loss(GString *out, KwFormat *format, const KwStatusView *status)
{
    const KwLimitView *daily = &status->daily_loss;

    if (daily->is_set)
        g_string_append_printf(out, _("daily loss %s of %s · "),
                               kw_format_decimal(format, daily->used, 2),
                               kw_format_money(format, daily->limit, status->quote));
    else if (daily->limit_ratio > 0)
        g_string_append_printf(out, _("daily loss %s of %s · "),
                               kw_format_percent(format, daily->used_ratio),
                               kw_format_percent_short(format, daily->limit_ratio));
}

void
kw_digest_text_risk(GString *out, KwFormat *format, const KwStatusView *status)
{
    const KwLimitView *drawdown = &status->drawdown;

    g_string_append(out, _("Risk: "));
    append_daily_loss(out, format, status);
    if (drawdown->is_set)
        g_string_append_printf(out, _("drawdown %s (max. %s) · "),
                               kw_format_percent(format, drawdown->used_ratio),
                               kw_format_percent_short(format, drawdown->limit_ratio));
    append_kill(out, format, status);
}

/* -- lists -- */

static void
append_open_line(GString *out, KwFormat *format, const KwTradeView *trade)
{
    if (!trade->has_last) {
        kw_digest_text_line(out, _("• %s #%d no current price"), trade->pair, (gint) trade->id);
        return;
    }
    kw_digest_text_line(out, "• %s #%d %s (%s)", trade->pair, (gint) trade->id,
                        kw_format_percent_signed(format, trade->profit_ratio),
                        kw_format_signed(format, trade->profit_abs));
    if (kw_decimal_sign(trade->stop) > 0)
        g_string_append_printf(out, _(", stop %s away"),
                               kw_format_percent(format, trade->stop_distance_ratio));
}

void
kw_digest_text_open_list(GString *out, KwFormat *format, const KwStatusView *status)
{
    guint n = MIN(status->n_listed, KW_DIGEST_TEXT_MAX_LINES);

    for (guint i = 0; i < n; i++)
        append_open_line(out, format, &status->open[i]);
    if (status->n_open > n)
        kw_digest_text_line(out, _("… %u more"), status->n_open - n);
}

/* -- digest -- */

static gboolean
has_today(KwFormat *format, const KwDigestView *digest)
{
    return kw_date_cmp(kw_format_date_of(format, digest->period.period.from_us),
                       kw_format_date_of(format, digest->status.now_us)) == 0;
}

static void
append_heading(GString *out, KwFormat *format, const KwDigestView *digest)
{
    KwPeriod period = digest->period.period;
    KwDate from = kw_format_date_of(format, period.from_us);
    KwDate to = kw_format_date_of(format, MIN(period.to_us - 1, G_MAXINT64 / 2));

    if (digest->is_weekly)
        g_string_append_printf(out, _("📊 Report of the week %s"),
                               kw_format_days(format, from, to));
    else if (kw_date_cmp(from, to) == 0)
        g_string_append_printf(out, _("📊 Summary of the day, %s"),
                               kw_format_day_full(format, from));
    else
        g_string_append_printf(out, _("📊 Summary %s"), kw_format_days(format, from, to));
    if (digest->is_late)
        g_string_append(out, _(" (late)"));
}

static KwDecimal
sum_of(const KwProfitView *profit)
{
    KwDecimal sum = profit->realised;

    (void) kw_decimal_add(profit->realised, profit->unrealised, &sum, NULL);
    return sum;
}

static void
append_results(GString *out, KwFormat *format, const KwDigestView *digest)
{
    const KwStatusView *status = &digest->status;
    const KwProfitView *period = &digest->period;
    KwDecimal sum = sum_of(period);
    gboolean is_still = period->n_trades == 0 && kw_decimal_sign(sum) == 0;

    g_string_append_c(out, '\n');
    kw_digest_text_portfolio(out, format, status);
    g_string_append_printf(out,
                           has_today(format, digest) ? _(" · today %s")
                           : digest->is_weekly       ? _(" · week %s")
                                                     : _(" · in all %s"),
                           kw_format_money_signed(format, sum, status->quote));
    if (is_still)
        return;
    g_string_append_printf(out, " (%s)", kw_format_percent_signed(format, period->ratio));
    if (kw_decimal_sign(period->unrealised) != 0)
        kw_digest_text_line(out, _("realised %s · unrealised %s"),
                            kw_format_signed(format, period->realised),
                            kw_format_signed(format, period->unrealised));
}

static void
append_month(GString *out, KwFormat *format, const KwDigestView *digest)
{
    KwDate date = kw_format_date_of(format, digest->status.now_us);

    /* TRANSLATORS: name of the month, result, per cent */
    kw_digest_text_line(
        out, _("%s so far %s (%s)"), kw_format_month(date.month),
        kw_format_money_signed(format, sum_of(&digest->month), digest->status.quote),
        kw_format_percent_signed(format, digest->month.ratio));
}

static void
append_best_signal(GString *out, KwFormat *format, const KwDigestView *digest)
{
    if (!isfinite(digest->best_signal_confidence))
        return;
    g_string_append_printf(out, _(" Highest signal: %s %s (threshold %s)."),
                           digest->best_signal_pair,
                           kw_format_percent_short(format, digest->best_signal_confidence),
                           kw_format_percent_short(format, digest->status.threshold));
}

static void
append_trades(GString *out, KwFormat *format, const KwDigestView *digest)
{
    const KwProfitView *period = &digest->period;

    kw_digest_text_line(out, _("\nTrades: %u opened, "), period->n_opened);
    kw_digest_text_closed(out, period->n_trades, period->wins, period->losses);
    if (digest->is_weekly && period->n_trades > 0) {
        g_string_append_c(out, '\n');
        kw_digest_text_win_rate(out, format, period->wins, period->n_trades);
    }
    if (kw_decimal_sign(period->fees) > 0)
        kw_digest_text_line(out, _("Fees %s, already taken off"),
                            kw_format_money(format, period->fees, digest->status.quote));
    if (!digest->is_weekly || !period->has_trade)
        return;
    kw_digest_text_line(out, _("Best trade: %s %s · worst: %s %s"), period->best.pair,
                        kw_format_signed(format, period->best.profit_abs), period->worst.pair,
                        kw_format_signed(format, period->worst.profit_abs));
}

static void
append_open(GString *out, KwFormat *format, const KwStatusView *status)
{
    if (status->n_open == 0) {
        kw_digest_text_line(out, _("No open trade."));
        return;
    }
    kw_digest_text_line(out, _("\nOpen, "));
    kw_digest_text_slots(out, status->n_open, status->max_open);
    g_string_append_c(out, ':');
    kw_digest_text_open_list(out, format, status);
}

/* Who decides, and whether entries are allowed */
static void
append_engine(GString *out, KwFormat *format, const KwDigestView *digest)
{
    const KwStatusView *status = &digest->status;

    if (status->state == KW_RUN_STATE_NO_STRATEGY)
        kw_digest_text_line(out, _("State: %s since %s"), kw_words_state(status->state),
                            kw_format_time(format, status->since_us));
    else if (status->state != KW_RUN_STATE_RUNNING)
        kw_digest_text_line(out, _("State: %s since %s (%s)"), kw_words_state(status->state),
                            kw_format_time(format, status->since_us), kw_words_who(status->by));
    g_string_append_c(out, '\n');
    if (status->model[0] != '\0')
        g_string_append_printf(out, _("Model %s · "), status->model);
    else if (status->strategy[0] != '\0')
        g_string_append_printf(out, _("Strategy %s · "), status->strategy);
    kw_digest_text_errors(out, digest->n_errors, digest->n_warnings);
}

void
kw_digest_text_append(GString *out, KwFormat *format, const KwDigestView *digest)
{
    const KwStatusView *status = &digest->status;
    gboolean is_quiet =
        digest->period.n_trades == 0 && digest->period.n_opened == 0 && status->n_open == 0;

    append_heading(out, format, digest);
    append_results(out, format, digest);
    if (is_quiet) {
        kw_digest_text_line(out, _("No trade, no open position."));
        append_best_signal(out, format, digest);
    }
    append_month(out, format, digest);
    if (!is_quiet) {
        append_trades(out, format, digest);
        append_open(out, format, status);
        g_string_append_c(out, '\n');
    }
    g_string_append_c(out, '\n');
    kw_digest_text_risk(out, format, status);
    append_engine(out, format, digest);
    if (status->mode == KW_MODE_DRYRUN)
        kw_digest_text_line(out, _("Simulated execution; real prices may differ."));
}

void
kw_digest_text_limit(GString *out)
{
    const gchar *invalid = NULL;
    gsize end = KW_DIALOG_MAX_BYTES - strlen("\n…");

    if (!g_utf8_validate_len(out->str, out->len, &invalid))
        g_string_truncate(out, (gsize) (invalid - out->str));
    if (out->len <= KW_DIALOG_MAX_BYTES)
        return;
    while (end > 0 && out->str[end] != '\n')
        end--;
    if (end == 0) {
        end = KW_DIALOG_MAX_BYTES - strlen("\n…");
        while ((out->str[end] & 0xc0) == 0x80)
            end--;
    }
    g_string_truncate(out, end);
    g_string_append(out, "\n…");
}
