/* cmd-model-change.c: train, put into service, go back: each with a code */
#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

#include <string.h>

/* The figure that the gate stumbled over */
static const gchar *
name_figure(const gchar *figure)
{
    static const struct {
        const gchar *code, *text;
    } names[] = {
        {"sortino", N_("Sortino too low")},    {"max_drawdown", N_("drawdown too large")},
        {"win_rate", N_("win rate too low")},  {"trades", N_("too few trades")},
        {"accuracy", N_("accuracy too low")},  {"calibration", N_("calibration too far off")},
        {"leakage", N_("leak into the test")},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcmp(figure, names[i].code) == 0)
            return _(names[i].text);
    }
    return figure;
}

static void
say_refusal(KwCommandCtx *ctx, const gchar *refusal)
{
    if (strcmp(refusal, "not_set_up") == 0)
        kw_reply_head(ctx, "%s", _("🔒 Not done: models are not set up here."));
    else if (strcmp(refusal, "unknown_model") == 0)
        kw_reply_head(ctx, "%s", _("🔒 Not done: there is no such model."));
    else if (g_str_has_prefix(refusal, "gate:"))
        kw_reply_head(ctx, _("🔒 The quality gate was not passed: %s."),
                      name_figure(refusal + strlen("gate:")));
    else if (strcmp(refusal, "running") == 0)
        kw_reply_head(ctx, "%s", _("🔒 Not done: a training is running already."));
    else if (strcmp(refusal, "busy") == 0)
        kw_reply_head(ctx, "%s", _("🔒 Not done: a model is being changed already."));
    else if (strcmp(refusal, "same") == 0)
        kw_reply_head(ctx, "%s", _("This model is in service already. Nothing to do."));
    else
        kw_reply_head(ctx, _("🔒 Nothing changed: %s."), refusal);
    if (strcmp(refusal, "not_set_up") == 0)
        kw_reply_line(ctx, "%s",
                      _("Nothing was changed. At the server: kurswart train --help"));
    else if (strcmp(refusal, "same") != 0)
        kw_reply_line(ctx, "%s", _("Nothing was changed. What there is: /models"));
}

/* The model that is meant; @out is "" and the reason said when there is none */
static gboolean
find_candidate(KwCommandCtx *ctx, KwModelView *out)
{
    g_autoptr(GArray) models = kw_query_list_models(ctx->query);
    const gchar *tag = ctx->slots.model_tag;

    for (guint i = 0; i < models->len; i++) {
        *out = g_array_index(models, KwModelView, i);
        if (*tag != '\0' ? strcmp(out->tag, tag) == 0 : !out->is_active && out->is_passed)
            return TRUE;
    }
    say_refusal(ctx, models->len == 0 ? "not_set_up" : "unknown_model");
    return FALSE;
}

/* The newest that was in service before the present one, or the named one */
static gboolean
find_former(KwCommandCtx *ctx, KwModelView *out)
{
    g_autoptr(GArray) models = kw_query_list_models(ctx->query);
    const gchar *tag = ctx->slots.model_tag;

    for (guint i = 0; i < models->len; i++) {
        *out = g_array_index(models, KwModelView, i);
        if (*tag != '\0' ? strcmp(out->tag, tag) == 0
                         : !out->is_active && out->deployed_us != 0 && !out->is_rolled_back)
            return TRUE;
    }
    say_refusal(ctx, models->len == 0 ? "not_set_up" : "unknown_model");
    return FALSE;
}

static void
finish(KwCommandCtx *ctx, const KwControlResult *result, const gchar *done, const gchar *effect)
{
    if (result->is_refused) {
        say_refusal(ctx, result->refusal);
        kw_reply_effect(ctx, "refused: %s", result->refusal);
        return;
    }
    kw_reply_head(ctx, "🧠 %s", done);
    kw_reply_effect(ctx, "%s", effect);
}

/* What is in service changes between two candles, and only if the version is whole. */
static void
say_when(KwCommandCtx *ctx, const KwControlResult *result)
{
    if (!result->is_refused)
        kw_reply_line(ctx, "%s",
                      _("It counts from the next candle on; I tell you when it is in use, or "
                        "why not."));
}

