/* kw-reconciler.c: when the venue is asked, and which differences are believed
 *
 * What differs is found by kw-venue-check.c. Most of it is a matter of moments: a fill that is
 * on its way to us, a list that is older than the balance beside it. So one look is no verdict:
 * a difference has to be there in two answers in a row, neither of them disturbed by news of an
 * order. It goes when an answer that could have shown it does not; an asset that is moving is
 * not compared, and that is no sign of agreement.
 *
 * Looking up and reviewing stops do no harm, so they need no second look. */
#define G_LOG_DOMAIN "kw-exec"

#include "kw-reconciler.h"

#include "kw-log.h"
#include "kw-lost-order.h"
#include "kw-orphan.h"
#include "kw-venue-totals.h"

#include <string.h>

#define SHORT_PERIOD_US (10 * G_USEC_PER_SEC)
#define LONG_PERIOD_US (60 * G_USEC_PER_SEC)
#define DISTURBED_PAUSE_US (2 * G_USEC_PER_SEC)
#define ANSWER_DEADLINE_US (30 * G_USEC_PER_SEC)
#define STALE_US (5 * 60 * G_USEC_PER_SEC)
#define N_SEEN_BELIEVED 2
#define N_FAILED_ALERT 5
#define LOST_PATIENCE_US (3 * 60 * G_USEC_PER_SEC)

/* A difference and how often it was seen in a row */
typedef struct {
    KwVenueFinding finding;
    guint n_seen;
    gboolean is_accepted;
    KwVenueFinding accepted; /* as it was then */
} Seen;

/* An answer that is waited for */
typedef struct {
    KwReconciler *reconciler; /* owned */
    guint number;
} Question;

struct _KwReconciler {
    GObject parent_instance;

    KwClock *clock;         /* owned */
    KwOms *oms;             /* owned */
    KwBroker *broker;       /* owned */
    KwPortfolio *portfolio; /* a reference */
    gchar *quote;           /* owned */
    KwStopKeeper *keeper;   /* owned; may be NULL */
    GArray *seen;           /* owned; Seen */
    KwVenueTotals *still;   /* owned; while nothing was missing */
    GHashTable *proofs;     /* owned; client id -> answers in a row that prove its loss */
    GHashTable *revived; /* owned; client id -> answers in a row that show it after its end */
    gint64 lost_patience_us;
    GCancellable *asking; /* owned; of the inspection under way; else NULL */
    guint last_question;  /* its number */
    guint timer;          /* the next question, or the deadline of the answer */
    gint64 timer_mono_us;
    gulong on_settled;       /* signal of the order manager; 0: not started */
    gint64 read_mono_us;     /* last answer that was compared; before that the start */
    KwDecimal foreign_value; /* quote currency */
    guint n_failed;          /* in a row */
    gboolean is_disturbed;   /* an order was settled since the question */
    gboolean was_read;       /* an answer was compared */
    gboolean has_agreed;     /* an answer held nothing that was new */
};

