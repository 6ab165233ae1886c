/* test-clock.c: timers of the fake clock and of the system's clock */
#include "kw-clock.h"

#define T0_US (G_GINT64_CONSTANT(1773235800) * G_USEC_PER_SEC)

typedef struct {
    KwClock *clock; /* borrowed */
    GString *log;   /* owned by the test */
    gchar name;
    guint victim;     /* cancelled when it runs */
    gint64 again_us;  /* set once more for this time, if not 0 */
    gint64 seen_us;   /* the clock when it ran */
    gint64 offset_us; /* wall clock step while it runs */
} Probe;

static void
on_probe(gpointer user_data)
{
    Probe *probe = user_data;

    probe->seen_us = kw_clock_now_us(probe->clock);
    g_string_append_c(probe->log, probe->name);
    kw_clock_cancel(probe->clock, probe->victim);
    if (probe->offset_us != 0)
        kw_fake_clock_step(KW_FAKE_CLOCK(probe->clock), probe->offset_us);
    if (probe->again_us != 0) {
        gint64 due_us = probe->again_us;
        probe->again_us = 0;
        (void) kw_clock_call_at(probe->clock, due_us, on_probe, probe);
    }
}

static void
test_fake_order(void)
{
    g_autoptr(KwFakeClock) fake = kw_fake_clock_new(T0_US);
    g_autoptr(GString) log = g_string_new(NULL);
    KwClock *clock = KW_CLOCK(fake);
    Probe a = {.clock = clock, .log = log, .name = 'a'};
    Probe b = {.clock = clock, .log = log, .name = 'b'};
    Probe c = {.clock = clock, .log = log, .name = 'c'};

    (void) kw_clock_call_at(clock, T0_US + 30, on_probe, &c);
    (void) kw_clock_call_at(clock, T0_US + 10, on_probe, &a);
    (void) kw_clock_call_at(clock, T0_US + 10, on_probe, &b);
    g_assert_cmpint(kw_fake_clock_get_next_due_us(fake), ==, T0_US + 10);

    kw_fake_clock_advance(fake, 9);
    g_assert_cmpstr(log->str, ==, "");
    kw_fake_clock_advance(fake, 1);
    g_assert_cmpstr(log->str, ==, "ab");
    kw_fake_clock_advance(fake, 1000);
    g_assert_cmpstr(log->str, ==, "abc");
    g_assert_cmpint(c.seen_us, ==, T0_US + 30);
    g_assert_cmpint(kw_clock_now_us(clock), ==, T0_US + 1010);
    g_assert_cmpint(kw_clock_monotonic_us(clock), ==, 1010);
    g_assert_cmpint(kw_fake_clock_get_next_due_us(fake), ==, G_MAXINT64);
}

static void
test_fake_past_is_due_at_once(void)
{
    g_autoptr(KwFakeClock) fake = kw_fake_clock_new(T0_US);
    g_autoptr(GString) log = g_string_new(NULL);
    Probe a = {.clock = KW_CLOCK(fake), .log = log, .name = 'a'};

    (void) kw_clock_call_at(KW_CLOCK(fake), T0_US - 500, on_probe, &a);
    g_assert_cmpstr(log->str, ==, ""); /* never from inside the call */
    kw_fake_clock_advance(fake, 0);
    g_assert_cmpstr(log->str, ==, "a");
    g_assert_cmpint(a.seen_us, ==, T0_US); /* time does not go back */
}

static void
test_fake_cancel(void)
{
    g_autoptr(KwFakeClock) fake = kw_fake_clock_new(T0_US);
    g_autoptr(GString) log = g_string_new(NULL);
    KwClock *clock = KW_CLOCK(fake);
    Probe a = {.clock = clock, .log = log, .name = 'a'};
    Probe b = {.clock = clock, .log = log, .name = 'b'};
    guint first, second;

    first = kw_clock_call_at(clock, T0_US + 1, on_probe, &a);
    second = kw_clock_call_at(clock, T0_US + 2, on_probe, &b);
    g_assert_cmpuint(first, >, 0);
    a.victim = second; /* cancelled on the way */
    kw_fake_clock_advance(fake, 10);
    g_assert_cmpstr(log->str, ==, "a");
    kw_clock_cancel(clock, first); /* has run: allowed */
    kw_clock_cancel(clock, 0);
}

