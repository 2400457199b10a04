"""Reads the records of a problem set, one at a time, whatever format it is in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from coderefine.errors import UsageError
from coderefine.formats import generic
from coderefine.formats.record import Fault, Record, RowError
from coderefine.formats.rows import Row, rows


def refuse(fault: Fault) -> None:
    """Stop at the first row that cannot be read."""
    raise UsageError(str(fault))


def read(path: str | Path, on_fault: Callable[[Fault], None] = refuse) -> Iterator[Record]:
    """Yield the records of a file in order. `on_fault` is told of each row that cannot be read; the rest go on.

    Raises UsageError where the file cannot be opened. Memory does not grow with the file but for the ids.
    """
    path = Path(path)
    seen: dict[str, int] = {}
    for line, row in rows(path):
        try:
            record = _record(row)
            first = seen.setdefault(record.problem.slug, line)
            if first != line:
                raise RowError(f"{record.problem.slug} was there before, in line {first}")
        except RowError as error:
            on_fault(Fault(str(path), line, str(error)))
        else:
            yield record


def _record(row: Row | RowError) -> Record:
    if isinstance(row, RowError):
        raise row
    return generic.record(row)
