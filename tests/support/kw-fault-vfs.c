/* kw-fault-vfs.c: wraps SQLite's own file system; passes everything on, or fails
 *
 * Sits below SQLite, so that its own handling of a full disk and of a failed sync is run, which
 * a page limit or a fake statement would not do. */
#include "kw-fault-vfs.h"

#include <sqlite3.h>

#include <string.h>

typedef struct {
    sqlite3_file base;
    const char *name;    /* borrowed from SQLite */
    sqlite3_file *below; /* behind this struct */
} FaultFile;

static sqlite3_vfs vfs;
static sqlite3_vfs *below_vfs;
static gint fault; /* atomic; KwVfsFault */
static gint n_hits;
static const gchar *fault_part = "";

static sqlite3_file *
below_of(sqlite3_file *file)
{
    return ((FaultFile *) file)->below;
}

static gboolean
hits(sqlite3_file *file, KwVfsFault wanted)
{
    const char *name = ((FaultFile *) file)->name;
    const gchar *part = g_atomic_pointer_get(&fault_part);

    if (g_atomic_int_get(&fault) != (gint) wanted)
        return FALSE;
    if (name != NULL && strstr(name, part) == NULL)
        return FALSE;
    (void) g_atomic_int_add(&n_hits, 1);
    return TRUE;
}

#define BELOW(file) below_of(file)->pMethods

static int
file_close(sqlite3_file *file)
{
    return BELOW(file)->xClose(below_of(file));
}

static int
file_read(sqlite3_file *file, void *data, int n, sqlite3_int64 at)
{
    return BELOW(file)->xRead(below_of(file), data, n, at);
}

static int
file_write(sqlite3_file *file, const void *data, int n, sqlite3_int64 at)
{
    if (hits(file, KW_VFS_FAULT_FULL))
        return SQLITE_FULL;
    return BELOW(file)->xWrite(below_of(file), data, n, at);
}

static int
file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    return BELOW(file)->xTruncate(below_of(file), size);
}

static int
file_sync(sqlite3_file *file, int flags)
{
    if (hits(file, KW_VFS_FAULT_SYNC))
        return SQLITE_IOERR_FSYNC;
    return BELOW(file)->xSync(below_of(file), flags);
}

static int
file_size(sqlite3_file *file, sqlite3_int64 *out)
{
    return BELOW(file)->xFileSize(below_of(file), out);
}

static int
file_lock(sqlite3_file *file, int level)
{
    return BELOW(file)->xLock(below_of(file), level);
}

static int
file_unlock(sqlite3_file *file, int level)
{
    return BELOW(file)->xUnlock(below_of(file), level);
}

static int
file_check(sqlite3_file *file, int *out)
{
    return BELOW(file)->xCheckReservedLock(below_of(file), out);
}

static int
file_control(sqlite3_file *file, int op, void *arg)
{
    return BELOW(file)->xFileControl(below_of(file), op, arg);
}

static int
file_sector(sqlite3_file *file)
{
    return BELOW(file)->xSectorSize(below_of(file));
}

static int
file_traits(sqlite3_file *file)
{
    return BELOW(file)->xDeviceCharacteristics(below_of(file));
}

static int
file_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
    return BELOW(file)->xShmMap(below_of(file), page, size, extend, out);
}

static int
file_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    return BELOW(file)->xShmLock(below_of(file), offset, n, flags);
}

static void
file_shm_barrier(sqlite3_file *file)
{
    BELOW(file)->xShmBarrier(below_of(file));
}

static int
file_shm_unmap(sqlite3_file *file, int remove)
{
    return BELOW(file)->xShmUnmap(below_of(file), remove);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

static int
vfs_open(sqlite3_vfs *self, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
    FaultFile *mine = (FaultFile *) file;
    int code;

    mine->name = name;
    mine->below = (sqlite3_file *) (mine + 1);
    code = below_vfs->xOpen(below_vfs, name, mine->below, flags, out_flags);
    mine->base.pMethods = mine->below->pMethods == NULL ? NULL : &methods;
    return code;
}

void
kw_fault_vfs_register(void)
{
    below_vfs = sqlite3_vfs_find(NULL);
    vfs = *below_vfs;
    vfs.zName = "kw-fault";
    vfs.szOsFile = (int) sizeof(FaultFile) + below_vfs->szOsFile;
    vfs.xOpen = vfs_open;
    (void) sqlite3_vfs_register(&vfs, 1);
}

void
kw_fault_vfs_set(KwVfsFault wanted, const gchar *part)
{
    g_atomic_pointer_set(&fault_part, part);
    g_atomic_int_set(&n_hits, 0);
    g_atomic_int_set(&fault, (gint) wanted);
}

guint
kw_fault_vfs_get_n_hits(void)
{
    return (guint) g_atomic_int_get(&n_hits);
}
