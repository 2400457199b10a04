"""Edits: what a model may get wrong in a diff and still be understood, and what is refused, in which words."""

import random
import re

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from unidiff import PatchSet

from coderefine.errors import PatchError
from coderefine.patch import Patch, apply_diff, make_diff, read_answer
from tests.soak import examples

SOURCE = """\
import math


def area(r):
    return math.pi * r


def twice(x):
    y = x + x

    return y
"""
FIXED = SOURCE.replace("math.pi * r", "math.pi * r * r")
HEADER = "--- a/solution.py\n+++ b/solution.py\n"
HUNK = """\
@@ -4,2 +4,2 @@
 def area(r):
-    return math.pi * r
+    return math.pi * r * r
"""
DIFF = HEADER + HUNK
ABC = "a\nb\nc\nd\ne\n"


def numbered(count):
    return "".join(f"line {n}\n" for n in range(1, count + 1))


def refusal(call, *arguments, **options):
    with pytest.raises(PatchError) as caught:
        call(*arguments, **options)
    return str(caught.value)


# ---- writing


def test_diff_of_equal_texts_is_empty():
    assert Patch("a\n", "a\n").diff == ""


def test_diff_has_headers_and_three_lines_of_context():
    before = numbered(9)
    assert Patch(before, before.replace("line 5", "five")).diff == (
        HEADER + "@@ -2,7 +2,7 @@\n line 2\n line 3\n line 4\n-line 5\n+five\n line 6\n line 7\n line 8\n"
    )


def test_diff_names_the_file_asked_for():
    assert make_diff("a\n", "b\n", "pkg/x.py").startswith("--- a/pkg/x.py\n+++ b/pkg/x.py\n@@")


@pytest.mark.parametrize(
    ("before", "after", "body"),
    [
        ("a", "a\n", "-a\n\\ No newline at end of file\n+a\n"),
        ("a\n", "a", "-a\n+a\n\\ No newline at end of file\n"),
        ("a\nb", "c\nb", "-a\n+c\n b\n\\ No newline at end of file\n"),
    ],
)
def test_diff_marks_each_line_that_lacks_its_newline(before, after, body):
    assert make_diff(before, after).split("@@\n", 1)[1] == body


def test_diff_does_not_split_lines_at_other_separators_than_newline():
    assert make_diff("a\rb\x0cc\u2028d\n", "").endswith("@@\n-a\rb\x0cc\u2028d\n")


def test_diff_is_one_that_unidiff_reads():
    assert [hunk.is_valid() for hunk in PatchSet(make_diff(SOURCE, FIXED))[0]] == [True]


def test_patch_keeps_a_note():
    assert Patch("a", "b", "renames a").note == "renames a"


# ---- headers


@pytest.mark.parametrize(
    "header",
    [
        "@@ -4,2 +4,2 @@",
        "@@ -4,7 +4,1 @@",
        "@@ -90,2 +90,2 @@",
        "@@ -1 +1 @@",
        "@@ -0,0 +1,9 @@",
        "@@ -4,2 +4,2 @@ def area(r):",
        "@@ ... @@",
        "@@ @@",
        "@@",
        "@@ def area(r): @@",
        "@@ -x,y +x,y @@",
        "@@ -99999999999999999999,1 +1 @@",
        "@@-4,2 +4,2@@",
    ],
    ids=repr,
)
def test_hunk_header_may_be_wrong_or_bare(header):
    assert apply_diff(SOURCE, HEADER + HUNK.replace("@@ -4,2 +4,2 @@", header)) == FIXED


@pytest.mark.parametrize(
    "header",
    [
        "",
        "--- solution.py\n+++ solution.py\n",
        "--- a/solution.py\n+++ solution.py\n",
        "--- ./solution.py\n+++ ./solution.py\n",
        "--- a/deep/down/other.py\n+++ b/deep/down/other.py\n",
        '--- "a/with space.py"\n+++ "b/with space.py"\n',
        "--- a/solution.py\t2024-01-01 10:00:00\n+++ b/solution.py\t2024-01-01 10:00:01\n",
        "--- a/solution.py 2024-01-01 10:00:00\n+++ b/solution.py 2024-01-01 10:00:01\n",
        "--- \n+++ \n",
        "--- original\n+++ modified\n",
        "diff --git a/solution.py b/solution.py\nindex 0a1b2c3..4d5e6f7 100644\n" + HEADER,
        "diff --git a/solution.py b/solution.py\n",
        "Index: solution.py\n===========\n" + HEADER,
        "Here is the fix:\n\n" + HEADER,
    ],
    ids=repr,
)
def test_file_header_may_have_any_usual_form_or_none(header):
    assert apply_diff(SOURCE, header + HUNK) == FIXED


