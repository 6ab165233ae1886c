/* kw-kraken-stream.c: subscriptions as a table of states, walked by a watch once a second
 *
 *   WANTED -> ASKED (request sent) -> GIVEN (acknowledged) -> LIVE (has delivered)
 *
 * Any of them may hang: a request without an answer, an answer without data (seen at Kraken:
 * the socket lives, heartbeats flow, and one subscription stays silent). The watch asks again
 * after ten seconds, and after three vain tries it takes a new connection. A book that fails
 * its checksum is unsubscribed and asked for anew; a gap in the sequence of a private channel
 * likewise, and the owner is told to look things up over REST.
 *
 * "executions" and "balances" wait in WANTED until there is a token, which each connection
 * needs anew. */
#define G_LOG_DOMAIN "kw-exchange"

#include "kw-kraken-stream.h"

#include "kw-kraken-request.h"
#include "kw-log.h"
#include "kw-websocket.h"

#include <string.h>

#define MAX_FRAME (16 * 1024 * 1024) /* a snapshot of all instruments has hundreds of KiB */
#define QUIET_US (10 * G_USEC_PER_SEC)
#define DEAD_US (5 * G_USEC_PER_SEC)
#define HANG_US (10 * G_USEC_PER_SEC)
#define MAX_VAIN 3
#define RESYNC_US (2 * G_USEC_PER_SEC)
#define MAX_SYMBOLS 64 /* of one request */

typedef enum { SUB_WANTED, SUB_ASKED, SUB_GIVEN, SUB_LIVE, SUB_REFUSED } SubState;

typedef struct {
    gchar channel[16];
    gchar symbol[KW_PAIR_NAME_SIZE]; /* "" without */
    guint interval;
    SubState state;
    gint64 since_us;      /* monotonic: of the state */
    gint64 news_us;       /* monotonic: of the last data */
    gint64 not_before_us; /* monotonic: asked again after it */
    guint n_vain;
    gint64 sequence;
    KwKrakenBook *book; /* owned; of channel "book" once the pair is known */
} Sub;

struct _KwKrakenStream {
    GObject parent_instance;

    KwClock *clock;       /* owned */
    KwWebsocket *socket;  /* owned */
    KwKrakenPairs *pairs; /* NULL: none */
    guint book_depth;
    GPtrArray *subs; /* owned: Sub */
    KwKrakenBookFrame book_frame;
    gchar *token; /* owned; NULL without */
    gint64 next_request;
    gint64 heard_us; /* monotonic: of the last frame */
    guint watch;     /* timer */
    gboolean is_up;
    KwKrakenStreamCounts counts;
};

