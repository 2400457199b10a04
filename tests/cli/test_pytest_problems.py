"""Problems of kind "pytest" as a user meets them."""

import json
import shutil

import pytest

from tests.conftest import PROBLEMS, need

STOCK = PROBLEMS / "stock-room"
RIGHT = STOCK / "submissions" / "accepted" / "heap_of_batches.py"
WRONG = STOCK / "submissions" / "wrong_answer" / "wrong_comparison.py"
MISSPELLED = STOCK / "submissions" / "run_time_error" / "misspelled_error.py"
LOCAL = ("--sandbox", "local")


def test_a_right_solution_passes_all_tests_and_says_how_far_that_goes(coderefine):
    done = coderefine("test", "stock-room", RIGHT, "--tests", "all", *LOCAL)
    assert done.code == 0
    assert "AC  28 of 28 tests passed  assurance: in-process" in done.out


def test_a_failing_test_is_shown_with_its_id_its_line_and_what_pytest_says(coderefine):
    done = coderefine("test", STOCK, WRONG, *LOCAL)
    assert done.code == 1
    assert "tests/test_stock.py::test_it_counts_what_is_good[milk-3-6]" in done.out
    assert "tests/test_stock.py:17: assert stock.count(item, day) == expected" in done.out
    assert "assert 2 == 6" in done.out


def test_the_json_says_in_process_and_other_kinds_say_isolated(coderefine):
    done = coderefine("test", STOCK, WRONG, *LOCAL, "--format", "json")
    assert json.loads(done.out)["assurance"] == "in-process"
    other = coderefine("test", "two-sum", "-", *LOCAL, "--format", "json", stdin="x = 1\n")
    assert json.loads(other.out)["assurance"] == "isolated"


def test_the_text_of_other_kinds_says_nothing_of_it(coderefine):
    assert "assurance" not in coderefine("test", "two-sum", "-", *LOCAL, stdin="x = 1\n").out


def test_the_search_repairs_a_file_of_a_project(coderefine):
    done = coderefine("refine", STOCK, MISSPELLED, *LOCAL)
    assert done.code == 0, done.err
    assert "+            raise OutOfStock(item, left)" in done.out


def test_the_search_repairs_a_comparison(coderefine):
    done = coderefine("refine", STOCK, WRONG, *LOCAL)
    assert done.code == 0, done.err
    assert "+        return sum(pieces for last, _, _, pieces in self.batches.get(item, ()) if last >= day)" in done.out


@pytest.mark.parametrize("sandbox", ["local", "docker"])
def test_the_bundled_suite_verifies(coderefine, tmp_path, sandbox):
    need(sandbox)
    shutil.copytree(STOCK, tmp_path / "stock-room")
    if sandbox == "docker":  # once is enough to wait for a limit of seconds
        shutil.rmtree(tmp_path / "stock-room/submissions/time_limit_exceeded")
    done = coderefine("verify", "stock-room", "--sandbox", sandbox)
    assert done.code == 0, done.out


def test_terminal_escapes_of_a_candidate_do_not_reach_the_terminal(coderefine):
    source = "raise ValueError('\\x1b[2J\\x07 gone')\n"
    done = coderefine("test", STOCK, "-", *LOCAL, stdin=source)
    assert "\x1b[2J" not in done.out
    assert "\\x1b[2J\\x07 gone" in done.out
