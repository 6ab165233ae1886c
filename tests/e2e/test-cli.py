#!/usr/bin/env python3
"""The verbs of the program from outside: what they print, create, and end with.

Every case has folders of its own as home, configuration and data; nothing else is touched.
"""
import gzip
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from decimal import Decimal

PROGRAM = os.path.join(os.environ["KW_BUILD_ROOT"], "src", "app", "kurswart")
VERBS = ("demo", "run", "tell", "data", "report", "simulate", "config", "doctor", "backup", "restore")
CASES = []


class Place:
    """A home of one's own, and the program in it."""

    def __init__(self, folder):
        self.folder = folder
        self.root = self.path("root")

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def run(self, *words, text="", status=0):
        env = {"HOME": self.folder, "PATH": os.environ["PATH"], "TMPDIR": self.path("tmp"),
               "XDG_CONFIG_HOME": self.path("config"), "XDG_DATA_HOME": self.path("share"),
               "LC_ALL": "C", "TZ": "UTC"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "G_DEBUG"):
            if name in os.environ:
                env[name] = os.environ[name]
        os.makedirs(env["TMPDIR"], exist_ok=True)
        result = subprocess.run([PROGRAM, *words], env=env, cwd=self.folder, input=text,
                                capture_output=True, text=True, encoding="utf-8", timeout=120,
                                check=False)
        expect(result.returncode == status,
               f"kurswart {' '.join(words)} ended with {result.returncode}, not {status}:\n"
               f"{result.stdout[-1500:]}{result.stderr[-1500:]}")
        return result

    def files(self):
        """Everything below the place but the scratch folder"""
        found = []
        for folder, folders, names in os.walk(self.folder):
            folders[:] = [name for name in folders if name != "tmp"]
            found += [os.path.relpath(os.path.join(folder, name), self.folder) for name in names]
        return sorted(found)


def case(function):
    CASES.append(function)
    return function


def expect(is_true, text):
    if not is_true:
        raise AssertionError(text)


def expect_in(part, whole):
    expect(part in whole, f"{part!r} is not in:\n{whole}")


# -- help and usage --

@case
def help_lists_verbs(place):
    page = place.run("--help").stdout
    for verb in VERBS:
        expect(re.search(rf"^  {verb}\s{{2,}}\S", page, re.M), f"no line for {verb}:\n{page}")
        expect_in("Aufruf: kurswart" if verb not in ("data", "config") else f"kurswart {verb} TEIL",
                  place.run(verb, "--help").stdout)
        expect(place.run(verb, "--help").stdout == place.run("help", verb).stdout,
               f"help {verb} differs from {verb} --help")
    expect(place.files() == [], "help left files behind")


@case
def help_is_german(place):
    for words in (("demo",), ("simulate",), ("run",), ("doctor",), ("backup",), ("restore",),
                  ("report",),
                  ("config", "show"), ("data", "import"), ("data", "check"), ("data", "synth"),
                  ("data", "columns"), ("data", "features")):
        page = place.run(*words, "--help").stdout
        for english in ("Usage", "Options", "Help", "Example", "FILE", " DIR"):
            expect(english not in page.replace("[OPTIONEN]", ""), f"{english!r} in:\n{page}")


@case
def usage_errors(place):
    expect_in("Aufruf", place.run(status=2).stdout)
    expect_in("Meintest du: kurswart demo", place.run("dmo", status=2).stderr)
    expect_in("--days", place.run("demo", "--dyas", "3", status=2).stderr)
    expect_in("ganze Zahl", place.run("demo", "--days", "drei", status=2).stderr)
    expect_in("zu viel", place.run("simulate", "7", status=2).stderr)
    expect_in("show oder check", place.run("config", "chek", status=2).stderr)
    place.run("data", "import", status=2)
    place.run("backup", "--keep", "0", status=2)
    expect(place.files() == [], "a usage error left files behind")


# -- configuration --

FAULTS = """[bot]
mode = lve
zone = Europe/Atlantis
[trading]
fee = 1.5
starting_capital = -5
pairs =
max_open_trades = zwei
strateg = x.lua
"""


@case
def config_check_tells_all(place):
    path = place.write("kurswart.conf", FAULTS)
    before = place.files()
    told = place.run("config", "check", "--config", path, status=78).stderr
    for line, key in ((2, "mode = lve"), (3, "zone = Europe/Atlantis"), (5, "fee = 1.5"),
                      (6, "starting_capital = -5"), (7, "pairs"), (8, "max_open_trades = zwei"),
                      (9, "strateg")):
        expect(re.search(rf"kurswart\.conf:{line} \[\w+\] {re.escape(key)}", told),
               f"line {line}, {key}, is not told:\n{told}")
    expect_in("0..0.1", told)
    expect_in("Meintest du: strategy", told)
    problems = json.loads(place.run("config", "check", "--config", path, "--json",
                                    status=78).stdout)
    expect(not problems["ok"] and len(problems["problems"]) == 7, str(problems))
    for verb in ("show", "check"):
        place.run("config", verb, "--config", path, "--root", place.root, status=78)
    place.run("run", "--config", path, "--root", place.root, status=78)
    expect(place.files() == before, f"something was created: {place.files()}")
    expect(not os.path.exists(place.root), "the data root was created")


@case
def config_show_names_sources(place):
    path = place.write("kurswart.conf", "[trading]\nfee = 0.002\n")
    page = place.run("config", "show", "--config", path, "--root", place.root).stdout
    expect(re.search(r"^fee = 0\.002 +# Datei$", page, re.M), page)
    expect(re.search(r"^mode = dryrun +# ab Werk$", page, re.M), page)
    expect(re.search(r"^max_open_trades = 3 +# ab Werk$", page, re.M), page)
    values = json.loads(place.run("config", "show", "--config", path, "--json").stdout)
    rows = {(row["section"], row["key"]): row for file in values["files"]
            for row in file["values"]}
    expect(rows["trading", "fee"]["source"] == "file", str(rows["trading", "fee"]))
    expect(rows["limits", "max_drawdown_ratio"]["source"] == "default", "limits are missing")
    expect_in("in Ordnung", place.run("config", "check", "--config", path).stdout)
    expect_in("lässt sich nicht lesen",
              place.run("config", "check", "--config", place.path("fehlt.conf"),
                        status=78).stderr)


