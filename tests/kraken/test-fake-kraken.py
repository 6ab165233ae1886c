#!/usr/bin/env python3
"""The fake is judged by recorded frames and documented answers, never by our client."""
import asyncio
import base64
import hashlib
import hmac
import importlib.util
import json
import os
import sys
import types
import urllib.parse
from decimal import Decimal

from kraken_exchange import Account, Exchange, Key
from kraken_pair import US, Refused
from kraken_rest import RIGHTS, Rest, iso, parse_iso
from kraken_socket import Hub, Socket, checksum

HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURES = os.path.join(HERE, "..", "fixtures", "kraken")
SECRET = base64.b64encode(b"x" * 64).decode()
T0_US = 1_767_225_600 * US

# members that an answer may or may not have
OPTIONAL = {"leverage_buy", "leverage_sell", "long_position_limit", "short_position_limit",
            "collateral_value", "trades", "close", "ml", "warnings", "order_userref",
            "snap_orders", "snap_trades", "postxid", "volume", "stop_price", "fee_usd_equiv",
            "sender_sub_id", "margin", "margin_borrow", "liquidated", "avg_price",
            "limit_price", "limit_price_type", "reason", "cl_ord_id", "trigger", "checksum"}


def load(name):
    with open(os.path.join(FIXTURES, name), encoding="utf-8") as file:
        return json.load(file)


def make(**settings):
    with open(os.path.join(HERE, "reference.json"), encoding="utf-8") as file:
        exchange = Exchange(json.load(file), T0_US)
    exchange.settings.update(settings)
    account = Account({"ZEUR": "1000", "ZUSD": "100000", "XXBT": "1"})
    exchange.accounts.append(account)
    rights = sorted({right for rights in RIGHTS.values() for right in rights})
    exchange.keys["k"] = Key("k", SECRET, account, rights, tier="pro")
    for name, price in (("XBTEUR", 58000), ("XBTUSD", 65000)):
        exchange.walk(exchange.find_pair(name), price, 20, 0.0002, 7200, until_s=1)
    exchange.clock.advance_to(T0_US + 2 * US)
    return exchange, Rest(exchange)


class Caller:
    def __init__(self, rest, first=1):
        self.rest, self.nonce = rest, first

    def __call__(self, name, **args):
        self.nonce += 1
        body = urllib.parse.urlencode({"nonce": self.nonce, **args}).encode()
        return self.send(f"/0/private/{name}", str(self.nonce), body, SECRET)

    def send(self, path, nonce, body, secret):
        inner = hashlib.sha256(nonce.encode() + body).digest()
        mac = hmac.new(base64.b64decode(secret), path.encode() + inner, hashlib.sha512)
        headers = {"api-key": "k", "api-sign": base64.b64encode(mac.digest()).decode()}
        return self.rest.answer(path, {}, headers, body, "127.0.0.1")

    def ok(self, name, **args):
        answer = self(name, **args)
        assert answer["error"] == [], answer
        return answer["result"]

    def refused(self, name, **args):
        answer = self(name, **args)
        assert answer["error"], f"{name} was accepted: {answer}"
        return answer["error"][0]


def kind(value):
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, float)):
        return "number"
    return type(value).__name__


def same_shape(wanted, got, where, by_name=True):
    """Every member that was recorded is there, with the same kind of value."""
    if wanted is None or got is None:
        return
    assert kind(wanted) == kind(got), f"{where}: {kind(got)} instead of {kind(wanted)}"
    if isinstance(wanted, dict):
        if not by_name:
            same_shape(next(iter(wanted.values())), next(iter(got.values())), where + ".*")
            return
        for name in wanted:
            assert name in got or name in OPTIONAL, f"{where}.{name} is missing"
            if name in got:
                same_shape(wanted[name], got[name], f"{where}.{name}")
    elif isinstance(wanted, list) and wanted and got:
        if where.endswith(("OHLC", "Trades", "Depth.asks", "Depth.bids")):
            assert len(wanted[0]) == len(got[0]), f"{where}: {len(got[0])} columns"
        same_shape(wanted[0], got[0], where + "[]")


# -- the tests --


def test_signatures():
    """Every vector is accepted, and refused with another key."""
    _, rest = make()
    for vector in load("sign_vectors.json")["vectors"]:
        key = Key("v", vector["secret"], None, [])
        headers = {"api-sign": vector["api_sign"], "content-type": vector["content_type"]}
        body = vector["body"].encode()
        rest.check_signature(key, vector["path"], vector["nonce"], body, headers)
        try:
            rest.check_signature(Key("w", SECRET, None, []), vector["path"], vector["nonce"],
                                 body, headers)
        except Refused as refusal:
            assert str(refusal) == "EAPI:Invalid signature"
        else:
            raise AssertionError("a wrong key was accepted")


