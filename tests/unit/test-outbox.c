/* test-outbox.c: every message is heard once, alarms first, and a long silence ends in one text
 */
#include "kw-outbox.h"
#include "kw-test.h"

#define SECOND G_TIME_SPAN_SECOND

/* -- a channel whose listener comes and goes -- */

#define FAKE_TYPE_CHANNEL (fake_channel_get_type())
G_DECLARE_FINAL_TYPE(FakeChannel, fake_channel, FAKE, CHANNEL, GObject)

struct _FakeChannel {
    GObject parent_instance;

    gboolean is_online;
    gboolean is_slow; /* says later what became of it */
    guint n_left;     /* broadcasts that succeed before all others fail */
    guint n_tries;
    GPtrArray *heard; /* "key=text" */
};

static gboolean
fake_is_online(KwChannel *channel)
{
    return FAKE_CHANNEL(channel)->is_online;
}

static KwChannelTaken
fake_broadcast(KwChannel *channel, const gchar *key, const KwChannelContent *content)
{
    FakeChannel *self = FAKE_CHANNEL(channel);

    g_assert_true(self->is_online);
    self->n_tries++;
    if (self->n_left == 0)
        return KW_CHANNEL_REFUSED;
    self->n_left--;
    g_ptr_array_add(self->heard, g_strdup_printf("%s=%s", key, content->text));
    return self->is_slow ? KW_CHANNEL_UNDER_WAY : KW_CHANNEL_DELIVERED;
}

static void
fake_channel_iface_init(KwChannelInterface *iface)
{
    iface->is_online = fake_is_online;
    iface->broadcast = fake_broadcast;
}

G_DEFINE_FINAL_TYPE_WITH_CODE(FakeChannel,
                              fake_channel,
                              G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(KW_TYPE_CHANNEL, fake_channel_iface_init))

static void
fake_channel_finalize(GObject *object)
{
    g_ptr_array_unref(FAKE_CHANNEL(object)->heard);
    G_OBJECT_CLASS(fake_channel_parent_class)->finalize(object);
}

static void
fake_channel_class_init(FakeChannelClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = fake_channel_finalize;
}

static void
fake_channel_init(FakeChannel *self)
{
    self->heard = g_ptr_array_new_with_free_func(g_free);
    self->n_left = G_MAXUINT;
}

/* -- fixture -- */

typedef struct {
    KwFakeClock *clock;
    KwOutbox *outbox;
    FakeChannel *phone;
    GString *delivered; /* "key " */
    GString *dropped;
} Fixture;

static gchar *
merge(const GPtrArray *messages, gpointer user_data)
{
    const KwOutboxMessage *first = messages->pdata[0];
    const KwOutboxMessage *last = messages->pdata[messages->len - 1];

    return g_strdup_printf("%u: %s-%s", messages->len, first->text, last->text);
}

static void
on_delivered(KwOutbox *outbox, const gchar *key, gpointer user_data)
{
    g_string_append_printf(((Fixture *) user_data)->delivered, "%s ", key);
}

static void
on_dropped(KwOutbox *outbox, const gchar *key, gpointer user_data)
{
    g_string_append_printf(((Fixture *) user_data)->dropped, "%s ", key);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    f->clock = kw_fake_clock_new(KW_TEST_T0_US);
    f->outbox = kw_outbox_new(KW_CLOCK(f->clock), merge, f, 1);
    f->phone = g_object_new(FAKE_TYPE_CHANNEL, NULL);
    f->delivered = g_string_new(NULL);
    f->dropped = g_string_new(NULL);
    g_signal_connect(f->outbox, "delivered", G_CALLBACK(on_delivered), f);
    g_signal_connect(f->outbox, "dropped", G_CALLBACK(on_dropped), f);
    kw_outbox_add_listener(f->outbox, KW_CHANNEL(f->phone));
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    g_object_unref(f->outbox);
    g_object_unref(f->phone);
    g_object_unref(f->clock);
    g_string_free(f->delivered, TRUE);
    g_string_free(f->dropped, TRUE);
}

