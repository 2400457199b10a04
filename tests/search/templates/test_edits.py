"""Single edits by template."""

import ast

import pytest

from coderefine.search import proposals, templates
from coderefine.search.facts.edits import apply
from coderefine.search.facts.program import Program
from coderefine.search.facts.tree import parse
from coderefine.search.localize import CRASH
from coderefine.search.table import TABLE
from coderefine.search.templates import grouping, index
from tests.search.asking import evidence, mutated, texts

PROGRAM = '''\
class Solution:
    """Grüße."""

    def f(self, nums: list[int], k: int) -> int:
        best, seen = float("-inf"), []
        for i in range(1, len(nums) - 1):  # a comment
            é = "ü"; best = max(best, nums[i] * k)
            if nums[i] < k and not seen:
                seen.append((nums[i], é))
                continue
            elif best == 0:
                best += sum(nums[i:k])
        while k > 0:
            k -= 1
            nums.pop()
        self.f(nums, k - 1)
'''


def afters(source):
    return [it.text for it in mutated(source)]


def base_of(source):
    return proposals.base(Program(source), evidence())


CASES = [
    ("for i in range(n):\n    f(i)", "for i in range(n + 1):\n    f(i)"),
    ("for i in range(n - 1):\n    f(i)", "for i in range(n):\n    f(i)"),
    ("x = a[i]", "x = a[i - 1]"),
    ("x = a[i if b else j]", "x = a[(i if b else j) + 1]"),
    ("x = (a) < (b)", "x = (a) <= (b)"),
    ("x = a not  in b", "x = a in b"),
    ("x = a is not b", "x = a is b"),
    ("x = 'é' + a - b", "x = 'é' + a + b"),
    ("x = a // b", "x = a % b"),
    ("x += a", "x -= a"),
    ("for a in b:\n    x = a", "for a in b:\n    x += a"),
    ("x = float('inf')", 'x = float("-inf")'),
    ("x = -a", "x = a"),
    ("x = True", "x = False"),
    ("x = 3", "x = 4"),
    ("x = []", "x = {}"),
    ("a = b = 1\nx = a", "a = b = 1\nx = b"),
    ("x = f(a, b)", "x = f(b, a)"),
    ("x = f(a, b)", "x = f(a)"),
    ("x = a and b", "x = a or b"),
    ("x = a and b", "x = b"),
    ("if a:\n    f()", "if not (a):\n    f()"),
    ("x = a[i:j]", "x = a[i::j]"),
    ("x = a[i:j]", "x = a[:j]"),
    ("x = f(a)[0]", "x = f(a)"),
    ("x = max(a)", "x = min(a)"),
    ("x = sorted(a)", "x = a"),
    ("x = a", "x = sorted(a)"),
    ("x = a.pop()", "x = a.pop(0)"),
    ("x = t.left", "x = t.right"),
    ("def f(a):\n    g(a)", "def f(a):\n    return g(a)"),
    ("def f(a):\n    b = a\n", "def f(a):\n    b = a\n    return b\n"),
    ("a = 1\nb = 2\n", "b = 2\n"),
    ("if a:\n    b()\n", "if a:\n    pass\n"),
    ("a(x)\nb(x)  # why", "b(x)\na(x)  # why"),
    ("for a in b:\n    c()\n    d()\n", "for a in b:\n    c()\nd()\n"),
    ("for a in b:\n    if a:\n        c()\ne()\n", "for a in b:\n    if a:\n        c()\n        e()\n"),
    ("while a:\n    break", "while a:\n    continue"),
    ("x = a[i] - b[i]", "x = b[i] - a[i]"),
    ("for i in range(n):\n    c[i] = c[j] + i", "for j in range(n):\n    c[j] = c[i] + j"),
    ("f(a.pop(0), b.pop(0), c)", "f(a.pop(), b.pop(), c)"),
    ("x = a < b < c", "x = a < b"),
    ("x = a - b * c", "x = (a - b) * c"),
    ("x = (a - b) * c", "x = a - b * c"),
    ("x = a - b * c / d", "x = (a - b) * c / d"),
    ("x = a + (b if c else d)", "x = a + b if c else d"),
    ("x = a + b if c else d", "x = a + (b if c else d)"),
    ("x = a if c else b + d", "x = (a if c else b) + d"),
    ("x = a and b or c", "x = a and (b or c)"),
    ("x = not a and b", "x = not (a and b)"),
    ("x = f(a - b)", "x = f(a) - b"),
    ("x = f(a, b) + c * d", "x = f(a, b + c) * d"),
    ("x = a[i] - 1", "x = a[i - 1]"),
    ("x = a and b and c", "x = a and c"),
    ("heappush(h, (a, b))", "heappush(h, (-a, b))"),
    ("x = a[-1]", "x = a[0]"),
    ("x = -1", "x = -2"),
    ("x = 0", 'x = float("inf")'),
    ("x = defaultdict(int)", "x = defaultdict(list)"),
    ("x = 'inf'", 'x = float("inf")'),
    ("a = b\nx = 'a'", "a = b\nx = a"),
    ("x = f(a, b, c)", "x = f(a, c)"),
    ("x = max(a, key=len)", "x = max(a)"),
    ("x.sort(key=f)", "x.sort(key=f, reverse=True)"),
    ("x = a.find(b)", "x = a.rfind(b)"),
    ("x = a[i][j]", "x = a[j][i]"),
    ("x = len(a[0]), len(a)", "x = len(a[0]), len(a[0])"),
    ("b = a[i]\nx = i", "b = a[i]\nx = a[i]"),
    ("x = a[i]", "x = i"),
    ("for i in n - 1:\n    f(i)", "for i in range(n - 1):\n    f(i)"),
    ("def f(n):\n    for i in range(n):\n        n += 1", "def f(n):\n    for i in range(n):\n        i += 1"),
    ("self.a = self.b = 0", "self.a = self.a = 0"),
    ("x == 1", "x = 1"),
    ("x + 1", "x += 1"),
    ("x =- 1", "x -= 1"),
    ("x = a == 0", "x = a"),
    ("x = a.sort(key=k)", "x = sorted(a, key=k)"),
    ("x = a.append(b)", "a.append(b)"),
    ("max(x, y)", "x = max(x, y)"),
    ("x.replace(a, b)", "x = x.replace(a, b)"),
    ("x.pop", "x.pop()"),
    ("if a:\n    b()\nc()\n", "b()\nc()\n"),
    ("if a:\n    b()\nelse:\n    c()\n", "if a:\n    b()\nc()\n"),
    ("if a:\n    b()\n    c()\n", "if a:\n    b()\nelse:\n    c()\n"),
    ("if a:\n    b()\nc()\nd()\n", "if a:\n    b()\nelse:\n    c()\nd()\n"),
    ("if a:\n    b()\nif c:\n    d()\n", "if a:\n    b()\nelif c:\n    d()\n"),
    ("for a in b:\n    c()\n    d()\n    e()\n", "for a in b:\n    c()\nd()\ne()\n"),
    ("for a in b:\n    c = 0\n    c += a\n", "c = 0\nfor a in b:\n    c += a\n"),
    ("c = 0\nfor a in b:\n    c += a\n", "for a in b:\n    c = 0\n    c += a\n"),
    ("while i < n:\n    f(a[i])", "while i < n:\n    f(a[i])\n    i += 1"),
    ("while t.val and t:\n    f(t)", "while t.val and t:\n    f(t)\n    t = t.next"),
    ("for a in b:\n    if a:\n        c = a", "for a in b:\n    if a:\n        c = a\n        break"),
    ("def f(a: list):\n    return a[0]", "def f(a: list):\n    a.sort()\n    return a[0]"),
    ("while s[-1] > x:\n    s.pop()", "while s and s[-1] > x:\n    s.pop()"),
    ("while a[i] == b:\n    i += 1", "while i < len(a) and a[i] == b:\n    i += 1"),
    ("while t.next and x or y:\n    f()", "while t and (t.next and x or y):\n    f()"),
    (
        "s = set()\nfor x in a:\n    if x in s:\n        f()",
        "s = set()\nfor x in a:\n    if x in s:\n        f()\n    s.add(x)",
    ),
    ("x = [0] * n", "x = [0] * (n + 1)"),
    ("def f(k):\n    d[k] = g(a) + b\n    return g(a) - b", "def f(k):\n    d[k] = g(a) - b\n    return g(a) - b"),
    ("a.x = a.y = b.x", "a.x = a.y = b.y"),
    ("def f():\n    d = [0]\n    return d", "def f():\n    d = [0]\n    return d[-1]"),
    ("x = a % b", "x = a + b"),
    ("for i in a:\n    b += a[i]", "for i in a:\n    b += i"),
    ("for i in a:\n    b += a[i]", "for i in range(len(a)):\n    b += a[i]"),
    ("b.append(a)", "b.append(-1)"),
    (
        "def f(a):\n    if a:\n        return False\n    return 'oops'",
        "def f(a):\n    if a:\n        return False\n    return True",
    ),
    ("x = a // b", "x = a + b"),
    ("x = 0\nfor y in z:\n    x = max(x, y)", "x = z[0]\nfor y in z:\n    x = max(x, y)"),
    (
        "if a:\n    return 1\nif b:\n    return 2\nif c:\n    return 3\n",
        "if c:\n    return 3\nif a:\n    return 1\nif b:\n    return 2\n",
    ),
    (
        "if a:\n    x = 1\nelif b:\n    x = 2\nelse:\n    x = 3\n",
        "if b:\n    x = 2\nelif a:\n    x = 1\nelse:\n    x = 3\n",
    ),
    ("x = +a", "x = -a"),
    ("class S:\n    def f(self, a):\n        return S.pop()", "class S:\n    def f(self, a):\n        return a.pop()"),
    ("from itertools import groupby\na = a(b)", "from itertools import groupby\na = groupby(b)"),
    ("def f(a):\n    return heapq", "def f(a):\n    return a"),
    ("def f(a, b):\n    return b + len", "def f(a, b):\n    return b + a"),
    ("def f(a, b):\n    List[a] = b", "def f(a, b):\n    b[a] = b"),
    ("def f(a, b):\n    return b or f", "def f(a, b):\n    return b or a"),
    ("def f(a):\n    return f(a - 1) + math(a)", "def f(a):\n    return f(a - 1) + f(a)"),
    ("def f(a):\n    return f(a - 1) + a(a)", "def f(a):\n    return f(a - 1) + f(a)"),
    ("def f(a):\n    n = 0\n    for x in a:\n        pass", "def f(a):\n    n = 0\n    for x in a:\n        n += 1"),
    (
        "def f(a):\n    b = []\n    for x in a:\n        pass\n    return b",
        "def f(a):\n    b = []\n    for x in a:\n        b.append(x)\n    return b",
    ),
    (
        "def f(a, p):\n    p.append(a)\n    f(a - 1, p)\n    pass",
        "def f(a, p):\n    p.append(a)\n    f(a - 1, p)\n    p.pop()",
    ),
    (
        "def f(a):\n    b = {}\n    for i, x in enumerate(a):\n        pass",
        "def f(a):\n    b = {}\n    for i, x in enumerate(a):\n        b[x] = i",
    ),
    (
        "def f(n, q):\n    if q:\n        n = n.left\n    else:\n        pass",
        "def f(n, q):\n    if q:\n        n = n.left\n    else:\n        n = n.right",
    ),
    ("def f(a):\n    g(a)\n\ndef h(b):\n    pass", "def f(a):\n    g(a)\n\ndef h(b):\n    g(a)"),
    ("def f(t):\n    while t.next:\n        pass", "def f(t):\n    while t.next:\n        t = t.next"),
    ("if x < a[i + 1]:\n    f(a[i])", "if x < a[i]:\n    f(a[i])"),
    ("if a <= b:\n    return 1\nif a > b:\n    return 2\nf()", "if a < b:\n    return 1\nif a > b:\n    return 2\nf()"),
    ("d[k] = a", "d[k] = -1"),
    ("while i < n:\n    f(i)\n    i = 2", "while i < n:\n    f(i)\n    i += 2"),
]