enum { SIGNAL_APPEARED, SIGNAL_GONE, SIGNAL_ALERT, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(KwReconciler, kw_reconciler, G_TYPE_OBJECT)

static void ask(KwReconciler *self);

/* -- time -- */

static void
on_timer(gpointer user_data)
{
    g_autoptr(KwReconciler) self = g_object_ref(user_data);

    self->timer = 0;
    ask(self);
}

static void
ask_in(KwReconciler *self, gint64 delay_us)
{
    kw_clock_cancel(self->clock, self->timer);
    self->timer_mono_us = kw_clock_monotonic_us(self->clock) + delay_us;
    self->timer = kw_clock_call_in(self->clock, delay_us, on_timer, self);
}

static gboolean
is_anything_new(const KwReconciler *self)
{
    for (guint i = 0; i < self->seen->len; i++)
        if (g_array_index(self->seen, Seen, i).n_seen < N_SEEN_BELIEVED)
            return TRUE;
    return FALSE;
}

static gboolean
is_in_flight(KwReconciler *self)
{
    g_autoptr(GPtrArray) live = kw_oms_list_live(self->oms);

    for (guint i = 0; i < live->len; i++)
        if (!kw_order_is_waiting(live->pdata[i]))
            return TRUE;
    return FALSE;
}

static gint64
get_period_us(KwReconciler *self)
{
    return is_anything_new(self) || is_in_flight(self) ? SHORT_PERIOD_US : LONG_PERIOD_US;
}

/* -- which differences are believed -- */

static Seen *
find_seen(GArray *list, const KwVenueFinding *finding)
{
    for (guint i = 0; i < list->len; i++) {
        Seen *seen = &g_array_index(list, Seen, i);

        if (kw_venue_finding_is_same(&seen->finding, finding))
            return seen;
    }
    return NULL;
}

/* Whether the last answer could have shown it */
static gboolean
was_compared(KwReconciler *self, const KwVenueBooks *books, const KwVenueFinding *finding)
{
    const KwOrder *order;
    g_autofree gchar *asset = NULL;

    switch (finding->kind) {
    case KW_FINDING_HOLDING_SHORT:
    case KW_FINDING_UNPROTECTED:
    case KW_FINDING_DUST:
        asset = g_strndup(finding->subject, strcspn(finding->subject, "/"));
        return !kw_venue_books_is_moving(books, asset);
    case KW_FINDING_CASH_SHORT:
        return !kw_venue_books_is_moving(books, NULL);
    case KW_FINDING_ORDER_MISSING:
        order = kw_oms_find_order(self->oms, finding->id);
        return order == NULL || kw_order_state_is_final(order->state) ||
               order->state == KW_ORDER_STATE_OPEN || order->state == KW_ORDER_STATE_PARTIAL;
    case KW_FINDING_ORDER_FOREIGN:
        return TRUE;
    }
    g_return_val_if_reached(TRUE);
}

static gboolean
has_grown(const Seen *seen)
{
    return kw_decimal_cmp(kw_venue_finding_get_gap(&seen->finding),
                          kw_venue_finding_get_gap(&seen->accepted)) > 0;
}

/* Adds what is to be told of it to @appeared. */
static void
note_finding(KwReconciler *self, const KwVenueFinding *finding, GArray *appeared)
{
    Seen *seen = find_seen(self->seen, finding);
    Seen fresh = {.finding = *finding, .n_seen = 1};

    if (seen == NULL) {
        g_array_append_val(self->seen, fresh);
        return;
    }
    seen->finding = *finding;
    seen->n_seen++;
    if (seen->is_accepted && has_grown(seen))
        seen->is_accepted = FALSE;
    else if (seen->n_seen != N_SEEN_BELIEVED)
        return;
    g_array_append_val(appeared, *finding);
}

/* Takes out what @found lacks, and adds what was believed of it to @gone. */
static void
drop_missing(KwReconciler *self, const KwVenueBooks *books, const GArray *found, GArray *gone)
{
    for (guint i = self->seen->len; i > 0; i--) {
        const Seen *seen = &g_array_index(self->seen, Seen, i - 1);
        gboolean is_there = FALSE;

        for (guint j = 0; j < found->len && !is_there; j++)
            is_there = kw_venue_finding_is_same(&seen->finding,
                                                &g_array_index(found, KwVenueFinding, j));
        if (is_there || !was_compared(self, books, &seen->finding))
            continue;
        if (seen->n_seen >= N_SEEN_BELIEVED)
            g_array_append_val(gone, seen->finding);
        g_array_remove_index(self->seen, i - 1);
    }
}

static void
emit_all(KwReconciler *self, guint signal, const GArray *findings)
{
    for (guint i = 0; i < findings->len; i++)
        g_signal_emit(self, signals[signal], 0, &g_array_index(findings, KwVenueFinding, i));
}

/* -- orders that the venue has lost -- */

/* Whether an order that gives or takes @asset should work and does not; NULL: any order */
static gboolean
is_one_missing(const GArray *found, const gchar *asset)
{
    for (guint i = 0; i < found->len; i++) {
        const KwVenueFinding *finding = &g_array_index(found, KwVenueFinding, i);
        gsize length = asset != NULL ? strlen(asset) : 0;

        if (finding->kind == KW_FINDING_ORDER_MISSING &&
            (asset == NULL || (strncmp(finding->subject, asset, length) == 0 &&
                               finding->subject[length] == '/')))
            return TRUE;
    }
    return FALSE;
}

/* What there is of each asset while all that should work there does; any order moves money */
static void
note_still(KwReconciler *self,
           const KwVenueBooks *books,
           const KwVenueState *state,
           const GArray *found)
{
    for (guint i = 0; i < state->balances->len; i++) {
        const KwVenueBalance *balance = &g_array_index(state->balances, KwVenueBalance, i);
        const gchar *asset = strcmp(balance->asset, self->quote) != 0 ? balance->asset : NULL;

        if (!kw_venue_books_is_moving(books, asset) && !is_one_missing(found, asset))
            kw_venue_totals_set(self->still, balance->asset, balance->total);
    }
}

/* Look-ups and balances have to say the same, each more than once. */
static void
judge_lost(KwReconciler *self,
           const KwVenueBooks *books,
           const KwVenueState *state,
           const KwOrder *order)
{
    g_autofree gchar *asset = kw_lost_order_get_asset(order);
    const KwDecimal *before = kw_venue_totals_find(self->still, asset);
    guint n = GPOINTER_TO_UINT(g_hash_table_lookup(self->proofs, order->client_id)) + 1;

    if (order->state != KW_ORDER_STATE_UNKNOWN ||
        !kw_lost_order_is_proven(books, order, state, before)) {
        (void) g_hash_table_remove(self->proofs, order->client_id);
        return;
    }
    (void) g_hash_table_insert(self->proofs, g_strdup(order->client_id), GUINT_TO_POINTER(n));
    if (n < N_SEEN_BELIEVED ||
        !kw_oms_declare_lost(self->oms, order->client_id, self->lost_patience_us))
        return;
    kw_log_info("the venue has lost an order", "KW_ORDER", order->client_id, "KW_PAIR",
                order->pair);
    (void) g_hash_table_remove(self->proofs, order->client_id);
}

/* -- orders that are over and work nevertheless -- */

static gboolean
is_over(KwReconciler *self, const KwVenueOrder *there)
{
    const KwOrder *order =
        there->client_id[0] != '\0' ? kw_oms_find_order(self->oms, there->client_id) : NULL;

    return order != NULL && kw_order_state_is_final(order->state);
}

static void
drop_foreign(GArray *found, const gchar *venue_id)
{
    for (guint i = found->len; i > 0; i--) {
        const KwVenueFinding *finding = &g_array_index(found, KwVenueFinding, i - 1);

        if (finding->kind == KW_FINDING_ORDER_FOREIGN && strcmp(finding->id, venue_id) == 0)
            g_array_remove_index(found, i - 1);
    }
}

/* Ours, so not foreign: an old list, or one that was given up as lost and is there again. The
 * second time it is cancelled, as nothing in the books stands for it any more. */
static void
take_revived(KwReconciler *self, const KwVenueState *state, GArray *found)
{
    g_autoptr(GHashTable) before = self->revived;

    self->revived = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < state->orders->len; i++) {
        const KwVenueOrder *there = &g_array_index(state->orders, KwVenueOrder, i);
        guint n;

        if (!is_over(self, there))
            continue;
        drop_foreign(found, there->venue_id);
        n = GPOINTER_TO_UINT(g_hash_table_lookup(before, there->client_id)) + 1;
        (void) g_hash_table_insert(self->revived, g_strdup(there->client_id),
                                   GUINT_TO_POINTER(n));
        if (n >= N_SEEN_BELIEVED)
            kw_orphan_cancel(self->broker, there->client_id);
    }
}

