"""Measures how a program's time grows with the size of its input, within a small budget.

Inputs of doubling size, made from visible ones, are run until the statement's limit, the budget or the time of one run
is reached. A fit then tells which growth explains the times best, and at which size the time limit would be exceeded.
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
"""The largest size, where the statement gives no lower limit."""
WORTHWHILE = 1000
"""A stated limit below this size is no reason to measure."""
_FLOOR_S = 0.001
"""Times below this one are mostly the time of the call itself."""
_LAST = 5
"""How many points count: those of the largest sizes, since a constant part dominates the small ones."""
_TIMES = 3
"""Runs of each size, of which the middle time counts: time charged to one run by mistake is missing in the next."""
_LONG_S = 0.05
"""A run of at least this time is not repeated, nor are runs of larger sizes."""
_SHARE = 0.5
"""The fraction of the budget; a run that took so long is the last."""
_LARGEST_CHARS = 2_000_000
"""The most characters of an input, written down."""
_SAFETY = 2.0
"""A predicted time counts as above the limit from so many times the limit on."""
_MODELS: tuple[tuple[str, Callable[[float], float]], ...] = (
    ("1", lambda n: 0.0),
    ("log n", lambda n: math.log(math.log2(n + 2))),
    ("n", math.log),
    ("n log n", lambda n: math.log(n) + math.log(math.log2(n + 2))),
    ("n^2", lambda n: 2 * math.log(n)),
    ("n^3", lambda n: 3 * math.log(n)),
    ("2^n", lambda n: n * math.log(2)),
)
"""The logarithm of each growth as a function of the size, simplest first."""


@dataclass(frozen=True, slots=True)
class Growth:
    """What was measured, and the growth fitted to it."""

    order: str
    """The growth, such as "n log n"."""
    points: tuple[tuple[int, float], ...]
    """(size, CPU seconds) of each measurement."""
    limit: int
    """The largest size that the statement allows."""
    passes_at: int | None
    """The size from which on the time limit is exceeded; None where that is beyond `limit`."""


@dataclass(frozen=True, slots=True)
class Large:
    """An input of some size, and an expression that makes it."""

    size: int
    args: Args
    code: str


def fit(points: Sequence[tuple[int, float]]) -> tuple[str, float] | None:
    """Return the growth that explains (size, seconds) best and the logarithm of its factor.

    None with too few points.

    The fit is least squares on logarithms, with one free factor; a more complex growth has to explain clearly more.
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
    """Measure a program; return its growth, and an allowed input that is too large for it, if there is one.

    None where nothing can be said. Takes at most about twice `budget_s`. Raises JudgeError.
    """
    space = Space(problem)
    largest = _limit(space)
    if largest is None:
        return None
    deadline = time.monotonic() + budget_s  # the time for making the inputs counts as well
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
            break  # it would have taken longer; how much is not known
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
    """Return the call with the largest input, of doubling sizes, that a program answers in `cpu_s` seconds of CPU.

    With `numbers`, numbers that may become large grow along with the lengths. "" where no input may become large, or
    where `numbers` makes no difference. Making and running inputs takes about `budget_s` at most. Raises JudgeError.
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
    """Return the size up to which the statement lets inputs grow; None where it gives none, or a small one."""
    highs = [_high(space, place) for place in _growing(space)]
    if not highs or len(space.free) != len(space.names):
        return None
    limit = min(*highs, LARGEST)
    return int(limit) if limit >= WORTHWHILE else None


def _growing(space: Space) -> list[int]:
    """Return the parameters whose length is stated to become large; else those whose number is."""
    large = [place for place in range(len(space.names)) if _high(space, place) >= WORTHWHILE]
    return [place for place in large if space.domains[place].kind != "int"] or large


def _high(space: Space, place: int) -> float:
    kind = space.domains[place].kind
    if kind not in ("list", "str", "int"):
        return 0
    high = space.constraints.of(space.names[place], length=kind != "int").high
    return 0 if high is None or high == math.inf else high


def _grows_along(space: Space, place: int) -> bool:
    """Whether a number is bounded by a length, such as the `k` of `1 <= k <= nums.length`."""
    high = space.constraints.of(space.names[place]).high
    return space.domains[place].kind == "int" and high == math.inf


def enlarged(space: Space, size: int, *, numbers: bool = False) -> Large | None:
    """Return an input of a size made from a visible one, with the code that makes it; None where no way is valid.

    With `numbers`, all numbers that may become large do; else only those that a length bounds.
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
    """Return every item repeated several times in a row, which keeps the order, and the code for that."""
    if not value or not isinstance(value, list) or _too_long(value, size):
        return value, ""
    times = size // len(value) + 1
    code = f"[item for item in {value!r} for _ in range({times})][:{size}]"
    return [item for item in value for _ in range(times)][:size], code


def _counted(value: Any, size: int) -> tuple[Any, str]:
    """Return different numbers in ascending order, and the code for that."""
    if not isinstance(value, list) or not value or not all(type(item) is int for item in value):
        return value, ""
    first = min(value)
    return list(range(first, first + size)), f"list(range({first}, {first + size}))"


_WAYS = (_tiled, _stretched, _counted)
