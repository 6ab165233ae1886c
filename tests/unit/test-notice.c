/* test-notice.c: every kind of message, from the engine to the phone */
#include "kw-build-data.h"
#include "kw-line-client.h"
#include "kw-model-view.h"
#include "kw-phone-rig.h"
#include "kw-test.h"

#include <string.h>

/* A kind and what makes its text; "" = nothing special */
static const struct {
    KwEventKind kind;
    const gchar *text;   /* of the event */
    const gchar *expect; /* in the message */
} rows[] = {
    {KW_EVENT_STARTED, "crash", "nach unerwartetem Ende"},
    {KW_EVENT_STOPPING, "", "⏹ Programm um"},
    {KW_EVENT_ENTRY_ORDER, "", "Kauforder BTC/USDT #7 aufgegeben: 0,5"},
    {KW_EVENT_ENTRY, "", "🟢 Einstieg BTC/USDT #7 zu 100"},
    {KW_EVENT_EXIT_ORDER, "exit_signal", "Verkaufsorder BTC/USDT #7 aufgegeben: 0,5"},
    {KW_EVENT_EXIT, "", "✅ BTC/USDT #7 geschlossen"},
    {KW_EVENT_STOP_HIT, "", "Grund: Stop"},
    {KW_EVENT_STATE, "engine", "▶️ Gestartet"},
    {KW_EVENT_REMINDER, "", "⏸ Erinnerung"},
    {KW_EVENT_KILL_ON, "risk", "🛑 KILL-SWITCH EIN"},
    {KW_EVENT_KILL_OFF, "risk", "🛑 Kill-Switch aus"},
    {KW_EVENT_KILLED_SIGNAL, "", "🚨 Signal trotz Kill-Switch"},
    {KW_EVENT_HALT, "max_drawdown_ratio", "🚨 Gesamtlimit erreicht"},
    {KW_EVENT_HALT_OVER, "", "Tageslimit zurückgesetzt"},
    {KW_EVENT_REJECTED, "data_age", "⚠️ Einstieg BTC/USDT blockiert"},
    {KW_EVENT_STRATEGY, "x.lua:1: broken", "🚨 Strategie nicht verwendbar"},
    {KW_EVENT_OLD_STRATEGY, "x.lua:1: broken", "letzte gute Fassung"},
    {KW_EVENT_STORE, "disk I/O error", "🚨 Speicher nicht beschreibbar"},
    {KW_EVENT_BACKUP, "disk I/O error", "Sicherung ist fehlgeschlagen"},
    {KW_EVENT_LOST_ROWS, "", "fehlen Zeilen: 3"},
    {KW_EVENT_DATA, "data", "neuen Kurse"},
    {KW_EVENT_BACK, "data", "Kurse kommen wieder"},
    {KW_EVENT_ORDER, "stop_refused", "🚨 Bitte eine Order prüfen: BTC/USDT"},
    {KW_EVENT_NOTICE, "pair_open", "ℹ️ Neues von der Börse: BTC/USDT"},
    {KW_EVENT_CAPITAL, "", "⚠️ Startkapital"},
    {KW_EVENT_DIGEST, "", "📊 Tages-Zusammenfassung"},
    {KW_EVENT_WEEKLY, "", "📊 "},
    {KW_EVENT_END_OF_DATA, "", "Wiedergabe zu Ende"},
    {KW_EVENT_LOCK, "StoplossGuard", "🔒 BTC/USDT"},
    {KW_EVENT_LOCK_ALL, "MaxDrawdown", "🔒 BTC/USDT"},
    {KW_EVENT_MODEL, "v1.0.0", "(bisher v1.0.0)"},
    {KW_EVENT_MODEL_BACK, "v1.2.0",
     "🧠 Modell zurück im Einsatz: boost v1.1.0 (statt v1.2.0)"},
    {KW_EVENT_VENUE, "unreachable", "🚨 Die Börse sagt nicht"},
    {KW_EVENT_VERSION, "0.9", "Neue Programmversion"},
    {KW_EVENT_RETRAIN, "weekly", "neu zu trainieren"},
    {KW_EVENT_RETRAINED, "", "Training"},
    {KW_EVENT_SIGNAL, "max_open_trades", "📈 Starkes Signal BTC/USDT"},
};
G_STATIC_ASSERT(G_N_ELEMENTS(rows) == KW_N_EVENT_KINDS);

/* The alarms of the plan (a signal under the kill switch, a limit that is hit), and what else
 * stops trading or leaves money without its stop */
static const KwEventKind alarms[] = {
    KW_EVENT_KILLED_SIGNAL, KW_EVENT_HALT,     KW_EVENT_KILL_ON,
    KW_EVENT_STRATEGY,      KW_EVENT_STORE,    KW_EVENT_DATA,
    KW_EVENT_ORDER,         KW_EVENT_LOCK_ALL, KW_EVENT_VENUE,
};

