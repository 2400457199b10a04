"""Runs test code in a sandbox of its own, apart from the candidate, which it reaches through proxies only.

The test sees `candidate` (the entry point), and the names that the program defines where neither the test nor Python
defines them. A call goes to the candidate's process and its result comes back (caller.py); so do exceptions, iterators
and functions, in both directions, and keyword arguments. Values are rebuilt here as exact types (datatypes.py) and an
object of the program stays there (foreign.py), so a candidate's `__eq__` or patched builtins have no effect here.

A question is a frame with the code of a test, and whether the calls that its text shows may be asked ahead ("ahead").
Messages to the runner: a request for the candidate is b"R" and a graph, or b"A" and a frame of such requests (wire.py),
whose answers come as a frame. The end of a test is the encoding of a list headed by "passed", "failed" (an exception of
the test itself, such as AssertionError, perhaps with what it compared), "prelude" (the prelude failed), "raised" (an
exception that came from the candidate and was not caught), "unjudged" (the test did something that cannot be carried
over) or "again" (to be run again with nothing asked ahead, because it asked something else than its text let expect).

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import ast
import builtins
import collections
from typing import Any, Callable, Sequence

from sandbox import caller, candidate, compared, foreign, foresight, wire

# the interpreter looks these up without asking the dict
_OF_THE_INTERPRETER = "__import__", "__build_class__", "__name__", "__debug__"
_WORTH_IT = 3  # so many calls are worth asking ahead; the first is asked alone


class Tester:
    """Executes tests; `exchange(payload)` sends a request to the candidate and returns its answer."""

    def __init__(
        self, spec: dict[str, Any], prelude: bytes, names: dict[str, Any], exchange: Callable[[bytes], bytes]
    ) -> None:
        self._spec, self._prelude, self._names = spec, prelude, names
        self._caller = caller.Caller(exchange, spec["may_equal"])

    def answer(self, request: bytes) -> list[Any]:
        """Run one test from a fresh start; return its message."""
        header, (code,) = wire.unpack(request)
        end = self._caller
        names = _Names(candidate.names_for(self._spec, self._names), end, self._spec.get("redefined", ()))
        scope: dict[str, Any] = {"__name__": "test", "__builtins__": names}
        try:
            end.begin(code)
            failure = candidate.run_prelude(self._prelude, scope)
            if failure is not None:
                return failure
            end.crossing.clear(scope)
            self._enter(scope, names)
            if header["ahead"]:
                self._foresee(code)
            end.thrown = _thrown(code) if b"with" in code else frozenset()
            exec(compared.compiled(code, caller.FILE), scope)
        except BaseException as error:  # a test may end by any exception
            if end.reason:
                return _unjudged(end.reason)
            if end.is_raised(error):
                return ["raised"]
            sides = None if end.note else compared.shown(code, error, caller.FILE)
            return ["failed", type(error).__name__, _text(error) + end.note, _line(error), *(sides or [])]
        if end.is_ahead:
            end.unforeseen()
        return _unjudged(end.reason) if end.reason else ["passed"]

    def _foresee(self, code: bytes) -> None:
        """Expect the calls that the test begins with, if they are enough to be worth it."""
        entry = self._spec["entry"]
        entries = ("candidate", entry)
        if not self._spec["is_function"] or sum(code.count(it.encode() + b"(") for it in entries) < _WORTH_IT:
            return
        calls = foresight.calls(code, entries)
        if len(calls) >= _WORTH_IT:
            self._caller.foresee(entry, calls)

    def _enter(self, scope: dict[str, Any], names: _Names) -> None:
        """Make the entry point known under its names, in place of other objects of these names."""
        owner, _, method = self._spec["entry"].rpartition(".")
        if self._spec["is_function"]:
            scope["candidate"] = scope[method] = foreign.Entry(self._caller, method)
            return
        if owner:
            scope["candidate"] = foreign.Lazy(self._caller, owner, method)
        names.entries = {owner: owner} if owner else {"candidate": method, method: method}
        for name in names.entries:
            scope.pop(name, None)
            names.pop(name, None)


def _thrown(code: bytes) -> frozenset[int]:
    """Return the lines in a `with` that raise, or call a method whose result is not used, under no condition.

    These statements stand on lines of their own, before any by which the `with` could be left.
    """
    lines: set[int] = set()
    tree = ast.parse(code)
    begun = collections.Counter(node.lineno for node in ast.walk(tree) if isinstance(node, ast.stmt))
    names = _of_the_program(tree)
    for block in (node.body for node in ast.walk(tree) if isinstance(node, (ast.With, ast.AsyncWith))):
        for node in block:
            if any(isinstance(it, (ast.Return, ast.Continue, ast.Break)) for it in ast.walk(node)):
                break
            if isinstance(node, ast.Raise) or _calls(node, names):
                lines.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
            if isinstance(node, ast.Raise):
                break
    return frozenset(line for line in lines if begun[line] <= 1)


def _of_the_program(tree: ast.Module) -> set[str]:
    """Return the names that a `with` binds, or that are assigned the result of a call, Python's own functions aside."""
    found = {
        it.optional_vars.id
        for node in ast.walk(tree)
        if isinstance(node, (ast.With, ast.AsyncWith))
        for it in node.items
        if isinstance(it.optional_vars, ast.Name)
    }
    for node in ast.walk(tree):
        called = node.value.func if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) else None
        if isinstance(called, ast.Name) and not hasattr(builtins, called.id):
            found.update(it.id for it in node.targets if isinstance(it, ast.Name))  # type: ignore[union-attr]
    return found


def _calls(node: ast.stmt, names: set[str]) -> bool:
    """Whether a statement is a call of a method, not of the test's own or unittest's, whose result is not used."""
    value = node.value if isinstance(node, ast.Expr) else None
    value = value.value if isinstance(value, ast.Await) else value
    if not isinstance(value, ast.Call):
        return False
    called = value.func
    if isinstance(called, ast.Name):
        is_plain = called.id == "candidate"
    else:
        is_plain = isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id in names
        is_plain = is_plain and not called.attr.startswith(("assert", "fail"))
    arguments = [*value.args, *(it.value for it in value.keywords)]
    return is_plain and not any(
        isinstance(it, (ast.Call, ast.Await)) for argument in arguments for it in ast.walk(argument)
    )


def _unjudged(reason: str) -> list[Any]:
    return ["again"] if reason == caller.UNFORESEEN else ["unjudged", reason]


class _Names(dict):
    """The builtins of a test, and behind them the names of the program.

    A name is added when it is used: copying all of them would make the kernel copy the memory of their values.
    """

    def __init__(self, names: dict[str, Any], end: caller.Caller, redefined: Sequence[str]) -> None:
        super().__init__((name, names[name]) for name in _OF_THE_INTERPRETER if name in names)
        self._builtins, self._caller, self._redefined = names, end, redefined
        self.entries: dict[str, str] = {}

    def __missing__(self, name: str) -> Any:
        if name in self._builtins and name not in self.entries and name not in self._redefined:
            return self.setdefault(name, self._builtins[name])
        if name[:2] == "__":
            raise KeyError(name)
        do = "entry" if name in self.entries else "global"
        found = self._caller.ask(do, None, entry=self.entries.get(name, name))
        if isinstance(found, foreign.ForeignType):
            self[name] = found
        return found


def _text(error: BaseException) -> str:
    try:
        return str(error)[:2000]
    except BaseException:
        return ""


def _line(error: BaseException) -> int | None:
    trace, line = error.__traceback__, None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == caller.FILE:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
