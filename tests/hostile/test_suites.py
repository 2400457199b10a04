"""Programs that share a process with the tests of pytest, and would rather not be tested. None of them is accepted.

What is not stopped stands here as well, so that SECURITY.md can name it: a test that shows a hole is a test.
"""

import pytest

from coderefine.judge.verdict import Verdict
from coderefine.problem.problem import Limits
from tests.hostile.containment import each
from tests.problems_for_tests import suite_problem

TWO = {
    "tests/test_a.py": "import solution\ndef test_a(): assert solution.f(5) == 'no candidate can know this'\n",
    "tests/test_b.py": """
import unittest
import pytest
from solution import f

@pytest.fixture
def five():
    yield 5

@pytest.mark.parametrize("add", [0, 1])
def test_b(five, add):
    assert f(five + add) == ["no", add]

def test_raises():
    with pytest.raises(LookupError):
        f(None)

class TestOld(unittest.TestCase):
    def test_old(self):
        self.assertEqual(f(1), "nor this")
""",
}
CONFTEST = {"tests/conftest.py": "import pytest\n\n@pytest.fixture\ndef unused(): return 1\n"}
PROBLEM = suite_problem(TWO, files=CONFTEST)
NEXT = suite_problem(
    "from solution import f\ndef test_f(tmp_path):\n    (tmp_path / 'x').write_text('1')\n    assert f(2) == 4\n"
)
NEXT_SOURCE = "import os\nassert os.listdir() and not os.listdir(os.environ['TMPDIR'])[1:]\ndef f(x): return 2 * x\n"


@pytest.fixture
def contain(judge):
    """Return `contain(verdicts, source)`: not accepted, one of the verdicts, and the next run in the sandbox is right."""

    def run(verdicts, source, problem=PROBLEM):
        with judge.sandboxes.suites.lease(0) as before:
            pass
        report = judge.run(problem, source)
        assert not report.accepted
        assert str(report.verdict) in verdicts.split(), [
            (c.name, str(c.verdict), str(c.error), c.reason) for c in report.cases
        ]
        assert judge.run(NEXT, NEXT_SOURCE).accepted, "the next run was affected"
        with judge.sandboxes.suites.lease(0) as after:
            assert after is before, "the worker had to be replaced"
        return report

    return run


LEAVING = {
    "pytest.skip": "import pytest\ndef f(x): pytest.skip('AC')",
    "pytest.skip while loading": "import pytest\npytest.skip('AC', allow_module_level=True)",
    "unittest.SkipTest": "import unittest\ndef f(x): raise unittest.SkipTest('AC')",
    "unittest.SkipTest while loading": "import unittest\nraise unittest.SkipTest('AC')",
    "pytest.xfail": "import pytest\ndef f(x): pytest.xfail('AC')",
    "pytest.importorskip": "import pytest\npytest.importorskip('not_there')",
    "pytest.exit with status 0": "import pytest\ndef f(x): pytest.exit('AC', returncode=0)",
    "pytest.exit with status 1": "import pytest\ndef f(x): pytest.exit('AC', returncode=1)",
    "pytest.exit while loading": "import pytest\npytest.exit('AC', returncode=0)",
    "os._exit(0)": "import os\ndef f(x): os._exit(0)",
    "os._exit(1), pytest's status for failed tests": "import os\ndef f(x): os._exit(1)",
    "os._exit(0) while loading": "import os\nos._exit(0)",
    "os._exit(117), as of a scratch that is not empty": "import os\nos._exit(117)",
    "sys.exit(0)": "import sys\ndef f(x): sys.exit(0)",
    "sys.exit(0) while loading": "import sys\nsys.exit(0)",
    "SystemExit while loading": "raise SystemExit",
    "KeyboardInterrupt": "def f(x): raise KeyboardInterrupt",
    "KeyboardInterrupt while loading": "raise KeyboardInterrupt",
    "GeneratorExit": "def f(x): raise GeneratorExit",
    "an exit handler": "import atexit, os\natexit.register(os._exit, 0)\ndef f(x): atexit._run_exitfuncs()",
    "exiting in a thread": "import os, threading, time\ndef f(x):\n  threading.Thread(target=os._exit, args=(0,)).start()\n  time.sleep(1)",
    "a crash": "import ctypes\ndef f(x): ctypes.string_at(0)",
}


