"""The map of what tests came to: it leaves out what does not matter, and nothing that may."""

import os
import sys
import types

import pytest

from coderefine.hook import check
from coderefine.judge.report import CaseResult
from coderefine.judge.verdict import Verdict
from tests.conftest import need
from tests.hook.repositories import Repo, coderefine

FILES = {
    "kit/__init__.py": "",
    "kit/sums.py": (
        "LIMIT = 9\n\n\ndef add(a, b):\n    return min(a + b, LIMIT)\n\n\n"
        "class Tally:\n    def up(self):\n        return 1\n\n    def down(self):\n        return -1\n"
    ),
    "kit/texts.py": "def shout(text):\n    return text.upper()\n\n\ndef quiet(text):\n    return text.lower()\n",
    "tests/test_adding.py": (
        "import pytest\n\nfrom kit import sums, texts\n\n\ndef test_add():\n    assert sums.add(2, 3) == 5\n\n\n"
        "@pytest.mark.parametrize('word', ['A', 'B'])\ndef test_quiet(word):\n"
        "    assert texts.quiet(word) == word.lower()\n\n\n"
        "class TestTally:\n    def test_up(self):\n        assert sums.Tally().up() == 1\n\n"
        "    def test_down(self):\n        assert sums.Tally().down() == -1\n"
    ),
    "tests/test_words.py": "from kit import texts\n\n\ndef test_shout():\n    assert texts.shout('a') == 'A'\n",
    "README": "of a kit\n",
}


@pytest.fixture(autouse=True, scope="module")
def _local_sandbox():
    need("local")


def hook(*arguments, code=0):
    return coderefine("hook", *arguments, code=code)


@pytest.fixture
def repo(tmp_path):
    """A kit of two modules, whose tests have passed once."""
    return made(tmp_path)


def made(tmp_path, **files):
    repo = Repo.new(tmp_path / "repo")
    for path, text in {**FILES, **files}.items():
        repo.write(path, text)
    repo.commit()
    os.chdir(repo.root)
    assert "unaffected" not in hook("--explain", "kit/texts.py")
    assert " tests passed in" in hook(*(path for path in {**FILES, **files} if path.endswith(".py")))
    return repo


def edit(repo, path, before, after):
    text = (repo.root / path).read_text()
    assert before in text
    repo.write(path, text.replace(before, after), stage=True)


def unaffected(*paths):
    """The test files of which none runs."""
    lines = hook("--explain", *paths).split("\n")
    return [line.split()[0] for line in lines if "  unaffected: " in line]


AFTER_ANOTHER = """\
from kit.more import grow

SEEN = []


def test_more():
    SEEN.append(grow(3))
    assert SEEN[0] > 3


def test_seen():
    assert SEEN in ([], [4])
"""


def test_what_failed_when_its_file_was_run_whole_is_run_again(tmp_path):
    repo = made(tmp_path, **{"kit/more.py": "def grow(a):\n    return a + 1\n", "tests/test_leaning.py": AFTER_ANOTHER})
    edit(repo, "kit/more.py", "a + 1", "min(a - 1, 9)")
    assert "test_leaning.py::test_seen" in hook(code=1)
    edit(repo, "kit/more.py", "min(a - 1, 9)", "a + 2")
    assert "test_leaning.py::test_seen" in hook(code=1)


def test_only_the_tests_run_that_ran_the_function_that_changed(repo):
    edit(repo, "kit/texts.py", "text.upper()", "text.upper()[:]")
    assert unaffected() == ["tests/test_adding.py"]
    told = hook()
    assert "unaffected, as they ran nothing of what changed when they last passed: tests/test_adding.py" in told
    assert "1 test passed, 4 unaffected" in told
    assert "6 tests passed in" in hook("--no-cache")
    edit(repo, "kit/sums.py", "return 1\n", "return 2\n")
    told = hook(code=1)
    assert "tests/test_adding.py::TestTally::test_up" in told
    assert "4 tests passed, 1 failed, 1 unaffected" in told  # all of a file in which one fails


def test_what_failed_or_is_not_known_runs_again(repo):
    edit(repo, "kit/sums.py", "a + b", "a - b")
    assert "1 failed" in hook(code=1)
    edit(repo, "kit/texts.py", "text.upper()", "text.upper()[:]")
    assert "tests/test_adding.py::test_add" in (told := hook(code=1)) and "5 tests passed, 1 failed in" in told


