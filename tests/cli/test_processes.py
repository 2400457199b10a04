"""Each command works as a process of its own. All else about commands is tested in this one, which imports once."""

import subprocess
import sys
from pathlib import Path

import pytest

from coderefine import cli
from tests.conftest import PROBLEMS

TWO_SUM = PROBLEMS / "two-sum"
WRONG = TWO_SUM / "submissions" / "wrong_answer" / "off_by_one.py"
GENERIC = Path(__file__).parent.parent / "formats" / "fixtures" / "generic.jsonl"
LOCAL = ("--sandbox", "local")
ALONE = {
    "test": ((TWO_SUM, WRONG, *LOCAL), 1, "expected [2, 3]"),
    "fix": (("no-such-file.py",), 2, ""),
    "verify": ((TWO_SUM, *LOCAL), 0, "of 1 problem "),
    "score": ((GENERIC, *LOCAL), 0, "4 attempts"),
    "new": (("my-problem",), 0, ""),
    "import": (("generic", GENERIC, "-o", "set"), 0, "4 problems imported into set"),
    "certify": ((TWO_SUM, WRONG, *LOCAL), 1, "only a program that passes all tests"),
    "doctor": ((), 0, "candidates run in the"),
    "hook": ((), 2, ""),
    "problems": (("class",), 0, "lru-cache"),
    "config": ((), 0, "edit_format"),
    "completion": (("zsh",), 0, "_CODEREFINE_COMPLETE=zsh_complete"),
    "tune": (("no-such-set",), 2, ""),
    "evolve": (("no-such-problem",), 2, ""),
}
OF_A_RUN = {
    "replay": (("last",), "--- a/wrong.py"),
    "resume": (("last",), "--- a/wrong.py"),
    "runs": (("show", "last"), "WA → AC"),
    "report": (("last", "-o", "-"), "<!doctype html>"),
    "apply": (("last",), ""),
}


@pytest.mark.parametrize("name", ALONE)
def test_it_prints_its_result_and_exits_with_its_code(process, name):
    arguments, code, printed = ALONE[name]
    done = process(name, *arguments)
    assert (done.code, printed in done.out) == (code, True), done
    assert "Traceback" not in done.err


def test_a_run_is_made_and_looked_at_and_applied_by_one_process_after_the_other(process, tmp_path):
    home, wrong = {"CODEREFINE_HOME": str(tmp_path / "home")}, tmp_path / "wrong.py"
    wrong.write_text(WRONG.read_text())
    done = process("refine", TWO_SUM, wrong, *LOCAL, env=home)
    assert (done.code, done.out[:14]) == (0, "--- a/wrong.py"), done
    for name, (arguments, printed) in OF_A_RUN.items():
        again = process(name, *arguments, env=home)
        assert (again.code, printed in again.out) == (0, True), again
    assert process("test", TWO_SUM, wrong, *LOCAL).code == 0


def test_no_command_is_left_out():
    elsewhere = {"mcp": "test_mcp.py", "serve": "tests/serve/test_command.py"}
    assert {*ALONE, *OF_A_RUN, "refine", *elsewhere} == set(cli.COMMANDS)


def test_what_lies_in_the_working_directory_is_not_imported(tmp_path):
    for name in ("click", "statistics", "ast", "tomllib"):
        (tmp_path / f"{name}.py").write_text("open('ran', 'w').close()\nraise SystemExit('imported')\n")
    command = [sys.executable, "-m", "coderefine", "problems"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "ran").exists()
