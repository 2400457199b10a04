"""Mistakes that people make: for each the program, and the repair that is among the first proposals."""

from dataclasses import replace

import pytest

from coderefine.judge.report import CandidateError, CaseResult, TestReport
from coderefine.judge.verdict import Verdict
from coderefine.problem.problem import TestCase
from coderefine.search.habits import (
    afresh,
    cached,
    chained,
    clamp,
    delegate,
    either,
    element,
    ending,
    ends,
    extra,
    flushed,
    halved,
    in_place,
    kept,
    mixed,
    outer,
    pattern,
    printing,
    reading,
    remainder,
    rounded,
    separator,
    shared,
    uncomment,
    undone,
    unfilled,
    unused,
    vacant,
    words,
    wound,
)
from tests.search.asking import PROBLEM, evidence, texts

BUGS = [
    (
        flushed,
        "part = []\nfor x in xs:\n    part.append(x)\n    if full(part):\n        out.append(part)\n        part = []\n",
        "part = []\nfor x in xs:\n    part.append(x)\n    if full(part):\n        out.append(part)\n        part = []\n"
        "if part:\n    out.append(part)\n",
    ),
    (
        flushed,
        "def f(xs):\n    part = []\n    for x in xs:\n        part.append(x)\n        if full(part):\n            yield part\n"
        "            part = []\n",
        "def f(xs):\n    part = []\n    for x in xs:\n        part.append(x)\n        if full(part):\n            yield part\n"
        "            part = []\n    if part:\n        yield part\n",
    ),
    (
        halved,
        "while low < high:\n    middle = (low + high) // 2\n    if f(middle):\n        low = middle\n",
        "while low < high:\n    middle = (low + high) // 2\n    if f(middle):\n        low = middle + 1\n",
    ),
    (
        halved,
        "while low < high:\n    middle = low + high >> 1\n    if f(middle):\n        high = middle - 1\n",
        "while low < high:\n    middle = low + high >> 1\n    if f(middle):\n        high = middle\n",
    ),
    (
        kept,
        "for a, b in parts:\n    if a <= last[1]:\n        last[1] = b\n",
        "for a, b in parts:\n    if a <= last[1]:\n        last[1] = max(last[1], b)\n",
    ),
    (
        kept,
        "low = nums[0]\nfor n in nums:\n    low = n - 1\n",
        "low = nums[0]\nfor n in nums:\n    low = min(low, n - 1)\n",
    ),
    (pattern, 're.findall(r"[a-z]*", text)', 're.findall(r"[a-z]+", text)'),
    (pattern, "re.compile('<.+>')", "re.compile('<.+?>')"),
    (pattern, 're.match(r"\\d+", text)', 're.match(r"\\d+$", text)'),
    (pattern, 're.split(r"a.b", text)', 're.split(r"a\\.b", text)'),
    (
        wound,
        'def turn(items, k):\n    """Turn."""\n    n = len(items)\n    return items[n - k :] + items[: n - k]\n',
        'def turn(items, k):\n    """Turn."""\n    k %= len(items)\n    n = len(items)\n'
        "    return items[n - k :] + items[: n - k]\n",
    ),
    (
        afresh,
        "run = 0\nfor n in nums:\n    if n:\n        run += 1\n",
        "run = 0\nfor n in nums:\n    if n:\n        run += 1\n    else:\n        run = 0\n",
    ),
    (
        afresh,
        "n = 1\nfor a, b in x:\n    if a == b:\n        n += 1\n    else:\n        y.append(n)\n",
        "n = 1\nfor a, b in x:\n    if a == b:\n        n += 1\n    else:\n        y.append(n)\n        n = 1\n",
    ),
    (
        afresh,
        "part = []\nfor x in xs:\n    part.append(x)\n    if len(part) == 3:\n        out.append(part)\n",
        "part = []\nfor x in xs:\n    part.append(x)\n    if len(part) == 3:\n        out.append(part)\n        part = []\n",
    ),
    (
        afresh,
        "t = 0\nfor case in cases:\n    for x in case:\n        t += x\n    print(t)\n",
        "t = 0\nfor case in cases:\n    t = 0\n    for x in case:\n        t += x\n    print(t)\n",
    ),
    (in_place, "def f(a, k):\n    a = a[k:] + a[:k]\n", "def f(a, k):\n    a[:] = a[k:] + a[:k]\n"),
    (in_place, "def f(a):\n    if a:\n        a = sorted(a)\n", "def f(a):\n    if a:\n        a[:] = sorted(a)\n"),
    (unused, "for p, n in rows:\n    t += p\n", "for p, n in rows:\n    t += p * n\n"),
    (unused, "def f(w, h):\n    return w\n", "def f(w, h):\n    return w * h\n"),
    (unused, "for i, (k, v) in x:\n    y.append(i + k)\n", "for i, (k, v) in x:\n    y.append((i + k) * v)\n"),
    (mixed, 'def f(n):\n    return "a" + "b" + len(n)\n', 'def f(n):\n    return "a" + "b" + str(len(n))\n'),
    (either, 'if x == "a" or "b": pass\n', 'if x == "a" or x == "b": pass\n'),
    (either, "y = x == 1 or 2 or 3\n", "y = x == 1 or x == 2 or x == 3\n"),
    (either, "while x != 1 or 2: pass\n", "while x != 1 and x != 2: pass\n"),
    (chained, "if a in b == c in d: pass\n", "if (a in b) == (c in d): pass\n"),
    (chained, "y = x == y in z\n", "y = (x == y) in z\n"),
    (shared, "grid = [[0] * n] * m\n", "grid = [[0] * n for _ in range(m)]\n"),
    (shared, "grid = [[]] * (n + 1)\n", "grid = [[] for _ in range(n + 1)]\n"),
    (shared, "def f(x):\n    found.append(x)\n    x.pop()\n", "def f(x):\n    found.append(x[:])\n    x.pop()\n"),
    (
        shared,
        "def f(x, seen=[]):\n    return seen\n",
        "def f(x, seen=None):\n    if seen is None:\n        seen = []\n    return seen\n",
    ),
    (
        delegate,
        "def walk(n):\n    yield n.x\n    walk(n.left)\n",
        "def walk(n):\n    yield n.x\n    yield from walk(n.left)\n",
    ),
    (delegate, "def f(n):\n    if n:\n        yield f(n - 1)\n", "def f(n):\n    if n:\n        yield from f(n - 1)\n"),
    (
        outer,
        "def f():\n    n = 0\n    def g():\n        n += 1\n    g()\n",
        "def f():\n    n = 0\n    def g():\n        nonlocal n\n        n += 1\n    g()\n",
    ),
    (outer, "n = 0\ndef g():\n    n = n + 1\n", "n = 0\ndef g():\n    global n\n    n = n + 1\n"),
    (uncomment, "n = 1\n# print(n)\n", "n = 1\nprint(n)\n"),
    (uncomment, "for n in x:\n    #print(n)\n    pass\n", "for n in x:\n    print(n)\n    pass\n"),
    (words, 'print("YES")\n', 'print("Yes")\n'),
    (words, "print('yes.')\n", "print('Yes')\n"),
    (mixed, "s = input()\nif s[0] == 0: pass\n", 's = input()\nif s[0] == "0": pass\n'),
    (mixed, "n = 1\nn += 1\ns = 'a' + n\n", "n = 1\nn += 1\ns = 'a' + str(n)\n"),
    (
        ending,
        "def f(x, seq):\n    for i in range(len(seq)):\n        if seq[i] > x:\n            return i\n",
        "def f(x, seq):\n    for i in range(len(seq)):\n        if seq[i] > x:\n            return i\n    return len(seq)\n",
    ),
    (
        ending,
        "def f(x):\n    for y in x:\n        if y:\n            return True\n",
        "def f(x):\n    for y in x:\n        if y:\n            return True\n    return False\n",
    ),
    (element, "a = []\nfor x in y:\n    a += x\n", "a = []\nfor x in y:\n    a.append(x)\n"),
    (element, "a = ()\na = a + x\n", "a = ()\na += (x,)\n"),
    (element, "a.append(b)\n", "a.extend(b)\n"),
    (
        flushed,
        "for c in s:\n    if c:\n        a.append(w)\n    else:\n        w += c\nf(a)\n",
        "for c in s:\n    if c:\n        a.append(w)\n    else:\n        w += c\na.append(w)\nf(a)\n",
    ),
    (rounded, "x = (a + b) // k\n", "x = (a + b + k - 1) // k\n"),
    (rounded, "x = a // 4\n", "x = (a + 3) // 4\n"),
    (rounded, "x = int(a / b)\n", "x = -(-a // b)\n"),
    (remainder, "M = 10**9 + 7\ndef f(a):\n    return a * a\n", "M = 10**9 + 7\ndef f(a):\n    return (a * a) % M\n"),
    (remainder, "M = 998244353\nx = 1\nx *= y + 1\n", "M = 998244353\nx = 1\nx = (x * (y + 1)) % M\n"),
    (undone, "def f(p):\n    p.append(1)\n    f(p)\n", "def f(p):\n    p.append(1)\n    f(p)\n    p.pop()\n"),
    (undone, "def f(d):\n    d[0] = True\n    f(d)\n", "def f(d):\n    d[0] = True\n    f(d)\n    d[0] = False\n"),
    (
        unfilled,
        "a = []\nfor x in y:\n    z = x + 1\nf(a)\n",
        "a = []\nfor x in y:\n    z = x + 1\n    a.append(z)\nf(a)\n",
    ),
    (
        vacant,
        "def f(n):\n    return n * f(n - 1)\n",
        "def f(n):\n    if n == 0:\n        return 1\n    return n * f(n - 1)\n",
    ),
    (
        vacant,
        "class A:\n    def f(self, t):\n        return [t.x] + self.f(t.left)\n",
        "class A:\n    def f(self, t):\n        if not t:\n            return []\n        return [t.x] + self.f(t.left)\n",
    ),
    (clamp, "t += b - a\n", "t += max(0, b - a)\n"),
    (clamp, "t += b - a + 1\n", "t += max(0, b - a + 1)\n"),
    (reading, "n = input()\n", "n = int(input())\n"),
    (reading, "a = list(input())\n", "a = list(map(int, input().split()))\n"),
    (reading, "a = map(int, input().split())\n", "a = list(map(int, input().split()))\n"),
    (reading, "a = input().split()\n", "a = list(map(int, input().split()))\n"),
    (printing, "print(x)\n", "print(*x)\n"),
    (printing, "print(x[i])\n", "print(i + 1)\n"),
    (printing, "for y in x:\n    print(y)\n", 'for y in x:\n    print(y, end="")\n'),
    (extra, "k = 0\nif k >= 3: pass\n", "k = 0\nif k >= 3 and k % 2 == 0: pass\n"),
    (extra, "if c == 3: pass\n", "if c == 3 or c == 0: pass\n"),
    (extra, "if a > b: pass\nif a < c: pass\n", "if a > b and a < c: pass\nif a < c: pass\n"),
]
SOUND = [
    (either, "y = x or 1\nz = a == 1 or b == 2\n"),
    (chained, "y = 0 <= x < 3\n"),
    (shared, "grid = [0] * n\ndef f(x, y=(), z=None):\n    found.append(x)\n"),
    (delegate, "def f(n):\n    f(n - 1)\n"),
    (shared, "def f(x, y=None, /, *, z=[]):\n    return y\n"),
    (outer, "n = 0\ndef f(m):\n    m = n\n    return m\n"),
    (uncomment, "# a remark\n# x\n"),
    (words, 'print("Yes", "maybe")\n'),
    (mixed, "n = int(input())\nif n == 0: pass\n"),
    (ending, "def f(x):\n    if x:\n        return 1\n    else:\n        return 2\ndef g(x):\n    x.pop()\n"),
    (clamp, "t += 1\n"),
    (in_place, "def f(a):\n    a = a[1:]\n    return a\ndef g(n):\n    n = 0\n"),
    (unused, "for p, n in rows:\n    t += p * n\nfor i, _ in x:\n    t += i\nfor k in x:\n    t += 1\n"),
    (mixed, "def f(a, b):\n    return a + b\n"),
    (ends, "def f(x):\n    return x\n"),
]
SOUND += [
    (element, "a = []\nfor x in y:\n    a += [x, x]\n    b += x\n"),
    (flushed, "for c in s:\n    a.append(c)\n"),
    (rounded, "x = a / b\ny = int(a)\n"),
    (remainder, "def f(a):\n    n = 10\n    return a * n\n"),
    (undone, "def f(p):\n    p.append(1)\n    f(p)\n    p.pop()\ndef g(p):\n    p.append(1)\n"),
    (unfilled, "a = []\nfor x in y:\n    a.append(x)\nb = []\n"),
    (vacant, "def f(n):\n    return n\n"),
    (kept, "for a in parts:\n    x = a + 1\n    y = max(x, y)\n    z = z + 1\n"),
    (kept, "last = nums[0]\nlast = nums[1]\n"),
    (pattern, "text.split(r'[a-z]*')\nre.escape('a*')\n"),
    (halved, "while low < high:\n    half = low // 2\n    other = half\n    low = other\n"),
    (wound, "def f(items, k):\n    return items, k + 1\n"),
    (separator, 'print(", ".join(a))\n'),
]
ANSWERS = replace(PROBLEM, visible=(TestCase("one", ("3",), "Yes\n"), TestCase("two", ("4",), "No\n")))


