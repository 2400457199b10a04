"""The final answer in a text: what stands behind `Answer:`, `####` or in `\\boxed{}`, and whether two are the same.

Texts are model answers, so every pattern takes linear time, and what is longer than an answer is none.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal, TypeAlias, get_args

Form: TypeAlias = Literal["choice", "number", "text"]
"""A letter of several choices; a number; words that are compared without regard to case, quotes and white space."""
FORMS: tuple[Form, ...] = get_args(Form)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MAX_CHARS = 500
"""The most characters of an answer; a longer text is no answer."""
_MARKED = re.compile(
    r"(?:^|[^a-z])(?:answer(?:[ \t]+is)?[ \t*]*[:=][ \t*]*|answer[ \t]+is[ \t]+|#{4}[ \t]*)([^\n]{0,500})",
    re.IGNORECASE,
)
_BOXED = re.compile(r"\\boxed\{([^{}\n]{1,500})\}")
_LETTER = re.compile(r"\(?([A-Za-z])\)?(?:[).:,\s].*)?$", re.DOTALL)
_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][-+]?\d{1,3})?")
_AROUND = " \t\r\n*_`'\"$\u201c\u201d"


def final_answer(text: str, form: Form, choices: Sequence[str] = ()) -> str | None:
    """Return the last answer in a text, in the given form; None where none can be read.

    A text of one line without a mark is itself the answer.
    """
    marked = [found[1] for found in _MARKED.finditer(text)]
    boxed = _BOXED.findall(marked[-1] if marked else text)
    if boxed:
        return normal(boxed[-1], form, choices)
    if marked:
        return normal(marked[-1], form, choices)
    only = text.strip()
    return None if "\n" in only or len(only) > MAX_CHARS else normal(only, form, choices)


def normal(answer: str, form: Form, choices: Sequence[str] = ()) -> str | None:
    """Return an answer in the form in which it is compared and counted; None where it does not have that form."""
    words = _plain(answer)
    if not words or len(words) > MAX_CHARS:
        return None
    if form == "choice":
        return _letter(words, choices)
    if form == "number":
        found = _number(words)
        return None if found is None else _written(found)
    return " ".join(words.casefold().split())


def same_answer(one: str, other: str, form: Form) -> bool:
    """Whether two answers, as `normal` returns them, are the same; numbers may differ by a millionth."""
    if one == other or form != "number":
        return one == other
    first, second = _number(one), _number(other)
    return first is not None and second is not None and math.isclose(first, second, rel_tol=1e-6, abs_tol=1e-9)


def _plain(answer: str) -> str:
    plain = answer.strip(_AROUND)
    return plain.removesuffix(".").strip(_AROUND)


def _letter(words: str, choices: Sequence[str]) -> str | None:
    said = " ".join(words.casefold().split())
    for letter, choice in zip(LETTERS, choices, strict=False):
        if said == " ".join(_plain(choice).casefold().split()):
            return letter
    found = _LETTER.match(words)
    if found is None or (choices and LETTERS.index(found[1].upper()) >= len(choices)):
        return None
    is_word = found[1].islower() and len(words) > 1 and not words.startswith(("(", f"{found[1]})"))
    return None if is_word else found[1].upper()


def _number(words: str) -> Fraction | None:
    """Return the number that an answer begins with, ignoring a currency before it; the last number of a calculation."""
    said = words.replace("\u2212", "-").rpartition("=")[2].strip(_AROUND + "\u20ac\u00a3").removeprefix("\\$")
    parts = [found[0] for found in _NUMBER.finditer(said) if any(map(str.isdigit, found[0]))]
    if not parts or (len(said) > len(parts[0]) and not said.startswith(parts[0]) and len(parts) != 1):
        return None
    try:
        number = Fraction(parts[0].replace(",", ""))
        rest = said.partition(parts[0])[2].lstrip()
        if rest.startswith("/") and len(parts) > 1 and rest[1:].lstrip().startswith(parts[1]):
            number /= Fraction(parts[1].replace(",", ""))
    except (ValueError, ZeroDivisionError):
        return None
    return number if abs(number) < Fraction(10) ** 300 else None


def _written(number: Fraction) -> str:
    return str(number.numerator) if number.denominator == 1 else repr(float(number))
