import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import coderefine
from coderefine.errors import UnreadableError
from coderefine.outside import MAX_DEPTH, parse_python, read_bytes, read_json, read_toml
from tests import hostile_texts


@pytest.mark.parametrize("name", [it for it in hostile_texts.JSON if it != "nested a little"])
def test_json_is_refused_in_one_line(name):
    with pytest.raises(UnreadableError) as refused:
        read_json(hostile_texts.JSON[name])
    assert is_a_line(refused.value)


@pytest.mark.parametrize("name", hostile_texts.TOML)
def test_toml_is_refused_in_one_line(name):
    with pytest.raises(UnreadableError) as refused:
        read_toml(hostile_texts.encoded(hostile_texts.TOML[name]))
    assert is_a_line(refused.value)


@pytest.mark.parametrize("name", [it for it in hostile_texts.PYTHON if it not in ("nested lists", "blocks in blocks")])
def test_python_is_refused_in_one_line(name):
    with pytest.raises(SyntaxError) as refused:
        parse_python(hostile_texts.PYTHON[name])
    assert is_a_line(refused.value)


def is_a_line(error):
    return str(error) and "\n" not in str(error) and len(str(error)) < 200


@pytest.mark.parametrize("name", hostile_texts.PYTHON)
def test_a_tree_that_is_returned_can_be_walked_by_recursion(name):
    try:
        tree = parse_python(hostile_texts.PYTHON[name])
    except SyntaxError:
        return
    ast.dump(tree)
    ast.unparse(tree)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda it: st.lists(it) | st.dictionaries(st.text(), it)
    )
)
def test_what_json_writes_is_read_as_it_was(value):
    import json

    assert read_json(json.dumps(value)) == value
    assert read_json(json.dumps(value, ensure_ascii=False).encode()) == value


@given(st.text() | st.binary())
def test_any_text_is_read_or_refused(text):
    for read in (read_json, lambda it: read_toml(hostile_texts.encoded(it))):
        try:
            read(text)
        except UnreadableError as error:
            assert "\n" not in str(error)
    try:
        parse_python(text)
    except SyntaxError:
        pass


def test_values_may_be_nested_as_deep_as_it_says():
    read_json("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    with pytest.raises(UnreadableError, match="nested deeper"):
        read_json("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))


def test_commas_in_texts_are_no_values():
    text = '["' + "," * 3_000_000 + '"]'
    assert len(read_json(text)[0]) == 3_000_000


def test_a_file_without_an_end_is_not_read_to_it(tmp_path):

    with pytest.raises(UnreadableError, match="longer than 1 MiB"):
        read_bytes(Path("/dev/zero"), 1 << 20)


PARSERS = ("ast.parse(", "tomllib.load", "compile(text")


def test_nothing_else_parses_texts_of_others():
    package = Path(coderefine.__file__).parent
    ours = {"outside.py", "judge/bundle.py", "harden/constraints.py"}  # all but the first parse what we wrote
    in_the_sandbox = {"single/doctest_suite.py"}
    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if any(parser in path.read_text() for parser in PARSERS)
    }
    assert found == ours | in_the_sandbox


def test_a_text_is_not_refused_for_what_another_thread_does(monkeypatch):
    parse, errors = ast.parse, [SystemError("AST constructor recursion depth mismatch (before=72, after=68)")]

    def disturbed(*args):
        if errors:
            raise errors.pop()
        return parse(*args)

    monkeypatch.setattr(ast, "parse", disturbed)
    assert ast.unparse(parse_python("x = 1")) == "x = 1"
