"""Engines that a user brings: objects, functions that open them, and what becomes of those that break."""

import asyncio
import dataclasses
import itertools
import pickle
import re
from unittest import mock

import pytest

from coderefine.autograd.variable import Gradient, Variable
from coderefine.budget import Budget, Ceiling, Meter
from coderefine.engine import Engine, EngineOptions, StepReport
from coderefine.errors import (
    Accident,
    BudgetExhausted,
    CoderefineError,
    JudgeError,
    ModelError,
    ProblemError,
    SandboxUnavailable,
    StoreError,
    UsageError,
)
from coderefine.loop import refine
from coderefine.patch import Patch
from coderefine.refining.observers import Observers
from coderefine.refining.options import RefineOptions
from tests.conftest import PROBLEMS
from tests.problems_for_tests import function_problem
from tests.samples import CODE, FIXED, PROBLEM

ROOT = PROBLEMS.parent
HALF = "def add(a, b):\n    return 0\n"
SEVEN = "def add(a, b):\n    return 7\n"


def criticise(code, report):
    gradient = Gradient("It is wrong.")
    return Variable(gradient.text, role="criticism", predecessors=(code,), backward_fn=lambda _: (gradient,))


class Rewriter:
    """Writes one program after the other, whatever it is given; raises where one is an error."""

    step_report = StepReport()

    def __init__(self, code, programs):
        self.code, self.programs = code, iter(programs)

    def step(self):
        for after in self.programs:
            if isinstance(after, BaseException):
                raise after
            return (Patch(self.code.value, after, "as I like it"),)
        return ()


def engine(*programs, name="mine", **fields):
    return Engine(name, criticise, lambda code: Rewriter(code, programs), **fields)


def broken(*_):
    raise RuntimeError("I am broken")


def run(judge, source, *engines, problem=PROBLEM, harden=False, **options):
    return refine(problem, source, judge=judge, engines=engines, options=RefineOptions(harden=harden), **options)


def test_an_engine_of_the_users_own_repairs(any_judge):
    result = run(any_judge, CODE, engine(HALF, FIXED))
    assert (result.source, result.accidents) == (FIXED, ())
    assert [(step.engine, step.criticism) for step in result.iterations] == [("mine", "It is wrong.")] * 2


def test_one_name_need_not_be_in_a_list(any_judge):
    assert refine(PROBLEM, CODE, judge=any_judge, engines="search").accepted


def test_a_function_opens_an_engine_for_a_problem_and_again_for_a_harder_one(any_judge):
    crashes, right = "def f(nums):\n    return max(nums)\n", "def f(nums):\n    return max(nums) if nums else 0\n"
    problem = function_problem([(([3, 1, 2],), 3), (([-5],), -5)], params=("list[int]",), returns="int")
    problem = dataclasses.replace(problem, statement="## Constraints\n0 <= p0.length <= 50\n-9 <= p0[i] <= 9")
    opened = []

    def open_it(bench):
        opened.append(bench)
        return engine(right)

    result = run(any_judge, crashes, open_it, problem=problem, harden=True)
    assert result.source == right
    assert opened[0].problem == problem
    assert any("candidate([])" in test for test in opened[-1].extra_tests)
    assert opened[-1].problem.visible[:2] == problem.visible


@pytest.mark.parametrize(
    "bad",
    [
        engine(RuntimeError("I am broken"), name="bad"),
        Engine("bad", broken, lambda code: Rewriter(code, [])),
        Engine("bad", criticise, broken),
    ],
    ids=["step", "loss", "optimizer"],
)
def test_the_next_engine_goes_on_where_one_breaks(any_judge, bad):
    told = []
    result = run(any_judge, CODE, bad, engine(FIXED), observers=Observers(warn=told.append))
    assert result.source == FIXED
    assert [*result.accidents] == told
    assert re.match(r"the engine bad failed; .*: RuntimeError in .*: I am broken$", told[0])


@pytest.mark.parametrize("error", [JudgeError, StoreError, SandboxUnavailable, CoderefineError, UsageError])
@pytest.mark.parametrize("part", ["step", "loss", "optimizer", "patches"])
def test_a_deliberate_error_of_an_engine_is_the_end_of_it_alone(any_judge, error, part):
    def fail(*_):
        raise error("out of order")

    def patches(code):
        yield Patch(code.value, HALF)
        fail()

    class Lazy(Rewriter):
        def step(self):
            return patches(self.code)

    bad = {
        "step": engine(error("out of order"), name="bad"),
        "loss": Engine("bad", fail, lambda code: Rewriter(code, [])),
        "optimizer": Engine("bad", criticise, fail),
        "patches": Engine("bad", criticise, lambda code: Lazy(code, [])),
    }[part]
    result = run(any_judge, SEVEN, bad, engine(FIXED))
    assert (result.source, result.accidents) == (FIXED, ())
    if part == "patches":
        result = run(any_judge, SEVEN, bad)
        assert (result.source, len(result.iterations)) == (HALF, 1)
    else:
        with pytest.raises(error, match="out of order"):
            run(any_judge, SEVEN, bad)


