"""Generates further inputs for a problem: small variations of the visible ones, within what the statement allows.

Guarantees: the same problem gives the same inputs. Each has the types of the visible inputs, and obeys every constraint
that was read and every relation that the visible inputs share. None is a visible input or occurs twice. Parameters
about which the statement says something that was not understood keep the values that they have together in a visible
input. A problem whose kind proposes no inputs gets none.
"""

from __future__ import annotations

import itertools
import random
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from coderefine.harden.bounds import Args, Constraints
from coderefine.harden.constraints import read_constraints
from coderefine.harden.corners import corners, few_of
from coderefine.harden.domain import Domain
from coderefine.harden.kind import HardenedKind
from coderefine.harden.notation import plain
from coderefine.harden.shape import OF_LENGTH, Relation, relations
from coderefine.problem.compare import Compare
from coderefine.problem.problem import Problem, TestCase

_TWO = re.compile(
    r"\b(?:at least|mindestens) (?:two|2|three|3|zwei|drei)\b|\b(?:two|2|three|3) or more\b|"
    r"\w\)? *(?:>= *2|> *1)\b(?!\.)|(?<![-.\w])(?:2 *<=|1 *<) *[a-z]",
    re.IGNORECASE,
)
_ONE = re.compile(
    r"\bnon-?\s?empty\b|\b(?:not|never) (?:be )?empty\b|\b(?:at least|mindestens) (?:one|1|eine?[nrms]?)\b|"
    r"\b(?:one|1) or more\b|\bpositive|\bpositiv|\bnicht-? ?leer|\bnon-?zero\b|\b(?:1|one)-(?:indexed|based)\b|"
    r"\w\)? *(?:>= *1|> *0)\b(?!\.)|(?<![-.\w])(?:1 *<=|0 *<) *[a-z]",
    re.IGNORECASE,
)
_TRIES = 30
"""Proposals that are tried for each input wanted."""
_CORNERS = 3
"""At most every third input is a corner."""
_FASTEST_S = 0.2
_LARGE = 5000
"""From so many characters on a visible input is not varied: that takes long, and small inputs show as much."""


