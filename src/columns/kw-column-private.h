/* kw-column-private.h: the inside of a column, for this layer alone */
#pragma once

#include "kw-adaptive.h"
#include "kw-calendar.h"
#include "kw-direction.h"
#include "kw-op.h"
#include "kw-rowwise.h"
#include "kw-running.h"
#include "kw-smooth.h"
#include "kw-sweep.h"
#include "kw-thirds.h"
#include "kw-window.h"

G_BEGIN_DECLS

#define KW_COLUMN_BLOCK 1024 /* rows computed in one go; small enough for the cache */

/* Computes rows @from to @to, at most KW_COLUMN_BLOCK; the inputs are there up to @to. */
typedef void (*KwColumnRun)(KwColumn *self, gsize from, gsize to);

/* Carried from one run to the next; which member holds is known to run and clear */
typedef union {
    KwEma ema;
    KwRsi rsi;
    KwAtr atr;
    KwMean mean;
    KwStddev stddev;
    KwExtreme extreme;
    KwCross cross;
    KwSweep sweep;
    KwThirds thirds;
    KwQuantile quantile;
    KwCorrelation correlation;
    KwWilder wilder;
    KwKama kama;
    KwTrendline trendline;
    KwCumsum cumsum;
    KwObv obv;
    KwDirection direction;
    KwSar sar;
} KwColumnState;

struct _KwColumn {
    KwColumnKind kind;
    gchar *name;    /* owned */
    gsize n_rows;   /* computed */
    gsize warmup;   /* rows */
    gsize lookback; /* rows before a new one that run reads */

    gdouble *numbers;        /* owned; numbers of a computed column */
    guint8 *bytes;           /* owned; booleans and labels of a computed column */
    const gdouble *borrowed; /* numbers of a field column, of the series */
    const gint64 *times;     /* of the series; for the time column alone */
    gdouble *constant;       /* owned; KW_COLUMN_BLOCK times the same number */

    KwColumn **inputs; /* owned array of borrowed columns */
    guint n_inputs;
    gint params[KW_OP_MAX_PARAMS];
    gchar **labels; /* owned, NULL-terminated; label columns */

    KwOutside outside;      /* of a column that is made elsewhere */
    const KwSeries *series; /* borrowed of the frame; for that column and a joined one */
    const KwSeries *beside; /* borrowed; that of a joined column's input */

    KwColumnRun run; /* NULL for fields and constants */
    void (*clear)(KwColumn *self);
    KwColumnState state;
};

KwColumn *kw_column_new(KwColumnKind kind, KwColumn *const *inputs, guint n_inputs);
void kw_column_free(KwColumn *self);

/* Numbers such that [row] is the row's value. A constant repeats after a block, which is
 * enough for row-by-row operations through kw_column_at(). */
const gdouble *kw_column_peek_numbers(const KwColumn *self);
const gdouble *kw_column_at(const KwColumn *self, gsize row);

/* Sets run, clear and the fresh state of operation @op. */
void kw_op_prepare(KwOp op, KwColumn *self);

/* (transfer full): "name(input,input,param)", shortened by a hash when it is long */
gchar *
kw_column_build_name(const gchar *op_name, const KwColumn *self, const gchar *const *more);

G_END_DECLS
