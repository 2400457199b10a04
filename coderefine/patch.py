"""Edits of a program text: written as a unified diff, applied from one, and read from a model's answer.

Guarantees: `apply_diff(a, make_diff(a, b)) == b` for any two different texts, "\\r", form feeds and missing final
newlines included; all hunks of a diff apply, or none; whatever the text given, nothing is raised but PatchError, and no
step takes quadratic time.

What models get wrong in a diff is line numbers, counts, white space and context marks. So the numbers are recounted from
the hunk bodies, unidiff parses each hunk, and a hunk goes where its old lines are: exactly; else with trailing white
space and lost context marks forgiven; else, if just one place has these lines under another indent, there, re-indented.

Lines end at "\\n" only. `str.splitlines` also splits at "\\r", "\\f" and U+2028, which are legal inside a Python line, so
unidiff is handed ready-made lines.
"""

from __future__ import annotations

import difflib
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from unidiff import PatchSet, UnidiffParseError

from coderefine.errors import PatchError

MAX_ANSWER_BYTES = 2**20
_MAX_WORK = 5_000_000  # hunks times source lines: some seconds at worst
_NO_NEWLINE = "\\ No newline at end of file\n"
_WANTED = "answer with one ```diff block, or with one ```python block that holds the whole new file"
_NULL = "/dev/null"
_HUNK_HEADER = re.compile(r"@@ *-([0-9]{1,9})(?:,([0-9]{1,9}))?\b")
_FENCE = re.compile(r"([ \t]*)(`{3,}(?=[^`\n]*$)|~{3,})(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Patch:
    """An edit of a whole program text."""

    before: str
    after: str
    note: str = ""
    """What it does, in a few words."""

    @property
    def diff(self) -> str:
        """The edit as a unified diff of `solution.py`; "" if nothing changes."""
        return make_diff(self.before, self.after)


def make_diff(before: str, after: str, name: str = "solution.py") -> str:
    r"""Return the unified diff of two texts, with three lines of context; "" if they are equal.

    `name` is one line. The time is that of difflib: fine for programs, quadratic at worst for a huge repetitive text.
    """
    diff = difflib.unified_diff(_lines(before), _lines(after), f"a/{name}", f"b/{name}")
    return "".join(line if line.endswith("\n") else f"{line}\n{_NO_NEWLINE}" for line in diff)


def apply_diff(source: str, diff: str) -> str:
    """Return `source` with every hunk of `diff` applied; CRLF line ends stay as they are.

    Raises PatchError, naming the hunk and the line at fault, if a hunk matches nowhere or in several places with no
    line number to choose between them, if hunks overlap, if there is none or nothing changes, if the diff names more
    than one file, and above 1 MiB of diff.
    """
    return _apply(source, [diff])


def read_answer(source: str, answer: str) -> Patch:
    """Return the edit of `source` that a language model's answer, prose and all, asks for.

    All diffs of the answer are applied in order, or none; without a diff, its one fenced code block is the new file.
    Raises PatchError for what `apply_diff` refuses, and for an answer that is empty, truncated, above 1 MiB, changes
    nothing, or has no diff and not exactly one code block.
    """
    _check_size(answer)
    if not answer.strip():
        raise PatchError(f"the answer is empty: {_WANTED}")
    diffs, codes = _read_blocks(_unix(answer))
    if diffs:
        return Patch(source, _apply(source, diffs))
    if not codes:
        raise PatchError(f"the answer has neither a diff nor a code block: {_WANTED}")
    if len(codes) > 1:
        raise PatchError(f"the answer has {len(codes)} different code blocks and no diff: {_WANTED}")
    after = codes[0].replace("\n", "\r\n") if _eol(source) == "\r\n" and "\r\n" not in codes[0] else codes[0]
    if after in (source, source + _eol(source)):  # a fenced block cannot but end in a newline
        raise PatchError("the answer changes nothing: its code block is the program as it was")
    return Patch(source, after)


# ---- the answer


class _Fence(NamedTuple):
    indent: str
    marks: str
    label: str
    body: list[str]


def _read_blocks(answer: str) -> tuple[list[str], list[str]]:
    """Return the diffs of an answer, and its different non-empty code blocks."""
    if _looks_like_diff(answer) and not re.search(r"^(?:```|~~~)", answer, re.MULTILINE):
        return [answer], []  # all of it is a diff: an indented fence belongs to the program
    outside, fences = _split_fences(answer)
    diffs, codes = [], []
    for fence in fences:
        body = _dedent(fence)
        if not body.strip():
            continue
        if fence.label in ("diff", "patch", "udiff") or _looks_like_diff(body):
            diffs.append(body)
        elif fence.label in ("", "python", "python3", "py") and body not in codes:
            codes.append(body)
    if not diffs and any(line.startswith("@@") for line in outside):
        while outside[-1][0] not in "@+- \\":  # prose after a bare diff is not its context
            outside.pop()
        diffs.append("".join(outside))
    return diffs, codes


def _split_fences(answer: str) -> tuple[list[str], list[_Fence]]:
    """Return the lines outside of fenced blocks, and the blocks."""
    outside: list[str] = []
    fences: list[_Fence] = []
    fence: _Fence | None = None
    for line in _lines(answer):
        mark = _FENCE.match(line)
        if fence is None:
            if mark:
                label = re.match(r"[\w+-]*", mark[3].strip().lower())
                fence = _Fence(mark[1], mark[2], label[0] if label else "", [])
            else:
                outside.append(line)
        elif (
            mark
            and mark[2].startswith(fence.marks)
            and not mark[3].strip()
            and len(mark[1]) <= len(fence.indent)  # deeper: a fence in a docstring, or a diff's context line
        ):
            fences.append(fence)
            fence = None
        else:
            fence.body.append(line)
    if fence is not None:
        raise PatchError(f"the answer was truncated: its last {fence.marks} block is not closed. Send all of it")
    return outside, fences


def _dedent(fence: _Fence) -> str:
    """Return the body without the indent of its fence, if all of it has that indent."""
    if all(line.startswith(fence.indent) or not line.strip() for line in fence.body):
        return "".join(line.removeprefix(fence.indent) if line.strip() else "\n" for line in fence.body)
    return "".join(fence.body)


def _looks_like_diff(text: str) -> bool:
    """Tell whether a text starts as a diff does; a program may well quote one further down."""
    return bool(re.match(r"(?:diff --git|Index:|---|@@)", text.lstrip())) and "\n@@" in "\n" + text