@pytest.mark.parametrize(
    "diff",
    [
        DIFF + "--- a/helper.py\n+++ b/helper.py\n@@ -1 +1 @@\n-a\n+b\n",
        DIFF + "diff --git a/helper.py b/helper.py\n--- a/helper.py\n+++ b/helper.py\n@@ -1 +1 @@\n-a\n+b\n",
        DIFF + "diff --git a/old.py b/new.py\nsimilarity index 100%\nrename from old.py\nrename to new.py\n",
        DIFF + "--- /dev/null\n+++ b/helper.py\n@@ -0,0 +1 @@\n+b\n",
    ],
)
def test_diff_that_names_two_files_is_refused(diff):
    assert "touches other files" in refusal(apply_diff, SOURCE, diff)


def test_repeated_headers_of_the_same_file_are_accepted():
    second = HEADER + "@@ -9 +9 @@\n-    y = x + x\n+    y = 2 * x\n"
    assert apply_diff(SOURCE, DIFF + second) == FIXED.replace("x + x", "2 * x")


def test_edit_of_lines_that_look_like_a_file_header_is_an_edit():
    assert apply_diff("-- a\nz\n", "@@ -1,2 +1,2 @@\n--- a\n+++ b\n z\n") == "++ b\nz\n"


def test_diff_from_no_file_fills_an_empty_program():
    assert apply_diff("", "--- /dev/null\n+++ b/solution.py\n@@ -0,0 +1,2 @@\n+a\n+b\n") == "a\nb\n"


def test_diff_from_no_file_does_not_pile_a_second_program_on_the_first():
    diff = "--- /dev/null\n+++ b/solution.py\n@@ -0,0 +1,2 @@\n+a\n+b\n"
    assert "creates a file" in refusal(apply_diff, SOURCE, diff)


def test_diff_to_no_file_empties_the_program():
    assert apply_diff("a\nb\n", "--- a/solution.py\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n") == ""


# ---- bodies


@pytest.mark.parametrize(
    ("source", "diff", "expected"),
    [
        ("x = 1\n", "@@ @@\n-x = 1\n+x = 2", "x = 2\n"),
        ("x = 1", "@@ @@\n-x = 1\n+x = 2\n", "x = 2\n"),
        ("x = 1\ny = 1", "@@ @@\n-x = 1\n+x = 2\n y = 1\n", "x = 2\ny = 1"),
        ("x = 1", "@@ @@\n x = 1\n+y = 2\n", "x = 1\ny = 2\n"),
        ("x = 1\ny = 1\n", "@@ @@\n-x = 1\n+x = 2\n\\ No newline at end of file\n", "x = 2\ny = 1\n"),
        ("x = 1\n", "@@ @@\n-x = 1\n+x = 2\n\\ No newline at end of file\n", "x = 2"),
        ("x = 1", "@@ @@\n-x = 1\n\\ No newline at end of file\n+x = 2\n\\ Pas de fin de ligne\n", "x = 2"),
        ("x = 1\n", "@@ @@\n\\ No newline at end of file\n-x = 1\n+x = 2\n", "x = 2\n"),
    ],
    ids=repr,
)
def test_final_newline_may_be_missing_anywhere(source, diff, expected):
    assert apply_diff(source, diff) == expected


def test_context_line_without_indent_may_lack_its_mark():
    assert apply_diff(SOURCE, DIFF.replace(" def area", "def area")) == FIXED


@pytest.mark.parametrize("mark", [" ", ""])
def test_indented_context_line_may_lack_its_mark(mark):
    diff = f"@@ @@\n-    y = x + x\n+    y = 2 * x\n\n{mark}    return y\n"
    assert apply_diff(SOURCE, diff) == SOURCE.replace("x + x", "2 * x")


def test_tab_indented_context_line_may_lack_its_mark():
    assert apply_diff("if x:\n\ta\n\tb\n", "@@ @@\nif x:\n\ta\n-\tb\n+\tc\n") == "if x:\n\ta\n\tc\n"


def test_empty_line_stands_for_blank_context():
    diff = "@@ -9,3 +9,3 @@\n     y = x + x\n\n-    return y\n+    return y + 0\n"
    assert apply_diff(SOURCE, diff) == SOURCE.replace("return y", "return y + 0")


def test_blank_lines_after_a_hunk_are_not_context():
    assert apply_diff(SOURCE, DIFF.replace("@@ -4", "\n\n@@ -4") + "\n\n\n") == FIXED


