"""EvalPlus' own files, HumanEvalPlus and MbppPlus: inputs, a right program, and a tolerance.

The expected answers are those of that program (`pending.py`). They are compared as EvalPlus 0.3 does: by `==`, floats
within a tolerance, and the answers of a few functions in special ways, which its harness selects by their names.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from coderefine.formats import humaneval
from coderefine.formats.assertions import Assertion, Calls, from_statement
from coderefine.formats.checks import call_of
from coderefine.formats.examples import shown
from coderefine.formats.functions import function_problem, parameters, parse_entry_point
from coderefine.formats.literals import NotLiteral, parsed
from coderefine.formats.record import Pending, Record, RowError, slug_of
from coderefine.formats.rows import Row, listed, program, prose, text
from coderefine.formats.shapes import complex_parameters, learned, number
from coderefine.judge.answers import Answer
from coderefine.problem.compare import Compare
from coderefine.problem.problem import Limits, Problem

LEAST_S, FACTOR, MEMORY_MIB, MOST_S = 1.0, 4.0, 1024, 60.0
"""A test may take FACTOR times as long as the set's own program, but at least LEAST_S and at most MOST_S."""
_ABOUT_AS_GOOD = "def check(args, expected, got):\n    return got == expected or {}\n"
SETS_EQUAL = "def check(args, expected, got):\n    return set(got) == set(expected)\n"
CHECKERS: Mapping[str, str] = {
    # The text of a regular expression's match, a set in any order, a second reading of the statement: see
    # eval/_special_oracle.py in EvalPlus. The keys are the names of functions in its harness.
    **dict.fromkeys(
        (
            "similar_elements", "find_char_long", "common_in_nested_lists", "extract_singly", "larg_nnum",
            "intersection_array", "find_dissimilar", "Diff",
        ),
        SETS_EQUAL,
    ),
    "are_equivalent": "def check(args, expected, got):\n    return True\n",
    "sum_div": _ABOUT_AS_GOOD.format("got == 0"),
    "surface_Area": _ABOUT_AS_GOOD.format(
        "got == round(args[0] ** 2 + 2 * args[0] * ((args[0] / 2) ** 2 + args[1] ** 2) ** 0.5)"
    ),
    "digit_distance_nums": _ABOUT_AS_GOOD.format(
        "got == sum(abs(int(a) - int(b)) for a, b in zip(*(str(number).zfill(99) for number in args)))"
    ),
    "find_zero": (
        "def check(args, expected, got):\n"
        "    return abs(sum(factor * got**power for power, factor in enumerate(args[0]))) <= {tolerance!r}\n"
    ),
}  # fmt: skip
ONLY_WHETHER = ("check_str", "text_match_three", "text_starta_endb")
"""Functions whose result may not be plain data: only whether they return something is compared."""


FIELDS = "base_input, plus_input"
"""The fields that mark a row of this format, in words."""


def fits(row: Row) -> bool:
    """Whether a row is of this format."""
    return "plus_input" in row and "base_input" in row


def record(row: Row) -> Record:
    """Return the record of a row; its tests are pending. Raises RowError."""
    name, prompt, entry = text(row, "task_id"), program(row, "prompt"), parse_entry_point(text(row, "entry_point"))
    oracle = prompt + program(row, "canonical_solution")
    is_function = "assertion" not in row
    function, prelude = humaneval.described(prompt, entry) if is_function else (None, "")
    told = inspect.cleandoc(ast.get_docstring(function) or "") if function else ""
    names = parameters(oracle, entry)
    calls = Calls(entry, names)
    stated = [] if is_function else _stated(calls, text(row, "assertion"))
    base, plus = (_inputs(row, field, stated, names) for field in ("base_input", "plus_input"))
    fields: dict[str, Any] = {
        "slug": slug_of(name),
        "title": entry,
        "statement": told or prompt.strip().strip('"').strip(),
        "entry": entry,
        "program": prompt,
        "compare": _compare(row, entry),
        "starter": prompt if is_function else "",
        "prelude": prelude,
    }
    examples = list(humaneval.examples(calls, told)) if is_function else []
    build = partial(_built, base, plus, examples, fields)
    preliminary = _built(base[:1], [], examples, fields, [Answer(True)])
    pending = Pending(_asking(oracle, entry), entry, (*base, *plus), build)
    return Record(name, "", preliminary, oracle=oracle, pending=pending, prefix=prompt)


