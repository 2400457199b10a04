"""How a program's time grows with the size of its input, measured within a small budget.

Inputs of doubling size, made of visible ones, are run until the statement's limit, the budget or the time of a run is
reached; the fit says which growth explains the times best and at which size the time limit would be passed.
"""

from __future__ import annotations

import itertools
import math
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from coderefine.harden.bounds import Args
from coderefine.harden.inputs import Space
from coderefine.judge.judge import Judge
from coderefine.judge.verdict import Verdict
from coderefine.problem.compare import Compare
from coderefine.problem.problem import Problem, TestCase

FIRST = 8
LARGEST = 1 << 17
"""Of sizes that the statement does not limit more."""
WORTHWHILE = 1000
"""A limit below this is no reason to measure."""
_FLOOR_S = 0.001
"""Times below it are mostly those of the call."""
_LAST = 5
"""Points that count: the largest sizes, since small ones are ruled by what does not grow."""
_TIMES = 3
"""Runs of a size; the middle one counts: what one of a row is charged too much, the next is charged too little."""
_LONG_S = 0.05
"""A run of this time is not repeated, nor is what is larger."""
_SHARE = 0.5
"""Of the budget: a run that took so long is the last."""
_LARGEST_CHARS = 2_000_000
"""Of an input, written down."""
_SAFETY = 2.0
"""A predicted time counts as above the limit from here on, times the limit."""
_MODELS: tuple[tuple[str, Callable[[float], float]], ...] = (
    ("1", lambda n: 0.0),
    ("log n", lambda n: math.log(math.log2(n + 2))),
    ("n", math.log),
    ("n log n", lambda n: math.log(n) + math.log(math.log2(n + 2))),
    ("n^2", lambda n: 2 * math.log(n)),
    ("n^3", lambda n: 3 * math.log(n)),
    ("2^n", lambda n: n * math.log(2)),
)
"""The logarithm of each growth, simplest first."""


@dataclass(frozen=True, slots=True)
class Growth:
    """What was measured and fitted."""

    order: str
    """Such as "n log n"."""
    points: tuple[tuple[int, float], ...]
    """Sizes and CPU seconds."""
    limit: int
    """The largest size that the statement allows."""
    passes_at: int | None
    """The size at which the time limit would be passed; None where that is beyond `limit`."""


@dataclass(frozen=True, slots=True)
class Large:
    """An input of some size, and an expression that makes it."""

    size: int
    args: Args
    code: str


def fit(points: Sequence[tuple[int, float]]) -> tuple[str, float] | None:
    """Return the growth that explains (size, seconds) best and the logarithm of its factor; None with too few points.

    Least squares on logarithms, with one free factor; a more complex growth has to explain clearly more.
    """
    usable = [(size, math.log(seconds)) for size, seconds in points if seconds >= _FLOOR_S and size > 1][-_LAST:]
    if len(usable) < 3:
        return None
    best: tuple[float, str, float] | None = None
    for order, log_growth in _MODELS:
        gaps = [seconds - log_growth(size) for size, seconds in usable]
        factor = sum(gaps) / len(gaps)
        error = sum((gap - factor) ** 2 for gap in gaps) / len(gaps)
        if best is None or error < 0.8 * best[0] - 1e-9:
            best = error, order, factor
    assert best
    return best[1], best[2]


def size_within(order: str, factor: float, limit_s: float, largest: int) -> int | None:
    """Return the least size up to `largest` whose predicted time exceeds `limit_s`; None where there is none."""
    log_growth = dict(_MODELS)[order]

    def too_long(size: int) -> bool:
        return factor + log_growth(size) > math.log(limit_s)

    if not too_long(largest):
        return None
    low, high = 1, largest
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if too_long(middle) else (middle + 1, high)
    return low


def measure(problem: Problem, judge: Judge, source: str, budget_s: float) -> tuple[Growth, Large | None] | None:
    """Measure a program; return the growth and an input that is too large for it, if one is allowed.

    None where nothing can be said. Takes at most about twice `budget_s`. Raises JudgeError.
    """
    space = Space(problem)
    largest = _limit(space)
    if largest is None:
        return None
    deadline = time.monotonic() + budget_s  # which making the inputs counts for, too
    points: list[tuple[int, float]] = []
    limits = replace(problem.limits, time_s=min(problem.limits.time_s, max(0.05, budget_s / 2)))
    for large in _sizes(space, largest, deadline):
        case = TestCase(f"size {large.size}", large.args)
        times = 1 if points and points[-1][1] > _LONG_S else _TIMES
        asked = replace(problem, visible=(case,) * times, hidden=(), compare=Compare(), limits=limits)
        results = judge.run(asked, source).cases
        verdicts = {result.verdict for result in results}
        if not verdicts <= {Verdict.AC, Verdict.WA, Verdict.TLE}:
            return None
        if Verdict.TLE in verdicts:
            break  # it would have taken longer, nobody knows how much
        cpu_s = statistics.median(result.cpu_s for result in results)
        points.append((large.size, round(cpu_s, 6)))
        if cpu_s > _SHARE * budget_s:
            break
    fitted = fit(points)
    if fitted is None:
        return None
    passes_at = size_within(*fitted, _SAFETY * problem.limits.time_s, largest)
    growth = Growth(fitted[0], tuple(points), largest, passes_at)
    return growth, enlarged(space, min(2 * passes_at, largest)) if passes_at else None


