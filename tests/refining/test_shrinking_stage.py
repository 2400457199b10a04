"""The shrinking within a refinement: the smallest tested edit, never less than the rewrite, never instead of a result."""

import dataclasses

import pytest

from coderefine.autograd.variable import Variable
from coderefine.budget import Budget, Meter
from coderefine.errors import JudgeError
from coderefine.loop import refine
from coderefine.problem.problem import TestCase
from coderefine.record.store import Store
from coderefine.refining.observers import Observers
from coderefine.refining.options import RefineOptions
from coderefine.runs import tasks
from coderefine.runs.tasks import Options
from coderefine.shrink import engine
from coderefine.shrink.passing import Passing
from tests.problems_for_tests import function_problem, suite_problem

MODEL = "openai/scripted"
WRONG = """def f(nums):
    # the sum of all but the largest
    total = 0
    for num in nums[1:]:
        total = total + num
    return total - max(nums)
"""
RIGHT = WRONG.replace("nums[1:]", "nums")
REWRITE = '''def f(nums):
    """Sum them up."""
    result = 0

    for value in nums:
        result += value
    return result - max(nums)
'''
WHOLE = "```python\n{}```"


@pytest.fixture
def problem():
    made = function_problem([(([3, 1, 2],), 3), (([5, 5],), 5)], params=("list[int]",), returns="int")
    statement = "Sum of all but the largest.\n## Constraints\n1 <= p0.length <= 50\n-9 <= p0[i] <= 9"
    return dataclasses.replace(made, statement=statement)


@pytest.fixture
def rewritten(scripted_server, any_judge, problem):
    """Return the refinement of a program which a model writes anew."""

    def run(after=REWRITE, source=WRONG, *, given=problem, engines=(MODEL,), observers=None, replies=(), **options):
        with scripted_server(list(replies) or ["It leaves one out.", WHOLE.format(after)]) as server:
            asked = RefineOptions(api_base=server.url, **{"harden": False} | options)
            return refine(given, source, judge=any_judge, engines=engines, options=asked, observers=observers)

    return run


def test_of_a_rewrite_the_smallest_tested_edit_is_left_and_the_rewrite_is_in_the_record(rewritten):
    result = rewritten()
    assert (result.source, result.verdict, result.calls) == (RIGHT, "AC", 2)
    model, shrink = result.iterations
    assert (model.tested[0].source, shrink.before) == (REWRITE, REWRITE)
    assert (shrink.engine, [it.source for it in shrink.tested]) == ("shrink", [RIGHT])
    assert shrink.tested[0].note == "shrink: of 11 edited lines 2 are left, which the tests need"
    assert shrink.step_report.tried


def test_it_can_be_switched_off(rewritten):
    result = rewritten(shrink=False)
    assert (result.source, len(result.iterations)) == (REWRITE, 1)


def test_what_only_further_inputs_need_stays(rewritten):
    wrong = WRONG.replace("    return", "    if len(nums) == 1:\n        return 7\n    return")
    right = RIGHT.replace("    return", "    if len(nums) == 1:\n        return 0\n    return")
    assert rewritten(right.replace("total", "result") + "\n# done\n", wrong).source == right


def test_a_text_does_not_pass_with_a_name_that_nothing_binds_where_no_test_goes(any_judge, problem):
    branch = "    if len(nums) > 1000:\n        return {}\n    return"
    rewrite, unbound = (RIGHT.replace("total", "result").replace("    return", branch.format(it)) for it in "01")
    rewrite, smaller = rewrite.replace("0\n    return", "result\n    return"), rewrite.replace("# the", "# The")
    failed = any_judge.run(problem, WRONG)
    code = Variable(rewrite, role="solution")
    optimizer = engine.ShrinkOptimizer(
        code, before=WRONG, failed=failed, problem=problem, judge=any_judge, meter=Meter()
    )
    trials = optimizer._trials(rewrite)
    passing = Passing(WRONG, trials.first(rewrite), trials)
    texts = [unbound.replace("return 1", "return total"), WRONG, "def f(nums", smaller]
    assert passing.first(texts, "lines") == smaller


def test_what_made_a_program_fast_stays(rewritten, problem):
    large = dataclasses.replace(problem, statement=problem.statement.replace("50", "10^5"))
    slow = WRONG.replace("max(nums)", "[x for x in nums if all(x >= y for y in nums)][0]")
    result = rewritten(REWRITE, slow, given=large)
    assert result.source == slow.replace("nums[1:]", "nums").replace(slow.splitlines()[-1], RIGHT.splitlines()[-1])


WINDOWS = """def f(nums, width):
    sums = []
    for i in range(len(nums) - width + 1):
        sums.append(sum(nums[i : i + width]))
    return sums
"""
SLIDING = """def f(nums, width):
    total = sum(nums[:width])
    sums = [total]
    for i in range(width, len(nums)):
        total += nums[i] - nums[i - width]
        sums.append(total)
    return sums
"""


@pytest.fixture
def windows():
    made = function_problem(
        [(([1, 2, 3, 5], 2), [3, 5, 8]), (([4, 1], 1), [4, 1])], params=("list[int]", "int"), returns="list[int]"
    )
    sizes = "2 <= p0.length <= 10^5\n-9 <= p0[i] <= 9\n1 <= p1 <= 10^5"
    return dataclasses.replace(made, statement=f"Sums of windows.\n## Constraints\n{sizes}")


