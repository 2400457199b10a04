"""Where the bug may be, and what went wrong, in words."""

from __future__ import annotations

import re
from collections.abc import Collection

from coderefine.judge.report import CaseResult, TestReport
from coderefine.judge.suspicion import ochiai
from coderefine.judge.verdict import Verdict
from coderefine.problem.problem import Problem
from coderefine.rendering import cut, got_text, literal, printable

UNKNOWN, FRAME, CRASH = 0.5, 0.8, 1.0
"""The suspicion of a line about which nothing is known, of one on the stack of a crash, and of the crashing line."""
SUSPECT, UNSUSPECTED = 0.9, 0.2
"""The suspicion of lines that the problem names as more likely wrong, and of the others then."""
RAN, IDLE = 0.4, 0.05
"""The suspicion, where coverage is known, of a line that all cases ran (Ochiai's score is added), and of one that no
failing case ran.
"""
_SHOWN = 3
_HEADER = re.compile(r"\s*(?:def|class|@|import|from|else|try|finally)\b|\s*[)\]}\"']")


def suspiciousness(report: TestReport, source: str, suspects: Collection[str] = ()) -> dict[int, float]:
    """Return a weight in (0, 1] for every line of code: the higher, the more likely the line contains the bug.

    It depends on the lines that the problem names (`Suite.suspects`), on error lines and frames, and where the report
    carries evidence, on the lines that failing and passing cases ran (see `ochiai`). Headers of functions and classes
    run before any case, and keep UNKNOWN.
    """
    lines = source.split("\n")
    weights = {
        number: UNKNOWN for number, line in enumerate(lines, 1) if line.strip() and not line.lstrip().startswith("#")
    }
    if any(lines[line - 1].strip() in suspects for line in weights):
        weights = {line: SUSPECT if lines[line - 1].strip() in suspects else UNSUSPECTED for line in weights}
    ran = {line for case in report.failures for line in case.coverage}
    if ran and all(case.coverage or case.error for case in report.failures):
        scores = ochiai(report)
        for line in weights:
            if line in ran:
                weights[line] = RAN + (UNKNOWN - RAN) * 2 * scores.get(line, 0.5)
            elif not _HEADER.match(lines[line - 1]):
                weights[line] = IDLE
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
    """Return in a few lines which cases fail and how, and which lines are most suspicious."""
    failures = report.failures
    if report.verdict is Verdict.CE:
        return f"The program does not compile: {_how(failures[0])}"
    text = [f"{report.passed} of {report.total} tests pass."]
    text += [f"{problem.kind.case_text(problem, case)}: {_how(case)}" for case in failures[:_SHOWN]]
    if len(failures) > _SHOWN:
        text.append(f"... and {len(failures) - _SHOWN} more.")
    lines = source.split("\n")
    weights = suspiciousness(report, source, problem.suite.suspects)
    suspects = sorted((line for line in weights if weights[line] > UNKNOWN), key=lambda line: (-weights[line], line))
    text += [f"Suspicious: line {line}, `{cut(printable(lines[line - 1].strip()))}`" for line in suspects[:_SHOWN]]
    return "\n".join(text)


def _how(case: CaseResult) -> str:
    if case.answered:
        return f"got {got_text(case)}, expected {cut(literal(case.expected))}"
    # The first line of an explained assertion is enough.
    return cut(printable(str(case.error).partition("\n")[0] if case.error else f"{case.verdict.words}: {case.reason}"))
