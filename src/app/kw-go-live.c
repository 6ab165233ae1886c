/* kw-go-live.c: the conditions of a start with real money
 *
 * What can be seen by itself is looked at anew at every start (key, address, configuration);
 * what only time can show is read from the rows of evidence and of trading. Nothing is taken
 * from the configuration: a line in a file is no proof that somebody has tried the kill switch.
 *
 * An exchange on this very machine is a test; its orders are no money, so what takes weeks is
 * only told there. A data root belongs to one of the two for ever: their trades would mix. */
#define G_LOG_DOMAIN "kw-app"

#include "kw-go-live.h"

#include "kw-book.h"
#include "kw-gate-proof.h"
#include "kw-i18n.h"
#include "kw-probation.h"
#include "kw-stop-guard.h"

#include <string.h>

#define FINGERPRINT_SIZE 17
#define BRIDGE_MARK "mt5:" /* begins the fingerprint of an account */
#define MONTH_US (30 * G_TIME_SPAN_DAY)

/* Commands that the owner has to have used: what he needs when it matters */
static const gchar *const commands[] = {"status", "stop", "start", "kill_on", "kill_off"};

KwGoLive *
kw_go_live_new(const KwSettings *settings, gint64 now_us)
{
    KwGoLive *self = g_new0(KwGoLive, 1);
    g_autoptr(GError) error = NULL;

    self->settings = settings;
    self->now_us = now_us;
    self->evidence = kw_evidence_load(settings->root, &error);
    if (error != NULL)
        self->fault = g_strdup(error->message);
    return self;
}

void
kw_go_live_free(KwGoLive *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->evidence, g_array_unref);
    g_free(self->fault);
    g_free(self->key_fault);
    g_free(self);
}

void
kw_go_live_take_key(KwGoLive *self, const KwKrakenAccess *access, GError *error)
{
    g_autoptr(GError) fault = error;

    if (access->key != NULL) {
        gsize length = 0;
        const gchar *bytes = kw_secret_get_bytes(access->key, &length);
        g_autofree gchar *sum =
            g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *) bytes, length);

        g_strlcpy(self->fingerprint, sum, FINGERPRINT_SIZE);
    }
    if (fault == NULL) {
        self->key = &access->info;
        return;
    }
    self->key_fault = g_strdup(fault->message);
    self->is_key_busy = g_error_matches(fault, G_IO_ERROR, G_IO_ERROR_BUSY);
}

void
kw_go_live_take_account(KwGoLive *self, const KwMt5Access *access, GError *error)
{
    g_autoptr(GError) fault = error;
    g_autofree gchar *sum = NULL;

    if (fault != NULL) {
        self->key_fault = g_strdup(fault->message);
        self->is_key_busy = g_error_matches(fault, G_IO_ERROR, G_IO_ERROR_BUSY);
        return;
    }
    self->account = &access->directory->account;
    sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, self->account->login, -1);
    g_snprintf(self->fingerprint, sizeof self->fingerprint, BRIDGE_MARK "%.16s", sum);
}

/* -- where -- */

static gboolean
is_bridge(const KwGoLive *self)
{
    return kw_mt5_access_is_wanted(self->settings);
}

/* A start there, or at an account behind a bridge; a single one makes the data root belong to
 * that place. */
static gboolean
has_start_at(const KwGoLive *self, KwKrakenPlace place)
{
    for (guint i = 0; self->evidence != NULL && i < self->evidence->len; i++) {
        const KwEvidence *row = &g_array_index(self->evidence, KwEvidence, i);

        if (row->kind == KW_EVIDENCE_LIVE && (row->is_good == (place == KW_KRAKEN_PLACE_REAL) ||
                                              g_str_has_prefix(row->subject, BRIDGE_MARK)))
            return TRUE;
    }
    return FALSE;
}

gboolean
kw_go_live_is_test(const KwGoLive *self)
{
    if (is_bridge(self)) /* where the bridge stands says nothing of the account behind it */
        return self->account != NULL && self->account->is_demo;
    return kw_kraken_access_find_place(self->settings) == KW_KRAKEN_PLACE_TEST;
}

/* At Kraken, as configured; also a word of the evidence */
static const gchar *
get_way(const KwGoLive *self)
{
    return kw_kraken_access_get_path(self->settings) == KW_KRAKEN_ORDER_PATH_SOCKET
               ? "WebSocket"
               : "REST";
}

