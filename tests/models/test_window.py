from __future__ import annotations

import subprocess
import sys

import pytest

from coderefine.models import window
from coderefine.models.litellm_model import _import_litellm
from coderefine.models.window import ANSWER_TOKENS, DEFAULT_PROMPT_TOKENS, prompt_tokens, window_tokens

NAMES = ["gpt-4o-mini", "openai/gpt-4o-mini", "claude-sonnet-4-5", "gemini/gemini-2.5-flash"]


@pytest.mark.parametrize("name", NAMES)
def test_the_figures_are_those_litellm_has(name):
    assert window_tokens(name) == _import_litellm().get_model_info(name)["max_input_tokens"]


@pytest.mark.parametrize("name", ["openai/scripted", "nonsense", "", "sample_spec"])
def test_an_unknown_model_gets_the_safe_default(name):
    assert window_tokens(name) is None or name == "sample_spec"
    assert prompt_tokens(name) == DEFAULT_PROMPT_TOKENS


def test_the_answer_is_left_its_room():
    assert prompt_tokens("gpt-4o-mini") == 128_000 - ANSWER_TOKENS


def test_without_the_table_there_is_the_default(monkeypatch, tmp_path):
    monkeypatch.setattr(window, "_TABLE", "not-there.json")
    assert prompt_tokens("gpt-4o-mini") == DEFAULT_PROMPT_TOKENS


def test_litellm_is_not_imported_for_it():
    code = "import sys; from coderefine.models.window import *; assert window_tokens('gpt-4o-mini') == 128000"
    subprocess.run([sys.executable, "-c", f"{code}; assert 'litellm' not in sys.modules"], check=True, timeout=60)