# -- the bot --

@case
def demo_answers_a_pipe(place):
    page = place.run("demo", "--days", "60", "--quiet", text="Wie ist der Status?\n").stdout
    expect_in("Portfolio", page.strip().split("\n\n")[-1])
    lines = place.run("demo", "--days", "20", "--json", text="/status\n\n/help\n").stdout
    rows = [json.loads(line) for line in lines.splitlines()]
    expect([row["type"] for row in rows][-2:] == ["reply", "reply"], lines[-500:])
    expect(sum(row["type"] == "event" for row in rows) > 10, "hardly anything happened")
    expect(place.files() == [], "the demo left files behind")


@case
def demo_keeps_pictures(place):
    folder = os.path.join(place.folder, "bilder")
    page = place.run("demo", "--days", "20", "--quiet", "--pictures", folder,
                     text="/chart BTC\nWie ist der Status?\n").stdout
    path = os.path.join(folder, "01.png")
    expect_in("Bild: " + path, page)
    with open(path, "rb") as picture:
        expect(picture.read(8) == b"\x89PNG\r\n\x1a\n", "no PNG was written")
    expect_in("Portfolio", page.split("Bild: ")[1])


@case
def demo_takes_own_strategy(place):
    path = place.write("nie.lua", """return {
      name = "nie", timeframe = "1h", startup_candles = 10, stoploss = -0.1,
      minimal_roi = { [0] = 0.5 },
      indicators = function(c, p) return { fast = ema(c.close, 3) } end,
      entry = function(c, i) return above(i.fast, 1e9) end,
      exit = function(c, i) return below(i.fast, 0) end,
    }""")
    expect_in("gibt es nicht", place.run("demo", "--strategy", "./nix.lua", status=66).stderr)
    expect_in("gibt es nicht", place.run("demo", "--data", "/nix", status=66).stderr)
    page = place.run("demo", "--days", "20", "--strategy", path, text="/trades\n").stdout
    expect("geschlossen: 1" not in page and "BTC/USDT #1" not in page, page[-800:])
    expect_in("nie", page)


@case
def simulate_is_repeatable(place):
    def state(*words):
        return json.loads(place.run("simulate", "--json", *words).stdout)

    one = state("--days", "3", "--seed", "5")
    two = state("--days", "3", "--seed", "5")
    other = state("--days", "4", "--seed", "5")
    expect(one == two, f"{one} and {two}")
    expect(re.fullmatch(r"[0-9a-f]{64}", one["state_hash"]), str(one))
    expect(other["state_hash"] != one["state_hash"], "another day gives the same hash")
    expect(one["kills"] == 3, str(one))
    paced = state("--days", "3", "--seed", "5", "--speed", "400000.5")
    expect(paced == one, f"another state at another speed: {one} and {paced}")


@case
def simulate_tells_what_is_wrong(place):
    def told(*words, status=2):
        return place.run("simulate", *words, status=status).stderr

    place.run("simulate", "--days", "1", "--root", place.path("old"))
    expect_in("Daten eines Bots", told("--root", place.path("old"), status=73))
    expect_in("reichen", told("--days", "4000"))
    expect_in("reichen von dort nur für 0 Tage", told("--from", "2030-01-01"))
    expect_in("kein Datum", told("--from", "murks"))
    expect_in("--speed", told("--speed", "-1"))
    expect_in("gibt es nicht", told("--data", "/nix", status=66))


@case
def simulate_with_faults(place):
    told = json.loads(place.run("simulate", "--faults", "1..6", "--json").stdout)
    expect(told["seeds"] == 6 and told["broken"] == 0, str(told))
    expect(told["processes"] > 6 and told["orders"] > 60, str(told))
    expect(sum(told["faults"].values()) > 30, str(told))
    page = place.run("simulate", "--faults", "6", "--root", place.path("six"), "--verbose")
    expect_in("Jede Regel hat gehalten", page.stdout)
    expect(re.search(r"\* \d+ s: kill_before", page.stderr), page.stderr[-800:])
    for words in (("murks",), ("5..2",), ("1..x",), ("1..2", "--root", place.path("seven"))):
        place.run("simulate", "--faults", *words, status=2)
    place.run("simulate", "--faults", "6", "--root", place.path("six"), status=73)


# -- candles --

@case
def data_round_trip(place):
    for pair in ("BTC/USDT", "ETH/USDT"):
        name = f"synth-{pair.replace('/', '_')}-1h.csv.gz"
        place.run("data", "synth", "--pair", pair, "--days", "30", "--seed", "7", "--out", name)
        place.run("data", "import", name, "--root", place.root)
    rows = place.run("data", "list", "--json", "--root", place.root).stdout
    expect_in("BTC/USDT", rows)
    expect_in("720", rows)
    place.run("data", "check", "--min", "100", "--root", place.root)
    place.run("data", "import", "synth-BTC_USDT-1h.csv.gz", "--root", place.root)
    expect(place.run("data", "list", "--json", "--root", place.root).stdout == rows,
           "a second import changed something")
    expect(place.run("data", "synth", "--days", "3", "--out", "synth-BTC_USDT-1h.csv.gz",
                     status=73).stderr != "", "a file was written over")


