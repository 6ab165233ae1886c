/* kw-matrix.h: rows of features with a label each, in memory and as a file */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KW_MATRIX_MAX_COLS 4096

/**
 * KwMatrix:
 * @values: row after row, @n_cols each; NaN is "not known"
 * @labels: one a row
 * @times_us: opening of the candle that a row was made from
 *
 * Members may be read and written in place.
 */
typedef struct {
    gsize n_rows, n_cols;
    gfloat *values;
    gfloat *labels;
    gint64 *times_us;
    GMappedFile *file; /* owned; NULL when the arrays are memory of their own */
} KwMatrix;

/* (transfer full): all zero */
KwMatrix *kw_matrix_new(gsize n_rows, gsize n_cols);
void kw_matrix_free(KwMatrix *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwMatrix, kw_matrix_free)

/* (transfer full): a copy of the rows @first to before @end */
KwMatrix *kw_matrix_slice(const KwMatrix *self, gsize first, gsize end);

/* First row at or after @time_us; rows are in the order of time */
gsize kw_matrix_find(const KwMatrix *self, gint64 time_us);

/**
 * kw_matrix_check:
 *
 * Returns: %FALSE with %KW_MODEL_ERROR_VALUE when there is no row, a label is not finite, or a
 *   value is infinite (NaN may be)
 */
gboolean kw_matrix_check(const KwMatrix *self, GError **error);

/* (transfer full): SHA-256 over sizes, values, labels and times, as hexadecimal text */
gchar *kw_matrix_dup_hash(const KwMatrix *self);

/* (transfer full): the content of its file */
GBytes *kw_matrix_to_bytes(const KwMatrix *self);

/**
 * kw_matrix_write:
 *
 * Whole or not at all. The file has the byte order of this machine and is not for archives.
 */
gboolean kw_matrix_write(const KwMatrix *self, const gchar *path, GError **error);

/* (transfer full): mapped, private to this process. %NULL with %KW_MODEL_ERROR_FORMAT or a
 * %G_FILE_ERROR */
KwMatrix *kw_matrix_map(const gchar *path, GError **error);

G_END_DECLS
