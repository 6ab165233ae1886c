#!/usr/bin/env python3
"""Orders over the fake's WebSocket, judged by recorded and documented frames alone."""
import asyncio
import importlib.util
import json
import os
import sys
import types

from kraken_pair import US
from kraken_rest import iso
from kraken_socket import Socket

HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURES = os.path.join(HERE, "..", "fixtures", "kraken")
T0_US = 1_767_225_600 * US
ORDER = ('"order_type":"limit","side":"buy","symbol":"BTC/EUR","order_qty":0.00100000,'
         '"limit_price":50000.0,"cl_ord_id":"kw1","fee_preference":"quote"')


class Wire:
    """A fake without a network: what it sends over one private socket is kept."""

    def __init__(self, is_private=True):
        spec = importlib.util.spec_from_file_location(
            "fake_kraken", os.path.join(HERE, "fake-kraken.py"))
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        self.fake = module.Fake(types.SimpleNamespace(now=T0_US / US, seed=1))
        self.exchange = self.fake.exchange
        self.key = next(iter(self.exchange.keys.values()))
        self.exchange.tokens["t"] = (self.key, T0_US + 900 * US)
        self.exchange.walk(self.exchange.find_pair("XBTEUR"), 58000, 20, 0.0005, 3600, until_s=1)
        self.frames, self.texts, self.aborted = [], [], 0
        writer = types.SimpleNamespace(transport=types.SimpleNamespace(abort=self.abort))
        self.socket = Socket(self.fake.hub, None, writer, is_private)
        self.socket.send_text = self.keep
        self.fake.hub.sockets.add(self.socket)

    def abort(self):
        self.aborted += 1

    def keep(self, text):
        self.texts.append(text)
        try:
            self.frames.append(json.loads(text))
        except ValueError:
            pass

    def ask(self, method, params, token="t", req_id=7):
        """The answers to this very request, so far"""
        self.socket.take(f'{{"method":"{method}","params":{{{params},"token":"{token}"}},'
                         f'"req_id":{req_id}}}')
        return self.answers(req_id)

    def answers(self, req_id=7):
        return [f for f in self.frames if f.get("req_id") == req_id]

    def said(self, method, params, **args):
        return self.ask(method, params, **args)[-1].get("error", "ok")

    def orders(self):
        return list(self.exchange.orders.values())

    def fault(self, **args):
        self.fake.steer_fault(args)


def recorded(method, is_success):
    for name in ("ws_v2/methods.jsonl", "ws_v2/errors.jsonl", "ws/frames.jsonl"):
        with open(os.path.join(FIXTURES, name), encoding="utf-8") as file:
            for line in file:
                frame = json.loads(line)
                if frame.get("dir") == "out":
                    continue
                frame = frame.get("frame", frame)
                if frame.get("method") == method and frame.get("success") is is_success:
                    yield frame


def test_answers_as_recorded():
    """Each kind of answer has the members and kinds of a recorded one."""
    wire = Wire()
    mine = {True: [], False: []}
    requests = [("add_order", ORDER),
                ("amend_order", '"cl_ord_id":"kw1","order_qty":0.002,"limit_price":50001.0'),
                ("cancel_order", '"cl_ord_id":["kw1"]'),
                ("add_order", ORDER.replace("0.00100000", "0.001,\"price\":1.0")),
                ("amend_order", '"cl_ord_id":"kw1","limit_price":1')]
    for number, (method, params) in enumerate(requests, 1):
        answer = wire.ask(method, params, req_id=number)
        assert len(answer) == 1, (method, answer)
        mine[answer[0]["success"]].append(answer[0])
    assert [len(mine[True]), len(mine[False])] == [3, 2], mine
    for is_success, answers in mine.items():
        for answer in answers:
            wanted = list(recorded(answer["method"], is_success))
            assert wanted, answer["method"]
            assert any(set(frame) - {"req_id"} <= set(answer) and
                       all(type(frame[name]) is type(answer[name])
                           for name in frame if name in answer) for frame in wanted), answer
    added = mine[True][0]["result"]
    assert set(added) == {"order_id", "cl_ord_id"} and added["cl_ord_id"] == "kw1"
    assert set(mine[True][1]["result"]) == {"amend_id", "cl_ord_id"}
    assert mine[True][2]["result"] == {"cl_ord_id": "kw1"}


