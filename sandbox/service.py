"""The candidate's end of a code test: carries out in the candidate's process what the tester's proxies ask for.

A request is {"do": "global" | "entry" | "call" | "get" | "set" | "del" | "special" | "copy", ...}. An answer is
["returned", graph], ["undefined"] of a global, or, for an exception of the program, a description and a graph (see
candidate.py). In between, ["calls", graph] asks the tester to call a function of the test that was passed as an
argument, or to go on with such an iterator.

What crosses over is packed and unpacked by lending.py.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import contextlib
import copy
import threading
from typing import Any, Callable

from sandbox import aliases, describing, lending, objects, standins, surroundings, values, waiting, wire


class Service(lending.Lending):
    """Serves the tester.

    `exchange` sends the tester a request; `answer` handles what the tester asks in the meantime.
    """

    def __init__(
        self,
        scope: dict[str, Any],
        exchange: Callable[[bytes], bytes] | None,
        answer: Callable[[bytes], list[Any]],
    ) -> None:
        super().__init__(scope)
        self._exchange, self._answer_to = exchange, answer
        self._loop = waiting.Loop()
        self._received: tuple[list[Any], list[int]] = ([], [])
        self._table: list[Any] = []
        self._seen: list[Any] | None = None
        self._room, self._is_aside, self._is_serving = 0, False, False
        self._turn = threading.RLock()

    def begin(self) -> None:
        """Forget the test before."""
        self.clear()
        self._table = []
        self._loop.clear()

    def serve(self, text: bytes) -> list[Any]:
        """Carry out one request. An exception of the candidate is left to the caller, who then calls `raised`."""
        packed = self._served(text)
        return ["undefined"] if packed is None else ["returned", self._answer(*packed)]

    def _served(self, text: bytes) -> tuple[dict[str, Any], list[Any]] | None:
        self._received = ([], [])
        (request, *_), received, changeable = objects.unpack(objects.load(text), self._table, self)
        self._is_aside, self._is_serving = "aside" in request, True
        self._room = len(received) + aliases.MAX_KEPT
        # The request's own lists belong to neither side, and showing them would also show its target and its fields.
        own = set(map(id, _own_lists(request)))
        self._received = received, [number for number in changeable if id(received[number]) not in own]
        self._seen = None
        if request["do"] == "global" and request["entry"] not in self._scope:
            return None
        around = request.get("around")
        lent = surroundings.Around(around, self._scope["__builtins__"]) if around else None
        with lent or contextlib.nullcontext(), self._loop if "loop" in request else contextlib.nullcontext():
            result = self._do(request)
        return self._packed(result)

    def raised(self, error: BaseException) -> str:
        """Return the graph of an exception, and of what was changed before it; "" where there is none."""
        try:
            return self._answer(*self._packed([error, describing.chain(error)]))
        except BaseException:  # such as no memory for it
            return ""

    def _origins(self) -> dict[int, int]:
        received, changeable = self._received
        return {id(received[number]): number for number in changeable}

    def _packed(self, result: Any) -> tuple[dict[str, Any], list[Any]]:
        received, changeable = self._received
        return self.sent([result, *(received[number] for number in changeable)], self._origins(), self._is_aside)

    def _answer(self, graph: dict[str, Any], found: list[Any]) -> str:
        """Return the text of an answer; it says which objects the program still holds."""
        with self._turn:
            self._received, self._seen, self._is_serving = ([], []), None, False
            if not self._is_aside:
                self._table = []
                self._table = aliases.take(graph, found)
            return objects.dump(graph)

    def _do(self, request: dict[str, Any]) -> Any:
        do = request["do"]
        target = request["target"] if "target" in request else self.named(request["entry"])
        if do in ("global", "entry"):
            return target
        if do == "get":
            return getattr(target, request["name"])
        if do == "set":
            value = request["value"]
            return setattr(target, request["name"], standins.method(value) if isinstance(target, type) else value)
        if do == "del":
            return delattr(target, request["name"])
        if do == "wait":
            return self._loop.state(target, request["cancel"])
        if do == "isinstance":
            return isinstance(request["it"], target)
        if do == "issubclass":
            return issubclass(request["it"], target)
        if do == "copy":
            return (copy.deepcopy if request["deep"] else copy.copy)(target)
        if do == "special":
            return getattr(type(target), request["name"])(target, *request["args"])
        if request.get("name") is not None:
            target = getattr(target, request["name"])
        return target(*request["args"], **request["kwargs"])

    def ask(self, request: dict[str, Any]) -> Any:
        """Have the tester call a function that it lent, and return the result; threads of the program take turns."""
        with self._turn:
            return self._ask(request)

    def _ask(self, request: dict[str, Any]) -> Any:
        received, changeable = self._received
        if self._seen is None:  # the test may look at them meanwhile
            self._seen = aliases.small([received[number] for number in changeable])
        graph, sent = self.sent([request, *self._seen], self._origins(), self._is_aside)
        graph["given"] = aliases.shown(graph, sent, _own_lists(request), self._room - len(received))
        self._show([sent[number] for number in graph["given"]])
        graph = self._replied(["calls", objects.dump(graph)])
        (answer, *_), found, _ = objects.unpack(graph, sent, self)
        self._show([found[number] for number in graph["given"]])
        if answer["do"] == "raise":
            raise answer["error"]
        return answer["value"]

    def _show(self, found: list[Any]) -> None:
        """Keep showing the test the objects that it has seen, or has shown, during a call."""
        received, changeable = self._received
        changeable.extend(range(len(received), len(received) + len(found)))
        received.extend(found)
        self._seen = [*(self._seen or ()), *found]

    def _replied(self, message: list[Any]) -> Any:
        """Return the tester's answer, after answering its own requests: the functions of the test may call the
        program.
        """
        if self._exchange is None or not self._is_serving:
            raise RuntimeError("a function of the test was called when the test did not wait for the program")
        before = self._received, self._seen, self._room, self._is_aside, self._is_serving
        while True:
            reply = self._exchange(values.dumps(message).encode("ascii"))
            if reply[:1] != wire.REQUEST:
                raise values.Malformed("no answer of the test")
            graph = objects.load(reply[1:])
            if "given" in graph:
                return graph
            try:
                message = self._answer_to(reply[1:])
            finally:
                self._received, self._seen, self._room, self._is_aside, self._is_serving = before


def _own_lists(request: dict[str, Any]) -> list[Any]:
    """Return the lists that hold the arguments of a request, which belong to neither side."""
    return [request, request.get("args"), request.get("kwargs")]
