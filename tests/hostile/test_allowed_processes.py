"""Suites that are allowed processes: what they start is as confined as they are, limited with them, and gone with them."""

import json
import sys

import pytest

from coderefine.judge import bundle, local
from coderefine.judge.opening import open_judge
from coderefine.judge.worker import Worker, WorkerRefused
from coderefine.problem.problem import Limits
from tests.conftest import need
from tests.hostile.containment import TRYING, Containment, each, traces
from tests.problems_for_tests import Unhurried, suite_problem

SOLUTION = "def f(x): return x\n"


@pytest.fixture(scope="module", params=["local", "docker"])
def starting(request):
    """A judge whose suites may start processes."""
    need(request.param)
    with open_judge(request.param, allow=("processes",), workers=1) as judge:
        yield judge


def told(report):
    return [(it.name, str(it.verdict), str(it.error), it.reason, it.output) for it in report.cases]


POOL = """
import multiprocessing
from solution import f

def test_it():
    with multiprocessing.get_context(%r).Pool(2) as pool:
        assert pool.map(f, range(9)) == list(range(9))
"""
USES = {
    "a module of the project as a program": "import subprocess, sys\ndef test_it(): assert subprocess.check_output([sys.executable, '-c', 'import solution; print(solution.f(7))']) == b'7\\n'\n",
    "a shell and a pipe": "import subprocess\ndef test_it(): assert subprocess.check_output('echo abc | tr b x', shell=True) == b'axc\\n'\n",
    "a program that is ended": "import signal, subprocess\ndef test_it():\n    one = subprocess.Popen(['sleep', '100'])\n    one.terminate()\n    assert one.wait() == -signal.SIGTERM\n",
    "a session of its own, ended as a group": "import os, signal, subprocess\ndef test_it():\n    one = subprocess.Popen('sleep 100 & sleep 100', shell=True, start_new_session=True)\n    os.killpg(one.pid, signal.SIGKILL)\n    assert one.wait() == -9\n",
    "a time limit": "import pytest, subprocess\ndef test_it():\n    with pytest.raises(subprocess.TimeoutExpired):\n        subprocess.run(['sleep', '100'], timeout=0.1)\n",
    "fork and wait": "import os\ndef test_it():\n    pid = os.fork()\n    if not pid: os._exit(3)\n    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 3\n",
    "a pool by fork": POOL % "fork",
    "a pool by spawn": POOL % "spawn",
    "a pool of futures": "from concurrent.futures import ProcessPoolExecutor\nfrom solution import f\ndef test_it():\n    with ProcessPoolExecutor(2) as pool: assert list(pool.map(f, 'abc')) == list('abc')\n",
    "a queue and a lock": "import multiprocessing as m\ndef g(queue, lock):\n    with lock: queue.put(1)\ndef test_it():\n    queue, lock = m.Queue(), m.Lock()\n    one = m.Process(target=g, args=(queue, lock))\n    one.start()\n    assert queue.get() == 1\n    one.join()\n",
    "shared memory": "from multiprocessing.shared_memory import SharedMemory\ndef test_it():\n    one = SharedMemory(create=True, size=99)\n    other = SharedMemory(one.name)\n    one.buf[0] = 7\n    assert other.buf[0] == 7\n    other.close(); one.close(); one.unlink()\n",
    "a duplex pipe": "import multiprocessing as m\ndef g(end): end.send(end.recv() + 1)\ndef test_it():\n    one, other = m.Pipe()\n    m.Process(target=g, args=(other,)).start()\n    one.send(1)\n    assert one.recv() == 2\n",
    "asyncio": "import asyncio\nasync def main():\n    one = await asyncio.create_subprocess_exec('echo', 'x', stdout=-1)\n    return (await one.communicate())[0]\ndef test_it(): assert asyncio.run(main()) == b'x\\n'\n",
    "a script in a temporary folder": "import subprocess\ndef test_it(tmp_path):\n    (tmp_path / 's').write_text('#!/bin/sh\\necho $0 $1\\n')\n    (tmp_path / 's').chmod(0o755)\n    assert subprocess.check_output(['./s', 'x'], cwd=tmp_path) == b'./s x\\n'\n",
    "a program on its own path": "import os, shutil, subprocess\ndef test_it(tmp_path, monkeypatch):\n    (tmp_path / 'tool').write_text('#!/bin/sh\\necho fake\\n')\n    (tmp_path / 'tool').chmod(0o755)\n    monkeypatch.setenv('PATH', str(tmp_path), prepend=os.pathsep)\n    assert shutil.which('tool') and subprocess.check_output(['tool']) == b'fake\\n'\n",
    "output of a process, captured by pytest": "import subprocess\ndef test_it(capfd):\n    subprocess.run(['echo', 'x'])\n    assert capfd.readouterr().out == 'x\\n'\n",
}  # fmt: skip