@pytest.mark.parametrize(("before", "after"), CASES)
def test_a_template_makes_this_edit(before, after):
    assert after in afters(before)


def test_nearly_every_result_parses():
    results = [parse(after) for after in afters(PROGRAM)]
    trees = [tree for tree in results if not isinstance(tree, SyntaxError)]
    assert len({ast.dump(tree) for tree in trees}) > 200
    assert len(trees) > 0.98 * len(results)


@pytest.mark.parametrize("text", ["x = (a - b) - c", "x = f(a * b) * c", "x = a and b and c", "x = (a)"])
def test_brackets_that_change_nothing_are_no_edit(text):
    meant = ast.dump(ast.parse(text))
    assert all(ast.dump(ast.parse(after)) != meant for after in texts(grouping.propose, text))


def test_edits_are_combined_where_they_do_not_meet():
    base = base_of("x = a < b\ny = c - d\n")
    first = next(it.change.edits for it, _ in base.mutations({}) if "`a < b` to `a <= b`" in it.note)
    both = [apply(base.program.text, (*first, *it.change.edits)) for it, _ in base.mutations({}, first)]
    assert "x = a <= b\ny = c + d\n" in both
    assert all(text.startswith("x = a <= b\n") for text in both if "y = c - d" not in text)
    assert apply(base.program.text, first) not in both


