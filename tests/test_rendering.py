"""Values and candidate text come out short, inert and the same in every run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coderefine.rendering import code_line, cut, literal, printable

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False) | st.binary(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(VALUES)
def test_a_value_is_shown_as_its_literal(value):
    assert literal(value) == repr(value)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({10, 9, 2}, "{2, 9, 10}"),
        (set(), "set()"),
        (frozenset({"b", "a"}), "frozenset({'a', 'b'})"),
        ((1,), "(1,)"),
        ([{"k": {2, 1}}], "[{'k': {1, 2}}]"),
    ],
)
def test_sets_are_shown_in_order(value, shown):
    assert literal(value) == shown


def test_a_number_too_long_for_decimal_text_is_shown_in_hexadecimal():
    assert literal([1 << 20_000]) == "[0x1" + "0" * 5000 + "]"


@given(st.text())
def test_printable_text_is_one_line_that_any_encoding_takes(text):
    assert printable(text).isprintable()
    printable(text).encode("utf-8")


def test_printable_escapes_what_could_hide_or_break_lines():
    assert printable("a\nb\x1b[0m\u2028\ud800\u202e") == "a\\nb\\x1b[0m\\u2028\\ud800\\u202e"


def test_a_cut_says_how_much_is_missing():
    assert cut("abcdef", 6) == "abcdef"
    assert cut(40 * "a", 6) == "aaaaaa ...[34 more characters]"
    assert cut(29 * "a", 6) == 29 * "a"  # with the mark it would be longer


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("a = 1\nb = a + 2", "a = 1; b = a + 2"),
        ("for v in all:\n    x = f(v)\n    g(x)", "for v in all: x = f(v); g(x)"),
        ("r = f(\n    2,  # two\n    3\n)", "r = f(2, 3)"),
        ("text = f'{a}  {{b}}'\n\ng( text )", "text = f'{a}  {{b}}'; g( text )"),
        ("f(1\nno python", "f(1; no python"),
    ],
)
def test_code_is_shown_in_one_line(code, line):
    assert code_line(code) == line
