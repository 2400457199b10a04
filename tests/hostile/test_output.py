"""What is printed and what is answered is capped, and is only ever data."""

import math

import pytest

from coderefine.judge.report import TestReport
from tests.hostile.containment import CANARY, PATIENT, QUICK, each, guess

CASES = {
    "flooding standard output": ("OLE", "def f(x):\n  while True: print('x' * 9999)"),
    "flooding standard error": ("OLE", "import sys\ndef f(x):\n  while True: print('x' * 9999, file=sys.stderr)"),
    "flooding both": ("OLE", "import sys\ndef f(x):\n  while True: sys.stdout.write('x' * 9999); sys.stderr.write('y' * 9999)"),
    "flooding without a line end": ("OLE", "import os\ndef f(x):\n  while True: os.write(1, b'x')"),
    "flooding while loading": ("OLE", "while True: print('x' * 9999)"),
    "flooding from a thread": ("OLE", "import threading, time\ndef g():\n  while True: print('x' * 999)\ndef f(x):\n  threading.Thread(target=g, daemon=True).start()\n  time.sleep(100)"),
    "flooding from a thread after the answer": ("WA OLE", "import os, threading\ndef g():\n  while True: os.write(1, b'x' * 9999)\ndef f(x):\n  threading.Thread(target=g, daemon=True).start()\n  return 1"),
    "flooding and answering": ("OLE", "def f(x):\n  print('x' * (1 << 20))\n  return 1"),
    "NUL bytes": ("WA", "import os\ndef f(x): os.write(1, bytes(999))"),
    "bytes that are no text": ("WA", "import os\ndef f(x): os.write(1, bytes(range(256)) * 9)"),
    "printing lone surrogates": ("RE", "def f(x): print('\\ud800')"),
    "terminal escapes": ("WA", "def f(x): print('\\x1b]0;owned\\x07\\x1b[2J\\x1b[31m\\r')"),
    "a stream whose flush never ends": ("TLE", "import sys\nclass S:\n  def write(s, t): pass\n  def flush(s):\n    while True: pass\ndef f(x): sys.stdout = S()"),
    "a stream whose flush raises": ("WA", "import sys\nclass S:\n  def flush(s): raise SystemExit\ndef f(x): sys.stdout = S()"),
    "no streams": ("WA", "import sys\ndef f(x): sys.stdout = sys.stderr = None"),
    "closed streams": ("WA", "import sys, os\ndef f(x):\n  sys.stdout.close()\n  os.close(2)"),
    "every descriptor closed": ("RE", "import os\ndef f(x):\n  os.closerange(0, 64)\n  return 1"),
    "an int of a million digits": ("WA TLE", "def f(x): return 10 ** 10**6"),
    "an int of five thousand digits": ("WA", "def f(x): return 10 ** 5000"),
    "a huge text": ("OLE MLE", "def f(x): return 'x' * (17 << 20)"),
    "a huge list": ("OLE MLE", "def f(x): return [10**9] * 2_000_000", guess(limits=PATIENT)),
    "a huge number of escapes": ("OLE MLE", "def f(x): return '\\0' * (4 << 20)"),
    "a deep list": ("WA", "def f(x):\n  a = []\n  for _ in range(10**5): a = [a]\n  return a"),
    "a deep dict": ("WA", "def f(x):\n  a = {}\n  for _ in range(10**5): a = {1: a}\n  return a"),
    "a list that holds itself": ("WA", "def f(x):\n  a = []\n  a.append(a)\n  return a"),
    "a dict that holds itself": ("WA", "def f(x):\n  a = {}\n  a[1] = a\n  return a"),
    "two lists that hold each other": ("WA", "def f(x):\n  a, b = [], []\n  a.append(b)\n  b.append(a)\n  return a"),
    "one list, a billion times": ("WA TLE MLE", "def f(x):\n  a = [0]\n  for _ in range(9): a = [a] * 10\n  return a"),
    "colliding keys": ("RE", "def f(x): return {i * (2**61 - 1): 0 for i in range(3000)}"),
    "a generator": ("WA", "def f(x): yield x"),
    "an endless iterator": ("WA", "def f(x): return itertools.count()"),
    "a module": ("WA", "def f(x): return math"),
    "a function": ("WA", "def f(x): return f"),
    "a class": ("WA", "def f(x): return int"),
    "the type of the answer's own making": ("WA", "def f(x): return type('str', (), {'__repr__': lambda s: 'x'})()"),
    "a memory view": ("WA", "def f(x): return memoryview(b'x')"),
    "a decimal": ("WA", "def f(x): return decimal.Decimal(1)"),
    "a list that says it is endless": ("WA", "class L(list):\n  def __iter__(s): return itertools.count()\n  def __len__(s): return 1 << 60\ndef f(x): return L([1])"),
    "a dict whose items never end": ("WA", "class D(dict):\n  def items(s): return zip(itertools.count(), itertools.count())\n  __iter__ = items\ndef f(x): return D(a=1)"),
    "an exception with a huge message": ("RE", "def f(x): raise ValueError('x' * (8 << 20))"),
    "an exception with a huge name": ("RE", "def f(x): raise type('E' * (1 << 20), (Exception,), {})"),
    "an exception with terminal escapes": ("RE", "def f(x): raise type('\\x1b[2J', (Exception,), {})('\\x1b]0;owned\\x07')"),
    "an exception whose text raises": ("RE", "class E(Exception):\n  def __str__(s): raise SystemExit\ndef f(x): raise E"),
    "an exception whose text is no text": ("RE", "class E(Exception):\n  def __str__(s): return 7\ndef f(x): raise E"),
    "an exception whose text is a liar": ("RE", "class T(str):\n  def __getitem__(s, i): return T('x' * (1 << 20))\nclass E(Exception):\n  def __str__(s): return T('x')\ndef f(x): raise E"),
    "exceptions that cause each other": ("RE", "def f(x):\n  a, b = ValueError(), KeyError()\n  a.__context__, b.__cause__ = b, a\n  raise a"),
    "an exception with a traceback in circles": ("RE", "def f(x):\n  try: 1 / 0\n  except Exception as e:\n    try: e.__traceback__.tb_next = e.__traceback__\n    except ValueError: pass\n    raise"),
}  # fmt: skip