def generate(problem: Problem, count: int = 48, *, certain: bool = True) -> tuple[Args, ...]:
    """Return up to `count` inputs that are `certain` to be valid, or else likely to be.

    The last of them are corners, at the ends of what is allowed, where a program may take long.
    """
    visible = [case.args for case in problem.visible if not case.code and case.args and _small(case.args)]
    rng = random.Random(zlib.crc32(problem.slug.encode()))  # noqa: S311 - nothing secret
    kind = HardenedKind.of(problem)
    propose = kind.proposals if certain else kind.guesses
    proposed = propose(problem, visible, rng) if visible else None
    if proposed is None:
        return ()
    seen = {repr(args) for args in visible}

    def new(inputs: Iterable[Args]) -> Iterator[Args]:
        for args in itertools.islice(inputs, _TRIES * count):
            if repr(args) not in seen:
                seen.add(repr(args))
                if proposed.is_valid(args):
                    yield args

    ends = tuple(itertools.islice(new(proposed.corners), count // _CORNERS))
    return (*itertools.islice(new(proposed.inputs), count - len(ends)), *ends)


def smallest(problem: Problem) -> tuple[Args, ...]:
    """Return the smallest inputs that are not visible and that nothing rules out.

    They have no item or one, or are 0 or 1, in one argument or in all. Sizes that the statement rules out are left
    out; none are returned where the statement has constraints.
    """
    visible = [case.args for case in problem.visible if not case.code and case.args and _small(case.args)]
    if not visible or read_constraints(problem).stated:
        return ()
    sizes = range(_least(plain(problem.statement)), 2)
    found = {repr(args): args for args in HardenedKind.of(problem).smallest(problem, sizes)}
    for args in visible:
        found.pop(repr(args), None)
    return tuple(found.values())


def likely(problem: Problem, count: int) -> tuple[Args, ...]:
    """Return inputs to be shown to a person: those certain to be valid, else some that are likely to be."""
    return generate(problem, count) or generate(problem, count, certain=False)


def asking(problem: Problem, inputs: Sequence[Args]) -> Problem:
    """Return the problem with generated inputs as its tests, which any answer passes.

    The inputs are small, so the time limit is short.
    """
    cases = tuple(TestCase(f"generated {i}", args) for i, args in enumerate(inputs, 1))
    limits = replace(problem.limits, time_s=min(_FASTEST_S, problem.limits.time_s))
    return replace(problem, visible=cases, hidden=(), compare=Compare(), limits=limits)


class Space:
    """The inputs of a function problem: a domain for each parameter, and the relations between parameters."""

    def __init__(self, problem: Problem, constraints: Constraints | None = None) -> None:
        self.constraints = constraints or read_constraints(problem)
        self.names = [param.name for param in problem.params]
        self.visible = [case.args for case in problem.visible if not case.code and len(case.args) == len(self.names)]
        self.domains = [
            Domain.of(param.name, [args[place] for args in self.visible], self.constraints, param.type)
            for place, param in enumerate(problem.params)
        ]
        self.relations = relations(problem, self.constraints)
        self.free = [place for place, name in enumerate(self.names) if name not in self.constraints.unread]

    def allows(self, args: Args) -> bool:
        """Whether arguments are certain to be valid, judged by all that was stated or seen."""
        return (
            all(
                domain.contains(value)
                for place, (domain, value) in enumerate(zip(self.domains, args, strict=True))
                if place in self.free
            )
            and self.constraints.allow(args)
            and all(relation.holds(args) for relation in self.relations)
        )

    def suits(self, args: Args) -> bool:
        """Whether arguments are likely to be valid: nothing that was understood contradicts them."""
        return self.constraints.allow(args) and all(relation.holds(args) for relation in self.relations)

    def proposals(self, rng: random.Random) -> Iterator[Args]:
        """Yield variations of small visible inputs, endlessly; nothing where there is none or no parameter is free."""
        small = [args for args in self.visible if _small(args)]
        while self.free and small:
            args = list(rng.choice(small))
            anew = rng.random() < 0.4
            for place in self.free:
                if anew:
                    args[place] = self.domains[place].fresh(rng)
                elif rng.random() < max(0.5, 1 / len(self.free)):
                    for _ in range(rng.choice((1, 1, 2, 3))):
                        args[place] = self.domains[place].neighbour(args[place], rng)
            yield tuple(self._tied(args, rng))

    def corners(self, rng: random.Random) -> Iterator[Args]:
        """Yield inputs at the ends of what is allowed: in one place after the other, and in all at once."""
        small = sorted((args for args in self.visible if _small(args)), key=lambda args: len(repr(args)))
        if not small or not self.free:
            return
        like = small[len(small) // 2]
        ends = {place: list(corners(self.domains[place], like[place])) for place in self.free}
        for rank in range(max(map(len, ends.values()), default=0)):
            together = list(like)
            for place in self.free:
                if rank < len(ends[place]):
                    alone = list(like)
                    alone[place] = together[place] = ends[place][rank]
                    yield tuple(self._tied(alone, rng))
            yield tuple(self._tied(together, rng))

    def smallest(self, sizes: Sequence[int]) -> Iterator[Args]:
        """Yield the smallest visible inputs, with one argument or all replaced by a value of each size."""
        open_ = [relation for relation in self.relations if relation.name not in OF_LENGTH]
        for like in sorted((args for args in self.visible if _small(args)), key=lambda args: len(repr(args)))[:2]:
            for size in sizes:
                least = [few_of(domain, value, size) for domain, value in zip(self.domains, like, strict=True)]
                for places in (*((place,) for place in range(len(like))), range(len(like))):
                    for kind in range(max(map(len, least))):
                        changed = {place: least[place][kind % len(least[place])] for place in places}
                        args = tuple(changed.get(place, value) for place, value in enumerate(like))
                        if self.constraints.allow(args) and all(relation.holds(args) for relation in open_):
                            yield args

    def _tied(self, args: list[Any], rng: random.Random) -> list[Any]:
        """Return arguments changed to have the relations between two parameters, where that is easy."""
        for relation in self.relations:
            if len(relation.places) == 2 and not relation.holds(tuple(args)):
                a, b = relation.places
                args[a] = _tie(relation, args[a], args[b], rng) if a in self.free else args[a]
        return args


def _least(statement: str) -> int:
    """Return the smallest size of an input that the words of a statement allow: 0, 1, or 2 for two and more."""
    return 2 if _TWO.search(statement) else 1 if _ONE.search(statement) else 0


def _small(args: Args) -> bool:
    return len(repr(args)) < _LARGE


def _tie(relation: Relation, a: Any, b: Any, rng: random.Random) -> Any:
    """Return a replacement of `a` that has the relation to `b`; `a` itself where that is not easy."""
    match relation.name:
        case "of equal length" if isinstance(a, str | list | tuple):
            return (a * (len(b) // max(1, len(a)) + 1))[: len(b)] if a else a
        case "the length":
            return len(b)
        case "one more than the length":
            return len(b) + 1
        case "at most the length":
            return min(a, len(b))
        case "below the length":
            return min(a, len(b) - 1)
        case "occurs in" if b:
            return rng.choice(_items(b))
        case "rearranges" if isinstance(b, str | list | tuple):
            shuffled = rng.sample(_items(b), len(b))
            return "".join(shuffled) if isinstance(b, str) else type(b)(shuffled)
    return a


def _items(value: Any) -> list[Any]:
    """Return the items that `in` finds in a value, in an order that is the same in each process, unlike that of
    a set.
    """
    return sorted(value, key=repr) if isinstance(value, set) else list(value)