CHANGES = {
    "what the module runs as it is imported": ("kit/sums.py", "LIMIT = 9", "LIMIT = 8", []),
    "a signature": ("kit/sums.py", "def add(a, b)", "def add(a, b, c=0)", []),
    "a new function": ("kit/texts.py", "def shout", "def cry(text):\n    return text\n\n\ndef shout", []),
    "a comment": ("kit/texts.py", "def shout", "# loudly\ndef shout", ["tests/test_adding.py", "tests/test_words.py"]),
    "the file of tests": ("tests/test_words.py", "def test_shout", "# loudly\ndef test_shout", []),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_a_change_concerns(name, repo):
    path, before, after, expected = CHANGES[name]
    edit(repo, path, before, after)
    assert unaffected() == expected


def test_nothing_to_run_is_said(repo):
    edit(repo, "kit/texts.py", "def shout", "# loudly\ndef shout")
    assert "no test to run: 5 tests unaffected" in hook()


def test_a_file_that_is_named_concerns_the_tests_that_run_its_functions(repo):
    assert "3 tests passed, 3 unaffected" in hook("kit/texts.py")
    assert "3 tests passed, 1 unaffected" in hook("kit/sums.py")


SHARED = {
    "a fixture of the session": (
        "import pytest\nfrom kit import texts\n\n\n@pytest.fixture(scope='session')\ndef word():\n"
        "    return texts.shout('a')\n\n\ndef test_one(word):\n    assert word\n\n\ndef test_two(word):\n    assert word\n"
    ),
    "setUpClass": (
        "import unittest\nfrom kit import texts\n\n\nclass T(unittest.TestCase):\n    @classmethod\n"
        "    def setUpClass(cls):\n        cls.word = texts.shout('a')\n\n    def test_one(self):\n        assert self.word\n\n"
        "    def test_two(self):\n        assert self.word\n"
    ),
    "what the file runs as it is imported": (
        "from kit import texts\n\nWORD = texts.shout('a')\n\n\ndef test_one():\n    assert WORD\n\n\ndef test_two():\n    assert WORD\n"
    ),
    "a thread": (
        "import threading\nfrom kit import texts\n\n\ndef run():\n    it = threading.Thread(target=texts.shout, args=('a',))\n"
        "    it.start()\n    it.join()\n\n\ndef test_one():\n    run()\n\n\ndef test_two():\n    run()\n"
    ),
    "its text": (
        "import inspect\nfrom kit import texts\n\n\ndef test_one():\n    assert 'upper' in inspect.getsource(texts.shout)\n\n\n"
        "def test_two():\n    assert open('kit/' + 'texts.py').read()\n"
    ),
    "another name for the module": (
        "import runpy\n\n\ndef run():\n    assert runpy.run_path('kit/' + 'texts.py')['shout']('a') == 'A'\n\n\n"
        "def test_one():\n    run()\n\n\ndef test_two():\n    run()\n\n\ndef unused():\n    import kit.texts\n"
    ),
    "a descriptor of its folder": (
        "import os\n\n\ndef run():\n    assert os.read(os.open('texts.py', 0, dir_fd=os.open('kit', 0)), 9)\n\n\n"
        "def test_one():\n    run()\n\n\ndef test_two():\n    run()\n\n\ndef unused():\n    import kit.texts\n"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SHARED)
def test_what_several_tests_depend_on_concerns_each_of_them(name, tmp_path):
    repo = made(tmp_path, **{"tests/test_shared.py": SHARED[name]})
    edit(repo, "kit/texts.py", "text.upper()", "text.upper()[:]")
    assert "tests/test_shared.py" not in unaffected()
    told = hook()
    if "session" in name:
        assert "8 tests passed in" in told  # whoever asks for it
    else:
        assert "3 tests passed, 4 unaffected" in told


def test_data_that_a_test_reads_concerns_it(tmp_path):
    reading = "from kit import texts\n\n\ndef test_read():\n    assert texts.quiet(open('README').read())\n"
    repo = made(tmp_path, **{"tests/test_reading.py": reading})
    repo.write("README", "more\n", stage=True)
    edit(repo, "kit/texts.py", "text.upper()", "text.upper()[:]")
    assert "2 tests passed, 4 unaffected" in hook()


def test_a_module_that_takes_the_place_of_another_concerns_who_imports_it(tmp_path):
    test = "import numbers\nfrom kit import texts\n\n\ndef test_it():\n    assert numbers and texts.shout('a')\n"
    repo = made(tmp_path, **{"tests/test_place.py": test})
    repo.write("numbers.py", "Real = None\n", stage=True)
    assert "tests/test_place.py" not in unaffected()


def test_a_new_conftest_concerns_all_below_it(repo):
    repo.write("tests/conftest.py", "", stage=True)
    assert unaffected() == []
    assert "6 tests passed in" in hook()


@pytest.mark.parametrize("path", ["pyproject.toml", "pytest.ini"])
def test_other_settings_end_what_is_known(path, repo):
    repo.write(path, "[tool.coderefine]\ntimeout = 19\n" if "toml" in path else "[pytest]\n", stage=True)
    edit(repo, "kit/texts.py", "text.upper()", "text.upper()[:]")
    assert unaffected() == []


def test_another_environment_ends_what_is_known(repo):
    (repo.root / ".venv/bin").mkdir(parents=True)
    (repo.root / ".venv/bin/python").symlink_to(sys.executable)
    edit(repo, "kit/texts.py", "text.upper()", "text.upper()[:]")
    assert unaffected() == []


def test_a_conftest_that_is_there_and_changes_ends_what_is_known(tmp_path):
    repo = made(tmp_path, **{"tests/conftest.py": "import os\n"})
    repo.write("tests/conftest.py", "import sys\n", stage=True)
    assert unaffected("kit/texts.py") == []


def test_what_is_configured_runs_as_a_whole(tmp_path):
    repo = made(tmp_path, **{"pyproject.toml": '[tool.coderefine.map]\n"kit/texts.py" = ["tests/test_adding.py"]\n'})
    edit(repo, "kit/texts.py", "text.upper()", "text.upper()[:]")
    assert "tests/test_adding.py  [tool.coderefine] map names it" in hook("--explain")
    assert "5 tests passed in" in hook()


def test_a_test_that_hides_what_became_of_its_processes_runs(tmp_path):
    test = (
        "import signal, subprocess, sys\n\n\ndef test_it():\n"
        "    signal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
        "    subprocess.Popen([sys.executable, '-c', 'import kit.texts']).wait()\n\n\ndef unused():\n    import kit.texts\n"
    )
    files = {"pyproject.toml": "[tool.coderefine]\nallow = ['processes']\n", "tests/test_hidden.py": test}
    repo = made(tmp_path, **files)
    edit(repo, "kit/texts.py", "text.upper()", "text.upper()[:]")
    assert unaffected() == ["tests/test_adding.py"]
    assert "2 tests passed, 4 unaffected" in hook()


def test_with_a_probe_in_them_functions_are_what_they_were(tmp_path):
    test = (
        "import inspect, pickle\nfrom kit import odd\n\n\ndef test_it():\n"
        "    assert odd.f.__doc__ == 'Doc.' and odd.only.__doc__ == 'Only.' and odd.f(1) == 1\n"
        "    assert hash(odd.f.__code__) and odd.f.__code__.co_firstlineno == 4\n"
        "    assert inspect.getsource(odd.f).startswith('@keep')\n"
        "    assert [*odd.g(2)] == [0, 1] and str(inspect.signature(odd.f)) == '(a, *, b=2)'\n"
        "    try:\n        odd.fails()\n    except ValueError as error:\n"
        "        assert error.__traceback__.tb_next.tb_lineno == 19\n"
    )
    odd = (
        "def keep(f):\n    return f\n\n@keep\ndef f(a, *, b=2):\n    'Doc.'\n    return a\n\ndef only():\n    'Only.'\n\n"
        "def g(n):\n    yield from range(n)\n\n\n\ndef fails():\n    x = 1\n    raise ValueError(x)\n"
    )
    made(tmp_path, **{"kit/odd.py": odd, "tests/test_odd.py": test})


def test_a_file_whose_tests_ran_in_two_sessions_is_not_known_as_a_whole():
    noted = []
    reach = types.SimpleNamespace(note=lambda *given: noted.append(given), save=lambda *given: None)
    plan = types.SimpleNamespace(reach=reach, spared=frozenset({"t.py::test_spared"}))

    def session(*deselected):
        suite = types.SimpleNamespace(deselected=deselected)
        problem = types.SimpleNamespace(visible=(types.SimpleNamespace(name="t.py"),), suite=suite)
        cases = (CaseResult(index=0, name="t.py::test_b", verdict=Verdict.AC),)
        return problem, types.SimpleNamespace(cases=cases, left=(), reach="{}")

    environment = types.SimpleNamespace(files=[])
    commit = types.SimpleNamespace(cache=None, changed=[])
    sessions = (session("t.py::test_spared"), session("t.py::test_spared", "t.py::test_a"))
    project = types.SimpleNamespace(plan=plan, spared=plan.spared)
    check._remember_reach(project, types.SimpleNamespace(sessions=sessions), commit, environment)
    assert [rest for *_, rest in noted] == [set(), {"t.py"}]


LEANING = (
    "from kit import sums, texts\n\n\nclass TestLeaning:\n    word = None\n\n"
    "    def test_made(self):\n        TestLeaning.word = texts.quiet('A')\n\n"
    "    def test_used(self):\n        assert self.word\n        assert sums.Tally().up() == 1\n"
)


def test_tests_that_lean_on_unaffected_ones_are_run_beside_them(tmp_path):
    """Without those they fail, with the change and without it, and a failure of the change would look like an old."""
    repo = made(tmp_path, **{"tests/test_leaning.py": LEANING})
    edit(repo, "kit/sums.py", "return 1\n", "return len('a')\n")
    assert "failing without your change" not in (told := hook()) and "3 tests passed" in told
    edit(repo, "kit/sums.py", "return len('a')\n", "return 2\n")
    told = hook(code=1)
    assert "2 failed" in told and "failing without your change" not in told
    assert "tests/test_leaning.py::TestLeaning::test_used" in told
