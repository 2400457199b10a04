"""What the command says of the search: how far a patch is to be believed, and what was tried."""

import json

import pytest

from tests.conftest import PROBLEMS

WRONG = PROBLEMS / "two-sum" / "submissions" / "wrong_answer" / "off_by_one.py"
HOPELESS = "class Solution:\n    def two_sum(self, nums, target):\n        raise NotImplementedError\n"


@pytest.fixture
def refine(coderefine):
    """Run `coderefine refine` with the search."""
    return lambda *args, **more: coderefine("refine", "two-sum", *args, "--sandbox", "local", "--no-harden", **more)


def test_a_plausible_patch_is_called_so_with_the_number_of_others(refine):
    done = refine(WRONG)
    (told,) = [line for line in done.err.splitlines() if line.startswith("  plausible: passes all visible tests")]
    (step,) = json.loads(refine(WRONG, "--format", "json").out)["iterations"]
    assert f", and so do {step['account']['plausible'] - 1} other programs (--candidates K shows K of them)" in told
    assert sum(step["account"]["tried"].values()) > step["account"]["plausible"] > 1


def test_so_many_plausible_patches_are_shown_and_the_first_is_taken(refine):
    one, three = refine(WRONG), refine(WRONG, "--candidates", "3")
    assert three.out == one.out
    assert [line[:6] for line in three.err.splitlines() if line.startswith("  or  ")] == ["  or  "] * 2
    assert refine(WRONG, "--candidates", "3", "-v").err.count("    --- a/solution.py") == 3


def test_verbose_says_what_was_tried(refine):
    assert "  tried " in refine(WRONG, "-v").err
    assert "  tried " not in refine(WRONG).err


def test_a_search_in_vain_says_how_much_it_tried(refine):
    done = refine("-", stdin=HOPELESS)
    assert "no patch was found\n  tried " in done.err
    assert "(-v shows which)" in done.err
