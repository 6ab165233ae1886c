/* kw-slash.c: "/status", "/profit 7", "/kill_switch off"
 *
 * The names are those that users of other bots type; where two of them mean different things,
 * the reading that changes less was taken. */
#include "kw-slash.h"

#include <string.h>

typedef enum {
    ARGS_WORDS,  /* read like the words of a message */
    ARGS_DAYS,   /* a number of days */
    ARGS_STATUS, /* nothing, "table" or a trade */
    ARGS_TRADE,
    ARGS_COUNT,
    ARGS_DAILY,
    ARGS_WEEKLY,
    ARGS_MONTHLY,
    ARGS_SWITCH, /* "on", "off", or nothing to ask */
    ARGS_LOCK,
    ARGS_UNLOCK,
    ARGS_LIST_OR_LOCK,
    ARGS_NONE, /* anything behind it makes it help */
    ARGS_LANGUAGE,
    ARGS_MUTE,
    ARGS_UNMUTE,
    ARGS_STEPS,
    ARGS_PROP, /* the words of ARGS_WORDS, about a prop firm */
} Args;

static const struct {
    const gchar *name;
    KwIntentId intent;
    Args args;
} names[] = {
    {"status", KW_INTENT_STATUS, ARGS_STATUS},
    {"positions", KW_INTENT_OPEN_TRADES, ARGS_WORDS},
    {"count", KW_INTENT_OPEN_TRADES, ARGS_WORDS},
    {"order", KW_INTENT_TRADE_DETAIL, ARGS_TRADE},
    {"trades", KW_INTENT_TRADE_HISTORY, ARGS_COUNT},
    {"profit", KW_INTENT_PROFIT, ARGS_DAYS},
    {"daily", KW_INTENT_PROFIT, ARGS_DAILY},
    {"weekly", KW_INTENT_PROFIT, ARGS_WEEKLY},
    {"monthly", KW_INTENT_PROFIT, ARGS_MONTHLY},
    {"performance", KW_INTENT_PAIR_PERFORMANCE, ARGS_WORDS},
    {"balance", KW_INTENT_BALANCE, ARGS_WORDS},
    {"drawdown", KW_INTENT_DRAWDOWN, ARGS_WORDS},
    {"stats", KW_INTENT_TRADE_STATS, ARGS_WORDS},
    {"entries", KW_INTENT_TRADE_STATS, ARGS_WORDS},
    {"exits", KW_INTENT_TRADE_STATS, ARGS_WORDS},
    {"mix_tags", KW_INTENT_TRADE_STATS, ARGS_WORDS},
    {"ftmo_status", KW_INTENT_RISK_STATUS, ARGS_PROP},
    {"risk", KW_INTENT_RISK_STATUS, ARGS_WORDS},
    {"kill_switch", KW_INTENT_RISK_STATUS, ARGS_SWITCH},
    {"kill", KW_INTENT_KILL_ON, ARGS_WORDS},
    {"logs", KW_INTENT_ERRORS, ARGS_COUNT},
    {"health", KW_INTENT_HEALTH, ARGS_WORDS},
    {"check", KW_INTENT_HEALTH, ARGS_WORDS},
    {"version", KW_INTENT_HEALTH, ARGS_WORDS},
    {"model", KW_INTENT_MODEL_INFO, ARGS_WORDS},
    {"models", KW_INTENT_MODEL_HISTORY, ARGS_WORDS},
    {"backtest", KW_INTENT_BACKTEST, ARGS_WORDS},
    {"signals", KW_INTENT_SIGNALS, ARGS_WORDS},
    {"price", KW_INTENT_PRICE, ARGS_WORDS},
    {"chart", KW_INTENT_CHART, ARGS_WORDS},
    {"outlook", KW_INTENT_OUTLOOK, ARGS_WORDS},
    {"fees", KW_INTENT_FEES, ARGS_WORDS},
    {"show_config", KW_INTENT_CONFIG_SHOW, ARGS_WORDS},
    {"config", KW_INTENT_CONFIG_SHOW, ARGS_WORDS},
    {"whitelist", KW_INTENT_PAIRS, ARGS_WORDS},
    {"pairs", KW_INTENT_PAIRS, ARGS_WORDS},
    {"locks", KW_INTENT_PAIRS, ARGS_WORDS},
    {"abgleich", KW_INTENT_VENUE, ARGS_WORDS},
    {"reconcile", KW_INTENT_VENUE, ARGS_WORDS},
    {"tokens", KW_INTENT_TOKENS, ARGS_WORDS},
    {"thoughts", KW_INTENT_THOUGHTS, ARGS_STEPS},
    {"thought", KW_INTENT_THOUGHTS, ARGS_STEPS},
    {"summary", KW_INTENT_SUMMARY, ARGS_WORDS},
    {"ask", KW_INTENT_ANALYSIS, ARGS_WORDS},
    {"start", KW_INTENT_START, ARGS_NONE},
    {"resume", KW_INTENT_START, ARGS_NONE},
    {"stop", KW_INTENT_STOP, ARGS_WORDS},
    {"pause", KW_INTENT_PAUSE_ENTRIES, ARGS_WORDS},
    {"stopentry", KW_INTENT_PAUSE_ENTRIES, ARGS_WORDS},
    {"stopbuy", KW_INTENT_PAUSE_ENTRIES, ARGS_WORDS},
    {"threshold", KW_INTENT_SET_THRESHOLD, ARGS_WORDS},
    {"lock", KW_INTENT_PAIR_LOCK, ARGS_LOCK},
    {"unlock", KW_INTENT_PAIR_LOCK, ARGS_UNLOCK},
    {"blacklist", KW_INTENT_PAIRS, ARGS_LIST_OR_LOCK},
    {"bl_delete", KW_INTENT_PAIR_LOCK, ARGS_UNLOCK},
    {"annehmen", KW_INTENT_ACCEPT, ARGS_NONE},
    {"accept", KW_INTENT_ACCEPT, ARGS_NONE},
    {"confirm", KW_INTENT_CONFIRM, ARGS_WORDS},
    {"cancel", KW_INTENT_DENY, ARGS_WORDS},
    {"retrain", KW_INTENT_RETRAIN, ARGS_NONE},
    {"deploy", KW_INTENT_DEPLOY, ARGS_WORDS},
    {"rollback", KW_INTENT_ROLLBACK, ARGS_WORDS},
    {"help", KW_INTENT_HELP, ARGS_WORDS},
    {"hilfe", KW_INTENT_HELP, ARGS_WORDS},
    {"mute", KW_INTENT_NOTIFICATIONS, ARGS_MUTE},
    {"unmute", KW_INTENT_NOTIFICATIONS, ARGS_UNMUTE},
    {"lang", KW_INTENT_SET_LANGUAGE, ARGS_LANGUAGE},
    {"forceexit", KW_INTENT_ORDER, ARGS_WORDS},
    {"forcesell", KW_INTENT_ORDER, ARGS_WORDS},
    {"fx", KW_INTENT_ORDER, ARGS_WORDS},
    {"forcelong", KW_INTENT_ORDER, ARGS_WORDS},
    {"forcebuy", KW_INTENT_ORDER, ARGS_WORDS},
    {"forceshort", KW_INTENT_ORDER, ARGS_WORDS},
    {"cancel_open_order", KW_INTENT_ORDER, ARGS_WORDS},
    {"coo", KW_INTENT_ORDER, ARGS_WORDS},
    {"delete", KW_INTENT_ORDER, ARGS_WORDS},
    {"reload_trade", KW_INTENT_ORDER, ARGS_WORDS},
    {"reload_config", KW_INTENT_RESTRICTED_CHANGE, ARGS_WORDS},
    {"edge", KW_INTENT_HELP, ARGS_WORDS},
    {"marketdir", KW_INTENT_HELP, ARGS_WORDS},
    {"list_custom_data", KW_INTENT_HELP, ARGS_WORDS},
    {"orchestrate", KW_INTENT_HELP, ARGS_WORDS},
    {"strategy", KW_INTENT_HELP, ARGS_WORDS},
};

