/* kw-kraken-pairs.c: one record a pair, found by each of its names
 *
 * Kraken spells currencies in three ways ("XXBT", "XBT", "BTC") and pairs in four. Names are
 * never taken apart by their letters, since "ZETA" and "XION" begin like old prefixes; the
 * table Assets says what belongs together. Only the two currencies that the WebSocket renames
 * are known here.
 *
 * Records live in an array of pointers and the index of names points at them, so a record keeps
 * its address while the table lives. */
#include "kw-kraken-pairs.h"

#include "kw-error.h"
#include "kw-kraken-json.h"

#include <math.h>
#include <string.h>

struct _KwKrakenPairs {
    GPtrArray *records; /* owned: KwKrakenPair */
    GHashTable *names;  /* owned: any name to its record */
    GHashTable *codes;  /* owned: asset id and altname to common code */
    guint n_skipped, n_refs;
};

static const struct {
    const gchar *alt, *code;
} renamed[] = {
    {"XBT", "BTC"},
    {"XDG", "DOGE"},
};

static const gchar *const state_names[] = {
    [KW_KRAKEN_PAIR_ONLINE] = "online",           [KW_KRAKEN_PAIR_LIMIT_ONLY] = "limit_only",
    [KW_KRAKEN_PAIR_POST_ONLY] = "post_only",     [KW_KRAKEN_PAIR_REDUCE_ONLY] = "reduce_only",
    [KW_KRAKEN_PAIR_CANCEL_ONLY] = "cancel_only", [KW_KRAKEN_PAIR_ABSENT] = "delisted",
};

const gchar *
kw_kraken_pair_state_to_string(KwKrakenPairState state)
{
    return state_names[state];
}

KwKrakenPairState
kw_kraken_pair_state_from_string(const gchar *text)
{
    for (gsize i = 0; text != NULL && i < G_N_ELEMENTS(state_names); i++) {
        if (strcmp(state_names[i], text) == 0)
            return (KwKrakenPairState) i;
    }
    return KW_KRAKEN_PAIR_ABSENT;
}

/* -- assets -- */

static const gchar *
code_of_alt(const gchar *alt)
{
    for (gsize i = 0; i < G_N_ELEMENTS(renamed); i++) {
        if (strcmp(renamed[i].alt, alt) == 0)
            return renamed[i].code;
    }
    return alt;
}

static void
read_assets(KwKrakenPairs *self, JsonObject *assets)
{
    JsonObjectIter iter;
    const gchar *id;
    JsonNode *node;

    json_object_iter_init_ordered(&iter, assets);
    while (json_object_iter_next_ordered(&iter, &id, &node)) {
        const gchar *alt = NULL;

        if (!JSON_NODE_HOLDS_OBJECT(node) ||
            !kw_json_get_string(json_node_get_object(node), "altname", &alt, NULL) ||
            *alt == '\0')
            continue;
        (void) g_hash_table_replace(self->codes, g_strdup(id), g_strdup(code_of_alt(alt)));
        (void) g_hash_table_replace(self->codes, g_strdup(alt), g_strdup(code_of_alt(alt)));
    }
}

static const gchar *
code_of(const KwKrakenPairs *self, const gchar *id)
{
    const gchar *code = g_hash_table_lookup(self->codes, id);

    return code != NULL ? code : code_of_alt(id);
}

KwKrakenAsset
kw_kraken_pairs_get_asset(const KwKrakenPairs *self, const gchar *key)
{
    KwKrakenAsset asset = {.is_spendable = TRUE};
    const gchar *dot;
    g_autofree gchar *id = NULL;

    g_return_val_if_fail(self != NULL && key != NULL, asset);

    dot = strrchr(key, '.');
    id = dot != NULL ? g_strndup(key, (gsize) (dot - key)) : g_strdup(key);
    asset.is_spendable = dot == NULL || strcmp(dot, ".F") == 0;
    (void) g_strlcpy(asset.code, code_of(self, id), sizeof asset.code);
    return asset;
}

/* -- a row of AssetPairs -- */

static gboolean
copy_name(JsonObject *row, const gchar *name, gchar *out, GError **error)
{
    const gchar *text = NULL;

    if (!kw_json_get_string(row, name, &text, error))
        return FALSE;
    if (*text != '\0' && g_strlcpy(out, text, KW_KRAKEN_NAME_SIZE) < KW_KRAKEN_NAME_SIZE)
        return TRUE;
    g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE, "%s: empty or too long", name);
    return FALSE;
}

