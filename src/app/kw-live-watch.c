#define G_LOG_DOMAIN "kw-app"

#include "kw-live-watch.h"

#include "kw-evidence.h"
#include "kw-kraken-daily.h"
#include "kw-kraken-error.h"
#include "kw-log.h"
#include "kw-mt5-watch.h"

#include <math.h>

#define LOOK_US G_TIME_SPAN_DAY
#define FIRST_LOOK_US G_TIME_SPAN_MINUTE   /* the start itself has asked for the fee alone */
#define PROBATION_LOOK_US G_TIME_SPAN_HOUR /* the clock may be set meanwhile */
#define SAME_FEE 1e-9
#define MAX_WORDS 40 /* bytes of a text from outside */

struct _KwLiveWatch {
    KwLiveSource *live;   /* borrowed */
    GStrv names;          /* owned */
    KwSettings *settings; /* borrowed */
    KwClock *clock;       /* owned */
    KwBook *book;         /* borrowed */
    KwVenue *venue;       /* borrowed */
    KwJournal *journal;   /* borrowed */
    KwFeeTable *fees;     /* owned */
    KwProbation probation;
    GCancellable *cancel;
    gulong on_trouble, on_stray, on_certificate; /* signals of the connection */
    KwMt5Watch *bridge;                          /* owned; NULL at Kraken */
    guint timer, probation_timer;
};

/* Private calls have stopped, or soon will: orders cannot be tracked any more. */
static void
on_trouble(KwKraken *kraken, gint kind, const gchar *text, gpointer user_data)
{
    KwLiveWatch *self = user_data;

    (void) kraken;
    kw_log_critical("the exchange refuses the key", "KW_REASON",
                    kw_kraken_kind_to_string((KwKrakenKind) kind), "KW_ERROR", text);
    kw_venue_distrust(self->venue, kind == KW_KRAKEN_NONCE ? "key_twice" : "key_refused");
}

/* Which order it was is looked up; the owner has the exchange's words. */
static void
on_stray(KwKraken *kraken, const gchar *text, gpointer user_data)
{
    KwLiveWatch *self = user_data;
    g_autofree gchar *words = g_strndup(text, MAX_WORDS);
    g_autofree gchar *code = NULL;

    (void) kraken;
    for (gchar *p = words; *p != '\0'; p++)
        if (!g_ascii_isprint(*p))
            *p = '?';
    code = g_strconcat("answer_stray: ", words, NULL);
    kw_venue_tell(self->venue, code, "");
}

/* F20: nothing is sent to whoever that is, so no order leaves; it may be mended any time. */
static void
on_certificate(KwKraken *kraken, gboolean is_bad, gpointer user_data)
{
    KwLiveWatch *self = user_data;

    (void) kraken;
    if (is_bad)
        kw_log_critical("the certificate of the exchange is not trusted");
    else
        kw_log_message("the certificate of the exchange is trusted again");
    kw_venue_tell(self->venue, is_bad ? "certificate_bad" : "certificate_good", "");
}

/* -- once a day -- */

static void
take_changes(KwLiveWatch *self, const GArray *changes)
{
    for (guint i = 0; i < changes->len; i++) {
        const KwKrakenChange *change = &g_array_index(changes, KwKrakenChange, i);

        if ((change->flags & KW_KRAKEN_CHANGE_GONE) != 0) {
            kw_log_critical("the exchange does not list a pair any more", "KW_PAIR",
                            change->before.market.name);
            kw_venue_tell(self->venue, "pair_gone", change->before.market.name);
        }
    }
}

/* Since when a tier is charged is known by whoever saw the change: it is kept. */
static void
store_fees(KwLiveWatch *self)
{
    g_autoptr(KwBatch) batch = kw_batch_new();

    for (guint i = 0; self->names[i] != NULL; i++) {
        const KwFeeTier *tier = kw_fee_table_find(self->fees, self->names[i]);
        g_autofree gchar *key = g_strconcat(KW_FEE_KEY_PREFIX, self->names[i], NULL);
        g_autofree gchar *text = tier != NULL ? kw_fee_tier_to_text(tier) : NULL;

        if (text != NULL)
            kw_batch_add_meta(batch, key, text, kw_clock_now_us(self->clock));
    }
    kw_journal_append_async(self->journal, g_steal_pointer(&batch), NULL, NULL, NULL);
}

/* What was known last, until the first look: the fee of orders that wait. That of others has
 * just been read. A bridge has no tiers; those in the store are of another exchange. */
static void
restore_fees(KwLiveWatch *self)
{
    const KwFeeTier *dearest = NULL;
    g_autoptr(GHashTable) notes =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

    for (guint i = 0; self->names[i] != NULL; i++) {
        g_autofree gchar *key = g_strconcat(KW_FEE_KEY_PREFIX, self->names[i], NULL);
        gchar *text = kw_evidence_dup_meta(self->settings->root, key);

        if (text != NULL)
            (void) g_hash_table_insert(notes, g_steal_pointer(&key), text);
    }
    (void) kw_fee_table_restore(self->fees, notes);
    for (guint i = 0; self->names[i] != NULL; i++) {
        const KwFeeTier *tier = kw_fee_table_find(self->fees, self->names[i]);

        if (tier != NULL && (dearest == NULL || tier->taker_ratio > dearest->taker_ratio))
            dearest = tier;
    }
    if (dearest == NULL)
        return;
    self->book->fee_tier = *dearest;
    self->settings->book.maker_fee_ratio = dearest->maker_ratio;
}

