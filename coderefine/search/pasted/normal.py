"""One certain normalisation, before any search: it undoes damage from copying, which no edit of the program is.

A text that parses and binds its names is left alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coderefine.search.facts.program import Program
from coderefine.search.facts.tree import MAX_CHARS, parse
from coderefine.search.pasted import characters, python2, transcript
from coderefine.search.syntax.lines import read

_STEPS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("", lambda text: text.replace("\r\n", "\n").replace("\r", "\n")),
    ("the fences of a page", transcript.unfenced),
    ("signs of a word processor or a page", characters.plain),
    ("entities of a page", characters.unescaped),
    ("prompts of an interpreter", transcript.unprompted),
    ("line numbers", transcript.unnumbered),
    ("the indentation of all lines", transcript.dedented),
)
_TABS = 8, 4


@dataclass(frozen=True, slots=True)
class Normal:
    """A possible original text, and what was undone to get it."""

    text: str
    note: str


def normal_forms(source: str) -> list[Normal]:
    """Return what a program may have been before it was copied, likeliest first; the tests choose.

    [] if it was not copied.
    """
    if len(source) > MAX_CHARS:
        return []
    text, undone = source, list[str]()
    for name, step in _STEPS:
        if not _fails(text):
            break
        text = _taken(text, step, name, undone)
    if isinstance(parse(text), TabError):
        spaced = next((it for size in _TABS if not _fails(it := transcript.untabbed(text, size))), text)
        text = _taken(text, lambda _: spaced, "tabs", undone)
    without = f"without {', '.join(undone)}" if undone else ""
    old = text
    if _fails(text) or Program(text).unbound or python2.is_python2(text):
        text = _taken(text, python2.translated, "Python 2", undone)
    if text == old:
        return [Normal(text, f"pasted: {without}")] if without else []
    note = f"pasted: from Python 2 to 3{without and ', '}{without}"
    forms = [Normal(text, note)]
    if python2.is_python2(old):
        numbers = python2.translated(python2.evaluated(old))
        for name, new in (
            ("`/` of integers", python2.divided(text)),
            ("`input()` of numbers", numbers),
            ("`/` of integers, `input()` of numbers", python2.divided(numbers)),
        ):
            if all(new != form.text for form in forms):
                forms.append(Normal(new, f"{note}, {name}"))
    return forms


def _taken(text: str, step: Callable[[str], str], name: str, undone: list[str]) -> str:
    """Return the text after a step, which is added to `undone`, where that makes no more lines invalid."""
    new = step(text)
    if new == text or (_fails(new) and _broken(new) > _broken(text)):
        return text
    if name:
        undone.append(name)
    return new


def _fails(text: str) -> bool:
    return isinstance(parse(text), SyntaxError)


def _broken(text: str) -> int:
    """Return how many lines cannot be statements in any context."""
    return sum(isinstance(line.shape, SyntaxError) for line in read(text))
