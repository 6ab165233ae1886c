#include "kw-data-page.h"

#include "kw-clock.h"
#include "kw-date.h"
#include "kw-fault-text.h"
#include "kw-i18n.h"
#include "kw-options.h"

#include <string.h>
#include <sysexits.h>

KwDataPage *
kw_data_page_new(GError **error)
{
    g_autoptr(KwSystemClock) clock = kw_system_clock_new();
    g_autoptr(KwZone) zone = kw_zone_new("UTC", error);
    KwDataPage *self;

    if (zone == NULL)
        return NULL;
    self = g_new0(KwDataPage, 1);
    self->out = g_string_new(NULL);
    self->now_us = kw_clock_now_us(KW_CLOCK(clock));
    self->format = kw_format_new(zone, self->now_us);
    return self;
}

void
kw_data_page_free(KwDataPage *self)
{
    if (self == NULL)
        return;
    g_string_free(self->out, TRUE);
    g_clear_pointer(&self->format, kw_format_free);
    g_free(self);
}

int
kw_data_page_end(KwDataPage *self, int status)
{
    g_print("%s", self->out->str);
    g_string_truncate(self->out, 0);
    return status;
}

const gchar *
kw_data_page_count(KwDataPage *self, guint64 count)
{
    return kw_format_decimal(self->format, kw_decimal_from_int((gint64) count), 0);
}

const gchar *
kw_data_page_minute(gint64 time_us, gchar *buffer)
{
    (void) kw_utc_to_text(time_us, buffer);
    if (buffer[10] == 'T') {
        buffer[10] = ' ';
        buffer[16] = '\0';
    }
    return buffer;
}

gboolean
kw_data_page_parse(int *argc,
                   char ***argv,
                   const GOptionEntry *entries,
                   const gchar *usage,
                   const gchar *example,
                   int *out_status)
{
    g_autofree gchar *full = g_strdup_printf("data %s", usage);
    const KwOptionsPage page = {
        .usage = full,
        .example = example,
        .entries = entries,
        .max_args = strchr(usage, ' ') != NULL ? KW_OPTIONS_ANY_ARGS : 0,
    };

    return kw_options_parse(argc, argv, &page, out_status);
}

int
kw_data_page_fail(int status, const gchar *text)
{
    g_printerr("kurswart: %s\n", text);
    return status;
}

int
kw_data_page_fail_as(int status, const GError *error)
{
    g_autofree gchar *text = kw_fault_text(error->message);

    return kw_data_page_fail(status, text);
}

gchar *
kw_data_page_dup_root(const gchar *root)
{
    const gchar *state = g_getenv("STATE_DIRECTORY"); /* set by systemd for the service */

    if (root != NULL)
        return g_strdup(root);
    if (state != NULL && *state != '\0')
        return g_strdup(state);
    return g_build_filename(g_get_user_data_dir(), "kurswart", NULL);
}

KwMarketStore *
kw_data_page_open_store(const gchar *root, int *out_status)
{
    g_autofree gchar *path = kw_data_page_dup_root(root);
    g_autoptr(GError) error = NULL;
    KwMarketStore *store = kw_market_store_open(path, &error);

    if (store == NULL)
        *out_status = kw_data_page_fail_as(EX_IOERR, error);
    return store;
}
