"""What a candidate must not be able to do. Each is contained, never accepted, and the next run is unaffected."""

import os
import subprocess
import sys
import time

import pytest

from coderefine.errors import SandboxUnavailable
from coderefine.judge import bundle, denial, local
from coderefine.judge.verdict import Verdict
from coderefine.judge.worker import Worker
from tests.problems_for_tests import function_problem

GUESS = function_problem([((5,), "no candidate can know this")])

ATTEMPTS = {
    "an object that equals everything": "class L:\n  def __eq__(s, o): return True\ndef f(x): return L()",
    "a string that equals everything": "class L(str):\n  def __eq__(s, o): return True\n  __hash__ = str.__hash__\ndef f(x): return L()",
    "looking through frames": """
import sys, gc
def f(x):
    frame = sys._getframe()
    while frame:
        for value in frame.f_locals.values():
            if isinstance(value, str) and value.startswith('no candidate'): return value
        frame = frame.f_back
    for thing in gc.get_objects():
        if isinstance(thing, dict):
            for value in list(thing.values()):
                if isinstance(value, str) and value.startswith('no candidate'): return value
""",
    "exiting with success": "import os\ndef f(x): os._exit(0)",
    "exiting at import": "raise SystemExit(0)",
    "writing a forged message": """
import os, struct
def f(x):
    text = b'["value","no candidate can know this"]'
    for fd in range(64):
        try: os.write(fd, struct.pack('>8sI', b'0' * 8, len(text)) + text)
        except OSError: pass
""",
    "patching the codec": """
import gc, types
for module in gc.get_objects():
    if isinstance(module, types.ModuleType) and hasattr(module, 'dumps'):
        module.dumps = lambda *a, **k: 'true'
def f(x): return 1
""",
    "a generator": "def f(x): yield x",
    "a list that holds itself": "def f(x):\n  a = []\n  a.append(a)\n  return a",
    "a deep list": "def f(x):\n  a = []\n  for _ in range(10**5): a = [a]\n  return a",
    "an int of a million digits": "def f(x): return 10 ** 10**6",
    "a huge answer": "def f(x): return 'x' * (50 << 20)",
    "colliding keys": "def f(x): return {i * (2**61 - 1): 0 for i in range(30_000)}",
    "swallowing everything": "def f(x):\n  while True:\n    try:\n      while True: pass\n    except BaseException: pass",
    "ignoring signals": "import signal\nfor s in range(1, 65):\n  try: signal.signal(s, signal.SIG_IGN)\n  except (OSError, ValueError): pass\ndef f(x):\n  while True: pass",
    "sleeping": "import time\ndef f(x): time.sleep(100)",
    "stuck in C": "def f(x): return 10 ** 10 ** 9",
    "a fork bomb": "import os\ndef f(x):\n  while True: os.fork()",
    "a thread bomb": "import threading, time\ndef f(x):\n  while True: threading.Thread(target=time.sleep, args=(100,)).start()",
    "a program": "import subprocess\ndef f(x): return subprocess.check_output(['id'])",
    "allocating": "def f(x):\n  a = []\n  while True: a.append(bytearray(1 << 20))",
    "mapping": "import mmap\ndef f(x):\n  a = []\n  while True: a.append(mmap.mmap(-1, 1 << 24)); a[-1][0] = 1",
    "an anonymous file": "import os\ndef f(x):\n  fd = os.memfd_create('x')\n  while True: os.write(fd, b'x' * (1 << 20))",
    "a null pointer": "import ctypes\ndef f(x): ctypes.string_at(0)",
    "abort": "import os\ndef f(x): os.abort()",
    "recursion through C": "def f(x):\n  a = None\n  for _ in range(10**6): a = [a]\n  return repr(a)",
    "flooding both pipes": "import sys\ndef f(x):\n  while True: sys.stdout.write('x' * 9999); sys.stderr.write('y' * 9999)",
    "closing every descriptor": "import os\ndef f(x):\n  os.closerange(0, 64)\n  return 1",
    "a __str__ that never ends": "class E(Exception):\n  def __str__(s):\n    while True: pass\ndef f(x): raise E",
    "a thread that races the verdict": "import threading, os\ndef g():\n  while True: os.write(4, b'x')\nthreading.Thread(target=g, daemon=True).start()\ndef f(x): return 1",
}  # fmt: skip


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_an_attempt_is_contained_and_the_next_run_unaffected(judge, attempt):
    started = time.monotonic()
    report = judge.run(GUESS, ATTEMPTS[attempt])
    assert report.verdict not in (Verdict.AC, Verdict.JE)
    assert time.monotonic() - started < 30
    assert judge.run(function_problem([((5,), 5)]), "def f(x): return x").accepted


