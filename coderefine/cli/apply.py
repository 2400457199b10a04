"""`coderefine apply`: put the patch of a recorded run into the working tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coderefine.cli import completing
from coderefine.cli.options import home_option, open_store

if TYPE_CHECKING:
    from pathlib import Path

    from coderefine.runs.tasks import RecordedRun


@click.command("apply")
@click.argument("run", shell_complete=completing.runs)
@click.option("--keep-partial", is_flag=True, help="Put a patch there, too, that is only better and not accepted.")
@home_option
def command(run: str, keep_partial: bool, home: str | None) -> int:
    """Put the patch that RUN found into the file that it is for; edits made since then stay.

    RUN is the id of a run, its first letters, or `last`. A patch that `coderefine hook --fix` found belongs to the
    repository of the current folder. Exits with 1 where the file has other edits in the same place.
    """
    from coderefine.cli import show
    from coderefine.errors import UsageError
    from coderefine.hook import worktree
    from coderefine.patch import make_diff
    from coderefine.rendering import printable
    from coderefine.runs import tasks

    with open_store(home) as store:
        task = tasks.load(
            store, run, "so that it has no patch of one file; what it found is shown by: coderefine runs show"
        )
    after = (task.result or {}).get("source")
    if task.source is None or after is None or after == task.source:
        raise UsageError(f"the run {task.run} has no patch")
    if not (keep_partial or "hook" in task.options.command or (task.result or {}).get("accepted")):
        raise UsageError(f"the patch of run {task.run} is only better, not accepted; --keep-partial puts it there")
    root, name = _file(task)
    if worktree.apply(root, name, task.source, after):
        click.echo(f"the patch of run {task.run} is in {printable(name)}", err=True)
        return 0
    show.print_diff(make_diff(task.source, after, name))
    click.echo(f"{printable(name)} is left alone: it is missing, or has other edits in the same place", err=True)
    return 1


def _file(task: RecordedRun) -> tuple[Path, str]:
    """Return the file that a run was about: a folder, and the path below it."""
    from pathlib import Path

    from coderefine.errors import UsageError
    from coderefine.hook.git import Repository

    command = task.options.command
    if "hook" in command:
        repository, found = command["hook"]["repository"], Repository.find()
        if found.common_dir != repository:
            raise UsageError(f"the run {task.run} was about the repository {repository}; change to a folder of it")
        return Path(found.root), command["hook"]["path"]
    path = command.get("delivery", {}).get("path")
    if path is None:
        raise UsageError(f"the run {task.run} was not about a file; see: coderefine runs show {task.run}")
    return Path(path).parent, Path(path).name
