/* kw-slot-reader.c: pairs, numbers, codes
 *
 * An intent reads only the slots that its row in the table names, so a number means a count
 * here, a threshold there, and the amount of a refused order is never looked at. */
#include "kw-slot-reader.h"

#include "kw-clause.h"
#include "kw-number.h"

#include <math.h>
#include <string.h>

typedef enum {
    TAKES_SPAN = 1 << 0,
    TAKES_PAIR = 1 << 1,
    TAKES_COUNT = 1 << 2,
    TAKES_UNTIL = 1 << 3,
    TAKES_THRESHOLD = 1 << 4,
    TAKES_TRADE = 1 << 5,
    TAKES_RASTER = 1 << 6,
    TAKES_RANK = 1 << 7,
    TAKES_TAG = 1 << 8,
    TAKES_CODE = 1 << 9,
    TAKES_CYCLE = 1 << 10,
    TAKES_LAST = 1 << 11, /* "der letzte Trade" is one */
} Takes;

static const guint takes[KW_N_INTENTS] = {
    [KW_INTENT_STATUS] = TAKES_SPAN,
    [KW_INTENT_OPEN_TRADES] = TAKES_SPAN,
    [KW_INTENT_TRADE_DETAIL] = TAKES_PAIR | TAKES_TRADE,
    [KW_INTENT_TRADE_HISTORY] = TAKES_SPAN | TAKES_PAIR | TAKES_COUNT | TAKES_LAST,
    [KW_INTENT_PROFIT] = TAKES_SPAN | TAKES_PAIR | TAKES_RASTER,
    [KW_INTENT_PAIR_PERFORMANCE] = TAKES_SPAN | TAKES_PAIR | TAKES_COUNT | TAKES_RANK,
    [KW_INTENT_BALANCE] = TAKES_SPAN | TAKES_PAIR,
    [KW_INTENT_DRAWDOWN] = TAKES_SPAN,
    [KW_INTENT_TRADE_STATS] = TAKES_SPAN | TAKES_PAIR,
    [KW_INTENT_RISK_STATUS] = TAKES_SPAN,
    [KW_INTENT_ERRORS] = TAKES_SPAN | TAKES_COUNT,
    [KW_INTENT_MODEL_HISTORY] = TAKES_SPAN | TAKES_COUNT | TAKES_TAG,
    [KW_INTENT_BACKTEST] = TAKES_TAG,
    [KW_INTENT_TRAINING_STATUS] = TAKES_SPAN,
    [KW_INTENT_SIGNALS] = TAKES_SPAN | TAKES_PAIR | TAKES_COUNT | TAKES_LAST,
    [KW_INTENT_PRICE] = TAKES_SPAN | TAKES_PAIR,
    [KW_INTENT_CHART] = TAKES_SPAN | TAKES_PAIR,
    [KW_INTENT_OUTLOOK] = TAKES_PAIR,
    [KW_INTENT_FEES] = TAKES_SPAN,
    [KW_INTENT_PAIRS] = TAKES_PAIR,
    [KW_INTENT_TOKENS] = TAKES_SPAN,
    [KW_INTENT_THOUGHTS] = TAKES_SPAN | TAKES_CYCLE,
    [KW_INTENT_SUMMARY] = TAKES_SPAN,
    [KW_INTENT_ANALYSIS] = TAKES_SPAN | TAKES_PAIR,
    [KW_INTENT_START] = 0,
    [KW_INTENT_STOP] = TAKES_UNTIL,
    [KW_INTENT_PAUSE_ENTRIES] = TAKES_UNTIL,
    [KW_INTENT_SET_THRESHOLD] = TAKES_THRESHOLD,
    [KW_INTENT_PAIR_LOCK] = TAKES_PAIR | TAKES_UNTIL,
    [KW_INTENT_CONFIRM] = TAKES_CODE,
    [KW_INTENT_DEPLOY] = TAKES_TAG,
    [KW_INTENT_ROLLBACK] = TAKES_TAG,
    [KW_INTENT_FOLLOWUP] = TAKES_SPAN | TAKES_PAIR | TAKES_COUNT | TAKES_RANK | TAKES_RASTER,
    [KW_INTENT_NOTIFICATIONS] = TAKES_UNTIL,
    [KW_INTENT_ORDER] = TAKES_PAIR,
    [KW_INTENT_ADVICE] = TAKES_PAIR,
};

