/* cmd-venue.c: how books and exchange compare, and the owner's word on it, with a code
 *
 * Accepting changes no book and no order. It only says that the owner knows why they differ;
 * what he cannot see by then (another cent, another coin) is not covered by it, so the code
 * belongs to exactly the differences that were shown. */
#include "kw-command-runs.h"
#include "kw-difference-text.h"
#include "kw-i18n.h"
#include "kw-reply.h"

#include <string.h>

static gboolean
is_waiting(const KwDifferenceView *view)
{
    return view->blocks && !view->is_accepted;
}

/* Those that @wanted says, or all (NULL) */
static void
say_differences(KwCommandCtx *ctx, gboolean (*wanted)(const KwDifferenceView *view))
{
    g_autoptr(GArray) list = kw_query_list_differences(ctx->query);
    guint n_shown = 0, n_all = 0;

    for (guint i = 0; i < list->len; i++) {
        const KwDifferenceView *view = &g_array_index(list, KwDifferenceView, i);
        g_autofree gchar *text = kw_difference_text(ctx->format, view);

        if (wanted != NULL && !wanted(view))
            continue;
        n_all++;
        if (n_shown == KW_REPLY_MAX_ASKED)
            continue;
        n_shown++;
        kw_reply_line(ctx, "• %s", text != NULL ? text : view->code);
        if (view->is_accepted || (!view->blocks && !view->blocks_pair))
            g_string_append_printf(ctx->reply, " (%s)",
                                   view->is_accepted ? _("accepted") : _("holds nothing up"));
    }
    kw_reply_more(ctx, n_shown, n_all);
}

static void
say_stops(KwCommandCtx *ctx)
{
    const KwVenueView *venue = &ctx->status.venue;

    if (venue->n_refused > 0)
        kw_reply_line(ctx,
                      kw_i18n_plural("Stops of the open trades: %u refused by the exchange",
                                     "Stops of the open trades: %u refused by the exchange",
                                     venue->n_refused),
                      venue->n_refused);
    if (venue->n_replaced > 0)
        kw_reply_line(
            ctx,
            kw_i18n_plural("Stops of the open trades: %u placed again after somebody else had "
                           "cancelled it",
                           "Stops of the open trades: %u placed again after somebody else had "
                           "cancelled them",
                           venue->n_replaced),
            venue->n_replaced);
}

static void
say_head(KwCommandCtx *ctx)
{
    const KwVenueView *venue = &ctx->status.venue;

    if (venue->n_waiting > 0)
        kw_reply_head(ctx,
                      kw_i18n_plural("⚖️ %u difference between books and exchange",
                                     "⚖️ %u differences between books and exchange",
                                     venue->n_waiting),
                      venue->n_waiting);
    else if (venue->read_us == 0)
        kw_reply_head(ctx, "%s",
                      _("⚖️ Books and exchange have not been compared since the start."));
    else if (venue->n_unknown > 0)
        kw_reply_head(ctx,
                      kw_i18n_plural("⚖️ %u order is looked for at the exchange",
                                     "⚖️ %u orders are looked for at the exchange",
                                     venue->n_unknown),
                      venue->n_unknown);
    else if (venue->n_accepted > 0)
        kw_reply_head(ctx, "%s",
                      _("⚖️ Books and exchange differ by what you have accepted."));
    else
        kw_reply_head(ctx, "%s", _("⚖️ Books and exchange agree."));
}

static void
say_consequence(KwCommandCtx *ctx)
{
    const KwVenueView *venue = &ctx->status.venue;

    if (venue->is_broken)
        kw_reply_line(
            ctx, "%s",
            _("No entries in this run: an order was stopped on its way, or the key is "
              "used twice. Only a new start helps, after a look at the log."));
    else if (venue->n_waiting > 0)
        kw_reply_line(ctx, "%s",
                      _("No entries until that is mended at the exchange, or accepted: "
                        "/annehmen (with a code)."));
    else if (venue->is_doubtful)
        kw_reply_line(ctx, "%s", _("No entries until both have agreed once."));
    if (venue->read_us != 0)
        kw_reply_line(ctx, _("Compared at %s, every minute again."),
                      kw_format_time(ctx->format, venue->read_us));
}

void
kw_cmd_venue(KwCommandCtx *ctx)
{
    if (!ctx->status.venue.is_real) {
        kw_reply_head(ctx, "%s",
                      _("Paper money: there is no exchange that books could differ from."));
        return;
    }
    say_head(ctx);
    say_differences(ctx, NULL);
    say_stops(ctx);
    say_consequence(ctx);
}

static void
accept_shown(KwCommandCtx *ctx)
{
    KwControlResult result = {0};

    kw_control_accept(ctx->control, ctx->by, ctx->slots.mark, &result);
    kw_query_get_status(ctx->query, &ctx->status);
    if (result.is_refused) {
        kw_reply_head(ctx, "%s", _("🔒 Nothing accepted: the differences are others by now."));
        say_differences(ctx, is_waiting);
        kw_reply_line(ctx, "%s", _("Once more: /annehmen"));
        kw_reply_effect(ctx, "refused: %s", result.refusal);
        return;
    }
    if (ctx->status.venue.is_doubtful)
        kw_reply_head(ctx, "%s", _("⚖️ Accepted. Entries still wait:"));
    else
        kw_reply_head(ctx, "%s", _("⚖️ Accepted. Entries no longer wait for it."));
    say_consequence(ctx);
    kw_reply_effect(ctx, "accepted");
}

void
kw_cmd_accept(KwCommandCtx *ctx)
{
    const KwVenueView *venue = &ctx->status.venue;

    if (ctx->is_confirmed) {
        accept_shown(ctx);
        return;
    }
    if (!venue->is_real || venue->n_waiting == 0) {
        kw_cmd_venue(ctx);
        if (venue->is_real)
            kw_reply_line(ctx, "%s", _("There is nothing to accept."));
        return;
    }
    if (!kw_reply_may_ask(ctx))
        return;
    kw_reply_head(ctx,
                  kw_i18n_plural("⚖️ Accept this %u difference to the exchange?",
                                 "⚖️ Accept these %u differences to the exchange?",
                                 venue->n_waiting),
                  venue->n_waiting);
    say_differences(ctx, is_waiting);
    kw_reply_line(
        ctx, "%s",
        _("Entries are made again then, as long as none of them grows. The books stay "
          "as they are, and nothing is bought or sold because of it."));
    g_strlcpy(ctx->slots.mark, venue->mark, sizeof ctx->slots.mark);
    ctx->wants_code = TRUE;
}
