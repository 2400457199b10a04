"""The work of `coderefine hook`: run the tests of a plan, say what became of them, and look for patches."""

from __future__ import annotations

import shlex
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from coderefine.cli.options import warn
from coderefine.cli.styled import print_styled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from coderefine.hook.cache import Cache
    from coderefine.hook.check import Outcome, Project
    from coderefine.hook.environment import Environment
    from coderefine.hook.plan import Plan
    from coderefine.judge.judge import Judge

_MANY = 5


@dataclass(frozen=True, slots=True)
class Fixing:
    """Who looks for a patch, and where the store of runs is."""

    models: tuple[str, ...]
    api_base: str | None
    home: str | None


@dataclass(frozen=True, slots=True)
class Done:
    """What some tests came to."""

    code: int
    lines: list[tuple[str, str]]
    """What to say of it when it is remembered: pairs of a text and its style."""
    is_lasting: bool = True
    """Whether it would be the same another time."""


def check(plan: Plan, cache: Cache, key: str, fixing: Fixing | None) -> int:
    """Test what a plan says; return the exit code."""
    from coderefine.errors import CoderefineError

    notes = _notes(plan)
    print_styled(notes)
    if not plan.tests and not plan.problems:
        if not plan.left_out:  # which depends on the environment as well
            cache.set_passed(key, {"told": notes}, ())
        return 0
    try:
        return _test(plan, cache, key, fixing)
    except CoderefineError as error:
        if error.exit_code != 3 or plan.settings.on_error == "fail":
            raise
        warn(f"{error}; nothing was tested")
        return 0


def _test(plan: Plan, cache: Cache, key: str, fixing: Fixing | None) -> int:
    from rich.console import Console

    from coderefine.hook.environment import Environment

    settings, snapshot = plan.settings, plan.snapshot
    console = Console(highlight=False, soft_wrap=True)
    deadline = time.monotonic() + settings.timeout
    environment = None
    done = []
    if plan.tests:
        if not settings.image:
            environment = Environment.find(snapshot.repository, settings.python, snapshot.indexed)
        done.append(_run_tests(plan, environment, deadline, console, fixing, cache))
    if plan.problems:
        done.append(_judge_problems(plan, deadline, console, fixing))
    code = max(it.code for it in done)
    if code == 0 and all(it.is_lasting for it in done):
        again = [(f"{text}, as before", style) for it in done for text, style in it.lines]
        record = {"told": [*_notes(plan), *again], "image": _image(plan)}
        cache.set_passed(key, record, environment.files if environment else ())
    return code


def _run_tests(
    plan: Plan,
    environment: Environment | None,
    deadline: float,
    console: Console,
    fixing: Fixing | None,
    cache: Cache,
) -> Done:
    """Run the chosen tests, and look for a patch where that is wanted."""
    from coderefine.cli import hook_output
    from coderefine.hook.check import Project
    from coderefine.hook.sandbox import open_sandbox

    settings = plan.settings
    began = time.monotonic()
    project = Project.read(plan)
    print_styled([(note, "dim") for note in project.notes])
    with open_sandbox(settings, environment, _progress) as judge:
        outcome = project.run(judge, deadline)
        if environment and not project.notes:  # of a large project, the tests see what this commit calls for
            _remember(plan, outcome, cache, environment)
        hook_output.tell_failures(console, project, outcome)
        hook_output.tell_rest(console, outcome, settings.allow)
        if environment and environment.is_ours:
            hook_output.tell_missing(console, outcome)
        if outcome.is_red and plan.snapshot.left_out:
            print_styled(
                [(f"not seen by tests (submodules, links to nowhere): {_some(plan.snapshot.left_out)}", "dim")]
            )
        lines = [(hook_output.summary(outcome, time.monotonic() - began, f"{judge.backend}: {judge.note}"), "")]
        print_styled(lines)
        if fixing and (outcome.failed or outcome.unfinished):
            _fix(project, outcome, judge, console, fixing)
    code = 1 if outcome.is_red or (outcome.is_late and settings.on_timeout == "fail") else 0
    return Done(code, lines, not outcome.is_late and not outcome.denied)


