"""A problem's page on the command line: a file, standard input, the clipboard, or a Kattis package."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coderefine.cli import completing
from coderefine.errors import UsageError

if TYPE_CHECKING:
    from coderefine.page.reading import Page

from_option = click.option(
    "--from",
    "page",
    metavar="TEXT",
    shell_complete=completing.files,
    help="A file with a problem's page as you copied it, or - for standard input; stands for PROBLEM.",
)
_CLIPBOARDS = (
    ("pbpaste",),
    ("wl-paste", "--no-newline"),
    ("xclip", "-selection", "clipboard", "-o"),
    ("xsel", "--clipboard", "--output"),
)
_PATIENCE_S = 5


def read_page(name: str, program: str = "", target: str = "") -> Page:
    """Return the page in a file, in a folder or on standard input; raises UsageError."""
    from coderefine.page import kattis, reading

    if name != "-" and kattis.fits(Path(name)):
        return kattis.read(Path(name))
    if name != "-" and Path(name).is_dir():
        raise UsageError(f"{name}: a folder is read as a package of Kattis, with a problem.yaml and data/sample/")
    return reading.read(page_text(name), program, target)


def page_text(name: str) -> str:
    """Return the text of a page; raises UsageError."""
    from coderefine.errors import UnreadableError
    from coderefine.outside import decode, read_bytes
    from coderefine.page.text import MAX_CHARS

    most = 4 * MAX_CHARS
    try:
        if name != "-":
            return decode(read_bytes(Path(name), most)).removeprefix("\ufeff")
        if sys.stdin is None:
            raise UsageError("standard input is closed; give a file with the problem's page")
        if sys.stdin.isatty():
            click.echo("paste the problem's page, then press Enter and Ctrl-D", err=True)
        data = sys.stdin.buffer.read(most + 1)
        if len(data) > most:
            raise UsageError(f"the text is too long: a problem's page may have at most {MAX_CHARS >> 10} KiB")
        return decode(data).removeprefix("\ufeff")
    except OSError as error:
        raise UsageError(f"cannot read {name}: {error.strerror}; give the problem's page as a text file") from None
    except UnreadableError as error:
        raise UsageError(f"{'standard input' if name == '-' else name}: {error}") from None


def copied_text() -> str:
    """Return the clipboard's text, by the first program here that reads it; raises UsageError."""
    from coderefine.outside import decode

    command = next((it for it in _CLIPBOARDS if shutil.which(it[0])), None)
    instead = "paste into `coderefine new --from -`, then press Ctrl-D"
    if command is None:
        names = ", ".join(it[0] for it in _CLIPBOARDS)
        raise UsageError(f"nothing here reads what you copied (looked for {names}); {instead}")
    try:
        done = subprocess.run(command, capture_output=True, timeout=_PATIENCE_S, check=False)  # noqa: S603 - fixed words
    except (OSError, subprocess.TimeoutExpired):
        raise UsageError(f"{command[0]} does not answer; {instead}") from None
    text = decode(done.stdout)
    if done.returncode or not text.strip():
        raise UsageError(f"{command[0]} has no text that was copied; {instead}")
    return text


def tell(page: Page) -> None:
    """Print what was not understood on a page, line by line."""
    tell_notes(map(str, page.notes))


def tell_notes(notes: Iterable[str]) -> None:
    """Print what was not understood, each on a line."""
    from coderefine.rendering import printable

    for note in notes:
        click.secho("note: ", fg="yellow", nl=False, err=True)
        click.echo(printable(note), err=True)
