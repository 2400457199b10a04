"""Pages of our own in the shapes of several sites, each to the tests that it states."""

import time

import pytest

from coderefine.errors import UsageError
from coderefine.loop import refine
from coderefine.page.reading import read
from coderefine.problem.problem import Limits
from tests.page import shapes

FUNCTIONS = [
    ("PAIR", "Solution.pairOfWeights", [(([2, 7, 11, 15], 9), [0, 1]), (([-3, 4, 3, 90], 0), [0, 2])]),
    ("SPACED", "longest_quiet", [(([0, 0, 1, 0],), 2), (([],), 0)]),
    ("MARKDOWN", "Solution.isMirror", [(("level",), True), (("ab, c = 1",), False)]),
    ("LISTS", "Solution.joinChains", [(([1, 2, 4], [1, 3]), [1, 1, 2, 3, 4]), (([], []), [])]),
    ("ARROWS", "Solution.joinChains", [(([1, 2, 4], [1, 3]), [1, 1, 2, 3, 4])]),
    ("TREES", "Solution.deepest", [(([3, 9, 20, None, None, 15, 7],), 3), (([1, None, 2],), 2)]),
    ("IN_PLACE", "Solution.zerosLast", [(([0, 1, 0, 3],), [1, 3, 0, 0])]),
    ("PREFIX", "Solution.dropRepeats", [(([1, 1, 2],), [1, 2]), (([0, 0, 1, 1, 4],), [0, 1, 4])]),
    ("NESTED", "Solution.families", [((["tea", "ate", "no"],), [["no"], ["ate", "tea"]])]),
    ("ORDERS", "Solution.orders", [(([1, 2],), [[1, 2], [2, 1]])]),
    ("REALS", "Solution.mean", [(([1, 2],), 1.5)]),
    ("OLD_TYPES", "Solution.countOnes", [(([["1", "0"], ["1", "1"]],), 3)]),
    ("UNNAMED", "Solution.isRound", [((121,), True), ((-121,), False)]),
    ("ROWS", "Solution.largestField", [(([["1", "0"], ["1", "1"]],), 3)]),
    ("CYCLE", "Solution.hasLoop", [(([1],), False)]),
    ("NO_CODE", "Solution.twiceAsMuch", [((4,), 8)]),
    ("SOLVED", "Solution.twice", [((4,), 8), ((5,), 10)]),
    ("EDITOR", "Solution.twice", [((4,), 8)]),
    ("COMMENTED", "Solution.twice", [((4,), 8)]),
    ("OTHER_LANGUAGE", "Solution.twiceAsMuch", [((4,), 8)]),
    ("ONE_LINE", "Solution.titleTwiceAsMuch", [((4,), 8), ((5,), 10)]),
    ("CHINESE", "Solution.twoSum", [(([2, 7], 9), [0, 1])]),
]
PROGRAMS = [
    ("ATCODER", [("4\n10 30 40 20\n", "30\n"), ("2\n10 10\n", "0\n")]),
    ("ATCODER_MARKDOWN", [("4\n10 30 40 20\n", "30\n")]),
    ("CODEFORCES", [("8\n", "YES\n"), ("1\n", "NO\n")]),
    ("CODEFORCES_GLUED", [("8\n", "YES\n"), ("3\n", "NO\n")]),
    ("CODEFORCES_OLD", [("1 2\n", "3\n")]),
    ("KATTIS_TABLE", [("3\n5 -10 15\n", "1\n"), ("1\n-7\n", "1\n")]),
    ("FENCED", [("7\nooparts\n", "parts\n"), ("2\noo\n", "")]),
    ("INDENTED", [("2\n4 8\n", "2\n-1\n")]),
    ("HACKERRANK", [("1 2 3\n", "6\n")]),
]


@pytest.mark.parametrize(("name", "entry", "tests"), FUNCTIONS, ids=[it[0] for it in FUNCTIONS])
def test_the_examples_of_a_function_are_its_tests(name, entry, tests):
    problem = read(getattr(shapes, name)).problem
    assert (problem.kind.name, problem.entry) == ("function", entry)
    assert [(test.args, test.expected) for test in problem.visible] == tests


@pytest.mark.parametrize(("name", "tests"), PROGRAMS, ids=[it[0] for it in PROGRAMS])
def test_the_samples_of_a_program_are_its_tests(name, tests):
    problem = read(getattr(shapes, name)).problem
    assert problem.kind.name == "program"
    assert [(test.args[0], test.expected) for test in problem.visible] == tests


@pytest.mark.parametrize(
    ("answer", "output"),
    [
        ("3\n\nHere f(2) = 3, since\n\n2 + 1 = 3", "3\n"),
        ("-1\n\nIt is impossible.", "-1\n"),
        ("1 2\n\n1 \u304b\u3089 2 \u3067\u3059", "1 2\n"),
        ("4\n\nwe can take the first\nand the second", "4\n"),
        ("7\n\n(1, 2)\n(2, 3)\n\nThese are the pairs, and there are no more.", "7\n\n(1, 2)\n(2, 3)\n"),
        ("to be or not\n\nto be that is", "to be or not\n\nto be that is\n"),
        ("a b c\n\nd e f", "a b c\n\nd e f\n"),
    ],
)
def test_what_a_page_explains_below_an_output_is_no_output(answer, output):
    samples = f"Sample Input 1\n\n2\n\nSample Output 1\n\n{answer}\n\nSample Input 2\n\n3\n\nSample Output 2\n\n5\n"
    first, second = read(f"A - It\n\n{samples}").problem.visible
    assert first.expected.rstrip() == output.rstrip()
    assert second.expected == "5\n"


