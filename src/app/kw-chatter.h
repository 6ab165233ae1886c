/* kw-chatter.h: the owner in a simulation: says the lines of a script, and the codes asked for
 */
#pragma once

#include "kw-bot.h"
#include "kw-clock.h"

G_BEGIN_DECLS

/**
 * KwChatterEvents:
 * @said: (nullable): a line is on its way
 * @answered: (nullable): it is answered, and a code that was asked for is said
 * @is_verbose: questions and replies are shown
 */
typedef struct {
    void (*said)(gpointer user_data);
    void (*answered)(gpointer user_data);
    gboolean is_verbose;
} KwChatterEvents;

/* Main thread; opaque. */
typedef struct _KwChatter KwChatter;

/**
 * kw_chatter_new:
 * @script: (transfer full) (element-type KwScriptLine): ascending
 * @after_us: lines until then have been said
 *
 * Says the rest, each at its time; before the clock is moved.
 */
KwChatter *kw_chatter_new(KwBot *bot,
                          KwClock *clock,
                          GArray *script,
                          gint64 after_us,
                          const KwChatterEvents *events,
                          gpointer user_data);
void kw_chatter_free(KwChatter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwChatter, kw_chatter_free)

/* Lines said so far, codes included */
guint kw_chatter_get_n_lines(const KwChatter *self);

G_END_DECLS
