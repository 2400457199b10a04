"""Runs are recorded as they go, go on where they ended, and replay without a model: over real HTTP and SQLite."""

import dataclasses
import json
import sqlite3
import sys

import pytest

from coderefine.budget import Budget
from coderefine.engine import EngineOptions
from coderefine.errors import ModelError, NotRecordedError, UsageError
from coderefine.record.store import Store
from coderefine.refining.observers import SILENT, Observers
from coderefine.runs import listing, tasks
from coderefine.runs.tasks import Options
from tests.problems_for_tests import function_problem
from tests.samples import CODE, DIFF, FIXED, PROBLEM

SEVEN = "def add(a, b):\n    return 7\n"
HALF = "def add(a, b):\n    return 0\n"
CRITICISM, TO_HALF, TO_FIXED = "It is wrong.", f"```python\n{HALF}```", f"```python\n{FIXED}```"
DOWN = {"status": 400, "body": {"error": {"message": "out of order"}}}
MODEL = "openai/scripted"


class Killed(SystemExit):
    """Ends a run as a kill would: nothing after it is written."""


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path) as opened:
        yield opened


@pytest.fixture
def started(store, scripted_server, any_judge):
    """Return `run(*replies, ...)`, which does a new run; its requests are in `run.requests`, its task in `run.task`."""

    def run(*replies, source=SEVEN, models=(MODEL,), problem=PROBLEM, observers=SILENT, **options):
        with scripted_server(list(replies)) as server:
            run.requests = server.requests
            asked = Options(models=models, api_base=server.url, **options)
            run.task = tasks.begin(store, problem, source, asked, any_judge.backend)
            return tasks.go_on(store, run.task, any_judge, observers)

    return run


@pytest.fixture
def resumed(store, scripted_server, any_judge):
    """Return `run(*replies, ...)`, which goes on with the newest run."""

    def run(*replies, observers=SILENT, **changes):
        with scripted_server(list(replies)) as server:
            run.requests = server.requests
            task = tasks.load(store, "last")
            options = dataclasses.replace(task.options, api_base=server.url, **changes)
            return tasks.go_on(store, dataclasses.replace(task, options=options), any_judge, observers)

    return run


def replayed(store):
    return tasks.replay(tasks.load(store, "last"))


def timeless(result):
    data = result.to_json()
    log = [{name: value for name, value in call.items() if name != "seconds"} for call in data["log"]]
    return {name: value for name, value in data.items() if name != "seconds"} | {"log": log}


def die(*_):
    raise Killed


def forget_the_end(store):
    """Leave the run as a kill would have."""
    store.execute("UPDATE runs SET status = 'running', ended_at = NULL, ending = NULL, verdict = NULL, result = NULL")


def test_everything_that_happens_is_written_down(store, started):
    started(CRITICISM, TO_HALF, CRITICISM, TO_FIXED)
    [run] = store.rows("SELECT * FROM runs")
    assert (run["slug"], run["status"], run["verdict"], run["source"]) == ("add", "done", "AC", SEVEN)
    calls = store.rows("SELECT * FROM calls ORDER BY id")
    assert [call["answer"] for call in calls] == [CRITICISM, TO_HALF, CRITICISM, TO_FIXED]
    assert [(call["system"], call["prompt"]) for call in calls] == [(r.system, r.user) for r in started.requests]
    assert {(c["prompt_tokens"], c["completion_tokens"], c["status"]) for c in calls} == {(100, 20, "answered")}
    assert [step["criticism"] for step in store.rows("SELECT * FROM steps")] == [CRITICISM, CRITICISM]
    reports = store.rows("SELECT step, source, verdict, passed, evidence FROM reports ORDER BY id")
    assert [tuple(report.values()) for report in reports] == [
        (0, SEVEN, "WA", 0, 0), (1, SEVEN, "WA", 0, 1), (1, HALF, "WA", 1, 0), (2, HALF, "WA", 1, 1), (2, FIXED, "AC", 2, 0)
    ]  # fmt: skip


