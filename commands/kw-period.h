/* kw-period.h: periods of the calendar that carry a number, a year or both */
#pragma once

#include "kw-span-private.h"

G_BEGIN_DECLS

/* "2025", "im Geschäftsjahr 2025" */
gboolean kw_period_read_year(const KwSpanReader *reader, guint index, KwSpan *out);

/* "Q4", "im 4. Quartal 2025", "im ersten Quartal" */
gboolean kw_period_read_quarter(const KwSpanReader *reader, guint index, KwSpan *out);

/* "im zweiten Halbjahr", "H1 2025" */
gboolean kw_period_read_half(const KwSpanReader *reader, guint index, KwSpan *out);

/* "KW 9", "KW9", "Woche 9", "KW 50 2025" */
gboolean kw_period_read_week(const KwSpanReader *reader, guint index, KwSpan *out);

/* "Oktober bis Dezember", "zwischen Jänner und März 2025" */
gboolean kw_period_read_months(const KwSpanReader *reader, guint index, KwSpan *out);

/* "in der letzten Stunde", "die letzten 30 Minuten": up to now */
gboolean kw_period_read_minutes(const KwSpanReader *reader, guint index, KwSpan *out);

G_END_DECLS
