"""Each prompt holds what its step needs and nothing else (LLM Programs, arXiv 2305.05364): its fields say what it can hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from coderefine import prompting, resources
from coderefine.formats.questions import question
from coderefine.prompting import fields_of

PROMPTS = Path(prompting.__file__).with_name("prompts")
MAY_HOLD = {
    "answer": {"question", "form"},
    "answer_instruction": set(),
    "answer_system": set(),
    "criticise_answer": {"question", "answer", "instruction"},
    "criticise_answer_system": set(),
    "criticise_fields": {"fields", "instruction"},
    "criticise_fields_system": set(),
    "criticise_text": {"role", "text", "instruction"},
    "criticise_text_system": set(),
    "evaluated": {"system", "user", "answer", "role", "value"},
    "evaluated_system": set(),
    "feedback": {"system", "user", "answer", "criticisms", "role", "value"},
    "feedback_system": set(),
    "form_text": {"marks"},
    "improve": {"role", "text", "criticisms", "more", "form"},
    "improve_again": {"role", "text", "criticisms", "answer", "mismatch", "more", "form"},
    "improve_system": set(),
    "reduce": {"role", "value", "criticisms"},
    "reduce_system": set(),
    "text_constraints": {"constraints"},
    "text_context": {"context"},
    "text_examples": {"examples"},
    "text_history": {"versions"},
    "criticise": {"problem", "code", "evidence", "instruction"},
    "gradient": {"problem", "code", "evidence", "evaluation"},
    "patch": {"problem", "code", "evidence", "criticisms", "more", "form"},
    "repatch": {"code", "criticisms", "answer", "mismatch", "form"},
    "plainly": {"problem", "code", "evidence", "more", "form"},
    "draft": {"problem", "rules"},
}
OF_DATA = {"question", "answer", "text", "value", "user", "context"}


@pytest.mark.parametrize("name", MAY_HOLD)
def test_a_prompt_has_no_other_fields(name):
    assert set(fields_of(resources.prompt(name))) == MAY_HOLD[name]


def test_no_prompt_has_a_field_for_a_key_or_a_hidden_test():
    for path in PROMPTS.glob("*.txt"):
        assert not {"key", "expected", "hidden", "oracle", "target"} & set(fields_of(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "name", [name for name, fields in MAY_HOLD.items() if fields & OF_DATA and name not in ("answer", "form_text")]
)
def test_where_data_is_shown_the_system_prompt_says_what_it_is(name):
    parts = {"improve_again": "improve", "text_context": "improve", "repatch": "patch"}
    system = resources.prompt(f"{parts.get(name, name)}_system")
    assert "fences is" in " ".join(system.split())


def test_a_question_is_asked_with_its_text_and_the_form_of_the_answer_alone():
    from coderefine.descent.answering import question_prompt

    problem = question("What is 5 + 5?", "4711", "number", name="secret-name", tags=("secret-tag",)).problem
    prompt = question_prompt(problem, system="S {x} $y")
    assert prompt.user == "What is 5 + 5?\n\nEnd with a line `Answer: N`, where N is a number without a unit."
    assert (prompt.system, prompt.sample) == ("S {x} $y", 0)
