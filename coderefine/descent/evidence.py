"""Turns the results of the visible tests into the text of a prompt.

Guarantees: a report on any other suite is refused, so that no hidden test reaches a prompt, since there is no other
way; text that a candidate wrote (values, messages, output) is fenced, on lines that we label; a case is shown whole or
not at all, its values cut only with a mark that says so; the text keeps to its limit, except for a sentence of counts;
the same report gives the same text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from coderefine.descent.case_lines import TEXT_CHARS, VALUE_CHARS, error_lines, line_of
from coderefine.descent.kind import PromptedKind
from coderefine.judge.report import CaseResult, TestReport
from coderefine.judge.suspicion import ochiai
from coderefine.judge.verdict import Verdict
from coderefine.models.model import estimate_tokens
from coderefine.problem.problem import Problem
from coderefine.prompting import fenced
from coderefine.rendering import cut, literal, printable

MAX_TOKENS = 2000
"""The most tokens of all evidence together, where the model's window does not demand fewer."""
MAX_CASES = 5
LINES = 3
"""Lines of the program that are shown as suspicious, or with the values on them."""
LINE_CHARS = 40
TRACED_CHARS = 24
"""Characters of a variable's value."""


def describe(
    report: TestReport, problem: Problem, code: str, max_tokens: int = MAX_TOKENS, *, max_cases: int = MAX_CASES
) -> str:
    """Return what the visible tests say about `code`, the smallest failures first; raises ValueError on other tests.

    Where there is not room for everything, the smallest failure comes before the suspicious lines and their values, and
    these before further failures. With `max_cases` 1 there are no such lines: that is the short form. With `max_tokens`
    0 only the counts are left.
    """
    if report.tests != "visible":
        raise ValueError(f"only visible tests may reach a prompt, not a report on {report.tests} tests")
    if report.verdict is Verdict.CE:
        case = next(case for case in report.cases if case.verdict is Verdict.CE)
        return "The program does not compile, so no test was run.\n\n" + _block(error_lines(case.error, code))
    head = f"{report.passed} of {report.total} tests passed."
    if not report.complete:
        head += " The run stopped at the first failure, so there may be more."
    if report.measured and report.measured.values:
        head += f" Measured over all instances: {report.measured.text()}."
    told = sorted(report.cases, key=lambda case: -case.verdict.rank) if report.measured else report.failures
    failures = sorted(told, key=lambda case: (len(literal(case.args)), case.index if not report.measured else 0))
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
    lines += PromptedKind.of(problem).case_lines(problem, case, code, chars)
    return f"{_title(case)}\n{_block(lines)}"


def _lines(case: CaseResult, problem: Problem, scores: dict[int, float], code: str) -> str:
    """Return the lines that failing cases ran more than passing ones, with the values when `case` last reached them.

    Values are shown for the variables that a line names, and not repeated while they stay the same. Where the scores do
    not distinguish lines, the last lines of the run are shown; "" where nothing is known.
    """
    least = min(scores.values(), default=0.0)
    suspects = [line for line, score in scores.items() if score > least]
    trace = dict(case.trace)
    shown = [line for line in suspects or sorted(trace)[-LINES:] if line_of(code, line)][:LINES]
    rows = []
    said = {param.name: repr(value) for param, value in zip(problem.params, case.args, strict=False)}
    for line in sorted(shown):
        text = line_of(code, line)
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