@each(USES)
def test_they_can_be_used(starting, case):
    report = starting.run(suite_problem(case), SOLUTION)
    assert report.accepted, told(report)


def test_what_is_executable_in_the_project_can_be_started_and_nothing_else(starting):
    test = """
import os, pytest, subprocess
def test_it():
    assert subprocess.check_output(["tools/run"]) == b"ran\\n"
    assert subprocess.check_output(["./solution.py"]) == b"solved\\n"
    with pytest.raises(PermissionError):
        subprocess.run(["tools/data"])
"""
    script = "#!/bin/sh\necho ran\n"
    files = {"tools/run": script, "tools/data": script}
    problem = suite_problem(test, files=files, executables=("tools/run", "solution.py"))
    report = starting.run(problem, "#!/usr/bin/env python3\nif __name__ == '__main__': print('solved')\n")
    assert report.accepted, told(report)


# Each as a process that a test has started tries it.
DENIED = {
    "reading a file of the machine": "open('/etc/hostname')",
    "reading the environment of the first process": "open('/proc/1/environ')",
    "listing processes": "os.listdir('/proc')",
    "writing outside of the scratch": "open('/etc/left-behind', 'w')",
    "writing among the files of the project": "open('left-behind', 'w')",
    "a socket": "socket.socket()",
    "a unix socket": "socket.socket(socket.AF_UNIX)",
    "a unix datagram pair": "socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)",
    "a signal for the first process": "os.kill(1, 0)",
    "a limit of another": "resource.prlimit(os.getppid(), resource.RLIMIT_AS)",
    "a trace of its parent": "call('ptrace', 16, os.getppid(), 0, 0)",
    "the memory of its parent": "call('process_vm_readv', os.getppid(), 0, 0, 0, 0, 0)",
    "a descriptor of its parent": "call('pidfd_open', os.getppid(), 0)",
    "a namespace": "call('unshare', 0x10000000)",
    "a process in a new user namespace": "call('clone', 0x10000000 | signal.SIGCHLD, 0, 0, 0, 0)",
    "a process in a new network": "call('clone', 0x40000000 | signal.SIGCHLD, 0, 0, 0, 0)",
    "a process beside itself": "call('clone', 0x8000 | signal.SIGCHLD, 0, 0, 0, 0)",
    "a subreaper": "call('prctl', 36, 1, 0, 0, 0)",
    "a program that belongs to no file": "call('memfd_create', b'x', 0)",
    "a mount": "call('mount', b'none', b'/', b'tmpfs', 0, 0)",
    "moving the root": "os.chroot('.')",
    "another user": "os.setuid(0 if os.getuid() else 1)",
    "IPC objects": "call('shmget', 0, 4096, 0o1600)",
    "a program that gains privileges": "os.execv('/tmp/su', ['su'])",
    "a program of a user": "os.execv(__import__('sys').argv[1], ['x'])",
}
STARTED = """
import subprocess, sys
def test_it():
    command = [sys.executable, "-c", "import solution; print(solution.f(0))", %r]
    told = subprocess.run(command, capture_output=True, text=True)
    assert told.stdout.strip() in ("EPERM", "EACCES", "EROFS", "ENOENT"), told
"""


@each(DENIED)
def test_what_they_do_not_need_is_still_denied(starting, case, tmp_path):
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\necho started\n")
    program.chmod(0o755)
    problem = suite_problem(STARTED % str(program))
    report = starting.run(problem, TRYING % case)
    assert report.accepted, told(report)


def test_signals_reach_nobody_but_the_suite_itself(starting):
    test = """
import os, signal, subprocess, sys
TRY = '''
import os
def reached(pid):
    try:
        os.kill(pid, 0)
    except OSError as error:
        assert error.errno in (1, 3), error  # EPERM, ESRCH
        return False
    return True
print([pid for pid in range(1, 5000) if reached(pid)] == [os.getppid(), os.getpid()])
'''
def test_it():
    assert subprocess.check_output([sys.executable, "-c", TRY]) == b"True\\n"
    assert subprocess.run([sys.executable, "-c", "import os; os.kill(-1, 15)"]).returncode == 0
"""
    with starting.sandboxes.suites.lease(0) as worker:
        if worker.hello["landlock_abi"] < 6:
            pytest.skip("this kernel does not keep signals within a sandbox, so none may be sent")
    problem = suite_problem(test.replace("def test_it():", "signal.signal(15, signal.SIG_IGN)\ndef test_it():"))
    for _ in range(2):  # the spare serves the second
        report = starting.run(problem, SOLUTION)
        assert report.accepted, told(report)