@case
def import_names_what_it_leaves(place):
    """Columns beside the candles stay in the file, and that is said in one line"""
    rows = "".join(f"{1704067200 + 3600 * i},{i % 2},100,101,99,100,1,up\n" for i in range(50))
    for name, header in (("a-BTC_USDT-1h.csv", "time,enter_long,open,high,low,close,volume,enter_tag"),
                         ("b-ETH_USDT-1h.csv", "")):
        place.write(name, header + "\n" + rows if header else
                    re.sub(r"^(\d+),\d,(.*),up$", r"\1,\2", rows, flags=re.MULTILINE))
    told = place.run("data", "import", "a-BTC_USDT-1h.csv", "--root", place.root).stdout
    expect_in("nicht gespeichert werden weitere Spalten (enter_long, enter_tag); kurswart backtest "
              "--data liest sie", told)
    expect("Spalten" not in place.run("data", "import", "b-ETH_USDT-1h.csv", "--root",
                                      place.root).stdout, "columns that are not there")
    told = json.loads(place.run("data", "import", "a-BTC_USDT-1h.csv", "--root", place.root,
                                "--json").stdout)
    expect(told["not_stored"] == ["enter_long", "enter_tag"], str(told))


@case
def data_check_finds_a_gap(place):
    lines = [f"{1704067200 + hour * 3600},100,101,99,100,1" for hour in range(240)
             if hour not in range(30, 40)]
    place.write("binance-BTC_USDT-1h.csv", "\n".join(lines) + "\n")
    place.run("data", "import", "binance-BTC_USDT-1h.csv", "--root", place.root)
    page = place.run("data", "check", "--min", "99", "--root", place.root, status=1).stdout
    expect_in("2024-01-02", page)
    expect_in("Kerzen", place.run("doctor", "--root", place.root, status=1).stdout)


@case
def data_check_sums_empty_days_up(place):
    lines = [f"{1704067200 + hour * 3600},100,101,99,100,1" for hour in range(960)
             if not 96 <= hour < 600 and not 720 <= hour < 744]
    place.write("binance-BTC_USDT-1h.csv", "\n".join(lines) + "\n")
    place.run("data", "import", "binance-BTC_USDT-1h.csv", "--root", place.root)
    page = place.run("data", "check", "--root", place.root, status=1).stdout
    expect_in("2024-01-05 bis 2024-01-25: 21 Tage, leer", page)
    expect_in("2024-01-31: leer", page)
    expect(len(page.splitlines()) < 6, page)
    expect(len(place.run("data", "check", "--verbose", "--root", place.root,
                         status=1).stdout.splitlines()) > 39, "--verbose shows not every day")


@case
def data_keeps_exchanges_apart(place):
    for name in ("binance-BTC_USDT-1h.csv", "kraken-BTC_USDT-1h.csv"):
        place.write(name, "1704067200,100,101,99,100,1\n1704070800,100,101,99,100,1\n")
    place.run("data", "import", "binance-BTC_USDT-1h.csv", "--root", place.root)
    page = place.run("data", "import", "kraken-BTC_USDT-1h.csv", "--root", place.root,
                     status=65).stderr
    expect_in("zweier Börsen", page)
    expect_in("binance", place.run("data", "list", "--root", place.root).stdout)
    place.run("data", "import", "kraken-BTC_USDT-1h.csv", "--root", place.path("other"))


# -- doctor, backup, restore --

def checks_of(place, status, *words):
    page = json.loads(place.run("doctor", "--json", "--root", place.root, *words,
                                status=status).stdout)
    return page["checks"]


def states(checks, name):
    return [check["state"] for check in checks if check["name"] == name]


@case
def doctor_on_nothing(place):
    checks = checks_of(place, 1)
    expect(states(checks, "Kerzen") == ["error", "error"], str(checks))
    expect(states(checks, "Strategie") == ["ok"], str(checks))
    for check in checks:
        expect(check["state"] == "ok" or check["mend"], f"no mend: {check}")
    expect(place.files() == [], f"the doctor created {place.files()}")


@case
def doctor_sees_damage(place):
    place.run("simulate", "--days", "2", "--root", place.root)
    os.chmod(place.root, 0o700)
    whole = checks_of(place, 0)
    expect("error" not in [check["state"] for check in whole], str(whole))
    place.write("root/kill.latch", "on 1773235800000000 Tagesverlust")
    expect(states(checks_of(place, 1), "Kill-Switch") == ["error"], "a damaged latch is not seen")
    place.write("root/kill.latch", "on 1773235800000000 Tagesverlust\n")
    expect(states(checks_of(place, 0), "Kill-Switch") == ["warning"], "the latch is not seen")
    os.remove(place.path("root", "kill.latch"))
    for name in ("ledger.db-wal", "ledger.db-shm"):
        if os.path.exists(place.path("root", name)):
            os.remove(place.path("root", name))
    with open(place.path("root", "ledger.db"), "r+b") as file:
        file.seek(4096)
        file.write(os.urandom(4096 * 3))
    broken = checks_of(place, 1)
    expect("error" in states(broken, "Datenbanken"), str(broken))
    strategy = place.write("kaputt.lua", "return { name = ")
    config = place.write("k.conf", f"[trading]\nstrategy = {strategy}\nfee = 7\n")
    told = checks_of(place, 1, "--config", config)
    expect(states(told, "Konfiguration") == ["error"], str(told))
    place.write("k.conf", f"[trading]\nstrategy = {strategy}\n")
    told = checks_of(place, 1, "--config", config)
    expect(states(told, "Strategie") == ["error"], str(told))
    expect(any("kaputt.lua:1" in check["text"] for check in told), str(told))


@case
def picture_of_pairs_is_asked_for(place):
    for text in ("Gewinn pro Paar als Bild", "zeig mir die Paare als Bild"):
        expect_in('"art":"paare"', place.run("intents", "explain", text).stdout)
    expect_in('"art":"equity"', place.run("intents", "explain", "Gewinn als Bild").stdout)


@case
def backup_round_trip(place):
    place.run("simulate", "--days", "2", "--root", place.root)
    place.run("backup", "--root", place.root, "--to", place.path("copies"))
    before = checks_of(place, 0)
    with open(place.path("root", "ledger.db"), "wb") as file:
        file.write(b"nothing of use")
    checks_of(place, 1)
    made = place.run("restore", "--root", place.root, "--from", place.path("copies"), "--json")
    aside = json.loads(made.stdout)["aside"]
    with open(os.path.join(aside, "ledger.db"), "rb") as file:
        expect(file.read() == b"nothing of use", "what was there was not kept")
    after = checks_of(place, 0)
    expect([c for c in before if c["name"] == "Datenbanken"] ==
           [c for c in after if c["name"] == "Datenbanken"], f"{before}\n{after}")
    place.run("restore", "--root", place.root, "--from", place.path("leer"), status=66)


