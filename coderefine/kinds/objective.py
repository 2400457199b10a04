"""A candidate that is measured: the problem's own evaluator says how good its output is, apart from the candidate."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, cast, get_args

from coderefine.descent.case_lines import TEXT_CHARS, argument_lines, error_lines, printed_lines
from coderefine.judge import evaluating
from coderefine.judge.kind import RunPlan, Sandboxes
from coderefine.judge.pool import Pool
from coderefine.judge.report import CaseResult
from coderefine.judge.verdict import Verdict
from coderefine.kinds import metrics, needs
from coderefine.kinds.authors import check_evaluator, check_python
from coderefine.kinds.base import ProblemKind
from coderefine.kinds.carried import carried
from coderefine.kinds.fields import Fields
from coderefine.kinds.function import FUNCTION
from coderefine.kinds.program import PROGRAM
from coderefine.kinds.rows import Row, read_tests
from coderefine.kinds.stored import quoted
from coderefine.problem import typespec
from coderefine.problem.evaluation import CandidateForm, Evaluation
from coderefine.problem.problem import Case, Problem, TestCase, Tests
from coderefine.rendering import MAX_VALUE_CHARS, cut, got_text, printable

EVALUATOR = "evaluator.py"
_FORMS = get_args(CandidateForm)
_EVALUATION_S = (0.1, 600.0)
_RUNNERS = {"function": FUNCTION, "program": PROGRAM}
_FORM_WORDS = {
    "text": "a text, which is not run.",
    "json": "a document in JSON, which is not run.",
    "toml": "a document in TOML, which is not run.",
    "smiles": "a molecule as a SMILES string.",
}

TEMPLATE = {
    "problem.toml": """\
title = "{title}"
difficulty = "medium"
tags = []
kind = "objective"
candidate = "function"   # function | program | text | json | toml
entry = "{name}"
params = {{ numbers = "list[int]" }}
time_limit_s = 2.0

[metrics]                # what evaluator.py returns; each is a "constraint", or has a direction and perhaps a target
difference = {{ direction = "min", target = 1.0 }}
misplaced = "constraint" # met at 0 and below
""",
    "statement.md": """\
# {title}

Say what is asked. Until then: split `numbers` into two parts whose sums differ as little as possible. Return the
indices of the first part.
""",
    "evaluator.py": '''\
"""Measures an output. It runs in the sandbox, apart from the candidate; `got` is plain data, its output."""


def evaluate(args, expected, got):
    (numbers,) = args
    if not isinstance(got, list) or not all(type(index) is int for index in got):
        return "expected a list of indices"  # a text says why there is nothing to measure
    known = {{index for index in got if 0 <= index < len(numbers)}}
    first = sum(numbers[index] for index in known)
    difference = abs(sum(numbers) - 2 * first)
    return {{
        "difference": difference,
        "misplaced": len(got) - len(known),
        "feedback": f"the first part sums to {{first}}, the second to {{sum(numbers) - first}}",
    }}
''',
    "starter.py": """\
def {name}(numbers: list[int]) -> list[int]:
    return list(range(0, len(numbers), 2))
""",
    "tests/visible.json": """\
[
  {{"name": "five numbers", "args": [[8, 7, 6, 5, 4]]}},
  {{"name": "six numbers", "args": [[31, 10, 20, 19, 4, 3]]}}
]
""",
    "tests/hidden.json": """\
[
  {{"name": "seven numbers", "args": [[14, 5, 17, 9, 2, 21, 6]]}}
]
""",
    "submissions/accepted/every_subset.py": """\
def {name}(numbers: list[int]) -> list[int]:
    half, best = sum(numbers) / 2, []
    for mask in range(1 << len(numbers)):
        part = [index for index in range(len(numbers)) if mask >> index & 1]
        if abs(half - sum(numbers[i] for i in part)) < abs(half - sum(numbers[i] for i in best)):
            best = part
    return best
""",
    "submissions/wrong_answer/every_second.py": """\
def {name}(numbers: list[int]) -> list[int]:
    return list(range(0, len(numbers), 2))