@pytest.mark.parametrize("blank", ["", " ", "     ", " \t"], ids=repr)
def test_trailing_white_space_of_old_lines_is_ignored(blank):
    diff = f"@@ @@\n     y = x + x  \n{blank}\n-    return y\t\n+    return x + x\n"
    assert apply_diff(SOURCE, diff) == SOURCE.replace("return y", "return x + x")


def test_a_removed_line_that_is_context_behind_what_is_added_stays():
    diff = "@@ -1 +1 @@\n a\n-b\n+x\n+y\n b\n c\n"
    assert apply_diff("a\nb\nc\n", diff) == "a\nx\ny\nb\nc\n"
    assert apply_diff("a\nb\nb\nc\n", diff) == "a\nx\ny\nb\nc\n"  # as it says, where it fits


def test_fences_that_are_marked_as_lines_are_none_of_the_programs():
    diff = "@@ -1 +1 @@\n-```python\n+```python\n a\n-b\n+x\n```\n"
    assert apply_diff("a\nb\n", diff) == "a\nx\n"
    with pytest.raises(PatchError, match="not in the program"):
        apply_diff('"""\n```\na\n```\n"""\n', "@@ @@\n-```python\n+```py\n a\n")


def test_context_in_the_result_is_the_programs_not_the_diffs():
    assert apply_diff("a  \nb\n", "@@ @@\n a\n-b\n+c\n") == "a  \nc\n"


def test_exact_match_is_preferred_to_one_with_white_space_ignored():
    assert apply_diff("a \na\n", "@@ -1 +1 @@\n-a\n+b\n") == "a \nb\n"


def test_hunk_that_lacks_indent_is_applied_with_the_programs_indent():
    diff = "@@ @@\n-if x:\n-    y()\n+if x > 1:\n+\n+    y(1)\n"
    source = "def f(x):\n    if x:\n        y()\n"
    assert apply_diff(source, diff) == "def f(x):\n    if x > 1:\n\n        y(1)\n"


def test_hunk_that_has_too_much_indent_is_applied_with_the_programs_indent():
    assert apply_diff("if x:\n  y()\n", "@@ @@\n     if x:\n-      y()\n+      z()\n") == "if x:\n  z()\n"


def test_hunk_indented_by_spaces_is_applied_to_tabs():
    assert apply_diff("if x:\n\ty()\n\tz()\n", "@@ @@\n-    y()\n+    w()\n     z()\n") == "if x:\n\tw()\n\tz()\n"


def test_indent_that_is_not_shifted_evenly_is_refused():
    message = refusal(apply_diff, "if x:\n    y()\n", "@@ -1,2 +1,2 @@\n   if x:\n-     y()\n+     z()\n")
    assert message.startswith("hunk 1: its old lines match at line 1, but not with this indentation")


def test_indent_is_not_guessed_where_several_places_match():
    source = "if x:\n    y()\nif z:\n    y()\n"
    assert "match at line 2, 4, but not with this indentation" in refusal(
        apply_diff, source, "@@ -2 +2 @@\n-y()\n+w()\n"
    )


def test_added_line_that_cannot_be_shifted_is_refused():
    message = refusal(apply_diff, "if x:\n  y()\n", "@@ @@\n     if x:\n-      y()\n+z()\n")
    assert "exact indentation" in message


def test_tabs_within_lines_are_kept():
    assert apply_diff("a\tb\n\tc\n", "@@ @@\n a\tb\n-\tc\n+\td\te\n") == "a\tb\n\td\te\n"


def test_added_code_fence_and_diff_marks_are_content():
    assert apply_diff("a\n", "@@ @@\n a\n+```\n+-x\n+@@\n") == "a\n```\n-x\n@@\n"


# ---- line ends


@pytest.mark.parametrize("crlf_diff", [False, True])
def test_crlf_program_stays_crlf(crlf_diff):
    diff = DIFF.replace("\n", "\r\n") if crlf_diff else DIFF
    assert apply_diff(SOURCE.replace("\n", "\r\n"), diff) == FIXED.replace("\n", "\r\n")


def test_crlf_diff_leaves_lf_program_lf():
    assert apply_diff(SOURCE, DIFF.replace("\n", "\r\n")) == FIXED


def test_crlf_hunk_under_lf_headers_leaves_lf_program_lf():
    assert apply_diff(SOURCE, HEADER + HUNK.replace("\n", "\r\n")) == FIXED


def test_crlf_program_without_final_newline_gets_crlf_on_what_follows():
    assert apply_diff("a\r\nb", "@@ @@\n b\n+c\n") == "a\r\nb\r\nc\r\n"


