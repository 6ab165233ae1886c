#!/usr/bin/env python3
"""Proves the lints: each must find a violation planted in an otherwise clean small tree.

lint-proof.py FOLDER-OF-THE-LINTS: prints TAP. A case is a lint, a file to write, and a text
that the finding must contain; the clean tree must give no finding at all.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

LINTS = sys.argv[1]

TABLE = """# Layers

| folder | holds | may include |
|---|---|---|
| `src/base` | x | - |
| `src/risk` | x | base |
| `src/app` | x | everything |
| `commands` | x | base |
"""
HEADER = """/* {name}: a test */
#pragma once

int {function}(int value);
"""
BODY = """#include "{stem}.h"

int
{function}(int value)
{{
    return value;
}}
"""
FORMAT = "---\nBasedOnStyle: LLVM\nIndentWidth: 4\nColumnLimit: 96\nBreakBeforeBraces: Linux\n" \
         "AlwaysBreakAfterReturnType: AllDefinitions\n...\n"


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def write(root, path, text):
    full = os.path.join(root, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "w", encoding="utf-8") as file:
        file.write(text)
    return full


def clean_tree(root):
    write(root, "ARCHITECTURE.md", TABLE)
    write(root, ".clang-format", FORMAT)
    for folder, stem in (("src/base", "kw-one"), ("src/risk", "kw-two"), ("commands", "cmd-three")):
        function = "kw_" + stem.split("-")[1] + "_get"
        write(root, f"{folder}/{stem}.h", HEADER.format(name=stem + ".h", function=function))
        write(root, f"{folder}/{stem}.c", BODY.format(stem=stem, function=function))
    write(root, "packaging/kurswart.service.in", UNIT)
    write(root, "packaging/man/kurswart.1", MAN)
    write(root, "packaging/man/kurswart-strategy.5", MAN.replace("KURSWART 1", "KURSWART 5"))
    write(root, "packaging/limits.conf", "[a]\n#one = 1\n")
    write(root, "packaging/man/kurswart.conf.5", MAN + ".SS [a]\n.TP\n.B one\nx\n")
    write(root, "i18n/po/de.po", PO)
    write(root, "i18n/po/en.po", PO)
    write(root, "commands/cmd-four.c", 'const char *x = N_("Halt %s");\n')
    os.chmod(write(root, "packaging/go.sh", "#!/bin/sh\ntrue\n"), 0o755)


PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

#, c-format
msgid "Halt %s"
msgstr "Halt %s"
"""
MAN = ".TH KURSWART 1\n.SH NAME\nkurswart \\- x\n.SH COMMANDS\n.SS demo\n.B \\-\\-days\n"
PROGRAM = """#!/bin/sh
test "$1" != demo || exec printf '  -d, --days=N  x\\n  --help  x\\n{option}'
printf 'verbs\\n  demo  x\\n{verb}'
"""


def in_function(statement):
    return f"void f(void);\n\nvoid\nf(void)\n{{\n    {statement}\n}}\n"


def nested(depth):
    lines = [f"{' ' * 4 * n}if (a == {n})" for n in range(1, depth + 1)]
    return "void f(int a);\n\nvoid\nf(int a)\n{\n" + "\n".join(lines) + f"\n{' ' * 4 * (depth + 1)}f(a);\n}}\n"


def branches(n):
    return in_function("\n    ".join(f"if (a == {i})\n        f();" for i in range(n)))


UNIT = read(os.path.join(LINTS, "..", "..", "packaging", "kurswart.service.in"))

