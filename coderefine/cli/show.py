"""Shows reports, criticisms and diffs in a terminal. Text of candidates is escaped: it cannot draw on the screen."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from coderefine.cli.streams import write_exactly
from coderefine.judge.judge import Judge
from coderefine.judge.report import CaseResult, TestReport
from coderefine.judge.verdict import Verdict
from coderefine.problem.problem import Problem
from coderefine.rendering import count as count  # noqa: PLC0414 - re-exported
from coderefine.rendering import cut, example_of, got_text, literal, printable

if TYPE_CHECKING:
    from coderefine.scoring.place import Place

_DIFF_STYLES = (("---", "bold"), ("+++", "bold"), ("@@", "cyan"), ("+", "green"), ("-", "red"))
_MAX_MESSAGE_CHARS = 600
_BRIEF_LINES = 6
_NARROW, _WIDEST = 76, 10_000
_BRIEF_CHARS = 480
_COLOURS = {Verdict.AC: "green", Verdict.JE: "magenta", Verdict.TLE: "yellow", Verdict.MLE: "yellow"}


class SharedConsole(Console):
    """A console on which threads take turns: rich lays out what it prints before it writes it."""

    def __init__(self) -> None:
        super().__init__(stderr=True, highlight=False, soft_wrap=True)
        self.turn = threading.RLock()

    def print(self, *objects: Any, **options: Any) -> None:
        """Print as rich does, without output of another thread in between."""
        with self.turn:
            super().print(*objects, **options)

    def on_broken_pipe(self) -> None:
        """Print nothing more, since no one reads it; rich would end the program, and lose the result."""
        self.quiet = True


def console(file: TextIO | None = None) -> Console:
    """Return the console for results; `file` replaces standard output."""
    return Console(file=file, highlight=False, soft_wrap=True)


def story() -> SharedConsole:
    """Return the console for progress and explanations."""
    return SharedConsole()


def verdict_text(verdict: Verdict) -> Text:
    """Return a verdict in its colour."""
    return Text(str(verdict), style=f"bold {_COLOURS.get(verdict, 'red')}")


def line(*parts: Text | tuple[str, str]) -> Text:
    """Return texts, or pairs of a text and its style, on one line."""
    styled = [part if isinstance(part, Text) else plain(*part) for part in parts]
    return Text("  ").join(styled)


def sandbox_line(judge: Judge | Place) -> Text:
    """Return a line on the sandbox in which candidates run, and why."""
    return plain(f"sandbox: {judge.backend}" + (f" ({judge.note})" if judge.note else ""), "dim")


def summary(report: TestReport) -> Text:
    """Return `WA  1 of 3 visible tests passed`."""
    suite = "" if report.tests == "all" else f"{report.tests} "
    parts: list[Text | tuple[str, str]] = [
        verdict_text(report.verdict),
        (f"{report.passed} of {report.total} {suite}tests passed", ""),
    ]
    if report.assurance == "in-process":  # otherwise that need not be said
        parts.append((f"assurance: {report.assurance}", "dim"))
    if report.measured and report.measured.values:
        parts.append((report.measured.text(), "bold"))
    return line(*parts)


def print_cases(console: Console, problem: Problem, report: TestReport, indent: int = 0) -> None:
    """Print one row for each case: mark, verdict, name, time, and for a failure what went wrong.

    In a terminal, lines are broken within their column; elsewhere they stay as they are. None ends in blanks.
    """
    width = console.width - indent if console.is_terminal else _WIDEST
    table, options = _cases(problem, report, width), console.options.update(width=width)
    lines = []
    for segments in console.render_lines(table, options, pad=False):
        lines.append(Text.assemble(*((segment.text, segment.style or "") for segment in segments)))
        lines[-1].rstrip()
    console.print(indented(Text("\n").join(lines), indent))


def _cases(problem: Problem, report: TestReport, width: int) -> Table:
    """Return the rows; where `width` is small, what went wrong is below the name, and the time is left out."""
    if not problem.kind.cases_are_tests:
        return _suite_cases(report)
    if width < _NARROW:
        return _narrow_cases(problem, report)
    table = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(4):
        table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for case in report.cases:
        accepted = case.verdict is Verdict.AC
        table.add_row(
            Text("✓" if accepted else "✗", style="green" if accepted else "red"),
            verdict_text(case.verdict),
            plain(case.name),
            Text(f"{case.wall_s * 1000:.1f} ms", style="dim", justify="right"),
            Text() if accepted else failure(problem, case),
        )
    return table


def _narrow_cases(problem: Problem, report: TestReport) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for case in report.cases:
        accepted = case.verdict is Verdict.AC
        text = plain(case.name)
        if not accepted:
            text += Text("\n") + failure(problem, case)
        mark = Text("✓" if accepted else "✗", style="green" if accepted else "red")
        table.add_row(mark, verdict_text(case.verdict), text)
    return table


def _suite_cases(report: TestReport) -> Table:
    """Return the rows of cases with long names, with what went wrong below them."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for case in report.cases:
        accepted = case.verdict is Verdict.AC
        parts = [plain(case.name) + Text(f"  {case.wall_s * 1000:.1f} ms", style="dim")]
        if example := example_of(case.code):
            parts.append(plain(cut(example, _MAX_MESSAGE_CHARS), "dim" if accepted else ""))
        elif case.reason:  # where it failed, or why it was skipped
            parts.append(plain(cut(case.reason, _MAX_MESSAGE_CHARS), "dim" if accepted else ""))
        if case.error:
            parts.append(Text("→ ", style="dim") + plain(cut(str(case.error), _MAX_MESSAGE_CHARS), "red"))
        if case.output.strip() and not accepted:
            parts.append(Text("printed\n", style="dim") + plain(_last_lines(case.output), "dim"))
        mark = Text("✓" if accepted else "✗", style="green" if accepted else "red")
        table.add_row(mark, verdict_text(case.verdict), Text("\n").join(parts))
    return table


