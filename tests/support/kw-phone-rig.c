#include "kw-phone-rig.h"

#include "kw-dataset.h"
#include "kw-line-client.h"
#include "kw-test.h"

#include <glib/gstdio.h>

static void
write_file(KwPhoneRig *self, const gchar *name, const gchar *text)
{
    g_autofree gchar *path = g_build_filename(self->folder, name, NULL);

    g_assert_true(
        g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

void
kw_phone_rig_load(KwPhoneRig *self)
{
    g_autofree gchar *config = g_build_filename(self->folder, "kurswart.conf", NULL);
    g_autofree gchar *root = g_build_filename(self->folder, "root", NULL);
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    KwSettingsPaths paths = {config, KW_SETTINGS_NO_FILE, root};
    g_autofree gchar *text = g_strdup_printf(
        "[chat]\nadmin_socket = %s/admin.sock\n[secrets]\ndir = %s\n[telegram]\nowners = "
        "%" G_GINT64_FORMAT "\nreaders = %" G_GINT64_FORMAT "\nbase_url = %s\n",
        self->folder, self->folder, KW_FAKE_TELEGRAM_OWNER, KW_PHONE_RIG_READER,
        kw_fake_telegram_get_url(self->telegram));

    if (self->signal != NULL) {
        g_autofree gchar *more = g_strdup_printf(
            "%s[signal]\naddress = %s\naccount = %s\nowners = %s\n"
            "readers = %s\n",
            text, kw_fake_signal_get_address(self->signal), KW_FAKE_SIGNAL_ACCOUNT,
            KW_FAKE_SIGNAL_OWNER, KW_PHONE_RIG_SIGNAL_READER);

        write_file(self, "kurswart.conf", more);
    } else {
        g_autofree gchar *all = g_strconcat(text, self->more, NULL);

        write_file(self, "kurswart.conf", all);
    }
    write_file(self, "telegram-token", KW_FAKE_TELEGRAM_TOKEN "\n");
    self->settings = kw_settings_load(&paths, NULL, NULL, problems);
    g_assert_cmpuint(problems->len, ==, 0);
}

void
kw_phone_rig_open_bot(KwPhoneRig *self)
{
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(0);
    g_autoptr(GError) error = NULL;
    g_autoptr(KwDataset) dataset = kw_dataset_load_resource("/kurswart/candles", NULL, &error);
    g_autoptr(KwReplayFeed) feed =
        kw_dataset_take_feed(dataset, KW_CLOCK(clock), G_MININT64, G_MAXINT64, &error);

    self->rig = kw_rig_new(
        clock,
        &(KwRigOptions){
            .settings = self->settings, .feed = feed, .seed = 1, .speed = self->speed},
        &error);
    g_assert_no_error(error);
    self->front = kw_front_new(&(KwFrontOptions){.bot = self->rig->bot,
                                                 .market_clock = KW_CLOCK(self->rig->clock),
                                                 .settings = self->settings},
                               &error);
    g_assert_no_error(error);
    kw_bot_start(self->rig->bot);
}

void
kw_phone_rig_close_bot(KwPhoneRig *self)
{
    g_clear_pointer(&self->front, kw_front_free);
    g_clear_pointer(&self->rig, kw_rig_free);
    kw_line_client_settle();
}

void
kw_phone_rig_init(KwPhoneRig *self)
{
    self->folder = kw_test_tmp_dir_new();
    self->telegram = kw_fake_telegram_new();
    self->clock = KW_CLOCK(kw_system_clock_new());
}

void
kw_phone_rig_clear(KwPhoneRig *self)
{
    kw_phone_rig_close_bot(self);
    kw_settings_free(self->settings);
    kw_fake_telegram_free(self->telegram);
    kw_fake_signal_free(self->signal);
    g_object_unref(self->clock);
    kw_test_tmp_dir_free(self->folder);
}

gint64
kw_phone_rig_now(KwPhoneRig *self)
{
    return kw_clock_now_us(self->clock) / G_USEC_PER_SEC;
}

const gchar *
kw_phone_rig_ask(KwPhoneRig *self, gint64 user, const gchar *text, gint64 date)
{
    guint n = kw_fake_telegram_count_texts(self->telegram);

    (void) kw_fake_telegram_say(self->telegram, user, text, date);
    return kw_fake_telegram_wait_text(self->telegram, n + 1);
}