/* A bridge has one way only, and its mark is in the fingerprint. */
gchar *
kw_go_live_make_order_subject(const KwGoLive *self)
{
    g_return_val_if_fail(self != NULL, NULL);

    if (is_bridge(self))
        return g_strdup(self->fingerprint);
    return g_strdup_printf("%s %s %s", self->fingerprint, get_way(self),
                           kw_go_live_is_test(self) ? "test" : "kraken");
}

static void
check_place(const KwGoLive *self, KwDoctor *out)
{
    KwKrakenPlace place = kw_kraken_access_find_place(self->settings);

    if (place == KW_KRAKEN_PLACE_FOREIGN)
        kw_doctor_add(out, KW_DOCTOR_FAULT, _("address"),
                      _("leave rest_url, ws_url and ws_auth_url of [kraken] empty"),
                      _("the addresses are not all Kraken's, encrypted"));
    else if (has_start_at(self, place == KW_KRAKEN_PLACE_TEST ? KW_KRAKEN_PLACE_REAL
                                                              : KW_KRAKEN_PLACE_TEST))
        kw_doctor_add(out, KW_DOCTOR_FAULT, _("address"),
                      _("another [data] root for the other exchange"),
                      _("this data root belongs to the real exchange or to the test exchange, "
                        "and now the other one is configured"));
    else if (place == KW_KRAKEN_PLACE_TEST)
        kw_doctor_add(out, KW_DOCTOR_WARNING, _("address"), NULL,
                      _("a test exchange on this machine: no real money"));
    else
        kw_doctor_add(out, KW_DOCTOR_OK, _("address"), NULL, _("Kraken, encrypted"));
}

/* -- an account behind a bridge -- */

/* A start anywhere else: trades of two accounts would mix. */
static gboolean
has_start_elsewhere(const KwGoLive *self)
{
    for (guint i = 0; self->evidence != NULL && i < self->evidence->len; i++) {
        const KwEvidence *row = &g_array_index(self->evidence, KwEvidence, i);

        if (row->kind == KW_EVIDENCE_LIVE && strcmp(row->subject, self->fingerprint) != 0)
            return TRUE;
    }
    return FALSE;
}

static void
check_account_terms(const KwGoLive *self, KwDoctor *out)
{
    const KwMt5Account *account = self->account;
    const gchar *quote = kw_config_get_string(self->settings->bot, "trading", "stake_currency");

    if (!account->may_trade)
        kw_doctor_add(out, KW_DOCTOR_FAULT, _("account"),
                      _("log the terminal in with the trading password, and switch algorithmic "
                        "trading on"),
                      _("the account may not trade (investor password, or not enabled)"));
    if (strcmp(account->currency, quote) != 0)
        kw_doctor_add(out, KW_DOCTOR_FAULT, _("account"),
                      _("stake_currency of [trading], and pairs that end with it"),
                      _("the account is in %s, the stake currency is %s"), account->currency,
                      quote);
    if (account->is_hedging)
        kw_doctor_add(out, KW_DOCTOR_WARNING, _("account"),
                      _("keep the bot running while a trade is open, or take an account that "
                        "nets"),
                      _("it hedges: no stop of the bot can wait at the server; the bot sells "
                        "when one is reached, as long as it runs"));
}

static void
check_account(const KwGoLive *self, KwDoctor *out)
{
    if (self->account == NULL) {
        kw_doctor_add(
            out, KW_DOCTOR_FAULT, _("account"),
            self->is_key_busy
                ? _("nothing: its own start has asked; to see it here, stop the bot first")
                : _("url of [mt5], and mt5-token as credential, in the keyring or in a file of "
                    "mode 0600"),
            _("the account is not known: %s"), self->key_fault != NULL ? self->key_fault : "");
        return;
    }
    if (has_start_elsewhere(self))
        kw_doctor_add(out, KW_DOCTOR_FAULT, _("account"),
                      _("another [data] root for the other account"),
                      _("this data root belongs to another account or exchange"));
    check_account_terms(self, out);
    kw_doctor_add(out, kw_go_live_is_test(self) ? KW_DOCTOR_WARNING : KW_DOCTOR_OK,
                  _("account"), NULL,
                  kw_go_live_is_test(self) ? _("%s: a demonstration account, no real money")
                                           : _("%s: real money, says the server"),
                  self->account->login);
}

