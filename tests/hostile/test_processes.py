"""No candidate starts a process, joins another session, or outlives its run."""

import os

from tests.hostile.containment import PATIENT, each, guess

CASES = {
    "a fork bomb": ("RE", "import os\ndef f(x):\n  while True: os.fork()"),
    "a fork bomb that does not give up": ("TLE", "import os\ndef f(x):\n  while True:\n    try: os.fork()\n    except OSError: pass"),
    "a thread bomb": ("RE TLE", "import threading, time\ndef f(x):\n  while True: threading.Thread(target=time.sleep, args=(100,)).start()"),
    "a thread bomb of small stacks": ("RE TLE MLE", "import threading, time\nthreading.stack_size(32768)\ndef f(x):\n  while True: threading.Thread(target=time.sleep, args=(100,), daemon=True).start()"),
    "threads that start threads": ("WA RE TLE", "import threading\ndef g():\n  try:\n    while True: threading.Thread(target=g, daemon=True).start()\n  except RuntimeError: pass\ndef f(x):\n  g()\n  return 1"),
    "a thread that outlives the answer": ("WA", "import threading\ndef g():\n  while True: pass\ndef f(x):\n  threading.Thread(target=g, daemon=True).start()\n  return 1"),
    "a sleeping thread that is no daemon": ("WA", "import threading, time\ndef f(x):\n  threading.Thread(target=time.sleep, args=(100,)).start()\n  return 1"),
    "a main thread that ends before the others": ("TLE RE", "import ctypes, platform, threading, time\ndef f(x):\n  threading.Thread(target=time.sleep, args=(100,)).start()\n  ctypes.CDLL(None).syscall(60 if platform.machine() == 'x86_64' else 93, 0)"),
    "a thread that holds standard output open": ("RE", "import os, threading, time\ndef f(x):\n  threading.Thread(target=time.sleep, args=(100,)).start()\n  os.close(4)\n  time.sleep(100)"),
    "a pool of processes": ("RE", "import multiprocessing\ndef f(x): return multiprocessing.Pool(2).map(abs, [x])", guess(limits=PATIENT)),
    "a shell that is told to stay": ("WA", "import os\ndef f(x): return os.system('sleep 100 &')"),
}  # fmt: skip

DENIED = {
    "fork": ("EPERM", "os.fork()"),
    "vfork": ("EPERM", "call('vfork')"),
    "clone without CLONE_THREAD": ("EPERM", "call('clone', signal.SIGCHLD, 0, 0, 0, 0)"),
    "clone that shares memory": ("EPERM", "call('clone', 0x100 | 0x4000 | signal.SIGCHLD, 0, 0, 0, 0)"),
    "clone into a new user namespace": ("EPERM", "call('clone', 0x10000000 | signal.SIGCHLD, 0, 0, 0, 0)"),
    "clone3": ("ENOSYS", "call('clone3', bytes(88), 88)"),
    "a program by subprocess": ("EPERM", "__import__('subprocess').check_output(['/bin/true'])"),
    "a program by posix_spawn": ("EPERM", "os.posix_spawn('/bin/true', ['true'], {})"),
    "a program by popen": ("EPERM", "os.popen('true').read()"),
    "a program instead of itself": ("EPERM", "os.execv('/bin/true', ['true'])"),
    "a program from a descriptor": ("EPERM", "call('execveat', -100, b'/bin/true', 0, 0, 0)"),
    "a terminal with a process": ("EPERM EACCES ENOENT", "os.forkpty()"),
    "a process of multiprocessing": ("EPERM", "__import__('multiprocessing').get_context('fork').Process(target=print).start()"),
    "a new session": ("EPERM", "os.setsid()"),
    "a new process group": ("EPERM", "os.setpgid(0, 0)"),
    "a child to wait for": ("ECHILD", "os.wait()"),
    "a subreaper": ("EPERM", "call('prctl', 36, 1, 0, 0, 0)"),
    "a life after its parent": ("EPERM", "call('prctl', 1, 0, 0, 0, 0)"),
    "more processes": ("EPERM", "call('unshare', 0x20000000)"),
}  # fmt: skip


@each(CASES)
def test_is_contained(contain, case):
    contain(*case)


@each(DENIED)
def test_is_denied(contain, case):
    contain.denied(*case)


COUNT = """
import threading, time
threading.stack_size(32768)
def f(x):
    try:
        for count in range(10**6): threading.Thread(target=time.sleep, args=(100,), daemon=True).start()
    except RuntimeError: return count
"""


def test_threads_are_limited(contain):
    """To 64; where the candidate keeps uid 0, which the kernel does not limit so, by its memory alone.

    A thread that finds no memory may end before it says that it has started, and then whoever started it waits.
    """
    by_memory = not contain.worker().hello["changes_uid"] and os.getuid() == 0
    case = contain("WA TLE" if by_memory else "WA", COUNT, guess(limits=PATIENT)).cases[0]
    if by_memory:
        assert not case.answered or case.got < (192 << 20) // 32768
    else:
        assert case.got < 64
