/* kw-venue-check.c: the books against the venue
 *
 * A pure function, so that every constellation can be tried: whether a difference is believed
 * (it has to last), whom it stops and whom it is told is not decided here.
 *
 * Only too little is a difference. Coins beyond the open trades may be the owner's own; an
 * automatic "they must be ours" would sell what nobody offered, and an automatic "ours must
 * be gone" would forget a position. Both are for a person to say. */
#include "kw-venue-check.h"

#include "kw-error.h"

#include <string.h>

#define N_FIELDS 5

static const gchar *const kind_names[] = {
    [KW_FINDING_HOLDING_SHORT] = "holding_short", [KW_FINDING_CASH_SHORT] = "cash_short",
    [KW_FINDING_UNPROTECTED] = "unprotected",     [KW_FINDING_DUST] = "dust",
    [KW_FINDING_ORDER_MISSING] = "order_missing", [KW_FINDING_ORDER_FOREIGN] = "order_foreign",
};

const gchar *
kw_finding_kind_to_string(KwFindingKind kind)
{
    g_return_val_if_fail((guint) kind < G_N_ELEMENTS(kind_names), "");

    return kind_names[kind];
}

gboolean
kw_finding_kind_blocks(KwFindingKind kind)
{
    return kind != KW_FINDING_ORDER_FOREIGN && kind != KW_FINDING_DUST;
}

gboolean
kw_venue_finding_is_same(const KwVenueFinding *a, const KwVenueFinding *b)
{
    return a->kind == b->kind && strcmp(a->subject, b->subject) == 0 &&
           strcmp(a->id, b->id) == 0;
}

KwDecimal
kw_venue_finding_get_gap(const KwVenueFinding *self)
{
    KwDecimal gap = KW_DECIMAL_MAX;

    (void) kw_decimal_sub(self->ours, self->theirs, &gap, NULL);
    return gap;
}

/* -- as text -- */

gchar *
kw_venue_finding_to_text(const KwVenueFinding *self)
{
    gchar ours[KW_DECIMAL_TEXT_SIZE], theirs[KW_DECIMAL_TEXT_SIZE];

    g_return_val_if_fail(self != NULL, NULL);

    return g_strdup_printf("%s|%s|%s|%s|%s", kw_finding_kind_to_string(self->kind),
                           self->subject, self->id, kw_decimal_to_text(self->ours, ours),
                           kw_decimal_to_text(self->theirs, theirs));
}

static gboolean
find_kind(const gchar *name, KwFindingKind *out)
{
    for (gsize i = 0; i < G_N_ELEMENTS(kind_names); i++) {
        if (strcmp(kind_names[i], name) != 0)
            continue;
        *out = (KwFindingKind) i;
        return TRUE;
    }
    return FALSE;
}

gboolean
kw_venue_finding_parse(const gchar *text, KwVenueFinding *out, GError **error)
{
    g_auto(GStrv) fields = NULL;
    KwVenueFinding finding = {0};

    g_return_val_if_fail(text != NULL && out != NULL, FALSE);

    fields = g_strsplit(text, "|", N_FIELDS + 1);
    if (g_strv_length(fields) != N_FIELDS || !find_kind(fields[0], &finding.kind) ||
        g_strlcpy(finding.subject, fields[1], sizeof finding.subject) >=
            sizeof finding.subject ||
        g_strlcpy(finding.id, fields[2], sizeof finding.id) >= sizeof finding.id) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX, "no difference");
        return FALSE;
    }
    if (!kw_decimal_parse(fields[3], &finding.ours, error) ||
        !kw_decimal_parse(fields[4], &finding.theirs, error))
        return FALSE;
    *out = finding;
    return TRUE;
}

/* -- amounts -- */

/* Sums that do not fit are larger than anything a venue holds. */
static KwDecimal
add(KwDecimal a, KwDecimal b)
{
    KwDecimal sum = KW_DECIMAL_MAX;

    (void) kw_decimal_add(a, b, &sum, NULL);
    return sum;
}

static KwDecimal
get_total(const KwVenueState *state, const gchar *asset)
{
    for (guint i = 0; i < state->balances->len; i++) {
        const KwVenueBalance *balance = &g_array_index(state->balances, KwVenueBalance, i);

        if (strcmp(balance->asset, asset) == 0)
            return balance->total;
    }
    return KW_DECIMAL_ZERO;
}

