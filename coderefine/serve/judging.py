"""Judges one program of a request, and makes the line with its result."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Self

from coderefine.errors import CoderefineError
from coderefine.judge import versions
from coderefine.judge.judge import Judge
from coderefine.judge.report import CaseResult, TestReport
from coderefine.judge.verdict import Verdict
from coderefine.patch.lines.blocks import split_fences
from coderefine.problem.problem import Tests
from coderefine.rendering import cut
from coderefine.serve.messages import Given, JudgeRequest, VerdictLine
from coderefine.serve.problems import ServedProblem

MAX_REASON_CHARS = 500
_PYTHON = ("python", "python3", "py", "py3")


@dataclass(frozen=True, slots=True)
class Options:
    """How programs are judged."""

    given: Given = "source"
    tests: Tests = "all"
    fail_fast: bool = True
    evidence: bool = False
    report: bool = False

    @classmethod
    def of(cls, request: JudgeRequest) -> Self:
        """Return the options of a request; evidence is only in reports."""
        report = request.report or request.evidence
        return cls(request.given, request.tests, request.fail_fast, request.evidence, report)


def judged(judge: Judge, served: ServedProblem, index: int, text: str, options: Options) -> VerdictLine:
    """Judge a program; raises JudgeError, and ProblemError where the problem's author made a mistake."""
    begun = time.monotonic()
    source = source_of(text, options.given, served.prefix)
    report = judge.run(
        served.problem, source, options.tests, stop_at_first_failure=options.fail_fast, evidence=options.evidence
    )
    cases, total = _counted(served, report, options.tests), count(served, options.tests)
    failure = next((case for case in cases if case.verdict is not Verdict.AC), None)
    refusal = versions.refusal(report)
    if refusal or not cases:
        verdict, reason = Verdict.JE, refusal or "there is no test that counts"
    elif failure:
        verdict, reason = failure.verdict, failure.reason or str(failure.error or "")
    else:
        verdict, reason = Verdict.AC, ""
    return VerdictLine(
        index=index,
        verdict=verdict,
        accepted=verdict is Verdict.AC and total in (None, len(cases)),
        passed=sum(case.verdict is Verdict.AC for case in cases),
        total=len(cases) if total is None else total,
        reason=cut(reason, MAX_REASON_CHARS),
        cpu_s=round(report.cpu_s, 6),
        wall_s=round(time.monotonic() - begun, 6),
        report=report.to_json() if options.report else None,
    )


def unjudged(served: ServedProblem, index: int, error: CoderefineError, options: Options) -> VerdictLine:
    """Return the line of a program for which the judge itself failed."""
    return VerdictLine(
        index=index,
        verdict=Verdict.JE,
        accepted=False,
        passed=0,
        total=count(served, options.tests) or 0,
        reason=cut(str(error), MAX_REASON_CHARS),
        cpu_s=0.0,
        wall_s=0.0,
    )


def count(served: ServedProblem, tests: Tests) -> int | None:
    """Return how many tests count; None where only pytest knows how many there are."""
    problem = served.problem
    return sum(case.counts for case in problem.cases(tests)) if problem.kind.cases_are_tests else None


def source_of(text: str, given: Given, prefix: str) -> str:
    """Return the program that a text stands for."""
    if given == "rest":
        return prefix + text
    return last_block(text) if given == "answer" else text


def last_block(answer: str) -> str:
    """Return the last fenced block of Python in a model's answer, closed or cut off; the answer itself without one."""
    _, blocks = split_fences(answer)
    named = [block for block in blocks if block.label in _PYTHON]
    found = (named or [block for block in blocks if not block.label])[-1:]
    return found[0].text if found else answer


def _counted(served: ServedProblem, report: TestReport, tests: Tests) -> list[CaseResult]:
    """Return the cases without those that are only examples for solvers."""
    problem = served.problem
    if not problem.kind.cases_are_tests:
        return list(report.cases)
    asked = problem.cases(tests)
    return [case for case in report.cases if asked[case.index].counts]
