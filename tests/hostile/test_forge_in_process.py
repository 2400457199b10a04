"""Whatever a candidate does to its own process, the expected values are not there and nobody believes what it says."""

import pytest

from coderefine.kinds.function import FUNCTION
from coderefine.problem.problem import Problem, TestCase
from tests.hostile.containment import CANARY, PATIENT, QUICK, TRYING, each, guess
from tests.problems_for_tests import class_problem, function_problem

LIARS = {
    "an object that equals everything": "class L:\n  def __eq__(s, o): return True\ndef f(x): return L()",
    "a text that equals everything": "class L(str):\n  def __eq__(s, o): return True\n  __hash__ = str.__hash__\ndef f(x): return L()",
    "an int that equals everything": "class L(int):\n  def __eq__(s, o): return True\n  __hash__ = int.__hash__\ndef f(x): return L(1)",
    "a float that equals everything": "class L(float):\n  def __eq__(s, o): return True\n  __hash__ = float.__hash__\ndef f(x): return L(1)",
    "a list that equals everything": "class L(list):\n  def __eq__(s, o): return True\n  __len__ = lambda s: 26\ndef f(x): return L([1])",
    "a dict that equals everything": "class L(dict):\n  def __eq__(s, o): return True\n  keys = lambda s: set()\ndef f(x): return L()",
    "a tuple that equals everything": "class L(tuple):\n  def __eq__(s, o): return True\ndef f(x): return L((1,))",
    "a set that equals everything": "class L(set):\n  def __eq__(s, o): return True\ndef f(x): return L([1])",
    "a liar in a list": "class L(str):\n  def __eq__(s, o): return True\n  __hash__ = str.__hash__\ndef f(x): return [L()] * 26",
    "a liar as a key": "class L(str):\n  def __eq__(s, o): return True\n  def __hash__(s): return 0\ndef f(x): return {L(): L()}",
    "a liar in __ne__": "class L:\n  def __ne__(s, o): return False\n  def __eq__(s, o): return NotImplemented\ndef f(x): return L()",
    "a liar in __bool__": "class L:\n  def __bool__(s): return True\n  def __eq__(s, o): return L()\ndef f(x): return L()",
    "a liar in __hash__": "class L(str):\n  def __hash__(s): return hash('no candidate can know this')\n  def __eq__(s, o): return True\ndef f(x): return L()",
    "a liar in __class__": "class L:\n  __class__ = str\n  def __eq__(s, o): return True\ndef f(x): return L()",
    "a liar in its metaclass": "class M(type):\n  def __instancecheck__(c, o): return True\n  def __eq__(c, o): return True\n  __hash__ = None\nclass L(metaclass=M): pass\ndef f(x): return L",
    "a liar in __reduce__": "class L:\n  def __reduce__(s): return (eval, ('exit()',))\n  def __eq__(s, o): return True\ndef f(x): return L()",
    "a liar in __repr__ and __str__": "class L:\n  def __repr__(s): return repr('no candidate' + '')\n  __str__ = __repr__\ndef f(x): return L()",
    "mock.ANY": "class ANY:\n  def __eq__(s, o): return True\n  def __ne__(s, o): return False\n  def __repr__(s): return '<ANY>'\ndef f(x): return ANY()",
    "NotImplemented": "def f(x): return NotImplemented",
    "Ellipsis": "def f(x): return ...",
}
LOOKERS = {
    "looking through frames": """
import sys
def f(x):
    frame = sys._getframe()
    while frame:
        for value in [*frame.f_locals.values(), *frame.f_globals.values()]:
            if isinstance(value, str) and value.startswith('no' + ' candidate'): return value
        frame = frame.f_back
""",
    "looking through the collector": """
import gc
def members(thing):
    if isinstance(thing, dict): return list(thing) + list(thing.values())
    return thing if isinstance(thing, (list, tuple, set)) else [thing]
def f(x):
    for thing in gc.get_objects():
        for value in members(thing):
            if isinstance(value, (str, bytes, bytearray)) and ('no can' + 'didate' if isinstance(value, str) else b'no can' + b'didate') in value:
                return value if isinstance(value, str) else value.decode('latin-1')
""",
    "looking through referrers": """
import gc
def f(x):
    seen, level = set(), [x, f]
    for _ in range(4):
        level = [r for r in gc.get_referrers(*level)[:500] if id(r) not in seen]
        seen.update(map(id, level))
        for thing in level:
            for value in list(thing.values()) if isinstance(thing, dict) else ():
                if isinstance(value, str) and value.startswith('no' + ' candidate'): return value
""",
    "looking through a traceback": """
import sys
def f(x):
    try: raise KeyError
    except KeyError as error: frame = error.__traceback__.tb_frame
    return [str(value) for back in iter(lambda: frame.f_back, None) for value in back.f_locals.values()][:1] if 0 else str(sys.exc_info())
""",
    "looking through closures": "import gc, types\ndef f(x):\n  for g in gc.get_objects():\n    if isinstance(g, types.FunctionType):\n      for cell in g.__closure__ or ():\n        try: value = cell.cell_contents\n        except ValueError: continue\n        if isinstance(value, str) and 'no' + ' candidate' in value: return value",
    "looking at the arguments and the environment": "import os, sys\ndef f(x): return ' '.join([*sys.argv, *getattr(sys, 'orig_argv', []), *os.environ.values()])[:200]",
    "looking at all modules": "import sys\ndef f(x):\n  for m in list(sys.modules.values()):\n    for value in list(vars(m).values()):\n      if isinstance(value, str) and value.startswith('no' + ' candidate'): return value",
    "looking with a trace": """
import sys
found = []
def trace(frame, event, arg):
    for value in [arg, *frame.f_locals.values()]:
        if isinstance(value, str) and value.startswith('no' + ' candidate'): found.append(value)
    return trace
def f(x):
    sys.setprofile(trace)
    frame = sys._getframe()
    while frame:
        frame.f_trace = trace
        frame = frame.f_back
    sys.settrace(trace)
    return found
""",
}
PATCHERS = {
    "patching builtins": "import builtins\nfor name in ('len', 'isinstance', 'type', 'sorted', 'repr', 'str', 'map', 'all', 'any', 'zip'):\n  setattr(builtins, name, lambda *a, **k: True)\ndef f(x): return 1",
    "patching json": "import json\njson.dumps = json.JSONEncoder.encode = lambda *a, **k: '[\"value\",true]'\ndef f(x): return 1",
    "patching the codec": "import gc, types\nfor module in gc.get_objects():\n  if isinstance(module, types.ModuleType) and hasattr(module, 'dumps'): module.dumps = lambda *a, **k: 'true'\ndef f(x): return 1",
    "patching every function of the harness": "import gc, types\nfor g in gc.get_objects():\n  if isinstance(g, types.FunctionType) and '<sandbox' in g.__code__.co_filename and g.__name__ not in ('main', 'send', 'send_message', 'receive', '_read_exactly'):\n    try: g.__code__ = (lambda *a, **k: ['value', True]).__code__\n    except ValueError: pass\ndef f(x): return 1",
    "patching os.write": "import os\nwrite = os.write\nos.write = lambda fd, data: write(fd, bytes(data).replace(b'1', b'2'))\ndef f(x): return 1",
    "patching struct": "import struct\nstruct.Struct = struct.pack = None\ndef f(x): return 1",
    "patching operator": "import operator\noperator.eq = operator.ne = lambda a, b: True\ndef f(x): return 1",
    "patching unittest": "import sys, types\nsys.modules['unittest'] = types.SimpleNamespace(TestCase=object, main=lambda: None)\ndef f(x): return 1",
    "patching pytest": "import sys, types\nsys.modules['pytest'] = types.SimpleNamespace(fail=lambda *a: None, raises=None)\ndef f(x): return 1",
    "a thread that races the answer": "import os, threading\ndef g():\n  while True: os.write(4, b'x')\nthreading.Thread(target=g, daemon=True).start()\ndef f(x): return 1",
    "a thread that patches while the answer is read": "import threading, builtins\na = [1]\ndef g():\n  while True: a[0] = object(); a[0] = 1\nthreading.Thread(target=g, daemon=True).start()\ndef f(x): return a",
    "an entry point that is another each time": "import sys\nclass F:\n  def __call__(s, x): return sys.modules\nf = F()",
    "a property for an entry point": "class Solution:\n  f = property(lambda s: s)\n  __call__ = lambda s, x: True\nf = Solution()",
    "raising unittest.SkipTest": "class SkipTest(Exception): pass\ndef f(x): raise SkipTest('skipped')",
    "raising pytest's Skipped": "class Skipped(BaseException): pass\nSkipped.__module__ = '_pytest.outcomes'\ndef f(x): raise Skipped('x')",
    "raising AssertionError": "def f(x): raise AssertionError",
    "importing pytest to skip": "import pytest\ndef f(x): pytest.skip('x')",
    "importing the judge": "import coderefine\ndef f(x): return 1",
    "importing the sandbox": "import sandbox.runner\ndef f(x): return 1",
}  # fmt: skip


