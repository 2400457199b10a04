"""GPQA (github.com/idavidrein/gpqa), CSV: a question, the right answer and three wrong ones.

The file has the right answer first; the order in which choices are shown is derived from the question alone.
"""

from __future__ import annotations

import hashlib

from coderefine.formats.questions import question
from coderefine.formats.record import Record
from coderefine.formats.rows import Row, prose, text
from coderefine.problem.final_answer import LETTERS

FIELDS = "Question, Correct Answer, Incorrect Answer 1"
"""The fields that mark a row of this format, in words."""
_WRONG = ("Incorrect Answer 1", "Incorrect Answer 2", "Incorrect Answer 3")


def fits(row: Row) -> bool:
    """Whether a row is of this format."""
    return {"Question", "Correct Answer", *_WRONG} <= row.keys()


def record(row: Row) -> Record:
    """Return the record of a row; raises RowError."""
    asked, right = prose(row, "Question"), prose(row, "Correct Answer").strip()
    answers = [right, *(prose(row, name).strip() for name in _WRONG)]

    def drawn(place: int) -> str:
        return hashlib.sha256(f"{asked}\0{answers[place]}\0{place}".encode()).hexdigest()

    order = sorted(range(len(answers)), key=drawn)
    tags = tuple(filter(None, [text(row, "Subdomain", "")]))
    key = LETTERS[order.index(0)]
    name = text(row, "Record ID", "")
    group = text(row, "High-level domain", "")
    return question(asked, key, "choice", [answers[place] for place in order], name=name, tags=tags, group=group)
