"""Each importer makes problems of its fixture in which the program of the set is right and a wrong one is not."""

import base64
import json
import pickle
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from coderefine.errors import UsageError
from coderefine.folder.loading import load_problem
from coderefine.folder.verify import find_problems, verify
from coderefine.formats.reading import LINES, read
from coderefine.formats.record import Record
from coderefine.formats.writing import write
from tests.conftest import PROBLEMS

FIXTURES = Path(__file__).parent / "fixtures"
WRONG = {
    "own-0": "def widest_gap(marks):\n    return max((b - a for a, b in zip(marks, marks[1:])), default=0)\n",
    "own-1": "def halves(text):\n    return text[:1], text[1:]\n",
    "own-2": "def means(rows):\n    return [sum(row) // len(row) for row in rows]\n",
    "own-3": "def noisy(x):\n    return x + 1\n",
    "own-5": "def twice(x):\n    return x + x if x != 'ab' else x\n",
    "mbpp-901": "def common(a, b):\n    return set(a)\n",
    "mbpp-902": "def diagonal(a, b):\n    return a + b\n",
    "mbpp-903": "class Lamp:\n    def switch(self):\n        return True\n",
    "mbpp-904": "def halve(xs):\n    return [x // 2 for x in xs]\n",
    "seats-in-a-row": "class Solution:\n    def canSeat(self, seats, guests):\n        return bool(seats)\n",
    "mirror-shelf": "class Solution:\n    def mirror(self, root):\n        return root\n",
    "in-any-order": "class Solution:\n    def letters(self, word):\n        return list(word)\n",
    "own_a": "input()\nprint(6)\n",
    "own_b": "class Solution:\n    def longest(self, names, least):\n        return ['Peter', 5]\n",
    "own-6": "def thirds(x):\n    return round(x / 3)\n",
    "own-30": "def shout(text):\n    return text.upper()\n",
    "problem-40": "print(sum(map(int, input().split())))\n",
    "problem-41": "class Solution:\n    def ordered(self, a, b):\n        return a, b\n",
    "42_a-echo": "print(input())\n",
    "mbpp-906": "class Box:\n    def __init__(self, *boxes):\n        pass\n\n\ndef boxes(box):\n    return 0\n",
    "gcd": "def gcd(a, b):\n    return b\n",
    "flatten": "def flatten(nested):\n    return iter(nested)\n",
    "root": "def root(x, epsilon):\n    return x\n",
    "reachable": "def reachable(start, goal):\n    return True\n",
}
GCD = (
    "def gcd(a, b):\n    while {}:\n        a, b = b, a % b\n    return a\n\n\n'''\nThe greatest common divisor.\n'''\n"
)
FLATTEN = (
    "def flatten(nested):\n    for item in nested:\n        if isinstance(item, list):\n"
    "            yield from flatten(item)\n        else:\n            yield {}\n"
)
ROOT = "def root(x, epsilon):\n    guess = x / 2\n    while abs({}) > epsilon:\n        guess = (guess + x / guess) / 2\n    return guess\n"
REACHABLE = (
    "def reachable(start, goal):\n    return {}start is goal or any(reachable(it, goal) for it in start.successors)\n"
)
HEAD = (
    "import pytest\n{more}\nif pytest.use_correct:\n    from correct_python_programs.{name} import {name}\n"
    "else:\n    from python_programs.{name} import {name}\n\n"
)
LOADED = (
    "testdata = load_json_testcases({name}.__name__)\n\n\n@pytest.mark.parametrize('input_data,expected', testdata)\n"
    "def test_{name}(input_data, expected):\n    {test}\n"
)
LOAD = "from load_testdata import load_json_testcases\n"
SUITES = {
    "gcd": (LOAD, LOADED, "assert gcd(*input_data) == expected"),
    "flatten": (LOAD, LOADED, "assert list(flatten(*input_data)) == expected"),
    "root": (LOAD, LOADED, "assert root(*input_data) == pytest.approx(expected, abs=input_data[-1])"),
    "reachable": (
        "from node import Node\n",
        "def test_reachable():\n    end = Node()\n    assert {test}(Node(end), end)\n\n\n"
        "def test_unreachable():\n    assert not reachable(Node(), Node())\n",
        "reachable",
    ),
}
CASES = {
    "gcd": [[[17, 0], 17], [[12, 18], 6], [[7, 7], 7], [[1, 9], 1]],
    "flatten": [[[[1, [2, [3]]]], [1, 2, 3]], [[[]], []], [[["a"]], ["a"]]],
    "root": [[[4, 0.01], 2], [[9, 0.001], 3]],
}


