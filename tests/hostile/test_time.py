"""Time is measured by the kernel and read from outside; chance is the same for everyone."""

import pytest

from coderefine.problem.problem import Limits
from tests.hostile.containment import PATIENT, SLACK_S, each, guess
from tests.problems_for_tests import function_problem

BURN = """
import time
start = time.process_time()
while time.process_time() - start < 0.1: pass
"""
CLOCKS = {
    "patched clocks": "import time\nfor name in ('time', 'monotonic', 'perf_counter', 'process_time', 'clock_gettime'): setattr(time, name, lambda *a: 0)\ndef f(x):\n  while True: pass",
    "a patched sleep": "import time\nsleep = time.sleep\ntime.sleep = lambda s: sleep(100)\ndef f(x): time.sleep(0)",
    "patched rusage": "import os, resource\nresource.getrusage = lambda *a: None\nos.times = lambda: None\ndef f(x):\n  while True: pass",
    "an interval timer for CPU time": "import signal\nsignal.signal(signal.SIGVTALRM, lambda *a: None)\nsignal.setitimer(signal.ITIMER_VIRTUAL, 0.001, 0.001)\ndef f(x):\n  while True: pass",
    "an interval timer for profiling": "import signal\nsignal.signal(signal.SIGPROF, signal.SIG_IGN)\nsignal.setitimer(signal.ITIMER_PROF, 0.001, 0.001)\ndef f(x):\n  while True: pass",
    "yielding all the time": "import os\ndef f(x):\n  while True: os.sched_yield()",
}
DENIED = {
    "setting the clock": ("EPERM", "time.clock_settime(time.CLOCK_REALTIME, 0)"),
    "setting the time of day": ("EPERM", "call('settimeofday', bytes(16), 0)"),
}  # fmt: skip


@each(CLOCKS)
def test_no_clock_inside_decides(contain, case):
    assert contain("TLE", case).cases[0].wall_s < guess().limits.wall_s + SLACK_S


@each(DENIED)
def test_is_denied(contain, case):
    contain.denied(*case)


def burning(where):
    return {
        "in the case": f"def f(x):{BURN.replace(chr(10), chr(10) + '  ')}\n  return x",
        "in a thread": f"import threading\ndef g():{BURN.replace(chr(10), chr(10) + '  ')}\ndef f(x):\n  t = threading.Thread(target=g)\n  t.start()\n  t.join()\n  return x",
        "in a destructor": f"class D:\n  def __del__(s):{BURN.replace(chr(10), chr(10) + '    ')}\ndef f(x):\n  D()\n  return x",
    }[where]


@pytest.mark.parametrize("where", ["in the case", "in a thread", "in a destructor"])
def test_time_that_was_used_is_counted(contain, where):
    report = contain("WA", burning(where), guess(limits=PATIENT))
    assert report.cases[0].cpu_s >= 0.095
    assert report.cases[0].wall_s >= 0.095


def test_a_message_with_made_up_times_changes_none(contain):
    source = burning("in the case") + '\nprint(\'{"wall_s": 0, "cpu_s": 0}\')'
    assert contain("WA", source, guess(limits=PATIENT)).cases[0].cpu_s >= 0.095


def test_loading_is_limited_as_a_case_is(contain):
    contain("TLE", "while True: pass\ndef f(x): return 1", guess(limits=Limits(time_s=0.2, memory_mib=128)))


def test_every_case_has_its_own_time(contain):
    cases = [((x,), "no") for x in range(3)]
    report = contain("TLE", "def f(x):\n  while x == 1: pass\n  return 1", function_problem(cases))
    assert [str(case.verdict) for case in report.cases] == ["WA", "TLE", "WA"]


CHANCE = "def f(x): return [random.random(), random.Random().random() < 2, hash('a'), list({'a', 'b', 'c'}), random.sample(range(99), 5)][x]"


@pytest.mark.parametrize("what", [0, 2, 3, 4])
def test_chance_repeats_in_every_process_and_sandbox(contain, what):
    problem = function_problem([((what,), None)])
    got = [contain.judge.run(problem, CHANCE).cases[0].got for _ in range(3)]
    assert got[0] is not None
    assert got == [got[0]] * 3


def test_chance_of_the_kernel_does_not_repeat(contain):
    """Forked processes that share a generator would tell one candidate what another will draw; the nonces are such."""
    problem = function_problem([((5,), None)])
    got = {contain.judge.run(problem, "import os\ndef f(x): return os.urandom(8).hex()").cases[0].got for _ in range(5)}
    assert len(got) == 5