def test_last_line_of_crlf_program_is_replaced_with_crlf():
    diff = "@@ @@\n-b\n\\ No newline at end of file\n+c\n+d\n"
    assert apply_diff("a\r\nb", diff) == "a\r\nc\r\nd\r\n"


def test_insertion_into_crlf_program_gets_crlf():
    assert apply_diff("a\r\nb\r\n", "@@ -1,0 +2 @@\n+x\n") == "a\r\nx\r\nb\r\n"


def test_diff_can_change_line_ends():
    assert apply_diff("a\r\nb\r\n", make_diff("a\r\nb\r\n", "a\nb\r\n")) == "a\nb\r\n"


# ---- places


@pytest.mark.parametrize(("stated", "expected"), [(1, "X\n.\n.\na\n"), (2, "X\n.\n.\na\n"), (3, "a\n.\n.\nX\n")])
def test_of_several_matches_the_nearest_to_the_stated_line_is_taken(stated, expected):
    assert apply_diff("a\n.\n.\na\n", f"@@ -{stated} +{stated} @@\n-a\n+X\n") == expected


@pytest.mark.parametrize("header", ["@@ @@", "@@ ... @@", "@@ -0,0 +1 @@", "@@ -9 +9 @@", "@@ -2 +2 @@"])
def test_of_several_matches_none_is_taken_without_a_line_number_that_decides(header):
    message = refusal(apply_diff, "a\nb\na\n", f"{header}\n-a\n+X\n")
    assert message.startswith("hunk 1: its old lines match in 2 places, at line 1, 3")


def test_unique_match_is_taken_however_far_from_the_stated_line():
    assert apply_diff(numbered(900), "@@ -1 +1 @@\n-line 850\n+X\n") == numbered(900).replace("line 850", "X")


def test_overlapping_occurrences_are_all_considered():
    assert apply_diff("a\na\na\nb\n", "@@ @@\n a\n a\n-b\n+c\n") == "a\na\na\nc\n"


def test_several_hunks_are_applied_each_in_its_place():
    diff = "@@ -2 +2 @@\n-b\n+B\n@@ @@\n d\n+D\n@@ -5 +6,0 @@\n-e\n"
    assert apply_diff(ABC, diff) == "a\nB\nc\nd\nD\n"


def test_hunks_may_come_in_any_order():
    assert apply_diff(ABC, "@@ @@\n-d\n+D\n@@ @@\n-b\n+B\n") == "a\nB\nc\nD\ne\n"


def test_line_numbers_of_later_hunks_are_those_of_the_program_before():
    diff = "@@ -1 +1,3 @@\n+x\n+y\n a\n@@ -4 +6 @@\n-b\n+B\n"
    assert apply_diff("a\nb\nc\nb\n", diff) == "x\ny\na\nb\nc\nB\n"


@pytest.mark.parametrize(
    ("diff", "expected"),
    [
        ("@@ @@\n a\n+X\n b\n", "a\nX\nb\nc\nd\ne\n"),
        ("@@ @@\n+X\n a\n", "X\na\nb\nc\nd\ne\n"),
        ("@@ @@\n e\n+X\n", "a\nb\nc\nd\ne\nX\n"),
        ("@@ -0,0 +1 @@\n+X\n", "X\na\nb\nc\nd\ne\n"),
        ("@@ -2,0 +3 @@\n+X\n", "a\nb\nX\nc\nd\ne\n"),
        ("@@ -5,0 +6 @@\n+X\n", "a\nb\nc\nd\ne\nX\n"),
        ("@@ -2,0 +3 @@\n+X\n@@ -2,0 +3 @@\n+Y\n", "a\nb\nX\nY\nc\nd\ne\n"),
    ],
    ids=repr,
)
def test_pure_insertion_goes_where_its_context_or_its_header_says(diff, expected):
    assert apply_diff(ABC, diff) == expected


@pytest.mark.parametrize("header", ["@@ @@", "@@ -2 +2 @@", "@@ -2,3 +2,4 @@", "@@ -6,0 +7 @@"])
def test_insertion_of_which_nothing_says_where_is_refused(header):
    assert refusal(apply_diff, ABC, f"{header}\n+X\n").startswith("hunk 1 only adds lines, and nothing says where")


def test_insertion_into_an_empty_program_needs_no_place():
    assert apply_diff("", "@@ @@\n+a\n+b\n") == "a\nb\n"


def test_all_lines_can_be_deleted():
    assert apply_diff("a\nb\n", "@@ -1,2 +0,0 @@\n-a\n-b\n") == ""


