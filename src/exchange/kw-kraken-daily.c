/* kw-kraken-daily.c: reads the directory again, tells the difference, then asks for the fees
 *
 * The directory is one public answer that is whole or an error, so a pair that is missing in it
 * is gone. Fees are a private call that may fail by itself (a right, a limit); then the pairs
 * are still told, and the fees that are known go on to count. */
#include "kw-kraken-daily.h"

#include "kw-kraken-account.h"
#include "kw-kraken-directory.h"

#include <string.h>

typedef struct {
    KwKrakenPairs *pairs; /* borrowed */
    GStrv watched;        /* owned */
    KwKrakenDaily *daily; /* owned; NULL before the directory was read */
} Round;

static void
round_free(gpointer data)
{
    Round *self = data;

    g_clear_pointer(&self->watched, g_strfreev);
    g_clear_pointer(&self->daily, kw_kraken_daily_free);
    g_free(self);
}

void
kw_kraken_daily_free(KwKrakenDaily *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->changes, g_array_unref);
    g_clear_pointer(&self->tiers, g_array_unref);
    g_clear_error(&self->fee_error);
    g_free(self);
}

static void
return_daily(GTask *task)
{
    Round *round = g_task_get_task_data(task);

    g_task_return_pointer(task, g_steal_pointer(&round->daily),
                          (GDestroyNotify) kw_kraken_daily_free);
    g_object_unref(task);
}

/* -- fees -- */

static gboolean
add_tier(Round *round, JsonObject *result, const gchar *name, gint64 now_us, GError **error)
{
    const KwKrakenPair *pair = kw_kraken_pairs_find(round->pairs, name);
    KwFeeTier tier = {.checked_us = now_us, .since_us = now_us};
    KwKrakenFees fees;

    if (pair == NULL || pair->state == KW_KRAKEN_PAIR_ABSENT)
        return TRUE;
    if (!kw_kraken_read_fees(result, pair->id, &fees, error)) {
        g_prefix_error(error, "%s: ", pair->market.name);
        return FALSE;
    }
    memcpy(tier.pair, pair->market.name, sizeof tier.pair);
    tier.taker_ratio = fees.taker_ratio;
    tier.maker_ratio = fees.maker_ratio;
    tier.volume_usd = fees.volume;
    g_array_append_val(round->daily->tiers, tier);
    return TRUE;
}

static void
on_volume(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GTask *task = user_data;
    Round *round = g_task_get_task_data(task);
    KwKraken *kraken = KW_KRAKEN(source);
    g_auto(KwKrakenAnswer) answer = {0};
    JsonObject *object = NULL;
    GError **error = &round->daily->fee_error;

    if (kw_kraken_finish(kraken, result, &answer, error))
        object = kw_kraken_answer_get_object(&answer, error);
    for (guint i = 0; object != NULL && round->watched[i] != NULL; i++) {
        if (!add_tier(round, object, round->watched[i], kw_kraken_get_server_us(kraken), error))
            break;
    }
    if (*error != NULL)
        g_array_set_size(round->daily->tiers, 0);
    return_daily(task);
}

/* (transfer full): one that is gone would make Kraken refuse the whole question */
static gchar *
join_listed(const Round *round)
{
    g_autoptr(GString) list = g_string_new(NULL);

    for (guint i = 0; round->watched[i] != NULL; i++) {
        const KwKrakenPair *pair = kw_kraken_pairs_find(round->pairs, round->watched[i]);

        if (pair == NULL || pair->state == KW_KRAKEN_PAIR_ABSENT)
            continue;
        g_string_append_printf(list, "%s%s", list->len > 0 ? "," : "", pair->alt);
    }
    return g_string_free(g_steal_pointer(&list), FALSE);
}

static void
ask_fees(KwKraken *kraken, GTask *task)
{
    g_autofree gchar *list = join_listed(g_task_get_task_data(task));
    const gchar *const fields[] = {"pair", list, NULL};

    if (!kw_kraken_has_key(kraken) || *list == '\0')
        return_daily(task);
    else
        kw_kraken_call_async(kraken, "TradeVolume", fields, g_task_get_cancellable(task),
                             on_volume, task);
}

/* -- pairs -- */

static gboolean
is_watched(const Round *round, const KwKrakenPair *pair)
{
    for (guint i = 0; round->watched[i] != NULL; i++) {
        if (kw_kraken_pairs_find(round->pairs, round->watched[i]) ==
            kw_kraken_pairs_find(round->pairs, pair->market.name))
            return TRUE;
    }
    return FALSE;
}

static void
on_directory(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GTask *task = user_data;
    Round *round = g_task_get_task_data(task);
    GError *error = NULL;
    g_autoptr(KwKrakenPairs) fresh =
        kw_kraken_directory_finish(KW_KRAKEN(source), result, &error);
    g_autoptr(GArray) all = NULL;

    if (fresh == NULL) {
        g_task_return_error(task, error);
        g_object_unref(task);
        return;
    }
    round->daily = g_new0(KwKrakenDaily, 1);
    round->daily->changes = g_array_new(FALSE, FALSE, sizeof(KwKrakenChange));
    round->daily->tiers = g_array_new(FALSE, FALSE, sizeof(KwFeeTier));
    all = kw_kraken_pairs_take_over(round->pairs, fresh);
    for (guint i = 0; i < all->len; i++) {
        const KwKrakenChange *change = &g_array_index(all, KwKrakenChange, i);

        if (is_watched(round, &change->after))
            g_array_append_val(round->daily->changes, *change);
    }
    ask_fees(KW_KRAKEN(source), task);
}

void
kw_kraken_daily_async(KwKraken *kraken,
                      KwKrakenPairs *pairs,
                      const gchar *const *watched,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
    GTask *task;
    Round *round;

    g_return_if_fail(KW_IS_KRAKEN(kraken) && pairs != NULL && watched != NULL);

    task = g_task_new(kraken, cancellable, callback, user_data);
    round = g_new0(Round, 1);
    round->pairs = pairs;
    round->watched = g_strdupv((gchar **) watched);
    g_task_set_source_tag(task, kw_kraken_daily_async);
    g_task_set_task_data(task, round, round_free);
    kw_kraken_directory_async(kraken, cancellable, on_directory, task);
}

KwKrakenDaily *
kw_kraken_daily_finish(KwKraken *kraken, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, kraken), NULL);

    return g_task_propagate_pointer(G_TASK(result), error);
}
