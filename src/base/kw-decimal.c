/* kw-decimal.c: checked arithmetic on decimal numbers
 *
 * Every mantissa is below 10^18, so each product and each value brought to a common scale is
 * below 10^36 and fits into 128 bits; the results are brought back below 10^18 or refused.
 * Rounding happens in one place, divide_rounded(). A rational or big-number library was
 * dropped: exchanges send at most 18 digits, and a value type of 16 bytes needs no memory. */
#include "kw-decimal.h"

#include "kw-error.h"

#include <math.h>
#include <string.h>

typedef __int128 Wide;

static const gint64 pow10_table[] = {
    G_GINT64_CONSTANT(1),
    G_GINT64_CONSTANT(10),
    G_GINT64_CONSTANT(100),
    G_GINT64_CONSTANT(1000),
    G_GINT64_CONSTANT(10000),
    G_GINT64_CONSTANT(100000),
    G_GINT64_CONSTANT(1000000),
    G_GINT64_CONSTANT(10000000),
    G_GINT64_CONSTANT(100000000),
    G_GINT64_CONSTANT(1000000000),
    G_GINT64_CONSTANT(10000000000),
    G_GINT64_CONSTANT(100000000000),
    G_GINT64_CONSTANT(1000000000000),
    G_GINT64_CONSTANT(10000000000000),
    G_GINT64_CONSTANT(100000000000000),
    G_GINT64_CONSTANT(1000000000000000),
    G_GINT64_CONSTANT(10000000000000000),
    G_GINT64_CONSTANT(100000000000000000),
    G_GINT64_CONSTANT(1000000000000000000),
};

#define MANT_LIMIT (pow10_table[KW_DECIMAL_MAX_DIGITS])
#define WIDE_MAX_EXP 37 /* 10^37 < 2^127 */
#define EXACT_DOUBLE (G_GINT64_CONSTANT(1) << 53)

/* 10^@exp, 0 <= @exp <= WIDE_MAX_EXP */
static Wide
wide_pow10(gint exp)
{
    Wide result = pow10_table[exp % 19];

    if (exp >= 19)
        result = result * pow10_table[18] * 10;
    return result;
}

static Wide
wide_abs(Wide value)
{
    return value < 0 ? -value : value;
}

/* @num / @den, @den > 0, |@num| < 2^126 */
static Wide
divide_rounded(Wide num, Wide den, KwRounding rounding)
{
    Wide quotient = num / den;
    Wide rest = wide_abs(num % den);
    gboolean away = FALSE;

    switch (rounding) {
    case KW_ROUND_DOWN:
        break;
    case KW_ROUND_UP:
        away = rest != 0;
        break;
    case KW_ROUND_HALF_UP:
        away = rest >= den - rest;
        break;
    }
    if (!away)
        return quotient;
    return num < 0 ? quotient - 1 : quotient + 1;
}

static gboolean
take_wide(Wide mant, guint8 scale, KwDecimal *out, GError **error)
{
    if (wide_abs(mant) >= MANT_LIMIT) {
        g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE,
                    "result has more than %d digits", KW_DECIMAL_MAX_DIGITS);
        return FALSE;
    }
    *out = (KwDecimal){.mant = (gint64) mant, .scale = scale};
    return TRUE;
}

/* @mant * 10^-@from, |@mant| < 10^36, with @to digits right of the point */
static gboolean
round_to(Wide mant, gint from, guint8 to, KwRounding rounding, KwDecimal *out, GError **error)
{
    gint drop = from - to;

    /* a larger divisor than 10^37 rounds like 10^37, as |mant| is below 10^36 */
    if (drop > 0)
        mant = divide_rounded(mant, wide_pow10(MIN(drop, WIDE_MAX_EXP)), rounding);
    for (; drop < 0 && mant != 0 && wide_abs(mant) < MANT_LIMIT; drop++)
        mant *= 10;
    return take_wide(mant, to, out, error);
}

