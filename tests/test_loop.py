"""The loop keeps its promises: never worse, only tested code, budgets, no hidden test in any prompt."""

import dataclasses

import pytest

import coderefine
from coderefine.engine import EngineOptions
from coderefine.errors import ModelError, UsageError
from coderefine.loop import refine
from coderefine.pipeline.graph import Pipeline
from coderefine.refining import notebook
from coderefine.refining.engines import open_engine
from coderefine.refining.observers import SILENT, Observers
from coderefine.refining.options import RefineOptions
from tests.problems_for_tests import function_problem, suite_problem
from tests.samples import CODE, DIFF, FIXED, PROBLEM
from tests.scripted_server import completion

CRITICISM = "Line 2 subtracts; it should add."
HALF = "def add(a, b):\n    return 0\n"
TO_HALF = "```python\n" + HALF + "```"


def run(judge, source=CODE, *, engines=("openai/scripted",), problem=PROBLEM, observers=SILENT, **options):
    options = RefineOptions(**options)
    return refine(problem, source, judge=judge, engines=engines, options=options, observers=observers)


@pytest.fixture
def scripted(scripted_server, any_judge):
    """Return `run(replies, ...)`: a refinement by a scripted model; its requests are in `run.requests`."""

    def run_scripted(*replies, **options):
        with scripted_server(list(replies)) as server:
            run_scripted.requests = server.requests
            return run(any_judge, options.pop("source", CODE), api_base=server.url, **options)

    return run_scripted


def test_a_criticism_and_a_patch_repair_the_program_in_two_calls(scripted):
    result = scripted(CRITICISM, DIFF)
    assert (result.verdict, result.source, result.calls) == ("AC", FIXED, 2)
    assert result.iterations[0].criticism == CRITICISM
    assert result.diff.splitlines()[-2:] == ["-    return a - b", "+    return a + b"]
    assert result.prompt_tokens > 0
    assert result.original.report.verdict == "WA"


def test_the_criticism_reaches_the_prompt_of_the_patch(scripted):
    scripted(CRITICISM, DIFF)
    assert CRITICISM in scripted.requests[1].user


def test_a_program_that_passes_costs_no_call(scripted):
    result = scripted(source=FIXED)
    assert (result.accepted, result.calls, result.iterations, result.diff) == (True, 0, (), "")


WRITTEN = f"{CRITICISM}\n\n```python\n{FIXED}```"


def test_a_program_that_the_critic_wrote_unasked_is_tried_before_a_patch_is_paid_for(scripted):
    result = scripted(WRITTEN)
    assert (result.verdict, result.source, result.calls) == ("AC", FIXED, 1)
    assert [candidate.source for candidate in result.iterations[0].tested] == [FIXED]


def test_a_wrong_program_of_the_critic_costs_nothing_and_is_told_to_nobody(scripted):
    result = scripted(f"{CRITICISM}\n\n{TO_HALF}", DIFF)
    assert (result.verdict, result.calls) == ("AC", 2)
    assert "return 0" not in scripted.requests[1].user
    assert {candidate.source for candidate in result.iterations[0].tested} == {FIXED, HALF}


def test_the_same_program_of_critic_and_patcher_is_tried_once(scripted):
    result = scripted(f"{CRITICISM}\n\n{TO_HALF}", TO_HALF, max_iterations=1)
    assert [candidate.source for candidate in result.iterations[0].tested] == [HALF]


@pytest.mark.parametrize(
    "options",
    [
        {"engine": EngineOptions(pipeline=Pipeline(("critic -> judge",)))},
        {"engine": EngineOptions(faithful=True)},
    ],
    ids=["edge off", "as in the paper"],
)
def test_the_critics_program_is_not_tried(scripted, options):
    result = scripted(WRITTEN, CRITICISM, TO_HALF, max_iterations=1, **options)
    assert FIXED not in [candidate.source for step in result.iterations for candidate in step.tested]


def test_a_patch_that_is_worse_is_not_handed_back(scripted):
    result = scripted(CRITICISM, "```python\ndef add(a, b)\n```", source=HALF, max_iterations=1)
    assert result.source == HALF
    assert result.iterations[0].tested[0].report.verdict == "CE"


def test_a_patch_that_passes_other_tests_than_before_is_not_handed_back(scripted):
    trade = "```python\ndef add(a, b):\n    return 3\n```"
    result = scripted(CRITICISM, trade, source=HALF, max_iterations=1)
    assert result.source == HALF