@each(LEAVING)
def test_leaving_is_a_run_time_error(contain, case):
    contain("RE", case)


PATCHING = {
    "builtins.AssertionError": "import builtins\nclass Quiet(BaseException): pass\nbuiltins.AssertionError = lambda *a: Quiet()\ndef f(x): return 1",
    "builtins.AssertionError as a skip": "import builtins, pytest\nbuiltins.AssertionError = pytest.skip.Exception\ndef f(x): return 1",
    "the run of a function": "import _pytest.python\n_pytest.python.Function.runtest = lambda self: None\ndef f(x): return 1",
    "the call of a function": "import _pytest.python\n_pytest.python.pytest_pyfunc_call.__code__ = (lambda pyfuncitem: True).__code__\ndef f(x): return 1",
    "every report": "import _pytest.reports\nold = _pytest.reports.TestReport.__init__\ndef new(self, *a, **k):\n  old(self, *a, **k)\n  self.outcome, self.longrepr = 'passed', None\n_pytest.reports.TestReport.__init__ = new\ndef f(x): return 1",
    "the call of a phase": "import _pytest.runner as r\nold = r.CallInfo.from_call.__func__\n@classmethod\ndef new(cls, func, *a, **k): return old(cls, lambda: None, *a, **k)\nr.CallInfo.from_call = new\ndef f(x): return 1",
    "collection": "import _pytest.main\n_pytest.main.Session.genitems = lambda self, node: iter(())\ndef f(x): return 1",
    "collection of modules": "import _pytest.python\n_pytest.python.Module.collect = lambda self: []\ndef f(x): return 1",
    "the list of tests": "import gc\nfor it in gc.get_objects():\n  if type(it).__name__ == 'Session': it.items = []\ndef f(x):\n  for it in gc.get_objects():\n    if type(it).__name__ == 'Session': it.items.clear(); it.testsfailed = 0\n  return 1",
    "the loop over tests": "import _pytest.main\n_pytest.main.pytest_runtestloop.__code__ = (lambda session: True).__code__\ndef f(x): return 1",
    "the count of failures": "import gc\ndef f(x):\n  for it in gc.get_objects():\n    if type(it).__name__ == 'Session': it.__class__.testsfailed = property(lambda s: 0, lambda s, v: None)\n  return 1",
    "pytest.raises": "import pytest, contextlib\npytest.raises = lambda *a, **k: contextlib.nullcontext()\ndef f(x): return 1",
    "unittest's assertions": "import unittest\nunittest.TestCase.assertEqual = lambda *a: None\ndef f(x): return 1",
    "compile": "import builtins\nold = builtins.compile\nbuiltins.compile = lambda *a, **k: old('', 'x', 'exec')\ndef f(x): return 1",
    "a hook of the plugin manager": "import gc\nclass Evil:\n  def pytest_pyfunc_call(self, pyfuncitem): return True\nfor it in gc.get_objects():\n  if type(it).__name__ == 'PytestPluginManager': it.register(Evil())\ndef f(x): return 1",
    "what the recorder collected": "import gc\ndef f(x):\n  for it in gc.get_objects():\n    if type(it).__name__ == 'Recorder': it.rows.clear(); it.collected.clear()\n  return 1",
    "how the recorder notes": "import gc\nfor it in gc.get_objects():\n  if type(it).__name__ == 'Recorder': type(it).pytest_runtest_logreport = lambda s, report: None\ndef f(x): return 1",
    "an import hook": "import sys, importlib.machinery as m\nclass Hook:\n  def find_spec(self, name, path=None, target=None):\n    if name.startswith('test_'): return m.ModuleSpec(name, self, origin=name)\n  def create_module(self, spec): return None\n  def exec_module(self, module): exec('def test_b(): pass\\ndef test_raises(): pass\\nclass TestOld:\\n  def test_old(self): pass', vars(module))\nsys.meta_path.insert(0, Hook())\ndef f(x): return 1",
    "a module in the place of the next": "import sys, types\nfake = types.ModuleType('test_b')\nfake.test_b = fake.test_raises = lambda: None\nsys.modules['test_b'] = fake\ndef f(x): return 1",
    "every function of pytest": "import sys, types\nfor name, module in list(sys.modules.items()):\n  if name.startswith('_pytest'):\n    for key, value in list(vars(module).items()):\n      if isinstance(value, types.FunctionType): setattr(module, key, lambda *a, **k: None)\ndef f(x): return 1",
    "json": "import json\njson.dumps = lambda *a, **k: '[\"session\",0,[],[],[],[]]'\ndef f(x): return 1",
}  # fmt: skip


