/* kw-intent.h: what a chat message wants, told by rules alone */
#pragma once

#include "kw-slots.h"

G_BEGIN_DECLS

typedef enum {
    KW_INTENT_NONE,
    /* read */
    KW_INTENT_STATUS,
    KW_INTENT_OPEN_TRADES,
    KW_INTENT_TRADE_DETAIL,
    KW_INTENT_TRADE_HISTORY,
    KW_INTENT_PROFIT,
    KW_INTENT_PAIR_PERFORMANCE,
    KW_INTENT_BALANCE,
    KW_INTENT_DRAWDOWN,
    KW_INTENT_TRADE_STATS,
    KW_INTENT_RISK_STATUS,
    KW_INTENT_ERRORS,
    KW_INTENT_HEALTH,
    KW_INTENT_MODEL_INFO,
    KW_INTENT_MODEL_HISTORY,
    KW_INTENT_BACKTEST,
    KW_INTENT_TRAINING_STATUS,
    KW_INTENT_SIGNALS,
    KW_INTENT_PRICE,
    KW_INTENT_CHART,
    KW_INTENT_OUTLOOK,
    KW_INTENT_FEES,
    KW_INTENT_CONFIG_SHOW,
    KW_INTENT_PAIRS,
    KW_INTENT_TOKENS,
    KW_INTENT_THOUGHTS,
    KW_INTENT_SUMMARY,
    KW_INTENT_ANALYSIS,
    KW_INTENT_VENUE,
    /* control */
    KW_INTENT_START,
    KW_INTENT_STOP,
    KW_INTENT_PAUSE_ENTRIES,
    KW_INTENT_SET_THRESHOLD,
    KW_INTENT_PAIR_LOCK,
    KW_INTENT_ACCEPT,
    KW_INTENT_CONFIRM,
    /* kill */
    KW_INTENT_KILL_ON,
    KW_INTENT_KILL_OFF,
    /* model */
    KW_INTENT_RETRAIN,
    KW_INTENT_DEPLOY,
    KW_INTENT_ROLLBACK,
    /* meta */
    KW_INTENT_HELP,
    KW_INTENT_EXPLAIN,
    KW_INTENT_SMALLTALK,
    KW_INTENT_FOLLOWUP,
    KW_INTENT_DENY,
    KW_INTENT_NOTIFICATIONS,
    KW_INTENT_SET_LANGUAGE,
    KW_INTENT_NO_ACTION,
    KW_INTENT_UNCLEAR,
    /* refuse */
    KW_INTENT_ORDER,
    KW_INTENT_RESTRICTED_CHANGE,
    KW_INTENT_ADVICE,
    KW_INTENT_SECRETS,
    KW_INTENT_INJECTION,
} KwIntentId;
#define KW_N_INTENTS 55 /* KW_INTENT_NONE included */

typedef enum {
    KW_INTENT_CLASS_READ,
    KW_INTENT_CLASS_CONTROL,
    KW_INTENT_CLASS_KILL,
    KW_INTENT_CLASS_MODEL,
    KW_INTENT_CLASS_META,
    KW_INTENT_CLASS_REFUSE,
} KwIntentClass;

/* What carrying it out does to the risk; a threshold or a lock may go either way */
typedef enum {
    KW_DIRECTION_NONE,
    KW_DIRECTION_SAFE,
    KW_DIRECTION_RISK,
    KW_DIRECTION_EITHER,
} KwDirection;

/* "status", "open_trades", ...; static; stored in the audit trail */
const gchar *kw_intent_id_to_string(KwIntentId id);
gboolean kw_intent_id_from_string(const gchar *text, KwIntentId *out, GError **error);
KwIntentClass kw_intent_id_get_class(KwIntentId id);
KwDirection kw_intent_id_get_direction(KwIntentId id);

#define KW_INTENT_MAX_BYTES 16000 /* 4,000 characters of up to four bytes */
#define KW_INTENT_MAX_CHARS 4000
#define KW_INTENT_MAX_FURTHER 6

/**
 * KwIntentInput:
 * @text: (array length=len): own text of the sender, bytes as they came
 * @zone: for "today" and clock times; borrowed
 * @quote: what a bare coin is priced in, "USDT"; borrowed
 * @pending: action that waits for its code, or %KW_INTENT_NONE
 * @last_read: last answered question of this chat, not too old, or %KW_INTENT_NONE
 * @is_forwarded: foreign text: never commands
 */
typedef struct {
    const gchar *text;
    gsize len;
    gint64 now_us;
    KwZone *zone;
    const gchar *quote;
    KwIntentId pending;
    KwIntentId last_read;
    gboolean is_forwarded;
} KwIntentInput;

/**
 * KwIntent:
 * @id: what is carried out first
 * @further: what else the message asks for, in the order of mention
 * @guesses: up to three likely readings when @id is %KW_INTENT_UNCLEAR
 * @about: what %KW_INTENT_NO_ACTION and %KW_INTENT_EXPLAIN talk of, or %KW_INTENT_NONE
 * @term: folded word that an explanation is asked for, or ""
 * @is_for_later: what is talked of has a condition or another time
 * @is_too_long: nothing was read
 * @is_more: a follow-up that asks for the next page
 * @is_unknown_slash: a slash command that does not exist
 */
typedef struct {
    KwIntentId id;
    guint n_further;
    KwIntentId further[KW_INTENT_MAX_FURTHER];
    guint n_guesses;
    KwIntentId guesses[3];
    KwIntentId about;
    gchar term[32];
    KwSlots slots;
    gboolean is_for_later;
    gboolean is_too_long;
    gboolean is_more;
    gboolean is_unknown_slash;
} KwIntent;

/**
 * kw_intent_parse:
 *
 * Pure: the same input gives the same result. Any bytes are allowed.
 */
void kw_intent_parse(const KwIntentInput *input, KwIntent *out);

/* What happened on the way: a clause with its words, a rule that fired, a decision */
typedef void (*KwIntentTrace)(const gchar *what, const gchar *detail, gpointer user_data);

/* The same; @trace is told each step, in stable English words ("clause", "rule", "mood", ...)
 */
void kw_intent_explain(const KwIntentInput *input,
                       KwIntent *out,
                       KwIntentTrace trace,
                       gpointer user_data);

G_END_DECLS