/* -- what is done about them -- */

static void
mend(KwReconciler *self, const GArray *found)
{
    gboolean is_unprotected = FALSE;

    for (guint i = 0; i < found->len; i++) {
        const KwVenueFinding *finding = &g_array_index(found, KwVenueFinding, i);

        if (finding->kind == KW_FINDING_ORDER_MISSING)
            (void) kw_oms_look_up(self->oms, finding->id);
        is_unprotected = is_unprotected || finding->kind == KW_FINDING_UNPROTECTED;
    }
    if (is_unprotected && self->keeper != NULL)
        kw_stop_keeper_review(self->keeper);
}

static gboolean
is_ours(KwReconciler *self, const KwVenueOrder *there)
{
    const KwOrder *order = kw_oms_find_order(self->oms, there->client_id);

    return order != NULL && !kw_order_state_is_final(order->state);
}

static KwDecimal
sum_foreign(KwReconciler *self, const KwVenueState *state)
{
    KwDecimal sum = KW_DECIMAL_ZERO;

    for (guint i = 0; i < state->orders->len; i++) {
        const KwVenueOrder *there = &g_array_index(state->orders, KwVenueOrder, i);
        const gchar *slash = strchr(there->pair, '/');
        KwDecimal value;

        if (there->side == KW_SIDE_BUY && !is_ours(self, there) && slash != NULL &&
            strcmp(slash + 1, self->quote) == 0 &&
            kw_decimal_sub(there->amount, there->filled, &value, NULL) &&
            kw_decimal_mul(value, there->price, KW_MONEY_SCALE, KW_ROUND_UP, &value, NULL))
            (void) kw_decimal_add(sum, value, &sum, NULL);
    }
    return sum;
}

