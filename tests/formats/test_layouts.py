"""Folders and rows as Exercism, Kattis, VS Code and QuixBugs have them: the right program is right, a wrong one is not."""

import json

import pytest

from coderefine.errors import UsageError
from coderefine.folder.loading import load_problem
from coderefine.formats import exercism, kattis
from coderefine.formats.kattis_output import comparison
from coderefine.formats.operations import stated
from coderefine.formats.reading import count, read
from coderefine.formats.record import RowError
from coderefine.formats.writing import write
from coderefine.formats.yaml_lines import read_yaml
from coderefine.problem.folder import Folder
from tests.formats import layouts

MADE = {
    "exercism": (layouts.exercism, "track"),
    "kattis": (layouts.kattis, "packages"),
    "vscode": (layouts.vscode, "leetcode"),
    "quixbugs-rows": (layouts.quixbugs_rows, "quixbugs.jsonl"),
}
VERDICTS = {
    "exercism": {"one-more": ("", "WA"), "tea-kettle": ("AC", "WA"), "tide-clock": ("AC", "WA")},
    "kattis": {"heights": ("AC", "WA"), "pairs": ("AC", "WA")},
    "vscode": {
        "seat-sum": ("", "WA"),
        "9003-tail": ("", "AC"),
        "9005-old-merge": ("", "AC"),
        "9002-leetcode": ("", "AC"),
        "9007-full-shelf": ("", "WA"),
        "9008-walker": ("", "AC"),
    },
    "quixbugs-rows": {"gcd": ("AC", "RE"), "reach": ("AC", "WA")},
}
FAULTS = {
    "exercism": [],
    "kattis": ["of one file in Python, not output_validators/v/v.cc", "a problem of type interactive"],
    "vscode": ["expected examples with Input: and Output:", "expected a class Solution"],
    "quixbugs-rows": [],
}


@pytest.fixture
def made(tmp_path):
    """Return `made(name)`: a set in that layout."""
    return lambda name: MADE[name][0](tmp_path / MADE[name][1])


@pytest.mark.parametrize("name", MADE)
def test_the_right_program_is_right_and_the_wrong_one_is_not(made, name, any_judge):
    faults = []
    found = {}
    for record in read(made(name), faults.append):
        programs = (record.oracle, record.buggy)
        run = [any_judge.run(record.problem, it, "all").verdict.value if it else "" for it in programs]
        found[record.problem.slug] = tuple(run)
    assert found == VERDICTS[name]
    assert len(faults) == len(FAULTS[name])
    assert all(part in fault.reason for part, fault in zip(FAULTS[name], faults, strict=True))


@pytest.mark.parametrize("name", MADE)
def test_the_layout_is_known_by_itself_by_name_and_when_imported(made, name, tmp_path):
    place = made(name)
    by_itself, by_name = ([it.problem for it in read(place, lambda _: None, format_=it)] for it in (None, name))
    assert by_itself == by_name
    assert count(place) >= len(by_name)
    for record in read(place, lambda _: None):
        write(record, tmp_path / "out")
        again = load_problem(tmp_path / "out" / record.problem.slug)
        assert again.cases("all") == record.problem.cases("all")
        assert (again.limits, again.compare) == (record.problem.limits, record.problem.compare)


def test_an_exercise_has_its_whole_statement_and_what_lies_beside_it(made):
    found = {it.problem.slug: it for it in read(made("exercism"))}
    clock, kettle = found["tide-clock"], found["tea-kettle"]
    assert clock.id == "python/exercises/practice/tide-clock"
    assert clock.problem.statement.index("Sailors") < clock.problem.statement.index("tide is high")
    assert "negative hours" in clock.problem.statement
    assert clock.problem.title == "Tide Clock"
    assert {it.path for it in kettle.problem.suite.files} == {"conftest.py", "kettle_data.py"}
    assert clock.needs == kettle.needs == ()
    assert found["one-more"].oracle == ""


