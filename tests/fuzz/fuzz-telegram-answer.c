/* fuzz-telegram-answer.c: any answer of Telegram, and the updates in it
 *
 * Whatever comes, a verdict is given, and an update that is a message has a person, a time and
 * a text. */
#include "kw-fuzz.h"
#include "kw-telegram-api.h"
#include "kw-telegram-update.h"

static void
check_update(const KwTelegramUpdate *update)
{
    g_assert_cmpint(update->id, >=, 0);
    if (update->kind == KW_TELEGRAM_MESSAGE) {
        g_assert_nonnull(update->text);
        g_assert_true(g_utf8_validate(update->text, -1, NULL));
        g_assert_cmpint(update->sent_us, >, 0);
    }
    if (update->kind == KW_TELEGRAM_BUTTON)
        g_assert_true(update->text != NULL && update->query != NULL);
}

void
kw_fuzz_one(const guint8 *bytes, gsize length)
{
    g_autoptr(GBytes) body = g_bytes_new(bytes, length);
    g_autoptr(KwTelegramAnswer) answer = kw_telegram_answer_parse(200, body);
    g_autoptr(GPtrArray) updates = NULL;

    g_assert_nonnull(answer->text);
    g_assert_cmpint(answer->verdict == KW_TELEGRAM_DONE, ==, answer->result != NULL);
    if (answer->verdict == KW_TELEGRAM_WAIT)
        g_assert_cmpint(answer->wait_us, >, 0);
    if (answer->result == NULL)
        return;
    updates = kw_telegram_updates_parse(answer->result, NULL);
    for (guint i = 0; updates != NULL && i < updates->len; i++)
        check_update(updates->pdata[i]);
}
