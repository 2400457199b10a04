"""The shrinking as an engine: it criticises a rewrite for edits that no test needs, and patches it by undoing them.

Guarantees: what it proposes passes all visible tests, answers the further inputs as the rewrite does, and edits fewer
lines of the first program, or fewer characters. The caller judges it once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from coderefine.autograd.variable import Gradient, Variable
from coderefine.budget import Meter
from coderefine.engine import Engine, StepReport
from coderefine.errors import BudgetExhausted
from coderefine.interrupts import uninterrupted
from coderefine.judge.judge import Judge
from coderefine.judge.kind import JudgedKind
from coderefine.judge.report import TestReport
from coderefine.patch import Patch
from coderefine.problem.problem import Problem
from coderefine.rendering import count
from coderefine.search.given.kind import SearchedKind
from coderefine.search.trials import Trials
from coderefine.shrink import changes, names
from coderefine.shrink.changes import Change, Split, applied, edited_lines
from coderefine.shrink.ddmin import fewer
from coderefine.shrink.passing import Passing, stricter

NAME = "shrink"
MAX_CANDIDATES = 3000
SHARE = 0.3
"""The fraction of the seconds of a search step, or of the run's remaining seconds where these are fewer."""
_LARGEST = 50_000
"""The most characters of a program that is divided."""
_LEAST_ALIKE = 0.5
"""The least likeness of the two programs' tokens."""
_HANDED_OVER = 3
"""Patches that are proposed: should the judge refuse the smallest, the next one may pass."""
_LEVELS: tuple[tuple[str, Split], ...] = (
    ("hunks", changes.hunks),
    ("lines", changes.lines),
    ("tokens", changes.tokens),
)


class ShrinkOptimizer:
    """Proposes the smallest tested edit of a program that achieves what a rewrite of it does."""

    def __init__(
        self, code: Variable, *, before: str, failed: TestReport, problem: Problem, judge: Judge, meter: Meter
    ) -> None:
        """`code` is the rewrite, `before` the program that it rewrites, and `failed` the report on that program."""
        self._code = code
        self._before, self._failed = before, failed
        self._problem = problem.without_hidden()
        self._judge = judge
        self._meter = meter
        self.step_report = StepReport()

    @uninterrupted
    def step(self) -> tuple[Patch, ...]:
        """Return patches from the rewrite to smaller edits, smallest first, and set the value to the first.

        () where nothing can be undone, or where the rewrite has little in common with the program. A limit or Ctrl-C
        ends the step with what it has found. Raises JudgeError.
        """
        self.step_report = StepReport()
        rewrite = self._code.value
        if max(len(rewrite), len(self._before)) > _LARGEST or not self._is_affordable():
            return ()
        if changes.likeness(self._before, names.undone(rewrite, names.renamings(self._before, rewrite))) < _LEAST_ALIKE:
            return ()  # another algorithm: a mixture of the two may pass and make no sense
        found: list[str] = []
        trials: Trials | None = None
        try:
            trials = self._trials(rewrite)
            if self._failed.accepted and trials.judge(self._before).accepted:
                return ()  # no test distinguishes the two, so none says what is needed
            root = trials.first(rewrite)
            if root is not None and root.report.accepted:
                for text in self._smaller(rewrite, Passing(self._before, root, trials)):
                    found.append(text)  # one by one, so that none is lost when the search ends early
        except KeyboardInterrupt:
            if trials is None:
                raise
            trials.interrupt()
        self.step_report = StepReport(tried=dict(trials.tried.most_common()), ended=trials.ended)
        worth = [text for text in reversed(found) if _size(self._before, text) < _size(self._before, rewrite)]
        if worth:
            self._code.value = worth[0]
        return tuple(Patch(rewrite, text, self._note(rewrite, text)) for text in worth[:_HANDED_OVER])

    def _is_affordable(self) -> bool:
        try:
            self._meter.check_time()
            self._meter.check_count(3)
        except BudgetExhausted:
            return False
        return True

    def _trials(self, rewrite: str) -> Trials:
        problem, report = self._problem, self._failed
        if JudgedKind.of(problem).is_called:
            problem = stricter(problem, self._judge, rewrite)
            report = self._judge.run(problem, rewrite)
        seconds = SHARE * min(self._meter.seconds_left, SearchedKind.of(problem).step_seconds)
        return Trials(problem, report, self._judge, self._meter, max_candidates=MAX_CANDIDATES, max_seconds=seconds)

    def _smaller(self, rewrite: str, passing: Passing) -> Iterator[str]:
        """Yield passing texts, each with a smaller edit: first with old names, then without the changes that are not
        needed.
        """
        text = rewrite
        for text in self._with_old_names(rewrite, passing):
            yield text
        for what, split in _LEVELS:
            for needed in fewer(split(self._before, text), partial(self._first, passing, what)):
                yield (text := applied(self._before, needed))

    def _with_old_names(self, rewrite: str, passing: Passing) -> Iterator[str]:
        """Yield the rewrite with all old names restored, or else with more and more of them."""
        renamed = names.renamings(self._before, rewrite)
        if renamed and (text := passing.first([names.undone(rewrite, renamed)], "names")):
            yield text
            return
        back: list[names.Renaming] = []
        for one in renamed:
            if text := passing.first([names.undone(rewrite, [*back, one])], "names"):
                back.append(one)
                yield text

    def _first(self, passing: Passing, what: str, selections: Iterable[Sequence[Change]]) -> Sequence[Change] | None:
        made: dict[str, Sequence[Change]] = {}

        def texts() -> Iterator[str]:
            for selection in selections:
                text = applied(self._before, selection)
                made[text] = selection
                yield text

        text = passing.first(texts(), what)
        return None if text is None else made[text]

    def _note(self, rewrite: str, text: str) -> str:
        lines, left = edited_lines(self._before, rewrite), edited_lines(self._before, text)
        return (
            f"{NAME}: of {count(lines, 'edited line')} {left} {'is' if left == 1 else 'are'} left, which the tests need"
        )


def shrink_engine(problem: Problem, judge: Judge, meter: Meter, *, before: str, failed: TestReport) -> Engine:
    """Return the engine that shrinks rewrites of `before`, whose report is `failed`."""

    def loss(code: Variable, report: TestReport) -> Variable:
        edited = count(edited_lines(before, code.value), "edited line")
        text = f"All visible tests pass, with {edited}. What no test needs of them is to be as it was."
        return Variable(
            text,
            role="criticism",
            predecessors=(code,),
            backward_fn=lambda _: (Gradient(text, evidence=report),),
        )

    def optimizer(code: Variable) -> ShrinkOptimizer:
        return ShrinkOptimizer(code, before=before, failed=failed, problem=problem, judge=judge, meter=meter)

    return Engine(name=NAME, loss=loss, optimizer=optimizer, can_change_algorithm=False)


def _size(before: str, after: str) -> tuple[int, int]:
    """Return the size of an edit: its lines, then its characters."""
    return edited_lines(before, after), sum(it.end - it.start + len(it.text) for it in changes.tokens(before, after))
