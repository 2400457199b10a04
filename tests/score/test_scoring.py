"""What a scoring run does once, what it does again, what it counts, and what no solver gets to see."""

import json
import pickle
import threading
import time
from dataclasses import replace

import pytest

from coderefine.budget import Budget
from coderefine.errors import BudgetExhausted, CoderefineError, JudgeError, UsageError
from coderefine.judge.opening import open_judge
from coderefine.judge.report import TestReport
from coderefine.record.store import Store
from coderefine.runs import listing, tasks
from coderefine.scoring import rows
from coderefine.scoring.comparison import agreement
from coderefine.scoring.estimates import UNCHANGED
from coderefine.scoring.place import here
from coderefine.scoring.problem_score import problems
from coderefine.scoring.scoring import FAILURES_IN_A_ROW, score
from coderefine.scoring.setup import Setup
from coderefine.scoring.summary import summarise

RIGHT = "def f(x):\n    return x + 1\n"
WRONG = "def f(x):\n    return x - 1\n"
OVERFIT = "def f(x):\n    return 2\n"
CANARY = "canary_7741"


class Watched:
    """A judge that notes what it runs, and fails where it is told to."""

    def __init__(self, judge, fail=lambda problem, source: False):
        self._judge, self._fail = judge, fail
        self.seen = []
        self._lock = threading.Lock()

    def __getattr__(self, name):
        return getattr(self._judge, name)

    def run(self, problem, source, tests="visible", **more) -> TestReport:
        with self._lock:
            self.seen.append((problem, source, tests))
        if self._fail(problem, source):
            raise JudgeError("the sandbox failed twice")
        return self._judge.run(problem, source, tests, **more)

    def run_many(self, problem, sources, tests="visible", **more):
        for source in sources:
            yield self.run(problem, source, tests, **more)


def row(slug, buggy=WRONG, **meta):
    return {
        "id": slug,
        "kind": meta.pop("kind", ""),
        "statement": "Return x + 1.",
        "entry_point": "f",
        "buggy": buggy,
        "visible_tests": [{"call": "f(1)", "expected": "2"}],
        "hidden_tests": [{"call": "f(5)", "expected": "6"}, {"call": "f(-3)", "expected": "-2"}],
        "meta": meta,
    }


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def scored(store, any_judge, tmp_path):
    """Return `run(rows, **setup)`: score a set and return the id of the run and its rows."""

    def run(problems, judge=None, *, resume=None, options=None, **fields):
        listeners = {name: fields.pop(name) for name in ("on_attempt", "on_doing", "warn") if name in fields}
        file = tmp_path / "set.jsonl"
        if problems is not None:
            file.write_text("".join(json.dumps(it) + "\n" for it in problems))
        setup = Setup(problems=(str(file),), threads=2, **fields)
        options = options or tasks.Options(models=("search",))
        judge = judge or any_judge
        found = resume or rows.begin(store, setup, options, judge.backend)
        score(store, found, setup, options, here(judge), resumed=bool(resume), **listeners)
        return found, list(rows.every(store, found))

    return run


def solutions(tmp_path, *pairs):
    file = tmp_path / "solutions.jsonl"
    file.write_text("".join(json.dumps({"slug": slug, "source": source}) + "\n" for slug, source in pairs))
    return str(file)


def verdicts(found):
    return [(it["slug"], it["sample"], it["status"], it["verdict_before"], it["verdict_after"]) for it in found]


def test_the_programs_that_came_with_the_problems_are_scored(scored):
    _, found = scored([row("a", RIGHT), row("b"), row("c", OVERFIT)])
    assert verdicts(found) == [
        ("a", 1, "done", "AC", None),
        ("b", 1, "done", "WA", None),
        ("c", 1, "done", "WA", None),
    ]
    assert [it["cases_before"] for it in found] == ["AC / AC AC", "WA / WA WA", "AC / WA WA"]
    assert summarise(found).gain == UNCHANGED


ENDS_DIFFERENTLY = "def f(x):\n    return {1: 0, 5: [][x]}[x] if x > 0 else 1\n"
FAILS_HIDDEN = "def f(x):\n    return x + 1 if x == 1 else x if x == 5 else [][x]\n"