def replay(frames, price_decimals, lot_decimals, depth):
    class Precision:
        pass
    sides = {"bids": {}, "asks": {}}
    count = 0
    for frame in frames:
        if frame["type"] == "snapshot":
            sides = {"bids": {}, "asks": {}}
        row = frame["data"][0]
        for name, book in sides.items():
            for level in row[name]:
                price = int(Decimal(level["price"]).scaleb(price_decimals))
                amount = int(Decimal(level["qty"]).scaleb(lot_decimals))
                book[price] = amount
                if amount == 0:
                    del book[price]
            keep = sorted(book, reverse=name == "bids")[:depth]
            for price in set(book) - set(keep):
                del book[price]
        bids = sorted(sides["bids"].items(), reverse=True)
        asks = sorted(sides["asks"].items())
        assert checksum(None, bids, asks) == row["checksum"], f"frame {count}"
        count += 1
    return count


def test_checksums():
    """The checksum function gives what was recorded, frame by frame."""
    folder, count = os.path.join(FIXTURES, "book"), 0
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".jsonl"):
            continue
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            rows = [json.loads(line, parse_float=Decimal, parse_int=Decimal) for line in file]
        count += replay(rows[1:], int(rows[0]["price_precision"]),
                        int(rows[0]["qty_precision"]), int(rows[0]["depth"]))
    assert count > 500, count


def test_answers():
    """Answers have the members and kinds of the documented ones."""
    _, rest = make()
    call = Caller(rest)
    call.ok("AddOrder", pair="XBTUSD", type="buy", ordertype="market", volume="0.01")
    call.ok("AddOrder", pair="XBTUSD", type="buy", ordertype="limit", volume="0.01",
            price="30000")
    queries = {"Ticker": "XBTUSD", "OHLC": "XBTUSD", "Trades": "XBTUSD", "Depth": "XBTUSD"}
    args = {"AddOrder": dict(pair="XBTUSD", type="sell", ordertype="limit", volume="0.01",
                             price="90000"),
            "TradeVolume": {"pair": "XBTUSD"}, "CancelAllOrdersAfter": {"timeout": 60}}
    for entry in load("rest/doc_style_responses.json").values():
        name = entry["path"].rsplit("/", 1)[1]
        if name == "CancelOrder":
            order = call.ok("AddOrder", pair="XBTUSD", type="buy", ordertype="limit",
                            volume="0.01", price="31000")
            args[name] = {"txid": order["txid"][0]}
        if entry["private"]:
            got = call.ok(name, **args.get(name, {}))
        else:
            got = rest.public(name, {"pair": queries[name]} if name in queries else {}, "a")
        compare_result(name, entry["response"]["result"], got)


def compare_result(name, wanted, got):
    if name in ("OpenOrders", "TradesHistory"):
        inner = "open" if name == "OpenOrders" else "trades"
        same_shape(wanted[inner], got[inner], name, by_name=False)
    elif name in ("Assets", "Ticker", "OHLC", "Trades", "Depth", "AssetPairs", "Balance",
                  "BalanceEx"):
        if name == "BalanceEx":             # the recorded one has numbers where texts are usual
            assert set(next(iter(wanted.values()))) <= set(next(iter(got.values())))
            return
        if "last" in wanted:
            assert kind(wanted["last"]) == kind(got["last"]), name
        first, second = dict(wanted), dict(got)
        first.pop("last", None)
        second.pop("last", None)
        same_shape(next(iter(first.values())), next(iter(second.values())), name)
    elif name == "TradeVolume":
        assert set(wanted) <= set(got)
        same_shape(wanted["fees"], got["fees"], name, by_name=False)
    else:
        same_shape(wanted, got, name)


class Recorder:
    """Stands in for the wire: what would be sent is kept."""

    def __init__(self, hub, is_private=False):
        self.frames = []
        self.socket = Socket(hub, None, None, is_private)
        self.socket.send_text = lambda text: self.frames.append(json.loads(text))
        hub.sockets.add(self.socket)

    def ask(self, **request):
        self.socket.take(json.dumps(request))

    def of(self, channel, kind_=None):
        return [f for f in self.frames if f.get("channel") == channel and
                kind_ in (None, f.get("type"))]


def recorded_frames():
    frames = []
    for name in ("ws/frames.jsonl", "ws_v2/market.jsonl", "ws_v2/private.jsonl",
                 "ws_v2/methods.jsonl", "ws_v2/errors.jsonl", "ws_v2/admin.jsonl"):
        with open(os.path.join(FIXTURES, name), encoding="utf-8") as file:
            for line in file:
                frame = json.loads(line)
                if frame.get("dir") != "out":
                    frames.append(frame.get("frame", frame))
    return frames


