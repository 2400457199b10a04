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

import builtins
import copy
import enum
import importlib
import types
from typing import Any, Callable

from sandbox import datatypes, objects, prelude, values, wire

NODES = {"ListNode": {"val", "next"}, "TreeNode": {"val", "left", "right"}}
"""The node classes of LeetCode; a program's own class of that name and these fields counts as one."""
MAX_AHEAD = 100000
"""Attributes of lent objects that are sent along, so that nobody has to ask."""
_METHODS = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodDescriptorType,
    types.ClassMethodDescriptorType,
    staticmethod,
    classmethod,
)


class Service(objects.End):
    """Keeps the objects that were lent to the tester; `exchange` asks the tester for something."""

    def __init__(self, scope: dict[str, Any], exchange: Callable[[bytes], bytes] | None) -> None:
        super().__init__()
        self._scope, self._exchange = scope, exchange
        self._shared: dict[str, type] = {}
        self._standins: dict[str, type] = {}
        self._borrowed: dict[int, tuple[int, Any]] = {}
        self._received: tuple[list[Any], list[int]] = ([], [])
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
        self._standins.clear()
        self._borrowed.clear()

    def serve(self, text: bytes) -> list[Any]:
        """Carry out one request. What the candidate raises is left to the caller, who then asks for `raised`."""
        self._received = ([], [])
        (request,), received, changeable = objects.unpack(objects.load(text), [], self)
        self._received = received, changeable
        if request["do"] == "global" and request["entry"] not in self._scope:
            return ["undefined"]
        return ["returned", self._answer(self._do(request))]

    def raised(self, error: BaseException) -> str:
        """Return the graph of an exception, and of what was changed before it; "" where there is none."""
        try:
            return self._answer(error)
        except BaseException:  # such as no memory for it
            return ""

    def _origins(self) -> dict[int, int]:
        received, changeable = self._received
        return {id(received[number]): number for number in changeable}

    def _answer(self, result: Any) -> str:
        received, changeable = self._received
        origins = self._origins()
        self._ahead = 0
        packed, _ = objects.pack([result, *(received[number] for number in changeable)], origins, self)
        return objects.dump(packed)

    def _do(self, request: dict[str, Any]) -> Any:
        do = request["do"]
        target = request["target"] if "target" in request else self._named(request["entry"])
        if do in ("global", "entry"):
            return target
        if do == "get":
            return getattr(target, request["name"])
        if do == "set":
            return setattr(target, request["name"], request["value"])
        if do == "del":
            return delattr(target, request["name"])
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
        """Have the tester call what it lent us, and return the result."""
        assert self._exchange is not None
        graph, sent = objects.pack([request], self._origins(), self)
        reply = self._exchange(values.dumps(["calls", objects.dump(graph)]).encode("ascii"))
        if reply[:1] != wire.REQUEST:
            raise values.Malformed("no answer of the test")
        (answer, *_), _, _ = objects.unpack(objects.load(reply[1:]), sent, self)
        if answer["do"] == "raise":
            raise answer["error"]
        return answer["value"]

    def owns(self, error: BaseException) -> bool:
        """Whether this builtin exception is the tester's own, on its way back."""
        return id(error) in self._borrowed

    def packed(self, value: Any, refer: datatypes.Refer) -> tuple[str, Any]:
        """Return the entry of what is no value: of a shared class, or lent."""
        if id(value) in self._borrowed:
            return "lent", [self._borrowed[id(value)][0], None]
        if isinstance(value, type):
            return "class", self._class(value, refer)
        cls = type(value)
        if self._is_shared(cls, value):
            if isinstance(value, enum.Enum):
                return "member", [cls.__name__, objects.member_of(value)]
            if isinstance(value, tuple):
                return "record", [cls.__name__, [refer(item) for item in tuple.__iter__(value)]]
            return "object", [cls.__name__, [[name, refer(item)] for name, item in objects.own_fields(value)]]
        near = datatypes.nearest(cls)
        if near is None:
            args = ["args", [refer(part) for part in value.args]] if isinstance(value, BaseException) else None
            return "foreign", [self.keep(value), refer(cls), args, self._fields_ahead(value, refer)]
        kind, parts = near[0], datatypes.KINDS[near[0]].parts(value, refer)
        if kind not in datatypes.EXTENDED:
            return kind, parts
        return "foreign", [self.keep(value), refer(cls), [kind, parts], None]

    def _is_shared(self, cls: type, value: Any) -> bool:
        name = cls.__name__
        if self._shared.get(name) is cls or self._standins.get(name) is cls or cls is getattr(prelude, name, None):
            return True
        return (
            name in NODES
            and name not in self._shared
            and cls is self._scope.get(name)
            and {field for field, _ in objects.own_fields(value)} == NODES[name]
        )

    def _class(self, cls: type, refer: datatypes.Refer) -> list[Any]:
        """[handle, name, bases of the program, the type it extends, special methods, methods, dataclass fields]."""
        near = datatypes.nearest(cls)
        extends = near[0] if near is not None and near[0] in datatypes.EXTENDED else _exception_name(cls)
        own = [base for base in cls.__mro__[1:] if base.__module__ == self._scope["__name__"]]
        specials, methods = [], []
        for base in cls.__mro__:
            if base is object or datatypes.type_name(base) is not None:
                break
            for name, found in vars(base).items():
                if name[:2] == "__" == name[-2:]:
                    specials.append(name if found is not None else "no " + name)
                elif isinstance(found, _METHODS):
                    methods.append(name)
        fields = getattr(cls, "__dataclass_fields__", None)
        return [
            self.keep(cls),
            str(cls.__name__),
            [refer(base) for base in own if base in cls.__bases__],
            extends,
            specials,
            methods,
            list(fields) if isinstance(fields, dict) else None,
        ]

    def _fields_ahead(self, value: Any, refer: datatypes.Refer) -> list[Any] | None:
        cls = type(value)
        if isinstance(value, BaseException) or cls.__module__ != self._scope["__name__"]:
            return None
        if any("__getattribute__" in vars(base) for base in cls.__mro__[:-1]):
            return None
        fields = [(name, item) for name, item in objects.own_fields(value) if not isinstance(_of(cls, name), property)]
        self._ahead += len(fields)
        return [[name, refer(item)] for name, item in fields] if self._ahead <= MAX_AHEAD else None

    def found(self, kind: str, payload: Any, home: Any, read: datatypes.Read) -> Any:
        """Return what the tester gives back, lends, or describes."""
        if kind == "lent":
            return self.kept(payload[0])
        if kind == "named":
            return _named(*payload)
        if kind == "ours":
            return self._class_of(*payload, read)
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
        made = self._lend(*payload, read)
        self._borrowed[id(made)] = payload[0], made
        return made

    def _lend(self, handle: int, what: str, name: Any, read: datatypes.Read) -> Any:
        if what == "error":
            return read(name)
        return (_Iterator if what == "iterator" else _Function)(self, name)

    def filled(self, kind: str, target: Any, payload: Any, read: datatypes.Read) -> bool:
        """Put fields or members in; return whether they may be changed in place."""
        if kind == "object":
            for name, item in payload[1]:
                object.__setattr__(target, name, read(item))
            return True
        if kind == "lent" and payload[1] is not None:
            base, parts = payload[1]
            fill = datatypes.KINDS[base].fill
            if fill is not None:
                fill(target, parts, read)
                return True
        return False

    def _class_of(self, name: str, shape: Any, handle: int, methods: list[list[Any]], read: datatypes.Read) -> type:
        """The class of that name in the prelude or the program, or one made up, for an object of the test's."""
        found = self._scope.get(name, getattr(prelude, name, None))
        bases = {"enum": enum.Enum, "record": tuple}.get(shape[0], object)
        if isinstance(found, type) and issubclass(found, bases) and (bases is not object or not _extends(found)):
            return found
        if name not in self._standins:
            self._standins[name] = self._standin(name, shape, handle, methods, read)
        return self._standins[name]

    def _standin(self, name: str, shape: Any, handle: int, methods: list[list[Any]], read: datatypes.Read) -> type:
        if shape[0] == "enum":
            members = [(member, read(value)) for member, value in shape[2]]
            return getattr(enum, shape[1], enum.Enum)(name, members)
        space = {method: self._method(self._borrow(method, number), wrapped) for method, number, wrapped in methods}
        if shape[0] == "record":
            fields = importlib.import_module("collections").namedtuple(name, shape[1])
            return type(name, (fields,), dict(space, __slots__=()))
        made = _StandIn(name, (), space)
        made.construct = self._borrow(name, handle)
        return made

    def _borrow(self, name: str, handle: int) -> Any:
        made = _Function(self, name)
        self._borrowed[id(made)] = handle, made
        return made

    def _method(self, function: Any, wrapped: str) -> Any:
        if wrapped == "property":
            return property(_plain(function))
        if wrapped == "static":
            return staticmethod(function)
        return _plain(function)


