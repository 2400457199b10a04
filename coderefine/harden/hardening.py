"""Hardening: the stage of the refinement between "passes the visible tests" and "is the answer".

The one function, `harden`, runs the plausible programs on generated inputs, chooses one, measures how its time grows,
and reports the generated inputs that it fails on. The outcome is journalled as a whole, since it depends on time;
everything that follows depends on the outcome alone. It needs no model and sees no hidden test.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import Any, Self

from coderefine.budget import Meter
from coderefine.errors import BudgetExhausted
from coderefine.harden.bounds import Args
from coderefine.harden.constraints import read_constraints
from coderefine.harden.growth import Growth, measure
from coderefine.harden.inputs import asking, generate, smallest
from coderefine.harden.kind import HardenedKind
from coderefine.harden.oversights import MAX_CALLS, MAX_CHARS, call_of, find_oversights, oversight_test
from coderefine.harden.phrases import leaves
from coderefine.harden.vote import Ballot, answer, vote
from coderefine.judge.judge import Judge
from coderefine.judge.report import CaseResult, TestReport
from coderefine.judge.verdict import Verdict
from coderefine.problem.problem import Problem, TestCase

MAX_SECONDS = 3.0
SHARE = 0.25
"""The fraction of the run's remaining seconds that hardening may take."""
MAX_CANDIDATES = 8
_PARTS = (1, 4, 16)
"""Numbers of inputs after which a program that hangs is given up."""
_LARGE = 10_000
"""Numbers from here on may be the length of a loop."""
_NO_INPUTS = "no inputs beyond the visible tests, since none is certain to be valid"
_NOTE = "# A generated input within the stated constraints. The right answer is not known, but there has to be one."


@dataclass(frozen=True, slots=True)
class Hardening:
    """What was tried, and its results."""

    inputs: int = 0
    """Generated inputs that the programs were run on."""
    answered: int = 0
    """Inputs on which the chosen program answered."""
    split: int = 0
    """Inputs on which the programs differed."""
    ballots: tuple[Ballot, ...] = ()
    """A ballot for each plausible program that was compared, best first."""
    failures: tuple[str, ...] = ()
    """Calls with generated, valid inputs on which the chosen program crashes or does not end."""
    oversights: tuple[str, ...] = ()
    """Calls with small inputs, such as an empty list, on which it fails unintendedly; nothing says whether these inputs
    are valid."""
    growth: Growth | None = None
    too_slow: str = ""
    """The call on which the time limit would be exceeded; "" where none was found."""
    note: str = ""
    """Why there were no inputs; "" where there were some, or where there was no time for any."""
    seconds: float = 0.0

    @property
    def chosen(self) -> int:
        """The chosen program, by its position in the engine's order."""
        return self.ballots[0].program if self.ballots else 0

    def first_replaces_second(self, *, alike: bool) -> bool:
        """Whether the first of two programs answers all inputs that the second answers; with `alike`, in the
        same way.
        """
        failures = {ballot.program: ballot.failures for ballot in self.ballots}
        return failures.get(0) == 0 and 1 in failures and (not alike or self.split == failures[1])

    def summary(self, problem: Problem) -> str:
        """Return the result for the chosen program, in a line for people; "" where there was no time to try."""
        parts = [f"{self.answered} of {self.inputs} generated inputs answered" if self.inputs else self.note]
        if self.failures:
            parts[0] += f", not {self._shown(self.failures[0], problem)}"
        if self.oversights:
            parts.append(f"fails on {self._shown(self.oversights[0], problem)}, which nothing rules out")
        if not self.inputs:
            return " · ".join(filter(None, parts))
        if len(self.ballots) > 1:
            differ = f", which differ on {self.split}" if self.split else ", all alike"
            parts.append(f"best of {len(self.ballots)} programs{differ}")
        if self.growth:
            order = "constant time" if self.growth.order == "1" else f"time ~ {self.growth.order}"
            parts.append(order + (f", too slow from size {self.growth.passes_at}" if self.growth.passes_at else ""))
        return " · ".join(parts)

    @staticmethod
    def _shown(call: str, problem: Problem) -> str:
        return call.replace("candidate", problem.entry.rpartition(".")[2], 1)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data, equal to what is read back."""
        data: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Rebuild it from `to_json`."""
        growth = data["growth"]
        if growth:
            growth = Growth(**{**growth, "points": tuple((size, seconds) for size, seconds in growth["points"])})
        ballots = tuple(Ballot(**ballot) for ballot in data["ballots"])
        calls = {name: tuple(data.get(name, ())) for name in ("failures", "oversights")}
        return cls(**{**data, **calls, "ballots": ballots, "growth": growth})

    def tests(self, problem: Problem, *, large: bool) -> Problem:
        """Return the problem with the inputs that the chosen program fails on as further tests, which any answer
        passes.

        With `large`, the input on which it is too slow is added as well, and the oversights are left out.
        """
        codes = [*self.failures, *([self.too_slow] if large and self.too_slow else [])]
        cases = [TestCase(f"generated {i}", code=f"{_NOTE}\n{code}") for i, code in enumerate(codes, 1)]
        oversights = self.oversights if HardenedKind.of(problem).mends_oversights and not large else ()
        for i, call in enumerate(oversights, len(cases) + 1):
            cases.append(oversight_test(f"generated {i}", call, problem))
        return replace(problem, visible=(*problem.visible, *cases))


