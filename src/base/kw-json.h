/* kw-json.h: JSON of strangers, read within bounds, and JSON of ours, written */
#pragma once

#include "kw-decimal.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define KW_JSON_MAX_DEPTH 32

/**
 * kw_json_parse:
 * @bytes: UTF-8 text of one JSON value; the caller bounds its length
 *
 * Stricter than the parser underneath: depth at most %KW_JSON_MAX_DEPTH, valid UTF-8, no NUL,
 * no comments. An escaped zero byte is read as U+FFFD: a string ends at its end, and what is
 * not whole can be told.
 *
 * Returns: (transfer full): the root, or %NULL with %KW_PARSE_ERROR_SYNTAX or
 *   %KW_PARSE_ERROR_LIMIT; the message has a position and nothing of the content. Any thread.
 */
JsonNode *kw_json_parse(GBytes *bytes, GError **error);

/* The same for memory; @len may be -1 */
JsonNode *kw_json_parse_text(const gchar *text, gssize len, GError **error);

/* TRUE when a string of it holds an escaped zero byte */
gboolean kw_json_has_zero_escape(const gchar *text, gsize length);

/* (transfer none): the root as an object or array; %KW_PARSE_ERROR_MEMBER when it is none */
JsonObject *kw_json_root_object(JsonNode *root, GError **error);
JsonArray *kw_json_root_array(JsonNode *root, GError **error);

/* Members of an object. Each sets @out and returns %TRUE, or leaves it and returns %FALSE with
 * %KW_PARSE_ERROR_MEMBER (missing, null or of another type) or %KW_PARSE_ERROR_RANGE; the
 * message begins with the name. Borrowed results live as long as the object. */
gboolean
kw_json_get_string(JsonObject *object, const gchar *name, const gchar **out, GError **error);
gboolean kw_json_get_int(JsonObject *object, const gchar *name, gint64 *out, GError **error);
gboolean kw_json_get_bool(JsonObject *object, const gchar *name, gboolean *out, GError **error);
gboolean
kw_json_get_object(JsonObject *object, const gchar *name, JsonObject **out, GError **error);
gboolean
kw_json_get_array(JsonObject *object, const gchar *name, JsonArray **out, GError **error);

/* A finite number */
gboolean
kw_json_get_double(JsonObject *object, const gchar *name, gdouble *out, GError **error);

/* A decimal as text or as a number; of a number the shortest text that reads back as it. */
gboolean
kw_json_get_decimal(JsonObject *object, const gchar *name, KwDecimal *out, GError **error);

/* %TRUE when the member is there and not null */
gboolean kw_json_has(JsonObject *object, const gchar *name);

/* Elements of an array, by the same rules; the message begins with "[index]" */
gboolean kw_json_at_string(JsonArray *array, guint index, const gchar **out, GError **error);
gboolean kw_json_at_int(JsonArray *array, guint index, gint64 *out, GError **error);
gboolean kw_json_at_double(JsonArray *array, guint index, gdouble *out, GError **error);
gboolean kw_json_at_decimal(JsonArray *array, guint index, KwDecimal *out, GError **error);
gboolean kw_json_at_object(JsonArray *array, guint index, JsonObject **out, GError **error);
gboolean kw_json_at_array(JsonArray *array, guint index, JsonArray **out, GError **error);

/* -- writing: members of the object that @builder is in -- */

/* @value NULL writes null; invalid UTF-8 is escaped */
void kw_json_add_string(JsonBuilder *builder, const gchar *name, const gchar *value);
void kw_json_add_int(JsonBuilder *builder, const gchar *name, gint64 value);
void kw_json_add_bool(JsonBuilder *builder, const gchar *name, gboolean value);

/* NaN and infinities write null */
void kw_json_add_double(JsonBuilder *builder, const gchar *name, gdouble value);

/* As text: money is never a double */
void kw_json_add_decimal(JsonBuilder *builder, const gchar *name, KwDecimal value);

/* (transfer full): one line of JSON */
gchar *kw_json_to_text(JsonNode *root);

/* (transfer full): the same for what a builder has made; ends its use */
gchar *kw_json_builder_to_text(JsonBuilder *builder);

G_END_DECLS
