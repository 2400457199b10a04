import contextlib
import os
from unittest import mock

import pytest

from coderefine.hook import sandbox
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


@pytest.fixture(autouse=True, scope="session")
def warm_sandboxes():
    """Those of our own Python stay open from one run of the hook in this process to the next: opening takes longest."""
    with contextlib.ExitStack() as opened, mock.patch.object(sandbox, "open_sandbox", _keeping(opened)):
        yield


def _keeping(opened):
    real, judges = sandbox.open_sandbox, {}

    def open_sandbox(settings, environment, progress):
        if environment is None or not environment.is_ours:
            return real(settings, environment, progress)
        if settings.allow not in judges:
            judges[settings.allow] = opened.enter_context(real(settings, environment, progress))
        return contextlib.nullcontext(judges[settings.allow])

    return open_sandbox
