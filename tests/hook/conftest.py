import os

import pytest


@pytest.fixture(autouse=True)
def plain_git(monkeypatch, tmp_path):
    """No settings of the user, no repository around, the folder as it was."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    monkeypatch.setenv("GIT_INDEX_FILE", "")  # so that it is taken back
    monkeypatch.delenv("GIT_INDEX_FILE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