def test_every_template_has_something_to_say():
    programs = [PROGRAM, *(before for before, _ in CASES)]
    notes = [note for program in programs for _, note, _ in mutated(program)]
    names = {operator.name for operator in TABLE if operator.propose.__module__.startswith(templates.__name__)}
    assert names - {operator.name for operator in TABLE if operator.symptom} <= {note.split(":")[0] for note in notes}


def test_notes_name_the_template_the_edit_and_the_line():
    notes = [note for _, note, _ in mutated("for i in range(n):\n    f(i)")]
    assert "bound: `n` to `n + 1` in line 1" in notes


def test_patches_come_in_order_of_their_priors_the_same_ones_twice():
    priors = [prior for _, _, prior in mutated(PROGRAM)]
    assert priors == sorted(priors, reverse=True)
    assert mutated(PROGRAM) == mutated(PROGRAM)


def test_suspicious_lines_come_first():
    _, note, _ = mutated("a = b < c\nx = a[i]\n", {2: CRASH, 1: 0.1})[0]
    assert "line 2" in note


@pytest.mark.parametrize(
    "source",
    [
        "def f(a, k):\n    a.sort(key=len)\n    return sorted(map(str, a), key=k), math.pi * k, math.inf\n",
        "def f(a, k):\n    return f(a, k - 1) + sum(dict.fromkeys(a)) + a.index(k)\n",
        "class N:\n    def __init__(self, k: int) -> None:\n        self.k = k if isinstance(k, int) else N(k)\n",
    ],
)
def test_functions_that_may_stand_where_they_do_are_hardly_touched(source):
    assert max([prior for _, note, prior in mutated(source) if note.startswith("misplaced")], default=0) < 0.1