def test_refusals_as_recorded():
    """The texts that were recorded, to the letter"""
    wire = Wire()
    texts = {frame["error"] for method in ("add_order", "amend_order")
             for frame in recorded(method, False)}
    said = [wire.said("add_order", ORDER + ',"price":1.0'),
            wire.said("amend_order", '"cl_ord_id":"kw1","limit_price":1,"order_qty":0.001')]
    wire.said("add_order", ORDER)
    said.append(wire.said("amend_order", '"cl_ord_id":"kw1","limit_price":1'))
    wire.key.permissions.remove("modify-trades")
    said.append(wire.said("add_order", ORDER.replace("kw1", "kw2")))
    assert said[0] == "Unsupported field: 'price' for the given msg type: add order"
    assert said[1] == "EOrder:Unknown order"
    assert said[2] == "Limit_price field must be a number_float"
    assert said[3] == "EGeneral:Permission denied"
    assert {said[0], said[2], said[3]} <= texts, (said, texts)
    wire.key.permissions.remove("close-trades")
    assert wire.said("cancel_order", '"cl_ord_id":["kw1"]') == "EGeneral:Permission denied"
    assert len(wire.orders()) == 1


def test_same_engine():
    """Matching, minima, funds, modes and counters are those of REST."""
    wire = Wire()
    assert wire.said("add_order", ORDER.replace("limit", "market", 1)
                     .replace('"limit_price":50000.0,', "")) == "ok"
    assert wire.orders()[0].status == "closed"
    for change, text in (
            (("0.00100000", "0.00000100"), "EOrder:Order minimum not met"),
            (("0.00100000", "1.5"), "EOrder:Insufficient funds"),
            (("50000.0", "50000.05"), "EOrder:Invalid price:XBTEUR price can only be specified "
             "up to 1 decimals."),
            (("BTC/EUR", "WWW/USD"), "Currency pair not supported WWW/USD"),
            (('"limit_price":50000.0', '"limit_price":59000.0,"post_only":true'),
             "EOrder:Post only order")):
        said = wire.said("add_order", ORDER.replace(*change).replace("kw1", "kw9"))
        assert said == text, (said, text)
    for status, text in (("cancel_only", "EService:Market in cancel_only mode"),
                         ("post_only", "EService:Market in post_only mode"),
                         ("maintenance", "EService:Unavailable")):
        wire.exchange.set_system(status)
        assert wire.said("add_order", ORDER.replace("kw1", "kw9")) == text
    wire.exchange.set_system("online")
    stop = ORDER.replace("limit", "stop-loss", 1).replace("buy", "sell").replace(
        '"limit_price":50000.0',
        '"triggers":{"reference":"last","price":50000.0,"price_type":"static"}')
    assert wire.said("add_order", stop) == "ok"
    order = wire.orders()[-1]
    assert (order.type, order.limit) == ("stop-loss", None)
    assert order.pair.price_text(order.trigger) == "50000.0"
    assert wire.said("amend_order", '"cl_ord_id":"kw1","trigger_price":51000.0') == "ok"
    assert order.pair.price_text(wire.orders()[-1].trigger) == "51000.0"
    for number in range(200):
        said = wire.said("add_order", ORDER.replace("kw1", f"kx{number}"))
    assert said == "EOrder:Rate limit exceeded", said


