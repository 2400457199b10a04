"""What is read of a file's own tests."""

import ast
import contextlib
import time

import pytest

from coderefine.single.docstrings import docstrings
from coderefine.single.own_test import MOST_TESTS
from coderefine.single.own_tests import is_script, own_tests, summary


def codes(source):
    return [test.code for test in own_tests(source).tests]


def test_doctests_become_assertions_with_what_is_bound_before_them():
    source = '''
def f(x):
    """
    >>> f(1)
    2
    >>> y = f(2)
    >>> y + 1
    4
    """
'''
    assert codes(source) == ["assert repr(f(1)) == '2'", "y = f(2)\nassert repr((y + 1)) == '4'"]


@pytest.mark.parametrize(
    ("example", "code"),
    [
        (">>> print(f(1))\nTwo words", "assert str(f(1)) == 'Two words'"),
        (">>> print(f(1), 2)\n1 2", "assert ' '.join(map(str, (f(1), 2))) == '1 2'"),
        (">>> f(1)\nPoint(x=1)", "assert repr(f(1)) == 'Point(x=1)'"),
        (">>> f(1)\n{'a': 1}", "assert repr(f(1)) == \"{'a': 1}\""),
        (">>> f(1)\n['a', None]", "assert f(1) == ['a', None]"),
        (">>> f(1)\n{'b', 'a'}", "assert f(1) == {'b', 'a'}"),
    ],
)
def test_what_a_doctest_shows_is_compared_as_it_is_shown(example, code):
    assert codes(f'"""\n{example}\n"""') == [code]


@pytest.mark.parametrize(
    ("examples", "code"),
    [
        (">>> x = f(3)\n>>> y = 4", "x = f(3)\ny = 4"),
        (">>> x = f(3)\n>>> del x", "x = f(3)\ndel x"),
        (">>> x = one + one", "x = one + one"),
        (">>> x = a[1]", "x = a[1]"),
        (">>> f.x", "assert f.x is None"),
    ],
)
def test_statements_without_output_have_to_run(examples, code):
    assert codes(f'"""\n{examples}\n"""') == [code]
    assert codes('"""\n>>> import f\n>>> x = [1, f]\n"""') == []


class Wrong(Exception):
    pass


@pytest.mark.parametrize(
    ("example", "code"),
    [
        (">>> f(1)  # the first\n99", "assert repr(f(1)) == '99'"),
        (">>> f(1), f(2)\n(7, 8)", "assert repr((f(1), f(2))) == '(7, 8)'"),
        (">>> 3 if f(1) else 4\n4", "assert repr((3 if f(1) else 4)) == '4'"),
        (">>> f(3) == 4\nTrue", "assert repr((f(3) == 4)) == 'True'"),
        (">>> 3 in f(2)\nFalse", "assert repr((3 in f(2))) == 'False'"),
        (">>> f(int)  # the type\n<class 'int'>", "assert repr(f(int)) == \"<class 'int'>\""),
    ],
)
def test_an_expression_is_compared_as_a_whole(example, code):
    assert codes(f'"""\n{example}\n"""') == [code]


@pytest.mark.parametrize(
    "text",
    ["def f(x:\n    return x\n" + "\n" * 60_000 + "x\n", '"""\n' + ">>> x = 1\n>>> f(x)\n1\n" * 3000 + '"""'],
    ids=["blank lines", "statements before examples"],
)
def test_long_files_are_read_in_bounded_time(text):
    began = time.process_time()
    assert len(own_tests(text).tests) <= MOST_TESTS
    assert time.process_time() - began < 5


def test_assertions_within_other_statements_and_called_functions_count():
    source = """
def f(x): return x
for i, e in [(0, 0), (2, 4)]:
    assert f(i) == e
def check():
    assert f(3) == 3
x = f(1)
assert x == 1
x = f(2)
assert x == 2
check()
"""
    assert codes(source) == [
        "x = f(1)\nassert x == 1",
        "x = f(1)\nx = f(2)\nassert x == 2",
        "def check():\n    assert f(3) == 3\ncheck()",
        "for i, e in [(0, 0), (2, 4)]:\n    assert f(i) == e",
    ]


@pytest.mark.parametrize(
    ("error", "passes"), [(Wrong("no"), True), (Wrong("yes"), False), (ValueError("no"), False), (None, False)]
)
def test_an_error_is_expected_where_a_doctest_shows_one(error, passes):
    (code,) = codes('"""\n>>> f(-1)\nTraceback (most recent call last):\n  ...\nmodule.Wrong: no\n"""')

    def f(x):
        if error:
            raise error

    with contextlib.nullcontext() if passes else pytest.raises(AssertionError):
        exec(code, {"f": f})


@pytest.mark.parametrize(
    "example",
    [
        '>>> greet("you")\n    hello you',
        ">>> g(1)  # doctest: +ELLIPSIS\n    <G object at 0x...>",
        ">>> from pprint import pprint as show, pp\n    >>> pp(g(1))\n    1",
        ">>> for x in g([1]):\n    ...     print(x)\n    1",
        ">>> g([1, 2])\n    [1,\n     2]",
        ">>> import tempfile\n    >>> g(tempfile.gettempdir())\n    '/tmp'",
        ">>> isinstance(g(1), int)\n    True",
        ">>> print(g(1), end='')\n    1",
        ">>> g(1)  # doctest: +SKIP\n    2",
    ],
)
def test_what_no_assertion_says_is_left_to_doctest(example):
    source = f'def greet(name):\n    print("hello", name)\n\ndef g(x):\n    """\n    {example}\n    """\n    return x\n'
    found = own_tests(source)
    assert found.tests == ()
    assert [it.name for it in found.docstrings] == ["g"]


