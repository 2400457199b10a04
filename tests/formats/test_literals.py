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
        ([1, None, "x", [2.0], {"a": [True]}], "Any"),
        ([(1, "x"), (2,)], "tuple"),
        ([(1, 2), None], "tuple | None"),
        ([[(1, 2)], []], "list[tuple]"),
        ([((1,), 2), ((3,), 4)], "tuple[tuple, Any]"),
        ([((1,), (2,)), ((3,),)], "tuple[tuple, ...]"),
        ([{1}, set()], "set"),
        ([{(1, 2)}], "set[tuple]"),
        ([{"a": (1,)}], "dict[str, tuple]"),
        ([{1: "a"}], "dict[int, Any]"),
        ([{1: "a", "b": 2}], "Any"),
        ([(1,), [1]], "Any"),
        ([b"x"], "Any"),
    ],
)
def test_the_type_of_values_is_what_json_needs_to_carry_them(values, type_):
    assert str(common_type(values)) == type_