def test_frames():
    """Frames have the members of recorded ones of the same channel and type."""
    exchange, _ = make()
    hub = Hub(exchange)
    public, private = Recorder(hub), Recorder(hub, is_private=True)
    exchange.tokens["t"] = (exchange.keys["k"], T0_US + 900 * US)
    for channel in ("ticker", "trade", "ohlc", "book"):
        public.ask(method="subscribe", params={"channel": channel, "symbol": ["BTC/USD"]},
                   req_id=1)
    public.ask(method="subscribe", params={"channel": "instrument"}, req_id=2)
    public.ask(method="ping", req_id=3)
    assert [f for f in public.frames if f.get("method") == "pong" and f["req_id"] == 3]
    for channel in ("executions", "balances"):
        private.ask(method="subscribe", params={"channel": channel, "token": "t"}, req_id=4)
    pair = exchange.find_pair("XBTUSD")
    exchange.market_trade(pair, pair.last + 10 * pair.tick, 1000 * pair.lot_unit, "b")
    order = exchange.add(exchange.keys["k"], dict(pair="XBTUSD", type="buy", volume="0.01",
                                                  ordertype="limit", price="30000"))
    exchange.cancel(exchange.keys["k"], order)
    exchange.add(exchange.keys["k"], dict(pair="XBTUSD", type="buy", volume="0.01",
                                          ordertype="market"))
    exchange.set_system("post_only")
    exchange.clock.advance_to(exchange.clock.now_us + 3 * US)
    compare_frames(public.frames + private.frames)


def compare_frames(frames):
    seen = set()
    for wanted in recorded_frames():
        channel, type_ = wanted.get("channel"), wanted.get("type")
        if channel == "level3":
            continue
        if channel is None:
            compare_answer(wanted, frames, seen)
            continue
        mine = [f for f in frames if f.get("channel") == channel and f.get("type") == type_]
        if mine and channel != "instrument":
            compare_rows(wanted, mine, channel)
            seen.add((channel, type_))
    for place in (("ticker", "update"), ("trade", "update"), ("ohlc", "update"),
                  ("book", "update"), ("book", "snapshot"), ("executions", "update"),
                  ("balances", "snapshot"), ("balances", "update"), ("status", "update"),
                  ("heartbeat", None), ("pong", None), ("subscribe", None)):
        assert place in seen, f"no frame of {place}"


def compare_answer(wanted, frames, seen):
    """An answer to a request of ours; those of orders over the socket are not played."""
    for mine in frames:
        if (mine.get("method") == wanted.get("method") is not None and
                mine.get("success") == wanted.get("success")):
            missing = set(wanted) - set(mine) - OPTIONAL
            assert not missing, (wanted["method"], missing)
            seen.add((wanted["method"], None))


def compare_rows(wanted, mine, channel):
    assert set(wanted) <= set(mine[0]) | {"timestamp"}, (channel, set(wanted) - set(mine[0]))
    for row in wanted.get("data", [])[:1]:
        like = [r for f in mine for r in f["data"]
                if r.get("exec_type") == row.get("exec_type")]
        if not like or channel == "status":
            continue
        missing = set(row) - set(like[0]) - OPTIONAL - {"triggers", "connection_id"}
        assert not missing, f"{channel} {row.get('exec_type')}: {missing}"
        for name in set(row) & set(like[0]):
            assert kind(row[name]) == kind(like[0][name]), f"{channel}.{name}"


def test_own_books_verify():
    """Updates lead a reader of nothing but frames to the checksum, at each depth."""
    exchange, _ = make()
    hub = Hub(exchange)
    pair = exchange.find_pair("XBTEUR")
    for depth in (10, 25):
        reader = Recorder(hub)
        reader.ask(method="subscribe", params={"channel": "book", "symbol": ["BTC/EUR"],
                                               "depth": depth})
        for i in range(200):
            price = pair.last + exchange.random.randint(-6, 6) * pair.tick
            exchange.market_trade(pair, price, (1000 + i) * pair.lot_unit, "b")
        frames = json.loads(json.dumps(reader.of("book")), parse_float=Decimal)
        for frame in frames:
            for side in ("bids", "asks"):
                for level in frame["data"][0][side]:
                    level["price"] = Decimal(str(level["price"]))
                    level["qty"] = Decimal(str(level["qty"]))
        assert replay(frames, 1, 8, depth) > 100


def test_finer_pair():
    """More decimals than at the start: taken, shown, in the checksum; orders of before stay."""
    exchange, rest = make()
    call, pair = Caller(rest), exchange.find_pair("XBTEUR")
    old = call.ok("AddOrder", pair="XBTEUR", type="buy", ordertype="limit", volume="0.01",
                  price="30000.1")["txid"][0]
    finer = {"pair_decimals": 3, "tick_size": "0.005", "lot_decimals": 10}
    pair.change(finer)
    pair.bids, pair.asks = {}, {}
    exchange.rebuild_book(pair)
    descr = call.ok("OpenOrders")["open"][old]
    assert (descr["descr"]["price"], descr["vol"]) == ("30000.100", "0.0100000000"), descr
    for price, volume, text in (
            ("30000.015", "0.0123456789", None),
            ("30000.012", "0.01", "EOrder:Tick size check failed"),
            ("30000.0151", "0.01", "EOrder:Invalid price:XBTEUR price can only be specified up to "
             "3 decimals."),
            ("30000.015", "0.01234567891", "EGeneral:Invalid arguments:volume")):
        answer = call("AddOrder", pair="XBTEUR", type="buy", ordertype="limit", volume=volume,
                      price=price)
        assert answer["error"] == ([text] if text else []), answer
    reader = Recorder(Hub(exchange))
    reader.ask(method="subscribe", params={"channel": "book", "symbol": ["BTC/EUR"]})
    for i in range(50):
        exchange.market_trade(pair, pair.last + exchange.random.randint(-6, 6) * pair.tick,
                              (1000 + i) * pair.lot_unit, "b")
    frames = json.loads(json.dumps(reader.of("book")), parse_float=Decimal)
    for frame in frames:
        for level in frame["data"][0]["bids"] + frame["data"][0]["asks"]:
            level.update({name: Decimal(str(text)) for name, text in level.items()})
    assert replay(frames, 3, 10, 10) > 20
    try:
        pair.change({"lot_decimals": 13})
    except ValueError:
        assert pair.lot_rule == 10
    else:
        raise AssertionError("13 decimals of what is counted with 12")


