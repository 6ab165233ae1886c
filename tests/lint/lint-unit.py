#!/usr/bin/env python3
"""The systemd unit holds its promises: readiness, watchdog, restart limit, least rights.

lint-unit.py ROOT BUILD: reads packaging/kurswart.service.in; where systemd-analyze is
installed, it verifies the finished unit in BUILD as well.
"""
import os
import shutil
import subprocess
import tempfile

from source_tree import run

WANTED = {
    "Type": "notify",
    "Restart": "on-failure",
    "StartLimitIntervalSec": "300",
    "StartLimitBurst": "5",
    "StateDirectory": "kurswart",
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "CapabilityBoundingSet": "",
    "UMask": "0077",
}
PRESENT = ("WatchdogSec", "User", "MemoryMax", "SystemCallFilter", "RestrictAddressFamilies")
UNIT = os.path.join("packaging", "kurswart.service.in")


def read_keys(path):
    keys = {}
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.strip()
            if line and line[0] not in "#[":
                key, _, value = line.partition("=")
                keys.setdefault(key, (number, value))
    return keys


def verify(unit):
    """systemd-analyze wants a program that exists and the unit's final name."""
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, "kurswart.service")
        with open(unit, encoding="utf-8") as file:
            lines = ["ExecStart=/bin/true\n" if line.startswith("ExecStart=") else line
                     for line in file if not line.startswith("Documentation=")]
        with open(copy, "w", encoding="utf-8") as file:
            file.writelines(lines)
        result = subprocess.run(["systemd-analyze", "verify", "--man=no", copy],
                                capture_output=True, text=True, check=False)
    return [line for line in result.stderr.splitlines() if "kurswart.service" in line]


def check(root, build=None, *_rest):
    keys = read_keys(os.path.join(root, UNIT))
    for key, value in WANTED.items():
        line, found = keys.get(key, (1, None))
        if found != value:
            yield f"{UNIT}:{line}: {key} is {found!r}, not {value!r}"
    for key in PRESENT:
        if key not in keys:
            yield f"{UNIT}:1: {key} is missing"
    unit = os.path.join(build or "", "packaging", "kurswart.service")
    if shutil.which("systemd-analyze") is not None and os.path.exists(unit):
        yield from verify(unit)


run(check)
