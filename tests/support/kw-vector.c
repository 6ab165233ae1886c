#include "kw-vector.h"

#include "kw-test.h"

#include <math.h>

JsonObject *
kw_vector_load(const gchar *relative)
{
    g_autofree gchar *path = kw_test_fixture_path(relative);
    g_autoptr(JsonParser) parser = json_parser_new();
    g_autoptr(GError) error = NULL;

    json_parser_load_from_file(parser, path, &error);
    g_assert_no_error(error);
    return json_object_ref(json_node_get_object(json_parser_get_root(parser)));
}

gdouble
kw_vector_number(JsonObject *object, const gchar *name)
{
    g_assert_true(json_object_has_member(object, name));
    return json_object_get_null_member(object, name)
               ? NAN
               : json_object_get_double_member(object, name);
}

gdouble *
kw_vector_numbers(JsonObject *object, const gchar *name, gsize *out_n)
{
    JsonArray *array = json_object_get_array_member(object, name);
    guint n = json_array_get_length(array);
    gdouble *numbers = g_new(gdouble, n + 1);

    for (guint i = 0; i < n; i++)
        numbers[i] = json_array_get_null_element(array, i)
                         ? NAN
                         : json_array_get_double_element(array, i);
    if (out_n != NULL)
        *out_n = n;
    return numbers;
}

guint8 *
kw_vector_flags(JsonObject *object, const gchar *name)
{
    gsize n = 0;
    g_autofree gdouble *numbers = kw_vector_numbers(object, name, &n);
    guint8 *flags = g_new(guint8, n + 1);

    for (gsize i = 0; i < n; i++)
        flags[i] = numbers[i] > 0;
    return flags;
}

JsonObject *
kw_vector_case(JsonObject *object, const gchar *name, guint index)
{
    return json_array_get_object_element(json_object_get_array_member(object, name), index);
}

guint
kw_vector_count(JsonObject *object, const gchar *name)
{
    guint n = json_array_get_length(json_object_get_array_member(object, name));

    g_assert_cmpuint(n, >, 0);
    return n;
}

void
kw_vector_assert_near(gdouble value, gdouble expected, gdouble tolerance)
{
    if (isnan(value) && isnan(expected))
        return;
    g_assert_cmpfloat_with_epsilon(value, expected, tolerance);
}
