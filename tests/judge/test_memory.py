"""What a case does with memory is its own verdict and no other's, and the same in both sandboxes."""

import pytest

from coderefine.kinds.program import PROGRAM
from coderefine.problem.compare import Compare
from coderefine.problem.problem import Limits, Problem, TestCase
from tests.problems_for_tests import function_problem

LIMITS = Limits(time_s=10.0, memory_mib=64)
IMPORTS = "import ctypes, mmap, threading, time\n"
HELD = "held = []\n"

# Of six cases f(0) to f(5), whose answer is the argument: what goes wrong in f(2).
SHAPES = {
    "one large allocation": ("MLE", "def f(x):\n  if x == 2: bytearray(1 << 30)\n  return x"),
    "many small ones": ("MLE", "def f(x):\n  if x == 2:\n    a = []\n    while True: a.append([0] * 100)\n  return x"),
    "many that are kept": ("MLE", HELD + "def f(x):\n  while x == 2: held.append(bytearray(1 << 20))\n  return x"),
    "many objects that are kept": ("MLE", HELD + "def f(x):\n  while x == 2: held.append([0])\n  return x"),
    "a text that doubles and is kept": ("MLE", "t = 'x'\ndef f(x):\n  global t\n  while x == 2: t += t\n  return x"),
    "a recursion that allocates": ("MLE", "def f(x):\n  def g(): return [bytearray(1 << 20), g()]\n  if x == 2: g()\n  return x"),
    "caught, and raised as something else": ("RE", HELD + "def f(x):\n  try:\n    while x == 2: held.append(bytearray(1 << 18))\n  except MemoryError: raise ValueError('full')\n  return x"),
    "caught, and a wrong answer": ("WA", HELD + "def f(x):\n  try:\n    while x == 2: held.append(bytearray(1 << 18))\n  except MemoryError: return -1\n  return x"),
    "caught, and the right answer": ("AC", HELD + "def f(x):\n  try:\n    while x == 2: held.append(bytearray(1 << 18))\n  except MemoryError: pass\n  return x"),
    "in a cycle": ("MLE", "def f(x):\n  a = []\n  a.append(a)\n  while x == 2: a.append(bytearray(1 << 20))\n  return x"),
    "in a thread": ("MLE", "def f(x):\n  got = []\n  t = threading.Thread(target=lambda: got.append(len(bytearray(1 << 30 if x == 2 else 1))))\n  t.start()\n  t.join()\n  return got[0] and x"),
    "in a thread that keeps it": ("MLE", HELD + "def g(x):\n  while x == 2: held.append(bytearray(1 << 20))\ndef f(x):\n  got = []\n  t = threading.Thread(target=lambda: got.append(g(x)))\n  t.start()\n  t.join()\n  return got[0] or x"),
    "stacks of threads": ("RE", "threading.stack_size(16 << 20)\ndef f(x):\n  for _ in range(20 if x == 2 else 0): threading.Thread(target=time.sleep, args=(100,), daemon=True).start()\n  return x"),
    "a map": ("MLE", HELD + "def f(x):\n  while x == 2:\n    held.append(mmap.mmap(-1, 1 << 22, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS))\n    held[-1][0] = 1\n  return x"),
    "the C library": ("MLE", "libc = ctypes.CDLL(None)\nlibc.malloc.restype = ctypes.c_void_p\ndef f(x):\n  while x == 2:\n    if not libc.malloc(1 << 20): raise MemoryError\n  return x"),
    "the C library, which is not asked whether": ("MLE", "libc = ctypes.CDLL(None)\nlibc.malloc.restype = ctypes.c_void_p\nlibc.memset.argtypes = ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t\ndef f(x):\n  while x == 2: libc.memset(libc.malloc(1 << 20), 1, 1 << 20)\n  return x"),
    "a text that is the answer": ("MLE", "def f(x): return 'x' * (70 << 20) if x == 2 else x"),
    "an exception with a long text": ("MLE", "def f(x):\n  if x == 2: raise MemoryError('x' * (60 << 20))\n  return x"),
    "an answer that is hard to write": ("MLE", "def f(x): return [[0] * 8 for _ in range(400000)] if x == 2 else x"),
    "in a generator": ("MLE", "def g():\n  a = []\n  while True:\n    a.append(bytearray(1 << 20))\n    yield\ndef f(x):\n  return len(list(g())) if x == 2 else x"),
    "in a finalizer": ("AC", "class A:\n  def __del__(self): bytearray(1 << 30)\ndef f(x):\n  if x == 2: A()\n  return x"),
    "what nothing reports": ("AC", "def f(x):\n  if x == 2:\n    try: bytearray(1 << 30)\n    except MemoryError: pass\n  return x"),
}  # fmt: skip


