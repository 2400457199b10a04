"""The working tree instead of the index."""

import os

import pytest

from tests.conftest import need
from tests.hook.repositories import BAD, GOOD, TEST, Repo, coderefine


@pytest.fixture(autouse=True, scope="module")
def _local_sandbox():
    need("local")


@pytest.fixture
def repo(tmp_path):
    repo = Repo.new(tmp_path / "repo")
    repo.write("calc.py", GOOD)
    repo.write("tests/test_calc.py", TEST)
    repo.commit()
    os.chdir(repo.root)
    return repo


def hook(*arguments, code=0):
    return coderefine("hook", *arguments, code=code)


def test_an_edit_that_is_not_staged_is_tested(repo):
    repo.write("calc.py", BAD)
    assert hook() == ""
    before = repo.git("status", "--porcelain=v2")
    assert "tests/test_calc.py::test_add" in hook("--worktree", code=1)
    assert repo.git("status", "--porcelain=v2") == before
    repo.write("calc.py", GOOD.replace("\n", "  # as before\n", 1))
    assert "1 test passed" in hook("--worktree") and "as before" in hook("--worktree")


def test_what_is_staged_and_then_edited_is_tested_as_it_is_now(repo):
    repo.write("calc.py", BAD, stage=True)
    repo.write("calc.py", GOOD + "\n\nnew = 1\n")
    assert "1 test passed" in hook("--worktree")
    assert "tests/test_calc.py::test_add" in hook(code=1)


def test_new_files_are_there_and_ignored_ones_are_not(repo):
    repo.write(".gitignore", "made.py\n")
    repo.write("fresh.py", "def half(n):\n    return n // 2\n")
    repo.write("made.py", "")
    repo.write("tests/test_fresh.py", "from fresh import half\n\n\ndef test_half():\n    assert half(4) == 2\n")
    assert "1 test passed" in hook("--worktree", "tests/test_fresh.py")
    repo.write("tests/test_fresh.py", "import made\n\n\ndef test_half():\n    assert made\n")
    assert "No module named 'made'" in hook("--worktree", "tests/test_fresh.py", code=1)


def test_a_file_that_is_gone_is_gone(repo):
    (repo.root / "calc.py").unlink()
    assert "No module named 'calc'" in hook("--worktree", code=1)
    assert hook() == ""


def test_a_touched_file_and_nothing_new_is_nothing(repo):
    os.utime(repo.root / "calc.py", (1, 1))
    assert hook("--worktree") == ""


def test_a_link_out_of_the_repository_is_not_read(repo, tmp_path):
    (tmp_path / "outside.py").write_text("SECRET = 1\n")
    (repo.root / "linked.py").symlink_to(tmp_path / "outside.py")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/calc.py").write_text(BAD)
    repo.write("part/calc.py", GOOD)
    repo.commit()
    (repo.root / "part/calc.py").unlink()
    (repo.root / "part").rmdir()
    (repo.root / "part").symlink_to(tmp_path / "folder")
    test = "import os\n\n\ndef test_it():\n    assert not os.path.exists('linked.py') and not os.path.exists('part')\n"
    repo.write("tests/test_links.py", test)
    assert "2 tests passed" in hook("--worktree", "tests/test_links.py")


def test_new_files_of_an_environment_are_none_of_the_project(repo):
    for number in range(3):
        repo.write(f"env2/lib/it{number}.py", "")
    repo.write("env2/pyvenv.cfg", "")
    assert hook("--worktree") == ""


def test_a_patch_of_an_edit_is_put_into_the_working_tree(repo, tmp_path, monkeypatch):
    monkeypatch.setenv("CODEREFINE_HOME", str(tmp_path / "home"))
    repo.write("calc.py", BAD)
    hook("--worktree", "--fix", code=1)
    assert (repo.root / "calc.py").read_text() == GOOD
    assert repo.git("diff", "--cached") == b""


def test_before_the_first_commit_there_is_a_working_tree(tmp_path):
    repo = Repo.new(tmp_path / "fresh")
    repo.write("calc.py", GOOD)
    repo.write("tests/test_calc.py", TEST)
    os.chdir(repo.root)
    assert "1 test passed" in hook("--worktree")