static void
test_fake_chain(void)
{
    g_autoptr(KwFakeClock) fake = kw_fake_clock_new(T0_US);
    g_autoptr(GString) log = g_string_new(NULL);
    Probe a = {.clock = KW_CLOCK(fake), .log = log, .name = 'a', .again_us = T0_US + 7};

    (void) kw_clock_call_at(KW_CLOCK(fake), T0_US + 5, on_probe, &a);
    kw_fake_clock_advance(fake, 10);
    g_assert_cmpstr(log->str, ==, "aa");
    g_assert_cmpint(a.seen_us, ==, T0_US + 7);
}

/* F47: a step forward makes timers due, a step back puts them off; monotonic time ignores it */
static void
test_fake_step(void)
{
    g_autoptr(KwFakeClock) fake = kw_fake_clock_new(T0_US);
    g_autoptr(GString) log = g_string_new(NULL);
    KwClock *clock = KW_CLOCK(fake);
    Probe a = {.clock = clock, .log = log, .name = 'a'};
    const gint64 hour_us = G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC;

    (void) kw_clock_call_at(clock, T0_US + 60, on_probe, &a);
    kw_fake_clock_step(fake, -hour_us);
    g_assert_cmpint(kw_clock_now_us(clock), ==, T0_US - hour_us);
    g_assert_cmpint(kw_clock_monotonic_us(clock), ==, 0);
    kw_fake_clock_advance(fake, 100);
    g_assert_cmpstr(log->str, ==, "");
    kw_fake_clock_step(fake, 2 * hour_us);
    g_assert_cmpstr(log->str, ==, ""); /* a step runs nothing by itself */
    kw_fake_clock_advance(fake, 1);
    g_assert_cmpstr(log->str, ==, "a");
    g_assert_cmpint(kw_clock_monotonic_us(clock), ==, 101);
}

/* What is set for a span ends after it, however the wall clock is stepped meanwhile. */
static void
test_fake_span(void)
{
    const gint64 hour_us = G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC;
    const gint64 steps_us[] = {0, -hour_us, hour_us};

    for (guint i = 0; i < G_N_ELEMENTS(steps_us); i++) {
        g_autoptr(KwFakeClock) fake = kw_fake_clock_new(T0_US);
        g_autoptr(GString) log = g_string_new(NULL);
        KwClock *clock = KW_CLOCK(fake);
        Probe a = {.clock = clock, .log = log, .name = 'a'};
        Probe b = {.clock = clock, .log = log, .name = 'b'};

        (void) kw_clock_call_in(clock, 50, on_probe, &a);
        kw_clock_cancel(clock, kw_clock_call_in(clock, 40, on_probe, &b));
        kw_fake_clock_advance(fake, 20);
        kw_fake_clock_step(fake, steps_us[i]);
        g_assert_cmpint(kw_fake_clock_get_next_due_us(fake), ==, T0_US + 50 + steps_us[i]);
        kw_fake_clock_advance(fake, 29);
        g_assert_cmpstr(log->str, ==, "");
        kw_fake_clock_advance(fake, 1);
        g_assert_cmpstr(log->str, ==, "a");
        g_assert_cmpint(a.seen_us, ==, T0_US + 50 + steps_us[i]);
        g_assert_cmpint(kw_clock_monotonic_us(clock), ==, 50);
    }
}