/* "digest3" -> "digest" */
static const gchar *
kind_of(const gchar *key)
{
    return g_str_has_prefix(key, "digest")   ? "digest"
           : g_str_has_prefix(key, "weekly") ? "weekly"
                                             : "entry";
}

static gboolean
push(Fixture *f, KwOutboxRank rank, const gchar *key)
{
    KwOutboxMessage message = {
        .key = (gchar *) key,
        .kind = (gchar *) kind_of(key),
        .text = (gchar *) key,
        .created_us = kw_clock_now_us(KW_CLOCK(f->clock)),
        .rank = rank,
    };

    return kw_outbox_push(f->outbox, &message);
}

static void
push_many(Fixture *f, KwOutboxRank rank, gchar letter, guint n)
{
    for (guint i = 1; i <= n; i++) {
        g_autofree gchar *key = g_strdup_printf("%c%u", letter, i);

        g_assert_true(push(f, rank, key));
    }
}

static void
set_online(FakeChannel *channel)
{
    channel->is_online = TRUE;
    kw_channel_emit_online(KW_CHANNEL(channel));
}

static gchar *
join_heard(FakeChannel *channel)
{
    g_ptr_array_add(channel->heard, NULL);
    return g_strjoinv(" ", (gchar **) channel->heard->pdata);
}

static void
assert_heard(FakeChannel *channel, const gchar *expected)
{
    g_autofree gchar *heard = join_heard(channel);

    g_assert_cmpstr(heard, ==, expected);
    g_ptr_array_set_size(channel->heard, 0);
}

/* -- tests -- */

static void
test_at_once(Fixture *f, gconstpointer data)
{
    f->phone->is_online = TRUE;
    g_assert_true(push(f, KW_OUTBOX_TRADE, "a"));
    g_assert_true(push(f, KW_OUTBOX_OTHER, "b"));
    g_assert_cmpuint(kw_outbox_get_n_waiting(f->outbox), ==, 0);
    g_assert_cmpstr(f->delivered->str, ==, "a b ");
    assert_heard(f->phone, "a=a b=b");
}

static void
test_once(Fixture *f, gconstpointer data)
{
    g_assert_true(push(f, KW_OUTBOX_TRADE, "a"));
    g_assert_false(push(f, KW_OUTBOX_TRADE, "a"));
    set_online(f->phone);
    g_assert_false(push(f, KW_OUTBOX_TRADE, "a"));
    assert_heard(f->phone, "a=a");
    g_assert_cmpstr(f->delivered->str, ==, "a ");
}

static void
test_after_outage(Fixture *f, gconstpointer data)
{
    (void) push(f, KW_OUTBOX_TRADE, "t1");
    (void) push(f, KW_OUTBOX_OTHER, "o1");
    (void) push(f, KW_OUTBOX_ALARM, "a1");
    (void) push(f, KW_OUTBOX_TRADE, "t2");
    (void) push(f, KW_OUTBOX_ALARM, "a2");
    g_assert_cmpuint(kw_outbox_get_n_waiting(f->outbox), ==, 5);
    g_assert_cmpstr(f->delivered->str, ==, "");
    set_online(f->phone);
    assert_heard(f->phone, "a1=a1 a2=a2 t1=t1 o1=o1 t2=t2");
    g_assert_cmpstr(f->delivered->str, ==, "a1 a2 t1 o1 t2 ");
}

