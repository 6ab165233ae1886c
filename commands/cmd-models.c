/* cmd-models.c: the model in service, the ones before, the last backtest, training
 *
 * Figures stand beside their limits, rates beside their count. Without a registry each says so
 * and what trades instead. */
#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-model-text.h"
#include "kw-reply.h"
#include "kw-training-text.h"

#include <math.h>
#include <string.h>

static gboolean
find_model(KwCommandCtx *ctx, KwModelView *out)
{
    g_autoptr(GArray) models = kw_query_list_models(ctx->query);
    const gchar *tag = ctx->slots.model_tag;

    for (guint i = 0; i < models->len; i++) {
        const KwModelView *model = &g_array_index(models, KwModelView, i);

        if (*tag != '\0' ? strcmp(model->tag, tag) == 0 : model->is_active) {
            *out = *model;
            return TRUE;
        }
    }
    return FALSE;
}

static void
say_no_model(KwCommandCtx *ctx)
{
    if (*ctx->slots.model_tag != '\0')
        kw_reply_head(ctx, _("❓ There is no model %s."), ctx->slots.model_tag);
    else if (ctx->status.state == KW_RUN_STATE_NO_STRATEGY)
        kw_reply_head(ctx, "%s", _("No model in service, and no strategy: nothing is bought."));
    else if (ctx->status.model[0] != '\0')
        kw_reply_head(ctx, _("🧠 Model in service: %s"), ctx->status.model);
    else
        kw_reply_head(ctx, _("No model in service: %s trades by fixed rules."),
                      ctx->status.strategy[0] != '\0' ? ctx->status.strategy
                                                      : _("the strategy"));
    kw_reply_line(ctx, "%s", _("Own results: /stats"));
}

/* -- figures -- */

static void
say_figures(KwCommandCtx *ctx, const KwModelView *model)
{
    KwGateView gate;
    gboolean has_gate = kw_query_get_gate(ctx->query, &gate);

    kw_model_text_figures(ctx->reply, ctx->format, model, has_gate ? &gate : NULL);
}

static void
say_live(KwCommandCtx *ctx, const KwModelView *model)
{
    if (model->live_n == 0)
        kw_reply_line(ctx, "%s", _("No trade closed since then."));
    else if (model->live_n < 20)
        kw_reply_line(ctx, _("Since then %1$u of %2$u trades won (too few to tell)"),
                      model->live_wins, model->live_n);
    else
        kw_reply_line(
            ctx, _("Since then %1$s won of %2$u trades"),
            kw_format_percent_short(ctx->format, (gdouble) model->live_wins / model->live_n),
            model->live_n);
}

void
kw_cmd_model_info(KwCommandCtx *ctx)
{
    KwModelView model;

    if (!find_model(ctx, &model)) {
        say_no_model(ctx);
        return;
    }
    if (model.is_active && model.deployed_us != 0)
        kw_reply_head(
            ctx, _("🧠 Model %1$s, in service since %2$s"), model.tag,
            kw_format_day(ctx->format, kw_format_date_of(ctx->format, model.deployed_us)));
    else
        kw_reply_head(ctx, _("🧠 Model %s, not in service"), model.tag);
    if (model.trained_us != 0)
        kw_reply_line(ctx, _("Trained %s"), kw_format_time(ctx->format, model.trained_us));
    say_figures(ctx, &model);
    if (model.is_active)
        say_live(ctx, &model);
    if (isfinite(model.calibration_error))
        kw_reply_line(ctx, _("Calibration: mean error %s"),
                      kw_format_percent_short(ctx->format, model.calibration_error));
    if (model.is_active && model.n_bins > 0)
        kw_reply_chart(ctx, KW_CHART_CALIBRATION, KW_PERIOD_ALL);
}

/* -- history -- */

static void
say_model(KwCommandCtx *ctx, const KwModelView *model)
{
    gint64 time_us = model->deployed_us != 0 ? model->deployed_us : model->trained_us;
    const gchar *what = model->is_active          ? _("in service")
                        : model->is_rolled_back   ? _("rolled back")
                        : model->deployed_us != 0 ? _("replaced")
                        : model->is_passed        ? _("candidate, passed the gate")
                                                  : _("not taken");

    kw_reply_line(ctx, "• %s, %s: %s", model->tag,
                  kw_format_day(ctx->format, kw_format_date_of(ctx->format, time_us)), what);
    if (*model->reason != '\0')
        g_string_append_printf(ctx->reply, " (%s)", model->reason);
}

