/* kw-kraken-json.h: members that Kraken writes as numbers here and as texts there */
#pragma once

#include "kw-json.h"

G_BEGIN_DECLS

/* A whole number, or a text of one. Like those of kw-json.h in all else. */
gboolean kw_kraken_get_int(JsonObject *object, const gchar *name, gint64 *out, GError **error);
gboolean kw_kraken_at_int(JsonArray *array, guint index, gint64 *out, GError **error);

/* Seconds since the Unix epoch with a fraction, as number or text; @out in microseconds */
gboolean
kw_kraken_get_seconds(JsonObject *object, const gchar *name, gint64 *out, GError **error);
gboolean kw_kraken_at_seconds(JsonArray *array, guint index, gint64 *out, GError **error);

/* "2024-05-19T16:32:26.777454Z" with up to nine digits of a fraction; @out in microseconds */
gboolean
kw_kraken_get_instant(JsonObject *object, const gchar *name, gint64 *out, GError **error);

/* Returns: (transfer none): "" when the member is missing, null or no text */
const gchar *kw_kraken_get_text(JsonObject *object, const gchar *name);

/* A decimal; zero when the member is missing, null or "" */
gboolean kw_kraken_get_decimal_or_zero(JsonObject *object,
                                       const gchar *name,
                                       KwDecimal *out,
                                       GError **error);

/**
 * KwKrakenAnswer: the envelope of a REST answer
 * @root: owned
 * @result: (nullable): borrowed; may stand beside a warning and be missing beside an error
 * @failure: (nullable): owned; the first text of "error" that is no warning
 */
typedef struct {
    JsonNode *root;
    JsonNode *result;
    gchar *failure;
} KwKrakenAnswer;

/* %FALSE when @body is no such envelope (HTML of a proxy, cut JSON, another format) */
gboolean kw_kraken_answer_parse(GBytes *body, KwKrakenAnswer *out, GError **error);
void kw_kraken_answer_clear(KwKrakenAnswer *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KwKrakenAnswer, kw_kraken_answer_clear)

/* (transfer none): the result as an object; %KW_PARSE_ERROR_MEMBER when it is none */
JsonObject *kw_kraken_answer_get_object(const KwKrakenAnswer *self, GError **error);

/* (transfer none): the one member of @result that is not "last": results have Kraken's own
 * name of a pair as their key, whatever name was asked for */
JsonNode *kw_kraken_find_rows(JsonObject *result, GError **error);

G_END_DECLS