# Each returns what it got hold of; "" where it was denied.
REACH = {
    "/etc/passwd": "open('/etc/passwd').read()",
    "its own environment": "open('/proc/self/environ').read()",
    "the environment of the runner": "open('/proc/1/environ').read()",
    "the memory of the runner": "open('/proc/1/mem', 'rb').read(1)",
    "its parent": "str(os.kill(os.getppid(), 0))",
    "all processes": "str(os.kill(-1, 9))",
    "a TCP socket": "str(socket.create_connection(('127.0.0.1', 22), 1))",
    "a unix socket": "str(socket.socket(socket.AF_UNIX))",
    "a netlink socket": "str(socket.socket(socket.AF_NETLINK))",
    "a file in /tmp": "str(open('/tmp/left-behind', 'w'))",
    "a file in its folder": "str(open('left-behind', 'w'))",
    "shared memory": "str(open('/dev/shm/left-behind', 'w'))",
    "another user": "str(os.setuid(0) if os.getuid() else os.setuid(1))",
    "a namespace": "str(ctypes.CDLL(None).unshare(0x10000000) == 0 or '')",
    "a keyring": "str(ctypes.CDLL(None).syscall(250, 0, 0, 0, 0) >= 0 or '')",
    "ptrace": "str(ctypes.CDLL(None).ptrace(0, 0, 0, 0) == 0 or '')",
    "an environment variable": "os.environ.get('HOME') or os.environ.get('COVERED_BY_TEST') or ''",
    "a SysV segment": "str(ctypes.CDLL(None).shmget(0, 4096, 0o1666) >= 0 or '')",
    "a signal by fcntl": "str(fcntl.fcntl(1, 8, os.getppid()))",
    "the core pattern": "open('/proc/sys/kernel/core_pattern').read()",
}


@pytest.mark.parametrize("what", REACH)
def test_a_candidate_cannot_reach(judge, what, monkeypatch):
    monkeypatch.setenv("COVERED_BY_TEST", "a secret of the host")
    source = (
        "import os, socket, ctypes, fcntl\n"
        f"def f(x):\n    try:\n        return {REACH[what]}\n    except OSError:\n        return ''"
    )
    report = judge.run(function_problem([((0,), "")]), source)
    # In a container the image's own /etc/passwd is no secret; Landlock denies it all the same where there is Landlock.
    assert report.accepted, report.cases[0]


def test_the_denial_test_finds_an_open_sandbox():
    """The probe itself must be able to fail: run it in a runner whose children do not confine themselves."""
    program = bundle.program(separate=False, require_landlock=True)
    hole = b"import sandbox.confine\nsandbox.confine.Confinement.enter = lambda *a: None\n"
    program = program.replace(b'sys.modules["sandbox.runner"].main', hole + b'sys.modules["sandbox.runner"].main')
    worker = Worker(local.LocalChannel(program, sys.executable), 512)
    try:
        with pytest.raises(SandboxUnavailable, match="/etc/passwd"):
            denial.check(worker, unreadable=("/etc/passwd",))
    finally:
        worker.close()


def test_the_denial_test_passes_without_namespaces():
    worker = Worker(local.LocalChannel(bundle.program(separate=False, require_landlock=True), sys.executable), 512)
    try:
        denial.check(worker, unreadable=("/etc/passwd", "/proc/self/environ"))
    finally:
        worker.close()


def test_a_killed_host_leaves_no_process_behind():
    code = (
        "import sys, time\nfrom coderefine.judge import local\n"
        "worker = local.open_worker(512)\n"
        "print(worker._channel._process.pid, flush=True)\ntime.sleep(60)\n"
    )
    host = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    runner = int(host.stdout.readline())
    host.kill()
    host.communicate()
    deadline = time.monotonic() + 5
    while os.path.exists(f"/proc/{runner}") and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not os.path.exists(f"/proc/{runner}")
