"""Where the bug may be, and what went wrong in words."""

from __future__ import annotations

from coderefine.judge.report import CaseResult, TestReport
from coderefine.judge.verdict import Verdict
from coderefine.problem import Problem
from coderefine.rendering import case_text, cut, literal, printable

BASE, FRAME, CRASH = 0.5, 0.8, 1.0
"""Suspicion of a line that nothing is known about, of one on the stack of a crash, and of the one that crashed."""
_SHOWN = 3


def suspiciousness(report: TestReport, source: str) -> dict[int, float]:
    """Give every line of code a weight in (0, 1]: the higher, the likelier it holds the bug.

    So far from error lines and frames alone. Ochiai (Abreu et al., PRDC 2006) ranks lines by which of them failing and
    passing cases run; once reports carry coverage its score takes the place of BASE.
    """
    lines = source.split("\n")
    weights = {
        number: BASE for number, line in enumerate(lines, 1) if line.strip() and not line.lstrip().startswith("#")
    }
    for case in report.failures:
        if case.error is None:
            continue
        raise_to = {line: FRAME for line, _ in case.error.frames}
        if case.error.line is not None:
            raise_to[case.error.line] = CRASH
        for line, weight in raise_to.items():
            if line in weights:
                weights[line] = max(weights[line], weight)
    return weights


def criticise(problem: Problem, source: str, report: TestReport) -> str:
    """Say in a few lines which cases fail and how, and which lines are most suspicious."""
    failures = report.failures
    if report.verdict is Verdict.CE:
        return f"The program does not compile: {_how(failures[0])}"
    text = [f"{report.passed} of {report.total} tests pass."]
    text += [f"{case_text(problem, case)}: {_how(case)}" for case in failures[:_SHOWN]]
    if len(failures) > _SHOWN:
        text.append(f"... and {len(failures) - _SHOWN} more.")
    lines = source.split("\n")
    weights = suspiciousness(report, source)
    suspects = sorted((line for line in weights if weights[line] > BASE), key=lambda line: (-weights[line], line))
    text += [f"Suspicious: line {line}, `{cut(printable(lines[line - 1].strip()))}`" for line in suspects[:_SHOWN]]
    return "\n".join(text)


def _how(case: CaseResult) -> str:
    if case.answered:
        return f"got {cut(literal(case.got))}, expected {cut(literal(case.expected))}"
    # The first line of an explained assertion says it all.
    return cut(printable(str(case.error).partition("\n")[0] if case.error else f"{case.verdict.words}: {case.reason}"))
