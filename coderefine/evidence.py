"""Turns the results of the visible tests into the text of a prompt.

Guarantees: a report on any other suite is refused, so that no hidden test reaches a prompt by this way, the only one;
what a candidate wrote (values, messages, output) stands fenced, on lines that we label; a case is shown whole or not
at all, its values cut only with a mark that says so; the same report gives the same text.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from coderefine.judge.report import CandidateError, CaseResult, TestReport
from coderefine.judge.verdict import Verdict
from coderefine.problem import Problem
from coderefine.prompting import fenced
from coderefine.rendering import call_text, cut, literal, printable

MAX_CASES = 5
MAX_CHARS = 8000
"""Of all cases together; the first is shown in any case."""
VALUE_CHARS = 600
"""Of an argument or an answer."""
TEXT_CHARS = 300
"""Of a message or a line of output."""
OUTPUT_LINES = 10
MESSAGE_LINES = 20
FRAMES = 4


def describe(report: TestReport, problem: Problem, code: str) -> str:
    """Return what the visible tests say about `code`, the smallest failures first; raises ValueError on other tests."""
    if report.tests != "visible":
        raise ValueError(f"only visible tests may reach a prompt, not a report on {report.tests} tests")
    if report.verdict is Verdict.CE:
        case = next(case for case in report.cases if case.verdict is Verdict.CE)
        return "The program does not compile, so no test was run.\n\n" + fenced("\n".join(_error(case.error, code)))
    head = f"{report.passed} of {report.total} tests passed."
    if not report.complete:
        head += " The run stopped at the first failure, so there may be more."
    failures = sorted(report.failures, key=lambda case: (len(literal(case.args)), case.index))
    blocks: list[str] = []
    for case in failures[:MAX_CASES]:
        block = f"Test {case.index + 1}: {case.verdict.words}\n{fenced(chr(10).join(_case(case, problem, code)))}"
        if blocks and sum(map(len, blocks)) + len(block) > MAX_CHARS:
            break
        blocks.append(block)
    unshown = Counter(case.verdict for case in failures[len(blocks) :])
    ranked = sorted(unshown.items(), key=lambda item: item[0].rank)
    tail = ", ".join(f"{count} {verdict.words}" for verdict, count in ranked)
    return "\n\n".join([head, *blocks, *([f"Failing tests not shown: {tail}."] if tail else [])])


def _case(case: CaseResult, problem: Problem, code: str) -> list[str]:
    lines = [f"name: {cut(printable(case.name), TEXT_CHARS)}"] if case.name else []
    if problem.kind == "pytest":
        return lines + _suite_case(case, problem, code)
    lines += _call(case, problem)
    if not case.code:
        lines.append(f"expected: {cut(literal(case.expected), VALUE_CHARS)}")
    if case.answered:
        lines.append(f"got: {cut(literal(case.got), VALUE_CHARS)}")
        if problem.compare.mode in ("exact", "float"):
            lines += _first_difference(case, problem)
    if case.error:
        lines += _error(case.error, code)
    if case.reason:
        lines.append(f"reason: {cut(printable(case.reason), TEXT_CHARS)}")
    if case.verdict is Verdict.TLE:
        lines.append(f"time: stopped after {case.cpu_s:.2f} s of CPU time; the limit is {problem.limits.time_s:g} s")
    return lines + _printed(case)


def _printed(case: CaseResult) -> list[str]:
    return ["printed:", *_quoted(case.output, OUTPUT_LINES)] if case.output.strip() else []


def _quoted(text: str, limit: int) -> list[str]:
    """Lines that somebody else wrote, each behind a bar of ours."""
    found = text.splitlines()
    lines = [f"  | {cut(printable(line), TEXT_CHARS)}" for line in found[:limit]]
    return lines + ([f"  ...[{len(found) - limit} more lines]"] if len(found) > limit else [])


def _suite_case(case: CaseResult, problem: Problem, code: str) -> list[str]:
    """A test of pytest: its function, where it failed, what pytest says of it, and where in the program that was."""
    lines = _call(case, problem) if case.code else []
    if case.reason:
        lines.append(f"{'failed at' if case.error else 'reason'}: {cut(printable(case.reason), TEXT_CHARS)}")
    if case.error and "\n" in case.error.message:  # an explained assertion
        lines += [f"error: {printable(case.error.type)}", *_quoted(case.error.message, MESSAGE_LINES)]
        lines += _error(replace(case.error, message=""), code)[1:]
    elif case.error:
        lines += _error(case.error, code)
    if case.verdict is Verdict.TLE:
        lines.append(f"time: the limit for all tests together is {problem.limits.time_s:g} s of CPU time")
    return lines + _printed(case)


def _call(case: CaseResult, problem: Problem) -> list[str]:
    if case.code:
        return ["test:", *(f"  {printable(line)}" for line in cut(case.code, 2 * VALUE_CHARS).split("\n"))]
    if problem.kind == "class" and len(case.args) == 2:
        return [f"calls: {call_text(problem, case.args, VALUE_CHARS)}"]
    names = ["stdin"] if problem.kind == "program" else [param.name for param in problem.params]
    labels = names if len(names) == len(case.args) else [f"argument {index + 1}" for index in range(len(case.args))]
    values = (cut(literal(value), VALUE_CHARS) for value in case.args)
    return [f"{label} = {value}" for label, value in zip(labels, values, strict=True)]


def _first_difference(case: CaseResult, problem: Problem) -> list[str]:
    """Where two long sequences part, which the cut may hide."""
    got, expected = case.got, case.expected
    if not (isinstance(got, list | tuple | str) and isinstance(expected, list | tuple | str)):
        return []
    if max(len(literal(got)), len(literal(expected))) <= VALUE_CHARS:
        return []
    shorter = min(len(got), len(expected))
    index = next((i for i in range(shorter) if not problem.compare.equal(got[i], expected[i])), shorter)
    lengths = f"lengths: expected {len(expected)}, got {len(got)}"
    if index == shorter:
        return [lengths]
    pair = [cut(literal(sequence[index]), TEXT_CHARS) for sequence in (expected, got)]
    return [lengths, f"first difference: at index {index}, expected {pair[0]}, got {pair[1]}"]


def _error(error: CandidateError | None, code: str) -> list[str]:
    if error is None:
        return ["error: unknown"]
    said = f"{error.type}: {error.message}" if error.message else error.type
    lines = [f"error: {cut(printable(said), TEXT_CHARS)}"]
    source = code.split("\n")  # str.splitlines() also splits where Python does not
    if error.line and 0 < error.line <= len(source):
        lines.append(f"line {error.line}: {cut(printable(source[error.line - 1].strip()), TEXT_CHARS)}")
    if len(error.frames) > 1:
        frames = " > ".join(f"{printable(name)} (line {line})" for line, name in error.frames[-FRAMES:])
        lines.append(f"calls: {'... > ' if len(error.frames) > FRAMES else ''}{cut(frames, TEXT_CHARS)}")
    return lines
