/* kw-venue.c: the gate before the exchange, the stops at it, and what their signs mean
 *
 * The signs become one of two things: a halt, when something has happened that must never
 * happen (an order stopped at the gate), or doubt, when it is not known or not explained what
 * the exchange holds. Doubt stops entries until it is over; a halt ends with a start by the
 * owner, and after a breach only in a new process, since this one is not to be trusted. Neither
 * sells anything: stops at the exchange stay what they are.
 *
 * Doubt can begin and end by time alone (nothing was read for some minutes), so it is looked at
 * every two seconds, not with signals only. */
#define G_LOG_DOMAIN "kw-engine"

#include "kw-venue.h"

#include "kw-log.h"
#include "kw-notice.h"
#include "kw-venue-memory.h"

#include <string.h>

#define LOOK_US (2 * G_USEC_PER_SEC)
#define TELL_CLOSED_US (60 * G_USEC_PER_SEC)

struct _KwVenue {
    KwClock *clock;     /* owned */
    KwJournal *journal; /* owned; of the store */
    KwVenueRules rules;
    KwLastGate *gate;         /* owned */
    KwStopKeeper *keeper;     /* owned; NULL before the join */
    KwReconciler *reconciler; /* owned; likewise */
    KwVenueMemory *memory;    /* owned; likewise */
    KwBook *book;             /* borrowed; NULL before the join */
    KwHerald *herald;         /* borrowed; likewise */
    gulong on_breach;         /* signal of the gate */
    gboolean is_breached, is_distrusted;
    gboolean was_agreed; /* once since the start */
    guint n_stuck;       /* orders told of that wait for a person */
    guint timer;
    gint64 closed_us[KW_FEED_MAX_PAIRS]; /* monotonic, by slot; 0: open */
    gboolean is_told[KW_FEED_MAX_PAIRS]; /* that it is closed */
};

/* -- breach -- */

static void
on_halt_written(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;

    (void) user_data;
    if (!kw_journal_append_finish(KW_JOURNAL(source), result, &error))
        kw_log_warning("a halt is in force but not stored", "KW_ERROR", error->message);
}

static void
write_halt(KwVenue *self, const gchar *code, const KwOrder *order)
{
    KwBook *book = self->book;
    g_autoptr(KwBatch) batch = kw_batch_new();
    g_autofree gchar *detail = g_strdup_printf("%s %s", code, order->client_id);

    kw_book_add_state(book, batch);
    kw_batch_add_audit(batch, kw_clock_now_us(book->clock), book->settings->mode, "gate",
                       "halt", detail);
    kw_journal_append_async(self->journal, g_steal_pointer(&batch), NULL, on_halt_written,
                            NULL);
}

static void
tell_halt(KwVenue *self, const gchar *code, gboolean was_running)
{
    KwBook *book = self->book;
    KwEvent event = kw_notice_new_pair(book, KW_EVENT_HALT, code, kw_clock_now_us(book->clock));

    event.trade.pair[0] = '\0';
    g_strlcpy(event.text, code, sizeof event.text);
    event.count = !was_running;
    kw_herald_pass(self->herald, &event);
}

/* What is stopped at the gate was meant by nobody. Whatever made it may do so again, so no
 * entry is made any more in this process, even if somebody says "start". */
static void
on_breach(KwLastGate *gate, const gchar *code, const KwOrder *order, gpointer user_data)
{
    KwVenue *self = user_data;
    KwBook *book = self->book;
    gboolean was_running = book->state == KW_RUN_STATE_RUNNING;

    (void) gate;
    self->is_breached = book->is_venue_doubtful = TRUE;
    if (was_running)
        kw_book_set_state(book, KW_RUN_STATE_HALTED, "gate", code);
    write_halt(self, code, order);
    tell_halt(self, code, was_running);
}

/* -- what is told -- */

