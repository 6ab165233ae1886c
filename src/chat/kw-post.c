/* kw-post.c: the queue of outgoing messages of a messenger
 *
 * Alarms and answers go before news: a messenger takes about one message a second, and a day
 * with many trades must not keep the answer to a "Stopp" waiting.
 *
 * One request is under way at a time, so the pieces of a long text come in order. A request
 * that was not answered may have arrived; no messenger has a client key to find out. A text is
 * sent again then, since twice is better than never; a question with a code is not. */
#define G_LOG_DOMAIN "kw-chat"

#include "kw-post.h"

#include "kw-limiter.h"

#define MAX_TRIES 4
#define MAX_HELD_US (60 * G_USEC_PER_SEC) /* a longer pause gives broadcasts up */
#define RETRY_MIN_US (2 * G_USEC_PER_SEC)
#define RETRY_MAX_US (30 * G_USEC_PER_SEC)
#define BURST 20 /* requests at once; then one a second */

/* A message to one recipient */
typedef struct {
    gchar *recipient; /* owned */
    gchar *key;       /* owned; NULL: an answer */
    gchar **pieces;   /* owned */
    guint n_sent;     /* pieces */
    GBytes *picture;  /* owned; NULL: none, or sent */
    gpointer extra;   /* owned; NULL: none */
    guint n_tries;
    gboolean is_question;
    gboolean is_urgent;
    gboolean is_silent;
    gboolean is_plain;
} Parcel;

struct _KwPost {
    KwClock *clock; /* owned */
    KwPostRules rules;
    gpointer user_data;
    GQueue waiting; /* owned: Parcel, owned; the first is being sent */
    gboolean is_sending;
    KwLimiter *limiter; /* owned */
    KwBackoff backoff;
    guint timer;            /* 0: none */
    gint64 paused_until_us; /* 0: not */
};

static void send_next(KwPost *self);

static void
parcel_free(KwPost *self, Parcel *parcel)
{
    g_free(parcel->recipient);
    g_free(parcel->key);
    g_strfreev(parcel->pieces);
    g_clear_pointer(&parcel->picture, g_bytes_unref);
    if (parcel->extra != NULL)
        self->rules.free_extra(parcel->extra);
    g_free(parcel);
}

/* -- what became of a request -- */

static void
finish(KwPost *self, gboolean is_delivered)
{
    Parcel *parcel = g_queue_pop_head(&self->waiting);

    self->rules.done(parcel->key, is_delivered, self->user_data);
    parcel_free(self, parcel);
}

/* The text goes below the picture where it is short */
static gboolean
has_caption(const KwPost *self, const Parcel *parcel)
{
    return parcel->pieces[1] == NULL &&
           kw_split_count(parcel->pieces[0], -1, self->rules.unit) <= self->rules.max_caption;
}

static void
advance(KwPost *self, Parcel *parcel)
{
    kw_backoff_reset(&self->backoff);
    parcel->n_tries = 0;
    if (parcel->picture == NULL || has_caption(self, parcel))
        parcel->n_sent++;
    g_clear_pointer(&parcel->picture, g_bytes_unref);
    if (parcel->pieces[parcel->n_sent] == NULL)
        finish(self, TRUE);
}

static void
try_later(KwPost *self, Parcel *parcel)
{
    if (parcel->key != NULL || ++parcel->n_tries >= MAX_TRIES)
        finish(self, FALSE);
    else
        kw_post_pause(self, kw_clock_now_us(self->clock) + kw_backoff_next_us(&self->backoff));
}

static void
hold(KwPost *self, Parcel *parcel, gint64 wait_us)
{
    kw_post_pause(self, kw_clock_now_us(self->clock) + wait_us);
    if (parcel->key != NULL && wait_us > MAX_HELD_US)
        finish(self, FALSE);
}

static void
judge(KwPost *self, Parcel *parcel, KwPostOutcome outcome, gint64 wait_us)
{
    switch (outcome) {
    case KW_POST_DONE:
        advance(self, parcel);
        return;
    case KW_POST_UNSURE:
        if (parcel->is_question)
            finish(self, FALSE);
        else
            try_later(self, parcel);
        return;
    case KW_POST_AGAIN:
        try_later(self, parcel);
        return;
    case KW_POST_WAIT:
        hold(self, parcel, wait_us);
        return;
    case KW_POST_PLAIN:
        if (!parcel->is_plain && parcel->extra != NULL)
            parcel->is_plain = TRUE;
        else
            finish(self, FALSE);
        return;
    case KW_POST_REFUSED:
        finish(self, FALSE);
        return;
    }
}

void
kw_post_answer(KwPost *self, KwPostOutcome outcome, gint64 wait_us)
{
    g_return_if_fail(self != NULL);

    if (!self->is_sending)
        return;
    self->is_sending = FALSE;
    judge(self, g_queue_peek_head(&self->waiting), outcome, wait_us);
    send_next(self);
}

/* -- the queue -- */

