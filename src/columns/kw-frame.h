/* kw-frame.h: the candles of one pair and the columns computed from them */
#pragma once

#include "kw-candle-extras.h"
#include "kw-neighbours.h"
#include "kw-op.h"
#include "kw-series.h"

G_BEGIN_DECLS

#define KW_FRAME_MAX_COLUMNS 512
#define KW_FRAME_MAX_LABELS 32
#define KW_FRAME_MAX_COMPANIONS 16

/**
 * KwFrame:
 *
 * Owns a series and a graph of columns over it. The graph is built once; each update
 * extends every column from its last row to the end of the series with carried state, so
 * that one row at a time gives the same bits as all rows in one go. No operation can read
 * forward. One thread at a time.
 */
typedef struct _KwFrame KwFrame;

/* @series: (transfer full): may hold rows already */
KwFrame *kw_frame_new(KwSeries *series);
void kw_frame_free(KwFrame *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwFrame, kw_frame_free)

const KwSeries *kw_frame_get_series(const KwFrame *self);
gsize kw_frame_get_n_rows(const KwFrame *self);

/**
 * kw_frame_append:
 *
 * Adds a row; columns follow with the next kw_frame_update().
 *
 * Returns: %FALSE (and no change) when @candle is not later than the last one or holds a
 *   number that is not finite
 */
gboolean kw_frame_append(KwFrame *self, const KwCandle *candle);

/* The same for rows [@first, @end) of another series: all of them or none */
gboolean kw_frame_append_rows(KwFrame *self, const KwSeries *from, gsize first, gsize end);

/* Computes every column up to the last row. */
void kw_frame_update(KwFrame *self);

/**
 * kw_frame_trim:
 * @keep_rows: rows to keep at the end; at least kw_frame_get_lookback() are kept
 *
 * Drops old rows from the series and all columns; later values do not change. Costs a move
 * of the kept rows, so call it when twice the wanted number has gathered.
 *
 * Returns: number of rows dropped from the front
 */
gsize kw_frame_trim(KwFrame *self, gsize keep_rows);

/* Rows before a new one that any column may read */
gsize kw_frame_get_lookback(const KwFrame *self);

/* Forgets all columns; the candles stay. Columns that were handed out are gone. */
void kw_frame_drop_columns(KwFrame *self);

guint kw_frame_get_n_columns(const KwFrame *self);

/* Column @index in order of creation; an input stands before its users */
KwColumn *kw_frame_get_column(const KwFrame *self, guint index);

/* The columns that @column is computed from. Returns their number; @out_inputs is borrowed. */
guint
kw_frame_get_inputs(const KwFrame *self, const KwColumn *column, KwColumn *const **out_inputs);

/* (transfer full): SHA-256 over the names of all columns, in order of creation, as hex */
gchar *kw_frame_dup_hash(const KwFrame *self);

typedef enum {
    KW_FIELD_OPEN,
    KW_FIELD_HIGH,
    KW_FIELD_LOW,
    KW_FIELD_CLOSE,
    KW_FIELD_VOLUME,
    KW_FIELD_TIME, /* opening, seconds since 1970 */
    KW_FIELD_N,
} KwField;

/* "open", "high", "low", "close", "volume", "time" */
const gchar *kw_field_to_string(KwField field);

/* All of these return a column of @self: the one that exists when op, parameters and
 * inputs are the same. They compute nothing before the next update. %NULL with
 * %KW_COLUMN_ERROR for a wrong parameter, input or limit. */
KwColumn *kw_frame_field(KwFrame *self, KwField field);
KwColumn *kw_frame_constant(KwFrame *self, gdouble value, GError **error);

/**
 * kw_frame_set_extras:
 * @extras: (transfer full): as many rows as the series has now; rows that are appended later
 *   have no value in these columns
 *
 * Columns that came with the candles, for kw_frame_extra(). Call it once, before that.
 */
void kw_frame_set_extras(KwFrame *self, KwCandleExtras *extras);

/* (transfer none) (nullable): what was set */
const KwCandleExtras *kw_frame_get_extras(const KwFrame *self);

/* TRUE when kw_frame_extra() was asked for a column */
gboolean kw_frame_uses_extras(const KwFrame *self);

/* The column of that name beside the candles: numbers, or labels with "" for no value. A frame
 * without rows has every one of them, so that a strategy can be tried on it.
 * @kind: %KW_COLUMN_NUMBER or %KW_COLUMN_LABEL */
KwColumn *kw_frame_extra(KwFrame *self, const gchar *name, KwColumnKind kind, GError **error);

/* Whose candles kw_frame_companion() gives; a reference is kept. Call it once, before that. */
void kw_frame_set_neighbours(KwFrame *self, KwNeighbours *neighbours);

/* (nullable): borrowed */
KwNeighbours *kw_frame_get_neighbours(const KwFrame *self);

/**
 * kw_frame_companion:
 * @pair: (nullable): canonical name; %NULL for the frame's own pair
 * @timeframe_us: of the candles wanted: that of the frame, or a multiple
 *
 * Another pair or a longer timeframe, as a frame in which columns can be made. It is brought
 * up to date by kw_frame_update() of @self: to all that is closed when the last row of @self
 * closes. A frame without rows and neighbours has every pair, so that a strategy can be
 * tried on it.
 *
 * Returns: (transfer none): %NULL with %KW_COLUMN_ERROR
 */
KwFrame *
kw_frame_companion(KwFrame *self, const gchar *pair, gint64 timeframe_us, GError **error);

guint kw_frame_get_n_companions(const KwFrame *self);
KwFrame *kw_frame_get_companion(const KwFrame *self, guint index);

/* (nullable): the pair of that companion; %NULL for the frame's own */
const gchar *kw_frame_get_companion_pair(const KwFrame *self, guint index);

/**
 * kw_frame_join:
 * @companion: of @self
 * @column: of @companion
 *
 * Returns: a column of @self whose rows have the value of the last candle of @companion that
 *   was closed when the row closed: undefined, 0 or the default label before there is one.
 *   %NULL with %KW_COLUMN_ERROR
 */
KwColumn *kw_frame_join(KwFrame *self, KwFrame *companion, KwColumn *column, GError **error);

/**
 * kw_frame_outside:
 * @name: canonical: same name, same numbers
 * @outside: taken over, also when there is such a column already, and on failure
 * @after: (nullable): column whose rows have to be there before
 *
 * Returns: a column of numbers, or %NULL with %KW_COLUMN_ERROR
 */
KwColumn *kw_frame_outside(KwFrame *self,
                           const gchar *name,
                           const KwOutside *outside,
                           KwColumn *after,
                           GError **error);

/**
 * kw_frame_apply:
 * @inputs: as many as the operation takes, columns of @self
 * @params: as many as the operation takes, whole numbers; may be %NULL when it takes none
 */
KwColumn *kw_frame_apply(
    KwFrame *self, KwOp op, KwColumn *const *inputs, const gint *params, GError **error);

/**
 * KwPickCase:
 * @condition: boolean column
 * @label: 1 to 32 bytes of printable UTF-8
 */
typedef struct {
    KwColumn *condition;
    const gchar *label;
} KwPickCase;

/**
 * kw_frame_pick:
 * @cases: the first one whose condition holds gives the label
 * @fallback: label where none holds
 *
 * Returns: a label column, or %NULL with an error
 */
KwColumn *kw_frame_pick(KwFrame *self,
                        const KwPickCase *cases,
                        gsize n_cases,
                        const gchar *fallback,
                        GError **error);

G_END_DECLS
