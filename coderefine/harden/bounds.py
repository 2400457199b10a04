"""Limits of values and lengths in an input, and rules that valid inputs obey, as read from a statement."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from coderefine.harden.notation import Comparison, UnknownError, evaluate

Place = tuple[str, tuple[int | None, ...], bool]
"""A parameter, positions in it (None for any position), and whether its length is meant rather than its value."""
Args = tuple[Any, ...]
"""The arguments of a call."""
Rule = tuple[str, Callable[[Args], bool]]
"""The line that a rule was read from, and a test of the arguments."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Inclusive limits; None where the statement gives none, infinite where a limit depends on other values."""

    low: float | None = None
    high: float | None = None

    def within(self, other: Bounds) -> Bounds:
        """Return the limits that satisfy both."""
        lows = [low for low in (self.low, other.low) if low is not None]
        highs = [high for high in (self.high, other.high) if high is not None]
        return Bounds(max(lows, default=None), min(highs, default=None))


@dataclass(frozen=True, slots=True)
class Constraints:
    """The rules that valid inputs obey, as far as the statement says them."""

    rules: tuple[Rule, ...] = ()
    bounds: Mapping[Place, Bounds] = field(default_factory=dict)
    alphabets: Mapping[str, str] = field(default_factory=dict)
    """The characters that texts may have, by parameter."""
    unread: frozenset[str] = frozenset()
    """Parameters about which the statement says something that was not understood."""
    stated: bool = False
    """Whether there is a section of constraints, or sentences that give bounds for each parameter."""

    def allow(self, args: Args) -> bool:
        """Whether arguments obey all rules that were read."""
        return all(obeys(args, rule) for _, rule in self.rules)

    def of(self, param: str, path: tuple[int | None, ...] = (), *, length: bool = False) -> Bounds:
        """Return the bounds at a place, whether the statement names the place by its position or as any position."""
        found = Bounds()
        for (name, places, of_length), bounds in self.bounds.items():
            same_depth = name == param and of_length == length and len(places) == len(path)
            if same_depth and all(place in (None, at) for place, at in zip(places, path, strict=False)):
                found = found.within(bounds)
        return found


def obeys(args: Args, rule: Callable[[Args], bool]) -> bool:
    """Whether arguments obey a rule; arguments of another type than the rule is about do not."""
    try:
        return rule(args)
    except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError):
        return False


def bounds_of(comparison: Comparison) -> Iterator[tuple[Place, Bounds]]:
    """Yield the bounds that a comparison of a place with a constant gives."""
    flipped = {"<=": ">=", "<": ">", ">=": "<=", ">": "<", "==": "=="}
    for side, symbol, other in (
        (comparison.left, comparison.symbol, comparison.right),
        (comparison.right, flipped.get(comparison.symbol, ""), comparison.left),
    ):
        place = _place(side)
        try:
            limit = evaluate(other, {})
        except (UnknownError, IndexError):
            limit = None  # it depends on other values
        if place:
            low, high = (-math.inf, math.inf) if limit is None else (limit, limit)
            match symbol:
                case "<=":
                    yield place, Bounds(high=high)
                case "<":
                    yield place, Bounds(high=high - 1)
                case ">=":
                    yield place, Bounds(low=low)
                case ">":
                    yield place, Bounds(low=low + 1)
                case "==":
                    yield place, Bounds(low, high)


def _place(node: ast.expr) -> Place | None:
    match node:
        case ast.Call(func=ast.Name(id="len"), args=[inner]):
            place = _place(inner)
            return (place[0], place[1], True) if place and not place[2] else None
        case ast.Name(id=name):
            return name, (), False
        case ast.Subscript(value=value, slice=ast.Name() | ast.Constant() as index):
            place = _place(value)
            at = index.value if isinstance(index, ast.Constant) and type(index.value) is int else None
            return (place[0], (*place[1], at), False) if place and not place[2] else None
    return None
