#!/usr/bin/env python3
"""Shell scripts parse, are executable when they are commands, and Python files compile."""
import os
import subprocess

from source_tree import run, walk

FOLDERS = ("packaging", "tests", ".ci")
SOURCED = {"setup.sh"}


def check_shell(root, path):
    full = os.path.join(root, path)
    with open(full, encoding="utf-8") as file:
        first = file.readline()
    result = subprocess.run(["bash", "-n", full], capture_output=True, text=True, check=False)
    if result.returncode != 0:
        yield f"{path}:1: bash cannot read it: {result.stderr.strip()[:300]}"
    if os.path.basename(path) not in SOURCED:
        if not os.access(full, os.X_OK):
            yield f"{path}:1: is not executable"
        if not first.startswith("#!"):
            yield f"{path}:1: has no interpreter line"


def check(root, *_rest):
    for path in walk(root, FOLDERS, (".sh",)):
        yield from check_shell(root, path)
    if os.path.exists(os.path.join(root, ".ci", "run")):
        yield from check_shell(root, os.path.join(".ci", "run"))
    for path in walk(root, FOLDERS, (".py",)):
        with open(os.path.join(root, path), encoding="utf-8") as file:
            try:
                compile(file.read(), path, "exec")
            except SyntaxError as error:
                yield f"{path}:{error.lineno}: {error.msg}"


run(check)
