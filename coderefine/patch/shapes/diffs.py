"""Unified diffs: fenced as such, fenced as something else, or bare; with or without headers."""

from __future__ import annotations

import re

from coderefine.errors import PatchError
from coderefine.patch.diff.apply import apply_apart, apply_in_order, apply_together
from coderefine.patch.diff.hunks import bare_hunk
from coderefine.patch.lines.blocks import DIFF_LABELS
from coderefine.patch.lines.edit import split_lines
from coderefine.patch.lines.plain import plain
from coderefine.patch.lines.python import parses
from coderefine.patch.reply.placeholders import is_placeholder
from coderefine.patch.reply.reply import Reply

_NUMBERED = re.compile(r"[ \t]*[0-9]{1,6}(?:[ \t]*[:|])?[ \t](?=[-+ ])")
_FENCED = re.compile(r"^(?:```|~~~)", re.MULTILINE)


def read(reply: Reply) -> str | None:
    """Return the program with all diffs of an answer applied: in order, or else each to the original program."""
    diffs, closed = _diffs(reply)
    if not diffs:
        return None
    after = _applied(reply.source, diffs)
    if reply.truncated or (not closed and parses(reply.source) and not parses(after)):
        raise PatchError("the answer was truncated: its diff may lack its end. Send all of it")
    return after


def _applied(source: str, diffs: list[str]) -> str:
    refusal: PatchError | None = None
    typed = [plain(diff) for diff in diffs]
    for attempt, tried in (
        (apply_in_order, diffs),
        (apply_together, diffs),
        (apply_apart, diffs),
        (apply_in_order, typed),
        (apply_in_order, [_without_gaps(diff) for diff in typed]),
    ):
        try:
            return attempt(source, tried)
        except PatchError as error:
            refusal = refusal or error
    assert refusal
    raise refusal


def _without_gaps(diff: str) -> str:
    """Return a diff without unmarked blank lines, and with a new hunk after dots that stand for lines."""
    lines = (line for line in split_lines(diff) if line.strip("\r\n"))
    return "".join("@@ @@\n" if line[:1] not in "+-" and is_placeholder(line) else line for line in lines)


def _diffs(reply: Reply) -> tuple[list[str], bool]:
    """Return the different diffs of an answer, each with hunk headers, and whether the last one is closed."""
    if looks_like_diff(reply.text) and not _FENCED.search(reply.text):
        # a fence further in belongs to the program
        return [_without_prose(split_lines(reply.text))], not reply.truncated
    diffs: dict[str, None] = {}
    closed = True
    for block in reply.blocks:
        diff = _diff(block.text, reply.source, labelled=block.label in DIFF_LABELS)
        if diff is not None:
            diffs[diff] = None
            closed = block.closed
    if not diffs:
        if any(line.startswith("@@") for line in reply.outside):
            diffs[_without_prose(list(reply.outside))] = None
        elif not reply.blocks and (diff := _marked(list(reply.outside), reply.source)):
            diffs[diff] = None
    return list(diffs), closed


def _diff(text: str, source: str, *, labelled: bool) -> str | None:
    """Return a block as a diff with headers; None where it is not a diff."""
    if looks_like_diff(text) or (labelled and "\n@@" in f"\n{text}"):
        return text
    lines = split_lines(text)
    if labelled and all(_NUMBERED.match(line) for line in lines):
        lines = [_NUMBERED.sub("", line, count=1) for line in lines]
    return _marked(lines, source, labelled=labelled)


def _marked(lines: list[str], source: str, *, labelled: bool = False) -> str | None:
    """Return lines with marks but without a hunk header as a diff; None where they are not one.

    Without a label, they are a diff only if all removed lines are lines of the program: `-` also begins list items.
    """
    body = [line for line in lines if not line.startswith(("--- ", "+++ ", "diff ", "index "))]
    removed = [line[1:].strip() for line in body if line.startswith("-") and line[1:].strip()]
    added = any(line.startswith("+") for line in body)
    if not removed and not (labelled and added):
        return None
    if not labelled:
        known = {line.strip() for line in split_lines(source)}
        if not all(line in known for line in removed):
            return None
        at = [at for at, line in enumerate(body) if line.startswith(("-", "+"))]
        body = body[at[0] : at[-1] + 1]
    headers = [line for line in lines if line.startswith(("--- ", "+++ "))]
    return "".join([*headers, bare_hunk(body)])


def _without_prose(lines: list[str]) -> str:
    """Return lines with a diff without the prose after it, which would pass for unmarked context."""
    end = max(at for at, line in enumerate(lines, 1) if line.startswith(("@", "+", "-", " ", "\\")))
    return "".join(lines[:end])


def looks_like_diff(text: str) -> bool:
    """Whether a text starts like a diff; a program may quote one further down."""
    starts = text.lstrip().startswith(("diff --git ", "Index: ", "---", "@@"))
    return starts and "\n@@" in f"\n{text}"
