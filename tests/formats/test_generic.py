"""The generic format: rows become problems whose oracle is right and whose program to repair is not."""

import gzip
import json
from pathlib import Path

import pytest

from coderefine.formats.reading import read
from coderefine.formats.rows import count_lines
from coderefine.problem.problem import Param, TestCase
from coderefine.problem.typespec import parse

FILE = Path(__file__).parent / "fixtures" / "generic.jsonl"
ROW = json.loads(FILE.read_text().splitlines()[0])


def read_rows(tmp_path, *rows):
    """The records and faults of a file of these rows."""
    file = tmp_path / "set.jsonl"
    file.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows))
    faults = []
    return list(read(file, faults.append)), [(fault.line, fault.reason) for fault in faults]


@pytest.mark.parametrize("record", list(read(FILE)), ids=lambda record: record.problem.slug)
def test_an_oracle_is_accepted_and_a_program_to_repair_is_not(record, any_judge):
    right, wrong = (any_judge.run(record.problem, source, "all") for source in (record.oracle, record.buggy))
    assert right.accepted, right.failures
    assert not wrong.accepted
    assert right.total == len(record.problem.visible) + len(record.problem.hidden)


def test_a_row_becomes_a_record():
    first = next(read(FILE))
    assert (first.id, first.kind, first.buggy, first.oracle) == (ROW["id"], "comparison", ROW["buggy"], ROW["oracle"])
    problem = first.problem
    assert (problem.slug, problem.title) == ("shop-discounts-largest-discount", "largest-discount")
    assert (problem.kind.name, problem.entry, problem.difficulty, problem.tags) == (
        "function",
        "largest_discount",
        "easy",
        ("list",),
    )
    assert problem.params == (Param("discounts", parse("Any")),)
    assert [str(record.problem.returns) for record in read(FILE)] == ["Any", "Any", "Any", "set[tuple]"]


def test_literal_calls_become_values_and_all_else_stays_code():
    first, queue, till, pairs = (record.problem for record in read(FILE))
    assert first.visible == (TestCase("test 1", ([5, 20, 10],), 20), TestCase("test 2", ([],), 0))
    assert first.hidden[0] == TestCase("test 3", ([40],), 40)
    assert first.hidden[1].code.startswith("best = ")
    assert queue.visible[0].code == "assert (Solution().longestWait(queue([3, 1, 7]))) == (7)"
    assert (queue.kind.name, queue.entry, till.kind.name, till.entry) == (
        "function",
        "Solution.longestWait",
        "class",
        "Till",
    )
    assert pairs.visible[0].expected == {("nut", "nail"), ("nail", "nut")}
    assert pairs.hidden[0].args == (["a", "b"],)  # a keyword whose place is known
    assert pairs.hidden[2].code == "assert (pairs(*[['x', 'y']])) == ({('x', 'y')})"


def test_nothing_that_a_solver_sees_depends_on_a_hidden_test(tmp_path):
    other = {**ROW, "hidden_tests": [{"call": "largest_discount('surprise')", "expected": "None"}], "oracle": "x = 1"}
    (one,), _ = read_rows(tmp_path, ROW)
    (two,), _ = read_rows(tmp_path, other)
    assert one.problem.hidden != two.problem.hidden
    assert one.problem.without_hidden() == two.problem.without_hidden()


def test_a_call_that_leaves_out_an_argument_stays_code(tmp_path):
    tests = [{"call": "largest_discount([1], 2)", "expected": "2"}, {"call": "largest_discount([1])", "expected": "1"}]
    (record,), _ = read_rows(tmp_path, {**ROW, "visible_tests": tests})
    assert [bool(case.code) for case in record.problem.visible] == [False, True]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": 5}, "expected text in 'id'"),
        ({"id": "---"}, "expected an id with letters or digits, not '---'"),
        ({"entry_point": "open('x')"}, "expected an entry point such as Solution().two_sum or two_sum"),
        ({"entry_point": "class"}, None),
        ({"visible_tests": []}, "expected at least one test that a solver may see"),
        ({"visible_tests": {}}, "expected a list in 'visible_tests'"),
        ({"visible_tests": [{"call": "f(1)"}]}, "expected text in 'expected'"),
        ({"visible_tests": [{"call": "f(1)) or (f(2)", "expected": "1"}]}, "expected a call and a literal in a test"),
        ({"visible_tests": [{"assert": "assert ("}]}, "expected Python in a test"),
        ({"visible_tests": [3]}, "expected a test to be"),
        ({"buggy": "x = '\0'"}, "expected a program in 'buggy'"),
        ({"buggy": "#" * (1 << 20) + "\n"}, "expected a program in 'buggy'"),
        ({"statement": "\ud800"}, "expected a JSON object: it holds half of a surrogate pair"),
        ({"meta": []}, None),
        ({"meta": "x"}, "expected an object in 'meta'"),
    ],
)
def test_a_bad_row_is_told_with_its_line_and_the_rest_go_on(tmp_path, change, reason):
    records, faults = read_rows(tmp_path, {**ROW, **change}, "", {**ROW, "id": "next"})
    assert [record.id for record in records][-1] == "next"
    if reason:
        ((line, said),) = faults
        assert line == 1
        assert said.startswith(reason)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "expected a JSON object: "),
        ("[1]", "expected a JSON object, not a list"),
        ("[" * 100_000, "expected a JSON object: "),
        ('{"id": "\xff"}', "expected a JSON object: "),
        ("1" * 5000, "expected a JSON object: "),
    ],
)
def test_a_line_that_is_no_object_is_told_and_the_rest_go_on(tmp_path, line, reason):
    file = tmp_path / "set.jsonl"
    file.write_bytes(line.encode("latin-1") + b"\n" + json.dumps(ROW).encode())
    faults = []
    assert len(list(read(file, faults.append))) == 1
    assert [fault.line for fault in faults] == [1]
    assert faults[0].reason.startswith(reason)


