"""The search itself: best first, over programs and ideas for them.

Every program that behaves in a new way is a state with a stream of ideas, likeliest first. The next candidate is the
likeliest idea of all streams, judged by the probability of the edits so far, by what they have gained, and by the
idea's own prior. So a single likely edit comes before two, and edits that brought the tests nearer are followed
further.

A patch is *plausible* if it passes all visible tests, which few tests make easy (Qi et al., ISSTA 2015, call the result
overfitting). So the search goes on after the first one and ranks what it found. A patch that passes but makes no sense
does not count, and the search goes on as if it had failed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from coderefine.patch.reply.sameness import canonical
from coderefine.search.choice import by_behaviour
from coderefine.search.fitness import fitness
from coderefine.search.frontier import Frontier
from coderefine.search.ideas import narrowed
from coderefine.search.pasted.normal import normal_forms
from coderefine.search.proposals import senseless
from coderefine.search.rank import Ranked, ranked
from coderefine.search.sense.judgement import nonsense
from coderefine.search.state import Idea, State
from coderefine.search.support import unsupported
from coderefine.search.trials import Trials


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found."""

    root: State
    """The program to repair."""
    plausible: tuple[State, ...]
    """Different programs that pass all visible tests, those most likely right first."""
    best: State | None
    """A program that passes more tests than the one to repair, and all of its tests, where none is plausible."""
    nearest: State | None
    """The failing program that came nearest to passing, nearer than the one to repair; it may fail tests that that
    passes.
    """
    meaningless: tuple[tuple[State, str], ...]
    """Programs that pass but make no sense, each with the reason, likeliest first."""
    tried: Counter[str]
    """How many candidates of each operator were tried."""
    ended: str = ""
    """Why the search ended though ideas were left and nothing passed; "" otherwise."""


_LONGER = 10
"""How many times the usual number of candidates are tried after the first plausible one, where several are wanted."""


def explore(source: str, trials: Trials, *, several: bool = False) -> Found:
    """Search from a failing program, for `several` that pass where they are to be compared."""
    root = trials.first(source)
    if root is None:  # a limit was reached before anything was tried
        return Found(
            State.of(Idea(source, focus=trials.plan.tests.suite.suspects), trials.judge(source)),
            (),
            None,
            None,
            (),
            trials.tried,
            trials.ended,
        )
    begun = narrowed(_normal(root, trials), trials)
    if begun.report.accepted:
        return Found(root, (begun,), None, None, (), trials.tried)
    frontier = Frontier(begun, trials)
    plausible: list[State] = []
    usual, end_of_usual = 0, trials.tried.total()  # how many are found, and when, where only one is wanted
    partial = [begun] if begun.report.passing > root.report.passing else []
    meaningless: list[tuple[State, str]] = []
    nearest, since = begun, 0
    with _ended_by_ctrl_c(trials):
        while frontier.waiting and not trials.ended:
            before = trials.left
            for state in trials.run(frontier.steps()):
                since += 1
                if state.report.accepted:
                    frontier.improve(state)
                    why = nonsense(begun.program, state.program, trials.plan.tests)
                    if why := why or unsupported(state.notes, state.report):
                        meaningless.append((state, why))
                        continue
                    if not plausible:
                        afterwards = trials.plan.afterwards(trials.tried.total()) if trials.compares else 0
                        end_of_usual = trials.tried.total() + afterwards
                        trials.left = min(trials.left, afterwards * (_LONGER if several else 1))
                    plausible.append(state)
                    usual += trials.tried.total() <= end_of_usual
                elif frontier.add(state):
                    if fitness(state.report) > fitness(nearest.report):
                        nearest, since = state, 0
                    if state.report.passing > root.report.passing:
                        partial.append(state)
                if since >= trials.patience and not plausible:
                    trials.stop(f"{since:,} programs in a row came no nearer to passing")
            if trials.left == before:
                break
    best = None if plausible else _best(source, partial, trials)
    nearer = nearest if nearest is not root else None
    ended = ""
    if trials.ended and frontier.waiting and not plausible:
        ended = f"{trials.ended}; ideas were left for {_programs(len(frontier.waiting))}"
    odd = {state.source for state in plausible if senseless(state.program, trials.evidence(state))}
    meaningless.sort(key=lambda pair: -pair[0].prior)
    right = _in_order(source, plausible[:usual], odd, trials)
    if several and usual < len(plausible):  # the first stays the same, however many are wanted
        right = [*right[:1], *(it for it in _in_order(source, plausible, odd, trials) if it not in right[:1])]
    return Found(root, tuple(right), best, nearer, tuple(meaningless), trials.tried, ended)


def _in_order(source: str, plausible: list[State], odd: set[str], trials: Trials) -> list[State]:
    """Return the plausible states that are different programs, likeliest to be right first."""
    patches = _distinct(ranked(source, plausible, odd))
    if not trials.interrupted:
        with _ended_by_ctrl_c(trials):
            return by_behaviour(patches, source, trials)
    return [patch.state for patch in patches]


@contextmanager
def _ended_by_ctrl_c(trials: Trials) -> Iterator[None]:
    """End the work in the block on Ctrl-C; what was found so far is kept."""
    try:
        yield
    except KeyboardInterrupt:
        trials.interrupt()


def _normal(root: State, trials: Trials) -> State:
    """Return what the program was before it was copied, judged by the tests; the program itself if it was not copied.

    A program that parses stays as it is unless another form comes nearer to passing.
    """
    if not trials.undoes_copying:
        return root
    forms = list(trials.run(Idea(form.text, (form.note,)) for form in normal_forms(root.source)))
    states = [*forms, root] if root.program.error else [root, *forms]
    return max(states, key=lambda state: fitness(state.report))


def _programs(count: int) -> str:
    return f"{count:,} program{'' if count == 1 else 's'}"


def _distinct(patches: list[Ranked]) -> list[Ranked]:
    """Return the first patch of each program; layout and comments do not make another program."""
    first: dict[Hashable, Ranked] = {}
    for patch in patches:
        first.setdefault(canonical(patch.state.source), patch)
    return list(first.values())


def _best(source: str, partial: list[State], trials: Trials) -> State | None:
    """Return the first state that passes all that the program to repair passes, and more, by the judge; else None."""
    likeliest = sorted(partial, key=lambda state: (-fitness(state.report), -state.prior))[:5]
    with _ended_by_ctrl_c(trials):
        if not trials.interrupted:
            passing = trials.judge(source).passing
            likeliest = [state for state in likeliest if trials.judge(state.source).passing > passing]
    return next(iter(likeliest), None)  # its receiver judges it in any case
