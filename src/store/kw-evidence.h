/* kw-evidence.h: what was shown before real money, and since when it is traded */
#pragma once

#include "kw-mode.h"

#include <glib.h>

G_BEGIN_DECLS

#define KW_EVIDENCE_SUBJECT_SIZE 80
#define KW_EVIDENCE_DETAIL_SIZE 400

/**
 * KwEvidenceKind:
 * @KW_EVIDENCE_GATE: a backtest result was judged; subject: strategy
 * @KW_EVIDENCE_DRILL: the kill switch was tried; subject: who
 * @KW_EVIDENCE_ORDER_BEGUN: an order of the first trial is about to leave; subject: client id
 * @KW_EVIDENCE_ORDER_DONE: the first trial is over; subject: fingerprint of the key, and
 *   the way its orders took at which exchange
 * @KW_EVIDENCE_LIVE: the bot started with real money; subject: fingerprint of the key
 */
typedef enum {
    KW_EVIDENCE_GATE,
    KW_EVIDENCE_DRILL,
    KW_EVIDENCE_ORDER_BEGUN,
    KW_EVIDENCE_ORDER_DONE,
    KW_EVIDENCE_LIVE,
} KwEvidenceKind;
#define KW_N_EVIDENCE_KINDS 5

const gchar *kw_evidence_kind_to_string(KwEvidenceKind kind); /* static; stored */

/* One row; plain value. @detail: for people */
typedef struct {
    gint64 time_us;
    KwEvidenceKind kind;
    gchar subject[KW_EVIDENCE_SUBJECT_SIZE];
    gboolean is_good;
    gchar detail[KW_EVIDENCE_DETAIL_SIZE];
} KwEvidence;

/**
 * kw_evidence_add:
 * @root: data root whose ledger is there
 *
 * On disk when it returns; also while a daemon has the ledger open. Blocks.
 *
 * Returns: %FALSE with a #KwStoreError: %KW_STORE_ERROR_OPEN also for a ledger that an older
 *   version has written
 */
gboolean kw_evidence_add(const gchar *root, const KwEvidence *row, GError **error);

/**
 * kw_evidence_load:
 *
 * Returns: (transfer full) (element-type KwEvidence): oldest first, each verified; empty when
 *   there is no ledger or it is older than evidence. %NULL with %KW_STORE_ERROR_CORRUPT when a
 *   row has been changed
 */
GArray *kw_evidence_load(const gchar *root, GError **error);

/* (nullable) (transfer none): the newest row of @kind, of @subject unless that is NULL */
const KwEvidence *
kw_evidence_find_last(const GArray *rows, KwEvidenceKind kind, const gchar *subject);

/* (nullable) (transfer none): the oldest of @kind, good or not */
const KwEvidence *kw_evidence_find_first(const GArray *rows, KwEvidenceKind kind);

/* -- what the rows of trading show by themselves -- */

/* Days (of UTC) since @since_us on which paper was traded on live prices: a scan has a spread
 * only then. 0 when nothing can be read */
guint kw_evidence_count_paper_days(const gchar *root, gint64 since_us);

/* Buys that the ledger knows, of both modes */
guint kw_evidence_count_buys(const gchar *root);

/* (transfer full) (nullable): the meta row @key of the ledger */
gchar *kw_evidence_dup_meta(const gchar *root, const gchar *key);

/* Whether @action stands in the audit since @since_us, by anybody */
gboolean kw_evidence_has_audit(const gchar *root, const gchar *action, gint64 since_us);

G_END_DECLS
