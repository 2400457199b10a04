"""Relations that the visible inputs share beyond their types, where the statement leaves these open.

These are likely invariants, as Daikon finds them (Ernst et al., IEEE TSE 2001): a relation from a fixed list that holds
on every visible input is assumed to hold on all valid inputs. With few inputs some assumed invariants are false, which
costs variety. A missed invariant would cost validity, and an invalid input tells nothing; so doubts are resolved for
the invariant.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from coderefine.harden.bounds import Args, Constraints
from coderefine.harden.phrases import leaves
from coderefine.problem.problem import Problem

Test = Callable[..., bool]
OF_LENGTH = frozenset({"not empty", "of one length"})
"""Relations that few visible inputs may have by chance."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A property of one argument or of several."""

    name: str
    places: tuple[int, ...]
    test: Test
    words: str = ""
    """A regular expression for how a statement would mention it."""

    def holds(self, args: Args) -> bool:
        """Whether the arguments have the property; arguments of another type do not."""
        try:
            return bool(self.test(*(args[place] for place in self.places)))
        except (TypeError, ValueError, IndexError):
            return False


def relations(problem: Problem, constraints: Constraints) -> tuple[Relation, ...]:
    """Return the relations that all visible inputs have, without those that the statement shows to be chance."""
    inputs = [case.args for case in problem.visible if not case.code]
    names = [param.name for param in problem.params]

    def by_chance(relation: Relation) -> bool:
        """Whether the statement says all about these parameters, and does not mention this relation."""
        if relation.words and max(_longest(args[place]) for args in inputs for place in relation.places) >= _MANY:
            return False
        told = all(bounded(constraints, names[place], [args[place] for args in inputs]) for place in relation.places)
        return told and not (relation.words and re.search(relation.words, problem.statement, re.IGNORECASE))

    width = min(map(len, inputs), default=0)
    if width != len(names):
        return ()
    found = (it for it in _candidates(problem, inputs, width) if all(map(it.holds, inputs)))
    return tuple(relation for relation in found if not by_chance(relation))


def bounded(constraints: Constraints, name: str, seen: Sequence[Any]) -> bool:
    """Whether the statement bounds a parameter's values and lengths, and all that it says about it was understood."""
    if name in constraints.unread:
        return False
    depth = max(map(_depth, seen), default=0)
    for level in range(depth + 1):
        path = (None,) * level
        textual = any(isinstance(leaf, str) for value in seen for leaf in leaves(value))
        limits = constraints.of(name, path, length=level < depth or textual)
        if limits.high is None:
            return False
        if level == depth and textual and name not in constraints.alphabets:
            return False
    return True


def _depth(value: Any) -> int:
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list | tuple) else 0


def _longest(value: Any) -> int:
    return len(value) if isinstance(value, list | str) else 0


_MANY = 10
"""From so many items on, being distinct or in order is not chance."""
_ORDER = r"sorted|order|ascending|increasing|rising|descending|monoton|small to large"
_DISTINCT = r"distinct|unique|different|duplicate|permutation|twice|once|no two"
_ANY = r"."


def _candidates(problem: Problem, inputs: Sequence[Args], width: int) -> Iterator[Relation]:
    for place in range(width):
        values = [args[place] for args in inputs]
        yield from (Relation(name, (place,), test, words) for name, test, words in _alone(values))
        if problem.params[place].type.nodes == "TreeNode":
            yield Relation("a search tree", (place,), _search_tree, r"search tree|\bbst\b")
    for a, b in itertools.permutations(range(width), 2):
        yield from (Relation(name, (a, b), test, words) for name, test, words in _PAIRS)


def _alone(values: Sequence[Any]) -> Iterator[tuple[str, Test, str]]:
    if all(isinstance(value, list | str) for value in values):
        least, most = min(map(len, values)), max(map(len, values))
        if least:
            yield "not empty", lambda value: len(value) > 0, ""
        if least == most and len(values) > 1:
            yield "of one length", lambda value: len(value) == least, ""
    if max(map(_longest, values), default=0) >= 3:
        yield "distinct", lambda value: len(set(map(repr, value))) == len(value), _DISTINCT
        yield "rising", lambda value: all(a <= b for a, b in itertools.pairwise(value)), _ORDER
        yield "strictly rising", lambda value: all(a < b for a, b in itertools.pairwise(value)), _ORDER
        yield "falling", lambda value: all(a >= b for a, b in itertools.pairwise(value)), _ORDER
        yield "a permutation", lambda value: sorted(value) in _runs(len(value)), _DISTINCT
    rows = [row for value in values if isinstance(value, list) for row in value if isinstance(row, list)]
    if rows and all(isinstance(value, list) for value in values):
        widths = {len(row) for row in rows}
        if len(widths) == 1:
            yield "rows of one length", lambda value: {len(row) for row in value} <= widths, _ANY
        yield "rectangular", lambda value: len({len(row) for row in value}) <= 1, _ANY
        yield "square", lambda value: all(len(row) == len(value) for row in value), _ANY
        yield "rising rows", lambda value: all(a <= b for row in value for a, b in itertools.pairwise(row)), _ANY
        yield "distinct in rows", lambda value: all(len(set(row)) == len(row) for row in value), _ANY
        yield "distinct rows", lambda value: len(set(map(repr, value))) == len(value), _DISTINCT


_PAIRS: tuple[tuple[str, Test, str], ...] = (
    ("of equal length", lambda a, b: len(a) == len(b), ""),
    ("rows as long as", lambda a, b: all(len(row) == len(b) for row in a), ""),
    ("at most the length", lambda a, b: type(a) is int and a <= len(b), ""),
    ("below the length", lambda a, b: type(a) is int and a < len(b), ""),
    ("the length", lambda a, b: type(a) is int and a == len(b), ""),
    ("one more than the length", lambda a, b: type(a) is int and a == len(b) + 1, ""),
    ("at least all of", lambda a, b: type(a) is int and all(item <= a for item in _numbers(b)), ""),
    ("above all of", lambda a, b: type(a) is int and all(item < a for item in _numbers(b)), ""),
    ("at most", lambda a, b: type(a) is type(b) is int and a <= b, ""),
    ("below", lambda a, b: type(a) is type(b) is int and a < b, ""),
    ("occurs in", lambda a, b: not isinstance(a, list) and a in b, ""),
    ("indexes of", lambda a, b: isinstance(a, list) and all(0 <= item < len(b) for item in _numbers(a)), ""),
    (
        "rearranges",
        lambda a, b: type(a) is type(b) and sorted(a) == sorted(b),
        r"anagram|permutation|rearrang|traversal",
    ),
    ("made of", lambda a, b: isinstance(b, list | str) and set(a) <= set(b), r"subset|only|made"),
)


def _numbers(value: Any) -> list[int]:
    found = list(leaves(value))
    if not isinstance(value, list) or not found or any(type(item) is not int for item in found):
        raise TypeError
    return found


def _runs(count: int) -> tuple[list[int], list[int]]:
    return list(range(count)), list(range(1, count + 1))


def _search_tree(value: list[Any]) -> bool:
    """Whether a tree in level order has smaller values on the left and larger ones on the right."""
    if not value:
        return True
    limits: list[tuple[float, float]] = [(float("-inf"), float("inf"))]
    for item, (low, high) in zip(value, limits, strict=False):  # the list grows on the way
        if item is not None:
            if not low < item < high:
                return False
            limits += [(low, item), (item, high)]
    return True