def shrunk(given, judge, before, rewrite):
    """Return what the engine proposes instead of a rewrite, smallest first."""
    code = Variable(rewrite, role="solution", requires_grad=True)
    shrink = engine.shrink_engine(given, judge, Meter(), before=before, failed=judge.run(given, before))
    shrink.loss(code, judge.run(given, rewrite)).backward()
    return [patch.after for patch in shrink.optimizer(code).step()]


def test_what_made_a_program_fast_where_a_number_is_large_stays(any_judge, windows):
    left = shrunk(windows, any_judge, WINDOWS.replace("- width", "- width - 1"), SLIDING + "\n\n# done\n")
    assert all("total += " in text for text in left)


def test_a_rewrite_of_what_passes_as_well_stays_whole(any_judge, windows):
    few = dataclasses.replace(windows, statement="Sums of windows.")
    assert shrunk(few, any_judge, WINDOWS, SLIDING) == []


def test_answers_that_a_checker_takes_are_compared_by_it(rewritten, problem):
    checker = "def check(args, expected, got):\n    return abs(got) == abs(expected)\n"
    given = function_problem([((n,), n) for n in (3, 4)], params=("int",), returns="int", checker=checker)
    given = dataclasses.replace(given, statement="Double.\n## Constraints\n-50 <= p0 <= 50")
    wrong = "def f(n):\n    step = 1\n    m = n + step\n    return m if n < 9 else 0\n"
    after = "def f(n):\n    one = 1\n    value = n * one\n    return -value\n"
    assert rewritten(after, wrong, given=given).source.endswith("return -m\n")


def test_patches_of_the_search_are_left_alone(any_judge, problem):
    result = refine(problem, WRONG, judge=any_judge, options=RefineOptions(harden=False))
    assert [step.engine for step in result.iterations] == ["search"]


def test_a_first_draft_is_not_shrunk_to_what_was_wrong_with_it(rewritten):
    replies = [WHOLE.format(WRONG), "It leaves one out.", WHOLE.format(REWRITE)]
    assert rewritten(source=None, replies=replies).source == REWRITE


def test_a_suite_of_pytest_keeps_all_of_its_tests(rewritten):
    tests = "from solution import f\n\ndef test_f():\n    assert f([3, 1, 2]) == 3\n\ndef test_g():\n    assert f([4]) == 0\n"
    given = suite_problem(tests)
    assert rewritten(given=given).source == RIGHT


@pytest.mark.parametrize("error", [ZeroDivisionError("x"), JudgeError("the sandbox failed twice")])
def test_whatever_fails_in_it_is_one_line_and_the_rewrite_is_the_result(rewritten, monkeypatch, error):
    def fail(*_):
        raise error

    monkeypatch.setattr(engine, "stricter", fail)
    warned = []
    result = rewritten(observers=Observers(warn=warned.append))
    assert (result.source, result.verdict, result.failure) == (REWRITE, "AC", None)
    assert len(warned) == 1
    assert warned[0].startswith("shrinking the patch failed; it stays as it is: ")
    assert str(error) in warned[0]


@pytest.mark.parametrize("left", [0, 1, 2, 3, 4, 6, 60])
def test_a_budget_that_runs_out_costs_no_result_and_is_kept(rewritten, left):
    result = rewritten(budget=Budget(max_candidates=2 + left))
    assert (result.verdict, result.exhausted, result.accidents) == ("AC", None, ())
    assert result.candidates <= 2 + left
    assert left < 60 or result.source == RIGHT


def test_what_the_judge_refuses_is_not_taken(rewritten, monkeypatch, any_judge):
    run = any_judge.run

    def judged(given, source, *args, **options):
        report = run(given, source, *args, **options)
        refused = source != REWRITE and any_judge.screened
        cases = tuple(dataclasses.replace(case, verdict="WA") for case in report.cases) if refused else report.cases
        return dataclasses.replace(report, cases=cases)

    monkeypatch.setattr(any_judge, "screened", 0)
    monkeypatch.setattr(any_judge, "run", judged)
    assert rewritten().source == REWRITE


def test_an_interrupt_leaves_what_is_tested(rewritten, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(engine, "_LEVELS", (*engine._LEVELS[:1], ("tokens", interrupted)))
    result = rewritten()
    assert (result.verdict, result.interrupted) == ("AC", True)
    assert len(result.diff) < len(rewritten(shrink=False).diff)


def test_a_replay_comes_to_the_same_and_a_run_of_a_version_without_it_goes_on_without_it(
    scripted_server, any_judge, problem, tmp_path
):
    with Store.open(tmp_path) as store, scripted_server(["One is left out.", WHOLE.format(REWRITE)]) as server:
        task = tasks.begin(store, problem, WRONG, Options((MODEL,), api_base=server.url), any_judge.backend)
        result = tasks.go_on(store, task, any_judge)
        loaded = tasks.load(store, task.run)
        again = tasks.replay(loaded)
    assert result.source == RIGHT
    assert again.to_json() | {"seconds": 0} == result.to_json() | {"seconds": 0}
    old = {name: value for name, value in loaded.options.to_json().items() if name != "shrink"}
    assert Options.from_json(old).shrink is False


def test_hidden_tests_have_no_part_in_it(rewritten, problem):
    hidden = (TestCase("hidden", ([1],), 4711),)
    assert rewritten(given=dataclasses.replace(problem, hidden=hidden)).source == RIGHT
