/* kw-follow-up.c: "und letzte Woche?", "als Bild?", "warum?"
 *
 * A follow-up is the question before with something new in it. Not every question has a place
 * for that: the state is of now, a threshold has no pair. To repeat such an answer would look
 * as if it were that of the period, so each kind of news has a table: the question itself where
 * it heeds the news, the nearest one that does where it does not, and no entry where nothing
 * fits. The dialog says then what was made of it.
 *
 * Asking a language model what is meant was dropped: these are the commonest words of a chat,
 * and have to work without one. */
#include "kw-follow-up.h"

#include "kw-text.h"

#include <string.h>

typedef KwIntentId Ways[KW_N_INTENTS];

#define SAME(id) [id] = id

static const Ways by_period = {
    SAME(KW_INTENT_OPEN_TRADES),
    SAME(KW_INTENT_TRADE_HISTORY),
    SAME(KW_INTENT_PROFIT),
    SAME(KW_INTENT_PAIR_PERFORMANCE),
    SAME(KW_INTENT_DRAWDOWN),
    SAME(KW_INTENT_TRADE_STATS),
    SAME(KW_INTENT_ERRORS),
    SAME(KW_INTENT_MODEL_HISTORY),
    SAME(KW_INTENT_SIGNALS),
    SAME(KW_INTENT_CHART),
    SAME(KW_INTENT_FEES),
    SAME(KW_INTENT_THOUGHTS),
    SAME(KW_INTENT_SUMMARY),
    SAME(KW_INTENT_ANALYSIS),
    [KW_INTENT_STATUS] = KW_INTENT_SUMMARY,
    [KW_INTENT_TRADE_DETAIL] = KW_INTENT_TRADE_HISTORY,
    [KW_INTENT_BALANCE] = KW_INTENT_PROFIT,
    [KW_INTENT_RISK_STATUS] = KW_INTENT_DRAWDOWN,
    [KW_INTENT_HEALTH] = KW_INTENT_ERRORS,
    [KW_INTENT_MODEL_INFO] = KW_INTENT_MODEL_HISTORY,
    [KW_INTENT_TRAINING_STATUS] = KW_INTENT_MODEL_HISTORY,
    [KW_INTENT_PRICE] = KW_INTENT_CHART,
    [KW_INTENT_PAIRS] = KW_INTENT_PAIR_PERFORMANCE,
};

static const Ways by_pair = {
    SAME(KW_INTENT_OPEN_TRADES),
    SAME(KW_INTENT_TRADE_DETAIL),
    SAME(KW_INTENT_TRADE_HISTORY),
    SAME(KW_INTENT_PROFIT),
    SAME(KW_INTENT_PAIR_PERFORMANCE),
    SAME(KW_INTENT_TRADE_STATS),
    SAME(KW_INTENT_SIGNALS),
    SAME(KW_INTENT_PRICE),
    SAME(KW_INTENT_CHART),
    SAME(KW_INTENT_PAIRS), /* it lists all */
    SAME(KW_INTENT_ANALYSIS),
    [KW_INTENT_STATUS] = KW_INTENT_TRADE_DETAIL,
    [KW_INTENT_BALANCE] = KW_INTENT_TRADE_DETAIL,
    [KW_INTENT_RISK_STATUS] = KW_INTENT_TRADE_DETAIL,
    [KW_INTENT_DRAWDOWN] = KW_INTENT_PROFIT,
    [KW_INTENT_FEES] = KW_INTENT_PROFIT,
    [KW_INTENT_SUMMARY] = KW_INTENT_PROFIT,
    [KW_INTENT_OUTLOOK] = KW_INTENT_PRICE,
    [KW_INTENT_THOUGHTS] = KW_INTENT_SIGNALS,
};

