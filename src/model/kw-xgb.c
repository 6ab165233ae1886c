/* kw-xgb.c: dlopen instead of linking
 *
 * Linked, every start of the program would map the library with its C++ runtime and OpenMP
 * (10 to 40 ms, 6 MB), for a daemon that predicts without it. Loaded, only the process that
 * trains pays. The types come from the library's header, so that a call that does not fit
 * fails to compile, and the version is asked from the library: its file name lags behind. */
#include "kw-xgb.h"

#include "kw-error.h"

#include <dlfcn.h>
#include <string.h>

#define SYMBOL(member, name)                                                                   \
    {                                                                                          \
        name, G_STRUCT_OFFSET(KwXgb, member)                                                   \
    }

static const struct {
    const gchar *name;
    glong offset;
} symbols[] = {
    SYMBOL(version, "XGBoostVersion"),
    SYMBOL(last_error, "XGBGetLastError"),
    SYMBOL(register_log, "XGBRegisterLogCallback"),
    SYMBOL(set_global, "XGBSetGlobalConfig"),
    SYMBOL(dense_new, "XGDMatrixCreateFromDense"),
    SYMBOL(proxy_new, "XGProxyDMatrixCreate"),
    SYMBOL(proxy_set_dense, "XGProxyDMatrixSetDataDense"),
    SYMBOL(quantile_new, "XGQuantileDMatrixCreateFromCallback"),
    SYMBOL(set_info, "XGDMatrixSetDenseInfo"),
    SYMBOL(matrix_free, "XGDMatrixFree"),
    SYMBOL(booster_new, "XGBoosterCreate"),
    SYMBOL(booster_free, "XGBoosterFree"),
    SYMBOL(set_param, "XGBoosterSetParam"),
    SYMBOL(set_attr, "XGBoosterSetAttr"),
    SYMBOL(get_attr, "XGBoosterGetAttr"),
    SYMBOL(update, "XGBoosterUpdateOneIter"),
    SYMBOL(eval, "XGBoosterEvalOneIter"),
    SYMBOL(n_rounds, "XGBoosterBoostedRounds"),
    SYMBOL(slice, "XGBoosterSlice"),
    SYMBOL(save, "XGBoosterSaveModelToBuffer"),
    SYMBOL(load, "XGBoosterLoadModelFromBuffer"),
    SYMBOL(predict, "XGBoosterPredictFromDense"),
};

gboolean
kw_xgb_open(KwXgb *out, GError **error)
{
    void *library = dlopen(KW_XGB_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    KwXgb xgb = {0};
    int major = 0, minor = 0, patch = 0;

    if (library == NULL) {
        g_set_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_ABSENT, "%s", dlerror());
        return FALSE;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(symbols); i++) {
        void *symbol = dlsym(library, symbols[i].name);

        if (symbol == NULL) {
            g_set_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_ABSENT, "%s lacks %s",
                        KW_XGB_LIBRARY, symbols[i].name);
            return FALSE;
        }
        memcpy(G_STRUCT_MEMBER_P(&xgb, symbols[i].offset), &symbol, sizeof symbol);
    }
    xgb.version(&major, &minor, &patch);
    if (major != KW_XGB_MAJOR || minor != KW_XGB_MINOR) {
        g_set_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_ABSENT,
                    "%s is version %d.%d.%d, wanted is %d.%d", KW_XGB_LIBRARY, major, minor,
                    patch, KW_XGB_MAJOR, KW_XGB_MINOR);
        return FALSE;
    }
    *out = xgb;
    return TRUE;
}

gboolean
kw_xgb_fail(const KwXgb *xgb, const gchar *what, GError **error)
{
    const gchar *text = xgb->last_error();
    gsize length = strcspn(text, "\r\n");

    g_set_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_TRAINING, "%s: %.*s", what,
                (int) MIN(length, 300), text);
    return FALSE;
}