static guint
first_number(const gchar *args)
{
    gsize n = strspn(args, "0123456789");

    return n == 0 || n > 5 ? 0 : (guint) g_ascii_strtoull(args, NULL, 10);
}

static void
last_days(const KwSpanReader *reader, guint days, KwSlots *slots)
{
    if (days == 0)
        return;
    slots->span = (KwSpan){
        .kind = KW_SPAN_DAYS,
        .from = kw_date_add_days(reader->today, 1 - (gint) MIN(days, 4000)),
        .to = reader->today,
    };
}

static void
read_switch(const gchar *args, KwIntent *out)
{
    if (strcmp(args, "on") == 0 || strcmp(args, "an") == 0 || strcmp(args, "ein") == 0)
        out->id = KW_INTENT_KILL_ON;
    else if (strcmp(args, "off") == 0 || strcmp(args, "aus") == 0)
        out->id = KW_INTENT_KILL_OFF;
    else if (*args != '\0')
        out->id = KW_INTENT_HELP;
}

static void
read_steps(const gchar *args, KwSlots *slots)
{
    g_auto(GStrv) parts = g_strsplit(args, " ", 3);

    if (parts[0] != NULL && first_number(parts[0]) > 0)
        g_strlcpy(slots->cycle, parts[0], sizeof slots->cycle);
    if (parts[0] != NULL && parts[1] != NULL)
        slots->step = first_number(parts[1]);
}

static void
read_status(const gchar *args, KwIntent *out)
{
    if (g_str_has_prefix(args, "table"))
        out->id = KW_INTENT_OPEN_TRADES;
    else if (first_number(args) > 0) {
        out->id = KW_INTENT_TRADE_DETAIL;
        out->slots.trade_id = first_number(args);
    }
}

