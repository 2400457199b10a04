"""BigCodeBench: a function to complete, with tests of `unittest` that use the names of its module as their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from coderefine.formats.literals import NotLiteral, read
from coderefine.formats.needs import asked, needed
from coderefine.formats.record import Record, slug_of
from coderefine.formats.rows import Row, program, prose, text
from coderefine.formats.suites import suite_problem
from coderefine.problem.problem import Limits

LIMITS = Limits(time_s=60.0, memory_mib=4096)
"""For all tests of a row together."""


FIELDS = "canonical_solution, test with unittest.TestCase"
"""The fields that mark a row of this format, in words."""


def fits(row: Row) -> bool:
    """Whether a row is of this format."""
    return "canonical_solution" in row and is_unittest(row)


def is_unittest(row: Row) -> bool:
    """Whether the test of a row is a class of `unittest`, or of a framework based on it."""
    return re.search(r"^class \w+\((\w+\.)*TestCase\)", str(row.get("test", "")), re.MULTILINE) is not None


def record(row: Row) -> Record:
    """Return the record of a row; its tests are visible, as all of a suite are. Raises RowError."""
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
    return Record(name, "", problem, oracle=oracle, prefix=prompt, needs=needed(oracle, test), asks=asked(oracle, test))


def _libraries(row: Row) -> Iterator[str]:
    found: Any = row.get("libs")
    if isinstance(found, str):
        try:
            found = read(found)
        except NotLiteral:
            found = []
    yield from (name for name in found or [] if isinstance(name, str))
