/* test-dialog.c: conversations over a fake desk: codes, freshness, follow-ups, bad input */
#include "kw-dialog.h"
#include "kw-fake-day.h"
#include "kw-test.h"

#include <string.h>

typedef struct {
    KwFakeDesk *desk;
    KwFakeClock *clock;
    KwZone *zone;
    KwDialog *dialog;
    guint n_codes;
} Room;

static void
give_code(gchar *code, gpointer user_data)
{
    Room *room = user_data;

    g_snprintf(code, KW_DIALOG_CODE_SIZE, "%04u", 4711 + room->n_codes++);
}

static void
room_init_paced(Room *room, gdouble pace)
{
    KwDialogSettings settings = {
        .language = KW_LANGUAGE_DE, .address = KW_ADDRESS_DU, .pace = pace};

    *room = (Room){0};
    room->desk = kw_fake_desk_new();
    room->clock = kw_fake_clock_new(KW_TEST_T0_US);
    room->zone = kw_zone_new("Europe/Vienna", NULL);
    settings.zone = room->zone;
    room->dialog = kw_dialog_new(KW_QUERY(room->desk), KW_CONTROL(room->desk),
                                 KW_CLOCK(room->clock), &settings, give_code, room);
}

static void
room_init(Room *room)
{
    room_init_paced(room, 0);
}

static void
room_clear(Room *room)
{
    kw_dialog_free(room->dialog);
    kw_zone_unref(room->zone);
    g_object_unref(room->clock);
    g_object_unref(room->desk);
}

static gchar *
say_at(Room *room, const gchar *text, gint64 age_us)
{
    KwInbound inbound = {
        .chat = "admin",
        .sender = "1000",
        .text = text,
        .length = strlen(text),
        .sent_us = kw_clock_now_us(KW_CLOCK(room->clock)) - age_us,
    };
    gchar *reply = kw_dialog_handle(room->dialog, &inbound);

    g_assert_nonnull(reply);
    g_assert_true(g_utf8_validate(reply, -1, NULL));
    g_assert_cmpuint(strlen(reply), <=, KW_DIALOG_MAX_BYTES);
    g_assert_cmpuint(strlen(reply), >, 0);
    return reply;
}

static gchar *
say(Room *room, const gchar *text)
{
    return say_at(room, text, 0);
}

static void
expect(Room *room, const gchar *text, const gchar *part)
{
    g_autofree gchar *reply = say(room, text);

    if (strstr(reply, part) == NULL)
        g_test_message("'%s' gave: %s", text, reply);
    g_assert_nonnull(strstr(reply, part));
}

static void
test_dialog_stop_at_once(void)
{
    Room room;
    g_autofree gchar *reply = NULL;

    room_init(&room);
    reply = say_at(&room, "Stop den Bot, ich bin auf Urlaub bis Freitag",
                   3600 * G_GINT64_CONSTANT(1000000));
    g_assert_cmpuint(room.desk->n_actions, ==, 1);
    g_assert_true(g_str_has_prefix(room.desk->last_action, "stop"));
    g_assert_cmpint(room.desk->last_reminder_us, ==, G_GINT64_CONSTANT(1773428400000000));
    g_assert_true(g_str_has_prefix(room.desk->last_audit, "stop "));
    g_assert_nonnull(strstr(reply, "13."));
    room_clear(&room);
}

static void
add_difference(Room *room, const gchar *theirs, const gchar *mark)
{
    KwDifferenceView view = {
        .code = "cash_short", .subject = "EUR", .ours = kw_fake_decimal("500"), .blocks = TRUE};
    KwVenueView *venue = &room->desk->status.venue;

    view.theirs = kw_fake_decimal(theirs);
    g_array_set_size(room->desk->differences, 0);
    g_array_append_val(room->desk->differences, view);
    *venue = (KwVenueView){.is_real = TRUE, .is_doubtful = TRUE, .read_us = KW_TEST_T0_US};
    venue->n_waiting = 1;
    g_strlcpy(venue->mark, mark, sizeof venue->mark);
}