def _last_lines(text: str) -> str:
    lines = text.rstrip("\n").split("\n")
    return "\n".join((["…"] if len(lines) > _BRIEF_LINES else []) + lines[-_BRIEF_LINES:])


def failure(problem: Problem, case: CaseResult) -> Text:
    """Return what went wrong in a case, in one or two lines."""
    text = plain(problem.kind.case_text(problem, case))
    if case.answered:
        text += Text("\n→ ", style="dim") + plain(got_text(case))
        text += Text("  expected ", style="dim") + plain(cut(literal(case.expected)))
    if case.error:
        text += Text("\n→ ", style="dim") + plain(str(case.error), style="red")
    if case.reason:
        text += Text("\n→ ", style="dim") + plain(case.reason)
    return text


def diff(text: str) -> Text:
    """Return a unified diff in colour."""
    coloured = Text()
    for line in text.removesuffix("\n").split("\n"):
        style = next((style for start, style in _DIFF_STYLES if line.startswith(start)), "")
        coloured.append(printable(line, keep="\t"), style).append("\n")
    return coloured[:-1]


def brief(text: str, hint: str = "") -> tuple[str, str]:
    """Return the first lines of a text, and a mark where there are more."""
    lines = text.strip("\n").split("\n")
    shown = lines[:_BRIEF_LINES]
    while len(shown) > 1 and sum(map(len, shown)) > _BRIEF_CHARS:
        shown.pop()
    first, left = "\n".join(shown), count(len(lines) - len(shown), "more line")
    if len(first) > _BRIEF_CHARS:
        first, left = first[:_BRIEF_CHARS].rsplit(None, 1)[0] + " …", "more"
    elif len(shown) == len(lines):
        return first, ""
    return first, f"… {left}" + (f" ({hint})" if hint else "")


def money(usd: float | None) -> str:
    """Return an amount, such as `$0.0042`."""
    return "cost unknown" if usd is None else f"${usd:.4f}" if usd else "$0"


def indented(text: Text, by: int = 2) -> Text:
    """Return a text with an indent; its lines keep their length."""
    return Text("\n").join(Text(" " * by) + line for line in text.split("\n"))


def plain(text: str, style: str = "") -> Text:
    """Return text that may come from a candidate, with visible control characters."""
    return Text(printable(text, keep="\n"), style)


def say(console: Console, text: Text, indent: int = 0) -> None:
    """Print a text with an indent; in a terminal lines are broken between words, elsewhere they stay as they are."""
    if console.is_terminal:
        text = Text("\n").join(text.wrap(console, max(1, console.width - indent)))
    console.print(indented(text, indent))


def criticism(text: str, mark: str = "") -> Text:
    """Return a criticism, with a remark below it where there is one."""
    return plain(text) + Text(f"\n{mark}" if mark else "", "dim")


def print_source(text: str, encoding: str = "utf-8") -> None:
    """Print a program as the result: on a terminal with control characters escaped, else in its encoding."""
    if _is_terminal():
        sys.stdout.write(printable(text, keep="\n\t"))
    else:
        write_exactly(text, encoding)


def print_diff(text: str, encoding: str = "utf-8", *, is_copy: bool = False) -> None:
    """Print a diff: on a terminal in colour, else unchanged and in its encoding.

    `is_copy` says that the result is elsewhere as well, so that it is not lost with the diff.
    """
    if _is_terminal():
        console().print(diff(text))
    else:
        write_exactly(text, encoding, is_copy=is_copy)


def _is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()
