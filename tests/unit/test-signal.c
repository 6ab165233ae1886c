/* test-signal.c: the channel against a signal-cli that answers late, wrongly or not at all */
#include "kw-fake-signal.h"
#include "kw-line-client.h"
#include "kw-signal.h"
#include "kw-test.h"

#include <string.h>

#define SECOND G_TIME_SPAN_SECOND
#define T0_MS (KW_TEST_T0_US / 1000)

/* The bot's side of a case */
typedef struct {
    KwFakeSignalDoor door;
    const gchar *owner; /* NULL: by his identity */
} Setup;

typedef struct {
    gchar *folder, *path;
    KwFakeSignal *server;
    KwFakeClock *clock;
    KwChannel *channel;
    GString *heard;    /* "text@sender " */
    GString *outcomes; /* "key+ " or "key- " */
    GString *troubles; /* "identity " */
    gchar *mark;       /* newest, of a message or by itself */
    gboolean is_slow;  /* neither answers nor settles */
    gint64 request;
} Fixture;

static void
on_message(KwChannel *channel, const KwChannelMessage *message, gpointer user_data)
{
    Fixture *f = user_data;
    g_autofree gchar *reply = g_strdup_printf("[%s]", message->text);

    g_string_append_printf(f->heard, "%s%s%.60s@%s ", message->is_foreign ? "!" : "",
                           message->is_unproven ? "?" : "", message->text, message->sender);
    g_free(f->mark);
    f->mark = g_strdup(message->mark);
    f->request = message->request;
    if (f->is_slow)
        return;
    (void) kw_channel_reply_text(channel, message->chat, message->request, reply);
    kw_channel_settle(channel, message->request);
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
on_mark(KwChannel *channel, const gchar *mark, gpointer user_data)
{
    Fixture *f = user_data;

    g_free(f->mark);
    f->mark = g_strdup(mark);
}

static void
open_channel(Fixture *f, const gchar *owner, const gchar *mark)
{
    const gchar *const owners[] = {owner, NULL};
    const gchar *const readers[] = {NULL};
    g_autoptr(GError) error = NULL;

    f->channel = KW_CHANNEL(
        kw_signal_new(&(KwSignalOptions){.clock = KW_CLOCK(f->clock),
                                         .address = kw_fake_signal_get_address(f->server),
                                         .account = KW_FAKE_SIGNAL_ACCOUNT,
                                         .owners = owners,
                                         .readers = readers,
                                         .mark = mark,
                                         .seed = 1},
                      &error));
    g_assert_no_error(error);
    g_signal_connect(f->channel, "message", G_CALLBACK(on_message), f);
    g_signal_connect(f->channel, "outcome", G_CALLBACK(on_outcome), f);
    g_signal_connect(f->channel, "trouble", G_CALLBACK(on_trouble), f);
    g_signal_connect(f->channel, "mark", G_CALLBACK(on_mark), f);
    g_assert_true(kw_channel_start(f->channel, NULL));
}

static gboolean
is_online(gpointer user_data)
{
    return kw_channel_is_online(((Fixture *) user_data)->channel);
}

static void
wait_online(Fixture *f)
{
    kw_line_client_wait_until(is_online, f);
    kw_line_client_settle();
}

static void
close_channel(Fixture *f)
{
    kw_channel_stop(f->channel);
    g_assert_finalize_object(f->channel);
    f->channel = NULL;
    kw_line_client_settle();
}

static void
set_up(Fixture *f, gconstpointer data)
{
    const Setup *setup = data;

    (void) kw_test_take_criticals();
    f->folder = kw_test_tmp_dir_new();
    f->path = g_build_filename(f->folder, "signal.sock", NULL);
    f->server = kw_fake_signal_new_at(setup->door, f->path);
    f->clock = kw_fake_clock_new(KW_TEST_T0_US);
    f->heard = g_string_new(NULL);
    f->outcomes = g_string_new(NULL);
    f->troubles = g_string_new(NULL);
    open_channel(f, setup->owner != NULL ? setup->owner : KW_FAKE_SIGNAL_OWNER, NULL);
    wait_online(f);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    if (f->channel != NULL)
        close_channel(f);
    kw_fake_signal_free(f->server);
    g_object_unref(f->clock);
    g_string_free(f->heard, TRUE);
    g_string_free(f->outcomes, TRUE);
    g_string_free(f->troubles, TRUE);
    g_free(f->mark);
    g_free(f->path);
    kw_test_tmp_dir_free(f->folder);
}

static const gchar *
wait_text(Fixture *f, guint n)
{
    return json_object_get_string_member(kw_fake_signal_wait(f->server, "send", n)->params,
                                         "message");
}

static KwChannelTaken
broadcast(Fixture *f, const gchar *key)
{
    return kw_channel_broadcast(f->channel, key, &(KwChannelContent){.text = key});
}

static gboolean
has_outcome(gpointer user_data)
{
    return ((Fixture *) user_data)->outcomes->len > 0;
}

static void
expect_outcome(Fixture *f, const gchar *outcome)
{
    kw_line_client_wait_until(has_outcome, f);
    g_assert_cmpstr(f->outcomes->str, ==, outcome);
}

/* -- in -- */

static void
test_question(Fixture *f, gconstpointer data)
{
    JsonObject *receipt;

    kw_fake_signal_say(f->server, "Wie läuft's? 😀", T0_MS);
    g_assert_cmpstr(wait_text(f, 1), ==, "[Wie läuft's? 😀]");
    receipt = kw_fake_signal_wait(f->server, "sendReceipt", 1)->params;
    g_assert_cmpint(json_object_get_int_member(receipt, "targetTimestamp"), ==, T0_MS);
    g_assert_cmpstr(json_object_get_string_member(receipt, "recipient"), ==,
                    KW_FAKE_SIGNAL_OWNER);
    g_assert_cmpuint(kw_fake_signal_count(f->server, "sendTyping"), ==, 0);
}

static void
test_slow_answer(Fixture *f, gconstpointer data)
{
    f->is_slow = TRUE;
    kw_fake_signal_say(f->server, "Stopp", T0_MS);
    (void) kw_fake_signal_wait(f->server, "sendReceipt", 1);
    kw_channel_acknowledge(f->channel, f->request);
    g_assert_cmpint(
        json_object_get_int_member(kw_fake_signal_wait(f->server, "sendReaction", 1)->params,
                                   "targetTimestamp"),
        ==, T0_MS);
    kw_fake_clock_advance(f->clock, SECOND);
    (void) kw_fake_signal_wait(f->server, "sendTyping", 1);
    kw_fake_clock_advance(f->clock, 12 * SECOND); /* the app forgets it after 15 */
    (void) kw_fake_signal_wait(f->server, "sendTyping", 2);
    g_assert_cmpuint(kw_fake_signal_count(f->server, "send"), ==, 0);
    (void) kw_channel_reply_text(f->channel, "", f->request, "Gestoppt");
    g_assert_cmpstr(wait_text(f, 1), ==, "Gestoppt");
    kw_fake_clock_advance(f->clock, 40 * SECOND);
    kw_line_client_settle();
    g_assert_cmpuint(kw_fake_signal_count(f->server, "sendTyping"), ==, 2);
}

/* The recorded notifications: two of the owner count, a stranger and a group get no answer. */
static void
test_recorded(Fixture *f, gconstpointer data)
{
    g_autofree gchar *path = kw_test_fixture_path("signal/receive.tsv");
    g_autofree gchar *text = NULL;
    g_auto(GStrv) lines = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        const gchar *tab = strchr(lines[i], '\t');
        g_autofree gchar *line = NULL;

        if (tab == NULL || strstr(lines[i], "Untrusted") != NULL)
            continue;
        line = g_strconcat(tab + 1, "\n", NULL);
        kw_fake_signal_write(f->server, line, strlen(line));
    }
    kw_fake_signal_say(f->server, "Ende", T0_MS);
    while (strstr(f->heard->str, "Ende@") == NULL)
        (void) g_main_context_iteration(NULL, TRUE);
    g_assert_nonnull(strstr(f->heard->str, "Stop den Bot@signal:99999999-2222"));
    for (guint i = 0; i < kw_fake_signal_get_calls(f->server)->len; i++) {
        const KwFakeSignalCall *call = kw_fake_signal_get_calls(f->server)->pdata[i];

        if (strcmp(call->method, "send") == 0)
            g_assert_cmpstr(json_array_get_string_element(
                                json_object_get_array_member(call->params, "recipient"), 0),
                            ==, KW_FAKE_SIGNAL_OWNER);
    }
}

