#include "kw-kraken-json.h"

#include "kw-date.h"
#include "kw-error.h"
#include "kw-escape.h"

#include <math.h>
#include <string.h>

#define MAX_SECONDS 4e9 /* the year 2096 */

static gboolean
fail(const gchar *name, const gchar *what, GError **error)
{
    g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_MEMBER, "%s: %s", name, what);
    return FALSE;
}

static gboolean
holds(JsonNode *node, GType type)
{
    return node != NULL && JSON_NODE_HOLDS_VALUE(node) &&
           json_node_get_value_type(node) == type;
}

static JsonNode *
element(JsonArray *array, guint index)
{
    return index < json_array_get_length(array) ? json_array_get_element(array, index) : NULL;
}

/* -- numbers -- */

static gboolean
read_int(JsonNode *node, const gchar *name, gint64 *out, GError **error)
{
    if (holds(node, G_TYPE_INT64)) {
        *out = json_node_get_int(node);
        return TRUE;
    }
    if (holds(node, G_TYPE_STRING) &&
        g_ascii_string_to_signed(json_node_get_string(node), 10, G_MININT64, G_MAXINT64, out,
                                 NULL))
        return TRUE;
    return fail(name, "no whole number", error);
}

static gboolean
read_seconds(JsonNode *node, const gchar *name, gint64 *out, GError **error)
{
    KwDecimal text_value;
    gdouble seconds;

    if (holds(node, G_TYPE_STRING)) {
        if (!kw_decimal_parse(json_node_get_string(node), &text_value, NULL))
            return fail(name, "no time in seconds", error);
        seconds = kw_decimal_to_double(text_value);
    } else if (holds(node, G_TYPE_DOUBLE) || holds(node, G_TYPE_INT64)) {
        seconds = json_node_get_double(node);
    } else {
        return fail(name, "no time in seconds", error);
    }
    if (!(seconds >= 0 && seconds <= MAX_SECONDS))
        return fail(name, "no time in seconds", error);
    *out = (gint64) llround(seconds * 1e6);
    return TRUE;
}

gboolean
kw_kraken_get_int(JsonObject *object, const gchar *name, gint64 *out, GError **error)
{
    g_return_val_if_fail(object != NULL && name != NULL && out != NULL, FALSE);

    return read_int(json_object_get_member(object, name), name, out, error);
}

gboolean
kw_kraken_at_int(JsonArray *array, guint index, gint64 *out, GError **error)
{
    g_return_val_if_fail(array != NULL && out != NULL, FALSE);

    return read_int(element(array, index), "element", out, error);
}

gboolean
kw_kraken_get_seconds(JsonObject *object, const gchar *name, gint64 *out, GError **error)
{
    g_return_val_if_fail(object != NULL && name != NULL && out != NULL, FALSE);

    return read_seconds(json_object_get_member(object, name), name, out, error);
}

gboolean
kw_kraken_at_seconds(JsonArray *array, guint index, gint64 *out, GError **error)
{
    g_return_val_if_fail(array != NULL && out != NULL, FALSE);

    return read_seconds(element(array, index), "element", out, error);
}

gboolean
kw_kraken_get_decimal_or_zero(JsonObject *object,
                              const gchar *name,
                              KwDecimal *out,
                              GError **error)
{
    g_return_val_if_fail(object != NULL && name != NULL && out != NULL, FALSE);

    if (!kw_json_has(object, name) ||
        (holds(json_object_get_member(object, name), G_TYPE_STRING) &&
         *kw_kraken_get_text(object, name) == '\0')) {
        *out = KW_DECIMAL_ZERO;
        return TRUE;
    }
    return kw_json_get_decimal(object, name, out, error);
}

/* -- texts and times -- */

const gchar *
kw_kraken_get_text(JsonObject *object, const gchar *name)
{
    JsonNode *node;

    g_return_val_if_fail(object != NULL && name != NULL, "");

    node = json_object_get_member(object, name);
    return holds(node, G_TYPE_STRING) ? json_node_get_string(node) : "";
}

/* @n digits of @text at @at as a number, or -1 */
static gint
digits(const gchar *text, gsize at, guint n)
{
    gint value = 0;

    for (guint i = 0; i < n; i++) {
        if (!g_ascii_isdigit(text[at + i]))
            return -1;
        value = value * 10 + g_ascii_digit_value(text[at + i]);
    }
    return value;
}

