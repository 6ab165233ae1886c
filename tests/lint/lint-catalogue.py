#!/usr/bin/env python3
"""Every text that the sources mark for translation is there in German and in English.

The catalogues are i18n/po/de.po and i18n/po/en.po. xgettext collects the marked texts,
msgcmp compares, msgfmt checks headers, format strings and plurals.
"""
import os
import shutil
import subprocess
import tempfile

from source_tree import PRODUCT, run, skip, sources

LANGUAGES = ("de", "en")
KEYWORDS = ["--keyword", "--keyword=_", "--keyword=N_", "--keyword=Q_", "--keyword=C_:1c,2",
            "--keyword=NC_:1c,2", "--keyword=ngettext:1,2", "--keyword=g_dngettext:2,3",
            "--keyword=g_dpgettext2:2c,3", "--keyword=g_dgettext:2", "--keyword=gettext:1",
            "--keyword=kw_i18n_plural:1,2"]


def collect(root, template):
    """Writes the template; False when no source marks anything."""
    paths = [file.path for file in sources(root, PRODUCT)]
    if not paths:
        return False
    result = subprocess.run(["xgettext", "--language=C", "--from-code=UTF-8", "--force-po",
                             *KEYWORDS, "-o", template, *paths],
                            cwd=root, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise SystemExit(f"xgettext: {result.stderr}")
    with open(template, encoding="utf-8") as file:
        return "msgid" in file.read()


def place_in_sources(template, number):
    """"file:line: text" of the message at line @number of the template."""
    with open(template, encoding="utf-8") as file:
        lines = file.read().splitlines()
    number = min(number, len(lines)) - 1
    while number < len(lines) - 1 and lines[number].startswith("#"):
        number += 1
    while number > 0 and not lines[number].startswith("msgid "):
        number -= 1
    text = " ".join(lines[number:]).split(" msgstr")[0]
    while number > 0 and not lines[number].startswith("#: "):
        number -= 1
    return f"{lines[number][3:].split()[0]}: {text[:100]}"


def check_catalogue(root, path, template):
    if not os.path.exists(os.path.join(root, path)):
        yield f"{path}:1: the catalogue is missing"
        return
    for command in (["msgcmp", "--no-fuzzy-matching", path, template],
                    ["msgfmt", "--check", "-o", os.devnull, path]):
        result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        if result.returncode == 0:
            continue
        for line in result.stderr.splitlines():
            if line.startswith(template):
                number, _, text = line[len(template) + 1:].partition(":")
                yield f"{place_in_sources(template, int(number))}:{text}"
            elif ": warning:" not in line and "fatal error" not in line:
                yield line


def check(root, *_rest):
    if shutil.which("xgettext") is None:
        skip("gettext is not installed")
    with tempfile.TemporaryDirectory() as folder:
        template = os.path.join(folder, "sources.pot")
        if not collect(root, template):
            return
        for language in LANGUAGES:
            yield from check_catalogue(root, os.path.join("i18n", "po", f"{language}.po"), template)


run(check)
