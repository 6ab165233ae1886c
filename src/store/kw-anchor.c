/* kw-anchor.c: notices a database that went back in time
 *
 * A lost WAL file or an old copy put in place leaves a database that is sound in itself. The
 * anchor, 200 bytes in a second file, still knows how many rows there were. One pwrite() per
 * commit costs microseconds; a sync per commit would double the price of a commit for a check
 * that only has to work when somebody touched the files. */
#define G_LOG_DOMAIN "kw-store"

#include "kw-anchor.h"

#include "kw-error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define MAGIC G_GUINT64_CONSTANT(0x6b75727377617274)

typedef struct {
    guint64 magic;
    KwChainHeads heads;
    guint8 seal[KW_HASH_BYTES]; /* SHA-256 of what stands before */
} AnchorBytes;

struct _KwAnchor {
    gint fd;    /* owned */
    KwRow *row; /* owned */
};

static void
seal_bytes(KwRow *row, const AnchorBytes *bytes, guint8 *out)
{
    kw_row_hash_bytes(row, bytes, offsetof(AnchorBytes, seal), out);
}

KwAnchor *
kw_anchor_open(const gchar *root, GError **error)
{
    g_autofree gchar *path = g_build_filename(root, KW_ANCHOR_FILE, NULL);
    gint fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    KwAnchor *self;

    if (fd < 0) {
        g_set_error(error, KW_STORE_ERROR, KW_STORE_ERROR_OPEN, "%s: %s", path,
                    g_strerror(errno));
        return NULL;
    }
    self = g_new0(KwAnchor, 1);
    self->fd = fd;
    self->row = kw_row_new();
    return self;
}

void
kw_anchor_free(KwAnchor *self)
{
    if (self == NULL)
        return;
    (void) close(self->fd);
    kw_row_free(self->row);
    g_free(self);
}

void
kw_anchor_write(KwAnchor *self, const KwChainHeads *heads)
{
    AnchorBytes bytes = {.magic = MAGIC, .heads = *heads};

    seal_bytes(self->row, &bytes, bytes.seal);
    (void) !pwrite(self->fd, &bytes, sizeof bytes, 0);
}

gboolean
kw_anchor_read(const gchar *root, KwChainHeads *out)
{
    g_autofree gchar *path = g_build_filename(root, KW_ANCHOR_FILE, NULL);
    g_autoptr(KwRow) row = kw_row_new();
    g_autofree gchar *data = NULL;
    guint8 seal[KW_HASH_BYTES];
    AnchorBytes bytes;
    gsize length = 0;

    memset(out, 0, sizeof *out);
    if (!g_file_get_contents(path, &data, &length, NULL) || length != sizeof bytes)
        return FALSE;
    memcpy(&bytes, data, sizeof bytes);
    seal_bytes(row, &bytes, seal);
    if (bytes.magic != MAGIC || memcmp(seal, bytes.seal, KW_HASH_BYTES) != 0)
        return FALSE;
    *out = bytes.heads;
    return TRUE;
}

static gboolean
compare_head(sqlite3 *db, KwChain chain, const KwChainHead *known, GError **error)
{
    guint8 hash[KW_HASH_BYTES];

    if (!kw_chain_get_hash(db, chain, known->n_rows, hash, error))
        return FALSE;
    if (memcmp(hash, known->hash, KW_HASH_BYTES) == 0)
        return TRUE;
    g_set_error(error, KW_STORE_ERROR, KW_STORE_ERROR_CORRUPT,
                "table %s, row %" G_GINT64_FORMAT ": not the row that was written",
                kw_chain_to_string(chain), known->n_rows);
    return FALSE;
}

gboolean
kw_anchor_compare(sqlite3 *db, const KwChainHeads *anchor, guint64 *out_n_lost, GError **error)
{
    guint64 n_lost = 0;
    KwChainHeads heads;

    if (!kw_chain_load_heads(db, &heads, error))
        return FALSE;
    for (guint i = 0; i < KW_CHAIN_N; i++) {
        const KwChainHead *known = &anchor->heads[i];
        gint64 n_rows = heads.heads[i].n_rows;

        if (known->n_rows > n_rows)
            n_lost += (guint64) (known->n_rows - n_rows);
        else if (known->n_rows > 0 && !compare_head(db, (KwChain) i, known, error))
            return FALSE;
    }
    *out_n_lost = n_lost;
    return TRUE;
}