static KwEvent
make_event(KwPhoneRig *phone, gsize row)
{
    KwEngine *engine = kw_bot_get_engine(phone->rig->bot);
    KwEvent event = {
        .kind = rows[row].kind,
        .time_us = kw_clock_now_us(KW_CLOCK(phone->rig->clock)),
        .value = 3,
        .limit = 2,
        .trade = {.id = 7,
                  .open_rate = kw_test_decimal("100.00"),
                  .last_rate = kw_test_decimal("101.00"),
                  .has_last = TRUE,
                  .stake = kw_test_decimal("50"),
                  .amount = kw_test_decimal("0.5"),
                  .stop = kw_test_decimal("90.00"),
                  .confidence = 0.8},
    };

    g_snprintf(event.key, sizeof event.key, "test:%s", kw_event_kind_to_string(event.kind));
    g_strlcpy(event.text, rows[row].text, sizeof event.text);
    g_strlcpy(event.trade.pair, "BTC/USDT", sizeof event.trade.pair);
    g_strlcpy(event.trade.model, "boost v1.1.0", sizeof event.trade.model);
    g_strlcpy(event.trade.exit_reason, "stop_loss", sizeof event.trade.exit_reason);
    event.amount = kw_test_decimal("110.00");
    kw_query_get_status(kw_engine_get_query(engine), &event.digest.status);
    event.digest.period.period = (KwPeriod){event.time_us - G_TIME_SPAN_DAY, event.time_us};
    return event;
}

static void
tell(KwPhoneRig *phone, gsize row)
{
    KwEvent event = make_event(phone, row);

    g_signal_emit_by_name(kw_bot_get_engine(phone->rig->bot), "event", &event);
}

/* What the phone has got: texts and pictures with theirs, in order */
static GPtrArray *
list_told(KwPhoneRig *phone)
{
    const GPtrArray *sent = kw_fake_telegram_get_sent(phone->telegram);
    GPtrArray *told = g_ptr_array_new();

    for (guint i = 0; i < sent->len; i++) {
        const KwFakeTelegramSent *one = sent->pdata[i];

        if (g_str_equal(one->method, "sendMessage") || g_str_equal(one->method, "sendPhoto"))
            g_ptr_array_add(told, (gpointer) one);
    }
    return told;
}

typedef struct {
    KwPhoneRig *phone;
    guint n;
} Awaited;

static gboolean
has_told(gpointer user_data)
{
    const Awaited *awaited = user_data;
    g_autoptr(GPtrArray) told = list_told(awaited->phone);

    return told->len >= awaited->n;
}

/* The message behind the @n that were there before; exactly one more */
static const KwFakeTelegramSent *
wait_told(KwPhoneRig *phone, guint n)
{
    Awaited awaited = {phone, n + 1};
    g_autoptr(GPtrArray) told = NULL;

    kw_line_client_wait_until(has_told, &awaited);
    told = list_told(phone);
    g_assert_cmpuint(told->len, ==, n + 1);
    return told->pdata[n];
}

static gboolean
is_silent(const KwFakeTelegramSent *sent)
{
    if (sent->params == NULL)
        return strstr(sent->form, "name=\"disable_notification\"") != NULL;
    return json_object_has_member(json_node_get_object(sent->params), "disable_notification");
}

static void
assert_says(const KwFakeTelegramSent *sent, const gchar *part)
{
    const gchar *text = sent->form;

    if (sent->params != NULL)
        text = json_object_get_string_member(json_node_get_object(sent->params), "text");
    if (strstr(text, part) == NULL)
        g_error("»%s« is not in:\n%s", part, text);
}

static gboolean
is_alarm(KwEventKind kind)
{
    for (gsize i = 0; i < G_N_ELEMENTS(alarms); i++)
        if (alarms[i] == kind)
            return TRUE;
    return FALSE;
}

/* All keys of [notify] say @word; where an alarm does not know it, "silent". */
static gchar *
make_config(const gchar *word)
{
    GString *text = g_string_new("[notify]\n");

    for (guint kind = 0; kind < KW_N_EVENT_KINDS; kind++) {
        gboolean is_refused = g_str_equal(word, "off") && is_alarm((KwEventKind) kind);

        g_string_append_printf(text, "%s = %s\n", kw_event_kind_to_string((KwEventKind) kind),
                               is_refused ? "silent" : word);
    }
    return g_string_free(text, FALSE);
}

static void
open_phone(KwPhoneRig *phone, const gchar *config, gdouble speed)
{
    *phone = (KwPhoneRig){.more = config, .speed = speed};
    kw_phone_rig_init(phone);
    kw_phone_rig_load(phone);
    kw_phone_rig_open_bot(phone);
}

static void
test_alarms(void)
{
    for (guint kind = 0; kind < KW_N_EVENT_KINDS; kind++) {
        g_test_message("%s", kw_event_kind_to_string((KwEventKind) kind));
        g_assert_cmpint(kw_event_kind_is_alarm((KwEventKind) kind), ==,
                        is_alarm((KwEventKind) kind));
    }
}

