"""Tests that are code, and programs in another process: exceptions, functions, mocks and tools of the library."""

import pytest

from tests.judge.one_process import assert_passes_as_in_one_process

# A program that defines `f`, and a test of it that passes in one process.
PAIRS = [
    (
        "def f(x):\n    try: int(x)\n    except ValueError as e: raise KeyError(x) from e\n",
        "try: candidate('a')\nexcept KeyError as e: assert isinstance(e.__cause__, ValueError)\nelse: assert 0",
    ),
    (
        "class Bad(Exception): pass\ndef f(x):\n    try: int(x)\n    except ValueError as e: raise Bad(x) from e\n",
        "try: candidate('a')\nexcept Bad as e: assert isinstance(e.__cause__, ValueError) and 'invalid' in str(e.__cause__)\nelse: assert 0",
    ),
    (
        "class Bad(Exception): pass\ndef f(x):\n    try: int(x)\n    except ValueError: raise Bad(x) from None\n",
        "try: candidate('a')\nexcept Bad as e: assert e.__cause__ is None and e.__suppress_context__\nelse: assert 0",
    ),
    (
        "class Bad(Exception): pass\ndef f(x):\n    try: int(x)\n    except ValueError: raise Bad(x)\n",
        "try: candidate('a')\nexcept Bad as e: assert isinstance(e.__context__, ValueError)\nelse: assert 0",
    ),
    (
        "def f(xs):\n    raise ExceptionGroup('many', [ValueError(x) for x in xs])\n",
        "try: candidate([1, 2])\nexcept* ValueError as g: assert [e.args for e in g.exceptions] == [(1,), (2,)]\nelse: assert 0",
    ),
    (
        "class E1(Exception): pass\ndef f(xs):\n    raise ExceptionGroup('many', [E1(x) for x in xs])\n",
        "try: candidate([1, 2])\nexcept* E1 as g: assert [e.args for e in g.exceptions] == [(1,), (2,)]\nelse: assert 0",
    ),
    (
        "def f(n):\n    got = yield 1\n    return got + n\n",
        "g = candidate(3); assert next(g) == 1\ntry: g.send(4)\nexcept StopIteration as e: assert e.value == 7\nelse: assert 0",
    ),
    (
        "def f(n):\n    got = yield 1\n    return n\n",
        "def outer():\n    r = yield from candidate(3)\n    yield r * 2\nassert list(outer()) == [1, 6]",
    ),
    (
        "def f(n):\n    try:\n        yield 1\n    except KeyError: yield 'caught'\n    finally: pass\n",
        "g = candidate(3); next(g); assert g.throw(KeyError()) == 'caught'; g.close()",
    ),
    (
        "async def f(x): return x\n",
        "import inspect, asyncio\nassert inspect.iscoroutinefunction(candidate) and asyncio.iscoroutinefunction(candidate)",
    ),
    (
        "def f(x): yield x\n",
        "import inspect\nassert inspect.isgeneratorfunction(candidate) and not inspect.iscoroutinefunction(candidate)",
    ),
    (
        "def f(x, *, key=None, n: int = 3) -> int: return x\n",
        "import inspect\ns = inspect.signature(candidate); assert list(s.parameters) == ['x', 'key', 'n'] and s.parameters['n'].default == 3 and s.parameters['key'].kind is inspect.Parameter.KEYWORD_ONLY",
    ),
    (
        "def f(x: int, y: str = 'a') -> int:\n    return x\n",
        "import typing\nassert typing.get_type_hints(candidate) == {'x': int, 'y': str, 'return': int} and candidate.__annotations__['y'] is str",
    ),
    (
        "def f(x: int, y=2):\n    return x\n",
        "import inspect\nassert inspect.isfunction(candidate) and callable(candidate) and candidate.__name__ == 'f' and candidate.__defaults__ == (2,)",
    ),
    ("def f(x):\n    return x\n", "assert candidate.__code__.co_argcount == 1"),
    (
        "import logging\nlog = logging.getLogger('app')\ndef f(x):\n    try: int(x)\n    except ValueError: log.exception('bad %s', x)\n",
        "import unittest\nclass T(unittest.TestCase):\n    def test(self):\n        with self.assertLogs('app', 'ERROR') as c: candidate('a')\n        self.assertEqual(c.records[0].getMessage(), 'bad a'); self.assertIsNotNone(c.records[0].exc_info); self.assertEqual(c.records[0].args, ('a',))\nr = unittest.TestResult(); T('test').run(r); assert r.wasSuccessful(), (r.errors, r.failures)",
    ),
    (
        "def f(log, x): log.info('got %d', x)\n",
        "import logging\nseen = []\nclass H(logging.Handler):\n    def emit(self, record): seen.append(record.getMessage())\nlog = logging.getLogger('mine'); log.setLevel('INFO'); log.addHandler(H()); candidate(log, 3); assert seen == ['got 3']",
    ),
    (
        "class Meta(type):\n    def __instancecheck__(cls, o): return hasattr(o, 'quack')\nclass Duck(metaclass=Meta): pass\ndef f(): return Duck\n",
        "class D: quack = 1\nassert not isinstance(3, Duck)",
    ),
    (
        "from typing import Protocol, runtime_checkable\n@runtime_checkable\nclass Sized2(Protocol):\n    def size(self) -> int: ...\nclass Box:\n    def size(self): return 3\ndef f(): return Box()\n",
        "assert isinstance(candidate(), Sized2)",
    ),
    (
        "from abc import ABC, abstractmethod\nclass Shape(ABC):\n    @abstractmethod\n    def area(self): ...\nclass Sq(Shape):\n    def area(self): return 4\ndef f(): return Sq()\n",
        "assert isinstance(candidate(), Shape) and issubclass(Sq, Shape)\ntry: Shape()\nexcept TypeError: pass\nelse: assert 0",
    ),
    (
        "from abc import ABC\nclass S(ABC): pass\nclass Q: pass\nS.register(Q)\ndef f(): return Q()\n",
        "assert isinstance(candidate(), S)",
    ),
    (
        "class Repo:\n    def get(self, k): raise OSError\ndef f(repo, k): return repo.get(k)\n",
        "from unittest.mock import create_autospec\nr = create_autospec(Repo); r.get.return_value = 4; assert candidate(r, 'a') == 4; r.get.assert_called_once_with('a')",
    ),
    (
        "class Repo:\n    def get(self, k): raise OSError\ndef f(repo, k): return repo.get(k)\n",
        "from unittest.mock import Mock\nr = Mock(spec=Repo); r.get.return_value = 4; assert candidate(r, 'a') == 4 and isinstance(r, Repo)\ntry: r.nothing\nexcept AttributeError: pass\nelse: assert 0",
    ),
    (
        "class Repo:\n    def get(self, k): raise OSError\nclass Svc:\n    def __init__(self): self.repo = Repo()\n    def go(self): return self.repo.get(1)\ndef f(): return Svc().go()\n",
        "from unittest.mock import patch\nwith patch.object(Repo, 'get', autospec=True) as g:\n    g.return_value = 7\n    assert candidate() == 7 and g.call_count == 1",
    ),
    (
        "def f(d): return isinstance(d, dict)\n",
        "from unittest.mock import MagicMock\nassert candidate(MagicMock(spec=dict))",
    ),
    (
        "import asyncio\nasync def f(q):\n    await q.put(1)\n    return await q.get()\n",
        "import asyncio\nasync def go():\n    q = asyncio.Queue()\n    return await candidate(q)\nassert asyncio.run(go()) == 1",
    ),
    (
        "import asyncio\nasync def f(ev):\n    await ev.wait()\n    return 1\n",
        "import asyncio\nasync def go():\n    ev = asyncio.Event()\n    t = asyncio.create_task(candidate(ev))\n    await asyncio.sleep(0)\n    ev.set()\n    return await t\nassert asyncio.run(go()) == 1",
    ),
    (
        "import asyncio\nasync def f(sem, x):\n    async with sem:\n        return x\n",
        "import asyncio\nasync def go():\n    sem = asyncio.Semaphore(2)\n    return await asyncio.gather(*(candidate(sem, i) for i in range(3)))\nassert asyncio.run(go()) == [0, 1, 2]",
    ),
    (
        "class V:\n    def __init__(self, *xs): self.xs = xs\n    def __matmul__(self, o): return sum(a*b for a, b in zip(self.xs, o.xs))\n    def __add__(self, o): return V(*(a+b for a, b in zip(self.xs, o.xs)))\n    def __eq__(self, o): return isinstance(o, V) and self.xs == o.xs\ndef f(*xs): return V(*xs)\n",
        "assert V(3) @ V(4) == 12\nassert V(1, 2) + V(3, 4) == V(4, 6)",
    ),
    (
        "class V:\n    def __init__(self, x): self.x = x\n    def __mul__(self, k): return V(self.x * k)\n    __rmul__ = __mul__\n    def __eq__(self, o): return self.x == o.x\ndef f(x): return V(x)\n",
        "assert V(3) * 2 == V(6) and 2 * V(3) == V(6)",
    ),
    (
        "class M:\n    def __init__(self, c): self.c = c\n    def __add__(self, o):\n        if not isinstance(o, M): return NotImplemented\n        return M(self.c + o.c)\n    def __radd__(self, o): return self if o == 0 else NotImplemented\n    def __lt__(self, o): return self.c < o.c\n    def __eq__(self, o): return self.c == o.c\n    def __hash__(self): return hash(self.c)\n    def __repr__(self): return f'M({self.c})'\ndef f(c): return M(c)\n",
        "assert sum([M(1), M(2)]) == M(3)\nassert max(M(1), M(5)) == M(5) and sorted([M(2), M(1)]) == [M(1), M(2)] and len({M(1), M(1)}) == 1 and repr(M(3)) == 'M(3)'\ntry: M(1) + 'a'\nexcept TypeError: pass\nelse: assert 0",
    ),
    (
        "class T:\n    def __init__(self, c): self.c = c\n    def __getitem__(self, i): return self.c[i]\n    def __len__(self): return len(self.c)\n    def __contains__(self, x): return x in self.c\n    def __iter__(self): return iter(self.c)\n    def __bool__(self): return bool(self.c)\ndef f(c): return T(c)\n",
        "t = T([1,2,3]); assert t[0] == 1 and t[1:] == [2,3] and 2 in t and len(t) == 3 and list(t) == [1,2,3] and bool(t) and list(reversed(t)) == [3,2,1]",
    ),
    (
        "def f(g): return g(candidate_of(2))\ndef candidate_of(x): return x * 2\n",
        "assert candidate(lambda v: v + candidate_of(3)) == 10",
    ),
    ("def f(n, again): return 1 if n == 0 else n * again(n - 1, again)\n", "assert candidate(4, candidate) == 24"),
    (
        "def f(n, again): return 1 if n == 0 else n * again(n - 1)\n",
        "def again(n): return candidate(n, again)\nassert candidate(4, again) == 24",
    ),
    (
        "import functools\n@functools.lru_cache(None)\ndef f(n): return n\n",
        "candidate(1); candidate(1); assert candidate.cache_info().hits == 1; candidate.cache_clear()",
    ),
    (
        "def f(s):\n    import warnings\n    warnings.warn('old', DeprecationWarning, stacklevel=2)\n    return s\n",
        "import warnings\nwith warnings.catch_warnings(record=True) as w:\n    warnings.simplefilter('always')\n    candidate(1)\nassert len(w) == 1 and issubclass(w[0].category, DeprecationWarning) and 'old' in str(w[0].message)",
    ),
    (
        "from dataclasses import dataclass, field\n@dataclass(order=True)\nclass P:\n    x: int\n    y: list = field(default_factory=list)\ndef f(x): return P(x)\n",
        "from dataclasses import asdict, replace, fields\np = candidate(1); assert p == P(1) and asdict(p) == {'x': 1, 'y': []} and replace(p, x=2) == P(2) and P(1) < P(2) and [q.name for q in fields(p)] == ['x', 'y']",
    ),
    (
        "from typing import NamedTuple\nclass P(NamedTuple):\n    x: int\n    y: int = 0\ndef f(x): return P(x)\n",
        "p = candidate(1); assert p == (1, 0) and p._asdict() == {'x': 1, 'y': 0} and p._replace(y=3) == (1, 3); a, b = p",
    ),
    (
        "from enum import Enum\nclass C(Enum):\n    A = 1\n    B = 2\ndef f(x): return C(x)\n",
        "assert candidate(1) is C.A and C['B'] == candidate(2) and list(C) == [C.A, C.B] and candidate(1).name == 'A' and candidate(2).value == 2\nmatch candidate(1):\n    case C.A: pass\n    case _: assert 0",
    ),
    (
        "class f:\n    def __init__(self): self.d = {}\n    def __setitem__(self, k, v): self.d[k] = v\n    def __getitem__(self, k): return self.d[k]\n    def __delitem__(self, k): del self.d[k]\n",
        "d = f(); d['a'] = [1]; d['a'].append(2); assert d['a'] == [1, 2]; d['a'] += [3]; assert d['a'] == [1,2,3]; del d['a']",
    ),
    (
        "import random\ndef f(xs): random.shuffle(xs); return xs\n",
        "import random\nrandom.seed(1); a = list(range(9)); random.shuffle(a); random.seed(1); assert candidate(list(range(9))) == a",
    ),
    (
        "import time\ndef f(): return time.time()\n",
        "import time\nfrom unittest.mock import patch\nwith patch('time.time', return_value=5): assert candidate() == 5",
    ),
    (
        "def f(path):\n    with open(path) as s: return s.read()\n",
        "from unittest.mock import mock_open, patch\nwith patch('builtins.open', mock_open(read_data='hi')) as m: assert candidate('x') == 'hi'; m.assert_called_once_with('x')",
    ),
    (
        "import threading\nclass f:\n    def __init__(self): self.e = threading.Event()\n    def go(self): self.e.set()\n",
        "x = f(); assert not x.e.is_set(); x.go(); assert x.e.is_set() and x.e.wait(1)",
    ),
    (
        "class f(dict):\n    def __missing__(self, k): return k * 2\n",
        "d = f(); assert d[3] == 6 and isinstance(d, dict); d['a'] = 1; assert d == {'a': 1} and dict(d) == {'a': 1}",
    ),
    (
        "class f(list):\n    def total(self): return sum(self)\n",
        "d = f([1, 2]); d.append(3); assert d.total() == 6 and d == [1, 2, 3] and d[0] == 1",
    ),
    (
        "class Event:\n    def __init__(self): self.h = []\n    def __iadd__(self, fn): self.h.append(fn); return self\n    def __call__(self, *a):\n        for fn in self.h: fn(*a)\ndef f(): return Event()\n",
        "e = candidate(); got = []; e += got.append; e(1); e(2); assert got == [1, 2]",
    ),
    (
        "import logging, queue, threading\ndef f(l, q, e, k):\n    assert isinstance(l, logging.Logger) and isinstance(q, queue.Queue) and isinstance(e, threading.Event)\n    with k: q.put((l.name, q.maxsize)); e.set()\n    l.warning('w %s', 1)\n",
        "import logging, queue, threading\nseen=[]\nclass H(logging.Handler):\n    def emit(self, r): seen.append(r.getMessage())\nl=logging.getLogger('a.b'); l.addHandler(H()); q=queue.Queue(3); e=threading.Event(); k=threading.Lock()\ncandidate(l, q, e, k); assert q.get() == ('a.b', 3) and e.is_set() and seen == ['w 1'] and not k.locked()",
    ),
    (
        "import asyncio\nasync def f(q, lock, out):\n    assert isinstance(q, asyncio.Queue)\n    async with lock:\n        while not q.empty(): out.append(await q.get()); q.task_done()\n",
        "import asyncio\nasync def go():\n    q=asyncio.Queue(); out=[]; lock=asyncio.Lock()\n    for i in range(3): q.put_nowait(i)\n    await asyncio.gather(candidate(q, lock, out), candidate(q, lock, out)); await q.join(); return out\nassert asyncio.run(go()) == [0,1,2]",
    ),
]


@pytest.mark.parametrize(("program", "test"), PAIRS, ids=range(len(PAIRS)))
def test_a_test_passes_that_passes_in_one_process(judge, program, test):
    assert_passes_as_in_one_process(judge, program, test)
