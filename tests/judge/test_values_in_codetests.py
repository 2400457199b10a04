"""Values of the standard library, and objects of the program, in tests that are code: as in one process, in both backends."""

import pytest

from coderefine.judge.verdict import Verdict
from tests.judge.test_codetests import problem

SAME = """
def same(a, b):
    '''Whether two values are alike to the last bit, whatever their own == says.'''
    if type(a) is not type(b): return False
    if isinstance(a, (list, tuple)): return len(a) == len(b) and all(map(same, a, b))
    return repr(a) == repr(b)
"""
VALUES = {
    "Fraction": ("from fractions import Fraction", "[Fraction(1, 3), Fraction(-7), Fraction(10 ** 4000, 3)]"),
    "Decimal": (
        "from decimal import Decimal",
        "[Decimal('0.10'), Decimal('-0'), Decimal('1E+30'), Decimal('NaN123'), Decimal('-sNaN'), Decimal('-Infinity')]",
    ),
    "date": ("import datetime", "[datetime.date(2024, 2, 29), datetime.date.min]"),
    "time": ("import datetime", "[datetime.time(1, 2, 3, 4, fold=1), datetime.time(5, tzinfo=datetime.timezone.utc)]"),
    "datetime": (
        "import datetime",
        "[datetime.datetime(2024, 1, 2, 3, 4, 5, 6, datetime.timezone(datetime.timedelta(hours=-5), 'EST'), fold=1)]",
    ),
    "timedelta": ("import datetime", "[datetime.timedelta(-1, 2, 3), datetime.timedelta.max]"),
    "complex": ("", "[1 + 2j, complex(-0.0, float('inf')), complex(float('nan'), -0.0)]"),
    "range": ("", "[range(5), range(10, -10, -3), range(0)]"),
    "slice": ("", "[slice(1, None, 2), slice('a', [1])]"),
    "bytes and bytearray": ("", "[b'\\x00\\xff', bytearray(b'abc'), memoryview(b'xy').tobytes()]"),
    "singletons": ("", "[..., NotImplemented, None]"),
    "types": ("import collections, fractions", "[int, str, list, type(None), dict, ValueError, collections.deque, fractions.Fraction]"),
    "deque": ("from collections import deque", "[deque([1, deque()]), deque([1, 2], maxlen=2)]"),
    "Counter": ("from collections import Counter", "[Counter('banana')]"),
    "OrderedDict": ("from collections import OrderedDict", "[OrderedDict([(2, 1), (1, 2)])]"),
    "defaultdict": ("from collections import defaultdict", "[defaultdict(list, {1: [2]}), defaultdict(None, {})]"),
    "ChainMap and friends": (
        "from collections import ChainMap, UserDict, UserList",
        "[ChainMap({1: 2}, {3: 4}), UserDict({1: 2}), UserList([1])]",
    ),
    "sets": ("", "[{(1, 2)}, frozenset([3]), set()]"),
    "views": ("", "[{1: 2}.keys(), {1: [2]}.values(), {1: [2]}.items()]"),
    "array": ("from array import array", "[array('d', [1.5, -0.0]), array('b')]"),
    "UUID": ("import uuid", "[uuid.UUID(int=5)]"),
    "paths": ("import pathlib", "[pathlib.PurePosixPath('a/b'), pathlib.PureWindowsPath('c:/x'), pathlib.Path('y')]"),
    "Pattern": ("import re", "[re.compile('a+', re.I), re.compile(b'x')]"),
    "addresses": ("import ipaddress", "[ipaddress.ip_address('127.0.0.1'), ipaddress.ip_network('10.0.0.0/8')]"),
    "SimpleNamespace": ("from types import SimpleNamespace", "[SimpleNamespace(a=[1], b='x')]"),
    "exceptions": ("", "[ValueError('no', 3), KeyError('k'), OSError(2, 'gone')]"),
    "struct_time": ("import time", "[time.gmtime(0)]"),
    "subclasses of bool and int": ("", "[True, 1, 2 ** 9000, -0.0]"),
}  # fmt: skip