@each(PATCHING)
def test_a_patched_harness_passes_nothing(contain, case):
    contain("WA RE", case)


WIRE = {
    "nonsense on every descriptor": "import os\ndef f(x):\n  for fd in range(3, 64):\n    try: os.write(fd, b'[\"session\",0,[],[],[],[]]')\n    except OSError: pass\n  return 1",
    "every descriptor closed": "import os\ndef f(x):\n  os.closerange(0, 64)\n  return 1",
    "rows of its own": "import os, json\ndef f(x):\n  for fd in range(1, 64):\n    try: os.write(fd, (json.dumps(['row', ['tests/test_a.py::test_a', 'passed', '', '', '', False, [], '', 0, 0, 0]]) + chr(10)).encode())\n    except OSError: pass\n  os._exit(0)",
    "a test that is none": "import os, json\ndef f(x):\n  os.write(5, (json.dumps(['row', ['elsewhere.py::test_z', 'passed', '', '', '', False, [], '', 0, 0, 0]]) + chr(10)).encode())\n  while True: pass",
}  # fmt: skip


@each(WIRE)
def test_what_is_written_into_the_channels_passes_nothing(contain, case):
    contain("WA RE TLE", case)


ROWS = """
import json, os
def forge():
    names = ['a.py::test_a', 'a.py::test_fails', 'b.py::test_b', 'b.py::test_raises', 'b.py::TestOld::test_old']
    rows = [['row', ['tests/test_' + name, 'passed', '', '', '', False, [], '', 0, 0, 0]] for name in names]
    lines = [json.dumps(line) for row in rows for line in (row, [0, row], ['start', row[1][0]], [0, ['start', row[1][0]]])]
    texts = [line + end for line in lines for end in ('', ' ', ' ' + 64 * '0')]
    for fd in range(64):
        try: os.write(fd, ('\\n' + '\\n'.join(texts) + '\\n').encode())
        except OSError: pass
def repeat():
    # What was told so far, read back from where it was written to, with other results.
    for fd in range(3, 64):
        try: back = os.open('/proc/self/fd/%d' % fd, os.O_RDONLY | os.O_NONBLOCK)
        except OSError: continue
        try: data = os.read(back, 1 << 16)
        except OSError: continue
        for old in (b'"failed"', b'"start"'):
            os.write(fd, data + data.replace(old, b'"passed"'))
"""
ENDINGS = {
    "with status 0": "os._exit(0)",
    "with status 1": "os._exit(1)",
    "by a limit of time": "while True: pass",
    "by a crash": "import ctypes; ctypes.string_at(0)",
    "by closing everything": "os.closerange(0, 64)",
    "by too much output": "while True: os.write(1, b'x' * 9999)",
}
USES = {
    "while it is imported": "leave()\ndef f(x): return x\n",
    "in a test": "def f(x): leave()\n",
}


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_session_that_ends_itself_after_forged_rows_passes_no_single_test(judge, ending, use):
    source = f"{ROWS}\ndef leave():\n    forge()\n    repeat()\n    {ENDINGS[ending]}\n{USES[use]}"
    report = judge.run(PROBLEM, source)
    assert [case.name for case in report.cases if case.verdict is Verdict.AC] == []
    assert judge.run(NEXT, NEXT_SOURCE).accepted