/* (transfer full) (element-type KwVenueDust) */
static GArray *
list_dust(KwReconciler *self)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(KwVenueDust));

    for (guint i = 0; self->keeper != NULL && i < kw_portfolio_get_n_open(self->portfolio);
         i++) {
        KwVenueDust dust = {.trade_id = kw_portfolio_get_open(self->portfolio, i)->id};

        dust.below = kw_stop_keeper_get_dust(self->keeper, dust.trade_id);
        g_array_append_val(list, dust);
    }
    return list;
}

static void
compare(KwReconciler *self, const KwVenueState *state)
{
    g_autoptr(GArray) dust = list_dust(self);
    g_autoptr(GPtrArray) live = kw_oms_list_live(self->oms);
    g_autoptr(GArray) found = NULL;
    g_autoptr(GArray) appeared = g_array_new(FALSE, FALSE, sizeof(KwVenueFinding));
    g_autoptr(GArray) gone = g_array_new(FALSE, FALSE, sizeof(KwVenueFinding));
    KwVenueBooks books = {
        .portfolio = self->portfolio,
        .orders = (const KwOrder *const *) live->pdata,
        .n_orders = live->len,
        .quote = self->quote,
        .needs_stops = self->keeper != NULL && kw_broker_keeps_stops(self->broker),
        .dust = (const KwVenueDust *) (gpointer) dust->data,
        .n_dust = dust->len,
    };

    found = kw_venue_check(&books, state);
    take_revived(self, state, found);
    drop_missing(self, &books, found, gone);
    for (guint i = 0; i < found->len; i++)
        note_finding(self, &g_array_index(found, KwVenueFinding, i), appeared);
    self->foreign_value = sum_foreign(self, state);
    self->read_mono_us = kw_clock_monotonic_us(self->clock);
    self->was_read = TRUE;
    self->has_agreed = self->has_agreed || !is_anything_new(self);

    emit_all(self, SIGNAL_GONE, gone);
    emit_all(self, SIGNAL_APPEARED, appeared);
    note_still(self, &books, state, found);
    for (guint i = 0; i < live->len; i++)
        judge_lost(self, &books, state, live->pdata[i]);
    mend(self, found);
}

/* -- question and answer -- */

static void
on_failed(KwReconciler *self, const GError *error)
{
    kw_log_info("the venue could not be inspected", "KW_ERROR", error->message);
    if (++self->n_failed == N_FAILED_ALERT)
        g_signal_emit(self, signals[SIGNAL_ALERT], 0, "venue_unreadable", "");
    ask_in(self, SHORT_PERIOD_US);
}

static void
on_read(KwReconciler *self, const KwVenueState *state)
{
    if (self->n_failed >= N_FAILED_ALERT)
        g_signal_emit(self, signals[SIGNAL_ALERT], 0, "venue_readable", "");
    self->n_failed = 0;
    if (self->is_disturbed || kw_oms_is_stuck(self->oms)) {
        ask_in(self, DISTURBED_PAUSE_US);
        return;
    }
    compare(self, state);
    if (self->on_settled != 0 && self->asking == NULL)
        ask_in(self, get_period_us(self));
}

static void
on_inspected(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autofree Question *question = user_data;
    g_autoptr(KwReconciler) self = question->reconciler;
    g_autoptr(GError) error = NULL;
    g_autoptr(KwVenueState) state = kw_broker_inspect_finish(KW_BROKER(source), result, &error);

    /* the answer to an earlier question, or nobody wants to know any more */
    if (self->asking == NULL || question->number != self->last_question)
        return;
    g_clear_object(&self->asking);
    if (state == NULL)
        on_failed(self, error);
    else
        on_read(self, state);
}

static void
ask(KwReconciler *self)
{
    Question *question;

    if (self->asking != NULL) {
        g_autoptr(GError) error =
            g_error_new_literal(G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "no answer in time");

        g_cancellable_cancel(self->asking);
        g_clear_object(&self->asking);
        on_failed(self, error);
        return;
    }
    self->asking = g_cancellable_new();
    self->is_disturbed = FALSE;
    ask_in(self, ANSWER_DEADLINE_US);
    question = g_new(Question, 1);
    *question = (Question){g_object_ref(self), ++self->last_question};
    kw_broker_inspect_async(self->broker, self->asking, on_inspected, question);
}