@each({**LIARS, **LOOKERS, **PATCHERS})
def test_does_not_pass(contain, case):
    contain("WA RE", case, guess(limits=PATIENT))


@each({**LIARS, **LOOKERS})
def test_does_not_pass_a_test_that_is_code(contain, case):
    """Nor where the comparison is Python's own, made by a test in another sandbox."""
    contain("WA RE MLE", case, coded(f"assert candidate(5) == {CANARY!r}"))


def coded(*codes):
    tests = tuple(TestCase(f"code {i}", code=code) for i, code in enumerate(codes))
    return Problem("coded", "Coded", "Do it.", FUNCTION, "f", tests, limits=QUICK)


@pytest.mark.parametrize(
    "name", ["StopIteration", "StopAsyncIteration", "GeneratorExit", "SystemExit", "KeyboardInterrupt"]
)
def test_no_exception_ends_a_test_of_code_early(contain, name):
    """A loop over map() would take a StopIteration for its end, and its assertions would never run."""
    source = f"def f(x): raise {name}"
    code = f"for got, want in zip(map(candidate, [5, 6]), [{CANARY!r}] * 2): assert got == want"
    contain("RE WA", source, coded(code))


def test_a_class_whose_attributes_lie_does_not_pass(contain):
    source = "class Box:\n  def __init__(s, *a): pass\n  def __getattribute__(s, name): return lambda *a: s\n  def __eq__(s, o): return True"
    contain("WA", source, class_problem(["Box", "get"], [[2], []], [None, CANARY]))