static void
tell_finding(KwVenue *self, const KwVenueFinding *finding)
{
    const gchar *code = kw_finding_kind_to_string(finding->kind);
    KwBook *book = self->book;
    KwEvent event = kw_notice_new_pair(book, KW_EVENT_VENUE, finding->subject,
                                       kw_clock_now_us(book->clock));

    (void) g_snprintf(event.key, sizeof event.key, "venue:%s:%s:%" G_GINT64_FORMAT, code,
                      finding->subject, event.time_us / G_USEC_PER_SEC);
    g_strlcpy(event.text, code, sizeof event.text);
    event.amount = finding->ours;
    event.trade.stake = finding->theirs;
    kw_herald_pass(self->herald, &event);
}

static void look(KwVenue *self);

static void
on_appeared(KwReconciler *reconciler, const KwVenueFinding *finding, KwVenue *self)
{
    /* the stop keeper tells it, once in the life of the trade */
    if (finding->kind == KW_FINDING_DUST) {
        kw_log_message("a position is too small for a stop", "KW_PAIR", finding->subject);
        return;
    }
    kw_log_critical("books and exchange differ", "KW_REASON",
                    kw_finding_kind_to_string(finding->kind), "KW_PAIR", finding->subject);
    if (finding->kind == KW_FINDING_ORDER_FOREIGN)
        kw_herald_tell_order(self->herald, "order_foreign", finding->subject);
    else
        tell_finding(self, finding);
    look(self);
}

static void
on_gone(KwReconciler *reconciler, const KwVenueFinding *finding, KwVenue *self)
{
    kw_log_message("a difference to the exchange is over", "KW_REASON",
                   kw_finding_kind_to_string(finding->kind), "KW_PAIR", finding->subject);
    look(self);
    if (kw_finding_kind_blocks(finding->kind) &&
        !kw_reconciler_blocks_entries(self->reconciler))
        kw_herald_tell(self->herald, KW_EVENT_BACK, "venue");
}

static void
on_reading(KwReconciler *reconciler, const gchar *code, const gchar *pair, KwVenue *self)
{
    (void) pair;
    if (strcmp(code, "venue_readable") == 0)
        kw_herald_tell(self->herald, KW_EVENT_BACK, "venue");
    else
        kw_herald_tell(self->herald, KW_EVENT_VENUE, "unreachable");
    look(self);
}

static void
on_stop_alert(KwStopKeeper *keeper, const gchar *code, const gchar *pair, KwVenue *self)
{
    kw_log_critical("a stop at the exchange needs a look", "KW_REASON", code, "KW_PAIR", pair);
    kw_herald_tell_order(self->herald, code, pair);
    kw_venue_memory_save(self->memory, NULL);
}

static void
on_stop_refused(KwStopKeeper *keeper, const gchar *pair, KwVenue *self)
{
    kw_venue_memory_save(self->memory, NULL);
}

/* -- doubt, and what of the limits others use -- */

/* Looked for in vain, and no balance proves that it has moved nothing: only a person can say.
 * It had twice the time in which such a proof comes by itself. */
static gboolean
is_stuck(const KwVenue *self, const KwOrder *order)
{
    return kw_oms_may_be_lost(self->book->oms, order->client_id,
                              2 * self->rules.lost_patience_us);
}

static guint
count_stuck(const KwVenue *self)
{
    g_autoptr(GPtrArray) live = kw_oms_list_live(self->book->oms);
    guint n = 0;

    for (guint i = 0; i < live->len; i++)
        n += is_stuck(self, live->pdata[i]);
    return n;
}

static void
tell_stuck(KwVenue *self)
{
    g_autoptr(GPtrArray) live = kw_oms_list_live(self->book->oms);
    guint n = count_stuck(self);

    for (guint i = 0; n > self->n_stuck && i < live->len; i++) {
        const KwOrder *order = live->pdata[i];

        if (!is_stuck(self, order))
            continue;
        kw_log_critical("an order cannot be proven lost", "KW_ORDER", order->client_id,
                        "KW_PAIR", order->pair);
        kw_venue_tell(self, "order_stuck", order->pair);
        self->n_stuck++;
    }
    self->n_stuck = n;
}