/* The dearest tier of the traded pairs is what every entry is reckoned with. */
static void
take_fees(KwLiveWatch *self, const GArray *tiers)
{
    const KwFeeTier *dearest = NULL;

    for (guint i = 0; i < tiers->len; i++) {
        const KwFeeTier *tier = &g_array_index(tiers, KwFeeTier, i);

        (void) kw_fee_table_note(self->fees, tier, NULL);
        if (dearest == NULL || tier->taker_ratio > dearest->taker_ratio)
            dearest = tier;
    }
    if (dearest == NULL)
        return;
    store_fees(self);
    dearest = kw_fee_table_find(self->fees, dearest->pair);
    self->book->fee_tier = *dearest;
    self->settings->book.maker_fee_ratio = dearest->maker_ratio;
    if (fabs(dearest->taker_ratio - self->settings->book.fee_ratio) < SAME_FEE)
        return;
    kw_log_message("the exchange charges another fee");
    self->settings->book.fee_ratio = dearest->taker_ratio;
    kw_venue_tell(self->venue, "fee_changed", "");
}

static void
on_daily(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KwKrakenDaily) daily = kw_kraken_daily_finish(KW_KRAKEN(source), result, &error);
    KwLiveWatch *self = user_data;

    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) /* it is gone */
        return;
    if (daily == NULL) {
        kw_log_warning("pairs and fees could not be read; those known stay", "KW_ERROR",
                       error->message);
        return;
    }
    take_changes(self, daily->changes);
    take_fees(self, daily->tiers);
}

void
kw_live_watch_look(KwLiveWatch *self)
{
    kw_kraken_daily_async(self->live->access.kraken, kw_kraken_feed_get_pairs(self->live->feed),
                          (const gchar *const *) self->names, self->cancel, on_daily, self);
}

static void
on_day(gpointer user_data)
{
    KwLiveWatch *self = user_data;

    kw_live_watch_look(self);
    self->timer = kw_clock_call_in(self->clock, LOOK_US, on_day, self);
}

/* -- the first two weeks -- */

static void set_probation_timer(KwLiveWatch *self);

static void
on_probation(gpointer user_data)
{
    KwLiveWatch *self = user_data;
    KwSettings *settings = self->settings;

    self->probation_timer = 0;
    if (kw_probation_end_if_due(&self->probation, kw_clock_now_us(self->clock), &settings->hard,
                                &settings->book.stake)) {
        kw_risk_set_limits(self->book->risk, &settings->hard);
        kw_log_message("the first two weeks are over: the limits of the configuration count");
        kw_venue_tell(self->venue, "probation_over", "");
    }
    set_probation_timer(self);
}

static void
set_probation_timer(KwLiveWatch *self)
{
    gint64 look_us = kw_clock_now_us(self->clock) + PROBATION_LOOK_US;

    if (self->probation.end_us != 0)
        self->probation_timer = kw_clock_call_at(
            self->clock, MIN(look_us, self->probation.end_us), on_probation, self);
}

/* -- object -- */

static void
watch_kraken(KwLiveWatch *self)
{
    self->on_trouble =
        g_signal_connect(self->live->access.kraken, "trouble", G_CALLBACK(on_trouble), self);
    self->on_stray =
        g_signal_connect(self->live->access.kraken, "stray", G_CALLBACK(on_stray), self);
    self->on_certificate = g_signal_connect(self->live->access.kraken, "certificate",
                                            G_CALLBACK(on_certificate), self);
    self->timer = kw_clock_call_in(self->clock, FIRST_LOOK_US, on_day, self);
}

KwLiveWatch *
kw_live_watch_new(const KwLiveWatchOptions *options)
{
    KwLiveWatch *self = g_new0(KwLiveWatch, 1);

    self->live = options->live;
    self->names = g_strdupv((gchar **) options->names);
    self->settings = options->settings;
    self->clock = g_object_ref(options->clock);
    self->book = kw_engine_get_book(options->engine);
    self->venue = kw_engine_get_venue(options->engine);
    self->journal = kw_engine_get_journal(options->engine);
    self->fees = kw_fee_table_new();
    if (options->live->bridge.feed == NULL)
        restore_fees(self);
    self->probation = *options->probation;
    self->cancel = g_cancellable_new();
    set_probation_timer(self);
    if (options->live->bridge.feed != NULL)
        self->bridge = kw_mt5_watch_new(&options->live->bridge.access, options->settings,
                                        options->names, options->clock, self->venue);
    else
        watch_kraken(self);
    return self;
}

void
kw_live_watch_free(KwLiveWatch *self)
{
    if (self == NULL)
        return;
    g_cancellable_cancel(self->cancel);
    kw_clock_cancel(self->clock, self->timer);
    kw_clock_cancel(self->clock, self->probation_timer);
    if (self->bridge == NULL) {
        g_clear_signal_handler(&self->on_trouble, self->live->access.kraken);
        g_clear_signal_handler(&self->on_stray, self->live->access.kraken);
        g_clear_signal_handler(&self->on_certificate, self->live->access.kraken);
    }
    g_clear_pointer(&self->bridge, kw_mt5_watch_free);
    g_strfreev(self->names);
    g_clear_pointer(&self->fees, kw_fee_table_free);
    g_clear_object(&self->cancel);
    g_clear_object(&self->clock);
    g_free(self);
}