static const Ways by_count = {
    SAME(KW_INTENT_TRADE_HISTORY),
    SAME(KW_INTENT_PROFIT),
    SAME(KW_INTENT_PAIR_PERFORMANCE),
    SAME(KW_INTENT_ERRORS),
    SAME(KW_INTENT_MODEL_HISTORY),
    SAME(KW_INTENT_SIGNALS),
    [KW_INTENT_STATUS] = KW_INTENT_TRADE_HISTORY,
    [KW_INTENT_OPEN_TRADES] = KW_INTENT_TRADE_HISTORY,
    [KW_INTENT_TRADE_DETAIL] = KW_INTENT_TRADE_HISTORY,
    [KW_INTENT_TRADE_STATS] = KW_INTENT_TRADE_HISTORY,
    [KW_INTENT_SUMMARY] = KW_INTENT_TRADE_HISTORY,
    [KW_INTENT_HEALTH] = KW_INTENT_ERRORS,
    [KW_INTENT_MODEL_INFO] = KW_INTENT_MODEL_HISTORY,
};

static const Ways by_raster = {
    SAME(KW_INTENT_PROFIT),
    SAME(KW_INTENT_CHART),
    [KW_INTENT_STATUS] = KW_INTENT_PROFIT,
    [KW_INTENT_BALANCE] = KW_INTENT_PROFIT,
    [KW_INTENT_TRADE_HISTORY] = KW_INTENT_PROFIT,
    [KW_INTENT_TRADE_STATS] = KW_INTENT_PROFIT,
    [KW_INTENT_PAIR_PERFORMANCE] = KW_INTENT_PROFIT,
    [KW_INTENT_SUMMARY] = KW_INTENT_PROFIT,
    [KW_INTENT_ANALYSIS] = KW_INTENT_PROFIT,
};

static const Ways by_rank = {
    SAME(KW_INTENT_PAIR_PERFORMANCE),
    [KW_INTENT_STATUS] = KW_INTENT_PAIR_PERFORMANCE,
    [KW_INTENT_PROFIT] = KW_INTENT_PAIR_PERFORMANCE,
    [KW_INTENT_TRADE_HISTORY] = KW_INTENT_PAIR_PERFORMANCE,
    [KW_INTENT_TRADE_STATS] = KW_INTENT_PAIR_PERFORMANCE,
    [KW_INTENT_SUMMARY] = KW_INTENT_PAIR_PERFORMANCE,
    [KW_INTENT_PAIRS] = KW_INTENT_PAIR_PERFORMANCE,
    [KW_INTENT_ANALYSIS] = KW_INTENT_PAIR_PERFORMANCE,
};

static const Ways for_reasons = {
    SAME(KW_INTENT_SIGNALS),
    SAME(KW_INTENT_ERRORS),
    SAME(KW_INTENT_ANALYSIS),
    [KW_INTENT_OPEN_TRADES] = KW_INTENT_SIGNALS,
    [KW_INTENT_TRADE_DETAIL] = KW_INTENT_SIGNALS,
    [KW_INTENT_THOUGHTS] = KW_INTENT_SIGNALS,
    [KW_INTENT_HEALTH] = KW_INTENT_ERRORS,
    [KW_INTENT_STATUS] = KW_INTENT_ANALYSIS,
    [KW_INTENT_TRADE_HISTORY] = KW_INTENT_ANALYSIS,
    [KW_INTENT_PROFIT] = KW_INTENT_ANALYSIS,
    [KW_INTENT_PAIR_PERFORMANCE] = KW_INTENT_ANALYSIS,
    [KW_INTENT_BALANCE] = KW_INTENT_ANALYSIS,
    [KW_INTENT_DRAWDOWN] = KW_INTENT_ANALYSIS,
    [KW_INTENT_TRADE_STATS] = KW_INTENT_ANALYSIS,
    [KW_INTENT_FEES] = KW_INTENT_ANALYSIS,
    [KW_INTENT_SUMMARY] = KW_INTENT_ANALYSIS,
    [KW_INTENT_PAIRS] = KW_INTENT_PAIRS,
    [KW_INTENT_BACKTEST] = KW_INTENT_BACKTEST,
};

