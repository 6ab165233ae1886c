/* kw-feature-file.c: a head, names, times, values
 *
 * The head has a fixed length and a checksum of its own: only what it proves right is used
 * to find the rest. Where the parts lie follows from the numbers of rows and features; the
 * file does not say it a second time. Values begin on a page, so that a mapped file serves
 * as the array that a booster reads. Numbers are as the machine has them; a mark shows a
 * file from one of the other byte order.
 *
 * HDF5, Arrow and npy were considered: the first two are libraries larger than Kurswart,
 * and npy has no checksum and no place for the hashes. */
#include "kw-feature-file.h"

#include "kw-feature-matrix-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define MAGIC "KWFEAT\r\n" /* the line end shows a transfer as text */
#define VERSION 1
#define ORDER_MARK 0x01020304
#define PAGE_BYTES 4096
#define DIGEST_BYTES 32
#define MAX_NAMES_BYTES (1 << 20)
#define MAX_ROWS (G_GUINT64_CONSTANT(1) << 32)

/* 256 bytes, without gaps */
typedef struct {
    gchar magic[8];
    guint32 version;
    guint32 order_mark;
    guint64 n_rows;
    guint32 n_features;
    guint32 names_bytes;
    gint64 timeframe_us;
    guint32 is_synthetic;
    gchar pair[KW_FEATURE_FILE_PAIR_SIZE];
    guint8 list_hash[DIGEST_BYTES];
    guint8 content_hash[DIGEST_BYTES];
    guint8 spare[84];
    guint8 head_hash[DIGEST_BYTES]; /* of all before it */
} Head;

G_STATIC_ASSERT(sizeof(Head) == 256);

/* Places of the parts, from the start of the file */
typedef struct {
    gsize names, times, values, end;
} Places;

static gsize
round_up(gsize value, gsize unit)
{
    return (value + unit - 1) / unit * unit;
}

static Places
find_places(const Head *head)
{
    Places places;
    gsize n_rows = (gsize) head->n_rows;

    places.names = sizeof(Head);
    places.times = round_up(places.names + head->names_bytes, sizeof(gint64));
    places.values = round_up(places.times + n_rows * sizeof(gint64), PAGE_BYTES);
    places.end = places.values + n_rows * head->n_features * sizeof(gfloat);
    return places;
}

/* -- hashes -- */

static void
hash_head(const Head *head, guint8 *out)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    gsize length = DIGEST_BYTES;

    g_checksum_update(sum, (const guchar *) head, offsetof(Head, head_hash));
    g_checksum_get_digest(sum, out, &length);
}

/* Pieces, because a checksum takes a signed length */
static void
update(GChecksum *sum, gconstpointer data, gsize n_bytes)
{
    const guchar *bytes = data;
    const gsize piece = (gsize) 1 << 30;

    for (gsize done = 0; done < n_bytes; done += piece)
        g_checksum_update(sum, bytes + done, (gssize) MIN(piece, n_bytes - done));
}

static void
hash_content(const Head *head,
             const gchar *names,
             const gint64 *times,
             const gfloat *values,
             guint8 *out)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    gsize length = DIGEST_BYTES, n_rows = (gsize) head->n_rows;

    update(sum, names, head->names_bytes);
    update(sum, times, n_rows * sizeof *times);
    update(sum, values, n_rows * head->n_features * sizeof *values);
    g_checksum_get_digest(sum, out, &length);
}

static void
digest_to_hex(const guint8 *digest, gchar *out)
{
    for (gsize i = 0; i < DIGEST_BYTES; i++)
        g_snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

static void
hex_to_digest(const gchar *hex, guint8 *out)
{
    for (gsize i = 0; i < DIGEST_BYTES; i++)
        out[i] = (guint8) (g_ascii_xdigit_value(hex[2 * i]) * 16 +
                           g_ascii_xdigit_value(hex[2 * i + 1]));
}

/* -- writing -- */

/* (transfer full): one name a line */
static gchar *
join_names(const KwFeatureList *list)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < kw_feature_list_get_n_features(list); i++)
        g_string_append_printf(text, "%s\n", kw_feature_list_get_feature(list, i)->name);
    return g_string_free(text, FALSE);
}