class _StandIn(type):
    """A class of the test's; what it makes is made there."""

    construct: Any

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return cls.construct(*args, **kwargs)


class _Function:
    """A function of the test's."""

    def __init__(self, service: Service, name: Any) -> None:
        self._service, self.__name__ = service, str(name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._service.ask({"do": "call", "target": self, "args": list(args), "kwargs": kwargs})


class _Iterator:
    """An iterator of the test's."""

    def __init__(self, service: Service, name: Any) -> None:
        self._service = service

    def __iter__(self) -> Any:
        return self

    def __next__(self) -> Any:
        return self._service.ask({"do": "next", "target": self})


def _named(module: str, name: str) -> Any:
    found = importlib.import_module(module)
    for part in filter(None, name.split(".")):
        found = getattr(found, part)
    return found


def _plain(function: Any) -> Any:
    """A function that becomes a method in a class, as the instances of `_Function` do not."""

    def method(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return method


def _extends(cls: type) -> bool:
    return datatypes.nearest(cls) is not None or issubclass(cls, (BaseException, enum.Enum))


def _exception_name(cls: type) -> str | None:
    return next((base.__name__ for base in cls.__mro__ if _is_builtin_exception(base)), None)


def _is_builtin_exception(cls: type) -> bool:
    return issubclass(cls, Exception) and getattr(builtins, cls.__name__, None) is cls


def _of(cls: type, name: str) -> Any:
    return next((vars(base)[name] for base in cls.__mro__ if name in vars(base)), None)
