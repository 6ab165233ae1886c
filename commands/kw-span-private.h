/* kw-span-private.h: reading days and words, for periods and until-dates alike */
#pragma once

#include "kw-span.h"

G_BEGIN_DECLS

typedef enum { KW_SPAN_BACKWARD = -1, KW_SPAN_FORWARD = 1 } KwSpanDirection;

/* Word @index, "" beyond the last */
const gchar *kw_span_word(const KwSpanReader *reader, guint index);
gboolean kw_span_is(const KwSpanReader *reader, guint index, const gchar *text);

/* What a list of the lexicon has for word @index; -1 when nothing */
gint kw_span_value(const KwSpanReader *reader, const gchar *group, guint index);

/* At most four digits, or a number word */
gboolean kw_span_small_number(const KwSpanReader *reader, guint index, gint *out);

/* "2 Stunden", "eine halbe Stunde" at @index, counted from now; @n: words that it takes */
gboolean kw_duration_read_at(const KwSpanReader *reader, guint index, KwUntil *out, guint *n);

/* From day to day, both included, and no further than today; always %TRUE */
gboolean kw_span_set_days(const KwSpanReader *reader, KwDate from, KwDate to, KwSpan *out);

KwDate kw_span_last_of_month(gint year, guint month);
KwDate kw_span_monday_of(KwDate date);

/* A day at @index on one side of today; @n: how many words it takes */
gboolean kw_span_read_day(
    const KwSpanReader *reader, guint index, KwSpanDirection direction, KwDate *out, guint *n);

G_END_DECLS
