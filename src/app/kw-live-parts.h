/* kw-live-parts.h: the parts of `kurswart live`, each with its options; they return exit codes
 */
#pragma once

#include "kw-settings.h"

G_BEGIN_DECLS

/* Every condition of a start with real money, its state and what mends it; --json */
int kw_live_check(int argc, char **argv);

/* Judges a backtest result of the last three months and keeps the verdict. */
int kw_live_gate(int argc, char **argv);

/* Turns the kill switch of the running bot on, sees that it holds, and keeps that. */
int kw_live_drill(int argc, char **argv);

/* The smallest order, after a typed word, there and back. */
int kw_live_first_order(int argc, char **argv);

/**
 * KwLiveOptions: what all parts take
 */
typedef struct {
    gchar *config, *limits, *root;
} KwLiveOptions;

void kw_live_options_clear(KwLiveOptions *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KwLiveOptions, kw_live_options_clear)

#define KW_LIVE_OPTION_ENTRIES(options)                                                        \
    {"config", 'c', 0, G_OPTION_ARG_FILENAME, &(options)->config, N_("kurswart.conf to read"), \
     "FILE"},                                                                                  \
        {"limits", 0, 0, G_OPTION_ARG_FILENAME, &(options)->limits, N_("limits.conf to read"), \
         "FILE"},                                                                              \
    {                                                                                          \
        "root", 0, 0, G_OPTION_ARG_FILENAME, &(options)->root, N_("data root"), "DIR"          \
    }

/* (transfer full): %NULL after saying what is wrong; exit with EX_CONFIG then */
KwSettings *kw_live_options_load(const KwLiveOptions *self);

G_END_DECLS
