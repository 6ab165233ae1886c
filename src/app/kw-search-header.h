/* kw-search-header.h: what the trials of a search depend on */
#pragma once

#include "kw-lab-input.h"
#include "kw-trial.h"

G_BEGIN_DECLS

/**
 * KwSearchHeader:
 * @input: its strategy stands on the values of the file, its columns are built
 * @loss, @search: names
 */
typedef struct {
    const KwLabInput *input;
    const KwTrialPlan *plan;
    const gchar *loss, *search;
    gint64 seed;
} KwSearchHeader;

/* (transfer full): one line of JSON; equal lines: the same trial gives the same numbers */
gchar *kw_search_header_make(const KwSearchHeader *self);

/**
 * kw_search_header_compare:
 * @there: of a file, perhaps something else altogether
 * @here: made by kw_search_header_make()
 *
 * Returns: (transfer full) (nullable): names of what differs, "fee, detail"; %NULL when @there
 *   is none
 */
gchar *kw_search_header_compare(const gchar *there, const gchar *here);

G_END_DECLS
