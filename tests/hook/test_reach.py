"""The map of what files of tests came to: it leaves out what does not matter, and nothing that may."""

import os
import sys

import pytest

from coderefine.judge.judge import Judge
from tests.conftest import need
from tests.hook.repositories import GOOD, Repo, coderefine

LEFT_OUT = "left out: it did not reach it when it last passed"
FILES = {
    # Imports all it has, as its text says, but only what is asked for, as it runs.
    "kit/__init__.py": (
        "def __getattr__(name):\n"
        "    if name == 'sums':\n        import kit.sums as found\n"
        "    elif name == 'texts':\n        import kit.texts as found\n"
        "    else:\n        raise AttributeError(name)\n"
        "    return found\n"
    ),
    "kit/sums.py": GOOD,
    "kit/texts.py": "def shout(text):\n    return text.upper()\n",
    "tests/test_adding.py": "import kit\n\n\ndef test_it():\n    assert kit.__getattr__('sums').add(2, 3) == 5\n",
    "tests/test_words.py": "import kit\n\n\ndef test_it():\n    assert kit.__getattr__('texts').shout('a') == 'A'\n",
    "README": "of a kit\n",
}


@pytest.fixture(autouse=True, scope="module")
def _local_sandbox():
    need("local")


def hook(*arguments, code=0):
    return coderefine("hook", *arguments, code=code)


@pytest.fixture
def repo(tmp_path):
    """A kit of two modules behind a lazy package, whose tests have passed once."""
    return made(tmp_path)


def made(tmp_path, **files):
    repo = Repo.new(tmp_path / "repo")
    for path, text in {**FILES, **files}.items():
        repo.write(path, text)
    repo.commit()
    os.chdir(repo.root)
    assert "left out" not in hook("--explain", "kit/texts.py")
    assert " tests passed in" in hook(*(path for path in {**FILES, **files} if path.endswith(".py")))
    return repo


def left_out(path):
    """The test files that the map leaves out, where a file changes."""
    lines = hook("--explain", path).split("\n")
    return [line.split()[0] for line in lines if line.endswith(LEFT_OUT)]


def test_of_a_lazy_package_only_the_tests_run_that_come_to_the_module(repo):
    assert left_out("kit/texts.py") == ["tests/test_adding.py"]
    assert left_out("kit/sums.py") == ["tests/test_words.py"]
    assert left_out("kit/__init__.py") == []
    repo.write("kit/texts.py", "# new\n" + FILES["kit/texts.py"], stage=True)
    told = hook()
    assert "1 test passed" in told
    assert "left out, as they do not reach what changed: tests/test_adding.py" in told
    assert "1 test passed, as before" not in told and "as before" in hook()
    assert "2 tests passed" in hook("--no-cache")
    repo.write("kit/texts.py", "def shout(text):\n    return text\n", stage=True)
    assert "tests/test_words.py::test_it" in hook(code=1)


@pytest.mark.parametrize(
    ("path", "text"),
    {
        "the file of tests": ("tests/test_adding.py", "# new\n" + FILES["tests/test_adding.py"]),
        "a module to which it came": ("kit/sums.py", "# new\n" + GOOD),
        "the package": ("kit/__init__.py", "# new\n" + FILES["kit/__init__.py"]),
        "a new conftest.py": ("tests/conftest.py", ""),
        "a new module": ("kit/more.py", ""),
        "the settings": ("pyproject.toml", "[tool.coderefine]\ntimeout = 19\n"),
        "data": ("README", "more\n"),
    }.values(),
)
def test_an_entry_holds_no_longer_when_something_else_changes(path, text, repo):
    assert left_out("kit/texts.py") == ["tests/test_adding.py"]
    repo.write(path, text, stage=True)
    assert left_out("kit/texts.py") == []
    repo.git("reset", "-q", "--hard")
    assert left_out("kit/texts.py") == ["tests/test_adding.py"]


def test_an_entry_holds_no_longer_in_another_environment(repo):
    (repo.root / ".venv/bin").mkdir(parents=True)
    (repo.root / ".venv/bin/python").symlink_to(sys.executable)
    assert "tests/test_texts.py" not in left_out("kit/texts.py")


def test_a_conftest_that_is_there_and_changes_ends_what_is_known(tmp_path):
    repo = made(tmp_path, **{"tests/conftest.py": "import os\n"})
    assert left_out("kit/texts.py") == ["tests/test_adding.py"]
    repo.write("tests/conftest.py", "import sys\n", stage=True)
    assert "tests/test_texts.py" not in left_out("kit/texts.py")


WAYS = {
    "importlib": "import importlib\n    importlib.import_module('.'.join(['kit', 'texts']))",
    "a path": "import runpy\n    runpy.run_path('kit/' + 'texts.py')",
    "its text": "import pathlib\n    assert 'shout' in pathlib.Path('kit', 'texts' + '.py').read_text()",
    "a descriptor of its folder": "import os\n    os.read(os.open('texts.py', 0, dir_fd=os.open('kit', 0)), 9)",
    "another working folder": "import os\n    os.chdir('kit')\n    assert open('texts' + '.py').read()",
}


@pytest.mark.parametrize("name", WAYS)
def test_however_a_test_comes_to_a_file_it_is_not_left_out(name, tmp_path):
    test = f"import kit\n\n\ndef test_it():\n    {WAYS[name]}\n"
    made(tmp_path, **{"tests/test_adding.py": test})
    assert "tests/test_adding.py" not in left_out("kit/texts.py")


def test_what_failed_is_not_left_out(repo):
    repo.write("kit/sums.py", "def add(a, b):\n    return a - b\n", stage=True)
    hook(code=1)
    assert "tests/test_texts.py" not in left_out("kit/texts.py")


def test_what_is_configured_is_not_left_out(tmp_path):
    made(tmp_path, **{"pyproject.toml": '[tool.coderefine.map]\n"kit/texts.py" = ["tests/test_adding.py"]\n'})
    assert "tests/test_adding.py  [tool.coderefine] map names it" in hook("--explain", "kit/texts.py")
    assert "tests/test_texts.py" not in left_out("kit/texts.py")


def test_what_is_named_after_the_module_is_not_left_out(tmp_path):
    made(tmp_path, **{"tests/test_texts.py": FILES["tests/test_adding.py"]})
    assert "tests/test_texts.py  it is named after the module" in hook("--explain", "kit/texts.py")
    assert "tests/test_texts.py" not in left_out("kit/texts.py")


def test_what_is_known_is_not_noted_again(repo, monkeypatch):
    sessions = []
    real = Judge.run
    monkeypatch.setattr(
        Judge,
        "run",
        lambda judge, problem, source: sessions.append(len(problem.visible)) or real(judge, problem, source),
    )
    hook("--no-cache", "kit/__init__.py")
    assert sessions == [2]
    repo.write("tests/test_words.py", "# new\n" + FILES["tests/test_words.py"], stage=True)
    hook("--no-cache", "kit/__init__.py")
    assert sessions == [2, 1, 1]


def test_a_test_that_hides_what_became_of_its_processes_is_not_left_out(tmp_path):
    test = (
        "import kit, signal, subprocess, sys\n\n\ndef test_it():\n"
        "    signal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
        "    subprocess.Popen([sys.executable, '-c', 'import kit; kit.texts']).wait()\n"
    )
    files = {"pyproject.toml": "[tool.coderefine]\nallow = ['processes']\n", "tests/test_hidden.py": test}
    made(tmp_path, **files)
    assert "tests/test_hidden.py" not in left_out("kit/texts.py")
    assert left_out("kit/texts.py") == ["tests/test_adding.py"]