static gboolean
is_valid(KwDecimal value)
{
    return value.scale <= KW_DECIMAL_MAX_DIGITS && value.mant < MANT_LIMIT &&
           value.mant > -MANT_LIMIT;
}

/* @value with at least its own scale, as a wide integer */
static Wide
widen(KwDecimal value, guint8 scale)
{
    return (Wide) value.mant * pow10_table[scale - value.scale];
}

/* -- text -- */

static gboolean
refuse_digit(gsize position, GError **error)
{
    g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX,
                "byte %" G_GSIZE_FORMAT " is no digit", position);
    return FALSE;
}

gboolean
kw_decimal_parse(const gchar *text, KwDecimal *out, GError **error)
{
    const gchar *p = text;
    gint64 mant = 0;
    gboolean seen_point = FALSE;
    gboolean seen_digit = FALSE;
    guint8 scale = 0;

    g_return_val_if_fail(text != NULL && out != NULL, FALSE);
    g_return_val_if_fail(error == NULL || *error == NULL, FALSE);

    if (*p == '-')
        p++;

    for (; *p != '\0'; p++) {
        if (*p == '.' && !seen_point) {
            seen_point = TRUE;
            continue;
        }
        if (!g_ascii_isdigit(*p))
            return refuse_digit((gsize) (p - text), error);
        /* leading zeros are no digits: "0.000000000000000001" is in range */
        if (mant >= MANT_LIMIT / 10 || scale == KW_DECIMAL_MAX_DIGITS) {
            g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE, "more than %d digits",
                        KW_DECIMAL_MAX_DIGITS);
            return FALSE;
        }
        mant = mant * 10 + g_ascii_digit_value(*p);
        seen_digit = TRUE;
        if (seen_point)
            scale++;
    }
    if (!seen_digit) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX, "no digits");
        return FALSE;
    }

    *out = (KwDecimal){.mant = *text == '-' ? -mant : mant, .scale = scale};
    return TRUE;
}

const gchar *
kw_decimal_to_text(KwDecimal value, gchar *buffer)
{
    guint64 rest = (guint64) ABS(value.mant);
    gchar *p = buffer + KW_DECIMAL_TEXT_SIZE - 1;
    gint n_digits = 0;

    g_return_val_if_fail(is_valid(value) && buffer != NULL, "");

    /* from the right, then moved to the start of the buffer */
    *p = '\0';
    while (rest != 0 || n_digits <= value.scale) {
        *--p = (gchar) ('0' + rest % 10);
        rest /= 10;
        n_digits++;
        if (n_digits == value.scale)
            *--p = '.';
    }
    if (value.mant < 0)
        *--p = '-';
    memmove(buffer, p, (gsize) (buffer + KW_DECIMAL_TEXT_SIZE - p));
    return buffer;
}

gchar *
kw_decimal_to_string(KwDecimal value)
{
    gchar buffer[KW_DECIMAL_TEXT_SIZE];

    return g_strdup(kw_decimal_to_text(value, buffer));
}

/* -- without failure -- */

gint
kw_decimal_cmp(KwDecimal a, KwDecimal b)
{
    guint8 scale = MAX(a.scale, b.scale);
    Wide left, right;

    g_return_val_if_fail(is_valid(a) && is_valid(b), 0);

    left = widen(a, scale);
    right = widen(b, scale);
    return (left > right) - (left < right);
}

gint
kw_decimal_sign(KwDecimal value)
{
    return (value.mant > 0) - (value.mant < 0);
}

KwDecimal
kw_decimal_from_int(gint64 value)
{
    g_return_val_if_fail(value < MANT_LIMIT && value > -MANT_LIMIT, KW_DECIMAL_ZERO);

    return (KwDecimal){.mant = value, .scale = 0};
}

KwDecimal
kw_decimal_neg(KwDecimal value)
{
    return (KwDecimal){.mant = -value.mant, .scale = value.scale};
}

