"""Reads the edit out of a language model's answer.

Diffs come first: fenced as such, fenced as something else, or bare. Without one, the single code block is the new file.
Anything that leaves a choice, or an end missing, is refused with a sentence that says what to send.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from coderefine.errors import PatchError
from coderefine.patch.apply import apply_in_order, check_size
from coderefine.patch.edit import Patch, line_end, split_lines, undo_crlf_transport

_WANTED = "send one ```diff block, or one ```python block that holds the whole new file"
# Indent, marks, info string; backticks in the info string make it inline code.
_FENCE = re.compile(r"([ \t]*)(`{3,}(?=[^`]*$)|~{3,})(.*)", re.DOTALL)


def read_answer(source: str, answer: str) -> Patch:
    """Return the edit of `source` that an answer, prose and all, asks for.

    All diffs of the answer are applied in order, or none. Without a diff, its one code block is the new file; CRLF line
    ends stay CRLF. Raises PatchError for what `apply_diff` refuses, and if the answer is empty, truncated (a block that
    is not closed), above 1 MiB, changes nothing, or has no diff and not exactly one code block (empty ones and
    copies do not count).
    """
    check_size(answer, "answer")
    if not answer.strip():
        raise PatchError(f"the answer is empty: {_WANTED}")
    diffs, codes = _read_blocks(undo_crlf_transport(answer))
    if diffs:
        return Patch(source, apply_in_order(source, diffs))
    if not codes:
        raise PatchError(f"the answer has neither a diff nor a code block with something in it: {_WANTED}")
    if len(codes) > 1:
        raise PatchError(f"the answer has {len(codes)} different code blocks and no diff: {_WANTED}")
    (after,) = codes
    if "\r\n" not in after:
        after = after.replace("\n", line_end(source))
    if after in (source, source + line_end(source)):  # a block cannot but end its last line
        raise PatchError("the answer changes nothing: its code block is the program as it was")
    return Patch(source, after)


@dataclass(frozen=True, slots=True)
class _Fence:
    """A fenced block: its opening line taken apart, and its lines."""

    indent: str
    marks: str
    label: str
    lines: list[str] = field(default_factory=list)

    @property
    def body(self) -> str:
        """The text without the fence's indent, if all of it has that indent."""
        if all(line.startswith(self.indent) or not line.strip() for line in self.lines):
            return "".join(line.removeprefix(self.indent) for line in self.lines)
        return "".join(self.lines)


def _read_blocks(answer: str) -> tuple[list[str], list[str]]:
    """Return the diffs of an answer, and its different code blocks, none of them blank."""
    if _looks_like_diff(answer) and not re.search(r"^(?:```|~~~)", answer, re.MULTILINE):
        return [_bare_diff(split_lines(answer))], []  # a fence further in is a part of the program
    outside, fences = _split_fences(answer)
    diffs: list[str] = []
    codes: list[str] = []
    for fence in fences:
        body = fence.body
        if not body.strip():
            continue
        if fence.label in ("diff", "patch", "udiff") or _looks_like_diff(body):
            diffs.append(body)
        elif fence.label in ("", "python", "python3", "py") and body not in codes:
            codes.append(body)
    if not diffs and any(line.startswith("@@") for line in outside):
        diffs.append(_bare_diff(outside))
    return diffs, codes


def _bare_diff(lines: list[str]) -> str:
    """Return lines that hold a diff without the prose after it, which would pass for context without marks."""
    end = max(at for at, line in enumerate(lines, 1) if line.startswith(("@", "+", "-", " ", "\\")))
    return "".join(lines[:end])


def _split_fences(answer: str) -> tuple[list[str], list[_Fence]]:
    """Return the lines outside of fenced blocks, and the blocks."""
    outside: list[str] = []
    fences: list[_Fence] = []
    fence: _Fence | None = None
    for line in split_lines(answer):
        mark = _FENCE.match(line)
        if fence is None:
            if mark:
                label = re.split(r"[^\w+-]", mark[3].strip(), maxsplit=1)[0]
                fence = _Fence(mark[1], mark[2], label.lower())
            else:
                outside.append(line)
        elif mark and _closes(fence, *mark.groups()):
            fences.append(fence)
            fence = None
        else:
            fence.lines.append(line)
    if fence is not None:
        raise PatchError(f"the answer was truncated: its last {fence.marks[:3]} block is not closed. Send all of it")
    return outside, fences


def _closes(fence: _Fence, indent: str, marks: str, info: str) -> bool:
    # Deeper than its opening, a fence belongs to a docstring or is a diff's context line.
    return marks.startswith(fence.marks) and not info.strip() and len(indent) <= len(fence.indent)


def _looks_like_diff(text: str) -> bool:
    """Tell whether a text starts as a diff does; a program may quote one further down."""
    starts = text.lstrip().startswith(("diff --git ", "Index: ", "---", "@@"))
    return starts and "\n@@" in f"\n{text}"
