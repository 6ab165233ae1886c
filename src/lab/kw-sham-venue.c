/* kw-sham-venue.c: accounts, orders and matching in a mapped file
 *
 * A client is killed with SIGKILL and the exchange goes on: so what the exchange knows lies in
 * a shared mapping, where the next client process finds it as it was. A server process was the
 * alternative; it would need a protocol of its own, and its faults would hide those that are
 * looked for. The file is sparse, a short simulation touches little of it.
 *
 * Like real ones it does not care whether a client id was used before: what is sent twice is
 * executed twice, and is counted. */
#define G_LOG_DOMAIN "kw-lab"

#include "kw-sham-venue.h"

#include "kw-error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAX_ORDERS 16384
#define MAX_FILLS 32768
#define MAX_NEWS 65536
#define FEE_RATIO 0.001
#define PART_US (2 * (gint64) G_USEC_PER_SEC)
#define N_ASSETS (KW_SHAM_MARKET_N_PAIRS + 1)
#define QUOTE KW_SHAM_MARKET_N_PAIRS /* index of its balance */

typedef struct {
    gboolean is_made;
    gint64 now_us, step_us;
    KwDecimal totals[N_ASSETS]; /* by pair the base currency, then the quote currency */
    KwDecimal positions[KW_SHAM_MARKET_N_PAIRS];
    gint64 bare_us[KW_SHAM_MARKET_N_PAIRS], worst_bare_us;
    gboolean is_meddled[KW_SHAM_MARKET_N_PAIRS]; /* by hand, with the stop of this position */
    KwShamMemory memory;
    guint n_orders, n_fills, n_news;
    guint n_over; /* that many orders at the front are final */
    KwShamOrder orders[MAX_ORDERS];
    KwFill fills[MAX_FILLS];
    KwShamNews news[MAX_NEWS];
} State;

struct _KwShamVenue {
    const KwShamMarket *market; /* borrowed */
    State *state;               /* mapped */
};

/* -- numbers; all of them are small, so nothing overflows -- */

static KwDecimal
plus(KwDecimal a, KwDecimal b)
{
    KwDecimal sum = KW_DECIMAL_ZERO;

    (void) kw_decimal_add(a, b, &sum, NULL);
    return sum;
}

static KwDecimal
minus(KwDecimal a, KwDecimal b)
{
    return plus(a, kw_decimal_neg(b));
}

static KwDecimal
get_rest(const KwOrder *order)
{
    return minus(order->amount, order->filled);
}

static guint
find_pair(const KwShamVenue *self, const gchar *name)
{
    guint index = 0;

    (void) kw_sham_market_find_pair(self->market, name, &index);
    return index;
}

static KwDecimal
get_held(const KwShamVenue *self, guint pair)
{
    const State *state = self->state;
    KwDecimal held = KW_DECIMAL_ZERO;

    for (guint i = state->n_over; i < state->n_orders; i++) {
        const KwOrder *order = &state->orders[i].order;

        if (order->side == KW_SIDE_SELL && !kw_order_state_is_final(order->state) &&
            find_pair(self, order->pair) == pair)
            held = plus(held, get_rest(order));
    }
    return held;
}

/* -- execution -- */

static void
add_news(State *state, const KwShamOrder *sham, gint fill)
{
    if (state->n_news < MAX_NEWS)
        state->news[state->n_news++] =
            (KwShamNews){.order = (guint) (sham - state->orders), .fill = fill};
}

static void
book(State *state, guint pair, const KwShamOrder *sham, const KwFill *fill)
{
    gboolean is_buy = fill->side == KW_SIDE_BUY;
    KwDecimal amount = is_buy ? fill->amount : kw_decimal_neg(fill->amount);
    KwDecimal value = KW_DECIMAL_ZERO;

    (void) kw_decimal_mul(fill->price, fill->amount, 14, KW_ROUND_HALF_UP, &value, NULL);
    value = plus(is_buy ? kw_decimal_neg(value) : value, kw_decimal_neg(fill->fee));
    state->totals[QUOTE] = plus(state->totals[QUOTE], value);
    state->totals[pair] = plus(state->totals[pair], amount);
    if (!sham->is_foreign)
        state->positions[pair] = plus(state->positions[pair], amount);
    if (kw_decimal_sign(state->positions[pair]) == 0)
        state->is_meddled[pair] = FALSE;
}

