/* kw-log.c: the writer behind every log line of the process
 *
 * A line goes level -> redaction and escaping of each field -> one output -> the ring of recent
 * warnings. Redaction works on single fields before they are put together: escaping could
 * otherwise split a secret, and a quote could end a rule early. A line that cannot be written
 * is counted and dropped; logging never stops the trading. The journal adds its own time and
 * process, so it gets fields as they are. */
#define G_LOG_DOMAIN "kw-base"

#include "kw-log.h"

#include "kw-date.h"
#include "kw-error.h"
#include "kw-escape.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/uio.h>
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>
#include <unistd.h>

#define MAX_RAW_BYTES 65536 /* of one field that are looked at */
#define MAX_BYTES 4096      /* of one field that are written */
#define MAX_FIELDS 24
#define MAX_JOURNAL_FIELDS (MAX_FIELDS + 5)

struct _KwLog {
    KwClock *clock; /* owned */
    KwRedactor *redactor;
    gint fd;
    KwLogFormat format; /* AUTO here means the journal */
    gint mode;          /* KwMode, atomic */
    gint level;         /* most verbose GLogLevelFlags that is written, atomic */
    gint n_lost;        /* atomic */
    GMutex lock;        /* guards recent, and keeps lines whole */
    GQueue recent;      /* owned KwLogEntry, newest at the head */
    guint n_kept;
};

/* A line on its way: values are safe to show */
typedef struct {
    gint64 time_us;
    GLogLevelFlags level;
    KwMode mode;
    const gchar *domain; /* borrowed from the fields */
    gchar *message;      /* owned */
    const gchar *keys[MAX_FIELDS];
    gchar *values[MAX_FIELDS]; /* owned */
    guint n_fields;
} Line;

static const struct {
    GLogLevelFlags level;
    const gchar *name;
    const gchar *priority; /* syslog's */
} levels[] = {
    {G_LOG_LEVEL_ERROR, "error", "3"},     {G_LOG_LEVEL_CRITICAL, "critical", "2"},
    {G_LOG_LEVEL_WARNING, "warning", "4"}, {G_LOG_LEVEL_MESSAGE, "message", "5"},
    {G_LOG_LEVEL_INFO, "info", "6"},       {G_LOG_LEVEL_DEBUG, "debug", "7"},
};

static guint
level_index(GLogLevelFlags level)
{
    for (guint i = 0; i < G_N_ELEMENTS(levels); i++)
        if ((level & levels[i].level) != 0)
            return i;
    return G_N_ELEMENTS(levels) - 1;
}

gboolean
kw_log_level_from_string(const gchar *text, GLogLevelFlags *out, GError **error)
{
    g_return_val_if_fail(text != NULL && out != NULL, FALSE);

    for (guint i = 1; i < G_N_ELEMENTS(levels); i++)
        if (strcmp(text, levels[i].name) == 0) {
            *out = levels[i].level;
            return TRUE;
        }
    g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX, "no log level");
    return FALSE;
}

gboolean
kw_log_format_from_string(const gchar *text, KwLogFormat *out, GError **error)
{
    static const gchar *const names[] = {"auto", "json", "text"};

    g_return_val_if_fail(text != NULL && out != NULL, FALSE);

    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        if (strcmp(text, names[i]) == 0) {
            *out = (KwLogFormat) i;
            return TRUE;
        }
    g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX, "no log format");
    return FALSE;
}

void
kw_log_event(const gchar *domain, GLogLevelFlags level, const gchar *message, ...)
{
    GLogField fields[MAX_FIELDS];
    gsize n = 0;
    const gchar *key;
    va_list args;

    g_return_if_fail(domain != NULL && message != NULL);

    fields[n++] = (GLogField){.key = "MESSAGE", .value = message, .length = -1};
    fields[n++] = (GLogField){
        .key = "PRIORITY", .value = levels[level_index(level)].priority, .length = -1};
    fields[n++] = (GLogField){.key = "GLIB_DOMAIN", .value = domain, .length = -1};
    va_start(args, message);
    while (n < G_N_ELEMENTS(fields) && (key = va_arg(args, const gchar *)) != NULL) {
        const gchar *value = va_arg(args, const gchar *);

        if (value != NULL)
            fields[n++] = (GLogField){.key = key, .value = value, .length = -1};
    }
    va_end(args);
    g_log_structured_array(level, fields, n);
}

