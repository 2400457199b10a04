"""The lines that show a case in a prompt: the test, its outcome, and the place in the program.

Text that a candidate wrote is escaped and cut, with a mark that says so.
"""

from __future__ import annotations

from coderefine.judge.report import CandidateError, CaseResult
from coderefine.judge.verdict import Verdict
from coderefine.problem.problem import Problem
from coderefine.rendering import cut, got_text, literal, printable

VALUE_CHARS = (600, 150, 40)
"""Characters of an argument or an answer: the smallest failure is shown with the first of these that fits, others with
600.
"""
TEXT_CHARS = 300
"""Characters of a message or a line of output."""
OUTPUT_LINES = 10
MESSAGE_LINES = 20
FRAMES = 4


def code_lines(case: CaseResult, chars: int) -> list[str]:
    """Return the code of a test that is code."""
    return ["test:", *(f"  {printable(line)}" for line in cut(case.code, 2 * chars).split("\n"))]


def argument_lines(case: CaseResult, names: list[str], chars: int) -> list[str]:
    """Return the arguments of a call, with the parameters' names if their number agrees."""
    labels = names if len(names) == len(case.args) else [f"argument {index + 1}" for index in range(len(case.args))]
    values = (cut(literal(value), chars) for value in case.args)
    return [f"{label} = {value}" for label, value in zip(labels, values, strict=True)]


def outcome_lines(case: CaseResult, problem: Problem, code: str, chars: int) -> list[str]:
    """Return what a case expected and what it got."""
    lines = []
    if not case.code:
        lines.append(f"expected: {cut(literal(case.expected), chars)}")
    if case.answered:
        lines.append(f"got: {got_text(case, chars)}")
        if problem.compare.mode in ("exact", "float", "python", "close", "json") and not case.got_cut:
            lines += _first_difference(case, problem, chars)
    if case.error:
        lines += error_lines(case.error, code)
    if case.reason:
        lines.append(f"reason: {cut(printable(case.reason), TEXT_CHARS)}")
    if case.verdict is Verdict.TLE:
        lines.append(f"time: stopped after {case.cpu_s:.2f} s of CPU time; the limit is {problem.limits.time_s:g} s")
    return lines + printed_lines(case, chars)


def printed_lines(case: CaseResult, chars: int) -> list[str]:
    """Return the first lines of what a candidate printed."""
    shown = max(1, OUTPUT_LINES * chars // VALUE_CHARS[0])
    return ["printed:", *quoted_lines(case.output, shown, min(TEXT_CHARS, chars))] if case.output.strip() else []


def quoted_lines(text: str, limit: int, chars: int) -> list[str]:
    """Return the first `limit` lines of a stranger's text, each behind a bar of ours."""
    found = text.splitlines()
    lines = [f"  | {cut(printable(line), chars)}" for line in found[:limit]]
    return lines + ([f"  ...[{len(found) - limit} more lines]"] if len(found) > limit else [])


def _first_difference(case: CaseResult, problem: Problem, chars: int) -> list[str]:
    """Return where two long sequences differ first, which cutting may hide."""
    got, expected = case.got, case.expected
    if not (isinstance(got, list | tuple | str) and isinstance(expected, list | tuple | str)):
        return []
    if max(len(literal(got)), len(literal(expected))) <= chars:
        return []
    shorter = min(len(got), len(expected))
    index = next((i for i in range(shorter) if not problem.compare.equal(got[i], expected[i])), shorter)
    lengths = f"lengths: expected {len(expected)}, got {len(got)}"
    if index == shorter:
        return [lengths]
    pair = [cut(literal(sequence[index]), min(TEXT_CHARS, chars)) for sequence in (expected, got)]
    return [lengths, f"first difference: at index {index}, expected {pair[0]}, got {pair[1]}"]


def error_lines(error: CandidateError | None, code: str) -> list[str]:
    """Return an error, the line of the program that raised it, and the calls on the way there."""
    if error is None:
        return ["error: unknown"]
    said = f"{error.type}: {error.message}" if error.message else error.type
    lines = [f"error: {cut(printable(said), TEXT_CHARS)}"]
    if text := line_of(code, error.line):
        lines.append(f"line {error.line}: {cut(text, TEXT_CHARS)}")
    if len(error.frames) > 1:
        frames = " > ".join(f"{printable(name)} (line {line})" for line, name in error.frames[-FRAMES:])
        lines.append(f"calls: {'... > ' if len(error.frames) > FRAMES else ''}{cut(frames, TEXT_CHARS)}")
    return lines


def line_of(code: str, number: int | None) -> str:
    """Return a line of a program without its indent; "" where it does not exist."""
    lines = code.split("\n")  # str.splitlines() also splits where Python does not
    within = number is not None and 0 < number <= len(lines)
    return printable(lines[number - 1].strip()) if within and number else ""
