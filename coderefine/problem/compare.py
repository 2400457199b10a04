"""Decides on the host whether an answer is right, given exact builtin values that `values.decode` rebuilt."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, Self

from coderefine.problem import values

Mode = Literal["exact", "tokens", "unordered", "float", "checker"]


@dataclass(frozen=True, slots=True)
class Compare:
    """How an answer is compared with the expected value."""

    mode: Mode = "exact"
    tolerance: float = 0.0
    """For "float": absolute or relative, whichever is met."""
    checker: str = ""
    """For "checker": the source of a `check(args, expected, got)`; it runs in the sandbox, too."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse `exact`, `tokens`, `unordered`, `float:<tolerance>` or `<name>.py`; raises ValueError."""
        if text in ("exact", "tokens", "unordered"):
            return cls(mode=text)  # type: ignore[arg-type]
        if text.endswith(".py") and "/" not in text and "\\" not in text:
            return cls(mode="checker")
        name, _, tolerance = text.partition(":")
        try:
            if name == "float" and 0 < float(tolerance) < 1:
                return cls(mode="float", tolerance=float(tolerance))
        except ValueError:
            pass
        raise ValueError(f"expected exact, tokens, unordered, float:<tolerance> or a checker.py, not {text!r}")

    def equal(self, got: Any, expected: Any) -> bool:
        """Whether `got` is right. Not for mode "checker", which the judge runs in the sandbox."""
        try:
            if isinstance(expected, str) and isinstance(got, str) and self.mode in ("tokens", "float"):
                return _same_tokens(got.split(), expected.split(), self.tolerance)
            if self.mode == "unordered":
                return _same_members(got, expected)
            if self.mode == "float":
                return _close(got, expected, self.tolerance)
            return bool(got == expected or _plain(got) == _plain(expected))
        except (RecursionError, values.Unencodable):
            return False


def _plain(value: Any) -> Any:
    """Tuples count as lists, as on the sites where such problems come from."""
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def _same_tokens(got: list[str], expected: list[str], tolerance: float) -> bool:
    """Word for word; with a tolerance, number for number where both words are numbers."""
    return len(got) == len(expected) and all(
        g == e or (tolerance > 0 and _close(_number(g), _number(e), tolerance))
        for g, e in zip(got, expected, strict=True)
    )


def _number(word: str) -> Any:
    try:
        return float(word)
    except ValueError:
        return word


def _same_members(got: Any, expected: Any) -> bool:
    containers = (list, tuple, set, frozenset)
    if not isinstance(got, containers) or not isinstance(expected, containers):
        return bool(_plain(got) == _plain(expected))
    if len(got) != len(expected):
        return False
    return sorted(map(_canonical, got)) == sorted(map(_canonical, expected))


def _canonical(value: Any) -> str:
    """A text that is equal for values that are `==`, so that unhashable members can be sorted."""
    return json.dumps(values.to_jsonable(_unify(value)), sort_keys=True)


def _digest(texts: Iterable[str]) -> str:
    """One short text for all of them in any order; texts within texts would double in length with each level."""
    return hashlib.sha256(json.dumps(sorted(texts)).encode()).hexdigest()


def _unify(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_unify(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return ["set", _digest(map(_canonical, value))]
    if isinstance(value, dict):
        return ["dict", _digest(_canonical([key, item]) for key, item in value.items())]
    if isinstance(value, bool) or (isinstance(value, float) and value.is_integer()):
        return int(value)
    return value


def _close(got: Any, expected: Any, tolerance: float) -> bool:
    if isinstance(expected, (list, tuple)):
        return (
            isinstance(got, (list, tuple))
            and len(got) == len(expected)
            and all(_close(g, e, tolerance) for g, e in zip(got, expected, strict=True))
        )
    if isinstance(expected, dict):
        return (
            isinstance(got, dict)
            and got.keys() == expected.keys()
            and all(_close(got[key], expected[key], tolerance) for key in expected)
        )
    if type(expected) in (int, float) and type(got) in (int, float):
        if expected != expected:  # noqa: PLR0124 - math.isnan raises for an int that is no float
            return bool(got != got)  # noqa: PLR0124
        try:
            return math.isclose(got, expected, rel_tol=tolerance, abs_tol=tolerance)
        except OverflowError:
            return bool(got == expected)
    return bool(got == expected)
