/* kw-event.h: what the bot tells unasked; made by the engine, worded by commands/kw-event-text
 */
#pragma once

#include "kw-model-view.h"
#include "kw-view.h"

G_BEGIN_DECLS

/* Alarms are two things that should not happen (a signal under the kill switch, a limit that
 * is hit) and whatever else keeps the bot from trading, or money from its stop. */
typedef enum {
    KW_EVENT_STARTED,     /* the process is up; text: "crash" after an unclean end */
    KW_EVENT_STOPPING,    /* the process ends orderly */
    KW_EVENT_ENTRY_ORDER, /* the order of an entry is at the venue; trade, amount = its price,
                             count 1 = it waits in the book */
    KW_EVENT_ENTRY,       /* it is filled; trade; amount = target or 0 */
    KW_EVENT_EXIT_ORDER,  /* as above; text = reason */
    KW_EVENT_EXIT,        /* trade; amount: realised today; count: closed today */
    KW_EVENT_STOP_HIT,    /* the same, when its stop has ended the trade */
    KW_EVENT_STATE,       /* run state changed by somebody: status.state, text = who */
    KW_EVENT_REMINDER,    /* the date of a stop "until" has come */
    KW_EVENT_KILL_ON,     /* text: reason or who */
    KW_EVENT_KILL_OFF,
    KW_EVENT_KILLED_SIGNAL, /* a signal came while the kill switch was on; trade.pair */
    KW_EVENT_HALT,          /* a limit was hit: text = risk reason, value, limit */
    KW_EVENT_HALT_OVER,     /* the reset of the day lifted it */
    KW_EVENT_REJECTED,      /* an entry was refused: text = risk reason, trade.pair */
    KW_EVENT_STRATEGY,      /* none can be used: text = message */
    KW_EVENT_OLD_STRATEGY,  /* text = message; the last good one is in use */
    KW_EVENT_STORE,         /* store cannot be written (text) */
    KW_EVENT_BACKUP,    /* nightly backup or tiering failed: text = cause; trading goes on */
    KW_EVENT_LOST_ROWS, /* value: rows that were committed once and are gone */
    KW_EVENT_DATA,      /* no new candle for too long */
    KW_EVENT_BACK,      /* what kept the bot from trading is over; text = "store", "data",
                           "venue" or "journal" */
    KW_EVENT_ORDER,     /* an order, a stop or the access to them needs a person: text = code */
    KW_EVENT_NOTICE,    /* news of orders or the exchange that need nobody: text = code */
    KW_EVENT_CAPITAL,   /* configured starting capital differs from the ledger's */
    KW_EVENT_DIGEST,    /* digest */
    KW_EVENT_WEEKLY,    /* digest */
    KW_EVENT_END_OF_DATA, /* replay is over */
    KW_EVENT_LOCK,        /* a protection locked trade.pair: text = its name, until_us */
    KW_EVENT_LOCK_ALL,    /* it locked all pairs */
    KW_EVENT_MODEL,       /* trade.model was promoted and is in use; text = the one before.
                             count 1 = refused, 2 = and there is none before; text = why */
    KW_EVENT_MODEL_BACK,  /* trade.model is in use again; text = the one it replaces */
    KW_EVENT_VENUE,       /* books and exchange differ: text = code, trade.pair = pair or asset,
                             amount = ours, trade.stake = theirs */
    KW_EVENT_VERSION,     /* another version of the program: text = the one before */
    KW_EVENT_RETRAIN,     /* trade.model should be trained anew: text = trigger, value, limit;
                             count 1 = the training begins by itself */
    KW_EVENT_RETRAINED,   /* a training is over: count = KwTrainingVerdict, trade.model, text =
                             why: figures of the gate, or what went wrong */
    KW_EVENT_SIGNAL, /* one of the highest tier did not become an entry: text = risk reason,
                        trade: pair, open_rate, stop, confidence; amount = target or 0 */
} KwEventKind;
#define KW_N_EVENT_KINDS 37

/* Stable names, "entry", "digest", ...; static */
const gchar *kw_event_kind_to_string(KwEventKind kind);

/* %FALSE with %KW_PARSE_ERROR_SYNTAX for other names */
gboolean kw_event_kind_from_string(const gchar *text, KwEventKind *out, GError **error);

/* Alarms ignore mute and quiet hours, and are told until somebody has seen them. */
gboolean kw_event_kind_is_alarm(KwEventKind kind);

/* Of a trade, one by one; many of them may be told as one */
gboolean kw_event_kind_is_trade(KwEventKind kind);

/**
 * KwEvent:
 * @key: unique and the same when the event is made again after a restart, so that it is
 *   sent once ("exit:42", "digest:2026-03-11")
 *
 * Plain value; only the members that the kind names are filled.
 */
typedef struct {
    KwEventKind kind;
    gchar key[KW_VIEW_TEXT_SIZE * 2];
    gint64 time_us, until_us;
    KwMode mode;
    gchar text[KW_VIEW_LONG_SIZE];
    gdouble value, limit;
    KwDecimal amount;
    guint count;
    KwTradeView trade;
    KwDigestView digest;
    KwModelView model; /* of KW_EVENT_MODEL; no tag: nothing is known of it */
    KwGateView gate;
} KwEvent;

G_END_DECLS