enum {
    SIGNAL_UP,
    SIGNAL_DOWN,
    SIGNAL_SYSTEM,
    SIGNAL_TICKER,
    SIGNAL_BAR,
    SIGNAL_BOOK,
    SIGNAL_INSTRUMENTS,
    SIGNAL_REPORT,
    SIGNAL_BALANCE,
    SIGNAL_GAP,
    SIGNAL_REFUSED,
    SIGNAL_MAX_RATE,
    SIGNAL_TOKEN,
    SIGNAL_ANSWER,
    N_SIGNALS,
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(KwKrakenStream, kw_kraken_stream, G_TYPE_OBJECT)

static void
sub_free(gpointer data)
{
    Sub *sub = data;

    kw_kraken_book_free(sub->book);
    g_free(sub);
}

static gboolean
is_private(const Sub *sub)
{
    return strcmp(sub->channel, "executions") == 0 || strcmp(sub->channel, "balances") == 0;
}

static Sub *
find_sub(KwKrakenStream *self, const gchar *channel, const gchar *symbol)
{
    for (guint i = 0; i < self->subs->len; i++) {
        Sub *sub = self->subs->pdata[i];

        if (strcmp(sub->channel, channel) == 0 &&
            strcmp(sub->symbol, symbol != NULL ? symbol : "") == 0)
            return sub;
    }
    return NULL;
}

static void
set_state(KwKrakenStream *self, Sub *sub, SubState state)
{
    sub->state = state;
    sub->since_us = kw_clock_monotonic_us(self->clock);
}

/* -- requests -- */

/* One request for all of @group, which differ in the symbol alone */
static gboolean
send_request(KwKrakenStream *self, const gchar *method, GPtrArray *group)
{
    const Sub *first = group->pdata[0];
    const gchar *symbols[MAX_SYMBOLS + 1] = {NULL};
    const KwKrakenSubscription what = {
        .channel = first->channel,
        .symbols = symbols,
        .interval = first->interval,
        .depth = strcmp(first->channel, "book") == 0 ? self->book_depth : 0,
    };
    g_autofree gchar *params = NULL, *text = NULL;

    for (guint i = 0; *first->symbol != '\0' && i < group->len; i++)
        symbols[i] = ((Sub *) group->pdata[i])->symbol;
    params = kw_kraken_request_subscription(&what);
    text = kw_kraken_request_whole(method, params, is_private(first) ? self->token : NULL,
                                   ++self->next_request);
    return kw_websocket_send(self->socket, text);
}

static gboolean
is_ready(const KwKrakenStream *self, const Sub *sub, gint64 now_us)
{
    return sub->state == SUB_WANTED && now_us >= sub->not_before_us &&
           (!is_private(sub) || self->token != NULL);
}

static void
ask_group(KwKrakenStream *self, guint first)
{
    g_autoptr(GPtrArray) group = g_ptr_array_new();
    gint64 now_us = kw_clock_monotonic_us(self->clock);
    const Sub *like = self->subs->pdata[first];

    for (guint i = first; i < self->subs->len && group->len < MAX_SYMBOLS; i++) {
        Sub *sub = self->subs->pdata[i];

        if (is_ready(self, sub, now_us) && strcmp(sub->channel, like->channel) == 0 &&
            sub->interval == like->interval)
            g_ptr_array_add(group, sub);
    }
    if (!send_request(self, "subscribe", group))
        return;
    for (guint i = 0; i < group->len; i++)
        set_state(self, group->pdata[i], SUB_ASKED);
}

static void
ask_all(KwKrakenStream *self)
{
    gint64 now_us = kw_clock_monotonic_us(self->clock);

    for (guint i = 0; self->is_up && i < self->subs->len; i++) {
        if (is_ready(self, self->subs->pdata[i], now_us))
            ask_group(self, i);
    }
}

/* Not this way any more: asked for anew in a moment */
static void
resync(KwKrakenStream *self, Sub *sub)
{
    g_autoptr(GPtrArray) group = g_ptr_array_new();

    g_ptr_array_add(group, sub);
    (void) send_request(self, "unsubscribe", group);
    set_state(self, sub, SUB_WANTED);
    sub->not_before_us = sub->since_us + RESYNC_US;
    sub->sequence = 0;
    self->counts.n_gaps++;
    g_signal_emit(self, signals[SIGNAL_GAP], 0, sub->channel, sub->symbol);
}

/* -- the watch -- */

static void
check_sub(KwKrakenStream *self, Sub *sub, gint64 now_us)
{
    if ((sub->state != SUB_ASKED && sub->state != SUB_GIVEN) ||
        now_us - sub->since_us < HANG_US)
        return;
    self->counts.n_stalls++;
    if (++sub->n_vain >= MAX_VAIN) {
        sub->n_vain = 0;
        kw_websocket_drop(self->socket, "a subscription does not deliver");
        return;
    }
    resync(self, sub);
}

static void
on_watch(gpointer user_data)
{
    KwKrakenStream *self = user_data;
    gint64 now_us = kw_clock_monotonic_us(self->clock);

    self->watch = kw_clock_call_in(self->clock, G_USEC_PER_SEC, on_watch, self);
    for (guint i = 0; self->is_up && i < self->subs->len; i++)
        check_sub(self, self->subs->pdata[i], now_us);
    ask_all(self);
}

/* -- the connection -- */

static gboolean
wants_token(KwKrakenStream *self)
{
    for (guint i = 0; i < self->subs->len; i++) {
        if (is_private(self->subs->pdata[i]))
            return self->token == NULL;
    }
    return FALSE;
}

static void
on_opened(KwWebsocket *socket, gpointer user_data)
{
    KwKrakenStream *self = user_data;

    self->is_up = TRUE;
    g_signal_emit(self, signals[SIGNAL_UP], 0);
    ask_all(self);
    if (wants_token(self))
        g_signal_emit(self, signals[SIGNAL_TOKEN], 0);
}

static void
on_closed(KwWebsocket *socket, gint end, const gchar *detail, gpointer user_data)
{
    KwKrakenStream *self = user_data;
    gboolean was_up = self->is_up;

    self->is_up = FALSE;
    g_clear_pointer(&self->token, g_free);
    for (guint i = 0; i < self->subs->len; i++) {
        Sub *sub = self->subs->pdata[i];

        if (sub->state != SUB_REFUSED)
            sub->state = SUB_WANTED;
        sub->sequence = sub->not_before_us = 0;
    }
    kw_log_info("kraken stream is down", "KW_REASON",
                kw_websocket_end_to_string((KwWebsocketEnd) end), "KW_ERROR", detail);
    if (was_up)
        g_signal_emit(self, signals[SIGNAL_DOWN], 0, detail);
}

static void
on_quiet(KwWebsocket *socket, gpointer user_data)
{
    KwKrakenStream *self = user_data;
    g_autofree gchar *text = g_strdup_printf(
        "{\"method\":\"ping\",\"req_id\":%" G_GINT64_FORMAT "}", ++self->next_request);

    (void) kw_websocket_send(socket, text);
}

/* -- frames -- */

static Sub *
note_news(KwKrakenStream *self, const gchar *channel, const gchar *symbol)
{
    Sub *sub = find_sub(self, channel, symbol);

    if (sub == NULL || sub->state == SUB_WANTED || sub->state == SUB_REFUSED)
        return NULL;
    if (sub->state != SUB_LIVE)
        set_state(self, sub, SUB_LIVE);
    sub->n_vain = 0;
    sub->news_us = kw_clock_monotonic_us(self->clock);
    return sub;
}

static void
on_given(KwKrakenStream *self, const KwKrakenFrame *frame)
{
    Sub *sub = *frame->channel != '\0' ? find_sub(self, frame->channel, frame->symbol) : NULL;
    gint64 max_rate = 0;

    if (frame->object != NULL &&
        kw_json_get_int(frame->object, "maxratecount", &max_rate, NULL))
        g_signal_emit(self, signals[SIGNAL_MAX_RATE], 0, max_rate);
    if (sub != NULL && sub->state == SUB_ASKED && strcmp(frame->method, "subscribe") == 0)
        set_state(self, sub, SUB_GIVEN);
}

/* The channel is not told: without a session all private ones are meant, else those of the
 * symbol */
static void
on_not_given(KwKrakenStream *self, const KwKrakenFrame *frame)
{
    g_autofree gchar *what = g_strdup_printf("%s %s", frame->symbol, frame->failure);

    for (guint i = 0; i < self->subs->len; i++) {
        Sub *sub = self->subs->pdata[i];

        if (sub->state != SUB_ASKED)
            continue;
        if (*frame->symbol != '\0' && strcmp(sub->symbol, frame->symbol) == 0)
            set_state(self, sub, SUB_REFUSED);
        else if (*frame->symbol == '\0' && is_private(sub)) {
            g_clear_pointer(&self->token, g_free);
            set_state(self, sub, SUB_WANTED);
        }
    }
    g_signal_emit(self, signals[SIGNAL_REFUSED], 0, what);
    if (wants_token(self))
        g_signal_emit(self, signals[SIGNAL_TOKEN], 0);
}

static void
on_ack(KwKrakenStream *self, const KwKrakenFrame *frame)
{
    if (frame->is_success)
        on_given(self, frame);
    else if (strcmp(frame->method, "subscribe") == 0)
        on_not_given(self, frame);
}

static void
on_bad(KwKrakenStream *self, const gchar *channel, const GError *error)
{
    self->counts.n_bad++;
    kw_log_debug("kraken frame cannot be read", "KW_CHANNEL", channel, "KW_ERROR",
                 error->message);
}

static gboolean
may_take_book(KwKrakenStream *self, Sub *sub)
{
    const KwKrakenPair *pair =
        self->pairs != NULL ? kw_kraken_pairs_find(self->pairs, sub->symbol) : NULL;

    if (sub->book != NULL && !self->book_frame.is_snapshot)
        return TRUE;
    g_clear_pointer(&sub->book, kw_kraken_book_free);
    if (pair == NULL)
        return FALSE;
    sub->book = kw_kraken_book_new(pair->price_decimals, pair->lot_decimals, self->book_depth);
    return TRUE;
}

static void
on_book(KwKrakenStream *self, GBytes *text)
{
    g_autoptr(GError) error = NULL;
    gsize length;
    const gchar *bytes = g_bytes_get_data(text, &length);
    Sub *sub;

    if (!kw_kraken_book_frame_parse(bytes, length, &self->book_frame, &error)) {
        on_bad(self, "book", error);
        return;
    }
    sub = note_news(self, "book", self->book_frame.symbol);
    if (sub == NULL || !may_take_book(self, sub))
        return;
    if (kw_kraken_book_apply(sub->book, &self->book_frame, &error)) {
        g_signal_emit(self, signals[SIGNAL_BOOK], 0, sub->symbol, sub->book);
        return;
    }
    self->counts.n_mismatches++;
    kw_log_info("kraken book is fetched anew", "KW_PAIR", sub->symbol, "KW_ERROR",
                error->message);
    resync(self, sub);
}

static void
on_ticker_row(KwKrakenStream *self, JsonObject *row, const KwKrakenFrame *frame)
{
    gchar symbol[KW_PAIR_NAME_SIZE];
    g_autoptr(GError) error = NULL;
    KwKrakenTicker ticker;

    if (!kw_kraken_read_ticker_row(row, symbol, &ticker, &error))
        on_bad(self, frame->channel, error);
    else if (note_news(self, "ticker", symbol) != NULL)
        g_signal_emit(self, signals[SIGNAL_TICKER], 0, symbol, &ticker);
}

static void
on_bar_row(KwKrakenStream *self, JsonObject *row, const KwKrakenFrame *frame)
{
    g_autoptr(GError) error = NULL;
    KwKrakenBar bar;

    if (!kw_kraken_read_bar(row, &bar, &error))
        on_bad(self, frame->channel, error);
    else if (note_news(self, "ohlc", bar.symbol) != NULL)
        g_signal_emit(self, signals[SIGNAL_BAR], 0, &bar, frame->is_snapshot);
}

static void
on_report_row(KwKrakenStream *self, JsonObject *row, const KwKrakenFrame *frame)
{
    g_autoptr(GError) error = NULL;
    KwKrakenReport report;

    if (kw_kraken_read_report(row, &report, &error))
        g_signal_emit(self, signals[SIGNAL_REPORT], 0, &report, frame->is_snapshot);
    else
        on_bad(self, frame->channel, error);
}

static void
on_balance_row(KwKrakenStream *self, JsonObject *row, const KwKrakenFrame *frame)
{
    gchar asset[KW_PAIR_NAME_SIZE];
    g_autoptr(GError) error = NULL;
    KwDecimal balance;

    if (kw_kraken_read_balance(row, asset, &balance, &error))
        g_signal_emit(self, signals[SIGNAL_BALANCE], 0, asset, &balance);
    else
        on_bad(self, frame->channel, error);
}

static void
on_status_row(KwKrakenStream *self, JsonObject *row, const KwKrakenFrame *frame)
{
    KwKrakenSystem system = kw_kraken_system_from_string(kw_kraken_get_text(row, "system"));

    g_signal_emit(self, signals[SIGNAL_SYSTEM], 0, (gint) system);
}

static void
on_trade_row(KwKrakenStream *self, JsonObject *row, const KwKrakenFrame *frame)
{
    (void) note_news(self, "trade", kw_kraken_get_text(row, "symbol"));
}

typedef void (*RowFunc)(KwKrakenStream *self, JsonObject *row, const KwKrakenFrame *frame);

static void
each_row(KwKrakenStream *self, const KwKrakenFrame *frame, RowFunc func)
{
    for (guint i = 0; frame->rows != NULL && i < json_array_get_length(frame->rows); i++) {
        JsonObject *row = NULL;

        if (kw_json_at_object(frame->rows, i, &row, NULL))
            func(self, row, frame);
    }
}

/* Private channels number their frames: one that is missing is looked up over REST. */
static void
on_private(KwKrakenStream *self, const KwKrakenFrame *frame, RowFunc func)
{
    Sub *sub = note_news(self, frame->channel, NULL);
    gboolean is_next;

    if (sub == NULL)
        return;
    is_next = frame->is_snapshot || frame->sequence == sub->sequence + 1;
    sub->sequence = frame->sequence;
    if (!is_next) /* first, while the owner still knows what works: the end may be in this frame
                   */
        resync(self, sub);
    each_row(self, frame, func);
}

static void
on_instrument(KwKrakenStream *self, const KwKrakenFrame *frame)
{
    guint n_changed;

    if (note_news(self, "instrument", NULL) == NULL || frame->object == NULL ||
        self->pairs == NULL)
        return;
    n_changed = kw_kraken_pairs_update(self->pairs, frame->object);
    g_signal_emit(self, signals[SIGNAL_INSTRUMENTS], 0, n_changed);
}

/* Without trades there is nothing to send: a snapshot without rows delivers as well. */
static void
note_empty_snapshot(KwKrakenStream *self, const KwKrakenFrame *frame)
{
    if (!frame->is_snapshot || frame->rows == NULL || json_array_get_length(frame->rows) > 0)
        return;
    for (guint i = 0; i < self->subs->len; i++) {
        Sub *sub = self->subs->pdata[i];

        if (strcmp(sub->channel, frame->channel) == 0 && sub->state == SUB_GIVEN)
            set_state(self, sub, SUB_LIVE);
    }
}

static void
dispatch(KwKrakenStream *self, const KwKrakenFrame *frame, GBytes *text)
{
    static const RowFunc rows[] = {
        [KW_KRAKEN_FRAME_STATUS] = on_status_row,
        [KW_KRAKEN_FRAME_TICKER] = on_ticker_row,
        [KW_KRAKEN_FRAME_TRADE] = on_trade_row,
        [KW_KRAKEN_FRAME_OHLC] = on_bar_row,
        [KW_KRAKEN_FRAME_EXECUTIONS] = on_report_row,
        [KW_KRAKEN_FRAME_BALANCES] = on_balance_row,
    };

    switch (frame->kind) {
    case KW_KRAKEN_FRAME_ACK:
        on_ack(self, frame);
        break;
    case KW_KRAKEN_FRAME_ANSWER:
        g_signal_emit(self, signals[SIGNAL_ANSWER], 0, frame);
        break;
    case KW_KRAKEN_FRAME_BOOK:
        on_book(self, text);
        break;
    case KW_KRAKEN_FRAME_INSTRUMENT:
        on_instrument(self, frame);
        break;
    case KW_KRAKEN_FRAME_EXECUTIONS:
    case KW_KRAKEN_FRAME_BALANCES:
        on_private(self, frame, rows[frame->kind]);
        break;
    case KW_KRAKEN_FRAME_STATUS:
    case KW_KRAKEN_FRAME_TICKER:
    case KW_KRAKEN_FRAME_TRADE:
    case KW_KRAKEN_FRAME_OHLC:
        note_empty_snapshot(self, frame);
        each_row(self, frame, rows[frame->kind]);
        break;
    case KW_KRAKEN_FRAME_OTHER:
    case KW_KRAKEN_FRAME_HEARTBEAT:
    case KW_KRAKEN_FRAME_PONG:
        break;
    }
}

static void
on_message(KwWebsocket *socket, GBytes *text, gpointer user_data)
{
    g_autoptr(KwKrakenStream) self = g_object_ref(user_data);
    g_auto(KwKrakenFrame) frame = {0};
    g_autoptr(GError) error = NULL;

    self->counts.n_frames++;
    self->heard_us = kw_clock_monotonic_us(self->clock);
    if (kw_kraken_frame_parse(text, &frame, &error))
        dispatch(self, &frame, text);
    else
        on_bad(self, "", error);
}

/* -- public -- */

KwKrakenStream *
kw_kraken_stream_new(KwClock *clock, const KwKrakenStreamOptions *options, GError **error)
{
    g_autoptr(KwKrakenStream) self = NULL;
    const KwWebsocketOptions socket = {
        .url = options->url,
        .user_agent = options->user_agent,
        .ca_file = options->ca_file,
        .max_bytes = MAX_FRAME,
        .quiet_us = QUIET_US,
        .dead_us = DEAD_US,
        .seed = options->seed,
    };

    g_return_val_if_fail(KW_IS_CLOCK(clock), NULL);

    self = g_object_new(KW_TYPE_KRAKEN_STREAM, NULL);
    self->clock = g_object_ref(clock);
    if (options->pairs != NULL)
        self->pairs = kw_kraken_pairs_ref(options->pairs);
    self->book_depth = options->book_depth > 0 ? options->book_depth : 10;
    self->socket = kw_websocket_new(clock, &socket, error);
    if (self->socket == NULL)
        return NULL;
    g_signal_connect(self->socket, "opened", G_CALLBACK(on_opened), self);
    g_signal_connect(self->socket, "message", G_CALLBACK(on_message), self);
    g_signal_connect(self->socket, "quiet", G_CALLBACK(on_quiet), self);
    g_signal_connect(self->socket, "closed", G_CALLBACK(on_closed), self);
    return g_steal_pointer(&self);
}

void
kw_kraken_stream_want(KwKrakenStream *self,
                      const gchar *channel,
                      const gchar *symbol,
                      guint interval)
{
    Sub *sub;

    g_return_if_fail(KW_IS_KRAKEN_STREAM(self) && channel != NULL);

    if (find_sub(self, channel, symbol) != NULL)
        return;
    sub = g_new0(Sub, 1);
    (void) g_strlcpy(sub->channel, channel, sizeof sub->channel);
    (void) g_strlcpy(sub->symbol, symbol != NULL ? symbol : "", sizeof sub->symbol);
    sub->interval = interval;
    g_ptr_array_add(self->subs, sub);
    ask_all(self);
}

void
kw_kraken_stream_start(KwKrakenStream *self)
{
    g_return_if_fail(KW_IS_KRAKEN_STREAM(self));

    if (self->watch == 0)
        on_watch(self);
    kw_websocket_start(self->socket);
}

void
kw_kraken_stream_stop(KwKrakenStream *self)
{
    g_return_if_fail(KW_IS_KRAKEN_STREAM(self));

    kw_clock_cancel(self->clock, self->watch);
    self->watch = 0;
    self->is_up = FALSE;
    kw_websocket_stop(self->socket);
}

void
kw_kraken_stream_set_token(KwKrakenStream *self, const gchar *token)
{
    g_return_if_fail(KW_IS_KRAKEN_STREAM(self) && token != NULL);

    if (self->token != NULL)
        return; /* of a call that an earlier connection made: the subscriptions keep theirs
                   alive */
    self->token = g_strdup(token);
    ask_all(self);
}

gboolean
kw_kraken_stream_is_fit(KwKrakenStream *self, gint64 max_age_us)
{
    g_return_val_if_fail(KW_IS_KRAKEN_STREAM(self), FALSE);

    return self->is_up && self->token != NULL &&
           kw_clock_monotonic_us(self->clock) - self->heard_us <= max_age_us &&
           kw_kraken_stream_get_age_us(self, "executions", NULL) != G_MAXINT64;
}

gint64
kw_kraken_stream_send(KwKrakenStream *self, const gchar *method, const gchar *params)
{
    g_autofree gchar *text = NULL;

    g_return_val_if_fail(KW_IS_KRAKEN_STREAM(self) && method != NULL && params != NULL, 0);

    if (self->token == NULL)
        return 0;
    text = kw_kraken_request_whole(method, params, self->token, ++self->next_request);
    return kw_websocket_send(self->socket, text) ? self->next_request : 0;
}

void
kw_kraken_stream_renew(KwKrakenStream *self, const gchar *why)
{
    g_return_if_fail(KW_IS_KRAKEN_STREAM(self) && why != NULL);

    kw_websocket_drop(self->socket, why);
}

gint64
kw_kraken_stream_get_age_us(KwKrakenStream *self, const gchar *channel, const gchar *symbol)
{
    const Sub *sub;

    g_return_val_if_fail(KW_IS_KRAKEN_STREAM(self) && channel != NULL, G_MAXINT64);

    sub = find_sub(self, channel, symbol);
    if (sub == NULL || sub->state != SUB_LIVE)
        return G_MAXINT64;
    return kw_clock_monotonic_us(self->clock) - sub->news_us;
}

gboolean
kw_kraken_stream_is_live(KwKrakenStream *self)
{
    g_return_val_if_fail(KW_IS_KRAKEN_STREAM(self), FALSE);

    for (guint i = 0; i < self->subs->len; i++) {
        if (((Sub *) self->subs->pdata[i])->state != SUB_LIVE)
            return FALSE;
    }
    return self->is_up;
}

const KwKrakenBook *
kw_kraken_stream_get_book(KwKrakenStream *self, const gchar *symbol)
{
    const Sub *sub;

    g_return_val_if_fail(KW_IS_KRAKEN_STREAM(self) && symbol != NULL, NULL);

    sub = find_sub(self, "book", symbol);
    if (sub == NULL || sub->state != SUB_LIVE || sub->book == NULL ||
        !kw_kraken_book_is_whole(sub->book))
        return NULL;
    return sub->book;
}

KwKrakenStreamCounts
kw_kraken_stream_get_counts(KwKrakenStream *self)
{
    g_return_val_if_fail(KW_IS_KRAKEN_STREAM(self), (KwKrakenStreamCounts){0});

    return self->counts;
}

static void
kw_kraken_stream_dispose(GObject *object)
{
    KwKrakenStream *self = KW_KRAKEN_STREAM(object);

    if (self->socket != NULL) {
        kw_kraken_stream_stop(self);
        (void) g_signal_handlers_disconnect_by_data(self->socket, self);
    }
    g_clear_object(&self->socket);

    G_OBJECT_CLASS(kw_kraken_stream_parent_class)->dispose(object);
}

static void
kw_kraken_stream_finalize(GObject *object)
{
    KwKrakenStream *self = KW_KRAKEN_STREAM(object);

    kw_kraken_book_frame_clear(&self->book_frame);
    g_clear_pointer(&self->subs, g_ptr_array_unref);
    g_clear_pointer(&self->token, g_free);
    g_clear_pointer(&self->pairs, kw_kraken_pairs_unref);
    g_clear_object(&self->clock);

    G_OBJECT_CLASS(kw_kraken_stream_parent_class)->finalize(object);
}

static guint
signal_new(const gchar *name, guint n, GType first, GType second)
{
    return g_signal_new(name, KW_TYPE_KRAKEN_STREAM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                        G_TYPE_NONE, n, first, second);
}

static void
kw_kraken_stream_class_init(KwKrakenStreamClass *klass)
{
    const GType text = G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE;
    GObjectClass *object_class = G_OBJECT_CLASS(klass);

    object_class->dispose = kw_kraken_stream_dispose;
    object_class->finalize = kw_kraken_stream_finalize;
    signals[SIGNAL_UP] = signal_new("up", 0, 0, 0);
    signals[SIGNAL_DOWN] = signal_new("down", 1, text, 0);
    signals[SIGNAL_SYSTEM] = signal_new("system", 1, G_TYPE_INT, 0);
    signals[SIGNAL_TICKER] = signal_new("ticker", 2, text, G_TYPE_POINTER);
    signals[SIGNAL_BAR] = signal_new("bar", 2, G_TYPE_POINTER, G_TYPE_BOOLEAN);
    signals[SIGNAL_BOOK] = signal_new("book", 2, text, G_TYPE_POINTER);
    signals[SIGNAL_INSTRUMENTS] = signal_new("instruments", 1, G_TYPE_UINT, 0);
    signals[SIGNAL_REPORT] = signal_new("report", 2, G_TYPE_POINTER, G_TYPE_BOOLEAN);
    signals[SIGNAL_BALANCE] = signal_new("balance", 2, text, G_TYPE_POINTER);
    signals[SIGNAL_GAP] = signal_new("gap", 2, text, text);
    signals[SIGNAL_REFUSED] = signal_new("refused", 1, text, 0);
    signals[SIGNAL_MAX_RATE] = signal_new("max-rate", 1, G_TYPE_INT64, 0);
    signals[SIGNAL_TOKEN] = signal_new("token", 0, 0, 0);
    signals[SIGNAL_ANSWER] = signal_new("answer", 1, G_TYPE_POINTER, 0);
}

static void
kw_kraken_stream_init(KwKrakenStream *self)
{
    self->subs = g_ptr_array_new_with_free_func(sub_free);
    kw_kraken_book_frame_init(&self->book_frame);
}
