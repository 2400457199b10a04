"""Leaving early, with whatever status and by whatever door, is never a pass."""

from coderefine.kinds.program import PROGRAM
from coderefine.problem.problem import Problem, TestCase
from tests.hostile.containment import QUICK, each

CASES = {
    "sys.exit(0)": ("RE", "import sys\ndef f(x): sys.exit(0)"),
    "sys.exit with a text": ("RE", "import sys\ndef f(x): sys.exit('AC')"),
    "quit": ("RE", "def f(x): raise SystemExit"),
    "os._exit(0)": ("RE", "import os\ndef f(x): os._exit(0)"),
    "os._exit(124), as of timeout(1)": ("RE", "import os\ndef f(x): os._exit(124)"),
    "os._exit(137), as of a killed process": ("RE", "import os\ndef f(x): os._exit(137)"),
    "os._exit while loading": ("RE", "import os\nos._exit(0)"),
    "exiting while loading": ("RE", "raise SystemExit(0)"),
    "KeyboardInterrupt": ("RE", "def f(x): raise KeyboardInterrupt"),
    "GeneratorExit": ("RE", "def f(x): raise GeneratorExit"),
    "StopIteration": ("RE", "def f(x): raise StopIteration(x)"),
    "a subclass of SystemExit": ("RE", "class E(SystemExit):\n  code = 0\ndef f(x): raise E"),
    "a subclass of BaseException": ("RE", "class E(BaseException): pass\ndef f(x): raise E"),
    "an exception group of exits": ("RE", "def f(x): raise (BaseExceptionGroup('AC', [SystemExit(0)]) if 'BaseExceptionGroup' in dir(__builtins__) else SystemExit(0))"),
    "registering an exit handler": ("RE", "import atexit, os, sys\natexit.register(os._exit, 0)\ndef f(x): sys.exit(1)"),
    "an exit handler, run by hand": ("RE", "import atexit, os\natexit.register(os._exit, 0)\ndef f(x): atexit._run_exitfuncs()"),
    "an exception hook that exits": ("RE", "import os, sys\nsys.excepthook = lambda *a: os._exit(0)\ndef f(x): return 1 // 0"),
    "an unraisable hook that exits": ("RE", "import os, sys\nsys.unraisablehook = lambda *a: os._exit(0)\nclass D:\n  def __del__(s): 1 // 0\ndef f(x):\n  D()\n  return 1"),
    "a thread's hook that exits": ("RE", "import os, threading\nthreading.excepthook = lambda *a: os._exit(0)\ndef f(x):\n  t = threading.Thread(target=lambda: 1 // 0)\n  t.start()\n  t.join()\n  return 1"),
    "exiting in a thread": ("RE", "import os, threading\ndef f(x):\n  t = threading.Thread(target=os._exit, args=(0,))\n  t.start()\n  t.join()\n  return 1"),
    "exiting in a destructor": ("RE", "import os\nclass D:\n  def __del__(s): os._exit(0)\ndef f(x):\n  D()\n  return 1"),
    "exiting in a signal handler": ("RE", "import os, signal\nsignal.signal(signal.SIGALRM, lambda *a: os._exit(0))\ndef f(x):\n  signal.setitimer(signal.ITIMER_REAL, 0.001)\n  while True: pass"),
    "dying of an alarm": ("RE", "import signal\ndef f(x):\n  signal.setitimer(signal.ITIMER_REAL, 0.001)\n  while True: pass"),
    "exiting when the answer is read": ("RE", "import os\nclass L(list):\n  @property\n  def __class__(s): os._exit(0)\nclass O:\n  @property\n  def __class__(s): os._exit(0)\ndef f(x): return O()"),
    "exiting when the exception is read": ("RE", "import os\nclass E(Exception):\n  def __str__(s): os._exit(0)\ndef f(x): raise E"),
    "exiting when an attribute is read": ("RE", "import os\ndef __getattr__(name): os._exit(0)"),
    "a trace that exits when the harness goes on": ("RE", "import os, sys\ndef trace(frame, event, arg):\n  if event == 'return' and frame.f_code.co_name == 'answer': os._exit(0)\n  return trace\ndef f(x):\n  sys._getframe(2).f_trace = trace\n  sys.setprofile(trace)\n  return 1"),
    "exiting with output that is not flushed": ("RE", "import os, sys\ndef f(x):\n  sys.stdout.write('AC')\n  os._exit(0)"),
    "exiting by the bare system call": ("RE", "import ctypes, platform\ndef f(x): ctypes.CDLL(None).syscall(231 if platform.machine() == 'x86_64' else 94, 0)"),
    "exiting by the C library": ("RE", "import ctypes\ndef f(x): ctypes.CDLL(None).exit(0)"),
    "finalizing the interpreter": ("RE", "import ctypes\ndef f(x): ctypes.pythonapi.Py_Finalize()"),
    "exiting by the C library's quick way": ("RE", "import ctypes\ndef f(x): ctypes.CDLL(None).quick_exit(0)"),
}  # fmt: skip


@each(CASES)
def test_is_a_run_time_error(contain, case):
    contain(*case)


# Whole programs may leave as they like, if they have printed the answer ("5") and say so with status 0.
PROGRAMS = {
    "the answer and status 1": ("RE", "import sys\nprint(5)\nsys.exit(1)"),
    "the answer and a hard status 1": ("RE", "import os\nprint(5, flush=True)\nos._exit(1)"),
    "the answer and a crash": ("RE", "import ctypes\nprint(5, flush=True)\nctypes.string_at(0)"),
    "the answer and an exception": ("RE", "print(5)\n1 / 0"),
    "the answer and no end": ("TLE", "print(5, flush=True)\nwhile True: pass"),
    "the answer and an exit handler that fails": ("RE WA", "import atexit, os\natexit.register(os._exit, 1)\nprint(5)\natexit._run_exitfuncs()"),
    "the answer on standard error": ("WA", "import sys\nprint(5, file=sys.stderr)"),
    "the answer on every other channel": ("RE WA", "import os\nfor fd in range(2, 64):\n  try: os.write(fd, b'5\\n')\n  except OSError: pass"),
    "the answer and a flood": ("OLE", "print(5)\nwhile True: print('x' * 9999)"),
    "nothing and status 0": ("WA", "import os\nos._exit(0)"),
    "no input to read": ("RE", "input()\ninput()"),
    "a fork for the answer": ("RE", "import os\nif os.fork() == 0: print(5)"),
}  # fmt: skip


@each(PROGRAMS)
def test_a_program_must_end_well(contain, case):
    problem = Problem("p", "P", "", PROGRAM, "", (TestCase("case", ("1\n",), "5\n"),), limits=QUICK)
    contain(*case, problem)
