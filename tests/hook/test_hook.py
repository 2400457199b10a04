"""`coderefine hook` on real repositories, in the local sandbox."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import open_or_skip
from tests.hook.repositories import everything
from tests.hook.situations import SITUATIONS

COMMAND = str(Path(sys.executable).parent / "coderefine")


@pytest.fixture(autouse=True, scope="session")
def _local_sandbox():
    open_or_skip("local").close()


def hook(*arguments, code, folder=None):
    """Run the command as a program; return what it printed."""
    done = subprocess.run([COMMAND, "hook", *arguments], capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("name", SITUATIONS)
def test_what_is_staged_decides_and_nothing_is_changed(name, tmp_path):
    os.chdir(tmp_path)
    make, code = SITUATIONS[name]
    repo = make(tmp_path / "repo")
    if Path.cwd() == tmp_path:
        os.chdir(repo.root)
    (tmp_path / "sprung").unlink(missing_ok=True)
    before = {path: state for path, state in everything(tmp_path).items() if "cache" not in path.parts}
    hook(code=code)
    assert {path: state for path, state in everything(tmp_path).items() if "cache" not in path.parts} == before