/* The code belongs to the differences that were shown, not to those that are there now. */
static void
test_dialog_accept(void)
{
    Room room;

    room_init(&room);
    room.desk->status.mode = KW_MODE_LIVE;
    add_difference(&room, "400", "a1");
    expect(&room, "Stimmen Bücher und Börse überein?", "400");
    expect(&room, "Nimm die Börse als richtig", "4711");
    add_difference(&room, "300", "b2");
    expect(&room, "4711", "Nichts hingenommen");
    g_assert_cmpuint(room.desk->n_actions, ==, 0);

    expect(&room, "Nimm die Abweichung an", "4712");
    g_free(say(&room, "4713"));
    g_assert_cmpuint(room.desk->n_actions, ==, 0);
    expect(&room, "4712", "Hingenommen");
    g_assert_cmpuint(room.desk->n_actions, ==, 1);
    g_assert_cmpstr(room.desk->last_action, ==, "accept");
    g_assert_nonnull(strstr(room.desk->last_audit, "accepted"));
    expect(&room, "/annehmen", "Es gibt nichts hinzunehmen");
    expect(&room, "/abgleich", "(hingenommen)");
    room_clear(&room);
}

static void
test_dialog_start_needs_its_code(void)
{
    Room room;

    room_init(&room);
    room.desk->status.state = KW_RUN_STATE_STOPPED;
    expect(&room, "Starte den Bot", "4711");
    g_assert_cmpuint(room.desk->n_actions, ==, 0);
    g_free(say(&room, "ja"));
    g_free(say(&room, "1234"));
    g_assert_cmpuint(room.desk->n_actions, ==, 0);
    g_free(say(&room, "4711"));
    g_assert_cmpuint(room.desk->n_actions, ==, 1);
    g_assert_cmpstr(room.desk->last_action, ==, "running");
    g_free(say(&room, "4711"));
    g_assert_cmpuint(room.desk->n_actions, ==, 1);
    room_clear(&room);
}

/* Two requests that raise the risk: each gets a code of its own, one after the other. */
static void
test_dialog_two_codes(void)
{
    Room room;

    room_init(&room);
    room.desk->status.state = KW_RUN_STATE_STOPPED;
    expect(&room, "Starte den Bot und setz die Schwelle auf 0,7", "eigenen Code");
    g_assert_cmpuint(room.desk->n_actions, ==, 0);
    expect(&room, "4711", "Niedrigere Schwelle");
    g_assert_cmpuint(room.desk->n_actions, ==, 1);
    expect(&room, "4712", "70");
    g_assert_cmpuint(room.desk->n_actions, ==, 2);
    g_assert_cmpstr(room.desk->last_action, ==, "threshold 0.700");

    /* who drops the first or stops the bot is not asked for the second */
    room.desk->status.state = KW_RUN_STATE_STOPPED;
    room.desk->status.threshold = 0.75;
    g_free(say(&room, "Starte den Bot und setz die Schwelle auf 0,7"));
    g_free(say(&room, "Nein"));
    g_free(say(&room, "Starte den Bot"));
    g_free(say(&room, "4714"));
    g_assert_cmpuint(room.desk->n_actions, ==, 3);
    g_free(say(&room, "4714"));
    g_assert_cmpuint(room.desk->n_actions, ==, 3);
    room_clear(&room);
}

static void
test_dialog_pages(void)
{
    Room room;

    room_init(&room);
    for (gint id = 100; id < 118; id++)
        kw_fake_desk_add_closed(room.desk, id, "0.10");
    expect(&room, "alle Trades diesen Monat", "weitere: „mehr“");
    expect(&room, "mehr", "•");
    g_free(say(&room, "mehr"));
    expect(&room, "mehr", "Das war alles.");
    room_clear(&room);
}

/* Every list goes on where it ended, and the next question begins a list anew. */
static void
test_dialog_pages_lists(void)
{
    Room room;

    room_init(&room);
    expect(&room, "die letzten 2 Signale", "BTC/USDT");
    expect(&room, "mehr", "ETH/USDT");
    expect(&room, "mehr", "SOL/USDT");
    expect(&room, "die letzten 2 Signale", "ADA/USDT");
    expect(&room, "Warum hast du BTC nicht gekauft?", "nicht gekauft");
    room_clear(&room);
}

