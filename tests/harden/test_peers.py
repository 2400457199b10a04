"""What right programs answer on further inputs is tested, too."""

import dataclasses

from coderefine.harden.peers import with_peers
from coderefine.problem.compare import Compare
from tests.plain_judge import PlainJudge
from tests.problems_for_tests import function_problem

RIGHT = "def f(nums):\n    return max(nums, default=0)\n"
OTHER = "def f(nums):\n    return sorted(nums)[-1] if nums else 0\n"
ODD = "def f(nums):\n    return max([0, *nums]) if nums != [-5] else -5\n"
LENGTH = "def f(nums):\n    return len(nums)\n"
STATED = "## Constraints\n0 <= p0.length <= 9\n-9 <= p0[i] <= 9"


def maximum(statement=STATED):
    made = function_problem([(([3, 1, 2],), 3), (([-5],), -5)], params=("list[int]",), returns="int")
    return dataclasses.replace(made, statement=statement)


def asked(*sources, problem=None):
    problem = problem or maximum()
    return with_peers(problem, PlainJudge(), [(problem, source) for source in sources])


def test_right_programs_tell_what_is_right_on_further_inputs():
    found = asked(RIGHT, OTHER)
    assert found.right == (0, 1)
    assert found.added == 24
    further = found.problem.visible[2:]
    assert all(test.expected == max(test.args[0], default=0) for test in further)
    assert PlainJudge().run(found.problem, OTHER).accepted
    assert PlainJudge().run(maximum(), ODD).accepted
    assert not PlainJudge().run(found.problem, ODD).accepted


def test_a_program_that_fails_a_visible_test_has_no_say():
    found = asked(LENGTH, RIGHT)
    assert found.right == (1,)
    assert found.problem == asked(RIGHT).problem


def test_where_they_differ_nothing_is_tested():
    found = asked(RIGHT, ODD)
    assert found.added
    assert all(test.expected == max([0, *test.args[0]]) for test in found.problem.visible[2:] if test.args != ([-5],))


def test_nothing_is_added_without_a_right_program_or_under_a_checker():
    assert asked(LENGTH).problem == maximum()
    assert asked().problem == maximum()
    checked = dataclasses.replace(
        maximum(), compare=Compare("checker", checker="def check(args, answer): return True\n")
    )
    assert asked(RIGHT, problem=checked).problem == checked


def test_where_no_input_is_certain_to_be_valid_one_program_is_not_enough():
    unread = maximum("## Constraints\n- p0 represents a tree\n")
    assert not asked(RIGHT, problem=unread).added
    assert asked(RIGHT, OTHER, problem=unread).added