def test_a_program_of_another_user_gives_no_privilege(starting):
    test = """
import subprocess
def test_it():
    told = subprocess.run(["su", "-c", "id"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert told.returncode != 0 and "uid=0(root)" not in told.stdout
"""
    report = starting.run(suite_problem(test), SOLUTION)
    assert report.accepted, told(report)


LEFT = {
    "a process that sleeps": "subprocess.Popen(['sleep', '1000'])",
    "a process that ended and nobody waited for": "subprocess.Popen(['true'])\n    time.sleep(0.1)",
    "a daemon": "subprocess.Popen('sleep 1000 & setsid sleep 1000 &', shell=True).wait()",
    "a daemon that hears no signal": "subprocess.Popen([sys.executable, '-c', DEAF], start_new_session=True)\n    time.sleep(0.2)",
    "a child that goes on with the tests": "os.fork()",
    "a child with the channels of the judge": "os.fork() or time.sleep(1000)",
    "files in shared memory": "open('/dev/shm/left-behind', 'w').close()",
    "a tree": "[os.fork() for _ in range(3)] and time.sleep(0.05)",
    "a process that floods what it has": "subprocess.Popen(['yes'], stdout=open(os.devnull, 'w'))",
}
LEAVING = """
import ctypes, os, platform, signal, subprocess, sys, time
EXIT = 60 if platform.machine() == "x86_64" else 93
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
def ctypes_map(at):
    # A page, a gibibyte from the last one: the kernel notes where each is.
    found = libc.mmap(ctypes.c_void_p((at + 64) << 30), 4096, 3, 0x100022, -1, 0)
    return ctypes.string_at(found, 1)
DEAF = "import signal, time; [signal.signal(n, signal.SIG_IGN) for n in range(1, 65) if n not in (9, 19, 32, 33)]; time.sleep(1000)"
def test_it():
    %s
"""
NEXT = suite_problem(
    "import os, subprocess\nfrom solution import f\n"
    "def test_it():\n"
    "    assert not os.listdir('/dev/shm') and f(2) == 2\n"
    "    assert subprocess.run('echo 1; exit 3', shell=True, stdout=-1).stdout == b'1\\n'\n"
)


@each(LEFT)
def test_what_they_leave_is_gone_and_the_sandbox_serves_on(starting, engine, case):
    with starting.sandboxes.suites.lease(0) as before:
        pass
    report = starting.run(suite_problem(LEAVING % case), SOLUTION)
    assert report.accepted, told(report)
    Containment(starting, engine).assert_no_process_is_left(before)
    report = starting.run(NEXT, SOLUTION)
    assert report.accepted, told(report)
    with starting.sandboxes.suites.lease(0) as after:
        assert after is before, "the worker had to be replaced"
    assert traces("/") == []