@pytest.mark.parametrize(("habit", "bug", "repair"), BUGS)
def test_the_repair_is_among_the_first(habit, bug, repair):
    proposed = texts(habit.propose, bug, evidence(problem=ANSWERS))
    assert repair in proposed[:8] if habit is not ending else repair in proposed


@pytest.mark.parametrize(("habit", "sound"), SOUND)
def test_nothing_is_said_of_what_is_no_mistake(habit, sound):
    assert texts(habit.propose, sound, evidence(problem=ANSWERS)) == []


def test_what_took_too_long_remembers_its_answers():
    source = "def f(n):\n    return n if n < 2 else f(n - 1) + f(n - 2)\n"
    report = TestReport("p", "visible", (CaseResult(0, "a", Verdict.TLE),), "local")
    assert texts(cached.propose, source, evidence(report)) == [
        f"import functools\n\n@functools.lru_cache(maxsize=None)\n{source}"
    ]
    assert texts(cached.propose, source) == []
    assert texts(cached.propose, source.replace("    return", "    seen.append(n)\n    return"), evidence(report)) == []


@pytest.mark.parametrize(
    ("pairs", "repair"),
    [
        ([("two-", "two"), ("-a-b-", "a-b")], "x.strip('-')"),
        ([("a ", "a"), ("b b  ", "b b")], "x.rstrip()"),
        ([("..a", "a")], "x.lstrip('.')"),
        ([("ab", "cd")], None),
        ([("a-", "a"), ("b", "c")], None),
    ],
)
def test_what_is_too_much_at_the_ends_is_cut_off(pairs, repair):
    cases = [
        CaseResult(at, "", Verdict.WA, got=got, expected=want, answered=True) for at, (got, want) in enumerate(pairs)
    ]
    report = TestReport("p", "visible", tuple(cases), "local")
    proposed = texts(ends.propose, "def f(x):\n    return x\n", evidence(report))
    assert proposed[:1] == ([f"def f(x):\n    return {repair}\n"] if repair else [])