static void
fill_head(Head *head,
          const KwFeatureMatrix *matrix,
          const gchar *names,
          const KwFeatureOrigin *origin)
{
    *head = (Head){
        .version = VERSION,
        .order_mark = ORDER_MARK,
        .n_rows = matrix->n_rows,
        .n_features = matrix->n_features,
        .names_bytes = (guint32) strlen(names),
        .timeframe_us = origin->timeframe_us,
        .is_synthetic = origin->is_synthetic ? 1 : 0,
    };
    memcpy(head->magic, MAGIC, sizeof head->magic);
    (void) g_strlcpy(head->pair, origin->pair, sizeof head->pair);
    hex_to_digest(matrix->hash, head->list_hash);
    hash_content(head, names, matrix->times, matrix->values, head->content_hash);
    hash_head(head, head->head_hash);
}

static gboolean
write_part(GOutputStream *stream, gconstpointer data, gsize n, gsize gap, GError **error)
{
    static const guint8 zeros[PAGE_BYTES] = {0};

    return g_output_stream_write_all(stream, data, n, NULL, NULL, error) &&
           g_output_stream_write_all(stream, zeros, gap, NULL, NULL, error);
}

static gboolean
write_parts(GOutputStream *stream,
            const Head *head,
            const gchar *names,
            const KwFeatureMatrix *matrix,
            GError **error)
{
    Places places = find_places(head);
    gsize times_bytes = matrix->n_rows * sizeof *matrix->times;

    return write_part(stream, head, sizeof *head, 0, error) &&
           write_part(stream, names, head->names_bytes,
                      places.times - places.names - head->names_bytes, error) &&
           write_part(stream, matrix->times, times_bytes,
                      places.values - places.times - times_bytes, error) &&
           write_part(stream, matrix->values, places.end - places.values, 0, error) &&
           g_output_stream_close(stream, NULL, error);
}

gboolean
kw_feature_file_write(const gchar *path,
                      const KwFeatureMatrix *matrix,
                      const KwFeatureList *list,
                      KwFeatureOrigin *origin,
                      GError **error)
{
    g_autofree gchar *names = join_names(list);
    g_autofree gchar *part = g_strdup_printf("%s.part", path);
    g_autoptr(GFile) file = g_file_new_for_path(part);
    g_autoptr(GOutputStream) stream = NULL;
    g_autoptr(GError) inner = NULL;
    Head head;

    g_return_val_if_fail(matrix != NULL && origin != NULL, FALSE);
    g_return_val_if_fail(g_str_equal(matrix->hash, kw_feature_list_get_hash(list)), FALSE);

    fill_head(&head, matrix, names, origin);
    digest_to_hex(head.content_hash, origin->content_hash);
    stream = G_OUTPUT_STREAM(
        g_file_replace(file, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION, NULL, &inner));
    if (stream != NULL && write_parts(stream, &head, names, matrix, &inner)) {
        if (g_rename(part, path) == 0)
            return TRUE;
        inner = g_error_new_literal(KW_COLUMN_ERROR, KW_COLUMN_ERROR_FILE, g_strerror(errno));
    }
    g_clear_object(&stream); /* what is open is put in place when it is closed */
    (void) g_unlink(part);
    g_set_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_FILE, "%s: %s", path, inner->message);
    return FALSE;
}

/* -- reading -- */

static gboolean
fail(GError **error, const gchar *text)
{
    g_set_error_literal(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_FILE, text);
    return FALSE;
}

/* Takes the head out of @data and proves it */
static gboolean
read_head(const guint8 *data, gsize size, Head *head, GError **error)
{
    guint8 digest[DIGEST_BYTES];

    if (size < sizeof *head || memcmp(data, MAGIC, sizeof head->magic) != 0)
        return fail(error, "no feature file");
    memcpy(head, data, sizeof *head);
    if (head->order_mark != ORDER_MARK)
        return fail(error, "from a machine of the other byte order");
    if (head->version != VERSION) {
        g_set_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_FILE,
                    "version %u; this program reads %d", head->version, VERSION);
        return FALSE;
    }
    hash_head(head, digest);
    if (memcmp(digest, head->head_hash, DIGEST_BYTES) != 0)
        return fail(error, "its head was changed");
    if (head->n_rows == 0 || head->n_rows > MAX_ROWS || head->n_features == 0 ||
        head->n_features > KW_FEATURE_LIST_MAX || head->names_bytes > MAX_NAMES_BYTES ||
        head->pair[sizeof head->pair - 1] != '\0' || !g_utf8_validate(head->pair, -1, NULL))
        return fail(error, "its head makes no sense");
    return TRUE;
}