static void
check_config(const KwGoLive *self, KwDoctor *out)
{
    const KwConfig *config = self->settings->bot;
    const gchar *const *pairs = kw_config_get_list(config, "trading", "pairs");
    const gchar *quote = kw_config_get_string(config, "trading", "stake_currency");
    g_autofree gchar *ending = g_strconcat("/", quote, NULL);

    if (strcmp(kw_config_get_string(config, "feed", "kind"), "replay") == 0)
        kw_doctor_add(out, KW_DOCTOR_FAULT, _("prices"), _("[feed] kind = kraken, or mt5"),
                      _("real money needs live prices"));
    for (guint i = 0; pairs[i] != NULL; i++) {
        if (g_str_has_suffix(pairs[i], ending))
            continue;
        kw_doctor_add(out, KW_DOCTOR_FAULT, _("pairs"),
                      _("pairs and stake_currency of [trading]"),
                      _("%s does not end with the stake currency %s"), pairs[i], quote);
    }
    if (kw_decimal_sign(self->settings->hard.max_daily_loss_abs) <= 0 &&
        self->settings->hard.max_daily_loss_ratio <= 0)
        kw_doctor_add(out, KW_DOCTOR_FAULT, _("limits"), "max_daily_loss_abs = 50",
                      _("limits.conf has no daily limit"));
    if (kw_config_get_string(config, "signal", "owners")[0] == '\0' &&
        kw_config_get_string(config, "telegram", "owners")[0] == '\0')
        kw_doctor_add(out, KW_DOCTOR_WARNING, _("chat"),
                      _("[signal] or [telegram] in kurswart.conf"),
                      _("alarms reach nobody who is away from this machine"));
}

/* -- key -- */

static void
check_key(const KwGoLive *self, KwDoctor *out)
{
    const KwKrakenKeyInfo *key = self->key;

    if (key == NULL) {
        kw_doctor_add(
            out, KW_DOCTOR_FAULT, _("key"),
            self->is_key_busy
                ? _("nothing: its own start has asked; to see it here, stop the bot first")
                : _("kraken-key and kraken-secret as credentials, in the keyring or in files "
                    "of mode 0600"),
            _("the rights of the key are not known: %s"),
            self->key_fault != NULL ? self->key_fault : "");
        return;
    }
    if ((key->flags & KW_KRAKEN_KEY_WITHDRAWS) != 0)
        kw_doctor_add(out, KW_DOCTOR_FAULT, _("key"),
                      _("make a key at Kraken without the rights to withdraw"),
                      _("the key may withdraw money or change where it goes"));
    if ((key->flags & KW_KRAKEN_KEY_LACKS) != 0)
        kw_doctor_add(out, KW_DOCTOR_FAULT, _("key"), _("give it these rights at Kraken"),
                      _("the key lacks rights: %s"), key->missing);
    if ((key->flags & KW_KRAKEN_KEY_BLIND) != 0)
        kw_doctor_add(out, KW_DOCTOR_FAULT, _("key"),
                      _("remove the limits of its query range at Kraken"),
                      _("the key does not see all of the history"));
    if ((key->flags & KW_KRAKEN_KEY_FATAL) == 0)
        kw_doctor_add(out, KW_DOCTOR_OK, _("key"), NULL, _("trades and cannot withdraw (%s)"),
                      self->fingerprint);
    if ((key->flags & KW_KRAKEN_KEY_BROAD) != 0)
        kw_doctor_add(out, KW_DOCTOR_WARNING, _("key"), _("take away what is not needed"),
                      _("the key may more than trading needs"));
    if ((key->flags & KW_KRAKEN_KEY_ANYWHERE) != 0)
        kw_doctor_add(out, KW_DOCTOR_WARNING, _("key"),
                      _("list this machine's address with the key at Kraken"),
                      _("the key works from every address"));
    if ((key->flags & KW_KRAKEN_KEY_EXPIRES) != 0)
        kw_doctor_add(out, KW_DOCTOR_WARNING, _("key"), NULL, _("the key expires"));
}

/* -- what only time can show -- */

/* Grade of what is missing */
static KwDoctorGrade
lack(const KwGoLive *self)
{
    return kw_go_live_is_test(self) ? KW_DOCTOR_WARNING : KW_DOCTOR_FAULT;
}

/* (nullable): the newest verdict on any text of the strategy */
static const KwEvidence *
find_other_verdict(const KwGoLive *self, const gchar *name)
{
    for (guint i = self->evidence->len; i > 0; i--) {
        const KwEvidence *row = &g_array_index(self->evidence, KwEvidence, i - 1);

        if (row->kind == KW_EVIDENCE_GATE && kw_gate_proof_is_of(row->subject, name))
            return row;
    }
    return NULL;
}

