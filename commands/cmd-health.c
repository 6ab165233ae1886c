#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

#include <string.h>

static const struct {
    const gchar *component, *text;
} names[] = {
    {"feed", N_("Prices")},       {"store", N_("Store")}, {"strategy", N_("Strategy")},
    {"disk", N_("Disk space")},   {"chat", N_("Chat")},   {"loop", N_("Main loop")},
    {"exchange", N_("Exchange")},
};

static const gchar *
name_of(const gchar *component)
{
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcmp(names[i].component, component) == 0)
            return _(names[i].text);
    }
    return component;
}

/* "48213 MB" as people say it */
static void
say_room(KwCommandCtx *ctx, const gchar *detail)
{
    guint64 n_mb = g_ascii_strtoull(detail, NULL, 10);

    g_string_append_printf(ctx->reply, _(" (%s GB free)"),
                           kw_format_number(ctx->format, (gdouble) n_mb / 1024, 1));
}

/* ", seit 12:03 kam nichts", and what the bot does about it */
static void
say_silence(KwCommandCtx *ctx, const KwHealthView *part)
{
    const KwVenueView *venue = &ctx->status.venue;

    g_string_append_printf(ctx->reply, _(", nothing came since %s"),
                           kw_format_time(ctx->format, part->since_us));
    if (strcmp(part->component, "feed") == 0) {
        g_string_append(ctx->reply,
                        _("; no entries until prices come again, the bot keeps trying"));
        return;
    }
    g_string_append(ctx->reply, venue->is_doubtful
                                    ? _("; no entries until it answers, the bot keeps asking")
                                    : _("; the bot keeps asking, after five minutes without "
                                        "an answer no entries"));
    if (!venue->has_no_stops)
        g_string_append(ctx->reply, _("; stops that wait there stay in force"));
}

static void
say_part(KwCommandCtx *ctx, const KwHealthView *part)
{
    if (strcmp(part->component, "version") == 0) {
        kw_reply_line(ctx, _("Version %1$s, up for %2$s"), part->detail,
                      kw_format_duration(ctx->format, ctx->now_us - part->since_us));
        return;
    }
    if (strcmp(part->component, "crashes") == 0) {
        kw_reply_line(ctx, "• %s: %s", _("Restarts after a crash"), part->detail);
        return;
    }
    kw_reply_line(ctx, "• %s: %s", name_of(part->component),
                  part->is_ok ? _("ok") : _("disturbed"));
    if (strcmp(part->detail, KW_HEALTH_SILENT) == 0) {
        say_silence(ctx, part);
        return;
    }
    if (part->since_us > 0)
        g_string_append_printf(ctx->reply, _(", as of %s"),
                               kw_format_time(ctx->format, part->since_us));
    if (strcmp(part->component, "disk") == 0)
        say_room(ctx, part->detail);
    else if (part->detail[0] != '\0')
        g_string_append_printf(ctx->reply, " (%s)", part->detail);
}

void
kw_cmd_health(KwCommandCtx *ctx)
{
    g_autoptr(GArray) parts = kw_query_list_health(ctx->query);
    guint n_bad = 0;

    for (guint i = 0; i < parts->len; i++)
        n_bad += !g_array_index(parts, KwHealthView, i).is_ok;
    if (n_bad == 0)
        kw_reply_head(ctx, "%s", _("All parts work"));
    else
        kw_reply_head(ctx,
                      kw_i18n_plural("⚠️ %u part is disturbed",
                                     "⚠️ %u parts are disturbed", n_bad),
                      n_bad);
    for (guint i = 0; i < parts->len; i++)
        say_part(ctx, &g_array_index(parts, KwHealthView, i));
    kw_reply_line(ctx, "%s", _("Money: /profit"));
    kw_reply_age(ctx);
}
