/* kw-op.h: the operations a column can be made of, as a table */
#pragma once

#include "kw-column.h"

G_BEGIN_DECLS

#define KW_OP_MAX_INPUTS 3
#define KW_OP_MAX_PARAMS 2
#define KW_OP_DAY_MINUTES 1440
#define KW_OP_SAR_UNIT 1e-4   /* of the parameters of sar */
#define KW_OP_MAX_PERIOD 5000 /* rows; longest look-back of one operation */

/**
 * KwOp:
 *
 * Order and names are those of the table in kw-op.c. Undefined in, undefined out; a window
 * or a recurrence starts anew after an undefined input.
 */
typedef enum {
    /* number -> number, row by row */
    KW_OP_NEG,
    KW_OP_ABS,
    KW_OP_ADD,
    KW_OP_SUB,
    KW_OP_MUL,
    KW_OP_DIV, /* by zero: undefined */
    KW_OP_MIN,
    KW_OP_MAX,
    KW_OP_WHERE, /* first input where the second is defined, else undefined */
    KW_OP_SIGN,  /* -1, 0 or 1 */
    /* number -> boolean */
    KW_OP_ABOVE,
    KW_OP_BELOW,
    KW_OP_GE,
    KW_OP_LE,
    KW_OP_EQ,
    KW_OP_CROSSED_ABOVE, /* a > b now, a <= b one row before */
    KW_OP_CROSSED_BELOW,
    /* boolean -> boolean */
    KW_OP_NOT,
    KW_OP_AND,
    KW_OP_OR,
    /* number, look-back */
    KW_OP_SHIFT,      /* n >= 0 rows back */
    KW_OP_PCT_CHANGE, /* x / x[n rows back] - 1 */
    KW_OP_SMA,
    KW_OP_EMA,    /* seeded with the mean of the first period; 2nd parameter: rows skipped */
    KW_OP_RSI,    /* Wilder */
    KW_OP_ATR,    /* high, low, close; Wilder */
    KW_OP_STDDEV, /* population */
    KW_OP_ROLLING_MAX,
    KW_OP_ROLLING_MIN,
    KW_OP_SINCE_MAX, /* rows since the highest of the window; of equal ones the newest */
    KW_OP_SINCE_MIN,
    KW_OP_WMA,
    KW_OP_MEAN_DEVIATION,
    KW_OP_LINREG_SLOPE,
    KW_OP_ROLLING_RANK,
    KW_OP_REGIME,           /* 0, 1, 2: third of the window in which the value is */
    KW_OP_ROLLING_QUANTILE, /* 2nd parameter: percent */
    KW_OP_CORREL,
    KW_OP_WILDER,
    KW_OP_KAMA,
    KW_OP_HT_TRENDLINE,
    /* number, since the start of the data */
    KW_OP_CUMSUM,
    KW_OP_OBV, /* price, volume */
    /* number, from high and low (and close) */
    KW_OP_PLUS_DI,
    KW_OP_MINUS_DI,
    KW_OP_ADX,
    KW_OP_SAR, /* step and maximum in units of KW_OP_SAR_UNIT */
    /* of the time */
    KW_OP_SESSION, /* from and to: minutes of the day, UTC */
    KW_OP_WEEKDAY, /* 0 for Monday */
    KW_OP_WEEKEND,
    KW_OP_N,
} KwOp;

/**
 * KwOpParam:
 * @name: as shown in messages
 * @fallback: value of an optional parameter that is left out
 * @is_optional: last parameters only
 *
 * All parameters so far are whole numbers.
 */
typedef struct {
    const gchar *name;
    gint min, max;
    gint fallback;
    gboolean is_optional;
} KwOpParam;

/**
 * KwOpInfo:
 * @name: name in column names and in strategies
 * @input_kind: kind of all inputs
 * @takes_constants: a constant may stand for an input (not for look-back operations)
 */
typedef struct {
    const gchar *name;
    KwColumnKind kind, input_kind;
    guint8 n_inputs, n_params;
    gboolean takes_constants;
    KwOpParam params[KW_OP_MAX_PARAMS];
} KwOpInfo;

/* @op < KW_OP_N; static */
const KwOpInfo *kw_op_get_info(KwOp op);

G_END_DECLS
