/* kw-order.c: names of order states and the one table of their legal changes
 *
 * Messages of a venue come late, twice and in the wrong order. The table says which of them
 * still mean something: everything else is refused without a change, and the caller drops the
 * message. An order never goes back to INTENT or SENT, and nothing follows a final state, so
 * that the last word on an order is said once.
 *
 * Fills are facts and not messages about a state: one that arrives after CANCELLED or FILLED
 * is still counted. Only REJECTED and LAPSED, which say that the order never worked at the
 * venue, contradict a fill; that is refused here and a person must look. */
#include "kw-order.h"

#include "kw-error.h"

#include <string.h>

#define BIT(state) (1u << KW_ORDER_STATE_##state)
#define ANSWERS (BIT(OPEN) | BIT(PARTIAL) | BIT(FILLED) | BIT(CANCELLED) | BIT(REJECTED))

/* Index: the state before; bits: what may follow it. */
static const guint followers[KW_N_ORDER_STATES] = {
    [KW_ORDER_STATE_INTENT] = BIT(INTENT) | BIT(SENT) | BIT(UNKNOWN) | BIT(LAPSED) | ANSWERS,
    [KW_ORDER_STATE_SENT] = BIT(SENT) | BIT(UNKNOWN) | BIT(LAPSED) | ANSWERS,
    [KW_ORDER_STATE_UNKNOWN] = BIT(UNKNOWN) | BIT(LAPSED) | ANSWERS,
    [KW_ORDER_STATE_OPEN] =
        BIT(OPEN) | BIT(PARTIAL) | BIT(FILLED) | BIT(CANCELLED) | BIT(UNKNOWN),
    [KW_ORDER_STATE_PARTIAL] = BIT(PARTIAL) | BIT(FILLED) | BIT(CANCELLED) | BIT(UNKNOWN),
};

static const gchar *const side_names[] = {
    [KW_SIDE_BUY] = "buy",
    [KW_SIDE_SELL] = "sell",
};

static const gchar *const type_names[KW_N_ORDER_TYPES] = {
    [KW_ORDER_TYPE_MARKET] = "market",           [KW_ORDER_TYPE_LIMIT] = "limit",
    [KW_ORDER_TYPE_POST_ONLY] = "post_only",     [KW_ORDER_TYPE_STOP_LOSS] = "stop_loss",
    [KW_ORDER_TYPE_TAKE_PROFIT] = "take_profit",
};

static const gchar *const state_names[KW_N_ORDER_STATES] = {
    [KW_ORDER_STATE_INTENT] = "intent",     [KW_ORDER_STATE_SENT] = "sent",
    [KW_ORDER_STATE_OPEN] = "open",         [KW_ORDER_STATE_PARTIAL] = "partial",
    [KW_ORDER_STATE_FILLED] = "filled",     [KW_ORDER_STATE_CANCELLED] = "cancelled",
    [KW_ORDER_STATE_REJECTED] = "rejected", [KW_ORDER_STATE_LAPSED] = "lapsed",
    [KW_ORDER_STATE_UNKNOWN] = "unknown",
};

/* Index of @text in @names, or -1 with the error set */
static gint
find_name(const gchar *const *names,
          gsize n_names,
          const gchar *what,
          const gchar *text,
          GError **error)
{
    for (gsize i = 0; i < n_names; i++)
        if (strcmp(names[i], text) == 0)
            return (gint) i;
    g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX, "no such %s", what);
    return -1;
}

const gchar *
kw_side_to_string(KwSide side)
{
    g_return_val_if_fail((guint) side < G_N_ELEMENTS(side_names), "");

    return side_names[side];
}

const gchar *
kw_order_type_to_string(KwOrderType type)
{
    g_return_val_if_fail((guint) type < G_N_ELEMENTS(type_names), "");

    return type_names[type];
}

const gchar *
kw_order_state_to_string(KwOrderState state)
{
    g_return_val_if_fail((guint) state < G_N_ELEMENTS(state_names), "");

    return state_names[state];
}

gboolean
kw_side_from_string(const gchar *text, KwSide *out, GError **error)
{
    gint found;

    g_return_val_if_fail(text != NULL && out != NULL, FALSE);

    found = find_name(side_names, G_N_ELEMENTS(side_names), "side", text, error);
    if (found >= 0)
        *out = (KwSide) found;
    return found >= 0;
}

