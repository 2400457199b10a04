"""A sentence instead of a block that changes something: "Change `old` to `new`."."""

from __future__ import annotations

import re

from coderefine.patch.lines.blocks import Block
from coderefine.patch.lines.edit import split_lines
from coderefine.patch.lines.python import parses
from coderefine.patch.reply.reply import Reply

_FROM, _TO = (rf"`(?P<{name}>[^`\n]+)`" for name in ("old", "new"))
_CHANGE = re.compile(
    rf"\b(?:chang|replac|updat|correct|modif)\w*\b[^`\n]{{0,60}}{_FROM}[^`\n]{{0,30}}\b(?:to|with|by|into)\b[^`\n]{{0,30}}{_TO}",
    re.IGNORECASE,
)
_ARROW = re.compile(rf"{_FROM}[ \t]*(?:->|=>|\u2192|\u21d2)[ \t]*{_TO}")
_LONGEST = 4000
"""The most characters of an answer that names one change."""
_NOT = re.compile(r"\b(?:not|never|without|if|instead)\b|n't", re.IGNORECASE)


def read(reply: Reply) -> str | None:
    """Return the program with the one change that an answer names, if the old text occurs once and no block is an edit.

    Small models write the old lines as a diff, and the change in a sentence below it.
    """
    prose = "".join(reply.outside)
    if reply.pairs or reply.truncated or len(prose) > _LONGEST or any(_changes(reply, it) for it in reply.blocks):
        return None
    found = {
        (match["old"].strip(), match["new"].strip())
        for pattern in (_CHANGE, _ARROW)
        for match in pattern.finditer(prose)
        if not _NOT.search(re.sub(r"`[^`\n]*`", "", _sentence(prose, match)))
    }
    if len(found) != 1:
        return None
    old, new = found.pop()
    places = list(re.finditer(rf"(?<!\w){re.escape(old)}(?!\w)", reply.source))
    if len(places) != 1:
        return None
    after = reply.source[: places[0].start()] + new + reply.source[places[0].end() :]
    return after if parses(after) or not parses(reply.source) else None


def _changes(reply: Reply, block: Block) -> bool:
    """Whether a block may change the program: it is no copy, and no diff that puts back what it removes."""
    lines = split_lines(block.text)
    removed, added = ([line[1:].strip() for line in lines if line.startswith(mark)] for mark in "-+")
    return not reply.is_copy(block.text) and (not removed or removed != added)


def _sentence(text: str, match: re.Match[str]) -> str:
    """Return the text on a line from the end of the previous sentence to the end of the match."""
    begin = max(text.rfind(end, 0, match.start()) for end in (". ", "\n"))
    return text[begin + 1 : match.end()]