/* F72: two days without a way out */
static void
test_two_days(Fixture *f, gconstpointer data)
{
    for (guint i = 0; i < 48; i++) {
        g_autofree gchar *key = g_strdup_printf("t%u", i);

        (void) push(f, KW_OUTBOX_TRADE, key);
        kw_fake_clock_advance(f->clock, 3600 * SECOND);
    }
    (void) push(f, KW_OUTBOX_ALARM, "a1");
    set_online(f->phone);
    assert_heard(f->phone, "a1=a1 merged:t0=48: t0-t47");
    g_assert_cmpuint(kw_outbox_get_n_waiting(f->outbox), ==, 0);
    g_assert_true(g_str_has_prefix(f->delivered->str, "a1 t0 t1 "));
    g_assert_true(g_str_has_suffix(f->delivered->str, " t46 t47 "));

    /* from now on one by one again */
    push_many(f, KW_OUTBOX_TRADE, 'n', 7);
    assert_heard(f->phone, "n1=n1 n2=n2 n3=n3 n4=n4 n5=n5 n6=n6 n7=n7");
}

static void
test_merge_limit(Fixture *f, gconstpointer data)
{
    push_many(f, KW_OUTBOX_TRADE, 't', KW_OUTBOX_MERGE_ABOVE);
    push_many(f, KW_OUTBOX_OTHER, 'o', 6);
    set_online(f->phone);
    assert_heard(f->phone, "t1=t1 t2=t2 t3=t3 t4=t4 t5=t5 o1=o1 o2=o2 o3=o3 o4=o4 o5=o5 o6=o6");
}

/* Old reports go with the trades; the newest of each kind goes whole. */
static void
test_reports(Fixture *f, gconstpointer data)
{
    (void) push(f, KW_OUTBOX_REPORT, "digest1");
    push_many(f, KW_OUTBOX_TRADE, 't', 3);
    (void) push(f, KW_OUTBOX_REPORT, "digest2");
    (void) push(f, KW_OUTBOX_OTHER, "o");
    (void) push(f, KW_OUTBOX_REPORT, "weekly1");
    (void) push(f, KW_OUTBOX_TRADE, "t4");
    (void) push(f, KW_OUTBOX_REPORT, "digest3");
    set_online(f->phone);
    assert_heard(f->phone, "merged:digest1=6: digest1-t4 o=o weekly1=weekly1 digest3=digest3");
    g_assert_cmpstr(f->delivered->str, ==, "digest1 t1 t2 t3 digest2 t4 o weekly1 digest3 ");
}

/* Without a word from the channel the timer finds it, at growing intervals. */
static void
test_retry(Fixture *f, gconstpointer data)
{
    gint64 last_us = 0;

    f->phone->is_online = TRUE;
    f->phone->n_left = 0;
    (void) push(f, KW_OUTBOX_OTHER, "a");
    g_assert_cmpuint(f->phone->n_tries, ==, 1);
    for (guint i = 2; i < 12; i++) {
        gint64 due_us = kw_fake_clock_get_next_due_us(f->clock);
        gint64 wait_us = due_us - kw_clock_now_us(KW_CLOCK(f->clock));

        g_assert_cmpint(wait_us, >=, last_us / 2);
        g_assert_cmpint(wait_us, <=, 300 * SECOND);
        last_us = wait_us;
        kw_fake_clock_advance_to(f->clock, due_us);
        g_assert_cmpuint(f->phone->n_tries, ==, i);
    }
    g_assert_cmpint(last_us, >=, 150 * SECOND);
    f->phone->n_left = 1;
    kw_fake_clock_advance(f->clock, 300 * SECOND);
    assert_heard(f->phone, "a=a");
    g_assert_cmpint(kw_fake_clock_get_next_due_us(f->clock), ==, G_MAXINT64);
}

/* New messages do not hammer at a closed door. */
static void
test_no_hammering(Fixture *f, gconstpointer data)
{
    f->phone->is_online = TRUE;
    f->phone->n_left = 0;
    push_many(f, KW_OUTBOX_TRADE, 't', 100);
    g_assert_cmpuint(f->phone->n_tries, ==, 1);
}

