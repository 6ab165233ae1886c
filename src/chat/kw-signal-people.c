/* kw-signal-people.c: names of the configuration to identities, keys and messages seen
 *
 * The identity is the person: it survives a new number, while whoever gets the old number, or
 * registers it anew, has another one and inherits nothing. A number in the configuration is a
 * convenience; it is bound to the identity that signal-cli knows of it, else to the first one
 * that comes with it. */
#include "kw-signal-people.h"

#include "kw-json.h"

#include <string.h>

struct _KwSignalPeople {
    GPtrArray *people; /* owned: KwSignalPerson, owned */
    GQueue seen;       /* owned: keys of messages, owned; oldest first */
};

static void
person_free(gpointer data)
{
    KwSignalPerson *person = data;

    g_free(person->name);
    g_free(person->uuid);
    g_free(person->fingerprint);
    g_free(person);
}

const gchar *
kw_signal_person_get_address(const KwSignalPerson *self)
{
    return self->uuid != NULL ? self->uuid : self->name;
}

const GPtrArray *
kw_signal_people_list(const KwSignalPeople *self)
{
    return self->people;
}

KwSignalPerson *
kw_signal_people_find_name(const KwSignalPeople *self, const gchar *name)
{
    for (guint i = 0; i < self->people->len; i++) {
        KwSignalPerson *person = self->people->pdata[i];

        if (g_ascii_strcasecmp(person->name, name) == 0)
            return person;
    }
    return NULL;
}

static KwSignalPerson *
find_uuid(const KwSignalPeople *self, const gchar *uuid)
{
    for (guint i = 0; i < self->people->len; i++) {
        KwSignalPerson *person = self->people->pdata[i];

        if (person->uuid != NULL && g_ascii_strcasecmp(person->uuid, uuid) == 0)
            return person;
    }
    return NULL;
}

KwSignalPerson *
kw_signal_people_recognise(KwSignalPeople *self, const KwSignalEnvelope *envelope)
{
    KwSignalPerson *person = NULL;

    g_return_val_if_fail(self != NULL && envelope != NULL, NULL);

    if (envelope->uuid != NULL)
        person = find_uuid(self, envelope->uuid);
    if (person != NULL || envelope->number == NULL)
        return person;
    person = kw_signal_people_find_name(self, envelope->number);
    if (person != NULL && person->uuid == NULL)
        person->uuid = g_strdup(envelope->uuid);
    return person;
}

gboolean
kw_signal_person_is_other(const KwSignalPerson *person, const KwSignalEnvelope *envelope)
{
    return person->uuid != NULL && envelope->uuid != NULL &&
           strcmp(person->uuid, envelope->uuid) != 0;
}

KwSignalPerson *
kw_signal_people_check_key(KwSignalPeople *self, const gchar *uuid, const gchar *fingerprint)
{
    KwSignalPerson *person;

    g_return_val_if_fail(self != NULL && uuid != NULL && fingerprint != NULL, NULL);

    person = find_uuid(self, uuid);
    if (person == NULL || g_strcmp0(person->fingerprint, fingerprint) == 0)
        return NULL;
    if (person->fingerprint == NULL) {
        person->fingerprint = g_strdup(fingerprint);
        return NULL;
    }
    return person;
}

gboolean
kw_signal_people_remember(KwSignalPeople *self, const gchar *key)
{
    g_return_val_if_fail(self != NULL && key != NULL, FALSE);

    if (g_queue_find_custom(&self->seen, key, (GCompareFunc) strcmp) != NULL)
        return FALSE;
    g_queue_push_tail(&self->seen, g_strdup(key));
    if (g_queue_get_length(&self->seen) > KW_SIGNAL_N_SEEN)
        g_free(g_queue_pop_head(&self->seen));
    return TRUE;
}

/* -- the mark -- */