def test_refusals():
    """Who may not, who asks too much, who sends nonsense: the exchange's own texts."""
    known = {case["error"] for case in load("errors.json")["cases"]}
    exchange, rest = make()
    call = Caller(rest)
    order = dict(pair="XBTEUR", type="buy", ordertype="limit", volume="0.001", price="50000")
    said = [call.refused("AddOrder", **{**order, "volume": "0.00001"}),
            call.refused("AddOrder", **{**order, "volume": "0.5"}),
            call.refused("AddOrder", **{**order, "pair": "NIXEUR"}),
            call.refused("CancelOrder", txid="OAAAAA-BBBBB-CCCCCC")]
    exchange.find_pair("XBTEUR").row["tick_size"] = "0.5"
    said.append(call.refused("AddOrder", **{**order, "price": "50000.1"}))
    exchange.set_system("cancel_only")
    said.append(call.refused("AddOrder", **order))
    exchange.set_system("post_only")
    said.append(call.refused("AddOrder", **order))
    exchange.set_system("online")
    exchange.keys["k"].permissions.remove("query-funds")
    said.append(call.refused("Balance"))
    call.nonce -= 1
    said.append(call.refused("OpenOrders"))
    said.append(call.send("/0/private/Balance", "99", b"nonce=99",
                          base64.b64encode(b"y").decode())["error"][0])
    for text in said:
        assert text in known, f"{text} is no text of the exchange"
    assert len(set(said)) == len(said), said
    assert call.refused("AddOrder", **order, deadline=iso(exchange.clock.now_us - US)) == \
        "EService:Deadline elapsed"
    assert not exchange.orders


def test_limits():
    """Counters refuse when they are full and let go as they decay; a lockout is prolonged."""
    exchange, rest = make()
    exchange.keys["k"].permissions.append("query-funds")
    call = Caller(rest)
    for _ in range(20):
        call.ok("Balance")
    assert call.refused("Balance") == "EAPI:Rate limit exceeded"
    exchange.clock.advance_to(exchange.clock.now_us + 1 * US)
    call.ok("Balance")
    for _ in range(5):
        answer = rest.answer("/0/private/Balance", {}, {"api-key": "no"}, b"nonce=1", "a")
        assert answer["error"] == ["EAPI:Invalid key"], answer
    exchange.clock.advance_to(exchange.clock.now_us + 800 * US)
    assert call.refused("Balance") == "EGeneral:Temporary lockout"
    exchange.clock.advance_to(exchange.clock.now_us + 800 * US)
    assert call.refused("Balance") == "EGeneral:Temporary lockout"
    exchange.clock.advance_to(exchange.clock.now_us + 901 * US)
    call.ok("Balance")


def test_ohlc():
    """720 rows and the running one; last names the newest finished; silent minutes are flat."""
    exchange, rest = make()
    pair = exchange.find_pair("XBTEUR")
    exchange.clock.advance_to(T0_US + 3600 * US)
    result = rest.public("OHLC", {"pair": "XBTEUR", "interval": "1"}, "a")
    rows, last = result[pair.id], result["last"]
    assert rows[-1][0] == last + 60 and rows[-2][0] == last
    flat = [row for row in rows if row[7] == 0]
    assert flat and all(row[1] == row[2] == row[3] == row[4] and row[6] == "0.00000000"
                        for row in flat)
    again = rest.public("OHLC", {"pair": "XBTEUR", "interval": "1", "since": str(last)}, "a")
    assert [row[0] for row in again[pair.id]] == [last, last + 60]


def test_trades_page():
    """Pages join without a gap or an overlap."""
    exchange, rest = make()
    pair, since, got = exchange.find_pair("XBTEUR"), "0", []
    while True:
        result = rest.public("Trades", {"pair": "XBTEUR", "since": since, "count": "100"}, "a")
        got += [row[6] for row in result[pair.id]]
        since = result["last"]
        if len(result[pair.id]) < 100:
            break
    assert got == [row[5] for row in pair.trades] and len(got) > 500