/* Delivered twice: one effect, after a restart as well */
static void
test_once(Fixture *f, gconstpointer data)
{
    kw_fake_signal_say(f->server, "eins", T0_MS);
    kw_fake_signal_say(f->server, "eins", T0_MS);
    (void) wait_text(f, 1);
    kw_line_client_settle();
    g_assert_cmpstr(f->heard->str, ==, "eins@signal:" KW_FAKE_SIGNAL_OWNER " ");

    close_channel(f);
    open_channel(f, KW_FAKE_SIGNAL_OWNER, f->mark);
    wait_online(f);
    kw_fake_signal_say(f->server, "eins", T0_MS);
    kw_fake_signal_say(f->server, "zwei", T0_MS + 1);
    (void) wait_text(f, 2);
    g_assert_cmpstr(f->heard->str, ==,
                    "eins@signal:" KW_FAKE_SIGNAL_OWNER " zwei@signal:" KW_FAKE_SIGNAL_OWNER
                    " ");
}

/* -- out -- */

static void
test_long_text(Fixture *f, gconstpointer data)
{
    g_autoptr(GString) text = g_string_new(NULL);

    while (text->len < 4500)
        g_string_append(text, "Eine Zeile mit Umlauten: äöü €\n");
    (void) kw_channel_broadcast(f->channel, "lang", &(KwChannelContent){.text = text->str});
    for (guint i = 1; i <= 3; i++)
        g_assert_cmpuint(strlen(wait_text(f, i)), <=, 2000);
    expect_outcome(f, "lang+ ");
    g_assert_cmpuint(kw_fake_signal_count(f->server, "send"), ==, 3);
}