@pytest.fixture(scope="session")
def quixbugs(tmp_path_factory):
    """A folder laid out as QuixBugs, with programs of our own."""
    folder = tmp_path_factory.mktemp("quixbugs")
    texts = {
        "conftest.py": "import pytest\n\n\ndef pytest_addoption(parser):\n    parser.addoption('--correct', action='store_true')\n\n\n"
        "def pytest_configure(config):\n    pytest.use_correct = config.getoption('--correct')\n",
        "python_testcases/node.py": "class Node:\n    def __init__(self, *successors):\n        self.successors = successors\n",
        "python_testcases/load_testdata.py": "import json\nfrom pathlib import Path\n\n\ndef load_json_testcases(name):\n"
        "    file = Path(__file__).parent.parent / 'json_testcases' / f'{name}.json'\n"
        "    return [json.loads(line) for line in file.read_text().splitlines()]\n",
    }
    for name, (more, tests, test) in SUITES.items():
        texts[f"python_testcases/test_{name}.py"] = (HEAD + tests).format(name=name, more=more, test=test)
    for name, cases in CASES.items():
        texts[f"json_testcases/{name}.json"] = "".join(json.dumps(case) + "\n" for case in cases)
    pairs = {
        "gcd": (GCD, "b > 1", "b"),
        "flatten": (FLATTEN, "flatten(item)", "item"),
        "reachable": (REACHABLE, "not ", ""),
    }
    pairs["root"] = ROOT, "x - guess", "x - guess * guess"
    for name, (program, bug, fix) in pairs.items():
        texts[f"python_programs/{name}.py"] = program.format(bug)
        texts[f"correct_python_programs/{name}.py"] = program.format(fix)
    for path, text in texts.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)
    return folder


def records(name, quixbugs, faults=None):
    place = quixbugs if name == "quixbugs" else FIXTURES / f"{name}.jsonl"
    faults = [] if faults is None else faults
    return list(read(place, faults.append))


def runnable(name, quixbugs):
    """Those whose tests need no more than Python's own modules."""
    return [it for it in records(name, quixbugs) if not set(it.needs) & {"numpy"}]


FORMATS = [
    "humaneval", "mbpp", "leetcode", "livecodebench", "contests", "codecontests", "debugbench", "quixbugs", "bigcodebench",
]  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_the_program_of_the_set_is_right_and_a_wrong_one_is_not(name, quixbugs, any_judge):
    for record in runnable(name, quixbugs):
        right = any_judge.run(record.problem, record.oracle, "all")
        assert right.accepted, (record.id, right.failures)
        impatient = replace(record.problem, limits=replace(record.problem.limits, time_s=0.5))
        if not record.id.startswith("tail-of-list"):
            assert not any_judge.run(impatient, WRONG[record.problem.slug], "all").accepted, record.id
        if record.buggy:
            assert not any_judge.run(impatient, record.buggy, "all").accepted, record.id


@pytest.mark.parametrize("name", ["generic", *FORMATS])
def test_an_imported_folder_is_the_same_problem(name, quixbugs, tmp_path):
    for record in records(name, quixbugs):
        assert write(record, tmp_path)
        assert replace(load_problem(tmp_path / record.problem.slug), path=None) == record.problem
    again = {record.problem.slug: record.buggy for record in read(tmp_path)}
    assert again == {record.problem.slug: record.buggy for record in records(name, quixbugs)}


