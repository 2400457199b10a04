"""Further inputs for a problem: small variations of the visible ones, within what the statement and they allow.

Guarantees: the same problem gives the same inputs; each has the types of the visible inputs, obeys every constraint
that was read and every relation that the visible inputs share; none is a visible input or comes twice. Parameters of
which the statement says something that was not understood keep the values that they have together in a visible input.
A problem of kind pytest gets none.
"""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from coderefine.harden.constraints import Args, Constraints, read_constraints
from coderefine.harden.domain import Domain
from coderefine.harden.shape import Relation, relations
from coderefine.problem.problem import Problem

_TRIES = 30
"""Proposals for each input that is wanted."""
_LARGE = 5000
"""Characters from which on a visible input is not varied: that takes long, and small ones show as much."""
_NUMBER = re.compile(r"(?<![\w.-])-?\d+(?![\w.])")


def generate(problem: Problem, count: int = 48) -> tuple[Args, ...]:
    """Return up to `count` inputs."""
    visible = [case.args for case in problem.visible if not case.code and case.args and _small(case.args)]
    propose = _PROPOSERS.get(problem.kind.name)
    if not visible or propose is None:
        return ()
    rng = random.Random(zlib.crc32(problem.slug.encode()))  # noqa: S311 - nothing secret
    proposals, valid = propose(problem, visible, rng)
    seen = {repr(args) for args in visible}
    found: list[Args] = []
    for _, args in zip(range(_TRIES * count), proposals, strict=False):
        if repr(args) not in seen:
            seen.add(repr(args))
            if valid(args):
                found.append(args)
                if len(found) == count:
                    break
    return tuple(found)


class Space:
    """The inputs of a function problem: a domain for each parameter, and what ties them together."""

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
        """Whether arguments are certain to be valid, as far as anything was said or seen."""
        return (
            all(
                domain.contains(value)
                for place, (domain, value) in enumerate(zip(self.domains, args, strict=True))
                if place in self.free
            )
            and self.constraints.allow(args)
            and all(relation.holds(args) for relation in self.relations)
        )

    def proposals(self, rng: random.Random) -> Iterator[Args]:
        """Yield variations of small visible inputs for ever; nothing where there is none or no parameter is free."""
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

    def _tied(self, args: list[Any], rng: random.Random) -> list[Any]:
        """Mend what two parameters have to have in common, where that is easy."""
        for relation in self.relations:
            if len(relation.places) == 2 and not relation.holds(tuple(args)):
                a, b = relation.places
                args[a] = _tie(relation, args[a], args[b], rng) if a in self.free else args[a]
        return args


def _small(args: Args) -> bool:
    return len(repr(args)) < _LARGE


def _tie(relation: Relation, a: Any, b: Any, rng: random.Random) -> Any:
    """Return what takes the place of `a`, so that it has the relation to `b`; `a` itself where that is not easy."""
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
    """What `in` finds in a value, in an order that is the same in each process, which that of a set is not."""
    return sorted(value, key=repr) if isinstance(value, set) else list(value)


_Proposer = Callable[[Problem, Sequence[Args], random.Random], tuple[Iterator[Args], Callable[[Args], bool]]]


def _of_function(
    problem: Problem, _: Sequence[Args], rng: random.Random
) -> tuple[Iterator[Args], Callable[[Args], bool]]:
    space = Space(problem)
    return space.proposals(rng), space.allows


def _of_class(_: Problem, visible: Sequence[Args], rng: random.Random) -> tuple[Iterator[Args], Callable[[Args], bool]]:
    """Sequences of operations out of those seen, each with arguments that it was seen with."""

    def proposals() -> Iterator[Args]:
        while True:
            first, second = rng.choice(visible), rng.choice(visible)
            calls = list(zip(*first, strict=True))
            more = list(zip(*second, strict=True))[1:]
            body = calls[1:]
            match rng.randrange(4):
                case 0 if body:
                    del body[rng.randrange(len(body))]
                case 1 if body:
                    at = rng.randrange(len(body))
                    body.insert(rng.randrange(len(body) + 1), body[at])
                case 2 if len(body) > 1:
                    at = rng.randrange(len(body) - 1)
                    body[at], body[at + 1] = body[at + 1], body[at]
                case _:
                    body += more
            yield ([calls[0][0], *(name for name, _ in body)], [calls[0][1], *(args for _, args in body)])

    return proposals(), lambda args: len(args[0]) > 1


def _of_program(
    _: Problem, visible: Sequence[Args], rng: random.Random
) -> tuple[Iterator[Args], Callable[[Args], bool]]:
    """The visible inputs with the numbers of a line in another order or one of them in place of another.

    Nothing is known of what the numbers mean, but those of one line tend to mean the same where there are several;
    lines with fewer than three, such as counts, stay.
    """

    def proposals() -> Iterator[Args]:
        texts = [text for (text,) in visible if any(len(_NUMBER.findall(line)) > 2 for line in text.split("\n"))]
        while texts:
            lines = rng.choice(texts).split("\n")
            at = rng.choice([index for index, line in enumerate(lines) if len(_NUMBER.findall(line)) > 2])
            numbers = _NUMBER.findall(lines[at])
            if rng.random() < 0.5:
                rng.shuffle(numbers)
            else:
                numbers[rng.randrange(len(numbers))] = rng.choice(numbers)
            rest = iter(numbers)
            lines[at] = _NUMBER.sub(lambda _, rest=rest: next(rest), lines[at])  # type: ignore[misc]
            yield ("\n".join(lines),)

    return proposals(), lambda args: True


_PROPOSERS: dict[str, _Proposer] = {"function": _of_function, "class": _of_class, "program": _of_program}
