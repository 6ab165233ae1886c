/* kw-pair.c: names of pairs, and what a typical spot market asks of their orders
 *
 * An exchange tells its own steps and minima; until one has been asked (paper trading, replay,
 * tests) the tables here stand in. The price steps are the finer ones of two large exchanges,
 * so recorded prices of both lie on them; minima are those of Kraken's public list. A currency
 * that is not in the table gets the finest step and no minimum amount: a paper order is then
 * never refused for a limit that we made up. */
#include "kw-pair.h"

#include "kw-error.h"

#include <string.h>

/* clang-format off */
#define DEC(m, s) {.mant = (m), .scale = (s)}
/* clang-format on */

typedef struct {
    const gchar *base;
    KwDecimal price_tick; /* against a dollar, dollar token or euro */
    KwDecimal amount_tick;
    KwDecimal min_amount;
} BaseTerms;

typedef struct {
    const gchar *quote;
    KwDecimal min_cost;
    gboolean fiat_like; /* the price steps of BaseTerms hold */
} QuoteTerms;

static const BaseTerms base_table[] = {
    {"AAVE", DEC(1, 2), DEC(1, 8), DEC(5, 2)},  {"ADA", DEC(1, 6), DEC(1, 8), DEC(10, 0)},
    {"ALGO", DEC(1, 5), DEC(1, 8), DEC(25, 0)}, {"ATOM", DEC(1, 4), DEC(1, 8), DEC(5, 1)},
    {"AVAX", DEC(1, 2), DEC(1, 8), DEC(1, 1)},  {"BCH", DEC(1, 2), DEC(1, 8), DEC(25, 3)},
    {"BNB", DEC(1, 2), DEC(1, 8), DEC(1, 2)},   {"BTC", DEC(1, 2), DEC(1, 8), DEC(1, 4)},
    {"DOGE", DEC(1, 7), DEC(1, 8), DEC(60, 0)}, {"DOT", DEC(1, 4), DEC(1, 8), DEC(6, 1)},
    {"ETC", DEC(1, 3), DEC(1, 8), DEC(3, 1)},   {"ETH", DEC(1, 2), DEC(1, 8), DEC(2, 3)},
    {"FIL", DEC(1, 3), DEC(1, 8), DEC(1, 0)},   {"LINK", DEC(1, 5), DEC(1, 8), DEC(2, 1)},
    {"LTC", DEC(1, 2), DEC(1, 8), DEC(5, 2)},   {"NEAR", DEC(1, 3), DEC(1, 8), DEC(15, 1)},
    {"SOL", DEC(1, 2), DEC(1, 8), DEC(5, 2)},   {"TRX", DEC(1, 6), DEC(1, 8), DEC(45, 0)},
    {"UNI", DEC(1, 3), DEC(1, 8), DEC(5, 1)},   {"USDC", DEC(1, 4), DEC(1, 8), DEC(5, 0)},
    {"USDT", DEC(1, 5), DEC(1, 8), DEC(10, 0)}, {"XLM", DEC(1, 6), DEC(1, 8), DEC(40, 0)},
    {"XMR", DEC(1, 2), DEC(1, 8), DEC(35, 3)},  {"XRP", DEC(1, 5), DEC(1, 8), DEC(10, 0)},
};

static const BaseTerms base_unknown = {"", DEC(1, 8), DEC(1, 8), DEC(0, 0)};

static const QuoteTerms quote_table[] = {
    {"EUR", DEC(45, 2), TRUE},
    {"USD", DEC(5, 1), TRUE},
    {"USDC", DEC(5, 1), TRUE},
    {"USDT", DEC(5, 1), TRUE},
};

static const QuoteTerms quote_unknown = {"", DEC(0, 0), FALSE};

/* Other names of the same currency */
static const struct {
    const gchar *alias;
    const gchar *name;
} alias_table[] = {
    {"XBT", "BTC"},
    {"XDG", "DOGE"},
};

static const BaseTerms *
find_base(const gchar *base)
{
    for (gsize i = 0; i < G_N_ELEMENTS(base_table); i++) {
        if (strcmp(base_table[i].base, base) == 0)
            return &base_table[i];
    }
    return &base_unknown;
}

static const QuoteTerms *
find_quote(const gchar *quote)
{
    for (gsize i = 0; i < G_N_ELEMENTS(quote_table); i++) {
        if (strcmp(quote_table[i].quote, quote) == 0)
            return &quote_table[i];
    }
    return &quote_unknown;
}

#define MAX_CURRENCY_LENGTH 11 /* two of them, the slash and the terminator fill a name */

/* (transfer full) (nullable): @text upper case and without alias, if it names a currency */
static gchar *
canonical_currency(const gchar *text, gsize length)
{
    g_autofree gchar *upper = NULL;

    if (length == 0 || length > MAX_CURRENCY_LENGTH)
        return NULL;
    for (gsize i = 0; i < length; i++) {
        if (!g_ascii_isalnum(text[i]))
            return NULL;
    }
    upper = g_ascii_strup(text, (gssize) length);
    for (gsize i = 0; i < G_N_ELEMENTS(alias_table); i++) {
        if (strcmp(alias_table[i].alias, upper) == 0)
            return g_strdup(alias_table[i].name);
    }
    return g_steal_pointer(&upper);
}

gboolean
kw_pair_init(KwPair *self, const gchar *name, GError **error)
{
    g_autofree gchar *base = NULL, *quote = NULL;
    const BaseTerms *base_terms;
    const QuoteTerms *quote_terms;
    const gchar *slash;
    KwPair pair = {0};

    g_return_val_if_fail(self != NULL && name != NULL, FALSE);

    slash = strchr(name, '/');
    if (slash != NULL) {
        base = canonical_currency(name, (gsize) (slash - name));
        quote = canonical_currency(slash + 1, strlen(slash + 1));
    }
    if (base == NULL || quote == NULL || strcmp(base, quote) == 0) {
        g_autofree gchar *excerpt = g_strescape(name, NULL);

        g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX,
                    "'%.40s' is no pair of the form BASE/QUOTE", excerpt);
        return FALSE;
    }
    base_terms = find_base(base);
    quote_terms = find_quote(quote);
    (void) g_snprintf(pair.name, sizeof pair.name, "%s/%s", base, quote);
    pair.price_tick = quote_terms->fiat_like ? base_terms->price_tick : base_unknown.price_tick;
    pair.amount_tick = base_terms->amount_tick;
    pair.min_amount = base_terms->min_amount;
    pair.min_cost = quote_terms->min_cost;
    pair.gap_meaning = KW_GAP_OUTAGE;
    *self = pair;
    return TRUE;
}

const gchar *
kw_pair_get_base(const KwPair *self, gchar *buffer)
{
    gchar *slash;

    (void) g_strlcpy(buffer, self->name, KW_PAIR_NAME_SIZE);
    slash = strchr(buffer, '/');
    if (slash != NULL)
        *slash = '\0';
    return buffer;
}

const gchar *
kw_pair_get_quote(const KwPair *self, gchar *buffer)
{
    const gchar *slash = strchr(self->name, '/');

    (void) g_strlcpy(buffer, slash != NULL ? slash + 1 : "", KW_PAIR_NAME_SIZE);
    return buffer;
}
