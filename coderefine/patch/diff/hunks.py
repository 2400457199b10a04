"""Reads a unified diff as models write them into hunks.

Line numbers and counts are often wrong or left out, and unidiff silently drops what a header does not count. So a body
ends where the next header begins, its counts are taken from its lines, and unidiff then parses a hunk that is valid.
unidiff gets lines, not text, because it would split text at more than "\n".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from unidiff.errors import UnidiffParseError
from unidiff.patch import PatchSet

from coderefine.errors import PatchError
from coderefine.patch.lines.edit import NO_NEWLINE, split_lines, undo_crlf_transport

NO_FILE = "/dev/null"
_HEADER = re.compile(r"@@ *-([0-9]{1,9})(?:,([0-9]{1,9}))?\b")
_PREAMBLE = ("diff --git ", "diff -r", "diff -u", "Index: ")


@dataclass(frozen=True, slots=True)
class Hunk:
    """One hunk of a diff."""

    number: int
    """Its position in the diff, from 1, for messages."""
    line: int | None
    """The line at which its old lines start, or after which it inserts if it has none.

    None if the header does not tell.
    """
    edits: tuple[tuple[str, str], ...]
    """(mark, line): " " context, "-" removed, "+" added."""

    @property
    def old(self) -> list[str]:
        """The lines it expects in the source."""
        return [line for mark, line in self.edits if mark != "+"]

    @property
    def added(self) -> list[str]:
        """The lines it adds."""
        return [line for mark, line in self.edits if mark == "+"]


@dataclass(frozen=True, slots=True)
class Diff:
    """A parsed diff: hunks with lines; at least one adds or removes a line."""

    hunks: tuple[Hunk, ...]
    old_names: frozenset[str]
    """The files before the edit as the headers name them, NO_FILE included; empty without a header."""
    new_names: frozenset[str]


def parse_diff(diff: str) -> Diff:
    """Return a parsed diff; raises PatchError if none of its hunks changes anything."""
    lines = [line.removesuffix("\n") for line in split_lines(undo_crlf_transport(diff))]
    old_names: set[str] = set()
    new_names: set[str] = set()
    headers: list[str] = []
    bodies: list[list[str]] = []
    inside = False
    for line, second, third in zip(lines, [*lines[1:], ""], [*lines[2:], "", ""], strict=False):
        if line.startswith("@@"):
            headers.append(line)
            bodies.append([])
            inside = True
        elif _is_file_header(line, second) and (not inside or third.startswith("@@")):
            # Within a hunk, these may be the edit of "-- a" to "++ b"; a hunk directly after them shows that they are a
            # header.
            old_names.add(_file_name(line))
            new_names.add(_file_name(second))
            inside = False
        elif line.startswith(_PREAMBLE):
            inside = False
            if line.startswith("diff --git ") and len(words := line.split(" ")) == 4:
                old_names.add(_file_name(words[2]))
                new_names.add(_file_name(words[3]))
        elif inside:
            bodies[-1].append(line)
    hunks = [_parse_hunk(n, header, body) for n, (header, body) in enumerate(zip(headers, bodies, strict=True), 1)]
    if all(mark == " " for hunk in hunks for mark, _ in hunk.edits):
        raise PatchError(
            "the diff has no hunk that adds or removes a line: "
            "a hunk is a line '@@ -line,count +line,count @@' and then lines that start with ' ', '-' or '+'"
        )
    # A header alone stands for lines left out. A hunk with only context must match: its marks may have been forgotten.
    return Diff(tuple(hunk for hunk in hunks if hunk.edits), frozenset(old_names - {""}), frozenset(new_names - {""}))


def bare_hunk(lines: list[str]) -> str:
    """Return marked lines without a hunk header with a header that gives no line."""
    return "".join(["@@ @@\n", *(line if line.endswith("\n") else f"{line}\n" for line in lines)])


def split_hunk(hunk: Hunk) -> list[Hunk]:
    """Return a hunk as several, each ending where added lines end: lines between them may have been left out."""
    groups: list[list[tuple[str, str]]] = [[]]
    for mark, line in hunk.edits:
        if mark != "+" and groups[-1] and groups[-1][-1][0] == "+":
            groups.append([])
        groups[-1].append((mark, line))
    if len(groups) > 1 and all(mark == " " for mark, _ in groups[-1]):
        rest = groups.pop()
        groups[-1] += rest
    return [Hunk(hunk.number, None, tuple(group)) for group in groups]


def _is_file_header(line: str, following: str) -> bool:
    return line.startswith("---") and following.startswith("+++")


def _file_name(header: str) -> str:
    """Return the name in a header line, without time stamp, quotes and git's one-letter prefix."""
    name = re.sub(r"^(?:---|\+\+\+)", "", header)
    name = re.split(r"\t| [0-9]{4}-[0-9]{2}-[0-9]{2} ", name.strip())[0].strip()
    return re.sub(r"^\./|^[abciow12]/", "", name.removeprefix('"').removesuffix('"'))


def _parse_hunk(number: int, header: str, body: list[str]) -> Hunk:
    """Return the hunk of a header and the lines after it."""
    # blank lines after a hunk; if they were context, the rest of the hunk still finds its place
    while body and not body[-1]:
        body.pop()
    lines = [_marked(line) for line in body]
    old = sum(line[0] in " -" for line in lines)
    new = sum(line[0] in " +" for line in lines)
    if not old and not new:
        return Hunk(number, None, ())
    stated = _HEADER.match(header)
    start = int(stated[1]) if stated else 0
    canonical = ["--- a\n", "+++ b\n", f"@@ -{start},{old} +{start},{new} @@\n", *lines]
    try:
        (parsed,) = PatchSet(canonical)[0]
    except (UnidiffParseError, ValueError) as error:
        raise PatchError(f"hunk {number} is not a valid hunk of a unified diff: {error}") from error
    edits: list[tuple[str, str]] = []
    for line in parsed:
        if line.line_type != "\\":
            edits.append((line.line_type, line.value))
        elif edits:
            mark, text = edits[-1]
            edits[-1] = mark, text.removesuffix("\n")
    # A hunk without old lines is after line N in "-N,0", the one form that says so.
    usable = stated is not None and (start > 0 if old else stated[2] is not None and int(stated[2]) == 0)
    return Hunk(number, parsed.source_start if usable else None, tuple(edits))


def _marked(line: str) -> str:
    """Return a body line as the format requires: a line without a mark is context."""
    if line.startswith("\\ "):
        return NO_NEWLINE
    return f"{line}\n" if line.startswith((" ", "+", "-")) else f" {line}\n"