@pytest.mark.parametrize(
    ("source", "repaired"),
    [
        ("x = y * 1", "x = y + 1"),
        ("x = y // 1", "x = y + 1"),
        ("for y in z:\n    x //= 1", "for y in z:\n    x += 1"),
    ],
)
def test_an_operation_that_does_nothing_is_a_likely_bug(source, repaired):
    assert repaired in afters(source)[:2]


def test_annotations_stay_as_they_are():
    assert all("nums: list[int], k: int) -> int" in after for after in afters(PROGRAM) if "def f" in after)


@pytest.mark.parametrize(
    "source",
    [
        "x = (\n",
        "",
        "\x00",
        "x = " + "+".join("1" * 5000),
        "x = [" + "a, " * 5000 + "]",
        "if x: a = 1; b = 2\r\nc = 3\r\n",
    ],
)
def test_odd_programs_raise_nothing(source):
    assert all(isinstance(after, str) for after in afters(source))


def test_two_lists_are_added_rather_than_anything_else():
    prior = {after: prior for after, _, prior in mutated("a = [1]\nb = [2]\nc = a - b\n")}
    of_lists = "a = [1]\nb = [2]\nc = {}\n"
    assert prior[of_lists.format("a + b")] > max(prior[of_lists.format(it)] for it in ("a * b", "a", "b"))


def test_the_order_of_words_is_hardly_meant():
    priors = {note: prior for _, note, prior in mutated('x = a == "yes"\ny = a == "z"\n')}
    word = priors['compare: `a == "yes"` to `a <= "yes"` in line 1']
    assert word < priors['compare: `a == "z"` to `a <= "z"` in line 2']
    assert word < priors['compare: `a == "yes"` to `a != "yes"` in line 1']


def test_what_is_taken_first_or_last_may_be_the_other():
    assert "d.popitem(last=False)\n" in [it.text for it in mutated("d.popitem()\n")]
    assert "d.popitem()\n" in [it.text for it in mutated("d.popitem(last=False)\n")]


def test_the_end_of_a_list_that_all_other_uses_take_is_the_likeliest():
    odd = "x = s.low[-1]\ny = t.low[0]\nif x == s.low[0]:\n    x = s.low[-1]\n"
    assert texts(index.propose, odd)[:1] == [odd.replace("s.low[0]", "s.low[-1]")]
    for sound in ("a[0] + a[-1]", "a[0] + a[-1] + a[0] + a[-1]", "a[0] + b[-1] + b[-1]"):
        assert not texts(index.propose, sound)
