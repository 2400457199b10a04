"""The search as an engine, against the real judge and the bundled problems."""

from dataclasses import replace

import pytest

import coderefine
from coderefine import resources
from coderefine.autograd.variable import Variable
from coderefine.budget import Budget, Meter
from coderefine.judge.report import TestReport
from coderefine.kinds.function import FUNCTION
from coderefine.problem.problem import Param, Problem, TestCase
from coderefine.problem.typespec import ANY
from coderefine.refining.options import RefineOptions
from coderefine.search import explore
from coderefine.search.engine import SearchLoss, SearchOptimizer, search_engine
from coderefine.search.given.kind import SearchedKind
from coderefine.search.pasted.normal import normal_forms
from coderefine.search.trials import Trials
from tests.problems_for_tests import suite_problem

BUGGY = "class Solution:\n    def f(self, nums, k):\n        total = 0\n        for x in nums:\n"
FIXED = f"{BUGGY}            if x > k:\n                total += x\n        return total\n"
PROBLEM = Problem(
    slug="sum-above",
    title="Sum above",
    statement="",
    kind=FUNCTION,
    entry="Solution.f",
    visible=(TestCase("one", ([5, 2, 3], 2), 8), TestCase("two", ([1, 5, 1], 2), 5), TestCase("three", ([], 2), 0)),
    hidden=(TestCase("hidden", ([9, 9], 9), 0),),
    params=(Param("nums", ANY), Param("k", ANY)),
)


@pytest.fixture(scope="module")
def judge():
    with coderefine.open_judge("local") as judge:
        yield judge


def criticised(problem, judge, source):
    code = Variable(source, requires_grad=True)
    SearchLoss(problem)(code, judge.run(problem, source)).backward()
    return code


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ("            if x > k\n                total += x\n        return total\n", "syntax"),
        ("            if x > k:\n                total += x\n        return totl\n", "rename"),
        ("            if x > k:\n                total -= x\n        return total\n", "augmented"),
        ("            if x > k\n                total -= x\n        return totl\n", "syntax rename augmented"),
    ],
)
def test_repairs_a_program_and_says_how(judge, end, words):
    code = criticised(PROBLEM, judge, BUGGY + end)
    (patch,) = SearchOptimizer(code, problem=PROBLEM, judge=judge, meter=Meter()).step()
    assert code.value == patch.after == FIXED
    assert patch.before == BUGGY + end
    assert all(word in patch.note for word in words.split())


def test_mends_what_makes_no_sense_though_no_visible_test_shows_it(judge):
    source = (
        "class Solution:\n    def f(self, nums, k):\n        least = float('inf')\n        for x in nums\n"
        "            least = min(least, x)\n        return least if least != 'inf' else k\n"
    )
    tests = (TestCase("one", ([5, 2], 1), 2), TestCase("two", ([7], 1), 7))
    problem = replace(PROBLEM, visible=tests, hidden=(TestCase("none", ([], 1), 1),))
    code = criticised(problem, judge, source)
    (patch,) = SearchOptimizer(code, problem=problem, judge=judge, meter=Meter()).step()
    assert judge.run(problem, patch.after, tests="all").accepted


def test_a_name_that_no_visible_test_comes_to_is_resolved(judge):
    source = (
        "class Solution:\n    def f(self, nums, k):\n        least = nums[0]\n        for x in nums\n"
        "            least = min(least, x)\n        return least if least < k else Bounded(k)\n"
    )
    tests = (TestCase("one", ([5, 2], 9), 2), TestCase("two", ([7], 8), 7))
    problem = replace(PROBLEM, visible=tests, hidden=(TestCase("bound", ([3], 1), 1),))
    code = criticised(problem, judge, source)
    (patch,) = SearchOptimizer(code, problem=problem, judge=judge, meter=Meter()).step()
    assert judge.run(problem, patch.after, tests="all").accepted


def test_the_gradient_carries_the_criticism_and_the_report(judge):
    code = criticised(PROBLEM, judge, FIXED.replace("+=", "-="))
    (gradient,) = code.gradients
    assert "f([5, 2, 3], 2): got -8, expected 8" in gradient.text
    assert isinstance(gradient.evidence, TestReport)


def test_two_steps_from_the_same_program_find_the_same(judge):
    def once():
        code = criticised(PROBLEM, judge, FIXED.replace("+=", "-="))
        return SearchOptimizer(code, problem=PROBLEM, judge=judge, meter=Meter(), keep=3, max_candidates=400).step()

    found = once()
    assert once() == found
    assert len(found) > 1


