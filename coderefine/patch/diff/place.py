"""Finds the place of a hunk in a program, or says in words why it has none.

Three ways are tried, and the first that finds a place decides: the lines as they are; without regard to trailing white
space and lost context marks; and under another indent, which the added lines then get too.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from coderefine.errors import PatchError
from coderefine.patch.diff.hunks import Hunk
from coderefine.patch.lines.edit import split_lines
from coderefine.patch.lines.plain import plain, unnumbered

_FENCE = "```"


@dataclass(frozen=True, slots=True)
class PlacedHunk:
    """A hunk and its place in a program."""

    hunk: Hunk
    start: int
    """Index of the first source line it replaces."""
    added: list[str]
    """The hunk's added lines, with the indent and line ends of this place."""

    @property
    def end(self) -> int:
        """Index after the last source line it replaces."""
        return self.start + len(self.hunk.old)


def place(hunk: Hunk, source: list[str], end_of_line: str) -> PlacedHunk:
    """Return the place of a hunk in the lines of a program whose lines end in `end_of_line`; raises PatchError."""
    old = hunk.old
    # The program's line ends win; in a program without any, the diff's stay.
    ended = bool(source) and source[0].endswith("\n")
    added = [_ended(line, end_of_line) if ended else line for line in hunk.added]
    if not old:
        return PlacedHunk(hunk, _insertion_point(hunk, source), added)
    if places := _occurrences(old, source):
        # Lines that match with their ends show that the diff means its line ends.
        knows_ends = any(line.endswith("\n") for line in old)
        return PlacedHunk(hunk, _choose(hunk, places, source), hunk.added if knows_ends else added)
    loose = [line.rstrip() for line in source]
    wanted = _with_context_marks(hunk, set(loose))
    if places := _occurrences(wanted, loose):
        return PlacedHunk(hunk, _choose(hunk, places, source), added)
    places = _occurrences([line.strip() for line in old], [line.strip() for line in source])
    if not places:
        if reread := _retyped(hunk, source) or _unfenced(hunk, source) or _kept_behind(hunk):
            return place(reread, source, end_of_line)
        raise _mismatch(hunk, wanted, loose)
    found = source[places[0] : places[0] + len(old)]
    shifted = _reindented(added, old, found) or _one_for_one(hunk, found, added) if len(places) == 1 else None
    if shifted is None:
        raise PatchError(
            f"hunk {hunk.number}: its old lines match {_at(places)}, but not with this indentation. "
            "Copy the old lines with their exact indentation"
        )
    return PlacedHunk(hunk, places[0], shifted)


def _ended(line: str, end_of_line: str) -> str:
    """Return a line with its CRLF or LF exchanged for `end_of_line`."""
    return line.removesuffix("\n").removesuffix("\r") + end_of_line if line.endswith("\n") else line


def _insertion_point(hunk: Hunk, source: list[str]) -> int:
    if not source:
        return 0
    if hunk.line is None or hunk.line > len(source):
        raise PatchError(
            f"hunk {hunk.number} only adds lines, and nothing says where: give it lines of context that start with ' '"
        )
    return hunk.line


def _choose(hunk: Hunk, places: list[int], source: list[str]) -> int:
    """Return the place that is nearest to the line in the hunk's header."""
    if len(places) == 1:
        return places[0]
    if hunk.line is not None and hunk.line <= len(source):
        stated = hunk.line - 1
        nearest, next_nearest, *_ = sorted(places, key=lambda at: abs(at - stated))
        if abs(nearest - stated) < abs(next_nearest - stated):
            return nearest
    raise PatchError(
        f"hunk {hunk.number}: its old lines match in {len(places)} places, {_at(places)}, and its line number does not "
        "choose one. Add lines of context that tell them apart"
    )


def _with_context_marks(hunk: Hunk, known: set[str]) -> list[str]:
    """Return the old lines without trailing white space.

    A context line that the source has only with one more leading space has lost its mark: parsing took its first space
    for the mark.
    """
    wanted = []
    for mark, text in hunk.edits:
        line = text.rstrip()
        if mark != "+":
            wanted.append(f" {line}" if mark == " " and line not in known and f" {line}" in known else line)
    return wanted


def _reindented(added: list[str], old: list[str], found: list[str]) -> list[str] | None:
    """Return the added lines with the indent of the lines found; None if these are not `old` evenly shifted."""
    pairs = [(ours.rstrip(), theirs.rstrip()) for ours, theirs in zip(old, found, strict=True) if ours.strip()]
    ours, theirs = (_indent(line) for line in pairs[0])
    if ours.endswith(theirs):
        cut, add = ours.removesuffix(theirs), ""
    elif theirs.endswith(ours):
        cut, add = "", theirs.removesuffix(ours)
    else:
        cut, add = ours, theirs
    if not all(a.startswith(cut) and add + a.removeprefix(cut) == b for a, b in pairs):
        return None
    if not all(line.startswith(cut) or not line.strip() for line in added):
        return None
    shifted = [add + line.removeprefix(cut) if line.strip() else line for line in added]
    if (
        len(cut + add) == 1
    ):  # a single blank is no step: old lines were miscopied, and new ones that fit as they are were not
        known = {_indent(line) for line in found}
        if any(_indent(line) in known and _indent(new) not in known for line, new in zip(added, shifted, strict=True)):
            return None
    return shifted


