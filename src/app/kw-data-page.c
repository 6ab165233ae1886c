#include "kw-data-page.h"

#include "kw-clock.h"
#include "kw-date.h"
#include "kw-i18n.h"

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
                   const gchar *example)
{
    g_autofree gchar *program = g_strdup_printf("kurswart data %s", usage);
    g_autofree gchar *description = g_strdup_printf("%s\n  %s", _("Example:"), example);
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;

    g_set_prgname("kurswart");
    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_set_summary(context, program);
    g_option_context_set_description(context, description);
    if (g_option_context_parse(context, argc, argv, &error))
        return TRUE;
    (void) kw_data_page_fail(KW_DATA_EXIT_USAGE, error->message);
    return FALSE;
}

int
kw_data_page_fail(int status, const gchar *text)
{
    g_printerr("kurswart: %s\n", text);
    return status;
}

static gchar *
usual_root(void)
{
    const gchar *state = g_getenv("STATE_DIRECTORY"); /* set by systemd for the service */

    if (state != NULL && *state != '\0')
        return g_strdup(state);
    return g_build_filename(g_get_user_data_dir(), "kurswart", NULL);
}

KwMarketStore *
kw_data_page_open_store(const gchar *root, int *out_status)
{
    g_autofree gchar *path = root != NULL ? g_strdup(root) : usual_root();
    g_autoptr(GError) error = NULL;
    KwMarketStore *store = kw_market_store_open(path, &error);

    if (store == NULL)
        *out_status = kw_data_page_fail(EX_IOERR, error->message);
    return store;
}
