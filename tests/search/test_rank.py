"""Which plausible patch comes first."""

from coderefine.search.rank import ranked
from coderefine.search.state import State
from tests.samples import report

SOURCE = "def f(a):\n    b = a + 1\n    c = a - 1\n    return b * c\n"
SMALL, OTHER = SOURCE.replace("a + 1", "a + 2"), SOURCE.replace("b * c", "b // c")
LARGE = SMALL.replace("a - 1", "a - 2")


def state(source, prior, *notes):
    return State(source, notes, prior, report=report())


def sources(*states, **options):
    return [it.state.source for it in ranked(SOURCE, states, **options)]


def test_the_likelier_edit_comes_first():
    assert sources(state(OTHER, 0.2, "one"), state(SMALL, 0.5, "one")) == [SMALL, OTHER]


def test_a_patch_comes_after_the_part_of_it_that_is_enough_however_likely_it_is():
    assert sources(state(LARGE, 9.0, "one"), state(SMALL, 0.1, "one")) == [SMALL, LARGE]


def test_and_after_whatever_comes_before_that_part():
    states = state(LARGE, 9.0, "one"), state(OTHER, 0.5, "one"), state(SMALL, 0.1, "one")
    assert sources(*states) == [OTHER, SMALL, LARGE]


def test_what_cannot_be_meant_comes_last():
    assert sources(state(SMALL, 0.9, "one"), state(LARGE, 0.1, "one", "two"), senseless={SMALL}) == [LARGE, SMALL]


def test_of_equal_edits_the_smaller_comes_first():
    longer = SOURCE.replace("a + 1", "a + len(range(a))")
    assert sources(state(longer, 0.5, "one"), state(SMALL, 0.5, "one")) == [SMALL, longer]


MOVED = "def f(a):\n    for b in a:\n        c = b\n        return c\n"


def test_a_line_that_is_moved_is_no_part_of_every_other_patch():
    out, other = MOVED.replace("        return", "    return"), MOVED.replace("c = b", "c = -b")
    both = out.replace("c = b", "c = -b")
    states = [state(both, 9.0, "move", "negate"), state(out, 0.1, "move"), state(other, 0.5, "negate")]
    assert [it.state.source for it in ranked(MOVED, states)] == [other, out, both]


def test_of_two_ways_to_lay_lines_out_none_is_a_part_of_the_other():
    wide, narrow = MOVED.replace("        ", "    ", 2), MOVED.replace("        return", "    return")
    states = [state(wide, 0.5, "syntax: move two"), state(narrow, 0.1, "syntax: move one")]
    assert [it.state.source for it in ranked(MOVED, states)] == [wide, narrow]


def test_a_variable_that_nothing_reads_any_more_speaks_against_a_patch():
    orphaned, used = SOURCE.replace("b * c", "b * 2"), SOURCE.replace("b * c", "b - c")
    assert sources(state(orphaned, 0.5, "one"), state(used, 0.3, "one")) == [used, orphaned]