static void
check_gate(const KwGoLive *self, KwDoctor *out)
{
    g_autofree gchar *name = NULL;
    g_autofree gchar *subject = kw_gate_proof_find_own_subject(self->settings, &name);
    const KwEvidence *row = kw_evidence_find_last(self->evidence, KW_EVIDENCE_GATE, subject);
    const gchar *mend =
        _("kurswart backtest over the last three months, then kurswart live gate FILE");

    if (row == NULL && find_other_verdict(self, name) != NULL)
        kw_doctor_add(out, lack(self), _("gate"), mend,
                      _("strategy %s or its model was changed after it was judged: the "
                        "verdict is void"),
                      name);
    else if (row == NULL)
        kw_doctor_add(out, lack(self), _("gate"), mend, _("strategy %s has not been judged"),
                      name);
    else if (!row->is_good)
        kw_doctor_add(out, lack(self), _("gate"), _("another strategy, or other parameters"),
                      _("strategy %s did not pass: %s"), name, row->detail);
    else if (row->time_us < self->now_us - KW_GO_LIVE_FRESH_US)
        kw_doctor_add(out, lack(self), _("gate"), mend,
                      _("the verdict on %s is older than two weeks"), name);
    else
        kw_doctor_add(out, KW_DOCTOR_OK, _("gate"), NULL, "%s: %s", name, row->detail);
}

static void
check_paper(const KwGoLive *self, KwDoctor *out)
{
    guint n = kw_evidence_count_paper_days(self->settings->root, self->now_us - MONTH_US);

    if (n < KW_GO_LIVE_PAPER_DAYS)
        kw_doctor_add(out, lack(self), _("dry run"),
                      _("let it run with mode = dryrun and live prices ([feed] kind)"),
                      _("%u of %u days on live prices in the last month"), n,
                      (guint) KW_GO_LIVE_PAPER_DAYS);
    else
        kw_doctor_add(out, KW_DOCTOR_OK, _("dry run"), NULL,
                      _("%u days on live prices in the last month"), n);
}

static void
check_drill(const KwGoLive *self, KwDoctor *out)
{
    const KwEvidence *row = kw_evidence_find_last(self->evidence, KW_EVIDENCE_DRILL, NULL);

    if (row == NULL || !row->is_good || row->time_us < self->now_us - MONTH_US)
        kw_doctor_add(out, lack(self), _("kill switch"), "kurswart live drill",
                      row == NULL ? _("it was never tried")
                                  : _("it was not tried with success in the last month"));
    else
        kw_doctor_add(out, KW_DOCTOR_OK, _("kill switch"), NULL, "%s", row->detail);
}

