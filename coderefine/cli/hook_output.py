"""How the hook tells what it found. Text of the project is escaped: it cannot draw on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from rich.console import Console
from rich.text import Text

from coderefine.cli import show
from coderefine.hook.check import Outcome, Project, is_failure, not_run
from coderefine.hook.suspects import suspects
from coderefine.judge.report import CaseResult

_MANY = 10


def tell_failures(console: Console, project: Project, outcome: Outcome) -> None:
    """Print the failing tests, each with where and how it failed, and the lines that may be to blame."""
    for path, reason in outcome.unreadable:
        console.print(show.line(("✗", "red"), (path, "bold"), (f"is no Python: {reason}", "red")))
    for problem, report in outcome.sessions:
        failing = tuple(case for case in report.cases if is_failure(case))
        if failing:
            console.print(show.cases(problem, replace(report, cases=failing[:_MANY]), console.width))
        if len(failing) > _MANY:
            console.print(show.plain(f"   … and {show.count(len(failing) - _MANY, 'more test')} failed", "dim"))
    found = suspects(project, outcome)
    if found:
        console.print(show.plain("suspicious lines", "bold"))
        for suspect in found:
            where = show.plain(f"  {suspect.path}:{suspect.line}: ")
            console.print(where + show.plain(suspect.text, "yellow") + show.plain(f"  {suspect.why}", "dim"))


def tell_rest(console: Console, outcome: Outcome, allowed: Sequence[str]) -> None:
    """Print the tests of which nothing is known: kept from what they need, or from being run."""
    if outcome.denied:
        hint = "" if allowed else "; [tool.coderefine] allow opens a loopback network and processes"
        console.print(show.plain(f"not counted: these tests need what the sandbox denies{hint}", "yellow"))
        console.print(_list(outcome.denied))
    if outcome.is_late:
        waiting = not_run(outcome.unfinished)
        names = [case.name for case in outcome.unfinished if case not in waiting]
        if names:
            console.print(show.plain(f"stopped at the time limit: {', '.join(names)}", "yellow"))
        rest = [*(case.name for case in waiting), *outcome.late]
        if rest:
            console.print(show.plain(f"not run, for lack of time: {_names(rest)}", "yellow"))


def summary(outcome: Outcome, seconds: float, where: str) -> str:
    """`3 tests passed, 1 failed in 0.9 s`, and where."""
    parts = [f"{show.count(len(outcome.passed), 'test')} passed"]
    if outcome.is_red:
        parts.append(f"{len(outcome.failed) + len(outcome.unreadable)} failed")
    if outcome.denied:
        parts.append(f"{len(outcome.denied)} not counted")
    if outcome.is_late:
        parts.append(f"{len(outcome.unfinished) + len(outcome.late)} not finished")
    return f"{', '.join(parts)} in {seconds:.1f} s ({where})"


def _list(cases: Iterable[CaseResult]) -> Text:
    shown = [show.plain(f"  {case.name}  ") + show.plain(str(case.error), "dim") for case in cases]
    more = [show.plain(f"  … and {len(shown) - _MANY} more", "dim")] if len(shown) > _MANY else []
    return Text("\n").join([*shown[:_MANY], *more])


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MANY} more" if len(names) > _MANY else ""
    return ", ".join(names[:_MANY]) + more