@pytest.mark.parametrize(
    "more",
    [
        "import doctest; doctest.testmod(optionflags=doctest.ELLIPSIS)",
        "path = __file__",
        "def h():\n    global n\n    n = 1",
    ],
)
def test_so_are_all_examples_of_a_file_with_options_a_place_or_a_state(more):
    source = f'def g(x):\n    """\n    >>> g(1)\n    1\n    """\n    return x\n{more}\n'
    assert own_tests(source).docstrings


def test_what_shows_nothing_has_to_run_and_to_have_no_value():
    source = 'def f(x):\n    """\n    >>> f(0)\n    >>> y = f(1)\n    >>> f(2)\n    3\n    >>> z = f(4)\n    """\n'
    codes = [test.code for test in own_tests(source).tests]
    assert codes == [
        "assert f(0) is None",
        "f(0)\ny = f(1)\nassert repr(f(2)) == '3'",
        "f(0)\ny = f(1)\nz = f(4)",
    ]


def test_assertions_are_found_wherever_people_write_them():
    source = """
def f(x): return x
assert f(1) == 1
def test_two():
    for x in (2, 3):
        assert f(x) == x
def test_early():
    if f(1): return
    assert False
def test_with_fixture(tmp_path): assert f(tmp_path)
if __name__ == "__main__":
    data = [4]
    data.append(5)
    print(data)
    assert f(data) == [4, 5], "no"
"""
    first, second, third, fourth = codes(source)
    assert first == "assert f(1) == 1"
    assert second == "for x in (2, 3):\n    assert f(x) == x"
    assert third.endswith("test_early()")
    assert fourth == "data = [4]\ndata.append(5)\nassert f(data) == [4, 5], 'no'"


def test_examples_in_the_form_of_a_statement():
    method = 'class S:\n    def f(self, a, b):\n        """\n        Input: a = [1], b = 2\n        Output: true\n        """\n'
    assert codes(method) == ["assert S().f([1], 2) == True"]


def test_of_a_file_that_does_not_parse_the_lines_are_read():
    source = 'def f(x)\n    """\n    >>> f(1)\n    2\n    """\nassert f(3) == 4\nassert (f(\n'
    assert codes(source) == ["assert repr(f(1)) == '2'", "assert f(3) == 4"]


@pytest.mark.parametrize(
    ("source", "runs"),
    [
        ("import os\nx = 1\ndef f(): pass\n", False),
        ('"""Text."""\nclass A: pass', False),
        ("print(1)", True),
        ("x = (", True),
    ],
)
def test_a_script_does_more_than_define(source, runs):
    assert is_script(source) == runs


def test_all_tests_are_python_and_are_summed_up():
    tests = own_tests('def f():\n    """\n    >>> f()\n    1\n    """\nassert f()\nassert f() == 1\n').tests
    assert all(ast.parse(test.code) for test in tests)
    assert summary(tests) == "1 doctest and 2 assertions"


@pytest.mark.parametrize("text", ["\x00", "(" * 5000, "9" * 5000, "\ud800", ">>> f(\n1", '"""\n  >>> f()\n 1\n"""'])
def test_hostile_text_is_read_or_left(text):
    own_tests(text)
    is_script(text)


BOX = '''class Box:
    """A number.

    >>> {example}
    True
    """

    def __init__(self, n):
        self.n = n

    def {method}(self, other):
        return {body}
'''
ASKING_BACK = [
    ("1 + Box(2) == 3", "__radd__", "other + self.n"),
    ("1 | Box(2) == 3", "__ror__", "other | self.n"),
    ("Box(2) == Box(2)", "__eq__", "self.n == other.n"),
    ("sorted([3]) != Box(2)", "__eq__", "False"),
]


@pytest.mark.parametrize(("example", "method", "body"), ASKING_BACK)
@pytest.mark.parametrize("tail", ["", "\n\ndef f(\n"], ids=["whole", "does not parse"])
def test_doctest_itself_runs_what_may_ask_an_object_of_the_program_about_a_value_of_the_example(
    example, method, body, tail
):
    source = BOX.format(example=example, method=method, body=body) + tail
    found = own_tests(source)
    assert found.docstrings
    assert not found.tests


@pytest.mark.parametrize(("example", "method"), [("Box(2) + 1", "__add__"), ("Box(2) == 2", "__eq__")])
def test_what_asks_the_program_first_stays_apart_from_it(example, method):
    found = own_tests(BOX.format(example=example, method=method, body="True"))
    assert found.tests
    assert not found.docstrings


ODD = '''# a """ in a comment
QUOTES = '"""', "'"


def lines(text):
    """Split a text.

    >>> lines("a\\\\nb")
    ['a', 'b']
    """
    # >>> no example
    return text.split("\\n")


def plain(text):
    r"""
    >>> plain("\\d")
    '\\\\d'
    """
    return text
'''


def test_a_file_that_does_not_parse_has_the_docstrings_that_it_had():
    broken = ODD + "\n\ndef f(:\n    pass\n"
    assert {it.text for it in docstrings(broken)} == {it.text for it in docstrings(ODD)}
    assert len(docstrings(ODD)) == 2