def test_an_argument_changed_by_a_liar_does_not_pass(contain):
    source = "class L(list):\n  def __eq__(s, o): return True\ndef f(x): x[:] = [L()]"
    contain("WA", source, function_problem([(([3, 1],), [CANARY])], answer="p0"))


def test_the_length_that_cuts_an_argument_is_data(contain):
    source = "class I(int):\n  def __index__(s): raise SystemExit(0)\ndef f(x): return I(1)"
    contain("WA RE", source, function_problem([(([3, 1],), [CANARY])], answer="p0[:return]"))


def test_the_arguments_of_no_other_run_are_in_memory(contain):
    """Freed memory keeps what it held; no process may inherit a request, or a checker's expected values, of an earlier run."""
    run = contain.judge.run
    for place in ("a checker", "a run", "an answer"):
        secrets = [f"{SECRET} of {place}"] * 2000
        run(
            function_problem([((5,), secrets)], checker="def check(a, e, g): return g == e", limits=PATIENT),
            "def f(x): return 1",
        )
        run(function_problem([((secrets,), 0)], limits=PATIENT), "def f(x): return 1")
        run(guess(limits=PATIENT), f"def f(x): return {secrets!r}")
        assert run(guess(limits=PATIENT), SCAN).cases[0].got == [True, 0]
    contain("WA", SCAN, guess(limits=PATIENT))


SECRET = "a value that was here before"
# Reads all of the heap, and what is around the objects that are alive; returns whether it finds what it must find.
SCAN = (
    TRYING % "scan()"
    + """
def scan():
    own = b''.join([b'a value that', b' is here now'])
    needle = b' '.join([b'a', b'value', b'that', b'was', b'here', b'before', b'of'])
    kept = [own]
    seen, finds = 0, [0, 0]
    libc.sbrk.restype = ctypes.c_void_p
    vector = ctypes.create_string_buffer(1)
    def mapped(page): return libc.mincore(ctypes.c_void_p(page), ctypes.c_size_t(4096), vector) == 0
    import gc
    top = libc.sbrk(0) & ~4095
    pages = {top - 4096 * i for i in range(1, 8192)}
    for thing in [own, *gc.get_objects()]:
        start = id(thing) & ~0xfffff
        if start not in pages: pages.update(range(start, start + (1 << 20), 4096))
    for page in pages:
        if mapped(page):
            content = ctypes.string_at(page, 4096 + 64 * mapped(page + 4096))
            finds[0] += own in content
            finds[1] += content.count(needle) - content.count(needle + bytes(1))
    return finds
def f(x):
    found = scan()
    return [found[0] > 0, found[1]]
"""
)
