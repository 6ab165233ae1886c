/* test-telegram-update.c: of all that Telegram tells, only a person's own words in private
 * count
 */
#include "kw-telegram-update.h"

#include "kw-error.h"
#include "kw-json.h"
#include "kw-test.h"

#include <string.h>

static GPtrArray *
parse_text(const gchar *text, GError **error)
{
    g_autoptr(JsonNode) root = kw_json_parse_text(text, -1, NULL);

    g_assert_nonnull(root);
    return kw_telegram_updates_parse(root, error);
}

/* The seventeen updates of the recording */
static void
test_mixed(void)
{
    static const KwTelegramKind kinds[] = {
        KW_TELEGRAM_MESSAGE, KW_TELEGRAM_MESSAGE, KW_TELEGRAM_MESSAGE, KW_TELEGRAM_FOREIGN,
        KW_TELEGRAM_BUTTON,  KW_TELEGRAM_BUTTON,  KW_TELEGRAM_MESSAGE, KW_TELEGRAM_FOREIGN,
        KW_TELEGRAM_FOREIGN, KW_TELEGRAM_MUTE,    KW_TELEGRAM_MUTE,    KW_TELEGRAM_FOREIGN,
        KW_TELEGRAM_BLOCKED, KW_TELEGRAM_FOREIGN, KW_TELEGRAM_MESSAGE, KW_TELEGRAM_OTHER,
        KW_TELEGRAM_OTHER,
    };
    g_autofree gchar *path = kw_test_fixture_path("telegram/getUpdates_mixed.json");
    g_autofree gchar *text = NULL;
    g_autoptr(JsonNode) root = NULL;
    g_autoptr(GPtrArray) updates = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, &error));
    root = kw_json_parse_text(text, -1, &error);
    updates = kw_telegram_updates_parse(
        json_object_get_member(json_node_get_object(root), "result"), &error);
    g_assert_no_error(error);
    g_assert_cmpuint(updates->len, ==, G_N_ELEMENTS(kinds));
    for (guint i = 0; i < updates->len; i++) {
        const KwTelegramUpdate *update = updates->pdata[i];

        g_test_message("update %u", i);
        g_assert_cmpint(update->id, ==, 810000001 + i);
        g_assert_cmpint(update->kind, ==, kinds[i]);
    }
    g_assert_cmpstr(((KwTelegramUpdate *) updates->pdata[0])->text, ==,
                    "Wie ist die Performance diese Woche?");
    g_assert_cmpint(((KwTelegramUpdate *) updates->pdata[0])->sent_us, ==,
                    G_GINT64_CONSTANT(1795219200000000));
    g_assert_cmpstr(((KwTelegramUpdate *) updates->pdata[2])->text, ==, "/stop jetzt 😀 *fett*");
    g_assert_cmpstr(((KwTelegramUpdate *) updates->pdata[4])->text, ==, "stop:9f2c:y");
    g_assert_cmpstr(((KwTelegramUpdate *) updates->pdata[4])->query, ==,
                    "21474836475000000001");
    g_assert_cmpint(((KwTelegramUpdate *) updates->pdata[6])->user, ==, 6100000002);
}

/* A private message with one member more or another */
static KwTelegramKind
kind_of(const gchar *from, const gchar *chat, const gchar *more)
{
    g_autofree gchar *text = g_strdup_printf(
        "[{\"update_id\":1,\"message\":{\"from\":%s,\"chat\":%s,%s}}]", from, chat, more);
    g_autoptr(GPtrArray) updates = parse_text(text, NULL);

    g_assert_cmpuint(updates->len, ==, 1);
    return ((KwTelegramUpdate *) updates->pdata[0])->kind;
}

