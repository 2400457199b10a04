"""Runs many hostile programs in one child, one after another, on the same few tests, to find those worth judging.

A process for each would be safer, and a hundred times slower. So nothing that is reported here is a verdict: the
programs share the process and may change it for those that follow, and the code of tests runs among them. A program
that passes here is judged in the ordinary way. A program that hangs or ends the process costs the others nothing but a
new process.

A request is the text of a program. Its answer is headed by "screened" and holds one of the messages of candidate.py for
every test, or a single one where the program could not be loaded. A test that is code answers ["value", true], or an
error. Endless loops are frequent, so a program is interrupted after `slice_s` seconds of CPU, as the spec says: the
current test answers ["timeout", line, frames], and the rest are left out. A program that cannot be interrupted is
stopped from outside, as everywhere.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import marshal
import math
import random
import signal
import sys
from functools import partial
from time import thread_time
from typing import Any, Callable

from sandbox import candidate, depth, scripts, values

_RECURSION_LIMIT = 50_000  # as in guest.py

_TICK_S = 0.001
_AGAIN_S = 0.005  # of CPU: what is raised must be reported before it is raised again


class _TimeIsUp(BaseException):
    """Raised in a program whose time is up."""


class Screening:
    """The tests, the names of the prelude, and the answers of programs by their compiled code."""

    def __init__(self, spec: dict[str, Any], names: dict[str, Any]) -> None:
        self._spec = dict(spec, kind=spec["calls"])
        self._scope: dict[str, Any] = {"__name__": candidate.MODULE, "__builtins__": candidate.names_for(spec, names)}
        self._tests: list[Any] = []
        self._known: dict[bytes, list[Any]] = {}
        self._ends = math.inf
        self._depth = depth.Depth()
        self._scripts = scripts.Scripts(lambda: self._ends - thread_time(), self._depth, spec["output_bytes"])

    def load(self, prelude: bytes, source: bytes) -> list[Any]:
        """Execute the problem's prelude once for all programs, and prepare the tests; the source is not used."""
        signal.signal(signal.SIGALRM, self._look_at_the_clock)
        sys.stdout = sys.stderr = _Nowhere()  # type: ignore[assignment]
        try:
            if self._spec["kind"] != "program":  # a whole program gets no prelude
                exec(compile(prelude, "prelude.py", "exec", dont_inherit=True), self._scope)
            for code, arguments in self._spec["tests"]:
                test = None if code else marshal.dumps(values.decode(arguments.encode()))  # the fastest way to copy
                self._tests.append(test or compile(code, "test", "exec", dont_inherit=True))
        except BaseException as error:
            return candidate.describe(error)
        return ["ready"]

    def answer(self, request: bytes) -> list[Any]:
        """Run one program on all tests."""
        code, message = candidate.compiled(request, own_tests=self._spec.get("own_tests", True))
        if code is None:
            return ["screened", message]
        key = marshal.dumps(code)
        if key not in self._known:
            self._known[key] = ["screened", *self._outcomes(code)]
        return self._known[key]

    def _outcomes(self, code: Any) -> list[Any]:
        random.seed(0)
        scope = candidate.module_of(self._scope["__builtins__"])
        scope.update(self._scope)
        # The kernel's timers for CPU time are coarse. This one fires again and again, as a program may catch the first
        # error.
        self._ends = thread_time() + self._spec["slice_s"]
        signal.setitimer(signal.ITIMER_REAL, _TICK_S, _TICK_S)
        try:
            self._depth.begin(_RECURSION_LIMIT)
            loaded = None if self._spec["kind"] == "program" else _timed(lambda: exec(code, scope))
            if loaded is not None:
                return [loaded]
            outcomes = []
            for test in self._tests:
                run = partial(self._run, test, code, scope)
                outcomes.append(self._depth.run(lambda run=run: _timed(run)))
                if outcomes[-1][0] == "timeout":
                    break
            return outcomes
        finally:
            self._ends = math.inf
            self._depth.end()
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _look_at_the_clock(self, number: int, frame: Any) -> None:
        if thread_time() > self._ends:
            self._ends = thread_time() + _AGAIN_S
            raise _TimeIsUp

    def _run(self, test: Any, code: Any, scope: dict[str, Any]) -> list[Any]:
        if self._spec["kind"] == "program":
            (text,) = marshal.loads(test)  # noqa: S302 - our own
            return self._scripts.run(code, text.encode("utf-8", "surrogatepass"))
        if isinstance(test, bytes):
            call = candidate.call_class if self._spec["kind"] == "class" else candidate.call_function
            return ["value", call(self._spec, scope, marshal.loads(test))]  # noqa: S302 - our own
        owner = self._spec["entry"].partition(".")[0]
        entry = scope.get(owner) if self._spec["kind"] == "class" else candidate.entry_point(self._spec["entry"], scope)
        exec(test, dict(scope, candidate=entry))
        return ["value", True]


def _timed(run: Callable[[], Any]) -> Any:
    message = candidate.outcome(run)
    return ["timeout", *message[3:]] if message and message[:2] == ["error", _TimeIsUp.__name__] else message


class _Nowhere:
    """Discards what programs print."""

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        pass
