"""`coderefine hook`: test what is staged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from coderefine.hook.plan import Plan


@click.command("hook")
@click.argument("files", nargs=-1)
@click.option("--explain", is_flag=True, help="Say which tests FILES call for, and why; run nothing.")
def command(files: tuple[str, ...], explain: bool) -> int:
    """Test what is staged, in the sandbox, with the tests that it concerns; only FILES, where some are named.

    What is tested is the next commit (git's index), not the working tree. Settings are in [tool.coderefine] of
    pyproject.toml. Exits with 0 if all tests pass, or there are none; 1 if one fails.
    """
    from coderefine.hook.git import Repository
    from coderefine.hook.plan import changed_paths

    repository = Repository.find()
    changes = repository.changes()
    changed = changed_paths(repository, changes, files)
    if not changed:
        return 0
    from coderefine.hook.cache import Cache
    from coderefine.hook.plan import Plan
    from coderefine.hook.staged import Snapshot

    snapshot = Snapshot.take(repository, changes)
    cache = Cache()
    plan = Plan.make(snapshot, changed, cache)
    if explain:
        _explain(plan)
        return 0
    return 0


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
