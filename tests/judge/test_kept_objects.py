"""What a test passes and a program keeps, or the other way round, is one object to both from then on."""

import pytest

from coderefine.problem.problem import Limits
from tests.judge.one_process import assert_passes_as_in_one_process
from tests.judge.test_codetests import problem

REPOSITORY = """
class Users:
    def __init__(self): self.rows, self.saved = {}, 0
    def save(self, user): self.rows[user.name] = user; self.saved += 1
    def find(self, name): return self.rows.get(name)
class User:
    def __init__(self, name): self.name, self.active = name, True
users = Users()
"""
SERVICE = """
class f:
    def __init__(self, users): self.users = users
    def rename(self, old, new):
        user = self.users.find(old)
        user.name = new
        self.users.save(user)
    def off(self, name):
        self.users.find(name).active = False
    def direct(self, user): self.users.rows[user.name] = user
    def count(self): return len(self.users.rows)
"""
HOLDER = """
class f:
    def __init__(self, items): self.items = items
    def add(self, x): self.items.append(x)
    def total(self): return sum(self.items)
    def view(self): return self.items
    def swap(self): self.items = self.items[::-1]
"""
COPYING = HOLDER.replace("= items", "= list(items)")

# A program that defines `f`, a test of it, and whether it passes in one process.
PAIRS = [
    (SERVICE, REPOSITORY + "s = f(users); s.direct(User('a')); assert list(users.rows) == ['a'] and s.count() == 1"),
    (
        SERVICE,
        REPOSITORY + "s = f(users); users.save(User('a')); s.rename('a', 'b'); assert users.rows['b'].name == 'b'",
    ),
    (
        SERVICE,
        REPOSITORY + "s = f(users); u = User('a'); users.save(u); s.rename('a', 'b'); assert users.rows['b'] is u",
    ),
    (SERVICE, REPOSITORY + "s = f(users); u = User('a'); users.save(u); s.off('a'); assert not u.active"),
    (
        SERVICE,
        REPOSITORY
        + "s = f(users); u = User('a'); s.direct(u); u.name = 'z'; s.off('a'); assert u.name == 'z' and not u.active",
    ),
    (HOLDER, "xs = [1]; h = f(xs); h.add(2); assert xs == [1, 2]"),
    (HOLDER, "xs = [1]; h = f(xs); xs.append(5); assert h.total() == 6; h.add(1); assert xs == [1, 5, 1]"),
    (HOLDER, "h = f([1]); h.view().append(4); assert h.total() == 5"),
    (HOLDER, "h = f([1]); v = h.view(); h.add(4); assert v == [1, 4]; v.clear(); assert h.total() == 0"),
    (HOLDER, "h = f([1]); h.items.append(4); h.items += [5]; assert h.total() == 10"),
    (HOLDER, "xs = [1, 2]; h = f(xs); h.swap(); h.add(9); assert xs == [1, 2]"),
    (HOLDER, "xs = [1, 2]; h = f(xs); assert h.view() is xs and h.items is xs"),
    (HOLDER, "xs = [1, 2]; h = f(xs); g = f(xs); g.add(7); assert h.total() == 10"),
    (COPYING, "xs = [1]; h = f(xs); xs.append(5); assert h.total() == 1"),
    (
        "class f:\n    def __init__(self): self.seen = {}\n"
        "    def put(self, k, v): self.seen.setdefault(k, []).append(v)\n    def get(self, k): return self.seen[k]\n",
        "d = f(); d.put('a', 1); one = d.get('a'); d.put('a', 2); assert one == [1, 2]; one.append(3); assert d.get('a') == [1, 2, 3]",
    ),
    (
        "class f:\n    def __init__(self): self.observers = []\n    def add(self, o): self.observers.append(o)\n"
        "    def fire(self, e):\n        for o in self.observers: o.notify(e)\n    def drop(self, o): self.observers.remove(o)\n",
        "class Log:\n    def __init__(self): self.events = []\n    def notify(self, e): self.events.append(e)\n"
        "a, b = Log(), Log(); s = f(); s.add(a); s.add(b); s.fire(1); s.drop(a); s.fire(2)\n"
        "assert a.events == [1] and b.events == [1, 2]",
    ),
    (
        "import contextlib\nlog = []\n@contextlib.contextmanager\ndef f(out):\n    out.append('in')\n    yield out\n    out.append('out')\n",
        "xs = []\nwith candidate(xs) as ys:\n    assert xs == ['in'] and ys is xs\n    ys.append('body')\nassert xs == ['in', 'body', 'out']",
    ),
    (
        "def f(out):\n    for i in range(3):\n        out.append(i)\n        yield i\n",
        "xs = []\ng = candidate(xs)\nassert next(g) == 0 and xs == [0]\nxs.append('t')\nassert next(g) == 1 and xs == [0, 't', 1]",
    ),
    (
        "def f(out):\n    def add(x):\n        out.append(x)\n        return len(out)\n    return add\n",
        "xs = []; add = candidate(xs); add(1); assert add(2) == 2 and xs == [1, 2]",
    ),
    (
        "class f:\n    def __init__(self, clock): self.clock, self.t = clock, clock.now\n    def late(self): return self.clock.now - self.t\n",
        "class Clock:\n    now = 5\nclass Own:\n    def __init__(self): self.now = 5\n"
        "c = Own(); x = f(c); c.now = 9; assert x.late() == 4\nc = Clock(); x = f(c); c.now = 9; assert x.late() == 4",
    ),
    (
        "class f:\n    def __init__(self, make): self.parts = [make(i) for i in range(3)]\n"
        "    def grow(self):\n        for p in self.parts: p.n += 10\n",
        "class Part:\n    def __init__(self, n): self.n = n\nmade = []\ndef make(n):\n    made.append(Part(n))\n    return made[-1]\n"
        "x = f(make); x.grow(); assert [p.n for p in made] == [10, 11, 12]; made[0].n = 0; x.grow(); assert made[0].n == 10",
    ),
    (
        "def f(tree, hook):\n    tree.seen = 1\n    hook()\n    return tree.seen\n",
        "class Tree: seen = 0\nt = Tree()\ndef hook():\n    assert t.seen == 1\n    t.seen = 5\nassert candidate(t, hook) == 5",
    ),
    (
        "class f:\n    def __init__(self, grid): self.grid = grid\n    def set(self, r, c, v): self.grid[r][c] = v\n",
        "g = [[0, 0], [0, 0]]; row = g[1]; x = f(g); x.set(1, 0, 7); assert row == [7, 0] and g[1] is row; row[1] = 8; g.append([9, 9]); x.set(2, 0, 3); assert g == [[0, 0], [7, 8], [3, 9]]",
    ),
    (
        "class f:\n    def __init__(self, config): self.config = config\n    def get(self, k): return self.config[k]\n",
        "c = {'a': {'b': 1}}; x = f(c); c['a']['b'] = 2; assert x.get('a') == {'b': 2}; x.get('a')['b'] = 3; assert c['a']['b'] == 3; del c['a']\n"
        "try: x.get('a')\nexcept KeyError: pass\nelse: assert False",
    ),
    (
        "import io\nclass f:\n    def __init__(self, out): self.out = out\n    def say(self, x): self.out.write(x)\n",
        "import io\no = io.StringIO(); x = f(o); x.say('a'); x.say('b'); assert o.getvalue() == 'ab'",
    ),
    (
        "import collections\nclass f:\n    def __init__(self, q): self.q = q\n    def pop(self): return self.q.popleft()\n",
        "import collections\nq = collections.deque([1]); x = f(q); q.append(2); assert x.pop() == 1 and x.pop() == 2 and not q",
    ),
    (
        "class f:\n    def __init__(self, p): self.p = p\n    def move(self): self.p.x += 1; return self.p\n",
        "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int = 0\np = P(); m = f(p); assert m.move() is p; m.move(); assert p == P(2)",
    ),
    (
        "class f:\n    def __init__(self, s): self.s = s\n    def has(self, x): return x in self.s\n    def add(self, x): self.s.add(x)\n",
        "s = {1}; x = f(s); s.add(2); assert x.has(2); x.add(3); assert s == {1, 2, 3}",
    ),
    (
        "def f(x, acc=[]):\n    acc.append(x)\n    return acc\n",
        "a = candidate(1); b = candidate(2); assert a is b and a == [1, 2]",
    ),
    (
        "memo = {}\ndef f(n):\n    if n not in memo: memo[n] = [n] * n\n    return memo[n]\n",
        "assert candidate(2) == [2, 2]\ncandidate(2).append(1)\nassert candidate(2) == [2, 2, 1]\nassert candidate(3) == [3, 3, 3]\nassert candidate(1) == [1]",
    ),
    (
        "class f:\n    def __init__(self, node): self.node = node\n    def walk(self):\n        n, out = self.node, []\n        while n: out.append(n.v); n = n.next\n        return out\n",
        "class N:\n    def __init__(self, v, next=None): self.v, self.next = v, next\na = N(1, N(2)); x = f(a); a.next.next = N(3); assert x.walk() == [1, 2, 3]; a.next = a.next.next; assert x.walk() == [1, 3]",
    ),
    (
        "class f:\n    def __init__(self, o): self.o = o\n    def go(self):\n        self.o.x = 1\n        raise ValueError\n",
        "class O: x = 0\no = O(); y = f(o)\ntry: y.go()\nexcept ValueError: pass\nassert o.x == 1",
    ),
    (
        "class f:\n    def __init__(self, o): self.o = o\n    def has(self): return hasattr(self.o, 'x')\n",
        "class O: pass\no = O(); o.x = 1; y = f(o); assert y.has(); del o.x; assert not y.has()",
    ),
    (
        "class f:\n    def __init__(self, a): self.a = a\n    def pair(self): return (self.a, self.a)\n",
        "xs = []; x = f(xs); one, two = x.pair(); assert one is two is xs",
    ),
    (
        "class f:\n    def __init__(self, bus): self.bus = bus; bus.on('x', self.got); self.seen = []\n    def got(self, e): self.seen.append(e)\n",
        "class Bus:\n    def __init__(self): self.h = {}\n    def on(self, k, fn): self.h.setdefault(k, []).append(fn)\n    def emit(self, k, e):\n        for fn in self.h.get(k, []): fn(e)\nb = Bus(); x = f(b); b.emit('x', 1); b.emit('x', 2); assert x.seen == [1, 2]",
    ),
    (
        "from abc import ABC, abstractmethod\nclass Base(ABC):\n    @abstractmethod\n    def price(self): ...\ndef f(items): return sum(i.price() for i in items)\n",
        "class Mine:\n    def __init__(self, p): self.p = p\n    def price(self): return self.p\nassert candidate([Mine(1), Mine(2)]) == 3",
    ),
    (
        "class Cart:\n    def __init__(self): self.items = []\n    def add(self, i): self.items.append(i); return self\n    def total(self): return sum(i['price'] for i in self.items)\ndef f(): return Cart()\n",
        "c = candidate(); item = {'price': 2}; c.add(item).add({'price': 3}); item['price'] = 10; assert c.total() == 13; assert c.items[0] is item",
    ),
    (
        "class Node:\n    def __init__(self, v): self.v, self.children = v, []\n    def add(self, n): self.children.append(n); return n\ndef f(v): return Node(v)\n",
        "root = candidate(1); a = root.add(Node(2)); a.add(Node(3)); assert root.children[0] is a and root.children[0].children[0].v == 3; root.children.append(Node(9)); assert len(root.children) == 2 and root.children[1].v == 9",
    ),
    (
        "class Account:\n    def __init__(self, owner, balance=0): self.owner, self.balance, self.log = owner, balance, []\n    def deposit(self, n):\n        if n <= 0: raise ValueError('positive')\n        self.balance += n; self.log.append(('d', n))\ndef f(a, b, n): a.balance -= n; b.balance += n\n",
        "a, b = Account('x', 10), Account('y'); candidate(a, b, 4); assert (a.balance, b.balance) == (6, 4); a.deposit(1); assert a.log == [('d', 1)]\ntry: a.deposit(-1)\nexcept ValueError as e: assert str(e) == 'positive'\nelse: assert 0\na.balance += 5; assert a.balance == 12; a.balance = 0; candidate(a, b, 0); assert a.balance == 0",
    ),
    (
        "class f:\n    def __init__(self, size): self.size, self.d = size, {}\n    def get(self, k): return self.d.get(k, -1)\n    def put(self, k, v): self.d[k] = v\n",
        "c = f(2)\nfor i in range(300): c.put(i, [i])\nassert c.get(7) == [7] and c.get(299) == [299] and c.get(300) == -1\nv = c.get(5); v.append(1); assert c.get(5) == [5, 1]",
    ),
    (
        "import heapq\nclass f:\n    def __init__(self): self.h = []\n    def push(self, p, item): heapq.heappush(self.h, (p, item))\n    def pop(self): return heapq.heappop(self.h)[1]\n",
        "q = f(); q.push(2, 'b'); q.push(1, 'a'); assert q.pop() == 'a' and len(q.h) == 1",
    ),
    (
        "class Stack:\n    def __init__(self): self._s = []\n    def push(self, x): self._s.append(x)\n    @property\n    def top(self): return self._s[-1]\n    def __len__(self): return len(self._s)\ndef f(): return Stack()\n",
        "s = candidate(); item = [1]; s.push(item); item.append(2); assert s.top == [1, 2] and s.top is item and len(s) == 1",
    ),
    (
        "def f(xs):\n    xs = list(xs)\n    def gen():\n        for x in xs: yield x\n    return gen\n",
        "src = [1, 2]; g = candidate(src); src.append(3); assert list(g()) == [1, 2]",
    ),
    (
        "def f(m, i, v):\n    m[i][0] = v\n    return m\n",
        "m = [[0]] * 2; r = candidate(m, 0, 5); assert r is m and m == [[5], [5]] and m[0] is m[1]",
    ),
    (
        "state = {'n': 0}\ndef f(): state['n'] += 1; return state\n",
        "a = candidate(); b = candidate(); assert a is b and a['n'] == 2; a['n'] = 10; assert candidate()['n'] == 11",
    ),
    (
        "class P:\n    def __init__(self, x): self.x = x\n    def __eq__(self, o): return isinstance(o, P) and self.x == o.x\n    def __hash__(self): return hash(self.x)\ndef f(ps): return {p: i for i, p in enumerate(ps)}\n",
        "d = candidate([P(1), P(2)]); assert d[P(1)] == 0 and P(2) in d and len(d) == 2",
    ),
    (
        "import copy\ndef f(g): return copy.deepcopy(g)\n",
        "class G:\n    def __init__(self): self.n = {'a': [1]}\ng = G(); h = candidate(g); assert h is not g and h.n == {'a': [1]}; h.n['a'].append(2); assert g.n == {'a': [1]}",
    ),
    (
        "def f(fn, *args):\n    try: return fn(*args)\n    except ZeroDivisionError: return None\n",
        "calls = []\ndef d(a, b):\n    calls.append((a, b))\n    return a / b\nassert candidate(d, 4, 2) == 2 and candidate(d, 1, 0) is None and calls == [(4, 2), (1, 0)]",
    ),
    (
        "import functools\ndef f(fn):\n    @functools.wraps(fn)\n    def inner(*a, **k):\n        inner.calls += 1\n        return fn(*a, **k)\n    inner.calls = 0\n    return inner\n",
        "@candidate\ndef add(a, b=1):\n    'Add.'\n    return a + b\nassert add(1) == 2 and add(1, b=3) == 4 and add.calls == 2 and add.__name__ == 'add' and add.__doc__ == 'Add.'",
    ),
    (
        "import functools\ndef f(times):\n    def deco(fn):\n        @functools.wraps(fn)\n        def inner(*a):\n            for i in range(times):\n                try: return fn(*a)\n                except OSError:\n                    if i == times - 1: raise\n        return inner\n    return deco\n",
        "n = []\n@candidate(3)\ndef flaky():\n    n.append(1)\n    if len(n) < 3: raise OSError\n    return 'ok'\nassert flaky() == 'ok' and len(n) == 3\n@candidate(2)\ndef bad(): raise OSError('x')\ntry: bad()\nexcept OSError as e: assert str(e) == 'x'\nelse: assert 0",
    ),
    (
        "class f:\n    def __init__(self, func): self.func, self.cache = func, {}\n    def __call__(self, *a):\n        if a not in self.cache: self.cache[a] = self.func(*a)\n        return self.cache[a]\n",
        "calls = []\n@f\ndef sq(x):\n    calls.append(x)\n    return x * x\nassert sq(3) == sq(3) == 9 and calls == [3]\n@f\ndef fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)\nassert fib(20) == 6765",
    ),
    (
        "def f(n):\n    def visit(k, out):\n        if k: visit(k - 1, out); out.append(k)\n        return out\n    return visit(n, [])\n",
        "assert candidate(5) == [1,2,3,4,5]",
    ),
    (
        "class f:\n    def __init__(self): self.t = {}\n    def insert(self, w):\n        n = self.t\n        for c in w: n = n.setdefault(c, {})\n        n['$'] = True\n    def has(self, w):\n        n = self.t\n        for c in w:\n            if c not in n: return False\n            n = n[c]\n        return '$' in n\n",
        "t = f(); words = ['apple', 'app', 'b']\nfor w in words: t.insert(w)\nassert all(t.has(w) for w in words) and not t.has('ap'); assert t.t['b'] == {'$': True}",
    ),
    (
        "import datetime\nclass f:\n    def __init__(self, clock): self.clock = clock\n    def age(self, d): return (self.clock() - d).days\n",
        "import datetime\nnow = [datetime.datetime(2020, 1, 2)]\nx = f(lambda: now[0]); assert x.age(datetime.datetime(2020, 1, 1)) == 1; now[0] = datetime.datetime(2020, 2, 1); assert x.age(datetime.datetime(2020, 1, 1)) == 31",
    ),
    (
        "def f(a, b):\n    for k, v in b.items():\n        if isinstance(v, dict): f(a.setdefault(k, {}), v)\n        else: a[k] = v\n    return a\n",
        "a = {'x': {'y': 1}}; inner = a['x']; r = candidate(a, {'x': {'z': 2}}); assert r is a and inner == {'y': 1, 'z': 2}",
    ),
    (
        "class f:\n    def __init__(self, grid): self.g = grid\n    def step(self):\n        self.g = [[1 - c for c in row] for row in self.g]\n",
        "g = [[0, 1]]; x = f(g); x.step(); assert x.g == [[1, 0]] and g == [[0, 1]]; x.g[0][0] = 5; x.step(); assert x.g == [[-4, 1]]",
    ),
    (
        "class Money:\n    def __init__(self, n): self.n = n\n    def __eq__(self, o): return isinstance(o, Money) and self.n == o.n\n    def __add__(self, o): return Money(self.n + o.n)\ndef f(xs): return [Money(x) for x in xs]\n",
        "assert candidate([1, 2]) == [Money(1), Money(2)]; assert sum(candidate([1, 2]), Money(0)) == Money(3)",
    ),
    (
        "class Matrix:\n    def __init__(self, r): self.r = r\n    def __getitem__(self, ij): return self.r[ij[0]][ij[1]]\n    def __setitem__(self, ij, v): self.r[ij[0]][ij[1]] = v\ndef f(r): return Matrix(r)\n",
        "r = [[1, 2], [3, 4]]; m = candidate(r); m[0, 1] = 9; assert m[0, 1] == 9 and r[0][1] == 9; r[1][0] = 7; assert m[1, 0] == 7",
    ),
    (
        "def f(o, cb):\n    o.n = 1\n    cb(o)\n    o.n = 2\n    cb(o)\nclass O: n = 0\n",
        "seen = []\no = O(); candidate(o, lambda x: seen.append((x.n, o.n))); assert seen == [(1, 1), (2, 2)] and o.n == 2",
    ),
    (
        "def f(n, emit):\n    path=[]\n    for i in range(n): path.append(i); emit(path)\n",
        "out=[]; candidate(2, out.append); assert out==[[0,1],[0,1]] and out[0] is out[1]",
    ),
    (
        "def f(n, emit):\n    path=[]\n    for i in range(n): path.append(i); emit(path[:])\n",
        "out=[]; candidate(2, out.append); assert out==[[0],[0,1]]",
    ),
    (
        "def f(emit, seen): emit(1)\n",
        "seen=[]\ndef emit(n):\n    assert n not in seen; seen.append(n)\ncandidate(emit, seen); assert seen == [1]",
    ),
    ("def f(load): return sorted(load())\n", "d=[3,1,2]; assert candidate(lambda: d)==[1,2,3]; assert d==[3,1,2]"),
    ("def f(cb, log): cb(); return len(log)\n", "log=[]; assert candidate(lambda: log.append(1), log)==1"),
    (
        "def f(cb, log): [cb(i) for i in range(3)]\n",
        "log=[]; candidate(lambda i: log.append(i), log); assert log==[0,1,2]",
    ),
    (
        "def f(cb, d):\n    for _ in range(3): cb()\n    return d['n']\n",
        "d={'n': 0}\ndef cb(): d['n'] += 1\nassert candidate(cb, d) == 3 and d['n'] == 3",
    ),
    (
        "def f(it, log): return [x for x in it], list(log)\n",
        "log=[]\ndef g():\n    for i in range(3):\n        log.append(i); yield i\nassert candidate(g(), log) == ([0,1,2],[0,1,2]) and log == [0,1,2]",
    ),
    (
        "def f(node, seen, visit):\n    if node in seen: return\n    seen.add(node); visit(node)\n",
        "g={1:[2,3],2:[3],3:[]}; seen=set(); order=[]\ndef visit(n):\n    order.append(n)\n    for m in g[n]: candidate(m, seen, visit)\ncandidate(1, seen, visit); assert order == [1,2,3] and seen == {1,2,3}",
    ),
    (
        "from concurrent.futures import ThreadPoolExecutor\ndef f(fn, xs):\n    with ThreadPoolExecutor(4) as ex: return list(ex.map(fn, xs))\n",
        "import time\ndef sq(x):\n    time.sleep(0.002); return x*x\nassert candidate(sq, [1,2,3,4,5]) == [1,4,9,16,25]",
    ),
    (
        "import threading\ndef f(cb):\n    ts=[threading.Thread(target=cb, args=(i,)) for i in range(8)]\n    for t in ts: t.start()\n    for t in ts: t.join()\n",
        "s=[]; candidate(s.append); assert sorted(s) == list(range(8))",
    ),
    (
        "class f:\n    def __init__(s, cb): s.l=[]; cb(s.l)\n    def add(s, x): s.l.append(x)\n",
        "got=[]; x=f(got.append); x.add(1); assert got==[[1]]",
    ),
    ("def f(get): get().append(1)\n", "d=[]; candidate(lambda: d); assert d == [1]"),
    (
        "from unittest.mock import Mock\ndef f(m): m.load()['n']=5\n",
        "from unittest.mock import Mock\nd={}; m=Mock(); m.load.return_value=d; candidate(m); assert d == {'n': 5}",
    ),
    (
        "class P:\n    def __hash__(s): return 1\nA=[1]\ndef f(x): A.append(2); return A, {P()}\n",
        "a,s=candidate(1); a.append(3); b,s=candidate(1); assert b==[1,2,3,2]",
    ),
    (
        "class P:\n    def __init__(s, n): s.n=n\n    def __hash__(s): return hash(s.n)\n    def __eq__(s, o): return s.n==o.n\nclass f:\n    def __init__(s): s.nodes={}\n    def add(s, x): s.nodes.setdefault(P(x), []).append(x)\n    def all(s): return s.nodes\n",
        "g=f(); g.add(1); a=g.all(); g.add(2); g.add(1); assert sorted(map(len, g.all().values())) == [1, 2]",
    ),
    (
        "import io\nclass f:\n    def __init__(s, b): s.b=b\n    def n(s): return 3\n",
        "import io\nb=io.StringIO(); x=candidate(b) if False else f(b); b.close(); assert x.n() == 3",
    ),
    (
        "class G(ExceptionGroup): pass\ndef f(x): raise G('m',[ValueError(2)])\n",
        "try: candidate(1)\nexcept G as e: assert e.message == 'm' and [x.args for x in e.exceptions] == [(2,)]\nelse: assert 0",
    ),
    (
        "def f(x):\n    e=ValueError('x'); e.code=5; raise e\n",
        "try: candidate(1)\nexcept ValueError as e: assert e.code == 5\nelse: assert 0",
    ),
    (
        "def f(x):\n    e=ValueError('x'); e.add_note('hint'); raise e\n",
        "try: candidate(1)\nexcept ValueError as e: assert e.__notes__ == ['hint']\nelse: assert 0",
    ),
    (
        "class B(Exception): pass\ndef f(x):\n    e=B('x'); e.add_note('hint'); raise e\n",
        "try: candidate(1)\nexcept B as e: assert e.__notes__ == ['hint']\nelse: assert 0",
    ),
    (
        "def f(x): raise FileNotFoundError(2,'no','a.txt')\n",
        "try: candidate(1)\nexcept OSError as e: assert e.filename == 'a.txt' and e.errno == 2 and e.args == (2, 'no')\nelse: assert 0",
    ),
    (
        "def f(x): raise ImportError('no', name='zz')\n",
        "try: candidate(1)\nexcept ImportError as e: assert e.name == 'zz'\nelse: assert 0",
    ),
    (
        "class U:\n    def __set_name__(s, o, n): s.n=n\n    def __get__(s, o, t): return o.__dict__[s.n].upper()\n    def __set__(s, o, v): o.__dict__[s.n]=v\nclass X:\n    name=U()\n    def __init__(s, n): s.name=n\ndef f(n): return X(n)\n",
        "assert candidate('a').name == 'A'",
    ),
]


