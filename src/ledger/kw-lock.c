#include "kw-lock.h"

#include <string.h>

struct _KwLockList {
    GArray *locks; /* of KwLock */
};

static KwLock *
lock_at(const KwLockList *self, guint index)
{
    return &g_array_index(self->locks, KwLock, index);
}

KwLockList *
kw_lock_list_new(void)
{
    KwLockList *self = g_new0(KwLockList, 1);

    self->locks = g_array_new(FALSE, FALSE, sizeof(KwLock));
    return self;
}

void
kw_lock_list_free(KwLockList *self)
{
    if (self == NULL)
        return;
    g_array_unref(self->locks);
    g_free(self);
}

const KwLock *
kw_lock_list_add(KwLockList *self, const KwLock *lock)
{
    g_return_val_if_fail(self != NULL && lock != NULL, NULL);

    for (guint i = 0; i < self->locks->len; i++) {
        KwLock *known = lock_at(self, i);

        if (strcmp(known->pair, lock->pair) == 0 && strcmp(known->by, lock->by) == 0) {
            *known = *lock;
            return known;
        }
    }
    g_array_append_vals(self->locks, lock, 1);
    return lock_at(self, self->locks->len - 1);
}

guint
kw_lock_list_get_length(const KwLockList *self)
{
    g_return_val_if_fail(self != NULL, 0);

    return self->locks->len;
}

const KwLock *
kw_lock_list_get(const KwLockList *self, guint index)
{
    g_return_val_if_fail(self != NULL && index < self->locks->len, NULL);

    return lock_at(self, index);
}

gboolean
kw_lock_is_active(const KwLock *lock, gint64 now_us)
{
    g_return_val_if_fail(lock != NULL, FALSE);

    return lock->from_us <= now_us && now_us <= lock->until_us;
}

guint
kw_lock_list_count(const KwLockList *self, gint64 now_us)
{
    guint n_active = 0;

    g_return_val_if_fail(self != NULL, 0);

    for (guint i = 0; i < self->locks->len; i++)
        if (kw_lock_is_active(lock_at(self, i), now_us))
            n_active++;
    return n_active;
}

const KwLock *
kw_lock_list_find(const KwLockList *self, const gchar *pair, gint64 now_us)
{
    const KwLock *found = NULL;

    g_return_val_if_fail(self != NULL && pair != NULL, NULL);

    for (guint i = 0; i < self->locks->len; i++) {
        const KwLock *lock = lock_at(self, i);
        gboolean is_meant =
            strcmp(lock->pair, KW_LOCK_ALL) == 0 || strcmp(lock->pair, pair) == 0;

        if (is_meant && kw_lock_is_active(lock, now_us) &&
            (found == NULL || lock->until_us > found->until_us))
            found = lock;
    }
    return found;
}

gint64
kw_lock_list_get_until_us(const KwLockList *self, const gchar *pair, gint64 now_us)
{
    const KwLock *lock;

    g_return_val_if_fail(self != NULL && pair != NULL, KW_LOCK_FOREVER);

    lock = kw_lock_list_find(self, pair, now_us);
    return lock == NULL ? 0 : lock->until_us;
}

gboolean
kw_lock_list_is_locked(const KwLockList *self, const gchar *pair, gint64 now_us)
{
    return kw_lock_list_get_until_us(self, pair, now_us) != 0;
}

guint
kw_lock_list_unlock(KwLockList *self, const gchar *pair, gint64 now_us)
{
    guint n_ended = 0;

    g_return_val_if_fail(self != NULL && pair != NULL, 0);

    for (guint i = 0; i < self->locks->len; i++) {
        KwLock *lock = lock_at(self, i);

        if (strcmp(lock->pair, pair) == 0 && kw_lock_is_active(lock, now_us)) {
            lock->until_us = now_us - 1;
            n_ended++;
        }
    }
    return n_ended;
}

guint
kw_lock_list_drop_ended(KwLockList *self, gint64 now_us)
{
    guint n_dropped = 0;

    g_return_val_if_fail(self != NULL, 0);

    for (guint i = self->locks->len; i > 0; i--)
        if (lock_at(self, i - 1)->until_us < now_us) {
            g_array_remove_index(self->locks, i - 1);
            n_dropped++;
        }
    return n_dropped;
}