/* Orders are refused, and the refusal names what was wanted. */
static void
name_order(const gchar *name, KwSlots *slots)
{
    const gchar *kind = "schliessen";

    if (strcmp(name, "forcelong") == 0 || strcmp(name, "forcebuy") == 0)
        kind = "kauf";
    else if (strcmp(name, "forceshort") == 0)
        kind = "verkauf";
    else if (strcmp(name, "coo") == 0 || strcmp(name, "cancel_open_order") == 0)
        kind = "storno";
    else if (strcmp(name, "delete") == 0 || strcmp(name, "reload_trade") == 0)
        kind = "aendern";
    g_strlcpy(slots->kind, kind, sizeof slots->kind);
}

static void
read_args(const KwSpanReader *reader, Args args, const gchar *rest, KwIntent *out)
{
    switch (args) {
    case ARGS_WORDS:
    case ARGS_LOCK:
    case ARGS_UNLOCK:
        break;
    case ARGS_DAYS:
        last_days(reader, first_number(rest), &out->slots);
        break;
    case ARGS_STATUS:
        read_status(rest, out);
        break;
    case ARGS_TRADE:
        out->slots.trade_id = first_number(rest);
        break;
    case ARGS_COUNT:
        out->slots.count = first_number(rest);
        break;
    case ARGS_DAILY:
    case ARGS_WEEKLY:
    case ARGS_MONTHLY:
        out->slots.raster = (KwRaster) (KW_RASTER_DAY + (args - ARGS_DAILY));
        out->slots.count = first_number(rest);
        break;
    case ARGS_SWITCH:
        read_switch(rest, out);
        break;
    case ARGS_LIST_OR_LOCK:
        out->id = *rest == '\0' ? KW_INTENT_PAIRS : KW_INTENT_PAIR_LOCK;
        break;
    case ARGS_NONE:
        if (*rest != '\0')
            out->id = KW_INTENT_HELP;
        break;
    case ARGS_LANGUAGE:
        g_strlcpy(out->slots.language, strcmp(rest, "en") == 0 ? "en" : "de", 4);
        break;
    case ARGS_MUTE:
    case ARGS_UNMUTE:
        out->slots.action = args == ARGS_MUTE ? KW_SLOT_ACTION_MUTE : KW_SLOT_ACTION_UNMUTE;
        break;
    case ARGS_STEPS:
        read_steps(rest, &out->slots);
        break;
    case ARGS_PROP:
        out->slots.is_prop = TRUE;
        break;
    }
}

/* Pairs, dates and numbers behind the command, read like those of a message */
static void
read_words(const KwSpanReader *reader, const gchar *rest, const gchar *quote, KwIntent *out)
{
    g_autoptr(KwText) text = kw_text_new(rest, strlen(rest));
    g_autoptr(KwFinding) finding = NULL;
    KwSpanReader words = *reader;
    KwSlotAction action = out->slots.action;
    gchar kind[KW_SLOTS_WORD_SIZE];
    KwSlotScope scope = {.intent = out->id, .clauses = G_MAXUINT64};

    g_strlcpy(kind, out->slots.kind, sizeof kind);
    finding = kw_finding_new(reader->lexicon, text->tokens, 0);
    words.tokens = text->tokens;
    kw_slots_read(&words, finding, &scope, quote, &out->slots);
    if (action != KW_SLOT_ACTION_NONE)
        out->slots.action = action;
    if (*kind != '\0')
        g_strlcpy(out->slots.kind, kind, sizeof out->slots.kind);
}

void
kw_slash_parse(const KwSpanReader *reader,
               const gchar *folded,
               const gchar *quote,
               KwIntent *out)
{
    g_autofree gchar *line = g_strstrip(g_strdup(folded));
    g_autofree gchar *name = g_strndup(line + 1, strcspn(line + 1, " \n@"));
    gchar *rest = line + 1 + strcspn(line + 1, " \n");

    rest = g_strstrip(rest);
    out->id = KW_INTENT_HELP;
    out->is_unknown_slash = TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcmp(name, names[i].name) != 0)
            continue;
        out->is_unknown_slash = FALSE;
        out->id = names[i].intent;
        if (out->id == KW_INTENT_ORDER)
            name_order(name, &out->slots);
        if (names[i].args == ARGS_LOCK || names[i].args == ARGS_LIST_OR_LOCK)
            out->slots.action = KW_SLOT_ACTION_LOCK;
        else if (names[i].args == ARGS_UNLOCK)
            out->slots.action = KW_SLOT_ACTION_UNLOCK;
        read_args(reader, names[i].args, rest, out);
        if (names[i].args != ARGS_LANGUAGE && names[i].args != ARGS_MUTE)
            read_words(reader, rest, quote, out);
        return;
    }
}