static gboolean
get_decimals(JsonObject *row, const gchar *name, guint8 *out, GError **error)
{
    gint64 value = 0;

    if (!kw_kraken_get_int(row, name, &value, error))
        return FALSE;
    if (value >= 0 && value <= KW_DECIMAL_MAX_DIGITS - 2) {
        *out = (guint8) value;
        return TRUE;
    }
    g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE, "%s: out of range", name);
    return FALSE;
}

/* @value with exactly @scale digits: a step of 10^-1 may be written "0.10" */
static gboolean
get_step(JsonObject *row, const gchar *name, guint8 scale, KwDecimal *out, GError **error)
{
    if (!kw_json_has(row, name)) {
        *out = (KwDecimal){1, scale};
        return TRUE;
    }
    if (!kw_json_get_decimal(row, name, out, error))
        return FALSE;
    *out = kw_decimal_trim(*out);
    if (kw_decimal_sign(*out) > 0 && out->scale <= scale)
        return kw_decimal_rescale(*out, scale, KW_ROUND_DOWN, out, error);
    g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE, "%s: no step", name);
    return FALSE;
}

static gdouble
first_fee(JsonObject *row, const gchar *name, gdouble fallback)
{
    JsonArray *tiers = NULL, *tier = NULL;
    gdouble pct;

    if (!kw_json_get_array(row, name, &tiers, NULL) ||
        !kw_json_at_array(tiers, 0, &tier, NULL) || !kw_json_at_double(tier, 1, &pct, NULL) ||
        pct < 0 || pct > 10)
        return fallback;
    return pct / 100;
}

/* (transfer full): "BTC/EUR". An id that Assets does not know is read from the old WebSocket's
 * name instead, which has the altnames. */
static gchar *
make_name(const KwKrakenPairs *self, const KwKrakenPair *pair)
{
    g_auto(GStrv) alts = g_strsplit(pair->ws_name, "/", 2);
    gboolean has_alts = g_strv_length(alts) == 2;
    const gchar *base = g_hash_table_lookup(self->codes, pair->base_id);
    const gchar *quote = g_hash_table_lookup(self->codes, pair->quote_id);

    if (base == NULL)
        base = code_of_alt(has_alts ? alts[0] : pair->base_id);
    if (quote == NULL)
        quote = code_of_alt(has_alts ? alts[1] : pair->quote_id);
    return g_strconcat(base, "/", quote, NULL);
}

static gboolean
read_market(const KwKrakenPairs *self, JsonObject *row, KwKrakenPair *pair, GError **error)
{
    g_autofree gchar *name = make_name(self, pair);

    if (!kw_pair_init(&pair->market, name, error))
        return FALSE;
    pair->market.gap_meaning = KW_GAP_NO_TRADE;
    pair->market.amount_tick = (KwDecimal){1, pair->lot_decimals};
    return get_step(row, "tick_size", pair->price_decimals, &pair->market.price_tick, error) &&
           kw_json_get_decimal(row, "ordermin", &pair->market.min_amount, error) &&
           kw_kraken_get_decimal_or_zero(row, "costmin", &pair->market.min_cost, error);
}

static gboolean
read_pair(const KwKrakenPairs *self, JsonObject *row, KwKrakenPair *pair, GError **error)
{
    (void) g_strlcpy(pair->ws_name, kw_kraken_get_text(row, "wsname"), sizeof pair->ws_name);
    if (!copy_name(row, "altname", pair->alt, error) ||
        !copy_name(row, "base", pair->base_id, error) ||
        !copy_name(row, "quote", pair->quote_id, error) ||
        !get_decimals(row, "pair_decimals", &pair->price_decimals, error) ||
        !get_decimals(row, "lot_decimals", &pair->lot_decimals, error) ||
        !get_decimals(row, "cost_decimals", &pair->cost_decimals, error) ||
        !read_market(self, row, pair, error))
        return FALSE;
    pair->state = kw_kraken_pair_state_from_string(kw_kraken_get_text(row, "status"));
    pair->taker_ratio = first_fee(row, "fees", 0);
    pair->maker_ratio = first_fee(row, "fees_maker", pair->taker_ratio);
    return TRUE;
}

static void
add_name(KwKrakenPairs *self, const gchar *name, KwKrakenPair *pair)
{
    if (*name != '\0' && !g_hash_table_contains(self->names, name))
        (void) g_hash_table_insert(self->names, g_strdup(name), pair);
}

/* @pair: taken */
static void
add_record(KwKrakenPairs *self, KwKrakenPair *pair)
{
    g_ptr_array_add(self->records, pair);
    add_name(self, pair->id, pair);
    add_name(self, pair->alt, pair);
    add_name(self, pair->ws_name, pair);
    add_name(self, pair->market.name, pair);
}