# lint, file, content, what the finding must say
CASES = [
    ("layers", "commands/cmd-bad.c", '#include "kw-two.h"\n', "commands may not include kw-two.h of risk"),
    ("layers", "src/base/kw-bad.c", '#include "kw-two.h"\n', "base may not include kw-two.h of risk"),
    ("layers", "src/base/kw-bad.c", '#include "kw-nowhere.h"\n', "no header of the project"),
    ("layers", "src/risk/kw-bad.c", '#include "kw-ticket-private.h"\n', "for kw-risk.c and kw-ticket.c alone"),
    ("layers", "src/extra/kw-bad.c", "\n", "'extra' is not in the table"),
    ("layers", "src/base/meson.build", "x = [base_inc, risk_inc]\n", "base is given risk_inc"),
    ("names", "src/risk/kw-one.c", "\n", "the name is taken by src/base/kw-one.c"),
    ("names", "src/base/kw-time-util.c", "\n", "'util' does not say"),
    ("names", "src/base/other.c", "\n", "does not fit"),
    ("names", "src/base/kw-bad.h", "/* kw-bad.h: x */\n", "no #pragma once"),
    ("names", "src/base/kw-bad.h", "#pragma once\n", "the first line is not"),
    ("measures", "src/base/kw-bad.c", in_function("f();\n" * 60), "f has 6"),
    ("measures", "src/base/kw-bad.c", branches(16), "f has complexity 17"),
    ("measures", "src/base/kw-bad.c", nested(5), "nested 5 deep"),
    ("measures", "src/base/kw-bad.c", "int x;\n" * 801, "801 lines"),
    ("measures", "src/base/kw-bad.h", "int x;\n" * 201, "201 lines"),
    ("measures", "src/base/kw-bad.c", "#include <a.h>\n" * 15, "15 includes"),
    ("measures", "src/base/kw-bad.c", "/* " + "x" * 96 + " */\n", "102 columns"),
    ("measures", "src/base/kw-bad.h", "int f(int a, int b, int c, int d,\n      int e, int g, int h);\n", "7 parameters"),
    ("measures", "src/base/kw-bad.c", "int\nf(int a, int b, int c, int d, int e, int g, int h)\n{\n}\n", "7 parameters"),
    ("calls", "src/base/kw-bad.c", in_function("x = strtod(a, NULL);"), "strtod() is banned"),
    ("calls", "tests/unit/test-bad.c", in_function("x = rand();"), "rand() is banned"),
    ("calls", "src/base/kw-bad.c", in_function("x = g_get_real_time();"), "g_get_real_time() is banned"),
    ("calls", "src/base/kw-bad.c", in_function("x = g_date_time_new_now_utc();"), "_now_utc() is banned"),
    ("calls", "src/base/kw-bad.c", in_function("g_error(\"x\");"), "g_error() is banned"),
    ("calls", "src/base/kw-bad.c", in_function("g_usleep(1);"), "g_usleep() is banned"),
    ("calls", "src/base/kw-bad.c", in_function("g_main_context_iteration(NULL, TRUE);"), "is banned"),
    ("calls", "src/base/kw-bad.c", in_function("printf(\"x\");"), "printf() is banned"),
    ("calls", "src/base/kw-bad.c", in_function("goto end;"), "goto is banned"),
    ("calls", "src/base/kw-bad.c", in_function("unsigned long x = 1;"), "without a size"),
    ("calls", "src/base/kw-bad.c", "/* TODO: later */\n", "TODO without an issue number"),
    ("calls", "src/base/kw-bad.c", in_function("sqlite3_exec(db, text, 0, 0, 0);"), "not constant"),
    ("calls", "src/base/kw-bad.c", in_function('g_strdup_printf("SELECT %s", a);'), "builds SQL"),
    ("calls", "src/base/kw-bad.c", in_function('g_string_append_printf(s, " DELETE FROM %s", a);'), "builds SQL"),
    ("booleans", "src/base/kw-bad.h", "void kw_bad_set(int a, gboolean on);\n", "kw_bad_set takes a boolean"),
    ("format", "src/base/kw-bad.c", "int  x = 1 ;\n", "clang-format would change this line"),
    ("unit", "packaging/kurswart.service.in", UNIT.replace("Burst=5", "Burst=6"), "StartLimitBurst is '6'"),
    ("unit", "packaging/kurswart.service.in", UNIT.replace("WatchdogSec", "WatchSec"), "WatchdogSec is missing"),
    ("catalogue", "commands/cmd-bad.c", 'const char *x = N_("Not translated");\n', "is used but not defined in i18n/po/de.po"),
    ("catalogue", "i18n/po/en.po", PO.replace('msgstr "Halt %s"', 'msgstr ""'), "untranslated"),
    ("catalogue", "i18n/po/de.po", PO.replace('msgstr "Halt %s"', 'msgstr "Halt"'), "i18n/po/de.po:7: number of format"),
    ("man", "src/base/kw-op.c", '    [KW_OP_FLY] = {"fly", 1},\n', "'fly' of the strategy language"),
    ("man", "packaging/limits.conf", "[a]\n#one = 1\n#two = 2\n", "[a] two of limits.conf"),
    ("man", "packaging/man/de/bad.5", ".TH BAD 5\n.SH NAME\nbad \\- x\n.NOSUCH\n", "NOSUCH"),
    ("scripts", "packaging/bad.sh", "#!/bin/sh\nif\n", "bash cannot read it"),
    ("scripts", "tests/bad.py", "def\n", "invalid syntax"),
]
# meson's result, the program's output, and the verdict that packaging/test.sh must come to
VERDICTS = [
    ("OK", "ok 1 /a\nok 2 /b\n1..2\n", "2 passed, 0 failed"),
    ("OK", "", "1 passed, 0 failed"),
    ("OK", "ok 1 /a\nok 2 /b # SKIP no data\n1..2\n", "1 passed, 0 failed, 1 skipped"),
    ("SKIP", "pmccabe is not installed\n", "0 passed, 1 failed, 1 skipped"),
    ("FAIL", "ok 1 /a\nnot ok 2 /b\n1..2\n", "1 passed, 1 failed"),
    ("ERROR", "ok 1 /a\nok 2 /b\n", "2 passed, 1 failed"),
    ("TIMEOUT", "", "0 passed, 1 failed"),
    ("FAIL", "", "0 passed, 1 failed"),
]
# What must not be found: the near misses.
CLEAN = [
    ("calls", "src/base/kw-good.c", in_function("x = localtime_x(a); y = self->time(b); /* strtod(x) */")),
    ("calls", "src/base/kw-good.c", in_function('log("goto system(x)"); sqlite3_exec(db, "BEGIN", 0, 0, 0);')),
    ("calls", "src/base/kw-clock.c", in_function("x = g_get_real_time();")),
    ("calls", "src/base/kw-good.c", "/* TODO #12: later */\n"),
    ("booleans", "src/base/kw-good.h", "gboolean kw_good_get(int a, gboolean *out);\n"),
    ("measures", "src/base/kw-good.c", nested(4) + "\n" + branches(14).replace("f(", "g(")),
    ("layers", "src/app/main.c", '#include "kw-two.h"\n'),
]


