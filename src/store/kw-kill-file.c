/* kw-kill-file.c: the kill latch as one line of text
 *
 * Releasing writes the journal first and this file last, tripping the other way round; so a
 * crash in between always leaves "on" in one of the two places, and reading lets that win. */
#define G_LOG_DOMAIN "kw-store"

#include "kw-kill-file.h"

#include "kw-error.h"

#include <glib/gstdio.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

void
kw_kill_record_clear(KwKillRecord *record)
{
    g_clear_pointer(&record->reason, g_free);
}

gchar *
kw_kill_record_to_text(KwKillState state, gint64 time_us, const gchar *reason)
{
    g_autofree gchar *clean = g_strndup(reason == NULL ? "" : reason, KW_KILL_MAX_REASON);

    g_strdelimit(clean, "\r\n", ' ');
    return g_strdup_printf("%s %" G_GINT64_FORMAT " %s\n", state == KW_KILL_OFF ? "off" : "on",
                           time_us, clean);
}

/* @out must be clear; UNREADABLE when the text is anything but what is written above */
static void
parse_record(const gchar *text, KwKillRecord *out)
{
    g_auto(GStrv) parts = g_strsplit(text, " ", 3);
    gint64 time_us;
    gboolean is_on;

    out->state = KW_KILL_UNREADABLE;
    if (g_strv_length(parts) != 3 || !g_str_has_suffix(text, "\n"))
        return;
    is_on = g_str_equal(parts[0], "on");
    if (!is_on && !g_str_equal(parts[0], "off"))
        return;
    if (!g_ascii_string_to_signed(parts[1], 10, 0, G_MAXINT64, &time_us, NULL))
        return;
    out->state = is_on ? KW_KILL_ON : KW_KILL_OFF;
    out->time_us = time_us;
    out->reason = g_strdup(g_strstrip(parts[2]));
}

/* Returns: %FALSE when there is no file */
static gboolean
read_file(const gchar *root, KwKillRecord *out)
{
    g_autofree gchar *path = g_build_filename(root, KW_KILL_FILE, NULL);
    g_autoptr(GError) error = NULL;
    g_autofree gchar *text = NULL;

    if (g_file_get_contents(path, &text, NULL, &error)) {
        parse_record(text, out);
        return TRUE;
    }
    out->state = KW_KILL_UNREADABLE;
    return !g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

void
kw_kill_file_read(const gchar *root, const gchar *meta, KwKillRecord *out)
{
    g_auto(KwKillRecord) file = {.state = KW_KILL_OFF};
    g_auto(KwKillRecord) row = {.state = KW_KILL_OFF};
    KwKillRecord *winner = &file;

    g_return_if_fail(root != NULL && out != NULL);

    if (!read_file(root, &file))
        file.state = KW_KILL_OFF;
    if (meta != NULL)
        parse_record(meta, &row);

    if (file.state != KW_KILL_ON && (row.state == KW_KILL_ON || file.state == KW_KILL_OFF))
        winner = &row;
    *out = *winner;
    winner->reason = NULL;
}

/* -- writing -- */

static gboolean
fail_errno(GError **error, const gchar *path)
{
    gint saved = errno;

    g_set_error(error, KW_STORE_ERROR,
                saved == ENOSPC ? KW_STORE_ERROR_FULL : KW_STORE_ERROR_IO, "%s: %s", path,
                g_strerror(saved));
    return FALSE;
}

static gboolean
write_text(const gchar *path, const gchar *text, gint flags, GError **error)
{
    gint fd = open(path, O_WRONLY | O_CLOEXEC | flags, 0600);
    gsize length = strlen(text);
    gboolean is_ok;

    if (fd < 0)
        return fail_errno(error, path);
    is_ok = write(fd, text, length) == (gssize) length;
    if (!is_ok)
        (void) fail_errno(error, path);
    (void) close(fd);
    return is_ok;
}

static gboolean
sync_path(const gchar *path, gint flags, GError **error)
{
    gint fd = open(path, O_RDONLY | O_CLOEXEC | flags);
    gboolean is_ok = fd >= 0 && fsync(fd) == 0;

    if (!is_ok)
        (void) fail_errno(error, path);
    if (fd >= 0)
        (void) close(fd);
    return is_ok;
}

static gboolean
replace_file(const gchar *path, const gchar *text, GError **error)
{
    g_autofree gchar *next = g_strconcat(path, ".next", NULL);

    if (!write_text(next, text, O_CREAT | O_TRUNC, error)) {
        (void) g_unlink(next);
        return FALSE;
    }
    if (g_rename(next, path) != 0)
        return fail_errno(error, path);
    return TRUE;
}

gboolean
kw_kill_file_write(
    const gchar *root, KwKillState state, gint64 time_us, const gchar *reason, GError **error)
{
    g_autofree gchar *path = NULL;
    g_autofree gchar *text = NULL;

    g_return_val_if_fail(root != NULL && state != KW_KILL_UNREADABLE, FALSE);

    path = g_build_filename(root, KW_KILL_FILE, NULL);
    text = kw_kill_record_to_text(state, time_us, reason);
    if (replace_file(path, text, error))
        return TRUE;
    /* No room for a second file: over the first one. Torn it is unreadable, which is "on". */
    if (state == KW_KILL_OFF || !write_text(path, text, 0, NULL))
        return FALSE;
    g_clear_error(error);
    return TRUE;
}

gboolean
kw_kill_file_sync(const gchar *root, GError **error)
{
    g_autofree gchar *path = NULL;

    g_return_val_if_fail(root != NULL, FALSE);

    path = g_build_filename(root, KW_KILL_FILE, NULL);
    return sync_path(path, 0, error) && sync_path(root, O_DIRECTORY, error);
}
