#include "kw-backtest-walk.h"

#include "kw-cli.h"
#include "kw-error.h"
#include "kw-i18n.h"
#include "kw-registry.h"

#include <sysexits.h>

#define DEFAULT_MODEL "boost"

void
kw_backtest_walk_init(KwBacktestWalk *self)
{
    *self = (KwBacktestWalk){0};
    kw_train_recipe_init(&self->recipe);
}

void
kw_backtest_walk_clear(KwBacktestWalk *self)
{
    kw_train_recipe_clear(&self->recipe);
    g_clear_pointer(&self->model, g_free);
    g_clear_pointer(&self->walk, kw_walk_free);
}

void
kw_backtest_walk_add_entries(KwBacktestWalk *self, GArray *entries)
{
    const GOptionEntry mine[] = {
        {"walk-forward", 0, 0, G_OPTION_ARG_NONE, &self->walks,
         N_("train the model anew for each window, on candles before it only"), NULL},
        {"model", 0, 0, G_OPTION_ARG_STRING, &self->model,
         N_("walk-forward: name under which the strategy asks for it (boost)"), "NAME"},
    };

    g_array_append_vals(entries, mine, G_N_ELEMENTS(mine));
    kw_train_recipe_add_entries(&self->recipe, entries);
}

gboolean
kw_backtest_walk_check(KwBacktestWalk *self, KwLabWish *wish, gint64 seed, int *out_status)
{
    const gchar *what = NULL;

    *out_status = KW_EXIT_USAGE;
    if (!self->walks && self->model == NULL)
        return TRUE;
    if (!self->walks)
        what = _("--model names what --walk-forward trains; without that a strategy uses the "
                 "model that is in use");
    else if (self->model == NULL)
        self->model = g_strdup(DEFAULT_MODEL);
    if (what == NULL && !kw_registry_is_name(self->model))
        what = _("--model: small letters, digits and _ only");
    if (what != NULL) {
        (void) kw_cli_fail(KW_EXIT_USAGE, what, NULL);
        return FALSE;
    }
    kw_train_recipe_add_lead(&self->recipe, wish);
    return kw_train_recipe_read(&self->recipe, seed, out_status);
}

static int
refuse(const KwBacktestWalk *self, const GError *error)
{
    g_autofree gchar *reason = kw_train_recipe_error_text(error);
    g_autofree gchar *mend = NULL;

    if (g_error_matches(error, KW_MODEL_ERROR, KW_MODEL_ERROR_SHORT))
        mend = g_strdup_printf(
            _("the first window trains on %d days, and before these the features need some "
              "candles to start: begin later (--from), or store earlier candles"),
            self->recipe.train_days);
    return kw_cli_fail(EX_DATAERR, reason, mend);
}

gboolean
kw_backtest_walk_run(KwBacktestWalk *self, KwLabInput *input, gint64 now_us, int *out_status)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KwTraining) training = NULL;
    g_autofree gchar *folder = NULL;
    KwTrainRecipeWork work = {.recipe = &self->recipe,
                              .input = input,
                              .name = self->model,
                              .from_us = input->from_us,
                              .now_us = now_us};

    if (!self->walks)
        return TRUE;
    if (!kw_train_recipe_check_strategy(input, self->model, &error)) {
        *out_status = kw_cli_fail(EX_DATAERR, error->message, NULL);
        return FALSE;
    }
    folder = g_dir_make_tmp("kurswart-walk-XXXXXX", &error);
    if (folder == NULL) {
        *out_status = kw_cli_fail_as(EX_CANTCREAT, error, NULL);
        return FALSE;
    }
    work.folder = folder;
    training = kw_train_recipe_begin(&work, &error);
    if (training != NULL && kw_training_join(training, &error))
        self->walk = kw_train_recipe_walk(&work, training, &error);
    kw_model_folder_remove(folder);
    if (self->walk == NULL)
        *out_status = refuse(self, error);
    return self->walk != NULL;
}
