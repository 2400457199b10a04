"""`coderefine replay`: run a recorded run again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coderefine.cli import completing
from coderefine.cli.options import (
    format_option,
    home_option,
    keep_partial_option,
    open_store,
    quiet_option,
    verbose_option,
    warn,
)

if TYPE_CHECKING:
    from coderefine.result import Result
    from coderefine.runs.tasks import RecordedRun


@click.command("replay")
@click.argument("run", shell_complete=completing.runs)
@keep_partial_option
@home_option
@format_option
@quiet_option
@verbose_option
def command(run: str, keep_partial: bool, home: str | None, format_: str, quiet: bool, verbose: bool) -> int:
    """Run RUN again from its record alone: no model is called, no network used, no candidate run, no file written.

    RUN is the id of a run, its first letters, or `last`. The result is that of the recorded run, but for the time that
    it took; where this version of coderefine ends differently, a warning says so. Exits as the recorded run did, and
    with 3 where something would be needed that is not recorded.
    """
    from coderefine.accidents import Accidents
    from coderefine.cli import outcome, show
    from coderefine.cli.narrator import Narrator
    from coderefine.errors import NotRecordedError
    from coderefine.runs import tasks

    console = show.story()
    console.quiet = quiet or format_ == "json"
    with open_store(home) as store:
        task = tasks.load(store, run)
    accidents = Accidents(warn)
    narrator = Narrator(console, task.problem, accidents, verbose)
    narrator.head(show.line((task.problem.title, "bold"), (f"replays run {task.run}", "dim")))
    try:
        with narrator.told() as observers:
            result = tasks.replay(task, observers)
    except NotRecordedError as error:
        raise NotRecordedError(f"{error}; to go on live: coderefine resume {task.run}") from None
    with accidents.survive("comparing with the record"):
        if changed := _differences(task, result):
            warn(f"the replay differs from what is recorded in: {', '.join(changed)}")
    before = task.options.command.get("delivery", {})
    delivery = outcome.Delivery(before.get("file"), keep_partial=keep_partial or before.get("keep_partial", False))
    return outcome.hand_over(result, delivery, narrator, run=task.run, format_=format_)


_INCIDENTAL = ("seconds", "accidents")


def _differences(task: RecordedRun, result: Result) -> list[str]:
    """Return what differs from the record, except for the time, and for failures of observers or the disk in either
    run.
    """
    import json

    from coderefine.record.writer import brief

    if task.result is None:
        return []
    before, again = task.result, json.loads(json.dumps(brief(result)))
    return [name for name in sorted(again | before) if name not in _INCIDENTAL and again.get(name) != before.get(name)]
