#include "kw-model-text.h"

#include "kw-digest-text.h"
#include "kw-i18n.h"

#include <math.h>

const gchar *
kw_model_text_rating(const KwModelView *model)
{
    return model->sortino >= 2.0   ? _("good")
           : model->sortino >= 1.5 ? _("acceptable")
                                   : _("bad");
}

/* Without digits: they would say more than so few trades know */
static const gchar *
percent_of(KwFormat *format, gdouble win_ratio)
{
    return kw_format_percent_short(format, round(win_ratio * 100) / 100);
}

void
kw_model_text_figures(GString *out,
                      KwFormat *format,
                      const KwModelView *model,
                      const KwGateView *gate)
{
    g_return_if_fail(out != NULL && format != NULL && model != NULL);

    if (!model->has_backtest)
        kw_digest_text_line(out, "%s", _("There is no backtest of it."));
    else if (model->n_trades == 0)
        kw_digest_text_line(out, "%s", _("There was not one trade in its backtest."));
    else if (gate != NULL)
        kw_digest_text_line(
            out,
            _("Sortino %1$s (≥ %2$s) · drawdown %3$s (≤ %4$s) · win rate %5$s (≥ "
              "%6$s) · %7$u trades (≥ %8$u)"),
            kw_format_number(format, model->sortino, 1),
            kw_format_number(format, gate->min_sortino, 1),
            kw_format_percent_short(format, model->max_drawdown_ratio),
            kw_format_percent_short(format, gate->max_drawdown_ratio),
            percent_of(format, model->win_ratio),
            kw_format_percent_short(format, gate->min_win_ratio), model->n_trades,
            gate->min_trades);
    else
        kw_digest_text_line(out,
                            _("Sortino %1$s · drawdown %2$s · win rate %3$s · %4$u trades"),
                            kw_format_number(format, model->sortino, 1),
                            kw_format_percent_short(format, model->max_drawdown_ratio),
                            percent_of(format, model->win_ratio), model->n_trades);
}
