"""A file of a project, which tests of pytest import; tests and file share one process."""

from __future__ import annotations

import glob
from dataclasses import replace

from coderefine.descent.case_lines import (
    MESSAGE_LINES,
    TEXT_CHARS,
    VALUE_CHARS,
    code_lines,
    error_lines,
    printed_lines,
    quoted_lines,
)
from coderefine.judge import suites
from coderefine.judge.kind import Ran, RunPlan, Sandboxes
from coderefine.judge.pool import Pool
from coderefine.judge.report import CaseResult, TestReport
from coderefine.judge.verdict import Verdict
from coderefine.kinds.base import ProblemKind
from coderefine.kinds.fields import Fields
from coderefine.kinds.stored import quoted
from coderefine.kinds.suite_files import read_suite
from coderefine.problem.problem import Case, Problem, Tests
from coderefine.problem.suite import Suite
from coderefine.prompting import fenced
from coderefine.rendering import MAX_VALUE_CHARS, cut, example_of, printable
from coderefine.search.given import plan as search_plans

MAX_FILES_CHARS = 8000
"""The most characters of a project's other files in a prompt, together."""


TEMPLATE = {
    "problem.toml": """\
title = "{title}"
difficulty = "easy"
tags = []
kind = "pytest"
solution = "{name}/core.py"      # where a solution is put
files = ["{name}/*.py"]          # what else is there, beside all of tests/
time_limit_s = 5.0               # CPU seconds for all tests together
memory_mib = 256
""",
    "statement.md": """\
# {title}

Say what is asked. Until then: write `{name}/core.py` with a function `mean(numbers)` that returns the arithmetic mean
of a list of numbers, and raises `NoNumbers` of `{name}/errors.py` for an empty one.
""",
    "starter.py": """\
from {name}.errors import NoNumbers


def mean(numbers: list[float]) -> float:
    raise NotImplementedError
""",
    "{name}/__init__.py": "",
    "{name}/errors.py": """\
class NoNumbers(ValueError):
    pass
""",
    "tests/conftest.py": """\
import pytest


@pytest.fixture
def numbers():
    return [3.0, 5.0, 10.0]
""",
    "tests/test_core.py": """\
import pytest

from {name}.core import mean


def test_the_mean_of_some_numbers(numbers):
    assert mean(numbers) == 6.0


@pytest.mark.parametrize("number", [-4.0, 0.0, 2.5])
def test_the_mean_of_one_number_is_that_number(number):
    assert mean([number]) == number
""",
    "tests/hidden/test_core_hidden.py": """\
import pytest

from {name}.core import mean
from {name}.errors import NoNumbers


def test_nothing_has_no_mean():
    with pytest.raises(NoNumbers):
        mean([])
""",
    "submissions/accepted/sums.py": """\
from {name}.errors import NoNumbers


def mean(numbers):
    if not numbers:
        raise NoNumbers("no numbers")
    return sum(numbers) / len(numbers)
""",
    "submissions/wrong_answer/counts_one_too_many.py": """\
from {name}.errors import NoNumbers


def mean(numbers):
    if not numbers:
        raise NoNumbers("no numbers")
    return sum(numbers) / (len(numbers) + 1)
""",
    "submissions/run_time_error/forgets_the_empty_list.py": """\
def mean(numbers):
    return sum(numbers) / len(numbers)
""",
}


class PytestKind(ProblemKind):
    """Problems whose tests are files of pytest."""

    name = "pytest"
    template = TEMPLATE
    cases_are_tests = False
    assurance = "in-process"
    limits_title = "Limits of all tests together"
    step_seconds = 30.0  # a candidate takes about 0.1 s instead of 1 ms

    def load(self, fields: Fields) -> Problem:
        """Read the files of the project."""
        solution = fields.path("solution", "solution.py")
        found = read_suite(fields.folder, solution, fields.patterns("files"))
        return Problem(
            **fields.common(),
            kind=self,
            entry="",
            visible=found.visible,
            hidden=found.hidden,
            suite=Suite(solution, found.files, found.hidden_files),
        )

    def toml_fields(self, problem: Problem) -> dict[str, str]:
        """Return where the solution is put, and the patterns of files besides the tests."""
        beside = [glob.escape(file.path) for file in problem.suite.files if not file.path.startswith("tests/")]
        return {"solution": quoted(problem.suite.solution), "files": f"[{', '.join(map(quoted, beside))}]"}

    def files(self, problem: Problem) -> dict[str, bytes]:
        """Return the files of tests and the files of the project."""
        tests = {case.name: case.code.encode() for case in problem.visible + problem.hidden}
        return tests | {file.path: file.data for file in problem.suite.files + problem.suite.hidden_files}

    def plan(self, sandboxes: Sandboxes, problem: Problem, tests: Tests, *, stop: bool, evidence: bool) -> RunPlan:
        """Judge in one session of pytest, which records no evidence."""

        def run(source: str) -> Ran:
            with sandboxes.suites.lease(problem.limits.memory_mib) as worker:
                return suites.run(worker, problem, source, tests, stop)

        return run

    def pool(self, sandboxes: Sandboxes) -> Pool:
        """Return the sandboxes in which pytest runs."""
        return sandboxes.suites

    def search_plan(self, problem: Problem, report: TestReport) -> search_plans.SearchPlan:
        """Return the plan of a search that first tries programs on the tests that failed."""
        return search_plans.of_suite(problem, report)

    def case_text(self, problem: Problem, case: Case, limit: int = MAX_VALUE_CHARS) -> str:
        """Return the example in a doctest, else the test's id."""
        return cut(printable(example_of(case.code), keep="\n") or printable(case.name), 2 * limit)

    def interface(self, problem: Problem) -> str:
        """Return which file it is."""
        return f"the file `{problem.suite.solution}` of a project, which tests of pytest import."

    def answer(self, problem: Problem) -> str:
        """Return when it is right."""
        return "It is right if all tests pass."

    def context(self, problem: Problem) -> list[str]:
        """Return the other Python files, as many as fit; the tests are shown as evidence."""
        parts, left = [], MAX_FILES_CHARS
        for file in problem.suite.files:
            text = file.data.decode("utf-8", "replace")
            if file.path.endswith(".py") and text.strip() and len(text) <= left:
                left -= len(text)
                parts += [f"The file {printable(file.path)}, which stays as it is:", fenced(text, "python")]
        return parts

    def case_lines(self, problem: Problem, case: CaseResult, code: str, chars: int) -> list[str]:
        """Return a test: its function, where it failed, pytest's message, and the place in the program."""
        lines = code_lines(case, chars) if case.code else []
        if case.reason:
            lines.append(f"{'failed at' if case.error else 'reason'}: {cut(printable(case.reason), TEXT_CHARS)}")
        if case.error and "\n" in case.error.message:  # an assertion with pytest's explanation
            shown = max(1, MESSAGE_LINES * chars // VALUE_CHARS[0])
            said = quoted_lines(case.error.message, shown, min(TEXT_CHARS, chars))
            lines += [f"error: {printable(case.error.type)}", *said]
            lines += error_lines(replace(case.error, message=""), code)[1:]
        elif case.error:
            lines += error_lines(case.error, code)
        if case.verdict is Verdict.TLE:
            lines.append(f"time: the limit for all tests together is {problem.limits.time_s:g} s of CPU time")
        return lines + printed_lines(case, chars)


PYTEST = PytestKind()
