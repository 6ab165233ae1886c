/* kw-kraken.c: a call is a job that waits, leaves, and reacts to what comes back
 *
 * Private calls go strictly one after another: numbers must arrive in order, and what overtakes
 * inside the exchange is refused. Each try is built and signed anew, since a number counts
 * once. Changes stand before reads in the queue, so a stop does not wait behind polling; among
 * themselves both keep their order.
 *
 * The reaction to an error is decided here for reads alone. A change is never tried again,
 * whatever the answer: its caller looks it up (kw_kraken_is_proof() says when there is no
 * need). One that has waited too long is not sent at all: what the exchange would refuse as too
 * late, or take after the caller has given it up, is better proven never to have left. */
#define G_LOG_DOMAIN "kw-exchange"

#include "kw-kraken.h"

#include "kw-error.h"
#include "kw-http.h"
#include "kw-kraken-error.h"
#include "kw-kraken-market.h"
#include "kw-kraken-sign.h"
#include "kw-limiter.h"
#include "kw-log.h"
#include "kw-nonce.h"

#include <string.h>

#define MAX_BODY (16 * 1024 * 1024)
#define CONNECT_MS 10000
#define READ_MS 20000
#define CHANGE_MS 12000 /* a little longer than an order's deadline */
#define MAX_TRIES 4
#define PUBLIC_PAUSE_US (1 * G_USEC_PER_SEC)
#define LOCKOUT_US (G_GINT64_CONSTANT(900) * G_USEC_PER_SEC)
#define IP_PAUSE_US (30 * G_USEC_PER_SEC)

struct _KwKraken {
    GObject parent_instance;

    KwClock *clock; /* owned */
    KwHttp *http;   /* owned */
    gchar *url, *key;
    guint read_ms, change_ms;
    KwSecret *secret;   /* owned: calls may be on their way when others have gone */
    KwNonce *nonce;     /* owned */
    KwKrakenRate *rate; /* owned */
    guint64 seed;
    GQueue changes, reads; /* owned tasks that wait */
    GTask *current;        /* owned; the private call under way */
    guint timer;           /* until the counters let the next one go */
    GHashTable
        *public_us;   /* owned: "OHLC pair=..." to monotonic time (gint64) of the next slot */
    gint64 offset_us; /* server minus ours */
    gboolean is_certificate_bad;
};

/* A call; data of its task */
typedef struct {
    gchar *name;  /* owned */
    gchar *query; /* owned: escaped fields, without the nonce */
    gboolean is_private;
    gboolean is_change;
    gint64 due_us;      /* monotonic: a change that still waits then never leaves */
    gboolean was_nonce; /* refused for its nonce once */
    guint n_tries;
    KwBackoff backoff;
    KwClock *clock; /* borrowed from the object, which the task holds */
} Job;