SMALL = Limits(time_s=0.6, memory_mib=256, output_kib=64)
BOMBS = {
    "a fork bomb": ("RE TLE MLE", "while True:\n        try: os.fork()\n        except OSError: pass"),
    "a fork bomb of programs": ("RE TLE MLE", "subprocess.run('f() { f | f & }; f; sleep 100', shell=True)"),
    "processes that each sleep": ("RE TLE MLE", "for _ in range(10000): subprocess.Popen(['sleep', '1000'])"),
    "memory in many processes": ("MLE", "for _ in range(8):\n        if not os.fork():\n            kept = bytearray(b'x') * (100 << 20)\n            time.sleep(100)\n    time.sleep(100)"),
    "memory of threads whose first one has ended": ("MLE", "import ctypes, threading\n    def keep(): kept = [b'x' * (10 << 20) for _ in range(10)]; time.sleep(100)\n    for _ in range(6):\n        if not os.fork():\n            threading.Thread(target=keep).start(); ctypes.CDLL(None).syscall(EXIT, 0)\n    time.sleep(100)"),
    "memory in the kernel's hands": ("MLE TLE", "import socket\n    kept = []\n    for _ in range(8):\n        if not os.fork():\n            for _ in range(110):\n                pair = socket.socketpair(); kept.append(pair)\n                for end in pair:\n                    end.setblocking(False)\n                    try:\n                        while True: end.send(b'x' * 65536)\n                    except BlockingIOError: pass\n            time.sleep(100)\n    time.sleep(100)"),
    "memory in page tables": ("MLE TLE", "import mmap\n    for _ in range(8):\n        if not os.fork():\n            kept = [ctypes_map(at) for at in range(30000)]\n            time.sleep(100)\n    time.sleep(100)"),
    "time in a process": ("TLE", "subprocess.run([sys.executable, '-c', 'while True: pass'])"),
    "time in processes that come and go": ("TLE", "while True: subprocess.run([sys.executable, '-c', 'sum(range(10**6))'])"),
    "waiting for ever": ("TLE", "subprocess.run(['sleep', '1000'])"),
    "leaving while a child holds the channels": ("RE", "if os.fork(): os._exit(0)\n    time.sleep(1000)"),
    "a crash while a child holds the channels": ("RE", "import ctypes\n    if os.fork(): ctypes.string_at(0)\n    time.sleep(1000)"),
    "a flood by a child into the judge's output": ("OLE RE TLE", "if os.fork(): time.sleep(100)\n    while True:\n        for fd in range(3, 30):\n            try: os.write(fd, b'x' * 9999)\n            except OSError: pass"),
    "stopping itself": ("TLE", "os.kill(os.getpid(), __import__('signal').SIGSTOP)"),
    "killing itself": ("RE MLE", "os.kill(os.getpid(), 9)"),
    "killing itself with a signal that it was not expected to have": ("RE", "os.kill(os.getpid(), __import__('signal').SIGUSR2)"),
}  # fmt: skip


@each(BOMBS)
def test_limits_hold_for_all_of_them_together(starting, engine, case):
    verdicts, body = case
    limits = SMALL if "TLE" in verdicts.split() else Unhurried(3.0, 256, 64)
    report = starting.run(suite_problem(LEAVING % body, limits=limits), SOLUTION)
    assert str(report.verdict) in verdicts.split(), told(report)
    assert starting.run(NEXT, SOLUTION).accepted, "the next run was affected"
    with starting.sandboxes.suites.lease(0) as worker:
        Containment(starting, engine).assert_no_process_is_left(worker)


def test_time_that_processes_used_is_counted(starting):
    test = "import subprocess, sys\ndef test_it():\n    for _ in range(3): subprocess.run([sys.executable, '-c', 'import time\\nwhile time.process_time() < 0.5: pass'])\n"
    report = starting.run(suite_problem(test, limits=Unhurried(1.0, 256, 64)), SOLUTION)
    assert (str(report.verdict), report.cases[0].reason) == ("TLE", "stopped after 1 s of CPU time")


def test_what_a_process_opens_is_not_known(starting):
    reaching = "import solution\ndef test_it(): assert solution.f(1) == 1\n"
    hidden = "import subprocess, sys\ndef test_it(): subprocess.check_call([sys.executable, '-c', 'import solution'])\n"
    for test, known in ((reaching, True), (hidden, False), (POOL % "spawn", False), (USES["fork and wait"], False)):
        report = starting.run(suite_problem(test, reach=True), SOLUTION)
        unknown = json.loads(report.reach)["unknown"] if report.reach else ["all"]
        assert report.accepted and (unknown == []) is known, told(report)


HOLES = {
    "no PID namespace": "lambda: [n for n in real() if n != 'pid']",
    "the machine's own /proc": "real\nsandbox.confine.own_view = lambda: True",
    "a kernel that would limit the whole machine": "real\nimport os\nos.uname = lambda: os.uname_result('Linux x 6.13.2-1 x x86_64'.split())\nsandbox.confine.may_change_uid = lambda needed: False\nos.geteuid = lambda: 0",
}


@each(HOLES)
def test_a_suite_whose_processes_could_not_be_ended_gets_none(case):
    need("local")
    config = {"scratch": "", "packages": "", "allow": ["processes"]}
    program = bundle.program(separate=True, require_landlock=True, suite=config)
    hole = f"import sandbox.confine\nreal = sandbox.confine.separate\nsandbox.confine.separate = {case}\n".encode()
    start = b'sys.modules["sandbox.runner"].main'
    with pytest.raises(WorkerRefused, match="can start"):
        Worker(local.LocalChannel(program.replace(start, hole + start), sys.executable), 512)
