/* kw-xgb.h: the XGBoost library, loaded when it is needed */
#pragma once

#include <glib.h>
#include <xgboost/c_api.h>

G_BEGIN_DECLS

#define KW_XGB_LIBRARY "libxgboost.so.0"
#define KW_XGB_MAJOR 1
#define KW_XGB_MINOR 7

/**
 * KwXgb:
 *
 * The functions of the C API that are used, under the types of its header.
 */
typedef struct {
    __typeof__(XGBoostVersion) *version;
    __typeof__(XGBGetLastError) *last_error;
    __typeof__(XGBRegisterLogCallback) *register_log;
    __typeof__(XGBSetGlobalConfig) *set_global;
    __typeof__(XGDMatrixCreateFromDense) *dense_new;
    __typeof__(XGProxyDMatrixCreate) *proxy_new;
    __typeof__(XGProxyDMatrixSetDataDense) *proxy_set_dense;
    __typeof__(XGQuantileDMatrixCreateFromCallback) *quantile_new;
    __typeof__(XGDMatrixSetDenseInfo) *set_info;
    __typeof__(XGDMatrixFree) *matrix_free;
    __typeof__(XGBoosterCreate) *booster_new;
    __typeof__(XGBoosterFree) *booster_free;
    __typeof__(XGBoosterSetParam) *set_param;
    __typeof__(XGBoosterSetAttr) *set_attr;
    __typeof__(XGBoosterGetAttr) *get_attr;
    __typeof__(XGBoosterUpdateOneIter) *update;
    __typeof__(XGBoosterEvalOneIter) *eval;
    __typeof__(XGBoosterBoostedRounds) *n_rounds;
    __typeof__(XGBoosterSlice) *slice;
    __typeof__(XGBoosterSaveModelToBuffer) *save;
    __typeof__(XGBoosterLoadModelFromBuffer) *load;
    __typeof__(XGBoosterPredictFromDense) *predict;
} KwXgb;

/**
 * kw_xgb_open:
 * @out: filled
 *
 * Loads the library into this process, for good: unloading gives no memory back. The daemon
 * does not do this; training runs in a process of its own.
 *
 * Returns: %FALSE with %KW_MODEL_ERROR_ABSENT when it is not installed or of another version
 */
gboolean kw_xgb_open(KwXgb *out, GError **error);

/* Sets @error to the first line of what the library says (the rest is a stack trace).
 * Returns %FALSE. */
gboolean kw_xgb_fail(const KwXgb *xgb, const gchar *what, GError **error);

G_END_DECLS
