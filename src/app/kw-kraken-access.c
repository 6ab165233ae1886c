/* kw-kraken-access.c: one place that makes the connection, so that feed, broker and the verbs
 * of `kurswart live` use the same address, key and numbers
 *
 * The numbers of private requests grow for ever (kw-nonce.h); their file lies in the data root
 * under the lock of the root, since two processes with one key refuse each other's calls. */
#define G_LOG_DOMAIN "kw-app"

#include "kw-kraken-access.h"

#include "kw-error.h"
#include "kw-i18n.h"
#include "kw-version.h"

#include <string.h>

#define USER_AGENT "kurswart/" KW_VERSION
#define NONCE_FILE "kraken.nonce"
#define HOST_SUFFIX ".kraken.com"

const gchar *
kw_kraken_access_get_place(const KwSettings *settings, const gchar *key)
{
    const gchar *value = kw_config_get_string(settings->bot, "kraken", key);

    return value != NULL && *value != '\0' ? value : NULL;
}

static KwKrakenPlace
find_one_place(const KwSettings *settings, const gchar *key, const gchar *scheme)
{
    const gchar *url = kw_kraken_access_get_place(settings, key);
    g_autoptr(GUri) uri = NULL;
    const gchar *host;
    g_autoptr(GInetAddress) address = NULL;

    if (url == NULL)
        return KW_KRAKEN_PLACE_REAL;
    uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
    host = uri != NULL ? g_uri_get_host(uri) : NULL;
    if (host == NULL || strcmp(g_uri_get_scheme(uri), scheme) != 0)
        return KW_KRAKEN_PLACE_FOREIGN;
    address = g_inet_address_new_from_string(host);
    if (address != NULL && g_inet_address_get_is_loopback(address))
        return KW_KRAKEN_PLACE_TEST;
    return g_str_has_suffix(host, HOST_SUFFIX) ? KW_KRAKEN_PLACE_REAL : KW_KRAKEN_PLACE_FOREIGN;
}

KwKrakenPlace
kw_kraken_access_find_place(const KwSettings *settings)
{
    KwKrakenPlace rest = find_one_place(settings, "rest_url", "https");

    if (find_one_place(settings, "ws_url", "wss") != rest ||
        find_one_place(settings, "ws_auth_url", "wss") != rest)
        return KW_KRAKEN_PLACE_FOREIGN;
    return rest;
}

static gboolean
load_key(KwKrakenAccess *self, const KwSettings *settings, GError **error)
{
    if (kw_kraken_access_find_place(settings) == KW_KRAKEN_PLACE_FOREIGN) {
        g_set_error_literal(error, KW_CONFIG_ERROR, KW_CONFIG_ERROR_INVALID,
                            _("no key goes to an address that is not Kraken's"));
        return FALSE;
    }
    self->key = kw_vault_load(settings->vault, KW_VAULT_KRAKEN_KEY, error);
    if (self->key == NULL)
        return FALSE;
    self->secret = kw_vault_load(settings->vault, KW_VAULT_KRAKEN_SECRET, error);
    return self->secret != NULL;
}

gboolean
kw_kraken_access_open(KwKrakenAccess *self,
                      const KwSettings *settings,
                      KwKrakenAccessKind kind,
                      KwClock *clock,
                      GError **error)
{
    g_autofree gchar *nonce = g_build_filename(settings->root, NONCE_FILE, NULL);
    KwKrakenOptions options = {
        .url = kw_kraken_access_get_place(settings, "rest_url"),
        .user_agent = USER_AGENT,
        .ca_file = kw_kraken_access_get_place(settings, "ca_file"),
        .seed = (guint64) kw_clock_now_us(clock),
    };

    if (kind == KW_KRAKEN_ACCESS_TRADES) {
        if (!load_key(self, settings, error))
            return FALSE;
        options.key = kw_secret_get_bytes(self->key, NULL);
        options.secret = self->secret;
        options.nonce_path = nonce;
    }
    self->kraken = kw_kraken_new(clock, &options, error);
    return self->kraken != NULL;
}

void
kw_kraken_access_clear(KwKrakenAccess *self)
{
    g_clear_object(&self->kraken);
    g_clear_pointer(&self->key, kw_secret_free);
    g_clear_pointer(&self->secret, kw_secret_free);
}

/* -- asking -- */

typedef struct {
    GMainLoop *loop;
    KwKrakenAnswer *answer;
    GError *error;
} Question;