NODE = "Copy It\n\nExample 1:\n\nInput: {given}\nOutput: {given}\n\n{code}class Solution:\n    def copy(self, it: Optional['Node']) -> 'Node':\n        "
DEFINED = (
    '"""\n# Definition for a Node.\nclass Node:\n    def __init__(self, val):\n        self.{field} = {field}\n"""\n\n'
)


@pytest.mark.parametrize(
    ("field", "kind", "given"),
    [
        ("children", "NaryNode", "[1,null,2]"),
        ("random", "RandomNode", "[[1,null]]"),
        ("neighbors", "GraphNode", "[[]]"),
    ],
)
def test_a_node_is_what_its_definition_says(field, kind, given):
    problem = read(NODE.format(given=given, code=DEFINED.format(field=field))).problem
    assert (str(problem.params[0].type), str(problem.returns)) == (f"{kind} | None", kind)
    with pytest.raises(UsageError, match="and of Node with children, random or neighbors"):
        read(NODE.format(given=given, code=DEFINED.format(field="up")))


def test_a_class_is_called_by_its_methods():
    problem = read(shapes.DESIGN).problem
    assert (problem.kind.name, problem.entry, problem.difficulty) == ("class", "SmallCache", "medium")
    (test,) = problem.visible
    assert test.args == (["SmallCache", "put", "get", "put", "get"], [[1], [1, 5], [1], [2, 6], [1]])
    assert test.expected == [None, None, 5, None, -1]


def test_types_are_as_the_code_has_them():
    assert [str(it.type) for it in read(shapes.PAIR).problem.params] == ["list[int]", "int"]
    assert str(read(shapes.LISTS).problem.returns) == "ListNode | None"
    assert str(read(shapes.OLD_TYPES).problem.params[0].type) == "list[list[str]]"


def test_powers_that_lost_their_exponents_are_put_right():
    page = read(shapes.PAIR)
    for text in ("2 <= weights.length <= 10^4", "-10^9 <= weights[i] <= 10^9", "-2^31 <= goal <= 2^31 - 1"):
        assert text in page.problem.statement
        assert any(text in str(note) and str(note).startswith("line ") for note in page.notes)
    kept = shapes.PAIR.replace("104", "10^5").replace("109", "109")
    assert "-109 <= weights[i] <= 109" in read(kept).problem.statement  # it writes powers, so this is none
    assert "<= 100\n" in read(shapes.PAIR.replace("104", "100")).problem.statement


@pytest.mark.parametrize(
    ("name", "mode", "tolerance"),
    [
        ("PAIR", "unordered", 0),
        ("NESTED", "checker", 0),
        ("ORDERS", "unordered", 0),  # its lists differ in their order alone
        ("REALS", "float", 1e-5),
        ("TREES", "exact", 0),
        ("ATCODER", "tokens", 0),
    ],
)
def test_answers_are_compared_as_the_statement_says(name, mode, tolerance):
    compare = read(getattr(shapes, name)).problem.compare
    assert (compare.mode, compare.tolerance) == (mode, tolerance)


def test_what_is_compared_may_be_an_argument():
    assert read(shapes.IN_PLACE).problem.answer == "nums"
    assert read(shapes.PREFIX).problem.answer == "nums[:return]"


@pytest.mark.parametrize(
    ("name", "line", "says"),
    [
        ("CYCLE", 5, "pos is no parameter"),
        ("CODEFORCES_OLD", 7, "several outputs are right"),
        ("ATCODER", 31, "taken for an explanation"),
        ("NESTED", 3, "within the inner lists"),
        ("FENCED", 15, "the case of letters"),
        ("INDENTED", 10, "read as 2<=N<=10^9"),
        ("NO_CODE", 0, "no code to begin with"),
        ("IN_PLACE", 7, "changed in place"),
    ],
)
def test_what_was_not_clear_is_told_with_its_line(name, line, says):
    assert any(note.line == line and says in note.text for note in read(getattr(shapes, name)).notes)


def test_an_example_that_cannot_be_read_is_left_out_and_told():
    page = read(shapes.PAIR.replace("[-3,4,3,90]", "[-3,4,...,90]"))
    assert len(page.problem.visible) == 1
    assert any(note.line == 20 and "weights: '[-3,4,...,90]' is no list[int]" in note.text for note in page.notes)


def test_examples_that_contradict_each_other_are_told():
    page = read(shapes.SOLVED.replace("n = 5", "n = 4"))
    assert any("contradict each other" in note.text for note in page.notes)
    assert len(page.problem.visible) == 1