/* Both kinds run in the order of their time, then of their setting; none is due inside. */
static void
test_fake_kinds(void)
{
    g_autoptr(KwFakeClock) fake = kw_fake_clock_new(T0_US);
    g_autoptr(GString) log = g_string_new(NULL);
    KwClock *clock = KW_CLOCK(fake);
    Probe probes[6];

    for (guint i = 0; i < G_N_ELEMENTS(probes); i++)
        probes[i] = (Probe){.clock = clock, .log = log, .name = (gchar) ('a' + i)};
    (void) kw_clock_call_in(clock, 10, on_probe, &probes[1]);
    (void) kw_clock_call_at(clock, T0_US + 10, on_probe, &probes[2]);
    (void) kw_clock_call_in(clock, 10, on_probe, &probes[3]);
    (void) kw_clock_call_at(clock, T0_US + 5, on_probe, &probes[0]);
    (void) kw_clock_call_in(clock, 0, on_probe, &probes[4]);
    (void) kw_clock_call_in(clock, -7, on_probe, &probes[5]);
    g_assert_cmpstr(log->str, ==, "");
    kw_fake_clock_advance(fake, 0);
    g_assert_cmpstr(log->str, ==, "ef");
    kw_fake_clock_advance(fake, 100);
    g_assert_cmpstr(log->str, ==, "efabcd");
}

/* Not back: then nothing happens. */
static void
test_fake_never_back(void)
{
    g_autoptr(KwFakeClock) fake = kw_fake_clock_new(T0_US);

    kw_fake_clock_advance_to(fake, T0_US - 1);
    g_assert_cmpint(kw_clock_now_us(KW_CLOCK(fake)), ==, T0_US);
    g_assert_cmpint(kw_clock_monotonic_us(KW_CLOCK(fake)), ==, 0);
}

typedef struct {
    GArray *due; /* of gint64, in the order of running */
    KwClock *clock;
    gint64 due_us;
} Recorder;

static void
on_record(gpointer user_data)
{
    Recorder *recorder = user_data;

    g_assert_cmpint(kw_clock_now_us(recorder->clock), ==, recorder->due_us);
    g_array_append_val(recorder->due, recorder->due_us);
}

/* Property: whatever is set and cancelled, the rest runs once each, sorted by due time. */
static void
test_fake_property(void)
{
    enum { N = 2000 };
    g_autoptr(KwFakeClock) fake = kw_fake_clock_new(T0_US);
    g_autoptr(GArray) due = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autofree Recorder *recorders = g_new0(Recorder, N);
    guint n_cancelled = 0;

    for (guint i = 0; i < N; i++) {
        guint id;

        recorders[i] = (Recorder){.due = due,
                                  .clock = KW_CLOCK(fake),
                                  .due_us = T0_US + g_test_rand_int_range(0, 5000)};
        id = g_test_rand_bit() ? kw_clock_call_at(KW_CLOCK(fake), recorders[i].due_us,
                                                  on_record, &recorders[i])
                               : kw_clock_call_in(KW_CLOCK(fake), recorders[i].due_us - T0_US,
                                                  on_record, &recorders[i]);
        if (g_test_rand_int_range(0, 4) == 0) {
            kw_clock_cancel(KW_CLOCK(fake), id);
            n_cancelled++;
        }
    }
    while (kw_fake_clock_get_next_due_us(fake) != G_MAXINT64)
        kw_fake_clock_advance(fake, g_test_rand_int_range(1, 300));

    g_assert_cmpuint(due->len, ==, N - n_cancelled);
    for (guint i = 1; i < due->len; i++)
        g_assert_cmpint(g_array_index(due, gint64, i - 1), <=, g_array_index(due, gint64, i));
}

