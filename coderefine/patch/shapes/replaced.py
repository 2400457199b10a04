"""Two blocks of code, the present lines and the new lines, introduced by words such as `Replace ... with ...`."""

from __future__ import annotations

import re

from coderefine.errors import PatchError
from coderefine.patch.diff.apply import apply_hunks
from coderefine.patch.diff.hunks import Hunk
from coderefine.patch.lines.python import parses
from coderefine.patch.reply.reply import Reply, is_edit
from coderefine.patch.shapes.search_replace import edits_of

_TURNED = re.compile(
    r"\b(?:with|by|to|into|should|becomes?|new|fixed|corrected|after|instead|use|replacement|change[sd]?)\b"
    r"|->|\u2192|=>",
    re.IGNORECASE,
)


def read(reply: Reply) -> str | None:
    """Return the program with quoted parts replaced by the blocks after them; every block has to be one or the
    other.
    """
    blocks = [block for block in reply.blocks if block.text.strip()]
    pairs = [(old, new) for old, new in zip(blocks[::2], blocks[1::2], strict=False)]
    if (
        not pairs
        or len(blocks) % 2
        or any(map(is_edit, blocks))
        or not all(new.closed or not reply.truncated for _, new in pairs)
    ):
        return None
    if not all(_TURNED.search(new.before) and _is_part(old.text, reply.source) for old, new in pairs):
        return None
    hunks = tuple(Hunk(number, None, edits_of(old.text, new.text)) for number, (old, new) in enumerate(pairs, 1))
    after = apply_hunks(reply.source, hunks)
    if parses(reply.source) and not parses(after):
        raise PatchError("the replacement leaves a program with an error of syntax: send one ```diff block")
    return after


def _is_part(text: str, source: str) -> bool:
    """Whether all lines of a text are lines of the source, without regard to their indent."""
    known = {line.strip() for line in source.split("\n")}
    return all(line.strip() in known for line in text.split("\n"))