def own_budget():
    Meter(Budget(max_calls=0)).reserve(Ceiling())


def raised_by(call):
    with pytest.raises(CoderefineError) as raised:
        call()
    return raised.value


@pytest.mark.parametrize("spent", [BudgetExhausted("calls", "my 3 calls are spent"), raised_by(own_budget)])
def test_a_budget_of_an_engines_own_is_the_end_of_it_alone(any_judge, spent):
    result = run(any_judge, SEVEN, engine(HALF, spent, name="bad"), engine(FIXED))
    assert (result.source, result.exhausted) == (FIXED, None)
    assert result.passed_over == (f"bad: {spent}",)
    assert run(any_judge, None, engine(draft=mock.Mock(side_effect=spent)), engine(draft=lambda: FIXED)).accepted


def test_a_budget_of_the_run_is_known_through_a_meter_of_an_engines_own(any_judge):
    def opened(bench):
        own = Meter(Budget(max_calls=9), parent=bench.meter)
        return Engine("bad", lambda *_: own.reserve(Ceiling()), lambda code: Rewriter(code, ()))

    options = RefineOptions(harden=False, budget=Budget(max_calls=0))
    result = refine(PROBLEM, CODE, judge=any_judge, engines=[opened, engine(FIXED)], options=options)
    assert (result.source, result.exhausted.limit) == (CODE, "total calls")


@pytest.mark.parametrize("error", [asyncio.CancelledError, pytest.fail.Exception])
@pytest.mark.parametrize("where", ["engine", "observer"])
def test_what_is_no_ordinary_error_ends_the_run_with_the_best_so_far(any_judge, where, error):
    if where == "engine":
        result = run(any_judge, SEVEN, engine(HALF, error("away")), engine(FIXED))
    else:
        observers = Observers(on_iteration=mock.Mock(side_effect=error("away")))
        result = run(any_judge, SEVEN, engine(HALF, FIXED), observers=observers)
    assert (result.source, str(result.failure)) == (HALF, f"the run was ended by {error.__name__}: away")
    assert isinstance(result.failure, Accident)
    assert isinstance(result.failure.__cause__, error)


class Unspeakable(BaseException):
    def __str__(self):
        raise RuntimeError("no words")


@pytest.mark.parametrize("error", [Unspeakable(), GeneratorExit(), BaseExceptionGroup("many", [KeyboardInterrupt()])])
def test_whatever_it_is_the_result_is_kept(any_judge, error):
    result = run(any_judge, SEVEN, engine(HALF, error), engine(FIXED))
    assert (result.source, result.failure.__cause__) == (HALF, error)


@pytest.mark.parametrize("error", [asyncio.CancelledError, SystemExit])
def test_without_a_gain_or_for_an_exit_it_is_raised(any_judge, error):
    with pytest.raises(error):
        run(any_judge, SEVEN, engine(error(2)))
    with pytest.raises(SystemExit):
        run(any_judge, SEVEN, engine(HALF, SystemExit(2)))


@pytest.mark.parametrize("error", [JudgeError, StoreError, ModelError])
def test_the_next_engine_drafts_or_opens_where_one_fails_with_a_deliberate_error(any_judge, error):
    def fail(*_):
        raise error("out of order")

    result = run(any_judge, None, engine(draft=fail), engine(draft=lambda: FIXED, name="other"))
    assert (result.source, result.passed_over) == (FIXED, ("mine wrote no draft: out of order",))
    assert run(any_judge, CODE, fail, engine(FIXED)).source == FIXED


def test_of_lazy_patches_none_is_made_once_the_budget_is_spent(any_judge):
    made = []

    class Endless(Rewriter):
        def step(self):
            for number in itertools.count():
                made.append(number)
                yield Patch(self.code.value, f"{HALF}# {number}\n")

    mine = Engine("endless", criticise, lambda code: Endless(code, ()))
    result = run_within(any_judge, Budget(max_candidates=3), mine)
    assert result.exhausted.limit == "candidates"
    assert len(made) <= 3


