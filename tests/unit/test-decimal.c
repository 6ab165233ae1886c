/* test-decimal.c: exact decimals, against known values and against 128-bit integers */
#include "kw-decimal.h"
#include "kw-error.h"

#include <math.h>

static KwDecimal
dec(const gchar *text)
{
    g_autoptr(GError) error = NULL;
    KwDecimal value = KW_DECIMAL_ZERO;

    g_assert_true(kw_decimal_parse(text, &value, &error));
    g_assert_no_error(error);
    return value;
}

static void
assert_text(KwDecimal value, const gchar *expected)
{
    g_autofree gchar *text = kw_decimal_to_string(value);

    g_assert_cmpstr(text, ==, expected);
}

static void
test_text(void)
{
    static const gchar *const rows[] = {
        "0",    "-1",  "0.00012500", "-0.5", "999999999999999999",    "0.000000000000000001",
        "1.00", "0.0", "-12.3400",   "100",  "-0.999999999999999999",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        assert_text(dec(rows[i]), rows[i]);
    assert_text(dec("-0"), "0");
    assert_text(dec("0007.50"), "7.50");
}

static void
test_rejects(void)
{
    static const struct {
        const gchar *text;
        KwParseError code;
    } rows[] = {
        {"", KW_PARSE_ERROR_SYNTAX},
        {"-", KW_PARSE_ERROR_SYNTAX},
        {".", KW_PARSE_ERROR_SYNTAX},
        {"1,5", KW_PARSE_ERROR_SYNTAX},
        {"1e5", KW_PARSE_ERROR_SYNTAX},
        {"+1", KW_PARSE_ERROR_SYNTAX},
        {" 1", KW_PARSE_ERROR_SYNTAX},
        {"1 ", KW_PARSE_ERROR_SYNTAX},
        {"1.2.3", KW_PARSE_ERROR_SYNTAX},
        {"--1", KW_PARSE_ERROR_SYNTAX},
        {"NaN", KW_PARSE_ERROR_SYNTAX},
        {"inf", KW_PARSE_ERROR_SYNTAX},
        {"0x10", KW_PARSE_ERROR_SYNTAX},
        {"\xd9\xa1", KW_PARSE_ERROR_SYNTAX},
        {"1234567890123456789", KW_PARSE_ERROR_RANGE},
        {"0.1234567890123456789", KW_PARSE_ERROR_RANGE},
        {"0.0000000000000000001", KW_PARSE_ERROR_RANGE},
        {"11111111111111111111111111111111111111111111111111", KW_PARSE_ERROR_RANGE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        KwDecimal out = {.mant = 7, .scale = 7};

        g_test_message("row %" G_GSIZE_FORMAT ": '%s'", i, rows[i].text);
        g_assert_false(kw_decimal_parse(rows[i].text, &out, &error));
        g_assert_error(error, KW_PARSE_ERROR, (gint) rows[i].code);
        g_assert_cmpint(out.mant, ==, 7);
        g_assert_cmpuint(out.scale, ==, 7);
    }
}

static KwDecimal
random_decimal(void)
{
    gint n_digits = g_test_rand_int_range(1, KW_DECIMAL_MAX_DIGITS + 1);
    gint64 mant = 0;

    while (n_digits-- > 0)
        mant = mant * 10 + g_test_rand_int_range(0, 10);
    if (g_test_rand_bit())
        mant = -mant;
    return (KwDecimal){.mant = mant,
                       .scale = (guint8) g_test_rand_int_range(0, KW_DECIMAL_MAX_DIGITS + 1)};
}

/* Property: text and value are each other's inverse. */
static void
test_text_round_trip(void)
{
    for (guint i = 0; i < 20000; i++) {
        KwDecimal value = random_decimal();
        g_autofree gchar *text = kw_decimal_to_string(value);
        KwDecimal back = dec(text);

        g_assert_cmpuint(strlen(text), <, KW_DECIMAL_TEXT_SIZE);
        g_assert_cmpint(back.mant, ==, value.mant);
        g_assert_cmpuint(back.scale, ==, value.scale);
    }
}

static void
test_cmp(void)
{
    g_assert_cmpint(kw_decimal_cmp(dec("1.0"), dec("1.00")), ==, 0);
    g_assert_cmpint(kw_decimal_cmp(dec("-1"), dec("1")), ==, -1);
    g_assert_cmpint(kw_decimal_cmp(dec("0.1"), dec("0.09999")), ==, 1);
    g_assert_cmpint(kw_decimal_cmp(dec("999999999999999999"), dec("0.999999999999999999")), ==,
                    1);
    g_assert_cmpint(kw_decimal_sign(dec("-0.01")), ==, -1);
    g_assert_cmpint(kw_decimal_sign(dec("0.00")), ==, 0);
}

static void
test_trim(void)
{
    assert_text(kw_decimal_trim(dec("1.500")), "1.5");
    assert_text(kw_decimal_trim(dec("100")), "100");
    assert_text(kw_decimal_trim(dec("0.000")), "0");
    assert_text(kw_decimal_abs(dec("-2.5")), "2.5");
    assert_text(kw_decimal_neg(dec("2.5")), "-2.5");
    assert_text(kw_decimal_from_int(-42), "-42");
}

static void
test_rounding(void)
{
    static const struct {
        const gchar *value, *down, *up, *half_up; /* at two digits */
    } rows[] = {
        {"1.234", "1.23", "1.24", "1.23"},       {"1.235", "1.23", "1.24", "1.24"},
        {"-1.235", "-1.23", "-1.24", "-1.24"},   {"-1.2349", "-1.23", "-1.24", "-1.23"},
        {"0.001", "0.00", "0.01", "0.00"},       {"5", "5.00", "5.00", "5.00"},
        {"-0.0049999", "0.00", "-0.01", "0.00"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        KwDecimal value = dec(rows[i].value);
        KwDecimal out;

        g_assert_true(kw_decimal_rescale(value, 2, KW_ROUND_DOWN, &out, NULL));
        assert_text(out, rows[i].down);
        g_assert_true(kw_decimal_rescale(value, 2, KW_ROUND_UP, &out, NULL));
        assert_text(out, rows[i].up);
        g_assert_true(kw_decimal_rescale(value, 2, KW_ROUND_HALF_UP, &out, NULL));
        assert_text(out, rows[i].half_up);
    }
}

static void
test_arithmetic(void)
{
    KwDecimal out;

    g_assert_true(kw_decimal_add(dec("0.1"), dec("0.20"), &out, NULL));
    assert_text(out, "0.30");
    g_assert_true(kw_decimal_sub(dec("1"), dec("0.00000001"), &out, NULL));
    assert_text(out, "0.99999999");
    g_assert_true(
        kw_decimal_mul(dec("63512.30"), dec("0.00312500"), 2, KW_ROUND_UP, &out, NULL));
    assert_text(out, "198.48");
    g_assert_true(kw_decimal_div(dec("1"), dec("3"), 8, KW_ROUND_DOWN, &out, NULL));
    assert_text(out, "0.33333333");
    g_assert_true(kw_decimal_div(dec("-2"), dec("3"), 2, KW_ROUND_HALF_UP, &out, NULL));
    assert_text(out, "-0.67");
    g_assert_true(kw_decimal_div(dec("0.000000000000000007"), dec("999999999999999999"), 0,
                                 KW_ROUND_UP, &out, NULL));
    assert_text(out, "1");
    g_assert_true(kw_decimal_to_tick(dec("63512.37"), dec("0.1"), KW_ROUND_DOWN, &out, NULL));
    assert_text(out, "63512.3");
    g_assert_true(kw_decimal_to_tick(dec("7.3"), dec("0.25"), KW_ROUND_UP, &out, NULL));
    assert_text(out, "7.50");
    g_assert_true(kw_decimal_to_tick(dec("1234"), dec("50"), KW_ROUND_HALF_UP, &out, NULL));
    assert_text(out, "1250");
}

static void
test_overflow(void)
{
    KwDecimal max = dec("999999999999999999");
    KwDecimal tiny = dec("0.000000000000000001");
    KwDecimal out = {.mant = 7, .scale = 7};
    g_autoptr(GError) error = NULL;

    g_assert_false(kw_decimal_add(max, dec("1"), &out, &error));
    g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE);
    g_assert_false(kw_decimal_add(max, tiny, &out, NULL));
    g_assert_false(kw_decimal_mul(max, max, 0, KW_ROUND_DOWN, &out, NULL));
    g_assert_false(kw_decimal_mul(max, dec("2"), 18, KW_ROUND_DOWN, &out, NULL));
    g_assert_false(kw_decimal_div(max, tiny, 18, KW_ROUND_DOWN, &out, NULL));
    g_assert_false(kw_decimal_div(max, dec("0.00"), 2, KW_ROUND_DOWN, &out, NULL));
    g_assert_false(kw_decimal_rescale(max, 1, KW_ROUND_DOWN, &out, NULL));
    g_assert_false(kw_decimal_to_tick(max, tiny, KW_ROUND_DOWN, &out, NULL));
    g_assert_cmpint(out.mant, ==, 7);
    g_assert_cmpuint(out.scale, ==, 7);
}

/* Property: addition is exact and sub undoes it; multiplication commutes; rounding brackets. */
static void
test_laws(void)
{
    for (guint i = 0; i < 20000; i++) {
        KwDecimal a = random_decimal();
        KwDecimal b = random_decimal();
        KwDecimal sum, back, down, up, half, other;

        if (kw_decimal_add(a, b, &sum, NULL) && kw_decimal_sub(sum, b, &back, NULL))
            g_assert_cmpint(kw_decimal_cmp(back, a), ==, 0);
        if (kw_decimal_mul(a, b, 8, KW_ROUND_UP, &up, NULL)) {
            g_assert_true(kw_decimal_mul(b, a, 8, KW_ROUND_DOWN, &down, NULL));
            g_assert_true(kw_decimal_mul(b, a, 8, KW_ROUND_HALF_UP, &half, NULL));
            g_assert_cmpint(ABS(up.mant) - ABS(down.mant), >=, 0);
            g_assert_cmpint(ABS(up.mant) - ABS(down.mant), <=, 1);
            g_assert_true(half.mant == up.mant || half.mant == down.mant);
            g_assert_true(kw_decimal_mul(b, a, 8, KW_ROUND_UP, &other, NULL));
            g_assert_cmpint(other.mant, ==, up.mant);
        }
    }
}

/* Property: q = a / b towards zero leaves a rest smaller than b's share of the last digit. */
static void
test_division_rest(void)
{
    for (guint i = 0; i < 20000; i++) {
        KwDecimal a = {.mant = g_test_rand_int_range(-2000000000, 2000000000), .scale = 4};
        KwDecimal b = {.mant = g_test_rand_int_range(1, 1000000), .scale = 2};
        KwDecimal quotient, product, rest, limit;

        g_assert_true(kw_decimal_div(a, b, 6, KW_ROUND_DOWN, &quotient, NULL));
        g_assert_true(kw_decimal_mul(quotient, b, 8, KW_ROUND_DOWN, &product, NULL));
        g_assert_true(kw_decimal_sub(a, product, &rest, NULL));
        limit = (KwDecimal){.mant = b.mant, .scale = 8}; /* b * 10^-6 */
        g_assert_cmpint(kw_decimal_cmp(kw_decimal_abs(rest), limit), <, 0);
        g_assert_cmpint(kw_decimal_sign(rest) * kw_decimal_sign(a), >=, 0);
    }
}

/* Property: a tick result is a multiple of the tick, less than one tick away. */
static void
test_tick_is_multiple(void)
{
    for (guint i = 0; i < 20000; i++) {
        KwDecimal value = {.mant = g_test_rand_int_range(-2000000000, 2000000000), .scale = 5};
        KwDecimal tick = {.mant = g_test_rand_int_range(1, 5000), .scale = 3};
        KwDecimal out, distance;

        g_assert_true(kw_decimal_to_tick(value, tick, KW_ROUND_DOWN, &out, NULL));
        g_assert_cmpint(out.mant % tick.mant, ==, 0);
        g_assert_cmpuint(out.scale, ==, 3);
        g_assert_true(kw_decimal_sub(value, out, &distance, NULL));
        g_assert_cmpint(kw_decimal_cmp(kw_decimal_abs(distance), tick), <, 0);
        g_assert_cmpint(kw_decimal_cmp(kw_decimal_abs(out), kw_decimal_abs(value)), <=, 0);
    }
}

static void
test_from_double(void)
{
    static const struct {
        gdouble value;
        guint8 scale;
        const gchar *text;
    } rows[] = {
        {0.1, 8, "0.10000000"},
        {63512.3, 1, "63512.3"},
        {-0.004, 3, "-0.004"},
        {0.0, 2, "0.00"},
        {1e15, 0, "1000000000000000"},
        {1e-300, 8, "0.00000000"},
        {2.675, 2, "2.68"}, /* the text says so, not the bits */
        {123456789012345.67, 2, "123456789012345.67"},
    };
    KwDecimal out = {.mant = 7, .scale = 7};
    g_autoptr(GError) error = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        KwDecimal value;

        g_assert_true(kw_decimal_from_double(rows[i].value, rows[i].scale, KW_ROUND_HALF_UP,
                                             &value, NULL));
        assert_text(value, rows[i].text);
    }
    g_assert_false(kw_decimal_from_double((gdouble) NAN, 2, KW_ROUND_DOWN, &out, &error));
    g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE);
    g_assert_false(kw_decimal_from_double((gdouble) INFINITY, 2, KW_ROUND_DOWN, &out, NULL));
    g_assert_false(kw_decimal_from_double(1e308, 0, KW_ROUND_DOWN, &out, NULL));
    g_assert_false(kw_decimal_from_double(1e17, 2, KW_ROUND_DOWN, &out, NULL));
    g_assert_true(kw_decimal_from_double(1e-300, 8, KW_ROUND_UP, &out, NULL));
    assert_text(out, "0.00000001");
}

