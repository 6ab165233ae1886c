"""Orders over the WebSocket v2 of the fake: the same engine, rights and faults as over REST."""
import asyncio
import json

from kraken_pair import US, Refused
from kraken_rest import RIGHTS

CALLS = {"add_order": "AddOrder", "amend_order": "AmendOrder", "cancel_order": "CancelOrder"}
FIELDS = {
    "add_order": {"order_type", "side", "symbol", "order_qty", "limit_price", "triggers",
                  "time_in_force", "post_only", "fee_preference", "cl_ord_id", "deadline",
                  "validate", "token"},
    "amend_order": {"order_id", "cl_ord_id", "order_qty", "limit_price", "trigger_price",
                    "deadline", "token"},
    "cancel_order": {"order_id", "cl_ord_id", "token"},
}


class Number(str):
    """A JSON number, by its digits"""


def decimals(params, name):
    """The digits of a number that has a fraction, as the exchange wants them"""
    value = params.get(name)
    if not isinstance(value, Number) or "." not in value:
        raise Refused(f"{name.capitalize()} field must be a number_float")
    return str(value)


class Trading:
    def __init__(self, fake):
        self.fake, self.exchange, self.rest = fake, fake.exchange, fake.rest

    # -- who asks for what --

    def key_of(self, socket, params):
        key, until_us = self.exchange.tokens.get(params.get("token"), (None, 0))
        is_held = any(state.get("key") is key for state in socket.subscriptions.values())
        if key is None or not socket.is_private or \
                (until_us < self.exchange.clock.now_us and not is_held):
            raise Refused("ESession:Invalid session")
        return key

    def run(self, socket, request):
        """The results, one for each order that is named; raises what the exchange says"""
        method, params = request["method"], request.get("params", {})
        unknown = sorted(set(params) - FIELDS[method])
        if unknown:
            kind = method.replace("_", " ")
            raise Refused(f"Unsupported field: '{unknown[0]}' for the given msg type: {kind}")
        key = self.key_of(socket, params)
        if key.is_revoked or not set(RIGHTS[CALLS[method]]) & set(key.permissions):
            raise Refused("EGeneral:Permission denied")
        self.rest.check_deadline(params)
        return getattr(self, method)(key, params)

    def add_order(self, key, params):
        pair = self.fake.hub.by_symbol(params.get("symbol"))
        if pair is None:
            raise Refused(f"Currency pair not supported {params.get('symbol')}")
        args = {"pair": pair.alt, "type": params.get("side", ""),
                "ordertype": params.get("order_type", ""),
                "volume": decimals(params, "order_qty"),
                "timeinforce": params.get("time_in_force", "gtc").upper(),
                "oflags": "fciq" if params.get("fee_preference") == "quote" else ""}
        if params.get("post_only"):
            args["oflags"] += ",post"
        if "limit_price" in params:
            args["price"] = decimals(params, "limit_price")
        if "triggers" in params:
            if params["triggers"].get("price_type", "static") != "static":
                raise Refused("EGeneral:Invalid arguments:price_type")
            args["price"] = decimals(params["triggers"], "price")
        if "cl_ord_id" in params:
            args["cl_ord_id"] = params["cl_ord_id"]
        order = self.exchange.add(key, {**args, "validate": str(params.get("validate")).lower()})
        result = {"order_id": order.id} if order is not None else {}
        if "cl_ord_id" in params:
            result["cl_ord_id"] = params["cl_ord_id"]
        return [result]

    def amend_order(self, key, params):
        order = self.exchange.find_order(key.account, params.get("order_id"),
                                         params.get("cl_ord_id"))
        args = {name: decimals(params, name)
                for name in ("order_qty", "limit_price", "trigger_price") if name in params}
        name = "order_id" if "order_id" in params else "cl_ord_id"
        return [{"amend_id": self.exchange.amend(key, order, args), name: params[name]}]

    def cancel_order(self, key, params):
        results = []
        for name in ("order_id", "cl_ord_id"):
            for value in params.get(name, []):
                order = self.exchange.find_order(key.account, **{
                    {"order_id": "ident"}.get(name, "client_id"): value})
                self.exchange.cancel(key, order)
                results.append({name: value})
        return results

    # -- answers, with faults --

    def note(self, request, said):
        params = {k: v for k, v in request.get("params", {}).items() if k != "token"}
        self.fake.log.append([f"/socket/{CALLS[request['method']]}", json.dumps(params), said,
                              self.exchange.clock.now_us])

    def execute(self, socket, request):
        """What the answers say; the log has the request and what became of it"""
        try:
            answers = [{"success": True, "result": result}
                       for result in self.run(socket, request)]
            self.note(request, "ok")
        except Refused as refusal:
            answers = [{"success": False, "error": str(refusal)}]
            self.note(request, str(refusal))
        return answers

    def take(self, socket, text):
        """One frame; numbers keep their digits"""
        request = json.loads(text, parse_float=Number, parse_int=Number)
        request["req_id"] = int(request.get("req_id", 0))
        fault = self.fake.take_fault(request["method"])
        if fault is None:
            fault = self.fake.take_fault(CALLS[request["method"]])
        if fault is None:
            self.answer(socket, request, self.execute(socket, request))
            return
        what = fault["do"].split("_")[0]
        if not hasattr(self, "fault_" + what):
            what = "wait"
        answers = None
        if fault["do"].endswith("_before"):
            self.note(request, fault["do"])
        elif what not in ("late", "fill", "pending"):
            answers = self.execute(socket, request)
        getattr(self, "fault_" + what)(fault, socket, request, answers)

    def answer(self, socket, request, answers):
        for answer in answers:
            socket.reply(request, **answer)

    def fault_drop(self, _fault, socket, _request, _answers):
        socket.writer.transport.abort()

    fault_cut = fault_drop

    def fault_hole(self, _fault, _socket, _request, _answers):
        pass

    def fault_error(self, fault, socket, request, _answers):
        if fault.get("unnumbered"):
            request = {"method": request["method"]}
        socket.fail(request, fault["text"])

    def fault_half(self, _fault, socket, request, _answers):
        """An answer that says neither yes nor no"""
        socket.reply(request, success=True)

    def fault_body(self, fault, socket, _request, _answers):
        socket.send_text(fault.get("text", ""))

    fault_html = fault_huge = fault_body

    def fault_twice(self, _fault, socket, request, answers):
        self.answer(socket, request, answers * 2)

    def fault_strange(self, _fault, socket, request, answers):
        for answer in answers:
            answer.setdefault("result", {})["kw_unknown"] = {"later": [1, None]}
        self.answer(socket, request, answers)

    def fault_wait(self, fault, socket, request, answers):
        asyncio.get_running_loop().call_later(fault.get("ms", 0) / 1000, self.answer, socket,
                                              request, answers)

    def fault_late(self, fault, socket, request, _answers):
        """Carried out, and answered, so many virtual seconds later"""
        due_us = self.exchange.clock.now_us + int(fault.get("s", 30) * US)
        self.exchange.clock.call_at(
            due_us, lambda: self.answer(socket, request, self.execute(socket, request)))

    def named_order(self, socket, request):
        params = request.get("params", {})
        try:
            return self.exchange.find_order(self.key_of(socket, params).account,
                                            None, params.get("cl_ord_id", [None])[0])
        except Refused:
            return None

    def fault_fill(self, _fault, socket, request, _answers):
        order = self.named_order(socket, request)
        if order is not None:
            self.exchange.fill(order, order.limit or order.pair.last, order.rest, "m")
        self.answer(socket, request, self.execute(socket, request))

    def fault_pending(self, fault, socket, request, _answers):
        order = self.named_order(socket, request)
        if order is None:
            self.answer(socket, request, self.execute(socket, request))
            return
        self.exchange.clock.call_at(
            self.exchange.clock.now_us + int(fault.get("s", 2) * US),
            lambda: self.exchange.end(order, "canceled", "User requested"))
        self.answer(socket, request, [{"success": True,
                                       "result": {"cl_ord_id": order.client_id}}])