void
kw_cmd_model_history(KwCommandCtx *ctx)
{
    g_autoptr(GArray) models = kw_query_list_models(ctx->query);
    KwPeriod period = kw_reply_period(ctx, KW_PERIOD_ALL);
    guint first, n;

    if (models->len == 0) {
        kw_reply_head(ctx, "%s", _("There has been no trained model yet."));
        kw_reply_line(ctx, "%s", _("Trading follows the strategy file; its results: /stats"));
        return;
    }
    kw_reply_head(ctx, _("🧠 Models (%s), newest first"), kw_reply_period_name(ctx, period));
    for (guint i = models->len; i > 0; i--) {
        const KwModelView *model = &g_array_index(models, KwModelView, i - 1);
        gint64 time_us = model->deployed_us != 0 ? model->deployed_us : model->trained_us;

        if (time_us < period.from_us || time_us >= period.to_us)
            g_array_remove_index(models, i - 1);
    }
    if (models->len == 0)
        kw_reply_line(ctx, "%s", _("No new model in that time."));
    first = kw_reply_page(ctx, models->len, &n);
    for (guint i = first; i < first + n; i++)
        say_model(ctx, &g_array_index(models, KwModelView, i));
    kw_reply_more(ctx, first + n, models->len);
}

/* -- backtest -- */

/* The named model, else the newest with a backtest */
static gboolean
find_backtest(KwCommandCtx *ctx, KwModelView *out)
{
    g_autoptr(GArray) models = kw_query_list_models(ctx->query);

    if (*ctx->slots.model_tag != '\0')
        return find_model(ctx, out) && out->has_backtest;
    for (guint i = 0; i < models->len; i++) {
        *out = g_array_index(models, KwModelView, i);
        if (out->has_backtest)
            return TRUE;
    }
    return FALSE;
}

void
kw_cmd_backtest(KwCommandCtx *ctx)
{
    KwModelView model;

    if (!find_backtest(ctx, &model)) {
        kw_reply_line(ctx, "%s", _("There is no backtest of a model yet."));
        kw_reply_line(ctx, "%s", _("Results of the running strategy: /stats and /drawdown"));
        return;
    }
    if (model.is_passed)
        kw_reply_line(ctx, _("🧠 %1$s passes the quality gate, rating: %2$s"), model.tag,
                      kw_model_text_rating(&model));
    else
        kw_reply_line(ctx, _("🧠 %s does not pass the quality gate"), model.tag);
    say_figures(ctx, &model);
    if (model.to_us > model.from_us)
        kw_reply_line(ctx, _("Backtest %s"),
                      kw_format_days(ctx->format, kw_format_date_of(ctx->format, model.from_us),
                                     kw_format_date_of(ctx->format, model.to_us)));
    if (model.is_passed && !model.is_active)
        kw_reply_line(ctx, _("Into service only when you ask: /deploy %s"), model.tag);
}

/* -- training -- */

static void
say_running(KwCommandCtx *ctx, const KwTrainingView *training)
{
    kw_reply_line(ctx, _("🧠 Training runs since %s"),
                  kw_format_time(ctx->format, training->started_us));
    if (*training->step != '\0')
        g_string_append_printf(ctx->reply, ": %s", training->step);
    if (isfinite(training->progress_ratio))
        g_string_append_printf(ctx->reply, " (%s)",
                               kw_format_percent_short(ctx->format, training->progress_ratio));
    if (training->eta_from_us != 0)
        kw_reply_line(ctx, _("Done between %1$s and %2$s"),
                      kw_format_time(ctx->format, training->eta_from_us),
                      kw_format_time(ctx->format, training->eta_to_us));
}

void
kw_cmd_training_status(KwCommandCtx *ctx)
{
    KwTrainingView training;

    kw_query_get_training(ctx->query, &training);
    if (!training.is_available) {
        kw_reply_line(ctx, "%s", _("Training is not set up here, so none runs."));
        kw_reply_line(ctx, "%s", _("At the server: kurswart train --help"));
        return;
    }
    if (training.is_running)
        say_running(ctx, &training);
    else
        kw_reply_line(ctx, "%s", _("No training runs."));
    if (training.last_us != 0) {
        g_autofree gchar *result = kw_training_text_result(&training);

        kw_reply_line(ctx, _("Last one: %1$s, %2$s"),
                      kw_format_time(ctx->format, training.last_us), result);
    }
    if (training.next_us != 0)
        kw_reply_line(ctx, _("Next one: %s"), kw_format_time(ctx->format, training.next_us));
}
