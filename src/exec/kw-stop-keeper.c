/* kw-stop-keeper.c: carries out what kw-stop-plan.c asks for
 *
 * What is at the venue and what should be there are both known elsewhere (order manager,
 * portfolio), and what neither tells is in kw-stop-guard.c. So a restart loses nothing. What
 * the news of the venue mean for the next step is in kw-stop-news.c.
 *
 * Each trade has one call at a time, and a call has a deadline: one that hangs must not keep
 * the others from being made. It is given up here and looked up in the order manager.
 *
 * A stop that is refused may be refused for the coins that an old stop ties up, one that the
 * books have given up and the venue has not. It would be ours by its id, so it is looked for
 * and cancelled before the second attempt. After that the rule of the owner counts. */
#define G_LOG_DOMAIN "kw-exec"

#include "kw-stop-keeper.h"

#include "kw-client-id.h"
#include "kw-log.h"
#include "kw-orphan.h"
#include "kw-stop-guard.h"
#include "kw-stop-news.h"

#include <math.h>
#include <string.h>

#define WARN_BARE_US (KW_STOP_BARE_US * 2 / 3) /* before it is too long */
#define CALL_DEADLINE_US (30 * G_USEC_PER_SEC)
#define MIN_WAKE_US (G_USEC_PER_SEC / 10) /* whatever is overdue: never a busy loop */

/* An answer that is waited for */
typedef struct {
    KwStopKeeper *keeper; /* owned */
    gint64 trade_id;
    guint number;
} Call;

struct _KwStopKeeper {
    GObject parent_instance;

    KwClock *clock;         /* owned */
    KwOms *oms;             /* owned */
    KwBroker *broker;       /* owned */
    KwPortfolio *portfolio; /* a reference */
    KwRisk *risk;           /* owned */
    KwStopRules rules;
    KwStopGuards *guards; /* owned */
    GHashTable *pairs;    /* owned; name, in the pair -> owned KwPair */
    gulong on_settled;    /* signal of the order manager */
    guint timer;
    gint64 wake_us; /* of the timer, if there is one */
    guint last_call;
};

