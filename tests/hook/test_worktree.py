import pytest

from coderefine.hook.worktree import apply

BEFORE = "import os\n\n\ndef first():\n    return 1\n\n\ndef last():\n    return 2\n"
AFTER = BEFORE.replace("return 1", "return 10")


@pytest.mark.parametrize(
    ("current", "expected"),
    [
        (BEFORE, AFTER),
        (BEFORE.replace("return 2", "return 20"), AFTER.replace("return 2", "return 20")),
        ("# new\n" + BEFORE, "# new\n" + AFTER),
        (BEFORE.replace("\n", "\r\n"), AFTER.replace("\n", "\r\n")),
        (AFTER, AFTER),
        (BEFORE.removesuffix("\n"), AFTER.removesuffix("\n")),
    ],
)
def test_the_change_is_made_and_other_edits_stay(tmp_path, current, expected):
    (tmp_path / "a.py").write_bytes(current.encode())
    (tmp_path / "a.py").chmod(0o755)
    assert apply(tmp_path, "a.py", BEFORE, AFTER)
    assert (tmp_path / "a.py").read_bytes() == expected.encode()
    assert (tmp_path / "a.py").stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("current", [BEFORE.replace("return 1", "return 3"), "", "x = 1\n", b"\xff\xfe"])
def test_a_file_with_edits_in_the_same_place_is_left_alone(tmp_path, current):
    data = current if isinstance(current, bytes) else current.encode()
    (tmp_path / "a.py").write_bytes(data)
    assert not apply(tmp_path, "a.py", BEFORE, AFTER)
    assert (tmp_path / "a.py").read_bytes() == data


def test_no_link_is_followed(tmp_path):
    (tmp_path / "inside").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/a.py").write_text(BEFORE)
    (tmp_path / "inside/a.py").symlink_to("../outside/a.py")
    (tmp_path / "inside/folder").symlink_to("../outside")
    for name in ("a.py", "folder/a.py", "../outside/a.py", "missing.py"):
        assert not apply(tmp_path / "inside", name, BEFORE, AFTER)
    assert (tmp_path / "outside/a.py").read_text() == BEFORE


def test_a_file_that_cannot_be_written_is_left_alone(tmp_path, monkeypatch):
    import coderefine.hook.worktree as worktree
    from coderefine.errors import UsageError

    def refuse(path, text):
        raise UsageError("read-only")

    monkeypatch.setattr(worktree, "write_whole", refuse)
    (tmp_path / "a.py").write_text(BEFORE)
    assert not apply(tmp_path, "a.py", BEFORE, AFTER)
