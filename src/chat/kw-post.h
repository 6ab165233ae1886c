/* kw-post.h: messages on their way to a messenger, one request at a time */
#pragma once

#include "kw-channel.h"
#include "kw-clock.h"
#include "kw-split.h"

G_BEGIN_DECLS

#define KW_POST_MAX_WAITING 256 /* messages; above, new ones are refused */

/**
 * KwPostPiece: one request
 * @recipient: as it was given
 * @text: (nullable): %NULL for a picture whose text follows
 * @picture: (nullable)
 * @extra: (nullable): the messenger's own, as it was given
 * @is_last: the last piece of its message
 * @is_plain: leave out what the messenger has refused: formatting, buttons
 */
typedef struct {
    const gchar *recipient;
    const gchar *text;
    GBytes *picture;
    gconstpointer extra;
    gboolean is_last;
    gboolean is_plain;
    gboolean is_silent;
} KwPostPiece;

/**
 * KwPostOutcome: what became of a piece
 * @KW_POST_DONE: it is there
 * @KW_POST_AGAIN: it is not there; later perhaps
 * @KW_POST_UNSURE: nobody knows
 * @KW_POST_WAIT: it is not there, and nothing may be sent for a while
 * @KW_POST_REFUSED: never again
 * @KW_POST_PLAIN: perhaps without formatting and buttons
 */
typedef enum {
    KW_POST_DONE,
    KW_POST_AGAIN,
    KW_POST_UNSURE,
    KW_POST_WAIT,
    KW_POST_REFUSED,
    KW_POST_PLAIN,
} KwPostOutcome;

/**
 * KwPostRules: of a messenger
 * @max_units, @unit: of a text
 * @max_caption: units of the text of a picture; a longer one follows in requests of its own
 * @send: starts a request; kw_post_answer() ends it, from the main loop
 * @done: a message is through or given up; @key: (nullable): of the broadcast
 */
typedef struct {
    gsize max_units;
    gsize max_caption;
    KwSplitUnit unit;
    void (*send)(const KwPostPiece *piece, gpointer user_data);
    void (*done)(const gchar *key, gboolean is_delivered, gpointer user_data);
    GDestroyNotify free_extra;
} KwPostRules;

typedef struct _KwPost KwPost;

/**
 * kw_post_new:
 * @rules: copied
 * @user_data: must outlive the post
 * @seed: of the delays after failures
 *
 * Returns: (transfer full)
 */
KwPost *kw_post_new(KwClock *clock, const KwPostRules *rules, gpointer user_data, guint64 seed);

/* What waits is dropped without a word. */
void kw_post_free(KwPost *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwPost, kw_post_free)

/**
 * kw_post_add:
 * @key: (nullable): of a broadcast. One that fails is given up, for whoever sent it knows other
 *   ways; an answer is tried again for a while.
 * @extra: (transfer full) (nullable)
 *
 * @done is never called from inside.
 *
 * Returns: %FALSE when too many wait
 */
gboolean kw_post_add(KwPost *self,
                     const gchar *recipient,
                     const gchar *key,
                     const KwChannelContent *content,
                     gpointer extra);

/* Ends the request that is under way. @wait_us: with %KW_POST_WAIT */
void kw_post_answer(KwPost *self, KwPostOutcome outcome, gint64 wait_us);

/* Nothing is sent until then; later times count, earlier ones do not. */
void kw_post_pause(KwPost *self, gint64 until_us);
gboolean kw_post_is_paused(const KwPost *self);

/* Gives up all that waits, also the request that is under way: its answer is not wanted. */
void kw_post_clear(KwPost *self);

G_END_DECLS