static void
execute(KwShamVenue *self, KwShamOrder *sham, KwDecimal amount, gint64 now_us)
{
    State *state = self->state;
    KwOrder *order = &sham->order;
    guint pair = find_pair(self, order->pair);
    KwFill *fill = &state->fills[state->n_fills];
    KwDecimal bid, ask;

    if (sham->n_fills == KW_BROKER_MAX_FILLS || state->n_fills == MAX_FILLS ||
        kw_decimal_sign(amount) <= 0)
        return;
    kw_sham_market_get_quote(self->market, pair, now_us, &bid, &ask);
    *fill = (KwFill){.mode = order->mode,
                     .side = order->side,
                     .price = order->side == KW_SIDE_BUY ? ask : bid,
                     .amount = amount,
                     .time_us = now_us};
    if (order->type == KW_ORDER_TYPE_LIMIT || order->type == KW_ORDER_TYPE_POST_ONLY)
        fill->price = order->price;
    (void) g_snprintf(fill->exec_id, sizeof fill->exec_id, "X%u", state->n_fills + 1);
    memcpy(fill->client_id, order->client_id, sizeof fill->client_id);
    memcpy(fill->pair, order->pair, sizeof fill->pair);
    (void) kw_fill_compute_fee(fill->price, amount, FEE_RATIO, &fill->fee, NULL);
    (void) kw_order_apply_fill(order, amount, now_us);
    book(state, pair, sham, fill);
    sham->fills[sham->n_fills++] = state->n_fills++;
    add_news(state, sham, (gint) sham->n_fills - 1);
}

static void
end_order(KwShamVenue *self, KwShamOrder *sham, KwOrderState end)
{
    sham->next_part_us = 0;
    if (!kw_order_state_is_final(sham->order.state)) {
        (void) kw_order_apply_state(&sham->order, end, self->state->now_us);
        add_news(self->state, sham, -1);
    }
}

static void
execute_part(KwShamVenue *self, KwShamOrder *sham, gint64 now_us)
{
    KwDecimal rest = get_rest(&sham->order), part = rest;

    if (sham->n_fills < 2)
        (void) kw_decimal_div(sham->order.amount, kw_decimal_from_int(3), 8, KW_ROUND_DOWN,
                              &part, NULL);
    if (kw_decimal_cmp(part, rest) > 0 || kw_decimal_sign(part) == 0)
        part = rest;
    if (sham->matching == KW_SHAM_MATCHING_PART_ONLY && sham->n_fills > 0) {
        end_order(self, sham, KW_ORDER_STATE_CANCELLED);
        return;
    }
    execute(self, sham, part, now_us);
    sham->next_part_us =
        kw_order_state_is_final(sham->order.state) ? 0 : sham->next_part_us + PART_US;
}

/* -- time -- */

static gboolean
is_reached(const KwOrder *order, KwDecimal price)
{
    gint difference = kw_decimal_cmp(price, order->price);

    switch (order->type) {
    case KW_ORDER_TYPE_MARKET:
        return FALSE;
    case KW_ORDER_TYPE_STOP_LOSS:
        return order->side == KW_SIDE_SELL ? difference <= 0 : difference >= 0;
    case KW_ORDER_TYPE_LIMIT:
    case KW_ORDER_TYPE_POST_ONLY:
    case KW_ORDER_TYPE_TAKE_PROFIT:
        return order->side == KW_SIDE_SELL ? difference >= 0 : difference <= 0;
    }
    return FALSE;
}

static void
match_step(KwShamVenue *self, gint64 step_us)
{
    State *state = self->state;

    for (guint i = state->n_over; i < state->n_orders; i++) {
        KwShamOrder *sham = &state->orders[i];
        guint pair = find_pair(self, sham->order.pair);

        if (!kw_order_state_is_final(sham->order.state) &&
            is_reached(&sham->order, kw_sham_market_get_price(self->market, pair, step_us)))
            execute(self, sham, get_rest(&sham->order), step_us);
        if (i == state->n_over && kw_order_state_is_final(sham->order.state))
            state->n_over++;
    }
}

