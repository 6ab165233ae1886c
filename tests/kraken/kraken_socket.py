"""WebSocket v2 of the fake: frames on the wire, channels, subscriptions."""
import asyncio
import base64
import hashlib
import json
import re
import struct
import zlib

from kraken_pair import US
from kraken_rest import iso
from kraken_trading import CALLS

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
DEPTHS = (10, 25, 100, 500, 1000)
PUBLIC = ("ticker", "book", "trade", "ohlc", "instrument")
PRIVATE = ("executions", "balances")


MARK = "\x01"
MARKED = re.compile(r'"\\u0001([^"]*)"')


def number(text):
    """A JSON number with exactly these digits, trailing zeros kept"""
    return MARK + text


def to_json(message):
    return MARKED.sub(r"\1", json.dumps(message, separators=(",", ":")))


def accept_key(key):
    return base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()


def checksum(pair, bids, asks):
    """Over the ten best of each side; scaled integers are the tokens without leading zeros."""
    text = "".join(f"{p}{a}" for p, a in asks[:10]) + "".join(f"{p}{a}" for p, a in bids[:10])
    return zlib.crc32(text.encode())


class Socket:
    """One connection."""

    def __init__(self, hub, reader, writer, is_private):
        self.hub, self.exchange = hub, hub.exchange
        self.reader, self.writer = reader, writer
        self.is_private = is_private
        self.subscriptions = {}             # (channel, symbol) -> state
        self.is_silent = False              # nothing is sent any more
        self.is_deaf = False                # nothing is read any more
        self.has_data, self.has_heartbeat = True, True
        self.sent_us = self.heard_us = self.exchange.clock.now_us
        self.n_in = 0

    # -- wire --

    def write_frame(self, opcode, payload):
        size = len(payload)
        head = bytes([0x80 | opcode])
        if size < 126:
            head += bytes([size])
        elif size < 65536:
            head += bytes([126]) + struct.pack(">H", size)
        else:
            head += bytes([127]) + struct.pack(">Q", size)
        if not self.writer.is_closing():
            self.writer.write(head + payload)

    def send_text(self, text):
        if self.is_silent:
            return
        self.sent_us = self.exchange.clock.now_us
        self.write_frame(1, text.encode())

    def send(self, message):
        self.send_text(to_json(message))

    def close(self, code=1001):
        self.write_frame(8, struct.pack(">H", code))
        self.writer.close()
        self.hub.sockets.discard(self)

    async def read_frame(self):
        head = await self.reader.readexactly(2)
        opcode, size = head[0] & 15, head[1] & 127
        if size == 126:
            size = struct.unpack(">H", await self.reader.readexactly(2))[0]
        elif size == 127:
            size = struct.unpack(">Q", await self.reader.readexactly(8))[0]
        mask = await self.reader.readexactly(4) if head[1] & 128 else b"\0\0\0\0"
        data = await self.reader.readexactly(size)
        return opcode, bytes(b ^ mask[i % 4] for i, b in enumerate(data))

    async def run(self):
        self.send(self.hub.status())
        try:
            while True:
                opcode, data = await self.read_frame()
                if self.is_deaf:
                    continue
                self.heard_us = self.exchange.clock.now_us
                if opcode == 8:
                    self.close(1000)
                    return
                if opcode == 9:
                    self.write_frame(10, data)
                elif opcode in (1, 2):
                    self.take(data.decode())
        except (asyncio.IncompleteReadError, ConnectionError, UnicodeDecodeError):
            pass
        finally:
            self.hub.sockets.discard(self)
            self.writer.close()

    # -- requests --

    def reply(self, request, **fields):
        now = iso(self.exchange.clock.now_us)
        message = {"method": request.get("method"), "time_in": now, "time_out": now}
        if "req_id" in request:
            message["req_id"] = request["req_id"]
        self.send({**message, **fields})

    def fail(self, request, text, **fields):
        self.reply(request, success=False, error=text, **fields)

    def take(self, text):
        self.n_in += 1
        self.hub.log.append(text)
        if self.hub.max_messages and self.n_in > self.hub.max_messages:
            self.send({"Error": "Exceeded msg rate"})
            return
        try:
            request = json.loads(text)
            method = request["method"]
        except (ValueError, KeyError, TypeError):
            self.send({"error": "Malformed request", "success": False})
            return
        if method == "ping":
            self.reply({**request, "method": "pong"})
        elif method in ("subscribe", "unsubscribe"):
            self.change(request, method)
        elif method in CALLS and self.hub.trading is not None:
            self.hub.trading.take(self, text)
        else:
            self.fail(request, "EGeneral:Unknown method")

    def change(self, request, method):
        params = request.get("params", {})
        channel = params.get("channel")
        if channel in PRIVATE:
            self.change_private(request, method, channel, params)
        elif channel not in PUBLIC or self.is_private:
            self.fail(request, f"Channel {channel} not supported")
        elif channel == "instrument":
            self.set_subscription(request, method, (channel, None), {"channel": channel}, params)
        else:
            for symbol in params.get("symbol", []):
                self.change_symbol(request, method, channel, symbol, params)

    def change_symbol(self, request, method, channel, symbol, params):
        pair = self.hub.by_symbol(symbol)
        if pair is None:
            self.fail(request, f"Currency pair not supported {symbol}", symbol=symbol)
            return
        result = {"channel": channel, "symbol": symbol}
        if channel == "book":
            result["depth"] = params.get("depth", 10)
            if result["depth"] not in DEPTHS:
                self.fail(request, "Depth not supported", symbol=symbol)
                return
        if channel == "ohlc":
            result["interval"] = params.get("interval", 1)
            result["warnings"] = ["timestamp is deprecated, use interval_begin"]
        self.set_subscription(request, method, (channel, symbol), result, params)

    def change_private(self, request, method, channel, params):
        key, until_us = self.exchange.tokens.get(params.get("token"), (None, 0))
        is_held = any(place[0] in PRIVATE for place in self.subscriptions)
        if key is None or (until_us < self.exchange.clock.now_us and not is_held) or \
                not self.is_private:
            self.fail(request, "ESession:Invalid session", status="error")
            return
        result = {"channel": channel}
        if channel == "executions":
            result["maxratecount"] = {"starter": 60, "intermediate": 125, "pro": 180}[key.tier]
        params = {**params, "key": key}
        self.set_subscription(request, method, (channel, None), result, params)

    def set_subscription(self, request, method, place, result, params):
        if method == "unsubscribe":
            self.subscriptions.pop(place, None)
            self.reply(request, success=True, result=result)
            return
        has_snapshot = params.get("snapshot", True)
        state = {"params": params, "sequence": 0, "depth": result.get("depth"),
                 "interval": result.get("interval"), "key": params.get("key")}
        if place[0] not in PRIVATE:
            result["snapshot"] = has_snapshot
        self.reply(request, success=True, result=result)
        if self.hub.stall_next:
            self.hub.stall_next -= 1
            state["is_stalled"] = True
        self.subscriptions[place] = state
        if has_snapshot and not state.get("is_stalled"):
            self.hub.send_snapshot(self, place, state)


