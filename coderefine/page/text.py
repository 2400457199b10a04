"""The text of a page as numbered lines, with typographic characters replaced; its size is limited, and it is inert."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from coderefine.errors import UsageError
from coderefine.rendering import cut, printable
from coderefine.search.pasted import characters

MAX_CHARS = 1 << 18
"""The most characters of a page; usual ones with all examples have about ten thousand."""
MAX_LINES = 10_000
_SHOWN_CHARS = 60
_TABLE = characters.table()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the pasted text."""

    number: int
    """From 1."""
    text: str

    @property
    def is_blank(self) -> bool:
        """Whether nothing in it is visible."""
        return not self.text.strip()


@dataclass(frozen=True, slots=True)
class Note:
    """A note on a page: something that was not understood, or is ambiguous."""

    line: int
    """From 1; 0 where it is about no single line."""
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}" if self.line else self.text


def lines_of(text: str) -> list[Line]:
    """Return the lines of a page; raises UsageError for one that is too long."""
    if len(text) > MAX_CHARS or text.count("\n") > MAX_LINES:
        most = f"{MAX_CHARS >> 10} KiB and {MAX_LINES:,} lines"
        raise UsageError(f"the text is too long: a problem's page may have at most {most}")
    plain = re.sub(r"\r\n?", "\n", characters.unescaped(text)).translate(_TABLE)
    plain = "".join(sign for sign in plain if sign.isprintable() or sign in "\n\t")
    return [Line(number, line.rstrip(" ")) for number, line in enumerate(plain.split("\n"), 1)]


def shown(text: str) -> str:
    """Return pasted text for a message: on one line, cut, without control characters."""
    return cut(printable(" ".join(text.split())), _SHOWN_CHARS)


def joined(lines: Iterable[Line]) -> str:
    """Return lines as a text, without blank lines at its ends."""
    return "\n".join(line.text for line in lines).strip("\n")
