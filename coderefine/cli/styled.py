"""Styled lines printed without rich, which takes too long to import for a hook that has nothing to do."""

from __future__ import annotations

from collections.abc import Sequence

import click


def print_styled(lines: Sequence[Sequence[str]]) -> None:
    """Print pairs of a text and its style."""
    for text, style in lines:
        if not text.isprintable():
            from coderefine.rendering import printable  # which takes long to import, and is hardly ever needed

            text = printable(text)  # noqa: PLW2901
        click.secho(text, dim=style == "dim", fg=None if style in ("", "dim") else style)
