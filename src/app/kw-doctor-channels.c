/* kw-doctor-channels.c: one harmless question to each messenger
 *
 * Telegram is asked who we are, signal-cli for its version and the keys it knows. Neither sends
 * a message or takes one away from a bot that runs. */
#include "kw-doctor-channels.h"

#include "kw-i18n.h"
#include "kw-json.h"
#include "kw-signal-link.h"
#include "kw-telegram-api.h"
#include "kw-version.h"

#define TELEGRAM_MS 15000
#define SIGNAL_US (12 * G_USEC_PER_SEC)

typedef struct {
    KwDoctor *doctor;
    GMainLoop *loop;
    KwSignalLink *link;
    KwClock *clock;
} Probe;

/* -- Telegram -- */

static void
tell_telegram(KwDoctor *doctor, const KwTelegramAnswer *answer)
{
    const gchar *name = "?";

    switch (answer->verdict) {
    case KW_TELEGRAM_DONE:
        if (JSON_NODE_HOLDS_OBJECT(answer->result))
            (void) kw_json_get_string(json_node_get_object(answer->result), "username", &name,
                                      NULL);
        kw_doctor_add(doctor, KW_DOCTOR_OK, "Telegram", NULL, _("the bot is @%s"), name);
        return;
    case KW_TELEGRAM_DENIED:
        kw_doctor_add(doctor, KW_DOCTOR_FAULT, "Telegram",
                      _("get a new token from @BotFather and store it as telegram-token"),
                      _("the token is refused: %s"), answer->text);
        return;
    case KW_TELEGRAM_AGAIN:
    case KW_TELEGRAM_UNSURE:
    case KW_TELEGRAM_WAIT:
    case KW_TELEGRAM_CONFLICT:
    case KW_TELEGRAM_DEAF:
    case KW_TELEGRAM_WRONG:
        kw_doctor_add(doctor, KW_DOCTOR_WARNING, "Telegram",
                      _("is the network there? The bot tries again by itself"),
                      _("cannot be reached: %s"), answer->text);
        return;
    }
}

static void
on_telegram(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(KwTelegramAnswer) answer =
        kw_telegram_api_call_finish(KW_TELEGRAM_API(source), result);
    Probe *probe = user_data;

    if (answer != NULL)
        tell_telegram(probe->doctor, answer);
    g_main_loop_quit(probe->loop);
}

static void
check_telegram(Probe *probe)
{
    const KwSettings *settings = probe->doctor->settings;
    g_autoptr(GError) error = NULL;
    g_autoptr(KwTelegramApi) api = NULL;
    g_autoptr(KwHttp) http = NULL;
    KwSecret *token = kw_vault_load(settings->vault, KW_VAULT_TELEGRAM_TOKEN, &error);

    if (token == NULL) {
        kw_doctor_add(probe->doctor, KW_DOCTOR_FAULT, "Telegram",
                      _("get a new token from @BotFather and store it as telegram-token"), "%s",
                      error->message);
        return;
    }
    http = kw_http_new("kurswart/" KW_VERSION, NULL);
    api = kw_telegram_api_new(http, kw_config_get_string(settings->bot, "telegram", "base_url"),
                              token);
    kw_telegram_api_call_async(
        api,
        &(KwTelegramCall){
            .method = "getMe", .json = "{}", .timeout_ms = TELEGRAM_MS, .reuse = KW_HTTP_REUSE},
        NULL, on_telegram, probe);
    g_main_loop_run(probe->loop);
}

/* -- Signal -- */

static void
on_identities(const KwSignalReply *reply, gpointer user_data)
{
    Probe *probe = user_data;

    if (reply->code == 0)
        kw_doctor_add(probe->doctor, KW_DOCTOR_OK, "Signal", NULL, "%s",
                      _("signal-cli answers and knows the account"));
    else
        kw_doctor_add(probe->doctor, KW_DOCTOR_FAULT, "Signal",
                      _("signal-cli -a NUMBER register, or link; see the README"),
                      _("signal-cli refuses the account: %s"),
                      reply->message != NULL ? reply->message : "?");
    g_main_loop_quit(probe->loop);
}

static void
on_up(gpointer user_data)
{
    Probe *probe = user_data;

    kw_signal_link_call(probe->link, "listIdentities", NULL, on_identities, probe);
}

static void
on_down(const gchar *why, gpointer user_data)
{
    (void) why;
    (void) user_data;
}

static void
on_received(JsonObject *params, gpointer user_data)
{
    (void) params;
    (void) user_data;
}

static void
on_patience_over(gpointer user_data)
{
    Probe *probe = user_data;

    kw_doctor_add(probe->doctor, KW_DOCTOR_WARNING, "Signal",
                  _("is signal-cli running? signal-cli -a NUMBER daemon --socket PATH"),
                  _("nobody answers at %s"),
                  kw_config_get_string(probe->doctor->settings->bot, "signal", "address"));
    g_main_loop_quit(probe->loop);
}

static void
check_signal(Probe *probe, const gchar *address)
{
    const KwSignalLinkEvents events = {.up = on_up, .down = on_down, .received = on_received};
    const KwConfig *config = probe->doctor->settings->bot;
    g_autoptr(GError) error = NULL;
    guint timer;

    probe->link = kw_signal_link_new(probe->clock, address,
                                     kw_config_get_string(config, "signal", "account"), &events,
                                     probe, &error);
    if (probe->link == NULL) {
        kw_doctor_add(probe->doctor, KW_DOCTOR_FAULT, "Signal", NULL, "[signal] address: %s",
                      error->message);
        return;
    }
    timer = kw_clock_call_in(probe->clock, SIGNAL_US, on_patience_over, probe);
    kw_signal_link_start(probe->link);
    g_main_loop_run(probe->loop);
    kw_clock_cancel(probe->clock, timer);
    g_clear_pointer(&probe->link, kw_signal_link_free);
}

void
kw_doctor_check_channels(KwDoctor *doctor)
{
    const KwConfig *config = doctor->settings->bot;
    const gchar *address = kw_config_get_string(config, "signal", "address");
    gboolean has_telegram = kw_config_get_list(config, "telegram", "owners")[0] != NULL;
    Probe probe = {.doctor = doctor};

    if (*address == '\0' && !has_telegram) {
        kw_doctor_add(doctor, KW_DOCTOR_OK, _("Messengers"), NULL, "%s",
                      _("none set up; kurswart tell is the way to the bot"));
        return;
    }
    probe.loop = g_main_loop_new(NULL, FALSE);
    probe.clock = KW_CLOCK(kw_system_clock_new());
    if (*address != '\0')
        check_signal(&probe, address);
    if (has_telegram)
        check_telegram(&probe);
    g_clear_object(&probe.clock);
    g_main_loop_unref(probe.loop);
}
