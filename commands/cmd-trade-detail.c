#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"
#include "kw-words.h"

#include <math.h>
#include <string.h>

static void
say_origin(KwCommandCtx *ctx, const KwTradeView *trade)
{
    kw_reply_begin(ctx);
    if (isfinite(trade->confidence) && trade->confidence > 0)
        g_string_append_printf(ctx->reply, _("Confidence %s · "),
                               kw_format_percent_short(ctx->format, trade->confidence));
    if (trade->model[0] != '\0')
        g_string_append_printf(ctx->reply, _("Model %s"), trade->model);
    else
        g_string_append_printf(ctx->reply, _("Strategy %s"), trade->strategy);
    if (trade->tag[0] != '\0')
        g_string_append_printf(ctx->reply, " · %s", trade->tag);
    if (trade->regime[0] != '\0')
        g_string_append_printf(ctx->reply, _(" · market: %s"), trade->regime);
}

static void
say_stop(KwCommandCtx *ctx, const KwTradeView *trade)
{
    if (kw_decimal_sign(trade->stop) <= 0)
        return;
    kw_reply_line(ctx, _("Stop %s"), kw_format_rate(ctx->format, trade->stop));
    if (trade->has_last)
        g_string_append_printf(ctx->reply, _(", %s away"),
                               kw_format_percent(ctx->format, trade->stop_distance_ratio));
    if (kw_decimal_cmp(trade->stop, trade->initial_stop) > 0)
        g_string_append_printf(ctx->reply, _(" (moved up from %s)"),
                               kw_format_rate(ctx->format, trade->initial_stop));
    g_string_append_printf(ctx->reply, ", %s",
                           kw_words_stop_place(ctx->status.mode, &ctx->status.venue));
}

static void
say_open(KwCommandCtx *ctx, const KwTradeView *trade)
{
    g_autofree gchar *base = g_strndup(trade->pair, strcspn(trade->pair, "/"));

    if (trade->has_last)
        kw_reply_head(ctx, _("%1$s #%2$d open: %3$s (%4$s)"), trade->pair, (gint) trade->id,
                      kw_reply_result(ctx, trade->profit_abs),
                      kw_format_percent_signed(ctx->format, trade->profit_ratio));
    else
        kw_reply_head(ctx, _("%1$s #%2$d open, no current price"), trade->pair,
                      (gint) trade->id);
    kw_reply_line(ctx, _("Entry %1$s, %2$s (for %3$s)"),
                  kw_format_rate(ctx->format, trade->open_rate),
                  kw_format_time(ctx->format, trade->open_us),
                  kw_format_duration(ctx->format, ctx->now_us - trade->open_us));
    if (trade->has_last)
        g_string_append_printf(ctx->reply, _(" · now %s"),
                               kw_format_rate(ctx->format, trade->last_rate));
    kw_reply_line(ctx, _("Stake %1$s · %2$s %3$s"), kw_reply_money(ctx, trade->stake),
                  kw_format_amount(ctx->format, trade->amount), base);
    say_stop(ctx, trade);
    say_origin(ctx, trade);
    kw_reply_age(ctx);
}

static void
say_closed(KwCommandCtx *ctx, const KwTradeView *trade)
{
    kw_reply_head(ctx, _("%1$s #%2$d closed: %3$s (%4$s)"), trade->pair, (gint) trade->id,
                  kw_reply_result(ctx, trade->profit_abs),
                  kw_format_percent_signed(ctx->format, trade->profit_ratio));
    kw_reply_line(ctx, _("Entry %1$s (%2$s)"), kw_format_rate(ctx->format, trade->open_rate),
                  kw_format_time(ctx->format, trade->open_us));
    kw_reply_line(ctx, _("Exit %1$s (%2$s), held %3$s"),
                  kw_format_rate(ctx->format, trade->last_rate),
                  kw_format_time(ctx->format, trade->close_us),
                  kw_format_duration(ctx->format, trade->close_us - trade->open_us));
    kw_reply_line(ctx, _("Reason: %s · fees %s"), kw_words_exit_reason(trade->exit_reason),
                  kw_reply_money(ctx, trade->fees));
    say_origin(ctx, trade);
}

/* The newest ids, so that the owner can choose */
static void
say_ids(KwCommandCtx *ctx)
{
    g_autoptr(GArray) open = kw_query_list_open(ctx->query);
    g_autoptr(GArray) closed = kw_query_list_closed(ctx->query, KW_PERIOD_ALL, NULL, 3);
    g_autoptr(GString) ids = g_string_new(NULL);
    guint n = 0;

    for (guint i = open->len; i > 0 && n < 3; i--, n++)
        g_string_append_printf(ids, "%s#%d", n > 0 ? ", " : "",
                               (gint) g_array_index(open, KwTradeView, i - 1).id);
    for (guint i = 0; i < closed->len && n < 3; i++, n++)
        g_string_append_printf(ids, "%s#%d", n > 0 ? ", " : "",
                               (gint) g_array_index(closed, KwTradeView, i).id);
    if (n > 0)
        kw_reply_line(ctx, _("The newest are: %s"), ids->str);
    else
        kw_reply_line(ctx, "%s", _("There has been no trade yet."));
}

void
kw_cmd_trade_detail(KwCommandCtx *ctx)
{
    const gchar *pair = kw_reply_pair(ctx);
    gint64 id = ctx->slots.trade_id;
    KwTradeView trade;

    if (id == 0 && pair == NULL && ctx->status.n_open != 1) {
        kw_cmd_open_trades(ctx);
        return;
    }
    if (id == 0 && pair == NULL)
        pair = ctx->status.open[0].pair;
    if (!kw_query_find_trade(ctx->query, id, pair, &trade)) {
        if (id != 0)
            kw_reply_head(ctx, _("❓ There is no trade #%d."), (gint) id);
        else
            kw_reply_head(ctx, _("No trade in %s so far."), pair);
        say_ids(ctx);
        return;
    }
    if (trade.is_open)
        say_open(ctx, &trade);
    else
        say_closed(ctx, &trade);
    kw_reply_candles(ctx, trade.pair, trade.id);
}
