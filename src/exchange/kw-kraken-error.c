/* kw-kraken-error.c: a table, matched by the longest beginning
 *
 * Kraken's texts are "ECategory:Text" with more after another ':' at times. The table has the
 * texts in one normal form: lower case, no blanks round ':'. A new text of a known category
 * counts as unknown on purpose: whether an order may exist must never be guessed towards "no".
 */
#include "kw-kraken-error.h"

#include <string.h>

static const struct {
    const gchar *text;
    KwKrakenKind kind;
    gboolean order_may_exist;
} rows[] = {
    {"eapi:invalid key", KW_KRAKEN_AUTH, FALSE},
    {"eapi:invalid signature", KW_KRAKEN_AUTH, FALSE},
    {"eapi:invalid nonce", KW_KRAKEN_NONCE, TRUE},
    {"eapi:rate limit exceeded", KW_KRAKEN_RATE_REST, FALSE},
    {"eapi:bad request", KW_KRAKEN_BAD_REQUEST, FALSE},
    {"eapi:feature disabled", KW_KRAKEN_BAD_REQUEST, FALSE},
    {"eservice:throttled", KW_KRAKEN_THROTTLED, FALSE},
    {"eservice:unavailable", KW_KRAKEN_TRANSIENT, TRUE},
    {"eservice:busy", KW_KRAKEN_TRANSIENT, TRUE},
    {"eservice:deadline elapsed", KW_KRAKEN_TRANSIENT, TRUE},
    {"eservice:market in", KW_KRAKEN_MARKET, FALSE},
    {"egeneral:too many requests", KW_KRAKEN_RATE_IP, FALSE},
    {"egeneral:temporary lockout", KW_KRAKEN_LOCKOUT, FALSE},
    {"egeneral:permission denied", KW_KRAKEN_PERMISSION, FALSE},
    {"egeneral:invalid arguments:volume minimum not met", KW_KRAKEN_TOO_SMALL, FALSE},
    {"egeneral:invalid arguments:price", KW_KRAKEN_BAD_PRICE, FALSE},
    {"egeneral:invalid arguments", KW_KRAKEN_BAD_REQUEST, FALSE},
    {"egeneral:unknown method", KW_KRAKEN_BAD_REQUEST, FALSE},
    {"egeneral:internal error", KW_KRAKEN_TRANSIENT, TRUE},
    {"edatabase:internal error", KW_KRAKEN_TRANSIENT, TRUE},
    {"eauth:rate limit exceeded", KW_KRAKEN_RATE_IP, FALSE},
    {"eauth:too many requests", KW_KRAKEN_RATE_IP, FALSE},
    {"eauth:account temporary disabled", KW_KRAKEN_ACCOUNT, FALSE},
    {"eauth:account unconfirmed", KW_KRAKEN_ACCOUNT, FALSE},
    {"etrade:locked", KW_KRAKEN_ACCOUNT, FALSE},
    {"etrade:user locked", KW_KRAKEN_ACCOUNT, FALSE},
    {"etrade:invalid request", KW_KRAKEN_BAD_REQUEST, FALSE},
    {"eaccount:invalid permissions", KW_KRAKEN_ACCOUNT, FALSE},
    {"equery:unknown asset pair", KW_KRAKEN_BAD_PAIR, FALSE},
    {"equery:invalid asset pair", KW_KRAKEN_BAD_PAIR, FALSE},
    {"equery:unknown asset", KW_KRAKEN_BAD_PAIR, FALSE},
    {"eorder:insufficient funds", KW_KRAKEN_FUNDS, FALSE},
    {"eorder:order minimum not met", KW_KRAKEN_TOO_SMALL, FALSE},
    {"eorder:cost minimum not met", KW_KRAKEN_TOO_SMALL, FALSE},
    {"eorder:tick size check failed", KW_KRAKEN_BAD_PRICE, FALSE},
    {"eorder:invalid price", KW_KRAKEN_BAD_PRICE, FALSE},
    {"eorder:rate limit exceeded", KW_KRAKEN_RATE_ENGINE, FALSE},
    {"eorder:domain rate limit exceeded", KW_KRAKEN_RATE_ENGINE, FALSE},
    {"eorder:orders limit exceeded", KW_KRAKEN_TOO_MANY_ORDERS, FALSE},
    {"eorder:scheduled orders limit exceeded", KW_KRAKEN_TOO_MANY_ORDERS, FALSE},
    {"eorder:unknown order", KW_KRAKEN_UNKNOWN_ORDER, FALSE},
    {"eorder:cancel pending", KW_KRAKEN_PENDING, TRUE},
    {"eorder:post only order", KW_KRAKEN_POST_ONLY, FALSE},
    {"eorder:cannot open position", KW_KRAKEN_MARGIN, FALSE},
    {"eorder:cannot open opposing position", KW_KRAKEN_MARGIN, FALSE},
    {"eorder:margin", KW_KRAKEN_MARGIN, FALSE},
    {"eorder:insufficient margin", KW_KRAKEN_MARGIN, FALSE},
    {"eorder:positions limit exceeded", KW_KRAKEN_MARGIN, FALSE},
    {"eorder:reduce only", KW_KRAKEN_MARGIN, FALSE},
};

