"""Turns the results of the visible tests into the text of a prompt.

Guarantees: a report on any other suite is refused, so that no hidden test reaches a prompt by this way, the only one;
what a candidate wrote (values, messages, output) stands fenced, on lines that we label; a case is shown whole or not
at all, its values cut only with a mark that says so; the text is no longer than it may be, but for a sentence of
counts; the same report gives the same text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from coderefine.judge.report import CandidateError, CaseResult, TestReport
from coderefine.judge.verdict import Verdict
from coderefine.models.model import estimate_tokens
from coderefine.problem import Problem
from coderefine.prompting import fenced
from coderefine.rendering import call_text, cut, literal, printable
from coderefine.suspicion import ochiai

MAX_TOKENS = 2000
"""Of all evidence together, where the model's window is no smaller matter."""
MAX_CASES = 5
VALUE_CHARS = (600, 150, 40)
"""Of an argument or an answer; the smallest failure is shown with the first of these that fits, the others with 600."""
TEXT_CHARS = 300
"""Of a message or a line of output."""
OUTPUT_LINES = 10
FRAMES = 4
SUSPECTS = 5
TRACED_LINES = 20
TRACED_CHARS = 80
"""Of a variable's value."""


def describe(report: TestReport, problem: Problem, code: str, max_tokens: int = MAX_TOKENS) -> str:
    """Return what the visible tests say about `code`, the smallest failures first; raises ValueError on other tests.

    Where there is not room for all: the smallest failure goes before suspicious lines, these before the values along
    its run, and these before further failures. With 0 tokens the counts alone are left.
    """
    if report.tests != "visible":
        raise ValueError(f"only visible tests may reach a prompt, not a report on {report.tests} tests")
    if report.verdict is Verdict.CE:
        case = next(case for case in report.cases if case.verdict is Verdict.CE)
        return "The program does not compile, so no test was run.\n\n" + _block(_error(case.error, code))
    head = f"{report.passed} of {report.total} tests passed."
    if not report.complete:
        head += " The run stopped at the first failure, so there may be more."
    failures = sorted(report.failures, key=lambda case: (len(literal(case.args)), case.index))
    scores = ochiai(report)
    room = max_tokens - estimate_tokens(head)

    def first_fit(*texts: str) -> list[str]:
        nonlocal room
        for text in filter(None, texts):
            if estimate_tokens(text) + 1 <= room:
                room -= estimate_tokens(text) + 1
                return [text]
        return []

    smallest = first_fit(*(_case(case, problem, code, chars) for case in failures[:1] for chars in VALUE_CHARS))
    suspects = first_fit(_suspects(scores, code))
    values = first_fit(*(_values(case, code, scores) for case in failures[:1] if smallest))
    others = [text for case in failures[1:MAX_CASES] for text in first_fit(_case(case, problem, code))]
    shown = {text.partition("\n")[0] for text in smallest + others}
    unshown = Counter(case.verdict for case in failures if _title(case) not in shown)
    ranked = sorted(unshown.items(), key=lambda item: item[0].rank)
    tail = ", ".join(f"{count} {verdict.words}" for verdict, count in ranked)
    tails = [f"Failing tests not shown: {tail}."] if tail else []
    return "\n\n".join([head, *smallest, *values, *others, *suspects, *tails])


def _block(lines: Sequence[str]) -> str:
    return fenced("\n".join(lines))


def _title(case: CaseResult) -> str:
    return f"Test {case.index + 1}: {case.verdict.words}"


