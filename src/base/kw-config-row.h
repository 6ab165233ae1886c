/* kw-config-row.h: one key of a configuration file: its type, range and words of help */
#pragma once

#include "kw-date.h"
#include "kw-decimal.h"

G_BEGIN_DECLS

/**
 * KwConfigType:
 * @KW_CONFIG_BOOL: true, false
 * @KW_CONFIG_INT: whole number
 * @KW_CONFIG_DOUBLE: ratio or factor, decimal point, no exponent
 * @KW_CONFIG_DECIMAL: money
 * @KW_CONFIG_DURATION: number and unit: 30s, 5m, 2h, 7d
 * @KW_CONFIG_STRING: one line
 * @KW_CONFIG_ENUM: one of the row's words
 * @KW_CONFIG_PAIRS: BTC/USDT, ETH/USDT: no pair twice
 * @KW_CONFIG_TIME: HH:MM
 * @KW_CONFIG_DATE: YYYY-MM-DD
 * @KW_CONFIG_ZONE: name of a time zone that this machine knows
 * @KW_CONFIG_PATH: file or folder
 * @KW_CONFIG_PATHS: files or folders, separated by commas
 * @KW_CONFIG_NAMES: names or numbers, separated by commas
 */
typedef enum {
    KW_CONFIG_BOOL,
    KW_CONFIG_INT,
    KW_CONFIG_DOUBLE,
    KW_CONFIG_DECIMAL,
    KW_CONFIG_DURATION,
    KW_CONFIG_STRING,
    KW_CONFIG_ENUM,
    KW_CONFIG_PAIRS,
    KW_CONFIG_TIME,
    KW_CONFIG_DATE,
    KW_CONFIG_ZONE,
    KW_CONFIG_PATH,
    KW_CONFIG_PATHS,
    KW_CONFIG_NAMES,
} KwConfigType;

/* All strings static */
typedef struct {
    const gchar *section;
    const gchar *key;
    KwConfigType type;
    const gchar *preset;  /* the default as in a file; "" makes the key optional */
    const gchar *min;     /* (nullable): as in a file; numbers and durations */
    const gchar *max;     /* (nullable) */
    const gchar *words;   /* (nullable): "a|b": the choices of an enum; for other types words
                             that are allowed beside values ("unlimited") */
    const gchar *example; /* as in a file */
    const gchar *german;  /* one line */
    const gchar *english; /* one line */
} KwConfigRow;

/* What can be wrong with a key; the reply to the owner is made from it elsewhere. */
typedef enum {
    KW_CONFIG_OK,
    KW_CONFIG_UNREADABLE,      /* the file itself */
    KW_CONFIG_SYNTAX,          /* a line that is neither [section] nor key = value */
    KW_CONFIG_UNKNOWN_SECTION, /* with the nearest known name */
    KW_CONFIG_UNKNOWN_KEY,     /* with the nearest known name */
    KW_CONFIG_TWICE,           /* the key, or an element of a list */
    KW_CONFIG_EMPTY,
    KW_CONFIG_WRONG_TYPE,
    KW_CONFIG_OUT_OF_RANGE,
    KW_CONFIG_NO_CHOICE,    /* none of the words */
    KW_CONFIG_UNKNOWN_ZONE, /* or no data for it on this machine */
    KW_CONFIG_CONTRADICTION /* right by itself, wrong beside another key */
} KwConfigFault;

/* A value that was read; which members count depends on the row's type */
typedef struct {
    gchar *text;       /* owned; trimmed, as in a file */
    gint64 number;     /* INT; BOOL 0/1; ENUM and words: index; DURATION us; TIME minutes */
    gboolean is_word;  /* one of the row's words of a type that has values as well */
    KwDecimal decimal; /* DECIMAL, DOUBLE, INT */
    KwDate date;       /* DATE; year 0 when empty */
    gchar **list;      /* owned; PAIRS, PATHS, NAMES */
} KwConfigValue;

void kw_config_value_clear(KwConfigValue *value);

/**
 * kw_config_row_parse:
 * @text: as in a file
 * @out: (out caller-allocates): give it to kw_config_value_clear(); untouched on failure
 *
 * Returns: %KW_CONFIG_OK or what is wrong
 */
KwConfigFault
kw_config_row_parse(const KwConfigRow *row, const gchar *text, KwConfigValue *out);

/* (transfer full): what is allowed, in signs that need no translation: "0..1", "dryrun | live",
 * "HH:MM" */
gchar *kw_config_row_dup_expected(const KwConfigRow *row);

G_END_DECLS