class Hub:
    """All connections, and what the exchange's news mean for each."""

    def __init__(self, exchange):
        self.exchange = exchange
        self.sockets = set()
        self.log = []
        self.trading = None                 # takes orders, when there is one
        self.stall_next = 0                 # subscriptions that are acked and never deliver
        self.max_messages = None
        self.corrupt = 0                    # checksums to spoil
        self.drop_reports = self.double_reports = 0
        self.attempts = []
        self.max_attempts = 150
        exchange.listeners.append(self.on_news)
        exchange.clock.call_at(exchange.clock.now_us + US, self.beat)

    def may_connect(self):
        now_us = self.exchange.clock.now_us
        self.attempts = [t for t in self.attempts if now_us - t < 600 * US] + [now_us]
        return len(self.attempts) <= self.max_attempts

    def by_symbol(self, symbol):
        for pair in self.exchange.pairs.values():
            if pair.symbol == symbol and pair.status != "delisted":
                return pair
        return None

    def status(self):
        return {"channel": "status", "type": "update", "data": [
            {"api_version": "v2", "connection_id": 13834774380200032777,
             "system": self.exchange.system, "version": "2.0.10"}]}

    def beat(self):
        now_us = self.exchange.clock.now_us
        for socket in list(self.sockets):
            if socket.subscriptions and socket.has_heartbeat and now_us - socket.sent_us >= US:
                socket.send({"channel": "heartbeat"})
            elif not socket.subscriptions and now_us - socket.heard_us >= 60 * US:
                socket.close(1000)
        self.exchange.clock.call_at(now_us + US, self.beat)

    def each(self, channel, symbol):
        for socket in list(self.sockets):
            state = socket.subscriptions.get((channel, symbol))
            if state is not None and socket.has_data and not state.get("is_stalled"):
                yield socket, state

    # -- snapshots --

    def send_snapshot(self, socket, place, state):
        channel, symbol = place
        pair = self.by_symbol(symbol) if symbol else None
        frame = {"channel": channel, "type": "snapshot"}
        if channel == "instrument":
            frame["data"] = self.instruments()
        elif channel == "executions":
            frame["data"] = self.execution_snapshot(state)
        elif channel == "balances":
            frame["data"] = self.balance_snapshot(state["key"].account)
        elif channel == "ticker":
            frame["data"] = [self.ticker(pair)]
        elif channel == "trade":
            frame["data"] = [self.trade(pair, row) for row in pair.trades[-50:]]
        elif channel == "ohlc":
            frame["data"] = self.candles(pair, state["interval"])
        else:
            self.send_book(socket, state, pair, "snapshot")
            return
        if channel in PRIVATE:
            state["sequence"] = frame["sequence"] = 1
        socket.send(frame)

    def instruments(self):
        assets = [{"id": row["code"], "status": "enabled", "precision": row["decimals"],
                   "precision_display": row["display_decimals"], "borrowable": True,
                   "collateral_value": 1.0, "margin_rate": 0.02}
                  for row in self.exchange.assets.values()]
        pairs = []
        for pair in self.exchange.pairs.values():
            pairs.append({
                "symbol": pair.symbol, "base": pair.symbol.split("/")[0],
                "quote": pair.symbol.split("/")[1], "status": pair.status,
                "qty_precision": pair.lot_rule, "price_precision": pair.price_rule,
                "qty_increment": number(pair.amount_text(pair.lot_unit)),
                "price_increment": number(pair.price_text(pair.tick)),
                "tick_size": number(pair.price_text(pair.tick)),
                "cost_precision": pair.cost_decimals,
                "cost_min": number(pair.row.get("costmin", "0")),
                "qty_min": number(pair.row["ordermin"]), "marginable": False, "has_index": True})
        return {"assets": assets, "pairs": pairs}

    def ticker(self, pair):
        bid, ask = pair.best(self.exchange.orders.values())
        last = number(pair.price_text(pair.last))
        return {"symbol": pair.symbol, "bid": number(pair.price_text(bid[0])),
                "bid_qty": number(pair.amount_text(bid[1])),
                "ask": number(pair.price_text(ask[0])),
                "ask_qty": number(pair.amount_text(ask[1])), "last": last,
                "volume": 1.0, "vwap": last, "low": last, "high": last, "change": 0.0,
                "change_pct": 0.0, "timestamp": iso(self.exchange.clock.now_us)}

    def trade(self, pair, row):
        return {"symbol": pair.symbol, "side": {"b": "buy", "s": "sell"}[row[3]],
                "price": number(pair.price_text(row[1])), "qty": number(pair.amount_text(row[2])),
                "ord_type": {"m": "market", "l": "limit"}[row[4]], "trade_id": row[5],
                "timestamp": iso(row[0])}

    def candle(self, pair, interval, row):
        begin_us = row[0] * US
        return {"symbol": pair.symbol, "open": number(row[1]), "high": number(row[2]),
                "low": number(row[3]), "close": number(row[4]), "trades": row[7],
                "volume": number(row[6]), "vwap": number(row[5]),
                "interval_begin": iso(begin_us)[:-1] + "000Z", "interval": interval,
                "timestamp": iso(begin_us + interval * 60 * US)}

    def candles(self, pair, interval):
        rows, _ = self.exchange.ohlc(pair, interval, 0)
        return [self.candle(pair, interval, row) for row in rows if row[7] > 0]

    # -- book --

    def send_book(self, socket, state, pair, kind):
        depth = state["depth"]
        sides = pair.levels(self.exchange.orders.values(), depth)
        old = state.get("sides", [[], []]) if kind == "update" else [[], []]
        changes = [self.difference(before, now, depth, sign)
                   for before, now, sign in zip(old, sides, (-1, 1))]
        if kind == "update" and not changes[0] and not changes[1]:
            return
        state["sides"] = sides

        socket.send_text(self.book_frame(pair, *sides, *changes, kind))

    def book_frame(self, pair, bids, asks, new_bids, new_asks, kind="update"):
        """The frame that leads to this book"""
        def rows(levels):
            return [{"price": number(pair.price_text(p)), "qty": number(pair.amount_text(a))}
                    for p, a in levels]
        crc = checksum(pair, *(pair.in_rule_units(levels[:10]) for levels in (bids, asks)))
        if self.corrupt > 0:
            self.corrupt -= 1
            crc ^= 1
        data = {"symbol": pair.symbol, "bids": rows(new_bids), "asks": rows(new_asks),
                "checksum": crc, "timestamp": iso(self.exchange.clock.now_us)}
        return to_json({"channel": "book", "type": kind, "data": [data]})

    @staticmethod
    def difference(before, now, depth, sign):
        old, new = dict(before), dict(now)
        worst = max((sign * p for p in new), default=None) if len(new) == depth else None
        changes = [(p, 0) for p in old
                   if p not in new and (worst is None or sign * p <= worst)]
        return changes + [(p, a) for p, a in now if old.get(p) != a]

    # -- private --

    def report(self, order, kind):
        pair = order.pair
        status = {"pending_new": "pending_new", "canceled": "canceled", "expired": "expired",
                  "filled": "filled"}.get(
                      kind, "partially_filled" if order.filled else "new")
        row = {"order_id": order.id, "exec_type": kind, "order_status": status,
               "order_userref": order.userref, "timestamp": iso(self.exchange.clock.now_us)}
        if order.client_id:
            row["cl_ord_id"] = order.client_id
        if kind == "pending_new":
            row.update(self.details(order))
        elif kind == "amended":
            row.update(order_qty=number(pair.amount_text(order.amount)), amended=True,
                       reason="User requested")
        elif kind in ("canceled", "expired", "filled"):
            row.update(cum_qty=number(pair.amount_text(order.filled)),
                       cum_cost=number(format(order.cost, "f")))
            if order.reason:
                row["reason"] = order.reason
        return row

    def details(self, order):
        pair = order.pair
        row = {"symbol": pair.symbol, "side": order.side, "order_type": order.type,
               "order_qty": number(pair.amount_text(order.amount)), "cum_cost": 0.0,
               "cum_qty": number(pair.amount_text(order.filled)), "time_in_force": order.tif,
               "fee_ccy_pref": "fciq"}
        if order.limit:
            row.update(limit_price=number(pair.price_text(order.limit)),
                       limit_price_type="static")
        if order.trigger:
            row["triggers"] = {"reference": "last", "price_type": "static",
                               "price": number(pair.price_text(order.trigger)),
                               "status": "triggered" if order.is_triggered else "untriggered"}
        return row

    def trade_report(self, trade):
        order, pair = trade["order"], trade["order"].pair
        quote = pair.symbol.split("/")[1]
        row = {"order_id": order.id, "order_userref": order.userref, "exec_id": trade["id"],
               "exec_type": "trade", "trade_id": trade["trade_id"], "symbol": pair.symbol,
               "side": order.side, "last_qty": number(pair.amount_text(trade["amount"])),
               "last_price": number(pair.price_text(trade["price"])),
               "liquidity_ind": trade["liquidity"], "cost": number(format(trade["cost"], "f")),
               "order_type": order.type, "timestamp": iso(trade["time_us"]),
               "order_status": "partially_filled",
               "cum_qty": number(pair.amount_text(order.filled)),
               "cum_cost": number(format(order.cost, "f")),
               "fees": [{"asset": quote, "qty": number(format(trade["fee"], "f"))}]}
        if order.client_id:
            row["cl_ord_id"] = order.client_id
        return row

    def execution_snapshot(self, state):
        account, params = state["key"].account, state["params"]
        rows = []
        if params.get("snap_trades"):
            mine = [t for t in self.exchange.trades.values() if t["order"].account is account]
            rows += [self.trade_report(t) for t in mine[-50:]]
        if params.get("snap_orders", True):
            for order in self.exchange.orders.values():
                if order.account is account and order.is_open:
                    rows.append({**self.report(order, "new"), **self.details(order)})
        return rows

    def balance_snapshot(self, account):
        return [{"asset": self.code(asset), "asset_class": "currency",
                 "balance": number(format(value, "f")),
                 "wallets": [{"type": "spot", "id": "main", "balance": number(format(value, "f"))}]}
                for asset, value in account.balances.items()]

    def code(self, asset):
        return self.exchange.codes.get(asset, asset)

    def send_private(self, channel, account, row):
        for socket, state in self.each(channel, None):
            if state["key"].account is not account:
                continue
            state["sequence"] += 1
            if channel == "executions" and self.drop_reports > 0:
                self.drop_reports -= 1
                continue
            frame = {"channel": channel, "type": "update", "data": [row],
                     "sequence": state["sequence"]}
            socket.send(frame)
            if channel == "executions" and self.double_reports > 0:
                self.double_reports -= 1
                state["sequence"] += 1
                socket.send({**frame, "sequence": state["sequence"]})

    # -- news --

    def on_news(self, kind, value):
        getattr(self, "on_" + kind)(value)

    def on_system(self, _):
        for socket in list(self.sockets):
            socket.send(self.status())

    def on_trade(self, value):
        pair, row = value
        for socket, _ in self.each("trade", pair.symbol):
            socket.send({"channel": "trade", "type": "update", "data": [self.trade(pair, row)]})
        for socket, state in self.each("ohlc", pair.symbol):
            rows, _ = self.exchange.ohlc(pair, state["interval"], self.exchange.clock.now_us // US)
            if rows and rows[-1][7] > 0:
                socket.send({"channel": "ohlc", "type": "update",
                             "timestamp": iso(self.exchange.clock.now_us),
                             "data": [self.candle(pair, state["interval"], rows[-1])]})
        for socket, _ in self.each("ticker", pair.symbol):
            socket.send({"channel": "ticker", "type": "update", "data": [self.ticker(pair)]})

    def on_book(self, pair):
        for socket, state in self.each("book", pair.symbol):
            self.send_book(socket, state, pair, "update")

    def on_instrument(self, _):
        for socket, _ in self.each("instrument", None):
            socket.send({"channel": "instrument", "type": "update", "data": self.instruments()})

    def on_order(self, value):
        order, kind = value
        self.send_private("executions", order.account, self.report(order, kind))

    def on_fill(self, trade):
        self.send_private("executions", trade["order"].account, self.trade_report(trade))

    def on_balance(self, value):
        account, asset, delta, ref = value
        self.send_private("balances", account, {
            "ledger_id": self.exchange.ident("L"), "ref_id": ref,
            "timestamp": iso(self.exchange.clock.now_us), "type": "trade",
            "asset": self.code(asset), "asset_class": "currency", "category": "trade",
            "wallet_type": "spot", "wallet_id": "main", "amount": number(format(delta, "f")),
            "fee": 0.0, "balance": number(format(account.balances[asset], "f"))})
