"""The hooks under the real programs that run them: pre-commit and prek."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import need
from tests.hook.repositories import BAD, GOOD, TEST, Repo, calculator, everything

ROOT = Path(__file__).parent.parent.parent
BIN = Path(sys.executable).parent


@pytest.fixture(autouse=True, scope="module")
def _local_sandbox():
    need("local")


@pytest.fixture(scope="module")
def homes(tmp_path_factory):
    """Where the programs keep what they have fetched, once for all tests."""
    return tmp_path_factory.mktemp("homes")


@pytest.fixture
def framework(request, tmp_path, homes, monkeypatch):
    """The program, pre-commit unless a test is for both, with our command on its path."""
    monkeypatch.setenv("PATH", f"{BIN}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PRE_COMMIT_HOME", str(homes / "pre-commit"))
    monkeypatch.setenv("PREK_HOME", str(homes / "prek"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return str(BIN / getattr(request, "param", "pre-commit"))


in_both = pytest.mark.parametrize("framework", ["pre-commit", "prek"], indirect=True)


@pytest.fixture(scope="module")
def hooks(tmp_path_factory):
    """A repository that offers our hooks, as the project's own does."""
    repo = Repo.new(tmp_path_factory.mktemp("hooks"))
    shutil.copy(ROOT / ".pre-commit-hooks.yaml", repo.root)
    repo.commit()
    repo.git("tag", "v1")
    return repo


def configured(tmp_path, hooks, *ids):
    """Return a calculator that uses some of the hooks."""
    repo = calculator(tmp_path / "repo")
    lines = "".join(f"      - id: {id_}\n" for id_ in ids)
    repo.write(".pre-commit-config.yaml", f"repos:\n  - repo: {hooks.root}\n    rev: v1\n    hooks:\n{lines}")
    repo.commit()
    os.chdir(repo.root)
    return repo


@pytest.fixture
def repo(tmp_path, hooks, framework):
    """A calculator whose commits are checked."""
    made = configured(tmp_path, hooks, "coderefine-check-system")
    subprocess.run([framework, "install"], check=True, capture_output=True)
    return made


def commit(repo, *arguments, refused=False, env=None):
    """Commit as people do; return what was printed."""
    from tests.hook.repositories import IDENTITY

    environment = {**os.environ, **IDENTITY, **(env or {})}
    command = ["git", "commit", "-m", "a change", *arguments]
    done = subprocess.run(command, cwd=repo.root, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode != 0) == refused, done.stdout + done.stderr
    return done.stdout + done.stderr


