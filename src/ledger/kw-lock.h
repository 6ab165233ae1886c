/* kw-lock.h: pairs that may not be entered for a while */
#pragma once

#include "kw-order.h"

G_BEGIN_DECLS

#define KW_LOCK_FOREVER G_MAXINT64

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

G_END_DECLS