static void
look(KwVenue *self)
{
    gboolean is_blocked = kw_reconciler_blocks_entries(self->reconciler);

    self->book->is_venue_doubtful = self->is_breached || self->is_distrusted || is_blocked;
    self->book->foreign_value = kw_reconciler_get_foreign_value(self->reconciler);
    kw_venue_memory_save(self->memory, NULL);
    tell_stuck(self);
    if (is_blocked || self->was_agreed)
        return;
    self->was_agreed = TRUE;
    kw_log_message("reconciled: books and exchange agree");
}

/* -- pairs: F33, F34 -- */

/* Steps and minima are the exchange's, also when it changes them under way. */
static void
take_pair(KwVenue *self, KwSlot *slot, const KwPair *now)
{
    gboolean is_same = kw_decimal_cmp(slot->pair.price_tick, now->price_tick) == 0 &&
                       kw_decimal_cmp(slot->pair.amount_tick, now->amount_tick) == 0 &&
                       kw_decimal_cmp(slot->pair.min_amount, now->min_amount) == 0 &&
                       kw_decimal_cmp(slot->pair.min_cost, now->min_cost) == 0;

    if (is_same)
        return;
    slot->pair = *now;
    kw_stop_keeper_set_pair(self->keeper, now);
    kw_log_message("the exchange has changed steps or minima", "KW_PAIR", now->name);
    kw_herald_tell_order(self->herald, "pair_changed", now->name);
}

/* A market that is closed for a minute is told, and that it is open again. */
static void
note_open(KwVenue *self, guint index, gboolean is_open)
{
    const gchar *name = self->book->slots[index].pair.name;
    gint64 now_us = kw_clock_monotonic_us(self->clock);

    if (is_open) {
        self->closed_us[index] = 0;
        if (self->is_told[index])
            kw_herald_tell_order(self->herald, "pair_open", name);
        self->is_told[index] = FALSE;
        return;
    }
    if (self->closed_us[index] == 0)
        self->closed_us[index] = now_us;
    if (self->is_told[index] || now_us - self->closed_us[index] < TELL_CLOSED_US)
        return;
    self->is_told[index] = TRUE;
    kw_log_warning("no entries: the market is not open", "KW_PAIR", name);
    kw_herald_tell_order(self->herald, "pair_closed", name);
}

static void
look_at_pairs(KwVenue *self)
{
    KwBook *book = self->book;

    for (guint i = 0; i < book->n_slots; i++) {
        KwFeedQuote quote;

        take_pair(self, &book->slots[i], kw_feed_get_pair(book->feed, i));
        kw_feed_get_quote(book->feed, i, &quote);
        note_open(self, i, quote.is_open);
    }
}

static void
on_look(gpointer user_data)
{
    KwVenue *self = user_data;

    look(self);
    look_at_pairs(self);
    self->timer = kw_clock_call_in(self->clock, LOOK_US, on_look, self);
}

void
kw_venue_review(KwVenue *self)
{
    if (self == NULL || self->timer == 0)
        return;
    look(self);
    kw_stop_keeper_review(self->keeper);
}

void
kw_venue_start(KwVenue *self)
{
    if (self == NULL)
        return;
    g_return_if_fail(self->book != NULL && self->timer == 0);

    kw_stop_keeper_review(self->keeper);
    kw_reconciler_start(self->reconciler);
    on_look(self);
}

void
kw_venue_stop(KwVenue *self)
{
    if (self == NULL || self->timer == 0)
        return;
    kw_clock_cancel(self->clock, self->timer);
    self->timer = 0;
    kw_reconciler_stop(self->reconciler);
}

/* -- what the owner sees, and his word -- */

