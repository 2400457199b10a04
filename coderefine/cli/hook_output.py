"""How the hook tells what it found. Text of the project is escaped: it cannot draw on the screen."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from coderefine.cli import show
from coderefine.hook.check import Outcome, Project, is_failure, not_run
from coderefine.hook.settings import ALLOWED
from coderefine.hook.suspects import suspects
from coderefine.judge.report import CaseResult

if TYPE_CHECKING:
    from coderefine.hook.repair import Repair
    from coderefine.problem.problem import Problem
    from coderefine.result import Iteration

_MANY = 10


def tell_failures(console: Console, project: Project, outcome: Outcome) -> None:
    """Print the failing tests, each with where and how it failed, and the lines that may be to blame."""
    for path, reason in outcome.unreadable:
        console.print(show.line(("✗", "red"), (path, "bold"), (f"is no Python: {reason}", "red")))
    for problem, report in outcome.sessions:
        failing = tuple(case for case in report.cases if is_failure(case))
        if failing:
            show.print_cases(console, problem, replace(report, cases=failing[:_MANY]))
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
        closed = ", ".join(f'"{name}"' for name in ALLOWED if name not in allowed)
        hint = f"; [tool.coderefine] allow can open {closed}" if closed else ""
        console.print(show.plain(f"not counted: these tests need what the sandbox denies{hint}", "yellow"))
        console.print(_list(outcome.denied))
    if "processes" in allowed and any(map(_is_told_of_a_denial, outcome.failed)):
        told = "a program that a test started may have been denied something by the sandbox (docs/pre-commit.md)"
        console.print(show.plain(told, "yellow"))
    if outcome.is_late:
        waiting = not_run(outcome.unfinished)
        names = [case.name for case in outcome.unfinished if case not in waiting]
        if names:
            console.print(show.plain(f"stopped at the time limit: {', '.join(names)}", "yellow"))
        rest = [*(case.name for case in waiting), *outcome.late]
        if rest:
            console.print(show.plain(f"not run, for lack of time: {_names(rest)}", "yellow"))


def tell_missing(console: Console, outcome: Outcome) -> None:
    """Where tests miss what the project's own environment may have, say how that is found."""
    if any(case.error and case.error.type == "ModuleNotFoundError" for case in outcome.failed):
        told = "no environment of the project was found: make a .venv, or name its python in [tool.coderefine]"
        console.print(show.plain(told, "yellow"))


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


class RepairTeller:
    """Tells how the search for a patch goes on."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def module(self, module: str, problem: Problem) -> None:
        """A module is about to be repaired."""
        tests = show.count(len(problem.visible), "file") + " of tests"
        self._console.print(show.line((f"looking for a patch of {module}", "bold"), (tests, "dim")))

    def iteration(self, iteration: Iteration) -> None:
        """A step is done: what it criticised."""
        self._console.print(show.plain(f"  iteration {iteration.number}  {iteration.engine}", "dim"))
        self._console.print(show.indented(show.criticism(*show.brief(iteration.criticism)), 4))
        for candidate in iteration.tested[:1]:
            self._console.print(show.indented(show.line(("patch", "bold"), (candidate.note, "")), 4))

    def refused(self, module: str, reason: str) -> None:
        """A patch is not taken."""
        self._console.print(show.plain(f"  refused: the patch of {module}: {reason}", "yellow"))


def tell_patch(console: Console, repair: Repair) -> None:
    """Print a patch that was found."""
    console.print(
        show.line((f"a patch of {repair.module}, with which all tests pass", "bold"), (f"run {repair.run}", "dim"))
    )
    from coderefine.patch import make_diff

    console.print(show.diff(make_diff(repair.before, repair.after, repair.module)))


def tell_applied(console: Console, repair: Repair) -> None:
    """Say that a patch is in the working tree."""
    console.print(
        show.plain(f"It is in the working tree. Review it, then: git add {shlex.quote(repair.module)}", "green")
    )


def tell_left_alone(console: Console, repair: Repair) -> None:
    """Say that a patch is not in the working tree."""
    console.print(show.plain(f"{repair.module} has other edits in the same place, and is left alone.", "yellow"))
    console.print(show.plain(f"To put the patch there later: coderefine apply {repair.run}", "yellow"))


def _is_told_of_a_denial(case: CaseResult) -> bool:
    if case.error and case.error.type == "PermissionError":
        return False  # its own
    told = f"{case.error} {case.output}"
    return any(it in told for it in ("Permission denied", "Operation not permitted", "Read-only file system"))


def _list(cases: Iterable[CaseResult]) -> Text:
    shown = [show.plain(f"  {case.name}  ") + show.plain(str(case.error), "dim") for case in cases]
    more = [show.plain(f"  … and {len(shown) - _MANY} more", "dim")] if len(shown) > _MANY else []
    return Text("\n").join([*shown[:_MANY], *more])


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MANY} more" if len(names) > _MANY else ""
    return ", ".join(names[:_MANY]) + more