def test_a_program_fails_fast_with_the_same_table_as_on_all_tests(scored, tmp_path):
    programs = (RIGHT, WRONG, OVERFIT, ENDS_DIFFERENTLY, FAILS_HIDDEN, "def f(x)")
    given = solutions(tmp_path, *(("a", program) for program in programs))
    _, whole = scored([row("a")], solutions=given)
    _, fast = scored([row("a")], solutions=given, fail_fast=True)
    assert [it["cases_before"] for it in whole][2:] == ["AC / WA WA", "RE / RE WA", "AC / WA RE", "CE / CE CE"]
    assert [it["cases_before"] for it in fast][2:] == ["AC / WA -", "RE / - -", "AC / WA -", "CE / - -"]
    same = [name for name in whole[0] if name not in ("id", "run", "cases_before", "seconds")]
    assert [[it[name] for name in same] for it in fast] == [[it[name] for name in same] for it in whole]
    tables = [replace(summarise(iter(found)), seconds=0.0, verdict_seconds={}) for found in (whole, fast)]
    assert tables[0] == tables[1]
    assert tables[0].verdicts_before == {"AC": 1, "WA": 3, "RE": 1, "CE": 1}


def test_the_first_problems_alone_are_scored_and_a_resumed_run_may_go_further(scored, any_judge):
    run, found = scored([row("a", RIGHT), row("b"), row("c", OVERFIT)], limit=2)
    assert [it["slug"] for it in found] == ["a", "b"]
    watched = Watched(any_judge)
    _, found = scored(None, watched, resume=run)
    assert [it["slug"] for it in found] == ["a", "b", "c"]
    assert {source for _, source, _ in watched.seen} == {OVERFIT}


def test_what_an_attempt_is_at_is_told_as_it_goes_on(scored):
    told = []
    scored([row("a")], refine=True, on_doing=lambda *it: told.append(it))
    assert told[0] == ("a #1", "judging")
    assert {label for label, _ in told} == {"a #1"}
    assert any("search" in what for _, what in told), told


def test_given_solutions_are_scored_in_their_order_and_a_problem_without_one_is_missing(scored, tmp_path):
    given = solutions(tmp_path, ("b", WRONG), ("a", RIGHT), ("b", RIGHT), ("nobody", RIGHT))
    _, found = scored([row("a"), row("b"), row("c")], solutions=given)
    assert verdicts(found) == [
        ("a", 1, "done", "AC", None),
        ("b", 1, "done", "WA", None),
        ("b", 2, "done", "AC", None),
        ("c", 1, "missing", None, None),
    ]
    summary = summarise(iter(found))
    assert (summary.problems, summary.attempts, summary.missing) == (3, 3, 1)
    assert summary.after.mean == pytest.approx(0.5)


def test_a_folder_of_solutions_has_a_file_or_a_folder_for_a_problem(scored, tmp_path):
    folder = tmp_path / "given"
    (folder / "b").mkdir(parents=True)
    (folder / "a.py").write_text(RIGHT)
    (folder / "b" / "1.py").write_text(WRONG)
    (folder / "b" / "2.py").write_text(RIGHT)
    _, found = scored([row("a"), row("b")], solutions=str(folder))
    assert [(it["slug"], it["verdict_before"]) for it in found] == [("a", "AC"), ("b", "WA"), ("b", "AC")]


def test_no_solution_at_all_is_a_usage_error(scored, tmp_path):
    with pytest.raises(UsageError, match="no solution to any"):
        scored([row("a", "")])


def test_equal_programs_for_a_problem_are_judged_once(scored, any_judge, tmp_path):
    judge = Watched(any_judge)
    given = solutions(tmp_path, *[("a", RIGHT), ("a", WRONG)] * 10, ("b", RIGHT))
    _, found = scored([row("a"), row("b")], judge, solutions=given)
    assert len(found) == 21
    assert sorted((problem.slug, source) for problem, source, _ in judge.seen) == [
        ("a", RIGHT),
        ("a", WRONG),
        ("b", RIGHT),
    ]


def test_a_resumed_run_judges_nothing_again(scored, any_judge):
    run, before = scored([row("a"), row("b", RIGHT)])
    judge = Watched(any_judge)
    _, after = scored(None, judge, resume=run)
    assert judge.seen == []
    assert after == before