@pytest.mark.parametrize("what", VALUES)
def test_a_value_comes_out_of_the_candidate_exactly(judge, what):
    imports, expression = VALUES[what]
    code = f"{imports}\n{SAME}\nassert same(candidate(), {expression}), candidate()"
    report = judge.run(problem(code), f"{imports}\ndef f(): return {expression}\n")
    assert report.accepted, report.cases[0].reason


@pytest.mark.parametrize("what", VALUES)
def test_a_value_goes_into_the_candidate_exactly(judge, what):
    imports, expression = VALUES[what]
    source = f"{imports}\n{SAME}\ndef f(x): return same(x, {expression})\n"
    report = judge.run(problem(f"{imports}\nassert candidate({expression}) is True"), source)
    assert report.accepted, report.cases[0]


@pytest.mark.parametrize("what", [what for what in VALUES if what not in ("Decimal", "complex", "views")])
def test_a_value_is_equal_to_its_like(judge, what):
    imports, expression = VALUES[what]
    if what in ("exceptions", "Pattern"):
        pytest.skip("not equal in Python either")
    report = judge.run(
        problem(f"{imports}\nassert candidate() == {expression}"), f"{imports}\ndef f(): return {expression}\n"
    )
    assert report.accepted, report.cases[0].reason


CHANGED = {
    "a deque": ("from collections import deque\nx = deque([1, 2], 3)", "x.rotate(1); x.append(7)", "deque([2, 1, 7], 3)"),
    "a bytearray": ("x = bytearray(b'ab')", "x += b'c'", "bytearray(b'abc')"),
    "a defaultdict": ("from collections import defaultdict\nx = defaultdict(int)", "x['k'] += 2", "{'k': 2}"),
    "an OrderedDict": (
        "from collections import OrderedDict\nx = OrderedDict(a=1, b=2)",
        "x.move_to_end('a')",
        "OrderedDict(b=2, a=1)",
    ),
    "a Counter": ("from collections import Counter\nx = Counter('ab')", "x.update('b')", "Counter('abb')"),
    "an array": ("from array import array\nx = array('i', [1])", "x.append(2)", "array('i', [1, 2])"),
    "a stream": ("import io\nx = io.StringIO()", "x.write('hello')", "x and io.StringIO and x"),
    "before an exception": ("x = [1]", "x.append(2); raise KeyError('k')", "[1, 2]"),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGED)
def test_what_is_changed_in_place_is_changed_in_the_test(judge, what):
    before, change, after = CHANGED[what]
    code = f"{before}\nsame = x\ntry: candidate(x)\nexcept KeyError as e: assert e.args == ('k',)\nassert x == {after} and x is same"
    if what == "a stream":
        code += "\nassert x.getvalue() == 'hello'"
    report = judge.run(problem(code), f"def f(x):\n    {change}\n")
    assert report.accepted, report.cases[0]