def test_no_secret_and_no_hidden_test_is_in_the_file(store, scripted_server, any_judge, monkeypatch, tmp_path):
    monkeypatch.setenv("SOME_SECRET", "environment-value-1234")
    with scripted_server([{"status": 401, "body": {"error": {"message": "no"}}}]) as server:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-0123456789abcdef")
        options = Options(models=(MODEL,), api_base=server.url.replace("//", "//me:hunter2@") + "?key=hunter3")
        with pytest.raises(ModelError):
            tasks.go_on(store, tasks.begin(store, PROBLEM, CODE, options, "local"), any_judge)
    store.close()
    written = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"127.0.0.1" in written
    for secret in (b"sk-0123", b"hunter2", b"hunter3", b"environment-value", b"4711", b"hidden-name"):
        assert secret not in written


def test_a_call_is_written_before_it_is_made(store, scripted_server, any_judge):
    seen = []

    def look(request):
        seen.extend(store.rows("SELECT status, prompt FROM calls"))
        return DOWN

    with scripted_server([look]) as server, pytest.raises(ModelError):
        options = Options(models=(MODEL,), api_base=server.url)
        tasks.go_on(store, tasks.begin(store, PROBLEM, CODE, options, "local"), any_judge)
    assert [row["status"] for row in seen] == ["begun"]
    [call] = store.rows("SELECT * FROM calls")
    assert (call["status"], json.loads(call["error"])["kind"]) == ("failed", "ModelError")


def test_a_run_that_was_killed_in_a_step_goes_on_there(store, started, resumed):
    with pytest.raises(Killed):
        started(CRITICISM, TO_HALF, observers=Observers(on_iteration=die))
    forget_the_end(store)
    result = resumed(CRITICISM, TO_FIXED)
    assert (result.accepted, result.calls, len(resumed.requests)) == (True, 4, 2)
    assert [iteration.criticism for iteration in result.iterations] == [CRITICISM, CRITICISM]
    assert store.rows("SELECT COUNT(*) AS n FROM calls") == [{"n": 4}]
    assert store.rows("SELECT COUNT(*) AS n FROM reports WHERE NOT evidence") == [{"n": 3}]


def test_what_a_resumed_run_comes_to_is_what_the_uninterrupted_one_does(store, started, resumed):
    replies = [CRITICISM, TO_HALF, CRITICISM, TO_FIXED]
    whole = timeless(started(*replies))
    with pytest.raises(Killed):
        started(*replies[:2], observers=Observers(on_iteration=die))
    forget_the_end(store)
    assert without_time(timeless(resumed(*replies[2:]))) == without_time(whole)


def without_time(data):
    """Without what differs between two runs of the same program: its measured times and memory."""
    if isinstance(data, dict):
        return {
            k: without_time(v) for k, v in data.items() if k not in ("wall_s", "cpu_s", "seconds", "peak_memory_mib")
        }
    return [without_time(item) for item in data] if isinstance(data, list) else data


def test_a_failing_model_is_asked_again_when_the_run_goes_on(store, started, resumed):
    with pytest.raises(ModelError, match="out of order"):
        started(CRITICISM, DOWN)
    result = resumed(TO_FIXED)
    assert (result.accepted, result.calls, len(resumed.requests)) == (True, 2, 1)
    assert timeless(replayed(store)) == timeless(result)


def test_an_answer_without_use_is_asked_for_again_and_stays_paid(store, started, resumed):
    with pytest.raises(ModelError, match="empty"):
        started(CRITICISM, " ", " ")
    result = resumed(TO_FIXED)
    assert (result.accepted, result.calls, result.prompt_tokens) == (True, 4, 400)
    assert timeless(replayed(store)) == timeless(result)


@pytest.mark.parametrize("answers", [[" ", TO_FIXED], ["No idea.", TO_FIXED]])
def test_a_second_try_is_replayed(store, started, answers):
    result = started(CRITICISM, *answers)
    assert (result.accepted, result.calls) == (True, 3)
    assert timeless(replayed(store)) == timeless(result)


def test_an_engine_that_failed_before_another_one_is_replayed(store, started):
    result = started(" ", " ", models=("openai/scripted", "search"), source=CODE)
    assert result.accepted
    assert timeless(replayed(store)) == timeless(result)


def test_a_spent_budget_stays_spent(store, started, resumed):
    first = started(CRITICISM, TO_HALF, CRITICISM, budget=Budget(max_calls=3))
    again = resumed()
    assert (resumed.requests, timeless(again)) == ([], timeless(first))