static void
test_picture(Fixture *f, gconstpointer data)
{
    g_autoptr(GBytes) png = g_bytes_new_static("\x89PNG", 4);
    JsonObject *params;

    (void) kw_channel_broadcast(f->channel, "bild",
                                &(KwChannelContent){.text = "Kapital", .picture = png});
    params = kw_fake_signal_wait(f->server, "send", 1)->params;
    g_assert_cmpstr(json_object_get_string_member(params, "message"), ==, "Kapital");
    g_assert_cmpstr(
        json_array_get_string_element(json_object_get_array_member(params, "attachment"), 0),
        ==, "data:image/png;filename=bild.png;base64,iVBORw==");
}

/* One send at a time: the second waits for the answer to the first. */
static void
test_serialised(Fixture *f, gconstpointer data)
{
    static const gchar done[] = "\"result\":{\"timestamp\":1,\"results\":[{\"type\":"
                                "\"SUCCESS\"}]}";
    gint64 first;

    kw_fake_signal_next(f->server, "send", NULL);
    (void) broadcast(f, "eins");
    (void) broadcast(f, "zwei");
    first = kw_fake_signal_wait(f->server, "send", 1)->id;
    kw_line_client_settle();
    g_assert_cmpuint(kw_fake_signal_count(f->server, "send"), ==, 1);
    kw_fake_signal_say(f->server, "lebst du?", T0_MS); /* other answers do not wait */
    (void) kw_fake_signal_wait(f->server, "sendReceipt", 1);
    kw_fake_signal_answer(f->server, first, done);
    g_assert_cmpstr(wait_text(f, 2), ==, "[lebst du?]"); /* an answer goes before news */
    g_assert_cmpstr(wait_text(f, 3), ==, "zwei");
}

