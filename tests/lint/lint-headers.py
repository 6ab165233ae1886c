#!/usr/bin/env python3
"""Each header compiles alone, with the include directories of its own layer and no others.

lint-headers.py ROOT BUILD: the directories and library flags are those with which meson
compiles the layer (compile_commands.json), so the check sees what the layer sees.
"""
import concurrent.futures
import json
import os
import shlex
import subprocess

from source_tree import PRODUCT, layer_of, run, skip, sources

FLAGS = ["-std=c17", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter"]


def layer_flags(root, build):
    """Include and macro flags by layer, from one compile command of each."""
    flags = {}
    path = os.path.join(build, "compile_commands.json")
    if not os.path.exists(path):
        skip("compile_commands.json is missing")
    with open(path, encoding="utf-8") as file:
        for entry in json.load(file):
            source = os.path.realpath(os.path.join(entry["directory"], entry["file"]))
            relative = os.path.relpath(source, os.path.realpath(root))
            layer = layer_of(relative)
            if relative.startswith("..") or layer in flags:
                continue
            words = shlex.split(entry["command"])
            flags[layer] = [w for w in words if w.startswith(("-I", "-D", "-isystem", "-pthread"))]
    return flags


def compile_alone(root, build, header, flags):
    result = subprocess.run(
        ["gcc", *FLAGS, *flags, "-x", "c", "-include", os.path.realpath(os.path.join(root, header)),
         "/dev/null"],
        cwd=build, capture_output=True, text=True, check=False)
    if result.returncode == 0:
        return None
    errors = [line for line in result.stderr.splitlines() if "error" in line]
    return f"{header}:1: does not compile alone: {(errors or ['?'])[0]}"


def check(root, build, *_rest):
    flags = layer_flags(root, build)
    headers = [f.path for f in sources(root, PRODUCT, (".h",)) if layer_of(f.path) in flags]
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        jobs = [pool.submit(compile_alone, root, build, h, flags[layer_of(h)]) for h in headers]
        for job in jobs:
            if job.result() is not None:
                yield job.result()


run(check)
