/* kw-zip.c: the little of the zip format that result files need
 *
 * libzip, libarchive and minizip were looked at: each is a package more on the owner's machine
 * and reads far more than one deflated JSON file (libarchive: thirty formats of strangers'
 * bytes). zlib is here already and does the hard part; what is left is finding the entry in
 * the directory at the end. Sizes and the checksum are taken from that directory, because a
 * writer that streams leaves them empty in the header before the data. */
#include "kw-zip.h"

#include "kw-error.h"

#include <string.h>
#include <zlib.h>

#define END_SIZE 22
#define END_MAGIC 0x06054b50u
#define ENTRY_SIZE 46
#define ENTRY_MAGIC 0x02014b50u
#define LOCAL_SIZE 30
#define LOCAL_MAGIC 0x04034b50u
#define MAX_COMMENT 65535
#define METHOD_STORED 0
#define METHOD_DEFLATED 8
#define FLAG_ENCRYPTED 1u

/* What the directory says of a file */
typedef struct {
    guint flags, method;
    guint32 checksum;
    gsize packed, unpacked, offset;
} Entry;

static guint32
read_u16(const guint8 *at)
{
    return (guint32) at[0] | (guint32) at[1] << 8;
}

static guint32
read_u32(const guint8 *at)
{
    return read_u16(at) | read_u16(at + 2) << 16;
}

static gboolean
fail(GError **error, const gchar *what)
{
    g_set_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_FORMAT, "zip archive: %s", what);
    return FALSE;
}

gboolean
kw_zip_is_zip(GBytes *bytes)
{
    gsize size = 0;
    const guint8 *data = g_bytes_get_data(bytes, &size);

    return size >= 4 && (read_u32(data) == LOCAL_MAGIC || read_u32(data) == END_MAGIC);
}

/* Position of the end record, which stands last but for a comment; @size if there is none */
static gsize
find_end(const guint8 *data, gsize size)
{
    gsize lowest;

    if (size < END_SIZE)
        return size;
    lowest = size - END_SIZE > MAX_COMMENT ? size - END_SIZE - MAX_COMMENT : 0;
    for (gsize at = size - END_SIZE + 1; at-- > lowest;) {
        if (read_u32(data + at) == END_MAGIC)
            return at;
    }
    return size;
}

static void
read_entry(const guint8 *at, Entry *out)
{
    out->flags = read_u16(at + 8);
    out->method = read_u16(at + 10);
    out->checksum = read_u32(at + 16);
    out->packed = read_u32(at + 20);
    out->unpacked = read_u32(at + 24);
    out->offset = read_u32(at + 42);
}

/* Walks the directory to the first file that fits */
static gboolean
find_entry(const guint8 *data, gsize end, KwZipFilter filter, Entry *out, GError **error)
{
    guint n_entries = read_u16(data + end + 10);
    gsize at = read_u32(data + end + 16);

    for (guint i = 0; i < n_entries; i++) {
        g_autofree gchar *name = NULL;
        gsize name_length, length;

        if (at > end || end - at < ENTRY_SIZE || read_u32(data + at) != ENTRY_MAGIC)
            return fail(error, "damaged directory");
        name_length = read_u16(data + at + 28);
        length = name_length + read_u16(data + at + 30) + read_u16(data + at + 32);
        if (length > end - at - ENTRY_SIZE)
            return fail(error, "damaged directory");
        name = g_strndup((const gchar *) data + at + ENTRY_SIZE, name_length);
        if (filter(name)) {
            read_entry(data + at, out);
            return TRUE;
        }
        at += ENTRY_SIZE + length;
    }
    g_set_error_literal(error, KW_MODEL_ERROR, KW_MODEL_ERROR_ABSENT,
                        "zip archive: the file looked for is not in it");
    return FALSE;
}

static gboolean
inflate_into(const guint8 *packed, const Entry *entry, guint8 *out)
{
    z_stream stream = {0};
    int status;

    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        return FALSE;
    stream.next_in = (Bytef *) packed;
    stream.avail_in = (uInt) entry->packed;
    stream.next_out = out;
    stream.avail_out = (uInt) entry->unpacked;
    status = inflate(&stream, Z_FINISH);
    (void) inflateEnd(&stream);
    return status == Z_STREAM_END && stream.total_out == entry->unpacked;
}

/* (transfer full): the content, %NULL with an error */
static GBytes *
unpack(const guint8 *packed, const Entry *entry, GError **error)
{
    g_autofree guint8 *content = g_try_malloc(entry->unpacked + 1);

    if (content == NULL) {
        (void) fail(error, "no memory for its content");
        return NULL;
    }
    if (entry->method == METHOD_STORED && entry->packed == entry->unpacked)
        memcpy(content, packed, entry->packed);
    else if (entry->method != METHOD_DEFLATED || !inflate_into(packed, entry, content)) {
        (void) fail(error, "damaged or unknown packing");
        return NULL;
    }
    if (crc32(0, content, (uInt) entry->unpacked) != entry->checksum) {
        (void) fail(error, "wrong checksum");
        return NULL;
    }
    return g_bytes_new_take(g_steal_pointer(&content), entry->unpacked);
}

GBytes *
kw_zip_read(GBytes *zip, KwZipFilter filter, gsize max_bytes, GError **error)
{
    gsize size = 0, end, begin;
    const guint8 *data = g_bytes_get_data(zip, &size);
    Entry entry;

    end = find_end(data, size);
    if (end == size) {
        (void) fail(error, "truncated: its end is missing");
        return NULL;
    }
    if (!find_entry(data, end, filter, &entry, error))
        return NULL;
    if (entry.unpacked > max_bytes) {
        g_set_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_VALUE,
                    "zip archive: content over %" G_GSIZE_FORMAT " bytes", max_bytes);
        return NULL;
    }
    if (entry.flags & FLAG_ENCRYPTED || entry.offset > end || end - entry.offset < LOCAL_SIZE ||
        read_u32(data + entry.offset) != LOCAL_MAGIC) {
        (void) fail(error, "encrypted, or its directory is damaged");
        return NULL;
    }
    begin = entry.offset + LOCAL_SIZE + read_u16(data + entry.offset + 26) +
            read_u16(data + entry.offset + 28);
    if (begin > end || entry.packed > end - begin) {
        (void) fail(error, "truncated content");
        return NULL;
    }
    return unpack(data + begin, &entry, error);
}
