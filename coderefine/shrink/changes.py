"""Divides an edit of a text into changes that can be made independently: hunks, lines, tokens."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from coderefine.patch.lines.edit import split_lines

TOKEN = re.compile(
    r"""\s*(?:[rbfuRBFU]{0,2}(?:\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
    r"""|\#[^\n]*|\w+|->|:=|(?:\*\*|//|<<|>>|[-+*/%@&|^<>=!])=?|.)|\s+""",
    re.DOTALL,
)
_LEAST_ALIKE = 0.4
"""The least likeness of two lines for one to count as changed into the other."""
_MOST_PAIRS = 4000
"""The most pairs of lines that are compared in one hunk."""
_MOST_LETTERS = 200
"""The most characters of a line that are compared."""


@dataclass(frozen=True, slots=True)
class Change:
    """A text that replaces `before[start:end]`."""

    start: int
    end: int
    text: str


Split = Callable[[str, str], list[Change]]
"""Returns the changes that lead from one text to another, in order; all of them together are the whole edit."""


def applied(before: str, changes: Iterable[Change]) -> str:
    """Return `before` with changes made, which are in order and do not overlap."""
    parts, at = [], 0
    for change in changes:
        parts += [before[at : change.start], change.text]
        at = change.end
    return "".join([*parts, before[at:]])


def edited_lines(before: str, after: str) -> int:
    """Return how many lines are removed and added."""
    return sum(
        before.count("\n", it.start, it.end)
        + (not before[it.start : it.end].endswith("\n") and it.end > it.start)
        + len(split_lines(it.text))
        for it in hunks(before, after)
    )


def likeness(before: str, after: str) -> float:
    """Return how much two programs have in common, from 0 to 1, regardless of layout and comments."""
    one, other = _words(before), _words(after)
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def hunks(before: str, after: str) -> list[Change]:
    """Divide an edit into runs of changed lines."""
    return list(_differences(split_lines(before), split_lines(after)))


def lines(before: str, after: str) -> list[Change]:
    """Divide an edit into lines: changed ones, removed ones, and new ones."""
    return [line for hunk in hunks(before, after) for line in _lines_of(before, hunk)]


def tokens(before: str, after: str) -> list[Change]:
    """Divide an edit into tokens, each with the white space before it."""
    return [
        Change(hunk.start + it.start, hunk.start + it.end, it.text)
        for hunk in hunks(before, after)
        for it in _differences(TOKEN.findall(before[hunk.start : hunk.end]), TOKEN.findall(hunk.text))
    ]


def _differences(old: Sequence[str], new: Sequence[str], at: int = 0) -> Iterator[Change]:
    starts = [at]
    for piece in old:
        starts.append(starts[-1] + len(piece))
    for what, i, i_end, j, j_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what != "equal":
            yield Change(starts[i], starts[i_end], "".join(new[j:j_end]))


def _lines_of(before: str, hunk: Change) -> Iterator[Change]:
    old, new = split_lines(before[hunk.start : hunk.end]), split_lines(hunk.text)
    if len(old) * len(new) > _MOST_PAIRS:
        yield hunk
        return
    starts = [hunk.start]
    for line in old:
        starts.append(starts[-1] + len(line))
    for (i, j), (i_end, j_end) in pairwise([(-1, -1), *_pairs(old, new), (len(old), len(new))]):
        yield from (Change(starts[gone], starts[gone + 1], "") for gone in range(i + 1, i_end))
        yield from (Change(starts[i_end], starts[i_end], line) for line in new[j + 1 : j_end])
        if i_end < len(old):
            yield Change(starts[i_end], starts[i_end + 1], new[j_end])


def _pairs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return which line became which, in order, with the greatest total likeness."""
    likeness = [[_likeness(one, other) for other in new] for one in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + likeness[i][j])
    found, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if likeness[i][j] and best[i][j] == best[i + 1][j + 1] + likeness[i][j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _likeness(one: str, other: str) -> float:
    if not one.strip() or not other.strip():
        return 0.0
    ratio = likeness(one[:_MOST_LETTERS], other[:_MOST_LETTERS])
    return ratio if ratio >= _LEAST_ALIKE else 0.0


def _words(text: str) -> list[Hashable]:
    tokens = (token.strip() for token in TOKEN.findall(text))
    return [token for token in tokens if token and not token.startswith("#")]
