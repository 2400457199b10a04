"""The candidate's end of a code test: carries out what the tester's proxies ask for, in the candidate's process.

A request is {"do": "global" | "entry" | "call" | "get" | "set" | "del" | "special" | "copy", ...}; an answer
is ["returned", graph], ["undefined"] of a global, or, for what the program raises, a description and a graph (see
candidate.py). In between, ["calls", graph] asks the tester to call a function of the test, or to go on with an
iterator, that was passed as an argument.

Values travel as such (see datatypes.py). An instance of a class that the test has as well (of the prelude, or of an
argument) travels as its fields. All else stays here and is lent: instances, functions, iterators and classes of the
program, by a handle, with what the tester needs to stand in for them (see foreign.py).

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import contextlib
import copy
import enum
import importlib
import threading
import types
from typing import Any, Callable

from sandbox import (
    aliases,
    datatypes,
    describing,
    library,
    objects,
    prelude,
    standins,
    surroundings,
    values,
    waiting,
    wire,
)

NODES = {"ListNode": {"val", "next"}, "TreeNode": {"val", "left", "right"}}
"""The node classes of LeetCode; a program's own class of that name and these fields counts as one."""
MAX_AHEAD = 100000
"""Attributes of lent objects that are sent along, so that nobody has to ask."""