@pytest.mark.parametrize(("program", "test"), PAIRS, ids=range(len(PAIRS)))
def test_what_is_kept_is_one_object(judge, program, test):
    assert_passes_as_in_one_process(judge, program, test)


TREE = """
class f(dict):
    def __missing__(self, key):
        self[key] = made = type(self)()
        return made
    def put(self, key, value): self[key] = value
    def size(self): return len(self)
"""
TWINS = """
class f(list):
    def make(self): self.twin = type(self)([1]); return self.twin
    def other(self): return self.twin
    def grow(self): self.twin.append(5)
    def total(self): return sum(self)
"""
LINKED = """
class f(set):
    def link(self, other): self.twin = other
    def push(self): self.twin.add('p')
"""
CALLING = """
class f(dict):
    def on(self, call): self.call = call
    def go(self):
        self['n'] = 1
        self.call()
        return dict(self)
"""
# Objects of the program that extend a container.
EXTENDED = [
    (TREE, "t = f(); t['a']['b']['c']; assert t == {'a': {'b': {'c': {}}}}"),
    (TREE, "t = f(); t['a']['b'] = 1; u = t['a']; u['c'] = 2; assert t['a'] == {'b': 1, 'c': 2} and u.size() == 2"),
    (TREE, "t = f(); u = t['a']; t['a'].put('z', 1); assert u == {'z': 1}; u.clear(); assert t['a'].size() == 0"),
    (
        TREE,
        "t = f(); u = t['a']; u['k'] = [1]; t['a']['k'].append(2); assert t == {'a': {'k': [1, 2]}} and u['k'] == [1, 2]",
    ),
    (TWINS, "x = f(); y = x.make(); x.grow(); assert y == [1, 5] and list(y) == [1, 5] and len(y) == 2"),
    (
        TWINS,
        "x = f(); y = x.make(); y.insert(0, 9); x.grow(); assert y == [9, 1, 5] and x.other() is y and y.total() == 15",
    ),
    (
        TWINS,
        "x = f(range(20000)); y = x.make(); x.grow(); assert y == [1, 5]; x.sort(reverse=True); assert x[0] == 19999",
    ),
    (
        LINKED,
        "a, b = f('x'), f('y'); a.link(b); a.push(); assert b == {'y', 'p'}; b.add('q'); assert a.twin == {*'ypq'}",
    ),
    (
        CALLING,
        "d = f()\ndef call():\n    assert d == {'n': 1}\n    d['m'] = 2\nd.on(call)\nassert d.go() == {'n': 1, 'm': 2} == d",
    ),
]


