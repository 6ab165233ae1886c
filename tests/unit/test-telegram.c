/* test-telegram.c: the channel against a server that behaves like Telegram on its worse days */
#include "kw-fake-telegram.h"
#include "kw-json.h"
#include "kw-line-client.h"
#include "kw-telegram.h"
#include "kw-test.h"

#include <string.h>

#define OWNER KW_FAKE_TELEGRAM_OWNER
#define DATE (KW_TEST_T0_US / G_USEC_PER_SEC)
#define SECOND G_TIME_SPAN_SECOND

typedef struct {
    KwFakeTelegram *server;
    KwFakeClock *clock;
    KwChannel *channel;
    GString *heard;    /* "text@sender " */
    GString *outcomes; /* "key+ " or "key- " */
    GString *troubles; /* "conflict " */
    gchar *mark;       /* of the newest message */
    gint64 request;    /* of the newest message */
    guint n_online;
    gboolean is_slow;    /* neither answers nor settles */
    const gchar *wanted; /* call that is waited for */
} Fixture;

static void
on_message(KwChannel *channel, const KwChannelMessage *message, gpointer user_data)
{
    Fixture *f = user_data;
    g_autofree gchar *reply = g_strdup_printf("[%s]", message->text);

    g_string_append_printf(f->heard, "%s%s@%s ", message->is_foreign ? "!" : "", message->text,
                           message->sender);
    g_assert_cmpstr(message->chat, ==, message->sender);
    g_free(f->mark);
    f->mark = g_strdup(message->mark);
    f->request = message->request;
    if (f->is_slow)
        return;
    if (!message->is_foreign)
        (void) kw_channel_reply_text(channel, message->chat, message->request, reply);
    kw_channel_settle(channel, message->request);
}

static void
on_online(KwChannel *channel, gpointer user_data)
{
    ((Fixture *) user_data)->n_online++;
}

static void
on_outcome(KwChannel *channel, const gchar *key, guint taken, gpointer user_data)
{
    g_string_append_printf(((Fixture *) user_data)->outcomes, "%s%s ", key,
                           taken == KW_CHANNEL_DELIVERED ? "+" : "-");
}

static void
on_trouble(KwChannel *channel, guint trouble, gpointer user_data)
{
    g_string_append_printf(((Fixture *) user_data)->troubles, "%s ",
                           kw_channel_trouble_to_string((KwChannelTrouble) trouble));
}

static void
open_channel(Fixture *f, const gchar *token, const gchar *mark)
{
    static const gchar *const recipients[] = {"5000000001", NULL};
    const KwTelegramCommand commands[] = {{(gchar *) "status", (gchar *) "Stand"}};
    const KwTelegramMenu menus[] = {{"de", commands, 1}, {NULL, commands, 1}};
    g_autoptr(KwHttp) http = kw_http_new("kurswart-test", NULL);
    g_autoptr(KwTelegramApi) api = kw_telegram_api_new(
        http, kw_fake_telegram_get_url(f->server), kw_secret_new(token, strlen(token)));

    f->channel = KW_CHANNEL(kw_telegram_new(&(KwTelegramOptions){
        .clock = KW_CLOCK(f->clock),
        .api = api,
        .recipients = recipients,
        .menus = menus,
        .n_menus = 2,
        .mark = mark,
        .expired = "gilt nicht mehr",
        .working = "Arbeit",
        .seed = 1,
    }));
    g_signal_connect(f->channel, "message", G_CALLBACK(on_message), f);
    g_signal_connect(f->channel, "online", G_CALLBACK(on_online), f);
    g_signal_connect(f->channel, "outcome", G_CALLBACK(on_outcome), f);
    g_signal_connect(f->channel, "trouble", G_CALLBACK(on_trouble), f);
    g_assert_true(kw_channel_start(f->channel, NULL));
}

static gboolean
is_polled(gpointer user_data)
{
    Fixture *f = user_data;

    kw_fake_clock_advance(f->clock, 1000); /* what is due at once runs */
    return kw_fake_telegram_is_polled(f->server) && kw_channel_is_online(f->channel);
}

static void
wait_polled(Fixture *f)
{
    kw_line_client_wait_until(is_polled, f);
}

