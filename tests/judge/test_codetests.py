"""Tests that are code: what works through the proxy, and what a candidate cannot gain by it, in both backends."""

from dataclasses import replace

import pytest

from coderefine.judge.verdict import Verdict
from coderefine.kinds.class_ import CLASS
from coderefine.kinds.function import FUNCTION
from coderefine.problem.problem import Limits, Param, Problem, TestCase
from coderefine.problem.typespec import parse

INT = parse("int")
SHORT = Limits(time_s=0.5, memory_mib=128)


def problem(*codes, entry="f", kind=FUNCTION, limits=SHORT, **fields):
    tests = tuple(TestCase(f"code {i}", code=code) for i, code in enumerate(codes))
    return Problem("coded", "Coded", "Do it.", kind, entry, tests, limits=limits, **fields)


WORKS = {
    "arguments by position and by name": (
        "def f(a, b=1, *rest, **more): return [a, b, list(rest), more]",
        "assert candidate(1, 2, 3, k=4) == [1, 2, [3], {'k': 4}]",
    ),
    "the entry point by its own name": ("def f(x): return x + 1", "assert f(1) == 2"),
    "a HumanEval-style check": (
        "def f(x): return x + 1",
        "def check(candidate):\n    for i in range(50):\n        assert candidate(i) == i + 1\n\ncheck(candidate)",
    ),
    "a list changed in place": ("def f(a): a.sort()", "x = [3, 1]\ncandidate(x)\nassert x == [1, 3]"),
    "a nested list changed in place": (
        "def f(a): a[0].append(9)",
        "inner = []\nouter = [inner]\ncandidate(outer)\nassert inner == [9] and outer[0] is inner",
    ),
    "a dict and a set changed in place": (
        "def f(d, s): d['k'] = 1; s.add(2)",
        "d, s = {}, set()\ncandidate(d, s)\nassert (d, s) == ({'k': 1}, {2})",
    ),
    "the identity of what is passed through": ("def f(a): return a", "x = [1]\nassert candidate(x) is x"),
    "a builtin exception": (
        "def f(x): raise ValueError('no')",
        "try:\n    candidate(1)\nexcept ValueError as error:\n    assert str(error) == 'no'\nelse:\n    assert False",
    ),
    "an exception of the candidate's own": (
        "class Odd(Exception): pass\ndef f(x): raise Odd('no')",
        "try:\n    candidate(1)\nexcept Exception as error:\n    assert type(error).__name__ == 'Odd'",
    ),
    "a generator": ("def f(n):\n    yield from range(n)", "assert list(candidate(3)) == [0, 1, 2]"),
    "an endless generator": (
        "def f():\n    n = 0\n    while True:\n        yield n\n        n += 1",
        "g = candidate()\nassert [next(g) for _ in range(3)] == [0, 1, 2]",
    ),
    "a tuple, a set and a frozenset": (
        "def f(x): return x, {1}, frozenset([2])",
        "a, b, c = candidate((1, 2))\nassert (type(a), type(b), type(c)) == (tuple, set, frozenset) and a == (1, 2)",
    ),
    "a linked list": (
        "def f(h):\n    p = None\n    while h: h.next, p, h = p, h, h.next\n    return p",
        "h = ListNode(1, ListNode(2))\nr = candidate(h)\nassert r.val == 2 and r.next is h and h.next is None",
    ),
    "a linked list of 20,000 nodes": (
        "def f(h): return h",
        "h = None\nfor i in range(20000): h = ListNode(i, h)\nr = candidate(h)\nassert r is h",
    ),
    "a list that runs in a circle": (
        "def f(h): return h.next.next is h",
        "h = ListNode(1, ListNode(2))\nh.next.next = h\nassert candidate(h)",
    ),
    "a tree": (
        "def f(t): t.left, t.right = t.right, t.left; return t",
        "t = TreeNode(1, TreeNode(2), None)\nassert candidate(t).right.val == 2 and t.left is None",
    ),
    "nodes of a class of the test's own": (
        "def f(n): n.kids[0].name += '!'; return n.kids",
        "class Node:\n    def __init__(self, name, kids): self.name, self.kids = name, kids\n"
        "n = Node('a', [Node('b', [])])\nkids = candidate(n)\nassert kids is n.kids and n.kids[0].name == 'b!'",
    ),
    "big numbers and odd floats": (
        "def f(x): return [10 ** 5000, float('inf'), x]",
        "a, b, c = candidate(-0.0)\nassert a == 10 ** 5000 and b == float('inf') and str(c) == '-0.0'",
    ),
    "what the candidate prints": ("def f(x):\n    print('hello')\n    return x", "assert candidate(1) == 1"),
}  # fmt: skip


