/* kw-go-live.h: may the bot trade real money? Every condition, its state and what mends it */
#pragma once

#include "kw-doctor.h"
#include "kw-evidence.h"
#include "kw-kraken-access.h"
#include "kw-mt5-access.h"

G_BEGIN_DECLS

#define KW_GO_LIVE_PAPER_DAYS 14                   /* with live prices, within the last month */
#define KW_GO_LIVE_FRESH_US (14 * G_TIME_SPAN_DAY) /* so old may verdict and candles be */

/**
 * KwGoLive:
 * @settings: borrowed
 * @evidence: (nullable) (element-type KwEvidence): owned; %NULL when it cannot be trusted
 * @fault: (nullable): owned: why not
 * @key: (nullable): borrowed; %NULL when there is none, or the exchange did not say what it may
 * @account: (nullable): borrowed: of a bridge; %NULL at Kraken, and when it is not known
 * @key_fault: (nullable): owned: why key or account is not known
 * @is_key_busy: as the running bot has it
 * @fingerprint: of the public part of the key, or of the account; "" without one
 */
typedef struct {
    const KwSettings *settings;
    gint64 now_us;
    GArray *evidence;
    gchar *fault;
    const KwKrakenKeyInfo *key;
    const KwMt5Account *account;
    gchar *key_fault;
    gboolean is_key_busy;
    gchar fingerprint[24];
} KwGoLive;

/* Reads what the data root shows. Blocks. */
KwGoLive *kw_go_live_new(const KwSettings *settings, gint64 now_us);
void kw_go_live_free(KwGoLive *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwGoLive, kw_go_live_free)

/* (transfer full): subject of the trial order that is asked for: key or account, and the way
 * that orders are configured to take at this exchange */
gchar *kw_go_live_make_order_subject(const KwGoLive *self);

/* @access: probed, or @error (transfer full) says why it is not; outlives @self */
void kw_go_live_take_key(KwGoLive *self, const KwKrakenAccess *access, GError *error);

/* The same for an account behind a bridge */
void kw_go_live_take_account(KwGoLive *self, const KwMt5Access *access, GError *error);

/**
 * kw_go_live_judge:
 *
 * A finding for each condition. A fault among them: no real money. At a test exchange on this
 * machine what only time can show is a warning instead.
 */
void kw_go_live_judge(const KwGoLive *self, KwDoctor *out);

/* The findings about address and key alone */
void kw_go_live_judge_key(const KwGoLive *self, KwDoctor *out);

/**
 * kw_go_live_begin:
 *
 * The start is allowed and takes place: writes it down when it is the first one or with another
 * key.
 *
 * Returns: %FALSE with a #KwStoreError: then it must not take place
 */
gboolean kw_go_live_begin(const KwGoLive *self, GError **error);

/* TRUE: a test exchange on this machine, or an account that the server calls a demonstration */
gboolean kw_go_live_is_test(const KwGoLive *self);

/* The first start with real money that this data root has seen; now before it */
gint64 kw_go_live_get_since_us(const KwGoLive *self);

/* When the first two weeks are over; also before the first start */
gint64 kw_go_live_get_probation_end_us(const KwGoLive *self);

G_END_DECLS