def test_sessions_and_deadlines():
    wire = Wire()
    assert wire.said("add_order", ORDER, token="x") == "ESession:Invalid session"
    assert Wire(is_private=False).said("add_order", ORDER) == "ESession:Invalid session"
    for shift_us, text in ((-US, "EService:Deadline elapsed"), (10 * US, "ok"),
                           (61 * US, "EGeneral:Invalid arguments:deadline")):
        said = wire.said("add_order", f'{ORDER.replace("kw1", f"kd{shift_us}")},'
                                      f'"deadline":"{iso(T0_US + shift_us)}"')
        assert said == text, said
    wire.exchange.clock.now_us += 901 * US
    assert wire.said("add_order", ORDER) == "ESession:Invalid session"
    log = [row[:1] + row[2:3] for row in wire.fake.log]
    assert log[0] == ["/socket/AddOrder", "ESession:Invalid session"]
    assert '"token"' not in json.dumps(wire.fake.log)


async def test_faults():
    """Each does to the books and to the answers what it says, once."""
    wanted = {  # orders there, answers, connections cut
        "drop_before": (0, 0, 1), "drop_after": (1, 0, 1), "cut": (1, 0, 1),
        "hole_before": (0, 0, 0), "hole_after": (1, 0, 0), "error_before": (0, 1, 0),
        "error_after": (1, 1, 0), "half": (1, 1, 0), "body": (1, 0, 0), "twice": (1, 2, 0),
        "wait": (1, 1, 0), "strange": (1, 1, 0)}
    for what, (n_orders, n_answers, n_cut) in wanted.items():
        for name in ("add_order", "AddOrder"):
            wire = Wire()
            wire.fault(call=name, do=what, text="EService:Busy", ms=1)
            wire.ask("add_order", ORDER)
            await asyncio.sleep(0.01)
            got = (len(wire.orders()), len(wire.answers()), wire.aborted)
            assert got == (n_orders, n_answers, n_cut), (what, got)
            if what == "half":
                assert "result" not in wire.answers()[0]
            if what == "body":
                assert wire.texts[-1] == "EService:Busy"
            assert wire.said("add_order", ORDER.replace("kw1", "kw2"), req_id=8) == "ok"


def test_late():
    """Carried out later, unless the deadline is over"""
    for deadline, count in ("", 1), (f',"deadline":"{iso(T0_US + 10 * US)}"', 0):
        wire = Wire()
        wire.fault(call="AddOrder", do="late", s=30)
        assert not wire.ask("add_order", ORDER + deadline)
        wire.exchange.clock.advance_to(T0_US + 31 * US)
        assert len(wire.orders()) == count and len(wire.answers()) == 1


def test_faults_of_cancels():
    wire = Wire()
    wire.ask("add_order", ORDER)
    wire.fault(call="CancelOrder", do="fill")
    assert wire.said("cancel_order", '"cl_ord_id":["kw1"]', req_id=8) == "EOrder:Unknown order"
    assert wire.orders()[0].status == "closed"
    wire.ask("add_order", ORDER.replace("kw1", "kw2"))
    wire.fault(call="CancelOrder", do="pending", s=2)
    assert wire.said("cancel_order", '"cl_ord_id":["kw2"]', req_id=9) == "ok"
    assert wire.orders()[1].status == "open"
    wire.exchange.clock.advance_to(T0_US + 3 * US)
    assert wire.orders()[1].status == "canceled"


def main():
    tests = [(name[5:], test) for name, test in sorted(globals().items())
             if name.startswith("test_")]
    print(f"1..{len(tests)}")
    failed = False
    for number, (name, test) in enumerate(tests, 1):
        try:
            result = test()
            if asyncio.iscoroutine(result):
                asyncio.run(result)
            print(f"ok {number} {name}")
        except Exception as error:  # a failed assertion or a crash are the same to TAP
            failed = True
            print(f"not ok {number} {name}\n# {type(error).__name__}: {error}")
            if os.environ.get("KW_TRACE"):
                raise
    sys.exit(failed)


main()
