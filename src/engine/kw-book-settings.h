/* kw-book-settings.h: what the configuration says to the engine */
#pragma once

#include "kw-mode.h"
#include "kw-model-shelf.h"
#include "kw-prop.h"
#include "kw-protection.h"
#include "kw-stake.h"

G_BEGIN_DECLS

#define KW_BOOK_MAX_PROTECTIONS 8

/* What becomes of a model whose training is due */
typedef enum {
    KW_RETRAIN_SUGGEST, /* the owner is told */
    KW_RETRAIN_START,   /* it is trained */
    KW_RETRAIN_OFF,     /* nothing, nor by chat */
} KwRetrainWay;

/**
 * KwBookSettings: what the configuration says; fixed while the engine lives
 * @max_impact_bps: how far above the best ask an entry may take from the book, where the feed
 *   keeps one; 0 = as far as it needs
 * @is_maker: an entry waits in the book at the best bid, and never takes, where there are
 * quotes
 * @maker_patience_us: how long it may wait before it is taken back
 * @threshold: confidence an entry needs, 0..1; the chat may change the one in force
 * @history_rows: candles that are kept for the columns
 * @pairs: (nullable): canonical names that may be entered; %NULL for all that the feed has.
 * Others are watched until their open trade ends
 * @protections: asked after every exit, in this order
 * @digest_minute: wall-clock minute of the day of the digest
 * @retrain_mb: memory of a training in MB; 0 = no limit
 * @config_path: (nullable): for a training; borrowed from the settings' owner
 * @program: (nullable): that trains; %NULL for this one
 */
typedef struct {
    KwMode mode;
    KwStakeRules stake;
    guint max_open_trades;   /* 0 = unlimited */
    gdouble fee_ratio;       /* a side */
    gdouble maker_fee_ratio; /* of an entry that has waited */
    gdouble max_impact_bps;
    gboolean is_maker;
    gint64 maker_patience_us;
    gdouble threshold;
    KwDecimal starting_capital;
    gsize history_rows;
    const gchar *const *pairs; /* borrowed */
    guint n_protections;
    KwProtection protections[KW_BOOK_MAX_PROTECTIONS];
    gint digest_minute;
    gchar *strategy_path; /* owned by the settings' owner */
    KwModelShelf *models; /* likewise; NULL: strategies cannot ask for models */
    KwRetrainWay retrain;
    guint retrain_mb;
    const gchar *config_path, *program;
    gchar *zone;       /* of digest and reports */
    gchar *daily_zone; /* of the daily limit */
    KwPropRules prop;  /* without a zone */
    gchar *prop_zone;  /* of the firm's days */
} KwBookSettings;

G_END_DECLS
