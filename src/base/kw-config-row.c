/* kw-config-row.c: values of configuration keys from text
 *
 * Numbers of all kinds are read as decimals, so that a comma, an exponent or a locale never
 * changes a limit; the range of a row is written and read in the same form as its values. */
#include "kw-config-row.h"

#include "kw-schedule.h"

#include <string.h>

#define MAX_LIST 64

void
kw_config_value_clear(KwConfigValue *value)
{
    g_clear_pointer(&value->text, g_free);
    g_clear_pointer(&value->list, g_strfreev);
}

/* Index of @text in "a|b|c", or -1 */
static gint64
find_word(const gchar *words, const gchar *text)
{
    g_auto(GStrv) choices = NULL;

    if (words == NULL)
        return -1;
    choices = g_strsplit(words, "|", -1);
    for (gint64 i = 0; choices[i] != NULL; i++)
        if (strcmp(choices[i], text) == 0)
            return i;
    return -1;
}

static gint64
unit_us(gchar unit)
{
    switch (unit) {
    case 's':
        return G_USEC_PER_SEC;
    case 'm':
        return G_GINT64_CONSTANT(60) * G_USEC_PER_SEC;
    case 'h':
        return G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC;
    case 'd':
        return KW_US_PER_DAY;
    default:
        return 0;
    }
}

/* "5m" as microseconds */
static gboolean
parse_duration(const gchar *text, KwDecimal *out)
{
    gsize len = strlen(text);
    g_autofree gchar *digits = g_strndup(text, len > 0 ? len - 1 : 0);
    gint64 unit = len > 0 ? unit_us(text[len - 1]) : 0;
    KwDecimal count;

    return unit != 0 && kw_decimal_parse(digits, &count, NULL) && count.scale == 0 &&
           kw_decimal_mul(count, kw_decimal_from_int(unit), 0, KW_ROUND_DOWN, out, NULL);
}

/* Whatever has an order, as a number */
static gboolean
parse_number(KwConfigType type, const gchar *text, KwDecimal *out)
{
    if (type == KW_CONFIG_DURATION)
        return parse_duration(text, out);
    return kw_decimal_parse(text, out, NULL) && (type != KW_CONFIG_INT || out->scale == 0);
}

static KwConfigFault
take_number(const KwConfigRow *row, KwConfigValue *value)
{
    KwDecimal number, limit;

    if (!parse_number(row->type, value->text, &number))
        return KW_CONFIG_WRONG_TYPE;
    if (row->min != NULL && parse_number(row->type, row->min, &limit) &&
        kw_decimal_cmp(number, limit) < 0)
        return KW_CONFIG_OUT_OF_RANGE;
    if (row->max != NULL && parse_number(row->type, row->max, &limit) &&
        kw_decimal_cmp(number, limit) > 0)
        return KW_CONFIG_OUT_OF_RANGE;
    value->decimal = number;
    value->number = number.scale == 0 ? number.mant : 0;
    return KW_CONFIG_OK;
}

static KwConfigFault
take_bool(KwConfigValue *value)
{
    gint64 index = find_word("false|true", value->text);

    if (index < 0)
        return KW_CONFIG_WRONG_TYPE;
    value->number = index;
    return KW_CONFIG_OK;
}

static KwConfigFault
take_enum(const KwConfigRow *row, KwConfigValue *value)
{
    gint64 index = find_word(row->words, value->text);

    if (index < 0)
        return KW_CONFIG_NO_CHOICE;
    value->number = index;
    return KW_CONFIG_OK;
}

static gboolean
is_pair(const gchar *text)
{
    const gchar *slash = strchr(text, '/');

    if (slash == NULL || slash - text < 2 || strlen(slash + 1) < 2 || strlen(text) > 31)
        return FALSE;
    for (const gchar *p = text; *p != '\0'; p++)
        if (p != slash && !g_ascii_isupper(*p) && !g_ascii_isdigit(*p))
            return FALSE;
    return TRUE;
}

static KwConfigFault
take_list(const KwConfigRow *row, KwConfigValue *value)
{
    g_auto(GStrv) parts = g_strsplit_set(value->text, ",;", MAX_LIST + 1);
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; parts[i] != NULL; i++) {
        const gchar *part = g_strstrip(parts[i]);

        if (*part == '\0' && parts[i + 1] == NULL && i > 0)
            continue; /* a separator at the end */
        if (*part == '\0' || i >= MAX_LIST || (row->type == KW_CONFIG_PAIRS && !is_pair(part)))
            return KW_CONFIG_WRONG_TYPE;
        if (g_ptr_array_find_with_equal_func(list, part, g_str_equal, NULL))
            return KW_CONFIG_TWICE;
        g_ptr_array_add(list, g_strdup(part));
    }
    g_ptr_array_add(list, NULL);
    value->list = (gchar **) g_ptr_array_free(g_steal_pointer(&list), FALSE);
    return KW_CONFIG_OK;
}

