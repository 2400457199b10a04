"""What is tried after a plausible program."""

from dataclasses import replace

import pytest

from coderefine.budget import Meter
from coderefine.search.facts.edits import Edit, apply
from coderefine.search.facts.program import Program
from coderefine.search.ideas import improvements
from coderefine.search.proposals import Base
from coderefine.search.state import State
from coderefine.search.trials import Trials
from tests.problems_for_tests import function_problem
from tests.samples import report

SOURCE = "def f(x):\n    return x + 1\n"


@pytest.fixture
def trials(any_judge):
    problem = function_problem([((1,), 2)])
    return Trials(problem, report(), any_judge, Meter(), max_candidates=1, max_seconds=1)


def made(*parts, notes=()):
    """Return the state that edits of SOURCE make, each given as the text to replace and the one to put there."""
    edits = [(Edit(SOURCE.index(old), SOURCE.index(old) + len(old), new),) for old, new in parts]
    source = apply(SOURCE, [edit for part in edits for edit in part])
    notes = (*notes, *(f"edit: {new}" for _, new in parts))
    return State(source, notes, 0.5, Base(Program(SOURCE), ()), tuple(edits), report=report())


def test_each_of_several_edits_is_left_out(trials):
    steps = list(improvements(made(("x + ", "x * "), ("1", "2"), notes=["syntax: first"]), trials))
    assert [(step.source, step.notes) for step in steps] == [
        ("def f(x):\n    return x + 2\n", ("syntax: first", "edit: 2")),
        ("def f(x):\n    return x * 1\n", ("syntax: first", "edit: x * ")),
    ]


def test_a_single_edit_stays_and_so_does_what_may_be_meant(trials):
    assert list(improvements(made(("1", "2")), trials)) == []


def test_what_cannot_be_meant_is_mended_at_no_cost(trials):
    state = replace(made(("x + 1", "xx + 1")), base=None, parts=())
    steps = list(improvements(state, trials))
    assert steps[0].source == SOURCE
    assert steps[0].prior * 0.4 ** len(steps[0].notes) == pytest.approx(state.prior * 0.4 ** len(state.notes))
