#include "kw-kraken-form.h"

#include "kw-date.h"
#include "kw-error.h"

#include <string.h>

const gchar *
kw_kraken_form_type(KwOrderType type)
{
    switch (type) {
    case KW_ORDER_TYPE_MARKET:
        return "market";
    case KW_ORDER_TYPE_LIMIT:
    case KW_ORDER_TYPE_POST_ONLY:
        return "limit";
    case KW_ORDER_TYPE_STOP_LOSS:
        return "stop-loss";
    case KW_ORDER_TYPE_TAKE_PROFIT:
        return "take-profit";
    }
    g_return_val_if_reached("");
}

const KwKrakenPair *
kw_kraken_form_fit(const KwKrakenPairs *pairs, KwOrder *order, GError **error)
{
    const KwKrakenPair *pair;

    g_return_val_if_fail(pairs != NULL && order != NULL, NULL);

    pair = kw_kraken_pairs_find(pairs, order->pair);
    if (pair == NULL) {
        g_set_error(error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED,
                    "the exchange does not trade %s", order->pair);
        return NULL;
    }
    if (strlen(order->client_id) > KW_KRAKEN_CLIENT_ID_MAX) {
        g_set_error_literal(error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED,
                            "the client id is too long");
        return NULL;
    }
    if (!kw_kraken_pair_fit_amount(pair, order->price, order->amount, &order->amount, error) ||
        !kw_kraken_pair_fit_price(pair, order->side, order->price, &order->price, error))
        return NULL;
    return pair;
}

gchar *
kw_kraken_form_instant(gint64 time_us)
{
    gint64 of_day_us = time_us % KW_US_PER_DAY;
    gchar day[KW_DATE_TEXT_SIZE];

    (void) kw_date_to_text(kw_date_from_days(time_us / KW_US_PER_DAY), day);
    return g_strdup_printf("%sT%02d:%02d:%02d.%03dZ", day,
                           (gint) (of_day_us / G_TIME_SPAN_HOUR),
                           (gint) (of_day_us / G_TIME_SPAN_MINUTE % 60),
                           (gint) (of_day_us / G_TIME_SPAN_SECOND % 60),
                           (gint) (of_day_us / G_TIME_SPAN_MILLISECOND % 1000));
}
