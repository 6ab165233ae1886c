"""A Bot API of our own for programs that run against the wall clock: one owner, one bot.

What the owner says waits until the bot polls for it; what the bot sends is kept with the time
it came, and a code in it can be fetched once.
"""
import http.server
import json
import re
import threading
import time

TOKEN = "7000000009:AAFake-Token_0123456789abcdefghijk"
OWNER = 5000000001
KEPT = 50


class FakeTelegram:
    def __init__(self):
        self.changed = threading.Condition()
        self.updates = []
        self.next_id = 1
        self.n_said = self.n_sent = self.n_polls = 0
        self.sent = []
        fake = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                prefix, _, method = self.path.rpartition("/")
                if prefix != f"/bot{TOKEN}":
                    self.answer(401, {"ok": False, "error_code": 401,
                                      "description": "Unauthorized"})
                    return
                self.answer(200, {"ok": True, "result": fake.carry_out(method, body)})

            def answer(self, status, value):
                text = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, format, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def carry_out(self, method, body):
        if method == "getUpdates":
            return self.poll(json.loads(body or b"{}"))
        if method == "getMe":
            return {"id": 7000000009, "is_bot": True, "first_name": "Kurswart",
                    "username": "kurswart_bot"}
        if not method.startswith("send") or method == "sendChatAction":
            return True
        with self.changed:
            self.n_sent += 1
            is_json = body.startswith(b"{")
            self.sent.append(json.loads(body).get("text", "") if is_json else f"({method})")
            del self.sent[:-KEPT]
            self.changed.notify_all()
            return {"message_id": self.n_sent, "date": int(time.time()),
                    "chat": {"id": OWNER, "type": "private"}}

    def poll(self, params):
        end = time.monotonic() + min(50, params.get("timeout", 0))
        offset = params.get("offset", 0)
        with self.changed:
            self.n_polls += 1
            self.updates = [u for u in self.updates if u["update_id"] >= offset]
            while not self.updates and time.monotonic() < end:
                self.changed.wait(end - time.monotonic())
            return list(self.updates)

    def say(self, text):
        with self.changed:
            person = {"id": OWNER, "is_bot": False, "first_name": "Sarah"}
            self.updates.append({"update_id": self.next_id, "message": {
                "message_id": self.next_id, "from": person,
                "chat": {"id": OWNER, "type": "private"}, "date": int(time.time()),
                "text": text}})
            self.next_id += 1
            self.n_said += 1
            self.changed.notify_all()

    def ask(self, text, patience_s=20):
        """What the bot answers first after this; None if it is silent"""
        with self.changed:
            begin = self.n_sent
        self.say(text)
        end = time.monotonic() + patience_s
        with self.changed:
            while self.n_sent == begin and time.monotonic() < end:
                self.changed.wait(end - time.monotonic())
            new = self.sent[-(self.n_sent - begin):] if self.n_sent > begin else []
        return new[0] if new else None

    def ask_for_code(self, text):
        """A command that wants a code, with the code; what the bot says to it"""
        answer = self.ask(text) or ""
        code = re.search(r"\b\d{4,8}\b", answer)
        return self.ask(code.group()) if code else None