PAIR = "class Pair:\n    def __init__(self, a, b): self.a, self.b = a, b\n"
DATA = "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\n    y: int = 0\n"
COLOUR = "import enum\nclass Colour(enum.Enum):\n    RED = 1\n    BLUE = 2\n    def other(self): return Colour.BLUE if self is Colour.RED else Colour.RED\n"
POINT = "from collections import namedtuple\nPoint = namedtuple('Point', 'x y')\n"
ERRORS = "class Broke(ValueError):\n    def __init__(self, text, owed): super().__init__(text); self.owed = owed\nclass VeryBroke(Broke): pass\n"
OBJECTS = {
    "a class that the program defines and the test uses": (
        PAIR + "def f(pairs): return sum(p.b - p.a for p in pairs)",
        "assert candidate([Pair(5, 24), Pair(15, 25)]) == 29",
    ),
    "a function that the program defines and the test uses": (
        "def double(x): return 2 * x\ndef f(x): return x",
        "assert double(candidate(2)) == 4 and [double(i) for i in (1, 2)] == [2, 4]",
    ),
    "a constant that the program defines and the test uses": ("MOD = 7\ndef f(x): return x % MOD", "assert candidate(9) == 9 % MOD"),
    "the fields of an instance": (PAIR + "def f(): return Pair([1], Pair(2, 3))", "p = candidate()\nassert (p.a, p.b.a, p.b.b) == ([1], 2, 3)"),
    "a method of an instance": (
        "class Box:\n    n = 0\n    def add(self, k=1): self.n += k; return self\n    @property\n    def twice(self): return 2 * self.n\n"
        "def f(): return Box()",
        "b = candidate()\nassert b.add(3).add().n == 4 and b.twice == 8\nb.n = 5\nassert b.twice == 10",
    ),
    "an instance given back": (PAIR + "def f(p=None):\n    if p is None: return Pair(1, 2)\n    p.a += 1\n    return p", "p = candidate()\nassert candidate(p) is p and p.a == 2"),
    "isinstance and type": (
        PAIR + "class Sub(Pair): pass\ndef f(): return Sub(1, 2)",
        "p = candidate()\nassert isinstance(p, Pair) and type(p) is Sub and type(p).__name__ == 'Sub' and not isinstance(1, Pair)",
    ),
    "a dataclass": (
        DATA + "def f(n): return P(n)",
        "from dataclasses import asdict, is_dataclass, replace\np = candidate(3)\n"
        "assert p == P(3) and p != P(4) and asdict(p) == {'x': 3, 'y': 0} and repr(p) == 'P(x=3, y=0)' and is_dataclass(p) and replace(p, y=2) == P(3, 2)",
    ),
    "a dataclass that is frozen, in a set": (
        DATA.replace("@dataclass", "@dataclass(frozen=True, order=True)") + "def f(): return {P(1), P(2)}",
        "assert candidate() == {P(1), P(2)} and sorted(candidate())[0] == P(1) and P(1) < P(2)",
    ),
    "a named tuple": (
        POINT + "def f(): return Point(1, 2)",
        "p = candidate()\nassert p == (1, 2) and p.x == 1 and p == Point(1, 2) and p._asdict() == {'x': 1, 'y': 2} and isinstance(p, tuple)"
        " and repr(p) == 'Point(x=1, y=2)' and p._replace(x=3) == (3, 2) and p._fields == ('x', 'y')",
    ),
    "an enum": (
        COLOUR + "def f(n): return Colour(n)",
        "c = candidate(1)\nassert c is Colour.RED and c == Colour.RED != Colour.BLUE and (c.name, c.value) == ('RED', 1)"
        " and c.other() is Colour.BLUE and Colour(2) is Colour['BLUE'] and [it.name for it in Colour] == ['RED', 'BLUE']"
        " and len(Colour) == 2 and c in Colour and {c: 1}[Colour.RED] == 1 and isinstance(c, Colour)",
    ),
    "an enum of ints": (
        "import enum\nclass N(enum.IntEnum):\n    ONE = 1\ndef f(): return N.ONE",
        "n = candidate()\nassert n == 1 and n + 1 == 2 and n is N.ONE and n.name == 'ONE' and isinstance(n, int) and [0, 5][n] == 5",
    ),
    "an enum of texts": (
        "import enum\nclass S(str, enum.Enum):\n    A = 'a'\ndef f(): return S.A",
        "s = candidate()\nassert s == 'a' and s.upper() == 'A' and s is S.A and s.value == 'a'",
    ),
    "a list with methods of its own": (
        "class Stack(list):\n    def peek(self): return self[-1]\ndef f(): return Stack([1, 2])",
        "s = candidate()\nassert s == [1, 2] and s.peek() == 2\ns.append(3)\nassert s.peek() == 3 and len(s) == 3",
    ),
    "a dict with a method of its own": (
        "class Graph(dict):\n    def add(self, a, b): self.setdefault(a, []).append(b)\ndef f(): return 0",
        "g = Graph()\ng.add(1, 2)\ng[5] = []\ng.add(5, 6)\nassert g == {1: [2], 5: [6]}",
    ),
    "an exception of the program's": (
        ERRORS + "def f(n): raise (VeryBroke if n else Broke)('no money', 5)",
        "try: candidate(1)\nexcept Broke as error: assert type(error) is VeryBroke and error.owed == 5 and str(error) == 'no money'\nelse: assert False\n"
        "try: candidate(0)\nexcept VeryBroke: assert False\nexcept ValueError as error: assert error.args == ('no money',)\nelse: assert False",
    ),
    "an exception of the library": (
        "import json\ndef f(text): return json.loads(text)",
        "try: candidate('{')\nexcept ValueError as error: assert 'line 1' in str(error)\nelse: assert False",
    ),
    "operators between objects of the program": (
        "class V:\n    def __init__(s, x): s.x = x\n    def __add__(s, o): return V(s.x + o.x)\n    def __eq__(s, o): return s.x == o.x\n"
        "    def __mul__(s, k): return V(s.x * k)\n    __rmul__ = __mul__\n    def __lt__(s, o): return s.x < o.x\n    def __neg__(s): return V(-s.x)\n"
        "    def __repr__(s): return f'V({s.x})'\ndef f(x): return V(x)",
        "assert V(1) + V(2) == V(3) == candidate(3) and V(2) * 2 == V(4) == 2 * V(2) and V(1) < V(2) and str(-V(1)) == 'V(-1)'\n"
        "v = V(1)\nv += V(2)\nassert v.x == 3 and (V(2) * 2 * 3).x == 12",
    ),
    "a container of the program's": (
        "class Bag:\n    def __init__(s): s.items = []\n    def add(s, x): s.items.append(x)\n    def __contains__(s, x): return x in s.items\n"
        "    def __len__(s): return len(s.items)\n    def __iter__(s): return iter(s.items)\n    def __getitem__(s, i): return s.items[i]\n"
        "    def __setitem__(s, i, x): s.items[i] = x\ndef f(): return 0",
        "b = Bag()\nassert not b\nb.add(4)\nassert 4 in b and 5 not in b and len(b) == 1 and list(b) == [4] and b[0] == 4 and b\nb[0] = 6\nassert b.items == [6]",
    ),
    "a container that the program returns": (
        "class Bag:\n    def __init__(s, items): s.items = items\n    def __iter__(s): return iter(s.items)\ndef f(): return Bag([4])",
        "assert 4 in candidate() and 5 not in candidate()",
    ),
    "a function that is returned": (
        "def f(n):\n    def inner(x, *, more=0): return x + n + more\n    return inner",
        "add = candidate(3)\nassert add(4) == 7 and add(4, more=1) == 8 and callable(add) and add.__name__ == 'inner'",
    ),
    "functions that are passed": (
        "def f(g, items): return [g(x) for x in items]",
        "seen = []\nassert candidate(lambda x: x + 1, [1, 2]) == [2, 3]\nassert candidate(seen.append, [5]) == [None] and seen == [5]\n"
        "assert candidate(len, ['ab']) == [2] and candidate(str.upper, ['a']) == ['A'] and candidate(int, ['7']) == [7]",
    ),
    "a function that is passed and raises": (
        "def f(g):\n    try: return g(0)\n    except ZeroDivisionError as error: return type(error).__name__",
        "assert candidate(lambda x: 1 // x) == 'ZeroDivisionError'\n"
        "try: candidate(lambda x: {}[x])\nexcept KeyError as error: assert error.args == (0,)\nelse: assert False",
    ),
    "a decorator": (
        "def f(g):\n    calls = {}\n    def wrapped(*args):\n        if args not in calls: calls[args] = g(*args)\n        return calls[args]\n    return wrapped",
        "n = 0\n@candidate\ndef slow(x):\n    global n\n    n += 1\n    return x * 2\nassert slow(4) == slow(4) == 8 and n == 1",
    ),
    "an iterator that is passed": ("def f(it): return next(it) + sum(it)", "assert candidate(iter([1, 2, 3])) == 6 == candidate(x for x in (1, 2, 3))"),
    "a generator that is sent to": ("def f():\n    x = 0\n    while True: x += yield x", "g = candidate()\nassert next(g) == 0 and g.send(4) == 4 and g.send(5) == 9"),
    "a context manager": (
        "import contextlib\n@contextlib.contextmanager\ndef f(out):\n    out.append('in')\n    yield 7\n    out.append('out')",
        "log = []\nwith candidate(log) as x: assert x == 7\n",
    ),
    "methods of an object of the test's": (
        "def f(animals): return [a.speak() for a in animals]",
        "class Dog:\n    def __init__(self, name): self.name = name\n    def speak(self): return self.name + '!'\n    @property\n    def n(self): return 1\n"
        "assert candidate([Dog('a'), Dog('b')]) == ['a!', 'b!']",
    ),
    "objects of the test's that are sorted": (
        "def f(items): return sorted(items)",
        "class W:\n    def __init__(self, n): self.n = n\n    def __lt__(self, other): return self.n < other.n\n"
        "a, b = W(2), W(1)\nr = candidate([a, b])\nassert r[0] is b and r[1] is a",
    ),
    "an enum, a named tuple and a dataclass of the test's": (
        "def f(c, p, d):\n    d.n += 1\n    return [c, c.name, p, p.x, d]",
        "import enum, collections, dataclasses\nclass C(enum.Enum):\n    A = 'a'\nP = collections.namedtuple('P', 'x')\n@dataclasses.dataclass\nclass D:\n    n: int\n"
        "d = D(1)\nr = candidate(C.A, P(5), d)\nassert r[0] is C.A and r[1] == 'A' and r[2] == P(5) and r[3] == 5 and r[4] is d and d == D(2)",
    ),
    "a class of the test's, called": ("def f(cls): return cls(3)", "class A:\n    def __init__(self, n): self.n = n\nassert candidate(A).n == 3"),
    "a stand-in that is copied": (
        "import copy\ndef f(node): return copy.deepcopy(node)",
        "class N:\n    def __init__(self, v, kids): self.v, self.kids = v, kids\nn = N(1, [N(2, [])])\nm = candidate(n)\n"
        "assert isinstance(m, N) and m is not n and m.kids[0].v == 2 and m.kids[0] is not n.kids[0]",
    ),
    "a class of the program with class attributes and methods": (
        "class A:\n    made = 0\n    @classmethod\n    def new(cls): cls.made += 1; return cls()\n    @staticmethod\n    def two(): return 2\ndef f(): return A",
        "a = A.new()\nassert A.made == 1 and isinstance(a, A) and A.two() == a.two() == 2 and candidate() is A",
    ),
    "a copy of an object of the program": (PAIR + "def f(): return Pair([1], 2)", "import copy\np = candidate()\nq = copy.deepcopy(p)\nassert q is not p and q.a == [1] and isinstance(q, Pair)"),
    "a sentinel": ("NOTHING = object()\ndef f(x): return NOTHING", "assert candidate(1) is candidate(2) is NOTHING"),
    "linked nodes of the program's own class": (
        "class Cell:\n    def __init__(self, v, rest): self.v, self.rest = v, rest\ndef f(n):\n    c = None\n    for i in range(n): c = Cell(i, c)\n    return c",
        "c, n = candidate(5000), 0\nwhile c: n, c = n + 1, c.rest\nassert n == 5000",
    ),
    "a pasted ListNode": (
        "class ListNode:\n    def __init__(self, val=0, next=None): self.val, self.next = val, next\ndef f(n): return ListNode(n, ListNode(n + 1))",
        "r = candidate(1)\nassert isinstance(r, ListNode) and r.next.val == 2",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", OBJECTS)
def test_an_object_is_used_as_in_one_process(judge, what):
    source, code = OBJECTS[what]
    plain = {"__name__": "plain"}
    exec("from collections import *\nclass ListNode: pass\n" + source, plain)
    exec(code, plain | {"candidate": plain["f"]})
    report = judge.run(problem(code), source)
    assert report.accepted, report.cases[0]


PRELUDE = """
from dataclasses import dataclass
from collections import namedtuple
import enum
class Point:
    def __init__(self, x): self.x = x
    def __eq__(self, other): return isinstance(other, Point) and self.x == other.x
@dataclass
class Pair:
    a: int
    b: int
@dataclass(frozen=True)
class Frozen:
    a: int
class Slots:
    __slots__ = ('a', 'rest')
    def __init__(self, a, rest=None): self.a, self.rest = a, rest
Named = namedtuple('Named', 'a b')
class Colour(enum.Enum):
    RED = 1
class Tree:
    def __init__(self, items): self.root = items[0]
"""


@pytest.mark.parametrize(
    "made",
    [
        "Point(2)",
        "Pair(1, 2)",
        "Frozen(3)",
        "[Frozen(3), Pair(1, Point(2))]",
        "Named(1, 2)",
        "{Frozen(1)}",
        "Colour.RED",
    ],
)
def test_an_instance_of_a_class_of_the_prelude_comes_back_as_one(judge, made):
    report = judge.run(problem(f"assert candidate() == {made}", prelude=PRELUDE), f"def f(): return {made}")
    assert report.accepted, report.cases[0]


def test_an_instance_of_a_class_of_the_prelude_is_one_in_every_other_way(judge):
    code = """
c = candidate()
assert isinstance(c[0], Slots) and c[0].rest is c[1] and c[1].rest is c[0] and isinstance(c[2], Tree) and c[2].root == 5
assert isinstance(c[3], Point) and c[3].__class__ is Point and c[4] is Colour.RED and c[5].b == 2
"""
    source = "def f():\n    s = Slots(1); s.rest = Slots(2, s)\n    return [s, s.rest, Tree([5]), Point(2), Colour.RED, Named(1, 2)]"
    report = judge.run(problem(code, prelude=PRELUDE), source)
    assert report.accepted, report.cases[0]


@pytest.mark.parametrize(
    "code",
    ["import threading\ncandidate(threading.local())", "class A(P): pass", "candidate(object())", "assert P(1) == 1"],
)
def test_what_cannot_be_carried_is_said(judge, code):
    case = judge.run(
        problem(code),
        "class P:\n    def __init__(s, x): s.x = x\n    def __eq__(s, o): return s.x == o\ndef f(x): return 1",
    ).cases[0]
    assert case.verdict is Verdict.JE
    assert case.reason.startswith("cannot be judged: ")


def test_what_cannot_be_carried_is_said_though_the_test_catches_everything(judge):
    code = "import threading\ntry: candidate(threading.local())\nexcept BaseException: pass"
    assert judge.run(problem(code), "def f(x): return 1").cases[0].verdict is Verdict.JE


FLAGS = "import enum\nclass {0}(enum.{1}):\n    A = 1\n    B = 2\n    C = 4\n"


@pytest.mark.parametrize("base", ["Flag", "IntFlag"])
def test_several_flags_together_cross_over_both_ways(judge, base):
    theirs = FLAGS.format("Theirs", base) + "def f(x): return [x, x | type(x).C, type(x)(0)]"
    code = FLAGS.format("Ours", base) + "both = Ours.A | Ours.B\nassert candidate(both) == [both, Ours(7), Ours(0)]"
    assert judge.run(problem(code), theirs).accepted
    assert not judge.run(problem(code.replace("Ours(7)", "Ours(6)")), theirs).accepted
    code = "assert candidate(Theirs.A | Theirs.B) == [Theirs(3), Theirs(7), Theirs(0)]"
    assert judge.run(problem(code), theirs).accepted
