/* kw-decimal.h: exact decimal numbers for prices, volumes and balances */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KW_DECIMAL_MAX_DIGITS 18 /* 10^18 < G_MAXINT64, so parsing cannot overflow */
#define KW_DECIMAL_TEXT_SIZE 24  /* sign, 18 digits, leading "0.", terminator */
#define KW_DECIMAL_ZERO ((KwDecimal){.mant = 0, .scale = 0})
#define KW_DECIMAL_MAX ((KwDecimal){.mant = G_GINT64_CONSTANT(999999999999999999), .scale = 0})

/**
 * KwDecimal:
 * @mant: all digits as one integer, sign included; |mant| < 10^18
 * @scale: number of digits right of the point, 0..%KW_DECIMAL_MAX_DIGITS
 *
 * The value is @mant * 10^-@scale. Plain value type: copy it by assignment.
 */
typedef struct {
    gint64 mant;
    guint8 scale;
} KwDecimal;

/**
 * KwRounding:
 * @KW_ROUND_DOWN: towards zero (volumes)
 * @KW_ROUND_UP: away from zero (fees, stops)
 * @KW_ROUND_HALF_UP: nearest, half away from zero (prices)
 */
typedef enum {
    KW_ROUND_DOWN,
    KW_ROUND_UP,
    KW_ROUND_HALF_UP,
} KwRounding;

/**
 * kw_decimal_parse:
 * @text: ASCII digits, optional leading '-', at most one '.'; locale plays no part
 * @out: (out caller-allocates): the value; untouched on failure
 * @error: return location for a #GError, or %NULL
 *
 * Accepts what an exchange sends ("0.00012500") and nothing else: no exponent,
 * no plus sign, no blanks.
 *
 * Returns: %TRUE, or %FALSE with %KW_PARSE_ERROR_SYNTAX or %KW_PARSE_ERROR_RANGE
 */
gboolean kw_decimal_parse(const gchar *text, KwDecimal *out, GError **error);

/* @value as "-12.3400", all digits of its scale kept; @buffer has KW_DECIMAL_TEXT_SIZE bytes.
 * Returns @buffer. */
const gchar *kw_decimal_to_text(KwDecimal value, gchar *buffer);

/* (transfer full): the same as an owned string */
gchar *kw_decimal_to_string(KwDecimal value);

/* -1, 0 or 1; compares values, so 1.0 equals 1.00 */
gint kw_decimal_cmp(KwDecimal a, KwDecimal b);
gint kw_decimal_sign(KwDecimal value);

KwDecimal kw_decimal_from_int(gint64 value);
KwDecimal kw_decimal_neg(KwDecimal value);
KwDecimal kw_decimal_abs(KwDecimal value);

/* The value without trailing zeros right of the point ("1.500" -> "1.5"). */
KwDecimal kw_decimal_trim(KwDecimal value);

/**
 * kw_decimal_add:
 * @out: (out caller-allocates): a + b with the larger scale; untouched on failure
 *
 * Returns: %TRUE, or %FALSE with %KW_PARSE_ERROR_RANGE when the result has too many digits.
 *   The same holds for the other operations.
 */
gboolean kw_decimal_add(KwDecimal a, KwDecimal b, KwDecimal *out, GError **error);
gboolean kw_decimal_sub(KwDecimal a, KwDecimal b, KwDecimal *out, GError **error);

/* a * b, rounded to @scale digits right of the point */
gboolean kw_decimal_mul(KwDecimal a,
                        KwDecimal b,
                        guint8 scale,
                        KwRounding rounding,
                        KwDecimal *out,
                        GError **error);

/* a / b, rounded to @scale digits; b = 0 is %KW_PARSE_ERROR_RANGE */
gboolean kw_decimal_div(KwDecimal a,
                        KwDecimal b,
                        guint8 scale,
                        KwRounding rounding,
                        KwDecimal *out,
                        GError **error);

/* @value with @scale digits right of the point */
gboolean kw_decimal_rescale(
    KwDecimal value, guint8 scale, KwRounding rounding, KwDecimal *out, GError **error);

/* @value as a multiple of @tick (> 0); the result has the tick's scale */
gboolean kw_decimal_to_tick(
    KwDecimal value, KwDecimal tick, KwRounding rounding, KwDecimal *out, GError **error);

/* nearest double */
gdouble kw_decimal_to_double(KwDecimal value);

/**
 * kw_decimal_from_double:
 * @value: finite
 * @scale: digits right of the point of the result
 *
 * Takes the shortest decimal text that reads back as @value (so a double that came from
 * an exchange's text gives that text again) and rounds it to @scale digits.
 *
 * Returns: %TRUE, or %FALSE with %KW_PARSE_ERROR_RANGE for NaN, infinities, too many digits
 */
gboolean kw_decimal_from_double(
    gdouble value, guint8 scale, KwRounding rounding, KwDecimal *out, GError **error);

G_END_DECLS