@each(CASES)
def test_is_capped(contain, case):
    report = contain(*case)
    assert len(report.cases[0].output) <= 4096
    assert len(str(report.cases[0].error)) < 5000
    assert TestReport.from_json(report.to_json()) == report


@pytest.mark.parametrize("value", ["math.nan", "math.inf", "-math.inf", "-0.0", "complex(math.nan, 1)", "'\\ud800'"])
def test_unusual_values_arrive_as_they_are_and_are_wrong(contain, value):
    report = contain("WA", f"def f(x): return {value}")
    assert repr(report.cases[0].got) == repr(eval(value, {"math": math}))


DEEP = "def f(x):\n  a = frozenset()\n  for _ in range(60): a = frozenset([a, 0])\n  return [a]"
COMPARISONS = {
    "sets within sets, in any order": ("WA", DEEP, guess(compare="unordered")),
    "a list of members for a text": ("WA", "def f(x): return list('no candidate can know this')", guess(compare="unordered")),
    "an int that is no float": ("WA", "def f(x): return 10 ** 400", guess(compare="float:1e-6")),
    "a deep list for a checker": ("WA", "def f(x):\n  a = []\n  for _ in range(190): a = [a]\n  return a", guess(checker="def check(a, e, g): return g == e")),
    "an answer at which a checker exits": ("WA", "def f(x): return 7", guess(checker="import os\ndef check(a, e, g): return g == e or os._exit(0)")),
    "an answer at which a checker floods": ("WA", "def f(x): return 7", guess(checker="def check(a, e, g):\n  while g: print('x' * 9999)")),
    "an answer at which a checker crashes": ("WA", "def f(x): return 7", guess(checker="import ctypes\ndef check(a, e, g): return g == e or ctypes.string_at(0)")),
    "a huge int for a checker": ("WA", "def f(x): return 1 << 99999", guess(checker="def check(a, e, g): return g == e")),
}  # fmt: skip


@each(COMPARISONS)
def test_a_comparison_takes_no_longer_than_the_answer_is_long(contain, case):
    contain(*case)


@pytest.mark.parametrize(("expected", "got"), [(math.nan, "10 ** 400"), (10**400, "math.nan"), (1.5, "10 ** 400"), ({1: 1.0}, "{1: 10 ** 400}"), ({1: 1.0}, "[1]")])  # fmt: skip
def test_a_comparison_of_floats_raises_nothing(contain, expected, got):
    from tests.problems_for_tests import function_problem

    contain("WA", f"def f(x): return {got}", function_problem([((5,), expected)], compare="float:1e-6", limits=QUICK))


NODES = {
    "a list without end": ("ListNode", "class N:\n  val = 0\n  next = property(lambda s: N())\ndef f(x): return N()"),
    "a list in a circle": ("ListNode", "def f(x):\n  a = ListNode(1)\n  a.next = ListNode(2, a)\n  return a"),
    "a list of nodes that raise": ("ListNode", "class N:\n  val = property(lambda s: 1 // 0)\ndef f(x): return N()"),
    "a list of nodes that exit": ("ListNode", "class N:\n  def __getattribute__(s, name): raise SystemExit(0)\ndef f(x): return N()"),
    "a list that holds liars": ("ListNode", "class L:\n  def __eq__(s, o): return True\ndef f(x): return ListNode(L())"),
    "a tree without end": ("TreeNode", "class N:\n  val = 0\n  left = right = property(lambda s: N())\ndef f(x): return N()"),
    "a tree in a circle": ("TreeNode", "def f(x):\n  a = TreeNode(1)\n  a.left = a\n  return a"),
}  # fmt: skip


@pytest.mark.parametrize("case", NODES.values(), ids=NODES)
def test_nodes_are_capped(contain, case):
    kind, source = case
    from tests.problems_for_tests import function_problem

    problem = function_problem([((5,), [CANARY])], params=("int",), returns=kind, limits=QUICK)
    contain("WA RE TLE MLE", source, problem)
