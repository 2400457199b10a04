"""Questions with a key, in JSON lines or CSV: your own sets (docs/questions.md), and the rows of MMLU."""

from __future__ import annotations

import hashlib
import json
import math
from textwrap import shorten
from typing import Any

from coderefine.formats.record import Record, RowError, slug_of
from coderefine.formats.rows import Row, listed, prose, text
from coderefine.kinds.question import MAX_CHOICES, QUESTION, tests
from coderefine.problem.final_answer import FORMS, LETTERS, Form, normal
from coderefine.problem.problem import Problem
from coderefine.rendering import cut

FIELDS = "question, answer"
"""The fields that mark a row of this format, in words."""
MAX_QUESTION_CHARS = 200_000
_TITLE_CHARS = 60
_CSV_CHOICES = [*"ABCDEFGHIJ"]


def fits(row: Row) -> bool:
    """Whether a row is of this format."""
    return {"question", "answer"} <= row.keys() and "####" not in str(row["answer"])


def record(row: Row) -> Record:
    """Return the record of a row; raises RowError."""
    choices = _choices(row)
    answer = row.get("answer")
    if isinstance(answer, bool) or not isinstance(answer, str | int | float):
        raise RowError("expected text or a number in 'answer'")
    if isinstance(answer, float) and not math.isfinite(answer):
        raise RowError(f"expected a finite number in 'answer', not {answer}")
    if choices and isinstance(answer, int):
        if not 0 <= answer < len(choices):
            raise RowError(f"expected the place of a choice in 'answer', from 0 to {len(choices) - 1}, not {answer}")
        answer = LETTERS[answer]
    asked = text(row, "form", "") or ("choice" if choices else "number" if _is_number(answer) else "text")
    form = next((form for form in FORMS if form == asked), None)
    if form is None:
        raise RowError(f"expected one of {', '.join(FORMS)} in 'form'")
    return question(
        prose(row, "question"),
        str(answer),
        form,
        choices,
        name=text(row, "id", ""),
        tags=_tags(row),
        group=text(row, "kind", "") or text(row, "subject", ""),
    )


def question(
    asked: str,
    key: str,
    form: Form,
    choices: list[str] | None = None,
    *,
    name: str = "",
    tags: tuple[str, ...] = (),
    group: str = "",
) -> Record:
    """Return the record of a question; without a `name`, it is named after its text. Raises RowError."""
    choices = choices or []
    if not asked.strip() or len(asked) > MAX_QUESTION_CHARS or "\0" in asked:
        raise RowError(f"expected a question: text of at most {MAX_QUESTION_CHARS:,} characters")
    if normal(key, form, choices) is None:
        what = f"the letter or the text of one of {len(choices)} choices" if choices else f"an answer of form {form!r}"
        raise RowError(f"expected {what}, not {cut(key, 40)!r}")
    shown = "\n".join(f"{letter}) {choice}" for letter, choice in zip(LETTERS, choices, strict=False))
    statement = f"{asked.strip()}\n\n{shown}\n" if shown else f"{asked.strip()}\n"
    name = name or f"q-{hashlib.sha256(json.dumps([asked, choices]).encode()).hexdigest()[:12]}"
    visible, hidden = tests(form, choices, key)
    problem = Problem(
        slug=slug_of(name),
        title=shorten(asked, _TITLE_CHARS, placeholder=" ...") or cut(asked, _TITLE_CHARS),
        statement=statement,
        kind=QUESTION,
        entry="",
        visible=visible,
        hidden=hidden,
        tags=tags,
    )
    return Record(name, group, problem, oracle=f"Answer: {key}\n")


def _choices(row: Row) -> list[str]:
    """Return the choices of a row: a list, or in CSV the cells whose columns are letters."""
    found: list[Any] = listed(row, "choices") if not isinstance(row.get("choices"), str) else _listed_in_cell(row)
    if not found:
        cells = [row.get(letter) for letter in _CSV_CHOICES]
        found = [cell for cell in cells if isinstance(cell, str) and cell.strip()]
    if not all(isinstance(it, str) and it.strip() for it in found) or len(found) > MAX_CHOICES:
        raise RowError(f"expected at most {MAX_CHOICES} texts in 'choices'")
    return found


def _listed_in_cell(row: Row) -> list[Any]:
    cell = text(row, "choices")
    if not cell.strip():
        return []
    try:
        found = json.loads(cell)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list):
        raise RowError("expected a list in 'choices', in a file of CSV as JSON")
    return found


def _tags(row: Row) -> tuple[str, ...]:
    tags = row.get("tags")
    if isinstance(tags, str):
        return tuple(filter(None, (tag.strip() for tag in tags.split(","))))
    return tuple(tag for tag in listed(row, "tags") if isinstance(tag, str))


def _is_number(answer: str | int | float) -> bool:
    try:
        float(str(answer).replace(",", ""))
    except ValueError:
        return False
    return normal(str(answer), "number") is not None
