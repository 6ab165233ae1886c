#!/usr/bin/env python3
"""The daemon with both messengers and a key for Claude, over servers on this machine.

Prints one JSON object a line; passes or fails by nothing. Three pairs of seven generated years
of 1h candles lie in the store. A question comes over the socket of a small signal-cli, its
reply is timed there: while nothing else is to be done, and while the replay runs at full speed
and another process trains. Beside it a bare program that answers over such a socket, in the
same run. Memory is read when all is connected and quiet.
"""
import http.server
import importlib.util
import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SPEC = importlib.util.spec_from_file_location("bench_daemon",
                                              os.path.join(HERE, "bench-daemon.py"))
BASE = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(BASE)

ACCOUNT, OWNER = "+4366012345601", "11111111-2222-4333-8444-555555555555"
TOKEN = "7000000009:AAFake-Token_0123456789abcdefghijk"
QUESTIONS = 19  # in a row: what the guard lets through in a minute
STARTS = 8
TEXTS = ("Status", "Wie läuft's heute?", "Offene Trades", "Wie hoch ist das Risiko?")


def emit(what, value, unit, **more):
    print(json.dumps({"bench": "phone", "what": what, "value": value, "unit": unit, **more}),
          flush=True)


class Signal:
    """Answers every call of a bot and times its messages."""

    def __init__(self, path):
        self.peer, self.sent = None, threading.Event()
        self.ready = threading.Event()
        self.number = 0
        self.server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.server.bind(path)
        self.server.listen(4)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            peer, _ = self.server.accept()
            self.peer = peer
            threading.Thread(target=self.converse, args=(peer,), daemon=True).start()

    def converse(self, peer):
        try:
            with peer.makefile("rb") as stream:
                for line in stream:
                    call = json.loads(line)
                    if call["method"] == "send":
                        self.sent.set()
                    self.answer(peer, call)
        except OSError:
            pass

    def answer(self, peer, call):
        result = {"timestamp": 1, "results": [{"type": "SUCCESS"}]}
        if call["method"] == "version":
            result = {"version": "0.13.19"}
        elif call["method"] == "listIdentities":
            result = [{"uuid": OWNER, "fingerprint": "05aabb"}]
        peer.sendall(json.dumps({"jsonrpc": "2.0", "result": result,
                                 "id": call["id"]}).encode() + b"\n")
        if call["method"] == "listIdentities":
            self.ready.set()

    def ask(self, text):
        """Milliseconds from the message to the reply"""
        self.number += 1
        stamp = int(time.time() * 1000) + self.number
        line = json.dumps({"jsonrpc": "2.0", "method": "receive", "params": {
            "envelope": {"sourceUuid": OWNER, "sourceDevice": 1, "timestamp": stamp,
                         "dataMessage": {"timestamp": stamp, "message": text}},
            "account": ACCOUNT}}).encode() + b"\n"
        self.sent.clear()
        begin = time.perf_counter()
        self.peer.sendall(line)
        if not self.sent.wait(30):
            raise SystemExit("no reply")
        return (time.perf_counter() - begin) * 1000


class Telegram(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.endswith("/getUpdates"):
            time.sleep(2)
        body = b'{"ok":true,"result":[]}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Web(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # a daemon that ends leaves its poll open


def configure(folder):
    """Both messengers and Claude beside what bench-daemon has written"""
    web = Web(("127.0.0.1", 0), Telegram)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    secrets, sock = os.path.join(folder, "secrets"), os.path.join(folder, "signal.sock")
    os.mkdir(secrets, 0o700)
    for name, value in (("telegram-token", TOKEN), ("claude-key", "sk-ant-none")):
        with open(os.open(os.path.join(secrets, name), os.O_CREAT | os.O_WRONLY, 0o600), "w",
                  encoding="ascii") as file:
            file.write(value + "\n")
    with open(os.path.join(folder, "config", "kurswart", "kurswart.conf"), "a",
              encoding="utf-8") as file:
        file.write(f"[secrets]\ndir = {secrets}\n[telegram]\nowners = 5000000001\n"
                   f"base_url = http://127.0.0.1:{web.server_address[1]}\n"
                   f"[signal]\naddress = {sock}\naccount = {ACCOUNT}\nowners = {OWNER}\n"
                   + "".join(f"{kind} = off\n" for kind in ("[notify]\nentry", "exit", "rejected",
                                                             "digest", "weekly", "started")))
    return Signal(sock)


def bare(folder):
    """The same client against a program that only answers"""
    path = os.path.join(folder, "bare.sock")
    signal = Signal(path)
    code = ("import json,socket,sys\ns=socket.socket(socket.AF_UNIX)\ns.connect(sys.argv[1])\n"
            "f=s.makefile('rwb')\nn=0\nfor line in f:\n m=json.loads(line)\n"
            " if m.get('method')!='receive': continue\n n+=1\n"
            " f.write(json.dumps({'id':n,'method':'send'}).encode()+b'\\n'); f.flush()\n")
    process = subprocess.Popen(["python3", "-c", code, path])
    while signal.peer is None:
        time.sleep(0.01)
    times = [signal.ask("Status") for _ in range(200)]
    process.kill()
    process.wait()
    return times


def measure(env, folder, signal, speed):
    """Replies over some starts of the daemon; its memory when it is quiet"""
    times, rss = [], 0
    for _ in range(STARTS):
        signal.ready.clear()
        daemon = BASE.Daemon(env, folder, speed)
        signal.ready.wait(30)
        time.sleep(1)  # the start is told
        rss = max(rss, daemon.rss_mb())
        for number in range(QUESTIONS):
            times.append(signal.ask(TEXTS[number % len(TEXTS)]))
            time.sleep(0.02)
        daemon.stop()
    return times, rss


class Training:
    """kurswart train on the same candles, again and again"""

    def __init__(self, env):
        self.env, self.goes_on, self.n = env, True, 0
        self.process = None
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while self.goes_on:
            self.n += 1
            self.process = subprocess.Popen(
                [BASE.PROGRAM, "train", "--pairs", ",".join(BASE.PAIRS), "--rounds", "300"],
                env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            self.process.wait()
            time.sleep(0.1)

    def stop(self):
        self.goes_on = False
        self.process.kill()
        self.thread.join()


def report(what, times, floor, targets):
    for share, target in targets:
        value = BASE.quantile(times, share)
        emit(f"{what}, p{int(share * 100)}", round(value, 2), "ms", target=target, n=len(times),
             ratio=round(value / BASE.quantile(floor, share), 1))


def main():
    folder = tempfile.mkdtemp(prefix="kurswart-bench-")
    try:
        env = BASE.prepare(folder)
        signal = configure(folder)
        floor = bare(folder)
        times, rss = measure(env, folder, signal, 1)
        report("message to reply, quiet", times, floor, ((0.5, 3), (0.99, 25)))
        emit("both messengers and Claude, idle: RSS", round(rss, 1), "MB", target=40)
        training = Training(env)
        try:
            times, _ = measure(env, folder, signal, 0)
        finally:
            training.stop()
        report("message to reply, training and full speed", times, floor,
               ((0.5, None), (0.99, 50)))
        emit("trainings begun meanwhile", training.n, "")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
