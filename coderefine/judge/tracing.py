"""A second run of the judge, for evidence: the lines that ran, and the values on them."""

from __future__ import annotations

from dataclasses import replace

from coderefine.judge.judge import Judge
from coderefine.judge.report import TestReport
from coderefine.judge.verdict import Verdict
from coderefine.problem.problem import Problem


def with_evidence(judge: Judge, problem: Problem, source: str, report: TestReport) -> TestReport:
    """Return a report on visible tests with the lines that ran in its cases and the last values on them.

    The cases are run once more, except those that a limit stopped and those of an endless recursion: both take long and
    would have no more to show. Verdicts and answers stay those of `report`, and a case that ends otherwise this time
    gets no evidence. Where no failing case can have evidence, nothing is run. Raises JudgeError.
    """
    ended = [case for case in report.cases if case.verdict in (Verdict.AC, Verdict.WA, Verdict.RE)]
    again = [case for case in ended if case.error is None or case.error.type != RecursionError.__name__]
    # A case that is not one test of the problem, such as a test in a file of tests, cannot be run alone.
    alone = dict(enumerate(case.name for case in problem.visible))
    if all(case.verdict is Verdict.AC for case in again) or any(alone.get(it.index) != it.name for it in again):
        return report
    only = replace(problem, visible=tuple(problem.visible[case.index] for case in again), hidden=())
    traced = {
        case.index: new
        for case, new in zip(again, judge.run(only, source, evidence=True).cases, strict=True)
        if new.verdict is case.verdict
    }
    cases = (
        replace(case, coverage=traced[case.index].coverage, trace=traced[case.index].trace)
        if case.index in traced
        else case
        for case in report.cases
    )
    return replace(report, cases=tuple(cases))
