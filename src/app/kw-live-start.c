#define G_LOG_DOMAIN "kw-app"

#include "kw-live-start.h"

#include "kw-cli.h"
#include "kw-i18n.h"
#include "kw-log.h"

#include <sysexits.h>

static int
judge(KwLiveSource *live, const KwSettings *settings, KwClock *clock, KwGoLive *go_live)
{
    g_autoptr(KwDoctor) doctor = kw_doctor_new(settings, kw_clock_now_us(clock));
    g_autofree gchar *text = NULL;
    GError *error = NULL;

    (void) kw_kraken_access_probe(&live->access, &error);
    kw_go_live_take_key(go_live, &live->access, error);
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

/* The account's fee, the last gate, and the first two weeks */
static gboolean
settle_terms(KwLiveSource *live,
             KwSettings *settings,
             const gchar *const *names,
             KwClock *clock,
             KwLiveStart *start,
             GError **error)
{
    const KwKrakenPairs *pairs = kw_kraken_feed_get_pairs(live->feed);

    if (!kw_kraken_access_read_fee(&live->access, pairs, names, &settings->book.fee_ratio,
                                   error))
        return FALSE;
    stay_below_gate(settings);
    if (kw_probation_begin(&start->probation, kw_go_live_get_since_us(start->go_live),
                           kw_clock_now_us(clock), &settings->hard, &settings->book.stake))
        kw_log_message("the limits of the first two weeks count");
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
