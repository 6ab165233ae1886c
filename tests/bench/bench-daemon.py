#!/usr/bin/env python3
"""The daemon as its owner has it: memory and time to ready, a question while it is busy.

Prints one JSON object a line; passes or fails by nothing. Three pairs of seven generated years
of 1h candles are imported into a scratch folder first. A bare program (an echo over a UNIX
socket; "true" for the start) is measured beside, in the same run.
"""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

BUILD = os.environ["KW_BUILD_ROOT"]
PROGRAM = os.path.join(BUILD, "src", "app", "kurswart")
PAIRS = ("BTC/USDT", "ETH/USDT", "SOL/USDT")
QUESTIONS = 20  # what the guard lets through in a minute
STARTS = 10


def emit(what, value, unit, **more):
    print(json.dumps({"bench": "daemon", "what": what, "value": value, "unit": unit, **more}),
          flush=True)


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def prepare(folder):
    """A data root with seven years of candles, and a configuration; returns the environment."""
    env = {"PATH": os.environ["PATH"], "HOME": folder,
           "XDG_CONFIG_HOME": os.path.join(folder, "config"),
           "XDG_DATA_HOME": os.path.join(folder, "data")}
    for number, pair in enumerate(PAIRS):
        path = os.path.join(folder, f"synth-{pair.replace('/', '_')}-1h.csv")
        subprocess.run([PROGRAM, "data", "synth", "--seed", str(number + 1), "--pair", pair,
                        "--from", "2018-01-01", "--days", str(7 * 365), "--out", path],
                       env=env, check=True, stdout=subprocess.DEVNULL)
        subprocess.run([PROGRAM, "data", "import", path], env=env, check=True,
                       stdout=subprocess.DEVNULL)
    os.makedirs(os.path.join(folder, "config", "kurswart"))
    with open(os.path.join(folder, "config", "kurswart", "kurswart.conf"), "w",
              encoding="utf-8") as file:
        file.write(f"[trading]\npairs = {', '.join(PAIRS)}\n[feed]\nfrom = 2018-02-01\n"
                   "[store]\nkeep_1h_days = 3650\nbackup_keep = 1\n")
    return env


class Daemon:
    """kurswart run, waited for until it says READY."""

    def __init__(self, env, folder, speed):
        self.path = os.path.join(folder, "notify.sock")
        if os.path.exists(self.path):
            os.unlink(self.path)
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        notify.bind(self.path)
        notify.settimeout(60)
        begin = time.perf_counter()
        self.process = subprocess.Popen(
            [PROGRAM, "run", "--speed", str(speed)],
            env={**env, "NOTIFY_SOCKET": self.path}, stderr=subprocess.DEVNULL)
        while b"READY=1" not in notify.recv(4096):
            pass
        self.ready_ms = (time.perf_counter() - begin) * 1000
        notify.close()

    def rss_mb(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            for line in file:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) / 1024
        return None

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


def ask(path, n_questions, make_line):
    """Milliseconds from line in to line out, for each question."""
    times = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.connect(path)
        stream = client.makefile("rwb")
        for number in range(n_questions):
            begin = time.perf_counter()
            stream.write(make_line(number))
            stream.flush()
            stream.readline()
            times.append((time.perf_counter() - begin) * 1000)
            time.sleep(0.005)
    return times


def kill_and_release(env, folder, sock):
    """Milliseconds from "Notaus!" to the reply: it is given when nothing leaves any more and the
    latch is on disk. Then the switch is taken back with the code that is asked for."""
    times = []
    for _ in range(STARTS):
        daemon = Daemon(env, folder, 0)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.connect(sock)
            stream = client.makefile("rwb")

            def say(text):
                stream.write(json.dumps({"id": 1, "text": text}).encode() + b"\n")
                stream.flush()
                return stream.readline().decode()

            begin = time.perf_counter()
            say("Notaus!")
            times.append((time.perf_counter() - begin) * 1000)
            code = re.search(r"\\n(\d{4})\\n", say("Kill-Switch aus"))
            if code:
                say(code[1])
        daemon.stop()
    return times


def bare_echo(folder):
    path = os.path.join(folder, "echo.sock")
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.bind(path)
    server.listen(1)

    def serve():
        peer, _ = server.accept()
        with peer, peer.makefile("rwb") as stream:
            for line in stream:
                stream.write(line)
                stream.flush()

    threading.Thread(target=serve, daemon=True).start()
    return ask(path, QUESTIONS, lambda n: b"{}\n")


def main():
    folder = tempfile.mkdtemp(prefix="kurswart-bench-")
    try:
        env = prepare(folder)
        begin = time.perf_counter()
        subprocess.run(["true"], check=True)
        bare_ms = (time.perf_counter() - begin) * 1000

        ready = []
        for _ in range(5):
            daemon = Daemon(env, folder, 1)
            ready.append(daemon.ready_ms)
            time.sleep(0.5)
            rss = daemon.rss_mb()
            daemon.stop()
        emit("idle, 3 pairs, 7 years of 1h: RSS", round(rss, 1), "MB", target=30)
        emit("exec to ready, median of 5", round(quantile(ready, 0.5), 1), "ms", target=300,
             ratio=round(quantile(ready, 0.5) / bare_ms, 1))

        echo = bare_echo(folder)
        sock = os.path.join(folder, "data", "kurswart", "admin.sock")
        times = []
        for _ in range(STARTS):
            daemon = Daemon(env, folder, 0)
            times += ask(sock, QUESTIONS, lambda n: json.dumps(
                {"id": n, "text": "/risk" if n % 2 else "Wie ist der Status?"}).encode() + b"\n")
            rss = daemon.rss_mb()
            daemon.stop()
        emit("question at full speed, p50", round(quantile(times, 0.5), 2), "ms",
             ratio=round(quantile(times, 0.5) / quantile(echo, 0.5), 1))
        emit("question at full speed, p99", round(quantile(times, 0.99), 2), "ms", target=20,
             n=len(times), rss_mb=round(rss, 1),
             ratio=round(quantile(times, 0.99) / quantile(echo, 0.99), 1))

        kills = kill_and_release(env, folder, sock)
        emit("emergency stop at full speed, to the reply that it is in force, p50",
             round(quantile(kills, 0.5), 2), "ms",
             ratio=round(quantile(kills, 0.5) / quantile(echo, 0.5), 1))
        emit("the same, longest", round(max(kills), 2), "ms", target=100, n=len(kills))

        begin = time.perf_counter()
        subprocess.run([PROGRAM, "simulate", "--days", "30"], check=True,
                       stdout=subprocess.DEVNULL)
        emit("simulate --days 30", round(time.perf_counter() - begin, 2), "s", target=10)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
