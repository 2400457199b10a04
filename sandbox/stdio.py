"""A candidate that is a whole program: what `python3 solution.py < input` would run, once in each process.

It is the `__main__` of its interpreter and finds what a script finds: its own module without any name that it did not
import, its streams, its arguments, Python's own limits. At its end this does what Python does at the end of a script:
it waits for threads, runs exit handlers, frees the objects that are left, and flushes the output.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import atexit
import builtins
import gc
import importlib.machinery
import io
import operator
import os
import sys
import threading
from types import ModuleType
from typing import Any, Tuple

from sandbox import candidate, evidence

INPUT = 5  # the descriptor on which the input arrives; see inputs.py
RECURSION_LIMIT = 1000  # Python's own
_MAX_INT = (1 << 31) - 1
_UNFLUSHED = 120  # Python's exit status where the output cannot be written


class Stdio:
    """A program under test; the runner reads its output from its standard output."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self._file = os.path.join(os.getcwd(), candidate.FILE)
        self._main: Any = ModuleType("__main__")
        self._code: Any = None
        self._recorder = evidence.Recorder(self._file) if spec["evidence"] else None

    def load(self, prelude: bytes, source: bytes) -> list[Any]:
        """Prepare this process to run a script, and compile it. A whole program gets no prelude."""
        self._streams = _take_streams()
        sys.dont_write_bytecode = False  # as in a script, though nothing can be written
        sys.argv, sys.orig_argv = [candidate.FILE], ["python3", candidate.FILE]  # type: ignore[attr-defined]
        sys.path.insert(0, os.path.dirname(self._file))
        _fill_main(self._main, self._file, source)
        builtins.open = io.open = _Open(self._file, source)  # type: ignore[assignment]
        self._code, message = candidate.compiled(source, self._file)
        return message

    def answer(self, request: bytes) -> list[Any]:
        """Run the program and return a message; the input comes from the file, and the output is not in the message."""
        if self._recorder is None:
            return self._run()
        # The input has been read by now, so there is no second run for the values.
        return ["evidence", self._recorder.run(self._run), *self._recorder.report()]

    def _run(self) -> list[Any]:
        message: list[Any] = ["done"]
        _limit_recursion()
        try:
            exec(self._code, self._main.__dict__)
        except SystemExit as error:
            message = _exited(_status(error))
        except BaseException as error:  # KeyboardInterrupt is the candidate's failure as well
            error.__traceback__ = error.__traceback__ and error.__traceback__.tb_next  # without this frame
            message = candidate.describe(error, self._file)
            _tell(error)
        return message if self._end() or message != ["done"] else _exited(_UNFLUSHED)

    def _end(self) -> bool:
        """Do what Python does after the last line of a script; return whether the output could be written."""
        for step in (threading._shutdown, atexit._run_exitfuncs):  # type: ignore[attr-defined]
            _attempt(step)
        written = _attempt(_flush)
        sys.modules.pop("__main__", None)
        sys.stdin, sys.stdout, sys.stderr = self._streams
        self._main = None
        _attempt(gc.collect)  # it runs `__del__`, and writes what open files still hold
        _attempt(_flush)
        return written


def _take_streams() -> Tuple[Any, Any, Any]:
    """Give the program the streams of a script, and return them; /dev/null, its input so far, becomes its error
    stream.
    """
    os.dup2(0, 2)
    os.dup2(INPUT, 0)
    os.close(INPUT)
    before = sys.__stdin__
    assert before is not None
    file = io.open(0, "rb", closefd=False)  # noqa: SIM115 - it stays open
    file.raw.name = "<stdin>"  # type: ignore[attr-defined]
    text = io.TextIOWrapper(file, before.encoding, before.errors, newline="\n")
    text.mode = "r"  # type: ignore[misc]
    sys.stdin = sys.__stdin__ = text  # type: ignore[misc]
    return sys.stdin, sys.stdout, sys.stderr


