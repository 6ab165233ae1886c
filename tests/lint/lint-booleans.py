#!/usr/bin/env python3
"""No public function takes a boolean: at the call, TRUE says nothing; an enum does.

Where the boolean is the datum itself, the function's name says so (kw_json_add_bool).
"""
import re

from source_tree import PRODUCT, code_only, line_at, run, sources

PROTOTYPE = re.compile(r"^[A-Za-z_][\w \t*]*?\b(kw_\w+)\(([^;{}]*)\)[^;{}()]*;", re.M | re.S)
BOOLEAN = re.compile(r"(?:^|,)\s*(?:const\s+)?(?:gboolean|bool)\s+\w+\s*(?=,|$)")


def check(root, *_rest):
    for file in sources(root, PRODUCT, (".h",)):
        code = code_only(file.text)
        for match in PROTOTYPE.finditer(code):
            if "_bool" not in match[1] and BOOLEAN.search(match[2].strip()):
                yield f"{file.path}:{line_at(code, match.start())}: {match[1]} takes a boolean"


run(check)
