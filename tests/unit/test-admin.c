/* test-admin.c: the admin channel answers everything, and understands what it should */
#include "kw-admin.h"
#include "kw-json.h"
#include "kw-line-client.h"
#include "kw-test.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static const KwAdminTexts texts = {
    .bad_json = "kein JSON",
    .bad_message = "falsches Feld",
    .zero_byte = "Nullbyte",
    .too_long = "zu lang",
    .too_many = "zu viele",
    .full = "voll",
    .denied = "fremd",
};

typedef struct {
    gchar *folder, *path;
    KwChannel *admin;
    KwLineClient *client;
    gboolean is_mute; /* do not reply at once */
    GString *heard;   /* "text@sent_us " */
    GArray *requests;
    guint n_online;
} Fixture;

static void
on_message(KwChannel *channel, const KwChannelMessage *message, gpointer user_data)
{
    Fixture *f = user_data;
    g_autofree gchar *uid = g_strdup_printf("%u", getuid());
    g_autofree gchar *reply = g_strdup_printf("[%s]", message->text);

    g_assert_cmpstr(message->chat, ==, KW_ADMIN_CHAT);
    g_assert_cmpstr(message->sender, ==, uid);
    g_assert_cmpuint(message->length, ==, strlen(message->text));
    g_assert_true(g_utf8_validate(message->text, -1, NULL));
    g_assert_null(message->key);
    g_assert_false(message->is_forward);
    if (f->heard->len < 1000)
        g_string_append_printf(f->heard, "%s@%" G_GINT64_FORMAT " ", message->text,
                               message->sent_us);
    g_array_append_val(f->requests, message->request);
    if (!f->is_mute) {
        g_assert_true(kw_channel_reply_text(channel, message->chat, message->request, reply));
        g_assert_false(
            kw_channel_reply_text(channel, message->chat, message->request, "nochmal"));
    }
}

static KwChannelTaken
tell(Fixture *f, const gchar *key, const gchar *text)
{
    return kw_channel_broadcast(f->admin, key, &(KwChannelContent){.text = text});
}

static void
on_online(KwChannel *channel, gpointer user_data)
{
    ((Fixture *) user_data)->n_online++;
}

static void
set_up(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    f->folder = kw_test_tmp_dir_new();
    f->path = g_build_filename(f->folder, "admin.sock", NULL);
    f->admin = KW_CHANNEL(kw_admin_new(f->path, getuid(), &texts));
    f->heard = g_string_new(NULL);
    f->requests = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_signal_connect(f->admin, "message", G_CALLBACK(on_message), f);
    g_signal_connect(f->admin, "online", G_CALLBACK(on_online), f);
    g_assert_true(kw_channel_start(f->admin, &error));
    g_assert_no_error(error);
    f->client = kw_line_client_new(f->path);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    kw_line_client_free(f->client);
    g_object_unref(f->admin);
    g_string_free(f->heard, TRUE);
    g_array_unref(f->requests);
    g_free(f->path);
    kw_test_tmp_dir_free(f->folder);
}

static void
test_messages(Fixture *f, gconstpointer data)
{
    kw_line_client_send(f->client, "{\"id\":7,\"text\":\"Wie läuft's?\",\"sent_us\":5}");
    kw_line_client_send(f->client, "{\"id\":-1,\"text\":\"\",\"mehr\":[1]}");
    kw_line_client_send(f->client, "{\"text\":\"Stopp\"}");
    g_assert_cmpstr(kw_line_client_wait_line(f->client, 0), ==,
                    "{\"id\":7,\"reply\":\"[Wie läuft's?]\"}");
    g_assert_cmpstr(kw_line_client_wait_line(f->client, 1), ==, "{\"id\":-1,\"reply\":\"[]\"}");
    g_assert_cmpstr(kw_line_client_wait_line(f->client, 2), ==, "{\"reply\":\"[Stopp]\"}");
    g_assert_cmpstr(f->heard->str, ==, "Wie läuft's?@5 @0 Stopp@0 ");
    g_assert_cmpstr(kw_channel_get_name(f->admin), ==, "admin");
}

