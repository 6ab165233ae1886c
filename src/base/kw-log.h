/* kw-log.h: structured log lines with the trading mode, without secrets */
#pragma once

#include "kw-clock.h"
#include "kw-mode.h"
#include "kw-redact.h"

G_BEGIN_DECLS

/* A line: kw_log_warning("order refused", "KW_PAIR", pair, "KW_ERROR", error->message);
 * The message is short, English and constant, so that lines can be grouped; facts are fields.
 * A field whose value is NULL is left out. The file defines G_LOG_DOMAIN "kw-LAYER" first. */
#define kw_log_debug(...) kw_log_event(G_LOG_DOMAIN, G_LOG_LEVEL_DEBUG, __VA_ARGS__, NULL)
#define kw_log_info(...) kw_log_event(G_LOG_DOMAIN, G_LOG_LEVEL_INFO, __VA_ARGS__, NULL)
#define kw_log_message(...) kw_log_event(G_LOG_DOMAIN, G_LOG_LEVEL_MESSAGE, __VA_ARGS__, NULL)
#define kw_log_warning(...) kw_log_event(G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, __VA_ARGS__, NULL)
#define kw_log_critical(...) kw_log_event(G_LOG_DOMAIN, G_LOG_LEVEL_CRITICAL, __VA_ARGS__, NULL)

/**
 * kw_log_event:
 * @message: followed by pairs of field name and value (strings), then %NULL
 *
 * For the macros above. Any thread.
 */
void kw_log_event(const gchar *domain, GLogLevelFlags level, const gchar *message, ...)
    G_GNUC_NULL_TERMINATED;

/**
 * KwLogFormat:
 * @KW_LOG_FORMAT_AUTO: the journal when the descriptor is the journal's, text on a terminal,
 *   else JSON
 * @KW_LOG_FORMAT_JSON: one JSON object a line
 * @KW_LOG_FORMAT_TEXT: for people
 */
typedef enum {
    KW_LOG_FORMAT_AUTO,
    KW_LOG_FORMAT_JSON,
    KW_LOG_FORMAT_TEXT,
} KwLogFormat;

/* %FALSE with %KW_PARSE_ERROR_SYNTAX; "auto", "json", "text" */
gboolean kw_log_format_from_string(const gchar *text, KwLogFormat *out, GError **error);

/* %FALSE with %KW_PARSE_ERROR_SYNTAX; "debug", "info", "message", "warning", "critical" */
gboolean kw_log_level_from_string(const gchar *text, GLogLevelFlags *out, GError **error);

/* The log of a process: main makes one, installs it and keeps it to the end. */
typedef struct _KwLog KwLog;

/* A line that a person should know of */
typedef struct {
    gint64 time_us;       /* UTC */
    GLogLevelFlags level; /* warning or critical */
    gchar *message;       /* owned */
    gchar *details;       /* owned: "pair=BTC/USDT error=\"...\"", may be empty */
} KwLogEntry;

void kw_log_entry_free(KwLogEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwLogEntry, kw_log_entry_free)

/**
 * kw_log_new:
 * @clock: gives the time of each line; its now_us must be callable from any thread that logs
 * @fd: descriptor for the lines, normally 2; stays the caller's
 * @n_kept: warnings that are remembered for views
 *
 * Level is info and mode dryrun until set.
 *
 * Returns: (transfer full)
 */
KwLog *kw_log_new(KwClock *clock, gint fd, KwLogFormat format, guint n_kept);

/* Not while installed */
void kw_log_free(KwLog *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwLog, kw_log_free)

/* Makes @self the writer of all GLib log lines of the process, once and for good, and turns off
 * SIGPIPE: a reader of our lines that goes away must not end us. */
void kw_log_install(KwLog *self);

void kw_log_set_mode(KwLog *self, KwMode mode);
void kw_log_set_level(KwLog *self, GLogLevelFlags most_verbose);

/* The value is masked in every line from now on. */
void kw_log_add_secret(KwLog *self, const KwSecret *secret);

/* (transfer none): what masks the lines, for other texts that are kept. Any thread. */
KwRedactor *kw_log_get_redactor(KwLog *self);

/**
 * kw_log_redact:
 * @text: anything
 *
 * Every line passes through here; see kw_redactor_apply(). For other texts that leave the
 * house, such as errors shown in the chat. Any thread.
 *
 * Returns: (transfer full): one line of valid UTF-8 without secrets and control characters
 */
gchar *kw_log_redact(KwLog *self, const gchar *text);

/* Writes one line; the GLogWriterFunc of kw_log_install(). @user_data is a KwLog. */
GLogWriterOutput
kw_log_write(GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data);

/* (transfer full) (element-type KwLogEntry): at most @max remembered warnings, newest first */
GPtrArray *kw_log_dup_recent(KwLog *self, guint max);

/* Lines that could not be written since the start */
guint kw_log_get_n_lost(KwLog *self);

G_END_DECLS