def test_every_judged_candidate_is_counted_and_a_spent_budget_ends_the_search(judge):
    code = criticised(PROBLEM, judge, FIXED.replace("+=", "-="))
    meter = Meter(Budget(max_candidates=2))
    assert SearchOptimizer(code, problem=PROBLEM, judge=judge, meter=meter).step() == ()
    assert meter.candidates == 1  # the other one is for whoever judges what is found
    assert code.value == FIXED.replace("+=", "-=")


def test_a_partial_improvement_is_better_than_nothing(judge):
    source = "class Solution:\n    def f(self, nums, k):\n        return 1\n"
    code = criticised(PROBLEM, judge, source)
    patches = SearchOptimizer(code, problem=PROBLEM, judge=judge, meter=Meter(), max_candidates=60).step()
    assert patches
    assert 0 < judge.run(PROBLEM, code.value).passed < 3


def test_an_accepted_program_or_one_without_a_gradient_is_left_alone(judge):
    meter = Meter()
    code = criticised(PROBLEM, judge, FIXED)
    assert SearchOptimizer(code, problem=PROBLEM, judge=judge, meter=meter).step() == ()
    code.zero_grad()
    assert SearchOptimizer(code, problem=PROBLEM, judge=judge, meter=meter).step() == ()
    assert meter.candidates == 0


def test_the_engine_drafts_nothing(judge):
    engine = search_engine(PROBLEM, judge, Meter())
    assert (engine.name, engine.draft) == ("search", None)


SUBMISSIONS = [
    "at-most-two/submissions/compile_error/missing_colon.py",
    "at-most-two/submissions/wrong_answer/off_by_one.py",
    "at-most-two/submissions/wrong_answer/wrong_comparison.py",
    "balanced-brackets/submissions/wrong_answer/wrong_comparison.py",
    "edit-distance/submissions/compile_error/unbalanced_bracket.py",
    "edit-distance/submissions/wrong_answer/off_by_one.py",
    "mirror-tree/submissions/wrong_answer/missing_return.py",
    "next-arrangement/submissions/wrong_answer/wrong_comparison.py",
    "level-sums/submissions/wrong_answer/left_child_twice.py",
    "level-sums/submissions/wrong_answer/wrong_operator.py",
    "longest-palindrome/submissions/run_time_error/misspelled_name.py",
    "lru-cache/submissions/run_time_error/misspelled_field.py",
    "min-stack/submissions/run_time_error/missing_self.py",
    "min-stack/submissions/wrong_answer/wrong_comparison.py",
]


@pytest.mark.parametrize("path", SUBMISSIONS)
def test_repairs_a_bundled_submission_for_hidden_tests_too(judge, path):
    slug = path.split("/")[0]
    problem = coderefine.load_problem(resources.problems_dir() / slug)
    code = criticised(problem, judge, (resources.problems_dir() / path).read_text(encoding="utf-8"))
    assert SearchOptimizer(code, problem=problem, judge=judge, meter=Meter(), max_seconds=30).step()
    assert judge.run(problem, code.value, tests="all").accepted


def test_where_each_candidate_is_judged_it_ends_soon_after_the_first_that_passes(judge):
    problem = suite_problem("from solution import total\n\ndef test_it(): assert total([1, 2, 3]) == 6\n")
    code = criticised(problem, judge, "def total(xs):\n    return sum(xs[1:])\n")
    optimizer = SearchOptimizer(code, problem=problem, judge=judge, meter=Meter())
    assert optimizer.step()
    assert sum(optimizer.step_report.tried.values()) < 100


@pytest.mark.parametrize(
    ("limits", "budget", "why"),
    [
        ({"max_candidates": 30}, Budget(), "the limit of 30 programs a step is reached; ideas were left for "),
        ({"max_seconds": 0.0}, Budget(), "the 0 s of a step are spent (--max-seconds gives the last engine more)"),
        ({}, Budget(max_candidates=40), "the budget of 40 tested candidates is spent; ideas were left for "),
    ],
)
def test_says_which_limit_ended_it_while_ideas_were_left(judge, limits, budget, why):
    problem = replace(PROBLEM, visible=(TestCase("never", ([5, 2, 3], 2), "no program says this"),))
    code = criticised(problem, judge, FIXED)
    optimizer = SearchOptimizer(code, problem=problem, judge=judge, meter=Meter(budget), **limits)
    optimizer.step()
    assert why in optimizer.step_report.ended