static const Ways for_details = {
    [KW_INTENT_STATUS] = KW_INTENT_SUMMARY,
    [KW_INTENT_PROFIT] = KW_INTENT_TRADE_STATS,
    [KW_INTENT_SUMMARY] = KW_INTENT_TRADE_STATS,
    [KW_INTENT_TRADE_STATS] = KW_INTENT_PAIR_PERFORMANCE,
    [KW_INTENT_BALANCE] = KW_INTENT_OPEN_TRADES,
    [KW_INTENT_OPEN_TRADES] = KW_INTENT_TRADE_DETAIL,
    [KW_INTENT_RISK_STATUS] = KW_INTENT_DRAWDOWN,
    [KW_INTENT_HEALTH] = KW_INTENT_ERRORS,
    [KW_INTENT_MODEL_INFO] = KW_INTENT_BACKTEST,
    [KW_INTENT_SIGNALS] = KW_INTENT_THOUGHTS,
    [KW_INTENT_FEES] = KW_INTENT_PROFIT,
};

static const Ways for_fees = {
    [KW_INTENT_PROFIT] = KW_INTENT_FEES,      [KW_INTENT_SUMMARY] = KW_INTENT_FEES,
    [KW_INTENT_TRADE_STATS] = KW_INTENT_FEES, [KW_INTENT_TRADE_HISTORY] = KW_INTENT_FEES,
    [KW_INTENT_CHART] = KW_INTENT_FEES,
};

/* Kind of the picture that belongs to an answer */
static const gchar *const pictures[KW_N_INTENTS] = {
    [KW_INTENT_STATUS] = "equity",
    [KW_INTENT_PROFIT] = "equity",
    [KW_INTENT_BALANCE] = "equity",
    [KW_INTENT_SUMMARY] = "equity",
    [KW_INTENT_TRADE_HISTORY] = "equity",
    [KW_INTENT_TRADE_STATS] = "equity",
    [KW_INTENT_ANALYSIS] = "equity",
    [KW_INTENT_CHART] = "equity",
    [KW_INTENT_DRAWDOWN] = "drawdown",
    [KW_INTENT_RISK_STATUS] = "drawdown",
    [KW_INTENT_OPEN_TRADES] = "kerzen",
    [KW_INTENT_TRADE_DETAIL] = "kerzen",
    [KW_INTENT_SIGNALS] = "kerzen",
    [KW_INTENT_PRICE] = "kerzen",
    [KW_INTENT_PAIR_PERFORMANCE] = "paare",
    [KW_INTENT_MODEL_INFO] = "kalibrierung",
    [KW_INTENT_MODEL_HISTORY] = "kalibrierung",
    [KW_INTENT_BACKTEST] = "kalibrierung",
};

/* What is asked for by a word, and not by a slot */
typedef enum {
    WISH_NONE,
    WISH_PICTURE,
    WISH_REASONS,
    WISH_DETAILS,
    WISH_FEES,
} Wish;

static const struct {
    const gchar *word; /* folded */
    Wish wish;
} wishes[] = {
    {"bild", WISH_PICTURE},
    {"grafik", WISH_PICTURE},
    {"diagramm", WISH_PICTURE},
    {"picture", WISH_PICTURE},
    {"image", WISH_PICTURE},
    {"warum", WISH_REASONS},
    {"wieso", WISH_REASONS},
    {"weshalb", WISH_REASONS},
    {"why", WISH_REASONS},
    {"genauer", WISH_DETAILS},
    {"details", WISH_DETAILS},
    {"genaueres", WISH_DETAILS},
    {"ausfuehrlich", WISH_DETAILS},
    {"gebuehren", WISH_FEES},
    {"gebuehr", WISH_FEES},
    {"fees", WISH_FEES},
    {"ausfuehrlicher", WISH_DETAILS},
};