def test_triggers():
    """Stops fall, targets rise, a trailing stop follows; each once."""
    exchange, _ = make(level_amount="5")
    pair, key = exchange.find_pair("XBTEUR"), exchange.keys["k"]
    last, unit, little = pair.last, pair.price_unit, 1000 * pair.lot_unit

    def place(kind_, price):
        return exchange.add(key, dict(pair="XBTEUR", type="sell", volume="0.1", ordertype=kind_,
                                      price=price))
    stop = place("stop-loss", pair.price_text(last - 1000 * unit))
    target = place("take-profit", pair.price_text(last + 1000 * unit))
    trail = place("trailing-stop", "+" + pair.price_text(500 * unit))
    exchange.market_trade(pair, last + 900 * unit, little, "b")
    assert stop.is_open and target.is_open and trail.is_open
    exchange.market_trade(pair, last + 400 * unit, little, "s")
    assert trail.status == "closed" and stop.is_open and target.is_open
    exchange.market_trade(pair, last + 1000 * unit, little, "b")
    assert target.status == "closed" and stop.is_open
    exchange.market_trade(pair, last - 1001 * unit, little, "s")
    assert stop.status == "closed" and stop.filled == stop.amount


def test_money_is_kept():
    """Nothing comes from nowhere: balances, fees and trades add up after any orders."""
    exchange, rest = make(level_amount="0.01")
    call, draw = Caller(rest), exchange.random
    account, pair = exchange.accounts[0], exchange.find_pair("XBTEUR")
    start = dict(account.balances)
    for i in range(400):
        exchange.clock.advance_to(exchange.clock.now_us + draw.randint(1, 20) * US)
        price = pair.price_text(pair.last + draw.randint(-40, 40) * pair.price_unit)
        call("AddOrder", pair="XBTEUR", type=draw.choice(["buy", "sell"]), volume="0.004",
             ordertype=draw.choice(["market", "limit", "limit", "stop-loss"]), price=price,
             oflags=draw.choice(["", "fciq"]), timeinforce=draw.choice(["GTC", "GTC", "IOC"]))
        exchange.market_trade(pair, pair.last + draw.randint(-30, 30) * pair.price_unit,
                              300000 * pair.lot_unit, draw.choice("bs"))
        if i % 10 == 0:
            call("CancelAll")
        assert all(value >= 0 for value in account.balances.values())
        assert all(exchange.available(account, a) >= -1 for a in account.balances)
    bought = sum((1 if t["order"].side == "buy" else -1) * t["amount"]
                 for t in exchange.trades.values())
    paid = sum((1 if t["order"].side == "buy" else -1) * t["cost"] + t["fee"]
               for t in exchange.trades.values())
    assert len(exchange.trades) > 100
    assert account.balances["XXBT"] == start["XXBT"] + Decimal(bought).scaleb(-pair.lot_decimals)
    assert account.balances["ZEUR"] == start["ZEUR"] - paid


def read_book_rows(name):
    """Header, and the levels of each recorded frame with the checksum that came with it"""
    with open(os.path.join(FIXTURES, "book", name), encoding="utf-8") as file:
        head, *frames = [json.loads(line, parse_float=Decimal, parse_int=Decimal)
                         for line in file]

    def levels(row, side):
        return [[format(level["price"], "f"), format(level["qty"], "f")] for level in row[side]]
    rows = [frame["data"][0] for frame in frames]
    return head, [(levels(r, "bids"), levels(r, "asks"), r["checksum"]) for r in rows]


def test_recorded_book():
    """A recorded book, played again, has the recorded checksum after every frame."""
    exchange, _ = make()
    pair, hub = exchange.find_pair("XBTUSD"), Hub(exchange)
    head, rows = read_book_rows("btcusd_recorded_a.jsonl")
    begin_us = exchange.clock.now_us
    exchange.load_book(pair, int(head["depth"]), [[begin_us + i * US, bids, asks]
                                                  for i, (bids, asks, _) in enumerate(rows)])
    reader = Recorder(hub)
    reader.ask(method="subscribe", params={"channel": "book", "symbol": ["BTC/USD"]})
    for i, (_, _, wanted) in enumerate(rows):
        exchange.clock.advance_to(begin_us + i * US)
        levels = [pair.in_rule_units(side) for side in pair.levels([], 10)]
        assert checksum(pair, *levels) == wanted, f"frame {i}"
    assert reader.of("book")[-1]["data"][0]["checksum"] == rows[-1][2]
    assert len(reader.of("book", "update")) > 200