def test_pure_deletion_removes_its_lines():
    assert apply_diff(ABC, "@@ @@\n b\n-c\n-d\n e\n") == "a\nb\ne\n"


def test_crlf_diff_in_an_answer_with_blank_lines_that_end_in_lf_adds_no_carriage_return():
    answer = "```diff\n@@ -1 +1 @@\r\n-x = 1\r\n+x = 2\r\n\n```"
    assert read_answer("x = 1", answer).after.rstrip("\n") == "x = 2"


# ---- refusals


@pytest.mark.parametrize(
    "diff",
    ["", "\n", "no diff", HEADER, HEADER + "-a\n+b\n", "@@ -1 +1 @@\n", "@@ @@\n\n\n", "@@ @@\n a\n", "@@ @@\n\\ No\n"],
    ids=repr,
)
def test_diff_without_a_hunk_that_edits_is_refused(diff):
    assert refusal(apply_diff, "a\n", diff).startswith("the diff has no hunk that adds or removes a line")


@pytest.mark.parametrize("diff", ["@@ @@\n-a\n+a\n", "@@ @@\n+a\n-a\n", "@@ @@\n-a \n+a\n"], ids=repr)
def test_no_op_is_refused(diff):
    assert "changes nothing" in refusal(apply_diff, "a\n", diff)


@pytest.mark.parametrize(
    "diff",
    [
        "@@ @@\n-b\n-c\n+X\n@@ @@\n-c\n-d\n+Y\n",
        "@@ @@\n-c\n+X\n@@ @@\n-c\n+X\n",
        "@@ @@\n a\n-b\n c\n@@ @@\n c\n+d\n",
        "@@ @@\n b\n-c\n d\n@@ -2,0 +3 @@\n+Y\n",
    ],
    ids=repr,
)
def test_overlapping_hunks_are_refused(diff):
    assert re.match(r"hunks 1 and 2 overlap: both claim line \d\.", refusal(apply_diff, ABC, diff))


def test_no_hunk_is_applied_if_one_cannot_be():
    assert refusal(apply_diff, ABC, "@@ @@\n-a\n+A\n@@ @@\n-z\n+Z\n").startswith("hunk 2: ")


def test_hunk_that_forgot_all_its_marks_is_not_passed_over():
    assert refusal(apply_diff, ABC, "@@ @@\n-a\n+A\n@@ @@\nd\nX\n").startswith("hunk 2: its old line 2 of 2, 'X'")


def test_header_without_lines_is_passed_over():
    assert apply_diff(ABC, "@@ ... @@\n@@ -1 +1 @@\n-a\n+A\n@@ ... @@\n") == "A\nb\nc\nd\ne\n"


def test_refusal_names_the_old_line_that_is_missing_and_the_closest_line():
    message = refusal(
        apply_diff, SOURCE, HEADER + "@@ -4,2 +4,2 @@\n def area(r):\n-    return math.pi*r\n+    return 0\n"
    )
    assert message == (
        "hunk 1: its old line 2 of 2, '    return math.pi*r', is not in the program; "
        "the closest line is line 5: '    return math.pi * r'. Copy the old lines exactly from the program"
    )


def test_of_equally_close_lines_the_refusal_names_the_nearest():
    assert "closest line is line 4: 'total = 1'" in refusal(
        apply_diff, "total = 1\n\n\ntotal = 1\n", "@@ -4 +4 @@\n-total = 12\n+total = 3\n"
    )


def test_refusal_says_if_no_line_is_close():
    assert "no line is like it" in refusal(apply_diff, "a\n", "@@ @@\n-zzz\n+b\n")


def test_refusal_says_where_lines_that_exist_do_not_follow_each_other():
    message = refusal(apply_diff, ABC, "@@ @@\n b\n c\n-e\n+X\n")
    assert "old line 3 of 3, 'e', does not come after line 3 of the program; line 4 is 'd'" in message


def test_refusal_says_if_the_program_ends_too_soon():
    message = refusal(apply_diff, ABC, "@@ @@\n d\n e\n-a\n+X\n")
    assert "old line 3 of 3, 'a', does not come after line 5 of the program; the program ends there" in message


def test_refusal_quotes_long_lines_in_part():
    assert len(refusal(apply_diff, "a" * 5000, "@@ @@\n-" + "ab" * 5000 + "\n")) < 1000


# ---- answers

PYTHON = f"```python\n{FIXED}```\n"
FENCED = f"```diff\n{DIFF}```\n"


