#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

#include <string.h>

static const gchar *
component_name(const gchar *component)
{
    static const struct {
        const gchar *name, *text;
    } rows[] = {
        {"feed", N_("Price data")}, {"store", N_("Store")},   {"strategy", N_("Strategy")},
        {"disk", N_("Disk")},       {"chat", N_("Chat")},     {"loop", N_("Core")},
        {"broker", N_("Broker")},   {"backup", N_("Backup")},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (strcmp(component, rows[i].name) == 0)
            return _(rows[i].text);
    }
    return component;
}

void
kw_cmd_health(KwCommandCtx *ctx)
{
    g_autoptr(GArray) parts = kw_query_list_health(ctx->query);
    guint n_bad = 0;

    for (guint i = 0; i < parts->len; i++)
        n_bad += !g_array_index(parts, KwHealthView, i).is_ok;
    if (n_bad == 0)
        kw_reply_head(ctx, "%s", _("All components in order."));
    else
        kw_reply_head(ctx,
                      kw_i18n_plural("⚠️ %u component is disturbed.",
                                     "⚠️ %u components are disturbed.", n_bad),
                      n_bad);
    for (guint i = 0; i < MIN(parts->len, 12); i++) {
        const KwHealthView *part = &g_array_index(parts, KwHealthView, i);

        kw_reply_line(ctx, "• %s: %s%s%s", component_name(part->component),
                      part->is_ok ? _("in order") : _("DISTURBED"),
                      *part->detail == '\0' ? "" : ", ", part->detail);
        if (!part->is_ok && part->since_us > 0)
            kw_reply_line(ctx, _("  since %s"), kw_format_time(ctx->format, part->since_us));
    }
    if (*ctx->status.started_text != '\0')
        kw_reply_line(ctx, "%s", ctx->status.started_text);
    kw_reply_age(ctx);
}
