"""Decides whether a text still does what a rewrite does: by the tests, by further inputs, and by the search's sense."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace

from coderefine.harden.growth import largest_within
from coderefine.harden.inputs import asking, likely
from coderefine.judge.judge import Judge
from coderefine.judge.kind import JudgedKind
from coderefine.judge.verdict import Verdict
from coderefine.outside import parse_python
from coderefine.patch.reply.sameness import canonical
from coderefine.problem.problem import Problem, TestCase
from coderefine.search.facts.program import Program
from coderefine.search.proposals import senseless
from coderefine.search.sense.judgement import nonsense
from coderefine.search.state import Idea, State
from coderefine.search.trials import Trials

_INPUTS = 48
_LARGE_CPU_S, _LARGE_BUDGET_S = 0.02, 0.5
"""Seconds that a rewrite may take for the large input, and seconds for finding that input."""


def stricter(problem: Problem, judge: Judge, source: str) -> Problem:
    """Return the problem with a program's answers on further inputs, one of them large, as further tests.

    With the visible tests alone, repairs would be undone that only other inputs need, or what made a program fast.
    Raises JudgeError.
    """
    if not JudgedKind.of(problem).is_called:
        return problem
    inputs = likely(problem, _INPUTS)
    answers = judge.run(asking(problem, inputs), source).cases if inputs else ()
    further = [
        TestCase(f"further {number}", args, case.got)
        for number, (args, case) in enumerate(zip(inputs, answers, strict=False), 1)
        if case.answered and not case.got_cut
    ]
    large = (
        largest_within(problem, judge, source, _LARGE_CPU_S, _LARGE_BUDGET_S, numbers=numbers)
        for numbers in (False, True)  # a window may be wide, and a program slow for that alone
    )
    further += [TestCase(f"large input {number}", code=code) for number, code in enumerate(large, 1) if code]
    # An answer that a checker refuses, or that differs the next time, tells nothing.
    again = judge.run(replace(problem, visible=tuple(further)), source).cases if further else ()
    kept = {case.name for case in again if case.verdict is Verdict.AC}
    return replace(problem, visible=problem.visible + tuple(case for case in further if case.name in kept))


class Passing:
    """Tries texts until a limit is reached; each program is tried once, regardless of layout."""

    def __init__(self, before: str, rewrite: State, trials: Trials) -> None:
        """`before` is the program that failed; `rewrite` passes, and oddities in it are its own."""
        self._trials = trials
        self._before = Program(before)
        self._is_odd = bool(self._oddity(rewrite))
        self._parses = rewrite.program.error is None
        self._known: dict[Hashable, bool] = {canonical(before): False, canonical(rewrite.source): True}

    def first(self, texts: Iterable[str], what: str) -> str | None:
        """Return the first text that passes; None where none does, or nothing more may be tried.

        `what` names the kind of the changes.
        """
        asked: deque[Hashable] = deque()
        at_once: list[str] = []

        def ideas() -> Iterator[Idea]:
            for text in texts:
                form = self._form(text)
                if form is None or self._known.get(form) is False:
                    continue
                if form in self._known:
                    at_once.append(text)
                    return
                asked.append(form)
                yield Idea(text, (what,))

        with closing(self._trials.run(ideas())) as states:
            for state in states:
                passes = state.report.accepted and (self._is_odd or not self._oddity(state))
                self._known[asked.popleft()] = passes
                if passes:
                    return state.source
        return at_once[0] if at_once else None

    def _form(self, text: str) -> Hashable:
        """Return a form that all texts of one program share.

        None for one that does not parse, though the rewrite did.
        """
        if self._parses:
            try:
                parse_python(text)
            except SyntaxError:
                return None
        return canonical(text)

    def _oddity(self, state: State) -> bool:
        """Whether something in a program cannot be meant, such as a name that is no longer bound."""
        tests = self._trials.plan.tests
        return bool(
            senseless(state.program, self._trials.evidence(state)) or nonsense(self._before, state.program, tests)
        )