static void
close_channel(Fixture *f)
{
    kw_channel_stop(f->channel);
    kw_line_client_settle();
    g_assert_finalize_object(f->channel);
    f->channel = NULL;
}

static void
set_up(Fixture *f, gconstpointer data)
{
    (void) kw_test_take_criticals();
    f->server = kw_fake_telegram_new();
    f->clock = kw_fake_clock_new(KW_TEST_T0_US);
    f->heard = g_string_new(NULL);
    f->outcomes = g_string_new(NULL);
    f->troubles = g_string_new(NULL);
    open_channel(f, data != NULL ? data : KW_FAKE_TELEGRAM_TOKEN, NULL);
    if (data == NULL)
        wait_polled(f);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    if (f->channel != NULL)
        close_channel(f);
    kw_fake_telegram_free(f->server);
    g_object_unref(f->clock);
    g_string_free(f->heard, TRUE);
    g_string_free(f->outcomes, TRUE);
    g_string_free(f->troubles, TRUE);
    g_free(f->mark);
}

static const KwFakeTelegramSent *
find_sent(Fixture *f, const gchar *method, guint index)
{
    const GPtrArray *sent = kw_fake_telegram_get_sent(f->server);

    for (guint i = 0; i < sent->len; i++) {
        const KwFakeTelegramSent *one = sent->pdata[i];

        if (g_str_equal(one->method, method) && index-- == 0)
            return one;
    }
    return NULL;
}

static JsonObject *
last_params(Fixture *f, const gchar *method)
{
    const KwFakeTelegramSent *sent = NULL;

    for (guint i = 0; find_sent(f, method, i) != NULL; i++)
        sent = find_sent(f, method, i);
    g_assert_nonnull(sent);
    return json_node_get_object(sent->params);
}

/* -- in -- */

static void
test_question(Fixture *f, gconstpointer data)
{
    gint64 id = kw_fake_telegram_say(f->server, OWNER, "Status", DATE);

    g_assert_cmpstr(kw_fake_telegram_wait_text(f->server, 1), ==, "[Status]");
    g_assert_cmpint(json_object_get_int_member(last_params(f, "sendMessage"), "chat_id"), ==,
                    OWNER);
    wait_polled(f);
    g_assert_cmpint(kw_fake_telegram_get_offset(f->server), ==, id + 1);
    g_assert_cmpstr(f->heard->str, ==, "Status@telegram:5000000001 ");
    g_assert_cmpuint(f->n_online, ==, 1);
}

static void
test_menus(Fixture *f, gconstpointer data)
{
    JsonObject *german = json_node_get_object(find_sent(f, "setMyCommands", 0)->params);
    JsonObject *others = json_node_get_object(find_sent(f, "setMyCommands", 1)->params);

    g_assert_cmpstr(json_object_get_string_member(german, "language_code"), ==, "de");
    g_assert_false(json_object_has_member(others, "language_code"));
    g_assert_null(find_sent(f, "setMyCommands", 2));
}

/* The number is not confirmed before what the message did is durable, but not for ever. */
static gboolean
on_tick(gpointer user_data)
{
    kw_fake_clock_advance(((Fixture *) user_data)->clock, SECOND);
    return G_SOURCE_CONTINUE;
}

/* A server that takes no menu is talked to all the same, after some tries. */
static void
test_menu_fails(Fixture *f, gconstpointer data)
{
    guint ticks;

    close_channel(f);
    for (guint i = 0; i < 4; i++)
        kw_fake_telegram_fail(f->server, "setMyCommands", 500, "{\"message\":\"no\"}");
    open_channel(f, KW_FAKE_TELEGRAM_TOKEN, NULL);
    ticks = g_timeout_add(20, on_tick, f);
    wait_polled(f);
    g_source_remove(ticks);
    (void) kw_fake_telegram_say(f->server, OWNER, "da", DATE);
    g_assert_cmpstr(kw_fake_telegram_wait_text(f->server, 1), ==, "[da]");
}