def run_within(judge, budget, engine):
    options = RefineOptions(budget=budget, harden=False)
    return refine(PROBLEM, CODE, judge=judge, engines=engine, options=options)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"problem": "two-sum"}, "a Problem"), ({"judge": None}, "a Judge"), ({"engines": [5]}, "a model's name")],
)
def test_what_is_of_another_type_is_named(any_judge, wrong, says):
    given = {"problem": PROBLEM, "judge": any_judge, "engines": [], **wrong}
    with pytest.raises(TypeError, match=f"expected {says}"):
        refine(given.pop("problem"), CODE, **given)


def test_what_an_engine_found_before_it_broke_is_kept(any_judge):
    result = run(any_judge, SEVEN, engine(HALF, RecursionError("too deep")))
    assert (result.source, result.stopped) == (HALF, "the engine mine failed")


def test_a_function_that_opens_no_engine_leaves_the_others(any_judge):
    result = run(any_judge, CODE, broken, engine(FIXED))
    assert result.source == FIXED
    assert result.accidents[0].startswith("opening broken failed; the other engines go on: RuntimeError")


def test_a_function_that_opens_something_else_leaves_the_others(any_judge):
    result = run(any_judge, CODE, lambda bench: "an engine", engine(FIXED))
    assert result.accepted
    (line,) = result.accidents
    assert "expected an Engine of <lambda>, got str" in line


@pytest.mark.parametrize("alone", ["search", engine(FIXED), lambda bench: engine(FIXED)])
def test_one_engine_needs_no_list(any_judge, alone):
    assert refine(PROBLEM, CODE, judge=any_judge, engines=alone, options=RefineOptions(harden=False)).accepted


def test_a_draft_that_is_no_text_leaves_it_to_the_next(any_judge):
    result = run(any_judge, None, engine(draft=lambda: 7), engine(name="other", draft=lambda: FIXED))
    assert result.accepted
    assert "expected the text of a program, got int" in result.accidents[0]


@pytest.mark.parametrize("source", [5, b"def add(a, b): ..."])
def test_a_source_is_text(any_judge, source):
    with pytest.raises(TypeError, match="expected the text of a program or None"):
        run(any_judge, source)


def test_an_interrupt_while_the_start_is_told_ends_the_run_with_the_best_so_far(any_judge):
    def interrupt(_):
        raise KeyboardInterrupt

    result = run(any_judge, CODE, engine(FIXED), observers=Observers(on_start=interrupt))
    assert (result.interrupted, result.best.source) == (True, CODE)


def test_options_out_of_range_are_refused():
    with pytest.raises(ValueError, match="max_seconds: expected a number from 0 on"):
        Budget(max_seconds=float("nan"))
    with pytest.raises(ValueError, match="max_seconds: expected a number from 0 on"):
        Budget(max_seconds="5")
    with pytest.raises(ValueError, match="candidates: expected at least 1, got 0"):
        EngineOptions(candidates=0)


@pytest.mark.parametrize(
    "sent", [BudgetExhausted("calls", "spent"), ProblemError("a/problem.toml", "entry", "expected a name"), Observers()]
)
def test_what_a_run_takes_and_raises_goes_to_another_process(sent):
    back = pickle.loads(pickle.dumps(sent))
    assert str(back) == str(sent)
    assert vars(back) == vars(sent) if isinstance(sent, Exception) else back == sent


def test_the_next_engine_drafts_where_one_breaks(any_judge):
    result = run(any_judge, None, engine(draft=broken), engine(draft=lambda: FIXED, name="other"))
    assert result.source == FIXED
    assert "the draft of mine failed; the next engine writes one" in result.accidents[0]


def test_without_any_program_a_broken_draft_is_an_error(any_judge):
    with pytest.raises(Accident, match="there is no program to begin with: the draft of mine failed"):
        run(any_judge, None, engine(draft=broken))


def test_an_interrupt_in_an_engine_ends_the_run_with_the_best_so_far(any_judge):
    def interrupt(code):
        raise KeyboardInterrupt

    result = run(any_judge, SEVEN, engine(HALF), Engine("asks for the end", criticise, interrupt), engine(FIXED))
    assert (result.source, result.interrupted) == (HALF, True)


def test_what_was_tested_counts_where_the_budget_ends_the_test_of_the_rest(any_judge):
    class Two(Rewriter):
        def step(self):
            return tuple(Patch(self.code.value, after) for after in (FIXED, HALF))

    result = run_within(any_judge, Budget(max_candidates=2), Engine("two", criticise, lambda code: Two(code, ())))
    assert (result.source, result.exhausted.limit) == (FIXED, "candidates")
    assert [[candidate.source for candidate in step.tested] for step in result.iterations] == [[FIXED]]
