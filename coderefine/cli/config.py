"""`coderefine config`: which options are in force without the command line, and where they are set."""

from __future__ import annotations

import json
import os
from typing import Any

import click

from coderefine.cli.options import format_option


@click.command("config")
@format_option
def command(format_: str) -> int:
    """Show what options are where you do not give them, and where that is said.

    Your own file has a table [refine], a project's pyproject.toml [tool.coderefine.refine], which may lower limits but
    choose no model, server or image. The environment comes before both, and the command line before all.
    """
    from coderefine.cli import defaults
    from coderefine.cli.fix import command as fix
    from coderefine.hook.permission import configuration

    said = defaults.settings()
    rows: list[dict[str, Any]] = []
    value: Any
    for key, (name, _) in defaults.KEYS.items():
        param = next(it for it in fix.params if it.name == name)
        variable = param.envvar if isinstance(param.envvar, str) and os.environ.get(param.envvar) else ""
        if variable:
            value, origin = os.environ[variable], f"environment ({variable})"
        elif key in said:
            value, origin = said[key].value, said[key].origin
        else:
            value, origin = _plain(param.default), "default"
        rows.append({"key": key, "value": value, "origin": origin})
    if format_ == "json":
        click.echo(json.dumps({"file": str(configuration()), "settings": rows}, indent=2))
        return 0
    for row in rows:
        shown = "-" if row["value"] is None else json.dumps(row["value"])
        click.echo(f"{row['key']:14} {shown:24} {row['origin']}")
    there = "" if configuration().is_file() else " (there is none yet)"
    click.echo(f"your own file: {configuration()}{there}", err=True)
    return 0


def _plain(default: Any) -> Any:
    """Return a default as JSON-ready data; None where there is none, for which click has a mark of its own."""
    if isinstance(default, tuple):
        return list(default)
    return default if isinstance(default, str | int | float) else None
