#include "kw-words.h"

#include "kw-i18n.h"

#include <string.h>

typedef struct {
    const gchar *name;
    const gchar *text; /* message id */
} Word;

static const Word people[] = {
    {"signal", N_("you, Signal")},
    {"telegram", N_("you, Telegram")},
    {"admin", N_("you, terminal")},
    {"web", N_("you, browser")},
    {"demo", N_("you")},
    {"user", N_("you")},
    {"engine", N_("the program")},
    {"watchdog", N_("the watchdog")},
    {"risk", N_("a limit")},
    {"config", N_("the configuration")},
    {"CooldownPeriod", N_("rest after a trade")},
    {"StoplossGuard", N_("too many stops")},
    {"MaxDrawdown", N_("too deep a fall")},
    {"LowProfitPairs", N_("too little profit")},
};

static const Word exit_reasons[] = {
    {"exit_signal", N_("exit signal")},
    {"stop_loss", N_("stop")},
    {"roi", N_("target reached (ROI)")},
    {"trailing_stop_loss", N_("trailing stop")},
    {"force_exit", N_("forced exit")},
    {"end_of_data", N_("end of the data")},
    {"stoploss_on_exchange", N_("stop at the exchange")},
    {"target_on_exchange", N_("target at the exchange")},
    {"emergency_exit", N_("emergency exit, the stop was refused")},
};

static const gchar *
find_word(const Word *words, gsize n, const gchar *name, gsize len)
{
    for (gsize i = 0; i < n; i++) {
        if (strncmp(words[i].name, name, len) == 0 && words[i].name[len] == '\0')
            return _(words[i].text);
    }
    return NULL;
}

const gchar *
kw_words_mode_tag(KwMode mode)
{
    return mode == KW_MODE_LIVE ? _("[LIVE]") : _("[DRY RUN]");
}

const gchar *
kw_words_state(KwRunState state)
{
    switch (state) {
    case KW_RUN_STATE_RUNNING:
        return _("running");
    case KW_RUN_STATE_PAUSED:
        return _("paused");
    case KW_RUN_STATE_STOPPED:
        return _("stopped");
    case KW_RUN_STATE_HALTED:
        return _("halted by a limit");
    case KW_RUN_STATE_NO_STRATEGY:
        return _("without a usable strategy");
    }
    return "";
}

const gchar *
kw_words_who(const gchar *by)
{
    const gchar *text;

    g_return_val_if_fail(by != NULL, "");

    text = find_word(people, G_N_ELEMENTS(people), by, strcspn(by, ":"));
    return text != NULL ? text : by;
}

const gchar *
kw_words_exit_reason(const gchar *reason)
{
    const gchar *text;

    g_return_val_if_fail(reason != NULL, "");

    text = find_word(exit_reasons, G_N_ELEMENTS(exit_reasons), reason, strlen(reason));
    return text != NULL ? text : reason;
}

const gchar *
kw_words_stop_place(KwMode mode, const KwVenueView *venue)
{
    if (mode != KW_MODE_LIVE)
        return _("simulated");
    return venue->has_no_stops ? _("watched by the bot") : _("kept by the exchange");
}

const gchar *
kw_words_quote(const gchar *pair)
{
    const gchar *slash = strchr(pair, '/');

    return slash != NULL ? slash + 1 : "";
}
