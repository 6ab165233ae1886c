/* test-wish.c: what can be a wish, in words that no rule knows */
#include "kw-test.h"
#include "kw-wish.h"

#include <string.h>

static void
test_texts(void)
{
    static const struct {
        const gchar *text;
        gboolean is_possible;
    } rows[] = {
        {"mach den Laden zu", TRUE},
        {"bitte zieh den Stecker", TRUE},
        {"mach den Laden nicht dicht", FALSE},
        {"soll ich den Laden zu machen?", FALSE},
        {"ist der Laden zu?", FALSE},
        {"na was sagst du zu dem Laden", FALSE},
        {"mach den Laden zu, wenn Bitcoin faellt", FALSE},
        {"morgen um 8 mach den Laden zu", FALSE},
        {"mein Bruder meint, mach den Laden zu", FALSE},
        {"was passiert, wenn ich den Laden zu mache", FALSE},
        {"ich hatte den Laden zu", FALSE},
        {"mach den Laden zu, nein, lieber nicht", FALSE},
        {"er schrieb \"mach den Laden zu\"", FALSE},
        {"m\xE2\x80\x8B"
         "ach den Laden zu",
         FALSE},
        {"", FALSE},
    };
    g_autoptr(KwZone) zone = kw_zone_new("Europe/Vienna", NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("%s", rows[i].text);
        g_assert_cmpint(
            kw_wish_is_possible(rows[i].text, strlen(rows[i].text), zone, KW_TEST_T0_US), ==,
            rows[i].is_possible);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/commands/wish/texts", test_texts);
    return g_test_run();
}
