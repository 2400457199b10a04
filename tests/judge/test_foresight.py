"""Calls of a test that are asked together: which they are, and that nobody can tell but by the time."""

import pytest

from coderefine.judge import bundle
from coderefine.judge.worker import LoadedProgram
from coderefine.kinds.function import FUNCTION
from coderefine.problem.problem import Limits, Problem, TestCase

foresight = bundle.module("foresight")
CHECK = "def check(candidate):\n    {}\n\ncheck(candidate)\n"


def foreseen(code):
    return [(*args, *sorted(kwargs.items())) for args, kwargs in foresight.calls(code.encode(), ("candidate", "f"))]


@pytest.mark.parametrize(
    ("code", "calls"),
    [
        ("assert candidate(1) == 2\nassert f([3], y=4) == {5: 6}", [(1,), ([3], ("y", 4))]),
        ("import math\nNAME = 'x'\nassert abs(candidate(-1.5) - f('a')) < 1e-6", [(-1.5,), ("a",)]),
        ("assert tuple(candidate(1)[0].part) == (1,), candidate(9)", [(1,)]),
        (CHECK.format("'''Doc.'''\n    assert candidate(1)\n    assert f(2)"), [(1,), (2,)]),
        ("assert candidate(1)\nfor x in range(3): assert candidate(2)\nassert candidate(3)", [(1,)]),
        ("assert candidate(1)\nx = candidate(2)\nassert candidate(3)", [(1,)]),
        ("assert candidate(1)\nassert candidate(x) or candidate(2)", [(1,)]),
        ("assert candidate(1)\nassert 1 < candidate(2) < candidate(3)", [(1,)]),
        ("assert candidate(1)\nassert all(candidate(x) for x in [2])", [(1,)]),
        ("assert candidate(1)\nassert candidate(*[2])", [(1,)]),
        ("assert candidate(1)\nf = len\nassert f('2')", [(1,)]),
        ("def candidate(x): return x\nassert candidate(1)", []),
        ("assert candidate(1)\nwith open('x'): pass\nassert candidate(2)", [(1,)]),
        ("assert candidate(", []),
        ("assert " + "not " * 9000 + "candidate(1)", []),
    ],
)
def test_the_calls_that_the_text_of_a_test_shows(code, calls):
    assert foreseen(code) == calls


def run(judge, source, *codes):
    tests = tuple(TestCase(f"code {at}", code=code) for at, code in enumerate(codes))
    problem = Problem("coded", "Coded", "Do it.", FUNCTION, "f", tests, limits=Limits(time_s=0.5, memory_mib=128))
    return judge.run(problem, source)


EIGHT = "\n".join(f"assert candidate({x}) == {x + 1}" for x in range(8))


def test_the_calls_of_a_test_cost_two_messages(judge, monkeypatch):
    asked, ask = [], LoadedProgram.ask

    def counted(self, *payloads, **limits):
        asked.append(len(payloads))
        return ask(self, *payloads, **limits)

    monkeypatch.setattr(LoadedProgram, "ask", counted)
    assert run(judge, "def f(x): return x + 1", EIGHT, CHECK.format(EIGHT.replace("\n", "\n    "))).accepted
    assert asked == [1, 1, 1, 7, 1] * 2  # the test, a call, its answer, the other calls, their answers


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("while x == 5: pass\n    return x + 1", "TLE: stopped after 0.5 s of CPU time"),
        ("while x == 5: pass\n    return x + 1 - (x == 3)", "WA: line 4 of the test: got "),
        ("return x + 1 if x < 4 else [][x]", "RE: None"),
        ("return x + 1 - (x == 3) if x < 4 else [][x]", "WA: line 4 of the test: got "),
        ("if x == 6: __import__('os')._exit(3)\n    return x + 1", "RE: ended the process with status 3"),
        ("print('x' * 9**(x + 1)); return x + 1", "OLE: printed more than"),
        ("return x + 1 if x < 4 else (y for y in [x])", "WA: AssertionError in line 5 of the test"),
    ],
)
def test_a_test_ends_as_if_each_call_was_asked_alone(judge, body, verdict):
    report = run(judge, f"def f(x):\n    {body}\n", EIGHT, "assert candidate(1) == 2")
    code, _, reason = verdict.partition(": ")
    first, second = report.cases
    assert first.verdict == code
    assert first.reason.startswith(reason) or first.error.type == "IndexError"
    assert second.verdict == "AC"


def test_what_was_asked_ahead_in_vain_is_not_remembered(judge):
    source = "seen = []\ndef f(x):\n    seen.append(x)\n    return len(seen)"
    report = run(
        judge, source, "assert candidate(1) == 1\nassert f(2) == 9\nassert f(3) == 3", "assert candidate(4) == 1"
    )
    assert [case.verdict for case in report.cases] == ["WA", "AC"]


def test_a_test_that_asks_something_else_is_run_again(judge):
    source = "def f(x):\n    return [x] if x < 3 else (y for y in [x])"
    lists = "\n".join(f"assert list(candidate({x})) == [{x}]" for x in range(6))
    assert run(judge, source, lists, lists).accepted
