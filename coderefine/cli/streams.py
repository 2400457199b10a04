"""Standard output and standard error as commands write to them.

Guarantees: a stream that fails (a full disk, a reader that is gone, a closed descriptor, an encoding without a
character) never ends a command, changes what it does, or shows a traceback. No line that a test, a model or a file
printed is a command to the system that keeps the log, such as GitHub's, Azure's or TeamCity's.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import re
import sys
from collections.abc import Iterator
from typing import TextIO

PREFIX = "| "
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)?")
_BLANK = re.compile(r"(?:[^\S\r\n]|\x1b\[[0-9;?]*[A-Za-z])*")
"""What may precede a command: GitHub's runner ignores blanks; colours are ours."""
_ANYWHERE = re.compile(r"##(?=\w{0,20}\[)")
"""`##[...]`, `##vso[...]` and `##teamcity[...]` are commands anywhere in a line."""
_LONGEST_MARK = 24
_SIZES = {"COLUMNS": 10, "LINES": 1}
"""The variables of a terminal's size, and the least possible sizes."""
_LARGEST = 10_000
_PLAIN = str.maketrans({"✓": "+", "✗": "x", "→": "->", "…": "...", "·": "-", "×": "x", "±": "+-", "–": "-", "█": "#"})
"""Replacements for encodings that lack these characters."""


class GuardedStream(io.TextIOBase):
    """A stream around one of Python's, which is None where the program was started with a closed descriptor."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._is_blank, self._colon, self._tail = True, False, ""
        self.is_for_programs = False
        """Whether text is passed on unchanged, in UTF-8."""
        self.has_written = False
        """Whether anything was written so far."""
        self.has_result = False
        """Whether a result for programs, such as a diff, was written among the text for people."""
        self.failure: OSError | ValueError | None = None
        """Why nothing more is written; None while writing works."""

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the wrapped stream."""
        return getattr(self._stream, "encoding", None) or "utf-8"

    @property
    def errors(self) -> str:  # type: ignore[override]
        """The handling of characters that the encoding lacks."""
        return "backslashreplace"

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        try:
            return self._stream is not None and self._stream.isatty()
        except ValueError:  # it is closed
            return False

    def fileno(self) -> int:
        """Return the descriptor; raises OSError where there is none."""
        if self._stream is None:
            raise io.UnsupportedOperation("fileno")
        return self._stream.fileno()

    def writable(self) -> bool:
        """Return True, because failures are not reported."""
        return True

    def write(self, text: str) -> int:
        """Write text for people, or for programs once `is_for_programs` is set."""
        if not isinstance(text, str):
            raise TypeError(f"expected text, not {type(text).__name__}")
        self.has_written = self.has_written or bool(text)
        if self.is_for_programs:
            self.write_exactly(text)
        else:
            self._send(self._inert(text))
        return len(text)

    def write_exactly(self, text: str, encoding: str = "utf-8") -> None:
        """Write text for a program, such as a diff, unchanged and in `encoding` instead of the stream's own."""
        self._is_blank, self._colon, self._tail = True, False, ""
        self.has_written = self.has_written or bool(text)
        buffer = getattr(self._stream, "buffer", None)
        if buffer is None:
            self._send(text)
            return
        self.flush()
        with self._noting():
            buffer.write(text.encode(encoding, "backslashreplace"))

    def flush(self) -> None:
        """Write what is buffered."""
        if self._stream is not None and self.failure is None:
            with self._noting():
                self._stream.flush()

    def finish(self) -> None:
        """Write what is buffered for the last time, so that Python's own attempt at its exit cannot fail."""
        self.flush()
        if self.failure is not None and self._stream in (sys.__stdout__, sys.__stderr__) and self._stream is not None:
            with contextlib.suppress(OSError, ValueError):
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, self._stream.fileno())
                os.close(nowhere)
                self._stream.flush()

    @property
    def lost(self) -> OSError | None:
        """Return why output is lost that someone waits for; None where no one does, as after `| head`."""
        failure = self.failure
        is_left = not isinstance(failure, OSError) or failure.errno in (errno.EPIPE, errno.EBADF)
        return None if is_left else failure  # type: ignore[return-value]

    @contextlib.contextmanager
    def _noting(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError) as error:
            self.failure = error

    def _send(self, text: str) -> None:
        if self._stream is not None and self.failure is None:
            with self._noting():
                self._stream.write(_fitting(text, self.encoding))

    def _inert(self, text: str) -> str:
        """Return text in which no line is a command, considering what was already written of the current line."""
        return "".join(map(self._inert_part, _LINE.findall(text)))

    def _inert_part(self, part: str) -> str:
        """Return a line, or a part of one, that is no command."""
        if self._is_blank:
            blank = _BLANK.match(part)
            start = blank.end() if blank else 0
            if self._colon and part.startswith(":"):
                part = f" {part}"
            elif part.startswith("::", start):
                part = f"{part[:start]}{PREFIX}{part[start:]}"
            self._colon = (self._colon and not part) or part[start:] == ":"
            self._is_blank = start == len(part) or self._colon
        held = len(self._tail)
        joined = self._tail + part
        for mark in reversed(list(_ANYWHERE.finditer(joined))):
            at = max(mark.start() + 1, held)
            joined = f"{joined[:at]} {joined[at:]}"
        part, self._tail = joined[held:], joined[-_LONGEST_MARK:]
        if part.endswith(("\r", "\n")):
            self._is_blank, self._colon, self._tail = True, False, ""
        return part


def _fitting(text: str, encoding: str) -> str:
    """Return text that fits an encoding, with replacements for characters that it lacks."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_PLAIN).encode(encoding, "backslashreplace").decode(encoding)
    except LookupError:
        return text
    return text


@contextlib.contextmanager
def guarded() -> Iterator[GuardedStream]:
    """Guard both streams while a command runs; yield standard output."""
    _open_closed()
    _forget_impossible_sizes()
    before = sys.stdout, sys.stderr
    streams = GuardedStream(sys.stdout), GuardedStream(sys.stderr)
    sys.stdout, sys.stderr = streams
    try:
        yield streams[0]
    finally:
        for stream in streams:
            stream.finish()
        sys.stdout, sys.stderr = before


def _forget_impossible_sizes() -> None:
    """Remove impossible sizes of a terminal from the environment: rich would believe them, or fail on them."""
    for name, least in _SIZES.items():
        size = os.environ.get(name, str(least))
        if not (size.isascii() and size.isdigit() and least <= int(size[:9]) <= _LARGEST):
            del os.environ[name]


def _open_closed() -> None:
    """Open closed descriptors, because the next file, such as the store of runs, would be taken for a stream."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # it takes the lowest free descriptor


def for_programs() -> None:
    """Mark the standard output of this command as text for programs."""
    if isinstance(sys.stdout, GuardedStream):
        sys.stdout.is_for_programs = True


def write_exactly(text: str, encoding: str = "utf-8", *, is_copy: bool = False) -> None:
    """Write a result for programs to standard output; `is_copy` says that a failure does not lose it."""
    if isinstance(sys.stdout, GuardedStream):
        sys.stdout.has_result |= not is_copy
        sys.stdout.write_exactly(text, encoding)
    elif sys.stdout is not None:
        sys.stdout.write(text)
