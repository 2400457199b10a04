"""Suites of which the project itself says what their tests are: what pytest says of them is what counts."""

import pytest

from sandbox import configured
from tests.judge.test_suites import run, verdicts

CONFTEST = """
import pytest
def pytest_addoption(parser):
    parser.addoption("--runslow", action="store_true", default=False)
def pytest_configure(config):
    config.addinivalue_line("markers", "slow: slow")
def pytest_collection_modifyitems(config, items):
    for item in items:
        if "slow" in item.keywords and not config.getoption("--runslow"):
            item.add_marker(pytest.mark.skip(reason="need --runslow"))
@pytest.fixture
def needs_db():
    pytest.skip("no database")
"""
HELPERS = """
import pytest
def require(x): pytest.skip("no " + x)
not_ready = pytest.mark.xfail(reason="not ready")
"""
STYLES = """
import unittest
import pytest
from helpers import not_ready, require

def vanishing(function): return None

@vanishing
def test_gone(): assert 0
def test_deleted(): assert 0
del test_deleted
@pytest.mark.slow
def test_of_an_option(): assert 0
def test_of_a_fixture(needs_db): assert 0
def test_of_a_helper(): require("x")
@not_ready
def test_of_an_imported_mark(): assert 0
@pytest.mark.parametrize("x", [])
def test_of_nothing(x): assert 0
ROWS = [1, pytest.param(2, marks=pytest.mark.skip)]
@pytest.mark.parametrize("x", ROWS)
def test_rows(x): assert x == 1
def test_options(pytestconfig): assert pytestconfig.getoption("verbose") is not None
def test_reporter(pytestconfig): assert pytestconfig.pluginmanager.getplugin("terminalreporter")
def test_prints_much(): print("x" * 3_000_000)

class TestClassSkips(unittest.TestCase):
    @classmethod
    def setUpClass(cls): raise unittest.SkipTest("x")
    def test_a(self): assert 0
class TestSetUpSkips(unittest.TestCase):
    def setUp(self): self.skipTest("x")
    def test_a(self): assert 0
class TestParts(unittest.TestCase):
    def test_a(self):
        for i in range(3):
            with self.subTest(i=i):
                if i == 1: self.skipTest("x")
class TestNone:
    __test__ = False
    def test_a(self): assert 0
"""
FILES = {"tests/conftest.py": CONFTEST, "tests/helpers.py": HELPERS}


def project(judge, tests, **fields):
    return run(judge, tests, **{"configured": True, "skips": "any", **fields})


def test_a_skip_is_none_of_a_failure_wherever_it_comes_from(judge):
    report = project(judge, STYLES, files=FILES)
    assert report.accepted, list(report.failures)
    ran = {case.name.partition("::")[2] for case in report.cases if not case.reason}
    assert ran - {"TestParts::test_a"} == {"test_rows[1]", "test_options", "test_reporter", "test_prints_much"}


@pytest.mark.parametrize("skippable", [(), ("tests/test_it.py::test_a",)])
def test_where_it_is_listed_what_may_be_skipped_nothing_else_may(judge, skippable):
    report = project(judge, "import pytest\ndef test_a(): pytest.skip()\n", skips="listed", skippable=skippable)
    assert verdicts(report) == {"test_a": "AC" if skippable else "RE"}


def test_a_file_that_cannot_be_imported_fails_with_its_tests(judge):
    report = project(judge, {"tests/test_a.py": "import nothing\ndef test_a(): pass\n", "tests/test_b.py": "nothing\n"})
    assert {case.name: str(case.verdict) for case in report.cases} == {
        "tests/test_a.py::test_a": "RE",
        "tests/test_b.py": "RE",
    }


def test_only_tests_of_exactly_the_name_are_deselected(judge):
    tests = "def test_m(): assert 0\ndef test_m_last(): pass\nclass TestM:\n    def test_m(self): pass\n"
    assert verdicts(project(judge, tests, deselected=("tests/test_it.py::test_m",))) == {
        "test_m_last": "AC",
        "TestM::test_m": "AC",
    }


SETTINGS = """
[pytest]
addopts = -n4 --cov=solution --junitxml=out.xml -m "not slow" -x tests --strict-markers --doctest-modules
python_files = check_*.py
python_functions = check_*
python_classes = Checks
markers = slow: slow
filterwarnings = error
"""
CHECKS = """
import pytest
def check_it(): pass
@pytest.mark.slow
def check_slow(): assert 0
def test_other(): assert 0
class Checks:
    def check_more(self):
        '''Add.

        >>> 1 + 1
        2
        '''
"""


def test_the_settings_of_the_project_hold_and_no_rule_keeps_the_canary_out(judge):
    report = project(judge, {"tests/check_a.py": CHECKS}, files={"pytest.ini": SETTINGS})
    found = {name.rpartition(".")[2]: verdict for name, verdict in verdicts(report).items()}
    assert found == {"check_it": "AC", "Checks::check_more": "AC", "check_more": "AC"}


def test_an_option_of_no_plugin_that_is_there_says_so(judge):
    report = project(judge, "def test_a(): pass\n", files={"pytest.ini": "[pytest]\naddopts = --nothing-such\n"})
    assert [str(case.verdict) for case in report.cases] == ["RE"]
    assert "unrecognized arguments: --nothing-such" in report.cases[0].reason


def test_a_part_of_a_project_is_tested_in_its_folder(judge):
    files = {
        "backend/pytest.ini": "[pytest]\npythonpath = lib\n",
        "backend/lib/shop.py": "NAME = open('name').read()\n",
        "backend/name": "n",
    }
    tests = {"backend/tests/test_a.py": "import shop\ndef test_a(): assert shop.NAME == 'n'\n"}
    report = project(judge, tests, files=files, root="backend")
    assert {case.name: str(case.verdict) for case in report.cases} == {"backend/tests/test_a.py::test_a": "AC"}


@pytest.mark.parametrize(
    ("addopts", "kept"),
    [
        ("-ra -q --strict-config", ["-ra", "-q", "--strict-config"]),
        ("-n auto --dist loadscope -v", ["-v"]),
        ("-nauto --numprocesses=4", []),
        ("--cov --cov-report term-missing --cov-fail-under=90 -v", ["-v"]),
        ("--cov src tests", []),
        ("-m 'not slow' -k tests -p tests.plugin", ["-m", "not slow", "-k", "tests", "-p", "tests.plugin"]),
        (["--doctest-modules", "tests", "--lf"], ["--doctest-modules"]),
        ("--junitxml report.xml --reruns 3 -x --maxfail=2", []),
        ("'unbalanced", []),
    ],
)
def test_of_the_options_those_stay_that_are_for_a_session(tmp_path, addopts, kept):
    (tmp_path / "tests").mkdir()
    assert configured.options({"addopts": addopts}, str(tmp_path)) == kept
