"""REST of the fake: the exchange's answers, in the exchange's words."""
import base64
import datetime
import hashlib
import hmac
import json
import math
import urllib.parse
from decimal import Decimal

from kraken_exchange import INTERVALS
from kraken_pair import US, Refused

COSTS = {"AddOrder": 0, "CancelOrder": 0, "ClosedOrders": 2, "TradesHistory": 2, "QueryTrades": 2,
         "Ledgers": 2, "QueryLedgers": 2}
REST_LIMITS = {"starter": (15, 0.33), "intermediate": (20, 0.5), "pro": (20, 1)}
RIGHTS = {
    "Balance": ["query-funds"], "BalanceEx": ["query-funds"], "TradeBalance": ["query-funds"],
    "TradeVolume": ["query-funds"],
    "OpenOrders": ["query-open-trades"], "ClosedOrders": ["query-closed-trades"],
    "QueryOrders": ["query-open-trades", "query-closed-trades"],
    "TradesHistory": ["query-open-trades", "query-closed-trades"],
    "QueryTrades": ["query-open-trades", "query-closed-trades"],
    "AddOrder": ["modify-trades"], "AmendOrder": ["modify-trades"],
    "CancelOrder": ["close-trades"], "CancelAll": ["close-trades"],
    "CancelOrderBatch": ["close-trades"], "CancelAllOrdersAfter": ["close-trades"],
    "GetWebSocketsToken": ["create-ws-token"], "WithdrawMethods": ["withdraw-funds"],
    "GetApiKeyInfo": [],
}
PAGE = 50


def money(value, decimals=4):
    return format(value, f".{decimals}f")


def seconds(time_us):
    return round(time_us / US, 4)


def plain(time_us):
    return time_us // US


