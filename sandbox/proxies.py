"""What crosses between a test and a candidate, as the tester's end packs and unpacks it.

The test's own functions, iterators and objects are lent; for what the candidate lends, there is a stand-in here
(foreign.py).

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import collections.abc
import enum
import importlib
import inspect
import types
from typing import Any

from sandbox import aliases, crossing, datatypes, foreign, kinds, library, mocks, objects, tools, values, waiting


class Proxies(objects.End):
    """Keeps the stand-ins for objects that the candidate lent, and the objects that the test lent."""

    def __init__(self) -> None:
        super().__init__()
        self.crossing = crossing.Crossing()
        """The classes of the test whose instances may come back."""
        self._classes: dict[int, Any] = {}
        self._proxies: dict[int, Any] = {}
        self._about: dict[int, About] = {}
        self._fresh: dict[int, Any] = {}
        self._shown: list[About] = []
        self._copies = aliases.Copies()
        self._is_reading = False
        """Whether a message is being read, so that objects on this side are not whole yet."""

    def ask(self, do: str, target: Any, **request: Any) -> Any:
        """Have the candidate's process do something and return its result."""
        raise NotImplementedError

    def clear(self) -> None:
        """Forget everything that either side lent."""
        super().clear()
        for known in (self._classes, self._proxies, self._about, self._fresh, self._shown, self._copies):
            known.clear()

    def packed(self, value: Any, refer: kinds.Refer) -> tuple[str, Any]:
        """Return the entry of an object that is not a value: one of the candidate's, or lent by the test."""
        if mocks.is_mock(value):  # first, because a mock claims to be what it stands for
            spec = value.__class__
            is_known = isinstance(spec, foreign.ForeignType) or datatypes.type_name(spec) is not None
            return "borrowed", [self.keep(value), "mock", refer(spec) if is_known else "", ""]
        if isinstance(value, type):
            if isinstance(value, foreign.ForeignType):
                return "lent", [value.__foreign__[1], None]
            if crossing.is_ours(value):
                self.crossing.admit(value)
                return "ours", crossing.describe(value, refer, self.keep)
            if value.__module__ == "sandbox.prelude":  # a node class, which both sides have
                return "ours", [value.__name__, ["object"], -1, [], []]
        if id(value) in self._about:
            about = self._about[id(value)]
            if about.base is None or self._is_reading or not self._copies.is_changed(value):
                return "lent", [about.handle, None]
            return "lent", [about.handle, [about.base, datatypes.KINDS[about.base].parts(value, refer)]]
        if isinstance(value, Own):
            plain = next((base for base in type(value.error).__mro__ if datatypes.type_name(base)), Exception)
            return "borrowed", [self.keep(value.error), "error", refer(plain(*_plain(value.error.args))), ""]
        if isinstance(value, foreign.Entry):
            return "entry", value.__name__
        if isinstance(value, foreign.Method) and value.original is not None:
            return self.packed(value.original, refer)
        if isinstance(value, (foreign.Lazy, foreign.Bound)):
            return self.packed(self.ask("get", value.__self__, name=value.__name__), refer)
        lent = tools.lent(value)
        if lent:
            parts = [[name, refer(part)] for name, part in lent]
            return "borrowed", [self.keep(value), "tool", tools.name_of(value), parts]
        where = _named(value)
        if where is not None:
            return "named", where
        if crossing.is_ours(type(value)) and not isinstance(value, BaseException):
            return self._of_ours(value, refer)
        near = datatypes.nearest(type(value))
        if near is not None:
            return near[0], datatypes.KINDS[near[0]].parts(value, refer)
        if waiting.is_awaitable(value):
            return "borrowed", [self.keep(value), "awaitable", "", ""]
        if isinstance(value, collections.abc.Iterator) and not callable(value):
            return "borrowed", [self.keep(value), "iterator", "", ""]
        if isinstance(value, collections.abc.AsyncIterator) and not callable(value):
            return "borrowed", [self.keep(value), "asynchronous iterator", "", ""]
        if callable(value):
            what = "coroutine function" if inspect.iscoroutinefunction(value) else "function"
            name, doc = (getattr(value, it, None) for it in ("__name__", "__doc__"))
            return "borrowed", [self.keep(value), what, str(name or "function")[:100], doc and str(doc)]
        if type(value).__module__ == "sandbox.prelude":
            return "object", [refer(type(value)), [[name, refer(item)] for name, item in objects.own_fields(value)]]
        raise values.Unencodable("an argument of type `%s`" % type(value).__name__)

    def _of_ours(self, value: Any, refer: kinds.Refer) -> tuple[str, Any]:
        cls = value.__class__
        if isinstance(value, enum.Enum):
            return "member", [refer(cls), objects.member_of(value)]
        if isinstance(value, tuple) and hasattr(cls, "_fields"):
            return "record", [refer(cls), [refer(item) for item in value]]
        near = datatypes.nearest(cls)
        if near is not None:
            return near[0], datatypes.KINDS[near[0]].parts(value, refer)
        return "object", [refer(cls), [[name, refer(item)] for name, item in objects.own_fields(value)]]

    def found(self, kind: str, payload: Any, home: Any, read: kinds.Read) -> Any:
        """Return the object that the candidate lends, gives back, or made of a class of the test."""
        if kind == "lent":
            return self.kept(payload[0])
        if kind == "object":
            made = self.crossing.begin(payload[0], home)
            if made is not home:
                self._fresh[id(made)] = made
            return made
        if kind == "member":
            return self.crossing.member(*payload)
        if kind == "record":
            return self.crossing.record(payload[0], [read(item) for item in payload[1]])
        if kind == "function":
            return library.function(*payload)
        handle = payload[0]
        if type(handle) is not int:
            raise ValueError("no handle")
        if kind == "class":
            if handle not in self._classes:
                self._classes[handle] = foreign.new_class(self, payload, read)
            return self._classes[handle]
        if kind != "foreign":
            raise ValueError(kind)
        if handle not in self._proxies:
            self._proxies[handle] = self._new(handle, payload[1], payload[2], read)
        return self._proxies[handle]

    def _new(self, handle: int, cls_: Any, base: Any, read: kinds.Read) -> Any:
        cls = read(cls_)
        if not isinstance(cls, foreign.ForeignType):  # an `object()`
            cls = foreign.new_class(self, [-1, "object", [], None, [], [], None, None, None], read)
        about = About(handle)
        if base is None:
            made = self._waiting(getattr(cls, "__library__", "")) or object.__new__(cls)
        elif base[0] == "args" and issubclass(cls, BaseException):
            args = tuple([read(part) for part in base[1]])
            args = (args[0], list(args[1:])) if objects.is_group(cls) else args
            made = cls.__new__(cls, *args)
            BaseException.__dict__["args"].__set__(made, args)
        elif base[0] in datatypes.EXTENDED and issubclass(cls, datatypes.type_of(base[0])):
            made = datatypes.KINDS[base[0]].make(cls, base[1], read)
            about.base = base[0]
        else:
            raise ValueError("no value")
        self._about[id(made)] = about
        return made

    def _waiting(self, library: str) -> Any:
        """Return a stand-in for a coroutine or an asynchronous generator; None for anything else."""
        if library == "coroutine":
            made = waiting.awaited(lambda cancel: self.ask("wait", made, cancel=cancel))
        elif library == "async_generator":
            made = waiting.produced(lambda: self.ask("special", made, name="__anext__", args=[]))
        else:
            made = None
        return made

    def filled(self, kind: str, target: Any, payload: Any, read: kinds.Read) -> bool:
        """Set fields and members of an object; return whether it may be changed in place."""
        if kind == "object":
            fields = [(name, read(item)) for name, item in payload[1]]
            self.crossing.fill(target, fields, self._fresh.pop(id(target), None) is not None)
            return True
        if kind == "foreign":
            about = self._about[id(target)]
            fill = datatypes.KINDS[about.base].fill if about.base is not None else None
            if fill is not None:
                fill(target, payload[2][1], read)
                self._copies.told(target, about.base)
            if payload[3] is not None:
                about.fields = {name: read(item) for name, item in payload[3]}
                self._shown.append(about)
        return False

    def ask_again(self) -> None:
        """Drop the fields that were sent ahead, because the program is about to run and may change them."""
        for about in self._shown:
            about.fields = None
        self._shown.clear()

    def sent(self, found: list[Any]) -> None:
        """Note that these objects, with all their changes, were sent to the program."""
        for value in found:
            about = self._about.get(id(value))
            if about is not None and about.base is not None and not self._is_reading:
                self._copies.told(value, about.base)

    def finished(self) -> None:
        """Have the constructors of new instances check them."""
        self.crossing.finish()


class About:
    """What is known about an object of the program."""

    def __init__(self, handle: int) -> None:
        self.handle = handle
        self.base: str | None = None
        self.made = False
        self.fields: dict[str, Any] | None = None
        """The fields that were sent with the object, until the program is asked again."""


class Own:
    """Wraps an exception of the test's own on its way through the candidate."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


def _named(value: Any) -> list[str] | None:
    """Return where a function, class or module of the library is found by name; None for anything else."""
    if isinstance(value, types.ModuleType):
        return [value.__name__, ""]
    module, name = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
    if isinstance(value, types.MethodDescriptorType):
        module = value.__objclass__.__module__
    if not (callable(value) and isinstance(module, str) and isinstance(name, str)) or module == "test":
        return None
    if module.partition(".")[0] in ("sandbox", "__main__"):
        return None
    try:
        found: Any = importlib.import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError):
        return None
    return [module, name] if found is value else None


def _plain(args: tuple[Any, ...]) -> list[Any]:
    return [arg if isinstance(arg, (str, int, float, bytes)) else str(arg) for arg in args]
