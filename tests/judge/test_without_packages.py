"""An installation without docker and litellm, which a check in the hook does not need."""

import subprocess
import sys

import pytest

from coderefine.errors import ModelError
from coderefine.judge.engines import Place, _client
from coderefine.models import litellm_model


def test_an_engine_without_its_package_is_told_with_the_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "docker", None)
    with pytest.raises(Exception, match=r"the package docker is not installed; install it .*: pip install docker"):
        _client(Place("tcp://127.0.0.1:1", "DOCKER_HOST"), 1)


def test_a_model_without_its_package_is_told_with_the_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "litellm", None)
    with pytest.raises(ModelError, match="not installed: pip install litellm"):
        litellm_model._import_litellm()


def test_a_check_imports_neither():
    program = (
        "import sys\nsys.modules.update(dict.fromkeys(['docker', 'litellm']))\n"
        "import coderefine.hook.check, coderefine.hook.repair, coderefine.cli.hook_teller, coderefine.judge.local\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
