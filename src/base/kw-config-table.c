/* kw-config-table.c: every key with its range and help, in the order of the sample files */
#include "kw-config-table.h"

#include "kw-address.h"

#include <string.h>

static const KwConfigRow bot_rows[] = {
    {"bot", "mode", KW_CONFIG_ENUM, "dryrun", NULL, NULL, "dryrun|live", "dryrun",
     "Spielgeld (dryrun) oder echtes Geld (live)", "paper money (dryrun) or real money (live)"},
    {"bot", "name", KW_CONFIG_STRING, "Kurswart", NULL, NULL, NULL, "Kurswart",
     "Name, mit dem sich der Bot meldet", "name that the bot answers with"},
    {"bot", "language", KW_CONFIG_ENUM, "de", NULL, NULL, "de|en", "de",
     "Sprache der Antworten", "language of the replies"},
    {"bot", "anrede", KW_CONFIG_ENUM, "du", NULL, NULL, "du|sie", "du",
     "Anrede in den Antworten", "form of address in German replies"},
    {"bot", "zone", KW_CONFIG_ZONE, "Europe/Vienna", NULL, NULL, NULL, "Europe/Vienna",
     "Zeitzone für Uhrzeiten, Tagesbericht und Tagesgrenzen",
     "time zone of clock times, the daily report and days"},

    {"data", "root", KW_CONFIG_PATH, "", NULL, NULL, NULL, "/var/lib/kurswart",
     "Ordner für alle Daten; leer: der übliche Ordner des Benutzers oder Dienstes",
     "folder of all data; empty: the usual one of the user or service"},

    {"feed", "kind", KW_CONFIG_ENUM, "replay", NULL, NULL, "replay|kraken|mt5", "kraken",
     "Quelle der Kerzen: gespeicherte (replay), Live-Kurse von Kraken (kraken) oder eines "
     "MetaTrader-5-Kontos (mt5); bei echtem Geld gehen auch die Orders dorthin",
     "source of the candles: stored ones (replay), live ones of Kraken (kraken) or of a "
     "MetaTrader 5 account (mt5); with real money orders go there as well"},
    {"feed", "path", KW_CONFIG_PATHS, "", NULL, NULL, NULL, "/srv/kerzen/BTCUSDT_1h.csv.gz",
     "Kerzendateien oder Ordner damit; leer: die gespeicherten Kerzen",
     "candle files or folders of them; empty: the stored candles"},
    {"feed", "from", KW_CONFIG_DATE, "", NULL, NULL, NULL, "2025-01-01",
     "erster Tag der Wiedergabe; leer: der erste vorhandene",
     "first day of the replay; empty: the first there is"},
    {"feed", "speed", KW_CONFIG_DOUBLE, "1", "0", "1000000", NULL, "3600",
     "Marktsekunden je wirklicher Sekunde; 0: so schnell es geht",
     "market seconds per real second; 0: as fast as possible"},

    {"kraken", "rest_url", KW_CONFIG_STRING, "", NULL, NULL, NULL, "https://api.kraken.com",
     "Adresse der REST-Schnittstelle; leer: die übliche",
     "address of the REST interface; empty: the usual one"},
    {"kraken", "ws_url", KW_CONFIG_STRING, "", NULL, NULL, NULL, "wss://ws.kraken.com/v2",
     "Adresse der öffentlichen Kurse; leer: die übliche",
     "address of the public stream; empty: the usual one"},
    {"kraken", "ws_auth_url", KW_CONFIG_STRING, "", NULL, NULL, NULL,
     "wss://ws-auth.kraken.com/v2", "Adresse der eigenen Ausführungen; leer: die übliche",
     "address of the private stream; empty: the usual one"},
    {"kraken", "ca_file", KW_CONFIG_PATH, "", NULL, NULL, NULL, "/etc/kurswart/kraken.pem",
     "Zertifikate, denen statt denen des Systems vertraut wird; leer: die des Systems",
     "certificates to trust instead of the system's; empty: the system's"},
    {"kraken", "order_channel", KW_CONFIG_ENUM, "socket", NULL, NULL, "socket|rest", "rest",
     "Weg der Orders: über die offene Verbindung, ersatzweise REST (socket), oder nur REST",
     "way of orders: over the open connection, REST in its place (socket), or REST alone"},
    {"kraken", "max_buys_per_minute", KW_CONFIG_INT, "4", "1", "60", NULL, "4",
     "Käufe je Minute, über denen der letzte Riegel vor der Börse anhält",
     "buys a minute above which the last gate before the exchange halts"},
    {"kraken", "max_buy_value", KW_CONFIG_DECIMAL, "1000", "1", "100000000", NULL, "100",
     "Wert eines Kaufs, über dem der letzte Riegel vor der Börse anhält",
     "value of one buy above which the last gate before the exchange halts"},
    {"kraken", "stop_refused", KW_CONFIG_ENUM, "sell", NULL, NULL, "sell|alert", "sell",
     "was gilt, wenn die Börse einen Stop zweimal ablehnt: verkaufen oder nur melden",
     "what to do when the exchange refuses a stop twice: sell, or only tell"},
    {"kraken", "stop_cancelled", KW_CONFIG_ENUM, "replace", NULL, NULL, "replace|alert",
     "replace",
     "was gilt, wenn jemand einen Stop von Hand löscht: einmal neu legen oder melden",
     "what to do when somebody cancels a stop by hand: place it once more, or only tell"},
    {"kraken", "stop_lost_seconds", KW_CONFIG_INT, "180", "90", "86400", NULL, "180",
     "so lange muss eine bestätigte Order unauffindbar sein, bevor sie als verloren gilt",
     "how long an acknowledged order must not be found before it counts as lost"},
    {"kraken", "stop_step", KW_CONFIG_DOUBLE, "0.002", "0", "0.1", NULL, "0.002",
     "kleinster Schritt, um den ein Stop an der Börse nachgezogen wird, als Anteil des Kurses",
     "smallest step by which a stop at the exchange is trailed, as a share of the price"},
    {"kraken", "target", KW_CONFIG_DOUBLE, "0", "0", "10", NULL, "0.05",
     "Kursziel über dem Einstieg, das an der Börse liegt, als Anteil; 0: keines",
     "target above the entry that waits at the exchange, as a share; 0: none"},
    {"kraken", "target_share", KW_CONFIG_DOUBLE, "0.5", "0", "0.5", NULL, "0.5",
     "Anteil der Position, den das Kursziel verkauft; der Stop deckt den Rest",
     "share of the position that the target sells; the stop covers the rest"},

    {"mt5", "url", KW_CONFIG_STRING, "", NULL, NULL, NULL,
     "https://mt-client-api-v1.london.agiliumtrade.ai/users/current/accounts/ID",
     "Adresse des Kontos an der Brücke (REST), ohne Schrägstrich am Ende; http nur auf diesem "
     "Rechner. Ihr Token ist das Geheimnis mt5-token; kurswart setup fragt nach beidem",
     "address of the account at the bridge (REST), without a slash at the end; http on this "
     "machine alone. Its token is the secret mt5-token; kurswart setup asks for both"},
    {"mt5", "history_url", KW_CONFIG_STRING, "", NULL, NULL, NULL,
     "https://mt-market-data-client-api-v1.london.agiliumtrade.ai/users/current/accounts/ID",
     "Adresse, unter der die Brücke Kerzen liefert; leer: dieselbe",
     "address under which the bridge tells candles; empty: the same"},
    {"mt5", "ca_file", KW_CONFIG_PATH, "", NULL, NULL, NULL, "/etc/kurswart/bruecke.pem",
     "Zertifikate, denen statt denen des Systems vertraut wird; leer: die des Systems",
     "certificates to trust instead of the system's; empty: the system's"},
    {"mt5", "symbols", KW_CONFIG_NAMES, "", NULL, NULL, NULL, "BTC/USD=BTCUSD",
     "wie der Server die Paare nennt, wo es nicht der Name ohne Schrägstrich ist",
     "what the server calls the pairs, where it is not the name without the slash"},

    {"prop", "initial", KW_CONFIG_DECIMAL, "0", "0", "100000000", NULL, "10000",
     "Anfangskapital des Kontos bei einer Prop-Firma, für /ftmo_status; 0: keine solchen "
     "Regeln. "
     "Angezeigt wird, wo das Konto steht; anhalten tun die Grenzen in limits.conf",
     "initial capital of the account at a prop firm, for /ftmo_status; 0: no such rules. Where "
     "the account stands is shown; what halts are the limits of limits.conf"},
    {"prop", "daily_loss", KW_CONFIG_DOUBLE, "0.05", "0", "1", NULL, "0.05",
     "größter Tagesverlust als Anteil des Anfangskapitals, vom Stand um Mitternacht; 0: keiner",
     "largest loss of a day as a share of the initial capital, from the balance at midnight; "
     "0: "
     "none"},
    {"prop", "total_loss", KW_CONFIG_DOUBLE, "0.10", "0", "1", NULL, "0.10",
     "größter Gesamtverlust als Anteil des Anfangskapitals; 0: keiner",
     "largest total loss as a share of the initial capital; 0: none"},
    {"prop", "total_loss_from", KW_CONFIG_ENUM, "trailing", NULL, NULL, "static|trailing",
     "trailing",
     "wovon er zählt: vom Anfangskapital (static) oder vom höchsten Stand einer Mitternacht "
     "(trailing)",
     "what it counts from: the initial capital (static) or the highest balance of a midnight "
     "(trailing)"},
    {"prop", "target", KW_CONFIG_DOUBLE, "0.10", "0", "10", NULL, "0.10",
     "Gewinnziel als Anteil des Anfangskapitals; 0: keines",
     "profit target as a share of the initial capital; 0: none"},
    {"prop", "min_days", KW_CONFIG_INT, "4", "0", "365", NULL, "4",
     "Tage, an denen etwas gekauft wird, mindestens",
     "days on which something is bought, at "
     "least"},
    {"prop", "zone", KW_CONFIG_ZONE, "Europe/Prague", NULL, NULL, NULL, "Europe/Prague",
     "Zeitzone, in der die Tage der Firma beginnen",
     "time zone in which the firm's days begin"},

    {"trading", "pairs", KW_CONFIG_PAIRS, "BTC/USDT, ETH/USDT", NULL, NULL, NULL,
     "BTC/USDT, ETH/USDT", "gehandelte Paare", "pairs to trade"},
    {"trading", "timeframe", KW_CONFIG_ENUM, "1h", NULL, NULL, "1m|5m|15m|30m|1h|4h|1d", "1h",
     "Kerzenlänge, auf der die Strategie entscheidet",
     "length of the candles that the strategy decides on"},
    {"trading", "strategy", KW_CONFIG_PATH, "ema_cross.lua", NULL, NULL, NULL, "ema_cross.lua",
     "Strategiedatei; ein Name ohne Schrägstrich meint eine mitgelieferte oder eigene",
     "strategy file; a name without a slash is one that ships or the owner's"},
    {"trading", "stake_currency", KW_CONFIG_STRING, "USDT", NULL, NULL, NULL, "USDT",
     "Währung des Einsatzes; die Paare enden darauf",
     "currency of the stakes; pairs end with it"},
    {"trading", "stake_amount", KW_CONFIG_DECIMAL, "unlimited", "1", "100000000", "unlimited",
     "100", "Einsatz je Handel; unlimited: das Kapital geteilt durch die offenen Plätze",
     "stake per trade; unlimited: the capital divided by the open places"},
    {"trading", "max_open_trades", KW_CONFIG_INT, "2", "1", "100", NULL, "2",
     "Plätze für gleichzeitig offene Handel", "places for trades open at the same time"},
    {"trading", "tradable_balance_ratio", KW_CONFIG_DOUBLE, "0.99", "0.01", "1", NULL, "0.99",
     "Anteil des Guthabens, der gehandelt werden darf",
     "share of the balance that may be traded"},
    {"trading", "fee", KW_CONFIG_DOUBLE, "0.004", "0", "0.1", NULL, "0.004",
     "Gebühr je Ausführung als Anteil des Umsatzes, für Spielgeld",
     "fee per fill as a share of the turnover, for paper money"},
    {"trading", "maker_fee", KW_CONFIG_DOUBLE, "0.0025", "0", "0.1", NULL, "0.0025",
     "Gebühr einer Ausführung, die gewartet hat, als Anteil des Umsatzes, für Spielgeld; ist "
     "nur "
     "fee gesetzt, dann so viel wie fee",
     "fee of a fill that has waited as a share of the turnover, for paper money; as much as "
     "fee "
     "where only that is set"},
    {"trading", "measured_execution", KW_CONFIG_BOOL, "false", NULL, NULL, NULL, "true",
     "Spielgeld zahlt Spread und Slippage, wie sie nachts gemessen wurden",
     "paper money pays spread and slippage as they were measured nightly"},
    {"trading", "max_impact_bps", KW_CONFIG_DOUBLE, "25", "0", "1000", NULL, "25",
     "ein Einstieg nimmt höchstens, was so viele Hundertstel Prozent über dem besten Preis im "
     "Orderbuch liegt; 0: ohne Grenze",
     "an entry takes at most what the order book offers within so many hundredths of a percent "
     "of its best price; 0: no limit"},
    {"trading", "entry_order", KW_CONFIG_ENUM, "market", NULL, NULL, "market|maker", "maker",
     "Einstieg zum Marktpreis, oder als wartende Order zum besten Kaufpreis, die nie nimmt",
     "entry at the market, or as an order that waits at the best bid and never takes"},
    {"trading", "maker_patience", KW_CONFIG_INT, "60", "5", "3600", NULL, "60",
     "Sekunden, nach denen ein wartender Einstieg zurückgenommen wird",
     "seconds after which a waiting entry is taken back"},
    {"trading", "starting_capital", KW_CONFIG_DECIMAL, "1000", "1", "100000000", NULL, "1000",
     "Startkapital für Spielgeld; gilt nur beim allerersten Start",
     "starting capital of paper money; counts at the very first start only"},
    {"trading", "amend_last_stake_amount", KW_CONFIG_BOOL, "false", NULL, NULL, NULL, "false",
     "letzten Einsatz verkleinern, wenn das Guthaben nicht mehr reicht",
     "make the last stake smaller when the balance falls short"},
    {"trading", "last_stake_amount_min_ratio", KW_CONFIG_DOUBLE, "0.5", "0", "1", NULL, "0.5",
     "kleinster verkleinerter Einsatz als Anteil des gewünschten",
     "smallest amended stake as a share of the wanted one"},
    {"trading", "threshold", KW_CONFIG_DOUBLE, "0.60", "0", "1", NULL, "0.60",
     "geringste Sicherheit, mit der ein Signal gehandelt wird",
     "lowest confidence at which a signal is traded"},

    {"protections", "cooldown_candles", KW_CONFIG_INT, "0", "0", "10000", NULL, "2",
     "Kerzen, die ein Paar nach jedem seiner Handel ruht; 0: aus",
     "candles that a pair rests after each of its trades; 0: off"},
    {"protections", "stoploss_guard_trades", KW_CONFIG_INT, "0", "0", "10000", NULL, "4",
     "Stopps mit Verlust, nach denen es keine Einstiege gibt; 0: aus",
     "stops with a loss after which there are no entries; 0: off"},
    {"protections", "stoploss_guard_lookback_candles", KW_CONFIG_INT, "24", "1", "100000", NULL,
     "24", "Kerzen, in denen diese Stopps gezählt werden",
     "candles in which these stops are counted"},
    {"protections", "stoploss_guard_stop_candles", KW_CONFIG_INT, "4", "1", "100000", NULL, "4",
     "Kerzen, die dann geruht wird", "candles of the rest that follows"},
    {"protections", "stoploss_guard_only_per_pair", KW_CONFIG_BOOL, "false", NULL, NULL, NULL,
     "false", "Stopps je Paar zählen und nur dieses sperren, nie alle",
     "count stops by pair and lock only that one, never all"},
    {"protections", "max_drawdown", KW_CONFIG_DOUBLE, "0", "0", "10", NULL, "0.2",
     "Rückgang der summierten Gewinnquoten, ab dem alle Paare ruhen; 0: aus",
     "fall of the summed profit ratios from which all pairs rest; 0: off"},
    {"protections", "max_drawdown_trades", KW_CONFIG_INT, "1", "1", "10000", NULL, "20",
     "Handel, ab denen dieser Rückgang zählt", "trades from which on this fall counts"},
    {"protections", "max_drawdown_lookback_candles", KW_CONFIG_INT, "48", "1", "100000", NULL,
     "48", "Kerzen, in denen dieser Rückgang gesucht wird",
     "candles in which this fall is looked for"},
    {"protections", "max_drawdown_stop_candles", KW_CONFIG_INT, "4", "1", "100000", NULL, "12",
     "Kerzen, die dann geruht wird", "candles of the rest that follows"},
    {"protections", "low_profit_trades", KW_CONFIG_INT, "0", "0", "10000", NULL, "4",
     "Handel eines Paares, ab denen sein Gewinn geprüft wird; 0: aus",
     "trades of a pair from which its profit is judged; 0: off"},
    {"protections", "low_profit_required", KW_CONFIG_DOUBLE, "0", "-10", "10", NULL, "0.02",
     "Summe der Gewinnquoten, unter der das Paar ruht",
     "sum of the profit ratios below which the pair rests"},
    {"protections", "low_profit_lookback_candles", KW_CONFIG_INT, "48", "1", "100000", NULL,
     "48", "Kerzen, in denen diese Handel gezählt werden",
     "candles in which these trades are counted"},
    {"protections", "low_profit_stop_candles", KW_CONFIG_INT, "4", "1", "100000", NULL, "12",
     "Kerzen, die dann geruht wird", "candles of the rest that follows"},

    {"chat", "admin_socket", KW_CONFIG_PATH, "", NULL, NULL, NULL, "/run/kurswart/admin.sock",
     "Socket für kurswart tell; leer: im Laufzeitordner",
     "socket of kurswart tell; empty: in the runtime folder"},
    {"chat", "digest_time", KW_CONFIG_TIME, "20:00", NULL, NULL, NULL, "20:00",
     "Uhrzeit des Tagesberichts", "time of the daily report"},
    {"chat", "picture_style", KW_CONFIG_ENUM, "light", NULL, NULL, "light|dark", "dark",
     "Bilder auf hellem oder dunklem Grund", "pictures on a light or a dark ground"},
    {"chat", "history", KW_CONFIG_INT, "500", "0", "100000", NULL, "500",
     "Eingabezeilen, die sich kurswart tell merkt", "typed lines that kurswart tell remembers"},

    {"claude", "model", KW_CONFIG_STRING, "claude-haiku-4-5-20251001", NULL, NULL, NULL,
     "claude-haiku-5-5",
     "Sprachmodell, das Fragen beantwortet; ohne Schlüssel (claude-key) keines",
     "language model that answers questions; none without a key (claude-key)"},
    {"claude", "fallback_model", KW_CONFIG_STRING, "claude-haiku-5-5", NULL, NULL, NULL,
     "claude-sonnet-5",
     "Modell, wenn es das andere beim Anbieter nicht mehr gibt; leer: keines",
     "model for when the vendor does not have the other one any more; empty: none"},
    {"claude", "provider", KW_CONFIG_ENUM, "direct", NULL, NULL, "direct|vertex", "direct",
     "Anbieter: direkt oder über Google Vertex AI (dann vertex-account oder vertex-token)",
     "vendor: directly or through Google Vertex AI (then vertex-account or vertex-token)"},
    {"claude", "base_url", KW_CONFIG_STRING, "", NULL, NULL, NULL, "https://api.anthropic.com",
     "Adresse der Schnittstelle; leer: die des Anbieters",
     "address of the interface; empty: the vendor's"},
    {"claude", "vertex_project", KW_CONFIG_STRING, "", NULL, NULL, NULL, "mein-projekt",
     "Projekt bei Vertex AI", "project of Vertex AI"},
    {"claude", "vertex_region", KW_CONFIG_STRING, "", NULL, NULL, NULL, "eu",
     "Region von Vertex AI: global, us, eu oder eine einzelne",
     "region of Vertex AI: global, us, eu or a single one"},
    {"claude", "max_tokens", KW_CONFIG_INT, "1024", "256", "8192", NULL, "1024",
     "Tokens einer Antwort, höchstens", "most tokens of an answer"},
    {"claude", "message_tokens", KW_CONFIG_INT, "30000", "1000", "1000000", NULL, "30000",
     "Tokens aller Anfragen zu einer Nachricht, höchstens",
     "most tokens of all requests for one message"},
    {"claude", "budget_day", KW_CONFIG_DECIMAL, "0.50", "0", "1000", NULL, "0.50",
     "US-Dollar, die das Modell an einem Tag kosten darf",
     "US dollars that the model may cost in a day"},
    {"claude", "budget_month", KW_CONFIG_DECIMAL, "5", "0", "10000", NULL, "5",
     "US-Dollar, die das Modell in einem Monat kosten darf",
     "US dollars that the model may cost in a month"},
    {"claude", "outlook_time", KW_CONFIG_TIME, "02:30", NULL, NULL, NULL, "02:30",
     "Uhrzeit, zu der das Modell nachts den Marktblick schreibt",
     "time at which the model writes the market view at night"},
    {"claude", "models", KW_CONFIG_PATH, "", NULL, NULL, NULL,
     "/etc/kurswart/claude-models.conf",
     "Tabelle der Modelle und Preise; leer: die mitgelieferte",
     "table of models and prices; empty: the one that comes along"},

    {"secrets", "dir", KW_CONFIG_PATH, "", NULL, NULL, NULL, "/etc/kurswart/secrets",
     "Ordner der Geheimnisse, eine Datei 0600 je Schlüssel; leer: secrets neben der eigenen "
     "Konfiguration",
     "folder of the secrets, a file of mode 0600 for each; empty: secrets beside the own "
     "configuration"},

    {"signal", "address", KW_CONFIG_STRING, "", NULL, NULL, NULL, "/run/kurswart/signal.sock",
     "wo signal-cli zu erreichen ist: /pfad, tcp:HOST:PORT, http://HOST:PORT oder, für den "
     "Container signal-cli-rest-api, container:http://HOST:PORT; leer: kein Signal",
     "where signal-cli listens: /path, tcp:HOST:PORT, http://HOST:PORT or, for the container "
     "signal-cli-rest-api, container:http://HOST:PORT; empty: no Signal"},
    {"signal", "account", KW_CONFIG_STRING, "", NULL, NULL, NULL, "+4366012345601",
     "Nummer des Bots", "number of the bot"},
    {"signal", "owners", KW_CONFIG_NAMES, "", NULL, NULL, NULL,
     "11111111-2222-4333-8444-555555555555",
     "Konto-Kennungen (ACI) oder Nummern derer, die alles dürfen",
     "account identities (ACI) or numbers of those who may do everything"},
    {"signal", "readers", KW_CONFIG_NAMES, "", NULL, NULL, NULL, "+4366012345603",
     "Konto-Kennungen oder Nummern derer, die nur fragen dürfen",
     "account identities or numbers of those who may only ask"},

    {"telegram", "owners", KW_CONFIG_NAMES, "", NULL, NULL, NULL, "5000000001",
     "Telegram-Nummern derer, die alles dürfen; leer: kein Telegram",
     "Telegram numbers of those who may do everything; empty: no Telegram"},
    {"telegram", "readers", KW_CONFIG_NAMES, "", NULL, NULL, NULL, "5000000002, 5000000003",
     "Telegram-Nummern derer, die nur fragen dürfen",
     "Telegram numbers of those who may only ask"},
    {"telegram", "base_url", KW_CONFIG_STRING, "https://api.telegram.org", NULL, NULL, NULL,
     "https://api.telegram.org", "Adresse der Bot-API; anders nur bei einem eigenen Server",
     "address of the Bot API; another one only with a server of one's own"},

    {"notify", "started", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent|off", "on",
     "Start des Bots", "start of the bot"},
    {"notify", "stopping", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent|off", "on",
     "Ende des Bots", "end of the bot"},
    {"notify", "entry_order", KW_CONFIG_ENUM, "off", NULL, NULL, "on|silent|off", "on",
     "Order eines Einstiegs an der Börse, noch vor der Ausführung",
     "order of an entry at the exchange, before it is filled"},
    {"notify", "entry", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent|off", "on",
     "Einstieg in einen Handel, ausgeführt", "entry of a trade, filled"},
    {"notify", "exit_order", KW_CONFIG_ENUM, "off", NULL, NULL, "on|silent|off", "on",
     "Order eines Ausstiegs an der Börse, noch vor der Ausführung",
     "order of an exit at the exchange, before it is filled"},
    {"notify", "exit", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent|off", "on",
     "Ausstieg aus einem Handel, ausgeführt", "exit of a trade, filled"},
    {"notify", "stop_hit", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent|off", "on",
     "Ausstieg durch den Stop", "exit by the stop"},
    {"notify", "signal", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent|off", "on",
     "Signal der höchsten Stufe, aus dem kein Einstieg wurde",
     "signal of the highest tier that did not become an entry"},
    {"notify", "rejected", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent|off", "on",
     "Einstieg, den eine Prüfung abgelehnt hat", "entry that a check has refused"},
    {"notify", "state", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent|off", "on",
     "Start, Stopp und Pause durch jemanden", "start, stop and pause by somebody"},
    {"notify", "reminder", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent|off", "on",
     "Erinnerung an das Ende einer Pause", "reminder of the end of a pause"},
    {"notify", "kill_on", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent", "on",
     "Alarm: Kill-Switch ein", "alarm: kill switch on"},
    {"notify", "kill_off", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent|off", "on",
     "Kill-Switch aus", "kill switch off"},
    {"notify", "killed_signal", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent", "on",
     "Alarm: Signal trotz Kill-Switch", "alarm: signal in spite of the kill switch"},
    {"notify", "halt", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent", "on",
     "Alarm: ein Limit ist erreicht", "alarm: a limit is reached"},
    {"notify", "halt_over", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent|off", "on",
     "Grenze des Tages wieder frei", "limit of the day free again"},
    {"notify", "lock", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent|off", "on",
     "Sperre eines Paars durch eine Schutzregel", "pair locked by a protection"},
    {"notify", "lock_all", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent", "on",
     "Alarm: eine Schutzregel sperrt alle Paare", "alarm: a protection locks all pairs"},
    {"notify", "data", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent", "on",
     "Alarm: keine neuen Kurse", "alarm: no new prices"},
    {"notify", "store", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent", "on",
     "Alarm: Speicher nicht beschreibbar", "alarm: the store cannot be written"},
    {"notify", "venue", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent", "on",
     "Alarm: Buchführung und Börse sind uneins", "alarm: books and exchange do not agree"},
    {"notify", "order", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent", "on",
     "Alarm: eine Order, ein Stop oder der Schlüssel der Börse braucht dich",
     "alarm: an order, a stop or the key of the exchange needs you"},
    {"notify", "strategy", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent", "on",
     "Alarm: keine brauchbare Strategie", "alarm: no usable strategy"},
    {"notify", "back", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent|off", "on",
     "Ende einer Störung: Kurse, Speicher, Abgleich",
     "end of a trouble: prices, store, comparison"},
    {"notify", "old_strategy", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent|off", "on",
     "Fehler der Strategie; die letzte gute Fassung ist im Einsatz",
     "error of the strategy; the last good version is in use"},
    {"notify", "notice", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent|off", "on",
     "Nachricht zu Orders und Börse, bei der nichts zu tun ist",
     "news of orders and exchange that need nothing done"},
    {"notify", "lost_rows", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent|off", "on",
     "Fehler: Zeilen des Kassenbuchs fehlen", "error: rows of the ledger are missing"},
    {"notify", "backup", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent|off", "on",
     "gescheiterte Sicherung", "backup that failed"},
    {"notify", "capital", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent|off", "on",
     "anderes Startkapital als im Buch", "another starting capital than in the ledger"},
    {"notify", "model", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent|off", "on",
     "Modell im laufenden Betrieb eingesetzt oder abgelehnt",
     "model taken over or refused while running"},
    {"notify", "model_back", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent|off", "on",
     "Modell zurück auf einer früheren Version", "model back at an earlier version"},
    {"notify", "retrain", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent|off", "on",
     "Modell, das neu trainiert werden soll oder gerade wird",
     "model that should be trained anew, or is"},
    {"notify", "retrained", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent|off", "on",
     "Ende eines Trainings, mit Urteil", "end of a training, with its verdict"},
    {"notify", "digest", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent|off", "on",
     "Tagesbericht", "daily report"},
    {"notify", "weekly", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent|off", "on",
     "Wochenbericht", "weekly report"},
    {"notify", "end_of_data", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent|off", "on",
     "Ende der Wiedergabe", "end of the replay"},
    {"notify", "version", KW_CONFIG_ENUM, "on", NULL, NULL, "on|silent|off", "on",
     "andere Version des Programms", "another version of the program"},
    {"notify", "quiet_from", KW_CONFIG_TIME, "", NULL, NULL, NULL, "22:00",
     "Beginn der Ruhezeit, in der nur Alarme läuten; leer: keine",
     "begin of the quiet hours, in which only alarms ring; empty: none"},
    {"notify", "quiet_until", KW_CONFIG_TIME, "", NULL, NULL, NULL, "07:00",
     "Ende der Ruhezeit", "end of the quiet hours"},

    {"model", "retrain", KW_CONFIG_ENUM, "suggest", NULL, NULL, "suggest|start|off", "start",
     "wenn ein Modell neu trainiert werden soll: vorschlagen, selbst beginnen, nichts tun",
     "when a model should be trained anew: suggest it, begin by itself, do nothing"},
    {"model", "retrain_memory", KW_CONFIG_INT, "192", "0", "1048576", NULL, "192",
     "MB, die das Lernen der Bäume nimmt; 0: keine Grenze",
     "MB that growing the trees may take; 0: no limit"},

    {"store", "keep_1m_days", KW_CONFIG_INT, "7", "1", "36500", NULL, "7",
     "Tage, die Minutenkerzen bleiben", "days that 1 minute candles are kept"},
    {"store", "keep_5m_days", KW_CONFIG_INT, "30", "1", "36500", NULL, "30",
     "Tage, die 5-Minuten-Kerzen bleiben", "days that 5 minute candles are kept"},
    {"store", "keep_1h_days", KW_CONFIG_INT, "365", "1", "36500", NULL, "365",
     "Tage, die Stundenkerzen bleiben", "days that 1 hour candles are kept"},
    {"store", "keep_1d_days", KW_CONFIG_INT, "2557", "1", "36500", NULL, "2557",
     "Tage, die Tageskerzen bleiben", "days that 1 day candles are kept"},
    {"store", "dryrun_archive_days", KW_CONFIG_INT, "90", "1", "36500", NULL, "90",
     "Tage, nach denen Spielgeld-Handel ins Archiv kommen; echte nie",
     "days after which paper trades are archived; live ones never are"},
    {"store", "backup_dir", KW_CONFIG_PATH, "", NULL, NULL, NULL, "/var/backups/kurswart",
     "Ordner der Sicherungen; leer: im Datenordner",
     "folder of backups; empty: in the data root"},
    {"store", "backup_keep", KW_CONFIG_INT, "7", "1", "1000", NULL, "7",
     "Sicherungen, die bleiben", "backups that are kept"},

    {"log", "format", KW_CONFIG_ENUM, "auto", NULL, NULL, "auto|json|text", "auto",
     "Form des Protokolls; auto: Journal, Text am Terminal, sonst JSON-Zeilen",
     "form of the log; auto: journal, text on a terminal, else JSON lines"},
    {"log", "level", KW_CONFIG_ENUM, "info", NULL, NULL, "debug|info|message|warning|critical",
     "info", "unwichtigste Stufe, die geschrieben wird",
     "least important level that is written"},
};