def verdicts(judge, source, cases=6, limits=LIMITS):
    report = judge.run(function_problem([((i,), i) for i in range(cases)], limits=limits), IMPORTS + source)
    return [str(case.verdict) for case in report.cases], report


@pytest.mark.parametrize("shape", SHAPES)
def test_memory_that_one_case_takes_is_no_other_cases_failure(judge, shape):
    verdict, source = SHAPES[shape]
    found, report = verdicts(judge, source)
    assert found == ["AC", "AC", verdict, "AC", "AC", "AC"], report.cases[2]


LEAKS = {
    "a list": HELD + "def f(x):\n  held.append(bytearray(20 << 20))\n  return x",
    "objects": HELD + "def f(x):\n  held.append([[i] for i in range(100_000)])\n  return x",
    "a cache": "@functools.lru_cache(None)\ndef f(x):\n  data = tuple(bytes([x]) * (1 << 20) for _ in range(15))\n  f.held = getattr(f, 'held', ()) + data\n  return x",
    "sleeping threads": "def f(x):\n  for _ in range(9): threading.Thread(target=time.sleep, args=(100,), daemon=True).start()\n  return x",
    "an executor that is never shut down": "import concurrent.futures as c\npools = []\ndef f(x):\n  pools.append(c.ThreadPoolExecutor(9))\n  return sum(pools[-1].map(lambda i: time.sleep(0.01) or 0, range(9))) + x",
    "what is caught": HELD + "def f(x):\n  try: held.append(bytearray(30 << 20))\n  except MemoryError: return None\n  return x",
}  # fmt: skip


@pytest.mark.parametrize("leak", LEAKS)
def test_a_limit_holds_for_each_case_anew_whatever_those_before_it_kept(judge, leak):
    found, report = verdicts(judge, LEAKS[leak], cases=12, limits=Limits(time_s=10.0, memory_mib=96))
    assert found == ["AC"] * 12, [case.error or case.reason for case in report.cases]


@pytest.mark.parametrize("shape", ["one large allocation", "many that are kept", "in a thread that keeps it"])
def test_a_test_of_code_is_not_failed_by_the_one_before_it(judge, shape):
    _, source = SHAPES[shape]
    tests = tuple(TestCase(f"t{i}", code=f"assert candidate({i}) == {i}") for i in range(5))
    problem = function_problem([], limits=LIMITS)
    report = judge.run(Problem(**{**vars_of(problem), "visible": tests}), IMPORTS + source)
    assert [str(case.verdict) for case in report.cases] == ["AC", "AC", "MLE", "AC", "AC"]


def test_a_leak_over_tests_of_code_fails_none(judge):
    tests = tuple(TestCase(f"t{i}", code=f"assert candidate({i}) == {i}") for i in range(8))
    problem = Problem(**{**vars_of(function_problem([], limits=LIMITS)), "visible": tests})
    assert judge.run(problem, LEAKS["a list"]).accepted


def test_the_memory_of_a_test_of_code_is_not_the_programs(judge):
    code = "data = bytearray(300 << 20)\nassert candidate(len(data) >> 20) == 300"
    problem = Problem(**{**vars_of(function_problem([], limits=LIMITS)), "visible": (TestCase("t", code=code),) * 2})
    assert judge.run(problem, "def f(x): return x").accepted


@pytest.mark.parametrize(
    ("verdict", "source"),
    [
        ("MLE", "a = []\nwhile True: a.append(bytearray(1 << 20))"),
        ("MLE", "print(len(bytearray(1 << 30)))"),
        ("MLE", "import sys\nsys.stdout.write('x' * (1 << 30))"),
        ("MLE", "print(sum([int(i) for i in range(10 ** 8)]))"),
        ("AC", "try: bytearray(1 << 30)\nexcept MemoryError: print(1)"),
        (
            "AC",
            "import threading\nt = threading.Thread(target=bytearray, args=(1 << 30,))\nt.start()\nt.join()\nprint(1)",
        ),
        ("AC", "a = bytearray(50 << 20)\nprint(1)"),
    ],
)
def test_a_program_gets_the_verdict_of_what_it_did(judge, verdict, source):
    case = TestCase("case", ("",), "1\n")
    problem = Problem("p", "P", "Do it.", PROGRAM, "", (case,) * 2, compare=Compare.parse("tokens"), limits=LIMITS)
    assert [str(case.verdict) for case in judge.run(problem, source).cases] == [verdict] * 2


def vars_of(problem):
    return {name: getattr(problem, name) for name in problem.__dataclass_fields__}
