"""Nothing that a candidate leaves is there for the next: no object of the kernel, no state of the process."""

import pytest

from coderefine.judge.judge import Judge
from tests.hostile.containment import PATIENT, TRACE, each, guess
from tests.problems_for_tests import function_problem

DENIED = {
    "shared memory by name": ("EACCES ENOENT EROFS", f"__import__('_posixshmem').shm_open('/{TRACE}', os.O_CREAT | os.O_RDWR, mode=0o666)"),
    "a SysV segment": ("EPERM", "call('shmget', 4711, 4096, 0o1666)"),
    "SysV semaphores": ("EPERM", "call('semget', 4711, 1, 0o1666)"),
    "a SysV queue": ("EPERM", "call('msgget', 4711, 0o1666)"),
    "a POSIX queue": ("EPERM", "call('mq_open', b'left-behind', os.O_CREAT | os.O_RDWR, 0o666, 0)"),
    "a POSIX semaphore": ("EPERM EACCES ENOENT ENOSYS EROFS", "__import__('_multiprocessing').SemLock(0, 1, 1, '/left-behind', False)"),
    "a key": ("EPERM", "call('add_key', b'user', b'left-behind', b'x', 1, -4)"),
    "a key by request": ("EPERM", "call('request_key', b'user', b'left-behind', 0, -4)"),
    "a lock of a file": ("EPERM", "fcntl.flock(os.open(os.__file__, os.O_RDONLY), fcntl.LOCK_SH)"),
    "a lock of a part of a file": ("EPERM", "fcntl.lockf(os.open(os.__file__, os.O_RDONLY), fcntl.LOCK_SH)"),
    "a lock of an open file": ("EPERM", "fcntl.fcntl(os.open(os.__file__, os.O_RDONLY), 37, bytes(32))"),
    "a watch on files": ("EPERM", "call('inotify_init1', 0)"),
    "a watch on file systems": ("EPERM", "call('fanotify_init', 0, 0)"),
    "a watch on a folder": ("EPERM", "fcntl.fcntl(os.open(os.path.dirname(os.__file__), os.O_RDONLY), 1026, 1)"),
    "an event counter": ("EPERM", "call('eventfd2', 0, 0)"),
    "a timer that is a file": ("EPERM", "call('timerfd_create', 0, 0)"),
    "signals that are a file": ("EPERM", "call('signalfd4', -1, bytes(8), 8, 0)"),
    "epoll": ("EPERM", "call('epoll_create1', 0)"),
}  # fmt: skip


@each(DENIED)
def test_no_object_is_made(contain, case):
    contain.denied(*case)


# What a candidate leaves, and what the next one would see of it.
LEAVES = {
    "an attribute of a module": ("import sys\nsys.left_behind = 1", "hasattr(__import__('sys'), 'left_behind')"),
    "a module": ("import sys\nsys.modules['left_behind'] = 1", "'left_behind' in __import__('sys').modules"),
    "a variable of the environment": ("import os\nos.environ['LEFT_BEHIND'] = '1'", "'LEFT_BEHIND' in __import__('os').environ"),
    "a file mask": ("import os\nos.umask(0o777)", "__import__('os').umask(0) == 0o777"),
    "an alarm": ("import signal\nsignal.setitimer(signal.ITIMER_REAL, 0.02)", "__import__('time').sleep(0.05)"),
    "a handler": ("import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)", "__import__('signal').getsignal(15) == 1"),
    "a blocked signal": ("import signal\nsignal.pthread_sigmask(0, [15])", "15 in __import__('signal').pthread_sigmask(0, [])"),
    "a limit": ("import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (8, 8))", "__import__('resource').getrlimit(7) == (8, 8)"),
    "a recursion limit": ("import sys\nsys.setrecursionlimit(100)", "__import__('sys').getrecursionlimit() == 100"),
    "an int limit": ("import sys\ngetattr(sys, 'set_int_max_str_digits', id)(0)", "len('9' * 5000) and getattr(__import__('sys'), 'get_int_max_str_digits', lambda: 1)() == 0"),
    "a decimal precision": ("import decimal\ndecimal.getcontext().prec = decimal.DefaultContext.prec = 3", "__import__('decimal').getcontext().prec == 3"),
    "a switched-off collector": ("import gc\ngc.disable()", "not __import__('gc').isenabled()"),
    "a collector's callback": ("import gc\ngc.callbacks.append(print)", "__import__('gc').callbacks != []"),
    "an open descriptor": ("import os\nfor i in range(20): os.dup(1)", "len([fd for fd in range(5, 64) if (lambda: not __import__('os').get_blocking(fd))]) == 0"),
    "a descriptor that is not blocking": ("import os\nfor fd in (1, 2, 3, 4): os.set_blocking(fd, False)", "not all(map(__import__('os').get_blocking, (1, 2)))"),
    "a closed descriptor": ("import os\nos.close(2)", "__import__('os').fstat(2) is None"),
    "a name of the process": ("import ctypes\nctypes.CDLL(None).prctl(15, b'left-behind', 0, 0, 0)", "name() == b'left-behind'"),
    "a random state": ("import random\nrandom.seed(99)\nrandom.random()", "__import__('random').getstate()[1] == after()"),
}  # fmt: skip
LOOK = """
def name():
    import ctypes
    buffer = ctypes.create_string_buffer(16)
    ctypes.CDLL(None).prctl(16, buffer, 0, 0, 0)
    return buffer.value
def after():
    import random
    other = random.Random(99)
    other.random()
    return other.getstate()[1]
def f(x): return bool(%s)
"""


@each(LEAVES)
def test_nothing_is_left_for_the_next(contain, case):
    leaves, look = case
    contain("WA RE", leaves + "\ndef f(x): return 1", guess(limits=PATIENT))
    assert contain.judge.run(function_problem([((5,), False)]), LOOK % look).accepted


@pytest.mark.parametrize("crash", ["import os\nos._exit(0)", "while True: pass", "import ctypes\nctypes.string_at(0)"])
def test_the_cases_after_a_crash_run_in_a_fresh_process(contain, crash):
    source = "import builtins\ndef f(x):\n  if x == 5:\n    builtins.left_behind = 1\n    " + crash.replace(
        "\n", "\n    "
    )
    source += "\n  return hasattr(builtins, 'left_behind')"
    report = contain("RE TLE", source, function_problem([((5,), 0), ((6,), False)]))
    assert str(report.cases[1].verdict) == "AC"


PID = "import os, threading\ndef f(x):\n    for _ in range(%d):\n        t = threading.Thread(target=id, args=(0,)); t.start(); t.join()\n    return os.getpid()"


def test_that_pids_count_what_was_done_before_is_known(judge):
    """What SECURITY.md says is visible; nothing of what was answered or printed is."""
    problem = function_problem([((5,), 0)], limits=PATIENT)
    with Judge(judge.backend, judge.sandboxes.candidates._open_worker, workers=1) as alone:
        pids = [alone.run(problem, PID % threads).cases[0].got for threads in (0, 5, 0)]
    assert pids[1] - pids[0] < 5 <= pids[2] - pids[1]
