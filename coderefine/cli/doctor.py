"""`coderefine doctor`: say which sandboxes work here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from coderefine.cli.options import format_option, image_option

if TYPE_CHECKING:
    from rich.console import Console

    from coderefine.judge.findings import Finding

_MARKS = {"ok": ("✓", "green"), "missing": ("✗", "red"), "weaker": ("–", "yellow")}


@click.command("doctor")
@image_option
@format_option
def command(image: str | None, format_: str) -> int:
    """Examine what the sandboxes need of this machine, and say which of them work and why others do not.

    Exits with 0 if at least one works, with 3 if none does.
    """

    from coderefine.cli import show
    from coderefine.judge.doctor import diagnose

    found = diagnose(image)
    if format_ == "json":
        click.echo(json.dumps(found.to_json(), indent=2))
        return 0 if found.chosen else 3
    console = show.console()
    console.print(show.line(("host", "bold")))
    _print(console, found.host)
    for backend in found.backends:
        state = ("usable", "green") if backend.usable else (f"not usable: {backend.reason}", "red")
        console.print(show.line((backend.name, "bold"), state))
        _print(console, backend.checks)
    chosen = f"candidates run in the {found.chosen} sandbox" if found.chosen else "no sandbox can run here"
    console.print(show.plain(chosen, "bold" if found.chosen else "bold red"))
    return 0 if found.chosen else 3


def _print(console: Console, checks: Sequence[Finding]) -> None:
    from coderefine.cli import show

    width = max(len(check.name) for check in checks)
    for check in checks:
        mark, style = _MARKS[check.state]
        console.print(show.line(("", ""), (mark, style), (check.name.ljust(width), ""), (check.detail, "")))
        if check.remedy:
            console.print(show.line(("", ""), (" " * (width + 3), ""), (f"→ {check.remedy}", "dim")))