static gboolean
is_of_asset(const gchar *pair, const gchar *asset)
{
    gsize length = strlen(asset);

    return strncmp(pair, asset, length) == 0 && pair[length] == '/';
}

gboolean
kw_venue_books_is_moving(const KwVenueBooks *books, const gchar *asset)
{
    g_return_val_if_fail(books != NULL, TRUE);

    for (guint i = 0; i < books->n_orders; i++)
        if (!kw_order_is_waiting(books->orders[i]) &&
            (asset == NULL || is_of_asset(books->orders[i]->pair, asset)))
            return TRUE;
    return FALSE;
}

static KwDecimal
sum_trades(const KwVenueBooks *books, const gchar *asset)
{
    KwDecimal sum = KW_DECIMAL_ZERO;

    for (guint i = 0; i < kw_portfolio_get_n_open(books->portfolio); i++) {
        const KwTrade *trade = kw_portfolio_get_open(books->portfolio, i);

        if (is_of_asset(trade->pair, asset))
            sum = add(sum, trade->amount);
    }
    return sum;
}

/* -- differences -- */

static void
add_finding(GArray *findings,
            KwFindingKind kind,
            const gchar *subject,
            const gchar *id,
            KwDecimal ours,
            KwDecimal theirs)
{
    KwVenueFinding finding = {.kind = kind, .ours = ours, .theirs = theirs};

    g_strlcpy(finding.subject, subject, sizeof finding.subject);
    g_strlcpy(finding.id, id, sizeof finding.id);
    g_array_append_val(findings, finding);
}

static gboolean
is_first_of_asset(const KwVenueBooks *books, guint index, const gchar *asset)
{
    for (guint i = 0; i < index; i++)
        if (is_of_asset(kw_portfolio_get_open(books->portfolio, i)->pair, asset))
            return FALSE;
    return TRUE;
}

static void
check_holdings(const KwVenueBooks *books, const KwVenueState *state, GArray *findings)
{
    for (guint i = 0; i < kw_portfolio_get_n_open(books->portfolio); i++) {
        const gchar *pair = kw_portfolio_get_open(books->portfolio, i)->pair;
        g_autofree gchar *asset = g_strndup(pair, strcspn(pair, "/"));
        KwDecimal ours = sum_trades(books, asset);
        KwDecimal theirs = get_total(state, asset);

        if (is_first_of_asset(books, i, asset) && !kw_venue_books_is_moving(books, asset) &&
            kw_decimal_cmp(theirs, ours) < 0)
            add_finding(findings, KW_FINDING_HOLDING_SHORT, asset, "", ours, theirs);
    }
}

/* A venue rounds the value of each execution and its fee to its own digits, the books to
 * theirs: the two drift apart by parts of a cent with every trade, and nobody has taken
 * anything. */
static KwDecimal
subtract_slack(KwDecimal cash)
{
    static const KwDecimal share = {.mant = 5, .scale = 4};
    KwDecimal slack = KW_DECIMAL_ZERO;

    (void) kw_decimal_mul(cash, share, 8, KW_ROUND_UP, &slack, NULL);
    return kw_decimal_sign(slack) > 0 ? add(cash, kw_decimal_neg(slack)) : cash;
}

static void
check_cash(const KwVenueBooks *books, const KwVenueState *state, GArray *findings)
{
    KwDecimal ours = kw_portfolio_get_cash(books->portfolio);
    KwDecimal theirs = get_total(state, books->quote);

    if (!kw_venue_books_is_moving(books, NULL) &&
        kw_decimal_cmp(theirs, subtract_slack(ours)) < 0)
        add_finding(findings, KW_FINDING_CASH_SHORT, books->quote, "", ours, theirs);
}

static KwDecimal
get_rest_there(const KwVenueState *state, const gchar *client_id)
{
    for (guint i = 0; i < state->orders->len; i++) {
        const KwVenueOrder *venue = &g_array_index(state->orders, KwVenueOrder, i);

        if (strcmp(venue->client_id, client_id) == 0)
            return add(venue->amount, kw_decimal_neg(venue->filled));
    }
    return KW_DECIMAL_ZERO;
}