@in_both
def test_the_manifest_is_valid(framework):
    command = [framework, "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@in_both
def test_a_wrong_commit_is_refused_and_a_right_one_passes(repo):
    head = repo.git("rev-parse", "HEAD")
    repo.write("calc.py", BAD, stage=True)
    told = commit(repo, refused=True)
    assert "tests/test_calc.py::test_add" in told and "calc.py:2: return a - b" in told
    assert repo.git("rev-parse", "HEAD") == head
    repo.write("calc.py", "# right\n" + GOOD, stage=True)
    assert "Passed" in commit(repo)
    assert repo.git("rev-parse", "HEAD") != head


@in_both
def test_what_is_not_staged_neither_counts_nor_changes(repo):
    repo.write("calc.py", "# right\n" + GOOD, stage=True)
    repo.write("calc.py", BAD)
    repo.write("tests/test_more.py", "assert False\n")
    before = {path: state for path, state in everything(repo.root).items() if ".git" not in path.parts}
    commit(repo)
    assert {path: state for path, state in everything(repo.root).items() if ".git" not in path.parts} == before
    assert repo.git("show", "HEAD:calc.py").decode() == "# right\n" + GOOD


def test_a_wrong_change_is_refused_that_the_working_tree_has_repaired(repo):
    repo.write("calc.py", BAD, stage=True)
    repo.write("calc.py", GOOD)
    commit(repo, refused=True)
    assert (repo.root / "calc.py").read_text() == GOOD
    assert repo.git("show", ":calc.py").decode() == BAD


def test_committing_all_of_the_working_tree(repo):
    """Where git hands its hooks another index than the usual one."""
    repo.write("calc.py", BAD)
    commit(repo, "--all", refused=True)
    repo.write("calc.py", "# right\n" + GOOD)
    commit(repo, "--all")


def test_committing_one_file_of_those_that_are_staged(repo):
    repo.write("calc.py", BAD, stage=True)
    repo.write("README", "more\n")
    commit(repo, "README")
    repo.write("other.py", "x = 1\n", stage=True)
    commit(repo, "calc.py", refused=True)
    assert repo.git("diff", "--cached", "--name-only").split() == [b"calc.py", b"other.py"]


def test_a_commit_that_only_deletes(repo):
    repo.git("rm", "-q", "calc.py")
    commit(repo, refused=True)
    repo.git("rm", "-q", "tests/test_calc.py")
    commit(repo)


def test_a_commit_from_a_folder_below(repo):
    repo.write("calc.py", BAD, stage=True)
    below = Repo(repo.root / "tests")
    commit(below, refused=True)


def test_a_commit_in_a_linked_working_tree(repo, tmp_path):
    repo.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    side = Repo(tmp_path / "side")
    side.write("calc.py", BAD, stage=True)
    commit(side, refused=True)
    side.write("calc.py", "# right\n" + GOOD, stage=True)
    commit(side)


def test_the_first_commit_of_all(tmp_path, hooks, framework):
    new = Repo.new(tmp_path / "new")
    shutil.copy(configured(tmp_path, hooks, "coderefine-check-system").root / ".pre-commit-config.yaml", new.root)
    os.chdir(new.root)
    subprocess.run([framework, "install"], check=True, capture_output=True)
    new.write("calc.py", BAD)
    new.write("tests/test_calc.py", TEST)
    new.git("add", "-A")
    commit(new, refused=True)
    new.write("calc.py", GOOD, stage=True)
    commit(new)


def test_a_merge_that_does_not_work_is_refused(repo):
    """git runs the hooks of a commit when a merge is concluded by hand."""
    repo.git("checkout", "-q", "-b", "renamed")
    repo.write("calc.py", GOOD.replace("add", "plus"))
    repo.write("tests/test_calc.py", TEST.replace("add", "plus"))
    repo.commit()
    repo.git("checkout", "-q", "main")
    repo.write("tests/test_double.py", TEST)
    repo.commit()
    repo.git("merge", "-q", "--no-commit", "--no-ff", "renamed")
    assert "tests/test_double.py" in commit(repo, refused=True)


def test_all_files_are_tested_on_request(repo, framework):
    repo.write("broken.py", BAD)
    repo.write("tests/test_broken.py", TEST.replace("calc", "broken"))
    repo.commit()
    done = subprocess.run([framework, "run", "--all-files"], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "1 test passed, 1 failed" in done.stdout + done.stderr


def test_without_a_sandbox_the_commit_is_refused_with_one_line(repo):
    repo.write("pyproject.toml", "[tool.coderefine]\nimage = 'no/such/image'\n", stage=True)
    repo.write("calc.py", BAD, stage=True)
    told = commit(repo, refused=True)
    assert told.count("error: ") == 1 and "Traceback" not in told


def test_a_failing_commit_comes_with_a_patch_and_the_next_one_passes(tmp_path, hooks, framework):
    repo = configured(tmp_path, hooks, "coderefine-fix-system")
    subprocess.run([framework, "install"], check=True, capture_output=True)
    repo.write("calc.py", "# new\n" + BAD, stage=True)
    repo.write("notes.txt", "not staged\n")
    told = commit(repo, refused=True)
    assert "It is in the working tree. Review it, then: git add calc.py" in told
    assert repo.git("show", ":calc.py").decode() == "# new\n" + BAD, "nothing is staged for anybody"
    assert (repo.root / "calc.py").read_text() == "# new\n" + GOOD
    commit(repo, refused=True)
    repo.git("add", "calc.py")
    commit(repo)
    assert repo.git("show", "HEAD:calc.py").decode() == "# new\n" + GOOD


def test_edits_that_were_not_staged_survive_a_patch(tmp_path, hooks, framework):
    repo = configured(tmp_path, hooks, "coderefine-fix-system")
    subprocess.run([framework, "install"], check=True, capture_output=True)
    edited = BAD.replace("a - b", "a * b  # my own idea")
    repo.write("calc.py", BAD, stage=True)
    repo.write("calc.py", edited)
    commit(repo, refused=True)
    assert (repo.root / "calc.py").read_text() == edited
    assert repo.git("show", ":calc.py").decode() == BAD


PAGES = '''def pages(items, size):
    """Split items into pages of a size; the last one may be shorter."""
    return [items[start : start + size] for start in range(0, len(items) - 1, size)]
'''
TEST_PAGES = """from shop.pages import pages


def test_full_pages():
    assert pages([1, 2, 3, 4], 2) == [[1, 2], [3, 4]]


def test_a_rest():
    assert pages([1, 2, 3, 4, 5], 2) == [[1, 2], [3, 4], [5]]
"""


def _without_figures(text):
    text = re.sub(r"\d+\.\d+ (ms|s)\b", "TIME", re.sub(r"run \w{6}\b|\[main \w+\]|[ ]+$", "", text, flags=re.MULTILINE))
    return [line for line in text.replace("\r", "").split("\n") if line]


def test_the_story_is_what_happens(tmp_path, hooks, framework):
    (told,) = re.findall(r"```console\n(\$ git commit -m .*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    first, second = told.split("$ git add shop/pages.py\n")
    repo = configured(tmp_path, hooks, "coderefine-fix-system")
    subprocess.run([framework, "install"], check=True, capture_output=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", ".venv"], check=True)
    repo.write("shop/__init__.py", "")
    repo.git("add", "shop")
    repo.git("commit", "-q", "--no-verify", "-m", "a package")
    repo.write("shop/pages.py", PAGES, stage=True)
    repo.write("tests/test_pages.py", TEST_PAGES, stage=True)
    happened = _without_figures(commit(repo, refused=True, env={"COLUMNS": "100"}))
    for line in _without_figures(first)[1:]:
        assert line in happened
    repo.git("add", "shop/pages.py")
    happened = _without_figures(commit(repo).replace("a change", "Pages of a shop"))
    for line in _without_figures(second)[1:]:
        assert line in happened