static gboolean
is_waiting(const KwReconcilerFinding *row)
{
    return !row->is_accepted && kw_finding_kind_blocks(row->finding.kind);
}

static gboolean
mark_stuck(const KwVenue *self, GChecksum *sum)
{
    g_autoptr(GPtrArray) live = kw_oms_list_live(self->book->oms);
    gboolean is_any = FALSE;

    for (guint i = 0; i < live->len; i++) {
        const KwOrder *order = live->pdata[i];

        if (!is_stuck(self, order))
            continue;
        is_any = TRUE;
        g_checksum_update(sum, (const guchar *) order->client_id,
                          (gssize) strlen(order->client_id) + 1);
    }
    return is_any;
}

/* Of every difference that waits, amounts included: another cent is another mark. */
static void
make_mark(const KwVenue *self, const GArray *rows, gchar *out)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    gboolean is_any = FALSE;

    for (guint i = 0; i < rows->len; i++) {
        const KwReconcilerFinding *row = &g_array_index(rows, KwReconcilerFinding, i);
        g_autofree gchar *line = NULL;

        if (!is_waiting(row))
            continue;
        is_any = TRUE;
        line = kw_venue_finding_to_text(&row->finding);
        g_checksum_update(sum, (const guchar *) line, (gssize) strlen(line) + 1);
    }
    is_any = mark_stuck(self, sum) || is_any;
    g_strlcpy(out, is_any ? g_checksum_get_string(sum) : "", KW_VIEW_MARK_SIZE);
}

static gboolean
is_unknown(const KwOrder *order)
{
    return order->state == KW_ORDER_STATE_UNKNOWN;
}

static guint
count_unknown(KwVenue *self)
{
    g_autoptr(GPtrArray) live = kw_oms_list_live(self->book->oms);
    guint n = 0;

    for (guint i = 0; i < live->len; i++)
        n += is_unknown(live->pdata[i]);
    return n;
}

/* No difference yet, but what the owner has to know of when a pair stands still */
static void
add_unknown(KwVenue *self, GArray *list)
{
    g_autoptr(GPtrArray) live = kw_oms_list_live(self->book->oms);

    for (guint i = 0; i < live->len; i++) {
        const KwOrder *order = live->pdata[i];
        KwDifferenceView view = {
            .code = "order_unknown", .ours = order->amount, .blocks_pair = TRUE};

        if (!is_unknown(order))
            continue;
        view.blocks = is_stuck(self, order);
        if (view.blocks)
            g_strlcpy(view.code, "order_stuck", sizeof view.code);
        g_strlcpy(view.subject, order->pair, sizeof view.subject);
        g_array_append_val(list, view);
    }
}

void
kw_venue_fill_view(KwVenue *self, KwVenueView *out)
{
    g_autoptr(GArray) rows = NULL;
    gint64 age_us;

    g_return_if_fail(out != NULL);

    *out = (KwVenueView){0};
    if (self == NULL)
        return;
    out->is_real = TRUE;
    out->is_test = self->rules.is_test;
    out->has_no_stops = !kw_broker_keeps_stops(KW_BROKER(self->gate));
    out->is_doubtful = self->book->is_venue_doubtful;
    out->is_broken = self->is_breached || self->is_distrusted;
    age_us = kw_reconciler_get_age_us(self->reconciler);
    out->read_us = age_us != G_MAXINT64 ? kw_clock_now_us(self->clock) - age_us : 0;
    rows = kw_reconciler_list_findings(self->reconciler);
    for (guint i = 0; i < rows->len; i++) {
        const KwReconcilerFinding *row = &g_array_index(rows, KwReconcilerFinding, i);

        out->n_waiting += is_waiting(row);
        out->n_accepted += row->is_accepted;
        out->n_harmless += !row->is_accepted && !is_waiting(row);
    }
    out->n_unknown = count_unknown(self);
    out->n_waiting += count_stuck(self);
    make_mark(self, rows, out->mark);
    kw_stop_keeper_get_counts(self->keeper, &out->n_refused, &out->n_replaced);
}

