"""From a page that was copied to a problem's directory, or to a repair in one step."""

import json
import os
import shutil
import stat
from dataclasses import replace

import pytest

from coderefine.cli import pasted
from coderefine.folder.loading import load_problem
from tests.page import shapes

LOCAL = ("--sandbox", "local")
WRONG = "def pair_of_weights(weights, goal):\n    for i in range(len(weights)):\n        for j in range(i):\n            if weights[i] + weights[j] == goal:\n                return [j, i + 1]\n"


def test_a_directory_is_made_of_a_page_which_loads(coderefine, tmp_path):
    done = coderefine("new", "--from", "-", stdin=shapes.PAIR)
    assert done.code == 0
    assert done.out.splitlines() == [
        f"pair-of-weights/{name}" for name in ("problem.toml", "starter.py", "statement.md", "tests/visible.json")
    ]
    assert "note: line 26: read as 2 <= weights.length <= 10^4" in done.err
    problem = load_problem(tmp_path / "pair-of-weights")
    assert (problem.entry, len(problem.visible)) == ("Solution.pairOfWeights", 2)
    done = coderefine("new", "--from", "-", stdin=shapes.PAIR)
    assert done.code == 2
    assert "exists already" in done.err


@pytest.mark.parametrize("name", [name for name in dir(shapes) if name.isupper()])
def test_what_is_written_is_what_was_read(coderefine, tmp_path, name):
    assert coderefine("new", "mine", "--from", "-", stdin=getattr(shapes, name)).code == 0
    from coderefine.page.reading import read

    made, page = load_problem(tmp_path / "mine"), read(getattr(shapes, name)).problem
    for field in ("kind", "entry", "params", "answer", "limits", "statement", "starter", "difficulty", "title"):
        assert getattr(made, field) == getattr(page, field)
    assert [(case.args, case.expected) for case in made.visible] == [(it.args, it.expected) for it in page.visible]
    assert made.compare.mode == page.compare.mode


def test_a_solution_is_repaired_by_a_page_in_one_step(coderefine, tmp_path):
    (tmp_path / "mine.py").write_text(WRONG)
    done = coderefine("refine", "--from", "-", "mine.py", *LOCAL, stdin=shapes.PAIR)
    assert done.code == 0
    assert "pair_of_weights is taken for Solution.pairOfWeights" in done.err
    assert "+                return [j, i]\n" in done.out
    assert "--- a/mine.py" in done.out
    assert [path.name for path in tmp_path.iterdir()] == ["mine.py"]
    (tmp_path / "page.txt").write_text(shapes.PAIR)
    assert coderefine("fix", "mine.py", "--from", "page.txt", "-i", "-q", *LOCAL).code == 0
    assert coderefine("test", "mine.py", "--from", "page.txt", *LOCAL).code == 0


def test_an_editors_file_is_repaired_by_its_own_comment(coderefine, tmp_path):
    (tmp_path / "7.twice.py").write_text(shapes.EDITOR.replace("n + 4\n", "n + 5\n"))
    assert coderefine("test", "7.twice.py", *LOCAL).code == 1
    assert coderefine("fix", "7.twice.py", "-i", *LOCAL).code == 0
    fixed = (tmp_path / "7.twice.py").read_text()
    assert fixed.startswith("#\n# @lc app=leetcode")
    assert fixed.endswith("# @lc code=end\n\n")
    assert coderefine("refine", "--from", "7.twice.py", *LOCAL).code == 0


def test_a_program_on_the_page_is_repaired_without_a_file(coderefine):
    done = coderefine("refine", "--from", "-", *LOCAL, stdin=shapes.SOLVED)
    assert done.code == 0
    assert "return n + n\n" in done.out


