/* kw-trigger.h: whether recorded figures ask for a new training */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KW_TRIGGER_MIN_ACCURACY 0.65 /* below it on so many days in a row: */
#define KW_TRIGGER_BAD_DAYS 3
#define KW_TRIGGER_MIN_WIN_RATE 0.65 /* over at least so many trades: */
#define KW_TRIGGER_MIN_TRADES 30
#define KW_TRIGGER_MAX_CALIBRATION_ERROR 0.07

/* The most urgent first */
typedef enum {
    KW_TRIGGER_NONE,
    KW_TRIGGER_MANUAL,
    KW_TRIGGER_DRIFT,
    KW_TRIGGER_CALIBRATION,
    KW_TRIGGER_ACCURACY,
    KW_TRIGGER_WIN_RATE,
    KW_TRIGGER_WEEKLY,
} KwTrigger;

/**
 * KwTriggerDay:
 * @accuracy: of the day's forecasts; NaN when there was none
 */
typedef struct {
    gint64 day; /* since 1970-01-01, UTC */
    gdouble accuracy;
} KwTriggerDay;

/**
 * KwTriggerFacts:
 * @days: in order, the newest last
 * @n_trades, @n_wins: since the model was promoted
 * @calibration_error: NaN when too few samples tell it
 * @n_drifted: features that have drifted
 * @trained_day: day of the model's training
 * @today: both since 1970-01-01
 */
typedef struct {
    const KwTriggerDay *days;
    guint n_days;
    guint n_trades, n_wins;
    gdouble calibration_error;
    guint n_drifted;
    gint64 trained_day, today;
    gboolean is_requested;
} KwTriggerFacts;

/* Whether @trigger alone asks for a training */
gboolean kw_trigger_is_due(const KwTriggerFacts *facts, KwTrigger trigger);

/* The most urgent reason to train anew, or %KW_TRIGGER_NONE */
KwTrigger kw_trigger_find(const KwTriggerFacts *facts);

/* What @trigger looks at and the limit of it: features, ratios, days since the training (its
 * limit is a Sunday, so NaN); NaN where nothing is measured */
void kw_trigger_measure(const KwTriggerFacts *facts,
                        KwTrigger trigger,
                        gdouble *out_value,
                        gdouble *out_limit);

/* "none", "manual", "drift", "calibration", "accuracy", "win_rate", "weekly" */
const gchar *kw_trigger_to_string(KwTrigger trigger);

G_END_DECLS
