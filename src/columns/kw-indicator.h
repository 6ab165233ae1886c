/* kw-indicator.h: columns by their field names, such as "ema_9" or "macd_signal_12_26_9" */
#pragma once

#include "kw-frame.h"

G_BEGIN_DECLS

#define KW_INDICATOR_MAX_PARAMS 3
#define KW_INDICATOR_MAX_INPUTS 4

/**
 * KwSession:
 * @from_minute: of the day, UTC; @to_minute is not part of it; over midnight when from is the
 *   later one
 */
typedef struct {
    gint from_minute, to_minute;
} KwSession;

typedef enum {
    KW_SESSION_TOKYO,
    KW_SESSION_LONDON,
    KW_SESSION_NEW_YORK,
    KW_SESSION_N,
} KwSessionName;

/* "tokyo", "london", "new_york" */
const gchar *kw_session_to_string(KwSessionName name);

/* Usual borders: 00:00-09:00, 08:00-17:00, 13:00-22:00; static, KW_SESSION_N long */
const KwSession *kw_session_get_usual(void);

/* Whether @time_us lies in one of the usual sessions, by UTC */
gboolean kw_session_has_time(KwSessionName name, gint64 time_us);

/**
 * KwIndicatorParam:
 * @fallback: NaN when the parameter must be given
 * @is_whole: a whole number; others are written with a point, or as digits after a zero that
 *   stands for "0." ("002" is 0.02)
 */
typedef struct {
    const gchar *name;
    gdouble min, max, fallback;
    gboolean is_whole;
} KwIndicatorParam;

typedef struct _KwIndicatorBuild KwIndicatorBuild;

/**
 * KwIndicator:
 * @name: without parameters; what stands before the numbers of a field name
 * @inputs: letters of the fields it is made of: o, h, l, c, v, t
 */
typedef struct {
    const gchar *name;
    const gchar *inputs;
    guint n_params;
    KwIndicatorParam params[KW_INDICATOR_MAX_PARAMS];
    KwColumn *(*build)(KwIndicatorBuild *self);
} KwIndicator;

/* All of them, in the order of the manual; static */
const KwIndicator *kw_indicator_get_table(guint *out_n);

/**
 * kw_indicator_parse:
 * @name: field name; missing numbers at its end take their usual values
 * @out_params: KW_INDICATOR_MAX_PARAMS numbers
 *
 * Returns: static row of the table, or %NULL with %KW_COLUMN_ERROR_PARAM and the nearest name
 */
const KwIndicator *kw_indicator_parse(const gchar *name, gdouble *out_params, GError **error);

/**
 * kw_indicator_build:
 * @inputs: as many columns of @frame as the indicator has letters
 * @params: checked here
 * @sessions: (nullable): KW_SESSION_N borders; %NULL for the usual ones
 *
 * Returns: a column of @frame, or %NULL with %KW_COLUMN_ERROR
 */
KwColumn *kw_indicator_build(const KwIndicator *self,
                             KwFrame *frame,
                             KwColumn *const *inputs,
                             const gdouble *params,
                             const KwSession *sessions,
                             GError **error);

/* The column that a field name stands for, over the candles of @frame; arguments as above */
KwColumn *kw_indicator_apply(KwFrame *frame,
                             const gchar *name,
                             const KwSession *sessions,
                             GError **error);

G_END_DECLS
