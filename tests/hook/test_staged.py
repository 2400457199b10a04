"""What is staged, against what git makes of it."""

import hashlib
import os
import time
from pathlib import Path

import pytest

from coderefine.errors import UsageError
from coderefine.hook import git
from coderefine.hook.git import Repository, read_changes
from coderefine.hook.imports import names
from coderefine.hook.staged import Snapshot
from coderefine.hook.suspects import _changed
from tests.hook.repositories import GOOD, Repo, calculator, everything
from tests.hook.situations import SITUATIONS


def take():
    repository = Repository.find()
    return Snapshot.take(repository, read_changes(repository.staged()), repository.listing())


@pytest.mark.parametrize("name", [name for name, (_, code) in SITUATIONS.items() if code != 2])
def test_the_snapshot_is_the_next_commit_and_nothing_is_written(name, tmp_path):
    os.chdir(tmp_path)
    make, _ = SITUATIONS[name]
    repo = make(tmp_path / "repo")
    if Path.cwd() == tmp_path:
        os.chdir(repo.root)
    before = everything(tmp_path)
    snapshot = take()
    contents = snapshot.read(snapshot.files)
    changed = {change.path for change in snapshot.changes}
    assert everything(tmp_path) == before

    tree = repo.git("write-tree").decode().strip()
    listed = repo.git("ls-tree", "-r", "-z", tree).split(b"\0")[:-1]
    facts = {os.fsdecode(path): line.split(b" ") for line, path in (it.split(b"\t", 1) for it in listed)}
    files = {path for path, (mode, *_) in facts.items() if mode.startswith(b"100")}
    links = {path for path, (mode, *_) in facts.items() if mode == b"120000"}
    assert files <= set(snapshot.files)
    assert all(path.split("/")[0] in {link.split("/")[0] for link in links} for path in set(snapshot.files) - files)
    assert snapshot.indexed == set(facts)
    for path in files:
        assert contents[path] == repo.git("cat-file", "blob", facts[path][2].decode())
    assert snapshot.sizes() == {path: len(data) for path, data in contents.items()}
    base = snapshot.repository.head or repo.git("hash-object", "-t", "tree", "--stdin", given=b"").decode().strip()
    differing = repo.git("diff-tree", "-r", "-z", "--no-renames", "--name-only", base, tree).split(b"\0")[:-1]
    assert changed == set(map(os.fsdecode, differing))


def test_links_show_what_they_lead_to(tmp_path):
    repo = calculator(tmp_path / "repo")
    repo.write("lib/deep/tools.py", GOOD, stage=True)
    repo.link("kit", "lib/deep")
    repo.link("lib/again", "../kit")
    repo.link("one.py", "kit/tools.py")
    repo.link("outside", "/etc/passwd")
    repo.link("above", "../etc/passwd")
    repo.link("self", "self")
    os.chdir(repo.root)
    snapshot = take()
    for path in ("kit/tools.py", "lib/again/tools.py", "one.py"):
        assert snapshot.read([path])[path] == GOOD.encode()
    assert set(snapshot.left_out) == {"outside", "above", "self"}


def test_folders_of_links_to_folders_of_links_come_to_an_end(tmp_path):
    repo = Repo.new(tmp_path / "repo")
    repo.write("d0/file", "x\n")
    for level in range(1, 8):
        (repo.root / f"d{level}").mkdir()
        for number in range(10):
            (repo.root / f"d{level}" / f"l{number}").symlink_to(f"../d{level - 1}")
    repo.git("add", "-A")
    os.chdir(repo.root)
    assert len(take().files) < 20_000


def test_twelve_levels_of_ten_links_are_cut_short_and_that_is_said(tmp_path):
    repo = Repo.new(tmp_path / "repo")
    entries = [("100644", blob(repo, b"x\n"), "d0/file")]
    for level in range(1, 13):
        target = blob(repo, f"../d{level - 1}".encode())
        entries += [("120000", target, f"d{level}/l{number}") for number in range(10)]
    index(repo, entries)
    os.chdir(repo.root)
    snapshot = take()
    assert "d0/file" in snapshot.files
    assert len(snapshot.files) <= 10_001
    assert snapshot.notes == ("links lead to more than the hook follows; the rest is left out",)


def test_a_chain_of_links_is_followed_as_far_as_the_kernel_follows_it(tmp_path):
    repo = Repo.new(tmp_path / "repo")
    entries = [("100644", blob(repo, b"x\n"), "d0/file")]
    entries += [("120000", blob(repo, f"../d{it - 1}".encode()), f"d{it}/l") for it in range(1, 1500)]
    index(repo, entries)
    os.chdir(repo.root)
    assert max(path.count("/l") for path in take().files) == 40


def test_links_that_wander_take_no_longer_than_a_few_seconds(tmp_path):
    repo = Repo.new(tmp_path / "repo")
    wander = blob(repo, ("d/../" * 800 + "l1").encode()[:4000])
    entries = [("100644", blob(repo, b"x\n"), "d/file")]
    entries += [("120000", wander, f"l{number}") for number in range(2000)]
    index(repo, entries)
    os.chdir(repo.root)
    before = time.monotonic()
    take()
    assert time.monotonic() - before < 20