static const KwConfigRow limit_rows[] = {
    {"limits", "max_open_trades", KW_CONFIG_INT, "3", "1", "100", NULL, "3",
     "höchstens gleichzeitig offene Handel", "most trades open at the same time"},
    {"limits", "max_exposure_pair", KW_CONFIG_DECIMAL, "1000", "0", "1000000000", NULL, "1000",
     "höchster Einsatz in einem Paar; 0: keine Grenze", "most stake in one pair; 0: no limit"},
    {"limits", "max_exposure_total", KW_CONFIG_DECIMAL, "2000", "0", "1000000000", NULL, "2000",
     "höchster Einsatz insgesamt; 0: keine Grenze", "most stake in all; 0: no limit"},
    {"limits", "min_stake", KW_CONFIG_DECIMAL, "10", "0", "1000000000", NULL, "10",
     "kleinster Einsatz je Handel", "smallest stake per trade"},
    {"limits", "max_stake", KW_CONFIG_DECIMAL, "1000", "0", "1000000000", NULL, "1000",
     "höchster Einsatz je Handel; 0: keine Grenze", "largest stake per trade; 0: no limit"},
    {"limits", "max_orders_per_hour", KW_CONFIG_INT, "20", "0", "100000", NULL, "20",
     "Aufträge in einer Stunde; 0: keine Grenze", "orders within an hour; 0: no limit"},
    {"limits", "max_orders_per_minute", KW_CONFIG_INT, "5", "0", "10000", NULL, "5",
     "Aufträge in einer Minute; 0: keine Grenze", "orders within a minute; 0: no limit"},
    {"limits", "max_losses_in_row", KW_CONFIG_INT, "6", "0", "1000", NULL, "6",
     "Verluste hintereinander, nach denen keine Einstiege mehr kommen; 0: keine Grenze",
     "losses in a row after which there are no entries; 0: no limit"},
    {"limits", "max_daily_loss_abs", KW_CONFIG_DECIMAL, "50", "0", "1000000000", NULL, "50",
     "höchster Verlust eines Tages als Betrag; 0: keine Grenze",
     "largest loss of a day as an amount; 0: no limit"},
    {"limits", "max_daily_loss_ratio", KW_CONFIG_DOUBLE, "0.05", "0", "1", NULL, "0.05",
     "höchster Verlust eines Tages als Anteil des Kapitals am Tagesbeginn; 0: keine Grenze",
     "largest loss of a day as a share of the equity at its start; 0: no limit"},
    {"limits", "daily_zone", KW_CONFIG_ZONE, "Europe/Vienna", NULL, NULL, NULL, "Europe/Vienna",
     "Zeitzone, in der ein Tag der Verlustgrenze beginnt",
     "time zone in which a day of the loss limit begins"},
    {"limits", "max_drawdown_ratio", KW_CONFIG_DOUBLE, "0.20", "0", "1", NULL, "0.20",
     "höchster Rückgang vom höchsten Kapitalstand als Anteil; 0: keine Grenze",
     "largest fall from the highest equity as a share; 0: no limit"},
    {"limits", "max_data_age_candles", KW_CONFIG_DOUBLE, "2", "1", "1000", NULL, "2",
     "Alter des letzten Kurses in Kerzenlängen, bis zu dem gehandelt wird",
     "age of the last price in candle lengths up to which there is trading"},
    {"limits", "max_price_jump_ratio", KW_CONFIG_DOUBLE, "0.30", "0.001", "1", NULL, "0.30",
     "Kurssprung zwischen zwei Kerzen, ab dem kein Einstieg kommt, als Anteil",
     "jump between two candles from which there is no entry, as a share"},
    {"limits", "max_spread_ratio", KW_CONFIG_DOUBLE, "0.01", "0.0001", "1", NULL, "0.01",
     "Spanne zwischen Kauf- und Verkaufskurs, ab der kein Einstieg kommt, als Anteil",
     "spread between bid and ask from which there is no entry, as a share"},
};

