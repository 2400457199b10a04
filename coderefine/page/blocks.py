"""Divides a page by its headings: examples, inputs and outputs as several sites label them, and constraints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from coderefine.page.code import FENCE
from coderefine.page.text import Line

_WORDS = {
    "both": r"sample input ?#?\d*\s+sample output ?#?\d*",
    "sample input": r"sample input(?: ?#?\d+)?|入力例 ?\d*|input ?copy|example input",
    "sample output": r"sample output(?: ?#?\d+)?|出力例 ?\d*|output ?copy|example output",
    "example": r"(?:examples?|sample(?: tests?| case)?s?|示例) ?#?\d*",
    "input": r"input|输入",
    "output": r"output|输出",
    "explanation": r"explanation(?: of sample)? ?#?\d*|sample explanation ?#?\d*|解释|note|notes",
    "constraints": r"constraints|提示|limits",
    "section": r"follow[- ]?up|hints?|problem(?: statement)?|scoring|(?:input|output) (?:format|specification)|进阶|"
    r"related topics|similar questions|topics|companies|accepted|submissions",
}
_LABEL = re.compile(
    r"^[\s>*#\-|]*"
    + "(?:" + "|".join(f"(?P<k{number}>{words})" for number, words in enumerate(_WORDS.values())) + ")"
    + r"(?P<copy>\s*copy)?\s*(?P<after>[:*_\s]*)(?P<rest>.*)$",
    re.IGNORECASE,
)  # fmt: skip
_GLUED = re.compile(r"(?:Examples?)?(Input|Output)Copy(?=\S)|(?<=\S)(?:Examples?)?(Input|Output)Copy")
_TOGETHER = re.compile(r"(?<=\s)(?=(?:Example \d+|Input|Output|Explanation|Constraints|Follow[- ]up):\s)")
_COPY = re.compile(r"\s*copy\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Block:
    """The text below a heading, or after it on its line."""

    label: str
    """A key of the table above; "" for the text before the first heading."""
    line: int
    """The line of the heading."""
    lines: tuple[Line, ...]
    inline: bool = False
    """Whether the text begins on the heading's line."""
    follows_example: bool = False
    """Whether the heading of an example is above it, after the last section."""


@dataclass(frozen=True, slots=True)
class Example:
    """An input with its output."""

    given: tuple[Line, ...]
    answer: tuple[Line, ...]
    line: int
    """The line where it begins."""
    is_fenced: bool = False
    """Whether the output is between fences, and so may be empty."""


def blocks(lines: Sequence[Line]) -> list[Block]:
    """Return the blocks of a page in order."""
    found: list[Block] = []
    label, start, inline, inside = "", 0, False, False
    held: list[Line] = []
    for line in _unglued(lines):
        heading = _heading(line)
        if heading is None:
            if not _COPY.fullmatch(line.text):
                held.append(line)
            continue
        found.append(Block(label, start, tuple(held), inline, inside))
        label, rest = heading
        inside = (inside or label == "example") and label not in ("constraints", "section")
        start, inline, held = line.number, bool(rest), [Line(line.number, rest)] if rest else []
    return [*found, Block(label, start, tuple(held), inline, inside)]


def _heading(line: Line) -> tuple[str, str] | None:
    """Return a heading's label and the text after it on its line; None where the line is not a heading."""
    match = _LABEL.match(line.text)
    if match is None:
        return None
    label = next(name for number, name in enumerate(_WORDS) if match[f"k{number}"])
    rest = match["rest"].strip().removeprefix("**").strip()
    if rest and ":" not in match["after"]:
        return None
    if label == "section" and rest and "follow" not in line.text.lower():
        return None
    return label, rest


def _unglued(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines with each heading on a line of its own, even where copying joined it with other text."""
    for line in lines:
        if "Input:" in line.text and "Output:" in line.text:  # for instance a page's description on one line
            yield from (replace(line, text=part) for part in _TOGETHER.split(line.text))
            continue
        at = 0
        for match in _GLUED.finditer(line.text):
            if line.text[at : match.start()].strip():
                yield replace(line, text=line.text[at : match.start()])
            yield replace(line, text=f"{match[1] or match[2]}Copy")
            at = match.end()
        if at == 0 or line.text[at:].strip():
            yield replace(line, text=line.text[at:])


def examples(found: Sequence[Block]) -> list[Example]:
    """Return the examples, in the order of the page."""
    kind = "sample " if any(it.label in ("sample input", "both") for it in found) else ""
    pairs: list[Example] = []
    given: Block | None = None
    for block in found:
        if block.label == "both":
            cells = _cells(block.lines)
            pairs += [Example(*cells, block.line)] if cells else []
        elif block.label == f"{kind}input":
            given = block if kind or block.follows_example or block.inline else None
        elif block.label == f"{kind}output" and given is not None:
            pairs.append(Example(_fenced(given), _fenced(block), given.line, _fence_in(block.lines) is not None))
            given = None
    return pairs


def _fenced(block: Block) -> tuple[Line, ...]:
    """Return the lines of an input or an output; where it begins with a fence, those up to the next fence."""
    start = _fence_in(block.lines)
    if start is None:
        return block.lines
    inside = block.lines[start + 1 :]
    end = next((at for at, line in enumerate(inside) if FENCE.match(line.text)), len(inside))
    return inside[:end]


def _fence_in(lines: Sequence[Line]) -> int | None:
    first = next((at for at, line in enumerate(lines) if not line.is_blank), None)
    return first if first is not None and FENCE.match(lines[first].text) else None


def _cells(lines: Sequence[Line]) -> tuple[tuple[Line, ...], tuple[Line, ...]] | None:
    """Return the two cells of a table's row, which a tab or blank lines separate; None where there are not two."""
    lines = _trimmed(lines)
    for at, line in enumerate(lines):
        if "\t" in line.text:
            before, _, after = line.text.partition("\t")
            first = [*lines[:at], replace(line, text=before)]
            second = [replace(line, text=after), *lines[at + 1 :]]
            return tuple(_trimmed(first)), tuple(_trimmed(second))
    gaps = [at for at, line in enumerate(lines) if line.is_blank and not lines[at - 1].is_blank]
    if len(gaps) == 1:
        return tuple(lines[: gaps[0]]), tuple(_trimmed(lines[gaps[0] :]))
    return ((), tuple(lines)) if lines and not gaps else None


def _trimmed(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without blank ones at the ends."""
    kept = [at for at, line in enumerate(lines) if not line.is_blank]
    return list(lines[kept[0] : kept[-1] + 1]) if kept else []