/* What is bought, and neither sold at this moment nor covered by stops */
static gboolean
is_bare(const KwShamVenue *self, guint pair)
{
    const State *state = self->state;
    KwDecimal open = state->positions[pair];

    for (guint i = state->n_over; i < state->n_orders; i++) {
        const KwOrder *order = &state->orders[i].order;

        if (state->orders[i].is_foreign || kw_order_state_is_final(order->state) ||
            find_pair(self, order->pair) != pair)
            continue;
        if (order->type == KW_ORDER_TYPE_MARKET)
            return FALSE;
        if (order->type == KW_ORDER_TYPE_STOP_LOSS)
            open = minus(open, get_rest(order));
    }
    return kw_decimal_sign(open) > 0;
}

static void
watch_stops(KwShamVenue *self, gint64 passed_us, KwShamWatch watch)
{
    State *state = self->state;

    for (guint i = 0; i < KW_SHAM_MARKET_N_PAIRS; i++) {
        if (watch == KW_SHAM_WATCH_NOTHING || !is_bare(self, i))
            state->bare_us[i] = 0;
        else
            state->bare_us[i] += passed_us;
        state->worst_bare_us = MAX(state->worst_bare_us, state->bare_us[i]);
    }
}

static void
work_parts(KwShamVenue *self, gint64 until_us)
{
    State *state = self->state;

    for (guint i = state->n_over; i < state->n_orders; i++) {
        KwShamOrder *sham = &state->orders[i];

        while (sham->next_part_us != 0 && sham->next_part_us <= until_us)
            execute_part(self, sham, sham->next_part_us);
    }
}

void
kw_sham_venue_advance(KwShamVenue *self, gint64 now_us, KwShamWatch watch)
{
    State *state = self->state;

    while (state->step_us + KW_SHAM_MARKET_STEP_US <= now_us) {
        state->step_us += KW_SHAM_MARKET_STEP_US;
        state->now_us = MAX(state->now_us, state->step_us);
        work_parts(self, state->step_us);
        match_step(self, state->step_us);
        watch_stops(self, KW_SHAM_MARKET_STEP_US, watch);
    }
    state->now_us = MAX(state->now_us, now_us);
    work_parts(self, now_us);
}

gint64
kw_sham_venue_get_next_us(const KwShamVenue *self)
{
    const State *state = self->state;
    gint64 next_us = state->step_us + KW_SHAM_MARKET_STEP_US;

    for (guint i = state->n_over; i < state->n_orders; i++)
        if (state->orders[i].next_part_us != 0)
            next_us = MIN(next_us, state->orders[i].next_part_us);
    return next_us;
}

/* -- clients -- */

KwShamOrder *
kw_sham_venue_find(KwShamVenue *self, const gchar *client_id)
{
    for (guint i = self->state->n_orders; i > 0; i--)
        if (strcmp(self->state->orders[i - 1].order.client_id, client_id) == 0)
            return &self->state->orders[i - 1];
    return NULL;
}

static gboolean
has_funds(const KwShamVenue *self, const KwOrder *order)
{
    guint pair = find_pair(self, order->pair);
    KwDecimal bid, ask, need = KW_DECIMAL_ZERO;

    if (order->side == KW_SIDE_SELL)
        return kw_decimal_cmp(order->amount,
                              minus(self->state->totals[pair], get_held(self, pair))) <= 0;
    kw_sham_market_get_quote(self->market, pair, self->state->now_us, &bid, &ask);
    (void) kw_decimal_mul(ask, order->amount, 8, KW_ROUND_UP, &need, NULL);
    (void) kw_decimal_mul(need, (KwDecimal){.mant = 1002, .scale = 3}, 8, KW_ROUND_UP, &need,
                          NULL);
    return kw_decimal_cmp(need, self->state->totals[QUOTE]) <= 0;
}

KwShamOrder *
kw_sham_venue_place(KwShamVenue *self,
                    const KwOrder *order,
                    KwShamMatching matching,
                    GError **error)
{
    State *state = self->state;
    const KwShamOrder *before = kw_sham_venue_find(self, order->client_id);
    KwShamOrder *sham;

    if (state->n_orders == MAX_ORDERS || !has_funds(self, order)) {
        g_set_error_literal(error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED,
                            "insufficient funds");
        return NULL;
    }
    sham = &state->orders[state->n_orders];
    *sham = (KwShamOrder){.order = *order, .matching = matching, .opened_us = state->now_us};
    sham->n_reached = before != NULL && order->client_id[0] != '\0' ? before->n_reached + 1 : 1;
    sham->order.filled = KW_DECIMAL_ZERO;
    sham->order.state = KW_ORDER_STATE_OPEN;
    (void) g_snprintf(sham->order.venue_id, sizeof sham->order.venue_id, "V%u",
                      ++state->n_orders);
    add_news(state, sham, -1);
    if (order->type != KW_ORDER_TYPE_MARKET)
        return sham;
    sham->next_part_us = state->now_us;
    if (matching == KW_SHAM_MATCHING_WHOLE)
        execute(self, sham, sham->order.amount, state->now_us);
    else
        execute_part(self, sham, state->now_us);
    if (kw_order_state_is_final(sham->order.state))
        sham->next_part_us = 0;
    return sham;
}