/* Returns: %FALSE after saying where it can be done instead, with @verb of kurswart model */
static gboolean
may_change(KwCommandCtx *ctx, const KwModelView *model, const gchar *verb)
{
    if (kw_control_can_deploy(ctx->control))
        return TRUE;
    kw_reply_head(ctx, "%s", _("🔒 Not done: a model is changed at the server only."));
    kw_reply_line(ctx, _("There: kurswart model %1$s %2$s"), verb, model->tag);
    return FALSE;
}

void
kw_cmd_retrain(KwCommandCtx *ctx)
{
    KwTrainingView training;
    KwControlResult result;

    if (ctx->is_confirmed) {
        kw_control_retrain(ctx->control, ctx->by, &result);
        finish(ctx, &result, _("Training started."), "retrain");
        if (!result.is_refused)
            kw_reply_line(ctx, "%s", _("How far it is: “Wie weit ist das Training?”"));
        return;
    }
    kw_query_get_training(ctx->query, &training);
    if (!training.is_available || training.is_running) {
        say_refusal(ctx, training.is_running ? "running" : "not_set_up");
        return;
    }
    if (!kw_reply_may_ask(ctx))
        return;
    kw_reply_head(ctx, "%s", _("🧠 Training requested."));
    kw_reply_line(ctx, "%s",
                  _("It takes computing time; the model in service stays until you deploy."));
    ctx->wants_code = TRUE;
}

void
kw_cmd_deploy(KwCommandCtx *ctx)
{
    KwModelView model;
    KwControlResult result;

    if (ctx->is_confirmed) {
        kw_control_deploy(ctx->control, ctx->by, ctx->slots.model_tag, &result);
        finish(ctx, &result, _("The model is being verified and then put into service."),
               "deploy");
        say_when(ctx, &result);
        return;
    }
    if (!find_candidate(ctx, &model))
        return;
    if (model.is_active || !model.is_passed) {
        g_autofree gchar *gate = g_strdup_printf("gate:%s", model.failed);

        say_refusal(ctx, model.is_active ? "same" : gate);
        return;
    }
    if (!may_change(ctx, &model, "promote"))
        return;
    if (!kw_reply_may_ask(ctx))
        return;
    kw_reply_head(ctx, _("🧠 Put %1$s into service? Now it is %2$s."), model.tag,
                  *ctx->status.model != '\0' ? ctx->status.model : "–");
    kw_reply_line(ctx, _("Sortino %1$s · drawdown %2$s · win rate %3$s · %4$u trades"),
                  kw_format_number(ctx->format, model.sortino, 1),
                  kw_format_percent_short(ctx->format, model.max_drawdown_ratio),
                  kw_format_percent_short(ctx->format, model.win_ratio), model.n_trades);
    g_strlcpy(ctx->slots.model_tag, model.tag, sizeof ctx->slots.model_tag);
    ctx->wants_code = TRUE;
}

void
kw_cmd_rollback(KwCommandCtx *ctx)
{
    KwModelView model;
    KwControlResult result;

    if (ctx->is_confirmed) {
        kw_control_rollback(ctx->control, ctx->by, ctx->slots.model_tag, &result);
        finish(ctx, &result,
               _("The earlier model is being verified and then put back into service."),
               "rollback");
        say_when(ctx, &result);
        return;
    }
    if (!find_former(ctx, &model))
        return;
    if (model.is_active) {
        say_refusal(ctx, "same");
        return;
    }
    if (!may_change(ctx, &model, "rollback"))
        return;
    if (!kw_reply_may_ask(ctx))
        return;
    kw_reply_head(ctx, _("🧠 Back to %1$s? Now it is %2$s."), model.tag,
                  *ctx->status.model != '\0' ? ctx->status.model : "–");
    g_strlcpy(ctx->slots.model_tag, model.tag, sizeof ctx->slots.model_tag);
    ctx->wants_code = TRUE;
}