@pytest.mark.parametrize("what", WORKS)
def test_through_the_proxy_works(judge, what):
    source, code = WORKS[what]
    report = judge.run(problem(code, limits=Limits(time_s=2.0)), source)
    assert report.accepted, report.cases[0]


SOLUTION = "class Solution:\n    def f(self, x): return x + 1\n    def g(self): return 7\n"


@pytest.mark.parametrize(
    "code",
    [
        "assert candidate(1) == 2",
        "assert Solution().f(1) == 2",
        "s = Solution()\nassert (s.f(x=1), s.g()) == (2, 7)",
        "from math import gcd\nassert gcd(4, 6) == 2 == candidate(1)",
    ],
)
def test_a_method_is_reached_as_candidate_and_by_its_class(judge, code):
    assert judge.run(problem(code, entry="Solution.f"), SOLUTION).accepted


def test_a_class_is_used_by_the_test_as_it_stands(judge):
    source = "class Box:\n    def __init__(self, n): self.n = n\n    def add(self, k): self.n += k; return self\n    def get(self): return self.n"
    code = "b = Box(3)\nassert b.add(4).get() == 7\nassert candidate(1).get() == 1"
    assert judge.run(problem(code, entry="Box", kind=CLASS), source).accepted


def test_the_prelude_runs_on_both_sides(judge):
    prelude = "class Point:\n    def __init__(self, x): self.x = x\ndef same(a, b): return a.x == b.x\n"
    source = "def f(p): return Point(p.x + 1)"
    assert judge.run(problem("assert same(candidate(Point(1)), Point(2))", prelude=prelude), source).accepted


def test_value_tests_and_code_tests_stand_side_by_side_in_order(judge):
    mixed = problem("assert candidate(1) == 2", "assert candidate(2) == 4")
    tests = (mixed.visible[0], TestCase("value", (3,), 6), mixed.visible[1])
    mixed = Problem("m", "M", "", FUNCTION, "f", tests, params=(), limits=SHORT)
    report = judge.run(mixed, "def f(x): return 2 * x")
    assert [case.name for case in report.cases] == ["code 0", "value", "code 1"]


@pytest.mark.parametrize(
    ("source", "verdicts"),
    [
        ("def f(x): return x", ["AC", "WA"]),
        ("def f(x): return 1 // (x - 1)", ["RE", "WA"]),
        ("def f(x):\n    while x == 1: pass\n    return 5", ["TLE", "AC"]),
        ("def f(x):\n    return len([0] * 10**9) if x == 1 else 5", ["MLE", "AC"]),
        ("import os\ndef f(x):\n    if x == 1: os._exit(0)\n    return 5", ["RE", "AC"]),
        ("def f(x) return x", ["CE", "CE"]),
        ("def g(x): return x", ["RE", "RE"]),
        ("1 / 0", ["RE", "RE"]),
    ],
)
def test_each_code_test_gets_its_own_verdict(judge, source, verdicts):
    report = judge.run(problem("assert candidate(1) == 1", "assert candidate(2) == 5"), source)
    assert [str(case.verdict) for case in report.cases] == verdicts


def test_a_failed_assertion_says_where_and_what(judge):
    case = judge.run(problem("x = candidate(1)\nassert x == 2, 'too small'"), "def f(x): return x").cases[0]
    assert (case.verdict, case.reason) == (Verdict.WA, "AssertionError in line 2 of the test: too small")