/* An order that is on its way is looked after more often. */
static void
on_settled(KwOms *oms, const KwOmsOutcome *outcome, KwReconciler *self)
{
    self->is_disturbed = TRUE;
    if (self->asking == NULL &&
        self->timer_mono_us > kw_clock_monotonic_us(self->clock) + SHORT_PERIOD_US)
        ask_in(self, get_period_us(self));
}

/* -- public -- */

void
kw_reconciler_start(KwReconciler *self)
{
    g_return_if_fail(KW_IS_RECONCILER(self));

    if (self->on_settled != 0 || !kw_broker_is_real(self->broker))
        return;
    self->on_settled = g_signal_connect(self->oms, "settled", G_CALLBACK(on_settled), self);
    self->read_mono_us = kw_clock_monotonic_us(self->clock);
    ask(self);
}

void
kw_reconciler_stop(KwReconciler *self)
{
    g_return_if_fail(KW_IS_RECONCILER(self));

    g_clear_signal_handler(&self->on_settled, self->oms);
    kw_clock_cancel(self->clock, self->timer);
    self->timer = 0;
    if (self->asking != NULL)
        g_cancellable_cancel(self->asking);
    g_clear_object(&self->asking);
}

void
kw_reconciler_check_now(KwReconciler *self)
{
    g_return_if_fail(KW_IS_RECONCILER(self));

    if (self->on_settled != 0 && self->asking == NULL)
        ask(self);
}

gboolean
kw_reconciler_blocks_entries(KwReconciler *self)
{
    g_return_val_if_fail(KW_IS_RECONCILER(self), TRUE);

    if (!kw_broker_is_real(self->broker))
        return FALSE;
    if (!self->has_agreed || kw_clock_monotonic_us(self->clock) - self->read_mono_us > STALE_US)
        return TRUE;
    for (guint i = 0; i < self->seen->len; i++) {
        const Seen *seen = &g_array_index(self->seen, Seen, i);

        if (seen->n_seen >= N_SEEN_BELIEVED && !seen->is_accepted &&
            kw_finding_kind_blocks(seen->finding.kind))
            return TRUE;
    }
    return FALSE;
}

static gint
compare_kinds(gconstpointer a, gconstpointer b)
{
    return (gint) ((const KwReconcilerFinding *) a)->finding.kind -
           (gint) ((const KwReconcilerFinding *) b)->finding.kind;
}

GArray *
kw_reconciler_list_findings(KwReconciler *self)
{
    GArray *list = g_array_new(FALSE, TRUE, sizeof(KwReconcilerFinding));

    g_return_val_if_fail(KW_IS_RECONCILER(self), list);

    for (guint i = 0; i < self->seen->len; i++) {
        const Seen *seen = &g_array_index(self->seen, Seen, i);
        KwReconcilerFinding row = {seen->finding, seen->is_accepted};

        if (seen->n_seen >= N_SEEN_BELIEVED)
            g_array_append_val(list, row);
    }
    g_array_sort(list, compare_kinds);
    return list;
}

gboolean
kw_reconciler_accept(KwReconciler *self, const KwVenueFinding *finding)
{
    Seen *seen;

    g_return_val_if_fail(KW_IS_RECONCILER(self) && finding != NULL, FALSE);

    seen = find_seen(self->seen, finding);
    if (seen == NULL || seen->n_seen < N_SEEN_BELIEVED)
        return FALSE;
    seen->is_accepted = TRUE;
    seen->accepted = seen->finding;
    return TRUE;
}