/* A way out that closes in the middle: what is through is through, the rest follows once. */
static void
test_cut_in_the_middle(Fixture *f, gconstpointer data)
{
    (void) push(f, KW_OUTBOX_ALARM, "a1");
    (void) push(f, KW_OUTBOX_ALARM, "a2");
    push_many(f, KW_OUTBOX_TRADE, 't', 6);
    f->phone->n_left = 1;
    set_online(f->phone);
    g_assert_cmpstr(f->delivered->str, ==, "a1 ");
    f->phone->n_left = G_MAXUINT;
    kw_fake_clock_advance(f->clock, 10 * SECOND);
    assert_heard(f->phone, "a1=a1 a2=a2 merged:t1=6: t1-t6");
    g_assert_cmpstr(f->delivered->str, ==, "a1 a2 t1 t2 t3 t4 t5 t6 ");
}

/* All who listen hear it; one who does is enough. */
static void
test_two_channels(Fixture *f, gconstpointer data)
{
    g_autoptr(FakeChannel) terminal = g_object_new(FAKE_TYPE_CHANNEL, NULL);

    kw_outbox_add_listener(f->outbox, KW_CHANNEL(terminal));
    terminal->is_online = TRUE;
    (void) push(f, KW_OUTBOX_OTHER, "a");
    f->phone->is_online = TRUE;
    (void) push(f, KW_OUTBOX_OTHER, "b");
    terminal->n_left = 0;
    (void) push(f, KW_OUTBOX_OTHER, "c");
    g_assert_cmpstr(f->delivered->str, ==, "a b c ");
    assert_heard(terminal, "a=a b=b");
    assert_heard(f->phone, "b=b c=c");
}

static void
test_full(Fixture *f, gconstpointer data)
{
    (void) push(f, KW_OUTBOX_ALARM, "a");
    (void) push(f, KW_OUTBOX_OTHER, "o");
    (void) push(f, KW_OUTBOX_TRADE, "t");
    push_many(f, KW_OUTBOX_ALARM, 'x', KW_OUTBOX_MAX_WAITING - 3);
    g_assert_cmpstr(f->dropped->str, ==, "");
    push_many(f, KW_OUTBOX_ALARM, 'y', 3);
    g_assert_cmpstr(f->dropped->str, ==, "t o a ");
    g_assert_cmpuint(kw_outbox_get_n_waiting(f->outbox), ==, KW_OUTBOX_MAX_WAITING);
}

/* A handler that tells something more is no trouble. */
static void
on_delivered_push(KwOutbox *outbox, const gchar *key, gpointer user_data)
{
    if (g_str_equal(key, "a"))
        g_assert_true(push(user_data, KW_OUTBOX_ALARM, "b"));
}

static void
test_push_from_handler(Fixture *f, gconstpointer data)
{
    g_signal_connect(f->outbox, "delivered", G_CALLBACK(on_delivered_push), f);
    (void) push(f, KW_OUTBOX_OTHER, "a");
    (void) push(f, KW_OUTBOX_OTHER, "c");
    set_online(f->phone);
    assert_heard(f->phone, "a=a c=c b=b");
    g_assert_cmpstr(f->delivered->str, ==, "a c b ");
}

/* -- messengers -- */

static FakeChannel *
add_messenger(Fixture *f)
{
    FakeChannel *messenger = g_object_new(FAKE_TYPE_CHANNEL, NULL);

    messenger->is_online = TRUE;
    messenger->is_slow = TRUE;
    kw_outbox_add_messenger(f->outbox, KW_CHANNEL(messenger));
    return messenger;
}

static void
report(FakeChannel *channel, const gchar *key, KwChannelTaken taken)
{
    kw_channel_emit_outcome(KW_CHANNEL(channel), key, taken);
}

