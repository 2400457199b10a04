"""`coderefine tune` as a user meets it, killed at any moment and gone on with; and with what makes no sense."""

from __future__ import annotations

import itertools
import json
import random
import time
from collections import Counter
from functools import partial

import pytest

from coderefine.record.store import Store
from tests.command import run_command
from tests.scripted_server import serve
from tests.soak import times
from tests.tuning.counting_task import BEST, answer, write_set


@pytest.fixture
def coderefine(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "dummy-key")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("CODEREFINE_HOME", str(tmp_path / "home"))
    write_set(tmp_path / "sums.jsonl", 21)
    (tmp_path / "prompt.txt").write_text("Answer.\n")
    return lambda *args: run_command(*args, cwd=tmp_path)


@pytest.fixture
def server():
    with serve(itertools.repeat(answer)) as opened:
        yield opened


def asked(server):
    return ("tune", "sums.jsonl", "prompt.txt", "--model", "openai/scripted", "--api-base", server.url)


def test_the_best_prompt_is_printed_and_the_story_told(coderefine, server):
    done = coderefine(*asked(server))
    assert (done.code, done.out) == (0, f"{BEST}\n")
    assert all(words in done.err for words in ("the first prompt", "accepted, batch", "gain", "a better prompt"))
    shown = coderefine("runs", "show", "last")
    assert shown.out.endswith(f"{BEST}\n")
    assert coderefine("runs", "list").code == 0
    for other in (("resume", "last"), ("report", "last", "-o", "page.html"), ("score", "--resume", "last")):
        done = coderefine(*other)
        assert done.code == 2
        assert "tune" in done.err or "no runs" in done.err


def test_it_is_written_to_a_file_that_prompt_options_take(coderefine, server, tmp_path):
    done = coderefine(*asked(server), "-o", "best.txt", "--format", "json")
    found = json.loads(done.out)
    assert (tmp_path / "best.txt").read_text() == f"{BEST}\n"
    assert (found["prompt"], found["improved"], found["steps"][0]["ending"]) == (BEST, True, "first")
    scored = coderefine(
        "score", "sums.jsonl", "--generate", "--prompt", "best.txt", "--sandbox", "local", *asked(server)[3:]
    )
    assert "completed         100.0 %" in scored.out


def test_where_no_prompt_is_better_the_first_stands(coderefine, server):
    done = coderefine(*asked(server), "--steps", 0)
    assert (done.code, done.out) == (1, "Answer.\n")
    assert "the first one stands" in done.err


def test_the_cache_answers_what_an_earlier_run_was_answered(coderefine, server):
    first = coderefine(*asked(server))
    count = len(server.requests)
    second = coderefine(*asked(server), "--cache")
    assert (second.out, len(server.requests)) == (first.out, count)


def test_a_spent_budget_is_gone_on_with(coderefine, server):
    done = coderefine(*asked(server), "--max-calls", 20)
    assert done.code in (0, 1)
    assert "to go on with more: coderefine tune --resume" in done.err
    before = len(server.requests)
    done = coderefine("tune", "--resume", "last", "--max-calls", 500)
    assert (done.code, done.out) == (0, f"{BEST}\n")
    assert max(Counter((it.system, it.user) for it in server.requests).values()) == 1
    assert before <= 20


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("sums.jsonl",), "needs a language model"),
        (("sums.jsonl", "--model", "search"), "needs a language model"),
        (("--model", "openai/scripted"), "name the PROBLEMS"),
        (("nothing.jsonl", "--model", "openai/scripted"), "nothing.jsonl"),
        (("sums.jsonl", "no.txt", "--model", "openai/scripted"), "PROMPT no.txt"),
        (("sums.jsonl", "--split", "1,2", "--model", "openai/scripted"), "three numbers"),
        (("sums.jsonl", "--split", "0,2,3", "--model", "openai/scripted"), "at least one problem"),
        (("sums.jsonl", "--split", "20,20,30", "--model", "openai/scripted"), "fewer than the parts need: 70"),
        (("bad.jsonl", "--model", "openai/scripted"), "fewer than the parts need"),
        (("sums.jsonl", "--model", "openai/scripted", "-o", "no/where.txt"), "cannot write no/where.txt"),
        (("--resume", "last", "--steps", "3"), "leave out the rest"),
        (("--resume", "last"), "no runs yet"),
    ],
)
def test_what_makes_no_sense_is_said_before_anything_is_paid(coderefine, tmp_path, arguments, told):
    (tmp_path / "bad.jsonl").write_text('{"question": 3, "answer": 4}\nno json\n{"question": "q"}\n')
    done = coderefine("tune", *arguments)
    assert done.code == 2
    assert told in done.err
    assert "Traceback" not in done.err


