"""Applies diffs: all hunks or none, each where its old lines are.

Context lines of the result come from the source, never from the diff.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from coderefine.errors import PatchError, UnchangedError
from coderefine.patch.diff.hunks import NO_FILE, Diff, Hunk, parse_diff, split_hunk
from coderefine.patch.diff.place import PlacedHunk, place
from coderefine.patch.lines.edit import line_end, split_lines

MAX_BYTES = 2**20
MOST_HUNKS = 2000
_MAX_WORK = 50_000_000  # hunks times characters to search: some seconds at worst


def apply_diff(source: str, diff: str) -> str:
    """Return `source` with every hunk of `diff` applied; CRLF line ends stay CRLF.

    Raises PatchError, which names the hunk and the line at fault, if a hunk matches nowhere, or in several places
    without a line number to choose by; if hunks overlap; if the diff has no hunk, changes nothing, names more than one
    file or exceeds 1 MiB.
    """
    return apply_in_order(source, [diff])


def apply_in_order(source: str, diffs: Sequence[str]) -> str:
    """Return `source` with all of several diffs applied one after another; raises as `apply_diff` does."""
    parsed = _parsed(source, diffs)
    after = source
    for number, hunks in enumerate((diff.hunks for diff in parsed), 1):
        try:
            after = apply_hunks(after, hunks)
        except PatchError as error:
            if len(parsed) == 1:
                raise
            raise PatchError(f"diff block {number}: {error}") from error
    return _changed(source, after)


def apply_together(source: str, diffs: Sequence[str]) -> str:
    """Return `source` with all of several diffs applied, each against `source` itself; raises as `apply_diff` does."""
    hunks = [hunk for diff in _parsed(source, diffs) for hunk in diff.hunks]
    return _changed(source, apply_hunks(source, _numbered(hunks), repeats=True))


def apply_apart(source: str, diffs: Sequence[str]) -> str:
    """Return `source` with diffs applied whose hunks may leave out lines between changes.

    Raises as `apply_diff` does.
    """
    hunks = [part for diff in _parsed(source, diffs) for hunk in diff.hunks for part in split_hunk(hunk)]
    if any(not hunk.old for hunk in hunks):
        raise PatchError("a hunk only adds lines, and nothing says where")
    return _changed(source, apply_hunks(source, _numbered(hunks), repeats=True))


def _numbered(hunks: Sequence[Hunk]) -> list[Hunk]:
    return [replace(hunk, number=number) for number, hunk in enumerate(hunks, 1)]


def _changed(source: str, after: str) -> str:
    if after == source:
        raise UnchangedError("the diff changes nothing: applied, it gives the program as it was")
    return after


def _parsed(source: str, diffs: Sequence[str]) -> list[Diff]:
    """Return parsed diffs of one file; raises PatchError for several files, or for more than can be applied quickly."""
    for diff in diffs:
        check_size(diff, "diff")
    if sum(diff.startswith("@@") + diff.count("\n@@") for diff in diffs) > MOST_HUNKS:
        raise PatchError(f"the diff has more than {MOST_HUNKS} hunks: send the whole new file instead")
    parsed = [parse_diff(diff) for diff in diffs]
    old_names = frozenset[str]().union(*(diff.old_names for diff in parsed))
    new_names = frozenset[str]().union(*(diff.new_names for diff in parsed))
    # One header may say `--- original` and `+++ modified`: that is still one file.
    if len(old_names - {NO_FILE}) > 1 or len(new_names - {NO_FILE}) > 1:
        names = (old_names | new_names) - {NO_FILE}
        listed = ", ".join(repr(name[:100]) for name in sorted(names)[:5])
        raise PatchError(f"the diff touches other files: it names {listed}; there is one file to change, so name one")
    if NO_FILE in old_names and source:
        raise PatchError("the diff creates a file, but there is one already: write the diff against that file")
    if sum(len(diff.hunks) for diff in parsed) * len(source) > _MAX_WORK:
        raise PatchError("these are too many hunks for so long a program: send the whole new file instead")
    return parsed


def check_size(text: str, what: str) -> None:
    """Raise PatchError if a text exceeds 1 MiB."""
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise PatchError(f"the {what} is above 1 MiB: send less")


def apply_hunks(source: str, hunks: Sequence[Hunk], *, repeats: bool = False) -> str:
    """Return `source` with hunks applied, all or none; with `repeats`, the same edit of the same lines counts once.

    With `repeats`, hunks may also be in each other's context.
    """
    if len(hunks) * len(source) > _MAX_WORK:
        raise PatchError("these are too many hunks for so long a program: send the whole new file instead")
    lines = split_lines(source)
    end_of_line = line_end(source)
    placed = sorted((place(hunk, lines, end_of_line) for hunk in hunks), key=lambda each: (each.start, each.end))
    if repeats:
        once = [each for each, before in zip(placed, [None, *placed], strict=False) if not _repeats(each, before)]
        placed = sorted(map(_core, once), key=lambda each: (each.start, each.end))
    for first, second in pairwise(placed):
        if second.start < first.end:
            a, b = sorted((first.hunk.number, second.hunk.number))
            raise PatchError(f"hunks {a} and {b} overlap: both claim line {second.start + 1}. Make them one hunk")
    result: list[str] = []
    done = 0
    for each in placed:
        result += lines[done : each.start]
        result += _rewritten(each, lines)
        done = each.end
    result += lines[done:]
    # A line without a newline that is no longer the last one gets it.
    return "".join(line if line.endswith("\n") else line + end_of_line for line in result[:-1]) + "".join(result[-1:])


def _core(placed: PlacedHunk) -> PlacedHunk:
    """Return a hunk without the context at its ends, where other hunks may be."""
    edits = placed.hunk.edits
    marks = [mark for mark, _ in edits]
    if set(marks) == {" "}:
        return placed
    begin = next(at for at, mark in enumerate(marks) if mark != " ")
    end = len(marks) - next(at for at, mark in enumerate(reversed(marks)) if mark != " ")
    return replace(placed, hunk=replace(placed.hunk, edits=edits[begin:end]), start=placed.start + begin)


def _repeats(placed: PlacedHunk, before: PlacedHunk | None) -> bool:
    """Whether a hunk makes the same edit of the same lines as the one before it; the same insertion twice
    counts twice.
    """
    if before is None or not placed.hunk.old or placed.start != before.start:
        return False
    return placed.hunk.edits == before.hunk.edits


def _rewritten(placed: PlacedHunk, source: list[str]) -> list[str]:
    """Return the lines that replace a hunk's lines."""
    old, added = iter(source[placed.start : placed.end]), iter(placed.added)
    kept = ((mark, next(added if mark == "+" else old)) for mark, _ in placed.hunk.edits)
    return [line for mark, line in kept if mark != "-"]
