"""A crash of the interpreter, or of its compiler, is the candidate's failure and nobody else's."""

from tests.hostile.containment import each

BYTECODE = """
import types
def f(x):
    code = (lambda: 0).__code__.replace(co_code=b'%s')
    return types.FunctionType(code, {})()
"""
CASES = {
    "a null pointer": ("RE", "import ctypes\ndef f(x): ctypes.string_at(0)"),
    "writing to a null pointer": ("RE", "import ctypes\ndef f(x): ctypes.memset(0, 1, 1)"),
    "a crash while loading": ("RE", "import ctypes\nctypes.string_at(0)"),
    "a crash that is handled": ("TLE RE", "import ctypes, signal\nsignal.signal(signal.SIGSEGV, lambda *a: None)\ndef f(x): ctypes.string_at(0)"),
    "a crash that is ignored": ("RE", "import ctypes, signal\nsignal.signal(signal.SIGSEGV, signal.SIG_IGN)\ndef f(x): ctypes.string_at(0)"),
    "a crash in a thread": ("RE", "import ctypes, threading, time\ndef f(x):\n  threading.Thread(target=ctypes.string_at, args=(0,)).start()\n  time.sleep(100)"),
    "abort": ("RE", "import os\ndef f(x): os.abort()"),
    "freeing what was not allocated": ("RE", "import ctypes\ndef f(x): ctypes.CDLL(None).free(ctypes.c_void_p(8))"),
    "calling an address": ("RE", "import ctypes\ndef f(x): ctypes.CFUNCTYPE(None)(8)()"),
    "an instruction that is none": ("RE", "import ctypes, mmap\ndef f(x):\n  m = mmap.mmap(-1, 4096, prot=7)\n  m.write(b'\\0' * 8 + b'\\x0f\\x0b' * 99)\n  ctypes.CFUNCTYPE(None)(ctypes.addressof(ctypes.c_char.from_buffer(m)) + 8)()"),
    "faulthandler's own crash": ("RE WA", "import faulthandler\ndef f(x): faulthandler._sigsegv()"),
    "faulthandler's timer": ("RE", "import faulthandler, time\ndef f(x):\n  faulthandler.dump_traceback_later(0.01, exit=True, file=1)\n  time.sleep(100)"),
    "recursion": ("RE MLE", "def f(x): return f(x)"),
    "recursion without a limit": ("RE MLE TLE", "import sys\nsys.setrecursionlimit(10**9)\ndef f(x): return f(x)"),
    "recursion through C": ("RE MLE TLE", "def f(x):\n  a = None\n  for _ in range(10**5): a = [a]\n  return repr(a)"),
    "recursion in a comparison": ("RE MLE TLE", "class A:\n  def __eq__(s, o): return s == o\ndef f(x): return A() == A()"),
    "recursion in an attribute": ("RE MLE TLE", "class A:\n  def __getattr__(s, n): return getattr(s, n + 'x')\ndef f(x): return A().b"),
    "a destructor that brings itself back": ("WA TLE RE MLE", "class D:\n  def __del__(s): D()\ndef f(x):\n  D()\n  return 1"),
    "bytecode that is none": ("RE WA TLE MLE", BYTECODE % (r"\xff\xff" * 64)),
    "bytecode that reads past its stack": ("RE WA TLE MLE", BYTECODE % (r"\x01\x00" * 64)),
    "a constant that is not there": ("RE WA TLE MLE", "import types\ndef f(x): return types.FunctionType((lambda: 7).__code__.replace(co_consts=()), {})()"),
    "data of marshal that is none": ("RE", "import marshal\ndef f(x): return marshal.loads(b'\\xfb' * 99)"),
    "a count of references that is wrong": ("RE WA TLE", "import ctypes\ndef f(x):\n  for thing in (0, 1, '', (), True, type, object): ctypes.memset(id(thing), 0, 8)\n  return [0, 1, '', (), True]"),
    "None overwritten": ("RE WA TLE", "import ctypes\ndef f(x): ctypes.memset(id(None), 0, 16)"),
    "a type overwritten": ("RE WA TLE", "import ctypes\ndef f(x):\n  ctypes.memset(id(list), 0xff, 400)\n  return [x]"),
    "no builtins": ("RE WA", "def f(x):\n  __builtins__.clear() if isinstance(__builtins__, dict) else vars(__builtins__).clear()\n  return 1"),
    "no modules": ("RE WA", "import sys\ndef f(x): sys.modules.clear()"),
    "a garbage collector that raises": ("WA RE", "import gc\ndef boom(*a): raise SystemExit\ndef f(x):\n  gc.callbacks.append(boom)\n  gc.collect()\n  return 1"),
    "a garbage collector that never stops": ("WA RE TLE", "import gc\ndef f(x):\n  gc.set_threshold(1, 1, 1)\n  gc.set_debug(gc.DEBUG_LEAK)\n  return 1"),
    "a tuple changed through the collector": ("WA RE TLE MLE", "import gc\ndef f(x):\n  t = tuple(y for y in [gc.get_referrers(x)])\n  return len(t)"),
    "a source with a NUL": ("CE RE", "def f(x): return 1\0"),
    "a source of brackets": ("CE", "(" * 5000),
    "a source of deep expressions": ("CE RE", "def f(x): return " + "-" * 50_000 + "x"),
    "a source of deep blocks": ("CE", "".join("  " * i + "if 1:\n" for i in range(120)) + "  " * 120 + "pass"),
    "a source of one long chain": ("CE RE WA TLE MLE", "def f(x): return " + "+".join("x" * 20_000)),
    "a source in another encoding": ("CE RE", "# coding: utf-16\ndef f(x): return 1"),
    "a source in an encoding that is none": ("CE", "# coding: none-such\ndef f(x): return 1"),
    "a source of lone surrogates": ("CE", "def f(x): return '\ud800'"),
    "no source": ("RE", ""),
    "a source that ends in a backslash": ("CE", "def f(x): return 1\\"),
    "an int too long to read": ("CE RE WA", "def f(x): return " + "9" * 5000),
    "an entry point that is no function": ("RE", "f = 7"),
    "an entry point that cannot be read": ("RE", "class M(type):\n  def __call__(c, *a): raise SystemExit(0)\nclass f(metaclass=M): pass"),
    "a scope that was emptied": ("RE", "def f(x): return 1\nglobals().clear()"),
}  # fmt: skip


@each(CASES)
def test_is_the_candidates_own_failure(contain, case):
    contain(*case)