static void
check_commands(const KwGoLive *self, KwDoctor *out)
{
    g_autoptr(GString) missing = g_string_new(NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
        if (!kw_evidence_has_audit(self->settings->root, commands[i], self->now_us - MONTH_US))
            g_string_append_printf(missing, "%s%s", missing->len > 0 ? ", " : "", commands[i]);
    if (missing->len > 0)
        kw_doctor_add(out, lack(self), _("commands"), _("use them once in the chat"),
                      _("not used in the last month: %s"), missing->str);
    else
        kw_doctor_add(out, KW_DOCTOR_OK, _("commands"), NULL,
                      _("status, stop, start, kill switch on and off were used"));
}

/* A trial with this key: over another way, or (@is_old) from when its way was not noted */
static gboolean
has_trial(const KwGoLive *self, gboolean is_old)
{
    gsize length = strlen(self->fingerprint);

    for (guint i = 0; i < self->evidence->len; i++) {
        const KwEvidence *row = &g_array_index(self->evidence, KwEvidence, i);

        if (row->kind == KW_EVIDENCE_ORDER_DONE && length > 0 &&
            g_str_has_prefix(row->subject, self->fingerprint) &&
            (is_old ? row->is_good && row->subject[length] == '\0'
                    : row->subject[length] != '\0'))
            return TRUE;
    }
    return FALSE;
}

static void
check_order(const KwGoLive *self, KwDoctor *out)
{
    g_autofree gchar *subject = kw_go_live_make_order_subject(self);
    const KwEvidence *row =
        kw_evidence_find_last(self->evidence, KW_EVIDENCE_ORDER_DONE, subject);

    if (row == NULL && has_trial(self, FALSE))
        kw_doctor_add(out, lack(self), _("first order"), "kurswart live first-order",
                      _("orders shall go over %s: this way was not tried with this key at this "
                        "exchange"),
                      get_way(self));
    else if (row == NULL && has_trial(self, TRUE))
        kw_doctor_add(out, KW_DOCTOR_WARNING, _("first order"), "kurswart live first-order",
                      _("an order was tried with this key, but its way was not noted"));
    else if (row == NULL || !row->is_good)
        kw_doctor_add(out, lack(self), _("first order"), "kurswart live first-order",
                      row == NULL ? _("no order was tried with this key or account")
                                  : _("the trial with this key went wrong"));
    else
        kw_doctor_add(out, KW_DOCTOR_OK, _("first order"), NULL, "%s", row->detail);
}

/* -- what the runs with real money have left -- */

/* (transfer full): "" when there is none */
static gchar *
get_left(const KwGoLive *self, const gchar *name)
{
    g_autofree gchar *key = g_strdup_printf("%s.%s", name, kw_mode_to_string(KW_MODE_LIVE));
    gchar *text = kw_evidence_dup_meta(self->settings->root, key);

    return text != NULL ? text : g_strdup("");
}

static guint
count_lines(const gchar *text)
{
    guint n = 0;

    for (const gchar *at = text; *at != '\0'; at++)
        n += *at == '\n';
    return n;
}

static void
check_accepted(const KwGoLive *self, KwDoctor *out)
{
    g_autofree gchar *accepted = get_left(self, KW_BOOK_META_ACCEPTED);
    guint n = count_lines(accepted);

    if (n > 0)
        kw_doctor_add(out, KW_DOCTOR_WARNING, _("comparison"), _("/abgleich in the chat"),
                      kw_i18n_plural("%u accepted difference between books and exchange",
                                     "%u accepted differences between books and exchange", n),
                      n);
}

static void
check_stops(const KwGoLive *self, KwDoctor *out)
{
    g_autofree gchar *text = get_left(self, KW_BOOK_META_STOPS);
    g_autoptr(KwStopGuards) guards = kw_stop_guards_new();
    g_autoptr(GPtrArray) list = NULL;
    guint n_refused = 0, n_replaced = 0;

    (void) kw_stop_guards_restore(guards, text);
    list = kw_stop_guards_list(guards);
    for (guint i = 0; i < list->len; i++) {
        const KwStopGuard *guard = list->pdata[i];

        n_refused += guard->n_refused_all;
        n_replaced += guard->n_replaced;
    }
    if (n_refused + n_replaced > 0)
        kw_doctor_add(out, KW_DOCTOR_WARNING, _("stops"), _("/abgleich in the chat"),
                      _("of open trades: %1$u refused by the exchange, %2$u placed again"),
                      n_refused, n_replaced);
}

void
kw_go_live_judge_key(const KwGoLive *self, KwDoctor *out)
{
    if (is_bridge(self)) {
        check_account(self, out);
        return;
    }
    check_place(self, out);
    check_key(self, out);
}

void
kw_go_live_judge(const KwGoLive *self, KwDoctor *out)
{
    kw_go_live_judge_key(self, out);
    check_config(self, out);
    if (self->evidence == NULL) {
        kw_doctor_add(out, KW_DOCTOR_FAULT, _("evidence"), _("kurswart restore"),
                      _("it cannot be trusted: %s"), self->fault);
        return;
    }
    check_gate(self, out);
    check_paper(self, out);
    check_drill(self, out);
    check_commands(self, out);
    check_order(self, out);
    check_accepted(self, out);
    check_stops(self, out);
}

/* -- the start -- */

gint64
kw_go_live_get_since_us(const KwGoLive *self)
{
    const KwEvidence *row = self->evidence != NULL
                                ? kw_evidence_find_first(self->evidence, KW_EVIDENCE_LIVE)
                                : NULL;

    return row != NULL ? row->time_us : self->now_us;
}

gint64
kw_go_live_get_probation_end_us(const KwGoLive *self)
{
    return kw_probation_get_end_us(kw_go_live_get_since_us(self));
}

gboolean
kw_go_live_begin(const KwGoLive *self, GError **error)
{
    KwEvidence row = {
        .time_us = self->now_us,
        .kind = KW_EVIDENCE_LIVE,
        .is_good = !kw_go_live_is_test(self),
    };

    if (kw_evidence_find_last(self->evidence, KW_EVIDENCE_LIVE, self->fingerprint) != NULL)
        return TRUE;
    g_strlcpy(row.subject, self->fingerprint, sizeof row.subject);
    g_strlcpy(row.detail,
              is_bridge(self)            ? "metatrader"
              : kw_go_live_is_test(self) ? "test exchange"
                                         : "kraken",
              sizeof row.detail);
    return kw_evidence_add(self->settings->root, &row, error);
}
