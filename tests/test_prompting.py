from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coderefine import prompting, resources
from coderefine.descent.problem_text import problem_text
from coderefine.kinds.class_ import CLASS
from coderefine.kinds.pytest import PYTEST
from coderefine.models.model import estimate_tokens
from coderefine.problem import typespec
from coderefine.problem.compare import Compare
from coderefine.problem.problem import Param
from coderefine.problem.suite import ProjectFile, Suite
from coderefine.prompting import fenced, render
from tests.samples import PROBLEM

PROMPTS = Path(prompting.__file__).with_name("prompts")
FIELDS = {"problem": "P", "code": "C", "evidence": "E", "instruction": "I"}


def test_the_fields_are_filled_in():
    text = render("criticise", **FIELDS)
    assert [line for line in text.splitlines() if line and not line.startswith("#")] == ["P", "C", "E", "I"]


@pytest.mark.parametrize("value", ["$code", "${problem}", "$", "$$", "{evidence}", "{", "%s", "\\1"])
def test_a_value_is_inserted_verbatim(value):
    assert value in render("criticise", **(FIELDS | {"problem": value})).splitlines()


@pytest.mark.parametrize("missing", sorted(FIELDS))
def test_a_missing_field_raises(missing):
    with pytest.raises(TypeError, match=missing):
        render("criticise", **{name: value for name, value in FIELDS.items() if name != missing})


def test_an_unknown_field_raises():
    with pytest.raises(TypeError, match="hints"):
        render("criticise", **FIELDS, hints="H")


@pytest.mark.parametrize("name", sorted(path.stem for path in PROMPTS.glob("*.txt")))
def test_every_prompt_is_a_text_file_of_moderate_width(name):
    text = resources.prompt(name)
    assert text.endswith("\n")
    assert max(map(len, text.splitlines())) <= 120


@given(st.text(alphabet="`~ab\n \t"), st.sampled_from(["", "python"]))
def test_nothing_within_a_fence_closes_it(text, language):
    first, *body, last = fenced(text, language).split("\n")
    assert first == last + language
    assert set(last) == {"`"}
    assert len(last) >= 3
    assert "\n".join(body) == text.removesuffix("\n")
    assert not any(last in line for line in body)


def test_a_problem_shows_its_statement_interface_and_limits():
    text = problem_text(PROBLEM)
    assert "Title: Add" in text
    assert "Return the sum of two numbers." in text
    assert "the function `add`, called with `(a: int, b: int)`" in text
    assert "what it returns, of type `int`" in text
    assert "2 s of CPU time, 256 MiB" in text


def test_the_starter_is_for_who_writes_the_first_program():
    assert PROBLEM.starter in problem_text(PROBLEM, starter=True)
    assert PROBLEM.starter not in problem_text(PROBLEM)


def test_a_problem_never_shows_its_tests():
    text = problem_text(PROBLEM)
    assert "4711" not in text
    assert "hidden-name" not in text
    assert "zeros" not in text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"entry": "Solution.add"}, "the method `add` of a class `Solution`"),
        ({"kind": CLASS, "entry": "LRUCache", "params": ()}, "a class `LRUCache`"),
        ({"answer": "a"}, "The answer is the argument `a` after the call"),
        ({"answer": "a[:return]"}, "the first elements of the argument `a`, as many as the returned number says"),
        ({"compare": Compare("unordered")}, "any order"),
        ({"compare": Compare("float", 1e-6)}, "may differ by 1e-06"),
        ({"compare": Compare("checker")}, "Any answer that satisfies the statement"),
        ({"params": (Param("head", typespec.parse("ListNode | None")),)}, "head: ListNode | None"),
    ],
)
def test_a_problem_says_what_is_called_and_compared(changes, says):
    assert says in problem_text(dataclasses.replace(PROBLEM, **changes))


def test_limits_are_those_of_a_test():
    assert "Limits a test: 2 s of CPU time, 256 MiB." in problem_text(PROBLEM)


def test_a_problem_without_a_starter_shows_none():
    assert "Starter" not in problem_text(dataclasses.replace(PROBLEM, starter=""))


SUITE = dataclasses.replace(
    PROBLEM,
    kind=PYTEST,
    entry="",
    params=(),
    suite=Suite(
        solution="shop/cart.py",
        files=(
            ProjectFile("shop/tax.py", b"RATE = 2\n"),
            ProjectFile("tests/blob.bin", b"\xff"),
            ProjectFile("big.py", b"#" * 9000),
        ),
        hidden_files=(ProjectFile("tests/hidden/conftest.py", b"SECRET = 1\n"),),
    ),
)


def test_a_project_is_shown_with_its_other_files_as_far_as_they_have_room():
    text = problem_text(SUITE)
    assert "`shop/cart.py`" in text
    assert "The file shop/tax.py, which stays as it is:\n\n```python\nRATE = 2\n```" in text
    assert "big.py" not in text and "blob" not in text
    assert "Limits of all tests together: 2 s" in text


def test_hidden_files_are_not_shown():
    assert "SECRET" not in problem_text(SUITE)


def test_what_an_iteration_says_besides_its_data_stays_short():
    """An iteration is to take half of TextGrad's prompt tokens (tests/benchmarks/engine.py); this is our share."""
    empty = dict.fromkeys(["problem", "code", "evidence", "criticisms", "more"], "")
    loss = render("criticise_system") + render("criticise", **FIELDS | {"instruction": resources.prompt("instruction")})
    step = render("patch_system") + render("patch", form=render("form_diff"), **empty)
    assert estimate_tokens(loss) <= 180
    assert estimate_tokens(step) <= 190