static gboolean
is_wanted(const gchar *id, JsonObject *row)
{
    return !g_str_has_suffix(id, ".d") &&
           strcmp(kw_kraken_get_text(row, "aclass_base"), "tokenized_asset") != 0;
}

static void
read_pairs(KwKrakenPairs *self, JsonObject *pairs, GError **error)
{
    JsonObjectIter iter;
    const gchar *id;
    JsonNode *node;

    json_object_iter_init_ordered(&iter, pairs);
    while (json_object_iter_next_ordered(&iter, &id, &node)) {
        g_autofree KwKrakenPair *pair = g_new0(KwKrakenPair, 1);
        JsonObject *row = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;

        g_clear_error(error);
        if (row != NULL && !is_wanted(id, row))
            continue;
        if (row == NULL || g_strlcpy(pair->id, id, sizeof pair->id) >= sizeof pair->id ||
            !read_pair(self, row, pair, error)) {
            self->n_skipped++;
            continue;
        }
        add_record(self, g_steal_pointer(&pair));
    }
}

KwKrakenPairs *
kw_kraken_pairs_new(JsonObject *assets, JsonObject *pairs, GError **error)
{
    g_autoptr(KwKrakenPairs) self = NULL;
    g_autoptr(GError) last = NULL;

    g_return_val_if_fail(assets != NULL && pairs != NULL, NULL);

    self = g_new0(KwKrakenPairs, 1);
    self->n_refs = 1;
    self->records = g_ptr_array_new_with_free_func(g_free);
    self->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->codes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    read_assets(self, assets);
    read_pairs(self, pairs, &last);
    if (self->records->len > 0)
        return g_steal_pointer(&self);
    if (last != NULL)
        g_propagate_prefixed_error(error, g_steal_pointer(&last), "pairs: ");
    else
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_MEMBER,
                            "pairs: there is none");
    return NULL;
}

KwKrakenPairs *
kw_kraken_pairs_ref(KwKrakenPairs *self)
{
    g_return_val_if_fail(self != NULL, NULL);

    self->n_refs++;
    return self;
}

void
kw_kraken_pairs_unref(KwKrakenPairs *self)
{
    if (self == NULL || --self->n_refs > 0)
        return;
    g_clear_pointer(&self->names, g_hash_table_unref);
    g_clear_pointer(&self->codes, g_hash_table_unref);
    g_clear_pointer(&self->records, g_ptr_array_unref);
    g_free(self);
}

guint
kw_kraken_pairs_get_length(const KwKrakenPairs *self)
{
    return self != NULL ? self->records->len : 0;
}

guint
kw_kraken_pairs_get_n_skipped(const KwKrakenPairs *self)
{
    return self != NULL ? self->n_skipped : 0;
}

const KwKrakenPair *
kw_kraken_pairs_find(const KwKrakenPairs *self, const gchar *name)
{
    g_return_val_if_fail(self != NULL && name != NULL, NULL);

    return g_hash_table_lookup(self->names, name);
}

/* -- changes -- */

void
kw_kraken_pairs_set_state(KwKrakenPairs *self, const gchar *name, KwKrakenPairState state)
{
    KwKrakenPair *pair;

    g_return_if_fail(self != NULL && name != NULL);

    pair = g_hash_table_lookup(self->names, name);
    if (pair != NULL)
        pair->state = state;
}

static gboolean
read_instrument(JsonObject *row, KwKrakenPair *pair, GError **error)
{
    if (!get_decimals(row, "price_precision", &pair->price_decimals, error) ||
        !get_decimals(row, "qty_precision", &pair->lot_decimals, error) ||
        !get_step(row, "price_increment", pair->price_decimals, &pair->market.price_tick,
                  error) ||
        !kw_json_get_decimal(row, "qty_min", &pair->market.min_amount, error) ||
        !kw_kraken_get_decimal_or_zero(row, "cost_min", &pair->market.min_cost, error))
        return FALSE;
    pair->market.amount_tick = (KwDecimal){1, pair->lot_decimals};
    pair->state = kw_kraken_pair_state_from_string(kw_kraken_get_text(row, "status"));
    return TRUE;
}

static gboolean
has_equal_steps(const KwKrakenPair *a, const KwKrakenPair *b)
{
    return a->price_decimals == b->price_decimals && a->lot_decimals == b->lot_decimals &&
           a->cost_decimals == b->cost_decimals &&
           kw_decimal_cmp(a->market.price_tick, b->market.price_tick) == 0;
}