def _compare(row: Row, entry: str) -> Compare:
    tolerance = row.get("atol") or 0
    if not isinstance(tolerance, int | float) or not 0 <= tolerance < 1:
        raise RowError("expected 'atol' to be a number from 0 to 1")
    if entry in CHECKERS:
        checker = CHECKERS[entry]
        return Compare("checker", checker=checker.format(tolerance=tolerance) if "{tolerance" in checker else checker)
    return Compare("close", float(tolerance))


def _asking(oracle: str, entry: str) -> str:
    if entry not in ONLY_WHETHER:
        return oracle
    return f"{oracle}\n_published = {entry}\ndef {entry}(*given):\n    return _published(*given) is not None\n"


def _built(
    base: Sequence[tuple[Any, ...]],
    plus: Sequence[tuple[Any, ...]],
    examples: Sequence[Assertion],
    fields: dict[str, Any],
    answers: Sequence[Answer],
) -> Problem:
    """Return the problem whose tests are inputs with their answers; raises RowError where no input was answered."""
    make = _whether if fields["entry"] in ONLY_WHETHER else call_of
    tests = [
        make("candidate", args, answer.value) if answer.answered else None
        for args, answer in zip((*base, *plus), answers, strict=True)
    ]
    ours = [test for test in tests[: len(base)] if test]
    if not ours:
        raise RowError("the set's own program answers none of its inputs")
    slowest = max(answer.cpu_s for answer in answers)
    limits = Limits(min(MOST_S, max(LEAST_S, round(FACTOR * slowest, 1))), MEMORY_MIB)
    found = shown(examples, ours)
    extra = [test for test in tests[len(base) :] if test]
    return function_problem(
        visible=found.visible, hidden=found.hidden, examples=found.examples, plus=extra, limits=limits, **fields
    )


def _whether(name: str, args: Sequence[Any], expected: Any) -> Assertion:
    call = call_of(name, args, expected).code.removeprefix("assert ").rpartition(" == ")[0]
    code = f"got = {call}\nassert (got if isinstance(got, bool) else got is not None) == {expected!r}"
    return Assertion(code)


def _stated(calls: Calls, assertion: str) -> list[tuple[Any, ...] | None]:
    """Return the arguments of each assertion; None where they are not literals."""
    try:
        body = [it for it in parsed(assertion).body if isinstance(it, ast.Assert)]
    except NotLiteral as error:
        raise RowError(f"expected Python in 'assertion': {error}") from None
    return [_arguments(calls, it) for it in body]


def _arguments(calls: Calls, statement: ast.stmt) -> tuple[Any, ...] | None:
    for node in ast.walk(statement):
        if isinstance(node, ast.Call):
            try:
                return calls.args(node)
            except NotLiteral:
                continue
    return from_statement(calls, statement).args


def _inputs(
    row: Row, name: str, stated: Sequence[tuple[Any, ...] | None], names: Sequence[str]
) -> list[tuple[Any, ...]]:
    """Return the inputs of a field, with their types read from the assertions on the first inputs."""
    found = listed(row, name) if row[name] else []  # one row has {} for it
    if not all(isinstance(given, list) for given in found):
        raise RowError(f"expected a list of lists of arguments in {name!r}")
    first = listed(row, "base_input")
    pairs = [(given, args) for given, args in zip(first, stated, strict=False) if args is not None]
    shapes = learned(pairs)
    numbers = complex_parameters(prose(row, "contract", ""), names)
    inputs = []
    for given in found:
        args = [shapes[place].read(part) if place < len(shapes) else part for place, part in enumerate(given)]
        inputs.append(
            tuple(number(it) if isinstance(it, str) and place in numbers else it for place, it in enumerate(args))
        )
    return inputs