def test_an_imported_folder_passes_its_own_check(quixbugs, tmp_path, any_judge):
    for name in FORMATS:
        for record in runnable(name, quixbugs):
            write(record, tmp_path)
            assert all(check.ok for check in verify(tmp_path / record.problem.slug, any_judge))


def test_a_folder_that_is_there_is_left_as_it_is(tmp_path):
    record = next(read(FIXTURES / "mbpp.jsonl"))
    assert write(record, tmp_path)
    note = tmp_path / record.problem.slug / "statement.md"
    note.write_text("my own words")
    assert not write(record, tmp_path)
    assert note.read_text() == "my own words"
    assert [path.name for path in tmp_path.iterdir()] == [record.problem.slug]


@pytest.mark.parametrize("path", find_problems([PROBLEMS]), ids=lambda it: it.name)
def test_a_problem_of_any_kind_is_written_as_it_was(path, tmp_path):
    problem = load_problem(path)
    write(Record(problem.slug, "", problem), tmp_path)
    written = load_problem(tmp_path / problem.slug)
    assert replace(written, path=None, statement="") == replace(problem, path=None, statement="")
    assert written.statement == problem.statement


def test_values_that_json_does_not_carry_are_written_with_their_types(tmp_path, any_judge):
    row = {
        "id": "values",
        "entry_point": "same",
        "buggy": "def same(x):\n    return x\n",
        "visible_tests": [
            {"call": f"same({text})", "expected": text}
            for text in ("b'x'", "{1: {(2, 3)}}", "1e999", "{(1, 2): 3}", "[1]")
        ],
    }
    file = tmp_path / "set.jsonl"
    file.write_text(json.dumps(row))
    (record,) = read(file)
    write(record, tmp_path)
    problem = load_problem(tmp_path / "values")
    assert replace(problem, path=None) == record.problem
    assert [bool(case.code) for case in problem.visible] == [False] * 5
    assert any_judge.run(problem, record.buggy).accepted


@pytest.mark.parametrize("name", [name for name in LINES if name != "generic"])
def test_a_format_is_told_by_its_rows(name):
    first = (FIXTURES / f"{name}.jsonl").read_text().splitlines()[0]
    assert [other for other, format_ in LINES.items() if format_.fits(json.loads(first))] == [name]


def test_what_is_visible_is_what_the_statement_shows(quixbugs):
    found = {record.problem.slug: record.problem for name in FORMATS for record in records(name, quixbugs)}
    shown = [(case.args, case.counts) for case in found["own-0"].visible]
    assert shown == [(([],), False), (([1, 4, 6],), True)]  # doctests, of which the set tests one
    assert len(found["own-0"].hidden) == 2
    assert [case.args for case in found["seats-in-a-row"].visible] == [([], 1), ([1, 0, 1], 2)]
    assert [case.args for case in found["seats-in-a-row"].hidden] == [([1, 0, 1], 3), ([0], 0)]
    first, second = found["mirror-shelf"].visible
    assert not first.counts
    assert second.counts
    assert first.code == "assert is_same_shelf(candidate(root=shelf([1, 2, None])), shelf([1, None, 2]))"
    assert second.code == "assert is_same_shelf(candidate(root=shelf([4, 5, 6])), shelf([4, 6, 5]))"
    assert len(found["mirror-shelf"].hidden) == 1
    assert (len(found["own_a"].visible), len(found["own_a"].hidden)) == (1, 2)


def test_without_examples_the_first_tests_are_visible_and_at_least_as_many_are_hidden(quixbugs):
    found = {record.problem.slug: record.problem for name in FORMATS for record in records(name, quixbugs)}
    counts = {slug: (len(found[slug].visible), len(found[slug].hidden)) for slug in ("mbpp-901", "gcd", "in-any-order")}
    assert counts == {"mbpp-901": (2, 1), "gcd": (2, 2), "in-any-order": (1, 1)}


