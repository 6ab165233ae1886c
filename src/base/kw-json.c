/* kw-json.c: a guard before json-glib's parser, and typed access behind it
 *
 * json-glib recurses without a limit and accepts comments and other things that are no JSON.
 * One pass over the bytes before it bounds the depth and refuses what no JSON text contains
 * outside of strings. A parser of our own was dropped: the guard is thirty lines. */
#include "kw-json.h"

#include "kw-error.h"
#include "kw-escape.h"

#include <math.h>
#include <string.h>

static gboolean
refuse(KwParseError code, const gchar *what, gsize position, GError **error)
{
    g_set_error(error, KW_PARSE_ERROR, code, "json: %s at byte %" G_GSIZE_FORMAT, what,
                position);
    return FALSE;
}

/* Index of the quote that ends the string begun at @i, or @len */
static gsize
skip_string(const gchar *text, gsize len, gsize i)
{
    for (i++; i < len && text[i] != '"'; i++)
        if (text[i] == '\\')
            i++;
    return MIN(i, len);
}

static gboolean
is_blank(const gchar *text, gsize len, gsize i)
{
    while (i < len && strchr(" \t\r\n", text[i]) != NULL)
        i++;
    return i == len;
}

static gboolean
guard(const gchar *text, gsize len, GError **error)
{
    static const gchar allowed[] = "+-.:,0123456789 \t\r\nabcdefghijklmnopqrstuvwxyzE";
    const gchar *bad = NULL;
    guint depth = 0;

    if (!g_utf8_validate(text, (gssize) len, &bad))
        return refuse(KW_PARSE_ERROR_SYNTAX, "no UTF-8", (gsize) (bad - text), error);
    for (gsize i = 0; i < len; i++) {
        if (text[i] == '"') {
            i = skip_string(text, len, i);
        } else if (text[i] == '{' || text[i] == '[') {
            if (++depth > KW_JSON_MAX_DEPTH)
                return refuse(KW_PARSE_ERROR_LIMIT, "too deep", i, error);
        } else if (text[i] == '}' || text[i] == ']') {
            depth -= depth > 0;
            if (depth == 0)
                return is_blank(text, len, i + 1) ||
                       refuse(KW_PARSE_ERROR_SYNTAX, "more than one value", i + 1, error);
        } else if (memchr(allowed, text[i], sizeof allowed - 1) == NULL) {
            return refuse(KW_PARSE_ERROR_SYNTAX, "unexpected byte", i, error);
        }
    }
    return TRUE;
}

/* The first one at or behind @i, or @len */
static gsize
find_zero_escape(const gchar *text, gsize len, gsize i)
{
    for (; i + 1 < len; i++) {
        if (text[i] != '\\')
            continue;
        if (i + 6 <= len && memcmp(text + i + 1, "u0000", 5) == 0)
            return i;
        i++; /* whatever is escaped is no backslash that escapes */
    }
    return len;
}

gboolean
kw_json_has_zero_escape(const gchar *text, gsize length)
{
    g_return_val_if_fail(text != NULL, FALSE);

    return find_zero_escape(text, length, 0) < length;
}

/* json-glib would end a string there, and nobody would see that it went on.
 * Returns: (transfer full) (nullable): a text without them; %NULL when there are none */
static gchar *
replace_zeros(const gchar *text, gsize len)
{
    gsize at = find_zero_escape(text, len, 0);
    gchar *copy = at < len ? g_strndup(text, len) : NULL;

    for (; at < len; at = find_zero_escape(copy, len, at + 6))
        memcpy(copy + at + 2, "fffd", 4);
    return copy;
}

