"""Problems of kind "pytest": what pytest does in the sandboxes, and what the judge makes of it."""

import sys

import pytest

from coderefine.errors import ProblemError, SandboxUnavailable
from coderefine.judge import bundle, container, local, packages
from coderefine.judge.report import TestReport
from coderefine.judge.worker import Worker, WorkerRefused
from tests.problems_for_tests import Unhurried, suite_problem

DOUBLE = "from solution import double\ndef test_double(): assert double(4) == 8\n"
RIGHT = "def double(x):\n    return 2 * x\n"


def verdicts(report):
    return {case.name.partition("::")[2]: str(case.verdict) for case in report.cases}


def run(judge, tests, source=RIGHT, suite="visible", *, stop=False, **fields):
    return judge.run(suite_problem(tests, **fields), source, suite, stop_at_first_failure=stop)


def test_a_right_solution_is_accepted_and_labelled(judge):
    report = run(judge, DOUBLE)
    assert (report.accepted, report.assurance, report.total) == (True, "in-process", 1)


def test_other_kinds_are_isolated(any_judge):
    from tests.problems_for_tests import function_problem

    assert any_judge.run(function_problem([((1,), 1)]), "def f(x): return x").assurance == "isolated"


def test_the_label_survives_json(judge):
    report = run(judge, DOUBLE)
    assert TestReport.from_json(report.to_json()) == report
    assert report.to_json()["assurance"] == "in-process"


FEATURES = """
import asyncio, os, shutil, sqlite3, sys, unittest
from pathlib import Path
import pytest
from solution import double

@pytest.fixture
def opened():
    log = ["open"]
    yield log
    log.append("closed")

@pytest.fixture(scope="module", params=[3, 4], ids=["three", "four"])
def number(request):
    return request.param

def test_yield(opened): assert opened == ["open"]
def test_shared(shared): assert shared == "from conftest"
def test_params(number): assert double(number) == 2 * number

@pytest.mark.parametrize(("a", "b"), [(1, 2), pytest.param(2, 4, id="a [strange] id")])
def test_table(a, b): assert double(a) == b

class TestGroup:
    def setup_method(self): self.number = 5
    def test_method(self): assert double(self.number) == 10

class TestCase(unittest.TestCase):
    def test_unittest(self):
        with self.subTest("a"): self.assertEqual(double(1), 2)

def test_capsys(capsys):
    print("hello")
    assert capsys.readouterr().out == "hello\\n"

def test_capfd(capfd):
    os.write(1, b"raw")
    assert capfd.readouterr().out == "raw"

def test_monkeypatch(monkeypatch):
    monkeypatch.setenv("WORD", "x")
    monkeypatch.setattr("solution.double", lambda x: 7)
    import solution
    assert (os.environ["WORD"], solution.double(1)) == ("x", 7)

def test_caplog(caplog):
    import logging
    logging.getLogger().warning("careful")
    assert "careful" in caplog.text

def test_files(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.txt").write_text("text")
    shutil.copytree(tmp_path / "a", tmp_path / "c")
    (tmp_path / "c" / "b.txt").rename(tmp_path / "d.txt")
    os.symlink("d.txt", tmp_path / "link")
    shutil.copy2(tmp_path / "link", tmp_path / "e.txt")
    assert (tmp_path / "e.txt").read_text() == "text"
    shutil.rmtree(tmp_path / "a")

def test_sqlite(tmp_path):
    with sqlite3.connect(tmp_path / "db") as db:
        db.execute("create table t (x)")
        db.execute("insert into t values (1)")
    assert db.execute("select * from t").fetchall() == [(1,)]

def test_data():
    assert Path("tests/data/words.txt").read_text() == "some words"
    assert (Path(__file__).parent / "data" / "words.txt").exists()

def test_raises():
    with pytest.raises(TypeError, match="unsupported"): double(None)

def test_approx(): assert double(0.1) == pytest.approx(0.2)
def test_warns():
    with pytest.warns(UserWarning): __import__("warnings").warn("w")
def test_recursion_limit(): assert sys.getrecursionlimit() == 1000
"""


