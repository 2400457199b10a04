"""Files whose doctests are run by doctest: what it says of a file, and of one with a bug, is what is said here."""

import subprocess
import sys

import pytest

from coderefine.single.problem import Given, problem_of

PRINTS = '''
from pprint import pprint as pp

def table(n):
    """
    >>> pp(table(2))
    {0: [0, 0], 1: [0, 1]}
    """
    return {i: [i * j for j in range(n)] for i in range(n)}
'''
OPTIONS = '''
class Flag:
    """
    >>> Flag()  # doctest: +ELLIPSIS
    <Flag id=...>
    >>> Flag().words()  # doctest: +NORMALIZE_WHITESPACE
    ['a',   'b']
    >>> Flag().fails()  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    elsewhere.ValueError: another text
    >>> Flag().nothing()  # doctest: +SKIP
    1
    """
    def __repr__(self):
        return f"<Flag id={id(self)}>"

    def words(self):
        return ["a", "b"]

    def fails(self):
        raise ValueError("no")
'''
STATE = '''
"""
>>> stack = Stack()
>>> print("pushes", stack.push(1))
pushes 1

And then, after some prose:

>>> for it in (2, 3):
...     stack.push(it)
2
3
>>> stack.push(4); print(len(stack.items))
4
4
"""

class Stack:
    def __init__(self):
        self.items = []

    def push(self, item):
        self.items.append(item)
        return len(self.items)
'''
PLACE = '''
import os, tempfile

def place():
    """
    >>> place()
    'place.py'
    >>> os.path.isdir(tempfile.gettempdir())
    True
    """
    return os.path.basename(__file__)
'''
HIDDEN = '''
def outer():
    """
    >>> print(outer()())
    7
    """
    def inner():
        """
        >>> inner()
        8
        """
        return 7
    return inner

if outer():
    def other(x):
        """
        >>> print(other(1), end="!")
        1!
        """
        return x
'''
OPTED = '''
import doctest

def words():
    """
    >>> words()
    ['a', ..., 'd']
    """
    return ["a", "b", "c", "d"]

if __name__ == "__main__":
    doctest.testmod(optionflags=doctest.ELLIPSIS)
'''
ALIAS = '''
def median(data):
    """
    >>> import alias
    >>> alias.median([1, 3, 2])
    2
    """
    return sorted(data)[len(data) // 2]
'''
FILES = [
    ("table", PRINTS, "i * j", "i + j"),
    ("flag", OPTIONS, 'f"<Flag', 'f"<Flap'),
    ("flag", OPTIONS, "ValueError(", "KeyError("),
    ("stack", STATE, "append(item)", "append(item) if item != 3 else 0"),
    ("place", PLACE, "basename", "dirname"),
    ("hidden", HIDDEN, "return 7", "return 8"),
    ("hidden", HIDDEN, "return x", "return -x"),
    ("opted", OPTED, '"d"]', '"e"]'),
    ("statistics", PRINTS, "i * j", "i + j"),
    ("alias", ALIAS, "// 2]", "- 1]"),
]


def says(path):
    """Whether doctest passes a file, with the options that it gives; loaded from its path, whatever its name is."""
    path.with_name("_run.py").write_text(
        "import doctest, importlib.util, sys\n"
        f"spec = importlib.util.spec_from_file_location({path.stem!r}, {str(path)!r})\n"
        "module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(module)\n"
        f"flags = doctest.ELLIPSIS if {path.stem!r} == 'opted' else 0\n"
        "sys.exit(doctest.testmod(module, optionflags=flags).failed)\n"
    )
    return not subprocess.run(
        [sys.executable, "-I", "-B", "_run.py"], cwd=path.parent, capture_output=True, check=False
    ).returncode


@pytest.mark.parametrize(("name", "source", "right", "wrong"), FILES, ids=[f"{it[0]}-{it[3]}" for it in FILES])
def test_what_doctest_says_is_said(any_judge, tmp_path, name, source, right, wrong):
    path = tmp_path / f"{name}.py"
    for text in (source, source.replace(right, wrong)):
        path.write_text(text)
        report = any_judge.run(problem_of(path, text, Given()).problem, text, "visible")
        assert report.accepted == says(path) == (text == source)


def test_a_repair_does_not_pass_by_what_it_makes_of_the_docstrings(any_judge, tmp_path):
    path = tmp_path / "table.py"
    wrong = PRINTS.replace("i * j", "i + j")
    path.write_text(wrong)
    problem = problem_of(path, wrong, Given()).problem
    assert not any_judge.run(problem, wrong.replace(">>> pp(table(2))", ""), "visible").accepted


def test_what_is_larger_or_of_another_type_is_not_what_is_shown(any_judge, tmp_path):
    source = 'def half(x):\n    """\n    >>> half(4)\n    2\n    """\n    return x // 2\n'
    path = tmp_path / "half.py"
    path.write_text(source)
    problem = problem_of(path, source, Given()).problem
    assert any_judge.run(problem, source, "visible").accepted
    assert not any_judge.run(problem, source.replace("//", "/"), "visible").accepted


def test_of_a_class_whose_doctests_it_runs_those_that_call_the_target_count(tmp_path):
    path = tmp_path / "two.py"
    source = PRINTS + '\ndef greet():\n    """\n    >>> greet()\n    hello\n    """\n    print("hello")\n'
    path.write_text(source)
    assert problem_of(path, source, Given("table")).problem.suite.deselected == ("test_in_two.py::Test_greet::test_1",)


@pytest.mark.parametrize(
    ("source", "accepted"),
    [
        ("import sys\nprint('no')\nsys.exit(3)\n", True),
        ("raise SystemExit('usage: it')\n", True),
        ("for i in range(300_000): print(i)\n", True),
        ("print(1 // 0)\n", False),
    ],
)
def test_a_script_may_print_much_and_end_with_any_status(any_judge, tmp_path, source, accepted):
    problem = problem_of(tmp_path / "it.py", source, Given()).problem
    assert any_judge.run(problem, source, "visible").accepted == accepted


@pytest.mark.parametrize("more", ["import argparse\n", "from sys import argv\n", "raise ValueError('meant')\n"])
def test_a_script_that_takes_arguments_or_raises_on_purpose_is_not_judged(tmp_path, more):
    with pytest.raises(Exception, match="nothing to test it by"):
        problem_of(tmp_path / "it.py", f"{more}print(1)\n", Given())
