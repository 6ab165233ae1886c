#include "kw-matrix.h"

#include "kw-error.h"

#include <math.h>
#include <string.h>

#define MAGIC "KWMAT001"

typedef struct {
    gchar magic[8];
    guint64 n_rows, n_cols;
} Header;

/* Times stand first after the header: that keeps all arrays aligned. */
static gsize
body_size(gsize n_rows, gsize n_cols)
{
    return n_rows * (sizeof(gint64) + (n_cols + 1) * sizeof(gfloat));
}

KwMatrix *
kw_matrix_new(gsize n_rows, gsize n_cols)
{
    KwMatrix *self = g_new0(KwMatrix, 1);

    self->n_rows = n_rows;
    self->n_cols = n_cols;
    self->values = g_new0(gfloat, n_rows * n_cols);
    self->labels = g_new0(gfloat, n_rows);
    self->times_us = g_new0(gint64, n_rows);
    return self;
}

void
kw_matrix_free(KwMatrix *self)
{
    if (self == NULL)
        return;
    if (self->file != NULL) {
        g_mapped_file_unref(self->file);
    } else {
        g_free(self->values);
        g_free(self->labels);
        g_free(self->times_us);
    }
    g_free(self);
}

KwMatrix *
kw_matrix_slice(const KwMatrix *self, gsize first, gsize end)
{
    KwMatrix *part;
    gsize n = end - first;

    g_return_val_if_fail(first <= end && end <= self->n_rows, NULL);

    part = kw_matrix_new(n, self->n_cols);
    if (n == 0)
        return part;
    memcpy(part->values, self->values + first * self->n_cols,
           n * self->n_cols * sizeof(gfloat));
    memcpy(part->labels, self->labels + first, n * sizeof(gfloat));
    memcpy(part->times_us, self->times_us + first, n * sizeof(gint64));
    return part;
}

gsize
kw_matrix_find(const KwMatrix *self, gint64 time_us)
{
    gsize low = 0, high = self->n_rows;

    while (low < high) {
        gsize middle = (low + high) / 2;

        if (self->times_us[middle] < time_us)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

gboolean
kw_matrix_check(const KwMatrix *self, GError **error)
{
    if (self->n_rows == 0 || self->n_cols == 0) {
        g_set_error_literal(error, KW_MODEL_ERROR, KW_MODEL_ERROR_VALUE, "no rows");
        return FALSE;
    }
    for (gsize i = 0; i < self->n_rows; i++) {
        if (!isfinite(self->labels[i])) {
            g_set_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_VALUE,
                        "row %" G_GSIZE_FORMAT ": label is not finite", i);
            return FALSE;
        }
    }
    for (gsize i = 0; i < self->n_rows * self->n_cols; i++) {
        if (isinf(self->values[i])) {
            g_set_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_VALUE,
                        "row %" G_GSIZE_FORMAT ", column %" G_GSIZE_FORMAT ": infinite",
                        i / self->n_cols, i % self->n_cols);
            return FALSE;
        }
    }
    return TRUE;
}

static void
update(GChecksum *sum, gconstpointer data, gsize size)
{
    const guchar *at = data;

    for (gsize done = 0; done < size;) {
        gsize part = MIN(size - done, G_MAXINT / 2);

        g_checksum_update(sum, at + done, (gssize) part);
        done += part;
    }
}

gchar *
kw_matrix_dup_hash(const KwMatrix *self)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    guint64 sizes[] = {self->n_rows, self->n_cols};

    update(sum, sizes, sizeof sizes);
    update(sum, self->times_us, self->n_rows * sizeof(gint64));
    update(sum, self->labels, self->n_rows * sizeof(gfloat));
    update(sum, self->values, self->n_rows * self->n_cols * sizeof(gfloat));
    return g_strdup(g_checksum_get_string(sum));
}

GBytes *
kw_matrix_to_bytes(const KwMatrix *self)
{
    gsize size = sizeof(Header) + body_size(self->n_rows, self->n_cols);
    gchar *bytes = g_malloc(size), *at = bytes;
    Header header = {.n_rows = self->n_rows, .n_cols = self->n_cols};

    memcpy(header.magic, MAGIC, sizeof header.magic);
    memcpy(at, &header, sizeof header);
    at += sizeof header;
    memcpy(at, self->times_us, self->n_rows * sizeof(gint64));
    at += self->n_rows * sizeof(gint64);
    memcpy(at, self->labels, self->n_rows * sizeof(gfloat));
    at += self->n_rows * sizeof(gfloat);
    memcpy(at, self->values, self->n_rows * self->n_cols * sizeof(gfloat));
    return g_bytes_new_take(bytes, size);
}

gboolean
kw_matrix_write(const KwMatrix *self, const gchar *path, GError **error)
{
    g_autoptr(GBytes) bytes = kw_matrix_to_bytes(self);
    gsize size = 0;
    const gchar *data = g_bytes_get_data(bytes, &size);

    return g_file_set_contents_full(path, data, (gssize) size, G_FILE_SET_CONTENTS_CONSISTENT,
                                    0600, error);
}

KwMatrix *
kw_matrix_map(const gchar *path, GError **error)
{
    g_autoptr(GMappedFile) file = g_mapped_file_new(path, TRUE, error);
    KwMatrix *self;
    Header header;
    gchar *at;

    if (file == NULL)
        return NULL;
    at = g_mapped_file_get_contents(file);
    if (g_mapped_file_get_length(file) >= sizeof header)
        memcpy(&header, at, sizeof header);
    if (g_mapped_file_get_length(file) < sizeof header ||
        memcmp(header.magic, MAGIC, sizeof header.magic) != 0 || header.n_cols == 0 ||
        header.n_cols > KW_MATRIX_MAX_COLS || header.n_rows > G_MAXUINT32 ||
        g_mapped_file_get_length(file) !=
            sizeof header + body_size(header.n_rows, header.n_cols)) {
        g_set_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_FORMAT, "%s: no matrix file", path);
        return NULL;
    }
    self = g_new0(KwMatrix, 1);
    self->n_rows = header.n_rows;
    self->n_cols = header.n_cols;
    at += sizeof header;
    self->times_us = (gint64 *) (gpointer) at;
    at += self->n_rows * sizeof(gint64);
    self->labels = (gfloat *) (gpointer) at;
    self->values = self->labels + self->n_rows;
    self->file = g_steal_pointer(&file);
    return self;
}
