"""Which lines of a candidate ran, and the last values of the variables on them.

The first run of a case counts how often each line begins. A second run of the case, if it takes the same path, reads
the variables where a line begins for the last time, so that the cost of reading grows with the number of lines and not
of steps. All of it happens in the candidate's own process: it is a hint, not a measurement to rely on.

`sys.monitoring` (Python 3.12) is used where it is, `sys.settrace` elsewhere.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import sys
from types import CodeType, FrameType
from typing import Any, Callable

MAX_LINES = 400
MAX_NAMES = 12
MAX_VALUE_CHARS = 100


class Recorder:
    """Records the lines of one file while `run` executes a function."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.hits: dict[int, int] = {}
        self.values: dict[int, list[list[str]]] = {}
        self._last: dict[int, int] = {}

    def run(self, function: Callable[[], Any]) -> Any:
        """Count the lines that `function` runs; return what it returns, and raise what it raises."""
        self.hits, self.values, self._last = {}, {}, {}
        return self._watched(function)

    def rerun(self, function: Callable[[], Any]) -> None:
        """Run the function again to read the variables; its result or exception is ignored."""
        self._last, self.hits = self.hits, {}
        try:
            self._watched(function)
        except BaseException:
            pass
        self.hits = self._last

    def report(self) -> list[Any]:
        """Return [lines that ran, [line, [name, value]...] for each], in the order of the lines."""
        lines = sorted(self.hits)[:MAX_LINES]
        return [lines, [[line, self.values[line]] for line in lines if line in self.values]]

    def _watched(self, function: Callable[[], Any]) -> Any:
        monitoring = getattr(sys, "monitoring", None)
        if monitoring is None:
            sys.settrace(self._trace)
            try:
                return function()
            finally:
                sys.settrace(None)
        tool = monitoring.DEBUGGER_ID
        monitoring.use_tool_id(tool, "evidence")
        monitoring.register_callback(tool, monitoring.events.LINE, self._line_event)
        monitoring.set_events(tool, monitoring.events.LINE)
        try:
            return function()
        finally:
            monitoring.set_events(tool, 0)
            monitoring.free_tool_id(tool)

    def _trace(self, frame: FrameType, event: str, argument: Any) -> Any:
        if frame.f_code.co_filename != self._file:
            return None
        if event == "line":
            self._begin(frame.f_lineno, frame)
        return self._trace

    def _line_event(self, code: CodeType, line: int) -> Any:
        if code.co_filename != self._file:
            return sys.monitoring.DISABLE  # type: ignore[attr-defined,unused-ignore]
        self._begin(line, sys._getframe(1))
        return None

    def _begin(self, line: int, frame: FrameType) -> None:
        count = self.hits[line] = self.hits.get(line, 0) + 1
        if self._last.get(line) == count and len(self.values) < MAX_LINES:
            self.values[line] = _variables(frame)


def _variables(frame: FrameType) -> list[list[str]]:
    names = [name for name in frame.f_code.co_varnames if name in frame.f_locals and name != "self"]
    return [[name, _short(frame.f_locals[name])] for name in names[:MAX_NAMES]]


def _short(value: Any) -> str:
    try:
        text = repr(value[:MAX_VALUE_CHARS] if type(value) in (list, str, tuple, bytes) else value)
    except BaseException:  # a candidate's own __repr__
        return "?"
    return text if len(text) <= MAX_VALUE_CHARS else text[: MAX_VALUE_CHARS - 3] + "..."
