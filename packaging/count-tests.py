#!/usr/bin/env python3
"""Counts the test cases in meson's testlog.json files.

A TAP program counts with each of its cases, any other test as one. A program that dies,
runs into its time limit or breaks its plan fails even when each of its cases passed.

    count-tests.py NAME=testlog.json        one run, with its failures and skips
    count-tests.py --total NAME=FILE...     the sum as the last line, exit code 1 on failure
"""
import json
import re
import sys

CASE = re.compile(r"^(not )?ok\b\s*\d*\s*-?\s*([^#]*?)\s*(?:#\s*(SKIP|TODO)\b\s*(.*))?$", re.I)
TAIL_LINES = 25


class Count:
    def __init__(self):
        self.passed = 0
        self.failed = []
        self.skipped = []

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped


def last_line(text):
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "no reason given"


def count_tap(name, test, count):
    for line in (test.get("stdout") or "").splitlines():
        case = CASE.match(line)
        if case is None:
            continue
        title = f"{name} {case[2]}"
        if case[3] and case[3].upper() == "SKIP":
            count.skipped.append((title, case[4] or "no reason given"))
        elif case[1]:
            count.failed.append((title, ""))
        else:
            count.passed += 1


def count_test(run, test):
    count = Count()
    name = f"[{run}] {test['name']}"
    result = test["result"]
    count_tap(name, test, count)
    if result in ("OK", "EXPECTEDFAIL"):
        if count.passed == 0 and not count.skipped:
            count.passed = 1
    elif result == "SKIP":
        if not count.skipped:
            count.skipped.append((name, last_line(test.get("stdout") or "")))
    else:
        output = (test.get("stdout") or "") + (test.get("stderr") or "")
        tail = "\n".join(output.splitlines()[-TAIL_LINES:])
        if count.failed:
            count.failed[-1] = (count.failed[-1][0], tail)
        else:
            count.failed.append((f"{name} ({result.lower()})", tail))
    return count


def count_file(run, path):
    total = Count()
    with open(path, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if line.strip():
                total.add(count_test(run, json.loads(line)))
    return total


def summary(count):
    text = f"{count.passed} passed, {len(count.failed)} failed"
    if count.skipped:
        text += f", {len(count.skipped)} skipped"
    return text


def print_run(run, count):
    for title, tail in count.failed:
        print(f"    failed: {title}")
        for line in tail.splitlines():
            print(f"        {line}")
    for title, reason in count.skipped:
        print(f"    skipped: {title}: {reason}")
    print(f"    {run}: {summary(count)}", flush=True)


def main(args):
    total = Count()
    with_total = args[:1] == ["--total"]
    for arg in args[1:] if with_total else args:
        run, path = arg.split("=", 1)
        count = count_file(run, path)
        total.add(count)
        if not with_total:
            print_run(run, count)
    if with_total:
        if total.passed == 0 and not total.failed:
            print("    no test ran at all")
            total.failed.append(("no test", ""))
        for title, _tail in total.failed:
            print(f"    failed: {title}")
        print(summary(total))
    return 1 if with_total and total.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
