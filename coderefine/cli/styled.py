"""Prints lines of the hook without rich, whose import takes too long for a hook that has nothing to do."""

from __future__ import annotations

from collections.abc import Sequence

import click

from coderefine.hook.commit import ASIDE, NOTICE, Note


def print_notes(notes: Sequence[Note]) -> None:
    """Print lines in the style of their level."""
    for text, level in notes:
        if not text.isprintable():
            from coderefine.rendering import printable  # its import takes long, and is hardly ever needed

            text = printable(text)  # noqa: PLW2901
        click.secho(text, dim=level == ASIDE, fg="yellow" if level == NOTICE else None)