static void
test_foreign(void)
{
    static const gchar me[] = "{\"id\":5,\"is_bot\":false}";
    static const gchar private_chat[] = "{\"id\":5,\"type\":\"private\"}";
    static const gchar said[] = "\"date\":1795219200,\"text\":\"Stopp\"";
    static const struct {
        const gchar *from, *chat, *more;
        KwTelegramKind kind;
    } rows[] = {
        {me, private_chat, said, KW_TELEGRAM_MESSAGE},
        {"{\"id\":5}", private_chat, said, KW_TELEGRAM_MESSAGE},
        {"{\"id\":5,\"is_bot\":true,\"username\":\"sarah_h\"}", private_chat, said,
         KW_TELEGRAM_FOREIGN},
        {"{\"id\":\"5\"}", private_chat, said, KW_TELEGRAM_FOREIGN},
        {"null", private_chat, said, KW_TELEGRAM_FOREIGN},
        {me, "{\"id\":6,\"type\":\"private\"}", said, KW_TELEGRAM_FOREIGN},
        {me, "{\"id\":5,\"type\":\"group\"}", said, KW_TELEGRAM_FOREIGN},
        {me, "{\"id\":5}", said, KW_TELEGRAM_FOREIGN},
        {me, "[]", said, KW_TELEGRAM_FOREIGN},
        {me, private_chat, "\"date\":1795219200,\"text\":\"Stopp\",\"forward_origin\":{}",
         KW_TELEGRAM_FOREIGN},
        {me, private_chat, "\"date\":1795219200,\"text\":\"Stopp\",\"via_bot\":{\"id\":1}",
         KW_TELEGRAM_FOREIGN},
        {me, private_chat, "\"date\":1795219200,\"text\":\"Stopp\",\"sender_chat\":{\"id\":1}",
         KW_TELEGRAM_FOREIGN},
        {me, private_chat, "\"date\":1795219200,\"text\":\"Stopp\",\"edit_date\":1795219201",
         KW_TELEGRAM_FOREIGN},
        {me, private_chat, "\"text\":\"Stopp\"", KW_TELEGRAM_FOREIGN},
        {me, private_chat, "\"date\":-1,\"text\":\"Stopp\"", KW_TELEGRAM_FOREIGN},
        {me, private_chat, "\"date\":9e18,\"text\":\"Stopp\"", KW_TELEGRAM_FOREIGN},
        {me, private_chat, "\"date\":1795219200,\"text\":7", KW_TELEGRAM_MUTE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("row %" G_GSIZE_FORMAT, i);
        g_assert_cmpint(kind_of(rows[i].from, rows[i].chat, rows[i].more), ==, rows[i].kind);
    }
}

static void
test_command_names(void)
{
    static const struct {
        const gchar *text;
        const gchar *entity;
        const gchar *read;
    } rows[] = {
        {"/stop@kurswart_bot", "0,\"length\":18", "/stop"},
        {"/stop@kurswart_bot", "0,\"length\":99", "/stop@kurswart_bot"},
        {"/stop@kurswart_bot", "0,\"length\":-1", "/stop@kurswart_bot"},
        {"mail a@b", "5,\"length\":3", "mail a@b"},
        {"/ä@b", "0,\"length\":2", "/ä@b"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree gchar *text = g_strdup_printf(
            "[{\"update_id\":1,\"message\":{\"from\":{\"id\":5},\"chat\":{\"id\":5,"
            "\"type\":\"private\"},\"date\":9,\"text\":\"%s\",\"entities\":[{\"type\":"
            "\"bot_command\",\"offset\":%s}]}}]",
            rows[i].text, rows[i].entity);
        g_autoptr(GPtrArray) updates = parse_text(text, NULL);

        g_assert_cmpstr(((KwTelegramUpdate *) updates->pdata[0])->text, ==, rows[i].read);
    }
}

static void
test_broken(void)
{
    static const struct {
        const gchar *text;
        KwParseError code;
    } rows[] = {
        {"{}", KW_PARSE_ERROR_MEMBER},
        {"[1]", KW_PARSE_ERROR_MEMBER},
        {"[{\"message\":{}}]", KW_PARSE_ERROR_MEMBER},
        {"[{\"update_id\":\"1\"}]", KW_PARSE_ERROR_MEMBER},
        {"[{\"update_id\":-1}]", KW_PARSE_ERROR_RANGE},
        {"[{\"update_id\":9000000000}]", KW_PARSE_ERROR_RANGE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("row %" G_GSIZE_FORMAT, i);
        g_assert_null(parse_text(rows[i].text, &error));
        g_assert_error(error, KW_PARSE_ERROR, (gint) rows[i].code);
    }
}

/* Out of order, they are taken by number. */
static void
test_order(void)
{
    g_autoptr(GPtrArray) updates =
        parse_text("[{\"update_id\":9},{\"update_id\":7},{\"update_id\":8}]", NULL);

    for (guint i = 0; i < updates->len; i++)
        g_assert_cmpint(((KwTelegramUpdate *) updates->pdata[i])->id, ==, 7 + i);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/chat/telegram-update/mixed", test_mixed);
    g_test_add_func("/chat/telegram-update/foreign", test_foreign);
    g_test_add_func("/chat/telegram-update/command-names", test_command_names);
    g_test_add_func("/chat/telegram-update/broken", test_broken);
    g_test_add_func("/chat/telegram-update/order", test_order);
    return g_test_run();
}
