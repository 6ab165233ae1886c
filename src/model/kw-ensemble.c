/* kw-ensemble.c: columns of members to columns of their mean
 *
 * The members' own columns are the inputs, so a member that is changed on the shelf changes
 * here with the same row. They are combined in the order of their names: a sum of doubles
 * depends on the order, and a table of Lua has none. */
#include "kw-ensemble.h"

#include "kw-confidence.h"

#include <math.h>
#include <string.h>

/* What a combined column is made of */
typedef struct {
    guint n;
    gdouble weights[KW_ENSEMBLE_MAX];
    const KwColumn *columns[KW_ENSEMBLE_MAX]; /* borrowed of the frame */
    gdouble bias;
} Mix;

static void
compute_mix(gpointer data, const KwSeries *series, gsize from, gsize to, gdouble *out)
{
    const Mix *mix = data;
    const gdouble *numbers[KW_ENSEMBLE_MAX];
    gdouble values[KW_ENSEMBLE_MAX];

    (void) series;
    for (guint m = 0; m < mix->n; m++)
        numbers[m] = kw_column_get_numbers(mix->columns[m]);
    for (gsize row = from; row < to; row++) {
        gdouble mean;

        for (guint m = 0; m < mix->n; m++)
            values[m] = numbers[m][row];
        mean = kw_confidence_combine(mix->weights, values, mix->n);
        out[row - from] = mix->bias < 0 ? kw_confidence_shift(mean, mix->bias) : mean;
    }
}

static KwColumn *
add_mix(KwFrame *frame, const gchar *name, const Mix *mix, GError **error)
{
    const KwOutside outside = {compute_mix, g_free, g_memdup2(mix, sizeof *mix)};

    return kw_frame_outside(frame, name, &outside, (KwColumn *) mix->columns[mix->n - 1],
                            error);
}

static gint
compare_members(gconstpointer a, gconstpointer b)
{
    return strcmp(((const KwEnsembleMember *) a)->name, ((const KwEnsembleMember *) b)->name);
}

static gboolean
check_weights(const KwEnsembleMember *members, guint n, GError **error)
{
    const gchar *fault = NULL;
    gdouble sum = 0;

    for (guint i = 0; i < n && fault == NULL; i++) {
        if (!isfinite(members[i].weight) || members[i].weight < 0)
            fault = "a weight must be a number from 0 on";
        sum += members[i].weight;
    }
    if (n == 0 || n > KW_ENSEMBLE_MAX)
        fault = "needs 1 to 8 members";
    else if (fault == NULL && !(sum > 0 && isfinite(sum)))
        fault = "one weight must be above 0";
    if (fault != NULL)
        g_set_error_literal(error, KW_MODEL_REFUSAL, KW_MODEL_REFUSAL_FEATURES, fault);
    return fault == NULL;
}

/* The columns that are being put together */
typedef struct {
    GString *label;   /* owned: members and weights, for the names */
    KwLabelKind kind; /* of the members so far */
    Mix predictions, chances;
} Draft;

static void
take_member(Draft *draft, const KwEnsembleMember *member, const KwModelColumns *columns)
{
    guint at = draft->predictions.n++;
    gchar weight[G_ASCII_DTOSTR_BUF_SIZE];

    draft->chances.n++;
    draft->predictions.weights[at] = draft->chances.weights[at] = member->weight;
    draft->predictions.columns[at] = columns->prediction;
    draft->chances.columns[at] = columns->chance;
    kw_column_number_to_text(member->weight, weight);
    g_string_append_printf(draft->label, "%s%s=%s", at > 0 ? "," : "", member->name, weight);
}

/* Takes a member in, unless no version of it is promoted. */
static gboolean
add_member(Draft *draft,
           KwModelShelf *shelf,
           const KwEnsembleMember *member,
           KwFrame *frame,
           GError **error)
{
    g_autoptr(GError) refusal = NULL;
    KwModelColumns columns;
    const KwModel *model;

    if (!kw_model_feed_add(shelf, member->name, frame, &columns, &refusal)) {
        if (g_error_matches(refusal, KW_MODEL_REFUSAL, KW_MODEL_REFUSAL_ABSENT))
            return TRUE;
        g_propagate_prefixed_error(error, g_steal_pointer(&refusal), "%s: ", member->name);
        return FALSE;
    }
    model = shelf != NULL ? kw_model_shelf_peek(shelf, member->name) : NULL;
    if (model != NULL && draft->predictions.n > 0 &&
        kw_model_get_facts(model)->label != draft->kind) {
        g_set_error(error, KW_MODEL_REFUSAL, KW_MODEL_REFUSAL_FEATURES,
                    "%s predicts something else than the members before", member->name);
        return FALSE;
    }
    if (model != NULL)
        draft->kind = kw_model_get_facts(model)->label;
    take_member(draft, member, &columns);
    return TRUE;
}

static gboolean
finish(const Draft *draft, KwFrame *frame, KwModelColumns *out, GError **error)
{
    g_autofree gchar *prediction =
        g_strdup_printf("ensemble(%s).prediction", draft->label->str);
    g_autofree gchar *chance = g_strdup_printf("ensemble(%s).chance", draft->label->str);
    g_autofree gchar *confidence =
        g_strdup_printf("ensemble(%s).confidence", draft->label->str);
    Mix careful = draft->chances;
    KwModelColumns columns;

    careful.bias = KW_CONFIDENCE_BIAS;
    columns.prediction = add_mix(frame, prediction, &draft->predictions, error);
    columns.chance =
        columns.prediction != NULL ? add_mix(frame, chance, &draft->chances, error) : NULL;
    columns.confidence =
        columns.chance != NULL ? add_mix(frame, confidence, &careful, error) : NULL;
    if (columns.confidence == NULL)
        return FALSE;
    *out = columns;
    return TRUE;
}

gboolean
kw_ensemble_add(KwModelShelf *shelf,
                const KwEnsembleMember *members,
                guint n,
                KwFrame *frame,
                KwModelColumns *out,
                GError **error)
{
    KwEnsembleMember sorted[KW_ENSEMBLE_MAX];
    g_autoptr(GString) label = g_string_new(NULL);
    Draft draft = {.label = label};

    if (!check_weights(members, n, error))
        return FALSE;
    memcpy(sorted, members, n * sizeof *members);
    qsort(sorted, n, sizeof *sorted, compare_members);
    for (guint i = 0; i < n; i++) {
        if (sorted[i].weight > 0 && !add_member(&draft, shelf, &sorted[i], frame, error))
            return FALSE;
    }
    if (draft.predictions.n == 0) {
        g_set_error_literal(error, KW_MODEL_REFUSAL, KW_MODEL_REFUSAL_ABSENT,
                            "no version of any member is promoted");
        return FALSE;
    }
    return finish(&draft, frame, out, error);
}