def largest_within(
    problem: Problem, judge: Judge, source: str, cpu_s: float, budget_s: float, *, numbers: bool = False
) -> str:
    """Return the call with the largest input, of doubling sizes, that a program answers in so many seconds of CPU.

    `numbers` says whether numbers that may become large do so along with what has a length. "" where no input may
    become large, or `numbers` makes no difference. Making and running inputs takes about `budget_s` at most. Raises
    JudgeError.
    """
    space, deadline, found = Space(problem), time.monotonic() + budget_s, ""
    if numbers and enlarged(space, WORTHWHILE, numbers=True) == enlarged(space, WORTHWHILE):
        return ""
    for large in _sizes(space, _limit(space) or 0, deadline, numbers=numbers):
        case = TestCase(f"size {large.size}", large.args)
        (result,) = judge.run(replace(problem, visible=(case,), hidden=(), compare=Compare()), source).cases
        if not result.answered or result.cpu_s > cpu_s:
            break
        found = large.code
    return found


def _sizes(space: Space, largest: int, deadline: float, *, numbers: bool = False) -> Iterator[Large]:
    size = FIRST
    while size <= largest and time.monotonic() < deadline:
        if large := enlarged(space, size, numbers=numbers):
            yield large
        size *= 2


def _limit(space: Space) -> int | None:
    """The size to which the statement lets inputs grow; None where it does not say so, or not far."""
    highs = [_high(space, place) for place in _growing(space)]
    if not highs or len(space.free) != len(space.names):
        return None
    limit = min(*highs, LARGEST)
    return int(limit) if limit >= WORTHWHILE else None


def _growing(space: Space) -> list[int]:
    """The parameters that have a length which is stated to become large; else numbers that do."""
    large = [place for place in range(len(space.names)) if _high(space, place) >= WORTHWHILE]
    return [place for place in large if space.domains[place].kind != "int"] or large


def _high(space: Space, place: int) -> float:
    kind = space.domains[place].kind
    if kind not in ("list", "str", "int"):
        return 0
    high = space.constraints.of(space.names[place], length=kind != "int").high
    return 0 if high is None or high == math.inf else high


def _grows_along(space: Space, place: int) -> bool:
    """Whether a number is bounded by something else, such as the `k` of `1 <= k <= nums.length`."""
    high = space.constraints.of(space.names[place]).high
    return space.domains[place].kind == "int" and high == math.inf


def enlarged(space: Space, size: int, *, numbers: bool = False) -> Large | None:
    """Make an input of a size out of a visible one, and the code that does it; None where none of the ways is valid.

    `numbers` says whether all numbers that may become large do so, too, rather than those alone that a length bounds.
    """
    growing = _growing(space)
    along = [
        place
        for place in range(len(space.names))
        if place not in growing and (_grows_along(space, place) or (numbers and _high(space, place) >= WORTHWHILE))
    ]
    for args in sorted(space.visible, key=lambda args: -len(repr(args))):
        for way, grown in itertools.product(_WAYS, (growing + along, growing) if along else (growing,)):
            made = [
                ((size // 2, str(size // 2)) if place in along else way(value, size))
                if place in grown
                else (value, repr(value))
                for place, value in enumerate(args)
            ]
            values = tuple(value for value, _ in made)
            if all(text for _, text in made) and space.allows(values):
                return Large(size, values, f"candidate({', '.join(text for _, text in made)})")
    return None


def _tiled(value: Any, size: int) -> tuple[Any, str]:
    if type(value) is int:
        return size, str(size)
    if not value or _too_long(value, size):
        return value, ""
    times = size // len(value) + 1
    return (value * times)[:size], f"({value!r} * {times})[:{size}]"


def _too_long(value: Any, size: int) -> bool:
    return len(repr(value)) / len(value) * size > _LARGEST_CHARS


def _stretched(value: Any, size: int) -> tuple[Any, str]:
    """Every item several times in a row, which keeps the order."""
    if not value or not isinstance(value, list) or _too_long(value, size):
        return value, ""
    times = size // len(value) + 1
    code = f"[item for item in {value!r} for _ in range({times})][:{size}]"
    return [item for item in value for _ in range(times)][:size], code


def _counted(value: Any, size: int) -> tuple[Any, str]:
    """Different numbers in ascending order."""
    if not isinstance(value, list) or not value or not all(type(item) is int for item in value):
        return value, ""
    first = min(value)
    return list(range(first, first + size)), f"list(range({first}, {first + size}))"


_WAYS = (_tiled, _stretched, _counted)