static gboolean
read_fraction(const gchar *text, gint64 *out_us)
{
    gint64 us = 0;
    guint n = 0;

    if (*text == '.') {
        for (text++; g_ascii_isdigit(*text); text++, n++)
            us = n < 6 ? us * 10 + g_ascii_digit_value(*text) : us;
        for (; n < 6; n++)
            us *= 10;
    }
    *out_us = us;
    return strcmp(text, "Z") == 0;
}

gboolean
kw_kraken_get_instant(JsonObject *object, const gchar *name, gint64 *out, GError **error)
{
    static const gchar form[] = "0000-00-00T00:00:00";
    const gchar *text = kw_kraken_get_text(object, name);
    gint64 fraction_us;
    KwDate date;

    for (gsize i = 0; form[i] != '\0'; i++) {
        if (form[i] == '0' ? !g_ascii_isdigit(text[i]) : text[i] != form[i])
            return fail(name, "no UTC instant", error);
    }
    date =
        (KwDate){digits(text, 0, 4), (guint8) digits(text, 5, 2), (guint8) digits(text, 8, 2)};
    if (!kw_date_is_valid(date) || digits(text, 11, 2) > 23 || digits(text, 14, 2) > 59 ||
        digits(text, 17, 2) > 60 || !read_fraction(text + sizeof form - 1, &fraction_us))
        return fail(name, "no UTC instant", error);
    *out = kw_date_to_days(date) * KW_US_PER_DAY + fraction_us +
           G_USEC_PER_SEC * (G_GINT64_CONSTANT(3600) * digits(text, 11, 2) +
                             60 * digits(text, 14, 2) + digits(text, 17, 2));
    return TRUE;
}

/* -- envelope -- */

void
kw_kraken_answer_clear(KwKrakenAnswer *self)
{
    g_clear_pointer(&self->root, json_node_unref);
    g_clear_pointer(&self->failure, g_free);
    self->result = NULL;
}

static gboolean
read_failure(JsonArray *errors, KwKrakenAnswer *out, GError **error)
{
    for (guint i = 0; i < json_array_get_length(errors); i++) {
        const gchar *text = NULL;

        if (!kw_json_at_string(errors, i, &text, error))
            return FALSE;
        if (out->failure == NULL && *text != 'W')
            out->failure = kw_escape_bytes(text, -1, 200);
    }
    return TRUE;
}

gboolean
kw_kraken_answer_parse(GBytes *body, KwKrakenAnswer *out, GError **error)
{
    g_auto(KwKrakenAnswer) answer = {0};
    JsonObject *object;
    JsonArray *errors = NULL;

    g_return_val_if_fail(body != NULL && out != NULL, FALSE);

    answer.root = kw_json_parse(body, error);
    object = answer.root != NULL ? kw_json_root_object(answer.root, error) : NULL;
    if (object == NULL || !kw_json_get_array(object, "error", &errors, error) ||
        !read_failure(errors, &answer, error))
        return FALSE;
    if (kw_json_has(object, "result"))
        answer.result = json_object_get_member(object, "result");
    if (answer.result == NULL && answer.failure == NULL)
        return fail("result", "is missing", error);
    *out = answer;
    answer = (KwKrakenAnswer){0};
    return TRUE;
}

JsonObject *
kw_kraken_answer_get_object(const KwKrakenAnswer *self, GError **error)
{
    g_return_val_if_fail(self != NULL, NULL);

    if (self->result != NULL && JSON_NODE_HOLDS_OBJECT(self->result))
        return json_node_get_object(self->result);
    (void) fail("result", "no object", error);
    return NULL;
}

JsonNode *
kw_kraken_find_rows(JsonObject *result, GError **error)
{
    JsonObjectIter iter;
    const gchar *name;
    JsonNode *node, *found = NULL;

    g_return_val_if_fail(result != NULL, NULL);

    json_object_iter_init_ordered(&iter, result);
    while (json_object_iter_next_ordered(&iter, &name, &node)) {
        if (strcmp(name, "last") == 0)
            continue;
        if (found != NULL) {
            (void) fail("result", "more than one pair", error);
            return NULL;
        }
        found = node;
    }
    if (found == NULL)
        (void) fail("result", "no pair", error);
    return found;
}