def test_an_id_that_was_there_before_is_told(tmp_path):
    records, faults = read_rows(tmp_path, ROW, ROW)
    assert len(records) == 1
    assert faults == [(2, "shop-discounts-largest-discount was there before")]


def test_a_gzipped_file_is_read_whatever_its_name(tmp_path):
    file = tmp_path / "set.data"
    file.write_bytes(gzip.compress(FILE.read_bytes()))
    assert list(read(file)) == list(read(FILE))


def test_a_gzipped_file_that_ends_too_soon_is_told_after_what_could_be_read(tmp_path):
    file = tmp_path / "set.jsonl.gz"
    file.write_bytes(gzip.compress(FILE.read_bytes() * 200, 1)[:-2000])
    faults = []
    assert len(list(read(file, faults.append))) == 4
    assert "cannot be read any further" in faults[-1].reason


def test_a_line_that_expands_without_end_is_told_and_takes_little_memory(tmp_path, monkeypatch):
    monkeypatch.setattr("coderefine.formats.rows.MAX_LINE_BYTES", 1 << 16)
    file = tmp_path / "set.jsonl.gz"
    file.write_bytes(gzip.compress(b'{"id": "' + b" " * (8 << 20) + b'"}\n' + FILE.read_bytes()))
    faults = []
    assert len(list(read(file, faults.append))) == 4
    assert [fault.line for fault in faults] == [1]


def test_a_file_that_expands_without_end_is_read_to_a_limit(tmp_path, monkeypatch):
    monkeypatch.setattr("coderefine.formats.rows.MAX_FILE_BYTES", 1 << 20)
    file = tmp_path / "set.jsonl.gz"
    file.write_bytes(gzip.compress(FILE.read_bytes() + b" " * (8 << 20) + b"\n" + FILE.read_bytes()))
    faults = []
    assert len(list(read(file, faults.append))) == 4
    assert "the rest is not read" in faults[-1].reason


PROGRAM_ROW = {
    "id": "shop/total",
    "kind": "program",
    "entry_point": "",
    "buggy": "print(sum(map(int, input().split())) + 1)\n",
    "oracle": "print(sum(map(int, input().split())))\n",
    "visible_tests": [{"stdin": "1 2\n", "expected": "3\n"}],
    "hidden_tests": [{"stdin": "-5 2\n", "expected": "-3\n"}],
    "limits": {"time_s": 1, "memory_mib": 128},
}


def test_a_row_with_inputs_is_a_whole_program(tmp_path, judge):
    without = {name: value for name, value in PROGRAM_ROW.items() if name != "entry_point"}
    (first, second), faults = read_rows(tmp_path, PROGRAM_ROW, {**without, "id": "shop/sum"})
    assert not faults
    problem = first.problem
    assert (problem.kind.name, problem.compare.mode, problem.limits.time_s, problem.limits.memory_mib) == (
        "program",
        "tokens",
        1.0,
        128,
    )
    assert (problem.visible[0].args, problem.hidden[0].expected) == (("1 2\n",), "-3\n")
    assert second.problem.kind == problem.kind
    assert judge.run(problem, first.oracle, "all").accepted
    assert not judge.run(problem, first.buggy).accepted


def test_limits_hold_for_functions_as_well(tmp_path):
    (record,), faults = read_rows(tmp_path, {**ROW, "limits": {"time_s": 0.5}})
    assert (record.problem.limits.time_s, faults) == (0.5, [])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"visible_tests": [{"stdin": "1"}]}, "expected text in 'expected'"),
        ({"hidden_tests": [{"call": "f(1)", "expected": "1"}]}, "expected each test of a program"),
        ({"prelude": "import math"}, "expected no 'prelude'"),
        ({"limits": {"time_s": 0}}, "expected 'time_s' to be seconds from 0.01 to 60"),
        ({"limits": {"time_s": True}}, "expected 'time_s'"),
        ({"limits": {"memory_mib": 9000}}, "expected 'memory_mib' to be a whole number from 16 to 4096"),
        ({"limits": [1]}, "expected an object in 'limits'"),
    ],
)
def test_what_is_wrong_with_a_program_is_told(tmp_path, change, reason):
    records, faults = read_rows(tmp_path, {**PROGRAM_ROW, **change})
    assert not records
    assert faults[0][1].startswith(reason)


def test_a_last_line_without_an_end_counts(tmp_path):
    path = tmp_path / "rows.jsonl"
    for text in ('{"a": 1}\n{"a": 2}\n', '{"a": 1}\n{"a": 2}'):
        path.write_text(text)
        assert count_lines(path) == 2
