"""How one finds problems, commands, names and runs."""

import json
import os
import subprocess
import sys

import pytest

from coderefine import resources

LOCAL = ("--sandbox", "local")
WRONG = "def f(x):\n    return x\n\nassert f(1) == 2\nassert f(5) == 6\n"


def test_bundled_problems_are_listed_with_kinds_and_tags(coderefine):
    rows = json.loads(coderefine("problems", "--format", "json").out)
    assert {row["problem"] for row in rows} == {
        path.parent.name for path in resources.problems_dir().glob("*/problem.toml")
    }
    assert {row["kind"] for row in rows} == {"function", "class", "program", "pytest", "objective"}
    assert [row["problem"] for row in json.loads(coderefine("problems", "tree", "easy", "--format", "json").out)] == [
        "mirror-tree"
    ]
    assert coderefine("problems", "class", "stack").out.split() == ["min-stack", "class", "easy", "stack,", "design"]
    done = coderefine("problems", "nothing of the kind")
    assert (done.code, done.out) == (1, "")
    assert "coderefine problems" in done.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("refin", "x"), "did you mean refine"),
        (("problms",), "did you mean problems"),
        (("qqqq",), "No such command 'qqqq'"),
        (("test", "two_sun", "x.py"), "did you mean two-sum?"),
        (("test", "zzzzzz", "x.py"), "all of them: coderefine problems"),
        (("fix", "x.py", "--modle", "search"), "--model"),
        (("fix", "prcies.py"), "cannot read prcies.py: No such file or directory; did you mean prices.py?"),
        (("test", "two-sum", "./price.py"), "did you mean prices.py?"),
        (("fix", "nowhere/prices.py"), "No such file or directory\n"),
    ],
)
def test_a_name_that_is_near_is_told(coderefine, tmp_path, arguments, says):
    (tmp_path / "prices.py").write_text(WRONG)
    done = coderefine(*arguments)
    assert done.code == 2
    assert says in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("fix", "missing.py", "--format", "json"),
        ("test", "two-sun", "x.py", "--format=json"),
        ("fix", "--nope", "--format", "json"),
        ("refine", "--format", "json"),
        ("resume", "last", "--format", "json"),
        ("runs", "show", "nosuch", "--format", "json"),
        ("verify", "nowhere", "--format", "json"),
    ],
)
def test_errors_are_json_where_json_was_asked_for(coderefine, tmp_path, arguments):
    done = coderefine(*arguments, env={"CODEREFINE_HOME": str(tmp_path / "home")})
    told = json.loads(done.out)
    assert told["exit_code"] == done.code == 2
    assert told["error"]
    assert told["error"].split("\n")[0][:40] in done.err


def test_an_error_without_json_prints_nothing(coderefine):
    assert coderefine("fix", "missing.py").out == ""


def test_last_is_the_last_run_of_this_folder(coderefine, tmp_path):
    env = {"CODEREFINE_HOME": str(tmp_path / "home")}
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.py").write_text(WRONG)
        assert coderefine("fix", f"{name}.py", "-q", *LOCAL, folder=tmp_path / name, env=env).code == 0
    for name in ("one", "two"):
        assert coderefine("apply", "last", folder=tmp_path / name, env=env).code == 0
        assert "x + 1" in (tmp_path / name / f"{name}.py").read_text()
    done = coderefine("apply", "last", folder=tmp_path, env=env)
    assert done.code == 2
    assert "no run was begun in this folder; the newest of all is" in done.err
    assert "(two) in" in done.err


def test_a_stop_says_how_to_go_on(coderefine, tmp_path):
    (tmp_path / "mine.py").write_text("def f(x):\n    return x\n\nassert f(1) == [7, 9]\nassert f(2) == 'no'\n")
    done = coderefine("fix", "mine.py", "--max-seconds", "0.3", *LOCAL)
    assert done.code == 1
    assert "to go on: coderefine resume " in done.err


def test_tests_that_contradict_each_other_are_told(coderefine, tmp_path):
    coderefine("new", "mine")
    tests = [{"name": "a", "args": [[1]], "expected": 1}, {"name": "a", "args": [[1]], "expected": 2}]
    (tmp_path / "mine/tests/visible.json").write_text(json.dumps(tests))
    (tmp_path / "mine.py").write_text("class Solution:\n    def mine(self, nums):\n        return 1\n")
    for arguments in (("test", "mine", "mine.py"), ("verify", "mine")):
        done = coderefine(*arguments, *LOCAL)
        assert "several tests are called 'a'" in done.err
        assert "contradict each other" in done.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_get_a_script_that_asks_for_names(coderefine, shell):
    script = coderefine("completion", shell).out
    assert f"_CODEREFINE_COMPLETE={shell}_complete" in script
    assert "%(" not in script


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("coderefine refi", "plain,refine"),
        ("coderefine refine two", "plain,two-sum"),
        ("coderefine refine min", "plain,mine\nplain,min-stack"),
        ("coderefine fix --keep", "plain,--keep-partial"),
        ("coderefine fix --model s", "plain,search"),
        ("coderefine fix mi", "file,mi"),
        ("coderefine resume las", "plain,last"),
        ("coderefine runs show zzz", ""),
    ],
)
def test_names_are_completed(tmp_path, words, found):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/problem.toml").write_text("")
    home = tmp_path / "home"
    from coderefine.record.store import Store

    Store.open(home).close()
    env = {**os.environ, "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1), "CODEREFINE_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-m", "coderefine"], capture_output=True, text=True, check=True, cwd=tmp_path,
        env={**env, "_CODEREFINE_COMPLETE": "bash_complete"},
    )  # fmt: skip
    assert done.stdout.strip() == found


def test_bash_takes_the_script(tmp_path, coderefine):
    script = coderefine("completion", "bash").out
    done = subprocess.run(
        ["bash", "-c", f"{script}\ncomplete -p coderefine"], capture_output=True, text=True, check=True
    )
    assert "_coderefine_completion" in done.stdout
