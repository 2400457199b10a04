"""A prompt as a problem folder: begun, checked, tuned on its cases, and what does something else says so."""

from __future__ import annotations

import itertools
import json

import pytest

from coderefine.errors import ProblemError
from coderefine.folder.loading import load_problem
from coderefine.formats.reading import read
from tests.command import run_command
from tests.scripted_server import serve
from tests.tuning.counting_task import BEST, answer, write_set


@pytest.fixture
def coderefine(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "dummy-key")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("CODEREFINE_HOME", str(tmp_path / "home"))
    run = lambda *args: run_command(*args, cwd=tmp_path)  # noqa: E731
    assert run("new", "sums", "--kind", "prompt").code == 0
    return run


def test_a_new_folder_is_right(coderefine):
    done = coderefine("verify", "sums", "--sandbox", "local")
    assert (done.code, "1 of 1 submission" in done.out) == (0, True)


def test_it_is_tuned_and_scored_on_its_cases(coderefine, tmp_path):
    write_set(tmp_path / "sums" / "cases.jsonl", 21)
    (tmp_path / "sums" / "prompt.txt").write_text("Answer.\n")
    with serve(itertools.repeat(answer)) as server:
        model = ("--model", "openai/scripted", "--api-base", server.url)
        done = coderefine("tune", "sums", *model, "-o", "best.txt")
        assert (done.code, (tmp_path / "best.txt").read_text()) == (0, f"{BEST}\n"), done.err
        scored = coderefine("score", "sums", "--generate", "--prompt", "best.txt", *model, "--format", "json")
    assert json.loads(scored.out)["summary"]["after"]["mean"] == 1, scored.out


def test_cases_may_be_problems_of_another_kind(coderefine, tmp_path):
    assert coderefine("new", "sums/problems/adding").code == 0
    toml = tmp_path / "sums" / "problem.toml"
    toml.write_text(toml.read_text().replace('"cases.jsonl"', '"problems"'))
    assert [record.problem.slug for record in read(tmp_path / "sums")] == ["adding"]


def test_whether_it_can_be_sent_is_tested_and_the_way_to_its_worth_is_shown(coderefine, tmp_path):
    (tmp_path / "sums" / "prompt.txt").write_text("Solve: $question\n")
    (tmp_path / "other.txt").write_text("Solve it.\n")
    done = coderefine("test", "sums", "sums/prompt.txt", "--sandbox", "local")
    assert (done.code, "coderefine tune sums sums/prompt.txt --model NAME" in done.out) == (0, True)
    done = coderefine("test", "sums", "other.txt", "--sandbox", "local")
    assert (done.code, "$question" in done.out) == (1, True)


def test_refine_says_what_to_do_instead(coderefine):
    done = coderefine("refine", "sums", "sums/prompt.txt", "--model", "openai/scripted")
    assert (done.code, "coderefine tune sums sums/prompt.txt --model NAME" in done.err) == (2, True)


def test_samples_are_for_questions(coderefine, tmp_path):
    (tmp_path / "a.py").write_text("def find_pair(weights, target):\n    return []\n")
    done = coderefine("refine", "two-sum", "a.py", "--samples", 3)
    assert (done.code, "--samples is for questions" in done.err) == (2, True)


@pytest.mark.parametrize("cases", ["3", '"."', '"no.jsonl"', '"../sums"', '"../other"'])
def test_cases_have_to_be_in_the_folder(coderefine, tmp_path, cases):
    (tmp_path / "sums" / "problem.toml").write_text(f'title = "Sums"\nkind = "prompt"\ncases = {cases}\n')
    with pytest.raises(ProblemError):
        load_problem(tmp_path / "sums")
