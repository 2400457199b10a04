"""Lines of the hook printed without rich, which takes too long to import for a hook that has nothing to do."""

from __future__ import annotations

from collections.abc import Sequence

import click

from coderefine.hook.commit import ASIDE, NOTICE, Note


def print_notes(notes: Sequence[Note]) -> None:
    """Print lines as much as they matter."""
    for text, level in notes:
        if not text.isprintable():
            from coderefine.rendering import printable  # which takes long to import, and is hardly ever needed

            text = printable(text)  # noqa: PLW2901
        click.secho(text, dim=level == ASIDE, fg="yellow" if level == NOTICE else None)