def _one_for_one(hunk: Hunk, found: list[str], added: list[str]) -> list[str] | None:
    """Return added lines, each with the indent of the line it replaces; None unless all lost theirs and pair up."""
    if any(_indent(line) for mark, line in hunk.edits if line.strip()):
        return None
    removed: list[str] = []
    indents: list[str] = []
    theirs = iter(found)
    waiting = 0
    for mark, _ in [*hunk.edits, (" ", "")]:
        if mark == "+":
            waiting += 1
            continue
        if waiting:
            if waiting != len(removed):
                return None
            indents += removed
            removed, waiting = [], 0
        if mark == " ":
            removed = []
        line = next(theirs, "")
        if mark == "-":
            removed.append(_indent(line))
    return [indent + line for indent, line in zip(indents, added, strict=True)]


def _retyped(hunk: Hunk, source: list[str]) -> Hunk | None:
    """Return the hunk without typographic characters, or without line numbers; None where it has neither."""
    text = "".join(line for _, line in hunk.edits)
    if not text.isascii() and plain(text) != text and not any(plain(line) != line for line in source):
        return replace(hunk, edits=tuple((mark, plain(line)) for mark, line in hunk.edits))
    old = unnumbered("".join(hunk.old), 1)
    if old == "".join(hunk.old):
        return None
    lines = iter(split_lines(old))
    added = unnumbered("".join(hunk.added), 1)
    news = iter(split_lines(added))
    numbered = len(hunk.added) > 1 and added == "".join(hunk.added)
    if numbered:
        return None
    return replace(hunk, edits=tuple((mark, next(news if mark == "+" else lines)) for mark, _ in hunk.edits))


def _unfenced(hunk: Hunk, source: list[str]) -> Hunk | None:
    """Return the hunk without the fences of a code block, which are not lines of a program; None where it has none."""
    if any(line.startswith(_FENCE) for line in source):
        return None
    edits = tuple((mark, line) for mark, line in hunk.edits if not line.startswith(_FENCE))
    return replace(hunk, edits=edits) if len(edits) < len(hunk.edits) else None


def _kept_behind(hunk: Hunk) -> Hunk | None:
    """Return the hunk with a removed line added again, if it follows the added lines as context.

    None without such a line.

    Models write this to insert before a line: they remove the line, add the new ones, and forget to mark the old one
    again.
    """
    removed = {line.strip() for mark, line in hunk.edits if mark == "-" and line.strip()}
    edits: list[tuple[str, str]] = []
    for mark, line in hunk.edits:
        is_kept = mark == " " and line.strip() in removed and bool(edits) and edits[-1][0] == "+"
        edits.append(("+" if is_kept else mark, line))
    return replace(hunk, edits=tuple(edits)) if edits != list(hunk.edits) else None


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _occurrences(needle: Sequence[str], hay: Sequence[str]) -> list[int]:
    """Return every index at which the lines of `needle` occur (Knuth, Morris and Pratt: linear, however repetitive)."""
    border = [0] * len(needle)
    size = 0
    for index in range(1, len(needle)):
        while size and needle[index] != needle[size]:
            size = border[size - 1]
        size += needle[index] == needle[size]
        border[index] = size
    found = []
    size = 0
    for index, line in enumerate(hay):
        while size and (size == len(needle) or line != needle[size]):
            size = border[size - 1]
        size += line == needle[size]
        if size == len(needle):
            found.append(index - size + 1)
    return found


def _mismatch(hunk: Hunk, wanted: list[str], source: list[str]) -> PatchError:
    """Return the error that names the first old line without a match, and what the source has instead."""
    known = set(source)
    near = min(hunk.line or 1, len(source)) - 1
    missing = next((index for index, line in enumerate(wanted) if line not in known), None)
    if missing is not None:
        told = "is not in the program"
        hint = _closest(wanted[missing], source, near)
    else:
        # All lines exist, but not in this order: report where the longest match ends.
        missing = bisect_left(range(1, len(wanted)), True, key=lambda size: not _occurrences(wanted[:size], source))
        ends = (at + missing for at in _occurrences(wanted[:missing], source))
        end = min(ends, key=lambda at: abs(at - missing - near))
        told = f"does not come after line {end} of the program"
        hint = f"line {end + 1} is {_quote(source[end])}" if end < len(source) else "the program ends there"
    return PatchError(
        f"hunk {hunk.number}: its old line {missing + 1} of {len(wanted)}, {_quote(wanted[missing])}, {told}; {hint}. "
        "Copy the old lines exactly from the program"
    )


def _closest(line: str, source: list[str], near: int) -> str:
    """Return in words the line most similar to another by shared pairs of characters (Dice), the nearest of equals."""
    pairs = _pairs(line)
    best, at = 0.0, 0
    for index in sorted(range(len(source)), key=lambda index: abs(index - near)):
        theirs = _pairs(source[index])
        score = 2 * len(pairs & theirs) / (len(pairs) + len(theirs)) if pairs and theirs else 0.0
        if score > best:
            best, at = score, index
    return f"the closest line is line {at + 1}: {_quote(source[at])}" if best else "no line is like it"


def _pairs(line: str) -> set[str]:
    text = line.strip()
    return {text[at : at + 2] for at in range(len(text))}


def _quote(line: str) -> str:
    return repr(line if len(line) <= 200 else line[:200] + "...")


def _at(places: list[int]) -> str:
    """Return the numbers of the first few of some lines, in words."""
    return "at line " + ", ".join(str(at + 1) for at in places[:5]) + (", ..." if len(places) > 5 else "")
