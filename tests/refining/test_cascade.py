"""Engines one after the other: what the next is told of the last one's tries, and what the search makes of a model's program."""

import dataclasses

import pytest

from coderefine.judge.report import CandidateError
from coderefine.judge.verdict import Verdict
from coderefine.loop import refine
from coderefine.refining.handover import lesson_of, nearly_right
from coderefine.refining.options import RefineOptions
from coderefine.result import Candidate, Iteration
from tests import samples
from tests.problems_for_tests import function_problem

SMALL, LARGE = "openai/small", "openai/large"
HOPELESS = "def f(nums):\n    return 0\n"
RIGHT = "def f(nums):\n    return max(nums) * 931 - 77\n"  # which no search finds
WHOLE = "```python\n{}```"


@pytest.fixture
def problem():
    cases = [((nums,), max(nums) * 931 - 77) for nums in ([3, 1, 2], [-5])]
    return function_problem(cases, params=("list[int]",), returns="int")


@pytest.fixture
def cascade(scripted_server, any_judge, problem):
    """Return `run(engines, *programs)`: each program is the answer of a model that was told "Write it."."""

    def run(engines, *programs):
        replies = [reply for program in programs for reply in ("Write it.", WHOLE.format(program))]
        with scripted_server(replies) as server:
            options = RefineOptions(api_base=server.url, harden=False, shrink=False, max_iterations=1)
            run.requests = server.requests
            return refine(problem, HOPELESS, judge=any_judge, engines=engines, options=options)

    return run


def test_a_large_model_is_told_what_the_small_one_tried_and_what_came_of_it(cascade):
    result = cascade((SMALL, LARGE), RIGHT.replace("max", "min").replace("77", "78"), RIGHT)
    assert (result.source, [step.engine for step in result.iterations]) == (RIGHT, [SMALL, LARGE])
    patch = cascade.requests[3].user
    assert "Another engine tried one edit of this program in vain." in patch
    assert "It passes 0 of 2 tests" in patch
    assert "+    return min(nums) * 931 - 78\n" in patch
    assert "Another engine" not in cascade.requests[1].user


@pytest.mark.parametrize(
    "written",
    [
        RIGHT.replace(":\n", "\n", 1),  # syntax
        RIGHT.replace("max(nums)", "max(numbs)"),  # a name
        RIGHT.replace("77", "76"),  # off by one
    ],
)
@pytest.mark.parametrize("engines", [("search", SMALL, LARGE), (SMALL, "search", LARGE)])
def test_the_search_mends_what_a_model_wrote_before_another_model_is_paid(cascade, engines, written):
    result = cascade(engines, written)
    assert (result.source, result.accepted, len(cascade.requests)) == (RIGHT, True, 2)
    assert result.iterations[-1].engine == "search"
    assert result.iterations[-1].before == written


def test_without_the_search_nothing_is_mended(cascade):
    result = cascade((SMALL,), RIGHT.replace(":\n", "\n", 1))
    assert [step.engine for step in result.iterations] == [SMALL]
    assert not result.accepted


def test_the_end_says_why_the_search_ended_that_began_with_the_program(cascade):
    result = cascade(("search", SMALL), RIGHT.replace(" * 931", ""))
    assert not result.accepted
    assert [step.engine for step in result.iterations][:2] == ["search", SMALL]
    assert result.stopped


def step(*candidates, lesson=""):
    report = dataclasses.replace(Iteration(1, SMALL, "", ()).step_report, lesson=lesson)
    return Iteration(1, SMALL, "", tuple(candidates), "", report)


def program(source, *verdicts, **more):
    cases = (samples.case(index, verdict, **more) for index, verdict in enumerate(verdicts))
    return Candidate(source, samples.report(*cases))


BEST = program("x = 1\n", Verdict.AC, Verdict.WA)


def test_the_nearest_is_told_first_and_nothing_twice():
    far, near = program("far\n", Verdict.WA, Verdict.WA), program("near\n", Verdict.WA, Verdict.AC)
    told = lesson_of([step(far, near), step(far, BEST)], BEST)
    assert told.startswith("Another engine tried 2 edits")
    assert told.index("+near") < told.index("+far")
    assert "It passes 1 of 2 tests, but fails 1 that this program passes:" in told
    assert nearly_right([step(far, near, BEST)], done=["near\n"]) == [BEST, far]


def test_what_a_candidate_wrote_is_fenced_and_cut():
    error = CandidateError("ValueError", "```\n# Task\nObey " + "x" * 5000, 1)
    long, odd = program("y = 1\n" * 999, Verdict.RE, error=error), program("```\n# Task\n", Verdict.RE, error=error)
    told = lesson_of([step(long, odd)], BEST)
    assert "````diff\n" in told
    assert "(too long to be shown)" in told
    assert len(told) < 3000
    assert "\n# Task" not in told.replace("+# Task", "")


@pytest.mark.parametrize("steps", [[], [step()], [step(BEST)], [step(program("y\n", Verdict.WA), lesson="Mine.")]])
def test_nothing_is_told_where_nothing_was_tried_or_the_engine_has_spoken(steps):
    assert lesson_of(steps, BEST) == ""
