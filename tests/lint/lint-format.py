#!/usr/bin/env python3
"""The sources look as .clang-format says (version 14 decides)."""
import re
import shutil
import subprocess

from source_tree import run, skip, sources

FINDING = re.compile(r"^(\S+?:\d+):\d+: (?:error|warning): (.*)$", re.M)


def check(root, *_rest):
    tool = shutil.which("clang-format-14") or shutil.which("clang-format")
    if tool is None:
        skip("clang-format is not installed")
    version = subprocess.run([tool, "--version"], capture_output=True, text=True, check=True).stdout
    if not re.search(r"\bversion 14\.", version):
        skip(f"clang-format 14 is not installed ({version.strip()})")
    paths = [file.path for file in sources(root)]
    for start in range(0, len(paths), 100):
        result = subprocess.run([tool, "--style=file", "--dry-run", "-Werror", "--ferror-limit=0",
                                 *paths[start:start + 100]],
                                cwd=root, capture_output=True, text=True, check=False)
        seen = set()
        for match in FINDING.finditer(result.stderr):
            if match[1] not in seen:
                seen.add(match[1])
                yield f"{match[1]}: clang-format would change this line"
        if result.returncode != 0 and not seen:
            yield f"clang-format failed: {result.stderr.strip()[:500]}"


run(check)