/* Taken is not delivered; what fails goes to the other one, and to none twice. */
static void
test_other_messenger(Fixture *f, gconstpointer data)
{
    g_autoptr(FakeChannel) first = add_messenger(f);
    g_autoptr(FakeChannel) second = add_messenger(f);

    (void) push(f, KW_OUTBOX_OTHER, "a");
    assert_heard(first, "a=a");
    assert_heard(second, "");
    g_assert_cmpstr(f->delivered->str, ==, "");
    report(first, "a", KW_CHANNEL_REFUSED);
    assert_heard(second, "a=a");
    report(second, "a", KW_CHANNEL_DELIVERED);
    g_assert_cmpstr(f->delivered->str, ==, "a ");

    first->is_online = FALSE;
    (void) push(f, KW_OUTBOX_OTHER, "b");
    assert_heard(first, "");
    assert_heard(second, "b=b");
    report(second, "b", KW_CHANNEL_REFUSED);
    g_assert_cmpuint(kw_outbox_get_n_waiting(f->outbox), ==, 1);
    set_online(first);
    assert_heard(first, "b=b");
    report(first, "b", KW_CHANNEL_DELIVERED);
    report(second, "b", KW_CHANNEL_DELIVERED); /* too late to count */
    g_assert_cmpstr(f->delivered->str, ==, "a b ");
}

/* An alarm goes to all, and comes again until somebody is there. */
static void
test_alarm_repeats(Fixture *f, gconstpointer data)
{
    g_autoptr(FakeChannel) first = add_messenger(f);
    g_autoptr(FakeChannel) second = add_messenger(f);

    (void) push(f, KW_OUTBOX_ALARM, "a");
    assert_heard(first, "a=a");
    assert_heard(second, "a=a");
    report(first, "a", KW_CHANNEL_REFUSED);
    report(second, "a", KW_CHANNEL_DELIVERED);
    g_assert_cmpstr(f->delivered->str, ==, "a ");
    kw_fake_clock_advance(f->clock, 10 * 60 * SECOND);
    assert_heard(first, "a#1=🔁 a");
    report(first, "a#1", KW_CHANNEL_DELIVERED);
    kw_fake_clock_advance(f->clock, 20 * 60 * SECOND);
    assert_heard(first, "a#2=🔁 a");
    kw_outbox_acknowledge(f->outbox);
    kw_fake_clock_advance(f->clock, 24 * 3600 * SECOND);
    assert_heard(first, "");
    g_assert_cmpstr(f->delivered->str, ==, "a ");
}

/* A restart does not make anybody have seen it. */
static void
test_alarm_outlives_process(Fixture *f, gconstpointer data)
{
    g_autoptr(FakeChannel) before = add_messenger(f);
    g_autoptr(FakeChannel) after = NULL;
    g_autofree gchar *kept = NULL;
    g_autofree gchar *none = NULL;

    (void) push(f, KW_OUTBOX_ALARM, "a");
    (void) push(f, KW_OUTBOX_OTHER, "o");
    report(before, "a", KW_CHANNEL_DELIVERED);
    report(before, "o", KW_CHANNEL_DELIVERED);
    kept = kw_outbox_list_alarms(f->outbox);
    g_assert_cmpstr(kept, ==, "[{\"key\":\"a\",\"text\":\"a\"}]");

    g_object_unref(f->outbox);
    f->outbox = kw_outbox_new(KW_CLOCK(f->clock), merge, f, 1);
    after = add_messenger(f);
    kw_outbox_restore_alarms(f->outbox, "[{\"key\":1},7]"); /* nothing to be read there */
    kw_outbox_restore_alarms(f->outbox, kept);
    kw_fake_clock_advance(f->clock, 10 * 60 * SECOND);
    assert_heard(after, "a#1=🔁 a");
    kw_outbox_acknowledge(f->outbox);
    none = kw_outbox_list_alarms(f->outbox);
    g_assert_cmpstr(none, ==, "[]");
    kw_fake_clock_advance(f->clock, 24 * 3600 * SECOND);
    assert_heard(after, "");
}