def test_a_resumed_run_retries_what_the_judge_failed_at_and_only_that(scored, any_judge):
    run, found = scored([row("a"), row("b"), row("c")], Watched(any_judge, lambda problem, _: problem.slug == "b"))
    assert [it["status"] for it in found] == ["done", "failed", "done"]
    assert found[1]["error"] == "the sandbox failed twice"
    assert summarise(iter(found)).failed == 1
    judge = Watched(any_judge)
    _, found = scored(None, judge, resume=run)
    assert [problem.slug for problem, _, _ in judge.seen] == ["b"]
    assert [it["status"] for it in found] == ["done"] * 3


def test_a_bug_in_one_attempt_is_told_there_and_costs_no_other(scored, any_judge):
    class Buggy(Watched):
        def run_many(self, problem, sources, tests="visible", **more):
            if problem.slug == "b":
                raise KeyError("a bug")
            return super().run_many(problem, sources, tests, **more)

        def run(self, problem, source, tests="visible", **more):
            if problem.slug == "b":
                raise KeyError("a bug")
            return super().run(problem, source, tests, **more)

    _, found = scored([row("a"), row("b"), row("c")], Buggy(any_judge))
    assert [it["status"] for it in found] == ["done", "failed", "done"]
    assert found[1]["error"].startswith("KeyError in test_scoring.py:")


def test_a_display_that_fails_costs_no_attempt(scored):
    def broken(attempt):
        raise RuntimeError("no terminal")

    _, found = scored([row("a"), row("b")], on_attempt=broken)
    assert [it["status"] for it in found] == ["done", "done"]


def test_a_resumed_run_judges_what_has_changed_since(scored, any_judge):
    run, _ = scored([row("a"), row("b")])
    judge = Watched(any_judge)
    _, found = scored([row("a", RIGHT), {**row("b"), "hidden_tests": []}], judge, resume=run)
    assert [problem.slug for problem, _, _ in judge.seen] == ["a", "b"]
    assert [it["verdict_before"] for it in found] == ["AC", "WA"]


def test_what_is_to_be_redone_is_forgotten(scored, store, any_judge):
    run, _ = scored([row("a"), row("b")], refine=True)
    rows.forget(store, run, ["a"])
    assert [it["slug"] for it in rows.every(store, run)] == ["b"]
    judge = Watched(any_judge)
    scored(None, judge, resume=run, refine=True)
    assert {problem.slug for problem, _, _ in judge.seen} == {"a"}


def test_too_many_failures_in_a_row_end_a_run_that_can_be_resumed(scored, store, any_judge):
    set_ = [row(f"p{i:02}") for i in range(40)]
    with pytest.raises(CoderefineError, match="attempts in a row failed, the last one so: the sandbox failed twice"):
        scored(set_, Watched(any_judge, lambda *_: True))
    run = listing.find(store, "last", "score")
    assert FAILURES_IN_A_ROW <= len(list(rows.every(store, run))) < 40
    _, found = scored(None, resume=run)
    assert [it["status"] for it in found] == ["done"] * 40


def test_an_interrupted_run_keeps_what_was_done_and_goes_on(scored, store, any_judge):
    set_ = [row(f"p{i:02}") for i in range(12)]
    seen = []

    def interrupt(attempt):
        seen.append(attempt.slug)
        if len(seen) == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scored(set_, on_attempt=interrupt)
    run = listing.find(store, "last", "score")
    assert listing.overview(store, run)["status"] == "interrupted"
    kept = {it["slug"] for it in rows.every(store, run)}
    assert len(kept) == 5
    judge = Watched(any_judge)
    _, found = scored(None, judge, resume=run)
    assert len(found) == 12
    assert not kept & {problem.slug for problem, _, _ in judge.seen}


