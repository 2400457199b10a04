"""BIG-bench Hard (github.com/suzgunmirac/BIG-Bench-Hard): a file a task, whose `examples` are inputs and targets."""

from __future__ import annotations

import re

from coderefine.formats.questions import question
from coderefine.formats.record import Record
from coderefine.formats.rows import Row, prose

FIELDS = "input, target"
"""The fields that mark a row of this format, in words."""
_CHOICE = re.compile(r"\([A-Z]\)")


def fits(row: Row) -> bool:
    """Whether a row is of this format."""
    return {"input", "target"} <= row.keys()


def record(row: Row) -> Record:
    """Return the record of a row; the choices of a target such as `(B)` stand in the input. Raises RowError."""
    target = prose(row, "target").strip()
    if _CHOICE.fullmatch(target):
        return question(prose(row, "input"), target, "choice")
    return question(prose(row, "input"), target, "number" if re.fullmatch(r"-?\d{1,30}", target) else "text")
