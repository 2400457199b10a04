"""Reads the rows of a file: JSON lines or CSV, one at a time, or one JSON document that lists them; plain or gzipped.

Guarantees: memory is bounded by the longest line that is accepted, whatever a file expands to; a line that is not a
JSON object is reported with its number, and reading goes on with the next one.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, cast

from coderefine.errors import UnreadableError, UsageError
from coderefine.folder.loading import MAX_SOURCE_BYTES
from coderefine.formats.csv_rows import csv_rows
from coderefine.formats.record import RowError
from coderefine.outside import read_json

MAX_LINE_BYTES = 64 << 20
MAX_FILE_BYTES = 8 << 30
MAX_LINES = 1_000_000
MAX_RATIO, ANY_RATIO_BYTES = 100, 32 << 20
"""How many times its own size a packed file may expand to, beyond so many bytes; texts expand about ten times."""
MAX_ITEMS = 10_000
"""The most items of a list in one row, such as tests."""
_GZIP = b"\x1f\x8b"
_CHUNK = 1 << 20

Row = dict[str, Any]


def rows(path: Path) -> Iterator[tuple[int, Row | RowError]]:
    """Yield each line's number, from 1, and its object or the error in it; blank lines are skipped.

    Raises UsageError where the file cannot be opened.
    """
    if path.name.lower().removesuffix(".gz").endswith(".csv"):
        with _opened(path) as file:
            yield from csv_rows(_lines(file))
        return
    whole = document(path)
    if whole is not None:
        yield from enumerate(_listed(whole), 1)
        return
    number = 0
    with _opened(path) as file:
        try:
            for number, line in _lines(file):
                if isinstance(line, RowError) or line.strip():
                    row = line if isinstance(line, RowError) else _parsed(line)
                    yield from enumerate(_listed(row), 1) if _holds_rows(row) else [(number, row)]
        except (OSError, EOFError, zlib.error) as error:
            yield number + 1, RowError(f"the file cannot be read any further: {error}")


def document(path: Path) -> Any:
    """Return the content of a file that is one JSON document, over several lines or as an array.

    None for JSON lines.

    Raises UsageError where the file cannot be opened.
    """
    with _opened(path) as file, suppress(OSError, EOFError, zlib.error, UnreadableError, UnicodeDecodeError):
        data = file.readline(MAX_LINE_BYTES + 1)
        text = data.strip().removeprefix(b"\xef\xbb\xbf")
        if not text.startswith((b"[", b"{")) or (text.startswith(b"{") and text.endswith(b"}")):
            return None
        while not file.is_spent and len(data) <= MAX_LINE_BYTES and (chunk := file.read(_CHUNK)):
            data += chunk
        if len(data) > MAX_LINE_BYTES or file.is_spent:
            return None
        return read_json(data.decode("utf-8-sig"))
    return None


def _listed(found: Any) -> list[Row | RowError]:
    """Return the rows of a document: those of an object of objects get their key as `task_id` where they have none.

    A list under `examples` is read as the rows, too, as in the tasks of BIG-bench.
    """
    if _holds_rows(found):
        found = found["examples"]
    elif isinstance(found, dict) and found and all(isinstance(row, dict) for row in found.values()):
        found = [{"task_id": key, **row} for key, row in found.items()]
    return [_as_row(row) for row in (found if isinstance(found, list) else [found])]


def _holds_rows(found: Any) -> bool:
    return isinstance(found, dict) and isinstance(found.get("examples"), list) and "question" not in found


def _as_row(found: Any) -> Row | RowError:
    return found if isinstance(found, dict) else RowError(f"expected a JSON object, not a {type(found).__name__}")


def count_lines(path: Path) -> int:
    """Return how many lines a file has, as far as it can be read; raises UsageError where it cannot be opened."""
    found = 0
    with _opened(path) as file, suppress(OSError, EOFError, zlib.error):
        head = file.readline(_CHUNK)
        if head.lstrip()[:1] == b"[" or not head.rstrip().endswith(b"}"):
            return sum(1 for _ in rows(path))
        found, last = head.count(b"\n"), head
        while not file.is_spent and (chunk := file.read(_CHUNK)):
            found, last = found + chunk.count(b"\n"), chunk
        found += not last.endswith(b"\n")  # the last line may lack its end
    return found


class _File:
    """A file that is read from its beginning, gzipped or not, until it has expanded to more than allowed."""

    def __init__(self, raw: IO[bytes], packed: bool) -> None:
        self._raw, self._total = raw, 0
        self._file = cast(IO[bytes], gzip.GzipFile(fileobj=raw)) if packed else raw

    @property
    def is_spent(self) -> bool:
        """Whether no more may be read."""
        most = MAX_RATIO * self._raw.tell() if self._file is not self._raw else MAX_FILE_BYTES
        return self._total > min(MAX_FILE_BYTES, max(ANY_RATIO_BYTES, most))

    def read(self, size: int) -> bytes:
        """Return at most `size` bytes."""
        return self._counted(self._file.read(size))

    def readline(self, size: int) -> bytes:
        """Return a line, or its first `size` bytes."""
        return self._counted(self._file.readline(size))

    def _counted(self, data: bytes) -> bytes:
        self._total += len(data)
        return data


@contextmanager
def _opened(path: Path) -> Iterator[_File]:
    """Open a file, gzipped or not, regardless of its name."""
    try:
        raw = path.open("rb")
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from None
    with raw:
        packed = raw.read(2) == _GZIP
        raw.seek(0)
        yield _File(raw, packed)


def _lines(file: _File) -> Iterator[tuple[int, bytes | RowError]]:
    number = 0
    while line := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        too_long = len(line) > MAX_LINE_BYTES
        while too_long and not file.is_spent and not line.endswith(b"\n"):
            if not (line := file.readline(_CHUNK)):
                break
        if number > MAX_LINES:
            yield number, RowError(f"the file has more than {MAX_LINES:,} lines; the rest is not read")
            return
        if file.is_spent:
            most = f"{MAX_RATIO} times its size, or {MAX_FILE_BYTES >> 30} GiB"
            yield number, RowError(f"the file expands to more than {most}; the rest is not read")
            return
        yield number, RowError(f"longer than {MAX_LINE_BYTES >> 20} MiB") if too_long else line


def _parsed(line: bytes) -> Row | RowError:
    try:
        row = read_json(line)
    except UnreadableError as error:
        return RowError(f"expected a JSON object: {error}")
    return _as_row(row)


def text(row: Row, name: str, default: str | None = None) -> str:
    """Return a text field; raises RowError where it is not text, or is missing and has no default."""
    value = row.get(name)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise RowError(f"expected text in {name!r}")
    return value


def prose(row: Row, name: str, default: str | None = None) -> str:
    """Return a text field of several lines, with Unix line ends; raises RowError as `text` does."""
    return text(row, name, default).replace("\r\n", "\n").replace("\r", "\n")


def program(row: Row, name: str) -> str:
    """Return a field with the text of a program, "" where it is missing; raises RowError."""
    source = prose(row, name, "")
    if len(source) > MAX_SOURCE_BYTES or "\0" in source:
        raise RowError(f"expected a program in {name!r}: at most {MAX_SOURCE_BYTES >> 20} MiB, no NUL bytes")
    return source


def listed(row: Row, name: str) -> list[Any]:
    """Return a field that is a list, [] where it is missing; raises RowError for anything else."""
    value = row.get(name)
    if value is not None and not isinstance(value, list):
        raise RowError(f"expected a list in {name!r}")
    if value and len(value) > MAX_ITEMS:
        raise RowError(f"expected at most {MAX_ITEMS:,} items in {name!r}, not {len(value):,}")
    return value or []