/* The system's clock: what is due runs from the main loop, in order, without waiting. */
static void
test_system_due_at_once(void)
{
    g_autoptr(GMainContext) context = g_main_context_new();
    g_autoptr(KwSystemClock) system = NULL;
    g_autoptr(GString) log = g_string_new(NULL);
    KwClock *clock;
    Probe a, b, c, d;

    g_main_context_push_thread_default(context);
    system = kw_system_clock_new();
    clock = KW_CLOCK(system);
    a = (Probe){.clock = clock, .log = log, .name = 'a'};
    b = (Probe){.clock = clock, .log = log, .name = 'b'};
    c = (Probe){.clock = clock, .log = log, .name = 'c', .again_us = 1};
    d = (Probe){.clock = clock, .log = log, .name = 'd'};

    (void) kw_clock_call_at(clock, 20, on_probe, &b);
    (void) kw_clock_call_at(clock, 10, on_probe, &a);
    (void) kw_clock_call_at(clock, 20, on_probe, &c);
    kw_clock_cancel(clock, kw_clock_call_at(clock, 15, on_probe, &a));
    (void) kw_clock_call_at(clock, G_MAXINT64, on_probe, &a);
    (void) kw_clock_call_in(clock, G_TIME_SPAN_DAY, on_probe, &a);
    (void) kw_clock_call_in(clock, 0, on_probe, &d);
    g_assert_cmpstr(log->str, ==, "");

    g_assert_true(g_main_context_iteration(context, FALSE));
    g_assert_cmpstr(log->str, ==, "abcd"); /* c's next one waits for the next round */
    g_assert_true(g_main_context_iteration(context, FALSE));
    g_assert_cmpstr(log->str, ==, "abcdc");
    g_assert_false(g_main_context_iteration(context, FALSE));
    g_main_context_pop_thread_default(context);
}

/* However far the next timer is, the loop wakes within a second to look at the wall clock;
 * without timers it does not wake at all. */
static void
test_system_recheck(void)
{
    g_autoptr(GMainContext) context = g_main_context_new();
    g_autoptr(KwSystemClock) system = NULL;
    gint priority, timeout_ms = -2;
    GPollFD fds[4];
    guint id;

    g_main_context_push_thread_default(context);
    system = kw_system_clock_new();
    id = kw_clock_call_at(KW_CLOCK(system), G_MAXINT64, on_probe, NULL);
    g_assert_true(g_main_context_acquire(context));
    g_assert_false(g_main_context_prepare(context, &priority));
    (void) g_main_context_query(context, G_MAXINT, &timeout_ms, fds, G_N_ELEMENTS(fds));
    g_assert_cmpint(timeout_ms, >=, 0);
    g_assert_cmpint(timeout_ms, <=, 1000);

    kw_clock_cancel(KW_CLOCK(system), id);
    g_assert_false(g_main_context_prepare(context, &priority));
    (void) g_main_context_query(context, G_MAXINT, &timeout_ms, fds, G_N_ELEMENTS(fds));
    g_assert_cmpint(timeout_ms, ==, -1);
    g_main_context_release(context);
    g_main_context_pop_thread_default(context);
}

static void
on_drop_clock(gpointer user_data)
{
    g_clear_object((GObject **) user_data);
}

/* A timer may drop the last reference to its clock. */
static void
test_system_dispose_in_timer(void)
{
    g_autoptr(GMainContext) context = g_main_context_new();
    KwSystemClock *system;

    g_main_context_push_thread_default(context);
    system = kw_system_clock_new();
    (void) kw_clock_call_at(KW_CLOCK(system), 1, on_drop_clock, &system);
    g_assert_true(g_main_context_iteration(context, FALSE));
    g_assert_null(system);
    g_assert_false(g_main_context_iteration(context, FALSE));
    g_main_context_pop_thread_default(context);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/clock/fake-order", test_fake_order);
    g_test_add_func("/base/clock/fake-past", test_fake_past_is_due_at_once);
    g_test_add_func("/base/clock/fake-cancel", test_fake_cancel);
    g_test_add_func("/base/clock/fake-chain", test_fake_chain);
    g_test_add_func("/base/clock/fake-step", test_fake_step);
    g_test_add_func("/base/clock/fake-span", test_fake_span);
    g_test_add_func("/base/clock/fake-kinds", test_fake_kinds);
    g_test_add_func("/base/clock/fake-never-back", test_fake_never_back);
    g_test_add_func("/base/clock/fake-property", test_fake_property);
    g_test_add_func("/base/clock/system-due-at-once", test_system_due_at_once);
    g_test_add_func("/base/clock/system-recheck", test_system_recheck);
    g_test_add_func("/base/clock/system-dispose-in-timer", test_system_dispose_in_timer);
    return g_test_run();
}
