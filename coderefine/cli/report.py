"""`coderefine report`: a recorded run as one HTML page."""

from __future__ import annotations

from pathlib import Path

import click

from coderefine.cli import completing
from coderefine.cli.options import home_option, open_store, quiet_option


@click.command("report")
@click.argument("run", shell_complete=completing.runs)
@click.option("-o", "--output", metavar="FILE", required=True, help="Where the page is written; - is standard output.")
@home_option
@quiet_option
def command(run: str, output: str, home: str | None, quiet: bool) -> int:
    """Write RUN as one HTML page: its figures with intervals, and for each problem every iteration.

    RUN is the id of a run, its first letters, or `last`: a scoring run, a single refinement, or a run that
    learnt a pipeline (probabilities over its steps). The page holds all that
    it shows and fetches nothing, so it can be sent around; what it shows are programs, criticisms and visible tests.
    """
    from coderefine.cli.streams import for_programs, write_exactly
    from coderefine.patch.files import write_whole
    from coderefine.report import pipeline
    from coderefine.report.collect import collect
    from coderefine.report.render import render
    from coderefine.runs import listing
    from coderefine.tuning.pipelines.running import is_one

    with open_store(home) as store:
        found = listing.find(store, run)
        pieces = iter([pipeline.page(store, found)]) if is_one(store, found) else render(collect(store, found))
        if output == "-":
            for_programs()
            for piece in pieces:
                write_exactly(piece)
            return 0
        page = "".join(pieces)
    write_whole(Path(output), page)
    if not quiet:
        size = f"{len(page) / 1e6:.1f} MB" if len(page) >= 1e6 else f"{len(page) / 1e3:.0f} kB"
        click.echo(f"run {found} is shown in {output}, {size}", err=True)
    return 0
