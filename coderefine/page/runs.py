"""Problems whose examples are the input and output of a program, as on AtCoder, Codeforces and Kattis."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from coderefine.kinds.program import PROGRAM
from coderefine.page.blocks import Example
from coderefine.page.calls import Reading
from coderefine.page.prose import Order
from coderefine.page.text import Line, joined, shown
from coderefine.problem.compare import Compare
from coderefine.problem.problem import Problem, TestCase

_LEAST_WORDS = 5
_LEAST_SMALL = 3
_WORD = re.compile(r"(?<![\w.])[A-Za-z]{2,}(?!\w)")
_WIDE = re.compile(r"[\u3001\u3002\u3040-\u30ff]|[\u4e00-\u9fff]{3}")
"""Characters of a Japanese or Chinese sentence."""


def program_problem(examples: Sequence[Example], said: Order, fields: dict[str, Any], reading: Reading) -> Problem:
    """Return the problem of a whole program; what was cut from a sample is noted."""
    for number, example in enumerate(examples, 1):
        output = example.answer if example.is_fenced else _output(example, reading)
        given, answer = textwrap.dedent(joined(example.given)), textwrap.dedent(joined(output))
        if not answer.strip() and not example.is_fenced:
            reading.skip(example.line, "its output is empty")
            continue
        if not given.strip():
            reading.tell(example.line, "its input is empty")
        reading.tests.append(TestCase(f"sample {number}", (_text(given),), _text(answer)))
    if said.any_order or said.several:
        text = "several outputs are right, it says, but those of the samples alone are taken; write a checker.py"
        reading.tell(said.any_order or said.several, text)
    if said.any_case:
        reading.tell(said.any_case, "the case of letters does not matter, it says, but here it has to be the samples'")
    compare = Compare("float", said.tolerance) if said.tolerance else Compare("tokens")
    return Problem(kind=PROGRAM, entry="", visible=tuple(reading.tests), compare=compare, **fields)


def _output(example: Example, reading: Reading) -> Sequence[Line]:
    """Return the lines of an output, without an explanation below it."""
    lines = example.answer
    start = next((at for at, line in enumerate(lines) if not line.is_blank), len(lines))
    for at in range(start + 1, len(lines)):
        begins = lines[at - 1].is_blank and not lines[at].is_blank  # after a blank line, fewer signs of prose suffice
        has_words = any(char.isalpha() for line in lines[start:at] for char in line.text)
        is_prose = (_speaks if has_words else _has_words) if begins else _is_sentence
        paragraph = takewhile(lambda line: not line.is_blank, lines[at:]) if begins else lines[at : at + 1]
        if any(is_prose(line.text) for line in paragraph) and not any(is_prose(line.text) for line in lines[start:at]):
            reading.tell(lines[at].number, f"taken for an explanation, and not for output: {shown(lines[at].text)!r}")
            return lines[:at]
    return lines


def _has_words(text: str) -> bool:
    """Whether a line has more than one word, which is enough to be prose below numbers."""
    return len(_WORD.findall(text)) > 1 or _speaks(text)


def _speaks(text: str) -> bool:
    """Whether a line reads like a sentence: it has lower-case words, or ends like one."""
    words = [word.strip("(),.:;'\"`$") for word in text.split()]
    small = sum(len(word) > 1 and word.isalpha() and word.islower() for word in words)
    is_short_one = small and text.lstrip()[:1].isupper() and text.rstrip().endswith(".")
    return bool(small >= _LEAST_SMALL or is_short_one or _WIDE.search(text))


def _is_sentence(text: str) -> bool:
    words = text.split()
    prose = sum(word.strip("(),.:;'\"").isalpha() for word in words)
    begins, ends = text.lstrip()[:1], text.rstrip()[-1:]
    return len(words) >= _LEAST_WORDS and 2 * prose > len(words) and begins.isupper() and ends in ".:)!"


def _text(text: str) -> str:
    return text + "\n" if text else ""
