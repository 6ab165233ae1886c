#include "kw-doctor.h"

#include "kw-escape.h"
#include "kw-i18n.h"

#include <json-glib/json-glib.h>

#define MAX_TEXT 1000 /* bytes of a finding */

typedef struct {
    KwDoctorGrade grade;
    const gchar *name; /* static */
    gchar *text;       /* owned */
    gchar *mend;       /* owned; NULL: nothing to do */
} Entry;

static const struct {
    const gchar *label; /* for people */
    const gchar *word;  /* for machines */
} grades[] = {
    [KW_DOCTOR_OK] = {N_("OK"), "ok"},
    [KW_DOCTOR_WARNING] = {N_("warning"), "warning"},
    [KW_DOCTOR_FAULT] = {N_("fault"), "error"},
};

static void
entry_free(gpointer data)
{
    Entry *entry = data;

    g_free(entry->text);
    g_free(entry->mend);
    g_free(entry);
}

KwDoctor *
kw_doctor_new(const KwSettings *settings, gint64 now_us)
{
    KwDoctor *self = g_new0(KwDoctor, 1);

    self->settings = settings;
    self->now_us = now_us;
    self->findings = g_ptr_array_new_with_free_func(entry_free);
    return self;
}

void
kw_doctor_free(KwDoctor *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->findings, g_ptr_array_unref);
    g_free(self);
}

void
kw_doctor_add(KwDoctor *self,
              KwDoctorGrade grade,
              const gchar *name,
              const gchar *mend,
              const gchar *format,
              ...)
{
    Entry *entry = g_new0(Entry, 1);
    g_autofree gchar *text = NULL;
    va_list args;

    entry->grade = grade;
    entry->name = name;
    entry->mend = g_strdup(mend);
    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    entry->text = kw_escape_bytes(text, -1, MAX_TEXT); /* may quote what a damaged file holds */
    g_ptr_array_add(self->findings, entry);
}

static guint
count(const KwDoctor *self, KwDoctorGrade grade)
{
    guint n = 0;

    for (guint i = 0; i < self->findings->len; i++)
        n += ((const Entry *) self->findings->pdata[i])->grade == grade;
    return n;
}

KwDoctorGrade
kw_doctor_get_grade(const KwDoctor *self)
{
    if (count(self, KW_DOCTOR_FAULT) > 0)
        return KW_DOCTOR_FAULT;
    return count(self, KW_DOCTOR_WARNING) > 0 ? KW_DOCTOR_WARNING : KW_DOCTOR_OK;
}

/* printf counts bytes, the reader letters */
static void
append_padded(GString *out, const gchar *text, glong width)
{
    g_string_append(out, text);
    for (glong i = g_utf8_strlen(text, -1); i < width; i++)
        g_string_append_c(out, ' ');
}

gchar *
kw_doctor_to_text(const KwDoctor *self)
{
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < self->findings->len; i++) {
        const Entry *entry = self->findings->pdata[i];

        append_padded(out, _(grades[entry->grade].label), 9);
        append_padded(out, entry->name, 17);
        g_string_append_printf(out, "%s\n", entry->text);
        if (entry->mend != NULL)
            g_string_append_printf(out, "%26s-> %s\n", "", entry->mend);
    }
    if (kw_doctor_get_grade(self) == KW_DOCTOR_OK)
        g_string_append_printf(out, "\n%s\n", _("All is well."));
    else
        g_string_append_printf(out, _("\nFaults: %u, warnings: %u\n"),
                               count(self, KW_DOCTOR_FAULT), count(self, KW_DOCTOR_WARNING));
    return g_string_free(out, FALSE);
}

static void
add_text(JsonBuilder *builder, const gchar *name, const gchar *text)
{
    (void) json_builder_set_member_name(builder, name);
    if (text != NULL)
        (void) json_builder_add_string_value(builder, text);
    else
        (void) json_builder_add_null_value(builder);
}

gchar *
kw_doctor_to_json(const KwDoctor *self)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autoptr(JsonNode) root = NULL;

    (void) json_builder_begin_object(builder);
    (void) json_builder_set_member_name(builder, "ok");
    (void) json_builder_add_boolean_value(builder,
                                          kw_doctor_get_grade(self) != KW_DOCTOR_FAULT);
    (void) json_builder_set_member_name(builder, "checks");
    (void) json_builder_begin_array(builder);
    for (guint i = 0; i < self->findings->len; i++) {
        const Entry *entry = self->findings->pdata[i];

        (void) json_builder_begin_object(builder);
        add_text(builder, "name", entry->name);
        add_text(builder, "state", grades[entry->grade].word);
        add_text(builder, "text", entry->text);
        add_text(builder, "mend", entry->mend);
        (void) json_builder_end_object(builder);
    }
    (void) json_builder_end_array(builder);
    (void) json_builder_end_object(builder);
    root = json_builder_get_root(builder);
    return json_to_string(root, TRUE);
}
