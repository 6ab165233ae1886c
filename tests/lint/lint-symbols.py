#!/usr/bin/env python3
"""No archive that chat commands or the language model live in calls for an order.

lint-symbols.py ROOT BUILD: the undefined symbols of the guarded archives are compared with
what the archives of the order path define, and with the order path's prefixes (so that a
declaration by hand is found as well).
"""
import glob
import os
import re
import subprocess

from source_tree import run, skip

GUARDED = ("kw-api", "kw-i18n", "kw-commands", "kw-llm")
ORDER_PATH = ("kw-ledger", "kw-risk", "kw-exec", "kw-exchange")
PREFIX = re.compile(r"^kw_(oms|ticket|risk|broker|order|fill|portfolio|journal|reconcile|paper)_")


def symbols(archive, *options):
    result = subprocess.run(["nm", "--format=posix", *options, archive],
                            capture_output=True, text=True, check=True)
    return {line.split()[0] for line in result.stdout.splitlines()
            if len(line.split()) >= 2 and not line.endswith(":")}


def archives(build, names):
    found = {}
    for name in names:
        for path in glob.glob(os.path.join(build, "**", f"lib{name}.a"), recursive=True):
            found[name] = path
    return found


def check(_root, build, *_rest):
    guarded = archives(build, GUARDED)
    if "kw-commands" not in guarded:
        skip("libkw-commands.a is not built")
    forbidden = set()
    for path in archives(build, ORDER_PATH).values():
        forbidden |= symbols(path, "--defined-only", "--extern-only")
    for name, path in sorted(guarded.items()):
        own = symbols(path, "--defined-only")
        for symbol in sorted(symbols(path, "--undefined-only") - own):
            if symbol in forbidden or PREFIX.match(symbol):
                yield f"lib{name}.a: needs {symbol}, which belongs to the order path"


run(check)
