"""Files that make parsers raise, given to every command that reads any: a line and an exit code, no traceback."""

import json
import os
import shutil

import pytest

from tests import hostile_texts
from tests.conftest import PROBLEMS, need
from tests.hook.repositories import calculator

RIGHT = "class Solution:\n    def two_sum(self, nums, target):\n        return [0, 1]\n"
LOCAL = ("--sandbox", "local")
SUITE = """\
title = "Cart"
kind = "pytest"
"""


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    need("local")
    monkeypatch.setenv("CODEREFINE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def problem(tmp_path):
    """A problem to spoil, and a solution."""
    shutil.copytree(PROBLEMS / "two-sum", tmp_path / "mine")
    (tmp_path / "solution.py").write_text(RIGHT)
    return tmp_path / "mine"


def refused(done, codes=(2,)):
    assert done.code in codes, done
    assert "Traceback" not in done.err + done.out
    lines = [line for line in done.err.splitlines() if line.startswith("error: ")]
    assert len(lines) == (1 if done.code == 2 else 0), done.err
    assert all(len(line) < 600 for line in lines)


@pytest.mark.parametrize("name", hostile_texts.TOML)
@pytest.mark.parametrize(
    "command", [("test", "mine", "solution.py"), ("verify", "mine"), ("refine", "mine", "solution.py")]
)
def test_problem_toml(coderefine, problem, command, name):
    (problem / "problem.toml").write_bytes(hostile_texts.encoded(hostile_texts.TOML[name]))
    done = coderefine(*command, *LOCAL)
    refused(done)
    assert "problem.toml" in done.err


@pytest.mark.parametrize("name", hostile_texts.JSON)
@pytest.mark.parametrize("file", ["visible.json", "hidden.json"])
def test_tests_in_json(coderefine, problem, file, name):
    (problem / "tests" / file).write_bytes(hostile_texts.encoded(hostile_texts.JSON[name]))
    done = coderefine("test", "mine", "solution.py", *LOCAL)
    refused(done)
    assert file in done.err


@pytest.mark.parametrize("name", hostile_texts.JSON)
def test_an_argument_in_json(coderefine, problem, name):
    text = hostile_texts.encoded(hostile_texts.JSON[name])
    data = b'[{"args": [[1, 2], 3], "expected": ' + (text or b"{") + b"}]"
    (problem / "tests" / "visible.json").write_bytes(data)
    refused(coderefine("test", "mine", "solution.py", *LOCAL))


@pytest.mark.parametrize("name", hostile_texts.JSON)
@pytest.mark.parametrize("format_", ["generic", "humaneval", "mbpp", "leetcode", "livecodebench"])
def test_rows_of_an_import(coderefine, tmp_path, format_, name):
    text = hostile_texts.encoded(hostile_texts.JSON[name])
    (tmp_path / "set.jsonl").write_bytes(text + b"\n" if text else b"{\n")
    refused_rows(coderefine("import", format_, "set.jsonl", "-o", "out"))


@pytest.mark.parametrize("name", hostile_texts.JSON)
def test_packed_tests_of_an_import(coderefine, tmp_path, name):
    text = hostile_texts.encoded(hostile_texts.JSON[name]).decode("utf-8", "replace")
    row = {"question_id": "a", "question_content": "b", "public_test_cases": text, "private_test_cases": text}
    (tmp_path / "set.jsonl").write_text(json.dumps(row) + "\n")
    refused_rows(coderefine("import", "livecodebench", "set.jsonl", "-o", "out"))


@pytest.mark.parametrize("name", hostile_texts.PYTHON)
def test_python_in_an_import(coderefine, tmp_path, name):
    text = hostile_texts.PYTHON[name]
    humaneval = {
        "task_id": "a/1",
        "prompt": f"{text}\ndef f(x):\n",
        "entry_point": "f",
        "canonical_solution": text,
        "test": text,
    }
    mbpp = {"task_id": 1, "text": "t", "code": text, "test_list": [text], "test_setup_code": text}
    leetcode = {
        "task_id": "a",
        "prompt": text,
        "starter_code": text,
        "entry_point": text,
        "test": text,
        "problem_description": text,
        "completion": text,
    }
    (tmp_path / "set.jsonl").write_text("".join(json.dumps(row) + "\n" for row in (humaneval, mbpp, leetcode)))
    done = coderefine("score", "set.jsonl", "--solutions", "set.jsonl", *LOCAL)
    assert done.code in (0, 1, 2)
    assert "Traceback" not in done.err
    for format_ in ("humaneval", "mbpp", "leetcode"):
        done = coderefine("import", format_, "set.jsonl", "-o", "out")
        assert done.code in (0, 1, 2)
        assert "Traceback" not in done.err


def refused_rows(done):
    assert done.code == 2, done
    assert "Traceback" not in done.err
    assert done.err.startswith("warning: set.jsonl, line 1: "), done.err
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize("name", hostile_texts.PYTHON)
def test_a_solution_is_judged_or_refused(coderefine, problem, name):
    text = hostile_texts.encoded(hostile_texts.PYTHON[name])
    (problem.parent / "solution.py").write_bytes(RIGHT.encode() + text)
    refused(coderefine("test", "mine", "solution.py", *LOCAL), codes=(1, 2))
    refused(coderefine("refine", "mine", "solution.py", "--max-seconds", "1", *LOCAL), codes=(0, 1, 2))


@pytest.mark.parametrize("name", hostile_texts.PYTHON)
def test_files_of_pytest(coderefine, tmp_path, name):
    folder = tmp_path / "cart"
    for path, text in {"problem.toml": SUITE, "statement.md": "Cart.\n", "solution.py": "x = 1\n"}.items():
        folder.mkdir(exist_ok=True)
        (folder / path).write_text(text)
    (folder / "tests").mkdir()
    text = hostile_texts.encoded(hostile_texts.PYTHON[name])
    (folder / "tests" / "test_cart.py").write_bytes(b"def test_a():\n    pass\n" + text)
    refused(coderefine("test", "cart", "cart/solution.py", *LOCAL), codes=(1, 2))


@pytest.mark.parametrize("name", hostile_texts.TOML)
def test_settings_of_the_hook(coderefine, tmp_path, name):
    repo = calculator(tmp_path / "repo")
    repo.write("pyproject.toml", hostile_texts.encoded(hostile_texts.TOML[name]), stage=True)
    repo.write("calc.py", "x = 1\n", stage=True)
    done = coderefine("hook", folder=repo.root)
    refused(done)
    assert "pyproject.toml" in done.err


@pytest.mark.parametrize("name", hostile_texts.PYTHON)
def test_modules_and_tests_of_the_hook(coderefine, tmp_path, name):
    repo = calculator(tmp_path / "repo")
    text = hostile_texts.encoded(hostile_texts.PYTHON[name])
    repo.write("calc.py", b"def add(a, b):\n    return a - b\n" + text, stage=True)
    repo.write("tests/test_more.py", b"import calc\ndef test_a():\n    pass\n" + text, stage=True)
    repo.write("pyproject.toml", "[tool.coderefine]\nmax_seconds = 1\n", stage=True)
    refused(coderefine("hook", "--fix", folder=repo.root), codes=(1, 2))


@pytest.mark.parametrize("name", ["\udcff", "a\x1b[31mb", "." * 300, "x" * 300])
@pytest.mark.parametrize("command", [("test",), ("refine",), ("verify",), ("score",), ("new",)])
def test_names_that_are_no_text(coderefine, tmp_path, command, name):
    solution = tmp_path / "solution.py"
    solution.write_text(RIGHT)
    if len(os.fsencode(name)) < 255:
        shutil.copytree(PROBLEMS / "two-sum", tmp_path / name)
    files = ["solution.py"] if command[0] in ("test", "refine") else []
    sandbox = [] if command[0] == "new" else LOCAL
    done = coderefine(*command, name, *files, *sandbox)
    assert done.code in (0, 1, 2)
    assert "Traceback" not in done.err + done.out
    assert "\x1b" not in done.err + done.out


@pytest.mark.parametrize("text", ["\0", "\ud800", "x" * (2 << 20)])
def test_an_instruction(coderefine, problem, text):
    (problem.parent / "look.txt").write_bytes(hostile_texts.encoded(text))
    refused(coderefine("refine", "mine", "solution.py", "--instruction", "look.txt", *LOCAL))