/* One that answers a long poll at once is not asked without a pause. */
static void
test_hasty_server(Fixture *f, gconstpointer data)
{
    static const gchar nothing[] = "{\"ok\":true,\"result\":[]}";
    guint n;

    kw_fake_telegram_fail(f->server, "getUpdates", 200, nothing);
    for (guint i = 0; i < 20; i++)
        kw_line_client_settle();
    n = kw_fake_telegram_count_polls(f->server);
    kw_fake_clock_advance(f->clock, SECOND / 2);
    kw_line_client_settle();
    g_assert_cmpuint(kw_fake_telegram_count_polls(f->server), ==, n);
    kw_fake_clock_advance(f->clock, SECOND);
    wait_polled(f);
    g_assert_cmpuint(kw_fake_telegram_count_polls(f->server), ==, n + 1);
}

static void
test_settles_before_confirming(Fixture *f, gconstpointer data)
{
    guint n_polls = kw_fake_telegram_count_polls(f->server);

    f->is_slow = TRUE;
    (void) kw_fake_telegram_say(f->server, OWNER, "Status", DATE);
    kw_line_client_settle();
    while (f->heard->len == 0)
        (void) g_main_context_iteration(NULL, TRUE);
    g_assert_cmpuint(kw_fake_telegram_count_polls(f->server), ==, n_polls);
    kw_channel_settle(f->channel, f->request);
    wait_polled(f);
    g_assert_cmpuint(kw_fake_telegram_count_polls(f->server), ==, n_polls + 1);

    (void) kw_fake_telegram_say(f->server, OWNER, "lange Frage", DATE);
    while (strstr(f->heard->str, "lange") == NULL)
        (void) g_main_context_iteration(NULL, TRUE);
    kw_fake_clock_advance(f->clock, 2 * SECOND);
    f->is_slow = FALSE;
    (void) kw_fake_telegram_say(f->server, OWNER, "Stopp", DATE);
    g_assert_cmpstr(kw_fake_telegram_wait_text(f->server, 1), ==, "[Stopp]");
}

/* Same update twice: one effect; after a restart as well, by the mark. */
static void
test_once(Fixture *f, gconstpointer data)
{
    (void) kw_fake_telegram_say(f->server, OWNER, "eins", DATE);
    (void) kw_fake_telegram_wait_text(f->server, 1);
    wait_polled(f);
    kw_fake_telegram_repeat(f->server);
    wait_polled(f);
    g_assert_cmpstr(f->heard->str, ==, "eins@telegram:5000000001 ");

    close_channel(f);
    kw_fake_telegram_repeat(f->server);
    open_channel(f, KW_FAKE_TELEGRAM_TOKEN, f->mark);
    wait_polled(f);
    g_assert_cmpstr(f->heard->str, ==, "eins@telegram:5000000001 ");
}

/* A mark that is too old would hide messages whose numbers began anew. */
static void
test_old_mark(Fixture *f, gconstpointer data)
{
    g_autofree gchar *mark = g_strdup_printf("999999999 %" G_GINT64_FORMAT,
                                             KW_TEST_T0_US - 7 * (gint64) G_TIME_SPAN_DAY);

    close_channel(f);
    (void) kw_fake_telegram_say(f->server, OWNER, "neu", DATE);
    open_channel(f, KW_FAKE_TELEGRAM_TOKEN, mark);
    g_assert_cmpstr(kw_fake_telegram_wait_text(f->server, 1), ==, "[neu]");
}

static void
test_foreign(Fixture *f, gconstpointer data)
{
    (void) kw_fake_telegram_push(f->server,
                                 "\"edited_message\":{\"text\":\"Stopp\",\"edit_date\":1}");
    (void) kw_fake_telegram_push(f->server, "\"some_future_update\":{\"x\":1}");
    (void) kw_fake_telegram_say(f->server, OWNER, "da", DATE);
    (void) kw_fake_telegram_wait_text(f->server, 1);
    g_assert_cmpstr(f->heard->str, ==, "!@telegram:0 da@telegram:5000000001 ");
}

static gboolean
has_calls(gpointer user_data)
{
    Fixture *f = user_data;

    return find_sent(f, f->wanted, 0) != NULL;
}

static JsonObject *
wait_call(Fixture *f, const gchar *method)
{
    f->wanted = method;
    kw_line_client_wait_until(has_calls, f);
    return last_params(f, method);
}

