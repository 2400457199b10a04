"""What the judge says of programs of every kind, in both backends."""

import pytest

from coderefine.judge.report import TestReport
from coderefine.judge.verdict import Verdict
from coderefine.problem.problem import Limits
from tests.problems_for_tests import class_problem, function_problem

IDENTITY = function_problem([((5,), 5), ((7,), 7)])


def verdicts(judge, source, problem=IDENTITY, **options):
    return [str(case.verdict) for case in judge.run(problem, source, **options).cases]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f(x): return x", ["AC", "AC"]),
        ("def f(x): return 5", ["AC", "WA"]),
        ("def f(x): pass", ["WA", "WA"]),
        ("def f(x): return 1 // (x - 5)", ["RE", "WA"]),
        ("def g(x): return x", ["RE", "RE"]),
        ("def f(x) return x", ["CE", "CE"]),
        ("raise ValueError('at import')", ["RE", "RE"]),
        ("def f(x):\n    while x == 5: pass\n    return x", ["TLE", "AC"]),
        ("def f(x):\n    return len([0] * 10**9) if x == 5 else x", ["MLE", "AC"]),
        ("def f(x):\n    while x == 5: print('x' * 999)\n    return x", ["OLE", "AC"]),
        ("import os\ndef f(x):\n    if x == 5: os._exit(0)\n    return x", ["RE", "AC"]),
        ("import sys\ndef f(x): sys.exit(0)", ["RE", "RE"]),
        ("while True: pass", ["TLE", "TLE"]),
        ("def f(x): return f(x)", ["RE", "RE"]),
    ],
)
def test_each_case_gets_its_own_verdict(judge, source, expected):
    assert verdicts(judge, source) == expected


def test_a_run_stops_at_the_first_failure_when_asked(judge):
    report = judge.run(IDENTITY, "def f(x): return 0", stop_at_first_failure=True)
    assert report.total == 1
    assert not report.complete
    assert not report.accepted


def test_batches_come_back_in_the_order_they_were_given(judge):
    sources = [f"def f(x): return x if x != {i % 3 + 5} else 0" for i in range(20)]
    reports = list(judge.run_many(IDENTITY, iter(sources)))
    assert [r.passed for r in reports] == [judge.run(IDENTITY, s).passed for s in sources]


def test_a_batch_can_be_left_early(judge):
    def endless():
        while True:
            yield "def f(x): return x"

    reports = judge.run_many(IDENTITY, endless())
    assert next(reports).accepted
    reports.close()
    assert judge.run(IDENTITY, "def f(x): return x").accepted


def test_an_error_says_type_message_line_and_only_the_candidates_frames(judge):
    report = judge.run(IDENTITY, "def g(x):\n    return x['a']\n\ndef f(x):\n    return g(x)\n")
    error = report.cases[0].error
    assert (error.type, error.line) == ("TypeError", 2)
    assert "subscriptable" in error.message
    assert error.frames == ((5, "f"), (2, "g"))


def test_a_compile_error_says_line_and_column(judge):
    error = judge.run(IDENTITY, "def f(x):\n    return (x\n").cases[0].error
    assert (error.type, error.line, error.column) == ("SyntaxError", 2, 12)


def test_what_a_candidate_prints_is_kept_beside_its_answer(judge):
    report = judge.run(IDENTITY, "def f(x):\n    print('seen', x)\n    return x")
    assert report.accepted
    assert [case.output for case in report.cases] == ["seen 5\n", "seen 7\n"]


def test_what_is_printed_belongs_to_the_case_that_printed_it(judge):
    cases = [((number,), number) for number in range(50)]
    report = judge.run(function_problem(cases), "def f(x):\n    if x % 3 == 0:\n        print(x)\n    return x")
    assert [case.output for case in report.cases] == [f"{x}\n" if x % 3 == 0 else "" for x in range(50)]


def test_each_case_is_charged_with_its_own_time(judge):
    cases = [((number,), number) for number in range(40)]
    source = "import time\ndef f(x):\n    end = time.thread_time() + 0.05 * (x == 20)\n    while time.thread_time() < end: pass\n    return x"

    report = judge.run(function_problem(cases), source)
    slow = report.cases[20]
    assert report.accepted
    assert slow.cpu_s > 0.045 and slow.wall_s >= slow.cpu_s - 0.002
    assert sum(case.cpu_s for case in report.cases) - slow.cpu_s < slow.cpu_s