static KwKrakenChangeFlags
compare(const KwKrakenPair *before, const KwKrakenPair *after)
{
    gboolean was_absent = before->state == KW_KRAKEN_PAIR_ABSENT;
    KwKrakenChangeFlags flags = 0;

    if (before->state != after->state)
        flags |= after->state == KW_KRAKEN_PAIR_ABSENT ? KW_KRAKEN_CHANGE_GONE
                 : was_absent                          ? KW_KRAKEN_CHANGE_BACK
                                                       : KW_KRAKEN_CHANGE_STATE;
    if (!has_equal_steps(before, after))
        flags |= KW_KRAKEN_CHANGE_STEPS;
    if (kw_decimal_cmp(before->market.min_amount, after->market.min_amount) != 0 ||
        kw_decimal_cmp(before->market.min_cost, after->market.min_cost) != 0)
        flags |= KW_KRAKEN_CHANGE_MINIMA;
    return flags;
}

guint
kw_kraken_pairs_update(KwKrakenPairs *self, JsonObject *data)
{
    JsonArray *rows = NULL;
    guint n_changed = 0;

    g_return_val_if_fail(self != NULL && data != NULL, 0);

    if (!kw_json_get_array(data, "pairs", &rows, NULL))
        return 0;
    for (guint i = 0; i < json_array_get_length(rows); i++) {
        const gchar *symbol = NULL;
        JsonObject *row = NULL;
        KwKrakenPair *pair, changed;

        if (!kw_json_at_object(rows, i, &row, NULL) ||
            !kw_json_get_string(row, "symbol", &symbol, NULL))
            continue;
        pair = g_hash_table_lookup(self->names, symbol);
        if (pair == NULL)
            continue;
        changed = *pair;
        if (!read_instrument(row, &changed, NULL) || compare(pair, &changed) == 0)
            continue;
        *pair = changed;
        n_changed++;
    }
    return n_changed;
}

GArray *
kw_kraken_pairs_take_over(KwKrakenPairs *self, const KwKrakenPairs *fresh)
{
    g_autoptr(GArray) changes = g_array_new(FALSE, FALSE, sizeof(KwKrakenChange));

    g_return_val_if_fail(self != NULL && fresh != NULL, g_steal_pointer(&changes));

    for (guint i = 0; i < self->records->len; i++) {
        KwKrakenPair *pair = g_ptr_array_index(self->records, i);
        const KwKrakenPair *now = kw_kraken_pairs_find(fresh, pair->market.name);
        KwKrakenChange change = {.before = *pair, .after = now != NULL ? *now : *pair};

        if (now == NULL)
            change.after.state = KW_KRAKEN_PAIR_ABSENT;
        *pair = change.after;
        change.flags = compare(&change.before, &change.after);
        if (change.flags != 0)
            g_array_append_val(changes, change);
    }
    for (guint i = 0; i < fresh->records->len; i++) {
        const KwKrakenPair *now = g_ptr_array_index(fresh->records, i);

        if (kw_kraken_pairs_find(self, now->market.name) == NULL)
            add_record(self, g_memdup2(now, sizeof *now));
    }
    return g_steal_pointer(&changes);
}

/* -- orders -- */

gboolean
kw_kraken_pair_fit_price(
    const KwKrakenPair *self, KwSide side, KwDecimal price, KwDecimal *out, GError **error)
{
    const KwRounding rounding = side == KW_SIDE_BUY ? KW_ROUND_DOWN : KW_ROUND_UP;
    KwDecimal fitted;

    g_return_val_if_fail(self != NULL && out != NULL, FALSE);

    if (!kw_decimal_to_tick(price, self->market.price_tick, rounding, &fitted, error))
        return FALSE;
    if (kw_decimal_sign(fitted) > 0) {
        *out = fitted;
        return TRUE;
    }
    g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE, "price: below one step");
    return FALSE;
}

gboolean
kw_kraken_pair_fit_amount(
    const KwKrakenPair *self, KwDecimal price, KwDecimal amount, KwDecimal *out, GError **error)
{
    KwDecimal fitted, cost;

    g_return_val_if_fail(self != NULL && out != NULL, FALSE);

    if (!kw_decimal_rescale(amount, self->lot_decimals, KW_ROUND_DOWN, &fitted, error) ||
        !kw_decimal_mul(price, fitted, self->cost_decimals, KW_ROUND_DOWN, &cost, error))
        return FALSE;
    if (kw_decimal_sign(fitted) <= 0 || kw_decimal_cmp(fitted, self->market.min_amount) < 0) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE,
                            "amount: below the minimum");
        return FALSE;
    }
    if (kw_decimal_cmp(cost, self->market.min_cost) < 0) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE,
                            "cost: below the minimum");
        return FALSE;
    }
    *out = fitted;
    return TRUE;
}
