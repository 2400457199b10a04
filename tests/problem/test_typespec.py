"""Declared types are parsed, and JSON data is held against them."""

import pytest

from coderefine.problem import typespec


@pytest.mark.parametrize(
    ("text", "data", "value"),
    [
        ("int", 3, 3),
        ("float", 3, 3.0),
        ("str", "a", "a"),
        ("None", None, None),
        ("Any", {"a": [1]}, {"a": [1]}),
        ("list[list[int]]", [[1], []], [[1], []]),
        ("list", [1, "a"], [1, "a"]),
        ("tuple[int, str]", [1, "a"], (1, "a")),
        ("tuple[int, ...]", [1, 2, 3], (1, 2, 3)),
        ("set[int]", [1, 2], {1, 2}),
        ("dict[str, list[int]]", {"a": [1]}, {"a": [1]}),
        ("dict[int, str]", {"1": "a"}, {1: "a"}),
        ("int | None", None, None),
        ("str | list[int]", [1], [1]),
        ("ListNode", None, []),
        ("TreeNode | None", [1, None, 2, None, None], [1, None, 2]),
        ("NaryNode", [1, None, 2, None, 3, None], [1, None, 2, None, 3]),
        ("RandomNode", [[5, None], [6, 1]], [[5, None], [6, 1]]),
        ("GraphNode", None, []),
    ],
)
def test_data_becomes_a_value_of_the_declared_type(text, data, value):
    back = typespec.from_json(typespec.parse(text), data, "x")
    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize(
    ("text", "data", "where"),
    [
        ("int", "3", "x"),
        ("int", True, "x"),
        ("int", 3.0, "x"),
        ("bool", 1, "x"),
        ("list[int]", [1, "a"], "x[1]"),
        ("list[list[int]]", [[1], [None]], "x[1][0]"),
        ("tuple[int, str]", [1], "x"),
        ("dict[int, str]", {"a": "b"}, "x"),
        ("dict[str, int]", {"a": "b"}, "x['a']"),
        ("int | None", "a", "x"),
        ("TreeNode", 3, "x"),
        ("NaryNode", [1, 2], "x"),
        ("NaryNode", [1, None, None, 2], "x"),
        ("RandomNode", [[5, 1]], "x"),
        ("RandomNode", [5], "x"),
        ("GraphNode", [[2]], "x"),
    ],
)
def test_data_of_another_type_is_refused_with_its_place(text, data, where):
    with pytest.raises(typespec.TypeSpecError) as error:
        typespec.from_json(typespec.parse(text), data, "x")
    assert str(error.value).startswith(f"{where}: expected ")


@pytest.mark.parametrize(
    "text",
    ["", "integer", "list[int, int]", "list[", "dict[int]", "print()", "[int]", "os.system", "int |", "x" * 10**4],
)
def test_what_is_no_type_is_refused(text):
    with pytest.raises(typespec.TypeSpecError, match="expected a type"):
        typespec.parse(text)


@pytest.mark.parametrize(
    ("text", "nodes"),
    [
        ("int", ""),
        ("ListNode", "ListNode"),
        ("TreeNode | None", "TreeNode"),
        ("list[ListNode | None]", "list[ListNode]"),
        ("list[int]", ""),
    ],
)
def test_the_sandbox_is_told_which_nodes_to_build(text, nodes):
    assert typespec.parse(text).nodes == nodes


@pytest.mark.parametrize(
    "text", ["int", "list[list[int]]", "tuple[int, ...]", "dict[str, int | None]", "tuple[int, str]"]
)
def test_a_type_is_written_as_it_was_read(text):
    assert str(typespec.parse(text)) == text


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("List[int]", "list[int]"),
        ("typing.List[List[str]]", "list[list[str]]"),
        ("Optional[ListNode]", "ListNode | None"),
        ("'Optional[TreeNode]'", "TreeNode | None"),
        ("List[Optional[ListNode]]", "list[ListNode | None]"),
        ("Union[int, str]", "int | str"),
        ("Dict[str, List[int]]", "dict[str, list[int]]"),
        ("Tuple[int, ...]", "tuple[int, ...]"),
        ("Sequence[float]", "list[float]"),
        ("object", "Any"),
    ],
)
def test_types_as_people_write_them(text, same):
    assert typespec.parse(text) == typespec.parse(same)
    assert str(typespec.parse(text)) == same