static void
test_results(Fixture *f, gconstpointer data)
{
    static const struct {
        const gchar *members;
        const gchar *outcome;
        const gchar *trouble;
    } rows[] = {
        {"\"result\":{\"timestamp\":1,\"results\":[{\"type\":\"UNREGISTERED_FAILURE\"},"
         "{\"type\":\"SUCCESS\"}]}",
         "m+ ", ""},
        {"\"result\":{\"timestamp\":1,\"results\":[{\"type\":\"SUCCESS\"},{\"type\":"
         "\"IDENTITY_FAILURE\"}]}",
         "m+ ", "identity "},
        {"\"result\":{\"timestamp\":1,\"results\":[{\"type\":\"IDENTITY_FAILURE\"}]}", "m- ",
         "identity "},
        {"\"result\":{\"timestamp\":1,\"results\":[{\"type\":\"RATE_LIMIT_FAILURE\","
         "\"retryAfterSeconds\":7200}]}",
         "m- ", "limit "},
        {"\"result\":{\"timestamp\":1}", "m+ ", ""},
        {"\"error\":{\"code\":-1,\"message\":\"Failed to send message\",\"data\":{\"response\":"
         "{\"results\":[{\"type\":\"UNREGISTERED_FAILURE\"}]}}}",
         "m- ", ""},
        {"\"error\":{\"code\":-1,\"message\":\"x\",\"data\":{\"response\":{\"results\":[{"
         "\"type\":\"NETWORK_FAILURE\",\"token\":\"t\",\"retryAfterSeconds\":86400}]}}}",
         "m- ", "limit "},
        {"\"error\":{\"code\":-5,\"message\":\"x\",\"data\":null}", "m- ", "limit "},
        {"\"error\":{\"code\":-32603,\"message\":\"Failed: [429] Rate limit exceeded\"}", "m- ",
         "limit "},
        {"\"error\":{\"code\":-32603,\"message\":\"[403] Authorization failed!\"}", "m- ",
         "access "},
        {"\"error\":{\"code\":-32602,\"message\":\"Specified account does not exist\"}", "m- ",
         "access "},
        {"\"error\":{\"code\":-4,\"message\":\"x\"}", "m- ", "identity "},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("row %" G_GSIZE_FORMAT, i);
        close_channel(f);
        open_channel(f, KW_FAKE_SIGNAL_OWNER, NULL);
        wait_online(f);
        g_string_truncate(f->outcomes, 0);
        g_string_truncate(f->troubles, 0);
        kw_fake_signal_next(f->server, "send", rows[i].members);
        g_assert_cmpint(broadcast(f, "m"), ==, KW_CHANNEL_UNDER_WAY);
        expect_outcome(f, rows[i].outcome);
        g_assert_cmpstr(f->troubles->str, ==, rows[i].trouble);
        g_assert_cmpint(kw_channel_is_online(f->channel), ==, rows[i].trouble[0] == '\0');
    }
}

/* -- identity -- */

static void
test_changed_key(Fixture *f, gconstpointer data)
{
    static const gchar untrusted[] =
        "{\"jsonrpc\":\"2.0\",\"method\":\"receive\",\"params\":{\"exception\":{\"message\":"
        "\"x\",\"type\":\"UntrustedIdentityException\"},\"envelope\":{\"sourceUuid\":"
        "\"" KW_FAKE_SIGNAL_OWNER "\",\"timestamp\":1795219200123},\"account\":"
        "\"" KW_FAKE_SIGNAL_ACCOUNT "\"}}\n";

    kw_fake_signal_write(f->server, untrusted, sizeof untrusted - 1);
    kw_fake_signal_say(f->server, "Starte", T0_MS);
    (void) wait_text(f, 1);
    g_assert_cmpstr(f->troubles->str, ==, "identity ");
    g_assert_cmpstr(f->heard->str, ==, "?Starte@signal:" KW_FAKE_SIGNAL_OWNER " ");
    g_assert_false(kw_channel_is_online(f->channel)); /* others are told elsewhere */

    close_channel(f); /* a restart does not release */
    open_channel(f, KW_FAKE_SIGNAL_OWNER, f->mark);
    (void) kw_fake_signal_wait(f->server, "listIdentities", 2);
    kw_line_client_settle();
    g_string_truncate(f->heard, 0);
    kw_fake_signal_say(f->server, "Stopp", T0_MS + 1);
    (void) wait_text(f, 2);
    g_assert_cmpstr(f->heard->str, ==, "?Stopp@signal:" KW_FAKE_SIGNAL_OWNER " ");

    g_assert_cmpuint(kw_signal_release(KW_SIGNAL(f->channel)), ==, 1);
    (void) kw_fake_signal_wait(f->server, "trust", 1);
    g_string_truncate(f->heard, 0);
    kw_fake_signal_say(f->server, "Status", T0_MS + 2);
    (void) wait_text(f, 3);
    g_assert_cmpstr(f->heard->str, ==, "Status@signal:" KW_FAKE_SIGNAL_OWNER " ");
    g_assert_cmpuint(kw_signal_release(KW_SIGNAL(f->channel)), ==, 0);
}

