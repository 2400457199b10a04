"""Tests that fail without the commit, too, and commits of which no test says anything."""

import pytest

from tests.hook.repositories import BAD, GOOD, TEST
from tests.hook.test_hook import hook, staged

FAILING = "\n\ndef test_old():\n    assert add(1, 1) == 3\n"


def test_a_test_that_fails_without_the_change_too_does_not_stop_it(tmp_path):
    repo = staged(tmp_path)
    repo.write("tests/test_calc.py", TEST + FAILING)
    repo.commit()
    repo.write("calc.py", GOOD + "# harmless\n", stage=True)
    told = hook(code=0)
    assert "fail without your change, too" in told
    assert "1 test passed, 1 failing without your change, too" in told


def test_one_that_fails_in_another_way_does(tmp_path):
    repo = staged(tmp_path)
    repo.write("tests/test_calc.py", TEST + FAILING)
    repo.commit()
    repo.write("calc.py", BAD, stage=True)
    assert "2 failed" in hook(code=1)


def test_what_the_last_commit_comes_to_is_found_once(tmp_path, monkeypatch):
    from coderefine.hook import before

    repo = staged(tmp_path)
    repo.write("tests/test_calc.py", TEST + FAILING)
    repo.commit()
    repo.write("calc.py", GOOD + "# harmless\n", stage=True)
    hook(code=0)
    monkeypatch.setattr(before, "_run", lambda *arguments: pytest.fail("it is known"))
    hook("--no-cache", code=0)


def test_a_class_that_cannot_be_collected_beside_other_files_is_no_fault_of_the_change(tmp_path):
    """Nor are the tests beside it."""
    repo = staged(tmp_path)
    repo.write("tests/test_a.py", "import warnings, calc\nwarnings.simplefilter('error')\ndef test_a(): pass\n")
    repo.write(
        "tests/test_b.py",
        "import unittest, calc\nfrom unittest import TestSuite\n"
        "class TestAdd(unittest.TestCase):\n    def test_it(self): self.assertEqual(calc.add(1, 2), 3)\n",
    )
    repo.commit()
    repo.write("calc.py", GOOD + "# harmless\n", stage=True)
    told = hook(code=0)
    assert "tests/test_b.py::TestSuite  PytestCollectionWarning" in told
    assert "3 tests passed, 1 failing without your change, too" in told
    repo.write("calc.py", BAD, stage=True)
    assert "tests/test_b.py::TestAdd::test_it" in (told := hook(code=1)) and "2 failed" in told


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("WA AssertionError: assert 1 == 2", "WA AssertionError: assert 1 == 2", True),
        ("WA AssertionError: assert 1 == 2", "WA AssertionError: assert 0 == 2", False),
        ("WA AssertionError: assert 1 == 2", "WA AssertionError: ", True),
        ("WA ValueError: bad", "WA AssertionError: ", False),
        ("", "WA AssertionError: ", False),
    ],
)
def test_an_assertion_that_is_not_explained_may_be_any(one, other, same):
    from coderefine.hook.before import is_same

    assert is_same(one, other) is same


def test_a_new_test_that_fails_stops_its_commit(tmp_path):
    staged(tmp_path, **{"tests/test_calc.py": TEST + FAILING})
    assert "1 failed" in hook(code=1)


@pytest.mark.parametrize(("setting", "code"), [("", 0), ('on_nothing = "fail"', 1)])
def test_where_nothing_ran_it_says_so_and_why(setting, code, tmp_path):
    skipping = "import pytest\nimport calc\npytestmark = pytest.mark.skip\ndef test_a(): pass\n"
    repo = staged(tmp_path, setting)
    repo.write("tests/test_calc.py", skipping)
    repo.commit()
    repo.write("calc.py", GOOD + "# harmless\n", stage=True)
    assert "nothing ran: all tests are skipped, 1 skipped" in hook(code=code)


def test_far_tests_for_which_there_is_no_time_are_named_and_stop_nothing(tmp_path):
    slow = "import time\nimport calc\n\n\ndef test_slow():\n    time.sleep(60)\n"
    many = {f"tests/test_slow{it}.py": slow.replace("60", "0.2") for it in range(20)}
    repo = staged(tmp_path, "timeout = 2", **many)
    repo.commit()
    repo.write("calc.py", GOOD + "# harmless\n", stage=True)
    told = hook(code=0)
    assert (
        "tests ran, the nearest first; --all or [tool.coderefine] soft_timeout runs the rest: tests/test_slow" in told
    )
