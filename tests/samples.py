"""A small problem and reports on it."""

from __future__ import annotations

from coderefine.judge.report import CandidateError, CaseResult, TestReport
from coderefine.judge.verdict import Verdict
from coderefine.kinds.function import FUNCTION
from coderefine.problem import typespec
from coderefine.problem.problem import Param, Problem, TestCase

CODE = "def add(a, b):\n    return a - b\n"
FIXED = "def add(a, b):\n    return a + b\n"
DIFF = "The sign was wrong.\n```diff\n@@ -1,2 +1,2 @@\n def add(a, b):\n-    return a - b\n+    return a + b\n```\n"
WRONG_DIFF = DIFF.replace("a - b", "a * b")

PROBLEM = Problem(
    slug="add",
    title="Add",
    statement="Return the sum of two numbers.",
    kind=FUNCTION,
    entry="add",
    visible=(TestCase("small", (1, 2), 3), TestCase("zeros", (0, 0), 0)),
    hidden=(TestCase("hidden-name", (4711, 1), 4712),),
    params=(Param("a", typespec.parse("int")), Param("b", typespec.parse("int"))),
    returns=typespec.parse("int"),
    starter="def add(a, b):\n    ...\n",
)


def case(index=0, verdict=Verdict.WA, args=(1, 2), expected=3, got=-1, **more):
    fields = {"name": f"case-{index}", "answered": verdict in (Verdict.AC, Verdict.WA), **more}
    return CaseResult(index=index, verdict=verdict, args=args, expected=expected, got=got, **fields)


def report(*cases, tests="visible", complete=True):
    return TestReport(problem="add", tests=tests, cases=cases, backend="local", complete=complete)


def error(type="IndexError", message="list index out of range", line=2, frames=()):
    return CandidateError(type, message, line, frames=frames)


FAILING = report(case(0), case(1, Verdict.AC, (0, 0), 0, 0))
