"""`coderefine new`: start a problem directory."""

from __future__ import annotations

from pathlib import Path

import click

from coderefine.cli import pasted
from coderefine.kinds.table import FOLDER_KINDS


@click.command("new")
@click.argument("slug", required=False)
@click.option("--kind", type=click.Choice(list(FOLDER_KINDS)), help="What to begin with; without it, a function.")
@click.option(
    "--from",
    "page",
    metavar="TEXT",
    help="A file with a problem's page as you copied it, - for standard input, or a package of Kattis (folder or zip).",
)
@click.option("--paste", is_flag=True, help="Take the page that you have copied.")
def command(slug: str | None, kind: str | None, page: str | None, paste: bool) -> int:
    """Create the problem directory SLUG with a small problem that works, to be edited.

    SLUG may be a path; its last part is the problem's name, such as problems/two-sum. With --from or --paste, the
    problem is that of a page of LeetCode, AtCoder, Codeforces or the like, and SLUG is made from its title where you
    give none.
    """
    from coderefine.folder import scaffold

    if page is not None or paste:
        if kind:
            raise click.UsageError("--kind is for a problem without a page; the page shows what it is")
        if page is not None and paste:
            raise click.UsageError("give one of --from and --paste")
        return _of_page(slug, page)
    if slug is None:
        raise click.UsageError("give a SLUG such as two-sum, or the page of a problem: --from FILE")
    for path in scaffold.create(Path(slug), kind or "function"):
        click.echo(path)
    click.echo(f"now edit them; to check: coderefine verify {slug}", err=True)
    return 0


def _of_page(slug: str | None, page: str | None) -> int:
    from coderefine.errors import UsageError
    from coderefine.folder import scaffold
    from coderefine.formats import writing
    from coderefine.formats.reading import BUGGY
    from coderefine.formats.record import Record
    from coderefine.page import reading
    from coderefine.rendering import printable

    found = pasted.read_page(page) if page is not None else reading.read(pasted.copied_text())
    directory = Path(slug) if slug else Path(found.problem.slug)
    record = Record(found.problem.slug, "", found.problem, found.program, found.oracle)
    scaffold.check(directory)
    if not writing.write_folder(record, directory):
        raise UsageError(f"{directory} exists already; nothing was written; give another name: coderefine new NAME ...")
    pasted.tell(found)
    for path in sorted(it for it in directory.rglob("*") if it.is_file()):
        click.echo(path)
    solution = directory / BUGGY if found.program else "solution.py"
    click.echo(printable(found.told), err=True)
    click.echo(f"to repair a solution: coderefine refine {directory} {solution}", err=True)
    return 0
