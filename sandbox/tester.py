"""Runs test code in a sandbox of its own, apart from the candidate, which it reaches through proxies only.

The test sees `candidate` (the entry point), the name of the entry point itself, and for `Solution.method` the class
`Solution`. A call goes to the candidate's process as a graph of objects and comes back as one; what the call changed in
place is written back into the caller's objects; exceptions, iterators and keyword arguments work. Values are rebuilt
here as exact builtin types, so a candidate's `__eq__` or patched builtins are not here to lie.

Messages to the runner: a request for the candidate is b"R" and a graph; the end of a test is the encoding of a list
headed by "passed", "failed" (an exception of the test itself, such as AssertionError) or "raised" (one that came from
the candidate and was not caught).

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import builtins
from typing import Any, Callable

from sandbox import objects, prelude, values, wire

FILE = "test"


class FromCandidate(Exception):
    """Marks exceptions that a proxy raised on the candidate's behalf."""


class Tester:
    """Executes tests; `exchange(payload)` sends a request to the candidate and returns its answer."""

    def __init__(
        self, spec: dict[str, Any], prelude: bytes, names: dict[str, Any], exchange: Callable[[bytes], bytes]
    ) -> None:
        self._spec, self._prelude, self._names, self._exchange = spec, prelude, names, exchange
        self._scope: dict[str, Any] = {}
        self._raised: BaseException | None = None

    def answer(self, code: bytes) -> list[Any]:
        """Run one test from a fresh start; return its message."""
        self._raised = None
        self._scope = {"__name__": "test", "__builtins__": self._names}
        try:
            self._ask({"do": "begin"})
            exec(compile(self._prelude, "prelude.py", "exec", dont_inherit=True), self._scope)
            self._scope.update(self._proxies())
            exec(compile(code, FILE, "exec", dont_inherit=True), self._scope)
        except BaseException as error:  # a test may end in any way
            if error is self._raised:
                return ["raised"]
            return ["failed", type(error).__name__, _text(error), _line(error)]
        return ["passed"]

    def _proxies(self) -> dict[str, Any]:
        owner, _, method = self._spec["entry"].rpartition(".")
        if not owner:
            proxy = (_Class if self._spec["is_class"] else _Function)(self, method)
            return {"candidate": proxy, method: proxy}
        remote = _Class(self, owner)
        return {"candidate": _Lazy(remote, method), owner: remote}

    def call(self, do: str, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None, **target: Any) -> Any:
        """Have the candidate's process do something and return its result."""
        return self._ask(dict(target, do=do, args=list(args), kwargs=kwargs or {}))

    def _ask(self, request: dict[str, Any]) -> Any:
        graph, sent = objects.pack([request], {}, _give_back)
        answer = values.decode(self._exchange(wire.REQUEST + objects.dump(graph).encode("ascii")))
        if answer[0] == "evidence":
            answer = answer[1]
        kind, rest = answer[0], answer[1:]
        if kind == "returned":
            if rest[0] is None:
                return None
            roots, _ = objects.unpack(objects.load(rest[0]), sent, self._class_of, self._lent)
            return roots[0]
        if kind == "unreadable":
            self._raised = TypeError("the candidate answered %s" % rest[0])
        else:
            self._raised = _exception(rest[0], rest[1], ends_iteration=request["do"] == "next")
        raise self._raised

    def _lent(self, kind: str, payload: Any) -> Any:
        if kind == "iterator" and type(payload) is int:
            return _Iterator(self, payload)
        if kind == "instance" and type(payload) is int:
            return _Instance(self, payload)
        raise ValueError(kind)

    def _class_of(self, name: str) -> type:
        """Only classes that are plain data; anything else becomes an empty class of that name."""
        found = self._scope.get(name, getattr(prelude, str(name), None))
        if isinstance(found, type) and found.__module__ in ("test", "sandbox.prelude"):
            return found
        return type(str(name), (), {})


class _Function:
    def __init__(self, tester: Tester, name: str) -> None:
        self._tester, self.__name__ = tester, name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._tester.call("call", args, kwargs, name=self.__name__)


class _Class(_Function):
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._tester.call("new", args, kwargs, name=self.__name__)


class _Lazy:
    """`Solution().method`, with one instance for all calls of a test."""

    def __init__(self, owner: _Class, name: str) -> None:
        self._owner, self.__name__ = owner, name
        self._instance: Any = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._instance is None:
            self._instance = self._owner()
        return getattr(self._instance, self.__name__)(*args, **kwargs)


class _Instance:
    def __init__(self, tester: Tester, handle: int) -> None:
        self._tester, self._handle = tester, handle

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)

        def method(*args: Any, **kwargs: Any) -> Any:
            return self._tester.call("method", args, kwargs, handle=self._handle, name=name)

        return method


class _Iterator:
    def __init__(self, tester: Tester, handle: int) -> None:
        self._tester, self._handle = tester, handle

    def __iter__(self) -> Any:
        return self

    def __next__(self) -> Any:
        return self._tester.call("next", handle=self._handle)


def _give_back(value: Any) -> list[Any] | None:
    """What the candidate lent travels back as its handle."""
    if isinstance(value, (_Instance, _Iterator)):
        return ["lent", value._handle]
    if isinstance(value, (_Lazy, _Function)):
        raise values.Unencodable("the candidate itself as an argument")
    return None


def _exception(name: Any, message: Any, ends_iteration: bool) -> BaseException:
    """The builtin exception of that name, or one made up; never one that would end a test as a success.

    StopIteration would, in a test that calls the candidate by map(); only a lent iterator may raise it.
    """
    found = getattr(builtins, str(name), None)
    stops = found in (StopIteration, StopAsyncIteration) and not ends_iteration
    if stops or not (isinstance(found, type) and issubclass(found, Exception)):
        found = type(str(name), (FromCandidate,), {})
    try:
        return found(str(message))
    except TypeError:  # such as UnicodeDecodeError, which takes five arguments
        return FromCandidate(str(message))


def _text(error: BaseException) -> str:
    try:
        return str(error)[:2000]
    except BaseException:
        return ""


def _line(error: BaseException) -> int | None:
    trace, line = error.__traceback__, None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == FILE:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