def test_a_larger_budget_lets_it_go_on(store, started, resumed):
    started(CRITICISM, TO_HALF, CRITICISM, budget=Budget(max_calls=3))
    result = resumed(TO_FIXED, budget=Budget(max_calls=4))
    assert (result.accepted, result.calls, len(resumed.requests)) == (True, 4, 1)


def test_the_clock_of_a_resumed_run_starts_where_it_stood(store, started, resumed):
    with pytest.raises(Killed):
        started(CRITICISM, TO_HALF, observers=Observers(on_iteration=die))
    store.execute("UPDATE reports SET at_s = 1000 WHERE step = 1 AND NOT evidence")
    result = resumed(CRITICISM, budget=Budget(max_seconds=900))
    assert (result.exhausted.limit, result.source, resumed.requests) == ("seconds", HALF, [])
    assert result.seconds >= 1000


def test_an_interrupted_run_goes_on(store, started, resumed):
    def interrupt(_):
        raise KeyboardInterrupt

    first = started(CRITICISM, TO_HALF, observers=Observers(on_iteration=interrupt))
    assert (first.interrupted, first.source) == (True, HALF)
    assert timeless(replayed(store)) == timeless(first)
    assert resumed(CRITICISM, TO_FIXED).accepted


def test_a_draft_is_not_paid_twice(store, started, resumed):
    with pytest.raises(Killed):
        started(f"```python\n{SEVEN}```", source=None, observers=Observers(on_start=die))
    result = resumed(CRITICISM, TO_FIXED)
    assert (result.accepted, result.calls, len(resumed.requests)) == (True, 3, 2)


def test_a_finished_run_comes_to_the_same_again(store, started, resumed):
    first = started(CRITICISM, DIFF, source=CODE)
    assert timeless(resumed()) == timeless(first)
    assert resumed.requests == []


def test_calls_side_by_side_are_answered_from_the_record_in_any_order(store, any_judge, scripted_server):
    """One of three was in flight at the kill: it alone is made again, whoever asks first."""
    import threading

    from coderefine.budget import Meter
    from coderefine.descent.models import open_model
    from coderefine.models.model import Prompt
    from coderefine.record.journal import Journal
    from coderefine.record.writer import Recording

    def ask(replies, recorded, order):
        texts, meter = {}, Meter()
        with scripted_server(replies) as server:
            journal = Journal(Recording(store, task.run, print), recorded)
            journal.charge(meter)
            model = open_model(MODEL, api_base=server.url, meter=meter, journal=journal)

            def one(n):
                texts[n] = model.complete(Prompt("system", f"sample {n}")).text

            threads = [threading.Thread(target=one, args=(n,)) for n in order]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            return texts, len(server.requests), meter.calls

    task = tasks.begin(store, PROBLEM, CODE, Options(), "local")
    first, sent, _ = ask([lambda request: f"to {request.user}"] * 3, (), (0, 1, 2))
    assert sent == 3
    store.execute("UPDATE calls SET status = 'begun', answer = NULL, at_s = NULL WHERE prompt = 'sample 2'")
    recorded = listing.recorded(store, task.run)
    assert ask([lambda request: f"to {request.user}"], recorded, (2, 1, 0)) == (first, 1, 3)


def test_a_failure_that_the_run_survived_is_not_tried_again(store, any_judge, scripted_server):
    """Such as one of several samples: going on must not make up for it later."""
    from coderefine.budget import Meter
    from coderefine.descent.models import open_model
    from coderefine.models.model import Prompt
    from coderefine.record.journal import Journal
    from coderefine.record.writer import Recording

    task = tasks.begin(store, PROBLEM, CODE, Options(), "local")
    with scripted_server([DOWN, "fine"]) as server:
        for _ in range(2):
            journal = Journal(Recording(store, task.run, print), listing.recorded(store, task.run))
            model = open_model(MODEL, api_base=server.url, meter=Meter(), journal=journal)
            with pytest.raises(ModelError, match="out of order"):
                model.complete(Prompt("", "first"))
            assert model.complete(Prompt("", "second")).text == "fine"
    assert len(server.requests) == 2


