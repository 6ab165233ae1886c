/* cmd-config-show.c: the settings that decide how it trades; the whole list is for the server
 */
#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

#include <string.h>

typedef enum { FORM_TEXT, FORM_MONEY, FORM_PERCENT, FORM_STAKE } Form;

static const struct {
    const gchar *key;
    const gchar *text; /* message id */
    Form form;
} rows[] = {
    {"trading.strategy", N_("Strategy"), FORM_TEXT},
    {"trading.pairs", N_("Pairs"), FORM_TEXT},
    {"trading.timeframe", N_("Candles"), FORM_TEXT},
    {"trading.stake_amount", N_("Stake"), FORM_STAKE},
    {"trading.max_open_trades", N_("Slots"), FORM_TEXT},
    {"trading.fee", N_("Fee for each side"), FORM_PERCENT},
    {"limits.max_daily_loss_abs", N_("Daily limit"), FORM_MONEY},
    {"limits.max_daily_loss_ratio", N_("Daily limit, share"), FORM_PERCENT},
    {"limits.max_drawdown_ratio", N_("Drawdown limit"), FORM_PERCENT},
    {"chat.digest_time", N_("Daily report"), FORM_TEXT},
};

static const gchar *
show_value(KwCommandCtx *ctx, const gchar *value, Form form)
{
    KwDecimal number;

    if (form == FORM_TEXT)
        return value;
    if (form == FORM_STAKE && strcmp(value, "unlimited") == 0)
        return _("capital divided by the slots");
    if (!kw_decimal_parse(value, &number, NULL))
        return value;
    if (kw_decimal_sign(number) == 0)
        return _("none");
    if (form == FORM_PERCENT && kw_decimal_to_double(number) >= 0.01)
        return kw_format_percent_short(ctx->format, kw_decimal_to_double(number));
    if (form == FORM_PERCENT)
        return kw_format_percent(ctx->format, kw_decimal_to_double(number));
    return kw_reply_money(ctx, number);
}

static void
say_row(KwCommandCtx *ctx, const GArray *config, gsize row)
{
    for (guint i = 0; i < config->len; i++) {
        const KwConfigView *view = &g_array_index(config, KwConfigView, i);

        if (strcmp(view->key, rows[row].key) == 0 && view->value[0] != '\0')
            kw_reply_line(ctx, "• %s: %s", _(rows[row].text),
                          show_value(ctx, view->value, rows[row].form));
    }
}

void
kw_cmd_config_show(KwCommandCtx *ctx)
{
    g_autoptr(GArray) config = kw_query_list_config(ctx->query);

    kw_reply_head(ctx, _("Settings · threshold %s"),
                  kw_format_percent_short(ctx->format, ctx->status.threshold));
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        say_row(ctx, config, i);
    kw_reply_line(ctx, "%s", _("All settings, on the server: kurswart config show"));
}
