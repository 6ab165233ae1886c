#!/usr/bin/env python3
"""The fault campaign: runs the tests of every row, twice with different seeds, writes the table.

    campaign.py --check              every test that a row names is there (part of the test suite)
    campaign.py [--out FILE]         runs it, and writes docs/campaign.md (or FILE)
    campaign.py --only F03 F04       these rows alone; writes nothing without --out
    campaign.py --seeds 50           fewer plans of the made-up exchange in each run
    campaign.py --thorough --only F01   kills at every system call, not at some, and keeps the
                                     counts in thorough.json, which the table quotes

KW_BUILD_ROOT names the build. The exit status is 1 when a test failed or a verdict changed
between the two runs.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import time

from fault_rows import ROWS

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
BUILD = os.environ.get("KW_BUILD_ROOT", os.path.join(SOURCE, "build"))
PROGRAM = os.path.join(BUILD, "src", "app", "kurswart")
SEEDS = ("R02S00000000000000000000000000000001", "R02S0badc0de0badc0de0badc0de0badc0de")
THOROUGH = os.path.join(HERE, "thorough.json")
COUNTS = re.compile(r"^# (\d+) calls in .*?(?:killed at (\d+) of|(\d+) kills)")
RESULT = re.compile(r"^(ok|not ok) \d+ ?-? ?(\S+)(?: # (SKIP))?", re.M | re.I)
HOLDS, BROKEN, SKIPPED, MISSING = "hält", "VERLETZT", "übersprungen", "fehlt"
PATIENCE_S = 3600


def find_program(name):
    for folder in ("unit", "loop"):
        path = os.path.join(BUILD, "tests", folder, "test-" + name)
        if os.path.exists(path):
            return [path]
    return [sys.executable, os.path.join(SOURCE, "tests", "e2e", f"test-{name}.py")]


def environment():
    env = {**os.environ, "KW_SOURCE_ROOT": SOURCE, "KW_BUILD_ROOT": BUILD, "TZ": "UTC",
           "KW_REPLAY_BOT": os.path.join(BUILD, "tests", "loop", "replay-bot")}
    env.setdefault("G_DEBUG", "gc-friendly,fatal-criticals")
    return env


def call(words):
    return subprocess.run(words, capture_output=True, text=True, encoding="utf-8",
                          errors="replace", timeout=PATIENCE_S, env=environment(), check=False)


def is_python(program):
    return program[0] == sys.executable


# -- which tests there are --

def names_of(program):
    if is_python(program):
        with open(program[1], encoding="utf-8") as file:
            return set(re.findall(r"^@case\ndef (\w+)", file.read(), re.M))
    return set(re.findall(r"^(/\S+)$", call([*program, "-l"]).stdout, re.M))


def check():
    """A row that names a test which is gone would be told as broken, or worse as held."""
    wrong, known = [], {}
    for row, _, tests in ROWS:
        for test in tests:
            name, _, path = test.partition(":")
            if name == "simulate":
                continue
            if name not in known:
                known[name] = names_of(find_program(name))
            if path not in known[name]:
                wrong.append(f"{row}: {test}")
    print("1..1")
    for line in wrong:
        print(f"# no such test: {line}")
    print(f"{'not ' if wrong else ''}ok 1 rows-name-tests")
    return 1 if wrong else 0


# -- running --

def read_counts(name, output):
    """test -> how many system calls there were, and before how many of them it was killed"""
    counts, last = {}, None
    for line in output.splitlines():
        found, verdict = COUNTS.match(line), RESULT.match(line)
        if found:
            last = (int(found[1]), int(found[2] or found[3]))
        elif verdict and last:
            counts[f"{name}:{verdict[2]}"] = {
                "calls": last[0], "kills": last[1],
                "verdict": HOLDS if verdict[1] == "ok" else BROKEN}
            last = None
    return counts


def load_counts():
    if not os.path.exists(THOROUGH):
        return {}
    with open(THOROUGH, encoding="utf-8") as file:
        return json.load(file)


def keep_counts(counts, commit):
    kept = load_counts()
    kept.update({test: {**row, "stand": commit} for test, row in counts.items()})
    with open(THOROUGH, "w", encoding="utf-8") as file:
        json.dump(kept, file, indent=1, ensure_ascii=False, sort_keys=True)
        file.write("\n")


def describe_thorough():
    lines = ["", "## SIGKILL vor jedem Systemaufruf", "",
             "Die Läufe oben töten den Prozess vor einigen Systemaufrufen des Orderwegs, der "
             "gründliche Lauf", "(`campaign.py --thorough --only F01`) vor jedem:", "",
             "| Test | Systemaufrufe | getötet vor | Urteil | Stand |", "|---|---|---|---|---|"]
    for test, row in sorted(load_counts().items()):
        lines.append(f"| `{test}` | {row['calls']} | {row['kills']} | {row['verdict']} "
                     f"| {row['stand']} |")
    return lines


def run_program(name, paths, seed, thorough):
    """Verdict of each path; what a thorough run has counted"""
    program = find_program(name)
    words = list(program)
    if not is_python(program):
        words += ["--tap", f"--seed={seed}"] + (["-m", "thorough"] if thorough else [])
        for path in sorted(paths):
            words += ["-p", path]
    output = call(words).stdout
    found = {test: (word, skip) for word, test, skip in RESULT.findall(output)}
    verdicts = {}
    for path in paths:
        word, skip = found.get(path, ("", ""))
        verdicts[path] = SKIPPED if skip else HOLDS if word == "ok" else BROKEN
        if verdicts[path] == BROKEN:
            print(f"{name}:{path} with --seed={seed}\n{output[-2000:]}", file=sys.stderr)
    return verdicts, read_counts(name, output) if thorough else {}


def run_simulate(seeds):
    done = call([PROGRAM, "simulate", "--faults", seeds, "--json"])
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr)
    sys.stderr.write(done.stderr)
    return json.loads(done.stdout)


def shift(seeds, run, n_seeds):
    first, last = (int(end) for end in seeds.split(".."))
    n_seeds = min(n_seeds or last - first + 1, last - first + 1)
    first += run * (last - first + 1)
    return f"{first}..{first + n_seeds - 1}"


def run_all(rows, run, options):
    """test -> verdict, and what the made-up exchange tells"""
    programs, verdicts, figures, counts = {}, {}, {}, {}
    for _, _, tests in rows:
        for test in tests:
            name, _, path = test.partition(":")
            programs.setdefault(name, set()).add(path)
    for name, paths in programs.items():
        begin = time.monotonic()
        if name == "simulate":
            for seeds in paths:
                told = run_simulate(shift(seeds, run, options.seeds))
                figures[seeds] = told
                verdicts[f"simulate:{seeds}"] = BROKEN if told["broken"] else HOLDS
        else:
            told, seen = run_program(name, paths, SEEDS[run], options.thorough)
            verdicts.update({f"{name}:{path}": verdict for path, verdict in told.items()})
            counts.update(seen)
        print(f"run {run + 1}: {name}, {time.monotonic() - begin:.1f} s", file=sys.stderr)
    return verdicts, figures, counts


def judge(tests, verdicts):
    """A skipped test says nothing; its name is marked in the table."""
    told = {verdicts[test] for test in tests}
    for verdict in (BROKEN, HOLDS, SKIPPED):
        if verdict in told:
            return verdict
    return MISSING


# -- the table --

def describe(figures):
    lines = []
    for told in figures:
        faults = ", ".join(f"{name} {count}" for name, count in told["faults"].items() if count)
        lines.append(f"- {told['seeds']} Startwerte, {told['broken']} verletzt: "
                     f"{told['orders']} Orders, {told['processes']} Prozesse, "
                     f"{told['candles']} Kerzen, {sum(told['faults'].values())} Fehler "
                     f"({faults}); längste Zeit ohne Stop "
                     + (f"{told['longest_without_stop_s']} s" if told["seeds_with_stops"] else
                        "nicht geprüft, da keine hinterlegt wurden")
                     + f"; {told['seconds']:.0f} s wirkliche Zeit")
    return "\n".join(lines)


def write_table(path, rows, runs, commit):
    text = [
        "# Fehlerkampagne", "",
        "Von `tests/campaign/campaign.py` geschrieben, nicht von Hand. Jede Zeile wird zweimal "
        "mit verschiedenen",
        "Startwerten gefahren; „hält“ heißt: alle ihre Tests liefen beide Male durch. „fehlt“: "
        "es gibt keinen",
        "automatischen Test.", "", f"Stand: {commit}", "",
        "| Zeile | Fehler | 1. Lauf | 2. Lauf | Tests |", "|---|---|---|---|---|",
    ]
    for row, title, tests in rows:
        first, second = (judge(tests, verdicts) for verdicts, *_ in runs)
        names = "<br>".join(
            f"`{test}`" + (" (übersprungen)" if SKIPPED in (runs[0][0][test], runs[1][0][test])
                           else "") for test in tests)
        text.append(f"| {row} | {title} | {first} | {second} | {names} |")
    figures = [told for _, figures, _ in runs for told in figures.values()]
    if figures:
        text += ["", "## Die erfundene Börse", "", describe(figures), "",
                 "Ein Startwert allein: `kurswart simulate --faults N --verbose`."]
    text += describe_thorough()
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(text) + "\n")


def main():
    parser = argparse.ArgumentParser(description="the fault campaign")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--seeds", type=int, default=0)
    parser.add_argument("--thorough", action="store_true")
    parser.add_argument("--out")
    options = parser.parse_args()
    if options.check:
        return check()
    rows = [row for row in ROWS if not options.only or row[0] in options.only]
    runs = [run_all(rows, run, options) for run in range(2)]
    commit = call(["git", "-C", SOURCE, "log", "-1", "--format=%h vom %cs"]).stdout.strip()
    if options.thorough:
        keep_counts({**runs[0][2], **runs[1][2]}, commit)
    out = options.out or (None if options.only else os.path.join(SOURCE, "docs", "campaign.md"))
    if out:
        write_table(out, rows, runs, commit)
    status = 0
    for row, title, tests in rows:
        first, second = (judge(tests, verdicts) for verdicts, *_ in runs)
        print(f"{row}  {first}  {title}" + ("" if first == second else f"  (dann: {second})"))
        if BROKEN in (first, second) or first != second:
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