@pytest.mark.parametrize(
    ("test", "reason"),
    [
        ("assert candidate([1]) == [2]", "got [1], expected [2]"),
        ("x = candidate({1: 'a'})\nassert (x ==\n  {})", "line 2 of the test: got {1: 'a'}, expected {}"),
        (
            "def check():\n    assert candidate(2) == 3\nassert candidate(1) == 1\ncheck()",
            "line 2 of the test: got 2, expected 3",
        ),
        ("assert candidate(1) == 1\nassert candidate(2) > 3", "AssertionError in line 2 of the test"),
        ("assert candidate(1) == 2, 'no'", "AssertionError in line 1 of the test: no"),
        ("assert P() == 1", "AssertionError in line 1 of the test"),  # of the program, which is asked nothing more
    ],
)
def test_a_comparison_that_fails_says_what_it_compared(judge, test, reason):
    (case,) = judge.run(problem(test), "def f(x): return x\nclass P:\n    def __repr__(self): return 'got 1'\n").cases
    assert (case.verdict, case.reason) == (Verdict.WA, reason)


def test_an_error_of_the_candidate_keeps_its_line(judge):
    case = judge.run(problem("candidate(1)"), "def f(x):\n    return x['a']\n").cases[0]
    assert (case.verdict, case.error.type, case.error.line) == (Verdict.RE, "TypeError", 2)


FORGERIES = {
    "an object that equals everything": "class L:\n    def __eq__(s, o): return True\n    def __bool__(s): return True\ndef f(x): return L()",
    "an int that equals everything": "class L(int):\n    def __eq__(s, o): return True\n    __hash__ = int.__hash__\ndef f(x): return L(1)",
    "an object named as a class of the test": "class Expected:\n    def __eq__(s, o): return True\ndef f(x): return Expected()",
    "looking for the test": """
import sys, gc
def found(value):
    start = ''.join(['nee', 'dle-'])
    return isinstance(value, str) and start in value and len(value) < 99
def f(x):
    frame = sys._getframe()
    while frame:
        for value in list(frame.f_locals.values()) + list(frame.f_globals.values()):
            if found(value): return value
        frame = frame.f_back
    for thing in gc.get_objects():
        for value in list(thing.values()) if isinstance(thing, dict) else thing if isinstance(thing, (list, tuple)) else ():
            if found(value): return value
""",
    "patching what asserts": "import builtins\nbuiltins.AssertionError = ValueError\nbuiltins.len = lambda x: 0\ndef f(x): return 0",
    "exiting": "import os\ndef f(x): os._exit(0)",
    "raising SystemExit": "def f(x): raise SystemExit(0)",
    "ending the test's iteration": "def f(x): raise StopIteration",
    "claiming success on the channel": "import os, struct\ndef f(x):\n    for fd in range(64):\n        try: os.write(fd, struct.pack('>8sI', b'0'*8, 10) + b'[\"passed\"]')\n        except OSError: pass",
    "a heap that names the test's own objects": "def f(x): return type('Solution', (), {})()",
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forgery_does_not_pass(judge, forgery):
    code = "class Expected: pass\nanswer = candidate('x')\nassert answer == 'needle-4711'"
    report = judge.run(problem(code), FORGERIES[forgery])
    assert report.verdict not in (Verdict.AC, Verdict.JE)
    assert judge.run(problem("assert candidate(1) == 1"), "def f(x): return x").accepted


def test_a_wrong_test_fails_a_right_candidate(judge):
    """A canary: the judge must be able to say no."""
    assert judge.run(problem("assert candidate(1) == 2"), "def f(x): return x").verdict is Verdict.WA


def test_a_test_that_does_not_end_is_no_pass(judge):
    report = judge.run(problem("import os\nos._exit(0)"), "def f(x): return x")
    assert report.verdict is Verdict.WA
    assert "did not end" in report.cases[0].reason


@pytest.mark.parametrize(("codes", "last"), [((0, 4), "code 0"), ((6, 4), "value")])
def test_the_failure_that_stops_a_run_is_the_first_of_all_kinds_of_tests(judge, codes, last):
    before, after = (TestCase(f"code {at}", code=f"assert candidate(5) == {it}") for at, it in enumerate(codes))
    made = replace(problem("pass"), visible=(before, TestCase("value", (5,), 0), after), params=(Param("x", INT),))
    report = judge.run(made, "def f(x): return x + 1", stop_at_first_failure=True)
    assert report.cases[-1].name == last
    assert [case.name for case in report.failures] == [last]


def test_a_run_stops_at_the_first_failing_code_test(judge):
    report = judge.run(
        problem("assert candidate(1) == 2", "assert candidate(1) == 1"),
        "def f(x): return x",
        stop_at_first_failure=True,
    )
    assert (report.total, report.complete) == (1, False)