def test_cases_before_a_crash_keep_their_answers_and_cases_after_it_are_run(judge):
    cases = [((number,), number) for number in range(60)]
    source = "import os\ndef f(x):\n    if x in (17, 18, 41): os._exit(1)\n    return x"
    report = judge.run(function_problem(cases), source)
    assert [case.index for case in report.cases if case.verdict != "AC"] == [17, 18, 41]
    assert report.verdict == "RE"


def test_arguments_are_fresh_for_every_case(judge):
    problem = function_problem([(([1],), 1), (([1],), 1)])
    assert judge.run(problem, "def f(x):\n    x.append(2)\n    return len(x) - 1").accepted


def test_the_usual_names_need_no_import(judge):
    source = (
        "class Solution:\n"
        "    @lru_cache(None)\n"
        "    def f(self, x: Optional[int]) -> List[int]:\n"
        "        heap = [x]; heapq.heapify(heap); d = deque([heappop(heap)]); c = Counter(d)\n"
        "        return max(c) if math.inf > x and bisect_left([1], x) and pow(2, 3, 5) == 3 else 0\n"
    )
    assert judge.run(function_problem([((5,), 5)], entry="Solution.f"), source).accepted


@pytest.mark.parametrize(
    ("params", "returns", "source", "args", "expected"),
    [
        (("ListNode",), "ListNode", "def f(h):\n  p=None\n  while h: h.next,p,h=p,h,h.next\n  return p", ([1, 2],), [2, 1]),
        (("ListNode",), "ListNode", "def f(h): return h", ([],), []),
        (("ListNode",), "int", "def f(h): return h.next.val", ([1, 2],), 2),
        (("list[ListNode]",), "list[ListNode]", "def f(hs): return hs[::-1]", ([[1], [], [2, 3]],), [[2, 3], [], [1]]),
        (("TreeNode | None",), "TreeNode", "def f(t):\n  t.left,t.right=t.right,t.left\n  return t", ([1, 2, 3],), [1, 3, 2]),
        (("TreeNode",), "int", "def f(t): return t.right.left.val", ([1, None, 2, 3],), 3),
        (("TreeNode",), "TreeNode", "def f(t): return t", ([1, None, 2, 3],), [1, None, 2, 3]),
        (("NaryNode",), "NaryNode", "def f(t):\n  t.children.append(Node(7, [Node(8)]))\n  return t", ([1, None, 3, 2, None, 5],), [1, None, 3, 2, 7, None, 5, None, None, 8]),
        (("NaryNode | None",), "NaryNode", "def f(t): return t", ([],), []),
        (("RandomNode",), "RandomNode", "def f(h):\n  a = Node(h.next.val, None)\n  return Node(h.val, a, a)", ([[7, None], [9, 0]],), [[7, 1], [9, None]]),
        (("RandomNode",), "int", "def f(h): return h.next.random.val", ([[7, None], [9, 0]],), 7),
        (("GraphNode",), "GraphNode", "def f(g):\n  n = Node(1)\n  n.neighbors = [Node(it.val, [n]) for it in g.neighbors]\n  return n", ([[2, 3], [1], [1]],), [[2, 3], [1], [1]]),
    ],
)  # fmt: skip
def test_lists_and_trees_are_built_and_flattened(judge, params, returns, source, args, expected):
    assert judge.run(function_problem([(args, expected)], params=params, returns=returns), source).accepted


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("def f(h):\n  h.next = h\n  return h", "circle"),
        ("def f(h): return [1]", "list where a ListNode"),
        ("def f(h):\n  class N: pass\n  return N()", "N where a ListNode"),
    ],
)
def test_an_answer_that_is_no_list_is_wrong_and_says_why(judge, source, reason):
    report = judge.run(function_problem([(([1],), [1])], params=("ListNode",), returns="ListNode"), source)
    assert report.verdict is Verdict.WA
    assert reason in report.cases[0].reason


@pytest.mark.parametrize(("kind", "value"), [("RandomNode", [[1, 0]]), ("GraphNode", [[]])])
def test_what_is_to_be_copied_is_not_its_copy(judge, kind, value):
    problem = function_problem([((value,), value)], params=(kind,), returns=kind)
    assert "nodes of the argument" in judge.run(problem, "def f(it): return it").cases[0].reason