/* A key that changed while the bot was down is found by its fingerprint. */
static void
test_other_fingerprint(Fixture *f, gconstpointer data)
{
    close_channel(f);
    kw_fake_signal_set_key(f->server, "05ffff");
    open_channel(f, KW_FAKE_SIGNAL_OWNER, f->mark);
    (void) kw_fake_signal_wait(f->server, "listIdentities", 2);
    kw_line_client_settle();
    g_assert_cmpstr(f->troubles->str, ==, "identity ");
}

/* Whoever gets the number inherits nothing. */
static void
test_number(Fixture *f, gconstpointer data)
{
    static const gchar form[] =
        "{\"jsonrpc\":\"2.0\",\"method\":\"receive\",\"params\":{\"envelope\":{"
        "\"sourceNumber\":"
        "\"" KW_FAKE_SIGNAL_NUMBER "\",\"sourceUuid\":\"%s\",\"sourceDevice\":1,\"timestamp\":"
        "%u,\"dataMessage\":{\"message\":\"Hallo\"}},\"account\":\"" KW_FAKE_SIGNAL_ACCOUNT
        "\"}}\n";
    g_autofree gchar *first = g_strdup_printf(form, KW_FAKE_SIGNAL_OWNER, 1u);
    g_autofree gchar *other = g_strdup_printf(form, "99999999-2222-4333-8444-555555555555", 2u);

    kw_fake_signal_write(f->server, first, strlen(first));
    kw_fake_signal_say(f->server, "ohne Nummer", T0_MS); /* known by his identity now */
    kw_fake_signal_write(f->server, other, strlen(other));
    (void) wait_text(f, 3);
    g_assert_cmpstr(f->heard->str, ==,
                    "Hallo@signal:" KW_FAKE_SIGNAL_NUMBER
                    " ohne Nummer@signal:" KW_FAKE_SIGNAL_NUMBER
                    " ?Hallo@signal:" KW_FAKE_SIGNAL_NUMBER " ");
    g_assert_cmpstr(f->troubles->str, ==, "identity ");
}

/* Who hides his number is known all the same, when he was configured by it. */
static void
test_hidden_number(Fixture *f, gconstpointer data)
{
    (void) kw_fake_signal_wait(f->server, "getUserStatus", 1);
    (void) kw_fake_signal_wait(f->server, "listIdentities", 1);
    kw_line_client_settle();
    kw_fake_signal_say(f->server, "Hallo", T0_MS); /* without a number */
    g_assert_cmpstr(wait_text(f, 1), ==, "[Hallo]");
    g_assert_cmpstr(f->heard->str, ==, "Hallo@signal:" KW_FAKE_SIGNAL_NUMBER " ");
    g_assert_nonnull(strstr(f->mark, "05aabb")); /* and so is his key */
}

/* -- the connection -- */

static gboolean
is_offline(gpointer user_data)
{
    return !is_online(user_data);
}

static gboolean
on_tick(gpointer user_data)
{
    kw_fake_clock_advance(((Fixture *) user_data)->clock, SECOND);
    return G_SOURCE_CONTINUE;
}

/* Time goes on meanwhile: a try that fails now is made again later. */
static void
wait_online_again(Fixture *f)
{
    guint ticks = g_timeout_add(50, on_tick, f);

    kw_line_client_wait_until(is_online, f);
    g_source_remove(ticks);
    kw_line_client_settle();
}

/* The daemon is killed and leaves its socket behind; it comes back. */
static void
test_reconnect(Fixture *f, gconstpointer data)
{
    kw_fake_signal_next(f->server, "send", NULL);
    (void) broadcast(f, "eins");
    (void) kw_fake_signal_wait(f->server, "send", 1);
    kw_fake_signal_die(f->server);
    kw_line_client_wait_until(is_offline, f);
    g_assert_cmpstr(f->outcomes->str, ==, "eins- ");
    g_assert_cmpint(broadcast(f, "zwei"), ==, KW_CHANNEL_REFUSED);
    for (guint i = 0; i < 5; i++) {
        kw_fake_clock_advance(f->clock, 30 * SECOND);
        kw_line_client_settle();
    }
    kw_fake_signal_revive(f->server);
    wait_online_again(f);
    if (((const Setup *) data)->door <=
        KW_FAKE_SIGNAL_TCP) /* over HTTP there is no such call */
        g_assert_cmpuint(kw_fake_signal_count(f->server, "subscribeReceive"), ==, 2);
    kw_fake_signal_say(f->server, "wieder da", T0_MS);
    g_assert_cmpstr(wait_text(f, 2), ==, "[wieder da]");
}

