/* fuzz-gate-input.c: any bytes in place of a backtest result, plain or as archive
 *
 * What is accepted must be consistent: the counts add up, and a name is there. */
#include "kw-fuzz.h"
#include "kw-gate-input.h"

void
kw_fuzz_one(const guint8 *bytes, gsize length)
{
    g_autoptr(GBytes) file = g_bytes_new(bytes, length);
    g_autoptr(GError) error = NULL;
    g_auto(KwGateInput) result = {0};

    if (!kw_gate_input_parse(file, NULL, &result, &error)) {
        g_assert_nonnull(error);
        g_assert_null(result.strategy);
        return;
    }
    g_assert_nonnull(result.strategy);
    g_assert_cmpuint(result.wins + result.losses + result.draws, ==, result.n_trades);
}
