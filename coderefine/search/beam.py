"""The search itself: stages of ideas, from certain to speculative, each on the best states of the one before.

A patch is *plausible* if it passes all visible tests, which few tests make easy (Qi et al., ISSTA 2015, call the
result overfitting). So the search goes on a little after the first and ranks what it found.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable, Iterable, Iterator
from difflib import SequenceMatcher

from coderefine.search import names, syntax
from coderefine.search.localize import suspiciousness
from coderefine.search.mutate import mutations
from coderefine.search.program import Idea
from coderefine.search.trials import State, Step, Trials

Stage = Callable[[State], Iterator[Idea]]

_WIDTH = 8
"""States that a stage hands on."""
_LOOKED_AT = 24
"""States judged in full to find those."""
_AFTERWARDS = 150
"""Candidates to judge after the first plausible one."""
_WORD = re.compile(r"\w+|[^\w\s]")


def search(root: State, trials: Trials, keep: int) -> list[State]:
    """Return plausible states, best first; else the best that passes more tests than `root` and all of its, if any.

    The report of `root` has to be one of `trials`.
    """
    plausible: list[State] = []
    frontier, best = [root], root
    seen = {root.source}
    for stage, consumes in STAGES:
        changed: list[State] = []
        for state in trials.run(_steps(frontier, stage, seen)):
            if state.report.accepted:
                trials.left = min(trials.left, _AFTERWARDS)
                plausible.append(state)
            elif state.changed:
                changed.append(state)
            if len(plausible) >= keep and state.prior <= _belief(root.source, _ranked(root, plausible)[keep - 1]):
                break  # ideas come likeliest first, so no later one would rank among the first
        if plausible:
            return _ranked(root, plausible)
        handed_on = [] if consumes else frontier
        frontier = _promising(handed_on, changed, trials)
        kept = [state for state in frontier if state.report.passing >= root.report.passing]
        best = max([best, *kept], key=lambda state: state.report.passed)
    return [best] if best.report.passing > root.report.passing else []


def _syntax(state: State) -> Iterator[Idea]:
    return syntax.repairs(state.source)


def _names(state: State) -> Iterator[Idea]:
    return names.repairs(state.source, state.report)


def _edits(state: State) -> Iterator[Idea]:
    yield from names.repairs(state.source, state.report)
    yield from mutations(state.source, suspiciousness(state.report, state.source))


STAGES: tuple[tuple[Stage, bool], ...] = (
    (_syntax, False),
    (_names, False),
    (_names, False),
    (_edits, True),
    (_edits, True),
    (_edits, True),
)
"""What to try in turn, and whether that exhausts a state (it has no place in the stages after)."""


def _steps(frontier: list[State], stage: Stage, seen: set[str]) -> Iterator[Step]:
    """The ideas for all states, merged by prior; no source comes twice in a search."""
    streams = [_of(state, stage) for state in frontier]
    for step in heapq.merge(*streams, key=lambda step: -step.prior):
        if step.source not in seen:
            seen.add(step.source)
            yield step


def _of(state: State, stage: Stage) -> Iterator[Step]:
    for idea in stage(state):
        yield Step(state, idea.patch.after, idea.patch.note, state.prior * idea.prior)


def _promising(handed_on: list[State], changed: Iterable[State], trials: Trials) -> list[State]:
    """The best states to go on from, judged on all visible tests."""
    first = sorted(changed, key=_progress, reverse=True)[:_LOOKED_AT]
    judged = trials.run((Step(state, state.source, "", state.prior) for state in first), complete=True)
    return sorted([*handed_on, *judged], key=_progress, reverse=True)[:_WIDTH]


def _progress(state: State) -> tuple[int, int, float]:
    return state.report.passed, -state.report.verdict.rank, state.prior


def _ranked(root: State, plausible: list[State]) -> list[State]:
    """Sort plausible states: likely edits first, then small ones."""
    return sorted(
        plausible,
        key=lambda state: (-_belief(root.source, state), sum(_lost_and_new(root.source, state)), state.source),
    )


def _belief(before: str, state: State) -> float:
    """How likely a plausible state is to be right: its prior, less for each word of the program that it loses."""
    return state.prior * 0.95 ** _lost_and_new(before, state)[0]


def _lost_and_new(before: str, state: State) -> tuple[int, int]:
    old, new = _WORD.findall(before), _WORD.findall(state.source)
    matches = sum(block.size for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks())
    return len(old) - matches, len(new) - matches