enum { SIGNAL_TROUBLE, SIGNAL_STRAY, SIGNAL_CERTIFICATE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(KwKraken, kw_kraken, G_TYPE_OBJECT)
G_DEFINE_QUARK(kw - kraken - error, kw_kraken_error)

static void pump(KwKraken *self);
static void send_job(GTask *task);

static void
job_free(gpointer data)
{
    Job *job = data;

    g_free(job->name);
    g_free(job->query);
    g_free(job);
}

static Job *
job_new(KwKraken *self, const gchar *name, gchar *query)
{
    Job *job = g_new0(Job, 1);

    job->name = g_strdup(name);
    job->query = query;
    job->clock = self->clock;
    kw_backoff_init(&job->backoff, G_USEC_PER_SEC, 60 * G_USEC_PER_SEC, self->seed++);
    return job;
}

gboolean
kw_kraken_is_proof(const GError *error)
{
    g_return_val_if_fail(error != NULL, FALSE);

    if (error->domain == KW_KRAKEN_ERROR)
        return !kw_kraken_classify(error->message).order_may_exist;
    return g_error_matches(error, KW_NET_ERROR, KW_NET_ERROR_UNREACHED) ||
           g_error_matches(error, KW_NET_ERROR, KW_NET_ERROR_CERTIFICATE);
}

/* -- the end of a try -- */

/* Takes the reference of the call to its task. */
static void
end_job(GTask *owned, KwKrakenAnswer *answer, GError *error)
{
    g_autoptr(GTask) task = owned;
    g_autoptr(KwKraken) self = g_object_ref(g_task_get_source_object(task));

    if (self->current == task)
        self->current = NULL;
    if (g_task_return_error_if_cancelled(task)) {
        g_clear_error(&error);
        kw_kraken_answer_clear(answer);
    } else if (error != NULL) {
        g_task_return_error(task, error);
    } else {
        g_task_return_pointer(task, g_memdup2(answer, sizeof *answer), NULL);
        *answer = (KwKrakenAnswer){0};
    }
    pump(self);
}

/* A private call goes to the front of the queue; meanwhile others may go before it. */
static void
go_again(GTask *task)
{
    KwKraken *self = g_task_get_source_object(task);
    const Job *job = g_task_get_task_data(task);

    if (!job->is_private) {
        send_job(task);
        return;
    }
    g_queue_push_head(&self->reads, task);
    pump(self);
}

static void
on_try_again(gpointer user_data)
{
    go_again(user_data);
}

static void
wait_and_send(GTask *task, gint64 wait_us)
{
    const Job *job = g_task_get_task_data(task);

    if (wait_us > 0)
        (void) kw_clock_call_in(job->clock, wait_us, on_try_again, task);
    else
        go_again(task);
}

/* What an error of ours does to the counters; it counts for all calls that follow. */
static void
note_trouble(KwKraken *self, const KwKrakenTrouble *trouble, const gchar *text)
{
    gint64 server_us = kw_kraken_get_server_us(self);

    if (trouble->kind == KW_KRAKEN_RATE_REST)
        kw_kraken_rate_refused(self->rate);
    else if (trouble->kind == KW_KRAKEN_RATE_IP)
        kw_kraken_rate_hold(self->rate, IP_PAUSE_US);
    else if (trouble->kind == KW_KRAKEN_LOCKOUT)
        kw_kraken_rate_hold(self->rate, LOCKOUT_US);
    else if (trouble->kind == KW_KRAKEN_THROTTLED)
        kw_kraken_rate_hold(self->rate,
                            MIN(trouble->until_s * G_USEC_PER_SEC - server_us, LOCKOUT_US));
    else if (trouble->kind == KW_KRAKEN_NONCE)
        kw_nonce_raise(self->nonce, (guint64) MAX(server_us, 0));
    if (kw_kraken_kind_is_fatal(trouble->kind))
        g_signal_emit(self, signals[SIGNAL_TROUBLE], 0, (gint) trouble->kind, text);
}

/* The wait before another try of a read, or -1 */
static gint64
choose_retry(KwKraken *self, Job *job, const KwKrakenTrouble *trouble)
{
    gint64 wait_us;

    if (job->is_change || !kw_kraken_kind_may_pass(trouble->kind) || job->n_tries >= MAX_TRIES)
        return -1;
    if (trouble->kind == KW_KRAKEN_NONCE) {
        if (job->was_nonce)
            return -1;
        job->was_nonce = TRUE;
        return 0;
    }
    wait_us = kw_backoff_next_us(&job->backoff);
    if (trouble->kind == KW_KRAKEN_RATE_IP && !job->is_private)
        return MAX(wait_us, IP_PAUSE_US / 6);
    if (!job->is_private)
        return wait_us;
    return MAX(wait_us, kw_kraken_rate_get_wait_us(self->rate, 0, KW_KRAKEN_USE_VITAL));
}

static void
fail_try(GTask *task, const KwKrakenTrouble *trouble, GError *error)
{
    KwKraken *self = g_task_get_source_object(task);
    Job *job = g_task_get_task_data(task);
    KwKrakenAnswer none = {0};
    gint64 wait_us = choose_retry(self, job, trouble);

    kw_log_debug("kraken call failed", "KW_CALL", job->name, "KW_ERROR", error->message);
    if (wait_us >= 0 && !g_cancellable_is_cancelled(g_task_get_cancellable(task))) {
        g_error_free(error);
        if (self->current == task)
            self->current = NULL;
        wait_and_send(task, wait_us);
        pump(self);
        return;
    }
    if (trouble->kind == KW_KRAKEN_NONCE && job->was_nonce)
        g_signal_emit(self, signals[SIGNAL_TROUBLE], 0, (gint) trouble->kind, error->message);
    end_job(task, &none, error);
}

/* An answer that is none says nothing about what was done. */
static gboolean
read_answer(KwHttpResponse *response, KwKrakenAnswer *answer, GError **error)
{
    g_autoptr(GError) inner = NULL;

    if (kw_kraken_answer_parse(response->body, answer, &inner))
        return TRUE;
    g_set_error(error, KW_NET_ERROR, KW_NET_ERROR_CLOSED, "no answer of the exchange (HTTP %u)",
                response->status);
    return FALSE;
}

/* Told when it changes; an error of another kind says nothing of the certificate. */
static void
note_certificate(KwKraken *self, const GError *error)
{
    gboolean is_bad = error != NULL;

    if (is_bad && !g_error_matches(error, KW_NET_ERROR, KW_NET_ERROR_CERTIFICATE))
        return;
    if (is_bad == self->is_certificate_bad)
        return;
    self->is_certificate_bad = is_bad;
    g_signal_emit(self, signals[SIGNAL_CERTIFICATE], 0, is_bad);
}

static void
on_response(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GTask *task = user_data;
    KwKraken *self = g_task_get_source_object(task);
    g_autoptr(GError) error = NULL;
    g_autoptr(KwHttpResponse) response = kw_http_send_finish(KW_HTTP(source), result, &error);
    KwKrakenTrouble trouble = {.kind = KW_KRAKEN_TRANSIENT, .order_may_exist = TRUE};
    KwKrakenAnswer answer = {0};

    note_certificate(self, error);
    if (response == NULL || !read_answer(response, &answer, &error)) {
        fail_try(task, &trouble, g_steal_pointer(&error));
        return;
    }
    if (answer.failure == NULL) {
        kw_kraken_rate_accepted(self->rate);
        end_job(task, &answer, NULL);
        return;
    }
    trouble = kw_kraken_classify(answer.failure);
    error = kw_kraken_note_failure(self, answer.failure);
    kw_kraken_answer_clear(&answer);
    fail_try(task, &trouble, g_steal_pointer(&error));
}

/* -- one try -- */

static void
send_public(KwKraken *self, GTask *task, const Job *job)
{
    g_autofree gchar *url = g_strconcat(self->url, "/0/public/", job->name,
                                        *job->query != '\0' ? "?" : "", job->query, NULL);
    const KwHttpRequest request = {
        .method = "GET",
        .url = url,
        .max_bytes = MAX_BODY,
        .connect_ms = CONNECT_MS,
        .timeout_ms = self->read_ms,
    };

    kw_http_send_async(self->http, &request, g_task_get_cancellable(task), on_response, task);
}

static gboolean
send_private(KwKraken *self, GTask *task, const Job *job, GError **error)
{
    g_autofree gchar *path = g_strconcat("/0/private/", job->name, NULL);
    g_autofree gchar *url = g_strconcat(self->url, path, NULL);
    g_autofree gchar *nonce = NULL, *text = NULL, *sign = NULL;
    g_autofree gchar *key_line = g_strconcat("API-Key: ", self->key, NULL);
    g_autofree gchar *sign_line = NULL;
    g_autoptr(GBytes) body = NULL;
    guint64 number = 0;

    if (!kw_nonce_take(self->nonce, &number, error))
        return FALSE;
    nonce = g_strdup_printf("%" G_GUINT64_FORMAT, number);
    text = g_strconcat("nonce=", nonce, *job->query != '\0' ? "&" : "", job->query, NULL);
    sign = kw_kraken_sign(path, nonce, text, self->secret, error);
    if (sign == NULL)
        return FALSE;
    sign_line = g_strconcat("API-Sign: ", sign, NULL);
    body = g_bytes_new(text, strlen(text));
    {
        const gchar *const headers[] = {"Content-Type: application/x-www-form-urlencoded",
                                        key_line, sign_line, NULL};
        const KwHttpRequest request = {
            .method = "POST",
            .url = url,
            .headers = headers,
            .body = body,
            .max_bytes = MAX_BODY,
            .connect_ms = CONNECT_MS,
            .timeout_ms = job->is_change ? self->change_ms : self->read_ms,
            .reuse = job->is_change ? KW_HTTP_FRESH : KW_HTTP_REUSE,
        };

        kw_kraken_rate_count(self->rate, kw_kraken_rate_get_cost(job->name));
        kw_http_send_async(self->http, &request, g_task_get_cancellable(task), on_response,
                           task);
    }
    return TRUE;
}

static void
send_job(GTask *task)
{
    KwKraken *self = g_task_get_source_object(task);
    Job *job = g_task_get_task_data(task);
    KwKrakenAnswer none = {0};
    GError *error = NULL;

    job->n_tries++;
    if (!job->is_private)
        send_public(self, task, job);
    else if (!send_private(self, task, job, &error))
        end_job(task, &none, error);
}

/* -- public calls -- */

/* Microseconds until the next slot of this name and pair, which is taken */
static gint64
take_slot(KwKraken *self, const Job *job)
{
    g_autofree gchar *place = g_strconcat(job->name, " ", job->query, NULL);
    gint64 now_us = kw_clock_monotonic_us(self->clock), slot_us = now_us, *next;

    (void) g_strdelimit(place, "&", '\0'); /* the pair stands first */
    next = g_hash_table_lookup(self->public_us, place);
    if (next != NULL)
        slot_us = MAX(now_us, *next);
    next = g_new(gint64, 1);
    *next = slot_us + PUBLIC_PAUSE_US;
    (void) g_hash_table_replace(self->public_us, g_strdup(place), next);
    return slot_us - now_us;
}

void
kw_kraken_get_async(KwKraken *self,
                    const gchar *name,
                    const gchar *query,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
    GTask *task;
    Job *job;
    gint64 wait_us;

    g_return_if_fail(KW_IS_KRAKEN(self) && name != NULL && query != NULL);

    task = g_task_new(self, cancellable, callback, user_data);
    g_task_set_source_tag(task, kw_kraken_get_async);
    job = job_new(self, name, g_strdup(query));
    g_task_set_task_data(task, job, job_free);
    wait_us = take_slot(self, job);
    if (wait_us > 0)
        wait_and_send(task, wait_us);
    else
        send_job(task);
}

/* -- private calls -- */

static void
on_counters(gpointer user_data)
{
    KwKraken *self = user_data;

    self->timer = 0;
    pump(self);
}

/* (transfer full) (nullable): a change that has waited too long */
static GTask *
take_late(KwKraken *self)
{
    gint64 now_us = kw_clock_monotonic_us(self->clock);

    for (GList *link = self->changes.head; link != NULL; link = link->next) {
        GTask *task = link->data;

        if (((const Job *) g_task_get_task_data(task))->due_us > now_us)
            continue;
        g_queue_delete_link(&self->changes, link);
        return task;
    }
    return NULL;
}

/* Microseconds until the first of the changes has waited too long */
static gint64
get_grace_us(KwKraken *self)
{
    gint64 due_us = G_MAXINT64;

    for (GList *link = self->changes.head; link != NULL; link = link->next)
        due_us = MIN(due_us, ((const Job *) g_task_get_task_data(link->data))->due_us);
    return due_us != G_MAXINT64 ? due_us - kw_clock_monotonic_us(self->clock) : due_us;
}

static void
set_timer(KwKraken *self, gint64 wait_us)
{
    kw_clock_cancel(self->clock, self->timer);
    self->timer =
        wait_us != G_MAXINT64 ? kw_clock_call_in(self->clock, wait_us, on_counters, self) : 0;
}

/* Microseconds until the counters let @task go, which stands at the head of its queue */
static gint64
get_wait_us(KwKraken *self, GTask *task)
{
    const Job *job = g_task_get_task_data(task);

    return kw_kraken_rate_get_wait_us(self->rate, kw_kraken_rate_get_cost(job->name),
                                      job->is_change ? KW_KRAKEN_USE_VITAL
                                                     : KW_KRAKEN_USE_ROUTINE);
}

/* Lets the next private call go, or waits until the counters allow it. */
static void
pump(KwKraken *self)
{
    GQueue *queue = g_queue_is_empty(&self->changes) ? &self->reads : &self->changes;
    GTask *late = take_late(self), *task = g_queue_peek_head(queue);
    KwKrakenAnswer none = {0};
    gint64 wait_us = G_MAXINT64;

    if (late != NULL) {
        end_job(late, &none,
                g_error_new_literal(KW_NET_ERROR, KW_NET_ERROR_UNREACHED,
                                    "not sent: its time was up before its turn"));
        return; /* that has come back here */
    }
    if (self->current == NULL && task != NULL)
        wait_us = get_wait_us(self, task);
    if (wait_us <= 0)
        self->current = g_queue_pop_head(queue);
    set_timer(self, MIN(wait_us > 0 ? wait_us : G_MAXINT64, get_grace_us(self)));
    if (wait_us <= 0)
        send_job(self->current);
}

/* (transfer full): "pair=XBTEUR&price=%2B5" */
static gchar *
encode_fields(const gchar *const *fields)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (gsize i = 0; fields != NULL && fields[i] != NULL; i += 2) {
        g_string_append_printf(text, "%s%s=", text->len > 0 ? "&" : "", fields[i]);
        (void) g_string_append_uri_escaped(text, fields[i + 1], NULL, FALSE);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* (transfer none): what @task has to do */
static Job *
set_call(KwKraken *self, GTask *task, const gchar *name, const gchar *const *fields)
{
    Job *job = job_new(self, name, encode_fields(fields));

    job->is_private = TRUE;
    g_task_set_task_data(task, job, job_free);
    return job;
}

void
kw_kraken_call_async(KwKraken *self,
                     const gchar *name,
                     const gchar *const *fields,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
    GTask *task;

    g_return_if_fail(KW_IS_KRAKEN(self) && name != NULL);
    g_return_if_fail(kw_kraken_has_key(self));

    task = g_task_new(self, cancellable, callback, user_data);
    g_task_set_source_tag(task, kw_kraken_call_async);
    (void) set_call(self, task, name, fields);
    g_queue_push_tail(&self->reads, task);
    pump(self);
}

void
kw_kraken_change_async(KwKraken *self,
                       const gchar *name,
                       const gchar *const *fields,
                       gint64 due_us,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
    GTask *task;
    Job *job;

    g_return_if_fail(KW_IS_KRAKEN(self) && name != NULL);
    g_return_if_fail(kw_kraken_has_key(self));

    task = g_task_new(self, NULL, callback, user_data);
    g_task_set_source_tag(task, kw_kraken_change_async);
    job = set_call(self, task, name, fields);
    job->is_change = TRUE;
    job->due_us = due_us;
    g_queue_push_tail(&self->changes, task);
    pump(self);
}

gboolean
kw_kraken_finish(KwKraken *self, GAsyncResult *result, KwKrakenAnswer *out, GError **error)
{
    g_autofree KwKrakenAnswer *answer = NULL;

    g_return_val_if_fail(g_task_is_valid(result, self) && out != NULL, FALSE);

    answer = g_task_propagate_pointer(G_TASK(result), error);
    if (answer == NULL)
        return FALSE;
    *out = *answer;
    return TRUE;
}

/* -- the exchange's clock -- */

static void
on_time(GObject *source, GAsyncResult *result, gpointer user_data)
{
    KwKraken *self = KW_KRAKEN(source);
    g_autoptr(GTask) task = user_data;
    g_autoptr(GError) error = NULL;
    KwKrakenAnswer answer = {0};
    JsonObject *object = NULL;
    gint64 server_us = 0, now_us = kw_clock_now_us(self->clock);

    if (kw_kraken_finish(self, result, &answer, &error))
        object = kw_kraken_answer_get_object(&answer, &error);
    if (object == NULL || !kw_kraken_parse_time(object, &server_us, &error)) {
        kw_kraken_answer_clear(&answer);
        g_task_return_error(task, g_steal_pointer(&error));
        return;
    }
    /* whole seconds are told: within that one there is no difference to be seen */
    if (now_us < server_us || now_us >= server_us + G_USEC_PER_SEC)
        self->offset_us = server_us + G_USEC_PER_SEC / 2 - now_us;
    else
        self->offset_us = 0;
    g_task_return_pointer(task, g_memdup2(&answer, sizeof answer), NULL);
}

void
kw_kraken_sync_async(KwKraken *self,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
    GTask *task;

    g_return_if_fail(KW_IS_KRAKEN(self));

    task = g_task_new(self, cancellable, callback, user_data);
    g_task_set_source_tag(task, kw_kraken_sync_async);
    kw_kraken_get_async(self, "Time", "", cancellable, on_time, task);
}

gint64
kw_kraken_get_server_us(KwKraken *self)
{
    g_return_val_if_fail(KW_IS_KRAKEN(self), 0);

    return kw_clock_now_us(self->clock) + self->offset_us;
}

/* -- small ones -- */

gboolean
kw_kraken_has_key(KwKraken *self)
{
    g_return_val_if_fail(KW_IS_KRAKEN(self), FALSE);

    return self->key != NULL && self->secret != NULL;
}

KwKrakenRate *
kw_kraken_get_rate(KwKraken *self)
{
    g_return_val_if_fail(KW_IS_KRAKEN(self), NULL);

    return self->rate;
}

GError *
kw_kraken_note_failure(KwKraken *self, const gchar *text)
{
    KwKrakenTrouble trouble = kw_kraken_classify(text);

    g_return_val_if_fail(KW_IS_KRAKEN(self) && text != NULL, NULL);

    note_trouble(self, &trouble, text);
    return g_error_new_literal(KW_KRAKEN_ERROR, (gint) trouble.kind, text);
}

void
kw_kraken_note_stray(KwKraken *self, const gchar *text)
{
    KwKrakenTrouble trouble = kw_kraken_classify(text);

    g_return_if_fail(KW_IS_KRAKEN(self) && text != NULL);

    note_trouble(self, &trouble, text);
    if (!kw_kraken_kind_is_fatal(trouble.kind))
        g_signal_emit(self, signals[SIGNAL_STRAY], 0, text);
}

void
kw_kraken_note_nonce(KwKraken *self, guint64 seen)
{
    g_return_if_fail(KW_IS_KRAKEN(self));

    kw_nonce_raise(self->nonce, seen);
}

guint
kw_kraken_get_n_waiting(KwKraken *self)
{
    g_return_val_if_fail(KW_IS_KRAKEN(self), 0);

    return g_queue_get_length(&self->changes) + g_queue_get_length(&self->reads) +
           (self->current != NULL);
}

KwKraken *
kw_kraken_new(KwClock *clock, const KwKrakenOptions *options, GError **error)
{
    g_autoptr(KwKraken) self = NULL;

    g_return_val_if_fail(KW_IS_CLOCK(clock) && options != NULL, NULL);
    g_return_val_if_fail(options->user_agent != NULL, NULL);

    self = g_object_new(KW_TYPE_KRAKEN, NULL);
    self->clock = g_object_ref(clock);
    self->http = kw_http_new(options->user_agent, options->ca_file);
    self->url = g_strdup(options->url != NULL ? options->url : KW_KRAKEN_URL);
    self->key = g_strdup(options->key);
    if (options->secret != NULL) {
        gsize length = 0;
        const gchar *bytes = kw_secret_get_bytes(options->secret, &length);

        self->secret = kw_secret_new(bytes, length);
    }
    self->read_ms = options->timeout_ms > 0 ? options->timeout_ms : READ_MS;
    self->change_ms = options->timeout_ms > 0 ? options->timeout_ms : CHANGE_MS;
    self->seed = options->seed;
    self->rate = kw_kraken_rate_new(clock, options->tier);
    self->nonce = kw_nonce_new(clock, options->nonce_path, error);
    if (self->nonce == NULL)
        return NULL;
    return g_steal_pointer(&self);
}

static void
kw_kraken_finalize(GObject *object)
{
    KwKraken *self = KW_KRAKEN(object);

    kw_clock_cancel(self->clock, self->timer);
    g_clear_pointer(&self->public_us, g_hash_table_unref);
    g_clear_pointer(&self->nonce, kw_nonce_free);
    g_clear_pointer(&self->rate, kw_kraken_rate_free);
    g_clear_object(&self->http);
    g_free(self->url);
    g_free(self->key);
    g_clear_pointer(&self->secret, kw_secret_free);
    g_clear_object(&self->clock);

    G_OBJECT_CLASS(kw_kraken_parent_class)->finalize(object);
}

static void
kw_kraken_class_init(KwKrakenClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = kw_kraken_finalize;
    signals[SIGNAL_CERTIFICATE] =
        g_signal_new("certificate", KW_TYPE_KRAKEN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                     G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
    signals[SIGNAL_STRAY] =
        g_signal_new("stray", KW_TYPE_KRAKEN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                     G_TYPE_NONE, 1, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
    signals[SIGNAL_TROUBLE] =
        g_signal_new("trouble", KW_TYPE_KRAKEN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                     G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
kw_kraken_init(KwKraken *self)
{
    g_queue_init(&self->changes);
    g_queue_init(&self->reads);
    self->public_us = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}
