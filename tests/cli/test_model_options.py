"""What the options for language models change in the requests, through the real command and the real litellm."""

from __future__ import annotations

import pytest

from tests.conftest import PROBLEMS
from tests.scripted_server import serve

FOLDER = PROBLEMS / "two-sum" / "submissions"
WRONG = FOLDER / "wrong_answer" / "off_by_one.py"
RIGHT = (FOLDER / "accepted" / "hash_map.py").read_text(encoding="utf-8")
WHOLE = f"Repaired.\n```python\n{RIGHT}```\n"


@pytest.fixture
def refine(coderefine):
    """Run `coderefine refine` on a wrong solution, against a server; return the outcome and the requests."""

    def run(replies, *args):
        with serve(replies) as server:
            done = coderefine(
                *("refine", "two-sum", WRONG, "--sandbox", "local", "--model", "openai/scripted"),
                *("--api-base", server.url, *args),
                env={"OPENAI_API_KEY": "dummy-key", "NO_PROXY": "127.0.0.1"},
            )
        assert done.code == 0, done.err
        return done, server.requests

    return run


def test_the_instruction_comes_from_the_file(refine, tmp_path):
    (tmp_path / "look.txt").write_text("\ufeffOnly look at line 4.\n", encoding="utf-8")
    _, requests = refine(["Line 4.", WHOLE], "--instruction", "look.txt")
    assert requests[0].user.endswith("# Task\n\nOnly look at line 4.")


def test_the_critic_criticises_and_the_model_patches(refine):
    _, requests = refine(["Line 4.", WHOLE], "--critic-model", "openai/critic")
    assert [request.body["model"] for request in requests] == ["critic", "scripted"]


def test_so_many_candidates_are_asked_for_and_tested(refine):
    done, requests = refine(["Line 4.", WHOLE, WHOLE.replace("```\n", "# another\n```\n", 1)], "--candidates", "2")
    assert len(requests) == 3
    assert "3 candidates · 3 calls" in done.err


def test_whole_files_can_be_asked_for(refine):
    _, requests = refine(["Line 4.", WHOLE], "--edit-format", "whole")
    assert "```diff" not in requests[1].system