/* Each of two connections may number its messages as it likes; replies come in any order. */
static void
test_replies_find_home(Fixture *f, gconstpointer data)
{
    g_autoptr(KwLineClient) other = kw_line_client_new(f->path);
    gint64 first, second;

    f->is_mute = TRUE;
    kw_line_client_send(f->client, "{\"id\":1,\"text\":\"a\"}");
    kw_line_client_settle();
    kw_line_client_send(other, "{\"id\":1,\"text\":\"b\"}");
    kw_line_client_settle();
    g_assert_cmpuint(f->requests->len, ==, 2);
    first = g_array_index(f->requests, gint64, 0);
    second = g_array_index(f->requests, gint64, 1);
    g_assert_cmpint(first, !=, second);
    g_assert_true(kw_channel_reply_text(f->admin, KW_ADMIN_CHAT, second, "zwei"));
    g_assert_true(kw_channel_reply_text(f->admin, KW_ADMIN_CHAT, first, "eins"));
    g_assert_cmpstr(kw_line_client_wait_line(f->client, 0), ==,
                    "{\"id\":1,\"reply\":\"eins\"}");
    g_assert_cmpstr(kw_line_client_wait_line(other, 0), ==, "{\"id\":1,\"reply\":\"zwei\"}");
}

static void
test_asker_gone(Fixture *f, gconstpointer data)
{
    KwLineClient *other = kw_line_client_new(f->path);

    f->is_mute = TRUE;
    kw_line_client_send(other, "{\"id\":1,\"text\":\"a\"}");
    kw_line_client_settle();
    kw_line_client_free(other);
    kw_line_client_settle();
    g_assert_false(kw_channel_reply_text(f->admin, KW_ADMIN_CHAT,
                                         g_array_index(f->requests, gint64, 0), "wohin?"));
}

static void
test_too_many_waiting(Fixture *f, gconstpointer data)
{
    f->is_mute = TRUE;
    for (guint i = 0; i <= KW_ADMIN_MAX_PENDING; i++)
        kw_line_client_send(f->client, "{\"id\":1,\"text\":\"a\"}");
    g_assert_cmpstr(kw_line_client_wait_line(f->client, 0), ==,
                    "{\"id\":1,\"error\":\"zu viele\"}");
    g_assert_cmpuint(f->requests->len, ==, KW_ADMIN_MAX_PENDING);
    g_assert_true(kw_channel_reply_text(f->admin, KW_ADMIN_CHAT,
                                        g_array_index(f->requests, gint64, 0), "da"));
    kw_line_client_send(f->client, "{\"id\":2,\"text\":\"a\"}");
    kw_line_client_settle();
    g_assert_cmpuint(f->requests->len, ==, KW_ADMIN_MAX_PENDING + 1);
}

static void
test_broadcast(Fixture *f, gconstpointer data)
{
    g_autoptr(KwLineClient) other = kw_line_client_new(f->path);

    g_assert_false(kw_channel_is_online(f->admin));
    g_assert_cmpuint(tell(f, "entry:1", "gekauft"), ==, KW_CHANNEL_REFUSED);
    kw_line_client_send(f->client, "{\"subscribe\":true}");
    g_assert_cmpstr(kw_line_client_wait_line(f->client, 0), ==, "{\"subscribed\":true}");
    g_assert_cmpuint(f->n_online, ==, 1);
    g_assert_true(kw_channel_is_online(f->admin));
    g_assert_cmpuint(tell(f, "entry:1", "gekauft\n\"BTC\""), ==, KW_CHANNEL_DELIVERED);
    g_assert_cmpstr(kw_line_client_wait_line(f->client, 1), ==,
                    "{\"event\":\"entry:1\",\"text\":\"gekauft\\n\\\"BTC\\\"\"}");
    kw_line_client_settle();
    g_assert_cmpuint(other->lines->len, ==, 0);

    kw_line_client_send(f->client, "{\"subscribe\":false}");
    g_assert_cmpstr(kw_line_client_wait_line(f->client, 2), ==, "{\"subscribed\":false}");
    g_assert_cmpuint(tell(f, "entry:2", "gekauft"), ==, KW_CHANNEL_REFUSED);
}

