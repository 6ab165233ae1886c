#!/usr/bin/env python3
"""Calls that are banned, and where the few permitted places are.

Each rule names the calls, where they are allowed all the same, and what to use instead.
"""
import re

from source_tree import code_only, is_product, line_at, run, sources, without_comments

CLOCK_FILES = {"kw-clock.c", "kw-system-clock.c"}
MAIN_FILES = {"main.c", "kw-main.c"}

# (pattern of the name, files where it is allowed, in tests too?, what to use)
RULES = [
    (r"strtod|strtof|atof|atoi|atol|sprintf|vsprintf|strcpy|strcat|strtok|gets", set(), True,
     "a bounded, locale-free function (KwDecimal, g_ascii_strtod, g_strdup_printf)"),
    (r"localtime|localtime_r|gmtime|gmtime_r|mktime|strftime|asctime|ctime", set(), True,
     "kw-schedule or kw-format"),
    (r"system|popen|g_spawn_sync|g_spawn_command_line_sync", set(), False,
     "a GSubprocess, asynchronously"),
    (r"rand|srand|random|drand48|g_random_\w+", set(), True, "a seeded GRand"),
    (r"sleep|usleep|nanosleep|g_usleep", set(), False, "kw_clock_call_at()"),
    (r"time|gettimeofday|clock_gettime|g_get_real_time|g_get_monotonic_time|"
     r"g_date_time_new_now\w*|g_source_get_time|timespec_get", CLOCK_FILES, False,
     "an injected KwClock"),
    (r"exit|_exit|quick_exit|abort|g_error|assert|g_assert\w*", MAIN_FILES, False,
     "a GError, or g_return_if_fail for programmer errors"),
    (r"g_main_context_iteration", set(), False, "a callback"),
    (r"sqlite3_mprintf|sqlite3_vmprintf|sqlite3_snprintf", set(), True, "bound parameters"),
    (r"printf|puts|putchar|perror|g_print|g_printerr|g_message|g_warning|g_critical|g_info|g_debug",
     set(), False, "kw_log_*, or the output of the verb"),
]
# What talks to the terminal; the rule about printing is for the layers below.
PRINTING_FOLDERS = ("src/app/",)
WORDS = [
    (re.compile(r"\bgoto\b"), "goto"),
    (re.compile(r"\b(?:short|float|long)\b(?!\s*\))\s+(?:int\s+|unsigned\s+|long\s+)*\w+\s*[=;,\[]"),
     "a C type without a size"),
]
MARK = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b(?!.{0,3}#\d+)")
EXEC = re.compile(r"\bsqlite3_exec\s*\(\s*[^,]+,\s*([^,]+),")
CONSTANT = re.compile(r'^(?:"|[a-z_]*sql[a-z_]*$|[A-Z_]+$)')
SQL_WORDS = (r"SELECT\s|INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|"
             r"CREATE\s+(?:TABLE|INDEX|TRIGGER|VIEW)|DROP\s+(?:TABLE|INDEX)|ALTER\s+TABLE|"
             r"PRAGMA\s|VACUUM\b|ATTACH\s")
BUILT_SQL = re.compile(
    r"\b(g_strdup_printf|g_string_append_printf|g_string_printf|g_string_new|g_strconcat|g_strjoin|"
    r"g_snprintf|snprintf|g_string_append)\s*\([^;]*?\"\s*(" + SQL_WORDS + ")", re.S)


def check_rules(file, code):
    product = is_product(file.path)
    for names, allowed, in_tests, instead in RULES:
        if file.name in allowed or not (product or in_tests):
            continue
        if "g_printerr" in names and file.path.startswith(PRINTING_FOLDERS):
            continue
        for match in re.finditer(r"(?<![\w.>])(" + names + r")\s*\(", code):
            line = line_at(code, match.start())
            yield f"{file.path}:{line}: {match[1]}() is banned; use {instead}"


def check_words(file, code):
    for pattern, what in WORDS:
        for match in pattern.finditer(code):
            if is_product(file.path) or what == "goto":
                yield f"{file.path}:{line_at(code, match.start())}: {what} is banned"


def check_marks(file):
    for number, line in enumerate(file.lines, 1):
        mark = MARK.search(line)
        if mark is not None:
            yield f"{file.path}:{number}: {mark[1]} without an issue number"


def check_sql(file):
    text = without_comments(file.text)
    for match in EXEC.finditer(text):
        if not CONSTANT.match(match[1].strip()):
            yield (f"{file.path}:{line_at(text, match.start())}: sqlite3_exec() of "
                   f"'{match[1].strip()}', which is not constant")
    if not is_product(file.path):
        return
    for match in BUILT_SQL.finditer(text):
        yield f"{file.path}:{line_at(text, match.start())}: {match[1]}() builds SQL from strings"


def check(root, *_rest):
    for file in sources(root):
        code = code_only(file.text)
        yield from check_rules(file, code)
        yield from check_words(file, code)
        yield from check_marks(file)
        yield from check_sql(file)


run(check)
