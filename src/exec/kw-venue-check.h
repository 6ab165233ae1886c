/* kw-venue-check.h: compares what the venue says is there with what the books say */
#pragma once

#include "kw-portfolio.h"
#include "kw-venue-state.h"

G_BEGIN_DECLS

/**
 * KwFindingKind: in the order in which they are told
 * @KW_FINDING_HOLDING_SHORT: the venue holds less of an asset than the open trades
 * @KW_FINDING_CASH_SHORT: the venue holds less of the quote currency than the cash of the
 *   books, by more than roundings explain (0.05 %)
 * @KW_FINDING_UNPROTECTED: an open trade whose stop at the venue is missing, or covers with
 *   its target less than what is held
 * @KW_FINDING_DUST: an open trade that is below the minimum of its market: it cannot have a
 *   stop there, so that it has none is no fault of anybody
 * @KW_FINDING_ORDER_MISSING: an order that should work does not: look it up
 * @KW_FINDING_ORDER_FOREIGN: an order that is not ours works; it is never touched
 */
typedef enum {
    KW_FINDING_HOLDING_SHORT,
    KW_FINDING_CASH_SHORT,
    KW_FINDING_UNPROTECTED,
    KW_FINDING_DUST,
    KW_FINDING_ORDER_MISSING,
    KW_FINDING_ORDER_FOREIGN,
} KwFindingKind;

/**
 * KwVenueFinding: one difference
 * @subject: pair of an order or trade, else the asset
 * @id: client id of a missing order, venue id of a foreign one, else ""
 * @ours, @theirs: amounts of the asset; of an order its amount at the side that has it
 *
 * Plain value.
 */
typedef struct {
    KwFindingKind kind;
    gchar subject[KW_PAIR_NAME_SIZE];
    gchar id[KW_ID_SIZE];
    KwDecimal ours, theirs;
} KwVenueFinding;

/* "holding_short", "cash_short", "unprotected", "dust", "order_missing", "order_foreign";
 * static */
const gchar *kw_finding_kind_to_string(KwFindingKind kind);

/* TRUE when no entry may follow until it is explained; dust or a foreign order alone is no
 * reason. */
gboolean kw_finding_kind_blocks(KwFindingKind kind);

/* Same difference, whatever the amounts */
gboolean kw_venue_finding_is_same(const KwVenueFinding *a, const KwVenueFinding *b);

/* ours - theirs; what cannot be computed is more than any other */
KwDecimal kw_venue_finding_get_gap(const KwVenueFinding *self);

/* (transfer full): one line without end, for the store and for comparing */
gchar *kw_venue_finding_to_text(const KwVenueFinding *self);

/* Returns: %FALSE with a #KwParseError, @out untouched */
gboolean kw_venue_finding_parse(const gchar *text, KwVenueFinding *out, GError **error);

/**
 * KwVenueDust:
 * @below: what is smaller than that and of this trade, no order can sell
 */
typedef struct {
    gint64 trade_id;
    KwDecimal below;
} KwVenueDust;

/**
 * KwVenueBooks: what the books say, taken at one instant before the venue was asked
 * @orders: (array length=n_orders): those that are not over; borrowed
 * @quote: quote currency of the account
 * @needs_stops: stops have to wait at the venue
 * @dust: (array length=n_dust) (nullable): what need not have one; borrowed
 */
typedef struct {
    const KwPortfolio *portfolio;
    const KwOrder *const *orders;
    guint n_orders;
    const gchar *quote;
    gboolean needs_stops;
    const KwVenueDust *dust;
    guint n_dust;
} KwVenueBooks;

/* Whether amounts of @asset may be changing, by an order that is on its way; NULL: those of the
 * quote currency, by any order */
gboolean kw_venue_books_is_moving(const KwVenueBooks *books, const gchar *asset);

/**
 * kw_venue_check:
 *
 * An asset of which an order is on its way (not acknowledged, not known, or part filled) is not
 * compared: its amounts are changing. More than the books say is never a difference, an account
 * may hold other things.
 *
 * Returns: (transfer full) (element-type KwVenueFinding): by kind, then in the order of the
 *   books
 */
GArray *kw_venue_check(const KwVenueBooks *books, const KwVenueState *state);

G_END_DECLS