@pytest.mark.parametrize(("program", "test"), EXTENDED)
def test_an_object_that_extends_a_container_has_the_same_members_on_both_sides(judge, program, test):
    assert_passes_as_in_one_process(judge, program, test)


def test_what_an_object_holds_is_not_sent_with_each_call(judge):
    """The time of many calls grows with their number, though the object that they fill grows as well."""
    test = "c = f(0)\nfor i in range(3000): c.put(i, [i])\nassert c.get(2999) == [2999]"
    program = "class f:\n    def __init__(self, _): self.d = {}\n    def put(self, k, v): self.d[k] = v\n    def get(self, k): return self.d[k]\n"
    assert judge.run(problem(test, limits=Limits(time_s=10.0)), program).accepted


# Wrong in one process of Python as well.
WRONG = [
    (
        "def f(n, emit):\n    path=[]\n    for i in range(n): path.append(i); emit(path)\n",
        "out=[]; candidate(2, out.append); assert out==[[0],[0,1]]",
    ),
    (
        "def f(emit, seen): emit(1)\n",
        "seen=[]\ndef emit(n):\n    assert n not in seen; seen.append(n)\ncandidate(emit, seen); candidate(emit, seen)",
    ),
    (
        "def f(load): x=load(); x.sort(); return x\n",
        "d=[3,1,2]; assert candidate(lambda: d)==[1,2,3]; assert d==[3,1,2]",
    ),
    (
        "class generator:\n    def __iter__(s): return iter([1,2])\ngenerator.__module__='builtins'\ndef f(x): return generator()\n",
        "import inspect, types\nr=candidate(1); assert inspect.isgenerator(r) and isinstance(r, types.GeneratorType) and list(r)==[1,2]",
    ),
    (
        "class function:\n    def __call__(s): return 1\nfunction.__module__='builtins'\ndef f(x): return function()\n",
        "import inspect\nassert inspect.isfunction(candidate(1))",
    ),
    (
        "class X:\n    def __init__(s): s.v=0\n    def __enter__(s): return s\n    def __exit__(s, *a): return True\n    def go(s): pass\n    def get(s): raise ValueError\ndef f(x): return X()\n",
        "with candidate(1) as x: x.go(); assert x.get()==7\nx=candidate(2)\nassert x.v == 7",
    ),
    (
        "class X:\n    def __init__(s): s.v=0\n    def __enter__(s): return s\n    def __exit__(s, *a): return True\ndef f(x): return X()\n",
        "want=[7]\nwith candidate(1) as x:\n    want.remove(x.v)\nassert want == []",
    ),
]


@pytest.mark.parametrize(("program", "test"), WRONG, ids=range(len(WRONG)))
def test_what_is_wrong_in_one_process_is_wrong_here(judge, program, test):
    assert judge.run(problem(test), program).verdict not in ("AC", "JE")
