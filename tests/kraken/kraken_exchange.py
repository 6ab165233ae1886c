"""The fake's truth: market, accounts, matching. No network here.

Prices and amounts are integers in units of the pair's decimals, money is Decimal; nothing is a
float but random draws and the numbers that the exchange itself writes as JSON numbers.
"""
import bisect
import random
from decimal import ROUND_DOWN, Decimal

from kraken_pair import US, Clock, Pair, Refused

INTERVALS = (1, 5, 15, 30, 60, 240, 1440, 10080, 21600)
TRIGGERED = ("stop-loss", "take-profit", "stop-loss-limit", "take-profit-limit",
             "trailing-stop")
TYPES = ("market", "limit") + TRIGGERED
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


class Key:
    def __init__(self, name, secret, account, permissions, window=0, tier="intermediate"):
        self.name, self.secret, self.account = name, secret, account
        self.permissions = list(permissions)
        self.window = window
        self.tier = tier
        self.last_nonce = 0
        self.used = []
        self.counter, self.counter_us = 0.0, 0
        self.is_revoked = False
        self.valid_until = 0
        self.ip_allowlist = ["127.0.0.1"]

    def take_nonce(self, nonce):
        floor = self.last_nonce - self.window
        if nonce <= floor or nonce in self.used or (self.window == 0 and nonce <= self.last_nonce):
            raise Refused("EAPI:Invalid nonce")
        self.used = [n for n in self.used if n > floor][-1000:] + [nonce]
        self.last_nonce = max(self.last_nonce, nonce)


class Account:
    def __init__(self, balances, taker="0.40", maker="0.25"):
        self.balances = {asset: Decimal(value) for asset, value in balances.items()}
        self.taker, self.maker = Decimal(taker), Decimal(maker)
        self.fees_paid = {}
        self.engine = {}                    # pair id -> (count, time_us)
        self.cancel_all_at_us = 0
        self.start = dict(self.balances)    # and what was given or taken by hand since then
        self.history = []                   # (time_us, balances) after each change


class Order:
    def __init__(self, **fields):
        self.__dict__.update(fields)
        self.filled = 0
        self.cost = self.fee = Decimal(0)
        self.status = "open"
        self.reason = None
        self.closed_us = 0
        self.is_triggered = self.type not in TRIGGERED
        self.peak = None
        self.trades = []
        self.history = []
        self.amended_us = self.opened_us

    @property
    def rest(self):
        return self.amount - self.filled

    @property
    def is_open(self):
        return self.status == "open"

    @property
    def is_resting(self):
        return self.is_open and self.is_triggered and self.limit is not None

    def remember(self, now_us):
        copy = dict(self.__dict__)
        del copy["history"]
        copy["trades"] = list(self.trades)
        self.history.append((now_us, copy))

    def as_of(self, time_us):
        """The fields as they were, or None when it was not there yet."""
        at = bisect.bisect_right([entry[0] for entry in self.history], time_us)
        return self.history[at - 1][1] if at > 0 else None


