/* kw-live-first-order.c: kurswart live first-order
 *
 * Real money at a real exchange, so it is shown first and asked for by a whole word. What the
 * process was killed in the middle of stands in the evidence; it is never just begun again. */
#define G_LOG_DOMAIN "kw-app"

#include "kw-live-parts.h"

#include "kw-cli.h"
#include "kw-error.h"
#include "kw-first-order.h"
#include "kw-format.h"
#include "kw-go-live.h"
#include "kw-i18n.h"
#include "kw-lock-file.h"
#include "kw-options.h"
#include "kw-store.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#define WORD "PROBEORDER"

typedef struct {
    KwLiveOptions options;
    gchar *pair;
    gboolean is_again;
    KwSettings *settings;
    KwClock *clock;
    KwLockFile *lock;
    KwKrakenAccess access; /* empty with a bridge */
    KwMt5Access bridge;
    KwGoLive *go_live;
    KwFirstOrder *trial;
    KwFormat *format;
} Trial;

static void
trial_clear(Trial *self)
{
    g_clear_pointer(&self->trial, kw_first_order_free);
    kw_kraken_access_clear(&self->access);
    kw_mt5_access_clear(&self->bridge);
    g_clear_pointer(&self->go_live, kw_go_live_free);
    g_clear_pointer(&self->format, kw_format_free);
    g_clear_pointer(&self->lock, kw_lock_file_free);
    g_clear_pointer(&self->settings, kw_settings_free);
    g_clear_object(&self->clock);
    g_clear_pointer(&self->pair, g_free);
    kw_live_options_clear(&self->options);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Trial, trial_clear)

/* Nobody else uses the key; the ledger is there and of this version. */
static int
take_root(Trial *self)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KwStore) store = NULL;

    self->lock = kw_lock_file_take(self->settings->root, &error);
    if (self->lock == NULL)
        return kw_cli_fail(EX_TEMPFAIL,
                           _("the bot is running; two users of a key disturb each other"),
                           _("stop it for the moment: systemctl stop kurswart"));
    store = kw_store_open(self->settings->root, self->clock, &error);
    if (store == NULL)
        return kw_cli_fail_error(error, _("kurswart doctor names the damage; kurswart restore "
                                          "brings a backup back"));
    kw_store_close(store);
    return 0;
}

/* An intent with no end behind it */
static const KwEvidence *
find_unfinished(const GArray *rows)
{
    const KwEvidence *begun = kw_evidence_find_last(rows, KW_EVIDENCE_ORDER_BEGUN, NULL);
    const KwEvidence *done = kw_evidence_find_last(rows, KW_EVIDENCE_ORDER_DONE, NULL);

    return begun != NULL && (done == NULL || done < begun) ? begun : NULL;
}

static int
look_at_past(Trial *self)
{
    const KwEvidence *unfinished;
    g_autofree gchar *text = NULL;

    if (self->go_live->evidence == NULL)
        return kw_cli_fail(EX_DATAERR, self->go_live->fault, "kurswart restore");
    unfinished = find_unfinished(self->go_live->evidence);
    if (unfinished == NULL || self->is_again)
        return 0;
    text = g_strdup_printf(_("an earlier trial did not come to its end: %s (%s)"),
                           unfinished->detail, unfinished->subject);
    return kw_cli_fail(
        EX_TEMPFAIL, text,
        _("look at the exchange for open orders and what was bought, then repeat it "
          "with --again"));
}

static void
ask_venue(Trial *self)
{
    const gchar *const names[] = {self->pair, NULL};
    GError *error = NULL;

    if (kw_mt5_access_is_wanted(self->settings)) {
        (void) kw_mt5_access_open(&self->bridge, self->settings, names, &error);
        kw_go_live_take_account(self->go_live, &self->bridge, error);
        return;
    }
    if (kw_kraken_access_open(&self->access, self->settings, KW_KRAKEN_ACCESS_TRADES,
                              self->clock, &error))
        (void) kw_kraken_access_probe(&self->access, &error);
    kw_go_live_take_key(self->go_live, &self->access, error);
}

static int
use_key(Trial *self)
{
    g_autoptr(KwDoctor) doctor = NULL;
    g_autofree gchar *page = NULL;

    ask_venue(self);
    doctor = kw_doctor_new(self->settings, self->go_live->now_us);
    kw_go_live_judge_key(self->go_live, doctor);
    if (kw_doctor_get_grade(doctor) != KW_DOCTOR_FAULT)
        return 0;
    page = kw_doctor_to_text(doctor);
    g_printerr("%s", page);
    return EX_CONFIG;
}

