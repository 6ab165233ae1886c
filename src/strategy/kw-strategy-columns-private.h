/* kw-strategy-columns-private.h: the inside of the result columns, for this layer alone */
#pragma once

#include "kw-strategy-columns.h"

G_BEGIN_DECLS

#define KW_STRATEGY_MAX_INDICATORS 64

typedef enum {
    KW_PART_ENTRY,
    KW_PART_EXIT,
    KW_PART_CONFIDENCE,
    KW_PART_REGIME,
    KW_PART_TAGS,
    KW_PART_EXIT_TAGS,
    KW_PART_STOP,
    KW_PART_TARGET,
    KW_PART_N,
} KwStrategyPart;

struct _KwStrategyColumns {
    KwColumn *parts[KW_PART_N]; /* of the frame; NULL where the strategy has no such part */
    guint n_indicators;
    gchar **names;         /* owned; sorted, NULL-terminated */
    KwColumn **indicators; /* owned array of columns of the frame */
};

G_END_DECLS