def test_limits_are_those_of_the_page():
    assert read(shapes.CODEFORCES).problem.limits == Limits(1.0, 64)
    assert read(shapes.CODEFORCES_GLUED).problem.limits == Limits(2.5, 256)
    assert read(shapes.ATCODER).problem.limits == Limits(2.0, 1024)
    assert read(shapes.KATTIS_TABLE).problem.limits == Limits(1.0, 1024)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("PAIR", "Pair of Weights"), ("EDITOR", "Twice as Much"), ("ATCODER", "Stones"), ("CODEFORCES_OLD", "Sum of Two"),
        ("COMMENTED", "Twice as Much"), ("OTHER_LANGUAGE", "Twice as Much"), ("FENCED", "Bare Words"),
        ("MARKDOWN", "Mirror Word"), ("DESIGN", "Small Cache"),
    ],
)  # fmt: skip
def test_the_title_stands_apart_from_the_page_around_it(name, title):
    assert read(getattr(shapes, name)).problem.title == title


def test_without_code_the_solution_shows_what_is_called():
    source = "def double_it(number):\n    return number + 4\n"
    assert read(shapes.NO_CODE, source).problem.entry == "double_it"
    two = source + "def half(number):\n    return number / 2\n"
    assert read(shapes.NO_CODE, two, "half").problem.entry == "half"
    assert any("if half is meant" in note.text for note in read(shapes.NO_CODE, two).notes)
    helped = two.replace("number + 4", "half(number)")
    assert (read(shapes.NO_CODE, helped).problem.entry, len(read(shapes.NO_CODE, helped).notes)) == ("double_it", 0)


def test_a_program_on_the_page_is_repaired_by_its_examples(any_judge):
    page = read(shapes.SOLVED)
    result = refine(page.problem, page.program, judge=any_judge)
    assert result.accepted
    assert "return n + n\n" in result.source
    assert read(shapes.PAIR).program == ""


@pytest.mark.parametrize(
    "answer",
    [[["tea", "ate"], ["no"]], [["no"], ["ate", "tea"]], [["no"], ["ate"]], [["no"], ["ate", "tea"], []], [1], "no"],
)
def test_inner_lists_are_right_in_any_order(any_judge, answer):
    source = f"class Solution:\n    def families(self, words):\n        return {answer!r}\n"
    accepted = any_judge.run(read(shapes.NESTED).problem, source).accepted
    assert accepted == (
        sorted(map(sorted, filter(lambda it: isinstance(it, list), answer))) == [["ate", "tea"], ["no"]]
    )


@pytest.mark.parametrize("text", ["", "nothing of the kind", "Example 1:\n", "Input: n = 4\n", "Input\n3\nOutput\n4\n"])
def test_a_text_without_examples_says_what_was_looked_for(text):
    with pytest.raises(UsageError, match="looked for `Input:`"):
        read(text)


def test_an_editors_file_without_its_statement_says_what_to_set():
    with pytest.raises(UsageError, match="showDescription"):
        read("# @lc app=leetcode id=7 lang=python3\n# @lc code=start\nclass Solution:\n    pass\n# @lc code=end\n")


@pytest.mark.parametrize(
    "text",
    [
        shapes.NO_CODE.replace("4", "[" * 5000),
        shapes.NO_CODE.replace("4", "9" * 200_000),
        shapes.NO_CODE.replace("8", '"' + "\\\"" * 60_000),
        shapes.NO_CODE.replace("8", "'\"" * 60_000),
        shapes.NO_CODE + "#" * 100_000,
        shapes.NO_CODE + "* " * 60_000,
        shapes.NO_CODE + "x: " + " " * 100_000,
        shapes.NO_CODE + "def f(" + "(" * 50_000,
        shapes.NO_CODE + "a =" * 60_000,
        "Example 1:\n" + "Input: n = 4\nOutput: 8\n" * 4_000,
        "Example\n" + "InputCopy1OutputCopy" * 10_000,
        "class C:\n" + "    def f(self):\n" * 9_000,
        shapes.ATCODER + "This is a long line of words. " * 8_000,
        shapes.ATCODER + "\n" * 9_000,
        "```\n" * 9_000,
        shapes.PAIR + '"""\n# Definition\n' * 4_000,
        shapes.CODEFORCES + "any valid 10 ^ - " * 8_000,
    ],
    ids=range(17),
)  # fmt: skip
def test_hostile_text_is_read_or_refused_in_short_time(text):
    began = time.process_time()
    try:
        read(text)
    except UsageError as error:
        assert len(str(error)) < 10_000
    assert time.process_time() - began < 5


def test_a_text_that_is_too_long_is_refused():
    with pytest.raises(UsageError, match="too long"):
        read(shapes.PAIR + "x" * (1 << 18))


def test_no_control_characters_come_through():
    page = read(shapes.NO_CODE.replace("Twice", "\x1b]0;owned\x07Tw\u202eice").replace("8", "\x1b8"))
    shown = page.problem.title + page.problem.statement + "".join(map(str, page.notes))
    assert "\x1b" not in shown
    assert "\u202e" not in shown