def run_lint(lint, *args):
    result = subprocess.run([sys.executable, "-B", os.path.join(LINTS, f"lint-{lint}.py"), *args],
                            capture_output=True, text=True, check=False)
    return result.returncode, result.stdout + result.stderr


def compile_tree(root, build, extra):
    """Archives and compile commands, as the two lints that look at a build want them."""
    os.makedirs(build, exist_ok=True)
    objects = {"kw-risk": "int kw_risk_mint(void) { return 1; }\n", "kw-commands": extra}
    for name, text in objects.items():
        source = write(root, f"{name}.c", text)
        made = os.path.join(build, name + ".o")
        subprocess.run(["gcc", "-w", "-c", source, "-o", made], check=True)
        subprocess.run(["ar", "rcs", os.path.join(build, f"lib{name}.a"), made], check=True)
    write(build, "compile_commands.json",
          '[{"directory": "%s", "command": "gcc -I%s/src/base -c x.c", "file": "%s/src/base/kw-one.c"}]'
          % (build, root, root))


def install_program(build, verb="", option=""):
    path = write(build, "src/app/kurswart", PROGRAM.format(verb=verb, option=option))
    os.chmod(path, 0o755)


class Proof:
    def __init__(self):
        self.n = 0
        self.failed = 0

    def case(self, title, good, detail=""):
        self.n += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.n} - {title}")
        if not good:
            print("# " + detail.replace("\n", "\n# "))

    def expect(self, title, result, wanted):
        """@wanted None: no finding; else exit code 1 and the text."""
        code, output = result
        if code == 77:
            self.n += 1
            print(f"ok {self.n} - {title} # SKIP {output.strip()}")
        elif wanted is None:
            self.case(title, code == 0, output)
        else:
            self.case(title, code == 1 and wanted in output, output)