# -- models --

TRAIN = ("train", "--data", "demo", "--strategy", "boost.lua", "--rounds", "10", "--depth", "3",
         "--step-days", "120", "--test-days", "30", "--threads", "1")


def versions_of(place):
    listed = json.loads(place.run("model", "list", "--root", place.root, "--json").stdout)
    return [(model["version"], model["promoted"], model["usable"]) for model in listed]


@case
def train_to_rollback(place):
    """Real candles to a version, its log and its row; promotion, check, and the rollback drill"""
    told = json.loads(place.run(*TRAIN, "--from", "2024-01-15", "--root", place.root,
                                "--json").stdout)
    walk = told["walk_forward"]
    expect(len(walk["windows_us"]) >= 2 and walk["forecasts"] > 5000, str(walk))
    for window in walk["windows_us"]:
        expect(window["valid"][1] + 12 * 3600 * 10**6 <= window["test"][0], str(window))
    folder = place.path("root", "models", "boost")
    with open(os.path.join(folder, "v1.0.0", "metrics.json"), encoding="utf-8") as file:
        metrics = json.load(file)
    # written before the version has its number: says nothing of it rather than v0.0.0
    expect(metrics["trees"] > 0 and not {"version", "promoted"} & set(metrics), str(metrics))
    expect(told["version"] == "v1.0.0" and told["promoted"] is False, str(told))
    with open(os.path.join(folder, "v1.0.0", "training.log"), encoding="utf-8") as file:
        log = file.read()
    for step in ("data", "features", "train", "calibrate", "walk", "backtest"):
        expect_in(f"step={step} ", log)
    with open(os.path.join(folder, "runs.csv"), encoding="utf-8") as file:
        head, row = file.read().splitlines()
    expect(len(head.split(",")) == len(row.split(",")) and ",v1.0.0," in row, row)
    again = json.loads(place.run(*TRAIN, "--from", "2024-01-15", "--root", place.root,
                                 "--json").stdout)
    for key in ("trees", "accuracy", "walk_forward", "profit", "trades"):
        expect(told[key] == again[key], f"{key}: {told[key]} is not {again[key]}")

    told = place.run("model", "promote", "v1.0.0", "--root", place.root, status=1).stderr
    expect_in("nicht bestanden\n", told)  # and nothing in English behind it
    page = place.run("model", "show", "v1.0.0", "--root", place.root).stdout
    for part in ("Ertrag der nächsten 12 Kerzen", "Hash der Bäume", f"{len(walk['windows_us'])} Fenster", "Urteil: nicht bestanden"):
        expect_in(part, page)
    raw = json.loads(place.run("model", "show", "v1.0.0", "--root", place.root, "--json").stdout)
    expect(raw == metrics, "the raw form is not the file")
    for tag in ("v1.0.0", "v1.1.0"):
        place.run("model", "promote", tag, "--root", place.root, "--ungated")
    expect(versions_of(place) == [("v1.0.0", False, True), ("v1.1.0", True, True)], "not v1.1.0")
    place.run("model", "rollback", "--root", place.root)
    expect(versions_of(place) == [("v1.0.0", True, True), ("v1.1.0", False, True)], "not v1.0.0")
    with open(os.path.join(folder, "v1.1.0", "model.json"), "ab") as file:
        file.write(b" ")
    place.run("model", "promote", "v1.1.0", "--root", place.root, "--ungated", status=1)
    expect(versions_of(place)[0] == ("v1.0.0", True, True), "the one in use has gone")
    page = place.run("model", "check", "--root", place.root).stdout
    expect_in("letzter Sonntag", page)
    expect_in("BTC/USDT", page)


@case
def classifier_is_shown_as_judged(place):
    """The page of a classifier has the criteria of the training's verdict, with their values"""
    told = json.loads(place.run(*TRAIN, "--label", "direction", "--root", place.root,
                                "--json").stdout)
    expect(len(told["gate"]) == 7, str(told["gate"]))
    page = place.run("model", "show", "v1.0.0", "--root", place.root).stdout
    row = next(line for line in page.splitlines() if line.strip().startswith("Genauigkeit"))
    value = 100 * told["walk_forward"]["accuracy"]
    expect_in(f"{value:.1f} %".replace(".", ","), row)
    for name in ("Kalibrierungsfehler", "Zeilen aus dem Training"):
        expect(any(line.startswith("  " + name) for line in page.splitlines()), name)
    expect_in("Richtung der nächsten 12 Kerzen", page)


@case
def train_refuses_a_stranger(place):
    """A strategy that asks for another model, or none, is refused before anything is learnt"""
    told = place.run(*TRAIN, "--name", "other", "--root", place.root, status=65).stderr
    expect_in("--name other", told)
    expect("Merkmale" not in told, told)
    words = ("--data", "demo", "--strategy", "ema_cross.lua", "--root", place.root)
    told = place.run("train", *words, status=65).stderr
    expect_in("ema_cross fragt nicht nach dem Modell boost", told)
    expect("Merkmale" not in told, told)
    expect_in("fragt nicht nach dem Modell", place.run("backtest", *words, "--walk-forward", "--from",
                                                       "2024-06-01", status=65).stderr)

    # also when the model that it asks for is in use
    page = place.run(*TRAIN, "--root", place.root).stdout
    hint = re.search(r"^Einsetzen: kurswart (model promote .+)$", page, re.MULTILINE).group(1)
    place.run(*hint.split(), "--root", place.root)  # works as it is printed
    told = place.run(*TRAIN, "--name", "other", "--root", place.root, status=65).stderr
    expect_in("fragt nicht nach dem Modell other", told)
    expect(not os.path.exists(place.path("root", "models", "other", "v1.0.0")), "a version came")