KwDecimal
kw_decimal_abs(KwDecimal value)
{
    return (KwDecimal){.mant = ABS(value.mant), .scale = value.scale};
}

KwDecimal
kw_decimal_trim(KwDecimal value)
{
    while (value.scale > 0 && value.mant % 10 == 0) {
        value.mant /= 10;
        value.scale--;
    }
    return value;
}

/* -- arithmetic -- */

gboolean
kw_decimal_add(KwDecimal a, KwDecimal b, KwDecimal *out, GError **error)
{
    guint8 scale = MAX(a.scale, b.scale);

    g_return_val_if_fail(is_valid(a) && is_valid(b) && out != NULL, FALSE);

    return take_wide(widen(a, scale) + widen(b, scale), scale, out, error);
}

gboolean
kw_decimal_sub(KwDecimal a, KwDecimal b, KwDecimal *out, GError **error)
{
    return kw_decimal_add(a, kw_decimal_neg(b), out, error);
}

gboolean
kw_decimal_mul(
    KwDecimal a, KwDecimal b, guint8 scale, KwRounding rounding, KwDecimal *out, GError **error)
{
    g_return_val_if_fail(is_valid(a) && is_valid(b) && out != NULL, FALSE);
    g_return_val_if_fail(scale <= KW_DECIMAL_MAX_DIGITS, FALSE);

    return round_to((Wide) a.mant * b.mant, a.scale + b.scale, scale, rounding, out, error);
}

gboolean
kw_decimal_div(
    KwDecimal a, KwDecimal b, guint8 scale, KwRounding rounding, KwDecimal *out, GError **error)
{
    gint shift = scale + b.scale - a.scale;
    Wide num = b.mant < 0 ? -(Wide) a.mant : a.mant;
    Wide den = ABS(b.mant);
    const Wide wide_limit = wide_pow10(36);

    g_return_val_if_fail(is_valid(a) && is_valid(b) && out != NULL, FALSE);
    g_return_val_if_fail(scale <= KW_DECIMAL_MAX_DIGITS, FALSE);

    if (den == 0) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE, "division by zero");
        return FALSE;
    }
    if (shift < 0)
        den *= wide_pow10(-shift);

    /* from 10^36 on the quotient has too many digits whatever the divisor is */
    if (shift >= KW_DECIMAL_MAX_DIGITS) {
        num *= MANT_LIMIT;
        shift -= KW_DECIMAL_MAX_DIGITS;
    }
    for (; shift > 0 && num != 0 && wide_abs(num) < wide_limit; shift--)
        num *= 10;
    return take_wide(divide_rounded(num, den, rounding), scale, out, error);
}

gboolean
kw_decimal_rescale(
    KwDecimal value, guint8 scale, KwRounding rounding, KwDecimal *out, GError **error)
{
    g_return_val_if_fail(is_valid(value) && out != NULL, FALSE);
    g_return_val_if_fail(scale <= KW_DECIMAL_MAX_DIGITS, FALSE);

    return round_to(value.mant, value.scale, scale, rounding, out, error);
}

gboolean
kw_decimal_to_tick(
    KwDecimal value, KwDecimal tick, KwRounding rounding, KwDecimal *out, GError **error)
{
    guint8 scale = MAX(value.scale, tick.scale);
    Wide n_ticks;

    g_return_val_if_fail(is_valid(value) && is_valid(tick) && out != NULL, FALSE);
    g_return_val_if_fail(tick.mant > 0, FALSE);

    n_ticks = divide_rounded(widen(value, scale), widen(tick, scale), rounding);
    /* the product below needs both factors under 10^18; more ticks are out of range anyway */
    if (wide_abs(n_ticks) < MANT_LIMIT)
        n_ticks *= tick.mant;
    return take_wide(n_ticks, tick.scale, out, error);
}

/* -- doubles -- */