@pytest.mark.parametrize(
    "answer",
    [
        FENCED,
        "The area is wrong.\n\n" + FENCED + "\nThis squares the radius.\n",
        FENCED.replace("```diff", "```patch"),
        FENCED.replace("```diff", "``` Diff"),
        FENCED.replace("```diff", '```diff title="fix"'),
        FENCED.replace("```diff", "```"),
        FENCED.replace("```diff", "```python"),
        FENCED.replace("```diff", "```text"),
        FENCED.replace("```", "`````"),
        FENCED.replace("```", "~~~"),
        FENCED.removesuffix("\n"),
        FENCED.replace("\n", "\r\n"),
        "1. Fix:\n" + "".join(f"   {line}\n" for line in FENCED.splitlines()),
        FENCED.replace("```", "   ```"),
        FENCED.replace("---", "\n---"),
        f"```diff\n{HUNK}```\n",
        DIFF,
        DIFF.removesuffix("\n"),
        DIFF + "\nThis squares the radius.\n",
        "The area is wrong.\n\n" + DIFF + "\nThis squares the radius.\n",
        "The area is wrong.\n\n" + HUNK,
        "The old code was\n```python\nreturn 1\n```\nso\n" + DIFF,
        "The old code was\n```python\nreturn 1\n```\nso\n" + FENCED,
        FENCED + "```python\nreturn 1\n```\n```python\nreturn 2\n```\n",
        PYTHON,
        "Here it is:\n" + PYTHON + "It squares the radius.",
        PYTHON.replace("```python", "```py"),
        PYTHON.replace("```python", "```Python3"),
        PYTHON.replace("```python", "```python:solution.py"),
        PYTHON.replace("```python", "```{.python}"),
        PYTHON.replace("```python", "```"),
        PYTHON.replace("```", "~~~~"),
        PYTHON.replace("\n", "\r\n"),
        "".join(f"  {line}\n" for line in PYTHON.splitlines()),
        PYTHON + "```\n```\n",
        PYTHON + "```\n  \n```\n",
        PYTHON + "Again:\n" + PYTHON,
        PYTHON + "Run it:\n```bash\npython solution.py\n```\n",
    ],
    ids=repr,
)
def test_answer_is_understood(answer):
    assert read_answer(SOURCE, answer) == Patch(SOURCE, FIXED)


def test_diffs_of_an_answer_apply_in_order():
    answer = "```diff\n@@ @@\n-a\n+b\n```\nand then\n```diff\n@@ @@\n-b\n+c\n```\n"
    assert read_answer("a\n", answer).after == "c\n"


def test_diffs_of_an_answer_apply_all_or_none():
    answer = "```diff\n@@ @@\n-a\n+b\n```\nand then\n```diff\n@@ @@\n-a\n+c\n```\n"
    assert refusal(read_answer, "a\n", answer).startswith("diff block 2: hunk 1: its old line 1 of 1, 'a', is not in")


def test_diffs_of_an_answer_must_be_of_one_file():
    assert "touches other files" in refusal(read_answer, SOURCE, FENCED + FENCED.replace("solution", "helper"))


@pytest.mark.parametrize("line", ["+```", " ```", "-```", "+```python", "+~~~", "+    ```"])
def test_code_fence_within_a_diff_does_not_end_it(line):
    diff = f"@@ @@\n-x = 1\n{line}\n+y = 2\n"
    source = "x = 1\n```\n"
    assert read_answer(source, f"```diff\n{diff}```\n").after == apply_diff(source, diff)


def test_code_fence_within_a_bare_diff_is_content():
    assert read_answer("a\n ```\n", "@@ @@\n-a\n+b\n  ```\n+```\n").after == "b\n ```\n```\n"


def test_code_fence_within_a_docstring_does_not_end_the_block():
    program = 'def f():\n    """\n    ```\n    f()\n    ```\n    """\n'
    assert read_answer("", f"```python\n{program}```\n").after == program


def test_shorter_or_other_fence_does_not_end_a_longer_one():
    program = 'x = """\n```\n~~~~\n"""\n'
    assert read_answer("", f"````python\n{program}````\n").after == program


def test_longer_fence_ends_a_shorter_one():
    assert read_answer("", "```python\nx\n`````\n").after == "x\n"


def test_inline_code_of_three_backticks_is_prose():
    assert read_answer("", "```a``` is\n```python\nx\n```\n").after == "x\n"


def test_program_that_quotes_a_diff_is_a_program():
    program = 'x = """\n--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n"""\n'
    assert read_answer("", f"```python\n{program}```\n").after == program


def test_bracket_at_the_end_of_a_program_is_kept():
    assert read_answer("", "```python\nreturn dp[n]\n```").after == "return dp[n]\n"


