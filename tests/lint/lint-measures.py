#!/usr/bin/env python3
"""Lengths, complexity, nesting, parameters and includes stay within the limits.

lint-measures.py ROOT [--numbers]: functions are measured by pmccabe (its modified count: a
switch is one decision), the rest here. --numbers prints the distribution as well.
"""
import os
import re
import shutil
import subprocess

from source_tree import code_only, line_at, run, skip, sources

MAX_FUNCTION_LINES = 60
MAX_COMPLEXITY = 15
MAX_NESTING = 4
MAX_LINES = {".c": 800, ".h": 200}
MAX_PARAMS = 6
MAX_INCLUDES = 14
MAX_COLUMNS = 96

ROW = re.compile(r"^(\d+)\t(\d+)\t\d+\t\d+\t(\d+)\t(.+)\((\d+)\): (\S+)$")
# A definition's head starts in the first column: return type on its own line, name, list.
HEAD = re.compile(r"^([A-Za-z_]\w*)\(([^;{}]*?)\)\n\{", re.M | re.S)
PROTOTYPE = re.compile(r"^[A-Za-z_][\w \t*]*?\b([a-z_]\w*)\(([^;{}()]*)\)[^;{}()]*;", re.M | re.S)


def measure_functions(root, files):
    paths = [f.path for f in files if f.name.endswith(".c")]
    for start in range(0, len(paths), 200):
        result = subprocess.run(["pmccabe", *paths[start:start + 200]], cwd=root,
                                capture_output=True, text=True, check=False)
        for line in result.stdout.splitlines():
            row = ROW.match(line)
            if row is not None:
                yield row[4], int(row[5]), row[6], int(row[3]), int(row[1])


def check_functions(root, files, numbers):
    rows = list(measure_functions(root, files))
    for path, line, name, length, complexity in rows:
        if length > MAX_FUNCTION_LINES and not name.endswith("class_init"):
            yield f"{path}:{line}: {name} has {length} lines (at most {MAX_FUNCTION_LINES})"
        if complexity > MAX_COMPLEXITY:
            yield f"{path}:{line}: {name} has complexity {complexity} (at most {MAX_COMPLEXITY})"
    if numbers and rows:
        print_spread("function lines", sorted(row[3] for row in rows))
        print_spread("complexity", sorted(row[4] for row in rows))


def print_spread(what, values):
    print(f"{what}: n {len(values)}, median {values[len(values) // 2]}, "
          f"p90 {values[len(values) * 9 // 10]}, max {values[-1]}")


# GIO prescribes the tail of an asynchronous call; it counts as one parameter.
ASYNC_TAIL = re.compile(
    r"GCancellable\s*\*\w+,\s*GAsyncReadyCallback\s+\w+,\s*gpointer\s+\w+\s*$")


def count_params(text):
    text = ASYNC_TAIL.sub("void *tail", text.strip())
    if text in ("", "void"):
        return 0
    depth, n = 0, 1
    for char in text:
        depth += char in "(["
        depth -= char in ")]"
        n += char == "," and depth == 0
    return n


def check_params(file, code):
    for pattern in (HEAD, PROTOTYPE):
        for match in pattern.finditer(code):
            if match[1].isupper():
                continue
            n = count_params(match[2])
            if n > MAX_PARAMS:
                yield (f"{file.path}:{line_at(code, match.start())}: {match[1]} has {n} "
                       f"parameters (at most {MAX_PARAMS})")


def check_nesting(file, code):
    """Depth by indentation: clang-format gives four columns a level, one for the function."""
    inside = False
    for number, line in enumerate(code.splitlines(), 1):
        if line == "{":
            inside, parens = True, 0
        elif line.startswith("}"):
            inside = False
        elif inside:
            continued = parens > 0
            parens += line.count("(") - line.count(")")
            statement = re.match(r"^( +)(if|for|while|switch|do)\b", line)
            if statement and not continued and len(statement[1]) // 4 > MAX_NESTING:
                yield f"{file.path}:{number}: nested {len(statement[1]) // 4} deep (at most {MAX_NESTING})"


def check_file(file):
    code = code_only(file.text)
    ending = os.path.splitext(file.name)[1]
    n_lines = len(file.lines)
    n_includes = len(re.findall(r"^[ \t]*#[ \t]*include\b", code, re.M))
    if n_lines > MAX_LINES[ending]:
        yield f"{file.path}:1: {n_lines} lines (at most {MAX_LINES[ending]})"
    if ending == ".c" and n_includes > MAX_INCLUDES:
        yield f"{file.path}:1: {n_includes} includes (at most {MAX_INCLUDES})"
    for number, line in enumerate(file.lines, 1):
        if len(line) > MAX_COLUMNS:
            yield f"{file.path}:{number}: {len(line)} columns (at most {MAX_COLUMNS})"
    yield from check_params(file, code)
    yield from check_nesting(file, code)


def check(root, *rest):
    if shutil.which("pmccabe") is None:
        skip("pmccabe is not installed")
    files = sources(root)
    yield from check_functions(root, files, "--numbers" in rest)
    for file in files:
        yield from check_file(file)


run(check)
