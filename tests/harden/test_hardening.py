"""Hardening as a whole: what is chosen, what is found, and that it stays within its means."""

import dataclasses
import json

import pytest

from coderefine.budget import Budget, Meter
from coderefine.harden.hardening import Hardening, harden
from coderefine.problem.problem import Limits
from tests.problems_for_tests import class_problem, function_problem, suite_problem

STATED = "## Constraints\n0 <= p0.length <= 10^4\n-9 <= p0[i] <= 9"
RIGHT = "def f(nums):\n    return max(nums, default=0)\n"
CRASHES = "def f(nums):\n    return max(nums)\n"
HANGS = "def f(nums):\n    while not nums: pass\n    return max(nums)\n"


def maximum(statement=STATED, **fields):
    made = function_problem([(([3, 1, 2],), 3), (([-5],), -5)], params=("list[int]",), returns="int", **fields)
    return dataclasses.replace(made, statement=statement)


def run(judge, *sources, problem=None, budget=None, independent=False):
    return harden(problem or maximum(), judge, Meter(budget or Budget()), CRASHES, sources, independent=independent)


def test_the_plausible_program_that_does_not_crash_is_chosen(any_judge):
    hardening = run(any_judge, CRASHES, RIGHT)
    assert hardening.chosen == 1
    assert not hardening.failures
    assert hardening.ballots[1].failures > 0


@pytest.mark.parametrize("source", [CRASHES, HANGS])
def test_a_valid_input_on_which_the_program_fails_is_found(any_judge, source):
    assert "candidate([])" in run(any_judge, source).failures


def test_of_an_input_that_nothing_is_known_about_no_failure_is_claimed(any_judge):
    assert not run(any_judge, CRASHES, problem=maximum("Return the largest number.")).failures


def test_the_failures_become_tests_that_any_answer_passes(any_judge):
    problem = maximum()
    harder = run(any_judge, CRASHES).tests(problem, large=True)
    assert harder.visible[:2] == problem.visible
    assert "not known" in harder.visible[2].code
    assert not any_judge.run(harder, CRASHES).accepted
    assert any_judge.run(harder, "def f(nums):\n    return max(nums) if nums else 77\n").accepted


def test_a_program_that_would_be_too_slow_is_found_out(any_judge):
    slow = "def f(nums):\n    return max((a for a in nums if all(a >= b for b in nums)), default=0)\n"
    problem = maximum(limits=Limits(time_s=0.15))
    hardening = run(any_judge, slow, problem=problem)
    assert hardening.growth.order == "n^2"
    assert "Time grows like n^2" in hardening.too_slow
    assert not any_judge.run(hardening.tests(problem, large=True), slow).accepted
    assert any_judge.run(hardening.tests(problem, large=True), RIGHT).accepted


def test_the_outcome_survives_json(any_judge):
    hardening = run(any_judge, CRASHES, RIGHT)
    assert Hardening.from_json(json.loads(json.dumps(hardening.to_json()))) == hardening


def test_the_budget_of_seconds_bounds_it(any_judge):
    slow = [RIGHT.replace("    return", f"    time.sleep({0.02 + i / 1000})\n    return") for i in range(8)]
    hardening = run(any_judge, *(f"import time\n{source}" for source in slow), budget=Budget(max_seconds=2))
    assert 0 < len(hardening.ballots) < len(slow)


def test_a_program_that_hangs_on_every_input_is_given_up_soon(any_judge, monkeypatch):
    hangs = "def f(nums):\n    if nums not in ([3, 1, 2], [-5]):\n        while True: pass\n    return max(nums)\n"
    asked, judged = [], any_judge.run
    monkeypatch.setattr(
        any_judge, "run", lambda problem, source: asked.append((problem, source)) or judged(problem, source)
    )
    assert run(any_judge, hangs, RIGHT).chosen == 1
    cases = {text: sum(len(problem.visible) for problem, source in asked if source == text) for text in (hangs, RIGHT)}
    assert 10 * cases[hangs] < cases[RIGHT]


def test_with_no_time_left_nothing_is_tried(any_judge):
    assert run(any_judge, CRASHES, RIGHT, budget=Budget(max_seconds=0.01)).ballots == ()


def test_a_budget_of_candidates_ends_the_comparison(any_judge):
    assert len(run(any_judge, CRASHES, RIGHT, budget=Budget(max_candidates=1)).ballots) == 1


def test_files_of_pytest_are_not_hardened(any_judge):
    assert run(any_judge, "x = 1", problem=suite_problem("def test_it(): pass")).inputs == 0


def test_classes_are_compared_but_no_failure_is_claimed(any_judge):
    problem = class_problem(["Box", "put", "get"], [[], [1], []], [None, None, 1])
    right = "class Box:\n    item = None\n    def put(self, x): self.item = x\n    def get(self): return self.item\n"
    crashes = right.replace("item = None", "pass")
    hardening = run(any_judge, crashes, right, problem=problem)
    assert hardening.chosen == 1
    assert not run(any_judge, crashes, problem=problem).failures