/* -- making a line -- */

static gchar *
clean(KwLog *self, const gchar *bytes, gssize len)
{
    gsize n_bytes = len < 0 ? strnlen(bytes, MAX_RAW_BYTES) : MIN((gsize) len, MAX_RAW_BYTES);
    g_autofree gchar *raw = g_malloc(n_bytes + 1);
    g_autofree gchar *masked = NULL;

    memcpy(raw, bytes, n_bytes);
    raw[n_bytes] = '\0';
    for (gsize i = 0; i < n_bytes; i++)
        if (raw[i] == '\0')
            raw[i] = ' ';
    masked = kw_redactor_apply(self->redactor, raw);
    return kw_escape_bytes(masked, -1, MAX_BYTES);
}

gchar *
kw_log_redact(KwLog *self, const gchar *text)
{
    g_return_val_if_fail(self != NULL && text != NULL, NULL);

    return clean(self, text, -1);
}

/* A field that says by its name what it holds */
static gboolean
is_secret_key(const gchar *key)
{
    static const gchar *const names[] = {"SECRET", "PASSW", "API_KEY", "TOKEN", "CREDENTIAL"};

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (strstr(key, names[i]) != NULL && !g_str_has_suffix(key, "TOKENS"))
            return TRUE;
    return FALSE;
}

static void
line_take_field(Line *line, KwLog *self, const GLogField *field)
{
    static const gchar *const handled[] = {"PRIORITY", "KW_MODE", "GLIB_OLD_LOG_API", NULL};

    if (field->value == NULL || g_strv_contains(handled, field->key))
        return;
    if (strcmp(field->key, "MESSAGE") == 0) {
        g_free(line->message);
        line->message = clean(self, field->value, field->length);
    } else if (strcmp(field->key, "GLIB_DOMAIN") == 0) {
        line->domain = field->length < 0 ? field->value : line->domain;
    } else if (line->n_fields < MAX_FIELDS) {
        line->keys[line->n_fields] = field->key;
        line->values[line->n_fields++] = is_secret_key(field->key)
                                             ? g_strdup(KW_REDACT_MARK)
                                             : clean(self, field->value, field->length);
    }
}

static void
line_init(
    Line *line, KwLog *self, GLogLevelFlags level, const GLogField *fields, gsize n_fields)
{
    *line = (Line){.time_us = kw_clock_now_us(self->clock),
                   .level = level,
                   .mode = (KwMode) g_atomic_int_get(&self->mode),
                   .domain = "kurswart"};
    for (gsize i = 0; i < n_fields; i++)
        line_take_field(line, self, &fields[i]);
    if (line->message == NULL)
        line->message = g_strdup("");
}

static void
line_clear(Line *line)
{
    g_clear_pointer(&line->message, g_free);
    for (guint i = 0; i < line->n_fields; i++)
        g_clear_pointer(&line->values[i], g_free);
}

/* "KW_PAIR" -> "pair" */
static void
append_key(GString *out, const gchar *key)
{
    if (g_str_has_prefix(key, "KW_"))
        key += strlen("KW_");
    for (; *key != '\0'; key++)
        g_string_append_c(out, g_ascii_tolower(*key));
}

static void
append_quoted(GString *out, const gchar *text)
{
    g_string_append_c(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            g_string_append_c(out, '\\');
        g_string_append_c(out, *text);
    }
    g_string_append_c(out, '"');
}

static void
append_details(GString *out, const Line *line)
{
    for (guint i = 0; i < line->n_fields; i++) {
        const gchar *value = line->values[i];

        if (i > 0)
            g_string_append_c(out, ' ');
        append_key(out, line->keys[i]);
        g_string_append_c(out, '=');
        if (*value == '\0' || strpbrk(value, " =\"") != NULL)
            append_quoted(out, value);
        else
            g_string_append(out, value);
    }
}