static void
test_dialog_language(void)
{
    Room room;

    room_init(&room);
    expect(&room, "Antworte auf Englisch", "English from now on");
    expect(&room, "Status", "Open");
    expect(&room, "Bitte wieder auf Deutsch", "auf Deutsch");
    expect(&room, "Status", "Offen");
    room_clear(&room);
}

/* A market hour a second: the owner still has five minutes of his own to type four digits. */
static void
test_dialog_code_lives_at_the_pace_of_its_reader(void)
{
    Room room;

    room_init_paced(&room, 3600);
    room.desk->status.state = KW_RUN_STATE_STOPPED;
    g_free(say(&room, "Starte den Bot"));
    kw_fake_clock_advance(room.clock, 299 * 3600 * G_GINT64_CONSTANT(1000000));
    g_free(say(&room, "4711"));
    g_assert_cmpstr(room.desk->last_action, ==, "running");

    room.desk->status.state = KW_RUN_STATE_STOPPED;
    expect(&room, "Starte den Bot", "So., 05.04."); /* a far end names its day */
    kw_fake_clock_advance(room.clock, 301 * 3600 * G_GINT64_CONSTANT(1000000));
    g_free(say(&room, "4712"));
    g_assert_cmpuint(room.desk->n_actions, ==, 1);
    room_clear(&room);
}

static void
test_dialog_code_dies(void)
{
    Room room;

    room_init(&room);
    room.desk->status.state = KW_RUN_STATE_STOPPED;
    g_free(say(&room, "Starte den Bot"));
    kw_fake_clock_advance(room.clock, 301 * G_GINT64_CONSTANT(1000000));
    g_free(say(&room, "4711"));
    g_assert_cmpuint(room.desk->n_actions, ==, 0);

    g_free(say(&room, "Starte den Bot")); /* 4712 */
    room.desk->serial++;                  /* somebody changed something */
    g_free(say(&room, "4712"));
    g_assert_cmpuint(room.desk->n_actions, ==, 0);

    g_free(say(&room, "Starte den Bot")); /* 4713 */
    g_free(say(&room, "Nein"));
    g_free(say(&room, "4713"));
    g_assert_cmpuint(room.desk->n_actions, ==, 0);

    g_free(say(&room, "Starte den Bot")); /* 4714 */
    g_free(say(&room, "Stopp!"));
    g_free(say(&room, "4714"));
    g_assert_cmpstr(room.desk->last_action, !=, "running");
    room_clear(&room);
}

static void
test_dialog_old_message_raises_no_risk(void)
{
    Room room;

    room_init(&room);
    room.desk->status.state = KW_RUN_STATE_STOPPED;
    g_free(say_at(&room, "Starte den Bot", 121 * G_GINT64_CONSTANT(1000000)));
    g_assert_cmpuint(room.n_codes, ==, 0);
    g_free(say_at(&room, "Starte den Bot", 119 * G_GINT64_CONSTANT(1000000)));
    g_assert_cmpuint(room.n_codes, ==, 1);
    room_clear(&room);
}

static void
test_dialog_threshold_directions(void)
{
    Room room;

    room_init(&room);
    room.desk->status.threshold = 0.75;
    g_free(say(&room, "Schwelle 80 %"));
    g_assert_cmpuint(room.desk->n_actions, ==, 1);
    room.desk->status.threshold = 0.80;
    expect(&room, "Schwelle 70 %", "4711");
    g_assert_cmpuint(room.desk->n_actions, ==, 1);
    g_free(say(&room, "4711"));
    g_assert_cmpuint(room.desk->n_actions, ==, 2);
    room_clear(&room);
}

static void
test_dialog_several_parts(void)
{
    Room room;

    room_init(&room);
    expect(&room, "Kauf BTC und stopp dann den Bot", "🔒");
    g_assert_cmpuint(room.desk->n_actions, ==, 1);
    g_assert_true(g_str_has_prefix(room.desk->last_action, "stop"));
    g_assert_cmpuint(room.desk->n_audits, ==, 1);
    room_clear(&room);
}

static void
test_dialog_follow_up(void)
{
    Room room;
    g_autofree gchar *today = NULL, *yesterday = NULL, *late = NULL;

    room_init(&room);
    today = say(&room, "Gewinn heute");
    yesterday = say(&room, "und gestern?");
    g_assert_nonnull(strstr(yesterday, "10.03."));
    kw_fake_clock_advance(room.clock, 601 * G_GINT64_CONSTANT(1000000));
    late = say(&room, "und vorgestern?");
    g_assert_nonnull(strstr(late, "❓"));
    room_clear(&room);
}