def test_an_argument_changed_in_place_is_the_answer(judge):
    problem = function_problem([(([3, 1],), [1, 3])], answer="p0")
    assert judge.run(problem, "def f(x): x.sort()").accepted
    assert judge.run(problem, "def f(x): return sorted(x)").verdict is Verdict.WA


def test_the_returned_length_cuts_the_argument_changed_in_place(judge):
    problem = function_problem([(([1, 1, 2],), [1, 2])], answer="p0[:return]")
    assert judge.run(problem, "def f(x):\n    x[:2] = [1, 2]\n    return 2").accepted
    assert judge.run(problem, "def f(x):\n    x[:2] = [1, 2]\n    return 3").verdict is Verdict.WA


def test_a_class_is_constructed_and_its_operations_called_in_order(judge):
    problem = class_problem(["Box", "put", "get"], [[2], [7], []], [None, None, 9])
    source = "class Box:\n    def __init__(self, n): self.n = n\n    def put(self, x): self.n += x\n    def get(self): return self.n"
    assert judge.run(problem, source).accepted
    assert judge.run(problem, source.replace("+=", "-=")).verdict is Verdict.WA


CHECKER = "def check(args, expected, got):\n    return True if got in args[0] else 'not a member'"


def test_a_checker_decides_where_several_answers_are_right(judge):
    problem = function_problem([(([1, 2],), 0), (([3],), 0)], checker=CHECKER)
    assert judge.run(problem, "def f(x): return x[-1]").accepted
    report = judge.run(problem, "def f(x): return 3")
    assert [str(case.verdict) for case in report.cases] == ["WA", "AC"]
    assert report.cases[0].reason == "not a member"


def test_a_checker_that_raises_refuses_the_answer(judge):
    problem = function_problem([(([1],), 0)], checker="def check(a, e, g): return g + 1 > 0")
    report = judge.run(problem, "def f(x): return None")
    assert report.verdict is Verdict.WA
    assert "checker raised TypeError" in report.cases[0].reason


def test_a_candidate_cannot_reach_the_checkers_process(judge):
    source = "import builtins\nbuiltins.sorted = lambda x: []\ndef f(x): return 'forged'"
    problem = function_problem([(([1],), 0)], checker="def check(a, e, g): return sorted(a) == [] or g == 1")
    assert judge.run(problem, source).verdict is Verdict.WA


def test_limits_of_memory_are_the_problems_own(judge):
    source = "def f(x): return len(bytearray(300 << 20)) and x"
    small = function_problem([((5,), 5)], limits=Limits(memory_mib=128))
    large = function_problem([((5,), 5)], limits=Limits(memory_mib=700))
    assert judge.run(small, source).verdict is Verdict.MLE
    assert judge.run(large, source).accepted


@pytest.mark.parametrize("size", [60 << 20, 0])
def test_the_peak_of_memory_is_the_candidates_own(judge, size):
    checker = f"def check(a, e, g): return len(bytearray({(60 << 20) - size})) >= 0"
    problem = function_problem([((5,), 5)], checker=checker)
    peak = judge.run(problem, f"def f(x): return len(bytearray({size})) and x").peak_memory_mib
    assert (peak > 60) is (size > 0)


def test_the_same_candidate_gets_the_same_answers_in_every_sandbox(judge):
    source = "def f(x): return [hash('a'), random.random(), list({'a', 'b', 'c', 'd', 'e'})]"
    problem = function_problem([((5,), None)])
    answers = {repr(report.cases[0].got) for report in judge.run_many(problem, [source] * 8)}
    assert len(answers) == 1


def test_a_report_survives_json(judge):
    report = judge.run(function_problem([(((1, 2),), {3}), ((0,), 0)]), "def f(x): return {1 // x[0] + 2}")
    assert TestReport.from_json(report.to_json()) == report


def test_a_large_argument_and_a_large_answer_pass(judge):
    numbers = list(range(200_000))
    limits = Limits(time_s=5)
    assert judge.run(
        function_problem([((numbers,), numbers[::-1])], limits=limits), "def f(x): return x[::-1]"
    ).accepted