def test_recorded_book_trades():
    """Orders of ours take the recorded levels, and rest until the recorded market comes."""
    exchange, rest = make()
    call, pair = Caller(rest), exchange.find_pair("XBTUSD")
    now_us = exchange.clock.now_us
    exchange.load_book(pair, 10, [
        [now_us, [["60000.0", "1"]], [["60010.0", "0.02"], ["60020.0", "1"]]],
        [now_us + 5 * US, [], [["60005.0", "0.01"], ["60010.0", "0"]]],
        [now_us + 6 * US, [], [["60000.0", "0.01"]]]])
    call.ok("AddOrder", pair="XBTUSD", type="buy", ordertype="market", volume="0.03")
    assert [(t["price"], t["amount"]) for t in exchange.trades.values()] == \
        [(pair.to_price(price), pair.to_amount(amount))
         for price, amount in (("60010", "0.02"), ("60020", "0.01"))]
    own = call.ok("AddOrder", pair="XBTUSD", type="buy", ordertype="limit", volume="0.03",
                  price="60005")["txid"][0]
    order = exchange.orders[own]
    exchange.clock.advance_to(now_us + 4 * US)
    assert order.filled == 0
    exchange.clock.advance_to(now_us + 5 * US)
    assert order.filled == pair.to_amount("0.01") and order.is_open
    exchange.clock.advance_to(now_us + 6 * US)
    assert order.filled == pair.to_amount("0.02")
    trades = [exchange.trades[ident] for ident in order.trades]
    assert all(t["price"] == pair.to_price("60005") and t["liquidity"] == "m" for t in trades)
    assert exchange.is_balanced(exchange.accounts[0])


def test_book_eaten_up():
    """An order that takes the whole book ends as the rest is cancelled, and everybody is told."""
    exchange, rest = make(level_amount="0.0001", n_levels=3)
    reader, call, pair = Recorder(Hub(exchange)), Caller(rest), exchange.find_pair("XBTUSD")
    pair.asks.clear()
    exchange.rebuild_book(pair)
    for channel in ("ticker", "book"):
        reader.ask(method="subscribe", params={"channel": channel, "symbol": ["BTC/USD"]})
    txid = call.ok("AddOrder", pair="XBTUSD", type="buy", ordertype="market",
                   volume="0.01")["txid"][0]
    order = exchange.orders[txid]
    assert (order.status, order.reason) == ("canceled", "Market price protection")
    assert 0 < order.filled < order.amount and not pair.asks
    assert reader.of("ticker")[-1]["data"][0]["ask_qty"] == 0
    assert rest.public("Ticker", {"pair": "XBTUSD"}, "a")


def test_self_trade():
    """Nobody trades with himself: the newest goes, or the oldest, or both."""
    for kind_, wanted in ((None, "canceled open"), ("cancel-oldest", "open canceled"),
                          ("cancel-both", "canceled canceled")):
        exchange, rest = make(spread_ticks=2000)
        call, pair = Caller(rest), exchange.find_pair("XBTUSD")
        exchange.rebuild_book(pair)
        price = pair.price_text(pair.last)
        old = call.ok("AddOrder", pair="XBTUSD", type="sell", ordertype="limit", volume="0.01",
                      price=price)["txid"][0]
        new = call.ok("AddOrder", pair="XBTUSD", type="buy", ordertype="limit", volume="0.01",
                      price=price, **({"stptype": kind_} if kind_ else {}))["txid"][0]
        got = f"{exchange.orders[new].status} {exchange.orders[old].status}"
        assert got == wanted, (kind_, got)
        assert not exchange.trades


def test_conditional_close():
    """Each fill brings an order of its size on the other side."""
    exchange, rest = make()
    call, pair = Caller(rest), exchange.find_pair("XBTUSD")
    stop = pair.price_text(pair.last - 10000 * pair.price_unit)
    call.ok("AddOrder", pair="XBTUSD", type="buy", ordertype="market", volume="0.02",
            **{"close[ordertype]": "stop-loss", "close[price]": stop})
    exchange.clock.advance_to(exchange.clock.now_us + US)
    stops = [o for o in exchange.orders.values() if o.type == "stop-loss"]
    bought = sum(t["amount"] for t in exchange.trades.values())
    assert stops and all(o.side == "sell" and o.is_open for o in stops)
    assert sum(o.amount for o in stops) == bought == pair.to_amount("0.02")


def test_merged_takers():
    """What one order took from many levels is one trade, unless each is asked for."""
    exchange, rest = make(level_amount="0.01")
    call = Caller(rest)
    call.ok("AddOrder", pair="XBTUSD", type="buy", ordertype="market", volume="0.05")
    each = call.ok("TradesHistory", consolidate_taker="false")["trades"].values()
    whole = call.ok("TradesHistory")["trades"].values()
    assert len(each) > 1 and len(whole) == 1
    for name in ("vol", "cost", "fee"):
        assert sum(Decimal(t[name]) for t in each) == Decimal(next(iter(whole))[name]), name
    closed = call.ok("ClosedOrders", trades="true", consolidate_taker="false")["closed"]
    assert len(next(iter(closed.values()))["trades"]) == len(each)
    closed = call.ok("ClosedOrders", trades="true")["closed"]
    assert len(next(iter(closed.values()))["trades"]) == 1