def test_pytest_runs_as_it_really_does(judge):
    files = {
        "tests/conftest.py": "import pytest\n\n@pytest.fixture\ndef shared(): return 'from conftest'\n",
        "tests/data/words.txt": "some words",
    }
    report = run(judge, FEATURES, files=files)
    assert set(verdicts(report).values()) == {"AC"}, report.failures
    assert report.total == 19
    assert "test_table[a [strange] id]" in verdicts(report)


def test_a_solution_may_be_a_module_of_a_package(judge):
    tests = "from shop.cart import total\ndef test(): assert total([1, 2]) == 6\n"
    files = {"shop/__init__.py": "", "shop/tax.py": "RATE = 2\n"}
    source = "from shop.tax import RATE\nfrom . import tax\ndef total(x): return RATE * sum(x)\n"
    assert run(judge, tests, source, files=files, solution="shop/cart.py").accepted


def test_settings_of_the_project_are_used(judge):
    tests = "import pytest, warnings\n@pytest.mark.slow\ndef test():\n    with pytest.raises(UserWarning): warnings.warn('x')\n"
    files = {
        "pytest.ini": "[pytest]\nmarkers =\n    slow: takes long\nfilterwarnings = error\naddopts = --no-such-option\n"
    }
    assert run(judge, tests, files=files).accepted


KINDS_OF_FAILURE = """
import pytest
from solution import double, Broken

@pytest.fixture
def broken(): return Broken()

def test_wrong(): assert double(2) == 5
def test_raised_there(): double("x" , 1)
def test_deep(): Broken.call()
def test_asserted_there(): Broken.check()
def test_not_raised():
    with pytest.raises(KeyError): double(1)
def test_failed(): pytest.fail("so there")
def test_in_the_test(): double(1)["x"]
def test_setup(broken): pass
def test_fine(): assert double(2) == 4
"""
FAILING = """
def double(x):
    return 2 * x
class Broken:
    def __init__(self):
        raise LookupError("no")
    def call():
        return [][1]
    def check():
        assert double(1) == 3
"""


@pytest.fixture(scope="module")
def failures(any_judge):
    report = run(any_judge, KINDS_OF_FAILURE, FAILING)
    return {case.name.partition("::")[2]: case for case in report.cases}


@pytest.mark.parametrize(
    ("test", "verdict", "error", "line"),
    [
        ("test_wrong", "WA", "AssertionError", None),
        ("test_raised_there", "WA", "TypeError", None),
        ("test_deep", "RE", "IndexError", 8),
        ("test_asserted_there", "RE", "AssertionError", 10),
        ("test_not_raised", "WA", "Failed", None),
        ("test_failed", "WA", "Failed", None),
        ("test_in_the_test", "WA", "TypeError", None),
        ("test_setup", "RE", "LookupError", 6),
        ("test_fine", "AC", None, None),
    ],
)
def test_a_failure_is_wrong_in_the_test_and_an_error_in_the_solution(failures, test, verdict, error, line):
    case = failures[test]
    found = case.error and case.error.type, case.error and case.error.line
    assert (str(case.verdict), *found) == (verdict, error, line)


def test_a_failure_says_what_pytest_says_and_where(failures):
    case = failures["test_wrong"]
    assert case.error.message == "assert 4 == 5\n +  where 4 = double(2)"
    assert case.reason == "tests/test_it.py:8: def test_wrong(): assert double(2) == 5"
    assert case.code == "def test_wrong(): assert double(2) == 5"


def test_a_solution_that_does_not_compile_is_a_compile_error_of_every_test(judge):
    report = run(judge, KINDS_OF_FAILURE, "def double(x:\n    return\n")
    assert {str(case.verdict) for case in report.cases} == {"CE"}
    assert (report.total, report.cases[0].error.line, report.cases[0].error.column) == (9, 1, 11)


