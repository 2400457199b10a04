"""Small changes of a right program that its tests do not notice, and inputs that would show them.

The edits that the search would try as repairs are tried on a program that passes: an edited program that passes as well
shows what the tests leave open. An input on which it answers something else is a missing test.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from coderefine.budget import Meter
from coderefine.harden.bounds import Args
from coderefine.harden.inputs import asking, generate
from coderefine.harden.vote import alike, answer
from coderefine.judge.report import TestReport
from coderefine.patch.reply.sameness import canonical
from coderefine.problem.problem import Problem, TestCase
from coderefine.search.facts.edits import apply
from coderefine.search.proposals import base
from coderefine.search.state import Idea, State
from coderefine.search.trials import Trials

if TYPE_CHECKING:
    from coderefine.judge.judge import Judge

MOST_CHANGES = 1000
_INPUTS = 100


@dataclass(frozen=True, slots=True)
class Survivor:
    """A changed program that passes all tests."""

    source: str
    note: str
    """What was changed, in words."""


@dataclass(frozen=True, slots=True)
class Telling:
    """An input with the program's own answer, and the survivors that answer something else."""

    args: Args
    value: Any
    survivors: tuple[Survivor, ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the tests of a problem notice of one program that passes them."""

    report: TestReport
    """Of the program itself."""
    changes: int = 0
    """How many small changes were tried."""
    telling: tuple[Telling, ...] = ()
    """Tests that would catch survivors, the one that catches most first; each survivor is in one."""
    alike: tuple[Survivor, ...] = ()
    """Survivors that answer alike on all inputs tried; many of them are equivalent programs."""
    inputs: int = 0
    are_certain: bool = True
    """Whether the inputs are certain to be valid, and not only likely."""

    @property
    def survivors(self) -> int:
        """How many changes pass all tests."""
        return len(self.alike) + sum(len(it.survivors) for it in self.telling)

    def with_tests(self, problem: Problem) -> Problem:
        """Return the problem with these inputs as further visible tests."""
        cases = (TestCase(f"certified {number}", it.args, it.value) for number, it in enumerate(self.telling, 1))
        return replace(problem, visible=(*problem.visible, *cases))


def certify(
    problem: Problem, judge: Judge, source: str, *, max_changes: int = MOST_CHANGES, max_seconds: float = 60.0
) -> Certificate:
    """Try small changes of a program that passes all tests, hidden ones too; any other program gets no certificate.

    Raises JudgeError.
    """
    tested = replace(problem, visible=problem.cases("all"), hidden=())
    report = judge.run(tested, source)
    if not report.accepted:
        return Certificate(report)
    trials = Trials(tested, report, judge, Meter(), max_candidates=max_changes + 1, max_seconds=max_seconds)
    root = trials.first(source)
    if root is None or not root.report.accepted:
        return Certificate(report)
    seen, survivors, changes = {canonical(source)}, [], 0
    for state in trials.run(islice(_changes(root, trials), max_changes)):
        changes += 1
        if state.report.accepted and (form := canonical(state.source)) not in seen:
            seen.add(form)
            survivors.append(Survivor(state.source, "; ".join(state.notes)))
    certain = generate(problem, _INPUTS)
    inputs = certain or generate(problem, _INPUTS, certain=False)
    telling, left = _told(tested, judge, source, survivors, inputs) if survivors and inputs else ((), survivors)
    return Certificate(report, changes, tuple(telling), tuple(left), len(inputs), bool(certain))


def _changes(root: State, trials: Trials) -> Iterator[Idea]:
    """Yield the program with each small change at any place."""
    found = base(root.program, trials.evidence(root))
    for proposal, prior in found.mutations({}):
        edits = proposal.change.edits
        yield Idea(apply(root.source, edits), (proposal.note,), prior, found, (edits,))


def _told(
    problem: Problem, judge: Judge, source: str, survivors: Sequence[Survivor], inputs: Sequence[Args]
) -> tuple[list[Telling], list[Survivor]]:
    """Return the inputs that distinguish survivors from the program, and the survivors that none distinguishes."""
    asked = asking(problem, inputs)
    rows = list(zip(*(judge.run(asked, it).cases for it in (source, *(it.source for it in survivors))), strict=True))
    caught: list[tuple[int, set[int]]] = []
    for number, row in enumerate(rows):
        answers = [answer(problem, case) for case in row]
        if answers[0] is not None and not answers[0].got_cut:  # else the input may not be valid
            firsts = alike(problem, answers)
            caught.append((number, {at for at, first in enumerate(firsts[1:]) if first != 0}))
    left = set(range(len(survivors)))
    found: list[Telling] = []
    while caught and left:
        number, told = max(caught, key=lambda it: (len(it[1] & left), -len(repr(inputs[it[0]]))))
        if not told & left:
            break
        found.append(Telling(inputs[number], rows[number][0].got, tuple(survivors[at] for at in sorted(told & left))))
        left -= told
    return found, [survivors[at] for at in sorted(left)]