class Rest:
    def __init__(self, exchange):
        self.exchange = exchange
        self.public_calls = {}              # (address, name, pair) -> times
        self.public_limit = None            # calls a second, None = unlimited
        self.bad_keys = {}                  # address -> count
        self.lockout_until_us = 0
        self.max_bad_keys = 5

    def answer(self, path, query, headers, body, address):
        """The whole answer as an object; a refusal is an answer as well."""
        try:
            if path.startswith("/0/public/"):
                return {"error": [], "result": self.public(path[10:], query, address)}
            if path.startswith("/0/private/"):
                return {"error": [], "result": self.private(path, headers, body, address)}
            return {"error": ["EGeneral:Unknown method"]}
        except Refused as refusal:
            return {"error": [str(refusal)]}
        except (ValueError, ArithmeticError, KeyError):
            return {"error": ["EGeneral:Invalid arguments"]}

    # -- public --

    def public(self, name, query, address):
        exchange = self.exchange
        self.count_public(name, query, address)
        now_us = exchange.clock.now_us
        if name == "Time":
            return {"unixtime": plain(now_us), "rfc1123": rfc1123(now_us)}
        if name == "SystemStatus":
            return {"status": exchange.system, "timestamp": iso(now_us)[:19] + "Z"}
        if name == "Assets":
            return {ident: {k: v for k, v in row.items() if k != "code"}
                    for ident, row in exchange.assets.items()}
        if name == "AssetPairs":
            wanted = [exchange.find_pair(p) for p in query["pair"].split(",")] \
                if query.get("pair") else exchange.pairs.values()
            return {p.id: self.pair_row(p) for p in wanted if p.status != "delisted"}
        pair = exchange.find_pair(query.get("pair", ""))
        if pair.status == "delisted":
            raise Refused("EQuery:Unknown asset pair")
        return getattr(self, "public_" + name.lower(), self.unknown)(pair, query)

    def unknown(self, *_):
        raise Refused("EGeneral:Unknown method")

    def count_public(self, name, query, address):
        if self.public_limit is None:
            return
        place = (address, name, query.get("pair"))
        now_us = self.exchange.clock.now_us
        times = [t for t in self.public_calls.get(place, []) if now_us - t < US]
        if len(times) >= self.public_limit:
            raise Refused("EGeneral:Too many requests")
        self.public_calls[place] = times + [now_us]

    def pair_row(self, pair):
        row = {k: v for k, v in pair.row.items() if k != "symbol"}
        row["status"] = pair.status
        return row

    def public_ticker(self, pair, _):
        bid, ask = pair.best(self.exchange.orders.values())
        last = pair.price_text(pair.last)
        return {pair.id: {
            "a": [pair.price_text(ask[0]), "1", "1.000"],
            "b": [pair.price_text(bid[0]), "1", "1.000"],
            "c": [last, pair.amount_text(pair.trades[-1][2])], "v": ["0", "0"],
            "p": [last, last], "t": [1, 1], "l": [last, last], "h": [last, last], "o": last}}

    def public_ohlc(self, pair, query):
        interval = int(query.get("interval", 1))
        if interval not in INTERVALS:
            raise Refused("EGeneral:Invalid arguments")
        rows, last = self.exchange.ohlc(pair, interval, int(query.get("since", 0)))
        return {pair.id: rows, "last": last}

    def public_trades(self, pair, query):
        since = int(query.get("since", 0) or 0)
        since_ns = since * 1_000_000_000 if since < 10**12 else since
        count = min(int(query.get("count", 1000)), 1000)
        rows = pair.trades
        low, high = 0, len(rows)
        while low < high:                   # first row behind the id
            middle = (low + high) // 2
            if trade_ns(rows[middle]) <= since_ns:
                low = middle + 1
            else:
                high = middle
        page = rows[low:low + count]
        last = trade_ns(page[-1]) if page else max(since_ns, 10**18)
        return {pair.id: [[pair.price_text(r[1]), pair.amount_text(r[2]), r[0] / US, r[3], r[4], "",
                           r[5]] for r in page], "last": str(last)}

    def public_depth(self, pair, query):
        count = min(int(query.get("count", 100)), 500)
        bids, asks = pair.levels(self.exchange.orders.values(), count)
        now = plain(self.exchange.clock.now_us)

        def side(levels):
            return [[pair.price_text(p), pair.amount_text(a), now] for p, a in levels]
        return {pair.id: {"asks": side(asks), "bids": side(bids)}}

    def public_spread(self, pair, _):
        bid, ask = pair.best(self.exchange.orders.values())
        now = plain(self.exchange.clock.now_us)
        return {pair.id: [[now, pair.price_text(bid[0]), pair.price_text(ask[0])]],
                "last": now}

    # -- who asks --

    def private(self, path, headers, body, address):
        exchange, name = self.exchange, path[11:]
        now_us = exchange.clock.now_us
        if now_us < self.lockout_until_us:
            self.lockout_until_us = now_us + 900 * US
            raise Refused("EGeneral:Temporary lockout")
        key = exchange.keys.get(headers.get("api-key", ""))
        if key is None or key.is_revoked:
            self.count_bad_key(address)
            raise Refused("EAPI:Invalid key")
        args, nonce_text = read_body(headers, body)
        self.check_signature(key, path, nonce_text, body, headers)
        key.take_nonce(int(nonce_text))
        if name not in RIGHTS:
            raise Refused("EGeneral:Unknown method")
        if RIGHTS[name] and not set(RIGHTS[name]) & set(key.permissions):
            raise Refused("EGeneral:Permission denied")
        self.count_private(key, COSTS.get(name, 1))
        return getattr(self, "private_" + name.lower())(key, args)

    def count_bad_key(self, address):
        self.bad_keys[address] = self.bad_keys.get(address, 0) + 1
        if self.bad_keys[address] >= self.max_bad_keys:
            self.bad_keys[address] = 0
            self.lockout_until_us = self.exchange.clock.now_us + 900 * US

    def check_signature(self, key, path, nonce, body, headers):
        inner = hashlib.sha256(nonce.encode() + body).digest()
        mac = hmac.new(base64.b64decode(key.secret), path.encode() + inner, hashlib.sha512)
        if not hmac.compare_digest(base64.b64encode(mac.digest()).decode(),
                                   headers.get("api-sign", "")):
            raise Refused("EAPI:Invalid signature")

    def count_private(self, key, cost):
        limit, per_second = REST_LIMITS[key.tier]
        now_us = self.exchange.clock.now_us
        key.counter = max(0.0, key.counter - (now_us - key.counter_us) / US * per_second)
        key.counter_us = now_us
        if cost and key.counter + cost > limit:
            raise Refused("EAPI:Rate limit exceeded")
        key.counter += cost

    # -- account --

    def as_of_us(self):
        return self.exchange.clock.now_us - int(self.exchange.settings["lag_s"] * US)

    def balances(self, account):
        time_us, found = self.as_of_us(), None
        for changed_us, balances in account.history:
            if changed_us <= time_us:
                found = balances
        return found if found is not None else account.balances

    def decimals(self, asset):
        return self.exchange.assets.get(asset, {}).get("decimals", 10)

    def private_balance(self, key, _):
        return {a: money(v, self.decimals(a)) for a, v in self.balances(key.account).items()}

    def private_balanceex(self, key, _):
        return {a: {"balance": money(v, self.decimals(a)),
                    "hold_trade": money(self.exchange.hold_of(key.account, a), self.decimals(a))}
                for a, v in self.balances(key.account).items()}

    def private_tradebalance(self, key, _):
        total = money(key.account.balances.get("ZEUR", Decimal(0)))
        return {"eb": total, "tb": total, "m": "0.0000", "n": "0.0000", "c": "0.0000",
                "v": "0.0000", "e": total, "mf": total}

    def private_tradevolume(self, key, args):
        account = key.account

        def fee(value):
            return {"fee": money(value), "minfee": "0.0000", "maxfee": money(value),
                    "nextfee": None, "nextvolume": None, "tiervolume": "0.0000"}
        result = {"currency": "ZUSD", "volume": "0.0000"}
        if args.get("pair"):
            pairs = [self.exchange.find_pair(p) for p in args["pair"].split(",")]
            result["fees"] = {p.id: fee(account.taker) for p in pairs}
            result["fees_maker"] = {p.id: fee(account.maker) for p in pairs}
        return result

    def private_getwebsocketstoken(self, key, _):
        token = self.exchange.ident("W").replace("-", "") * 2
        self.exchange.tokens[token] = (key, self.exchange.clock.now_us + 900 * US)
        return {"token": token, "expires": 900}

    def private_getapikeyinfo(self, key, _):
        return {"api_key_name": key.name, "api_key": key.name, "nonce": str(key.last_nonce),
                "nonce_window": str(key.window), "permissions": list(key.permissions), "iban": "",
                "valid_until": str(key.valid_until), "query_from": "0", "query_to": "0",
                "created_time": "1522132642", "modified_time": "1618230358",
                "ip_allowlist": list(key.ip_allowlist), "last_used": "1774350056"}

    def private_withdrawmethods(self, _key, _args):
        return []

    # -- orders --

    def private_addorder(self, key, args):
        self.check_deadline(args)
        order = self.exchange.add(key, args)
        pair = self.exchange.find_pair(args["pair"])
        price = f" {args['price']}" if args.get("price") else ""
        descr = f"{args['type']} {args['volume']} {pair.alt} @ {args['ordertype']}{price}"
        result = {"descr": {"order": descr}}
        if order is not None:
            result["txid"] = [order.id]
        return result

    def check_deadline(self, args):
        if args.get("deadline") is None:
            return
        left_us = parse_iso(args["deadline"]) - self.exchange.clock.now_us
        if left_us > 60 * US:
            raise Refused("EGeneral:Invalid arguments:deadline")
        if left_us <= 0:
            raise Refused("EService:Deadline elapsed")

    def private_amendorder(self, key, args):
        self.check_deadline(args)
        order = self.exchange.find_order(key.account, args.get("txid"), args.get("cl_ord_id"))
        return {"amend_id": self.exchange.amend(key, order, args)}

    def private_cancelorder(self, key, args):
        order = self.exchange.find_order(key.account, args.get("txid"), args.get("cl_ord_id"))
        self.exchange.cancel(key, order)
        return {"count": 1}

    def private_cancelall(self, key, _):
        if self.exchange.system == "maintenance":
            raise Refused("EService:Unavailable")
        return {"count": self.exchange.cancel_all(key.account)}

    def private_cancelorderbatch(self, key, args):
        count = 0
        for field, name in (("orders", "txid"), ("cl_ord_ids", "cl_ord_id")):
            for value in args.get(field, []):
                try:
                    self.private_cancelorder(key, {name: value})
                    count += 1
                except Refused:
                    pass
        return {"count": count}

    def private_cancelallordersafter(self, key, args):
        due_us = self.exchange.set_dead_man(key.account, int(args["timeout"]))
        now_us = self.exchange.clock.now_us
        return {"currentTime": iso(now_us)[:19] + "Z",
                "triggerTime": iso(due_us)[:19] + "Z" if due_us else "0"}

    # -- views --

    def order_row(self, state, with_trades, is_merged_=False):
        pair = state["pair"]
        is_trigger = state["trigger"] is not None
        price = pair.price_text(state["trigger"] if is_trigger else state["limit"] or 0)
        price2 = pair.price_text(state["limit"]) if is_trigger and state["limit"] else "0"
        average = state["cost"] / Decimal(state["filled"]).scaleb(-pair.lot_decimals) \
            if state["filled"] else Decimal(0)
        name = f"{state['side']} {pair.amount_text(state['amount'])} {pair.alt} @ {state['type']}"
        row = {"refid": None, "userref": state["userref"], "status": state["status"],
               "opentm": seconds(state["opened_us"]), "starttm": 0,
               "expiretm": plain(state["expire_us"]),
               "descr": {"pair": pair.alt, "type": state["side"], "ordertype": state["type"],
                         "price": price, "price2": price2, "leverage": "none", "order": name,
                         "close": self.close_text(state["close"])},
               "vol": pair.amount_text(state["amount"]),
               "vol_exec": pair.amount_text(state["filled"]),
               "cost": money(state["cost"], pair.cost_decimals),
               "fee": money(state["fee"], pair.cost_decimals),
               "price": money(average, pair.price_shown + 1),
               "stopprice": price if is_trigger else "0.00000", "limitprice": "0.00000",
               "misc": "", "oflags": ",".join(state["flags"]) or "fciq", "trigger": "last"}
        if state["client_id"]:
            row["cl_ord_id"] = state["client_id"]
        if state["status"] != "open":
            row["reason"] = state["reason"]
            row["closetm"] = seconds(state["closed_us"])
        if with_trades and state["trades"]:
            trades = [self.exchange.trades[ident] for ident in state["trades"]]
            row["trades"] = [t["id"] for t in (merge_taker(trades) if is_merged_ else trades)]
        return row

    @staticmethod
    def close_text(close):
        if not close:
            return ""
        return f"close position @ {close.get('ordertype', '')} {close.get('price', '')}".strip()

    def states(self, account):
        time_us = self.as_of_us()
        orders = [o for o in self.exchange.orders.values() if o.account is account]
        found = [(o.id, o.as_of(time_us)) for o in orders]
        return [(ident, state) for ident, state in found if state is not None]

    def pick(self, key, args, is_open):
        rows = []
        for ident, state in self.states(key.account):
            if (state["status"] == "open") != is_open:
                continue
            if args.get("cl_ord_id") and state["client_id"] != args["cl_ord_id"]:
                continue
            if args.get("userref") and state["userref"] != int(args["userref"]):
                continue
            if not is_open and not self.is_in_range(state, args):
                continue
            rows.append((ident, state))
        return rows

    def is_in_range(self, state, args):
        times = [state["opened_us"], state["closed_us"]]
        wanted = {"open": times[:1], "close": times[1:]}.get(args.get("closetime"), times)
        start, end = float(args.get("start", 0)), float(args.get("end", math.inf))
        return any(start < t / US <= end for t in wanted)

    def private_openorders(self, key, args):
        with_trades = args.get("trades") == "true"
        return {"open": {i: self.order_row(s, with_trades) for i, s in self.pick(key, args, True)}}

    def private_closedorders(self, key, args):
        rows = self.pick(key, args, False)
        rows.sort(key=lambda row: -row[1]["closed_us"])
        offset = int(args.get("ofs", 0))
        with_trades = args.get("trades") == "true"
        page = rows[offset:offset + PAGE]
        return {"closed": {i: self.order_row(s, with_trades, is_merged(args)) for i, s in page},
                "count": len(rows)}

    def private_queryorders(self, key, args):
        wanted = args["txid"].split(",")
        with_trades = args.get("trades") == "true"
        if len(wanted) > 50:
            raise Refused("EGeneral:Invalid arguments")
        return {i: self.order_row(s, with_trades, is_merged(args))
                for i, s in self.states(key.account) if i in wanted}

    def trade_row(self, trade):
        order, pair = trade["order"], trade["order"].pair
        return {"ordertxid": order.id, "postxid": "TKH2SE-M7IF5-CFI7LT", "pair": pair.id,
                "time": seconds(trade["time_us"]), "type": order.side, "ordertype": order.type,
                "price": pair.price_text(trade["price"]),
                "cost": money(trade["cost"], pair.cost_decimals),
                "fee": money(trade["fee"], pair.cost_decimals),
                "vol": pair.amount_text(trade["amount"]), "margin": "0.00000", "misc": "",
                "leverage": "0", "trade_id": trade["trade_id"],
                "maker": trade["liquidity"] == "m"}

    def my_trades(self, key):
        limit_us = self.as_of_us()
        return [t for t in self.exchange.trades.values()
                if t["order"].account is key.account and t["time_us"] <= limit_us]

    def private_tradeshistory(self, key, args):
        start, end = float(args.get("start", 0)), float(args.get("end", math.inf))
        rows = [t for t in self.my_trades(key) if start < t["time_us"] / US <= end]
        if is_merged(args):
            rows = merge_taker(rows)
        rows.reverse()
        offset = int(args.get("ofs", 0))
        page = rows[offset:offset + PAGE]
        return {"trades": {t["id"]: self.trade_row(t) for t in page}, "count": len(rows)}

    def private_querytrades(self, key, args):
        wanted = args["txid"].split(",")
        return {t["id"]: self.trade_row(t) for t in self.my_trades(key) if t["id"] in wanted}


