"""No figure counts that the evaluator did not compute from the candidate's output, whatever the candidate does."""

import pytest

from coderefine.judge.verdict import Verdict
from tests.problems_for_tests import objective_problem

EVALUATOR = """
import math
import statistics
from collections import Counter

def evaluate(args, expected, got):
    if not isinstance(got, list) or len(Counter(map(type, got))) > 1:
        return "expected a list of numbers"
    return {"total": math.fsum(got) if got else 0, "excess": max(0, len(got) - args[0])}
"""
PROBLEM = objective_problem(EVALUATOR, instances=[((3,), 777), ((4,), 778)])
FORGED = '["value", {"$": "dict", "v": [["total", 99], ["excess", 0]]}]'
HONEST = "    return [1] * n\n"

FORGERIES = {
    "prints what an evaluator answers": f"def f(n):\n    print({FORGED!r})\n" + HONEST,
    "writes it into every descriptor": (
        "import os\n"
        "def f(n):\n"
        "    for fd in range(64):\n"
        f"        try: os.write(fd, {FORGED.encode()!r})\n"
        "        except OSError: pass\n"
    )
    + HONEST,
    "patches the modules of the evaluator": (
        "import math, statistics, collections, builtins\n"
        "math.fsum = lambda *_: 99.0\nbuiltins.sum = lambda *_: 99\nbuiltins.len = lambda _: 0\n"
        "collections.Counter = list\ndef f(n):\n"
    )
    + HONEST,
    "defines an evaluator of its own": "def evaluate(args, expected, got):\n    return {'total': 99, 'excess': 0}\n"
    "def f(n):\n" + HONEST,
    "leaves modules for the evaluator to import": (
        "for name in ('statistics', 'math', 'collections', 'sitecustomize', 'evaluator'):\n"
        "    for folder in ('.', '/tmp', '/dev/shm'):\n"
        "        try: open(f'{folder}/{name}.py', 'w').write('fsum = lambda _: 99.0')\n"
        "        except OSError: pass\n"
        "def f(n):\n"
    )
    + HONEST,
    "answers with a list that lies": (
        "class Lie(list):\n"
        "    def __iter__(self): return iter([99])\n"
        "    def __len__(self): return 0\n"
        "    def __eq__(self, other): return True\n"
        "    __reduce__ = lambda self: (eval, ('[99]',))\n"
        "def f(n):\n    return Lie([1] * n)\n"
    ),
    "looks for what the evaluator knows": (
        "import gc, sys\n"
        "def f(n):\n"
        "    found = [it for it in gc.get_objects() if type(it) is int and it in (777, 778)]\n"
        "    frame = sys._getframe()\n"
        "    while frame:\n"
        "        found += [it for it in frame.f_locals.values() if type(it) is int and it in (777, 778)]\n"
        "        frame = frame.f_back\n"
        "    return found or [1] * n\n"
    ),
    "leaves a process behind": (
        "import os\n"
        "def f(n):\n"
        "    try:\n"
        "        if not os.fork():\n"
        f"            while True: os.write(1, {FORGED.encode()!r})\n"
        "    except OSError: pass\n"
    )
    + HONEST,
}


@pytest.mark.parametrize("source", FORGERIES.values(), ids=FORGERIES)
def test_a_forgery_gets_the_honest_figures_or_none(judge, source):
    report = judge.run(PROBLEM, source)
    assert not report.accepted
    assert dict(report.measured.values).get("total", 3.5) == 3.5  # as what is honest in it has


SENSELESS = {
    "not a number": ("[float('nan')]", Verdict.WA),
    "infinity": ("[float('inf')]", Verdict.WA),
    "an int beyond all floats": ("[10 ** 5000]", Verdict.WA),
    "no plain data": ("object()", Verdict.WA),
    "nothing, since it sleeps": ("__import__('time').sleep(60)", Verdict.TLE),
    "a flood": ("'x' * (17 << 20)", Verdict.OLE),
    "a flood on standard output": ("[print('x' * 1000) for _ in range(1000)]", Verdict.OLE),
    "the end of its process": ("__import__('os')._exit(0)", Verdict.RE),
    "a list within itself": ("(lambda it: it.append(it) or it)([])", Verdict.WA),
}


@pytest.mark.parametrize(("answer", "verdict"), SENSELESS.values(), ids=SENSELESS)
def test_an_answer_that_makes_no_sense_has_no_figures(judge, answer, verdict):
    report = judge.run(objective_problem(EVALUATOR, instances=[((3,), None)]), f"def f(n):\n    return {answer}\n")
    assert report.cases[0].verdict is verdict
    assert report.measured.invalid == 1 and report.measured.values == ()


def test_what_one_candidate_leaves_does_not_reach_the_evaluation_of_the_next(judge):
    poison = "import math\nmath.fsum = lambda _: 99.0\ndef f(n):\n    return [1] * n\n"
    judge.run(PROBLEM, poison)
    assert dict(judge.run(PROBLEM, "def f(n):\n    return [2] * n\n").measured.values)["total"] == 7.0


def test_an_output_made_to_break_the_evaluator_costs_that_candidate_alone(judge):
    evaluator = "def evaluate(args, expected, got):\n    return {'total': eval(got), 'excess': 0}\n"  # as a careless author has it
    problem = objective_problem(evaluator, instances=[((3,), None)])
    spoil = "\"globals().update(evaluate=lambda *_: {'total': 99, 'excess': 0}) or 1\""
    judge.run(problem, f"def f(n):\n    return {spoil}\n")
    assert dict(judge.run(problem, "def f(n):\n    return '2'\n").measured.values)["total"] == 2.0
