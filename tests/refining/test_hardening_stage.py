"""Hardening within a refinement: never worse, reproducible, and blind to hidden tests."""

import dataclasses

import pytest

from coderefine.budget import Budget
from coderefine.harden import hardening
from coderefine.judge.worker import LoadedProgram, Worker
from coderefine.kinds.file import FILE
from coderefine.loop import refine
from coderefine.problem.problem import TestCase
from coderefine.problem.typespec import parse
from coderefine.record.store import Store
from coderefine.refining import hardening as stage
from coderefine.refining.observers import Observers
from coderefine.refining.options import RefineOptions
from coderefine.runs import tasks
from coderefine.runs.tasks import Options
from tests.problems_for_tests import function_problem

MODEL = "openai/scripted"
CRASHES = "def f(nums):\n    return max(nums)\n"
RIGHT = "def f(nums):\n    return max(nums) if nums else 0\n"
WRONG = "def f(nums):\n    return min(nums)\n"
WHOLE = "```python\n{}```"
CANARY = 47114711


@pytest.fixture
def problem():
    made = function_problem([(([3, 1, 2],), 3), (([-5],), -5)], params=("list[int]",), returns="int")
    statement = "Return the largest number, 0 if there is none.\n## Constraints\n0 <= p0.length <= 50\n-9 <= p0[i] <= 9"
    hidden = (TestCase("hidden-canary", ([CANARY],), CANARY), TestCase("hidden code", code=f"candidate([{CANARY}])"))
    return dataclasses.replace(made, statement=statement, hidden=hidden)


@pytest.fixture
def scripted(scripted_server, any_judge, problem):
    """Return `run(*replies, ...)`, a refinement by a scripted model; its requests are in `run.requests`."""

    def run(*replies, source=CRASHES, engines=(MODEL,), **options):
        with scripted_server(list(replies)) as server:
            run.requests = server.requests
            options = RefineOptions(api_base=server.url, **options)
            return refine(problem, source, judge=any_judge, engines=engines, options=options)

    return run


def test_a_program_that_passes_but_crashes_on_a_generated_input_is_mended_by_a_model(scripted):
    result = scripted("It fails on an empty list.", WHOLE.format(RIGHT))
    assert (result.source, result.verdict, result.calls) == (RIGHT, "AC", 2)
    assert "candidate([])" in scripted.requests[0].user
    assert "The right answer is not known" in scripted.requests[0].user


def test_the_report_of_the_result_is_on_the_visible_tests_alone(scripted, problem):
    result = scripted("It fails on an empty list.", WHOLE.format(RIGHT))
    assert [case.name for case in result.best.report.cases] == [case.name for case in problem.visible]


@pytest.mark.parametrize("answer", [WRONG, "def f(nums):\n    return max(nums) + len(nums) // 9\n", "def f(:"])
def test_what_does_not_mend_it_or_breaks_a_visible_test_is_not_taken(scripted, answer):
    assert scripted("It fails on an empty list.", WHOLE.format(answer)).source == CRASHES


def test_what_mends_it_but_fails_on_another_generated_input_is_not_taken(scripted):
    fails_elsewhere = "def f(nums):\n    return max(nums, default=0) // (len(nums) != 4)\n"
    result = scripted("It fails on an empty list.", WHOLE.format(fails_elsewhere))
    assert result.source == CRASHES
    assert "candidate([])" in result.hardening.failures


def test_hardening_speaks_of_the_program_that_is_the_result(scripted):
    found = scripted("It fails on an empty list.", WHOLE.format(RIGHT)).hardening
    assert found.failures == ()
    assert (found.ballots[0].failures, found.ballots[1].failures > 0) == (0, True)


def test_a_program_that_is_too_slow_on_a_large_input_is_mended(scripted, problem, any_judge, scripted_server):
    slow = "def f(nums):\n    return max((a for a in nums if all(a >= b for b in nums)), default=0)\n"
    large = dataclasses.replace(problem, statement=problem.statement.replace("50", "10^5"))
    with scripted_server(["It is quadratic.", WHOLE.format(RIGHT)]) as server:
        result = refine(large, slow, judge=any_judge, engines=(MODEL,), options=RefineOptions(api_base=server.url))
    assert "n^2" in server.requests[0].user
    assert result.source == RIGHT
    assert result.hardening.too_slow == ""


