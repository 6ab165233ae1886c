/* kw-mood.h: is an action word in a clause a wish, or only talked about? */
#pragma once

#include "kw-span.h"

G_BEGIN_DECLS

typedef enum {
    KW_MOOD_WISH,
    KW_MOOD_NEGATED,      /* "stopp den Bot nicht" */
    KW_MOOD_PAST,         /* "wollte ich stoppen" */
    KW_MOOD_HYPOTHETICAL, /* "was passiert, wenn ich stoppe" */
    KW_MOOD_UNREAL,       /* "haette ich gestoppt" */
    KW_MOOD_CONDITIONAL,  /* "wenn es faellt, stopp" */
    KW_MOOD_SCHEDULED,    /* "stopp morgen um 8" */
    KW_MOOD_ANNOUNCED,    /* "ich stoppe dann" */
    KW_MOOD_REPORTED,     /* "er meint, ich soll stoppen" */
    KW_MOOD_DOUBT,        /* "soll ich stoppen?" */
    KW_MOOD_QUESTION,     /* "ist er gestoppt?" */
} KwMood;
#define KW_N_MOODS 13 /* the cues of a polite request and of a length of time included */

/* The cues of a mood are rules of the lexicon, in the group "mood:NAME". */
const gchar *kw_mood_to_string(guint mood);

/**
 * kw_mood_of_clause:
 * @rule: the action that was found in @clause
 */
KwMood kw_mood_of_clause(const KwText *text,
                         const KwFinding *finding,
                         const KwSpanReader *reader,
                         guint clause,
                         const KwRule *rule);

G_END_DECLS