def test_a_table_becomes_values_that_its_own_assertion_compares(quixbugs):
    means = next(it.problem for it in records("humaneval", quixbugs) if it.problem.slug == "own-2")
    assert [case.args for case in (*means.visible, *means.hidden)] == [([[1, 2]],), ([[0.1, 0.2, 0.3]],), ([],)]
    assert "assertion(got, expected, 0)" in means.compare.checker
    assert "import numpy" not in means.compare.checker


def test_a_check_with_a_loop_is_one_test_with_the_helpers_of_the_prompt(quixbugs):
    halves = next(it.problem for it in records("humaneval", quixbugs) if it.problem.slug == "own-1")
    (test,) = halves.visible
    assert test.code.endswith("check(candidate)\n")
    assert halves.prelude.startswith("def whole(parts):")


def test_rows_that_cannot_be_tested_are_told_with_the_reason(quixbugs):
    faults = []
    records("humaneval", quixbugs, faults)
    records("mbpp", quixbugs, faults)
    assert [(fault.line, fault.reason) for fault in faults] == [
        (5, "expected the prompt to define missing"),
        (5, "expected the first test to call a function of the program"),
    ]


class Hostile:
    def __reduce__(self):
        return (print, ("unpickled",))


def packed(data):
    return base64.b64encode(zlib.compress(data)).decode()


@pytest.mark.parametrize(
    ("private", "reason"),
    [
        (packed(pickle.dumps(Hostile())), "hold more than a text"),
        (packed(pickle.dumps(["[]"])), "hold more than a text"),
        (packed(pickle.dumps("[]")[:-3]), "cannot be unpacked"),
        (packed(b"no pickle"), "cannot be unpacked"),
        ("###", "cannot be unpacked"),
        (packed(pickle.dumps("{}")), "expected a list"),
    ],
)
def test_private_tests_are_never_unpickled(tmp_path, private, reason, capsys):
    assert reason in fault_of(private, tmp_path)
    assert capsys.readouterr().out == ""


def test_private_tests_that_expand_without_end_are_not_unpacked(tmp_path):
    assert "expand to more than 64 MiB" in fault_of(packed(b"\0" * (65 << 20)), tmp_path)


def fault_of(private, tmp_path):
    """Why a row with these private tests is not read."""
    row = json.loads((FIXTURES / "livecodebench.jsonl").read_text().splitlines()[0])
    file = tmp_path / "set.jsonl"
    file.write_text(json.dumps({**row, "private_test_cases": private}))
    faults = []
    assert not list(read(file, faults.append))
    return faults[0].reason


def test_a_folder_without_the_layout_of_quixbugs_is_refused(tmp_path):
    with pytest.raises(UsageError, match="not laid out as quixbugs"):
        list(read(tmp_path, format_="quixbugs"))


def test_a_folder_of_problems_is_a_set_and_a_malformed_one_is_told(tmp_path):
    for record in read(FIXTURES / "mbpp.jsonl", lambda _: None):
        write(record, tmp_path)
    (tmp_path / "mbpp-902" / "problem.toml").write_text("title = 3")
    faults = []
    assert [record.id for record in read(tmp_path, faults.append)] == ["mbpp-901", "mbpp-903", "mbpp-904", "mbpp-906"]
    assert len(faults) == 1


def test_links_out_of_a_folder_of_programs_are_not_read(tmp_path):
    (tmp_path / "secret.py").write_text("def f(x):\n    return 'secret'\n")
    for folder, name, text in (
        ("python_programs", "f.py", "def f(x):\n    return x\n"),
        ("json_testcases", "f.json", "[[1], 1]\n"),
        ("correct_python_programs", "f.py", "def f(x):\n    return x\n"),
    ):
        (tmp_path / "set" / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / "set" / folder / name).write_text(text)
    assert [it.id for it in read(tmp_path / "set")] == ["f"]
    (tmp_path / "set/correct_python_programs/f.py").unlink()
    (tmp_path / "set/correct_python_programs/f.py").symlink_to(tmp_path / "secret.py")
    faults = []
    assert list(read(tmp_path / "set", faults.append)) == []
    assert "expected no link that leads out of the folder" in faults[0].reason
    assert "secret" in next(read(tmp_path / "set", follow_links=True)).oracle