/* In a demo ten minutes of the market are a moment of the one who types. */
static void
test_dialog_follow_up_paced(void)
{
    Room room;

    room_init_paced(&room, 3600);
    expect(&room, "Gewinn heute", "Ergebnis");
    kw_fake_clock_advance(room.clock, 599 * G_TIME_SPAN_HOUR);
    expect(&room, "und gestern?", "Ergebnis");
    kw_fake_clock_advance(room.clock, 601 * G_TIME_SPAN_HOUR);
    expect(&room, "und gestern?", "❓");
    room_clear(&room);
}

/* What the last answer knows no period for is not repeated as if it did. */
static void
test_dialog_follow_up_elsewhere(void)
{
    Room room;

    room_init(&room);
    expect(&room, "Wie ist der Status?", "Läuft");
    expect(&room, "und letzte Woche?", "02.–08.03.");
    expect(&room, "Wie ist der Status?", "Läuft");
    expect(&room, "und letzte Woche?", "immer nur für jetzt");
    expect(&room, "und gestern?", "10.03."); /* goes on from there */
    expect(&room, "/show_config", "[TROCKENLAUF]");
    expect(&room, "und letzte Woche?", "❓ Zur letzten Antwort gibt es das nicht");
    g_assert_cmpuint(room.desk->n_actions, ==, 0);
    room_clear(&room);
}

static void
test_dialog_survives_bad_input(void)
{
    static const gchar *const texts[] = {
        "",
        " ",
        "\x1b[2J\x1b[31mStopp",
        "🤡🤡🤡",
        "$(reboot)",
        "`rm -rf /`",
        "\xff\xfe\xfd",
        "'; DELETE FROM trades; --",
        "%s%s%n%n",
        "\xe2\x80\xae\xe2\x80\xae",
        "/",
        "//",
        "/ stop",
    };
    Room room;
    g_autofree gchar *huge = g_strnfill(1000000, 'x');
    KwInbound zero = {.chat = "admin", .sender = "1000", .text = "a\0b\0c", .length = 5};
    guint n_audits;

    room_init(&room);
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(say(&room, texts[i]));
    n_audits = room.desk->n_audits;
    g_assert_cmpuint(n_audits, ==, G_N_ELEMENTS(texts));
    expect(&room, huge, "Stopp");
    g_free(kw_dialog_handle(room.dialog, &zero));
    g_assert_cmpuint(room.n_codes, ==, 0);
    room_clear(&room);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/commands/dialog/stop-at-once", test_dialog_stop_at_once);
    g_test_add_func("/commands/dialog/accept", test_dialog_accept);
    g_test_add_func("/commands/dialog/start-code", test_dialog_start_needs_its_code);
    g_test_add_func("/commands/dialog/two-codes", test_dialog_two_codes);
    g_test_add_func("/commands/dialog/pages", test_dialog_pages);
    g_test_add_func("/commands/dialog/pages-lists", test_dialog_pages_lists);
    g_test_add_func("/commands/dialog/language", test_dialog_language);
    g_test_add_func("/commands/dialog/code-lives-at-the-pace-of-its-reader",
                    test_dialog_code_lives_at_the_pace_of_its_reader);
    g_test_add_func("/commands/dialog/code-dies", test_dialog_code_dies);
    g_test_add_func("/commands/dialog/old-message", test_dialog_old_message_raises_no_risk);
    g_test_add_func("/commands/dialog/threshold", test_dialog_threshold_directions);
    g_test_add_func("/commands/dialog/several-parts", test_dialog_several_parts);
    g_test_add_func("/commands/dialog/follow-up", test_dialog_follow_up);
    g_test_add_func("/commands/dialog/follow-up-paced", test_dialog_follow_up_paced);
    g_test_add_func("/commands/dialog/follow-up-elsewhere", test_dialog_follow_up_elsewhere);
    g_test_add_func("/commands/dialog/bad-input", test_dialog_survives_bad_input);
    return g_test_run();
}
