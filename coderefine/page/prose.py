"""Reads a page's prose: title and limits, how answers are compared, and powers that lost their exponents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from coderefine.page.blocks import Block
from coderefine.page.text import Line, Note, shown
from coderefine.problem.compare import Compare
from coderefine.problem.problem import MEMORY_MIB, TIME_S, Limits

_MAX_TITLE = 100
_CHROME = re.compile(
    r"(?:solved|attempted|topics|companies|hint|hints|premium lock icon|editorial|solutions?|submissions?|description|"
    r"accepted|copy|easy|medium|hard|https?://\S+|algorithms|\*|(?:problem )?statement|time limit.*|memory limit.*|"
    r"(?:input|output)(?:standard|: standard).*|likes:.*|dislikes:.*|total \w+:.*|testcase example:.*|"
    r"score ?:.*|[\d.,]+[km]?|cpu time limit.*)",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"^(?:#+\s*)?(?:\[\d+\]|\d+\.(?=\s)|(?:Problem )?[A-Z]\d?\s?[.-](?=\s)|(?i:LeetCode|LC)\s+\d+[.:]?)\s*"
)
_LABELLED = re.compile(r"(?:input|output|explanation)\s*:", re.IGNORECASE)
_LEVEL = re.compile(r"(easy|medium|hard)(?:\s*\(.*\))?", re.IGNORECASE)
_TIME = re.compile(r"time limit(?: per test)?\s*:?\s*([\d.]+)\s*s", re.IGNORECASE)
_MEMORY = re.compile(r"memory limit(?: per test)?\s*:?\s*(\d+)\s*(g|m)", re.IGNORECASE)
_POWER_OF_TEN = re.compile(r"(?<![\w.^*{])10([2-9]|1[0-8])(?![\w.^}])(?!,\d)")
_POWER_OF_TWO = re.compile(r"(?<![\w.^*{])2(1[56]|3[0-2]|6[0-4])(?=\s*-\s*1(?!\d))")
_ANY_ORDER = re.compile(r"\bin any order\b|\bany order\b|order (?:of .{0,60})?does(?: not|n't) matter", re.IGNORECASE)
_SEVERAL = re.compile(
    r"(?:return|print|output|find) any\b(?! order)|any (?:one )?of them|any valid|"
    r"multiple (?:valid )?(?:answers|solutions)|more than one (?:answer|solution|possible)",
    re.IGNORECASE,
)
_ANY_CASE = re.compile(
    r"\bin any (?:letter )?case\b|(?:upper|lower|either)[ -]?case or|case[- ]insensitive", re.IGNORECASE
)
_WITHIN = re.compile(
    r"(?:within|exceed|error|precision)\D{0,60}?10\s*(?:\^|\*\*)?\s*\{?\s*-\s*(\d{1,2})", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Order:
    """A statement's words on which answers are right."""

    any_order: int = 0
    """The line that allows any order; 0 where none does."""
    several: int = 0
    """The line that allows several answers; 0 where none does."""
    any_case: int = 0
    """The line that ignores the case of letters; 0 where none does."""
    tolerance: float = 0.0


def title(prose: Sequence[Line]) -> str:
    """Return the first line that is not part of the site's own text; "" where that is a sentence or an example's."""
    for line in prose:
        text = line.text[: 2 * _MAX_TITLE].strip().strip("*").strip()
        if text and not _CHROME.fullmatch(text):
            text = _NUMBER.sub("", text.removesuffix("Editorial").strip()).lstrip("# ").strip()
            return "" if len(text) > _MAX_TITLE or text.endswith((".", ":")) or _LABELLED.match(text) else text
    return ""


def level(prose: Sequence[Line]) -> str:
    """Return easy, medium or hard where a line of the page consists of that word; else ""."""
    found = (_LEVEL.fullmatch(line.text.strip()) for line in prose[:40])
    return next((match[1].lower() for match in found if match), "")


