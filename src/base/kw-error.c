#include "kw-error.h"

/* The names are no subtractions. */
/* clang-format off */
G_DEFINE_QUARK(kw-parse-error, kw_parse_error)
G_DEFINE_QUARK(kw-net-error, kw_net_error)
G_DEFINE_QUARK(kw-market-error, kw_market_error)
G_DEFINE_QUARK(kw-stats-error, kw_stats_error)
G_DEFINE_QUARK(kw-model-error, kw_model_error)
G_DEFINE_QUARK(kw-strategy-error, kw_strategy_error)
G_DEFINE_QUARK(kw-risk-error, kw_risk_error)
G_DEFINE_QUARK(kw-exchange-error, kw_exchange_error)
G_DEFINE_QUARK(kw-store-error, kw_store_error)
G_DEFINE_QUARK(kw-config-error, kw_config_error)
G_DEFINE_QUARK(kw-chat-error, kw_chat_error)
G_DEFINE_QUARK(kw-llm-error, kw_llm_error)
/* clang-format on */
