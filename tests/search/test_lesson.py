"""What the search tells of a step beside its patches, against the real judge."""

import dataclasses

import pytest

from coderefine.autograd.variable import Variable
from coderefine.budget import Meter
from coderefine.engine import StepReport
from coderefine.patch.reply.sameness import canonical
from coderefine.problem.problem import TestCase
from coderefine.search import trials
from coderefine.search.engine import SearchLoss, SearchOptimizer
from tests.problems_for_tests import function_problem

TOTAL = function_problem([(([3, 1, 2],), 6), (([-5],), -5), (([],), 0)])
RIGHT = "def f(nums):\n    total = 0\n    for num in nums:\n        total += num\n    return total\n"
# No edit by template finds these numbers.
HOPELESS = function_problem([((3,), 2793), ((-5,), -4655), ((0,), 0), ((1,), 931)])
SQUARE = "def f(x):\n    if x > 2:\n        x = x * x\n    return x\n"


@pytest.fixture
def stepped(any_judge):
    """Return `run(problem, source)`, which makes a step and returns the optimizer and its patches."""

    def run(problem, source, **options):
        code = Variable(source, requires_grad=True)
        SearchLoss(problem)(code, any_judge.run(problem, source)).backward()
        optimizer = SearchOptimizer(code, problem=problem, judge=any_judge, meter=Meter(), **options)
        return optimizer, optimizer.step()

    return run


def test_plausible_programs_are_counted_and_the_wanted_number_handed_over(stepped):
    optimizer, patches = stepped(TOTAL, RIGHT.replace("+=", "-="), keep=2, max_candidates=300)
    assert optimizer.step_report.plausible > 2
    assert len(patches) == 2
    assert optimizer.step_report.lesson == ""


def test_programs_that_differ_in_layout_are_one(stepped):
    optimizer, patches = stepped(TOTAL, RIGHT.replace("total = 0", "total = (1)"), keep=100, max_candidates=300)
    assert optimizer.step_report.plausible == len(patches) == len({canonical(patch.after) for patch in patches})


def test_layout_and_comments_make_no_other_program():
    assert canonical("x = (1)  # one\n") == canonical("x=1") != canonical("x = 2")
    assert canonical("x = (") != canonical("x = [")


def test_what_was_tried_is_counted_by_template(stepped):
    optimizer, _ = stepped(TOTAL, RIGHT.replace("+=", "-="), max_candidates=100)
    tried = optimizer.step_report.tried
    assert sum(tried.values()) == 99, "the first candidate is the program itself"
    assert tried["augmented"] >= 1
    assert list(tried.values()) == sorted(tried.values(), reverse=True)


def test_the_lesson_says_how_much_of_what_was_tried(stepped):
    optimizer, patches = stepped(HOPELESS, SQUARE, max_candidates=60)
    assert patches == ()
    assert "59 edits of this program were tried by template" in optimizer.step_report.lesson
    kind, times = next(iter(optimizer.step_report.tried.items()))
    assert f"By kind: {kind} {times}, " in optimizer.step_report.lesson


def test_the_lesson_shows_the_lines_that_the_tests_tell_from_others(stepped):
    problem = function_problem([((3,), 6), ((4,), 8), ((0,), 0), ((1,), 1)])
    optimizer, _ = stepped(problem, SQUARE.replace("x * x", "x % 2"), max_candidates=3)
    assert "Most suspicious lines:\n```\n3 | x = x % 2\n" in optimizer.step_report.lesson


def test_the_lesson_shows_what_came_nearest_and_was_not_kept(stepped):
    optimizer, patches = stepped(HOPELESS, "def f(x):\n    return 5 if x else x\n", max_candidates=300)
    said, _, diff = optimizer.step_report.lesson.partition("The edit that came nearest, which was not kept, ")
    assert patches == ()
    assert "no result passes all tests" in said
    assert diff.startswith("passes 1 of 4 tests, and this program 1; its wrong answers are nearer to the right ones:\n")
    assert "-    return 5 if x else x\n+    return 6 if x else x\n" in diff


def test_of_an_edit_that_is_kept_the_lesson_says_what_it_gained(stepped):
    optimizer, patches = stepped(HOPELESS, "def f(x):\n    return 5\n", max_candidates=300)
    gained = "An edit by template was kept, since with it the program passes 1 of 4 tests, and before 0:\n```diff\n"
    assert optimizer.step_report.lesson == f"{gained}{patches[0].diff}```"


def test_a_lesson_is_short_whatever_the_program(stepped):
    long = "def f(x):\n    y = '" + "`\u202e" * 3000 + "'\n    return [y][0][:0]\n"
    optimizer, _ = stepped(HOPELESS, long, max_candidates=100)
    assert 0 < len(optimizer.step_report.lesson) < 2500


def test_no_hidden_test_is_in_a_lesson(stepped):
    problem = dataclasses.replace(HOPELESS, hidden=(TestCase("canary", (4711,), 47114711),))
    optimizer, _ = stepped(problem, SQUARE, max_candidates=60)
    assert optimizer.step_report.lesson
    assert "canary" not in optimizer.step_report.lesson
    assert "4711" not in optimizer.step_report.lesson


def test_a_search_that_comes_no_nearer_stops_before_its_limits(stepped, monkeypatch):
    tried = []
    for patience in (10, 10_000):
        monkeypatch.setattr(trials, "_PATIENCE", patience)
        optimizer, _ = stepped(HOPELESS, SQUARE, max_candidates=1500, max_seconds=60)
        tried.append(sum(optimizer.step_report.tried.values()))
    assert tried[0] < 1000 < tried[1]


@pytest.mark.parametrize("limits", [{"max_seconds": 0}, {"max_candidates": 0}, {"max_candidates": 1}])
def test_where_nothing_could_be_tried_nothing_was_learnt(stepped, limits):
    optimizer, patches = stepped(HOPELESS, SQUARE, **limits)
    assert (patches, optimizer.step_report) == ((), StepReport(ended=optimizer.step_report.ended))
    assert "step" in optimizer.step_report.ended
