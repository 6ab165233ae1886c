"""What the lints share: which files the project has, and C text without comments."""
import os
import re
import sys

# Folders whose C files are the product; every folder below src/ is one layer.
PRODUCT = ("src", "commands", "i18n", "llm")
ALL_C = PRODUCT + ("tests",)


class Source:
    """One file; @path is relative to the root of the project."""

    def __init__(self, root, path):
        self.path = path
        self.name = os.path.basename(path)
        with open(os.path.join(root, path), encoding="utf-8") as file:
            self.text = file.read()

    @property
    def lines(self):
        return self.text.splitlines()


def walk(root, folders, endings):
    for folder in folders:
        for base, dirs, names in os.walk(os.path.join(root, folder)):
            dirs[:] = sorted(d for d in dirs if d != "__pycache__" and not d.startswith("."))
            for name in sorted(names):
                if name.endswith(endings):
                    yield os.path.relpath(os.path.join(base, name), root)


def sources(root, folders=ALL_C, endings=(".c", ".h")):
    return [Source(root, path) for path in walk(root, folders, endings)]


def layer_of(path):
    """"base" for src/base/x.c, "commands" for commands/x.c, "tests" for tests/..."""
    parts = path.split(os.sep)
    return parts[1] if parts[0] == "src" else parts[0]


def is_product(path):
    return path.split(os.sep)[0] in PRODUCT


TOKEN = re.compile(
    r'(?P<comment>/\*.*?\*/|//[^\n]*)|(?P<string>"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\')', re.S)


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


def code_only(text):
    """@text with comments and the insides of literals blanked; columns and lines stay."""

    def replace(match):
        if match["comment"] is not None:
            return _blank(match[0])
        literal = match[0]
        return literal[0] + _blank(literal[1:-1]) + literal[-1]

    return TOKEN.sub(replace, text)


def without_comments(text):
    return TOKEN.sub(lambda m: _blank(m[0]) if m["comment"] is not None else m[0], text)


def comments(text):
    """Pairs of line number and comment text."""
    for match in TOKEN.finditer(text):
        if match["comment"] is not None:
            yield line_at(text, match.start()), match[0]


def line_at(text, offset):
    return text.count("\n", 0, offset) + 1


def skip(reason):
    print(reason)
    sys.exit(77)


def run(check):
    """Runs check(root, *rest) on the command line's root; prints what it yields, exits 1 if any."""
    if len(sys.argv) < 2:
        print(f"usage: {os.path.basename(sys.argv[0])} ROOT [...]", file=sys.stderr)
        sys.exit(2)
    found = list(check(*sys.argv[1:]))
    for finding in found:
        print(finding)
    print(f"{len(found)} finding(s)")
    sys.exit(1 if found else 0)
