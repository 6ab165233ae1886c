#define G_LOG_DOMAIN "kw-app"

#include "kw-live-start.h"

#include "kw-cli.h"
#include "kw-i18n.h"
#include "kw-log.h"

#include <sysexits.h>

/* What the venue says of the key, or of the account behind a bridge */
static void
ask_venue(KwLiveSource *live, KwGoLive *go_live)
{
    GError *error = NULL;

    if (live->bridge.feed != NULL) {
        kw_go_live_take_account(go_live, &live->bridge.access, NULL);
        return;
    }
    (void) kw_kraken_access_probe(&live->access, &error);
    kw_go_live_take_key(go_live, &live->access, error);
}

static int
judge(KwLiveSource *live, const KwSettings *settings, KwClock *clock, KwGoLive *go_live)
{
    g_autoptr(KwDoctor) doctor = kw_doctor_new(settings, kw_clock_now_us(clock));
    g_autofree gchar *text = NULL;

    ask_venue(live, go_live);
    kw_go_live_judge(go_live, doctor);
    if (kw_doctor_get_grade(doctor) != KW_DOCTOR_FAULT)
        return 0;
    text = kw_doctor_to_text(doctor);
    g_printerr("%s", text);
    return kw_cli_fail(EX_CONFIG,
                       _("Not everything is ready for real money; nothing was started."),
                       _("kurswart live check, or mode = dryrun in kurswart.conf"));
}

/* The last gate halts for good, since only a fault of the program reaches it: so what the risk
 * layer lets through in a minute is never more. That one refuses an entry, and the next candle
 * brings another. */
static void
stay_below_gate(KwSettings *settings)
{
    guint cap = settings->venue.gate.max_buys_per_minute;

    if (settings->hard.max_orders_per_minute > 0 && settings->hard.max_orders_per_minute <= cap)
        return;
    settings->hard.max_orders_per_minute = cap;
    kw_log_message("orders a minute are kept below the last gate", "KW_LIMIT",
                   "kraken.max_buys_per_minute");
}

/* Half as much again as the smallest order of the dearest pair: lots are coarse. */
static gboolean
find_least_order(KwLiveSource *live, const gchar *const *names, KwDecimal *out, GError **error)
{
    static const KwDecimal reserve = {.mant = 15, .scale = 1};
    KwFeed *feed = kw_live_source_get_feed(live);

    *out = KW_DECIMAL_ZERO;
    for (guint i = 0; names[i] != NULL; i++) {
        KwDecimal value;

        if (!kw_mt5_access_read_ask(&live->bridge.access, names[i], &value, error) ||
            !kw_decimal_mul(value, kw_feed_get_pair(feed, i)->min_amount, 2, KW_ROUND_UP,
                            &value, error) ||
            !kw_decimal_mul(value, reserve, 2, KW_ROUND_UP, &value, error))
            return FALSE;
        if (kw_decimal_cmp(value, *out) > 0)
            *out = value;
    }
    return TRUE;
}

/* A bridge tells no fee: the configured one counts. */
static gboolean
read_terms(KwLiveSource *live,
           const gchar *const *names,
           gdouble *out_fee_ratio,
           KwDecimal *out_least,
           GError **error)
{
    if (live->bridge.feed != NULL)
        return find_least_order(live, names, out_least, error);
    return kw_kraken_access_read_fee(&live->access, kw_kraken_feed_get_pairs(live->feed), names,
                                     out_fee_ratio, error);
}

/* The account's fee, the last gate, and the first two weeks */
static gboolean
settle_terms(KwLiveSource *live,
             KwSettings *settings,
             const gchar *const *names,
             KwClock *clock,
             KwLiveStart *start,
             GError **error)
{
    KwDecimal least = KW_DECIMAL_ZERO;

    if (!read_terms(live, names, &settings->book.fee_ratio, &least, error))
        return FALSE;
    settings->venue.is_test = kw_go_live_is_test(start->go_live);
    stay_below_gate(settings);
    if (kw_probation_begin(&start->probation, kw_go_live_get_since_us(start->go_live),
                           kw_clock_now_us(clock), &settings->hard, &settings->book.stake))
        kw_log_message("the limits of the first two weeks count");
    kw_probation_widen(&start->probation, least, &settings->hard, &settings->book.stake);
    return TRUE;
}

int
kw_live_start_run(KwLiveSource *live,
                  KwSettings *settings,
                  const gchar *const *names,
                  KwClock *clock,
                  KwLiveStart *out)
{
    g_autoptr(KwGoLive) go_live = kw_go_live_new(settings, kw_clock_now_us(clock));
    KwLiveStart start = {.go_live = go_live};
    g_autoptr(GError) error = NULL;
    int status = judge(live, settings, clock, go_live);

    if (status != 0)
        return status;
    if (!settle_terms(live, settings, names, clock, &start, &error) ||
        !kw_live_source_open_broker(live, settings, clock, &error))
        return kw_cli_fail_error(error, _("is there a way to the exchange? mode = dryrun in "
                                          "kurswart.conf works without real money"));
    *out = start;
    (void) g_steal_pointer(&go_live);
    return 0;
}