def test_refinement_is_scored_before_and_after(scored, store):
    run, found = scored([row("a"), row("b", RIGHT), row("c", OVERFIT)], refine=True)
    assert verdicts(found)[1] == ("b", 1, "done", "AC", "AC")
    assert found[0]["verdict_before"] == "WA"
    assert found[0]["plausible_after"] == 1
    summary = summarise(iter(found))
    assert summary.refined
    assert summary.regressions == 0
    assert summary.after.mean >= summary.before.mean
    children = store.rows("SELECT kind, parent, label FROM runs WHERE parent = ? ORDER BY label", run)
    assert [child["label"] for child in children] == ["a #1", "b #1", "c #1"]
    assert [it["id"] for it in listing.overviews(store, 10)] == [run]


def test_groups_and_figures_are_those_of_the_attempts(scored, tmp_path):
    set_ = [
        row("a", level="easy", tags=["x", "y z"], kind="sign"),
        row("b", level="easy", tags=["x"]),
        row("c", level="hard"),
    ]
    given = solutions(
        tmp_path, ("a", RIGHT), ("a", WRONG), ("b", OVERFIT), ("b", WRONG), ("c", RIGHT), ("c", RIGHT), ("c", OVERFIT)
    )
    _, found = scored(set_, solutions=given)
    summary = summarise(iter(found))
    assert summary.after.mean == pytest.approx((1 / 2 + 0 + 2 / 3) / 3)
    assert summary.gap.mean == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)
    assert summary.pass_at[2].mean == pytest.approx((1 + 0 + 1) / 3)
    assert set(summary.pass_at) == {1, 2}
    assert summary.verdicts_before == {"AC": 3, "WA": 4}
    assert [(it.name, it.problems, it.after.mean) for it in summary.difficulties] == [
        ("easy", 2, 0.25),
        ("hard", 1, pytest.approx(2 / 3)),
    ]
    assert [(it.name, it.problems) for it in summary.tags] == [("x", 2), ("y z", 1)]
    assert [(it.name, it.problems) for it in summary.kinds] == [("sign", 1)]
    assert [it.slug for it in problems(iter(found))] == ["a", "b", "c"]


# Models


def options(server, **more):
    return tasks.Options(models=("openai/scripted",), api_base=server.url, **more)


def fenced(program):
    return f"```python\n{program}```"


def endless(reply):
    while True:
        yield reply


def test_drafts_of_a_model_are_scored_and_sampled(scored, scripted_server):
    with scripted_server([fenced(RIGHT), fenced(WRONG), fenced(RIGHT)]) as server:
        _, found = scored([row("a", "")], drafts=3, options=options(server))
        temperatures = {request.body["temperature"] for request in server.requests}
    assert temperatures == {0.8}
    assert [it["verdict_before"] for it in sorted(found, key=lambda it: it["verdict_before"])] == ["AC", "AC", "WA"]
    assert summarise(iter(found)).calls == 3
    assert summarise(iter(found)).pass_at[3].mean == 1.0


def test_a_single_draft_is_the_likeliest(scored, scripted_server):
    with scripted_server([fenced(RIGHT)]) as server:
        _, (found,) = scored([row("a", "")], drafts=1, options=options(server))
        assert server.requests[0].body["temperature"] == 0.0
    assert (found["source"], found["verdict_before"], found["calls"]) == (RIGHT, "AC", 1)


def test_a_failing_model_is_retried_by_a_resumed_run_and_nothing_is_paid_twice(scored, scripted_server):
    broken = {"status": 401, "body": {"error": {"message": "no"}}}
    with scripted_server([fenced(RIGHT), broken]) as server:
        run, found = scored([row("a", ""), row("b", "")], drafts=1, options=options(server))
    assert sorted(it["status"] for it in found) == ["done", "failed"]
    with scripted_server([fenced(WRONG)]) as server:
        _, found = scored(None, resume=run, drafts=1, options=options(server))
        assert len(server.requests) == 1
    assert sorted(it["verdict_before"] for it in found) == ["AC", "WA"]
    assert summarise(iter(found)).calls == 2


def test_the_budget_of_all_together_ends_a_run_that_a_larger_one_resumes(scored, store, scripted_server):
    set_ = [row(f"p{i}", "") for i in range(6)]
    with scripted_server(endless(fenced(RIGHT))) as server:
        with pytest.raises(BudgetExhausted, match="for all together, the budget of 3 model calls is spent"):
            scored(set_, drafts=1, options=options(server), total=Budget(max_calls=3))
        assert len(server.requests) == 3
        run = listing.find(store, "last", "score")
        _, found = scored(None, resume=run, drafts=1, options=options(server), total=Budget(max_calls=6))
        assert len(server.requests) == 6
    assert [it["verdict_before"] for it in found] == ["AC"] * 6