PLANTS = {
    "conftest.py": "open('tests/conftest.py', 'w').write('')",
    "a conftest.py in the root": "open('conftest.py', 'w').write('def pytest_pyfunc_call(pyfuncitem): return True')",
    "pytest.ini": "open('pytest.ini', 'w').write('[pytest]\\npython_functions=nothing')",
    "the next test file": "open('tests/test_b.py', 'w').write('def test_b(): pass')",
    "a test file removed": "os.unlink('tests/test_a.py')",
    "a folder moved": "os.rename('tests', 'old')",
    "a stale .pyc": "os.mkdir('tests/__pycache__')",
    "a module that hides one of the library": "open('unittest.py', 'w').write('')",
}


@each(PLANTS)
def test_nothing_is_planted_among_the_tests(judge, case):
    with judge.sandboxes.suites.lease(0) as worker:
        if worker.hello["landlock_abi"] < 3:
            pytest.skip("this kernel has no Landlock, so the files of a project can be changed")
    problem = suite_problem(
        {"tests/test_a.py": "import solution\ndef test(): assert solution.tried == 13\n"}, files=CONFTEST
    )
    source = f"import os\ntried = 0\ntry:\n    {case}\nexcept OSError as error:\n    tried = error.errno\n"
    report = judge.run(problem, source)
    assert report.accepted, report.cases


DENIED = {
    "reading a file of the machine": "open('/etc/group')",
    "reading its environment at the start": "open('/proc/self/environ')",
    "writing outside of the scratch": "open('/var/left-behind', 'w')",
    "writing beside the folders of the scratch": "open(os.path.join(os.environ['TMPDIR'], '..', 'left-behind'), 'w')",
    "another mode of a file of the machine": "os.chmod(os.__file__, 0o644)",
    "another date of a file of the machine": "os.utime(os.__file__, (1, 1))",
    "memory that is shared and in no file": "mmap.mmap(-1, 4096)",
    "a socket": "socket.socket()",
    "a pair of sockets that can be connected again": "socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)",
    "a process": "os.fork()",
    "a program": "os.execv('/bin/true', ['true'])",
    "a signal": "os.kill(os.getppid(), 0)",
    "a pipe in the file system": "os.mkfifo(os.path.join(os.environ['TMPDIR'], 'left-behind'))",
    "a device": "os.mknod(os.path.join(os.environ['TMPDIR'], 'left-behind'), 0o20666, os.makedev(1, 8))",
    "moving the root": "os.chroot('.')",
    "a mount": "call('mount', b'none', b'/', b'tmpfs', 0, 0)",
    "a namespace": "call('unshare', 0x10000000)",
    "io_uring": "call('io_uring_setup', 1, 0)",
}


@each(DENIED)
def test_what_files_do_not_need_is_still_denied(judge, case):
    from tests.hostile.containment import TRYING

    if "/etc/group" in case:
        with judge.sandboxes.suites.lease(0) as worker:
            if worker.hello["landlock_abi"] < 3:
                pytest.skip("this kernel has no Landlock; what is in the container is no secret")
    problem = suite_problem("from solution import f\ndef test(): assert f(0) in ('EPERM', 'EACCES', 'EROFS')\n")
    report = judge.run(problem, TRYING % case)
    assert report.accepted, report.cases