def test_blank_lines_around_a_program_are_kept():
    assert read_answer("", "```python\n\nx\n\n```\n").after == "\nx\n\n"


def test_whole_file_for_a_crlf_program_is_crlf():
    assert read_answer("a\r\nb\r\n", "```python\na\nc\n```\n").after == "a\r\nc\r\n"


def test_whole_file_with_mixed_line_ends_is_taken_as_it_is():
    assert read_answer("a\r\nb\r\n", "```python\na\r\nc\n```\n").after == "a\r\nc\n"


@pytest.mark.parametrize("answer", ["", " \n\t\n"])
def test_empty_answer_is_refused(answer):
    assert refusal(read_answer, SOURCE, answer).startswith("the answer is empty: send one ```diff block")


@pytest.mark.parametrize("answer", ["Looks fine to me.", "```bash\nls\n```\n", "```python\n```\n", "``` ```"])
def test_answer_without_an_edit_is_refused(answer):
    assert "neither a diff nor a code block" in refusal(read_answer, SOURCE, answer)


@pytest.mark.parametrize(
    "answer",
    [
        FENCED.removesuffix("```\n"),
        PYTHON.removesuffix("```\n"),
        FENCED + PYTHON.removesuffix("```\n"),
        "```",
        "~~~\nx",
    ],
    ids=repr,
)
def test_truncated_answer_is_refused(answer):
    assert "the answer was truncated" in refusal(read_answer, SOURCE, answer, truncated=True)


def test_several_programs_are_refused_where_nothing_tells_which_is_meant():
    message = refusal(read_answer, "x = input()\n", "```\nprint(1)\n```\n```\nprint(2)\n```\n")
    assert message.startswith("the answer has 2 different code blocks and no diff: send one ```diff block, or one")


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        (SOURCE, f"```python\n{SOURCE}```\n"),
        ("x = 1", "```python\nx = 1\n```\n"),
        ("x = 1\r\ny = 1", "```python\nx = 1\ny = 1\n```\n"),
        ("a\n", "```diff\n@@ @@\n-a\n+a\n```\n"),
        ("a\n", "```diff\n@@ @@\n-a\n+b\n```\n```diff\n@@ @@\n-b\n+a\n```\n"),
    ],
)
def test_answer_that_changes_nothing_is_refused(source, answer):
    assert "changes nothing" in refusal(read_answer, source, answer)


def test_no_code_of_an_answer_is_executed_or_compiled():
    assert read_answer("", "```python\nraise SystemExit(\n```\n").after == "raise SystemExit(\n"


# ---- size and time


@pytest.mark.parametrize("text", ["x" * (2**20 + 1), "é" * (2**19 + 1), "\ud800" * 400_000])
@pytest.mark.parametrize("call", [apply_diff, read_answer])
def test_more_than_one_mebibyte_is_refused(call, text):
    assert "above 1 MiB" in refusal(call, "", text)


def test_answer_of_one_mebibyte_is_read():
    shell = "```python\n\n```\n"
    assert len(read_answer("", shell.replace("\n\n", "\n" + "x" * (2**20 - len(shell)) + "\n")).after) > 2**20 - 20


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("a\n" * 30_000, "@@ -1 +1 @@\n" + " a\n" * 15_000 + "-b\n"),
        ("a\n" * 30_000, "@@ @@\n" + " a\n" * 15_000 + "+b\n"),
        ("a\n" * 9_000, "@@ -1 +1 @@\n-a\n+b\n" * 20_000),
        ("a\nb\n" * 9_000, "```diff\n@@ @@\n-a\n-b\n+b\n```\n" * 8_000),
        ("x" * 2**20, "@@ @@\n-" + "x" * (2**20 - 20)),
        ("a\n", "@@ @@\n" * 170_000),
        ("a\n", "--- a\n+++ b\n" * 80_000),
        ("a\n", "`" * 2**20),
        ("a\n", ("`" * 500 + "a`\n") * 2_000),
        ("a\n", " " * (2**20 - 1) + "`"),
        ("a\n", "```\n" * 200_000 + "```\n"),
        ("a\n", "--- " + " 2024-01-0" * 90_000 + "\n+++ b\n@@\n-not there\n"),
        ("a\n", "\r" * 2**20),
    ],
    ids=[
        "prefix",
        "places",
        "hunks",
        "blocks",
        "line",
        "headers",
        "files",
        "marks",
        "inline",
        "indent",
        "fences",
        "stamps",
        "returns",
    ],
)
def test_a_hostile_answer_is_refused_in_a_moment(source, answer):
    """Each of these once took minutes; a return of that shows as a suite that hangs."""
    with pytest.raises(PatchError):
        read_answer(source, answer)