/* A long answer: "typing", then a message that counts and goes when the answer is there */
static void
test_progress(Fixture *f, gconstpointer data)
{
    JsonObject *params;
    gint64 shown;

    f->is_slow = TRUE;
    (void) kw_fake_telegram_say(f->server, OWNER, "Analysiere", DATE);
    while (f->request == 0)
        (void) g_main_context_iteration(NULL, TRUE);
    kw_fake_clock_advance(f->clock, SECOND);
    params = wait_call(f, "sendChatAction");
    g_assert_cmpstr(json_object_get_string_member(params, "action"), ==, "typing");
    g_assert_cmpuint(kw_fake_telegram_count_texts(f->server), ==, 0);
    kw_fake_clock_advance(f->clock, 4 * SECOND);
    g_assert_cmpstr(kw_fake_telegram_wait_text(f->server, 1), ==, "⏳ Arbeit … 5 s");
    kw_line_client_settle();
    kw_fake_clock_advance(f->clock, 10 * SECOND);
    params = wait_call(f, "editMessageText");
    g_assert_cmpstr(json_object_get_string_member(params, "text"), ==, "⏳ Arbeit … 15 s");
    shown = json_object_get_int_member(params, "message_id");

    (void) kw_channel_reply_text(f->channel, "telegram:5000000001", f->request, "fertig");
    kw_channel_settle(f->channel, f->request);
    g_assert_cmpint(json_object_get_int_member(wait_call(f, "deleteMessage"), "message_id"), ==,
                    shown);
    g_assert_cmpstr(kw_fake_telegram_wait_text(f->server, 2), ==, "fertig");
}

/* A quick answer has nothing of that. */
static void
test_no_progress(Fixture *f, gconstpointer data)
{
    (void) kw_fake_telegram_say(f->server, OWNER, "Status", DATE);
    (void) kw_fake_telegram_wait_text(f->server, 1);
    kw_fake_clock_advance(f->clock, 60 * SECOND);
    kw_line_client_settle();
    g_assert_null(find_sent(f, "sendChatAction", 0));
    g_assert_cmpuint(kw_fake_telegram_count_texts(f->server), ==, 1);
}

/* -- buttons -- */

static void
press(Fixture *f, gint64 user, const gchar *data)
{
    g_autofree gchar *members = g_strdup_printf(
        "\"callback_query\":{\"id\":\"77\",\"from\":{\"id\":%" G_GINT64_FORMAT
        "},\"message\":{\"message_id\":1,\"date\":0,\"chat\":{\"id\":%" G_GINT64_FORMAT
        ",\"type\":\"private\"}},\"data\":\"%s\"}",
        user, user, data);

    (void) kw_fake_telegram_push(f->server, members);
    wait_polled(f);
}

static void
ask(Fixture *f, const gchar *code)
{
    const KwChannelChoice choices[] = {{"Bestätigen", code}, {"Verwerfen", "Nein"}};
    guint n = kw_fake_telegram_count_texts(f->server);
    g_autofree gchar *text = g_strdup_printf("Starten?\n%s\n„Nein“ verwirft.", code);

    g_assert_cmpint(kw_channel_broadcast(
                        f->channel, code,
                        &(KwChannelContent){.text = text, .choices = choices, .n_choices = 2}),
                    ==, KW_CHANNEL_UNDER_WAY);
    (void) kw_fake_telegram_wait_text(f->server, n + 1);
}

