"""`coderefine hook`: test what is staged."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from coderefine.cli.options import home_option, warn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from coderefine.hook.cache import Cache
    from coderefine.hook.check import Outcome, Project
    from coderefine.hook.plan import Plan
    from coderefine.judge.judge import Judge

_MANY = 5


@click.command("hook")
@click.argument("files", nargs=-1)
@click.option("--fix", is_flag=True, help="Look for a patch of what fails, and put it into the working tree.")
@click.option(
    "--model",
    "models",
    multiple=True,
    envvar="CODEREFINE_MODEL",
    help="With --fix: who looks for it, in this order, instead of those of the settings.",
)
@click.option("--api-base", metavar="URL", help="Address of an OpenAI-compatible server.")
@click.option("--explain", is_flag=True, help="Say which tests FILES call for, and why; run nothing.")
@click.option("--no-cache", is_flag=True, help="Run tests that passed before on the very same files, too.")
@home_option
def command(
    files: tuple[str, ...],
    fix: bool,
    models: tuple[str, ...],
    api_base: str | None,
    explain: bool,
    no_cache: bool,
    home: str | None,
) -> int:
    """Test what is staged, in the sandbox, with the tests that it concerns; only FILES, where some are named.

    What is tested is the next commit (git's index), not the working tree. Settings are in [tool.coderefine] of
    pyproject.toml. Exits with 0 if all tests pass, or there are none; 1 if one fails, also where a patch was found: it
    is put into the working tree, for you to review and to stage. Nothing is ever staged or committed for you.
    """
    from coderefine.hook.git import Repository, nothing_staged

    if not files and nothing_staged():
        return 0
    from coderefine.hook.named import changed_paths

    repository = Repository.find()
    changes = repository.changes()
    changed = changed_paths(repository, changes, files)
    if not changed:
        return 0
    from coderefine.hook.cache import Cache, key_of

    listing = repository.listing()
    cache, key = Cache(), key_of(listing, changes, changed)
    if not explain and not no_cache and (record := cache.passed(key)) is not None:
        _tell(record["told"])
        return 0
    from coderefine.hook.plan import Plan
    from coderefine.hook.staged import Snapshot

    plan = Plan.make(Snapshot.take(repository, changes, listing), changed, cache)
    if explain:
        _explain(plan)
        return 0
    fixing = Fixing(models or plan.settings.models, api_base, home) if fix else None
    return _check(plan, cache, key, fixing)


@dataclass(frozen=True, slots=True)
class Fixing:
    """Who looks for a patch, and where the store of runs is."""

    models: tuple[str, ...]
    api_base: str | None
    home: str | None


def _check(plan: Plan, cache: Cache, key: str, fixing: Fixing | None) -> int:
    """Test what a plan says; return the exit code."""
    from coderefine.errors import CoderefineError

    if not plan.tests and not plan.problems:
        lines = _notes(plan)
        _tell(lines)
        cache.set_passed(key, {"told": lines}, ())
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

    from coderefine.cli import hook_output
    from coderefine.hook.check import Project
    from coderefine.hook.environment import Environment
    from coderefine.hook.sandbox import open_sandbox

    settings, snapshot = plan.settings, plan.snapshot
    console = Console(highlight=False, soft_wrap=True)
    lines = _notes(plan)
    environment = None
    code = 0
    if plan.tests:
        if not settings.image:
            environment = Environment.find(snapshot.repository, settings.python, snapshot.indexed)
        began = time.monotonic()
        project = Project.read(plan)
        with open_sandbox(settings, environment, _progress) as judge:
            outcome = project.run(judge, began + settings.timeout)
            hook_output.tell_failures(console, project, outcome)
            hook_output.tell_rest(console, outcome, settings.allow)
            where = f"{judge.backend}: {judge.note}"
            lines += [(note, "dim") for note in project.notes]
            lines.append((hook_output.summary(outcome, time.monotonic() - began, where), ""))
            if fixing and (outcome.failed or outcome.unfinished):
                _tell(lines)
                lines = []
                _fix(project, outcome, judge, console, fixing)
        if outcome.is_red or (outcome.is_late and settings.on_timeout == "fail"):
            code = 1
        if outcome.is_late or outcome.denied:
            key = ""  # another time it may be otherwise
    _tell(lines)
    for folder in plan.problems:
        code = max(code, _judge(plan, folder, console))
    if code == 0 and key:
        again = [*lines[:-1], *((f"{text}, as before", style) for text, style in lines[-1:])]
        cache.set_passed(key, {"told": again}, environment.files if environment else ())
    return code


def _fix(project: Project, outcome: Outcome, judge: Judge, console: Console, fixing: Fixing) -> None:
    """Look for patches of what failed, and put them into the working tree."""
    from pathlib import Path

    from coderefine.cli import hook_output
    from coderefine.errors import CoderefineError
    from coderefine.hook import worktree
    from coderefine.hook.repair import Asked, Repairer
    from coderefine.rerun import Observers
    from coderefine.store import Store

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


def _judge(plan: Plan, folder: str, console: Console) -> int:
    """Judge the solution of a problem directory."""
    from coderefine.cli import show
    from coderefine.hook.problems import judge_folder
    from coderefine.judge.opening import open_judge

    with open_judge(progress=_progress) as judge:
        judged = judge_folder(plan.snapshot, folder, judge)
    if judged is None:
        console.print(show.plain(f"{folder}: no solution is staged", "dim"))
        return 0
    if judged.report.failures:
        failing = replace(judged.report, cases=judged.report.failures)
        console.print(show.cases(judged.problem, failing, console.width))
    console.print(show.line((judged.path, "bold"), show.summary(judged.report)))
    return 0 if judged.report.accepted else 1


def _notes(plan: Plan) -> list[tuple[str, str]]:
    """What there is to say of a plan before anything is run: pairs of a text and its style."""
    notes = []
    if plan.untested:
        more = f" and {len(plan.untested) - _MANY} more" if len(plan.untested) > _MANY else ""
        notes.append((f"no tests for {', '.join(plan.untested[:_MANY])}{more}", "dim"))
    if plan.settings.allow and plan.tests:
        notes.append((f"allowed to tests: {', '.join(plan.settings.allow)}", "yellow"))
    return notes


def _progress(line: str) -> None:
    click.secho(f"  {line}", dim=True, err=True)


def _tell(lines: Sequence[Sequence[str]]) -> None:
    """Print pairs of a text and its style."""
    for text, style in lines:
        if not text.isprintable():
            from coderefine.rendering import printable  # which takes long to import, and is hardly ever needed

            text = printable(text)  # noqa: PLW2901
        click.secho(text, dim=style == "dim", fg=None if style in ("", "dim") else style)


def _explain(plan: Plan) -> None:
    from coderefine.rendering import printable

    for chosen in plan.chosen:
        click.secho(printable(chosen.changed), bold=True)
        for test, why in chosen.tests.items():
            click.echo(f"  {printable(test)}  {click.style(printable(why), dim=True)}")
        if chosen.problem:
            click.echo(f"  {printable(chosen.problem)}  {click.style('it belongs to this problem', dim=True)}")
        elif not chosen.tests:
            click.echo("  no tests")