static gchar *
line_to_text(const Line *line)
{
    GString *out = g_string_new(NULL);
    gchar time[KW_UTC_TEXT_SIZE];

    g_string_append_printf(out, "%s %s %s [%s] %s", kw_utc_to_text(line->time_us, time),
                           levels[level_index(line->level)].name, line->domain,
                           kw_mode_to_string(line->mode), line->message);
    if (line->n_fields > 0)
        g_string_append_c(out, ' ');
    append_details(out, line);
    g_string_append_c(out, '\n');
    return g_string_free(out, FALSE);
}

static gchar *
line_to_json(const Line *line)
{
    GString *out = g_string_new(NULL);
    gchar time[KW_UTC_TEXT_SIZE];

    g_string_append_printf(out, "{\"time\":\"%s\",\"level\":\"%s\",\"mode\":\"%s\",\"domain\":",
                           kw_utc_to_text(line->time_us, time),
                           levels[level_index(line->level)].name,
                           kw_mode_to_string(line->mode));
    append_quoted(out, line->domain);
    g_string_append(out, ",\"message\":");
    append_quoted(out, line->message);
    for (guint i = 0; i < line->n_fields; i++) {
        g_string_append(out, ",\"");
        append_key(out, line->keys[i]);
        g_string_append(out, "\":");
        append_quoted(out, line->values[i]);
    }
    g_string_append(out, "}\n");
    return g_string_free(out, FALSE);
}

/* -- writing it -- */

/* %TRUE when the whole line is out */
static gboolean
write_all(gint fd, const gchar *text)
{
    gsize left = strlen(text);

    while (left > 0) {
        gssize n = write(fd, text, left);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return FALSE;
        text += n;
        left -= (gsize) n;
    }
    return TRUE;
}

static gboolean
write_journal(const Line *line)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    struct iovec vectors[MAX_JOURNAL_FIELDS];

    g_ptr_array_add(texts, g_strdup_printf("MESSAGE=%s", line->message));
    g_ptr_array_add(texts,
                    g_strdup_printf("PRIORITY=%s", levels[level_index(line->level)].priority));
    g_ptr_array_add(texts, g_strdup_printf("KW_MODE=%s", kw_mode_to_string(line->mode)));
    g_ptr_array_add(texts, g_strdup_printf("GLIB_DOMAIN=%s", line->domain));
    g_ptr_array_add(texts, g_strdup("SYSLOG_IDENTIFIER=kurswart"));
    for (guint i = 0; i < line->n_fields; i++)
        g_ptr_array_add(texts, g_strdup_printf("%s=%s", line->keys[i], line->values[i]));
    for (guint i = 0; i < texts->len; i++) {
        vectors[i].iov_base = g_ptr_array_index(texts, i);
        vectors[i].iov_len = strlen(g_ptr_array_index(texts, i));
    }
    return sd_journal_sendv(vectors, (gint) texts->len) >= 0;
}

static void
remember(KwLog *self, const Line *line)
{
    g_autoptr(GString) details = g_string_new(NULL);
    KwLogEntry *entry = g_new0(KwLogEntry, 1);

    append_details(details, line);
    entry->time_us = line->time_us;
    entry->level = line->level;
    entry->message = g_strdup(line->message);
    entry->details = g_strdup(details->str);

    g_queue_push_head(&self->recent, entry);
    while (self->recent.length > self->n_kept)
        kw_log_entry_free(g_queue_pop_tail(&self->recent));
}

static gboolean
line_write(KwLog *self, const Line *line)
{
    g_autofree gchar *text = NULL;

    if (self->format == KW_LOG_FORMAT_AUTO && write_journal(line))
        return TRUE;
    text = self->format == KW_LOG_FORMAT_JSON ? line_to_json(line) : line_to_text(line);
    return write_all(self->fd, text);
}