GArray *
kw_venue_list_differences(KwVenue *self)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(KwDifferenceView));
    g_autoptr(GArray) rows = NULL;

    if (self == NULL)
        return list;
    rows = kw_reconciler_list_findings(self->reconciler);
    for (guint i = 0; i < rows->len; i++) {
        const KwReconcilerFinding *row = &g_array_index(rows, KwReconcilerFinding, i);
        KwDifferenceView view = {
            .ours = row->finding.ours,
            .theirs = row->finding.theirs,
            .blocks = kw_finding_kind_blocks(row->finding.kind),
            .is_accepted = row->is_accepted,
        };

        g_strlcpy(view.code, kw_finding_kind_to_string(row->finding.kind), sizeof view.code);
        g_strlcpy(view.subject, row->finding.subject, sizeof view.subject);
        g_array_append_val(list, view);
    }
    add_unknown(self, list);
    return list;
}

/* The owner has looked: it is not there, and has moved nothing. */
static void
give_up_stuck(KwVenue *self, const gchar *by, KwBatch *batch)
{
    g_autoptr(GPtrArray) live = kw_oms_list_live(self->book->oms);

    for (guint i = 0; i < live->len; i++) {
        const KwOrder *order = live->pdata[i];

        if (!is_stuck(self, order))
            continue;
        kw_batch_add_audit(batch, kw_clock_now_us(self->clock), self->book->settings->mode, by,
                           "give_up_order", order->client_id);
        kw_log_message("an order is given up by the owner's word", "KW_ORDER", order->client_id,
                       "KW_PAIR", order->pair);
        (void) kw_oms_declare_lost(self->book->oms, order->client_id,
                                   self->rules.lost_patience_us);
    }
}

/* Whoever accepts that there is no stop knows why; what he has mended meanwhile may be tried.
 */
static void
retry_stop(KwVenue *self, const gchar *pair)
{
    const KwTrade *trade = kw_portfolio_find_open(self->book->portfolio, pair);

    if (trade != NULL)
        kw_stop_keeper_retry(self->keeper, trade->id);
}

gboolean
kw_venue_accept(KwVenue *self, const gchar *mark, const gchar *by)
{
    g_autoptr(GArray) rows = NULL;
    g_autoptr(KwBatch) batch = NULL;
    gchar present[KW_VIEW_MARK_SIZE];

    g_return_val_if_fail(self != NULL && mark != NULL && by != NULL, FALSE);

    rows = kw_reconciler_list_findings(self->reconciler);
    make_mark(self, rows, present);
    if (*present == '\0' || strcmp(present, mark) != 0)
        return FALSE;
    batch = kw_batch_new();
    give_up_stuck(self, by, batch);
    for (guint i = 0; i < rows->len; i++) {
        const KwReconcilerFinding *row = &g_array_index(rows, KwReconcilerFinding, i);
        g_autofree gchar *line = NULL;

        if (!is_waiting(row) || !kw_reconciler_accept(self->reconciler, &row->finding))
            continue;
        line = kw_venue_finding_to_text(&row->finding);
        kw_batch_add_audit(batch, kw_clock_now_us(self->clock), self->book->settings->mode, by,
                           "accept_difference", line);
        if (row->finding.kind == KW_FINDING_UNPROTECTED)
            retry_stop(self, row->finding.subject);
        kw_log_message("a difference to the exchange is accepted", "KW_REASON",
                       kw_finding_kind_to_string(row->finding.kind), "KW_PAIR",
                       row->finding.subject);
    }
    kw_venue_memory_save(self->memory, g_steal_pointer(&batch));
    look(self);
    return TRUE;
}

/* -- construction -- */

