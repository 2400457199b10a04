"""A candidate that is a whole program: it reads standard input and prints its answer, once in each process.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import io
import os
import sys
import threading
from typing import Any

from sandbox import candidate, evidence, values, wire

PIPE_BYTES = 1 << 16  # what a pipe holds without a reader


class Stdio:
    """A program under test; its output is what the runner reads from its standard output."""

    def __init__(self, spec: dict[str, Any], names: dict[str, Any]) -> None:
        self._scope: dict[str, Any] = {"__name__": "__main__", "__builtins__": names}
        self._code: Any = None
        self._recorder = evidence.Recorder(candidate.FILE) if spec["evidence"] else None

    def load(self, prelude: bytes, source: bytes) -> list[Any]:
        """Compile the program. The prelude is for functions; a program stands alone."""
        self._code, message = candidate.compiled(source)
        return message

    def answer(self, request: bytes) -> list[Any]:
        """Run the program on an input and return a message; what it printed is not in it."""
        (text,) = values.decode(request)
        _feed(text.encode("utf-8", "surrogatepass"))
        sys.stderr = io.StringIO()
        if self._recorder is None:
            return self._run()
        # The input is read by now, so there is no second run for the values.
        return ["evidence", self._recorder.run(self._run), *self._recorder.report()]

    def _run(self) -> list[Any]:
        try:
            exec(self._code, self._scope)
        except SystemExit as error:
            if error.code not in (None, 0, False):
                return ["error", "SystemExit", "exit status %s" % (error.code,), None, []]
        except BaseException as error:  # KeyboardInterrupt is the candidate's failure as well
            return candidate.describe(error)
        return ["done"]


def _feed(data: bytes) -> None:
    """Make `data` the standard input, for input(), for sys.stdin and for open(0) alike.

    What was there is /dev/null; it becomes the standard error, which is no part of the answer.
    """
    os.dup2(0, 2)
    source, sink = os.pipe()
    os.dup2(source, 0)
    os.close(source)
    if len(data) <= PIPE_BYTES:
        os.write(sink, data)
        os.close(sink)
    else:
        threading.Thread(target=_write, args=(sink, data), daemon=True).start()
    sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)), "utf-8", "surrogateescape")


def _write(sink: int, data: bytes) -> None:
    try:
        wire.write_all(sink, data)
        os.close(sink)
    except OSError:  # the program closed its input
        pass