/* Property: up to 15 digits survive the way through a double; to_double is the nearest. */
static void
test_double_round_trip(void)
{
    for (guint i = 0; i < 20000; i++) {
        KwDecimal value = random_decimal();
        g_autofree gchar *text = kw_decimal_to_string(value);
        gdouble expected = g_ascii_strtod(text, NULL);
        gdouble got = kw_decimal_to_double(value);
        KwDecimal back;

        g_assert_true(memcmp(&expected, &got, sizeof got) == 0 || value.mant == 0);
        if (ABS(value.mant) >= G_GINT64_CONSTANT(1000000000000000))
            continue;
        g_assert_true(kw_decimal_from_double(got, value.scale, KW_ROUND_DOWN, &back, NULL));
        g_assert_cmpint(back.mant, ==, value.mant);
    }
}

/* Property: any double comes back from its decimal, whichever way its digits were found. */
static void
test_double_is_kept(void)
{
    for (guint i = 0; i < 20000; i++) {
        gdouble value = g_test_rand_double_range(-1, 1) * pow(10, g_test_rand_int_range(-3, 9));
        KwDecimal exact = KW_DECIMAL_ZERO;
        gint scale = KW_DECIMAL_MAX_DIGITS;

        while (!kw_decimal_from_double(value, (guint8) scale, KW_ROUND_HALF_UP, &exact, NULL))
            scale--;
        /* 18 digits keep the 17 that tell doubles apart, unless zeros lead them */
        if (fabs(value) >= 10)
            g_assert_true(fabs(kw_decimal_to_double(exact) - value) <= 0);
        g_assert_true(fabs(kw_decimal_to_double(exact) - value) <= fabs(value) * 1e-9);
    }
}