def limits(prose: Sequence[Line]) -> Limits:
    """Return the limits that the page states, within those that a problem may have."""
    text = "\n".join(line.text for line in prose)
    found = Limits()
    if match := _TIME.search(text):
        found = replace(found, time_s=min(max(float(match[1].strip(".") or 1), TIME_S[0]), TIME_S[1]))
    if match := _MEMORY.search(text):
        size = int(match[1][:9]) * (1024 if match[2].lower() == "g" else 1)
        found = replace(found, memory_mib=min(max(size, MEMORY_MIB[0]), MEMORY_MIB[1]))
    return found


def order(prose: Sequence[Line]) -> Order:
    """Return the statement's words on which answers are right."""
    any_order = several = any_case = 0
    tolerance = 0.0
    for line in prose:
        if _ANY_ORDER.search(line.text):
            any_order = any_order or line.number
        elif _SEVERAL.search(line.text):
            several = several or line.number
        if _ANY_CASE.search(line.text):
            any_case = any_case or line.number
        if match := _WITHIN.search(line.text):
            tolerance = tolerance or 10.0 ** -max(1, int(match[1]))
    return Order(any_order, several, any_case, tolerance)


def with_powers(found: Sequence[Block]) -> tuple[dict[int, str], list[Note]]:
    """Return corrected lines of the constraints whose powers lost their exponents (`-109 <= x <= 109`), by number.

    A page that writes a power anywhere in them has lost none.
    """
    lines = [line for block in found if block.label == "constraints" for line in block.lines]
    if any(re.search(r"\^|\d\*\*\d|[⁰¹²³⁴⁵⁶⁷⁸⁹]", line.text) for line in lines):
        return {}, []
    put_right: dict[int, str] = {}
    notes: list[Note] = []
    for line in lines:
        text = _POWER_OF_TWO.sub(r"2^\1", line.text)
        if text != line.text:
            text = re.sub(r"(?<![\w.^*])-2(31|63)(?=\s*<)", r"-2^\1", text)
        text = _POWER_OF_TEN.sub(r"10^\1", text)
        if text != line.text:
            put_right[line.number] = text
            notes.append(Note(line.number, f"read as {shown(text)}"))
    return put_right, notes


UNORDERED_WITHIN = Compare(
    "checker",
    checker='''\
"""In any order, and so within each list; but as often each."""


def check(args, expected, got):
    if not isinstance(got, (list, tuple)) or not all(isinstance(it, (list, tuple)) for it in got):
        return "expected a list of lists"
    return sorted(map(members, got)) == sorted(map(members, expected))


def members(found):
    return sorted(map(repr, found))
''',
)


def compare(said: Order, answers: Sequence[object], notes: list[Note]) -> Compare:
    """Return how the answers of a function are compared, and note what the statement leaves open."""
    if said.several:
        text = "several answers are right, it says, but those of the examples alone are taken; write a checker.py"
        notes.append(Note(said.several, text))
    if said.any_order and all(isinstance(answer, list) for answer in answers) and answers:
        if _are_unordered_within(answers):
            notes.append(Note(said.any_order, "any order is right, within the inner lists as well (checker.py)"))
            return UNORDERED_WITHIN
        notes.append(Note(said.any_order, "any order is right, of the list as a whole"))
        return Compare("unordered")
    if said.tolerance or any(isinstance(answer, float) for answer in answers):
        return Compare("float", said.tolerance or 1e-5)
    return Compare()


def _are_unordered_within(answers: Sequence[object]) -> bool:
    """Whether the answers are lists of lists that differ in more than the order of their members.

    Where they differ in that alone, as permutations do, their order is the answer.
    """
    inner = [item for answer in answers if isinstance(answer, list) for item in answer]
    if not inner or not all(isinstance(item, list) for item in inner):
        return False
    return all(
        len({tuple(sorted(map(repr, item))) for item in answer}) == len({tuple(map(repr, item)) for item in answer})
        for answer in answers
        if isinstance(answer, list)
    )