class SourceFileLoader(importlib.machinery.SourceFileLoader):
    """Provides the text of a program that is in no file, for tracebacks and `inspect`; named like a script's loader."""

    source = b""

    def get_data(self, path: str) -> bytes:
        """Return the text of the program, or the content of another file."""
        return self.source if path == self.path else super().get_data(path)  # type: ignore[arg-type]


def _fill_main(main: ModuleType, file: str, source: bytes) -> None:
    """Make a module the `__main__` of this interpreter, with the names that Python gives it and no other."""
    loader = SourceFileLoader("__main__", file)
    loader.source = source
    names = vars(main)
    names.update(__builtins__=builtins, __file__=file, __cached__=None, __loader__=loader)
    if "__annotations__" in vars(sys.modules["__main__"]):  # before Python 3.14
        names["__annotations__"] = {}
    sys.modules["__main__"] = main


class _Source(io.BytesIO):
    """The text of a program, as the file that holds it would read."""

    mode = "rb"
    name = ""


class _Open:
    """The `open` of a program, which finds its own text under its own name; no such file need exist."""

    def __init__(self, file: str, source: bytes) -> None:
        self._file, self._source, self._real = file, source, io.open

    def __call__(self, file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        if not self._is_own(file) or mode not in ("r", "rt", "tr", "rb", "br"):
            return self._real(file, mode, *args, **kwargs)
        source = _Source(self._source)
        source.name = file
        buffer = io.BufferedReader(source)  # type: ignore[arg-type]
        return buffer if "b" in mode else self._text(buffer, mode, *args, **kwargs)

    def __repr__(self) -> str:
        return repr(self._real)

    def _is_own(self, file: Any) -> bool:
        try:
            name = os.fsdecode(file)
        except (TypeError, ValueError):  # a descriptor
            return False
        return os.path.join(os.path.dirname(self._file), os.path.normpath(name)) == self._file

    def _text(
        self,
        buffer: Any,
        mode: str,
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        closefd: bool = True,
        opener: Any = None,
    ) -> io.TextIOWrapper:
        text = io.TextIOWrapper(buffer, encoding, errors, newline)
        text.mode = mode  # type: ignore[misc]
        return text


def _limit_recursion() -> None:
    """Let the program, which runs deep in our own calls, recurse as deep as a script may, and see the usual limit."""
    below, frame = 0, sys._getframe(1)
    while frame:
        below, frame = below + 1, frame.f_back  # type: ignore[assignment]
    below += 2 * (sys.version_info < (3, 12))  # the calls of exec, which counted until then
    limit, change = RECURSION_LIMIT, sys.setrecursionlimit

    def setrecursionlimit(new: int, /) -> None:
        """Set the maximum depth of the Python interpreter stack to n."""
        nonlocal limit
        number = operator.index(new)
        change(min(number + below, _MAX_INT) if 0 < number <= _MAX_INT else number)
        limit = number

    def getrecursionlimit() -> int:
        """Return the current value of the recursion limit."""
        return limit

    sys.setrecursionlimit, sys.getrecursionlimit = setrecursionlimit, getrecursionlimit
    setrecursionlimit(RECURSION_LIMIT)


def _status(error: SystemExit) -> int:
    """Return the exit status of a script that ended by SystemExit; a code that is no number is printed to standard
    error.
    """
    code = error.code
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF if -(1 << 63) <= code < 1 << 63 else 0xFF
    _attempt(lambda: sys.stderr.write("%s\n" % (code,)))
    return 1


def _exited(status: int) -> list[Any]:
    return ["error", "SystemExit", "exit status %d" % status, None, []] if status else ["done"]


def _tell(error: BaseException) -> None:
    """Report an exception as the program's own hook does; only what it prints can be seen of that."""
    _attempt(lambda: sys.excepthook(type(error), error, error.__traceback__))


def _flush() -> None:
    """Flush the standard streams that are open; raises the exception of standard output."""
    for stream in (sys.stderr, sys.stdout):
        if stream is not None and not getattr(stream, "closed", False):
            stream.flush()


def _attempt(step: Any) -> bool:
    """Return whether a step, which may run the program's own code, raised nothing."""
    try:
        step()
    except BaseException:
        return False
    return True
