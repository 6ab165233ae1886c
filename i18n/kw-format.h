/* kw-format.h: numbers, money and times as the owner reads them; never through the C locale */
#pragma once

#include "kw-decimal.h"
#include "kw-schedule.h"

G_BEGIN_DECLS

/* Owns every text that it has made: they live until kw_format_free(). One for each reply. */
typedef struct _KwFormat KwFormat;

/**
 * kw_format_new:
 * @zone: a reference is kept; times are shown in it
 * @now_us: what "today" and "this year" mean
 *
 * Separators and names follow kw_i18n_get_language() at the time of each call.
 *
 * Returns: (transfer full)
 */
KwFormat *kw_format_new(KwZone *zone, gint64 now_us);
void kw_format_free(KwFormat *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwFormat, kw_format_free)

/* All results are (transfer none) and owned by @self. */

/* A copy of @text that lives as long as @self */
const gchar *kw_format_keep(KwFormat *self, const gchar *text);

/* "1.234,56": rounded half up to @scale digits */
const gchar *kw_format_decimal(KwFormat *self, KwDecimal value, guint8 scale);

/* "+2,17", "−0,36", "±0,00": two digits, always with a sign */
const gchar *kw_format_signed(KwFormat *self, KwDecimal value);

/* "1.234,56 USDT" and "+2,17 USDT" with a no-break space; magnitudes or balances, results */
const gchar *kw_format_money(KwFormat *self, KwDecimal value, const gchar *currency);
const gchar *kw_format_money_signed(KwFormat *self, KwDecimal value, const gchar *currency);

/* A price: all digits of its scale, which is the tick's */
const gchar *kw_format_rate(KwFormat *self, KwDecimal rate);

/* An amount of coins: at most eight digits, trailing zeros cut */
const gchar *kw_format_amount(KwFormat *self, KwDecimal amount);

/* "0,62 %": two digits below 10 %, one above; "–" when not finite; the second with a sign */
const gchar *kw_format_percent(KwFormat *self, gdouble ratio);
const gchar *kw_format_percent_signed(KwFormat *self, gdouble ratio);

/* "75 %": win rates, confidences; a digit only when there is one to show ("82,5 %") */
const gchar *kw_format_percent_short(KwFormat *self, gdouble ratio);

/* "1,8": a plain number with @digits digits; "–" when not finite */
const gchar *kw_format_number(KwFormat *self, gdouble value, guint8 digits);

/* "14:30" on the day of now, else "Mi., 11.03., 14:30"; another year is added */
const gchar *kw_format_time(KwFormat *self, gint64 time_us);

/* "14:30" and "14:31:07" of any day */
const gchar *kw_format_clock(KwFormat *self, gint64 time_us);
const gchar *kw_format_clock_seconds(KwFormat *self, gint64 time_us);

/* "11.03."; another year is added */
const gchar *kw_format_day(KwFormat *self, KwDate date);

/* "Mi., 11.03.2026" */
const gchar *kw_format_day_full(KwFormat *self, KwDate date);

/* "Freitag, 13. März 2026" */
const gchar *kw_format_day_long(KwFormat *self, KwDate date);

/* "Jänner" .. "Dezember"; static. @month 1..12 */
const gchar *kw_format_month(guint month);

/* "02.–08.03. (KW 10)", "11.03."; both days inclusive; the week only for a whole one */
const gchar *kw_format_days(KwFormat *self, KwDate from, KwDate to);

/* "40 s", "25 min", "6 h 20 min", "3 Tage" */
const gchar *kw_format_duration(KwFormat *self, gint64 duration_us);

/* The date of an instant in the zone of @self */
KwDate kw_format_date_of(KwFormat *self, gint64 time_us);

G_END_DECLS
