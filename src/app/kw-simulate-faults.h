/* kw-simulate-faults.h: kurswart simulate --faults */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KwSimulateFaults: options
 * @seeds: "17", or "1..1000"
 * @n_days: 0 = an hour and a half for each seed
 * @root: (nullable): keep the data of a single seed there
 */
typedef struct {
    const gchar *seeds;
    guint n_days;
    const gchar *root;
    gboolean is_json, is_verbose;
} KwSimulateFaults;

/* Returns: exit status; %KW_EXIT_NO when a rule was broken */
int kw_simulate_faults(const KwSimulateFaults *options);

G_END_DECLS