@pytest.mark.parametrize("where", ["test", "conftest"])
def test_a_solution_that_cannot_be_imported_fails_every_test_with_its_line(judge, where):
    files = {"tests/conftest.py": "import solution\n"} if where == "conftest" else {}
    report = run(judge, DOUBLE + "def test_two(): pass\n", "x = 1\ny = x[0]\n", files=files)
    assert verdicts(report) == {"test_double": "RE", "test_two": "RE"}
    assert (report.cases[0].error.type, report.cases[0].error.line) == ("TypeError", 2)


def test_a_missing_name_fails_its_file_and_no_other(judge):
    tests = {"tests/test_a.py": "from solution import gone\ndef test_a(): pass\n", "tests/test_b.py": DOUBLE}
    report = run(judge, tests)
    assert verdicts(report) == {"test_a": "RE", "test_double": "AC"}
    assert report.cases[0].error.type == "ImportError"


SKIPS = """
import sys
import pytest, unittest
from solution import double

@pytest.mark.skip(reason="not yet")
def test_marked(): assert False
@pytest.mark.skipif(sys.version_info > (3, 8), reason="too new")
def test_conditional(): assert False
@pytest.mark.xfail
def test_expected(): assert double(1) == 3
def test_itself(): pytest.skip("in its body")
@pytest.mark.parametrize("x", [1, pytest.param(2, marks=pytest.mark.skip)])
def test_table(x): assert double(x) == 2 * x
class TestOld(unittest.TestCase):
    @unittest.skip("old")
    def test_old(self): assert False
"""


def test_what_its_author_skips_does_not_fail_but_is_shown(judge):
    report = run(judge, SKIPS)
    assert report.accepted, report.failures
    reasons = {case.name.partition("::")[2]: case.reason for case in report.cases}
    assert reasons["test_marked"] == "skipped: not yet"
    assert reasons["test_itself"] == "skipped: in its body"
    assert reasons["test_table[1]"] == ""


def test_a_solution_cannot_use_a_skip_that_is_declared_for_another_reason(judge):
    tests = "import pytest, sys\nfrom solution import double\n@pytest.mark.skipif(sys.platform == 'win32', reason='x')\ndef test(): assert double(1) == 2\n"
    assert str(run(judge, tests, "import pytest\ndef double(x): pytest.skip('AC')\n").verdict) == "RE"


def test_a_file_may_be_skipped_as_a_whole_where_it_says_so(judge):
    tests = {
        "tests/test_a.py": "import pytest\npytest.importorskip('not_there')\ndef test_a(): pass\n",
        "tests/test_b.py": DOUBLE,
    }
    report = run(judge, tests)
    assert report.accepted
    assert "could not import 'not_there'" in report.cases[0].reason


def test_a_test_that_hangs_leaves_the_others_their_verdicts(judge):
    tests = "from solution import double\ndef test_a(): assert double(1) == 2\ndef test_b(): double(0)\ndef test_c(): pass\n"
    source = "def double(x):\n    while not x: pass\n    return 2 * x\n"
    report = run(judge, tests, source, limits=Unhurried(0.6, 256, 64))
    assert verdicts(report) == {"test_a": "AC", "test_b": "TLE", "test_c": "TLE"}
    assert report.cases[1].reason == "stopped after 0.6 s of CPU time"
    assert report.cases[2].reason == "not run: stopped after 0.6 s of CPU time"


def test_what_a_test_prints_is_kept(judge):
    report = run(judge, DOUBLE, "def double(x):\n    print('seen', x)\n    return 2 * x\n")
    assert report.cases[0].output == "seen 4\n"


def test_stopping_at_the_first_failure_is_said(judge):
    tests = (
        "from solution import double\ndef test_a(): assert double(1) == 2\ndef test_b(): assert 0\ndef test_c(): pass\n"
    )
    report = run(judge, tests, stop=True)
    assert (verdicts(report), report.complete) == ({"test_a": "AC", "test_b": "WA"}, False)


def test_a_right_solution_is_accepted_also_where_the_run_would_stop_at_a_failure(judge):
    assert run(judge, DOUBLE, stop=True).accepted


