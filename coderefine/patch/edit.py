"""The edit itself, how it is written as a diff, and what a line is.

A line ends at "\\n" and nowhere else: `str.splitlines` also splits at "\\r", "\\f" and U+2028, which are legal inside a
line of Python.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

NO_NEWLINE = "\\ No newline at end of file\n"


@dataclass(frozen=True, slots=True)
class Patch:
    """An edit of a whole program text."""

    before: str
    after: str
    note: str = ""
    """What it does, in a few words."""

    @property
    def diff(self) -> str:
        """The edit as a unified diff of `solution.py`; "" if nothing changes."""
        return make_diff(self.before, self.after)


def make_diff(before: str, after: str, name: str = "solution.py") -> str:
    """Return the unified diff of two texts, with three lines of context; "" if they are equal.

    `name` is one line. Takes difflib's time: fine for programs, quadratic at worst for huge, repetitive texts.
    """
    diff = difflib.unified_diff(split_lines(before), split_lines(after), f"a/{name}", f"b/{name}")
    return "".join(line if line.endswith("\n") else f"{line}\n{NO_NEWLINE}" for line in diff)


def split_lines(text: str) -> list[str]:
    r"""Return the lines, each with its "\n" but for a last one that has none."""
    *lines, rest = text.split("\n")
    return [line + "\n" for line in lines] + ([rest] if rest else [])


def line_end(text: str) -> str:
    """Return what ends most lines: CRLF or LF."""
    return "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"


def undo_crlf_transport(text: str) -> str:
    """Return a diff or an answer with LF if it was sent with CRLF, which then is no part of what it says.

    That shows where all lines but blank ones end so, or a hunk's header does: a diff *about* CRLF lines has headers
    that end in LF.
    """
    sent_so = re.search(r"^@@[^\n]*\r$", text, re.MULTILINE) or not re.search(r"[^\r\n]\n", text)
    return text.replace("\r\n", "\n") if sent_so else text
