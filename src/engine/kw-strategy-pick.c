/* kw-strategy-pick.c: the file, else the last good version, else none
 *
 * A strategy can be a fine Lua file and still not fit: its columns are built on the candles
 * that are fed, and that is where a wrong timeframe, a column that is not there or an endless
 * loop in "indicators" shows. The last good version was built on such candles before, so it is
 * tried in that case as well as in that of a file which does not load.
 *
 * All of it is done in the main loop, at the start and once more when the model comes for which
 * a file has waited. Measured then over 2,000 rows, columns of the next step included:
 * boost.lua on two pairs 30 ms, on ten 35 ms; sixty indicators of three operations each beside
 * the model 70 ms on two pairs and 300 ms on ten. A thread would need candles and frames of its
 * own, which is not worth one long step in the life of such a strategy. */
#include "kw-strategy-pick.h"

#include "kw-strategy-loader.h"

#include <string.h>

static const KwStrategyLimits limits = KW_STRATEGY_LIMITS_DEFAULT;

static void
keep_source(const KwBook *book, KwStrategyPick *out)
{
    gsize size;
    const gchar *source = g_bytes_get_data(kw_strategy_get_source(book->strategy), &size);

    out->source = g_strndup(source, size);
}

static void
give_models(const KwBook *book, KwStrategy *strategy)
{
    if (book->settings->models != NULL)
        kw_strategy_set_models(strategy, book->settings->models);
}

/* The file could be read, but not built. Returns: %TRUE when its last good version can */
static gboolean
take_last_good(KwBook *book, GBytes *last_good)
{
    g_autofree gchar *name = g_path_get_basename(book->settings->strategy_path);
    g_autofree gchar *shown = g_strdup_printf("%s (last good)", name);
    KwStrategy *strategy = NULL;

    if (last_good != NULL)
        strategy = kw_strategy_load_bytes(shown, last_good, &limits, NULL);
    if (strategy == NULL)
        return FALSE;
    give_models(book, strategy);
    return kw_book_take_strategy(book, strategy, NULL);
}

void
kw_strategy_pick_make(KwBook *book, const gchar *last_good, KwStrategyPick *out)
{
    g_autoptr(GBytes) bytes =
        last_good != NULL ? g_bytes_new(last_good, strlen(last_good)) : NULL;
    g_auto(KwStrategyLoad) load = {0};
    g_autoptr(GError) error = NULL;
    gboolean is_file;

    g_return_if_fail(book != NULL && out != NULL);

    *out = (KwStrategyPick){.fallback = KW_HERALD_NO_FALLBACK};
    kw_strategy_loader_load(book->settings->strategy_path, bytes, &limits, &load);
    out->fault = g_strdup(load.file_error);
    is_file = load.source == KW_STRATEGY_SOURCE_FILE;
    if (load.strategy != NULL)
        give_models(book, load.strategy);
    if (load.strategy != NULL)
        (void) kw_book_take_strategy(book, g_steal_pointer(&load.strategy), &error);
    if (error != NULL) {
        g_free(out->fault);
        out->fault = g_strdup(error->message);
        if (is_file)
            (void) take_last_good(book, bytes);
    }
    if (book->strategy == NULL)
        return;
    if (out->fault != NULL)
        out->fallback = KW_HERALD_HAS_FALLBACK;
    keep_source(book, out);
}

void
kw_strategy_pick_clear(KwStrategyPick *pick)
{
    g_clear_pointer(&pick->fault, g_free);
    g_clear_pointer(&pick->source, g_free);
}
