/* kw-stop-guard.c: counts and marks of stops, by trade
 *
 * What waits at the venue and what should wait there are known elsewhere. Here is what neither
 * tells: which call has no answer, how often a stop was refused, whether a cancelled one was
 * placed again already. Of that the counts and what was told have to outlive the process, or a
 * stop that somebody cancels would be placed again and told as new after each restart. What is
 * being done does not: after a restart a stop is tried first, also one that was left away or
 * whose trade was being sold for want of it. */
#include "kw-stop-guard.h"

#include <string.h>

#define N_FIELDS 8
#define FIRST_PAUSE_US (5 * G_USEC_PER_SEC)
#define MAX_PAUSE_US (60 * G_USEC_PER_SEC)

struct _KwStopGuards {
    GHashTable *guards; /* owned; trade id, in the guard -> owned KwStopGuard */
};

KwStopGuards *
kw_stop_guards_new(void)
{
    KwStopGuards *self = g_new0(KwStopGuards, 1);

    self->guards = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    return self;
}

void
kw_stop_guards_free(KwStopGuards *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->guards);
    g_free(self);
}

KwStopGuard *
kw_stop_guards_find(const KwStopGuards *self, gint64 trade_id)
{
    g_return_val_if_fail(self != NULL, NULL);

    return g_hash_table_lookup(self->guards, &trade_id);
}

KwStopGuard *
kw_stop_guards_get(KwStopGuards *self, gint64 trade_id)
{
    KwStopGuard *guard = kw_stop_guards_find(self, trade_id);

    if (guard != NULL)
        return guard;
    guard = g_new0(KwStopGuard, 1);
    guard->trade_id = trade_id;
    (void) g_hash_table_insert(self->guards, &guard->trade_id, guard);
    return guard;
}

static gint
compare_ids(gconstpointer a, gconstpointer b)
{
    const KwStopGuard *first = *(const KwStopGuard *const *) a;
    const KwStopGuard *second = *(const KwStopGuard *const *) b;

    return (first->trade_id > second->trade_id) - (first->trade_id < second->trade_id);
}

GPtrArray *
kw_stop_guards_list(const KwStopGuards *self)
{
    GPtrArray *list = g_ptr_array_new();
    GHashTableIter iter;
    gpointer value;

    g_return_val_if_fail(self != NULL, list);

    g_hash_table_iter_init(&iter, self->guards);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        g_ptr_array_add(list, value);
    g_ptr_array_sort(list, compare_ids);
    return list;
}

void
kw_stop_guards_drop(KwStopGuards *self, gint64 trade_id)
{
    g_return_if_fail(self != NULL);

    (void) g_hash_table_remove(self->guards, &trade_id);
}

void
kw_stop_guard_pause(KwStopGuard *self, gint64 now_mono_us)
{
    g_return_if_fail(self != NULL);

    self->rest_mono_us =
        now_mono_us + MIN(FIRST_PAUSE_US << MIN(self->n_pauses, 8), MAX_PAUSE_US);
    self->n_pauses++;
}

gboolean
kw_stop_guard_may_tell(KwStopGuard *self, KwStopTold what)
{
    gboolean is_first;

    g_return_val_if_fail(self != NULL, FALSE);

    is_first = (self->told & what) == 0;
    self->told |= what;
    return is_first;
}

/* -- as text -- */

static gboolean
is_worth_a_line(const KwStopGuard *guard)
{
    return guard->n_refused_all > 0 || guard->n_replaced > 0 || guard->told != 0 ||
           guard->was_replaced || guard->has_fired || guard->has_no_target;
}

gchar *
kw_stop_guards_to_text(const KwStopGuards *self)
{
    g_autoptr(GPtrArray) list = kw_stop_guards_list(self);
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < list->len; i++) {
        const KwStopGuard *guard = list->pdata[i];

        if (is_worth_a_line(guard))
            g_string_append_printf(text, "%" G_GINT64_FORMAT " %u %u %u %d %d %d %u\n",
                                   guard->trade_id, guard->n_refused, guard->n_refused_all,
                                   guard->n_replaced, guard->was_replaced, guard->has_fired,
                                   guard->has_no_target, guard->told);
    }
    return g_string_free(text, FALSE);
}

static gboolean
parse_line(const gchar *line, gint64 *out)
{
    g_auto(GStrv) fields = g_strsplit(line, " ", N_FIELDS + 1);

    if (g_strv_length(fields) != N_FIELDS)
        return FALSE;
    for (guint i = 0; i < N_FIELDS; i++)
        if (!g_ascii_string_to_signed(fields[i], 10, 0, i == 0 ? G_MAXINT64 : 1000000, &out[i],
                                      NULL))
            return FALSE;
    return TRUE;
}

guint
kw_stop_guards_restore(KwStopGuards *self, const gchar *text)
{
    g_auto(GStrv) lines = NULL;
    guint n_bad = 0;

    g_return_val_if_fail(self != NULL && text != NULL, 0);

    lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        gint64 values[N_FIELDS];
        KwStopGuard *guard;

        if (*lines[i] == '\0')
            continue;
        if (!parse_line(lines[i], values)) {
            n_bad++;
            continue;
        }
        guard = kw_stop_guards_get(self, values[0]);
        guard->n_refused = (guint) values[1];
        guard->n_refused_all = (guint) values[2];
        guard->n_replaced = (guint) values[3];
        guard->was_replaced = values[4] != 0;
        guard->has_fired = values[5] != 0;
        guard->has_no_target = values[6] != 0;
        guard->told = (guint) values[7];
    }
    return n_bad;
}