static void
on_answer(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Question *question = user_data;

    (void) kw_kraken_finish(KW_KRAKEN(source), result, question->answer, &question->error);
    g_main_loop_quit(question->loop);
}

gboolean
kw_kraken_access_ask(KwKrakenAccess *self,
                     const gchar *name,
                     const gchar *const *fields,
                     KwKrakenAnswer *out,
                     GError **error)
{
    Question question = {.loop = g_main_loop_new(NULL, FALSE), .answer = out};

    kw_kraken_call_async(self->kraken, name, fields, NULL, on_answer, &question);
    g_main_loop_run(question.loop);
    g_main_loop_unref(question.loop);
    if (question.error == NULL)
        return TRUE;
    g_propagate_error(error, question.error);
    return FALSE;
}

gboolean
kw_kraken_access_probe(KwKrakenAccess *self, GError **error)
{
    g_auto(KwKrakenAnswer) answer = {0};
    JsonObject *object = NULL;

    if (!kw_kraken_access_ask(self, "GetApiKeyInfo", NULL, &answer, error))
        return FALSE;
    object = kw_kraken_answer_get_object(&answer, error);
    if (object == NULL || !kw_kraken_read_key_info(object, &self->info, error))
        return FALSE;
    kw_kraken_note_nonce(self->kraken, self->info.nonce);
    return TRUE;
}

static gboolean
take_fees(const KwKrakenPairs *pairs,
          const gchar *const *names,
          JsonObject *result,
          gdouble *out_ratio,
          GError **error)
{
    gdouble ratio = 0;

    for (guint i = 0; names[i] != NULL; i++) {
        const KwKrakenPair *pair = kw_kraken_pairs_find(pairs, names[i]);
        KwKrakenFees fees;

        if (pair == NULL)
            continue;
        if (!kw_kraken_read_fees(result, pair->id, &fees, error))
            return FALSE;
        ratio = MAX(ratio, fees.taker_ratio);
    }
    *out_ratio = ratio;
    return TRUE;
}

gboolean
kw_kraken_access_read_fee(KwKrakenAccess *self,
                          const KwKrakenPairs *pairs,
                          const gchar *const *names,
                          gdouble *out_ratio,
                          GError **error)
{
    g_autoptr(GString) list = g_string_new(NULL);
    const gchar *fields[] = {"pair", NULL, NULL};
    g_auto(KwKrakenAnswer) answer = {0};
    JsonObject *result;

    for (guint i = 0; names[i] != NULL; i++) {
        const KwKrakenPair *pair = kw_kraken_pairs_find(pairs, names[i]);

        if (pair != NULL)
            g_string_append_printf(list, "%s%s", list->len > 0 ? "," : "", pair->alt);
    }
    fields[1] = list->str;
    if (!kw_kraken_access_ask(self, "TradeVolume", fields, &answer, error))
        return FALSE;
    result = kw_kraken_answer_get_object(&answer, error);
    return result != NULL && take_fees(pairs, names, result, out_ratio, error);
}

KwKrakenOrderPath
kw_kraken_access_get_path(const KwSettings *settings)
{
    const gchar *path = kw_config_get_string(settings->bot, "kraken", "order_channel");

    return strcmp(path, "rest") == 0 ? KW_KRAKEN_ORDER_PATH_REST : KW_KRAKEN_ORDER_PATH_SOCKET;
}

KwKrakenBroker *
kw_kraken_access_make_broker(const KwKrakenAccess *self,
                             const KwSettings *settings,
                             KwKrakenPairs *pairs,
                             KwClock *clock,
                             GError **error)
{
    const gchar *url = kw_kraken_access_get_place(settings, "ws_auth_url");
    const KwKrakenStreamOptions options = {
        .url = url != NULL ? url : KW_KRAKEN_WS_AUTH_URL,
        .user_agent = USER_AGENT,
        .ca_file = kw_kraken_access_get_place(settings, "ca_file"),
        .book_depth = 10,
        .seed = (guint64) kw_clock_now_us(clock),
        .pairs = pairs,
    };
    g_autoptr(KwKrakenStream) stream = kw_kraken_stream_new(clock, &options, error);

    if (stream == NULL)
        return NULL;
    return kw_kraken_broker_new(clock, self->kraken, pairs, stream,
                                kw_kraken_access_get_path(settings));
}
