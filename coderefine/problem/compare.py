"""Decides on the host whether an answer is right, from exact builtin values that `values.decode` rebuilt."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Self

from coderefine.problem import published

Comparison = Literal["exact", "tokens", "unordered", "float", "checker", "python", "close", "json", "lines", "shown"]
"""How an answer is compared with the expected one; `docs/judge.md` says how."""
_PLAIN = ("exact", "tokens", "unordered", "python", "json", "lines", "shown")


@dataclass(frozen=True, slots=True)
class Compare:
    """How an answer is compared with the expected value."""

    mode: Comparison = "exact"
    tolerance: float = 0.0
    """For "float": absolute or relative, whichever is met.

    For "close": absolute; 0 means the tolerance of floats alone.
    """
    checker: str = ""
    """For "checker": the source of a `check(args, expected, got)`; it runs in the sandbox, like a candidate."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse a mode, with its tolerance where it has one, or `<name>.py`, a checker; raises ValueError."""
        if text in _PLAIN:
            return cls(mode=text)  # type: ignore[arg-type]
        if text.endswith(".py") and "/" not in text and "\\" not in text:
            return cls(mode="checker")
        name, _, tolerance = text.partition(":")
        try:
            if name == "float" and 0 < float(tolerance) < 1:
                return cls(mode="float", tolerance=float(tolerance))
            if name == "close" and 0 <= float(tolerance) < 1:
                return cls(mode="close", tolerance=float(tolerance))
        except ValueError:
            pass
        modes = ", ".join(_PLAIN)
        raise ValueError(f"expected {modes}, float:<tolerance>, close:<tolerance> or a checker.py, not {text!r}")

    @property
    def is_pythons(self) -> bool:
        """Whether Python's `==` decides, for values of any type."""
        return self.mode in ("python", "close")

    def equal(self, got: Any, expected: Any) -> bool:
        """Whether `got` is right. Not for mode "checker", which the judge runs in the sandbox.

        Nothing of `got` is copied but what is sorted, and only where `expected` is equally long. NaN is equal to
        itself, also within containers: a test that expects it means it. The modes "python", "close", "json" and "lines"
        differ in that, because they do what the harnesses of public sets do (`published.py`). "shown" is what doctest
        compares.
        """
        try:
            match self.mode:
                case "python":
                    return bool(got == expected)
                case "close":
                    return published.close(got, expected, self.tolerance)
                case "json":
                    return published.same_json(got, expected)
                case "lines":
                    return published.same_lines(got, expected)
                case "shown":
                    return _shown(got) == _shown(expected)
            if isinstance(expected, str) and isinstance(got, str) and self.mode in ("tokens", "float"):
                return _same_tokens(_words(got), _words(expected), self.tolerance)
            if self.mode == "unordered":
                return _same_members(got, expected)
            return (self.mode != "float" and bool(got == expected)) or _same(got, expected, self.tolerance)
        except RecursionError:
            return False


def _same(got: Any, expected: Any, tolerance: float) -> bool:
    """Whether two values are equal; tuples count as lists, as on the sites where such problems come from."""
    if isinstance(expected, (list, tuple)):
        return (
            isinstance(got, (list, tuple))
            and len(got) == len(expected)
            and all(_same(g, e, tolerance) for g, e in zip(got, expected, strict=True))
        )
    if isinstance(expected, dict):
        return (
            isinstance(got, dict)
            and got.keys() == expected.keys()
            and all(_same(got[key], expected[key], tolerance) for key in expected)
        )
    if isinstance(expected, complex) and isinstance(got, complex):
        return _close(got.real, expected.real, tolerance) and _close(got.imag, expected.imag, tolerance)
    if type(expected) in (int, float) and type(got) in (int, float):
        return _close(got, expected, tolerance)
    return bool(got == expected)


def _close(got: float, expected: float, tolerance: float) -> bool:
    if expected != expected:  # noqa: PLR0124 - math.isnan raises for an int too large for a float
        return bool(got != got)  # noqa: PLR0124
    if not tolerance:
        return got == expected
    try:
        return math.isclose(got, expected, rel_tol=tolerance, abs_tol=tolerance)
    except OverflowError:
        return got == expected


def _shown(value: Any) -> str:
    """Return the text by which Python shows a value, with the members of sets in order."""
    if isinstance(value, list | tuple | set | frozenset):
        members = [_shown(item) for item in value]
        return f"{type(value).__name__}({', '.join(members if isinstance(value, list | tuple) else sorted(members))})"
    if isinstance(value, dict):
        return f"dict({', '.join(f'{_shown(key)}: {_shown(item)}' for key, item in value.items())})"
    return repr(value)


def _words(text: str) -> list[bytes]:
    """Return the words of a text, separated by ASCII white space."""
    return text.encode("utf-8", "surrogatepass").split()


def _same_tokens(got: list[bytes], expected: list[bytes], tolerance: float) -> bool:
    """Whether words are equal one by one; with a tolerance, number by number where both words are numbers."""
    return len(got) == len(expected) and all(
        g == e or (tolerance > 0 and _close_words(g, e, tolerance)) for g, e in zip(got, expected, strict=True)
    )


def _close_words(got: bytes, expected: bytes, tolerance: float) -> bool:
    numbers = _number(got), _number(expected)
    return None not in numbers and _close(*numbers, tolerance)  # type: ignore[arg-type]


def _number(word: bytes) -> float | None:
    """Return the number that a word stands for; None for forms that only Python reads, or that no float can hold."""
    if not _NUMBER.fullmatch(word):
        return None
    value = float(word)
    return None if math.isinf(value) and word[-1:].isdigit() else value


_NUMBER = re.compile(rb"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|inf(?:inity)?|nan)", re.IGNORECASE)


def _same_members(got: Any, expected: Any) -> bool:
    containers = (list, tuple, set, frozenset)
    if not isinstance(got, containers) or not isinstance(expected, containers):
        return bool(got == expected) or _same(got, expected, 0.0)
    if len(got) != len(expected):
        return False
    kinds = {*map(type, got), *map(type, expected)}
    if kinds <= {int} or kinds <= {str}:
        return sorted(got) == sorted(expected)
    return sorted(map(_digest, got)) == sorted(map(_digest, expected))


def _digest(value: Any) -> bytes:
    """Return a digest that is equal for equal values, so that members without an order or a hash can be sorted."""
    found = hashlib.sha256()
    _feed(found.update, value)
    return found.digest()


def _feed(update: Callable[[bytes], None], value: Any) -> None:
    """Feed the parts of a value, each after its kind and length, so that no two different values give the same
    input.
    """
    if isinstance(value, (list, tuple)):
        update(b"list %d " % len(value))
        for item in value:
            _feed(update, item)
    elif isinstance(value, (set, frozenset)):
        update(b"set %d " % len(value))
        update(b"".join(sorted(map(_digest, value))))
    elif isinstance(value, dict):
        update(b"dict %d " % len(value))
        update(b"".join(sorted(_digest([key, item]) for key, item in value.items())))
    elif isinstance(value, (str, bytes)):
        data = value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")
        update(b"%s %d " % (type(value).__name__.encode(), len(data)))
        update(data)
    else:
        update(b"scalar %s " % _scalar(value).encode())


def _scalar(value: Any) -> str:
    """Return a text that is the same for equal numbers, whatever their types."""
    if isinstance(value, complex) and not value.imag:
        value = value.real
    if isinstance(value, bool) or (isinstance(value, float) and value.is_integer()):
        value = int(value)
    return hex(value) if isinstance(value, int) else repr(value)