static const gchar *
word(const KwSpanReader *reader, guint index)
{
    if (index >= reader->tokens->len)
        return "";
    return g_array_index(reader->tokens, KwToken, index).word;
}

static gboolean
is(const KwSpanReader *reader, guint index, const gchar *text)
{
    return strcmp(word(reader, index), text) == 0;
}

static gboolean
has(const KwSpanReader *reader, const KwFinding *finding, guint index, const gchar *term)
{
    return kw_finding_word_is(finding, index, kw_lexicon_find_term(reader->lexicon, term));
}

static gboolean
anywhere(const KwSpanReader *reader, const KwFinding *finding, const gchar *term)
{
    for (guint i = 0; i < reader->tokens->len; i++) {
        if (has(reader, finding, i, term))
            return TRUE;
    }
    return FALSE;
}

/* -- pairs -- */

gboolean
kw_slots_is_pair(const KwLexicon *lexicon, const gchar *text)
{
    const gchar *slash = strchr(text, '/');
    gsize n;

    if (slash == NULL)
        return kw_lexicon_find_coin(lexicon, text) != NULL;
    n = (gsize) (slash - text);
    return n >= 2 && n <= 8 && g_ascii_isalpha(*text) && strlen(slash + 1) >= 3 &&
           strlen(slash + 1) <= 6 && g_ascii_isalpha(slash[1]) &&
           strchr(slash + 1, '/') == NULL;
}

static void
add_pair(KwSlots *slots, const gchar *pair)
{
    for (guint i = 0; i < slots->n_pairs; i++) {
        if (strcmp(slots->pairs[i], pair) == 0)
            return;
    }
    if (slots->n_pairs < KW_SLOTS_MAX_PAIRS)
        g_strlcpy(slots->pairs[slots->n_pairs++], pair, KW_SLOTS_PAIR_SIZE);
}

static gchar *
canonical_pair(const KwLexicon *lexicon, const gchar *text, const gchar *quote)
{
    g_auto(GStrv) halves = g_strsplit(text, "/", 2);
    const gchar *coin = kw_lexicon_find_coin(lexicon, halves[0]);
    g_autofree gchar *base = coin != NULL ? g_strdup(coin) : g_ascii_strup(halves[0], -1);
    g_autofree gchar *own_quote = NULL;

    if (halves[1] == NULL)
        return g_strdup_printf("%s/%s", base, quote);
    own_quote = g_ascii_strup(halves[1], -1);
    return g_strdup_printf("%s/%s", base, own_quote);
}

/* "Bitcoin in Euro" */
static const gchar *
said_quote(const KwSpanReader *reader, const gchar *quote)
{
    for (guint i = 0; i + 1 < reader->tokens->len; i++) {
        if (!is(reader, i, "in"))
            continue;
        if (is(reader, i + 1, "euro") || is(reader, i + 1, "eur"))
            return "EUR";
        if (is(reader, i + 1, "franken") || is(reader, i + 1, "chf"))
            return "CHF";
        if (is(reader, i + 1, "dollar") || is(reader, i + 1, "usd"))
            return "USD";
    }
    return quote;
}

/* Is the pair at word @index one of those that the intent is about? */
static gboolean
is_meant(const KwSpanReader *reader,
         const KwFinding *finding,
         const KwSlotScope *scope,
         guint index)
{
    guint clause = g_array_index(reader->tokens, KwToken, index).clause;

    if ((scope->clauses >> MIN(clause, 63) & 1u) == 0)
        return FALSE;
    return scope->intent == KW_INTENT_PAIR_LOCK
               ? !kw_clause_leaves_out(finding, reader->tokens, index)
               : !kw_clause_excepts(finding, reader->tokens, index);
}

static gboolean
means_any(const KwSpanReader *reader, const KwFinding *finding, const KwSlotScope *scope)
{
    for (guint i = 0; i < reader->tokens->len; i++) {
        if (kw_slots_is_pair(reader->lexicon, word(reader, i)) &&
            is_meant(reader, finding, scope, i))
            return TRUE;
    }
    return FALSE;
}

/* "handle nur noch BTC" locks the rest, "nur ETH sperren" does not. */
static gboolean
keeps_only(const KwSpanReader *reader, const KwFinding *finding, guint index)
{
    return kw_clause_has_only(finding, reader->tokens, index) &&
           !anywhere(reader, finding, "@lock_verb") && !anywhere(reader, finding, "@release");
}

