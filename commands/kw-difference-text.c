#include "kw-difference-text.h"

#include "kw-i18n.h"

#include <string.h>

gchar *
kw_difference_text(KwFormat *format, const KwDifferenceView *difference)
{
    const gchar *subject = difference->subject;
    const gchar *ours = kw_format_amount(format, difference->ours);
    const gchar *theirs = kw_format_amount(format, difference->theirs);

    if (strcmp(difference->code, "holding_short") == 0)
        return g_strdup_printf(_("%s in the open trades: %s, at the exchange only %s."),
                               subject, ours, theirs);
    if (strcmp(difference->code, "cash_short") == 0)
        return g_strdup_printf(_("%s in the books: %s, at the exchange only %s."), subject,
                               ours, theirs);
    if (strcmp(difference->code, "unprotected") == 0)
        return g_strdup_printf(_("%s: of %s held, a stop at the exchange covers only %s."),
                               subject, ours, theirs);
    if (strcmp(difference->code, "dust") == 0)
        return g_strdup_printf(
            _("%s: dust, %s. It is below the minimum of the exchange: no stop "
              "can be placed there, the bot watches the price itself."),
            subject, ours);
    if (strcmp(difference->code, "order_missing") == 0)
        return g_strdup_printf(_("%s: an order over %s no longer works there; it is looked "
                                 "up."),
                               subject, ours);
    if (strcmp(difference->code, "order_stuck") == 0)
        return g_strdup_printf(_("%s: an order over %s is not to be found, and nothing proves "
                                 "that it has moved nothing. Accepting gives it up."),
                               subject, ours);
    if (strcmp(difference->code, "order_unknown") == 0)
        return g_strdup_printf(_("%s: an order over %s is not confirmed and looked for; no "
                                 "entries of the pair meanwhile."),
                               subject, ours);
    if (strcmp(difference->code, "order_foreign") == 0)
        return g_strdup_printf(_("%s: an order over %s is not from this bot. It is left "
                                 "alone."),
                               subject, theirs);
    return NULL;
}