@pytest.mark.parametrize(
    ("crash", "args", "expected", "repair"),
    [
        ("ZeroDivisionError", ([],), 0, "return 0"),
        ("IndexError", ("",), "", "return ''"),
        ("ValueError", ([],), None, "return None"),
        ("IndexError", ([1],), 0, ""),
        ("IndexError", ([],), [1, 2], ""),
        ("RecursionError", ([],), 0, ""),
    ],
)
def test_where_nothing_is_given_the_program_answers_what_the_tests_say(crash, args, expected, repair):
    failed = CaseResult(0, "a", Verdict.RE, args=args, expected=expected, error=CandidateError(crash, "?"))
    report = TestReport("p", "visible", (failed,), "local")
    proposed = texts(vacant.propose, "def f(a):\n    return a[0]\n", evidence(report))
    assert proposed == ([f"def f(a):\n    if not a:\n        {repair}\n    return a[0]\n"] if repair else [])


def test_a_function_that_returns_nothing_just_ends_where_nothing_is_given():
    failed = CaseResult(0, "a", Verdict.RE, args=([],), expected=[], error=CandidateError("IndexError", "?"))
    report = TestReport("p", "visible", (failed,), "local")
    proposed = texts(vacant.propose, "def f(a):\n    a[0] = 1\n", evidence(report))
    assert proposed == ["def f(a):\n    if not a:\n        return\n    a[0] = 1\n"]