static gboolean
is_user_number(const gchar *text)
{
    return *text != '\0' && strlen(text) <= 16 && strspn(text, "0123456789") == strlen(text);
}

static void
check_telegram(const KwConfig *config, GPtrArray *problems)
{
    static const gchar *const keys[] = {"owners", "readers"};
    const gchar *url = kw_config_get_string(config, "telegram", "base_url");

    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        const gchar *const *list = kw_config_get_list(config, "telegram", keys[i]);

        while (*list != NULL && is_user_number(*list))
            list++;
        if (*list != NULL)
            kw_config_add_contradiction(config, "telegram", keys[i], "5000000001", problems);
    }
    if (!g_str_has_prefix(url, "https://") && !g_str_has_prefix(url, "http://"))
        kw_config_add_contradiction(config, "telegram", "base_url", "https://...", problems);
}

static gboolean
is_signal_number(const gchar *text)
{
    return *text == '+' && strlen(text) >= 6 && strlen(text) <= 16 &&
           strspn(text + 1, "0123456789") == strlen(text + 1);
}

static gboolean
is_signal_name(const gchar *text)
{
    return is_signal_number(text) || g_uuid_string_is_valid(text);
}

static void
check_signal(const KwConfig *config, GPtrArray *problems)
{
    static const gchar *const keys[] = {"owners", "readers"};

    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        const gchar *const *list = kw_config_get_list(config, "signal", keys[i]);

        while (*list != NULL && is_signal_name(*list))
            list++;
        if (*list != NULL)
            kw_config_add_contradiction(config, "signal", keys[i], "+4366012345602", problems);
    }
    if (*kw_config_get_string(config, "signal", "address") != '\0' &&
        !is_signal_number(kw_config_get_string(config, "signal", "account")))
        kw_config_add_contradiction(config, "signal", "account", "+4366012345601", problems);
}