def test_says_nothing_of_limits_where_no_idea_was_left(judge):
    problem = replace(PROBLEM, entry="f", visible=(TestCase("never", ([], 2), "no program says this"),))
    optimizer = SearchOptimizer(criticised(problem, judge, "# nothing\n"), problem=problem, judge=judge, meter=Meter())
    assert not optimizer.step()
    assert (optimizer.step_report.plausible, optimizer.step_report.ended) == (0, "")


@pytest.mark.parametrize("engines", [("search",), ("search", "search")])
def test_the_last_engine_takes_all_the_time_that_the_user_gave(judge, monkeypatch, engines):
    monkeypatch.setattr(SearchedKind, "step_seconds", 0.0)
    source = f"{BUGGY}            if x > k:\n                total -= x\n        return total\n"
    short, long = (
        coderefine.refine(
            PROBLEM, source, judge=judge, engines=engines, options=RefineOptions(budget=budget, harden=False)
        )
        for budget in (Budget(), Budget(max_seconds=60))
    )
    assert not short.accepted
    assert "the 0 s of a step are spent" in short.stopped
    assert long.accepted


def test_a_patch_that_makes_no_sense_is_shown_and_not_taken(judge, monkeypatch):
    monkeypatch.setattr(explore, "nonsense", lambda before, after, problem: "`x` does not matter in line 1")
    source = FIXED.replace("+=", "-=")
    code = criticised(PROBLEM, judge, source)
    optimizer = SearchOptimizer(code, problem=PROBLEM, judge=judge, meter=Meter(), max_candidates=400, max_seconds=60)
    assert [judge.run(PROBLEM, patch.after).accepted for patch in optimizer.step() if patch.after == FIXED] == []
    assert optimizer.step_report.plausible == 0
    assert "passes, but makes no sense: augmented: " in optimizer.step_report.ended
    assert "(`x` does not matter in line 1)" in optimizer.step_report.ended


def test_a_copied_text_is_repaired_before_anything_is_searched(judge):
    source = f"```python\n{FIXED}```\n".replace("    ", "\u00a0\u00a0\u00a0\u00a0")
    code = criticised(PROBLEM, judge, source)
    (patch,) = SearchOptimizer(code, problem=PROBLEM, judge=judge, meter=Meter(), keep=5).step()
    assert patch.after == FIXED
    assert patch.note.startswith("pasted: ")


def test_tests_choose_what_a_division_of_python_2_meant(judge):
    cases = (TestCase("one", (7,), 3), TestCase("two", (4,), 2))
    problem = replace(PROBLEM, entry="f", visible=cases, hidden=(), params=(Param("n", ANY),))
    code = criticised(problem, judge, "def f(n):\n    if n < 0: print 'negative'\n    return n / 2\n")
    SearchOptimizer(code, problem=problem, judge=judge, meter=Meter()).step()
    assert code.value == "def f(n):\n    if n < 0: print('negative')\n    return n // 2\n"


def test_a_program_that_python_reads_stays_as_it_is_unless_another_form_comes_nearer(judge):
    source = (
        FIXED.replace("+=", "-=")
        + "\n\ndef text(x):\n    try:\n        return unicode(x)\n    except NameError:\n        return x\n"
    )
    report = judge.run(PROBLEM, source)
    trials = Trials(PROBLEM, report, judge, Meter(), max_candidates=9, max_seconds=60)
    root = trials.first(source)
    assert [form.text for form in normal_forms(source)] == [source.replace("unicode", "str")]
    assert explore._normal(root, trials) is root


class Interrupted:
    """A judge on which Ctrl-C falls in the middle of screening: after a program that passes, or `at_once`."""

    def __init__(self, judge, *, at_once):
        self.judge, self.at_once, self.calls = judge, at_once, 0

    def __getattr__(self, name):
        return getattr(self.judge, name)

    def screen(self, problem, sources, slice_s):
        self.calls += 1
        for report in self.judge.screen(problem, sources, slice_s):
            if self.at_once and self.calls > 2:  # the program to repair was tried, and its forms
                raise KeyboardInterrupt
            yield report
            if report.accepted:
                raise KeyboardInterrupt


@pytest.mark.parametrize("at_once", [False, True])
def test_ctrl_c_ends_a_search_with_what_it_has(judge, at_once):
    source = f"{BUGGY}            if x > k:\n                total -= x\n        return total\n"
    code, meter = criticised(PROBLEM, judge, source), Meter()
    interrupted = Interrupted(judge, at_once=at_once)
    patches = SearchOptimizer(code, problem=PROBLEM, judge=interrupted, meter=meter).step()
    assert [judge.run(PROBLEM, patch.after).accepted for patch in patches] == ([] if at_once else [True])
    with pytest.raises(KeyboardInterrupt):
        meter.check_time()
