"""The reward functions of docs/examples/rewards, those that need no package of a trainer; see benchmarks/rewards.py."""

import importlib.util
import json

import pytest

from tests.documents.pages import ROOT
from tests.serve.conftest import TOKEN
from tests.serve.test_judging import ADDS, RIGHT, ROW, STDIO, WRONG

FOLDER = ROOT / "docs/examples/rewards"
ONE, TWO = json.dumps({"row": ROW}), json.dumps({"row": STDIO})


def answer(code):
    return f"Here it is:\n```python\n{code}\n```\n"


@pytest.fixture
def load(url, monkeypatch):
    monkeypatch.setenv("JUDGE_URL", url)
    monkeypatch.setenv("CODEREFINE_TOKEN", TOKEN)

    def load_(name):
        spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load_


def test_verl(load):
    module = load("verl_reward")
    assert module.compute_score("any", answer(RIGHT), ONE) == {"score": 1.0, "verdict": "AC"}
    assert module.compute_score("any", answer(WRONG), ONE, extra_info={}) == {"score": 0.0, "verdict": "WA"}
    answers = [answer(RIGHT), answer(ADDS), answer(WRONG), "no code at all"]
    assert module.compute_scores([""] * 4, answers, [ONE, TWO, ONE, TWO], [None] * 4) == [1, 1, 0, 0]


def test_trl(load):
    rewards = load("trl_reward").passes_tests
    answers = [[{"role": "assistant", "content": answer(RIGHT)}], answer(ADDS), answer(WRONG)]
    assert rewards(completions=answers, problem=[ONE, TWO, ONE], prompts=[], trainer_state=None) == [1, 1, 0]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_each_is_short(path):
    assert len(path.read_text().splitlines()) < 60
