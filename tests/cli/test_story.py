"""The story of a run on standard error: brief, or whole with --verbose."""

import json

import pytest

from tests.conftest import PROBLEMS
from tests.scripted_server import serve

FOLDER = PROBLEMS / "two-sum" / "submissions"
WRONG = FOLDER / "wrong_answer" / "off_by_one.py"
WHOLE = f"```python\n{(FOLDER / 'accepted' / 'hash_map.py').read_text(encoding='utf-8')}```\n"
WORSE = "```python\nclass Solution:\n    def two_sum(self, nums, target):\n        return [4711]\n```\n"
LONG = "\n".join(f"Point {number}." for number in range(1, 11))


@pytest.fixture
def refine(coderefine):
    """Run `coderefine refine` on a wrong solution, with a scripted model."""

    def run(*args, replies=(LONG, WHOLE), file=WRONG):
        with serve(replies) as server:
            return coderefine(
                *("refine", "two-sum", *([file] if file else []), "--sandbox", "local", "--model", "openai/scripted"),
                *("--api-base", server.url, *args),
                env={"OPENAI_API_KEY": "dummy-key", "NO_PROXY": "127.0.0.1"},
            )

    return run


def test_a_long_criticism_is_told_in_brief(refine):
    err = refine().err
    assert "Point 6." in err
    assert "Point 7." not in err
    assert "… 4 more lines (-v shows all)" in err


def test_verbose_tells_it_whole(refine):
    err = refine("-v").err
    assert "Point 10." in err
    assert "more line" not in err


def test_a_criticism_of_one_very_long_line_is_cut_between_words(refine):
    err = refine(replies=["word " * 500, WHOLE]).err
    assert "word …\n  … more (-v shows all)" in err


def test_each_iteration_says_what_it_took(refine):
    assert "iteration 1  openai/scripted  2 calls · 240 tokens · cost unknown" in refine().err


def test_verbose_tells_each_call(refine):
    err = refine("-v").err
    for purpose in ("criticism", "patch"):
        assert f"  {purpose} of openai/scripted · 100 tokens of prompt, 20 of answer · cost unknown · " in err


def test_verbose_shows_the_diff_of_every_candidate(refine):
    brief, whole = (
        refine(*more, "--no-shrink", "--candidates", "2", replies=[LONG, WHOLE, WORSE]).err for more in ([], ["-v"])
    )
    assert "+        return [4711]" in whole
    assert whole.count("    --- a/solution.py") == 2
    assert "4711" not in brief
    assert "1 other candidate no better (-v shows all)" in brief


def test_the_calls_of_a_draft_are_told(refine):
    assert "draft  1 call · 120 tokens" in refine(replies=[WHOLE], file=None).err


def test_the_calls_of_an_iteration_that_a_budget_cut_are_told_with_the_budget(refine):
    err = refine("--max-calls", "1").err
    assert "iteration 1  not finished  1 call · 120 tokens" in err
    assert "not accepted: the budget of 1 model call is spent; the program is unchanged" in err


def test_a_replay_tells_the_same_calls(refine, coderefine, monkeypatch, tmp_path):
    monkeypatch.setenv("CODEREFINE_HOME", str(tmp_path / "home"))
    told = [line for line in refine("-v").err.splitlines() if "of prompt" in line]
    again = coderefine("replay", "last", "-v").err
    assert told
    assert [line for line in again.splitlines() if "of prompt" in line] == told
    assert "differs" not in again


def test_json_holds_iterations_candidates_and_calls(refine):
    data = json.loads(refine("--format", "json", "--no-shrink").out)
    (step,) = data["iterations"]
    assert step["criticism"] == LONG
    assert step["tested"][0]["diff"].startswith("--- a/solution.py")
    assert step["tested"][0]["report"]["verdict"] == "AC"
    assert [(call["iteration"], call["purpose"], call["prompt_tokens"]) for call in data["log"]] == [
        (1, "criticism", 100),
        (1, "patch", 100),
    ]


@pytest.mark.parametrize("more", [[], ["-v"]])
def test_hostile_text_emits_no_control_characters(refine, more):
    hostile = "\x1b[2J\x07\x9b31m"
    done = refine(*more, replies=[f"{hostile} gone", WHOLE.replace("class", f"# {hostile}\nclass", 1)])
    assert "\\x1b[2J\\x07\\x9b31m gone" in done.err
    assert not set("\x1b\x07\x9b") & set(done.err)