class Service(objects.End):
    """Keeps the objects that were lent to the tester.

    `exchange` asks the tester for something; `answer` is what to do with what it asks meanwhile.
    """

    def __init__(
        self,
        scope: dict[str, Any],
        exchange: Callable[[bytes], bytes] | None,
        answer: Callable[[bytes], list[Any]],
    ) -> None:
        super().__init__()
        self._scope, self._exchange, self._answer_to = scope, exchange, answer
        self._shared: dict[str, type] = {}
        self._copies = aliases.Copies()
        self._standins = standins.StandIns(self.ask, scope)
        self._loop = waiting.Loop()
        self._described: dict[type, describing.ClassOf] = {}
        self._received: tuple[list[Any], list[int]] = ([], [])
        self._table: list[Any] = []
        self._seen: list[Any] | None = None
        self._room, self._is_aside, self._is_serving = 0, False, False
        self._turn = threading.RLock()
        self._ahead = 0

    def prelude_ran(self) -> None:
        """Take note of the classes that the problem's prelude defines, before the program can replace them."""
        self._shared = {
            name: found
            for name, found in self._scope.items()
            if isinstance(found, type) and found.__module__ == self._scope["__name__"]
        }

    def begin(self) -> None:
        """Forget the test before."""
        self.clear()
        self._table = []
        self._copies.clear()
        self._standins.clear()
        self._loop.clear()

    def serve(self, text: bytes) -> list[Any]:
        """Carry out one request. What the candidate raises is left to the caller, who then asks for `raised`."""
        packed = self._served(text)
        return ["undefined"] if packed is None else ["returned", self._answer(*packed)]

    def _served(self, text: bytes) -> tuple[dict[str, Any], list[Any]] | None:
        self._received = ([], [])
        (request, *_), received, changeable = objects.unpack(objects.load(text), self._table, self)
        self._is_aside, self._is_serving = "aside" in request, True
        self._room = len(received) + aliases.MAX_KEPT
        # The request's own lists are nobody's to change, and would have what is asked of sent along with its fields.
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
        self._ahead = 0
        return self._sent([result, *(received[number] for number in changeable)])

    def _sent(self, roots: list[Any]) -> tuple[dict[str, Any], list[Any]]:
        """Return the graph of a message, and its objects. What the program has changed of what it lent goes along."""
        changed = [] if self._is_aside else self._copies.changed()
        graph, found = objects.pack([*roots, *changed], self._origins(), self)
        for (kind, payload, _), value in zip(graph["heap"], found):
            if kind == "foreign" and payload[2] is not None and payload[2][0] != "args" and not self._is_aside:
                self._copies.told(value, payload[2][0])
        return graph, found

    def _answer(self, graph: dict[str, Any], found: list[Any]) -> str:
        """Return the text of an answer. The program alone refers to what it has kept by now."""
        with self._turn:
            self._received, self._seen, self._is_serving = ([], []), None, False
            if not self._is_aside:
                self._table = []
                self._table = aliases.take(graph, found)
            return objects.dump(graph)

    def _do(self, request: dict[str, Any]) -> Any:
        do = request["do"]
        target = request["target"] if "target" in request else self._named(request["entry"])
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

    def _named(self, name: str) -> Any:
        try:
            return self._scope[name]
        except KeyError:
            raise NameError("the solution does not define `%s`" % name) from None

    def ask(self, request: dict[str, Any]) -> Any:
        """Have the tester call what it lent us, and return the result; threads of the program take turns."""
        with self._turn:
            return self._ask(request)

    def _ask(self, request: dict[str, Any]) -> Any:
        received, changeable = self._received
        if self._seen is None:  # the test may look at them meanwhile
            self._seen = aliases.small([received[number] for number in changeable])
        graph, sent = self._sent([request, *self._seen])
        graph["given"] = aliases.shown(graph, sent, _own_lists(request), self._room - len(received))
        self._show([sent[number] for number in graph["given"]])
        graph = self._replied(["calls", objects.dump(graph)])
        (answer, *_), found, _ = objects.unpack(graph, sent, self)
        self._show([found[number] for number in graph["given"]])
        if answer["do"] == "raise":
            raise answer["error"]
        return answer["value"]

    def _show(self, found: list[Any]) -> None:
        """Go on showing the test what it has seen, or has shown, during a call."""
        received, changeable = self._received
        changeable.extend(range(len(received), len(received) + len(found)))
        received.extend(found)
        self._seen = [*(self._seen or ()), *found]

    def _replied(self, message: list[Any]) -> Any:
        """Return the tester's answer; what it asks before, as its own functions may call the program, is answered."""
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

    def owns(self, error: BaseException) -> bool:
        """Whether this builtin exception is the tester's own, on its way back."""
        return self._standins.handle(error) is not None

    def packed(self, value: Any, refer: datatypes.Refer) -> tuple[str, Any]:
        """Return the entry of what is no value: of a shared class, or lent."""
        handle = self._standins.handle(value)
        if handle is not None:
            return "lent", [handle, None]
        if isinstance(value, type):
            return "class", describing.describe(value, self._scope["__name__"], self.keep, refer)
        cls = type(value)
        if cls is describing.ClassOf:
            return "class", describing.describe(value.cls, self._scope["__name__"], self.keep, refer)
        known = library.function_name(value) if cls is types.BuiltinFunctionType else None
        if known is not None:
            return "function", known
        if self._is_shared(cls, value):
            if isinstance(value, enum.Enum):
                return "member", [cls.__name__, objects.member_of(value)]
            if isinstance(value, tuple):
                return "record", [cls.__name__, [refer(item) for item in tuple.__iter__(value)]]
            return "object", [cls.__name__, [[name, refer(item)] for name, item in objects.own_fields(value)]]
        near = datatypes.nearest(cls)
        if near is None:
            args = None
            if isinstance(value, BaseException):
                parts = objects.arguments_of(value) if objects.is_group(cls) else value.args
                args = ["args", [refer(part) for part in parts]]
            return "foreign", [self.keep(value), refer(self._described_as(cls)), args, self._fields_ahead(value, refer)]
        kind, parts = near[0], datatypes.KINDS[near[0]].parts(value, refer)
        if kind not in datatypes.EXTENDED:
            return kind, parts
        return "foreign", [self.keep(value), refer(cls), [kind, parts], None]

    def _described_as(self, cls: type) -> Any:
        """Return the class, or what has it described though it is known by its name: objects of it stay here."""
        if cls is object or datatypes.type_name(cls) is None:
            return cls
        return self._described.setdefault(cls, describing.ClassOf(cls))

    def _is_shared(self, cls: type, value: Any) -> bool:
        name = cls.__name__
        if self._shared.get(name) is cls or self._standins.is_ours(cls) or cls is getattr(prelude, name, None):
            return True
        return (
            name in NODES
            and name not in self._shared
            and cls is self._scope.get(name)
            and {field for field, _ in objects.own_fields(value)} == NODES[name]
        )

    def _fields_ahead(self, value: Any, refer: datatypes.Refer) -> list[Any] | None:
        cls = type(value)
        if isinstance(value, BaseException) or cls.__module__ != self._scope["__name__"]:
            return None
        if any("__getattribute__" in vars(base) for base in cls.__mro__[:-1]):
            return None
        fields = [(name, item) for name, item in objects.own_fields(value) if not describing.is_property(cls, name)]
        self._ahead += len(fields)
        return [[name, refer(item)] for name, item in fields] if self._ahead <= MAX_AHEAD else None

    def found(self, kind: str, payload: Any, home: Any, read: datatypes.Read) -> Any:
        """Return what the tester gives back, lends, or describes."""
        if kind == "lent":
            return self.kept(payload[0])
        if kind == "named":
            return _named(*payload)
        if kind == "ours":
            return self._standins.class_of(*payload, read)
        if kind == "object":
            cls = read(payload[0])
            return home if type(home) is cls else object.__new__(cls)
        if kind == "member":
            cls = read(payload[0])
            return cls[payload[1]] if isinstance(payload[1], str) else cls(payload[1])
        if kind == "record":
            return tuple.__new__(read(payload[0]), [read(item) for item in payload[1]])
        if kind == "entry":
            return self._named(payload)
        if kind != "borrowed":
            raise ValueError(kind)
        return self._standins.lend(*payload, read)

    def filled(self, kind: str, target: Any, payload: Any, read: datatypes.Read) -> bool:
        """Put fields or members in; return whether they may be changed in place."""
        if kind == "object":
            fields = {name: read(item) for name, item in payload[1]}
            for name in set(getattr(target, "__dict__", ())) - set(fields):
                object.__delattr__(target, name)
            for name, item in fields.items():
                object.__setattr__(target, name, item)
            return True
        if kind == "lent" and payload[1] is not None:
            base, parts = payload[1]
            fill = datatypes.KINDS[base].fill
            if fill is not None:
                fill(target, parts, read)
                self._copies.told(target, base)
                return True
        return False


def _own_lists(request: dict[str, Any]) -> list[Any]:
    """Return what holds the arguments of a request, and belongs to neither side."""
    return [request, request.get("args"), request.get("kwargs")]


def _named(module: str, name: str) -> Any:
    found = importlib.import_module(module)
    for part in filter(None, name.split(".")):
        found = getattr(found, part)
    return found
