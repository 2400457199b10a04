"""What is read from a file of tests without running it."""

import pytest

from coderefine.problem import declared


def ids(text):
    return [test.id.removeprefix("t.py::") for test in declared.read("t.py", text).tests]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("def test_a(): pass\nasync def test_b(): pass\ndef helper(): pass", ["test_a", "test_b"]),
        ("def testing(): pass\ndef tes_t(): pass", ["testing"]),
        ("class TestA:\n  def test_x(self): pass\n  class TestB:\n    def test_y(self): pass", ["TestA::test_x", "TestA::TestB::test_y"]),
        ("class TestA:\n  def __init__(self): pass\n  def test_x(self): pass", []),
        ("class Checks:\n  def test_x(self): pass", []),
        ("class Checks(unittest.TestCase):\n  def test_x(self): pass", ["Checks::test_x"]),
        ("@pytest.fixture\ndef test_data(): pass", []),
        ("@pytest.fixture(scope='module')\ndef test_data(): pass", []),
        ("@pytest.mark.usefixtures('x')\ndef test_a(): pass", ["test_a"]),
        ("class TestA:\n  __test__ = False\n  def test_x(self): pass", []),
        ("__test__ = False\ndef test_x(): pass", []),
        ("def test_a(): pass\ndef test_a(): assert 1", ["test_a"]),
        ("if x:\n  def test_a(): pass", []),
        ("raise SystemExit\ndef test_a(): pass", ["test_a"]),
    ],
)  # fmt: skip
def test_it_finds_what_pytest_finds(text, found):
    assert ids(text) == found


@pytest.mark.parametrize(
    ("text", "may_skip", "may_fail"),
    [
        ("def test_a(): pass", False, False),
        ("@pytest.mark.skip\ndef test_a(): pass", True, False),
        ("@pytest.mark.skipif(1, reason='')\ndef test_a(): pass", True, False),
        ("def test_a(): pytest.skip('x')", True, False),
        ("@pytest.mark.xfail(strict=True)\ndef test_a(): pass", False, True),
        ("pytestmark = [pytest.mark.skip]\ndef test_a(): pass", True, False),
        ("@pytest.mark.parametrize('x', [pytest.param(1, marks=pytest.mark.xfail)])\ndef test_a(x): pass", False, True),
        ("@pytest.mark.skip\nclass TestA:\n  def test_a(self): pass", True, False),
        ("class TestA:\n  pytestmark = pytest.mark.xfail\n  def test_a(self): pass", False, True),
        ("def other(): pytest.skip('x')\ndef test_a(): pass", False, False),
    ],
)
def test_it_reads_which_tests_may_be_skipped_or_fail(text, may_skip, may_fail):
    (test,) = declared.read("t.py", text).tests
    assert (test.may_skip, test.may_fail) == (may_skip, may_fail)


def test_a_tests_code_is_its_own_with_its_decorators():
    text = "class TestA:\n    @mark(1)\n    def test_a(self):\n        assert 1\n\n    x = 2\n"
    assert declared.read("t.py", text).tests[0].code == "@mark(1)\ndef test_a(self):\n    assert 1"


def test_what_is_no_python_is_refused():
    with pytest.raises(SyntaxError):
        declared.read("t.py", "def test(:")
