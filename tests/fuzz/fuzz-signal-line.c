/* fuzz-signal-line.c: any line of signal-cli: answers, notifications, pieces of both
 *
 * A call has one answer at most, whatever stands in the line. */
#include "kw-clock.h"
#include "kw-fuzz.h"
#include "kw-signal-link.h"

typedef struct {
    guint n_answers;
} Seen;

static void
on_answer(const KwSignalReply *reply, gpointer user_data)
{
    Seen *seen = user_data;

    seen->n_answers++;
    g_assert_true(reply->code == 0 || reply->result == NULL ||
                  JSON_NODE_TYPE(reply->result) <= JSON_NODE_NULL);
}

static void
on_up(gpointer user_data)
{
    (void) user_data;
    g_assert_not_reached(); /* nobody has asked for the version */
}

static void
on_received(JsonObject *params, gpointer user_data)
{
    (void) user_data;
    g_assert_nonnull(params);
}

void
kw_fuzz_one(const guint8 *bytes, gsize length)
{
    const KwSignalLinkEvents events = {.up = on_up, .down = NULL, .received = on_received};
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(0);
    g_autofree gchar *text = g_strndup((const gchar *) bytes, length);
    Seen seen = {0};
    g_autoptr(KwSignalLink) link =
        kw_signal_link_new(KW_CLOCK(clock), "/nowhere", "+43660", &events, &seen, NULL);

    kw_signal_link_call(link, "send", NULL, on_answer, &seen); /* is number 1 */
    kw_signal_link_take(link, text, length);
    kw_signal_link_take(link, text, length);
    g_assert_cmpuint(seen.n_answers, <=, 1);
}
