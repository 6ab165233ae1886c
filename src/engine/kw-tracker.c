#include "kw-tracker.h"

void
kw_tracker_init(KwTracker *self)
{
    *self = (KwTracker){0};
    self->marks = g_array_new(FALSE, FALSE, sizeof(KwEquityMark));
}

void
kw_tracker_clear(KwTracker *self)
{
    g_clear_pointer(&self->marks, g_array_unref);
}

static void
update_drawdown(KwTracker *self, gint64 time_us)
{
    gdouble ratio = kw_tracker_get_drawdown_ratio(self);
    KwDecimal fall;

    if (ratio <= self->max_drawdown_ratio)
        return;
    if (!kw_decimal_sub(self->peak, self->equity, &fall, NULL))
        return;
    self->max_drawdown_ratio = ratio;
    self->max_drawdown_abs = fall;
    self->dd_peak_us = self->peak_us;
    self->dd_trough_us = time_us;
}

/* The highest point of an earlier run, once its time has come */
static void
take_later_peak(KwTracker *self, gint64 time_us)
{
    if (self->later_us == 0 || time_us < self->later_us)
        return;
    if (kw_decimal_cmp(self->later_peak, self->peak) > 0) {
        self->peak = self->later_peak;
        self->peak_us = self->later_us;
    }
    self->later_us = 0;
}

void
kw_tracker_update(KwTracker *self, gint64 time_us, KwDecimal equity, KwDecimal open_profit)
{
    gboolean is_first = !self->is_valid;

    self->is_valid = TRUE;
    self->is_current = TRUE;
    self->equity = equity;
    self->open_profit = open_profit;
    if (is_first || kw_decimal_cmp(equity, self->peak) > 0) {
        self->peak = equity;
        self->peak_us = time_us;
    }
    take_later_peak(self, time_us);
    update_drawdown(self, time_us);
}

void
kw_tracker_miss(KwTracker *self)
{
    self->is_current = FALSE;
}

void
kw_tracker_mark_day(KwTracker *self, gint64 day_start_us, KwDecimal realised)
{
    KwEquityMark mark = {
        .time_us = day_start_us,
        .equity = self->equity,
        .open_profit = self->open_profit,
        .realised = realised,
    };

    kw_tracker_restore_mark(self, &mark);
}

void
kw_tracker_restore_mark(KwTracker *self, const KwEquityMark *mark)
{
    guint n = self->marks->len;

    if (n > 0 && g_array_index(self->marks, KwEquityMark, n - 1).time_us >= mark->time_us)
        g_array_index(self->marks, KwEquityMark, n - 1) = *mark;
    else
        g_array_append_val(self->marks, *mark);
}

void
kw_tracker_restore_peak(KwTracker *self, gint64 time_us, KwDecimal peak)
{
    self->later_peak = peak;
    self->later_us = time_us;
}

void
kw_tracker_shift(KwTracker *self, KwDecimal amount)
{
    (void) kw_decimal_add(self->equity, amount, &self->equity, NULL);
    (void) kw_decimal_add(self->peak, amount, &self->peak, NULL);
    if (self->marks->len > 0) {
        KwEquityMark *last = &g_array_index(self->marks, KwEquityMark, self->marks->len - 1);

        (void) kw_decimal_add(last->equity, amount, &last->equity, NULL);
    }
}

KwDecimal
kw_tracker_get_day_start(const KwTracker *self)
{
    if (self->marks->len == 0)
        return self->equity;
    return g_array_index(self->marks, KwEquityMark, self->marks->len - 1).equity;
}

KwDecimal
kw_tracker_get_day_balance(const KwTracker *self)
{
    KwDecimal balance = kw_tracker_get_day_start(self);
    KwDecimal open_profit = self->open_profit;

    if (self->marks->len > 0)
        open_profit =
            g_array_index(self->marks, KwEquityMark, self->marks->len - 1).open_profit;
    (void) kw_decimal_sub(balance, open_profit, &balance, NULL);
    return balance;
}

gboolean
kw_tracker_find(const KwTracker *self, gint64 time_us, KwEquityMark *out)
{
    gint64 found = 0;

    if (self->marks->len == 0)
        return FALSE;
    for (guint low = 0, high = self->marks->len; low < high;) {
        guint mid = low + (high - low) / 2;

        if (g_array_index(self->marks, KwEquityMark, mid).time_us <= time_us) {
            found = mid;
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    *out = g_array_index(self->marks, KwEquityMark, found);
    return TRUE;
}

gdouble
kw_tracker_get_drawdown_ratio(const KwTracker *self)
{
    gdouble peak = kw_decimal_to_double(self->peak);

    if (!self->is_valid || peak <= 0)
        return 0;
    return MAX(0, (peak - kw_decimal_to_double(self->equity)) / peak);
}
