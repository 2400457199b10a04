"""Where the bug may be, and what went wrong in words."""

from __future__ import annotations

import re
from typing import Any

from coderefine.judge.report import CaseResult, TestReport

BASE, FRAME, CRASH = 0.5, 0.8, 1.0
"""Suspicion of a line that nothing is known about, of one on the stack of a crash, and of the one that crashed."""
_WIDTH = 120
_SHOWN = 3
_ESCAPE = re.compile(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|.)|.", re.DOTALL)


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


def criticise(source: str, report: TestReport) -> str:
    """Say in a few lines which cases fail and how, and which lines are most suspicious."""
    failures = report.failures
    if not failures:
        return f"{report.summary()}."
    text = [f"{report.summary()}."]
    text += [_failure(case) for case in failures[:_SHOWN]]
    if len(failures) > _SHOWN:
        text.append(f"... and {len(failures) - _SHOWN} more.")
    lines = source.split("\n")
    weights = suspiciousness(report, source)
    suspects = sorted((line for line in weights if weights[line] > BASE), key=lambda line: (-weights[line], line))
    if suspects:
        text.append("Suspicious lines:")
        text += [f"  {line}: {shorten(lines[line - 1].strip())}" for line in suspects[:_SHOWN]]
    return "\n".join(text)


def _failure(case: CaseResult) -> str:
    call = shorten(", ".join(shorten(_text(arg)) for arg in case.args))
    head = f"{case.name or f'case {case.index + 1}'} ({call}): {case.verdict.words}"
    if case.error is not None:
        return f"{head}, {shorten(str(case.error))}"
    if case.answered:
        return f"{head}, expected {shorten(_text(case.expected))}, got {shorten(_text(case.got))}"
    return f"{head}{f', {shorten(case.reason)}' if case.reason else ''}"


def _text(value: Any) -> str:
    try:
        return repr(value)
    except ValueError:  # Python writes no int of more than 4300 digits
        return "a value with a huge number"


def shorten(text: str, width: int = _WIDTH) -> str:
    """Cut `text` to `width` printable characters on one line, never within an escape sequence such as `\\x1b`."""
    printable = "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text[: width + 1]
    )
    if len(printable) <= width:
        return printable
    kept = ""
    for match in _ESCAPE.finditer(printable):
        if len(kept) + len(match[0]) > width - 3:
            break
        kept += match[0]
    return kept + "..."
