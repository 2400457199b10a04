"""Files and settings that make an interpreter run somebody's code have no effect on ours, in either direction."""

import sys

import pytest

from coderefine.judge import local
from coderefine.judge.judge import Judge
from tests.hostile.containment import PATIENT, TRACE, each, guess
from tests.problems_for_tests import function_problem

LIBRARY = "os.path.dirname(os.__file__)"
REFUSED = "EACCES EROFS ENOENT"
DENIED = {
    "conftest.py": (REFUSED, f"open('conftest-{TRACE}.py', 'w')"),
    "pytest.ini": (REFUSED, f"open('/tmp/pytest-{TRACE}.ini', 'w')"),
    "sitecustomize": (REFUSED, f"open({LIBRARY} + '/sitecustomize-{TRACE}.py', 'w')"),
    "usercustomize": (REFUSED, f"open(os.path.expanduser('~') + '/usercustomize-{TRACE}.py', 'w')"),
    "a .pth file": (REFUSED, f"open({LIBRARY} + '/site-packages/{TRACE}.pth', 'w')"),
    "a module that hides one of the library": (REFUSED, f"open({LIBRARY} + '/json-{TRACE}.py', 'w')"),
    "a stale .pyc": (REFUSED, f"open({LIBRARY} + '/__pycache__/json.{TRACE}.pyc', 'wb')"),
    "the .pyc that is there": (REFUSED, f"open({LIBRARY} + '/__pycache__/bisect.cpython-%d%d.pyc' % sys.version_info[:2], 'r+b')"),
    "a library to preload": (REFUSED, "open('/etc/ld.so.preload', 'w')"),
    "the program of the sandbox": (REFUSED + " ETXTBSY", "open(sys.executable, 'r+b')"),
    "the time zones": (REFUSED + " EISDIR", f"open('/usr/share/zoneinfo/{TRACE}', 'w')"),
}  # fmt: skip


@each(DENIED)
def test_nothing_is_planted(contain, case):
    contain.denied(*case)


STATE = {
    "builtins": "import builtins\nbuiltins.len = builtins.max = builtins.sorted = lambda *a: 0\nbuiltins.left_behind = 1",
    "json": "import json\njson.dumps = json.loads = None",
    "heapq and math": "heapq.heapify = heapq.heappop = math.sqrt = None\nmath.sqrt = lambda x: 0",
    "the search path": "import sys\nsys.path[:] = ['/tmp']\nsys.path_hooks.clear()\nsys.path_importer_cache.clear()",
    "an import hook": "import sys\nclass Finder:\n  def find_spec(s, *a): raise SystemExit(0)\nsys.meta_path.insert(0, Finder())",
    "modules that are none": "import sys, types\nfor name in list(sys.modules): sys.modules[name] = types.ModuleType(name)",
    "the variables of the interpreter": "import os\nos.environ.update(PYTHONPATH='/tmp', PYTHONINSPECT='1', PYTHONSTARTUP='/tmp/x', LD_PRELOAD='/tmp/x')\nos.putenv('PYTHONHOME', '/tmp')",
    "the warnings filter": "import warnings\nwarnings.simplefilter('error')",
    "a codec": "import codecs\ncodecs.register(lambda name: (_ for _ in ()).throw(SystemExit(0)))",
    "a class of nodes": "ListNode.__init__ = TreeNode.__init__ = None",
    "an audit hook": "import sys\nsys.addaudithook(lambda *a: None)",
    "an abstract base class": "import collections.abc\ncollections.abc.Sized.register(int)",
}  # fmt: skip


@each(STATE)
def test_no_change_of_the_interpreter_reaches_the_next_run(contain, case):
    contain("WA RE", case + "\ndef f(x): return 1", guess(limits=PATIENT))


@pytest.fixture
def trap(tmp_path, monkeypatch):
    """A working folder and an environment that would make an interpreter run code of theirs."""
    evil = "raise SystemExit('the trap was sprung')"
    for name in ("json", "os", "site", "sitecustomize", "usercustomize", "random", "sandbox", "conftest", "values"):
        (tmp_path / f"{name}.py").write_text(evil, encoding="utf-8")
    (tmp_path / "trap.pth").write_text("import sys; sys.exit('the trap was sprung')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("PYTHONPATH", "PYTHONUSERBASE", "PYTHONPLATLIBDIR"):
        monkeypatch.setenv(name, str(tmp_path))
    for name in ("PYTHONSTARTUP", "PYTHONINSPECT", "PYTHONBREAKPOINT", "PYTHONWARNINGS", "PYTHONHASHSEED"):
        monkeypatch.setenv(name, "7")


@pytest.mark.parametrize("backend", ["local", "docker"])
def test_the_hosts_folder_and_variables_do_not_reach_the_sandbox(backend, trap):
    from tests.conftest import open_or_skip

    with open_or_skip(backend) as judge:
        problem = function_problem([((5,), [5, hash_of_a()])])
        assert judge.run(problem, "import json, sys\ndef f(x): return [json.loads('5'), hash('a')]").accepted


def hash_of_a():
    import subprocess

    command = [sys.executable, "-c", "print(hash('a'))"]
    return int(subprocess.run(command, env={"PYTHONHASHSEED": "0"}, cwd="/", capture_output=True, check=True).stdout)


def test_an_interpreter_that_is_not_ours_serves_as_well(tmp_path):
    """The runner needs no package of ours, so none can be put in its way."""
    (tmp_path / "python").symlink_to(sys.executable)  # by another name, so that nothing is sent compiled
    judge = Judge("local", lambda memory_mib: local.open_worker(memory_mib, str(tmp_path / "python")), workers=1)
    with judge:
        assert judge.run(
            function_problem([((5,), False)]),
            "import sys\ndef f(x): return any('site-packages' in p for p in sys.path)",
        ).accepted