def test_calls_keep_the_pace_that_is_asked_for(scored, scripted_server):
    times = []

    def answer(request):
        times.append(time.monotonic())
        return fenced(RIGHT)

    with scripted_server(endless(answer)) as server:
        began = time.monotonic()
        scored([row(f"p{i}", "") for i in range(4)], drafts=1, options=options(server), calls_per_minute=300)
    assert times[-1] - began >= 0.6  # three pauses of 0.2 s, however long a request takes to get there


def canary_rows():
    """A value case and a code test, visible and hidden, the hidden ones with words that must not leave."""
    hidden = [
        {"call": f"f('{CANARY}_argument')", "expected": f"'{CANARY}_expected'"},
        {"assert": f"assert f('{CANARY}_code') == '{CANARY}_code'"},
    ]
    return [{**row("a"), "hidden_tests": hidden, "oracle": f"# {CANARY}_oracle\n{RIGHT}"}]


@pytest.mark.parametrize("drafts", [0, 2])
def test_no_hidden_test_reaches_a_model_a_search_or_the_store(scored, store, any_judge, scripted_server, drafts):
    judge = Watched(any_judge)
    with scripted_server(endless(fenced(WRONG))) as server:
        asked = tasks.Options(models=("openai/scripted", "search"), api_base=server.url, max_iterations=2)
        run, found = scored(canary_rows(), judge, refine=True, drafts=drafts, options=asked)
        assert server.requests
        assert CANARY not in json.dumps([request.body for request in server.requests])
    assert any(problem.hidden for problem, _, _ in judge.seen)  # they did score
    assert all(not problem.hidden for problem, _, tests in judge.seen if tests == "visible")
    assert {tests for problem, _, tests in judge.seen if problem.hidden} == {"all"}
    summary = summarise(iter(found)).to_json()
    assert CANARY not in json.dumps([found, summary, listing.export(store, run)], default=str)
    store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert CANARY.encode() not in store.path.read_bytes()


def published(solution=WRONG, **fields):
    """A row of HumanEval's layout, whose docstring has an example that the set does not test."""
    row = {
        "task_id": "Own/0",
        "entry_point": "f",
        "prompt": 'def f(x):\n    """Return x + 1.\n    >>> f(9)\n    10\n    """\n',
        "canonical_solution": "    return x + 1\n",
        "test": "def check(candidate):\n    assert candidate(1) == 2\n",
    }
    return row | fields


def test_an_example_does_not_count_but_apart(scored, tmp_path):
    fails_example = "def f(x):\n    return x + 1 if x < 5 else 0\n"
    given = solutions(tmp_path, ("own-0", fails_example), ("own-0", OVERFIT), ("own-0", RIGHT), ("own-0", WRONG))
    for fail_fast, cases, gap in ((True, "_ / WA", None), (False, "wa / WA", 0)):
        _, found = scored([published()], solutions=given, fail_fast=fail_fast)
        assert [it["cases_before"] for it in found] == ["wa / AC", "wa / AC", "ac / AC", cases]
        summary = summarise(iter(found))
        assert (summary.after.mean, summary.with_examples.mean) == (0.75, 0.25)
        assert (summary.gap and summary.gap.mean) == gap
        assert (summary.to_json()["gap"] is None) == fail_fast


def test_a_program_that_fails_the_set_is_asked_for_its_examples_where_it_is_refined(scored, tmp_path):
    given = solutions(tmp_path, ("own-0", "def f(x):\n    return 10 if x == 9 else 0\n"))
    _, found = scored([published()], solutions=given, fail_fast=True, refine=True)
    assert found[0]["cases_before"] == "ac / WA"
    assert found[0]["plausible_before"]


def test_a_program_that_never_ends_runs_into_its_limit_once(scored, any_judge, tmp_path):
    given = solutions(tmp_path, ("own-0", "def f(x):\n    while True:\n        pass\n"))
    watched = Watched(any_judge)
    _, found = scored([published()], watched, solutions=given, fail_fast=True, test_s=0.2)
    assert [it["cases_before"] for it in found] == ["_ / TLE"]
    assert len(watched.seen) == 1