static int
show_and_ask(Trial *self)
{
    gchar line[64] = "";

    g_print(_("Buys %s of %s at about %s and sells it again at once.\n"),
            kw_format_amount(self->format, kw_first_order_get_amount(self->trial)), self->pair,
            kw_format_rate(self->format, kw_first_order_get_price(self->trial)));
    g_print(_("Each order goes the configured way: %s.\n"),
            kw_first_order_get_way(self->trial));
    g_print("%s\n", kw_go_live_is_test(self->go_live)
                        ? _("A test exchange or a demonstration account: no real money.")
                        : _("This is real money: fees and spread are lost."));
    g_print(_("Type %s to go on: "), WORD);
    (void) fflush(stdout);
    if (fgets(line, sizeof line, stdin) != NULL && strcmp(g_strchomp(line), WORD) == 0)
        return 0;
    return kw_cli_fail(KW_EXIT_NO, _("Not confirmed; nothing was sent."), NULL);
}

static void
on_step(const gchar *text, gpointer user_data)
{
    (void) user_data;
    g_print("  ✓ %s\n", text);
}

static int
keep(Trial *self, const GError *fault)
{
    KwEvidence row = {
        .time_us = kw_clock_now_us(self->clock),
        .kind = KW_EVIDENCE_ORDER_DONE,
        .is_good = fault == NULL,
    };
    g_autoptr(GError) error = NULL;
    g_autofree gchar *subject = kw_go_live_make_order_subject(self->go_live);

    g_strlcpy(row.subject, subject, sizeof row.subject);
    if (fault != NULL)
        g_strlcpy(row.detail, fault->message, sizeof row.detail);
    else
        g_snprintf(row.detail, sizeof row.detail,
                   _("%s of %s there and back over %s, result %s"),
                   kw_format_amount(self->format, kw_first_order_get_amount(self->trial)),
                   self->pair, kw_first_order_get_way(self->trial),
                   kw_format_money_signed(
                       self->format, kw_first_order_get_result(self->trial),
                       kw_config_get_string(self->settings->bot, "trading", "stake_currency")));
    if (!kw_evidence_add(self->settings->root, &row, &error))
        return kw_cli_fail_error(error, NULL);
    if (fault != NULL)
        return kw_cli_fail_as(EX_UNAVAILABLE, fault,
                              _("look at the exchange for open orders and what was bought"));
    g_print("%s\n%s\n", row.detail, _("Kept as evidence."));
    return 0;
}

static int
place(Trial *self)
{
    g_autoptr(GError) error = NULL;
    int status;

    self->trial = kw_mt5_access_is_wanted(self->settings)
                      ? kw_first_order_new_at_bridge(self->settings, &self->bridge, self->pair,
                                                     self->clock, &error)
                      : kw_first_order_new(self->settings, &self->access, self->pair,
                                           self->clock, &error);
    if (self->trial == NULL)
        return kw_cli_fail_error(error, _("another pair with --pair"));
    status = show_and_ask(self);
    if (status != 0)
        return status;
    (void) kw_first_order_run(self->trial, on_step, NULL, &error);
    return keep(self, error);
}

static int
run(Trial *self)
{
    int status;

    self->clock = KW_CLOCK(kw_system_clock_new());
    self->format = kw_format_new(self->settings->zone, kw_clock_now_us(self->clock));
    if (self->pair == NULL)
        self->pair = g_strdup(kw_config_get_list(self->settings->bot, "trading", "pairs")[0]);
    status = take_root(self);
    if (status != 0)
        return status;
    self->go_live = kw_go_live_new(self->settings, kw_clock_now_us(self->clock));
    status = look_at_past(self);
    if (status == 0)
        status = use_key(self);
    return status == 0 ? place(self) : status;
}

int
kw_live_first_order(int argc, char **argv)
{
    g_auto(Trial) self = {0};
    const GOptionEntry entries[] = {
        KW_LIVE_OPTION_ENTRIES(&self.options),
        {"pair", 0, 0, G_OPTION_ARG_STRING, &self.pair,
         N_("pair to try; else the first of [trading]"), "PAIR"},
        {"again", 0, 0, G_OPTION_ARG_NONE, &self.is_again,
         N_("although an earlier trial was cut off; after a look at the exchange"), NULL},
        G_OPTION_ENTRY_NULL,
    };
    const KwOptionsPage page = {
        .usage = "live first-order",
        .summary = _("The smallest order, there and back, after a typed word."),
        .example = "kurswart live first-order --pair BTC/EUR",
        .entries = entries,
    };
    int status = 0;

    if (!kw_options_parse(&argc, &argv, &page, &status))
        return status;
    self.settings = kw_live_options_load(&self.options);
    return self.settings != NULL ? run(&self) : EX_CONFIG;
}