def test_a_package_has_its_limits_its_english_statement_and_its_tests_in_order(made):
    notes = {it.problem.slug: it.notes for it in read(made("kattis"), lambda _: None)}
    heights, pairs = (it.problem for it in read(made("kattis"), lambda _: None))
    assert (heights.title, pairs.title) == ("Heights: a tale", "Pairs")
    assert "Print the mean" in heights.statement
    assert pairs.statement == "Print two numbers.\n"
    assert (heights.limits.time_s, heights.limits.memory_mib, heights.limits.output_kib) == (3.0, 512, 8192)
    assert (pairs.limits.time_s, pairs.limits.memory_mib) == (1.5, 2048)
    assert [case.name for case in heights.visible] == ["sample/1"]
    assert [case.name for case in heights.hidden] == ["secret/b", "secret/large/a"]
    assert [case.name for case in pairs.cases("all")] == ["secret/10", "secret/7"]
    assert (heights.tags, pairs.tags) == (("math", "geometry"), ("math", "two words"))
    assert notes == {"heights": ("a test without its .ans is left out",), "pairs": ()}


OUTPUTS = [
    ("", "Yes 1.0", "yes  1.0\n", True),
    ("", "Yes 1.0", "yes 1.00", False),
    ("case_sensitive", "Yes", "yes", False),
    ("space_change_sensitive", "a b\n", "a  b\n", False),
    ("space_change_sensitive", "A b\n", "a b\n", True),
    ("float_tolerance 1e-2", "100", "100.9", True),
    ("float_tolerance 1e-2", "100", "102", False),
    ("float_tolerance 1e-2", "3.14e0 x", "3.1415 X", True),
    ("float_tolerance 1e-2", "3.14 x", "3.14", False),
    ("float_tolerance 1e-2", "3.14", "pi", False),
    ("float_absolute_tolerance 0.5", "1000", "1000.4", True),
    ("float_absolute_tolerance 0.5", "1000", "1001", False),
    ("float_relative_tolerance 1e-3", "0", "0.0001", False),
    ("float_tolerance 1e-6", "nan", "NaN", True),
    ("float_tolerance 1e-6", "1_0", "10", False),
]


@pytest.mark.parametrize(("flags", "answer", "printed", "right"), OUTPUTS)
def test_outputs_are_compared_as_the_default_validator_does(flags, answer, printed, right, tmp_path):
    compare = comparison(Folder(tmp_path), {"validator_flags": flags})
    scope = {}
    exec(compile(compare.checker, "checker", "exec"), scope)
    assert scope["check"](("",), answer, printed) is right


@pytest.mark.parametrize("flags", ["float_tolerance", "float_tolerance x", "float_tolerance nan", "no_such_flag"])
def test_flags_that_mean_nothing_are_told(flags, tmp_path):
    with pytest.raises(RowError, match="expected a"):
        comparison(Folder(tmp_path), {"validator_flags": flags})


def test_a_file_of_vs_code_is_read_alone_and_its_answer_may_be_in_place(made):
    folder = made("vscode")
    (flip,) = read(folder / "cn" / "9002.翻转.py")
    assert flip.problem.answer == "nums"
    assert "somewhere" not in flip.buggy
    assert "deque" in flip.buggy
    (seats,) = read(folder / "9001.seat-sum.py")
    assert seats.problem.difficulty == "easy"
    assert "own" not in seats.buggy
    assert [case.args for case in seats.problem.visible] == [([2, 7, 11], 5), ([1], 5)]


def test_a_class_in_a_file_of_vs_code_is_tested_by_its_operations(made, any_judge):
    folder = made("vscode")
    (shelf,) = read(folder / "9007.full-shelf.py")
    assert (shelf.problem.kind.name, shelf.problem.entry) == ("class", "Shelf")
    case = shelf.problem.visible[0]
    assert case.args == (["Shelf", "put", "put", "put", "heights"], [[2], [5], [7], [1], []])
    assert case.expected == [None, True, True, False, [5, 7]]
    right = shelf.buggy.replace("return self.books\n", "return self.books[: self.places]\n")
    assert any_judge.run(shelf.problem, right, "all").verdict.value == "AC"
    (walker,) = read(folder / "9008.walker.py")
    assert "TreeNode(7, TreeNode(3, None, None), TreeNode(15, TreeNode(9" in walker.problem.visible[0].code
    wrong = walker.buggy.replace("(node.left, node.right)", "(node.right, node.left)")
    assert any_judge.run(walker.problem, wrong, "all").verdict.value == "WA"


