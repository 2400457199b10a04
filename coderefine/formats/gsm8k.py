"""GSM8K (github.com/openai/grade-school-math): a question, and a solution that ends in `#### 42`."""

from __future__ import annotations

from coderefine.formats.questions import question
from coderefine.formats.record import Record
from coderefine.formats.rows import Row, prose

FIELDS = "question, answer with ####"
"""The fields that mark a row of this format, in words."""


def fits(row: Row) -> bool:
    """Whether a row is of this format."""
    return {"question", "answer"} <= row.keys() and "####" in str(row["answer"])


def record(row: Row) -> Record:
    """Return the record of a row; the solution before the answer is shown to nobody. Raises RowError."""
    return question(prose(row, "question"), prose(row, "answer").rpartition("####")[2], "number")
