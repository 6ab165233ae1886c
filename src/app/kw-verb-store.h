/* kw-verb-store.h: `kurswart backup` and `kurswart restore` */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * kw_verb_backup:
 * @argv: the verb and what follows it: --root DIR, --to DIR, --keep N, --json
 *
 * May run beside the daemon.
 *
 * Returns: 0, 2 (usage), EX_IOERR, EX_CANTCREAT (no room) or EX_DATAERR (damaged; old backups
 * stay)
 */
int kw_verb_backup(int argc, char **argv);

/**
 * kw_verb_restore:
 * @argv: the verb and what follows it: --root DIR, --from DIR (a backup, or the folder of all:
 *   then the newest), --json
 *
 * Returns: 0, 2 (usage), EX_TEMPFAIL (the daemon runs), EX_NOINPUT (no backup), EX_DATAERR
 *   (the backup is damaged; nothing was touched) or EX_IOERR
 */
int kw_verb_restore(int argc, char **argv);

G_END_DECLS