@case
def check_looks_at_other_pairs(place):
    """A model whose features look at another pair is asked about every pair it was made for"""
    folder = os.path.join(os.environ["KW_SOURCE_ROOT"], "data", "candles")
    place.write("both.ini", "[features]\nnames = rsi, pct_change\nperiods = 14\n"
                            "pairs = BTC/USDT\n")
    place.run("data", "import", *sorted(os.path.join(folder, name) for name in os.listdir(folder)
                                        if name.endswith(".gz")), "--root", place.root)
    place.run(*TRAIN, "--to", "2024-11-01", "--features", "both.ini", "--root", place.root)
    place.run("model", "promote", "v1.0.0", "--root", place.root, "--ungated")
    page = place.run("model", "check", "--root", place.root, status=1).stdout
    for pair in ("BTC/USDT", "ETH/USDT"):
        row = next(line for line in page.splitlines() if line.startswith(pair))
        numbers = [int(word.replace(".", "")) for word in row.split()[1:5]]
        expect(numbers[0] > 1000 and numbers[3] > 0.9 * numbers[0], row)


@case
def backtest_with_waiting_entries(place):
    """Entries at the market unless something is said; a wait shorter than the candles is refused;
    those that wait have another fee, and some of them are not filled"""
    with open(place.path("kurswart.conf"), "w", encoding="utf-8") as file:
        file.write("[trading]\nmaker_patience = 3600\n")
    words = ("backtest", "--data", "demo", "--strategy", "ema_cross.lua", "--root", place.root)
    expect("warten bis zu" not in place.run(*words).stdout, "entries wait unasked")
    expect_in("--detail", place.run(*words, "--entry-order", "maker", status=65).stderr)
    page = place.run(*words, "--entry-order", "maker", "--config",
                     place.path("kurswart.conf")).stdout
    expect_in("warten bis zu 3.600 s zum Eröffnungskurs, Gebühr 0,25", page)
    taken, waited = (json.loads(place.run(*words, "--json", *more).stdout)["strategy"]["ema_cross"]
                     for more in ((), ("--entry-order", "maker", "--config",
                                       place.path("kurswart.conf"))))
    expect({(trade["fee_open"], trade["fee_close"]) for trade in taken["trades"]} ==
           {(0.004, 0.004)}, "another fee at the market")
    expect({(trade["fee_open"], trade["fee_close"]) for trade in waited["trades"]} ==
           {(0.0025, 0.004)}, "another fee of those that waited")
    missed = {(trade["pair"], trade["open_date"]) for trade in taken["trades"]} - {
        (trade["pair"], trade["open_date"]) for trade in waited["trades"]}
    expect(taken["timedout_entry_orders"] == 0 and waited["timedout_entry_orders"] > 0 and
           len(missed) == waited["timedout_entry_orders"], f"not filled: {missed}")


@case
def search_goes_on_as_it_began(place):
    """A file of trials is taken up again under the very settings it was made with"""
    waits = "[trading]\nentry_order = maker\nmaker_patience = 3600\nmaker_fee = 0.0025\n"
    place.write("waits.conf", waits)
    place.write("patient.conf", waits.replace("3600", "1800"))
    place.write("cheap.conf", waits.replace("0.0025", "0.001"))
    place.write("guarded.conf", waits + "[protections]\ncooldown_candles = 2\n")
    prices = [100 + number * 7919 % 13 for number in range(4000)]
    place.write("x-BTC_USDT-15m.csv", "time,open,high,low,close,volume\n" + "".join(
        f"{1704067200 + 900 * i},{price},{price + 1},{price - 1},{price},1\n"
        for i, price in enumerate(prices)))
    words = ("optimize", "-s", "ema_cross.lua", "--data", "x-BTC_USDT-15m.csv", "--timeframe", "30m",
             "--root", place.root, "--trials", "4", "--workers", "1", "--file", "trials.jsonl")
    place.run(*words, "--config", "waits.conf")
    with open(place.path("trials.jsonl"), encoding="utf-8") as file:
        before = file.read()
    for others, names in (
            (("--config", "patient.conf"), "maker_patience"),
            (("--config", "cheap.conf"), "maker_fee"),
            (("--config", "waits.conf", "--entry-order", "market"),
             "entry-order, maker_patience, maker_fee"),
            (("--config", "waits.conf", "--stake", "50"), "stake"),
            (("--config", "waits.conf", "--min-trades", "3"), "min-trades"),
            (("--config", "guarded.conf", "--protections"), "protections"),
            (("--config", "waits.conf", "--detail", "15m"), "detail, data"),
            (("--config", "waits.conf", "--timeframe", "1h"), "strategy, timeframe, data, from, to")):
        told = place.run(*words, *others, status=65).stderr
        expect_in(f"gehört zu einer anderen Suche; anders ist: {names}\n", told)
        expect_in("Was hilft: dieselben Einstellungen wie damals", told)
    place.write("letter.txt", "Liebe Mutter\n")
    expect_in("letter.txt ist keine Datei von kurswart optimize",
              place.run(*words, "--file", "letter.txt", status=65).stderr)
    with open(place.path("trials.jsonl"), encoding="utf-8") as file:
        expect(file.read() == before, "the file was changed")
    place.run(*words, "--config", "waits.conf", "--trials", "6")