def prove_files(proof, root):
    for lint in sorted({case[0] for case in CASES}):
        proof.expect(f"{lint}: clean tree", run_lint(lint, root), None)
    for lint, path, content, *wanted in CASES + CLEAN:
        full = os.path.join(root, path)
        before = read(full) if os.path.exists(full) else None
        write(root, path, content)
        text = wanted[0] if wanted else None
        proof.expect(f"{lint}: {text or 'nothing in ' + path}", run_lint(lint, root), text)
        if before is None:
            os.remove(full)
        else:
            write(root, path, before)


def prove_builds(proof, root, build):
    compile_tree(root, build, "int f(void) { return 1; }\n")
    proof.expect("symbols: clean archive", run_lint("symbols", root, build), None)
    compile_tree(root, build, "int kw_risk_mint(void); int f(void) { return kw_risk_mint(); }\n")
    proof.expect("symbols: defined order symbol", run_lint("symbols", root, build), "kw_risk_mint")
    compile_tree(root, build, "int kw_oms_submit(void); int f(void) { return kw_oms_submit(); }\n")
    proof.expect("symbols: symbol by its prefix", run_lint("symbols", root, build), "kw_oms_submit")
    install_program(build)
    proof.expect("man: every verb is there", run_lint("man", root, build), None)
    install_program(build, verb="  fly  x\\n")
    proof.expect("man: verb without section", run_lint("man", root, build), "the verb 'fly'")
    install_program(build, option="  --wings  x\\n")
    proof.expect("man: option without a word", run_lint("man", root, build), "does not name --wings")
    proof.expect("headers: clean tree", run_lint("headers", root, build), None)
    write(root, "src/base/kw-bad.h", "#pragma once\nKwUnknown *f(void);\n")
    proof.expect("headers: unknown type", run_lint("headers", root, build), "kw-bad.h:1: does not compile")
    os.remove(os.path.join(root, "src/base/kw-bad.h"))
    write(root, "src/base/kw-bad.h", '#pragma once\n#include "kw-two.h"\n')
    proof.expect("headers: header of another layer", run_lint("headers", root, build), "kw-two.h")


def prove_verdicts(proof, folder):
    count = os.path.join(LINTS, "..", "..", "packaging", "count-tests.py")
    for result, output, verdict in VERDICTS:
        log = write(folder, "testlog.json",
                    json.dumps({"name": "x", "result": result, "stdout": output}) + "\n")
        run = subprocess.run([sys.executable, "-B", count, "--total", "gcc=" + log],
                             capture_output=True, text=True, check=False)
        last = (run.stdout.splitlines() or [""])[-1]
        proof.case(f"verdict: {result.lower()}: {verdict}",
                   last == verdict and (run.returncode == 0) == (", 0 failed" in verdict),
                   run.stdout + run.stderr)
    write(folder, "testlog.json", "")
    run = subprocess.run([sys.executable, "-B", count, "--total", "gcc=" + log],
                         capture_output=True, text=True, check=False)
    proof.case("verdict: no test at all is a failure", run.returncode == 1, run.stdout)


def main():
    folder = tempfile.mkdtemp(prefix="kurswart-lint-")
    proof = Proof()
    try:
        root, build = os.path.join(folder, "tree"), os.path.join(folder, "build")
        clean_tree(root)
        prove_files(proof, root)
        prove_builds(proof, root, build)
        prove_verdicts(proof, folder)
    finally:
        shutil.rmtree(folder)
    print(f"1..{proof.n}")
    return 1 if proof.failed else 0


sys.exit(main())
