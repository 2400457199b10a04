"""An edit taken apart: put together again it is the edit, and what each level calls one change."""

import random
from itertools import pairwise

import pytest

from coderefine.shrink import changes
from coderefine.shrink.changes import applied, edited_lines
from coderefine.shrink.ddmin import fewer
from coderefine.shrink.names import renamings, undone

LEVELS = (changes.hunks, changes.lines, changes.tokens)
BEFORE = 'def f(a, b):\n    total = 0\n    for x in a:\n        total += x\n    # done\n    return total - b, "it"\n'
PIECES = ["\n", "    ", "x", "total", " = ", "'a\\'b'", '"""', "# no", "\t", "(", ")", "é", "\r\n", "\f", "1.5", "!"]


def texts(rng):
    return "".join(rng.choice(PIECES) for _ in range(rng.randrange(30)))


@pytest.mark.parametrize("split", LEVELS)
def test_all_changes_together_are_the_edit_whatever_the_texts(split):
    rng = random.Random(7)
    pairs = [(BEFORE, ""), ("", BEFORE), *((texts(rng), texts(rng)) for _ in range(300))]
    for before, after in pairs:
        found = split(before, after)
        assert applied(before, found) == after
        assert all(one.start <= one.end <= other.start for one, other in pairwise(found))
        assert bool(found) == (before != after)


def test_a_line_that_became_another_one_is_one_change_and_new_lines_are_changes_of_their_own():
    after = BEFORE.replace("    total = 0\n", "    total = 1\n    more = 2\n").replace("    # done\n", "")
    assert len(changes.hunks(BEFORE, after)) == 2
    found = [(BEFORE[it.start : it.end], it.text) for it in changes.lines(BEFORE, after)]
    assert found == [("    total = 0\n", "    total = 1\n"), ("", "    more = 2\n"), ("    # done\n", "")]


def test_a_string_is_one_token_and_has_the_blanks_before_it():
    after = BEFORE.replace("- b", "-b").replace('"it"', "'that is it'")
    found = [(BEFORE[it.start : it.end], it.text) for it in changes.tokens(BEFORE, after)]
    assert found == [(" b", "b"), (' "it"', " 'that is it'")]


@pytest.mark.parametrize(
    ("after", "lines"),
    [(BEFORE, 0), (BEFORE.replace("0", "1"), 2), (BEFORE + "x\n", 1), (BEFORE.removesuffix("\n"), 2), ("", 6)],
)
def test_edited_lines_are_those_taken_out_and_those_put_in(after, lines):
    assert edited_lines(BEFORE, after) == lines


@pytest.mark.parametrize(("count", "needed"), [(40, {3}), (40, {0, 17, 39}), (9, {4}), (30, set(range(0, 30, 2)))])
def test_what_is_left_is_what_is_needed_and_each_step_passes(count, needed):
    asked = []

    def first(selections):
        for selection in selections:
            asked.append(selection)
            if needed <= set(selection):
                return selection
        return None

    steps = list(fewer(range(count), first))
    assert set(steps[-1]) == needed
    assert list(steps[-1]) == sorted(steps[-1])
    assert all(needed <= set(step) for step in steps)
    assert [len(step) for step in steps] == sorted((len(step) for step in steps), reverse=True)
    assert all(asked), "that nothing is changed is known to fail"


def test_nothing_less_than_one_change_is_tried():
    assert list(fewer(["only"], lambda selections: pytest.fail("tried"))) == []


OLD = "def f(nums, k):\n    seen = {}\n    for i, num in enumerate(nums):\n        seen[num] = i\n    return seen\n"


def back(before, after):
    return undone(after, renamings(before, after))


def test_names_get_their_old_names_back_beside_other_edits():
    new = OLD.replace("seen", "lookup").replace("num]", "n]").replace("num in", "n in").replace("= i", "= i + 1")
    assert back(OLD, new) == OLD.replace("= i\n", "= i + 1\n")


def test_a_name_may_come_back_in_one_function_while_another_uses_it():
    new = OLD.replace("seen", "lookup") + "\n\ndef g(seen):\n    return seen\n"
    assert back(OLD + "\n\ndef g(seen):\n    return seen\n", new).startswith(OLD)


def test_functions_that_were_renamed_get_their_names_back_where_they_are_called():
    before = "def helper(x):\n    return x\n\n\ndef f(x):\n    return helper(x) + 1\n"
    assert back(before, before.replace("helper", "inner")) == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x = 1\nprint(x)\n", 'y = 1\nprint(f"{y}")\n'),  # its text is not read
        ("x = 1\n", "x = 1\n"),
        ("a = b\n", "b = a\n"),  # both are there on both sides
        ("x = 1\n", "len = 1\n"),  # it has a meaning of its own
        ("return = (\n", "def\n"),
    ],
)
def test_other_names_stay(old, new):
    assert back(old, new) == new


def test_strings_and_comments_keep_the_new_name():
    new = OLD.replace("seen", "lookup") + "# lookup\ntext = 'lookup'\n"
    assert back(OLD, new) == OLD + "# lookup\ntext = 'lookup'\n"


def test_a_program_that_does_not_parse_has_names_as_well():
    broken = OLD.replace("nums):", "nums)")
    assert back(broken, OLD.replace("seen", "lookup")) == OLD