/* A lock has its pairs, or with "alle außer" the ones it spares; a question has no pairs that
 * are left out. */
static void
read_pairs(const KwSpanReader *reader,
           const KwFinding *finding,
           const KwSlotScope *scope,
           const gchar *quote,
           KwSlots *slots)
{
    const gchar *used = said_quote(reader, quote);
    gboolean is_lock = scope->intent == KW_INTENT_PAIR_LOCK;
    gboolean has_meant = means_any(reader, finding, scope);

    for (guint i = 0; i < reader->tokens->len; i++) {
        g_autofree gchar *pair = NULL;

        if (!kw_slots_is_pair(reader->lexicon, word(reader, i)) ||
            (is_meant(reader, finding, scope, i) != has_meant) || (!has_meant && !is_lock))
            continue;
        pair = canonical_pair(reader->lexicon, word(reader, i), used);
        add_pair(slots, pair);
        slots->is_rest |= is_lock && has_meant && keeps_only(reader, finding, i);
    }
    slots->is_rest |= is_lock && !has_meant && anywhere(reader, finding, "@all_word");
}

/* -- numbers -- */

static gboolean
whole_number(const KwSpanReader *reader, guint index, gint *out)
{
    const gchar *text = word(reader, index);

    if (*text != '\0' && strspn(text, "0123456789") == strlen(text) && strlen(text) <= 5) {
        *out = (gint) g_ascii_strtoll(text, NULL, 10);
        return TRUE;
    }
    return kw_number_from_word(text, out);
}

static gboolean
is_unit_of_time(const KwSpanReader *reader, guint index)
{
    return kw_lexicon_find_value(reader->lexicon, "counted", word(reader, index)) >= 0 ||
           is(reader, index, "uhr") || is(reader, index, "prozent") ||
           kw_lexicon_find_value(reader->lexicon, "months", word(reader, index)) > 0;
}

static gboolean
is_article(const KwSpanReader *reader, guint index)
{
    return is(reader, index, "ein") || is(reader, index, "eine") || is(reader, index, "einen");
}

/* Behind "letzten" or "besten", or up to three words before what is counted */
static gboolean
counts_things(const KwSpanReader *reader, const KwFinding *finding, guint index)
{
    if (index > 0 &&
        (has(reader, finding, index - 1, "@last_word") ||
         has(reader, finding, index - 1, "@best") || has(reader, finding, index - 1, "@worst")))
        return TRUE;
    for (guint i = index + 1; i <= index + 3; i++) {
        if (has(reader, finding, i, "@counted_thing"))
            return TRUE;
    }
    return FALSE;
}

/* "zehn", "beide", "zwei Dutzend" at @index; an article counts nothing. @n: words that it takes
 */
static gboolean
read_amount(const KwSpanReader *reader, guint index, gint *out, guint *n)
{
    gboolean is_dozen = is(reader, index + 1, "dutzend");

    *n = 1 + is_dozen;
    if (is(reader, index, "beide") || is(reader, index, "beiden"))
        *out = 2;
    else if (is_dozen && is(reader, index, "halbes"))
        *out = 6;
    else if (!whole_number(reader, index, out) || (is_article(reader, index) && !is_dozen))
        return FALSE;
    else
        *out *= is_dozen ? 12 : 1;
    return *out > 0 && *out <= 1000;
}

/* "die letzten zehn", "top 3", "5 signale" */
static void
read_count(const KwSpanReader *reader, const KwFinding *finding, KwSlots *slots)
{
    gint amount;
    guint n;

    for (guint i = 0; i < reader->tokens->len; i++) {
        if (read_amount(reader, i, &amount, &n) && !is_unit_of_time(reader, i + n) &&
            counts_things(reader, finding, i)) {
            slots->count = (guint) amount;
            return;
        }
    }
}

/* "der letzte Trade", "der letzte abgeschlossene Trade", "beim letzten Kaufsignal" */
static void
read_last_one(const KwSpanReader *reader,
              const KwFinding *finding,
              KwIntentId intent,
              KwSlots *slots)
{
    const gchar *one = intent == KW_INTENT_SIGNALS ? "@one_signal" : "@one_trade";

    for (guint i = 0; i + 1 < reader->tokens->len; i++) {
        guint thing = i + 1 + has(reader, finding, i + 1, "@closed_word");

        if (has(reader, finding, i, "@last_one") && has(reader, finding, thing, one))
            slots->count = 1;
    }
}