def test_tests_that_may_start_processes_are_told_and_may_be_allowed_to(scored, any_judge):
    test = (
        "import subprocess, sys, unittest\nclass TestCases(unittest.TestCase):\n    def test_one(self):\n"
        "        self.assertEqual(subprocess.run([sys.executable, '-c', 'exit(2)']).returncode, task_func(1))\n"
    )
    row = {
        "task_id": "BigCodeBench/1",
        "complete_prompt": "def task_func(x):\n",
        "canonical_solution": "    return x + 1\n",
        "test": test,
        "entry_point": "task_func",
    }
    told = []
    with open_judge(any_judge.backend, allow=("processes",)) as allowing:
        for judge, allow, verdict in ((any_judge, (), "WA"), (allowing, ("processes",), "AC")):
            _, found = scored([row], judge, solutions="oracle", allow=allow, warn=told.append)
            assert [it["verdict_before"] for it in found] == [verdict]
    assert told == ["BigCodeBench/1: may need `processes`, which the sandbox denies; try: --allow processes"]


SLEEPY = "def f(x):\n    import time\n    end = time.process_time() + 0.2\n    while time.process_time() < end: pass\n"


def test_all_tests_of_a_program_together_have_a_limit(scored, tmp_path):
    given = solutions(tmp_path, ("a", SLEEPY + "    return x + 1\n"))
    for fail_fast, cases in ((True, "AC / TLE -"), (False, "AC / TLE TLE")):
        _, found = scored([row("a")], solutions=given, fail_fast=fail_fast, program_s=0.3)
        assert [it["cases_before"] for it in found] == [cases]
    _, found = scored([row("a")], solutions=given, program_s=30.0)
    assert [it["cases_before"] for it in found] == ["AC / AC AC"]


def test_tests_that_are_code_share_the_limit_of_a_program(scored, tmp_path):
    given = solutions(tmp_path, ("own-0", SLEEPY + "    return x + 1\n"))
    test = "def check(candidate):\n    for x in (1, 2, 3):\n        assert candidate(x) == x + 1\n"
    _, found = scored([published(test=test)], solutions=given, program_s=0.3)
    assert [it["verdict_before"] for it in found] == ["TLE"]


def test_base_and_extra_tests_have_figures_side_by_side(scored, tmp_path):
    given = solutions(tmp_path, ("own-0", OVERFIT), ("own-0", RIGHT))
    row = published(base_input=[[1]], plus_input=[[4], [6]], atol=0)
    _, found = scored([row], solutions=given)
    assert [it["cases_before"] for it in found] == ["wa / AC WA+ WA+", "ac / AC AC+ AC+"]
    summary = summarise(iter(found))
    assert (summary.base_pass_at[1].mean, summary.pass_at[1].mean) == (1.0, 0.5)
    assert summary.to_json()["base_pass_at"]["1"]["mean"] == 1.0


def test_two_runs_agree_on_the_programs_that_both_judged(scored, tmp_path):
    given = solutions(tmp_path, ("a", RIGHT), ("a", WRONG), ("a", OVERFIT))
    _, first = scored([row("a")], solutions=given)
    second = [dict(it) for it in first]
    second[1] |= {"verdict_before": "AC", "right_before": 1}
    second[2] |= {"verdict_before": "RE"}
    found = agreement(first, second)
    assert (found.programs, found.same_right, found.same_verdict) == (3, 2, 1)
    assert found.differing == ("a #2: WA and AC",)
    assert found.moved == {"WA to AC": 1, "WA to RE": 1}


def test_groups_have_what_the_whole_has(scored, tmp_path):
    rows = [row("a", level="easy", tags=["sum"]), row("b", level="easy"), row("c", level="hard", tags=["sum"])]
    given = solutions(tmp_path, *((slug, source) for slug in "abc" for source in (RIGHT, WRONG)), ("c", RIGHT))
    _, found = scored(rows, solutions=given)
    summary = summarise(iter(found))
    assert [(it.name, it.problems, it.pass_at[1].mean, it.pass_at[2].mean) for it in summary.difficulties] == [
        ("easy", 2, 0.5, 1.0),
        ("hard", 1, pytest.approx(2 / 3), 1.0),
    ]
    assert summary.tags[0].to_json()["pass_at"]["2"]["mean"] == 1.0
    assert summary.tags[0].base_pass_at == {}