STATED = [
    ('Input\n["A","f"]\n[[],[1]]\nOutput\n[null,[2]]\n', [(["A", "f"], [[], [1]], [None, [2]])]),
    ('**Input**\n["A"] [["]"]]\n**Output:** [null]\nInput: ["A"]\n[[]]\nOutput: [null, 1]', [(["A"], [["]"]], [None])]),
    ('Input: names = ["A"], [[]]\nOutput: [null]', []),
    ('Input\n["A", 1]\n[[], []]\nOutput\n[null, null]', []),
    ('Input\n["A"]\n[[]]\nExplanation\nOutput', []),
]


@pytest.mark.parametrize(("text", "found"), STATED)
def test_examples_of_operations_are_read_where_they_are_whole(text, found):
    assert [(it.names, it.arguments, it.results) for it in stated(text)] == found


def test_a_folder_of_nothing_known_says_what_was_looked_for(tmp_path):
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(UsageError, match=r"problem\.toml.*quixbugs: .*exercism: .*kattis: .*vscode: "):
        list(read(tmp_path))
    with pytest.raises(UsageError, match=r"not laid out as kattis: folders with problem\.yaml"):
        list(read(tmp_path, format_="kattis"))


def test_what_is_broken_costs_its_own_record_only(made, tmp_path):
    folder = made("exercism")
    clock = folder / "python/exercises/practice/tide-clock"
    (clock / ".meta/config.json").write_text("{")
    (folder / "one-more" / "data.txt").symlink_to("/etc/passwd")
    (folder / "python/exercises/concept/tea-kettle/tea_kettle_test.py").write_text("def test(:\n")
    faults = []
    assert list(read(folder, faults.append)) == []
    told = sorted(fault.reason for fault in faults)
    assert "JSON in .meta/config.json" in told[0] + told[1] + told[2]
    assert any("link" in it for it in told)
    assert any("expected Python" in it for it in told)


def test_files_out_of_the_exercise_are_not_named_by_its_settings(made, tmp_path):
    folder = made("exercism")
    clock = folder / "python/exercises/practice/tide-clock"
    (tmp_path / "secret.py").write_text("KEY = 1\n")
    files = {"solution": ["tide_clock.py"], "example": ["../../../../../secret.py"], "test": ["tide_clock_test.py"]}
    (clock / ".meta/config.json").write_text(json.dumps({"files": files}))
    faults = []
    assert "tide-clock" not in {it.problem.slug for it in read(folder, faults.append)}
    assert any("link" in fault.reason for fault in faults)


def test_more_than_an_exercise_or_a_package_may_be_is_told(made, monkeypatch):
    monkeypatch.setattr(exercism, "MAX_BYTES", 5)
    monkeypatch.setattr(kattis, "MAX_BYTES", 5)
    faults = []
    assert {it.problem.slug for it in read(made("exercism"), faults.append)} == {"one-more", "tide-clock"}
    assert [*read(made("kattis"), faults.append)] == []
    assert "kettle_data.py: longer than" in faults[0].reason
    assert sum("MiB of tests in data/" in fault.reason for fault in faults) == 2


YAML = """\
# a comment
name: "A: b # c"   # comment
flags: x 1e-6
list: [a, 'b, c', {d: e}]
limits:
    time: 1.5
    deep:
      deeper: yes
items:
- one
- two: 2
text: |
   several
   lines
rest: it's # here
"""


def test_settings_are_read_as_texts():
    assert read_yaml(YAML) == {
        "name": "A: b # c",
        "flags": "x 1e-6",
        "list": ["a", "b, c", {"d": "e"}],
        "limits": {"time": "1.5", "deep": {"deeper": "yes"}},
        "items": ["one", "two: 2"],
        "text": "several\nlines",
        "rest": "it's",
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[",
        "- a",
        "a",
        ":",
        "a: [" * 500,
        "a:\n" + "".join(" " * n + "a:\n" for n in range(300)),
        "a: &x\n*x",
        "\t\0",
    ],
)
def test_no_settings_break_the_reader(text):
    assert isinstance(read_yaml(text), dict)
