/* kw-fault-text.c: the meaning of common fault messages
 *
 * Errors of the lower layers stay English: they go into the log, name file and line, and people
 * look them up. Where one of them reaches the owner, this adds what it means. It looks for a
 * part that does not change, since the rest (paths, numbers, names) does; the first row that
 * fits counts. To translate whole messages would need every text of SQLite and Lua.
 *
 * Of what the system says about a file, and of texts that mean one thing, nothing is left to
 * look up: there the owner reads the name it is about and what is wrong with it, and no
 * English. */
#include "kw-fault-text.h"

#include "kw-i18n.h"

#include <string.h>

#define TEMPORARY_LENGTH 7 /* ".ABC123" */

typedef struct {
    const gchar *part; /* of the English message */
    const gchar *text; /* message id */
} Fault;

/* Together with the name before it, @text says all */
static const Fault whole_faults[] = {
    {"No space left on device", N_("the disk is full")},
    {"this is no table of candles",
     N_("this is no table of candles; it looks like this: time,open,high,low,close,volume")},
    {"the first line names not all of time, open, high, low, close, volume",
     N_("the first line does not name all of time, open, high, low, close and volume")},
    {"the gzip data end early", N_("the packed file ends too early; fetch it again")},
    {"the gzip data are broken", N_("the packed file is damaged; fetch it again")},
    {" is no pair of the form BASE/QUOTE", N_("that is no pair; it looks like this: BTC/USDT")},
    {"unknown timeframe; known are 1m", N_("there is no such length of candles; 1m, 3m, 5m, "
                                           "15m, 30m, 1h, 2h, 4h, 6h, 8h, 12h and 1d exist")},
    {"No such file or directory", N_("there is no such file or folder")},
    {"Is a directory", N_("that is a folder and no file")},
    {"Not a directory", N_("that is a file and no folder")},
    {"File exists", N_("that is there already")},
    {"EGeneral:Permission denied", N_("the key may not do that at the exchange")},
    {"Permission denied", N_("the user of the bot may not do that")},
    {"Read-only file system", N_("the disk may only be read")},
};

/* The message has more to say */
static const Fault faults[] = {
    /* SQLite and the store */
    {"disk is full", N_("the disk is full")},
    {"database is locked", N_("another program holds the data")},
    {"disk I/O error", N_("the disk reports a read or write error")},
    {"must be opened by a new process",
     N_("the disk has failed before; a new start reads what is "
        "safe")},
    {"one source for each pair",
     N_("each pair needs one source and one timeframe; name only those files in [feed] path")},
    {"file is not a database", N_("the file is no database any more")},
    {"disk image is malformed", N_("the database is damaged")},
    {"ledger is damaged", N_("the ledger is damaged and was left as it is")},
    {"is missing or empty, but there was one", N_("the ledger is missing")},
    {"not the row that was written", N_("a row was changed from outside")},
    {"hash", N_("a row was changed from outside")},
    {"readonly database", N_("the data may only be read here")},
    {"unable to open database", N_("the database cannot be opened")},
    {"trades leave", N_("trades and cash do not agree")},
    /* Lua and strategies */
    {"endless loop?", N_("the strategy takes too many steps, perhaps without an end")},
    {"endless recursion?", N_("the strategy calls itself without an end")},
    {"kB of memory", N_("the strategy wants too much memory")},
    {"attempt to call a nil value", N_("the strategy calls a function that is not there")},
    {"attempt to index a nil value", N_("the strategy looks into something that is not there")},
    {"attempt to perform arithmetic", N_("the strategy calculates with something that is no "
                                         "number")},
    {"must be a finite number", N_("the strategy gives a value that is no number")},
    {"must return a", N_("the strategy gives back something of the wrong kind")},
    {"but is a", N_("a value of the strategy is of the wrong kind")},
    {"name: is missing", N_("the strategy lacks a field that it needs")},
    {"timeframe: is missing", N_("the strategy lacks a field that it needs")},
    {"entry: is missing", N_("the strategy lacks a field that it needs")},
    {"the extra column", N_("the strategy reads a further column that these candles lack; only "
                            "files named with --data can have it")},
    {"expected near", N_("the strategy does not read as Lua")},
    {"unexpected symbol near", N_("the strategy does not read as Lua")},
    {"unfinished", N_("the strategy does not read as Lua")},
    {"but the candles are", N_("the strategy decides on other candles than are fed")},
    {"there are no candles of", N_("the strategy looks at a pair whose candles are not here")},
    {"cannot be put together",
     N_("the strategy asks for candles that are not a multiple of its "
        "own")},
    /* candles */
    {"is not of the form EXCHANGE", N_("the names of candle files are like "
                                       "binance-BTC_USDT-1h.csv.gz")},
    {"timeframe cannot be told", N_("the length of the candles is not clear; name it with "
                                    "--timeframe")},
    {"candle files fit", N_("no candle files fit these pairs and this length of candles")},
    {"there are no rows", N_("there are no candles in the file")},
    {"rows is valid", N_("the file has not one usable candle")},
    {"to start with and", N_("there are fewer candles than the strategy needs to start with")},
    /* the laboratory */
    {"is of another search", N_("the file belongs to another search")},
    {"no such loss", N_("there is no such loss")},
    {"no such search", N_("there is no such way to search")},
    {"needs date,pair,session", N_("these are no measured figures of execution")},
    /* models; before "is missing" of a file, after "hash" of a row */
    {"no version is promoted", N_("there is no model in use yet; kurswart train makes one")},
    {"trained on synthetic candles", N_("the model learnt on made-up candles and is not used")},
    {"has not passed the gate", N_("the model has not passed its test and is not used")},
    {"asks for no model in use",
     N_("the strategy file asks for none of the models in use; kurswart train makes another")},
    {"was never promoted", N_("that version was never in use")},
    {"is not what the manifest says", N_("a file of the model was changed")},
    {"predictions differ", N_("the model computes something else here than when it was made")},
    {"base_score is no probability", N_("the model was made by a newer XGBoost")},
    /* files */
    {"the exchange does not trade", N_("the pair is not traded there")},
    {"begin at its own midnight", N_("candles of this account are an hour long at most")},
    {"the bridge refuses with status 401", N_("the bridge does not take the token")},
    {"the bridge refuses with status 403", N_("the bridge does not take the token")},
    {"the bridge refuses with status 404",
     N_("the bridge does not know the account or symbol")},
    {"the bridge: ", N_("the bridge cannot be reached")},

    {"cannot be read", N_("the file cannot be read")},
    {"no strategy \"", N_("there is no such strategy")},
    /* the system */
    {"Input/output error", N_("the disk reports a read or write error")},
};

