"""What tests see of a project: files that are generated, and of a large one what matters most."""

import os

import pytest

from coderefine.hook import generated, visible
from tests.conftest import need
from tests.hook.repositories import GOOD, TEST, Repo, coderefine


@pytest.fixture(autouse=True, scope="module")
def _local_sandbox():
    need("local")


def hook(*arguments, code=0):
    return coderefine("hook", *arguments, code=code)


@pytest.fixture
def repo(tmp_path):
    repo = Repo.new(tmp_path / "repo")
    repo.write("calc.py", GOOD)
    repo.write("tests/test_calc.py", TEST)
    os.chdir(repo.root)
    return repo


LARGE = {
    "calc.py": "import importlib\n\n\ndef add(a, b):\n    return importlib.import_module('parts.' + 'one').add(a, b)\n",
    "parts/__init__.py": "",
    "parts/one.py": GOOD,
    "data.txt": "x" * 900,
    "big.txt": "x" * 3000,
    "logo.png": "x" * 300,
    "docs/index.txt": "x" * 300,
}


def test_of_a_large_project_images_documentation_and_large_files_go_first(repo, monkeypatch):
    for path, text in LARGE.items():
        repo.write(path, text, stage=True)
    repo.git("add", ".")
    monkeypatch.setattr(visible, "MAX_BYTES", 1300)
    told = hook()
    assert "1 test passed" in told  # what it imports dynamically is there
    assert "tests do not see 3 (images, documentation and large files first): big.txt, " in told
    assert "data.txt" not in told
    monkeypatch.setattr(visible, "MAX_BYTES", 700)
    assert "tests do not see 3 (images, documentation and large files first): big.txt, data.txt, " in hook("--no-cache")
    monkeypatch.setattr(visible, "MAX_BYTES", 100)
    assert "narrow [tool.coderefine] tests, map or include" in hook("--no-cache", code=2)


SETTINGS = {
    "setuptools_scm": "[tool.setuptools_scm]\nwrite_to = 'src/kit/_version.py'\n",
    "hatch-vcs": "[tool.hatch.build.hooks.vcs]\nversion-file = 'src/kit/_version.py'\n",
    "pdm": "[tool.pdm.version]\nsource = 'scm'\nwrite_to = 'kit/_version.py'\n",
    "versioningit": "[tool.versioningit.write]\nfile = 'src/kit/_version.py'\n",
    "ours": "[tool.coderefine]\ngenerated = ['src/**/_version.py']\n",
}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_generated_file_is_taken_from_the_working_tree(name, tmp_path):
    repo = Repo.new(tmp_path / "repo")
    repo.write("pyproject.toml", SETTINGS[name])
    repo.write("src/kit/__init__.py", "from kit._version import version\n")
    repo.write("tests/test_kit.py", "import kit\n\n\ndef test_it():\n    assert kit.version == '1.2'\n")
    repo.write(".gitignore", "_version.py\n")
    repo.git("add", ".")
    repo.write("src/kit/_version.py", "version = '1.2'\n")
    os.chdir(repo.root)
    told = hook()
    assert "taken from the working tree, as they are generated: src/kit/_version.py" in told and "1 test passed" in told
    assert "as before" in hook()
    repo.write("src/kit/_version.py", "version = '1.34'\n")
    assert "1 failed" in hook(code=1)


def test_setup_py_names_the_file_as_well():
    text = b"setup(use_scm_version={\n    'write_to': 'src/dateutil/_version.py',\n})\nversion_file = kit/_v.py"
    assert generated.named({}, text) == ["src/dateutil/_version.py"]


@pytest.mark.parametrize("path", ["/etc/hostname", "../x.py", "link/x.py"])
def test_nothing_outside_of_the_repository_is_generated(path, repo, tmp_path):
    (tmp_path / "x.py").write_text("")
    (repo.root / "link").symlink_to(tmp_path)
    repo.write("pyproject.toml", f"[tool.coderefine]\ngenerated = ['{path}']\n", stage=True)
    repo.git("add", "calc.py", "tests")
    assert "generated" not in hook()


NEEDS = {
    "a fixture": (
        "def test_it(mocker):\n    assert mocker\n",
        "no fixture 'mocker': that is pytest-mock's; name it in",
    ),
    "a variable": (
        "import os\n\n\ndef test_it():\n    assert os.environ['SHOP_URL']\n",
        "SHOP_URL is not set: tests see no variables of yours",
    ),
    "one of them, by an import": (
        "import os\nURL = os.environ['SHOP_URL']\n\n\ndef test_it():\n    pass\n",
        "SHOP_URL is not",
    ),
}


@pytest.mark.parametrize("name", NEEDS)
def test_what_a_test_needs_is_named(name, repo):
    text, expected = NEEDS[name]
    repo.write("tests/test_needs.py", text, stage=True)
    repo.git("add", ".")
    assert expected in hook(code=1)