@case
def runs_are_listed(place):
    """Each step of a training and of a backtest is a row; one that fails says why"""
    place.run(*TRAIN, "--root", place.root)
    place.run(*TRAIN, "--root", place.root, "--horizon", "999999", status=65)
    place.run("backtest", "--data", "demo", "--strategy", "ema_cross.lua", "--root", place.root)
    place.run("backtest", "--data", "demo", "--strategy", "ema_cross.lua", "--root",
              place.path("none"))
    expect(not os.path.exists(place.path("none")), "a backtest over files made a store")
    rows = [json.loads(line) for line in
            place.run("model", "runs", "--root", place.root, "--json").stdout.splitlines()]
    steps = [(row["verb"], row["step"], row["good"]) for row in rows]
    wanted = [("train", step, True) for step in ("data", "features", "train", "calibrate", "walk",
                                                 "backtest", "registry")]
    wanted += [("train", "data", True), ("train", "features", False)]
    wanted += [("backtest", step, True) for step in ("data", "columns", "backtest", "report")]
    expect(steps == wanted, str(steps))
    expect_in("horizon", rows[8]["result"])
    expect(rows[2]["seconds"] > 0 and "trees=" in rows[2]["result"], str(rows[2]))
    with open(place.path("root", "runs.csv"), encoding="utf-8") as file:
        expect(len(file.readlines()) == 1 + len(wanted), "runs.csv has other rows")
    expect_in("gescheitert", place.run("model", "runs", "--root", place.root).stdout)


