"""The tester's end of the channel: what the test asks of the candidate's process, and what stands for its answers.

A call goes there as a graph of objects and comes back as one; what it changed in place is written back into the
caller's objects. On the way the candidate may call functions of the test that it was given.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import builtins
import collections.abc
import enum
import importlib
import types
from typing import Any, Callable

from sandbox import crossing, datatypes, foreign, foresight, objects, values, wire

UNFORESEEN = "the test did not ask what its text let expect"


class FromCandidate(Exception):
    """Marks exceptions that a proxy raised on the candidate's behalf."""


class Unjudged(BaseException):
    """The test did what cannot be carried over to the candidate. Not to be caught by mistake."""


class Unforeseen(BaseException):
    """The test did not ask what its text let expect. Not to be caught by mistake."""


class Caller(objects.End):
    """Asks the candidate; `exchange(payload)` sends a request there and returns its answer."""

    def __init__(self, exchange: Callable[[bytes], bytes]) -> None:
        super().__init__()
        self._exchange = exchange
        self.crossing = crossing.Crossing()
        """The classes of the test that come back."""
        self.reason = ""
        """Why the test cannot be judged, if so."""
        self.note = ""
        """What may explain a failure."""
        self._raised: dict[int, BaseException] = {}
        self._classes: dict[int, Any] = {}
        self._proxies: dict[int, Any] = {}
        self._about: dict[int, _About] = {}
        self._fresh: dict[int, Any] = {}
        self._time = 0
        self._is_first = True
        self._foreseen: list[bytes] = []
        self._answers: collections.deque[tuple[bytes, bytes]] = collections.deque()

    def begin(self) -> None:
        """Forget the test before, here and with the next request there."""
        self.clear()
        for known in (self._raised, self._classes, self._proxies, self._about, self._fresh, self._foreseen):
            known.clear()
        self._answers.clear()
        self.reason = self.note = ""
        self._is_first = True

    def foresee(self, entry: str, calls: list[foresight.Call]) -> None:
        """Expect the test to begin with these calls.

        The first is asked alone, so that a program that fails it is not run on all; the rest are asked at once.
        """
        try:
            requests = [
                objects.pack([{"entry": entry, "args": args, "kwargs": kwargs, "do": "call"}], {}, self)[0]
                for args, kwargs in calls
            ]
        except values.Unencodable:
            return
        self._foreseen = [wire.REQUEST + objects.dump(graph).encode("ascii") for graph in requests]

    @property
    def is_ahead(self) -> bool:
        """Whether the candidate was asked what the test has not asked so far."""
        return bool(self._answers)

    def ask(self, do: str, target: Any, **request: Any) -> Any:
        """Have the candidate's process do something and return its result."""
        request["do"] = do
        if target is not None:
            request["target"] = target
        try:
            graph, sent = objects.pack([request], {}, self)
        except values.Unencodable as error:
            raise self.unjudged(str(error)) from None
        self._time += 1
        answer = self._told(self._answer(wire.REQUEST + objects.dump(graph).encode("ascii")))
        while answer[0] == "calls":
            reply = self._called(answer[1], sent)
            answer = self._told(self._exchange(wire.REQUEST + objects.dump(reply).encode("ascii")))
        if answer[0] == "returned":
            return None if answer[1] is None else objects.unpack(objects.load(answer[1]), sent, self)[0][0]
        if answer[0] == "undefined":
            raise KeyError(request["entry"])
        if answer[0] == "unreadable":
            error: BaseException = TypeError("the candidate answered %s" % answer[1])
        else:
            may_stop = do == "special" and request["name"] == "__next__"
            error = self._error(answer, sent, may_stop)
        if id(error) not in self._handles:  # not of a function of the test's
            self._raised[id(error)] = error
        raise error

    def _answer(self, request: bytes) -> bytes:
        """Return the candidate's answer, which may be there already."""
        if self._is_first:
            self._is_first = False
            if self._foreseen[:1] == [request]:
                del self._foreseen[0]
            else:
                self._foreseen.clear()
            return self._exchange(wire.FIRST_REQUEST + request[1:])
        foreseen, self._foreseen = self._foreseen, []
        if len(foreseen) > 1 and foreseen[0] == request:
            answers = self._exchange(wire.REQUESTS_AHEAD + wire.pack({}, *foreseen))
            self._answers.extend(zip(foreseen, wire.unpack(answers)[1]))
        if not self._answers:
            return self._exchange(request)
        expected, answer = self._answers.popleft()
        if request != expected:
            raise self.unforeseen()
        return answer

    def unforeseen(self) -> Unforeseen:
        """Return the exception that ends a test which did not ask what was expected."""
        self.reason = self.reason or UNFORESEEN
        return Unforeseen(UNFORESEEN)

    @staticmethod
    def _told(message: bytes) -> Any:
        answer = values.decode(message)
        return answer[1] if answer[0] == "evidence" else answer

    def _called(self, text: Any, home: list[Any]) -> dict[str, Any]:
        """Call what the test lent the candidate; return the answer as a graph."""
        (request, *_), received, changeable = objects.unpack(objects.load(text), home, self)
        try:
            if request["do"] == "next":
                answer = {"do": "answer", "value": next(request["target"])}
            else:
                answer = {"do": "answer", "value": request["target"](*request["args"], **request["kwargs"])}
        except Exception as error:
            self.keep(error)
            answer = {"do": "raise", "error": _Own(error)}
        origins = {id(received[number]): number for number in changeable}
        try:
            return objects.pack([answer, *(received[number] for number in changeable)], origins, self)[0]
        except values.Unencodable as error:
            raise self.unjudged(str(error)) from None

    def _error(self, answer: list[Any], sent: list[Any], may_stop: bool) -> BaseException:
        """The exception that the candidate raised; never one that would end a test as a success.

        StopIteration would, in a test that calls the candidate by map(); only an iterator may raise it.
        """
        found: Any = None
        if len(answer) > 5 and answer[5]:
            found = objects.unpack(objects.load(answer[5]), sent, self)[0][0]
        if not isinstance(found, Exception):
            known = getattr(builtins, str(answer[1]), None)
            is_known = isinstance(known, type) and issubclass(known, Exception)
            try:
                found = known(str(answer[2])) if is_known else None
            except TypeError:  # such as UnicodeDecodeError, which takes five arguments
                found = None
        if found is None or (isinstance(found, (StopIteration, StopAsyncIteration)) and not may_stop):
            return type(str(answer[1]), (FromCandidate,), {})(str(answer[2]))
        return found

    def is_raised(self, error: Any) -> bool:
        """Whether the candidate raised this exception."""
        return id(error) in self._raised

    def unjudged(self, what: str) -> Unjudged:
        """Return the exception that ends a test which cannot be judged."""
        self.reason = self.reason or what
        return Unjudged(what)

    def made(self, value: Any) -> Any:
        """Mark an object of the program that the test itself made."""
        if id(value) in self._about:
            self._about[id(value)].made = True
        return value

    def operator(self, one: Any, name: str, args: tuple[Any, ...], fallback: Any) -> Any:
        """Compare or join two objects, by the program only if both are its own, or the test made one."""
        is_made = self._about[id(one)].made
        if not (args and self._is_foreign(args[0])) and not (is_made and name not in foreign.COMPARISONS):
            if fallback is not None:
                return fallback(one, *args)
            if is_made:
                raise self.unjudged("`%s` of an object of the program and a value of the test" % name)
            if name == "__contains__":
                return any(item is args[0] or item == args[0] for item in one)
            self.note = " (the program's own `%s` is not asked about values of the test)" % name
            return NotImplemented
        result = self.ask("special", one, name=name, args=list(args))
        return self.made(result) if is_made else result

    def _is_foreign(self, value: Any) -> bool:
        return id(value) in self._about or isinstance(value, foreign.ForeignType)

    def attribute(self, owner: Any, name: str) -> Any:
        """Return an attribute, from what was sent along where nothing has happened since."""
        about = self._about.get(id(owner))
        if about is not None and about.fields is not None and about.time == self._time and name in about.fields:
            return about.fields[name]
        return self.ask("get", owner, name=name)

    def packed(self, value: Any, refer: datatypes.Refer) -> tuple[str, Any]:
        """Return the entry of what is no value: the candidate's own, or the test's."""
        if isinstance(value, type):
            if isinstance(value, foreign.ForeignType):
                return "lent", [value.__foreign__[1], None]
            if crossing.is_ours(value):
                self.crossing.admit(value)
                return "ours", crossing.describe(value, refer, self.keep)
            if value.__module__ == "sandbox.prelude":  # of the nodes, which both sides have
                return "ours", [value.__name__, ["object"], -1, []]
        if id(value) in self._about:
            about = self._about[id(value)]
            if about.base is None:
                return "lent", [about.handle, None]
            return "lent", [about.handle, [about.base, datatypes.KINDS[about.base].parts(value, refer)]]
        if isinstance(value, _Own):
            plain = next((base for base in type(value.error).__mro__ if datatypes.type_name(base)), Exception)
            return "borrowed", [self.keep(value.error), "error", refer(plain(*_plain(value.error.args)))]
        if isinstance(value, foreign.Entry):
            return "entry", value.__name__
        if isinstance(value, (foreign.Lazy, foreign.Bound)):
            return self.packed(self.ask("get", value.__self__, name=value.__name__), refer)
        where = _named(value)
        if where is not None:
            return "named", where
        if crossing.is_ours(type(value)) and not isinstance(value, BaseException):
            return self._of_ours(value, refer)
        near = datatypes.nearest(type(value))
        if near is not None:
            return near[0], datatypes.KINDS[near[0]].parts(value, refer)
        if isinstance(value, collections.abc.Iterator):
            return "borrowed", [self.keep(value), "iterator", ""]
        if callable(value):
            return "borrowed", [self.keep(value), "function", str(getattr(value, "__name__", "function"))[:100]]
        if type(value).__module__ == "sandbox.prelude":
            return "object", [refer(type(value)), [[name, refer(item)] for name, item in objects.own_fields(value)]]
        raise values.Unencodable("an argument of type `%s`" % type(value).__name__)

    def _of_ours(self, value: Any, refer: datatypes.Refer) -> tuple[str, Any]:
        cls = value.__class__
        if isinstance(value, enum.Enum):
            return "member", [refer(cls), objects.member_of(value)]
        if isinstance(value, tuple) and hasattr(cls, "_fields"):
            return "record", [refer(cls), [refer(item) for item in value]]
        near = datatypes.nearest(cls)
        if near is not None:
            return near[0], datatypes.KINDS[near[0]].parts(value, refer)
        return "object", [refer(cls), [[name, refer(item)] for name, item in objects.own_fields(value)]]

    def found(self, kind: str, payload: Any, home: Any, read: datatypes.Read) -> Any:
        """Return what the candidate lends, gives back, or made of the test's classes."""
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

    def _new(self, handle: int, cls_: Any, base: Any, read: datatypes.Read) -> Any:
        cls = read(cls_)
        if not isinstance(cls, foreign.ForeignType):  # an `object()`
            cls = foreign.new_class(self, [-1, "object", [], None, [], [], None], read)
        about = _About(handle)
        if base is None:
            made = object.__new__(cls)
        elif base[0] == "args" and issubclass(cls, BaseException):
            args = tuple([read(part) for part in base[1]])
            made = cls.__new__(cls, *args)
            BaseException.__dict__["args"].__set__(made, args)
        elif base[0] in datatypes.EXTENDED and issubclass(cls, datatypes.type_of(base[0])):
            made = datatypes.KINDS[base[0]].make(cls, base[1], read)
            about.base = base[0]
        else:
            raise ValueError("no value")
        self._about[id(made)] = about
        return made

    def filled(self, kind: str, target: Any, payload: Any, read: datatypes.Read) -> bool:
        """Put fields and members in."""
        if kind == "object":
            fields = [(name, read(item)) for name, item in payload[1]]
            self.crossing.fill(target, fields, self._fresh.pop(id(target), None) is not None)
            return True
        if kind == "foreign":
            about = self._about[id(target)]
            fill = datatypes.KINDS[about.base].fill if about.base is not None else None
            if fill is not None:
                fill(target, payload[2][1], read)
            if payload[3] is not None:
                about.fields, about.time = {name: read(item) for name, item in payload[3]}, self._time
        return False

    def finished(self) -> None:
        """Have the constructors of new instances look at them."""
        self.crossing.finish()


class _About:
    """What is known of an object of the program."""

    def __init__(self, handle: int) -> None:
        self.handle = handle
        self.base: str | None = None
        self.made = False
        self.fields: dict[str, Any] | None = None
        self.time = -1


class _Own:
    """An exception of the test's own, on its way through the candidate."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


def _named(value: Any) -> list[str] | None:
    """Where a function, class or module of the library is found by name; None for anything else."""
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
