"""Text from strangers is read as literals within limits, and nothing else is evaluated."""

import sys

import pytest

from coderefine.formats.functions import common_type
from coderefine.formats.literals import NotLiteral, parsed, read


@pytest.mark.parametrize("text", ["[1, -2.5, 'x', None, True]", "{'a': (1, {2})}", "1e999", "[\n1,\n2]", "b'x'", "2j"])
def test_literals_are_read(text):
    assert read(text) == eval(text)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "[x for x in ()]",
        "f'{1}'",
        "1 if 1 else 2",
        "name",
        "9 ** 9 ** 9",
        "1, *[2]",
        "{**{}}",
        "{[]: 1}",
        "1) or (2",
        "...",
        "",
        "x := 1",
        "[" * 120 + "]" * 120,
        "-" * 100_000 + "1",
        "1" + "+1" * 100_000,
        "a" + ".b" * 100_000,
        "9" * 5000,
        "[" + "1," * (1 << 20) + "]",
    ],
)
def test_all_else_is_refused(text):
    with pytest.raises(NotLiteral):
        read(text)


@pytest.mark.parametrize("container", ["{%s}", "[({%s},)]"])
def test_a_set_whose_members_have_one_hash_is_refused(container):
    modulus = sys.hash_info.modulus
    with pytest.raises(NotLiteral):
        read(container % ", ".join(str(i * modulus) for i in range(1, 40)))


def test_code_that_is_too_long_is_not_parsed():
    with pytest.raises(NotLiteral, match="longer than 1024 KiB"):
        parsed("#" * (1 << 21))


@pytest.mark.parametrize(
    ("values", "type_"),
    [
        ([], "Any"),
        ([1, 2], "int"),
        ([1, None], "int | None"),
        ([1, "x"], "Any"),
        ([1, 2.0], "Any"),
        ([True], "bool"),
        ([[1], []], "list[int]"),
        ([[]], "list"),
        ([[[1], ["x"]]], "list[list]"),
        ([[1, None]], "list[int | None]"),
        ([(1, "x"), (2, "y")], "tuple[int, str]"),
        ([(1,), (2, 3)], "tuple[int, ...]"),
        ([{1}, set()], "set[int]"),
        ([{"a": [1]}], "dict[str, list[int]]"),
        ([{}], "Any"),
        ([b"x"], "Any"),
        ([None], "None"),
    ],
)
def test_the_type_of_some_values_is_as_narrow_as_can_be_declared(values, type_):
    assert str(common_type(values)) == type_
