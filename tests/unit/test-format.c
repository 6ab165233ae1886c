/* test-format.c: numbers, times and periods in German and English; reading numbers back */
#include "kw-format.h"
#include "kw-i18n.h"
#include "kw-number.h"
#include "kw-test.h"

#include <locale.h>
#include <math.h>

#define NBSP "\302\240"
#define DAY_US (24 * 3600 * G_GINT64_CONSTANT(1000000))

static KwZone *zone;

static KwDecimal
dec(const gchar *text)
{
    KwDecimal out;

    g_assert_true(kw_decimal_parse(text, &out, NULL));
    return out;
}

static void
test_format_money(void)
{
    static const struct {
        const gchar *value, *plain, *sign;
    } rows[] = {
        {"1234.56", "1.234,56", "+1.234,56"}, {"-0.36", "−0,36", "−0,36"},
        {"0.004", "0,00", "±0,00"},           {"-0.004", "0,00", "±0,00"},
        {"0.005", "0,01", "+0,01"},           {"1234567.8", "1.234.567,80", "+1.234.567,80"},
        {"999.999", "1.000,00", "+1.000,00"}, {"-1000", "−1.000,00", "−1.000,00"},
    };
    g_autoptr(KwFormat) format = kw_format_new(zone, KW_TEST_T0_US);

    kw_i18n_set_language(KW_LANGUAGE_DE, KW_ADDRESS_DU);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("row %" G_GSIZE_FORMAT ": %s", i, rows[i].value);
        g_assert_cmpstr(kw_format_decimal(format, dec(rows[i].value), 2), ==, rows[i].plain);
        g_assert_cmpstr(kw_format_signed(format, dec(rows[i].value)), ==, rows[i].sign);
    }
    g_assert_cmpstr(kw_format_money(format, dec("1043.27"), "USDT"), ==,
                    "1.043,27" NBSP "USDT");
    g_assert_cmpstr(kw_format_amount(format, dec("0.00073000")), ==, "0,00073");
    g_assert_cmpstr(kw_format_rate(format, dec("2041.60")), ==, "2.041,60");
}

static void
test_format_percent(void)
{
    g_autoptr(KwFormat) format = kw_format_new(zone, KW_TEST_T0_US);

    kw_i18n_set_language(KW_LANGUAGE_DE, KW_ADDRESS_DU);
    g_assert_cmpstr(kw_format_percent_signed(format, 0.0062), ==, "+0,62" NBSP "%");
    g_assert_cmpstr(kw_format_percent_signed(format, 0.00001), ==, "±0,00" NBSP "%");
    g_assert_cmpstr(kw_format_percent_signed(format, -0.10), ==, "−10,0" NBSP "%");
    g_assert_cmpstr(kw_format_percent(format, 0.09996), ==, "10,0" NBSP "%");
    g_assert_cmpstr(kw_format_percent_short(format, 0.75), ==, "75" NBSP "%");
    g_assert_cmpstr(kw_format_percent_short(format, 0.825), ==, "82,5" NBSP "%");
    g_assert_cmpstr(kw_format_percent(format, NAN), ==, "–");
    g_assert_cmpstr(kw_format_number(format, INFINITY, 2), ==, "–");
}

static void
test_format_times(void)
{
    g_autoptr(KwFormat) format = kw_format_new(zone, KW_TEST_T0_US);
    KwDate monday = {2026, 3, 2}, sunday = {2026, 3, 8};

    kw_i18n_set_language(KW_LANGUAGE_DE, KW_ADDRESS_DU);
    g_assert_cmpstr(kw_format_time(format, KW_TEST_T0_US), ==, "14:30");
    g_assert_cmpstr(kw_format_time(format, KW_TEST_T0_US - DAY_US), ==, "Di., 10.03., 14:30");
    g_assert_cmpstr(kw_format_time(format, KW_TEST_T0_US - 100 * DAY_US), ==,
                    "Mo., 01.12.2025, 14:30");
    g_assert_cmpstr(kw_format_clock_seconds(format, KW_TEST_T0_US), ==, "14:30:00");
    g_assert_cmpstr(kw_format_day_long(format, (KwDate){2026, 1, 5}), ==,
                    "Montag, 5. Jänner 2026");
    g_assert_cmpstr(kw_format_days(format, monday, sunday), ==, "02.–08.03. (KW 10)");
    g_assert_cmpstr(kw_format_days(format, sunday, sunday), ==, "08.03.");
    g_assert_cmpstr(kw_format_duration(format, 380 * 60 * G_GINT64_CONSTANT(1000000)), ==,
                    "6" NBSP "h 20" NBSP "min");
    g_assert_cmpstr(kw_format_duration(format, 3 * DAY_US), ==, "3 Tage");
}

