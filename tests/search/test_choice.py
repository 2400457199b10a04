"""Which of the plausible patches is taken."""

from dataclasses import replace

import pytest

from coderefine.budget import Meter
from coderefine.kinds.program import PROGRAM
from coderefine.problem.compare import Compare
from coderefine.problem.problem import Limits, Problem, TestCase
from coderefine.search.choice import by_behaviour
from coderefine.search.rank import Ranked
from coderefine.search.state import Idea, State
from coderefine.search.trials import Trials
from tests.problems_for_tests import function_problem

SOURCE = "def f(x):\n    return x\n"
PROBLEM = replace(function_problem([((2,), 4)], params=("int",)), statement="## Constraints\n\n- `0 <= p0 <= 100`\n")


def chosen(judge, problem, source, *patches, odd=()):
    trials = Trials(problem, judge.run(problem, source), judge, Meter(), max_candidates=9, max_seconds=60)
    state = trials.first(source)
    ranked = [
        Ranked(State.of(Idea(text, ("compare: x",), belief), state.report), belief, text in odd)
        for text, belief in patches
    ]
    return [it.source for it in by_behaviour(ranked, source, trials)]


def f(value):
    return SOURCE.replace("return x", f"return {value}")


def test_those_that_answer_alike_stand_for_each_other(judge):
    alone, one, other = (f("x + 2"), 0.3), (f("x * x"), 0.25), (f("x ** 2"), 0.25)
    assert chosen(judge, PROBLEM, SOURCE, alone, one, other) == [one[0], alone[0], other[0]]


def test_what_crashes_on_another_input_comes_later(judge):
    crashing, sound = (f("[x, x, 4][x]"), 0.3), (f("x * 2"), 0.2)
    assert chosen(judge, PROBLEM, SOURCE, crashing, sound) == [sound[0], crashing[0]]


def test_what_cannot_be_meant_stays_last(judge):
    odd, one, other = f("x + 2"), (f("x * x"), 0.001), (f("x ** 2"), 0.001)
    assert chosen(judge, PROBLEM, SOURCE, one, other, (odd, 0.9), odd=(odd,))[-1] == odd


@pytest.mark.parametrize("patches", [[], [(f("x * 2"), 0.5)]])
def test_where_there_is_no_choice_nothing_is_run(judge, patches, monkeypatch):
    monkeypatch.setattr(Trials, "compare", None)
    assert chosen(judge, PROBLEM, SOURCE, *patches) == [text for text, _ in patches]


def test_whole_programs_are_compared_too(judge):
    tests = (TestCase("a", ("3\n1 2 3\n",), "6"),)
    limits = Limits(time_s=1.0, memory_mib=128, output_kib=64)
    problem = Problem("p", "P", "Add.", PROGRAM, "", tests, compare=Compare.parse("tokens"), limits=limits)
    source = "a = list(map(int, input().split()))\na = list(map(int, input().split()))\nprint(0)\n"
    alone, one, other = (source.replace("0", it) for it in ("max(a) + 3", "sum(a)", "sum(a[:])"))
    answer = chosen(judge, problem, source, (alone, 0.2), (one, 0.15), (other, 0.15))
    assert answer[0] == one
