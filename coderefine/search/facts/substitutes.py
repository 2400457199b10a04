"""The variables that may have been meant instead of another one."""

from __future__ import annotations

from collections.abc import Mapping, Set

from coderefine.search.facts.kinds import Kind
from coderefine.search.facts.likeness import paired

_TRIED = 8
"""The most variables to try, the likeliest first."""
_WANTED = 4.0
"""How much likelier a wanted variable is."""


def substitutes(
    name: str, variables: tuple[str, ...], kind: Kind | None, known: Mapping[str, Kind], wanted: Set[str]
) -> list[tuple[str, float]]:
    """Return some of `variables` with a weight, likeliest first: those of the same `kind`, similar ones, or `wanted`
    ones.
    """
    weighted = []
    for number, other in enumerate(variables):
        if other in (name, "self", "_"):
            continue
        fits = 1.0 if kind and known.get(other) == kind else 0.4 if None in (kind, known.get(other)) else 0.05
        pair = 1.0 if paired(name, other) else 0.35
        weighted.append((other, fits * pair * (_WANTED if other in wanted else 1.0) * 0.98**number))
    return sorted(weighted, key=lambda pair: -pair[1])[:_TRIED]