/* Within the quotes that GLib puts round a name; without the ending of a file on its way */
static gchar *
quoted_name(const gchar *head)
{
    const gchar *open = g_strrstr(head, "“");
    const gchar *close = open != NULL ? strstr(open, "”") : NULL;
    gsize length;

    if (close == NULL)
        return NULL;
    open += strlen("“");
    length = (gsize) (close - open);
    if (g_strrstr(head, "Failed to create file") != NULL && length > TEMPORARY_LENGTH)
        length -= TEMPORARY_LENGTH;
    return g_strndup(open, length);
}

/* (transfer full): what the @length bytes of @message before a known part are about */
static gchar *
find_subject(const gchar *message, gsize length)
{
    static const gchar *const sentences[] = {"Error opening file ", "Error opening directory "};
    g_autofree gchar *head = g_strndup(message, length);
    gchar *name = quoted_name(head);
    gchar *end;

    if (name != NULL)
        return name;
    name = head;
    for (gsize i = 0; i < G_N_ELEMENTS(sentences); i++)
        if (g_str_has_prefix(name, sentences[i]))
            name += strlen(sentences[i]);
    end = g_strrstr(name, ": cannot be read");
    if (end != NULL)
        *end = '\0';
    while (*name != '\0' && strchr(": '", name[strlen(name) - 1]) != NULL)
        name[strlen(name) - 1] = '\0';
    return g_strdup(*name == '\'' ? name + 1 : name);
}

gchar *
kw_fault_text(const gchar *message)
{
    g_return_val_if_fail(message != NULL, NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(whole_faults); i++) {
        const gchar *part = strstr(message, whole_faults[i].part);
        g_autofree gchar *subject = NULL;

        if (part == NULL)
            continue;
        subject = find_subject(message, (gsize) (part - message));
        return g_strdup_printf("%s%s%s", subject, *subject != '\0' ? ": " : "",
                               _(whole_faults[i].text));
    }
    for (gsize i = 0; i < G_N_ELEMENTS(faults); i++)
        if (strstr(message, faults[i].part) != NULL)
            return g_strdup_printf("%s (%s)", _(faults[i].text), message);
    return g_strdup(message);
}