def test_a_huge_file_is_not_read(tmp_path):
    repo = Repo.new(tmp_path / "repo")
    huge = blob(repo, b" " * (20 << 20))
    index(repo, [("100644", huge, "pyproject.toml"), ("120000", huge, "link"), ("100644", blob(repo, b""), "a.py")])
    os.chdir(repo.root)
    snapshot = take()
    assert snapshot.left_out == ("link",)
    with pytest.raises(UsageError, match=r"pyproject\.toml is too large: the hook reads files of at most 16 MiB"):
        snapshot.read(["pyproject.toml"])


def test_an_index_of_too_many_files_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(git, "MAX_ENTRIES", 1)
    repo = calculator(tmp_path / "repo")
    os.chdir(repo.root)
    with pytest.raises(UsageError, match="the index has more than 1 files"):
        take()


def test_a_git_that_does_not_end_is_not_waited_for(tmp_path, monkeypatch):
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "git").write_text("#!/bin/sh\nexec sleep 60\n")
    (programs / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.setattr(git, "_PATIENCE_S", 0.2)
    with pytest.raises(git.GitError, match="git rev-parse did not end"):
        Repository.find()


def test_a_condition_that_is_nested_deep_is_read(tmp_path):
    assert names(b"if " + b"not " * 400 + b"x:\n    import shop\n") == ["shop"]


@pytest.mark.parametrize("lines", [30_000, 100_000])
def test_texts_of_one_line_again_and_again_are_compared_at_once(lines):
    before = time.process_time()
    changed = list(_changed(["x"] * lines, ["y", *["x"] * lines, "y", *["x"] * lines]))
    assert 1 in changed
    assert time.process_time() - before < 10


def blob(repo, data):
    return repo.git("hash-object", "-w", "--stdin", given=data).decode().strip()


def index(repo, entries):
    """Stage what no working tree could hold."""
    given = "".join(f"{mode} {id_}\t{path}\n" for mode, id_, path in entries)
    repo.git("update-index", "--add", "--index-info", given=given.encode())


def test_a_submodule_is_left_out(tmp_path):
    repo = SITUATIONS["a_submodule"][0](tmp_path / "repo")
    os.chdir(repo.root)
    assert take().left_out == ("part",)


def test_a_rename_is_a_deletion_and_an_addition(tmp_path):
    repo = SITUATIONS["a_module_renamed_under_its_test"][0](tmp_path / "repo")
    os.chdir(repo.root)
    assert [(it.status, it.path) for it in take().changes] == [("D", "calc.py"), ("A", "calculator.py")]


def test_paths_that_are_not_merged_are_refused(tmp_path):
    repo = SITUATIONS["a_merge_whose_conflict_is_not_resolved"][0](tmp_path / "repo")
    os.chdir(repo.root)
    with pytest.raises(UsageError, match=r"'calc\.py' is not merged yet"):
        take()


def test_outside_of_a_repository_it_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(UsageError, match="no git repository with a working tree here"):
        Repository.find()


def test_a_bare_repository_has_nothing_staged(tmp_path):
    Repo.new(tmp_path / "bare", "--bare")
    os.chdir(tmp_path / "bare")
    with pytest.raises(UsageError, match="working tree"):
        Repository.find()


def test_an_object_that_is_missing_is_neither_fetched_nor_taken_for_empty(tmp_path):
    repo = calculator(tmp_path / "repo")
    repo.git("update-index", "--add", "--cacheinfo", f"100644,{'1' * 40},lost.py")
    os.chdir(repo.root)
    snapshot = take()
    with pytest.raises(Exception, match="is not in this repository"):
        snapshot.sizes()


def test_an_index_that_leads_out_of_the_working_tree_is_not_followed(tmp_path):
    """git itself refuses to write such a path; an index may still hold it."""
    repo = calculator(tmp_path / "repo")
    index = repo.root / ".git" / "index"
    repo.git("config", "index.skipHash", "true")
    data = index.read_bytes().replace(b"README", b"../EAD")[:-20]
    index.write_bytes(data + hashlib.sha1(data).digest())
    os.chdir(repo.root)
    assert set(take().files) == {"calc.py", "tests/test_calc.py"}


@pytest.mark.parametrize("name", ["filters_that_must_not_run", "a_monitor_that_must_not_run"])
def test_nothing_of_the_repository_is_executed(name, tmp_path):
    repo = SITUATIONS[name][0](tmp_path / "repo")
    os.chdir(repo.root)
    (tmp_path / "sprung").unlink(missing_ok=True)
    snapshot = take()
    snapshot.read(snapshot.files)
    assert not (tmp_path / "sprung").exists()
    repo.git("status")  # which does run them: the trap works
    repo.write("calc.py", "changed\n", stage=True)
    assert (tmp_path / "sprung").exists()
