#!/usr/bin/env python3
"""File names: unique in the tree, by the pattern of their folder, and saying what is inside."""
import os
import re

from source_tree import ALL_C, is_product, layer_of, run, sources

EMPTY_WORDS = {"util", "utils", "misc", "common", "helper", "helpers", "manager", "stuff"}
PATTERNS = {
    "commands": re.compile(r"^(kw|cmd)-[a-z0-9-]+\.[ch]$"),
    "tests": re.compile(r"^(kw|test|fuzz|bench|loop|e2e)-[a-z0-9-]+\.[ch]$"),
}
PRODUCT_PATTERN = re.compile(r"^(kw-[a-z0-9-]+\.[ch]|main\.c)$")


def check(root, *_rest):
    seen = {}
    for file in sources(root, ALL_C):
        if file.name in seen:
            yield f"{file.path}:1: the name is taken by {seen[file.name]}"
        seen.setdefault(file.name, file.path)

        layer = layer_of(file.path)
        pattern = PATTERNS.get(layer, PRODUCT_PATTERN)
        if not pattern.match(file.name):
            yield f"{file.path}:1: the name does not fit {pattern.pattern}"
        words = set(os.path.splitext(file.name)[0].split("-"))
        for word in sorted(words & EMPTY_WORDS):
            yield f"{file.path}:1: '{word}' does not say what the file is for"
        if file.name.endswith(".h") and is_product(file.path):
            if "#pragma once" not in file.text:
                yield f"{file.path}:1: no #pragma once"
            if not file.text.startswith(f"/* {file.name}: "):
                yield f"{file.path}:1: the first line is not '/* {file.name}: PURPOSE'"


run(check)