def test_a_prompt_that_changed_goes_on_live_and_counts_what_was_paid(store, started, resumed):
    with pytest.raises(Killed):
        started(CRITICISM, TO_HALF, observers=Observers(on_iteration=die))
    store.execute("UPDATE calls SET key = 'of another version'")
    said = []
    result = resumed(CRITICISM, TO_FIXED, observers=Observers(warn=said.append))
    assert (result.accepted, result.calls) == (True, 4)
    assert "3 recorded pieces of work did not fit the run any more" in said[0]


def test_two_processes_do_not_go_on_with_one_run(store, started, resumed):
    started(CRITICISM, DIFF, source=CODE)
    with listing.lock_run(store, listing.find(store, "last")), pytest.raises(UsageError, match="still going on"):
        resumed()


ENDINGS = {
    "accepted": ([CRITICISM, TO_HALF, CRITICISM, TO_FIXED], {}),
    "no idea left": ([CRITICISM, TO_HALF, CRITICISM, "I do not know."] + ["Nor now."] * 2, {}),
    "calls spent": ([CRITICISM, TO_HALF, CRITICISM], {"budget": Budget(max_calls=3)}),
    "tokens spent": ([CRITICISM, TO_HALF, CRITICISM], {"budget": Budget(max_tokens=3000)}),
    "model failed after a gain": ([CRITICISM, TO_HALF, DOWN], {}),
    "empty answer after a gain": ([CRITICISM, TO_HALF, ""], {}),
    "nothing to do": ([], {"source": FIXED}),
    "drafted": ([TO_FIXED], {"source": None}),
    "search first": (
        [CRITICISM, TO_FIXED],
        {"models": ("search", MODEL), "source": "def add(a, b):\n    return 'x'\n"},
    ),
    "search only": ([], {"models": ("search",), "source": CODE}),
}


@pytest.mark.parametrize(("replies", "options"), ENDINGS.values(), ids=ENDINGS)
def test_a_replay_differs_from_the_run_by_nothing_but_time(store, started, replies, options):
    first = started(*replies, **options)
    again = replayed(store)
    assert timeless(again) == timeless(first)
    assert type(again.failure) in (type(first.failure), ModelError)


def test_a_run_that_raised_raises_again(store, started):
    with pytest.raises(ModelError) as first:
        started(DOWN)
    with pytest.raises(ModelError) as again:
        replayed(store)
    assert str(first.value) == str(again.value)


def test_a_search_cut_by_the_time_budget_replays_and_goes_on_with_a_larger_one(store, started, resumed):
    slow = "def f(x):\n    s = 0\n    for i in range(300000): s += i\n    return x - 7 - s + s\n"
    problem = function_problem([((1,), 2), ((5,), 1), ((6,), 9)])
    first = started(source=slow, models=("search",), problem=problem, budget=Budget(max_seconds=0.5))
    assert (first.exhausted.limit, first.accepted) == ("seconds", False)
    assert timeless(replayed(store)) == timeless(first)
    result = resumed(budget=Budget(max_candidates=first.candidates + 5, max_seconds=60))
    assert result.exhausted.limit == "candidates"
    assert result.candidates == first.candidates + 4  # the last one is for what is found


def test_a_step_of_the_search_is_not_repeated(store, started, resumed, any_judge, monkeypatch):
    with pytest.raises(Killed):
        started(source=CODE, models=("search",), observers=Observers(on_iteration=die))
    monkeypatch.setattr(any_judge, "screen", die)
    assert resumed().accepted
    monkeypatch.setattr(any_judge, "run", die)
    assert resumed().accepted


def test_what_a_search_has_learnt_is_recorded_so_that_resumed_and_replayed_prompts_are_the_same(
    store, started, resumed, any_judge, monkeypatch
):
    problem = function_problem([((3,), 2793), ((-5,), -4655), ((1,), 931)])
    hopeless = {"source": "def f(p0):\n    return p0 if p0 > 2 else 5\n", "problem": problem}
    replies = CRITICISM, "```python\ndef f(p0):\n    return p0 * 931\n```"
    first = started(*replies, models=("search", MODEL), **hopeless)
    assert first.accepted
    assert "tried by template" in first.iterations[0].step_report.lesson
    whole = [request.user for request in started.requests]
    monkeypatch.setattr(any_judge, "screen", die)
    assert timeless(replayed(store)) == timeless(first)
    monkeypatch.undo()
    with pytest.raises(Killed):
        started(models=("search", MODEL), observers=Observers(on_iteration=die), **hopeless)
    monkeypatch.setattr(any_judge, "screen", die)
    assert resumed(*replies).accepted
    assert [request.user for request in resumed.requests] == whole