/* Alive, but deaf: found by the missing answer to the question for its version */
static void
test_deaf(Fixture *f, gconstpointer data)
{
    guint n = kw_fake_signal_count(f->server, "version");

    kw_fake_signal_next(f->server, "version", NULL);
    kw_fake_clock_advance(f->clock, 60 * SECOND);
    (void) kw_fake_signal_wait(f->server, "version", n + 1);
    kw_fake_clock_advance(f->clock, 10 * SECOND);
    g_assert_false(kw_channel_is_online(f->channel));
    wait_online_again(f);
}

/* Alive and deaf in the receiving half alone: told a day after words without a receipt, and not
 * where nothing was said. */
static void
test_silence(Fixture *f, gconstpointer data)
{
    kw_fake_clock_advance(f->clock, 25 * G_TIME_SPAN_HOUR);
    wait_online_again(f);
    g_assert_cmpstr(f->troubles->str, ==, "");
    (void) broadcast(f, "eins");
    expect_outcome(f, "eins+ ");
    kw_fake_signal_say(f->server, "Status", T0_MS);
    g_assert_cmpstr(wait_text(f, 2), ==, "[Status]");
    (void) broadcast(f, "zwei");
    kw_line_client_settle();
    kw_fake_clock_advance(f->clock, 23 * G_TIME_SPAN_HOUR);
    g_assert_cmpstr(f->troubles->str, ==, "");
    kw_fake_clock_advance(f->clock, 2 * G_TIME_SPAN_HOUR);
    g_assert_cmpstr(f->troubles->str, ==, "silence ");
}

/* A line is cut in the middle and the next ones stand behind it. */
static void
test_cut_line(Fixture *f, gconstpointer data)
{
    g_autofree gchar *path = kw_test_fixture_path("signal/stream_partial_line.bin");
    g_autofree gchar *bytes = NULL;
    gsize length;

    g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));
    kw_fake_signal_write(f->server, bytes, length);
    kw_fake_signal_say(f->server, "danach", T0_MS);
    while (strstr(f->heard->str, "danach@") == NULL)
        (void) g_main_context_iteration(NULL, TRUE);
    g_assert_cmpuint(f->heard->len, >, strlen("danach@signal:" KW_FAKE_SIGNAL_OWNER " "));
}

/* 10 MB without an end: the connection is given up, and there is a new one. */
static void
test_flood(Fixture *f, gconstpointer data)
{
    g_autofree gchar *flood = g_strnfill(10 * 1000 * 1000, 'x');

    kw_fake_signal_write(f->server, flood, 10 * 1000 * 1000);
    kw_line_client_wait_until(is_offline, f);
    wait_online_again(f);
    kw_fake_signal_say(f->server, "danach", T0_MS);
    g_assert_cmpstr(wait_text(f, 1), ==, "[danach]");
}

/* -- what differs from door to door -- */

/* A daemon with many accounts tells of the others as well; calls name ours (the fake checks).
 */
static void
test_other_account(Fixture *f, gconstpointer data)
{
    static const gchar other[] =
        "{\"jsonrpc\":\"2.0\",\"method\":\"receive\",\"params\":{\"subscription\":0,\"result\":"
        "{"
        "\"envelope\":{\"sourceUuid\":\"" KW_FAKE_SIGNAL_OWNER "\",\"sourceDevice\":1,"
        "\"timestamp\":5,\"dataMessage\":{\"message\":\"an andere\"}},\"account\":"
        "\"+4366099999999\"}}}\n";

    kw_fake_signal_write(f->server, other, sizeof other - 1);
    kw_fake_signal_say(f->server, "an uns", T0_MS);
    g_assert_cmpstr(wait_text(f, 1), ==, "[an uns]");
    g_assert_cmpstr(f->heard->str, ==, "an uns@signal:" KW_FAKE_SIGNAL_OWNER " ");
}