def test_a_partial_improvement_is_kept_when_nothing_better_comes(scripted):
    result = scripted(CRITICISM, TO_HALF, max_iterations=1, source="def add(a, b):\n    return a - b - 1\n")
    assert (result.source, result.accepted) == (HALF, False)


def test_the_next_iteration_goes_on_from_the_last_patch(scripted):
    result = scripted(CRITICISM, TO_HALF, CRITICISM, "```python\n" + FIXED + "```")
    assert result.accepted
    assert "return 0" in scripted.requests[2].user
    assert len(result.iterations) == 2


def test_the_same_patch_twice_ends_the_run(scripted):
    result = scripted(CRITICISM, TO_HALF, CRITICISM, "```python\n" + CODE + "```")
    assert result.calls == 4
    assert not result.iterations[-1].tested
    assert result.stopped == "no idea is left"


def test_the_budget_of_calls_ends_the_run_with_the_best_so_far(scripted):
    source = "def add(a, b):\n    return 7\n"
    result = scripted(CRITICISM, TO_HALF, CRITICISM, source=source, budget=coderefine.Budget(max_calls=3))
    assert (result.source, result.calls) == (HALF, 3)
    assert result.stopped == "the budget of 3 model calls is spent"


def test_a_budget_of_no_calls_makes_none(scripted):
    result = scripted(budget=coderefine.Budget(max_calls=0))
    assert (result.calls, result.source) == (0, CODE)
    assert result.stopped == "the budget of 0 model calls is spent"
    assert scripted.requests == []


def test_a_model_that_fails_at_once_is_an_error(scripted):
    with pytest.raises(ModelError):
        scripted({"status": 400, "body": {"error": {"message": "no"}}})


def test_a_model_that_fails_later_loses_nothing(scripted):
    result = scripted(CRITICISM, TO_HALF, {"status": 400}, source="def add(a, b):\n    return 7\n")
    assert result.source == HALF
    assert isinstance(result.failure, ModelError)
    assert not result.interrupted


REFUSED = {"status": 401, "body": {"error": {"message": "who are you?"}}}
EMPTY = {"body": completion(None)}


@pytest.mark.parametrize(
    ("replies", "says"),
    [
        ([REFUSED], "who are you"),
        ([EMPTY, EMPTY], "an empty answer"),
        ([CRITICISM, EMPTY, EMPTY], "an empty answer"),
        ([CRITICISM, "No idea.", "No idea."], "no patch that can be read"),
        ([{"status": 404, "body": {"error": {"message": "no such model"}}}], "no such model"),
    ],
)
def test_where_a_model_fails_the_next_engine_goes_on(scripted, replies, says):
    result = scripted(*replies, engines=("openai/scripted", "search"))
    assert (result.verdict, result.failure) == ("AC", None)
    (line,) = result.passed_over
    assert says in line
    hopeless = "def add(*numbers):\n    raise NotImplementedError\n"
    result = scripted(*replies, engines=("openai/scripted", "search"), source=hopeless)
    assert not result.accepted
    assert says in result.stopped
    assert "search: no idea is left" in result.stopped


def test_one_unusable_answer_ends_nothing(scripted):
    result = scripted(EMPTY, CRITICISM, "No idea.", DIFF)
    assert (result.verdict, result.calls) == ("AC", 4)


def test_a_model_whose_answers_cannot_be_read_says_so_at_the_end(scripted):
    result = scripted(CRITICISM, "No idea.", "Still no idea.")
    assert result.stopped.startswith("openai/scripted sent no patch that can be read: the answer has neither")
    assert (result.calls, result.source) == (3, CODE)


def test_where_a_model_cannot_draft_the_next_one_does(scripted):
    result = scripted(REFUSED, "```python\n" + FIXED + "```", source=None, engines=["openai/a", "openai/b"])
    assert result.accepted
    assert [request.body["model"] for request in scripted.requests] == ["a", "b"]


def test_what_is_learnt_of_a_server_is_known_in_the_next_step(scripted):
    def reply(request):
        if "temperature" in request.body:
            return {"status": 400, "body": {"error": {"message": "temperature is not supported"}}}
        return CRITICISM if request.system.startswith("You review") else DIFF

    assert scripted(reply, reply, reply).accepted
    assert len(scripted.requests) == 3


