/* kw-kraken-memory.c: tables with an order of forgetting
 *
 * After its first frame an order's news carry ids and what has changed, nothing else; and a new
 * connection repeats executions of before. The tables are bounded, and when one is full the
 * oldest entry goes: clearing them would let old executions through again. The order manager
 * drops repeats by their id as well; this is the first of two nets.
 *
 * Executions never change, so the last ones are kept whole: an order of many small executions
 * is looked up again and again while something is in doubt, and asking for all of them each
 * time would use up the calls that the exchange allows. */
#include "kw-kraken-memory.h"

#include <string.h>

#define MAX_KNOWN 4096
#define MAX_EXECS 65536
#define MAX_FILLS 2048

struct _KwKrakenMemory {
    GHashTable *by_venue; /* owned: venue id to KwKrakenKnown */
    GQueue known;         /* borrowed; oldest first */
    GHashTable *execs;    /* owned: execution ids */
    GQueue exec_order;    /* borrowed; oldest first */
    GHashTable *fills;    /* owned: execution id to KwFill */
    GQueue fill_order;    /* borrowed; oldest first */
};

KwKrakenMemory *
kw_kraken_memory_new(void)
{
    KwKrakenMemory *self = g_new0(KwKrakenMemory, 1);

    g_queue_init(&self->known);
    g_queue_init(&self->exec_order);
    g_queue_init(&self->fill_order);
    self->fills = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    self->by_venue = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    self->execs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return self;
}

void
kw_kraken_memory_free(KwKrakenMemory *self)
{
    if (self == NULL)
        return;
    g_queue_clear(&self->known);
    g_queue_clear(&self->exec_order);
    g_queue_clear(&self->fill_order);
    g_clear_pointer(&self->fills, g_hash_table_unref);
    g_clear_pointer(&self->by_venue, g_hash_table_unref);
    g_clear_pointer(&self->execs, g_hash_table_unref);
    g_free(self);
}

KwKrakenKnown *
kw_kraken_memory_know(KwKrakenMemory *self, const gchar *venue_id)
{
    KwKrakenKnown *known;

    g_return_val_if_fail(self != NULL && venue_id != NULL, NULL);

    known = g_hash_table_lookup(self->by_venue, venue_id);
    if (known != NULL)
        return known;
    if (g_queue_get_length(&self->known) >= MAX_KNOWN) {
        KwKrakenKnown *oldest = g_queue_pop_head(&self->known);

        (void) g_hash_table_remove(self->by_venue, oldest->venue_id);
    }
    known = g_new0(KwKrakenKnown, 1);
    (void) g_strlcpy(known->venue_id, venue_id, sizeof known->venue_id);
    known->state = KW_ORDER_STATE_OPEN;
    (void) g_hash_table_insert(self->by_venue, known->venue_id, known);
    g_queue_push_tail(&self->known, known);
    return known;
}

gboolean
kw_kraken_memory_note_exec(KwKrakenMemory *self, const gchar *exec_id)
{
    gchar *kept;

    g_return_val_if_fail(self != NULL && exec_id != NULL, FALSE);

    if (g_hash_table_contains(self->execs, exec_id))
        return FALSE;
    if (g_queue_get_length(&self->exec_order) >= MAX_EXECS)
        (void) g_hash_table_remove(self->execs, g_queue_pop_head(&self->exec_order));
    kept = g_strdup(exec_id);
    (void) g_hash_table_add(self->execs, kept);
    g_queue_push_tail(&self->exec_order, kept);
    return TRUE;
}

void
kw_kraken_memory_keep_fill(KwKrakenMemory *self, const KwFill *fill)
{
    KwFill *kept;

    g_return_if_fail(self != NULL && fill != NULL);

    if (*fill->client_id == '\0' || *fill->pair == '\0' ||
        g_hash_table_contains(self->fills, fill->exec_id))
        return;
    if (g_queue_get_length(&self->fill_order) >= MAX_FILLS) {
        const KwFill *oldest = g_queue_pop_head(&self->fill_order);

        (void) g_hash_table_remove(self->fills, oldest->exec_id);
    }
    kept = g_memdup2(fill, sizeof *fill);
    (void) g_hash_table_insert(self->fills, kept->exec_id, kept);
    g_queue_push_tail(&self->fill_order, kept);
}

const KwFill *
kw_kraken_memory_find_fill(const KwKrakenMemory *self, const gchar *exec_id)
{
    g_return_val_if_fail(self != NULL && exec_id != NULL, NULL);

    return g_hash_table_lookup(self->fills, exec_id);
}

static void
learn(const KwKrakenReport *news, KwKrakenKnown *known)
{
    if (*news->client_id != '\0')
        memcpy(known->client_id, news->client_id, sizeof known->client_id);
    if (*news->symbol != '\0')
        memcpy(known->pair, news->symbol, sizeof known->pair);
    if (news->has_side)
        known->side = news->side;
    if (news->has_state && !kw_order_state_is_final(known->state))
        known->state = news->state;
}

static void
add_fill(const KwKrakenReport *news, const KwKrakenKnown *known, KwBrokerReport *out)
{
    KwFill *fill = &out->fills[out->n_fills++];

    memcpy(fill->exec_id, news->exec_id, sizeof fill->exec_id);
    memcpy(fill->client_id, known->client_id, sizeof fill->client_id);
    memcpy(fill->pair, known->pair, sizeof fill->pair);
    fill->mode = KW_MODE_LIVE;
    fill->side = known->side;
    fill->price = news->price;
    fill->amount = news->amount;
    fill->fee = news->fee;
    fill->time_us = news->time_us;
}

gboolean
kw_kraken_memory_complete(KwKrakenMemory *self, const KwKrakenReport *news, KwBrokerReport *out)
{
    gboolean is_fill;
    KwKrakenKnown *known;

    g_return_val_if_fail(self != NULL && news != NULL && out != NULL, FALSE);

    is_fill = *news->exec_id != '\0';
    known = kw_kraken_memory_know(self, news->order_id);
    learn(news, known);
    if (is_fill && !kw_kraken_memory_note_exec(self, news->exec_id))
        return FALSE;
    *out = (KwBrokerReport){.state = known->state};
    memcpy(out->client_id, known->client_id, sizeof out->client_id);
    memcpy(out->venue_id, known->venue_id, sizeof out->venue_id);
    (void) g_strlcpy(out->message, news->reason, sizeof out->message);
    if (!is_fill)
        return TRUE;
    /* whether an execution was the last one, the order's own news tell */
    if (!kw_order_state_is_final(out->state))
        out->state = KW_ORDER_STATE_PARTIAL;
    add_fill(news, known, out);
    return TRUE;
}

void
kw_kraken_memory_each_working(KwKrakenMemory *self,
                              void (*func)(const KwKrakenKnown *known, gpointer user_data),
                              gpointer user_data)
{
    g_return_if_fail(self != NULL && func != NULL);

    for (GList *link = self->known.head; link != NULL; link = link->next) {
        const KwKrakenKnown *known = link->data;

        if (!kw_order_state_is_final(known->state) && *known->client_id != '\0')
            func(known, user_data);
    }
}
