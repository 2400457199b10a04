"""`coderefine completion`: what a shell needs to complete the command line."""

from __future__ import annotations

import click

_INSTALL = {
    "bash": 'add to ~/.bashrc:  eval "$(coderefine completion bash)"',
    "zsh": 'add to ~/.zshrc, below compinit:  eval "$(coderefine completion zsh)"',
    "fish": "coderefine completion fish > ~/.config/fish/completions/coderefine.fish",
}


@click.command("completion")
@click.argument("shell", type=click.Choice(list(_INSTALL)))
def command(shell: str) -> int:
    """Print the script with which SHELL completes commands, options, names of problems, files, runs and models."""
    import sys

    from click.shell_completion import get_completion_class

    from coderefine.cli import VARIABLE, cli

    class_ = get_completion_class(shell)
    assert class_ is not None
    completion = class_(cli, {}, "coderefine", VARIABLE)
    # Not `source()`: for bash it starts one to see which version it is.
    click.echo(completion.source_template % completion.source_vars())
    if sys.stdout is not None and sys.stdout.isatty():
        click.echo(f"# {_INSTALL[shell]}", err=True)
    return 0
