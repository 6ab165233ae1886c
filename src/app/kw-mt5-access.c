/* kw-mt5-access.c: one place that makes the connection to a bridge, for the daemon and for the
 * verbs of `kurswart live`
 *
 * A bridge has one address for all of an account, but for hosted ones, which tell candles of
 * the past under another: that one gets the token too, so both have to be encrypted or on this
 * machine (kw_mt5_new() refuses others). */
#define G_LOG_DOMAIN "kw-app"

#include "kw-mt5-access.h"

#include "kw-error.h"
#include "kw-i18n.h"
#include "kw-version.h"

#include <string.h>

#define SECTION "mt5"
#define PRICE_DIGITS 8

/* An answer that is waited for */
typedef struct {
    GMainLoop *loop;
    KwMt5Directory *directory;
    JsonNode *root;
    GError *error;
} Wait;

gboolean
kw_mt5_access_is_wanted(const KwSettings *settings)
{
    return strcmp(kw_config_get_string(settings->bot, "feed", "kind"), SECTION) == 0;
}

/* (nullable): "" is no value */
static const gchar *
get_text(const KwSettings *settings, const gchar *key)
{
    const gchar *value = kw_config_get_string(settings->bot, SECTION, key);

    return value != NULL && *value != '\0' ? value : NULL;
}

/* (transfer full): "BTC/USD=BTCUSD" for "BTC/USD", or the name alone */
static gchar *
find_symbol(const KwSettings *settings, const gchar *name)
{
    const gchar *const *list = kw_config_get_list(settings->bot, SECTION, "symbols");
    gsize length = strlen(name);

    for (; list != NULL && *list != NULL; list++)
        if (strncmp(*list, name, length) == 0 && (*list)[length] == '=')
            return g_strdup(*list);
    return g_strdup(name);
}

GStrv
kw_mt5_access_list_symbols(const KwSettings *settings, const gchar *const *names)
{
    g_autoptr(GStrvBuilder) list = g_strv_builder_new();

    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree gchar *symbol = find_symbol(settings, names[i]);

        g_strv_builder_add(list, symbol);
    }
    return g_strv_builder_end(list);
}

static gboolean
connect_bridge(KwMt5Access *self, const KwSettings *settings, GError **error)
{
    KwMt5Options options = {
        .url = get_text(settings, "url"),
        .user_agent = "kurswart/" KW_VERSION,
        .ca_file = get_text(settings, "ca_file"),
    };
    const gchar *history = get_text(settings, "history_url");
    g_autoptr(KwSecret) token = NULL;

    if (options.url == NULL) {
        g_set_error_literal(
            error, KW_CONFIG_ERROR, KW_CONFIG_ERROR_INVALID,
            _("[mt5] url is missing: the address of the account at the bridge"));
        return FALSE;
    }
    token = kw_vault_load(settings->vault, KW_VAULT_MT5_TOKEN, error);
    if (token == NULL)
        return FALSE;
    options.token = token;
    self->mt5 = kw_mt5_new(&options, error);
    if (self->mt5 == NULL)
        return FALSE;
    if (history == NULL) {
        self->history = g_object_ref(self->mt5);
        return TRUE;
    }
    options.url = history;
    self->history = kw_mt5_new(&options, error);
    return self->history != NULL;
}

static void
on_directory(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Wait *wait = user_data;

    wait->directory = kw_mt5_directory_finish(KW_MT5(source), result, &wait->error);
    g_main_loop_quit(wait->loop);
}

gboolean
kw_mt5_access_open(KwMt5Access *self,
                   const KwSettings *settings,
                   const gchar *const *names,
                   GError **error)
{
    g_auto(GStrv) symbols = kw_mt5_access_list_symbols(settings, names);
    Wait wait = {0};

    if (!connect_bridge(self, settings, error))
        return FALSE;
    wait.loop = g_main_loop_new(NULL, FALSE);
    kw_mt5_directory_async(self->mt5, (const gchar *const *) symbols, NULL, on_directory,
                           &wait);
    g_main_loop_run(wait.loop);
    g_main_loop_unref(wait.loop);
    if (wait.error != NULL)
        g_propagate_error(error, wait.error);
    self->directory = wait.directory;
    return self->directory != NULL;
}

void
kw_mt5_access_clear(KwMt5Access *self)
{
    g_clear_pointer(&self->directory, kw_mt5_directory_free);
    g_clear_object(&self->history);
    g_clear_object(&self->mt5);
}

const gchar *
kw_mt5_access_get_mend(const GError *error)
{
    if (error->domain == KW_CONFIG_ERROR)
        return _("kurswart setup asks for the bridge's address and its token");
    return _("is the bridge running, and does [mt5] symbols name the pairs as the server does? "
             "[feed] kind = replay works without");
}

static void
on_price(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Wait *wait = user_data;

    wait->root = kw_mt5_finish(KW_MT5(source), result, &wait->error);
    g_main_loop_quit(wait->loop);
}

gboolean
kw_mt5_access_read_ask(KwMt5Access *self, const gchar *name, KwDecimal *out, GError **error)
{
    const KwMt5Market *market = kw_mt5_directory_find_pair(self->directory, name);
    g_autofree gchar *path = NULL;
    g_autoptr(JsonNode) root = NULL;
    JsonObject *object;
    KwMt5Price price;
    Wait wait = {0};

    if (market == NULL) {
        g_set_error(error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED,
                    "the exchange does not trade %s", name);
        return FALSE;
    }
    path = kw_mt5_make_path("symbols", market->symbol.name, "current-price");
    wait.loop = g_main_loop_new(NULL, FALSE);
    kw_mt5_get_async(self->mt5, path, NULL, on_price, &wait);
    g_main_loop_run(wait.loop);
    g_main_loop_unref(wait.loop);
    if (wait.error != NULL) {
        g_propagate_error(error, wait.error);
        return FALSE;
    }
    root = wait.root;
    object = kw_json_root_object(root, error);
    if (object == NULL || !kw_mt5_read_price(object, &price, error) ||
        !kw_decimal_from_double(price.ask, PRICE_DIGITS, KW_ROUND_HALF_UP, out, error))
        return FALSE;
    *out = kw_decimal_trim(*out);
    return TRUE;
}

KwMt5Broker *
kw_mt5_access_make_broker(const KwMt5Access *self, KwClock *clock)
{
    KwMt5Directory *copy = g_new0(KwMt5Directory, 1);

    copy->account = self->directory->account;
    copy->markets = g_array_copy(self->directory->markets);
    return kw_mt5_broker_new(clock, self->mt5, copy);
}