static void
read_trade_id(const KwSpanReader *reader, const KwFinding *finding, KwSlots *slots)
{
    gint n;

    for (guint i = 0; i < reader->tokens->len; i++) {
        guint at = i + 1;

        if (!has(reader, finding, i, "@id_lead"))
            continue;
        at += is(reader, at, "nummer") || is(reader, at, "nr") || is(reader, at, "id") ? 1 : 0;
        if (whole_number(reader, at, &n) && n > 0) {
            slots->trade_id = n;
            return;
        }
    }
}

/* "null komma acht", "0,75", "fuenfundsiebzig" at @index; @n: words that it takes */
static gboolean
read_number(const KwSpanReader *reader, guint index, gdouble *out, guint *n)
{
    KwDecimal decimal;
    gint whole, digit;
    gdouble scale = 0.1;

    *n = 1;
    if (g_ascii_isdigit(*word(reader, index)) || *word(reader, index) == '-') {
        if (!kw_number_parse(word(reader, index), &decimal, NULL))
            return FALSE;
        *out = kw_decimal_to_double(decimal);
        return TRUE;
    }
    if (!kw_number_from_word(word(reader, index), &whole))
        return FALSE;
    *out = whole;
    if (!is(reader, index + 1, "komma") && !is(reader, index + 1, "punkt"))
        return TRUE;
    *n = 2;
    while (kw_number_from_word(word(reader, index + *n), &digit) && digit < 100) {
        if (digit >= 10)
            scale /= 10;
        *out += digit * scale;
        scale /= digit >= 10 ? 100 : 10;
        (*n)++;
    }
    return *n > 2;
}

static void
set_threshold(KwSlots *slots, gdouble number, gboolean is_percent)
{
    gdouble ratio = is_percent || number > 1 ? number / 100 : number;

    if (!(ratio > 0) || !(ratio < 1))
        slots->is_threshold_bad = TRUE;
    else
        slots->threshold = round(ratio * 1e6) / 1e6;
}

/* A number that belongs to a date, a clock or a duration */
static gboolean
is_number_of_time(const KwSpanReader *reader, guint before, guint after)
{
    return kw_lexicon_find_value(reader->lexicon, "counted", word(reader, after)) >= 0 ||
           is(reader, after, "uhr") ||
           kw_lexicon_find_value(reader->lexicon, "months", word(reader, after)) > 0 ||
           kw_lexicon_find_value(reader->lexicon, "until_words", word(reader, before)) >= 0;
}

/* The first number in the clauses @clauses; %FALSE when they have none */
static gboolean
read_threshold_in(const KwSpanReader *reader,
                  const KwFinding *finding,
                  guint64 clauses,
                  KwSlots *slots)
{
    gboolean lowers = anywhere(reader, finding, "@lower");
    gboolean raises = anywhere(reader, finding, "@raise");

    for (guint i = 0; i < reader->tokens->len; i++) {
        guint clause = g_array_index(reader->tokens, KwToken, i).clause;
        gdouble number;
        guint n;
        gboolean is_percent;

        if ((clauses >> MIN(clause, 63) & 1u) == 0 || is_article(reader, i) ||
            !read_number(reader, i, &number, &n))
            continue;
        if (is_number_of_time(reader, i - 1, i + n)) /* before the first word there is "" */
            continue;
        is_percent = has(reader, finding, i + n, "@percent");
        if ((has(reader, finding, i + n, "@points") ||
             (i > 0 && (is(reader, i - 1, "um") || is(reader, i - 1, "by")))) &&
            lowers != raises) {
            gdouble delta = is_percent || number >= 1 ? number / 100 : number;

            slots->threshold_delta = round((lowers ? -delta : delta) * 1e6) / 1e6;
        } else {
            set_threshold(slots, number, is_percent);
        }
        return TRUE;
    }
    return FALSE;
}

/* "Sie steht auf 70, setz sie auf 80": the number of the wish before any other */
static void
read_threshold(const KwSpanReader *reader,
               const KwFinding *finding,
               const KwSlotScope *scope,
               KwSlots *slots)
{
    if (!read_threshold_in(reader, finding, scope->clauses, slots))
        (void) read_threshold_in(reader, finding, G_MAXUINT64, slots);
}

/* -- codes -- */

static gboolean
spelled_digit(const KwSpanReader *reader, guint index, gchar *out)
{
    gint digit;

    if (!whole_number(reader, index, &digit) || digit > 9 || digit < 0 ||
        strlen(word(reader, index)) > 6)
        return FALSE;
    *out = (gchar) ('0' + digit);
    return TRUE;
}

