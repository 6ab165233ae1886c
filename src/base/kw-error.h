/* kw-error.h: the error domains, one per layer */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KW_PARSE_ERROR (kw_parse_error_quark())
#define KW_NET_ERROR (kw_net_error_quark())
#define KW_MARKET_ERROR (kw_market_error_quark())
#define KW_STATS_ERROR (kw_stats_error_quark())
#define KW_MODEL_ERROR (kw_model_error_quark())
#define KW_STRATEGY_ERROR (kw_strategy_error_quark())
#define KW_RISK_ERROR (kw_risk_error_quark())
#define KW_EXCHANGE_ERROR (kw_exchange_error_quark())
#define KW_STORE_ERROR (kw_store_error_quark())
#define KW_CONFIG_ERROR (kw_config_error_quark())
#define KW_CHAT_ERROR (kw_chat_error_quark())
#define KW_LLM_ERROR (kw_llm_error_quark())

typedef enum {
    KW_PARSE_ERROR_SYNTAX, /* not of the form at all */
    KW_PARSE_ERROR_RANGE,  /* right form, value outside its range */
    KW_PARSE_ERROR_MEMBER, /* a JSON member is missing or of the wrong type */
    KW_PARSE_ERROR_LIMIT,  /* too long, too deep, too many */
} KwParseError;

typedef enum {
    KW_NET_ERROR_CLOSED, /* the peer is gone */
    KW_NET_ERROR_LIMIT,  /* a line, a body, a queue or the number of peers is over its limit */
    KW_NET_ERROR_DENIED, /* the peer may not */
    KW_NET_ERROR_BUSY,   /* somebody else serves there, or too many wait */
    KW_NET_ERROR_UNREACHED,   /* there was no connection: nothing has left */
    KW_NET_ERROR_CERTIFICATE, /* the peer cannot prove who it is: nothing has left */
    KW_NET_ERROR_TIMEOUT,     /* no answer in time; what was sent may have arrived */
    KW_NET_ERROR_IO,          /* the system refuses; the message says why */
} KwNetError;

typedef enum {
    KW_MARKET_ERROR_FORMAT, /* a file that is no candle file */
    KW_MARKET_ERROR_EMPTY,  /* no usable row */
    KW_MARKET_ERROR_IO,
} KwMarketError;

typedef enum {
    KW_STATS_ERROR_INPUT, /* no samples, or values that the figure is not defined for */
} KwStatsError;

typedef enum {
    KW_MODEL_ERROR_FORMAT,  /* a file is not of the form it should have */
    KW_MODEL_ERROR_VALUE,   /* data or settings that no model can be made from */
    KW_MODEL_ERROR_SHORT,   /* the candles reach over too few days */
    KW_MODEL_ERROR_REFUSED, /* readable, but must not be used; the message says why */
    KW_MODEL_ERROR_ABSENT,  /* there is no such version, file or library */
    KW_MODEL_ERROR_CANCELLED,
    KW_MODEL_ERROR_TRAINING, /* the library or the child process failed */
    KW_MODEL_ERROR_IO,
} KwModelError;

typedef enum {
    KW_STRATEGY_ERROR_LOAD,   /* file missing, unreadable, bytecode */
    KW_STRATEGY_ERROR_SYNTAX, /* Lua does not compile */
    KW_STRATEGY_ERROR_RUN,    /* raised while running */
    KW_STRATEGY_ERROR_BUDGET, /* instructions or memory used up */
    KW_STRATEGY_ERROR_VALUE,  /* a field is missing, of the wrong type or out of range */
} KwStrategyError;

typedef enum {
    KW_RISK_ERROR_UNREADABLE, /* limits or latch cannot be read: counts as "stop" */
    KW_RISK_ERROR_TICKET,     /* ticket used, expired or not for this order */
} KwRiskError;

typedef enum {
    KW_EXCHANGE_ERROR_REFUSED, /* the venue says no; the order does not exist */
    KW_EXCHANGE_ERROR_UNKNOWN, /* no answer: the order may exist, look it up */
    KW_EXCHANGE_ERROR_ABSENT,  /* the venue has never seen this client id */
} KwExchangeError;

typedef enum {
    KW_STORE_ERROR_OPEN,    /* cannot be opened or created */
    KW_STORE_ERROR_BUSY,    /* another process holds it */
    KW_STORE_ERROR_FULL,    /* disk full; may pass by itself */
    KW_STORE_ERROR_IO,      /* failed write or sync: the handle must not be used again */
    KW_STORE_ERROR_CORRUPT, /* header, page or row hash is wrong */
    KW_STORE_ERROR_NEWER,   /* written by a newer version */
    KW_STORE_ERROR_EXISTS,  /* a row with this identity is already there */
    KW_STORE_ERROR_QUERY,   /* any other SQL failure */
} KwStoreError;

typedef enum {
    KW_CONFIG_ERROR_INVALID, /* one or more keys are wrong; the message lists all */
    KW_CONFIG_ERROR_UNREADABLE,
    KW_CONFIG_ERROR_ABSENT, /* a secret that nobody has set */
} KwConfigError;

typedef enum {
    KW_CHAT_ERROR_DENIED, /* not on the allow-list */
    KW_CHAT_ERROR_LIMIT,
    KW_CHAT_ERROR_STALE, /* too old for what it asks */
    KW_CHAT_ERROR_OFFLINE,
} KwChatError;

/* Each is told to the owner in other words. */
typedef enum {
    KW_LLM_ERROR_UNAVAILABLE, /* not reached, overloaded, broken off: may work in a while */
    KW_LLM_ERROR_LIMIT,       /* the vendor's rate or spend limit */
    KW_LLM_ERROR_KEY,         /* key refused or credit empty: the owner must act */
    KW_LLM_ERROR_MODEL,       /* the model does not exist any more */
    KW_LLM_ERROR_REQUEST,     /* the vendor finds fault with what we sent */
    KW_LLM_ERROR_BUDGET,      /* our own budget is used up */
    KW_LLM_ERROR_NONSENSE,    /* an answer that cannot be used: refused, cut, empty, broken */
} KwLlmError;

GQuark kw_parse_error_quark(void);
GQuark kw_net_error_quark(void);
GQuark kw_market_error_quark(void);
GQuark kw_stats_error_quark(void);
GQuark kw_model_error_quark(void);
GQuark kw_strategy_error_quark(void);
GQuark kw_risk_error_quark(void);
GQuark kw_exchange_error_quark(void);
GQuark kw_store_error_quark(void);
GQuark kw_config_error_quark(void);
GQuark kw_chat_error_quark(void);
GQuark kw_llm_error_quark(void);

G_END_DECLS