/* So many at a time: more in a row would wait for the pace that Telegram allows. */
#define N_AT_ONCE 13

/* Tells the kinds from @first on, each once it is heard that the one before has come. */
static void
tell_some(KwPhoneRig *phone,
          gsize first,
          void (*check)(gsize row, const KwFakeTelegramSent *sent, gpointer user_data),
          gpointer user_data)
{
    guint n = 1;

    (void) wait_told(phone, 0); /* its start */
    for (gsize i = first; i < MIN(first + N_AT_ONCE, G_N_ELEMENTS(rows)); i++) {
        g_test_message("%s", kw_event_kind_to_string(rows[i].kind));
        tell(phone, i);
        check(i, wait_told(phone, n++), user_data);
    }
}

static void
check_told(gsize row, const KwFakeTelegramSent *sent, gpointer user_data)
{
    const gboolean *want_silent = user_data;

    assert_says(sent, rows[row].expect);
    g_assert_cmpint(is_silent(sent), ==, *want_silent);
}

/* One message each, the right one, with sound or without */
static void
test_told(gconstpointer word)
{
    g_autofree gchar *config = make_config(word);
    gboolean want_silent = g_str_equal(word, "silent");

    for (gsize first = 0; first < G_N_ELEMENTS(rows); first += N_AT_ONCE) {
        KwPhoneRig phone;

        open_phone(&phone, config, 1);
        tell_some(&phone, first, check_told, &want_silent);
        kw_phone_rig_clear(&phone);
    }
}

/* None but the alarms */
static void
test_off(void)
{
    g_autofree gchar *config = make_config("off");
    g_autoptr(GPtrArray) told = NULL;
    KwPhoneRig phone;

    open_phone(&phone, config, 1);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        tell(&phone, i);
    kw_line_client_wait_until(has_told, &(Awaited){&phone, G_N_ELEMENTS(alarms)});
    (void) kw_fake_telegram_say(phone.telegram, KW_FAKE_TELEGRAM_OWNER, "Status",
                                kw_phone_rig_now(&phone));
    kw_line_client_wait_until(has_told, &(Awaited){&phone, G_N_ELEMENTS(alarms) + 1});
    told = list_told(&phone);
    g_assert_cmpuint(told->len, ==, G_N_ELEMENTS(alarms) + 1);
    for (guint i = 0; i < G_N_ELEMENTS(alarms); i++)
        g_assert_true(is_silent(told->pdata[i])); /* as configured */
    assert_says(told->pdata[told->len - 1], "Läuft");
    kw_phone_rig_clear(&phone);
}

static void
check_night(gsize row, const KwFakeTelegramSent *sent, gpointer user_data)
{
    g_assert_cmpint(is_silent(sent), ==, !is_alarm(rows[row].kind));
}

/* An alarm rings at night, all others do not. */
static void
test_night(void)
{
    g_autofree gchar *config = make_config("on");
    g_autofree gchar *night =
        g_strconcat(config, "quiet_from = 00:01\nquiet_until = 00:00\n", NULL);

    for (gsize first = 0; first < G_N_ELEMENTS(rows); first += N_AT_ONCE) {
        KwPhoneRig phone;

        open_phone(&phone, night, 1);
        tell_some(&phone, first, check_night, NULL);
        kw_phone_rig_clear(&phone);
    }
}

/* The picture of a message whose text has @part in it */
static gboolean
has_picture(KwPhoneRig *phone, const gchar *part)
{
    g_autoptr(GPtrArray) told = list_told(phone);

    for (guint i = 0; i < told->len; i++) {
        const KwFakeTelegramSent *sent = told->pdata[i];

        if (g_str_equal(sent->method, "sendPhoto") && strstr(sent->form, part) != NULL &&
            strstr(sent->form, "\x89PNG") != NULL)
            return TRUE;
    }
    return FALSE;
}

static gboolean
has_all_pictures(gpointer user_data)
{
    return has_picture(user_data, "🟢 Einstieg") && has_picture(user_data, "geschlossen:") &&
           has_picture(user_data, "📊 Tages-Zusammenfassung");
}

/* Days in a moment: entry, exit and report come with theirs. */
static void
test_pictures(void)
{
    KwPhoneRig phone;

    open_phone(&phone, NULL, KW_PACER_FULL_SPEED);
    kw_pacer_run(phone.rig->pacer, phone.rig->start_us + 4 * G_TIME_SPAN_DAY, NULL, NULL);
    kw_line_client_wait_until(has_all_pictures, &phone);
    kw_phone_rig_clear(&phone);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_quiet_log();
    g_assert_nonnull(kw_data_get_resource());
    g_test_add_func("/app/notice/alarms", test_alarms);
    g_test_add_data_func("/app/notice/on", "on", test_told);
    g_test_add_data_func("/app/notice/silent", "silent", test_told);
    g_test_add_func("/app/notice/off", test_off);
    g_test_add_func("/app/notice/night", test_night);
    g_test_add_func("/app/notice/pictures", test_pictures);
    return g_test_run();
}