JsonNode *
kw_json_parse_text(const gchar *text, gssize len, GError **error)
{
    g_autoptr(JsonParser) parser = NULL;
    g_autofree gchar *whole = NULL;
    g_autoptr(GError) failure = NULL;
    JsonNode *root;

    g_return_val_if_fail(text != NULL || len == 0, NULL);

    if (len < 0)
        len = (gssize) strlen(text);
    if (text == NULL) /* what an empty GBytes has */
        text = "";
    if (!guard(text, (gsize) len, error))
        return NULL;
    whole = replace_zeros(text, (gsize) len);
    parser = json_parser_new();
    if (!json_parser_load_from_data(parser, whole != NULL ? whole : text, len, &failure)) {
        /* json-glib's message quotes the text: it says where, ours says no more */
        (void) refuse(KW_PARSE_ERROR_SYNTAX, "syntax error before the end", (gsize) len, error);
        return NULL;
    }
    root = json_parser_steal_root(parser);
    if (root == NULL)
        (void) refuse(KW_PARSE_ERROR_SYNTAX, "no value", 0, error);
    return root;
}

JsonNode *
kw_json_parse(GBytes *bytes, GError **error)
{
    gsize len = 0;
    const gchar *text;

    g_return_val_if_fail(bytes != NULL, NULL);

    text = g_bytes_get_data(bytes, &len);
    return kw_json_parse_text(text, (gssize) len, error);
}

/* -- typed access; @name NULL means element @index -- */

typedef struct {
    const gchar *name;
    guint index;
} Place;

static gboolean
fail(Place place, KwParseError code, const gchar *what, GError **error)
{
    if (place.name != NULL)
        g_set_error(error, KW_PARSE_ERROR, code, "%s: %s", place.name, what);
    else
        g_set_error(error, KW_PARSE_ERROR, code, "[%u]: %s", place.index, what);
    return FALSE;
}

static JsonNode *
find(JsonObject *object, JsonArray *array, Place place)
{
    if (place.name != NULL)
        return json_object_get_member(object, place.name);
    return place.index < json_array_get_length(array)
               ? json_array_get_element(array, place.index)
               : NULL;
}

static gboolean
is_type(JsonNode *node, GType type)
{
    return node != NULL && JSON_NODE_HOLDS_VALUE(node) &&
           json_node_get_value_type(node) == type;
}

static gboolean
take_string(JsonNode *node, Place place, const gchar **out, GError **error)
{
    if (!is_type(node, G_TYPE_STRING))
        return fail(place, KW_PARSE_ERROR_MEMBER, "no text", error);
    *out = json_node_get_string(node);
    return TRUE;
}

static gboolean
take_int(JsonNode *node, Place place, gint64 *out, GError **error)
{
    if (!is_type(node, G_TYPE_INT64))
        return fail(place, KW_PARSE_ERROR_MEMBER, "no whole number", error);
    *out = json_node_get_int(node);
    return TRUE;
}

static gboolean
take_double(JsonNode *node, Place place, gdouble *out, GError **error)
{
    gdouble value;

    if (!is_type(node, G_TYPE_DOUBLE) && !is_type(node, G_TYPE_INT64))
        return fail(place, KW_PARSE_ERROR_MEMBER, "no number", error);
    value = json_node_get_double(node);
    if (!isfinite(value))
        return fail(place, KW_PARSE_ERROR_RANGE, "number is not finite", error);
    *out = value;
    return TRUE;
}

