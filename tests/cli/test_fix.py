"""`coderefine fix FILE`, and `test FILE`: a file and nothing else."""

import json
import os
import subprocess

import pytest

LOCAL = ("--sandbox", "local")
WRONG = 'def f(x):\n    """\n    >>> f(1)\n    2\n    >>> f(5)\n    6\n    """\n    return x\n'


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(WRONG)
    return path


def test_the_diff_applies_and_the_file_then_passes(coderefine, file):
    done = coderefine("test", file, *LOCAL)
    assert done.code == 1
    assert "tests: 2 doctests of mine.py, for f" in done.err
    done = coderefine("fix", file, *LOCAL)
    assert done.code == 0
    assert "tests: 2 doctests of mine.py, for f" in done.err
    subprocess.run(["patch", "-p1"], input=done.out, text=True, cwd=file.parent, check=True, capture_output=True)
    assert file.read_text() == WRONG.replace("return x\n", "return x + 1\n")
    assert coderefine("test", file, *LOCAL).code == 0
    assert "nothing to do" in coderefine("fix", file, *LOCAL).err


def test_it_is_written_in_place_and_the_run_can_be_replayed(coderefine, file):
    done = coderefine("fix", file, "-i", "--format", "json", *LOCAL)
    assert json.loads(done.out)["accepted"]
    assert "return x + 1" in file.read_text()
    assert coderefine("replay", "last").code == 0
    file.write_text(WRONG)
    assert coderefine("fix", file, "-i", *LOCAL).err.endswith("\nmine.py is written\n")
    assert "is written" not in coderefine("fix", file, "-i", *LOCAL).err  # there is nothing to do


def test_of_a_script_without_tests_it_is_said_that_it_runs(coderefine, file):
    file.write_text("print('a' + 1)\n")
    assert "\nAC  plausible: it runs to its end\n" in coderefine("fix", file, "-i", *LOCAL).err
    assert "\nAC  nothing to do: it runs to its end already\n" in coderefine("fix", file, *LOCAL).err


SHOWS = '''
def table(n):
    """
    >>> table(2)
    1 x 2
    2 x 2
    >>> table(-1)
    Traceback (most recent call last):
    ValueError: negative
    """
    for i in range(1, n):
        print(i, "x", n)

class Pair:
    """
    >>> Pair() + Pair()
    Pair!
    """
    def __add__(self, other):
        return 3
'''


def test_examples_are_shown_as_they_were_typed_with_what_came_instead(coderefine, file):
    file.write_text(SHOWS)
    lines = [line.strip() for line in coderefine("test", file, *LOCAL).out.splitlines()]
    assert "→ AssertionError: assert '1 x 2\\n' == '1 x 2\\n2 x 2\\n'" in lines
    assert "→ AssertionError: assert '3\\n' == 'Pair!\\n'" in lines
    assert [line for line in lines if line in ("table(2)", "table(-1)", "Pair() + Pair()")] == [
        "Pair() + Pair()", "table(2)", "table(-1)",
    ]  # fmt: skip


def test_an_empty_file_says_what_to_write(coderefine, file):
    file.write_text("")
    for command in ("test", "fix"):
        assert "is empty; write a function there, and a test of it" in coderefine(command, file).err


def test_tests_are_given_on_the_command_line(coderefine, file):
    file.write_text("def f(x):\n    return x\n")
    assert coderefine("fix", file, *LOCAL).code == 2
    assert "+    return x + 1" in coderefine("fix", file, "--test", "f(1) == 2", "--test", "f(5) == 6", *LOCAL).out
    file.write_text("print(int(input()))\n")
    done = coderefine("fix", file, "--stdin", "1", "--stdout", "2", "--stdin", "5", "--stdout", r"6\n", *LOCAL)
    assert "+print(int(input()) + 1)" in done.out
    done = coderefine("fix", file, "--stdin", "1", *LOCAL)
    assert done.code == 2
    assert "come in pairs" in done.err


def test_where_all_tests_are_skipped_nothing_is_tested(coderefine, tmp_path, file):
    (tmp_path / "test_mine.py").write_text(
        "import pytest\nfrom mine import f\n@pytest.mark.skip\ndef test_f():\n    assert f(1) == 2\n"
    )
    for command in ("test", "fix"):
        done = coderefine(command, file, *LOCAL)
        assert done.code == 2
        assert "all of its tests are skipped" in done.err


def test_a_missing_package_is_told_with_what_to_give(coderefine, file):
    file.write_text("import nopackage\ndef f(x):\n    return x\nassert f(1) == 2\n")
    for command in ("test", "fix"):
        done = coderefine(command, file, *LOCAL)
        assert done.code == 3
        assert "--packages nopackage" in done.err


CART = """
class Cart:
    tax = 0.2
    def __init__(self, *prices):
        self.prices = prices
    @property
    def total(self):
        return sum(self.prices)
    def add(self, price):
        return Cart(*self.prices, prices)
"""
CART_TESTS = """
import pytest, mine
@pytest.fixture
def cart():
    return mine.Cart(1, 2)
def test_a_property(cart):
    assert cart.total == 4
def test_an_error(cart):
    cart.add(3)
def test_a_constant(cart):
    assert (cart
            .tax == 0.1)
"""


@pytest.mark.parametrize("place", ["test_mine.py", "tests/test_mine.py", ""])
def test_a_failure_is_at_a_line_of_the_program_or_of_the_test(coderefine, file, place):
    if place:
        file.write_text(CART)
        (file.parent / "tests").mkdir()
        (file.parent / place).write_text(CART_TESTS)
    else:
        file.write_text(CART + CART_TESTS.replace("mine.", "").replace(", mine", ""))
    at_a_constant = (place, 11) if place else ("mine.py", 20)
    for name in ("mine.py", file):
        found = json.loads(coderefine("test", name, "--format", "json", *LOCAL).out)["diagnostics"]
        places = [(os.path.relpath(file.parent / it["file"], file.parent), it["line"]) for it in found]
        assert places == [("mine.py", 7), ("mine.py", 10), at_a_constant]