def test_maintenance():
    """The whole cycle in its order, told to everybody who is connected, and at its end trade."""
    exchange, rest = make()
    reader = Recorder(Hub(exchange))
    reader.ask(method="subscribe", params={"channel": "ticker", "symbol": ["BTC/USD"]})
    exchange.maintain(60)
    exchange.clock.advance_to(exchange.clock.now_us + 150 * US)
    assert rest.public("SystemStatus", {}, "a")["status"] == "maintenance"
    exchange.clock.advance_to(exchange.clock.now_us + 200 * US)
    assert [f["data"][0]["system"] for f in reader.of("status")] == [
        "post_only", "cancel_only", "maintenance", "cancel_only", "post_only", "online"]
    Caller(rest).ok("AddOrder", pair="XBTUSD", type="buy", ordertype="market", volume="0.01")


class Wire:
    """The program itself behind a socket: faults are between the exchange and the client."""

    async def __aenter__(self):
        place = os.path.join(HERE, "fake-kraken.py")
        spec = importlib.util.spec_from_file_location("fake_kraken", place)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        self.fake = module.Fake(types.SimpleNamespace(now=T0_US / US, seed=1))
        self.fake.exchange.keys["k"] = Key("k", SECRET, self.fake.exchange.accounts[0],
                                           list(module.RIGHTS), tier="pro")
        self.server = await asyncio.start_server(self.fake.serve, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        self.nonce = 0
        await self.steer("walk", pair="XBTEUR", price=58000, until_s=1)
        return self

    async def __aexit__(self, *_):
        # calls that are held for ever end with the loop, and nobody needs to be told
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)
        self.server.close()

    async def send(self, path, body, headers=""):
        """What came until the server closed or the answer was whole; None when it was cut"""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(f"POST {path} HTTP/1.1\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
                     .encode() + body)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            size = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            return (await reader.readexactly(size)).decode()
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        finally:
            writer.close()

    async def steer(self, name, **args):
        answer = json.loads(await self.send(f"/fake/{name}", json.dumps(args).encode()))
        assert answer["ok"], answer
        return answer

    def sign(self, name, args):
        """Nonces are drawn when the request is made, not when it is sent"""
        self.nonce += 1
        body = urllib.parse.urlencode({"nonce": self.nonce, **args}).encode()
        path = f"/0/private/{name}"
        mac = hmac.new(base64.b64decode(SECRET), path.encode()
                       + hashlib.sha256(str(self.nonce).encode() + body).digest(), hashlib.sha512)
        return path, body, (f"API-Key: k\r\nAPI-Sign: "
                            f"{base64.b64encode(mac.digest()).decode()}\r\n")

    async def call(self, name, **args):
        return await self.send(*self.sign(name, args))


ORDER = dict(pair="XBTEUR", type="buy", ordertype="limit", volume="0.001", price="50000")


async def n_orders(wire):
    return len((await wire.steer("truth"))["orders"])


async def test_faults_of_answers():
    """Each fault does to the answer and to the books what it says, once."""
    wanted = {  # whether it was carried out, and what the client reads
        "drop_before": (0, None), "drop_after": (1, None), "html_before": (0, "<html>"),
        "html_after": (1, "<html>"), "error_before": (0, "EService:Busy"),
        "error_after": (1, "EService:Busy"), "cut": (1, None), "half": (1, '{"error"'),
        "slow": (1, "txid"), "wait": (1, "txid"), "twice": (1, "Invalid nonce"),
        "body": (1, ""), "strange": (1, "txid")}
    for name, (count, text) in wanted.items():
        async with Wire() as wire:
            await wire.steer("fault", call="AddOrder", do=name, text="EService:Busy" if "error"
                             in name else "", bytes=50, ms=1, code=520)
            got = await wire.call("AddOrder", **ORDER)
            assert await n_orders(wire) == count, name
            assert got == text if text is None else text in got, (name, got)
            if name == "half":
                assert "txid" not in got
            assert "txid" in await wire.call("AddOrder", **ORDER), f"{name} twice"
            assert (await wire.steer("clear"))["hits"] == [1]


async def test_faults_of_time():
    """Late is carried out later, unless the deadline is over; reordered comes behind the next."""
    for deadline, count in ({}, 1), ({"deadline": iso(T0_US + 10 * US)}, 0):
        async with Wire() as wire:
            await wire.steer("fault", call="AddOrder", do="late", s=30)
            task = asyncio.create_task(wire.call("AddOrder", **ORDER, **deadline))
            await asyncio.sleep(0.1)
            await wire.steer("advance", s=29)
            assert await n_orders(wire) == 0
            await wire.steer("advance", s=2)
            assert await n_orders(wire) == count
            said = (await wire.steer("log"))["requests"][-1][2]
            assert said == ("ok" if count else "EService:Deadline elapsed"), said
            task.cancel()
    async with Wire() as wire:
        await wire.steer("fault", call="AddOrder", do="reorder")
        task = asyncio.create_task(wire.call("AddOrder", **ORDER))
        await asyncio.sleep(0.1)
        assert "result" in await wire.call("OpenOrders")
        assert "EAPI:Invalid nonce" in await task
        assert await n_orders(wire) == 0