/* The token goes to these addresses. That there is one yet is asked when it is needed: a file
 * without it can be completed by the setup. */
static void
check_mt5(const KwConfig *config, GPtrArray *problems)
{
    const gchar *url = kw_config_get_string(config, "mt5", "url");
    const gchar *history = kw_config_get_string(config, "mt5", "history_url");
    const gchar *const *symbols = kw_config_get_list(config, "mt5", "symbols");

    if (*url != '\0' && !kw_address_is_private(url))
        kw_config_add_contradiction(config, "mt5", "url", "https://...", problems);
    if (*history != '\0' && !kw_address_is_private(history))
        kw_config_add_contradiction(config, "mt5", "history_url", "https://...", problems);
    for (guint i = 0; symbols[i] != NULL; i++)
        if (strchr(symbols[i], '/') == NULL || strchr(symbols[i], '=') == NULL) {
            kw_config_add_contradiction(config, "mt5", "symbols", "BTC/USD=BTCUSD", problems);
            break;
        }
}

/* Pairs are paid in the stake currency. */
static void
check_bot(const KwConfig *config, GPtrArray *problems)
{
    const gchar *currency = kw_config_get_string(config, "trading", "stake_currency");
    const gchar *const *pairs = kw_config_get_list(config, "trading", "pairs");
    g_autofree gchar *suffix = g_strconcat("/", currency, NULL);
    g_autofree gchar *expected = g_strconcat("*", suffix, NULL);

    for (guint i = 0; pairs[i] != NULL; i++)
        if (!g_str_has_suffix(pairs[i], suffix)) {
            kw_config_add_contradiction(config, "trading", "pairs", expected, problems);
            break;
        }
    check_signal(config, problems);
    check_telegram(config, problems);
    check_mt5(config, problems);
}

static void
check_limits(const KwConfig *config, GPtrArray *problems)
{
    KwDecimal min_stake = kw_config_get_decimal(config, "limits", "min_stake");
    KwDecimal max_stake = kw_config_get_decimal(config, "limits", "max_stake");

    if (kw_decimal_sign(max_stake) > 0 && kw_decimal_cmp(min_stake, max_stake) > 0)
        kw_config_add_contradiction(config, "limits", "min_stake", "min_stake <= max_stake",
                                    problems);
}

const KwConfigTable *
kw_config_table_get_bot(void)
{
    static const gchar *const reserved[] = {"KURSWART_CONFIG", "KURSWART_LIMITS", NULL};
    static const KwConfigTable table = {
        .file_name = "kurswart.conf",
        .rows = bot_rows,
        .n_rows = G_N_ELEMENTS(bot_rows),
        .env_prefix = "KURSWART_",
        .env_reserved = reserved,
        .check = check_bot,
    };

    return &table;
}

const KwConfigTable *
kw_config_table_get_limits(void)
{
    static const KwConfigTable table = {
        .file_name = "limits.conf",
        .rows = limit_rows,
        .n_rows = G_N_ELEMENTS(limit_rows),
        .check = check_limits,
    };

    return &table;
}
