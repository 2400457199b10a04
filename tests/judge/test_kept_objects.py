"""What a test passes and a program keeps, or the other way round, is one object to both from then on."""

import pytest

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
]


@pytest.mark.parametrize(("program", "test"), PAIRS, ids=range(len(PAIRS)))
def test_what_is_kept_is_one_object(judge, program, test):
    names = {}
    exec(compile(program, "solution.py", "exec"), names)
    exec(compile(test, "test", "exec"), {**names, "candidate": names["f"]})
    report = judge.run(problem(test), program)
    assert report.accepted, report.cases