static void
build_keeper(KwVenue *self)
{
    KwBook *book = self->book;

    self->keeper = kw_stop_keeper_new(self->clock, book->oms, KW_BROKER(self->gate),
                                      book->portfolio, book->risk, &self->rules.stops);
    for (guint i = 0; i < book->n_slots; i++)
        kw_stop_keeper_set_pair(self->keeper, &book->slots[i].pair);
    g_signal_connect(self->keeper, "alert", G_CALLBACK(on_stop_alert), self);
    g_signal_connect(self->keeper, "refused", G_CALLBACK(on_stop_refused), self);
}

static void
build_reconciler(KwVenue *self)
{
    KwBook *book = self->book;
    gchar quote[KW_PAIR_NAME_SIZE] = "";

    if (book->n_slots > 0)
        (void) kw_pair_get_quote(&book->slots[0].pair, quote);
    self->reconciler = kw_reconciler_new(self->clock, book->oms, KW_BROKER(self->gate),
                                         book->portfolio, quote, self->keeper);
    if (self->rules.lost_patience_us > 0)
        kw_reconciler_set_lost_patience(self->reconciler, self->rules.lost_patience_us);
    g_signal_connect(self->reconciler, "appeared", G_CALLBACK(on_appeared), self);
    g_signal_connect(self->reconciler, "gone", G_CALLBACK(on_gone), self);
    g_signal_connect(self->reconciler, "alert", G_CALLBACK(on_reading), self);
}

void
kw_venue_join(KwVenue *self, KwBook *book, KwHerald *herald)
{
    g_return_if_fail(self != NULL && self->book == NULL);

    self->book = book;
    self->herald = herald;
    self->on_breach = g_signal_connect(self->gate, "breach", G_CALLBACK(on_breach), self);
    build_keeper(self);
    build_reconciler(self);
    self->memory = kw_venue_memory_new(book, self->journal, self->reconciler, self->keeper);
    book->venue = self;
    book->is_venue_doubtful = TRUE;
}

KwVenue *
kw_venue_new(KwClock *clock, KwJournal *journal, KwBroker *broker, const KwVenueRules *rules)
{
    KwVenue *self = g_new0(KwVenue, 1);

    self->clock = g_object_ref(clock);
    self->journal = g_object_ref(journal);
    self->rules = *rules;
    self->gate = kw_last_gate_new(clock, journal, broker, &rules->gate);
    return self;
}

void
kw_venue_free(KwVenue *self)
{
    if (self == NULL)
        return;
    kw_venue_stop(self);
    if (self->book != NULL)
        self->book->venue = NULL;
    g_clear_signal_handler(&self->on_breach, self->gate);
    if (self->reconciler != NULL)
        (void) g_signal_handlers_disconnect_by_data(self->reconciler, self);
    if (self->keeper != NULL)
        (void) g_signal_handlers_disconnect_by_data(self->keeper, self);
    g_clear_pointer(&self->memory, kw_venue_memory_free);
    g_clear_object(&self->reconciler);
    g_clear_object(&self->keeper);
    g_clear_object(&self->gate);
    g_clear_object(&self->journal);
    g_clear_object(&self->clock);
    g_free(self);
}

KwOms *
kw_venue_make_oms(KwVenue *self, KwPortfolio *portfolio)
{
    return kw_oms_new(self->clock, KW_JOURNAL(self->gate), KW_BROKER(self->gate), portfolio);
}

void
kw_venue_tell(KwVenue *self, const gchar *code, const gchar *pair)
{
    if (self != NULL && self->herald != NULL)
        kw_herald_tell_order(self->herald, code, pair);
}

void
kw_venue_distrust(KwVenue *self, const gchar *code)
{
    g_return_if_fail(self != NULL && self->book != NULL);

    if (self->is_distrusted)
        return;
    self->is_distrusted = self->book->is_venue_doubtful = TRUE;
    kw_venue_tell(self, code, "");
}
