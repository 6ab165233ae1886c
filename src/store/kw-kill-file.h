/* kw-kill-file.h: the kill latch on disk, beside the database and independent of it */
#pragma once

#include "kw-kill-switch.h"

G_BEGIN_DECLS

#define KW_KILL_FILE "kill.latch"
#define KW_KILL_META_KEY "kill" /* the same text as a meta row of the journal */
#define KW_KILL_MAX_REASON 200

/**
 * KwKillRecord:
 * @state: ON or OFF when written; UNREADABLE only ever comes from reading
 * @reason: (nullable): owned by the record
 */
typedef struct {
    KwKillState state;
    gint64 time_us;
    gchar *reason;
} KwKillRecord;

void kw_kill_record_clear(KwKillRecord *record);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KwKillRecord, kw_kill_record_clear)

/* (transfer full): "on 1773235800000000 daily loss", for the file and for the meta row */
gchar *kw_kill_record_to_text(KwKillState state, gint64 time_us, const gchar *reason);

/**
 * kw_kill_file_write:
 *
 * Whole or not at all: written beside, renamed over. From here on it holds whatever becomes of
 * the process; kw_kill_file_sync() makes it outlast the machine. The switch must hold even when
 * the database is not writable.
 *
 * Returns: %FALSE with a #KwStoreError
 */
gboolean kw_kill_file_write(
    const gchar *root, KwKillState state, gint64 time_us, const gchar *reason, GError **error);

/* Brings file and name to the disk; two syncs, so on any thread but the main one. A file torn
 * by a power cut before that is unreadable, which is "on". Returns: %FALSE with a #KwStoreError
 */
gboolean kw_kill_file_sync(const gchar *root, GError **error);

/**
 * kw_kill_file_read:
 * @meta: (nullable): value of %KW_KILL_META_KEY in the journal, %NULL when there is none
 * @out: (out caller-allocates): what counts
 *
 * ON in either place is ON. OFF needs that nothing contradicts it: a file or a meta value that
 * cannot be read or understood gives UNREADABLE. Neither there: OFF (first start).
 */
void kw_kill_file_read(const gchar *root, const gchar *meta, KwKillRecord *out);

G_END_DECLS