static void
test_buttons(Fixture *f, gconstpointer data)
{
    g_autofree gchar *first = NULL;
    g_autofree gchar *second = NULL;
    JsonObject *code;

    ask(f, "4711");
    first = kw_fake_telegram_dup_button(f->server, 0);
    g_assert_null(strstr(first, "4711")); /* the app learns no code from it */
    code = json_array_get_object_element(
        json_object_get_array_member(last_params(f, "sendMessage"), "entities"), 0);
    g_assert_cmpint(json_object_get_int_member(code, "offset"), ==, 9);
    g_assert_cmpint(json_object_get_int_member(code, "length"), ==, 4);

    press(f, OWNER + 1, first); /* somebody else's */
    press(f, OWNER, "stop:9f2c:y");
    g_assert_cmpstr(f->heard->str, ==, "");
    g_assert_cmpstr(
        json_object_get_string_member(last_params(f, "answerCallbackQuery"), "text"), ==,
        "gilt nicht mehr");
    press(f, OWNER, first);
    g_assert_cmpstr(f->heard->str, ==, "4711@telegram:5000000001 ");
    press(f, OWNER, first); /* once only */
    g_assert_cmpstr(f->heard->str, ==, "4711@telegram:5000000001 ");

    ask(f, "0815");
    second = kw_fake_telegram_dup_button(f->server, 1);
    ask(f, "1234"); /* takes the place of the one before */
    press(f, OWNER, second);
    g_assert_cmpstr(f->heard->str, ==, "4711@telegram:5000000001 ");
}

/* -- out -- */

static void
test_long_text(Fixture *f, gconstpointer data)
{
    g_autoptr(GString) text = g_string_new(NULL);

    while (text->len < 9000)
        g_string_append(text, "Eine Zeile mit Umlauten: äöü 😀\n");
    g_assert_cmpint(
        kw_channel_broadcast(f->channel, "lang", &(KwChannelContent){.text = text->str}), ==,
        KW_CHANNEL_UNDER_WAY);
    (void) kw_fake_telegram_wait_text(f->server, 2);
    while (f->outcomes->len == 0)
        (void) g_main_context_iteration(NULL, TRUE);
    g_assert_cmpstr(f->outcomes->str, ==, "lang+ ");
    g_assert_cmpuint(kw_fake_telegram_count_texts(f->server), ==, 2);
}

static void
test_picture(Fixture *f, gconstpointer data)
{
    g_autoptr(GBytes) png = g_bytes_new_static("\x89PNG...", 7);

    (void) kw_channel_broadcast(f->channel, "bild",
                                &(KwChannelContent){.text = "Kapital", .picture = png});
    while (f->outcomes->len == 0)
        (void) g_main_context_iteration(NULL, TRUE);
    g_assert_nonnull(strstr(find_sent(f, "sendPhoto", 0)->form, "Kapital"));
    g_assert_nonnull(strstr(find_sent(f, "sendPhoto", 0)->form, "filename=\"bild.png\""));
    g_assert_cmpuint(kw_fake_telegram_count_texts(f->server), ==, 0);
}

static void
broadcast(Fixture *f, const gchar *key, gboolean is_urgent)
{
    (void) kw_channel_broadcast(f->channel, key,
                                &(KwChannelContent){.text = key, .is_urgent = is_urgent});
}

static void
test_urgent_first(Fixture *f, gconstpointer data)
{
    broadcast(f, "eins", FALSE);
    broadcast(f, "zwei", FALSE);
    broadcast(f, "Alarm", TRUE);
    broadcast(f, "Feuer", TRUE);
    (void) kw_fake_telegram_wait_text(f->server, 4);
    g_assert_cmpstr(kw_fake_telegram_get_text(f->server, 0), ==, "eins"); /* under way */
    g_assert_cmpstr(kw_fake_telegram_get_text(f->server, 1), ==, "Alarm");
    g_assert_cmpstr(kw_fake_telegram_get_text(f->server, 2), ==, "Feuer");
    g_assert_cmpstr(kw_fake_telegram_get_text(f->server, 3), ==, "zwei");
}

/* Whoever asks does not wait for the news. */
static void
test_answers_before_news(Fixture *f, gconstpointer data)
{
    broadcast(f, "eins", FALSE);
    for (guint i = 0; i < 30; i++) {
        g_autofree gchar *key = g_strdup_printf("Trade %u", i);

        broadcast(f, key, FALSE);
    }
    (void) kw_fake_telegram_say(f->server, OWNER, "Stopp", DATE);
    while (f->request == 0)
        (void) g_main_context_iteration(NULL, TRUE);
    for (guint i = 0; i < 30; i++) {
        kw_fake_clock_advance(f->clock, SECOND);
        kw_line_client_settle();
    }
    (void) kw_fake_telegram_wait_text(f->server, 31);
    for (guint i = 0; i < 25; i++) {
        if (g_str_equal(kw_fake_telegram_get_text(f->server, i), "[Stopp]"))
            return;
    }
    g_assert_not_reached();
}

