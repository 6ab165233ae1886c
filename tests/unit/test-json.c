/* test-json.c: bounds, types and decimals of foreign JSON */
#include "kw-error.h"
#include "kw-json.h"

#include <math.h>
#include <string.h>

static JsonNode *
parse(const gchar *text)
{
    g_autoptr(GError) error = NULL;
    JsonNode *root = kw_json_parse_text(text, -1, &error);

    g_assert_no_error(error);
    g_assert_nonnull(root);
    return root;
}

static void
test_rejects(void)
{
    static const gchar *const rows[] = {
        "",           " ",       "{",         "[1,",         "{\"a\":}",  "<html>502</html>",
        "[1] [2]",    "{'a':1}", "[\"a]",     "/* c */ [1]", "// c\n[1]", "[1]//",
        "[\"\xff\"]", "[#1]",    "{\"a\" 1}", "[\"a\\",      "[NaN]",     "[Infinity]",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("row %" G_GSIZE_FORMAT, i);
        g_assert_null(kw_json_parse_text(rows[i], -1, &error));
        g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX);
        g_assert_null(strstr(error->message, "html")); /* nothing of the content */
    }
    g_assert_null(kw_json_parse_text("[1]\0", 4, NULL));
}

static void
test_depth(void)
{
    g_autofree gchar *deep = g_strnfill(1000000, '[');
    g_autofree gchar *open = g_strnfill(KW_JSON_MAX_DEPTH, '[');
    g_autofree gchar *close = g_strnfill(KW_JSON_MAX_DEPTH, ']');
    g_autofree gchar *just = g_strconcat(open, close, NULL);
    g_autofree gchar *over = g_strconcat("[", open, close, "]", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonNode) root = parse(just);
    g_autoptr(JsonNode) quoted =
        parse("[\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[[\"]");

    g_assert_nonnull(kw_json_root_array(root, NULL));
    g_assert_nonnull(kw_json_root_array(quoted, NULL));
    g_assert_null(kw_json_parse_text(deep, -1, NULL));
    g_assert_null(kw_json_parse_text(over, -1, &error));
    g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_LIMIT);
}

static void
test_members(void)
{
    g_autoptr(JsonNode) root = parse("{\"s\":\"x\",\"i\":5,\"d\":1.5,\"b\":true,\"n\":null,"
                                     "\"o\":{},\"a\":[1,\"2.50\",[3]],\"unknown\":{\"x\":[]}}");
    JsonObject *object = kw_json_root_object(root, NULL);
    g_autoptr(GError) error = NULL;
    const gchar *text = NULL;
    JsonArray *array = NULL;
    JsonObject *inner = NULL;
    gint64 number = 0;
    gdouble real = 0;
    gboolean flag = FALSE;
    KwDecimal decimal;

    g_assert_true(kw_json_get_string(object, "s", &text, NULL));
    g_assert_cmpstr(text, ==, "x");
    g_assert_true(kw_json_get_int(object, "i", &number, NULL));
    g_assert_cmpint(number, ==, 5);
    g_assert_true(kw_json_get_double(object, "d", &real, NULL));
    g_assert_cmpfloat(real, ==, 1.5);
    g_assert_true(kw_json_get_bool(object, "b", &flag, NULL));
    g_assert_true(flag);
    g_assert_true(kw_json_get_object(object, "o", &inner, NULL));
    g_assert_true(kw_json_get_array(object, "a", &array, NULL));
    g_assert_true(kw_json_at_decimal(array, 1, &decimal, NULL));
    g_assert_cmpint(decimal.mant, ==, 250);
    g_assert_true(kw_json_at_int(array, 0, &number, NULL));
    g_assert_cmpint(number, ==, 1);

    number = 7;
    g_assert_false(kw_json_get_int(object, "d", &number, NULL)); /* no silent rounding */
    g_assert_false(kw_json_get_int(object, "s", &number, NULL));
    g_assert_false(kw_json_get_int(object, "n", &number, NULL));
    g_assert_false(kw_json_get_int(object, "absent", &number, &error));
    g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_MEMBER);
    g_assert_true(g_str_has_prefix(error->message, "absent: "));
    g_assert_false(kw_json_at_int(array, 3, &number, NULL));
    g_assert_cmpint(number, ==, 7);
    g_assert_false(kw_json_has(object, "n"));
    g_assert_true(kw_json_has(object, "o"));
    g_assert_null(kw_json_root_array(root, NULL));
}

