"""Prints what the hook finds. Text of the project is escaped: it cannot draw on the screen."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.text import Text

from coderefine.cli import show
from coderefine.cli.options import warn
from coderefine.cli.styled import print_notes
from coderefine.hook.listener import Listener
from coderefine.hook.needs import needs
from coderefine.hook.project import CheckOutcome, Project, is_failure, not_run
from coderefine.hook.suspects import suspects
from coderefine.judge.report import CaseResult
from coderefine.problem.suite import ALLOWED

if TYPE_CHECKING:
    from coderefine.hook.commit import Note
    from coderefine.hook.environment import Environment
    from coderefine.hook.problems import Judged
    from coderefine.hook.repair import Repair
    from coderefine.hook.revert import Revert
    from coderefine.problem.problem import Problem
    from coderefine.result import Iteration

_MANY = 10
_LIMITS = '[tool.coderefine] timeout gives more time, and on_timeout = "pass" lets this pass'


class HookTeller(Listener):
    """Prints what the check of the next commit finds: plain lines at once; rich is only loaded for the rest."""

    def __init__(self, fixing: bool) -> None:
        self._fixing = fixing
        self._console = show.console()

    def note(self, notes: Sequence[Note]) -> None:
        """Print lines."""
        print_notes(notes)

    def warn(self, text: str) -> None:
        """Print a warning, to standard error."""
        warn(text)

    def progress(self, line: str) -> None:
        """Print the preparation of a sandbox, to standard error."""
        click.secho(f"  {line}", dim=True, err=True)

    def tested(self, project: Project, outcome: CheckOutcome, environment: Environment | None) -> None:
        """Print the failures, and what is not known."""
        _tell_failures(self._console, project, outcome)
        _tell_rest(self._console, outcome, project.plan.settings.allow)
        for line in needs(outcome.failed, autoload=project.autoload):
            self._console.print(show.plain(line, "yellow"))
        if environment and environment.is_ours:
            _tell_missing(self._console, outcome)

    def judged(self, judged: Judged) -> None:
        """Print the verdict on a problem's solution, and what failed."""
        report = judged.report
        if report.failures:
            show.print_cases(self._console, judged.problem, replace(report, cases=report.failures))
        self._console.print(show.line((judged.path, "bold"), show.summary(report)))
        if self._fixing and not report.accepted:
            command = f"coderefine refine {shlex.quote(judged.folder or '.')} {shlex.quote(judged.path)}"
            self._console.print(show.plain(f"To have it repaired: {command}", "yellow"))

    def repairing(self, module: str, problem: Problem) -> None:
        """Print that a patch of a module is looked for."""
        tests = show.count(len(problem.visible), "file") + " of tests"
        self._console.print(show.line((f"looking for a patch of {module}", "bold"), (tests, "dim")))

    def iterated(self, iteration: Iteration) -> None:
        """Print the criticism of a step, and its first patch."""
        self._console.print(show.plain(f"  iteration {iteration.number}  {iteration.engine}", "dim"))
        self._console.print(show.indented(show.criticism(*show.brief(iteration.criticism)), 4))
        for candidate in iteration.tested[:1]:
            self._console.print(show.indented(show.line(("patch", "bold"), (candidate.note, "")), 4))

    def refused(self, module: str, reason: str) -> None:
        """Print why a patch is refused."""
        self._console.print(show.plain(f"  refused: the patch of {module}: {reason}", "yellow"))

    def no_patch(self, undone: Revert | None) -> None:
        """Print that no patch was found, and what may be undone."""
        from coderefine.patch import make_diff

        self._console.print(show.plain("no patch was found", "yellow"))
        if undone:
            told = "all tests pass with this part of your change undone; it is in no file"
            self._console.print(show.plain(told, "yellow"))
            self._console.print(show.diff(make_diff(undone.before, undone.after, undone.module)))

    def patched(self, repair: Repair, applied: bool) -> None:
        """Print a patch, and where it is now."""
        from coderefine.patch import make_diff

        told = (f"a patch of {repair.module}, with which all tests pass", "bold"), (f"run {repair.run}", "dim")
        self._console.print(show.line(*told))
        self._console.print(show.diff(make_diff(repair.before, repair.after, repair.module)))
        if applied:
            now = f"It is in the working tree. Review it, then: git add {shlex.quote(repair.module)}"
            self._console.print(show.plain(now, "green"))
        else:
            left = f"{repair.module} has other edits in the same place, and is left alone."
            self._console.print(show.plain(left, "yellow"))
            self._console.print(show.plain(f"To put the patch there later: coderefine apply {repair.run}", "yellow"))