/* (transfer full): n names; NULL when they are not as many, or no text */
static GStrv
read_names(const Head *head, const guint8 *data)
{
    g_autofree gchar *text = g_strndup((const gchar *) data, head->names_bytes);
    g_auto(GStrv) names = NULL;
    gsize length = strlen(text);

    if (length != head->names_bytes || length == 0 || text[length - 1] != '\n' ||
        !g_utf8_validate(text, -1, NULL))
        return NULL;
    text[length - 1] = '\0';
    names = g_strsplit(text, "\n", -1);
    return g_strv_length(names) == head->n_features ? g_steal_pointer(&names) : NULL;
}

static gboolean
is_zero(const guint8 *data, gsize from, gsize to)
{
    for (gsize i = from; i < to; i++) {
        if (data[i] != 0)
            return FALSE;
    }
    return TRUE;
}

static gboolean
check_content(const Head *head, const guint8 *data, gsize size, GError **error)
{
    Places places = find_places(head);
    guint8 digest[DIGEST_BYTES];

    if (size != places.end) {
        g_set_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_FILE,
                    "%s: it has %" G_GSIZE_FORMAT " bytes and should have %" G_GSIZE_FORMAT,
                    size < places.end ? "cut off" : "too long", size, places.end);
        return FALSE;
    }
    hash_content(head, (const gchar *) data + places.names,
                 (const gint64 *) (gconstpointer) (data + places.times),
                 (const gfloat *) (gconstpointer) (data + places.values), digest);
    if (memcmp(digest, head->content_hash, DIGEST_BYTES) != 0 ||
        !is_zero(data, places.names + head->names_bytes, places.times) ||
        !is_zero(data, places.times + (gsize) head->n_rows * sizeof(gint64), places.values))
        return fail(error, "its content was changed: the checksum differs");
    return TRUE;
}

static void
fill_origin(const Head *head, KwFeatureOrigin *origin)
{
    *origin = (KwFeatureOrigin){
        .timeframe_us = head->timeframe_us,
        .is_synthetic = head->is_synthetic != 0,
    };
    (void) g_strlcpy(origin->pair, head->pair, sizeof origin->pair);
    digest_to_hex(head->content_hash, origin->content_hash);
}

static KwFeatureMatrix *
matrix_over(GBytes *bytes, const Head *head)
{
    KwFeatureMatrix *self = g_new0(KwFeatureMatrix, 1);
    const guint8 *data = g_bytes_get_data(bytes, NULL);
    Places places = find_places(head);

    self->n_rows = (gsize) head->n_rows;
    self->n_features = head->n_features;
    self->hash = g_new0(gchar, KW_FEATURE_FILE_HASH_SIZE);
    digest_to_hex(head->list_hash, self->hash);
    self->backing = g_bytes_ref(bytes);
    self->times = (const gint64 *) (gconstpointer) (data + places.times);
    self->values = (const gfloat *) (gconstpointer) (data + places.values);
    return self;
}

KwFeatureMatrix *
kw_feature_file_load_bytes(GBytes *bytes,
                           KwFeatureOrigin *out_origin,
                           GStrv *out_names,
                           GError **error)
{
    g_auto(GStrv) names = NULL;
    const guint8 *data;
    gsize size;
    Head head;

    g_return_val_if_fail(bytes != NULL && out_origin != NULL, NULL);

    data = g_bytes_get_data(bytes, &size);
    if (!read_head(data, size, &head, error) || !check_content(&head, data, size, error))
        return NULL;
    names = read_names(&head, data + sizeof head);
    if (names == NULL) {
        (void) fail(error, "its names make no sense");
        return NULL;
    }
    fill_origin(&head, out_origin);
    if (out_names != NULL)
        *out_names = g_steal_pointer(&names);
    return matrix_over(bytes, &head);
}

KwFeatureMatrix *
kw_feature_file_load(const gchar *path,
                     KwFeatureOrigin *out_origin,
                     GStrv *out_names,
                     GError **error)
{
    g_autoptr(GError) inner = NULL;
    g_autoptr(GMappedFile) mapped = g_mapped_file_new(path, FALSE, &inner);
    g_autoptr(GBytes) bytes = NULL;
    KwFeatureMatrix *self = NULL;

    if (mapped != NULL) {
        bytes = g_mapped_file_get_bytes(mapped);
        self = kw_feature_file_load_bytes(bytes, out_origin, out_names, &inner);
    }
    if (self == NULL)
        g_set_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_FILE, "%s: %s", path,
                    inner->message);
    return self;
}
