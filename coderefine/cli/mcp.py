"""`coderefine mcp`: a server of the Model Context Protocol, over standard input and output."""

from __future__ import annotations

from pathlib import Path

import click

from coderefine.cli import completing


@click.command("mcp")
@click.option("--root", metavar="DIR", default=".", show_default=True, help="The folder whose files may be named.")
@click.option(
    "--model",
    "models",
    multiple=True,
    default=("search",),
    show_default=True,
    shell_complete=completing.models,
    help="Who repairs, in this order; who calls the tools has no choice of it.",
)
def command(root: str, models: tuple[str, ...]) -> int:
    """Serve the tools test, fix, certify and explain_failure to an agent or an editor, until its input ends.

    They are the commands of these names with their JSON. Programs run in the sandbox, files outside of --root are
    refused, and models are those that you name here.
    """
    from coderefine.errors import SandboxUnavailable, UsageError

    folder = Path(root).resolve()
    if not folder.is_dir():
        raise UsageError(f"--root {root}: there is no such folder")
    try:
        import anyio

        from coderefine.cli.mcp_server import serve
    except ModuleNotFoundError as error:
        if error.name not in ("mcp", "mcp_types", "anyio"):
            raise
        raise SandboxUnavailable("the package mcp is not installed; try: pip install 'coderefine[mcp]'") from None
    anyio.run(serve, folder, models)
    return 0
