"""What to try for a program: the steps from a state, likeliest first."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import replace

from coderefine.search.facts.edits import apply
from coderefine.search.facts.tree import MAX_CHARS, parse
from coderefine.search.localize import suspiciousness
from coderefine.search.narrowing import lines_around
from coderefine.search.proposals import Proposal, base, diagnoses, senseless
from coderefine.search.rank import EDIT
from coderefine.search.state import Idea, State
from coderefine.search.trials import Trials

_OF_NAMES = ("NameError", "UnboundLocalError", "AttributeError", "TypeError", "ImportError")
"""Exceptions after which names deserve another look."""
_RESOLVED = 6
"""The most repairs of senseless code that no test reaches, in a plausible program."""


def ideas(state: State, trials: Trials) -> Iterator[Idea]:
    """Yield the steps from a failing state, likeliest first."""
    if state.base is None:
        state = narrowed(state, trials)
    streams = [_mutated(state, trials)]
    if not state.parts or any(case.error and case.error.type in _OF_NAMES for case in state.report.failures):
        streams.append(_diagnosed(state, diagnoses(state.program, trials.evidence(state), trials.table)))
    return heapq.merge(*streams, key=lambda step: -step.prior)


def narrowed(state: State, trials: Trials) -> State:
    """Return the state with lines to search around, where its program is too long to be searched as a whole."""
    if state.focus or len(state.source) <= MAX_CHARS:
        return state
    report = trials.traced(state)
    return replace(state, report=report, focus=lines_around(report, state.source, trials.plan.tests))


def improvements(state: State, trials: Trials) -> Iterator[Idea]:
    """Yield the steps from a plausible state: with fewer edits, and with senseless code repaired."""
    yield from _with_less(state)
    yield from _mended(state, trials)


def _diagnosed(state: State, proposals: Iterable[Proposal]) -> Iterator[Idea]:
    """Yield the steps that repair what is wrong with the program regardless of the tests."""
    for proposal in proposals:
        source = apply(state.source, proposal.change.edits)
        if not isinstance(parse(source), SyntaxError):  # a run of the judge costs more
            yield Idea(source, (*state.notes, proposal.note), state.prior * proposal.prior, focus=state.focus)


def _mutated(state: State, trials: Trials) -> Iterator[Idea]:
    """Yield the steps that change the lines that the tests make suspicious."""
    found = state.base or base(state.program, trials.evidence(state), trials.table)
    report = state.report if state.parts else trials.traced(state)
    weights = suspiciousness(report, found.program.text, trials.plan.tests.suite.suspects)
    for proposal, prior in found.mutations(weights, state.edits):
        edits = proposal.change.edits
        source = apply(found.program.text, (*state.edits, *edits))
        yield Idea(
            source, (*state.notes, proposal.note), state.prior * prior, found, (*state.parts, edits), state.focus
        )


def _with_less(state: State) -> Iterator[Idea]:
    """Yield the steps that leave out one of several edits: where the others pass as well, it was a guess."""
    if state.base is None or len(state.parts) < 2:
        return
    for at in range(len(state.parts)):
        parts = state.parts[:at] + state.parts[at + 1 :]
        of_note = len(state.notes) - len(state.parts) + at
        notes = state.notes[:of_note] + state.notes[of_note + 1 :]
        step = Idea("", notes, state.prior, state.base, parts, state.focus)
        yield replace(step, source=apply(state.base.program.text, step.edits))


def _mended(state: State, trials: Trials) -> Iterator[Idea]:
    """Yield the steps that repair senseless code, at no cost for the likeliest."""
    found = senseless(state.program, trials.evidence(state))[:_RESOLVED]
    for step in _diagnosed(state, found):
        yield replace(step, prior=step.prior / (found[0].prior * EDIT))