static KwConfigFault
take_time(KwConfigValue *value)
{
    gint minute = 0;

    if (!kw_time_of_day_parse(value->text, &minute, NULL))
        return KW_CONFIG_WRONG_TYPE;
    value->number = minute;
    return KW_CONFIG_OK;
}

static KwConfigFault
take_zone(KwConfigValue *value)
{
    g_autoptr(KwZone) zone = kw_zone_new(value->text, NULL);

    return zone != NULL ? KW_CONFIG_OK : KW_CONFIG_UNKNOWN_ZONE;
}

static KwConfigFault
take_value(const KwConfigRow *row, KwConfigValue *value)
{
    switch (row->type) {
    case KW_CONFIG_BOOL:
        return take_bool(value);
    case KW_CONFIG_INT:
    case KW_CONFIG_DOUBLE:
    case KW_CONFIG_DECIMAL:
    case KW_CONFIG_DURATION:
        return take_number(row, value);
    case KW_CONFIG_ENUM:
        return take_enum(row, value);
    case KW_CONFIG_PAIRS:
    case KW_CONFIG_PATHS:
    case KW_CONFIG_NAMES:
        return take_list(row, value);
    case KW_CONFIG_TIME:
        return take_time(value);
    case KW_CONFIG_DATE:
        return kw_date_parse(value->text, &value->date, NULL) ? KW_CONFIG_OK
                                                              : KW_CONFIG_WRONG_TYPE;
    case KW_CONFIG_ZONE:
        return take_zone(value);
    case KW_CONFIG_STRING:
    case KW_CONFIG_PATH:
        return KW_CONFIG_OK;
    }
    g_return_val_if_reached(KW_CONFIG_WRONG_TYPE);
}

KwConfigFault
kw_config_row_parse(const KwConfigRow *row, const gchar *text, KwConfigValue *out)
{
    KwConfigValue value = {0};
    KwConfigFault fault = KW_CONFIG_OK;

    g_return_val_if_fail(row != NULL && text != NULL && out != NULL, KW_CONFIG_WRONG_TYPE);

    if (!g_utf8_validate(text, -1, NULL))
        return KW_CONFIG_WRONG_TYPE;
    value.text = g_strstrip(g_strdup(text));
    if (*value.text == '\0') {
        fault = *row->preset == '\0' ? KW_CONFIG_OK : KW_CONFIG_EMPTY;
        value.list = g_new0(gchar *, 1);
    } else if (row->type != KW_CONFIG_ENUM && find_word(row->words, value.text) >= 0) {
        value.is_word = TRUE;
        value.number = find_word(row->words, value.text);
    } else {
        fault = take_value(row, &value);
    }
    if (fault == KW_CONFIG_OK)
        *out = value;
    else
        kw_config_value_clear(&value);
    return fault;
}

static const gchar *
type_sign(KwConfigType type)
{
    switch (type) {
    case KW_CONFIG_BOOL:
        return "true | false";
    case KW_CONFIG_INT:
        return "1, 2, 3 ...";
    case KW_CONFIG_DOUBLE:
    case KW_CONFIG_DECIMAL:
        return "123.45";
    case KW_CONFIG_DURATION:
        return "30s, 5m, 2h, 7d";
    case KW_CONFIG_PAIRS:
        return "BTC/USDT, ETH/USDT";
    case KW_CONFIG_TIME:
        return "HH:MM";
    case KW_CONFIG_DATE:
        return "YYYY-MM-DD";
    case KW_CONFIG_ZONE:
        return "Area/City";
    case KW_CONFIG_ENUM:
    case KW_CONFIG_STRING:
        return "abc";
    case KW_CONFIG_PATH:
        return "/path";
    case KW_CONFIG_PATHS:
        return "/path, /path";
    case KW_CONFIG_NAMES:
        return "abc, def";
    }
    g_return_val_if_reached("");
}

gchar *
kw_config_row_dup_expected(const KwConfigRow *row)
{
    GString *text = g_string_new(NULL);

    g_return_val_if_fail(row != NULL, NULL);

    if (row->min != NULL || row->max != NULL)
        g_string_append_printf(text, "%s..%s", row->min != NULL ? row->min : "",
                               row->max != NULL ? row->max : "");
    else if (row->type != KW_CONFIG_ENUM)
        g_string_append(text, type_sign(row->type));
    if (row->words != NULL) {
        g_auto(GStrv) words = g_strsplit(row->words, "|", -1);
        g_autofree gchar *joined = g_strjoinv(" | ", words);

        g_string_append_printf(text, "%s%s", text->len > 0 ? " | " : "", joined);
    }
    return g_string_free(text, FALSE);
}