GLogWriterOutput
kw_log_write(GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
    KwLog *self = user_data;
    const GLogLevelFlags serious =
        G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR;
    Line line;

    g_return_val_if_fail(self != NULL, G_LOG_WRITER_UNHANDLED);

    level &= G_LOG_LEVEL_MASK;
    if ((gint) level > g_atomic_int_get(&self->level))
        return G_LOG_WRITER_HANDLED;

    line_init(&line, self, level, fields, n_fields);
    g_mutex_lock(&self->lock);
    if (!line_write(self, &line))
        g_atomic_int_inc(&self->n_lost);
    if ((level & serious) != 0)
        remember(self, &line);
    g_mutex_unlock(&self->lock);
    line_clear(&line);
    return G_LOG_WRITER_HANDLED;
}

/* -- life -- */

KwLog *
kw_log_new(KwClock *clock, gint fd, KwLogFormat format, guint n_kept)
{
    KwLog *self = NULL;

    g_return_val_if_fail(KW_IS_CLOCK(clock), NULL);

    if (format == KW_LOG_FORMAT_AUTO && !g_log_writer_is_journald(fd))
        format = isatty(fd) ? KW_LOG_FORMAT_TEXT : KW_LOG_FORMAT_JSON;
    self = g_new0(KwLog, 1);
    self->clock = g_object_ref(clock);
    self->redactor = kw_redactor_new();
    self->fd = fd;
    self->format = format;
    self->mode = KW_MODE_DRYRUN;
    self->level = G_LOG_LEVEL_INFO;
    self->n_kept = n_kept;
    g_mutex_init(&self->lock);
    g_queue_init(&self->recent);
    return self;
}

void
kw_log_free(KwLog *self)
{
    if (self == NULL)
        return;
    g_queue_clear_full(&self->recent, (GDestroyNotify) kw_log_entry_free);
    g_mutex_clear(&self->lock);
    g_clear_pointer(&self->redactor, kw_redactor_free);
    g_clear_object(&self->clock);
    g_free(self);
}

void
kw_log_install(KwLog *self)
{
    g_return_if_fail(self != NULL);

    (void) signal(SIGPIPE, SIG_IGN);
    g_log_set_writer_func(kw_log_write, self, NULL);
}

void
kw_log_set_mode(KwLog *self, KwMode mode)
{
    g_return_if_fail(self != NULL);

    g_atomic_int_set(&self->mode, (gint) mode);
}

void
kw_log_set_level(KwLog *self, GLogLevelFlags most_verbose)
{
    g_return_if_fail(self != NULL);

    g_atomic_int_set(&self->level, (gint) most_verbose);
}

KwRedactor *
kw_log_get_redactor(KwLog *self)
{
    g_return_val_if_fail(self != NULL, NULL);

    return self->redactor;
}

void
kw_log_add_secret(KwLog *self, const KwSecret *secret)
{
    g_return_if_fail(self != NULL && secret != NULL);

    kw_redactor_add(self->redactor, secret);
}

void
kw_log_entry_free(KwLogEntry *entry)
{
    if (entry == NULL)
        return;
    g_free(entry->message);
    g_free(entry->details);
    g_free(entry);
}

static KwLogEntry *
entry_copy(const KwLogEntry *entry)
{
    KwLogEntry *copy = g_new0(KwLogEntry, 1);

    copy->time_us = entry->time_us;
    copy->level = entry->level;
    copy->message = g_strdup(entry->message);
    copy->details = g_strdup(entry->details);
    return copy;
}

GPtrArray *
kw_log_dup_recent(KwLog *self, guint max)
{
    GPtrArray *entries;

    g_return_val_if_fail(self != NULL, NULL);

    entries = g_ptr_array_new_with_free_func((GDestroyNotify) kw_log_entry_free);
    g_mutex_lock(&self->lock);
    for (GList *l = self->recent.head; l != NULL && entries->len < max; l = l->next)
        g_ptr_array_add(entries, entry_copy(l->data));
    g_mutex_unlock(&self->lock);
    return entries;
}

guint
kw_log_get_n_lost(KwLog *self)
{
    g_return_val_if_fail(self != NULL, 0);

    return (guint) g_atomic_int_get(&self->n_lost);
}
