"""BigCodeBench: a function to complete, with tests of `unittest` that find its module's names as their own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from coderefine.formats.literals import NotLiteral, parsed, read
from coderefine.formats.record import Record, RowError, slug_of
from coderefine.formats.rows import Row, program, prose, text
from coderefine.formats.suites import suite_problem
from coderefine.problem.problem import Limits

LIMITS = Limits(time_s=60.0, memory_mib=4096)
"""All tests of a row together."""


FIELDS = "canonical_solution, test with unittest.TestCase"
"""What is looked for in a row."""


def fits(row: Row) -> bool:
    """Whether a row is of this format."""
    return "canonical_solution" in row and "unittest.TestCase" in str(row.get("test", ""))


def record(row: Row) -> Record:
    """Return what a row says; its tests are visible, as all of a suite are. Raises RowError."""
    name, entry = text(row, "task_id"), text(row, "entry_point")
    prompt = program(row, "complete_prompt") or program(row, "prompt")
    starter = program(row, "code_prompt") or program(row, "prompt_wo_doc") or prompt
    test = program(row, "test")
    oracle = prompt + program(row, "canonical_solution")
    problem = suite_problem(
        test,
        slug=slug_of(name),
        title=entry,
        statement=prose(row, "instruct_prompt", "") or prose(row, "instruction", "") or prompt,
        starter=starter,
        limits=LIMITS,
        tags=tuple(_libraries(row)),
    )
    return Record(name, "", problem, oracle=oracle, prefix=prompt, needs=tuple(sorted(needed(f"{oracle}\n{test}"))))


def _libraries(row: Row) -> Iterator[str]:
    found: Any = row.get("libs")
    if isinstance(found, str):
        try:
            found = read(found)
        except NotLiteral:
            found = []
    yield from (name for name in found or [] if isinstance(name, str))


def needed(code: str) -> set[str]:
    """Return the modules that code imports at its beginning; raises RowError where it is no Python."""
    try:
        body = parsed(code).body
    except NotLiteral as error:
        raise RowError(f"expected Python: {error}") from None
    names: set[str] = set()
    for it in body:
        if isinstance(it, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in it.names}
        elif isinstance(it, ast.ImportFrom) and it.module and not it.level:
            names.add(it.module.partition(".")[0])
    return names
