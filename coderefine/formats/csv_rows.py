"""Reads the rows of a file of comma-separated values, with a header, or without one as in MMLU."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from coderefine.formats.record import RowError

_MMLU_COLUMNS = 6  # question, four choices, the letter of the right one


def csv_rows(lines: Iterator[tuple[int, bytes | RowError]]) -> Iterator[tuple[int, dict[str, Any] | RowError]]:
    """Yield each row's first line, from 1, and its cells by the names in the header, or the error in it.

    A file without a header whose rows are a question, four choices and a letter is read as MMLU's.
    """
    at, failed = 0, None

    def texts() -> Iterator[str]:
        nonlocal at, failed
        for at, line in lines:
            if isinstance(line, RowError):
                failed = line
                return
            yield line.decode("utf-8-sig" if at == 1 else "utf-8")

    reader, begun = csv.reader(texts(), strict=True), 1
    names: tuple[str, ...] | None = None
    try:
        for cells in reader:
            if not any(map(str.strip, cells)):
                pass
            elif names is None and _is_mmlu(cells):
                names = ()
                yield begun, _of_mmlu(cells)
            elif names is None:
                names = tuple(cells)
                if len({*names}) < len(names):
                    yield begun, RowError("expected a header in which each column has a name of its own")
                    return
            elif names == ():
                wrong = RowError("expected a question, four choices and a letter")
                yield begun, _of_mmlu(cells) if _is_mmlu(cells) else wrong
            elif len(cells) != len(names):
                yield begun, RowError(f"expected {len(names)} cells as in the header, not {len(cells)}")
            else:
                yield begun, dict(zip(names, cells, strict=True))
            begun = at + 1
    except (csv.Error, UnicodeDecodeError) as error:
        yield begun, RowError(f"expected comma-separated values in UTF-8: {error}; the rest is not read")
    if failed:
        yield at, failed


def _is_mmlu(cells: list[str]) -> bool:
    return len(cells) == _MMLU_COLUMNS and cells[-1] in ("A", "B", "C", "D")


def _of_mmlu(cells: list[str]) -> dict[str, Any]:
    return {"question": cells[0], "choices": cells[1:5], "answer": cells[5]}
