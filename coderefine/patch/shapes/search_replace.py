"""SEARCH/REPLACE blocks, and their equivalents in JSON: a text of the program, and its replacement."""

from __future__ import annotations

import re
from itertools import zip_longest

from coderefine.errors import PatchError, UnchangedError
from coderefine.patch.diff.apply import apply_hunks
from coderefine.patch.diff.hunks import Hunk
from coderefine.patch.lines.edit import split_lines
from coderefine.patch.reply.reply import Reply

_BEGIN = re.compile(
    r"[ \t]*<{4,9}[ \t]*(?:SEARCH|ORIGINAL|OLD|HEAD|BEFORE|FIND)\b.*|[ \t]*-{4,9}[ \t]*SEARCH\b.*", re.IGNORECASE
)
_MIDDLE = re.compile(r"[ \t]*={4,9}[ \t]*(?:REPLACE)?[ \t]*$", re.IGNORECASE)
_END = re.compile(
    r"[ \t]*(?:>{4,9}[ \t]*(?:REPLACE|UPDATED|NEW|MODIFIED|AFTER|\w*)\b.*|>{4,9}[ \t]*|\+{4,9}[ \t]*REPLACE\b.*)$",
    re.IGNORECASE,
)
_FENCE = re.compile(r"[ \t]*(?:`{3,}|~{3,})")
_HOW = "send <<<<<<< SEARCH, the lines to replace, =======, the new lines, >>>>>>> REPLACE"


def read(reply: Reply) -> str | None:
    """Return the program with each old text replaced; it must occur once, and the same replacement twice counts
    once.
    """
    pairs = list(reply.pairs)
    pairs += pairs_in(split_lines(reply.text), truncated=reply.truncated)
    if not pairs:
        return None
    hunks: dict[tuple[tuple[str, str], ...], Hunk] = {}
    for old, new in pairs:
        edits = edits_of(old, new)
        if edits and all(mark == " " for mark, _ in edits):
            continue  # nothing changes
        if not old.strip() and reply.source.strip():
            raise PatchError(f"a SEARCH block is empty, so nothing says where its lines go: {_HOW}")
        hunks.setdefault(edits, Hunk(len(hunks) + 1, None, edits))
    if not hunks:
        raise UnchangedError("the answer changes nothing: what it searches for is what it replaces it by")
    return apply_hunks(reply.source, tuple(hunks.values()))


def pairs_in(lines: list[str], *, truncated: bool) -> list[tuple[str, str]]:
    """Return the old and the new text of each block of an answer; raises PatchError for an incomplete one."""
    pairs: list[tuple[str, str]] = []
    old: list[str] = []
    new: list[str] = []
    state = ""
    for line in lines:
        text = line.rstrip("\r\n")
        if _BEGIN.fullmatch(text):
            if state == "old":
                raise PatchError(f"a SEARCH block has no ======= and no new lines: {_HOW}")
            if state == "new":
                pairs.append(("".join(old), "".join(new)))
            state, old, new = "old", [], []
        elif state == "old" and _MIDDLE.fullmatch(text):
            state = "new"
        elif state == "new" and _END.fullmatch(text):
            pairs.append(("".join(old), "".join(new)))
            state = ""
        elif state == "new" and _FENCE.match(text) and not any(_FENCE.match(each) for each in old):
            pairs.append(("".join(old), "".join(new)))  # the end of the fence ends a block without its own end
            state = ""
        elif state:
            (old if state == "old" else new).append(line)
    if state:
        raise PatchError(f"the last SEARCH block has no end: {_HOW}")
    if truncated and pairs:
        raise PatchError("the answer was truncated: SEARCH blocks may be missing. Send all of it")
    return pairs


def edits_of(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """Return the marked lines of a hunk that replaces a text; common lines at the beginning and end are context."""
    removed, added = split_lines(_ended(old)), split_lines(_ended(new))
    same = (index for index, (a, b) in enumerate(zip_longest(removed, added)) if a != b)
    head = next(same, len(removed))
    rest = min(len(removed), len(added)) - head
    back = zip(reversed(removed), reversed(added), strict=False)
    tail = min(rest, next((index for index, (a, b) in enumerate(back) if a != b), rest))
    marked = [(" ", line) for line in removed[:head]]
    marked += [("-", line) for line in removed[head : len(removed) - tail]]
    marked += [("+", line) for line in added[head : len(added) - tail]]
    marked += [(" ", line) for line in removed[len(removed) - tail :]]
    return tuple(marked)


def _ended(text: str) -> str:
    return f"{text}\n" if text and not text.endswith("\n") else text