def test_a_replay_says_what_is_not_recorded(store, started):
    with pytest.raises(Killed):
        started(CRITICISM, TO_HALF, observers=Observers(on_iteration=die))
    forget_the_end(store)
    with pytest.raises(NotRecordedError, match="the record ends here: a run of the judge would be needed"):
        replayed(store)


def test_a_call_in_flight_is_not_taken_for_an_answer(store, started, resumed):
    with pytest.raises(ModelError):
        started(CRITICISM, DOWN)
    store.execute("UPDATE calls SET status = 'begun', error = NULL, at_s = NULL WHERE id = 2")
    forget_the_end(store)
    assert resumed(TO_FIXED).calls == 2


def test_the_cache_answers_what_an_earlier_run_asked(store, scripted_server, any_judge):
    with scripted_server([CRITICISM, DIFF]) as server:
        results = [
            tasks.go_on(store, tasks.begin(store, PROBLEM, CODE, options, "local"), any_judge)
            for options in [Options(models=(MODEL,), api_base=server.url, cache=True)] * 3
        ]
    assert len(server.requests) == 2
    assert [(r.accepted, r.calls, r.cached, r.prompt_tokens) for r in results] == [
        (True, 2, 0, 200), (True, 0, 2, 0), (True, 0, 2, 0)
    ]  # fmt: skip
    cached = store.rows("SELECT cached_from, answer, cost_usd FROM calls WHERE status = 'cached' ORDER BY id")
    assert [tuple(row.values()) for row in cached] == [(1, CRITICISM, 0.0), (2, DIFF, 0.0)] * 2
    assert timeless(replayed(store)) == timeless(results[-1])


def test_the_cache_serves_no_other_server_and_no_run_that_did_not_ask(store, scripted_server, any_judge):
    for cache in (True, False, True):
        with scripted_server([CRITICISM, DIFF]) as server:
            options = Options(models=(MODEL,), api_base=server.url, cache=cache)
            result = tasks.go_on(store, tasks.begin(store, PROBLEM, CODE, options, "local"), any_judge)
        assert (len(server.requests), result.cached) == (2, 0)


def test_a_disk_that_fills_up_loses_nothing_but_the_record(store, started, monkeypatch):
    said, insert = [], store._connection.execute

    class Full:
        def execute(self, sql, *parameters):
            if "INTO calls" in sql and insert("SELECT COUNT(*) FROM calls").fetchone()[0]:
                raise sqlite3.OperationalError("database or disk is full")
            return insert(sql, *parameters)

    monkeypatch.setattr(store, "_connection", Full())
    result = started(CRITICISM, TO_FIXED, observers=Observers(warn=said.append))
    assert result.accepted
    assert len(said) == 1
    assert "disk is full" in said[0]
    monkeypatch.undo()
    assert store.rows("SELECT status FROM runs") == [{"status": "running"}]


def test_a_replay_imports_no_client(store, started):
    """Whoever imports nothing calls nothing."""
    import subprocess

    started(CRITICISM, TO_FIXED)
    code = (
        "import sys; from coderefine.record.store import Store; from coderefine.runs import tasks\n"
        "print(tasks.replay(tasks.load(Store.open(sys.argv[1]), 'last')).verdict)\n"
        "assert not {'litellm', 'openai', 'httpx', 'docker'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, store.path.parent], capture_output=True, text=True, check=True)
    assert done.stdout == "AC\n"


def test_options_survive_json_with_how_models_are_used():
    engine = EngineOptions(
        instruction="Look at line 2.", candidates=3, edit_format="whole", constraints=("No imports.",)
    )
    options = Options(models=("search", MODEL), budget=Budget(max_calls=3), engine=engine, cache=True)
    assert Options.from_json(json.loads(json.dumps(options.to_json()))) == options


def test_a_run_of_a_version_without_hardening_goes_on_without_it():
    data = Options().to_json()
    assert Options.from_json(data).harden
    del data["harden"]
    assert not Options.from_json(data).harden