async def test_faults_of_cancels():
    """A cancel may lose against a fill, and may be promised before it is done."""
    async with Wire() as wire:
        first = json.loads(await wire.call("AddOrder", **ORDER))["result"]["txid"][0]
        await wire.steer("fault", call="CancelOrder", do="fill")
        assert "EOrder:Unknown order" in await wire.call("CancelOrder", txid=first)
        assert wire.fake.exchange.orders[first].status == "closed"
        second = json.loads(await wire.call("AddOrder", **ORDER))["result"]["txid"][0]
        await wire.steer("fault", call="CancelOrder", do="pending", s=2)
        assert '"pending":true' in await wire.call("CancelOrder", txid=second)
        assert wire.fake.exchange.orders[second].is_open
        await wire.steer("advance", s=2)
        assert wire.fake.exchange.orders[second].status == "canceled"
        assert (await wire.steer("truth"))["is_balanced"]


async def test_faults_of_connections():
    """Calls at once are throttled; a restart closes what is open, and tokens go when they shall."""
    async with Wire() as wire:
        await wire.steer("set", concurrent=1)
        await wire.steer("fault", call="BalanceEx", do="wait", ms=300)
        first = asyncio.create_task(wire.call("BalanceEx"))
        await asyncio.sleep(0.1)
        assert "EService:Throttled: " in await wire.call("OpenOrders")
        assert "XXBT" in await first
        assert "open" in await wire.call("OpenOrders")
        await wire.steer("fault", call="BalanceEx", do="hole_before")
        held = asyncio.create_task(wire.call("BalanceEx"))
        await asyncio.sleep(0.1)
        await wire.steer("token", token="t")
        await wire.steer("restart", sessions=True)
        assert await asyncio.wait_for(held, 5) is None
        assert "t" in wire.fake.exchange.tokens
        await wire.steer("restart", sessions=False)
        assert not wire.fake.exchange.tokens


def test_strange_answers():
    """The strange answer differs from the plain one in kinds and in members, never in values."""
    async def compare():
        async with Wire() as wire:
            await wire.call("AddOrder", **ORDER)
            plain = json.loads(await wire.call("OpenOrders"))
            await wire.steer("fault", call="OpenOrders", do="strange")
            strange = json.loads(await wire.call("OpenOrders"), parse_float=Decimal)
            rows = [next(iter(a["result"]["open"].values())) for a in (plain, strange)]
            assert "kw_unknown" in rows[1]
            assert kind(rows[0]["vol"]) == "str" and kind(rows[1]["opentm"]) == "str"
            assert Decimal(rows[0]["vol"]) == rows[1]["vol"]
            assert set(rows[1]) - set(rows[0]) == {"kw_unknown"}
    asyncio.run(compare())


def test_deadlines():
    """A dead man's switch fires once; GTD orders end; time texts are read back."""
    exchange, rest = make()
    call = Caller(rest)
    order = dict(pair="XBTEUR", type="buy", ordertype="limit", volume="0.001", price="40000")
    assert parse_iso(iso(T0_US + 123456)) == T0_US + 123456
    call.ok("AddOrder", **order, timeinforce="GTD", expiretm="+10")
    call.ok("AddOrder", **order)
    call.ok("CancelAllOrdersAfter", timeout=60)
    exchange.clock.advance_to(exchange.clock.now_us + 11 * US)
    assert sorted(o.status for o in exchange.orders.values()) == ["expired", "open"]
    exchange.clock.advance_to(exchange.clock.now_us + 60 * US)
    assert sorted(o.status for o in exchange.orders.values()) == ["canceled", "expired"]
    call.ok("AddOrder", **order)
    exchange.clock.advance_to(exchange.clock.now_us + 600 * US)
    assert sum(o.is_open for o in exchange.orders.values()) == 1


def test_lag():
    """Views may lag behind the engine, as they do in truth."""
    exchange, rest = make(lag_s=30)
    call = Caller(rest)
    call.ok("AddOrder", pair="XBTEUR", type="buy", ordertype="limit", volume="0.001",
            price="40000")
    assert call.ok("OpenOrders")["open"] == {}
    exchange.clock.advance_to(exchange.clock.now_us + 30 * US)
    assert len(call.ok("OpenOrders")["open"]) == 1


def main():
    tests = [(name[5:], test) for name, test in sorted(globals().items())
             if name.startswith("test_")]
    print(f"1..{len(tests)}")
    failed = False
    for number_, (name, test) in enumerate(tests, 1):
        try:
            result = test()
            if asyncio.iscoroutine(result):
                asyncio.run(result)
            print(f"ok {number_} {name}")
        except Exception as error:  # a failed assertion or a crash are the same to TAP
            failed = True
            print(f"not ok {number_} {name}\n# {type(error).__name__}: {error}")
            if os.environ.get("KW_TRACE"):
                raise
    sys.exit(failed)


main()