def test_an_instruction_is_tuned_on_wrong_programs_alone(coderefine, server):
    done = coderefine("tune", "sums.jsonl", "--for", "instruction", "--model", "openai/scripted")
    assert (done.code, server.requests) == (2, [])
    assert "0 different problems" in done.err


def test_a_question_to_begin_with_is_right(coderefine):
    assert coderefine("new", "mine", "--kind", "question").code == 0
    done = coderefine("verify", "mine", "--sandbox", "local")
    assert (done.code, "2 of 2 submissions" in done.out + done.err) == (0, True)


def test_a_server_that_dies_leaves_a_run_to_go_on_with(coderefine, server):
    healthy = iter([True] * 9)

    def dying(request):
        return answer(request) if next(healthy, False) else {"status": 400, "body": {"error": {"message": "gone"}}}

    with serve(itertools.repeat(dying)) as other:
        done = coderefine(*asked(other))
    assert done.code == 3
    assert "to go on: coderefine tune --resume" in done.err
    done = coderefine("tune", "--resume", "last", "--api-base", server.url)
    assert (done.code, done.out) == (0, f"{BEST}\n")


def test_a_killed_run_goes_on_to_the_same_result_and_pays_nothing_twice(forks, tmp_path):
    randoms = random.Random(21)
    write_set(tmp_path / "sums.jsonl", 9)
    (tmp_path / "prompt.txt").write_text("Answer.\n")
    with serve(itertools.repeat(partial(answer, delay_s=0.02))) as server:
        command = (
            "tune",
            tmp_path / "sums.jsonl",
            tmp_path / "prompt.txt",
            "--model",
            "openai/scripted",
            "--steps",
            "2",
        )
        command += ("--split", "3,3,3", "--api-base", server.url, "--format", "json", "--home")
        forks.run(*command, tmp_path / "warm")
        began = time.monotonic()
        _, out, _ = forks.run(*command, tmp_path / "whole")
        seconds, whole = time.monotonic() - began, json.loads(out)
        for trial in range(times(2)):
            home = tmp_path / f"home{trial}"
            server.requests.clear()
            code, _, err = forks.run(*command, home, kill_after_s=randoms.uniform(0.1, 1.0) * seconds)
            assert code in (0, -9), err
            resumed = ("tune", "--resume", "last", "--format", "json", "--home") if has_begun(home) else command
            code, out, err = forks.run(*resumed, home)
            assert (code, {**json.loads(out), "run": ""}) == (0, {**whole, "run": ""}), err
            with Store.open(home) as store:
                rows = store.rows("SELECT system, prompt, status FROM calls")
            answered = Counter((row["system"], row["prompt"]) for row in rows if row["status"] == "answered")
            begun = Counter((row["system"], row["prompt"]) for row in rows)
            assert max(answered.values()) == 1
            sent = Counter((request.system, request.user) for request in server.requests)
            assert all(count <= begun[asked] for asked, count in sent.items())  # twice only what was in flight


def has_begun(home):
    if not (home / "runs.db").exists():
        return False
    with Store.open(home) as store:
        return bool(store.rows("SELECT id FROM runs"))
