#!/usr/bin/env python3
"""A Kraken of our own on 127.0.0.1: REST and WebSocket v2 over TLS, for tests.

Start:
    fake-kraken.py --cert CERT.pem --key KEY.pem [--port 0] [--now UNIX_SECONDS] [--seed N]
    fake-kraken.py --plain ...            without TLS
It prints one line of JSON when it listens:
    {"rest": "https://127.0.0.1:PORT", "ws": "wss://127.0.0.1:PORT/v2",
     "ws_auth": "wss://127.0.0.1:PORT/auth/v2", "port": PORT}
and ends when its standard input ends, so it does not outlive a test that was killed.
A certificate:  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2
    -keyout KEY.pem -out CERT.pem -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1

Time is virtual. With --now it stands still until it is moved; without, it follows the machine.
There is one key from the start: key "kw-test-key", secret TEST_SECRET below, every right but
withdrawal, account with 1000 EUR, 1000 USD and 1 BTC.

Steering: POST to /fake/NAME on the same port, a JSON object as body; the answer is JSON.
    advance  {"s": 60}                    moves time; everything due on the way happens
    skew     {"s": -3}                    Time and frames tell another time than before
    walk     {"pair", "price", "per_minute": 20, "step": 0.0005, "history_s": 3600}
    trades   {"pair", "rows": [[time_us, "price", "amount", "b"], ...]}   past = history
    trade    {"pair", "price", "amount", "side": "b"}                     happens now
    book     {"pair", "depth": 10, "rows": [[time_us, bids, asks], ...]}  a recorded book from now
              on, levels as ["price", "amount"]; the first row is the whole, the others change it
    revise   {"pair", "minute", "close"}  a finished candle is told with another close
    system   {"status": "maintenance"}    online, post_only, cancel_only, maintenance
    maintenance {"step_s": 60}            a whole one: post_only, cancel_only, maintenance and back
    certificate {"cert", "key"}            files of another one from now on; connections end
    pair     {"pair", "status"?, "ordermin"?, "tick_size"?, "lot_decimals"?, ...}  as AssetPairs
              names them; decimals: up to four more than at the start, or fewer
    key      {"key", "secret"?, "permissions"?, "nonce_window"?, "tier"?, "revoked"?}
    account  {"balances"?, "taker"?, "maker"?}   of the first account
    set      {"lag_s"?, "release_s"?, "level_amount"?, "drop_rest_below"?, "public_limit"?, ...}
    fault    {"call": "AddOrder" or "*", "do": ACTION, "skip": 0, "times": 1, ...}
    clear    {}                           forgets all faults
    socket   {"do": "close" | "silence" | "no_data" | "no_heartbeat" | "text" | "corrupt" |
              "stall" | "drop_report" | "double_report" | "snapshot" | "refuse", ...}
    restart  {"sessions": true}           closes all connections; tokens are lost with sessions false
    token    {"token": "good"}            makes a WebSocket token of this name
    order    {"args": {...}}              an order by hand, as AddOrder
    cancel   {"txid"}                     a cancellation by hand
    lose     {"txid"}                     the order was never there; with "back" it is again
    truth    {}                           orders, trades, balances, fees as they are; is_balanced
              says whether the balances come from the start and the trades alone
    log      {"clear"?}                   requests so far: [path, arguments, what was answered]
    flood    {"symbols", "rate", "seconds"}   sends stored frames to all sockets, evenly
Faults (ACTION), each on the next "times" calls after "skip" of them:
    drop_before, drop_after               closed without an answer, before or after executing
    html_before, html_after {"code": 502} the proxy's page
    error_before, error_after {"text"}    an error although it was (not) carried out
    hole_before, hole_after               never answered
    late {"s": 30}                        never answered, carried out s virtual seconds later
    cut                                   half of the answer, then a reset
    slow {"bytes": 1, "ms": 10}           the answer in slices
    huge {"bytes": 100000000}             an endless answer
    twice                                 carried out, then its copy; the copy's answer is sent
    body {"text", "type"}                 this instead of the answer
    half                                  half of the answer as if it were the whole
    wait {"ms": 500}                      carried out, answered so much later by the machine's clock
    reorder                               held back until the next request was carried out
    strange                               numbers as texts, texts as numbers, unknown members
    fill                                  before a CancelOrder: the order is filled first
    pending {"s": 2}                      a CancelOrder is answered at once and carried out later
Orders over the private socket (add_order, amend_order, cancel_order) meet the same faults, under
either name; the log has them as /socket/AddOrder and so on. There "cut" is a reset, "late" an
answer after it, "half" one without a result, "html" and "body" are a frame of that text, and an
error with "unnumbered": true has no req_id.
"set" knows lag_s (views trail the engine), release_s (holds trail a cancel), concurrent (private
calls of a key at once, then EService:Throttled), and what Exchange.settings names.
"""
import argparse
import asyncio
import json
import os
import random
import re
import ssl
import sys
import time
import urllib.parse

