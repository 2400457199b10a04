"""Programs that pass are ranked by what they do on inputs without known answers."""

from coderefine.harden.vote import vote
from coderefine.judge.verdict import Verdict
from tests.problems_for_tests import function_problem
from tests.samples import case, error, report

PROBLEM = function_problem([((1,), 3)], params=("int",), returns="int")
CHECKED = function_problem([((1,), 3)], params=("int",), returns="int", checker="def check(args, expected, got): ...")
UNORDERED = function_problem([((1,), [3])], params=("int",), returns="list[int]", compare="unordered")
CRASH = object()


def row(*answers, cpu_s=0.0):
    """The report of a program with these answers to the generated inputs."""
    cases = [
        case(i, Verdict.RE, got=None, answered=False, error=error()) if it is CRASH else case(i, got=it, cpu_s=cpu_s)
        for i, it in enumerate(answers)
    ]
    return report(*cases)


def ranked(*rows, independent=True, problem=PROBLEM, sources=None):
    sources = sources or [f"def f(x): return {i}" for i in range(len(rows))]
    return [it.program for it in vote(problem, "before", sources, rows, independent=independent).ballots]


def test_the_majority_wins():
    assert ranked(row(1, 2, 9), row(1, 2, 3), row(1, 2, 3), row(8, 2, 3))[:2] == [1, 2]


def test_copies_of_a_program_have_one_voice():
    wrong, right = "def f(x): return 0", "def f(x): return x"
    sources = [wrong, wrong + "  # again", wrong + "\n", right, "def f(y): return y"]
    assert ranked(row(9), row(9), row(9), row(3), row(3), sources=sources)[0] == 3


def test_edits_of_one_program_keep_the_order_of_the_search():
    assert ranked(row(9, 9), row(3, 3), row(3, 3), independent=False) == [0, 1, 2]


def test_a_program_that_crashes_where_another_answers_is_last():
    assert ranked(row(1, CRASH), row(2, 2), independent=False) == [1, 0]
    assert ranked(row(1, CRASH), row(1, CRASH), row(2, 2)) == [2, 0, 1]


def test_an_input_on_which_all_crash_says_nothing():
    result = vote(PROBLEM, "", ["a", "b"], [row(CRASH, 1), row(CRASH, 1)], independent=True)
    assert (result.split, [it.failures for it in result.ballots]) == (0, [0, 0])


def test_an_answer_of_another_type_is_a_failure():
    assert ranked(row(None, 1), row(2, 2), independent=False) == [1, 0]


def test_answers_are_compared_as_the_problem_compares_them():
    result = vote(UNORDERED, "", ["a", "b"], [row([1, 2]), row([2, 1])], independent=True)
    assert ([it.behaviour for it in result.ballots], result.split) == ([0, 0], 0)


def test_under_a_checker_only_failures_count():
    result = vote(CHECKED, "", ["a", "b", "c"], [row(1, CRASH), row(7, 8), row(9, 9)], independent=True)
    assert [it.program for it in result.ballots] == [1, 2, 0]


def test_the_faster_of_two_that_agree_is_taken():
    assert ranked(row(1, cpu_s=1.0), row(1, cpu_s=0.1)) == [1, 0]


def test_noise_in_times_decides_nothing():
    assert ranked(row(1, cpu_s=0.002), row(1, cpu_s=0.001)) == [0, 1]


def test_of_equal_programs_the_smaller_change_is_taken():
    sources = ["x = 1\ny = 2\nz = 3\n", "x = 1\n"]
    result = vote(PROBLEM, "x = 0\n", sources, [row(1), row(1)], independent=True)
    assert result.ballots[0].program == 1


def test_nothing_to_compare_keeps_the_order():
    assert ranked(row(), row()) == [0, 1]
