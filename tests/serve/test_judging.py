"""What programs get for verdicts over HTTP, whatever kind of problem they are for."""

import json

import pytest

from coderefine.judge.verdict import Verdict
from coderefine.serve.client import AsyncJudgeClient, JudgeClient
from coderefine.serve.judging import last_block
from tests.conftest import PROBLEMS
from tests.serve.conftest import TOKEN

ROW = {
    "task_id": "HumanEval/0",
    "prompt": 'def more(x):\n    """Return one more."""\n',
    "entry_point": "more",
    "canonical_solution": "    return x + 1\n",
    "test": "def check(candidate):\n    assert candidate(1) == 2\n    assert candidate(5) == 6\n",
}
RIGHT, WRONG = "def more(x):\n    return x + 1\n", "def more(x):\n    return 2\n"
FORGED = "class Equal(int):\n    __eq__ = lambda self, other: True\ndef more(x):\n    return Equal(7)\n"
LEAVES = "import os\nos._exit(0)\n"
STDIO = {
    "id": "sum",
    "visible_tests": [{"stdin": "1 2\n", "expected": "3\n"}],
    "hidden_tests": [{"stdin": "4 5\n", "expected": "9\n"}],
    "limits": {"time_s": 0.2},
}
ADDS, LOOPS = "print(sum(map(int, input().split())))", "while True: pass"


@pytest.fixture
def client(url):
    with JudgeClient(url, TOKEN) as opened:
        yield opened


def folder(slug):
    """The files of a bundled problem, by path."""
    root = PROBLEMS / slug
    return {str(it.relative_to(root)): it.read_text() for it in root.rglob("*") if it.is_file()}


def test_each_program_has_its_verdict(client):
    found = client.verdicts({"row": ROW}, [RIGHT, WRONG, FORGED, LEAVES, "def more(x:"])
    assert [it.verdict.value for it in found] == ["AC", "WA", "WA", "RE", "CE"]
    assert [it.accepted for it in found] == [True, False, False, False, False]
    assert [it.index for it in found] == [0, 1, 2, 3, 4]


def test_programs_that_read_and_print(client):
    found = client.verdicts({"row": STDIO}, [ADDS, "print(3)", LOOPS], fail_fast=False)
    assert [(it.verdict.value, it.passed, it.total) for it in found] == [("AC", 2, 2), ("WA", 1, 2), ("TLE", 0, 2)]


@pytest.mark.parametrize("problem", [{"name": "two-sum"}, {"files": folder("two-sum")}], ids=["name", "files"])
def test_problems_in_folders(client, problem):
    source = next((PROBLEMS / "two-sum/submissions/accepted").glob("*.py")).read_text()
    (found,) = client.verdicts(problem, [source])
    assert found.accepted and found.total > 3


def test_a_problem_of_pytest(client):
    files = {
        "problem.toml": 'title = "Pages"\nkind = "pytest"\nsolution = "pages.py"\n',
        "statement.md": "# Pages\n\nAdd one.\n",
        "starter.py": "def more(x):\n    return x\n",
        "tests/visible/test_more.py": "from pages import more\n\ndef test_more():\n    assert more(1) == 2\n",
    }
    found = client.verdicts({"files": files}, [RIGHT, WRONG.replace("2", "3")], tests="visible")
    assert [(it.verdict.value, it.passed, it.total) for it in found] == [("AC", 1, 1), ("WA", 0, 1)]


def test_the_rest_of_a_prompt_and_a_models_answer(client):
    (rest,) = client.verdicts({"row": ROW}, ["    return x + 1\n"], given="rest")
    (answer,) = client.verdicts({"row": ROW}, [f"So:\n```python\n{RIGHT}```\nDone."], given="answer")
    assert rest.accepted and answer.accepted


@pytest.mark.parametrize("fail_fast", [True, False])
def test_the_verdict_is_of_the_first_test_that_fails(client, fail_fast):
    source = "def more(x):\n    return 1 // (5 - x)\n"  # 0, then an exception
    row = {**STDIO, "visible_tests": [{"call": "more(1)", "expected": "2"}], "entry_point": "more", "id": "first"}
    row |= {"hidden_tests": [{"call": "more(5)", "expected": "6"}]}
    (found,) = client.verdicts({"row": row}, [source], fail_fast=fail_fast)
    assert found.verdict is Verdict.WA


def test_tests_are_chosen(client):
    totals = [client.verdicts({"row": STDIO}, [ADDS], tests=it)[0].total for it in ("visible", "hidden", "all")]
    assert totals == [1, 1, 2]


def test_evidence_comes_in_a_report(client):
    (found,) = client.verdicts({"row": ROW | {"task_id": "HumanEval/1"}}, [WRONG], evidence=True)
    assert found.report.failures[0].coverage == (2,)
    (plain,) = client.verdicts({"row": ROW}, [WRONG])
    assert plain.report is None


def test_a_problem_is_sent_once_and_then_by_its_digest(http):
    first, *_ = http.post("/judge", json={"problem": {"row": ROW}, "programs": [RIGHT]}).text.splitlines()
    digest = json.loads(first)["problem"]
    again = http.post("/judge", json={"problem": {"digest": digest}, "programs": [RIGHT]}).text.splitlines()
    assert json.loads(again[0])["problem"] == digest and json.loads(again[1])["verdict"] == "AC"


def test_a_client_sends_the_problem_again_where_it_was_forgotten(small):
    server = small(problems=1)
    with JudgeClient(str(server.base_url), TOKEN) as client:
        for row in (ROW, STDIO, ROW):
            assert len(client.verdicts({"row": row}, [RIGHT])) == 1
        assert client._digests  # else nothing was sent by digest
        assert client.verdicts({"row": STDIO}, [ADDS])[0].accepted


def test_the_author_of_a_problem_hears_of_his_mistake(client):
    from coderefine.errors import UsageError

    with pytest.raises(UsageError, match="expected"):
        client.verdicts({"row": {**ROW, "test": "def check(candidate:"}}, [RIGHT])
    with pytest.raises(UsageError, match="no known format"):
        client.verdicts({"row": {"a": 1}}, [RIGHT])


def test_the_awaited_client(url):
    import asyncio

    async def ask():
        async with AsyncJudgeClient(url, TOKEN) as client:
            return await client.verdicts({"row": ROW}, [RIGHT, WRONG])

    assert [it.verdict.value for it in asyncio.run(ask())] == ["AC", "WA"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("```python\na\n```\ntext\n```python\nb\n```", "b\n"),
        ("```\na\n```", "a\n"),
        ("```python\na\n```\n```bash\nls\n```", "a\n"),
        ("no code", "no code"),
        ("```python\ncut off", "cut off"),
    ],
)
def test_the_last_block_of_an_answer_is_its_program(answer, code):
    assert last_block(answer) == code


@pytest.mark.parametrize("text", ["`" * 200_000, "```" + "a" * 200_001, "```\n" * 25_000], ids=len)
def test_no_answer_takes_long_to_read(text):
    assert last_block(text) is not None