from kraken_exchange import Account, Exchange, Key
from kraken_pair import US, Refused
from kraken_rest import Rest, read_body
from kraken_socket import Hub, Socket, accept_key, number, to_json
from kraken_trading import Trading

HERE = os.path.dirname(os.path.abspath(__file__))
TEST_KEY = "kw-test-key"
TEST_SECRET = "a3Vyc3dhcnQgdGVzdCBzZWNyZXQsIGJlbG9uZ3MgdG8gbm9ib2R5IGF0IGFsbCEhISE="
RIGHTS = ["query-funds", "query-open-trades", "query-closed-trades", "modify-trades",
          "close-trades", "query-ledger", "create-ws-token"]
PAGE = "<html><head><title>{0} Bad Gateway</title></head><body>cloudflare</body></html>"
MAX_BODY = 1 << 20
NUMERIC = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def make_strange(value, depth=0):
    """The same answer as another program might write it"""
    if isinstance(value, dict):
        rest = {"kw_unknown": {"later": [1, None]}} if depth > 2 else {}
        return {**{k: make_strange(v, depth + 1) for k, v in value.items()}, **rest}
    if isinstance(value, list):
        return [make_strange(v, depth + 1) for v in value]
    if isinstance(value, str) and NUMERIC.fullmatch(value):
        return number(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return value


class Fake:
    def __init__(self, options):
        with open(os.path.join(HERE, "reference.json"), encoding="utf-8") as file:
            reference = json.load(file)
        self.follows = options.now is None
        now_us = int(time.time() * US) if self.follows else int(options.now * US)
        self.exchange = Exchange(reference, now_us, options.seed)
        self.hub = Hub(self.exchange)
        self.rest = Rest(self.exchange)
        self.random = random.Random(options.seed)
        account = Account({"ZEUR": "1000.0000", "ZUSD": "1000.0000", "XXBT": "1.0000000000"})
        self.exchange.accounts.append(account)
        self.exchange.keys[TEST_KEY] = Key(TEST_KEY, TEST_SECRET, account, RIGHTS)
        self.faults = []
        self.lost = {}
        self.log = []
        self.hub.trading = Trading(self)
        self.writers = set()
        self.server = self.port = None  # from listen() on
        self.concurrent = None              # private calls of one key at once
        self.running = {}
        self.executed = asyncio.Event()
        self.steering = None                # the connection that a command came on

    async def follow(self):
        start_us, begin = self.exchange.clock.now_us, time.monotonic()
        while True:
            await asyncio.sleep(0.01)
            passed_us = int((time.monotonic() - begin) * US)
            self.exchange.clock.advance_to(start_us + passed_us)

    # -- HTTP --

    async def serve(self, reader, writer):
        self.writers.add(writer)
        try:
            while await self.serve_one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError, TimeoutError):
            pass
        finally:
            self.writers.discard(writer)
            writer.close()

    async def serve_one(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ", 2)
        headers = {}
        for line in head[1:]:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        path, _, text = target.partition("?")
        query = dict(urllib.parse.parse_qsl(text, keep_blank_values=True))
        if headers.get("upgrade", "").lower() == "websocket":
            await self.upgrade(path, headers, reader, writer)
            return False
        size = int(headers.get("content-length", 0) or 0)
        if size > MAX_BODY:
            return False
        body = await reader.readexactly(size) if size else b""
        if path.startswith("/fake/"):
            self.steering = writer
            result = await self.steer(path[6:], json.loads(body or b"{}"))
            await self.write(writer, 200, to_json(result).encode())
            return True
        if path == "/api/v3/klines":
            await self.write(writer, *self.klines(query))
            return True
        address = writer.get_extra_info("peername")[0]
        return await self.answer((path, query, headers, body, address), writer)

    async def write(self, writer, code, body, kind="application/json"):
        head = f"HTTP/1.1 {code} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()

    async def upgrade(self, path, headers, reader, writer):
        if path not in ("/v2", "/auth/v2") or not self.hub.may_connect():
            await self.write(writer, 429, b"too many connections", "text/plain")
            return
        writer.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                      "Connection: Upgrade\r\nSec-WebSocket-Accept: "
                      + accept_key(headers["sec-websocket-key"]) + "\r\n\r\n").encode())
        socket = Socket(self.hub, reader, writer, path.startswith("/auth"))
        self.hub.sockets.add(socket)
        await socket.run()

    # -- REST with faults --

    def take_fault(self, name):
        for fault in self.faults:
            if fault["call"] not in ("*", name) or fault.get("times", 1) <= 0:
                continue
            if fault.get("skip", 0) > 0:
                fault["skip"] -= 1
                continue
            if self.random.random() < fault.get("chance", 1):
                fault["times"] = fault.get("times", 1) - 1
                fault["hits"] = fault.get("hits", 0) + 1
                return fault
        return None

    def execute(self, request):
        path, _, _, body, _ = request
        result = self.rest.answer(*request)
        said = result["error"][0] if result["error"] else "ok"
        self.log.append([path, body.decode("utf-8", "replace"), said,
                         self.exchange.clock.now_us])
        self.executed.set()
        self.executed = asyncio.Event()
        return result

    async def answer(self, request, writer):
        key = request[2].get("api-key")
        if key and self.running.get(key, 0) >= (self.concurrent or 1 << 30):
            second = self.exchange.clock.now_us // US + 1
            await self.write(writer, 200, json.dumps(
                {"error": [f"EService:Throttled: {second}"]}).encode())
            return True
        self.running[key] = self.running.get(key, 0) + 1
        try:
            return await self.answer_next(request, writer)
        finally:
            self.running[key] -= 1

    async def answer_next(self, request, writer):
        fault = self.take_fault(request[0].rsplit("/", 1)[1])
        if fault is None:
            await self.write(writer, 200, json.dumps(self.execute(request)).encode())
            return True
        return await getattr(self, "fault_" + fault["do"].split("_")[0])(fault, request, writer)

    def maybe_execute(self, fault, request):
        if fault["do"].endswith("_after"):
            self.execute(request)
        else:
            self.log.append([request[0], request[3].decode("utf-8", "replace"), fault["do"],
                             self.exchange.clock.now_us])

    async def fault_drop(self, fault, request, writer):
        self.maybe_execute(fault, request)
        writer.transport.abort()
        return False

    async def fault_html(self, fault, request, writer):
        self.maybe_execute(fault, request)
        code = fault.get("code", 502)
        await self.write(writer, code, PAGE.format(code).encode(), "text/html")
        return True

    async def fault_error(self, fault, request, writer):
        self.maybe_execute(fault, request)
        await self.write(writer, 200, json.dumps({"error": [fault["text"]]}).encode())
        return True

    async def fault_hole(self, fault, request, writer):
        self.maybe_execute(fault, request)
        await asyncio.sleep(3600)
        return False

    async def fault_late(self, fault, request, writer):
        due_us = self.exchange.clock.now_us + int(fault.get("s", 30) * US)
        self.exchange.clock.call_at(due_us, lambda: self.execute(request))
        await asyncio.sleep(3600)
        return False

    async def fault_cut(self, fault, request, writer):
        body = json.dumps(self.execute(request)).encode()
        writer.write(f"HTTP/1.1 200 X\r\nContent-Length: {len(body)}\r\n\r\n".encode())
        writer.write(body[:len(body) // 2])
        await writer.drain()
        writer.transport.abort()
        return False

    async def fault_slow(self, fault, request, writer):
        body = json.dumps(self.execute(request)).encode()
        writer.write(f"HTTP/1.1 200 X\r\nContent-Length: {len(body)}\r\n\r\n".encode())
        step = fault.get("bytes", 1)
        for at in range(0, len(body), step):
            writer.write(body[at:at + step])
            await writer.drain()
            await asyncio.sleep(fault.get("ms", 10) / 1000)
        return True

    async def fault_huge(self, fault, request, writer):
        self.execute(request)
        size, piece = fault.get("bytes", 100_000_000), b" " * 65536
        writer.write(f"HTTP/1.1 200 X\r\nContent-Length: {size}\r\n\r\n".encode())
        while size > 0 and not writer.is_closing():
            writer.write(piece[:size])
            await writer.drain()
            size -= len(piece)
        return False

    async def fault_twice(self, fault, request, writer):
        self.execute(request)
        await self.write(writer, 200, json.dumps(self.execute(request)).encode())
        return True

    async def fault_body(self, fault, request, writer):
        self.execute(request)
        await self.write(writer, fault.get("code", 200), fault.get("text", "").encode(),
                         fault.get("type", "application/json"))
        return True

    async def fault_half(self, fault, request, writer):
        body = json.dumps(self.execute(request)).encode()
        await self.write(writer, 200, body[:len(body) // 2])
        return True

    async def fault_wait(self, fault, request, writer):
        body = json.dumps(self.execute(request)).encode()
        await asyncio.sleep(fault.get("ms", 500) / 1000)
        await self.write(writer, 200, body)
        return True

    async def fault_reorder(self, fault, request, writer):
        await asyncio.wait_for(self.executed.wait(), 3600)
        await self.write(writer, 200, json.dumps(self.execute(request)).encode())
        return True

    async def fault_strange(self, fault, request, writer):
        await self.write(writer, 200, to_json(make_strange(self.execute(request))).encode())
        return True

    def named_order(self, request):
        """The open order that a cancellation names, or None"""
        args = dict(urllib.parse.parse_qsl(request[3].decode()))
        key = self.exchange.keys.get(request[2].get("api-key"))
        try:
            return self.exchange.find_order(key.account, args.get("txid"), args.get("cl_ord_id"))
        except Refused:
            return None

    async def fault_fill(self, fault, request, writer):
        order = self.named_order(request)
        if order is not None:
            self.exchange.fill(order, order.limit or order.pair.last, order.rest, "m")
        await self.write(writer, 200, json.dumps(self.execute(request)).encode())
        return True

    async def fault_pending(self, fault, request, writer):
        """Taken, its nonce with it, and not yet done"""
        order = self.named_order(request)
        if order is None:
            return await self.fault_wait({"ms": 0}, request, writer)
        key = self.exchange.keys[request[2]["api-key"]]
        key.take_nonce(int(read_body(request[2], request[3])[1]))
        self.exchange.clock.call_at(
            self.exchange.clock.now_us + int(fault.get("s", 2) * US),
            lambda: self.exchange.end(order, "canceled", "User requested"))
        await self.write(writer, 200, b'{"error":[],"result":{"count":1,"pending":true}}')
        return True

    # -- Binance's public candles, of the same market --

    def klines(self, query):
        pair = next((p for p in self.exchange.pairs.values()
                     if p.symbol.replace("/", "") == query.get("symbol")), None)
        minutes = {"1m": 1, "5m": 5, "15m": 15, "30m": 30, "1h": 60, "4h": 240, "1d": 1440}
        span = minutes.get(query.get("interval"), 0) * 60_000
        if pair is None or not span:
            return 400, b'{"code":-1121,"msg":"Invalid symbol."}'
        now = self.exchange.clock.now_us // 1000
        start = int(query.get("startTime", now - 500 * span))
        start += -start % span
        end = min(int(query.get("endTime", now)), now)
        rows = []
        while start <= end and len(rows) < min(int(query.get("limit", 500)), 1000):
            bars = [pair.minutes[m] for m in range(start // 60000, (start + span) // 60000)
                    if m in pair.minutes]
            if bars:
                row = self.exchange.ohlc_row(pair, start // 1000, bars, None)
                rows.append([start] + row[1:5] + [row[6], start + span - 1, "0", row[7], "0",
                                                  "0", "0"])
            start += span
        self.log.append(["/api/v3/klines", json.dumps(query), "ok", self.exchange.clock.now_us])
        return 200, json.dumps(rows).encode()

    # -- steering --

    async def steer(self, name, args):
        try:
            result = getattr(self, "steer_" + name)(args)
            if asyncio.iscoroutine(result):
                result = await result
            return {"ok": True, **(result or {})}
        except (Refused, AttributeError, KeyError, ValueError, AssertionError) as error:
            return {"ok": False, "error": f"{type(error).__name__}: {error}"}

    async def listen(self, cert, key, port):
        """A new context, so that no session of another certificate is taken up again"""
        context = None
        if cert is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(cert, key)
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", port, ssl=context,
                                                 limit=1 << 20)
        self.port = self.server.sockets[0].getsockname()[1]

    async def steer_advance(self, args):
        """In steps, so that clients hear of each second when it comes."""
        clock = self.exchange.clock
        target_us = clock.now_us + int(args["s"] * US)
        while clock.now_us < target_us:
            clock.advance_to(min(target_us, clock.now_us + US))
            await asyncio.sleep(0)
        return {"us": clock.now_us}

    def steer_skew(self, args):
        self.exchange.clock.now_us += int(args["s"] * US)
        return {"us": self.exchange.clock.now_us}

    def steer_walk(self, args):
        pair = self.exchange.find_pair(args["pair"])
        self.exchange.walk(pair, args["price"], args.get("per_minute", 20),
                           args.get("step", 0.0005), args.get("history_s", 3600),
                           args.get("until_s"))

    def steer_trades(self, args):
        self.exchange.load_trades(self.exchange.find_pair(args["pair"]), args["rows"])

    def steer_book(self, args):
        self.exchange.load_book(self.exchange.find_pair(args["pair"]), args.get("depth", 10),
                                args["rows"])

    def steer_maintenance(self, args):
        self.exchange.maintain(args.get("step_s", 60))

    def steer_trade(self, args):
        pair = self.exchange.find_pair(args["pair"])
        self.exchange.market_trade(pair, pair.to_price(args["price"]),
                                   pair.to_amount(args["amount"]), args.get("side", "b"))

    def steer_revise(self, args):
        pair = self.exchange.find_pair(args["pair"])
        pair.revised[args["minute"]] = pair.to_price(args["close"])

    def steer_system(self, args):
        self.exchange.set_system(args["status"])

    def steer_pair(self, args):
        pair = self.exchange.find_pair(args.pop("pair"))
        pair.status = args.pop("status", pair.status)
        pair.change(args)
        if not pair.recorded_depth and pair.last:
            pair.bids, pair.asks = {}, {}
            self.exchange.rebuild_book(pair)
        self.exchange.tell("instrument", pair)

    async def steer_certificate(self, args):
        self.server.close()
        await self.listen(args["cert"], args["key"], self.port)
        self.steer_restart({})

    def steer_key(self, args):
        key = self.exchange.keys.get(args["key"])
        if key is None:
            key = self.exchange.keys[args["key"]] = Key(
                args["key"], args["secret"], self.exchange.accounts[0], RIGHTS)
        key.permissions = args.get("permissions", key.permissions)
        key.window = args.get("nonce_window", key.window)
        key.last_nonce = args.get("last_nonce", key.last_nonce)
        key.tier = args.get("tier", key.tier)
        key.is_revoked = args.get("revoked", key.is_revoked)
        key.ip_allowlist = args.get("ip_allowlist", key.ip_allowlist)
        key.valid_until = args.get("valid_until", key.valid_until)

    def steer_account(self, args):
        account = self.exchange.accounts[0]
        other = Account(args.get("balances", {}), args.get("taker", account.taker),
                        args.get("maker", account.maker))
        for asset, value in other.balances.items():
            by_hand = value - account.balances.get(asset, 0)
            account.start[asset] = account.start.get(asset, 0) + by_hand
        account.balances.update(other.balances)
        account.history.append((self.exchange.clock.now_us, dict(account.balances)))
        account.taker, account.maker = other.taker, other.maker
        account.history.append((self.exchange.clock.now_us, dict(account.balances)))

    def steer_set(self, args):
        self.rest.public_limit = args.pop("public_limit", self.rest.public_limit)
        self.concurrent = args.pop("concurrent", self.concurrent)
        self.hub.max_messages = args.pop("max_messages", self.hub.max_messages)
        unknown = set(args) - set(self.exchange.settings)
        if unknown:
            raise ValueError(f"no such setting: {', '.join(sorted(unknown))}")
        self.exchange.settings.update(args)

    def steer_fault(self, args):
        if not hasattr(self, "fault_" + args["do"].split("_")[0]):
            raise ValueError("no such fault")
        self.faults.append({"call": "*", **args})

    def steer_clear(self, _):
        hits = [fault.get("hits", 0) for fault in self.faults]
        self.faults = []
        return {"hits": hits}

    def steer_socket(self, args):
        hub, what = self.hub, args["do"]
        counters = {"corrupt": "corrupt", "stall": "stall_next", "drop_report": "drop_reports",
                    "double_report": "double_reports"}
        if what in counters:
            setattr(hub, counters[what], args.get("times", 1))
        elif what == "refuse":
            hub.max_attempts = args.get("attempts", 0)
        for socket in list(hub.sockets):
            if what == "close":
                socket.close(args.get("code", 1001))
            elif what == "silence":
                socket.is_silent = socket.is_deaf = args.get("on", True)
            elif what == "no_data":
                socket.has_data = not args.get("on", True)
            elif what == "no_heartbeat":
                socket.has_heartbeat = not args.get("on", True)
            elif what == "text":
                socket.send_text(args["text"])
            elif what == "snapshot":
                for place, state in socket.subscriptions.items():
                    hub.send_snapshot(socket, place, state)
        return {"sockets": len(hub.sockets), "heard": len(hub.log)}

    def steer_restart(self, args):
        sockets = [socket.writer for socket in self.hub.sockets]
        for socket in list(self.hub.sockets):
            socket.close(1012)
        for writer in self.writers - set(sockets) - {self.steering}:
            writer.transport.abort()
        if not args.get("sessions", True):
            self.exchange.tokens.clear()

    def steer_token(self, args):
        key = next(iter(self.exchange.keys.values()))
        until_us = self.exchange.clock.now_us + 900 * US
        self.exchange.tokens[args["token"]] = (key, until_us)

    def steer_order(self, args):
        key = next(iter(self.exchange.keys.values()))
        return {"txid": self.exchange.add(key, args["args"]).id}

    def steer_cancel(self, args):
        order = self.exchange.orders[args["txid"]]
        self.exchange.end(order, "canceled", "User requested")

    def steer_lose(self, args):
        orders = self.exchange.orders
        if args.get("back"):
            orders[args["txid"]] = self.lost.pop(args["txid"])
        else:
            self.lost[args["txid"]] = orders.pop(args["txid"])

    def steer_truth(self, _):
        exchange, rows = self.exchange, []
        for order in exchange.orders.values():
            row = self.rest.order_row(order.__dict__, True)
            rows.append({"txid": order.id, "cl_ord_id": order.client_id, **row})
        account = exchange.accounts[0]
        return {"us": exchange.clock.now_us, "orders": rows,
                "trades": {i: self.rest.trade_row(t) for i, t in exchange.trades.items()},
                "balances": {a: format(v, "f") for a, v in account.balances.items()},
                "fees": {a: format(v, "f") for a, v in account.fees_paid.items()},
                "is_balanced": exchange.is_balanced(account),
                "dead_man_us": account.cancel_all_at_us, "sockets": len(self.hub.sockets)}

    def steer_log(self, args):
        log = list(self.log)
        frames = list(self.hub.log)
        if args.get("clear"):
            self.log.clear()
            self.hub.log.clear()
        return {"requests": log, "frames": frames}

    async def steer_flood(self, args):
        """Frames of books and trades made before, sent evenly: a load that costs us little."""
        frames = []
        for symbol in args["symbols"]:
            frames.append(self.flood_frames(symbol, args.get("variants", 50)))
        rate, total = args["rate"], int(args["rate"] * args["seconds"])
        sent, begin = 0, time.monotonic()
        while sent < total:
            due = min(total, int((time.monotonic() - begin) * rate) + 1)
            for i in range(sent, due):
                ring = frames[i % len(frames)]
                for socket in self.hub.sockets:
                    socket.send_text(ring[(i // len(frames)) % len(ring)])
            sent = due
            await asyncio.sleep(0.004)
        return {"sent": sent, "seconds": time.monotonic() - begin}

    def flood_frames(self, symbol, n_frames):
        """Updates that lead from the book's present state back to it, two frames a step"""
        pair = self.hub.by_symbol(symbol)
        bids, asks = pair.levels(self.exchange.orders.values(), 10)
        frames = []
        for i in range(n_frames // 2):
            price, amount = asks[i % 10]
            for changed in (amount + i + 1, amount):
                asks[i % 10] = (price, changed)
                frames.append(self.hub.book_frame(pair, bids, asks, [], [(price, changed)]))
        return frames


async def main():
    parser = argparse.ArgumentParser(description="a fake Kraken for tests")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--now", type=float)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    fake = Fake(options)
    await fake.listen(None if options.plain else options.cert, options.key, options.port)
    port = fake.port
    s = "" if options.plain else "s"
    print(json.dumps({"rest": f"http{s}://127.0.0.1:{port}", "port": port,
                      "ws": f"ws{s}://127.0.0.1:{port}/v2",
                      "ws_auth": f"ws{s}://127.0.0.1:{port}/auth/v2"}), flush=True)
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), lambda: os.read(0, 4096) or ended.set())
    follower = asyncio.create_task(fake.follow()) if fake.follows else None
    await ended.wait()
    del follower
    os._exit(0)                             # whoever is still connected is gone as well


if __name__ == "__main__":
    asyncio.run(main())
