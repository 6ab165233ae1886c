/* fuzz-admin-line.c: any bytes over the admin socket, cut anywhere
 *
 * The first byte says how the others are cut into pieces. Whatever comes, the channel must
 * give one valid JSON object a line, and a message after it must still be answered. */
#include "kw-admin.h"
#include "kw-fuzz.h"
#include "kw-json.h"
#include "kw-line-client.h"
#include "kw-test.h"

#include <string.h>
#include <unistd.h>

static const KwAdminTexts texts = {
    .bad_json = "a",
    .bad_message = "b",
    .zero_byte = "c",
    .too_long = "d",
    .too_many = "e",
    .full = "f",
    .denied = "g",
};

static void
on_message(KwChannel *channel, const KwChannelMessage *message, gpointer user_data)
{
    g_assert_cmpuint(strlen(message->text), ==, message->length);
    g_assert_true(g_utf8_validate(message->text, (gssize) message->length, NULL));
    g_assert_cmpint(message->sent_us, >=, 0);
    (void) kw_channel_reply_text(channel, message->chat, message->request, message->text);
}

/* What the channel has sent so far: whole lines of JSON */
static void
check_answers(gint fd)
{
    gchar answers[65536];
    gssize n = read(fd, answers, sizeof answers - 1);
    g_auto(GStrv) lines = NULL;

    if (n <= 0 || answers[n - 1] != '\n')
        return;
    answers[n - 1] = '\0';
    g_assert_cmpuint(strlen(answers), ==, (gsize) n - 1);
    lines = g_strsplit(answers, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        g_autoptr(JsonNode) root = kw_json_parse_text(lines[i], -1, NULL);

        g_assert_nonnull(root);
        g_assert_nonnull(kw_json_root_object(root, NULL));
    }
}

void
kw_fuzz_one(const guint8 *bytes, gsize length)
{
    g_autofree gchar *folder = kw_test_tmp_dir_new();
    g_autofree gchar *path = g_build_filename(folder, "s", NULL);
    g_autoptr(KwAdmin) admin = kw_admin_new(path, getuid(), &texts);
    g_autoptr(KwLineClient) good = NULL;
    gsize step = length > 0 ? (gsize) bytes[0] + 1 : 1;
    gint fd;

    g_signal_connect(admin, "message", G_CALLBACK(on_message), NULL);
    g_assert_true(kw_channel_start(KW_CHANNEL(admin), NULL));
    fd = kw_line_client_open_raw(path);
    for (gsize at = 1; at < length; at += step) {
        if (!kw_line_client_write_raw(fd, bytes + at, MIN(step, length - at)))
            break;
        kw_line_client_settle();
    }
    check_answers(fd);
    (void) close(fd);

    good = kw_line_client_new(path);
    kw_line_client_send(good, "{\"id\":1,\"text\":\"da\"}");
    g_assert_cmpstr(kw_line_client_wait_line(good, 0), ==, "{\"id\":1,\"reply\":\"da\"}");
    kw_test_tmp_dir_free(g_steal_pointer(&folder));
}