/* -- faults -- */

static void
fail_with(Fixture *f, const gchar *method, guint status, const gchar *fixture)
{
    g_autofree gchar *name = g_strconcat("telegram/", fixture, NULL);
    g_autofree gchar *path = kw_test_fixture_path(name);
    g_autofree gchar *body = NULL;

    g_assert_true(g_file_get_contents(path, &body, NULL, NULL));
    kw_fake_telegram_fail(f->server, method, status, body);
}

static gboolean
is_offline(gpointer user_data)
{
    return !kw_channel_is_online(((Fixture *) user_data)->channel);
}

/* A page of HTML, half an answer, a fault of the server: later again, and nothing is lost */
static void
test_polls_go_on(Fixture *f, gconstpointer data)
{
    static const gchar *const faults[] = {"error_502_html.txt", "getUpdates_truncated.json",
                                          "error_502.json"};

    for (gsize i = 0; i < G_N_ELEMENTS(faults); i++) {
        fail_with(f, "getUpdates", i == 1 ? 200 : 502, faults[i]);
        kw_line_client_wait_until(is_offline, f);
        (void) kw_fake_telegram_say(f->server, OWNER, "da?", DATE);
        kw_fake_clock_advance(f->clock, 60 * SECOND);
        g_assert_cmpstr(kw_fake_telegram_wait_text(f->server, (guint) i + 1), ==, "[da?]");
        wait_polled(f);
    }
    g_assert_cmpuint(f->n_online, ==, 4);
    g_assert_cmpstr(f->troubles->str, ==, "");
}

static void
test_conflict(Fixture *f, gconstpointer data)
{
    guint n_polls = kw_fake_telegram_count_polls(f->server);

    fail_with(f, "getUpdates", 409, "error_409_other_getupdates.json");
    kw_line_client_settle();
    while (kw_fake_telegram_is_polled(f->server))
        (void) g_main_context_iteration(NULL, TRUE);
    fail_with(f, "getUpdates", 409, "error_409_other_getupdates.json");
    g_assert_cmpstr(f->troubles->str, ==, ""); /* one is usual after a restart */
    while (kw_fake_clock_get_next_due_us(f->clock) == G_MAXINT64)
        (void) g_main_context_iteration(NULL, TRUE);
    kw_fake_clock_advance(f->clock, 29 * SECOND);
    g_assert_cmpuint(kw_fake_telegram_count_polls(f->server), ==, n_polls); /* no fight */
    kw_fake_clock_advance(f->clock, 1 * SECOND);
    while (f->troubles->len == 0)
        (void) g_main_context_iteration(NULL, TRUE);
    g_assert_cmpstr(f->troubles->str, ==, "conflict ");
    g_assert_false(kw_channel_is_online(f->channel));
    kw_fake_clock_advance(f->clock, 30 * SECOND);
    wait_polled(f);
}

static void
test_wait(Fixture *f, gconstpointer data)
{
    fail_with(f, "sendMessage", 429, "error_429_retry_after.json");
    broadcast(f, "eins", FALSE);
    kw_line_client_wait_until(is_offline, f);
    broadcast(f, "zwei", FALSE); /* refused: another channel may take it */
    kw_fake_clock_advance(f->clock, 34 * SECOND);
    kw_line_client_settle();
    g_assert_cmpuint(kw_fake_telegram_count_texts(f->server), ==, 0);
    kw_fake_clock_advance(f->clock, 1 * SECOND);
    g_assert_cmpstr(kw_fake_telegram_wait_text(f->server, 1), ==, "eins");
    while (f->outcomes->len == 0)
        (void) g_main_context_iteration(NULL, TRUE);
    g_assert_cmpstr(f->outcomes->str, ==, "eins+ ");
    g_assert_true(kw_channel_is_online(f->channel));
}