static const gchar *const kind_names[KW_N_KRAKEN_KINDS] = {
    [KW_KRAKEN_AUTH] = "auth",
    [KW_KRAKEN_NONCE] = "nonce",
    [KW_KRAKEN_RATE_REST] = "rate_rest",
    [KW_KRAKEN_THROTTLED] = "throttled",
    [KW_KRAKEN_RATE_IP] = "rate_ip",
    [KW_KRAKEN_LOCKOUT] = "lockout",
    [KW_KRAKEN_PERMISSION] = "permission",
    [KW_KRAKEN_ACCOUNT] = "account",
    [KW_KRAKEN_BAD_REQUEST] = "bad_request",
    [KW_KRAKEN_BAD_PAIR] = "bad_pair",
    [KW_KRAKEN_FUNDS] = "funds",
    [KW_KRAKEN_TOO_SMALL] = "too_small",
    [KW_KRAKEN_BAD_PRICE] = "bad_price",
    [KW_KRAKEN_RATE_ENGINE] = "rate_engine",
    [KW_KRAKEN_TOO_MANY_ORDERS] = "too_many_orders",
    [KW_KRAKEN_UNKNOWN_ORDER] = "unknown_order",
    [KW_KRAKEN_PENDING] = "pending",
    [KW_KRAKEN_POST_ONLY] = "post_only",
    [KW_KRAKEN_MARKET] = "market",
    [KW_KRAKEN_MARGIN] = "margin",
    [KW_KRAKEN_TRANSIENT] = "transient",
    [KW_KRAKEN_UNKNOWN] = "unknown",
};

/* (transfer full): lower case, no blanks at the ends and round ':' */
static gchar *
normalize(const gchar *text)
{
    g_auto(GStrv) parts = g_strsplit(text, ":", -1);
    g_autofree gchar *joined = NULL;

    for (guint i = 0; parts[i] != NULL; i++)
        (void) g_strstrip(parts[i]);
    joined = g_strjoinv(":", parts);
    return g_ascii_strdown(joined, -1);
}

/* Whole words: "eorder:margin" fits "eorder:margin allowance exceeded", not "…marginal". */
static gboolean
begins_with(const gchar *text, const gchar *row)
{
    gsize length = strlen(row);

    return strncmp(text, row, length) == 0 && !g_ascii_isalnum(text[length]);
}

static gint64
read_until(const gchar *text)
{
    const gchar *last = strrchr(text, ':');
    guint64 until = 0;

    if (!g_ascii_string_to_unsigned(last + 1, 10, 0, G_MAXINT32, &until, NULL))
        return 0;
    return (gint64) until;
}

KwKrakenTrouble
kw_kraken_classify(const gchar *text)
{
    KwKrakenTrouble trouble = {.kind = KW_KRAKEN_UNKNOWN, .order_may_exist = TRUE};
    g_autofree gchar *normal = NULL;
    gsize longest = 0;

    g_return_val_if_fail(text != NULL, trouble);

    normal = normalize(text);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (strlen(rows[i].text) <= longest || !begins_with(normal, rows[i].text))
            continue;
        longest = strlen(rows[i].text);
        trouble.kind = rows[i].kind;
        trouble.order_may_exist = rows[i].order_may_exist;
    }
    if (trouble.kind == KW_KRAKEN_THROTTLED)
        trouble.until_s = read_until(normal);
    return trouble;
}

const gchar *
kw_kraken_kind_to_string(KwKrakenKind kind)
{
    return kind_names[kind];
}

gboolean
kw_kraken_kind_may_pass(KwKrakenKind kind)
{
    return kind == KW_KRAKEN_NONCE || kind == KW_KRAKEN_RATE_REST ||
           kind == KW_KRAKEN_THROTTLED || kind == KW_KRAKEN_RATE_IP ||
           kind == KW_KRAKEN_RATE_ENGINE || kind == KW_KRAKEN_TRANSIENT;
}

gboolean
kw_kraken_kind_is_fatal(KwKrakenKind kind)
{
    return kind == KW_KRAKEN_AUTH || kind == KW_KRAKEN_LOCKOUT ||
           kind == KW_KRAKEN_PERMISSION || kind == KW_KRAKEN_ACCOUNT;
}