def _tell_failures(console: Console, project: Project, outcome: CheckOutcome) -> None:
    """Print the failing tests, each with where and how it failed, and the lines that may be to blame."""
    for path, reason in outcome.unreadable:
        console.print(show.line(("✗", "red"), (path, "bold"), (f"is no Python: {reason}", "red")))
    failed = {case.name for case in outcome.failed}
    for problem, report in outcome.sessions:
        failing = tuple(case for case in report.cases if is_failure(case) and case.name in failed)
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


def _tell_rest(console: Console, outcome: CheckOutcome, allowed: Sequence[str]) -> None:
    """Print the tests without an outcome: those that were denied what they need, or were not run."""
    if outcome.denied:
        closed = ", ".join(f'"{name}"' for name in ALLOWED if name not in allowed)
        hint = f"; [tool.coderefine] allow can open {closed}" if closed else ""
        console.print(show.plain(f"not counted: these tests need what the sandbox denies{hint}", "yellow"))
        console.print(_list(outcome.denied))
    if "processes" in allowed and any(map(_is_told_of_a_denial, outcome.failed)):
        told = "a program that a test started may have been denied something by the sandbox (docs/pre-commit.md)"
        console.print(show.plain(told, "yellow"))
    if outcome.failed_before:
        told = "these fail without your change, too, and do not count"
        console.print(show.plain(told, "yellow"))
        console.print(_list(outcome.failed_before))
    if outcome.left:
        ran, files = len(outcome.cases), list(dict.fromkeys(name.partition("::")[0] for name in outcome.left))
        told = f"{ran} of {ran + len(outcome.left)} tests ran, the nearest first"
        how = f"--all or [tool.coderefine] soft_timeout runs the rest: {_names(files)}"
        console.print(show.plain(f"{told}; {how}", "yellow"))
    if outcome.is_late:
        waiting = not_run(outcome.unfinished)
        names = [case.name for case in outcome.unfinished if case not in waiting]
        if names:
            console.print(show.plain(f"stopped at the time limit: {_names(names)}; {_LIMITS}", "yellow"))
        rest = [*(case.name for case in waiting), *outcome.late]
        if rest:
            console.print(show.plain(f"not run, for lack of time: {_names(rest)}; {_LIMITS}", "yellow"))


def _tell_missing(console: Console, outcome: CheckOutcome) -> None:
    """Print how the project's own environment is found, where tests miss something that it may have."""
    if any(case.error and case.error.type == "ModuleNotFoundError" for case in outcome.failed):
        told = "no environment of the project was found: make a .venv, or name its python in [tool.coderefine]"
        console.print(show.plain(told, "yellow"))


def _is_told_of_a_denial(case: CaseResult) -> bool:
    if case.error and case.error.type == "PermissionError":
        return False  # the permissions of its own files
    told = f"{case.error} {case.output}"
    return any(it in told for it in ("Permission denied", "Operation not permitted", "Read-only file system"))


def _why(case: CaseResult) -> str:
    if case.denied and (case.error is None or "[Errno" not in case.error.message):
        return f"it was denied {case.denied}"
    return str(case.error).partition("\n")[0]


def _list(cases: Iterable[CaseResult]) -> Text:
    shown = [show.plain(f"  {case.name}  ") + show.plain(_why(case), "dim") for case in cases]
    more = [show.plain(f"  … and {len(shown) - _MANY} more", "dim")] if len(shown) > _MANY else []
    return Text("\n").join([*shown[:_MANY], *more])


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MANY} more" if len(names) > _MANY else ""
    return ", ".join(names[:_MANY]) + more
