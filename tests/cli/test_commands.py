"""The commands as a user meets them: output, exit codes, files."""

import json
import os
import subprocess
import sys
import time

import pytest

from tests.conftest import PROBLEMS

TWO_SUM = PROBLEMS / "two-sum"
RIGHT = TWO_SUM / "submissions" / "accepted" / "hash_map.py"
OFF_BY_ONE = TWO_SUM / "submissions" / "wrong_answer" / "off_by_one.py"
LOCAL = ("--sandbox", "local")


def test_help_lists_the_commands_and_exits_with_0(coderefine):
    done = coderefine("--help")
    assert done.code == 0
    assert all(
        name in done.out
        for name in ("refine", "score", "resume", "replay", "runs", "test", "verify", "import", "new", "doctor")
    )


@pytest.mark.parametrize(
    "command", ["refine", "score", "resume", "replay", "runs", "test", "verify", "import", "new", "doctor"]
)
def test_every_command_explains_itself(coderefine, command):
    done = coderefine(command, "--help")
    assert done.code == 0
    assert "Usage:" in done.out


@pytest.mark.parametrize(
    "args",
    [
        ["--help"],
        ["--version"],
        *([name, "--help"] for name in ("refine", "score", "verify", "resume", "replay", "runs", "import")),
    ],
)
def test_help_imports_nothing_heavy(args):
    code = (
        "import sys\nfrom coderefine.cli import cli\n"
        f"cli.main({args!r}, standalone_mode=False)\n"
        "print([m for m in ('litellm', 'docker', 'rich', 'unidiff', 'pytest', 'sqlite3', 'platformdirs') if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_importing_the_package_imports_nothing_else():
    code = "import sys, coderefine\nprint([m for m in sys.modules if m.startswith('coderefine.')])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def test_a_right_solution_is_accepted(coderefine):
    done = coderefine("test", TWO_SUM, RIGHT, "--tests", "all", *LOCAL)
    assert done.code == 0
    assert "AC" in done.out
    assert "sandbox: local" in done.err


def test_a_wrong_solution_gets_a_verdict_for_every_test(coderefine):
    done = coderefine("test", "two-sum", OFF_BY_ONE, *LOCAL)
    assert done.code == 1
    rows = [line for line in done.out.splitlines() if line.startswith(("✓", "✗"))]
    assert len(rows) == 4
    assert "expected [2, 3]" in done.out


def test_a_solution_can_come_from_standard_input(coderefine):
    assert coderefine("test", "two-sum", "-", *LOCAL, stdin=RIGHT.read_text()).code == 0


def test_the_report_of_a_test_run_is_one_json_document(coderefine):
    done = coderefine("test", "two-sum", OFF_BY_ONE, *LOCAL, "--format", "json")
    report = json.loads(done.out)
    assert (done.code, report["verdict"], report["total"], len(report["cases"])) == (1, "WA", 4, 4)
    assert done.err == ""


def test_terminal_escapes_of_a_candidate_do_not_reach_the_terminal(coderefine):
    source = "class Solution:\n    def two_sum(self, a, b):\n        raise ValueError('\\x1b[2J\\x07 gone')"
    done = coderefine("test", "two-sum", "-", *LOCAL, stdin=source)
    assert "\x1b[2J" not in done.out
    assert "\\x1b[2J\\x07 gone" in done.out


def test_refine_repairs_an_off_by_one_and_prints_the_change_as_a_diff(coderefine, tmp_path):
    (tmp_path / "off_by_one.py").write_text(OFF_BY_ONE.read_text())
    done = coderefine("refine", "two-sum", "off_by_one.py", *LOCAL)
    assert done.code == 0
    assert done.out.startswith("--- a/off_by_one.py\n+++ b/off_by_one.py\n@@ ")
    for part in ("before", "WA", "iteration 1", "patch", "after", "AC", "local", "0 calls", "$0"):
        assert part in done.err


def test_the_printed_diff_applies_with_the_standard_tools(coderefine, tmp_path):
    target = tmp_path / "off_by_one.py"
    target.write_text(OFF_BY_ONE.read_text())
    done = coderefine("refine", "two-sum", target, *LOCAL, "-q")
    subprocess.run(["patch", "-p1"], input=done.out.encode(), cwd=tmp_path, check=True, capture_output=True)
    assert coderefine("test", "two-sum", target, *LOCAL).code == 0


def test_refine_changes_no_file_unless_told(coderefine, tmp_path):
    target = tmp_path / "solution.py"
    target.write_text(OFF_BY_ONE.read_text())
    coderefine("refine", "two-sum", target, *LOCAL)
    assert target.read_text() == OFF_BY_ONE.read_text()
    coderefine("refine", "two-sum", target, *LOCAL, "--in-place")
    assert coderefine("test", "two-sum", target, *LOCAL).code == 0
    assert list(tmp_path.iterdir()) == [target]


def test_the_refined_program_can_be_written_to_a_file_or_to_standard_output(coderefine, tmp_path):
    coderefine("refine", "two-sum", OFF_BY_ONE, *LOCAL, "-o", tmp_path / "out.py")
    done = coderefine("refine", "two-sum", OFF_BY_ONE, *LOCAL, "-q", "-o", "-")
    assert done.out == (tmp_path / "out.py").read_text()
    assert done.out.startswith("class Solution")


def test_a_right_solution_is_left_alone(coderefine):
    done = coderefine("refine", "two-sum", RIGHT, *LOCAL)
    assert (done.code, done.out) == (0, "")
    assert "nothing to do" in done.err


def test_what_cannot_be_repaired_is_handed_back_unchanged(coderefine, tmp_path):
    target = tmp_path / "hopeless.py"
    target.write_text("class Solution:\n    def two_sum(self, nums, target):\n        raise NotImplementedError\n")
    done = coderefine("refine", "two-sum", target, *LOCAL, "--max-seconds", "5", "-o", "-", "-q")
    assert done.code == 1
    assert done.out == target.read_text()


def test_refine_gives_json_with_everything(coderefine):
    done = coderefine("refine", "two-sum", OFF_BY_ONE, *LOCAL, "--format", "json")
    data = json.loads(done.out)
    assert (data["verdict"], data["calls"], data["cost_usd"], data["backend"]) == ("AC", 0, 0.0, "local")
    assert data["before"]["verdict"] == "WA"
    assert data["iterations"][0]["criticism"]
    assert done.err == ""


def test_new_makes_a_problem_that_verifies(coderefine, tmp_path):
    assert coderefine("new", "my-problem").code == 0
    assert coderefine("new", "problems/my-class", "--kind", "class").code == 0
    assert coderefine("new", "problems/my-program", "--kind", "program").code == 0
    assert coderefine("new", "problems/my-suite", "--kind", "pytest").code == 0
    assert coderefine("verify", tmp_path / "my-problem", tmp_path / "problems", *LOCAL).code == 0


def test_new_overwrites_nothing(coderefine, tmp_path):
    (tmp_path / "mine").mkdir()
    done = coderefine("new", "mine")
    assert done.code == 2
    assert "exists already" in done.err
    assert list((tmp_path / "mine").iterdir()) == []


def test_verify_names_a_submission_whose_verdict_differs(coderefine, tmp_path):
    coderefine("new", "my-problem")
    wrong = tmp_path / "my-problem/submissions/wrong_answer/first_number.py"
    wrong.write_text(wrong.read_text().replace("nums[0]", "max(nums)"))
    done = coderefine("verify", "my-problem", *LOCAL)
    assert done.code == 1
    assert "first_number.py: expected WA, got AC" in done.out


def test_verify_goes_on_after_a_malformed_problem(coderefine, tmp_path):
    coderefine("new", "a")
    coderefine("new", "b")
    (tmp_path / "a" / "problem.toml").write_text("nonsense")
    done = coderefine("verify", ".", *LOCAL)
    assert done.code == 2
    assert "a/problem.toml: expected TOML" in done.err
    assert "2 of 2 submissions of 1 problem " in done.out


@pytest.mark.parametrize(
    ("args", "stdin", "code", "message"),
    [
        (["test", "two-sum", "missing.py"], "", 2, "cannot read missing.py: No such file"),
        (["test", "two-sum", "/"], "", 2, "cannot read /: Is a directory"),
        (["test", "nowhere", "x.py"], "", 2, "nowhere: no such problem directory"),
        (["test", "/tmp", "x.py"], "", 2, "holds no problem.toml"),
        (["test", sys.executable, "x.py"], "", 2, "is a file; a problem is a directory"),
        (["test", "two-sum", sys.executable], "", 2, "a solution"),
        (["test", "two-sum", "-"], "", 2, "standard input is empty"),
        (["test", "two-sum", "-"], b"\x00\x01\x02", 2, "binary"),
        (["test", "two-sum", "-"], "#" * (5 << 20), 2, "at most 1 MiB"),
        (["refine", "two-sum", "-"], "#" * (5 << 20), 2, "at most 1 MiB"),
        (["refine", "two-sum"], "", 2, "cannot write one"),
        (["refine", "two-sum", "-", "--in-place"], "x = 1", 2, "--in-place needs a FILE"),
        (["refine", "two-sum", "-", "--model", "no-such-model"], "x = 1", 2, "no-such-model"),
        (["refine", "two-sum", "-", "--model", "gpt-4o"], "x = 1", 3, "OPENAI_API_KEY"),
        (["refine", "two-sum", "missing.py", "-o", "x.py"], "", 2, "cannot read"),
        (["refine", "two-sum", "-", "--instruction", "missing.txt"], "x = 1", 2, "--instruction missing.txt: No such file"),
        (["refine", "two-sum", "-", "--instruction", "/"], "x = 1", 2, "--instruction /: Is a directory"),
        (["refine", "two-sum", "-", "--instruction", "/dev/null"], "x = 1", 2, "--instruction /dev/null: the file is empty"),
        (["refine", "two-sum", "-", "--instruction", sys.executable], "x = 1", 2, "not a text file in UTF-8"),
        (["refine", "two-sum", "-", "--candidates", "0"], "x = 1", 2, "Invalid value"),
        (["refine", "two-sum", "-", "--max-seconds", "nan"], "x = 1", 2, "is not a number"),
        (["refine", "two-sum", "-", "--edit-format", "sed"], "x = 1", 2, "Invalid value"),
        (["test", "two-sum", "-", "--sandbox", "docker"], "x = 1", 3, "Docker"),
        (["test", "two-sum", "-", "--sandbox", "none"], "x = 1", 2, "Invalid value"),
        (["frobnicate"], "", 2, "No such command"),
        ([], "", 2, "Usage"),
    ],
)  # fmt: skip
def test_bad_input_gets_a_clear_message_and_the_right_exit_code(coderefine, tmp_path, args, stdin, code, message):
    nowhere = {"DOCKER_HOST": "unix:///nowhere/docker.sock", "OPENAI_API_KEY": ""}
    sandbox = [] if "--sandbox" in args or args[:1] not in (["test"], ["refine"]) else LOCAL
    done = coderefine(*args, *sandbox, stdin=stdin, env=nowhere)
    assert done.code == code, done.err
    assert message in done.err
    assert "Traceback" not in done.err
    assert list(tmp_path.iterdir()) == []


def test_an_unreadable_problem_file_is_named(coderefine, tmp_path):
    coderefine("new", "mine")
    (tmp_path / "mine" / "problem.toml").unlink()
    (tmp_path / "mine" / "problem.toml").mkdir()
    done = coderefine("test", "mine", "-", *LOCAL, stdin="x = 1")
    assert done.code == 2
    assert "problem.toml" in done.err


def test_without_docker_auto_takes_the_local_sandbox_and_says_why(coderefine):
    done = coderefine("test", "two-sum", RIGHT, env={"DOCKER_HOST": "unix:///nowhere/docker.sock"})
    assert done.code == 0
    assert (
        "sandbox: local (the Docker engine at unix:///nowhere/docker.sock (DOCKER_HOST) does not answer (No such file"
        in done.err
    )


def test_ctrl_c_returns_the_best_so_far_and_exits_with_130(tmp_path):
    import signal

    source = "class Solution:\n    def two_sum(self, nums, target):\n        import time\n        time.sleep(0.3)\n        return []\n"
    (tmp_path / "slow.py").write_text(source)
    process = subprocess.Popen(
        [sys.executable, "-m", "coderefine", "refine", "two-sum", "slow.py", *LOCAL, "-o", "-"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "COLUMNS": "120"},
    )  # fmt: skip
    for line in process.stderr:
        if line.startswith("before"):
            break
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert out == source
    assert "interrupted" in err