/* F31: what a price must not be, as text and as a number */
static void
test_decimals(void)
{
    static const struct {
        const gchar *json;
        const gchar *expected; /* NULL: refused */
    } rows[] = {
        {"{\"p\":\"63512.30\"}", "63512.30"},
        {"{\"p\":63512.3}", "63512.3"},
        {"{\"p\":0.00012345}", "0.00012345"},
        {"{\"p\":1e-8}", "0.00000001"},
        {"{\"p\":12345678901234567}", "12345678901234567"},
        {"{\"p\":-5}", "-5"},
        {"{\"p\":0.1}", "0.1"},
        {"{\"p\":0}", "0"},
        {"{\"p\":0.0}", "0"},
        {"{\"p\":\"1e5\"}", NULL},
        {"{\"p\":\"NaN\"}", NULL},
        {"{\"p\":1e308}", NULL},
        {"{\"p\":1e-30}", NULL},
        {"{\"p\":9223372036854775807}", NULL},
        {"{\"p\":\"11111111111111111111111111111111111111111111111111\"}", NULL},
        {"{\"p\":true}", NULL},
        {"{\"p\":[]}", NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(JsonNode) root = parse(rows[i].json);
        g_autoptr(GError) error = NULL;
        KwDecimal decimal = {.mant = 7, .scale = 7};
        gboolean ok = kw_json_get_decimal(json_node_get_object(root), "p", &decimal, &error);

        g_test_message("row %" G_GSIZE_FORMAT ": %s", i, rows[i].json);
        if (rows[i].expected == NULL) {
            g_assert_false(ok);
            g_assert_true(g_str_has_prefix(error->message, "p: "));
            g_assert_cmpint(decimal.mant, ==, 7);
        } else {
            g_autofree gchar *text = kw_decimal_to_string(decimal);
            g_assert_no_error(error);
            g_assert_cmpstr(text, ==, rows[i].expected);
        }
    }
}

static void
test_writing(void)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autofree gchar *text = NULL;

    (void) json_builder_begin_object(builder);
    kw_json_add_string(builder, "s", "a\"b\n");
    kw_json_add_string(builder, "null", NULL);
    kw_json_add_string(builder, "bad", "\xff");
    kw_json_add_int(builder, "i", G_MININT64);
    kw_json_add_bool(builder, "b", TRUE);
    kw_json_add_double(builder, "nan", (gdouble) NAN);
    kw_json_add_decimal(builder, "d", (KwDecimal){.mant = 150, .scale = 2});
    (void) json_builder_end_object(builder);
    text = kw_json_builder_to_text(builder);
    g_assert_cmpstr(text, ==,
                    "{\"s\":\"a\\\"b\\n\",\"null\":null,\"bad\":\"\\\\xff\","
                    "\"i\":-9223372036854775808,\"b\":true,\"nan\":null,\"d\":\"1.50\"}");
}

/* Property: random bytes and damaged JSON never crash; what is accepted can be written. */
static void
test_damaged(void)
{
    static const gchar sample[] =
        "{\"error\":[],\"result\":{\"XXBTZEUR\":[[1773235800,\"63512.3\",1.5e3,null,true]]}}";

    for (guint i = 0; i < 5000; i++) {
        g_autofree gchar *text = g_strdup(sample);
        g_autoptr(JsonNode) root = NULL;

        for (gint n = g_test_rand_int_range(1, 4); n > 0; n--)
            text[g_test_rand_int_range(0, sizeof sample - 1)] =
                (gchar) g_test_rand_int_range(1, 256);
        root = kw_json_parse_text(text, -1, NULL);
        if (root != NULL) {
            g_autofree gchar *again = kw_json_to_text(root);
            g_assert_nonnull(again);
        }
    }
}

/* An answer without a body has no bytes at all. */
static void
test_no_bytes(void)
{
    g_autoptr(GBytes) none = g_bytes_new(NULL, 0);
    g_autoptr(GError) error = NULL;

    g_assert_null(kw_json_parse(none, &error));
    g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX);
}

/* An escaped zero byte ends no string: it is read as U+FFFD, and can be looked for before. */
static void
test_zero_escape(void)
{
    static const gchar text[] =
        "{\"a\":\"x\\u0000y\",\"b\":\"\\\\u0000\",\"c\":\"\\u0000\\u0000\"}";
    static const gchar harmless[] = "{\"b\":\"\\\\u0000\"}";
    g_autoptr(JsonNode) root = kw_json_parse_text(text, -1, NULL);
    JsonObject *object = kw_json_root_object(root, NULL);
    const gchar *value = NULL;

    g_assert_true(kw_json_get_string(object, "a", &value, NULL));
    g_assert_cmpstr(value, ==, "x\uFFFDy");
    g_assert_true(kw_json_get_string(object, "b", &value, NULL));
    g_assert_cmpstr(value, ==, "\\u0000");
    g_assert_true(kw_json_get_string(object, "c", &value, NULL));
    g_assert_cmpstr(value, ==, "\uFFFD\uFFFD");
    g_assert_true(kw_json_has_zero_escape(text, strlen(text)));
    g_assert_false(kw_json_has_zero_escape(harmless, strlen(harmless)));
    g_assert_false(kw_json_has_zero_escape(text, 10)); /* cut within the escape */
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/json/zero-escape", test_zero_escape);
    g_test_add_func("/base/json/rejects", test_rejects);
    g_test_add_func("/base/json/depth", test_depth);
    g_test_add_func("/base/json/members", test_members);
    g_test_add_func("/base/json/decimals", test_decimals);
    g_test_add_func("/base/json/writing", test_writing);
    g_test_add_func("/base/json/damaged", test_damaged);
    g_test_add_func("/base/json/no-bytes", test_no_bytes);
    return g_test_run();
}