void
kw_sham_venue_cancel(KwShamVenue *self, KwShamOrder *order)
{
    end_order(self, order, KW_ORDER_STATE_CANCELLED);
}

gboolean
kw_sham_venue_amend(KwShamVenue *self, KwShamOrder *order, const KwOrder *wanted)
{
    if (kw_order_state_is_final(order->order.state))
        return FALSE;
    order->order.price = wanted->price;
    order->order.amount = wanted->amount;
    if (kw_decimal_cmp(wanted->amount, order->order.filled) <= 0)
        end_order(self, order, KW_ORDER_STATE_CANCELLED);
    return TRUE;
}

void
kw_sham_venue_report(const KwShamVenue *self,
                     const KwShamOrder *order,
                     gint fill,
                     KwBrokerReport *out)
{
    memset(out, 0, sizeof *out);
    memcpy(out->client_id, order->order.client_id, sizeof out->client_id);
    memcpy(out->venue_id, order->order.venue_id, sizeof out->venue_id);
    out->state = order->order.state;
    out->price = order->order.price;
    out->amount = order->order.amount;
    if (fill >= 0) {
        out->state =
            fill + 1 == (gint) order->n_fills ? order->order.state : KW_ORDER_STATE_PARTIAL;
        out->fills[out->n_fills++] = self->state->fills[order->fills[fill]];
        return;
    }
    for (guint i = 0; i < order->n_fills; i++)
        out->fills[out->n_fills++] = self->state->fills[order->fills[i]];
}

static void
add_balance(KwVenueState *out, const gchar *asset, KwDecimal total, KwDecimal held)
{
    KwVenueBalance balance = {.total = total, .held = held};

    g_strlcpy(balance.asset, asset, sizeof balance.asset);
    if (kw_decimal_sign(total) != 0)
        g_array_append_val(out->balances, balance);
}

KwVenueState *
kw_sham_venue_inspect(const KwShamVenue *self)
{
    const State *state = self->state;
    KwVenueState *out = kw_venue_state_new(state->now_us);
    gchar base[KW_PAIR_NAME_SIZE];

    for (guint i = state->n_over; i < state->n_orders; i++) {
        const KwShamOrder *sham = &state->orders[i];
        KwVenueOrder working = {.side = sham->order.side,
                                .type = sham->order.type,
                                .price = sham->order.price,
                                .amount = sham->order.amount,
                                .filled = sham->order.filled,
                                .opened_us = sham->opened_us};

        if (kw_order_state_is_final(sham->order.state) || state->now_us < sham->seen_us)
            continue;
        memcpy(working.client_id, sham->order.client_id, sizeof working.client_id);
        memcpy(working.venue_id, sham->order.venue_id, sizeof working.venue_id);
        memcpy(working.pair, sham->order.pair, sizeof working.pair);
        g_array_append_val(out->orders, working);
    }
    for (guint i = 0; i < KW_SHAM_MARKET_N_PAIRS; i++)
        add_balance(out, kw_pair_get_base(kw_sham_market_get_pair(self->market, i), base),
                    state->totals[i], get_held(self, i));
    add_balance(out, KW_SHAM_MARKET_QUOTE, state->totals[QUOTE], KW_DECIMAL_ZERO);
    return out;
}

/* -- a hand -- */

static guint
find_asset(const KwShamVenue *self, const gchar *asset)
{
    gchar base[KW_PAIR_NAME_SIZE];

    for (guint i = 0; i < KW_SHAM_MARKET_N_PAIRS; i++)
        if (strcmp(kw_pair_get_base(kw_sham_market_get_pair(self->market, i), base), asset) ==
            0)
            return i;
    return QUOTE;
}

