/* kw-nearest.c: Levenshtein distance, one row of the table at a time */
#include "kw-nearest.h"

#include <string.h>

#define MAX_BYTES 63

guint
kw_nearest_distance(const gchar *a, const gchar *b)
{
    gsize n_a = strlen(a), n_b = strlen(b);
    guint row[MAX_BYTES + 1];

    if (n_a > MAX_BYTES || n_b > MAX_BYTES)
        return G_MAXUINT;
    for (gsize j = 0; j <= n_b; j++)
        row[j] = (guint) j;
    for (gsize i = 1; i <= n_a; i++) {
        guint diagonal = row[0];

        row[0] = (guint) i;
        for (gsize j = 1; j <= n_b; j++) {
            guint change = diagonal + (a[i - 1] != b[j - 1]);
            guint step = MIN(row[j], row[j - 1]) + 1;

            diagonal = row[j];
            row[j] = MIN(change, step);
        }
    }
    return row[n_b];
}

gboolean
kw_nearest_is_near(const gchar *name, const gchar *candidate)
{
    return kw_nearest_distance(name, candidate) <= 1 + strlen(name) / 4;
}
