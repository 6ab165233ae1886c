#define G_LOG_DOMAIN "kw-engine"

#include "kw-arrival.h"

#include "kw-log.h"
#include "kw-restore.h"
#include "kw-version.h"

#include <string.h>

#define META_N_CRASHES "n_crashes"
#define META_VERSION "program_version"

static const gchar *
get_meta(const KwArrival *self, const gchar *key)
{
    return g_hash_table_lookup(self->state->meta, key);
}

/* A run without a goodbye counts as a crash, also when the power went. */
static gboolean
is_after_crash(const KwArrival *self)
{
    return self->state->has_start &&
           g_strcmp0(get_meta(self, KW_ARRIVAL_META_CLEAN_END), "yes") != 0;
}

/* F86: an upgrade stands in the books, so that what came after it can be told from before. */
static void
add_version(const KwArrival *self, KwBatch *batch, gint64 now_us)
{
    const gchar *before = get_meta(self, META_VERSION);
    g_autofree gchar *change = NULL;

    if (g_strcmp0(before, KW_VERSION) == 0)
        return;
    kw_batch_add_meta(batch, META_VERSION, KW_VERSION, now_us);
    change = g_strdup_printf("%s -> %s", before != NULL ? before : "-", KW_VERSION);
    kw_batch_add_audit(batch, now_us, self->book->settings->mode, "engine", "version", change);
    if (before == NULL)
        return;
    kw_log_message("another version of the program", "KW_VALUE", change);
    kw_herald_tell_version(self->herald, before);
}

/* Back on paper, with a trade of real money still open: it has its stop at the exchange, and
 * nothing else. */
static void
tell_left_trades(const KwArrival *self)
{
    g_auto(GStrv) pairs = NULL;

    if (self->book->settings->mode == KW_MODE_LIVE)
        return;
    pairs = kw_store_find_open_pairs(kw_store_get_root(self->store), KW_MODE_LIVE);
    for (guint i = 0; pairs[i] != NULL; i++) {
        kw_log_critical("a trade with real money is open, and this is paper", "KW_PAIR",
                        pairs[i]);
        kw_herald_tell_order(self->herald, "live_left", pairs[i]);
    }
}

KwBatch *
kw_arrival_tell(const KwArrival *self)
{
    KwBatch *batch = kw_batch_new();
    KwBook *book = self->book;
    gint64 now_us = kw_clock_now_us(book->clock);
    gboolean is_crash = is_after_crash(self);
    guint64 n_lost = kw_store_get_n_lost_rows(self->store);
    gchar n_crashes[16];

    kw_herald_tell_started(self->herald,
                           is_crash ? KW_HERALD_AFTER_CRASH : KW_HERALD_AFTER_END);
    book->n_crashes = (guint) kw_restore_get_int(self->state, META_N_CRASHES, 0) + is_crash;
    (void) g_snprintf(n_crashes, sizeof n_crashes, "%u", book->n_crashes);
    kw_batch_add_meta(batch, META_N_CRASHES, n_crashes, now_us);
    kw_batch_add_meta(batch, KW_ARRIVAL_META_CLEAN_END, "no", now_us);
    add_version(self, batch, now_us);
    if (self->state->has_start &&
        kw_decimal_cmp(self->state->starting_capital, book->settings->starting_capital) != 0)
        kw_herald_tell_capital(self->herald, self->state->starting_capital);
    if (n_lost > 0)
        kw_herald_tell_lost_rows(self->herald, n_lost);
    kw_herald_tell_unlisted(self->herald);
    tell_left_trades(self);
    if (self->resume_us != 0)
        kw_herald_repeat_trades(self->herald);
    return batch;
}