def trade_ns(row):
    """The id that "last" has: time in nanoseconds, made unique by the trade's number"""
    return row[0] * 1000 + row[5] % 1000


def read_body(headers, body):
    if headers.get("content-type", "").startswith("application/json"):
        args = json.loads(body)
    else:
        args = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
    if not str(args.get("nonce", "")).isdigit():
        raise Refused("EAPI:Invalid nonce")
    return args, str(args["nonce"])


def rfc1123(time_us):
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    at = datetime.datetime.fromtimestamp(time_us // US, datetime.timezone.utc)
    return f"{days[at.weekday()]}, {at:%d} {months[at.month - 1]} {at:%y %H:%M:%S} +0000"


def merge_taker(trades):
    """What one order took from many is told as one trade, unless the caller wants each"""
    merged = {}
    for trade in trades:
        place = trade["order"].id if trade["liquidity"] == "t" else trade["id"]
        whole = merged.setdefault(place, {**trade, "amount": 0, "cost": 0, "fee": 0, "sum": 0})
        whole["sum"] += trade["price"] * trade["amount"]
        for name in ("amount", "cost", "fee"):
            whole[name] += trade[name]
        whole["price"] = whole["sum"] // whole["amount"]
    return list(merged.values())


def is_merged(args):
    return args.get("consolidate_taker", "true") != "false"


def iso(time_us):
    start = datetime.datetime(1970, 1, 1)
    return (start + datetime.timedelta(microseconds=time_us)).isoformat(timespec="microseconds") \
        + "Z"


def parse_iso(text):
    stamp = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    start = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    return (stamp - start) // datetime.timedelta(microseconds=1)