static void
add_person(JsonBuilder *builder, const KwSignalPerson *person)
{
    json_builder_begin_object(builder);
    kw_json_add_string(builder, "name", person->name);
    if (person->uuid != NULL)
        kw_json_add_string(builder, "uuid", person->uuid);
    if (person->fingerprint != NULL)
        kw_json_add_string(builder, "key", person->fingerprint);
    if (person->is_held)
        kw_json_add_bool(builder, "held", TRUE);
    json_builder_end_object(builder);
}

gchar *
kw_signal_people_to_mark(const KwSignalPeople *self)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();

    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "people");
    json_builder_begin_array(builder);
    for (guint i = 0; i < self->people->len; i++)
        add_person(builder, self->people->pdata[i]);
    json_builder_end_array(builder);
    json_builder_set_member_name(builder, "seen");
    json_builder_begin_array(builder);
    for (GList *l = self->seen.head; l != NULL; l = l->next)
        json_builder_add_string_value(builder, l->data);
    json_builder_end_array(builder);
    json_builder_end_object(builder);
    return kw_json_builder_to_text(builder);
}

static void
read_person(KwSignalPeople *self, JsonObject *object)
{
    const gchar *text = NULL;
    KwSignalPerson *person = NULL;

    if (kw_json_get_string(object, "name", &text, NULL))
        person = kw_signal_people_find_name(self, text);
    if (person == NULL)
        return;
    if (person->uuid == NULL && kw_json_get_string(object, "uuid", &text, NULL))
        person->uuid = g_strdup(text);
    if (kw_json_get_string(object, "key", &text, NULL))
        person->fingerprint = g_strdup(text);
    (void) kw_json_get_bool(object, "held", &person->is_held, NULL);
}

static void
read_mark(KwSignalPeople *self, const gchar *mark)
{
    g_autoptr(JsonNode) root = kw_json_parse_text(mark, -1, NULL);
    JsonObject *object = root != NULL ? kw_json_root_object(root, NULL) : NULL;
    JsonArray *list = NULL;

    if (object == NULL)
        return;
    if (kw_json_get_array(object, "people", &list, NULL)) {
        for (guint i = 0; i < json_array_get_length(list); i++) {
            JsonObject *person = NULL;

            if (kw_json_at_object(list, i, &person, NULL))
                read_person(self, person);
        }
    }
    if (!kw_json_get_array(object, "seen", &list, NULL))
        return;
    for (guint i = 0; i < json_array_get_length(list); i++) {
        const gchar *key = NULL;

        if (kw_json_at_string(list, i, &key, NULL))
            (void) kw_signal_people_remember(self, key);
    }
}

/* -- life -- */

static void
add_people(KwSignalPeople *self, const gchar *const *names, gboolean is_owner)
{
    for (gsize i = 0; names[i] != NULL; i++) {
        KwSignalPerson *person;

        if (kw_signal_people_find_name(self, names[i]) != NULL)
            continue;
        person = g_new0(KwSignalPerson, 1);
        person->name = g_strdup(names[i]);
        person->is_owner = is_owner;
        if (kw_signal_is_uuid(names[i]))
            person->uuid = g_ascii_strdown(names[i], -1);
        g_ptr_array_add(self->people, person);
    }
}

KwSignalPeople *
kw_signal_people_new(const gchar *const *owners, const gchar *const *readers, const gchar *mark)
{
    KwSignalPeople *self;

    g_return_val_if_fail(owners != NULL && readers != NULL, NULL);

    self = g_new0(KwSignalPeople, 1);
    self->people = g_ptr_array_new_with_free_func(person_free);
    g_queue_init(&self->seen);
    add_people(self, owners, TRUE);
    add_people(self, readers, FALSE);
    if (mark != NULL)
        read_mark(self, mark);
    return self;
}

void
kw_signal_people_free(KwSignalPeople *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref(self->people);
    g_queue_clear_full(&self->seen, g_free);
    g_free(self);
}