static void
test_wrong_token(Fixture *f, gconstpointer data)
{
    while (f->troubles->len == 0)
        (void) g_main_context_iteration(NULL, TRUE);
    g_assert_cmpstr(f->troubles->str, ==, "access ");
    g_assert_false(kw_channel_is_online(f->channel));
    kw_fake_clock_advance(f->clock, 3600 * SECOND);
    kw_line_client_settle();
    g_assert_cmpuint(kw_fake_telegram_count_polls(f->server), ==, 0);
    g_assert_cmpuint(kw_test_take_criticals(), ==, 1);
}

static void
test_blocked(Fixture *f, gconstpointer data)
{
    fail_with(f, "sendMessage", 403, "error_403_blocked.json");
    broadcast(f, "eins", FALSE);
    while (f->outcomes->len == 0)
        (void) g_main_context_iteration(NULL, TRUE);
    g_assert_cmpstr(f->outcomes->str, ==, "eins- ");
    kw_line_client_wait_until(is_offline, f);
    g_assert_cmpstr(f->troubles->str, ==, "blocked ");
    (void) kw_fake_telegram_say(f->server, OWNER, "wieder da", DATE);
    (void) kw_fake_telegram_wait_text(f->server, 1);
    g_assert_true(kw_channel_is_online(f->channel));
}

/* An answer is tried again; a broadcast is given back to who knows other ways. */
static void
test_send_fails(Fixture *f, gconstpointer data)
{
    fail_with(f, "sendMessage", 502, "error_502_html.txt");
    fail_with(f, "sendMessage", 502, "error_502_html.txt");
    broadcast(f, "Meldung", FALSE);
    while (f->outcomes->len == 0)
        (void) g_main_context_iteration(NULL, TRUE);
    g_assert_cmpstr(f->outcomes->str, ==, "Meldung- ");
    (void) kw_fake_telegram_say(f->server, OWNER, "Status", DATE);
    while (kw_fake_telegram_count_texts(f->server) == 0) {
        kw_line_client_settle();
        kw_fake_clock_advance(f->clock, SECOND);
    }
    g_assert_cmpstr(kw_fake_telegram_get_text(f->server, 0), ==, "[Status]");
}

/* Nobody knows whether it arrived: a code must not be sent twice */
static void
test_unsure(Fixture *f, gconstpointer data)
{
    const KwChannelChoice choice = {"Bestätigen", "4711"};

    kw_fake_telegram_fail(f->server, "sendMessage", 0, NULL);
    (void) kw_channel_broadcast(
        f->channel, "frage",
        &(KwChannelContent){.text = "4711", .choices = &choice, .n_choices = 1});
    while (f->outcomes->len == 0)
        (void) g_main_context_iteration(NULL, TRUE);
    kw_fake_clock_advance(f->clock, 60 * SECOND);
    kw_line_client_settle();
    g_assert_cmpstr(f->outcomes->str, ==, "frage- ");
    g_assert_cmpuint(kw_fake_telegram_count_texts(f->server), ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_quiet_log();
#define ADD(name, data, func)                                                                  \
    g_test_add("/chat/telegram/" name, Fixture, data, set_up, func, tear_down)
    ADD("question", NULL, test_question);
    ADD("menus", NULL, test_menus);
    ADD("menu-fails", NULL, test_menu_fails);
    ADD("hasty-server", NULL, test_hasty_server);
    ADD("settles-before-confirming", NULL, test_settles_before_confirming);
    ADD("once", NULL, test_once);
    ADD("old-mark", NULL, test_old_mark);
    ADD("foreign", NULL, test_foreign);
    ADD("progress", NULL, test_progress);
    ADD("no-progress", NULL, test_no_progress);
    ADD("buttons", NULL, test_buttons);
    ADD("long-text", NULL, test_long_text);
    ADD("picture", NULL, test_picture);
    ADD("urgent-first", NULL, test_urgent_first);
    ADD("answers-before-news", NULL, test_answers_before_news);
    ADD("polls-go-on", NULL, test_polls_go_on);
    ADD("conflict", NULL, test_conflict);
    ADD("wait", NULL, test_wait);
    ADD("wrong-token", "1:falsch", test_wrong_token);
    ADD("blocked", NULL, test_blocked);
    ADD("send-fails", NULL, test_send_fails);
    ADD("unsure", NULL, test_unsure);
    return g_test_run();
}