# ---- properties

PROPERTY = settings(deadline=None, max_examples=examples(50))

# Few letters, so that lines repeat and places compete; and all that str.splitlines would split at.
TEXTS = st.one_of(
    st.text(),
    st.text(alphabet="ab \t\n\n\n\r+-@\\`~\x0b\x0c\x1c\x85\u2028\u2029"),
    st.lists(
        st.sampled_from(
            ["a", "b", "  a", "", " ", "--- a", "+++ b", "-- a", "++ b", "@@ -1 +1 @@", "@@", "\\ No", "```"]
        )
    ).map("\n".join),
    st.lists(st.sampled_from(["a", "b", "", "    c"])).map("\r\n".join),
)


@PROPERTY
@given(TEXTS, TEXTS)
@example("", "a")
@example("a", "")
@example("a\r\nb", "a\r\nb\n")
@example("-- a\n" + "x\n" * 8 + "y", "++ b\n" + "x\n" * 8 + "z")
@example("a\r\n" * 9 + "b\nc\nd\ne\n", "a\r\n" * 9 + "b\nc\nd\nf\n")
def test_a_diff_applied_gives_the_text_it_was_made_for(before, after):
    assume(before != after)
    assert apply_diff(before, make_diff(before, after)) == after


@PROPERTY
@example("", "{}", "~~~~\n{}~~~~")
@given(TEXTS, TEXTS, st.sampled_from(["{}", "```diff\n{}```\n", "Fixed:\n~~~~\n{}~~~~\nDone."]))
def test_an_answer_with_a_diff_gives_the_text_the_diff_was_made_for(before, after, shell):
    assume(before != after)
    assert read_answer(before, shell.format(make_diff(before, after))) == Patch(before, after)


@PROPERTY
@given(TEXTS, TEXTS, st.integers(0, 40))
def test_a_diff_with_a_wrong_line_number_applies_where_lines_are_unique(before, after, wrong):
    before = "".join(f"{n}{line}\n" for n, line in enumerate(before.split("\n")))
    after = "".join(f"{n}{line}\n" for n, line in enumerate(after.split("\n")))
    assume(before != after)
    assert apply_diff(before, re.sub(r"(?m)^@@ -\d+", f"@@ -{wrong}", make_diff(before, after))) == after


@PROPERTY
@given(TEXTS, TEXTS)
def test_unidiff_reads_every_diff_as_lines(before, after):
    diff = make_diff(before, after)
    patch_set = PatchSet([line + "\n" for line in diff.split("\n")[:-1]])
    assert all(hunk.is_valid() for file in patch_set for hunk in file)


def mangled(text, seed):
    rng = random.Random(seed)
    lines = text.split("\n")
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(lines))
        edit = rng.randrange(5)
        if edit == 0 and len(lines) > 1:
            del lines[at]
        elif edit == 1:
            lines.insert(rng.randrange(len(lines)), lines[at])
        elif edit == 2:
            lines[at] = lines[at][1:]
        elif edit == 3:
            column = rng.randint(0, len(lines[at]))
            lines[at] = lines[at][:column] + rng.choice("+- @\\`~\r\t,0x\u2028") + lines[at][column:]
        else:
            lines[at] = lines[at][::-1]
    return "\n".join(lines)


@PROPERTY
@given(TEXTS, TEXTS, st.integers(), st.sampled_from([apply_diff, read_answer]))
def test_a_mangled_diff_gives_an_edit_or_a_patch_error(before, after, seed, call):
    try:
        result = call(before, mangled(make_diff(before, after), seed))
    except PatchError:
        return
    changed = result.after if isinstance(result, Patch) else result
    assert isinstance(changed, str) and changed != before


@PROPERTY
@given(
    TEXTS,
    st.lists(st.sampled_from(["```", "```diff", "~~~~", "```py", "    ```", "a", "+a", "-a", " a", "@@", "@@ -1 @@"])),
)
def test_any_answer_gives_a_patch_or_a_patch_error(source, lines):
    try:
        assert read_answer(source, "\n".join(lines)).before == source
    except PatchError as error:
        assert str(error)


def test_new_lines_that_fit_are_not_shifted_with_old_ones_that_were_miscopied_by_a_blank():
    before = "def f():\n    a()\n    b()\n"
    with pytest.raises(PatchError, match="indentation"):
        apply_diff(before, "@@ -2,2 +2,2 @@\n      a()\n-     b()\n+    c()\n")
    assert apply_diff(before, "@@ -2,2 +2,2 @@\n      a()\n-     b()\n+     c()\n") == before.replace("b", "c")
