/* kw-lock.h: pairs that may not be entered for a while */
#pragma once

#include "kw-order.h"

G_BEGIN_DECLS

#define KW_LOCK_FOREVER G_MAXINT64
#define KW_LOCK_ALL "*"

/**
 * KwLock:
 * @pair: "BASE/QUOTE", or "*" for all pairs
 * @until_us: last instant that is still locked, or %KW_LOCK_FOREVER
 * @by: "user" or the name of a protection
 */
typedef struct {
    gchar pair[KW_PAIR_NAME_SIZE];
    gint64 from_us, until_us;
    gchar reason[KW_REASON_SIZE];
    gchar by[KW_REASON_SIZE];
} KwLock;

/**
 * KwLockList:
 *
 * The locks of one account; one for each pair and author. Opaque.
 */
typedef struct _KwLockList KwLockList;

KwLockList *kw_lock_list_new(void);
void kw_lock_list_free(KwLockList *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwLockList, kw_lock_list_free)

/**
 * kw_lock_list_add:
 * @lock: copied; a lock of the same pair and author is replaced
 *
 * Returns: (transfer none): the stored lock, valid until the list changes
 */
const KwLock *kw_lock_list_add(KwLockList *self, const KwLock *lock);

/* Locks in the order of their setting, ended ones included until they are dropped */
guint kw_lock_list_get_length(const KwLockList *self);
const KwLock *kw_lock_list_get(const KwLockList *self, guint index);

/* TRUE from from_us to until_us, both included */
gboolean kw_lock_is_active(const KwLock *lock, gint64 now_us);

/* Active locks */
guint kw_lock_list_count(const KwLockList *self, gint64 now_us);

/**
 * kw_lock_list_find:
 * @pair: "BASE/QUOTE"
 *
 * Returns: (transfer none) (nullable): of the active locks of @pair and of "*" the one that
 *   ends last
 */
const KwLock *kw_lock_list_find(const KwLockList *self, const gchar *pair, gint64 now_us);

/* End of the lock that kw_lock_list_find() finds, or 0: not locked */
gint64 kw_lock_list_get_until_us(const KwLockList *self, const gchar *pair, gint64 now_us);
gboolean kw_lock_list_is_locked(const KwLockList *self, const gchar *pair, gint64 now_us);

/**
 * kw_lock_list_unlock:
 * @pair: exactly this one; "*" ends the locks of all pairs at once and no others
 *
 * Ends every active lock of @pair just before @now_us; it stays in the list with its new end,
 * so that the caller can store that, until kw_lock_list_drop_ended().
 *
 * Returns: the number of locks ended
 */
guint kw_lock_list_unlock(KwLockList *self, const gchar *pair, gint64 now_us);

/* Forgets what ended before @now_us. Returns: how many */
guint kw_lock_list_drop_ended(KwLockList *self, gint64 now_us);

G_END_DECLS