def test_what_time_outs_cost_is_told_apart(scored, tmp_path):
    given = solutions(tmp_path, ("a", RIGHT), ("a", "def f(x):\n    while True:\n        pass\n"))
    _, found = scored([row("a")], solutions=given, test_s=0.3, fail_fast=True)
    summary = summarise(iter(found))
    assert set(summary.verdict_seconds) == {"AC", "TLE"}
    assert summary.verdict_seconds["TLE"] >= 0.3
    assert sum(summary.verdict_seconds.values()) == pytest.approx(summary.seconds)


def test_a_program_that_fails_what_is_shown_of_the_set_is_not_asked_for_examples(scored, tmp_path):
    prompt = 'def f(x):\n    """Return x + 1.\n    >>> f(9)\n    10\n    >>> f(1)\n    2\n    """\n'
    given = solutions(tmp_path, ("own-0", WRONG), ("own-0", RIGHT))
    _, found = scored([published(prompt=prompt)], solutions=given, fail_fast=True)
    assert [it["cases_before"] for it in found] == ["_ WA / ", "ac AC / "]


def recorded_work(store, run):
    """What is recorded of the refinement of a run's only attempt, without ids and times."""
    (refinement,) = store.rows("SELECT id FROM runs WHERE parent = ?", run)
    found = listing.export(store, refinement["id"])
    numbers = {it["id"]: number for number, it in enumerate(found["reports"])} | {None: None}
    left_out = ("id", "run", "at_s", "base", "report", "account", "outcome")  # the last three hold times
    return [
        (table, {name: value for name, value in it.items() if name not in left_out}, numbers[it.get("base")])
        for table in ("steps", "searches", "checks", "reports")
        for it in found[table]
    ]


@pytest.mark.parametrize("harden", [True, False])
def test_a_search_that_is_done_elsewhere_is_recorded_as_one_that_is_done_here(
    harden, scored, store, any_judge, tmp_path
):
    options = tasks.Options(models=("search",), harden=harden)
    mine, here_rows = scored([row("a")], refine=True, options=options)
    setup = Setup(problems=(str(tmp_path / "set.jsonl"),), refine=True, threads=2)
    idle, sent = Watched(any_judge), []

    def searched(task):
        sent.append(pickle.dumps(task))
        return pickle.loads(pickle.dumps(tasks.carried(pickle.loads(sent[-1]), any_judge)))

    place = replace(here(idle), judged=here(any_judge).judged, searched=searched)
    run = rows.begin(store, setup, options, any_judge.backend)
    score(store, run, setup, options, place)
    there_rows = list(rows.every(store, run))
    assert verdicts(there_rows) == verdicts(here_rows) == [("a", 1, "done", "WA", "AC")]
    assert there_rows[0]["refined"] == here_rows[0]["refined"]
    assert recorded_work(store, run) == recorded_work(store, mine)
    assert len(sent) == 1
    assert idle.seen == []
    assert not store.rows("SELECT 1 FROM reports WHERE base < 0")


def test_a_search_with_a_model_is_done_here(scored, store, any_judge, scripted_server, tmp_path):
    def searched(task):
        raise AssertionError("a node has no keys")

    (tmp_path / "set.jsonl").write_text(json.dumps(row("a")) + "\n")
    setup = Setup(problems=(str(tmp_path / "set.jsonl"),), refine=True, threads=1)
    with scripted_server([{"status": 400, "body": {"error": {"message": "out of order"}}}] * 3) as server:
        options = tasks.Options(models=("search", "openai/scripted"), api_base=server.url, harden=False)
        run = rows.begin(store, setup, options, any_judge.backend)
        score(store, run, setup, options, replace(here(any_judge), searched=searched))
    assert [(it["status"], it["verdict_after"]) for it in rows.every(store, run)] == [("done", "AC")]
