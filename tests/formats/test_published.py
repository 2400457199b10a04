"""Sets are scored as they are published: their own comparison, their own tests, and nothing else."""

import json

import pytest

from coderefine.formats.pending import settled
from coderefine.formats.reading import read
from coderefine.formats.shapes import complex_parameters, learned
from coderefine.judge.answers import answers
from tests.formats.test_public_formats import FIXTURES

CHECK = "def check(candidate):\n"


@pytest.fixture
def rows_of(tmp_path):
    """Return `read(rows)`: the records of a set of these rows."""

    def read_rows(*rows, as_text=None):
        file = tmp_path / "set.jsonl"
        file.write_text(as_text or "".join(json.dumps(row) + "\n" for row in rows))
        return list(read(file))

    return read_rows


def humaneval(body, doc="Return x.", entry="f", solution="    return x\n"):
    return {
        "task_id": "Own/1",
        "entry_point": entry,
        "prompt": f'def {entry}(x):\n    """{doc}\n    """\n',
        "canonical_solution": solution,
        "test": CHECK + "".join(f"    {line}\n" for line in body),
    }


@pytest.mark.parametrize(
    ("expected", "answer", "right"),
    [
        ("(1, 2)", "[1, 2]", False),
        ("[1, 2]", "(1, 2)", False),
        ("[(1, 2)]", "[[1, 2]]", False),
        ("(1, 2)", "(1, 2)", True),
        ("1", "True", True),
        ("{'a': 2}", "__import__('collections').Counter('aa')", True),
        ("0.5", "__import__('fractions').Fraction(1, 2)", True),
        ("{1}", "{1: 2}.keys()", True),
        ("0.1", "0.1000000001", False),
    ],
)
def test_answers_are_compared_as_python_compares_them(rows_of, any_judge, expected, answer, right):
    (record,) = rows_of(humaneval([f"assert candidate(0) == {expected}", f"assert candidate(1) == {expected}"]))
    assert any_judge.run(record.problem, f"def f(x):\n    return {answer}\n", "all").accepted is right
    stopped = any_judge.run(record.problem, f"def f(x):\n    return {answer}\n", "all", stop_at_first_failure=True)
    assert stopped.accepted is right


def test_an_example_that_the_set_does_not_test_is_shown_and_does_not_count(rows_of):
    (record,) = rows_of(
        humaneval(
            ["assert candidate(1) == 1", "assert candidate(2) == 2"], "Same.\n    >>> f(7)\n    7\n    >>> f(2)\n    2"
        )
    )
    assert [(case.args, case.counts) for case in record.problem.visible] == [((7,), False), ((2,), True)]
    assert [case.args for case in record.problem.hidden] == [(1,)]


def test_an_example_that_contradicts_the_set_is_dropped_with_a_note(rows_of):
    (record,) = rows_of(humaneval(["assert candidate(1) == 1"], "Same.\n    >>> f(1)\n    3"))
    assert [(case.args, case.expected, case.counts) for case in record.problem.visible] == [((1,), 1, True)]
    assert "contradicts" in record.notes[0]


def test_asterisks_of_an_example_are_its_own(rows_of):
    (record,) = rows_of(
        {
            "task_id": "stars",
            "entry_point": "Solution().stars",
            "starter_code": "class Solution:\n    def stars(self, s: str) -> int:\n        ",
            "prompt": "",
            "completion": "class Solution:\n    def stars(self, s):\n        return s.count('*')\n",
            "problem_description": '**Input:** s = "a*b**c"\n**Output:** 3\n\n**Input**: s = "*"\nOutput: 1\n',
            "test": CHECK + "    assert candidate(s = 'x') == 0\n",
        }
    )
    assert [case.args for case in record.problem.visible] == [("a*b**c",), ("*",)]


def test_a_file_may_be_one_document(rows_of):
    row = {"task_id": 3, "prompt": "Twice.", "code": "def f(x):\n    return 2 * x\n", "test_list": ["assert f(1) == 2"]}
    assert [it.id for it in rows_of(as_text=json.dumps([row, {**row, "task_id": 4}], indent=1))] == ["mbpp/3", "mbpp/4"]
    assert [it.id for it in rows_of(as_text=json.dumps([row]))] == ["mbpp/3"]
    named = {"a": {key: value for key, value in row.items() if key != "task_id"}}
    assert [it.id for it in rows_of(as_text=json.dumps(named, indent=1))] == ["a"]


@pytest.fixture
def evalplus(any_judge, tmp_path):
    """The records of the fixture, by the names of their functions, with their tests."""

    def answering(problem, source):
        return answers(any_judge, problem, source)

    return {it.problem.entry: settled(it, answering, tmp_path / "kept") for it in read(FIXTURES / "evalplus.jsonl")}


def test_inputs_alone_become_tests_by_the_sets_own_program(evalplus, any_judge, tmp_path):
    spread = evalplus["spread"].problem
    cases = [(case.args[0], case.expected, case.part) for case in (*spread.visible, *spread.hidden)]
    assert cases == [([4, 1], 3, ""), ([7], 0, ""), ([], 0, "plus"), ([2.5, 0.1], 2.4, "plus")]
    assert "no answer on 1 inputs" in evalplus["spread"].notes[0]
    for record in evalplus.values():
        assert any_judge.run(record.problem, record.oracle, "all").accepted, record.id
    assert len(list((tmp_path / "kept").iterdir())) == 3


def test_answers_of_the_sets_own_program_are_kept(tmp_path):
    asked = []

    def answering(problem, source):
        asked.append(problem.slug)
        raise AssertionError

    record = next(read(FIXTURES / "evalplus.jsonl"))
    with pytest.raises(AssertionError):
        settled(record, answering, tmp_path)
    assert asked == ["own-20"]


@pytest.mark.parametrize(
    ("entry", "program", "right"),
    [
        ("spread", "def spread(v):\n    return max(v) - min(v) + 1e-9 if v else 0\n", False),  # 3 is no float
        (
            "spread",
            "def spread(v):\n    d = max(v) - min(v) if v else 0\n    return d + 1e-9 if d == 2.4 else d\n",
            True,
        ),
        ("spread", "def spread(v):\n    return max(v) - min(v)\n", False),  # passes the base tests
        ("pair", "def pair(a, b):\n    assert isinstance(a, tuple)\n    return [*zip(a, b)]\n", True),
        ("pair", "def pair(a, b):\n    return [list(it) for it in zip(a, b)]\n", False),
        ("check_str", "def check_str(s):\n    return any(a == b for a, b in zip(s, s[1:]))\n", True),
        ("check_str", "def check_str(s):\n    return s.find('bb')\n", False),
    ],
)
def test_evalplus_compares_as_its_harness_does(evalplus, any_judge, entry, program, right):
    assert any_judge.run(evalplus[entry].problem, program, "all").accepted is right


def test_json_stands_for_what_the_assertions_show():
    pairs = [([[1, [2, 3]], [], "1j", {"a": [1]}], [(1, (2, 3)), set(), 1j, {"a": (1,)}])]
    shapes = learned(pairs)
    given = [[[4, [5, [6]]], [], "2", {"b": [2, 3]}]]
    found = [[shape.read(part) for shape, part in zip(shapes, row, strict=True)] for row in given]
    assert found == [[(4, (5, (6,))), set(), 2, {"b": (2, 3)}]]


def test_a_contract_tells_complex_numbers():
    contract = "\n  assert isinstance(z, (int, float, complex)), 'no' # $_CONTRACT_$\n  assert isinstance(s, str)\n"
    assert complex_parameters(contract, ["s", "z"]) == {1}
