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
from dataclasses import replace

from coderefine.judge.report import CandidateError, CaseResult, TestReport
from coderefine.judge.suspicion import ochiai
from coderefine.judge.verdict import Verdict
from coderefine.models.model import estimate_tokens
from coderefine.problem.problem import Problem
from coderefine.prompting import fenced
from coderefine.rendering import call_text, cut, literal, printable

MAX_TOKENS = 2000
"""Of all evidence together, where the model's window is no smaller matter."""
MAX_CASES = 5
VALUE_CHARS = (600, 150, 40)
"""Of an argument or an answer; the smallest failure is shown with the first of these that fits, the others with 600."""
TEXT_CHARS = 300
"""Of a message or a line of output."""
OUTPUT_LINES = 10
MESSAGE_LINES = 20
FRAMES = 4
LINES = 3
"""Of the program, shown as suspicious or with the values on them."""
LINE_CHARS = 40
TRACED_CHARS = 24
"""Of a variable's value."""


def describe(
    report: TestReport, problem: Problem, code: str, max_tokens: int = MAX_TOKENS, *, max_cases: int = MAX_CASES
) -> str:
    """Return what the visible tests say about `code`, the smallest failures first; raises ValueError on other tests.

    Where there is not room for all: the smallest failure goes before the suspicious lines and the values on them, and
    these before further failures. With one case at most, there are no lines either: that is the short form. With 0
    tokens the counts alone are left.
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
    room = max_tokens - estimate_tokens(head)

    def first_fit(*texts: str) -> list[str]:
        nonlocal room
        for text in filter(None, texts):
            if estimate_tokens(text) + 1 <= room:
                room -= estimate_tokens(text) + 1
                return [text]
        return []

    smallest = first_fit(*(_case(case, problem, code, chars) for case in failures[:1] for chars in VALUE_CHARS))
    lines = first_fit(_lines(failures[0], problem, ochiai(report), code)) if smallest and max_cases > 1 else []
    others = [text for case in failures[1:max_cases] for text in first_fit(_case(case, problem, code))]
    shown = {text.partition("\n")[0] for text in smallest + others}
    unshown = Counter(case.verdict for case in failures if _title(case) not in shown)
    ranked = sorted(unshown.items(), key=lambda item: item[0].rank)
    tail = ", ".join(f"{count} {verdict.words}" for verdict, count in ranked)
    tails = [f"Failing tests not shown: {tail}."] if tail and max_cases > 1 else []
    return "\n\n".join([head, *smallest, *lines, *others, *tails])


def _block(lines: Sequence[str]) -> str:
    return fenced("\n".join(lines))


def _title(case: CaseResult) -> str:
    return f"Test {case.index + 1}: {case.verdict.words}"


def _case(case: CaseResult, problem: Problem, code: str, chars: int = VALUE_CHARS[0]) -> str:
    lines = [f"name: {cut(printable(case.name), TEXT_CHARS)}"] if case.name else []
    if problem.kind.name == "pytest":
        return f"{_title(case)}\n{_block(lines + _suite_case(case, problem, code, chars))}"
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
    return f"{_title(case)}\n{_block(lines + _printed(case, chars))}"


def _printed(case: CaseResult, chars: int) -> list[str]:
    shown = max(1, OUTPUT_LINES * chars // VALUE_CHARS[0])
    return ["printed:", *_quoted(case.output, shown, min(TEXT_CHARS, chars))] if case.output.strip() else []


def _quoted(text: str, limit: int, chars: int) -> list[str]:
    """Lines that somebody else wrote, each behind a bar of ours."""
    found = text.splitlines()
    lines = [f"  | {cut(printable(line), chars)}" for line in found[:limit]]
    return lines + ([f"  ...[{len(found) - limit} more lines]"] if len(found) > limit else [])


def _suite_case(case: CaseResult, problem: Problem, code: str, chars: int) -> list[str]:
    """A test of pytest: its function, where it failed, what pytest says of it, and where in the program that was."""
    lines = _call(case, problem, chars) if case.code else []
    if case.reason:
        lines.append(f"{'failed at' if case.error else 'reason'}: {cut(printable(case.reason), TEXT_CHARS)}")
    if case.error and "\n" in case.error.message:  # an explained assertion
        shown = max(1, MESSAGE_LINES * chars // VALUE_CHARS[0])
        lines += [f"error: {printable(case.error.type)}", *_quoted(case.error.message, shown, min(TEXT_CHARS, chars))]
        lines += _error(replace(case.error, message=""), code)[1:]
    elif case.error:
        lines += _error(case.error, code)
    if case.verdict is Verdict.TLE:
        lines.append(f"time: the limit for all tests together is {problem.limits.time_s:g} s of CPU time")
    return lines + _printed(case, chars)


def _call(case: CaseResult, problem: Problem, chars: int) -> list[str]:
    if case.code:
        return ["test:", *(f"  {printable(line)}" for line in cut(case.code, 2 * chars).split("\n"))]
    if problem.kind.name == "class" and len(case.args) == 2:
        return [f"calls: {call_text(problem, case.args, chars)}"]
    names = ["stdin"] if problem.kind.name == "program" else [param.name for param in problem.params]
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
        lines.append(f"line {error.line}: {cut(text, TEXT_CHARS)}")
    if len(error.frames) > 1:
        frames = " > ".join(f"{printable(name)} (line {line})" for line, name in error.frames[-FRAMES:])
        lines.append(f"calls: {'... > ' if len(error.frames) > FRAMES else ''}{cut(frames, TEXT_CHARS)}")
    return lines


def _lines(case: CaseResult, problem: Problem, scores: dict[int, float], code: str) -> str:
    """The lines that failing cases ran more than passing ones, and the values with which `case` last came there.

    Values are of those variables that a line names, and not repeated while they are the same as above. Where the scores
    tell no lines apart, these are the last lines of the run; "" where nothing is known.
    """
    least = min(scores.values(), default=0.0)
    suspects = [line for line, score in scores.items() if score > least]
    trace = dict(case.trace)
    shown = [line for line in suspects or sorted(trace)[-LINES:] if _line(code, line)][:LINES]
    rows = []
    said = {param.name: repr(value) for param, value in zip(problem.params, case.args, strict=False)}
    for line in sorted(shown):
        text = _line(code, line)
        names = set(re.findall(r"\w+", text))
        news = {name: value for name, value in trace.get(line, ()) if name in names and said.get(name) != value}
        said |= news
        values = ", ".join(f"{printable(name)} = {_short(value, TRACED_CHARS)}" for name, value in news.items())
        rows.append(f"{line} | {_short(text, LINE_CHARS)}{f'  # {values}' if values else ''}")
    which = "Suspicious lines" if suspects else "Last lines"
    return f"{which}, # last values in test {case.index + 1}:\n{_block(rows)}" if rows else ""


def _short(text: str, limit: int) -> str:
    text = printable(text)
    return text if len(text) <= limit else f"{text[:limit]}..."


def _line(code: str, number: int | None) -> str:
    lines = code.split("\n")  # str.splitlines() also splits where Python does not
    within = number is not None and 0 < number <= len(lines)
    return printable(lines[number - 1].strip()) if within and number else ""