@pytest.mark.parametrize("at", ["before the inputs", "after the model"])
def test_an_interrupt_while_it_is_hardened_leaves_what_passed(scripted, monkeypatch, at):
    checks = []

    def interrupt(*args, **options):
        checks.append(args)
        if len(checks) == (1 if at == "before the inputs" else 2):
            raise KeyboardInterrupt
        return hardening.harden(*args, **options)

    monkeypatch.setattr(stage, "compare", interrupt)
    result = scripted("It fails on an empty list.", WHOLE.format(RIGHT))
    assert (result.source, result.accepted, result.interrupted) == (CRASHES, True, True)
    assert len(scripted.requests) == (0 if at == "before the inputs" else 2)


def test_a_model_is_asked_once(scripted):
    scripted("It fails.", WHOLE.format(WRONG), "It fails.", WHOLE.format(RIGHT))
    assert len(scripted.requests) == 2


def test_a_model_that_fails_then_leaves_what_passed(scripted):
    result = scripted({"status": 400, "body": {"error": {"message": "no"}}})
    assert (result.source, result.accepted) == (CRASHES, True)


def test_the_search_mends_what_an_edit_mends(any_judge, problem):
    mended = "def f(nums):\n    if len(nums) > 0:\n        return max(nums)\n    return 0\n"
    result = refine(problem, mended.replace(">", ">="), judge=any_judge)
    assert (result.source, result.accepted) == (mended, True)
    assert "candidate([])" in result.iterations[0].criticism
    assert result.hardening.failures == ()


def test_an_edit_that_changes_other_answers_mends_nothing(any_judge, problem):
    one_case = dataclasses.replace(problem, visible=problem.visible[:1])
    first = "def f(nums):\n    most = nums[0]\n    for x in nums:\n        most = max(most, x)\n    return most\n"
    result = refine(one_case, first, judge=any_judge)
    assert result.iterations[0].tested, "the search finds an edit that does not crash"
    assert result.source == first
    assert "candidate([])" in result.hardening.failures


def test_the_search_is_not_asked_for_another_algorithm(any_judge, problem):
    slow = "def f(nums):\n    return max((a for a in nums if all(a >= b for b in nums)), default=0)\n"
    large = dataclasses.replace(problem, statement=problem.statement.replace("50", "10^5"))
    result = refine(large, slow, judge=any_judge)
    assert (result.source, result.iterations) == (slow, ())
    assert result.hardening.too_slow


def test_without_hardening_nothing_is_tried(scripted):
    result = scripted(harden=False)
    assert (result.source, result.hardening, result.calls, result.candidates) == (CRASHES, None, 0, 1)


def test_of_several_samples_that_pass_the_one_that_does_not_crash_is_taken(scripted):
    from coderefine.engine import EngineOptions

    def reply(request):
        return WHOLE.format(CRASHES if request.body["temperature"] == 0 else RIGHT)

    result = scripted("It is the minimum.", reply, reply, source=WRONG, engine=EngineOptions(candidates=2))
    assert result.source == RIGHT
    assert len(result.hardening.ballots) == 2
    assert result.calls == 3


def test_other_plausible_programs_of_the_search_are_shown_and_have_no_vote(any_judge, problem):
    from coderefine.engine import EngineOptions

    result = refine(
        problem, RIGHT.replace("max", "min"), judge=any_judge, options=RefineOptions(engine=EngineOptions(candidates=3))
    )
    (step,) = result.iterations[:1]
    assert [candidate.report.accepted for candidate in step.tested] == [True] * 3
    assert step.step_report.plausible >= 3
    assert len(result.hardening.ballots) == 1


def test_what_passes_of_the_search_is_hardened(any_judge, problem):
    result = refine(
        problem, RIGHT.replace("max", "min"), judge=any_judge, options=RefineOptions(budget=Budget(max_seconds=30))
    )
    assert result.accepted
    assert result.to_json()["hardening"]["answered"] == result.hardening.inputs > 0


def test_a_replay_comes_to_the_same(scripted_server, any_judge, problem, tmp_path):
    with Store.open(tmp_path) as store, scripted_server(["It fails.", WHOLE.format(RIGHT)]) as server:
        task = tasks.begin(store, problem, CRASHES, Options((MODEL,), api_base=server.url), any_judge.backend)
        result = tasks.go_on(store, task, any_judge)
        again = tasks.replay(tasks.load(store, task.run))
    assert result.source == RIGHT
    without_time = {"seconds": 0}
    assert again.to_json() | without_time == result.to_json() | without_time