gdouble
kw_decimal_to_double(KwDecimal value)
{
    gchar buffer[KW_DECIMAL_TEXT_SIZE];

    g_return_val_if_fail(is_valid(value), 0.0);

    /* both operands exact: one correctly rounded division */
    if (ABS(value.mant) < EXACT_DOUBLE)
        return (gdouble) value.mant / (gdouble) pow10_table[value.scale];
    return g_ascii_strtod(kw_decimal_to_text(value, buffer), NULL);
}

static gboolean
same_double(gdouble a, gdouble b)
{
    return !(a < b) && !(a > b);
}

/* Like shortest_digits() for what has at most 15 digits, without a way through text: two
 * different decimals of 15 digits never read as the same double, so the first that fits is the
 * one. */
static gboolean
few_digits(gdouble value, gint64 *out_mant, gint *out_exp)
{
    const gdouble limit = 1e15;

    for (gint n_right = 0; n_right <= 15; n_right++) {
        gdouble scaled = fabs(value) * (gdouble) pow10_table[n_right];
        gint64 mant;

        if (scaled >= limit - 1)
            return FALSE;
        mant = (gint64) (scaled + 0.5);
        if (same_double((gdouble) mant / (gdouble) pow10_table[n_right], fabs(value))) {
            *out_mant = value < 0 ? -mant : mant;
            *out_exp = -n_right;
            return TRUE;
        }
    }
    return FALSE;
}

/* The digits of the shortest "%e" text that reads back as @value; returns the power of ten. */
static gint
shortest_digits(gdouble value, gint64 *out_mant)
{
    static const gchar *const formats[] = {"%.14e", "%.15e", "%.16e"};
    gchar text[G_ASCII_DTOSTR_BUF_SIZE] = "";
    const gchar *p;
    gint64 mant = 0;
    gint n_right = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
        (void) g_ascii_formatd(text, sizeof text, formats[i], fabs(value));
        if (same_double(g_ascii_strtod(text, NULL), fabs(value)))
            break;
    }
    for (p = text; *p != 'e' && *p != '\0'; p++)
        if (*p == '.') {
            n_right = 0;
        } else {
            mant = mant * 10 + g_ascii_digit_value(*p);
            n_right++;
        }
    *out_mant = value < 0 ? -mant : mant;
    return (gint) g_ascii_strtoll(p + 1, NULL, 10) - n_right;
}

/* The rounded value where it does not depend on the last digits: the shortest text of @value
 * lies within half a step of the double, and all of that rounds to the same. */
static gboolean
round_plainly(gdouble value, guint8 scale, KwRounding rounding, KwDecimal *out)
{
    gdouble scaled, below, rest, doubt;

    if (scale > 15)
        return FALSE;
    scaled = fabs(value) * (gdouble) pow10_table[scale];
    if (scaled >= 1e14)
        return FALSE;
    below = floor(scaled);
    rest = scaled - below;
    doubt = scaled * 1e-15 + 1e-300; /* more than two steps of the double */
    if (rest < doubt || rest > 1.0 - doubt ||
        (rounding == KW_ROUND_HALF_UP && fabs(rest - 0.5) < doubt))
        return FALSE;
    below +=
        rounding == KW_ROUND_UP || (rounding == KW_ROUND_HALF_UP && rest > 0.5) ? 1.0 : 0.0;
    *out = (KwDecimal){.mant = (gint64) (value < 0.0 ? -below : below), .scale = scale};
    return TRUE;
}

gboolean
kw_decimal_from_double(
    gdouble value, guint8 scale, KwRounding rounding, KwDecimal *out, GError **error)
{
    gint64 mant = 0;
    gint exp;

    g_return_val_if_fail(out != NULL && scale <= KW_DECIMAL_MAX_DIGITS, FALSE);

    if (!isfinite(value)) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE,
                            "number is not finite");
        return FALSE;
    }
    if (round_plainly(value, scale, rounding, out))
        return TRUE;
    if (!few_digits(value, &mant, &exp))
        exp = shortest_digits(value, &mant);
    return round_to(mant, -exp, scale, rounding, out, error);
}
