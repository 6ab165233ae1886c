/* test-fault-text.c: what common messages mean, with file and line kept */
#include "kw-fault-text.h"
#include "kw-i18n.h"

static const struct {
    const gchar *message, *text;
} rows[] = {
    {"ledger.db: database or disk is full (13)",
     "die Platte ist voll (ledger.db: database or disk is full (13))"},
    {"ledger.db: database is locked (5)",
     "ein anderes Programm hält die Daten fest (ledger.db: database is locked (5))"},
    {"x.lua:3: more than 5000000 steps (endless loop?)",
     "die Strategie braucht zu viele Schritte, vielleicht ohne Ende (x.lua:3: more than "
     "5000000 steps (endless loop?))"},
    {"x.lua:9: attempt to call a nil value (global 'emma')",
     "die Strategie ruft eine Funktion auf, die es nicht gibt (x.lua:9: attempt to call a "
     "nil "
     "value (global 'emma'))"},
    {"model 'boost': no version is promoted",
     "noch ist kein Modell in Gebrauch; kurswart train macht eines (model 'boost': no "
     "version "
     "is promoted)"},
    {"x.lua: cannot be read: No such file or directory",
     "x.lua: die Datei oder den Ordner gibt es nicht"},
    {"x.lua: cannot be read: Failed to open file “x.lua”: No such file or directory",
     "x.lua: die Datei oder den Ordner gibt es nicht"},
    {"dir: cannot be read: Error reading file “dir”: Is a directory",
     "dir: das ist ein Ordner und keine Datei"},
    {"Failed to create file “/no/t.json.DXUCZ3”: No such file or directory",
     "/no/t.json: die Datei oder den Ordner gibt es nicht"},
    {"Error opening file /tmp/e f.csv: Permission denied",
     "/tmp/e f.csv: das darf der Benutzer des Bots nicht"},
    {"No space left on device", "die Platte ist voll"},
    {"AddOrder: EGeneral:Permission denied",
     "AddOrder: der Schlüssel darf das an der Börse nicht"},
    {"x.csv: this is no table of candles",
     "x.csv: das ist keine Kerzentabelle; sie sieht so aus: "
     "time,open,high,low,close,volume"},
    {"x.csv.gz: the gzip data end early",
     "x.csv.gz: die gepackte Datei endet zu früh; hole sie noch einmal"},
    {"'abc' is no pair of the form BASE/QUOTE",
     "abc: das ist kein Paar; es sieht so aus: BTC/USDT"},
    {"a and b: choose one timeframe and one source for each pair",
     "je Paar zählt eine Quelle und ein Zeitrahmen; nenne in [feed] path nur diese Dateien "
     "(a and b: choose one timeframe and one source for each pair)"},
    {"XRPUSD: the bridge refuses with status 404",
     "die Brücke kennt das Konto oder das Symbol nicht (XRPUSD: the bridge refuses with "
     "status 404)"},
    {"x.lua: entry: is missing",
     "der Strategie fehlt ein Feld, das sie braucht (x.lua: entry: is missing)"},
    {"x.csv: the timeframe cannot be told from the rows; name it",
     "die Länge der Kerzen ist nicht zu erkennen; --timeframe nennt sie (x.csv: the "
     "timeframe cannot be told from the rows; name it)"},
    {"t.log: the file is of another search: strategy, candles",
     "die Datei gehört zu einer anderen Suche (t.log: the file is of another search: "
     "strategy, candles)"},
    {"the strategy file asks for no model in use",
     "die Strategiedatei verlangt keines der Modelle, die in Gebrauch sind; kurswart train "
     "macht ein anderes (the strategy file asks for no model in use)"},
    {"something else", "something else"},
    {"", ""},
};

static void
test_texts(void)
{
    kw_i18n_set_language(KW_LANGUAGE_DE, KW_ADDRESS_DU);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree gchar *text = kw_fault_text(rows[i].message);

        g_assert_cmpstr(text, ==, rows[i].text);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/i18n/fault-text", test_texts);
    return g_test_run();
}
