"""Makes a problem from a page's text: its headings show the site, and its code shows what is called.

Guarantees: nothing in the text is executed, and nothing but literals is evaluated; its size is limited; what was not
understood is reported with its line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from coderefine.errors import UsageError
from coderefine.formats.record import RowError, slug_of
from coderefine.page import prose
from coderefine.page.blocks import Example, blocks, examples
from coderefine.page.calls import Reading, class_problem, function_problem, is_class, shown_names
from coderefine.page.code import Parts, is_editors_file, is_stub, parts
from coderefine.page.comments import comments, uncommented
from coderefine.page.runs import program_problem
from coderefine.page.signature import Signature, signature
from coderefine.page.text import Line, Note, lines_of
from coderefine.page.values import named
from coderefine.problem.problem import Param, Problem
from coderefine.problem.typespec import ANY
from coderefine.rendering import count

MAX_EXAMPLES = 200
NO_STATEMENT = (
    "the file has no examples in its comment; have the extension write them "
    '("leetcode.showDescription": "Both"), or give the page of the problem: --from TEXT'
)
"""Advice for a file of LeetCode's extension for VS Code."""
_MOST_TOLD = 10
"""The most notes in a message."""


@dataclass(frozen=True, slots=True)
class Page:
    """A problem read from its page."""

    problem: Problem
    program: str = ""
    """A program on the page that does something, to be repaired; "" where there is none."""
    oracle: str = ""
    """A right program; "" where none came with the problem."""
    notes: tuple[Note, ...] = ()
    """What was not understood, or is ambiguous, in the order of the lines."""

    @property
    def told(self) -> str:
        """A line on what was read from the page."""
        tests = count(len(self.problem.visible), "example")
        called = f", for {self.problem.entry}" if self.problem.entry else ""
        return f"tests: {tests} of {self.problem.title}{called}"


def read(text: str, program: str = "", target: str = "") -> Page:
    """Return the problem of a page; raises UsageError where it has no example that can be read.

    `program` is a solution for it: where the page has no code, the program shows what is called. `target` is the
    function to call, where that is ambiguous.
    """
    lines = lines_of(text)
    page = _read(parts(lines if is_editors_file(text) else uncommented(lines)), program, target)
    if page is None:
        raise UsageError(_nothing(text))
    return page


def read_program(source: str, target: str = "", name: str = "") -> Page | None:
    """Return the problem whose page is in the comments and docstrings of a program; None where there is none.

    `name` is the title of a problem that has none there. Raises UsageError where no example can be read.
    """
    page = _read(Parts(tuple(comments(source)), ""), source, target, name) if "utput" in source else None
    return page if page is not None and page.problem.entry else None


def _read(found: Parts, program: str, target: str, name: str = "") -> Page | None:
    sections = blocks(found.prose)
    pairs = examples(sections)
    if not pairs:
        return None
    reading = Reading()
    if len(pairs) > MAX_EXAMPLES:
        reading.tell(pairs[MAX_EXAMPLES].line, f"only the first {MAX_EXAMPLES} of {len(pairs):,} examples are read")
        pairs = pairs[:MAX_EXAMPLES]
    powers, notes = prose.with_powers(sections)
    reading.notes += notes
    said = prose.order(found.prose)
    fields = _fields(found, powers, reading, name)
    problem = _problem(found, pairs, said, fields, reading, program, target)
    if not problem.visible:
        why = "; ".join(map(str, reading.notes[:_MOST_TOLD]))
        raise UsageError(f"none of {count(len(pairs), 'example')} could be read: {why}")
    problem = replace(problem, visible=_once(problem, reading))
    own = "" if not found.code or is_stub(found.code) else found.code
    return Page(problem, own, notes=tuple(sorted(reading.notes, key=lambda note: note.line)))


def _problem(
    found: Parts,
    pairs: Sequence[Example],
    said: prose.Order,
    fields: dict[str, Any],
    reading: Reading,
    program: str,
    target: str,
) -> Problem:
    code = found.code or program
    if is_class(code, pairs):
        return class_problem(code, pairs, fields, reading)
    called = signature(code, shown_names(pairs), target)
    if called is None and (pairs[0].given and named(pairs[0].given[0].text)):
        called = _guessed(pairs, fields["title"], reading)
    elif called is None or not (found.code or named("\n".join(line.text for line in pairs[0].given))):
        return program_problem(pairs, said, fields, reading)
    problem = function_problem(called, pairs, fields, reading)
    answers = [test.expected for test in problem.visible]
    return replace(problem, compare=prose.compare(said, answers, reading.notes))


def _guessed(pairs: Sequence[Example], title: str, reading: Reading) -> Signature:
    """Return a function as LeetCode would name it, where nothing says what is called."""
    words = re.findall(r"[A-Za-z0-9]+", title) or ["solve"]
    name = words[0].lower() + "".join(word.capitalize() for word in words[1:])
    name = name if name.isidentifier() else f"solve{name}"
    reading.tell(0, f"there is no code to begin with: Solution.{name} is assumed")
    return Signature(f"Solution.{name}", tuple(Param(it, ANY) for it in shown_names(pairs)), ANY, False)


def _fields(found: Parts, powers: dict[int, str], reading: Reading, name: str) -> dict[str, Any]:
    title = prose.title(found.prose) or name
    if not title:
        reading.tell(0, "no title is to be seen in the first lines")
    try:
        slug = re.sub(r"_+", "-", slug_of(title))
    except RowError:
        slug = "pasted-problem"
    return {
        "slug": slug,
        "title": title or "Pasted problem",
        "statement": _statement(found.prose, powers),
        "limits": prose.limits(found.prose),
        "starter": found.code if is_stub(found.code) else "",
        "difficulty": prose.level(found.prose),
    }


def _statement(lines: Sequence[Line], powers: dict[int, str]) -> str:
    text = "\n".join(powers.get(line.number, line.text) for line in lines)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _once(problem: Problem, reading: Reading) -> Any:
    """Return the tests without repetitions; tests that contradict each other are noted."""
    kept: dict[str, Any] = {}
    for test in problem.visible:
        same = kept.setdefault(repr(test.args), test)
        if same.expected != test.expected:
            reading.tell(0, f"{same.name} and {test.name} contradict each other: the same input, another output")
    return tuple(kept.values())


def _nothing(text: str) -> str:
    if is_editors_file(text):
        return NO_STATEMENT
    return (
        "there are no examples in the text: looked for `Input:` and `Output:` below `Example 1:`, "
        "and for `Sample Input 1` and `Sample Output 1`; paste the whole page"
    )