gboolean
kw_slots_read_code(const KwSpanReader *reader, gchar *code)
{
    for (guint i = 0; i < reader->tokens->len; i++) {
        const gchar *text = word(reader, i);
        guint n = 0;

        if (strlen(text) == 4 && strspn(text, "0123456789") == 4) {
            g_strlcpy(code, text, 5);
            return TRUE;
        }
        while (n < 4 && spelled_digit(reader, i + n, &code[n]))
            n++;
        if (n == 4) {
            code[4] = '\0';
            return TRUE;
        }
    }
    *code = '\0';
    return FALSE;
}

/* -- words -- */

static void
read_raster(const KwSpanReader *reader, const KwFinding *finding, KwSlots *slots)
{
    for (guint i = 0; i < reader->tokens->len; i++) {
        gboolean each = has(reader, finding, i, "@each");

        each |= is(reader, i, "fuer") && strcmp(word(reader, i - 1), word(reader, i + 1)) == 0;
        if (has(reader, finding, i, "@daily") || (each && is(reader, i + 1, "tag")))
            slots->raster = KW_RASTER_DAY;
        else if (has(reader, finding, i, "@weekly") || (each && is(reader, i + 1, "woche")))
            slots->raster = KW_RASTER_WEEK;
        else if (has(reader, finding, i, "@monthly") || (each && is(reader, i + 1, "monat")))
            slots->raster = KW_RASTER_MONTH;
    }
}

static void
read_rank(const KwSpanReader *reader, const KwFinding *finding, KwSlots *slots)
{
    if (anywhere(reader, finding, "@worst"))
        slots->rank = KW_RANK_WORST;
    else if (anywhere(reader, finding, "@best"))
        slots->rank = KW_RANK_BEST;
}

/* "v1.2.0", "version 1.2.0" */
static void
read_tag(const KwSpanReader *reader, KwSlots *slots)
{
    for (guint i = 0; i < reader->tokens->len; i++) {
        const gchar *text = word(reader, i);
        const gchar *digits = *text == 'v' ? text + 1 : text;
        guint points = 0;

        for (const gchar *p = digits; *p != '\0'; p++)
            points += *p == '.';
        if (points == 2 && g_ascii_isdigit(*digits) &&
            strspn(digits, "0123456789.") == strlen(digits)) {
            g_snprintf(slots->model_tag, sizeof slots->model_tag, "v%s", digits);
            return;
        }
    }
}

static void
read_cycle(const KwSpanReader *reader, KwSlots *slots)
{
    gint n;

    for (guint i = 0; i < reader->tokens->len; i++) {
        if (!whole_number(reader, i + 1, &n))
            continue;
        if (is(reader, i, "zyklus") || is(reader, i, "cycle"))
            g_snprintf(slots->cycle, sizeof slots->cycle, "%d", n);
        else if (is(reader, i, "schritt") || is(reader, i, "step"))
            slots->step = n;
    }
}

/* -- the kinds: the first class of the list that a word belongs to -- */

typedef struct {
    KwIntentId intent;
    const gchar *term, *kind;
} KindRow;

static const KindRow kinds[] = {
    {KW_INTENT_CHART, "@kind_calibration", "kalibrierung"},
    {KW_INTENT_CHART, "@kind_drawdown", "drawdown"},
    {KW_INTENT_CHART, "@kind_pairs", "paare"},
    {KW_INTENT_CHART, "@kind_equity", "equity"},
    {KW_INTENT_CHART, "@kind_candles", "kerzen"},
    {KW_INTENT_CHART, "#paar", "kerzen"},
    {KW_INTENT_NOTIFICATIONS, "@kind_trades", "trades"},
    {KW_INTENT_ORDER, "@kind_payout", "auszahlung"},
    {KW_INTENT_ORDER, "@kind_cancel", "storno"},
    {KW_INTENT_ORDER, "@kind_take_profit", "take_profit"},
    {KW_INTENT_ORDER, "@kind_stop_loss", "stop_loss"},
    {KW_INTENT_ORDER, "@kind_change", "aendern"},
    {KW_INTENT_ORDER, "@kind_close", "schliessen"},
    {KW_INTENT_ORDER, "@kind_sell", "verkauf"},
    {KW_INTENT_ORDER, "@kind_buy", "kauf"},
    {KW_INTENT_RESTRICTED_CHANGE, "@kind_restart", "neustart"},
    {KW_INTENT_RESTRICTED_CHANGE, "@kind_leverage", "hebel"},
    {KW_INTENT_RESTRICTED_CHANGE, "@kind_access", "zugriff"},
    {KW_INTENT_RESTRICTED_CHANGE, "@kind_strategy", "strategie"},
    {KW_INTENT_RESTRICTED_CHANGE, "@kind_limit", "limit"},
    {KW_INTENT_RESTRICTED_CHANGE, "@kind_stake", "positionsgroesse"},
    {KW_INTENT_RESTRICTED_CHANGE, "@kind_live", "live"},
};

