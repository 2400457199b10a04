import os

import pytest

from tests.hook.repositories import SETTINGS


@pytest.fixture(autouse=True)
def plain_git(monkeypatch, tmp_path):
    """No settings of the user, no repository around, the folder as it was."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GIT_INDEX_FILE", "")  # so that it is taken back
    monkeypatch.delenv("GIT_INDEX_FILE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def _warm(warm_hook):
    """Sandboxes stay open from one test to the next."""
