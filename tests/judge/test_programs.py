"""Whole programs: standard input in, standard output out, in both backends."""

import pytest

from coderefine.judge.verdict import Verdict
from coderefine.kinds.program import PROGRAM
from coderefine.problem.compare import Compare
from coderefine.problem.problem import Limits, Problem, TestCase


def problem(*pairs, compare="tokens", limits=None):
    tests = tuple(TestCase(f"case {i}", (stdin,), expected) for i, (stdin, expected) in enumerate(pairs))
    limits = limits or Limits(time_s=0.5, memory_mib=128, output_kib=256)
    return Problem("p", "P", "Do it.", PROGRAM, "", tests, compare=Compare.parse(compare), limits=limits)


SUM = problem(("2\n1 2\n", "3\n"), ("3\n1 2 3\n", "6\n"))


@pytest.mark.parametrize(
    "source",
    [
        "input()\nprint(sum(map(int, input().split())))",
        "import sys\nprint(sum(map(int, sys.stdin.read().split()[1:])))",
        "import sys\nprint(sum(map(int, sys.stdin.buffer.read().split()[1:])))",
        "n, *a = open(0).read().split()\nprint(sum(map(int, a)))",
        "import os\nprint(sum(map(int, os.read(0, 999).split()[1:])))",
        "import sys\nnext(sys.stdin)\nfor line in sys.stdin:\n    print(sum(map(int, line.split())))",
        "def main():\n    input()\n    print(sum(map(int, input().split())))\nif __name__ == '__main__':\n    main()",
        "import sys\ninput()\nprint(sum(map(int, input().split())))\nsys.exit(0)",
        "import os, sys\ninput()\nprint(sum(map(int, input().split())))\nsys.stdout.flush()\nos._exit(0)",
        "import sys\ninput()\nprint('debug', file=sys.stderr)\nprint(sum(map(int, input().split())))",
        "import os\ninput()\nos.write(2, b'debug')\nos.write(1, str(sum(map(int, input().split()))).encode())",
    ],
)
def test_a_program_may_read_and_print_in_any_usual_way(judge, source):
    report = judge.run(SUM, source)
    assert report.accepted, report.cases[0]


@pytest.mark.parametrize(
    ("source", "verdicts"),
    [
        ("print(3)", ["AC", "WA"]),
        ("pass", ["WA", "WA"]),
        ("print(3 // (int(input()) - 3))", ["WA", "RE"]),
        ("import sys\nsys.exit(1)", ["RE", "RE"]),
        ("import os\nos._exit(7)", ["RE", "RE"]),
        ("input(); input(); input()", ["RE", "RE"]),
        ("while True: pass", ["TLE", "TLE"]),
        ("while True: print('x' * 999)", ["OLE", "OLE"]),
        ("print(len([0] * 10**9))", ["MLE", "MLE"]),
        ("print('unclosed", ["CE", "CE"]),
    ],
)
def test_each_case_gets_its_own_verdict(judge, source, verdicts):
    assert [str(case.verdict) for case in judge.run(SUM, source).cases] == verdicts


@pytest.mark.parametrize(
    ("compare", "printed", "expected", "right"),
    [
        ("tokens", "1   2\n\n3", "1 2 3\n", True),
        ("tokens", "1 2", "1 2 3", False),
        ("tokens", "1.0", "1", False),
        ("exact", "1 2\n", "1 2\n", True),
        ("exact", "1  2\n", "1 2\n", False),
        ("float:1e-6", "x 0.33333333", "x 0.3333333333", True),
        ("float:1e-6", "x 0.34", "x 0.33", False),
        ("float:1e-6", "y 1", "x 1", False),
    ],
)
def test_output_is_compared_as_the_problem_says(judge, compare, printed, expected, right):
    report = judge.run(problem(("", expected), compare=compare), f"import sys\nsys.stdout.write({printed!r})")
    assert report.accepted is right


def test_every_case_runs_in_a_process_of_its_own(judge):
    source = "import math\nn = getattr(math, 'count', 0) + 1\nmath.count = n\nprint(n)"
    assert judge.run(problem(("", "1"), ("", "1")), source).accepted


def test_an_input_larger_than_a_pipe_arrives_whole(judge):
    text = "7 " * 200_000
    limits = Limits(time_s=3)
    assert judge.run(problem((text, "1400000"), limits=limits), "print(sum(map(int, input().split())))").accepted


def test_an_input_that_nobody_reads_does_no_harm(judge):
    assert judge.run(problem(("7 " * 200_000, "1"), limits=Limits(time_s=3)), "print(1)").accepted


def test_a_long_output_is_compared_whole(judge):
    expected = "\n".join(map(str, range(20_000)))
    assert judge.run(problem(("", expected)), "for i in range(20_000): print(i)").accepted
    assert judge.run(problem(("", expected)), "for i in range(19_999): print(i)").verdict is Verdict.WA


def test_what_is_not_utf8_is_a_wrong_answer(judge):
    report = judge.run(problem(("", "1")), "import os\nos.write(1, b'\\xff\\xfe')")
    assert report.verdict is Verdict.WA


def test_the_output_is_the_answer_in_the_report(judge):
    case = judge.run(SUM, "print(3)").cases[1]
    assert (case.got, case.expected, case.args) == ("3\n", "6\n", ("3\n1 2 3\n",))