static void
read_kind(const KwSpanReader *reader,
          const KwFinding *finding,
          KwIntentId intent,
          KwSlots *slots)
{
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (kinds[i].intent == intent && anywhere(reader, finding, kinds[i].term)) {
            g_strlcpy(slots->kind, kinds[i].kind, sizeof slots->kind);
            return;
        }
    }
}

/* "um neun", when "uhr" is left out */
static gboolean
clock_behind_um(const KwSpanReader *reader, guint index, gint *out_minute)
{
    gint hour;

    if (!is(reader, index - 1, "um") || !whole_number(reader, index, &hour) || hour > 23)
        return FALSE;
    *out_minute = hour * 60;
    return TRUE;
}

static void
read_notification(const KwSpanReader *reader, const KwFinding *finding, KwSlots *slots)
{
    KwUntil until;
    gint minute;
    guint n;

    if (anywhere(reader, finding, "@switch_on")) {
        slots->action = KW_SLOT_ACTION_UNMUTE;
        return;
    }
    slots->action = KW_SLOT_ACTION_MUTE;
    if (kw_until_read(reader, &until) || !anywhere(reader, finding, "@report"))
        return;
    for (guint i = 0; i < reader->tokens->len; i++) {
        if (kw_clock_words_read(reader, i, &minute, &n) ||
            clock_behind_um(reader, i, &minute)) {
            if (anywhere(reader, finding, "@evening") && minute < 720)
                minute += 720;
            g_snprintf(slots->clock, sizeof slots->clock, "%02d:%02d", minute / 60,
                       minute % 60);
            slots->action = KW_SLOT_ACTION_TIME;
            return;
        }
    }
}

KwSlotAction
kw_slots_read_lock_action(const KwFinding *finding, const KwTermSet *words)
{
    const KwLexicon *lexicon = finding->lexicon;
    gboolean is_struck = kw_term_set_has(words, kw_lexicon_find_term(lexicon, "@lock_list")) &&
                         kw_term_set_has(words, kw_lexicon_find_term(lexicon, "@off_list"));
    gboolean releases = is_struck || /* "von der Sperrliste" */
                        kw_term_set_has(words, kw_lexicon_find_term(lexicon, "@release")) ||
                        (kw_term_set_has(words, kw_lexicon_find_term(lexicon, "wieder")) &&
                         !kw_term_set_has(words, kw_lexicon_find_term(lexicon, "@lock_verb")) &&
                         !kw_term_set_has(words, kw_lexicon_find_term(lexicon, "@none")));

    return releases ? KW_SLOT_ACTION_UNLOCK : KW_SLOT_ACTION_LOCK;
}

/* Of the clauses where its pairs stand */
static KwSlotAction
read_lock_action(const KwSpanReader *reader, const KwFinding *finding, const KwSlotScope *scope)
{
    KwTermSet words = {0};

    for (guint i = 0; i < reader->tokens->len; i++) {
        guint clause = g_array_index(reader->tokens, KwToken, i).clause;

        if ((scope->clauses >> MIN(clause, 63) & 1u) != 0)
            kw_term_set_add(&words, &g_array_index(finding->words, KwTermSet, i));
    }
    return kw_slots_read_lock_action(finding, &words);
}

/* A summary of "den Tag" or of the running week, when no other period is named */
static void
read_day_or_week(const KwSpanReader *reader, const KwFinding *finding, KwSlots *slots)
{
    KwDate today = reader->today, from;

    if (slots->span.kind != KW_SPAN_NONE)
        return;
    if (anywhere(reader, finding, "@day_itself"))
        from = today;
    else if (anywhere(reader, finding, "@week_report"))
        from = kw_date_add_days(today, 1 - (gint) kw_date_get_weekday(today));
    else
        return;
    slots->span = (KwSpan){.kind = KW_SPAN_DAYS, .from = from, .to = today};
}