def test_what_was_copied_is_taken(coderefine, tmp_path, monkeypatch):
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "xsel"
    program.write_text(f"#!/bin/sh\ncat '{tmp_path}/page.txt'\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "page.txt").write_text(shapes.CODEFORCES)
    env = {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}
    monkeypatch.setattr(pasted, "_CLIPBOARDS", (("no-such-program",), ("xsel", "--clipboard", "--output")))
    assert coderefine("new", "--paste", env=env).code == 0
    assert load_problem(tmp_path / "sharing-a-melon").visible[0].args == ("8\n",)
    (tmp_path / "page.txt").write_text("")
    done = coderefine("new", "other", "--paste", env=env)
    assert (done.code, "has no text that was copied" in done.err) == (2, True)
    monkeypatch.setattr(pasted, "_CLIPBOARDS", (("no-such-program",),))
    done = coderefine("new", "other", "--paste", env=env)
    assert (done.code, "new --from -" in done.err) == (2, True)


def package(path, **more):
    files = {
        "problem.yaml": "name: Cold Days # of winter\nvalidation: default\nvalidator_flags: float_tolerance 1e-6\n"
        "limits:\n    time_limit: 3\n    memory: 512\n",
        "problem_statement/problem.en.tex": "\\problemname{Cold Days}\nCount the days below zero.\n",
        "data/sample/1.in": "3\n5 -10 15\n", "data/sample/1.ans": "1\n",
        "data/secret/group/01.in": "1\n-7\n", "data/secret/group/01.ans": "1\n",
        "submissions/accepted/me.py": "input()\nprint(sum(t < 0 for t in map(int, input().split())))\n",
        **more,
    }  # fmt: skip
    for name, text in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(text)


def test_a_package_of_kattis_keeps_its_secret_tests_hidden(coderefine, tmp_path):
    package(tmp_path / "colddays")
    assert coderefine("new", "cold-days", "--from", "colddays").code == 0
    problem = load_problem(tmp_path / "cold-days")
    assert [(case.args, case.expected) for case in problem.visible] == [(("3\n5 -10 15\n",), "1\n")]
    assert [(case.args, case.expected) for case in problem.hidden] == [(("1\n-7\n",), "1\n")]
    assert (problem.title, problem.limits.time_s, problem.limits.memory_mib) == ("Cold Days", 3.0, 512)
    assert coderefine("verify", "cold-days", *LOCAL).code == 0
    shutil.make_archive(tmp_path / "colddays", "zip", tmp_path / "colddays")
    assert coderefine("new", "packed", "--from", "colddays.zip").code == 0
    assert load_problem(tmp_path / "packed") == replace(problem, slug="packed", path=tmp_path / "packed")
    (tmp_path / "mine.py").write_text("input()\nprint(sum(t <= 0 for t in map(int, input().split())) + 1e-7)\n")
    assert coderefine("test", "mine.py", "--from", "colddays.zip", *LOCAL).code == 0
    package(tmp_path / "more/colddays")
    package(tmp_path / "more/warmdays")
    done = coderefine("new", "mine", "--from", "more")
    assert (done.code, "coderefine import kattis more" in done.err) == (2, True)


def test_a_package_of_kattis_does_not_lead_out_of_its_folder(coderefine, tmp_path):
    package(tmp_path / "colddays")
    (tmp_path / "colddays/data/secret/2.in").symlink_to("/etc/passwd")
    (tmp_path / "colddays/data/secret/2.ans").write_text("1\n")
    done = coderefine("new", "mine", "--from", "colddays")
    assert done.code == 2
    assert "expected no link that leads out of the folder" in done.err
    (tmp_path / "empty").mkdir()
    done = coderefine("new", "mine", "--from", "empty")
    assert (done.code, "package of Kattis" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("new",), "give a SLUG"),
        (("new", "--from", "-", "--paste"), "one of --from and --paste"),
        (("new", "--from", "-", "--kind", "class"), "the page shows what it is"),
        (("new", "--from", "missing.txt"), "cannot read missing.txt"),
        (("new", "Bad Name", "--from", "-"), "is no slug"),
        (("refine", "--from", "-", "-"), "only one of the page and the solution"),
        (("refine", "--from", "-", "a.py", "b.py"), "stands for PROBLEM"),
        (("refine",), "Missing argument 'PROBLEM'"),
        (("test",), "Missing argument 'PROBLEM'"),
        (("test", "--from", "-"), "there is no program to judge"),
        (("test", "two-sum", "a.py", "--test", "f(1)"), "for a FILE alone"),
        (("fix", "a.py", "--from", "-", "--test", "f(1)"), "those of the page"),
    ],
)
def test_what_does_not_go_together_is_refused(coderefine, arguments, says):
    done = coderefine(*arguments, stdin=shapes.PAIR)
    assert done.code == 2
    assert says in done.err


def test_a_file_is_tested_by_what_is_given(coderefine, tmp_path):
    (tmp_path / "mine.py").write_text("def f(x):\n    return x + 1\n")
    assert coderefine("test", "mine.py", "--test", "f(1) == 2", *LOCAL).code == 0
    assert coderefine("test", "mine.py", "--test", "f(1) == 3", *LOCAL).code == 1
    (tmp_path / "checks.py").write_text("from mine import f\ndef test_f():\n    assert f(1) == 2\n")
    assert coderefine("test", "mine.py", "--tests", "checks.py", *LOCAL).code == 0
    (tmp_path / "p.py").write_text("print(int(input()) + 1)\n")
    done = coderefine("test", "p.py", "--stdin", "1", "--stdout", "2", "--format", "json", *LOCAL)
    assert json.loads(done.out)["verdict"] == "AC"
    assert coderefine("test", "p.py", "--tests", "nowhere.py", *LOCAL).code == 2


@pytest.mark.parametrize(("slug", "kind"), [("3sum", "function"), ("class", "class"), ("2048", "program")])
def test_a_new_problem_may_begin_with_a_digit(coderefine, tmp_path, slug, kind):
    assert coderefine("new", slug, "--kind", kind).code == 0
    assert load_problem(tmp_path / slug).visible
    assert coderefine("verify", slug, *LOCAL).code == 0


def test_a_problem_needs_neither_statement_nor_submissions(coderefine, tmp_path):
    assert coderefine("new", "mine", "--from", "-", stdin=shapes.PAIR).code == 0
    (tmp_path / "mine" / "statement.md").unlink()
    (tmp_path / "mine.py").write_text(WRONG)
    assert coderefine("refine", "mine", "mine.py", *LOCAL).code == 0
    done = coderefine("verify", "mine", *LOCAL)
    assert done.code == 0
    assert "mine has no submissions" in done.err