static void
on_timer(gpointer user_data)
{
    KwPost *self = user_data;

    self->timer = 0;
    self->paused_until_us = 0;
    send_next(self);
}

static void
send_piece(KwPost *self, const Parcel *parcel)
{
    KwPostPiece piece = {
        .recipient = parcel->recipient,
        .text = parcel->pieces[parcel->n_sent],
        .picture = parcel->picture,
        .extra = parcel->extra,
        .is_plain = parcel->is_plain,
        .is_silent = parcel->is_silent,
    };

    if (parcel->picture != NULL && !has_caption(self, parcel))
        piece.text = NULL;
    piece.is_last = piece.text != NULL && parcel->pieces[parcel->n_sent + 1] == NULL;
    self->is_sending = TRUE;
    self->rules.send(&piece, self->user_data);
}

static void
send_next(KwPost *self)
{
    const Parcel *parcel = g_queue_peek_head(&self->waiting);

    if (self->is_sending || self->timer != 0 || parcel == NULL)
        return;
    if (kw_limiter_take(self->limiter, 1))
        send_piece(self, parcel);
    else
        self->timer = kw_clock_call_at(self->clock,
                                       kw_clock_now_us(self->clock) +
                                           kw_limiter_get_wait_us(self->limiter, 1),
                                       on_timer, self);
}

void
kw_post_pause(KwPost *self, gint64 until_us)
{
    g_return_if_fail(self != NULL);

    if (until_us <= self->paused_until_us)
        return;
    kw_clock_cancel(self->clock, self->timer);
    self->paused_until_us = until_us;
    self->timer = kw_clock_call_at(self->clock, until_us, on_timer, self);
}

gboolean
kw_post_is_paused(const KwPost *self)
{
    g_return_val_if_fail(self != NULL, FALSE);

    return self->paused_until_us > 0;
}

void
kw_post_clear(KwPost *self)
{
    g_return_if_fail(self != NULL);

    self->is_sending = FALSE;
    while (!g_queue_is_empty(&self->waiting))
        finish(self, FALSE);
}

/* Urgent ones go behind the message that is being sent and other urgent ones. */
static void
enqueue(KwPost *self, Parcel *parcel)
{
    GList *place = self->waiting.head;

    if (!parcel->is_urgent) {
        g_queue_push_tail(&self->waiting, parcel);
        return;
    }
    if (place != NULL && (self->is_sending || ((Parcel *) place->data)->n_sent > 0))
        place = place->next;
    while (place != NULL && ((Parcel *) place->data)->is_urgent)
        place = place->next;
    if (place == NULL)
        g_queue_push_tail(&self->waiting, parcel);
    else
        g_queue_insert_before(&self->waiting, place, parcel);
}

gboolean
kw_post_add(KwPost *self,
            const gchar *recipient,
            const gchar *key,
            const KwChannelContent *content,
            gpointer extra)
{
    Parcel *parcel;

    g_return_val_if_fail(self != NULL && recipient != NULL && content != NULL, FALSE);
    g_return_val_if_fail(extra == NULL || self->rules.free_extra != NULL, FALSE);

    if (g_queue_get_length(&self->waiting) >= KW_POST_MAX_WAITING) {
        if (extra != NULL)
            self->rules.free_extra(extra);
        return FALSE;
    }
    parcel = g_new0(Parcel, 1);
    parcel->recipient = g_strdup(recipient);
    parcel->key = g_strdup(key);
    parcel->pieces = kw_split_text(content->text, self->rules.max_units, self->rules.unit);
    parcel->picture = content->picture != NULL ? g_bytes_ref(content->picture) : NULL;
    parcel->extra = extra;
    parcel->is_question = content->n_choices > 0;
    parcel->is_urgent = content->is_urgent || key == NULL; /* somebody waits for an answer */
    parcel->is_silent = content->is_silent;
    enqueue(self, parcel);
    send_next(self);
    return TRUE;
}

/* -- life -- */

KwPost *
kw_post_new(KwClock *clock, const KwPostRules *rules, gpointer user_data, guint64 seed)
{
    KwPost *self;

    g_return_val_if_fail(KW_IS_CLOCK(clock) && rules != NULL, NULL);
    g_return_val_if_fail(rules->send != NULL && rules->done != NULL, NULL);

    self = g_new0(KwPost, 1);
    self->clock = g_object_ref(clock);
    self->rules = *rules;
    self->user_data = user_data;
    g_queue_init(&self->waiting);
    self->limiter = kw_limiter_new(clock, BURST, 1);
    kw_backoff_init(&self->backoff, RETRY_MIN_US, RETRY_MAX_US, seed);
    return self;
}

void
kw_post_free(KwPost *self)
{
    if (self == NULL)
        return;
    kw_clock_cancel(self->clock, self->timer);
    while (!g_queue_is_empty(&self->waiting))
        parcel_free(self, g_queue_pop_head(&self->waiting));
    g_clear_pointer(&self->limiter, kw_limiter_free);
    g_clear_object(&self->clock);
    g_free(self);
}