FILLING = {
    "one large file": "with open(T + '/x', 'wb') as file:\n    for _ in range(99): file.write(bytes(1 << 20))",
    "many files": "for n in range(10**6):\n    with open(T + '/%d' % n, 'wb') as file: file.write(bytes(1 << 20))",
    "many names": "for n in range(10**6): os.mkdir(T + '/%d' % n)",
    "a deep folder": "os.chdir(T)\nfor n in range(10**6):\n    os.mkdir('d')\n    os.chdir('d')",
    "a sparse file": "with open(T + '/x', 'wb') as file: file.truncate(1 << 40)",
}


@each(FILLING)
def test_the_scratch_is_limited_and_empty_again(contain, case):
    body = case.replace("\n", "\n    ")
    source = f"import os\nT = os.environ['TMPDIR']\ndef f(x):\n    {body}\n"
    contain("RE TLE", source, suite_problem("from solution import f\ndef test(): f(0)\n"))


def test_folders_that_are_locked_and_links_are_wiped_as_well(contain):
    source = """
import os
def f(x):
    os.chdir(os.environ['TMPDIR'])
    for name in ('a', 'a/b', 'a/b/c', 'd'):
        os.mkdir(name)
    os.symlink('/', 'a/b/root')
    os.symlink('a', 'loop')
    os.chmod('a/b', 0)
    os.chmod('d', 0)
    os.chmod('.', 0) if os.stat('.').st_uid == os.getuid() else None
    assert False
"""
    contain("RE", source, suite_problem("from solution import f\ndef test(): f(0)\n"))


def test_a_visible_run_has_no_hidden_test(judge):
    tests = "from solution import found\ndef test(): assert found() == ['conftest.py', 'test_it.py']\n"
    hidden = {"tests/hidden/test_secret.py": "def test_secret(): pass\n"}
    problem = suite_problem(tests, hidden=hidden, files=CONFTEST, hidden_files={"tests/hidden/data.txt": "secret"})
    source = "import os\ndef found(): return sorted(n for n in os.listdir('tests') if n != '__pycache__')\n"
    report = judge.run(problem, source)
    assert report.accepted, report.cases


LIMITS = {
    "a busy loop": ("TLE", "def f(x):\n  while True: pass"),
    "a busy loop while loading": ("TLE", "while True: pass"),
    "a loop that catches everything": ("TLE", "def f(x):\n  while True:\n    try:\n      while True: pass\n    except BaseException: pass"),
    "sleep": ("TLE", "import time\ndef f(x): time.sleep(60)"),
    "memory": ("MLE", "def f(x): return bytearray(1 << 30)"),
    "memory while loading": ("MLE", "x = bytearray(1 << 30)\ndef f(x): return 1"),
    "a flood": ("OLE", "def f(x):\n  for n in range(3000): print('x' * 99)"),
    "a flood past pytest": ("OLE RE TLE", "import os\ndef f(x):\n  while True:\n    for fd in range(3, 20):\n      try: os.write(fd, b'x' * 9999)\n      except OSError: pass"),
    "a recursion without end": ("RE", "def f(x): return f(x)"),
}  # fmt: skip


@each(LIMITS)
def test_limits_hold(contain, case):
    contain(*case, suite_problem("import solution\ndef test(): solution.f(0)\n", limits=Limits(0.7, 256, 64)))


# What shares a process with its tests can cheat them if it was written to. SECURITY.md says so; this is what it says.
NOT_STOPPED = {
    "an object that equals everything": "class Yes:\n  def __eq__(self, other): return True\ndef f(x): return Yes()",
    "reading what the test expects": "import sys\ndef f(x): return sys._getframe(1).f_globals['EXPECTED']",
}


@each(NOT_STOPPED)
def test_what_is_not_stopped_is_known(judge, case):
    problem = suite_problem("import solution\nEXPECTED = object()\ndef test(): assert solution.f(5) == EXPECTED\n")
    report = judge.run(problem, case)
    assert (report.accepted, report.assurance) == (True, "in-process")