@case
def train_killed(place):
    """However far a training has come when it is killed: no version of it, and it goes on"""
    place.run(*TRAIN, "--root", place.root)
    place.run("model", "promote", "v1.0.0", "--root", place.root, "--ungated")
    env = {"HOME": place.folder, "PATH": os.environ["PATH"], "LC_ALL": "C"}
    folder = place.path("root", "models", "boost")
    marks = ((".work/job.json", 0), (".work/walk/walk.json", 0), (".work/walk/window-0001.json", 1))
    for name, least in marks:
        child = subprocess.Popen([PROGRAM, *TRAIN, "--root", place.root, "--seed", "7"], env=env,
                                 cwd=place.folder, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        while child.poll() is None and not os.path.exists(os.path.join(folder, name)):
            pass
        child.kill()
        child.wait()
        expect(versions_of(place) == [("v1.0.0", True, True)], f"killed after {name}")
        expect(os.path.exists(os.path.join(folder, name)), f"{name} was never written")
    told = json.loads(place.run(*TRAIN, "--root", place.root, "--seed", "7", "--resume",
                                "--json").stdout)
    expect(told["walk_forward"]["resumed"] >= least, str(told["walk_forward"]["resumed"]))
    straight = json.loads(place.run(*TRAIN, "--root", place.path("other"), "--seed", "7",
                                    "--json").stdout)
    for key in ("trees", "accuracy", "profit"):
        expect(told[key] == straight[key], f"{key}: {told[key]} is not {straight[key]}")
    hashes = [json.loads(place.run("model", "list", "--root", root, "--json").stdout)[-1]["trees_hash"]
              for root in (place.root, place.path("other"))]
    expect(len(hashes[0]) == 64 and hashes[0] == hashes[1], f"other trees: {hashes}")
    expect(versions_of(place)[0] == ("v1.0.0", True, True), "the one in use has changed")


def expect_unhurt(place, in_use, what):
    """One of @in_use is promoted, and every version in sight is a whole one"""
    listed = versions_of(place)
    promoted = [version for version, is_promoted, _ in listed if is_promoted]
    expect(len(promoted) == 1 and promoted[0] in in_use, f"{what}: {promoted} in use")
    expect(all(usable for _, _, usable in listed), f"{what}: half a version in sight")


def kill_at(place, call, *words):
    """Kills the program on the way into a system call. Returns: calls; 0 when not permitted"""
    env = {"HOME": place.folder, "PATH": os.environ["PATH"], "LC_ALL": "C",
           "ASAN_OPTIONS": "detect_leaks=0"}  # which cannot be done under a tracer
    result = subprocess.run([os.environ["KW_KILL_AT"], str(call), PROGRAM, *words], env=env,
                            cwd=place.folder, capture_output=True, text=True, check=False)
    return 0 if result.returncode == 77 else int(result.stderr.splitlines()[-1])


@case
def train_killed_at_steps(place):
    """Killed as each step ends, and at calls between: the old model stays, and it goes on"""
    place.run(*TRAIN, "--root", place.root)
    place.run("model", "promote", "v1.0.0", "--root", place.root, "--ungated")
    env = {"HOME": place.folder, "PATH": os.environ["PATH"], "LC_ALL": "C"}
    words = (*TRAIN, "--root", place.root, "--seed", "7")
    for n_steps in range(1, 8):
        child = subprocess.Popen([PROGRAM, *words, "--resume"], env=env, cwd=place.folder,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        said = [child.stderr.readline() for _ in range(n_steps)]
        child.kill()
        child.wait()
        child.stderr.close()
        expect(all(line.rstrip().endswith(b" s") for line in said), f"not steps: {said}")
        expect_unhurt(place, ("v1.0.0",), f"killed after step {n_steps}")
    n_calls = kill_at(place, 0, *words)
    for part in range(1, 8) if n_calls > 0 else ():
        kill_at(place, n_calls * part // 8, *words)
        expect_unhurt(place, ("v1.0.0",), f"killed at {part}/8 of {n_calls} calls")
    n_before = len(versions_of(place))
    place.run(*words, "--resume")
    expect(len(versions_of(place)) == n_before + 1, "the training did not go on")
    expect_unhurt(place, ("v1.0.0",), "at the end")


@case
def promote_killed(place):
    """SIGKILL at calls of a promotion: one of the two models is in use, and the next one works"""
    for seed in ("1", "2"):
        place.run(*TRAIN, "--root", place.root, "--seed", seed)
    promote = ("model", "promote", "--root", place.root, "--ungated")
    place.run(*promote, "v1.0.0")
    n_calls = kill_at(place, 0, *promote, "v1.1.0")
    for part in range(1, 25) if n_calls > 0 else ():
        place.run(*promote, "v1.0.0")
        kill_at(place, n_calls * part // 25, *promote, "v1.1.0")
        expect_unhurt(place, ("v1.0.0", "v1.1.0"), f"killed at {part}/25 of {n_calls} calls")
    place.run(*promote, "v1.1.0")
    expect_unhurt(place, ("v1.1.0",), "at the end")


@case
def training_stopped(place):
    """One training of a name at a time; a word ends it, and nothing of it is a version"""
    words = [PROGRAM, *TRAIN, "--root", place.root]
    env = {"HOME": place.folder, "PATH": os.environ["PATH"], "LC_ALL": "C"}
    place.run("model", "stop", "--root", place.root, status=1)
    child = subprocess.Popen(words, env=env, cwd=place.folder, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    while child.poll() is None and not os.path.exists(
            place.path("root", "models", "boost", ".work", "job.json")):
        pass
    expect_in("schon trainiert", place.run(*TRAIN, "--root", place.root, status=75).stderr)
    expect_in("abgebrochen", place.run("model", "stop", "--root", place.root).stdout)
    expect(child.wait() == -signal.SIGTERM, "the training ended by itself")
    expect(versions_of(place) == [], "a version of half a training")


@case
def help_hides_no_english(place):
    """No line of any help page is the English original of a text that has a German one"""
    with open(os.path.join(os.environ["KW_SOURCE_ROOT"], "i18n", "po", "de.po"),
              encoding="utf-8") as file:
        pairs = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', file.read(), re.MULTILINE)
    english = {text for text, german in pairs if text != german and " " in text}
    expect(len(english) > 1000, "the catalogue was not understood")
    listed = re.findall(r"^  ([a-z]+)  ", place.run("--help").stdout, re.MULTILINE)
    expect(len(listed) >= 18, str(listed))
    for verb in listed:
        pages = [(verb, place.run(verb, "--help").stdout)]
        for part in re.findall(r"^  ([a-z-]+) +\S", pages[0][1], re.MULTILINE):
            if part != "kurswart" and f"kurswart {verb} TEIL" in pages[0][1]:
                pages.append((f"{verb} {part}", place.run(verb, part, "--help").stdout))
        for name, page in pages:
            for line in page.splitlines():
                expect(not english & {line.strip(), re.split(r"  +", line)[-1]}, f"{name}: {line}")
            expect(not re.search(r"\b(FILE|DIR|OPTIONS|STRATEGY)\b", page), f"{name}: {page}")


@case
def lab_names_cause_and_mend(place):
    """What is wrong with the wish, in German, with the status that fits"""
    place.write("none.lua", 'return { name = "none", timeframe = "1h", stoploss = -0.1 }')
    place.write("execution.csv", "x\n")
    place.write("wrong.ini", "[features]\nnames = bogus\nperiods = 14\n")
    place.write("still-BTC_USDT-1h.csv", "time,open,high,low,close,volume\n" + "".join(
        f"{1704067200 + 3600 * i},100,100,100,100,1\n" for i in range(6000)))
    place.write("one-BTC_USDT-1h.csv", "time,open,high,low,close,volume\n1704067200,1,1,1,1,1\n")
    demo = ("--data", "demo", "--root", place.root)
    cross = ("--strategy", "ema_cross.lua", *demo)
    for words, status, parts in (
            (("train", *demo, "--horizon", "100000"), 65, ("--horizon blickt weiter voraus",)),
            (("train", *demo, "--to", "2024-03-01"), 65, ("90 Tage", "--test-days")),
            (("train", *demo, "--features", "wrong.ini"), 78, ("wrong.ini:2 [features] names",
                                                               "keines der möglichen Wörter")),
            (("train", *demo, "--rounds", "0"), 2, ("--rounds ist eine Zahl von 1 bis",)),
            (("train", *demo, "--threads", "-1"), 2, ("--threads ist eine Zahl von 0 bis",)),
            (("train", *demo, "--test-days", "0"), 2, ("--test-days",)),
            (("train", "--data", "still-BTC_USDT-1h.csv"), 65, ("Preise, die stillstehen",)),
            (("train", "--data", "nowhere.csv"), 66, ("nowhere.csv gibt es nicht",)),
            (("backtest", *cross, "--data", "demo"), 66, ("--data demo",)),
            (("backtest", *cross, "--latency", "900"), 2, ("--execution",)),
            (("backtest", *cross, "--latency", "-1", "--execution", "execution.csv"), 2,
             ("--latency ist mindestens 0",)),
            (("backtest", *cross, "--execution", "execution.csv"), 65, ("keine gemessenen Werte",)),
            (("backtest", *demo, "--strategy", "none.lua"), 65, ("fehlt ein Feld", "entry")),
            (("optimize", *cross, "--loss", "x"), 2, ("dieses Verlustmaß gibt es nicht",)),
            (("data", "execution", "--measure", "--root", place.root), 1, ("noch kein Bot",)),
            (("gate", "nowhere.json"), 66, ("gibt es nicht",))):
        told = place.run(*words, status=status).stderr
        for part in parts:
            expect_in(part, told)
    with open(place.path("still-BTC_USDT-1h.csv"), "rb") as file:
        packed = gzip.compress(file.read())
    with open(place.path("cut-BTC_USDT-1h.csv.gz"), "wb") as file:
        file.write(packed[:len(packed) // 2])
    place.write("x-BTC_USDT-1h.csv", "hallo\n")
    for words, status, line in (  # as a whole, and with no English
            (("backtest", *demo, "--strategy", "no.lua"), 65,
             "no.lua: die Datei oder den Ordner gibt es nicht"),
            (("backtest", *demo, "--strategy", "root.lua"), 65,
             "root.lua: das ist ein Ordner und keine Datei"),
            (("backtest", *cross, "--export", "no/x.json"), 73,
             "no/x.json: die Datei oder den Ordner gibt es nicht"),
            (("backtest", *cross, "--pairs", "abc"), 2,
             "abc: das ist kein Paar; es sieht so aus: BTC/USDT"),
            (("backtest", *cross, "--timeframe", "7q"), 2, "diese Kerzenlänge gibt es nicht; es gibt "
             "1m, 3m, 5m, 15m, 30m, 1h, 2h, 4h, 6h, 8h, 12h und 1d"),
            (("data", "import", "no.csv", "--root", place.root), 66, "no.csv gibt es nicht"),
            (("data", "import", "cut-BTC_USDT-1h.csv.gz", "--root", place.root), 65,
             "cut-BTC_USDT-1h.csv.gz: die gepackte Datei endet zu früh; hole sie noch einmal"),
            (("data", "import", "x-BTC_USDT-1h.csv", "--root", place.root), 65,
             "x-BTC_USDT-1h.csv: das ist keine Kerzentabelle; sie sieht so aus: "
             "time,open,high,low,close,volume"),
            (("train", *demo, "--label", "trend", "--pairs", "BTC/USDT"), 65,
             "kein Modell entstanden; das bisherige bleibt: die Stärke eines Trends (--label trend) "
             "braucht zwei Paare oder mehr"),
            (("train", "--data", "demo", "--root", "/proc/no"), 65, "kein Modell entstanden; das "
             "bisherige bleibt: /proc/no/models/boost/kurswart.pid: die Datei oder den Ordner gibt es "
             "nicht"),
            (("gate", "root.lua"), 66, "root.lua: das ist ein Ordner und keine Datei")):
        os.makedirs(place.path("root.lua"), exist_ok=True)
        told = place.run(*words, status=status).stderr.splitlines()
        expect(f"kurswart: {line}" in told, str(told))
    with open(PROGRAM, "rb") as file:
        has_limits = b"__asan_init" not in file.read()  # which needs more memory for itself
    if has_limits:
        told = place.run("train", *demo, "--memory", "20", status=71).stderr
        expect_in("Speicher reicht nicht", told)
        expect_in("ein höheres --memory", told)
    told = place.run("data", "columns", "--list", "close", "one-BTC_USDT-1h.csv").stdout
    expect(told.splitlines() == ["time,close", "1704067200,1"], told)
    expect_in("in keiner Zeile sind alle bestimmt",
              place.run("data", "features", "one-BTC_USDT-1h.csv").stdout)


@case
def walk_forward_refuses(place):
    words = ("backtest", "--data", "demo", "--strategy", "boost.lua", "--walk-forward",
             "--root", place.root)
    expect_in("zu wenig Kerzen", place.run(*words, "--from", "2024-02-01", status=65).stderr)
    expect_in("--embargo", place.run(*words, "--embargo", "3", status=2).stderr)
    expect_in("--train-days", place.run(*words, "--train-days", "30", status=2).stderr)
    expect_in("--model", place.run("backtest", "--data", "demo", "--model", "boost",
                                   status=2).stderr)


@case
def analyse_takes_a_strategy(place):
    said = place.run("analyse", "ema_cross.lua", "--data", "demo", "--root", place.root).stdout
    same = place.run("analyse", "-s", "ema_cross.lua", "--data", "demo", "--root", place.root)
    expect(said == same.stdout, "named in two ways, analysed in two")
    expect_in("startup_candles = 100 reicht", said)
    place.run("analyse", "ema_cross.lua", "-s", "boost.lua", "--data", "demo", status=2)
    place.run("analyse", "ema_cross.lua", "boost.lua", "--data", "demo", status=2)


@case
def calculations_give_way(place):
    """A bot that trades on the same machine goes first."""
    env = {"HOME": place.folder, "PATH": os.environ["PATH"], "LC_ALL": "C"}
    child = subprocess.Popen([PROGRAM, "optimize", "-s", "ema_cross.lua", "--data", "demo",
                              "--trials", "100000"], env=env, cwd=place.folder,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while child.poll() is None and os.sched_getscheduler(child.pid) != os.SCHED_IDLE:
        pass
    early = child.poll()
    child.kill()
    child.wait()
    expect(early is None, f"ended with {early} before it had given way")


@case
def report_reads_a_ledger(place):
    place.run("report", "--root", "none", status=66)
    place.run("simulate", "--days", "20", "--root", "root")
    before = place.files()
    said = place.run("report", "--root", "root", "--plot", "a.png").stdout
    for part in ("Ergebnis gesamt", "Paare gesamt", "Kennzahlen gesamt", "Drawdown", "Gebühren"):
        expect_in(part, said)
    figures = json.loads(place.run("report", "--root", "root", "--json").stdout)
    closed = [row for row in figures["trade_list"] if not row["is_open"]]
    expect(len(closed) == figures["trades"] > 0, "trades are missing")
    total = sum(Decimal(row["profit"]) for row in closed)
    expect(total == Decimal(figures["realised"]), f"{total} is not {figures['realised']}")
    part = json.loads(place.run("report", "--root", "root", "--json", "--from", "2024-01-20",
                                "--to", "2024-01-22").stdout)
    expect(0 < part["trades"] < figures["trades"], "the period does not count")
    with open(os.path.join(place.folder, "a.png"), "rb") as file:
        expect(file.read(8) == b"\x89PNG\r\n\x1a\n", "no picture")
    for kind in ("drawdown", "days", "pairs"):
        place.run("report", "--root", "root", "--plot", kind + ".png", "--picture", kind)
    place.run("report", "--root", "root", "--picture", "pie", "--plot", "b.png", status=2)
    place.run("report", "--root", "root", "--picture", "candles", "--plot", "b.png", status=2)
    place.run("report", "--root", "root", "--from", "2024-02-30", status=2)
    place.run("report", "--root", "root", "--from", "2024-02-02", "--to", "2024-02-01", status=2)
    left = [name for name in place.files() if not name.endswith((".png", "-shm", "-wal"))]
    expect(left == [n for n in before if not n.endswith(("-shm", "-wal"))], "a report wrote")


def main():
    print(f"1..{len(CASES)}")
    n_failed = 0
    for number, function in enumerate(CASES, 1):
        with tempfile.TemporaryDirectory() as folder:
            try:
                function(Place(folder))
                print(f"ok {number} {function.__name__}", flush=True)
            except Exception as error:  # whatever a case trips over is its failure
                n_failed += 1
                print("\n".join("# " + line for line in f"{type(error).__name__}: {error}".splitlines()))
                print(f"not ok {number} {function.__name__}", flush=True)
    return 1 if n_failed else 0


sys.exit(main())
