#include "kw-messenger.h"

#include "kw-command.h"
#include "kw-signal.h"
#include "kw-telegram.h"
#include "kw-version.h"

#include <string.h>

#define SEED 1

void
kw_messenger_free(KwMessenger *self)
{
    if (self == NULL)
        return;
    g_clear_object(&self->channel);
    g_strfreev(self->owners);
    g_strfreev(self->readers);
    g_free(self);
}

static gchar **
add_prefix(const gchar *prefix, const gchar *const *list)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    for (gsize i = 0; list[i] != NULL; i++) {
        g_autofree gchar *name = g_strconcat(prefix, list[i], NULL);

        g_strv_builder_add(builder, name);
    }
    return g_strv_builder_end(builder);
}

/* -- Telegram -- */

static void
clear_command(gpointer data)
{
    KwTelegramCommand *command = data;

    g_free(command->name);
    g_free(command->summary);
}

/* The first slash form of each command, in the language that is set */
static GArray *
list_commands(void)
{
    GArray *commands = g_array_new(FALSE, FALSE, sizeof(KwTelegramCommand));
    guint n = 0;
    const KwCommand *table = kw_command_list(&n);

    g_array_set_clear_func(commands, clear_command);
    for (guint i = 0; i < n; i++) {
        KwTelegramCommand command = {0};

        if (table[i].slash == NULL || table[i].slash[0] != '/' || table[i].summary == NULL)
            continue;
        command.name = g_strndup(table[i].slash + 1, strcspn(table[i].slash + 1, " "));
        command.summary = g_strdup(kw_i18n_text(table[i].summary));
        g_array_append_val(commands, command);
    }
    return commands;
}

static KwTelegram *
build_telegram(const KwMessengerParts *parts, KwTelegramApi *api)
{
    const KwDialogSettings *text = &parts->settings->text;
    g_autoptr(GArray) german = NULL;
    g_autoptr(GArray) english = NULL;
    KwTelegramMenu menus[2];

    kw_i18n_set_language(KW_LANGUAGE_EN, text->address);
    english = list_commands();
    kw_i18n_set_language(KW_LANGUAGE_DE, text->address);
    german = list_commands();
    kw_i18n_set_language(text->language, text->address);
    menus[0] = (KwTelegramMenu){"de", (KwTelegramCommand *) german->data, german->len};
    menus[1] = (KwTelegramMenu){NULL, (KwTelegramCommand *) english->data, english->len};
    return kw_telegram_new(&(KwTelegramOptions){
        .clock = parts->clock,
        .api = api,
        .recipients = kw_config_get_list(parts->settings->bot, "telegram", "owners"),
        .menus = menus,
        .n_menus = G_N_ELEMENTS(menus),
        .mark = parts->get_mark("telegram", parts->user_data),
        .expired = _("This button is no longer valid."),
        .working = _("I am working on it"),
        .seed = SEED,
    });
}

KwMessenger *
kw_messenger_new_telegram(const KwMessengerParts *parts, GError **error)
{
    const KwConfig *config = parts->settings->bot;
    g_autoptr(KwMessenger) self = g_new0(KwMessenger, 1);
    g_autoptr(KwTelegramApi) api = NULL;
    g_autoptr(KwHttp) http = NULL;
    KwSecret *token;

    self->owners =
        add_prefix(KW_TELEGRAM_PREFIX, kw_config_get_list(config, "telegram", "owners"));
    self->readers =
        add_prefix(KW_TELEGRAM_PREFIX, kw_config_get_list(config, "telegram", "readers"));
    if (self->owners[0] == NULL)
        return NULL;
    token = kw_vault_load(parts->settings->vault, KW_VAULT_TELEGRAM_TOKEN, error);
    if (token == NULL)
        return NULL;
    if (parts->log != NULL)
        kw_log_add_secret(parts->log, token);
    http = kw_http_new("kurswart/" KW_VERSION, NULL);
    api =
        kw_telegram_api_new(http, kw_config_get_string(config, "telegram", "base_url"), token);
    self->channel = KW_CHANNEL(build_telegram(parts, api));
    return g_steal_pointer(&self);
}

/* -- Signal -- */

KwMessenger *
kw_messenger_new_signal(const KwMessengerParts *parts, GError **error)
{
    const KwConfig *config = parts->settings->bot;
    const KwSignalOptions options = {
        .clock = parts->clock,
        .address = kw_config_get_string(config, "signal", "address"),
        .account = kw_config_get_string(config, "signal", "account"),
        .owners = kw_config_get_list(config, "signal", "owners"),
        .readers = kw_config_get_list(config, "signal", "readers"),
        .mark = parts->get_mark("signal", parts->user_data),
        .seed = SEED,
    };
    g_autoptr(KwMessenger) self = g_new0(KwMessenger, 1);
    KwSignal *channel;

    if (*options.address == '\0')
        return NULL;
    channel = kw_signal_new(&options, error);
    if (channel == NULL)
        return NULL;
    self->channel = KW_CHANNEL(channel);
    self->owners = add_prefix(KW_SIGNAL_PREFIX, options.owners);
    self->readers = add_prefix(KW_SIGNAL_PREFIX, options.readers);
    return g_steal_pointer(&self);
}
