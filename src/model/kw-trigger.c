#include "kw-trigger.h"

#include "kw-date.h"

#include <math.h>

#define SUNDAY 7

/* Days without a forecast neither break nor lengthen a row of bad days. */
static gboolean
has_bad_days(const KwTriggerFacts *facts)
{
    guint n_bad = 0;

    for (guint i = facts->n_days; i-- > 0;) {
        if (facts->days[i].accuracy >= KW_TRIGGER_MIN_ACCURACY)
            return FALSE;
        if (facts->days[i].accuracy < KW_TRIGGER_MIN_ACCURACY)
            n_bad++;
        if (n_bad == KW_TRIGGER_BAD_DAYS)
            return TRUE;
    }
    return FALSE;
}

static gboolean
has_low_win_rate(const KwTriggerFacts *facts)
{
    return facts->n_trades >= KW_TRIGGER_MIN_TRADES &&
           facts->n_wins < KW_TRIGGER_MIN_WIN_RATE * facts->n_trades;
}

/* The last Sunday up to today lies behind the training */
static gboolean
is_week_over(const KwTriggerFacts *facts)
{
    guint weekday = kw_date_get_weekday(kw_date_from_days(facts->today));
    gint64 sunday = facts->today - weekday % SUNDAY;

    return facts->trained_day < sunday;
}

gboolean
kw_trigger_is_due(const KwTriggerFacts *facts, KwTrigger trigger)
{
    switch (trigger) {
    case KW_TRIGGER_NONE:
        return FALSE;
    case KW_TRIGGER_MANUAL:
        return facts->is_requested;
    case KW_TRIGGER_DRIFT:
        return facts->n_drifted > 0;
    case KW_TRIGGER_CALIBRATION:
        return facts->calibration_error > KW_TRIGGER_MAX_CALIBRATION_ERROR;
    case KW_TRIGGER_ACCURACY:
        return has_bad_days(facts);
    case KW_TRIGGER_WIN_RATE:
        return has_low_win_rate(facts);
    case KW_TRIGGER_WEEKLY:
        return is_week_over(facts);
    }
    g_return_val_if_reached(FALSE);
}

KwTrigger
kw_trigger_find(const KwTriggerFacts *facts)
{
    for (guint i = KW_TRIGGER_MANUAL; i <= KW_TRIGGER_WEEKLY; i++) {
        if (kw_trigger_is_due(facts, (KwTrigger) i))
            return (KwTrigger) i;
    }
    return KW_TRIGGER_NONE;
}

/* Of the newest day with a forecast */
static gdouble
newest_accuracy(const KwTriggerFacts *facts)
{
    for (guint i = facts->n_days; i-- > 0;) {
        if (!isnan(facts->days[i].accuracy))
            return facts->days[i].accuracy;
    }
    return NAN;
}

void
kw_trigger_measure(const KwTriggerFacts *facts,
                   KwTrigger trigger,
                   gdouble *out_value,
                   gdouble *out_limit)
{
    *out_value = *out_limit = NAN;
    switch (trigger) {
    case KW_TRIGGER_NONE:
    case KW_TRIGGER_MANUAL:
        break;
    case KW_TRIGGER_DRIFT:
        *out_value = facts->n_drifted;
        *out_limit = 0;
        break;
    case KW_TRIGGER_CALIBRATION:
        *out_value = facts->calibration_error;
        *out_limit = KW_TRIGGER_MAX_CALIBRATION_ERROR;
        break;
    case KW_TRIGGER_ACCURACY:
        *out_value = newest_accuracy(facts);
        *out_limit = KW_TRIGGER_MIN_ACCURACY;
        break;
    case KW_TRIGGER_WIN_RATE:
        *out_value = facts->n_trades > 0 ? (gdouble) facts->n_wins / facts->n_trades : NAN;
        *out_limit = KW_TRIGGER_MIN_WIN_RATE;
        break;
    case KW_TRIGGER_WEEKLY:
        *out_value = (gdouble) (facts->today - facts->trained_day);
        break;
    }
}

const gchar *
kw_trigger_to_string(KwTrigger trigger)
{
    switch (trigger) {
    case KW_TRIGGER_NONE:
        return "none";
    case KW_TRIGGER_MANUAL:
        return "manual";
    case KW_TRIGGER_DRIFT:
        return "drift";
    case KW_TRIGGER_CALIBRATION:
        return "calibration";
    case KW_TRIGGER_ACCURACY:
        return "accuracy";
    case KW_TRIGGER_WIN_RATE:
        return "win_rate";
    case KW_TRIGGER_WEEKLY:
        return "weekly";
    }
    g_return_val_if_reached("none");
}