/* What stops and target of a trade that work at the venue still sell; a target alone protects
 * nothing */
static KwDecimal
sum_protected(const KwVenueBooks *books, const KwVenueState *state, gint64 trade_id)
{
    KwDecimal stops = KW_DECIMAL_ZERO;
    KwDecimal targets = KW_DECIMAL_ZERO;

    for (guint i = 0; i < books->n_orders; i++) {
        const KwOrder *order = books->orders[i];
        KwDecimal rest = get_rest_there(state, order->client_id);

        if (order->trade_id != trade_id)
            continue;
        if (order->type == KW_ORDER_TYPE_STOP_LOSS)
            stops = add(stops, rest);
        else if (order->type == KW_ORDER_TYPE_TAKE_PROFIT)
            targets = add(targets, rest);
    }
    return kw_decimal_sign(stops) > 0 ? add(stops, targets) : stops;
}

static gboolean
is_dust(const KwVenueBooks *books, gint64 trade_id, KwDecimal bare)
{
    for (guint i = 0; i < books->n_dust; i++)
        if (books->dust[i].trade_id == trade_id)
            return kw_decimal_cmp(bare, books->dust[i].below) < 0;
    return FALSE;
}

static void
check_stops(const KwVenueBooks *books, const KwVenueState *state, GArray *findings)
{
    for (guint i = 0; books->needs_stops && i < kw_portfolio_get_n_open(books->portfolio);
         i++) {
        const KwTrade *trade = kw_portfolio_get_open(books->portfolio, i);
        g_autofree gchar *asset = g_strndup(trade->pair, strcspn(trade->pair, "/"));
        KwDecimal theirs = sum_protected(books, state, trade->id);
        KwDecimal bare = add(trade->amount, kw_decimal_neg(theirs));

        if (trade->state == KW_TRADE_STATE_OPEN && !kw_venue_books_is_moving(books, asset) &&
            kw_decimal_sign(bare) > 0)
            add_finding(findings,
                        is_dust(books, trade->id, bare) ? KW_FINDING_DUST
                                                        : KW_FINDING_UNPROTECTED,
                        trade->pair, "", trade->amount, theirs);
    }
}

static gboolean
works_there(const KwVenueState *state, const gchar *client_id)
{
    for (guint i = 0; i < state->orders->len; i++)
        if (strcmp(g_array_index(state->orders, KwVenueOrder, i).client_id, client_id) == 0)
            return TRUE;
    return FALSE;
}

static gboolean
is_ours(const KwVenueBooks *books, const KwVenueOrder *venue)
{
    for (guint i = 0; i < books->n_orders; i++)
        if (strcmp(books->orders[i]->client_id, venue->client_id) == 0)
            return TRUE;
    return FALSE;
}

static void
check_orders(const KwVenueBooks *books, const KwVenueState *state, GArray *findings)
{
    for (guint i = 0; i < books->n_orders; i++) {
        const KwOrder *order = books->orders[i];
        gboolean should_work =
            order->state == KW_ORDER_STATE_OPEN || order->state == KW_ORDER_STATE_PARTIAL;

        if (should_work && !works_there(state, order->client_id))
            add_finding(findings, KW_FINDING_ORDER_MISSING, order->pair, order->client_id,
                        order->amount, KW_DECIMAL_ZERO);
    }
    for (guint i = 0; i < state->orders->len; i++) {
        const KwVenueOrder *venue = &g_array_index(state->orders, KwVenueOrder, i);

        if (!is_ours(books, venue))
            add_finding(findings, KW_FINDING_ORDER_FOREIGN, venue->pair, venue->venue_id,
                        KW_DECIMAL_ZERO, venue->amount);
    }
}

GArray *
kw_venue_check(const KwVenueBooks *books, const KwVenueState *state)
{
    GArray *findings = g_array_new(FALSE, TRUE, sizeof(KwVenueFinding));

    g_return_val_if_fail(books != NULL && state != NULL, findings);

    check_holdings(books, state, findings);
    check_cash(books, state, findings);
    check_stops(books, state, findings);
    check_orders(books, state, findings);
    return findings;
}