""",
}


@dataclass(frozen=True)
class ObjectiveKind(ProblemKind):
    """Problems whose evaluator returns figures."""

    name = "objective"
    template = TEMPLATE
    cases_are_tests = False
    limits_title = "Limits an instance"
    draft_rules = ("Read no input and print nothing unless the interface says so.",)

    def load(self, fields: Fields) -> Problem:
        """Read the metrics and the evaluator, then the instances."""
        form = cast(CandidateForm, fields.choice("candidate", _FORMS, "function"))
        params = fields.params() if form == "function" else ()
        entry = fields.entry("pack or Solution.pack", parts=2) if form == "function" else ""
        evaluator = fields.folder.text(EVALUATOR)
        check_evaluator(fields.folder.path / EVALUATOR, evaluator)
        evaluation = Evaluation(form, evaluator, metrics.read(fields), _limit_s(fields), *needs.read(fields))
        prelude = fields.folder.optional("prelude.py")
        check_python(fields.folder.path / "prelude.py", prelude)
        common = fields.common()
        if not evaluation.is_code:
            common["starter"] = fields.folder.optional(f"starter{evaluation.suffix}")
        blank = Problem(
            **common, kind=self, entry=entry, visible=(), params=params, prelude=prelude, evaluation=evaluation
        )
        read = partial(_read_case, blank)
        visible = read_tests(fields.folder, "tests/visible.json", read, required=True)
        hidden = read_tests(fields.folder, "tests/hidden.json", read, required=False)
        return replace(blank, visible=visible, hidden=hidden)

    def toml_fields(self, problem: Problem) -> dict[str, str]:
        """Return the form of candidates, their interface and the metrics."""
        evaluation = problem.evaluation
        found = {"candidate": quoted(evaluation.candidate)}
        if evaluation.candidate == "function":
            params = (f"{quoted(param.name)} = {quoted(str(param.type))}" for param in problem.params)
            found |= {"entry": quoted(problem.entry), "params": f"{{ {', '.join(params)} }}"}
        found |= {"evaluation_limit_s": repr(evaluation.limit_s), "metrics": metrics.toml(evaluation.metrics)}
        return found | needs.toml(evaluation)

    def files(self, problem: Problem) -> dict[str, bytes]:
        """Return the evaluator and the instances."""
        found = {
            EVALUATOR: problem.evaluation.evaluator.encode(),
            "tests/visible.json": _rows(problem, problem.visible),
        }
        if problem.hidden:
            found["tests/hidden.json"] = _rows(problem, problem.hidden)
        return found

    def plan(self, sandboxes: Sandboxes, problem: Problem, tests: Tests, *, stop: bool, evidence: bool) -> RunPlan:
        """Measure on the instances one by one; no evidence is recorded."""
        kind = _RUNNERS.get(problem.evaluation.candidate)
        runner = replace(problem, kind=kind) if kind else None
        return evaluating.plan(sandboxes, problem, runner, tests, stop=stop)

    def pool(self, sandboxes: Sandboxes) -> Pool:
        """Return the sandboxes in which candidates run."""
        return sandboxes.candidates

    def case_text(self, problem: Problem, case: Case, limit: int = MAX_VALUE_CHARS) -> str:
        """Return the instance's name."""
        return cut(printable(case.name), 2 * limit)

    def interface(self, problem: Problem) -> str:
        """Return what a candidate is."""
        form = problem.evaluation.candidate
        return _RUNNERS[form].interface(problem) if form in _RUNNERS else _FORM_WORDS[form]

    def answer(self, problem: Problem) -> str:
        """Return what is measured, and what is wanted."""
        wishes = (f"{it.wish()}{metrics.detail(it)}" for it in problem.evaluation.metrics)
        return f"An evaluator measures what comes of it on every instance. Wanted: {'; '.join(wishes)}."

    def context(self, problem: Problem) -> list[str]:
        """Return the code that is placed before a candidate."""
        if not problem.prelude.strip():
            return []
        return ["This runs before it, and stays as it is:", f"```python\n{problem.prelude.strip()}\n```"]

    def case_lines(self, problem: Problem, case: CaseResult, code: str, chars: int) -> list[str]:
        """Return an instance, the candidate's output, and the evaluator's figures and words."""
        lines = []
        if case.index < len(problem.visible) and problem.evaluation.is_code:
            given = replace(case, args=problem.visible[case.index].args)
            lines += argument_lines(given, [param.name for param in problem.params], chars)
        if case.answered and problem.evaluation.is_code:
            lines.append(f"output: {got_text(case, chars)}")
        if case.error:
            lines += error_lines(case.error, code)
        if case.reason:
            lines.append(f"measured: {cut(printable(case.reason), 4 * TEXT_CHARS)}")
        if case.verdict is Verdict.TLE:
            lines.append(f"time: the limit is {problem.limits.time_s:g} s of CPU time")
        return lines + printed_lines(case, chars)


def _read_case(problem: Problem, row: Row) -> TestCase:
    """Return an instance: what a candidate gets, and what only the evaluator knows about it (`expected`)."""
    form, data = problem.evaluation.candidate, row.data
    given = {"function": "args", "program": "stdin"}.get(form, "args")
    allowed = {given, "expected", "name", "part"}
    if not isinstance(data, dict) or data.keys() - allowed or (form in _RUNNERS and given not in data):
        raise row.fail(f"expected an object with {given} and perhaps name and expected")
    expected = data.get("expected")
    if form == "program":
        if not isinstance(data["stdin"], str):
            raise row.fail("expected text", "stdin")
        return TestCase(row.name, (data["stdin"],), expected)
    args = data.get("args", [])
    if not isinstance(args, list):
        raise row.fail("expected a list", "args")
    if form != "function":
        return TestCase(row.name, tuple(args), expected)
    if len(args) != len(problem.params):
        names = ", ".join(param.name for param in problem.params)
        raise row.fail(f"expected {len(problem.params)} arguments ({names})", "args")
    try:
        typed = [typespec.from_json(it.type, value, it.name) for it, value in zip(problem.params, args, strict=True)]
    except typespec.TypeSpecError as error:
        raise row.fail(str(error)) from None
    return TestCase(row.name, tuple(typed), expected)


def _rows(problem: Problem, cases: Iterable[TestCase]) -> bytes:
    rows = []
    for case in cases:
        row: dict[str, Any] = {"name": case.name}
        if problem.evaluation.candidate == "program":
            row["stdin"] = case.args[0]
        elif problem.evaluation.candidate == "function":
            row["args"] = [carried(it.type, value) for it, value in zip(problem.params, case.args, strict=True)]
        else:
            row["args"] = list(case.args)
        if case.expected is not None:
            row["expected"] = case.expected
        rows.append(json.dumps(row))
    return ("[\n" + ",\n".join(rows) + "\n]\n").encode()


def _limit_s(fields: Fields) -> float:
    least, most = _EVALUATION_S
    value = fields.data.pop("evaluation_limit_s", 10.0)
    if type(value) not in (int, float) or not least <= value <= most:
        raise fields.fail("evaluation_limit_s", f"expected seconds from {least:g} to {most:g}, not {value!r}")
    return float(value)


OBJECTIVE = ObjectiveKind()
