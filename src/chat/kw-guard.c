/* kw-guard.c: the fences between a channel and the dialog
 *
 * Order of the fences: a stranger costs nothing, is told nothing and is remembered nowhere, so
 * that he can push out no memory of others. A duplicate is dropped before it is counted, since
 * a channel that delivers twice is not the owner's fault. A message that was refused is
 * remembered as well: the owner was told that it does not count, so it must not act when the
 * channel delivers it again.
 *
 * The rate is exact over any 60 seconds (the times of the last messages of each sender), where
 * a token bucket would let twice as many through in its first minute. Senders are bounded by
 * the allow-list. */
#include "kw-guard.h"

#include <string.h>

#define WINDOW_US (60 * G_USEC_PER_SEC)

struct _KwGuard {
    KwClock *clock;                     /* owned */
    GHashTable *senders;                /* owned: name -> Sender, owned: the allow-list */
    GHashTable *known;                  /* owned: set of the keys in ring, borrowed */
    gchar *ring[KW_GUARD_N_REMEMBERED]; /* owned; NULL: not used yet */
    guint next;                         /* place in ring */
    guint64 counts[KW_N_GUARD_VERDICTS];
};

typedef struct {
    gint64 times_us[KW_GUARD_PER_MINUTE]; /* monotonic, of the last messages */
    guint n_times;                        /* used in times_us */
    guint next;
    KwGuardRole role;
} Sender;

const gchar *
kw_guard_verdict_to_string(KwGuardVerdict verdict)
{
    switch (verdict) {
    case KW_GUARD_PASS:
        return "pass";
    case KW_GUARD_DENIED:
        return "denied";
    case KW_GUARD_DUPLICATE:
        return "duplicate";
    case KW_GUARD_BROKEN:
        return "broken";
    case KW_GUARD_TOO_LONG:
        return "too_long";
    case KW_GUARD_TOO_MANY:
        return "too_many";
    }
    g_return_val_if_reached("");
}

static void
allow(KwGuard *self, const gchar *const *names, KwGuardRole role)
{
    for (gsize i = 0; names != NULL && names[i] != NULL; i++) {
        Sender *sender = g_new0(Sender, 1);

        sender->role = role;
        g_hash_table_replace(self->senders, g_strdup(names[i]), sender);
    }
}

KwGuard *
kw_guard_new(KwClock *clock, const gchar *const *owners, const gchar *const *readers)
{
    KwGuard *self = NULL;

    g_return_val_if_fail(KW_IS_CLOCK(clock), NULL);

    self = g_new0(KwGuard, 1);
    self->clock = g_object_ref(clock);
    self->senders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    self->known = g_hash_table_new(g_str_hash, g_str_equal);
    allow(self, readers, KW_GUARD_READER);
    allow(self, owners, KW_GUARD_OWNER);
    return self;
}

void
kw_guard_free(KwGuard *self)
{
    if (self == NULL)
        return;
    g_clear_object(&self->clock);
    g_hash_table_unref(self->senders);
    g_hash_table_unref(self->known);
    for (guint i = 0; i < KW_GUARD_N_REMEMBERED; i++)
        g_free(self->ring[i]);
    g_free(self);
}

KwGuardRole
kw_guard_get_role(const KwGuard *self, const gchar *sender)
{
    const Sender *found;

    g_return_val_if_fail(self != NULL, KW_GUARD_STRANGER);

    found = sender != NULL ? g_hash_table_lookup(self->senders, sender) : NULL;
    return found != NULL ? found->role : KW_GUARD_STRANGER;
}

/* Remembers the message. Returns: %FALSE when it was known */
static gboolean
remember(KwGuard *self, const KwChannelMessage *message)
{
    g_autofree gchar *key = NULL;
    gchar **place = &self->ring[self->next];

    if (message->key == NULL)
        return TRUE;
    key = g_strconcat(message->sender, "\n", message->key, NULL);
    if (g_hash_table_contains(self->known, key))
        return FALSE;
    if (*place != NULL)
        (void) g_hash_table_remove(self->known, *place);
    g_free(*place);
    *place = g_steal_pointer(&key);
    (void) g_hash_table_add(self->known, *place);
    self->next = (self->next + 1) % KW_GUARD_N_REMEMBERED;
    return TRUE;
}

static KwGuardVerdict
judge_rate(KwGuard *self, Sender *sender)
{
    gint64 now_us = kw_clock_monotonic_us(self->clock);
    gint64 *oldest_us = &sender->times_us[sender->next];

    if (sender->n_times == KW_GUARD_PER_MINUTE && now_us - *oldest_us < WINDOW_US)
        return KW_GUARD_TOO_MANY;
    *oldest_us = now_us;
    sender->n_times = MIN(sender->n_times + 1, KW_GUARD_PER_MINUTE);
    sender->next = (sender->next + 1) % KW_GUARD_PER_MINUTE;
    return KW_GUARD_PASS;
}

/* Nobody types U+FFFD: it stands for what somebody on the way could not read. */
static gboolean
is_whole(const KwChannelMessage *message)
{
    return g_utf8_validate(message->text, (gssize) message->length, NULL) &&
           g_strstr_len(message->text, (gssize) message->length, "\xEF\xBF\xBD") == NULL;
}

static KwGuardVerdict
judge(KwGuard *self, const KwChannelMessage *message, KwGuardClass seen)
{
    Sender *sender =
        message->sender != NULL ? g_hash_table_lookup(self->senders, message->sender) : NULL;

    if (sender == NULL || message->is_foreign)
        return KW_GUARD_DENIED;
    if (!remember(self, message))
        return KW_GUARD_DUPLICATE;
    if (!is_whole(message))
        return KW_GUARD_BROKEN;
    if (g_utf8_strlen(message->text, (gssize) message->length) > KW_GUARD_MAX_CHARS)
        return KW_GUARD_TOO_LONG;
    return seen == KW_GUARD_HALT ? KW_GUARD_PASS : judge_rate(self, sender);
}

KwGuardVerdict
kw_guard_check(KwGuard *self, const KwChannelMessage *message, KwGuardClass seen)
{
    KwGuardVerdict verdict;

    g_return_val_if_fail(self != NULL, KW_GUARD_DENIED);
    g_return_val_if_fail(message != NULL && message->text != NULL, KW_GUARD_DENIED);

    verdict = judge(self, message, seen);
    self->counts[verdict]++;
    return verdict;
}

guint64
kw_guard_get_count(const KwGuard *self, KwGuardVerdict verdict)
{
    g_return_val_if_fail(self != NULL, 0);
    g_return_val_if_fail((guint) verdict < KW_N_GUARD_VERDICTS, 0);

    return self->counts[verdict];
}