def test_a_run_that_is_interrupted_while_it_is_hardened_goes_on_and_pays_nothing_twice(
    scripted_server, any_judge, problem, tmp_path, monkeypatch
):
    with Store.open(tmp_path) as store:
        with scripted_server(["It fails.", WHOLE.format(RIGHT)]) as server:
            options = Options((MODEL,), api_base=server.url)
            task = tasks.begin(store, problem, CRASHES, options, any_judge.backend)
            observers = Observers(on_iteration=interrupt)
            first = tasks.go_on(store, task, any_judge, observers)
        with scripted_server([]) as server:
            result = tasks.go_on(store, tasks.load(store, task.run), any_judge)
        assert store.rows("SELECT COUNT(*) AS n FROM checks") == [{"n": 2}]
    assert (first.source, first.interrupted) == (CRASHES, True)
    assert (result.source, result.calls, server.requests) == (RIGHT, 2, [])


def interrupt(_):
    raise KeyboardInterrupt


def test_no_hidden_test_reaches_a_judge_request_a_prompt_or_the_store(
    scripted_server, any_judge, problem, tmp_path, monkeypatch
):
    asked = []
    run, session, ask = Worker.run, Worker.session, LoadedProgram.ask

    def record_run(self, program, cases):
        asked.append(repr((program, list(cases))))
        return run(self, program, cases)

    def record_session(self, program):
        asked.append(repr(program))
        return session(self, program)

    def record_ask(self, payload, **limits):
        asked.append(repr(payload))
        return ask(self, payload, **limits)

    monkeypatch.setattr(Worker, "run", record_run)
    monkeypatch.setattr(Worker, "session", record_session)
    monkeypatch.setattr(LoadedProgram, "ask", record_ask)
    # What no search finds.
    cases = (TestCase("three", ([3, 1, 2],), 3 * 931 - 77), TestCase("one", ([-5],), -5 * 931 - 77))
    problem = dataclasses.replace(problem, visible=cases)
    crashes, right = (text.replace("max(nums)", "max(nums) * 931 - 77") for text in (CRASHES, RIGHT))
    hopeless = "def f(nums):\n    raise NotImplementedError\n"
    replies = ["Write it.", WHOLE.format(crashes), "It fails on an empty list.", WHOLE.format(right)]
    with Store.open(tmp_path) as store, scripted_server(replies) as server:
        options = Options(("search", MODEL), budget=Budget(max_seconds=60), api_base=server.url)
        result = tasks.go_on(store, tasks.begin(store, problem, hopeless, options, any_judge.backend), any_judge)
        assert result.source == right, "every path was taken"
        prompts = [str(request.body) for request in server.requests]
    assert len(prompts) == 4
    assert "edits of this program were tried by template" in prompts[1]
    assert len(asked) > 50
    stored = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    for canary in (str(CANARY), "hidden-canary"):
        assert not any(canary in text for text in asked)
        assert not any(canary in text for text in prompts)
        assert canary.encode() not in stored


GUARDED = "def f(nums):\n    if not nums:\n        return 0\n    return max(nums)\n"


def test_what_nobody_means_is_mended_by_the_search_and_by_no_model(problem, any_judge, scripted_server):
    open_ = dataclasses.replace(problem, statement="Return the largest number.")
    with scripted_server([]) as server:
        options = RefineOptions(api_base=server.url)
        result = refine(open_, CRASHES, judge=any_judge, engines=["search", MODEL], options=options)
    assert (result.source, result.verdict, result.calls) == (GUARDED, "AC", 0)
    assert len(result.best.report.cases) == len(problem.visible)


def test_of_a_file_that_passes_it_is_said_and_left(problem, any_judge):
    open_ = dataclasses.replace(problem, statement="Return the largest number.", kind=FILE)
    result = refine(open_, CRASHES, judge=any_judge, engines=["search"])
    assert result.source == CRASHES
    assert "fails on f([]), which nothing rules out" in result.hardening.summary(open_)


def test_what_is_meant_stays(problem, any_judge):
    open_ = dataclasses.replace(problem, statement="Return the largest number.")
    meant = "def f(nums):\n    if not nums:\n        raise ValueError('none')\n    return max(nums)\n"
    assert refine(open_, meant, judge=any_judge, engines=["search"]).source == meant


def test_an_oversight_is_mended_by_lines_that_are_added(problem, any_judge):
    """To move the first line into the loop also silences the crash, and is wrong for three numbers."""
    is_sorted = "def f(nums):\n    last = nums[0]\n    for x in nums:\n        if x < last:\n            return False\n"
    is_sorted += "        last = x\n    return True\n"
    cases = (TestCase("no", ([3, 1],), False), TestCase("yes", ([5, 7],), True))
    open_ = dataclasses.replace(problem, statement="Say whether it is sorted.", visible=cases, returns=parse("bool"))
    result = refine(open_, is_sorted, judge=any_judge, engines=["search"])
    kept = iter(result.source.split("\n"))
    assert all(line in kept for line in is_sorted.split("\n"))
