/* kw-campaign.h: replay-bot as a child process, and what must be true of the data root it left
 */
#pragma once

#include "kw-engine.h"

G_BEGIN_DECLS

/**
 * KwCampaign: one stretch of the bundled candles
 * @durability: of the processes to come
 * @acks: (element-type utf8): all "ack ..." lines of the processes on the present data root
 */
typedef struct {
    gchar *program, *strategy;
    gchar *root;
    gint64 from_us, until_us;
    KwDurability durability;
    GPtrArray *acks;
    guint n_acks; /* in all */
} KwCampaign;

/* @from_us: first row; @n_days: length */
void kw_campaign_init(KwCampaign *self, gint64 from_us, guint n_days);
void kw_campaign_clear(KwCampaign *self);

/* A fresh, empty data root; the one before is removed, and what it had acknowledged is
 * forgotten. */
void kw_campaign_renew(KwCampaign *self);

/**
 * KwCampaignBot: a process on the root
 * @input, @output: pipes
 */
typedef struct {
    GPid pid;
    gint input, output;
    GString *text; /* owned; read from @output so far */
} KwCampaignBot;

/* @pause_us: market time at which it waits for a byte, 0 for never */
void kw_campaign_spawn(KwCampaign *self, gint64 pause_us, KwCampaignBot *out);

/* Waits until the process waits, and lets it go on. */
void kw_campaign_await_pause(KwCampaignBot *bot);
void kw_campaign_go_on(KwCampaignBot *bot);

/**
 * kw_campaign_reap:
 * @status: of waitpid(), or -1 when the process is still to be waited for
 *
 * Waits for the end of the process, takes down what it had acknowledged, clears @bot.
 *
 * Returns: whether it reached the end of the stretch; %FALSE when it was killed. Any other end
 *   fails the test.
 */
gboolean kw_campaign_reap(KwCampaign *self, KwCampaignBot *bot, int status);

/* Runs to the end of the stretch without disturbance. */
void kw_campaign_finish(KwCampaign *self);

/**
 * kw_campaign_check:
 *
 * No process may run. Fails the test unless: the files verify whole, every acknowledged entry
 * and exit is in the ledger, each order has the fills it says and no execution is there twice,
 * and cash = capital - costs + proceeds, exactly.
 */
void kw_campaign_check(KwCampaign *self);

/* No order is left working, each intent was filled once. Of a root whose stretch is over. */
void kw_campaign_check_settled(KwCampaign *self);

/* (transfer full): SHA-256 over trades, filled orders, fills, signals, capital and equity.
 * Client ids and lapsed attempts are left out: an intent that was never sent is decided again,
 * under the id of the second attempt. */
gchar *kw_campaign_hash(KwCampaign *self);

G_END_DECLS
