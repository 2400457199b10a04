"""What the command says of hardening."""

import json

from tests.conftest import PROBLEMS

PROBLEM = PROBLEMS / "at-most-two"
SLOW = PROBLEM / "submissions" / "time_limit_exceeded" / "counts_each_time.py"
LOCAL = ("--sandbox", "local")


def test_one_line_says_what_was_tried_and_how_time_grows(coderefine):
    done = coderefine("refine", PROBLEM, SLOW, *LOCAL)
    assert done.code == 0
    (line,) = [line for line in done.err.splitlines() if line.startswith("hardening: ")]
    assert "48 generated inputs" in line
    assert "n^2, too slow from size" in line


def test_json_has_all_of_it_and_no_harden_switches_it_off(coderefine):
    found = json.loads(coderefine("refine", PROBLEM, SLOW, "--format", "json", *LOCAL).out)["hardening"]
    assert found["growth"]["order"] == "n^2"
    assert found["too_slow"].splitlines()[-1].startswith("candidate(")
    done = coderefine("refine", PROBLEM, SLOW, "--format", "json", "--no-harden", *LOCAL)
    assert json.loads(done.out)["hardening"] is None
