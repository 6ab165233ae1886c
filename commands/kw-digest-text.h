/* kw-digest-text.h: the lines that digests, reports and replies share */
#pragma once

#include "kw-format.h"
#include "kw-view.h"

G_BEGIN_DECLS

#define KW_DIGEST_TEXT_MAX_LINES 10 /* of a list */

/* Appends a line break and the text. */
void kw_digest_text_line(GString *out, const gchar *format, ...) G_GNUC_PRINTF(2, 3);

/**
 * kw_digest_text_append:
 * @out: what stands there is followed on the same line
 *
 * The report of the day, the week or any other period, heading included.
 */
void kw_digest_text_append(GString *out, KwFormat *format, const KwDigestView *digest);

/* "• BTC/USDT #41 +0,77 % (+0,39), Stop 11,0 % entfernt" for each open trade, after a break */
void kw_digest_text_open_list(GString *out, KwFormat *format, const KwStatusView *status);

/* "3 von 3"; "3" when there is no limit */
void kw_digest_text_slots(GString *out, guint n_open, guint max_open);

/* "Risiko: Tagesverlust 0,00 von 50,00 USDT · Drawdown 1,10 % (max. 20 %) · Kill-Switch aus" */
void kw_digest_text_risk(GString *out, KwFormat *format, const KwStatusView *status);

/* "Portfolio 1.042,65 USDT" */
void kw_digest_text_portfolio(GString *out, KwFormat *format, const KwStatusView *status);

/* "61 %": without digits */
void kw_digest_text_whole_percent(GString *out, KwFormat *format, gdouble ratio);

/* "keine Fehler", "2 Fehler, 1 Warnung" */
void kw_digest_text_errors(GString *out, guint n_errors, guint n_warnings);

/* "3 geschlossen (2 Gewinn, 1 Verlust)" */
void kw_digest_text_closed(GString *out, guint n, guint wins, guint losses);

/* "Trefferquote 63 % aus 8 Trades (zu wenige für eine Aussage)" */
void kw_digest_text_win_rate(GString *out, KwFormat *format, guint wins, guint n);

/* Cuts @out at a line end so that it has at most %KW_DIALOG_MAX_BYTES of valid UTF-8. */
void kw_digest_text_limit(GString *out);

G_END_DECLS
