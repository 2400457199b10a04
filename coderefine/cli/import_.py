"""`coderefine import`: problem directories from a public set."""

from __future__ import annotations

import json
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import click

from coderefine.cli import completing
from coderefine.cli.options import follow_links_option, format_option, home_option, quiet_option, sandbox_options


@click.command("import")
@click.argument("from_", metavar="FORMAT")
@click.argument("file", shell_complete=completing.files)
@click.option("-o", "--output", metavar="DIR", required=True, help="Where the problem directories are made.")
@follow_links_option
@home_option
@sandbox_options
@format_option
@quiet_option
def command(
    from_: str,
    file: str,
    output: str,
    follow_links: bool,
    home: str | None,
    sandbox: str,
    image: str | None,
    format_: str,
    quiet: bool,
) -> int:
    """Make a problem directory in DIR of each problem of FILE.

    FORMAT is one of those in docs/formats.md, such as humaneval, evalplus, mbpp or leetcode (JSON lines or an array,
    gzipped or not), or a folder or a zip file of one: quixbugs, exercism, kattis, vscode. Where a set has inputs alone,
    its own program is run in the sandbox to see what they give. A directory that is there already is left as it is. A
    row that cannot be read is reported, and the rest go on: exits with 0 if all could be read, with 1 if some, with 2
    if none.
    """
    from coderefine.cli.options import open_judge, warn
    from coderefine.errors import UsageError
    from coderefine.formats.pending import ANSWERS, settled
    from coderefine.formats.reading import NAMES, read
    from coderefine.formats.record import Fault
    from coderefine.formats.writing import write
    from coderefine.judge.answers import answers
    from coderefine.record import store
    from coderefine.rendering import count
    from coderefine.scoring.tally import Tally

    if from_ not in NAMES:
        raise UsageError(f"no format {from_!r}; choose one of {', '.join(NAMES)}")
    faults: list[Fault] = []
    tally = Tally()

    def report(fault: Fault) -> None:
        faults.append(fault)
        tally.fault(fault)

    made = there = 0
    with ExitStack() as stack:
        judge = None
        for record in read(file, report, format_=from_, follow_links=follow_links):
            if record.pending:
                judge = judge or stack.enter_context(open_judge(sandbox, image))
                whole = settled(record, partial(answers, judge), store.home(home) / ANSWERS)
            else:
                whole = record
            for note in whole.notes:
                tally.note(note, whole.id)
            new = write(whole, Path(output))
            made, there = made + new, there + (not new)
    if format_ == "text":
        tally.tell(warn)
    if format_ == "json":
        rows = [{"file": fault.file, "line": fault.line, "reason": fault.reason} for fault in faults]
        click.echo(json.dumps({"imported": made, "present": there, "faults": rows}, indent=2))
    elif not quiet:
        kept = f"; {there} were there already and are left as they are" if there else ""
        bad = f"; {len(faults)} could not be read" if faults else ""
        click.echo(f"{count(made, 'problem')} imported into {output}{kept}{bad}")
    return 0 if not faults else 1 if made + there else 2