/* All 15 to 17 digits of @value, whatever its size */
static gboolean
decimal_of_double(gdouble value, KwDecimal *out)
{
    for (gint scale = KW_DECIMAL_MAX_DIGITS; scale >= 0; scale--) {
        KwDecimal decimal;

        if (kw_decimal_from_double(value, (guint8) scale, KW_ROUND_HALF_UP, &decimal, NULL)) {
            *out = kw_decimal_trim(decimal);
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
take_decimal(JsonNode *node, Place place, KwDecimal *out, GError **error)
{
    g_autoptr(GError) failure = NULL;
    gdouble value = 0;
    KwDecimal decimal;

    if (is_type(node, G_TYPE_STRING)) {
        if (kw_decimal_parse(json_node_get_string(node), out, &failure))
            return TRUE;
        return fail(place, (KwParseError) failure->code, failure->message, error);
    }
    if (is_type(node, G_TYPE_INT64)) {
        g_autofree gchar *text = g_strdup_printf("%" G_GINT64_FORMAT, json_node_get_int(node));

        if (kw_decimal_parse(text, out, NULL))
            return TRUE;
        return fail(place, KW_PARSE_ERROR_RANGE, "too many digits", error);
    }
    if (!take_double(node, place, &value, error))
        return FALSE;
    if (!decimal_of_double(value, &decimal) || (decimal.mant == 0 && fabs(value) > 0))
        return fail(place, KW_PARSE_ERROR_RANGE, "too many digits", error);
    *out = decimal;
    return TRUE;
}

static gboolean
take_object(JsonNode *node, Place place, JsonObject **out, GError **error)
{
    if (node == NULL || !JSON_NODE_HOLDS_OBJECT(node))
        return fail(place, KW_PARSE_ERROR_MEMBER, "no object", error);
    *out = json_node_get_object(node);
    return TRUE;
}

static gboolean
take_array(JsonNode *node, Place place, JsonArray **out, GError **error)
{
    if (node == NULL || !JSON_NODE_HOLDS_ARRAY(node))
        return fail(place, KW_PARSE_ERROR_MEMBER, "no array", error);
    *out = json_node_get_array(node);
    return TRUE;
}

JsonObject *
kw_json_root_object(JsonNode *root, GError **error)
{
    JsonObject *object = NULL;

    (void) take_object(root, (Place){.name = "root"}, &object, error);
    return object;
}

JsonArray *
kw_json_root_array(JsonNode *root, GError **error)
{
    JsonArray *array = NULL;

    (void) take_array(root, (Place){.name = "root"}, &array, error);
    return array;
}

gboolean
kw_json_get_string(JsonObject *object, const gchar *name, const gchar **out, GError **error)
{
    Place place = {.name = name};

    g_return_val_if_fail(object != NULL && name != NULL && out != NULL, FALSE);

    return take_string(find(object, NULL, place), place, out, error);
}

gboolean
kw_json_get_int(JsonObject *object, const gchar *name, gint64 *out, GError **error)
{
    Place place = {.name = name};

    g_return_val_if_fail(object != NULL && name != NULL && out != NULL, FALSE);

    return take_int(find(object, NULL, place), place, out, error);
}

gboolean
kw_json_get_bool(JsonObject *object, const gchar *name, gboolean *out, GError **error)
{
    Place place = {.name = name};
    JsonNode *node;

    g_return_val_if_fail(object != NULL && name != NULL && out != NULL, FALSE);

    node = find(object, NULL, place);
    if (!is_type(node, G_TYPE_BOOLEAN))
        return fail(place, KW_PARSE_ERROR_MEMBER, "neither true nor false", error);
    *out = json_node_get_boolean(node);
    return TRUE;
}

gboolean
kw_json_get_object(JsonObject *object, const gchar *name, JsonObject **out, GError **error)
{
    Place place = {.name = name};

    g_return_val_if_fail(object != NULL && name != NULL && out != NULL, FALSE);

    return take_object(find(object, NULL, place), place, out, error);
}

gboolean
kw_json_get_array(JsonObject *object, const gchar *name, JsonArray **out, GError **error)
{
    Place place = {.name = name};

    g_return_val_if_fail(object != NULL && name != NULL && out != NULL, FALSE);

    return take_array(find(object, NULL, place), place, out, error);
}

gboolean
kw_json_get_double(JsonObject *object, const gchar *name, gdouble *out, GError **error)
{
    Place place = {.name = name};

    g_return_val_if_fail(object != NULL && name != NULL && out != NULL, FALSE);

    return take_double(find(object, NULL, place), place, out, error);
}

gboolean
kw_json_get_decimal(JsonObject *object, const gchar *name, KwDecimal *out, GError **error)
{
    Place place = {.name = name};

    g_return_val_if_fail(object != NULL && name != NULL && out != NULL, FALSE);

    return take_decimal(find(object, NULL, place), place, out, error);
}

gboolean
kw_json_has(JsonObject *object, const gchar *name)
{
    JsonNode *node;

    g_return_val_if_fail(object != NULL && name != NULL, FALSE);

    node = json_object_get_member(object, name);
    return node != NULL && !JSON_NODE_HOLDS_NULL(node);
}

gboolean
kw_json_at_string(JsonArray *array, guint index, const gchar **out, GError **error)
{
    Place place = {.index = index};

    g_return_val_if_fail(array != NULL && out != NULL, FALSE);

    return take_string(find(NULL, array, place), place, out, error);
}

gboolean
kw_json_at_int(JsonArray *array, guint index, gint64 *out, GError **error)
{
    Place place = {.index = index};

    g_return_val_if_fail(array != NULL && out != NULL, FALSE);

    return take_int(find(NULL, array, place), place, out, error);
}

gboolean
kw_json_at_double(JsonArray *array, guint index, gdouble *out, GError **error)
{
    Place place = {.index = index};

    g_return_val_if_fail(array != NULL && out != NULL, FALSE);

    return take_double(find(NULL, array, place), place, out, error);
}

gboolean
kw_json_at_decimal(JsonArray *array, guint index, KwDecimal *out, GError **error)
{
    Place place = {.index = index};

    g_return_val_if_fail(array != NULL && out != NULL, FALSE);

    return take_decimal(find(NULL, array, place), place, out, error);
}

gboolean
kw_json_at_object(JsonArray *array, guint index, JsonObject **out, GError **error)
{
    Place place = {.index = index};

    g_return_val_if_fail(array != NULL && out != NULL, FALSE);

    return take_object(find(NULL, array, place), place, out, error);
}

gboolean
kw_json_at_array(JsonArray *array, guint index, JsonArray **out, GError **error)
{
    Place place = {.index = index};

    g_return_val_if_fail(array != NULL && out != NULL, FALSE);

    return take_array(find(NULL, array, place), place, out, error);
}

/* -- writing -- */

void
kw_json_add_string(JsonBuilder *builder, const gchar *name, const gchar *value)
{
    g_return_if_fail(JSON_IS_BUILDER(builder) && name != NULL);

    (void) json_builder_set_member_name(builder, name);
    if (value == NULL) {
        (void) json_builder_add_null_value(builder);
    } else if (g_utf8_validate(value, -1, NULL)) {
        (void) json_builder_add_string_value(builder, value);
    } else {
        g_autofree gchar *escaped = kw_escape_bytes(value, -1, strlen(value));
        (void) json_builder_add_string_value(builder, escaped);
    }
}

void
kw_json_add_int(JsonBuilder *builder, const gchar *name, gint64 value)
{
    g_return_if_fail(JSON_IS_BUILDER(builder) && name != NULL);

    (void) json_builder_set_member_name(builder, name);
    (void) json_builder_add_int_value(builder, value);
}

void
kw_json_add_bool(JsonBuilder *builder, const gchar *name, gboolean value)
{
    g_return_if_fail(JSON_IS_BUILDER(builder) && name != NULL);

    (void) json_builder_set_member_name(builder, name);
    (void) json_builder_add_boolean_value(builder, value);
}

void
kw_json_add_double(JsonBuilder *builder, const gchar *name, gdouble value)
{
    g_return_if_fail(JSON_IS_BUILDER(builder) && name != NULL);

    (void) json_builder_set_member_name(builder, name);
    if (isfinite(value))
        (void) json_builder_add_double_value(builder, value);
    else
        (void) json_builder_add_null_value(builder);
}

void
kw_json_add_decimal(JsonBuilder *builder, const gchar *name, KwDecimal value)
{
    gchar text[KW_DECIMAL_TEXT_SIZE];

    kw_json_add_string(builder, name, kw_decimal_to_text(value, text));
}

gchar *
kw_json_to_text(JsonNode *root)
{
    g_return_val_if_fail(root != NULL, NULL);

    return json_to_string(root, FALSE);
}

gchar *
kw_json_builder_to_text(JsonBuilder *builder)
{
    g_autoptr(JsonNode) root = NULL;

    g_return_val_if_fail(JSON_IS_BUILDER(builder), NULL);

    root = json_builder_get_root(builder);
    return root != NULL ? kw_json_to_text(root) : NULL;
}
