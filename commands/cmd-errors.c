#include "kw-command-runs.h"
#include "kw-digest-text.h"
#include "kw-i18n.h"
#include "kw-reply.h"

#define DEFAULT_LINES 5
#define MAX_CHARS 140 /* of one message */

static void
say_error(KwCommandCtx *ctx, const KwErrorView *error)
{
    g_autofree gchar *valid = g_utf8_make_valid(error->text, -1);
    gboolean is_long = g_utf8_strlen(valid, -1) > MAX_CHARS;
    g_autofree gchar *text = g_utf8_substring(valid, 0, is_long ? MAX_CHARS : -1);

    kw_reply_line(ctx, "• %s %s: %s%s", kw_format_time(ctx->format, error->time_us),
                  error->severity == KW_SEVERITY_ERROR ? _("error") : _("warning"), text,
                  is_long ? "…" : "");
}

void
kw_cmd_errors(KwCommandCtx *ctx)
{
    KwPeriod period =
        kw_reply_period(ctx, ctx->slots.count > 0 ? KW_PERIOD_ALL : kw_reply_today(ctx));
    g_autoptr(GArray) errors = kw_query_list_errors(ctx->query, period, 0);
    guint most = ctx->slots.count > 0 ? MIN(ctx->slots.count, 8) : DEFAULT_LINES;
    guint first, n, n_errors = 0;

    for (guint i = 0; i < errors->len; i++)
        n_errors += g_array_index(errors, KwErrorView, i).severity == KW_SEVERITY_ERROR;
    kw_reply_head(ctx, _("Messages %s: "), kw_reply_period_name(ctx, period));
    kw_digest_text_errors(ctx->reply, n_errors, errors->len - n_errors);
    first = kw_reply_page_of(ctx, errors->len, most, &n);
    for (guint i = first; i < first + n; i++)
        say_error(ctx, &g_array_index(errors, KwErrorView, i));
    kw_reply_more(ctx, first + n, errors->len);
    if (errors->len > 0)
        kw_reply_line(ctx, "%s", _("What works now: /health"));
}