/* Answers in the order in which they are done: the second call is answered first. */
static void
test_out_of_order(Fixture *f, gconstpointer data)
{
    static const gchar limit[] = "\"error\":{\"code\":-5,\"message\":\"x\",\"data\":null}";
    gint64 receipt;

    f->is_slow = TRUE;
    kw_fake_signal_next(f->server, "sendReceipt", NULL);
    kw_fake_signal_say(f->server, "Status", T0_MS);
    receipt = kw_fake_signal_wait(f->server, "sendReceipt", 1)->id;
    (void) broadcast(f, "eins");
    expect_outcome(f, "eins+ "); /* although the call before it waits */
    kw_fake_signal_answer(f->server, receipt, limit);
    kw_line_client_settle();
    (void) broadcast(f, "zwei");
    kw_line_client_settle();
    (void) kw_fake_signal_wait(f->server, "send", 2);
    g_assert_cmpstr(f->troubles->str, ==, ""); /* the limit was the receipt's, not the send's */
}

/* What only the container can say: in words */
static void
test_container_errors(Fixture *f, gconstpointer data)
{
    static const struct {
        const gchar *members;
        const gchar *trouble;
    } rows[] = {
        {"\"error\":{\"code\":-1,\"message\":\"Failed to send message\"}", ""},
        {"\"error\":{\"code\":-5,\"message\":\"x\"}", "limit "},
        {"\"error\":{\"code\":-32603,\"message\":\"[429] Rate limit exceeded\"}", "limit "},
        {"\"error\":{\"code\":-32603,\"message\":\"[403] Authorization failed!\"}", "access "},
        {"\"error\":{\"code\":-32602,\"message\":\"Specified account does not exist\"}",
         "access "},
        {"\"error\":{\"code\":-4,\"message\":\"x\"}", "identity "},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("row %" G_GSIZE_FORMAT, i);
        close_channel(f);
        open_channel(f, KW_FAKE_SIGNAL_OWNER, NULL);
        wait_online(f);
        g_string_truncate(f->outcomes, 0);
        g_string_truncate(f->troubles, 0);
        kw_fake_signal_next(f->server, "send", rows[i].members);
        g_assert_cmpint(broadcast(f, "m"), ==, KW_CHANNEL_UNDER_WAY);
        expect_outcome(f, "m- ");
        g_assert_cmpstr(f->troubles->str, ==, rows[i].trouble);
    }
}

typedef void (*Case)(Fixture *f, gconstpointer data);

static void
add(KwFakeSignalDoor door, const gchar *name, const gchar *owner, Case func)
{
    static const gchar *const doors[] = {"unix", "tcp", "http", "container"};
    static Setup setups[KW_N_FAKE_SIGNAL_DOORS * 32];
    static gsize n;
    g_autofree gchar *path = g_strdup_printf("/chat/signal/%s/%s", doors[door], name);

    g_assert_cmpuint(n, <, G_N_ELEMENTS(setups));
    setups[n] = (Setup){door, owner};
    g_test_add(path, Fixture, &setups[n++], set_up, func, tear_down);
}

static void
add_all(KwFakeSignalDoor door)
{
    gboolean has_lines = door == KW_FAKE_SIGNAL_UNIX || door == KW_FAKE_SIGNAL_TCP;

    add(door, "question", NULL, test_question);
    add(door, "slow-answer", NULL, test_slow_answer);
    add(door, "recorded", NULL, test_recorded);
    add(door, "once", NULL, test_once);
    add(door, "other-account", NULL, test_other_account);
    add(door, "long-text", NULL, test_long_text);
    add(door, "picture", NULL, test_picture);
    add(door, "serialised", NULL, test_serialised);
    add(door, "out-of-order", NULL, test_out_of_order);
    add(door, "changed-key", NULL, test_changed_key);
    add(door, "other-fingerprint", NULL, test_other_fingerprint);
    add(door, "number", KW_FAKE_SIGNAL_NUMBER, test_number);
    if (door != KW_FAKE_SIGNAL_CONTAINER) /* which cannot tell */
        add(door, "hidden-number", KW_FAKE_SIGNAL_NUMBER, test_hidden_number);
    add(door, "reconnect", NULL, test_reconnect);
    add(door, "deaf", NULL, test_deaf);
    add(door, "silence", NULL, test_silence);
    add(door, door == KW_FAKE_SIGNAL_CONTAINER ? "errors" : "results", NULL,
        door == KW_FAKE_SIGNAL_CONTAINER ? test_container_errors : test_results);
    if (!has_lines)
        return;
    add(door, "cut-line", NULL, test_cut_line);
    add(door, "flood", NULL, test_flood);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_quiet_log();
    for (guint door = 0; door < KW_N_FAKE_SIGNAL_DOORS; door++)
        add_all((KwFakeSignalDoor) door);
    return g_test_run();
}
