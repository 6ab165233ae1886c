/* kw-vector.h: test vectors kept as JSON: members that must be there, arrays of numbers */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* (transfer full): the object in a fixture; unref it */
JsonObject *kw_vector_load(const gchar *relative);

/* Member of @object; null reads as NaN */
gdouble kw_vector_number(JsonObject *object, const gchar *name);

/* (transfer full): an array of numbers; null elements read as NaN.
 * @out_n: (out) (optional) */
gdouble *kw_vector_numbers(JsonObject *object, const gchar *name, gsize *out_n);

/* (transfer full): an array of zeroes and ones */
guint8 *kw_vector_flags(JsonObject *object, const gchar *name);

/* The case @index of the array @name */
JsonObject *kw_vector_case(JsonObject *object, const gchar *name, guint index);
guint kw_vector_count(JsonObject *object, const gchar *name);

/* Compares; two NaN are equal */
void kw_vector_assert_near(gdouble value, gdouble expected, gdouble tolerance);

G_END_DECLS