/* Property: rounding a double is rounding the shortest text that reads back as it, also near
 * the borders where the quick way must not be taken. */
static void
test_decimal_from_double_is_its_text(void)
{
    static const KwRounding roundings[] = {KW_ROUND_DOWN, KW_ROUND_UP, KW_ROUND_HALF_UP};

    for (guint i = 0; i < 30000; i++) {
        guint8 scale = (guint8) g_test_rand_int_range(0, 9);
        gdouble value = g_test_rand_double_range(-1e5, 1e5);
        gchar text[G_ASCII_DTOSTR_BUF_SIZE];
        KwDecimal exact, want, have;

        if (i % 3 == 0) /* a border, or a step of the double beside it */
            value =
                nextafter(nearbyint(value * 2.0 * pow(10.0, scale)) / 2.0 / pow(10.0, scale),
                          i % 2 == 0 ? 1e9 : -1e9);
        for (gint digits = 15; digits <= 17; digits++) {
            g_autofree gchar *format = g_strdup_printf("%%.%df", digits - 5);

            (void) g_ascii_formatd(text, sizeof text, format, value);
            if (g_ascii_strtod(text, NULL) == value)
                break;
        }
        if (g_ascii_strtod(text, NULL) != value || !kw_decimal_parse(text, &exact, NULL))
            continue;
        for (gsize r = 0; r < G_N_ELEMENTS(roundings); r++) {
            g_assert_true(kw_decimal_rescale(exact, scale, roundings[r], &want, NULL));
            g_assert_true(kw_decimal_from_double(value, scale, roundings[r], &have, NULL));
            if (kw_decimal_cmp(have, want) != 0)
                g_error("%.17g to %u digits, rounding %u", value, scale, roundings[r]);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/decimal/text", test_text);
    g_test_add_func("/base/decimal/rejects", test_rejects);
    g_test_add_func("/base/decimal/text-round-trip", test_text_round_trip);
    g_test_add_func("/base/decimal/cmp", test_cmp);
    g_test_add_func("/base/decimal/trim", test_trim);
    g_test_add_func("/base/decimal/rounding", test_rounding);
    g_test_add_func("/base/decimal/arithmetic", test_arithmetic);
    g_test_add_func("/base/decimal/overflow", test_overflow);
    g_test_add_func("/base/decimal/laws", test_laws);
    g_test_add_func("/base/decimal/division-rest", test_division_rest);
    g_test_add_func("/base/decimal/tick-is-multiple", test_tick_is_multiple);
    g_test_add_func("/base/decimal/from-double", test_from_double);
    g_test_add_func("/base/decimal/double-round-trip", test_double_round_trip);
    g_test_add_func("/base/decimal/double-is-kept", test_double_is_kept);
    g_test_add_func("/base/decimal/from-double-text", test_decimal_from_double_is_its_text);
    return g_test_run();
}