static void
test_format_languages(void)
{
    g_autoptr(KwFormat) format = kw_format_new(zone, KW_TEST_T0_US);

    kw_i18n_set_language(KW_LANGUAGE_EN, KW_ADDRESS_DU);
    g_assert_cmpstr(kw_format_money(format, dec("1043.27"), "USDT"), ==,
                    "1,043.27" NBSP "USDT");
    g_assert_cmpstr(kw_format_month(3), ==, "March");
    kw_i18n_set_language(KW_LANGUAGE_DE, KW_ADDRESS_DU);
    g_assert_cmpstr(kw_format_month(3), ==, "März");
    g_assert_cmpstr(_("no such text in any catalogue"), ==, "no such text in any catalogue");
    g_assert_cmpstr(setlocale(LC_NUMERIC, NULL), ==, "C");
}

static void
test_format_reads_numbers(void)
{
    static const struct {
        const gchar *text, *value; /* NULL: no number */
    } rows[] = {
        {"1.234,56", "1234.56"},
        {"0,75", "0.75"},
        {"48.500", "48500"},
        {"0.1", "0.1"},
        {"0.750", "0.750"},
        {"12.5", "12.5"},
        {"1.000.000", "1000000"},
        {"7", "7"},
        {"-3", "-3"},
        {"1,2,3", NULL},
        {"1,2.3", NULL},
        {"abc", NULL},
        {"", NULL},
        {"1.2.3", NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        KwDecimal got = dec("77");
        gboolean is_read = kw_number_parse(rows[i].text, &got, NULL);

        g_test_message("row %" G_GSIZE_FORMAT ": '%s'", i, rows[i].text);
        g_assert_cmpint(is_read, ==, rows[i].value != NULL);
        g_assert_cmpint(kw_decimal_cmp(got, dec(is_read ? rows[i].value : "77")), ==, 0);
    }
}

static void
test_format_reads_words(void)
{
    static const struct {
        const gchar *word;
        gint value;
    } rows[] = {
        {"null", 0},
        {"eins", 1},
        {"zwo", 2},
        {"zwoelf", 12},
        {"siebzehn", 17},
        {"einundzwanzig", 21},
        {"dreissig", 30},
        {"fuenfundsiebzig", 75},
        {"neunundneunzig", 99},
        {"hundert", 100},
        {"einsundzwanzig", -1},
        {"undzwanzig", -1},
        {"zwanzigund", -1},
        {"elfundzwanzig", -1},
        {"", -1},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        gint got = -1;

        g_test_message("row %" G_GSIZE_FORMAT ": '%s'", i, rows[i].word);
        g_assert_cmpint(kw_number_from_word(rows[i].word, &got), ==, rows[i].value >= 0);
        g_assert_cmpint(got, ==, rows[i].value);
    }
}

/* Property: what is shown in German reads back as the same number. */
static void
test_format_round_trip(void)
{
    g_autoptr(KwFormat) format = kw_format_new(zone, KW_TEST_T0_US);

    kw_i18n_set_language(KW_LANGUAGE_DE, KW_ADDRESS_DU);
    for (guint i = 0; i < 5000; i++) {
        KwDecimal value = {.mant = (gint64) g_test_rand_double_range(0, 1e12), .scale = 2};
        KwDecimal got;

        g_assert_true(kw_number_parse(kw_format_decimal(format, value, 2), &got, NULL));
        g_assert_cmpint(kw_decimal_cmp(value, got), ==, 0);
    }
}

int
main(int argc, char **argv)
{
    gint result;

    g_test_init(&argc, &argv, NULL);
    zone = kw_zone_new("Europe/Vienna", NULL);
    g_test_add_func("/i18n/format/money", test_format_money);
    g_test_add_func("/i18n/format/percent", test_format_percent);
    g_test_add_func("/i18n/format/times", test_format_times);
    g_test_add_func("/i18n/format/languages", test_format_languages);
    g_test_add_func("/i18n/format/reads-numbers", test_format_reads_numbers);
    g_test_add_func("/i18n/format/reads-words", test_format_reads_words);
    g_test_add_func("/i18n/format/round-trip", test_format_round_trip);
    result = g_test_run();
    kw_zone_unref(zone);
    return result;
}
