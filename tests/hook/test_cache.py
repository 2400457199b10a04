"""What the hook remembers, and where."""

from pathlib import Path

import pytest

from coderefine.hook.cache import Cache


@pytest.mark.parametrize("setting", ["", "relative/to/what"])
def test_it_is_in_the_home_unless_a_folder_is_set(setting, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", setting)
    Cache().set_passed("key", {"told": []}, ())
    assert (tmp_path / ".cache/coderefine/hook/passed-key").is_file()
    assert Cache().passed("key")["told"] == []


def test_without_a_home_nothing_is_remembered_and_nothing_fails(tmp_path, monkeypatch):
    def missing():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", missing)
    Cache().set_passed("key", {"told": []}, ())
    assert Cache().passed("key") is None
    assert list(tmp_path.iterdir()) == []