static Wish
find_wish(const gchar *text, gsize length)
{
    g_autoptr(KwText) words = kw_text_new(text, length);

    for (guint i = 0; i < words->tokens->len; i++)
        for (gsize k = 0; k < G_N_ELEMENTS(wishes); k++)
            if (strcmp(kw_text_word(words, i), wishes[k].word) == 0)
                return wishes[k].wish;
    return WISH_NONE;
}

/* -- slots -- */

/* The new slots over those of the question before */
static void
merge(KwSlots *out, const KwSlots *news, const KwSlots *before)
{
    *out = *before;
    if (news->span.kind != KW_SPAN_NONE)
        out->span = news->span;
    if (news->n_pairs > 0) {
        out->n_pairs = news->n_pairs;
        memcpy(out->pairs, news->pairs, sizeof out->pairs);
        out->trade_id = 0; /* of another trade */
    }
    if (news->count > 0)
        out->count = news->count;
    if (news->rank != KW_RANK_NONE)
        out->rank = news->rank;
    if (news->raster != KW_RASTER_NONE)
        out->raster = news->raster;
}

/* Returns: NONE when one of the new slots leads nowhere */
static KwIntentId
go_by_slots(KwIntentId id, const KwSlots *news)
{
    const struct {
        gboolean is_new;
        const KwIntentId *ways;
    } steps[] = {
        {news->raster != KW_RASTER_NONE, by_raster},
        {news->rank != KW_RANK_NONE, by_rank},
        {news->count > 0, by_count},
        {news->n_pairs > 0, by_pair},
        {news->span.kind != KW_SPAN_NONE, by_period},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++)
        if (steps[i].is_new)
            id = steps[i].ways[id];
    return id;
}

static KwIntentId
go_by_wish(KwIntentId id, Wish wish)
{
    switch (wish) {
    case WISH_NONE:
        break;
    case WISH_PICTURE:
        return pictures[id] != NULL ? KW_INTENT_CHART : KW_INTENT_NONE;
    case WISH_REASONS:
        return for_reasons[id];
    case WISH_DETAILS:
        return for_details[id];
    case WISH_FEES:
        return for_fees[id];
    }
    return id;
}

/* A trade that was named by its number has its picture with the answer, and no other has it. */
static gboolean
is_own_picture(KwIntentId id, const KwSlots *slots)
{
    return id == KW_INTENT_TRADE_DETAIL && slots->trade_id != 0;
}

KwFollowUp
kw_follow_up_resolve(
    KwIntent *inout, KwIntentId before, const KwSlots *slots, const gchar *text, gsize length)
{
    Wish wish = find_wish(text, length);
    KwIntentId slotted, id;
    KwSlots merged;

    g_return_val_if_fail(inout != NULL && slots != NULL, KW_FOLLOW_UP_NOWHERE);
    g_return_val_if_fail(before < KW_N_INTENTS, KW_FOLLOW_UP_NOWHERE);

    merge(&merged, &inout->slots, slots);
    slotted = go_by_slots(before, &inout->slots);
    if (slotted == KW_INTENT_NONE)
        return KW_FOLLOW_UP_NOWHERE;
    id = wish == WISH_PICTURE && is_own_picture(slotted, &merged) ? slotted
                                                                  : go_by_wish(slotted, wish);
    if (id == KW_INTENT_NONE)
        return KW_FOLLOW_UP_NOWHERE;
    if (id == KW_INTENT_CHART && before != KW_INTENT_CHART)
        g_strlcpy(merged.kind, pictures[before] != NULL ? pictures[before] : pictures[slotted],
                  sizeof merged.kind);
    inout->id = id;
    inout->slots = merged;
    return slotted == before ? KW_FOLLOW_UP_SAME : KW_FOLLOW_UP_MOVED;
}