def test_no_hidden_test_reaches_a_prompt(scripted):
    problem = dataclasses.replace(PROBLEM, starter="def add(a, b): ...")
    scripted(CRITICISM, "nothing", "nothing", problem=problem)
    assert len(scripted.requests) == 3
    for request in scripted.requests:
        assert "4711" not in str(request.body)
        assert "hidden-name" not in str(request.body)


def test_a_model_drafts_where_there_is_no_solution(scripted):
    result = scripted("```python\n" + FIXED + "```", source=None)
    assert (result.accepted, result.calls, result.source) == (True, 1, FIXED)


def test_the_search_says_that_it_cannot_draft(any_judge):
    with pytest.raises(UsageError, match="cannot write one"):
        run(any_judge, None, engines=["search"])


def test_the_search_in_front_of_a_model_saves_its_calls(scripted):
    result = scripted(engines=("search", "openai/scripted"))
    assert (result.accepted, result.calls) == (True, 0)


def test_a_model_gets_what_the_search_left(scripted):
    hopeless = "def add(*numbers):\n    raise NotImplementedError\n"
    result = scripted(
        CRITICISM,
        "```python\n" + FIXED + "```",
        source=hopeless,
        engines=("search", "openai/scripted"),
        budget=coderefine.Budget(max_seconds=60),
    )
    assert result.accepted
    assert [iteration.engine for iteration in result.iterations][-1] == "openai/scripted"


# What the search cannot repair: no edit by template finds the numbers.
FAR = function_problem([((3,), 2793), ((-5,), -4655), ((1,), 931)])
LEARNT = "edits of this program were tried by template"
NEAR, THERE = (f"```python\ndef f(p0):\n    return p0 * 931 {end}\n```" for end in ("+ 1", ""))


def test_what_the_search_has_learnt_is_a_criticism_of_the_next_models_first_step(scripted):
    engines = ("search", "openai/scripted")
    source = "def f(p0):\n    return p0 if p0 > 2 else 5\n"
    result = scripted(CRITICISM, NEAR, CRITICISM, THERE, source=source, problem=FAR, engines=engines)
    critic, first, _, second = (request.user for request in scripted.requests)
    assert result.accepted
    assert f"{CRITICISM}\n```\n\n````\n" in first
    assert LEARNT in first
    assert LEARNT not in critic
    assert f"# Criticisms\n\n```\n{CRITICISM}\n```\n\n# " in second
    assert LEARNT in result.to_json()["iterations"][0]["account"]["lesson"]


def test_the_latest_lessons_have_room():
    assert notebook._latest(["a" * 2000, "b" * 2000, "c" * 900]) == ["b" * 2000, "c" * 900]
    assert notebook._latest(["a" * 4000]) == notebook._latest([]) == []


def test_every_answer_that_is_handed_back_was_tested(scripted):
    result = scripted(CRITICISM, TO_HALF, CRITICISM, DIFF.replace("a - b", "0"), max_iterations=2)
    tested = {candidate.source for iteration in result.iterations for candidate in iteration.tested}
    assert result.source in tested | {CODE}


def test_observers_see_the_start_and_each_iteration(scripted):
    seen = []
    observers = Observers(lambda start: seen.append(start.source), lambda step: seen.append(step.number))
    scripted(CRITICISM, DIFF, observers=observers)
    assert seen == [CODE, 1]


def test_an_interrupt_returns_the_best_so_far(scripted):
    def interrupt(iteration):
        raise KeyboardInterrupt

    result = scripted(
        CRITICISM, TO_HALF, source="def add(a, b):\n    return 7\n", observers=Observers(on_iteration=interrupt)
    )
    assert result.interrupted


def test_candidates_are_counted_against_their_budget(any_judge):
    problem = function_problem([((1,), 2)])
    result = run(
        any_judge,
        "def f(x): return x - 7",
        engines=["search"],
        problem=problem,
        budget=coderefine.Budget(max_candidates=5),
    )
    assert result.candidates <= 5


def test_what_the_search_found_is_not_lost_where_it_took_all_there_was(any_judge):
    problem, budget = function_problem([((1,), 2), ((5,), 6)]), coderefine.Budget(max_candidates=30)
    source = "def f(x):\n    return x - 1\n"
    result = run(any_judge, source, engines=["search"], problem=problem, budget=budget, harden=False)
    assert result.accepted
    assert result.candidates <= 30


