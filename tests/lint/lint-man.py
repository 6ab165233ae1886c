#!/usr/bin/env python3
"""Man pages render without a warning, in every language, and leave nothing out.

lint-man.py ROOT BUILD: where BUILD holds the program, its --help is the list of verbs, and
what the --help of a verb offers has to stand in that verb's section of kurswart(1). The
fields and the column operations of the sources have to stand in kurswart-strategy(5), the
keys of the sample files (a unit test holds them against the table) in kurswart.conf(5).
"""
import os
import re
import shutil
import subprocess

from source_tree import PRODUCT, run, skip, sources, walk

FOLDER = os.path.join("packaging", "man")
PAGE = re.compile(r"\.[1-8]$")
VERB = re.compile(r"^  ([a-z]+)\s{2,}\S", re.M)
OPTION = re.compile(r"^\s+(?:-\w, )?(--[a-z][a-z-]*)", re.M)
FIELD = re.compile(r'^ +\{"([a-z_]+)", FIELD_', re.M)
OPERATION = re.compile(r'^ +\[KW_OP_[A-Z_]+\] =\s+\{"([a-z_]+)"', re.M)
INDICATOR = re.compile(r'^ +\{"([a-z_]+)",\s+"[ohlcvt]+",', re.M)
AS_OPERATORS = {"neg", "add", "sub", "mul", "div", "not", "and", "or"}
EVERYWHERE = {"--help", "--version"}


def pages(root):
    return [path for path in walk(root, (FOLDER,), tuple(f".{n}" for n in range(1, 9)))]


def check_rendering(root, path):
    env = dict(os.environ, LC_ALL="C.UTF-8", MANROFFSEQ="", MANWIDTH="80", MANPAGER="cat")
    result = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", path],
                            cwd=root, env=env, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        yield f"{path}:1: man cannot render it: {result.stderr.strip()[:300]}"
        return
    for line in result.stderr.splitlines():
        yield f"{path}:1: {line.strip()}"


def plain(text):
    """The page's source without the escapes that would hide a name."""
    return re.sub(r"\\f[A-Z]", "", text.replace("\\-", "-"))


def section_of(text, verb):
    match = re.search(rf"^\.SS {verb}\b.*?(?=^\.S[SH] |\Z)", text, re.M | re.S)
    return match[0] if match else None


def help_of(program, *words):
    env = dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE="en")
    return subprocess.run([program, *words, "--help"], env=env, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False, timeout=30).stdout


def check_verbs(root, program):
    manuals = {}
    for path in pages(root):
        if os.path.basename(path) == "kurswart.1":
            with open(os.path.join(root, path), encoding="utf-8") as file:
                manuals[path] = plain(file.read())
    verbs = VERB.findall(help_of(program))
    if not verbs:
        yield "kurswart --help: no verb recognised"
    for verb in verbs:
        options = set(OPTION.findall(help_of(program, verb))) - EVERYWHERE
        for path, text in manuals.items():
            section = section_of(text, verb)
            if section is None:
                yield f"{path}:1: no section about the verb '{verb}'"
                continue
            for option in sorted(options):
                if not re.search(rf"{option}(?![a-z-])", section):
                    yield f"{path}:1: section '{verb}' does not name {option}"


def check_strategy(root):
    words = set()
    for file in sources(root, PRODUCT):
        for names in (FIELD, OPERATION, INDICATOR):
            words |= set(names.findall(file.text))
    for path in pages(root):
        if os.path.basename(path) == "kurswart-strategy.5":
            with open(os.path.join(root, path), encoding="utf-8") as file:
                bold = " ".join(re.findall(r"^\.(?:B|BR|BI) .*$", plain(file.read()), re.M))
            for word in sorted(words - AS_OPERATORS):
                if not re.search(rf"(?<!\w){word}(?!\w)", bold):
                    yield f"{path}:1: '{word}' of the strategy language is not described"


def check_configuration(root):
    for name in ("kurswart.conf", "limits.conf"):
        sample = os.path.join(root, "packaging", name)
        if not os.path.exists(sample):
            continue
        with open(sample, encoding="utf-8") as file:
            items = re.findall(r"^(\[\w+\])|^#?(\w+) = ?", file.read(), re.M)
        for path in pages(root):
            if os.path.basename(path) != "kurswart.conf.5":
                continue
            with open(os.path.join(root, path), encoding="utf-8") as file:
                sections = dict(re.findall(r"^\.SS (\[\w+\])$(.*?)(?=^\.S[SH] |\Z)", file.read(),
                                           re.M | re.S))
            where = None
            for section, key in items:
                where = section or where
                if key and f"\n.B {key}\n" not in sections.get(where, ""):
                    yield f"{path}:1: {where} {key} of {name} is not described"


def check(root, build=None, *_rest):
    if shutil.which("man") is None:
        skip("man is not installed")
    if not pages(root):
        yield f"{FOLDER}:1: no man page"
    for path in pages(root):
        yield from check_rendering(root, path)
    yield from check_strategy(root)
    yield from check_configuration(root)
    program = os.path.join(build or "", "src", "app", "kurswart")
    if build is not None and os.path.exists(program):
        yield from check_verbs(root, program)


run(check)
