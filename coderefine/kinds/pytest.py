"""A file of a project, which tests of pytest import; they run in its process."""

from __future__ import annotations

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
from coderefine.judge.kind import Plan, Ran, Sandboxes
from coderefine.judge.pool import Pool
from coderefine.judge.report import CaseResult, TestReport
from coderefine.judge.verdict import Verdict
from coderefine.kinds.base import ProblemKind
from coderefine.problem.problem import Case, Problem, Tests
from coderefine.prompting import fenced
from coderefine.rendering import MAX_VALUE_CHARS, cut, printable
from coderefine.search import plan as search_plans

MAX_FILES_CHARS = 8000
"""Of the other files of a project in a prompt, together."""


class PytestKind(ProblemKind):
    """Problems whose tests are files of pytest."""

    name = "pytest"
    cases_are_tests = False
    assurance = "in-process"
    limits_are_of = "all tests together"
    step_seconds = 30.0  # a candidate takes some 0.1 s and not 1 ms

    def plan(self, sandboxes: Sandboxes, problem: Problem, tests: Tests, *, stop: bool, evidence: bool) -> Plan:
        """Judge in one session of pytest, which records no evidence."""

        def run(source: str) -> Ran:
            with sandboxes.suites.lease(problem.limits.memory_mib) as worker:
                return suites.run(worker, problem, source, tests, stop)

        return run

    def pool(self, sandboxes: Sandboxes) -> Pool:
        """Where pytest runs."""
        return sandboxes.suites

    def search_plan(self, problem: Problem, report: TestReport) -> search_plans.Plan:
        """Try programs on the tests that failed first."""
        return search_plans.of_suite(problem, report)

    def case_text(self, problem: Problem, case: Case, limit: int = MAX_VALUE_CHARS) -> str:
        """Return the test's id."""
        return cut(printable(case.name), 2 * limit)

    def interface(self, problem: Problem) -> str:
        """Say which file it is."""
        return f"the file `{problem.suite.solution}` of a project, which tests of pytest import."

    def answer(self, problem: Problem) -> str:
        """Say when it is right."""
        return "It is right if all tests pass."

    def context(self, problem: Problem) -> list[str]:
        """Show the other Python files that are there, as far as they have room; the tests are evidence."""
        parts, left = [], MAX_FILES_CHARS
        for file in problem.suite.files:
            text = file.data.decode("utf-8", "replace")
            if file.path.endswith(".py") and text.strip() and len(text) <= left:
                left -= len(text)
                parts += [f"The file {printable(file.path)}, which stays as it is:", fenced(text, "python")]
        return parts

    def case_lines(self, problem: Problem, case: CaseResult, code: str, chars: int) -> list[str]:
        """Show a test: its function, where it failed, what pytest says of it, and where in the program that was."""
        lines = code_lines(case, chars) if case.code else []
        if case.reason:
            lines.append(f"{'failed at' if case.error else 'reason'}: {cut(printable(case.reason), TEXT_CHARS)}")
        if case.error and "\n" in case.error.message:  # an explained assertion
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
