/* kw-slots.h: what a message says besides its intent: periods, pairs, numbers */
#pragma once

#include "kw-schedule.h"

G_BEGIN_DECLS

#define KW_SLOTS_MAX_PAIRS 6
#define KW_SLOTS_PAIR_SIZE 24
#define KW_SLOTS_WORD_SIZE 24

typedef enum {
    KW_SPAN_NONE,
    KW_SPAN_ALL,   /* since the start */
    KW_SPAN_DAYS,  /* local dates, both inclusive */
    KW_SPAN_TIMES, /* instants, end exclusive */
} KwSpanKind;

typedef struct {
    KwSpanKind kind;
    KwDate from, to;
    gint64 from_us, to_us;
} KwSpan;

/* The end of a stop, pause or lock; a named day is included. */
typedef struct {
    gboolean is_set;
    gboolean has_time;
    KwDate date;
    gint64 time_us; /* valid if has_time */
} KwUntil;

typedef enum { KW_RASTER_NONE, KW_RASTER_DAY, KW_RASTER_WEEK, KW_RASTER_MONTH } KwRaster;
typedef enum { KW_RANK_NONE, KW_RANK_BEST, KW_RANK_WORST } KwRank;

typedef enum {
    KW_SLOT_ACTION_NONE,
    KW_SLOT_ACTION_LOCK,
    KW_SLOT_ACTION_UNLOCK,
    KW_SLOT_ACTION_MUTE,
    KW_SLOT_ACTION_UNMUTE,
    KW_SLOT_ACTION_TIME,
} KwSlotAction;

/**
 * KwSlots: plain value; what the message does not state is zero, empty or NaN
 * @is_rest: all pairs but @pairs are meant
 * @is_end_open: an end was named that nothing keeps: it is none, or the action has no end
 * @is_release_left: a release was wished beside the lock, and is not done with it
 * @threshold: 0..1 as said; NaN when not said
 * @is_threshold_bad: a threshold was said that is none (0, 1, above 100, negative)
 * @threshold_delta: signed; NaN when not said
 * @is_prop: the rules of a prop firm are asked for
 * @kind: "equity", "kauf", "limit", ...: the Art of charts, notifications and refusals
 */
typedef struct {
    KwSpan span;
    guint n_pairs;
    gchar pairs[KW_SLOTS_MAX_PAIRS][KW_SLOTS_PAIR_SIZE];
    guint count; /* 0 = not said */
    gboolean is_rest;
    KwUntil until;
    gboolean is_end_open;
    gboolean is_prop;
    gboolean is_release_left;
    gdouble threshold;
    gboolean is_threshold_bad;
    gdouble threshold_delta;
    gint64 trade_id; /* 0 = not said */
    gchar code[8];
    KwSlotAction action;
    KwRaster raster;
    KwRank rank;
    gchar kind[KW_SLOTS_WORD_SIZE];
    gchar model_tag[KW_SLOTS_WORD_SIZE];
    gchar language[4];
    gchar clock[8]; /* "HH:MM" */
    gchar cycle[KW_SLOTS_WORD_SIZE];
    gint64 step;
    gchar mark[KW_SLOTS_WORD_SIZE]; /* of what was shown when a code was asked for */
} KwSlots;

void kw_slots_init(KwSlots *self);

G_END_DECLS