@pytest.mark.parametrize(("suite", "names"), [("visible", ["a"]), ("hidden", ["h"]), ("all", ["a", "h"])])
def test_each_suite_has_its_tests(judge, suite, names):
    tests = {"tests/test_a.py": "def test_a(word): assert word == 'visible'\n"}
    hidden = {
        "tests/hidden/test_h.py": "from test_a import test_a as other\ndef test_h(word, more): assert word == 'visible' and more\n"
    }
    files = {"tests/conftest.py": "import pytest\n@pytest.fixture\ndef word(): return 'visible'\n"}
    more = {
        "tests/hidden/conftest.py": "import sys, os\nsys.path.append(os.path.dirname(os.path.dirname(__file__)))\nimport pytest\n@pytest.fixture\ndef more(): return 1\n"
    }
    report = run(judge, tests, suite=suite, hidden=hidden, files=files, hidden_files=more)
    assert report.accepted, report.failures
    assert {f"test_{name}" for name in names} <= set(verdicts(report))
    assert report.tests == suite


def test_reports_of_one_candidate_are_equal_but_for_times(judge):
    source = "class double:\n    def __init__(self, x): pass\n"
    first, second = (run(judge, DOUBLE, source).cases[0] for _ in range(2))
    assert (first.error, first.reason) == (second.error, second.reason)


def test_a_failing_test_is_known_by_its_name_from_run_to_run(any_judge):
    problem = suite_problem(
        {
            "tests/test_a.py": "import solution\n@__import__('pytest').mark.parametrize('n', solution.N)\ndef test_a(n): pass\n",
            "tests/test_b.py": DOUBLE,
        }
    )
    few = any_judge.run(problem, "N = [1]\n" + RIGHT)
    many = any_judge.run(problem, "N = [1, 2]\n" + RIGHT)
    assert few.passing == {"tests/test_a.py::test_a[1]", "tests/test_b.py::test_double"}
    assert few.passing < many.passing


def test_a_file_that_is_no_python_is_the_problems_fault(any_judge):
    with pytest.raises(ProblemError, match="expected Python"):
        run(any_judge, "def test(:\n")


def test_a_library_may_add_a_finder_of_its_own(any_judge):
    source = "import sys\nclass Finder:\n    def find_spec(self, *a): return None\nsys.meta_path.append(Finder())\n"
    assert run(any_judge, DOUBLE, source + RIGHT).accepted


def test_installed_packages_can_be_imported(any_judge):
    assert run(any_judge, DOUBLE, "import click\nassert click.__file__\n" + RIGHT).accepted


def test_evidence_is_not_recorded_and_does_no_harm(any_judge):
    assert any_judge.run(suite_problem(DOUBLE), RIGHT, evidence=True).accepted


def test_without_a_mount_namespace_nothing_is_mounted():
    program = bundle.program(separate=False, require_landlock=True, suite={"scratch": "", "packages": "", "allow": []})
    with pytest.raises(WorkerRefused, match="no mount namespace"):
        Worker(local.LocalChannel(program, sys.executable), 512)


def test_what_is_not_built_cannot_be_allowed():
    config = {"scratch": "", "packages": "", "allow": ["network"]}
    program = bundle.program(separate=True, require_landlock=True, suite=config)
    with pytest.raises(WorkerRefused, match="cannot be allowed network"):
        Worker(local.LocalChannel(program, sys.executable), 512)


def test_an_image_without_a_usable_pytest_is_refused_with_the_next_step(monkeypatch):
    from tests.conftest import open_or_skip

    monkeypatch.setattr(packages, "pack", lambda: "")
    with open_or_skip("docker") as judge, pytest.raises(SandboxUnavailable, match=r"cannot import pytest.*--image"):
        judge.run(suite_problem(DOUBLE), RIGHT)


def test_the_scratch_is_seen_by_nobody_else(any_judge):
    from pathlib import Path

    with any_judge.sandboxes.suites.lease(0):
        assert "project" not in {path.name for path in Path("/mnt").iterdir()}


