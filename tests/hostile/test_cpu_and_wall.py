"""Programs that do not end by themselves are ended from outside, whatever they ignore."""

import time

from coderefine.problem.problem import Limits
from tests.hostile.containment import SLACK_S, each, guess

CASES = {
    "a busy loop": ("TLE", "def f(x):\n  while True: pass"),
    "a busy loop while loading": ("TLE", "while True: pass"),
    "a busy loop in a decorator": ("TLE", "def forever(g):\n  while True: pass\n@forever\ndef f(x): return x"),
    "an endless sum": ("TLE", "def f(x): return sum(itertools.count())"),
    "swallowing every exception": ("TLE", "def f(x):\n  while True:\n    try:\n      while True: pass\n    except BaseException: pass"),
    "ignoring every signal": ("TLE", "import signal\nfor s in range(1, 65):\n  try: signal.signal(s, signal.SIG_IGN)\n  except (OSError, ValueError): pass\ndef f(x):\n  while True: pass"),
    "blocking every signal": ("TLE", "import signal\ndef f(x):\n  signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n  while True: pass"),
    "handling SIGTERM and SIGXCPU by going on": ("TLE", "import signal\nfor s in (signal.SIGTERM, signal.SIGXCPU): signal.signal(s, lambda *a: None)\ndef f(x):\n  while True: pass"),
    "an alarm every millisecond": ("TLE", "import signal\nsignal.signal(signal.SIGALRM, lambda *a: None)\nsignal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)\ndef f(x):\n  while True: signal.pause()"),
    "a signal handler that never returns": ("TLE", "import signal\ndef forever(*a):\n  while True: pass\nsignal.signal(signal.SIGALRM, forever)\ndef f(x):\n  signal.setitimer(signal.ITIMER_REAL, 0.001)\n  signal.pause()\n  return 1"),
    "a __str__ that never ends": ("TLE", "class E(Exception):\n  def __str__(s):\n    while True: pass\ndef f(x): raise E"),
    "a destructor that never ends": ("TLE", "class D:\n  def __del__(s):\n    while True: pass\ndef f(x):\n  D()\n  return 1"),
    "sleeping": ("TLE", "import time\ndef f(x): time.sleep(100)"),
    "many short naps": ("TLE", "import time\ndef f(x):\n  while True: time.sleep(0.001)"),
    "waiting for nothing": ("TLE", "import select\ndef f(x): select.select([], [], [])"),
    "waiting for a signal": ("TLE", "import signal\ndef f(x): signal.pause()"),
    "waiting for a lock": ("TLE", "import threading\ndef f(x):\n  lock = threading.Lock()\n  lock.acquire()\n  lock.acquire()"),
    "waiting for input on a pipe": ("TLE", "import os\ndef f(x): return os.read(os.pipe()[0], 1)"),
    "threads that burn while the answer sleeps": ("TLE", "import threading, time\ndef burn():\n  while True: pass\ndef f(x):\n  for _ in range(2): threading.Thread(target=burn, daemon=True).start()\n  time.sleep(100)"),
    "stuck in C, in long division": ("TLE MLE", "def f(x): return 10 ** 10 ** 9"),
    "stuck in C, in a regular expression": ("TLE", "def f(x): return re.match('(a*)*$', 'a' * 40 + 'b')"),
    "stuck in C, in a comparison": ("TLE", "def f(x):\n  a = b = None\n  for _ in range(60): a, b = (a, a), (b, b)\n  return a == b"),
}  # fmt: skip


@each(CASES)
def test_is_ended(contain, case):
    contain(*case)


WORST = """
import ctypes, os, signal, sys, threading, time
for s in range(1, 65):
    try: signal.signal(s, signal.SIG_IGN)
    except (OSError, ValueError): pass
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
def flood():
    while True:
        try: os.write(1, b'x' * 65536)
        except BaseException: pass
def breed():
    libc = ctypes.CDLL(None)
    while True:
        for _ in range(2):  # fork, setsid, fork
            try:
                if libc.syscall(57) == 0: libc.syscall(112)
                if os.fork() == 0: os.setsid()
            except BaseException: pass
def f(x):
    for target in (flood, breed): threading.Thread(target=target).start()
    while True:
        try: time.sleep(100)
        except BaseException: pass
"""


def test_soon_after_its_limit_the_worst_of_all_is_gone_with_all_it_started(contain):
    limits = Limits(time_s=0.3, memory_mib=128, output_kib=1 << 20)
    report = contain("TLE", WORST, guess(limits=limits), within_s=limits.wall_s + SLACK_S)
    assert report.cases[0].cpu_s < 10 * limits.time_s


def test_a_stop_of_the_run_ends_a_candidate_that_is_busy(contain):
    """After the first failure nothing is left to run, not even the next case, which would take its whole time."""
    problem = guess(limits=Limits(time_s=1, memory_mib=128))
    many = type(problem)(
        **{**{name: getattr(problem, name) for name in problem.__slots__}, "visible": problem.visible * 50}
    )

    started = time.monotonic()
    report = contain.judge.run(many, "def f(x):\n  while True: pass", stop_at_first_failure=True)
    assert [str(case.verdict) for case in report.cases] == ["TLE"]
    assert time.monotonic() - started < len(many.visible) * problem.limits.time_s / 2  # all cases take twice that
