"""`coderefine new`: start a problem directory."""

from __future__ import annotations

from pathlib import Path

import click

from coderefine.kinds.table import FOLDER_KINDS


@click.command("new")
@click.argument("slug")
@click.option(
    "--kind",
    type=click.Choice(list(FOLDER_KINDS)),
    default="function",
    show_default=True,
)
def command(slug: str, kind: str) -> int:
    """Create the problem directory SLUG with a small problem that works, to be edited.

    SLUG may be a path; its last part is the problem's name, such as problems/two-sum.
    """
    from coderefine.folder import scaffold

    for path in scaffold.create(Path(slug), kind):
        click.echo(path)
    click.echo(f"now edit them; to check: coderefine verify {slug}", err=True)
    return 0
