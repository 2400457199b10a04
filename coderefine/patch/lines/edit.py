"""An edit, its form as a diff, and the definition of a line.

A line ends at "\\n" and nowhere else: `str.splitlines` also splits at "\\r", "\\f" and U+2028, which are legal inside a
line of Python.
"""

from __future__ import annotations

import difflib
import os
import re
from dataclasses import dataclass

NO_NEWLINE = "\\ No newline at end of file\n"


@dataclass(frozen=True, slots=True)
class Patch:
    """An edit of a whole program text."""

    before: str
    after: str
    note: str = ""
    """What the edit does, in a few words."""

    @property
    def diff(self) -> str:
        """The edit as a unified diff of `solution.py`; "" if nothing changes."""
        return make_diff(self.before, self.after)


def make_diff(before: str, after: str, name: str = "solution.py") -> str:
    """Return the unified diff of two texts, with three lines of context; "" if they are equal.

    `name` is a path, which is quoted where programs that apply diffs need that. Takes as long as difflib: fast for
    programs, quadratic at worst for huge, repetitive texts.
    """
    diff = difflib.unified_diff(split_lines(before), split_lines(after), _headed(f"a/{name}"), _headed(f"b/{name}"))
    return "".join(line if line.endswith("\n") else f"{line}\n{NO_NEWLINE}" for line in diff)


def _headed(path: str) -> str:
    """Return a path for a header: git and patch read a path with a blank to its end only if a tab follows.

    Characters that would end the path or the line are escaped as in a C string, as git does.
    """
    if any(sign in '"\\' or ord(sign) < 0x20 or sign == "\x7f" for sign in path):
        plain = (sign if sign.isprintable() and sign not in '"\\' else _escaped(sign) for sign in path)
        return f'"{"".join(plain)}"'
    return f"{path}\t" if " " in path else path


def _escaped(sign: str) -> str:
    return f"\\{sign}" if sign in '"\\' else "".join(f"\\{byte:03o}" for byte in os.fsencode(sign))


def split_lines(text: str) -> list[str]:
    r"""Return the lines, each with its "\n" except a last one that has none."""
    *lines, rest = text.split("\n")
    return [line + "\n" for line in lines] + ([rest] if rest else [])


def line_end(text: str) -> str:
    """Return the line end of most lines: CRLF or LF."""
    return "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"


def undo_crlf_transport(text: str) -> str:
    """Return a diff or an answer with LF if all of it was sent with CRLF, which then is not part of its content.

    It was sent so if all lines but blank ones end in CRLF, or a hunk's header does: a diff *about* CRLF lines has
    headers that end in LF.
    """
    sent_so = re.search(r"^@@[^\n]*\r$", text, re.MULTILINE) or not re.search(r"[^\r\n]\n", text)
    return text.replace("\r\n", "\n") if sent_so else text
