"""Questions about programs that pass and differ: what is asked, and what an answer is worth."""

import itertools
from dataclasses import replace

import pytest

from coderefine.budget import Budget
from coderefine.harden.question import questions
from coderefine.loop import refine
from coderefine.problem.compare import Compare
from coderefine.runs.asking import Answer, by_a_program, refine_asking, with_several
from coderefine.runs.tasks import Options
from tests.problems_for_tests import function_problem

STATEMENT = "Return the numbers above limit.\n\nConstraints:\n- -9 <= nums[i] <= 9\n- -9 <= limit <= 9\n"
WRONG = (
    "def f(nums, limit):\n    found = []\n    for i in range(len(nums) - 1):\n        if nums[i] >= limit:\n"
    "            found.append(nums[i])\n    return found\n"
)
RIGHT = WRONG.replace(">=", ">").replace(" - 1)", ")")
ALSO_PASSES = WRONG.replace(" - 1)", ")")


@pytest.fixture
def problem():
    cases = [(([5, 6, 7], 4), [5, 6, 7]), (([1, 2], 4), [])]
    found = function_problem(cases, params=("list[int]", "int"), returns="list[int]")
    named = tuple(replace(param, name=name) for param, name in zip(found.params, ("nums", "limit"), strict=True))
    return replace(found, statement=STATEMENT, params=named)


def run(judge, max_candidates=5000):
    options = with_several(Options(budget=Budget(max_candidates=max_candidates), harden=False))
    return lambda problem: refine(problem, WRONG, judge=judge, options=options)


def test_a_question_has_an_input_on_which_programs_differ_and_what_they_answer(any_judge, problem):
    crashes = RIGHT.replace("found = []", "found = []\n    nums[0]")
    asked = list(questions(problem, any_judge, [ALSO_PASSES, RIGHT, crashes]))
    assert all(it.args[1] in it.args[0] or not it.args[0] for it in asked)
    both = next(it for it in asked if len(it.choices) == 2)
    assert [len(it.programs) for it in both.choices] == [1, 2] or [len(it.programs) for it in both.choices] == [2, 1]
    assert any(it.failing == (2,) for it in asked) or all(it.args[0] for it in asked)
    assert list(questions(problem, any_judge, [RIGHT, RIGHT])) == []


def test_an_answer_is_a_test_from_then_on(any_judge, problem):
    asked = refine_asking(problem, any_judge, run(any_judge), by_a_program(any_judge, RIGHT))
    assert len(asked.questions) == len(asked.problem.visible) - len(problem.visible) >= 1
    assert any_judge.run(asked.problem, asked.result.source).accepted
    for limit in range(-2, 3):
        assert _ran(asked.result.source, [0, 1, limit, 2], limit) == _ran(RIGHT, [0, 1, limit, 2], limit)


def _ran(source, *args):
    names = {}
    exec(source, names)
    return names["f"](*args)


@pytest.mark.usefixtures("brief_search")
def test_a_question_that_is_skipped_changes_nothing(any_judge, problem):
    asked = refine_asking(problem, any_judge, run(any_judge), lambda problem, question: None, most=2)
    assert asked.problem == problem
    assert len(asked.results) == 1
    args = [question.args for question, _ in asked.questions]
    assert args
    assert all(one != other for one, other in itertools.combinations(args, 2))


@pytest.mark.usefixtures("brief_search")
def test_an_answer_that_no_program_gives_is_searched_for(any_judge, problem):
    def ask(problem, question):
        return Answer([99])

    asked = refine_asking(problem, any_judge, run(any_judge, max_candidates=1000), ask, most=1)
    assert asked.problem.visible[-1].expected == [99]
    assert len(asked.results) == 2
    assert not asked.result.accepted


def test_a_right_program_that_fails_has_no_answer(any_judge, problem):
    ask = by_a_program(any_judge, "def f(nums, limit): raise ValueError\n")
    question = next(questions(problem, any_judge, [ALSO_PASSES, RIGHT]))
    assert ask(problem, question) is None


def test_where_any_answer_may_be_right_nothing_is_asked(any_judge, problem):
    checked = replace(problem, compare=Compare("checker", checker="def check(args, expected, got): return True\n"))
    assert list(questions(checked, any_judge, [ALSO_PASSES, RIGHT])) == []