def harden(
    problem: Problem, judge: Judge, meter: Meter, before: str, sources: Sequence[str], *, independent: bool
) -> Hardening:
    """Compare plausible programs that change `before`, given in the engine's order; ends early when the budget runs
    out.

    `independent` says that they were not made from each other, so that their agreement is evidence. Raises JudgeError.
    """
    began = time.monotonic()
    budget_s = min(MAX_SECONDS, SHARE * meter.seconds_left)
    is_time = budget_s > 0.05
    inputs = generate(problem) if is_time else ()
    asked = (*inputs, *smallest(problem)) if is_time else ()
    deadline = began + budget_s / 2
    compared: list[str] = []
    reports: list[TestReport] = []
    for source in list(dict.fromkeys(sources))[:MAX_CANDIDATES] if asked else ():
        if (reports and time.monotonic() > deadline) or not _affordable(meter):
            break
        compared.append(source)
        reports.append(_report(problem, judge, asked, source))
    note = _NO_INPUTS if is_time and not inputs else ""
    if not reports:
        return Hardening(note=note, seconds=round(time.monotonic() - began, 3))
    outcome = vote(problem, before, compared, reports, independent=independent)
    best = outcome.ballots[0].program
    found = Hardening(
        inputs=len(inputs),
        answered=sum(answer(problem, case) is not None for case in reports[best].cases[: len(inputs)]),
        split=outcome.split,
        ballots=outcome.ballots,
        failures=_failures(problem, inputs, reports[best]),
        note=note,
        oversights=find_oversights(problem, asked, reports[best], compared[best], certain=len(inputs)),
    )
    left_s = deadline + budget_s / 2 - time.monotonic()
    measured = measure(problem, judge, compared[best], left_s / 2) if left_s > 0.1 and _affordable(meter) else None
    if measured:
        growth, large = measured
        found = replace(found, growth=growth, too_slow=_explained(growth, large.code) if large else "")
    return replace(found, seconds=round(time.monotonic() - began, 3))


def _affordable(meter: Meter) -> bool:
    try:
        meter.check_candidate()
    except BudgetExhausted:
        return False
    meter.add_candidate()
    return True


def _report(problem: Problem, judge: Judge, inputs: Sequence[Args], source: str) -> TestReport:
    """Run a program on the inputs, a few first, so that a program that hangs is not waited for again and again."""
    cases: list[CaseResult] = []
    for start, end in pairwise((0, *(part for part in _PARTS if part < len(inputs)), len(inputs))):
        report = judge.run(asking(problem, inputs[start:end]), source)
        cases += [replace(case, index=start + case.index) for case in report.cases]
        if report.verdict is Verdict.CE or any(case.verdict is Verdict.TLE for case in report.cases):
            break
    unasked = (CaseResult(index, "", Verdict.TLE, reason="not asked") for index in range(len(cases), len(inputs)))
    return replace(report, cases=(*cases, *unasked))


def _failures(problem: Problem, inputs: Sequence[Args], report: TestReport) -> tuple[str, ...]:
    """Return calls that crashed or did not end, if the statement has constraints and the call can be written down.

    With a large number in its input a program may take longer than the short time limit here, so that is no failure.
    """
    if not problem.params or any(param.type.nodes for param in problem.params):
        return ()
    if not read_constraints(problem).stated:
        return ()
    calls = [
        call_of(args)
        for args, case in zip(inputs, report.cases, strict=False)
        if case.args == args
        and not (case.verdict is Verdict.TLE and _has_large_number(args))
        and case.verdict in (Verdict.RE, Verdict.TLE, Verdict.MLE)
        and answer(problem, case) is None
    ]
    return tuple(sorted((call for call in calls if len(call) <= MAX_CHARS), key=len)[:MAX_CALLS])


def _has_large_number(args: Args) -> bool:
    return any(type(leaf) in (int, float) and abs(leaf) > _LARGE for arg in args for leaf in leaves(arg))


def _explained(growth: Growth, code: str) -> str:
    size, seconds = growth.points[-1]
    return (
        f"# Time grows like {growth.order}: {seconds:.2g} s at size {size}; the limit would be passed at size "
        f"{growth.passes_at}, and {growth.limit} is allowed.\n{code}"
    )
