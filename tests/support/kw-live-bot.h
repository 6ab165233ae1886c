/* kw-live-bot.h: the whole bot with an account at the fake Kraken, for tests
 *
 * Clock and exchange are moved together. */
#pragma once

#include "kw-fake-kraken.h"
#include "kw-live-watch.h"
#include "kw-rig.h"

G_BEGIN_DECLS

#define KW_LIVE_BOT_T0_US (KW_TEST_T0_US / G_TIME_SPAN_MINUTE * G_TIME_SPAN_MINUTE)

typedef struct {
    gchar *folder, *root;
    KwFakeKraken *fake;
    KwFakeClock *clock;
    KwSettings *settings;
    KwLiveSource live;
    KwRig *rig;
    KwLiveWatch *watch; /* NULL on paper */
    KwProbation probation;
    GPtrArray *events; /* KwEvent */
} KwLiveBot;

void kw_live_bot_open_bot(KwLiveBot *f);
void kw_live_bot_close_bot(KwLiveBot *f);
void kw_live_bot_end_bot(KwLiveBot *f);
void kw_live_bot_set_up(KwLiveBot *f, gconstpointer data);
void kw_live_bot_tear_down(KwLiveBot *f, gconstpointer data);
void kw_live_bot_pass_seconds(KwLiveBot *f, guint seconds);
void kw_live_bot_say_start(KwLiveBot *f);
KwBook *kw_live_bot_book_of(KwLiveBot *f);
guint kw_live_bot_count_events(KwLiveBot *f, KwEventKind kind);
gboolean kw_live_bot_is_of(JsonObject *order, const gchar *status, const gchar *type);
guint kw_live_bot_count_orders(KwLiveBot *f, const gchar *status, const gchar *type);
gboolean kw_live_bot_is_doubtful(KwLiveBot *f);
void kw_live_bot_pass_until_orders(KwLiveBot *f, const gchar *type, guint n);
const KwTrade *kw_live_bot_buy_one(KwLiveBot *f);
void kw_live_bot_trade_at(KwLiveBot *f, gdouble price, const gchar *amount);
void kw_live_bot_sell_down_to(KwLiveBot *f, guint price);

G_END_DECLS
