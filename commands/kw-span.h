/* kw-span.h: periods and until-dates in the words of a message */
#pragma once

#include "kw-lexicon.h"

G_BEGIN_DECLS

/**
 * KwSpanReader: where dates are read from
 * @tokens: of KwToken; borrowed
 */
typedef struct {
    const KwLexicon *lexicon;
    const GArray *tokens;
    KwZone *zone;
    gint64 now_us;
    KwDate today;
} KwSpanReader;

/* The period that is asked about: looks back, ends today at the latest */
gboolean kw_span_read(const KwSpanReader *reader, KwSpan *out);

/* "bis Freitag": looks forward; the named day is included */
gboolean kw_until_read(const KwSpanReader *reader, KwUntil *out);

/* "für 2 Stunden", "übers Wochenende": an end by its distance, where a command may have one */
gboolean kw_duration_read(const KwSpanReader *reader, const KwFinding *finding, KwUntil *out);

/* Does the message name an end or a duration at all, if one that nobody can reckon with ("für
 * ein Weilchen", "bis ich wieder da bin")? */
gboolean kw_duration_is_named(const KwSpanReader *reader);

/* "halb neun", "8 uhr", "21:00" at word @index: minutes since midnight.
 * @out_n: words that it takes */
gboolean
kw_clock_words_read(const KwSpanReader *reader, guint index, gint *out_minute, guint *out_n);

/* Does the message name a time to come that is no until-date ("morgen um 8")? */
gboolean kw_span_is_scheduled(const KwSpanReader *reader, guint from, guint to);

/* The instants that a span covers; end exclusive. %KW_SPAN_NONE and _ALL give everything. */
void kw_span_to_instants(
    const KwSpan *span, KwZone *zone, gint64 now_us, gint64 *out_from_us, gint64 *out_to_us);

G_END_DECLS