gboolean
kw_order_type_from_string(const gchar *text, KwOrderType *out, GError **error)
{
    gint found;

    g_return_val_if_fail(text != NULL && out != NULL, FALSE);

    found = find_name(type_names, G_N_ELEMENTS(type_names), "order type", text, error);
    if (found >= 0)
        *out = (KwOrderType) found;
    return found >= 0;
}

gboolean
kw_order_state_from_string(const gchar *text, KwOrderState *out, GError **error)
{
    gint found;

    g_return_val_if_fail(text != NULL && out != NULL, FALSE);

    found = find_name(state_names, G_N_ELEMENTS(state_names), "order state", text, error);
    if (found >= 0)
        *out = (KwOrderState) found;
    return found >= 0;
}

gboolean
kw_order_type_is_trigger(KwOrderType type)
{
    return type == KW_ORDER_TYPE_STOP_LOSS || type == KW_ORDER_TYPE_TAKE_PROFIT;
}

gboolean
kw_order_is_waiting(const KwOrder *self)
{
    g_return_val_if_fail(self != NULL, FALSE);

    return self->state == KW_ORDER_STATE_OPEN && kw_order_type_is_trigger(self->type);
}

gboolean
kw_order_state_is_final(KwOrderState state)
{
    g_return_val_if_fail((guint) state < KW_N_ORDER_STATES, FALSE);

    return followers[state] == 0;
}

gboolean
kw_order_state_may_follow(KwOrderState from, KwOrderState to)
{
    g_return_val_if_fail((guint) from < KW_N_ORDER_STATES, FALSE);
    g_return_val_if_fail((guint) to < KW_N_ORDER_STATES, FALSE);

    return (followers[from] & (1u << to)) != 0;
}

gboolean
kw_order_apply_state(KwOrder *self, KwOrderState to, gint64 now_us)
{
    gboolean has_fill;

    g_return_val_if_fail(self != NULL, FALSE);

    has_fill = kw_decimal_sign(self->filled) > 0;
    if (!kw_order_state_may_follow(self->state, to))
        return FALSE;
    if (has_fill && (to == KW_ORDER_STATE_REJECTED || to == KW_ORDER_STATE_LAPSED))
        return FALSE;

    /* a look-up found it working: what is filled of it stays filled */
    self->state = to == KW_ORDER_STATE_OPEN && has_fill ? KW_ORDER_STATE_PARTIAL : to;
    self->updated_us = now_us;
    return TRUE;
}

gboolean
kw_order_apply_fill(KwOrder *self, KwDecimal amount, gint64 now_us)
{
    KwDecimal filled;
    gint left;

    g_return_val_if_fail(self != NULL, FALSE);

    if (self->state == KW_ORDER_STATE_REJECTED || self->state == KW_ORDER_STATE_LAPSED)
        return FALSE;
    if (kw_decimal_sign(amount) <= 0 || !kw_decimal_add(self->filled, amount, &filled, NULL))
        return FALSE;
    left = kw_decimal_cmp(self->amount, filled);
    if (left < 0)
        return FALSE;

    self->filled = filled;
    self->updated_us = now_us;
    if (!kw_order_state_is_final(self->state))
        self->state = left == 0 ? KW_ORDER_STATE_FILLED : KW_ORDER_STATE_PARTIAL;
    return TRUE;
}

gboolean
kw_fill_compute_fee(
    KwDecimal price, KwDecimal amount, gdouble fee_ratio, KwDecimal *out, GError **error)
{
    KwDecimal ratio, value;

    g_return_val_if_fail(out != NULL, FALSE);
    g_return_val_if_fail(fee_ratio >= 0.0 && fee_ratio < 1.0, FALSE);

    if (!kw_decimal_from_double(fee_ratio, 8, KW_ROUND_UP, &ratio, error))
        return FALSE;
    /* as many digits as fit: 14 for values below 10,000, at least 8 */
    for (guint8 scale = 14; scale > 8; scale -= 2)
        if (kw_decimal_mul(price, amount, scale, KW_ROUND_HALF_UP, &value, NULL) &&
            kw_decimal_mul(value, ratio, scale, KW_ROUND_UP, out, NULL))
            return TRUE;
    return kw_decimal_mul(price, amount, 8, KW_ROUND_UP, &value, error) &&
           kw_decimal_mul(value, ratio, 8, KW_ROUND_UP, out, error);
}