def test_a_container_for_pytest_gets_what_files_need_and_no_other_does():
    from coderefine.judge.docker import connect

    open_client = connect
    try:
        client = open_client()
    except SandboxUnavailable as error:
        pytest.skip(str(error))
    plain, scratch = (container.host_config(client, 256, None, scratch=flag) for flag in (False, True))
    assert not plain.get("Tmpfs")
    assert "size=64m" in scratch["Tmpfs"]["/mnt"]
    assert '"mkdirat"' in scratch["SecurityOpt"][1] and '"mkdirat"' not in plain["SecurityOpt"][1]
    assert '"socket"' not in scratch["SecurityOpt"][1]


def test_modules_are_imported_from_the_folders_that_the_problem_names(judge):
    files = {"src/kit/__init__.py": "", "src/kit/tools.py": "FACTOR = 2\n"}
    source = "from kit.tools import FACTOR\ndef double(x): return FACTOR * x\n"
    assert not run(judge, DOUBLE, source, files=files).accepted
    assert run(judge, DOUBLE, source, files=files, import_paths=("src",)).accepted


def test_plugins_that_the_problem_names_are_loaded(judge):
    files = {
        "pytest.ini": "[pytest]\nrequired_plugins = pytest-none\n",
        "eight.py": "import pytest\n@pytest.fixture\ndef eight(): return 8\n",
    }
    tests = "from solution import double\ndef test_double(eight): assert double(4) == eight\n"
    assert not run(judge, tests, files=files).accepted
    assert run(judge, tests, files=files, plugins=("eight",)).accepted


def test_tests_that_the_problem_deselects_are_not_run(judge):
    tests = """
import pytest
from solution import double
def test_double(): assert double(4) == 8
@pytest.mark.parametrize("x", [1, 2])
def test_never(x): assert False
class TestMore:
    def test_never(self): assert False
"""
    ids = ("tests/test_it.py::test_never", "tests/test_it.py::TestMore::test_never")
    assert verdicts(run(judge, tests, deselected=ids)) == {"test_double": "AC"}
    assert not run(judge, tests, deselected=ids[:1]).accepted
    assert not run(judge, tests, "def double(x): return x", deselected=ids).accepted


@pytest.fixture
def other_python(tmp_path):
    """The interpreter of an environment that only its owner may look into, with one package and no pytest."""
    import subprocess
    import sys
    import venv
    from pathlib import Path

    system = Path("/usr/bin/python3")
    if system.exists():  # whose library everybody can read, which the environment's folder is then not
        subprocess.run([system, "-m", "venv", "--without-pip", tmp_path / "env"], check=True)
    else:
        venv.create(tmp_path / "env")
    tmp_path.chmod(0o700)
    version = subprocess.run(
        [tmp_path / "env/bin/python", "-c", "import sys; print('python%d.%d' % sys.version_info[:2])"],
        check=True,
        capture_output=True,
        text=True,
    )
    (tmp_path / "env/lib" / version.stdout.strip() / "site-packages/installed.py").write_text("FACTOR = 2\n")
    assert str(tmp_path) not in sys.path
    return str(tmp_path / "env/bin/python")


def test_the_packages_of_another_interpreter_can_be_imported(other_python):
    from coderefine.judge.judge import Judge

    source = "from installed import FACTOR\ndef double(x): return FACTOR * x\n"
    with Judge("local", local.open_worker, open_suite=lambda memory: local.open_suite(memory, other_python)) as judge:
        assert judge.run(suite_problem(DOUBLE), source).accepted
        assert not judge.run(suite_problem(DOUBLE), "open('/etc/hostname')\n" + source).accepted


def test_a_failure_advises_no_option_of_a_command_that_nobody_typed(any_judge):
    tests = "from solution import double\ndef test_a(): assert [double(1)] == [2, 3]\n"
    (case,) = run(any_judge, tests).cases
    assert case.error.message.endswith("Right contains one more item: 3")