def _remember(plan: Plan, outcome: Outcome, cache: Cache, environment: Environment) -> None:
    """Keep what the files of tests came to that passed, each in a session of its own."""
    for problem, report in outcome.sessions:
        if len(problem.visible) == 1 and report.accepted and report.reach is not None:
            plan.reach.note(problem.visible[0].name, report.reach)
    plan.reach.save(cache, environment.files)


def _fix(project: Project, outcome: Outcome, judge: Judge, console: Console, fixing: Fixing) -> None:
    """Look for patches of what failed, and put them into the working tree."""
    from pathlib import Path

    from coderefine.cli import hook_output
    from coderefine.errors import CoderefineError
    from coderefine.hook import worktree
    from coderefine.hook.repair import Asked, Repairer
    from coderefine.record.store import Store
    from coderefine.runs.tasks import Observers

    repairs = []
    try:
        with Store.open(fixing.home) as store:
            teller = hook_output.RepairTeller(console)
            observers = Observers(on_iteration=teller.iteration, warn=warn)
            asked = Asked(fixing.models, store, fixing.api_base)
            repairs = Repairer(project, judge, asked, observers, teller.module, teller.refused).repair(outcome)
    except CoderefineError as error:  # the tests have failed all the same, and that is what the exit code says
        warn(str(error))
    if not repairs:
        click.secho("no patch was found", fg="yellow")
    root = Path(project.plan.snapshot.repository.root)
    for repair in repairs:
        hook_output.tell_patch(console, repair)
        if worktree.apply(root, repair.module, repair.before, repair.after):
            hook_output.tell_applied(console, repair)
        else:
            hook_output.tell_left_alone(console, repair)


def _judge_problems(plan: Plan, deadline: float, console: Console, fixing: Fixing | None) -> Done:
    """Judge the solutions of problem directories, as many as the time allows."""
    from coderefine.cli import show
    from coderefine.hook.problems import judge_folder
    from coderefine.judge.opening import open_judge

    code, lines, late = 0, [], list(plan.problems)
    with open_judge(progress=_progress) as judge:
        while late and (len(late) == len(plan.problems) or time.monotonic() < deadline):
            judged = judge_folder(plan.snapshot, folder := late.pop(0), judge)
            if judged is None:
                lines.append((f"{folder or '.'}: no solution is staged", "dim"))
                print_styled(lines[-1:])
                continue
            if judged.report.failures:
                failing = replace(judged.report, cases=judged.report.failures)
                show.print_cases(console, judged.problem, failing)
            text = show.line((judged.path, "bold"), show.summary(judged.report))
            console.print(text)
            lines.append((text.plain, ""))
            code = code if judged.report.accepted else 1
            if fixing and not judged.report.accepted:
                command = f"coderefine refine {shlex.quote(folder or '.')} {shlex.quote(judged.path)}"
                console.print(show.plain(f"To have it repaired: {command}", "yellow"))
    if late:
        print_styled([(f"not judged, for lack of time: {', '.join(late)}", "yellow")])
        code = 1 if plan.settings.on_timeout == "fail" else code
    return Done(code, lines, not late)


def _image(plan: Plan) -> list[str]:
    """The image in which tests ran, and what it is known by; empty where they ran in none."""
    from coderefine.hook.sandbox import image_id

    name = plan.settings.image
    return [name, image_id(name)] if plan.tests and name else []


def _notes(plan: Plan) -> list[tuple[str, str]]:
    """What there is to say of a plan before anything is run: pairs of a text and its style."""
    notes = []
    if plan.unknown:
        notes.append((f"not in the next commit: {_some(plan.unknown)}", "yellow"))
    if plan.untested:
        notes.append((f"no tests for {_some(plan.untested)}", "dim"))
    if plan.left_out:
        notes.append((f"left out, as they do not come to what changed: {_some(plan.left_out)}", "dim"))
    if plan.settings.allow and plan.tests:
        notes.append((f"allowed to tests: {', '.join(plan.settings.allow)}", "yellow"))
    return notes


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MANY} more" if len(names) > _MANY else ""
    return f"{', '.join(names[:_MANY])}{more}"


def _progress(line: str) -> None:
    click.secho(f"  {line}", dim=True, err=True)
