"""Runs whole programs one after another in a process that they share: what a screening does with each of them.

Each run has a module, streams and builtins of its own, and Python's own limit of recursion. Imported modules stay, as
importing them anew would take longer than most programs. A program also finds its input at its descriptor, as far as it
fits into a pipe. Nothing of this is a verdict (see screening.py).

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import atexit
import builtins
import io
import os
import random
import sys
import threading
from types import ModuleType
from typing import Any, Callable

from sandbox import candidate
from sandbox.depth import Depth

_PIPE_BYTES = 60_000  # what a pipe surely takes without a reader
_RECURSION_LIMIT = 1000  # Python's own
_NAMES = ("stdin", "stdout", "stderr", "__stdin__", "__stdout__", "__stderr__", "argv")


class Scripts:
    """Runs programs; `left_s` returns how many seconds of CPU are left for the current one."""

    def __init__(self, left_s: Callable[[], float], depth: Depth, output_bytes: int) -> None:
        self._left_s, self._output_bytes = left_s, output_bytes
        self._builtins = dict(vars(builtins))
        self._system = {name: getattr(sys, name) for name in _NAMES}
        self._depth = depth

    def run(self, code: Any, text: bytes) -> list[Any]:
        """Run a program on a standard input and return what it printed; raises what it raises."""
        random.seed(0)
        output = self._take_streams(text)
        main = ModuleType("__main__")
        vars(main).update(__builtins__=builtins, __file__=candidate.FILE)
        sys.modules["__main__"] = main
        self._depth.begin(_RECURSION_LIMIT)
        try:
            exec(code, main.__dict__)
            self._end()
        except SystemExit as error:
            if error.code not in (None, 0):
                raise
            self._end()
        finally:
            self._depth.end()
            printed = _read(output)
            self._put_back()
        if len(printed) > self._output_bytes:
            return ["unreadable", "more than may be printed"]
        return ["value", printed.decode("utf-8", "replace")]

    def _take_streams(self, text: bytes) -> _Output:
        """Give a program its streams, and return the stream that its output goes to."""
        source: Any = io.BytesIO(text)
        if len(text) <= _PIPE_BYTES:
            reading, writing = os.pipe()
            os.write(writing, text)
            os.close(writing)
            if reading:  # else the program before closed it
                os.dup2(reading, 0)
                os.close(reading)
            source = io.open(0, "rb", closefd=False)  # noqa: SIM115 - it lasts as long as the program
        output = _Output()
        sys.stdin = sys.__stdin__ = io.TextIOWrapper(source, "utf-8", "surrogateescape")  # type: ignore[misc]
        sys.stdout = sys.__stdout__ = io.TextIOWrapper(output, "utf-8", "surrogateescape")  # type: ignore[misc]
        sys.stderr = sys.__stderr__ = io.TextIOWrapper(io.BytesIO(), "utf-8", "backslashreplace")  # type: ignore[misc]
        sys.argv = [candidate.FILE]
        return output

    def _end(self) -> None:
        """Do what Python does after the last line of a script, as far as that may print something."""
        if threading.active_count() > 1:
            for thread in threading.enumerate():
                if thread is not threading.current_thread() and not thread.daemon:
                    thread.join(max(0.0, self._left_s()))
                    if thread.is_alive():
                        os._exit(1)  # nothing interrupts it
        atexit._run_exitfuncs()

    def _put_back(self) -> None:
        """Undo what a program may have changed for those after it, as far as it means no harm."""
        for name, value in self._system.items():
            setattr(sys, name, value)
        atexit._clear()
        if vars(builtins) != self._builtins:
            vars(builtins).update(self._builtins)
            for name in vars(builtins).keys() - self._builtins.keys():
                delattr(builtins, name)


def _read(output: _Output) -> bytes:
    """Return what was printed, even where the program replaced its stream."""
    for stream in (sys.stdout, sys.__stdout__):
        try:
            stream.flush()  # type: ignore[union-attr]
        except BaseException:
            pass
    return output.getvalue()


class _Output(io.BytesIO):
    """Keeps what was printed when the program closes its stream."""

    def close(self) -> None:
        pass