@pytest.mark.parametrize(
    ("bug", "got", "expected", "repair"),
    [
        ('print(" ".join(a))\n', "1 2 3\n", "1, 2, 3\n", 'print(", ".join(a))\n'),
        ("print(*a)\n", "1 2\n", "1-2\n", "print(*a, sep='-')\n"),
        ('print(a + " " + b)\n', "x y\n", "x: y\n", 'print(a + ": " + b)\n'),
        ('print(" ".join(a))\n', "1 2 3\n", "1 2 4\n", None),
    ],
)
def test_parts_are_parted_as_the_tests_do(bug, got, expected, repair):
    failed = CaseResult(0, "a", Verdict.WA, got=got, expected=expected, answered=True)
    proposed = texts(separator.propose, bug, evidence(TestReport("p", "visible", (failed,), "local")))
    assert proposed[:1] == ([repair] if repair else [])


def test_a_modulus_of_the_statement_is_taken():
    asked = evidence(problem=replace(PROBLEM, statement="Return the number modulo 10^9 + 7."))
    bug = "def f(a):\n    return a * a\n"
    assert "def f(a):\n    return (a * a) % 10**9 + 7\n" not in texts(remainder.propose, bug, asked)
    assert "def f(a):\n    return (a * a) % (10**9 + 7)\n" in texts(remainder.propose, bug, asked)