KwDecimal
kw_sham_venue_shift(KwShamVenue *self, const gchar *asset, KwDecimal amount)
{
    guint index = find_asset(self, asset);
    KwDecimal free = self->state->totals[index];

    if (index != QUOTE)
        free = minus(free, get_held(self, index));
    if (kw_decimal_sign(plus(free, amount)) < 0)
        amount = kw_decimal_neg(free);
    self->state->totals[index] = plus(self->state->totals[index], amount);
    return amount;
}

gboolean
kw_sham_venue_cancel_by_hand(KwShamVenue *self)
{
    State *state = self->state;

    for (guint i = state->n_over; i < state->n_orders; i++) {
        KwShamOrder *sham = &state->orders[i];
        guint pair = find_pair(self, sham->order.pair);

        if (sham->is_foreign || state->is_meddled[pair] || !kw_order_is_waiting(&sham->order))
            continue;
        state->is_meddled[pair] = TRUE;
        end_order(self, sham, KW_ORDER_STATE_CANCELLED);
        return TRUE;
    }
    return FALSE;
}

/* -- truth -- */

const KwShamOrder *
kw_sham_venue_find_any_stop(const KwShamVenue *self)
{
    for (guint i = 0; i < self->state->n_orders; i++)
        if (self->state->orders[i].order.type == KW_ORDER_TYPE_STOP_LOSS)
            return &self->state->orders[i];
    return NULL;
}

guint
kw_sham_venue_get_n_orders(const KwShamVenue *self)
{
    return self->state->n_orders;
}

KwShamOrder *
kw_sham_venue_get_order(KwShamVenue *self, guint index)
{
    g_return_val_if_fail(index < self->state->n_orders, NULL);

    return &self->state->orders[index];
}

guint
kw_sham_venue_get_n_news(const KwShamVenue *self)
{
    return self->state->n_news;
}

KwShamNews
kw_sham_venue_get_news(const KwShamVenue *self, guint index)
{
    g_return_val_if_fail(index < self->state->n_news, ((KwShamNews){0}));

    return self->state->news[index];
}

const KwFill *
kw_sham_venue_get_fill(const KwShamVenue *self, guint index)
{
    g_return_val_if_fail(index < self->state->n_fills, NULL);

    return &self->state->fills[index];
}

KwDecimal
kw_sham_venue_get_position(const KwShamVenue *self, guint pair)
{
    g_return_val_if_fail(pair < KW_SHAM_MARKET_N_PAIRS, KW_DECIMAL_ZERO);

    return self->state->positions[pair];
}

KwDecimal
kw_sham_venue_get_total(const KwShamVenue *self, const gchar *asset)
{
    return self->state->totals[find_asset(self, asset)];
}

gint64
kw_sham_venue_get_worst_bare_us(const KwShamVenue *self)
{
    return self->state->worst_bare_us;
}

KwShamMemory *
kw_sham_venue_get_memory(KwShamVenue *self)
{
    return &self->state->memory;
}

/* -- file -- */

static void
make_account(KwShamVenue *self, gint64 now_us, KwDecimal cash)
{
    State *state = self->state;

    if (state->is_made)
        return;
    state->is_made = TRUE;
    state->now_us = now_us;
    state->step_us = now_us - now_us % KW_SHAM_MARKET_STEP_US;
    state->totals[QUOTE] = cash;
}

KwShamVenue *
kw_sham_venue_open(const gchar *path,
                   const KwShamMarket *market,
                   gint64 now_us,
                   KwDecimal cash,
                   GError **error)
{
    gint fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    gpointer map = MAP_FAILED;
    KwShamVenue *self;

    if (fd >= 0 && ftruncate(fd, sizeof(State)) == 0)
        map = mmap(NULL, sizeof(State), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        g_set_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_IO, "%s: %s", path,
                    g_strerror(errno));
    if (fd >= 0)
        (void) close(fd);
    if (map == MAP_FAILED)
        return NULL;
    self = g_new0(KwShamVenue, 1);
    self->market = market;
    self->state = map;
    make_account(self, now_us, cash);
    return self;
}

void
kw_sham_venue_free(KwShamVenue *self)
{
    if (self == NULL)
        return;
    (void) munmap(self->state, sizeof *self->state);
    g_free(self);
}