/* What is merged is delivered, or waits again, as a whole. */
static void
test_merged_flight(Fixture *f, gconstpointer data)
{
    g_autoptr(FakeChannel) messenger = add_messenger(f);

    messenger->is_online = FALSE;
    push_many(f, KW_OUTBOX_TRADE, 't', 8);
    set_online(messenger);
    assert_heard(messenger, "merged:t1=8: t1-t8");
    (void) push(f, KW_OUTBOX_TRADE, "u"); /* does not wait for it */
    assert_heard(messenger, "u=u");
    report(messenger, "u", KW_CHANNEL_DELIVERED);
    report(messenger, "merged:t1", KW_CHANNEL_REFUSED);
    g_assert_cmpuint(kw_outbox_get_n_waiting(f->outbox), ==, 8);
    kw_fake_clock_advance(f->clock, 10 * SECOND);
    assert_heard(messenger, "merged:t1=8: t1-t8");
    report(messenger, "merged:t1", KW_CHANNEL_DELIVERED);
    g_assert_cmpstr(f->delivered->str, ==, "u t1 t2 t3 t4 t5 t6 t7 t8 ");
}

/* A terminal hears everything once, but is no delivery where there is a phone. */
static void
test_listener_beside_messenger(Fixture *f, gconstpointer data)
{
    g_autoptr(FakeChannel) messenger = add_messenger(f);

    f->phone->is_online = TRUE; /* the fixture's channel listens */
    messenger->is_online = FALSE;
    (void) push(f, KW_OUTBOX_OTHER, "a");
    (void) push(f, KW_OUTBOX_OTHER, "b");
    kw_fake_clock_advance(f->clock, 3600 * SECOND);
    assert_heard(f->phone, "a=a b=b");
    g_assert_cmpstr(f->delivered->str, ==, "");
    set_online(messenger);
    assert_heard(messenger, "a=a b=b");
    assert_heard(f->phone, "");
}

/* Property: whatever the listener does, each key is delivered exactly once. */
static void
test_property(Fixture *f, gconstpointer data)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_auto(GStrv) keys = NULL;

    for (guint i = 0; i < 2000; i++) {
        g_autofree gchar *key = g_strdup_printf("k%u", g_test_rand_int_range(0, 700));

        f->phone->is_online = g_test_rand_bit();
        f->phone->n_left = (guint) g_test_rand_int_range(0, 4);
        (void) push(f, (KwOutboxRank) g_test_rand_int_range(0, 4), key);
        if (f->phone->is_online && g_test_rand_bit())
            kw_channel_emit_online(KW_CHANNEL(f->phone));
        kw_fake_clock_advance(f->clock, g_test_rand_int_range(0, 5 * SECOND));
    }
    f->phone->n_left = G_MAXUINT;
    set_online(f->phone);
    g_assert_cmpuint(kw_outbox_get_n_waiting(f->outbox), ==, 0);
    keys = g_strsplit(g_strchomp(f->delivered->str), " ", -1);
    g_assert_cmpuint(g_strv_length(keys), >, 600);
    for (guint i = 0; keys[i] != NULL; i++)
        g_assert_true(g_hash_table_add(seen, g_strdup(keys[i])));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, func) g_test_add("/chat/outbox/" name, Fixture, NULL, set_up, func, tear_down)
    ADD("at-once", test_at_once);
    ADD("once", test_once);
    ADD("after-outage", test_after_outage);
    ADD("two-days", test_two_days);
    ADD("merge-limit", test_merge_limit);
    ADD("reports", test_reports);
    ADD("retry", test_retry);
    ADD("no-hammering", test_no_hammering);
    ADD("cut-in-the-middle", test_cut_in_the_middle);
    ADD("two-channels", test_two_channels);
    ADD("full", test_full);
    ADD("push-from-handler", test_push_from_handler);
    ADD("other-messenger", test_other_messenger);
    ADD("alarm-repeats", test_alarm_repeats);
    ADD("alarm-outlives-process", test_alarm_outlives_process);
    ADD("merged-flight", test_merged_flight);
    ADD("listener-beside-messenger", test_listener_beside_messenger);
    ADD("property", test_property);
    return g_test_run();
}