enum { SIGNAL_ALERT, SIGNAL_REFUSED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(KwStopKeeper, kw_stop_keeper, G_TYPE_OBJECT)

static void wake_in(KwStopKeeper *self, gint64 delay_us);

/* -- guards -- */

static void
pause_guard(KwStopKeeper *self, KwStopGuard *guard)
{
    kw_stop_guard_pause(guard, kw_clock_monotonic_us(self->clock));
}

static const KwPair *
get_pair(KwStopKeeper *self, const gchar *name)
{
    const KwPair *pair = g_hash_table_lookup(self->pairs, name);
    KwPair typical;

    if (pair != NULL || !kw_pair_init(&typical, name, NULL))
        return pair;
    kw_stop_keeper_set_pair(self, &typical);
    return g_hash_table_lookup(self->pairs, name);
}

/* -- calls -- */

static Call *
start_call(KwStopKeeper *self, KwStopGuard *guard)
{
    Call *call = g_new(Call, 1);

    *call = (Call){g_object_ref(self), guard->trade_id, ++self->last_call};
    guard->call = call->number;
    guard->due_mono_us = kw_clock_monotonic_us(self->clock) + CALL_DEADLINE_US;
    return call;
}

/* Takes @call. Returns: (nullable): the guard that waits for it; NULL: nobody any more. */
static KwStopGuard *
end_call(Call *call)
{
    KwStopGuard *guard = kw_stop_guards_find(call->keeper->guards, call->trade_id);

    if (guard != NULL && guard->call == call->number)
        guard->call = 0;
    else
        guard = NULL;
    wake_in(call->keeper, 0);
    g_object_unref(call->keeper);
    g_free(call);
    return guard;
}

static void
on_call_failed(KwStopKeeper *self, KwStopGuard *guard, const gchar *what, const GError *error)
{
    kw_log_info("stop: the call failed and is made again", "KW_CALL", what, "KW_ERROR",
                error->message);
    if (guard != NULL)
        pause_guard(self, guard);
}

static void
on_submitted(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Call *call = user_data;
    g_autoptr(KwStopKeeper) self = g_object_ref(call->keeper);
    KwStopGuard *guard = end_call(call);
    g_autoptr(GError) error = NULL;
    KwOmsOutcome outcome;

    if (!kw_oms_submit_finish(KW_OMS(source), result, &outcome, &error))
        on_call_failed(self, guard, "submit", error);
    else if (!outcome.already_done)
        kw_risk_note_order(self->risk, kw_clock_now_us(self->clock));
}

static void
on_amended(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Call *call = user_data;
    g_autoptr(KwStopKeeper) self = g_object_ref(call->keeper);
    KwStopGuard *guard = end_call(call);
    g_autoptr(GError) error = NULL;
    KwOmsOutcome outcome;

    if (!kw_oms_amend_finish(KW_OMS(source), result, &outcome, &error))
        on_call_failed(self, guard, "amend", error);
    else if (guard != NULL)
        guard->n_pauses = 0;
}

static void
on_cancelled(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Call *call = user_data;
    g_autoptr(KwStopKeeper) self = g_object_ref(call->keeper);
    KwStopGuard *guard = end_call(call);
    g_autoptr(GError) error = NULL;
    KwOmsOutcome outcome;

    if (!kw_oms_cancel_finish(KW_OMS(source), result, &outcome, &error))
        on_call_failed(self, guard, "cancel", error);
    else if (guard != NULL && !kw_order_state_is_final(outcome.order.state))
        pause_guard(self, guard);
}

/* -- orders -- */

static void
make_client_id(KwStopKeeper *self, const KwTrade *trade, KwOrderType type, gchar *buffer)
{
    for (guint attempt = 0;; attempt++) {
        gchar key[128];

        (void) g_snprintf(key, sizeof key, "%s|%" G_GINT64_FORMAT "|%" G_GINT64_FORMAT "|%u",
                          kw_order_type_to_string(type), trade->id,
                          kw_clock_now_us(self->clock), attempt);
        kw_client_id_make(key, buffer);
        if (kw_oms_find_order(self->oms, buffer) == NULL)
            return;
    }
}

static const gchar *
get_reason(KwOrderType type)
{
    switch (type) {
    case KW_ORDER_TYPE_STOP_LOSS:
        return "stoploss_on_exchange";
    case KW_ORDER_TYPE_TAKE_PROFIT:
        return "target_on_exchange";
    case KW_ORDER_TYPE_MARKET:
    case KW_ORDER_TYPE_LIMIT:
    case KW_ORDER_TYPE_POST_ONLY:
        return "emergency_exit";
    }
    g_return_val_if_reached("");
}

static void
submit_sell(KwStopKeeper *self,
            KwStopGuard *guard,
            const KwTrade *trade,
            KwOrderType type,
            KwDecimal price,
            KwDecimal amount)
{
    KwRiskInput input = {
        .now_us = kw_clock_now_us(self->clock),
        .price = kw_decimal_to_double(price),
        .pair = get_pair(self, trade->pair),
        .amount = amount,
        .portfolio = self->portfolio,
    };
    KwOrder order = {
        .trade_id = trade->id,
        .mode = trade->mode,
        .side = KW_SIDE_SELL,
        .type = type,
        .price = price,
        .amount = amount,
        .candle_us = input.now_us,
    };
    KwRiskVerdict verdict;
    KwTicket *ticket = kw_risk_check_exit(self->risk, &input, trade->amount, &verdict);

    if (ticket == NULL) {
        kw_log_info("stop: the risk checks refuse it for now", "KW_PAIR", trade->pair,
                    "KW_REASON", kw_risk_reason_to_string(verdict.reason));
        pause_guard(self, guard);
        return;
    }
    memcpy(order.pair, trade->pair, sizeof order.pair);
    (void) g_strlcpy(order.reason, get_reason(type), sizeof order.reason);
    make_client_id(self, trade, type, order.client_id);
    kw_oms_submit_async(self->oms, ticket, &order, NULL, NULL, NULL, on_submitted,
                        start_call(self, guard));
}

static void
cancel_order(KwStopKeeper *self, KwStopGuard *guard, const gchar *client_id)
{
    kw_oms_cancel_async(self->oms, client_id, NULL, on_cancelled, start_call(self, guard));
}

static void
amend_order(KwStopKeeper *self, KwStopGuard *guard, const KwStopStep *next)
{
    KwOrder wanted = {.price = next->price, .amount = next->amount};

    memcpy(wanted.client_id, next->client_id, sizeof wanted.client_id);
    kw_oms_amend_async(self->oms, &wanted, NULL, on_amended, start_call(self, guard));
}

/* -- refused: an old stop of ours may tie up the coins -- */

static void
on_inspected(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Call *call = user_data;
    g_autoptr(KwStopKeeper) self = g_object_ref(call->keeper);
    KwStopGuard *guard = end_call(call);
    g_autoptr(GError) error = NULL;
    g_autoptr(KwVenueState) state = kw_broker_inspect_finish(KW_BROKER(source), result, &error);
    const KwTrade *trade;

    if (guard == NULL)
        return;
    trade = kw_portfolio_find_trade(self->portfolio, guard->trade_id);
    if (state != NULL && trade != NULL)
        kw_orphan_cancel_all(self->oms, self->broker, state, trade->pair);
}

static void
search_orphans(KwStopKeeper *self, KwStopGuard *guard)
{
    guard->is_searching = FALSE;
    kw_broker_inspect_async(self->broker, NULL, on_inspected, start_call(self, guard));
}

/* -- one trade -- */

static void
end_entry(KwStopKeeper *self, KwStopGuard *guard, const gchar *client_id)
{
    gint64 now_mono_us = kw_clock_monotonic_us(self->clock);

    if (!guard->is_partial)
        guard->partial_mono_us = now_mono_us;
    guard->is_partial = TRUE;
    if (now_mono_us - guard->partial_mono_us >= self->rules.entry_patience_us)
        cancel_order(self, guard, client_id);
    else
        guard->rest_mono_us = guard->partial_mono_us + self->rules.entry_patience_us;
}

static void
take_step(KwStopKeeper *self, KwStopGuard *guard, const KwTrade *trade, const KwStopStep *next)
{
    switch (next->kind) {
    case KW_STOP_STEP_NONE:
    case KW_STOP_STEP_WAIT:
        break;
    case KW_STOP_STEP_END_ENTRY:
        end_entry(self, guard, next->client_id);
        break;
    case KW_STOP_STEP_CANCEL:
        cancel_order(self, guard, next->client_id);
        break;
    case KW_STOP_STEP_AMEND:
        amend_order(self, guard, next);
        break;
    case KW_STOP_STEP_PLACE_STOP:
        submit_sell(self, guard, trade, KW_ORDER_TYPE_STOP_LOSS, next->price, next->amount);
        break;
    case KW_STOP_STEP_PLACE_TARGET:
        submit_sell(self, guard, trade, KW_ORDER_TYPE_TAKE_PROFIT, next->price, next->amount);
        break;
    case KW_STOP_STEP_TOO_SMALL:
        if (kw_stop_guard_may_tell(guard, KW_STOP_TOLD_TOO_SMALL))
            g_signal_emit(self, signals[SIGNAL_ALERT], 0, "stop_too_small", trade->pair);
        break;
    }
}

/* The exit takes back what still waits, by itself. */
static void
sell_all(KwStopKeeper *self, KwStopGuard *guard, const KwTrade *trade, const KwStopStep *next)
{
    if (next->kind == KW_STOP_STEP_END_ENTRY)
        cancel_order(self, guard, next->client_id);
    else if (next->kind != KW_STOP_STEP_WAIT && trade->state == KW_TRADE_STATE_OPEN)
        submit_sell(self, guard, trade, KW_ORDER_TYPE_MARKET, trade->stop, trade->amount);
}

static void
give_up_call(KwStopKeeper *self, KwStopGuard *guard, const GPtrArray *live)
{
    kw_log_info("stop: a call has no answer; the orders are looked up");
    guard->call = 0;
    pause_guard(self, guard);
    for (guint i = 0; i < live->len; i++) {
        const KwOrder *order = live->pdata[i];

        if (order->trade_id == guard->trade_id)
            (void) kw_oms_look_up(self->oms, order->client_id);
    }
}

static gboolean
is_at_rest(KwStopKeeper *self, KwStopGuard *guard, const GPtrArray *live)
{
    gint64 now_mono_us = kw_clock_monotonic_us(self->clock);

    if (guard->call != 0 && now_mono_us >= guard->due_mono_us)
        give_up_call(self, guard, live);
    if (guard->call == 0 && guard->is_searching)
        search_orphans(self, guard);
    return guard->call != 0 || guard->is_left || now_mono_us < guard->rest_mono_us ||
           kw_oms_is_leaving(self->oms, guard->trade_id);
}

/* -- without a stop -- */

/* What no stop and no target that the venue has confirmed sells */
static KwDecimal
get_uncovered(KwStopKeeper *self, const KwTrade *trade)
{
    g_autoptr(GPtrArray) live = kw_oms_list_live(self->oms);
    KwDecimal left = trade->amount;

    for (guint i = 0; i < live->len; i++) {
        const KwOrder *order = live->pdata[i];
        KwDecimal rest;

        if (order->trade_id == trade->id && kw_order_type_is_trigger(order->type) &&
            (order->state == KW_ORDER_STATE_OPEN || order->state == KW_ORDER_STATE_PARTIAL) &&
            kw_decimal_sub(order->amount, order->filled, &rest, NULL))
            (void) kw_decimal_sub(left, rest, &left, NULL);
    }
    return left;
}

/* %FALSE too for what is too little for a stop of its own */
static gboolean
is_bare(KwStopKeeper *self, const KwTrade *trade, const KwPair *pair)
{
    KwTrade rest = *trade;

    rest.amount = get_uncovered(self, trade);
    return trade->state == KW_TRADE_STATE_OPEN && kw_decimal_sign(trade->stop) > 0 &&
           kw_stop_plan_is_sellable(&rest, pair, trade->stop);
}

/* The owner knows already of a stop that is refused for good, or that he leaves away. */
static gboolean
may_warn(const KwStopGuard *guard)
{
    return guard->is_bare && !guard->is_left && !guard->is_emergency &&
           (guard->told & (KW_STOP_TOLD_MISSING | KW_STOP_TOLD_REFUSED)) == 0;
}

/* Whatever keeps it away, an order in doubt above all: it is told while there is time. */
static void
watch(KwStopKeeper *self, KwStopGuard *guard, const KwTrade *trade, const KwPair *pair)
{
    gint64 now_mono_us = kw_clock_monotonic_us(self->clock);
    gboolean was_bare = guard->is_bare;

    guard->is_bare = trade != NULL && is_bare(self, trade, pair);
    if (!guard->is_bare)
        guard->told &= ~(guint) KW_STOP_TOLD_MISSING;
    else if (!was_bare)
        guard->bare_mono_us = now_mono_us;
    if (!may_warn(guard) || now_mono_us - guard->bare_mono_us < WARN_BARE_US)
        return;
    guard->told |= KW_STOP_TOLD_MISSING;
    g_signal_emit(self, signals[SIGNAL_ALERT], 0, "stop_missing", trade->pair);
}

static void
review_trade(KwStopKeeper *self, gint64 trade_id, const gchar *pair_name)
{
    g_autoptr(GPtrArray) live = kw_oms_list_live(self->oms);
    KwStopGuard *guard = kw_stop_guards_get(self->guards, trade_id);
    KwTrade *trade = kw_portfolio_find_trade(self->portfolio, trade_id);
    KwStopFacts facts = {
        .trade_id = trade_id,
        .trade = trade,
        .orders = (const KwOrder *const *) live->pdata,
        .n_orders = live->len,
        .pair = get_pair(self, pair_name),
        .terms = &self->rules.terms,
        .may_target = !guard->has_fired && !guard->has_no_target,
        .is_rigid = !kw_broker_resizes(self->broker),
    };
    KwStopStep next;

    if (facts.pair == NULL)
        return;
    watch(self, guard, trade, facts.pair);
    if (is_at_rest(self, guard, live))
        return;
    next = kw_stop_plan_next(&facts);
    if (guard->is_emergency && trade != NULL)
        sell_all(self, guard, trade, &next);
    else
        take_step(self, guard, trade, &next);
}

/* -- all trades -- */

static gboolean
is_open(KwStopKeeper *self, gint64 trade_id)
{
    for (guint i = 0; i < kw_portfolio_get_n_open(self->portfolio); i++)
        if (kw_portfolio_get_open(self->portfolio, i)->id == trade_id)
            return TRUE;
    return FALSE;
}

static void
drop_done(KwStopKeeper *self)
{
    g_autoptr(GPtrArray) list = kw_stop_guards_list(self->guards);

    for (guint i = 0; i < list->len; i++) {
        const KwStopGuard *guard = list->pdata[i];

        if (!is_open(self, guard->trade_id) &&
            (guard->call == 0 || kw_clock_monotonic_us(self->clock) >= guard->due_mono_us))
            kw_stop_guards_drop(self->guards, guard->trade_id);
    }
}

/* Stops and targets whose trade is over: they must go */
static void
review_leftovers(KwStopKeeper *self)
{
    g_autoptr(GPtrArray) live = kw_oms_list_live(self->oms);

    for (guint i = 0; i < live->len; i++) {
        const KwOrder *order = live->pdata[i];

        if (kw_order_type_is_trigger(order->type) && !is_open(self, order->trade_id))
            review_trade(self, order->trade_id, order->pair);
    }
}

static void
set_next_wake(KwStopKeeper *self)
{
    gint64 now_mono_us = kw_clock_monotonic_us(self->clock);
    gint64 next_mono_us = G_MAXINT64;
    g_autoptr(GPtrArray) list = kw_stop_guards_list(self->guards);

    for (guint i = 0; i < list->len; i++) {
        const KwStopGuard *guard = list->pdata[i];

        if (guard->call != 0)
            next_mono_us = MIN(next_mono_us, guard->due_mono_us);
        else if (guard->rest_mono_us > now_mono_us)
            next_mono_us = MIN(next_mono_us, guard->rest_mono_us);
        if (may_warn(guard))
            next_mono_us = MIN(next_mono_us, guard->bare_mono_us + WARN_BARE_US);
    }
    if (next_mono_us != G_MAXINT64)
        wake_in(self, MAX(next_mono_us - now_mono_us, MIN_WAKE_US));
}

void
kw_stop_keeper_review(KwStopKeeper *self)
{
    g_autofree gint64 *ids = NULL;
    guint n;

    g_return_if_fail(KW_IS_STOP_KEEPER(self));

    if (!kw_broker_keeps_stops(self->broker))
        return;
    drop_done(self);
    /* what a step leads to may close a trade */
    n = kw_portfolio_get_n_open(self->portfolio);
    ids = g_new(gint64, n);
    for (guint i = 0; i < n; i++)
        ids[i] = kw_portfolio_get_open(self->portfolio, i)->id;
    for (guint i = 0; i < n; i++) {
        const KwTrade *trade = kw_portfolio_find_trade(self->portfolio, ids[i]);

        if (trade != NULL)
            review_trade(self, ids[i], trade->pair);
    }
    review_leftovers(self);
    set_next_wake(self);
}

static void
on_wake(gpointer user_data)
{
    g_autoptr(KwStopKeeper) self = g_object_ref(user_data);

    self->timer = 0;
    kw_stop_keeper_review(self);
}

/* Never later than it is set already */
static void
wake_in(KwStopKeeper *self, gint64 delay_us)
{
    gint64 wake_us = kw_clock_monotonic_us(self->clock) + delay_us;

    if (self->timer != 0 && self->wake_us <= wake_us)
        return;
    kw_clock_cancel(self->clock, self->timer);
    self->wake_us = wake_us;
    self->timer = kw_clock_call_in(self->clock, delay_us, on_wake, self);
}

/* -- news -- */

static void
on_news_alert(gpointer owner, const gchar *code, const gchar *pair)
{
    g_signal_emit(owner, signals[SIGNAL_ALERT], 0, code, pair);
}

static void
on_news_refused(gpointer owner, const gchar *pair)
{
    g_signal_emit(owner, signals[SIGNAL_REFUSED], 0, pair);
}

static const KwStopNewsEvents news_events = {on_news_alert, on_news_refused};

static void
on_settled(KwOms *oms, const KwOmsOutcome *outcome, KwStopKeeper *self)
{
    const KwStopNews news = {self->clock, &self->rules, &news_events, self};

    if (!kw_broker_keeps_stops(self->broker))
        return;
    wake_in(self, 0);
    if (is_open(self, outcome->order.trade_id))
        kw_stop_news_take(&news, kw_stop_guards_get(self->guards, outcome->order.trade_id),
                          outcome);
}

/* -- object -- */

void
kw_stop_keeper_set_pair(KwStopKeeper *self, const KwPair *pair)
{
    KwPair *kept;

    g_return_if_fail(KW_IS_STOP_KEEPER(self) && pair != NULL);

    kept = g_memdup2(pair, sizeof *pair);
    (void) g_hash_table_replace(self->pairs, kept->name, kept);
}

void
kw_stop_keeper_retry(KwStopKeeper *self, gint64 trade_id)
{
    KwStopGuard *guard;

    g_return_if_fail(KW_IS_STOP_KEEPER(self));

    guard = kw_stop_guards_find(self->guards, trade_id);
    if (guard == NULL)
        return;
    guard->was_replaced = guard->is_left = guard->is_emergency = FALSE;
    guard->n_refused = guard->n_pauses = guard->told = 0;
    guard->rest_mono_us = 0;
    wake_in(self, 0);
}

gchar *
kw_stop_keeper_dup_counts(KwStopKeeper *self)
{
    g_return_val_if_fail(KW_IS_STOP_KEEPER(self), NULL);

    return kw_stop_guards_to_text(self->guards);
}

void
kw_stop_keeper_restore_counts(KwStopKeeper *self, const gchar *text)
{
    guint n_bad;

    g_return_if_fail(KW_IS_STOP_KEEPER(self) && text != NULL);

    n_bad = kw_stop_guards_restore(self->guards, text);
    if (n_bad > 0)
        kw_log_warning("counts of stops are not legible; they begin anew");
}

void
kw_stop_keeper_get_counts(KwStopKeeper *self, guint *out_n_refused, guint *out_n_replaced)
{
    g_autoptr(GPtrArray) list = NULL;

    g_return_if_fail(KW_IS_STOP_KEEPER(self));
    g_return_if_fail(out_n_refused != NULL && out_n_replaced != NULL);

    list = kw_stop_guards_list(self->guards);
    *out_n_refused = *out_n_replaced = 0;
    for (guint i = 0; i < list->len; i++) {
        const KwStopGuard *guard = list->pdata[i];

        *out_n_refused += guard->n_refused_all;
        *out_n_replaced += guard->n_replaced;
    }
}

KwDecimal
kw_stop_keeper_get_dust(KwStopKeeper *self, gint64 trade_id)
{
    const KwTrade *trade;
    const KwPair *pair;

    g_return_val_if_fail(KW_IS_STOP_KEEPER(self), KW_DECIMAL_ZERO);

    trade = kw_portfolio_find_trade(self->portfolio, trade_id);
    pair = trade != NULL ? get_pair(self, trade->pair) : NULL;
    return pair != NULL ? kw_stop_plan_get_dust(trade, pair) : KW_DECIMAL_ZERO;
}

gboolean
kw_stop_keeper_is_covered(KwStopKeeper *self, gint64 trade_id)
{
    const KwTrade *trade;
    const KwPair *pair;

    g_return_val_if_fail(KW_IS_STOP_KEEPER(self), FALSE);

    trade = kw_portfolio_find_trade(self->portfolio, trade_id);
    pair = trade != NULL ? get_pair(self, trade->pair) : NULL;
    return pair != NULL && kw_decimal_cmp(get_uncovered(self, trade), pair->amount_tick) < 0;
}

KwStopKeeper *
kw_stop_keeper_new(KwClock *clock,
                   KwOms *oms,
                   KwBroker *broker,
                   KwPortfolio *portfolio,
                   KwRisk *risk,
                   const KwStopRules *rules)
{
    KwStopKeeper *self;

    g_return_val_if_fail(KW_IS_CLOCK(clock) && KW_IS_OMS(oms) && KW_IS_BROKER(broker), NULL);
    g_return_val_if_fail(portfolio != NULL && KW_IS_RISK(risk) && rules != NULL, NULL);

    self = g_object_new(KW_TYPE_STOP_KEEPER, NULL);
    self->clock = g_object_ref(clock);
    self->oms = g_object_ref(oms);
    self->broker = g_object_ref(broker);
    self->portfolio = kw_portfolio_ref(portfolio);
    self->risk = g_object_ref(risk);
    self->rules = *rules;
    self->on_settled = g_signal_connect(oms, "settled", G_CALLBACK(on_settled), self);
    return self;
}

/* Calls under way hold a reference, so none of them can come after this. */
static void
kw_stop_keeper_finalize(GObject *object)
{
    KwStopKeeper *self = KW_STOP_KEEPER(object);

    kw_clock_cancel(self->clock, self->timer);
    g_clear_signal_handler(&self->on_settled, self->oms);
    g_clear_pointer(&self->guards, kw_stop_guards_free);
    g_clear_pointer(&self->pairs, g_hash_table_unref);
    g_clear_pointer(&self->portfolio, kw_portfolio_unref);
    g_clear_object(&self->risk);
    g_clear_object(&self->broker);
    g_clear_object(&self->oms);
    g_clear_object(&self->clock);

    G_OBJECT_CLASS(kw_stop_keeper_parent_class)->finalize(object);
}

static void
kw_stop_keeper_class_init(KwStopKeeperClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = kw_stop_keeper_finalize;

    signals[SIGNAL_ALERT] =
        g_signal_new("alert", KW_TYPE_STOP_KEEPER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                     G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
    signals[SIGNAL_REFUSED] = g_signal_new("refused", KW_TYPE_STOP_KEEPER, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
kw_stop_keeper_init(KwStopKeeper *self)
{
    self->guards = kw_stop_guards_new();
    self->pairs = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
}