gchar *
kw_reconciler_dup_accepted(KwReconciler *self)
{
    g_autoptr(GString) text = g_string_new(NULL);

    g_return_val_if_fail(KW_IS_RECONCILER(self), NULL);

    for (guint i = 0; i < self->seen->len; i++) {
        const Seen *seen = &g_array_index(self->seen, Seen, i);
        g_autofree gchar *line = NULL;

        if (!seen->is_accepted)
            continue;
        line = kw_venue_finding_to_text(&seen->accepted);
        g_string_append_printf(text, "%s\n", line);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

void
kw_reconciler_restore_accepted(KwReconciler *self, const gchar *text)
{
    g_auto(GStrv) lines = NULL;

    g_return_if_fail(KW_IS_RECONCILER(self) && text != NULL && self->seen->len == 0);

    lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        g_autoptr(GError) error = NULL;
        Seen seen = {.n_seen = N_SEEN_BELIEVED, .is_accepted = TRUE};

        if (*lines[i] == '\0')
            continue;
        if (!kw_venue_finding_parse(lines[i], &seen.accepted, &error)) {
            kw_log_warning("an accepted difference is not legible; it counts again", "KW_ERROR",
                           error->message);
            continue;
        }
        seen.finding = seen.accepted;
        g_array_append_val(self->seen, seen);
    }
}

gchar *
kw_reconciler_dup_totals(KwReconciler *self)
{
    g_return_val_if_fail(KW_IS_RECONCILER(self), NULL);

    return kw_venue_totals_to_text(self->still);
}

void
kw_reconciler_restore_totals(KwReconciler *self, const gchar *text)
{
    g_return_if_fail(KW_IS_RECONCILER(self) && text != NULL);

    kw_venue_totals_restore(self->still, text);
}

gint64
kw_reconciler_get_age_us(KwReconciler *self)
{
    g_return_val_if_fail(KW_IS_RECONCILER(self), G_MAXINT64);

    if (!self->was_read)
        return G_MAXINT64;
    return kw_clock_monotonic_us(self->clock) - self->read_mono_us;
}

void
kw_reconciler_set_lost_patience(KwReconciler *self, gint64 patience_us)
{
    g_return_if_fail(KW_IS_RECONCILER(self) && patience_us > 0);

    self->lost_patience_us = patience_us;
}

KwDecimal
kw_reconciler_get_foreign_value(KwReconciler *self)
{
    g_return_val_if_fail(KW_IS_RECONCILER(self), KW_DECIMAL_ZERO);

    return self->foreign_value;
}

/* -- object -- */

KwReconciler *
kw_reconciler_new(KwClock *clock,
                  KwOms *oms,
                  KwBroker *broker,
                  KwPortfolio *portfolio,
                  const gchar *quote,
                  KwStopKeeper *keeper)
{
    KwReconciler *self;

    g_return_val_if_fail(KW_IS_CLOCK(clock) && KW_IS_OMS(oms) && KW_IS_BROKER(broker), NULL);
    g_return_val_if_fail(portfolio != NULL && quote != NULL, NULL);

    self = g_object_new(KW_TYPE_RECONCILER, NULL);
    self->clock = g_object_ref(clock);
    self->oms = g_object_ref(oms);
    self->broker = g_object_ref(broker);
    self->portfolio = kw_portfolio_ref(portfolio);
    self->quote = g_strdup(quote);
    if (keeper != NULL)
        self->keeper = g_object_ref(keeper);
    return self;
}

static void
kw_reconciler_dispose(GObject *object)
{
    KwReconciler *self = KW_RECONCILER(object);

    if (self->clock != NULL)
        kw_reconciler_stop(self);
    g_clear_object(&self->keeper);
    g_clear_object(&self->broker);
    g_clear_object(&self->oms);
    g_clear_object(&self->clock);

    G_OBJECT_CLASS(kw_reconciler_parent_class)->dispose(object);
}

static void
kw_reconciler_finalize(GObject *object)
{
    KwReconciler *self = KW_RECONCILER(object);

    g_clear_pointer(&self->seen, g_array_unref);
    g_clear_pointer(&self->still, kw_venue_totals_free);
    g_clear_pointer(&self->proofs, g_hash_table_unref);
    g_clear_pointer(&self->revived, g_hash_table_unref);
    g_clear_pointer(&self->portfolio, kw_portfolio_unref);
    g_clear_pointer(&self->quote, g_free);

    G_OBJECT_CLASS(kw_reconciler_parent_class)->finalize(object);
}

static void
kw_reconciler_class_init(KwReconcilerClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS(klass);
    GType type = G_TYPE_FROM_CLASS(klass);

    object_class->dispose = kw_reconciler_dispose;
    object_class->finalize = kw_reconciler_finalize;

    signals[SIGNAL_APPEARED] = g_signal_new("appeared", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                            NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
    signals[SIGNAL_GONE] = g_signal_new("gone", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_POINTER);
    signals[SIGNAL_ALERT] = g_signal_new("alert", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
kw_reconciler_init(KwReconciler *self)
{
    self->seen = g_array_new(FALSE, TRUE, sizeof(Seen));
    self->still = kw_venue_totals_new();
    self->proofs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->revived = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->lost_patience_us = LOST_PATIENCE_US;
}
