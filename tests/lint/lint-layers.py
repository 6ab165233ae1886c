#!/usr/bin/env python3
"""Includes go only to the layers that the table of ARCHITECTURE.md allows.

The table is the rule: its first column is the folder, its last one the layers that the folder
may know, as a list, "-" for none, "everything", or "all above[ except A, B]". Checked are the
includes that a file writes, and the include directories that a layer's meson.build hands to
the compiler; these may hold more (what an allowed header itself includes), but no layer that
cannot be reached through allowed ones.
"""
import os
import re

from source_tree import PRODUCT, layer_of, line_at, run, sources, without_comments

ROW = re.compile(r"^\|\s*`(?:src/)?([a-z0-9]+)`\s*\|.*\|([^|]*)\|\s*$")
# made by the build from a template or a bundle
GENERATED = ("kw-version.h", "kw-paths.h", "kw-build-data.h")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', re.M)


def parse_rights(cell, above):
    cell = cell.strip()
    if cell in ("-", ""):
        return set()
    if cell == "everything":
        return None
    if cell.startswith("all above"):
        dropped = re.search(r"except (.*)", cell)
        names = re.findall(r"[a-z0-9]+", dropped[1]) if dropped else []
        return set(above) - set(names)
    return set(re.findall(r"[a-z0-9]+", cell))


def read_table(root):
    rights, above = {}, []
    with open(os.path.join(root, "ARCHITECTURE.md"), encoding="utf-8") as file:
        for line in file:
            row = ROW.match(line)
            if row is not None and row[1] not in rights:
                rights[row[1]] = parse_rights(row[2], above)
                above.append(row[1])
    for layer, allowed in rights.items():
        if allowed is None:
            rights[layer] = set(rights)
    return rights


def reachable(rights, layer):
    seen, open_ = set(), [layer]
    while open_:
        for name in rights.get(open_.pop(), ()):
            if name not in seen:
                seen.add(name)
                open_.append(name)
    return seen | {layer}


# Headers that are for a few files alone, whatever the layers allow: no order without a ticket,
# and no ticket but from the checks.
RESERVED = {"kw-ticket-private.h": ("kw-risk.c", "kw-ticket.c")}


def check_reserved(files):
    for file in files:
        text = without_comments(file.text)
        for match in INCLUDE.finditer(text):
            users = RESERVED.get(match[1])
            if users is not None and file.name not in users:
                yield (f"{file.path}:{line_at(text, match.start())}: {match[1]} is for "
                       f"{' and '.join(users)} alone")


def check_includes(rights, files):
    home = {f.name: layer_of(f.path) for f in files if f.name.endswith(".h")}
    for file in files:
        layer = layer_of(file.path)
        if layer not in rights:
            yield f"{file.path}:1: folder '{layer}' is not in the table of ARCHITECTURE.md"
            continue
        text = without_comments(file.text)
        for match in INCLUDE.finditer(text):
            where = f"{file.path}:{line_at(text, match.start())}"
            target = home.get(match[1])
            if target is None:
                if not match[1].endswith("-resources.h") and match[1] not in GENERATED:  # generated
                    yield f"{where}: no header of the project is called {match[1]}"
            elif target != layer and target not in rights[layer]:
                yield f"{where}: {layer} may not include {match[1]} of {target}"


def check_meson(root, rights):
    for layer in rights:
        for folder in (os.path.join("src", layer), layer):
            path = os.path.join(folder, "meson.build")
            if not os.path.exists(os.path.join(root, path)):
                continue
            with open(os.path.join(root, path), encoding="utf-8") as file:
                text = file.read()
            for name in re.findall(r"\b([a-z0-9]+)_inc\b", text):
                if name in rights and name not in reachable(rights, layer):
                    yield f"{path}:1: {layer} is given {name}_inc, which it cannot reach"


def check(root, *_rest):
    rights = read_table(root)
    if not rights:
        yield "ARCHITECTURE.md:1: no table of layers found"
        return
    for layer, allowed in rights.items():
        for name in sorted(allowed - set(rights)):
            yield f"ARCHITECTURE.md:1: {layer} may include '{name}', which is no row of the table"
    yield from check_includes(rights, sources(root, PRODUCT))
    yield from check_reserved(sources(root))
    yield from check_meson(root, rights)


run(check)
