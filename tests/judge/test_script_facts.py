"""A program is what `python3 solution.py < input` is: a table of facts, in plain Python and in both sandboxes."""

import os
import subprocess
import sys

import pytest

from coderefine.judge.verdict import Verdict
from coderefine.kinds.program import PROGRAM
from coderefine.outside import decode_python
from coderefine.problem.compare import Compare
from coderefine.problem.problem import Limits, Problem, TestCase

INPUT = "3 4\r\nzwei Wörter\n\nlast without end"

# Each prints what it finds, or ends in a way of its own.
FACTS = {
    # How it ends.
    "exit()": "print(1)\nexit()\nprint(2)",
    "quit()": "print(1)\nquit()\nprint(2)",
    "exit(0)": "print(1)\nexit(0)",
    "exit(3)": "print(1)\nexit(3)",
    "exit closes the input": "import sys\ntry: exit()\nexcept SystemExit as end: print(end.code, sys.stdin.closed)",
    "sys.exit()": "import sys\nprint(1)\nsys.exit()",
    "sys.exit(None)": "import sys\nprint(1)\nsys.exit(None)",
    "sys.exit(1)": "import sys\nprint(1)\nsys.exit(1)",
    "sys.exit(-1)": "import sys\nprint(1)\nsys.exit(-1)",
    "sys.exit(256), whose last byte is 0": "import sys\nprint(1)\nsys.exit(256)",
    "sys.exit(10**30)": "import sys\nprint(1)\nsys.exit(10**30)",
    "sys.exit(False)": "import sys\nprint(1)\nsys.exit(False)",
    "sys.exit(True)": "import sys\nprint(1)\nsys.exit(True)",
    "sys.exit(0.0), which is no int": "import sys\nprint(1)\nsys.exit(0.0)",
    "sys.exit of a text": "import sys\nprint(1)\nsys.exit('text')",
    "sys.exit of an empty text": "import sys\nprint(1)\nsys.exit('')",
    "sys.exit of a list": "import sys\nprint(1)\nsys.exit([])",
    "SystemExit of two values": "print(1)\nraise SystemExit(0, 1)",
    "a subclass of SystemExit": "class End(SystemExit): pass\nprint(1)\nraise End(0)",
    "a code that was changed": "import sys\ntry: sys.exit(1)\nexcept SystemExit as end:\n  end.code = 0\n  raise",
    "sys.exit that is caught": "import sys\ntry: sys.exit(4)\nexcept SystemExit as end: print(end.code)",
    "sys.exit in finally": "import sys\ntry: 1 / 0\nfinally: sys.exit(0)",
    "sys.exit in a thread": "import sys, threading\nthreading.Thread(target=sys.exit, args=(1,)).start()\nprint(1)",
    "os._exit with what was not flushed": "import os\nprint(1, flush=True)\nprint(2)\nos._exit(0)",
    "os._exit(1)": "import os\nprint(1, flush=True)\nos._exit(1)",
    "an exception": "print(1)\n1 / 0",
    "an exception in a thread": "import threading\nthreading.Thread(target=lambda: 1 / 0).start()\nprint(1)",
    "an excepthook": "import sys\nsys.excepthook = lambda *a: print(a[0].__name__, a[2].tb_frame.f_code.co_name)\n1 / 0",
    "an excepthook that leaves": "import os, sys\nsys.excepthook = lambda *a: os._exit(0)\nprint(1, flush=True)\n1 / 0",
    "KeyboardInterrupt": "print(1)\nraise KeyboardInterrupt",
    "abort": "import os\nprint(1, flush=True)\nos.abort()",
    "the kernel's signal for a time": "import signal, time\nsignal.alarm(1)\ntime.sleep(3)",
    # What happens at its end.
    "exit handlers, the last first": "import atexit\natexit.register(print, 1)\natexit.register(print, 2)\nprint(3)",
    "exit handlers after exit": "import atexit, sys\natexit.register(print, 1)\nsys.exit(0)",
    "exit handlers after an exception": "import atexit\natexit.register(print, 1)\n1 / 0",
    "an exit handler that raises": "import atexit\natexit.register(print, 1)\natexit.register(lambda: 1 / 0)\nprint(2)",
    "an exit handler that exits": "import atexit, sys\natexit.register(sys.exit, 1)\nprint(2)",
    "a thread is waited for": "import threading, time\ndef f():\n  time.sleep(0.1)\n  print(2)\nthreading.Thread(target=f).start()\nprint(1)",
    "a thread that starts one": "import threading, time\ndef f(n):\n  time.sleep(0.05)\n  print(n)\n  if n: threading.Thread(target=f, args=(n - 1,)).start()\nf(3)",
    "a daemon is not": "import threading, time\ndef f():\n  time.sleep(30)\n  print(2)\nthreading.Thread(target=f, daemon=True).start()\nprint(1)",
    "an executor is": "from concurrent.futures import ThreadPoolExecutor\nimport time\nThreadPoolExecutor().submit(lambda: (time.sleep(0.1), print(2)))\nprint(1)",
    "threads before exit handlers": "import atexit, threading, time\natexit.register(print, 1)\nthreading.Thread(target=lambda: (time.sleep(0.1), print(2))).start()",
    "__del__ of a global": "class A:\n  def __del__(self): print('gone')\na = A()\nprint(1)",
    "__del__ in a cycle": "class A:\n  def __del__(self): print('gone')\na = A()\na.a = a\nprint(1)",
    "a finalizer": "import weakref\nclass A: pass\na = A()\nweakref.finalize(a, print, 'gone')\nprint(1)",
    "a generator in the midst": "def f():\n  try: yield\n  finally: print('gone')\ng = f()\nnext(g)\nprint(1)",
    "a file that is never closed": "out = open(1, 'w')\nout.write('1')",
    "a file that is the output": "import sys\nsys.stdout = open(1, 'w')\nprint(1)",
    "no line end at the end": "print(1, end='')",
    "an output in memory that nobody prints": "import io, sys\nsys.stdout = io.StringIO()\nprint(1)",
    "an output in memory that an exit handler prints": "import atexit, io, sys\nsys.stdout = io.StringIO()\natexit.register(lambda: sys.__stdout__.write(sys.stdout.getvalue()))\nprint(1)",
    "an output that was closed": "import sys\nprint(1)\nsys.stdout.close()",
    "printing after close": "import sys\nprint(1)\nsys.stdout.close()\nprint(2)",
    "an output whose descriptor was closed": "import os\nprint(1, flush=True)\nos.close(1)",
    "what cannot be written any more": "import os\nprint(1, flush=True)\nprint(2)\nos.close(1)",
    "no output at all": "import sys\nprint(1)\nsys.stdout = None\nprint(2)",
    # Its streams.
    "the input's mode": "import sys\nprint(sys.stdin.mode, sys.stdin.buffer.mode, sys.stdin.buffer.raw.mode)",
    "the output's mode": "import sys\nprint(sys.stdout.mode, sys.stdout.buffer.mode, sys.stderr.mode)",
    "the streams' names": "import sys\nprint(sys.stdin.name, sys.stdin.buffer.name, sys.stdout.name, sys.stderr.name)",
    "the streams' texts": "import sys\nprint(sys.stdin, sys.stdout, sys.stderr)",
    "the streams' kinds": "import sys\nfor s in sys.stdin, sys.stdout, sys.stderr: print(type(s), type(s.buffer), type(s.buffer.raw))",
    "the streams' descriptors": "import sys\nprint([s.fileno() for s in (sys.stdin, sys.stdout, sys.stderr)])",
    "the streams' encodings": "import sys\nprint([(s.encoding, s.errors, s.newlines) for s in (sys.stdin, sys.stdout, sys.stderr)])",
    "the streams' buffering": "import sys\nprint([(s.line_buffering, s.write_through) for s in (sys.stdin, sys.stdout, sys.stderr)])",
    "the streams are no terminals": "import os, sys\nprint([(s.isatty(), os.isatty(s.fileno())) for s in (sys.stdin, sys.stdout, sys.stderr)])",
    "what the streams can": "import sys\nprint([(s.readable(), s.writable()) for s in (sys.stdin, sys.stdout, sys.stderr)])",
    "the first streams": "import sys\nprint(sys.stdin is sys.__stdin__, sys.stdout is sys.__stdout__, sys.stderr is sys.__stderr__)",
    "the input is a file": "import os, stat, sys\nprint(stat.S_ISREG(os.fstat(0).st_mode), os.fstat(0).st_size, sys.stdin.seekable())",
    "the input twice": "import sys\nprint(repr(sys.stdin.read()))\nsys.stdin.seek(0)\nprint(repr(sys.stdin.readline()))",
    "the input by its size": "import os\nprint(os.read(0, os.fstat(0).st_size))",
    "the input in memory": "import mmap\nprint(mmap.mmap(0, 0, access=mmap.ACCESS_READ)[:9])",
    "the input cannot be written": "import os\ntry: os.write(0, b'x')\nexcept OSError as error: print(error.errno)",
    "the input's lines": "import sys\nfor line in sys.stdin: print(repr(line))",
    "the input's bytes": "import sys\nprint(sys.stdin.buffer.read())",
    "the input by name": "print(repr(open('/dev/stdin').read()))",
    "the input by number": "print(repr(open(0).read()))",
    "the input by os.read": "import os\nprint(os.read(0, 5), os.read(0, 500), os.read(0, 5))",
    "the output by name": "print('a', file=open('/dev/stdout', 'w'))",
    "input()": "print([input(), input(), input(), input()])",
    "input() at the end": "for i in range(5): print(input())",
    "input() with a question": "print(repr(input('name? ')))",
    "input() and lines": "import sys\nprint([input(), sys.stdin.readline(), input(), sys.stdin.read()])",
    "the input detached": "import io, sys\nsys.stdin = io.TextIOWrapper(sys.stdin.detach(), 'latin-1')\nprint(ascii(sys.stdin.read()))",
    "the input reconfigured": "import sys\nsys.stdin.reconfigure(encoding='latin-1')\nprint(ascii(sys.stdin.read()))",
    "the fast input of contests": "import os, sys\nfrom io import BytesIO, IOBase\nclass FastIO(IOBase):\n  newlines = 0\n  def __init__(self, file):\n    self._fd = file.fileno()\n    self.buffer = BytesIO()\n    self.writable = 'x' in file.mode or 'r' not in file.mode\n    self.write = self.buffer.write if self.writable else None\n  def read(self):\n    while True:\n      b = os.read(self._fd, max(os.fstat(self._fd).st_size, 8192))\n      if not b: break\n      ptr = self.buffer.tell()\n      self.buffer.seek(0, 2), self.buffer.write(b), self.buffer.seek(ptr)\n    return self.buffer.read()\n  def flush(self):\n    if self.writable:\n      os.write(self._fd, self.buffer.getvalue())\n      self.buffer.truncate(0), self.buffer.seek(0)\nsys.stdin, sys.stdout = FastIO(sys.stdin), FastIO(sys.stdout)\nsys.stdout.write(sys.stdin.read())\nsys.stdout.flush()",
    "the fast output of contests": "import atexit, io, sys\nbuffer = io.BytesIO()\nsys.stdout = buffer\n@atexit.register\ndef write(): sys.__stdout__.buffer.write(buffer.getvalue())\nbuffer.write(b'1 2')",
    "texts and bytes": "import os, sys\nsys.stdout.write('a')\nsys.stdout.flush()\nsys.stdout.buffer.write(b'b')\nsys.stdout.buffer.flush()\nos.write(1, b'c')",
    "texts after bytes": "import sys\nsys.stdout.write('a')\nsys.stdout.buffer.write(b'b')\nsys.stdout.write('c')",
    "what write returns": "import sys\nprint(sys.stdout.write('äöü'), sys.stdout.buffer.write(b'abc'))",
    "texts beyond ASCII": "print('äöü €', chr(0x1F600))",
    "half a character": "print('\\udc80')",
    "half a pair": "print('\\ud800')",
    "warnings and errors are elsewhere": "import sys, warnings\nwarnings.warn('a')\nprint('b', file=sys.stderr)\nprint(1)",
    "a warning of the compiler": "print(1 is 1)",
    "errors without end": "import sys\nfor i in range(300000): sys.stderr.write('x' * 100)\nprint(1)",
    # Its module and its names.
    "__name__": "print(__name__)\nif __name__ == '__main__': print('main')",
    "__file__": "import os\nprint(os.path.basename(__file__), os.path.isabs(__file__))",
    "__doc__": "print(__doc__)",
    "__doc__ of its own": "'''What it is for.'''\nprint(__doc__)",
    "__spec__, __package__, __cached__": "print(__spec__, __package__, __cached__)",
    "__loader__": "print(type(__loader__).__name__, __loader__.name)",
    "__builtins__": "import builtins\nprint(__builtins__ is builtins, type(__builtins__).__name__)",
    "__annotations__": "x: int = 1\nprint(__annotations__)",
    "all its names": "print(sorted(globals()))",
    "its names as locals": "print(locals() is globals(), vars() is globals(), sorted(dir()))",
    "its module": "import sys\nx = 1\nmain = sys.modules['__main__']\nprint(main.x, main.__dict__ is globals(), main)",
    "import __main__": "x = 1\nimport __main__\nprint(__main__.x, __main__.__name__)",
    "its arguments": "import sys\nprint(len(sys.argv), sys.argv[1:], sys.argv[0].rpartition('/')[2])",
    "the first folder of modules": "import os, sys\nprint(sys.path[0] == os.path.dirname(os.path.abspath(__file__)))",
    "a module of functions and classes": "class A: pass\ndef f(): pass\nprint(A.__module__, f.__module__, repr(A))",
    "a dataclass": "from __future__ import annotations\nfrom dataclasses import dataclass, field\nfrom typing import ClassVar\n@dataclass(order=True)\nclass A:\n  n: ClassVar[int] = 3\n  x: int\n  y: list[int] = field(default_factory=list)\nprint(A(1), A(1) < A(2))",
    "pickle": "import pickle\nclass A:\n  def __init__(self): self.x = 1\ndef f(): return 2\nprint(pickle.loads(pickle.dumps(A())).x, pickle.loads(pickle.dumps(f))())",
    "type hints": "from __future__ import annotations\nimport typing\nclass A:\n  x: B\nclass B: pass\nprint(typing.get_type_hints(A))",
    "a named tuple and an enum": "import collections, copy, enum, pickle\nP = collections.namedtuple('P', 'x y')\nclass E(enum.Enum): A = 1\nprint(P(1, 2), pickle.loads(pickle.dumps(E.A)), P.__module__, copy.deepcopy(P(1, [2])))",
    "a doctest": "import doctest\ndef f():\n  '''\n  >>> f()\n  1\n  '''\n  return 1\nprint(doctest.testmod())",
    "a unit test": "import unittest\nclass T(unittest.TestCase):\n  def test(self): print('ran')\nunittest.main()",
    "its source": "import inspect\ndef f():\n  return 1\nprint(inspect.getsource(f), inspect.getfile(f).rpartition('/')[2])",
    "a traceback with its lines": "import traceback\ndef f():\n  return 1 / 0\ntry: f()\nexcept ZeroDivisionError: print(traceback.format_exc())",
    "runpy and exec": "exec('y = 1')\nprint(y, eval('__name__'))",
    "the builtins of the usual start": "print([n for n in ('exit', 'quit', 'copyright', 'credits', 'license', 'help') if not hasattr(__builtins__, n)], repr(exit), repr(help))",
    "no other builtins": "import builtins\nprint(sorted(n for n in vars(builtins) if n not in ('_', '__build_class__')))",
    "copyright": "copyright()",
    # What it did not import is not there.
    **{f"no {name}": f"try: {name}\nexcept NameError as error: print(error)" for name in (
        "deque", "List", "Optional", "math", "sys", "os", "heapq", "heappush", "Counter", "defaultdict", "lru_cache", "cache",
        "bisect_left", "inf", "gcd", "ListNode", "TreeNode", "deepcopy", "random", "solution", "candidate", "reduce",
    )},
    # Its own file.
    "its text": "print(open(__file__).read())\n# ä",
    "its text as bytes": "print(open(__file__, 'rb').read())",
    "its text by its argument": "import sys\nwith open(sys.argv[0], encoding='utf-8') as file: print(file.readlines(), file.mode)",
    "its text by a path": "import pathlib\nprint(pathlib.Path(__file__).read_text(), pathlib.Path(__file__).read_bytes())",
    "no other text": "try: open('another.py')\nexcept FileNotFoundError as error: print(error)",
    "what open is": "print(open)",
    # Loops of events.
    "asyncio.run": "import asyncio\nasync def main():\n  await asyncio.sleep(0.01)\n  print(1)\nasyncio.run(main())",
    "tasks": "import asyncio\nasync def f(n):\n  await asyncio.sleep(0.01 * n)\n  print(n)\n  return n\nasync def main(): print(await asyncio.gather(*map(f, (3, 1, 2))))\nasyncio.run(main())",
    "a queue of tasks": "import asyncio\nasync def put(q):\n  for line in open(0): await q.put(line.strip())\n  await q.put(None)\nasync def main():\n  q = asyncio.Queue(1)\n  t = asyncio.create_task(put(q))\n  while (line := await q.get()) is not None: print(line)\n  await t\nasyncio.run(main())",
    "threads of tasks": "import asyncio\nasync def main(): print(await asyncio.to_thread(sum, [1, 2]), await asyncio.get_running_loop().run_in_executor(None, len, 'ab'))\nasyncio.run(main())",
    "a time limit of tasks": "import asyncio\nasync def main():\n  try: await asyncio.wait_for(asyncio.Event().wait(), 0.01)\n  except asyncio.TimeoutError: print('late')\nasyncio.run(main())",
    "a loop of its own": "import asyncio\nloop = asyncio.new_event_loop()\nloop.call_later(0.01, loop.stop)\nloop.run_forever()\nloop.close()\nprint(loop.is_closed())",
    "waiting for the input": "import selectors, sys\ns = selectors.DefaultSelector()\ntry: s.register(sys.stdin, selectors.EVENT_READ)\nexcept PermissionError: pass\nprint(input())",
    # Its text.
    "a future import": "from __future__ import annotations\ndef f(x: nowhere): return 1\nprint(f(1), f.__annotations__)",
    "a declared encoding": "# -*- coding: utf-8 -*-\nprint('ä')",
    "a declared encoding that is another": "# -*- coding: latin-1 -*-\nprint(ascii('ä'))",
    "an encoding that nobody knows": "# -*- coding: klingon -*-\nprint(1)",
    "a byte order mark": "\ufeffprint(1)",
    "a first line for the shell": "#!/usr/bin/env python3\nprint(1)",
    "line ends of Windows": "x = '''a\r\nb'''\r\nprint(repr(x))\r\n",
    "a form feed": "\fprint(1)\n\f\nprint(2)",
    "tabs": "if 1:\n\tprint(1)\n\tif 1:\n\t\tprint(2)",
    "tabs and blanks mixed up": "if 1:\n        print(1)\n\tprint(2)",
    "no line": "",
    "a comment alone": "# nothing",
    "what is no syntax": "print(1\n",
    "return outside of a function": "print(1)\nreturn",
    "a NUL": "print(1)\0",
    "assert": "assert 0, 'no'",
    "__debug__": "print(__debug__)",
    # Its limits and its interpreter.
    "the recursion limit": "import sys\nprint(sys.getrecursionlimit())",
    "how deep it recurses": "def f(n):\n  try: return f(n + 1)\n  except RecursionError: return n\nprint(f(1))",
    "how deep it recurses from a function": "def f(n):\n  try: return f(n + 1)\n  except RecursionError: return n\ndef main(): print(f(1))\nmain()",
    "how deep it recurses with a higher limit": "import sys\nsys.setrecursionlimit(5000)\ndef f(n):\n  try: return f(n + 1)\n  except RecursionError: return n\nprint(f(1), sys.getrecursionlimit())",
    "the highest recursion limit": "import sys\nsys.setrecursionlimit(2**31 - 1)\nprint(sys.getrecursionlimit())",
    "a recursion limit that is too high": "import sys\nfor n in 2**31, 0, -5, 'a', 1.5:\n  try: sys.setrecursionlimit(n)\n  except Exception as e: print(type(e), e)",
    "a recursion limit below the depth": "import sys\ndef f(n):\n  if n: return f(n - 1)\n  try: sys.setrecursionlimit(20)\n  except RecursionError as e: print('no')\nf(50)\nprint(sys.getrecursionlimit())",
    "a deep recursion": "import sys\nsys.setrecursionlimit(10**6)\ndef f(n): return n and 1 + f(n - 1)\nprint(f(20000))",
    "a recursion without end": "def f(): return f()\nf()",
    "a thread with a large stack": "import sys, threading\nthreading.stack_size(1 << 26)\nsys.setrecursionlimit(1 << 20)\ndef f(n): return n and 1 + f(n - 1)\nt = threading.Thread(target=lambda: print(f(30000)))\nt.start()\nt.join()",
    "a stack as large as can be": "import resource\nresource.setrlimit(resource.RLIMIT_STACK, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))\nprint(1)",
    "digits of an int": "import sys\nprint(sys.get_int_max_str_digits())\ntry: print(len(str(10 ** 4300)))\nexcept ValueError: print('too many')\nsys.set_int_max_str_digits(0)\nprint(len(str(10 ** 5000)))",
    "the interpreter's switches": "import gc, sys\nprint(gc.isenabled(), gc.get_threshold(), sys.getswitchinterval(), sys.gettrace(), sys.getprofile(), sys.tracebacklimit if hasattr(sys, 'tracebacklimit') else None)",
    "the main thread": "import threading\nprint(threading.current_thread() is threading.main_thread(), threading.active_count(), threading.current_thread().name)",
    "signals": "import signal\nprint(signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGPIPE), signal.getsignal(signal.SIGINT))",
    "a timer": "import signal, time\nsignal.signal(signal.SIGALRM, lambda *a: print('rang'))\nsignal.setitimer(signal.ITIMER_REAL, 0.05)\ntime.sleep(0.2)",
    "asyncio's sleep": "import time\ntime.sleep(0.01)\nprint(1)",
    "decimal's context": "import decimal\nprint(decimal.getcontext())",
    "the encoding of files": "import locale, sys\nprint(sys.getdefaultencoding(), sys.getfilesystemencoding(), sys.getfilesystemencodeerrors())",
    "filters of warnings": "import warnings\nprint([(f[0], f[2].__name__) for f in warnings.filters])",
}  # fmt: skip


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """Return `run(source)`: whether plain Python ends with status 0, and what it prints."""
    folder = tmp_path_factory.mktemp("plain")
    (folder / "input").write_bytes(INPUT.encode())
    environment = {"LANG": "C.UTF-8", "PATH": os.environ["PATH"], "PYTHONHASHSEED": "0"}

    def run(source):
        (folder / "solution.py").write_bytes(source.encode())
        with (folder / "input").open("rb") as file:
            command = [os.path.realpath(sys.executable), "solution.py"]
            ran = subprocess.run(command, check=False, stdin=file, capture_output=True, cwd=folder, env=environment)
        return ran.returncode == 0, ran.stdout.decode("utf-8", "replace").replace(str(folder), "")

    return run


@pytest.mark.parametrize("fact", FACTS)
def test_a_program_is_what_a_script_is(judge, plain, fact):
    succeeds, printed = plain(FACTS[fact])
    limits = Limits(time_s=3.0, memory_mib=256)
    test = TestCase("case", (INPUT,), printed)
    problem = Problem("p", "P", "Do it.", PROGRAM, "", (test,), compare=Compare.parse("exact"), limits=limits)
    case = judge.run(problem, decode_python(FACTS[fact].encode())).cases[0]  # as its file is read
    if succeeds:
        assert case.verdict is Verdict.AC, (printed, case)
    else:
        assert case.verdict in (Verdict.RE, Verdict.CE), (printed, case)
        assert case.output == printed