class Exchange:
    def __init__(self, reference, now_us, seed=1):
        self.clock = Clock(now_us)
        self.random = random.Random(seed)
        self.assets = reference["assets"]
        self.pairs = {}
        for ident, row in reference["pairs"].items():
            self.pairs[ident] = Pair(ident, row)
        self.names = {}
        for pair in self.pairs.values():
            for name in (pair.id, pair.alt, pair.row.get("wsname"), pair.symbol):
                self.names.setdefault(name, pair)
        self.codes = {ident: row["code"] for ident, row in self.assets.items()}
        self.system = "online"
        self.keys = {}
        self.accounts = []
        self.orders = {}
        self.trades = {}
        self.tokens = {}
        self.next_trade_id = 40_000_000
        self.listeners = []                 # called with (kind, value)
        self.settings = {"lag_s": 0.0, "release_s": 0.0, "refuse_dust": True,
                         "spread_ticks": 2, "level_amount": "1.5", "level_worth": 0,
                         "n_levels": 120,
                         "drop_rest_below": 0}

    # -- news --

    def tell(self, kind, value):
        for listener in list(self.listeners):
            listener(kind, value)

    def ident(self, letter):
        def draw(count):
            return "".join(self.random.choice(ALPHABET) for _ in range(count))
        return f"{letter}{draw(5)}-{draw(5)}-{draw(6)}"

    # -- market --

    def find_pair(self, name):
        pair = self.names.get(name)
        if pair is None:
            raise Refused("EQuery:Unknown asset pair")
        return pair

    def maintain(self, step_s):
        """One whole maintenance, as it is announced: a step each from now on"""
        for number, status in enumerate(("post_only", "cancel_only", "maintenance", "cancel_only",
                                         "post_only", "online")):
            self.clock.call_at(self.clock.now_us + int(number * step_s * US),
                               lambda s=status: self.set_system(s))

    def set_system(self, status):
        self.system = status
        self.tell("system", status)

    def record_trade(self, pair, time_us, price, amount, side, kind="m"):
        self.next_trade_id += 1
        row = [time_us, price, amount, side, kind, self.next_trade_id]
        pair.trades.append(row)
        pair.last = price
        minute = time_us // (60 * US)
        bar = pair.minutes.get(minute)
        if bar is None:
            pair.minutes[minute] = [price, price, price, price, price * amount, amount, 1]
            pair.minute_keys.append(minute)
        else:
            bar[1], bar[2], bar[3] = max(bar[1], price), min(bar[2], price), price
            bar[4] += price * amount
            bar[5] += amount
            bar[6] += 1
        return row

    def load_book(self, pair, depth, rows):
        """rows: [time_us, bids, asks], levels as [price, amount]; the first one is the whole"""
        pair.recorded_depth = depth
        for number, (time_us, *sides) in enumerate(rows):
            self.clock.call_at(time_us, lambda s=sides, whole=number == 0:
                               self.change_book(pair, s, whole))
        self.clock.advance_to(self.clock.now_us)

    def change_book(self, pair, sides, is_whole):
        """What falls out of the recorded depth is gone, as for everybody who reads the stream."""
        for book, levels, sign in ((pair.bids, sides[0], -1), (pair.asks, sides[1], 1)):
            if is_whole:
                book.clear()
            for price, amount in levels:
                book[pair.to_price(price)] = pair.to_amount(amount)
            kept = sorted((p for p in book if book[p] > 0), key=lambda p: sign * p)
            for price in set(book) - set(kept[:pair.recorded_depth]):
                del book[price]
        pair.last = pair.last or max(pair.bids, default=0)
        self.meet(pair)
        self.tell("book", pair)

    def meet(self, pair):
        """Strangers come to orders of ours that rest: these are filled at their own price."""
        resting = [o for o in self.orders.values() if o.pair is pair and o.is_resting]
        for order in sorted(resting, key=lambda o: o.amended_us):
            is_buy = order.side == "buy"
            book = pair.asks if is_buy else pair.bids
            while order.is_resting and self.crosses(order):
                best = min(book) if is_buy else max(book)
                part = min(order.rest, book[best])
                self.take_level(book, best, part)
                row = self.record_trade(pair, self.clock.now_us, order.limit, part,
                                        "s" if is_buy else "b", "l")
                self.fill(order, order.limit, part, "m", row[5])
                self.tell("trade", (pair, row))

    @staticmethod
    def take_level(book, price, amount):
        book[price] -= amount
        if book[price] == 0:
            del book[price]

    def rebuild_book(self, pair):
        """Strangers' liquidity round the last price: some levels change with every trade."""
        if pair.recorded_depth:
            return
        spread = max(1, self.settings["spread_ticks"]) * pair.tick
        best_bid = pair.last - spread // 2
        best_bid -= best_bid % pair.tick
        unit = pair.to_amount(Decimal(self.settings["level_amount"]))
        if self.settings["level_worth"]:    # in money: cheap coins have as deep a book as dear ones
            one = pair.cost(pair.last, 1)
            unit = int(Decimal(self.settings["level_worth"]) / one)
        for book, sign, best in ((pair.bids, -1, best_bid), (pair.asks, 1, best_bid + spread)):
            wanted = {best + sign * i * pair.tick for i in range(self.settings["n_levels"])}
            for price in [p for p in book if p not in wanted]:
                del book[price]
            for price in wanted:
                if price > 0 and (price not in book or self.random.random() < 0.02):
                    amount = int(unit * self.random.uniform(0.2, 2))
                    book[price] = max(pair.lot_unit, amount - amount % pair.lot_unit)

    def market_trade(self, pair, price, amount, side):
        """A trade among strangers: fills what rests at better prices, moves the price, triggers."""
        if self.system not in ("online",) or pair.status not in ("online", "limit_only"):
            return
        resting = [o for o in self.orders.values() if o.pair is pair and o.is_resting]
        resting.sort(key=lambda o: (-o.limit if o.side == "buy" else o.limit, o.amended_us))
        left = amount
        for order in resting:
            hit = order.side == "buy" and side == "s" and order.limit >= price
            hit = hit or (order.side == "sell" and side == "b" and order.limit <= price)
            if hit and left > 0 and order.is_open:
                part = min(left, order.rest)
                self.fill(order, order.limit, part, "m")
                left -= part
        row = self.record_trade(pair, self.clock.now_us, price, amount, side)
        self.rebuild_book(pair)
        self.tell("trade", (pair, row))
        self.check_triggers(pair)
        self.tell("book", pair)

    def load_trades(self, pair, rows):
        """rows: [time_us, price text, amount text, side]; the past is history, the rest happens"""
        for time_us, price, amount, side in rows:
            price, amount = pair.to_price(price), pair.to_amount(amount)
            if time_us <= self.clock.now_us:
                self.record_trade(pair, time_us, price, amount, side)
            else:
                self.clock.call_at(time_us, lambda p=price, a=amount, s=side:
                                   self.market_trade(pair, p, a, s))
        if pair.last:
            self.rebuild_book(pair)
            self.tell("book", pair)

    def walk(self, pair, price, per_minute, step_ratio, history_s, until_s=None):
        """A seeded random walk, from history_s ago on, for ever or until until_s from now."""
        state = {"price": float(price), "draw": random.Random(f"{pair.id} {price}")}
        draw = state["draw"]
        end_us = self.clock.now_us + int(until_s * US) if until_s else None

        def next_trade():
            state["price"] *= 1 + draw.gauss(0, step_ratio)
            ticks = max(1, round(Decimal(state["price"]).scaleb(pair.price_decimals)
                                 / pair.tick))
            amount = int(pair.to_amount("1") * draw.uniform(0.001, 0.5))
            amount = max(pair.lot_unit, amount - amount % pair.lot_unit)
            return ticks * pair.tick, amount, draw.choice("bs")

        def pause_us():
            return max(1, int(draw.expovariate(per_minute / 60) * US))

        time_us = self.clock.now_us - int(history_s * US)
        while time_us <= self.clock.now_us:
            price_, amount, side = next_trade()
            self.record_trade(pair, time_us, price_, amount, side)
            time_us += pause_us()
        self.rebuild_book(pair)

        def happen():
            self.market_trade(pair, *next_trade())
            due_us = self.clock.now_us + pause_us()
            if end_us is None or due_us <= end_us:
                self.clock.call_at(due_us, happen)
        self.clock.call_at(time_us, happen)

    def ohlc(self, pair, interval, since_s):
        """Rows of the last 720 intervals and the running one; silent ones are flat."""
        span = interval * 60 * US
        now = self.clock.now_us // span
        if not pair.minute_keys:
            return [], 0
        first = max(now - 720, pair.minute_keys[0] * 60 * US // span)
        at = bisect.bisect_left(pair.minute_keys, first * span // (60 * US))
        close = pair.minutes[pair.minute_keys[at - 1]][3] if at > 0 else None
        rows = []
        for index in range(first, now + 1):
            bars = []
            while at < len(pair.minute_keys) and pair.minute_keys[at] < (index + 1) * interval:
                bars.append(pair.minutes[pair.minute_keys[at]])
                at += 1
            if not bars and close is None:
                continue
            rows.append(self.ohlc_row(pair, index * interval * 60, bars, close))
            close = bars[-1][3] if bars else close
        last = rows[-2][0] if len(rows) > 1 else 0
        kept = [row for row in rows if row[0] >= since_s - interval * 60 + 1]
        return kept or rows[-1:], last

    def ohlc_row(self, pair, time_s, bars, close):
        if not bars:
            flat = pair.price_text(close)
            return [time_s, flat, flat, flat, flat, "0.0", "0.00000000", 0]
        volume = sum(bar[5] for bar in bars)
        vwap = sum(bar[4] for bar in bars) // volume
        end = pair.revised.get(time_s // 60, bars[-1][3])
        return [time_s, pair.price_text(bars[0][0]),
                pair.price_text(max([bar[1] for bar in bars] + [end])),
                pair.price_text(min([bar[2] for bar in bars] + [end])), pair.price_text(end),
                pair.price_text(vwap), pair.amount_text(volume), sum(bar[6] for bar in bars)]

    # -- accounts --

    def hold_of(self, account, asset):
        total = Decimal(0)
        for order in self.orders.values():
            if order.account is not account or not (order.is_open or self.is_releasing(order)):
                continue
            if order.side == "sell" and order.pair.base == asset:
                total += Decimal(order.rest).scaleb(-order.pair.lot_decimals)
            elif order.side == "buy" and order.pair.quote == asset and order.hold_price:
                cost = order.pair.cost(order.hold_price, order.rest)
                total += cost * (1 + account.taker / 100)
        return total

    def is_releasing(self, order):
        since_us = self.clock.now_us - order.closed_us
        return order.status == "canceled" and since_us < self.settings["release_s"] * US

    def available(self, account, asset):
        return account.balances.get(asset, Decimal(0)) - self.hold_of(account, asset)

    def change(self, account, asset, delta, ref):
        account.balances[asset] = account.balances.get(asset, Decimal(0)) + delta
        assert account.balances[asset] >= 0, f"balance of {asset} below zero"
        account.history.append((self.clock.now_us, dict(account.balances)))
        self.tell("balance", (account, asset, delta, ref))

    def is_balanced(self, account):
        """Whether all that an account has comes from its start and its trades"""
        expected = dict(account.start)
        for trade in self.trades.values():
            order = trade["order"]
            if order.account is account:
                sign = 1 if order.side == "buy" else -1
                base = Decimal(trade["amount"]).scaleb(-order.pair.lot_decimals)
                for asset, delta in ((order.pair.base, sign * base),
                                     (order.pair.quote, -sign * trade["cost"] - trade["fee"])):
                    expected[asset] = expected.get(asset, Decimal(0)) + delta
        return expected == account.balances

    # -- orders --

    def check_market(self, pair, order_type, flags):
        if self.system == "maintenance":
            raise Refused("EService:Unavailable")
        for status in (self.system, pair.status):
            if status == "cancel_only" or status in ("reduce_only", "delisted", "maintenance"):
                raise Refused(f"EService:Market in {status} mode")
            if status == "post_only" and "post" not in flags:
                raise Refused("EService:Market in post_only mode")
            if status == "limit_only" and order_type != "limit":
                raise Refused("EService:Market in limit_only mode")

    def count_engine(self, account, pair, tier, cost, is_refusable=True):
        limit, per_second = {"starter": (60, 1), "intermediate": (125, 2.34),
                             "pro": (180, 3.75)}[tier]
        count, time_us = account.engine.get(pair.id, (0.0, self.clock.now_us))
        count = max(0.0, count - (self.clock.now_us - time_us) / US * per_second)
        if is_refusable and count + cost > limit:
            account.engine[pair.id] = (count, self.clock.now_us)
            raise Refused("EOrder:Rate limit exceeded")
        account.engine[pair.id] = (count + cost, self.clock.now_us)

    def check_client_id(self, account, ident):
        plain = ident.replace("-", "")
        is_uuid = len(plain) == 32 and len(ident) in (32, 36) and \
            all(c in "0123456789abcdefABCDEF" for c in plain)
        if not is_uuid and not (0 < len(ident) <= 18 and ident.isascii()):
            raise Refused("EGeneral:Invalid arguments:cl_ord_id")
        if any(o.is_open and o.account is account and o.client_id == ident
               for o in self.orders.values()):
            raise Refused("EOrder:Client order id in use")

    def check_minima(self, pair, price, amount):
        if amount < pair.to_amount(pair.row["ordermin"]):
            raise Refused("EOrder:Order minimum not met")
        if price and pair.cost(price, amount) < Decimal(pair.row.get("costmin", "0")):
            raise Refused("EOrder:Cost minimum not met")

    def read_price(self, pair, text):
        price = pair.to_price(text)
        if price <= 0:
            raise Refused("EGeneral:Invalid arguments:price")
        if price % pair.tick != 0:
            raise Refused("EOrder:Tick size check failed")
        return price

    def build_order(self, key, args):
        pair = self.find_pair(args.get("pair", ""))
        order_type, side = args.get("ordertype", ""), args.get("type", "")
        flags = [flag for flag in args.get("oflags", "").split(",") if flag]
        if order_type not in TYPES or side not in ("buy", "sell"):
            raise Refused("EGeneral:Invalid arguments:ordertype")
        if "leverage" in args or "viqc" in flags:
            raise Refused("EGeneral:Invalid arguments")
        if "cl_ord_id" in args and "userref" in args:
            raise Refused("EGeneral:Invalid arguments:cl_ord_id and userref")
        if "post" in flags and order_type != "limit":
            raise Refused("EGeneral:Invalid arguments:post")
        self.check_market(pair, order_type, flags)
        try:
            amount = pair.to_amount(args.get("volume", ""))
        except ArithmeticError as error:
            raise Refused("EGeneral:Invalid arguments:volume") from error
        if "cl_ord_id" in args:
            self.check_client_id(key.account, args["cl_ord_id"])
        limit = trigger = None
        trail = None
        if order_type == "trailing-stop":
            if not args.get("price", "").startswith("+"):
                raise Refused("EGeneral:Invalid arguments:price")
            trail = self.read_price(pair, args["price"][1:])
        elif order_type != "market":
            first = self.read_price(pair, args.get("price", "0"))
            limit, trigger = (first, None) if order_type == "limit" else (None, first)
        if order_type.endswith("-limit"):
            limit = self.read_price(pair, args.get("price2", "0"))
        self.check_minima(pair, limit or trigger or pair.last, amount)
        return Order(id=self.ident("O"), account=key.account, pair=pair, side=side,
                     type=order_type, amount=amount, limit=limit, trigger=trigger, trail=trail,
                     client_id=args.get("cl_ord_id"), userref=int(args.get("userref", 0)),
                     flags=flags, tif=args.get("timeinforce", "GTC"),
                     expire_us=self.read_expiry(args), opened_us=self.clock.now_us,
                     hold_price=limit or (trigger if side == "buy" else None),
                     key=key, stp=self.read_stp(args),
                     close={name[6:-1]: value for name, value in args.items()
                            if name.startswith("close[")})

    @staticmethod
    def read_stp(args):
        kind = args.get("stptype", "cancel-newest")
        if kind not in ("cancel-newest", "cancel-oldest", "cancel-both"):
            raise Refused("EGeneral:Invalid arguments:stptype")
        return kind

    def read_expiry(self, args):
        if args.get("timeinforce") != "GTD":
            return 0
        text = args.get("expiretm", "0")
        seconds = float(text)
        span = seconds if text.startswith("+") else seconds - self.clock.now_us / US
        if not 5 <= span <= 31 * 86400:
            raise Refused("EGeneral:Invalid arguments:expiretm")
        return self.clock.now_us + int(span * US)

    def check_funds(self, order):
        pair, account = order.pair, order.account
        if order.side == "sell":
            needed = Decimal(order.amount).scaleb(-pair.lot_decimals)
            asset = pair.base
        else:
            price = order.hold_price or self.worst_ask(pair, order.amount)
            needed = pair.cost(price, order.amount) * (1 + account.taker / 100)
            asset = pair.quote
        if needed > self.available(account, asset):
            raise Refused("EOrder:Insufficient funds")

    def worst_ask(self, pair, amount):
        for price, size in sorted(pair.asks.items()):
            amount -= size
            if amount <= 0:
                return price
        return max(pair.asks, default=pair.last)

    def crosses(self, order):
        pair = order.pair
        if order.limit is None:
            return True
        if order.side == "buy":
            return bool(pair.asks) and min(pair.asks) <= order.limit
        return bool(pair.bids) and max(pair.bids) >= order.limit

    def add(self, key, args):
        """AddOrder behind its checks. Returns the order, or None for validate."""
        pair = self.find_pair(args.get("pair", ""))
        self.count_engine(key.account, pair, key.tier, 1)
        order = self.build_order(key, args)
        n_open = sum(o.is_open and o.pair is pair and o.account is key.account
                     for o in self.orders.values())
        if n_open >= {"starter": 60, "intermediate": 80, "pro": 225}[key.tier]:
            raise Refused("EOrder:Orders limit exceeded")
        self.check_funds(order)
        if args.get("validate") == "true":
            return None
        if "post" in order.flags and self.crosses(order):
            raise Refused("EOrder:Post only order")
        self.orders[order.id] = order
        order.remember(self.clock.now_us)
        self.tell("order", (order, "pending_new"))
        self.tell("order", (order, "new"))
        if order.expire_us:
            self.clock.call_at(order.expire_us, lambda: self.end(order, "expired", None))
        self.work(order)
        self.tell("book", pair)
        return order

    def work(self, order):
        """Matches against strangers' orders, then rests, waits or ends."""
        pair = order.pair
        if not order.is_triggered:
            order.peak = pair.last
            self.check_triggers(pair)
            return
        if order.tif == "FOK" and self.takable(order) < order.rest:
            self.end(order, "canceled", "Fill or kill")
            return
        book = pair.asks if order.side == "buy" else pair.bids
        first = None
        while order.is_open and (book or order.limit is not None):
            is_in_reach = self.crosses(order) and bool(book)
            best = (min(book) if order.side == "buy" else max(book)) if is_in_reach else None
            other = self.own_in_way(order, best or order.limit)
            if other is not None:
                self.prevent_self_trade(order, other)
                continue
            first = first or best
            if not is_in_reach or (order.limit is None and abs(best - first) > first // 10):
                break
            part = min(order.rest, book[best])
            if order.side == "buy":
                part = min(part, self.affordable(order, best))
            if part <= 0:
                break
            self.take_level(book, best, part)
            row = self.record_trade(pair, self.clock.now_us, best, part,
                                    "b" if order.side == "buy" else "s",
                                    "m" if order.limit is None else "l")
            self.fill(order, best, part, "t", row[5])
            self.tell("trade", (pair, row))
        if order.is_open and order.limit is None:
            self.end(order, "canceled", "Market price protection")
        elif order.is_open and order.tif == "IOC":
            self.end(order, "canceled", "Immediate or cancel")

    def own_in_way(self, order, price):
        """An order of the same account that this one would trade with at this price, or None"""
        sign = 1 if order.side == "buy" else -1
        rows = [o for o in self.orders.values() if o.pair is order.pair and o.is_resting and
                o.account is order.account and o.side != order.side and
                sign * o.limit <= sign * price]
        return min(rows, key=lambda o: (sign * o.limit, o.amended_us), default=None)

    def prevent_self_trade(self, order, other):
        if order.stp != "cancel-oldest":
            self.end(order, "canceled", "Self trade prevention")
        if order.stp != "cancel-newest":
            self.end(other, "canceled", "Self trade prevention")

    def add_close(self, order, amount):
        """The order that a fill of one with a conditional close brings; from then on its own"""
        side = "sell" if order.side == "buy" else "buy"
        try:
            self.add(order.key, {"pair": order.pair.alt, "type": side,
                                 "volume": order.pair.amount_text(amount), **order.close})
        except Refused:
            pass

    def takable(self, order):
        book = order.pair.asks if order.side == "buy" else order.pair.bids
        return sum(size for price, size in book.items() if order.limit is None or
                   (price <= order.limit if order.side == "buy" else price >= order.limit))

    def affordable(self, order, price):
        """What the money allows: own holds are free for this order."""
        held = order.pair.cost(order.hold_price, order.rest) * (1 + order.account.taker / 100) \
            if order.hold_price else Decimal(0)
        money = self.available(order.account, order.pair.quote) + held
        unit = order.pair.cost(price, 1) * (1 + order.account.taker / 100)
        if not unit:
            return order.rest
        amount = int((money / unit).to_integral_value(ROUND_DOWN))
        return amount - amount % order.pair.lot_unit

    def fill(self, order, price, amount, liquidity, trade_id=None):
        pair, account = order.pair, order.account
        rate = account.taker if liquidity == "t" else account.maker
        cost = pair.round_cost(pair.cost(price, amount))
        fee = pair.round_cost(cost * rate / 100)
        base = Decimal(amount).scaleb(-pair.lot_decimals)
        if trade_id is None:
            trade_id = self.next_trade_id = self.next_trade_id + 1
        trade = {"id": self.ident("T"), "order": order, "time_us": self.clock.now_us,
                 "price": price, "amount": amount, "cost": cost, "fee": fee,
                 "liquidity": liquidity, "trade_id": trade_id}
        self.trades[trade["id"]] = trade
        order.filled += amount
        order.cost += cost
        order.fee += fee
        order.trades.append(trade["id"])
        account.fees_paid[pair.quote] = account.fees_paid.get(pair.quote, Decimal(0)) + fee
        sign = 1 if order.side == "buy" else -1
        self.change(account, pair.base, sign * base, trade["id"])
        self.change(account, pair.quote, -sign * cost - fee, trade["id"])
        order.remember(self.clock.now_us)
        self.tell("fill", trade)
        if order.close:
            self.clock.call_at(self.clock.now_us, lambda: self.add_close(order, amount))
        if order.rest <= self.settings["drop_rest_below"]:
            reason = None if order.rest == 0 else "Insignificant volume remaining"
            self.end(order, "closed", reason)

    def end(self, order, status, reason):
        if not order.is_open:
            return
        order.status, order.reason = status, reason
        order.closed_us = self.clock.now_us
        order.remember(self.clock.now_us)
        self.tell("order", (order, {"closed": "filled"}.get(status, status)))
        self.tell("book", order.pair)

    def check_triggers(self, pair):
        if self.system != "online":
            return
        for order in list(self.orders.values()):
            if order.pair is not pair or not order.is_open or order.is_triggered:
                continue
            if self.is_reached(order):
                order.is_triggered = True
                order.remember(self.clock.now_us)
                self.tell("order", (order, "status"))
                self.work(order)

    def is_reached(self, order):
        last = order.pair.last
        if order.trail is not None:
            order.peak = max(order.peak, last) if order.side == "sell" else min(order.peak, last)
            return last <= order.peak - order.trail if order.side == "sell" else \
                last >= order.peak + order.trail
        falls = order.type.startswith("stop-loss") == (order.side == "sell")
        return last <= order.trigger if falls else last >= order.trigger

    def find_order(self, account, ident=None, client_id=None):
        for order in self.orders.values():
            if order.account is account and order.is_open and \
                    (order.id == ident if ident else order.client_id == client_id):
                return order
        raise Refused("EOrder:Unknown order")

    def age_cost(self, order, rows):
        age_s = (self.clock.now_us - order.amended_us) / US
        return next((cost for below, cost in rows if age_s < below), 0)

    def cancel(self, key, order, reason="User requested"):
        if self.system == "maintenance":
            raise Refused("EService:Unavailable")
        cost = self.age_cost(order, ((5, 8), (10, 6), (15, 5), (45, 4), (90, 2), (300, 1)))
        self.count_engine(key.account, order.pair, key.tier, cost)
        self.end(order, "canceled", reason)

    def amend(self, key, order, args):
        pair = order.pair
        self.check_market(pair, order.type, order.flags)
        cost = 1 + self.age_cost(order, ((5, 3), (10, 2), (15, 1)))
        self.count_engine(key.account, pair, key.tier, cost)
        changed = dict(amount=order.amount, limit=order.limit, trigger=order.trigger)
        if "order_qty" in args:
            changed["amount"] = pair.to_amount(args["order_qty"])
        if "limit_price" in args:
            changed["limit"] = self.read_price(pair, args["limit_price"])
        if "trigger_price" in args:
            if order.trigger is None or order.is_triggered:
                raise Refused("EGeneral:Invalid arguments:trigger_price")
            changed["trigger"] = self.read_price(pair, args["trigger_price"])
        self.check_minima(pair, changed["limit"] or changed["trigger"], changed["amount"])
        if order.side == "sell":
            more = Decimal(changed["amount"] - order.amount).scaleb(-pair.lot_decimals)
            if more > self.available(order.account, pair.base):
                raise Refused("EOrder:Insufficient funds")
        order.__dict__.update(changed)
        order.hold_price = order.limit or (order.trigger if order.side == "buy" else None)
        order.amended_us = self.clock.now_us
        order.remember(self.clock.now_us)
        self.tell("order", (order, "amended"))
        if order.rest <= 0:
            self.end(order, "canceled", "User requested")
        else:
            self.work(order)
        return self.ident("A")

    def cancel_all(self, account, reason="User requested"):
        orders = [o for o in self.orders.values() if o.is_open and o.account is account]
        for order in orders:
            self.end(order, "canceled", reason)
        return len(orders)

    def set_dead_man(self, account, timeout_s):
        due_us = self.clock.now_us + timeout_s * US if timeout_s else 0
        account.cancel_all_at_us = due_us

        def fire():
            if account.cancel_all_at_us == due_us:
                account.cancel_all_at_us = 0
                self.cancel_all(account, "Timeout")
        if due_us:
            self.clock.call_at(due_us, fire)
        return due_us
