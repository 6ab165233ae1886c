#define G_LOG_DOMAIN "kw-store"

#include "kw-row.h"

#include <math.h>
#include <string.h>

struct _KwRow {
    GByteArray *bytes;   /* owned; canonical text of the row so far */
    GChecksum *checksum; /* owned */
    sqlite3_stmt *stmt;  /* borrowed between begin and end */
    gint index;          /* of the last bound parameter */
};

KwRow *
kw_row_new(void)
{
    KwRow *self = g_new0(KwRow, 1);

    self->bytes = g_byte_array_sized_new(1024);
    self->checksum = g_checksum_new(G_CHECKSUM_SHA256);
    return self;
}

void
kw_row_free(KwRow *self)
{
    if (self == NULL)
        return;
    g_byte_array_unref(self->bytes);
    g_checksum_free(self->checksum);
    g_free(self);
}

/* -- encoding -- */

static void
put_word(KwRow *self, guint8 tag, guint64 word)
{
    guint64 big = GUINT64_TO_BE(word);

    g_byte_array_append(self->bytes, &tag, 1);
    g_byte_array_append(self->bytes, (const guint8 *) &big, sizeof big);
}

static void
put_bytes(KwRow *self, guint8 tag, gconstpointer data, gsize length)
{
    put_word(self, tag, length);
    g_byte_array_append(self->bytes, data, (guint) length);
}

/* A zero has no sign in the file. */
static void
put_real(KwRow *self, gdouble value)
{
    gdouble plain = fpclassify(value) == FP_ZERO ? 0.0 : value;
    guint64 bits;

    memcpy(&bits, &plain, sizeof bits);
    put_word(self, isnan(value) ? 'n' : 'r', isnan(value) ? 0 : bits);
}

static void
hash_out(KwRow *self, guint8 *out_hash)
{
    gsize length = KW_HASH_BYTES;

    g_checksum_reset(self->checksum);
    g_checksum_update(self->checksum, self->bytes->data, self->bytes->len);
    g_checksum_get_digest(self->checksum, out_hash, &length);
}

/* The hash of the row before stands in front of the row. */
static void
start_bytes(KwRow *self, const guint8 *previous)
{
    g_byte_array_set_size(self->bytes, 0);
    if (previous != NULL)
        g_byte_array_append(self->bytes, previous, KW_HASH_BYTES);
}

/* -- writing -- */

void
kw_row_begin(KwRow *self, sqlite3_stmt *stmt)
{
    static const guint8 room[KW_HASH_BYTES] = {0};

    g_return_if_fail(self != NULL && stmt != NULL);

    self->stmt = stmt;
    self->index = 0;
    start_bytes(self, room);
}

void
kw_row_add_int(KwRow *self, gint64 value)
{
    (void) sqlite3_bind_int64(self->stmt, ++self->index, value);
    put_word(self, 'i', (guint64) value);
}

void
kw_row_add_real(KwRow *self, gdouble value)
{
    kw_sql_bind_real(self->stmt, ++self->index, value);
    put_real(self, value);
}

void
kw_row_add_text(KwRow *self, const gchar *text)
{
    gsize length = strlen(text);

    (void) sqlite3_bind_text(self->stmt, ++self->index, text, (gint) length, SQLITE_STATIC);
    put_bytes(self, 't', text, length);
}

void
kw_row_add_decimal(KwRow *self, KwDecimal value)
{
    gchar text[KW_DECIMAL_TEXT_SIZE];

    (void) kw_decimal_to_text(value, text);
    (void) sqlite3_bind_text(self->stmt, ++self->index, text, -1, SQLITE_TRANSIENT);
    put_bytes(self, 't', text, strlen(text));
}

gboolean
kw_row_end(KwRow *self, const guint8 *previous, guint8 *out_hash, GError **error)
{
    sqlite3_stmt *stmt = g_steal_pointer(&self->stmt);
    guint8 hash[KW_HASH_BYTES];

    g_return_val_if_fail(stmt != NULL, FALSE);

    if (previous != NULL)
        memcpy(self->bytes->data, previous, KW_HASH_BYTES);
    hash_out(self, hash);
    (void) sqlite3_bind_blob(stmt, self->index + 1, hash, KW_HASH_BYTES, SQLITE_STATIC);
    if (!kw_sql_step_done(stmt, error))
        return FALSE;
    memcpy(out_hash, hash, KW_HASH_BYTES);
    return TRUE;
}

/* -- checking -- */

static void
put_column(KwRow *self, sqlite3_stmt *stmt, gint index)
{
    switch (sqlite3_column_type(stmt, index)) {
    case SQLITE_INTEGER:
        put_word(self, 'i', (guint64) sqlite3_column_int64(stmt, index));
        break;
    case SQLITE_FLOAT:
        put_real(self, sqlite3_column_double(stmt, index));
        break;
    case SQLITE_NULL:
        put_word(self, 'n', 0);
        break;
    default:
        put_bytes(self, 't', sqlite3_column_blob(stmt, index),
                  (gsize) sqlite3_column_bytes(stmt, index));
        break;
    }
}

gboolean
kw_row_check(KwRow *self, sqlite3_stmt *stmt, guint8 *inout_hash)
{
    gint last = sqlite3_column_count(stmt) - 1;
    guint8 hash[KW_HASH_BYTES];

    start_bytes(self, inout_hash);
    for (gint i = 0; i < last; i++)
        put_column(self, stmt, i);
    hash_out(self, hash);
    memcpy(inout_hash, hash, KW_HASH_BYTES);
    return sqlite3_column_bytes(stmt, last) == KW_HASH_BYTES &&
           memcmp(sqlite3_column_blob(stmt, last), hash, KW_HASH_BYTES) == 0;
}

gboolean
kw_row_check_single(KwRow *self, sqlite3_stmt *stmt)
{
    guint8 hash[KW_HASH_BYTES] = {0};

    return kw_row_check(self, stmt, hash);
}

void
kw_row_hash_bytes(KwRow *self, gconstpointer data, gsize length, guint8 *out_hash)
{
    start_bytes(self, NULL);
    g_byte_array_append(self->bytes, data, (guint) length);
    hash_out(self, out_hash);
}
