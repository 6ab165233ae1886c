"""Time and one market of the fake: what is traded, and what strangers offer."""
import heapq
from decimal import ROUND_HALF_EVEN, Decimal

US = 1_000_000


class Refused(Exception):
    """An error in the exchange's own words."""


class Clock:
    """Virtual time. It stands still until it is moved, or follows the machine's clock."""

    def __init__(self, now_us):
        self.now_us = now_us
        self.events = []
        self.n_events = 0

    def call_at(self, due_us, func):
        self.n_events += 1
        heapq.heappush(self.events, (max(due_us, self.now_us), self.n_events, func))

    def advance_to(self, target_us):
        while self.events and self.events[0][0] <= target_us:
            due_us, _, func = heapq.heappop(self.events)
            self.now_us = max(self.now_us, due_us)
            func()
        self.now_us = max(self.now_us, target_us)


class Pair:
    """Counts in units finer by SPARE digits than its first decimals, for good: the exchange may
    ask for fewer later on, or allow more, as row says. What comes then has to fit, and what is
    shown of strangers does. Orders of before keep their digits: as many are shown as there ever
    were."""

    SPARE = 4

    def __init__(self, ident, row):
        self.id = ident
        self.row = row
        self.alt = row["altname"]
        self.base, self.quote = row["base"], row["quote"]
        self.symbol = row["symbol"]
        self.price_decimals = int(row["pair_decimals"]) + self.SPARE
        self.lot_decimals = int(row["lot_decimals"]) + self.SPARE
        self.price_shown, self.lot_shown = self.price_rule, self.lot_rule
        self.cost_decimals = int(row["cost_decimals"])
        self.status = row.get("status", "online")
        # market
        self.bids, self.asks = {}, {}       # price -> amount: strangers' orders
        self.last = 0
        self.trades = []                    # [time_us, price, amount, "b"/"s", "m"/"l", id]
        self.minutes = {}                   # minute -> [open, high, low, close, sum, volume, n]
        self.minute_keys = []
        self.revised = {}                   # minute -> close that OHLC tells from now on
        self.recorded_depth = 0             # of a recorded book; 0: strangers' orders are made up

    def change(self, row):
        new = {**self.row, **row}
        if int(new["pair_decimals"]) > self.price_decimals or \
                int(new["lot_decimals"]) > self.lot_decimals:
            raise ValueError(f"at most {self.SPARE} decimals more than at the start")
        self.row = new
        self.price_shown = max(self.price_shown, self.price_rule)
        self.lot_shown = max(self.lot_shown, self.lot_rule)

    @property
    def price_rule(self):
        return int(self.row["pair_decimals"])

    @property
    def lot_rule(self):
        return int(self.row["lot_decimals"])

    @property
    def price_unit(self):
        return 10 ** (self.price_decimals - self.price_rule)

    @property
    def lot_unit(self):
        return 10 ** (self.lot_decimals - self.lot_rule)

    @property
    def tick(self):
        return self.to_price(Decimal(self.row["tick_size"]))

    def to_price(self, value):
        scaled = Decimal(value).scaleb(self.price_rule)
        if scaled != scaled.to_integral_value():
            raise Refused("EOrder:Invalid price:%s price can only be specified up to %d decimals."
                          % (self.alt, self.price_rule))
        return int(scaled) * self.price_unit

    def to_amount(self, value):
        scaled = Decimal(value).scaleb(self.lot_rule)
        if scaled != scaled.to_integral_value():
            raise Refused("EGeneral:Invalid arguments:volume")
        return int(scaled) * self.lot_unit

    @staticmethod
    def text(number, decimals, shown):
        """What is finer than the digits shown, a mean for instance, is cut off."""
        return format(Decimal(number // 10 ** (decimals - shown)).scaleb(-shown), f".{shown}f")

    def price_text(self, price):
        return self.text(price, self.price_decimals, self.price_shown)

    def amount_text(self, amount):
        return self.text(amount, self.lot_decimals, self.lot_shown)

    def cost(self, price, amount):
        exact = Decimal(price) * amount
        return exact.scaleb(-self.price_decimals - self.lot_decimals)

    def round_cost(self, value):
        return value.quantize(Decimal(1).scaleb(-self.cost_decimals), ROUND_HALF_EVEN)

    def levels(self, orders, depth):
        """Strangers' and own orders as the world sees them: ([bids], [asks]), best first."""
        sides = []
        for side, book, sign in (("buy", self.bids, -1), ("sell", self.asks, 1)):
            merged = dict(book)
            for order in orders:
                if order.pair is self and order.side == side and order.is_resting:
                    merged[order.limit] = merged.get(order.limit, 0) + order.rest
            merged = {price: amount - amount % self.lot_unit for price, amount in merged.items()
                      if amount >= self.lot_unit}
            sides.append(sorted(merged.items(), key=lambda level: sign * level[0])[:depth])
        return sides

    def in_rule_units(self, levels):
        """As the checksum counts"""
        return [(price // self.price_unit, amount // self.lot_unit) for price, amount in levels]

    def best(self, orders):
        """((bid, amount), (ask, amount)); a side that was eaten up has the last price and nothing"""
        return [levels[0] if levels else (self.last, 0) for levels in self.levels(orders, 1)]