def test_what_an_engine_found_is_not_lost_where_it_took_all_the_time(any_judge):
    def open_it(bench):
        engine = open_engine("search", bench)

        def optimizer(code):
            inner = engine.optimizer(code)
            step = inner.step

            def slow_step():
                patches = step()
                bench.meter.advance(3600)
                return patches

            inner.step = slow_step
            return inner

        return dataclasses.replace(engine, optimizer=optimizer)

    problem = function_problem([((1,), 2), ((5,), 6)])
    source = "def f(x):\n    return x - 1\n"
    result = run(any_judge, source, engines=[open_it], problem=problem, budget=coderefine.Budget(max_seconds=60))
    assert result.accepted


def test_a_file_of_a_project_is_repaired_and_no_hidden_test_of_it_is_sent(scripted):
    tests = "from shop.cart import total\ndef test_total(): assert total([1, 2]) == 3\n"
    problem = suite_problem(
        tests,
        hidden={"tests/hidden/test_more.py": "def test_hidden_name(): assert 4711\n"},
        files={"shop/__init__.py": ""},
        hidden_files={"tests/hidden/conftest.py": "HIDDEN = 4712\n"},
        solution="shop/cart.py",
    )
    wrong, right = "def total(x):\n    return len(x)\n", "def total(x):\n    return sum(x)\n"
    result = scripted("It counts.", f"```python\n{right}```", source=wrong, problem=problem)
    assert (result.verdict, result.source) == ("AC", right)
    sent = "".join(request.user + request.system for request in scripted.requests)
    assert "assert 2 == 3" in sent
    assert not any(word in sent for word in ("4711", "4712", "test_more", "hidden_name"))


BRANCH = "def add(a, b):\n    total = a\n    if b > 0:\n        total -= b\n    return total\n"


def test_a_model_is_shown_the_suspicious_lines_and_the_values_along_the_failing_run(scripted):
    result = scripted(CRITICISM, "```python\n" + FIXED + "```", source=BRANCH, harden=False, shrink=False)
    assert result.accepted
    assert (
        "Suspicious lines, # last values in test 1:\n```\n4 | total -= b  # total = 1\n```" in scripted.requests[0].user
    )
    assert result.candidates == 2  # the run for the evidence judges no further program


@pytest.fixture
def runs(any_judge, monkeypatch):
    """What the judge was asked for: (source, evidence) of each run."""
    seen, run_really = [], any_judge.run

    def run_noted(problem, source, *args, **options):
        seen.append((source, options.get("evidence", False)))
        return run_really(problem, source, *args, **options)

    monkeypatch.setattr(any_judge, "run", run_noted)
    return seen


def test_evidence_is_gathered_once_for_each_failing_candidate_that_a_model_criticises(scripted, runs):
    scripted(CRITICISM, TO_HALF, CRITICISM, "```python\n" + FIXED + "```", harden=False)
    assert runs == [(CODE, False), (CODE, True), (HALF, False), (HALF, True), (FIXED, False)]


@pytest.mark.parametrize("source", ["def add(a, b)\n", "def add(a, b):\n    while True: pass\n"])
def test_no_evidence_is_gathered_where_there_is_none_to_have(scripted, runs, source):
    limits = dataclasses.replace(PROBLEM.limits, time_s=0.2)
    scripted(
        CRITICISM, DIFF, "x", "x", source=source, max_iterations=1, problem=dataclasses.replace(PROBLEM, limits=limits)
    )
    assert (source, True) not in runs


def test_all_candidates_of_a_step_are_tested_and_the_best_goes_on(scripted):
    def reply(request):
        return TO_HALF if request.body["temperature"] == 0 else "```python\n" + FIXED + "```"

    result = scripted(CRITICISM, reply, reply, engine=EngineOptions(candidates=2))
    assert result.accepted
    assert [candidate.source for candidate in result.iterations[0].tested] == [FIXED, HALF]


def test_the_second_iteration_is_told_what_became_of_the_first_edit(scripted):
    scripted(CRITICISM, TO_HALF, "It always returns 0.", DIFF.replace("a - b", "0"))
    history = scripted.requests[3].user.partition("# Earlier edits")[2]
    assert "Then 1 of 2 tests passed" in history
    assert CRITICISM in history