static void
test_listener_gone(Fixture *f, gconstpointer data)
{
    kw_line_client_send(f->client, "{\"subscribe\":true}");
    (void) kw_line_client_wait_line(f->client, 0);
    g_clear_pointer(&f->client, kw_line_client_free);
    kw_line_client_settle();
    g_assert_false(kw_channel_is_online(f->admin));
    g_assert_cmpuint(tell(f, "entry:1", "gekauft"), ==, KW_CHANNEL_REFUSED);
}

/* What cannot be read is answered, and the connection still works. */
static void
test_bad_lines(Fixture *f, gconstpointer data)
{
    static const struct {
        const gchar *line;
        const gchar *answer;
    } rows[] = {
        {"x", "{\"error\":\"kein JSON\"}"},
        {"[1]", "{\"error\":\"kein JSON\"}"},
        {"null", "{\"error\":\"kein JSON\"}"},
        {"{\"id\":1,\"text\":\"a\"", "{\"error\":\"kein JSON\"}"},
        {"{\"id\":1,\"text\":\"a\"}}", "{\"error\":\"kein JSON\"}"},
        {"{\"id\":1,\"text\":\"\xff\"}", "{\"error\":\"kein JSON\"}"},
        {"{}", "{\"error\":\"falsches Feld\"}"},
        {"{\"id\":1}", "{\"id\":1,\"error\":\"falsches Feld\"}"},
        {"{\"id\":1,\"text\":5}", "{\"id\":1,\"error\":\"falsches Feld\"}"},
        {"{\"id\":1,\"text\":null}", "{\"id\":1,\"error\":\"falsches Feld\"}"},
        {"{\"id\":1,\"text\":[\"a\"]}", "{\"id\":1,\"error\":\"falsches Feld\"}"},
        {"{\"id\":\"1\",\"text\":\"a\"}", "{\"error\":\"falsches Feld\"}"},
        {"{\"id\":null,\"text\":\"a\"}", "{\"error\":\"falsches Feld\"}"},
        {"{\"id\":1.5,\"text\":\"a\"}", "{\"error\":\"falsches Feld\"}"},
        {"{\"id\":1,\"text\":\"a\",\"sent_us\":-1}", "{\"id\":1,\"error\":\"falsches Feld\"}"},
        {"{\"id\":1,\"text\":\"a\",\"sent_us\":\"5\"}",
         "{\"id\":1,\"error\":\"falsches Feld\"}"},
        {"{\"id\":1,\"text\":\"a\",\"sent_us\":9223372036854775807}",
         "{\"id\":1,\"error\":\"falsches Feld\"}"},
        {"{\"subscribe\":\"ja\"}", "{\"error\":\"falsches Feld\"}"},
        {"{\"id\":1,\"text\":\"Stopp\\u0000 nicht\"}", "{\"id\":1,\"error\":\"Nullbyte\"}"},
        {"{\"id\":1,\"text\":\"\\\\u0000\"}", "{\"id\":1,\"reply\":\"[\\\\u0000]\"}"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("row %u", i);
        kw_line_client_send(f->client, rows[i].line);
        g_assert_cmpstr(kw_line_client_wait_line(f->client, i), ==, rows[i].answer);
    }
    g_assert_cmpstr(f->heard->str, ==, "\\u0000@0 ");
}

/* F73: texts that try something arrive as they are, or are refused; the next one is answered.
 */
static void
test_strange_texts(Fixture *f, gconstpointer data)
{
    static const gchar *const strange[] = {
        "\u202eStopp\u202c",
        "😀🚀",
        "\x1b[31mrot\x1b[0m",
        "'; DROP TABLE orders; --",
        "$(rm -rf ~) `id`",
        "%s%n%s",
        "\t\r\n",
        "\u0301\u0301",
    };
    g_autofree gchar *megabyte = g_strnfill(1024 * 1024, 'x');
    g_autofree gchar *line = g_strdup_printf("{\"id\":99,\"text\":\"%s\"}\n", megabyte);
    gint raw = kw_line_client_open_raw(f->path);
    gchar answer[256] = "";

    for (guint i = 0; i < G_N_ELEMENTS(strange); i++) {
        g_autoptr(JsonBuilder) builder = json_builder_new();
        g_autofree gchar *message = NULL;
        g_autofree gchar *expected = g_strdup_printf("[%s]", strange[i]);
        g_autoptr(JsonNode) root = NULL;
        const gchar *reply = NULL;

        json_builder_begin_object(builder);
        kw_json_add_string(builder, "text", strange[i]);
        json_builder_end_object(builder);
        message = kw_json_builder_to_text(builder);
        kw_line_client_send(f->client, message);
        root = kw_json_parse_text(kw_line_client_wait_line(f->client, i), -1, NULL);
        g_assert_nonnull(root);
        g_assert_true(kw_json_get_string(json_node_get_object(root), "reply", &reply, NULL));
        g_assert_cmpstr(reply, ==, expected);
    }
    g_assert_true(kw_line_client_write_raw(raw, line, strlen(line)));
    g_assert_true(kw_line_client_write_raw(raw, "a\0b\n{\"text\":\"da\"}\n", 18));
    kw_line_client_settle();
    g_assert_cmpint(read(raw, answer, sizeof answer - 1), >, 0);
    g_assert_cmpstr(
        answer, ==,
        "{\"error\":\"zu lang\"}\n{\"error\":\"Nullbyte\"}\n{\"reply\":\"[da]\"}\n");
    (void) close(raw);
}

/* Property: after any bytes the channel answers, each line once at most. */
static void
test_random_bytes(Fixture *f, gconstpointer data)
{
    static const gchar *const pieces[] = {
        "{",         "}",
        "\"",        "\"id\":",
        "\"text\":", "\"a\"",
        "1",         ",",
        "\\",        "\\u0000",
        "\n",        "{\"id\":1,\"text\":\"",
        "\"}\n",     "\"subscribe\":true",
        "\xff",      "[",
        "]",         "1e99",
    };

    for (guint round = 0; round < 200; round++) {
        gint fd = kw_line_client_open_raw(f->path);
        g_autoptr(GString) bytes = g_string_new(NULL);

        for (guint i = 0; i < 200; i++) {
            if (g_test_rand_bit())
                g_string_append(bytes,
                                pieces[g_test_rand_int_range(0, (gint) G_N_ELEMENTS(pieces))]);
            else
                g_string_append_c(bytes, (gchar) g_test_rand_int_range(0, 256));
        }
        g_assert_true(kw_line_client_write_raw(fd, bytes->str, bytes->len));
        kw_line_client_settle();
        (void) close(fd);
        kw_line_client_settle();
    }
    kw_line_client_send(f->client, "{\"id\":1,\"text\":\"noch da\"}");
    g_assert_cmpstr(kw_line_client_wait_line(f->client, 0), ==,
                    "{\"id\":1,\"reply\":\"[noch da]\"}");
}

static void
test_restart(Fixture *f, gconstpointer data)
{
    kw_line_client_send(f->client, "{\"subscribe\":true}");
    (void) kw_line_client_wait_line(f->client, 0);
    kw_channel_stop(f->admin);
    kw_line_client_wait_end(f->client);
    g_assert_false(kw_channel_is_online(f->admin));
    g_assert_false(g_file_test(f->path, G_FILE_TEST_EXISTS));
    g_assert_true(kw_channel_start(f->admin, NULL));
    kw_line_client_free(f->client);
    f->client = kw_line_client_new(f->path);
    kw_line_client_send(f->client, "{\"text\":\"da\"}");
    g_assert_cmpstr(kw_line_client_wait_line(f->client, 0), ==, "{\"reply\":\"[da]\"}");
}

/* Only who asks for it gets the picture, in parts before the reply. */
static void
test_pictures(Fixture *f, gconstpointer data)
{
    g_autofree guint8 *bytes = g_malloc(KW_ADMIN_MAX_PICTURE + 1);
    g_autoptr(GBytes) picture = g_bytes_new_static(bytes, 70000);
    g_autoptr(GBytes) too_large = g_bytes_new_static(bytes, KW_ADMIN_MAX_PICTURE + 1);
    g_autoptr(GByteArray) got = g_byte_array_new();
    KwChannelContent content = {.text = "da", .picture = picture};

    for (guint i = 0; i < KW_ADMIN_MAX_PICTURE + 1; i++)
        bytes[i] = (guint8) (i * 7 + i / 256);
    f->is_mute = TRUE;
    kw_line_client_send(f->client, "{\"id\":3,\"text\":\"Kurve\",\"picture\":true}");
    kw_line_client_send(f->client, "{\"id\":4,\"text\":\"Kurve\"}");
    kw_line_client_send(f->client, "{\"id\":5,\"text\":\"Kurve\",\"picture\":true}");
    kw_line_client_send(f->client, "{\"id\":6,\"text\":\"Kurve\",\"picture\":1}");
    g_assert_cmpstr(kw_line_client_wait_line(f->client, 0), ==,
                    "{\"id\":6,\"error\":\"falsches Feld\"}");
    g_assert_cmpuint(f->requests->len, ==, 3);
    for (guint i = 0; i < 3; i++) {
        content.picture = i == 2 ? too_large : picture;
        g_assert_true(kw_channel_reply(f->admin, KW_ADMIN_CHAT,
                                       g_array_index(f->requests, gint64, i), &content));
    }
    for (guint i = 1; i <= 3; i++) {
        const gchar *line = kw_line_client_wait_line(f->client, i);
        g_autoptr(JsonNode) root = kw_json_parse_text(line, -1, NULL);
        const gchar *text = NULL;
        gsize size = 0;
        g_autofree guchar *part = NULL;

        g_assert_true(g_str_has_prefix(line, "{\"id\":3,"));
        g_assert_true(
            kw_json_get_string(kw_json_root_object(root, NULL), "picture", &text, NULL));
        part = g_base64_decode(text, &size);
        g_byte_array_append(got, part, (guint) size);
    }
    g_assert_cmpmem(got->data, (gint) got->len, bytes, 70000);
    g_assert_cmpstr(kw_line_client_wait_line(f->client, 4), ==, "{\"id\":3,\"reply\":\"da\"}");
    g_assert_cmpstr(kw_line_client_wait_line(f->client, 5), ==, "{\"id\":4,\"reply\":\"da\"}");
    g_assert_cmpstr(kw_line_client_wait_line(f->client, 6), ==, "{\"id\":5,\"reply\":\"da\"}");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, func) g_test_add("/chat/admin/" name, Fixture, NULL, set_up, func, tear_down)
    ADD("messages", test_messages);
    ADD("replies-find-home", test_replies_find_home);
    ADD("asker-gone", test_asker_gone);
    ADD("too-many-waiting", test_too_many_waiting);
    ADD("broadcast", test_broadcast);
    ADD("listener-gone", test_listener_gone);
    ADD("bad-lines", test_bad_lines);
    ADD("strange-texts", test_strange_texts);
    ADD("random-bytes", test_random_bytes);
    ADD("restart", test_restart);
    ADD("pictures", test_pictures);
    return g_test_run();
}
