"""Writes docs/commands.md, all commands and options as they say themselves: python -m tests.documents.commands_page."""

import re

import click

from coderefine.cli import cli
from tests.documents.pages import ROOT

PAGE = ROOT / "docs" / "commands.md"
HEAD = """# Commands

`coderefine COMMAND --help` says the same in a terminal; `make pages` writes this page from it.

stdout is the result, stderr is the story. Exit codes: 0 accepted, 1 not accepted, 2 usage or configuration, 3 environment
(Docker, model, network; or a result could not be written: one for programs, or that of a command
that only prints), 130 Ctrl-C. No stream that fails changes them otherwise.

With `--format json`, results are JSON with a `version`, 1 today: what is there stays, more may come; errors are JSON as well.
Options that you give each time can be [given once](fix.md#options-that-you-give-once).
"""


def commands(group=cli, name=""):
    """Yield each command with its name, those of groups among them."""
    context = click.Context(group)
    for word in group.list_commands(context):
        command = group.get_command(context, word)
        if command.hidden:
            continue
        full = f"{name} {word}".strip()
        yield full, command
        if isinstance(command, click.Group):
            yield from commands(command, full)


def text():
    """Return the page."""
    return "\n".join([HEAD, *(_section(name, command) for name, command in commands())])


def _section(name, command):
    context = click.Context(command, info_name=f"coderefine {name}")
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    help_text = re.sub(r"\s*\n\s*(?!\n)", lambda found: "\n\n" if found[0].count("\n") > 1 else " ", command.help or "")
    rows = [
        record
        for it in command.params
        if not isinstance(it, click.Argument) and (record := it.get_help_record(context))
    ]
    parts = [f"## {name}", f"`{usage}`", _plain(help_text.strip())]
    if rows:
        parts.append("\n".join(["| option | what it says |", "| --- | --- |", *(_row(*record) for record in rows)]))
    return "\n\n".join(parts) + "\n"


def _row(option, said):
    code = f"`{option}`" if "|" not in option else f"<code>{option.replace('|', '&#124;')}</code>"
    return f"| {code} | {_plain(said).replace('|', '&#124;')} |"


def _plain(said):
    """Keep what Markdown would take for its own, but for code."""
    parts = re.split(r"(`[^`]*`)", re.sub(r"[ \t]+", " ", said))
    return "".join(part if part[:1] == "`" else _escaped(part) for part in parts)


def _escaped(text):
    return re.sub(r"([*_\[\]])", r"\\\1", text).replace("<", "&lt;").replace(">", "&gt;")


if __name__ == "__main__":
    PAGE.write_text(text(), "utf-8")