/* "auf Deutsch, mein Englisch ist eingerostet": the one that is asked for */
static void
read_language(const KwSpanReader *reader, const KwFinding *finding, KwSlots *slots)
{
    gboolean is_english = anywhere(reader, finding, "@english");

    for (guint i = 0; i + 1 < reader->tokens->len; i++)
        is_english &= !is(reader, i, "auf") || !has(reader, finding, i + 1, "@german_lang");
    g_strlcpy(slots->language, is_english ? "en" : "de", sizeof slots->language);
}

static void
read_special(const KwSpanReader *reader,
             const KwFinding *finding,
             const KwSlotScope *scope,
             KwSlots *slots)
{
    KwIntentId intent = scope->intent;

    if (intent == KW_INTENT_NOTIFICATIONS)
        read_notification(reader, finding, slots);
    if (intent == KW_INTENT_PAIR_LOCK)
        slots->action = read_lock_action(reader, finding, scope);
    if (intent == KW_INTENT_SET_LANGUAGE)
        read_language(reader, finding, slots);
    if (intent == KW_INTENT_SUMMARY)
        read_day_or_week(reader, finding, slots);
    if (intent == KW_INTENT_RISK_STATUS)
        slots->is_prop |= anywhere(reader, finding, "@prop_firm");
}

/* "bis Freitag", "für 2 Stunden"; and what is kept still "heute" ends with the day */
static void
read_end(const KwSpanReader *reader,
         const KwFinding *finding,
         KwIntentId intent,
         KwSlots *slots)
{
    gboolean keeps_still = intent == KW_INTENT_PAUSE_ENTRIES ||
                           slots->action == KW_SLOT_ACTION_LOCK ||
                           slots->action == KW_SLOT_ACTION_MUTE;

    if (slots->until.is_set || kw_until_read(reader, &slots->until) ||
        kw_duration_read(reader, finding, &slots->until))
        return;
    if (keeps_still && anywhere(reader, finding, "@today"))
        slots->until = (KwUntil){.is_set = TRUE, .date = reader->today};
}

/* What is counted or measured */
static void
read_numbers(const KwSpanReader *reader,
             const KwFinding *finding,
             const KwSlotScope *scope,
             KwSlots *slots)
{
    guint wants = takes[scope->intent];

    if ((wants & TAKES_COUNT) != 0 && slots->count == 0)
        read_count(reader, finding, slots);
    if ((wants & TAKES_LAST) != 0 && slots->count == 0)
        read_last_one(reader, finding, scope->intent, slots);
    if ((wants & TAKES_TRADE) != 0)
        read_trade_id(reader, finding, slots);
    if ((wants & TAKES_THRESHOLD) != 0)
        read_threshold(reader, finding, scope, slots);
    if ((wants & TAKES_TAG) != 0)
        read_tag(reader, slots);
    if ((wants & TAKES_CODE) != 0)
        (void) kw_slots_read_code(reader, slots->code);
    if ((wants & TAKES_CYCLE) != 0)
        read_cycle(reader, slots);
}

void
kw_slots_read(const KwSpanReader *reader,
              const KwFinding *finding,
              const KwSlotScope *scope,
              const gchar *quote,
              KwSlots *slots)
{
    guint wants = takes[scope->intent];

    if ((wants & TAKES_SPAN) != 0 && slots->span.kind == KW_SPAN_NONE)
        (void) kw_span_read(reader, &slots->span);
    if (scope->intent == KW_INTENT_BALANCE && slots->span.kind == KW_SPAN_ALL &&
        anywhere(reader, finding, "insgesamt"))
        slots->span.kind = KW_SPAN_NONE; /* "insgesamt" is a sum here */
    if ((wants & TAKES_PAIR) != 0 && slots->n_pairs == 0)
        read_pairs(reader, finding, scope, quote, slots);
    read_numbers(reader, finding, scope, slots);
    if ((wants & TAKES_RASTER) != 0)
        read_raster(reader, finding, slots);
    if ((wants & TAKES_RANK) != 0)
        read_rank(reader, finding, slots);
    read_kind(reader, finding, scope->intent, slots);
    read_special(reader, finding, scope, slots);
    if ((wants & TAKES_UNTIL) != 0)
        read_end(reader, finding, scope->intent, slots);
}