def _case(case: CaseResult, problem: Problem, code: str, chars: int = VALUE_CHARS[0]) -> str:
    lines = [f"name: {cut(printable(case.name), TEXT_CHARS)}"] if case.name else []
    lines += _call(case, problem, chars)
    if not case.code:
        lines.append(f"expected: {cut(literal(case.expected), chars)}")
    if case.answered:
        lines.append(f"got: {cut(literal(case.got), chars)}")
        if problem.compare.mode in ("exact", "float"):
            lines += _first_difference(case, problem, chars)
    if case.error:
        lines += _error(case.error, code)
    if case.reason:
        lines.append(f"reason: {cut(printable(case.reason), TEXT_CHARS)}")
    if case.verdict is Verdict.TLE:
        lines.append(f"time: stopped after {case.cpu_s:.2f} s of CPU time; the limit is {problem.limits.time_s:g} s")
    if case.output.strip():
        printed = case.output.splitlines()
        shown = max(1, OUTPUT_LINES * chars // VALUE_CHARS[0])
        lines.append("printed:")
        lines += [f"  | {cut(printable(line), min(TEXT_CHARS, chars))}" for line in printed[:shown]]
        if len(printed) > shown:
            lines.append(f"  ...[{len(printed) - shown} more lines]")
    return f"{_title(case)}\n{_block(lines)}"


def _call(case: CaseResult, problem: Problem, chars: int) -> list[str]:
    if case.code:
        return ["test:", *(f"  {printable(line)}" for line in cut(case.code, 2 * chars).split("\n"))]
    if problem.kind == "class" and len(case.args) == 2:
        return [f"calls: {call_text(problem, case.args, chars)}"]
    names = ["stdin"] if problem.kind == "program" else [param.name for param in problem.params]
    labels = names if len(names) == len(case.args) else [f"argument {index + 1}" for index in range(len(case.args))]
    values = (cut(literal(value), chars) for value in case.args)
    return [f"{label} = {value}" for label, value in zip(labels, values, strict=True)]


def _first_difference(case: CaseResult, problem: Problem, chars: int) -> list[str]:
    """Where two long sequences part, which the cut may hide."""
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


def _error(error: CandidateError | None, code: str) -> list[str]:
    if error is None:
        return ["error: unknown"]
    said = f"{error.type}: {error.message}" if error.message else error.type
    lines = [f"error: {cut(printable(said), TEXT_CHARS)}"]
    if text := _line(code, error.line):
        lines.append(f"line {error.line}: {text}")
    if len(error.frames) > 1:
        frames = " > ".join(f"{printable(name)} (line {line})" for line, name in error.frames[-FRAMES:])
        lines.append(f"calls: {'... > ' if len(error.frames) > FRAMES else ''}{cut(frames, TEXT_CHARS)}")
    return lines


def _suspects(scores: dict[int, float], code: str) -> str:
    """The lines that failing cases ran more than passing ones; "" where the scores tell no lines apart."""
    least = min(scores.values(), default=0.0)
    lines = [
        f"line {line} ({score:.2f}): {_line(code, line)}"
        for line, score in scores.items()
        if score > least and _line(code, line)
    ]
    return f"Lines that failing tests ran more than passing ones (Ochiai):\n{_block(lines[:SUSPECTS])}" if lines else ""


def _values(case: CaseResult, code: str, scores: dict[int, float]) -> str:
    """The values that the lines of a run last began with, of those variables that the line names; "" if none."""
    found: dict[int, str] = {}
    for line, variables in case.trace:
        text = _line(code, line)
        names = set(re.findall(r"\w+", text))
        shown = [
            f"{printable(name)} = {cut(printable(value), TRACED_CHARS)}" for name, value in variables if name in names
        ]
        if shown:
            found[line] = f"line {line}: {text}\n    {', '.join(shown)}"
    kept = sorted(sorted(found, key=lambda line: (-scores.get(line, 0.0), line))[:TRACED_LINES])
    title = f"Values in test {case.index + 1}, as each line was reached for the last time:"
    return f"{title}\n{_block([found[line] for line in kept])}" if kept else ""


def _line(code: str, number: int | None) -> str:
    lines = code.split("\n")  # str.splitlines() also splits where Python does not
    within = number is not None and 0 < number <= len(lines)
    return cut(printable(lines[number - 1].strip()), TEXT_CHARS) if within and number else ""
