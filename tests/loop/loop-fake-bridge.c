/* loop-fake-bridge.c: the fake bridge as a program, on the machine's clock
 *
 * fake-bridge [--hedging] [--real]: tells its address in a line, then reads lines:
 *   price SYMBOL NUMBER, trading on|off, orders (answers with how many there ever were),
 *   volume SYMBOL (answers with lots)
 * It ends with its input. */
#include "kw-clock.h"
#include "kw-fake-mt5.h"

#include <stdio.h>
#include <string.h>

#define TICK_MS 50

typedef struct {
    KwFakeMt5 *fake;
    KwClock *clock;
    GMainLoop *loop;
} Program;

static gboolean
on_tick(gpointer user_data)
{
    Program *self = user_data;

    kw_fake_mt5_set_time(self->fake, kw_clock_now_us(self->clock));
    return G_SOURCE_CONTINUE;
}

static void
obey(Program *self, const gchar *line)
{
    g_auto(GStrv) words = g_strsplit(line, " ", 3);
    guint n = g_strv_length(words);

    if (n == 3 && strcmp(words[0], "price") == 0)
        kw_fake_mt5_set_price(self->fake, words[1], g_ascii_strtod(words[2], NULL));
    else if (n == 2 && strcmp(words[0], "trading") == 0)
        kw_fake_mt5_set_may_trade(self->fake, strcmp(words[1], "on") == 0);
    else if (n == 2 && strcmp(words[0], "volume") == 0)
        g_print("%g\n", kw_fake_mt5_get_volume(self->fake, words[1]));
    else if (n == 1 && strcmp(words[0], "orders") == 0)
        g_print("%u\n", kw_fake_mt5_count_orders(self->fake));
    else
        g_print("?\n");
    (void) fflush(stdout);
}

static gboolean
on_input(GIOChannel *channel, GIOCondition condition, gpointer user_data)
{
    Program *self = user_data;
    g_autofree gchar *line = NULL;

    (void) condition;
    if (g_io_channel_read_line(channel, &line, NULL, NULL, NULL) != G_IO_STATUS_NORMAL) {
        g_main_loop_quit(self->loop);
        return G_SOURCE_REMOVE;
    }
    obey(self, g_strchomp(line));
    return G_SOURCE_CONTINUE;
}

int
main(int argc, char **argv)
{
    const gchar *const *words = (const gchar *const *) argv;
    g_autoptr(KwSystemClock) clock = kw_system_clock_new();
    g_autoptr(GIOChannel) input = g_io_channel_unix_new(0);
    Program self = {.clock = KW_CLOCK(clock), .loop = g_main_loop_new(NULL, FALSE)};
    guint tick;

    self.fake =
        kw_fake_mt5_new(g_strv_contains(words, "--hedging"), kw_clock_now_us(self.clock));
    if (g_strv_contains(words, "--real"))
        kw_fake_mt5_set_real(self.fake);
    tick = g_timeout_add(TICK_MS, on_tick, &self);
    (void) g_io_add_watch(input, G_IO_IN | G_IO_HUP, on_input, &self);
    g_print("%s\n", kw_fake_mt5_get_url(self.fake));
    (void) fflush(stdout);
    g_main_loop_run(self.loop);
    g_source_remove(tick);
    g_main_loop_unref(self.loop);
    kw_fake_mt5_free(self.fake);
    return 0;
}
