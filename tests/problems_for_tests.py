"""Small problems made in memory, so that a test shows all that matters to it."""

from coderefine.kinds.class_ import CLASS
from coderefine.kinds.function import FUNCTION
from coderefine.kinds.objective import OBJECTIVE
from coderefine.kinds.pytest import PYTEST
from coderefine.problem.compare import Compare
from coderefine.problem.evaluation import Evaluation, Metric
from coderefine.problem.problem import Limits, Param, Problem, TestCase
from coderefine.problem.suite import ProjectFile, Suite
from coderefine.problem.typespec import parse


class Unhurried(Limits):
    """Limits of CPU time and memory alone: however busy the machine is, the wall clock decides nothing."""

    wall_s = 60.0


SHORT = Limits(time_s=0.3, memory_mib=128, output_kib=64)
SUITE = Limits(time_s=3.0, memory_mib=256, output_kib=64)


def function_problem(cases, *, entry="f", params=("Any",), returns="Any", limits=SHORT, **fields):
    """A problem `f(x)`; `cases` are (args, expected) pairs, all visible."""
    compare = fields.pop("compare", "exact")
    checker = fields.pop("checker", "")
    return Problem(
        slug="made-up",
        title="Made up",
        statement="Compute it.",
        kind=FUNCTION,
        entry=entry,
        visible=tuple(TestCase(f"case {i}", tuple(args), expected) for i, (args, expected) in enumerate(cases)),
        params=tuple(Param(f"p{i}", parse(text)) for i, text in enumerate(params)),
        returns=parse(returns),
        compare=Compare("checker", checker=checker) if checker else Compare.parse(compare),
        limits=limits,
        **fields,
    )


def class_problem(operations, arguments, expected, *, entry="Box"):
    """A class problem with one test."""
    return Problem(
        slug="made-up-class",
        title="Made up",
        statement="Build it.",
        kind=CLASS,
        entry=entry,
        visible=(TestCase("case", (operations, arguments), expected),),
        limits=SHORT,
    )


def suite_problem(tests, *, hidden=(), files=(), hidden_files=(), limits=SUITE, solution="solution.py", **fields):
    """A pytest problem; `tests` and `hidden` are texts by path, or one text for `tests/test_it.py`."""
    tests = {"tests/test_it.py": tests} if isinstance(tests, str) else tests
    return Problem(
        slug="made-up-suite",
        title="Made up",
        statement="Make the tests pass.",
        kind=PYTEST,
        entry="",
        visible=tuple(TestCase(path, code=text) for path, text in tests.items()),
        hidden=tuple(TestCase(path, code=text) for path, text in dict(hidden).items()),
        limits=limits,
        suite=Suite(solution, _files(files), _files(hidden_files), **fields),
    )


def _files(texts):
    return tuple(ProjectFile(path, text.encode()) for path, text in dict(texts).items())


SUM_METRICS = (Metric("total", "max", 10.0), Metric("excess", "constraint"))
SUM_EVALUATOR = """
def evaluate(args, expected, got):
    if not isinstance(got, list):
        return "expected a list"
    return {"total": sum(got), "excess": len(got) - args[0], "feedback": f"{len(got)} numbers"}
"""


def objective_problem(
    evaluator=SUM_EVALUATOR,
    *,
    metrics=SUM_METRICS,
    candidate="function",
    instances=(((3,), None), ((4,), None)),
    hidden=(),
    limits=SHORT,
    limit_s=1.0,
    **fields,
):
    """A problem `f(n)`: at most `n` numbers with a large sum."""
    named = [TestCase(f"instance {i}", tuple(args), expected) for i, (args, expected) in enumerate(instances)]
    return Problem(
        slug="made-up-objective",
        title="Made up",
        statement="Return at most n numbers with a large sum.",
        kind=OBJECTIVE,
        entry="f" if candidate == "function" else "",
        visible=tuple(named),
        hidden=tuple(TestCase(f"hidden {i}", tuple(args), expected) for i, (args, expected) in enumerate(hidden)),
        params=(Param("n", parse("Any")),) if candidate == "function" else (),
        limits=limits,
        evaluation=Evaluation(candidate, evaluator, tuple(metrics), limit_s),
        **fields,
    )
