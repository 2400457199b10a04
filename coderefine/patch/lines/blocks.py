"""Finds the fenced blocks of an answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from coderefine.patch.lines.edit import split_lines

# Indent, marks, info string; with backticks in the info string it is inline code.
_FENCE = re.compile(r"([ \t]*)(`{3,}(?=[^`]*$)|~{3,})(.*)", re.DOTALL)
# The same at the end of a line of prose or of a bullet; the label must be one of code, or absent.
_AFTER_PROSE = re.compile(
    r"([^`~\n]*[^`~\s][ \t]*)(`{3,})[ \t]*((?:python|py|diff|patch|udiff|code)[\w.]*)?[ \t]*\r?\n?$", re.IGNORECASE
)
_BULLET = re.compile(r"[ \t]*(?:[-*+]|[0-9]{1,3}[.)])[ \t]+$")
_CODE_INFO = re.compile(
    r"(?:python[\w.]*|py\w?)?[ \t]*((?:from|import|class|def|async def)[ \t]+\w.*|@\w.*)", re.DOTALL
)
DIFF_LABELS = frozenset({"diff", "patch", "udiff"})


@dataclass(frozen=True, slots=True)
class Block:
    """A block of an answer that contains an edit or a program."""

    label: str
    """In lower case; "" for none."""
    text: str
    before: str = ""
    """The last line of prose before it."""
    closed: bool = True
    place: int = 0
    """Its index among the blocks of the answer."""


@dataclass(frozen=True, slots=True)
class _Fence:
    """A fenced block: the parts of its opening line, and its lines."""

    indent: str
    marks: str
    label: str
    before: str
    lines: list[str] = field(default_factory=list)

    @property
    def body(self) -> str:
        """The text without the fence's indent, if all of it has that indent."""
        if all(line.startswith(self.indent) or not line.strip() for line in self.lines):
            return "".join(line.removeprefix(self.indent) for line in self.lines)
        return "".join(self.lines)

    def block(self, *, closed: bool) -> Block:
        return Block(self.label, self.body, self.before, closed)


def split_fences(text: str) -> tuple[list[str], list[Block]]:
    """Return the lines outside of fenced blocks, and the blocks; the last one may be unclosed."""
    outside: list[str] = []
    blocks: list[Block] = []
    fence: _Fence | None = None
    before = ""
    for line in split_lines(text):
        mark = _FENCE.match(line)
        if fence is None:
            fence = _opened(line, mark, before)
            if fence is None:
                outside.append(line)
            before = line.strip() or before
        elif mark and _closes(fence, *mark.groups()):
            blocks.append(fence.block(closed=True))
            fence = None
            before = ""
        else:
            fence.lines.append(line)
    if fence is not None:
        blocks.append(_last(fence))
    return outside, blocks


def _opened(line: str, mark: re.Match[str] | None, before: str) -> _Fence | None:
    """Return the fence that a line opens; None where it opens none."""
    if mark:
        indent, marks, info = mark.groups()
        if code := _CODE_INFO.match(info.strip(" \t")):  # a program that begins right after the marks
            return _Fence(indent, marks, "python", before, [indent + code[1]])
        label = re.split(r"[^\w+-]", info.strip(), maxsplit=1)[0]
        return _Fence(indent, marks, label.lower(), before)
    prose = _AFTER_PROSE.match(line)
    if prose is None:
        return None
    text, marks, label = prose.groups()
    indent = " " * len(text) if _BULLET.match(text) else ""
    return _Fence(indent, marks, (label or "").lower(), text.strip())


def _closes(fence: _Fence, indent: str, marks: str, info: str) -> bool:
    # A fence deeper than its opening belongs to a docstring or is a diff's context line.
    return marks.startswith(fence.marks) and not info.strip() and len(indent) <= len(fence.indent)


def _last(fence: _Fence) -> Block:
    """Return a block that runs to the end of the answer; marks at the end of its last line close it."""
    lines = fence.lines
    at = next((at for at in reversed(range(len(lines))) if lines[at].strip()), None)
    if at is not None:
        last = lines[at].rstrip()
        code = last.removesuffix(fence.marks)
        if code != last and "`" not in code and "~~~" not in code:
            lines[at:] = [code.rstrip() + "\n"] if code.strip() else []
            return fence.block(closed=True)
    return fence.block(closed=False)
